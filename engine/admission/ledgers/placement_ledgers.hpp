// Ledgers beside the dropout ones: special groups and their care, exceptions and who approved them, migrant children's
// share in public schools, faults of student records. Pure over a season's tables, as of its day.
#pragma once

#include <string>
#include <vector>

#include "engine/admission/audits/season_tables.hpp"

namespace catchment::engine::admission {

// A child of a group of the pack (left_behind, orphan, poor, martyr ...), or with a disability (group "disabled").
struct GroupLedgerRow {
  std::string group;
  std::string child_id;
  std::string district;
  std::string school_id;  // empty: no seat
  bool care = false;      // somebody is named for it (一对一)
  // What lacks: seat; of the disabled also placement, own_plan and student_record, and "approval" of a deferral.
  Words lacks;
};
// By group, then in the order of the table.
std::vector<GroupLedgerRow> group_ledger(const SeasonTables& tables);

// Which placement a degree of disability calls for: mild mainstream, moderate and severe special_school, home_care
// home_teaching. A milder placement than that is never wrong; a pack may give other rows.
struct PlacementRule {
  std::string disability;
  std::string placement;
};
// Children placed farther from an ordinary school than their degree calls for, or with none: {child_id, what is wrong}.
struct PlacementFault {
  std::string child_id;
  std::string message;
};
std::vector<PlacementFault> placement_faults(const SeasonTables& tables, const std::vector<PlacementRule>& rules);

enum class ExceptionState { approved, expired, unapproved };
std::string_view to_text(ExceptionState state);

// An exception that was made, or only approved.
struct ExceptionRow {
  std::string kind;     // class_cap | age | deferral | late_registration | quota_lost
  std::string subject;  // class or child
  int figure = 0;       // pupils of the class; 0 where none
  std::string approval_id;
  ExceptionState state = ExceptionState::unapproved;
};
struct ExceptionRules {
  int primary_cap = 0;  // 0: not judged
  int junior_cap = 0;
  MaybeDay born_by;  // the last birthday that enters primary school, inclusive; none: not judged
};
// Classes over their cap; children admitted under age, deferred, or registered late; children who after being placed
// chose another school and so lose the senior-high quota (quota_lost, whose state says whether the transfer was
// approved).
std::vector<ExceptionRow> exception_ledger(const SeasonTables& tables, const ExceptionRules& rules);

// Pupils a class cap approval allows; 0 where none holds. The approval's subject is the class or its school.
int approved_cap(const SeasonTables& tables, const std::string& class_id, const std::string& school_id, Day on);

// Where migrant children of a district have seats; "" is the whole city and comes last.
struct MigrantShare {
  std::string district;
  int children = 0;
  int in_public = 0;
  int purchased = 0;  // seats the bureau pays for in private schools
  int in_private = 0;
  int unplaced = 0;
  // Public and purchased seats per thousand placed, rounded down; 0 where nobody is placed.
  int public_permille() const;
};
std::vector<MigrantShare> migrant_shares(const SeasonTables& tables);

enum class StatusFault {
  duplicate,  // two open records of one child
  split,      // record and child at different schools (人籍分离)
  empty,      // an open record without anybody behind it (空挂)
  missing     // a child who sits in a class without a record
};
std::string_view to_text(StatusFault fault);
struct StatusFaultRow {
  StatusFault fault = StatusFault::duplicate;
  std::string child_id;
  std::string record_id;
  std::string school_id;
};
// In the order of records, then of class lists. Nothing is missing or empty before the first day of school.
std::vector<StatusFaultRow> status_faults(const SeasonTables& tables);

// Graduates without a seat who are neither deferred nor known to be elsewhere (小学毕业生未被录取).
std::vector<std::string> unadmitted_graduates(const SeasonTables& tables);

}  // namespace catchment::engine::admission
