#include "server/cli/plan_tables.hpp"

#include <cmath>
#include <map>

#include "geo/input_error.hpp"
#include "server/cli/plan_table.hpp"

namespace catchment::cli {
namespace {

using engine::planning::PlanProblem;
using engine::planning::UnitIndex;

constexpr double kMostMetres = 1e8;  // beyond any local grid

}  // namespace

PlanProblem read_plan_tables(const std::string& units, const std::string& adjacency) {
  PlanProblem problem;
  std::map<std::string, UnitIndex, std::less<>> by_id;
  std::vector<std::pair<double, double>> places;
  PlanTable unit_rows(units, {"OID", "pop", "PointX", "PointY", "fcapacity"});
  while (unit_rows.next()) {
    const std::string id(unit_rows.text(0));
    const auto unit = static_cast<UnitIndex>(problem.units.size());
    if (!by_id.emplace(id, unit).second) unit_rows.fail(0, id + " stands there twice");
    problem.units.push_back({id, unit_rows.count(1)});
    places.emplace_back(unit_rows.number(2, -kMostMetres, kMostMetres), unit_rows.number(3, -kMostMetres, kMostMetres));
    if (const int seats = unit_rows.count(4); seats > 0) problem.schools.push_back({id, unit, seats});
  }
  if (problem.units.empty()) throw InputError("plan_table", units, "has no rows");
  PlanTable border_rows(adjacency, {"ID1", "ID2"});
  while (border_rows.next()) {
    UnitIndex ends[2] = {};
    for (std::size_t k = 0; k < 2; ++k) {
      const auto found = by_id.find(border_rows.text(k));
      if (found == by_id.end()) border_rows.fail(k, std::string(border_rows.text(k)) + " is no unit of " + units);
      ends[k] = found->second;
    }
    problem.borders.emplace_back(ends[0], ends[1]);
  }
  for (UnitIndex u = 0; u < problem.units.size(); ++u) {
    for (const engine::planning::PlanSchool& school : problem.schools) {
      const auto [x, y] = places[school.unit];
      const double dx = places[u].first - x, dy = places[u].second - y;
      problem.cost.push_back(problem.units[u].children * std::sqrt(dx * dx + dy * dy) / 1000);
    }
  }
  return problem;
}

}  // namespace catchment::cli
