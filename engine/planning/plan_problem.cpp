#include "engine/planning/plan_problem.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

#include "engine/planning/optimiser/seat_shortage.hpp"
#include "engine/planning/plan_graph.hpp"
#include "engine/planning/plan_input.hpp"
#include "engine/planning/zone_costs.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::size_t kNamed = 5;  // units or schools a message names; the rest are counted

// Locks and forbidden costs alone, and that nobody may have another school's own unit.
std::vector<char> find_permitted(const PlanProblem& p) {
  const std::size_t m = p.schools.size();
  std::vector<char> ok(p.cost.size());
  for (std::size_t k = 0; k < ok.size(); ++k) ok[k] = p.cost[k] != kNever;
  for (const PlanLock& lock : p.locks) {
    for (std::size_t s = 0; s < m; ++s) {
      if ((s == lock.school) != lock.must) ok[lock.unit * m + s] = 0;
    }
  }
  for (std::size_t home = 0; home < m; ++home) {
    for (std::size_t s = 0; s < m; ++s) {
      if (s == home) continue;
      ok[p.schools[home].unit * m + s] = 0;
      for (const UnitIndex u : p.schools[home].more_units) ok[u * m + s] = 0;
    }
  }
  return ok;
}

// Keeps of the units one school may have those that a connected zone with seats can reach: the cheapest way there, in
// children, must fit.
void keep_reachable(const PlanProblem& p, const PlanGraph& graph, std::size_t s, std::vector<char>& ok) {
  const std::size_t m = p.schools.size();
  const PlanSchool& school = p.schools[s];
  std::vector<long> way(p.units.size(), -1);
  using Step = std::pair<long, UnitIndex>;
  std::priority_queue<Step, std::vector<Step>, std::greater<>> front;
  if (ok[school.unit * m + s]) front.emplace(p.units[school.unit].children, school.unit);
  while (!front.empty()) {
    const auto [children, u] = front.top();
    front.pop();
    if (way[u] >= 0 || children > school.seats) continue;
    way[u] = children;
    for (const UnitIndex w : graph.neighbours(u)) {
      if (way[w] < 0 && ok[w * m + s]) front.emplace(children + p.units[w].children, w);
    }
  }
  for (UnitIndex u = 0; u < p.units.size(); ++u) ok[u * m + s] = ok[u * m + s] && way[u] >= 0;
}

template <typename List>
std::string names(const List& all, const std::vector<std::uint32_t>& some) {
  std::string text;
  for (std::size_t k = 0; k < some.size() && k < kNamed; ++k) {
    text += (k == 0 ? "" : k + 1 == some.size() ? " and " : ", ") + all[some[k]].id;
  }
  if (some.size() > kNamed) text += " and " + std::to_string(some.size() - kNamed) + " more";
  return text;
}

std::string count(std::size_t n, const std::string& what) {
  return std::to_string(n) + " " + what + (n == 1 ? "" : "s");
}

long children_of(const PlanProblem& p, const std::vector<UnitIndex>& units) {
  long sum = 0;
  for (const UnitIndex u : units) sum += p.units[u].children;
  return sum;
}

std::string these(const PlanProblem& p, const std::vector<UnitIndex>& units) {
  const long children = children_of(p, units);
  return (units.size() == 1
              ? "unit " + p.units[units[0]].id + " with "
              : "these " + std::to_string(units.size()) + " units (" + names(p.units, units) + ") with ") +
         std::to_string(children) + (children == 1 ? " child" : " children");
}

class Finder {
 public:
  explicit Finder(const PlanProblem& problem) : p_(problem), graph_(problem) {}

  std::vector<PlanFinding> find() {
    if (p_.schools.empty()) {
      if (!p_.units.empty()) add(PlanFindingKind::no_schools, true, {}, {}, "there is no school");
      return std::move(found_);
    }
    find_parts();
    find_homes();
    find_lock_conflicts();
    find_unreachable();
    find_shortage();
    find_draws();
    find_budget();
    std::ranges::stable_sort(found_, {}, &PlanFinding::kind);
    return std::move(found_);
  }

 private:
  void add(PlanFindingKind kind, bool fatal, std::vector<UnitIndex> units, std::vector<SchoolIndex> schools,
           std::string message) {
    found_.push_back({kind, fatal, std::move(units), std::move(schools), std::move(message)});
  }

  void find_parts() {
    std::vector<char> seen(p_.units.size(), 0), school_at(p_.units.size(), 0);
    for (const PlanSchool& s : p_.schools) school_at[s.unit] = 1;
    std::size_t parts = 0;
    for (UnitIndex from = 0; from < p_.units.size(); ++from) {
      if (seen[from]) continue;
      std::vector<UnitIndex> part{from};
      seen[from] = 1;
      bool school = false;
      for (std::size_t k = 0; k < part.size(); ++k) {
        school |= school_at[part[k]] != 0;
        for (const UnitIndex w : graph_.neighbours(part[k])) {
          if (!seen[w]) seen[w] = 1, part.push_back(w);
        }
      }
      ++parts;
      if (school) continue;
      std::ranges::sort(part);
      std::string text =
          these(p_, part) + (part.size() == 1 ? " borders" : " border") + " on no unit that leads to a school";
      in_island_.insert(in_island_.end(), part.begin(), part.end());
      add(PlanFindingKind::island, true, std::move(part), {}, std::move(text));
    }
    if (parts > 1) {
      add(PlanFindingKind::disconnected, false, {}, {},
          "units and borders fall into " + std::to_string(parts) + " parts");
    }
  }

  void find_homes() {
    for (SchoolIndex s = 0; s < p_.schools.size(); ++s) {
      const PlanSchool& school = p_.schools[s];
      const std::vector<UnitIndex> homes = school.all_units();
      const long home = children_of(p_, homes);
      if (school.seats == 0) {
        add(PlanFindingKind::no_seats, false, {}, {s}, "school " + school.id + " has no seats");
      }
      if (home > school.seats) {
        add(PlanFindingKind::home_over_seats, true, homes, {s},
            "school " + school.id + " has " + count(static_cast<std::size_t>(school.seats), "seat") + ", and its own " +
                (homes.size() == 1 ? these(p_, homes) : "units: " + these(p_, homes)));
      }
      for (SchoolIndex t = 0; t < s; ++t) {
        for (const UnitIndex u : p_.schools[t].all_units()) {
          if (!std::ranges::count(school.all_units(), u)) continue;
          add(PlanFindingKind::shared_home, true, {u}, {t, s},
              "schools " + p_.schools[t].id + " and " + school.id + " both stand in unit " + p_.units[u].id);
        }
      }
    }
  }

  void find_lock_conflicts() {
    std::vector<SchoolIndex> home(p_.units.size(), UINT32_MAX), must(p_.units.size(), UINT32_MAX);
    for (SchoolIndex s = 0; s < p_.schools.size(); ++s) {
      for (const UnitIndex u : p_.schools[s].all_units()) home[u] = s;
    }
    const auto conflict = [&](UnitIndex u, std::vector<SchoolIndex> schools, const std::string& text) {
      std::ranges::sort(schools);
      locked_out_.push_back(u);
      add(PlanFindingKind::lock_conflict, true, {u}, std::move(schools), "unit " + p_.units[u].id + " " + text);
    };
    const auto name = [&](SchoolIndex s) { return p_.schools[s].id; };
    for (const PlanLock& lock : p_.locks) {
      if (!lock.must) continue;
      if (must[lock.unit] != UINT32_MAX && must[lock.unit] != lock.school) {
        conflict(lock.unit, {must[lock.unit], lock.school},
                 "must go to " + name(must[lock.unit]) + " and to " + name(lock.school));
      }
      must[lock.unit] = lock.school;
      if (home[lock.unit] != UINT32_MAX && home[lock.unit] != lock.school) {
        conflict(lock.unit, {home[lock.unit], lock.school},
                 "is where " + name(home[lock.unit]) + " stands and must go to " + name(lock.school));
      }
    }
    for (const PlanLock& lock : p_.locks) {
      if (lock.must) continue;
      if (must[lock.unit] == lock.school) {
        conflict(lock.unit, {lock.school}, "must and must not go to " + name(lock.school));
      } else if (home[lock.unit] == lock.school) {
        conflict(lock.unit, {lock.school}, "is where " + name(lock.school) + " stands and must not go there");
      }
    }
  }

  void find_unreachable() {
    allowed_ = find_allowed(p_);
    const std::size_t m = p_.schools.size();
    std::vector<UnitIndex> lost;
    for (UnitIndex u = 0; u < p_.units.size(); ++u) {
      const auto row = allowed_.begin() + static_cast<std::ptrdiff_t>(u * m);
      if (std::any_of(row, row + static_cast<std::ptrdiff_t>(m), [](char c) { return c != 0; })) continue;
      unreachable_ = true;
      if (!std::ranges::count(in_island_, u) && !std::ranges::count(locked_out_, u)) lost.push_back(u);
    }
    if (lost.empty() || homeless()) return;
    std::string text = these(p_, lost) + " can go to no school: each is forbidden, cut off, or full on the way there";
    add(PlanFindingKind::unreachable, true, std::move(lost), {}, std::move(text));
  }

  void find_shortage() {
    if (unreachable_) return;
    const auto shortage = find_seat_shortage(p_, allowed_);
    if (!shortage) return;
    add(PlanFindingKind::seats_short, true, shortage->units, shortage->schools,
        these(p_, shortage->units) + " can only reach " + names(p_.schools, shortage->schools) + " with " +
            std::to_string(shortage->seats) + " seats");
  }

  // Every zone has seats in `needed` draws. Zone by zone, the draws it has seats in weigh its units no less than each
  // unit's smallest so many draws do (see bound.hpp); so all units by those weights must fit all seats.
  void find_draws() {
    if (!p_.draws) return;
    const std::vector<double> least = least_draw_weights(p_);
    const std::size_t n = p_.units.size();
    long seats = 0;
    for (const int s : p_.draws->seats) seats += s;
    for (std::size_t y = 0; y * n < least.size(); ++y) {
      double children = 0;
      for (UnitIndex u = 0; u < n; ++u) children += least[y * n + u];
      if (children <= static_cast<double>(seats) + 1e-6) continue;
      add(PlanFindingKind::draws_short, true, {}, {},
          "whatever the plan, the zones of all schools hold " +
              std::to_string(std::lround(std::ceil(children - 1e-6))) +
              " children in the draws in which they must have seats, and there are " + std::to_string(seats) +
              " seats");
      return;
    }
  }

  void find_budget() {
    if (!p_.budget || unreachable_) return;
    std::vector<UnitIndex> moved;
    long weight = 0;
    for (UnitIndex u = 0; u < p_.units.size(); ++u) {
      if (allowed_[u * p_.schools.size() + p_.budget->current[u]]) continue;
      moved.push_back(u);
      weight += p_.budget->weight_of(u);
    }
    const bool children_over = children_of(p_, moved) > p_.budget->children;
    if (!children_over && weight <= p_.budget->units) return;
    std::erase_if(
        moved, [&](UnitIndex u) { return children_over ? p_.units[u].children == 0 : p_.budget->weight_of(u) == 0; });
    std::string text = these(p_, moved) + " cannot stay where they are, and only " +
                       (children_over ? std::to_string(p_.budget->children) : units_by_weight(*p_.budget)) +
                       " may move";
    add(PlanFindingKind::budget_short, true, std::move(moved), {}, std::move(text));
  }

  static std::string units_by_weight(const MoveBudget& budget) {
    return count(static_cast<std::size_t>(budget.units), "unit") + (budget.weight.empty() ? "" : " by weight");
  }

  // A school without its own unit reaches nothing; what follows from that needs no naming.
  bool homeless() const {
    return std::ranges::any_of(found_, [](const PlanFinding& f) {
      return f.kind == PlanFindingKind::shared_home || f.kind == PlanFindingKind::lock_conflict;
    });
  }

  const PlanProblem& p_;
  PlanGraph graph_;
  std::vector<char> allowed_;
  std::vector<UnitIndex> in_island_, locked_out_;
  bool unreachable_ = false;
  std::vector<PlanFinding> found_;
};

}  // namespace

std::vector<UnitIndex> PlanSchool::all_units() const {
  std::vector<UnitIndex> all{unit};
  for (const UnitIndex u : more_units) {
    if (!std::ranges::count(all, u)) all.push_back(u);
  }
  return all;
}

std::string_view to_word(PlanFindingKind kind) {
  switch (kind) {
    case PlanFindingKind::disconnected:
      return "disconnected";
    case PlanFindingKind::no_schools:
      return "no_schools";
    case PlanFindingKind::island:
      return "island";
    case PlanFindingKind::no_seats:
      return "no_seats";
    case PlanFindingKind::shared_home:
      return "shared_home";
    case PlanFindingKind::home_over_seats:
      return "home_over_seats";
    case PlanFindingKind::lock_conflict:
      return "lock_conflict";
    case PlanFindingKind::unreachable:
      return "unreachable";
    case PlanFindingKind::seats_short:
      return "seats_short";
    case PlanFindingKind::budget_short:
      return "budget_short";
    case PlanFindingKind::draws_short:
      return "draws_short";
    case PlanFindingKind::limits_conflict:
      break;
  }
  return "limits_conflict";
}

std::vector<PlanFinding> find_problems(const PlanProblem& problem) {
  check_input(problem);
  return Finder(problem).find();
}

std::vector<char> find_allowed(const PlanProblem& problem) {
  const PlanGraph graph(problem);
  std::vector<char> ok = find_permitted(problem);
  for (std::size_t s = 0; s < problem.schools.size(); ++s) keep_reachable(problem, graph, s, ok);
  return ok;
}

}  // namespace catchment::engine::planning
