#include "server/outlook/demand_areas.hpp"

#include <algorithm>
#include <set>

namespace catchment::outlook {
namespace {

using engine::LayerKey;
using engine::Stage;

std::vector<LayerKey> layers_in_force(const std::vector<LayerKey>& there, int school_year) {
  std::map<Stage, int> year;
  for (const LayerKey& key : there) {  // sorted by stage, then year
    const auto [at, first] = year.try_emplace(key.stage, key.school_year);
    if (!first && key.school_year <= school_year) at->second = key.school_year;
  }
  std::set<Stage> general;
  for (const LayerKey& key : there) {
    if (key.school_year == year[key.stage] && key.kind == "general") general.insert(key.stage);
  }
  std::vector<LayerKey> chosen;
  for (const LayerKey& key : there) {
    if (key.school_year != year[key.stage]) continue;
    if (key.kind == "general" || !general.contains(key.stage)) chosen.push_back(key);
  }
  return chosen;
}

void add_plan(const datasets::CityPackage& package, const std::string& id, std::vector<DemandArea>& areas) {
  const auto plans = package.plans();
  const auto plan = std::ranges::find(plans, id, &engine::Plan::id);
  if (plan == plans.end()) return;
  std::map<std::string, std::string> school_of;
  for (const engine::PlanUnit& row : package.plan_units()) {
    if (row.plan_id == id) school_of[row.unit_id] = row.school_id;
  }
  std::map<std::string, DemandArea> by_school;
  for (const engine::Unit& unit : package.units()) {
    const auto school = school_of.find(unit.id);
    if (school == school_of.end()) continue;
    DemandArea& area = by_school[school->second];
    area.shape.insert(area.shape.end(), unit.shape.begin(), unit.shape.end());
  }
  std::map<std::string, std::string> names;
  for (const engine::School& school : package.schools()) names[school.id] = school.name;
  std::erase_if(areas, [&](const DemandArea& a) { return a.stage == plan->layer.stage; });
  for (auto& [school, area] : by_school) {
    const auto name = names.find(school);
    area.id = school, area.name = name == names.end() ? school : name->second;
    area.stage = plan->layer.stage, area.school_year = plan->layer.school_year;
    area.school_ids = {school};
    areas.push_back(std::move(area));
  }
}

}  // namespace

std::vector<DemandArea> find_areas(const datasets::CityPackage& package, int school_year,
                                   const std::vector<LayerKey>& chosen, const std::string& plan) {
  const std::vector<LayerKey> there = package.layers();
  std::vector<DemandArea> areas;
  for (const LayerKey& key : chosen.empty() ? layers_in_force(there, school_year) : chosen) {
    for (engine::Zone& zone : package.zones(key)) {
      areas.push_back({zone.id, zone.name, key.stage, key.school_year, zone.school_ids, std::move(zone.shape)});
    }
  }
  if (!plan.empty()) add_plan(package, plan, areas);
  std::ranges::stable_sort(areas, {}, [](const DemandArea& a) { return std::pair(a.stage, a.id); });
  return areas;
}

Neighbourhood find_neighbours(const std::vector<DemandArea>& areas) {
  std::map<std::pair<Stage, geo::Point>, std::set<std::size_t>> at;
  for (std::size_t i = 0; i < areas.size(); ++i) {
    geo::for_each_ring(areas[i].shape, [&](const geo::Ring& ring) {
      for (const geo::Point p : ring) at[{areas[i].stage, p}].insert(i);
    });
  }
  std::map<std::pair<std::size_t, std::size_t>, int> shared;
  for (const auto& [place, touching] : at) {
    for (auto a = touching.begin(); a != touching.end(); ++a) {
      for (auto b = std::next(a); b != touching.end(); ++b) ++shared[{*a, *b}];
    }
  }
  Neighbourhood result;
  for (const DemandArea& area : areas) {
    for (const std::string& one : area.school_ids) {
      for (const std::string& other : area.school_ids) {
        if (one != other) result[{one, area.stage}][other] = "shared_zone";
      }
    }
  }
  for (const auto& [pair, vertices] : shared) {
    if (vertices < 2) continue;
    for (const std::string& one : areas[pair.first].school_ids) {
      for (const std::string& other : areas[pair.second].school_ids) {
        if (one == other) continue;
        result[{one, areas[pair.first].stage}].try_emplace(other, "adjacent_zone");
        result[{other, areas[pair.first].stage}].try_emplace(one, "adjacent_zone");
      }
    }
  }
  return result;
}

}  // namespace catchment::outlook
