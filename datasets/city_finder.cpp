#include "datasets/city_finder.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "datasets/city_ground.hpp"
#include "datasets/city_rows.hpp"
#include "engine/zone_text/linting/row_workers.hpp"
#include "engine/zone_text/references.hpp"

namespace catchment::datasets {
namespace {

using engine::FinderRow;
using engine::LayerKey;
using engine::zone_text::CompiledText;
using engine::zone_text::LintRow;

using Seeds = std::map<std::string, std::vector<geo::Point>>;  // campuses by school

Seeds seeds_of(const CityPackage& package) {
  Seeds seeds;
  for (const engine::Campus& campus : package.campuses()) seeds[campus.school_id].push_back(campus.position);
  return seeds;
}

// The rows of a layer for the compiler, each with all campuses of its school.
std::vector<LintRow> lint_rows(const std::vector<engine::ZoneRow>& rows, std::span<const engine::School> schools,
                               const Seeds& seeds) {
  std::vector<LintRow> out;
  for (const engine::ZoneRow& row : rows) {
    LintRow& lint = out.emplace_back();
    lint.school_id = row.school_id;
    lint.text = row.text;
    const auto school = std::ranges::find(schools, row.school_id, &engine::School::id);
    if (school != schools.end()) lint.school_name = school->name;
    if (const auto found = seeds.find(row.school_id); found != seeds.end()) lint.seeds = found->second;
  }
  return out;
}

std::vector<FinderRow> join(std::vector<engine::ZoneRow> rows, std::vector<CompiledText> texts) {
  std::vector<FinderRow> out;
  for (std::size_t i = 0; i < rows.size(); ++i) out.push_back({std::move(rows[i]), std::move(texts[i])});
  return out;
}

// Feeder rows are of a school year and of the stage that the school they lead to teaches.
std::vector<engine::Feeder> feeders_of(const LayerKey& key, std::span<const engine::Feeder> all,
                                       std::span<const engine::School> schools) {
  std::vector<engine::Feeder> feeders;
  if (key.stage == engine::Stage::primary || key.kind != LayerKey().kind) return feeders;
  for (const engine::Feeder& feeder : all) {
    const auto to = std::ranges::find(schools, feeder.to_school_id, &engine::School::id);
    const bool teaches = to != schools.end() && std::ranges::find(to->stages, key.stage) != to->stages.end();
    if (feeder.school_year == key.school_year && teaches) feeders.push_back(feeder);
  }
  return feeders;
}

}  // namespace

std::vector<LayerKey> finder_layers(const CityPackage& package) {
  std::vector<LayerKey> keys = package.layers();
  const std::vector<LayerKey> of_rows = package.zone_row_layers();
  keys.insert(keys.end(), of_rows.begin(), of_rows.end());
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::vector<LayerFinder> build_finders(const CityPackage& package, const geo::Gazetteer& names,
                                       std::span<const engine::ZoneLayer* const> layers, std::span<const LayerKey> keys,
                                       const FinderOptions& options) {
  const std::vector<engine::School> schools = package.schools();
  const std::vector<engine::Notice> notices = package.notices();
  const std::vector<engine::Feeder> feeders = package.feeders();
  std::vector<std::vector<engine::ZoneRow>> rows;
  std::size_t count = 0;
  for (const LayerKey& key : keys) {
    rows.push_back(package.zone_rows(key));
    count += rows.back().size();
  }
  std::vector<LayerFinder> finders;
  std::optional<engine::zone_text::Ground> ground;  // only notices need one
  if (count > 0) ground = build_ground(package, names);
  const Seeds seeds = seeds_of(package);
  std::size_t before = 0;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const std::vector<LintRow> written = lint_rows(rows[k], schools, seeds);
    std::vector<CompiledText> texts(written.size());
    const auto compile_one = [&](std::size_t i) { texts[i] = compile_row(written[i], *ground); };
    if (!engine::zone_text::for_each_row(written.size(), options, before, count, compile_one)) return {};
    before += written.size();
    const std::vector<LintRow> earlier = earlier_rows(package, keys[k]);
    if (!written.empty()) resolve_references(texts, written, {{}, earlier}, *ground);
    const auto zones = std::ranges::find_if(layers, [&](const auto* layer) { return layer->key() == keys[k]; });
    finders.push_back({keys[k], engine::SchoolFinder::build(names, zones == layers.end() ? nullptr : *zones,
                                                            join(std::move(rows[k]), std::move(texts)),
                                                            feeders_of(keys[k], feeders, schools), schools, notices)});
  }
  return finders;
}

}  // namespace catchment::datasets
