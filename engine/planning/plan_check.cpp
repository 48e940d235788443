#include "engine/planning/plan_check.hpp"

#include <numeric>

namespace catchment::engine::planning {
namespace {

// Pieces of zones by union-find over the borders that stay within a zone.
std::vector<UnitIndex> find_pieces(const PlanProblem& problem, const Assignment& plan) {
  std::vector<UnitIndex> piece(plan.size());
  std::iota(piece.begin(), piece.end(), 0u);
  const auto root = [&](UnitIndex u) {
    while (piece[u] != u) u = piece[u] = piece[piece[u]];
    return u;
  };
  for (const auto& [a, b] : problem.borders) {
    if (plan[a] == plan[b]) piece[root(a)] = root(b);
  }
  for (UnitIndex u = 0; u < piece.size(); ++u) piece[u] = root(u);
  return piece;
}

void check_budget(const PlanProblem& problem, const Assignment& plan, std::vector<Breach>& found) {
  if (!problem.budget) return;
  const MoveBudget& budget = *problem.budget;
  long children = 0, units = 0;
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    if (budget.current[u] == plan[u]) continue;
    children += problem.units[u].children;
    units += budget.weight_of(u);
  }
  const auto compare = [&](long moved, int most, const std::string& what) {
    if (moved <= most) return;
    found.push_back(
        {BreachKind::over_budget, std::to_string(moved) + " " + what + " moved, " + std::to_string(most) + " may"});
  };
  compare(children, budget.children, "children");
  compare(units, budget.units, budget.weight.empty() ? "units" : "units by weight");
}

void check_draws(const PlanProblem& problem, const Assignment& plan, std::vector<Breach>& found) {
  if (!problem.draws) return;
  const DemandDraws& draws = *problem.draws;
  for (std::size_t s = 0; s < problem.schools.size(); ++s) {
    int good = 0;
    for (int d = 0; d < draws.draws; ++d) {
      bool fits = true;
      for (int y = 0; y < draws.years; ++y) {
        const int* row = draws.children.data() + static_cast<std::size_t>(d * draws.years + y) * plan.size();
        long load = 0;
        for (UnitIndex u = 0; u < plan.size(); ++u) load += plan[u] == s ? row[u] : 0;
        fits &= load <= draws.seats[s];
      }
      good += fits;
    }
    if (good >= draws.needed()) continue;
    found.push_back({BreachKind::over_in_draws, "school " + problem.schools[s].id + ": seats in " +
                                                    std::to_string(good) + " of " + std::to_string(draws.draws) +
                                                    " draws, " + std::to_string(draws.needed()) + " needed"});
  }
}

}  // namespace

std::string_view to_word(BreachKind kind) {
  switch (kind) {
    case BreachKind::wrong_size:
      return "wrong_size";
    case BreachKind::over_seats:
      return "over_seats";
    case BreachKind::home_lost:
      return "home_lost";
    case BreachKind::apart:
      return "apart";
    case BreachKind::forbidden:
      return "forbidden";
    case BreachKind::over_budget:
      return "over_budget";
    case BreachKind::over_in_draws:
      break;
  }
  return "over_in_draws";
}

std::vector<Breach> check_plan(const PlanProblem& problem, const Assignment& plan) {
  std::vector<Breach> found;
  const std::size_t n = problem.units.size(), m = problem.schools.size();
  if (plan.size() != n)
    return {{BreachKind::wrong_size, std::to_string(plan.size()) + " of " + std::to_string(n) + " units"}};
  std::vector<long> children(m, 0);
  for (UnitIndex u = 0; u < n; ++u) {
    if (plan[u] >= m) return {{BreachKind::wrong_size, "unit " + problem.units[u].id + " has no school"}};
    children[plan[u]] += problem.units[u].children;
  }
  for (std::size_t s = 0; s < m; ++s) {
    const PlanSchool& school = problem.schools[s];
    if (children[s] > school.seats) {
      found.push_back({BreachKind::over_seats, "school " + school.id + ": " + std::to_string(children[s]) +
                                                   " children, " + std::to_string(school.seats) + " seats"});
    }
  }
  for (std::size_t s = 0; s < m; ++s) {
    for (const UnitIndex u : problem.schools[s].all_units()) {
      if (plan[u] == s) continue;
      found.push_back({BreachKind::home_lost, "school " + problem.schools[s].id + " without its own unit"});
    }
  }
  const std::vector<UnitIndex> piece = find_pieces(problem, plan);
  for (UnitIndex u = 0; u < n; ++u) {
    if (piece[u] != piece[problem.schools[plan[u]].unit]) {
      found.push_back(
          {BreachKind::apart, "unit " + problem.units[u].id + " apart from school " + problem.schools[plan[u]].id});
    }
  }
  for (UnitIndex u = 0; u < n; ++u) {
    if (problem.cost_of(u, plan[u]) == kNever) {
      found.push_back(
          {BreachKind::forbidden, "unit " + problem.units[u].id + " at school " + problem.schools[plan[u]].id});
    }
  }
  for (const PlanLock& lock : problem.locks) {
    if ((plan[lock.unit] == lock.school) != lock.must) {
      found.push_back({BreachKind::forbidden, "unit " + problem.units[lock.unit].id + " against its lock"});
    }
  }
  check_budget(problem, plan, found);
  check_draws(problem, plan, found);
  return found;
}

}  // namespace catchment::engine::planning
