// A plan's zones in the words of a notice, with what the words leave wrong: what `zones print` says of a layer, of the
// zones that a plan changes.
#pragma once

#include <nlohmann/json.hpp>
#include <span>

#include "engine/planning/city/plan_zones.hpp"
#include "engine/zone_text/ground.hpp"

namespace catchment::plans {

// Of the zones a stage and year has after the plan, those with another shape or other schools than in force. A list, in
// the order of `zones`: {"zone", "schools", "names", "text", "iou", "changed", "findings"}. Seconds for a plan that
// changes many.
nlohmann::ordered_json notice_json(const engine::planning::CityPlan& in_force, const engine::planning::CityPlan& plan,
                                   std::span<const engine::planning::PlanZone> zones,
                                   engine::planning::StageIndex stage, engine::planning::YearIndex year,
                                   const engine::zone_text::Ground& ground);

}  // namespace catchment::plans
