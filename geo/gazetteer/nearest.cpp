#include <cmath>

#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {
namespace {

struct Nearest {
  const GazetteerTables& tables;
  Point from;
  LocalScale scale;
  double best_square = 0;  // m^2; what is further does not count
  EntryId best = kNoEntry;

  double square(double lon_units, double lat_units) const {
    const double x = lon_units * scale.lon_m;
    const double y = lat_units * scale.lat_m;
    return x * x + y * y;
  }

  void offer(std::size_t i) {
    const Point p = tables.tree_points[i];
    const double d = square(static_cast<double>(p.lon) - from.lon, static_cast<double>(p.lat) - from.lat);
    const EntryId entry = tables.tree_entries[i];
    if (d > best_square || (d == best_square && entry >= best)) return;
    best_square = d;
    best = entry;
  }

  // The range as build_tree split it. Depth is the logarithm of the number of addresses.
  void search(std::size_t first, std::size_t last, bool by_lon) {
    if (first >= last) return;
    const std::size_t mid = first + (last - first) / 2;
    offer(mid);
    const Point p = tables.tree_points[mid];
    const double gap = by_lon ? static_cast<double>(from.lon) - p.lon : static_cast<double>(from.lat) - p.lat;
    const bool before = gap < 0;
    before ? search(first, mid, !by_lon) : search(mid + 1, last, !by_lon);
    if ((by_lon ? square(gap, 0) : square(0, gap)) <= best_square) {
      before ? search(mid + 1, last, !by_lon) : search(first, mid, !by_lon);
    }
  }
};

}  // namespace

std::optional<EntryId> Gazetteer::nearest(Point p, double radius_m) const {
  if (!(radius_m >= 0)) return std::nullopt;
  Nearest nearest{*tables_, p, local_scale(p.lat), radius_m * radius_m, kNoEntry};
  nearest.search(0, tables_->tree_points.size(), true);
  if (nearest.best == kNoEntry) return std::nullopt;
  return nearest.best;
}

}  // namespace catchment::geo
