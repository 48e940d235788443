// What holds of the tree of any text: spans lie in it, nothing is dropped, the cost is linear, the result is the same.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>

#include "engine/zone_text/parse.hpp"
#include "tests/engine/zone_text/corpus.hpp"

namespace catchment::engine::zone_text {
namespace {

void expect_spans_inside(const Item& item, const std::string& text);

void expect_inside(const Span& span, const std::string& text) {
  EXPECT_LE(span.begin, span.end) << text;
  EXPECT_LE(span.end, text.size()) << text;
}

void expect_spans_inside(const Modifier& modifier, const std::string& text) {
  expect_inside(modifier.span, text);
  for (const Item& item : modifier.items) expect_spans_inside(item, text);
  for (const Side& side : modifier.sides) expect_inside(side.span, text);
  for (const Household& household : modifier.households) expect_inside(household.span, text);
}

void expect_spans_inside(const Item& item, const std::string& text) {
  expect_inside(item.span, text);
  expect_inside(item.name.span, text);
  for (const NumberRange& range : item.numbers) expect_inside(range.span, text);
  for (const Modifier& modifier : item.modifiers) expect_spans_inside(modifier, text);
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

void expect_spans_inside(const ZoneText& zone) {
  for (const Clause& clause : zone.clauses) {
    expect_inside(clause.span, zone.text);
    if (const auto* addresses = std::get_if<Addresses>(&clause.what))
      for (const Item& item : addresses->items) expect_spans_inside(item, zone.text);
    if (const auto* region = std::get_if<Region>(&clause.what))
      for (const Side& side : region->sides) expect_inside(side.span, zone.text);
    for (const Modifier& modifier : clause.modifiers) expect_spans_inside(modifier, zone.text);
  }
}

// Bytes of Han characters and digits that no clause covers.
std::string uncovered(const ZoneText& zone) {
  std::vector<bool> covered(zone.text.size(), false);
  for (const Clause& clause : zone.clauses)
    for (std::uint32_t i = clause.span.begin; i < clause.span.end; ++i) covered[i] = true;
  std::string out;
  for (std::size_t i = 0; i < zone.text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(zone.text[i]);
    if (!covered[i] && byte >= 0xe4 && byte <= 0xe9) out += zone.text.substr(i, 3);
  }
  return out;
}

std::string repeat(std::string_view part, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += part;
  return out;
}

TEST(ParseProperties, SpansLieInTheTextAndNothingIsDropped) {
  for (const CorpusEntry& entry : read_corpus()) {
    const ZoneText zone = parse_zone_text(entry.text);
    EXPECT_EQ(zone.text, entry.text);
    expect_spans_inside(zone);
    EXPECT_EQ(uncovered(zone), "") << entry.where << ": " << entry.text;
    for (const Clause& clause : zone.clauses) {
      EXPECT_FALSE(is_continuation(zone.text.c_str()[clause.span.begin])) << entry.text;
      EXPECT_FALSE(is_continuation(zone.text.c_str()[clause.span.end])) << entry.text;
    }
  }
}

// Words of notices in no order, and bytes of no text at all.
TEST(ParseProperties, AnyTextGivesATreeThatCoversIt) {
  std::mt19937_64 random(20260101);
  const std::vector<CorpusEntry> corpus = read_corpus();
  for (int round = 0; round < 4000; ++round) {
    std::string text;
    const std::uint64_t parts = 1 + random() % 6;
    for (std::uint64_t p = 0; p < parts; ++p) {
      const std::string& from = corpus[random() % corpus.size()].text;
      std::size_t begin = random() % from.size();
      std::size_t end = begin + 1 + random() % (from.size() - begin);
      if (round % 8 != 0) {  // whole characters
        while (begin > 0 && is_continuation(from[begin])) --begin;
        while (end < from.size() && is_continuation(from[end])) ++end;
      }
      text += from.substr(begin, end - begin);
    }
    const ZoneText zone = parse_zone_text(text);
    expect_spans_inside(zone);
    if (round % 8 != 0) {
      EXPECT_EQ(uncovered(zone), "") << text;
    }
    EXPECT_EQ(to_text(zone), to_text(parse_zone_text(text))) << text;
  }
}

TEST(ParseProperties, RandomBytesGiveATree) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text(random() % 200, '\0');
    for (char& c : text) c = static_cast<char>(random());
    expect_spans_inside(parse_zone_text(text));
  }
}

// ZZ5: the cost per byte must not grow with the text.
TEST(ParseProperties, CostIsLinearOnPathologicalText) {
  for (const std::string_view part : {"(",
                                      ")",
                                      "((((((",
                                      "()",
                                      "（松风苑",
                                      "至",
                                      "云杉路至",
                                      "、",
                                      "云杉路、",
                                      "云杉路及",
                                      "一、",
                                      "1、",
                                      "1-",
                                      "云杉路以西",
                                      "云杉路以西，",
                                      "东至",
                                      "东边：",
                                      "以上二里",
                                      "之",
                                      "除",
                                      "松风苑除外",
                                      "共",
                                      "里",
                                      "路",
                                      "云",
                                      "与橡山国小共同学区",
                                      "毕业生",
                                      "（1至9邻与橡山国小共同学区，余为沙洲国小学区）",
                                      "云杉路以西，松风苑，",
                                      "由云杉路、",
                                      "云杉路—",
                                      "以云杉路往南至石榴街，",
                                      "柳湾里（松风苑）",
                                      "柳湾区之",
                                      "共三里",
                                      "柳湾共3里",
                                      "，分为柳湾",
                                      "柳湾里、（与橡山国小共同学区）、",
                                      "（与橡山国小共同学区）、",
                                      "注：以上二里与橡山国小共同学区",
                                      "注:以上",
                                      "橡山国小、",
                                      "橡山国小共同学区：柳湾里、",
                                      "柳湾里（东坡）：1-10邻",
                                      "柳湾里——含",
                                      "2邻的双号",
                                      "本校学区",
                                      "本校如下",
                                      "本校，如下，",
                                      "本校八所小学\n1 ",
                                      "\n1 柳湾\n2柳湾\n3柳湾",
                                      "与与柳湾国小与",
                                      "本校学区包括，",
                                      "位于，本校学区包括柳湾里，",
                                      "本校学区共有三里，",
                                      "柳湾小学学区为",
                                      "其余为柳湾小学学区，",
                                      "柳湾里，其余为橡山国小学区",
                                      "除以上外，",
                                      "凡设籍，即可，",
                                      "凡即可。",
                                      "凡，",
                                      "学年度，另行公告，",
                                      "另行公告，柳湾，",
                                      "1鄰；",
                                      "（1鄰；2鄰"}) {
    ParseCost small;
    ParseCost large;
    const std::string short_text = repeat(part, 30'000);
    const std::string long_text = repeat(part, 150'000);
    parse_zone_text(short_text, {}, &small);
    parse_zone_text(long_text, {}, &large);
    const double per_byte_small = static_cast<double>(small.steps) / static_cast<double>(short_text.size());
    const double per_byte_large = static_cast<double>(large.steps) / static_cast<double>(long_text.size());
    EXPECT_LE(per_byte_large, per_byte_small * 1.5 + 1) << part;
    EXPECT_LE(per_byte_large, 500) << part;  // a look-ahead is bounded
  }
}

TEST(ParseProperties, TenMegabytesAreRead) {
  ParseCost cost;
  const std::string text = repeat("云杉路1-15号（单号）、松风苑；", 10'000'000);
  const ZoneText zone = parse_zone_text(text, {}, &cost);
  EXPECT_GT(zone.clauses.size(), 200'000u);
  EXPECT_LE(cost.steps, text.size() * 40);
}

TEST(ParseProperties, BracketsDeeperThanEightAreUnread) {
  const std::string deep =
      "松风苑" + repeat("（梨园小区", 20 * std::string_view("（梨园小区").size()) + repeat("）", 60);
  const ZoneText zone = parse_zone_text(deep);
  expect_spans_inside(zone);
  EXPECT_NE(to_text(zone).find("unread"), std::string::npos);
}

}  // namespace
}  // namespace catchment::engine::zone_text
