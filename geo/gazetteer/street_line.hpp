// A street's line: which side a door is on, how far along, and the place at a distance along it. Internal.
#pragma once

#include <vector>

#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {

// Pieces that meet end to end become one; each keeps its direction where it can, the first always.
std::vector<Polyline> joined_pieces(std::vector<Polyline> pieces);

struct StreetPlace {
  std::uint32_t piece = 0;  // of the street, from 0
  double along_m = 0;       // from the piece's start
  double off_m = 0;         // from the line, never negative
  std::uint8_t side = 0;    // 1 left, 2 right, 0 on the line or nowhere near it
};
// Nowhere near: more than 150 m from it. The street must have a line.
StreetPlace place_along(const GazetteerTables& tables, const NameRow& street, Point p);
// The inverse.
Point place_at(const GazetteerTables& tables, const NameRow& street, const StreetPlace& place);
// Half way along the longest piece.
Point middle_of_line(const GazetteerTables& tables, const NameRow& street);

}  // namespace catchment::geo
