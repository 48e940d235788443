// What a family hands in for one child, and what offices add to it: read from JSON with every unknown key refused, kept
// sealed, and turned into the facts a policy pack judges.
//
// Typed by the family: nine fields of the child and guardian, the home, and answers to the pack's questions (`facts`).
// What offices add stands in `office` and can be set by them alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/admission/child_facts.hpp"
#include "engine/policy/moment.hpp"

namespace catchment::desk {

struct Priority {  // what tie-breaks of a pack look at
  std::optional<engine::policy::Day> hukou_since, property_since, permit_since;
  int points = 0;  // hundredths

  bool operator==(const Priority&) const = default;
};

// Where the child lives: an address of the city, or in a rehearsal without one a zone and a place in metres.
struct Home {
  std::string address_id;
  std::string zone_id;
  int x_m = 0, y_m = 0;
};

struct OfficeNotes {
  bool granted = true;           // where the pack leaves a question to an office
  bool deferred = false;         // entry put off, where the pack has no rule of its own
  bool needs = false;            // needs help in an ordinary class
  std::string placement;         // of a disabled child: mainstream | special_school | home_teaching; empty: not decided
  bool own_plan = false;         // a plan for this one child is written (一人一案)
  std::string claim, claim_way;  // school; direct_promotion | attached_estate | policy | placement
};

struct Record {
  std::string level;     // primary | junior
  std::string district;  // of registration
  std::string name, document_type, document_number, sex, nationality;
  std::optional<engine::policy::Day> birth_date;
  std::string guardian_name, guardian_relation, guardian_phone;
  Home home;
  std::string sibling;  // code of a registered child of the family to stay together with; empty: none
  engine::admission::ChildFacts facts;
  Priority priority;
  OfficeNotes office;
};

// Throws InputError with where = JSON pointer: registration_json, registration_key (unknown, missing, twice),
// registration_type, registration_value, and those of facts (datasets/child_facts.hpp). `by_office`: `office` and
// `priority` may be set; from a family they are refused.
Record parse_record(std::string_view json, bool by_office);

// As it is kept: parse_record(print_record(r), true) gives r.
std::string print_record(const Record& record);
std::string print_record(const Record& record, std::string for_family);  // printed already

// What the family may see and change: without `office`.
std::string print_for_family(const Record& record);

// The facts with what the record says elsewhere filled in: level, district, birth, nationality.
engine::admission::ChildFacts facts_of(const Record& record);

}  // namespace catchment::desk
