// The polygons of a GeoJSON file as zones, for tests on published layers. Longitude, latitude in degrees only.
#pragma once

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "geo/shapes.hpp"

namespace catchment::test {

inline geo::Ring ring_of(const nlohmann::json& coordinates) {
  geo::Ring ring;
  for (const auto& xy : coordinates) {
    ring.push_back(geo::find_point({xy.at(0).get<double>(), xy.at(1).get<double>()}).value());
  }
  if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();  // the closing point is implied here
  return ring;
}

inline geo::Polygon polygon_of(const nlohmann::json& rings) {
  geo::Polygon polygon;
  for (std::size_t i = 0; i < rings.size(); ++i) {
    if (i == 0) {
      polygon.shell = ring_of(rings[i]);
    } else {
      polygon.holes.push_back(ring_of(rings[i]));
    }
  }
  return polygon;
}

inline std::vector<geo::MultiPolygon> read_geojson_zones(const std::filesystem::path& path) {
  std::ifstream file(path);
  const auto document = nlohmann::json::parse(file);
  std::vector<geo::MultiPolygon> zones;
  for (const auto& feature : document.at("features")) {
    geo::MultiPolygon zone;
    const auto& geometry = feature.at("geometry");
    if (!geometry.is_null()) {
      const auto& coordinates = geometry.at("coordinates");
      if (geometry.at("type") == "Polygon") zone.push_back(polygon_of(coordinates));
      if (geometry.at("type") == "MultiPolygon") {
        for (const auto& part : coordinates) zone.push_back(polygon_of(part));
      }
    }
    zones.push_back(std::move(zone));
  }
  return zones;
}

}  // namespace catchment::test
