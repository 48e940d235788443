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
