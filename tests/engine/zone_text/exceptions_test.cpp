// Exceptions that cannot be told: what they are excepted from is in doubt where they may lie, and nowhere else.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zone_case.hpp"

namespace catchment::tests {
namespace {

using zt::Verdict;

const GridCity& city() {
  static const GridCity city;
  return city;
}

constexpr const char* kRegion = "槐荫街以东、朝霞街以北、青石河以西、明月街以南的区域";
std::string place(int column, int row) { return city().community_name({column, row}); }

struct Case {
  std::string name;
  std::string words;   // without the exception
  std::string except;  // with it
  std::function<bool(const Door&)> may_lie = [](const Door&) { return true; };
};

// The address answers as without the exception, but undetermined where it is given and the exception may lie.
std::string wrong(const Case& c) {
  const zt::CompiledText without = compile_text(city(), c.words);
  return wrong_answers(city(), compile_text(city(), c.except), [&](const Door& door) {
    const Verdict given = answer_of(city(), without, door).verdict;
    return given == Verdict::in && c.may_lie(door) ? Verdict::undetermined : given;
  });
}

TEST(Exceptions, ThatNobodyKnowsAreInDoubtWhereTheyMayLieAndNowhereElse) {
  const std::string region = kRegion;
  const std::string estate = city().estate_name({0, 0});
  const std::vector<Case> cases{
      {"a region", region, region + "（无名花园除外）"},
      {"a region and what is not of its clause", region + "；" + place(6, 4),
       region + "（无名花园除外）；" + place(6, 4), [](const Door& d) { return d.community != place(6, 4); }},
      {"a community", place(0, 0), place(0, 0) + "（无名花园除外）"},
      {"a community among others", place(0, 0) + "、" + place(2, 0), place(0, 0) + "（无名花园除外）、" + place(2, 0),
       [](const Door& d) { return d.community == place(0, 0); }},
      {"doors of a street", "银杏路1-40号", "银杏路1-40号（无名花园除外）"},
      {"an estate", estate, estate + "（无名楼除外）"},
      {"the whole city", "全市", "全市（无名花园除外）"},
      {"a town that goes by its shape", city().town_name({0, 0}), city().town_name({0, 0}) + "（无名花园除外）"},
      {"half-planes that cannot be drawn", place(0, 0), place(0, 0) + "（无名河以东除外）"},
      {"frontage of a street nobody knows", region,
       "槐荫街以东、朝霞街以北、青石河以西、明月街以南（不含无名路）的区域"},
  };
  for (const Case& c : cases) EXPECT_EQ(wrong(c), "") << c.name;
}

TEST(Exceptions, ThatAreKnownDenyAndLeaveTheRest) {
  const std::string region = kRegion;
  const zt::CompiledText without = compile_text(city(), region);
  const std::string estate = city().estate_name({3, 3});
  ASSERT_FALSE(estate.empty());
  EXPECT_EQ(wrong_answers(city(), compile_text(city(), region + "（" + estate + "除外）"),
                          [&](const Door& door) {
                            return door.estate == estate ? Verdict::out : answer_of(city(), without, door).verdict;
                          }),
            "");
}

TEST(Exceptions, OfPartOfAThingAreInDoubtUnderThatThing) {
  const std::string estate = city().estate_name({0, 0});
  const auto of_estate = [&](const Door& d) { return d.estate == estate; };
  for (const Case& c : std::vector<Case>{
           {"part", place(0, 0), place(0, 0) + "（" + estate + "的部分除外）", of_estate},
           {"part, beside a region", "槐荫街以西", "槐荫街以西（" + estate + "的部分除外）", of_estate},
       }) {
    EXPECT_EQ(wrong(c), "") << c.name;
  }
}

TEST(Exceptions, OfNumbersWithoutAStreetBesideARegionConcernTheDoorsThatBearThem) {
  const std::string region = kRegion;
  const Case c{"numbers", region, region + "（45号除外）", [](const Door& d) {
                 return d.number == 45 || d.street.empty();  // a building may bear a number of a street besides
               }};
  EXPECT_EQ(wrong(c), "");
}

TEST(Exceptions, WeakerThanWhatIsExceptedFromTheySpeakNoLouder) {
  const Door& door =
      *std::ranges::find_if(city().doors(), [](const Door& d) { return d.street == "银杏路" && d.number == 21; });
  const zt::TextAnswer said = answer_of(city(), compile_text(city(), door.community + "（无名花园除外）"), door);
  EXPECT_EQ(said.verdict, Verdict::undetermined);
  EXPECT_EQ(said.level, zt::RuleLevel::community);
  EXPECT_EQ(said.rules.size(), 2u) << "what gives it and what may except it";
}

TEST(Exceptions, RestrictionToWhatNobodyKnowsIsInDoubtWithinWhatItRestricts) {
  const zt::CompiledText text = compile_text(city(), place(0, 0) + "（只招无名花园）");
  EXPECT_EQ(wrong_answers(
                city(), text,
                [&](const Door& door) { return door.community == place(0, 0) ? Verdict::undetermined : Verdict::out; }),
            "");
}

}  // namespace
}  // namespace catchment::tests
