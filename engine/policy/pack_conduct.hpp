// How a season is conducted: channels, forms, notices, classes, zones, and what people must do and is audited.
#pragma once

#include "engine/policy/pack_entry.hpp"

namespace catchment::engine::policy {

enum class DataEntry { family, primary_school, receiving_school, district };

struct Channel : Entry {
  std::string kind;  // web | app | mini_program | on_site | school | phone
  std::string url;
  DataEntry entered_by = DataEntry::family;
  std::vector<std::string> open_after;  // missed | failed | rejected; empty: to everybody
  bool success_excludes_others = false;
};

struct Form {
  std::vector<Entry> allowed;  // ids of fields that may be asked
  std::vector<Forbidden> forbidden;
  std::vector<Entry> rules;  // collect_once, by the status form, no other app...
  bool collect_once = false;
};

enum class LatePath { offline_registration, approval, on_site };

struct Late : Entry {
  LatePath path = LatePath::offline_registration;
  std::string approved_by;
  bool offline_admission_forbidden = false;
};

struct AdmissionNotice : Entry {
  std::optional<Moment> by;
  bool report_code = false;        // 报到码
  std::vector<std::string> forms;  // view | download | print | sms | paper
};

struct ClassRules : Entry {
  bool random_pupils = false;
  bool random_head_teachers = false;
  bool no_key_classes = true;
  std::vector<std::string> notices;  // query | sms
};

struct ZoneRules : Entry {
  bool every_public_school = false;
  std::vector<std::string> factors;
  std::vector<std::string> change_steps;  // in order: evaluate, consult, hear, consent, publish_early, explain
  std::string consent_of;                 // empty: nobody's
};

// --- What people must do, and what a season is audited against ---

// A row that binds people: served by the record that shows whether it was kept.
struct Duty : Entry {
  std::string who;
  std::string record;
  std::optional<Moment> by;
};

struct Check : Entry {
  std::string audit;  // the runnable audit that answers it; empty: a person answers
};

struct Checklist : Entry {
  std::vector<Check> checks;
};

struct Phone {
  std::string unit;
  std::string consult;
  std::string report;
  std::string mailbox;
  std::string clause;
};

}  // namespace catchment::engine::policy
