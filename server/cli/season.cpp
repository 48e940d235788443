// catchment season: a whole admission season run by a policy pack, and held against the rules by a checker of its own.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "datasets/policy_pack.hpp"
#include "datasets/season_check.hpp"
#include "datasets/season_output.hpp"
#include "engine/admission/classes/class_files.hpp"
#include "engine/admission/season/season_run.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/progress_bar.hpp"

namespace catchment::cli {
namespace {

namespace admission = engine::admission;

struct SeasonRunArguments {
  std::string folder, policy, out, overflow = "no_leapfrog";
  std::string draws;  // empty: none were held
  std::uint64_t seed = 1;
  unsigned threads = 0;
};

// Wall-clock seconds of each stage, for people; never part of what is written.
class SeasonClock {
 public:
  void lap(const std::string& stage) {
    const auto now = std::chrono::steady_clock::now();
    laps_.emplace_back(stage, std::chrono::duration<double>(now - last_).count());
    last_ = now;
  }
  nlohmann::json json() const {
    nlohmann::json stages = nlohmann::json::object();
    for (const auto& [stage, seconds] : laps_) stages[stage] = seconds;
    return stages;
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  std::vector<std::pair<std::string, double>> laps_;
};

// What rolls of draws that were held say of a child: the record they bind, and its namesakes' number.
struct PublishedChild {
  admission::Digest leaf{};
  int namesake = 0;
};

std::map<admission::Code, PublishedChild> published_children(const std::filesystem::path& draws) {
  std::map<admission::Code, PublishedChild> children;
  for (const auto& folder : std::filesystem::directory_iterator(draws)) {
    const auto text_of = [&](std::string_view name) {
      std::ifstream file(folder.path() / name, std::ios::binary);
      return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const std::string roll = text_of(admission::kRollFile), pupils = text_of(admission::kClassesKind.list_file);
    if (!roll.empty()) {
      for (const admission::RollLine& line : admission::parse_roll(roll)) children[line.code].leaf = line.leaf;
    }
    if (!pupils.empty()) {
      for (const auto& listed : admission::parse_pupils(pupils))
        children[listed.pupil.code] = {listed.leaf, listed.pupil.namesake};
    }
  }
  return children;
}

// With these, and the same children and ceremonies, a run's draws are the draws that were held, byte for byte.
void take_published(std::vector<datasets::LevelInput>& levels, const std::filesystem::path& draws) {
  const auto published = published_children(draws);
  for (datasets::LevelInput& level : levels) {
    for (admission::RunChild& child : level.input.children) {
      const auto found = published.find(child.code);
      if (found != published.end()) child.leaf = found->second.leaf, child.namesake = found->second.namesake;
    }
  }
}

// Levels share nothing, so each has a thread.
std::vector<admission::RunResult> run_season_levels(const std::vector<datasets::LevelInput>& levels, unsigned threads,
                                                    ProgressBar& bar) {
  std::vector<std::optional<admission::RunResult>> made(levels.size());
  std::vector<std::exception_ptr> errors(levels.size());
  const auto run = [&](std::size_t i, bool shows) {
    admission::RunProgress progress;
    std::int64_t steps = 0;
    progress.step = [&, shows](std::string_view) {
      ++steps;
      if (shows) bar.show(steps, static_cast<double>(steps) / 10);
      return !cancelled();
    };
    try {
      made[i].emplace(admission::run_season(levels[i].input, levels[i].run.rules, progress));
    } catch (...) {
      errors[i] = std::current_exception();
    }
  };
  std::vector<std::thread> workers;
  for (std::size_t i = 1; i < levels.size() && threads != 1; ++i) workers.emplace_back(run, i, false);
  run(0, true);
  for (std::size_t i = 1; i < levels.size() && threads == 1; ++i) run(i, true);
  for (std::thread& worker : workers) worker.join();
  std::vector<admission::RunResult> results;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (errors[i]) std::rethrow_exception(errors[i]);
    results.push_back(std::move(*made[i]));
  }
  return results;
}

nlohmann::json season_level_json(const datasets::LevelInput& level, const admission::RunResult& result) {
  std::map<std::string, std::int64_t> stages, ways;
  for (const admission::ChildState& child : result.season.children()) ++stages[std::string(to_word(child.stage))];
  for (const admission::ChildAnswer& answer : result.answers) {
    if (!answer.way.empty()) ++ways[answer.way];
  }
  std::int64_t forfeits = 0, promoted = 0;
  for (const admission::SeasonEvent& event : result.season.log().events) {
    forfeits += event.kind == admission::SeasonEventKind::forfeit ? 1 : 0;
    promoted += event.kind == admission::SeasonEventKind::promote ? 1 : 0;
  }
  return {{"level", level.input.level},
          {"children", level.input.children.size()},
          {"schools", level.input.schools.size()},
          {"events", result.season.log().events.size()},
          {"draws", result.draws.size()},
          {"forfeits", forfeits},
          {"promoted", promoted},
          {"overflow", result.overflow.size()},
          {"seats_above_plan", result.approvals.size()},
          {"refused_acts", result.refused_acts},
          {"left_open_by_policy", level.run.filled},
          {"stages", stages},
          {"ways", ways}};
}

int run_season_command(const SeasonRunArguments& arguments, const Invocation& invocation) {
  SeasonClock clock;
  const admission::EligibilityRules rules(datasets::load_policy_pack(arguments.policy));
  const datasets::SeasonDir dir = datasets::read_season_dir(arguments.folder);
  if (cancelled()) return kCancelled;
  clock.lap("load");
  std::vector<datasets::LevelInput> levels = datasets::season_input(dir, rules, arguments.seed);
  for (datasets::LevelInput& level : levels) {
    if (arguments.overflow == "least_walk") level.run.rules.overflow = admission::OverflowRule::least_walk;
  }
  if (!arguments.draws.empty()) take_published(levels, arguments.draws);
  if (cancelled()) return kCancelled;
  clock.lap("eligibility");
  ProgressBar bar("steps");
  const std::vector<admission::RunResult> results = run_season_levels(levels, arguments.threads, bar);
  for (const admission::RunResult& result : results) {
    if (result.cancelled) return kCancelled;
  }
  clock.lap("season");
  if (!datasets::write_season_run(arguments.out, {dir, rules.pack(), levels, results, arguments.seed}, cancelled))
    return kCancelled;
  clock.lap("write");
  nlohmann::json summary{{"out", arguments.out}, {"policy", rules.pack().id}, {"seconds", clock.json()}};
  for (std::size_t i = 0; i < levels.size(); ++i) summary["levels"].push_back(season_level_json(levels[i], results[i]));
  if (invocation.wants_json()) write_output(invocation.json_path, summary.dump(2));
  if (invocation.json_path == "-") return kDone;
  for (const nlohmann::json& level : summary["levels"]) {
    std::cout << level["level"].get<std::string>() << ": " << level["children"] << " children, " << level["draws"]
              << " draws, " << level["forfeits"] << " seats forfeited and " << level["promoted"] << " passed on, "
              << level["overflow"] << " placed outside their zone, " << level["seats_above_plan"]
              << " seats above plan\n";
  }
  for (const auto& [stage, seconds] : summary["seconds"].items())
    std::cout << stage << " " << seconds.get<double>() << " s\n";
  return kDone;
}

int check_season_command(const std::string& folder, const Invocation& invocation) {
  const datasets::SeasonCheck check = datasets::check_season_run(folder);
  nlohmann::json result{{"children", check.children}, {"draws", check.draws}, {"rules", check.rules}};
  result["breaches"] = nlohmann::json::array();
  for (const datasets::SeasonBreach& breach : check.breaches)
    result["breaches"].push_back(
        {{"rule", breach.rule}, {"file", breach.file}, {"row", breach.row}, {"message", breach.message}});
  if (invocation.wants_json()) write_output(invocation.json_path, result.dump(2));
  if (invocation.json_path != "-") {
    for (const datasets::SeasonBreach& breach : check.breaches)
      std::cout << breach.rule << ": " << breach.file << " " << breach.row << ": " << breach.message << "\n";
    std::cout << check.children << " children and " << check.draws << " draws held against " << check.rules.size()
              << " rules: "
              << (check.breaches.empty() ? "all kept" : std::to_string(check.breaches.size()) + " breaches") << "\n";
  }
  return check.breaches.empty() ? kDone : kFindings;
}

}  // namespace

void register_season(CLI::App& app, Invocation& invocation) {
  CLI::App* season = app.add_subcommand("season", "A whole admission season by the rules of a place: run it, check it");
  season->require_subcommand(1);
  const auto arguments = std::make_shared<SeasonRunArguments>();
  CLI::App* run =
      season->add_subcommand("run", "From registration to class lists; the folder as synth season writes it");
  run->add_option("folder", arguments->folder, "The season")->required();
  run->add_option("--policy", arguments->policy, "The policy pack (datasets/policy/pack.schema.json)")->required();
  run->add_option("-o,--out", arguments->out, "Folder to write; replaced if it is the output of a run")->required();
  run->add_option("--seed", arguments->seed, "Of the synthetic ceremonies")->capture_default_str();
  run->add_option("--overflow", arguments->overflow, "How children beyond their zone's plan find seats nearby")
      ->check(CLI::IsMember({"no_leapfrog", "least_walk"}))
      ->capture_default_str();
  run->add_option("--draws", arguments->draws, "Folders of draws that were held: records as their rolls bind them")
      ->check(CLI::ExistingDirectory);
  run->add_option("--threads", arguments->threads, "1: one level after the other");
  add_json_option(*run, invocation);
  run->callback([arguments, &invocation] {
    invocation.run = [arguments, &invocation] { return run_season_command(*arguments, invocation); };
  });
  const auto folder = std::make_shared<std::string>();
  CLI::App* check = season->add_subcommand("check", "Recount the output of a run; shares nothing with what made it");
  check->add_option("folder", *folder, "The output of season run")->required();
  add_json_option(*check, invocation);
  check->callback([folder, &invocation] {
    invocation.run = [folder, &invocation] { return check_season_command(*folder, invocation); };
  });
}

}  // namespace catchment::cli
