// Unions of cells by cancelling the borders inside them: exact, no vertex moves.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "datasets/synth/cell_map.hpp"

namespace catchment::datasets::synth {

// The area of each group of cells, 0 <= group_of_cell < group_count or kOutside for none. Shells are counter-clockwise,
// holes clockwise; parts that meet in a vertex only are separate polygons and a hole may touch its shell in single
// vertices, so every shape is valid in the OGC sense. Shells in the order of their lowest border.
std::vector<geo::MultiPolygon> dissolve(const CellMap& map, std::span<const std::int32_t> group_of_cell,
                                        std::int32_t group_count);

}  // namespace catchment::datasets::synth
