// The short rows addresses are stored in: what is taken out is what was put in.
#include "geo/gazetteer/entries.hpp"

#include <gtest/gtest.h>

#include "geo/gazetteer/build.hpp"

namespace catchment::geo {
namespace {

DoorNumber number(std::int32_t n, std::int32_t sub = 0, SubForm form = SubForm::none,
                  DoorSeries series = DoorSeries::current, std::uint8_t stem = 0) {
  DoorNumber door;
  door.number = n;
  door.sub = sub;
  door.sub_form = form;
  door.series = series;
  door.stem = stem;
  return door;
}

const std::vector<PackedNumber>& numbers() {
  static const std::vector<PackedNumber> all = [] {
    AddressToken named;
    named.text = "东";
    return std::vector<PackedNumber>{
        pack(number(1)),
        pack(number(1, 0, SubForm::none, DoorSeries::former)),
        pack(number(1, 0, SubForm::letter, DoorSeries::current, 3)),
        pack(number(12, 0, SubForm::none, DoorSeries::current, 16)),
        pack(number(12)),
        pack(number(12, 1, SubForm::dash)),
        pack(number(12, 1, SubForm::annex)),
        pack(number(12, 2, SubForm::annex, DoorSeries::former, 1)),
        pack(number(0xfffff)),
        pack(number(0xfffff, 0xfffff, SubForm::after)),
        pack_token(named),
    };
  }();
  return all;
}

TEST(PackedNumber, AWordHoldsWhatIsNothingButANumber) {
  for (const PackedNumber a : numbers()) {
    if (!fits_word(a)) continue;
    EXPECT_EQ(to_word(a) & kListedBit, 0u);
    EXPECT_EQ(from_word(to_word(a)), a);
  }
  EXPECT_TRUE(fits_word(pack(number(0xfffff))));
  EXPECT_TRUE(fits_word(pack(number(12, 0, SubForm::none, DoorSeries::current, 36))));
  EXPECT_FALSE(fits_word(pack(number(12, 1, SubForm::dash))));
  EXPECT_FALSE(fits_word(pack(number(12, 0, SubForm::none, DoorSeries::former))));
}

// Addresses with every subset of the parts, their numbers drawn in turn.
BuildTables city() {
  BuildTables tables;
  std::size_t next = 0;
  constexpr std::uint32_t kSubsets = 1u << kPathParts;
  for (std::uint32_t parts = 0; parts < kSubsets; ++parts) {
    EntryRow row;
    for (std::size_t part = 0; part < kPathParts; ++part) {
      if ((parts >> part & 1) != 0) row.path[part] = numbers()[next++ % numbers().size()];
    }
    row.street = parts % 7;
    row.district = parts % 2 == 0 ? kNoName : 3;
    row.postcode = static_cast<std::int32_t>(parts % 3) * 100'000;
    row.position = {static_cast<std::int32_t>(parts), -static_cast<std::int32_t>(parts)};
    row.error_m = static_cast<float>(parts) / 4;
    row.has_position = parts % 5 != 0;
    row.side = static_cast<std::uint8_t>(parts % 3);
    row.text = tables.add_text(std::string(parts % 4, 't'));
    row.id = tables.add_text(std::to_string(parts));
    tables.entries.push_back(row);
  }
  return tables;
}

TEST(PackedNumber, EveryPartOfANumberIsKept) {
  for (std::uint8_t stem = 0; stem <= 36; ++stem) {
    for (const auto series : {DoorSeries::current, DoorSeries::former, DoorSeries::temporary}) {
      const DoorNumber door = number(12, 3, SubForm::letter, series, stem);
      EXPECT_EQ(unpack(pack(door)), door) << int{stem};
    }
  }
}

TEST(EntryTable, GivesBackWhatWasStored) {
  BuildTables tables = city();
  store_entries(tables);
  const GazetteerTables view = tables.view();
  ASSERT_EQ(view.entries.size(), tables.entries.size());
  for (EntryId e = 0; e < view.entries.size(); ++e) {
    const EntryRow& put = tables.entries[e];
    const EntryRow got = view.entries[e];
    EXPECT_EQ(got.path, put.path) << e;
    for (std::uint8_t part = 0; part < kPathParts; ++part) {
      EXPECT_EQ(view.entries.number(e, static_cast<PathPart>(part)), put.path[part]) << e;
    }
    EXPECT_TRUE(static_cast<const EntryPlace&>(got) == put) << e;
    EXPECT_TRUE(got.position == put.position && got.has_position == put.has_position && got.side == put.side) << e;
    EXPECT_EQ(got.error_m, put.error_m) << e;
    EXPECT_EQ(view.text_of(e), view.text(put.text)) << e;
    EXPECT_EQ(view.id_of(e), std::to_string(e));
  }
}

TEST(EntryTable, PathsAreTheSameExactlyIfTheirNumbersAre) {
  BuildTables tables = city();
  const BuildTables again = city();
  for (const EntryRow& row : again.entries) tables.entries.push_back(row);
  for (EntryRow& row : tables.entries) {  // texts lie one behind the other
    row.text = tables.add_text("t");
    row.id = tables.add_text("i");
  }
  store_entries(tables);
  const EntryTable table = tables.view().entries;
  for (EntryId a = 0; a < table.size(); a += 3) {
    for (EntryId b = 0; b < table.size(); ++b) {
      EXPECT_EQ(table.same_path(a, b), tables.entries[a].path == tables.entries[b].path);
    }
  }
}

TEST(EntryTable, WhatAddressesShareIsStoredOnce) {
  BuildTables tables = city();
  store_entries(tables);
  EXPECT_EQ(tables.entry_places.size(), 7u * 2 * 3);
  BuildTables twice;
  for (const EntryRow& row : tables.entries) {
    for (int i = 0; i < 2; ++i) {
      twice.entries.push_back(row);
      twice.entries.back().text = twice.add_text("t");
      twice.entries.back().id = twice.add_text("i");
    }
  }
  store_entries(twice);
  EXPECT_EQ(twice.entry_words.size(), tables.entry_words.size());
  EXPECT_EQ(twice.entry_places.size(), tables.entry_places.size());
}

TEST(EntryTable, ACityWithoutAddressesHasNone) {
  BuildTables tables;
  store_entries(tables);
  EXPECT_EQ(tables.view().entries.size(), 0u);
}

}  // namespace
}  // namespace catchment::geo
