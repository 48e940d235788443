#include <gtest/gtest.h>

#include <algorithm>

#include "small_city.hpp"

namespace catchment::geo {
namespace {

const Gazetteer& sample() {
  static const Gazetteer city = small_city::sample().build();
  return city;
}

std::vector<std::string> texts(std::string_view typed) {
  std::vector<std::string> out;
  for (const Suggestion& s : sample().suggest(typed)) out.push_back(s.text);
  return out;
}

bool offers(std::string_view typed, const std::string& text) {
  const auto list = texts(typed);
  return std::ranges::find(list, text) != list.end();
}

std::vector<std::string> highlighted(const Suggestion& s) {
  std::vector<std::string> out;
  for (const Span span : s.highlights) out.push_back(s.text.substr(span.begin, span.end - span.begin));
  return out;
}

TEST(GazetteerSuggest, ANameIsFoundByItsBeginningAndByAPartOfIt) {
  EXPECT_TRUE(offers("青", "青禾路"));
  EXPECT_TRUE(offers("禾路", "青禾路"));
  EXPECT_TRUE(offers("花园", "云溪花园"));
  EXPECT_TRUE(texts("").empty());
  EXPECT_TRUE(texts("  ").empty());
}

TEST(GazetteerSuggest, PinyinAndItsInitialsWillDo) {
  EXPECT_TRUE(offers("qinghelu", "青禾路"));
  EXPECT_TRUE(offers("QingHe", "青禾路"));
  EXPECT_TRUE(offers("qhl", "青禾路"));
  EXPECT_TRUE(offers("yxhy", "云溪花园"));
  EXPECT_TRUE(offers("huayuan", "云溪花园"));
}

TEST(GazetteerSuggest, ANumberOffersTheDoorsThatBeginWithIt) {
  EXPECT_EQ(texts("青禾路1"),
            (std::vector<std::string>{"青禾路1号", "青禾路10号", "青禾路11号", "青禾路12号", "青禾路14附1号"}));
  EXPECT_TRUE(offers("qinghelu 12", "青禾路12号"));
  EXPECT_TRUE(offers("qhl12", "青禾路12号"));
  EXPECT_TRUE(offers("云溪花园3", "云溪花园3号楼"));
}

TEST(GazetteerSuggest, AnAliasLeadsToTheName) { EXPECT_TRUE(offers("建新", "青禾路")); }

TEST(GazetteerSuggest, AMistypedNameIsStillOffered) { EXPECT_TRUE(offers("碧全东路", "碧泉东路")); }

TEST(GazetteerSuggest, TheDistrictTypedBeforeNarrowsTheDoors) {
  const auto all = sample().suggest("和平街3");
  ASSERT_EQ(all.size(), 1u);
  const auto east = sample().suggest("临江区和平街3");
  ASSERT_EQ(east.size(), 1u);
  ASSERT_TRUE(east[0].position.has_value());
  EXPECT_GT(east[0].position->lon, small_city::at(1000, 0).lon);
}

TEST(GazetteerSuggest, WhatWasTypedIsHighlighted) {
  EXPECT_EQ(highlighted(sample().suggest("青禾").at(0)), std::vector<std::string>{"青禾"});
  EXPECT_EQ(highlighted(sample().suggest("qhl").at(0)), std::vector<std::string>{"青禾路"});
  EXPECT_EQ(highlighted(sample().suggest("heping").at(0)), std::vector<std::string>{"和平"});
  EXPECT_EQ(highlighted(sample().suggest("青禾路12").at(0)), (std::vector<std::string>{"青禾路", "12"}));
  EXPECT_EQ(highlighted(sample().suggest("青禾路012").at(0)), (std::vector<std::string>{"青禾路", "12"}));
}

TEST(GazetteerSuggest, TheLimitHolds) { EXPECT_LE(sample().suggest("路", 1).size(), 1u); }

}  // namespace
}  // namespace catchment::geo
