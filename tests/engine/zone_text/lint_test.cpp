// lint() on whole notices of a few streets, every address of which is known.
#include "engine/zone_text/lint.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/grid_city.hpp"

namespace catchment::engine::zone_text {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Two streets with doors 1 to 40, one estate of eight buildings beside them in one community.
class Lint : public ::testing::Test {
 protected:
  Lint() {
    const std::vector<engine::Line> streets{tests::line_of("杏林路", "secondary", {{0, 0}, {800, 0}}),
                                            tests::line_of("桑园街", "secondary", {{0, 400}, {800, 400}})};
    const geo::MultiPolygon all{{{tests::at_metres(-50, -50), tests::at_metres(850, -50), tests::at_metres(850, 450),
                                  tests::at_metres(-50, 450)},
                                 {}}};
    places_ = {{"c1", "community", "松岭社区", "", {}, all},
               {"e1", "estate", "翠湖花园", "c1", tests::at_metres(400, 200), {}}};
    std::vector<engine::Address> addresses;
    for (const auto& [street, north] : {std::pair{"杏林路", 0.0}, std::pair{"桑园街", 400.0}}) {
      for (int n = 1; n <= 40; ++n) {
        engine::Address a;
        a.id = std::string(street) + std::to_string(n);
        a.text = a.id + "号";
        a.street = street;
        a.door = std::to_string(n) + "号";
        a.position = tests::at_metres(20.0 * n, north + (n % 2 == 1 ? 12 : -12));
        addresses.push_back(std::move(a));
      }
    }
    for (int n = 1; n <= 8; ++n) {
      engine::Address a;
      a.id = "翠湖" + std::to_string(n);
      a.text = "翠湖花园" + std::to_string(n) + "号楼";
      a.estate = "翠湖花园";
      a.position = tests::at_metres(380 + 5.0 * n, 200);
      addresses.push_back(std::move(a));
    }
    names_ = std::make_unique<geo::Gazetteer>(tests::gazetteer_of(streets, places_, addresses));
    ground_ = std::make_unique<Ground>(Ground::build(*names_, streets, {}, places_, {}));
  }

  // Schools are 甲小学, 乙小学, 丙小学 in the order of the texts.
  LintReport run(const std::vector<std::string>& texts, unsigned threads = 1) {
    static const std::vector<std::string> kNames{"甲小学", "乙小学", "丙小学", "丁小学"};
    rows_.clear();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      rows_.push_back({"s" + std::to_string(i + 1), kNames.at(i), texts[i], {}});
    }
    LintOptions options;
    options.threads = threads;
    return lint(rows_, *ground_, options);
  }

  static std::vector<Finding> of_kind(const LintReport& report, FindingKind kind) {
    std::vector<Finding> out;
    for (const Finding& f : report.findings) {
      if (f.kind == kind) out.push_back(f);
    }
    return out;
  }

  static std::string all_of(const LintReport& report) {
    std::string text;
    for (const Finding& f : report.findings) {
      text += std::to_string(f.row) + " " + std::string(to_word(f.kind)) + " [" + f.quote + "] " + f.message + " -> " +
              f.proposal + "\n";
    }
    return text;
  }

  std::vector<engine::Place> places_;
  std::vector<LintRow> rows_;
  std::unique_ptr<geo::Gazetteer> names_;
  std::unique_ptr<Ground> ground_;
};

TEST_F(Lint, CompleteNoticeHasNoFinding) {
  const LintReport report = run({"杏林路（单号）、翠湖花园1-4幢", "杏林路（双号）、桑园街、翠湖花园5-8幢"});
  EXPECT_TRUE(report.findings.empty()) << all_of(report);
  EXPECT_EQ(report.addresses, 88u);
  EXPECT_EQ(report.in_one, 88u);
}

TEST_F(Lint, DoubledNumbersOfADividedStreetAreNamed) {
  const LintReport report = run({"杏林路1-23号、翠湖花园", "杏林路21-40号、桑园街"});
  const auto found = of_kind(report, FindingKind::not_complementary);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_THAT(found[0].message, HasSubstr("杏林路21-23号 (3 addresses)"));
  EXPECT_THAT(found[0].message, HasSubstr("is given to 甲小学 and 乙小学"));
  EXPECT_EQ(found[0].quote, "杏林路1-23号");
  EXPECT_THAT(found[0].candidates, ElementsAre("s1", "s2"));
  EXPECT_FALSE(found[0].proposal.empty());
  EXPECT_EQ(report.in_several, 3u);
  EXPECT_TRUE(of_kind(report, FindingKind::overlap).empty()) << all_of(report);
}

TEST_F(Lint, ExclusionNobodyTakesIsNamed) {
  const LintReport report = run({"杏林路（15号除外）、翠湖花园", "杏林路17号、桑园街"});
  const auto found = of_kind(report, FindingKind::not_complementary);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_THAT(found[0].message, HasSubstr("杏林路15号 (1 address) has no school"));
  EXPECT_THAT(found[0].message, HasSubstr("杏林路17号 (1 address) is given to 甲小学 and 乙小学"));
  EXPECT_EQ(report.in_none, 1u);
}

TEST_F(Lint, ComplementInACommunityIsComplete) {
  const LintReport report = run({"松岭社区（只招杏林路15号）", "松岭社区（杏林路15号除外）"});
  EXPECT_TRUE(of_kind(report, FindingKind::not_complementary).empty()) << all_of(report);
  EXPECT_EQ(report.in_one, 88u) << all_of(report);
}

TEST_F(Lint, ComplementInACommunityThatLeavesADoorOutIsNamed) {
  const LintReport report = run({"松岭社区（只招杏林路15号）", "松岭社区（杏林路15号、17号除外）"});
  const auto found = of_kind(report, FindingKind::not_complementary);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_THAT(found[0].message, HasSubstr("杏林路17号"));
}

TEST_F(Lint, ParitySidesThatBothMissANumberAreNamed) {
  const LintReport report = run({"杏林路1-39号（单号）、翠湖花园、桑园街", "杏林路2-18号（双号）、22-40号（双号）"});
  const auto found = of_kind(report, FindingKind::not_complementary);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_THAT(found[0].message, HasSubstr("杏林路20号 (1 address) has no school"));
}

TEST_F(Lint, NumbersBeyondWhatAnybodyNamesAreAGap) {
  const LintReport report = run({"杏林路1-19号、翠湖花园、桑园街", "杏林路20-30号"});
  const auto gaps = of_kind(report, FindingKind::gap);
  ASSERT_EQ(gaps.size(), 1u) << all_of(report);
  EXPECT_THAT(gaps[0].message, HasSubstr("10 addresses have no school: 杏林路31-40号"));
  EXPECT_EQ(gaps[0].row, 1u);
  EXPECT_THAT(gaps[0].candidates, ElementsAre("s2"));
}

TEST_F(Lint, StreetsNobodyNamesAreOneFindingOfTheirCommunity) {
  const LintReport report = run({"杏林路"});
  const auto gaps = of_kind(report, FindingKind::gap);
  ASSERT_EQ(gaps.size(), 1u) << all_of(report);
  EXPECT_EQ(gaps[0].row, kWholeNotice);
  EXPECT_THAT(gaps[0].message, HasSubstr("松岭社区"));
  EXPECT_THAT(gaps[0].message, HasSubstr("48 addresses"));
}

TEST_F(Lint, CommunityAndStreetOfAnotherSchoolOverlap) {
  const LintReport report = run({"松岭社区", "桑园街"});
  const auto found = of_kind(report, FindingKind::overlap);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_THAT(found[0].message, HasSubstr("40 addresses are given to 甲小学 and 乙小学"));
  EXPECT_THAT(found[0].message, HasSubstr("桑园街; 乙小学 has \"桑园街\""));
}

TEST_F(Lint, JointStatementIsNoOverlap) {
  const LintReport report = run({"杏林路、翠湖花园、桑园街（与乙小学为共同学区）", "桑园街（与甲小学为共同学区）"});
  EXPECT_TRUE(of_kind(report, FindingKind::overlap).empty()) << all_of(report);
  EXPECT_TRUE(of_kind(report, FindingKind::not_complementary).empty()) << all_of(report);
}

TEST_F(Lint, JointStatementOfWhichThePartnerDoesNotKnowIsNamed) {
  const LintReport report = run({"杏林路、桑园街（与乙小学为共同学区）", "翠湖花园"});
  const auto found = of_kind(report, FindingKind::not_complementary);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_THAT(found[0].message, HasSubstr("甲小学 says that it shares 桑园街 (40 addresses) with 乙小学"));
}

TEST_F(Lint, TheRestSaidToBeOfASchoolGoesByTheRowsOwn) {
  EXPECT_EQ(run({"松岭社区（余为甲小学学区）"}).undetermined, 0u);
  EXPECT_GT(run({"松岭社区（余为乙小学学区）"}).undetermined, 0u);
}

TEST_F(Lint, ConditionsThatExcludeEachOtherAreNoOverlap) {
  const LintReport report = run({"松岭社区（集体户口除外）", "松岭社区（只招集体户口）"});
  EXPECT_TRUE(of_kind(report, FindingKind::overlap).empty()) << all_of(report);
  EXPECT_TRUE(of_kind(report, FindingKind::not_complementary).empty()) << all_of(report);
}

TEST_F(Lint, DuplicateItemsOfARowAreNamed) {
  const LintReport report = run({"杏林路1-12号；杏林路1-12号"});
  const auto found = of_kind(report, FindingKind::duplicate);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_EQ(found[0].quote, "杏林路1-12号");
  EXPECT_GT(found[0].span.begin, 0u);
}

TEST_F(Lint, NearDuplicateNamesTheNumbersBothGive) {
  const LintReport report = run({"桑园街1-28；桑园街1-23"});
  const auto found = of_kind(report, FindingKind::duplicate);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_THAT(found[0].message, HasSubstr("both give 桑园街1-23号"));
  EXPECT_THAT(found[0].proposal, HasSubstr("桑园街1-28号"));
}

TEST_F(Lint, BothSidesOfAStreetInOneRowAreNoDuplicate) {
  const LintReport report = run({"杏林路1-39号（单号）、2-40号（双号）；桑园街1-19号；桑园街20-40号；翠湖花园"});
  EXPECT_TRUE(of_kind(report, FindingKind::duplicate).empty()) << all_of(report);
}

TEST_F(Lint, SameTextOfTwoSchoolsIsToldOnce) {
  const LintReport report = run({"杏林路、翠湖花园、桑园街。", "杏林路、翠湖花园、桑园街"});
  const auto found = of_kind(report, FindingKind::same_text);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_EQ(found[0].row, 1u);
  EXPECT_THAT(found[0].candidates, ElementsAre("s1", "s2"));
  EXPECT_TRUE(of_kind(report, FindingKind::overlap).empty()) << all_of(report);
}

TEST_F(Lint, RowsOfOneSchoolDoNotOverlap) {
  const std::vector<LintRow> rows{{"s1", "甲小学", "杏林路、桑园街、翠湖花园", {}}, {"s1", "甲小学", "桑园街", {}}};
  EXPECT_TRUE(lint(rows, *ground_).findings.empty());
}

TEST_F(Lint, UnknownNameIsGivenTheLikelyOne) {
  const LintReport report = run({"杏村路、翠湖花园、桑园街"});
  const auto found = of_kind(report, FindingKind::unknown_name);
  ASSERT_EQ(found.size(), 1u) << all_of(report);
  EXPECT_EQ(found[0].quote, "杏村路");
  EXPECT_THAT(found[0].proposal, HasSubstr("杏林路"));
}

TEST_F(Lint, EveryFindingHasAMessageAndAQuoteOfItsSpan) {
  const LintReport report =
      run({"杏林路1-23号；719—729单号；桑园街13-15（双号）；无名路", "杏林路21-40号（62号除外）；东边：桑园街以东"});
  EXPECT_FALSE(report.findings.empty());
  for (const Finding& f : report.findings) {
    EXPECT_FALSE(f.message.empty());
    if (f.row == kWholeNotice) continue;
    EXPECT_LE(f.span.end, rows_[f.row].text.size());
    EXPECT_TRUE(f.quote.ends_with("…") || rows_[f.row].text.substr(f.span.begin, f.span.end - f.span.begin) == f.quote)
        << f.quote;
  }
}

TEST_F(Lint, ReportDoesNotDependOnTheThreads) {
  const std::vector<std::string> texts{"杏林路1-23号、松岭社区", "杏林路21-40号", "桑园街、翠湖花园2幢", "桑园街双号"};
  const std::string alone = all_of(run(texts, 1));
  EXPECT_EQ(alone, all_of(run(texts, 4)));
}

TEST_F(Lint, StopsWhenProgressSaysSo) {
  LintOptions options;
  options.progress = [](std::size_t, std::size_t) { return false; };
  const std::vector<LintRow> rows{{"s1", "甲小学", "杏林路", {}}, {"s2", "乙小学", "杏林路", {}}};
  const LintReport report = lint(rows, *ground_, options);
  EXPECT_TRUE(report.cancelled);
  EXPECT_TRUE(report.findings.empty());
}

}  // namespace
}  // namespace catchment::engine::zone_text
