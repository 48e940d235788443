// What a gazetteer knows of names, doors and sides, and that a snapshot of it knows the same.
#include <gtest/gtest.h>

#include <algorithm>

#include "geo/input_error.hpp"
#include "small_city.hpp"

namespace catchment::geo {
namespace {

using small_city::at;
using small_city::Maker;

const Gazetteer& sample() {
  static const Gazetteer city = small_city::sample().build();
  return city;
}

NameId name_of(const Gazetteer& city, std::string_view name) {
  const auto hits = city.find_names(name);
  return hits.empty() ? kNoName : hits[0].name;
}

TEST(GazetteerTables, PiecesOfOneStreetShareAName) {
  const NameId street = name_of(sample(), "青禾路");
  ASSERT_NE(street, kNoName);
  const NamedThing thing = sample().thing(street);
  EXPECT_EQ(thing.name, "青禾路");
  EXPECT_EQ(thing.id, "S1");
  EXPECT_EQ(thing.part, AddressPart::street);
  EXPECT_THROW(sample().thing(999'999), std::out_of_range);
}

TEST(GazetteerTables, AnAliasAndAShortFormAreFoundAsWhatTheyAre) {
  const auto alias = sample().find_names("建新路");
  ASSERT_EQ(alias.size(), 1u);
  EXPECT_EQ(alias[0].evidence, Evidence::name_alias);
  EXPECT_EQ(alias[0].alias_kind, AliasKind::former);
  const auto brief = sample().find_names("青禾");
  ASSERT_EQ(brief.size(), 1u);
  EXPECT_EQ(brief[0].evidence, Evidence::name_short);
}

TEST(GazetteerTables, LooseNamesAreFoundOnlyWhenAsked) {
  EXPECT_TRUE(sample().find_names("碧全东路").empty());
  const auto like = sample().find_names("碧全东路", true);
  ASSERT_FALSE(like.empty());
  EXPECT_EQ(like[0].evidence, Evidence::name_homophone);
  EXPECT_TRUE(sample().find_names("碧泉东路8", true).empty()) << "digits are no typing error";
}

TEST(GazetteerTables, TheLexiconFindsTheLongestNameFirst) {
  std::vector<NameLexicon::Hit> hits;
  sample().names_at("青禾路12号", hits);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].length, std::string("青禾路").size());
  EXPECT_EQ(hits[0].part, AddressPart::street);
  hits.clear();
  sample().names_at("路12号", hits);
  EXPECT_TRUE(hits.empty());
}

TEST(GazetteerTables, NumeralsOfANameMatchInEitherScript) {
  Maker maker;
  maker.street("碧泉八横路").street("碧泉18横路");
  const Gazetteer city = maker.build();
  for (const std::string text : {"碧泉八横路", "碧泉8横路", "碧泉十八横路", "碧泉18横路"}) {
    std::vector<NameLexicon::Hit> hits;
    city.names_at(text + "3号", hits);
    ASSERT_EQ(hits.size(), 1u) << text;
    EXPECT_EQ(hits[0].length, text.size());
  }
}

TEST(GazetteerTables, EntriesOfAStreetAreSortedByDoor) {
  const auto entries = sample().entries_of(name_of(sample(), "青禾路"));
  ASSERT_EQ(entries.size(), 18u);
  std::vector<int> numbers;
  for (const EntryId e : entries) numbers.push_back(sample().entry(e).path.door.number);
  EXPECT_TRUE(std::ranges::is_sorted(numbers));
}

TEST(GazetteerTables, ColumnsWinOverTheTextAndTheTextGivesTheRest) {
  const auto id = sample().find_id("A22");
  ASSERT_TRUE(id.has_value());
  const Entry entry = sample().entry(*id);
  EXPECT_EQ(entry.text, "示例市安平区青禾路20号云溪花园3号楼2单元");
  EXPECT_EQ(sample().thing(entry.path.street).name, "青禾路");
  EXPECT_EQ(sample().thing(entry.path.estate).name, "云溪花园");
  EXPECT_EQ(sample().thing(entry.path.district).name, "安平区");
  EXPECT_EQ(entry.path.door.number, 20);
  EXPECT_EQ(entry.path.building.number, 3);
  EXPECT_EQ(entry.path.stair, 2);
  EXPECT_FALSE(sample().find_id("nobody").has_value());
}

TEST(GazetteerTables, TheCommunityComesFromThePlace) {
  const Entry entry = sample().entry(*sample().find_id("A1"));
  ASSERT_NE(entry.path.community, kNoName);
  EXPECT_EQ(sample().thing(entry.path.community).name, "翠竹社区");
  EXPECT_EQ(sample().thing(sample().thing(entry.path.community).parent).name, "安平区");
}

TEST(GazetteerTables, ChildrenAreSorted) {
  const auto top = sample().children(kNoName);
  EXPECT_TRUE(std::ranges::is_sorted(top));
  const auto below = sample().children(name_of(sample(), "安平区"));
  ASSERT_EQ(below.size(), 1u);
  EXPECT_EQ(sample().thing(below[0]).name, "翠竹社区");
}

TEST(GazetteerTables, SidesAreLearnedFromDoors) {
  const StreetSides sides = sample().sides(name_of(sample(), "青禾路"));
  EXPECT_TRUE(sides.known());
  EXPECT_TRUE(sides.odd_is_left());
  EXPECT_EQ(sides.even_on_left, 0);
  EXPECT_FALSE(sample().sides(name_of(sample(), "碧泉东路")).known());
}

TEST(GazetteerTables, ExactFindsOnlyWholeAddresses) {
  const std::vector<std::string_view> texts{"示例市安平区青禾路12号", "青禾路12号", "青禾路",
                                            "示例市安平区青禾路１２号", "和平街3号"};
  std::vector<EntryId> out(texts.size());
  sample().find_exact(texts, out);
  ASSERT_NE(out[0], kNoEntry);
  EXPECT_EQ(sample().entry(out[0]).text, texts[0]);
  EXPECT_EQ(out[1], out[0]);
  EXPECT_EQ(out[2], kNoEntry);
  EXPECT_EQ(out[3], out[0]);
  EXPECT_EQ(out[4], kNoEntry) << "two districts have it";
}

TEST(GazetteerTables, NearestStopsAtItsRadius) {
  const auto near = sample().nearest(at(171, 91));
  ASSERT_TRUE(near.has_value());
  EXPECT_EQ(sample().entry(*near).text, "示例市安平区青禾路12号");
  EXPECT_FALSE(sample().nearest(at(171, 5000)).has_value());
  EXPECT_TRUE(sample().nearest(at(171, 5000), 6000).has_value());
}

TEST(GazetteerTables, NearestAgreesWithATryOfAll) {
  for (int i = 0; i < 400; ++i) {
    const Point p = at((i * 37) % 2000, (i * 53) % 400);
    double best = 1e9;
    for (EntryId e = 0; e < sample().entry_count(); ++e) {
      best = std::min(best, flat_distance_m(p, *sample().entry(e).position));
    }
    const auto near = sample().nearest(p, 1e6);
    ASSERT_TRUE(near.has_value());
    EXPECT_NEAR(flat_distance_m(p, *sample().entry(*near).position), best, 1e-6);
  }
}

TEST(GazetteerTables, WhatCannotBeUsedIsRefused) {
  const auto code = [](auto make) {
    try {
      make();
    } catch (const InputError& error) {
      return error.code + " " + error.where;
    }
    return std::string("accepted");
  };
  EXPECT_EQ(code([] { Maker().place(AddressPart::estate, "E", "甲苑").place(AddressPart::estate, "E", "乙苑"); }),
            "gazetteer_input E");
  EXPECT_EQ(code([] { Maker().place(AddressPart::estate, "E", "甲苑", "nowhere").build(); }), "gazetteer_input E");
}

TEST(GazetteerTables, AnEmptyCityAnswers) {
  const Gazetteer city = Maker().build();
  EXPECT_EQ(city.find("青禾路12号").status, FindStatus::unknown);
  EXPECT_TRUE(city.suggest("青").empty());
  EXPECT_FALSE(city.nearest(at(0, 0)).has_value());
}

std::vector<std::byte> saved(const Gazetteer& city) {
  SnapshotWriter writer;
  city.save(writer, "g/");
  return writer.bytes();
}

TEST(GazetteerTables, ASnapshotKnowsTheSame) {
  const std::vector<std::byte> bytes = saved(sample());
  const Gazetteer opened = Gazetteer::open(Snapshot::from_bytes(bytes), "g/");
  EXPECT_EQ(saved(opened), bytes);
  EXPECT_EQ(saved(small_city::sample().build()), bytes) << "building is deterministic";
  EXPECT_EQ(opened.entry_count(), sample().entry_count());
  EXPECT_EQ(opened.find("建新路12号").candidates.at(0).text, "示例市安平区青禾路12号");
  EXPECT_EQ(opened.suggest("qhl").size(), sample().suggest("qhl").size());
}

TEST(GazetteerTables, ADamagedOrForeignSnapshotIsRefused) {
  std::vector<std::byte> bytes = saved(sample());
  EXPECT_THROW(Gazetteer::open(Snapshot::from_bytes(bytes), "other/"), InputError);
  bytes[bytes.size() / 2] ^= std::byte{4};
  EXPECT_THROW(Gazetteer::open(Snapshot::from_bytes(bytes), "g/"), InputError);
}

TEST(GazetteerTables, ASnapshotWhoseSectionsDoNotFitIsRefused) {
  SnapshotWriter writer;
  sample().save(writer, "a/");
  Maker().build().save(writer, "b/");
  const Snapshot both = Snapshot::from_bytes(writer.bytes());
  // Every section of the one city beside one of the other's: nothing may be used that reaches out of a section.
  const auto open_with = [&](const std::string& name) {
    SnapshotWriter mixed;
    for (const std::string section :
         {"meta",         "strings",      "names",    "child_starts", "child_items", "keys",         "key_items",
          "node_keys",    "trie",         "entries",  "entry_places", "entry_words", "rare_numbers", "name_entries",
          "piece_starts", "piece_points", "exact",    "ids",          "deletions",   "readings",     "suffixes",
          "pinyin",       "initials",     "searched", "door_aliases", "tree_points", "tree_entries"}) {
      mixed.add("m/" + section, both.get<std::byte>((section == name ? "b/" : "a/") + section));
    }
    return Gazetteer::open(Snapshot::from_bytes(mixed.bytes()), "m/");
  };
  EXPECT_EQ(open_with("").entry_count(), sample().entry_count());
  for (const std::string name :
       {"names", "keys", "key_items", "entries", "entry_places", "entry_words", "rare_numbers", "name_entries",
        "strings", "node_keys", "trie", "piece_starts", "exact", "ids", "tree_entries", "searched", "suffixes"}) {
    EXPECT_THROW(open_with(name), InputError) << name;
  }
}

}  // namespace
}  // namespace catchment::geo
