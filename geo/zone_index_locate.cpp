// The family's answer: covering zones, margins in metres, and what lies across the nearest line.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "geo/zone_index_tables.hpp"

namespace catchment::geo {
namespace {

constexpr ZoneNumber kAnyZone = std::numeric_limits<ZoneNumber>::max();

bool contains(std::span<const ZoneNumber> sorted, ZoneNumber zone) {
  return std::binary_search(sorted.begin(), sorted.end(), zone);
}

std::vector<ZoneNumber> merged(std::vector<ZoneNumber> a, std::span<const ZoneNumber> b) {
  a.insert(a.end(), b.begin(), b.end());
  std::ranges::sort(a);
  const auto repeated = std::ranges::unique(a);
  a.erase(repeated.begin(), repeated.end());
  return a;
}

// Looks for the nearest line of one zone (or of any), in rings of blocks around the point.
class NearestLine {
 public:
  NearestLine(const ZoneIndex& index, const ZoneIndex::Tables& tables, Point p, ZoneNumber zone, double limit_m)
      : index_(index), t_(tables), p_(p), zone_(zone), scale_(local_scale(p.lat)), best_(limit_m * limit_m) {}

  // Empty if no such line lies within the limit.
  std::optional<ZoneMargin> find() {
    if (t_.meta.blocks_x == 0) return std::nullopt;
    const auto clamped = [](std::int64_t v, std::uint32_t shift, std::uint32_t blocks) {
      return std::clamp<std::int64_t>(v >> (shift + kBlockShift), 0, std::int64_t{blocks} - 1);
    };
    const std::int64_t bx = clamped(std::int64_t{p_.lon} - t_.meta.origin.lon, t_.meta.shift_x, t_.meta.blocks_x);
    const std::int64_t by = clamped(std::int64_t{p_.lat} - t_.meta.origin.lat, t_.meta.shift_y, t_.meta.blocks_y);
    const double block_m = std::min(std::ldexp(scale_.lon_m, static_cast<int>(t_.meta.shift_x) + kBlockShift),
                                    std::ldexp(scale_.lat_m, static_cast<int>(t_.meta.shift_y) + kBlockShift));
    const std::int64_t last = std::max<std::int64_t>(t_.meta.blocks_x, t_.meta.blocks_y);
    for (std::int64_t ring = 0; ring <= last; ++ring) {
      const double least = static_cast<double>(ring - 1) * block_m * 0.999;
      if (ring > 0 && least > 0 && least * least > best_) break;
      visit_ring(bx, by, ring);
    }
    if (!found_) return std::nullopt;
    return result();
  }

 private:
  void visit_ring(std::int64_t bx, std::int64_t by, std::int64_t ring) {
    for (std::int64_t y = by - ring; y <= by + ring; ++y) {
      if (y < 0 || y >= t_.meta.blocks_y) continue;
      const bool whole_row = y == by - ring || y == by + ring;
      const std::int64_t step = whole_row || ring == 0 ? 1 : 2 * ring;
      for (std::int64_t x = bx - ring; x <= bx + ring; x += step) {
        if (x >= 0 && x < t_.meta.blocks_x) visit_block(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y));
      }
    }
  }

  void visit_block(std::uint32_t bx, std::uint32_t by) {
    const std::uint32_t top = t_.blocks[std::size_t{by} * t_.meta.blocks_x + bx];
    if ((top & kDeeper) == 0) return;
    if (box_distance2(bx * 8, by * 8, 8) > best_) return;
    for (std::uint32_t c = 0; c < kCellsPerBlock; ++c) {
      const std::uint32_t entry = t_.cells[std::size_t{top & ~kDeeper} * kCellsPerBlock + c];
      if ((entry & kDeeper) == 0) continue;
      if (box_distance2(bx * 8 + c % 8, by * 8 + c / 8, 1) > best_) continue;
      for (const CellEdge& e : t_.edges_of(entry & ~kDeeper)) visit_edge(e);
    }
  }

  // Squared metres from the point to a square of cells; a little less, to be on the safe side of rounding.
  double box_distance2(std::uint32_t column, std::uint32_t row, std::uint32_t cells) const {
    const auto gap = [](double v, double low, double size) { return std::max({low - v, v - (low + size), 0.0}); };
    const double x = gap(static_cast<double>(std::int64_t{p_.lon} - t_.meta.origin.lon),
                         std::ldexp(column, static_cast<int>(t_.meta.shift_x)),
                         std::ldexp(cells, static_cast<int>(t_.meta.shift_x)));
    const double y =
        gap(static_cast<double>(std::int64_t{p_.lat} - t_.meta.origin.lat),
            std::ldexp(row, static_cast<int>(t_.meta.shift_y)), std::ldexp(cells, static_cast<int>(t_.meta.shift_y)));
    const double dx = x * scale_.lon_m;
    const double dy = y * scale_.lat_m;
    return (dx * dx + dy * dy) * 0.999;
  }

  void visit_edge(const CellEdge& e) {
    const double ax = (static_cast<double>(e.a.lon) - p_.lon) * scale_.lon_m;
    const double ay = (static_cast<double>(e.a.lat) - p_.lat) * scale_.lat_m;
    const double dx = (static_cast<double>(e.b.lon) - e.a.lon) * scale_.lon_m;
    const double dy = (static_cast<double>(e.b.lat) - e.a.lat) * scale_.lat_m;
    const double along = std::clamp(-(ax * dx + ay * dy) / (dx * dx + dy * dy), 0.0, 1.0);
    // At an end the vertex itself is measured, so that every line through it is at the same distance.
    const bool at_b = along == 1.0;
    const double x = at_b ? (static_cast<double>(e.b.lon) - p_.lon) * scale_.lon_m : ax + along * dx;
    const double y = at_b ? (static_cast<double>(e.b.lat) - p_.lat) * scale_.lat_m : ay + along * dy;
    const bool touches = on_segment(e.a, e.b, p_);
    const double distance2 = touches ? 0.0 : x * x + y * y;
    if (distance2 > best_) return;
    const Border& border = t_.borders[e.border()];
    if (zone_ != kAnyZone && !contains(index_.zone_set(border.left), zone_) &&
        !contains(index_.zone_set(border.right), zone_)) {
      return;
    }
    if (distance2 < best_ || !found_) {
      best_ = distance2;
      found_ = true;
      tied_.clear();
      nearest_ = touches ? p_ : point_at(x, y);
    }
    tied_.push_back(e.border());
  }

  Point point_at(double x_m, double y_m) const {
    const auto units = [](double metres, double scale) {
      return static_cast<std::int32_t>(std::lrint(metres / scale));
    };
    return {p_.lon + units(x_m, scale_.lon_m), p_.lat + units(y_m, scale_.lat_m)};
  }

  ZoneMargin result() {
    ZoneMargin margin{zone_, std::sqrt(best_), nearest_, {}};
    if (zone_ == kAnyZone) {
      std::vector<ZoneNumber> all;
      for (const std::uint32_t k : tied_) {
        all = merged(std::move(all), index_.zone_set(t_.borders[k].left));
        all = merged(std::move(all), index_.zone_set(t_.borders[k].right));
      }
      margin.zone = all.front();
      return margin;
    }
    for (const std::uint32_t k : tied_) {
      const Border& b = t_.borders[k];
      margin.across = merged(std::move(margin.across),
                             index_.zone_set(contains(index_.zone_set(b.left), zone_) ? b.right : b.left));
    }
    return margin;
  }

  const ZoneIndex& index_;
  const ZoneIndex::Tables& t_;
  Point p_;
  ZoneNumber zone_;
  LocalScale scale_;
  double best_;  // squared metres
  bool found_ = false;
  Point nearest_;
  std::vector<std::uint32_t> tied_;  // borders at exactly the best distance
};

}  // namespace

ZoneMargin ZoneIndex::margin(Point p, ZoneNumber zone) const {
  if (zone >= zone_count()) throw std::out_of_range("zone number");
  const auto found = NearestLine(*this, *tables_, p, zone, std::numeric_limits<double>::infinity()).find();
  return found ? *found : ZoneMargin{zone, std::numeric_limits<double>::infinity(), p, {}};
}

Location ZoneIndex::locate(Point p, double search_limit_m) const {
  const Tables& t = *tables_;
  Location location;
  const FaceHit hit = face_at(p);
  location.face = hit.face();
  std::vector<ZoneNumber> covering(zones_of(hit.face()).begin(), zones_of(hit.face()).end());
  if (hit.on_boundary()) {
    const std::uint32_t entry = t.cell_entry(t.column(p), t.row(p));
    for (const CellEdge& e : t.edges_of(entry & ~kDeeper)) {
      if (!on_segment(e.a, e.b, p)) continue;
      covering = merged(std::move(covering), zone_set(t.borders[e.border()].left));
      covering = merged(std::move(covering), zone_set(t.borders[e.border()].right));
    }
  }
  location.status = hit.on_boundary()      ? PointStatus::boundary
                    : covering.empty()     ? PointStatus::outside
                    : covering.size() == 1 ? PointStatus::inside
                                           : PointStatus::overlap;
  for (const ZoneNumber zone : covering) location.zones.push_back(margin(p, zone));
  if (covering.empty()) location.nearest = NearestLine(*this, t, p, kAnyZone, search_limit_m).find();
  return location;
}

}  // namespace catchment::geo
