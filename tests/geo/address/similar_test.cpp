#include "geo/address/similar.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace catchment::geo {
namespace {

std::vector<std::string> read_as(char32_t c) {
  std::vector<std::string> out;
  for (const Syllable syllable : readings(c)) out.emplace_back(spelling(syllable));
  return out;
}

using Syllables = std::vector<std::string>;

TEST(Readings, AreTonelessAndSeveralForPolyphonesOfPlaceNames) {
  EXPECT_EQ(read_as(U'中'), Syllables{"zhong"});
  EXPECT_EQ(read_as(U'绿'), Syllables{"lv"});
  EXPECT_EQ(read_as(U'长'), (Syllables{"chang", "zhang"}));
  EXPECT_EQ(read_as(U'厦'), (Syllables{"xia", "sha"}));
  EXPECT_EQ(read_as(U'重'), (Syllables{"chong", "zhong"}));
}

TEST(Readings, OfATraditionalCharacterAreThoseOfTheSimplifiedOne) {
  EXPECT_EQ(read_as(U'臺'), read_as(U'台'));
  EXPECT_EQ(read_as(U'長'), read_as(U'长'));
}

TEST(Readings, AreNoneForWhatIsNotChinese) {
  EXPECT_TRUE(readings(U'a').empty());
  EXPECT_TRUE(readings(U'1').empty());
  EXPECT_TRUE(readings(0x10ffff).empty());
  EXPECT_TRUE(readings(0xffffffff).empty());
}

TEST(Readings, CoverTheCommonCharacters) {
  int without = 0;
  for (char32_t c = 0x4e00; c < 0x9fa6; ++c) without += readings(c).empty();
  EXPECT_LT(without, 20);
  for (char32_t c = 0x4e00; c < 0x9fa6; ++c) {
    for (const Syllable syllable : readings(c)) ASSERT_LT(syllable, syllable_count());
  }
}

TEST(LookAlikes, AreMutual) {
  EXPECT_NE(look_alikes(U'风').find(U'凤'), std::u32string_view::npos);
  EXPECT_NE(look_alikes(U'鳖').find(U'鳌'), std::u32string_view::npos);
  EXPECT_NE(look_alikes(U'饴').find(U'怡'), std::u32string_view::npos);
  EXPECT_NE(look_alikes(U'泰').find(U'素'), std::u32string_view::npos);
  EXPECT_EQ(look_alikes(U'己'), U"已巳");
  EXPECT_TRUE(look_alikes(U'1').empty());
  for (char32_t c = 0x4e00; c < 0x9fa6; ++c) {
    if (fold(c) != c) continue;
    for (const char32_t other : look_alikes(c)) {
      EXPECT_NE(look_alikes(other).find(c), std::u32string_view::npos);
      EXPECT_NE(other, c);
    }
  }
}

TEST(LookAlikes, NumeralsHaveNone) {
  for (const char32_t c : std::u32string_view(U"〇零一二三四五六七八九十百千万廿卅卌两0123456789")) {
    EXPECT_TRUE(look_alikes(c).empty()) << static_cast<std::uint32_t>(c);
  }
  for (char32_t c = 0x4e00; c < 0x9fa6; ++c) {
    EXPECT_EQ(look_alikes(c).find_first_of(U"〇零一二三四五六七八九十百千万廿卅卌两"), std::u32string_view::npos);
  }
}

TEST(Fold, GivesTheSingleCharacterThatNormalisingMakes) {
  EXPECT_EQ(fold(U'臺'), U'台');
  EXPECT_EQ(fold(U'Ａ'), U'a');
  EXPECT_EQ(fold(U'路'), U'路');
  EXPECT_EQ(fold(U'㎡'), U'㎡');
}

}  // namespace
}  // namespace catchment::geo
