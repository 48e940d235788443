// Complete zones of an invented city, in mixed words: the area and every address against the truth by construction.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zone_case.hpp"

namespace catchment::tests {
namespace {

using zt::FindingKind;

const GridCity& city() {
  static const GridCity city;
  return city;
}

struct ZoneCase {
  const char* name;
  std::string text;
  std::vector<Block> area;  // what the text gives as an area; empty: no area is compared
  std::function<bool(const Door&)> is_in;
  std::vector<Block> seeds = {};
};

std::vector<ZoneCase> zones() {
  const auto blocks = GridCity::rectangle;
  const auto of = [](std::vector<Block> b) { return [b](const Door& d) { return is_in(b, d); }; };
  std::vector<ZoneCase> out;
  const auto region = [&](const char* name, const std::string& text, std::vector<Block> b,
                          std::vector<Block> seeds = {}) {
    out.push_back({name, text, b, of(b), std::move(seeds)});
  };
  // Columns: 0 松涛路 1 槐荫街 2 银杏路 3 杨林街 4 青石河 5 柳溪街 6 海棠路 7 青竹街 8 紫薇路
  // Rows: 0 晨光路 1 朝霞街 2 星辰路 3 明月街 4 彩虹路 5 云中铁路 6 夏荷路 7 秋实街
  region("half planes", "槐荫街以东、朝霞街以北、青石河以西、明月街以南的区域", blocks(1, 1, 3, 2));
  region("half planes in another order", "明月街以南，朝霞街以北，槐荫街以东，杨林街以西", blocks(1, 1, 2, 2));
  region("half planes with a railway without a name", "银杏路以东、彩虹路以北、海棠路以西、铁路以南",
         blocks(2, 4, 5, 4));
  region("half planes between river and railway", "青石河以东、云中铁路以北、青竹街以西、秋实街以南围合区域",
         blocks(4, 5, 6, 6));
  region("side labels", "东边：柳溪街以西；西边：银杏路以东；南边：星辰路以北；北边：彩虹路以南", blocks(2, 2, 4, 3));
  region("four bounds", "东至海棠路，西至青石河，南至晨光路，北至明月街", blocks(4, 0, 5, 2));
  region("four bounds with other verbs", "北始彩虹路，南止星辰路，西始松涛路，东止杨林街", blocks(0, 2, 2, 3));
  region("pairs", "银杏路至柳溪街，朝霞街至明月街", blocks(2, 1, 4, 2));
  region("ring", "松涛路—朝霞街—杨林街—彩虹路所围成的区域", blocks(0, 1, 2, 3));
  region("ring by 由", "由青石河、星辰路、海棠路、云中铁路围合的区域", blocks(4, 2, 5, 4));
  std::vector<Block> steps = blocks(1, 1, 2, 1);
  for (const Block b : blocks(1, 2, 1, 3)) steps.push_back(b);
  region("ring with a reflex corner", "槐荫街—朝霞街—杨林街—星辰路—银杏路—彩虹路所围成的区域", steps);
  region("open to the north", "明月街以北", blocks(0, 3, 7, 6));
  region("open corner", "青石河以东、彩虹路以北", blocks(4, 4, 7, 6));
  return out;
}

TEST(Zones, EveryZoneHasItsAreaAndItsAddresses) {
  for (const ZoneCase& zone : zones()) {
    std::vector<geo::Point> seeds;
    for (const Block b : zone.seeds) seeds.push_back(city().centre(b));
    const zt::CompiledText text = compile_text(city(), zone.text, seeds);
    const std::string wrong = wrong_answers(city(), text, in_if(zone.is_in));
    EXPECT_TRUE(wrong.empty()) << zone.name << ": " << zone.text << "\n" << wrong;
    if (!zone.area.empty()) {
      EXPECT_GT(iou(derived_shape(text, city().ground()), city().region_of(zone.area)), 0.999999)
          << zone.name << ": " << zone.text << "\n"
          << zt::to_text(text.tree);
    }
  }
}

}  // namespace
}  // namespace catchment::tests
