// The arrays behind ZoneIndex. Internal to geo: everyone else includes geo/zone_index.hpp.
#pragma once

#include <cstdint>
#include <span>

#include "geo/zone_index.hpp"

namespace catchment::geo {

// A line piece as one grid cell holds it.
struct CellEdge {
  Point a;  // lower end: a < b by (lat, lon)
  Point b;
  std::uint32_t code = 0;  // toggles a face code when crossed
  std::uint32_t flags = 0;

  static constexpr std::uint32_t kSpansCentre = 1;  // its longitudes straddle the cell centre's
  static constexpr std::uint32_t kCentreLeft = 2;   // the cell centre is on its left
  static constexpr int kBorderShift = 2;            // the rest: position in borders()

  std::uint32_t border() const { return flags >> kBorderShift; }
};
static_assert(sizeof(CellEdge) == 24);

// A cell that lines enter. Its edges run to the next cell's first_edge; the array ends with a sentinel.
struct BorderCell {
  std::uint32_t first_edge = 0;
  std::uint32_t code = 0;  // face code of the cell's centre
};

// Open addressing, linear probing, a power of two of slots; an empty slot has face kEmpty.
struct CodeSlot {
  static constexpr std::uint32_t kEmpty = 0xffffffffu;
  std::uint32_t code = 0;
  FaceNumber face = kEmpty;
};

struct IndexMeta {
  std::uint32_t layout = 1;  // of these arrays; another value is refused
  std::uint32_t zones = 0;
  std::uint32_t faces = 0;
  std::uint32_t direct_codes = 0;  // 1: a face's code is its number (no two zones overlap)
  Box box;
  Point origin;               // south-west corner of the grid
  std::uint32_t shift_x = 0;  // a cell is 2^shift_x by 2^shift_y units, a block 8 by 8 cells
  std::uint32_t shift_y = 0;
  std::uint32_t blocks_x = 0;
  std::uint32_t blocks_y = 0;
};

// Entries of `blocks` and `cells`: a face number, or with the top bit a position in the next level's array.
inline constexpr std::uint32_t kDeeper = 0x80000000u;
inline constexpr int kBlockShift = 3;
inline constexpr std::uint32_t kCellsPerBlock = 64;

struct ZoneIndex::Tables {
  Snapshot snapshot;  // owns the memory
  IndexMeta meta;
  std::span<const std::uint32_t> blocks;  // row-major, then one face 0 for points off the grid
  std::span<const std::uint32_t> cells;   // 64 per block that lines enter
  std::span<const BorderCell> border_cells;
  std::span<const CellEdge> edges;
  std::span<const Border> borders;
  std::span<const std::uint32_t> set_starts;  // zone sets named by borders
  std::span<const ZoneNumber> set_items;
  std::span<const std::uint32_t> face_starts;
  std::span<const ZoneNumber> face_items;
  std::span<const CodeSlot> code_slots;

  std::uint32_t width() const { return meta.blocks_x << (meta.shift_x + kBlockShift); }
  std::uint32_t height() const { return meta.blocks_y << (meta.shift_y + kBlockShift); }

  std::uint32_t column(Point p) const {
    return static_cast<std::uint32_t>(p.lon) - static_cast<std::uint32_t>(meta.origin.lon);
  }
  std::uint32_t row(Point p) const {
    return static_cast<std::uint32_t>(p.lat) - static_cast<std::uint32_t>(meta.origin.lat);
  }
  // Entry of the finest level for a point on the grid: a face or kDeeper | position in border_cells.
  std::uint32_t cell_entry(std::uint32_t x, std::uint32_t y) const {
    const std::uint32_t top =
        blocks[std::size_t{y >> (meta.shift_y + kBlockShift)} * meta.blocks_x + (x >> (meta.shift_x + kBlockShift))];
    return (top & kDeeper) == 0 ? top : cells[cell_offset(top, x, y)];
  }
  std::size_t cell_offset(std::uint32_t top, std::uint32_t x, std::uint32_t y) const {
    return std::size_t{top & ~kDeeper} * kCellsPerBlock + ((y >> meta.shift_y) & 7u) * 8 + ((x >> meta.shift_x) & 7u);
  }
  Point cell_centre(std::uint32_t x, std::uint32_t y) const {
    const auto middle = [](std::uint32_t v, std::uint32_t shift) {
      return ((v >> shift) << shift) + (shift == 0 ? 0 : 1u << (shift - 1));
    };
    return {static_cast<std::int32_t>(static_cast<std::uint32_t>(meta.origin.lon) + middle(x, meta.shift_x)),
            static_cast<std::int32_t>(static_cast<std::uint32_t>(meta.origin.lat) + middle(y, meta.shift_y))};
  }

  FaceNumber face_of_code(std::uint32_t code) const {
    if (meta.direct_codes != 0) return code;
    const std::size_t mask = code_slots.size() - 1;
    for (std::size_t i = code & mask;; i = (i + 1) & mask) {
      if (code_slots[i].code == code || code_slots[i].face == CodeSlot::kEmpty) return code_slots[i].face;
    }
  }

  FaceHit walk(std::uint32_t border_cell, Point centre, Point p) const;
  std::span<const CellEdge> edges_of(std::uint32_t border_cell) const {
    const std::uint32_t first = border_cells[border_cell].first_edge;
    return edges.subspan(first, border_cells[border_cell + 1].first_edge - first);
  }
};

// True if p, nudged east by an infinitesimal and north by a second-order one, is left of a -> b, where a is the lower
// end and cross_p = cross(a, b, p).
inline bool is_left(const Point& a, const Point& b, std::int64_t cross_p) {
  return cross_p > 0 || (cross_p == 0 && a.lat == b.lat);
}

// Follows centre -> (centre.lon, p.lat) -> p and toggles every line crossed, counting half-open at both legs.
inline FaceHit ZoneIndex::Tables::walk(std::uint32_t border_cell, Point centre, Point p) const {
  std::uint32_t code = border_cells[border_cell].code;
  bool on_line = false;
  for (const CellEdge& e : edges_of(border_cell)) {
    const bool spans_centre = (e.flags & CellEdge::kSpansCentre) != 0;
    const bool touches_row = e.a.lat <= p.lat && p.lat <= e.b.lat;
    if (!spans_centre && !touches_row) continue;
    const std::int64_t cross_p = cross(e.a, e.b, p);
    const std::int64_t height = std::int64_t{e.b.lat} - e.a.lat;
    const std::int64_t cross_corner = cross_p + height * (std::int64_t{p.lon} - centre.lon);
    const bool corner_left = is_left(e.a, e.b, cross_corner);
    const bool centre_left = (e.flags & CellEdge::kCentreLeft) != 0;
    bool crossed = spans_centre && centre_left != corner_left;
    if (touches_row) {
      crossed ^= p.lat < e.b.lat && corner_left != is_left(e.a, e.b, cross_p);
      on_line |= cross_p == 0 && on_segment(e.a, e.b, p);
    }
    code ^= crossed ? e.code : 0u;
  }
  return {face_of_code(code) | (on_line ? kDeeper : 0u)};
}

}  // namespace catchment::geo
