// catchment synth season: a made-up admission season.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/policy_pack.hpp"
#include "datasets/synth/season.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"

namespace catchment::cli {
namespace {

struct SynthSeasonArguments {
  std::string folder, policy;
  datasets::synth::SeasonMakeup makeup;
};

int run_synth_season(const SynthSeasonArguments& arguments, const Invocation& invocation) {
  datasets::synth::SeasonMakeup makeup = arguments.makeup;
  if (!arguments.policy.empty()) {
    const engine::policy::PolicyPack pack = datasets::load_policy_pack(arguments.policy);
    makeup.school_year = pack.school_year;
    for (const engine::policy::District& district : pack.districts) makeup.districts.push_back(district.id);
    for (const engine::policy::ClassCap& cap : pack.class_caps) {
      if (cap.cap > 0)
        (cap.stage == engine::Stage::primary ? makeup.class_cap_primary : makeup.class_cap_junior) = cap.cap;
    }
  }
  const datasets::SeasonDir dir = make_season(makeup, cancelled);
  if (cancelled()) return kCancelled;
  write_season_dir(arguments.folder, dir);
  const nlohmann::json summary{{"folder", arguments.folder},
                               {"synthetic", true},
                               {"seed", makeup.seed},
                               {"children", dir.families.size()},
                               {"schools", dir.sites.size()}};
  if (invocation.wants_json()) write_output(invocation.json_path, summary.dump(2));
  if (invocation.json_path != "-")
    std::cout << arguments.folder << ": a made-up season of " << dir.families.size() << " children and "
              << dir.sites.size() << " schools\n";
  return kDone;
}

}  // namespace

void register_synth_season(CLI::App& synth, Invocation& invocation) {
  CLI::App* command =
      synth.add_subcommand("season", "Make up an admission season: households, papers, and what families do");
  const auto arguments = std::make_shared<SynthSeasonArguments>();
  command->add_option("folder", arguments->folder, "Folder to write")->required();
  command->add_option("--children", arguments->makeup.children, "Of both levels, half each; 200 to 1000000")
      ->capture_default_str();
  command->add_option("--seed", arguments->makeup.seed, "Another number, another season")->capture_default_str();
  command->add_option("--policy", arguments->policy, "Take districts, school year and class caps from this pack");
  add_json_option(*command, invocation);
  command->callback([arguments, &invocation] {
    invocation.run = [arguments, &invocation] { return run_synth_season(*arguments, invocation); };
  });
}

}  // namespace catchment::cli
