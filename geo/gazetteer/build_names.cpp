#include <algorithm>
#include <cmath>

#include "geo/gazetteer/build.hpp"
#include "geo/gazetteer/street_line.hpp"

namespace catchment::geo {
namespace {

// A street's addresses by lane, door, building ...; those of anything else by what lies within it first.
bool by_path(const std::vector<EntryRow>& entries, AddressPart part, EntryId a, EntryId b) {
  const EntryRow& x = entries[a];
  const EntryRow& y = entries[b];
  if (part == AddressPart::street) {
    return std::tie(x.path, x.district, x.estate, a) < std::tie(y.path, y.district, y.estate, b);
  }
  if (part == AddressPart::estate) {
    const auto inner = [](const EntryRow& r) {
      return std::tuple(r.path[phase_part], r.path[sector_part], r.path[building_part], r.path[stair_part],
                        r.path[room_part], r.street);
    };
    return std::tuple(inner(x), x.path, a) < std::tuple(inner(y), y.path, b);
  }
  return std::tie(x.street, x.path, x.estate, a) < std::tie(y.street, y.path, y.estate, b);
}

void file_entries(BuildTables& tables) {
  std::vector<std::uint32_t> counts(tables.names.size() + 1, 0);
  const auto names_of = [](const EntryRow& row) {
    return std::array{row.street, row.estate, row.community, row.district};
  };
  for (const EntryRow& row : tables.entries) {
    for (const NameId name : names_of(row)) {
      if (name != kNoName) ++tables.names[name].entries;
    }
  }
  std::uint32_t first = 0;
  for (NameRow& row : tables.names) {
    row.first_entry = first;
    first += row.entries;
  }
  tables.name_entries.resize(first);
  std::vector<std::uint32_t> next(tables.names.size());
  for (std::size_t i = 0; i < next.size(); ++i) next[i] = tables.names[i].first_entry;
  for (EntryId e = 0; e < tables.entries.size(); ++e) {
    for (const NameId name : names_of(tables.entries[e])) {
      if (name != kNoName) tables.name_entries[next[name]++] = e;
    }
  }
  for (const NameRow& row : tables.names) {
    const auto begin = tables.name_entries.begin() + static_cast<std::ptrdiff_t>(row.first_entry);
    std::sort(begin, begin + static_cast<std::ptrdiff_t>(row.entries),
              [&](EntryId a, EntryId b) { return by_path(tables.entries, row.part, a, b); });
  }
}

Point middle(const Box& box) {
  return {static_cast<std::int32_t>((std::int64_t{box.min.lon} + box.max.lon) / 2),
          static_cast<std::int32_t>((std::int64_t{box.min.lat} + box.max.lat) / 2)};
}

void add_pieces(BuildTables& tables, NameRow& row, const std::vector<Polyline>& pieces) {
  row.first_piece = static_cast<std::uint32_t>(tables.piece_starts.size());
  for (const Polyline& piece : joined_pieces(pieces)) {
    tables.piece_starts.push_back(static_cast<std::uint32_t>(tables.piece_points.size()));
    tables.piece_points.insert(tables.piece_points.end(), piece.begin(), piece.end());
    for (const Point p : piece) row.box.extend(p);
  }
  row.pieces = static_cast<std::uint32_t>(tables.piece_starts.size()) - row.first_piece;
}

void count_side(NameRow& street, const EntryRow& entry) {
  const bool odd = unpack(entry.path[door_part]).odd();
  const bool left = entry.side == 1;
  ++(odd ? (left ? street.odd_left : street.odd_right) : (left ? street.even_left : street.even_right));
}

void place_names(BuildTables& tables, const std::vector<BuildName>& names) {
  const GazetteerTables view = tables.view();
  for (std::size_t i = 0; i < names.size(); ++i) {
    NameRow& row = tables.names[i];
    const bool shaped = !row.box.empty();
    Box addresses;
    for (const EntryId e : view.entries_of(static_cast<NameId>(i))) {
      EntryRow& entry = tables.entries[e];
      if (entry.has_position == 0) continue;
      addresses.extend(entry.position);
      if (row.part != AddressPart::street || row.pieces == 0) continue;
      const StreetPlace place = place_along(view, row, entry.position);
      entry.side = place.side;
      // Doors within lanes say nothing of the street's sides.
      if (place.side != 0 && entry.path[door_part] != 0 && entry.path[lane_part] == 0) count_side(row, entry);
    }
    if (!shaped) row.box = addresses;
    row.has_position = names[i].position || !row.box.empty();
    if (names[i].position) {
      row.position = *names[i].position;
    } else if (row.pieces != 0) {
      row.position = middle_of_line(view, row);
    } else if (row.has_position != 0) {
      row.position = middle(addresses.empty() ? row.box : addresses);
    }
  }
}

}  // namespace

void build_names(BuildTables& tables, const std::vector<BuildName>& names) {
  tables.names.assign(names.size(), NameRow{});
  std::vector<std::vector<NameId>> children(names.size() + 1);
  for (std::size_t i = 0; i < names.size(); ++i) {
    NameRow& row = tables.names[i];
    row.name = tables.add_text(names[i].name);
    row.id = tables.add_text(names[i].id);
    row.parent = names[i].parent;
    row.part = names[i].part;
    row.box = bounding_box(names[i].shape);
    add_pieces(tables, row, names[i].pieces);
    children[row.parent == kNoName ? names.size() : row.parent].push_back(static_cast<NameId>(i));
  }
  tables.piece_starts.push_back(static_cast<std::uint32_t>(tables.piece_points.size()));
  tables.child_starts.push_back(0);
  for (const auto& list : children) {
    tables.child_items.insert(tables.child_items.end(), list.begin(), list.end());
    tables.child_starts.push_back(static_cast<std::uint32_t>(tables.child_items.size()));
  }
  tables.meta.has_districts =
      std::ranges::any_of(tables.entries, [](const EntryRow& row) { return row.district != kNoName; });
  file_entries(tables);
  place_names(tables, names);
}

}  // namespace catchment::geo
