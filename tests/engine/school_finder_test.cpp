// Rows built by hand: every status, the order of precedence, households, modes. Serves ZZ5, ZZ6, ZZ8, PD12, GY17.
#include "engine/matching/school_finder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/finder_world.hpp"

namespace catchment::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using tests::FinderWorld;
using tests::household;
using tests::numbers;
using tests::rectangle;
using tests::RowMaker;
using tests::schools_of;
using zone_text::AllocationMode;
using zone_text::HouseholdKind;
using zone_text::Parity;
using zone_text::RuleEffect;
using zone_text::RuleLevel;

class SchoolFinderTest : public ::testing::Test {
 protected:
  static const FinderWorld& world() {
    static const FinderWorld made;
    return made;
  }
  static RowMaker row(const std::string& id, const std::string& school) { return world().row(id, school); }
  static FinderAnswer at(const SchoolFinder& finder, const std::string& entry, const std::string& facts = "",
                         const std::string& primary = "") {
    ChildQuery query;
    query.household = parse_household_facts(facts, "test");
    query.primary_school_id = primary;
    return finder.find_entry(world().entry(entry), query);
  }
  static FinderAnswer typed(const SchoolFinder& finder, const std::string& text) {
    ChildQuery query;
    query.address = text;
    return finder.find(query);
  }
};

TEST_F(SchoolFinderTest, AnswerCarriesClauseNoticePlaceAndPhone) {
  RowMaker a = row("1", "A");
  a.rule("柏山社区", RuleLevel::community, "柏山社区");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  const FinderAnswer answer = at(world().finder({a}), "S1");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  ASSERT_THAT(schools_of(answer), ElementsAre("A"));
  ASSERT_EQ(answer.schools[0].fired.size(), 1u);
  const Fired& fired = answer.schools[0].fired[0];
  EXPECT_EQ(fired.quote, "松岭社区");
  EXPECT_EQ(fired.span.begin, std::string("柏山社区；").size());
  EXPECT_EQ(fired.row_id, "1");
  EXPECT_EQ(fired.notice_id, "N");
  EXPECT_EQ(fired.place, "sheet 1, row 1");
  EXPECT_EQ(fired.level, RuleLevel::community);
  EXPECT_EQ(answer.phone, "00-101");
  EXPECT_FALSE(answer.reason.empty());
}

TEST_F(SchoolFinderTest, AZoneToldAsTheSameIsSharedAFormerOneContradicts) {
  for (const bool former : {false, true}) {
    RowMaker a = row("1", "A"), b = row("2", "B");
    a.rule("松岭社区", RuleLevel::community, "松岭社区");
    b.rule(former ? "原甲小学招生范围" : "同甲小学", RuleLevel::community, "松岭社区");
    b.borrow(former);
    const FinderAnswer answer = at(world().finder({a, b}), "S1");
    EXPECT_EQ(answer.status, former ? FinderStatus::undetermined : FinderStatus::definite);
    EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
  }
}

TEST_F(SchoolFinderTest, AnUnresolvedReferenceMakesUndeterminedOfNoZoneOnly) {
  RowMaker a = row("1", "A"), b = row("2", "B");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  b.unresolved("同无名小学");
  const SchoolFinder finder = world().finder({a, b});
  EXPECT_EQ(at(finder, "S1").status, FinderStatus::definite);
  EXPECT_EQ(at(finder, "S79").status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(at(finder, "S79")), ElementsAre("B"));
}

TEST_F(SchoolFinderTest, RowsOwnPhoneComesBeforeTheNotices) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  a.row().phone = "00-202";
  EXPECT_EQ(at(world().finder({a}), "S1").phone, "00-202");
}

// Precedence: number > estate > restricted community > community > polygon; the weaker are reported overridden.
TEST_F(SchoolFinderTest, StrongestLevelDecidesAndTheOthersAreReported) {
  std::vector<RowMaker> rows;
  rows.push_back(row("1", "polygon"));
  rows.back().region("松涛路以北", rectangle(0, 200, 800, 400));
  rows.push_back(row("2", "community"));
  rows.back().rule("松岭社区", RuleLevel::community, "松岭社区");
  rows.push_back(row("3", "restricted"));
  rows.back().rule("松岭社区（只招…）", RuleLevel::restricted_community, "松岭社区");
  rows.push_back(row("4", "estate"));
  rows.back().rule("翠湖花园", RuleLevel::estate, "翠湖花园");
  rows.push_back(row("5", "number"));
  rows.back().rule("翠湖花园2号楼", RuleLevel::number, "翠湖花园").numbers = {[] {
    zone_text::NumberRange range = numbers(2, 2);
    range.unit = range.to_unit = zone_text::NumberUnit::building;
    return range;
  }()};
  while (rows.size() > 0) {
    const FinderAnswer answer = at(world().finder(rows), "B2");
    EXPECT_EQ(answer.status, FinderStatus::definite);
    EXPECT_THAT(schools_of(answer), ElementsAre(rows.back().row().school_id));
    EXPECT_EQ(answer.against.size(), rows.size() - 1);
    for (const Fired& fired : answer.against) EXPECT_TRUE(fired.overridden);
    rows.pop_back();
  }
}

TEST_F(SchoolFinderTest, DenialSilencesOnlyItsOwnSchool) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  a.rule("松涛路3号除外", RuleLevel::denial, "松涛路", RuleEffect::deny).numbers = {numbers(3, 3)};
  RowMaker b = row("2", "B");
  b.region("松涛路以北", rectangle(0, 200, 800, 400));
  const SchoolFinder finder = world().finder({a, b});
  const FinderAnswer denied = at(finder, "S3");
  EXPECT_EQ(denied.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(denied), ElementsAre("B"));
  ASSERT_EQ(denied.against.size(), 1u);
  EXPECT_EQ(denied.against[0].school_id, "A");
  EXPECT_EQ(denied.against[0].level, RuleLevel::denial);
  EXPECT_EQ(denied.against[0].quote, "松涛路3号除外");
  EXPECT_THAT(schools_of(at(finder, "S5")), ElementsAre("A"));
}

TEST_F(SchoolFinderTest, ComplementPairGivesEveryDoorExactlyOneSchool) {
  RowMaker a = row("1", "A");
  a.rule("松涛路（单号，21号除外）", RuleLevel::number, "松涛路").numbers = {numbers(0, 0, Parity::odd)};
  a.rule("21号除外", RuleLevel::denial, "松涛路", RuleEffect::deny).numbers = {numbers(21, 21)};
  RowMaker b = row("2", "B");
  b.rule("松涛路（双号）", RuleLevel::number, "松涛路").numbers = {numbers(0, 0, Parity::even)};
  b.rule("松涛路21号", RuleLevel::number, "松涛路").numbers = {numbers(21, 21)};
  const SchoolFinder finder = world().finder({a, b});
  for (int door = 1; door <= 80; ++door) {
    const FinderAnswer answer = at(finder, "S" + std::to_string(door));
    EXPECT_EQ(answer.status, FinderStatus::definite) << door;
    EXPECT_THAT(schools_of(answer), ElementsAre(door % 2 == 0 || door == 21 ? "B" : "A")) << door;
  }
}

// H1: two children at one address, two schools.
TEST_F(SchoolFinderTest, TwoHouseholdsAtOneAddressGoToTwoSchools) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区（原村民除外）", RuleLevel::community, "松岭社区").households = {
      household(HouseholdKind::native_villager, "松岭村", true)};
  RowMaker b = row("2", "B");
  b.rule("松岭社区（只招原村民子弟）", RuleLevel::community, "松岭社区").households = {
      household(HouseholdKind::native_villager, "松岭村")};
  const SchoolFinder finder = world().finder({a, b});
  EXPECT_THAT(schools_of(at(finder, "S1", "native_villager=松岭村")), ElementsAre("B"));
  EXPECT_THAT(schools_of(at(finder, "S1", "native_villager=柏山村")), ElementsAre("A"));
  EXPECT_THAT(schools_of(at(finder, "S1", "native_villager=no")), ElementsAre("A"));
  const FinderAnswer unknown = at(finder, "S1");
  EXPECT_EQ(unknown.status, FinderStatus::household_dependent);
  ASSERT_THAT(schools_of(unknown), ElementsAre("A", "B"));
  ASSERT_EQ(unknown.schools[0].depends_on.size(), 1u);
  EXPECT_TRUE(unknown.schools[0].depends_on[0].excluded);
  EXPECT_FALSE(unknown.schools[1].depends_on[0].excluded);
  EXPECT_EQ(unknown.schools[1].depends_on[0].who, "松岭村");
  ASSERT_EQ(finder.questions().size(), 1u);
}

TEST_F(SchoolFinderTest, ConditionThatFailsFallsBackToTheNextLevel) {
  RowMaker a = row("1", "A");
  a.rule("翠湖花园（只招人户一致）", RuleLevel::estate, "翠湖花园").households = {
      household(HouseholdKind::hukou_residence)};
  RowMaker b = row("2", "B");
  b.region("松涛路以北", rectangle(0, 200, 800, 400));
  const SchoolFinder finder = world().finder({a, b});
  EXPECT_THAT(schools_of(at(finder, "B1", "hukou_residence=yes")), ElementsAre("A"));
  EXPECT_THAT(schools_of(at(finder, "B1", "hukou_residence=no")), ElementsAre("B"));
  const FinderAnswer unknown = at(finder, "B1");
  EXPECT_EQ(unknown.status, FinderStatus::household_dependent);
  EXPECT_THAT(schools_of(unknown), ElementsAre("A", "B"));
  EXPECT_TRUE(unknown.schools[1].depends_on.at(0).excluded) << "B has it if the household is not so";
}

TEST_F(SchoolFinderTest, FactThatChangesNothingIsNotAskedFor) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  RowMaker b = row("2", "B");
  b.region("松涛路以北（只招集体户）", rectangle(0, 200, 800, 400)).households = {
      household(HouseholdKind::collective_hukou)};
  const FinderAnswer answer = at(world().finder({a, b}), "S1");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(answer), ElementsAre("A"));
}

TEST_F(SchoolFinderTest, UndecidableWordsNameAllWhoMayBeMeant) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区的部分", RuleLevel::community, "松岭社区", RuleEffect::undetermined);
  RowMaker b = row("2", "B");
  b.rule("松岭社区的部分", RuleLevel::community, "松岭社区", RuleEffect::undetermined);
  RowMaker c = row("3", "C");
  c.rule("松涛路1号", RuleLevel::number, "松涛路").numbers = {numbers(1, 1)};
  const SchoolFinder finder = world().finder({a, b, c});
  const FinderAnswer open = at(finder, "S3");
  EXPECT_EQ(open.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(open), ElementsAre("A", "B"));
  EXPECT_EQ(open.phone, "00-101");
  const FinderAnswer stronger = at(finder, "S1");
  EXPECT_EQ(stronger.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(stronger), ElementsAre("C"));
}

TEST_F(SchoolFinderTest, AddressOfNoClauseIsInNoZoneUnlessWordsWereNotRead) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  const FinderAnswer none = at(world().finder({a}), "S79");
  EXPECT_EQ(none.status, FinderStatus::no_zone);
  EXPECT_THAT(none.schools, IsEmpty());
  RowMaker b = row("2", "B");
  b.rule("松岭社区", RuleLevel::community, "松岭社区");
  b.unread("等地");
  const FinderAnswer open = at(world().finder({a, b}), "S79");
  EXPECT_EQ(open.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(open), ElementsAre("B"));
}

TEST_F(SchoolFinderTest, TwoRowsThatClaimOneAddressWithoutSharingItContradictEachOther) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  RowMaker b = row("2", "B");
  b.rule("松岭社区", RuleLevel::community, "松岭社区");
  EXPECT_EQ(at(world().finder({a, b}), "S1").status, FinderStatus::undetermined);
  b.allocation(AllocationMode::lottery);
  const FinderAnswer shared = at(world().finder({a, b}), "S1");
  EXPECT_EQ(shared.status, FinderStatus::definite);
  ASSERT_THAT(schools_of(shared), ElementsAre("A", "B"));
  EXPECT_EQ(shared.schools[0].mode, AllocationMode::direct);
  EXPECT_EQ(shared.schools[1].mode, AllocationMode::lottery);
}

TEST_F(SchoolFinderTest, EveryAllocationModeOfTheTextReachesTheAnswer) {
  for (const AllocationMode mode :
       {AllocationMode::choice, AllocationMode::lottery, AllocationMode::overflow, AllocationMode::temporary_host,
        AllocationMode::coordinated, AllocationMode::joint}) {
    RowMaker a = row("1", "A");
    a.rule("松岭社区", RuleLevel::community, "松岭社区");
    a.allocation(mode);
    const FinderAnswer answer = at(world().finder({a}), "S1");
    EXPECT_EQ(answer.status, FinderStatus::definite);
    EXPECT_EQ(answer.schools.at(0).mode, mode);
  }
}

TEST_F(SchoolFinderTest, PartOfARowMayHaveAModeOfItsOwn) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  a.allocation(AllocationMode::lottery);
  zone_text::Item estate;
  estate.name.text = "翠湖花园";
  a.allocation(AllocationMode::direct).items = {estate};
  const SchoolFinder finder = world().finder({a});
  EXPECT_EQ(at(finder, "S1").schools.at(0).mode, AllocationMode::lottery);
  EXPECT_EQ(at(finder, "B1").schools.at(0).mode, AllocationMode::direct);
}

TEST_F(SchoolFinderTest, PartnersOfAJointZoneAreNamedThoughTheirRowsAreSilent) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  a.allocation(AllocationMode::joint).partners = {{"明德小学", {}}};
  RowMaker b = row("2", "B");
  b.rule("柏山社区", RuleLevel::community, "柏山社区");
  const std::vector<School> schools{{"A", "云中市启明小学", {Stage::primary}, "open", "public"},
                                    {"B", "云中市明德小学", {Stage::primary}, "open", "public"}};
  const FinderAnswer answer = at(world().finder({a, b}, nullptr, {}, schools), "S1");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
  EXPECT_EQ(answer.schools[1].mode, AllocationMode::joint);
}

TEST_F(SchoolFinderTest, ItemsThatARowLeavesToOthersAreTheirs) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::number, "松涛路");
  zone_text::Allocation& rest = a.allocation(AllocationMode::direct);
  rest.partners = {{"明德小学", {}}};
  rest.items.emplace_back().name.text = "松涛路";
  rest.items[0].numbers = {numbers(1, 9)};
  RowMaker b = row("2", "B");
  b.rule("柏山社区", RuleLevel::community, "柏山社区");
  const std::vector<School> schools{{"B", "云中市明德小学", {Stage::primary}, "open", "public"}};
  const SchoolFinder finder = world().finder({a, b}, nullptr, {}, schools);
  EXPECT_THAT(schools_of(at(finder, "S5")), ElementsAre("B"));
  EXPECT_THAT(schools_of(at(finder, "S11")), ElementsAre("A"));
}

TEST_F(SchoolFinderTest, CampusOfTheRowIsPartOfTheEvidence) {
  RowMaker north = row("1", "A");
  north.rule("松涛路（单号）", RuleLevel::number, "松涛路").numbers = {numbers(0, 0, Parity::odd)};
  north.row().campus = "北校区";
  RowMaker south = row("2", "A");
  south.rule("松涛路（双号）", RuleLevel::number, "松涛路").numbers = {numbers(0, 0, Parity::even)};
  south.row().campus = "南校区";
  const SchoolFinder finder = world().finder({north, south});
  EXPECT_EQ(at(finder, "S1").schools.at(0).fired.at(0).campus, "北校区");
  EXPECT_EQ(at(finder, "S2").schools.at(0).fired.at(0).campus, "南校区");
}

// --- shapes --------------------------------------------------------------------------------------------------------

Zone zone(const std::string& id, const std::vector<std::string>& schools, geo::MultiPolygon shape) {
  Zone z;
  z.id = id;
  z.layer = {Stage::primary, 2024, "general"};
  z.school_ids = schools;
  z.notice_id = "N";
  z.shape = std::move(shape);
  return z;
}

TEST_F(SchoolFinderTest, ZonesWithoutRowsAnswerByTheirShape) {
  const std::vector<Zone> zones{zone("Z1", {"A"}, rectangle(0, 0, 400, 400)),
                                zone("Z2", {"B", "C"}, rectangle(400, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  const SchoolFinder finder = world().finder({}, &layer);
  const FinderAnswer inside = at(finder, "S1");
  EXPECT_EQ(inside.status, FinderStatus::definite);
  ASSERT_THAT(schools_of(inside), ElementsAre("A"));
  EXPECT_EQ(inside.schools[0].fired.at(0).zone_id, "Z1");
  EXPECT_NEAR(inside.schools[0].fired.at(0).margin_m, 5, 0.5);
  const FinderAnswer shared = at(finder, "S79");
  EXPECT_EQ(shared.status, FinderStatus::definite);
  ASSERT_THAT(schools_of(shared), ElementsAre("B", "C"));
  EXPECT_EQ(shared.schools[0].mode, AllocationMode::joint);
}

TEST_F(SchoolFinderTest, PlaceNearerToALineThanItsErrorIsBoundaryWithBothNeighbours) {
  const std::vector<Zone> zones{zone("Z1", {"A"}, rectangle(0, 0, 400, 400)),
                                zone("Z2", {"B"}, rectangle(400, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  const SchoolFinder finder = world().finder({}, &layer);
  ChildQuery query;
  query.position = tests::at_metres(395, 100);
  EXPECT_EQ(finder.find(query).status, FinderStatus::definite);
  query.error_m = 20;
  const FinderAnswer answer = finder.find(query);
  EXPECT_EQ(answer.status, FinderStatus::boundary);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
  EXPECT_EQ(answer.place, query.position);
}

TEST_F(SchoolFinderTest, PlaceNearTheLineBetweenTwoRowsNamesBothFromEitherSide) {
  RowMaker a = row("1", "A");
  a.region("西", rectangle(0, 0, 400, 400));
  RowMaker b = row("2", "B");
  b.region("东", rectangle(400, 0, 800, 400));
  const SchoolFinder finder = world().finder({a, b});
  ChildQuery query;
  query.error_m = 20;
  for (const double east : {390.0, 410.0}) {
    query.position = tests::at_metres(east, 100);
    const FinderAnswer answer = finder.find(query);
    EXPECT_EQ(answer.status, FinderStatus::boundary) << east;
    ASSERT_THAT(schools_of(answer), ElementsAre("A", "B")) << east;
    EXPECT_EQ(answer.schools[0].fired.at(0).quote, "西");
    EXPECT_EQ(answer.schools[1].fired.at(0).quote, "东");
  }
  query.position = tests::at_metres(810, 100);
  EXPECT_EQ(finder.find(query).status, FinderStatus::boundary) << "outside every row, but hardly";
  query.position = tests::at_metres(850, 100);
  EXPECT_EQ(finder.find(query).status, FinderStatus::no_zone);
}

TEST_F(SchoolFinderTest, ZoneWhoseRowCompiledToARegionIsAnsweredByTheRow) {
  const std::vector<Zone> zones{zone("Z1", {"A"}, rectangle(0, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  RowMaker a = row("1", "A");
  a.region("西半", rectangle(0, 0, 400, 400));
  a.row().zone_id = "Z1";
  const SchoolFinder finder = world().finder({a}, &layer);
  EXPECT_EQ(at(finder, "S1").schools.at(0).fired.at(0).row_id, "1");
  EXPECT_EQ(at(finder, "S79").status, FinderStatus::no_zone) << "the words are the law, not the shape";
}

TEST_F(SchoolFinderTest, DenialOfARowSilencesTheShapeOfItsZone) {
  const std::vector<Zone> zones{zone("Z1", {"A"}, rectangle(0, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::number, "松涛路");
  a.rule("松涛路3号除外", RuleLevel::denial, "松涛路", RuleEffect::deny).numbers = {numbers(3, 3)};
  a.row().zone_id = "Z1";
  const SchoolFinder finder = world().finder({a}, &layer);
  EXPECT_THAT(schools_of(at(finder, "S1")), ElementsAre("A"));
  EXPECT_EQ(at(finder, "S3").status, FinderStatus::no_zone);
}

TEST_F(SchoolFinderTest, ExceptionThatMayHoldPutsTheShapeOfItsZoneInDoubt) {
  const std::vector<Zone> zones{zone("Z1", {"A"}, rectangle(0, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  zone_text::NumberRange building = numbers(3, 3);
  building.unit = building.to_unit = zone_text::NumberUnit::building;
  for (const bool given : {false, true}) {
    RowMaker a = row("1", "A");
    if (given) a.rule("松涛路", RuleLevel::number, "松涛路");
    a.rule("松涛路3号楼除外", RuleLevel::denial, "松涛路", RuleEffect::deny).numbers = {building};
    a.row().zone_id = "Z1";
    const FinderAnswer answer = at(world().finder({a}, &layer), "S1");
    EXPECT_EQ(answer.status, FinderStatus::undetermined) << given << ": the address does not say its building";
    EXPECT_THAT(schools_of(answer), ElementsAre("A"));
  }
}

TEST_F(SchoolFinderTest, PlaceNearTheLineOfAnExceptionIsBoundaryOnEitherSide) {
  const std::vector<Zone> zones{zone("Z1", {"A"}, rectangle(0, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  RowMaker exception = row("1", "A");  // of what is drawn
  exception.region("南部除外", rectangle(0, 0, 800, 100)).effect = RuleEffect::deny;
  RowMaker words = row("2", "A");
  words.region("全部", rectangle(0, 0, 800, 400));
  words.region("南部除外", rectangle(0, 0, 800, 100)).effect = RuleEffect::deny;
  const SchoolFinder of_shape = world().finder({exception}, &layer);
  const SchoolFinder of_words = world().finder({words});
  for (const SchoolFinder* finder : {&of_shape, &of_words}) {
    ChildQuery query;
    query.error_m = 20;
    for (const double north : {90.0, 110.0}) {
      query.position = tests::at_metres(200, north);
      EXPECT_EQ(finder->find(query).status, FinderStatus::boundary) << north;
    }
    query.position = tests::at_metres(200, 150);
    EXPECT_EQ(finder->find(query).status, FinderStatus::definite);
    query.position = tests::at_metres(200, 50);
    EXPECT_EQ(finder->find(query).status, FinderStatus::no_zone);
  }
}

TEST_F(SchoolFinderTest, RowsOfOneDrawnZoneThatNamesBothSchoolsShareIt) {
  const std::vector<Zone> zones{zone("Z1", {"A", "B"}, rectangle(0, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  std::vector<RowMaker> rows;
  for (const char* school : {"A", "B"}) {
    rows.push_back(row(school, school));
    rows.back().region("全部", rectangle(0, 0, 800, 400));
    rows.back().row().zone_id = "Z1";
  }
  const FinderAnswer answer = at(world().finder(rows, &layer), "S1");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
  EXPECT_EQ(answer.schools.at(0).mode, AllocationMode::joint);
}

TEST_F(SchoolFinderTest, SchoolOfASharedZoneWithoutWordsOfItsOwnKeepsTheShape) {
  const std::vector<Zone> zones{zone("Z1", {"A", "B"}, rectangle(0, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  RowMaker a = row("1", "A");
  a.region("全部", rectangle(0, 0, 800, 400));
  a.row().zone_id = "Z1";
  const FinderAnswer answer = at(world().finder({a}, &layer), "S1");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
}

TEST_F(SchoolFinderTest, UndeclaredOverlapOfShapesIsUndetermined) {
  const std::vector<Zone> zones{zone("Z1", {"A"}, rectangle(0, 0, 500, 400)),
                                zone("Z2", {"B"}, rectangle(300, 0, 800, 400))};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  const FinderAnswer answer = at(world().finder({}, &layer), "S40");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
}

TEST_F(SchoolFinderTest, AddressWithoutAPlaceIsUndeterminedWhereOnlyShapesCouldHaveIt) {
  RowMaker a = row("1", "A");
  a.region("北半", rectangle(0, 200, 800, 400));
  EXPECT_EQ(at(world().finder({a}), "X1").status, FinderStatus::undetermined);
  RowMaker b = row("2", "B");
  b.rule("松涛路", RuleLevel::number, "松涛路");
  EXPECT_EQ(at(world().finder({a, b}), "X1").status, FinderStatus::definite);
}

TEST_F(SchoolFinderTest, ClickBesideADoorWithItsOwnClauseAsksForTheAddress) {
  RowMaker a = row("1", "A");
  a.region("全部", rectangle(0, 0, 800, 400));
  RowMaker b = row("2", "B");
  b.rule("松涛路3号", RuleLevel::number, "松涛路").numbers = {numbers(3, 3)};
  const SchoolFinder finder = world().finder({a, b});
  ChildQuery query;
  query.position = tests::at_metres(26, 216);
  const FinderAnswer beside = finder.find(query);
  EXPECT_EQ(beside.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(beside), ElementsAre("A", "B"));
  query.position = tests::at_metres(500, 60);
  EXPECT_EQ(finder.find(query).status, FinderStatus::definite);
}

// --- typed addresses ------------------------------------------------------------------------------------------------

TEST_F(SchoolFinderTest, TypedAddressOfOneDoorIsAnsweredWithHowItWasRead) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::number, "松涛路");
  const FinderAnswer answer = typed(world().finder({a}), "松涛路12号");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(answer), ElementsAre("A"));
  EXPECT_EQ(answer.address.status, geo::FindStatus::definite);
  EXPECT_TRUE(answer.place.has_value());
}

TEST_F(SchoolFinderTest, StreetWithoutADoorStandsOnlyIfAllItsDoorsAgree) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::number, "松涛路");
  const FinderAnswer whole = typed(world().finder({a}), "松涛路");
  EXPECT_EQ(whole.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(whole), ElementsAre("A"));
  EXPECT_THAT(whole.reason, HasSubstr("81 addresses"));
  EXPECT_FALSE(whole.place.has_value());
  RowMaker b = row("2", "B");
  b.rule("松涛路（双号）", RuleLevel::number, "松涛路").numbers = {numbers(0, 0, Parity::even)};
  RowMaker odd = row("1", "A");
  odd.rule("松涛路（单号）", RuleLevel::number, "松涛路").numbers = {numbers(0, 0, Parity::odd)};
  const FinderAnswer split = typed(world().finder({odd, b}), "松涛路");
  EXPECT_EQ(split.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(split), ElementsAre("A", "B"));
}

TEST_F(SchoolFinderTest, TypedNumberThatNoDoorBearsIsHeldAgainstTheRanges) {
  RowMaker a = row("1", "A");
  a.rule("松涛路1-99号", RuleLevel::number, "松涛路").numbers = {numbers(1, 99)};
  RowMaker b = row("2", "B");
  b.rule("松涛路100号起", RuleLevel::number, "松涛路").numbers = {numbers(100, 0)};
  const FinderAnswer answer = typed(world().finder({a, b}), "松涛路300号");
  if (answer.status == FinderStatus::definite) {
    EXPECT_THAT(schools_of(answer), ElementsAre("B"));
  } else {
    EXPECT_EQ(answer.status, FinderStatus::undetermined);
  }
}

TEST_F(SchoolFinderTest, NumberThatABlankFellIntoIsNoDoor) {
  RowMaker a = row("1", "A");
  a.rule("松涛路1-40号", RuleLevel::number, "松涛路").numbers = {numbers(1, 40)};
  RowMaker b = row("2", "B");
  b.rule("松涛路41号起", RuleLevel::number, "松涛路").numbers = {numbers(41, 0)};
  const SchoolFinder finder = world().finder({a, b});
  EXPECT_EQ(typed(finder, "松涛路72号").status, FinderStatus::definite);
  for (const char* text : {"松涛路7 2号", "松涛路6 1号", "松涛路90 3号"}) {
    EXPECT_EQ(typed(finder, text).status, FinderStatus::undetermined) << text;
  }
}

TEST_F(SchoolFinderTest, UnknownTextIsUndeterminedAndNamesNoSchool) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::number, "松涛路");
  const FinderAnswer answer = typed(world().finder({a}), "不知道在哪里");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(answer.schools, IsEmpty());
}

TEST_F(SchoolFinderTest, EveryStatusHasAWord) {
  for (int i = 0; i <= static_cast<int>(FinderStatus::no_zone); ++i) {
    EXPECT_FALSE(to_word(static_cast<FinderStatus>(i)).empty());
  }
}

}  // namespace
}  // namespace catchment::engine
