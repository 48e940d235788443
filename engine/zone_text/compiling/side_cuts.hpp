// The sides of a region made ready to be cut with. Internal to the compiler.
#pragma once

#include <vector>

#include "engine/zone_text/compiling/region.hpp"

namespace catchment::engine::zone_text {

// A side ready to be cut with: its stretch between the neighbours, and that with straight rays to the box.
struct Cut {
  geo::Polyline drawn;
  geo::Polyline whole;
  double cosine = 0;  // of the region's direction with the left of the course; 1: the region is left
  bool sure = false;
};

// Positions of the sides in order around the region, by where they lie.
std::vector<std::size_t> around(const std::vector<SidePath>& sides);
// Whether no side lies within a wide part of the compass.
bool is_open(const std::vector<SidePath>& sides, const std::vector<std::size_t>& order);

// Each side's stretch between its neighbours; of lines that run on beyond `near` only what is near it, if it is given.
std::vector<Cut> cut_at_neighbours(const std::vector<SidePath>& sides, const std::vector<std::size_t>& order,
                                   const geo::MultiPolygon* near, const Frame& frame);
// A box around the cuts, and around `also` if it is given, to the edge of which every cut is drawn on straight.
geo::Box draw_to_box(std::vector<Cut>& cuts, const geo::MultiPolygon* also, const Frame& frame);
// What lies left of a line that runs from edge to edge of a box.
geo::Ring left_of(const geo::Polyline& whole, const geo::Box& box);

}  // namespace catchment::engine::zone_text
