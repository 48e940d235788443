#include "server/cli/shape_json.hpp"

#include "geo/projection.hpp"

namespace catchment::cli {

using nlohmann::ordered_json;

namespace {

ordered_json ring_json(const geo::Ring& ring) {
  ordered_json list = ordered_json::array();
  for (std::size_t i = 0; i <= ring.size(); ++i) {
    const geo::Degrees d = geo::to_degrees(ring[i == ring.size() ? 0 : i]);
    list.push_back({d.lon, d.lat});
  }
  return list;
}

}  // namespace

ordered_json shape_json(const geo::MultiPolygon& shape) {
  if (shape.empty()) return nullptr;
  ordered_json parts = ordered_json::array();
  for (const geo::Polygon& part : shape) {
    ordered_json rings = ordered_json::array();
    rings.push_back(ring_json(part.shell));
    for (const geo::Ring& hole : part.holes) rings.push_back(ring_json(hole));
    parts.push_back(std::move(rings));
  }
  return {{"type", "MultiPolygon"}, {"coordinates", std::move(parts)}};
}

}  // namespace catchment::cli
