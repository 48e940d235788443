// `catchment match`: addresses with coordinates in, every address's zone and schools out.
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "datasets/importer/address_reader.hpp"
#include "geo/input_error.hpp"
#include "server/cli/city_layers.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/match_rows.hpp"
#include "server/cli/progress_bar.hpp"

namespace catchment::cli {
namespace {

using datasets::CityPackage;
using engine::ZoneLayer;
using nlohmann::ordered_json;

struct Options {
  std::string package;
  datasets::AddressFile addresses;
  std::vector<std::string> layers;
  std::string snapshot;
  std::string out;
  std::string explain;
  MatchOptions match;
};

// --- one address, in full -----------------------------------------------------------------------------------------

AddressRow find_address(const CityPackage& package, const std::string& wanted) {
  double lon = 0, lat = 0;
  int used = 0;
  if (std::sscanf(wanted.c_str(), "%lf,%lf%n", &lon, &lat, &used) == 2 && used == static_cast<int>(wanted.size())) {
    const auto position = geo::find_point({lon, lat});
    if (!position) throw InputError("position", "--explain " + wanted, "not a longitude,latitude in degrees");
    return {"", wanted, position, 0, {}};
  }
  std::optional<AddressRow> found;
  package.for_each_address([&](const engine::Address& a) {
    if (a.id == wanted || a.text == wanted) found = AddressRow{a.id, a.text, a.position, a.error_m, {}};
    return !found;
  });
  if (!found)
    throw InputError("address_unknown", "--explain " + wanted, "no address of the package has this id or text");
  return *found;
}

ordered_json explain_zone(const ZoneLayer& layer, const engine::MatchedZone& m,
                          const std::map<std::string, std::string>& names) {
  const engine::ZoneInfo& zone = layer.zones()[m.zone];
  ordered_json schools = ordered_json::array();
  for (const std::string& id : zone.school_ids) {
    const auto name = names.find(id);
    schools.push_back({{"id", id}, {"name", name == names.end() ? "" : name->second}});
  }
  ordered_json across = ordered_json::array();
  for (const geo::ZoneNumber z : m.across) across.push_back(layer.zones()[z].id);
  return {{"id", zone.id},          {"name", zone.name}, {"schools", schools},
          {"margin_m", m.margin_m}, {"across", across},  {"notice", zone.notice_id}};
}

ordered_json explain(const std::vector<ZoneLayer>& layers, const std::map<std::string, std::string>& names,
                     const AddressRow& row, double error_m) {
  ordered_json result{{"id", row.id}, {"text", row.text}, {"position", nullptr}, {"error_m", error_m}};
  ordered_json& answers = result["layers"] = ordered_json::array();
  if (row.position) {
    const geo::Degrees d = geo::to_degrees(*row.position);
    result["position"] = {{"lon", d.lon}, {"lat", d.lat}};
  }
  for (const ZoneLayer& layer : layers) {
    ordered_json answer{{"layer", engine::to_text(layer.key())}};
    if (!row.position) {
      answer["status"] = "no_position";
      answer["reason"] = "The row has no coordinates.";
      answers.push_back(std::move(answer));
      continue;
    }
    const engine::Match match = layer.match(*row.position, error_m);
    answer["status"] = geo::to_word(match.status);
    answer["reason"] = match.reason;
    for (const auto& [key, zones] : {std::pair{"zones", &match.zones}, std::pair{"nearest", &match.nearest}}) {
      answer[key] = ordered_json::array();
      for (const engine::MatchedZone& m : *zones) answer[key].push_back(explain_zone(layer, m, names));
    }
    answers.push_back(std::move(answer));
  }
  return result;
}

void print_explanation(const ordered_json& e) {
  const auto text = [](const ordered_json& value) { return value.get<std::string>(); };
  std::cout << text(e["text"]) << (text(e["id"]).empty() ? "" : "  [" + text(e["id"]) + "]") << "\n";
  if (!e["position"].is_null()) {
    std::printf("  at %.7f, %.7f, good to %g m\n", e["position"]["lon"].get<double>(),
                e["position"]["lat"].get<double>(), e["error_m"].get<double>());
    std::fflush(stdout);
  }
  for (const auto& layer : e["layers"]) {
    std::cout << text(layer["layer"]) << ": " << text(layer["status"]) << "\n  " << text(layer["reason"]) << "\n";
    for (const char* key : {"zones", "nearest"}) {
      if (!layer.contains(key)) continue;
      for (const auto& zone : layer[key]) {
        std::cout << "  " << (std::string(key) == "zones" ? "zone " : "nearest zone ") << text(zone["id"]) << " "
                  << text(zone["name"]) << "\n";
        for (const auto& school : zone["schools"]) {
          std::cout << "    school " << text(school["id"]) << " " << text(school["name"]) << "\n";
        }
        std::printf("    line at %.2f m", zone["margin_m"].get<double>());
        std::fflush(stdout);
        if (!zone["across"].empty()) std::cout << ", across it " << zone["across"].dump();
        if (!text(zone["notice"]).empty()) std::cout << "; from notice " << text(zone["notice"]);
        std::cout << "\n";
      }
    }
  }
}

// --- all of them --------------------------------------------------------------------------------------------------

ordered_json summary(std::span<const ZoneLayer> layers, const MatchWriter& writer) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const LayerCounts& c = writer.counts()[i];
    list.push_back({{"layer", engine::to_text(layers[i].key())},
                    {"inside", c.by_status[0]},
                    {"boundary", c.by_status[1]},
                    {"overlap", c.by_status[2]},
                    {"outside", c.by_status[3]},
                    {"no_position", c.no_position}});
  }
  return {{"rows", writer.rows()}, {"layers", list}};
}

int match_all(const Options& options, const CityPackage& package, const std::vector<ZoneLayer>& layers,
              const Invocation& invocation) {
  if (invocation.json_path == "-" && options.out.empty()) {
    throw InputError("output_clash", "--json -", "the rows already go to standard output; name a file with --out");
  }
  const auto names = school_names(package);
  MatchWriter writer(layers, names, options.match, options.out);
  {
    ProgressBar bar("addresses");
    std::int64_t done = 0;
    const auto take = [&](AddressRow row, std::optional<double> share) {
      writer.add(std::move(row));
      if (++done % 4096 == 0) bar.show(done, share);
      return !cancelled();
    };
    if (options.addresses.file.empty()) {
      const auto total = static_cast<double>(std::max<std::int64_t>(1, package.address_count()));
      package.for_each_address([&](const engine::Address& a) {
        return take({a.id, a.text, a.position, a.error_m, {}}, static_cast<double>(done) / total);
      });
    } else {
      datasets::read_addresses(options.addresses, [&](datasets::FileAddress a, std::optional<double> share) {
        return take({std::move(a.id), std::move(a.text), a.position, a.error_m, std::move(a.problem)}, share);
      });
    }
  }
  if (cancelled()) return kCancelled;
  writer.finish();
  const ordered_json result = summary(layers, writer);
  if (invocation.wants_json()) write_output(invocation.json_path, result.dump(2));
  std::cerr << result["rows"] << " addresses\n";
  for (const auto& layer : result["layers"]) {
    std::cerr << "  " << layer["layer"].get<std::string>();
    for (const char* key : {"inside", "boundary", "overlap", "outside", "no_position"}) {
      std::cerr << "  " << key << " " << layer[key];
    }
    std::cerr << "\n";
  }
  return kDone;
}

int run(const Options& options, const Invocation& invocation) {
  const CityPackage package = CityPackage::open(options.package);
  const std::vector<ZoneLayer> layers = load_layers(package, options.snapshot, options.layers);
  if (options.explain.empty()) return match_all(options, package, layers, invocation);
  const AddressRow row = find_address(package, options.explain);
  const double error_m = row.error_m > 0 ? row.error_m : options.match.error_m;
  const ordered_json explanation = explain(layers, school_names(package), row, error_m);
  if (invocation.wants_json()) write_output(invocation.json_path, explanation.dump(2));
  if (invocation.json_path != "-") print_explanation(explanation);
  return kDone;
}

}  // namespace

void register_match(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<Options>();
  options->match.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  CLI::App* command = app.add_subcommand("match", "Find the zone and schools of every address with coordinates");
  command->add_option("package", options->package, "City package (GeoPackage)")->required();
  datasets::AddressFile& file = options->addresses;
  command->add_option("addresses", file.file, "File of addresses with coordinates; default: the package's own");
  command->add_option("--crs", file.crs, "Its reference system: EPSG:n, GCJ02, BD09, or file (as it declares)");
  command->add_flag("--force-crs", file.force_crs, "Believe --crs though the file contradicts it");
  command->add_option("--source-layer", file.layer, "Its layer, if it has several");
  command->add_option("--encoding", file.encoding, "Its text encoding, such as GBK, if it does not say");
  command->add_option("--id-field", file.id_field, "Its field with an id; default: the row's number");
  command->add_option("--text-field", file.text_field, "Its field with the address as text");
  command->add_option("--lon-field", file.lon_field, "Its field with the longitude or easting, if it has no geometry");
  command->add_option("--lat-field", file.lat_field, "Its field with the latitude or northing");
  command->add_option("--error-field", file.error_field, "Its field with how far off the position may be, in metres");
  command->add_option("--layer", options->layers, "Layer, such as primary/2024/general; may be repeated; default all");
  command->add_option("--snapshot", options->snapshot, "Use this snapshot of the layers instead of building them");
  command->add_option("--out", options->out, "Write here instead of standard output: .csv, .geojson");
  command->add_option("--error-m", options->match.error_m, "How far off a position may be if its row does not say")
      ->check(CLI::Range(0.0, 10'000.0));
  command->add_option("--threads", options->match.threads, "Threads; the answers do not depend on it")
      ->check(CLI::Range(1, 256));
  command->add_option("--explain", options->explain, "Explain one address: its id, its text, or LON,LAT");
  add_json_option(*command, invocation);
  command->callback([options, &invocation] {
    if (options->out.ends_with(".geojson") || options->out.ends_with(".json")) {
      options->match.format = MatchFormat::geojson;
    }
    invocation.run = [options, &invocation] { return run(*options, invocation); };
  });
}

}  // namespace catchment::cli
