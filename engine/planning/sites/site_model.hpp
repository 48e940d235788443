// A site problem as the search reads it: only sites that may be open, numbered anew, costs by site and sorted by unit.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/planning/sites/site_problem.hpp"

namespace catchment::engine::planning {

// What a unit may go to, cheapest first.
struct SiteChoice {
  double cost = 0;
  SiteIndex site = 0;  // of the model
};

// Choices of each unit, cheapest first, equal ones by number.
struct ChoiceRows {
  std::vector<std::size_t> begin;  // n + 1
  std::vector<SiteChoice> choices;

  std::span<const SiteChoice> of(std::size_t unit) const {
    return {choices.data() + begin[unit], begin[unit + 1] - begin[unit]};
  }
};

struct SiteModel {
  std::size_t n = 0, m = 0;       // units, sites
  std::vector<SiteIndex> site;    // number in the problem
  std::vector<double> opening;    // what a site costs more when open than when not; may be negative
  double base = 0;                // what closing all costs
  std::vector<int> children;      // of units
  std::vector<int> seats;         // of sites; at most all children
  std::vector<char> fixed;        // sites that stay
  std::size_t low = 0, high = 0;  // open sites; low counts what seats demand
  bool limited = false;           // a site has fewer seats than there are children
  std::vector<double> cost;       // [site * n + unit], kNever also for units that exceed the seats
  ChoiceRows rows;                // without what is never
  double quantum = 0;             // every plan's cost is a multiple of it; 0: no such number
  double ceiling = 0;             // no legal plan costs more

  // Of a problem without fatal findings.
  explicit SiteModel(const SiteProblem& problem);

  double cost_of(std::size_t unit, std::size_t s) const { return cost[s * n + unit]; }
  // A bound freed of rounding errors and raised to the next cost a plan can have.
  double safe(double bound) const;
  // Whether a plan with at least this bound is no better than one with this cost.
  bool closes(double safe_bound, double cost) const;
};

// The best plan so far, in the model's numbers.
struct SiteBest {
  double cost = kNever;
  std::vector<SiteIndex> open;  // ascending
  std::vector<SiteIndex> site_of;
};

}  // namespace catchment::engine::planning
