// A small synthetic season that keeps every rule: six children, two public schools, one private. Nothing in it is real.
#pragma once

#include "engine/admission/audits/audits.hpp"

namespace catchment::testing {

using engine::admission::AdmissionRow;
using engine::admission::AgeLedgerRow;
using engine::admission::all_audits;
using engine::admission::approved_cap;
using engine::admission::Attendance;
using engine::admission::Audit;
using engine::admission::AuditResult;
using engine::admission::AuditRules;
using engine::admission::AuditUse;
using engine::admission::AuditVerdict;
using engine::admission::Breach;
using engine::admission::ChildRow;
using engine::admission::Day;
using engine::admission::DrawRow;
using engine::admission::dropout_ledgers;
using engine::admission::DropoutLedgers;
using engine::admission::DropoutRules;
using engine::admission::exception_ledger;
using engine::admission::ExceptionRules;
using engine::admission::ExceptionState;
using engine::admission::FormFieldRow;
using engine::admission::group_ledger;
using engine::admission::GroupLedgerRow;
using engine::admission::MaybeDay;
using engine::admission::migrant_shares;
using engine::admission::MigrantShare;
using engine::admission::RecordRow;
using engine::admission::RegistrationRow;
using engine::admission::run_audits;
using engine::admission::SchoolRow;
using engine::admission::SeasonTables;
using engine::admission::status_faults;
using engine::admission::StatusFaultRow;
using engine::admission::Time;
using engine::admission::Words;

inline Day on(int month, unsigned day) {
  return Day(std::chrono::year(2024) / std::chrono::month(static_cast<unsigned>(month)) / std::chrono::day(day));
}
inline Time at(int month, unsigned day, int hour, int minute = 0) {
  return on(month, day) + std::chrono::hours(hour) + std::chrono::minutes(minute);
}

inline ChildRow child_of(const std::string& id, const std::string& stage, const std::string& zone) {
  ChildRow row;
  row.child_id = id;
  row.stage = stage;
  row.district = "east";
  row.birth_date =
      stage == "primary" ? on(8, 31) - std::chrono::days(6 * 366) : on(8, 31) - std::chrono::days(12 * 366);
  row.household = "hukou";
  row.zone_id = zone;
  if (stage == "junior") row.graduate_of = "p1";
  return row;
}

inline void seat_of(SeasonTables& world, const std::string& child, const std::string& school, const std::string& way,
                    const std::string& class_id) {
  AdmissionRow seat;
  seat.child_id = child;
  seat.school_id = school;
  seat.way = way;
  seat.clause = "within_plan";
  seat.time = at(8, 10, 9);
  seat.channel = "platform";
  seat.locked = true;
  seat.notified = on(8, 12);
  seat.arrival = "arrived";
  world.admissions.push_back(seat);
  world.class_pupils.push_back({class_id, child});
  world.student_records.push_back({"r-" + child, child, school, on(9, 1), std::nullopt});
}

inline void registers(SeasonTables& world, const std::string& child, const std::string& route,
                      const std::string& school) {
  RegistrationRow row;
  row.child_id = child;
  row.district = "east";
  row.route = route;
  row.school_id = school;
  row.channel = "online";
  row.platform = "city";
  row.time = at(8, 4, 10);
  row.outcome = "passed";
  row.verified = on(8, 6);
  world.registrations.push_back(row);
}

inline void open_school(SeasonTables& world, const std::string& id, const std::string& stage,
                        const std::string& ownership, const std::string& class_id) {
  SchoolRow row;
  row.school_id = id;
  row.name = "synthetic " + id;
  row.stage = stage;
  row.ownership = ownership;
  row.kind = "general";
  row.district = "east";
  row.plan_seats = 4;
  world.schools.push_back(row);
  world.classes.push_back({class_id, id, stage == "junior" ? 7 : 1, "ordinary", "t-" + id, "d-pupils", "d-teachers"});
}

inline DrawRow draw_of(const std::string& id, const std::string& kind, Time started) {
  DrawRow row;
  row.draw_id = id;
  row.kind = kind;
  row.district = "east";
  row.started = started;
  row.finished = started + std::chrono::hours(1);
  row.published = started + std::chrono::hours(2);
  row.video = row.notary = true;
  row.witnesses = {"parents", "media"};
  row.record = "digest";
  return row;
}

inline void tell_the_public(SeasonTables& world) {
  for (const char* school : {"p1", "j1", "x1"}) {
    for (const char* kind : {"zones", "plan"}) world.publications.push_back({kind, school, at(7, 1, 9), "site", ""});
  }
  world.publications.push_back({"private_brochure", "x1", at(7, 1, 9), "site", "bureau"});
  world.publications.push_back({"report_phone", "east", at(7, 1, 9), "site", ""});
  world.records.push_back({"k1", "training", "east", on(7, 1), "bureau", 20, ""});
  for (const char* list : {"a", "b", "c", "d"})
    world.records.push_back({list, "roster_check", "east", on(7, 1), "b", 1, list});
  for (const char* list : {"e", "f", "g"})
    world.records.push_back({list, "roster_comparison", "east", on(7, 1), "b", 1, list});
}

inline SeasonTables sound_season() {
  SeasonTables world;
  world.season.push_back({"synthetic", 2024, on(9, 20), on(9, 1), true});
  open_school(world, "p1", "primary", "public", "c-p1");
  open_school(world, "j1", "junior", "public", "c-j1");
  open_school(world, "x1", "junior", "private", "c-x1");
  world.schools.back().fee_yuan = 5000;
  world.zones.push_back({"z1", "primary", "east", {"p1"}, false, ""});
  world.zones.push_back({"z2", "junior", "east", {"j1"}, false, ""});
  for (const char* id : {"k1", "k2"}) world.children.push_back(child_of(id, "primary", "z1"));
  for (const char* id : {"k3", "k4", "k5", "k6"}) world.children.push_back(child_of(id, "junior", "z2"));
  world.children[1].migrant = true;
  world.children[1].household = "permit";
  world.children[2].groups = {"left_behind"};
  world.children[3].disability = "mild";
  world.children[3].placement = "mainstream";
  world.children[3].own_plan = true;
  for (const char* id : {"k1", "k2"}) registers(world, id, "public", "");
  for (const char* id : {"k3", "k4"}) registers(world, id, "public", "");
  for (const char* id : {"k5", "k6"}) registers(world, id, "private", "x1");
  for (const char* id : {"k1", "k2"}) seat_of(world, id, "p1", "zone", "c-p1");
  for (const char* id : {"k3", "k4"}) seat_of(world, id, "j1", "zone", "c-j1");
  for (const char* id : {"k5", "k6"}) seat_of(world, id, "x1", "wish", "c-x1");
  world.draws = {draw_of("d-pupils", "classes", at(8, 19, 9)), draw_of("d-teachers", "head_teachers", at(8, 20, 9))};
  world.payments.push_back({"k5", "x1", "term_fee", 5000, at(8, 11, 9), "receipt"});
  world.form_fields.push_back({"f1", "east", "city", "home_address", "registration"});
  world.data_checks.push_back({"k1", "hukou", at(8, 4, 10), "match", std::nullopt});
  world.estates.push_back({"e1", "east", on(6, 1), "p1", on(6, 1), true});
  world.complaints.push_back({"q1", "p1", "hotline", "question", at(8, 5, 9), at(8, 6, 9), "explained", ""});
  tell_the_public(world);
  return world;
}

inline AuditRules sound_rules() {
  AuditRules rules;
  for (const Audit& audit : all_audits())
    rules.uses.push_back({std::string(audit.id), "clause_" + std::string(audit.id), ""});
  for (AuditUse& use : rules.uses) {
    if (use.audit == "incidents") use.item = "score_ranking";
  }
  rules.platforms = {"city"};
  rules.windows.push_back({"", "", "online", at(8, 4, 8), at(8, 5, 23, 59) + std::chrono::seconds(59)});
  rules.exceptions = {3, 3, on(8, 31) - std::chrono::days(6 * 366)};
  rules.cap_step = "district";
  rules.oversized_from = 5;
  rules.extra_oversized_from = 6;
  rules.dropout = {std::nullopt, 4, 3};
  rules.placements = {{"mild", "mainstream"}, {"severe", "special_school"}, {"home_care", "home_teaching"}};
  rules.witnesses = {"parents", "media"};
  rules.draw_needs_video = rules.draw_needs_notary = rules.draw_within_a_day = true;
  rules.draw_days = {on(8, 8)};
  rules.publications = {{"zones", "school", on(7, 2)}, {"report_phone", "district", std::nullopt}};
  rules.records = {{"training", "district", "trained"}};
  rules.notified_by = on(8, 15);
  rules.answer_within_days = 5;
  rules.problem_school_from = 2;
  rules.migrant_permille_before = 1000;
  rules.recommended_pupils = 1;
  rules.field_fault = [](const FormFieldRow& row) {
    return row.field == "income" ? "income is forbidden" : std::string();
  };
  return rules;
}

}  // namespace catchment::testing
