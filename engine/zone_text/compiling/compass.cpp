// The compass words as directions.
#include <array>
#include <cmath>

#include "engine/zone_text/compiling/region.hpp"

namespace catchment::engine::zone_text {

Metres direction_of(Compass side) {
  constexpr double kDiagonal = 0.70710678118654752;
  constexpr std::array<Metres, 8> kWays{{{0, 1},
                                         {kDiagonal, kDiagonal},
                                         {1, 0},
                                         {kDiagonal, -kDiagonal},
                                         {0, -1},
                                         {-kDiagonal, -kDiagonal},
                                         {-1, 0},
                                         {-kDiagonal, kDiagonal}}};
  return kWays.at(static_cast<std::size_t>(side));
}

Compass opposite_of(Compass side) { return static_cast<Compass>((static_cast<int>(side) + 4) % 8); }

std::string_view english(Compass side) {
  constexpr std::array<std::string_view, 8> kWords{"north", "northeast", "east", "southeast",
                                                   "south", "southwest", "west", "northwest"};
  return kWords.at(static_cast<std::size_t>(side));
}

double cosine(Metres a, Metres b) {
  const double lengths = std::hypot(a.x, a.y) * std::hypot(b.x, b.y);
  return lengths == 0 ? 0 : (a.x * b.x + a.y * b.y) / lengths;
}

}  // namespace catchment::engine::zone_text
