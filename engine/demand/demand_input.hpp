// What is known of a city's children, pupils, schools and plans: the input of every forecast.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/demand/demand_rules.hpp"
#include "engine/model.hpp"

namespace catchment::engine::demand {

struct UnitPlace {
  std::string unit_id;
  std::string district_id;  // empty: not known
};

// Which school the children of a unit belong to from a school year on. Shares of one unit, stage and year add up to 1
// or less; what is missing belongs to no school.
struct UnitSchool {
  std::string unit_id;
  std::string school_id;
  Stage stage = Stage::primary;
  int school_year = 0;
  double share = 1;
};

using engine::Intake;
using engine::SurveyCount;

struct SchoolPlace {
  std::string school_id;
  std::string name;
  std::string district_id;
  std::vector<Stage> stages;
  std::string status = "open";       // open | planned | closed
  std::string ownership = "public";  // public | private
};

// Rows in any order; a row of an unknown unit or school is refused by name. `merged` says which school took over
// another's past (renamed, merged into): its rows then count as the other's.
struct DemandInput {
  std::vector<UnitPlace> units;
  std::vector<SchoolPlace> schools;
  std::vector<UnitSchool> assignment;
  std::vector<UnitChildren> children;
  std::vector<Births> births;
  std::vector<Enrolment> enrolment;
  std::vector<Intake> intake;
  std::vector<SurveyCount> survey;
  std::vector<Feeder> feeders;
  std::vector<Housing> housing;
  struct Successor {
    std::string old_id;
    std::string new_id;
  };
  std::vector<Successor> successors;
};

// Something in the input that does not stop a forecast but that its reader must know.
struct DataNote {
  enum class Kind {
    missing_year,       // a year without rows between years that have some
    no_history,         // a school or unit without any: its ratios are those of its district or city
    short_history,      // fewer than three transitions
    implausible_count,  // far from its neighbours in time; it is kept, and weighs less
    renamed,            // rows counted as another school's
    partly_assigned,    // a unit whose shares do not add up to 1
    closed_with_pupils
  };
  Kind kind = Kind::missing_year;
  std::string where;    // unit, school or table
  std::string message;  // in English, with figures
};
std::string_view to_word(DataNote::Kind kind);

}  // namespace catchment::engine::demand
