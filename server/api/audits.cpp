// A season held against its rules, and its ledgers; rows by code.
#include <nlohmann/json.hpp>

#include "datasets/season_audit.hpp"
#include "engine/admission/ledgers/dropout_ledgers.hpp"
#include "engine/policy/moment.hpp"
#include "server/api/command.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

namespace admission = engine::admission;
using access::Actor;
using nlohmann::ordered_json;

// Of the districts the actor speaks for; a district officer may not see another's children.
admission::SeasonTables season_tables(const Call& call) {
  Service& s = *call.service;
  desk::Desk::Copy copy = s.store.write([&](Session& session) {
    s.desk.begin(session);
    return s.desk.copy();
  });
  return s.store.read([&](Session& session) { return s.desk.tables(session, std::move(copy)); });
}

}  // namespace

http::Response get_audits(const Call& call) {
  const Actor actor = actor_of(call);
  access::Object object;
  if (!actor.districts.empty()) object.district = actor.districts.front();
  require(call, actor, object);
  const auto& pack = call.service->desk.pack();
  const admission::AuditRules rules = datasets::season_audit_rules(pack, {});
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

http::Response get_ledger(const Call& call) {
  const Actor actor = actor_of(call);
  access::Object object;
  if (!actor.districts.empty()) object.district = actor.districts.front();
  require(call, actor, object);
  const admission::AuditRules rules = datasets::season_audit_rules(call.service->desk.pack(), {});
  const auto ledgers = admission::dropout_ledgers(season_tables(call), rules.dropout);
  const std::string& kind = call.captured[0];
  const std::vector<admission::AgeLedgerRow>* rows = kind == "school-age"  ? &ledgers.school_age
                                                     : kind == "suspected" ? &ledgers.suspected
                                                     : kind == "dropout"   ? &ledgers.dropout
                                                                           : nullptr;
  if (rows == nullptr) throw desk::Refused(404, "ledger_unknown", "There is no such ledger.");
  ordered_json out = ordered_json::array();
  for (const admission::AgeLedgerRow& row : *rows) {
    const bool own =
        actor.districts.empty() || std::ranges::find(actor.districts, row.district) != actor.districts.end();
    if (!own) continue;
    out.push_back({{"code", row.child_id},
                   {"level", row.stage},
                   {"district", row.district},
                   {"school", row.school_id},
                   {"state", to_text(row.state)},
                   {"done", row.done},
                   {"due", row.due}});
  }
  ordered_json body;
  body["ledger"] = kind, body["rows"] = std::move(out);
  return json_answer(200, body);
}

}  // namespace catchment::api
