#include "engine/planning/optimiser/optimise.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/planning/optimiser/bound.hpp"
#include "engine/planning/optimiser/plan_search.hpp"
#include "engine/planning/optimiser/region_search.hpp"
#include "engine/planning/optimiser/zone_pricer.hpp"
#include "engine/planning/plan_check.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kFirstBoundSteps = 400;
constexpr int kBoundSteps = 100;            // a round
constexpr int kFirstScouts = 3;             // and one before every later round
constexpr int kFirstLooks = 8, kLooks = 3;  // for new zones, a round
constexpr int kLookPriceSteps = 100;        // of the pool, a look
constexpr int kPriceSteps = 200;            // after the last one
constexpr int kMostZoneProposals = 10000;   // a school and look; fewer where there are few units
constexpr int kZoneProposalsPerUnit = 200;
constexpr int kGuided = 4;  // a round
constexpr double kGuidance = 0.3, kLessGuidance = 0.15;
constexpr double kBestInLead = 0.5;        // of the shares that guide every other one
constexpr int kRegions = 12;               // a round
constexpr std::size_t kRegionSchools = 4;  // and up to two more
constexpr std::uint64_t kFirstPartitionWork = 3'000'000, kPartitionWork = 10'000'000;
constexpr std::uint64_t kScoutProposals = 5000, kGuidedProposals = 3000, kPolishProposals = 2000;  // a unit

double cost_of(const PlanProblem& problem, const Assignment& plan) {
  double cost = 0;
  for (UnitIndex u = 0; u < plan.size(); ++u) cost += problem.cost_of(u, plan[u]);
  return cost;
}

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
    unit_cost_ = estimate_ > 0 ? estimate_ / static_cast<double>(problem.units.size()) : 1;
  }

  void run(OptimiseResult& result) {
    bound_.improve(1, estimate_ * 1.2);
    estimate_ = std::max(estimate_, bound_.bound());
    for (int k = 0; k < kFirstBoundSteps && !stop(); k += 25) bound_.improve(25, target());
    pool_.set_prices(bound_.unit_price());
    for (round_ = 0; !stop() && !proved() && (options_.rounds == 0 || round_ < options_.rounds); ++round_) {
      for (int k = 0; k < (round_ == 0 ? kFirstScouts : 1) && !stop(); ++k) scout();
      refine_pool();
      for (int k = 0; k < kGuided && !stop(); ++k) follow_pool(k % 2 == 1);
      recombine();
      redraw_regions();
      for (int k = 0; k < kBoundSteps && !stop(); k += 25) bound_.improve(25, target());
      if (stopped_) break;
    }
    result.rounds = round_;
    result.cancelled = cancelled_;
    result.bound = std::max(0.0, bound_.bound());
    if (search_.best().empty()) return;
    result.plan = search_.best();
    result.cost = cost_of(problem_, result.plan);
    result.bound = std::min(result.bound, result.cost);  // they may differ by rounding once they meet
    result.status = proved() ? OptimiseStatus::optimal : OptimiseStatus::feasible;
  }

 private:
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
    cooling.proposals = kScoutProposals * problem_.units.size();
    cooling.soft = 1;
    search_.grow(to_vector(bound_.seat_price()), 0.2);
    search_.cool(cooling, [this] { return stop(); });
  }

  // New zones for the pool, worth more under prices that its zones have, and prices that those have in turn.
  void refine_pool() {
    const int proposals = std::min(kMostZoneProposals, kZoneProposalsPerUnit * static_cast<int>(problem_.units.size()));
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
    if (best.plan) search_.offer(*best.plan, cost_of(problem_, *best.plan));
  }

  void redraw_regions() {
    for (int k = 0; k < kRegions && found() && !stop(); ++k) {
      const auto schools = pick_neighbours(graph_, search_.best(), kRegionSchools + random_.below(3), random_);
      const auto better = redraw_region(problem_, allowed_, search_.best(), schools, pool_, RegionEffort{},
                                        random_.next(), [this] { return stop(); });
      if (better) search_.offer(*better, cost_of(problem_, *better));
    }
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
    result.status = OptimiseStatus::infeasible;
    return result;
  }
  if (problem.units.empty()) {
    result.status = OptimiseStatus::optimal;
    return result;
  }
  Optimiser(problem, options, begun).run(result);
  // What leaves here has been checked by code that shares nothing with the search.
  if (!result.plan.empty() && !check_plan(problem, result.plan).empty()) {
    throw std::logic_error("the optimiser made a plan that breaks a limit");
  }
  return result;
}

}  // namespace catchment::engine::planning
