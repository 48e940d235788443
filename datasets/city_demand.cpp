#include "datasets/city_demand.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "datasets/unit_shares.hpp"
#include "geo/input_error.hpp"
#include "geo/interior_point.hpp"
#include "geo/zone_index.hpp"

namespace catchment::datasets {
namespace {

using engine::Stage;
using engine::demand::DemandInput;
using engine::demand::DemandRules;

constexpr int kFirstPlausibleYear = 1900;
constexpr int kLastPlausibleYear = 2200;
constexpr int kLastAge = 25;
constexpr int kLastGrade = 12;

// Districts as places, and which of them a position lies in.
class Districts {
 public:
  explicit Districts(const std::vector<engine::Place>& places) : index_(geo::ZoneIndex::build({})) {
    std::vector<geo::MultiPolygon> shapes;
    for (const engine::Place& place : places) {
      if (place.kind != "district") continue;
      ids_.push_back(place.id);
      shapes.push_back(place.shape);
    }
    index_ = geo::ZoneIndex::build(shapes);
  }
  bool empty() const { return ids_.empty(); }
  bool has(const std::string& id) const { return std::ranges::find(ids_, id) != ids_.end(); }
  std::string of(geo::Point p) const {
    const auto zones = index_.zones_of(index_.face_at(p).face());
    return zones.empty() ? std::string() : ids_[zones.front()];
  }

 private:
  std::vector<std::string> ids_;
  geo::ZoneIndex index_;
};

class Loader {
 public:
  Loader(const CityPackage& package, const DemandRules& rules)
      : package_(package), rules_(rules), units_(package.units()), districts_(package.places()) {}

  DemandInput load() {
    read_places();
    read_successors();
    read_units();
    read_enrolment();  // before the assignment, which splits shared zones by it
    read_assignment();
    place_schools();
    read_children();
    read_feeders();
    read_housing();
    return std::move(input_);
  }

 private:
  [[noreturn]] void refuse(const char* table, const std::vector<std::string>& key, const std::string& message) const {
    throw InputError("demand_row", package_.where(table, key), message);
  }
  // `key` gives the row's key; it is only asked of a row that is refused.
  template <class Key>
  void require(bool holds, const char* table, Key&& key, const char* message) const {
    if (!holds) refuse(table, key(), message);
  }
  template <class Key>
  void require_unit(const std::string& id, const char* table, Key&& key) {
    if (id == last_unit_) return;
    if (!unit_numbers_.contains(id)) refuse(table, key(), "no unit has the id " + id);
    last_unit_ = id;
  }
  template <class Key>
  void require_school(const std::string& id, const char* table, Key&& key) {
    if (id == last_school_) return;
    if (!school_numbers_.contains(id) && !old_ids_.contains(id)) refuse(table, key(), "no school has the id " + id);
    last_school_ = id;
  }
  template <class Key>
  void require_year(int year, const char* table, Key&& key) const {
    require(year >= kFirstPlausibleYear && year <= kLastPlausibleYear, table, key, "a year out of range");
  }

  void read_places() {
    for (std::size_t i = 0; i < units_.size(); ++i) unit_numbers_.emplace(units_[i].id, i);
    for (const engine::School& school : package_.schools()) {
      school_numbers_.emplace(school.id, input_.schools.size());
      input_.schools.push_back({school.id, school.name, "", school.stages, school.status, school.ownership});
    }
  }

  void read_successors() {
    std::map<std::string, std::string> next;
    const auto rows = package_.school_successors();
    for (const engine::SchoolSuccessor& row : rows) next[row.old_id] = row.new_id;
    for (const engine::SchoolSuccessor& row : rows) {
      const auto key = [&] { return std::vector{row.old_id}; };
      std::string id = row.new_id;
      for (std::size_t steps = 0; next.contains(id); ++steps) {
        require(id != row.old_id && steps <= next.size(), "school_successor", key, "a school that succeeds itself");
        id = next.at(id);
      }
      require(id != row.old_id, "school_successor", key, "a school that succeeds itself");
      if (!school_numbers_.contains(id)) refuse("school_successor", key(), "no school has the id " + id);
      old_ids_.insert(row.old_id);
      input_.successors.push_back({row.old_id, row.new_id});
    }
  }

  void read_units() {
    for (const engine::Unit& unit : units_) {
      inside_.push_back(geo::find_interior_point(unit.shape));
      std::string district = unit.district_id;
      if (district.empty() && inside_.back()) district = districts_.of(*inside_.back());
      const bool known = district.empty() || districts_.empty() || districts_.has(district);
      if (!known) refuse("unit", {unit.id}, "no place of kind district has the id " + district);
      input_.units.push_back({unit.id, district});
    }
  }

  void read_enrolment() {
    input_.enrolment = package_.enrolment();
    for (const engine::Enrolment& row : input_.enrolment) {
      const auto key = [&] {
        return std::vector{row.school_id, std::to_string(row.school_year), std::to_string(row.grade)};
      };
      require_school(row.school_id, "enrolment", key);
      require_year(row.school_year, "enrolment", key);
      require(row.grade >= 1 && row.grade <= kLastGrade, "enrolment", key, "a grade out of range");
    }
    input_.intake = package_.intake();
    for (const engine::Intake& row : input_.intake) {
      const auto key = [&] { return std::vector{row.school_id, std::to_string(row.school_year), row.stream}; };
      require_school(row.school_id, "intake", key);
      require_year(row.school_year, "intake", key);
    }
  }

  // Addresses with a position by unit; of a unit without, the point inside it.
  UnitPoints unit_points() const {
    std::vector<std::pair<std::uint32_t, geo::Point>> found;
    std::string last;
    std::size_t number = 0;
    bool known = false;
    package_.for_each_address_position([&](std::string_view unit, geo::Point point) {
      if (unit != last) {
        last = unit;
        const auto at = unit_numbers_.find(last);
        known = at != unit_numbers_.end();
        if (known) number = at->second;
      }
      if (known) found.emplace_back(static_cast<std::uint32_t>(number), point);
    });
    return {units_.size(), found, inside_};
  }

  void read_assignment() {
    std::map<std::pair<Stage, int>, std::vector<engine::LayerKey>> layers;
    for (const engine::LayerKey& key : package_.layers()) {
      if (rules_.find(key.stage) == nullptr) continue;
      auto& kinds = layers[{key.stage, key.school_year}];
      if (key.kind == "general") {
        kinds = {key};
      } else if (kinds.empty() || kinds.front().kind != "general") {
        kinds.push_back(key);
      }
    }
    if (layers.empty()) return;
    const UnitPoints points = unit_points();
    const EntryPupils pupils(input_.enrolment);
    std::vector<SchoolShares> before(units_.size());
    Stage stage = layers.begin()->first.first;
    for (const auto& [when, kinds] : layers) {
      if (when.first != stage) before.assign(units_.size(), {});
      stage = when.first;
      before = assign(when.second, kinds, points, pupils, before);
    }
  }

  std::vector<SchoolShares> assign(int year, const std::vector<engine::LayerKey>& kinds, const UnitPoints& points,
                                   const EntryPupils& pupils, const std::vector<SchoolShares>& before) {
    const Stage stage = kinds.front().stage;
    const int entry_grade = rules_.find(stage)->first_grade;
    std::vector<SchoolShares> shares(units_.size());
    for (const engine::LayerKey& kind : kinds) {
      const auto zones = package_.zones(kind);
      for (const engine::Zone& zone : zones) {
        for (const std::string& school : zone.school_ids) {
          require_school(school, "zone_school", [&] {
            return std::vector{std::string(to_word(stage)), std::to_string(year), kind.kind, zone.id, school};
          });
        }
      }
      add_shares(zones, points, pupils, {entry_grade, year, 1.0 / static_cast<double>(kinds.size())}, shares);
    }
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
      for (const auto& [school, share] : before[unit]) shares[unit].try_emplace(school, 0.0);
      for (const auto& [school, share] : shares[unit]) {
        input_.assignment.push_back({units_[unit].id, school, stage, year, share});
      }
    }
    for (SchoolShares& of_unit : shares) std::erase_if(of_unit, [](const auto& entry) { return entry.second <= 0; });
    return shares;
  }

  void place_schools() {
    if (districts_.empty() && units_.empty()) return;
    std::vector<std::string> of_campus(input_.schools.size());
    for (const engine::Campus& campus : package_.campuses()) {
      const auto school = school_numbers_.find(campus.school_id);
      if (school == school_numbers_.end() || !of_campus[school->second].empty()) continue;
      of_campus[school->second] = districts_.of(campus.position);
    }
    std::vector<std::map<std::string, double>> of_units(input_.schools.size());
    for (const auto& row : input_.assignment) {
      const auto school = school_numbers_.find(row.school_id);
      const std::string& district = input_.units[unit_numbers_.at(row.unit_id)].district_id;
      if (school != school_numbers_.end() && !district.empty()) of_units[school->second][district] += row.share;
    }
    for (std::size_t i = 0; i < input_.schools.size(); ++i) {
      std::string& district = input_.schools[i].district_id;
      district = of_campus[i];
      double most = 0;
      for (const auto& [id, share] : of_units[i]) {
        if (!of_campus[i].empty() || share <= most) continue;
        most = share;
        district = id;
      }
    }
  }

  void read_children() {
    input_.children = package_.unit_children();
    for (const engine::UnitChildren& row : input_.children) {
      const auto key = [&] { return std::vector{row.unit_id, std::to_string(row.year), std::to_string(row.age)}; };
      require_unit(row.unit_id, "unit_children", key);
      require_year(row.year, "unit_children", key);
      require(row.age >= 0 && row.age <= kLastAge, "unit_children", key, "an age out of range");
    }
    input_.births = package_.births();
    for (const engine::Births& row : input_.births) {
      const auto key = [&] { return std::vector{row.unit_id, std::to_string(row.year), std::to_string(row.month)}; };
      require_unit(row.unit_id, "birth", key);
      require_year(row.year, "birth", key);
      require(row.month >= 0 && row.month <= 12, "birth", key, "a month out of range");
    }
    input_.survey = package_.survey_counts();
    for (const engine::SurveyCount& row : input_.survey) {
      const auto key = [&] { return std::vector{row.unit_id, std::to_string(row.school_year)}; };
      require_unit(row.unit_id, "survey_count", key);
      require_year(row.school_year, "survey_count", key);
    }
  }

  void read_feeders() {
    input_.feeders = package_.feeders();
    for (const engine::Feeder& row : input_.feeders) {
      const auto key = [&] {
        return std::vector{row.from_school_id, row.to_school_id, std::to_string(row.school_year), row.condition};
      };
      require_school(row.from_school_id, "feeder", key);
      require_school(row.to_school_id, "feeder", key);
      require_year(row.school_year, "feeder", key);
      require(row.share >= 0 && row.share <= 1, "feeder", key, "a share that is not between 0 and 1");
    }
  }

  void read_housing() {
    input_.housing = package_.housing();
    std::optional<geo::ZoneIndex> index;
    for (engine::Housing& row : input_.housing) {
      const auto key = [&] { return std::vector{row.id}; };
      if (row.unit_id.empty() && row.position) {
        if (!index) {
          std::vector<geo::MultiPolygon> shapes;
          for (const engine::Unit& unit : units_) shapes.push_back(unit.shape);
          index = geo::ZoneIndex::build(shapes);
        }
        const auto found = index->zones_of(index->face_at(*row.position).face());
        if (!found.empty()) row.unit_id = units_[found.front()].id;
      }
      require(!row.unit_id.empty(), "housing", key, "has no unit, nor a position inside one");
      require_unit(row.unit_id, "housing", key);
      require_year(row.completion_year, "housing", key);
      require(row.dwellings >= 0, "housing", key, "fewer than no dwellings");
    }
  }

  const CityPackage& package_;
  const DemandRules& rules_;
  const std::vector<engine::Unit> units_;
  const Districts districts_;
  DemandInput input_;
  std::unordered_map<std::string, std::size_t> unit_numbers_;
  std::unordered_map<std::string, std::size_t> school_numbers_;
  std::unordered_set<std::string> old_ids_;
  std::vector<std::optional<geo::Point>> inside_;  // by unit
  std::string last_unit_;                          // known; rows come sorted
  std::string last_school_;
};

}  // namespace

DemandInput load_demand_input(const CityPackage& package, const DemandRules& rules) {
  return Loader(package, rules).load();
}

}  // namespace catchment::datasets
