#include "server/cli/plan_output.hpp"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "datasets/city_package.hpp"
#include "datasets/feature_file.hpp"
#include "datasets/package_writer.hpp"
#include "datasets/partial_file.hpp"
#include "engine/zone_text/print.hpp"
#include "geo/input_error.hpp"
#include "server/cli/shape_json.hpp"
#include "server/publish/notice_lines.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

std::string kind_word(const PlanZone& zone) {
  if (zone.schools.size() < 2) return "";
  return zone.kind == SchoolSet::Kind::transition ? "transition" : "shared";
}

std::string join(const PlanCity& city, const PlanZone& zone, const std::string& glue, bool names) {
  std::string text;
  for (const SchoolIndex s : zone.schools) {
    text += (text.empty() ? "" : glue) + (names ? city.schools[s].name : city.schools[s].id);
  }
  return text;
}

struct ZoneFigures {
  int addresses = 0;
  double area_m2 = 0;  // of the units, to 1 m2
};

ZoneFigures figures_of(const PlanCity& city, const PlanZone& zone) {
  ZoneFigures figures;
  for (const UnitIndex u : zone.units) {
    figures.addresses += city.units[u].addresses;
    figures.area_m2 += city.units[u].area_m2;
  }
  figures.area_m2 = std::round(figures.area_m2);
  return figures;
}

std::string text_of(const PlanZones& zones, std::size_t i) {
  return zones.texts.empty() ? std::string() : zones.texts[i];
}

std::string to_geojson(const PlanCity& city, const PlanZones& zones) {
  ordered_json features = ordered_json::array();
  for (std::size_t i = 0; i < zones.zones.size(); ++i) {
    const PlanZone& zone = zones.zones[i];
    const ZoneFigures figures = figures_of(city, zone);
    ordered_json schools = ordered_json::array();
    for (const SchoolIndex s : zone.schools) schools.push_back(city.schools[s].id);
    ordered_json properties{{"zone", zone.id},
                            {"stage", engine::to_word(city.stages[zone.stage])},
                            {"from_year", city.school_year(zone.from)},
                            {"to_year", city.school_year(zone.to - 1)},
                            {"schools", std::move(schools)},
                            {"names", join(city, zone, "、", true)},
                            {"kind", kind_word(zone)},
                            {"units", zone.units.size()},
                            {"addresses", figures.addresses},
                            {"area_m2", figures.area_m2}};
    if (!zones.texts.empty()) properties["text"] = zones.texts[i];
    features.push_back(
        {{"type", "Feature"}, {"properties", std::move(properties)}, {"geometry", shape_json(zone.shape)}});
  }
  const ordered_json collection{{"type", "FeatureCollection"}, {"features", std::move(features)}};
  return collection.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string to_csv(const PlanCity& city, const PlanZones& zones) {
  std::string out = "stage,from_year,to_year,zone,kind,school,name,units,addresses,area_m2,text";
  for (std::size_t i = 0; i < zones.zones.size(); ++i) {
    const PlanZone& zone = zones.zones[i];
    const ZoneFigures figures = figures_of(city, zone);
    for (const SchoolIndex s : zone.schools) {
      std::string partners;
      for (const SchoolIndex other : zone.schools) {
        if (other != s) partners += (partners.empty() ? "" : "、") + city.schools[other].name;
      }
      std::string words = text_of(zones, i);
      if (!words.empty() && !partners.empty()) words = publish::with_partners(std::move(words), partners);
      out += "\n" + std::string(engine::to_word(city.stages[zone.stage])) + "," +
             std::to_string(city.school_year(zone.from)) + "," + std::to_string(city.school_year(zone.to - 1)) + "," +
             publish::csv_field(zone.id) + "," + kind_word(zone) + "," + publish::csv_field(city.schools[s].id) + "," +
             publish::csv_field(city.schools[s].name) + "," + std::to_string(zone.units.size()) + "," +
             std::to_string(figures.addresses) + "," + std::to_string(static_cast<long long>(figures.area_m2)) + "," +
             publish::csv_field(words);
    }
  }
  return out;
}

void write_gpkg(const std::filesystem::path& file, const PlanCity& city, const PlanZones& zones) {
  datasets::FeatureFile out(file);
  out.add_table("plan_zone", "Zones of the plan", "MULTIPOLYGON",
                {{"zone", "TEXT"},
                 {"stage", "TEXT"},
                 {"from_year", "INTEGER"},
                 {"to_year", "INTEGER"},
                 {"schools", "TEXT"},
                 {"names", "TEXT"},
                 {"kind", "TEXT"},
                 {"units", "INTEGER"},
                 {"addresses", "INTEGER"},
                 {"area_m2", "REAL"},
                 {"text", "TEXT"}});
  for (std::size_t i = 0; i < zones.zones.size(); ++i) {
    const PlanZone& zone = zones.zones[i];
    const ZoneFigures figures = figures_of(city, zone);
    const datasets::FeatureGeometry shape =
        zone.shape.empty() ? datasets::FeatureGeometry{} : datasets::FeatureGeometry{zone.shape};
    out.add("plan_zone", shape,
            {zone.id, std::string(engine::to_word(city.stages[zone.stage])), std::int64_t{city.school_year(zone.from)},
             std::int64_t{city.school_year(zone.to - 1)}, join(city, zone, ",", false), join(city, zone, "、", true),
             kind_word(zone), static_cast<std::int64_t>(zone.units.size()), std::int64_t{figures.addresses},
             figures.area_m2, text_of(zones, i)});
  }
  out.commit();
}

}  // namespace

PlanZones make_plan_zones(const CityPlan& plan, const engine::zone_text::Ground* ground) {
  PlanZones result;
  result.zones = find_zones(plan);
  if (ground == nullptr) return result;
  const PlanCity& city = plan.city();
  for (std::size_t first = 0; first < result.zones.size();) {
    std::size_t end = first;
    std::vector<engine::zone_text::PrintZone> layer;
    for (; end < result.zones.size() && result.zones[end].stage == result.zones[first].stage &&
           result.zones[end].from == result.zones[first].from;
         ++end) {
      engine::zone_text::PrintZone& zone = layer.emplace_back();
      zone.school = city.schools[result.zones[end].schools.front()].name;
      zone.shape = result.zones[end].shape;
      for (const SchoolIndex s : result.zones[end].schools) {
        for (const CityCampus& campus : city.schools[s].campuses) {
          zone.seeds.insert(zone.seeds.end(), campus.gates.begin(), campus.gates.end());
        }
      }
    }
    for (engine::zone_text::Printed& printed : print_zones(layer, *ground)) {
      result.changed += printed.changed;
      result.texts.push_back(std::move(printed.text));
    }
    first = end;
  }
  return result;
}

void check_zones_file(const std::string& file) {
  for (const char* ending : {".gpkg", ".geojson", ".csv"}) {
    if (file.ends_with(ending)) return;
  }
  throw InputError("output_format", "--out " + file, "must end in .gpkg, .geojson or .csv");
}

void write_plan_zones(const std::filesystem::path& file, const CityPlan& plan, const PlanZones& zones) {
  check_zones_file(file.string());
  if (file.extension() == ".gpkg") return write_gpkg(file, plan.city(), zones);
  write_whole(file, file.extension() == ".csv" ? to_csv(plan.city(), zones) : to_geojson(plan.city(), zones));
}

void write_whole(const std::filesystem::path& file, std::string_view text) {
  datasets::PartialFile partial(file);
  std::ofstream out(partial.path(), std::ios::binary);
  out << text << "\n";
  out.close();
  if (!out) throw std::system_error(errno, std::generic_category(), file.string());
  partial.publish();
}

void check_package_copy(const std::filesystem::path& source, const std::filesystem::path& target,
                        const std::string& id) {
  if (id.empty() || id == "general" || id.find('/') != std::string::npos) {
    throw InputError("plan_id", "--write-plan " + id, "must be a word without /, and not general");
  }
  std::error_code none;
  if (std::filesystem::equivalent(source, target, none)) {
    throw InputError("target_is_source", target.string(), "the package itself is not written: name a copy");
  }
  const datasets::CityPackage package = datasets::CityPackage::open(source);
  const auto layers = package.layers();
  const auto plans = package.plans();
  const bool taken = std::ranges::any_of(layers, [&](const engine::LayerKey& key) { return key.kind == id; }) ||
                     std::ranges::any_of(plans, [&](const engine::Plan& p) { return p.id.starts_with(id + "-"); });
  if (taken) throw InputError("plan_exists", "--write-plan " + id, "the package has a plan of that name");
}

namespace {

// The plan's rows for the editions of all stages.
void add_plans(datasets::PackageWriter& writer, const std::string& id, const PlanCity& city, const PlanZones& zones,
               PackagedPlan& done) {
  for (std::size_t i = 0; i < zones.zones.size(); ++i) {
    const PlanZone& zone = zones.zones[i];
    const engine::LayerKey layer{city.stages[zone.stage], city.school_year(zone.from), "general"};
    const std::string plan_id =
        id + "-" + std::string(engine::to_word(layer.stage)) + "-" + std::to_string(layer.school_year);
    const bool first = i == 0 || zones.zones[i - 1].stage != zone.stage || zones.zones[i - 1].from != zone.from;
    if (first) {
      writer.add(engine::Plan{plan_id, id, layer});
      ++done.plans;
    }
    if (zone.schools.size() != 1) {
      done.shared_units += zone.units.size();
      continue;
    }
    for (const UnitIndex u : zone.units) {
      writer.add(engine::PlanUnit{plan_id, city.units[u].id, city.schools[zone.schools.front()].id});
    }
  }
}

}  // namespace

PackagedPlan write_package_copy(const std::filesystem::path& source, const std::filesystem::path& target,
                                const std::string& id, const CityPlan& plan, const PlanZones& zones) {
  check_package_copy(source, target, id);
  const PlanCity& city = plan.city();
  PackagedPlan done;
  done.units_changed = std::ranges::any_of(city.units, [](const CityUnit& u) { return !u.made_of.empty(); });
  datasets::PartialFile copy(target);
  std::filesystem::copy_file(source, copy.path(), std::filesystem::copy_options::overwrite_existing);
  {
    datasets::PackageWriter writer(copy.path(), datasets::PackageWriter::Start::from_existing);
    writer.set_source("plan " + id);
    for (std::size_t i = 0; i < zones.zones.size(); ++i) {
      const PlanZone& zone = zones.zones[i];
      engine::Zone row;
      // A transition and a shared zone of the same schools stand side by side.
      row.id = zone.id + (zone.schools.size() > 1 && zone.kind == SchoolSet::Kind::transition ? "~" : "");
      row.layer = {city.stages[zone.stage], city.school_year(zone.from), id};
      row.name = join(city, zone, "、", true);
      for (const SchoolIndex s : zone.schools) row.school_ids.push_back(city.schools[s].id);
      row.shape = zone.shape;
      writer.add(row);
      const bool first = i == 0 || zones.zones[i - 1].stage != zone.stage || zones.zones[i - 1].from != zone.from;
      if (first) ++done.layers;
    }
    if (!done.units_changed) add_plans(writer, id, city, zones, done);
    writer.commit();
  }
  std::filesystem::remove(copy.path().string() + ".lock");
  copy.publish();
  return done;
}

}  // namespace catchment::cli
