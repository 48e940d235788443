// A plan as zones: the units of each school joined, and whether every address has its answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/planning/city/city_plan.hpp"

namespace catchment::engine::planning {

// What has one answer in a stage through years [from, to).
struct PlanZone {
  std::string id;  // its schools' ids joined by +
  StageIndex stage = 0;
  YearIndex from = 0, to = 0;
  std::vector<SchoolIndex> schools;                // by id
  SchoolSet::Kind kind = SchoolSet::Kind::shared;  // of several
  std::vector<UnitIndex> units;                    // ascending
  geo::MultiPolygon shape;                         // of the units that have one, without the lines between them
};

// Years in which a stage's answers are the same throughout make one edition, with all its zones. By stage, edition, id.
// O(units x years) and a union of shapes for each zone that differs from the edition before.
std::vector<PlanZone> find_zones(const CityPlan& plan);

enum class PlanCheckKind {
  unassigned,            // a unit nobody has in some year
  address_without_unit,  // addresses that no unit has: no plan can answer them
  not_open,              // a unit whose school takes no children then
  cut_off,               // a piece of a zone that no border one can cross joins to one of its schools
  school_without_units,  // a school that is open and has no unit; remarkable, not wrong
};
std::string_view to_word(PlanCheckKind kind);

struct PlanCheck {
  PlanCheckKind kind{};
  bool breaks = true;  // the certificate
  StageIndex stage = 0;
  YearIndex from = 0, to = 0;        // years [from, to) it is so
  std::vector<UnitIndex> units;      // ascending
  std::vector<SchoolIndex> schools;  // ascending
  int addresses = 0;                 // of the units
  std::string message;               // names and figures
};

// Every address has exactly one answer, per stage and year: one school, or one declared set of schools. Units have one
// answer each by construction, and an address has its unit's; what is left to be checked is found.
struct PlanCertificate {
  struct Line {  // one stage and year
    StageIndex stage = 0;
    YearIndex year = 0;
    long one_school = 0, shared = 0, none = 0;  // addresses
  };
  std::vector<Line> lines;
  std::vector<PlanCheck> findings;  // by kind, stage, year

  bool holds() const;  // no finding breaks it
};

// O(units x years).
PlanCertificate certify(const CityPlan& plan);

}  // namespace catchment::engine::planning
