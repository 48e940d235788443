#include "engine/planning/ensemble/recom_chain.hpp"

#include <algorithm>

namespace catchment::engine::planning {
namespace {

constexpr int kTreesPerPair = 16;  // a pair that so many trees cannot cut gives way to another

}  // namespace

std::vector<std::vector<UnitIndex>> list_units(const Assignment& plan, std::size_t zones) {
  std::vector<std::vector<UnitIndex>> units(zones);
  for (UnitIndex u = 0; u < plan.size(); ++u) units[plan[u]].push_back(u);
  return units;
}

bool pick_pair(const ChainGround& ground, const ChainPlan& plan, PlanRandom& random, SchoolIndex& a, SchoolIndex& b) {
  if (plan.figure(PlanFigure::cut_edges) <= 0) return false;
  const auto arcs = static_cast<std::uint32_t>(ground.graph.arcs.size());
  for (;;) {
    const PlanGraph::Arc arc = ground.graph.arcs[random.below(arcs)];
    a = plan.zone_of[arc.from];
    b = plan.zone_of[arc.to];
    if (a != b) return true;
  }
}

RecomChain::RecomChain(const ChainGround& ground, const Assignment& start, std::uint64_t seed, TreeKind tree)
    : ground_(ground),
      random_(seed),
      kind_(tree),
      plan_(count_plan(ground, start)),
      units_of_(list_units(start, ground.zones)),
      pair_(ground) {}

bool RecomChain::recombine() {
  SchoolIndex a = 0, b = 0;
  if (!pick_pair(ground_, plan_, random_, a, b)) return false;
  pair_.merge(plan_, a, b, units_of_[a], units_of_[b]);
  for (int tree = 0; tree < kTreesPerPair; ++tree) {
    pair_.draw(kind_, random_);
    ++trees_;
    const auto cuts = pair_.find_cuts();
    if (cuts.empty()) continue;
    pair_.take(cuts[random_.below(static_cast<std::uint32_t>(cuts.size()))]);
    pair_.commit(plan_, units_of_[a], units_of_[b]);
    return true;
  }
  return false;
}

bool RecomChain::recombine_reversibly(std::uint32_t bound) {
  const auto zones = static_cast<std::uint32_t>(ground_.zones);
  if (zones < 2) return false;
  const SchoolIndex a = random_.below(zones);
  SchoolIndex b = random_.below(zones - 1);
  b += b >= a;
  if (!pair_.merge(plan_, a, b, units_of_[a], units_of_[b])) return false;
  pair_.draw(TreeKind::uniform, random_);
  ++trees_;
  const auto cuts = pair_.find_cuts();
  if (cuts.size() > bound) ++over_bound_;
  const std::uint32_t pick = random_.below(std::max(bound, static_cast<std::uint32_t>(cuts.size())));
  if (pick >= cuts.size()) return false;
  const int borders = pair_.take(cuts[pick]);
  if (random_.below(static_cast<std::uint32_t>(borders)) != 0) return false;
  pair_.commit(plan_, units_of_[a], units_of_[b]);
  return true;
}

}  // namespace catchment::engine::planning
