#include "engine/zone_text/printing/print_doors.hpp"

#include <gmock/gmock.h>

#include <set>

#include "tests/support/grid_city.hpp"

namespace catchment::engine::zone_text {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A gazetteer of addresses without places: "青河路 12号", "青河路 209弄3号", "云溪花园 3号楼".
class Doors {
 public:
  Doors() {
    for (int n = 1; n <= 20; ++n) add("青河路", std::to_string(n) + "号", "");
    for (int n = 1; n <= 6; ++n) add("桐花街", "201弄" + std::to_string(n) + "号", "");
    for (int n = 1; n <= 8; ++n) add("", std::to_string(n) + "号楼", "云溪花园");
    engine::Place estate;
    estate.id = "E";
    estate.kind = "estate";
    estate.name = "云溪花园";
    gazetteer_.emplace(tests::gazetteer_of({tests::line_of("青河路", "street", {{0, 0}, {500, 0}}),
                                            tests::line_of("桐花街", "street", {{0, 90}, {500, 90}})},
                                           {estate}, rows_));
  }

  std::vector<geo::EntryId> ids(const std::vector<std::string>& texts) const {
    std::vector<geo::EntryId> out;
    for (const std::string& text : texts) out.push_back(*gazetteer_->find_id(text));
    return out;
  }
  std::vector<geo::EntryId> numbers(int from, int to, int step) const {
    std::vector<geo::EntryId> out;
    for (int n = from; n <= to; n += step) out.push_back(*gazetteer_->find_id("青河路" + std::to_string(n) + "号"));
    return out;
  }

  // Everything that is not named in `must` or `may` must not be picked.
  std::vector<std::string> words(const std::vector<geo::EntryId>& must, const std::vector<geo::EntryId>& may = {}) {
    const std::set<geo::EntryId> wanted(must.begin(), must.end());
    const std::set<geo::EntryId> free(may.begin(), may.end());
    const DoorWords found = describe_doors(must, *gazetteer_, [&](geo::EntryId id) {
      return wanted.contains(id) ? Need::must : free.contains(id) ? Need::may : Need::never;
    });
    left = found.left;
    std::vector<std::string> out;
    for (const DoorItem& item : found.items) out.push_back(item.text);
    return out;
  }
  std::vector<geo::EntryId> left;

 private:
  void add(const std::string& street, const std::string& rest, const std::string& estate) {
    engine::Address row;
    row.text = street + estate + rest;
    row.id = row.text;
    row.street = street;
    row.estate = estate;
    if (estate.empty() && rest.find("弄") == std::string::npos) row.door = rest;
    rows_.push_back(row);
  }

  std::vector<engine::Address> rows_;
  std::optional<geo::Gazetteer> gazetteer_;
};

std::vector<geo::EntryId> operator+(std::vector<geo::EntryId> a, const std::vector<geo::EntryId>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(PrintDoors, DoorsOfOneSideBecomeOneRange) {
  Doors doors;
  EXPECT_THAT(doors.words(doors.numbers(4, 10, 2)), ElementsAre("青河路4-10号（双号）"));
  EXPECT_THAT(doors.left, IsEmpty());
}

TEST(PrintDoors, ARangeStopsBeforeADoorThatMustNotBePicked) {
  Doors doors;
  EXPECT_THAT(doors.words(doors.numbers(2, 6, 2) + doors.numbers(10, 12, 2)),
              ElementsAre("青河路2-6号（双号）、10-12号（双号）"));
}

TEST(PrintDoors, ARangeReachesOverADoorThatMayBePicked) {
  Doors doors;
  EXPECT_THAT(doors.words(doors.numbers(2, 6, 2) + doors.numbers(10, 12, 2), doors.numbers(8, 8, 1)),
              ElementsAre("青河路2-12号（双号）"));
}

TEST(PrintDoors, BothSidesTogetherNeedNoParity) {
  Doors doors;
  EXPECT_THAT(doors.words(doors.numbers(5, 9, 1)), ElementsAre("青河路5-9号"));
}

TEST(PrintDoors, AWholeStreetAndAWholeSideAreNamedWithoutNumbers) {
  Doors doors;
  EXPECT_THAT(doors.words(doors.numbers(1, 20, 1)), ElementsAre("青河路"));
  EXPECT_THAT(doors.words(doors.numbers(1, 19, 2)), ElementsAre("青河路（单号）"));
}

TEST(PrintDoors, EstatesAreNamedWholeOrByTheirBuildings) {
  Doors doors;
  std::vector<std::string> all, some;
  for (int n = 1; n <= 8; ++n) all.push_back("云溪花园" + std::to_string(n) + "号楼");
  some.assign(all.begin() + 2, all.begin() + 5);
  EXPECT_THAT(doors.words(doors.ids(all)), ElementsAre("云溪花园"));
  EXPECT_THAT(doors.words(doors.ids(some)), ElementsAre("云溪花园3-5号楼"));
}

TEST(PrintDoors, ALaneIsNamedWholeOrWithTheDoorsInIt) {
  Doors doors;
  const auto lane = [&](int from, int to) {
    std::vector<std::string> texts;
    for (int n = from; n <= to; ++n) texts.push_back("桐花街201弄" + std::to_string(n) + "号");
    return doors.ids(texts);
  };
  EXPECT_THAT(doors.words(lane(2, 4)), ElementsAre("桐花街201弄2-4号"));
}

TEST(PrintDoors, StreetsStandBeforeEstatesEachByName) {
  Doors doors;
  EXPECT_THAT(doors.words(doors.ids({"云溪花园1号楼", "青河路3号", "桐花街201弄1号"})),
              ElementsAre("桐花街201弄1号", "青河路3号", "云溪花园1号楼"));
}

}  // namespace
}  // namespace catchment::engine::zone_text
