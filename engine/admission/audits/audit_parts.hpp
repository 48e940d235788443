// The audits, by what they look at; each is one row of the table in audits.cpp.
#pragma once

#include "engine/admission/audits/audits.hpp"

namespace catchment::engine::admission {

// Seats: audit_seats.cpp
void audit_plan_exceeded(const AuditRun& run);
void audit_second_seat(const AuditRun& run);
void audit_offline_admission(const AuditRun& run);
void audit_before_opening(const AuditRun& run);
void audit_cross_area(const AuditRun& run);
void audit_all_placed(const AuditRun& run);
void audit_within_plan_all_admitted(const AuditRun& run);
void audit_direct_promotion(const AuditRun& run);
void audit_foreign_school(const AuditRun& run);
void audit_policy_ground(const AuditRun& run);
void audit_withdrawals(const AuditRun& run);

// Draws and registrations: audit_draws.cpp
void audit_draw_needed(const AuditRun& run);
void audit_draw_conduct(const AuditRun& run);
void audit_windows(const AuditRun& run);
void audit_one_platform(const AuditRun& run);
void audit_collected_once(const AuditRun& run);
void audit_one_choice(const AuditRun& run);
void audit_joint_admission(const AuditRun& run);
void audit_recommended(const AuditRun& run);
void audit_notified_in_time(const AuditRun& run);
void audit_late_registration(const AuditRun& run);
void audit_registered_first(const AuditRun& run);

// Classes and student records: audit_classes.cpp
void audit_mixed_classes(const AuditRun& run);
void audit_class_cap(const AuditRun& run);
void audit_oversized_class(const AuditRun& run);
void audit_experimental_class(const AuditRun& run);
void audit_no_experimental_class(const AuditRun& run);
void audit_balanced_classes(const AuditRun& run);
void audit_head_teacher_draw(const AuditRun& run);
void audit_student_records(const AuditRun& run);
void audit_record_continuity(const AuditRun& run);
void audit_record_flows(const AuditRun& run);
void audit_quota_lost(const AuditRun& run);

// Children: audit_children.cpp
void audit_special_groups(const AuditRun& run);
void audit_dropouts(const AuditRun& run);
void audit_rosters(const AuditRun& run);
void audit_migrant_share(const AuditRun& run);
void audit_placements(const AuditRun& run);
void audit_survey(const AuditRun& run);
void audit_form_fields(const AuditRun& run);
void audit_data_checks(const AuditRun& run);
void audit_entry_money(const AuditRun& run);
void audit_recruitment_letters(const AuditRun& run);
void audit_age(const AuditRun& run);

// What is public, and what was said and done about it: audit_public.cpp
void audit_zones(const AuditRun& run);
void audit_zone_changes(const AuditRun& run);
void audit_new_estates(const AuditRun& run);
void audit_published(const AuditRun& run);
void audit_published_together(const AuditRun& run);
void audit_complaints(const AuditRun& run);
void audit_problem_schools(const AuditRun& run);
void audit_rumours(const AuditRun& run);
void audit_brochures(const AuditRun& run);
void audit_incidents(const AuditRun& run);
void audit_records_kept(const AuditRun& run);

}  // namespace catchment::engine::admission
