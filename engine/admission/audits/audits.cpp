#include "engine/admission/audits/audits.hpp"

#include <algorithm>
#include <array>

#include "engine/admission/audits/audit_parts.hpp"
#include "engine/admission/audits/season_columns.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::array<std::string_view, 3> kVerdictWords{"kept", "broken", "not_judged"};

constexpr Audit kAudits[]{
    {"age", "Nobody under age is admitted without approval", "children.csv admissions.csv approvals.csv", audit_age},
    {"all_placed", "Every child that registered has a seat", "children.csv registrations.csv admissions.csv",
     audit_all_placed},
    {"balanced_classes", "Classes of a grade are dealt by draw and differ by one pupil at most",
     "classes.csv class_pupils.csv", audit_balanced_classes},
    {"before_opening", "No seat, money or letter before registration opens",
     "registrations.csv admissions.csv payments.csv commitments.csv", audit_before_opening},
    {"brochures", "Every private school's advertisement was vetted", "schools.csv publications.csv", audit_brochures},
    {"class_cap", "No class over the cap without an approval that holds", "schools.csv classes.csv class_pupils.csv",
     audit_class_cap},
    {"collected_once", "A family's data are collected once", "registrations.csv", audit_collected_once},
    {"complaints", "Complaints and appeals are answered in time, upheld ones have a consequence", "complaints.csv",
     audit_complaints},
    {"cross_area", "Private schools admit in their area, nobody crosses without approval",
     "children.csv schools.csv admissions.csv", audit_cross_area},
    {"data_checks", "Every mismatch of shared data was settled", "data_checks.csv", audit_data_checks},
    {"direct_promotion", "Direct promotion is approved, locked and agreed in writing",
     "admissions.csv approvals.csv commitments.csv", audit_direct_promotion},
    {"draw_conduct", "Draws are witnessed, filmed, finished and published as the rules ask", "draws.csv",
     audit_draw_conduct},
    {"draw_needed", "A school asked for by more than it has seats draws", "schools.csv registrations.csv draws.csv",
     audit_draw_needed},
    {"dropouts", "Whoever is away is followed up, registered and reported", "children.csv admissions.csv traces.csv",
     audit_dropouts},
    {"entry_money", "No money tied to entry", "payments.csv", audit_entry_money},
    {"experimental_class", "Experimental classes have the province's approval, filed this year",
     "classes.csv approvals.csv", audit_experimental_class},
    {"foreign_school", "Schools for foreign children admit none of the city's",
     "children.csv schools.csv admissions.csv", audit_foreign_school},
    {"form_fields", "Forms ask for nothing forbidden and nothing unlisted", "form_fields.csv", audit_form_fields},
    {"head_teacher_draw", "Head teachers come by a draw of their own, after the pupils'", "classes.csv draws.csv",
     audit_head_teacher_draw},
    {"incidents", "Nobody found a breach of this ban", "incidents.csv", audit_incidents},
    {"joint_admission", "Public and private schools register and admit together", "schools.csv registrations.csv",
     audit_joint_admission},
    {"late_registration", "Late registrations are approved", "registrations.csv approvals.csv",
     audit_late_registration},
    {"migrant_share", "The share of migrant children in public seats does not fall",
     "children.csv schools.csv admissions.csv", audit_migrant_share},
    {"mixed_classes", "Nobody sits in a class of another school",
     "schools.csv admissions.csv classes.csv class_pupils.csv", audit_mixed_classes},
    {"new_estates", "Every delivered compound has a school, and its own where one was planned", "estates.csv",
     audit_new_estates},
    {"no_experimental_class", "No experimental class at all", "classes.csv", audit_no_experimental_class},
    {"notified_in_time", "Letters of admission are sent in time", "admissions.csv", audit_notified_in_time},
    {"offline_admission", "No admission outside the platform", "admissions.csv", audit_offline_admission},
    {"one_choice", "One private school a child", "registrations.csv", audit_one_choice},
    {"one_platform", "One platform collects", "registrations.csv", audit_one_platform},
    {"oversized_class", "No oversized class", "classes.csv class_pupils.csv", audit_oversized_class},
    {"placements", "Children with a disability are placed as their degree asks", "children.csv", audit_placements},
    {"plan_exceeded", "No school admits beyond its plan", "schools.csv admissions.csv", audit_plan_exceeded},
    {"policy_ground", "Every preferential admission names its clause and was approved", "admissions.csv approvals.csv",
     audit_policy_ground},
    {"problem_schools", "Schools with many problems were looked after and spoke up",
     "complaints.csv incidents.csv publications.csv records.csv", audit_problem_schools},
    {"published", "What families need to know is public in time", "schools.csv publications.csv", audit_published},
    {"published_together", "Public and private schools publish on the same day", "schools.csv publications.csv",
     audit_published_together},
    {"quota_lost", "Who chose another school than the one placed at did so by an approved transfer",
     "children.csv admissions.csv student_records.csv approvals.csv", audit_quota_lost},
    {"recommended", "Recommended pupils are within the quota and approved in three steps", "recommendations.csv",
     audit_recommended},
    {"record_continuity", "Every graduate has a seat", "children.csv admissions.csv", audit_record_continuity},
    {"record_flows", "Records that moved were transferred with two approvers", "student_records.csv approvals.csv",
     audit_record_flows},
    {"records_kept", "What people had to do is on record", "schools.csv children.csv records.csv", audit_records_kept},
    {"recruitment_letters", "No letter promises a seat", "commitments.csv", audit_recruitment_letters},
    {"registered_first", "Whoever has a seat registered for it", "registrations.csv admissions.csv",
     audit_registered_first},
    {"rosters", "Every district counted its children against the lists", "children.csv records.csv", audit_rosters},
    {"rumours", "Rumours are answered", "complaints.csv", audit_rumours},
    {"second_seat", "Nobody holds two seats", "admissions.csv", audit_second_seat},
    {"special_groups", "Every child of the special groups is placed and has its ledger entries",
     "children.csv admissions.csv", audit_special_groups},
    {"student_records", "One record a child, at the school that teaches it",
     "class_pupils.csv classes.csv student_records.csv", audit_student_records},
    {"survey", "Everybody who registered or has a seat is in the school-age ledger",
     "children.csv registrations.csv admissions.csv", audit_survey},
    {"windows", "Registrations lie in their windows", "registrations.csv children.csv", audit_windows},
    {"withdrawals", "A seat given up or moved has two approvers", "approvals.csv", audit_withdrawals},
    {"within_plan", "Where the plan is not exceeded everybody who registered there is admitted",
     "schools.csv registrations.csv admissions.csv", audit_within_plan_all_admitted},
    {"zone_changes", "Zones change only with evaluation, consultation and consent",
     "zones.csv approvals.csv records.csv", audit_zone_changes},
    {"zones", "Every public school has a zone, every zone a school, every child a zone",
     "schools.csv zones.csv children.csv", audit_zones},
};

// The first table this audit cannot do without that was not handed in.
std::string missing_table(const Audit& audit, const Words& absent) {
  for (const std::string& file : absent) {
    const std::string wanted = " " + std::string(audit.tables) + " ";
    if (wanted.find(" " + file + " ") != std::string::npos) return file;
  }
  return {};
}

void report_incidents(const AuditRun& run) {
  for (const IncidentRow& row : run.tables.incidents) {
    if (row.kind != run.use.item) continue;
    run.report("incidents.csv", row.incident_id,
               row.subject + ", " + (row.settled ? "settled: " + row.outcome : "not settled"));
  }
}

}  // namespace

std::string_view to_text(AuditVerdict verdict) { return kVerdictWords.at(static_cast<std::size_t>(verdict)); }

std::span<const Audit> all_audits() { return kAudits; }

std::vector<AuditResult> run_audits(const SeasonTables& tables, const AuditRules& rules) {
  check_required_columns(tables);
  const SeasonIndex index(tables);
  std::vector<AuditResult> results;
  for (const AuditUse& use : rules.uses) {
    const auto* audit = std::ranges::find(kAudits, use.audit, &Audit::id);
    if (audit == std::end(kAudits)) throw InputError("audit_unknown", use.clause, "no such audit: " + use.audit);
    AuditResult result{.use = use, .title = std::string(audit->title), .verdict = {}, .breaches = {}, .reason = {}};
    const std::string absent = missing_table(*audit, tables.absent);
    const AuditRun run{use, tables, index, rules, result.breaches, result.reason};
    if (absent.empty()) {
      audit->look(run);
    } else {
      result.reason = absent + " was not handed in";
    }
    if (!use.item.empty()) report_incidents(run);
    result.verdict = !result.breaches.empty() ? AuditVerdict::broken
                     : !result.reason.empty() ? AuditVerdict::not_judged
                                              : AuditVerdict::kept;
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace catchment::engine::admission
