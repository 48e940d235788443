// What the policy pack says, to anybody: its clauses, its calendar, and what it would say of a child.
#include <nlohmann/json.hpp>

#include "engine/policy/moment.hpp"
#include "server/api/command.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/record.hpp"

namespace catchment::api {
namespace {

namespace admission = engine::admission;
namespace policy = engine::policy;
using nlohmann::ordered_json;

ordered_json window_json(const desk::Desk& desk, const std::string& level, admission::SeasonWindow window) {
  const admission::SeasonRules& season = desk.rules(level).season;
  const admission::WindowTimes& times = season.window(window);
  ordered_json out{{"window", admission::to_word(window)},
                   {"from", policy::to_text(times.from)},
                   {"until", policy::to_text(times.until)}};
  for (std::uint16_t d = 0; d < season.batches[static_cast<std::size_t>(window)].size(); ++d) {
    const admission::WindowTimes& own = season.window(window, d);
    out["districts"].push_back({{"district", *desk.find_district(level, d)},
                                {"from", policy::to_text(own.from)},
                                {"until", policy::to_text(own.until)}});
  }
  if (times.open_minute != 0 || times.close_minute != 1440) {
    out["daily"] = {{"from", policy::minute_text(times.open_minute)}, {"to", policy::minute_text(times.close_minute)}};
  }
  return out;
}

}  // namespace

ordered_json eligibility_json(const policy::PolicyPack& pack, const admission::Eligibility& judged) {
  ordered_json out{{"verdict", admission::to_word(judged.verdict)}};
  if (!judged.category.empty()) out["category"] = judged.category;
  if (!judged.tier.empty()) out["tier"] = judged.tier;
  out["route"] = policy::to_word(judged.route);
  out["missing_evidence"] = judged.missing_evidence;
  out["to_verify"] = judged.to_verify, out["missing_facts"] = judged.missing_facts;
  ordered_json reasons = ordered_json::array();
  for (const admission::Reason& reason : judged.reasons)
    reasons.push_back({{"title", reason.title}, {"en", reason.en}, {"clause", clause_json(pack, reason.clause)}});
  out["reasons"] = std::move(reasons);
  return out;
}

http::Response get_policy(const Call& call) {
  const Parameters none(call.request.query, {});
  const policy::PolicyPack& pack = call.service->desk.pack();
  ordered_json documents = ordered_json::array();
  for (const policy::Document& document : pack.documents) {
    ordered_json clauses = ordered_json::array();
    for (const policy::Clause& clause : document.clauses)
      clauses.push_back({{"id", clause.id}, {"section", clause.section}, {"title", clause.title}});
    documents.push_back({{"id", document.id},
                         {"title", document.title},
                         {"issuer", document.issuer},
                         {"number", document.number},
                         {"clauses", std::move(clauses)}});
  }
  ordered_json evidence = ordered_json::array();
  for (const policy::Evidence& e : pack.evidence) evidence.push_back({{"id", e.id}, {"title", e.title}, {"en", e.en}});
  ordered_json phones = ordered_json::array();
  for (const policy::Phone& phone : pack.phones)
    phones.push_back({{"unit", phone.unit}, {"consult", phone.consult}, {"report", phone.report}});
  ordered_json draws = ordered_json::array();
  for (const std::string& level : call.service->desk.levels())
    draws.push_back({{"level", level}, {"suite", admission::to_word(call.service->desk.rules(level).suite)}});
  ordered_json districts = ordered_json::array();
  for (const std::string& level : call.service->desk.levels()) {
    for (std::uint16_t d = 0;; ++d) {
      const std::string* id = call.service->desk.find_district(level, d);
      if (id == nullptr) break;
      std::string name = call.city.labels.district(*id);
      for (const policy::District& known : pack.districts) {
        if (known.id == *id) name = known.name;
      }
      districts.push_back({{"level", level}, {"id", *id}, {"name", name}});
    }
  }
  return json_answer(200, {{"id", pack.id},
                           {"name", pack.name},
                           {"en", pack.en},
                           {"school_year", pack.school_year},
                           {"levels", call.service->desk.levels()},
                           {"districts", std::move(districts)},
                           {"documents", std::move(documents)},
                           {"evidence", std::move(evidence)},
                           {"draws", std::move(draws)},
                           {"phones", std::move(phones)}});
}

http::Response get_calendar(const Call& call) {
  const Parameters none(call.request.query, {});
  const desk::Desk& desk = call.service->desk;
  ordered_json levels = ordered_json::array();
  for (const std::string& level : desk.levels()) {
    const admission::RunRules& rules = desk.rules(level);
    ordered_json windows = ordered_json::array();
    for (std::size_t w = 1; w < admission::kSeasonWindows; ++w)
      windows.push_back(window_json(desk, level, static_cast<admission::SeasonWindow>(w)));
    const admission::RunTimes& t = rules.times;
    levels.push_back({{"level", level},
                      {"windows", std::move(windows)},
                      {"steps",
                       {{"claims", policy::to_text(t.claims)},
                        {"draw", policy::to_text(t.draw)},
                        {"zones", policy::to_text(t.place)},
                        {"points", policy::to_text(t.points)},
                        {"overflow", policy::to_text(t.overflow)},
                        {"lock", policy::to_text(t.lock)},
                        {"classes", policy::to_text(t.deal)},
                        {"trace", policy::to_text(t.trace)},
                        {"close", policy::to_text(t.close)}}}});
  }
  const ordered_json now = policy::to_text(call.service->clock.now());
  return json_answer(200,
                     {{"now", now}, {"rehearsal", call.service->clock.rehearsal()}, {"levels", std::move(levels)}});
}

http::Response post_eligibility(const Call& call) {
  const Parameters none(call.request.query, {});
  require_json(call);
  const desk::Record record = desk::parse_record(call.request.body, false);
  return json_answer(200, eligibility_json(call.service->desk.pack(), call.service->desk.judge(record)));
}

}  // namespace catchment::api
