#include "engine/admission/ledgers/placement_ledgers.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "engine/admission/audits/season_index.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::array<std::string_view, 3> kExceptionWords{"approved", "expired", "unapproved"};
constexpr std::array<std::string_view, 4> kFaultWords{"duplicate", "split", "empty", "missing"};
// From among other children to alone.
constexpr std::array<std::string_view, 4> kPlacementOrder{"mainstream", "special_school", "home_teaching", "deferred"};

std::ptrdiff_t placement_rank(std::string_view placement) {
  return std::ranges::find(kPlacementOrder, placement) - kPlacementOrder.begin();
}

bool has_trace(const SeasonIndex& index, const std::string& child_id, std::string_view kind) {
  return std::ranges::any_of(index.traces(child_id), [&](const TraceRow* row) { return row->kind == kind; });
}

GroupLedgerRow group_ledger_row(const SeasonIndex& index, const ChildRow& child, const std::string& group) {
  GroupLedgerRow row{group, child.child_id, child.district, {}, has_trace(index, child.child_id, "care"), {}};
  const auto& seats = index.admissions(child.child_id);
  if (!seats.empty()) row.school_id = seats.back()->school_id;
  const bool deferred = child.placement == "deferred";
  if (deferred && index.approval("deferral", child.child_id) == nullptr) row.lacks.emplace_back("approval");
  if (!deferred && seats.empty()) row.lacks.emplace_back("seat");
  if (group != "disabled") return row;
  if (child.placement.empty()) row.lacks.emplace_back("placement");
  if (!child.own_plan) row.lacks.emplace_back("own_plan");
  if (!deferred && index.term_started() && index.open_records(child.child_id).empty()) {
    row.lacks.emplace_back("student_record");
  }
  return row;
}

// Over which number a class is, and which approvals there ever were.
ExceptionRow over_cap_row(const SeasonTables& tables, const SeasonIndex& index, const ClassRow& row, int pupils) {
  ExceptionRow found{"class_cap", row.class_id, pupils, {}, ExceptionState::unapproved};
  for (const ApprovalRow& approval : tables.approvals) {
    const bool mine = approval.subject == row.class_id || approval.subject == row.school_id;
    if (approval.kind != "class_cap" || !mine || approval.figure.value_or(0) < pupils) continue;
    const bool good = approval.day && *approval.day <= index.as_of();
    const bool over = approval.until && *approval.until < index.as_of();
    if (!good || (over && found.state == ExceptionState::approved)) continue;
    found.approval_id = approval.approval_id;
    found.state = over ? ExceptionState::expired : ExceptionState::approved;
    if (!over) break;
  }
  return found;
}

ExceptionRow needs_approval(const SeasonIndex& index, std::string_view ledger_kind, std::string_view approval_kind,
                            const std::string& subject) {
  ExceptionRow row{std::string(ledger_kind), subject, 0, {}, ExceptionState::unapproved};
  if (const ApprovalRow* good = index.approval(approval_kind, subject); good != nullptr) {
    row.approval_id = good->approval_id;
    row.state = ExceptionState::approved;
    return row;
  }
  for (const ApprovalRow* approval : index.approvals_of(subject)) {
    if (approval->kind != approval_kind || !approval->day || *approval->day > index.as_of()) continue;
    row.approval_id = approval->approval_id;
    row.state = ExceptionState::expired;
  }
  return row;
}

std::map<std::string_view, int> class_sizes(const SeasonTables& tables) {
  std::map<std::string_view, int> sizes;
  for (const ClassPupilRow& row : tables.class_pupils) ++sizes[row.class_id];
  return sizes;
}

void add_child_exceptions(const SeasonTables& tables, const SeasonIndex& index, const ExceptionRules& rules,
                          std::vector<ExceptionRow>& rows) {
  for (const ChildRow& child : tables.children) {
    const bool young = rules.born_by && child.stage == "primary" && child.birth_date &&
                       *child.birth_date > *rules.born_by && !index.admissions(child.child_id).empty();
    if (young) rows.push_back(needs_approval(index, "age", "age", child.child_id));
    if (child.placement == "deferred" || index.approval("deferral", child.child_id) != nullptr) {
      rows.push_back(needs_approval(index, "deferral", "deferral", child.child_id));
    }
  }
}

void add_quota_lost(const SeasonTables& tables, const SeasonIndex& index, std::vector<ExceptionRow>& rows) {
  for (const ChildRow& child : tables.children) {
    const auto& seats = index.admissions(child.child_id);
    const auto& records = index.open_records(child.child_id);
    if (child.stage != "junior" || seats.empty() || records.empty()) continue;
    const bool placed = seats.front()->way != "draw" && seats.front()->way != "wish";
    const std::string& now = records.back()->school_id;
    if (placed && now != seats.front()->school_id) {
      rows.push_back(needs_approval(index, "quota_lost", "transfer", child.child_id));
    }
  }
}

void count_migrant(const SeasonIndex& index, const ChildRow& child, MigrantShare& share) {
  ++share.children;
  const auto& seats = index.admissions(child.child_id);
  const SchoolRow* school = seats.empty() ? nullptr : index.school(seats.back()->school_id);
  if (school == nullptr) {
    ++share.unplaced;
  } else if (school->ownership == "public") {
    ++share.in_public;
  } else {
    ++(seats.back()->way == "purchased" ? share.purchased : share.in_private);
  }
}

// Where a child is taught: by its class, else by the seat it came to.
const std::string* taught_at(const SeasonIndex& index, const std::string& child_id) {
  if (const ClassRow* row = index.class_of(child_id); row != nullptr) return &row->school_id;
  const auto& seats = index.admissions(child_id);
  return seats.empty() || seats.back()->arrival != "arrived" ? nullptr : &seats.back()->school_id;
}

}  // namespace

std::string_view to_text(ExceptionState state) { return kExceptionWords.at(static_cast<std::size_t>(state)); }
std::string_view to_text(StatusFault fault) { return kFaultWords.at(static_cast<std::size_t>(fault)); }

std::vector<GroupLedgerRow> group_ledger(const SeasonTables& tables) {
  const SeasonIndex index(tables);
  std::map<std::string, std::vector<GroupLedgerRow>> by_group;
  for (const ChildRow& child : tables.children) {
    for (const std::string& group : child.groups) by_group[group].push_back(group_ledger_row(index, child, group));
    if (!child.disability.empty() && std::ranges::find(child.groups, "disabled") == child.groups.end()) {
      by_group["disabled"].push_back(group_ledger_row(index, child, "disabled"));
    }
  }
  std::vector<GroupLedgerRow> rows;
  for (auto& [group, found] : by_group) rows.insert(rows.end(), found.begin(), found.end());
  return rows;
}

std::vector<PlacementFault> placement_faults(const SeasonTables& tables, const std::vector<PlacementRule>& rules) {
  std::vector<PlacementFault> faults;
  for (const ChildRow& child : tables.children) {
    const auto rule = std::ranges::find(rules, child.disability, &PlacementRule::disability);
    if (child.disability.empty() || rule == rules.end()) continue;
    if (child.placement.empty()) {
      faults.push_back({child.child_id, "no placement decided"});
    } else if (child.placement != "deferred" && placement_rank(child.placement) > placement_rank(rule->placement)) {
      faults.push_back({child.child_id, child.placement + " where " + rule->placement + " is due"});
    }
  }
  return faults;
}

std::vector<ExceptionRow> exception_ledger(const SeasonTables& tables, const ExceptionRules& rules) {
  const SeasonIndex index(tables);
  const auto sizes = class_sizes(tables);
  std::vector<ExceptionRow> rows;
  for (const ClassRow& row : tables.classes) {
    const SchoolRow* school = index.school(row.school_id);
    const bool junior = school != nullptr && school->stage == "junior";
    const int cap = junior ? rules.junior_cap : rules.primary_cap;
    const auto size = sizes.find(row.class_id);
    if (cap == 0 || size == sizes.end() || size->second <= cap) continue;
    rows.push_back(over_cap_row(tables, index, row, size->second));
  }
  add_child_exceptions(tables, index, rules, rows);
  std::set<std::string_view> late;
  for (const RegistrationRow& row : tables.registrations) {
    if (!row.late || !late.insert(row.child_id).second) continue;
    rows.push_back(needs_approval(index, "late_registration", "late_registration", row.child_id));
  }
  add_quota_lost(tables, index, rows);
  return rows;
}

int approved_cap(const SeasonTables& tables, const std::string& class_id, const std::string& school_id, Day on) {
  int cap = 0;
  for (const ApprovalRow& row : tables.approvals) {
    const bool mine = row.subject == class_id || row.subject == school_id;
    const bool holds = row.day && *row.day <= on && (!row.until || on <= *row.until);
    if (row.kind == "class_cap" && mine && holds) cap = std::max(cap, row.figure.value_or(0));
  }
  return cap;
}

int MigrantShare::public_permille() const {
  const int placed = children - unplaced;
  return placed == 0 ? 0 : static_cast<int>(1000LL * (in_public + purchased) / placed);
}

std::vector<MigrantShare> migrant_shares(const SeasonTables& tables) {
  const SeasonIndex index(tables);
  std::map<std::string, MigrantShare> by_district;
  MigrantShare city;
  for (const ChildRow& child : tables.children) {
    if (!child.migrant) continue;
    MigrantShare& district = by_district[child.district];
    district.district = child.district;
    count_migrant(index, child, district);
    count_migrant(index, child, city);
  }
  std::vector<MigrantShare> shares;
  for (auto& [district, share] : by_district) shares.push_back(share);
  shares.push_back(city);
  return shares;
}

std::vector<StatusFaultRow> status_faults(const SeasonTables& tables) {
  const SeasonIndex index(tables);
  std::vector<StatusFaultRow> rows;
  for (const StudentRecordRow& record : tables.student_records) {
    if (record.closed) continue;
    const auto add = [&](StatusFault fault) {
      rows.push_back({fault, record.child_id, record.record_id, record.school_id});
    };
    const auto& open = index.open_records(record.child_id);
    if (open.size() > 1) add(StatusFault::duplicate);
    const std::string* school = taught_at(index, record.child_id);
    if (school != nullptr && *school != record.school_id) add(StatusFault::split);
    const ChildRow* child = index.child(record.child_id);
    const bool at_home = child != nullptr && child->placement == "home_teaching";
    if (school == nullptr && !at_home && index.term_started()) add(StatusFault::empty);
  }
  if (!index.term_started()) return rows;
  for (const ClassPupilRow& row : tables.class_pupils) {
    const ClassRow* sits = index.class_of(row.child_id);
    if (sits == nullptr || !index.open_records(row.child_id).empty()) continue;
    rows.push_back({StatusFault::missing, row.child_id, {}, sits->school_id});
  }
  return rows;
}

std::vector<std::string> unadmitted_graduates(const SeasonTables& tables) {
  const SeasonIndex index(tables);
  std::vector<std::string> left;
  for (const ChildRow& child : tables.children) {
    if (child.stage != "junior" || !index.admissions(child.child_id).empty()) continue;
    const bool excused =
        index.approval("deferral", child.child_id) != nullptr || has_trace(index, child.child_id, "elsewhere");
    if (!excused) left.push_back(child.child_id);
  }
  return left;
}

}  // namespace catchment::engine::admission
