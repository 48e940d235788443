// `catchment snapshot`: the layers and the names of a package in one file that any number of processes map.
#include <iostream>
#include <nlohmann/json.hpp>

#include "datasets/city_names.hpp"
#include "geo/snapshot.hpp"
#include "server/cli/city_layers.hpp"
#include "server/cli/cli.hpp"

namespace catchment::cli {
namespace {

int run(const std::string& package_path, const std::string& out, const Invocation& invocation) {
  const auto package = datasets::CityPackage::open(package_path);
  const std::vector<engine::ZoneLayer> layers = load_layers(package, "", {});
  geo::SnapshotWriter writer;
  engine::save_layers(layers, writer);
  const geo::Gazetteer names = datasets::build_names(package);
  datasets::save_names(names, package, writer);
  writer.write(out);
  std::size_t zones = 0;
  for (const engine::ZoneLayer& layer : layers) zones += layer.zones().size();
  if (invocation.wants_json()) {
    const nlohmann::json summary{{"snapshot", out},
                                 {"layers", layers.size()},
                                 {"zones", zones},
                                 {"names", names.name_count()},
                                 {"addresses", names.entry_count()}};
    write_output(invocation.json_path, summary.dump(2));
  }
  std::cerr << out << ": " << layers.size() << " layers, " << zones << " zones, " << names.name_count() << " names, "
            << names.entry_count() << " addresses\n";
  return kDone;
}

}  // namespace

void register_snapshot(CLI::App& app, Invocation& invocation) {
  struct Options {
    std::string package, out;
  };
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "snapshot", "Build the look-up index of every layer, and of every name and address, into one mapped file");
  command->add_option("package", options->package, "City package (GeoPackage)")->required();
  command->add_option("out", options->out, "Snapshot file to write")->required();
  add_json_option(*command, invocation);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run(options->package, options->out, invocation); };
  });
}

}  // namespace catchment::cli
