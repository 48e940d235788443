// What a city's own names change, and what spans quote.
#include "engine/zone_text/parse.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

namespace catchment::engine::zone_text {
namespace {

class FewNames final : public geo::NameLexicon {
 public:
  explicit FewNames(std::map<std::string, geo::AddressPart> names) : names_(std::move(names)) {}
  void names_at(std::string_view normal, std::vector<Hit>& out) const override {
    for (const auto& [name, part] : names_)
      if (normal.starts_with(name)) out.push_back({name.size(), part, 0});
    std::stable_sort(out.begin(), out.end(), [](const Hit& a, const Hit& b) { return a.length > b.length; });
  }

 private:
  std::map<std::string, geo::AddressPart> names_;
};

std::string parse_with(const FewNames& names, std::string_view text) {
  return to_text(parse_zone_text(text, {&names}));
}

TEST(ParseZoneText, AKnownNameMayHoldAJoiningWord) {
  const FewNames names({{"阳光和庭", geo::AddressPart::estate}, {"至善", geo::AddressPart::estate}});
  EXPECT_EQ(parse_with(names, "阳光和庭、至善"), "(addresses (estate 阳光和庭) (estate 至善))");
}

TEST(ParseZoneText, AKnownNameSaysItsKind) {
  const FewNames names({{"文柳", geo::AddressPart::community}});
  EXPECT_EQ(parse_with(names, "文柳、净橡"), "(addresses (community 文柳) (thing 净橡))");
}

TEST(ParseZoneText, KnownNamesPartAListWithoutPunctuation) {
  const FewNames names({{"松风天下", geo::AddressPart::estate}, {"云杉公元", geo::AddressPart::estate}});
  EXPECT_EQ(parse_with(names, "松风天下云杉公元"), "(addresses (estate 松风天下) (estate 云杉公元))");
}

TEST(ParseZoneText, ALongerTypedNameWinsOverAKnownOneItBeginsWith) {
  const FewNames names({{"东枫路", geo::AddressPart::street}});
  EXPECT_EQ(parse_with(names, "东枫路社区"), "(addresses (community 东枫路社区))");
}

TEST(ParseZoneText, InAListABareNameIsTheCommunitysAndNotTheDistricts) {
  const FewNames names({{"橡山里", geo::AddressPart::community},
                        {"橡山", geo::AddressPart::district},
                        {"公园里", geo::AddressPart::community}});
  EXPECT_EQ(parse_with(names, "橡山、净橡、公园"), "(addresses (community 橡山里) (thing 净橡) (community 公园里))");
  EXPECT_EQ(parse_with(names, "橡山"), "(addresses (district 橡山))");
}

TEST(ParseZoneText, CommunitiesRunTogetherAreSeveralIfEveryPartIsOne) {
  const FewNames names({{"松涛里", geo::AddressPart::community},
                        {"橡山里", geo::AddressPart::community},
                        {"大柏山里", geo::AddressPart::community}});
  EXPECT_EQ(parse_with(names, "松涛里橡山大柏山"),
            "(addresses (community 松涛里) (community 橡山里) (community 大柏山里))");
  EXPECT_EQ(parse_with(names, "松涛里橡山海棠"), "(addresses (thing 橡山海棠 in:松涛里))");
}

std::string parse_of_school(std::string_view school, std::string_view text) {
  return to_text(parse_zone_text(text, {nullptr, school}));
}

TEST(ParseZoneText, TheRestSaidToBeOfTheRowsOwnSchoolIsWhole) {
  constexpr std::string_view kText = "橡平里（1.6至13鄰與松濤國中為共同學區，餘為柏山國中學區）";
  EXPECT_EQ(parse_of_school("柳南市立柏山國民中學", kText),
            "(addresses (community 橡平里))\n"
            "(allocation joint with:松涛国中 (community 橡平里 group=1 group=6..13))");
}

TEST(ParseZoneText, TheRestSaidToBeOfAnotherSchoolIsNotOurs) {
  constexpr std::string_view kText = "橡平里（1.6至13鄰與松濤國中為共同學區，餘為柏山國中學區）";
  const std::string tree = parse_of_school("柳南市立海棠國民中學", kText);
  EXPECT_TRUE(tree.starts_with("(addresses (community 橡平里 group=1 group=6..13))\n")) << tree;
}

TEST(ParseZoneText, TheRestOfASchoolThatMayBeTheRowsOwnStaysInDoubt) {
  constexpr std::string_view kText = "橡平里（1至3鄰與松濤國中為共同學區，餘為柏山國中學區）";
  // 仁柏山 may be called 柏山 for short, and may not.
  const std::string tree = parse_of_school("市立仁柏山國民中學", kText);
  EXPECT_NE(tree.find("(partial)"), std::string::npos) << tree;
  EXPECT_NE(parse_of_school("", kText).find("(partial)"), std::string::npos);
}

TEST(ParseZoneText, NumbersOfAnotherSchoolAreAnExceptionOfTheItem) {
  const std::string tree = parse_of_school("柳南市立柏山國民小學", "橡平里（5鄰為海棠國小學區）");
  EXPECT_TRUE(tree.starts_with("(addresses (community 橡平里 (except (thing - group=5))))")) << tree;
}

TEST(ParseZoneText, ASchoolOfAnotherLevelIsAnotherSchool) {
  const std::string tree = parse_of_school("柳南市立柏山國民小學", "橡平里（5鄰為柏山國中學區）");
  EXPECT_TRUE(tree.starts_with("(addresses (community 橡平里 (except (thing - group=5))))")) << tree;
}

TEST(ParseZoneText, SpansQuoteWhatWasTyped) {
  const ZoneText zone = parse_zone_text("雲杉路１－１５號（單號）；松風苑");
  ASSERT_EQ(zone.clauses.size(), 2u);
  const auto quote = [&](const Span& span) { return zone.text.substr(span.begin, span.end - span.begin); };
  EXPECT_EQ(quote(zone.clauses[0].span), "雲杉路１－１５號（單號）");
  const Item& street = std::get<Addresses>(zone.clauses[0].what).items[0];
  EXPECT_EQ(street.name.text, "云杉路");
  EXPECT_EQ(quote(street.name.span), "雲杉路");
  EXPECT_EQ(quote(zone.clauses[1].span), "松風苑");
}

TEST(ParseZoneText, NothingGivesNoClause) {
  EXPECT_TRUE(parse_zone_text("").clauses.empty());
  EXPECT_TRUE(parse_zone_text(" \n、。").clauses.empty());
}

}  // namespace
}  // namespace catchment::engine::zone_text
