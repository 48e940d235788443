// What a walk graph is built from: streets, what bars the way, and where it may be crossed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "geo/point.hpp"

namespace catchment::geo {

enum class StreetKind : std::uint8_t { trunk, secondary, residential, path };
enum class BarrierKind : std::uint8_t { trunk_road, rail, river };
inline constexpr std::size_t kBarrierKinds = 3;

// The words of a city package; empty for any other.
std::optional<StreetKind> find_street_kind(std::string_view word);
std::optional<BarrierKind> find_barrier_kind(std::string_view word);

// Views: the caller keeps points and names while the network is built.
struct StreetLine {
  std::span<const Point> shape;
  std::string_view name;
  StreetKind kind = StreetKind::residential;
};

struct BarrierLine {
  std::span<const Point> shape;
  BarrierKind kind = BarrierKind::river;
};

// A place where a barrier of this kind may be crossed on foot.
struct CrossingPoint {
  Point at;
  BarrierKind kind = BarrierKind::trunk_road;
};

// Where streets meet.
enum class Joins : std::uint8_t {
  shared_vertices,  // lines that have a vertex in common, and nothing else: OpenStreetMap, where a bridge shares none
  touching,         // also where a vertex of one lies exactly on another
  at_grade,         // also where they cross: for drawn streets. The crossing is rounded to a unit (1 cm)
};

struct NetworkOptions {
  Joins joins = Joins::shared_vertices;
  // False: streets of kind trunk are not walked along; what crosses them still does.
  bool walk_on_trunk = true;
  // By BarrierKind: true means that only declared crossings lead over it; every other street ends there.
  std::array<bool, kBarrierKinds> only_declared{};
  // How far a declared crossing may lie from where a street meets the barrier.
  double crossing_reach_m = 15;
};

}  // namespace catchment::geo
