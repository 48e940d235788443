#include "engine/matching/city_soundness.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace catchment::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr geo::Point kCorner{1136000000, 347000000};
constexpr int kSide = 10000;  // about 92 m x 111 m

geo::Point at(double x, double y) {
  return {kCorner.lon + static_cast<int>(x * kSide), kCorner.lat + static_cast<int>(y * kSide)};
}

Zone zone(const std::string& id, double west, double east, std::vector<std::string> schools) {
  Zone z;
  z.id = id;
  z.name = id + "学区";
  z.school_ids = std::move(schools);
  z.shape = {{{at(west, 0), at(east, 0), at(east, 1), at(west, 1)}, {}}};
  return z;
}
School school(const std::string& id, const std::string& status = "open", const std::string& ownership = "public") {
  return {id, id + "小学", {Stage::primary}, status, ownership};
}
Campus campus(const std::string& id, const std::string& school_id, geo::Point p) { return {id, school_id, "", p}; }
Address address(const std::string& id, std::optional<geo::Point> p, double error_m = 0) {
  Address a;
  a.id = id;
  a.text = "桐柏路" + id + "号";
  a.position = p;
  a.error_m = error_m;
  return a;
}

const LayerKey kKey{Stage::primary, 2024, "general"};

std::vector<std::string> kinds(const std::vector<CityFinding>& findings) {
  std::vector<std::string> out;
  for (const CityFinding& f : findings) out.emplace_back(to_word(f.kind));
  return out;
}

TEST(CitySoundness, SchoolsInTheirZonesGiveNoFinding) {
  const ZoneLayer layer = ZoneLayer::build(kKey, std::vector<Zone>{zone("a", 0, 1, {"s1"}), zone("b", 1, 2, {"s2"})});
  const std::vector<School> schools{school("s1"), school("s2")};
  const std::vector<Campus> campuses{campus("c1", "s1", at(0.5, 0.5)), campus("c2", "s2", at(1.5, 0.5))};
  EXPECT_THAT(check_schools(layer, schools, campuses), IsEmpty());
}

TEST(CitySoundness, ZZ6EveryPublicOpenSchoolMustHaveAZone) {
  const ZoneLayer layer = ZoneLayer::build(kKey, std::vector<Zone>{zone("a", 0, 1, {"s1"})});
  const std::vector<School> schools{school("s1"),
                                    school("s2"),
                                    school("s3", "planned"),
                                    school("s4", "open", "private"),
                                    {"s5", "初中", {Stage::junior}, "open", "public"}};
  const std::vector<Campus> campuses{campus("c1", "s1", at(0.5, 0.5))};
  const std::vector<CityFinding> findings = check_schools(layer, schools, campuses);
  ASSERT_THAT(kinds(findings), ElementsAre("school_without_zone"));
  EXPECT_EQ(findings[0].school_id, "s2");
  EXPECT_EQ(findings[0].name, "s2小学");
  EXPECT_EQ(findings[0].severity, Severity::error);
  EXPECT_THAT(check_schools(layer, schools, campuses, {"s2"}), IsEmpty()) << "a zone of another kind names it";
}

TEST(CitySoundness, ZonesThatNameNoSchoolAnUnknownOrAClosedOneAreErrors) {
  const ZoneLayer layer = ZoneLayer::build(
      kKey, std::vector<Zone>{zone("a", 0, 1, {}), zone("b", 1, 2, {"nowhere"}), zone("c", 2, 3, {"shut"})});
  const std::vector<School> schools{school("shut", "closed")};
  const std::vector<Campus> campuses{campus("c", "shut", at(2.5, 0.5))};
  EXPECT_THAT(kinds(check_schools(layer, schools, campuses)),
              ElementsAre("zone_without_school", "zone_unknown_school", "zone_closed_school"));
}

TEST(CitySoundness, LayerThatNamesNoSchoolAtAllIsOneFinding) {
  const ZoneLayer layer = ZoneLayer::build(kKey, std::vector<Zone>{zone("a", 0, 1, {}), zone("b", 1, 2, {})});
  EXPECT_THAT(kinds(check_schools(layer, std::vector<School>{school("s1")}, {})), ElementsAre("layer_unlinked"));
}

TEST(CitySoundness, ZZ5CampusOutsideItsZoneIsReportedWithItsDistance) {
  const ZoneLayer layer = ZoneLayer::build(kKey, std::vector<Zone>{zone("a", 0, 1, {"s1"}), zone("b", 1, 2, {"s2"})});
  const std::vector<School> schools{school("s1"), school("s2")};
  const std::vector<Campus> campuses{campus("c1", "s1", at(1.5, 0.5)), campus("c2", "s2", at(1.5, 0.5))};
  const std::vector<CityFinding> findings = check_schools(layer, schools, campuses);
  ASSERT_THAT(kinds(findings), ElementsAre("campus_outside_zone"));
  EXPECT_EQ(findings[0].item_id, "c1");
  EXPECT_NEAR(findings[0].distance_m, 45.8, 0.5);
  EXPECT_THAT(findings[0].zone_ids, ElementsAre("a"));
}

TEST(CitySoundness, OneCampusInsideIsEnough) {
  const ZoneLayer layer = ZoneLayer::build(kKey, std::vector<Zone>{zone("a", 0, 1, {"s1"})});
  const std::vector<Campus> campuses{campus("c1", "s1", at(5, 5)), campus("c2", "s1", at(0.5, 0.5))};
  EXPECT_THAT(check_schools(layer, std::vector<School>{school("s1")}, campuses), IsEmpty());
}

TEST(CitySoundness, AddressesAreCountedByHowManyZonesTheyHave) {
  const ZoneLayer layer = ZoneLayer::build(
      kKey, std::vector<Zone>{zone("a", 0, 1, {"s1"}), zone("b", 0.9, 2, {"s2"}), zone("c", 2, 3, {"s3"})});
  AddressCheck check(layer, {});
  check.add(address("1", at(0.5, 0.5)));
  check.add(address("2", at(0.95, 0.5)));
  check.add(address("3", at(5, 0.5)));
  check.add(address("4", std::nullopt));
  check.add(address("5", at(2, 0.5)));
  const AddressTally& tally = check.tally();
  EXPECT_EQ(tally.total, 5);
  EXPECT_EQ(tally.one_zone, 2);
  EXPECT_EQ(tally.two_zones, 1);
  EXPECT_EQ(tally.no_zone, 1);
  EXPECT_EQ(tally.unplaced, 1);
  EXPECT_EQ(tally.near, 1) << "on the line counts as near whatever the limit";
  ASSERT_THAT(kinds(tally.examples),
              ElementsAre("address_in_two_zones", "address_without_zone", "address_unplaced", "address_near_boundary"));
  EXPECT_THAT(tally.examples[0].zone_ids, ElementsAre("a", "b"));
  EXPECT_EQ(tally.examples[0].name, "桐柏路2号");
  EXPECT_NEAR(tally.examples[1].distance_m, 183, 1);
}

TEST(CitySoundness, DeclaredSharedZonesAreNoConflict) {
  const ZoneLayer layer =
      ZoneLayer::build(kKey, std::vector<Zone>{zone("a", 0, 1, {"s1"}), zone("b", 0.5, 2, {"s2", "s3"})});
  AddressCheck check(layer, {});
  check.add(address("1", at(0.75, 0.5)));
  EXPECT_EQ(check.tally().shared, 1);
  EXPECT_EQ(check.tally().two_zones, 0);
  EXPECT_THAT(find_shared(layer), ElementsAre(false, true));
}

TEST(CitySoundness, NearIsTheLargerOfTheAddressesErrorAndTheLimitAsked) {
  const ZoneLayer layer = ZoneLayer::build(kKey, std::vector<Zone>{zone("a", 0, 1, {"s1"}), zone("b", 1, 2, {"s2"})});
  const geo::Point ten_metres_off = at(0.89, 0.5);
  AddressCheck none(layer, {});
  none.add(address("1", ten_metres_off));
  EXPECT_EQ(none.tally().near, 0);
  none.add(address("2", ten_metres_off, 15));
  EXPECT_EQ(none.tally().near, 1);
  AddressCheck twenty(layer, {.near_m = 20});
  twenty.add(address("1", ten_metres_off));
  ASSERT_EQ(twenty.tally().near, 1);
  EXPECT_THAT(twenty.tally().examples[0].zone_ids, ElementsAre("a", "b"));
}

TEST(CitySoundness, ExamplesStopAtTheirLimitAndCountersDoNot) {
  const ZoneLayer layer = ZoneLayer::build(kKey, std::vector<Zone>{zone("a", 0, 1, {"s1"})});
  AddressCheck check(layer, {.examples = 3});
  for (int i = 0; i < 10; ++i) check.add(address(std::to_string(i), at(5, 5)));
  EXPECT_EQ(check.tally().no_zone, 10);
  EXPECT_THAT(check.tally().examples, testing::SizeIs(3));
}

}  // namespace
}  // namespace catchment::engine
