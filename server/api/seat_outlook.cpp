// Seat forecasts and warnings: reckoned for the offices, and what of them was published for everybody.
#include <nlohmann/json.hpp>

#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/command.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"
#include "server/outlook/outlook_desk.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using access::ObjectState;
using desk::Refused;
using nlohmann::ordered_json;

outlook::OutlookDesk& outlook_desk(const Call& call) {
  if (call.service->outlook == nullptr) throw Refused(409, "outlook_unavailable", "This service makes no forecasts.");
  return *call.service->outlook;
}

// Of a school, by the season's setup; empty where it has none there.
std::string district_of(const Service& service, const std::string& school, engine::Stage stage) {
  try {
    const std::string level(engine::to_word(stage));
    const auto* found = service.desk.find_school(level, school);
    return found == nullptr ? "" : *service.desk.find_district(level, found->district);
  } catch (const InputError&) {
    return "";  // the season has no such level
  }
}

struct OutlookFilter {
  std::optional<engine::Stage> stage;
  std::optional<int> school_year;
  std::string school;

  bool takes(std::string_view of, engine::Stage at, int year) const {
    return (!stage || *stage == at) && (!school_year || *school_year == year) && (school.empty() || school == of);
  }
};

OutlookFilter filter_of(const http::Request& request) {
  const Parameters parameters(request.query, {"stage", "school_year", "school"});
  OutlookFilter filter;
  if (const std::string* stage = parameters.find("stage")) {
    filter.stage = engine::find_stage(*stage);
    if (!filter.stage) throw InputError("parameter_invalid", "stage", "must be primary or junior");
  }
  if (const std::string* year = parameters.find("school_year")) {
    const auto number = find_count(*year, 2200);
    if (!number) throw InputError("parameter_invalid", "school_year", "must be a year");
    filter.school_year = static_cast<int>(*number);
  }
  if (const std::string* school = parameters.find("school")) filter.school = *school;
  return filter;
}

struct PublishedLine {
  std::chrono::local_seconds at{};
  std::string body;
};
using Published = std::map<std::tuple<std::string, std::string, int>, PublishedLine>;

Published read_published(Session& session) {
  Published lines;
  for (const store::Row& row :
       session.run("select school, stage, school_year, at, body from seat_outlook order by school, stage, school_year"))
    lines[{row[0].text(), row[1].text(), static_cast<int>(row[2].integer())}] = {row[3].time(), row[4].text()};
  return lines;
}

// Lines one may see: the offices' own as they are reckoned now, of others what was published.
ordered_json visible_lines(const Call& call, const OutlookFilter& filter) {
  const Actor actor = actor_of(call);
  const Published published = call.service->store.read([](Session& session) { return read_published(session); });
  ordered_json rows = ordered_json::array();
  const bool office = actor.role != access::Role::anonymous && actor.role != access::Role::guardian &&
                      actor.role != access::Role::operator_;
  if (!office) {
    require(actor, call.action, {.state = ObjectState::published});
    for (const auto& [key, line] : published) {
      const auto& [school, stage, year] = key;
      if (!filter.takes(school, *engine::find_stage(stage), year)) continue;
      rows.push_back(ordered_json::parse(line.body));
      rows.back()["published"] = engine::policy::to_text(line.at);
    }
    return rows;
  }
  const auto outlook = outlook_desk(call).get();
  for (const outlook::SeatLine& line : outlook->lines) {
    if (!filter.takes(line.school, line.stage, line.school_year)) continue;
    const auto at = published.find({line.school, std::string(engine::to_word(line.stage)), line.school_year});
    const access::Object object{.district = district_of(*call.service, line.school, line.stage), .school = line.school};
    if (may(actor, call.action, object)) {
      rows.push_back(line.body);
    } else if (at != published.end()) {
      rows.push_back(ordered_json::parse(at->second.body));
    } else {
      continue;
    }
    if (at != published.end()) rows.back()["published"] = engine::policy::to_text(at->second.at);
  }
  return rows;
}

}  // namespace

http::Response get_seat_forecasts(const Call& call) {
  return json_answer(200, {{"forecasts", visible_lines(call, filter_of(call.request))}});
}

http::Response get_warnings(const Call& call) {
  ordered_json warnings = ordered_json::array();
  for (const ordered_json& line : visible_lines(call, filter_of(call.request))) {
    for (ordered_json warning : line["warnings"]) {
      if (line.contains("published")) warning["published"] = line["published"];
      warnings.push_back(std::move(warning));
    }
  }
  return json_answer(200, {{"warnings", std::move(warnings)}});
}

http::Response post_warning_publication(const Call& call) {
  const ordered_json body = read_body(call, {"school", "stage", "school_year"});
  const std::string school = body_text(body, "school");
  const auto stage = engine::find_stage(body_text(body, "stage"));
  if (!stage) throw InputError("body_value", "/stage", "must be primary or junior");
  if (!body.contains("school_year") || !body["school_year"].is_number_integer())
    throw InputError("body_type", "/school_year", "must be a year");
  const int year = body["school_year"].get<int>();
  const std::string district = district_of(*call.service, school, *stage);
  require(actor_of(call), call.action, {.district = district});
  const auto outlook = outlook_desk(call).get();
  const outlook::SeatLine* line = outlook->find(school, *stage, year);
  if (line == nullptr) throw Refused(422, "outlook_none", "There is no forecast of this school, stage and year.");
  return run_command(call, [&](Session& session, const Actor& actor) {
    require(call, actor, {.district = district});
    const auto now = call.service->clock.now();
    session.run(
        "insert into seat_outlook (school, stage, school_year, district, body, published_by, at) values ($1, $2, $3, "
        "$4, $5, $6, $7) on conflict (school, stage, school_year) do update set body = excluded.body, published_by = "
        "excluded.published_by, at = excluded.at",
        {school, engine::to_word(*stage), year, district, line->body.dump(), actor.subject, now});
    note(call, session, actor, school,
         R"({"stage":")" + std::string(engine::to_word(*stage)) + R"(","school_year":)" + std::to_string(year) + "}");
    ordered_json out = line->body;
    out["published"] = engine::policy::to_text(now);
    return json_answer(200, out);
  });
}

}  // namespace catchment::api
