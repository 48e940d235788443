// From a clause tree to what a computer can answer with: a region, address rules, and what could not be settled.
//
// Semantics (decided once):
//  * A boundary is the centreline. An address with a number on a boundary street belongs by the side its number is on
//    (StreetSides), not by its point; frontage words override that.
//  * 以西 is nominal, roads bend: a region of compass words is the face of the arrangement of its named lines that lies
//    on the said side of every line, straight continuations beyond their ends only labelling sides; where several faces
//    do, the one that holds the seed (the school's campuses), touches most lines, is largest. A line's side is told by
//    its course between its neighbours; where that does not tell, by what closes.
//  * A region without compass words (chains, pairs) is the loop along its lines in order.
//  * If nothing closes, that is a finding, and where the region may lie the answer is undetermined.
//  * Gaps up to CompileOptions::bridge_m and extensions (延伸线) are drawn, and reported with their lengths.
//  * An open side closes on the outline of the ground (R6), reported.
//  * A name that is not known, or that several things bear, makes its clause undetermined; 部分, 附近 always do.
//  * Doors said to be no more (已拆迁, 空号, 临迁) are undetermined wherever the text gives them.
//  * A section of a street (中段) that no line bears in its name gives doors up to the crossings where it surely ends;
//    those between there and where it may end are undetermined (compiling/line_sections.hpp).
//  * Zones of other schools are left to resolve_references (references.hpp), and unresolved findings until then.
#pragma once

#include <string>
#include <vector>

#include "engine/zone_text/ground.hpp"
#include "engine/zone_text/rules.hpp"

namespace catchment::engine::zone_text {

struct CompileOptions {
  std::vector<geo::Point> seeds;  // the school's campuses
  std::string within = {};        // a place the notice is of: of several things of one name those in it are meant
  double bridge_m = 60;           // the longest gap between named lines that is closed without a word
};

CompiledText compile(ZoneText tree, const Ground& ground, const CompileOptions& options = {});

// The area that the text gives by geometry and by places that have a shape: polygon rules united, less what is denied
// as an area. Empty if the text is a list of doors.
geo::MultiPolygon derived_shape(const CompiledText& text, const Ground& ground);

}  // namespace catchment::engine::zone_text
