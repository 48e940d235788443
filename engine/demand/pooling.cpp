#include "engine/demand/pooling.hpp"

#include <algorithm>
#include <cassert>

namespace catchment::engine::demand {

double between_variance(std::span<const Observation> groups, std::span<const Pooled> parents) {
  double seen = 0, weights = 0, squares = 0, q = 0;
  for (const Observation& g : groups) {
    if (!(g.sample > 0)) continue;
    assert(g.variance > 0 && g.parent < parents.size());
    const double weight = 1 / g.variance;
    const double off = g.log_ratio - parents[g.parent].log_ratio;
    ++seen;
    weights += weight;
    squares += weight * weight;
    q += weight * off * off;
  }
  if (seen < 3) return 0;
  return std::max(0.0, (q - (seen - 1)) / (weights - squares / weights));
}

std::vector<Pooled> pool(std::span<const Observation> groups, std::span<const Pooled> parents) {
  const double between = between_variance(groups, parents);
  std::vector<Pooled> result;
  result.reserve(groups.size());
  for (const Observation& g : groups) {
    const Pooled& parent = parents[g.parent];
    const double weight = g.sample > 0 && between > 0 ? between / (between + g.variance) : 0;
    const double rest = (1 - weight) * (1 - weight) * parent.variance;
    result.push_back(
        {parent.log_ratio + weight * (g.log_ratio - parent.log_ratio), (1 - weight) * between + rest, weight});
  }
  return result;
}

std::vector<Observation> gather(std::span<const Observation> members, std::size_t groups, double between) {
  std::vector<Observation> result(groups);
  std::vector<double> weights(groups, 0);
  for (const Observation& m : members) {
    if (!(m.sample > 0)) continue;
    assert(m.parent < groups);
    const double weight = 1 / (m.variance + between);
    result[m.parent].log_ratio += weight * m.log_ratio;
    result[m.parent].sample += m.sample;
    weights[m.parent] += weight;
  }
  for (std::size_t g = 0; g < groups; ++g) {
    if (!(weights[g] > 0)) continue;
    result[g].log_ratio /= weights[g];
    result[g].variance = 1 / weights[g];
  }
  return result;
}

Ladder pool_ladder(std::span<const Observation> lower, std::size_t uppers) {
  const std::vector<Pooled> city(uppers);
  Ladder ladder;
  ladder.upper_seen = gather(lower, uppers, between_variance(lower, city));
  // Every upper group has the one parent, the city, at place 0.
  ladder.upper = pool(ladder.upper_seen, std::span(city).first(std::min<std::size_t>(1, city.size())));
  ladder.lower = pool(lower, ladder.upper);
  return ladder;
}

}  // namespace catchment::engine::demand
