// Audits of seats: who was admitted where, and on which ground.
#include <algorithm>
#include <map>
#include <set>

#include "engine/admission/audits/audit_parts.hpp"

namespace catchment::engine::admission {
namespace {

std::map<std::string_view, int> admitted_by_school(const SeasonTables& tables) {
  std::map<std::string_view, int> counts;
  for (const AdmissionRow& row : tables.admissions) ++counts[row.school_id];
  return counts;
}

std::optional<Time> first_opening(const AuditRules& rules) {
  std::optional<Time> first;
  for (const AuditWindow& window : rules.windows) {
    if (!first || window.opens < *first) first = window.opens;
  }
  return first;
}

// The first window of a child's stage, so that a junior season does not open the primary one.
std::optional<Time> opening_of(const AuditRun& run, std::string_view child_id) {
  const ChildRow* child = run.index.child(child_id);
  std::optional<Time> first;
  for (const AuditWindow& window : run.rules.windows) {
    const bool mine = child == nullptr || window.stage.empty() || window.stage == child->stage;
    if (mine && (!first || window.opens < *first)) first = window.opens;
  }
  return first ? first : first_opening(run.rules);
}

}  // namespace

void audit_plan_exceeded(const AuditRun& run) {
  const auto admitted = admitted_by_school(run.tables);
  for (const SchoolRow& school : run.tables.schools) {
    const auto at = admitted.find(school.school_id);
    if (at == admitted.end()) continue;
    int allowed = school.plan_seats.value_or(0);
    for (const ApprovalRow* approval : run.index.approvals("plan", school.school_id, run.index.as_of())) {
      allowed = std::max(allowed, approval->figure.value_or(0));
    }
    if (at->second <= allowed) continue;
    run.report("schools.csv", school.school_id,
               std::to_string(at->second) + " admitted, " +
                   (school.plan_seats ? "the plan has " + std::to_string(allowed) : "without a plan"));
  }
}

void audit_second_seat(const AuditRun& run) {
  std::set<std::string_view> told;
  for (const AdmissionRow& row : run.tables.admissions) {
    const auto& seats = run.index.admissions(row.child_id);
    if (seats.size() < 2 || !told.insert(row.child_id).second) continue;
    std::string schools;
    for (const AdmissionRow* seat : seats) schools += (schools.empty() ? "" : ", ") + seat->school_id;
    run.report("admissions.csv", row.child_id, "holds seats at " + schools);
  }
}

void audit_offline_admission(const AuditRun& run) {
  for (const AdmissionRow& row : run.tables.admissions) {
    if (row.channel == "offline")
      run.report("admissions.csv", row.child_id, "admitted at " + row.school_id + " offline");
  }
}

void audit_before_opening(const AuditRun& run) {
  if (run.rules.windows.empty()) {
    run.not_judged = "the pack gives no window";
    return;
  }
  for (const AdmissionRow& row : run.tables.admissions) {
    const auto opens = opening_of(run, row.child_id);
    if (row.way != "direct_promotion" && row.time && *row.time < *opens) {
      run.report("admissions.csv", row.child_id, "admitted at " + row.school_id + " before registration opened");
    }
  }
  for (const PaymentRow& row : run.tables.payments) {
    if (row.time && *row.time < *opening_of(run, row.child_id)) {
      run.report("payments.csv", row.child_id, "paid " + row.school_id + " before registration opened");
    }
  }
  for (const CommitmentRow& row : run.tables.commitments) {
    const auto opens = opening_of(run, row.child_id);
    if (row.kind != "direct_promotion" && row.day && *row.day < std::chrono::floor<std::chrono::days>(*opens)) {
      run.report("commitments.csv", row.child_id, "signed with " + row.school_id + " before registration opened");
    }
  }
}

void audit_cross_area(const AuditRun& run) {
  for (const AdmissionRow& row : run.tables.admissions) {
    const ChildRow* child = run.index.child(row.child_id);
    const SchoolRow* school = run.index.school(row.school_id);
    if (child == nullptr || school == nullptr || child->district == school->district) continue;
    const bool placed_by_bureau = row.way == "coordinated" || row.way == "purchased" || row.way == "placement" ||
                                  row.way == "recommended" || row.way == "policy";
    if (placed_by_bureau || run.index.approval("cross_area", row.child_id) != nullptr ||
        run.index.approval("cross_area", row.school_id) != nullptr) {
      continue;
    }
    run.report("admissions.csv", row.child_id,
               "of " + child->district + ", admitted at " + school->school_id + " of " + school->district);
  }
}

void audit_all_placed(const AuditRun& run) {
  std::set<std::string_view> told;
  for (const RegistrationRow& row : run.tables.registrations) {
    if (row.outcome != "passed" || !run.index.admissions(row.child_id).empty()) continue;
    if (run.index.approval("deferral", row.child_id) != nullptr || !told.insert(row.child_id).second) continue;
    run.report("registrations.csv", row.child_id, "registered and passed, without a seat");
  }
}

// A private school that more asked for than it has seats draws; every other admits them all (ZZ19, CQ11, GY23).
void audit_within_plan_all_admitted(const AuditRun& run) {
  std::map<std::string_view, std::set<std::string_view>> asked;
  for (const RegistrationRow& row : run.tables.registrations) {
    if (row.outcome == "passed" && !row.school_id.empty()) asked[row.school_id].insert(row.child_id);
  }
  std::set<std::pair<std::string_view, std::string_view>> given_up;
  for (const OfferRow& row : run.tables.offers) {
    if (row.answer != "confirmed") given_up.emplace(row.child_id, row.school_id);
  }
  for (const auto& [asked_school, children] : asked) {
    const std::string_view school_id = asked_school;
    const SchoolRow* school = run.index.school(school_id);
    if (school == nullptr || static_cast<int>(children.size()) > school->plan_seats.value_or(0)) continue;
    for (const std::string_view child : children) {
      const auto& seats = run.index.admissions(child);
      const bool has = std::ranges::any_of(seats, [&](const AdmissionRow* row) { return row->school_id == school_id; });
      if (!has && !given_up.contains({child, school_id})) {
        run.report("registrations.csv", std::string(child),
                   "not admitted at " + std::string(school_id) + ", where seats were left");
      }
    }
  }
}

void audit_direct_promotion(const AuditRun& run) {
  std::set<std::pair<std::string_view, std::string_view>> signed_letters;
  for (const CommitmentRow& row : run.tables.commitments) {
    if (row.kind == "direct_promotion") signed_letters.emplace(row.child_id, row.school_id);
  }
  for (const AdmissionRow& row : run.tables.admissions) {
    if (row.way != "direct_promotion") continue;
    std::string lacks;
    if (run.index.approval("direct_promotion", row.child_id) == nullptr &&
        run.index.approval("direct_promotion", row.school_id) == nullptr) {
      lacks += " approval";
    }
    if (!signed_letters.contains({row.child_id, row.school_id})) lacks += " commitment";
    if (!row.locked) lacks += " lock";
    if (!lacks.empty()) run.report("admissions.csv", row.child_id, "promoted at " + row.school_id + " without" + lacks);
  }
}

void audit_foreign_school(const AuditRun& run) {
  for (const AdmissionRow& row : run.tables.admissions) {
    const SchoolRow* school = run.index.school(row.school_id);
    const ChildRow* child = run.index.child(row.child_id);
    if (school == nullptr || child == nullptr || school->kind != "foreign_children") continue;
    if (child->household != "other") run.report("admissions.csv", row.child_id, "admitted at " + school->school_id);
  }
}

void audit_policy_ground(const AuditRun& run) {
  for (const AdmissionRow& row : run.tables.admissions) {
    if (row.way != "policy") continue;
    if (row.clause.empty()) run.report("admissions.csv", row.child_id, "a preference without its clause");
    if (run.index.approval("policy_group", row.child_id) == nullptr) {
      run.report("admissions.csv", row.child_id, "a preference nobody approved");
    }
  }
}

void audit_withdrawals(const AuditRun& run) {
  for (const ApprovalRow& row : run.tables.approvals) {
    if (row.kind != "withdrawal" && row.kind != "transfer") continue;
    if (row.second_by.empty() || row.second_by == row.by) {
      run.report("approvals.csv", row.approval_id, row.kind + " of " + row.subject + " with one approver");
    }
  }
}

}  // namespace catchment::engine::admission
