// The family's answer: covering zones, margins in metres, and what lies across the nearest line.
#include <algorithm>
#include <array>
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
  a.erase(std::unique(a.begin(), a.end()), a.end());
  return a;
}

struct EdgeAt {
  const CellEdge& edge;
  double distance2 = 0;  // squared metres from the point; exactly 0 if it lies on the edge
  double x_m = 0;        // nearest point of the edge, metres east and north of the point
  double y_m = 0;
};

// Visits the edges around a point in rings of blocks, nearest blocks first.
class EdgeSearch {
 public:
  EdgeSearch(const ZoneIndex::Tables& tables, Point p) : t_(tables), p_(p), scale_(local_scale(p.lat)) {}

  // visit(EdgeAt) for every edge within limit2 squared metres and perhaps some beyond; an edge may come more than once.
  // limit2 is read anew at every step, so a visitor that looks for the nearest lowers it.
  template <class Visit>
  void run(const double& limit2, const Visit& visit) const {
    if (t_.meta.blocks_x == 0) return;
    const auto clamped = [](std::int64_t v, std::uint32_t shift, std::uint32_t blocks) {
      return std::clamp<std::int64_t>(v >> (shift + kBlockShift), 0, std::int64_t{blocks} - 1);
    };
    const std::int64_t bx = clamped(std::int64_t{p_.lon} - t_.meta.origin.lon, t_.meta.shift_x, t_.meta.blocks_x);
    const std::int64_t by = clamped(std::int64_t{p_.lat} - t_.meta.origin.lat, t_.meta.shift_y, t_.meta.blocks_y);
    visit_own_cell(visit);
    const double block_m = std::min(std::ldexp(scale_.lon_m, static_cast<int>(t_.meta.shift_x) + kBlockShift),
                                    std::ldexp(scale_.lat_m, static_cast<int>(t_.meta.shift_y) + kBlockShift));
    const std::int64_t last = std::max<std::int64_t>(t_.meta.blocks_x, t_.meta.blocks_y);
    for (std::int64_t ring = 0; ring <= last; ++ring) {
      const double least = static_cast<double>(ring - 1) * block_m * 0.999;
      if (least > 0 && least * least > limit2) break;
      for (std::int64_t y = std::max<std::int64_t>(by - ring, 0); y <= by + ring && y < t_.meta.blocks_y; ++y) {
        const bool whole_row = y == by - ring || y == by + ring;
        const std::int64_t step = whole_row || ring == 0 ? 1 : 2 * ring;
        for (std::int64_t x = bx - ring; x <= bx + ring; x += step) {
          if (x < 0 || x >= t_.meta.blocks_x) continue;
          visit_block(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y), limit2, visit);
        }
      }
    }
  }

  Point point_at(double x_m, double y_m) const {
    // The sum is a place on the layer; the offset alone may not fit, from one side of the globe to the other.
    const auto moved = [](std::int32_t from, double metres, double scale) {
      return static_cast<std::int32_t>(from + std::llrint(metres / scale));
    };
    return {moved(p_.lon, x_m, scale_.lon_m), moved(p_.lat, y_m, scale_.lat_m)};
  }

 private:
  // The point's own cell before all others: its lines are near, and whoever looks for the nearest then skips most
  // cells.
  template <class Visit>
  void visit_own_cell(const Visit& visit) const {
    if (t_.column(p_) >= t_.width() || t_.row(p_) >= t_.height()) return;
    const std::uint32_t entry = t_.cell_entry(t_.column(p_), t_.row(p_));
    if ((entry & kDeeper) == 0) return;
    for (const CellEdge& e : t_.edges_of(entry & ~kDeeper)) visit(measure(e));
  }

  // Rows and columns of a block from those nearest to the point outwards, for the same reason.
  template <class Visit>
  void visit_block(std::uint32_t bx, std::uint32_t by, const double& limit2, const Visit& visit) const {
    const std::uint32_t top = t_.blocks[std::size_t{by} * t_.meta.blocks_x + bx];
    if ((top & kDeeper) == 0) return;
    const double block_x = gap_x(bx * 8, 8), block_y = gap_y(by * 8, 8);
    if (block_x * block_x + block_y * block_y > limit2) return;
    const std::uint32_t* const entries = t_.cells.data() + std::size_t{top & ~kDeeper} * kCellsPerBlock;
    const auto& rows = outwards((std::int64_t{p_.lat} - t_.meta.origin.lat) >> t_.meta.shift_y, by);
    const auto& columns = outwards((std::int64_t{p_.lon} - t_.meta.origin.lon) >> t_.meta.shift_x, bx);
    for (const std::uint32_t row : rows) {
      const std::uint32_t* const cells = entries + row * 8;
      if (!any_deeper(cells)) continue;
      const double dy = gap_y(by * 8 + row, 1);
      if (dy * dy > limit2) continue;
      for (const std::uint32_t column : columns) {
        if ((cells[column] & kDeeper) == 0) continue;
        const double dx = gap_x(bx * 8 + column, 1);
        if (dx * dx + dy * dy > limit2) continue;
        for (const CellEdge& e : t_.edges_of(cells[column] & ~kDeeper)) visit(measure(e));
      }
    }
  }

  static bool any_deeper(const std::uint32_t* cells) {  // of the eight of a row
    std::uint32_t any = 0;
    for (int i = 0; i < 8; ++i) any |= cells[i];
    return (any & kDeeper) != 0;
  }

  // The numbers 0 to 7 from the nearest to a cell's own number in its block, or to the end of the block that is nearer.
  static const std::array<std::uint8_t, 8>& outwards(std::int64_t cell, std::uint32_t block) {
    static constexpr auto kOrders = [] {
      std::array<std::array<std::uint8_t, 8>, 8> orders{};
      for (int from = 0; from < 8; ++from) {
        std::size_t n = 0;
        for (int step = 0; step < 8; ++step) {
          for (const int at : {from - step, from + step}) {
            if (at < 0 || at > 7 || (step == 0 && n == 1)) continue;
            orders[static_cast<std::size_t>(from)][n++] = static_cast<std::uint8_t>(at);
          }
        }
      }
      return orders;
    }();
    return kOrders[static_cast<std::size_t>(std::clamp<std::int64_t>(cell - std::int64_t{block} * 8, 0, 7))];
  }

  // Metres from the point to a span of cells, east or west, north or south; a little less, to be on the safe side of
  // rounding.
  double gap_x(std::uint32_t column, std::uint32_t cells) const {
    return gap(std::int64_t{p_.lon} - t_.meta.origin.lon, column, cells, t_.meta.shift_x) * scale_.lon_m;
  }
  double gap_y(std::uint32_t row, std::uint32_t cells) const {
    return gap(std::int64_t{p_.lat} - t_.meta.origin.lat, row, cells, t_.meta.shift_y) * scale_.lat_m;
  }
  static double gap(std::int64_t v, std::uint32_t first, std::uint32_t count, std::uint32_t shift) {
    const std::int64_t low = std::int64_t{first} << shift, high = low + (std::int64_t{count} << shift);
    return 0.999 * static_cast<double>(std::max<std::int64_t>({low - v, v - high, 0}));
  }

  EdgeAt measure(const CellEdge& e) const {
    const double ax = (static_cast<double>(e.a.lon) - p_.lon) * scale_.lon_m;
    const double ay = (static_cast<double>(e.a.lat) - p_.lat) * scale_.lat_m;
    const double dx = (static_cast<double>(e.b.lon) - e.a.lon) * scale_.lon_m;
    const double dy = (static_cast<double>(e.b.lat) - e.a.lat) * scale_.lat_m;
    const double along = std::clamp(-(ax * dx + ay * dy) / (dx * dx + dy * dy), 0.0, 1.0);
    // At an end the vertex itself is measured, so that every line through it is at the same distance.
    const bool at_b = along == 1.0;
    const double x = at_b ? (static_cast<double>(e.b.lon) - p_.lon) * scale_.lon_m : ax + along * dx;
    const double y = at_b ? (static_cast<double>(e.b.lat) - p_.lat) * scale_.lat_m : ay + along * dy;
    // Rounding is far below a centimetre, one unit: only what is nearer can lie on the edge.
    constexpr double kMayLieOn = 1e-4;
    const double distance2 = x * x + y * y;
    if (distance2 < kMayLieOn && on_segment(e.a, e.b, p_)) return {e, 0, 0, 0};
    return {e, distance2, x, y};
  }

  const ZoneIndex::Tables& t_;
  Point p_;
  LocalScale scale_;
};

// The zones a step beyond the line, seen from p: also those whose own line is not just this piece, because they lie
// over both sides of it or have a vertex more or less there. The step is 2 units (about 2 cm), past the rounding of
// `nearest`.
std::span<const ZoneNumber> zones_beyond(const ZoneIndex& index, Point p, Point nearest) {
  constexpr double kStep = 2;
  const double dx = static_cast<double>(nearest.lon) - p.lon;
  const double dy = static_cast<double>(nearest.lat) - p.lat;
  const double length = std::sqrt(dx * dx + dy * dy);
  const auto beyond = [&](std::int32_t v, double d) {
    return length > 0 ? static_cast<std::int32_t>(v + std::lrint(d / length * kStep)) : v;
  };
  return index.zones_of(index.face_at({beyond(nearest.lon, dx), beyond(nearest.lat, dy)}).face());
}

// The nearest line of a zone, or of any zone; empty if none lies within the limit.
std::optional<ZoneMargin> find_nearest(const ZoneIndex& index, const ZoneIndex::Tables& t, Point p, ZoneNumber zone,
                                       double limit_m) {
  const EdgeSearch search(t, p);
  double best = limit_m * limit_m;
  ZoneMargin margin{zone, 0, p, {}};
  std::vector<std::uint32_t> tied;  // borders at exactly the best distance
  search.run(best, [&](const EdgeAt& at) {
    if (at.distance2 > best) return;
    const Border& border = t.borders[at.edge.border()];
    if (zone != kAnyZone && !contains(index.zone_set(border.left), zone) &&
        !contains(index.zone_set(border.right), zone)) {
      return;
    }
    if (at.distance2 < best || tied.empty()) {
      best = at.distance2;
      tied.clear();
      margin.nearest = search.point_at(at.x_m, at.y_m);
    }
    tied.push_back(at.edge.border());
  });
  if (tied.empty()) return std::nullopt;
  margin.margin_m = std::sqrt(best);
  std::vector<ZoneNumber> all;
  for (const std::uint32_t k : tied) {
    const auto left = index.zone_set(t.borders[k].left);
    const auto right = index.zone_set(t.borders[k].right);
    if (zone == kAnyZone) {
      all = merged(merged(std::move(all), left), right);
    } else {
      margin.across = merged(std::move(margin.across), contains(left, zone) ? right : left);
    }
  }
  if (zone == kAnyZone) {
    margin.zone = all.front();
  } else {
    margin.across = merged(std::move(margin.across), zones_beyond(index, p, margin.nearest));
    std::erase(margin.across, zone);
  }
  return margin;
}

}  // namespace

ZoneMargin ZoneIndex::margin(Point p, ZoneNumber zone) const {
  if (zone >= zone_count()) throw std::out_of_range("zone number");
  const auto found = find_nearest(*this, *tables_, p, zone, std::numeric_limits<double>::infinity());
  return found ? *found : ZoneMargin{zone, std::numeric_limits<double>::infinity(), p, {}};
}

std::vector<ZoneMargin> ZoneIndex::zones_near(Point p, double radius_m) const {
  const double limit2 = radius_m * radius_m;
  std::vector<ZoneNumber> zones;
  EdgeSearch(*tables_, p).run(limit2, [&](const EdgeAt& at) {
    if (at.distance2 > limit2) return;
    const Border& border = tables_->borders[at.edge.border()];
    zones = merged(merged(std::move(zones), zone_set(border.left)), zone_set(border.right));
  });
  std::vector<ZoneMargin> margins;
  for (const ZoneNumber zone : zones) margins.push_back(margin(p, zone));
  return margins;
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
  if (covering.empty()) location.nearest = find_nearest(*this, t, p, kAnyZone, search_limit_m);
  return location;
}

}  // namespace catchment::geo
