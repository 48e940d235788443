// `catchment zones parse`: the clause tree of a zone text; with a city its rules, its region and what is doubtful.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>

#include "datasets/city_rows.hpp"
#include "datasets/text.hpp"
#include "engine/zone_text/parse.hpp"
#include "engine/zone_text/references.hpp"
#include "geo/input_error.hpp"
#include "server/cli/city_notice.hpp"
#include "server/cli/place.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/zone_json.hpp"
#include "server/cli/zones.hpp"

namespace catchment::cli {
namespace {

using namespace engine::zone_text;
using nlohmann::ordered_json;

struct ZonesParseArguments {
  std::string package, file, snapshot, geojson, layer;
  std::optional<std::string> text;
  std::vector<std::string> seeds;
};

std::string read_text(const ZonesParseArguments& options) {
  std::string text, from = "--text";
  if (options.text) {
    text = *options.text;
  } else if (options.file.empty() || options.file == "-") {
    from = "standard input";
    text.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    from = options.file;
    std::ifstream in(options.file, std::ios::binary);
    if (!in || std::filesystem::is_directory(options.file)) {
      throw InputError("text_open", options.file, "cannot be read");
    }
    text.assign(std::istreambuf_iterator<char>(in), {});
  }
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) throw InputError("text_empty", from, "has no words");
  if (!datasets::is_utf8_text(text)) throw InputError("text_encoding", from, "is not UTF-8");
  return text;
}

// The nested words with one list per line, three levels deep; deeper ones stay on their line.
std::string indented(const std::string& words) {
  constexpr int kDeepest = 3;
  std::string out;
  int depth = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == ' ' && i + 1 < words.size() && words[i + 1] == '(' && depth < kDeepest) {
      out += "\n    " + std::string(static_cast<std::size_t>(depth) * 2, ' ');
      continue;
    }
    if (words[i] == '(') ++depth;
    if (words[i] == ')') --depth;
    out += words[i];
  }
  return out;
}

std::string name_of(geo::NameId name, const geo::Gazetteer& names) {
  return name == geo::kNoName ? "" : std::string(names.thing(name).name);
}

std::string_view to_word(RuleEffect effect) {
  switch (effect) {
    case RuleEffect::allow:
      return "allow";
    case RuleEffect::deny:
      return "deny";
    case RuleEffect::undetermined:
      return "undetermined";
  }
  return "";
}

ordered_json to_json(const AddressRule& rule, const std::vector<BorrowedZone>& borrowed, const geo::Gazetteer& names) {
  ordered_json out{{"effect", to_word(rule.effect)}, {"level", engine::zone_text::to_word(rule.level)}};
  for (const geo::NameId above : rule.path) out["under"].push_back(name_of(above, names));
  if (rule.name != geo::kNoName) out["name"] = name_of(rule.name, names);
  for (const NumberRange& range : rule.numbers) out["numbers"].push_back(cli::to_json(range));
  if (rule.region) out["region"] = *rule.region;
  if (rule.scope != 0) out["of_school"] = borrowed[rule.scope - 1].school_id;
  for (const Household& household : rule.households) out["conditions"].push_back(cli::to_json(household));
  if (!rule.why.empty()) out["why"] = rule.why;
  out["begin"] = rule.span.begin;
  out["end"] = rule.span.end;
  return out;
}

ordered_json geometry_of(const geo::MultiPolygon& shape) {
  const auto ring_of = [](const geo::Ring& ring) {
    ordered_json points = ordered_json::array();
    for (std::size_t i = 0; i <= ring.size() && !ring.empty(); ++i) {
      const geo::Degrees d = geo::to_degrees(ring[i % ring.size()]);
      points.push_back({d.lon, d.lat});
    }
    return points;
  };
  ordered_json parts = ordered_json::array();
  for (const geo::Polygon& part : shape) {
    ordered_json rings = ordered_json::array({ring_of(part.shell)});
    for (const geo::Ring& hole : part.holes) rings.push_back(ring_of(hole));
    parts.push_back(std::move(rings));
  }
  return {{"type", "MultiPolygon"}, {"coordinates", std::move(parts)}};
}

// Square metres in the local scale of the shape's own latitude: for a person to read.
double area_m2(const geo::MultiPolygon& shape) {
  double twice = 0;
  for (const geo::Polygon& part : shape) {
    const auto of = [](const geo::Ring& ring) { return std::abs(static_cast<double>(geo::signed_area_twice(ring))); };
    twice += of(part.shell);
    for (const geo::Ring& hole : part.holes) twice -= of(hole);
  }
  const geo::Box box = geo::bounding_box(shape);
  if (box.empty()) return 0;
  const geo::LocalScale scale = geo::local_scale(box.min.lat + (box.max.lat - box.min.lat) / 2);
  return twice / 2 * scale.lon_m * scale.lat_m;
}

void print_clauses(const ZoneText& zone) {
  std::size_t number = 0;
  for (const Clause& clause : zone.clauses) {
    std::cout << ++number << ".\n" << underline(zone.text, clause.span, "  ");
    std::cout << "  " << indented(printable(engine::zone_text::to_text(clause))) << "\n";
  }
}

void print_rules(const CompiledText& text, const City& city) {
  std::cout << text.rules.size() << (text.rules.size() == 1 ? " rule" : " rules") << "\n";
  for (const AddressRule& rule : text.rules) {
    std::cout << "  " << to_word(rule.effect) << " (" << engine::zone_text::to_word(rule.level) << ")";
    for (const geo::NameId above : rule.path) std::cout << " " << printable(name_of(above, *city.names));
    if (rule.name != geo::kNoName) std::cout << " " << printable(name_of(rule.name, *city.names));
    if (rule.region) std::cout << " region " << *rule.region + 1;
    if (rule.scope != 0) std::cout << " of school " << printable(text.borrowed[rule.scope - 1].school_id);
    if (!rule.why.empty()) std::cout << " because of " << printable(rule.why);
    std::cout << "\n" << underline(text.tree.text, rule.span);
  }
  for (std::size_t i = 0; i < text.regions.size(); ++i) {
    std::printf("region %zu: %.4f km2\n", i + 1, area_m2(text.regions[i].shape) / 1e6);
    std::fflush(stdout);
  }
}

ordered_json describe(const CompiledText& text, const City& city, const geo::MultiPolygon& shape) {
  ordered_json out = cli::to_json(text.tree);
  ordered_json& rules = out["rules"] = ordered_json::array();
  for (const AddressRule& rule : text.rules) rules.push_back(to_json(rule, text.borrowed, *city.names));
  ordered_json& regions = out["regions"] = ordered_json::array();
  for (const CompiledRegion& region : text.regions) regions.push_back({{"area_m2", area_m2(region.shape)}});
  out["area_m2"] = area_m2(shape);
  ordered_json& findings = out["findings"] = ordered_json::array();
  for (const Finding& f : text.findings) findings.push_back(cli::to_json(f));
  return out;
}

void write_json(const std::string& path, const ordered_json& json) {
  write_output(path, json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
}

int parse_alone(const std::string& text, const ZonesParseArguments& options, const Invocation& invocation) {
  if (!options.geojson.empty()) throw InputError("no_city", "--geojson", "a region needs a city package");
  const ZoneText zone = parse_zone_text(text);
  if (invocation.wants_json()) write_json(invocation.json_path, cli::to_json(zone));
  if (invocation.json_path != "-") print_clauses(zone);
  return kDone;
}

// The words as a row of the notice whose schools they may refer to.
CompiledText compile_words(const std::string& words, const ZonesParseArguments& options, const City& city) {
  LintRow row;
  row.text = words;
  for (const std::string& seed : options.seeds) row.seeds.push_back(parse_place(seed));
  CompiledText text = compile_row(row, city.ground);
  if (const auto layer = notice_layer(city.package, options.layer, true)) {
    const std::vector<LintRow> others = datasets::compiler_rows(city.package, *layer);
    const std::vector<LintRow> earlier = datasets::earlier_rows(city.package, *layer);
    resolve_references(std::span(&text, 1), std::span(&row, 1), {others, earlier}, city.ground);
  }
  return text;
}

int parse_in_city(const std::string& words, const ZonesParseArguments& options, const Invocation& invocation) {
  const City city = open_city(options.package, options.snapshot);
  const CompiledText text = compile_words(words, options, city);
  const geo::MultiPolygon shape = derived_shape(text, city.ground);
  if (!options.geojson.empty()) {
    const ordered_json feature{
        {"type", "Feature"}, {"properties", {{"text", words}}}, {"geometry", geometry_of(shape)}};
    write_json(options.geojson, {{"type", "FeatureCollection"}, {"features", ordered_json::array({feature})}});
  }
  if (invocation.wants_json()) write_json(invocation.json_path, describe(text, city, shape));
  if (invocation.json_path == "-") return kDone;
  print_clauses(text.tree);
  print_rules(text, city);
  for (const Finding& f : text.findings) print_finding(std::cout, f, text.tree.text);
  return kDone;
}

}  // namespace

void register_zones_parse(CLI::App& zones, Invocation& invocation) {
  auto options = std::make_shared<ZonesParseArguments>();
  CLI::App* command = zones.add_subcommand(
      "parse", "The clauses of a zone text; with a city the rules and region they compile to, and what is doubtful");
  command->add_option("package", options->package, "City package (GeoPackage); without one, words only");
  CLI::Option* text = command->add_option("--text", options->text, "The words; default: standard input");
  command->add_option("--file", options->file, "A file with the words of one zone")->excludes(text);
  command->add_option("--seed", options->seeds, "LON,LAT of a campus: what the region holds; may be repeated");
  command->add_option("--layer", options->layer,
                      "The notice in the package whose schools the words may refer to, such as primary/2024; default: "
                      "the only one");
  command->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");
  command->add_option("--geojson", options->geojson, "Write the area the text gives as GeoJSON");
  add_json_option(*command, invocation);
  command->callback([options, &invocation] {
    invocation.run = [options, &invocation] {
      const std::string words = read_text(*options);
      return options->package.empty() ? parse_alone(words, *options, invocation)
                                      : parse_in_city(words, *options, invocation);
    };
  });
}

}  // namespace catchment::cli
