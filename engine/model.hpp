// The nouns of a school city as plain structs. Texts are UTF-8; ids are the bureau's own codes, unique within their
// kind.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::engine {

enum class Stage { primary, junior, senior };
std::string_view to_word(Stage stage);
std::optional<Stage> find_stage(std::string_view word);

// One layer of zones: what may be laid over a map as one answer to "which zone?".
struct LayerKey {
  Stage stage = Stage::primary;
  int school_year = 0;           // the year it begins in: 2024 is 2024/25
  std::string kind = "general";  // "general", or what sets it apart: "girls", "selective", ...

  friend auto operator<=>(const LayerKey&, const LayerKey&) = default;
};
std::string to_text(const LayerKey& key);                       // "primary/2024/general"
std::optional<LayerKey> find_layer_key(std::string_view text);  // its inverse; the kind may be left out

struct School {
  std::string id;
  std::string name;
  std::vector<Stage> stages;         // a nine-year school has two
  std::string status = "open";       // open | planned | closed
  std::string ownership = "public";  // public | private
};

// A place where a school teaches. A school may have several; each may have a gate of its own.
struct Campus {
  std::string id;
  std::string school_id;
  std::string name;
  geo::Point position;
};

struct Zone {
  std::string id;  // unique within its layer
  LayerKey layer;
  std::string name;
  std::vector<std::string> school_ids;  // two or more: a declared shared zone
  std::string notice_id;                // the notice it comes from; may be empty
  std::string valid_from;               // ISO date or empty
  std::string valid_to;                 // ISO date or empty: exclusive
  geo::MultiPolygon shape;              // as published: rings keep their order and direction
};

struct Notice {
  std::string id;
  std::string title;
  std::string bureau;
  std::string published;  // ISO date or empty
  std::string url;
  std::string phone;  // where a family may ask
};

// One row of a notice: a school (or one campus of it) and the words of its zone, as published. The words are the law;
// a zone's shape is derived from them.
struct ZoneRow {
  std::string id;  // unique within the layer
  LayerKey layer;
  std::string school_id;
  std::string campus;  // as the notice names it; may be empty
  std::string text;    // unchanged, line breaks included
  std::string notice_id;
  std::string place;  // where in the notice: "sheet 1, row 7", "page 3"
  std::string phone;  // empty: the notice's
  std::string remark;
  std::string zone_id;         // the zone whose shape was derived from this row; may be empty
  std::optional<int> classes;  // planned, if the row says
};

// A named area or spot of the city: what addresses and notices mention beside streets.
struct Place {
  std::string id;
  std::string kind;  // district | town | community | village | estate | institution
  std::string name;
  std::string parent_id;  // another place; empty: the city
  std::optional<geo::Point> position;
  geo::MultiPolygon shape;  // may be empty
};

// Another name of a street, place or door.
struct Alias {
  std::string kind;  // street | district | town | community | village | estate | institution | door
  std::string name;  // the name the city uses; a door as 建设路142号
  std::string alias;
  std::string relation = "former";  // legal | promoted | former | temporary | short
};

struct Address {
  std::string id;
  std::string text;
  std::string street;
  std::string door;
  std::string estate;
  std::string unit_id;
  std::optional<geo::Point> position;
  double error_m = 0;  // how far the position may be from the door; 0 = not stated
};

struct Line {  // a street or a barrier
  std::string id;
  std::string name;
  std::string kind;  // street: trunk | secondary | residential | path; barrier: river | rail | trunk_road
  geo::Polyline shape;
};

struct Unit {  // the smallest area that is moved between zones: a block, an estate, a village
  std::string id;
  std::string name;
  std::string district_id;  // a place of kind district; empty: not known
  geo::MultiPolygon shape;
};

struct UnitChildren {
  std::string unit_id;
  int year = 0;  // counted on 31 August of this year
  int age = 0;   // whole years on that day
  int children = 0;
};

struct Housing {
  std::string id;
  std::string name;
  std::string unit_id;
  std::string kind;  // commodity | resettlement | public_rental | other
  int dwellings = 0;
  int completion_year = 0;
  std::optional<geo::Point> position;
};

struct Enrolment {
  std::string school_id;
  int school_year = 0;
  int grade = 1;
  int classes = 0;
  int pupils = 0;
};

struct Births {
  std::string unit_id;
  int year = 0;
  int month = 0;  // 1-12, or 0 when only the year is known
  int births = 0;
};

struct Feeder {
  std::string from_school_id;
  std::string to_school_id;
  int school_year = 0;
  double share = 1.0;     // of the graduates, 0-1
  std::string condition;  // in the notice's words; empty = all
};

// Entry-grade pupils by where they come from; of a school with two stages, those of its first. A school and year
// without rows counts all of them as its zone's.
struct Intake {
  std::string school_id;
  int school_year = 0;
  std::string stream;  // zone | out_of_area | migrant
  int pupils = 0;
};

// Children who will reach the entry age, as counted ahead of the season (摸底).
struct SurveyCount {
  std::string unit_id;
  int school_year = 0;  // of their entry
  int children = 0;
};

struct SchoolSuccessor {  // renamed, or merged into
  std::string old_id;     // as earlier rows name it; need not be a school any more
  std::string new_id;
  int school_year = 0;  // the first under the new id
};

struct CampusRooms {  // general classrooms, until the campus's next row
  std::string campus_id;
  int school_year = 0;
  int rooms = 0;
};

struct UnitCampus {
  std::string campus_id;
  int first_grade = 0;  // 0: the first of the stage
  int last_grade = 0;   // 0: the last of the stage
};

// What has one line, and one number of seats, in an admission plan: a stage of a school on one campus or several. A
// school without any has one for each stage, with the school's id, on all its campuses; the structs below name either.
struct AdmissionUnit {
  std::string id;
  std::string school_id;
  Stage stage = Stage::primary;
  std::string name;
  std::string plan_number;  // as published
  std::vector<UnitCampus> campuses;
};

struct AdmissionPlan {  // of an entry grade
  std::string admission_unit_id;
  int school_year = 0;
  std::optional<int> classes;
  std::optional<int> seats;
};

// Another class cap than the rule's. It holds for the school years from `from_year` on that begin (on 1 September) on
// `until` or before; without approver, reason or end it is none.
struct CapException {
  std::string admission_unit_id;
  int grade = 0;  // 0: all
  int from_year = 0;
  std::string until;  // ISO date, that day included
  int cap = 0;        // pupils a class
  std::string reason;
  std::string approved_by;
};

struct ReservedSeats {
  std::string admission_unit_id;
  int school_year = 0;
  int grade = 0;     // 0: the entry grade
  std::string kind;  // direct_promotion | attached_estate | policy_group
  int seats = 0;
  bool in_demand = false;  // past enrolment counts such children too
  std::string reason;
};

struct PurchasedSeats {
  std::string school_id;          // the private school
  std::string admission_unit_id;  // for the children of whose zone; empty: of the whole city
  int school_year = 0;
  int grade = 0;  // 0: the entry grade
  int seats = 0;
};

struct Plan {
  std::string id;
  std::string name;
  LayerKey layer;
};

struct PlanUnit {
  std::string plan_id;
  std::string unit_id;
  std::string school_id;
};

}  // namespace catchment::engine
