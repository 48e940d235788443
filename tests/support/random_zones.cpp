#include "tests/support/random_zones.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "engine/zone_text/compiling/polyline_math.hpp"
#include "geo/topology.hpp"

namespace catchment::test {

using engine::zone_text::covers;
using engine::zone_text::PrintZone;
using geo::EntryId;

namespace {

std::size_t below(Random& random, std::size_t n) {
  return static_cast<std::size_t>(random.between(0, static_cast<std::int32_t>(n) - 1));
}

geo::Point place_in(const geo::MultiPolygon& shape) {
  const geo::Box box = geo::bounding_box(shape);
  // The middle of the widest run along the middle rows of the box.
  geo::Point best = shape.front().shell.front();
  std::int64_t widest = -1;
  for (int row = 3; row <= 5; ++row) {
    const auto lat = static_cast<std::int32_t>(box.min.lat + (std::int64_t{box.max.lat} - box.min.lat) * row / 8);
    std::int64_t begin = -1;
    for (int k = 0; k <= 64; ++k) {
      const auto lon = static_cast<std::int32_t>(box.min.lon + (std::int64_t{box.max.lon} - box.min.lon) * k / 64);
      if (!covers(shape, geo::Point{lon, lat})) {
        begin = -1;
        continue;
      }
      if (begin < 0) begin = lon;
      if (lon - begin > widest) {
        widest = lon - begin;
        best = {static_cast<std::int32_t>((begin + lon) / 2), lat};
      }
    }
  }
  return best;
}

void insert_sorted(std::vector<EntryId>& to, const std::vector<EntryId>& more) {
  to.insert(to.end(), more.begin(), more.end());
  std::sort(to.begin(), to.end());
  to.erase(std::unique(to.begin(), to.end()), to.end());
}

}  // namespace

RandomZones::RandomZones(const engine::zone_text::Ground& ground, std::span<const engine::Unit> units)
    : ground_(ground), units_(units), beside_(units.size()) {
  std::map<std::pair<geo::Point, geo::Point>, std::vector<std::size_t>> edges;
  for (std::size_t u = 0; u < units.size(); ++u) {
    inside_.push_back(place_in(units[u].shape));
    geo::for_each_ring(units[u].shape, [&](const geo::Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        edges[std::minmax(ring[i], ring[(i + 1) % ring.size()])].push_back(u);
      }
    });
  }
  for (const auto& [edge, sides] : edges) {
    if (sides.size() != 2 || sides[0] == sides[1]) continue;
    beside_[sides[0]].push_back(sides[1]);
    beside_[sides[1]].push_back(sides[0]);
  }
  for (auto& list : beside_) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
}

RandomZones::Group RandomZones::grow(std::size_t from, std::size_t count, const std::vector<char>& taken,
                                     Random& random) const {
  std::set<std::size_t> group{from};
  while (group.size() < count) {
    // Units with several neighbours in the group come in several times: zones are rather round.
    std::vector<std::size_t> rim;
    for (const std::size_t u : group) {
      for (const std::size_t v : beside_[u]) {
        if (!group.contains(v) && taken[v] == 0) rim.push_back(v);
      }
    }
    if (rim.empty()) break;
    group.insert(rim[below(random, rim.size())]);
  }
  return {group.begin(), group.end()};
}

bool RandomZones::surrounded(const Group& group, std::size_t unit) const {
  return std::all_of(beside_[unit].begin(), beside_[unit].end(),
                     [&](std::size_t v) { return std::binary_search(group.begin(), group.end(), v); });
}

PrintZone RandomZones::to_zone(const Group& group) const {
  PrintZone zone;
  std::vector<geo::MultiPolygon> shapes;
  for (const std::size_t u : group) shapes.push_back(units_[u].shape);
  zone.shape = geo::dissolve(shapes);
  zone.school = "示范小学";
  zone.seeds = {inside_[group[group.size() / 2]]};
  return zone;
}

std::vector<EntryId> RandomZones::some_doors(EntryId from, Random& random) const {
  const geo::Gazetteer& names = ground_.names();
  const geo::EntryPath path = names.entry(from).path;
  std::vector<EntryId> ids;
  if (path.estate != geo::kNoName) {
    const bool whole = path.building.number == 0 || random.between(0, 1) == 0;
    const auto last = path.building.number + random.between(0, 3);
    for (const EntryId id : names.entries_of(path.estate)) {
      const auto building = names.entry(id).path.building.number;
      if (whole || (building >= path.building.number && building <= last)) ids.push_back(id);
    }
  } else if (path.street != geo::kNoName && path.door.number != 0) {
    const auto number = [](const geo::EntryPath& p) { return p.lane.number != 0 ? p.lane.number : p.door.number; };
    const auto last = number(path) + 2 * random.between(0, 6);
    const bool one_side = random.between(0, 2) != 0;
    for (const EntryId id : names.entries_of(path.street)) {
      const geo::EntryPath other = names.entry(id).path;
      if (other.estate != geo::kNoName || other.district != path.district) continue;
      const auto n = number(other);
      if (n >= number(path) && n <= last && (!one_side || (n - number(path)) % 2 == 0)) ids.push_back(id);
    }
  }
  return ids;
}

void RandomZones::move_doors(PrintZone& zone, Random& random) const {
  const geo::Gazetteer& names = ground_.names();
  const geo::Box box = geo::bounding_box(zone.shape);
  const std::int64_t reach = (std::int64_t{box.max.lon} - box.min.lon) / 4;
  std::vector<EntryId> near;
  for (EntryId id = 0; id < names.entry_count(); ++id) {
    const auto p = names.entry(id).position;
    if (p && p->lon > box.min.lon - reach && p->lon < box.max.lon + reach && p->lat > box.min.lat - reach &&
        p->lat < box.max.lat + reach) {
      near.push_back(id);
    }
  }
  if (near.empty()) return;
  std::set<EntryId> moved;
  for (int k = random.between(1, 4); k > 0; --k) {
    for (const EntryId id : some_doors(near[below(random, near.size())], random)) {
      const auto p = names.entry(id).position;
      if (!p || !moved.insert(id).second) continue;
      insert_sorted(covers(zone.shape, *p) ? zone.removed : zone.added, {id});
    }
  }
}

PrintZone RandomZones::make(std::uint64_t seed) const {
  Random random(seed);
  std::vector<char> taken(units_.size(), 0);
  const std::size_t most = std::max<std::size_t>(3, units_.size() / 4);
  // One draw a statement: the order in which arguments are worked out is the compiler's.
  const std::size_t size = 1 + below(random, std::min<std::size_t>(most, 30));
  const std::size_t start = below(random, units_.size());
  Group group = grow(start, size, taken, random);
  const int kind = random.between(0, 9);
  if (kind < 3) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (!surrounded(group, group[i])) continue;
      group.erase(group.begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
  if (kind >= 8) {
    for (const std::size_t u : group) {
      taken[u] = 1;
      for (const std::size_t v : beside_[u]) taken[v] = 1;
    }
    const std::size_t from = below(random, units_.size());
    if (taken[from] == 0) {
      for (const std::size_t u : grow(from, 1 + below(random, 6), taken, random)) group.push_back(u);
      std::sort(group.begin(), group.end());
    }
  }
  PrintZone zone = to_zone(group);
  if (random.between(0, 1) == 0) move_doors(zone, random);
  return zone;
}

PrintZone RandomZones::grown(const PrintZone& zone, std::uint64_t seed) const {
  Random random(seed);
  std::set<std::size_t> rim;
  for (std::size_t u = 0; u < units_.size(); ++u) {
    if (!covers(zone.shape, inside_[u])) continue;
    for (const std::size_t v : beside_[u]) {
      if (!covers(zone.shape, inside_[v])) rim.insert(v);
    }
  }
  if (rim.empty()) return zone;
  const std::vector<std::size_t> choice(rim.begin(), rim.end());
  PrintZone more = zone;
  more.shape = geo::overlay(zone.shape, units_[choice[below(random, choice.size())]].shape, geo::OverlayKind::union_of);
  return more;
}

std::vector<PrintZone> RandomZones::partition(std::size_t count, int swaps, std::uint64_t seed) const {
  Random random(seed);
  std::vector<std::size_t> owner(units_.size(), count);
  for (std::size_t z = 0; z < count; ++z) owner[below(random, units_.size())] = z;
  for (bool changed = true; changed;) {
    changed = false;
    std::vector<std::size_t> next = owner;
    for (std::size_t u = 0; u < units_.size(); ++u) {
      if (owner[u] != count || beside_[u].empty()) continue;
      const std::size_t from = owner[beside_[u][below(random, beside_[u].size())]];
      changed = true;
      next[u] = from;
    }
    owner = std::move(next);
  }
  std::vector<PrintZone> zones;
  for (std::size_t z = 0; z < count; ++z) {
    Group group;
    for (std::size_t u = 0; u < units_.size(); ++u) {
      if (owner[u] == z) group.push_back(u);
    }
    if (group.empty()) continue;
    zones.push_back(to_zone(group));
    zones.back().school = "第" + std::to_string(z + 1) + "小学";
  }
  const geo::Gazetteer& names = ground_.names();
  std::set<EntryId> moved;
  for (int k = 0; k < swaps; ++k) {
    PrintZone& to = zones[below(random, zones.size())];
    for (const EntryId id : some_doors(static_cast<EntryId>(below(random, names.entry_count())), random)) {
      const auto p = names.entry(id).position;
      if (!p || !moved.insert(id).second || covers(to.shape, *p)) continue;
      insert_sorted(to.added, {id});
      for (PrintZone& zone : zones) {
        if (&zone != &to && covers(zone.shape, *p)) insert_sorted(zone.removed, {id});
      }
    }
  }
  return zones;
}

}  // namespace catchment::test
