// diff() of two notices: words, and the addresses whose schools differ.
#include "engine/zone_text/diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/grid_city.hpp"

namespace catchment::engine::zone_text {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string words_of(const ClauseDiff& d) {
  std::string text;
  for (const WordDiff& piece : d.words) {
    const char* marks = piece.kind == WordDiff::Kind::kept ? "" : piece.kind == WordDiff::Kind::removed ? "-" : "+";
    text += *marks == 0 ? piece.text : "[" + std::string(marks) + piece.text + "]";
  }
  return text;
}

std::vector<ClauseDiff> clauses(const std::vector<std::pair<std::string, std::string>>& before,
                                const std::vector<std::pair<std::string, std::string>>& after) {
  const auto rows = [](const auto& texts) {
    std::vector<LintRow> out;
    for (const auto& [school, text] : texts) out.push_back({school, "", text, {}});
    return out;
  };
  return diff_clauses(rows(before), rows(after));
}

TEST(ClauseDiffs, EqualNoticesHaveNone) {
  EXPECT_THAT(clauses({{"s1", "杏林路、桑园街"}}, {{"s1", "杏林路、桑园街"}}), IsEmpty());
}

TEST(ClauseDiffs, OtherOrderWithinASchoolIsNoChange) {
  EXPECT_THAT(clauses({{"s1", "杏林路、桑园街、柳荫巷"}}, {{"s1", "桑园街、柳荫巷、杏林路"}}), IsEmpty());
}

TEST(ClauseDiffs, PunctuationAndWidthAreNoChange) {
  EXPECT_THAT(clauses({{"s1", "杏林路（单号），桑园街"}}, {{"s1", "杏林路(单号)、桑园街"}}), IsEmpty());
}

TEST(ClauseDiffs, ChangedNumberIsOneTokenReworded) {
  const auto d = clauses({{"s1", "杏林路1-115号、桑园街"}}, {{"s1", "杏林路1-127号、桑园街"}});
  ASSERT_EQ(d.size(), 1u);
  EXPECT_EQ(d[0].change, ClauseChange::reworded);
  EXPECT_EQ(d[0].before, "杏林路1-115号");
  EXPECT_EQ(words_of(d[0]), "杏林路1-[-115][+127]号");
}

TEST(ClauseDiffs, ClauseOfAnotherSchoolNowIsMoved) {
  const auto d = clauses({{"s1", "杏林路、桑园街"}, {"s2", "柳荫巷"}}, {{"s1", "杏林路"}, {"s2", "柳荫巷、桑园街"}});
  ASSERT_EQ(d.size(), 1u);
  EXPECT_EQ(d[0].change, ClauseChange::moved);
  EXPECT_EQ(d[0].from_school_id, "s1");
  EXPECT_EQ(d[0].school_id, "s2");
  EXPECT_EQ(d[0].after, "桑园街");
}

TEST(ClauseDiffs, NewSchoolsClausesAreAddedAndLostOnesRemoved) {
  const auto d = clauses({{"s1", "杏林路"}}, {{"s2", "滨河花园"}});
  ASSERT_EQ(d.size(), 2u);
  EXPECT_EQ(d[0].change, ClauseChange::removed);
  EXPECT_EQ(d[1].change, ClauseChange::added);
}

TEST(ClauseDiffs, RegionClauseIsComparedAsAWhole) {
  const auto d = clauses({{"s1", "杏林路以西，桑园街以北的区域"}}, {{"s1", "杏林路以东，桑园街以北的区域"}});
  ASSERT_EQ(d.size(), 1u);
  EXPECT_EQ(words_of(d[0]), "杏林路以[-西][+东]，桑园街以北的区域");
}

class AddressDiffs : public ::testing::Test {
 protected:
  std::vector<std::string> changed(const std::vector<LintRow>& before, const std::vector<LintRow>& after) {
    std::vector<std::string> out;
    const auto list = [](const std::vector<std::string>& ids) {
      std::string text;
      for (const std::string& id : ids) text += (text.empty() ? "" : "+") + id;
      return text;
    };
    for (const AddressDiff& d : diff(before, after, ground_).addresses) {
      out.push_back(std::string(names_.entry(d.entry).id) + " " + list(d.before) + ">" + list(d.after));
      if (!d.maybe_before.empty() || !d.maybe_after.empty()) {
        out.back() += " maybe " + list(d.maybe_before) + ">" + list(d.maybe_after);
      }
    }
    return out;
  }

  static std::vector<engine::Address> addresses() {
    std::vector<engine::Address> out;
    for (int n = 1; n <= 6; ++n) {
      engine::Address a;
      a.id = "d" + std::to_string(n);
      a.text = "杏林路" + std::to_string(n) + "号";
      a.street = "杏林路";
      a.door = std::to_string(n) + "号";
      a.position = tests::at_metres(20.0 * n, n % 2 == 1 ? 12 : -12);
      out.push_back(std::move(a));
    }
    return out;
  }

  std::vector<engine::Line> streets_{tests::line_of("杏林路", "secondary", {{0, 0}, {200, 0}})};
  geo::Gazetteer names_ = tests::gazetteer_of(streets_, {}, addresses());
  Ground ground_ = Ground::build(names_, streets_, {}, {}, {});
};

TEST_F(AddressDiffs, RewordingThatMovesNobodyHasNoAddresses) {
  EXPECT_THAT(changed({{"s1", "", "杏林路", {}}}, {{"s1", "", "杏林路（单、双号）", {}}}), IsEmpty());
}

TEST_F(AddressDiffs, DoorsBetweenTwoEndsMoveFromOneSchoolToTheOther) {
  EXPECT_THAT(changed({{"s1", "", "杏林路1-2号", {}}, {"s2", "", "杏林路3-6号", {}}},
                      {{"s1", "", "杏林路1-4号", {}}, {"s2", "", "杏林路5-6号", {}}}),
              ElementsAre("d3 s2>s1", "d4 s2>s1"));
}

TEST_F(AddressDiffs, UnchangedRowsStayInTheAnswer) {
  EXPECT_THAT(changed({{"s1", "", "杏林路", {}}}, {{"s1", "", "杏林路", {}}, {"s2", "", "杏林路6号", {}}}),
              ElementsAre("d6 s1>s1+s2"));
}

TEST_F(AddressDiffs, ARowThatRefersChangesWithTheRowItRefersTo) {
  const LintRow refers{"s2", "乙小学", "同青松小学", {}}, fixed{"s3", "丙小学", "杏林路6号", {}};
  EXPECT_THAT(changed({{"s1", "青松小学", "杏林路1号", {}}, refers, fixed},
                      {{"s1", "青松小学", "杏林路2号", {}}, refers, fixed}),
              ElementsAre("d1 s1+s2>", "d2 >s1+s2"));
  // The row referred to is the same in both, and not compiled for itself.
  EXPECT_THAT(changed({{"s1", "青松小学", "杏林路1号", {}}}, {{"s1", "青松小学", "杏林路1号", {}}, refers}),
              ElementsAre("d1 s1>s1+s2"));
}

TEST_F(AddressDiffs, WhatCannotBeDecidedIsToldApart) {
  EXPECT_THAT(changed({{"s1", "", "杏林路1-6号（单号）", {}}}, {{"s1", "", "杏林路（部分）", {}}}),
              ElementsAre("d1 s1> maybe >s1", "d2 > maybe >s1", "d3 s1> maybe >s1", "d4 > maybe >s1",
                          "d5 s1> maybe >s1", "d6 > maybe >s1"));
}

}  // namespace
}  // namespace catchment::engine::zone_text
