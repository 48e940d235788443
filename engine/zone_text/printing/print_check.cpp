#include "engine/zone_text/printing/print_check.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "engine/zone_text/compiling/polyline_math.hpp"
#include "engine/zone_text/parse.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::EntryId;

constexpr double kReach_m = 500;    // doors answered by the side of a street stand no farther from its region
constexpr double kOnEdge_m = 0.02;  // as near as regions count as a place on their line

geo::Box widened(geo::Box box, double metres) {
  if (box.empty()) return box;
  const geo::LocalScale scale = geo::local_scale(box.min.lat);
  const auto east = static_cast<std::int32_t>(metres / scale.lon_m);
  const auto north = static_cast<std::int32_t>(metres / scale.lat_m);
  return {{box.min.lon - east, box.min.lat - north}, {box.max.lon + east, box.max.lat + north}};
}

// Whether the zone itself cannot be sure of an address: by its shape alone, with a place too near to the edge.
bool on_edge(const PrintZone& zone, const geo::Entry& entry, EntryId id) {
  if (std::binary_search(zone.added.begin(), zone.added.end(), id)) return false;
  if (std::binary_search(zone.removed.begin(), zone.removed.end(), id)) return false;
  return entry.position && edge_distance_m(zone.shape, *entry.position) <= std::max(entry.error_m, kOnEdge_m);
}

void sort_unique(std::vector<EntryId>& ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

}  // namespace

EntryTable::EntryTable(const geo::Gazetteer& names) {
  for (EntryId id = 0; id < names.entry_count(); ++id) {
    if (const auto position = names.entry(id).position) placed_.emplace_back(*position, id);
  }
  std::sort(placed_.begin(), placed_.end());
}

std::vector<EntryId> EntryTable::inside(const geo::Box& box) const {
  std::vector<EntryId> ids;
  const auto from = std::lower_bound(placed_.begin(), placed_.end(), std::pair(box.min, EntryId{0}));
  for (auto at = from; at != placed_.end() && at->first.lon <= box.max.lon; ++at) {
    if (box.contains(at->first)) ids.push_back(at->second);
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::optional<bool> belongs(const PrintZone& zone, const geo::Gazetteer& names, EntryId entry) {
  if (std::binary_search(zone.added.begin(), zone.added.end(), entry)) return true;
  if (std::binary_search(zone.removed.begin(), zone.removed.end(), entry)) return false;
  const auto position = names.entry(entry).position;
  if (!position) return std::nullopt;
  return covers(zone.shape, *position);
}

geo::MultiPolygon area_of(const PrintZone& zone, const Ground& ground) {
  const geo::Gazetteer& names = ground.names();
  geo::MultiPolygon area = zone.shape;
  const auto apply = [&](const std::vector<EntryId>& moved, bool inside) {
    std::set<geo::NameId> estates;
    for (const EntryId id : moved) estates.insert(names.entry(id).path.estate);
    estates.erase(geo::kNoName);
    for (const geo::NameId estate : estates) {
      const auto all = names.entries_of(estate);
      const bool whole = std::all_of(all.begin(), all.end(),
                                     [&](EntryId id) { return belongs(zone, names, id).value_or(inside) == inside; });
      if (!whole) continue;
      for (const std::size_t i : ground.find_areas(names.thing(estate).name)) {
        if (ground.areas()[i].place != estate) continue;
        area = geo::overlay(area, ground.areas()[i].shape,
                            inside ? geo::OverlayKind::union_of : geo::OverlayKind::difference);
      }
    }
  };
  apply(zone.added, true);
  apply(zone.removed, false);
  return area;
}

Differences compare(const PrintZone& zone, const CompiledText& text, const geo::Gazetteer& names,
                    const EntryTable& entries) {
  geo::Box box = geo::bounding_box(zone.shape);
  for (const CompiledRegion& region : text.regions) box.extend(geo::bounding_box(region.shape));
  std::vector<EntryId> ids = entries.inside(widened(box, kReach_m));
  const auto add = [&](auto&& more) { ids.insert(ids.end(), more.begin(), more.end()); };
  for (const AddressRule& rule : text.rules) {
    if (rule.name != geo::kNoName) add(names.entries_of(rule.name));
  }
  add(zone.added);
  add(zone.removed);
  sort_unique(ids);
  Differences result;
  for (const EntryId id : ids) {
    const std::optional<bool> wanted = belongs(zone, names, id);
    const geo::Entry entry = names.entry(id);
    const TextAnswer said = answer(text, names, entry.path, entry.position, entry.error_m);
    const bool sure = said.verdict != Verdict::undetermined && !said.on_boundary;
    if (!wanted) {
      if (!sure) result.open.push_back(id);
      continue;
    }
    if (said.verdict == (*wanted ? Verdict::in : Verdict::out)) {
      if (sure) continue;
      if (on_edge(zone, entry, id)) {
        result.open.push_back(id);
        continue;
      }
    }
    (*wanted ? result.missing : result.surplus).push_back(id);
  }
  return result;
}

double iou(const geo::MultiPolygon& a, const geo::MultiPolygon& b) {
  const double joined = geo::flat_area_m2(geo::overlay(a, b, geo::OverlayKind::union_of));
  if (joined == 0) return a.empty() == b.empty() ? 1 : 0;
  return geo::flat_area_m2(geo::overlay(a, b, geo::OverlayKind::intersection)) / joined;
}

CompiledText compile_text(const std::string& text, const Ground& ground, const std::vector<geo::Point>& seeds) {
  CompileOptions options;
  options.seeds = seeds;
  return compile(parse_zone_text(text, {&ground.lexicon()}), ground, options);
}

}  // namespace catchment::engine::zone_text
