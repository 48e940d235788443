// Zones in a file that needs no library to read: what the programs compiled by several compilers are fed.
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "geo/shapes.hpp"
#include "geo/snapshot.hpp"

namespace catchment::test {

inline void write_zone_file(std::span<const geo::MultiPolygon> zones, const std::filesystem::path& path) {
  std::vector<std::uint32_t> counts;  // parts of each zone; rings of each part; points of each ring
  std::vector<geo::Point> points;
  for (const geo::MultiPolygon& zone : zones) {
    counts.push_back(static_cast<std::uint32_t>(zone.size()));
    for (const geo::Polygon& part : zone) {
      counts.push_back(static_cast<std::uint32_t>(part.holes.size() + 1));
      const auto add = [&](const geo::Ring& ring) {
        counts.push_back(static_cast<std::uint32_t>(ring.size()));
        points.insert(points.end(), ring.begin(), ring.end());
      };
      add(part.shell);
      for (const geo::Ring& hole : part.holes) add(hole);
    }
  }
  geo::SnapshotWriter writer;
  writer.add("counts", std::span<const std::uint32_t>(counts));
  writer.add("points", std::span<const geo::Point>(points));
  writer.write(path);
}

inline std::vector<geo::MultiPolygon> read_zone_file(const std::filesystem::path& path) {
  const geo::Snapshot file = geo::Snapshot::open(path);
  const auto counts = file.get<std::uint32_t>("counts");
  auto points = file.get<geo::Point>("points");
  std::vector<geo::MultiPolygon> zones;
  for (std::size_t i = 0; i < counts.size();) {
    geo::MultiPolygon& zone = zones.emplace_back();
    for (std::uint32_t parts = counts[i++]; parts > 0; --parts) {
      geo::Polygon& part = zone.emplace_back();
      const std::uint32_t rings = counts[i++];
      for (std::uint32_t r = 0; r < rings; ++r) {
        geo::Ring& ring = r == 0 ? part.shell : part.holes.emplace_back();
        ring.assign(points.begin(), points.begin() + counts[i]);
        points = points.subspan(counts[i++]);
      }
    }
  }
  return zones;
}

}  // namespace catchment::test
