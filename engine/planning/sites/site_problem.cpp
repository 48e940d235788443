#include "engine/planning/sites/site_problem.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/planning/optimiser/seat_shortage.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::size_t kNamed = 5;  // units or sites a message names; the rest are counted
constexpr long kMostPeople = 1'000'000'000;
constexpr double kMostCost = 1e15;  // above it a sum of costs is no longer exact to 1e-9

[[noreturn]] void refuse(const std::string& part, const std::string& what) {
  throw InputError("site_problem", part, what);
}

void check_shape(const SiteProblem& p) {
  if (p.cost.size() != p.units.size() * p.sites.size()) refuse("cost", "a cost for every unit and site is needed");
  for (const double c : p.cost) {
    if (!(c >= 0) || (c > kMostCost && c != kNever)) refuse("cost", "costs are numbers from 0 to 10^15, or kNever");
  }
  long children = 0;
  for (const PlanUnit& u : p.units) {
    if (u.children < 0) refuse("units", "unit " + u.id + " has fewer than no children");
    children += u.children;
    if (children > kMostPeople) refuse("units", "more than 10^9 children");
  }
  for (const Site& s : p.sites) {
    if (s.unit >= p.units.size()) refuse("sites", "site " + s.id + " stands in no unit");
    if (s.seats && (*s.seats < 0 || *s.seats > kMostPeople)) {
      refuse("sites", "site " + s.id + " has fewer than no seats, or more than 10^9");
    }
    for (const double c : {s.open_cost, s.close_cost}) {
      if (!(c >= 0) || c > kMostCost) refuse("sites", "site " + s.id + ": costs are numbers from 0 to 10^15");
    }
  }
  if (p.least_open < 0 || (p.most_open && *p.most_open < 0)) refuse("open", "fewer than no sites cannot be open");
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

class Finder {
 public:
  explicit Finder(const SiteProblem& problem) : p_(problem) {
    for (SiteIndex s = 0; s < p_.sites.size(); ++s) {
      if (p_.sites[s].state != SiteState::closed) usable_.push_back(s);
      if (p_.sites[s].state == SiteState::fixed) fixed_.push_back(s);
    }
    most_ = std::min(usable_.size(), p_.most_open ? static_cast<std::size_t>(*p_.most_open) : usable_.size());
    for (const PlanUnit& u : p_.units) children_ += u.children;
  }

  std::vector<SiteFinding> find() {
    find_counts();
    find_empty();
    const bool countable = found_.empty() || !std::ranges::any_of(found_, &SiteFinding::fatal);
    if (countable && !p_.units.empty()) {
      find_unreachable();
      if (!lost_) find_shortage();
      find_open_shortage();
    }
    std::ranges::stable_sort(found_, {}, &SiteFinding::kind);
    return std::move(found_);
  }

 private:
  void add(SiteFindingKind kind, bool fatal, std::vector<UnitIndex> units, std::vector<SiteIndex> sites,
           std::string message) {
    found_.push_back({kind, fatal, std::move(units), std::move(sites), std::move(message)});
  }

  void find_counts() {
    const auto least = static_cast<std::size_t>(p_.least_open);
    if (!p_.units.empty() && most_ == 0) {
      add(SiteFindingKind::no_sites, true, {}, {},
          usable_.empty() ? "there are units and no site that may be open"
                          : "no site may be open, and there are units");
    }
    if (least > usable_.size()) {
      add(SiteFindingKind::counts_conflict, true, {}, usable_,
          count(least, "site") + " must be open, and only " + std::to_string(usable_.size()) + " may");
    }
    if (p_.most_open && fixed_.size() > static_cast<std::size_t>(*p_.most_open)) {
      add(SiteFindingKind::counts_conflict, true, {}, fixed_,
          count(fixed_.size(), "site") + " (" + names(p_.sites, fixed_) + ") must stay, and at most " +
              std::to_string(*p_.most_open) + " may be open");
    }
    if (p_.most_open && p_.least_open > *p_.most_open) {
      add(SiteFindingKind::counts_conflict, true, {}, {},
          "at least " + std::to_string(p_.least_open) + " and at most " + std::to_string(*p_.most_open) +
              " sites are to be open");
    }
  }

  void find_empty() {
    for (const SiteIndex s : usable_) {
      if (p_.sites[s].seats != 0) continue;
      add(SiteFindingKind::no_seats, false, {}, {s}, "site " + p_.sites[s].id + " has no seats");
    }
  }

  bool fits(UnitIndex u, SiteIndex s) const {
    const Site& site = p_.sites[s];
    return p_.cost_of(u, s) != kNever && (!site.seats || p_.units[u].children <= *site.seats);
  }

  void find_unreachable() {
    std::vector<UnitIndex> lost;
    long children = 0;
    for (UnitIndex u = 0; u < p_.units.size(); ++u) {
      if (std::ranges::any_of(usable_, [&](SiteIndex s) { return fits(u, s); })) continue;
      lost.push_back(u);
      children += p_.units[u].children;
    }
    lost_ = !lost.empty();
    if (!lost_) return;
    std::string text = count(lost.size(), "unit") + " (" + names(p_.units, lost) + ") with " +
                       std::to_string(children) + (children == 1 ? " child" : " children") +
                       " can go to no site: each is forbidden or has fewer seats than the unit children";
    add(SiteFindingKind::unreachable, true, std::move(lost), {}, std::move(text));
  }

  // With every site open, children one by one; a site without limit seats all.
  void find_shortage() {
    if (std::ranges::none_of(usable_, [&](SiteIndex s) { return p_.sites[s].seats.has_value(); })) return;
    PlanProblem all;
    all.units = p_.units;
    std::vector<char> allowed;
    for (const SiteIndex s : usable_) {
      const Site& site = p_.sites[s];
      all.schools.push_back({site.id, site.unit, site.seats.value_or(static_cast<int>(children_))});
    }
    for (UnitIndex u = 0; u < p_.units.size(); ++u) {
      for (const SiteIndex s : usable_) allowed.push_back(fits(u, s));
    }
    const auto shortage = find_seat_shortage(all, allowed);
    if (!shortage) return;
    std::vector<SiteIndex> sites;
    for (const SchoolIndex s : shortage->schools) sites.push_back(usable_[s]);
    std::string text = count(shortage->units.size(), "unit") + " (" + names(p_.units, shortage->units) + ") with " +
                       std::to_string(shortage->children) + " children can only reach " + names(p_.sites, sites) +
                       " with " + std::to_string(shortage->seats) + " seats";
    add(SiteFindingKind::seats_short, true, shortage->units, std::move(sites), std::move(text));
  }

  // The sites that stay and the largest others, as many as may be open.
  void find_open_shortage() {
    std::vector<SiteIndex> order = usable_;
    const auto rank = [&](SiteIndex s) {
      const Site& site = p_.sites[s];
      return std::pair(site.state != SiteState::fixed, -static_cast<long>(site.seats.value_or(kMostPeople)));
    };
    std::ranges::stable_sort(order, {}, rank);
    order.resize(most_);
    long seats = 0;
    for (const SiteIndex s : order) seats += p_.sites[s].seats.value_or(kMostPeople);
    if (seats >= children_) return;
    std::ranges::sort(order);
    add(SiteFindingKind::open_seats_short, true, {}, order,
        "at most " + count(most_, "site") + " may be open, with " + std::to_string(seats) + " seats at best for " +
            std::to_string(children_) + " children");
  }

  const SiteProblem& p_;
  std::vector<SiteIndex> usable_, fixed_;
  std::size_t most_ = 0;
  long children_ = 0;
  bool lost_ = false;
  std::vector<SiteFinding> found_;
};

constexpr std::array<std::string_view, 4> kStates{"candidate", "open", "fixed", "closed"};
constexpr std::array<std::string_view, 7> kKinds{"no_sites",    "counts_conflict",  "no_seats", "unreachable",
                                                 "seats_short", "open_seats_short", "no_choice"};

}  // namespace

std::string_view to_word(SiteState state) { return kStates[static_cast<std::size_t>(state)]; }

std::optional<SiteState> parse_site_state(std::string_view word) {
  const auto found = std::ranges::find(kStates, word);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<SiteState>(found - kStates.begin());
}

std::string_view to_word(SiteFindingKind kind) { return kKinds[static_cast<std::size_t>(kind)]; }

double cost_of(const SiteProblem& p, const SitePlan& plan) {
  double cost = 0;
  std::vector<char> open(p.sites.size(), 0);
  for (const SiteIndex s : plan.open) open[s] = 1;
  for (std::size_t s = 0; s < open.size(); ++s) {
    if (open[s]) cost += p.sites[s].open_cost;
    if (!open[s] && p.sites[s].state == SiteState::open) cost += p.sites[s].close_cost;
  }
  for (UnitIndex u = 0; u < plan.site_of.size(); ++u) cost += p.cost_of(u, plan.site_of[u]);
  return cost;
}

std::vector<std::string> check_site_plan(const SiteProblem& p, const SitePlan& plan) {
  std::vector<std::string> found;
  std::vector<char> open(p.sites.size(), 0);
  for (const SiteIndex s : plan.open) {
    if (s >= open.size() || open[s]) return {"the open sites are not sites of the problem, each once"};
    open[s] = 1;
    if (p.sites[s].state == SiteState::closed) found.push_back("site " + p.sites[s].id + " may not open");
  }
  for (std::size_t s = 0; s < open.size(); ++s) {
    if (!open[s] && p.sites[s].state == SiteState::fixed) found.push_back("site " + p.sites[s].id + " must stay");
  }
  const auto opened = static_cast<long>(plan.open.size());
  if (opened < p.least_open || (p.most_open && opened > *p.most_open)) {
    found.push_back(std::to_string(opened) + " sites are open");
  }
  if (plan.site_of.size() != p.units.size()) {
    found.push_back(std::to_string(plan.site_of.size()) + " of " + std::to_string(p.units.size()) + " units");
    return found;
  }
  std::vector<long> children(p.sites.size(), 0);
  for (UnitIndex u = 0; u < p.units.size(); ++u) {
    const SiteIndex s = plan.site_of[u];
    if (s >= open.size() || !open[s] || p.cost_of(u, s) == kNever) {
      found.push_back("unit " + p.units[u].id + " goes where it cannot");
      continue;
    }
    children[s] += p.units[u].children;
  }
  for (std::size_t s = 0; s < open.size(); ++s) {
    const auto& seats = p.sites[s].seats;
    if (seats && children[s] > *seats) {
      found.push_back("site " + p.sites[s].id + ": " + std::to_string(children[s]) + " children, " +
                      std::to_string(*seats) + " seats");
    }
  }
  return found;
}

std::vector<SiteFinding> find_site_problems(const SiteProblem& problem) {
  check_shape(problem);
  return Finder(problem).find();
}

}  // namespace catchment::engine::planning
