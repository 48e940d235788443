// The street network of a city package, with its schools and the places their children walk from.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "datasets/city_package.hpp"
#include "geo/street_network/street_network.hpp"

namespace catchment::test {

struct PackageStreets {
  // With `trunk_bars`, streets of kind trunk are barriers too: a package may list none.
  explicit PackageStreets(const datasets::CityPackage& package, bool trunk_bars)
      : streets(package.streets()), barriers(package.barriers()) {
    for (const engine::Line& line : streets) {
      street_lines.push_back(
          {line.shape, line.name, geo::find_street_kind(line.kind).value_or(geo::StreetKind::residential)});
      if (trunk_bars && line.kind == "trunk") barrier_lines.push_back({line.shape, geo::BarrierKind::trunk_road});
    }
    for (const engine::Line& line : barriers) {
      barrier_lines.push_back({line.shape, geo::find_barrier_kind(line.kind).value_or(geo::BarrierKind::river)});
    }
    std::map<std::string, std::vector<geo::Point>> by_school;
    for (const engine::Campus& campus : package.campuses()) by_school[campus.school_id].push_back(campus.position);
    for (auto& [id, points] : by_school) gates.push_back(std::move(points));
    for (const engine::Unit& unit : package.units()) units.push_back(middle(unit.shape));
  }

  // Of the first shell's vertices: inside a block that is not too bent.
  static geo::Point middle(const geo::MultiPolygon& shape) {
    std::int64_t lon = 0;
    std::int64_t lat = 0;
    const geo::Ring& ring = shape.at(0).shell;
    for (const geo::Point p : ring) {
      lon += p.lon;
      lat += p.lat;
    }
    const auto count = static_cast<std::int64_t>(ring.size());
    return {static_cast<std::int32_t>(lon / count), static_cast<std::int32_t>(lat / count)};
  }

  geo::StreetNetwork build() const { return geo::StreetNetwork::build(street_lines, barrier_lines); }

  std::vector<engine::Line> streets, barriers;
  std::vector<geo::StreetLine> street_lines;
  std::vector<geo::BarrierLine> barrier_lines;
  std::vector<std::vector<geo::Point>> gates;  // per school, by id
  std::vector<geo::Point> units;
};

}  // namespace catchment::test
