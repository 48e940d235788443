#include "engine/planning/optimiser/plan_search.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

namespace catchment::engine::planning {
namespace {

constexpr std::uint64_t kProposalsPerCheck = 1024;
constexpr std::uint64_t kChecksPerPrices = 16;
constexpr double kTimesOver = 0.3;   // share of the time a school with a price may be too full
constexpr double kPriceStep = 0.02;  // in mean costs of a child

}  // namespace

PlanSearch::PlanSearch(const PlanProblem& problem, const PlanGraph& graph, const std::vector<char>& allowed,
                       ZonePool& pool, std::uint64_t seed)
    : problem_(problem),
      graph_(graph),
      allowed_(allowed),
      pool_(pool),
      random_(seed),
      schools_(problem.schools.size()),
      cost_(problem.cost) {
  const std::size_t n = problem.units.size();
  double& total = total_;
  double& children = total_children_;
  double most = 0;
  for (std::size_t u = 0; u < n; ++u) {
    double least = kNever;
    for (std::size_t s = 0; s < schools_; ++s) {
      if (!allowed[u * schools_ + s]) continue;
      least = std::min(least, cost_[u * schools_ + s]);
      most = std::max(most, cost_[u * schools_ + s]);
    }
    total += least;
    children_.push_back(problem.units[u].children);
    children += children_.back();
    key_.push_back(pool.unit_key(static_cast<UnitIndex>(u)));
  }
  unit_scale_ = total > 0 ? total / static_cast<double>(n) : 1;
  child_scale_ = total > 0 && children > 0 ? total / children : 1;
  for (std::size_t k = 0; k < cost_.size(); ++k) {
    if (!allowed[k]) cost_[k] = 3 * most + 10 * unit_scale_;
  }
  felt_ = cost_;
  fixed_.assign(n, 0);
  for (const PlanSchool& s : problem.schools) {
    fixed_[s.unit] = 1;
    shared_zones_ |= !s.more_units.empty();
    for (const UnitIndex u : s.more_units) fixed_[u] = 1;
    limit_.push_back(s.seats);
    school_key_.push_back(pool.school_key(static_cast<SchoolIndex>(school_key_.size())));
  }
  limit_.push_back(problem.budget ? problem.budget->children : 0);
  limit_.push_back(problem.budget ? problem.budget->units : 0);
  double weight = 0;
  for (UnitIndex u = 0; problem.budget && u < n; ++u) weight += static_cast<double>(problem.budget->weight_of(u));
  if (weight > 0 && children > 0) unit_children_ = children / weight;
  price_.assign(limit_.size(), 0);
  times_over_.assign(limit_.size(), 0);
  if (ZoneTracker::needed(problem)) tracker_ = std::make_unique<ZoneTracker>(problem);
  mark_.assign(n, 0);
  for (int k = 0; k < 65536; ++k) log_table_.push_back(static_cast<float>(-std::log((k + 0.5) / 65536)));
}

void PlanSearch::grow(std::span<const double> seat_price, double noise) {
  for (std::size_t s = 0; s < schools_; ++s) price_[s] = seat_price[s] * (1 + noise * (2 * random_.unit() - 1));
  grow_by(
      [this](UnitIndex u, SchoolIndex s) { return cost_[u * schools_ + s] / std::max(1, children_[u]) + price_[s]; });
}

void PlanSearch::grow_by_shares(std::span<const double> seat_price, std::span<const double> shares, double noise) {
  for (std::size_t s = 0; s < schools_; ++s) price_[s] = seat_price[s];
  grow_by([&](UnitIndex u, SchoolIndex s) {
    const double cost = cost_[u * schools_ + s] / std::max(1, children_[u]) + price_[s];
    return noise * random_.unit() - shares[u * schools_ + s] + 1e-3 * cost / child_scale_;
  });
}

// Zones grow from the schools' own units, the least entry first.
void PlanSearch::grow_by(const std::function<double(UnitIndex, SchoolIndex)>& entry) {
  using Step = std::tuple<double, UnitIndex, SchoolIndex>;
  std::priority_queue<Step, std::vector<Step>, std::greater<>> front;
  plan_.assign(children_.size(), kNoUnit);
  for (SchoolIndex s = 0; s < schools_; ++s) front.emplace(-kNever, problem_.schools[s].unit, s);
  if (shared_zones_) join_schools();
  for (UnitIndex u = 0; shared_zones_ && u < plan_.size(); ++u) {
    if (plan_[u] == kNoUnit) continue;
    for (const UnitIndex w : graph_.neighbours(u)) {
      if (plan_[w] == kNoUnit) front.emplace(entry(w, plan_[u]), w, plan_[u]);
    }
  }
  while (!front.empty()) {
    const auto [cost, unit, school] = front.top();
    front.pop();
    if (plan_[unit] != kNoUnit) continue;
    plan_[unit] = school;
    for (const UnitIndex w : graph_.neighbours(unit)) {
      if (plan_[w] == kNoUnit) front.emplace(entry(w, school), w, school);
    }
  }
  recount();
}

void PlanSearch::start(const Assignment& plan) {
  plan_ = plan;
  unjoined_ = 0;
  recount();
}

void PlanSearch::guide(std::span<const double> shares, double weight) {
  felt_ = cost_;
  for (std::size_t k = 0; k < shares.size(); ++k) {
    const double size = 0.5 * (unit_scale_ + child_scale_ * children_[k / schools_]);
    felt_[k] += weight * size * (1 - std::min(1.0, shares[k]));
  }
}

void PlanSearch::recount() {
  zones_.assign(schools_, {});
  moved_ = moved_units_ = forbidden_ = 0;
  plan_cost_ = 0;
  for (UnitIndex u = 0; u < plan_.size(); ++u) {
    const SchoolIndex s = plan_[u];
    Zone& zone = zones_[s];
    zone.children += children_[u];
    zone.cost += cost_[u * schools_ + s];
    zone.value += cost_[u * schools_ + s] - pool_.prices()[u];
    zone.hash ^= key_[u];
    zone.forbidden += !allowed_[u * schools_ + s];
    if (!problem_.budget || problem_.budget->current[u] == s) continue;
    moved_ += children_[u];
    moved_units_ += static_cast<int>(problem_.budget->weight_of(u));
  }
  over_ = unjoined_;
  if (problem_.budget)
    over_ += std::max(0, moved_ - limit_[schools_]) + std::max(0, moved_units_ - limit_[schools_ + 1]);
  settle_zones();
  for (std::size_t s = 0; s < schools_; ++s) {
    over_ += std::max(0, zones_[s].children - limit_[s]);
    forbidden_ += zones_[s].forbidden;
    plan_cost_ += zones_[s].cost;
    zones_[s].hash ^= school_key_[s];
  }
}

// Whether a unit's neighbours in its zone hang together among themselves; then nothing is cut off without it.
bool PlanSearch::joined_locally(UnitIndex u) const {
  const auto near = graph_.neighbours(u);
  if (near.size() > 64) return false;
  const SchoolIndex s = plan_[u];
  std::uint64_t mine = 0;
  for (std::size_t k = 0; k < near.size(); ++k) mine |= static_cast<std::uint64_t>(plan_[near[k]] == s) << k;
  return graph_.hang_together(u, mine);
}

// The unit and all that its zone's school cannot reach without it.
void PlanSearch::take_branch(UnitIndex u, SchoolIndex to, Part& part) {
  const SchoolIndex from = plan_[u];
  part.units.assign(1, u);
  if (!joined_locally(u)) {
    ++stamp_;
    mark_[u] = stamp_;
    const UnitIndex home = problem_.schools[from].unit;
    mark_[home] = stamp_;
    queue_.assign(1, home);
    const auto spread = [&](std::vector<UnitIndex>& reached) {
      for (std::size_t k = 0; k < reached.size(); ++k) {
        for (const UnitIndex w : graph_.neighbours(reached[k])) {
          if (plan_[w] != from || mark_[w] == stamp_) continue;
          mark_[w] = stamp_;
          reached.push_back(w);
        }
      }
    };
    spread(queue_);
    spread(part.units);
  }
  part.cost_change = 0;
  part.children = part.moved_change = part.units_change = 0;
  for (const UnitIndex w : part.units) {
    part.cost_change += felt_[w * schools_ + to] - felt_[w * schools_ + from];
    part.children += children_[w];
    if (problem_.budget) {
      const SchoolIndex now = problem_.budget->current[w];
      const int sign = static_cast<int>(now != to) - static_cast<int>(now != from);
      part.moved_change += children_[w] * sign;
      part.units_change += static_cast<int>(problem_.budget->weight_of(w)) * sign;
    }
  }
}

// A unit of one zone on its border with another, at random or near a unit.
UnitIndex PlanSearch::pick_return(SchoolIndex from, SchoolIndex to, UnitIndex near) {
  const auto arcs = static_cast<std::uint32_t>(graph_.arcs.size());
  for (int t = 0; t < 6; ++t) {
    const PlanGraph::Arc arc = graph_.arcs[random_.below(arcs)];
    if (plan_[arc.from] == from && plan_[arc.to] == to && !fixed_[arc.from]) return arc.from;
  }
  const auto around = graph_.neighbours(near);
  for (int t = 0; t < 3; ++t) {
    const UnitIndex w = around[random_.below(static_cast<std::uint32_t>(around.size()))];
    if (plan_[w] != from || fixed_[w]) continue;
    for (const UnitIndex x : graph_.neighbours(w)) {
      if (plan_[x] == to) return w;
    }
  }
  return kNoUnit;
}

void PlanSearch::carry_out(const Part& part, SchoolIndex from, SchoolIndex to) {
  Zone& a = zones_[from];
  Zone& b = zones_[to];
  for (const UnitIndex w : part.units) {
    const double old_cost = cost_[w * schools_ + from], new_cost = cost_[w * schools_ + to];
    plan_cost_ += new_cost - old_cost;
    a.cost -= old_cost;
    b.cost += new_cost;
    a.value -= old_cost - pool_.prices()[w];
    b.value += new_cost - pool_.prices()[w];
    a.hash ^= key_[w];
    b.hash ^= key_[w];
    const int gone = !allowed_[w * schools_ + from], come = !allowed_[w * schools_ + to];
    a.forbidden -= gone;
    b.forbidden += come;
    forbidden_ += come - gone;
  }
  count_over(from, a.children, -part.children);
  count_over(to, b.children, part.children);
  a.children -= part.children;
  b.children += part.children;
  if (problem_.budget) {
    count_over(schools_, moved_, part.moved_change);
    count_over(schools_ + 1, moved_units_, part.units_change);
    moved_ += part.moved_change;
    moved_units_ += part.units_change;
  }
}

void PlanSearch::propose(double heat) {
  const auto arcs = static_cast<std::uint32_t>(graph_.arcs.size());
  const auto [u, v] = graph_.arcs[random_.below(arcs)];
  const SchoolIndex a = plan_[u], b = plan_[v];
  if (a == b || fixed_[u]) return;
  const std::uint64_t dice = random_.next();
  const double most = heat * log_table_[dice & 65535];
  take_branch(u, b, out_);
  if (shared_zones_ && holds_fixed(out_)) return;
  if ((dice >> 16 & 1) != 0) {
    push(a, b, most);
  } else {
    exchange(a, b, v, most);
  }
}

// Gives out_ to the zone b, unless that costs more than `most`.
void PlanSearch::push(SchoolIndex a, SchoolIndex b, double most) {
  double change =
      out_.cost_change + penalty(a, zones_[a].children, -out_.children) + penalty(b, zones_[b].children, out_.children);
  if (problem_.budget) change += budget_penalty(out_.moved_change, out_.units_change);
  if (!tracker_ && change > most) return;
  assign(out_, a, b);
  if (tracker_) {
    if (change + zone_change() > most) {
      undo(out_, a);
      return;
    }
    take_zone_change();
  }
  carry_out(out_, a, b);
  after_move(a, b);
}

// The same with a unit of b in exchange, and what it cuts off, which may be of out_.
void PlanSearch::exchange(SchoolIndex a, SchoolIndex b, UnitIndex near, double most) {
  const UnitIndex w = pick_return(b, a, near);
  if (w == kNoUnit) return;
  assign(out_, a, b);
  bool good = std::ranges::any_of(graph_.neighbours(w), [&](UnitIndex x) { return plan_[x] == a; });
  if (good) {
    take_branch(w, a, back_);
    good = !shared_zones_ || !holds_fixed(back_);
  }
  if (!good) {
    undo(out_, a);
    return;
  }
  const int change_a = back_.children - out_.children;
  double change = out_.cost_change + back_.cost_change + penalty(a, zones_[a].children, change_a) +
                  penalty(b, zones_[b].children, -change_a);
  if (problem_.budget) {
    change += budget_penalty(out_.moved_change + back_.moved_change, out_.units_change + back_.units_change);
  }
  if (tracker_) {
    assign(back_, b, a);
    change += zone_change();
  }
  if (change > most) {
    if (tracker_) undo(back_, b);
    undo(out_, a);
    return;
  }
  if (tracker_) {
    take_zone_change();
  } else {
    assign(back_, b, a);
  }
  carry_out(out_, a, b);
  carry_out(back_, b, a);
  after_move(a, b);
}

void PlanSearch::after_start() {
  for (SchoolIndex s = 0; s < schools_; ++s) give_to_pool(s);
  keep_if_best();
}

void PlanSearch::after_move(SchoolIndex a, SchoolIndex b) {
  give_to_pool(a);
  give_to_pool(b);
  keep_if_best();
}

void PlanSearch::keep_if_best() {
  if (over_ != 0 || forbidden_ != 0 || plan_cost_ >= best_cost_ - 1e-9 * unit_scale_) return;
  const double cost = total_cost(problem_, plan_);
  plan_cost_ = cost;
  if (cost >= best_cost_) return;
  best_cost_ = cost;
  best_ = plan_;
}

void PlanSearch::give_to_pool(SchoolIndex s) {
  const Zone& zone = zones_[s];
  const double value = tracker_ ? zone.value + tracker_->cost(s) : zone.value;
  if (zone.children > limit_[s] || zone.forbidden != 0 || !pool_.wants(s, value) || pool_.knows(zone.hash)) return;
  if (unjoined_ != 0 || (tracker_ && tracker_->shortage(s) > 0)) return;
  ++stamp_;
  queue_.assign(1, problem_.schools[s].unit);
  mark_[queue_[0]] = stamp_;
  for (std::size_t k = 0; k < queue_.size(); ++k) {
    for (const UnitIndex w : graph_.neighbours(queue_[k])) {
      if (plan_[w] != s || mark_[w] == stamp_) continue;
      mark_[w] = stamp_;
      queue_.push_back(w);
    }
  }
  pool_.add(s, queue_, zone.hash);
}

void PlanSearch::adapt_prices() {
  for (std::size_t s = 0; s < price_.size(); ++s) {
    const double share = static_cast<double>(times_over_[s]) / static_cast<double>(kChecksPerPrices);
    price_[s] = std::max(0.0, price_[s] + kPriceStep * child_scale_ * (share - kTimesOver));
    times_over_[s] = 0;
  }
}

bool PlanSearch::cool(const Cooling& cooling, const std::function<bool()>& stop) {
  recount();
  after_start();
  if (graph_.arcs.empty()) return true;
  double heat = cooling.hot * unit_scale_;
  for (std::uint64_t k = 0; k < cooling.proposals; ++k) {
    if (k % kProposalsPerCheck == 0) {
      if (stop && k % (16 * kProposalsPerCheck) == 0 && stop()) return false;
      const double done = static_cast<double>(k) / static_cast<double>(cooling.proposals);
      heat = cooling.hot * std::pow(cooling.cold / cooling.hot, done) * unit_scale_;
      weight_ = cooling.soft * std::pow(cooling.hard / cooling.soft, done) * child_scale_;
      for (std::size_t s = 0; s < schools_; ++s) times_over_[s] += zones_[s].children > limit_[s];
      times_over_[schools_] += problem_.budget && moved_ > limit_[schools_];
      times_over_[schools_ + 1] += problem_.budget && moved_units_ > limit_[schools_ + 1];
      if (k / kProposalsPerCheck % kChecksPerPrices == kChecksPerPrices - 1) adapt_prices();
    }
    ++proposals_;
    propose(heat);
  }
  return true;
}

void PlanSearch::offer(const Assignment& plan, double cost) {
  if (cost >= best_cost_) return;
  best_cost_ = cost;
  best_ = plan;
}

}  // namespace catchment::engine::planning
