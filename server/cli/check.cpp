// catchment check: is a city package sound?
#include <algorithm>
#include <iostream>
#include <memory>
#include <set>

#include "datasets/city_package.hpp"
#include "geo/input_error.hpp"
#include "server/cli/check_report.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/progress_bar.hpp"

namespace catchment::cli {
namespace {

struct CheckArguments {
  std::string package;
  std::vector<std::string> layers;
  std::vector<std::string> overlapping;
  std::string findings;
  std::string repair;
  double sliver_width_m = geo::CoverageOptions{}.sliver_width_m;
  double hole_width_m = geo::CoverageOptions{}.hole_width_m;
  double near_m = 0;
  std::size_t examples = 20;
};

std::vector<engine::LayerKey> find_layers(const datasets::CityPackage& package, const std::vector<std::string>& wanted,
                                          const std::string& file) {
  const std::vector<engine::LayerKey> present = package.layers();
  std::vector<engine::LayerKey> out;
  for (const std::string& text : wanted) {
    const auto key = engine::find_layer_key(text);
    if (!key || std::ranges::find(present, *key) == present.end()) {
      throw InputError("layer_unknown", file, "has no layer " + text);
    }
    out.push_back(*key);
  }
  return out;
}

class Checker {
 public:
  explicit Checker(const CheckArguments& arguments)
      : arguments_(arguments), package_(datasets::CityPackage::open(arguments.package)) {}

  std::vector<LayerReport> reports;
  std::vector<LayerRepair> repairs;

  // False if cancelled.
  bool run() {
    const auto keys =
        arguments_.layers.empty() ? package_.layers() : find_layers(package_, arguments_.layers, arguments_.package);
    const auto overlapping = find_layers(package_, arguments_.overlapping, arguments_.package);
    overlapping_.insert(overlapping.begin(), overlapping.end());
    schools_ = package_.schools();
    campuses_ = package_.campuses();
    ProgressBar bar("layers");
    for (const engine::LayerKey& key : keys) {
      if (cancelled()) return false;
      bar.show(static_cast<std::int64_t>(reports.size()), share(reports.size(), keys.size()));
      check_layer(key);
    }
    if (!check_addresses()) return false;
    if (!arguments_.repair.empty() && !propose_repairs()) return false;
    if (arguments_.layers.empty()) check_units();
    if (reports.empty())
      throw InputError("nothing_to_check", arguments_.package, "has neither zones nor units with a shape");
    return true;
  }

 private:
  void check_layer(const engine::LayerKey& key) {
    LayerReport report;
    report.name = engine::to_text(key);
    report.zones = package_.zones(key);
    layers_.push_back(engine::ZoneLayer::build(key, report.zones));
    report.shapes = geo::check_coverage(shapes_of(report.zones), coverage_options(layers_.back()));
    report.schools = engine::check_schools(layers_.back(), schools_, campuses_, named_elsewhere(key));
    reports.push_back(std::move(report));
  }

  // Planning units must fit as zones must: a plan is made of them. Units without any shape are a table, not a layer.
  void check_units() {
    LayerReport report;
    report.name = "unit";
    for (engine::Unit& unit : package_.units()) {
      engine::Zone& as_zone = report.zones.emplace_back();
      as_zone.id = std::move(unit.id);
      as_zone.name = std::move(unit.name);
      as_zone.shape = std::move(unit.shape);
    }
    if (std::ranges::all_of(report.zones, [](const engine::Zone& z) { return z.shape.empty(); })) return;
    geo::CoverageOptions options;
    options.sliver_width_m = arguments_.sliver_width_m;
    options.hole_width_m = arguments_.hole_width_m;
    report.shapes = geo::check_coverage(shapes_of(report.zones), options);
    reports.push_back(std::move(report));
  }

  static double share(std::size_t done, std::size_t of) {
    return of == 0 ? 1 : static_cast<double>(done) / static_cast<double>(of);
  }

  static std::vector<geo::MultiPolygon> shapes_of(const std::vector<engine::Zone>& zones) {
    std::vector<geo::MultiPolygon> shapes;
    for (const engine::Zone& zone : zones) shapes.push_back(zone.shape);
    return shapes;
  }

  geo::CoverageOptions coverage_options(const engine::ZoneLayer& layer) const {
    geo::CoverageOptions options;
    options.sliver_width_m = arguments_.sliver_width_m;
    options.hole_width_m = arguments_.hole_width_m;
    options.overlaps_declared = overlapping_.contains(layer.key());
    options.shared = engine::find_shared(layer);
    return options;
  }

  std::set<std::string> named_elsewhere(const engine::LayerKey& key) const {
    std::set<std::string> out;
    for (const engine::LayerKey& other : package_.layers()) {
      if (other.stage != key.stage || other.school_year != key.school_year || other == key) continue;
      for (const engine::Zone& zone : package_.zones(other)) out.insert(zone.school_ids.begin(), zone.school_ids.end());
    }
    return out;
  }

  // Calls visit for each address; false if cancelled.
  template <class Visit>
  bool for_each_address(Visit&& visit) {
    ProgressBar bar("addresses");
    const std::int64_t count = package_.address_count();
    std::int64_t done = 0;
    package_.for_each_address([&](const engine::Address& address) {
      constexpr std::int64_t kStride = 1000;
      if (done++ % kStride == 0) {
        bar.show(done, share(static_cast<std::size_t>(done), static_cast<std::size_t>(count)));
        if (cancelled()) return false;
      }
      visit(address);
      return true;
    });
    return !cancelled();
  }

  bool check_addresses() {
    std::vector<engine::AddressCheck> checks;
    for (const engine::ZoneLayer& layer : layers_) {
      checks.emplace_back(layer, engine::AddressCheckOptions{arguments_.near_m, overlapping_.contains(layer.key()),
                                                             arguments_.examples});
    }
    const bool finished = for_each_address([&](const engine::Address& address) {
      for (engine::AddressCheck& check : checks) check.add(address);
    });
    for (std::size_t i = 0; i < checks.size(); ++i) reports[i].addresses = checks[i].tally();
    return finished;
  }

  bool propose_repairs() {
    std::vector<engine::ZoneLayer> repaired;
    for (std::size_t i = 0; i < reports.size(); ++i) {
      if (cancelled()) return false;
      repairs.push_back(
          {reports[i].name, geo::propose_repair(shapes_of(reports[i].zones), coverage_options(layers_[i])), {}});
      std::vector<engine::Zone> zones = reports[i].zones;
      for (const geo::ZoneChange& change : repairs[i].proposal.changes) zones[change.zone].shape = change.after;
      repaired.push_back(engine::ZoneLayer::build(layers_[i].key(), zones));
    }
    return for_each_address([&](const engine::Address& address) {
      if (!address.position) return;
      for (std::size_t i = 0; i < reports.size(); ++i) {
        const auto before = zones_at(layers_[i], *address.position);
        const auto after = zones_at(repaired[i], *address.position);
        if (before != after)
          repairs[i].addresses.push_back({address.id, address.text, *address.position, before, after});
      }
    });
  }

  // Ids of the zones that own the point, by the half-open rule: a point on a line counts once.
  static std::vector<std::string> zones_at(const engine::ZoneLayer& layer, geo::Point p) {
    std::vector<std::string> out;
    for (const geo::ZoneNumber z : layer.index().zones_of(layer.index().face_at(p).face()))
      out.push_back(layer.zones()[z].id);
    std::ranges::sort(out);
    return out;
  }

  const CheckArguments& arguments_;
  datasets::CityPackage package_;
  std::set<engine::LayerKey> overlapping_;
  std::vector<engine::School> schools_;
  std::vector<engine::Campus> campuses_;
  std::vector<engine::ZoneLayer> layers_;
};

void write_files(const CheckArguments& arguments, const Checker& checker) {
  if (!arguments.findings.empty()) {
    datasets::FeatureFile file(arguments.findings);
    write_findings(file, checker.reports);
    file.commit();
  }
  if (!arguments.repair.empty()) {
    datasets::FeatureFile file(arguments.repair);
    write_repairs(file, checker.reports, checker.repairs);
    file.commit();
  }
}

int run(const CheckArguments& arguments, const Invocation& invocation) {
  Checker checker(arguments);
  if (!checker.run()) return kCancelled;
  write_files(arguments, checker);
  std::int64_t errors = 0;
  nlohmann::json layers = nlohmann::json::array();
  for (const LayerReport& report : checker.reports) {
    errors += count_severities(report).errors;
    layers.push_back(to_json(report));
  }
  nlohmann::json document{{"package", arguments.package}, {"sound", errors == 0}, {"layers", layers}};
  for (std::size_t i = 0; i < checker.repairs.size(); ++i) {
    document["repairs"].push_back(to_json(checker.reports[i], checker.repairs[i]));
  }
  if (invocation.wants_json()) {
    write_output(invocation.json_path, document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (invocation.json_path != "-") {
    for (const LayerReport& report : checker.reports) write_text(std::cout, report, arguments.examples);
    for (std::size_t i = 0; i < checker.repairs.size(); ++i) {
      write_text(std::cout, checker.reports[i], checker.repairs[i], arguments.examples);
    }
    std::cout << (errors == 0 ? "sound" : "not sound: " + std::to_string(errors) + " errors") << "\n";
  }
  return errors == 0 ? kDone : kFindings;
}

}  // namespace

void register_check(CLI::App& app, Invocation& invocation) {
  CLI::App* command =
      app.add_subcommand("check", "Find gaps, overlaps, slivers, schools without zones, doors in none or two");
  const auto arguments = std::make_shared<CheckArguments>();
  command->add_option("package", arguments->package, "The city package (.gpkg)")->required();
  command->add_option("--layer", arguments->layers, "Only this layer, such as primary/2024; may be repeated");
  command->add_option("--overlaps-declared", arguments->overlapping,
                      "This layer's zones overlap on purpose; may be repeated");
  command->add_option("--findings", arguments->findings, "Write the findings as a GeoPackage for QGIS");
  command->add_option("--repair", arguments->repair,
                      "Propose a repair: write changed zones before and after, and every address that changes zone");
  command->add_option("--sliver-width", arguments->sliver_width_m, "Metres; what is narrower is a sliver")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command
      ->add_option("--hole-width", arguments->hole_width_m, "Metres; an uncovered enclave this wide is taken as meant")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--near", arguments->near_m, "Metres; also count addresses this near to a boundary")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command->add_option("--examples", arguments->examples, "How many findings of a kind to print, and addresses to keep")
      ->capture_default_str();
  add_json_option(*command, invocation);
  command->callback(
      [arguments, &invocation] { invocation.run = [arguments, &invocation] { return run(*arguments, invocation); }; });
}

}  // namespace catchment::cli
