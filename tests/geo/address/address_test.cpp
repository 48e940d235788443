#include "geo/address/address.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "geo/address/address_pieces.hpp"
#include "tests/geo/address/address_cases.hpp"

namespace catchment::geo {
namespace {

using test::AddressCase;
using test::FewNames;
using test::ladder;

const std::vector<AddressCase>& cases() {
  static const auto read = test::read_address_cases(CATCHMENT_SOURCE_DIR "/tests/geo/address/addresses.txt");
  return read;
}

// Every byte in exactly one token, in order; fillers and the rest without blanks at their ends.
void expect_lossless(const ParsedAddress& parsed) {
  std::uint32_t at = 0;
  for (const AddressToken& token : parsed.tokens) {
    EXPECT_EQ(token.span.begin, at);
    EXPECT_LE(token.span.begin, token.span.end);
    at = token.span.end;
  }
  EXPECT_EQ(at, parsed.original.size()) << parsed.original;
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

std::uint64_t next_random(std::uint64_t& state) {  // splitmix64
  std::uint64_t z = state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

TEST(ParseAddress, ReadsTheTableOfAddressesAsTheyAreTyped) {
  EXPECT_GE(cases().size(), 150u);
  for (const AddressCase& each : cases()) {
    const FewNames lexicon(each.names);
    const auto parsed = parse_address(each.text, each.names.empty() ? nullptr : &lexicon);
    EXPECT_EQ(ladder(parsed), each.ladder) << "addresses.txt:" << each.line << ": " << each.text;
  }
}

TEST(ParseAddress, EveryByteBelongsToOneToken) {
  for (const AddressCase& each : cases()) {
    expect_lossless(parse_address(each.text));
    expect_lossless(parse_address("  " + each.text + "　\n"));
    for (std::size_t cut = 0; cut < each.text.size(); ++cut) expect_lossless(parse_address(each.text.substr(cut)));
  }
}

TEST(ParseAddress, AnyBytesAreCovered) {
  std::uint64_t state = 1;
  for (int round = 0; round < 3000; ++round) {
    std::string bytes;
    const std::size_t size = next_random(state) % 60;
    for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(next_random(state)));
    expect_lossless(parse_address(bytes));
  }
}

TEST(ParseAddress, MixedUpAddressesAreCovered) {
  std::uint64_t state = 2;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = 0; i < 3; ++i) {
      const std::string& from = cases()[next_random(state) % cases().size()].text;
      const std::size_t begin = next_random(state) % from.size();
      text += from.substr(begin, next_random(state) % 20);
    }
    expect_lossless(parse_address(text));
  }
}

TEST(ParseAddress, NormalisedTextHasTheSameLadder) {
  for (const AddressCase& each : cases()) {
    const FewNames lexicon(each.names);
    EXPECT_EQ(ladder(parse_address(normalise(each.text).text, &lexicon)), ladder(parse_address(each.text, &lexicon)));
  }
}

TEST(ParseAddress, SpansPointAtWhatWasTyped) {
  const std::string text = " 臺南市 中山路１２５之５５號，對面";
  const ParsedAddress parsed = parse_address(text);
  const auto typed = [&](AddressPart part) {
    const AddressToken* token = parsed.find(part);
    return token == nullptr ? std::string() : text.substr(token->span.begin, token->span.end - token->span.begin);
  };
  EXPECT_EQ(typed(AddressPart::city), "臺南市");
  EXPECT_EQ(typed(AddressPart::street), "中山路");
  EXPECT_EQ(typed(AddressPart::door), "１２５之５５號");
  EXPECT_EQ(typed(AddressPart::detail), "對面");
}

TEST(ParseAddress, FindsTheFinerOfTwo) {
  const ParsedAddress parsed = parse_address("农林路与文景路交叉口");
  ASSERT_NE(parsed.find(AddressPart::street), nullptr);
  EXPECT_EQ(parsed.find(AddressPart::street)->text, "文景路");
  EXPECT_EQ(parsed.find(AddressPart::room), nullptr);
}

TEST(ParseAddress, NothingHasNoTokensAndBlanksAreFiller) {
  EXPECT_TRUE(parse_address("").tokens.empty());
  const ParsedAddress blank = parse_address(" 　\n");
  ASSERT_EQ(blank.tokens.size(), 1u);
  EXPECT_EQ(blank.tokens[0].part, AddressPart::filler);
  expect_lossless(blank);
}

TEST(ParseAddress, ATextOfFourKilobytesIsParsedAndOneByteMoreIsOneUnknownToken) {
  std::string text = repeated("1", kLongestAddress - std::string("青禾路12号").size()) + "青禾路12号";
  ASSERT_EQ(text.size(), 4096u);
  const ParsedAddress longest = parse_address(text);
  ASSERT_NE(longest.find(AddressPart::door), nullptr);
  EXPECT_EQ(longest.find(AddressPart::door)->number.number, 12);
  expect_lossless(longest);
  const ParsedAddress longer = parse_address(" " + text);
  ASSERT_EQ(longer.tokens.size(), 1u);
  EXPECT_EQ(longer.tokens[0].part, AddressPart::unknown);
  expect_lossless(longer);
}

TEST(ParseAddress, ATextOfMegabytesIsOneUnknownToken) {
  const std::string text = repeated("一", 10'000'000 / 3);
  const ParsedAddress parsed = parse_address(text);
  ASSERT_EQ(parsed.tokens.size(), 1u);
  EXPECT_EQ(parsed.tokens[0].part, AddressPart::unknown);
  expect_lossless(parsed);
}

TEST(ParseAddress, AsksTheLexiconOnceForEachCharacter) {
  class Counting final : public NameLexicon {
   public:
    void names_at(std::string_view, std::vector<Hit>& out) const override {
      ++calls;
      out.push_back({3, AddressPart::estate, 7});
      out.push_back({1, AddressPart::estate, 8});    // ends within a character
      out.push_back({901, AddressPart::estate, 9});  // ends beyond the text
    }
    mutable std::size_t calls = 0;
  };
  const Counting lexicon;
  const auto parsed = parse_address(repeated("青", 300), &lexicon);
  EXPECT_LE(lexicon.calls, 300u);
  EXPECT_EQ(parsed.tokens.size(), 300u);
  expect_lossless(parsed);
}

TEST(ParseAddress, WorkGrowsWithTheTextWhateverItHolds) {
  for (const std::string_view piece :
       {"一",  "1",    "路",   "a",          "1-",     "a-",   "里3鄰", "街道", "号", "12号",
        "甲",  "新",   "之",   "北京",       "东",     "一段", "十百",  "第1",  "(",  "1 ",
        "百1", "路一", "\xff", "大学路小学", "区市县", "12a",  "附",    "自编"}) {
    const auto steps = [&](std::size_t times) {
      const std::string normal = normalise(repeated(piece, times)).text;
      std::size_t count = 0;
      cut_address(AddressText(normal), nullptr, &count);
      return count;
    };
    const std::size_t three_hundred_early = steps(600) - steps(300);
    EXPECT_LE(steps(1200) - steps(900), three_hundred_early + 60) << piece;
  }
}

}  // namespace
}  // namespace catchment::geo
