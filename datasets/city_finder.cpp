#include "datasets/city_finder.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "datasets/city_ground.hpp"
#include "engine/zone_text/compile.hpp"
#include "engine/zone_text/linting/row_workers.hpp"
#include "engine/zone_text/parse.hpp"

namespace catchment::datasets {
namespace {

using engine::FinderRow;
using engine::LayerKey;

using Seeds = std::map<std::string, std::vector<geo::Point>>;  // campuses by school

Seeds seeds_of(const CityPackage& package) {
  Seeds seeds;
  for (const engine::Campus& campus : package.campuses()) seeds[campus.school_id].push_back(campus.position);
  return seeds;
}

FinderRow compile_one(engine::ZoneRow row, const engine::zone_text::Ground& ground, const Seeds& seeds,
                      std::span<const engine::School> schools) {
  engine::zone_text::CompileOptions options;
  if (const auto found = seeds.find(row.school_id); found != seeds.end()) options.seeds = found->second;
  engine::zone_text::ZoneTextContext context{&ground.lexicon()};
  const auto school = std::ranges::find(schools, row.school_id, &engine::School::id);
  if (school != schools.end()) context.school = school->name;
  FinderRow compiled;
  compiled.text = compile(parse_zone_text(row.text, context), ground, options);
  compiled.row = std::move(row);
  return compiled;
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
    std::vector<FinderRow> compiled(rows[k].size());
    const auto compile_row = [&](std::size_t i) {
      compiled[i] = compile_one(std::move(rows[k][i]), *ground, seeds, schools);
    };
    if (!engine::zone_text::for_each_row(rows[k].size(), options, before, count, compile_row)) return {};
    before += rows[k].size();
    const auto zones = std::ranges::find_if(layers, [&](const auto* layer) { return layer->key() == keys[k]; });
    finders.push_back(
        {keys[k], engine::SchoolFinder::build(names, zones == layers.end() ? nullptr : *zones, std::move(compiled),
                                              feeders_of(keys[k], feeders, schools), schools, notices)});
  }
  return finders;
}

}  // namespace catchment::datasets
