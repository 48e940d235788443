#include "datasets/text.hpp"

#include <gtest/gtest.h>

namespace catchment::datasets {
namespace {

TEST(Text, Utf8IsToldFromWhatIsNot) {
  for (const char* good : {"", "abc", "铭功路83号", "abcdefgh𠮷", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8_text(good)) << good;
  for (const char* bad : {"\xC3\xFA\xB9\xA6", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "abc\xE9", "\x80"}) {
    EXPECT_FALSE(is_utf8_text(bad));
  }
  EXPECT_FALSE(is_utf8_text(std::string_view("abcdefg\0hijklmnop", 17)));
}

TEST(Text, DatesMustExist) {
  EXPECT_TRUE(is_iso_date("2024-02-29"));
  for (const char* bad : {"", "2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "2024/01/01", "2024-01-32"}) {
    EXPECT_FALSE(is_iso_date(bad)) << bad;
  }
}

TEST(Text, TrimsTheIdeographicSpaceToo) {
  EXPECT_EQ(trimmed("　 东 區\xC2\xA0\n"), "东 區");
  EXPECT_EQ(trimmed("　　"), "");
}

}  // namespace
}  // namespace catchment::datasets
