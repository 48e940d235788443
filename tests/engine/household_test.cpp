#include "engine/matching/household.hpp"

#include <gtest/gtest.h>

#include "geo/input_error.hpp"

namespace catchment::engine {
namespace {

using zone_text::Household;
using zone_text::HouseholdKind;

Household condition(HouseholdKind kind, std::string who = "", bool excluded = false) {
  return {kind, excluded, std::move(who), {}};
}

TEST(Household, WhatIsNotKnownIsNeitherTrueNorFalse) {
  const HouseholdFacts nothing;
  EXPECT_EQ(nothing.test(condition(HouseholdKind::renter)), std::nullopt);
  EXPECT_EQ(nothing.test(condition(HouseholdKind::renter, "", true)), std::nullopt);
  EXPECT_EQ(nothing.test(condition(HouseholdKind::any)), true);
}

TEST(Household, ExcludedTurnsTheAnswerRound) {
  const HouseholdFacts facts = parse_household_facts("collective_hukou=yes", "test");
  EXPECT_EQ(facts.test(condition(HouseholdKind::collective_hukou)), true);
  EXPECT_EQ(facts.test(condition(HouseholdKind::collective_hukou, "", true)), false);
}

TEST(Household, UrbanAndNonUrbanHukouAreOpposites) {
  const HouseholdFacts urban = parse_household_facts("urban_hukou=yes", "test");
  EXPECT_EQ(urban.test(condition(HouseholdKind::non_urban_hukou)), false);
  const HouseholdFacts rural = parse_household_facts("non_urban_hukou=yes", "test");
  EXPECT_EQ(rural.test(condition(HouseholdKind::urban_hukou)), false);
  EXPECT_TRUE(same_question(condition(HouseholdKind::urban_hukou), condition(HouseholdKind::non_urban_hukou)));
  EXPECT_TRUE(wants(condition(HouseholdKind::urban_hukou)));
  EXPECT_FALSE(wants(condition(HouseholdKind::non_urban_hukou)));
}

TEST(Household, NativesOfOneVillageAreNotNativesOfAnother) {
  const HouseholdFacts facts = parse_household_facts("native_villager=清溪村", "test");
  EXPECT_EQ(facts.test(condition(HouseholdKind::native_villager, "清溪村")), true);
  EXPECT_EQ(facts.test(condition(HouseholdKind::native_villager, "石桥村")), false);
  EXPECT_EQ(facts.test(condition(HouseholdKind::native_villager, "石桥村", true)), true);
  const HouseholdFacts unnamed = parse_household_facts("native_villager=yes", "test");
  EXPECT_EQ(unnamed.test(condition(HouseholdKind::native_villager, "清溪村")), std::nullopt);
  EXPECT_EQ(
      parse_household_facts("native_villager=no", "test").test(condition(HouseholdKind::native_villager, "清溪村")),
      false);
}

TEST(Household, NameWithinTheOtherMayBeTheSame) {
  const HouseholdFacts facts = parse_household_facts("employee_child=省医院,others=no", "test");
  EXPECT_EQ(facts.test(condition(HouseholdKind::employee_child, "示例省医院")), std::nullopt);
  EXPECT_EQ(facts.test(condition(HouseholdKind::employee_child, "示例钢厂")), false);
}

TEST(Household, OthersSpeaksForWhatIsNotStated) {
  const HouseholdFacts facts = parse_household_facts("military_child=yes,others=no", "test");
  EXPECT_EQ(facts.test(condition(HouseholdKind::military_child)), true);
  EXPECT_EQ(facts.test(condition(HouseholdKind::migrant_child)), false);
  EXPECT_EQ(facts.test(condition(HouseholdKind::migrant_child, "", true)), true);
}

TEST(Household, EveryKindHasAWordThatIsReadBack) {
  for (int i = 0; i <= static_cast<int>(HouseholdKind::other); ++i) {
    const auto kind = static_cast<HouseholdKind>(i);
    EXPECT_EQ(find_household_kind(household_word(kind)), kind);
  }
}

TEST(Household, WhatIsNoFactIsRefusedByName) {
  for (const char* text : {"rich=yes", "renter", "renter=", "any=yes", "renter=yes,,others=no", "others=清溪村"}) {
    try {
      parse_household_facts(text, "household");
      FAIL() << text;
    } catch (const InputError& error) {
      EXPECT_EQ(error.code, "household_invalid");
      EXPECT_EQ(error.where, "household");
    }
  }
  EXPECT_TRUE(parse_household_facts("", "household").known.empty());
}

}  // namespace
}  // namespace catchment::engine
