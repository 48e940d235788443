#include "datasets/strict_json.hpp"

#include <gtest/gtest.h>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

const StrictJson kBody{"", "body"};

std::string complaint_of(const std::string& text) {
  try {
    parse_strict_json(text, kBody);
  } catch (const InputError& error) {
    return error.code + ": " + error.what();
  }
  return "taken";
}

std::string repeated(const char* piece, int times, char first, char last) {
  std::string text(1, first);
  for (int i = 0; i < times; ++i) text += (i == 0 ? "" : ",") + std::string(piece);
  return text + last;
}

// The library's parser takes a second for the first and a minute for the second; tests/rest/roles.py holds the time.
TEST(StrictJson, ManyMembersAndManyObjectsAreReadInOrder) {
  std::string members = "{";
  for (int i = 0; i < 50'000; ++i) members += (i == 0 ? "\"m" : ",\"m") + std::to_string(i) + "\":" + std::to_string(i);
  const nlohmann::ordered_json object = parse_strict_json(members + "}", kBody);
  ASSERT_EQ(object.size(), 50'000u);
  int next = 0;
  for (const auto& [name, value] : object.items()) {
    ASSERT_EQ(name, "m" + std::to_string(next));
    ASSERT_EQ(value, next++);
  }
  EXPECT_NE(complaint_of(members + ",\"m7\":1}").find("m7 twice"), std::string::npos);
  const nlohmann::ordered_json list = parse_strict_json(repeated("{}", 99'999, '[', ']'), kBody);
  EXPECT_EQ(list.size(), 99'999u);
  EXPECT_EQ(list.back(), nlohmann::ordered_json::object());
}

TEST(StrictJson, TooManyValuesAreRefusedBeforeTheRestIsRead) {
  for (const char* piece : {"0", "\"\"", "{}", "[]", "null"}) {
    std::string text = repeated(piece, 100'000, '[', ',') + "this is no JSON";
    EXPECT_NE(complaint_of(text).find("more than 100,000 values"), std::string::npos) << piece;
  }
}

TEST(StrictJson, IsTheTreeThatTheLibraryMakes) {
  for (const char* text :
       {R"({"b":[1,-2,18446744073709551615,0.5,1e9,true,false,null,"x",{},[]],"a":{"c":{"d":[[["中"]]]}},"":0})", "[]",
        "{}", "7", "\"\"", " [ { \"a\" : [ ] } , { \"a\" : { } } ] "}) {
    EXPECT_EQ(parse_strict_json(text, kBody).dump(), nlohmann::ordered_json::parse(text).dump());
  }
}

TEST(StrictJson, RefusesWhatSaysTwoThingsOrNone) {
  const auto says = [](const std::string& text, const char* words) {
    EXPECT_NE(complaint_of(text).find(words), std::string::npos) << text << "\n" << complaint_of(text);
  };
  says(R"({"a":1,"a":1})", "a twice");
  says(R"({"o":[{"a":{"b":1}},{"a":1,"\u0061":1}]})", "a twice");
  says(R"({"a":1e999})", "no JSON");
  says(R"({"a":NaN})", "no JSON");
  says(R"({"a":1,})", "no JSON");
  says(R"({"a":1} {})", "no JSON");
  says("{\"a\":\"\xed\xa0\x80\"}", "no JSON");
  says("", "no JSON");
  says(std::string("{}\0", 3), "holds NUL");
  EXPECT_EQ(complaint_of(R"({"a":{"a":1},"b":{"a":1}})"), "taken");
}

// One for itself, and as many within one another as the kind allows.
TEST(StrictJson, IsNestedAsDeepAsTheKindAllows) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  const auto deepest = static_cast<std::size_t>(kBody.max_depth);
  EXPECT_EQ(complaint_of(nested(deepest + 1)), "taken");
  EXPECT_NE(complaint_of(nested(deepest + 2)).find("too deep"), std::string::npos);
  EXPECT_NE(complaint_of(std::string(1'000'000, '[')).find("too deep"), std::string::npos);
}

}  // namespace
}  // namespace catchment::datasets
