#include "engine/planning/ensemble/pair_tree.hpp"

#include <algorithm>
#include <numeric>

namespace catchment::engine::planning {
namespace {

constexpr std::uint64_t kOnlyA = std::uint64_t{1} << 17, kOnlyB = 1;
constexpr std::uint64_t kMaskA = (kOnlyA - 1) << 17, kMaskB = kOnlyA - 1;

std::int64_t children_of(std::uint64_t packed) { return static_cast<std::int64_t>(packed >> 34); }

}  // namespace

PairTree::PairTree(const ChainGround& ground) : ground_(ground) {
  local_.assign(ground.graph.units, 0);
  near_.resize(ground.graph.arcs.size());
}

bool PairTree::merge(const ChainPlan& plan, SchoolIndex a, SchoolIndex b, std::span<const UnitIndex> units_a,
                     std::span<const UnitIndex> units_b) {
  a_ = a, b_ = b;
  units_.assign(units_a.begin(), units_a.end());
  units_.insert(units_.end(), units_b.begin(), units_b.end());
  const auto m = static_cast<std::uint32_t>(units_.size());
  for (std::uint32_t i = 0; i < m; ++i) local_[units_[i]] = i;
  nodes_.resize(m);
  weight_.resize(m);
  std::uint32_t arcs = 0;
  int across = 0;
  hub_ = 0;
  edges_.clear();
  total_ = 0;
  for (std::uint32_t i = 0; i < m; ++i) {
    const UnitIndex u = units_[i];
    const SchoolIndex own = plan.zone_of[u], other = a ^ b ^ own;
    const std::uint32_t first = arcs;
    for (const UnitIndex w : ground_.graph.neighbours(u)) {
      const SchoolIndex z = plan.zone_of[w];
      near_[arcs] = local_[w];
      arcs += (z == own) | (z == other);
      across += z == other;
    }
    nodes_[i] = {first, arcs - first};
    if (nodes_[i].degree > nodes_[hub_].degree) hub_ = i;
    weight_[i] = (static_cast<std::uint64_t>(ground_.children[u]) << 34) | (ground_.allows(u, b) ? 0 : kOnlyA) |
                 (ground_.allows(u, a) ? 0 : kOnlyB);
    total_ += weight_[i];
  }
  borders_ = across / 2;
  return borders_ > 0;
}

void PairTree::draw(TreeKind kind, PlanRandom& random) {
  parent_.resize(units_.size());
  if (kind == TreeKind::uniform) {
    draw_uniform(random);
  } else {
    draw_random_weight(random);
  }
  sum_up();
}

// A walk from each unit in turn until it meets the tree, its loops forgotten because the last exit is what is kept. The
// root may be any unit; walks find one of many neighbours soonest.
void PairTree::draw_uniform(PlanRandom& random) {
  const auto m = static_cast<std::uint32_t>(units_.size());
  in_tree_.assign(m, 0);
  order_.clear();
  in_tree_[hub_] = 1;
  order_.push_back(hub_);
  for (std::uint32_t i = 0; i < m; ++i) {
    for (std::uint32_t u = i; in_tree_[u] == 0; u = parent_[u]) {
      const Node node = nodes_[u];
      parent_[u] = near_[node.first + random.below(node.degree)];
    }
    const std::size_t branch = order_.size();
    for (std::uint32_t u = i; in_tree_[u] == 0; u = parent_[u]) {
      in_tree_[u] = 1;
      order_.push_back(u);
    }
    std::reverse(order_.begin() + static_cast<std::ptrdiff_t>(branch), order_.end());
  }
}

// Kruskal on edges in an order shuffled as far as it is read.
void PairTree::draw_random_weight(PlanRandom& random) {
  const auto m = static_cast<std::uint32_t>(units_.size());
  for (std::uint32_t i = 0; i < m && (i > 0 || edges_.empty()); ++i) {
    for (std::uint32_t k = nodes_[i].first; k < nodes_[i].first + nodes_[i].degree; ++k) {
      if (near_[k] > i) edges_.emplace_back(i, near_[k]);
    }
  }
  root_of_.resize(m);
  std::iota(root_of_.begin(), root_of_.end(), 0u);
  const auto find = [&](std::uint32_t u) {
    while (root_of_[u] != u) u = root_of_[u] = root_of_[root_of_[u]];
    return u;
  };
  tree_.clear();
  tree_first_.assign(m + 1, 0);
  for (std::size_t k = 0; k < edges_.size() && tree_.size() + 1 < m; ++k) {
    std::swap(edges_[k], edges_[k + random.below(static_cast<std::uint32_t>(edges_.size() - k))]);
    const auto [u, w] = edges_[k];
    const std::uint32_t ru = find(u), rw = find(w);
    if (ru == rw) continue;
    root_of_[ru] = rw;
    tree_.push_back(edges_[k]);
    ++tree_first_[u + 1];
    ++tree_first_[w + 1];
  }
  std::partial_sum(tree_first_.begin(), tree_first_.end(), tree_first_.begin());
  tree_near_.resize(2 * tree_.size());
  fill_.assign(tree_first_.begin(), tree_first_.end() - 1);
  for (const auto& [u, w] : tree_) {
    tree_near_[fill_[u]++] = w;
    tree_near_[fill_[w]++] = u;
  }
  orient(random.below(m));
}

void PairTree::orient(std::uint32_t root) {
  order_.assign(1, root);
  parent_[root] = root;
  for (std::size_t k = 0; k < order_.size(); ++k) {
    const std::uint32_t u = order_[k];
    for (std::uint32_t i = tree_first_[u]; i < tree_first_[u + 1]; ++i) {
      const std::uint32_t w = tree_near_[i];
      if (w == parent_[u]) continue;
      parent_[w] = u;
      order_.push_back(w);
    }
  }
}

void PairTree::sum_up() {
  sum_ = weight_;
  for (std::size_t k = order_.size(); k-- > 1;) sum_[parent_[order_[k]]] += sum_[order_[k]];
}

std::span<const PairTree::Cut> PairTree::find_cuts() {
  cuts_.clear();
  const std::int64_t all = children_of(total_);
  // What a subtree may hold to become zone a, or b, with the rest fit for the other.
  const auto window = [&](SchoolIndex z, SchoolIndex rest) {
    const std::int64_t low = std::max<std::int64_t>(ground_.least[z], all - ground_.most[rest]);
    return std::pair(low, std::min<std::int64_t>(ground_.most[z], all - ground_.least[rest]) - low);
  };
  const auto as_a = window(a_, b_), as_b = window(b_, a_);
  const std::uint64_t only_a = total_ & kMaskA, only_b = total_ & kMaskB;
  for (std::size_t k = 1; k < order_.size(); ++k) {
    const std::uint64_t sum = sum_[order_[k]];
    const std::int64_t below = children_of(sum);
    if (below >= as_a.first && below - as_a.first <= as_a.second && (sum & kMaskB) == 0 && (sum & kMaskA) == only_a) {
      cuts_.push_back({order_[k], true});
    }
    if (below >= as_b.first && below - as_b.first <= as_b.second && (sum & kMaskA) == 0 && (sum & kMaskB) == only_b) {
      cuts_.push_back({order_[k], false});
    }
  }
  return cuts_;
}

long PairTree::find_least_breach(Cut& cut) {
  long fewest = -1;
  const std::int64_t all = children_of(total_);
  const std::uint64_t only_a = total_ & kMaskA, only_b = total_ & kMaskB;
  const auto outside = [&](SchoolIndex z, std::int64_t load) {
    return std::max<long>(0, load - ground_.most[z]) + std::max<long>(0, ground_.least[z] - load);
  };
  const auto offer = [&](long breach, std::uint32_t top, bool below_is_first) {
    if (fewest >= 0 && breach >= fewest) return;
    fewest = breach;
    cut = {top, below_is_first};
  };
  for (std::size_t k = 1; k < order_.size(); ++k) {
    const std::uint64_t sum = sum_[order_[k]];
    const std::int64_t below = children_of(sum);
    if ((sum & kMaskB) == 0 && (sum & kMaskA) == only_a) {
      offer(outside(a_, below) + outside(b_, all - below), order_[k], true);
    }
    if ((sum & kMaskA) == 0 && (sum & kMaskB) == only_b) {
      offer(outside(b_, below) + outside(a_, all - below), order_[k], false);
    }
  }
  return fewest;
}

int PairTree::take(const Cut& cut) {
  const auto m = static_cast<std::uint32_t>(units_.size());
  taken_ = cut;
  below_.assign(m, 0);
  std::size_t k = 0;
  while (order_[k] != cut.top) ++k;
  below_[cut.top] = 1;
  for (++k; k < m; ++k) below_[order_[k]] = below_[parent_[order_[k]]];
  int across = 0;
  for (std::uint32_t i = 0; i < m; ++i) {
    const char side = below_[i];
    const Node node = nodes_[i];
    for (std::uint32_t j = node.first; j < node.first + node.degree; ++j) across += below_[near_[j]] != side;
  }
  return taken_borders_ = across / 2;
}

void PairTree::commit(ChainPlan& plan, std::vector<UnitIndex>& units_a, std::vector<UnitIndex>& units_b) const {
  units_a.clear();
  units_b.clear();
  const std::size_t zones = ground_.zones;
  const bool compared = !ground_.reference.empty();
  double distance = 0;
  int units_changed = 0, children_changed = 0;
  const auto change = [&](UnitIndex u, int sign) {
    const bool differs = ground_.reference[u] != plan.zone_of[u];
    units_changed += differs ? sign : 0;
    children_changed += differs ? sign * ground_.children[u] : 0;
  };
  for (std::size_t i = 0; i < units_.size(); ++i) {
    const UnitIndex u = units_[i];
    const bool first = (below_[i] != 0) == taken_.below_is_first;
    const SchoolIndex z = first ? a_ : b_;
    (first ? units_a : units_b).push_back(u);
    if (z == plan.zone_of[u]) continue;
    distance += ground_.cost[u * zones + z] - ground_.cost[u * zones + plan.zone_of[u]];
    if (compared) change(u, -1);
    plan.zone_of[u] = z;
    if (compared) change(u, 1);
  }
  const auto below = static_cast<int>(children_of(sum_[taken_.top])), all = static_cast<int>(children_of(total_));
  plan.figure(PlanFigure::over_seats) -= ground_.over(a_, plan.load[a_]) + ground_.over(b_, plan.load[b_]);
  plan.load[a_] = taken_.below_is_first ? below : all - below;
  plan.load[b_] = all - plan.load[a_];
  plan.figure(PlanFigure::over_seats) += ground_.over(a_, plan.load[a_]) + ground_.over(b_, plan.load[b_]);
  plan.figure(PlanFigure::cut_edges) += taken_borders_ - borders_;
  plan.figure(PlanFigure::distance) += distance;
  plan.figure(PlanFigure::units_changed) += units_changed;
  plan.figure(PlanFigure::children_changed) += children_changed;
}

}  // namespace catchment::engine::planning
