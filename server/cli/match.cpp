// `catchment match`: addresses in, every address's schools out. Those with coordinates by zone; texts by gazetteer,
// zones and the words of the notices.
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "datasets/city_names.hpp"
#include "datasets/importer/address_reader.hpp"
#include "geo/input_error.hpp"
#include "server/cli/city_layers.hpp"
#include "server/cli/cli.hpp"
#include "server/cli/match_rows.hpp"
#include "server/cli/match_texts.hpp"
#include "server/cli/progress_bar.hpp"

namespace catchment::cli {
namespace {

using datasets::CityPackage;
using engine::ZoneLayer;
using nlohmann::ordered_json;

struct MatchArguments {
  std::string package;
  datasets::AddressFile addresses;
  std::vector<std::string> layers;
  std::string snapshot;
  std::string out;
  std::string explain;
  MatchOptions match;
  std::string text;  // one address, to be looked up as text
  std::string household;
  std::string primary_school;
  TextFormat text_format = TextFormat::csv;

  // Without a reference system there are no positions to read: the texts are looked up.
  bool by_text() const { return !text.empty() || (!addresses.file.empty() && addresses.only_texts()); }
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

void print_summary(const ordered_json& result) {
  std::cerr << result["rows"] << " addresses\n";
  for (const auto& layer : result["layers"]) {
    std::cerr << "  " << layer["layer"].get<std::string>();
    for (const auto& [key, count] : layer.items()) {
      if (key != "layer") std::cerr << "  " << key << " " << count;
    }
    std::cerr << "\n";
  }
}

void refuse_clash(const MatchArguments& options, const Invocation& invocation) {
  if (invocation.json_path == "-" && options.out.empty()) {
    throw InputError("output_clash", "--json -", "the rows already go to standard output; name a file with --out");
  }
}

int match_all(const MatchArguments& options, const CityPackage& package, const std::vector<ZoneLayer>& layers,
              const Invocation& invocation) {
  refuse_clash(options, invocation);
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
  print_summary(result);
  return kDone;
}

// --- texts --------------------------------------------------------------------------------------------------------

// Everything texts are looked up in, at places that stay.
struct TextCity {
  geo::Gazetteer names;
  std::vector<ZoneLayer> layers;
  answers::Labels labels;
  std::vector<datasets::LayerFinder> finders;
};

std::vector<engine::LayerKey> choose_keys(const CityPackage& package, const std::vector<std::string>& wanted) {
  const std::vector<engine::LayerKey> there = datasets::finder_layers(package);
  if (there.empty()) {
    throw InputError("layer_none", "", "the package has neither zones nor rows of notices: import them first");
  }
  return choose_layers(there, wanted);
}

// Null when cancelled.
std::unique_ptr<TextCity> open_text_city(const MatchArguments& options, const CityPackage& package) {
  const std::vector<engine::LayerKey> keys = choose_keys(package, options.layers);
  auto city = std::make_unique<TextCity>(TextCity{datasets::open_names(options.snapshot, package), {}, {}, {}});
  std::vector<std::string> with_zones;
  for (const engine::LayerKey& key : package.layers()) {
    if (std::ranges::find(keys, key) != keys.end()) with_zones.push_back(engine::to_text(key));
  }
  if (!with_zones.empty()) city->layers = load_layers(package, options.snapshot, with_zones);
  city->labels.schools = school_names(package);
  for (engine::Notice& notice : package.notices()) city->labels.notices.emplace(notice.id, notice);
  std::vector<const ZoneLayer*> layers;
  for (const ZoneLayer& layer : city->layers) layers.push_back(&layer);
  ProgressBar bar("rows of notices");
  datasets::FinderOptions finder_options;
  finder_options.threads = static_cast<unsigned>(options.match.threads);
  finder_options.progress = [&](std::size_t done, std::size_t of) {
    bar.show(static_cast<std::int64_t>(done),
             static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(of, 1)));
    return !cancelled();
  };
  city->finders = datasets::build_finders(package, city->names, layers, keys, finder_options);
  if (cancelled()) return nullptr;
  return city;
}

// A primary school by its id or its name. Throws InputError("school_unknown").
std::string school_id(const answers::Labels& labels, const std::string& wanted, const std::string& where) {
  if (wanted.empty() || labels.schools.contains(wanted)) return wanted;
  std::string found;
  for (const auto& [id, name] : labels.schools) {
    if (name != wanted) continue;
    if (!found.empty())
      throw InputError("school_unknown", where, "several schools are called " + wanted + "; give the id");
    found = id;
  }
  if (found.empty())
    throw InputError("school_unknown", where, "the package has no school with the id or name " + wanted);
  return found;
}

// The row's own facts, where it has any, before those of the command line.
TextRow text_row(const MatchArguments& options, const answers::Labels& labels, datasets::FileAddress address) {
  TextRow row;
  row.id = std::move(address.id);
  row.text = std::move(address.text);
  row.problem = std::move(address.problem);
  try {
    const std::string& household = address.household.empty() ? options.household : address.household;
    const std::string& school = address.primary_school.empty() ? options.primary_school : address.primary_school;
    row.household = engine::parse_household_facts(household, "household");
    row.primary_school_id = school_id(labels, school, "primary school");
  } catch (const InputError& error) {
    if (row.problem.empty()) row.problem = std::string("The row cannot be used: ") + error.what() + ".";
  }
  return row;
}

ordered_json summary(std::span<const datasets::LayerFinder> layers, const TextMatchWriter& writer) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    ordered_json layer{{"layer", engine::to_text(layers[i].key)}};
    for (std::size_t s = 0; s < writer.counts()[i].size(); ++s) {
      layer[std::string(engine::to_word(static_cast<engine::FinderStatus>(s)))] = writer.counts()[i][s];
    }
    list.push_back(std::move(layer));
  }
  return {{"rows", writer.rows()}, {"layers", list}};
}

int match_texts(const MatchArguments& options, const TextCity& city, const Invocation& invocation) {
  TextMatchWriter writer(city.names, city.finders, city.labels, {options.match.threads, options.text_format},
                         options.out);
  {
    ProgressBar bar("addresses");
    std::int64_t done = 0;
    datasets::read_addresses(options.addresses, [&](datasets::FileAddress a, std::optional<double> share) {
      writer.add(text_row(options, city.labels, std::move(a)));
      if (++done % 4096 == 0) bar.show(done, share);
      return !cancelled();
    });
  }
  if (cancelled()) return kCancelled;
  writer.finish();
  const ordered_json result = summary(city.finders, writer);
  if (invocation.wants_json()) write_output(invocation.json_path, result.dump(2));
  print_summary(result);
  return kDone;
}

int run_texts(const MatchArguments& options, const CityPackage& package, const Invocation& invocation) {
  if (options.text.empty()) refuse_clash(options, invocation);
  const std::unique_ptr<TextCity> city = open_text_city(options, package);
  if (!city) return kCancelled;
  // Wrong facts on the command line are wrong for every row.
  engine::parse_household_facts(options.household, "--household");
  school_id(city->labels, options.primary_school, "--primary-school");
  if (options.text.empty()) return match_texts(options, *city, invocation);
  const TextRow row = text_row(options, city->labels, {"", options.text, {}, 0, {}, {}, {}});
  const ordered_json explanation = explain_text(row, city->names, city->finders, city->labels);
  if (invocation.wants_json()) write_output(invocation.json_path, answers::dump(explanation, 2));
  if (invocation.json_path != "-") std::cout << to_lines(explanation) << std::flush;
  return kDone;
}

int run(const MatchArguments& options, const Invocation& invocation) {
  const CityPackage package = CityPackage::open(options.package);
  if (options.by_text()) return run_texts(options, package, invocation);
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
  auto options = std::make_shared<MatchArguments>();
  options->match.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  CLI::App* command = app.add_subcommand("match", "Find the schools of every address, by coordinates or by text");
  command->add_option("package", options->package, "City package (GeoPackage)")->required();
  datasets::AddressFile& file = options->addresses;
  command->add_option("addresses", file.file, "File of addresses; default: the package's own");
  command->add_option("--crs", file.crs,
                      "Reference system of its positions: EPSG:n, GCJ02, BD09, or file (as it declares); without one "
                      "the texts of --text-field are looked up");
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
  command->add_option("--out", options->out, "Write here instead of standard output: .csv, .geojson, .json");
  command->add_option("--error-m", options->match.error_m, "How far off a position may be if its row does not say")
      ->check(CLI::Range(0.0, 10'000.0));
  command->add_option("--threads", options->match.threads, "Threads; the answers do not depend on it")
      ->check(CLI::Range(1, 256));
  command->add_option("--explain", options->explain, "Explain one address: its id, its text, or LON,LAT");
  command->add_option("--text", options->text, "Look up this address and print all the evidence");
  command->add_option("--household", options->household,
                      "What is known of the child's household: urban_hukou=yes,native_villager=NAME,others=no, ...");
  command->add_option("--household-field", file.household_field, "The file's field with the same, row by row");
  command->add_option("--primary-school", options->primary_school, "Id or name of the child's primary school");
  command->add_option("--primary-school-field", file.primary_school_field, "The file's field with the same");
  add_json_option(*command, invocation);
  command->callback([options, &invocation] {
    if (options->out.ends_with(".geojson") || options->out.ends_with(".json")) {
      options->match.format = MatchFormat::geojson;
      options->text_format = options->out.ends_with(".json") ? TextFormat::json : TextFormat::geojson;
    }
    invocation.run = [options, &invocation] { return run(*options, invocation); };
  });
}

}  // namespace catchment::cli
