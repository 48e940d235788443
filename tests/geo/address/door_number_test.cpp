#include "geo/address/door_number.hpp"

#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "geo/address/normal_text.hpp"

namespace catchment::geo {
namespace {

struct Case {
  std::string text;  // as typed
  std::string number;
  std::string rest;
};

TEST(DoorNumber, ReadsTheNumberATextBeginsWith) {
  const std::vector<Case> cases = {
      {"145号起", "145", "号起"},
      {"81号之二", "81之2", ""},
      {"105号之一、之二", "105之1", "、之二"},
      {"125之55號", "125之55", "号"},
      {"88號之1", "88之1", ""},
      {"甲12号", "甲12", "号"},
      {"38-1号", "38-1", "号"},
      {"1-15（单号）", "1-15", "(单号)"},
      {"12号附1号", "12附1", "号"},
      {"12附3", "12附3", ""},
      {"新45", "新45", ""},
      {"旧12号", "旧12", "号"},
      {"原12号", "旧12", "号"},
      {"原门牌号20号", "旧20", "号"},
      {"自编6号", "自编6", "号"},
      {"临8号", "临8", "号"},
      {"临时8号", "临8", "号"},
      {"129A", "129A", ""},
      {"12 A", "12A", ""},
      {"12 a 14476", "12A", " 14476"},
      {"12 a座", "12", " a座"},
      {"12ab", "12", "ab"},
      {"12号", "12", "号"},
      {"12之", "12", "之"},
      {"12-", "12", "-"},
      {"12号之间", "12", "号之间"},
      {"一百二十三号", "123", "号"},
      {"一二三号", "123", "号"},
      {"廿一号", "21", "号"},
      {"两百号", "200", "号"},
      {"二〇号", "20", "号"},
      {"999999号", "999999", "号"},
      {"007号", "7", "号"},
  };
  for (const Case& each : cases) {
    const std::string normal = normalise(each.text).text;
    const auto read = read_door_number(normal);
    ASSERT_TRUE(read.has_value()) << each.text;
    EXPECT_EQ(to_text(read->number), each.number) << each.text;
    EXPECT_EQ(normal.substr(read->length), each.rest) << each.text;
  }
}

TEST(DoorNumber, IsNotReadWhereNoneStarts) {
  for (const std::string text :
       {"", "附3号", "号", "路12号", "0号", "1000000号", "一百三号", "甲", "新", "a12", "之一", "-1", "百号"}) {
    EXPECT_FALSE(read_door_number(normalise(text).text).has_value()) << text;
  }
}

TEST(DoorNumber, TextReadsBackAsTheSameNumber) {
  for (const auto& [number, sub, form, series, stem] : std::vector<std::tuple<int, int, SubForm, DoorSeries, int>>{
           {12, 0, SubForm::none, DoorSeries::current, 0},
           {12, 1, SubForm::dash, DoorSeries::current, 0},
           {12, 1, SubForm::annex, DoorSeries::former, 0},
           {12, 55, SubForm::after, DoorSeries::renewed, 0},
           {12, 26, SubForm::letter, DoorSeries::self_numbered, 0},
           {999999, 0, SubForm::none, DoorSeries::temporary, 10},
           {1, 3, SubForm::after, DoorSeries::current, 1}}) {
    DoorNumber door;
    door.number = number;
    door.sub = sub;
    door.sub_form = form;
    door.series = series;
    door.stem = static_cast<std::uint8_t>(stem);
    const std::string text = to_text(door);
    const auto read = read_door_number(normalise(text).text);
    ASSERT_TRUE(read.has_value()) << text;
    EXPECT_EQ(read->number, door) << text;
  }
}

TEST(DoorNumber, OrdersLikeDoorsOnAStreet) {
  const auto door = [](std::string_view text) { return read_door_number(normalise(text).text)->number; };
  EXPECT_LT(door("9"), door("12"));
  EXPECT_LT(door("12"), door("12-1"));
  EXPECT_LT(door("12-1"), door("12-2"));
  EXPECT_LT(door("12之3"), door("13"));
  EXPECT_NE(door("12-1"), door("12附1"));  // one door in some cities only
  EXPECT_TRUE(door("13").odd());
  EXPECT_FALSE(door("12A").odd());
}

TEST(DoorNumber, WritesLettersAndStemsThatStandAlone) {
  DoorNumber letter;
  letter.number = 2;
  letter.sub_form = SubForm::letter;
  EXPECT_EQ(to_text(letter), "B");
  letter.stem = 2;
  EXPECT_EQ(to_text(letter), "乙");
  DoorNumber lettered;
  lettered.number = 12;
  lettered.stem = 12;
  EXPECT_EQ(to_text(lettered), "B12");
}

}  // namespace
}  // namespace catchment::geo
