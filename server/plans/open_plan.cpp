#include "server/plans/open_plan.hpp"

namespace catchment::plans {

using namespace engine::planning;

OpenPlan::OpenPlan(CityPlan in_force, CityPlan plan) : in_force_(std::move(in_force)), plan_(std::move(plan)) {}

void OpenPlan::bring(std::span<const PlanChange> tried) {
  const CityPlan wanted = tried.empty() ? plan_ : engine::planning::apply(plan_, tried);
  if (!live_) {
    live_.emplace(in_force_, wanted);
  } else {
    live_->update(wanted);
  }
}

const std::vector<PlanZone>& OpenPlan::zones() {
  std::call_once(zoned_, [this] { zones_ = find_zones(plan_); });
  return zones_;
}

}  // namespace catchment::plans
