#include "engine/admission/ledgers/dropout_ledgers.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

#include "engine/admission/audits/season_index.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::array<std::string_view, 8> kAttendanceWords{"expected", "unplaced",  "sits",      "returned",
                                                           "deferred", "elsewhere", "suspected", "dropout"};
constexpr std::array<std::string_view, 4> kReturnSteps{"contact", "visit", "guardian_notice", "written_report"};

const TraceRow* last_trace(const std::vector<const TraceRow*>& traces, std::initializer_list<std::string_view> kinds) {
  const TraceRow* last = nullptr;
  for (const TraceRow* row : traces) {
    if (std::ranges::find(kinds, row->kind) != kinds.end()) last = row;
  }
  return last;
}

bool has_arrived(const SeasonIndex& index, const ChildRow& child) {
  if (index.class_of(child.child_id) != nullptr) return true;
  const auto& admissions = index.admissions(child.child_id);
  return std::ranges::any_of(admissions, [](const AdmissionRow* row) { return row->arrival == "arrived"; });
}

// A seat whose child did not come is away although it may stand in a class list made before.
bool marked_missing(const SeasonIndex& index, const ChildRow& child) {
  const auto& admissions = index.admissions(child.child_id);
  return std::ranges::any_of(admissions, [](const AdmissionRow* row) { return row->arrival == "missing"; });
}

Attendance attendance_of(const SeasonIndex& index, const ChildRow& child, const DropoutRules& rules) {
  const auto& traces = index.traces(child.child_id);
  const TraceRow* last = last_trace(traces, {"returned", "elsewhere", "registered"});
  if (last != nullptr && last->kind == "returned") return Attendance::returned;
  if (last != nullptr && last->kind == "elsewhere") return Attendance::elsewhere;
  if (index.approval("deferral", child.child_id) != nullptr) return Attendance::deferred;
  const bool missing = marked_missing(index, child);
  if (!missing && has_arrived(index, child)) return Attendance::sits;
  if (!index.term_started()) {
    return index.admissions(child.child_id).empty() ? Attendance::unplaced : Attendance::expected;
  }
  const auto away = index.as_of() - *index.term_starts();
  const bool long_away = rules.dropout_after_days && away.count() > *rules.dropout_after_days;
  return last != nullptr || long_away ? Attendance::dropout : Attendance::suspected;
}

AgeLedgerRow age_ledger_row(const SeasonIndex& index, const ChildRow& child, const DropoutRules& rules) {
  AgeLedgerRow row{.child_id = child.child_id,
                   .stage = child.stage,
                   .district = child.district,
                   .school_id = {},
                   .groups = child.groups,
                   .state = attendance_of(index, child, rules),
                   .away_since = {},
                   .done = {},
                   .due = {}};
  const auto& admissions = index.admissions(child.child_id);
  if (!admissions.empty()) row.school_id = admissions.back()->school_id;
  if (row.state != Attendance::suspected && row.state != Attendance::dropout) return row;
  row.away_since = index.term_starts();
  for (const std::string_view step : kReturnSteps) {
    const bool done = last_trace(index.traces(child.child_id), {step}) != nullptr;
    (done ? row.done : row.due).emplace_back(step);
  }
  return row;
}

void sort_by_urgency(std::vector<AgeLedgerRow>& rows) {
  std::ranges::stable_sort(rows, {}, [](const AgeLedgerRow& row) {
    return std::make_tuple(row.stage != "junior", row.groups.empty(), row.away_since.value_or(Day{}), row.child_id);
  });
}

std::vector<RosterCount> roster_counts(const SeasonTables& tables, const DropoutRules& rules) {
  std::map<std::string, std::pair<std::set<std::string>, std::set<std::string>>> lists;
  for (const ChildRow& child : tables.children) lists[child.district];
  for (const RecordRow& record : tables.records) {
    if (record.kind == "roster_check") lists[record.subject].first.insert(record.document);
    if (record.kind == "roster_comparison") lists[record.subject].second.insert(record.document);
  }
  std::vector<RosterCount> counts;
  for (const auto& [district, found] : lists) {
    const auto checks = static_cast<int>(found.first.size());
    const auto comparisons = static_cast<int>(found.second.size());
    counts.push_back(
        {district, checks, comparisons, checks >= rules.roster_checks && comparisons >= rules.roster_comparisons});
  }
  return counts;
}

}  // namespace

std::string_view to_text(Attendance state) { return kAttendanceWords.at(static_cast<std::size_t>(state)); }

DropoutLedgers dropout_ledgers(const SeasonTables& tables, const DropoutRules& rules) {
  const SeasonIndex index(tables);
  DropoutLedgers ledgers;
  for (const ChildRow& child : tables.children) {
    ledgers.school_age.push_back(age_ledger_row(index, child, rules));
    const AgeLedgerRow& row = ledgers.school_age.back();
    if (row.state == Attendance::suspected) ledgers.suspected.push_back(row);
    if (row.state == Attendance::dropout) ledgers.dropout.push_back(row);
  }
  sort_by_urgency(ledgers.suspected);
  sort_by_urgency(ledgers.dropout);
  ledgers.rosters = roster_counts(tables, rules);
  return ledgers;
}

}  // namespace catchment::engine::admission
