#include "datasets/city_rows.hpp"

#include <map>
#include <optional>

namespace catchment::datasets {
namespace {

using engine::LayerKey;
using engine::zone_text::LintRow;

std::vector<geo::Point> seeds_of(const engine::ZoneRow& row, const std::vector<engine::Campus>& campuses) {
  std::vector<geo::Point> all;
  std::vector<geo::Point> own;
  for (const engine::Campus& campus : campuses) {
    if (campus.school_id != row.school_id) continue;
    all.push_back(campus.position);
    if (!row.campus.empty() && campus.name.find(row.campus) != std::string::npos) own.push_back(campus.position);
  }
  return own.empty() ? all : own;
}

}  // namespace

std::vector<LintRow> compiler_rows(const CityPackage& package, const LayerKey& layer) {
  std::map<std::string, std::string> names;
  for (engine::School& school : package.schools()) names.emplace(school.id, std::move(school.name));
  const std::vector<engine::Campus> campuses = package.campuses();
  std::vector<LintRow> rows;
  for (engine::ZoneRow& row : package.zone_rows(layer)) {
    LintRow& out = rows.emplace_back();
    out.school_id = row.school_id;
    if (const auto name = names.find(row.school_id); name != names.end()) out.school_name = name->second;
    out.seeds = seeds_of(row, campuses);
    out.text = std::move(row.text);
  }
  return rows;
}

std::vector<LintRow> earlier_rows(const CityPackage& package, const LayerKey& layer) {
  std::optional<LayerKey> latest;
  for (const LayerKey& key : package.zone_row_layers()) {
    const bool earlier = key.stage == layer.stage && key.kind == layer.kind && key.school_year < layer.school_year;
    if (earlier && (!latest || latest->school_year < key.school_year)) latest = key;
  }
  return latest ? compiler_rows(package, *latest) : std::vector<LintRow>{};
}

}  // namespace catchment::datasets
