#include "geo/zone_index_batch.hpp"

#include <cstring>

namespace catchment::geo {
namespace {

void prefetch(const void* address) { __builtin_prefetch(address, 0, 3); }

void convert(const Degrees* degrees, std::size_t count, Point nowhere, Batch& batch) {
  for (std::size_t i = 0; i < count; ++i) {
    // As find_point(), without its optional: rounds to nearest, ties to even, in one instruction.
    const Degrees d = degrees[i];
    const bool on_globe = std::fabs(d.lon) <= 180.0 && std::fabs(d.lat) <= 90.0;
    const double lon = on_globe ? d.lon * kUnitsPerDegree : 0;
    const double lat = on_globe ? d.lat * kUnitsPerDegree : 0;
    const Point p{static_cast<std::int32_t>(std::lrint(lon)), static_cast<std::int32_t>(std::lrint(lat))};
    batch.points[i] = on_globe ? p : nowhere;
  }
}

// Points off the grid read the sentinel behind the last block.
void read_blocks(const ZoneIndex::Tables& t, std::size_t count, Batch& batch) {
  const std::uint32_t width = t.width();
  const std::uint32_t height = t.height();
  const std::uint32_t shift_x = t.meta.shift_x + kBlockShift;
  const std::uint32_t shift_y = t.meta.shift_y + kBlockShift;
  const auto sentinel = static_cast<std::uint32_t>(t.blocks.size() - 1);
  std::array<std::uint32_t, kBatch> blocks;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint32_t x = t.column(batch.points[i]);
    const std::uint32_t y = t.row(batch.points[i]);
    const std::uint32_t block = (y >> shift_y) * t.meta.blocks_x + (x >> shift_x);
    blocks[i] = x < width && y < height ? block : sentinel;
    prefetch(&t.blocks[blocks[i]]);
  }
  batch.open_count = 0;
  for (std::size_t i = 0; i < count; ++i) {
    batch.entries[i] = t.blocks[blocks[i]];
    batch.open[batch.open_count] = static_cast<std::uint32_t>(i);
    batch.open_count += batch.entries[i] >> 31;
  }
}

void read_cells(const ZoneIndex::Tables& t, Batch& batch) {
  std::array<std::size_t, kBatch> offsets;
  for (std::size_t k = 0; k < batch.open_count; ++k) {
    const std::uint32_t i = batch.open[k];
    offsets[k] = t.cell_offset(batch.entries[i], t.column(batch.points[i]), t.row(batch.points[i]));
    prefetch(&t.cells[offsets[k]]);
  }
  std::size_t still_open = 0;
  for (std::size_t k = 0; k < batch.open_count; ++k) {
    const std::uint32_t i = batch.open[k];
    batch.entries[i] = t.cells[offsets[k]];
    batch.open[still_open] = i;
    still_open += batch.entries[i] >> 31;
  }
  batch.open_count = still_open;
}

void walk_open(const ZoneIndex::Tables& t, const Batch& batch, FaceHit* out) {
  const auto cell_of = [&](std::size_t k) { return batch.entries[batch.open[k]] & ~kDeeper; };
  for (std::size_t k = 0; k < batch.open_count; ++k) prefetch(&t.border_cells[cell_of(k)]);
  for (std::size_t k = 0; k < batch.open_count; ++k) {
    const CellEdge* edge = t.edges.data() + t.border_cells[cell_of(k)].first_edge;
    prefetch(edge);
    prefetch(reinterpret_cast<const char*>(edge) + 64);
  }
  for (std::size_t k = 0; k < batch.open_count; ++k) {
    const Point p = batch.points[batch.open[k]];
    out[batch.open[k]] = t.walk(cell_of(k), t.cell_centre(t.column(p), t.row(p)), p);
  }
}

template <class Input, class Load>
void find_faces_of(const ZoneIndex::Tables& t, std::span<const Input> points, std::span<FaceHit> out,
                   const BatchKernel& kernel, const Load& load) {
  Batch batch;
  for (std::size_t first = 0; first < points.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, points.size() - first);
    load(&points[first], count, batch);
    kernel.read_blocks(t, count, batch);
    read_cells(t, batch);
    for (std::size_t i = 0; i < count; ++i) out[first + i].bits = batch.entries[i];
    walk_open(t, batch, &out[first]);
  }
}

}  // namespace

const BatchKernel kBaselineKernel{convert, read_blocks};

const BatchKernel& best_kernel() {
  static const BatchKernel* const avx512 = find_avx512_kernel();
  return avx512 != nullptr ? *avx512 : kBaselineKernel;
}

void find_faces(const ZoneIndex::Tables& tables, std::span<const Point> points, std::span<FaceHit> out,
                const BatchKernel& kernel) {
  find_faces_of(tables, points, out, kernel, [](const Point* from, std::size_t count, Batch& batch) {
    std::memcpy(batch.points.data(), from, count * sizeof(Point));
  });
}

void find_faces(const ZoneIndex::Tables& tables, std::span<const Degrees> points, std::span<FaceHit> out,
                const BatchKernel& kernel) {
  // A place off the grid, for a position off the globe.
  const std::uint32_t beyond = static_cast<std::uint32_t>(tables.meta.origin.lon) + tables.width();
  const Point nowhere{static_cast<std::int32_t>(beyond), tables.meta.origin.lat};
  find_faces_of(tables, points, out, kernel, [&](const Degrees* from, std::size_t count, Batch& batch) {
    kernel.convert(from, count, nowhere, batch);
  });
}

}  // namespace catchment::geo
