// Plans: made, listed, read, changed and deleted; the scenario is held to its schema and to the city.
#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/model.hpp"
#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/plan_view.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using access::ObjectState;
using desk::Refused;
using nlohmann::ordered_json;
using plans::PlanRecord;
using plans::PlanState;

constexpr std::size_t kLongestName = 100;
constexpr std::uint32_t kLongestPlanPage = 200;

ordered_json plan_json(const PlanRecord& plan, bool with_scenario) {
  ordered_json out{{"number", plan.number},
                   {"name", plan.name},
                   {"district", plan.district},
                   {"base", plan.base},
                   {"base_year", plan.base_year},
                   {"state", plans::to_word(plan.state)},
                   {"version", plan.version},
                   {"created", engine::policy::to_text(plan.created)},
                   {"changed", engine::policy::to_text(plan.changed)}};
  if (with_scenario) out["scenario"] = ordered_json::parse(plan.scenario);
  return out;
}

std::string name_of(const ordered_json& body) {
  std::string name = body_text(body, "name");
  if (count_characters(name) > kLongestName)
    throw InputError("body_value", "/name", "must have at most 100 characters");
  return name;
}

std::string scenario_of(const ordered_json& body) {
  if (!body.contains("scenario")) return "[]";
  if (!body["scenario"].is_array()) throw InputError("body_type", "/scenario", "must be a list of changes");
  return body["scenario"].dump();
}

// District of each school of a stage, as the season has it.
std::map<std::string, std::string> school_districts(const desk::Desk& desk, std::string_view stage) {
  std::map<std::string, std::string> districts;
  for (const std::string& level : desk.levels()) {
    if (level != stage) continue;
    for (const auto& school : desk.schools(level))
      districts.emplace(school.id, *desk.find_district(level, school.district));
  }
  return districts;
}

// The units of the city in force that a unit was made of.
void add_base_units(const engine::planning::PlanCity& city, std::size_t base, engine::planning::UnitIndex unit,
                    std::vector<engine::planning::UnitIndex>& out) {
  if (unit < base) return out.push_back(unit);
  for (const engine::planning::UnitIndex part : city.units[unit].made_of) add_base_units(city, base, part, out);
}

// A district's plan moves the district's units among the district's schools. Throws Refused 403; what make() does.
void check_plan(const Call& call, const PlanRecord& plan) {
  using namespace engine::planning;
  plans::PlanDesk& desk = plan_desk(call);
  const CityPlan after = desk.make(plan.base, plan.scenario);
  if (plan.district.empty()) return;
  const CityPlan before = desk.make(plan.base, "[]");
  std::vector<UnitIndex> made_of;
  for (StageIndex stage = 0; stage < after.city().stages.size(); ++stage) {
    const auto districts = school_districts(call.service->desk, engine::to_word(after.city().stages[stage]));
    const auto is_own = [&](const CityPlan& of, UnitIndex unit, YearIndex year) {
      return std::ranges::all_of(of.schools_of(unit, stage, year), [&](SchoolIndex school) {
        const auto found = districts.find(of.city().schools[school].id);
        return found == districts.end() || found->second == plan.district;
      });
    };
    for (UnitIndex unit = 0; unit < after.city().units.size(); ++unit) {
      if (!after.city().units[unit].in_force) continue;
      made_of.clear();
      add_base_units(after.city(), before.city().units.size(), unit, made_of);
      for (YearIndex year = 0; year < after.city().years; ++year) {
        for (const UnitIndex from : made_of) {
          if (std::ranges::equal(after.schools_of(unit, stage, year), before.schools_of(from, stage, year))) continue;
          if (!is_own(before, from, year) || !is_own(after, unit, year))
            throw Refused(403, "other_district",
                          "Unit " + after.city().units[unit].id + " or its school is not of the plan's district.", "",
                          "/scenario");
        }
      }
    }
  }
}

}  // namespace

access::Object object_of(const PlanRecord& plan) {
  constexpr std::array kStates{ObjectState::draft, ObjectState::consulting, ObjectState::approved,
                               ObjectState::published};
  return {.district = plan.district, .state = kStates[static_cast<std::size_t>(plan.state)]};
}

std::string tag_of(const PlanRecord& plan) {
  return http::make_etag("plan " + std::to_string(plan.number) + " v" + std::to_string(plan.version));
}

std::int64_t number_of(std::string_view text) { return find_count(text, 1'000'000'000).value_or(0); }

void check_if_match(const Call& call, const std::string& current) {
  switch (http::if_match(call.request, current)) {
    case http::Precondition::missing:
      throw Refused(428, "if_match_missing", "Send the ETag you have read as If-Match.", "", "If-Match");
    case http::Precondition::failed:
      throw Refused(412, "changed_meanwhile", "Somebody changed it since you read it.", "", "If-Match");
    default:
      return;
  }
}

PlanRecord get_plan_to(Session& session, const Actor& actor, std::string_view action, std::int64_t number) {
  const auto found = plans::find_plan(session, number);
  if (!found) {
    require(actor, action, {});  // what a stranger is told of any number
    throw Refused(404, "not_found", "There is nothing here.");
  }
  require(actor, action, object_of(*found));
  return *found;
}

PlanRecord get_allowed_plan(const Call& call, Session& session, const Actor& actor) {
  return get_plan_to(session, actor, call.action, number_of(call.captured[0]));
}

PlanRecord get_allowed_plan_for_two(const Call& call, Session& session, const Actor& actor) {
  const auto found = plans::find_plan(session, number_of(call.captured[0]));
  const access::Decision decision = access::authorize(actor, call.action, found ? object_of(*found) : access::Object{});
  if (found && decision.why == access::Why::second_person) return *found;
  return get_allowed_plan(call, session, actor);
}

plans::PlanDesk& plan_desk(const Call& call) {
  if (call.service->plans == nullptr) throw Refused(409, "plans_unavailable", "This service makes no plans.");
  return *call.service->plans;
}

http::Response plan_answer(int status, const PlanRecord& plan, bool with_scenario) {
  http::Response response = json_answer(status, plan_json(plan, with_scenario));
  response.etag = tag_of(plan);
  if (status == 201) response.headers.emplace_back("Location", "/v1/plans/" + std::to_string(plan.number));
  return response;
}

http::Response get_plans(const Call& call) {
  static const std::initializer_list<std::string_view> kKnown{"state", "district", "after", "limit", "case"};
  const Parameters parameters(call.request.query, kKnown);
  const std::string *state = parameters.find("state"), *district = parameters.find("district");
  const auto after = find_count(parameters.find("after") != nullptr ? *parameters.find("after") : "0", 1'000'000'000);
  const auto limit =
      find_count(parameters.find("limit") != nullptr ? *parameters.find("limit") : "50", kLongestPlanPage);
  if (!after) throw InputError("parameter_invalid", "after", "must be the number of a plan");
  if (!limit || *limit == 0) throw InputError("parameter_invalid", "limit", "must be 1 to 200");
  return run_read(
      call,
      [&](Session& session, const Actor& actor) {
        ordered_json rows = ordered_json::array();
        // Of those one may not see nothing is told, not even that a page was theirs.
        std::int64_t last = *after;
        bool more = true;
        while (more && rows.size() < *limit) {
          const auto page = plans::list_plans(session, last, static_cast<int>(kLongestPlanPage));
          more = page.size() == kLongestPlanPage;
          for (const PlanRecord& plan : page) {
            if (rows.size() == *limit) {
              more = true;
              break;
            }
            last = plan.number;
            const bool wanted = (state == nullptr || *state == plans::to_word(plan.state)) &&
                                (district == nullptr || *district == plan.district);
            if (wanted && may(actor, call.action, object_of(plan))) rows.push_back(plan_json(plan, false));
          }
        }
        ordered_json body{{"plans", std::move(rows)}};
        if (more) body["next"] = last;
        return json_answer(200, body);
      },
      kKnown);
}

http::Response post_plan(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const ordered_json body = read_body(call, {"name", "district", "base", "scenario"});
  PlanRecord plan;
  plan.name = name_of(body), plan.scenario = scenario_of(body);
  plan.district = find_body_text(body, "district"), plan.base = find_body_text(body, "base");
  const Actor asker = actor_of(call);
  require(asker, call.action, {.district = plan.district});  // before minutes of a processor are spent
  plan.base_year = plan_desk(call).ground()->city->base_year;
  check_plan(call, plan);
  return run_command(call, [&](Session& session, const Actor& actor) {
    require(call, actor, {.district = plan.district});
    plan.created_by = actor.subject, plan.created = call.service->clock.now();
    const PlanRecord made = plans::add_plan(session, plan);
    note(call, session, actor, std::to_string(made.number));
    return plan_answer(201, made, true);
  });
}

http::Response get_plan(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    return plan_answer(200, get_allowed_plan(call, session, actor), true);
  });
}

http::Response put_plan(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const ordered_json body = read_body(call, {"name", "scenario"});
  const std::string name = name_of(body), scenario = scenario_of(body);
  const Actor asker = actor_of(call);
  PlanRecord wanted =
      call.service->store.read([&](Session& session) { return get_allowed_plan(call, session, asker); });
  check_if_match(call, tag_of(wanted));
  wanted.scenario = scenario;
  check_plan(call, wanted);
  return run_command(call, [&](Session& session, const Actor& actor) {
    PlanRecord plan = get_allowed_plan(call, session, actor);
    check_if_match(call, tag_of(plan));
    plan.name = name, plan.scenario = scenario;
    plans::change_plan(session, plan, call.service->clock.now());
    note(call, session, actor, std::to_string(plan.number), R"({"version":)" + std::to_string(plan.version) + "}");
    return plan_answer(200, plan, true);
  });
}

http::Response delete_plan(const Call& call) {
  return run_command(call, [&](Session& session, const Actor& actor) {
    const PlanRecord plan = get_allowed_plan(call, session, actor);
    check_if_match(call, tag_of(plan));
    plans::delete_plan(session, plan.number);
    note(call, session, actor, std::to_string(plan.number), R"({"deleted":true})");
    http::Response response;
    response.status = 204;
    return response;
  });
}

}  // namespace catchment::api
