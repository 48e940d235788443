// catchment synth: a made-up city.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "datasets/package_writer.hpp"
#include "datasets/synth/city.hpp"
#include "geo/input_error.hpp"
#include "server/cli/cli.hpp"

namespace catchment::cli {
namespace {

struct SynthArguments {
  std::string out;
  datasets::synth::SynthOptions options;
  std::vector<double> centre;
};

int run(const SynthArguments& arguments, const Invocation& invocation) {
  datasets::synth::SynthOptions options = arguments.options;
  if (!arguments.centre.empty()) options.centre = {arguments.centre.at(0), arguments.centre.at(1)};
  check(options);
  datasets::PackageWriter writer(arguments.out, datasets::PackageWriter::Start::empty);
  const datasets::synth::SynthSummary made = write_city(options, writer, cancelled);
  if (cancelled()) return kCancelled;
  writer.commit();
  const nlohmann::json summary{{"package", arguments.out},
                               {"synthetic", true},
                               {"seed", options.seed},
                               {"units", made.units},
                               {"primary_zones", made.primary_zones},
                               {"junior_zones", made.junior_zones},
                               {"schools", made.schools},
                               {"streets", made.streets},
                               {"places", made.places},
                               {"other_names", made.other_names},
                               {"children", made.children},
                               {"addresses", made.addresses}};
  if (invocation.wants_json()) {
    write_output(invocation.json_path, summary.dump(2));
  } else {
    std::cout << arguments.out << ": a made-up city of " << made.schools << " schools, " << made.primary_zones
              << " primary and " << made.junior_zones << " junior zones, " << made.units << " units, " << made.streets
              << " streets, " << made.children << " children, " << made.addresses << " addresses\n";
  }
  return kDone;
}

}  // namespace

void register_synth(CLI::App& app, Invocation& invocation) {
  CLI::App* command = app.add_subcommand("synth", "Make up a city: same arguments, same bytes; nothing in it is real");
  const auto arguments = std::make_shared<SynthArguments>();
  command->add_option("out", arguments->out, "The package to write (.gpkg); replaced if it exists");
  command->add_option("--seed", arguments->options.seed, "Another number, another city")
      ->check([](const std::string& text) { return std::string(text.starts_with('-') ? "must not be negative" : ""); })
      ->capture_default_str();
  command->add_option("--schools", arguments->options.schools, "3 to 5000")->capture_default_str();
  command->add_option("--children", arguments->options.children, "Aged 0-17; 1000 a school if not given");
  command->add_option("--addresses", arguments->options.addresses, "One for two children if not given");
  command->add_option("--years", arguments->options.years, "School years with zone layers, 1 to 6")
      ->capture_default_str();
  command->add_option("--centre", arguments->centre, "Where maps show it: lon,lat; 110.5,33.5 if not given")
      ->delimiter(',')
      ->expected(2);
  add_json_option(*command, invocation);
  command->callback([arguments, command, &invocation] {
    if (!command->get_subcommands().empty()) return;  // synth season
    if (arguments->out.empty()) throw CLI::RequiredError("out");
    invocation.run = [arguments, &invocation] { return run(*arguments, invocation); };
  });
  register_synth_season(*command, invocation);
}

}  // namespace catchment::cli
