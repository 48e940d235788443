// LEMON's network simplex on the same problem: oracle of tests and peer of benchmarks. LEMON 1.3.1 is no C++20, so it
// stands behind this header in a library of its own.
#pragma once

#include <cstdint>
#include <vector>

namespace catchment::testing {

struct LemonArc {
  int unit = 0, school = 0, metres = 0;
};

// The least cost, solved from nothing. Unplaced children cost `unplaced_metres` each.
std::int64_t lemon_seat_cost(const std::vector<int>& children, const std::vector<int>& seats,
                             const std::vector<LemonArc>& arcs, int unplaced_metres);

}  // namespace catchment::testing
