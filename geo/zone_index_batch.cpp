#include "geo/zone_index_batch.hpp"

#include <array>

namespace catchment::geo {
namespace {

constexpr std::size_t kBatch = 128;

struct Batch {
  std::array<Point, kBatch> points;
  std::array<std::uint32_t, kBatch> entries;  // of the level last read
  std::array<std::size_t, kBatch> offsets;    // into the level being fetched
  std::array<std::uint16_t, kBatch> open;     // points not answered yet
  std::size_t open_count = 0;
};

void prefetch(const void* address) { __builtin_prefetch(address, 0, 3); }

// Level 1: blocks. Points off the grid read the sentinel behind the last block.
void fetch_blocks(const ZoneIndex::Tables& t, Batch& batch, std::size_t count) {
  const std::uint32_t width = t.width();
  const std::uint32_t height = t.height();
  const std::uint32_t shift_x = t.meta.shift_x + kBlockShift;
  const std::uint32_t shift_y = t.meta.shift_y + kBlockShift;
  const std::size_t sentinel = t.blocks.size() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t x = t.column(batch.points[i]);
    const std::uint32_t y = t.row(batch.points[i]);
    const std::size_t block = std::size_t{y >> shift_y} * t.meta.blocks_x + (x >> shift_x);
    batch.offsets[i] = x < width && y < height ? block : sentinel;
    prefetch(&t.blocks[batch.offsets[i]]);
  }
}

void read_blocks(const ZoneIndex::Tables& t, Batch& batch, std::size_t count, FaceHit* out) {
  batch.open_count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t entry = t.blocks[batch.offsets[i]];
    out[i] = {entry};
    batch.entries[i] = entry;
    batch.open[batch.open_count] = static_cast<std::uint16_t>(i);
    batch.open_count += entry >> 31;
  }
  for (std::size_t k = 0; k < batch.open_count; ++k) {
    const std::size_t i = batch.open[k];
    batch.offsets[i] = t.cell_offset(batch.entries[i], t.column(batch.points[i]), t.row(batch.points[i]));
    prefetch(&t.cells[batch.offsets[i]]);
  }
}

void read_cells(const ZoneIndex::Tables& t, Batch& batch, FaceHit* out) {
  std::size_t still_open = 0;
  for (std::size_t k = 0; k < batch.open_count; ++k) {
    const std::uint16_t i = batch.open[k];
    const std::uint32_t entry = t.cells[batch.offsets[i]];
    out[i] = {entry};
    batch.entries[i] = entry & ~kDeeper;
    batch.open[still_open] = i;
    still_open += entry >> 31;
  }
  batch.open_count = still_open;
  for (std::size_t k = 0; k < still_open; ++k) prefetch(&t.border_cells[batch.entries[batch.open[k]]]);
  for (std::size_t k = 0; k < still_open; ++k) {
    const CellEdge* edge = t.edges.data() + t.border_cells[batch.entries[batch.open[k]]].first_edge;
    prefetch(edge);
    prefetch(reinterpret_cast<const char*>(edge) + 64);
  }
}

void walk_open(const ZoneIndex::Tables& t, const Batch& batch, FaceHit* out) {
  for (std::size_t k = 0; k < batch.open_count; ++k) {
    const std::size_t i = batch.open[k];
    const Point p = batch.points[i];
    out[i] = t.walk(batch.entries[i], t.cell_centre(t.column(p), t.row(p)), p);
  }
}

template <class Input, class ToPoint>
void find_faces_of(const ZoneIndex::Tables& t, std::span<const Input> points, std::span<FaceHit> out,
                   ToPoint to_point) {
  Batch batch;
  for (std::size_t first = 0; first < points.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, points.size() - first);
    for (std::size_t i = 0; i < count; ++i) batch.points[i] = to_point(points[first + i]);
    fetch_blocks(t, batch, count);
    read_blocks(t, batch, count, &out[first]);
    read_cells(t, batch, &out[first]);
    walk_open(t, batch, &out[first]);
  }
}

}  // namespace

void find_faces(const ZoneIndex::Tables& tables, std::span<const Point> points, std::span<FaceHit> out) {
  find_faces_of(tables, points, out, [](Point p) { return p; });
}

void find_faces(const ZoneIndex::Tables& tables, std::span<const Degrees> points, std::span<FaceHit> out) {
  // A place off the grid, for a position off the globe.
  const std::uint32_t beyond = static_cast<std::uint32_t>(tables.meta.origin.lon) + tables.width();
  const Point nowhere{static_cast<std::int32_t>(beyond), tables.meta.origin.lat};
  find_faces_of(tables, points, out, [nowhere](Degrees d) {
    // As find_point(), without its optional: rounds to nearest, ties to even, in one instruction.
    const bool on_globe = std::fabs(d.lon) <= 180.0 && std::fabs(d.lat) <= 90.0;
    const double lon = on_globe ? d.lon * kUnitsPerDegree : 0;
    const double lat = on_globe ? d.lat * kUnitsPerDegree : 0;
    const Point p{static_cast<std::int32_t>(std::lrint(lon)), static_cast<std::int32_t>(std::lrint(lat))};
    return on_globe ? p : nowhere;
  });
}

}  // namespace catchment::geo
