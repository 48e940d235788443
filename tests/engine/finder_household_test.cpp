// Facts of the household that nobody gave: many of them, in one answer, with what each school depends on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/finder_world.hpp"

namespace catchment::engine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using tests::FinderWorld;
using tests::household;
using tests::numbers;
using tests::rectangle;
using tests::RowMaker;
using tests::schools_of;
using zone_text::HouseholdKind;
using zone_text::RuleEffect;
using zone_text::RuleLevel;

const FinderWorld& world() {
  static const FinderWorld made;
  return made;
}
RowMaker row(const std::string& id, const std::string& school) { return world().row(id, school); }

std::string conditions(const SchoolAnswer& school) {
  std::string text;
  for (const auto& h : school.depends_on) {
    text += (text.empty() ? "" : ",") + std::string(household_word(h.kind)) + (h.who.empty() ? "" : ":" + h.who) +
            (h.excluded ? "=no" : "=yes");
  }
  return text;
}

// A zone, and twelve schools that each take the children of one employer wherever they live.
constexpr int kGroups = 12;
std::string employer(int i) { return "第" + std::to_string(i) + "厂"; }
std::string group_school(int i) { return (i < 10 ? "G0" : "G") + std::to_string(i); }

std::vector<RowMaker> twelve_groups() {
  std::vector<RowMaker> rows;
  rows.push_back(row("0", "A"));
  rows.back().rule("松岭社区", RuleLevel::community, "松岭社区");
  rows.back().rule("松涛路", RuleLevel::estate, "松涛路");
  for (int i = 1; i <= kGroups; ++i) {
    rows.push_back(row(std::to_string(i), group_school(i)));
    rows.back().group(employer(i) + "职工子弟", HouseholdKind::employee_child, employer(i));
  }
  return rows;
}

TEST(FinderHousehold, TwelveGroupsAreAnsweredWithTheExactFactsOfEachSchool) {
  const SchoolFinder finder = world().finder(twelve_groups());
  const FinderAnswer answer = world().at(finder, "S1");
  ASSERT_EQ(answer.status, FinderStatus::household_dependent) << answer.reason;
  ASSERT_THAT(answer.schools, SizeIs(kGroups + 1));
  EXPECT_EQ(answer.schools[0].school_id, "A");
  EXPECT_THAT(answer.schools[0].depends_on, SizeIs(kGroups));
  for (const auto& h : answer.schools[0].depends_on) EXPECT_TRUE(h.excluded) << h.who;
  for (int i = 1; i <= kGroups; ++i) {
    const SchoolAnswer& school = answer.schools[static_cast<std::size_t>(i)];
    EXPECT_EQ(school.school_id, group_school(i));
    EXPECT_EQ(conditions(school), "employee_child:" + employer(i) + "=yes");
    ASSERT_THAT(school.fired, SizeIs(1));
    EXPECT_EQ(school.fired[0].quote, employer(i) + "职工子弟");
  }
  EXPECT_THAT(answer.reason, HasSubstr("several of the schools"));
}

TEST(FinderHousehold, OneOfTwelveGroupsThatIsKnownIsDefinite) {
  const SchoolFinder finder = world().finder(twelve_groups());
  for (int i = 1; i <= kGroups; ++i) {
    const FinderAnswer answer = world().at(finder, "S1", "employee_child=" + employer(i));
    EXPECT_EQ(answer.status, FinderStatus::definite) << answer.reason;
    EXPECT_THAT(schools_of(answer), ElementsAre(group_school(i)));
  }
  const FinderAnswer none = world().at(finder, "S1", "employee_child=no");
  EXPECT_EQ(none.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(none), ElementsAre("A"));
}

TEST(FinderHousehold, StreetOfAddressesWithTwelveGroupsIsWithinTheWorkOfOneText) {
  ChildQuery query;
  query.address = "松涛路";
  const FinderAnswer answer = world().finder(twelve_groups()).find(query);
  EXPECT_EQ(answer.status, FinderStatus::household_dependent) << answer.reason;
  EXPECT_THAT(answer.schools, SizeIs(kGroups + 1));
}

TEST(FinderHousehold, FortyGroupsOfSchoolsThatShareThemAreUndeterminedAndNameThemAll) {
  std::vector<RowMaker> rows;
  for (int i = 1; i <= 40; ++i) {
    for (const char* side : {"N", "S"}) {
      rows.push_back(row(side + std::to_string(i), side + std::to_string(i)));
      rows.back().group(employer(i) + "职工子弟", HouseholdKind::employee_child, employer(i));
    }
  }
  const FinderAnswer answer = world().at(world().finder(rows), "S1");
  EXPECT_EQ(answer.status, FinderStatus::undetermined) << "two schools take each group, and no words say which";
  EXPECT_THAT(answer.schools, SizeIs(80));
}

TEST(FinderHousehold, FactsOfAStrongerRankAreAskedBeforeThoseOfAWeaker) {
  std::vector<RowMaker> rows;
  rows.push_back(row("1", "A"));
  rows.back().rule("松岭社区（集体户口除外）", RuleLevel::community, "松岭社区").households = {
      household(HouseholdKind::collective_hukou, "", true)};
  rows.push_back(row("2", "B"));
  rows.back().rule("松岭社区（只招集体户口）", RuleLevel::community, "松岭社区").households = {
      household(HouseholdKind::collective_hukou)};
  rows.push_back(row("3", "C"));
  rows.back().group("驻军部队军人子女", HouseholdKind::military_child);
  const FinderAnswer answer = world().at(world().finder(rows), "S1");
  ASSERT_EQ(answer.status, FinderStatus::household_dependent) << answer.reason;
  ASSERT_THAT(schools_of(answer), ElementsAre("A", "B", "C"));
  EXPECT_EQ(conditions(answer.schools[0]), "collective_hukou=no,military_child=no");
  EXPECT_EQ(conditions(answer.schools[1]), "collective_hukou=yes,military_child=no");
  EXPECT_EQ(conditions(answer.schools[2]), "military_child=yes");
}

TEST(FinderHousehold, SchoolsWithoutAConditionThatContradictEachOtherAreNoMatterOfTheHousehold) {
  std::vector<RowMaker> rows;
  for (const char* school : {"A", "B"}) {
    rows.push_back(row(school, school));
    rows.back().rule("松岭社区", RuleLevel::community, "松岭社区");
  }
  rows.push_back(row("3", "C"));
  rows.back().group("驻军部队军人子女", HouseholdKind::military_child);
  const FinderAnswer answer = world().at(world().finder(rows), "S1");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(answer.reason, HasSubstr("no words say that they share it"));
}

TEST(FinderHousehold, SchoolsThatContradictEachOtherUnderOneConditionAreNoMatterOfTheHousehold) {
  std::vector<RowMaker> rows;
  for (const char* school : {"A", "B"}) {
    rows.push_back(row(school, school));
    rows.back().rule("松岭社区（人户一致）", RuleLevel::community, "松岭社区").households = {
        household(HouseholdKind::hukou_residence)};
  }
  EXPECT_EQ(world().at(world().finder(rows), "S1").status, FinderStatus::undetermined);
}

// The row gives the address to every child by its community, and to some by its number: theirs is the stronger.
TEST(FinderHousehold, StrongerClauseForSomeChildrenIsHeardBesideTheOneForAll) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  auto& some = a.rule("松涛路1号（只招集体户口）", RuleLevel::number, "松涛路");
  some.numbers = {numbers(1, 1)};
  some.households = {household(HouseholdKind::collective_hukou)};
  RowMaker b = row("2", "B");
  b.rule("松涛路", RuleLevel::estate, "松涛路");
  const SchoolFinder finder = world().finder({a, b});
  const FinderAnswer answer = world().at(finder, "S1");
  EXPECT_EQ(answer.status, FinderStatus::household_dependent);
  ASSERT_THAT(schools_of(answer), ElementsAre("A", "B"));
  EXPECT_EQ(conditions(answer.schools[0]), "collective_hukou=yes");
  EXPECT_EQ(conditions(answer.schools[1]), "collective_hukou=no");
  EXPECT_THAT(schools_of(world().at(finder, "S1", "collective_hukou=yes")), ElementsAre("A"));
  EXPECT_THAT(schools_of(world().at(finder, "S1", "collective_hukou=no")), ElementsAre("B"));
  EXPECT_EQ(world().at(finder, "S3").status, FinderStatus::definite);
}

TEST(FinderHousehold, StrongerClauseThatAsksForANumberTheAddressLacksIsHeardBesideTheWeaker) {
  zone_text::NumberRange building = numbers(3, 3);
  building.unit = building.to_unit = zone_text::NumberUnit::building;
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  a.rule("松涛路3号楼", RuleLevel::number, "松涛路").numbers = {building};
  RowMaker b = row("2", "B");
  b.rule("松涛路", RuleLevel::estate, "松涛路");
  const FinderAnswer answer = world().at(world().finder({a, b}), "S1");
  EXPECT_EQ(answer.status, FinderStatus::undetermined) << "the address does not say its building";
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
}

TEST(FinderHousehold, DoorsOfOppositeConditionsAreNotOneAnswer) {
  std::vector<RowMaker> rows;
  for (const bool first : {true, false}) {
    rows.push_back(row(first ? "1" : "2", first ? "A" : "B"));
    auto& odd = rows.back().rule("松涛路（单号）", RuleLevel::number, "松涛路");
    odd.numbers = {numbers(0, 0, zone_text::Parity::odd)};
    odd.households = {household(HouseholdKind::collective_hukou, "", first)};
    auto& even = rows.back().rule("松涛路（双号）", RuleLevel::number, "松涛路");
    even.numbers = {numbers(0, 0, zone_text::Parity::even)};
    even.households = {household(HouseholdKind::collective_hukou, "", !first)};
  }
  const SchoolFinder finder = world().finder(rows);
  EXPECT_EQ(conditions(world().at(finder, "S1").schools.at(0)), "collective_hukou=no");
  EXPECT_EQ(conditions(world().at(finder, "S2").schools.at(0)), "collective_hukou=yes");
  ChildQuery query;
  query.address = "松涛路";
  const FinderAnswer street = finder.find(query);
  EXPECT_EQ(street.status, FinderStatus::undetermined) << street.reason;
  EXPECT_THAT(schools_of(street), ElementsAre("A", "B"));
  for (const SchoolAnswer& school : street.schools) EXPECT_THAT(school.depends_on, IsEmpty());
  query.household = parse_household_facts("collective_hukou=yes", "test");
  EXPECT_EQ(finder.find(query).status, FinderStatus::undetermined);
}

TEST(FinderHousehold, DoorDeniedToSomeKeepsItsConditionApartFromTheOneBesideIt) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::number, "松涛路");
  auto& denied = a.rule("3号集体户口除外", RuleLevel::denial, "松涛路", RuleEffect::deny);
  denied.numbers = {numbers(3, 3)};
  denied.households = {household(HouseholdKind::collective_hukou)};
  RowMaker b = row("2", "B");
  b.region("松涛路以北", rectangle(0, 200, 800, 400));
  const SchoolFinder finder = world().finder({a, b});
  const FinderAnswer door = world().at(finder, "S3");
  ASSERT_EQ(door.status, FinderStatus::household_dependent);
  EXPECT_EQ(conditions(door.schools.at(0)), "collective_hukou=no");
  EXPECT_EQ(conditions(door.schools.at(1)), "collective_hukou=yes");
  EXPECT_EQ(world().at(finder, "S1").status, FinderStatus::definite);
}

TEST(FinderHousehold, ShapeOfAZoneIsDeniedOnlyToTheChildrenThatItsRowExcepts) {
  Zone z;
  z.id = "Z1";
  z.layer = {Stage::primary, 2024, "general"};
  z.school_ids = {"A"};
  z.shape = rectangle(0, 0, 800, 400);
  const std::vector<Zone> zones{z};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  RowMaker a = row("1", "A");
  auto& denied = a.rule("松涛路3号集体户口除外", RuleLevel::denial, "松涛路", RuleEffect::deny);
  denied.numbers = {numbers(3, 3)};
  denied.households = {household(HouseholdKind::collective_hukou)};
  a.row().zone_id = "Z1";
  const SchoolFinder finder = world().finder({a}, &layer);
  EXPECT_EQ(world().at(finder, "S1").status, FinderStatus::definite);
  EXPECT_EQ(world().at(finder, "S3", "collective_hukou=no").status, FinderStatus::definite);
  EXPECT_EQ(world().at(finder, "S3", "collective_hukou=yes").status, FinderStatus::no_zone);
  const FinderAnswer open = world().at(finder, "S3");
  EXPECT_EQ(open.status, FinderStatus::household_dependent);
  EXPECT_EQ(conditions(open.schools.at(0)), "collective_hukou=no");
}

TEST(FinderHousehold, ShapeOfAZoneHoldsForTheChildrenThatItsWordsName) {
  Zone z;
  z.id = "Z1";
  z.layer = {Stage::primary, 2024, "general"};
  z.school_ids = {"A"};
  z.shape = rectangle(0, 0, 400, 400);
  const std::vector<Zone> zones{z};
  const ZoneLayer layer = ZoneLayer::build(zones[0].layer, zones);
  RowMaker a = row("1", "A");
  a.rule("松岭社区（集体户口除外）", RuleLevel::community, "松岭社区").households = {
      household(HouseholdKind::collective_hukou, "", true)};
  a.row().zone_id = "Z1";
  const SchoolFinder finder = world().finder({a}, &layer);
  EXPECT_EQ(world().at(finder, "S1", "collective_hukou=no").status, FinderStatus::definite);
  EXPECT_EQ(world().at(finder, "S1", "collective_hukou=yes").status, FinderStatus::no_zone);
  EXPECT_EQ(world().at(finder, "S1").status, FinderStatus::household_dependent);
  ChildQuery place;  // a click is answered by the shape alone
  place.position = tests::at_metres(100, 60);
  EXPECT_EQ(finder.find(place).status, FinderStatus::household_dependent);
}

TEST(FinderHousehold, SeatsLeftOverForSomeChildrenAreShownWithTheirCondition) {
  RowMaker a = row("1", "A");
  a.rule("松岭社区", RuleLevel::community, "松岭社区");
  std::vector<RowMaker> rows{a};
  for (int i = 1; i <= kGroups; ++i) {
    rows.push_back(row(std::to_string(i + 1), group_school(i)));
    rows.back().rule("松岭社区", RuleLevel::community, "松岭社区").households = {
        household(HouseholdKind::employee_child, employer(i))};
    rows.back().allocation(zone_text::AllocationMode::overflow);
  }
  const SchoolFinder finder = world().finder(rows);
  const FinderAnswer answer = world().at(finder, "S1");
  ASSERT_EQ(answer.status, FinderStatus::household_dependent);
  ASSERT_THAT(answer.schools, SizeIs(kGroups + 1));
  EXPECT_THAT(answer.schools[0].depends_on, IsEmpty());
  for (int i = 1; i <= kGroups; ++i) {
    EXPECT_EQ(conditions(answer.schools[static_cast<std::size_t>(i)]), "employee_child:" + employer(i) + "=yes");
  }
  const FinderAnswer none = world().at(finder, "S1", "employee_child=no");
  EXPECT_EQ(none.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(none), ElementsAre("A"));
}

// Every combination of up to six facts given: the open answer names just the schools that some combination does, and
// where a combination is definite the school's conditions hold in it.
TEST(FinderHousehold, OpenAnswerCoversEveryCombinationOfItsFacts) {
  std::vector<RowMaker> rows;
  const HouseholdKind kinds[] = {HouseholdKind::collective_hukou, HouseholdKind::hukou_residence, HouseholdKind::renter,
                                 HouseholdKind::migrant_child, HouseholdKind::military_child};
  rows.push_back(row("1", "A"));
  rows.back().rule("松岭社区（集体户口除外）", RuleLevel::community, "松岭社区").households = {
      household(kinds[0], "", true)};
  rows.push_back(row("2", "B"));
  rows.back().rule("松岭社区（集体户口）", RuleLevel::community, "松岭社区").households = {household(kinds[0]),
                                                                                           household(kinds[1])};
  rows.push_back(row("3", "C"));
  rows.back().rule("松涛路（租购同权）", RuleLevel::number, "松涛路").households = {household(kinds[2])};
  rows.push_back(row("4", "D"));
  rows.back().group("随迁子女", kinds[3]);
  rows.push_back(row("5", "E"));
  rows.back().group("军人子女", kinds[4]);
  rows.push_back(row("6", "F"));
  rows.back().region("松涛路以北", rectangle(0, 200, 800, 400));
  const SchoolFinder finder = world().finder(rows);
  const FinderAnswer open = world().at(finder, "S1");
  EXPECT_EQ(open.status, FinderStatus::household_dependent);
  std::vector<std::string> seen;
  for (unsigned bits = 0; bits < 1u << std::size(kinds); ++bits) {
    HouseholdFacts facts;
    for (std::size_t i = 0; i < std::size(kinds); ++i) facts.known[kinds[i]] = {(bits >> i & 1) != 0, ""};
    ChildQuery query;
    query.household = facts;
    const FinderAnswer closed = finder.find_entry(world().entry("S1"), query);
    for (const std::string& school : schools_of(closed)) {
      EXPECT_THAT(schools_of(open), Contains(school));
      const auto found = std::ranges::find(open.schools, school, &SchoolAnswer::school_id);
      ASSERT_NE(found, open.schools.end());
      for (const auto& h : found->depends_on) EXPECT_EQ(facts.test(h), true) << school << " " << bits;
      seen.push_back(school);
    }
  }
  for (const std::string& school : schools_of(open)) EXPECT_THAT(seen, Contains(school));
}

}  // namespace
}  // namespace catchment::engine
