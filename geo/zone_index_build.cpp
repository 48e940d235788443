// Building the index: rings -> line pieces -> grid -> exact states -> faces -> arrays.
#include <algorithm>
#include <unordered_set>

#include "geo/face_codes.hpp"
#include "geo/input_error.hpp"
#include "geo/line_crossings.hpp"
#include "geo/radix_sort.hpp"
#include "geo/zone_index_tables.hpp"
#include "geo/zone_pieces.hpp"

namespace catchment::geo {
namespace {

using SetId = ZoneSets::Id;

constexpr std::int64_t kMaxExtent = std::int64_t{1} << 30;  // units: keeps cross() inside 64 bits

// Cells per line piece. Measured on 400 and 3,600 zones: fewer make the walks longer, more miss the cache.
constexpr double kCellsPerPiece = 20;

std::int64_t floor_div(std::int64_t n, std::int64_t d) { return n >= 0 ? n / d : -((-n + d - 1) / d); }  // d > 0
std::int64_t ceil_div(std::int64_t n, std::int64_t d) { return -floor_div(-n, d); }

// Longitude where a -> b passes latitude y, as numerator over (b.lat - a.lat), relative to a.lon.
struct Passage {
  std::int64_t numerator;
  std::int64_t height;
  std::int64_t base;
  std::int64_t floor() const { return base + floor_div(numerator, height); }
  std::int64_t ceil() const { return base + ceil_div(numerator, height); }
};
Passage passage(Point a, Point b, std::int64_t y) {
  return {(y - a.lat) * (std::int64_t{b.lon} - a.lon), std::int64_t{b.lat} - a.lat, a.lon};
}

struct CellEntry {
  std::uint32_t cell;  // block * 64 + cell in block
  std::uint32_t piece;
};

class IndexBuilder {
 public:
  explicit IndexBuilder(std::span<const MultiPolygon> zones) {
    for (const MultiPolygon& zone : zones) meta_.box.extend(bounding_box(zone));
    meta_.zones = static_cast<std::uint32_t>(zones.size());
    if (!meta_.box.empty() && (std::int64_t{meta_.box.max.lon} - meta_.box.min.lon > kMaxExtent ||
                               std::int64_t{meta_.box.max.lat} - meta_.box.min.lat > kMaxExtent)) {
      throw InputError("layer_extent", "", "the layer spans more than 107 degrees");
    }
    ZonePieces pieces = collect_pieces(zones, sets_);
    borders_ = std::move(pieces.borders);
    toggles_ = std::move(pieces.toggles);
    choose_grid();
    enter_cells();
    sweep_cell_centres();
    find_states_beside_pieces();
    number_faces();
    fill_arrays();
  }

  void save(SnapshotWriter& writer, const std::string& prefix) const {
    writer.add(prefix + "meta", std::span<const IndexMeta>(&meta_, 1));
    writer.add(prefix + "blocks", std::span<const std::uint32_t>(blocks_));
    writer.add(prefix + "cells", std::span<const std::uint32_t>(cells_));
    writer.add(prefix + "border_cells", std::span<const BorderCell>(border_cells_));
    writer.add(prefix + "edges", std::span<const CellEdge>(edges_));
    writer.add(prefix + "borders", std::span<const Border>(borders_));
    writer.add(prefix + "set_starts", std::span<const std::uint32_t>(set_starts_));
    writer.add(prefix + "set_items", std::span<const ZoneNumber>(set_items_));
    writer.add(prefix + "face_starts", std::span<const std::uint32_t>(face_starts_));
    writer.add(prefix + "face_items", std::span<const ZoneNumber>(face_items_));
    writer.add(prefix + "code_slots", std::span<const CodeSlot>(codes_.slots));
  }

 private:
  void choose_grid() {
    if (meta_.box.empty()) return;
    meta_.origin = meta_.box.min;
    const double span_x = static_cast<double>(meta_.box.max.lon) - meta_.box.min.lon + 1;
    const double span_y = static_cast<double>(meta_.box.max.lat) - meta_.box.min.lat + 1;
    const std::int64_t middle_lat = (std::int64_t{meta_.box.min.lat} + meta_.box.max.lat) / 2;
    const LocalScale scale = local_scale(static_cast<std::int32_t>(middle_lat));
    const double ratio = scale.lat_m / std::max(scale.lon_m, scale.lat_m * 0.01);  // longitude units per latitude unit
    const double cells = std::max(64.0, kCellsPerPiece * static_cast<double>(borders_.size()));
    const double cell_y = std::sqrt(span_x * span_y / cells / ratio);
    const auto shift_for = [](double units) {
      return static_cast<std::uint32_t>(std::clamp(std::lround(std::log2(std::max(1.0, units))), 0L, 26L));
    };
    meta_.shift_x = shift_for(cell_y * ratio);
    meta_.shift_y = shift_for(cell_y);
    const auto blocks_for = [](double span, std::uint32_t shift) {
      return static_cast<std::uint32_t>((static_cast<std::uint64_t>(span) - 1) >> (shift + kBlockShift)) + 1;
    };
    // A long thin layer could make many blocks of few cells: grow the cells until they are linear in the pieces again.
    while (static_cast<double>(blocks_for(span_x, meta_.shift_x)) * blocks_for(span_y, meta_.shift_y) >
           cells / 8 + 64) {
      meta_.shift_x += meta_.shift_x < 26 ? 1 : 0;
      meta_.shift_y += meta_.shift_y < 26 ? 1 : 0;
    }
    meta_.blocks_x = blocks_for(span_x, meta_.shift_x);
    meta_.blocks_y = blocks_for(span_y, meta_.shift_y);
  }

  std::uint32_t cell_number(std::uint32_t column, std::uint32_t row) const {
    const std::uint32_t block = (row >> kBlockShift) * meta_.blocks_x + (column >> kBlockShift);
    return block * kCellsPerBlock + (row & 7u) * 8 + (column & 7u);
  }

  // Every cell whose closed box of integer positions a piece may touch; never too few, seldom too many.
  void enter_cells() {
    for (std::uint32_t k = 0; k < borders_.size(); ++k) {
      const auto [a, b, left, right] = borders_[k];
      const std::int64_t first_row = (std::int64_t{a.lat} - meta_.origin.lat) >> meta_.shift_y;
      const std::int64_t last_row = (std::int64_t{b.lat} - meta_.origin.lat) >> meta_.shift_y;
      for (std::int64_t row = first_row; row <= last_row; ++row) {
        std::int64_t west = std::min(a.lon, b.lon);
        std::int64_t east = std::max(a.lon, b.lon);
        if (first_row != last_row) {
          const std::int64_t bottom = meta_.origin.lat + (row << meta_.shift_y);
          const std::int64_t top = bottom + (std::int64_t{1} << meta_.shift_y) - 1;
          const Passage low = passage(a, b, std::max<std::int64_t>(bottom, a.lat));
          const Passage high = passage(a, b, std::min<std::int64_t>(top, b.lat));
          west = std::min(low.floor(), high.floor());
          east = std::max(low.ceil(), high.ceil());
        }
        const std::int64_t first_column = (west - meta_.origin.lon) >> meta_.shift_x;
        const std::int64_t last_column = (east - meta_.origin.lon) >> meta_.shift_x;
        for (std::int64_t column = first_column; column <= last_column; ++column) {
          entries_.push_back({cell_number(static_cast<std::uint32_t>(column), static_cast<std::uint32_t>(row)), k});
        }
      }
    }
    radix_sort(entries_, [](const CellEntry& e) { return std::uint64_t{e.cell}; });
  }

  // The zones over every cell's centre, exactly: along each row of centres, toggle at each piece crossed.
  void sweep_cell_centres() {
    struct Event {
      std::uint64_t place;  // row * columns + first column whose centre is not left of the piece
      SetId toggles;
    };
    const std::uint64_t columns = std::uint64_t{meta_.blocks_x} * 8;
    const std::uint64_t rows = std::uint64_t{meta_.blocks_y} * 8;
    const std::int64_t half_x = meta_.shift_x == 0 ? 0 : std::int64_t{1} << (meta_.shift_x - 1);
    const std::int64_t half_y = meta_.shift_y == 0 ? 0 : std::int64_t{1} << (meta_.shift_y - 1);
    std::vector<Event> events;
    for (std::size_t k = 0; k < borders_.size(); ++k) {
      const Point a = borders_[k].a;
      const Point b = borders_[k].b;
      const std::int64_t bottom = std::int64_t{meta_.origin.lat} + half_y;
      const std::int64_t first =
          (std::int64_t{a.lat} - bottom + (std::int64_t{1} << meta_.shift_y) - 1) >> meta_.shift_y;
      for (std::int64_t row = first;; ++row) {
        const std::int64_t y = bottom + (row << meta_.shift_y);
        if (y >= b.lat) break;
        const std::int64_t from_first = passage(a, b, y).ceil() - meta_.origin.lon - half_x;
        const std::int64_t column = (from_first + (std::int64_t{1} << meta_.shift_x) - 1) >> meta_.shift_x;
        const auto clamped = static_cast<std::uint64_t>(std::max<std::int64_t>(column, 0));
        if (clamped < columns) events.push_back({static_cast<std::uint64_t>(row) * columns + clamped, toggles_[k]});
      }
    }
    radix_sort(events, [](const Event& e) { return e.place; });

    find_entered_blocks();
    blocks_.assign(std::size_t{meta_.blocks_x} * meta_.blocks_y + 1, ZoneSets::kEmpty);
    cells_.assign(entered_.size() * kCellsPerBlock, ZoneSets::kEmpty);
    std::vector<SetId> states(columns);
    std::size_t next = 0;
    for (std::uint64_t row = 0; row < rows; ++row) {
      SetId state = ZoneSets::kEmpty;
      std::uint64_t column = 0;
      for (; next < events.size() && events[next].place < (row + 1) * columns; ++next) {
        const std::uint64_t until = events[next].place - row * columns;
        std::fill(states.begin() + static_cast<std::ptrdiff_t>(column),
                  states.begin() + static_cast<std::ptrdiff_t>(until), state);
        column = until;
        state = sets_.toggle(state, events[next].toggles);
      }
      std::fill(states.begin() + static_cast<std::ptrdiff_t>(column), states.end(), state);
      store_row(static_cast<std::uint32_t>(row), states);
    }
  }

  void find_entered_blocks() {
    for (const CellEntry& e : entries_) {
      if (entered_.empty() || entered_.back() != e.cell / kCellsPerBlock) entered_.push_back(e.cell / kCellsPerBlock);
    }
    block_rank_.assign(std::size_t{meta_.blocks_x} * meta_.blocks_y, kNotEntered);
    for (std::uint32_t i = 0; i < entered_.size(); ++i) block_rank_[entered_[i]] = i;
  }

  void store_row(std::uint32_t row, const std::vector<SetId>& states) {
    const std::size_t first_block = std::size_t{row >> kBlockShift} * meta_.blocks_x;
    for (std::uint32_t bx = 0; bx < meta_.blocks_x; ++bx) {
      const std::uint32_t rank = block_rank_[first_block + bx];
      if (rank == kNotEntered) {
        blocks_[first_block + bx] = states[std::size_t{bx} * 8];
      } else {
        std::copy_n(states.begin() + bx * 8, 8,
                    cells_.begin() + static_cast<std::ptrdiff_t>(rank * kCellsPerBlock + (row & 7u) * 8));
      }
    }
  }

  SetId centre_state(std::uint32_t cell) const {
    return cells_[std::size_t{block_rank_[cell / kCellsPerBlock]} * kCellsPerBlock + cell % kCellsPerBlock];
  }
  Point centre_of(std::uint32_t cell) const {
    const std::uint32_t block = cell / kCellsPerBlock;
    const std::uint32_t column = (block % meta_.blocks_x) * 8 + cell % 8;
    const std::uint32_t row = (block / meta_.blocks_x) * 8 + (cell / 8) % 8;
    const auto middle = [](std::uint32_t index, std::uint32_t shift) {
      return (std::int64_t{index} << shift) + (shift == 0 ? 0 : std::int64_t{1} << (shift - 1));
    };
    return {static_cast<std::int32_t>(meta_.origin.lon + middle(column, meta_.shift_x)),
            static_cast<std::int32_t>(meta_.origin.lat + middle(row, meta_.shift_y))};
  }
  std::span<const CellEntry> entries_of(std::uint32_t cell) const {
    const auto [first, last] = std::equal_range(entries_.begin(), entries_.end(), CellEntry{cell, 0},
                                                [](const CellEntry& p, const CellEntry& q) { return p.cell < q.cell; });
    return {first, last};
  }

  // The zones over the point q moved an infinitesimal along the direction and then a smaller one to one side of it.
  SetId state_beside(Point q, Direction along, Side side) {
    const auto x = static_cast<std::uint32_t>(std::int64_t{q.lon} - meta_.origin.lon);
    const auto y = static_cast<std::uint32_t>(std::int64_t{q.lat} - meta_.origin.lat);
    const std::uint32_t cell = cell_number(x >> meta_.shift_x, y >> meta_.shift_y);
    const Point centre = centre_of(cell);
    SetId state = centre_state(cell);
    for (const CellEntry& e : entries_of(cell)) {
      const Border& piece = borders_[e.piece];
      if (crosses_path_to(piece.a, piece.b, centre, q, along, side)) state = sets_.toggle(state, toggles_[e.piece]);
    }
    return state;
  }

  // Every face has a piece of some line on its edge, so the states on both sides of every stretch of every line are all
  // the faces there are.
  void find_states_beside_pieces() {
    std::vector<LineEvent> events;
    for (std::size_t i = 0; i < entries_.size();) {
      std::size_t end = i;
      while (end < entries_.size() && entries_[end].cell == entries_[i].cell) ++end;
      for (std::size_t j = i; j < end; ++j) {
        for (std::size_t k = j + 1; k < end; ++k) {
          find_line_events(borders_, entries_[j].piece, entries_[k].piece, events);
        }
      }
      i = end;
    }
    sort_line_events(events);
    std::size_t next = 0;
    for (std::uint32_t k = 0; k < borders_.size(); ++k) {
      Border& piece = borders_[k];
      const Direction along = direction(piece.a, piece.b);
      SetId left = state_beside(piece.a, along, Side::left);
      SetId right = state_beside(piece.a, along, Side::right);
      split_sides(piece, toggles_[k], left);
      occurs_.insert({left, right});
      while (next < events.size() && events[next].piece == k) {
        std::size_t end = next;
        const LineEvent* touch = nullptr;
        for (; end < events.size() && events[end].piece == k && same_place(events[end], events[next]); ++end) {
          if (events[end].touches) touch = &events[end];
          left = sets_.toggle(left, toggles_[events[end].other]);
          right = sets_.toggle(right, toggles_[events[end].other]);
        }
        if (touch != nullptr) {  // lines may begin, end or run along from here on
          left = state_beside(touch->at, along, Side::left);
          right = state_beside(touch->at, along, Side::right);
        }
        occurs_.insert({left, right});
        next = end;
      }
    }
  }

  void split_sides(Border& piece, SetId toggles, SetId left_state) {
    std::vector<ZoneNumber> left;
    std::vector<ZoneNumber> right;
    std::ranges::set_intersection(sets_.items(toggles), sets_.items(left_state), std::back_inserter(left));
    std::ranges::set_difference(sets_.items(toggles), sets_.items(left_state), std::back_inserter(right));
    piece.left = sets_.intern(left);
    piece.right = sets_.intern(right);
  }

  void number_faces() {
    occurs_.insert(ZoneSets::kEmpty);
    faces_.assign(occurs_.begin(), occurs_.end());
    std::sort(faces_.begin(), faces_.end(), [&](SetId p, SetId q) { return sets_.items(p) < sets_.items(q); });
    face_of_set_.assign(sets_.size(), 0);
    face_starts_.push_back(0);
    for (FaceNumber f = 0; f < faces_.size(); ++f) {
      face_of_set_[faces_[f]] = f;
      const auto& items = sets_.items(faces_[f]);
      face_items_.insert(face_items_.end(), items.begin(), items.end());
      face_starts_.push_back(static_cast<std::uint32_t>(face_items_.size()));
    }
    meta_.faces = static_cast<std::uint32_t>(faces_.size());
    std::vector<std::vector<ZoneNumber>> zones_of_face;
    for (const SetId f : faces_) zones_of_face.push_back(sets_.items(f));
    codes_ = choose_face_codes(meta_.zones, zones_of_face);
    meta_.direct_codes = codes_.direct ? 1 : 0;
    for (std::uint32_t i = 0; i < sets_.size(); ++i) {
      set_starts_.push_back(static_cast<std::uint32_t>(set_items_.size()));
      set_items_.insert(set_items_.end(), sets_.items(i).begin(), sets_.items(i).end());
    }
    set_starts_.push_back(static_cast<std::uint32_t>(set_items_.size()));
  }

  std::uint32_t code_of(SetId set) const { return codes_.of_zones(sets_.items(set)); }

  void fill_arrays() {
    std::vector<std::uint32_t> piece_codes(borders_.size());
    for (std::size_t k = 0; k < borders_.size(); ++k) piece_codes[k] = code_of(toggles_[k]);
    for (std::uint32_t i = 0; i < blocks_.size(); ++i) blocks_[i] = face_of_set_[blocks_[i]];
    for (std::uint32_t i = 0; i < entered_.size(); ++i) blocks_[entered_[i]] = kDeeper | i;
    for (std::size_t i = 0; i < entries_.size();) {
      const std::uint32_t cell = entries_[i].cell;
      const std::size_t slot = std::size_t{block_rank_[cell / kCellsPerBlock]} * kCellsPerBlock + cell % kCellsPerBlock;
      border_slots_.push_back(slot);
      border_cells_.push_back({static_cast<std::uint32_t>(edges_.size()), code_of(cells_[slot])});
      const Point centre = centre_of(cell);
      for (; i < entries_.size() && entries_[i].cell == cell; ++i) {
        edges_.push_back(make_edge(entries_[i].piece, centre, piece_codes));
      }
    }
    border_cells_.push_back({static_cast<std::uint32_t>(edges_.size()), 0});
    for (std::uint32_t& c : cells_) c = face_of_set_[c];
    for (std::uint32_t i = 0; i < border_slots_.size(); ++i) cells_[border_slots_[i]] = kDeeper | i;
  }

  CellEdge make_edge(std::uint32_t piece, Point centre, const std::vector<std::uint32_t>& piece_codes) const {
    const Border& border = borders_[piece];
    CellEdge edge{border.a, border.b, piece_codes[piece], piece << CellEdge::kBorderShift};
    if ((border.a.lon <= centre.lon) != (border.b.lon <= centre.lon)) edge.flags |= CellEdge::kSpansCentre;
    if (is_left(border.a, border.b, cross(border.a, border.b, centre))) edge.flags |= CellEdge::kCentreLeft;
    return edge;
  }

  static constexpr std::uint32_t kNotEntered = 0xffffffffu;

  IndexMeta meta_;
  ZoneSets sets_;
  std::vector<Border> borders_;
  std::vector<SetId> toggles_;  // by border
  std::vector<CellEntry> entries_;
  std::vector<std::uint32_t> entered_;     // blocks that lines enter, ascending
  std::vector<std::uint32_t> block_rank_;  // block -> position in entered_
  std::unordered_set<SetId> occurs_;
  std::vector<SetId> faces_;
  std::vector<FaceNumber> face_of_set_;
  FaceCodes codes_;
  std::vector<std::size_t> border_slots_;

  std::vector<std::uint32_t> blocks_;
  std::vector<std::uint32_t> cells_;
  std::vector<BorderCell> border_cells_;
  std::vector<CellEdge> edges_;
  std::vector<std::uint32_t> set_starts_;
  std::vector<ZoneNumber> set_items_;
  std::vector<std::uint32_t> face_starts_;
  std::vector<ZoneNumber> face_items_;
};

}  // namespace

ZoneIndex ZoneIndex::build(std::span<const MultiPolygon> zones) {
  SnapshotWriter writer;
  IndexBuilder(zones).save(writer, "");
  return open(Snapshot::from_bytes(writer.bytes()), "");
}

}  // namespace catchment::geo
