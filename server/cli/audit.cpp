// `catchment audit`: a season's tables held against its policy pack, and its ledgers.
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/policy_pack.hpp"
#include "datasets/season_audit.hpp"
#include "datasets/season_files.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

namespace admission = engine::admission;
namespace policy = engine::policy;
using Json = nlohmann::ordered_json;

struct AuditArguments {
  std::string season;
  std::string pack;
  std::string ledgers;
  datasets::SeasonAuditOptions options;
};

std::string clause_text(const policy::PolicyPack& pack, const std::string& id) {
  const policy::Clause* clause = policy::find_clause(pack, id);
  return clause == nullptr ? id : clause->section + " " + clause->title;
}

Json clause_json(const policy::PolicyPack& pack, const std::string& id) {
  const policy::Clause* clause = policy::find_clause(pack, id);
  if (clause == nullptr) return Json{{"id", id}};
  return Json{{"id", id}, {"section", clause->section}, {"title", clause->title}, {"serves", clause->serves}};
}

Json audit_json(const policy::PolicyPack& pack, const std::vector<admission::AuditResult>& results) {
  Json audits = Json::array();
  for (const auto& result : results) {
    Json breaches = Json::array();
    for (const auto& breach : result.breaches) {
      breaches.push_back({{"file", breach.file}, {"row", breach.row}, {"message", breach.message}});
    }
    audits.push_back({{"audit", result.use.audit},
                      {"item", result.use.item},
                      {"title", result.title},
                      {"clause", clause_json(pack, result.use.clause)},
                      {"verdict", to_text(result.verdict)},
                      {"reason", result.reason},
                      {"breaches", breaches}});
  }
  return Json{{"policy", pack.id}, {"audits", audits}};
}

void print_audits(const policy::PolicyPack& pack, const std::vector<admission::AuditResult>& results) {
  for (const auto& result : results) {
    std::cout << to_text(result.verdict) << "  " << result.use.audit
              << (result.use.item.empty() ? "" : "/" + result.use.item) << "  " << result.title << "\n    "
              << clause_text(pack, result.use.clause) << "\n";
    if (!result.reason.empty()) std::cout << "    " << result.reason << "\n";
    for (const auto& breach : result.breaches) {
      std::cout << "    " << breach.file << " " << breach.row << ": " << breach.message << "\n";
    }
  }
}

std::string words_cell(const admission::Words& words) {
  std::string text;
  for (const std::string& word : words) append_item(text, word);
  return text;
}

void write_csv(const std::filesystem::path& path, const std::vector<std::vector<std::string>>& rows) {
  RowOutput out(path);
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) line += ',';
      append_csv(line, row[i]);
    }
    out.write(line + "\n");
  }
  out.finish();
}

void write_age_ledger(const std::filesystem::path& path, const std::vector<admission::AgeLedgerRow>& ledger) {
  std::vector<std::vector<std::string>> rows{
      {"child_id", "stage", "district", "school_id", "groups", "state", "done", "due"}};
  for (const auto& row : ledger) {
    rows.push_back({row.child_id, row.stage, row.district, row.school_id, words_cell(row.groups),
                    std::string(to_text(row.state)), words_cell(row.done), words_cell(row.due)});
  }
  write_csv(path, rows);
}

void write_ledgers(const std::filesystem::path& folder, const admission::SeasonTables& tables,
                   const admission::AuditRules& rules) {
  std::filesystem::create_directories(folder);
  const auto ledgers = admission::dropout_ledgers(tables, rules.dropout);
  write_age_ledger(folder / "school_age.csv", ledgers.school_age);
  write_age_ledger(folder / "suspected_dropout.csv", ledgers.suspected);
  write_age_ledger(folder / "dropout.csv", ledgers.dropout);
  std::vector<std::vector<std::string>> groups{{"group", "child_id", "district", "school_id", "care", "lacks"}};
  for (const auto& row : admission::group_ledger(tables)) {
    groups.push_back(
        {row.group, row.child_id, row.district, row.school_id, row.care ? "yes" : "no", words_cell(row.lacks)});
  }
  write_csv(folder / "special_groups.csv", groups);
  std::vector<std::vector<std::string>> exceptions{{"kind", "subject", "figure", "approval_id", "state"}};
  for (const auto& row : admission::exception_ledger(tables, rules.exceptions)) {
    exceptions.push_back(
        {row.kind, row.subject, std::to_string(row.figure), row.approval_id, std::string(to_text(row.state))});
  }
  write_csv(folder / "exceptions.csv", exceptions);
  std::vector<std::vector<std::string>> shares{
      {"district", "children", "in_public", "purchased", "in_private", "unplaced", "public_permille"}};
  for (const auto& row : admission::migrant_shares(tables)) {
    shares.push_back({row.district, std::to_string(row.children), std::to_string(row.in_public),
                      std::to_string(row.purchased), std::to_string(row.in_private), std::to_string(row.unplaced),
                      std::to_string(row.public_permille())});
  }
  write_csv(folder / "migrant_share.csv", shares);
}

int run_audit(const AuditArguments& arguments, const Invocation& invocation) {
  const policy::PolicyPack pack = datasets::load_policy_pack(arguments.pack);
  const admission::SeasonTables tables = datasets::read_season_tables(arguments.season);
  const admission::AuditRules rules = datasets::season_audit_rules(pack, arguments.options);
  const auto results = admission::run_audits(tables, rules);
  if (!arguments.ledgers.empty()) write_ledgers(arguments.ledgers, tables, rules);
  if (invocation.wants_json()) {
    write_output(invocation.json_path, audit_json(pack, results).dump(2));
  } else {
    print_audits(pack, results);
  }
  for (const auto& result : results) {
    if (result.verdict == admission::AuditVerdict::broken) return kFindings;
  }
  return kDone;
}

}  // namespace

void register_audit(CLI::App& app, Invocation& invocation) {
  auto arguments = std::make_shared<AuditArguments>();
  CLI::App* audit = app.add_subcommand("audit", "Hold a season's tables against its policy pack; write its ledgers");
  audit->add_option("--season", arguments->season, "Folder of CSV files, one per table")->required();
  audit->add_option("--policy", arguments->pack, "Policy pack (JSON)")->required();
  audit->add_option("--ledgers", arguments->ledgers, "Folder for the ledgers: dropouts, groups, exceptions, migrants");
  audit->add_option("--problem-from", arguments->options.problem_from, "Upheld complaints and incidents of a problem school")
      ->capture_default_str();
  audit->add_option("--answer-days", arguments->options.answer_days, "Days a complaint may stay open; 0: none asked for")
      ->capture_default_str();
  audit->add_option("--migrant-before", arguments->options.migrant_before, "Last year's share, per thousand");
  add_json_option(*audit, invocation);
  audit->callback([arguments, &invocation] {
    invocation.run = [arguments, &invocation] { return run_audit(*arguments, invocation); };
  });
}

}  // namespace catchment::cli
