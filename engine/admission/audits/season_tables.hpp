// A season as an auditor reads it: plain rows of who should come, who asked, who was given what and on which ground,
// and the records of what people did. One folder, one CSV file per table (datasets/season_files.hpp reads and writes
// them); the header of each file is the list of column names in season_columns.hpp, in that order, and nothing else.
//
// Semantics. A child is a code, the same in every table; no name, number, phone or address is in any of them. An empty
// text means not known or none. Days and times are Beijing local time; a time is to the second. Lists are separated by
// ';'. A table that was not handed in is not an empty one: its file name stands in `absent`, and what needs it is not
// judged.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace catchment::engine::admission {

using Day = std::chrono::local_days;
using Time = std::chrono::local_seconds;
using MaybeDay = std::optional<Day>;
using MaybeTime = std::optional<Time>;
using Words = std::vector<std::string>;

// season.csv: one row.
struct SeasonRow {
  std::string place;  // as the policy pack calls it
  int school_year = 0;
  MaybeDay as_of;        // the day the tables show; what is due later is not judged
  MaybeDay term_starts;  // first day of school
  bool synthetic = false;
};

// children.csv: every school-age child who should enter this year (适龄儿童), whether or not anybody asked for it.
struct ChildRow {
  std::string child_id;
  std::string stage;  // primary | junior
  std::string district;
  MaybeDay birth_date;
  std::string sex;          // female | male; empty where the season needs none
  std::string household;    // hukou | permit | other: what gives the right to enter here
  bool migrant = false;     // 随迁子女
  Words groups;             // as the pack calls them: left_behind, unattended, orphan, poor, martyr ...
  std::string disability;   // mild | moderate | severe | home_care; empty: none
  std::string placement;    // mainstream | special_school | home_teaching | deferred; empty: none decided
  bool own_plan = false;    // 一人一案: a plan for this one child exists
  std::string graduate_of;  // primary school, of a junior entrant
  std::string zone_id;      // where the home lies; empty: not known, or no zones at this stage
  std::string bundle_id;    // children who are to stay together
};

// registrations.csv: one row each time a family's data were collected.
struct RegistrationRow {
  std::string child_id;
  std::string district;
  std::string route;      // public | private
  std::string school_id;  // the choice; empty where the zone decides
  std::string channel;    // online | on_site | primary_school | receiving_school | district
  std::string platform;   // as the pack calls it
  MaybeTime time;
  std::string outcome;  // passed | failed | withdrawn | pending
  MaybeDay verified;    // when the papers were looked through
  bool late = false;    // after the window; needs an approval of kind late_registration where the pack says so
  bool debtor = false;  // the bare answer of the debtor check, where the pack has a fee rule; never why
};

// form_fields.csv: what a form asks for. Held against privacy/fields.tsv.
struct FormFieldRow {
  std::string form_id;
  std::string owner;  // school or district
  std::string platform;
  std::string field;
  std::string when;  // registration | after_term_start
};

// data_checks.csv: questions to other departments' data instead of papers.
struct DataCheckRow {
  std::string child_id;
  std::string source;  // hukou | property | residence_permit | social_insurance | debtor | student_record
  MaybeTime time;
  std::string result;  // match | mismatch | no_answer
  MaybeDay settled;    // a mismatch put right, or decided by hand
};

// schools.csv: a school that teaches two stages has a row, and an id, for each.
struct SchoolRow {
  std::string school_id;
  std::string name;
  std::string stage;
  std::string ownership;  // public | private
  std::string kind;       // general | special | foreign_children
  std::string district;   // a private school's: the one that approved it
  std::string group_id;   // school group or alliance; empty: none
  std::optional<int> plan_seats;
  std::optional<int> plan_classes;
  std::optional<int> fee_yuan;  // a term's, of private schools
  bool boarding = false;
  bool city_approved = false;  // by the city, not the district
};

// zones.csv
struct ZoneRow {
  std::string zone_id;
  std::string stage;
  std::string district;
  Words school_ids;
  bool changed = false;     // against last year
  std::string approval_id;  // of the change
};

// estates.csv: new compounds, whose children need a zone.
struct EstateRow {
  std::string estate_id;
  std::string district;
  MaybeDay delivered;
  std::string school_id;      // primary school its children belong to; empty: nobody said
  MaybeDay school_delivered;  // of a school planned with it
  bool school_planned = false;
};

// offers.csv: seats offered, and what became of it.
struct OfferRow {
  std::string child_id;
  std::string school_id;
  std::string way;     // as in admissions
  std::string clause;  // of the pack
  MaybeTime time;
  MaybeTime answer_by;
  std::string answer;  // confirmed | declined | forfeited | pending
  MaybeTime answered;
};

// admissions.csv: seats that stand.
struct AdmissionRow {
  std::string child_id;
  std::string school_id;
  // zone | feeder | points | draw | wish | direct_promotion | attached_estate | policy | recommended | coordinated |
  // purchased | placement | late
  std::string way;
  std::string clause;
  MaybeTime time;
  std::string channel;  // platform | offline
  bool locked = false;
  MaybeDay notified;    // letter of admission sent
  std::string arrival;  // arrived | missing; empty: not yet due
};

// classes.csv
struct ClassRow {
  std::string class_id;
  std::string school_id;
  int grade = 0;
  std::string kind;          // ordinary | special (sport, arts, boarding section ...) | experimental
  std::string head_teacher;  // a code; empty: none yet
  std::string pupil_draw_id;
  std::string teacher_draw_id;
};

// class_pupils.csv
struct ClassPupilRow {
  std::string class_id;
  std::string child_id;
};

// approvals.csv
struct ApprovalRow {
  std::string approval_id;
  // class_cap | plan | cross_area | age | deferral | late_registration | experimental_class | zone_change |
  // direct_promotion | attached_estate | policy_group | withdrawal | transfer | class_layout | senior_quota | by_hand
  std::string kind;
  std::string subject;  // id of the school, class, child or zone
  std::string step;     // school | district | city | province | government
  std::string by;       // office, never a person
  std::string second_by;
  MaybeDay day;
  MaybeDay until;
  MaybeDay filed;             // 备案
  std::optional<int> figure;  // cap, seats, number of children
  std::string reason;
};

// draws.csv
struct DrawRow {
  std::string draw_id;
  std::string kind;  // private | public | direct_promotion | classes | head_teachers
  std::string school_id;
  std::string district;
  int applicants = 0;
  int seats = 0;
  MaybeTime started;
  MaybeTime finished;
  MaybeTime published;
  bool video = false;
  bool notary = false;
  Words witnesses;     // groups, as the pack calls them
  std::string record;  // digest of the draw's folder
};

// payments.csv: money that went from families to schools before or at entry.
struct PaymentRow {
  std::string child_id;
  std::string school_id;
  std::string kind;  // term_fee | donation | joint_building | lending | other
  int yuan = 0;
  MaybeTime time;
  std::string receipt;
};

// commitments.csv: letters signed between school and family.
struct CommitmentRow {
  std::string child_id;
  std::string school_id;
  std::string kind;  // direct_promotion | recruitment
  MaybeDay day;
};

// publications.csv
struct PublicationRow {
  // as a pack's publications call it: policy | plan | zones | conditions | procedure | method | materials | schedule |
  // results | results_query | school_profile | private_brochure | consult_phone | report_phone | mailbox | seat_warning
  // | zone_change; and class_results | statement | recommendation_quota | recommendation_conditions |
  // recommendation_method | recommendation_results
  std::string kind;
  std::string subject;  // school or district; empty: the city
  MaybeTime time;
  std::string channel;
  std::string vetted_by;
};

// complaints.csv: the log of hotline and mailbox.
struct ComplaintRow {
  std::string complaint_id;
  std::string subject;  // school or district
  std::string channel;  // hotline | mailbox | visit | online
  std::string kind;     // question | complaint | appeal | rumour
  MaybeTime received;
  MaybeTime answered;
  std::string outcome;  // upheld | rejected | explained; empty: open
  std::string sanction;
};

// incidents.csv: breaches that somebody found; `kind` is the id of a ban of the pack.
struct IncidentRow {
  std::string incident_id;
  std::string subject;
  std::string kind;
  MaybeDay found;
  std::string found_by;  // check | complaint | report
  MaybeDay settled;
  std::string outcome;
};

// records.csv: that people did what binds people; `kind` is the id of a duty of the pack, or guidance, zone_evaluation,
// zone_consultation, roster_check, roster_comparison.
struct RecordRow {
  std::string record_id;
  std::string kind;
  std::string subject;
  MaybeDay day;
  std::string by;  // office
  int people = 0;
  std::string document;
};

// traces.csv: what was done about a child who did not come, and one-to-one care.
struct TraceRow {
  std::string child_id;
  // check | comparison | contact | visit | care | guardian_notice | written_report | registered | returned | elsewhere
  std::string kind;
  std::string source;  // of a check or comparison: against which list
  MaybeDay day;
  std::string by;  // office or school
};

// student_records.csv (学籍)
struct StudentRecordRow {
  std::string record_id;
  std::string child_id;  // empty: nobody known behind it
  std::string school_id;
  MaybeDay opened;
  MaybeDay closed;
};

// recommendations.csv (推荐生)
struct RecommendationRow {
  std::string child_id;
  std::string primary_school_id;
  std::string school_id;
  MaybeDay chosen;
  MaybeDay district_approved;
  MaybeDay city_approved;
};

struct SeasonTables {
  std::vector<SeasonRow> season;
  std::vector<ChildRow> children;
  std::vector<RegistrationRow> registrations;
  std::vector<FormFieldRow> form_fields;
  std::vector<DataCheckRow> data_checks;
  std::vector<SchoolRow> schools;
  std::vector<ZoneRow> zones;
  std::vector<EstateRow> estates;
  std::vector<OfferRow> offers;
  std::vector<AdmissionRow> admissions;
  std::vector<ClassRow> classes;
  std::vector<ClassPupilRow> class_pupils;
  std::vector<ApprovalRow> approvals;
  std::vector<DrawRow> draws;
  std::vector<PaymentRow> payments;
  std::vector<CommitmentRow> commitments;
  std::vector<PublicationRow> publications;
  std::vector<ComplaintRow> complaints;
  std::vector<IncidentRow> incidents;
  std::vector<RecordRow> records;
  std::vector<TraceRow> traces;
  std::vector<StudentRecordRow> student_records;
  std::vector<RecommendationRow> recommendations;
  Words absent;  // file names of tables that were not handed in
};

}  // namespace catchment::engine::admission
