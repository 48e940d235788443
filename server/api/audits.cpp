// A season held against its rules; rows by code.
#include <nlohmann/json.hpp>

#include "datasets/season_audit.hpp"
#include "geo/input_error.hpp"
#include "server/api/resources.hpp"
#include "server/api/season_view.hpp"

namespace catchment::api {

namespace admission = engine::admission;
using nlohmann::ordered_json;

admission::SeasonTables season_tables(const Call& call) {
  Service& s = *call.service;
  desk::Desk::Copy copy = s.store.write([&](Session& session) {
    s.desk.begin(session);
    return s.desk.copy();
  });
  admission::SeasonTables tables =
      s.store.read([&](Session& session) { return s.desk.tables(session, std::move(copy)); });
  // A season that lives shows its present day, where its setup does not name one.
  if (!tables.season.empty() && !tables.season.front().as_of)
    tables.season.front().as_of = std::chrono::floor<std::chrono::days>(s.clock.now());
  return tables;
}

access::Object rows_wanted(const access::Actor& actor, const Parameters& parameters) {
  access::Object object;
  const auto take = [&](const char* name, const std::vector<std::string>& own, std::string& out) {
    if (const std::string* given = parameters.find(name)) {
      out = *given;
    } else if (own.size() == 1) {
      out = own.front();
    }
  };
  take("district", actor.districts, object.district);
  take("school", actor.schools, object.school);
  if (actor.role == access::Role::school && object.school.empty())
    throw InputError("parameter_missing", "school", "say which of your schools");
  if (!object.school.empty()) object.state = access::ObjectState::seated;
  return object;
}

http::Response get_audits(const Call& call) {
  const Parameters parameters(call.request.query, {"case", "migrant_before"});
  require(call, actor_of(call), {});
  const auto& pack = call.service->desk.pack();
  datasets::SeasonAuditOptions options;
  if (const std::string* share = parameters.find("migrant_before")) {
    const auto permille = find_count(*share, 1000);
    if (!permille) throw InputError("parameter_invalid", "migrant_before", "must be 0 to 1000, per thousand");
    options.migrant_before = static_cast<int>(*permille);
  }
  const admission::AuditRules rules = datasets::season_audit_rules(pack, options);
  ordered_json audits = ordered_json::array();
  for (const admission::AuditResult& result : admission::run_audits(season_tables(call), rules)) {
    ordered_json breaches = ordered_json::array();
    for (const auto& breach : result.breaches)
      breaches.push_back({{"table", breach.file}, {"row", breach.row}, {"message", breach.message}});
    audits.push_back({{"audit", result.use.audit},
                      {"item", result.use.item},
                      {"title", result.title},
                      {"clause", clause_json(pack, result.use.clause)},
                      {"verdict", to_text(result.verdict)},
                      {"reason", result.reason},
                      {"breaches", std::move(breaches)}});
  }
  ordered_json body;
  body["policy"] = pack.id, body["audits"] = std::move(audits);
  return json_answer(200, body);
}

}  // namespace catchment::api
