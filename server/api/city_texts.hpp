// The parts of answers that depend on the package alone, written once when it is opened.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "server/api/city_service.hpp"

namespace catchment::api {

class CityTexts {
 public:
  explicit CityTexts(const datasets::CityPackage& package);

  // "id":..,"name":..,"schools":[..],"notice":..|null - without braces.
  std::string zone_members(const engine::ZoneInfo& zone) const;
  std::string zone_brief(const engine::ZoneInfo& zone) const;              // {"id":..,"name":..}
  std::string schools_geojson() const;                                     // a point per campus
  std::string school_name(const std::string& id) const;                    // the id if the package does not know it
  std::vector<tiles::TileSchool> tile_schools(engine::Stage stage) const;  // open and planned ones
  answers::Labels labels() const;
  std::map<std::string, answers::ordered_json> campuses() const;  // by school: [{"id", "name", "lon", "lat"}]
  std::size_t school_count() const { return schools_.size(); }
  const std::string& city() const { return city_; }
  const std::string& attribution() const { return attribution_; }

 private:
  std::string school(const std::string& id) const;
  std::string notice(const std::string& id) const;

  std::map<std::string, engine::School> schools_;
  std::map<std::string, std::vector<engine::Campus>> campuses_;  // by school
  std::map<std::string, engine::Notice> notices_;
  std::string city_;
  std::string attribution_;
};

std::string key_json(const engine::LayerKey& key);  // "layer":..,"stage":..,"school_year":..,"kind":.. without braces
std::string zones_geojson(std::span<const engine::Zone> zones);
std::string layers_json(std::span<const ServedLayer> layers);
std::string tile_json(const ServedLayer& layer, const std::string& attribution);  // TileJSON 3.0, paths for addresses

}  // namespace catchment::api
