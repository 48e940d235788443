#include "engine/planning/city/plan_demand.hpp"

#include <algorithm>
#include <map>

#include "engine/planning/city/plan_change.hpp"

namespace catchment::engine::planning {
namespace {

using demand::ScenarioChange;
using Weights = std::map<SchoolIndex, double>;  // of a unit's children; no zeros

ScenarioChange school_change(ScenarioChange::Kind kind, const std::string& school, int from_year) {
  ScenarioChange change;
  change.kind = kind, change.school_id = school, change.from_year = from_year;
  return change;
}

// What opens schools and builds estates; what ends schools goes behind it.
struct CityChanges {
  std::vector<ScenarioChange> first, ends;

  void add(const OpenSchool& change, const PlanCity&) {
    for (const Stage stage : change.stages) {
      first.push_back(school_change(ScenarioChange::Kind::open_school, change.school, change.from_year));
      first.back().stage = stage;
    }
  }
  void add(const CloseSchool& change, const PlanCity&) {
    ends.push_back(school_change(ScenarioChange::Kind::close_school, change.school, change.from_year));
  }
  void add(const MergeSchool& change, const PlanCity&) {
    ends.push_back(school_change(ScenarioChange::Kind::merge_school, change.school, change.from_year));
    ends.back().into_school_id = change.into;
  }
  void add(const AddHousing& change, const PlanCity& city) {
    ScenarioChange to;
    to.kind = ScenarioChange::Kind::add_housing, to.housing = change.project;
    // A unit that came about by splits and merges is, to the forecast, the first it came from.
    if (const auto unit = city.find_unit(change.project.unit_id); unit && !city.units[*unit].origins.empty()) {
      to.housing.unit_id = city.units[city.units[*unit].origins.front().unit].id;
    }
    first.push_back(std::move(to));
  }
  void add(const DelayHousing& change, const PlanCity&) {
    ScenarioChange to;
    to.kind = ScenarioChange::Kind::delay_housing;
    to.housing.id = change.id, to.housing.completion_year = change.completion_year;
    first.push_back(std::move(to));
  }
  template <class Other>
  void add(const Other&, const PlanCity&) {}
};

// Which schools have a unit of the city as it was read, and how much of it: [unit], by the parts in force.
class UnitWeights {
 public:
  UnitWeights(const CityPlan& plan, std::size_t units) : plan_(plan), parts_(units) {
    for (UnitIndex u = 0; u < plan.city().units.size(); ++u) {
      const CityUnit& unit = plan.city().units[u];
      if (!unit.in_force) continue;
      if (unit.origins.empty()) parts_[u].push_back({u, kWholeChild});
      for (const UnitOrigin& o : unit.origins) parts_[o.unit].push_back({u, o.parts});
    }
  }

  Weights of(UnitIndex unit, StageIndex stage, YearIndex year) const {
    Weights weights;
    double all = 0;
    for (const auto& [part, parts] : parts_[unit]) {
      const auto schools = plan_.schools_of(part, stage, year);
      for (const SchoolIndex s : schools)
        weights[s] += static_cast<double>(parts) / static_cast<double>(schools.size());
      if (!schools.empty()) all += parts;
    }
    std::erase_if(weights, [](const auto& entry) { return !(entry.second > 0); });
    for (auto& [school, weight] : weights) weight /= all;
    return weights;
  }

 private:
  const CityPlan& plan_;
  std::vector<std::vector<std::pair<UnitIndex, std::int32_t>>> parts_;
};

// The first takes all, each later one its share of those before it.
void reassign(const PlanCity& city, UnitIndex unit, StageIndex stage, YearIndex year, const Weights& weights,
              std::vector<ScenarioChange>& changes) {
  double taken = 0;
  for (const auto& [school, weight] : weights) {
    taken += weight;
    ScenarioChange change =
        school_change(ScenarioChange::Kind::reassign_unit, city.schools[school].id, city.school_year(year));
    change.unit_id = city.units[unit].id, change.stage = city.stages[stage];
    change.share = weight / taken;
    changes.push_back(std::move(change));
  }
}

}  // namespace

std::vector<ScenarioChange> to_demand_changes(const CityPlan& before, const CityPlan& after) {
  CityChanges changes;
  for (const AppliedChange* applied : after.history()) {
    std::visit([&](const auto& body) { changes.add(body, after.city()); }, applied->change->body);
  }
  std::vector<ScenarioChange> result = std::move(changes.first);
  result.insert(result.end(), changes.ends.begin(), changes.ends.end());
  const std::size_t units = before.city().units.size();
  const UnitWeights was(before, units), is(after, units);
  for (UnitIndex u = 0; u < units; ++u) {
    for (StageIndex k = 0; k < before.city().stages.size(); ++k) {
      std::optional<Weights> told;  // what the forecast takes to hold on, once it was told anything
      for (YearIndex y = 0; y < before.city().years; ++y) {
        Weights now = is.of(u, k, y);
        if (now.empty() || now == (told ? *told : was.of(u, k, y))) continue;
        reassign(after.city(), u, k, y, now, result);
        told = std::move(now);
      }
    }
  }
  return result;
}

}  // namespace catchment::engine::planning
