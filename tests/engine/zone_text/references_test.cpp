// Rows whose zone is another school's: what they give, what stays open.
#include "engine/zone_text/references.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/zone_text/lint.hpp"
#include "zone_case.hpp"

namespace catchment::tests {
namespace {

using testing::HasSubstr;
using zt::FindingKind;
using zt::LintRow;
using zt::Verdict;

const GridCity& city() {
  static const GridCity city;
  return city;
}

bool on(const Door& d, std::string_view street) { return d.street == street; }
std::string community(int column, int row) { return city().community_name({column, row}); }

// Rows of 青松小学, 白杨小学, 云杉小学, 红枫小学 in the order of the texts; empty texts are no rows.
std::vector<LintRow> rows_of(const std::vector<std::string>& texts) {
  static const std::vector<std::string> kNames{"青松小学", "白杨小学", "云杉小学", "红枫小学"};
  std::vector<LintRow> rows;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].empty()) rows.push_back({"s" + std::to_string(i + 1), kNames.at(i), texts[i], {}});
  }
  return rows;
}

std::vector<zt::CompiledText> compiled(const std::vector<std::string>& texts,
                                       const std::vector<std::string>& earlier = {}) {
  const std::vector<LintRow> before = rows_of(earlier);
  zt::LintOptions options;
  options.threads = 1;
  options.pool.earlier = before;
  return zt::compile_rows(rows_of(texts), city().ground(), options);
}

TEST(References, TheZoneOfAnotherRowIsGiven) {
  const auto texts = compiled({"槐荫街1-40号；" + community(2, 2), "同青松小学"});
  EXPECT_EQ(wrong_answers(city(), texts[1], in_if([](const Door& d) {
                            return (on(d, "槐荫街") && d.number <= 40) || d.community == community(2, 2);
                          })),
            "");
  EXPECT_TRUE(texts[1].findings.empty());
  ASSERT_EQ(texts[1].borrowed.size(), 1u);
  EXPECT_EQ(texts[1].borrowed[0].school_id, "s1");
  for (const zt::AddressRule& rule : texts[1].rules) EXPECT_EQ(rule.span, texts[1].references[0].span);
}

TEST(References, WordsForTheSameAllMeanIt) {
  for (const std::string words : {"同青松小学招生范围", "与青松小学招生范围相同", "与青松小学相同", "同青松小学"}) {
    const auto texts = compiled({"槐荫街", words});
    EXPECT_EQ(wrong_answers(city(), texts[1], in_if([](const Door& d) { return on(d, "槐荫街"); })), "") << words;
  }
}

TEST(References, ARegionComesWithTheSideOfItsStreets) {
  const auto texts = compiled({"槐荫街以东、朝霞街以北、杨林街以西、明月街以南的区域", "同青松小学"});
  const auto blocks = GridCity::rectangle(1, 1, 2, 2);
  EXPECT_EQ(wrong_answers(city(), texts[1], in_if([&](const Door& d) { return is_in(blocks, d); })), "");
  EXPECT_GT(iou(derived_shape(texts[1], city().ground()), city().region_of(blocks)), 0.999999);
}

TEST(References, ExceptionsOfTheOtherRowHoldOnlyForWhatItGives) {
  const auto texts = compiled({"槐荫街（41号除外）", "同青松小学；槐荫街41号"});
  EXPECT_EQ(wrong_answers(city(), texts[0], in_if([](const Door& d) { return on(d, "槐荫街") && d.number != 41; })),
            "");
  EXPECT_EQ(wrong_answers(city(), texts[1], in_if([](const Door& d) { return on(d, "槐荫街"); })), "");
}

TEST(References, ExceptionsOfTheRowThatRefersHoldForWhatItTakes) {
  const auto texts = compiled({"槐荫街、银杏路", "同青松小学（槐荫街除外）"});
  EXPECT_EQ(wrong_answers(city(), texts[1], in_if([](const Door& d) { return on(d, "银杏路"); })), "");
}

TEST(References, AnExceptionThatMayHoldIsOfWhatTheReferenceTakesAlone) {
  const auto texts = compiled({"槐荫街", "银杏路；同青松小学（无名花园除外）"});
  EXPECT_EQ(wrong_answers(city(), texts[1],
                          [](const Door& d) {
                            if (on(d, "银杏路")) return Verdict::in;
                            return on(d, "槐荫街") ? Verdict::undetermined : Verdict::out;
                          }),
            "");
  EXPECT_EQ(wrong_answers(city(), texts[0], in_if([](const Door& d) { return on(d, "槐荫街"); })), "");
}

TEST(References, ADenialOfTheOtherRowIsSaidToo) {
  const auto texts = compiled({"槐荫街（41号除外）", "同青松小学"});
  for (const Door& d : city().doors()) {
    if (!on(d, "槐荫街") || d.number != 41) continue;
    const zt::TextAnswer said = answer_of(city(), texts[1], d);
    EXPECT_EQ(said.verdict, Verdict::out);
    EXPECT_EQ(said.level, zt::RuleLevel::denial);
    EXPECT_FALSE(said.rules.empty());
  }
}

TEST(References, APartOfAnotherZoneIsUndetermined) {
  for (const std::string words : {"同青松小学的部分", "同青松小学（只招槐荫街1-20号）", "同青松小学（部分）"}) {
    const auto texts = compiled({"槐荫街", words});
    EXPECT_EQ(wrong_answers(city(), texts[1],
                            [](const Door& d) { return on(d, "槐荫街") ? Verdict::undetermined : Verdict::out; }),
              "")
        << words;
  }
  EXPECT_EQ(count(compiled({"槐荫街", "同青松小学（部分）"})[1], FindingKind::undecidable), 1u);
}

TEST(References, ConditionsOfTheClauseHoldForWhatItTakes) {
  const auto texts = compiled({"槐荫街", "同青松小学（集体户口除外）"});
  for (const zt::AddressRule& rule : texts[1].rules) {
    ASSERT_EQ(rule.households.size(), 1u);
    EXPECT_EQ(rule.households[0].kind, zt::HouseholdKind::collective_hukou);
  }
  EXPECT_EQ(texts[1].rules.size(), 1u);
}

TEST(References, ChainsAreFollowed) {
  const auto texts = compiled({"同白杨小学；银杏路（61号除外）", "同云杉小学；槐荫街", "杨林街（5号除外）"});
  EXPECT_EQ(wrong_answers(city(), texts[0], in_if([](const Door& d) {
                            return (on(d, "银杏路") && d.number != 61) || on(d, "槐荫街") ||
                                   (on(d, "杨林街") && d.number != 5);
                          })),
            "");
  ASSERT_EQ(texts[0].borrowed.size(), 2u);
  EXPECT_EQ(texts[0].borrowed[1].parent, 1u);
}

TEST(References, RingsAreFindingsAndGiveNothing) {
  const auto texts = compiled({"同白杨小学；银杏路", "同青松小学；槐荫街", "同云杉小学", "同青松小学"});
  for (const std::size_t row : {0u, 1u, 2u}) {
    ASSERT_EQ(count(texts[row], FindingKind::unresolved_reference), 1u) << row;
    EXPECT_TRUE(texts[row].borrowed.empty()) << row;
  }
  EXPECT_EQ(wrong_answers(city(), texts[0], in_if([](const Door& d) { return on(d, "银杏路"); })), "");
  // Outside the ring the words of 青松小学 are known, but not the whole of its zone.
  EXPECT_EQ(wrong_answers(city(), texts[3], in_if([](const Door& d) { return on(d, "银杏路"); })), "");
  EXPECT_EQ(count(texts[3], FindingKind::unresolved_reference), 1u);
}

TEST(References, UnknownAndDoubledNamesAreFindings) {
  const auto unknown = compiled({"槐荫街", "同无名小学"});
  ASSERT_EQ(count(unknown[1], FindingKind::unresolved_reference), 1u);
  EXPECT_THAT(unknown[1].findings[0].message, HasSubstr("no row, or more than one school's"));
  EXPECT_TRUE(unknown[1].rules.empty());
  std::vector<LintRow> rows = rows_of({"槐荫街", "银杏路", "同青松小学"});
  rows[1].school_name = "青松小学";
  const auto doubled = zt::compile_rows(rows, city().ground());
  EXPECT_EQ(count(doubled[2], FindingKind::unresolved_reference), 1u);
  EXPECT_TRUE(doubled[2].rules.empty());
}

TEST(References, ASchoolIsFoundWithOrWithoutItsDistrictButNotByLikeness) {
  std::vector<LintRow> rows = rows_of({"槐荫街", "银杏路", "同青松小学"});
  rows[0].school_name = "城东区青松小学";
  rows[1].school_name = "大青松小学";
  EXPECT_EQ(wrong_answers(city(), zt::compile_rows(rows, city().ground())[2],
                          in_if([](const Door& d) { return on(d, "槐荫街"); })),
            "");
  rows[0].school_name = "松柏小学";
  EXPECT_EQ(count(zt::compile_rows(rows, city().ground())[2], FindingKind::unresolved_reference), 1u);
}

TEST(References, AFormerZoneIsThatOfTheEarlierNoticeOnly) {
  const auto now = compiled({"银杏路", "原青松小学招生服务范围内"}, {"槐荫街"});
  EXPECT_EQ(wrong_answers(city(), now[1], in_if([](const Door& d) { return on(d, "槐荫街"); })), "");
  EXPECT_TRUE(now[1].findings.empty());
  const auto gone = compiled({"", "原青松小学招生服务范围内"}, {"同白杨小学", "槐荫街"});
  EXPECT_EQ(wrong_answers(city(), gone[0], in_if([](const Door& d) { return on(d, "槐荫街"); })), "");
  const auto none = compiled({"银杏路", "原青松小学招生服务范围内"});
  ASSERT_EQ(count(none[1], FindingKind::unresolved_reference), 1u);
  EXPECT_THAT(none[1].findings[0].message, HasSubstr("no earlier notice"));
  EXPECT_TRUE(none[1].rules.empty());
}

TEST(References, WhatTheOtherRowCouldNotReadIsToldOfThisOneToo) {
  const auto texts = compiled({"槐荫街；无此路1-9号", "同青松小学"});
  EXPECT_EQ(count(texts[1], FindingKind::unresolved_reference), 1u);
  EXPECT_EQ(wrong_answers(city(), texts[1], in_if([](const Door& d) { return on(d, "槐荫街"); })), "");
}

TEST(References, ManyRowsThatReferToManyEndInAFinding) {
  std::vector<LintRow> rows;
  const auto name = [](int level, int k) {
    static const std::vector<std::string> kLetters{"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛"};
    return kLetters.at(static_cast<std::size_t>(level)) + kLetters.at(static_cast<std::size_t>(k)) + "小学";
  };
  for (int level = 0; level < 6; ++level) {
    for (int k = 0; k < 4; ++k) {
      std::string text;
      for (int next = 0; next < 4 && level < 5; ++next) text += "同" + name(level + 1, next) + "；";
      rows.push_back({name(level, k), name(level, k), text.empty() ? "槐荫街" : text, {}});
    }
  }
  const auto texts = zt::compile_rows(rows, city().ground());
  ASSERT_EQ(texts.size(), rows.size());
  EXPECT_GT(count(texts[0], FindingKind::unresolved_reference), 0u);
  for (const zt::CompiledText& text : texts) EXPECT_LE(text.borrowed.size(), 64u);
}

TEST(References, FeedersComeWithTheZoneButNotTheSchoolsOwnPupils) {
  const auto texts = compiled({"河滨小学、东山小学的毕业生；本校小学毕业生", "同青松小学"});
  ASSERT_EQ(texts[1].feeders.size(), 1u);
  EXPECT_EQ(texts[1].feeders[0].schools.size(), 2u);
  EXPECT_EQ(texts[1].feeders[0].scope, 1u);
}

TEST(References, ASharedZoneIsNoOverlapAFormerOneIs) {
  const std::vector<LintRow> shared = rows_of({"槐荫街", "同青松小学"});
  const zt::LintReport said = zt::lint(shared, city().ground());
  for (const zt::Finding& f : said.findings) {
    EXPECT_NE(f.kind, FindingKind::overlap) << f.message;
    EXPECT_TRUE(f.kind != FindingKind::not_complementary || f.row >= shared.size()) << f.message;
  }
  const std::vector<LintRow> before = rows_of({"槐荫街"});
  zt::LintOptions options;
  options.pool.earlier = before;
  const std::vector<LintRow> former = rows_of({"槐荫街", "原青松小学招生服务范围内"});
  const zt::LintReport twice = zt::lint(former, city().ground(), options);
  EXPECT_GT(twice.in_several, 100u);
  EXPECT_EQ(said.in_several, 0u);
}

}  // namespace
}  // namespace catchment::tests
