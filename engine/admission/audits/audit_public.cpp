// Audits of what is public, and of what was said and done about it.
#include <algorithm>
#include <map>
#include <set>

#include "engine/admission/audits/audit_parts.hpp"

namespace catchment::engine::admission {
namespace {

Day publication_day(const PublicationRow& row) { return std::chrono::floor<std::chrono::days>(*row.time); }

// Until when a rule's publications must be there: its own day, else the day before the first window opens.
MaybeDay due_day(const AuditRules& rules, const PublicationRule& rule) {
  if (rule.by) return rule.by;
  MaybeDay first;
  for (const AuditWindow& window : rules.windows) {
    const Day opens = std::chrono::floor<std::chrono::days>(window.opens);
    if (!first || opens < *first) first = opens;
  }
  return first ? MaybeDay(*first - std::chrono::days(1)) : std::nullopt;
}

// Everyone a rule of this scope speaks of; "" is the city.
std::vector<std::string> rule_subjects(const SeasonTables& tables, const std::string& scope) {
  if (scope == "city") return {""};
  std::set<std::string> found;
  for (const SchoolRow& row : tables.schools) found.insert(scope == "school" ? row.school_id : row.district);
  if (scope == "district") {
    for (const ChildRow& row : tables.children) found.insert(row.district);
  }
  return {found.begin(), found.end()};
}

// When `kind` was first published for each subject.
std::map<std::string_view, Day> first_published(const SeasonTables& tables, std::string_view kind) {
  std::map<std::string_view, Day> first;
  for (const PublicationRow& row : tables.publications) {
    if (row.kind != kind) continue;
    const auto [at, added] = first.emplace(row.subject, publication_day(row));
    if (!added) at->second = std::min(at->second, publication_day(row));
  }
  return first;
}

struct Troubles {
  int upheld = 0;
  int incidents = 0;
};

std::map<std::string_view, Troubles> troubles_by_subject(const SeasonTables& tables) {
  std::map<std::string_view, Troubles> troubles;
  for (const ComplaintRow& row : tables.complaints) {
    if (row.outcome == "upheld") ++troubles[row.subject].upheld;
  }
  for (const IncidentRow& row : tables.incidents) ++troubles[row.subject].incidents;
  return troubles;
}

bool has_record(const SeasonTables& tables, std::string_view kind, std::string_view subject) {
  return std::ranges::any_of(tables.records,
                             [&](const RecordRow& row) { return row.kind == kind && row.subject == subject; });
}

}  // namespace

void audit_zones(const AuditRun& run) {
  std::set<std::string_view> zoned;
  std::set<std::string_view> zones;
  for (const ZoneRow& row : run.tables.zones) {
    zones.insert(row.zone_id);
    if (row.school_ids.empty()) run.report("zones.csv", row.zone_id, "names no school");
    for (const std::string& school : row.school_ids) {
      zoned.insert(school);
      if (run.index.school(school) == nullptr)
        run.report("zones.csv", row.zone_id, "names an unknown school " + school);
    }
  }
  for (const SchoolRow& row : run.tables.schools) {
    const bool needs = row.ownership == "public" && row.kind == "general";
    if (needs && !zoned.contains(row.school_id))
      run.report("schools.csv", row.school_id, "a public school without a zone");
  }
  for (const ChildRow& row : run.tables.children) {
    if (!zones.contains(row.zone_id)) run.report("children.csv", row.child_id, "lives in no zone");
  }
}

void audit_zone_changes(const AuditRun& run) {
  for (const ZoneRow& row : run.tables.zones) {
    if (!row.changed) continue;
    const auto good = run.index.approvals("zone_change", row.zone_id, run.index.as_of());
    if (good.empty()) run.report("zones.csv", row.zone_id, "changed without consent");
    for (const std::string_view kind : {"zone_evaluation", "zone_consultation"}) {
      if (!has_record(run.tables, kind, row.zone_id)) {
        run.report("records.csv", row.zone_id, "changed without a record of " + std::string(kind));
      }
    }
  }
}

void audit_new_estates(const AuditRun& run) {
  for (const EstateRow& row : run.tables.estates) {
    if (!row.delivered || *row.delivered > run.index.as_of()) continue;
    if (row.school_id.empty()) run.report("estates.csv", row.estate_id, "people live there and no school is named");
    if (row.school_planned && (!row.school_delivered || *row.school_delivered > *row.delivered)) {
      run.report("estates.csv", row.estate_id, "delivered before the school planned with it");
    }
  }
}

void audit_published(const AuditRun& run) {
  bool any = false;
  for (const PublicationRule& rule : run.rules.publications) {
    if (!run.use.item.empty() && rule.kind != run.use.item) continue;
    any = true;
    const auto first = first_published(run.tables, rule.kind);
    const MaybeDay due = due_day(run.rules, rule);
    for (const std::string& subject : rule_subjects(run.tables, rule.scope)) {
      const auto at = first.find(subject);
      const std::string who = subject.empty() ? "city" : subject;
      if (at == first.end() && (!due || *due < run.index.as_of())) {
        run.report("publications.csv", who, rule.kind + " was not published");
      } else if (at != first.end() && due && at->second > *due) {
        run.report("publications.csv", who, rule.kind + " was published late");
      }
    }
  }
  if (!any) run.not_judged = "the pack does not say what has to be public";
}

void audit_published_together(const AuditRun& run) {
  std::map<std::string, std::set<Day>> days;  // by district
  for (const PublicationRow& row : run.tables.publications) {
    const SchoolRow* school = run.index.school(row.subject);
    if (row.kind == "plan" && school != nullptr) days[school->district].insert(publication_day(row));
  }
  for (const auto& [district, found] : days) {
    if (found.size() > 1) {
      run.report("publications.csv", district, "plans came out on " + std::to_string(found.size()) + " days");
    }
  }
}

void audit_complaints(const AuditRun& run) {
  const std::chrono::days limit(run.rules.answer_within_days);
  for (const ComplaintRow& row : run.tables.complaints) {
    if (row.kind == "rumour") continue;
    const Day received = std::chrono::floor<std::chrono::days>(*row.received);
    const Day until = row.answered ? std::chrono::floor<std::chrono::days>(*row.answered) : run.index.as_of();
    if (limit.count() > 0 ? until - received > limit : !row.answered) {
      run.report("complaints.csv", row.complaint_id,
                 row.kind + (row.answered ? " answered after " : " open for ") +
                     std::to_string((until - received).count()) + " days");
    }
    if (row.kind == "complaint" && row.outcome == "upheld" && row.sanction.empty()) {
      run.report("complaints.csv", row.complaint_id, "upheld without a consequence");
    }
  }
}

void audit_problem_schools(const AuditRun& run) {
  if (run.rules.problem_school_from == 0) {
    run.not_judged = "the pack does not say from when a school has many problems";
    return;
  }
  const auto statements = first_published(run.tables, "statement");
  for (const auto& [subject, found] : troubles_by_subject(run.tables)) {
    if (found.upheld + found.incidents < run.rules.problem_school_from) continue;
    const std::string figures =
        std::to_string(found.upheld) + " upheld complaints, " + std::to_string(found.incidents) + " incidents: ";
    if (!has_record(run.tables, "guidance", subject)) {
      run.report("records.csv", std::string(subject), figures + "nobody looked after it");
    }
    if (!statements.contains(subject)) run.report("publications.csv", std::string(subject), figures + "no statement");
  }
}

void audit_rumours(const AuditRun& run) {
  for (const ComplaintRow& row : run.tables.complaints) {
    if (row.kind == "rumour" && !row.answered)
      run.report("complaints.csv", row.complaint_id, "a rumour nobody answered");
  }
}

void audit_brochures(const AuditRun& run) {
  for (const PublicationRow& row : run.tables.publications) {
    const SchoolRow* school = run.index.school(row.subject);
    if (row.kind != "private_brochure" || school == nullptr) continue;
    if (school->ownership == "public") {
      run.report("publications.csv", row.subject, "a public school advertised");
    } else if (row.vetted_by.empty()) {
      run.report("publications.csv", row.subject, "an advertisement nobody vetted");
    }
  }
}

// Incidents of the use's ban are reported for every audit, by run_audits.
void audit_incidents(const AuditRun& run) {
  if (run.use.item.empty()) run.not_judged = "names no ban";
}

void audit_records_kept(const AuditRun& run) {
  bool any = false;
  for (const RecordRule& rule : run.rules.records) {
    if (!run.use.item.empty() && rule.kind != run.use.item) continue;
    any = true;
    std::set<std::string_view> kept;
    for (const RecordRow& row : run.tables.records) {
      if (row.kind == rule.kind && *row.day <= run.index.as_of()) kept.insert(row.subject);
    }
    for (const std::string& subject : rule_subjects(run.tables, rule.scope)) {
      if (!kept.contains(subject)) {
        run.report("records.csv", subject.empty() ? "city" : subject,
                   "no record of " + rule.kind + " (" + rule.clause + ")");
      }
    }
  }
  if (!any) run.not_judged = "the pack asks for no such record";
}

}  // namespace catchment::engine::admission
