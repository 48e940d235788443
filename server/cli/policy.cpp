// `catchment policy`: lint, show and try policy packs.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/child_facts.hpp"
#include "datasets/policy_pack.hpp"
#include "engine/admission/eligibility.hpp"
#include "engine/admission/feeder_schools.hpp"
#include "engine/admission/pack_lint.hpp"
#include "engine/policy/pack_text.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/policy_coverage.hpp"

namespace catchment::cli {
namespace {

using engine::admission::Eligibility;
using engine::admission::PackFinding;
using engine::admission::Reason;
using Json = nlohmann::ordered_json;

struct PolicyArguments {
  std::string pack;
  std::string facts;
  std::string language = "zh";
};

void put_json(const Invocation& invocation, const Json& json) {
  if (invocation.wants_json()) {
    write_output(invocation.json_path, json.dump(2, ' ', false, Json::error_handler_t::replace));
  }
}

int run_lint(const PolicyArguments& arguments, const Invocation& invocation) {
  const auto findings = engine::admission::lint_pack(datasets::load_policy_pack(arguments.pack));
  int errors = 0;
  Json rows = Json::array();
  for (const PackFinding& finding : findings) {
    const bool warning = engine::admission::is_warning(finding.fault);
    errors += warning ? 0 : 1;
    rows.push_back({{"fault", engine::admission::to_word(finding.fault)},
                    {"severity", warning ? "warning" : "error"},
                    {"where", finding.where},
                    {"message", finding.message}});
  }
  put_json(invocation, {{"pack", arguments.pack}, {"sound", errors == 0}, {"findings", rows}});
  if (invocation.json_path != "-") {
    for (const PackFinding& finding : findings) {
      std::cout << (engine::admission::is_warning(finding.fault) ? "warning" : "error") << "  "
                << engine::admission::to_word(finding.fault) << "  " << finding.where << ": " << finding.message
                << "\n";
    }
    std::cout << (errors == 0 ? "sound" : "not sound: " + std::to_string(errors) + " errors") << "\n";
  }
  return errors == 0 ? kDone : kFindings;
}

int run_show(const PolicyArguments& arguments) {
  using engine::policy::PackLanguage;
  const auto pack = datasets::load_policy_pack(arguments.pack);
  std::cout << describe_pack(pack, arguments.language == "en" ? PackLanguage::en : PackLanguage::zh);
  return kDone;
}

Json reason_json(const Reason& reason, const engine::policy::PolicyPack& pack) {
  Json out{{"part", reason.part}, {"entry", reason.entry}, {"title", reason.title}};
  if (!reason.en.empty()) out["en"] = reason.en;
  out["clause"] = reason.clause;
  if (const auto* clause = find_clause(pack, reason.clause)) {
    out["section"] = clause->section;
    out["serves"] = clause->serves;
  }
  return out;
}

Json feeder_json(const std::vector<engine::admission::FeederSchool>& schools) {
  Json out = Json::array();
  for (const auto& school : schools) {
    out.push_back({{"school", school.school}, {"part", school.part}, {"clause", school.clause}});
    if (!school.missing_facts.empty()) out.back()["missing_facts"] = school.missing_facts;
  }
  return out;
}

Json eligibility_json(const Eligibility& e, const engine::policy::PolicyPack& pack) {
  Json out{{"verdict", to_word(e.verdict)}};
  const auto put = [&](const char* key, const auto& value) {
    if (!value.empty()) out[key] = value;
  };
  put("category", e.category);
  put("tier", e.tier);
  if (!e.category.empty()) out["route"] = engine::policy::to_word(e.route);
  put("school", e.school);
  put("points", e.points);
  put("placement", e.placement);
  if (!e.category.empty()) out["review"] = engine::policy::to_word(e.review);
  put("review_by", e.review_by);
  put("missing_evidence", e.missing_evidence);
  put("to_verify", e.to_verify);
  put("missing_facts", e.missing_facts);
  put("flags", e.flags);
  out["reasons"] = Json::array();
  for (const Reason& reason : e.reasons) out["reasons"].push_back(reason_json(reason, pack));
  return out;
}

// The title of an entry of a list, or the id.
template <class List>
std::string title_of(const List& list, const std::string& id) {
  for (const auto& entry : list) {
    if (entry.id == id) return entry.title;
  }
  return id;
}

std::string titles_of(const std::vector<std::string>& ids, const engine::policy::PolicyPack& pack) {
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : " / ") + title_of(pack.evidence, id);
  return out;
}

void print_eligibility(const Eligibility& e, const engine::policy::PolicyPack& pack) {
  std::cout << to_word(e.verdict);
  if (!e.category.empty()) std::cout << "  " << title_of(pack.categories, e.category);
  if (!e.tier.empty()) std::cout << "  " << title_of(pack.tiers, e.tier);
  std::cout << "\n";
  for (const Reason& reason : e.reasons) {
    const auto* clause = find_clause(pack, reason.clause);
    std::cout << "  because  " << reason.title << "  [" << (clause == nullptr ? reason.clause : clause->section)
              << "]\n";
  }
  if (!e.review_by.empty()) std::cout << "  decided by  " << e.review_by << "\n";
  if (!e.placement.empty()) std::cout << "  placement  " << title_of(pack.placements, e.placement) << "\n";
  for (const auto& group : e.missing_evidence) std::cout << "  bring  " << titles_of(group, pack) << "\n";
  for (const std::string& id : e.to_verify)
    std::cout << "  verified between offices  " << titles_of({id}, pack) << "\n";
  for (const std::string& name : e.missing_facts) {
    const auto* fact = engine::admission::find_fact(name);
    std::cout << "  not known  " << name << (fact == nullptr ? "" : "  ") << (fact == nullptr ? "" : fact->title)
              << "\n";
  }
}

int run_check(const PolicyArguments& arguments, const Invocation& invocation) {
  const engine::admission::EligibilityRules rules(datasets::load_policy_pack(arguments.pack));
  const auto facts = datasets::load_child_facts(arguments.facts);
  const Eligibility e = rules.judge(facts);
  const auto schools = e.category.empty() ? std::vector<engine::admission::FeederSchool>()
                                          : engine::admission::feeder_schools(rules.pack(), facts, e.category);
  Json document = eligibility_json(e, rules.pack());
  if (!schools.empty()) document["feeder_schools"] = feeder_json(schools);
  put_json(invocation, document);
  if (invocation.json_path == "-") return kDone;
  print_eligibility(e, rules.pack());
  for (const auto& school : schools) {
    std::cout << "  feeder  " << school.school << (school.part ? "  (some graduates)" : "") << "\n";
  }
  return kDone;
}

CLI::App* add_pack_command(CLI::App& policy, const char* name, const char* help, PolicyArguments& arguments) {
  CLI::App* command = policy.add_subcommand(name, help);
  command->add_option("pack", arguments.pack, "The policy pack (.json)")->required();
  return command;
}

}  // namespace

void register_policy(CLI::App& app, Invocation& invocation) {
  CLI::App* policy = app.add_subcommand("policy", "Admission rules of a place and school year as data");
  policy->require_subcommand(1);
  const auto arguments = std::make_shared<PolicyArguments>();
  CLI::App* lint = add_pack_command(*policy, "lint", "Find what is wrong with a pack", *arguments);
  add_json_option(*lint, invocation);
  lint->callback([arguments, &invocation] {
    invocation.run = [arguments, &invocation] { return run_lint(*arguments, invocation); };
  });
  CLI::App* show = add_pack_command(*policy, "show", "The calendar and rules of a pack in plain words", *arguments);
  show->add_option("--language", arguments->language, "zh or en")
      ->check(CLI::IsMember({"zh", "en"}))
      ->capture_default_str();
  show->callback([arguments, &invocation] { invocation.run = [arguments] { return run_show(*arguments); }; });
  CLI::App* check =
      add_pack_command(*policy, "check", "Whether one child may enter, where, and what is missing", *arguments);
  check->add_option("facts", arguments->facts, "The facts of the child (.json)")->required();
  add_json_option(*check, invocation);
  check->callback([arguments, &invocation] {
    invocation.run = [arguments, &invocation] { return run_check(*arguments, invocation); };
  });
  register_policy_coverage(*policy, invocation);
}

}  // namespace catchment::cli
