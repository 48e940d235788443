#include "datasets/exporter/vector_file.hpp"
#include "server/publish/bundle_parts.hpp"

namespace catchment::publish {
namespace {

using datasets::VectorTable;

std::string joined_with(const std::vector<std::string>& items, const char* between) {
  std::string out;
  for (const std::string& item : items) out += (out.empty() ? "" : between) + item;
  return out;
}

void add_zones(const BundleCity& city, const BundleLayer& layer, VectorTable& table) {
  for (const engine::Zone& zone : layer.zones) {
    std::vector<std::string> names;
    for (const std::string& id : zone.school_ids) names.push_back(city.school_name(id));
    datasets::VectorRow row{
        std::monostate{},
        {engine::to_text(layer.key), std::string(engine::to_word(layer.key.stage)), std::int64_t{layer.key.school_year},
         layer.key.kind, zone.id, city.zone_label(zone), joined_with(zone.school_ids, ";"), joined_with(names, ";"),
         zone.notice_id, zone.valid_from, zone.valid_to}};
    if (!zone.shape.empty()) row.geometry = zone.shape;
    table.rows.push_back(std::move(row));
  }
}

VectorTable zone_table(const std::string& title) {
  return {"zones",
          title,
          "MULTIPOLYGON",
          {{"layer", "TEXT"},
           {"stage", "TEXT"},
           {"school_year", "INTEGER"},
           {"kind", "TEXT"},
           {"id", "TEXT"},
           {"name", "TEXT"},
           {"schools", "TEXT"},
           {"school_names", "TEXT"},
           {"notice_id", "TEXT"},
           {"valid_from", "TEXT"},
           {"valid_to", "TEXT"}},
          {}};
}

VectorTable school_table(const BundleCity& city) {
  VectorTable table{"schools",
                    "学校 Schools, a point a campus",
                    "POINT",
                    {{"id", "TEXT"},
                     {"name", "TEXT"},
                     {"campus_id", "TEXT"},
                     {"campus", "TEXT"},
                     {"stages", "TEXT"},
                     {"status", "TEXT"},
                     {"ownership", "TEXT"}},
                    {}};
  for (const auto& [id, school] : city.schools) {
    std::vector<std::string> stages;
    for (const engine::Stage stage : school.stages) stages.emplace_back(engine::to_word(stage));
    const auto campuses = city.campuses.find(id);
    if (campuses == city.campuses.end()) continue;
    for (const engine::Campus& campus : campuses->second) {
      table.rows.push_back(
          {campus.position,
           {id, school.name, campus.id, campus.name, joined_with(stages, ","), school.status, school.ownership}});
    }
  }
  return table;
}

void write_open_formats(BundleDir& dir, const std::string& name, const VectorTable& table) {
  datasets::write_vector_file(dir.make_place("data/" + name + ".geojson"), datasets::VectorFormat::geojson, table);
  datasets::write_vector_file(dir.make_place("data/" + name + ".fgb"), datasets::VectorFormat::flatgeobuf, table);
}

}  // namespace

void write_data_files(const BundleCity& city, const BundleOptions& options, BundleDir& dir) {
  const std::string title = "招生片区 Zones " + std::to_string(city.school_year);
  VectorTable zones = zone_table(title);
  for (const BundleLayer& layer : city.layers) {
    add_zones(city, layer, zones);
    VectorTable of_layer = zone_table(title);
    add_zones(city, layer, of_layer);
    write_open_formats(dir, "zones-" + layer.name, of_layer);
  }
  const VectorTable schools = school_table(city);
  write_open_formats(dir, "schools", schools);
  const std::filesystem::path package = dir.make_place("data/city-" + std::to_string(city.school_year) + ".gpkg");
  const VectorTable tables[]{std::move(zones), schools};
  datasets::write_geopackage(package, tables, options.date);
  std::filesystem::path lock = package;
  std::filesystem::remove(lock += ".lock");
}

}  // namespace catchment::publish
