#include "geo/zone_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>

#include "geo/input_error.hpp"
#include "geo/zone_index_batch.hpp"
#include "tests/support/brute_force.hpp"
#include "tests/support/random.hpp"

namespace catchment::geo {
namespace {

using test::Random;
using testing::ElementsAre;
using testing::IsEmpty;

MultiPolygon box(std::int32_t west, std::int32_t south, std::int32_t east, std::int32_t north) {
  return {{{{west, south}, {east, south}, {east, north}, {west, north}}, {}}};
}

std::vector<ZoneNumber> to_vector(std::span<const ZoneNumber> zones) { return {zones.begin(), zones.end()}; }

std::vector<ZoneNumber> half_open_zones(const ZoneIndex& index, Point p) {
  return to_vector(index.zones_of(index.face_at(p).face()));
}

std::vector<ZoneNumber> numbers(const std::vector<ZoneMargin>& margins) {
  std::vector<ZoneNumber> zones;
  for (const ZoneMargin& m : margins) zones.push_back(m.zone);
  return zones;
}

// Two squares 1 km on a side, sharing the line lon = 1100100000, at about 36 degrees north.
struct TwoZones : testing::Test {
  static constexpr std::int32_t kLon = 1'100'000'000, kLat = 360'000'000, kSide = 100'000;
  std::vector<MultiPolygon> zones{box(kLon, kLat, kLon + kSide, kLat + kSide),
                                  box(kLon + kSide, kLat, kLon + 2 * kSide, kLat + kSide)};
  ZoneIndex index = ZoneIndex::build(zones);
};

TEST_F(TwoZones, InteriorPointIsInsideOneZone) {
  const Location at = index.locate({kLon + 30'000, kLat + 50'000});
  EXPECT_EQ(at.status, PointStatus::inside);
  EXPECT_THAT(numbers(at.zones), ElementsAre(0));
  EXPECT_THAT(at.zones[0].across, IsEmpty());
  EXPECT_NEAR(at.zones[0].margin_m, flat_distance_m({kLon + 30'000, kLat + 50'000}, {kLon, kLat + 50'000}), 1e-6);
}

TEST_F(TwoZones, MarginNamesTheZoneAcrossTheNearestLine) {
  const Point p{kLon + kSide - 100, kLat + 50'000};
  const Location at = index.locate(p);
  ASSERT_THAT(numbers(at.zones), ElementsAre(0));
  EXPECT_THAT(at.zones[0].across, ElementsAre(1));
  EXPECT_NEAR(at.zones[0].margin_m, 0.902, 0.001);  // 100 units of longitude at 36 degrees north
  EXPECT_EQ(at.zones[0].nearest, (Point{kLon + kSide, kLat + 50'000}));
}

TEST_F(TwoZones, PointOnSharedEdgeReportsBothZonesAndOneFace) {
  const Location at = index.locate({kLon + kSide, kLat + 50'000});
  EXPECT_EQ(at.status, PointStatus::boundary);
  EXPECT_THAT(numbers(at.zones), ElementsAre(0, 1));
  EXPECT_EQ(at.zones[0].margin_m, 0.0);
  EXPECT_THAT(at.zones[0].across, ElementsAre(1));
  EXPECT_THAT(to_vector(index.zones_of(at.face)), ElementsAre(1));  // nudged east
}

TEST_F(TwoZones, CornerBelongsToTheFaceToItsNorthEast) {
  EXPECT_THAT(half_open_zones(index, {kLon, kLat}), ElementsAre(0));
  EXPECT_THAT(half_open_zones(index, {kLon + kSide, kLat}), ElementsAre(1));
  EXPECT_THAT(half_open_zones(index, {kLon, kLat + kSide}), IsEmpty());
  EXPECT_TRUE(index.face_at({kLon, kLat + kSide}).on_boundary());
}

TEST_F(TwoZones, OutsidePointNamesTheNearestZoneWithinTheLimit) {
  const Point p{kLon + 2 * kSide + 1'000, kLat + 50'000};
  const Location at = index.locate(p);
  EXPECT_EQ(at.status, PointStatus::outside);
  ASSERT_TRUE(at.nearest.has_value());
  EXPECT_EQ(at.nearest->zone, 1u);
  EXPECT_NEAR(at.nearest->margin_m, 9.02, 0.01);
  EXPECT_FALSE(index.locate(p, 5).nearest.has_value());
}

TEST_F(TwoZones, SharedLineIsStoredOnceWithBothSides) {
  const auto shared = std::ranges::find_if(index.borders(), [](const Border& b) {
    return b.a == Point{kLon + kSide, kLat} && b.b == Point{kLon + kSide, kLat + kSide};
  });
  ASSERT_NE(shared, index.borders().end());
  EXPECT_THAT(to_vector(index.zone_set(shared->left)), ElementsAre(0));
  EXPECT_THAT(to_vector(index.zone_set(shared->right)), ElementsAre(1));
  EXPECT_EQ(index.borders().size(), 7u);
}

TEST_F(TwoZones, OneUnitBesideTheLineIsNotBoundary) {
  for (const std::int32_t step : {-1, 1}) {
    const Location at = index.locate({kLon + kSide + step, kLat + 50'000});
    EXPECT_EQ(at.status, PointStatus::inside);
    EXPECT_GT(at.zones[0].margin_m, 0);
  }
}

TEST(ZoneIndex, OverlappingZonesAreBothNamed) {
  const std::vector<MultiPolygon> zones{box(0, 0, 1000, 1000), box(500, 500, 1500, 1500)};
  const ZoneIndex index = ZoneIndex::build(zones);
  const Location at = index.locate({700, 700});
  EXPECT_EQ(at.status, PointStatus::overlap);
  EXPECT_THAT(numbers(at.zones), ElementsAre(0, 1));
  EXPECT_EQ(index.face_count(), 4u);  // none, first, both, second
}

// A neighbour with one vertex more on the shared edge: exactly on it, so there is neither gap nor overlap.
TEST(ZoneIndex, VertexThatOnlyOneNeighbourHasHidesNothing) {
  MultiPolygon east = box(100'000, 0, 200'000, 100'000);
  east[0].shell.insert(east[0].shell.begin() + 4, {100'000, 40'000});
  const ZoneIndex index = ZoneIndex::build(std::vector<MultiPolygon>{box(0, 0, 100'000, 100'000), east});
  EXPECT_EQ(index.face_count(), 3u);
  for (const std::int32_t lat : {20'000, 40'000, 70'000}) {
    EXPECT_THAT(index.margin({99'000, lat}, 0).across, ElementsAre(1)) << lat;
    EXPECT_THAT(index.margin({101'000, lat}, 1).across, ElementsAre(0)) << lat;
    EXPECT_THAT(numbers(index.locate({100'000, lat}).zones), ElementsAre(0, 1)) << lat;
    EXPECT_THAT(index.locate({100'000, lat}).zones[0].across, ElementsAre(1)) << lat;
  }
}

TEST(ZoneIndex, ZoneOverBothSidesOfALineIsAcrossIt) {
  const ZoneIndex index =
      ZoneIndex::build(std::vector<MultiPolygon>{box(0, 0, 1000, 1000), box(-500, -500, 3000, 3000)});
  EXPECT_THAT(index.margin({990, 500}, 0).across, ElementsAre(1));
}

TEST(ZoneIndex, SeamBetweenPartsOfOneZoneIsNoBoundary) {
  MultiPolygon zone = box(0, 0, 100, 100);
  zone.push_back(box(100, 0, 200, 100).front());
  const ZoneIndex index = ZoneIndex::build(std::vector<MultiPolygon>{zone});
  EXPECT_EQ(index.locate({100, 50}).status, PointStatus::inside);
}

TEST(ZoneIndex, HoleIsOutside) {
  MultiPolygon zone = box(0, 0, 900, 900);
  zone[0].holes.push_back({{300, 300}, {300, 600}, {600, 600}, {600, 300}});
  const ZoneIndex index = ZoneIndex::build(std::vector<MultiPolygon>{zone});
  EXPECT_EQ(index.locate({450, 450}).status, PointStatus::outside);
  EXPECT_EQ(index.locate({300, 450}).status, PointStatus::boundary);
  EXPECT_EQ(index.locate({299, 450}).status, PointStatus::inside);
}

TEST(ZoneIndex, EmptyLayerAndEmptyZonesAnswerOutside) {
  EXPECT_EQ(ZoneIndex::build({}).locate({5, 5}).status, PointStatus::outside);
  const ZoneIndex index = ZoneIndex::build(std::vector<MultiPolygon>{{}, box(0, 0, 10, 10), {}});
  EXPECT_THAT(numbers(index.locate({5, 5}).zones), ElementsAre(1));
  EXPECT_EQ(index.locate({50, 5}).status, PointStatus::outside);
  std::vector<FaceHit> hits(1);
  ZoneIndex::build({}).faces_at(std::vector<Point>{{5, 5}}, hits);
  EXPECT_EQ(hits[0].face(), kNoFace);
}

TEST(ZoneIndex, RefusesALayerTooWideForExactProducts) {
  const std::vector<MultiPolygon> zones{box(-1'000'000'000, 0, 1'000'000'000, 10)};
  EXPECT_THROW(ZoneIndex::build(zones), InputError);
}

TEST(ZoneIndex, EveryBatchKernelGivesTheSameAnswers) {
  if (find_avx512_kernel() == nullptr) GTEST_SKIP() << "this processor has no AVX-512";
  Random random(1);
  std::vector<MultiPolygon> zones;
  for (int i = 0; i < 20; ++i) zones.push_back(box(i * 100, i * 70, i * 100 + 130, i * 70 + 90));
  const ZoneIndex index = ZoneIndex::build(zones);
  for (const std::size_t count : {1u, 127u, 128u, 1000u}) {
    std::vector<Degrees> places(count);
    for (Degrees& d : places) {
      d = {random.between(-100, 2500) * 1e-7, random.between(-100, 2000) * 1e-7};
      if (random.between(0, 9) == 0) d.lon = random.between(0, 1) == 0 ? 181 : std::nan("");
      if (random.between(0, 9) == 0) d.lat = random.between(0, 1) == 0 ? -90.5 : 1e300;
    }
    std::vector<FaceHit> wide(count), baseline(count);
    index.faces_at(places, wide);
    find_faces(index.tables(), places, baseline, kBaselineKernel);
    EXPECT_EQ(wide, baseline);
  }
}

TEST(ZoneIndex, PositionsOffTheGlobeHaveNoFace) {
  const ZoneIndex index = ZoneIndex::build(std::vector<MultiPolygon>{box(-100, -100, 100, 100)});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Degrees> places{{0, 0}, {nan, 0}, {0, 1e300}, {181, 0}, {0, -91}};
  std::vector<FaceHit> hits(places.size());
  index.faces_at(places, hits);
  EXPECT_EQ(hits[0].face(), 1u);
  for (std::size_t i = 1; i < hits.size(); ++i) EXPECT_EQ(hits[i].face(), kNoFace) << i;
}

// --- against the definition ---------------------------------------------------------------------------------------

// A star of `spikes` arms: concave, with vertices anywhere on a small lattice so that vertices, edges and even whole
// pieces of different zones meet.
MultiPolygon random_star(Random& random, std::int32_t extent, std::int32_t lattice) {
  const std::int32_t x = random.between(0, extent), y = random.between(0, extent);
  const int arms = random.between(3, 12);
  Ring ring;
  for (int i = 0; i < arms; ++i) {
    const double angle = 2 * std::numbers::pi * i / arms;
    const double radius = random.between(extent / 20, extent / 3);
    const auto snap = [&](double v) { return static_cast<std::int32_t>(std::lround(v / lattice)) * lattice; };
    ring.push_back({snap(x + radius * std::cos(angle)), snap(y + radius * std::sin(angle))});
  }
  return {{ring, {}}};
}

constexpr std::uint64_t kWorlds = 300;

void check_against_definition(std::uint64_t seed) {
  Random random(seed);
  const std::int32_t extent = 1 << random.between(6, 24);
  const std::int32_t lattice = std::max(1, extent >> random.between(3, 20));
  std::vector<MultiPolygon> zones;
  for (int i = random.between(1, 12); i > 0; --i) zones.push_back(random_star(random, extent, lattice));
  const ZoneIndex index = ZoneIndex::build(zones);

  std::vector<Point> points;
  for (int i = 0; i < 500; ++i)
    points.push_back({random.between(-extent, 2 * extent), random.between(-extent, 2 * extent)});
  for (int i = 0; i < 500; ++i) {
    points.push_back(
        {random.between(-3, extent / lattice + 3) * lattice, random.between(-3, extent / lattice + 3) * lattice});
  }
  for (const Border& b : index.borders()) {
    for (std::int32_t dx = -1; dx <= 1; ++dx) {
      for (std::int32_t dy = -1; dy <= 1; ++dy) points.push_back({b.a.lon + dx, b.a.lat + dy});
    }
    points.push_back({(b.a.lon + b.b.lon) / 2, (b.a.lat + b.b.lat) / 2});
  }
  std::vector<FaceHit> hits(points.size());
  index.faces_at(points, hits, 2);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Point p = points[i];
    const test::BruteAnswer truth = test::brute_force(zones, p);
    ASSERT_EQ(hits[i], index.face_at(p));
    ASSERT_EQ(to_vector(index.zones_of(hits[i].face())), truth.half_open) << p.lon << ' ' << p.lat;
    ASSERT_EQ(hits[i].on_boundary(), truth.boundary) << p.lon << ' ' << p.lat;
    if (i % 16 == 0) {
      ASSERT_EQ(numbers(index.locate(p).zones), truth.covering);
    }
  }
}

TEST(OverlappingZones, EveryAnswerEqualsTheDefinition) {
  for (std::uint64_t seed = 0; seed < kWorlds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    check_against_definition(seed);
  }
}

void check_margins(std::uint64_t seed) {
  Random random(seed + 1000);
  const std::int32_t extent = 1 << random.between(10, 24);
  std::vector<MultiPolygon> zones;
  for (int i = random.between(1, 8); i > 0; --i) zones.push_back(random_star(random, extent, 1));
  const ZoneIndex index = ZoneIndex::build(zones);
  for (int i = 0; i < 50; ++i) {
    const Point p{random.between(-extent, 2 * extent), random.between(-extent, 2 * extent)};
    for (const ZoneMargin& m : index.locate(p).zones) {
      double least = std::numeric_limits<double>::infinity();
      for_each_ring(zones[m.zone], [&](const Ring& ring) {
        for (std::size_t k = 0; k < ring.size(); ++k) {
          const LocalScale s = local_scale(p.lat);
          const Point a = ring[k], b = ring[(k + 1) % ring.size()];
          const double ax = (double(a.lon) - p.lon) * s.lon_m, ay = (double(a.lat) - p.lat) * s.lat_m;
          const double dx = (double(b.lon) - a.lon) * s.lon_m, dy = (double(b.lat) - a.lat) * s.lat_m;
          const double d2 = dx * dx + dy * dy;
          const double t = d2 > 0 ? std::clamp(-(ax * dx + ay * dy) / d2, 0.0, 1.0) : 0.0;
          least = std::min(least, std::hypot(ax + t * dx, ay + t * dy));
        }
      });
      ASSERT_NEAR(m.margin_m, least, 1e-6 + least * 1e-9);
    }
  }
}

TEST(OverlappingZones, MarginIsTheDistanceToTheNearestLineOfTheZone) {
  for (std::uint64_t seed = 0; seed < kWorlds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    check_margins(seed);
  }
}

void check_snapshot(std::uint64_t seed) {
  Random random(seed + 2000);
  std::vector<MultiPolygon> zones;
  for (int i = 0; i < 5; ++i) zones.push_back(random_star(random, 100'000, 1));
  const ZoneIndex index = ZoneIndex::build(zones);
  SnapshotWriter writer;
  index.save(writer, "layer/0/");
  const std::vector<std::byte> bytes = writer.bytes();
  const ZoneIndex again = ZoneIndex::open(Snapshot::from_bytes(bytes), "layer/0/");
  for (int i = 0; i < 200; ++i) {
    const Point p{random.between(0, 100'000), random.between(0, 100'000)};
    ASSERT_EQ(index.face_at(p), again.face_at(p));
  }
  SnapshotWriter rewriter;
  again.save(rewriter, "layer/0/");
  ASSERT_EQ(rewriter.bytes(), bytes);
}

TEST(OverlappingZones, SnapshotAnswersAsTheIndexItWasMadeFrom) {
  for (std::uint64_t seed = 0; seed < kWorlds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    check_snapshot(seed);
  }
}

}  // namespace
}  // namespace catchment::geo
