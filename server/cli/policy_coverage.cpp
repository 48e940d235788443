// `catchment policy coverage`: every requirement, where it is in the packs, and the test that serves it.
#include "datasets/policy_coverage.hpp"

#include <array>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "server/cli/cli.hpp"
#include "server/cli/policy_coverage.hpp"

namespace catchment::cli {
namespace {

using datasets::Coverage;
using datasets::CoverageRow;
using Json = nlohmann::ordered_json;

struct CoverageArguments {
  std::string source = ".";
  bool gaps = false;
};

using CoverageCounts = std::array<int, 4>;  // by Coverage

CoverageCounts count_coverage(const std::vector<CoverageRow>& rows) {
  CoverageCounts counts{};
  for (const CoverageRow& row : rows) ++counts.at(static_cast<std::size_t>(row.coverage));
  return counts;
}

Json coverage_json(const std::vector<CoverageRow>& rows, const CoverageCounts& counts) {
  Json list = Json::array();
  for (const CoverageRow& row : rows) {
    list.push_back({{"id", row.requirement.id},
                    {"requirement", row.requirement.text},
                    {"coverage", to_text(row.coverage)},
                    {"entries", row.entries},
                    {"room", row.requirement.room},
                    {"record", row.requirement.record},
                    {"tests", row.tests},
                    {"lacks", row.lacks}});
  }
  Json totals = Json::object();
  for (std::size_t i = 0; i < counts.size(); ++i) totals[std::string(to_text(static_cast<Coverage>(i)))] = counts.at(i);
  return Json{{"counts", totals}, {"requirements", list}};
}

std::string first_and_more(const std::vector<std::string>& items) {
  if (items.empty()) return "-";
  return items.front() + (items.size() > 1 ? " +" + std::to_string(items.size() - 1) : "");
}

void print_coverage(const std::vector<CoverageRow>& rows, const CoverageCounts& counts, bool gaps) {
  for (const CoverageRow& row : rows) {
    if (gaps && row.coverage != Coverage::gap) continue;
    const std::string where = row.entries.empty() ? row.requirement.room : first_and_more(row.entries);
    std::cout << row.requirement.id << "\t" << to_text(row.coverage) << "\t" << (where.empty() ? "-" : where) << "\t"
              << first_and_more(row.tests);
    if (!row.requirement.record.empty()) std::cout << "\trecord: " << row.requirement.record;
    if (!row.requirement.waits.empty()) std::cout << "\twaits for: " << row.requirement.waits;
    if (!row.lacks.empty()) std::cout << "\tno " << row.lacks;
    std::cout << "\n";
  }
  std::cout << rows.size() << " requirements:";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    std::cout << (i > 0 ? ", " : " ") << counts.at(i) << " " << to_text(static_cast<Coverage>(i));
  }
  std::cout << "\n";
}

int run_coverage(const CoverageArguments& arguments, const Invocation& invocation) {
  const auto rows = datasets::read_policy_coverage(arguments.source);
  const CoverageCounts counts = count_coverage(rows);
  if (invocation.wants_json()) {
    write_output(invocation.json_path, coverage_json(rows, counts).dump(2));
  } else {
    print_coverage(rows, counts, arguments.gaps);
  }
  return counts.at(static_cast<std::size_t>(Coverage::gap)) == 0 ? kDone : kFindings;
}

}  // namespace

void register_policy_coverage(CLI::App& policy, Invocation& invocation) {
  auto arguments = std::make_shared<CoverageArguments>();
  CLI::App* coverage = policy.add_subcommand("coverage", "Every requirement: pack entry, test, or record; 1 on a gap");
  coverage->add_option("--source", arguments->source, "The source tree")->capture_default_str();
  coverage->add_flag("--gaps", arguments->gaps, "Only what lacks");
  add_json_option(*coverage, invocation);
  coverage->callback([arguments, &invocation] {
    invocation.run = [arguments, &invocation] { return run_coverage(*arguments, invocation); };
  });
}

}  // namespace catchment::cli
