#include "server/cli/plan_tables.hpp"

#include <cmath>

#include "geo/input_error.hpp"
#include "server/cli/table_rows.hpp"

namespace catchment::cli {
namespace {

using engine::planning::PlanProblem;
using engine::planning::UnitIndex;

constexpr double kMostMetres = 1e8;  // beyond any local grid

}  // namespace

std::vector<std::pair<UnitIndex, UnitIndex>> read_borders(const std::string& adjacency, const UnitNumbers& by_id,
                                                          const std::string& units) {
  std::vector<std::pair<UnitIndex, UnitIndex>> borders;
  TableRows rows(adjacency, {"ID1", "ID2"});
  while (rows.next()) {
    UnitIndex ends[2] = {};
    for (std::size_t k = 0; k < 2; ++k) {
      const auto found = by_id.find(rows.text(k));
      if (found == by_id.end()) rows.fail(k, std::string(rows.text(k)) + " is no unit of " + units);
      ends[k] = found->second;
    }
    borders.emplace_back(ends[0], ends[1]);
  }
  return borders;
}

PlanProblem read_plan_tables(const std::string& units, const std::string& adjacency) {
  PlanProblem problem;
  UnitNumbers by_id;
  std::vector<std::pair<double, double>> places;
  TableRows unit_rows(units, {"OID", "pop", "PointX", "PointY", "fcapacity"});
  while (unit_rows.next()) {
    const std::string id(unit_rows.text(0));
    const auto unit = static_cast<UnitIndex>(problem.units.size());
    if (!by_id.emplace(id, unit).second) unit_rows.fail(0, id + " stands there twice");
    problem.units.push_back({id, unit_rows.count(1)});
    places.emplace_back(unit_rows.number(2, -kMostMetres, kMostMetres), unit_rows.number(3, -kMostMetres, kMostMetres));
    if (const int seats = unit_rows.count(4); seats > 0) problem.schools.push_back({id, unit, seats});
  }
  if (problem.units.empty()) throw InputError("plan_table", units, "has no rows");
  problem.borders = read_borders(adjacency, by_id, units);
  for (UnitIndex u = 0; u < problem.units.size(); ++u) {
    for (const engine::planning::PlanSchool& school : problem.schools) {
      const auto [x, y] = places[school.unit];
      const double dx = places[u].first - x, dy = places[u].second - y;
      problem.cost.push_back(problem.units[u].children * std::sqrt(dx * dx + dy * dy) / 1000);
    }
  }
  return problem;
}

engine::planning::Assignment read_plan(const std::string& path, const PlanProblem& problem) {
  constexpr std::uint32_t kNone = UINT32_MAX;
  std::map<std::string_view, std::uint32_t> units, schools;
  for (const auto& unit : problem.units) units.emplace(unit.id, static_cast<std::uint32_t>(units.size()));
  for (const auto& school : problem.schools) schools.emplace(school.id, static_cast<std::uint32_t>(schools.size()));
  engine::planning::Assignment plan(problem.units.size(), kNone);
  TableRows rows(path, {"unit", "school"});
  while (rows.next()) {
    const auto unit = units.find(rows.text(0)), school = schools.find(rows.text(1));
    if (unit == units.end()) rows.fail(0, std::string(rows.text(0)) + " is unknown");
    if (school == schools.end()) rows.fail(1, std::string(rows.text(1)) + " is unknown");
    if (plan[unit->second] != kNone) rows.fail(0, std::string(unit->first) + " stands there twice");
    plan[unit->second] = school->second;
  }
  for (UnitIndex u = 0; u < plan.size(); ++u) {
    if (plan[u] == kNone) throw InputError("plan_table", path, "has no row for unit " + problem.units[u].id);
  }
  return plan;
}

}  // namespace catchment::cli
