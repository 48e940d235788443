// Empirical-Bayes pooling: many groups' ratios, each drawn toward its parent's by how little is known of it.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace catchment::engine::demand {

// What was seen of one group: a ratio to what its parents made one expect, and the variance of that ratio's logarithm
// by chance alone. A group nobody has seen has sample 0.
struct Observation {
  double log_ratio = 0;
  double variance = 0;  // > 0 where sample > 0
  double sample = 0;    // children or pupils
  std::size_t parent = 0;
};

struct Pooled {
  double log_ratio = 0;  // posterior mean: parent's + weight * (own - parent's)
  double variance = 0;   // posterior, the parent's own uncertainty included
  double weight = 0;     // of the group's own figures, 0-1
};

// The variance between groups beyond chance, by the moments of DerSimonian and Laird (1986), each group measured from
// its parent. 0 where chance explains what is seen, or fewer than three groups were seen.
double between_variance(std::span<const Observation> groups, std::span<const Pooled> parents);

// Each group's posterior given its parent's. O(groups).
std::vector<Pooled> pool(std::span<const Observation> groups, std::span<const Pooled> parents);

// One group of observations seen as a whole, as its parent level sees them: the mean by precision, `between` added to
// each group's own variance. Groups whose members were never seen have sample 0. Members' `parent` names the group.
std::vector<Observation> gather(std::span<const Observation> members, std::size_t groups, double between);

// Two steps of a ladder below the city, whose ratio is 0 and certain: `upper` (districts), then `lower` (schools,
// zones) whose `parent` names their upper group.
struct Ladder {
  std::vector<Pooled> upper;
  std::vector<Pooled> lower;
  std::vector<Observation> upper_seen;
};
Ladder pool_ladder(std::span<const Observation> lower, std::size_t uppers);

}  // namespace catchment::engine::demand
