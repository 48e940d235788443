// Audits of classes and student records.
#include <algorithm>
#include <map>
#include <set>

#include "engine/admission/audits/audit_parts.hpp"

namespace catchment::engine::admission {
namespace {

std::map<std::string_view, int> sizes_by_class(const SeasonTables& tables) {
  std::map<std::string_view, int> sizes;
  for (const ClassPupilRow& row : tables.class_pupils) ++sizes[row.class_id];
  return sizes;
}

int class_size(const std::map<std::string_view, int>& sizes, std::string_view class_id) {
  const auto at = sizes.find(class_id);
  return at == sizes.end() ? 0 : at->second;
}

// What an unapproved or badly approved class over the cap lacks; empty: nothing.
std::string cap_fault(const AuditRun& run, const ExceptionRow& row) {
  if (row.state != ExceptionState::approved) return std::string(to_text(row.state));
  for (const ApprovalRow& approval : run.tables.approvals) {
    if (approval.approval_id != row.approval_id) continue;
    if (!run.rules.cap_step.empty() && approval.step != run.rules.cap_step) {
      return "approved by " + approval.step + ", not " + run.rules.cap_step;
    }
    if (approval.reason.empty()) return "approved without a reason";
  }
  return {};
}

}  // namespace

void audit_mixed_classes(const AuditRun& run) {
  std::map<std::string_view, const ClassRow*> classes;
  for (const ClassRow& row : run.tables.classes) classes.emplace(row.class_id, &row);
  for (const ClassPupilRow& row : run.tables.class_pupils) {
    const auto at = classes.find(row.class_id);
    const auto& seats = run.index.admissions(row.child_id);
    if (at == classes.end() || seats.empty()) continue;
    const std::string& school_id = at->second->school_id;
    if (std::ranges::any_of(seats, [&](const AdmissionRow* seat) { return seat->school_id == school_id; })) continue;
    const SchoolRow* mine = run.index.school(seats.back()->school_id);
    const SchoolRow* theirs = run.index.school(school_id);
    const bool mixed = mine != nullptr && theirs != nullptr && mine->ownership != theirs->ownership;
    run.report("class_pupils.csv", row.child_id,
               "of " + seats.back()->school_id + ", sits in " + row.class_id + " of " + school_id +
                   (mixed ? ": public and private in one class" : ""));
  }
}

void audit_class_cap(const AuditRun& run) {
  if (run.rules.exceptions.primary_cap == 0 && run.rules.exceptions.junior_cap == 0) {
    run.not_judged = "the pack gives no class cap";
    return;
  }
  for (const ExceptionRow& row : exception_ledger(run.tables, run.rules.exceptions)) {
    if (row.kind != "class_cap") continue;
    const std::string fault = cap_fault(run, row);
    if (fault.empty()) continue;
    run.report("classes.csv", row.subject, std::to_string(row.figure) + " pupils, over the cap: " + fault);
  }
}

void audit_oversized_class(const AuditRun& run) {
  if (run.rules.oversized_from == 0) {
    run.not_judged = "the pack does not say from how many pupils a class is oversized";
    return;
  }
  const auto sizes = sizes_by_class(run.tables);
  for (const ClassRow& row : run.tables.classes) {
    const int size = class_size(sizes, row.class_id);
    if (size < run.rules.oversized_from) continue;
    const bool extra = run.rules.extra_oversized_from > 0 && size >= run.rules.extra_oversized_from;
    run.report("classes.csv", row.class_id,
               std::to_string(size) + " pupils: " + (extra ? "extra-oversized" : "oversized"));
  }
}

void audit_experimental_class(const AuditRun& run) {
  for (const ClassRow& row : run.tables.classes) {
    if (row.kind != "experimental") continue;
    auto found = run.index.approvals("experimental_class", row.class_id, run.index.as_of());
    const auto of_school = run.index.approvals("experimental_class", row.school_id, run.index.as_of());
    found.insert(found.end(), of_school.begin(), of_school.end());
    const auto province =
        std::ranges::find_if(found, [](const ApprovalRow* approval) { return approval->step == "province"; });
    if (province == found.end()) {
      run.report("classes.csv", row.class_id, "experimental without the province's approval");
      continue;
    }
    const bool filed_this_year = std::ranges::any_of(found, [&](const ApprovalRow* approval) {
      return approval->filed && run.index.as_of() - *approval->filed < std::chrono::days(365);
    });
    if (!filed_this_year) run.report("classes.csv", row.class_id, "not filed within the year");
  }
}

void audit_no_experimental_class(const AuditRun& run) {
  for (const ClassRow& row : run.tables.classes) {
    if (row.kind == "experimental") run.report("classes.csv", row.class_id, "an experimental class");
  }
}

void audit_balanced_classes(const AuditRun& run) {
  const auto sizes = sizes_by_class(run.tables);
  struct Spread {
    int least = 0;
    int most = 0;
    int classes = 0;
  };
  std::map<std::pair<std::string_view, int>, Spread> grades;
  for (const ClassRow& row : run.tables.classes) {
    if (row.kind != "ordinary") continue;
    const int size = class_size(sizes, row.class_id);
    Spread& spread = grades[{row.school_id, row.grade}];
    spread.least = spread.classes == 0 ? size : std::min(spread.least, size);
    spread.most = std::max(spread.most, size);
    ++spread.classes;
    const DrawRow* draw = run.index.draw(row.pupil_draw_id);
    if (draw == nullptr || draw->kind != "classes") run.report("classes.csv", row.class_id, "not formed by a draw");
  }
  for (const auto& [grade, spread] : grades) {
    if (spread.most - spread.least <= 1) continue;
    run.report("classes.csv", std::string(grade.first),
               "grade " + std::to_string(grade.second) + ": classes from " + std::to_string(spread.least) + " to " +
                   std::to_string(spread.most) + " pupils");
  }
}

void audit_head_teacher_draw(const AuditRun& run) {
  for (const ClassRow& row : run.tables.classes) {
    const DrawRow* pupils = run.index.draw(row.pupil_draw_id);
    const DrawRow* teachers = run.index.draw(row.teacher_draw_id);
    if (row.head_teacher.empty()) {
      run.report("classes.csv", row.class_id, "no head teacher");
    } else if (teachers == nullptr || teachers->kind != "head_teachers") {
      run.report("classes.csv", row.class_id, "its head teacher was not drawn");
    } else if (pupils != nullptr && pupils->started && teachers->started && *teachers->started < *pupils->started) {
      run.report("classes.csv", row.class_id, "its head teacher was drawn before its pupils");
    }
  }
}

void audit_student_records(const AuditRun& run) {
  for (const StatusFaultRow& row : status_faults(run.tables)) {
    run.report("student_records.csv", row.record_id.empty() ? row.child_id : row.record_id,
               std::string(to_text(row.fault)) + ": " + row.child_id + " at " + row.school_id);
  }
}

void audit_record_continuity(const AuditRun& run) {
  for (const std::string& child : unadmitted_graduates(run.tables)) {
    const ChildRow* row = run.index.child(child);
    run.report(
        "children.csv", child,
        row->graduate_of.empty() ? "without a junior seat" : "graduate of " + row->graduate_of + " without a seat");
  }
}

// A record that closed at one school and opened at another has moved.
void audit_record_flows(const AuditRun& run) {
  std::map<std::string_view, std::set<std::string_view>> schools;
  for (const StudentRecordRow& row : run.tables.student_records) {
    if (!row.child_id.empty()) schools[row.child_id].insert(row.school_id);
  }
  for (const auto& [child, at] : schools) {
    if (at.size() < 2) continue;
    const ApprovalRow* transfer = run.index.approval("transfer", child);
    if (transfer == nullptr || transfer->second_by.empty()) {
      run.report("student_records.csv", std::string(child),
                 transfer == nullptr ? "moved without an approved transfer" : "moved with one approver");
    }
  }
}

void audit_quota_lost(const AuditRun& run) {
  for (const ExceptionRow& row : exception_ledger(run.tables, run.rules.exceptions)) {
    if (row.kind == "quota_lost" && row.state != ExceptionState::approved) {
      run.report("student_records.csv", row.subject, "left the school it was placed at without an approved transfer");
    }
  }
}

}  // namespace catchment::engine::admission
