// What seats are reckoned from: rooms, admission units, plans, exceptions, reserved and purchased seats, pupils.
// School, campus and admission unit are kept apart: a school may have several of each.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/demand/demand_rules.hpp"
#include "engine/demand/forecast.hpp"
#include "engine/model.hpp"

namespace catchment::engine::demand {

struct SeatCampus {
  std::string id;
  std::string school_id;
};

// Class rooms of a campus from a school year on, until its next row. Before its first row a campus has none; a campus
// without any row is taken to have as many as the classes that sat there in the base year.
struct CampusRooms {
  std::string campus_id;
  int school_year = 0;
  int rooms = 0;
};

// The grades of an admission unit that are taught on a campus, both ends included.
struct UnitCampus {
  std::string campus_id;
  int first_grade = 1;
  int last_grade = 6;
};

// What has one line, and one number, in the admission plan: a stage of a school, on one campus or several. Grades that
// several of its campuses teach may be split between them. Without campuses it has rooms of its own, not known.
struct AdmissionUnit {
  std::string id;
  std::string school_id;
  std::string name;
  std::string plan_number;  // as published
  Stage stage = Stage::primary;
  std::vector<UnitCampus> campuses;
};

// The admission plan (招生计划) of a year: the entry grade has no more than this, whatever the rooms would hold.
struct EntryPlan {
  std::string admission_unit_id;
  int school_year = 0;
  std::optional<int> classes;
  std::optional<int> seats;
};

// Another class cap than the rule's, approved for a unit. It holds for the school years from `from_year` that begin (on
// 1 September) on `until` or before. Without approver, reason or end it is none, and the ledger says so.
struct CapException {
  std::string admission_unit_id;
  int grade = 0;  // 0: all
  int class_cap = 0;
  std::string approved_by;
  std::string reason;
  int from_year = 0;
  std::string until;  // ISO date, that day included
};

// Entry seats set aside.
struct ReservedSeats {
  enum class Kind { direct_promotion, attached_estate, policy_group };
  std::string admission_unit_id;
  int school_year = 0;
  Kind kind = Kind::direct_promotion;
  int seats = 0;
  bool in_demand = false;  // the entry demand counts these children too (its past enrolment did)
};
std::string_view to_word(ReservedSeats::Kind kind);
std::optional<ReservedSeats::Kind> find_reserved_kind(std::string_view word);

// Entry seats bought in a private school for the children of a unit's zone.
struct PurchasedSeats {
  std::string admission_unit_id;
  int school_year = 0;
  int seats = 0;
  std::string seller_unit_id;  // loses them in its own ledger; empty: not of this city's units
};

// Pupils of a grade: observed up to the base year, expected after it. In the entry grade those expected are demand, not
// yet pupils who sit.
struct GradePupils {
  std::string admission_unit_id;
  int school_year = 0;
  int grade = 1;
  double pupils = 0;
  std::optional<int> classes;  // observed or decided; else as many as the cap asks for
};

// Rows in any order.
struct SeatInput {
  int base_year = 0;  // the last school year that was observed; the ledger begins with it
  int last_year = 0;
  std::vector<SeatCampus> campuses;
  std::vector<CampusRooms> rooms;
  std::vector<AdmissionUnit> units;
  std::vector<EntryPlan> plans;
  std::vector<CapException> exceptions;
  std::vector<ReservedSeats> reserved;
  std::vector<PurchasedSeats> purchased;
  std::vector<GradePupils> pupils;
};

// Throws InputError with code seat_unknown (an id nobody has), seat_duplicate, seat_count (negative or absurd),
// seat_grade (outside its stage), seat_stage (without a rule), seat_year or seat_date; `where` names the row.
void check_seat_input(const SeatInput& input, const DemandRules& rules);

// The expected pupils of every unit, grade and year of a forecast. A school's figure is split between its units of the
// stage by the pupils they had in the base year (evenly if none had any). Units of schools not forecast have none.
std::vector<GradePupils> expected_pupils(const Forecast& forecast, std::span<const AdmissionUnit> units,
                                         std::span<const GradePupils> observed, const DemandRules& rules);

}  // namespace catchment::engine::demand
