// `catchment plan compare`: plans of one city beside the zones in force and beside each other.
#include <algorithm>
#include <cstdio>
#include <memory>

#include "engine/planning/comparison/figures.hpp"
#include "geo/input_error.hpp"
#include "server/cli/compare/compare_parts.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/plan_output.hpp"
#include "server/cli/quote.hpp"

namespace catchment::cli {

using namespace engine::planning;

std::string PlanComparison::label(std::size_t i) const { return i == 0 ? "现行划片" : "方案" + plan(i).label; }

std::string PlanComparison::label_en(std::size_t i) const {
  return i == 0 ? "zones in force" : "plan " + plan(i).label;
}

YearIndex PlanComparison::most_moved_year(StageIndex stage) const {
  YearIndex best = 0;
  int most = 0;
  for (YearIndex y = 0; y < city().years; ++y) {
    int addresses = 0;
    for (const PlanPair& pair : pairs) {
      if (pair.before == 0) addresses = std::max(addresses, pair.moves.sums[stage * city().years + y].addresses);
    }
    if (addresses > most) most = addresses, best = y;
  }
  return best;
}

std::string statements_markdown(const PlanComparison& comparison) {
  std::string out;
  for (const std::vector<StatementLine>& lines : comparison.statements) {
    if (lines.empty()) continue;
    for (const Language language : {Language::chinese, Language::english}) {
      out += (out.empty() ? "" : "\n---\n\n") + to_markdown(lines, language);
    }
  }
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

namespace {

struct PlanCompareArguments {
  PlanSideOptions sides;
  std::string out, statement, report;
  int draws = 500;
  std::uint64_t seed = 1;
  double sibling_share = -1;  // not given
};

void judge_plans(const PlanCompareArguments& options, const PlanSides& sides, PlanComparison& comparison) {
  LiveOptions how;
  how.draws = options.draws, how.seed = options.seed;
  if (options.sibling_share >= 0) how.sibling_share = options.sibling_share;
  std::vector<const LivePlan*> live;
  for (const SidePlan& side : sides.plans) {
    if (cancelled()) return;
    comparison.live.emplace_back(sides.base(), side.plan, how);
    comparison.certificates.push_back(certify(side.plan));
  }
  for (const LivePlan& one : comparison.live) live.push_back(&one);
  comparison.indicators = compare_indicators(live);
  comparison.draws = comparison.live.front().facts(0).draws, comparison.seed = options.seed;
}

void compare_plans(const PlanSides& sides, PlanComparison& comparison) {
  const std::size_t plans = sides.plans.size();
  for (std::size_t a = 0; a < plans; ++a) {
    for (std::size_t b = a + 1; b < plans; ++b) {
      comparison.pairs.push_back({a, b, find_moves(sides.plans[a].plan, sides.plans[b].plan)});
    }
  }
  comparison.statements.resize(plans);
  for (const PlanPair& pair : comparison.pairs) {
    if (pair.before != 0) continue;
    StatementInput input{sides.base(), sides.plans[pair.after].plan,
                         pair.moves,   comparison.certificates[pair.after],
                         nullptr,      nullptr,
                         "",           false};
    if (comparison.draws > 0) {
      input.live_before = &comparison.live[0], input.live_after = &comparison.live[pair.after];
    }
    input.plan_name = sides.plans[pair.after].name;
    input.synthetic = sides.desk.package.synthetic();
    comparison.statements[pair.after] = make_statement(input);
  }
}

void print_pair(const PlanComparison& comparison, const PlanPair& pair) {
  const PlanCity& city = comparison.city();
  const auto name = [&](std::size_t i) { return i == 0 ? "zones in force" : comparison.plan(i).label; };
  std::printf("\n%s -> %s\n", std::string(name(pair.before)).c_str(), std::string(name(pair.after)).c_str());
  if (pair.moves.empty()) std::printf("  nobody moves\n");
  for (StageIndex k = 0; k < city.stages.size(); ++k) {
    for (YearIndex y = 0; y < city.years; ++y) {
      const MoveSums& sums = pair.moves.sums[k * city.years + y];
      if (sums.parcels == 0) continue;
      std::printf("  %-8s %d: %d units, %d addresses, %s children", std::string(to_word(city.stages[k])).c_str(),
                  city.school_year(y), sums.parcels, sums.addresses, people_text(sums.children).c_str());
      if (sums.walk.children > 0) {
        std::printf(", walk %s -> %s m, %s over %d m farther", metres_text(*sums.walk.mean_m(kBefore)).c_str(),
                    metres_text(*sums.walk.mean_m(kAfter)).c_str(), people_text(sums.walk.farther).c_str(), kFarther_m);
      }
      std::printf("\n");
    }
  }
}

// How many of the indicators are better, worse and equal in the year most addresses move; nothing adds them up.
void print_judgements(const PlanComparison& comparison, std::size_t plan) {
  const PlanCity& city = comparison.city();
  for (StageIndex k = 0; k < city.stages.size(); ++k) {
    const YearIndex year = comparison.most_moved_year(k);
    std::printf("\n%s, %s %d, against the zones in force\n", comparison.label_en(plan).c_str(),
                std::string(to_word(city.stages[k])).c_str(), city.school_year(year));
    for (const IndicatorLine& line : comparison.indicators) {
      if (line.stage != k || line.year != year) continue;
      if (line.judgements[plan] != Judgement::better && line.judgements[plan] != Judgement::worse) continue;
      std::printf("  %-22s %-16s %9s -> %9s  %s\n", std::string(line.indicator->id).c_str(),
                  std::string(line.indicator->unit).c_str(), figure_text(*line.values[0].value).c_str(),
                  figure_text(*line.values[plan].value).c_str(), std::string(to_word(line.judgements[plan])).c_str());
    }
  }
}

void print_summary(const PlanComparison& comparison) {
  bool guessed = false;
  for (std::size_t i = 1; i < comparison.sides.plans.size(); ++i) {
    std::printf(
        "%s: %s; %s\n", comparison.plan(i).label.c_str(), printable(comparison.plan(i).source).c_str(),
        comparison.certificates[i].holds() ? "every address has exactly one answer" : "the certificate does not hold");
  }
  for (const PlanPair& pair : comparison.pairs) {
    print_pair(comparison, pair);
    guessed = guessed || !pair.moves.guessed.empty();
  }
  for (std::size_t i = 1; i < comparison.sides.plans.size(); ++i) print_judgements(comparison, i);
  if (guessed) std::printf("\nunits that both plans cut, each in its own way, are guessed\n");
}

int run(const PlanCompareArguments& options, const Invocation& invocation) {
  if (options.sides.given.empty()) throw InputError("compare_nothing", "--plan", "name a plan or a scenario");
  if (!options.out.empty()) check_zones_file(options.out);
  const std::optional<PlanSides> sides = open_plan_sides(options.sides);
  if (!sides) return kCancelled;
  PlanComparison comparison{*sides, {}, {}, {}, {}, {}, 0, 0};
  judge_plans(options, *sides, comparison);
  if (cancelled()) return kCancelled;
  compare_plans(*sides, comparison);
  if (cancelled()) return kCancelled;
  if (!options.out.empty()) write_moves(options.out, comparison);
  if (!options.statement.empty()) write_whole(options.statement, statements_markdown(comparison));
  if (!options.report.empty()) write_whole(options.report, report::comparison_page(comparison));
  if (invocation.wants_json()) write_output(invocation.json_path, comparison_json(comparison));
  if (invocation.json_path != "-") print_summary(comparison);
  const bool holds = std::ranges::all_of(comparison.certificates.begin() + 1, comparison.certificates.end(),
                                         [](const PlanCertificate& c) { return c.holds(); });
  return holds ? kDone : kFindings;
}

}  // namespace

void register_plan_compare(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanCompareArguments>();
  CLI::App* command = plan.add_subcommand(
      "compare", "Plans beside the zones in force and each other: who moves, indicators, certificates, statement");
  add_plan_side_options(*command, options->sides);
  command->add_option("--out", options->out, "Write the units that move: .gpkg, .geojson or .csv");
  command->add_option("--statement", options->statement,
                      "Write an impact statement for consultation, Chinese and English (Markdown)");
  command->add_option("--report", options->report, "Write a page to read and print (HTML)");
  command->add_option("--draws", options->draws, "Draws of the demand that seats are held against")
      ->check(CLI::Range(100, 100'000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "Random seed")->capture_default_str();
  command
      ->add_option("--sibling-share", options->sibling_share,
                   "Share of entering children with an elder sibling at the school; without it siblings are unknown")
      ->check(CLI::Range(0.0, 1.0));
  add_json_option(*command, invocation);
  command->callback([command, options, &invocation] {
    take_sides(*command, options->sides);
    invocation.run = [options, &invocation] { return run(*options, invocation); };
  });
}

}  // namespace catchment::cli
