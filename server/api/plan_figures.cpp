// What a plan means: indicators, evaluated live; beside another plan; its zones, units, certificate and files.
#include <nlohmann/json.hpp>

#include "datasets/city_plan.hpp"
#include "engine/planning/comparison/statement.hpp"
#include "geo/input_error.hpp"
#include "server/api/json_text.hpp"
#include "server/api/plan_view.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"
#include "server/plans/plan_geopackage.hpp"
#include "server/plans/plan_json.hpp"
#include "server/plans/plan_notice.hpp"

namespace catchment::api {
namespace {

using namespace engine::planning;
using desk::Refused;
using nlohmann::ordered_json;
using plans::OpenPlan;
using plans::PlanRecord;

struct Shown {
  PlanRecord record;
  std::shared_ptr<OpenPlan> open;
};

// The plan of the path, opened outside of any transaction.
Shown open_allowed(const Call& call) {
  const access::Actor actor = actor_of(call);
  const PlanRecord plan =
      call.service->store.read([&](Session& session) { return get_allowed_plan(call, session, actor); });
  return {plan, plan_desk(call).open(plan)};
}

// ?stage= and ?school_year=, with the first stage and year of the plan where they are not given.
struct StageYear {
  StageIndex stage = 0;
  YearIndex year = 0;
};
StageYear stage_year_of(const Parameters& parameters, const PlanCity& city) {
  StageYear at;
  if (const std::string* stage = parameters.find("stage")) {
    const auto word = engine::find_stage(*stage);
    const auto index = word ? city.find_stage(*word) : std::nullopt;
    if (!index) throw InputError("parameter_invalid", "stage", "is no stage that is planned");
    at.stage = *index;
  }
  if (const std::string* year = parameters.find("school_year")) {
    const auto number = find_count(*year, 2200);
    const auto index = number ? city.find_year(static_cast<int>(*number)) : std::nullopt;
    if (!index) throw InputError("parameter_invalid", "school_year", "is outside the years planned");
    at.year = *index;
  }
  return at;
}

void append_feature(std::string& out, const ordered_json& properties, const geo::MultiPolygon& shape) {
  if (out.back() == '}') out += ",";
  out += R"({"type":"Feature","properties":)";
  out += properties.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  out += R"(,"geometry":)";
  if (shape.empty()) {
    out += "null";
  } else {
    append_geometry(out, shape);
  }
  out += "}";
}

http::Response geojson_answer(std::string body) {
  http::Response response;
  response.content_type = "application/geo+json";
  response.etag = http::make_etag(body);
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

std::string_view kind_of(const CityPlan& plan, AnswerIndex answer) {
  if (answer < kFirstSet || answer == kNobody) return "";
  return plan.set_of(answer).kind == SchoolSet::Kind::transition ? "transition" : "shared";
}

ordered_json unit_json(const CityPlan& plan, UnitIndex u, StageYear at) {
  const PlanCity& city = plan.city();
  ordered_json schools = ordered_json::array();
  for (const SchoolIndex s : plan.schools_of(u, at.stage, at.year)) schools.push_back(city.schools[s].id);
  ordered_json out{{"unit", city.units[u].id}, {"name", city.units[u].name}, {"schools", std::move(schools)}};
  const std::string_view kind = kind_of(plan, plan.answer(u, at.stage, at.year));
  if (!kind.empty()) out["kind"] = kind;
  out["children"] = static_cast<double>(city.children_of(u, at.stage, at.year)) / kWholeChild;
  const auto lock = plan.locks().find(u);
  if (lock != plan.locks().end()) out["locked"] = {{"reason", lock->second.reason}, {"owner", lock->second.owner}};
  return out;
}

// The same of a member of a body.
StageYear stage_year_of(const ordered_json& body, const char* key, const PlanCity& city) {
  const std::string where = std::string("/") + key + "/";
  const ordered_json& at = body[key];
  if (!at.is_object() || at.size() != 2 || !at.contains("stage") || !at.contains("school_year"))
    throw InputError("body_type", std::string("/") + key, "must be a stage and a school year");
  const auto word = at["stage"].is_string() ? engine::find_stage(at["stage"].get<std::string>()) : std::nullopt;
  const auto stage = word ? city.find_stage(*word) : std::nullopt;
  if (!stage) throw InputError("body_value", where + "stage", "is no stage that is planned");
  const ordered_json& number = at["school_year"];
  const bool known = number.is_number_integer() && number >= 0 && number <= 2200;
  const auto year = known ? city.find_year(number.get<int>()) : std::nullopt;
  if (!year) throw InputError("body_value", where + "school_year", "is outside the years planned");
  return {*stage, *year};
}

// What was tried was made from the stored plan, so numbers of units, and of answers, mean the same in both.
bool is_as_stored(const CityPlan& stored, const CityPlan& plan, UnitIndex u, StageYear at) {
  const auto lock_of = [&](const CityPlan& in) {
    const auto found = in.locks().find(u);
    return found == in.locks().end() ? nullptr : &found->second;
  };
  const UnitLock *now = lock_of(plan), *before = lock_of(stored);
  return plan.answer(u, at.stage, at.year) == stored.answer(u, at.stage, at.year) &&
         plan.city().children_of(u, at.stage, at.year) == stored.city().children_of(u, at.stage, at.year) &&
         (now == nullptr || before == nullptr ? now == before : *now == *before);
}

// What a map shows of changes that are tried: each school's load, and the units that are not as in the plan stored,
// with the shapes of those it does not have.
void put_shown(ordered_json& out, const CityPlan& stored, const LivePlan& live, StageYear at) {
  const CityPlan& plan = live.plan();
  const PlanCity& city = plan.city();
  ordered_json schools = ordered_json::array(), units = ordered_json::array(), gone = ordered_json::array();
  for (SchoolIndex s = 0; s < city.schools.size(); ++s) {
    const SchoolLoad load = live.load(s, at.stage, at.year);
    if (!load.open && load.units == 0) continue;
    schools.push_back({{"school", city.schools[s].id},
                       {"name", city.schools[s].name},
                       {"units", load.units},
                       {"children", static_cast<double>(load.children) / kWholeChild},
                       {"seats", plans::or_unknown(load.seats)},
                       {"demand", plans::or_unknown(load.demand)},
                       {"over_probability", plans::or_unknown(load.over)}});
  }
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    const bool had = u < stored.city().units.size() && stored.city().units[u].in_force;
    if (!city.units[u].in_force) {
      if (had) gone.push_back(city.units[u].id);
      continue;
    }
    if (had && is_as_stored(stored, plan, u, at)) continue;
    ordered_json unit = unit_json(plan, u, at);
    if (had && unit == unit_json(stored, u, at)) continue;
    std::string shape;
    if (!had && city.units[u].shape) {
      append_geometry(shape, *city.units[u].shape);
      unit["geometry"] = ordered_json::parse(shape);
    }
    units.push_back(std::move(unit));
  }
  out["schools"] = std::move(schools), out["units"] = std::move(units), out["gone"] = std::move(gone);
}

// Whom the plan is compared with: ?with= a plan, or the zones in force.
Shown open_other(const Call& call, const Parameters& parameters) {
  const std::string* with = parameters.find("with");
  if (with == nullptr) return {{.name = "现行划片"}, plan_desk(call).open_in_force()};
  const access::Actor actor = actor_of(call);
  const PlanRecord other = call.service->store.read(
      [&](Session& session) { return get_plan_to(session, actor, call.action, number_of(*with)); });
  return {other, plan_desk(call).open(other)};
}

std::vector<StatementLine> state_plan(const Call& call, const Shown& before, const Shown& after, const PlanMoves& moves,
                                      const LivePlan& live_before, const LivePlan& live_after) {
  const PlanCertificate certificate = certify(after.open->plan());
  StatementInput input{before.open->plan(), after.open->plan(), moves, certificate, nullptr, nullptr, "", false};
  if (live_after.facts(0).draws > 0) input.live_before = &live_before, input.live_after = &live_after;
  input.plan_name = after.record.name;
  input.synthetic = plan_desk(call).ground()->synthetic;
  return make_statement(input);
}

std::string units_csv(const CityPlan& plan) {
  std::string out = "unit,stage,from_year,to_year,schools,kind\n";
  const auto field = [](const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
    return quoted + "\"";
  };
  for (const datasets::PlanRow& row : datasets::rows_of_plan(plan)) {
    std::string schools;
    for (const std::string& id : row.schools) schools += (schools.empty() ? "" : "+") + id;
    out += field(row.unit) + "," + std::string(engine::to_word(row.stage)) + "," + std::to_string(row.from_year) + "," +
           std::to_string(row.to_year) + "," + field(schools) + "," + row.kind + "\n";
  }
  return out;
}

std::string zones_geojson(OpenPlan& open, const std::optional<StageYear>& at) {
  const PlanCity& city = open.plan().city();
  std::string out = R"({"type":"FeatureCollection","features":[)";
  for (const PlanZone& zone : open.zones()) {
    if (at && (zone.stage != at->stage || at->year < zone.from || at->year >= zone.to)) continue;
    append_feature(out, plans::zone_properties(city, zone), zone.shape);
  }
  return out + "]}";
}

}  // namespace

http::Response post_evaluate(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const ordered_json body = read_body(call, {"schools"});
  const bool schools = body.contains("schools") && body["schools"].is_boolean() && body["schools"].get<bool>();
  const Shown plan = open_allowed(call);
  return plan.open->evaluate({}, [&](LivePlan& live) {
    const PlanCity& city = live.plan().city();
    const LiveOptions usual;
    ordered_json out{{"plan", plan.record.number},  {"version", plan.record.version},
                     {"base_year", city.base_year}, {"draws", live.facts(0).draws},
                     {"seed", usual.seed},          {"indicators", plans::indicators_json(city, live.rows())}};
    if (schools) out["schools"] = plans::schools_json(live);
    return json_answer(200, out);
  });
}

http::Response post_live(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const ordered_json body = read_body(call, {"changes", "show"});
  if (!body.contains("changes") || !body["changes"].is_array())
    throw InputError("body_type", "/changes", "must be a list of changes");
  const Shown plan = open_allowed(call);
  std::optional<StageYear> show;
  if (body.contains("show")) show = stage_year_of(body, "show", plan.open->plan().city());
  const auto tried = plan_desk(call).read_changes(body["changes"].dump(), "/changes");
  return plans::PlanDesk::named("/changes", [&] {
    return plan.open->evaluate(tried, [&](LivePlan& live) {
      const PlanCity& city = live.plan().city();
      ordered_json years = ordered_json::array();
      for (YearIndex y = 0; y < city.years; ++y) years.push_back(city.school_year(y));
      ordered_json out{{"plan", plan.record.number},
                       {"version", plan.record.version},
                       {"school_years", std::move(years)},
                       {"indicators", plans::brief_indicators_json(city, live.rows())}};
      if (show) put_shown(out, plan.open->plan(), live, *show);
      return json_answer(200, out);
    });
  });
}

http::Response get_plan_comparison(const Call& call) {
  const Parameters parameters(call.request.query, {"with"});
  const Shown after = open_allowed(call), before = open_other(call, parameters);
  return OpenPlan::evaluate_both(*before.open, *after.open, [&](LivePlan& live_before, LivePlan& live_after) {
    const PlanCity& city = before.open->plan().city();
    const PlanMoves moves = find_moves(before.open->plan(), after.open->plan());
    const std::array<const LivePlan*, 2> both{&live_before, &live_after};
    ordered_json out{{"before", before.record.number == 0 ? ordered_json() : ordered_json(before.record.number)},
                     {"after", after.record.number},
                     {"base_year", city.base_year},
                     {"draws", live_after.facts(0).draws}};
    out["indicators"] = plans::verdicts_json(city, compare_indicators(both));
    out["moves"] = plans::moves_json(city, moves, live_before, live_after);
    out["certificate"] = plans::certificate_json(after.open->plan().city(), certify(after.open->plan()));
    out["statement"] = plans::statement_json(state_plan(call, before, after, moves, live_before, live_after));
    return json_answer(200, out);
  });
}

http::Response get_plan_statement(const Call& call) {
  const Parameters parameters(call.request.query, {"with", "lang"});
  const std::string lang = parameters.find("lang") != nullptr ? *parameters.find("lang") : "zh";
  if (lang != "zh" && lang != "en") throw InputError("parameter_invalid", "lang", "must be zh or en");
  const Shown after = open_allowed(call), before = open_other(call, parameters);
  return OpenPlan::evaluate_both(*before.open, *after.open, [&](LivePlan& live_before, LivePlan& live_after) {
    const PlanMoves moves = find_moves(before.open->plan(), after.open->plan());
    http::Response response;
    response.content_type = "text/markdown; charset=utf-8";
    response.body = to_markdown(state_plan(call, before, after, moves, live_before, live_after),
                                lang == "zh" ? Language::chinese : Language::english);
    response.headers.emplace_back("Cache-Control", "no-store");
    return response;
  });
}

http::Response get_plan_certificate(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const Shown plan = open_allowed(call);
  ordered_json out{{"plan", plan.record.number}, {"version", plan.record.version}};
  out.update(plans::certificate_json(plan.open->plan().city(), certify(plan.open->plan())));
  return json_answer(200, out);
}

http::Response get_plan_zones(const Call& call) {
  const Parameters parameters(call.request.query, {"stage", "school_year"});
  const Shown plan = open_allowed(call);
  return geojson_answer(zones_geojson(*plan.open, stage_year_of(parameters, plan.open->plan().city())));
}

http::Response get_plan_units(const Call& call) {
  const Parameters parameters(call.request.query, {"stage", "school_year"});
  const Shown plan = open_allowed(call);
  const CityPlan& city_plan = plan.open->plan();
  const PlanCity& city = city_plan.city();
  const StageYear at = stage_year_of(parameters, city);
  ordered_json units = ordered_json::array();
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (city.units[u].in_force) units.push_back(unit_json(city_plan, u, at));
  }
  return json_answer(200, {{"plan", plan.record.number},
                           {"version", plan.record.version},
                           {"stage", engine::to_word(city.stages[at.stage])},
                           {"school_year", city.school_year(at.year)},
                           {"units", std::move(units)}});
}

http::Response get_plan_unit_shapes(const Call& call) {
  const Parameters parameters(call.request.query, {"stage", "school_year"});
  const Shown plan = open_allowed(call);
  const CityPlan& city_plan = plan.open->plan();
  const PlanCity& city = city_plan.city();
  const StageYear at = stage_year_of(parameters, city);
  std::string out = R"({"type":"FeatureCollection","features":[)";
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (!city.units[u].in_force) continue;
    const geo::MultiPolygon none;
    append_feature(out, unit_json(city_plan, u, at), city.units[u].shape ? *city.units[u].shape : none);
  }
  return geojson_answer(out + "]}");
}

http::Response get_plan_notice(const Call& call) {
  const Parameters parameters(call.request.query, {"stage", "school_year"});
  const Shown plan = open_allowed(call);
  const CityPlan& city_plan = plan.open->plan();
  const StageYear at = stage_year_of(parameters, city_plan.city());
  const auto ground = plan_desk(call).ground();
  const auto words = plan_desk(call).words();
  return json_answer(200, {{"plan", plan.record.number},
                           {"version", plan.record.version},
                           {"stage", engine::to_word(city_plan.city().stages[at.stage])},
                           {"school_year", city_plan.city().school_year(at.year)},
                           {"zones", plans::notice_json(ground->in_force, city_plan, plan.open->zones(), at.stage,
                                                        at.year, words->ground)}});
}

http::Response get_plan_export(const Call& call) {
  const Parameters parameters(call.request.query, {"format"});
  const std::string format = parameters.get("format");
  const Shown plan = open_allowed(call);
  const std::string name = "plan-" + std::to_string(plan.record.number);
  http::Response response;
  if (format == "scenario") {
    response.content_type = "application/json";
    response.body = ordered_json::parse(plan.record.scenario).dump(2) + "\n";
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + ".json\"");
  } else if (format == "units") {
    response.content_type = "text/csv; charset=utf-8";
    response.body = units_csv(plan.open->plan());
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + ".csv\"");
  } else if (format == "zones") {
    response.content_type = "application/geo+json";
    response.body = zones_geojson(*plan.open, std::nullopt);
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + ".geojson\"");
  } else if (format == "geopackage") {
    response.content_type = "application/geopackage+sqlite3";
    response.body = plans::zones_geopackage(plan.open->plan().city(), plan.open->zones());
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + ".gpkg\"");
  } else {
    throw InputError("parameter_invalid", "format", "must be scenario, units, zones or geopackage");
  }
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace catchment::api
