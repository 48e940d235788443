// A map of a stage's areas as SVG, coloured by what is to be told of each.
#pragma once

#include <string>
#include <vector>

#include "server/cli/demand/demand_areas.hpp"

namespace catchment::cli::report {

struct MapArea {
  const DemandArea* area = nullptr;
  std::string look;   // CSS class
  std::string title;  // shown on hovering, and read aloud
};

struct MapPoint {
  geo::Point position;
  std::string label;  // a number in the table; empty: a small dot
  std::string title;
};

// Borders are rounded to the drawing's grid, so that neighbours keep their common line; what is smaller vanishes.
std::string city_map(const std::string& title, const std::vector<MapArea>& areas, const std::vector<MapPoint>& points);

}  // namespace catchment::cli::report
