// What the compiler reports of one text: kind, quote, proposal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "corpus.hpp"
#include "zone_case.hpp"

namespace catchment::tests {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using zt::FindingKind;

const GridCity& city() {
  static const GridCity city = [] {
    GridCity c;
    c.aliases.push_back({"street", "夏荷路", "莲花路", "former"});
    c.aliases.push_back({"estate", c.estate_name({0, 0}), "水岸名邸", "promoted"});
    return c;
  }();
  return city;
}

struct Case {
  std::string text;
  FindingKind kind;
  std::string quote;
  std::string proposal;
};

TEST(CompileFindings, EveryKindThatBelongsToOneTextIsFoundWithItsQuote) {
  const std::string community = city().community_name({0, 0});
  const std::vector<Case> cases{
      {"杨林街1-15（单号）；无此路2号", FindingKind::unknown_name, "无此路", ""},
      {"莲花路1-20号", FindingKind::renamed, "莲花路", "夏荷路"},
      {community + "的部分", FindingKind::undecidable, "部分", ""},
      {"松涛路及附近", FindingKind::undecidable, "附近", ""},
      {"槐荫街13-15（双号）", FindingKind::parity_contradicts, "13-15", ""},
      {"；719—729单号；松涛路", FindingKind::number_without_street, "719—729单号", ""},
      {"海棠路13—71（单号）（其中62号除外）", FindingKind::exclusion_outside, "62号", ""},
      {"海棠路4001号", FindingKind::no_such_number, "4001号", ""},
      {"海棠路1-40号（5、7号已拆迁）", FindingKind::void_number, "已拆迁", ""},
      {"松涛路1-12号；松涛路1-12号", FindingKind::duplicate, "松涛路1-12号", ""},
      {"东边：柳溪街以东；西边：银杏路以东；南边：星辰路以北；北边：彩虹路以南", FindingKind::label_contradicts,
       "柳溪街以东", "柳溪街以西"},
      {"明月街以北", FindingKind::closed_on_outline, "明月街以北", ""},
      {"同青松小学招生范围", FindingKind::unresolved_reference, "同青松小学招生范围", ""},
      {"晨光路（部分）", FindingKind::undecidable, "部分", ""},
      {community + "（只招" + city().estate_name({0, 0}) + "的部分）", FindingKind::undecidable, "部分", ""},
      {community + "（" + city().estate_name({0, 0}) + "附近除外）", FindingKind::undecidable, "附近", ""},
      {"东至银杏路，西至松涛路，南至晨光路，北至朝霞街的部分区域", FindingKind::undecidable, "部分", ""},
      {"晨光路41号（空号）", FindingKind::void_number, "空号", ""},
      {"晨光路4001号（空号）", FindingKind::void_number, "空号", ""},
      {"海棠路中段", FindingKind::undecidable, "海棠路中段", ""},
  };
  for (const Case& c : cases) {
    const zt::CompiledText text = compile_text(city(), c.text);
    std::string all = zt::to_text(text.tree);
    const zt::Finding* found = nullptr;
    for (const zt::Finding& f : text.findings) {
      all += "\n" + std::string(to_word(f.kind)) + " [" + f.quote + "] " + f.message + " -> " + f.proposal;
      if (f.kind == c.kind) found = &f;
    }
    ASSERT_NE(found, nullptr) << c.text << "\n" << all;
    EXPECT_THAT(found->quote, HasSubstr(c.quote)) << c.text << "\n" << all;
    EXPECT_EQ(found->proposal, c.proposal) << c.text << "\n" << all;
    EXPECT_EQ(text.tree.text.substr(found->span.begin, found->span.end - found->span.begin), found->quote);
    EXPECT_EQ(text.findings.size(), 1u) << c.text << "\n" << all;
  }
}

void expect_told(const std::vector<zt::Modifier>& modifiers, const zt::CompiledText& text, int& seen) {
  for (const zt::Modifier& m : modifiers) {
    const bool open = m.kind == zt::ModifierKind::partial || m.kind == zt::ModifierKind::vague;
    if (open || m.kind == zt::ModifierKind::void_now) {
      ++seen;
      const auto kind = open ? FindingKind::undecidable : FindingKind::void_number;
      EXPECT_TRUE(
          std::ranges::any_of(text.findings, [&](const zt::Finding& f) { return f.kind == kind && f.span == m.span; }))
          << text.tree.text << "\n"
          << zt::to_text(text.tree);
    }
    for (const zt::Item& item : m.items) expect_told(item.modifiers, text, seen);
  }
}

TEST(CompileFindings, EveryWordThatLeavesTheAnswerOpenIsAFindingWithItsSpan) {
  int seen = 0;
  for (const engine::zone_text::CorpusEntry& entry : engine::zone_text::read_corpus()) {
    const zt::CompiledText text = compile_text(city(), entry.text);
    for (const zt::Clause& clause : text.tree.clauses) {
      expect_told(clause.modifiers, text, seen);
      if (const auto* addresses = std::get_if<zt::Addresses>(&clause.what)) {
        for (const zt::Item& item : addresses->items) expect_told(item.modifiers, text, seen);
      }
    }
  }
  EXPECT_GT(seen, 20);
}

TEST(CompileFindings, ASoundTextHasNone) {
  for (const std::string text : {"槐荫街以东、朝霞街以北、青石河以西、明月街以南的区域",
                                 "杨林街1-15（单号）、2-30（双号）；晨光路（41号除外）", "水岸名邸1至4幢"}) {
    const zt::CompiledText compiled = compile_text(city(), text);
    EXPECT_TRUE(compiled.findings.empty())
        << text << ": " << (compiled.findings.empty() ? "" : compiled.findings[0].message);
  }
}

TEST(CompileFindings, AnUnknownNameProposesTheOneItIsLike) {
  const zt::CompiledText text = compile_text(city(), "松滔路1-15号");
  ASSERT_EQ(count(text, FindingKind::unknown_name), 1u);
  EXPECT_EQ(text.findings[0].proposal, "松涛路");
  EXPECT_TRUE(text.rules.empty());
}

TEST(CompileFindings, AFormerNameStillDecides) {
  const zt::CompiledText text = compile_text(city(), "莲花路1-20号");
  EXPECT_EQ(wrong_answers(city(), text, in_if([](const Door& d) { return d.street == "夏荷路" && d.number <= 20; })),
            "");
}

TEST(CompileFindings, EveryKindHasAWordAndASeverity) {
  for (int k = 0; k <= static_cast<int>(FindingKind::same_text); ++k) {
    EXPECT_FALSE(zt::to_word(static_cast<FindingKind>(k)).empty());
    zt::severity_of(static_cast<FindingKind>(k));
  }
  EXPECT_EQ(zt::to_word(FindingKind::same_text), "same_text");
}

TEST(CompileFindings, FeedersGroupsReferencesAndAllocationsAreKept) {
  const zt::CompiledText feeders = compile_text(city(), "青松小学、白杨小学的毕业生，河滨小学部分毕业生");
  ASSERT_FALSE(feeders.feeders.empty());
  EXPECT_EQ(feeders.feeders.front().effect, zt::RuleEffect::allow);
  EXPECT_EQ(feeders.feeders.back().effect, zt::RuleEffect::undetermined);
  EXPECT_EQ(compile_text(city(), "进城务工人员随迁子女").groups.size(), 1u);
  EXPECT_EQ(compile_text(city(), "同青松小学招生范围").references.size(), 1u);
}

}  // namespace
}  // namespace catchment::tests
