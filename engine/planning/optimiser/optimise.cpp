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

constexpr int kFirstBoundSteps = 1000;
constexpr int kBoundSteps = 200;           // a round
constexpr int kConflictSteps = 100;        // of a bound that may prove limits to be at odds
constexpr int kRoundsPerPool = 4;          // where whole zones cost something: their zones seldom fit together
constexpr int kZoneCostSteps = 20;         // so many times fewer where whole zones cost something
constexpr int kPriceSteps = 200;           // of the pool, a look
constexpr int kLooks = 2;                  // of the pool, a round
constexpr int kZoneProposals = 20000;      // a school and look
constexpr int kRegions = 12;               // a round
constexpr std::size_t kRegionSchools = 4;  // and up to two more
constexpr std::uint64_t kPartitionWork = 3'000'000;
constexpr std::uint64_t kProposalsPerUnit = 3000;

class Optimiser {
 public:
  Optimiser(const PlanProblem& problem, const OptimiseOptions& options)
      : problem_(problem),
        options_(options),
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
    improve_bound(kFirstBoundSteps);
    pool_.set_prices(bound_.unit_price());
    for (round_ = 0; !stop() && !proved() && (options_.rounds == 0 || round_ < options_.rounds); ++round_) {
      anneal();
      if (round_ % kRoundsPerPool == 1 || !problem_.has_zone_costs()) {
        refine_pool();
        redraw_regions();
      }
      improve_bound(kBoundSteps);
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
  // Knapsacks with a price of the load have many times the rows.
  void improve_bound(int steps) {
    if (problem_.has_zone_costs()) steps /= kZoneCostSteps;
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

  // Plans from four starts in turn: the bound's choices, the best plan, growth by cost and price, the pool's choices.
  void anneal() {
    Cooling cooling;
    cooling.proposals = kProposalsPerUnit * problem_.units.size();
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

  void refine_pool() {
    for (int look = 0; look < kLooks && !stop(); ++look) {
      pool_.improve_prices(kPriceSteps, target());
      for (SchoolIndex s = 0; s < problem_.schools.size() && !stop(); ++s) {
        pricer_.search(s, pool_, kZoneProposals, 0.3 * unit_cost_, 0.03 * unit_cost_);
      }
    }
    if (stop()) return;
    pool_.improve_prices(kPriceSteps, target());
    const auto best = pool_.partition(found() ? search_.best_cost() : kNoPlanYet * target(), kPartitionWork,
                                      [this] { return stop(); });
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
  PlanGraph graph_;
  std::vector<char> allowed_;
  PlanBound bound_;
  ZonePool pool_;
  PlanSearch search_;
  ZonePricer pricer_;
  PlanRandom random_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
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
  OptimiseResult result;
  const auto begun = std::chrono::steady_clock::now();
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
  OptimiseOptions rest = options;
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begun;
  if (options.seconds > 0) rest.seconds = std::max(1e-3, options.seconds - spent.count());
  Optimiser(problem, rest).run(result);
  if (result.plan.empty() && !result.cancelled && !problem.budget) add_conflict(problem, kConflictSteps, result);
  // What leaves here has been checked by code that shares nothing with the search.
  if (!result.plan.empty() && !check_plan(problem, result.plan).empty()) {
    throw std::logic_error("the optimiser made a plan that breaks a limit");
  }
  return result;
}

}  // namespace catchment::engine::planning
