// What long jobs there are: a redraw of a plan's zones, and an ensemble that shows where a plan stands.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "server/plans/job_rows.hpp"
#include "server/plans/plan_desk.hpp"

namespace catchment::plans {

// The share done, 0-1, and what is known by then; false: leave at once.
using JobAlive = std::function<bool(double share, const nlohmann::ordered_json& known)>;

// Throws InputError: job_kind, or what is wrong with an option, at /options/...: job_option, redraw_goal.
void check_job(const std::string& kind, const nlohmann::ordered_json& options);

// The result; none if it was told to leave. Deterministic where options name rounds or steps and no seconds. Throws
// Refused, InputError on what cannot be reckoned.
std::optional<nlohmann::ordered_json> run_job(PlanDesk& desk, const JobRow& job, const JobAlive& alive);

// The scenario that the result makes of the plan it began with: that plan's changes and those found. Empty if the
// result has none.
std::optional<nlohmann::ordered_json> scenario_of(const JobRow& job);

}  // namespace catchment::plans
