// Audits of registrations, draws and recommendations.
#include <algorithm>
#include <map>
#include <set>

#include "engine/admission/audits/audit_parts.hpp"

namespace catchment::engine::admission {
namespace {

Day audit_day(Time time) { return std::chrono::floor<std::chrono::days>(time); }

bool names_word(const Words& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

bool in_audit_window(const AuditWindow& window, const ChildRow* child, const RegistrationRow& row) {
  const bool mine = (window.stage.empty() || child == nullptr || window.stage == child->stage) &&
                    (window.route.empty() || window.route == row.route) &&
                    (window.channel.empty() || window.channel == row.channel);
  return mine && window.opens <= *row.time && *row.time <= window.closes;
}

std::map<std::string_view, std::set<std::string_view>> private_choices(const SeasonTables& tables) {
  std::map<std::string_view, std::set<std::string_view>> schools;  // by child
  for (const RegistrationRow& row : tables.registrations) {
    if (row.route == "private" && row.outcome != "withdrawn" && row.outcome != "failed") {
      schools[row.child_id].insert(row.school_id);
    }
  }
  return schools;
}

}  // namespace

void audit_draw_needed(const AuditRun& run) {
  std::map<std::string_view, std::set<std::string_view>> asked;
  for (const RegistrationRow& row : run.tables.registrations) {
    if (row.route == "private" && row.outcome == "passed") asked[row.school_id].insert(row.child_id);
  }
  for (const auto& [asked_school, children] : asked) {
    const std::string_view school_id = asked_school;
    const SchoolRow* school = run.index.school(school_id);
    const auto count = static_cast<int>(children.size());
    if (school == nullptr || count <= school->plan_seats.value_or(0)) continue;
    const bool drawn = std::ranges::any_of(
        run.tables.draws, [&](const DrawRow& row) { return row.kind == "private" && row.school_id == school_id; });
    if (!drawn) {
      run.report("schools.csv", school->school_id,
                 std::to_string(count) + " asked for " + std::to_string(school->plan_seats.value_or(0)) +
                     " seats and there was no draw");
    }
  }
}

void audit_draw_conduct(const AuditRun& run) {
  for (const DrawRow& row : run.tables.draws) {
    if (row.kind == "classes" || row.kind == "head_teachers") continue;
    const auto report = [&](const std::string& message) { run.report("draws.csv", row.draw_id, message); };
    if (run.rules.draw_needs_video && !row.video) report("not filmed");
    if (run.rules.draw_needs_notary && !row.notary) report("without a notary");
    for (const std::string& group : run.rules.witnesses) {
      if (!names_word(row.witnesses, group)) report("without a witness of " + group);
    }
    if (run.rules.draw_within_a_day && (!row.finished || audit_day(*row.finished) != audit_day(*row.started))) {
      report("not finished on the day it began");
    }
    const Day held = audit_day(*row.started);
    if (row.kind == "private" && !run.rules.draw_days.empty() &&
        std::ranges::find(run.rules.draw_days, held) == run.rules.draw_days.end()) {
      report("not on a day the rules name");
    }
    if (!row.published) report("its result was not published");
    if (row.record.empty()) report("no record to draw it again from");
  }
}

void audit_windows(const AuditRun& run) {
  if (run.rules.windows.empty()) {
    run.not_judged = "the pack gives no window";
    return;
  }
  for (const RegistrationRow& row : run.tables.registrations) {
    const ChildRow* child = run.index.child(row.child_id);
    const bool inside = std::ranges::any_of(
        run.rules.windows, [&](const AuditWindow& window) { return in_audit_window(window, child, row); });
    const bool untimed = row.route == "public" && names_word(run.rules.untimed_channels, row.channel);
    if (inside || untimed || (row.late && run.index.approval("late_registration", row.child_id) != nullptr)) continue;
    run.report("registrations.csv", row.child_id, row.route + ", " + row.channel + ": outside every window");
  }
}

void audit_one_platform(const AuditRun& run) {
  if (run.rules.platforms.empty()) {
    run.not_judged = "the pack names no platform";
    return;
  }
  for (const RegistrationRow& row : run.tables.registrations) {
    if (!names_word(run.rules.platforms, row.platform)) {
      run.report("registrations.csv", row.child_id,
                 row.platform.empty() ? "no platform named" : "collected through " + row.platform);
    }
  }
}

// A second choice after a lost draw is another route, and a failed registration may be tried again.
void audit_collected_once(const AuditRun& run) {
  std::map<std::pair<std::string_view, std::string_view>, int> times;
  for (const RegistrationRow& row : run.tables.registrations) {
    if (row.outcome != "failed" && row.outcome != "withdrawn") ++times[{row.child_id, row.route}];
  }
  for (const auto& [key, count] : times) {
    if (count < 2) continue;
    run.report("registrations.csv", std::string(key.first),
               std::string(key.second) + ": collected " + std::to_string(count) + " times");
  }
}

void audit_one_choice(const AuditRun& run) {
  const auto chosen = private_choices(run.tables);
  for (const auto& [child, schools] : chosen) {
    if (schools.size() < 2) continue;
    run.report("registrations.csv", std::string(child), std::to_string(schools.size()) + " private schools");
  }
  if (!run.rules.no_double_filing) return;
  const auto draw = std::ranges::max_element(run.rules.draw_days);
  for (const RegistrationRow& row : run.tables.registrations) {
    const bool before = draw == run.rules.draw_days.end() || audit_day(*row.time) <= *draw;
    const bool stands = row.outcome == "passed" || row.outcome == "pending";
    if (row.route == "public" && stands && before && chosen.contains(row.child_id)) {
      run.report("registrations.csv", row.child_id, "a private and a public school at the same time");
    }
  }
}

void audit_joint_admission(const AuditRun& run) {
  std::map<std::string_view, std::set<std::string_view>> platforms;  // by route
  for (const RegistrationRow& row : run.tables.registrations) platforms[row.route].insert(row.platform);
  for (const std::string_view platform : platforms["private"]) {
    if (!platforms["public"].empty() && !platforms["public"].contains(platform)) {
      run.report("registrations.csv", std::string(platform), "registers private schools only");
    }
  }
  std::set<std::string_view> registered;
  for (const RegistrationRow& row : run.tables.registrations) registered.insert(row.child_id);
  for (const AdmissionRow& row : run.tables.admissions) {
    const SchoolRow* school = run.index.school(row.school_id);
    if (school == nullptr || school->ownership != "private" || row.way == "purchased") continue;
    if (!registered.contains(row.child_id) && row.way != "direct_promotion") {
      run.report("admissions.csv", row.child_id, "admitted at " + row.school_id + " without registering");
    }
  }
}

void audit_recommended(const AuditRun& run) {
  if (const auto count = static_cast<int>(run.tables.recommendations.size());
      run.rules.recommended_pupils >= 0 && count > run.rules.recommended_pupils) {
    run.report(
        "recommendations.csv", "",
        std::to_string(count) + " recommended, at most " + std::to_string(run.rules.recommended_pupils) + " may be");
  }
  for (const RecommendationRow& row : run.tables.recommendations) {
    const bool in_order = row.chosen && row.district_approved && row.city_approved &&
                          *row.chosen <= *row.district_approved && *row.district_approved <= *row.city_approved;
    if (!in_order) run.report("recommendations.csv", row.child_id, "not approved by district and then city");
  }
  const bool any = !run.tables.recommendations.empty();
  for (const std::string_view kind :
       {"recommendation_quota", "recommendation_conditions", "recommendation_method", "recommendation_results"}) {
    const bool open =
        std::ranges::any_of(run.tables.publications, [&](const PublicationRow& row) { return row.kind == kind; });
    if (any && !open) run.report("publications.csv", std::string(kind), "was not disclosed");
  }
}

void audit_notified_in_time(const AuditRun& run) {
  if (!run.rules.notified_by) {
    run.not_judged = "the pack gives no day";
    return;
  }
  for (const AdmissionRow& row : run.tables.admissions) {
    const bool due = run.index.as_of() > *run.rules.notified_by;
    if (row.notified ? *row.notified > *run.rules.notified_by : due) {
      run.report("admissions.csv", row.child_id, row.notified ? "letter sent late" : "no letter sent");
    }
  }
}

void audit_late_registration(const AuditRun& run) {
  for (const RegistrationRow& row : run.tables.registrations) {
    if (row.late && run.index.approval("late_registration", row.child_id) == nullptr) {
      run.report("registrations.csv", row.child_id, "registered late without approval");
    }
  }
}

void audit_registered_first(const AuditRun& run) {
  std::map<std::string_view, Time> first;
  for (const RegistrationRow& row : run.tables.registrations) {
    const auto [at, added] = first.emplace(row.child_id, *row.time);
    if (!added) at->second = std::min(at->second, *row.time);
  }
  for (const AdmissionRow& row : run.tables.admissions) {
    const auto at = first.find(row.child_id);
    if (at == first.end() || *row.time < at->second) {
      run.report("admissions.csv", row.child_id, "admitted at " + row.school_id + " without registering first");
    }
  }
}

}  // namespace catchment::engine::admission
