// What a planner asks for when schools may open or close: units, sites with seats and costs, how many sites are open.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::engine::planning {

// Sites are numbered by their place in the problem's list.
using SiteIndex = std::uint32_t;

enum class SiteState {
  candidate,  // no school yet; one may open
  open,       // a school that may close
  fixed,      // a school that stays
  closed,     // no school, and none will open
};

std::string_view to_word(SiteState state);
std::optional<SiteState> parse_site_state(std::string_view word);

struct Site {
  std::string id;
  UnitIndex unit = 0;        // where it stands
  std::optional<int> seats;  // none: as many as anybody needs
  SiteState state = SiteState::candidate;
  double open_cost = 0;   // of a site open in the plan: what opening, or keeping, costs; >= 0
  double close_cost = 0;  // of a site in state `open` that the plan closes; >= 0
};

// Hard limits: every unit goes to exactly one open site, an open site's children have seats, and least_open <= open
// sites <= most_open. The objective is the sum of the units' costs and the sites'; it is minimised. That zones are
// connected and hold their school's own unit is not asked for here: it only adds limits, so a bound stays one.
struct SiteProblem {
  std::vector<PlanUnit> units;
  std::vector<Site> sites;
  std::vector<double> cost;  // [unit * sites.size() + site], of all the unit's children, >= 0, or kNever
  int least_open = 0;
  std::optional<int> most_open;

  double cost_of(UnitIndex unit, SiteIndex site) const { return cost[unit * sites.size() + site]; }
};

struct SitePlan {
  std::vector<SiteIndex> open;     // ascending
  std::vector<SiteIndex> site_of;  // of each unit
};

double cost_of(const SiteProblem& problem, const SitePlan& plan);

// What a plan breaks, in words; nothing for a legal one. Shares nothing with the search. O(units + sites).
std::vector<std::string> check_site_plan(const SiteProblem& problem, const SitePlan& plan);

enum class SiteFindingKind {
  no_sites,          // there are units, and no site may be open
  counts_conflict,   // sites that stay, may be open, and are to be open do not fit together
  no_seats,          // a site without seats: remarkable, not wrong
  unreachable,       // units that no site can take: forbidden, or each has fewer seats than the unit children
  seats_short,       // units that can only reach sites with too few seats in all
  open_seats_short,  // as many sites as may be open have too few seats together
  no_choice,         // the search ruled out every choice of sites
};

std::string_view to_word(SiteFindingKind kind);

struct SiteFinding {
  SiteFindingKind kind{};
  bool fatal = true;             // no legal plan exists
  std::vector<UnitIndex> units;  // ascending
  std::vector<SiteIndex> sites;  // ascending
  std::string message;           // in words, with figures
};

// What is wrong with a problem before any search, in the order of the kinds; linear but for one flow. Throws
// InputError("site_problem", part) on lists that do not fit together: wrong sizes, a site in no unit, negative counts,
// costs that are negative, infinite (a unit's may be kNever) or no number.
std::vector<SiteFinding> find_site_problems(const SiteProblem& problem);

}  // namespace catchment::engine::planning
