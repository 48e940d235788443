#include "engine/planning/ensemble/ensemble_problem.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::size_t kMostUnits = 100'000;
constexpr long kMostChildren = 1'000'000'000;

[[noreturn]] void refuse(const std::string& part, const std::string& what) {
  throw InputError("ensemble_problem", part, what);
}

void check_assignment(const EnsembleProblem& p, const Assignment& plan, const std::string& part) {
  if (plan.empty()) return;
  if (plan.size() != p.units.size()) refuse(part, "a zone for every unit is needed");
  for (const SchoolIndex z : plan) {
    if (z >= p.zones.size()) refuse(part, "a zone that is not there");
  }
}

void check_shape(const EnsembleProblem& p) {
  const std::size_t n = p.units.size(), k = p.zones.size();
  if (n > kMostUnits) refuse("units", "more than " + std::to_string(kMostUnits));
  if (!p.cost.empty() && p.cost.size() != n * k) refuse("cost", "a cost for every unit and zone is needed, or none");
  for (const double c : p.cost) {
    if (!(c >= 0)) refuse("cost", "costs are numbers of at least 0");
  }
  long children = 0;
  for (const PlanUnit& u : p.units) {
    if (u.children < 0) refuse("units", "unit " + u.id + " has fewer than no children");
    children += u.children;
  }
  if (children > kMostChildren) refuse("units", "more children than 10^9");
  for (const EnsembleZone& z : p.zones) {
    if (z.home && *z.home >= n) refuse("zones", "zone " + z.id + " has a home that is no unit");
    if (z.least < 0 || z.most < 0 || z.seats < 0) refuse("zones", "zone " + z.id + " has a limit below 0");
  }
  for (const auto& [a, b] : p.borders) {
    if (a >= n || b >= n) refuse("borders", "a border of no unit");
  }
  for (const PlanLock& lock : p.locks) {
    if (lock.unit >= n || lock.school >= k) refuse("locks", "a lock of no unit or zone");
  }
  check_assignment(p, p.reference, "reference");
  check_assignment(p, p.start, "start");
}

// Union-find over borders that `joins` accepts; each unit's root.
template <typename Joins>
std::vector<UnitIndex> find_pieces(const EnsembleProblem& p, const Joins& joins) {
  std::vector<UnitIndex> piece(p.units.size());
  std::iota(piece.begin(), piece.end(), 0u);
  const auto root = [&](UnitIndex u) {
    while (piece[u] != u) u = piece[u] = piece[piece[u]];
    return u;
  };
  for (const auto& [a, b] : p.borders) {
    if (joins(a, b)) piece[root(a)] = root(b);
  }
  for (UnitIndex u = 0; u < piece.size(); ++u) piece[u] = root(u);
  return piece;
}

class Finder {
 public:
  explicit Finder(const EnsembleProblem& problem) : p_(problem) {}

  std::vector<EnsembleFinding> find() {
    if (p_.zones.empty() || p_.zones.size() > p_.units.size()) {
      add(EnsembleFindingKind::no_zones,
          std::to_string(p_.units.size()) + " units for " + std::to_string(p_.zones.size()) + " zones");
      return std::move(found_);
    }
    find_parts();
    find_shared_homes();
    find_lock_conflicts();
    find_limit_conflicts();
    if (!p_.start.empty()) {
      if (const auto breaches = check_plan(p_, p_.start); !breaches.empty()) {
        add(EnsembleFindingKind::illegal_start, breaches.front(), false);
      }
    }
    return std::move(found_);
  }

 private:
  void add(EnsembleFindingKind kind, std::string message, bool fatal = true) {
    found_.push_back({kind, fatal, std::move(message)});
  }

  void find_parts() {
    const auto piece = find_pieces(p_, [](UnitIndex, UnitIndex) { return true; });
    std::vector<char> has_home(piece.size(), 0);
    bool all_homes = true;
    for (const EnsembleZone& z : p_.zones) {
      if (z.home) has_home[piece[*z.home]] = 1;
      all_homes = all_homes && z.home.has_value();
    }
    std::size_t parts = 0;
    for (UnitIndex u = 0; u < piece.size(); ++u) {
      if (piece[u] != u) continue;
      ++parts;
      if (all_homes && !has_home[u]) {
        add(EnsembleFindingKind::parts_without_zones,
            "unit " + p_.units[u].id + " and all it borders on lead to no zone's home");
      }
    }
    if (parts > p_.zones.size()) {
      add(EnsembleFindingKind::parts_without_zones, "units and borders fall into " + std::to_string(parts) +
                                                        " parts, and there are " + std::to_string(p_.zones.size()) +
                                                        " zones");
    }
  }

  void find_shared_homes() {
    std::vector<const EnsembleZone*> at(p_.units.size(), nullptr);
    for (const EnsembleZone& z : p_.zones) {
      if (!z.home) continue;
      if (const EnsembleZone* other = at[*z.home]) {
        add(EnsembleFindingKind::shared_home,
            "zones " + other->id + " and " + z.id + " both have their home in unit " + p_.units[*z.home].id);
      }
      at[*z.home] = &z;
    }
  }

  void find_lock_conflicts() {
    const std::vector<char> allowed = find_allowed(p_);
    const std::size_t k = p_.zones.size();
    for (UnitIndex u = 0; u < p_.units.size(); ++u) {
      const auto row = allowed.begin() + static_cast<std::ptrdiff_t>(u * k);
      if (std::any_of(row, row + static_cast<std::ptrdiff_t>(k), [](char c) { return c != 0; })) continue;
      add(EnsembleFindingKind::lock_conflict,
          "unit " + p_.units[u].id + " may go nowhere: its locks, costs and homes deny every zone");
    }
  }

  void find_limit_conflicts() {
    long children = 0, least = 0, most = 0;
    for (const PlanUnit& u : p_.units) children += u.children;
    for (const EnsembleZone& z : p_.zones) {
      least += z.least;
      most += z.most;
      if (z.least > z.most) {
        add(EnsembleFindingKind::limits_conflict, "zone " + z.id + " needs at least " + std::to_string(z.least) +
                                                      " children and takes at most " + std::to_string(z.most));
      } else if (z.home && p_.units[*z.home].children > z.most) {
        add(EnsembleFindingKind::limits_conflict, "zone " + z.id + " takes at most " + std::to_string(z.most) +
                                                      " children, and its home has " +
                                                      std::to_string(p_.units[*z.home].children));
      }
    }
    if (children < least || children > most) {
      add(EnsembleFindingKind::limits_conflict, std::to_string(children) + " children, and all zones together take " +
                                                    std::to_string(least) + " to " + std::to_string(most));
    }
  }

  const EnsembleProblem& p_;
  std::vector<EnsembleFinding> found_;
};

}  // namespace

EnsembleProblem to_ensemble(const PlanProblem& problem, const EnsembleRules& rules) {
  EnsembleProblem out;
  out.units = problem.units;
  out.borders = problem.borders;
  out.cost = problem.cost;
  out.locks = problem.locks;
  if (problem.budget) out.reference = problem.budget->current;
  double children = 0, seats = 0;
  for (const PlanUnit& u : problem.units) children += u.children;
  for (const PlanSchool& s : problem.schools) seats += s.seats;
  for (const PlanSchool& s : problem.schools) {
    EnsembleZone zone;
    zone.id = s.id;
    if (rules.homes) zone.home = s.unit;
    if (rules.tolerance) {
      const double target = seats > 0 ? children * s.seats / seats : 0;
      zone.least = std::max(0, static_cast<int>(std::ceil(target * (1 - *rules.tolerance))));
      zone.most = static_cast<int>(std::floor(target * (1 + *rules.tolerance)));
    }
    if (rules.seats) zone.most = std::min(zone.most, s.seats);
    zone.seats = s.seats;
    out.zones.push_back(std::move(zone));
  }
  return out;
}

std::string_view to_word(EnsembleFindingKind kind) {
  switch (kind) {
    case EnsembleFindingKind::no_zones:
      return "no_zones";
    case EnsembleFindingKind::parts_without_zones:
      return "parts_without_zones";
    case EnsembleFindingKind::shared_home:
      return "shared_home";
    case EnsembleFindingKind::lock_conflict:
      return "lock_conflict";
    case EnsembleFindingKind::limits_conflict:
      return "limits_conflict";
    case EnsembleFindingKind::illegal_start:
      return "illegal_start";
    case EnsembleFindingKind::no_start:
      break;
  }
  return "no_start";
}

std::vector<EnsembleFinding> find_problems(const EnsembleProblem& problem) {
  check_shape(problem);
  return Finder(problem).find();
}

std::vector<char> find_allowed(const EnsembleProblem& p) {
  const std::size_t k = p.zones.size();
  std::vector<char> ok(p.units.size() * k, 1);
  for (std::size_t i = 0; i < p.cost.size(); ++i) ok[i] = p.cost[i] != kNever;
  for (const PlanLock& lock : p.locks) {
    for (std::size_t z = 0; z < k; ++z) {
      if ((z == lock.school) != lock.must) ok[lock.unit * k + z] = 0;
    }
  }
  for (std::size_t home = 0; home < k; ++home) {
    if (!p.zones[home].home) continue;
    for (std::size_t z = 0; z < k; ++z) {
      if (z != home) ok[*p.zones[home].home * k + z] = 0;
    }
  }
  return ok;
}

std::vector<std::string> check_plan(const EnsembleProblem& p, const Assignment& plan) {
  const std::size_t n = p.units.size(), k = p.zones.size();
  if (plan.size() != n) return {std::to_string(plan.size()) + " of " + std::to_string(n) + " units"};
  std::vector<std::string> found;
  std::vector<long> children(k, 0), units(k, 0), pieces(k, 0);
  for (UnitIndex u = 0; u < n; ++u) {
    if (plan[u] >= k) return {"unit " + p.units[u].id + " is in no zone"};
    children[plan[u]] += p.units[u].children;
    ++units[plan[u]];
    if (!p.cost.empty() && p.cost[u * k + plan[u]] == kNever) {
      found.push_back("unit " + p.units[u].id + " may not go to zone " + p.zones[plan[u]].id);
    }
  }
  const auto piece = find_pieces(p, [&](UnitIndex a, UnitIndex b) { return plan[a] == plan[b]; });
  for (UnitIndex u = 0; u < n; ++u) pieces[plan[u]] += piece[u] == u;
  for (std::size_t z = 0; z < k; ++z) {
    const EnsembleZone& zone = p.zones[z];
    if (units[z] == 0) found.push_back("zone " + zone.id + " has no unit");
    if (pieces[z] > 1) found.push_back("zone " + zone.id + " is in " + std::to_string(pieces[z]) + " pieces");
    if (children[z] < zone.least || children[z] > zone.most) {
      found.push_back("zone " + zone.id + " has " + std::to_string(children[z]) + " children, not " +
                      std::to_string(zone.least) + " to " + std::to_string(zone.most));
    }
    if (zone.home && plan[*zone.home] != z) found.push_back("zone " + zone.id + " is without its home");
  }
  for (const PlanLock& lock : p.locks) {
    if ((plan[lock.unit] == lock.school) != lock.must) {
      found.push_back("unit " + p.units[lock.unit].id + " is against its lock");
    }
  }
  return found;
}

}  // namespace catchment::engine::planning
