// Which units share a border, how long it is, and whether one gets across.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/planning/city/plan_city.hpp"
#include "geo/street_network/lines.hpp"

namespace catchment::engine::planning {

struct BorderOptions {
  double beside_m = 30;  // a border this near a barrier runs along it: rivers are drawn by their middle, units by banks
  double reach_m = 60;   // a crossing this near the border leads over it
};

// Barriers, and the places where streets lead over them, ready to be asked.
class BorderGround {
 public:
  // A street leads over a barrier where it crosses it, or where streets meet it in one place from both sides. A street
  // that is a barrier itself, or ends at one, leads nowhere. Linear but for pairs of stretches near each other.
  BorderGround(std::span<const geo::StreetLine> streets, std::span<const geo::BarrierLine> barriers,
               const BorderOptions& options = {});
  ~BorderGround();

  // Whether the border (pieces of two units' shared edge) can be crossed: some of it runs along no barrier, or a
  // crossing of the barrier lies within reach of it.
  struct Piece {
    geo::Point from, to;
  };
  bool passable(std::span<const Piece> border) const;

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

// Borders of the shapes (null: none), by (a, b), numbered as they are given. Edges must run along each other exactly;
// their vertices need not be the same. Lengths are geodesic. `ground` null: all are passable. Sorts of all edges, and
// pairs of those that lie on one line.
std::vector<CityBorder> find_borders(std::span<const geo::MultiPolygon* const> shapes, const BorderGround* ground);

}  // namespace catchment::engine::planning
