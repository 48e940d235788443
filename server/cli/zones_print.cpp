// `catchment zones print`: publishable words for every zone of a layer.
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>

#include "engine/zone_text/print.hpp"
#include "geo/input_error.hpp"
#include "server/cli/city_layers.hpp"
#include "server/cli/city_notice.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/zone_json.hpp"
#include "server/cli/zones.hpp"
#include "server/publish/notice_lines.hpp"

namespace catchment::cli {
namespace {

using engine::zone_text::Printed;
using engine::zone_text::PrintZone;
using nlohmann::ordered_json;

struct ZonesPrintArguments {
  std::string package, layer, snapshot, out;
  bool check = true;
};

// One line of the notice: a school of a zone. Schools that share a zone have a line each, with the same words.
struct PrintedLine {
  std::string school, campus, zone_id, words;
};

struct Layer {
  std::vector<engine::Zone> zones;
  std::vector<PrintZone> to_print;
  std::map<std::string, std::string> school_names;
};

engine::LayerKey choose_printed_layer(const datasets::CityPackage& package, const std::string& wanted) {
  const std::vector<engine::LayerKey> there = package.layers();
  std::string list;
  for (const engine::LayerKey& key : there) list += (list.empty() ? "" : ", ") + engine::to_text(key);
  if (wanted.empty() && there.size() == 1) return there.front();
  const auto key = engine::find_layer_key(wanted);
  if (!key || std::ranges::find(there, *key) == there.end()) {
    throw InputError("layer_unknown", "--layer " + wanted, "name one layer of the package; it has " + list);
  }
  return *key;
}

Layer load_layer(const datasets::CityPackage& package, const std::string& wanted) {
  Layer layer;
  layer.zones = package.zones(choose_printed_layer(package, wanted));
  layer.school_names = school_names(package);
  const std::vector<engine::Campus> campuses = package.campuses();
  for (const engine::Zone& zone : layer.zones) {
    PrintZone& out = layer.to_print.emplace_back();
    for (const std::string& id : zone.school_ids) {
      if (out.school.empty()) out.school = layer.school_names[id];
      for (const engine::Campus& campus : campuses) {
        if (campus.school_id == id) out.seeds.push_back(campus.position);
      }
    }
    out.shape = zone.shape;
  }
  return layer;
}

std::vector<PrintedLine> lines_of(const Layer& layer, const std::vector<Printed>& printed) {
  std::vector<PrintedLine> lines;
  for (std::size_t i = 0; i < layer.zones.size(); ++i) {
    const std::vector<std::string>& schools = layer.zones[i].school_ids;
    for (const std::string& id : schools) {
      std::string words = printed[i].text;
      std::string partners;
      for (const std::string& other : schools) {
        if (other != id) partners += (partners.empty() ? "" : "、") + layer.school_names.at(other);
      }
      if (!partners.empty()) words = publish::with_partners(std::move(words), partners);
      lines.push_back({layer.school_names.at(id), "", layer.zones[i].id, std::move(words)});
    }
  }
  return lines;
}

std::string md_field(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') {
      out += "\\|";
    } else {
      out += c == '\n' || c == '\r' ? ' ' : c;
    }
  }
  return out;
}

std::string notice_csv(const std::vector<PrintedLine>& lines) {
  std::string out = "学校,校区,招生范围";
  for (const PrintedLine& line : lines) {
    out += "\r\n" + publish::csv_field(line.school) + "," + publish::csv_field(line.campus) + "," +
           publish::csv_field(line.words);
  }
  return out;
}

std::string notice_md(const std::vector<PrintedLine>& lines) {
  std::string out = "| 学校 | 校区 | 招生范围 |\n|---|---|---|";
  for (const PrintedLine& line : lines) {
    out += "\n| " + md_field(line.school) + " | " + md_field(line.campus) + " | " + md_field(line.words) + " |";
  }
  return out;
}

// Addresses of the city that neither the zones nor their words decide: on an edge, or without a place and unnamed.
std::size_t count_open(const std::vector<Printed>& printed, const geo::Gazetteer& names) {
  std::vector<bool> named(names.entry_count(), false);
  std::vector<bool> open(names.entry_count(), false);
  for (const Printed& p : printed) {
    for (const geo::EntryId id : p.allowed) named[id] = true;
    for (const geo::EntryId id : p.open_entries) open[id] = true;
  }
  std::size_t count = 0;
  for (geo::EntryId id = 0; id < open.size(); ++id) {
    if (open[id] || (!named[id] && !names.entry(id).position)) ++count;
  }
  return count;
}

ordered_json to_json(const Layer& layer, const std::vector<Printed>& printed, std::optional<std::size_t> open) {
  ordered_json zones = ordered_json::array();
  for (std::size_t i = 0; i < printed.size(); ++i) {
    ordered_json findings = ordered_json::array();
    for (const auto& f : printed[i].findings) findings.push_back(cli::to_json(f));
    zones.push_back({{"zone", layer.zones[i].id},
                     {"schools", layer.zones[i].school_ids},
                     {"text", printed[i].text},
                     {"iou", printed[i].iou},
                     {"changed", printed[i].changed},
                     {"findings", findings}});
  }
  ordered_json out{{"zones", zones}};
  if (open) out["undetermined"] = *open;
  return out;
}

int run(const ZonesPrintArguments& options, const Invocation& invocation) {
  const City city = open_city(options.package, options.snapshot);
  const Layer layer = load_layer(city.package, options.layer);
  for (const engine::Zone& zone : layer.zones) {
    if (zone.school_ids.empty()) throw InputError("zone_unlinked", zone.id, "the zone names no school");
    for (const std::string& id : zone.school_ids) {
      if (!layer.school_names.contains(id)) throw InputError("school_unknown", zone.id, "names school " + id);
    }
  }
  engine::zone_text::PrintOptions how;
  how.check = options.check;
  const std::vector<Printed> printed = print_zones(layer.to_print, city.ground, how);
  if (cancelled()) return kCancelled;
  const std::vector<PrintedLine> lines = lines_of(layer, printed);
  const bool md = options.out.ends_with(".md");
  if (!options.out.empty()) write_output(options.out, md ? notice_md(lines) : notice_csv(lines));
  const auto open = options.check ? std::optional(count_open(printed, *city.names)) : std::nullopt;
  if (invocation.wants_json()) {
    write_output(invocation.json_path,
                 to_json(layer, printed, open).dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  std::size_t changed = 0;
  for (const Printed& p : printed) changed += p.changed;
  if (invocation.json_path != "-" && options.out != "-") {
    for (const PrintedLine& line : lines) {
      if (options.out.empty()) std::cout << printable(line.school) << ": " << printable(line.words) << "\n";
    }
    for (std::size_t i = 0; i < printed.size(); ++i) {
      if (printed[i].findings.empty() && printed[i].changed == 0) continue;
      std::printf("%s: area agrees to %.5f, %zu addresses answer otherwise\n", layer.zones[i].id.c_str(),
                  printed[i].iou, printed[i].changed);
      std::fflush(stdout);
      for (const auto& f : printed[i].findings) print_finding(std::cout, f, printed[i].text);
    }
    std::cout << printed.size() << " zones, " << lines.size() << " rows";
    if (open) {
      std::cout << ", " << changed << " addresses answer otherwise than their zone, " << *open
                << " neither the zones nor the words decide\n";
    } else {
      std::cout << ", not checked\n";
    }
  }
  return changed == 0 ? kDone : kFindings;
}

}  // namespace

void register_zones_print(CLI::App& zones, Invocation& invocation) {
  auto options = std::make_shared<ZonesPrintArguments>();
  CLI::App* command =
      zones.add_subcommand("print", "Write every zone of a layer in the words of a notice, and check them");
  command->add_option("package", options->package, "City package (GeoPackage)")->required();
  command->add_option("--layer", options->layer, "The layer of zones, such as primary/2024");
  command->add_option("--out", options->out,
                      "Write the notice: .csv or .md, which import --notice reads; - for stdout");
  command->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");
  command->add_flag("!--no-check", options->check, "Do not compile the words again to compare");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
