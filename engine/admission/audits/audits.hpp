// A season held against the rules it should have kept: every audit looks through the tables and names the rows that
// break one rule. Which audits hold, and under which clause, is the policy pack's; what each looks at is written here,
// once.
//
// An audit whose tables or rules were not handed in is not judged, and says so: silence is never a pass. Audits of what
// binds people look for the record that shows it was done (`records_kept`).
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/admission/audits/season_index.hpp"
#include "engine/admission/audits/season_tables.hpp"
#include "engine/admission/ledgers/dropout_ledgers.hpp"
#include "engine/admission/ledgers/placement_ledgers.hpp"

namespace catchment::engine::admission {

// One use of an audit by a pack.
struct AuditUse {
  std::string audit;   // id, as in all_audits()
  std::string clause;  // of the pack
  // What is meant: a ban, whose incidents (incidents.csv) are breaches whatever the audit; of `records_kept` the kind
  // of record, of `published` the kind of publication. Empty: none; all records, all publications.
  std::string item;
};

// When a family may register, both ends included.
struct AuditWindow {
  std::string stage;    // empty: every stage
  std::string route;    // public | private; empty: both
  std::string channel;  // empty: all
  Time opens{};
  Time closes{};
};

// What has to be public (PublicationRow::kind), for each school, district or once for the city (scope), and until when;
// no day: before the first window opens.
struct PublicationRule {
  std::string kind;
  std::string scope;  // school | district | city
  MaybeDay by;
};

// A record somebody has to make, for each school or district, or once (scope).
struct RecordRule {
  std::string kind;
  std::string scope;  // school | district | city
  std::string clause;
};

// What audits need to know of the place, beside the tables. What is not given is not judged.
struct AuditRules {
  std::vector<AuditUse> uses;
  Words platforms;  // the only ones that may collect data
  std::vector<AuditWindow> windows;
  bool no_double_filing = false;  // a private choice and a public registration shut each other out until the draw
  Words untimed_channels;         // that no window speaks of
  ExceptionRules exceptions;      // class caps and age
  std::string cap_step;           // whose approval lifts a class cap: "district"
  int oversized_from = 0;
  int extra_oversized_from = 0;
  DropoutRules dropout;
  std::vector<PlacementRule> placements;
  Words witnesses;  // groups a draw needs
  bool draw_needs_video = false;
  bool draw_needs_notary = false;
  bool draw_within_a_day = false;
  std::vector<Day> draw_days;  // of private schools; empty: any
  std::vector<PublicationRule> publications;
  std::vector<RecordRule> records;
  MaybeDay notified_by;              // letters of admission
  int answer_within_days = 0;        // complaints
  int problem_school_from = 0;       // upheld complaints and incidents of a school that make it one to look after
  int migrant_permille_before = -1;  // last year's share; -1: not known
  int recommended_pupils = -1;       // most there may be; -1: not judged
  // Complaints about a form's field, "" if it may be asked; from privacy/fields.tsv.
  std::function<std::string(const FormFieldRow&)> field_fault;
};

// A row that breaks a rule.
struct Breach {
  std::string file;     // "classes.csv"
  std::string row;      // its id, or the child's
  std::string message;  // what is wrong, with the figures
};

enum class AuditVerdict { kept, broken, not_judged };
std::string_view to_text(AuditVerdict verdict);

struct AuditResult {
  AuditUse use;
  std::string title;
  AuditVerdict verdict = AuditVerdict::kept;
  std::vector<Breach> breaches;
  std::string reason;  // why it was not judged
};

// What one audit sees, and where it reports.
struct AuditRun {
  const AuditUse& use;
  const SeasonTables& tables;
  const SeasonIndex& index;
  const AuditRules& rules;
  std::vector<Breach>& breaches;
  std::string& not_judged;  // set: the reason

  void report(std::string_view file, const std::string& row, std::string message) const {
    breaches.push_back({std::string(file), row, std::move(message)});
  }
};

struct Audit {
  std::string_view id;
  std::string_view title;
  std::string_view tables;  // files it cannot do without, separated by ' '
  void (*look)(const AuditRun& run);
};

std::span<const Audit> all_audits();  // by id

// One result for every use, in the pack's order. Throws InputError(audit_unknown) for a use of no audit,
// InputError(season_value) for a required column that is empty.
// O(rows log rows) an audit.
std::vector<AuditResult> run_audits(const SeasonTables& tables, const AuditRules& rules);

}  // namespace catchment::engine::admission
