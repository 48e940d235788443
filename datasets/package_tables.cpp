#include "datasets/package_tables.hpp"

#include <algorithm>
#include <string>

namespace catchment::datasets {
namespace {

constexpr std::string_view kStages = "primary junior senior";
constexpr std::string_view kSchool = "school.id school_successor.old_id";
constexpr std::string_view kAdmissionUnit = "admission_unit.id school.id";

Column id(std::string_view name) { return {name, ColumnType::text, ColumnRule::id, {}, {}}; }
Column text(std::string_view name) { return {name, ColumnType::text, ColumnRule::any, "", {}}; }
Column date(std::string_view name) { return {name, ColumnType::text, ColumnRule::date, "", {}}; }
Column word(std::string_view name, std::string_view words, std::string_view fallback = {}) {
  return {name, ColumnType::text, ColumnRule::word, fallback, words};
}
Column kind() { return {"kind", ColumnType::text, ColumnRule::id, "general", {}}; }
Column year(std::string_view name) { return {name, ColumnType::integer, ColumnRule::year, {}, {}}; }
Column count(std::string_view name, std::string_view fallback = {}) {
  return {name, ColumnType::integer, ColumnRule::count, fallback, {}};
}

// The id of a row of another table; with a fallback of "" it may be left out.
Column known(std::string_view name, std::string_view refers, std::string_view fallback = {}) {
  const ColumnRule rule = fallback.data() == nullptr ? ColumnRule::id : ColumnRule::any;
  return {name, ColumnType::text, rule, fallback, {}, refers};
}

Column coordinate(std::string_view name) { return {name, ColumnType::real, ColumnRule::position, "", {}}; }

std::vector<Table> make_tables() {
  return {
      {"zone",
       "Zones",
       Shape::area,
       false,
       {"stage", "school_year", "kind", "id"},
       {id("id"), word("stage", kStages), year("school_year"), kind(), text("name"), text("notice_id"),
        date("valid_from"), date("valid_to")}},
      {"campus", "Campuses", Shape::point, true, {"id"}, {id("id"), id("school_id"), text("name")}},
      {"address",
       "Addresses",
       Shape::point,
       false,
       {"id"},
       {id("id"),
        text("text"),
        text("street"),
        text("door"),
        text("estate"),
        text("unit_id"),
        {"error_m", ColumnType::real, ColumnRule::count, "0", {}}}},
      {"street",
       "Streets",
       Shape::line,
       true,
       {"id"},
       {id("id"), text("name"), word("kind", "trunk secondary residential path", "residential")}},
      {"barrier",
       "Barriers",
       Shape::line,
       true,
       {"id"},
       {id("id"), text("name"), word("kind", "river rail trunk_road", "river")}},
      {"unit", "Units", Shape::area, false, {"id"}, {id("id"), text("name"), text("district_id")}},
      {"housing",
       "Housing",
       Shape::point,
       false,
       {"id"},
       {id("id"), text("name"), text("unit_id"),
        word("kind", "commodity resettlement public_rental other", "commodity"), count("dwellings", "0"),
        count("completion_year", "0")}},
      {"place",
       "Places",
       Shape::area,
       false,
       {"id"},
       {id("id"), word("kind", "district town community village estate institution"), id("name"), text("parent_id"),
        coordinate("lon"), coordinate("lat")}},
      {"school",
       "Schools",
       Shape::none,
       false,
       {"id"},
       {id("id"),
        id("name"),
        {"stages", ColumnType::text, ColumnRule::word_list, {}, kStages},
        word("status", "open planned closed", "open"),
        word("ownership", "public private", "public")}},
      {"zone_school",
       "Schools of zones",
       Shape::none,
       false,
       {"stage", "school_year", "kind", "zone_id", "school_id"},
       {word("stage", kStages), year("school_year"), kind(), id("zone_id"), id("school_id")}},
      {"notice",
       "Notices",
       Shape::none,
       false,
       {"id"},
       {id("id"), text("title"), text("bureau"), date("published"), text("url"), text("phone")}},
      {"zone_row",
       "Rows of notices",
       Shape::none,
       false,
       {"stage", "school_year", "kind", "id"},
       {id("id"),
        word("stage", kStages),
        year("school_year"),
        kind(),
        id("school_id"),
        text("campus"),
        {"text", ColumnType::text, ColumnRule::prose, "", {}},
        text("notice_id"),
        text("place"),
        text("phone"),
        {"remark", ColumnType::text, ColumnRule::prose, "", {}},
        text("zone_id"),
        {"classes", ColumnType::integer, ColumnRule::maybe, "", {}}}},
      {"alias",
       "Other names",
       Shape::none,
       false,
       {"kind", "name", "alias"},
       {word("kind", "street district town community village estate institution door"), id("name"), id("alias"),
        word("relation", "legal promoted former temporary short", "former")}},
      {"feeder",
       "Feeders",
       Shape::none,
       false,
       {"from_school_id", "to_school_id", "school_year", "condition"},
       {id("from_school_id"),
        id("to_school_id"),
        year("school_year"),
        {"share", ColumnType::real, ColumnRule::share, "1", {}},
        text("condition")}},
      {"unit_children",
       "Children of units",
       Shape::none,
       false,
       {"unit_id", "year", "age"},
       {id("unit_id"), year("year"), count("age"), count("children")}},
      {"enrolment",
       "Enrolment",
       Shape::none,
       false,
       {"school_id", "school_year", "grade"},
       {id("school_id"), year("school_year"), count("grade"), count("classes", "0"), count("pupils")}},
      {"birth",
       "Births",
       Shape::none,
       false,
       {"unit_id", "year", "month"},
       {id("unit_id"), year("year"), {"month", ColumnType::integer, ColumnRule::month, "0", {}}, count("births")}},
      {"intake",
       "Entry pupils by stream",
       Shape::none,
       false,
       {"school_id", "school_year", "stream"},
       {known("school_id", kSchool), year("school_year"), word("stream", "zone out_of_area migrant"), count("pupils")}},
      {"survey_count",
       "Children surveyed",
       Shape::none,
       false,
       {"unit_id", "school_year"},
       {known("unit_id", "unit.id"), year("school_year"), count("children")}},
      {"school_successor",
       "Successors of schools",
       Shape::none,
       false,
       {"old_id"},
       {id("old_id"), known("new_id", kSchool), year("school_year")}},
      {"rooms",
       "Class rooms",
       Shape::none,
       false,
       {"campus_id", "school_year"},
       {known("campus_id", "campus.id"), year("school_year"), count("rooms")}},
      {"admission_unit",
       "Admission units",
       Shape::none,
       false,
       {"id"},
       {id("id"), known("school_id", kSchool), word("stage", kStages), text("name"), text("plan_number")}},
      {"admission_unit_campus",
       "Campuses of admission units",
       Shape::none,
       false,
       {"admission_unit_id", "campus_id"},
       {known("admission_unit_id", kAdmissionUnit), known("campus_id", "campus.id"), count("first_grade", "0"),
        count("last_grade", "0")}},
      {"admission_plan",
       "Admission plans",
       Shape::none,
       false,
       {"admission_unit_id", "school_year"},
       {known("admission_unit_id", kAdmissionUnit),
        year("school_year"),
        {"classes", ColumnType::integer, ColumnRule::maybe, "", {}},
        {"seats", ColumnType::integer, ColumnRule::maybe, "", {}}}},
      {"cap_exception",
       "Exceptions from class caps",
       Shape::none,
       false,
       {"admission_unit_id", "grade", "from_year"},
       {known("admission_unit_id", kAdmissionUnit),
        count("grade", "0"),
        year("from_year"),
        date("until"),
        {"cap", ColumnType::integer, ColumnRule::positive, {}, {}},
        text("reason"),
        text("approved_by")}},
      {"reserved_seats",
       "Reserved seats",
       Shape::none,
       false,
       {"admission_unit_id", "school_year", "grade", "kind"},
       {known("admission_unit_id", kAdmissionUnit), year("school_year"), count("grade", "0"),
        word("kind", "direct_promotion attached_estate policy_group"), count("seats"),
        word("in_demand", "yes no", "no"), text("reason")}},
      {"purchased_seats",
       "Purchased seats",
       Shape::none,
       false,
       {"school_id", "admission_unit_id", "school_year", "grade"},
       {known("school_id", kSchool), known("admission_unit_id", kAdmissionUnit, ""), year("school_year"),
        count("grade", "0"), count("seats")}},
      {"plan",
       "Plans",
       Shape::none,
       false,
       {"id"},
       {id("id"), text("name"), word("stage", kStages), year("school_year"), kind()}},
      {"plan_unit",
       "Units of plans",
       Shape::none,
       false,
       {"plan_id", "unit_id"},
       {id("plan_id"), id("unit_id"), id("school_id")}},
  };
}

}  // namespace

std::span<const Table> package_tables() {
  static const std::vector<Table> tables = make_tables();
  return tables;
}

const Table* find_table(std::string_view name) {
  const auto tables = package_tables();
  const auto found = std::ranges::find(tables, name, &Table::name);
  return found == tables.end() ? nullptr : &*found;
}

std::size_t column_index(const Table& table, std::string_view column) {
  const auto found = std::ranges::find(table.columns, column, &Column::name);
  return found == table.columns.end() ? std::string::npos : static_cast<std::size_t>(found - table.columns.begin());
}

}  // namespace catchment::datasets
