#include "geo/zone_index.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>
#include <thread>

#include "geo/input_error.hpp"
#include "geo/zone_index_batch.hpp"
#include "geo/zone_index_tables.hpp"

namespace catchment::geo {
namespace {

[[noreturn]] void misfit(const std::string& section) {
  throw InputError("snapshot_corrupt", section, "the section does not fit the others");
}

// `starts` must rise from 0 to items and have count + 1 entries.
void check_starts(std::span<const std::uint32_t> starts, std::size_t items, const std::string& name) {
  if (starts.empty() || starts.front() != 0 || starts.back() != items || !std::ranges::is_sorted(starts)) misfit(name);
}

template <class Query>
void run_in_threads(std::size_t count, int threads, const Query& query) {
  if (threads < 1) throw std::invalid_argument("threads must be at least 1");
  const std::size_t share = (count + static_cast<std::size_t>(threads) - 1) / static_cast<std::size_t>(threads);
  std::vector<std::jthread> workers;
  for (std::size_t first = share; first < count; first += share) {
    workers.emplace_back([&query, first, last = std::min(count, first + share)] { query(first, last); });
  }
  query(0, std::min(count, share));
}

}  // namespace

std::string_view to_word(PointStatus status) {
  constexpr std::array<std::string_view, 4> kWords{"inside", "boundary", "overlap", "outside"};
  return kWords.at(static_cast<std::size_t>(status));
}

ZoneIndex::ZoneIndex(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}

// The checksum has already been verified, so these checks guard against a snapshot of another program version, not
// against a hostile one.
ZoneIndex ZoneIndex::open(const Snapshot& snapshot, const std::string& prefix) {
  const auto meta = snapshot.get<IndexMeta>(prefix + "meta");
  if (meta.size() != 1 || meta[0].layout != IndexMeta{}.layout) misfit(prefix + "meta");
  auto tables = std::make_shared<Tables>(Tables{
      snapshot, meta[0], snapshot.get<std::uint32_t>(prefix + "blocks"), snapshot.get<std::uint32_t>(prefix + "cells"),
      snapshot.get<BorderCell>(prefix + "border_cells"), snapshot.get<CellEdge>(prefix + "edges"),
      snapshot.get<Border>(prefix + "borders"), snapshot.get<std::uint32_t>(prefix + "set_starts"),
      snapshot.get<ZoneNumber>(prefix + "set_items"), snapshot.get<std::uint32_t>(prefix + "face_starts"),
      snapshot.get<ZoneNumber>(prefix + "face_items"), snapshot.get<CodeSlot>(prefix + "code_slots")});
  if (tables->blocks.size() != std::size_t{meta[0].blocks_x} * meta[0].blocks_y + 1) misfit(prefix + "blocks");
  if (tables->cells.size() % kCellsPerBlock != 0) misfit(prefix + "cells");
  if (tables->border_cells.empty() || tables->border_cells.back().first_edge != tables->edges.size()) {
    misfit(prefix + "border_cells");
  }
  check_starts(tables->set_starts, tables->set_items.size(), prefix + "set_starts");
  check_starts(tables->face_starts, tables->face_items.size(), prefix + "face_starts");
  if (tables->face_starts.size() != std::size_t{meta[0].faces} + 1) misfit(prefix + "face_starts");
  // A look-up masks with the size and ends at an empty slot.
  const auto slots = tables->code_slots;
  if (!std::has_single_bit(slots.size()) ||
      std::ranges::find(slots, CodeSlot::kEmpty, &CodeSlot::face) == slots.end()) {
    misfit(prefix + "code_slots");
  }
  return ZoneIndex(std::move(tables));
}

// Copies the arrays as they are: the snapshot of an opened index has the same bytes.
void ZoneIndex::save(SnapshotWriter& writer, const std::string& prefix) const {
  const Tables& t = *tables_;
  writer.add(prefix + "meta", std::span<const IndexMeta>(&t.meta, 1));
  writer.add(prefix + "blocks", t.blocks);
  writer.add(prefix + "cells", t.cells);
  writer.add(prefix + "border_cells", t.border_cells);
  writer.add(prefix + "edges", t.edges);
  writer.add(prefix + "borders", t.borders);
  writer.add(prefix + "set_starts", t.set_starts);
  writer.add(prefix + "set_items", t.set_items);
  writer.add(prefix + "face_starts", t.face_starts);
  writer.add(prefix + "face_items", t.face_items);
  writer.add(prefix + "code_slots", t.code_slots);
}

FaceHit ZoneIndex::face_at(Point p) const {
  const Tables& t = *tables_;
  const std::uint32_t x = t.column(p);
  const std::uint32_t y = t.row(p);
  if (x >= t.width() || y >= t.height()) return {kNoFace};
  const std::uint32_t entry = t.cell_entry(x, y);
  return (entry & kDeeper) == 0 ? FaceHit{entry} : t.walk(entry & ~kDeeper, t.cell_centre(x, y), p);
}

void ZoneIndex::faces_at(std::span<const Point> points, std::span<FaceHit> out, int threads) const {
  if (points.size() != out.size()) throw std::invalid_argument("faces_at: points and out differ in size");
  run_in_threads(points.size(), threads, [&](std::size_t first, std::size_t last) {
    find_faces(*tables_, points.subspan(first, last - first), out.subspan(first, last - first));
  });
}

void ZoneIndex::faces_at(std::span<const Degrees> points, std::span<FaceHit> out, int threads) const {
  if (points.size() != out.size()) throw std::invalid_argument("faces_at: points and out differ in size");
  run_in_threads(points.size(), threads, [&](std::size_t first, std::size_t last) {
    find_faces(*tables_, points.subspan(first, last - first), out.subspan(first, last - first));
  });
}

std::size_t ZoneIndex::zone_count() const { return tables_->meta.zones; }
std::size_t ZoneIndex::face_count() const { return tables_->meta.faces; }
std::span<const Border> ZoneIndex::borders() const { return tables_->borders; }
const Box& ZoneIndex::box() const { return tables_->meta.box; }

std::span<const ZoneNumber> ZoneIndex::zones_of(FaceNumber face) const {
  const auto& starts = tables_->face_starts;
  return tables_->face_items.subspan(starts[face], starts[face + 1] - starts[face]);
}

std::span<const ZoneNumber> ZoneIndex::zone_set(std::uint32_t set) const {
  const auto& starts = tables_->set_starts;
  return tables_->set_items.subspan(starts[set], starts[set + 1] - starts[set]);
}

std::size_t ZoneIndex::size_bytes() const {
  const Tables& t = *tables_;
  return t.blocks.size_bytes() + t.cells.size_bytes() + t.border_cells.size_bytes() + t.edges.size_bytes() +
         t.borders.size_bytes() + t.set_starts.size_bytes() + t.set_items.size_bytes() + t.face_starts.size_bytes() +
         t.face_items.size_bytes() + t.code_slots.size_bytes();
}

}  // namespace catchment::geo
