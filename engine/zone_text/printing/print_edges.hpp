// The outline of a zone as a chain of stretches, each along one named line of the ground. Internal to the printer.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "engine/zone_text/ground.hpp"
#include "geo/shapes.hpp"

namespace catchment::engine::zone_text {

inline constexpr std::size_t kUnnamed = std::numeric_limits<std::size_t>::max();
inline constexpr std::size_t kOutline = kUnnamed - 1;  // the stretch runs along Ground::outline()

struct Stretch {
  std::size_t line = kUnnamed;  // position in Ground::lines(), kOutline, or kUnnamed where no line is near
  geo::Polyline path;           // in the ring's direction, both ends included
  double length_m = 0;
  double off_m = 0;     // the farthest it strays from the line
  double beside_m = 0;  // how much of it is not on the line, to half a metre
};

// Metres east and north from a point, flat.
struct Offset {
  double east_m = 0;
  double north_m = 0;
};
Offset offset_m(geo::Point from, geo::Point to);
double length_m(const geo::Polyline& line);

struct EdgeOptions {
  double tolerance_m = 20;  // a boundary this near to a line is that line; real layers were digitised from other maps
  double switch_m = 4;      // what leaving a line for another costs, in metres of boundary
};

class EdgeNamer {
 public:
  explicit EdgeNamer(const Ground& ground, const EdgeOptions& options = {});
  ~EdgeNamer();
  EdgeNamer(EdgeNamer&&) noexcept;

  // Stretches in clockwise order, touching, the first and the last on different lines unless there is only one; begins
  // at the corner that lies farthest north-west, so that the north side comes first. The assignment costs least in
  // metres strayed and lines changed. About linear in the ring's vertices.
  std::vector<Stretch> name(const geo::Ring& ring) const;

 private:
  struct Index;
  std::unique_ptr<Index> index_;
};

}  // namespace catchment::engine::zone_text
