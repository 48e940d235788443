#include "server/cli/plan_problem_file.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>

#include "datasets/strict_json.hpp"
#include "geo/input_error.hpp"
#include "server/cli/table_rows.hpp"

namespace catchment::cli {
namespace {

using datasets::JsonNode;
using namespace engine::planning;

constexpr double kMostNumber = 1e15;
constexpr int kMostDraws = 10'000;

// A table named in the problem: its columns by role, and the rows it is asked for.
class NamedTable {
 public:
  NamedTable(const JsonNode& node, const std::filesystem::path& folder, const std::vector<std::string>& roles) {
    std::vector<std::string> columns;
    for (const std::string& role : roles) {
      if (!node.has(role)) continue;
      places_[role] = columns.size();
      columns.push_back(node.at(role).text());
    }
    if (node.has("only")) {
      const JsonNode only = node.at("only");
      if (!only.json.is_object()) only.fail("type", "must be an object");
      for (const auto& [column, value] : only.json.items()) {
        only_.emplace_back(columns.size(), only.at(column).text());
        columns.push_back(column);
      }
    }
    rows_.emplace((folder / node.at("table").text()).string(), std::move(columns));
  }

  bool next() {
    while (rows_->next()) {
      if (std::ranges::all_of(only_, [&](const auto& o) { return rows_->field(o.first) == o.second; })) return true;
    }
    return false;
  }
  bool has(const std::string& role) const { return places_.contains(role); }
  std::size_t place(const std::string& role) const { return places_.at(role); }
  std::string text(const std::string& role) const { return std::string(rows_->text(place(role))); }
  std::string field(const std::string& role) const { return std::string(rows_->field(place(role))); }
  int count(const std::string& role) const { return rows_->count(place(role)); }
  double number(const std::string& role, double least = 0) const {
    return rows_->number(place(role), least, kMostNumber);
  }
  [[noreturn]] void fail(const std::string& role, const std::string& what) const { rows_->fail(place(role), what); }

  template <typename Index>
  Index known(const std::string& role, const std::map<std::string, Index, std::less<>>& all, const char* what) const {
    const auto found = all.find(text(role));
    if (found == all.end()) fail(role, text(role) + " is no " + what);
    return found->second;
  }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<std::pair<std::size_t, std::string>> only_;
  std::optional<TableRows> rows_;
};

class Loader {
 public:
  Loader(const JsonNode& root, std::filesystem::path folder) : root_(root), folder_(std::move(folder)) {}

  PlanProblemFile load() {
    root_.object({"$schema", "note", "units", "borders", "schools", "current", "distances", "draws", "locks", "goals",
                  "limits"});
    read_units();
    read_borders();
    read_schools();
    read_current();
    read_distances();
    read_locks();
    read_goals();
    read_draws();
    read_limits();
    out_.problem = with_goals(std::move(p_), out_.goals, in_);
    out_.inputs = std::move(in_);
    return std::move(out_);
  }

 private:
  void read_units() {
    const JsonNode node = root_.at("units");
    node.object({"table", "only", "id", "children", "x", "y", "area", "perimeter", "current"});
    node.at("id"), node.at("children");
    NamedTable rows(node, folder_, {"id", "children", "x", "y", "area", "perimeter", "current"});
    while (rows.next()) {
      const auto unit = static_cast<UnitIndex>(p_.units.size());
      if (!units_.emplace(rows.text("id"), unit).second) rows.fail("id", rows.text("id") + " stands there twice");
      p_.units.push_back({rows.text("id"), rows.count("children")});
      if (rows.has("x") && rows.has("y")) {
        places_.emplace_back(rows.number("x", -kMostNumber), rows.number("y", -kMostNumber));
      }
      if (rows.has("area")) in_.area.push_back(rows.number("area"));
      if (rows.has("perimeter")) in_.perimeter.push_back(rows.number("perimeter"));
      if (rows.has("current")) current_names_.push_back(rows.text("current"));
    }
    if (p_.units.empty()) node.at("table").fail("value", "has no rows");
  }

  // Borders shorter than least_length do not connect: such units meet in a point. Their length still counts.
  void read_borders() {
    const JsonNode node = root_.at("borders");
    node.object({"table", "only", "from", "to", "length", "least_length"});
    node.at("from"), node.at("to");
    const double least = node.has("least_length") ? node.at("least_length").number(0, kMostNumber) : 0;
    NamedTable rows(node, folder_, {"from", "to", "length"});
    std::map<std::pair<UnitIndex, UnitIndex>, double> lengths;  // once a pair, whichever way round
    while (rows.next()) {
      const UnitIndex a = rows.known("from", units_, "unit"), b = rows.known("to", units_, "unit");
      const double length = rows.has("length") ? rows.number("length") : 0;
      if (!rows.has("length") || length >= least) p_.borders.emplace_back(a, b);
      if (rows.has("length") && a != b) lengths[{std::min(a, b), std::max(a, b)}] = length;
    }
    for (const auto& [pair, length] : lengths) in_.shared.push_back({pair.first, pair.second, length});
  }

  void read_schools() {
    const JsonNode node = root_.at("schools");
    node.object({"table", "only", "id", "unit", "seats", "classes", "target", "zone"});
    node.at("id"), node.at("unit"), node.at("seats");
    NamedTable rows(node, folder_, {"id", "unit", "seats", "classes", "target", "zone"});
    std::map<std::string, SchoolIndex> zones;
    while (rows.next()) {
      const std::string id = rows.text("id"), zone = rows.has("zone") ? rows.field("zone") : "";
      const UnitIndex unit = rows.known("unit", units_, "unit");
      const auto next = static_cast<SchoolIndex>(p_.schools.size());
      const SchoolIndex s = zone.empty() ? next : zones.emplace(zone, next).first->second;
      if (!schools_.emplace(id, s).second) rows.fail("id", id + " stands there twice");
      if (s == next) {
        p_.schools.push_back({id, unit, 0, {}});
        in_.classes.push_back(0);
        in_.target.push_back(0);
      } else {
        p_.schools[s].id += "+" + id;
        p_.schools[s].more_units.push_back(unit);
      }
      school_units_.emplace_back(s, unit);
      p_.schools[s].seats += rows.count("seats");
      if (rows.has("classes")) in_.classes[s] += rows.count("classes");
      in_.target[s] += rows.has("target") ? rows.number("target") : rows.count("seats");
    }
    if (p_.schools.empty()) node.at("table").fail("value", "has no rows");
    if (!rows.has("classes")) in_.classes.clear();
    for (SchoolIndex s = 0; s < p_.schools.size(); ++s) schools_.emplace(p_.schools[s].id, s);
    for (const PlanSchool& s : p_.schools) in_.seats.push_back(s.seats);
  }

  void read_current() {
    if (!root_.has("current")) {
      for (const std::string& name : current_names_)
        in_.current.push_back(school(root_.at("units").at("current"), name));
      return;
    }
    const JsonNode node = root_.at("current");
    node.object({"table", "only", "unit", "school"});
    node.at("unit"), node.at("school");
    NamedTable rows(node, folder_, {"unit", "school"});
    in_.current.assign(p_.units.size(), UINT32_MAX);
    while (rows.next()) in_.current[rows.known("unit", units_, "unit")] = rows.known("school", schools_, "school");
    for (UnitIndex u = 0; u < p_.units.size(); ++u) {
      if (in_.current[u] == UINT32_MAX) node.fail("value", "unit " + p_.units[u].id + " has no present school");
    }
  }

  SchoolIndex school(const JsonNode& node, const std::string& name) const {
    const auto found = schools_.find(name);
    if (found == schools_.end()) node.fail("value", name + " is no school");
    return found->second;
  }

  void read_distances() {
    const std::size_t m = p_.schools.size();
    if (!root_.has("distances")) {
      if (places_.empty()) return;
      out_.straight_line = true;
      in_.distance_m.assign(p_.units.size() * m, kNever);
      for (UnitIndex u = 0; u < p_.units.size(); ++u) {
        for (const auto& [s, at] : school_units_) {
          const double dx = places_[u].first - places_[at].first, dy = places_[u].second - places_[at].second;
          in_.distance_m[u * m + s] = std::min(in_.distance_m[u * m + s], std::sqrt(dx * dx + dy * dy));
        }
      }
      return;
    }
    const JsonNode node = root_.at("distances");
    node.object({"table", "only", "unit", "school", "metres", "crossings"});
    node.at("unit"), node.at("school"), node.at("metres");
    NamedTable rows(node, folder_, {"unit", "school", "metres", "crossings"});
    in_.distance_m.assign(p_.units.size() * m, kNever);
    if (rows.has("crossings")) in_.crossings.assign(p_.units.size() * m, 0);
    while (rows.next()) {
      const std::size_t at = rows.known("unit", units_, "unit") * m + rows.known("school", schools_, "school");
      const double metres = rows.number("metres");
      if (metres >= in_.distance_m[at]) continue;
      in_.distance_m[at] = metres;
      if (rows.has("crossings")) in_.crossings[at] = rows.count("crossings");
    }
  }

  void read_locks() {
    if (!root_.has("locks")) return;
    const JsonNode list = root_.at("locks");
    if (list.json.is_object()) {
      list.object({"table", "only", "unit", "school"});
      list.at("unit"), list.at("school");
      NamedTable rows(list, folder_, {"unit", "school"});
      while (rows.next()) {
        p_.locks.push_back({rows.known("unit", units_, "unit"), rows.known("school", schools_, "school"), true});
      }
      return;
    }
    for (std::size_t k = 0; k < list.size(); ++k) {
      const JsonNode node = list.at(k);
      node.object({"unit", "school", "must", "note"});
      const JsonNode unit = node.at("unit");
      const auto found = units_.find(unit.text());
      if (found == units_.end()) unit.fail("value", unit.text() + " is no unit");
      p_.locks.push_back(
          {found->second, school(node.at("school"), node.at("school").text()), truth(node, "must", true)});
    }
  }

  static bool truth(const JsonNode& node, const std::string& key, bool otherwise) {
    if (!node.has(key)) return otherwise;
    const JsonNode value = node.at(key);
    if (!value.json.is_boolean()) value.fail("type", "must be true or false");
    return value.json.get<bool>();
  }

  void read_goals() {
    const JsonNode list = root_.at("goals");
    in_.scale = in_.target;
    for (std::size_t k = 0; k < list.size(); ++k) {
      const JsonNode node = list.at(k), word = node.at("goal");
      const auto kind = find_goal(word.text());
      if (!kind) word.fail("value", "is no goal");
      PlanGoal goal{*kind, node.at("weight").number(0, kMostNumber), 0};
      switch (*kind) {
        case GoalKind::distance_tail:
          node.object({"goal", "weight", "beyond_m"});
          goal.beyond_m = node.at("beyond_m").number(0, kMostNumber);
          break;
        case GoalKind::classes_over:
          node.object({"goal", "weight", "class_size"});
          in_.class_size = node.at("class_size").whole(1, 1000);
          break;
        case GoalKind::balance:
          node.object({"goal", "weight", "target_shift", "scale_shift"});
          for (double& t : in_.target) t += shift(node, "target_shift");
          for (double& t : in_.scale) t += shift(node, "scale_shift");
          if (std::ranges::any_of(in_.scale, [](double t) { return t <= 0; })) {
            node.fail("value", "a school has a target of 0");
          }
          for (double& t : in_.target) t = std::max(0.0, t);
          break;
        default:
          node.object({"goal", "weight"});
      }
      check_goal(node, *kind);
      out_.goals.push_back(goal);
    }
  }

  static double shift(const JsonNode& node, const std::string& key) {
    return node.has(key) ? node.at(key).number(-1, 1) : 0;
  }

  // What a goal is measured on must be there: a complaint here names the goal.
  void check_goal(const JsonNode& node, GoalKind kind) const {
    const auto need = [&](bool there, const char* what) {
      if (!there) node.fail("value", std::string("needs ") + what);
    };
    if (kind == GoalKind::distance || kind == GoalKind::distance_tail) {
      need(!in_.distance_m.empty(), "distances, or x and y of the units");
    }
    if (kind == GoalKind::crossings) need(!in_.crossings.empty(), "crossings among the distances");
    if (kind == GoalKind::moved) need(!in_.current.empty(), "the present plan");
    if (kind == GoalKind::classes_over) need(!in_.classes.empty(), "classes of the schools");
    if (kind == GoalKind::compactness) {
      need(!in_.area.empty() && !in_.perimeter.empty() && !in_.shared.empty(),
           "area and perimeter of the units and length of the borders");
    }
  }

  void read_draws() {
    if (!root_.has("draws")) return;
    const JsonNode node = root_.at("draws");
    node.object({"table", "only", "unit", "draw", "year", "children", "share"});
    node.at("unit"), node.at("draw"), node.at("children");
    DemandDraws& draws = p_.draws.emplace();
    draws.share = node.at("share").number(0, 1, true);
    std::map<std::string, int> draw_ids, year_ids;
    struct Entry {
      UnitIndex unit = 0;
      int draw = 0, year = 0, children = 0;
    };
    std::vector<Entry> entries;
    NamedTable rows(node, folder_, {"unit", "draw", "year", "children"});
    while (rows.next()) {
      const auto draw = draw_ids.emplace(rows.text("draw"), static_cast<int>(draw_ids.size())).first->second;
      const std::string year = rows.has("year") ? rows.text("year") : "";
      const auto in_year = year_ids.emplace(year, static_cast<int>(year_ids.size())).first->second;
      if (draw >= kMostDraws || in_year >= 100) rows.fail("draw", "is one draw or year too many");
      entries.push_back({rows.known("unit", units_, "unit"), draw, in_year, rows.count("children")});
    }
    if (entries.empty()) node.at("table").fail("value", "has no rows");
    draws.draws = static_cast<int>(draw_ids.size());
    draws.years = static_cast<int>(year_ids.size());
    draws.children.assign(draw_ids.size() * year_ids.size() * p_.units.size(), 0);
    for (const Entry& e : entries) {
      draws.children[static_cast<std::size_t>(e.draw * draws.years + e.year) * p_.units.size() + e.unit] = e.children;
    }
    draws.seats = in_.seats;
  }

  // Where seats are no limit every school has them for all; goals still count the real ones.
  void read_limits() {
    long children = 0;
    for (const PlanUnit& u : p_.units) children += u.children;
    bool seats = true;
    if (root_.has("limits")) {
      const JsonNode node = root_.at("limits");
      node.object({"seats", "children_moved", "units_moved"});
      seats = truth(node, "seats", true);
      MoveBudget budget;
      if (node.has("children_moved")) budget.children = node.at("children_moved").whole(0, 1'000'000'000);
      if (node.has("units_moved")) budget.units = node.at("units_moved").whole(0, 1'000'000'000);
      if (budget.children != kNoLimit || budget.units != kNoLimit) {
        if (in_.current.empty()) node.fail("value", "needs the present plan to count who moves");
        budget.current = in_.current;
        p_.budget = std::move(budget);
      }
    }
    if (seats) return;
    const long most = 1'000'000'000L / static_cast<long>(p_.schools.size());  // what a problem may hold in all
    for (PlanSchool& s : p_.schools) s.seats = static_cast<int>(std::min(children, most));
  }

  const JsonNode& root_;
  std::filesystem::path folder_;
  PlanProblem p_;
  GoalInputs in_;
  PlanProblemFile out_;
  std::map<std::string, UnitIndex, std::less<>> units_;
  std::map<std::string, SchoolIndex, std::less<>> schools_;
  std::vector<std::pair<SchoolIndex, UnitIndex>> school_units_;
  std::vector<std::pair<double, double>> places_;  // of units, metres
  std::vector<std::string> current_names_;
};

}  // namespace

PlanProblemFile load_plan_problem(const std::string& path) {
  const datasets::StrictJson file{path, "problem"};
  const nlohmann::ordered_json parsed = datasets::parse_strict_json(datasets::read_json_file(file), file);
  const JsonNode root{parsed, "", file};
  return Loader(root, std::filesystem::path(path).parent_path()).load();
}

}  // namespace catchment::cli
