// Random zones on a known city: connected unions of its units, with holes, several parts, and single doors, sides of
// streets and estates that belong otherwise than they lie.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/zone_text/print.hpp"
#include "tests/support/random.hpp"

namespace catchment::test {

class RandomZones {
 public:
  // Both must outlive it.
  RandomZones(const engine::zone_text::Ground& ground, std::span<const engine::Unit> units);

  // The same for the same seed. About a third have a hole, a fifth a second part, half doors of their own.
  engine::zone_text::PrintZone make(std::uint64_t seed) const;
  // The whole city cut into zones, and `swaps` groups of doors given to a zone that does not have them.
  std::vector<engine::zone_text::PrintZone> partition(std::size_t count, int swaps, std::uint64_t seed) const;

  // The zone and one unit beside it more.
  engine::zone_text::PrintZone grown(const engine::zone_text::PrintZone& zone, std::uint64_t seed) const;

 private:
  using Group = std::vector<std::size_t>;  // units, sorted

  Group grow(std::size_t from, std::size_t count, const std::vector<char>& taken, Random& random) const;
  bool surrounded(const Group& group, std::size_t unit) const;
  engine::zone_text::PrintZone to_zone(const Group& group) const;
  // Doors of a street from one on, an estate, or some buildings of it.
  std::vector<geo::EntryId> some_doors(geo::EntryId from, Random& random) const;
  void move_doors(engine::zone_text::PrintZone& zone, Random& random) const;

  const engine::zone_text::Ground& ground_;
  std::span<const engine::Unit> units_;
  std::vector<std::vector<std::size_t>> beside_;  // units that share an edge, sorted
  std::vector<geo::Point> inside_;                // a place in each unit
};

}  // namespace catchment::test
