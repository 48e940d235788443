// Ledgers of a season: who may have dropped out, children of special groups, exceptions and who approved them. They are
// about persons, so whose record a line is of is written down as opened.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/season_audit.hpp"
#include "geo/input_error.hpp"
#include "server/api/resources.hpp"
#include "server/api/season_view.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

namespace admission = engine::admission;
using access::Actor;
using nlohmann::ordered_json;

constexpr std::uint32_t kLedgerPage = 200;

// A line of any ledger, and whose it is.
struct LedgerLine {
  ordered_json shown;
  std::string child, district, school;  // child: may be empty
};

// Where children and classes are.
class LedgerPlaces {
 public:
  explicit LedgerPlaces(const admission::SeasonTables& tables) {
    for (const auto& school : tables.schools) districts_[school.school_id] = school.district;
    for (const auto& child : tables.children) districts_[child.child_id] = child.district;
    for (const auto& seat : tables.admissions) schools_[seat.child_id] = seat.school_id;
    for (const auto& row : tables.classes) schools_[row.class_id] = row.school_id;
  }
  // The subject of an exception: a child, a class or a school.
  LedgerLine line(ordered_json shown, const std::string& subject) const {
    LedgerLine out{std::move(shown), "", "", find(schools_, subject)};
    const std::string district = find(districts_, subject);
    out.district = district.empty() ? find(districts_, out.school) : district;
    return out;
  }

 private:
  static std::string find(const std::map<std::string, std::string>& in, const std::string& key) {
    const auto at = in.find(key);
    return at == in.end() ? "" : at->second;
  }
  std::map<std::string, std::string> districts_, schools_;
};

using LedgerLines = std::vector<LedgerLine>;

LedgerLines age_lines(const std::vector<admission::AgeLedgerRow>& rows) {
  LedgerLines out;
  for (const auto& row : rows) {
    ordered_json shown{{"code", row.child_id},    {"level", row.stage},   {"district", row.district},
                       {"school", row.school_id}, {"groups", row.groups}, {"state", to_text(row.state)},
                       {"done", row.done},        {"due", row.due}};
    out.push_back({std::move(shown), row.child_id, row.district, row.school_id});
  }
  return out;
}

LedgerLines group_lines(const admission::SeasonTables& tables) {
  LedgerLines out;
  for (const auto& row : admission::group_ledger(tables)) {
    ordered_json shown{{"group", row.group},      {"code", row.child_id}, {"district", row.district},
                       {"school", row.school_id}, {"care", row.care},     {"lacks", row.lacks}};
    out.push_back({std::move(shown), row.child_id, row.district, row.school_id});
  }
  return out;
}

LedgerLines exception_lines(const admission::SeasonTables& tables, const admission::ExceptionRules& rules) {
  const LedgerPlaces places(tables);
  LedgerLines out;
  for (const auto& row : admission::exception_ledger(tables, rules)) {
    out.push_back(places.line({{"kind", row.kind},
                               {"subject", row.subject},
                               {"figure", row.figure},
                               {"approval", row.approval_id},
                               {"state", to_text(row.state)}},
                              row.subject));
  }
  return out;
}

constexpr std::string_view kLedgers[]{"school-age", "suspected", "dropout", "groups", "exceptions"};

LedgerLines lines_of(const Call& call, std::string_view kind) {
  const admission::SeasonTables tables = season_tables(call);
  const admission::AuditRules rules = datasets::season_audit_rules(call.service->desk.pack(), {});
  if (kind == "groups") return group_lines(tables);
  if (kind == "exceptions") return exception_lines(tables, rules.exceptions);
  const admission::DropoutLedgers ledgers = admission::dropout_ledgers(tables, rules.dropout);
  return age_lines(kind == "school-age" ? ledgers.school_age : kind == "dropout" ? ledgers.dropout : ledgers.suspected);
}

std::uint32_t count_of(const Parameters& parameters, const char* name, std::uint32_t otherwise, std::uint32_t most) {
  const std::string* text = parameters.find(name);
  if (text == nullptr) return otherwise;
  const auto count = find_count(*text, most);
  if (!count || *count == 0)
    throw InputError("parameter_invalid", name, "must be a number from 1 to " + std::to_string(most));
  return *count;
}

void note_opened_lines(const Call& call, Session& session, const Actor& actor, std::span<const LedgerLine> lines) {
  std::set<std::string> seen;
  for (const LedgerLine& line : lines) {
    if (line.child.empty() || !seen.insert(line.child).second) continue;
    if (const auto r = call.service->desk.find(session, line.child)) note_opened(call, session, actor, r->child_key);
  }
}

}  // namespace

http::Response get_ledger(const Call& call) {
  const Parameters parameters(call.request.query, {"district", "school", "from", "limit", "case"});
  const Actor actor = actor_of(call);
  const access::Object object = rows_wanted(actor, parameters);
  require(call, actor, object);
  const std::string& kind = call.captured[0];
  if (std::ranges::find(kLedgers, kind) == std::end(kLedgers))
    throw desk::Refused(404, "ledger_unknown", "There is no such ledger.");
  const std::uint32_t from = count_of(parameters, "from", 1, 2'000'000'000);
  const std::uint32_t limit = count_of(parameters, "limit", kLedgerPage, kLedgerPage);
  LedgerLines lines = lines_of(call, kind);
  std::erase_if(lines, [&](const LedgerLine& line) {
    return (!object.school.empty() && line.school != object.school) ||
           (!object.district.empty() && line.district != object.district);
  });
  const std::size_t first = std::min<std::size_t>(from - 1, lines.size());
  const std::span<const LedgerLine> page =
      std::span(lines).subspan(first, std::min<std::size_t>(limit, lines.size() - first));
  call.service->store.write([&](Session& session) { note_opened_lines(call, session, actor, page); });
  ordered_json rows = ordered_json::array();
  for (const LedgerLine& line : page) rows.push_back(line.shown);
  ordered_json body{{"ledger", kind}, {"size", lines.size()}, {"from", from}, {"lines", std::move(rows)}};
  if (first + page.size() < lines.size()) body["next"] = first + page.size() + 1;
  return json_answer(200, body);
}

}  // namespace catchment::api
