#include "server/tiles/layer_tiles.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numbers>
#include <set>

#include "datasets/city_package.hpp"
#include "datasets/package_writer.hpp"
#include "datasets/synth/city.hpp"
#include "datasets/synth/tessellation.hpp"
#include "server/tiles/border_network.hpp"
#include "server/tiles/clip.hpp"
#include "server/tiles/planar.hpp"
#include "tests/server/mvt_reader.hpp"
#include "tests/support/random.hpp"

namespace catchment::tiles {
namespace {

using test::ReadFeature;
using test::ReadTile;
using testing::Lt;

struct TileAddress {
  int zoom;
  std::uint32_t x, y;
};

std::vector<TileAddress> tiles_over(const geo::Box& box, int zoom) {
  const WorldPoint nw = to_world({box.min.lon, box.max.lat}), se = to_world({box.max.lon, box.min.lat});
  const double n = std::ldexp(1.0, zoom);
  std::vector<TileAddress> out;
  for (auto x = static_cast<std::uint32_t>(nw.x * n); x <= static_cast<std::uint32_t>(se.x * n); ++x) {
    for (auto y = static_cast<std::uint32_t>(nw.y * n); y <= static_cast<std::uint32_t>(se.y * n); ++y)
      out.push_back({zoom, x, y});
  }
  return out;
}

LayerTiles tiles_of(const std::vector<geo::MultiPolygon>& zones, std::vector<TileSchool> schools = {}) {
  std::vector<TileZone> named;
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const std::string number = std::to_string(i);
    named.push_back({std::string("Z").append(number), std::string("第").append(number).append("学区"), "实验小学"});
  }
  return LayerTiles::build(geo::ZoneIndex::build(zones), std::move(named), std::move(schools));
}

// By value: a reference into the tile would outlive it.
std::vector<ReadFeature> zones_in(const LayerTiles& tiles, TileAddress t) {
  ReadTile tile = test::read_tile(tiles.tile(t.zoom, t.x, t.y));
  return std::move(tile["zones"]);
}

// 400 zones of about 1,000 vertices; made once.
struct City {
  datasets::synth::Tessellation map = datasets::synth::make_tessellation(20, 1);
  LayerTiles tiles = tiles_of(map.zones, {{"S1", "南山小学", "主校区", {1'105'000'000, 335'000'000}}});
};
const City& city() {
  static const City made;
  return made;
}

double area(const ReadFeature& feature) {
  double sum = 0;
  for (const TilePolygon& p : feature.polygons) {
    sum += std::fabs(static_cast<double>(area_twice(p.shell))) / 2;
    for (const TileRing& hole : p.holes) sum -= std::fabs(static_cast<double>(area_twice(hole))) / 2;
  }
  return sum;
}

// Zooms are a loop and not a parameter: every test of its own would make the city again.
constexpr int kZooms[]{8, 9, 10, 11, 12, 14, 16};

void check_every_polygon_is_valid(int zoom) {
  std::vector<TileAddress> all = tiles_over(city().map.box, zoom);
  const std::size_t step = std::max<std::size_t>(1, all.size() / 200);
  std::size_t polygons = 0;
  for (std::size_t i = 0; i < all.size(); i += step) {
    for (const ReadFeature& zone : zones_in(city().tiles, all[i])) {
      ASSERT_TRUE(is_valid(zone.polygons))
          << all[i].zoom << "/" << all[i].x << "/" << all[i].y << " " << zone.attributes.at("id");
      polygons += zone.polygons.size();
    }
  }
  EXPECT_GE(polygons, 400u / step);
}

TEST(TilesAtZoom, EveryPolygonIsValid) {
  for (const int zoom : kZooms) {
    SCOPED_TRACE(zoom);
    check_every_polygon_is_valid(zoom);
  }
}

// In a tile in the middle of the city every edge off the tile's rim belongs to exactly two zones: no gap, no sliver.
void check_neighbours_share_every_edge(int zoom) {
  const WorldPoint middle = to_world({1'105'000'000, 335'000'000});
  const double n = std::ldexp(1.0, zoom);
  const auto tile = test::read_tile(
      city().tiles.tile(zoom, static_cast<std::uint32_t>(middle.x * n), static_cast<std::uint32_t>(middle.y * n)));
  std::map<std::array<int, 4>, int> uses;
  const auto inside = [](TilePoint p) { return p.x > 0 && p.x < kExtent && p.y > 0 && p.y < kExtent; };
  for (const ReadFeature& zone : tile.at("zones")) {
    for (const TilePolygon& polygon : zone.polygons) {
      for (std::size_t i = 0; i < polygon.shell.size(); ++i) {
        TilePoint a = polygon.shell[i], b = polygon.shell[(i + 1) % polygon.shell.size()];
        if (!inside(a) || !inside(b)) continue;
        if (std::pair(b.x, b.y) < std::pair(a.x, a.y)) std::swap(a, b);
        ++uses[{a.x, a.y, b.x, b.y}];
      }
    }
  }
  std::size_t odd = 0;
  for (const auto& [edge, count] : uses) odd += count == 2 ? 0 : 1;
  if (zoom <= 10) {  // the city's own rim is in the tile
    EXPECT_THAT(odd, Lt(uses.size() / 4));
  } else {
    EXPECT_EQ(odd, 0u) << "of " << uses.size();
  }
}

TEST(TilesAtZoom, NeighboursShareEveryEdge) {
  for (const int zoom : kZooms) {
    SCOPED_TRACE(zoom);
    check_neighbours_share_every_edge(zoom);
  }
}

void check_zones_keep_their_area(int zoom) {
  double sum = 0;
  std::set<std::uint64_t> seen;
  for (const TileAddress t : tiles_over(city().map.box, zoom)) {
    if (zoom > 12) return;
    for (const ReadFeature& zone : zones_in(city().tiles, t)) {
      // Count what lies in the tile proper, not in its buffer.
      sum += area({0, {}, clipped(zone.polygons, {0, 0, kExtent, kExtent}), {}, {}});
      seen.insert(zone.id);
    }
  }
  double truth = 0;
  const double units = std::ldexp(kExtent, zoom);
  for (const geo::Polygon& part : city().map.outline) {
    const geo::Ring& r = part.shell;
    for (std::size_t i = 0; i < r.size(); ++i) {
      const WorldPoint a = to_world(r[i]), b = to_world(r[(i + 1) % r.size()]);
      truth -= (a.x * b.y - b.x * a.y) / 2 * units * units;
    }
  }
  EXPECT_EQ(seen.size(), 400u);
  EXPECT_NEAR(sum / truth, 1, zoom < 9 ? 0.02 : 0.002);
}

TEST(TilesAtZoom, ZonesKeepTheirArea) {
  for (const int zoom : kZooms) {
    SCOPED_TRACE(zoom);
    check_zones_keep_their_area(zoom);
  }
}

// Zones that are unions of street blocks, with schools that share and zones in two parts.
TEST(LayerTiles, TheMadeUpCityIsValidAtEveryZoom) {
  const auto path =
      std::filesystem::temp_directory_path() / ("catchment-tiles-" + std::to_string(::getpid()) + ".gpkg");
  {
    datasets::PackageWriter writer(path, datasets::PackageWriter::Start::empty);
    datasets::synth::SynthOptions options;
    options.schools = 12;
    options.addresses = 0;
    datasets::synth::write_city(options, writer);
    writer.commit();
  }
  const auto package = datasets::CityPackage::open(path);
  for (const engine::LayerKey& key : package.layers()) {
    std::vector<geo::MultiPolygon> shapes;
    for (const engine::Zone& zone : package.zones(key)) shapes.push_back(zone.shape);
    const LayerTiles tiles = tiles_of(shapes);
    EXPECT_EQ(tiles.repaired(), 0u);
    for (int zoom = kMinZoom; zoom <= 14; ++zoom) {
      std::set<std::uint64_t> seen;
      for (const TileAddress t : tiles_over(tiles.box(), zoom)) {
        for (const ReadFeature& zone : zones_in(tiles, t)) {
          EXPECT_TRUE(is_valid(zone.polygons));
          seen.insert(zone.id);
        }
      }
      if (zoom >= 9) {
        EXPECT_EQ(seen.size(), shapes.size()) << zoom;
      }
    }
  }
  std::filesystem::remove(path);
}

TEST(LayerTiles, SimplifiedOutlinesNeedNoRepairOnATessellation) { EXPECT_EQ(city().tiles.repaired(), 0u); }

TEST(LayerTiles, NeighboursDifferInColour) {
  const geo::ZoneIndex index = geo::ZoneIndex::build(city().map.zones);
  for (const geo::Border& border : index.borders()) {
    for (const auto l : index.zone_set(border.left)) {
      for (const auto r : index.zone_set(border.right)) ASSERT_NE(city().tiles.colours()[l], city().tiles.colours()[r]);
    }
  }
}

TEST(LayerTiles, SchoolsAndLabelsStandInOneTileOnly) {
  std::size_t schools = 0, labels = 0;
  for (const TileAddress t : tiles_over(city().tiles.box(), 11)) {
    ReadTile tile = test::read_tile(city().tiles.tile(t.zoom, t.x, t.y));
    schools += tile["schools"].size();
    labels += tile["zone_labels"].size();
  }
  EXPECT_EQ(schools, 1u);
  EXPECT_EQ(labels, 400u);
}

TEST(LayerTiles, TilesOutsideAreEmptyAndSoAreTilesThatAreNone) {
  EXPECT_EQ(city().tiles.tile(12, 0, 0), "");
  EXPECT_EQ(city().tiles.tile(12, 4096, 0), "");
  EXPECT_EQ(city().tiles.tile(5, 0, 0), "");
  EXPECT_EQ(city().tiles.tile(17, 0, 0), "");
  EXPECT_EQ(city().tiles.tile(-1, 0, 0), "");
}

geo::Ring box_ring(std::int32_t x0, std::int32_t y0, std::int32_t x1, std::int32_t y1) {
  constexpr std::int32_t kLon = 1'100'000'000, kLat = 330'000'000;
  return {{kLon + x0, kLat + y0}, {kLon + x1, kLat + y0}, {kLon + x1, kLat + y1}, {kLon + x0, kLat + y1}};
}

// A ring-shaped zone around another, an island apart, and a hole that touches its shell in one vertex.
TEST(BorderNetwork, ZonesWithHolesIslandsAndTouchingCorners) {
  geo::Ring touching = box_ring(0, 0, 400'000, 400'000);
  const geo::Polygon ring{touching, {box_ring(100'000, 100'000, 200'000, 200'000)}};
  const geo::Polygon island{box_ring(500'000, 0, 600'000, 100'000), {}};
  const geo::Polygon corner{box_ring(600'000, 100'000, 700'000, 200'000), {}};
  const std::vector<geo::MultiPolygon> zones{{ring, island, corner},
                                             {{box_ring(100'000, 100'000, 200'000, 200'000), {}}}};
  const BorderNetwork network = build_network(geo::ZoneIndex::build(zones));
  ASSERT_EQ(network.zones.size(), 2u);
  EXPECT_EQ(network.zones[0].size(), 3u);
  std::size_t holes = 0;
  for (const ArcPolygon& p : network.zones[0]) holes += p.holes.size();
  EXPECT_EQ(holes, 1u);
  EXPECT_EQ(network.zones[1].size(), 1u);
  const LayerTiles tiles = tiles_of(zones);
  for (int zoom = 8; zoom <= kMaxZoom; ++zoom) {
    for (const TileAddress t : tiles_over(tiles.box(), zoom)) {
      if (t.x % 3 != 0 && zoom > 13) continue;
      for (const ReadFeature& zone : zones_in(tiles, t)) EXPECT_TRUE(is_valid(zone.polygons));
    }
  }
}

TEST(BorderNetwork, PartsOfOneZoneThatShareAnEdgeAreOneRing) {
  const std::vector<geo::MultiPolygon> zones{
      {{box_ring(0, 0, 100'000, 100'000), {}}, {box_ring(100'000, 0, 200'000, 100'000), {}}}};
  const BorderNetwork network = build_network(geo::ZoneIndex::build(zones));
  ASSERT_EQ(network.zones[0].size(), 1u);
  EXPECT_EQ(network.arcs.size(), 1u);
}

TEST(Clip, ConcaveRingLeavesNoRunAlongTheBox) {
  // A comb whose teeth leave the box: Sutherland-Hodgman would join the teeth along the rim.
  TilePolygon comb{{{0, 0}, {100, 0}, {100, 20}, {40, 20}, {40, 40}, {100, 40}, {100, 60}, {0, 60}}, {}};
  const auto parts = clipped(std::span(&comb, 1), {50, -10, 90, 70});
  EXPECT_EQ(parts.size(), 2u);
  EXPECT_TRUE(is_valid(parts));
}

// Random combs and stars against the overlay: same area to the rounding of a rim, always valid.
TEST(Clip, AgreesWithTheOverlay) {
  test::Random random(5);
  const TileBox box{0, 0, 500, 400};
  for (int round = 0; round < 4000; ++round) {
    TilePolygon star;
    const int corners = random.between(3, 40), cx = random.between(-100, 600), cy = random.between(-100, 500);
    for (int i = 0; i < corners; ++i) {
      const double angle = 2 * std::numbers::pi * i / corners, radius = random.between(20, 700);
      star.shell.push_back(
          {cx + static_cast<int>(radius * std::cos(angle)), cy + static_cast<int>(radius * std::sin(angle))});
    }
    if (corners % 3 == 0) star.holes.push_back({{cx - 2, cy - 2}, {cx - 1, cy + 3}, {cx + 3, cy - 1}});
    std::vector<TilePolygon> whole{star};
    if (!is_valid(whole)) continue;
    turn(whole);
    const auto ours = clipped(whole, box), theirs = clipped_by_overlay(whole, box);
    ASSERT_TRUE(is_valid(ours)) << round;
    const double a = area({0, {}, ours, {}, {}}), b = area({0, {}, theirs, {}, {}});
    ASSERT_NEAR(a, b, 3 * (corners + 4) * 10) << round;
    for (const TilePolygon& part : ours) {
      ASSERT_GT(area_twice(part.shell), 0);
      for (const TilePoint p : part.shell) ASSERT_TRUE(box.contains(p));
    }
  }
}

TEST(Clip, PathIsCutWhereItLeavesAndJoinedWhereItDoesNot) {
  const TilePath path{{-10, 5}, {5, 5}, {5, 20}, {8, 20}, {8, 5}};
  EXPECT_THAT(clipped(path, {0, 0, 10, 10}),
              testing::ElementsAre(TilePath{{0, 5}, {5, 5}, {5, 10}}, TilePath{{8, 10}, {8, 5}}));
}

// The format's other reader.
TEST(LayerTiles, GdalReadsTheSameFeatures) {
  if (std::system("command -v ogrinfo >/dev/null 2>&1") != 0) GTEST_SKIP() << "ogrinfo is not installed";
  const auto folder = std::filesystem::temp_directory_path() / ("catchment-tiles-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  for (const int zoom : {9, 11, 13}) {
    const TileAddress t = tiles_over(city().map.box, zoom)[tiles_over(city().map.box, zoom).size() / 2];
    const std::string bytes = city().tiles.tile(t.zoom, t.x, t.y);
    ReadTile ours = test::read_tile(bytes);
    std::ofstream(folder / "tile.pbf", std::ios::binary) << bytes;
    const std::string sql =
        "\"SELECT COUNT(*) AS n, SUM(ST_Area(geometry)) AS a, MIN(ST_IsValid(geometry)) AS v FROM zones\"";
    const std::string command = "ogrinfo -q -dialect sqlite -sql " + sql +
                                " -oo CLIP=NO \"MVT:" + (folder / "tile.pbf").string() + "\" > " +
                                (folder / "out.txt").string() + " 2>&1";
    ASSERT_EQ(std::system(command.c_str()), 0);
    std::ifstream in(folder / "out.txt");
    const std::string text((std::istreambuf_iterator<char>(in)), {});
    double total = 0;
    for (const ReadFeature& zone : ours["zones"]) total += area(zone);
    const auto number = [&](const std::string& name) {
      const auto at = text.find(name + " (");
      return at == std::string::npos ? -1.0 : std::stod(text.substr(text.find("= ", at) + 2));
    };
    EXPECT_EQ(number("n"), static_cast<double>(ours["zones"].size())) << text;
    EXPECT_EQ(number("v"), 1) << text;
    EXPECT_NEAR(number("a") / total, 1, 1e-9) << text;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace catchment::tiles
