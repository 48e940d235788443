// Audits of children: who must not be forgotten, and what may not be asked of their families.
#include <set>

#include "engine/admission/audits/audit_parts.hpp"

namespace catchment::engine::admission {
namespace {

std::string joined_words(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

void report_steps_due(const AuditRun& run, const std::vector<AgeLedgerRow>& rows) {
  for (const AgeLedgerRow& row : rows) {
    if (row.due.empty()) continue;
    run.report("traces.csv", row.child_id, std::string(to_text(row.state)) + ", still due: " + joined_words(row.due));
  }
}

}  // namespace

void audit_special_groups(const AuditRun& run) {
  for (const GroupLedgerRow& row : group_ledger(run.tables)) {
    if (!row.lacks.empty()) run.report("children.csv", row.child_id, row.group + " lacks " + joined_words(row.lacks));
  }
}

void audit_dropouts(const AuditRun& run) {
  const DropoutLedgers ledgers = dropout_ledgers(run.tables, run.rules.dropout);
  report_steps_due(run, ledgers.suspected);
  report_steps_due(run, ledgers.dropout);
}

void audit_rosters(const AuditRun& run) {
  for (const RosterCount& row : dropout_ledgers(run.tables, run.rules.dropout).rosters) {
    if (row.complete) continue;
    run.report("records.csv", row.district,
               std::to_string(row.checks) + " of " + std::to_string(run.rules.dropout.roster_checks) + " checks, " +
                   std::to_string(row.comparisons) + " of " + std::to_string(run.rules.dropout.roster_comparisons) +
                   " comparisons");
  }
}

void audit_migrant_share(const AuditRun& run) {
  const MigrantShare city = migrant_shares(run.tables).back();
  if (city.unplaced > 0) {
    run.report("children.csv", "", std::to_string(city.unplaced) + " migrant children without a seat");
  }
  if (run.rules.migrant_permille_before < 0) {
    if (city.unplaced == 0) run.not_judged = "last year's share is not known";
    return;
  }
  if (city.public_permille() < run.rules.migrant_permille_before) {
    run.report("children.csv", "",
               std::to_string(city.public_permille()) + " per thousand in public or purchased seats, last year " +
                   std::to_string(run.rules.migrant_permille_before));
  }
}

void audit_placements(const AuditRun& run) {
  if (run.rules.placements.empty()) {
    run.not_judged = "the pack gives no placements";
    return;
  }
  for (const PlacementFault& fault : placement_faults(run.tables, run.rules.placements)) {
    run.report("children.csv", fault.child_id, fault.message);
  }
}

void audit_survey(const AuditRun& run) {
  std::set<std::string_view> told;
  const auto look = [&](std::string_view file, const std::string& child_id) {
    if (run.index.child(child_id) == nullptr && told.insert(child_id).second) {
      run.report(file, child_id, "not in the school-age ledger");
    }
  };
  for (const RegistrationRow& row : run.tables.registrations) look("registrations.csv", row.child_id);
  for (const AdmissionRow& row : run.tables.admissions) look("admissions.csv", row.child_id);
}

void audit_form_fields(const AuditRun& run) {
  if (!run.rules.field_fault) {
    run.not_judged = "no list of fields";
    return;
  }
  for (const FormFieldRow& row : run.tables.form_fields) {
    const std::string fault = run.rules.field_fault(row);
    if (!fault.empty()) run.report("form_fields.csv", row.form_id, fault);
  }
}

void audit_data_checks(const AuditRun& run) {
  for (const DataCheckRow& row : run.tables.data_checks) {
    if (row.result == "mismatch" && !row.settled) {
      run.report("data_checks.csv", row.child_id, row.source + " differs and nobody settled it");
    }
  }
}

void audit_entry_money(const AuditRun& run) {
  for (const PaymentRow& row : run.tables.payments) {
    const SchoolRow* school = run.index.school(row.school_id);
    const bool fee = row.kind == "term_fee" && school != nullptr && school->ownership == "private";
    if (fee || row.yuan == 0) continue;
    run.report("payments.csv", row.child_id,
               row.kind + " of " + std::to_string(row.yuan) + " yuan to " + row.school_id);
  }
}

void audit_recruitment_letters(const AuditRun& run) {
  for (const CommitmentRow& row : run.tables.commitments) {
    if (row.kind == "recruitment")
      run.report("commitments.csv", row.child_id, "a letter of promise from " + row.school_id);
  }
}

void audit_age(const AuditRun& run) {
  if (!run.rules.exceptions.born_by) {
    run.not_judged = "the pack gives no entry age for this place";
    return;
  }
  for (const ExceptionRow& row : exception_ledger(run.tables, run.rules.exceptions)) {
    if (row.kind == "age" && row.state != ExceptionState::approved) {
      run.report("children.csv", row.subject, "admitted under age without approval");
    }
  }
}

}  // namespace catchment::engine::admission
