#include "engine/planning/optimiser/optimise.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/planning/optimiser/bound.hpp"
#include "engine/planning/optimiser/plan_search.hpp"
#include "engine/planning/optimiser/region_search.hpp"
#include "engine/planning/optimiser/zone_pricer.hpp"
#include "engine/planning/optimiser/zone_program.hpp"
#include "engine/planning/plan_check.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kFirstBoundSteps = 1000;
constexpr int kBoundSteps = 200;           // a round
constexpr int kPriceSteps = 200;           // of the pool, a look
constexpr int kLooks = 2;                  // of the pool, a round
constexpr int kZoneProposals = 20000;      // a school and look
constexpr int kRegions = 12;               // a round
constexpr std::size_t kRegionSchools = 4;  // and up to two more
constexpr std::uint64_t kPartitionWork = 3'000'000;
constexpr std::uint64_t kProposalsPerUnit = 3000;

double cost_of(const PlanProblem& problem, const Assignment& plan) {
  double cost = 0;
  for (UnitIndex u = 0; u < plan.size(); ++u) cost += problem.cost_of(u, plan[u]);
  return cost;
}

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
    unit_cost_ = estimate_ > 0 ? estimate_ / static_cast<double>(problem.units.size()) : 1;
  }

  static int env_int(const char* n, int d) { const char* v = getenv(n); return v ? atoi(v) : d; }
  static double env_d(const char* n, double d) { const char* v = getenv(n); return v ? atof(v) : d; }
  double clock_at() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count(); }
  void say(const char* what) {
    static const bool v = getenv("OPV");
    if (v) printf("    %-10s best %.4f pool bound %.4f bound %.4f t=%.2f\n", what, found() ? search_.best_cost() : 0, pool_.bound(), bound_.bound(), clock_at());
  }
  void run(OptimiseResult& result) {
    bound_.improve(1, estimate_ * 1.2);
    estimate_ = std::max(estimate_, bound_.bound());
    const int first = env_int("FIRSTB", 400);
    for (int k = 0; k < first && !stop(); k += 25) bound_.improve(25, target());
    pool_.set_prices(bound_.unit_price());
    say("bound");
    for (round_ = 0; !stop() && !proved() && (options_.rounds == 0 || round_ < options_.rounds); ++round_) {
      if (round_ == 0) scout();
      refine_pool();
      say("pool");
      guided();
      say("guided");
      recombine();
      say("recombine");
      redraw_regions();
      say("regions");
      for (int k = 0; k < env_int("BSTEPS", 100) && !stop(); k += 25) bound_.improve(25, target());
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

  void scout() {
    Cooling cooling;
    const int scouts = env_int("SCOUTS", 6);
    for (int k = 0; k < scouts && !stop(); ++k) {
      cooling.proposals = (std::uint64_t)env_int("SCOUTP", 5000) * problem_.units.size();
      cooling.soft = env_d("SCOUTSOFT", 1);
      search_.grow(to_vector(bound_.seat_price()), 0.2);
      search_.cool(cooling, [this] { return stop(); });
    say("scout");
    }
  }

  void guided() {
    static const int runs = env_int("GRUNS", 4);
    static const double weight = env_d("GW", 0.3);
    for (int k = 0; k < runs && !stop(); ++k) {
      search_.guide(shares_, weight * (k % 2 == 0 ? 1 : env_d("GALT", 1)));
      search_.grow_by_shares(to_vector(search_.seat_price()), shares_, 0.3);
      Cooling cooling;
      cooling.proposals = (std::uint64_t)env_int("GPROP", 3000) * problem_.units.size();
      cooling.hot = env_d("GHOT", 0.3);
      cooling.soft = 2;
      search_.cool(cooling, [this] { return stop(); });
      search_.guide({}, 0);
      cooling.proposals = (std::uint64_t)env_int("GPROP2", 2000) * problem_.units.size();
      cooling.hot = 0.05;
      cooling.soft = 4;
      search_.cool(cooling, [this] { return stop(); });
    say("  g");
    }
  }

  void refine_pool() {
    const int looks = round_ == 0 ? env_int("LOOKS0", 8) : env_int("LOOKS", 3);
    for (int look = 0; look < looks && !stop(); ++look) {
      pool_.improve_prices(100, target());
      for (SchoolIndex s = 0; s < problem_.schools.size() && !stop(); ++s) {
        pricer_.search(s, pool_, {10000, 0.3 * unit_cost_, 0.03 * unit_cost_});
      }
    }
    if (stop()) return;
    pool_.improve_prices(kPriceSteps, target());
    shares_.assign(pool_.shares().begin(), pool_.shares().end());
    static const int use_lp = env_int("LP", 1);
    if (use_lp && !pool_.shares().empty()) {
      ZoneProgram program(problem_, pool_, target());
      program.solve(pool_, [this] { return stop(); });
      shares_.assign(program.shares().begin(), program.shares().end());
      if (getenv("OPV")) printf("  lp %.4f\n", program.value());
    }
  }

  void recombine() {
    if (stop()) return;
    const auto best = pool_.partition(found() ? search_.best_cost() : kNoPlanYet * target(), (std::uint64_t)env_int("PWORK", 1000000),
                                      [this] { return stop(); });
    if (best.plan) search_.offer(*best.plan, cost_of(problem_, *best.plan));
  }

  void redraw_regions() {
    for (int k = 0; k < env_int("REGIONS", kRegions) && found() && !stop(); ++k) {
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
  PlanGraph graph_;
  std::vector<char> allowed_;
  std::vector<double> shares_;
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
  result.findings = find_problems(problem);
  if (std::ranges::any_of(result.findings, &PlanFinding::fatal)) {
    result.status = OptimiseStatus::infeasible;
    return result;
  }
  if (problem.units.empty()) {
    result.status = OptimiseStatus::optimal;
    return result;
  }
  Optimiser(problem, options).run(result);
  // What leaves here has been checked by code that shares nothing with the search.
  if (!result.plan.empty() && !check_plan(problem, result.plan).empty()) {
    throw std::logic_error("the optimiser made a plan that breaks a limit");
  }
  return result;
}

}  // namespace catchment::engine::planning
