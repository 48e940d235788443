// Which vertices of a border may go at which scale.
#pragma once

#include "server/tiles/border_network.hpp"

namespace catchment::tiles {

// Fills network.importance by Visvalingam and Whyatt's rule (1993): the vertex whose triangle with its neighbours is
// smallest goes first. A vertex stays while another one, of any arc, lies in its triangle: so no line ever sweeps over
// another, and keeping the vertices above any threshold gives lines that cross nowhere they did not cross before. One
// ranking serves every zoom.
void rank_vertices(BorderNetwork& network);

}  // namespace catchment::tiles
