#include "datasets/synth/regions.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <queue>
#include <set>

#include "datasets/synth/index.hpp"
#include "datasets/synth/points.hpp"

namespace catchment::datasets::synth {
namespace {

using geo::Point;
constexpr std::int32_t kNone = -1;
constexpr int kRounds = 8;      // of evening out
constexpr int kSeedRounds = 4;  // of moving the seeds to the middle of what grew from them

std::vector<std::int32_t> choose_seeds(const RegionInput& input) {
  geo::Box box;
  for (const Point p : input.position) box.extend(p);
  std::vector<std::pair<std::uint32_t, std::int32_t>> order;
  for (std::size_t i = 0; i < input.position.size(); ++i) {
    order.emplace_back(hilbert_index(box, input.position[i]), static_cast<std::int32_t>(i));
  }
  std::sort(order.begin(), order.end());
  // One is added to every weight, so that there are always enough areas to tell seeds apart.
  const std::int64_t total = std::accumulate(input.weight.begin(), input.weight.end(), std::int64_t{0}) +
                             static_cast<std::int64_t>(order.size());
  std::vector<std::int32_t> seeds;
  std::int64_t before = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::int64_t after = before + input.weight[at(order[i].second)] + 1;
    const auto wanted = static_cast<std::int64_t>(seeds.size());
    const bool due = after * 2 * input.count > total * (2 * wanted + 1);
    const bool last_chance = order.size() - i == static_cast<std::size_t>(input.count - wanted);
    if (wanted < input.count && (due || last_chance)) seeds.push_back(order[i].second);
    before = after;
  }
  return seeds;
}

// Per group the area nearest to its centroid (Lloyd's step).
std::vector<std::int32_t> middle_areas(const RegionInput& input, const Regions& regions) {
  struct Sum {
    std::int64_t lon = 0, lat = 0, count = 0;
  };
  std::vector<Sum> sums(regions.seed.size());
  for (std::size_t i = 0; i < regions.of_area.size(); ++i) {
    Sum& sum = sums[at(regions.of_area[i])];
    sum.lon += input.position[i].lon;
    sum.lat += input.position[i].lat;
    ++sum.count;
  }
  std::vector<std::int32_t> middles = regions.seed;
  std::vector<std::int64_t> nearest(middles.size(), INT64_MAX);
  for (std::size_t i = 0; i < regions.of_area.size(); ++i) {
    const std::size_t group = at(regions.of_area[i]);
    const std::int64_t dx = input.position[i].lon - sums[group].lon / sums[group].count;
    const std::int64_t dy = input.position[i].lat - sums[group].lat / sums[group].count;
    if (dx * dx + dy * dy >= nearest[group]) continue;
    nearest[group] = dx * dx + dy * dy;
    middles[group] = static_cast<std::int32_t>(i);
  }
  return middles;
}

class Grower {
 public:
  Grower(const RegionInput& input, Regions& regions)
      : input_(input), regions_(regions), load_(regions.seed.size(), 0), frontier_(regions.seed.size()) {
    for (std::size_t g = 0; g < regions.seed.size(); ++g) take(static_cast<std::int32_t>(g), regions.seed[g]);
  }

  void grow(const Graph& graph) {
    std::set<std::pair<std::int64_t, std::int32_t>> waiting;  // load, group
    for (auto& queue : frontier_) queue = {};
    for (std::size_t area = 0; area < regions_.of_area.size(); ++area) {
      if (regions_.of_area[area] != kNone) push_neighbours(graph, static_cast<std::int32_t>(area));
    }
    for (std::size_t g = 0; g < load_.size(); ++g) waiting.emplace(load_[g], static_cast<std::int32_t>(g));
    while (!waiting.empty()) {
      const std::int32_t group = waiting.begin()->second;
      waiting.erase(waiting.begin());
      const auto area = next_free(group);
      if (!area) continue;
      take(group, *area);
      push_neighbours(graph, *area);
      waiting.emplace(load_[at(group)], group);
    }
  }

  void even_out(const Graph& graph) {
    std::vector<int> size(load_.size(), 0);
    for (const std::int32_t group : regions_.of_area) ++size[at(group)];
    for (int round = 0; round < kRounds; ++round) {
      for (std::int32_t area = 0; area < static_cast<std::int32_t>(graph.size()); ++area)
        even_out_area(graph, area, size);
    }
  }

 private:
  using Item = std::pair<std::int64_t, std::int32_t>;
  using Queue = std::priority_queue<Item, std::vector<Item>, std::greater<>>;

  void take(std::int32_t group, std::int32_t area) {
    regions_.of_area[at(area)] = group;
    load_[at(group)] += input_.weight[at(area)] + 1;
  }

  void push_neighbours(const Graph& graph, std::int32_t area) {
    const std::int32_t group = regions_.of_area[at(area)];
    const Point seed = input_.position[at(regions_.seed[at(group)])];
    for (const std::int32_t other : graph[at(area)]) {
      if (regions_.of_area[at(other)] != kNone) continue;
      const auto dx = std::int64_t{input_.position[at(other)].lon} - seed.lon;
      const auto dy = std::int64_t{input_.position[at(other)].lat} - seed.lat;
      frontier_[at(group)].emplace(dx * dx + dy * dy, other);
    }
  }

  std::optional<std::int32_t> next_free(std::int32_t group) {
    Queue& queue = frontier_[at(group)];
    while (!queue.empty()) {
      const std::int32_t area = queue.top().second;
      queue.pop();
      if (regions_.of_area[at(area)] == kNone) return area;
    }
    return std::nullopt;
  }

  // Goes over to the neighbour that most evens out the two loads; a ragged move only where the loads are far apart.
  void even_out_area(const Graph& graph, std::int32_t area, std::vector<int>& size) {
    const std::int32_t from = regions_.of_area[at(area)];
    if (regions_.seed[at(from)] == area || size[at(from)] <= 2) return;
    const std::int64_t weight = input_.weight[at(area)] + 1;
    const auto sides_with = [&](std::int32_t group) {
      return std::count_if(graph[at(area)].begin(), graph[at(area)].end(),
                           [&](std::int32_t other) { return regions_.of_area[at(other)] == group; });
    };
    const auto sides_now = sides_with(from);
    std::int32_t best = from;
    for (const std::int32_t other : graph[at(area)]) {
      const std::int32_t to = regions_.of_area[at(other)];
      if (to == from) continue;
      const auto sides_then = sides_with(to);
      const bool smoother = sides_then > sides_now && (load_[at(to)] + weight) * 10 < load_[at(from)] * 11;
      const bool evener = load_[at(to)] + weight < load_[at(from)] && sides_then >= sides_now;
      const bool urgent = (load_[at(to)] + weight) * 10 < load_[at(from)] * 8;
      if ((smoother || evener || urgent) && (best == from || load_[at(to)] < load_[at(best)])) best = to;
    }
    if (best == from || !connected_without(*input_.all, regions_.of_area, area)) return;
    regions_.of_area[at(area)] = best;
    load_[at(from)] -= weight;
    load_[at(best)] += weight;
    --size[at(from)];
    ++size[at(best)];
  }

  const RegionInput& input_;
  Regions& regions_;
  std::vector<std::int64_t> load_;
  std::vector<Queue> frontier_;
};

}  // namespace

bool connected_without(const Graph& graph, std::span<const std::int32_t> of_area, std::int32_t area) {
  const std::int32_t group = of_area[at(area)];
  std::vector<std::int32_t> rest;
  for (const std::int32_t other : graph[at(area)]) {
    if (of_area[at(other)] == group) rest.push_back(other);
  }
  if (rest.empty()) return false;
  std::set<std::int32_t> seen{rest.front()};
  std::vector<std::int32_t> stack{rest.front()};
  while (!stack.empty()) {
    const std::int32_t here = stack.back();
    stack.pop_back();
    for (const std::int32_t other : graph[at(here)]) {
      if (other != area && of_area[at(other)] == group && seen.insert(other).second) stack.push_back(other);
    }
  }
  return std::all_of(rest.begin(), rest.end(), [&](std::int32_t other) { return seen.contains(other); });
}

Graph contract(const Graph& graph, std::span<const std::int32_t> of_area, int count) {
  Graph result(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < graph.size(); ++i) {
    for (const std::int32_t j : graph[i]) {
      if (of_area[i] != of_area[at(j)]) result[at(of_area[i])].push_back(of_area[at(j)]);
    }
  }
  for (auto& list : result) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return result;
}

Regions grow_regions(const RegionInput& input) {
  Regions regions;
  regions.seed = choose_seeds(input);
  for (int round = 0;; ++round) {
    regions.of_area.assign(input.weight.size(), kNone);
    Grower grower(input, regions);
    grower.grow(*input.preferred);
    grower.grow(*input.all);
    if (round == kSeedRounds) {
      grower.even_out(*input.preferred);
      return regions;
    }
    regions.seed = middle_areas(input, regions);
  }
}

}  // namespace catchment::datasets::synth
