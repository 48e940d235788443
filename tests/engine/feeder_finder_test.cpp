// Junior entry by feeder rows, in the grammar of Lingbao's table with invented names. Serves LB1, LB4, LB6 to LB12.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/finder_world.hpp"

namespace catchment::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using tests::FinderWorld;
using tests::household;
using tests::rectangle;
using tests::RowMaker;
using tests::schools_of;
using zone_text::HouseholdKind;
using zone_text::RuleEffect;

// Six junior schools of a small city. Whole feeders to J1, split ones to J1 and J2, one split by hukou between J3 and
// J4, soldiers' children to J2, migrants' to J5, the nine-year school J6 its own; J7 is private and takes who wants to.
class FeederTable : public ::testing::Test {
 protected:
  static std::vector<School> schools() {
    std::vector<School> list;
    const auto primary = [&](const char* id, const char* name) {
      list.push_back({id, name, {Stage::primary}, "open", "public"});
    };
    primary("P1", "云中市第一小学");
    primary("P2", "涧西小学");
    primary("P3", "河畔小学");
    primary("P4", "中原实验学校");
    primary("P5", "山前镇中心小学");
    primary("P6", "无名小学");
    list.push_back({"J6", "云中市第六学校", {Stage::primary, Stage::junior}, "open", "public"});
    return list;
  }

  static const FinderWorld& world() {
    static const FinderWorld made;
    return made;
  }

  static std::vector<RowMaker> rows() {
    std::vector<RowMaker> rows;
    rows.push_back(world().row("1", "J1"));
    rows.back().feeder("市一小、涧西小学的毕业生", {"市一小", "涧西小学"});
    rows.back().feeder("河畔小学部分毕业生", {"河畔小学"}, RuleEffect::undetermined);
    rows.push_back(world().row("2", "J2"));
    rows.back().feeder("河畔小学部分毕业生", {"河畔小学"}, RuleEffect::undetermined);
    rows.back().group("驻军部队军人子女", HouseholdKind::military_child);
    rows.push_back(world().row("3", "J3"));
    rows.back().feeder("中原实验学校市区居民户口的毕业生", {"中原实验学校"}).households = {
        household(HouseholdKind::urban_hukou)};
    rows.push_back(world().row("4", "J4"));
    rows.back().feeder("中原实验学校非市区居民户口的毕业生", {"中原实验学校"}).households = {
        household(HouseholdKind::non_urban_hukou)};
    auto& town = rows.back().feeder("山前镇所属小学的毕业生", {});
    town.of = zone_text::Name{"山前镇", {}};
    rows.push_back(world().row("5", "J5"));
    rows.back().group("进城务工人员随迁子女", HouseholdKind::migrant_child);
    rows.push_back(world().row("6", "J6"));
    rows.back().feeder("本校小学毕业生", {}).own = true;
    rows.push_back(world().row("7", "J7"));
    rows.back().feeder("全市有意就读的小学毕业生", {});
    return rows;
  }

  static FinderAnswer of(const SchoolFinder& finder, const std::string& primary, const std::string& facts) {
    ChildQuery query;
    query.primary_school_id = primary;
    query.household = parse_household_facts(facts, "test");
    return finder.find(query);
  }
  static SchoolFinder finder() { return world().finder(rows(), nullptr, {}, schools()); }
};

TEST_F(FeederTable, WholeFeederIsDefiniteByShortOrFullName) {
  for (const char* primary : {"P1", "P2"}) {
    const FinderAnswer answer = of(finder(), primary, "others=no");
    EXPECT_EQ(answer.status, FinderStatus::definite) << primary;
    ASSERT_THAT(schools_of(answer), ElementsAre("J1", "J7"));
    EXPECT_EQ(answer.schools[0].fired.at(0).feeder, primary);
    EXPECT_EQ(answer.schools[0].fired.at(0).quote, "市一小、涧西小学的毕业生");
    EXPECT_EQ(answer.schools[1].mode, zone_text::AllocationMode::choice);
  }
}

TEST_F(FeederTable, PartOfTheGraduatesIsUndeterminedBetweenTheSchoolsThatNameThem) {
  const FinderAnswer answer = of(finder(), "P3", "others=no");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(answer), ElementsAre("J1", "J2", "J7"));
}

TEST_F(FeederTable, HukouDecidesBetweenTwoSchools) {
  EXPECT_THAT(schools_of(of(finder(), "P4", "urban_hukou=yes,others=no")), ElementsAre("J3", "J7"));
  EXPECT_THAT(schools_of(of(finder(), "P4", "urban_hukou=no,others=no")), ElementsAre("J4", "J7"));
  const FinderAnswer unknown = of(finder(), "P4", "military_child=no,migrant_child=no");
  EXPECT_EQ(unknown.status, FinderStatus::household_dependent);
  ASSERT_THAT(schools_of(unknown), ElementsAre("J3", "J4", "J7"));
  EXPECT_EQ(unknown.schools[0].depends_on.at(0).kind, HouseholdKind::urban_hukou);
  EXPECT_FALSE(unknown.schools[0].depends_on.at(0).excluded);
  EXPECT_TRUE(unknown.schools[1].depends_on.at(0).excluded);
  EXPECT_THAT(unknown.schools[2].depends_on, IsEmpty());
}

TEST_F(FeederTable, SoldiersAndMigrantsChildrenGoToTheSchoolNamedForThem) {
  const FinderAnswer soldier = of(finder(), "P1", "military_child=yes,others=no");
  EXPECT_EQ(soldier.status, FinderStatus::definite);
  EXPECT_EQ(schools_of(soldier).front(), "J2");
  const FinderAnswer migrant = of(finder(), "P1", "migrant_child=yes,others=no");
  EXPECT_EQ(migrant.status, FinderStatus::definite);
  EXPECT_EQ(schools_of(migrant).front(), "J5");
  const FinderAnswer unknown = of(finder(), "P1", "");
  EXPECT_EQ(unknown.status, FinderStatus::household_dependent);
}

TEST_F(FeederTable, NineYearSchoolKeepsItsOwn) { EXPECT_EQ(schools_of(of(finder(), "J6", "others=no")).front(), "J6"); }

TEST_F(FeederTable, SchoolsOfATownAreKnownByTheirName) {
  const FinderAnswer answer = of(finder(), "P5", "others=no");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_EQ(schools_of(answer).front(), "J4");
}

TEST_F(FeederTable, PrimarySchoolThatMayLieInTheTownIsUndetermined) {
  EXPECT_EQ(of(finder(), "P6", "others=no").status, FinderStatus::undetermined);
}

TEST_F(FeederTable, WithoutThePrimarySchoolNothingIsDefinite) {
  const SchoolFinder made = finder();
  EXPECT_TRUE(made.asks_for_primary_school());
  EXPECT_EQ(of(made, "", "others=no").status, FinderStatus::undetermined);
}

TEST_F(FeederTable, FeederOfTheTableIsReadLikeAClause) {
  const std::vector<Feeder> feeders{{"P1", "J1", 2024, 1.0, ""},
                                    {"P2", "J1", 2024, 0.5, ""},
                                    {"P2", "J2", 2024, 0.5, ""},
                                    {"P4", "J3", 2024, 1.0, "市区居民户口"},
                                    {"P4", "J4", 2024, 1.0, "非市区居民户口"},
                                    {"P5", "J4", 2024, 1.0, "部分"},
                                    {"P6", "J4", 2024, 1.0, "校长同意的"}};
  const SchoolFinder made = world().finder({}, nullptr, feeders, schools());
  EXPECT_EQ(of(made, "P1", "").status, FinderStatus::definite);
  EXPECT_THAT(schools_of(of(made, "P1", "")), ElementsAre("J1"));
  EXPECT_EQ(of(made, "P2", "").status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(of(made, "P4", "urban_hukou=no")), ElementsAre("J4"));
  EXPECT_EQ(of(made, "P4", "").status, FinderStatus::household_dependent);
  EXPECT_EQ(of(made, "P5", "").status, FinderStatus::undetermined);
  EXPECT_EQ(of(made, "P6", "").status, FinderStatus::household_dependent) << "words we cannot read are a condition";
}

TEST_F(FeederTable, FeederWithARegionTakesOnlyThoseWhoLiveThere) {
  RowMaker west = world().row("1", "J1");
  west.region("西", rectangle(0, 0, 400, 400));
  RowMaker made = world().row("1", "J1");
  auto compiled = west.make();
  compiled.text.rules.clear();
  auto& feeder = made.feeder("河畔小学（柏山社区以西）", {"河畔小学"});
  feeder.region = 0;
  FinderRow row = made.make();
  row.text.regions = compiled.text.regions;
  const SchoolFinder finder = SchoolFinder::build(world().names(), nullptr, {row}, {}, schools(), {});
  ChildQuery query;
  query.primary_school_id = "P3";
  query.position = tests::at_metres(200, 100);
  EXPECT_EQ(finder.find(query).status, FinderStatus::definite);
  query.position = tests::at_metres(600, 100);
  EXPECT_EQ(finder.find(query).status, FinderStatus::no_zone);
  query.position.reset();
  EXPECT_EQ(finder.find(query).status, FinderStatus::undetermined);
}

TEST_F(FeederTable, CampusOfAGroupThatThePackageDoesNotTellApartIsUndetermined) {
  RowMaker a = world().row("1", "J1");
  a.feeder("涧西小学东校区的毕业生", {"涧西小学东校区"});
  EXPECT_EQ(of(world().finder({a}, nullptr, {}, schools()), "P2", "").status, FinderStatus::undetermined);
}

TEST_F(FeederTable, NameThePackageDoesNotKnowMayBeTheChildsSchool) {
  RowMaker a = world().row("1", "J1");
  a.feeder("育才分校的毕业生", {"育才分校"});
  const FinderAnswer answer = of(world().finder({a}, nullptr, {}, schools()), "P2", "");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(answer), ElementsAre("J1"));
}

TEST_F(FeederTable, ZoneIsNotDefiniteWhileAFeederRowCouldNameThePrimarySchool) {
  RowMaker zone = world().row("8", "J8");
  zone.rule("松岭社区", zone_text::RuleLevel::community, "松岭社区");
  std::vector<RowMaker> all = rows();
  all.push_back(zone);
  const SchoolFinder made = world().finder(all, nullptr, {}, schools());
  ChildQuery query;
  query.household.others = false;
  EXPECT_EQ(made.find_entry(world().entry("S1"), query).status, FinderStatus::household_dependent);
  query.primary_school_id = "P1";
  const FinderAnswer answer = made.find_entry(world().entry("S1"), query);
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_EQ(schools_of(answer).front(), "J1") << "the feeder row speaks of this child, the zone of all";
}

// J7 takes whoever wants to, and soldiers' children as a group: only these are given to it.
TEST_F(FeederTable, SchoolOpenToAllIsDefiniteOnlyForTheHouseholdsThatItIsGiven) {
  RowMaker open = world().row("7", "J7");
  open.feeder("全市有意就读的小学毕业生", {});
  open.group("驻军部队军人子女", HouseholdKind::military_child);
  const SchoolFinder made = world().finder({open}, nullptr, {}, schools());
  EXPECT_EQ(of(made, "P1", "military_child=yes").status, FinderStatus::definite);
  EXPECT_EQ(of(made, "P1", "military_child=no").status, FinderStatus::no_zone);
  const FinderAnswer unknown = of(made, "P1", "");
  EXPECT_EQ(unknown.status, FinderStatus::household_dependent);
  ASSERT_THAT(schools_of(unknown), ElementsAre("J7"));
  EXPECT_EQ(unknown.schools[0].mode, zone_text::AllocationMode::choice);
  EXPECT_TRUE(unknown.schools[0].mode_unsure);
}

TEST_F(FeederTable, SchoolsOpenToSomeHouseholdsGiveNobodyASchool) {
  RowMaker open = world().row("7", "J7");
  open.feeder("全市有意就读的市区居民户口毕业生", {}).households = {household(HouseholdKind::urban_hukou)};
  RowMaker all = world().row("8", "J8");
  all.feeder("全市有意就读的小学毕业生", {});
  const FinderAnswer answer = of(world().finder({open, all}, nullptr, {}, schools()), "P1", "");
  EXPECT_EQ(answer.status, FinderStatus::no_zone);
  ASSERT_THAT(schools_of(answer), ElementsAre("J7", "J8"));
  EXPECT_THAT(answer.schools[1].depends_on, IsEmpty());
}

TEST_F(FeederTable, SchoolOpenToAllDoesNotMakeNoZoneOfWordsThatWereNotRead) {
  RowMaker open = world().row("7", "J7");
  open.feeder("全市有意就读的小学毕业生", {});
  RowMaker unread = world().row("8", "J8");
  unread.unread("等地");
  const FinderAnswer answer = of(world().finder({open, unread}, nullptr, {}, schools()), "P1", "");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(answer), ElementsAre("J7", "J8"));
}

}  // namespace
}  // namespace catchment::engine
