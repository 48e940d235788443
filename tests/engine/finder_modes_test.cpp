// How seats are given (M1), where the words on it do not say clearly of which addresses or with which schools.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/finder_world.hpp"

namespace catchment::engine {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using tests::FinderWorld;
using tests::household;
using tests::item;
using tests::numbers;
using tests::rectangle;
using tests::RowMaker;
using tests::schools_of;
using zone_text::AllocationMode;
using zone_text::HouseholdKind;
using zone_text::RuleEffect;
using zone_text::RuleLevel;

const FinderWorld& world() {
  static const FinderWorld made;
  return made;
}
RowMaker row(const std::string& id, const std::string& school) { return world().row(id, school); }

RowMaker community(const std::string& school, const std::string& name = "松岭社区") {
  RowMaker made = row(school, school);
  made.rule(name, RuleLevel::community, name);
  return made;
}

const std::vector<School>& schools() {
  static const std::vector<School> list{{"A", "云中市启明小学", {Stage::primary}, "open", "public"},
                                        {"B", "云中市明德小学", {Stage::primary}, "open", "public"},
                                        {"C", "云中市求是小学", {Stage::primary}, "open", "public"}};
  return list;
}

TEST(FinderModes, ModeOfANameThatNobodyKnowsIsShownAsUnsureWithTheNameAndItsWords) {
  for (const AllocationMode mode :
       {AllocationMode::lottery, AllocationMode::joint, AllocationMode::temporary_host, AllocationMode::coordinated}) {
    RowMaker a = community("A");
    a.allocation(mode, "无名里以电脑派位方式招收").items = {item("无名里")};
    const FinderAnswer answer = world().at(world().finder({a}), "S1");
    EXPECT_EQ(answer.status, FinderStatus::definite) << "whichever way, the school is sure";
    ASSERT_THAT(schools_of(answer), ElementsAre("A"));
    const SchoolAnswer& school = answer.schools[0];
    EXPECT_EQ(school.mode, mode);
    EXPECT_TRUE(school.mode_unsure);
    EXPECT_THAT(school.mode_doubts, ElementsAre("无名里"));
    EXPECT_THAT(school.fired, Contains(Field(&Fired::quote, "松岭社区")));
    ASSERT_THAT(school.fired, Contains(Field(&Fired::quote, "无名里以电脑派位方式招收")));
    EXPECT_EQ(school.fired.back().effect, RuleEffect::undetermined);
  }
}

TEST(FinderModes, ModeThatIsClearIsSureAndItsWordsAreEvidence) {
  RowMaker a = community("A");
  a.allocation(AllocationMode::lottery, "以电脑派位方式招收");
  const SchoolAnswer school = world().at(world().finder({a}), "S1").schools.at(0);
  EXPECT_EQ(school.mode, AllocationMode::lottery);
  EXPECT_FALSE(school.mode_unsure);
  EXPECT_THAT(school.mode_doubts, IsEmpty());
  EXPECT_THAT(school.fired, Contains(Field(&Fired::quote, "以电脑派位方式招收")));
}

TEST(FinderModes, DirectPartOfALotteryThatNobodyKnowsLeavesTheLotteryUnsure) {
  RowMaker a = community("A");
  a.allocation(AllocationMode::lottery);
  a.allocation(AllocationMode::direct).items = {item("无名里")};
  const SchoolAnswer school = world().at(world().finder({a}), "S1").schools.at(0);
  EXPECT_EQ(school.mode, AllocationMode::lottery);
  EXPECT_TRUE(school.mode_unsure);
}

TEST(FinderModes, UnknownNameInAPlaceSpeaksOfThatPlaceOnly) {
  RowMaker a = community("A");
  a.rule("柏山社区", RuleLevel::community, "柏山社区");
  zone_text::Item unknown = item("无名里");
  unknown.path = {{"柏山社区", {}}};
  a.allocation(AllocationMode::lottery).items = {unknown};
  const SchoolFinder finder = world().finder({a});
  EXPECT_FALSE(world().at(finder, "S1").schools.at(0).mode_unsure);
  EXPECT_EQ(world().at(finder, "S1").schools.at(0).mode, AllocationMode::direct);
  EXPECT_TRUE(world().at(finder, "S79").schools.at(0).mode_unsure);
}

TEST(FinderModes, ItemOfTheSameWordsAsTheRuleThatDecidesIsMeantUnderWhateverName) {
  RowMaker a = row("1", "A");
  a.rule("松岭东居委", RuleLevel::community, "松岭社区");  // which a compiler finds and a name alone does not
  zone_text::Item same = item("松岭东居委");
  same.span = a.make().text.rules[0].span;
  a.allocation(AllocationMode::lottery).items = {same};
  const SchoolAnswer school = world().at(world().finder({a}), "S1").schools.at(0);
  EXPECT_EQ(school.mode, AllocationMode::lottery);
  EXPECT_FALSE(school.mode_unsure);
}

TEST(FinderModes, NumbersThatTheAddressLacksLeaveTheModeUnsure) {
  zone_text::NumberRange group = numbers(1, 9);
  group.unit = group.to_unit = zone_text::NumberUnit::group;
  RowMaker a = community("A");
  a.allocation(AllocationMode::lottery).items = {item("松岭社区", {group})};
  const SchoolAnswer school = world().at(world().finder({a}), "S1").schools.at(0);
  EXPECT_EQ(school.mode, AllocationMode::lottery);
  EXPECT_TRUE(school.mode_unsure);
  EXPECT_THAT(school.mode_doubts, IsEmpty()) << "the name is known";
}

TEST(FinderModes, BareNumbersOfAnEstateAreItsBuildings) {
  RowMaker a = community("A");
  a.allocation(AllocationMode::lottery).items = {item("翠湖花园", {numbers(1, 2)})};
  const SchoolFinder finder = world().finder({a});
  EXPECT_EQ(world().at(finder, "B1").schools.at(0).mode, AllocationMode::lottery);
  EXPECT_FALSE(world().at(finder, "B1").schools.at(0).mode_unsure);
  EXPECT_EQ(world().at(finder, "B3").schools.at(0).mode, AllocationMode::direct);
}

TEST(FinderModes, NumbersExceptedFromAnItemHaveTheModeOfTheRest) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::estate, "松涛路");
  zone_text::Item street = item("松涛路");
  street.modifiers.emplace_back().kind = zone_text::ModifierKind::except;
  street.modifiers[0].items = {item("", {numbers(3, 3)})};
  a.allocation(AllocationMode::lottery).items = {street};
  const SchoolFinder finder = world().finder({a});
  EXPECT_EQ(world().at(finder, "S1").schools.at(0).mode, AllocationMode::lottery);
  EXPECT_EQ(world().at(finder, "S3").schools.at(0).mode, AllocationMode::direct);
  EXPECT_FALSE(world().at(finder, "S3").schools.at(0).mode_unsure);
}

// Seats left over never replace a school; whether that is all this row gives cannot be told.
TEST(FinderModes, SchoolThatMayHaveOnlySeatsLeftOverIsNotPreferredToOneThatHasTheAddress) {
  for (const AllocationMode mode : {AllocationMode::overflow, AllocationMode::choice}) {
    RowMaker a = community("A");
    a.allocation(mode).items = {item("无名里")};
    const FinderAnswer alone = world().at(world().finder({a}), "S1");
    EXPECT_EQ(alone.status, FinderStatus::definite);
    EXPECT_EQ(alone.schools.at(0).mode, mode);
    EXPECT_TRUE(alone.schools.at(0).mode_unsure);
    EXPECT_THAT(alone.against, IsEmpty());
    ASSERT_FALSE(alone.schools.at(0).fired.empty());
    EXPECT_EQ(alone.schools.at(0).fired[0].effect, RuleEffect::allow);
    RowMaker b = row("B", "B");
    b.region("松涛路以北", rectangle(0, 200, 800, 400));
    const FinderAnswer both = world().at(world().finder({a, b}), "S1");
    EXPECT_EQ(both.status, FinderStatus::undetermined);
    EXPECT_THAT(schools_of(both), ElementsAre("A", "B"));
  }
}

TEST(FinderModes, UnsureJointZoneDoesNotMakeTwoClaimsAnAnswer) {
  RowMaker a = community("A");
  a.allocation(AllocationMode::joint).items = {item("无名里")};
  const FinderAnswer answer = world().at(world().finder({a, community("B")}), "S1");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
}

TEST(FinderModes, PartnerThatNobodyKnowsLeavesTheAnswerUndeterminedAndIsNamed) {
  RowMaker a = community("A");
  a.allocation(AllocationMode::joint).partners = {{"无名小学", {}}};
  const FinderAnswer answer = world().at(world().finder({a}, nullptr, {}, schools()), "S1");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(answer.reason, HasSubstr("无名小学"));
  ASSERT_THAT(schools_of(answer), ElementsAre("A"));
  EXPECT_EQ(answer.schools[0].mode, AllocationMode::joint);
  EXPECT_THAT(answer.schools[0].mode_doubts, ElementsAre("无名小学"));
}

TEST(FinderModes, PartnerWithoutRowOrZoneIsAnAnswer) {
  RowMaker a = community("A");
  a.allocation(AllocationMode::joint).partners = {{"求是小学", {}}};
  const FinderAnswer answer = world().at(world().finder({a}, nullptr, {}, schools()), "S1");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "C"));
}

TEST(FinderModes, PartnersOfANameThatNobodyKnowsMayHaveTheAddressToo) {
  RowMaker a = community("A");
  zone_text::Allocation& joint = a.allocation(AllocationMode::joint);
  joint.items = {item("无名里")};
  joint.partners = {{"明德小学", {}}};
  const FinderAnswer answer = world().at(world().finder({a}, nullptr, {}, schools()), "S1");
  EXPECT_EQ(answer.status, FinderStatus::undetermined);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
}

TEST(FinderModes, ItemsLeftToASchoolThatNobodyKnowsAreNotThisSchools) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::number, "松涛路");
  zone_text::Allocation& rest = a.allocation(AllocationMode::direct);
  rest.partners = {{"无名小学", {}}};
  rest.items = {item("松涛路", {numbers(1, 9)})};
  const SchoolFinder finder = world().finder({a}, nullptr, {}, schools());
  EXPECT_EQ(world().at(finder, "S5").status, FinderStatus::undetermined);
  EXPECT_EQ(world().at(finder, "S11").status, FinderStatus::definite);
}

TEST(FinderModes, WordsThatLeaveItemsToTheSchoolItselfNameIt) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::number, "松涛路");
  zone_text::Allocation& rest = a.allocation(AllocationMode::direct);
  rest.partners = {{"本校", {}}, {"明德小学", {}}};
  rest.items = {item("松涛路", {numbers(1, 9)})};
  const FinderAnswer answer = world().at(world().finder({a}, nullptr, {}, schools()), "S5");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_THAT(schools_of(answer), ElementsAre("A", "B"));
}

TEST(FinderModes, SchoolWithTwoModesForTwoHouseholdsIsNotShownAsDirect) {
  RowMaker open = row("1", "A");
  open.rule("松岭社区（集体户口除外）", RuleLevel::community, "松岭社区").households = {
      household(HouseholdKind::collective_hukou, "", true)};
  RowMaker drawn = row("2", "A");
  drawn.rule("松岭社区（集体户口）", RuleLevel::community, "松岭社区").households = {
      household(HouseholdKind::collective_hukou)};
  drawn.allocation(AllocationMode::lottery);
  const SchoolFinder finder = world().finder({open, drawn});
  const FinderAnswer answer = world().at(finder, "S1");
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_EQ(answer.schools.at(0).mode, AllocationMode::lottery);
  EXPECT_TRUE(answer.schools.at(0).mode_unsure);
  const SchoolAnswer known = world().at(finder, "S1", "collective_hukou=no").schools.at(0);
  EXPECT_EQ(known.mode, AllocationMode::direct);
  EXPECT_FALSE(known.mode_unsure);
}

TEST(FinderModes, StreetOfDoorsWithTwoModesIsNotShownAsDirect) {
  RowMaker a = row("1", "A");
  a.rule("松涛路", RuleLevel::estate, "松涛路");
  a.allocation(AllocationMode::lottery).items = {item("松涛路", {numbers(40, 99)})};
  ChildQuery query;
  query.address = "松涛路";
  const FinderAnswer answer = world().finder({a}).find(query);
  EXPECT_EQ(answer.status, FinderStatus::definite);
  EXPECT_EQ(answer.schools.at(0).mode, AllocationMode::lottery);
  EXPECT_TRUE(answer.schools.at(0).mode_unsure);
}

}  // namespace
}  // namespace catchment::engine
