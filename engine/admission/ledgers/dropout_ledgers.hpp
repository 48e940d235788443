// The three ledgers of compulsory schooling (控辍保学): every school-age child, those who may have dropped out, those
// who have. Pure over a season's tables, as of its day.
//
// Who is where. A child sits who arrived, or is in a class, or whose last word is that it came back. Deferred needs an
// approval that holds; "elsewhere" needs a trace that says so. Before the first day of school nobody is missing: a
// child with a seat is expected, one without is unplaced. From that day on a child that is none of these is suspected,
// and a dropout once it is registered as one or, where the rules give a number of days, has been away for longer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/admission/audits/season_tables.hpp"

namespace catchment::engine::admission {

struct DropoutRules {
  std::optional<int> dropout_after_days;  // of term without coming; none: only registration makes a dropout
  int roster_checks = 0;                  // 四查: kinds of record `roster_check` a district needs
  int roster_comparisons = 0;             // 三比对: kinds of record `roster_comparison`
};

enum class Attendance { expected, unplaced, sits, returned, deferred, elsewhere, suspected, dropout };
std::string_view to_text(Attendance state);

struct AgeLedgerRow {
  std::string child_id;
  std::string stage;
  std::string district;
  std::string school_id;  // where it has a seat; empty: none
  Words groups;
  Attendance state = Attendance::unplaced;
  MaybeDay away_since;  // suspected and dropout
  // Of those who are away, what has been done, and what is still to do, in the order it is due: contact, visit,
  // guardian_notice, written_report.
  Words done;
  Words due;
};

// What a district did to count its children (四查三比对). The documents name the method, not the lists; those are the
// `document` of the records.
struct RosterCount {
  std::string district;
  int checks = 0;
  int comparisons = 0;
  bool complete = false;
};

struct DropoutLedgers {
  std::vector<AgeLedgerRow> school_age;  // every child, in the order of the table
  std::vector<AgeLedgerRow> suspected;   // juniors first, then children of special groups, then the longest away
  std::vector<AgeLedgerRow> dropout;     // the same order
  std::vector<RosterCount> rosters;      // by district
};

// O(rows log rows).
DropoutLedgers dropout_ledgers(const SeasonTables& tables, const DropoutRules& rules);

}  // namespace catchment::engine::admission
