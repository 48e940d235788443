#include "geo/address/normal_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "geo/address/utf8.hpp"

namespace catchment::geo {
namespace {

std::string folded(std::string_view text) { return normalise(text).text; }

std::string utf8(char32_t c) {
  char bytes[4];
  return std::string(bytes, encode_utf8(c, bytes));
}

TEST(NormalText, FoldsWidthCaseScriptDashesAndBrackets) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"１２號ＡＢ", "12号ab"},
      {"臺南市中西區", "台南市中西区"},
      {"啟智街 啓智街", "启智街启智街"},
      {"穗穂教敎苏甦里裡", "穗穗教教苏苏里里"},
      {"衞綫峯羣牀", "卫线峰群床"},
      {"1—15 1–15 1－15 1−15 1―15", "1-15 1-15 1-15 1-15 1-15"},
      {"【单】〔双〕［a］{b}《c》", "(单)(双)(a)(b)(c)"},
      {"一，二；三：四、五。", "一,二;三:四、五。"},
      {"1～15〜20", "1~15~20"},
      {"滨江•万家·花・城", "滨江·万家·花·城"},
      {"二○一〇", "二〇一〇"},
      {"Straße STRASSE", "strasse strasse"},
      {"u\u0308ber U\u0308", "\u00fcber \u00fc"},
      {"⻓安⻔", "长安门"},
      {"\ufeff路\u200b", "路"},
      {"㎡", "m2"},
      {"⑴(一)㈠", "(1)(一)(一)"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(folded(text), expected) << text;
}

TEST(NormalText, CircledRaisedAndBrokenNumbersNeverJoinANumber) {
  EXPECT_EQ(folded("12号①广场路12②"), "12号①广场路12②");
  EXPECT_EQ(folded("12²"), "12²");
  EXPECT_EQ(folded("12½号"), "12½号");
}

TEST(NormalText, BlanksGoBesideChineseAndAreSqueezedElsewhere) {
  EXPECT_EQ(folded("  建设 路　12 号 "), "建设路12号");
  EXPECT_EQ(folded(" 12   Main \t Street "), "12 main street");
  EXPECT_EQ(folded("A 座 、 B 座"), "a座、b座");
  EXPECT_EQ(folded("建设路 (单)"), "建设路(单)");
  EXPECT_EQ(folded("   "), "");
}

TEST(NormalText, ALineBreakStaysOne) {
  EXPECT_EQ(folded("一路 \r\n\n 二路\n"), "一路\n二路");
  EXPECT_EQ(folded("a\u2028b"), "a\nb");
}

TEST(NormalText, BytesThatAreNoUtf8BecomeReplacementCharacters) {
  EXPECT_EQ(folded("路\xff"), "路\ufffd");
  EXPECT_EQ(folded("\xe8\xb7"), "\ufffd\ufffd");
  EXPECT_EQ(folded("\xc0\x80"), "\ufffd\ufffd");
  EXPECT_EQ(folded("\xed\xa0\x80"), "\ufffd\ufffd\ufffd");
  EXPECT_EQ(folded("\xf4\x90\x80\x80"), "\ufffd\ufffd\ufffd\ufffd");
}

TEST(NormalText, EveryCharacterIsNormalAfterOnePass) {
  std::string line;
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xd800 && c < 0xe000) continue;
    for (const std::string& text : {utf8(c), "1" + utf8(c) + "2", "a " + utf8(c) + " b"}) {
      const std::string once = folded(text);
      std::string twice;
      normalise_into(once, twice);
      ASSERT_EQ(twice, once) << std::hex << static_cast<std::uint32_t>(c);
    }
    line += utf8(c);
    if (line.size() > 200) {
      ASSERT_EQ(folded(folded(line)), folded(line)) << std::hex << static_cast<std::uint32_t>(c);
      line.clear();
    }
  }
}

TEST(NormalText, RandomBytesAreNormalAfterOnePassAndLeadBack) {
  std::uint64_t state = 3;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes;
    for (int i = 0; i < 24; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      bytes += state >> 62 == 0 ? utf8(static_cast<char32_t>(0x300 + (state >> 40 & 0xff)))
                                : std::string(1, static_cast<char>(state >> 56));
    }
    const NormalText normal = normalise(bytes);
    ASSERT_EQ(folded(normal.text), normal.text);
    std::string plain;
    normalise_into(bytes, plain);
    ASSERT_EQ(plain, normal.text);
    ASSERT_EQ(normal.origin.size(), normal.text.size() + 1);
    ASSERT_EQ(normal.origin.front(), 0u);
    ASSERT_EQ(normal.origin.back(), bytes.size());
    ASSERT_TRUE(std::is_sorted(normal.origin.begin(), normal.origin.end()));
  }
}

TEST(NormalText, LeadsBackToWhatWasTyped) {
  const std::string text = " 臺南　ＡＢ路";
  const NormalText normal = normalise(text);
  ASSERT_EQ(normal.text, "台南ab路");
  const auto typed = [&](std::size_t begin, std::size_t end) {
    const Span span = normal.span(begin, end);
    return text.substr(span.begin, span.end - span.begin);
  };
  EXPECT_EQ(typed(3, 6), "南　");
  EXPECT_EQ(typed(6, 8), "ＡＢ");
  EXPECT_EQ(typed(8, 11), "路");
}

TEST(NameKey, IsSharedBySpellingsOfOneName) {
  EXPECT_EQ(name_key("農林上路八橫路"), name_key("农林上路 8 横路"));
  EXPECT_EQ(name_key("农林上路八横路"), "农林上路8横路");
  EXPECT_EQ(name_key("滨江•万家花城"), name_key("滨江万家花城"));
  EXPECT_EQ(name_key("一百二十三中学"), "123中学");
  EXPECT_EQ(name_key("廿一大道"), "21大道");
  EXPECT_EQ(name_key("Straße des 17. Juni"), "strassedes17juni");
}

TEST(NameKey, OfAKeyIsTheKey) {
  for (const std::string name : {"两·百", "一·二街", "百万·三", "a \u0308b", "农林上路八横路", "十·十"}) {
    EXPECT_EQ(name_key(name_key(name)), name_key(name)) << name;
  }
}

TEST(NameKey, KeepsNumeralsThatAreNoNumber) {
  EXPECT_EQ(name_key("百万庄"), "百万庄");
  EXPECT_EQ(name_key("万达广场"), "万达广场");
  EXPECT_EQ(name_key("两路口"), "两路口");
  EXPECT_EQ(name_key("一百三路"), "一百三路");
}

TEST(Numeral, HasTheValueItSays) {
  const std::vector<std::pair<std::string, int>> cases = {
      {"123", 123},        {"0", 0},           {"007", 7},           {"999999", 999999},
      {"一百二十三", 123}, {"一二三", 123},    {"二〇", 20},         {"廿", 20},
      {"廿一", 21},        {"卅五", 35},       {"两百", 200},        {"十", 10},
      {"十二", 12},        {"二十", 20},       {"一百零三", 103},    {"一百一十", 110},
      {"一百十二", 112},   {"二千零一", 2001}, {"二千零一十", 2010}, {"一千三十", 1030},
      {"一万二千", 12000}, {"十万", 100000},   {"一万零五", 10005},  {"九十九万九千九百九十九", 999999},
      {"〇", 0},           {"一〇三", 103},
  };
  for (const auto& [text, value] : cases) EXPECT_EQ(parse_numeral(text), value) << text;
}

TEST(Numeral, IsNoneWhenItSaysNoOneNumber) {
  for (const std::string text : {"", "一百三", "两", "百", "万", "十十", "百二", "一万二", "一百零", "零一百", "一千万",
                                 "1000000", "1一", "一1", "12号", "一二三四五六七", "二十百", "一二百"}) {
    EXPECT_EQ(parse_numeral(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace catchment::geo
