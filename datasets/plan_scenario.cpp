#include "datasets/plan_scenario.hpp"

#include <algorithm>
#include <array>

#include "datasets/scenario_fields.hpp"

namespace catchment::datasets {
namespace {

using namespace engine::planning;

constexpr int kMostRooms = 1000;
constexpr int kMostPupils = 200;  // of a class
constexpr int kLastPlanGrade = 12;

bool read_bool(const JsonNode& node) {
  if (!node.json.is_boolean()) node.fail("type", "must be true or false");
  return node.json.get<bool>();
}

std::string read_date(const JsonNode& node) {
  const std::string text = node.text();
  bool good = text.size() == 10 && text[4] == '-' && text[7] == '-';
  for (std::size_t i = 0; good && i < text.size(); ++i) {
    if (i != 4 && i != 7) good = text[i] >= '0' && text[i] <= '9';
  }
  const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + text[at + 1] - '0'; };
  if (!good || number(5) < 1 || number(5) > 12 || number(8) < 1 || number(8) > 31) {
    node.fail("value", "must be a date as 2027-08-31");
  }
  return text;
}

std::vector<std::string> read_ids(const JsonNode& node) {
  std::vector<std::string> ids;
  const std::size_t count = node.size();
  for (std::size_t i = 0; i < count; ++i) ids.push_back(node.at(i).text());
  return ids;
}

geo::Point read_point(const JsonNode& node) {
  if (node.size() != 2) node.fail("value", "must be [longitude, latitude]");
  const auto point =
      geo::find_point({node.at(std::size_t{0}).number(-180, 180), node.at(std::size_t{1}).number(-90, 90)});
  if (!point) node.fail("value", "must be a place on earth");
  return *point;
}

std::vector<geo::Point> read_points(const JsonNode& node, std::size_t least) {
  std::vector<geo::Point> points;
  const std::size_t count = node.size();
  for (std::size_t i = 0; i < count; ++i) points.push_back(read_point(node.at(i)));
  if (points.size() < least) node.fail("value", "needs " + std::to_string(least) + " places");
  return points;
}

// The last point may be the first again.
geo::Ring read_ring(const JsonNode& node) {
  geo::Ring ring = read_points(node, 3);
  if (ring.front() == ring.back()) ring.pop_back();
  if (ring.size() < 3) node.fail("value", "needs 3 places");
  return ring;
}

Phasing read_phasing(const JsonNode& node) {
  node.object({"sitting", "move_grades", "siblings_until", "opt_in_until"});
  Phasing phasing;
  if (node.has("sitting")) {
    const JsonNode sitting = node.at("sitting");
    const std::string word = sitting.text();
    if (word != "stay" && word != "move") sitting.fail("value", "must be stay or move");
    phasing.sitting_stay = word == "stay";
  }
  if (node.has("move_grades")) {
    const JsonNode grades = node.at("move_grades");
    const std::size_t count = grades.size();
    for (std::size_t i = 0; i < count; ++i) phasing.move_grades.push_back(grades.at(i).whole(1, kLastPlanGrade));
    std::ranges::sort(phasing.move_grades);
    if (std::ranges::adjacent_find(phasing.move_grades) != phasing.move_grades.end()) {
      grades.fail("value", "has a grade twice");
    }
    if (!phasing.sitting_stay) grades.fail("value", "where all who sit move, no grade need be named");
  }
  if (node.has("siblings_until")) phasing.siblings_until = read_year(node.at("siblings_until"));
  if (node.has("opt_in_until")) phasing.opt_in_until = read_date(node.at("opt_in_until"));
  return phasing;
}

// Readers of one kind each; `members` are those of the kind beside change, note and phasing.
ReassignUnits read_reassign(const JsonNode& node) {
  ReassignUnits change;
  change.stage = read_stage(node.at("stage"));
  change.from_year = read_year(node.at("from_year"));
  change.units = read_ids(node.at("units"));
  change.school = node.at("school").text();
  return change;
}

MoveBoundary read_boundary(const JsonNode& node) {
  MoveBoundary change;
  change.stage = read_stage(node.at("stage"));
  change.from_year = read_year(node.at("from_year"));
  change.left = node.at("left").text();
  change.right = node.at("right").text();
  change.line = read_points(node.at("line"), 2);
  if (node.has("split")) change.split = read_bool(node.at("split"));
  return change;
}

DrawPolygon read_polygon(const JsonNode& node) {
  DrawPolygon change;
  change.stage = read_stage(node.at("stage"));
  change.from_year = read_year(node.at("from_year"));
  change.school = node.at("school").text();
  change.ring = read_ring(node.at("polygon"));
  if (node.has("split")) change.split = read_bool(node.at("split"));
  return change;
}

SplitUnit read_split(const JsonNode& node) {
  SplitUnit change;
  change.unit = node.at("unit").text();
  change.closed = node.has("polygon");
  if (change.closed == node.has("line")) node.fail("key", "needs either the member line or the member polygon");
  change.cut = change.closed ? read_ring(node.at("polygon")) : read_points(node.at("line"), 2);
  return change;
}

MergeUnits read_merge_units(const JsonNode& node) {
  MergeUnits change;
  change.units = read_ids(node.at("units"));
  if (node.has("id")) change.id = node.at("id").text();
  return change;
}

OpenSchool read_open(const JsonNode& node) {
  OpenSchool change;
  change.school = node.at("school").text();
  if (node.has("name")) change.name = node.at("name").text();
  const JsonNode stages = node.at("stages");
  const std::size_t count = stages.size();
  for (std::size_t i = 0; i < count; ++i) {
    change.stages.push_back(read_stage(stages.at(i)));
    if (std::ranges::count(change.stages, change.stages.back()) > 1) stages.at(i).fail("value", "stands there twice");
  }
  change.from_year = read_year(node.at("from_year"));
  change.gates = read_points(node.at("gates"), 1);
  change.rooms = node.at("rooms").whole(0, kMostRooms);
  return change;
}

CloseSchool read_close(const JsonNode& node) {
  CloseSchool change;
  change.school = node.at("school").text();
  change.from_year = read_year(node.at("from_year"));
  if (node.has("units_to")) change.units_to = node.at("units_to").text();
  return change;
}

MergeSchool read_merge_school(const JsonNode& node) {
  return {node.at("school").text(), node.at("into").text(), read_year(node.at("from_year"))};
}

MoveSchool read_move_school(const JsonNode& node) {
  MoveSchool change;
  change.school = node.at("school").text();
  if (node.has("campus")) change.campus = node.at("campus").text();
  change.gates = read_points(node.at("gates"), 1);
  return change;
}

ChangeRooms read_rooms(const JsonNode& node) {
  return {node.at("campus").text(), read_year(node.at("from_year")), node.at("rooms").whole(0, kMostRooms)};
}

ChangeClassCap read_class_cap(const JsonNode& node) {
  ChangeClassCap change;
  change.school = node.at("school").text();
  change.stage = read_stage(node.at("stage"));
  change.from_year = read_year(node.at("from_year"));
  change.until = read_date(node.at("until"));
  change.class_cap = node.at("class_cap").whole(1, kMostPupils);
  change.reason = node.at("reason").text();
  change.approved_by = node.at("approved_by").text();
  return change;
}

ChangeGrades read_grades(const JsonNode& node) {
  ChangeGrades change;
  change.school = node.at("school").text();
  change.stage = read_stage(node.at("stage"));
  change.from_year = read_year(node.at("from_year"));
  change.first_grade = node.at("first_grade").whole(1, kLastPlanGrade);
  change.last_grade = node.at("last_grade").whole(1, kLastPlanGrade);
  return change;
}

AddHousing read_add_housing(const JsonNode& node) {
  AddHousing change;
  engine::Housing& project = change.project;
  project.id = node.at("id").text();
  if (node.has("name")) project.name = node.at("name").text();
  project.unit_id = node.at("unit").text();
  const JsonNode kind = node.at("kind");
  project.kind = kind.text();
  if (std::ranges::find(kHousingKinds, project.kind) == kHousingKinds.end()) {
    kind.fail("value", "must be commodity, resettlement, public_rental or other");
  }
  project.dwellings = node.at("dwellings").whole(1, kMostDwellings);
  project.completion_year = read_year(node.at("completion_year"));
  return change;
}

DelayHousing read_delay_housing(const JsonNode& node) {
  return {node.at("id").text(), read_year(node.at("completion_year"))};
}

DeclareZone read_zone(const JsonNode& node) {
  DeclareZone change;
  const JsonNode kind = node.at("kind");
  const std::string word = kind.text();
  if (word != "shared" && word != "transition") kind.fail("value", "must be shared or transition");
  change.kind = word == "shared" ? SchoolSet::Kind::shared : SchoolSet::Kind::transition;
  change.stage = read_stage(node.at("stage"));
  change.from_year = read_year(node.at("from_year"));
  change.units = read_ids(node.at("units"));
  change.schools = read_ids(node.at("schools"));
  if (change.kind == SchoolSet::Kind::transition) {
    change.to_year = read_year(node.at("to_year"));
    if (node.has("then")) change.then = node.at("then").text();
  } else if (node.has("to_year") || node.has("then")) {
    node.fail("key", "a shared zone has no to_year and no then: it is a transition");
  }
  return change;
}

LockUnits read_lock(const JsonNode& node) {
  return {read_ids(node.at("units")), {node.at("reason").text(), node.at("owner").text()}};
}

UnlockUnits read_unlock(const JsonNode& node) { return {read_ids(node.at("units"))}; }

// In the order of ChangeBody.
struct KindReader {
  ChangeBody (*read)(const JsonNode&);
  std::initializer_list<std::string_view> members;
};

template <auto Read>
ChangeBody body_of(const JsonNode& node) {
  return Read(node);
}

const std::array<KindReader, std::variant_size_v<ChangeBody>>& kind_readers() {
  static const std::array<KindReader, std::variant_size_v<ChangeBody>> kReaders{{
      {body_of<read_reassign>, {"change", "note", "phasing", "stage", "from_year", "units", "school"}},
      {body_of<read_boundary>, {"change", "note", "phasing", "stage", "from_year", "left", "right", "line", "split"}},
      {body_of<read_polygon>, {"change", "note", "phasing", "stage", "from_year", "school", "polygon", "split"}},
      {body_of<read_split>, {"change", "note", "unit", "line", "polygon"}},
      {body_of<read_merge_units>, {"change", "note", "units", "id"}},
      {body_of<read_open>, {"change", "note", "school", "name", "stages", "from_year", "gates", "rooms"}},
      {body_of<read_close>, {"change", "note", "school", "from_year", "units_to"}},
      {body_of<read_merge_school>, {"change", "note", "school", "into", "from_year"}},
      {body_of<read_move_school>, {"change", "note", "school", "campus", "gates"}},
      {body_of<read_rooms>, {"change", "note", "campus", "from_year", "rooms"}},
      {body_of<read_class_cap>,
       {"change", "note", "school", "stage", "from_year", "until", "class_cap", "reason", "approved_by"}},
      {body_of<read_grades>, {"change", "note", "school", "stage", "from_year", "first_grade", "last_grade"}},
      {body_of<read_add_housing>, {"change", "note", "id", "name", "unit", "kind", "dwellings", "completion_year"}},
      {body_of<read_delay_housing>, {"change", "note", "id", "completion_year"}},
      {body_of<read_zone>,
       {"change", "note", "phasing", "kind", "stage", "from_year", "to_year", "units", "schools", "then"}},
      {body_of<read_lock>, {"change", "note", "units", "reason", "owner"}},
      {body_of<read_unlock>, {"change", "note", "units"}},
  }};
  return kReaders;
}

PlanChange read_change(const JsonNode& node) {
  if (!node.json.is_object()) node.fail("type", "must be an object");
  const JsonNode word = node.at("change");
  const auto words = change_words();
  const auto at = std::ranges::find(words, std::string_view(word.text()));
  if (at == words.end()) {
    std::string list;
    for (const std::string_view known : words) list.append(list.empty() ? "" : ", ").append(known);
    word.fail("value", "must be one of " + list);
  }
  const KindReader& reader = kind_readers()[static_cast<std::size_t>(at - words.begin())];
  node.object(reader.members);
  PlanChange change{reader.read(node), {}, {}};
  if (node.has("note")) change.note = node.at("note").text();
  if (node.has("phasing")) change.phasing = read_phasing(node.at("phasing"));
  // Nobody can stay in a school that ends.
  const bool ends =
      std::holds_alternative<CloseSchool>(change.body) || std::holds_alternative<MergeSchool>(change.body);
  if (ends) change.phasing.sitting_stay = false;
  return change;
}

}  // namespace

std::vector<PlanChange> parse_plan_scenario(std::string_view json, const std::string& name) {
  const StrictJson file{name, "scenario"};
  const nlohmann::ordered_json parsed = parse_strict_json(json, file);
  const JsonNode root{parsed, "", file};
  std::vector<PlanChange> changes;
  const std::size_t count = root.size();
  for (std::size_t i = 0; i < count; ++i) changes.push_back(read_change(root.at(i)));
  return changes;
}

std::vector<PlanChange> load_plan_scenario(const std::filesystem::path& file) {
  return parse_plan_scenario(read_json_file({file.string(), "scenario"}), file.string());
}

std::string plan_scenario_place(const std::string& where, const std::string& name) {
  constexpr std::string_view kPrefix = "changes";
  return where.starts_with(kPrefix) ? name + "#" + where.substr(kPrefix.size()) : where;
}

}  // namespace catchment::datasets
