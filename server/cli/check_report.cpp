#include "server/cli/check_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

namespace catchment::cli {
namespace {

using nlohmann::json;

std::string join(const std::vector<std::string>& words, const char* separator = ", ") {
  std::string out;
  for (const std::string& word : words) {
    if (!out.empty()) out += separator;
    out += word;
  }
  return out;
}

std::vector<std::string> ids(const LayerReport& report, const std::vector<geo::ZoneNumber>& zones) {
  std::vector<std::string> out;
  for (const geo::ZoneNumber z : zones) out.push_back(report.zones[z].id);
  return out;
}

// "id name" of each, at most a handful.
std::string describe_zones(const LayerReport& report, const std::vector<geo::ZoneNumber>& zones) {
  constexpr std::size_t kMost = 6;
  std::vector<std::string> words;
  for (std::size_t i = 0; i < std::min(kMost, zones.size()); ++i) {
    const engine::Zone& zone = report.zones[zones[i]];
    words.push_back(zone.name.empty() || zone.name == zone.id ? zone.id : zone.id + " " + zone.name);
  }
  if (zones.size() > kMost) words.push_back("and " + std::to_string(zones.size() - kMost) + " more");
  return join(words);
}

std::string place_text(geo::Point p) {
  const geo::Degrees d = geo::to_degrees(p);
  char text[48];
  std::snprintf(text, sizeof text, "%.7f,%.7f", d.lon, d.lat);
  return text;
}

std::string number(double value, const char* unit) {
  char text[48];
  std::snprintf(text, sizeof text, value != 0 && std::fabs(value) < 10 ? "%.3f %s" : "%.0f %s", value, unit);
  return text;
}

double rounded(double value) { return std::nearbyint(value * 1e4) / 1e4; }

template <class Finding, class Line>
void write_by_kind(std::ostream& out, const std::vector<Finding>& findings, std::size_t examples, Line&& line) {
  std::map<decltype(findings[0].kind), std::vector<const Finding*>> by_kind;
  for (const Finding& finding : findings) by_kind[finding.kind].push_back(&finding);
  for (const auto& [kind, list] : by_kind) {
    out << "  " << to_word(kind) << ": " << list.size() << " (" << to_word(list[0]->severity) << ")\n";
    for (std::size_t i = 0; i < std::min(examples, list.size()); ++i) out << "    " << line(*list[i]) << "\n";
    if (list.size() > examples) out << "    ... and " << list.size() - examples << " more\n";
  }
}

std::string line_of(const LayerReport& report, const geo::Finding& f) {
  std::string line = describe_zones(report, f.zones) + " at " + place_text(f.place);
  if (f.area_m2 > 0) line.append(", ").append(number(f.area_m2, "m2"));
  if (f.length_m > 0) {
    line.append(", ").append(number(f.width_m, "m")).append(" wide, ").append(number(f.length_m, "m")).append(" long");
  }
  if (!f.detail.empty()) line.append(" (").append(f.detail).append(")");
  return line;
}

std::string line_of(const engine::CityFinding& f) {
  std::vector<std::string> words;
  for (const std::string& word : {f.school_id, f.item_id, f.name}) {
    if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  std::string line = join(words, " ");
  if (!f.zone_ids.empty()) line.append(line.empty() ? "zone " : ", zone ").append(join(f.zone_ids));
  if (f.place) line.append(" at ").append(place_text(*f.place));
  if (f.distance_m > 0) line.append(", ").append(number(f.distance_m, "m"));
  return line;
}

json place_json(geo::Point p) {
  const geo::Degrees d = geo::to_degrees(p);
  return {d.lon, d.lat};
}

json to_json(const LayerReport& report, const geo::Finding& f) {
  json zones = json::array();
  for (const geo::ZoneNumber z : f.zones) zones.push_back({{"id", report.zones[z].id}, {"name", report.zones[z].name}});
  return {{"kind", to_word(f.kind)},
          {"severity", to_word(f.severity)},
          {"zones", zones},
          {"place", place_json(f.place)},
          {"area_m2", rounded(f.area_m2)},
          {"width_m", rounded(f.width_m)},
          {"length_m", rounded(f.length_m)},
          {"detail", f.detail}};
}

json to_json(const engine::CityFinding& f) {
  json out{{"kind", to_word(f.kind)},
           {"severity", to_word(f.severity)},
           {"zones", f.zone_ids},
           {"school", f.school_id},
           {"item", f.item_id},
           {"name", f.name},
           {"distance_m", rounded(f.distance_m)}};
  out["place"] = f.place ? place_json(*f.place) : json();
  return out;
}

const std::vector<datasets::FeatureColumn> kFindingColumns{
    {"layer", "TEXT"},      {"kind", "TEXT"},       {"severity", "TEXT"}, {"zones", "TEXT"},
    {"zone_names", "TEXT"}, {"subject", "TEXT"},    {"area_m2", "REAL"},  {"width_m", "REAL"},
    {"length_m", "REAL"},   {"distance_m", "REAL"}, {"detail", "TEXT"}};

std::vector<datasets::FeatureValue> values(const LayerReport& report, const geo::Finding& f) {
  std::vector<std::string> names;
  for (const geo::ZoneNumber z : f.zones) names.push_back(report.zones[z].name);
  return {report.name,
          std::string(to_word(f.kind)),
          std::string(to_word(f.severity)),
          join(ids(report, f.zones)),
          join(names),
          std::string(),
          f.area_m2,
          f.width_m,
          f.length_m,
          0.0,
          f.detail};
}

std::vector<datasets::FeatureValue> values(const LayerReport& report, const engine::CityFinding& f) {
  return {report.name,
          std::string(to_word(f.kind)),
          std::string(to_word(f.severity)),
          join(f.zone_ids),
          std::string(),
          f.item_id.empty() ? f.school_id : f.item_id,
          0.0,
          0.0,
          0.0,
          f.distance_m,
          f.name};
}

bool is_area(const geo::MultiPolygon& shape) {
  return !shape.empty() &&
         std::all_of(shape.begin(), shape.end(), [](const geo::Polygon& p) { return p.shell.size() >= 3; });
}

}  // namespace

SeverityCounts count_severities(const LayerReport& report) {
  SeverityCounts counts;
  const auto count = [&](geo::Severity severity) {
    (severity == geo::Severity::error     ? counts.errors
     : severity == geo::Severity::warning ? counts.warnings
                                          : counts.notes)++;
  };
  for (const geo::Finding& f : report.shapes) count(f.severity);
  for (const engine::CityFinding& f : report.schools) count(f.severity);
  counts.errors += report.addresses.no_zone + report.addresses.two_zones;
  counts.notes += report.addresses.unplaced + report.addresses.near;
  return counts;
}

void write_text(std::ostream& out, const LayerReport& report, std::size_t examples) {
  const SeverityCounts counts = count_severities(report);
  std::size_t vertices = 0;
  for (const engine::Zone& zone : report.zones) {
    geo::for_each_ring(zone.shape, [&](const geo::Ring& ring) { vertices += ring.size(); });
  }
  out << report.name << ": " << report.zones.size() << " zones, " << vertices
      << " vertices: " << (counts.errors + counts.warnings + counts.notes == 0 ? "sound" : "");
  if (counts.errors + counts.warnings + counts.notes != 0) {
    out << counts.errors << " errors, " << counts.warnings << " warnings, " << counts.notes << " notes";
  }
  out << "\n";
  write_by_kind(out, report.shapes, examples, [&](const geo::Finding& f) { return line_of(report, f); });
  write_by_kind(out, report.schools, examples, [](const engine::CityFinding& f) { return line_of(f); });
  const engine::AddressTally& a = report.addresses;
  if (a.total == 0) return;
  out << "  addresses: " << a.total << ", in one zone " << a.one_zone << ", in declared shared zones " << a.shared
      << ", in no zone " << a.no_zone << ", in two undeclared " << a.two_zones << ", near a boundary " << a.near
      << ", without position " << a.unplaced << "\n";
  write_by_kind(out, a.examples, examples, [](const engine::CityFinding& f) { return line_of(f); });
}

void write_text(std::ostream& out, const LayerReport& report, const LayerRepair& repair, std::size_t examples) {
  out << repair.name << ": proposed repair: " << repair.proposal.changes.size() << " zones change, "
      << repair.addresses.size() << " addresses change zone\n";
  std::map<geo::RepairKind, std::pair<int, double>> sums;
  for (const geo::RepairAction& action : repair.proposal.actions) {
    auto& [count, area_m2] = sums[action.kind];
    ++count;
    area_m2 += action.area_m2;
  }
  for (const auto& [kind, sum] : sums) {
    out << "  " << to_word(kind) << ": " << sum.first;
    if (sum.second > 0) out << ", " << number(sum.second, "m2");
    out << "\n";
  }
  std::size_t shown = 0;
  for (const geo::RepairAction& action : repair.proposal.actions) {
    if (action.kind == geo::RepairKind::noded || shown++ >= examples) continue;
    out << "    " << to_word(action.kind) << " to " << describe_zones(report, {action.to}) << " at "
        << place_text(action.place) << ", " << number(action.area_m2, "m2") << "\n";
  }
  for (std::size_t i = 0; i < std::min(examples, repair.addresses.size()); ++i) {
    const MovedAddress& moved = repair.addresses[i];
    out << "    " << moved.id << " " << moved.text << ": " << (moved.before.empty() ? "none" : join(moved.before))
        << " -> " << (moved.after.empty() ? "none" : join(moved.after)) << "\n";
  }
}

json to_json(const LayerReport& report) {
  const SeverityCounts counts = count_severities(report);
  json shapes = json::array();
  for (const geo::Finding& f : report.shapes) shapes.push_back(to_json(report, f));
  json schools = json::array();
  for (const engine::CityFinding& f : report.schools) schools.push_back(to_json(f));
  json examples = json::array();
  for (const engine::CityFinding& f : report.addresses.examples) examples.push_back(to_json(f));
  const engine::AddressTally& a = report.addresses;
  return {{"layer", report.name},
          {"zones", report.zones.size()},
          {"errors", counts.errors},
          {"warnings", counts.warnings},
          {"notes", counts.notes},
          {"shapes", shapes},
          {"schools", schools},
          {"addresses",
           {{"total", a.total},
            {"one_zone", a.one_zone},
            {"shared", a.shared},
            {"no_zone", a.no_zone},
            {"two_zones", a.two_zones},
            {"near_boundary", a.near},
            {"unplaced", a.unplaced},
            {"examples", examples}}}};
}

json to_json(const LayerReport& report, const LayerRepair& repair) {
  json changes = json::array();
  for (const geo::ZoneChange& c : repair.proposal.changes) {
    changes.push_back(
        {{"zone", report.zones[c.zone].id}, {"gained_m2", rounded(c.gained_m2)}, {"lost_m2", rounded(c.lost_m2)}});
  }
  json actions = json::array();
  for (const geo::RepairAction& a : repair.proposal.actions) {
    actions.push_back({{"kind", to_word(a.kind)},
                       {"to", report.zones[a.to].id},
                       {"from", ids(report, a.from)},
                       {"place", place_json(a.place)},
                       {"area_m2", rounded(a.area_m2)},
                       {"width_m", rounded(a.width_m)},
                       {"vertices", a.vertices}});
  }
  json addresses = json::array();
  for (const MovedAddress& m : repair.addresses) {
    addresses.push_back(
        {{"id", m.id}, {"text", m.text}, {"place", place_json(m.position)}, {"before", m.before}, {"after", m.after}});
  }
  return {{"layer", repair.name}, {"changes", changes}, {"actions", actions}, {"moved_addresses", addresses}};
}

void write_findings(datasets::FeatureFile& file, const std::vector<LayerReport>& reports) {
  file.add_table("finding_point", "Findings: places", "POINT", kFindingColumns);
  file.add_table("finding_area", "Findings: ground", "MULTIPOLYGON", kFindingColumns);
  file.add_table("finding_line", "Findings: lines", "LINESTRING", kFindingColumns);
  for (const LayerReport& report : reports) {
    for (const geo::Finding& f : report.shapes) {
      const auto row = values(report, f);
      file.add("finding_point", f.place, row);
      if (is_area(f.shape)) file.add("finding_area", f.shape, row);
      if (f.line.size() >= 2) file.add("finding_line", f.line, row);
    }
    for (const auto* list : {&report.schools, &report.addresses.examples}) {
      for (const engine::CityFinding& f : *list) {
        file.add("finding_point", f.place ? datasets::FeatureGeometry(*f.place) : datasets::FeatureGeometry(),
                 values(report, f));
      }
    }
  }
}

void write_repairs(datasets::FeatureFile& file, const std::vector<LayerReport>& reports,
                   const std::vector<LayerRepair>& repairs) {
  const std::vector<datasets::FeatureColumn> zone_columns{
      {"layer", "TEXT"}, {"id", "TEXT"}, {"name", "TEXT"}, {"gained_m2", "REAL"}, {"lost_m2", "REAL"}};
  file.add_table("zone_before", "Changed zones, before", "MULTIPOLYGON", zone_columns);
  file.add_table("zone_after", "Changed zones, after", "MULTIPOLYGON", zone_columns);
  file.add_table("repair_action", "What was done", "POINT",
                 {{"layer", "TEXT"},
                  {"kind", "TEXT"},
                  {"to_zone", "TEXT"},
                  {"from_zones", "TEXT"},
                  {"area_m2", "REAL"},
                  {"width_m", "REAL"},
                  {"vertices", "INTEGER"}});
  file.add_table(
      "moved_address", "Addresses that change zone", "POINT",
      {{"layer", "TEXT"}, {"id", "TEXT"}, {"text", "TEXT"}, {"before_zones", "TEXT"}, {"after_zones", "TEXT"}});
  for (std::size_t i = 0; i < repairs.size(); ++i) {
    const LayerReport& report = reports[i];
    const std::string layer = report.name;
    for (const geo::ZoneChange& c : repairs[i].proposal.changes) {
      const engine::Zone& zone = report.zones[c.zone];
      const std::vector<datasets::FeatureValue> row{layer, zone.id, zone.name, c.gained_m2, c.lost_m2};
      if (is_area(zone.shape)) file.add("zone_before", zone.shape, row);
      if (is_area(c.after)) file.add("zone_after", c.after, row);
    }
    for (const geo::RepairAction& a : repairs[i].proposal.actions) {
      file.add("repair_action", a.place,
               {layer, std::string(to_word(a.kind)), report.zones[a.to].id, join(ids(report, a.from)), a.area_m2,
                a.width_m, std::int64_t{a.vertices}});
    }
    for (const MovedAddress& m : repairs[i].addresses) {
      file.add("moved_address", m.position, {layer, m.id, m.text, join(m.before), join(m.after)});
    }
  }
}

}  // namespace catchment::cli
