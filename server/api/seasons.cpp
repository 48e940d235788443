// A level of the season as the bureau sees it: counts, steps, seats, classes, and a rehearsal's clock.
#include <nlohmann/json.hpp>
#include <set>

#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/command.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using access::ObjectState;
using desk::Refused;
using nlohmann::ordered_json;

access::Object of_city(const Service& service) {
  return {.state = service.clock.rehearsal() ? ObjectState::rehearsal : ObjectState::unknown};
}

bool is_staff(const Actor& actor) {
  return actor.role != access::Role::anonymous && actor.role != access::Role::guardian;
}

// When each step was taken last, as post_step noted it.
ordered_json steps_taken(Session& session, const std::string& level) {
  ordered_json taken = ordered_json::object();
  for (const store::Row& row : session.run(
           "select body, max(at) from journal where kind = 'season.step' and subject = $1 group by body", {level}))
    taken[ordered_json::parse(row[0].text()).at("step").get<std::string>()] = engine::policy::to_text(row[1].time());
  return taken;
}

std::set<std::string> own_pupils(const desk::Desk& desk, Session& session, const Actor& actor,
                                 const std::string& school) {
  desk::RegistrationFilter filter;
  filter.guardian = actor.subject, filter.seat = school;
  std::set<std::string> codes;
  for (const desk::Registration& r : desk.list(session, filter)) codes.insert(r.code);
  return codes;
}

}  // namespace

http::Response get_season(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    require(call, actor, {});
    const desk::Desk& desk = call.service->desk;
    desk.rules(call.captured[0]);
    ordered_json out{{"level", call.captured[0]},
                     {"now", engine::policy::to_text(call.service->clock.now())},
                     {"stages", desk.stage_counts(session, call.captured[0])},
                     {"steps", desk::kSteps}};
    if (is_staff(actor)) out["taken"] = steps_taken(session, call.captured[0]);
    return json_answer(200, out);
  });
}

http::Response post_step(const Call& call) {
  const ordered_json body = read_body(call, {"step"});
  const std::string step = body_text(body, "step");
  return run_command(call, [&](Session& session, const Actor& actor) {
    Service& s = *call.service;
    require(call, actor, {});
    s.desk.step(session, call.captured[0], step, s.clock.now());
    note(call, session, actor, call.captured[0], R"({"step":")" + step + "\"}");
    return json_answer(
        200, {{"level", call.captured[0]}, {"step", step}, {"stages", s.desk.stage_counts(session, call.captured[0])}});
  });
}

http::Response get_seats(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const desk::Desk& desk = call.service->desk;
    const std::string& level = call.captured[0];
    const auto taken = desk.seats_taken(session, level);
    const auto extra = desk.seats_over_plan(session, level);
    ordered_json rows = ordered_json::array();
    for (const auto& school : desk.schools(level)) {
      const std::string& district = *desk.find_district(level, school.district);
      if (!may(actor, call.action, {.district = district, .school = school.id})) continue;
      const auto count = [&](const auto& counts) {
        const auto at = counts.find(school.id);
        return at == counts.end() ? std::int64_t{0} : at->second;
      };
      rows.push_back({{"school", school.id},
                      {"district", district},
                      {"private", school.is_private},
                      {"plan", school.plan},
                      {"extra", count(extra)},
                      {"taken", count(taken)},
                      {"free", school.plan + count(extra) - count(taken)},
                      {"classes", school.classes},
                      {"class_cap", school.class_cap}});
    }
    if (rows.empty()) require(call, actor, {});
    return json_answer(200, {{"level", level}, {"seats", std::move(rows)}});
  });
}

http::Response post_extra_seats(const Call& call) {
  const ordered_json body = read_body(call, {"seats"});
  if (!body.contains("seats") || !body["seats"].is_number_integer())
    throw InputError("body_type", "/seats", "must be a whole number");
  if (body["seats"] < 1 || body["seats"] > 1000) throw InputError("seats_value", "/seats", "must be 1 to 1000");
  return run_command(call, [&](Session& session, const Actor& actor) {
    Service& s = *call.service;
    const auto* school = s.desk.find_school(call.captured[0], call.captured[1]);
    require(call, actor,
            {.district = school == nullptr ? "" : *s.desk.find_district(call.captured[0], school->district)});
    s.desk.approve_extra(session, call.captured[0], call.captured[1], body["seats"].get<int>(), s.clock.now());
    note(call, session, actor, call.captured[1], R"({"seats":)" + body["seats"].dump() + "}");
    return json_answer(200, {{"school", call.captured[1]}, {"extra", body["seats"]}});
  });
}

http::Response get_classes(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const desk::Desk& desk = call.service->desk;
    const auto* school = desk.find_school(call.captured[0], call.captured[1]);
    access::Object object{.school = call.captured[1]};
    if (school != nullptr) object.district = *desk.find_district(call.captured[0], school->district);
    const bool family = actor.role == access::Role::guardian;
    std::set<std::string> own;
    if (family) own = own_pupils(desk, session, actor, call.captured[1]);
    if (!own.empty()) object.owners = {actor.subject};
    require(call, actor, object);
    if (school == nullptr) throw Refused(404, "school_unknown", "This level has no such school.");
    const auto pupils = desk.classes(session, call.captured[0], call.captured[1]);
    std::set<int> shown;  // a family sees its own children's classes
    for (const auto& [code, number] : pupils)
      if (!family || own.contains(code)) shown.insert(number);
    ordered_json rows = ordered_json::array();
    for (const auto& [code, number] : pupils)
      if (shown.contains(number)) rows.push_back({{"code", code}, {"class", number}});
    return json_answer(200, {{"school", call.captured[1]}, {"pupils", std::move(rows)}});
  });
}

http::Response put_clock(const Call& call) {
  const Parameters none(call.request.query, {});
  const ordered_json body = read_body(call, {"now"});
  const auto to = engine::policy::find_time(body_text(body, "now"));
  if (!to) throw InputError("body_value", "/now", "is no time such as 2024-07-01T08:00");
  const Actor actor = actor_of(call);
  require(call, actor, of_city(*call.service));
  call.service->clock.set(*to);
  return json_answer(200, {{"now", engine::policy::to_text(call.service->clock.now())}});
}

}  // namespace catchment::api
