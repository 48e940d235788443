#include "engine/planning/optimiser/plan_conflict.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "engine/planning/optimiser/bound.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::array<LimitGroup, 7> kGroups{LimitGroup::locks,          LimitGroup::forbidden,   LimitGroup::draws,
                                            LimitGroup::children_moved, LimitGroup::units_moved, LimitGroup::contiguity,
                                            LimitGroup::seats};
constexpr std::size_t kMostLocks = 40;  // tried one by one

bool has(const PlanProblem& p, LimitGroup group) {
  switch (group) {
    case LimitGroup::locks:
      return !p.locks.empty();
    case LimitGroup::forbidden:
      return std::ranges::count(p.cost, kNever) > 0;
    case LimitGroup::draws:
      return p.draws.has_value();
    case LimitGroup::children_moved:
      return p.budget && p.budget->children != kNoLimit;
    case LimitGroup::units_moved:
      return p.budget && p.budget->units != kNoLimit;
    case LimitGroup::seats:
    case LimitGroup::contiguity:
      break;
  }
  return true;
}

int children_of(const PlanProblem& p) {
  int total = 0;
  for (const PlanUnit& u : p.units) total += u.children;
  return total;
}

PlanProblem without(PlanProblem p, LimitGroup group) {
  switch (group) {
    case LimitGroup::locks:
      p.locks.clear();
      break;
    case LimitGroup::forbidden:
      for (double& c : p.cost) c = c == kNever ? 0 : c;
      break;
    case LimitGroup::draws:
      p.draws.reset();
      break;
    case LimitGroup::children_moved:
      p.budget->children = kNoLimit;
      break;
    case LimitGroup::units_moved:
      p.budget->units = kNoLimit;
      break;
    case LimitGroup::seats: {
      const int all = children_of(p);
      for (PlanSchool& s : p.schools) s.seats = all;
      break;
    }
    case LimitGroup::contiguity:
      for (const PlanSchool& s : p.schools) {  // as if every unit bordered on every school
        for (UnitIndex u = 0; u < p.units.size(); ++u) p.borders.emplace_back(s.unit, u);
      }
      break;
  }
  return p;
}

class Prover {
 public:
  explicit Prover(int steps) : steps_(steps) {}

  // What proves that the problem has no plan, in words.
  std::optional<PlanFinding> prove(const PlanProblem& p) const {
    for (const PlanFinding& f : find_problems(p)) {
      if (f.fatal) return f;
    }
    if (p.units.empty() || steps_ <= 0) return std::nullopt;
    PlanProblem bare = p;
    bare.load_cost.clear();
    bare.shape.reset();
    if (auto found = prove_moves(bare)) return found;
    return prove_misfit(bare);
  }

 private:
  static void set_costs(PlanProblem& p, const std::vector<char>& allowed, auto&& cost) {
    const std::size_t m = p.schools.size();
    for (UnitIndex u = 0; u < p.units.size(); ++u) {
      for (SchoolIndex s = 0; s < m; ++s) p.cost[u * m + s] = allowed[u * m + s] ? cost(u, s) : kNever;
    }
  }

  double bound_of(const PlanProblem& p, const std::vector<char>& allowed, double target) const {
    const PlanGraph graph(p);
    PlanBound bound(p, graph, allowed);
    for (int k = 0; k < steps_ && bound.bound() < target; k += 10) bound.improve(10, 1.02 * target);
    return bound.bound();
  }

  std::optional<PlanFinding> prove_moves(const PlanProblem& p) const {
    if (!p.budget) return std::nullopt;
    const std::vector<char> allowed = find_allowed(p);
    for (const bool units : {false, true}) {
      const int most = units ? p.budget->units : p.budget->children;
      if (most == kNoLimit) continue;
      PlanProblem moves = p;
      (units ? moves.budget->units : moves.budget->children) = kNoLimit;
      set_costs(moves, allowed, [&](UnitIndex u, SchoolIndex s) {
        if (p.budget->current[u] == s) return 0.0;
        return units ? static_cast<double>(p.budget->weight_of(u)) : static_cast<double>(p.units[u].children);
      });
      const long least = std::lround(std::ceil(bound_of(moves, allowed, most + 1.0) - 1e-6));
      if (least <= most) continue;
      const char* what = !units ? " children" : p.budget->weight.empty() ? " units" : " units by weight";
      return PlanFinding{
          PlanFindingKind::limits_conflict,
          true,
          {},
          {},
          "at least " + std::to_string(least) + what + " must move, and only " + std::to_string(most) + " may"};
    }
    return std::nullopt;
  }

  // Each unit costs 1 wherever it goes, so a plan costs as much as there are units; a higher bound leaves none.
  std::optional<PlanFinding> prove_misfit(const PlanProblem& p) const {
    const std::vector<char> allowed = find_allowed(p);
    PlanProblem ones = p;
    set_costs(ones, allowed, [](UnitIndex, SchoolIndex) { return 1.0; });
    const auto n = static_cast<double>(p.units.size());
    if (bound_of(ones, allowed, n * (1 + 1e-6)) <= n * (1 + 1e-6)) return std::nullopt;
    return PlanFinding{
        PlanFindingKind::limits_conflict, true, {}, {}, "the units do not fit into zones, whichever way"};
  }

  int steps_;
};

std::string words(const PlanProblem& p, const PlanConflict& conflict) {
  std::vector<std::string> parts;
  for (const LimitGroup g : conflict.groups) {
    std::string part = "the ";
    if (g == LimitGroup::locks) {
      part += conflict.locks.size() == 1 ? "lock of unit" : "locks of units";
      for (std::size_t k = 0; k < conflict.locks.size() && k < 5; ++k) {
        part += (k == 0 ? " " : ", ") + p.units[conflict.locks[k].unit].id;
      }
      if (conflict.locks.size() > 5) part += " and " + std::to_string(conflict.locks.size() - 5) + " more";
    } else if (g == LimitGroup::children_moved) {
      part += "budget of " + std::to_string(p.budget->children) + " children who may move";
    } else if (g == LimitGroup::units_moved) {
      part += "budget of " + std::to_string(p.budget->units) + " units that may move";
    } else {
      part += to_word(g);
    }
    parts.push_back(std::move(part));
  }
  std::string text;
  for (std::size_t k = 0; k < parts.size(); ++k)
    text += (k == 0 ? "" : k + 1 == parts.size() ? " and " : ", ") + parts[k];
  return text;
}

}  // namespace

std::string_view to_word(LimitGroup group) {
  switch (group) {
    case LimitGroup::locks:
      return "locks";
    case LimitGroup::forbidden:
      return "forbidden schools";
    case LimitGroup::seats:
      return "seats";
    case LimitGroup::draws:
      return "seats in the demand draws";
    case LimitGroup::children_moved:
      return "children moved";
    case LimitGroup::units_moved:
      return "units moved";
    case LimitGroup::contiguity:
      break;
  }
  return "contiguity";
}

std::optional<PlanConflict> find_conflict(const PlanProblem& problem, int steps) {
  const Prover prover(steps);
  auto proof = prover.prove(problem);
  if (!proof) return std::nullopt;
  PlanProblem left = problem;
  PlanConflict conflict;
  for (const LimitGroup group : kGroups) {
    if (!has(left, group)) continue;
    PlanProblem fewer = without(left, group);
    if (auto still = prover.prove(fewer)) {
      left = std::move(fewer);
      proof = std::move(still);
    } else {
      conflict.groups.push_back(group);
    }
  }
  for (std::size_t k = left.locks.size(); k-- > 0 && problem.locks.size() <= kMostLocks;) {
    PlanProblem fewer = left;
    fewer.locks.erase(fewer.locks.begin() + static_cast<std::ptrdiff_t>(k));
    auto still = prover.prove(fewer);
    if (!still) continue;
    left = std::move(fewer);
    proof = std::move(still);
  }
  conflict.locks = left.locks;
  conflict.finding = std::move(*proof);
  conflict.finding.kind = PlanFindingKind::limits_conflict;
  if (!conflict.groups.empty()) {
    conflict.finding.message = "proved to be at odds: " + words(problem, conflict) + ": " + conflict.finding.message;
  }
  return conflict;
}

}  // namespace catchment::engine::planning
