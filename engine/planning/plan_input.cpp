#include "engine/planning/plan_input.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kMostWeight = 1'000'000;

[[noreturn]] void refuse(const std::string& part, const std::string& what) {
  throw InputError("plan_problem", part, what);
}

// Prices and measures: 0 or more, and no infinities.
bool sound(std::initializer_list<double> values) {
  return std::ranges::all_of(values, [](double v) { return v >= 0 && std::isfinite(v); });
}

void check_zone_costs(const PlanProblem& p) {
  const std::size_t n = p.units.size();
  if (!p.load_cost.empty() && p.load_cost.size() != p.schools.size()) {
    refuse("load_cost", "a price list for every school is needed");
  }
  for (const LoadCost& c : p.load_cost) {
    if (!sound({c.balance, c.target, c.seat, c.class_over}) || !(c.scale > 0) || !std::isfinite(c.scale)) {
      refuse("load_cost", "prices and targets are numbers of at least 0, scales above 0");
    }
    if (c.seats < 0 || c.classes < 0 || c.class_size < 1) refuse("load_cost", "fewer than no seats or classes");
  }
  if (!p.shape) return;
  if (!sound({p.shape->weight})) refuse("shape", "the weight is a number of at least 0");
  if (p.shape->area.size() != n || p.shape->perimeter.size() != n) {
    refuse("shape", "an area and a perimeter for every unit are needed");
  }
  for (UnitIndex u = 0; u < n; ++u) {
    if (!sound({p.shape->area[u], p.shape->perimeter[u]})) {
      refuse("shape", "unit " + p.units[u].id + " has no area or perimeter");
    }
  }
  for (const SharedBorder& s : p.shape->shared) {
    if (s.a >= n || s.b >= n || !sound({s.length})) refuse("shape", "a shared border of no unit or no length");
  }
}

void check_draws(const PlanProblem& p) {
  if (!p.draws) return;
  const DemandDraws& d = *p.draws;
  if (!(d.share > 0 && d.share <= 1)) refuse("draws", "the share of draws is above 0 and at most 1");
  if (d.draws < 1 || d.years < 1) refuse("draws", "there are no draws");
  const std::size_t loads = static_cast<std::size_t>(d.draws) * static_cast<std::size_t>(d.years);
  if (d.children.size() != loads * p.units.size() || d.seats.size() != p.schools.size()) {
    refuse("draws", "children for every draw, year and unit and seats for every school are needed");
  }
  const auto odd = [](int c) { return c < 0 || c > kMostWeight; };
  if (std::ranges::any_of(d.children, odd) || std::ranges::any_of(d.seats, [](int c) { return c < 0; })) {
    refuse("draws", "children are numbers from 0 to 10^6, seats at least 0");
  }
}

}  // namespace

void check_input(const PlanProblem& p) {
  const std::size_t n = p.units.size(), m = p.schools.size();
  if (p.cost.size() != n * m) refuse("cost", "a cost for every unit and school is needed");
  for (const double c : p.cost) {
    if (!(c >= 0)) refuse("cost", "costs are numbers of at least 0");
  }
  long children = 0, seats = 0;
  for (const PlanUnit& u : p.units) {
    if (u.children < 0) refuse("units", "unit " + u.id + " has fewer than no children");
    children += u.children;
  }
  for (const PlanSchool& s : p.schools) {
    if (s.unit >= n) refuse("schools", "school " + s.id + " stands in no unit");
    if (s.seats < 0) refuse("schools", "school " + s.id + " has fewer than no seats");
    for (const UnitIndex u : s.more_units) {
      if (u >= n) refuse("schools", "school " + s.id + " stands in no unit");
    }
    seats += s.seats;
  }
  if (children > 1'000'000'000 || seats > 1'000'000'000) refuse("units", "more children or seats than 10^9");
  for (const auto& [a, b] : p.borders) {
    if (a >= n || b >= n) refuse("borders", "a border of no unit");
  }
  for (const PlanLock& lock : p.locks) {
    if (lock.unit >= n || lock.school >= m) refuse("locks", "a lock of no unit or school");
  }
  check_zone_costs(p);
  check_draws(p);
  if (!p.budget) return;
  if (p.budget->children < 0 || p.budget->units < 0) refuse("budget", "fewer than no children or units may move");
  if (!p.budget->weight.empty() && p.budget->weight.size() != n) refuse("budget", "a weight for every unit is needed");
  if (std::ranges::any_of(p.budget->weight, [](int w) { return w < 0 || w > kMostWeight; })) {
    refuse("budget", "weights are numbers from 0 to 10^6");
  }
  if (p.budget->current.size() != n) refuse("budget", "a present school for every unit is needed");
  for (const SchoolIndex s : p.budget->current) {
    if (s >= m) refuse("budget", "a present school that is not there");
  }
}

}  // namespace catchment::engine::planning
