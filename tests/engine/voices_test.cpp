#include "engine/matching/voices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace catchment::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using zone_text::AllocationMode;

Voice voice(std::uint32_t school, Rank rank, Says says = Says::yes) {
  Voice v;
  v.school = school;
  v.rank = rank;
  v.says = says;
  return v;
}

Voice with_mode(Voice v, AllocationMode mode) {
  v.mode = mode;
  v.shared = true;
  return v;
}

TEST(Voices, StrongerRankDecidesAndTheWeakerIsReportedOverridden) {
  const Rank order[] = {Rank::group,     Rank::feeder, Rank::feeder_by_place,
                        Rank::number,    Rank::estate, Rank::restricted_community,
                        Rank::community, Rank::polygon};
  for (std::size_t strong = 0; strong < std::size(order); ++strong) {
    for (std::size_t weak = strong + 1; weak < std::size(order); ++weak) {
      const Voice voices[] = {voice(2, order[weak]), voice(1, order[strong])};
      const Resolution r = resolve(voices);
      EXPECT_EQ(r.decision, Decision::settled);
      EXPECT_THAT(r.schools, ElementsAre(1u));
      EXPECT_THAT(r.deciding, ElementsAre(1u));
      EXPECT_THAT(r.overridden, ElementsAre(0u));
    }
  }
}

TEST(Voices, NobodySpeakingIsNothing) {
  EXPECT_EQ(resolve({}).decision, Decision::nothing);
  const Voice denial[] = {voice(1, Rank::number, Says::no)};
  EXPECT_EQ(resolve(denial).decision, Decision::nothing);
}

TEST(Voices, DenialConcernsOnlyItsOwnSchool) {
  const Voice voices[] = {voice(1, Rank::number, Says::no), voice(2, Rank::polygon)};
  const Resolution r = resolve(voices);
  EXPECT_EQ(r.decision, Decision::settled);
  EXPECT_THAT(r.schools, ElementsAre(2u));
}

TEST(Voices, UndeterminedIsSettledByAStrongerYesOnly) {
  const Voice stronger[] = {voice(1, Rank::number), voice(2, Rank::community, Says::undetermined)};
  EXPECT_EQ(resolve(stronger).decision, Decision::settled);
  EXPECT_THAT(resolve(stronger).schools, ElementsAre(1u));
  const Voice weaker[] = {voice(1, Rank::polygon), voice(2, Rank::community, Says::undetermined)};
  EXPECT_EQ(resolve(weaker).decision, Decision::undetermined);
  EXPECT_THAT(resolve(weaker).schools, ElementsAre(1u, 2u));
  const Voice equal[] = {voice(1, Rank::community), voice(2, Rank::community, Says::undetermined)};
  EXPECT_EQ(resolve(equal).decision, Decision::undetermined);
}

TEST(Voices, UndeterminedThatAWeakerYesOfTheSameSchoolMakesGoodIsSettled) {
  const Voice voices[] = {voice(1, Rank::polygon), voice(1, Rank::community, Says::undetermined)};
  EXPECT_EQ(resolve(voices).decision, Decision::settled);
}

TEST(Voices, NearALineEverySchoolThatMayHaveThePlaceIsNamed) {
  const Voice voices[] = {voice(1, Rank::polygon, Says::near_line), voice(2, Rank::polygon, Says::near_line)};
  EXPECT_EQ(resolve(voices).decision, Decision::near_line);
  EXPECT_THAT(resolve(voices).schools, ElementsAre(1u, 2u));
}

TEST(Voices, EqualRankIsAnAnswerOnlyIfSomebodySaysItIsShared) {
  const Voice plain[] = {voice(1, Rank::estate), voice(2, Rank::estate)};
  EXPECT_EQ(resolve(plain).decision, Decision::unshared);
  EXPECT_THAT(resolve(plain).schools, ElementsAre(1u, 2u));
  for (const AllocationMode mode :
       {AllocationMode::joint, AllocationMode::lottery, AllocationMode::temporary_host, AllocationMode::coordinated}) {
    const Voice declared[] = {voice(1, Rank::estate), with_mode(voice(2, Rank::estate), mode)};
    EXPECT_EQ(resolve(declared).decision, Decision::settled);
    EXPECT_THAT(resolve(declared).schools, ElementsAre(1u, 2u));
  }
}

TEST(Voices, LeftOverSeatsAndChoiceAddASchoolButNeverReplaceOne) {
  for (const AllocationMode mode : {AllocationMode::overflow, AllocationMode::choice}) {
    const Voice stronger[] = {voice(1, Rank::polygon), with_mode(voice(2, Rank::estate), mode)};
    EXPECT_EQ(resolve(stronger).decision, Decision::settled);
    EXPECT_THAT(resolve(stronger).schools, ElementsAre(1u, 2u));
    const Voice weaker[] = {voice(1, Rank::number), with_mode(voice(2, Rank::polygon), mode)};
    EXPECT_THAT(resolve(weaker).schools, ElementsAre(1u));
    const Voice alone[] = {with_mode(voice(2, Rank::polygon), mode)};
    EXPECT_EQ(resolve(alone).decision, Decision::settled);
  }
}

TEST(Voices, GroupThatSeveralSchoolsNameLeavesTheAddressToDecideAmongThem) {
  for (const Rank rank : {Rank::group, Rank::feeder, Rank::feeder_by_place}) {
    const Voice among[] = {voice(1, rank, Says::undetermined), voice(2, rank, Says::undetermined),
                           voice(2, Rank::polygon)};
    EXPECT_EQ(resolve(among).decision, Decision::settled);
    EXPECT_THAT(resolve(among).schools, ElementsAre(2u));
    const Voice elsewhere[] = {voice(1, rank, Says::undetermined), voice(2, rank, Says::undetermined),
                               voice(3, Rank::polygon)};
    EXPECT_EQ(resolve(elsewhere).decision, Decision::undetermined);
    EXPECT_THAT(resolve(elsewhere).schools, ElementsAre(1u, 2u, 3u));
  }
}

TEST(Voices, OrderOfVoicesDoesNotMatter) {
  std::vector<Voice> voices{voice(3, Rank::polygon), voice(1, Rank::community, Says::undetermined),
                            voice(2, Rank::estate, Says::no),
                            with_mode(voice(4, Rank::polygon), AllocationMode::choice)};
  const Resolution first = resolve(voices);
  std::swap(voices[0], voices[3]);
  std::swap(voices[1], voices[2]);
  EXPECT_EQ(resolve(voices).decision, first.decision);
  EXPECT_EQ(resolve(voices).schools, first.schools);
}

}  // namespace
}  // namespace catchment::engine
