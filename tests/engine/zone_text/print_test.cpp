#include "engine/zone_text/print.hpp"

#include <gmock/gmock.h>

#include "engine/zone_text/parse.hpp"
#include "tests/support/grid_city.hpp"

namespace catchment::engine::zone_text {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::Block;
using tests::GridCity;

PrintZone zone_of(const GridCity& city, const std::vector<Block>& blocks) {
  PrintZone zone;
  zone.school = "示范小学";
  zone.shape = city.region_of(blocks);
  zone.seeds = {city.centre(blocks.front())};
  return zone;
}

std::vector<geo::EntryId> entries(const GridCity& city, const std::function<bool(const tests::Door&)>& wanted) {
  std::vector<geo::EntryId> out;
  for (const tests::Door& door : city.doors()) {
    if (wanted(door)) out.push_back(*city.gazetteer().find_id(door.id));
  }
  return out;
}

TEST(Print, ARectangleOfBlocksIsFourBounds) {
  const GridCity city;
  const Printed printed = print_zone(zone_of(city, GridCity::rectangle(1, 1, 3, 3)), city.ground());
  EXPECT_EQ(printed.text, "东至" + city.column_name(4) + "，南至" + city.row_name(1) + "，西至" + city.column_name(1) +
                              "，北至" + city.row_name(4) + "的区域。");
  EXPECT_THAT(printed.forms, ElementsAre(PrintForm::four_bounds));
  EXPECT_EQ(printed.changed, 0u);
  EXPECT_GE(printed.iou, 0.999);
}

TEST(Print, AnLIsARingFromTheNorthWestClockwise) {
  const GridCity city;
  const Printed printed = print_zone(zone_of(city, {{1, 1}, {2, 1}, {1, 2}}), city.ground());
  EXPECT_THAT(printed.text, testing::StartsWith("由" + city.row_name(3)));
  EXPECT_THAT(printed.text, HasSubstr("围合的区域"));
  EXPECT_EQ(printed.changed, 0u) << printed.text;
  EXPECT_GE(printed.iou, 0.999);
}

TEST(Print, AHoleIsTakenOutByName) {
  const GridCity city;
  std::vector<Block> blocks = GridCity::rectangle(0, 0, 2, 2);
  std::erase(blocks, Block{1, 1});
  const Printed printed = print_zone(zone_of(city, blocks), city.ground());
  EXPECT_THAT(printed.text, HasSubstr("（" + city.block_name({1, 1}) + "除外）"));
  EXPECT_EQ(printed.changed, 0u) << printed.text;
}

TEST(Print, PartsStandOneALineFromTheNorth) {
  const GridCity city;
  const Printed printed = print_zone(zone_of(city, {{1, 1}, {1, 4}}), city.ground());
  const std::size_t north = printed.text.find(city.row_name(4));
  const std::size_t south = printed.text.find("；\n");
  EXPECT_LT(north, south) << printed.text;
  EXPECT_EQ(printed.forms.size(), 2u);
  EXPECT_EQ(printed.changed, 0u) << printed.text;
}

TEST(Print, DoorsThatBelongElsewhereAreExceptionsByRange) {
  const GridCity city;
  PrintZone zone = zone_of(city, GridCity::rectangle(1, 1, 2, 2));
  const std::string& street = city.row_name(4);
  zone.added = entries(city, [&](const tests::Door& d) {
    return d.street == street && d.lane == 0 && d.number >= 22 && d.number <= 28 && d.number % 2 == 0;
  });
  ASSERT_FALSE(zone.added.empty());
  const Printed printed = print_zone(zone, city.ground());
  EXPECT_THAT(printed.text, HasSubstr("；\n" + street + "22-28号（双号）。"));
  EXPECT_EQ(printed.changed, 0u);
}

TEST(Print, NeighboursSayTheSameOfADoorThatWentOver) {
  const GridCity city;
  PrintZone west = zone_of(city, GridCity::rectangle(1, 1, 2, 2));
  PrintZone east = zone_of(city, GridCity::rectangle(3, 1, 3, 2));
  const std::string estate = city.estate_name({3, 0}).empty() ? city.estate_name({2, 1}) : city.estate_name({2, 1});
  ASSERT_FALSE(estate.empty());
  const auto moved = entries(city, [&](const tests::Door& d) { return d.estate == estate; });
  west.removed = moved;
  east.added = moved;
  const std::vector<PrintZone> both{west, east};
  const std::vector<Printed> printed = print_zones(both, city.ground());
  EXPECT_THAT(printed[0].text, HasSubstr(estate + "除外"));
  EXPECT_THAT(printed[1].text, HasSubstr("；\n" + estate + "。"));
  EXPECT_EQ(printed[0].changed + printed[1].changed, 0u);
}

TEST(Print, BothSidesOfABoundaryStreetAreFrontageWords) {
  const GridCity city;
  PrintZone zone = zone_of(city, GridCity::rectangle(1, 1, 2, 2));
  const std::string& street = city.column_name(1);  // the zone's west side; odd numbers stand west of it
  const auto odd = [&](const tests::Door& d) {
    return d.street == street && d.number % 2 == 1 && (d.block.row == 1 || d.block.row == 2);
  };
  zone.added = entries(city, odd);
  ASSERT_GE(zone.added.size(), 10u);
  const Printed printed = print_zone(zone, city.ground());
  EXPECT_THAT(printed.text, HasSubstr("西至" + street + "（含路两侧）"));
  EXPECT_EQ(printed.exceptions, 0u) << printed.text;
  EXPECT_EQ(printed.changed, 0u);
  EXPECT_EQ(printed.allowed, zone.added);
}

TEST(Print, ABoundaryStreetWhoseDoorsAllBelongElsewhereIsLeftOut) {
  const GridCity city;
  PrintZone zone = zone_of(city, GridCity::rectangle(1, 1, 2, 2));
  const std::string& street = city.column_name(1);
  zone.removed = entries(city, [&](const tests::Door& d) {
    return d.street == street && d.number % 2 == 0 && (d.block.row == 1 || d.block.row == 2);
  });
  const Printed printed = print_zone(zone, city.ground());
  EXPECT_EQ(printed.changed, 0u) << printed.text;
  EXPECT_THAT(printed.text, HasSubstr("西至" + street + "（不含" + street + "）"));
  EXPECT_EQ(printed.denied, zone.removed) << printed.text;
}

TEST(Print, DoorsOfAVillageGroupAreReadAsPrinted) {
  EXPECT_EQ(to_text(parse_zone_text("昌阳村7组3-4号、8组1号、9组")),
            "(addresses (village 昌阳村 group=7{3..4} group=8{1} group=9))");
}

TEST(Print, ATextOverTheLimitSaysSo) {
  const GridCity city;
  PrintOptions options;
  options.max_bytes = 40;
  const Printed printed = print_zone(zone_of(city, GridCity::rectangle(1, 1, 3, 3)), city.ground(), options);
  EXPECT_THAT(printed.findings, testing::Contains(testing::Field(&Finding::kind, FindingKind::untold)));
}

TEST(Print, ABoundaryDrawnBesideItsLinesIsSaidByThemWithAFinding) {
  const GridCity city;
  PrintZone zone = zone_of(city, GridCity::rectangle(1, 1, 3, 3));
  const std::string text = print_zone(zone, city.ground()).text;
  for (geo::Point& p : zone.shape.front().shell) p = {p.lon + 300, p.lat - 250};
  const Printed printed = print_zone(zone, city.ground());
  EXPECT_EQ(printed.text, text);
  EXPECT_EQ(printed.changed, 0u);
  EXPECT_LT(printed.iou, 0.999);
  EXPECT_THAT(printed.findings, testing::Contains(testing::Field(&Finding::kind, FindingKind::unnamed_edge)));
}

TEST(Print, WholeCommunitiesAreNamedWhereThatIsShorterThanTheirEdges) {
  const GridCity city;
  std::vector<Block> blocks = GridCity::rectangle(0, 0, 1, 1);
  for (const Block b : GridCity::rectangle(2, 2, 3, 3)) blocks.push_back(b);
  for (const Block b : GridCity::rectangle(0, 2, 1, 3)) blocks.push_back(b);
  const Printed printed = print_zone(zone_of(city, blocks), city.ground());
  for (const Block b : {Block{0, 0}, Block{2, 2}, Block{0, 2}}) {
    EXPECT_THAT(printed.text, HasSubstr(city.community_name(b)));
  }
  EXPECT_EQ(printed.changed, 0u) << printed.text;
  EXPECT_GE(printed.iou, 0.999);
}

TEST(Print, AnEdgeAlongNoLineIsAFindingWithItsLength) {
  const GridCity city;
  PrintZone zone = zone_of(city, {{1, 1}});
  zone.shape = {{{city.node(1, 1), city.node(2, 1), city.node(1, 2)}, {}}};
  const Printed printed = print_zone(zone, city.ground());
  EXPECT_THAT(printed.findings, testing::Contains(testing::Field(&Finding::kind, FindingKind::unnamed_edge)));
}

}  // namespace
}  // namespace catchment::engine::zone_text
