// Rings -> distinct line pieces. Internal to the zone index's builder.
#pragma once

#include <span>
#include <vector>

#include "geo/zone_index.hpp"
#include "geo/zone_sets.hpp"

namespace catchment::geo {

struct ZonePieces {
  std::vector<Border> borders;        // one per distinct pair of end points, sorted by (a, b); sides not yet known
  std::vector<ZoneSets::Id> toggles;  // by border: the zones that have it on their edge an odd number of times
};

// Linear in vertices. Pieces that no zone has an odd number of times are left out.
ZonePieces collect_pieces(std::span<const MultiPolygon> zones, ZoneSets& sets);

}  // namespace catchment::geo
