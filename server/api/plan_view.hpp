// A plan as the service shows it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/api/command.hpp"
#include "server/plans/plan_desk.hpp"
#include "server/plans/plan_rows.hpp"

namespace catchment::api {

access::Object object_of(const plans::PlanRecord& plan);
std::string tag_of(const plans::PlanRecord& plan);

// The plan of the path's {number}, if the route's action may be done to it. Throws Refused.
plans::PlanRecord get_allowed_plan(const Call& call, Session& session, const access::Actor& actor);
// The same of an act that two must want: whoever may be one of them.
plans::PlanRecord get_allowed_plan_for_two(const Call& call, Session& session, const access::Actor& actor);
// Of another number, for another action.
plans::PlanRecord get_plan_to(Session& session, const access::Actor& actor, std::string_view action,
                              std::int64_t number);
// The desk of planners; throws Refused 409 if this service has none.
plans::PlanDesk& plan_desk(const Call& call);

// A whole number in a path; what is none is a number nobody has.
std::int64_t number_of(std::string_view text);
// Throws Refused: 428 without If-Match, 412 if it is not `current`.
void check_if_match(const Call& call, const std::string& current);

http::Response plan_answer(int status, const plans::PlanRecord& plan, bool with_scenario);

}  // namespace catchment::api
