#include "engine/planning/optimiser/optimise.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/planning/optimiser/bound.hpp"
#include "engine/planning/optimiser/plan_conflict.hpp"
#include "engine/planning/optimiser/plan_search.hpp"
#include "engine/planning/optimiser/region_search.hpp"
#include "engine/planning/optimiser/zone_pricer.hpp"
#include "engine/planning/plan_check.hpp"
#include "engine/planning/zone_costs.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kFirstBoundSteps = 400;
constexpr int kBoundSteps = 100;            // a round
constexpr int kConflictSteps = 100;         // of a bound that may prove limits to be at odds
constexpr int kFirstScouts = 3;             // and one before every later round
constexpr int kFirstLooks = 8, kLooks = 3;  // for new zones, a round
constexpr int kLookPriceSteps = 100;        // of the pool, a look
constexpr int kPriceSteps = 200;            // after the last one
constexpr int kMostZoneProposals = 10000;   // a school and look; fewer where there are few units
constexpr int kZoneProposalsPerUnit = 200, kZoneProposalsPerUnitOfZone = 450;
constexpr int kGuided = 4;  // a round
constexpr double kGuidance = 0.3, kLessGuidance = 0.15;
constexpr double kBestInLead = 0.5;  // of the shares that guide every other one
// Where whole zones cost something: zones of different plans seldom fit together, and a bound's step takes long.
constexpr int kRoundsPerPool = 4;
constexpr int kFirstZoneBoundSteps = 50, kZoneBoundSteps = 10;
constexpr int kRegions = 12;               // a round
constexpr std::size_t kRegionSchools = 4;  // and up to two more
constexpr std::uint64_t kFirstPartitionWork = 3'000'000, kPartitionWork = 10'000'000;
constexpr std::uint64_t kScoutProposals = 5000, kGuidedProposals = 3000, kPolishProposals = 2000;  // a unit
constexpr std::uint64_t kWanderProposals = 3000;                                                   // a unit
// Under a budget of moves where whole zones cost something: the best plan again and again, warm and hot in turn.
constexpr std::uint64_t kReheatProposals = 10000;  // a unit
constexpr double kWarm = 0.4, kHot = 0.8;
constexpr int kRoundsPerPresent = 8;  // one of which starts from the plan in force
constexpr std::size_t kUnhurriedUnits = 450;  // more: the first scouts are shorter, so that a round ends soon

class Optimiser {
 public:
  Optimiser(const PlanProblem& problem, const OptimiseOptions& options, std::chrono::steady_clock::time_point begun)
      : problem_(problem),
        options_(options),
        begun_(begun),
        graph_(problem),
        allowed_(find_allowed(problem)),
        bound_(problem, graph_, allowed_),
        pool_(problem),
        search_(problem, graph_, allowed_, pool_, options.seed),
        pricer_(problem, graph_, allowed_, options.seed + 0x5eed),
        random_(options.seed * 3 + 5) {
    for (UnitIndex u = 0; u < problem.units.size(); ++u) {
      double least = kNever;
      for (SchoolIndex s = 0; s < problem.schools.size(); ++s) {
        if (allowed_[u * problem.schools.size() + s]) least = std::min(least, problem.cost_of(u, s));
      }
      estimate_ += least;
    }
    estimate_ += guess_zone_costs();
    unit_cost_ = estimate_ > 0 ? estimate_ / static_cast<double>(problem.units.size()) : 1;
  }

  void run(OptimiseResult& result) {
    bound_.improve(1, estimate_ * 1.2);
    estimate_ = std::max(estimate_, bound_.bound());
    improve_bound(problem_.has_zone_costs() ? kFirstZoneBoundSteps : kFirstBoundSteps);
    pool_.set_prices(bound_.unit_price());
    for (round_ = 0; !stop() && !proved() && (options_.rounds == 0 || round_ < options_.rounds); ++round_) {
      if (is_additive()) {
        for (int k = 0; k < (round_ == 0 ? kFirstScouts : 1) && !stop(); ++k) scout();
        if (round_ == 0) improve_bound(kBoundSteps);  // with what a plan costs its steps have their right length
        renew_pool();
        for (int k = 0; k < kGuided && !stop(); ++k) follow_pool(k % 2 == 1);
        recombine();
        redraw_regions();
      } else {
        wander();
        if (round_ % kRoundsPerPool == 1 || !problem_.has_zone_costs()) {
          renew_pool();
          recombine();
          redraw_regions();
        }
      }
      improve_bound(problem_.has_zone_costs() ? kZoneBoundSteps : kBoundSteps);
      if (stopped_) break;
    }
    result.rounds = round_;
    result.cancelled = cancelled_;
    result.bound = std::max(0.0, bound_.bound());
    if (search_.best().empty()) return;
    result.plan = search_.best();
    result.cost = total_cost(problem_, result.plan);
    result.bound = std::min(result.bound, result.cost);  // they may differ by rounding once they meet
    result.status = proved() ? OptimiseStatus::optimal : OptimiseStatus::feasible;
  }

 private:
  // The costs of units are all there is, and seats all that limits.
  bool is_additive() const {
    return !problem_.has_zone_costs() && !problem_.budget && !problem_.draws &&
           std::ranges::all_of(problem_.schools, [](const PlanSchool& s) { return s.more_units.empty(); });
  }

  // Knapsacks with a price of the load have many times the rows.
  void improve_bound(int steps) {
    const int stride = problem_.has_zone_costs() ? 1 : 25;
    for (int k = 0; k < steps && !stop(); k += stride) bound_.improve(stride, target());
  }

  // What whole zones may cost, for step lengths and temperatures: even loads, and shapes half way.
  double guess_zone_costs() const {
    double children = 0, cost = 0;
    for (const PlanUnit& u : problem_.units) children += u.children;
    const auto mean = static_cast<long>(children / static_cast<double>(problem_.schools.size()));
    for (const LoadCost& load : problem_.load_cost) cost += load.at(mean);
    if (problem_.shape) cost += 0.5 * problem_.shape->weight * static_cast<double>(problem_.schools.size());
    return cost;
  }

  bool found() const { return !search_.best().empty(); }
  double target() const { return found() ? search_.best_cost() : estimate_ * 1.03; }
  bool proved() const {
    return found() && bound_.bound() >= search_.best_cost() - 1e-7 * (1 + std::abs(search_.best_cost()));
  }

  bool stop() {
    if (stopped_) return true;
    double share = options_.rounds > 0 ? static_cast<double>(round_) / options_.rounds : 0;
    if (options_.seconds > 0) {
      const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun_;
      share = std::max(share, spent.count() / options_.seconds);
      if (spent.count() >= options_.seconds) stopped_ = true;
    }
    if (options_.progress) {
      PlanProgress at{round_, std::min(1.0, share), std::nullopt, std::max(0.0, bound_.bound())};
      if (found()) at.cost = search_.best_cost();
      if (!options_.progress(at)) stopped_ = cancelled_ = true;
    }
    return stopped_;
  }

  // A plan from zones grown by cost and price: not often a good one, but the pool lives on what is good in each.
  void scout() {
    Cooling cooling;
    const std::size_t n = problem_.units.size();
    cooling.proposals = kScoutProposals * std::min(n, kUnhurriedUnits << std::min(round_, 10));
    cooling.soft = 1;
    search_.grow(to_vector(bound_.seat_price()), 0.2);
    search_.cool(cooling, [this] { return stop(); });
  }

  // Plans from four starts in turn, for goals and limits that zones taken from here and there seldom meet: the plan in
  // force or the bound's choices, the best plan, zones grown anew, the pool's choices.
  void wander() {
    if (problem_.budget && problem_.has_zone_costs() && found() && round_ % kRoundsPerPresent != 2) {
      reheat();
      return;
    }
    Cooling cooling;
    cooling.proposals = kWanderProposals * problem_.units.size();
    const std::vector<double> prices = round_ == 0 ? to_vector(bound_.seat_price()) : to_vector(search_.seat_price());
    const int turn = round_ % 4;
    if (problem_.budget && (round_ == 0 || turn == 2 || !found())) {
      search_.grow_by_shares(prices, present_shares(), round_ == 0 ? 0 : 0.3);
      if (turn != 2 && (round_ == 0 || !problem_.has_zone_costs())) cooling.hot = 0.1;
      if (turn == 2) cooling.proposals *= 4;
    } else if (round_ == 0 || (!found() && turn == 1)) {
      search_.grow_by_shares(prices, bound_.shares(), round_ == 0 ? 0 : 0.3);
      cooling.hot = 0.1;
    } else if (found() && turn % 2 == 1) {
      search_.start(search_.best());
      cooling.hot = 0.1;
      cooling.soft = 2;
    } else if (turn == 2 || pool_.shares().empty()) {
      if (problem_.has_zone_costs()) {
        search_.grow_by_shares(prices, bound_.shares(), 1);  // no unit's own cost need say where it belongs
      } else {
        search_.grow(to_vector(bound_.seat_price()), 0.2);
      }
      cooling.proposals *= 4;
    } else {
      search_.grow_by_shares(prices, pool_.shares(), 0.3);
      cooling.hot = 0.1;
      cooling.soft = 2;
    }
    if (problem_.has_zone_costs()) {     // hotter: few moves change little there
      if (round_ > 0) cooling.hot *= 3;  // but a first plan soon
      cooling.cold = problem_.budget ? 0.1 : 0.05;
    }
    search_.cool(cooling, [this] { return stop(); });
  }

  // A shift along a chain of zones passes through plans that move more than the budget: only heat gets there, and back.
  void reheat() {
    Cooling cooling;
    cooling.proposals = kReheatProposals * problem_.units.size();
    cooling.hot = round_ % 2 == 1 ? kHot : kWarm;
    cooling.cold = 0.05;
    cooling.soft = 0.5;
    search_.start(search_.best());
    search_.cool(cooling, [this] { return stop(); });
  }

  // New zones for the pool, worth more under prices that its zones have, and prices that those have in turn.
  void renew_pool() {
    const int units = static_cast<int>(problem_.units.size()), schools = static_cast<int>(problem_.schools.size());
    const int proposals = std::min(
        {kMostZoneProposals, kZoneProposalsPerUnit * units, 1 + kZoneProposalsPerUnitOfZone * units / schools});
    for (int look = 0; look < (round_ == 0 ? kFirstLooks : kLooks) && !stop(); ++look) {
      pool_.improve_prices(kLookPriceSteps, target(), [this] { return stop(); });
      for (SchoolIndex s = 0; s < problem_.schools.size() && !stop(); ++s) {
        pricer_.search(s, pool_, proposals, 0.3 * unit_cost_, 0.03 * unit_cost_);
      }
    }
    if (!stop()) pool_.improve_prices(kPriceSteps, target(), [this] { return stop(); });
  }

  // A plan led by the shares of the pool's zones at its prices, near the fractional optimum: they settle most units,
  // and what must be packed together, before it is cold. near_best: led half by the best plan as well. Then without
  // guidance.
  void follow_pool(bool near_best) {
    std::vector<double> lead = to_vector(pool_.shares());
    if (near_best && found()) {
      for (double& share : lead) share *= 1 - kBestInLead;
      for (UnitIndex u = 0; u < problem_.units.size(); ++u) {
        lead[u * problem_.schools.size() + search_.best()[u]] += kBestInLead;
      }
    }
    search_.guide(lead, near_best ? kLessGuidance : kGuidance);
    search_.grow_by_shares(to_vector(search_.seat_price()), lead, 0.3);
    Cooling led;
    led.proposals = kGuidedProposals * problem_.units.size();
    led.hot = 0.4;
    led.soft = 2;
    search_.cool(led, [this] { return stop(); });
    search_.guide({}, 0);
    Cooling free;
    free.proposals = kPolishProposals * problem_.units.size();
    free.hot = 0.05;
    free.soft = 4;
    search_.cool(free, [this] { return stop(); });
  }

  void recombine() {
    if (stop()) return;
    const auto best = pool_.partition(found() ? search_.best_cost() : kNoPlanYet * target(),
                                      round_ == 0 ? kFirstPartitionWork : kPartitionWork, [this] { return stop(); });
    if (best.plan) search_.offer(*best.plan, total_cost(problem_, *best.plan));
  }

  void redraw_regions() {
    for (int k = 0; k < kRegions && found() && !stop(); ++k) {
      const auto schools = pick_neighbours(graph_, search_.best(), kRegionSchools + random_.below(3), random_);
      const auto better = redraw_region(problem_, allowed_, search_.best(), schools, pool_, RegionEffort{},
                                        random_.next(), [this] { return stop(); });
      if (better) search_.offer(*better, total_cost(problem_, *better));
    }
  }

  // The plan in force, for growing zones that stay near it.
  std::vector<double> present_shares() const {
    std::vector<double> shares(problem_.cost.size(), 0);
    for (UnitIndex u = 0; u < problem_.units.size(); ++u) {
      shares[u * problem_.schools.size() + problem_.budget->current[u]] = 1;
    }
    return shares;
  }

  static std::vector<double> to_vector(std::span<const double> values) { return {values.begin(), values.end()}; }

  static constexpr double kNoPlanYet = 1.05;  // of the estimate: what a first plan from the pool may cost

  const PlanProblem& problem_;
  const OptimiseOptions& options_;
  const std::chrono::steady_clock::time_point begun_;
  PlanGraph graph_;
  std::vector<char> allowed_;
  PlanBound bound_;
  ZonePool pool_;
  PlanSearch search_;
  ZonePricer pricer_;
  PlanRandom random_;
  double estimate_ = 0, unit_cost_ = 1;
  int round_ = 0;
  bool stopped_ = false, cancelled_ = false;
};

// Whether limits are proved to leave no plan; then the findings say which.
bool add_conflict(const PlanProblem& problem, int steps, OptimiseResult& result) {
  const auto conflict = find_conflict(problem, steps);
  if (!conflict) return false;
  // One limit alone is what the other findings say.
  if (result.findings.empty() || steps > 0 || conflict->groups.size() > 1) result.findings.push_back(conflict->finding);
  result.status = OptimiseStatus::infeasible;
  return true;
}

}  // namespace

std::string_view to_word(OptimiseStatus status) {
  switch (status) {
    case OptimiseStatus::optimal:
      return "optimal";
    case OptimiseStatus::feasible:
      return "feasible";
    case OptimiseStatus::infeasible:
      return "infeasible";
    case OptimiseStatus::unknown:
      break;
  }
  return "unknown";
}

OptimiseResult optimise(const PlanProblem& problem, const OptimiseOptions& options) {
  if (options.rounds <= 0 && !(options.seconds > 0)) {
    throw InputError("no_limit", "", "an optimisation needs a limit of rounds or of seconds");
  }
  const auto begun = std::chrono::steady_clock::now();
  OptimiseResult result;
  result.findings = find_problems(problem);
  if (std::ranges::any_of(result.findings, &PlanFinding::fatal)) {
    if (!problem.locks.empty() || problem.budget || problem.draws) add_conflict(problem, 0, result);
    result.status = OptimiseStatus::infeasible;
    return result;
  }
  if (problem.units.empty()) {
    result.status = OptimiseStatus::optimal;
    return result;
  }
  if (problem.budget && add_conflict(problem, kConflictSteps, result)) return result;
  Optimiser(problem, options, begun).run(result);
  if (result.plan.empty() && !result.cancelled && !problem.budget) add_conflict(problem, kConflictSteps, result);
  // What leaves here has been checked by code that shares nothing with the search.
  if (!result.plan.empty() && !check_plan(problem, result.plan).empty()) {
    throw std::logic_error("the optimiser made a plan that breaks a limit");
  }
  return result;
}

}  // namespace catchment::engine::planning
