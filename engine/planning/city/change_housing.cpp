// Changes of estates to come: what they bring is added to, or moved within, the children of their unit.
#include <algorithm>

#include "engine/planning/city/change_parts.hpp"
#include "engine/planning/city/city_tables.hpp"

namespace catchment::engine::planning {
namespace {

const demand::DemandModel& model_of(const PlanCity& city, const char* member) {
  if (city.sources == nullptr || city.sources->demand == nullptr) {
    PlanDraft::fail("plan_sources", member, "nothing is known of the children that estates bring");
  }
  return *city.sources->demand;
}

// What is completed by the base year has its children counted.
void require_to_come(const PlanCity& city, int completion_year, const std::string& member) {
  if (completion_year > city.base_year) return;
  PlanDraft::fail("plan_year", member,
                  "an estate of " + std::to_string(completion_year) + " is none to come: the base year is " +
                      std::to_string(city.base_year));
}

void add_children(PlanCity& city, UnitIndex unit, const std::vector<ChildParts>& more,
                  const std::vector<ChildParts>& less) {
  if (unit == kNoUnit) return;
  const std::size_t stages = city.stages.size();
  for (std::size_t k = 0; k < stages; ++k) {
    for (std::size_t y = 0; y < city.years; ++y) {
      ChildParts& children = city.children[(unit * stages + k) * city.years + y];
      children = std::max(0, children + more[y] - less[y]);
    }
  }
}

}  // namespace

void carry_out(PlanDraft& draft, const AddHousing& change) {
  const UnitIndex unit = draft.unit(change.project.unit_id, "/unit");
  const demand::DemandModel& model = model_of(draft.city(), "/id");
  require_to_come(draft.city(), change.project.completion_year, "/completion_year");
  const bool taken = std::ranges::any_of(draft.city().housing,
                                         [&](const CityHousing& h) { return h.project.id == change.project.id; });
  if (taken) PlanDraft::fail("plan_exists", "/id", "there is an estate " + change.project.id + " already");
  PlanCity next = draft.city();
  next.housing.push_back({change.project, unit});
  add_children(next, unit, arrivals_of(model, change.project, next.years), std::vector<ChildParts>(next.years, 0));
  draft.take_city(std::move(next));
}

void carry_out(PlanDraft& draft, const DelayHousing& change) {
  const demand::DemandModel& model = model_of(draft.city(), "/id");
  PlanCity next = draft.city();
  const auto estate =
      std::ranges::find_if(next.housing, [&](const CityHousing& h) { return h.project.id == change.id; });
  if (estate == next.housing.end()) PlanDraft::fail("plan_unknown", "/id", "no estate has the id " + change.id);
  if (estate->project.completion_year == change.completion_year) {
    PlanDraft::fail("plan_nothing", "/completion_year", "the estate is to be completed in that year already");
  }
  require_to_come(next, estate->project.completion_year, "/id");
  require_to_come(next, change.completion_year, "/completion_year");
  const std::vector<ChildParts> before = arrivals_of(model, estate->project, next.years);
  estate->project.completion_year = change.completion_year;
  const std::vector<ChildParts> after = arrivals_of(model, estate->project, next.years);
  add_children(next, estate->unit, after, before);
  draft.take_city(std::move(next));
}

}  // namespace catchment::engine::planning
