#include "server/tiles/layer_tiles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "server/tiles/border_network.hpp"
#include "server/tiles/clip.hpp"
#include "server/tiles/planar.hpp"

namespace catchment::tiles {
namespace {

// A vertex whose triangle is under a quarter of a square pixel (a tile is drawn 512 pixels wide) changes nothing one
// sees. The last zoom is stretched by the map, so it keeps what its own grid can hold.
constexpr double kDropArea = 16;
constexpr double kDropAreaLast = 1;
constexpr int kLabelZoom = 13;

// A layer at one zoom, in tile units counted from the corner of the world.
struct Level {
  std::vector<TilePath> arcs;
  std::vector<TileBox> arc_boxes;
  std::vector<std::vector<TilePolygon>> zones;
  std::vector<TileBox> zone_boxes;
  std::size_t repaired = 0;
};

TilePoint on_grid(WorldPoint p, int zoom) {
  const double scale = std::ldexp(kExtent, zoom);
  return {static_cast<int>(std::lrint(p.x * scale)), static_cast<int>(std::lrint(p.y * scale))};
}

TileBox box_of(const TilePath& path) {
  const TilePolygon as_shell{path, {}};
  return box_of(std::span(&as_shell, 1));
}

TilePath thinned(const BorderNetwork& network, const Arc& arc, int zoom) {
  const double unit = std::ldexp(1.0 / kExtent, -zoom);
  const double drop = (zoom == kMaxZoom ? kDropAreaLast : kDropArea) * unit * unit;
  TilePath path;
  for (std::uint32_t i = arc.begin; i < arc.end; ++i) {
    if (network.importance[i] <= drop) continue;
    const TilePoint p = on_grid(network.vertices[i], zoom);
    if (path.empty() || !(path.back() == p)) path.push_back(p);
  }
  return path;
}

TileRing joined(const Level& level, std::span<const DirectedArc> arcs) {
  TileRing ring;
  for (const DirectedArc d : arcs) {
    const TilePath& path = level.arcs[d.arc];  // its last point is the next arc's first
    if (d.forward) {
      ring.insert(ring.end(), path.begin(), path.end() - 1);
    } else {
      ring.insert(ring.end(), path.rbegin(), path.rend() - 1);
    }
  }
  return ring;
}

bool has_area(const TileRing& ring) { return ring.size() >= 3 && area_twice(ring) != 0; }

Level build_level(const BorderNetwork& network, int zoom) {
  Level level;
  for (const Arc& arc : network.arcs) {
    level.arcs.push_back(thinned(network, arc, zoom));
    level.arc_boxes.push_back(box_of(level.arcs.back()));
  }
  for (const auto& parts : network.zones) {
    std::vector<TilePolygon> polygons;
    for (const ArcPolygon& part : parts) {
      TilePolygon polygon{joined(level, part.shell), {}};
      if (!has_area(polygon.shell)) continue;
      for (const auto& hole : part.holes) {
        if (TileRing ring = joined(level, hole); has_area(ring)) polygon.holes.push_back(std::move(ring));
      }
      polygons.push_back(std::move(polygon));
    }
    if (!is_valid(polygons)) {
      polygons = made_valid(polygons);
      ++level.repaired;
    }
    turn(polygons);
    level.zone_boxes.push_back(tiles::box_of(polygons));
    level.zones.push_back(std::move(polygons));
  }
  return level;
}

// Greedy, zones with most neighbours first: eight colours are plenty for a plane map.
std::vector<int> pick_colours(const geo::ZoneIndex& index) {
  std::vector<std::set<geo::ZoneNumber>> near(index.zone_count());
  for (const geo::Border& border : index.borders()) {
    for (const geo::ZoneNumber l : index.zone_set(border.left)) {
      for (const geo::ZoneNumber r : index.zone_set(border.right)) near[l].insert(r), near[r].insert(l);
    }
  }
  std::vector<geo::ZoneNumber> order(near.size());
  for (geo::ZoneNumber i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return near[a].size() > near[b].size(); });
  std::vector<int> colours(near.size(), -1);
  std::array<std::size_t, kColours> used{};
  for (const geo::ZoneNumber zone : order) {
    std::array<int, kColours> clashes{};
    for (const geo::ZoneNumber other : near[zone]) {
      if (colours[other] >= 0) ++clashes.at(static_cast<std::size_t>(colours[other]));
    }
    std::size_t best = 0;  // fewest clashes, then the colour used least so far
    for (std::size_t c = 1; c < kColours; ++c) {
      if (std::pair(clashes.at(c), used.at(c)) < std::pair(clashes.at(best), used.at(best))) best = c;
    }
    colours[zone] = static_cast<int>(best);
    ++used.at(best);
  }
  return colours;
}

}  // namespace

struct LayerTiles::Data {
  std::vector<TileZone> zones;
  std::vector<TileSchool> schools;
  std::vector<WorldPoint> school_places;
  std::vector<WorldPoint> label_places;  // by zone; x < 0: none
  std::vector<int> colours;
  std::vector<bool> arc_is_outer;
  std::array<Level, kMaxZoom - kMinZoom + 1> levels;
  geo::Box box;

  void add_zones(const Level& level, TilePoint corner, MvtLayer& layer) const;
  void add_lines(const Level& level, TilePoint corner, MvtLayer& layer) const;
  void add_labels(int zoom, TilePoint corner, MvtLayer& layer) const;
  void add_schools(int zoom, TilePoint corner, MvtLayer& layer) const;
};

namespace {

TileBox window_at(TilePoint corner) {
  return {corner.x - kBuffer, corner.y - kBuffer, corner.x + kExtent + kBuffer, corner.y + kExtent + kBuffer};
}

void move(TilePath& path, TilePoint corner) {
  for (TilePoint& p : path) p = {p.x - corner.x, p.y - corner.y};
}

// Points belong to one tile only, or a name would be drawn twice.
bool in_tile(TilePoint p) { return p.x >= 0 && p.x < kExtent && p.y >= 0 && p.y < kExtent; }

}  // namespace

void LayerTiles::Data::add_zones(const Level& level, TilePoint corner, MvtLayer& layer) const {
  const TileBox window = window_at(corner);
  for (std::size_t z = 0; z < level.zones.size(); ++z) {
    if (!window.intersects(level.zone_boxes[z])) continue;
    std::vector<TilePolygon> parts = clipped(level.zones[z], window);
    for (TilePolygon& part : parts) {
      move(part.shell, corner);
      for (TileRing& hole : part.holes) move(hole, corner);
    }
    const std::array<std::pair<std::string_view, AttributeValue>, 4> attributes{{{"id", zones[z].id},
                                                                                 {"name", zones[z].name},
                                                                                 {"schools", zones[z].schools},
                                                                                 {"colour", std::int64_t{colours[z]}}}};
    layer.add_polygons(z, attributes, parts);
  }
}

void LayerTiles::Data::add_lines(const Level& level, TilePoint corner, MvtLayer& layer) const {
  const TileBox window = window_at(corner);
  std::array<std::vector<TilePath>, 2> paths;  // inner, outer
  for (std::size_t a = 0; a < level.arcs.size(); ++a) {
    if (!window.intersects(level.arc_boxes[a])) continue;
    for (TilePath& piece : clipped(level.arcs[a], window)) {
      move(piece, corner);
      paths.at(arc_is_outer[a] ? 1 : 0).push_back(std::move(piece));
    }
  }
  for (std::size_t outer = 0; outer < 2; ++outer) {
    const std::array<std::pair<std::string_view, AttributeValue>, 1> attributes{{{"outer", outer == 1}}};
    layer.add_paths(outer, attributes, paths.at(outer));
  }
}

void LayerTiles::Data::add_labels(int zoom, TilePoint corner, MvtLayer& layer) const {
  for (std::size_t z = 0; z < zones.size(); ++z) {
    if (label_places[z].x < 0) continue;
    const TilePoint at = on_grid(label_places[z], zoom);
    const TilePoint p{at.x - corner.x, at.y - corner.y};
    if (!in_tile(p)) continue;
    const std::array<std::pair<std::string_view, AttributeValue>, 3> attributes{
        {{"id", zones[z].id}, {"name", zones[z].name}, {"schools", zones[z].schools}}};
    layer.add_point(z, attributes, p);
  }
}

void LayerTiles::Data::add_schools(int zoom, TilePoint corner, MvtLayer& layer) const {
  for (std::size_t s = 0; s < schools.size(); ++s) {
    const TilePoint at = on_grid(school_places[s], zoom);
    const TilePoint p{at.x - corner.x, at.y - corner.y};
    if (!in_tile(p)) continue;
    const std::array<std::pair<std::string_view, AttributeValue>, 3> attributes{
        {{"id", schools[s].id}, {"name", schools[s].name}, {"campus", schools[s].campus}}};
    layer.add_point(s, attributes, p);
  }
}

LayerTiles::LayerTiles(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

LayerTiles LayerTiles::build(const geo::ZoneIndex& index, std::vector<TileZone> zones,
                             std::vector<TileSchool> schools) {
  auto data = std::make_shared<Data>();
  const BorderNetwork network = build_network(index);
  for (int zoom = kMinZoom; zoom <= kMaxZoom; ++zoom)
    data->levels.at(static_cast<std::size_t>(zoom - kMinZoom)) = build_level(network, zoom);
  for (const Arc& arc : network.arcs) {
    data->arc_is_outer.push_back(index.zone_set(arc.left).empty() || index.zone_set(arc.right).empty());
  }
  for (const auto& polygons : data->levels.at(kLabelZoom - kMinZoom).zones) {
    const auto middle = label_point(polygons);
    const double unit = std::ldexp(1.0 / kExtent, -kLabelZoom);
    data->label_places.push_back(middle ? WorldPoint{middle->x * unit, middle->y * unit} : WorldPoint{-1, -1});
  }
  data->box = index.box();
  for (const TileSchool& school : schools) {
    data->school_places.push_back(to_world(school.position));
    data->box.extend(school.position);
  }
  data->colours = pick_colours(index);
  data->zones = std::move(zones);
  data->schools = std::move(schools);
  return LayerTiles(std::move(data));
}

std::string LayerTiles::tile(int zoom, std::uint32_t x, std::uint32_t y) const {
  if (zoom < kMinZoom || zoom > kMaxZoom || (x >> zoom) != 0 || (y >> zoom) != 0) return {};
  const Level& level = data_->levels.at(static_cast<std::size_t>(zoom - kMinZoom));
  const TilePoint corner{static_cast<int>(x) * kExtent, static_cast<int>(y) * kExtent};
  std::string tile;
  MvtLayer polygons("zones"), lines("zone_lines"), labels("zone_labels"), points("schools");
  data_->add_zones(level, corner, polygons);
  data_->add_lines(level, corner, lines);
  data_->add_labels(zoom, corner, labels);
  data_->add_schools(zoom, corner, points);
  for (const MvtLayer* layer : {&polygons, &lines, &labels, &points}) layer->append_to(tile);
  return tile;
}

const geo::Box& LayerTiles::box() const { return data_->box; }
const std::vector<int>& LayerTiles::colours() const { return data_->colours; }
std::size_t LayerTiles::repaired() const {
  std::size_t sum = 0;
  for (const Level& level : data_->levels) sum += level.repaired;
  return sum;
}

}  // namespace catchment::tiles
