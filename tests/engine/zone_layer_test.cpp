#include "engine/matching/zone_layer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace catchment::engine {
namespace {

using geo::PointStatus;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int32_t kLon = 1'100'000'000, kLat = 360'000'000, kSide = 100'000;

Zone square(const std::string& id, std::int32_t west, std::vector<std::string> schools) {
  Zone zone;
  zone.id = id;
  zone.school_ids = std::move(schools);
  zone.shape = {{{{west, kLat}, {west + kSide, kLat}, {west + kSide, kLat + kSide}, {west, kLat + kSide}}, {}}};
  return zone;
}

std::vector<geo::ZoneNumber> numbers(const Match& match) {
  std::vector<geo::ZoneNumber> zones;
  for (const MatchedZone& m : match.zones) zones.push_back(m.zone);
  return zones;
}

struct ZoneLayerTest : testing::Test {
  std::vector<Zone> zones{square("A", kLon, {"s2", "s1"}), square("B", kLon + kSide, {"s3"})};
  ZoneLayer layer = ZoneLayer::build({Stage::primary, 2024, "general"}, zones);
};

TEST_F(ZoneLayerTest, PointWellInsideAnswersOneZoneAndItsSchools) {
  const Match match = layer.match({kLon + 50'000, kLat + 50'000}, 20);
  EXPECT_EQ(match.status, PointStatus::inside);
  EXPECT_THAT(numbers(match), ElementsAre(0));
  EXPECT_THAT(layer.zones()[0].school_ids, ElementsAre("s1", "s2"));
}

TEST_F(ZoneLayerTest, PointNearerToALineThanItsOwnErrorIsBoundaryAndNamesBothSides) {
  const geo::Point p{kLon + kSide - 1'000, kLat + 50'000};  // 9 m west of the shared line
  EXPECT_EQ(layer.match(p, 5).status, PointStatus::inside);
  const Match match = layer.match(p, 20);
  EXPECT_EQ(match.status, PointStatus::boundary);
  EXPECT_THAT(numbers(match), ElementsAre(0, 1));
  EXPECT_THAT(match.reason, HasSubstr("9.02 m"));
}

TEST_F(ZoneLayerTest, PointJustOutsideWithinItsErrorIsBoundary) {
  const Match match = layer.match({kLon - 1'000, kLat + 50'000}, 20);
  EXPECT_EQ(match.status, PointStatus::boundary);
  EXPECT_THAT(numbers(match), ElementsAre(0));
  EXPECT_EQ(layer.match({kLon - 1'000, kLat + 50'000}, 0).status, PointStatus::outside);
}

TEST_F(ZoneLayerTest, SnapshotKeepsZonesSchoolsAndAnswers) {
  geo::SnapshotWriter writer;
  save_layers(std::span(&layer, 1), writer);
  const std::vector<ZoneLayer> again = open_layers(geo::Snapshot::from_bytes(writer.bytes()));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].key(), layer.key());
  EXPECT_EQ(again[0].zones()[0].school_ids, layer.zones()[0].school_ids);
  EXPECT_THAT(numbers(again[0].match({kLon + 150'000, kLat + 10})), ElementsAre(1));
}

TEST_F(ZoneLayerTest, FingerprintTellsEveryChangeOfTheZones) {
  const std::uint64_t before = zones_fingerprint(zones);
  EXPECT_EQ(layer.fingerprint(), before);
  std::vector<Zone> moved = zones;
  ++moved[1].shape[0].shell[2].lon;
  EXPECT_NE(zones_fingerprint(moved), before);
  std::vector<Zone> renamed = zones;
  renamed[0].name += 'x';
  EXPECT_NE(zones_fingerprint(renamed), before);
  std::vector<Zone> swapped{zones[1], zones[0]};
  EXPECT_NE(zones_fingerprint(swapped), before);
}

}  // namespace
}  // namespace catchment::engine
