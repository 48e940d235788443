// The definition of zone membership, written as plainly as it can be: every ring of every zone, no index.
#pragma once

#include <algorithm>
#include <map>
#include <span>
#include <vector>

#include "geo/zone_index.hpp"

namespace catchment::test {

struct BruteAnswer {
  std::vector<geo::ZoneNumber> half_open;  // the statistics' face
  std::vector<geo::ZoneNumber> covering;   // the family's zones: interior or line
  bool boundary = false;                   // on a line that is on some zone's edge
};

// Even-odd over all rings with the point nudged east by an infinitesimal, then north by a smaller one. A piece that one
// zone runs along twice is no edge of it.
inline BruteAnswer brute_force(std::span<const geo::MultiPolygon> zones, geo::Point p) {
  BruteAnswer answer;
  for (geo::ZoneNumber z = 0; z < zones.size(); ++z) {
    bool inside = false;
    std::map<std::pair<geo::Point, geo::Point>, bool> touching;  // piece -> on the edge of the zone
    geo::for_each_ring(zones[z], [&](const geo::Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        geo::Point a = ring[i];
        geo::Point b = ring[(i + 1) % ring.size()];
        if (a == b) continue;
        if (b.lat < a.lat) std::swap(a, b);
        const std::int64_t side = geo::cross(a, b, p);
        if (a.lat <= p.lat && p.lat < b.lat && side > 0) inside = !inside;
        if (geo::on_segment(a, b, p)) {
          bool& odd = touching[std::minmax(a, b)];
          odd = !odd;
        }
      }
    });
    if (inside) answer.half_open.push_back(z);
    const bool on_edge = std::ranges::any_of(touching, [](const auto& piece) { return piece.second; });
    if (on_edge) answer.boundary = true;
    if (inside || on_edge) answer.covering.push_back(z);
  }
  return answer;
}

}  // namespace catchment::test
