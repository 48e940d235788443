// A map of areas and places as SVG, with a scale bar and north, coloured by what is to be told of each.
#pragma once

#include <string>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::cli::report {

struct MapArea {
  const geo::MultiPolygon* shape = nullptr;
  std::string look;   // CSS class
  std::string title;  // shown on hovering, and read aloud
};

struct MapPoint {
  geo::Point position;
  std::string label;  // a number in the table; empty: a small dot
  std::string title;
  std::string name{};  // written beside it, unless other names are in the way; empty: nothing is
};

// Areas lie over those before them. Borders are rounded to the drawing's grid, so that neighbours keep their common
// line; what is smaller vanishes. Names are placed in the order of the points.
std::string city_map(const std::string& title, const std::vector<MapArea>& areas, const std::vector<MapPoint>& points);

}  // namespace catchment::cli::report
