#include "datasets/season_of_city.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numbers>

#include "geo/even_odd.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace admission = engine::admission;

constexpr double kMetresPerDegree = 111'319.49;  // of a great circle of 6,378,137 m

struct PlannedSeats {
  int seats = 0, classes = 0;
};

// Seats and classes of each school and stage in that year.
std::map<std::pair<std::string, engine::Stage>, PlannedSeats> plans_of(const CityPackage& package, int school_year) {
  std::map<std::string, engine::AdmissionUnit> units;
  for (engine::AdmissionUnit& unit : package.admission_units()) units.emplace(unit.id, unit);
  std::map<std::string, std::vector<engine::Stage>> stages;
  for (const engine::School& school : package.schools()) stages.emplace(school.id, school.stages);
  std::map<std::pair<std::string, engine::Stage>, PlannedSeats> plans;
  for (const engine::AdmissionPlan& plan : package.admission_plans()) {
    if (plan.school_year != school_year) continue;
    const auto unit = units.find(plan.admission_unit_id);
    const auto add = [&](const std::string& school, engine::Stage stage) {
      PlannedSeats& at = plans[{school, stage}];
      at.seats += plan.seats.value_or(0), at.classes += plan.classes.value_or(0);
    };
    if (unit != units.end()) {
      add(unit->second.school_id, unit->second.stage);
    } else if (const auto school = stages.find(plan.admission_unit_id); school != stages.end()) {
      for (const engine::Stage stage : school->second) add(school->first, stage);
    }
  }
  return plans;
}

std::string district_of(const std::vector<engine::Place>& places, geo::Point at) {
  for (const engine::Place& place : places) {
    if (place.kind == "district" && geo::covers_between_units(place.shape, at, 0.5, 0.5)) return place.id;
  }
  return "city";
}

}  // namespace

CityGrid::CityGrid(const std::vector<engine::Campus>& campuses) {
  if (campuses.empty()) throw InputError("season_city", "campus", "the city has no campuses");
  lon0_ = lat0_ = std::numeric_limits<double>::max();
  double lat1 = std::numeric_limits<double>::lowest();
  for (const engine::Campus& campus : campuses) {
    const geo::Degrees at = geo::to_degrees(campus.position);
    lon0_ = std::min(lon0_, at.lon), lat0_ = std::min(lat0_, at.lat), lat1 = std::max(lat1, at.lat);
  }
  metres_per_degree_east_ = kMetresPerDegree * std::cos((lat0_ + lat1) / 2 * std::numbers::pi / 180);
}

CityGrid::Metres CityGrid::metres(geo::Point point) const {
  const geo::Degrees at = geo::to_degrees(point);
  return {static_cast<int>(std::lround((at.lon - lon0_) * metres_per_degree_east_)),
          static_cast<int>(std::lround((at.lat - lat0_) * kMetresPerDegree))};
}

SeasonDir season_of_city(const CityPackage& package, const std::string& place, int school_year, int plans_year) {
  SeasonDir dir;
  admission::SeasonTables& tables = dir.tables;
  admission::SeasonRow season;
  season.place = place, season.school_year = school_year, season.synthetic = package.synthetic();
  tables.season.push_back(season);
  const std::vector<engine::Campus> campuses = package.campuses();
  const CityGrid grid(campuses);
  const auto plans = plans_of(package, plans_year);
  const std::vector<engine::Place> places = package.places();
  std::map<std::string, std::string> districts;
  for (const engine::School& school : package.schools()) {
    const auto campus = std::ranges::find(campuses, school.id, &engine::Campus::school_id);
    if (school.status == "closed" || campus == campuses.end()) continue;
    const std::string& district = districts[school.id] = district_of(places, campus->position);
    const CityGrid::Metres at = grid.metres(campus->position);
    dir.sites.push_back({school.id, at.x_m, at.y_m});
    for (const engine::Stage stage : school.stages) {
      if (stage == engine::Stage::senior) continue;
      admission::SchoolRow row;
      row.school_id = school.id, row.name = school.name, row.stage = engine::to_word(stage);
      row.ownership = school.ownership, row.kind = "general", row.district = district;
      const auto plan = plans.find({school.id, stage});
      row.plan_seats = plan == plans.end() ? 0 : plan->second.seats;
      row.plan_classes = plan == plans.end() ? 0 : plan->second.classes;
      tables.schools.push_back(std::move(row));
    }
  }
  if (tables.schools.empty()) throw InputError("season_city", "school", "the city has no open school");
  for (const engine::LayerKey& layer : package.layers()) {
    if (layer.school_year != school_year || layer.kind != "general" || layer.stage == engine::Stage::senior) continue;
    for (const engine::Zone& zone : package.zones(layer)) {
      admission::ZoneRow row;
      row.zone_id = zone.id, row.stage = engine::to_word(layer.stage);
      row.school_ids = zone.school_ids;
      if (!zone.school_ids.empty()) row.district = districts[zone.school_ids.front()];
      tables.zones.push_back(std::move(row));
    }
  }
  return dir;
}

}  // namespace catchment::datasets
