#include "datasets/season_audit.hpp"

#include "datasets/demand_rules.hpp"
#include "datasets/privacy_list.hpp"
#include "engine/admission/audits/pack_rules.hpp"

namespace catchment::datasets {
namespace {

namespace admission = engine::admission;
namespace policy = engine::policy;

// Figures of large classes are the rules' of demand, where the pack bans them at all.
void add_class_figures(const policy::PolicyPack& pack, admission::AuditRules& rules) {
  bool banned = false;
  for (const policy::ClassCap& cap : pack.class_caps) banned = banned || cap.no_new_large_class;
  if (!banned) return;
  const auto demand = shipped_demand_rules();
  for (const auto& stage : demand.stages) {
    if (stage.stage != engine::Stage::primary) continue;
    rules.oversized_from = stage.oversized_from;
    rules.extra_oversized_from = stage.severe_from;
  }
}

}  // namespace

admission::AuditRules season_audit_rules(const policy::PolicyPack& pack, const SeasonAuditOptions& options) {
  admission::AuditRules rules = admission::audit_rules(pack);
  add_class_figures(pack, rules);
  rules.problem_school_from = options.problem_from;
  rules.answer_within_days = options.answer_days;
  rules.migrant_permille_before = options.migrant_before;
  rules.field_fault = [](const admission::FormFieldRow& row) {
    const auto fault = privacy_list().asked(row.field, row.when == "registration");
    return fault ? fault->asked + " is " + std::string(to_text(fault->kind)) + ": " + fault->reason : std::string();
  };
  return rules;
}

}  // namespace catchment::datasets
