// A plan problem from two plain tables: units with their schools, and which units border on which.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/planning/plan_problem.hpp"

namespace catchment::cli {

using UnitNumbers = std::map<std::string, engine::planning::UnitIndex, std::less<>>;  // by id

// Columns ID1, ID2: which units border. `units` names the file of the units in errors.
std::vector<std::pair<engine::planning::UnitIndex, engine::planning::UnitIndex>> read_borders(
    const std::string& adjacency, const UnitNumbers& by_id, const std::string& units);

// Units: columns OID, pop, PointX, PointY (metres), fcapacity; a unit with fcapacity above 0 holds a school with that
// many seats, named as the unit. Borders: columns ID1, ID2. Tab, comma, semicolon or bar between fields; other columns
// are ignored; names of columns in any case. The cost of a unit at a school is its children times the straight line in
// km. Throws InputError that names file, row and field.
engine::planning::PlanProblem read_plan_tables(const std::string& units, const std::string& adjacency);

// A plan of that problem: columns unit, school, a row for every unit, in any order. Throws InputError likewise.
engine::planning::Assignment read_plan(const std::string& path, const engine::planning::PlanProblem& problem);

}  // namespace catchment::cli
