#include "datasets/importer/csv_reader.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using Records = std::vector<std::vector<std::string>>;

// Given out in pieces of `step` bytes.
Records records(const std::string& text, std::size_t step = 1 << 20) {
  std::size_t at = 0;
  CsvReader reader(
      [&](char* buffer, std::size_t size) {
        const std::size_t count = std::min({size, step, text.size() - at});
        std::memcpy(buffer, text.data() + at, count);
        at += count;
        return count;
      },
      "t.csv");
  Records all;
  std::vector<std::string_view> fields;
  while (reader.next(fields)) all.emplace_back(fields.begin(), fields.end());
  return all;
}

std::string code_of(const std::string& text) {
  try {
    records(text);
  } catch (const InputError& error) {
    return error.code + " " + error.where;
  }
  return "none";
}

TEST(CsvReader, ReadsWhatIsMet) {
  EXPECT_EQ(records("a,b\n1,2\n"), (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(records("a,b\r\n1,\r\n"), (Records{{"a", "b"}, {"1", ""}}));
  EXPECT_EQ(records("a,b\r1,2"), (Records{{"a", "b"}, {"1", "2"}}));
  EXPECT_EQ(records("\xEF\xBB\xBF"
                    "a;b\n1,5;2\n"),
            (Records{{"a", "b"}, {"1,5", "2"}}));
  EXPECT_EQ(records("a\tb\n\n1\t\"2\n3\"\n"), (Records{{"a", "b"}, {"1", "2\n3"}}));
  EXPECT_EQ(records("a,\"b \"\"x\"\" c\"\n\"\",\"y\"z\n"), (Records{{"a", "b \"x\" c"}, {"", "yz"}}));
  EXPECT_EQ(records("a,b\n5\" pipe,2\n"), (Records{{"a", "b"}, {"5\" pipe", "2"}}));
  EXPECT_EQ(records(""), Records{});
}

TEST(CsvReader, PiecesOfAnySizeGiveTheSame) {
  const std::string text = "id,\"na\"\"me\"\r\n1,\"东\r\n边\"\r\n\"2\",x\r\n3,\"\"";
  for (std::size_t step = 1; step < text.size(); ++step) EXPECT_EQ(records(text, step), records(text)) << step;
}

TEST(CsvReader, RecordsAcrossBlocksStayWhole) {
  std::string text = "id,text\n";
  for (int i = 0; i < 100000; ++i)
    text += std::to_string(i) + ",\"" + std::string(static_cast<std::size_t>(i % 90), 'x') + "\"\"\"\n";
  const Records all = records(text);
  ASSERT_EQ(all.size(), 100001u);
  for (int i = 0; i < 100000; ++i) {
    ASSERT_EQ(all[static_cast<std::size_t>(i) + 1],
              (std::vector<std::string>{std::to_string(i), std::string(static_cast<std::size_t>(i % 90), 'x') + "\""}));
  }
}

TEST(CsvReader, DamageIsToldNotPassedOver) {
  EXPECT_EQ(code_of("a,b\n1,\"2\n"), "source_damaged t.csv:2");
  EXPECT_EQ(code_of("a\n\"" + std::string(40 << 20, 'x')), "source_damaged t.csv:2");
  EXPECT_EQ(code_of("\xFF\xFE"
                    "a"),
            "source_format t.csv");
}

}  // namespace
}  // namespace catchment::datasets
