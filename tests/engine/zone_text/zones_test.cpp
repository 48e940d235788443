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
  std::function<zt::Verdict(const Door&)> truth;
  std::vector<Block> seeds = {};
};

using Verdict = zt::Verdict;

bool on(const Door& d, std::string_view street) { return d.street == street; }
int axis(const Door& d) { return d.lane != 0 ? d.lane : d.number; }  // the number a street counts it by
bool odd(const Door& d) { return axis(d) % 2 != 0; }
bool between(int low, int n, int high) { return low <= n && n <= high; }
std::string estate(int column, int row) { return city().estate_name({column, row}); }
std::string community(int column, int row) { return city().community_name({column, row}); }

class ZoneList {
 public:
  // A zone that is an area of blocks: the addresses are those of the blocks, by the side their number is on.
  void area(const char* name, const std::string& text, std::vector<Block> blocks, std::vector<Block> seeds = {}) {
    cases_.push_back(
        {name, text, blocks, in_if([blocks](const Door& d) { return is_in(blocks, d); }), std::move(seeds)});
  }
  // An area and doors that differ from it.
  void area_but(const char* name, const std::string& text, std::vector<Block> blocks,
                std::function<bool(const Door&, bool in_area)> truth) {
    cases_.push_back(
        {name, text, blocks, in_if([blocks, truth](const Door& d) { return truth(d, is_in(blocks, d)); }), {}});
  }
  void doors(const char* name, const std::string& text, std::function<bool(const Door&)> truth) {
    cases_.push_back({name, text, {}, in_if(std::move(truth)), {}});
  }
  void open(const char* name, const std::string& text, std::function<Verdict(const Door&)> truth) {
    cases_.push_back({name, text, {}, std::move(truth), {}});
  }
  const std::vector<ZoneCase>& cases() const { return cases_; }

 private:
  std::vector<ZoneCase> cases_;
};

// Columns: 0 松涛路 1 槐荫街 2 银杏路 3 杨林街 4 青石河 5 柳溪街 6 海棠路 7 青竹街 8 紫薇路
// Rows: 0 晨光路 1 朝霞街 2 星辰路 (with lanes) 3 明月街 4 彩虹路 5 云中铁路 6 夏荷路 7 秋实街
void add_areas(ZoneList& z) {
  const auto blocks = GridCity::rectangle;
  z.area("half planes", "槐荫街以东、朝霞街以北、青石河以西、明月街以南的区域", blocks(1, 1, 3, 2));
  z.area("half planes in another order", "明月街以南，朝霞街以北，槐荫街以东，杨林街以西", blocks(1, 1, 2, 2));
  z.area("half planes and a railway without a name", "银杏路以东、彩虹路以北、海棠路以西、铁路以南",
         blocks(2, 4, 5, 4));
  z.area("half planes between river and railway", "青石河以东、云中铁路以北、青竹街以西、秋实街以南围合区域",
         blocks(4, 5, 6, 6));
  z.area("one block", "柳溪街以东，海棠路以西，明月街以北，彩虹路以南", blocks(5, 3, 5, 3));
  z.area("side labels", "东边：柳溪街以西；西边：银杏路以东；南边：星辰路以北；北边：彩虹路以南", blocks(2, 2, 4, 3));
  z.area("side labels in another order", "北边：秋实街以南；东边：紫薇路以西；南边：铁路以北；西边：海棠路以东",
         blocks(6, 5, 7, 6));
  z.area("four bounds", "东至海棠路，西至青石河，南至晨光路，北至明月街", blocks(4, 0, 5, 2));
  z.area("four bounds with 起止", "北始彩虹路，南止星辰路，西始松涛路，东止杨林街", blocks(0, 2, 2, 3));
  z.area("four bounds with 到", "东到青竹街、南到朝霞街、西到柳溪街、北到彩虹路", blocks(5, 1, 6, 3));
  z.area("pairs", "银杏路至柳溪街，朝霞街至明月街", blocks(2, 1, 4, 2));
  z.area("pairs, west-east ones first", "明月街至铁路，海棠路至紫薇路", blocks(6, 3, 7, 4));
  z.area("ring", "松涛路—朝霞街—杨林街—彩虹路所围成的区域", blocks(0, 1, 2, 3));
  z.area("ring by 由", "由青石河、星辰路、海棠路、云中铁路围合的区域", blocks(4, 2, 5, 4));
  z.area("ring told the other way round", "彩虹路—杨林街—朝霞街—松涛路所围成的区域", blocks(0, 1, 2, 3));
  std::vector<Block> ell = blocks(1, 1, 2, 1);
  for (const Block b : blocks(1, 2, 1, 3)) ell.push_back(b);
  z.area("ring with a reflex corner", "槐荫街—朝霞街—杨林街—星辰路—银杏路—彩虹路所围成的区域", ell);
  std::vector<Block> tee = blocks(4, 3, 6, 3);
  tee.push_back({5, 2});
  z.area("ring of eight lines", "青石河—明月街—柳溪街—星辰路—海棠路—明月街—青竹街—彩虹路所围成的区域", tee);
  z.area("open to the north", "明月街以北", blocks(0, 3, 7, 6));
  z.area("open corner", "青石河以东、彩虹路以北", blocks(4, 4, 7, 6));
  z.area("open on one side", "银杏路以西、铁路以北、秋实街以南", blocks(0, 5, 1, 6));
  z.area("a district by its name", "西河区", blocks(0, 0, 3, 6));
  z.area("half planes within a sub-district", "杨林街以东、星辰路以北范围内的" + city().town_name({0, 0}),
         blocks(3, 2, 3, 3));
  z.area("two regions",
         "槐荫街以东、朝霞街以北、银杏路以西、星辰路以南的区域；海棠路以东、夏荷路以北、青竹街以西、秋实街以南的区域",
         {{1, 1}, {6, 6}});
  z.area("a stretch of a street between two others",
         "海棠路（星辰路至彩虹路区间段）以东、星辰路以北、青竹街以西、彩虹路以南", blocks(6, 2, 6, 3));
  z.area("district border", "西河区界以东、夏荷路以北、柳溪街以西、秋实街以南", blocks(4, 6, 4, 6));
  z.area("a community", community(2, 2), blocks(2, 2, 3, 3));
  z.area("communities in a list", community(0, 0) + "、" + community(2, 0) + "、" + community(4, 4), [&] {
    std::vector<Block> all = blocks(0, 0, 3, 1);
    for (const Block b : blocks(4, 4, 5, 5)) all.push_back(b);
    return all;
  }());
}

void add_frontages(ZoneList& z) {
  const auto blocks = GridCity::rectangle;
  z.area_but("both sides of a bounding street", "槐荫街以东、夏荷路以北（含路两侧）、青石河以西、秋实街以南",
             blocks(1, 6, 3, 6),
             [](const Door& d, bool in) { return in || (on(d, "夏荷路") && between(21, d.number, 80)); });
  z.area_but("along a street and north of it", "槐荫街以东，明月街沿线及以北，杨林街以西，彩虹路以南",
             blocks(1, 3, 2, 3),
             [](const Door& d, bool in) { return in || (on(d, "明月街") && between(21, d.number, 60)); });
  z.area_but("the other side of a bounding street", "银杏路以东（含该路西侧）、晨光路以北、青石河以西、朝霞街以南",
             blocks(2, 0, 3, 0),
             [](const Door& d, bool in) { return in || (on(d, "银杏路") && odd(d) && between(1, d.number, 20)); });
  z.area_but("without the bounding street", "柳溪街以东、明月街以北（不含明月街）、青竹街以西、彩虹路以南",
             blocks(5, 3, 6, 3), [](const Door& d, bool in) { return in && !on(d, "明月街"); });
  z.area_but("without two bounding streets",
             "东边：海棠路以西（不含海棠路）；西边：青石河以东；南边：朝霞街以北（不含朝霞街）；北边：星辰路以南",
             blocks(4, 1, 5, 1), [](const Door& d, bool in) { return in && !on(d, "海棠路") && !on(d, "朝霞街"); });
  z.doors("an estate and numbers beyond the region",
          "松涛路以东、晨光路以北、银杏路以西、朝霞街以南；" + estate(3, 3) + "；秋实街1-9号（单号）",
          [](const Door& d) {
            return is_in(GridCity::rectangle(0, 0, 1, 0), d) || d.estate == estate(3, 3) ||
                   (on(d, "秋实街") && odd(d) && between(1, d.number, 9));
          });
  z.doors("an estate and a door excepted from the region",
          "东至银杏路，西至松涛路，南至晨光路，北至朝霞街（" + estate(0, 0) + "、槐荫街5号除外）", [](const Door& d) {
            return is_in(GridCity::rectangle(0, 0, 1, 0), d) && d.estate != estate(0, 0) &&
                   !(on(d, "槐荫街") && d.number == 5);
          });
}

void add_stretches(ZoneList& z) {
  z.doors("a stretch of a street", "海棠路（星辰路至彩虹路区间段）",
          [](const Door& d) { return on(d, "海棠路") && between(41, d.number, 80); });
  z.doors("a stretch of a street without a door", "海棠路（星辰路至彩虹路区间段）除62号外的地段",
          [](const Door& d) { return on(d, "海棠路") && between(41, d.number, 80) && d.number != 62; });
  z.doors("both sides of a street", "海棠路两边", [](const Door& d) { return on(d, "海棠路"); });
  z.area("from one street to another", "槐荫街以东至杨林街", GridCity::rectangle(1, 0, 2, 6));
  z.area_but("the other side of a bounding street, named behind", "夏荷路以北包括夏荷路南侧",
             GridCity::rectangle(0, 6, 7, 6), [](const Door& d, bool in) { return in || on(d, "夏荷路"); });
}

void add_door_lists(ZoneList& z) {
  z.doors("ranges with parity", "杨林街1-15（单号）、2-30（双号）", [](const Door& d) {
    return on(d, "杨林街") && (odd(d) ? between(1, d.number, 15) : between(2, d.number, 30));
  });
  z.doors("a range of one parity in words", "银杏路21号至75号的单号",
          [](const Door& d) { return on(d, "银杏路") && odd(d) && between(21, d.number, 75); });
  z.doors("parity before the numbers", "海棠路双号24—60号；海棠路单号31号—51号", [](const Door& d) {
    return on(d, "海棠路") && (odd(d) ? between(31, d.number, 51) : between(24, d.number, 60));
  });
  z.doors("both parities named", "青竹街11-40（单双号）",
          [](const Door& d) { return on(d, "青竹街") && between(11, d.number, 40); });
  z.doors("a whole side", "朝霞街双号", [](const Door& d) { return on(d, "朝霞街") && !odd(d); });
  z.doors("a whole side as door numbers", "朝霞街（门牌号为单号）",
          [](const Door& d) { return on(d, "朝霞街") && odd(d); });
  z.doors("whole streets", "夏荷路、秋实街", [](const Door& d) { return on(d, "夏荷路") || on(d, "秋实街"); });
  z.doors("open at the end", "明月街45号起单号",
          [](const Door& d) { return on(d, "明月街") && odd(d) && d.number >= 45; });
  z.doors("open at the start", "明月街双门牌号42号止",
          [](const Door& d) { return on(d, "明月街") && !odd(d) && d.number <= 42; });
  z.doors("from a number on", "杨林街（单）：61号及以后",
          [](const Door& d) { return on(d, "杨林街") && odd(d) && d.number >= 61; });
  z.doors("a list of numbers", "柳溪街3号、7号、12号、25-29号", [](const Door& d) {
    return on(d, "柳溪街") && (d.number == 3 || d.number == 7 || d.number == 12 || between(25, d.number, 29));
  });
  z.doors("lanes on the axis of the street", "星辰路（单）：1号-29弄",
          [](const Door& d) { return on(d, "星辰路") && odd(d) && axis(d) <= 29; });
  z.doors("odd doors within a lane", "星辰路49弄（弄内单号）",
          [](const Door& d) { return on(d, "星辰路") && d.lane == 49 && d.number % 2 != 0; });
  z.doors("even doors within the same lane", "星辰路49弄（弄内双号）",
          [](const Door& d) { return on(d, "星辰路") && d.lane == 49 && d.number % 2 == 0; });
  z.doors("some doors of a lane", "星辰路30弄1-4号",
          [](const Door& d) { return on(d, "星辰路") && d.lane == 30 && d.number <= 4; });
  z.doors("up to a lane", "星辰路69弄及以前", [](const Door& d) { return on(d, "星辰路") && axis(d) <= 69; });
  z.doors("a door excepted from a street", "晨光路（41号除外）",
          [](const Door& d) { return on(d, "晨光路") && d.number != 41; });
  z.doors("the complement of it", "晨光路41号", [](const Door& d) { return on(d, "晨光路") && d.number == 41; });
  z.doors("doors excepted with 除…外", "紫薇路（除65号、79号外）",
          [](const Door& d) { return on(d, "紫薇路") && d.number != 65 && d.number != 79; });
  z.doors("ranges excepted", "秋实街（其中21—25，31—35，37、38除外）", [](const Door& d) {
    return on(d, "秋实街") && !between(21, d.number, 25) && !between(31, d.number, 35) && d.number != 37 &&
           d.number != 38;
  });
  z.doors("a door excepted from a range", "海棠路（双）：62-96号（70号除外）",
          [](const Door& d) { return on(d, "海棠路") && !odd(d) && between(62, d.number, 96) && d.number != 70; });
  z.doors("a lane excepted from a side", "星辰路（单号）（49弄除外）",
          [](const Door& d) { return on(d, "星辰路") && odd(d) && d.lane != 49; });
}

void add_places(ZoneList& z) {
  z.doors("estates", estate(0, 0) + "、" + estate(3, 3) + "、" + estate(5, 4), [](const Door& d) {
    return !d.estate.empty() && (d.estate == estate(0, 0) || d.estate == estate(3, 3) || d.estate == estate(5, 4));
  });
  z.doors("blocks of an estate", estate(0, 3) + "1至4幢",
          [](const Door& d) { return d.estate == estate(0, 3) && d.building <= 4; });
  z.doors("the other blocks of it", estate(0, 3) + "5至8幢",
          [](const Door& d) { return d.estate == estate(0, 3) && d.building >= 5; });
  z.doors("odd blocks", estate(0, 3) + "（单数幢号）",
          [](const Door& d) { return d.estate == estate(0, 3) && d.building % 2 != 0; });
  z.doors("one block", estate(0, 3) + "2号楼",
          [](const Door& d) { return d.estate == estate(0, 3) && d.building == 2; });
  z.doors("a community restricted to one door", community(0, 2) + "（只招明月街5号）",
          [](const Door& d) { return on(d, "明月街") && d.number == 5; });
  z.doors("a community without that door", community(0, 2) + "（明月街5号除外）",
          [](const Door& d) { return d.community == community(0, 2) && !(on(d, "明月街") && d.number == 5); });
  z.doors("a community restricted to one side of a street", community(2, 2) + "（只招明月街以北）",
          [](const Door& d) { return d.community == community(2, 2) && d.block.row >= 3; });
  z.doors("the other side, without an estate", community(2, 2) + "（只招明月街以南，" + estate(3, 3) + "除外）",
          [](const Door& d) { return d.community == community(2, 2) && d.block.row <= 2; });
  z.doors("two restrictions", community(6, 2) + "（只招明月街以北、青竹街以东）", [](const Door& d) {
    return d.community == community(6, 2) && d.block == Block{7, 3};
  });
  z.doors("a community without a street of it", community(4, 0) + "（朝霞街除外）",
          [](const Door& d) { return d.community == community(4, 0) && !on(d, "朝霞街"); });
  z.doors("a street named in one community only", community(4, 0) + "（只招柳溪街）",
          [](const Door& d) { return d.community == community(4, 0) && on(d, "柳溪街"); });
  z.doors("community, estate and numbers", community(0, 0) + "；" + estate(5, 4) + "；秋实街单号", [](const Door& d) {
    return d.community == community(0, 0) || d.estate == estate(5, 4) || (on(d, "秋实街") && odd(d));
  });
  z.doors(
      "a community by its old word 居委",
      [] {
        std::string name = community(2, 0);
        return name.substr(0, name.size() - std::string("社区").size()) + "居委";
      }(),
      [](const Door& d) { return d.community == community(2, 0); });
}

void add_undecidable(ZoneList& z) {
  z.open("part of a community", community(2, 2) + "的部分",
         [](const Door& d) { return d.community == community(2, 2) ? Verdict::undetermined : Verdict::out; });
  z.open("part of a street", "晨光路（部分）",
         [](const Door& d) { return on(d, "晨光路") ? Verdict::undetermined : Verdict::out; });
  z.open("part of a community, and an estate of it by name", community(0, 0) + "的部分；" + estate(0, 0),
         [](const Door& d) {
           if (d.estate == estate(0, 0)) return Verdict::in;
           return d.community == community(0, 0) ? Verdict::undetermined : Verdict::out;
         });
  z.open("children of a condition", community(0, 0) + "（集体户口除外）",
         [](const Door& d) { return d.community == community(0, 0) ? Verdict::in : Verdict::out; });
}

// Column streets have seven edges of about equal length, edge k with the numbers 20k + 1 ... 20k + 20.
void add_sections(ZoneList& z) {
  const auto middle = [](const Door& d) {
    const int n = axis(d);
    return between(61, n, 80) ? Verdict::in : between(21, n, 120) ? Verdict::undetermined : Verdict::out;
  };
  const auto north = [](const Door& d) {
    const int n = axis(d);
    return n > 100 ? Verdict::in : n > 40 ? Verdict::undetermined : Verdict::out;
  };
  const auto south = [](const Door& d) {
    const int n = axis(d);
    return n <= 40 ? Verdict::in : n <= 100 ? Verdict::undetermined : Verdict::out;
  };
  z.open("the middle of a street", "海棠路中段",
         [=](const Door& d) { return on(d, "海棠路") ? middle(d) : Verdict::out; });
  z.open("the north of a street", "海棠路北段",
         [=](const Door& d) { return on(d, "海棠路") ? north(d) : Verdict::out; });
  z.open("the south of a street, and a door of its middle", "海棠路南段；海棠路70号", [=](const Door& d) {
    return !on(d, "海棠路") ? Verdict::out : d.number == 70 ? Verdict::in : south(d);
  });
  z.open("an end that a street does not have", "海棠路东段",
         [](const Door& d) { return on(d, "海棠路") ? Verdict::undetermined : Verdict::out; });
  z.open("a region with the middle of its bounding street", "海棠路以东（含海棠路中段两侧）", [=](const Door& d) {
    if (d.block.column >= 6) return Verdict::in;
    return on(d, "海棠路") ? middle(d) : Verdict::out;
  });
  z.open("a region without the north of its bounding street", "海棠路以东（不含海棠路北段）", [=](const Door& d) {
    if (d.block.column < 6) return Verdict::out;
    if (!on(d, "海棠路")) return Verdict::in;
    const Verdict denied = north(d);
    return denied == Verdict::in ? Verdict::out : denied == Verdict::out ? Verdict::in : Verdict::undetermined;
  });
}

void add_void(ZoneList& z) {
  z.open("doors that are no more", "海棠路1-40号（其中5、7号已拆迁）", [](const Door& d) {
    if (!on(d, "海棠路") || d.number > 40) return Verdict::out;
    return d.number == 5 || d.number == 7 ? Verdict::undetermined : Verdict::in;
  });
  z.open("a number nobody has, said behind a comma", "海棠路（单号），其中5号空号", [](const Door& d) {
    if (!on(d, "海棠路") || !odd(d)) return Verdict::out;
    return d.number == 5 ? Verdict::undetermined : Verdict::in;
  });
  z.open("an estate that is no more, in a community that is given",
         community(0, 0) + "；" + estate(0, 0) + "（已拆迁）", [](const Door& d) {
           if (d.estate == estate(0, 0)) return Verdict::undetermined;
           return d.community == community(0, 0) ? Verdict::in : Verdict::out;
         });
  z.open("doors for the time being empty", "海棠路1-19号（属临迁）；晨光路", [](const Door& d) {
    if (on(d, "晨光路")) return Verdict::in;
    return on(d, "海棠路") && d.number < 20 ? Verdict::undetermined : Verdict::out;
  });
  z.open("doors excepted because they are no more", "海棠路（5号已拆迁除外）",
         [](const Door& d) { return on(d, "海棠路") && d.number != 5 ? Verdict::in : Verdict::out; });
  z.open("part of an estate excepted", community(0, 0) + "（" + estate(0, 0) + "的部分除外）", [](const Door& d) {
    if (d.community != community(0, 0)) return Verdict::out;
    return d.estate == estate(0, 0) ? Verdict::undetermined : Verdict::in;
  });
  z.open("part of an estate alone", community(0, 0) + "（只招" + estate(0, 0) + "的部分）",
         [](const Door& d) { return d.estate == estate(0, 0) ? Verdict::undetermined : Verdict::out; });
}

const ZoneList& zones() {
  static const ZoneList list = [] {
    ZoneList z;
    add_areas(z);
    add_frontages(z);
    add_stretches(z);
    add_door_lists(z);
    add_places(z);
    add_undecidable(z);
    add_sections(z);
    add_void(z);
    return z;
  }();
  return list;
}

TEST(Zones, EveryZoneHasItsAreaAndItsAddresses) {
  ASSERT_GE(zones().cases().size(), 60u);
  for (const ZoneCase& zone : zones().cases()) {
    std::vector<geo::Point> seeds;
    for (const Block b : zone.seeds) seeds.push_back(city().centre(b));
    const zt::CompiledText text = compile_text(city(), zone.text, seeds);
    const std::string wrong = wrong_answers(city(), text, zone.truth);
    EXPECT_TRUE(wrong.empty()) << zone.name << ": " << zone.text << "\n" << wrong;
    if (!zone.area.empty()) {
      EXPECT_GT(iou(derived_shape(text, city().ground()), city().region_of(zone.area)), 0.999999)
          << zone.name << ": " << zone.text << "\n"
          << zt::to_text(text.tree);
    }
  }
}

// --- rows that mix the families, on other cities ------------------------------------------------------------------

// A draw in [0, of), the same everywhere.
class Draw {
 public:
  explicit Draw(unsigned seed) : state_(seed * 2654435761u + 12345u) {}
  int operator()(int of) {
    state_ = state_ * 1664525u + 1013904223u;
    return static_cast<int>((state_ >> 8) % static_cast<unsigned>(of));
  }

 private:
  unsigned state_;
};

// A row put together at random, with its truth: a region in one of seven forms, communities (whole, one side of a
// street, without a door), ranges, an estate or its blocks; and exceptions from all of it.
struct MixedRow {
  std::string text;
  std::vector<std::function<bool(const Door&)>> gives;
  std::vector<std::function<bool(const Door&)>> takes;

  Verdict truth(const Door& d) const {
    const auto holds = [&](const auto& says) { return says(d); };
    if (std::any_of(takes.begin(), takes.end(), holds)) return Verdict::out;
    return std::any_of(gives.begin(), gives.end(), holds) ? Verdict::in : Verdict::out;
  }
};

std::string region_words(int form, const std::string& west, const std::string& east, const std::string& south,
                         const std::string& north) {
  switch (form) {
    case 0:
      return west + "以东、" + south + "以北、" + east + "以西、" + north + "以南的区域";
    case 1:
      return "东边：" + east + "以西；西边：" + west + "以东；南边：" + south + "以北；北边：" + north + "以南";
    case 2:
      return "东至" + east + "，西至" + west + "，南至" + south + "，北至" + north;
    case 3:
      return west + "至" + east + "，" + south + "至" + north;
    case 4:
      return west + "—" + south + "—" + east + "—" + north + "所围成的区域";
    case 5:
      return "由" + north + "、" + west + "、" + south + "、" + east + "围合的区域";
    default:
      return "北始" + north + "，南止" + south + "，西始" + west + "，东止" + east;
  }
}

MixedRow mixed_row(const GridCity& c, unsigned seed) {
  Draw draw(seed);
  MixedRow row;
  const int columns = c.options().columns;
  const int rows = c.options().rows;
  const int c0 = draw(columns - 3);
  const int c1 = c0 + 1 + draw(3);
  const int r0 = draw(rows - 3);
  const int r1 = r0 + 1 + draw(3);
  const std::vector<Block> blocks = GridCity::rectangle(c0, r0, c1 - 1, r1 - 1);
  row.text = region_words(draw(7), c.column_name(c0), c.column_name(c1), c.row_name(r0), c.row_name(r1));
  row.gives.push_back([blocks](const Door& d) { return is_in(blocks, d); });
  const std::string estate = c.estate_name({c0, r0 + (3 - (c0 + r0) % 3) % 3});
  if (!estate.empty() && draw(2) == 0) {
    row.text += "（" + estate + "除外）";
    row.takes.push_back([estate](const Door& d) { return d.estate == estate; });
  }
  const Block far{(c1 + 2) % columns, (r1 + 2) % rows};
  const std::string name = c.community_name(far);
  const int kind = draw(4);
  row.text += "；" + name;
  if (kind == 1) {
    const int line = far.row / 2 * 2 + 1;
    if (line < rows && line != c.options().railway_row) {
      row.text += "（只招" + c.row_name(line) + "以南）";
      row.gives.push_back([name, line](const Door& d) { return d.community == name && d.block.row < line; });
    } else {
      row.gives.push_back([name](const Door& d) { return d.community == name; });
    }
  } else if (kind == 2) {
    row.gives.push_back([name](const Door& d) { return d.community == name; });
    const std::string street = c.column_name(7 % columns);
    row.text += "（" + street + "41号、43号除外）";
    row.takes.push_back([street](const Door& d) { return d.street == street && (d.number == 41 || d.number == 43); });
  } else {
    row.gives.push_back([name](const Door& d) { return d.community == name; });
  }
  const std::string street = c.row_name(draw(4));
  const int from = 1 + 2 * draw(20);
  const int to = from + 2 + 2 * draw(30);
  const bool even = draw(2) == 0;
  row.text += "；" + street + std::to_string(from + even) + "-" + std::to_string(to + even) +
              (even ? "号（双号）" : "号（单号）");
  row.gives.push_back(
      [=](const Door& d) { return d.street == street && odd(d) != even && between(from + even, axis(d), to + even); });
  const std::string blocks_of = c.estate_name({columns - 1, (3 - (columns - 1) % 3) % 3});
  if (!blocks_of.empty()) {
    row.text += "；" + blocks_of + "3至6幢";
    row.gives.push_back([blocks_of](const Door& d) { return d.estate == blocks_of && between(3, d.building, 6); });
  }
  return row;
}

TEST(Zones, RowsThatMixTheFamiliesAnswerEveryAddressRight) {
  const GridCity bent(
      {.columns = 9, .rows = 8, .block_m = 180, .bend_m = 30, .river_column = 3, .railway_row = 4, .seed = 7});
  const GridCity plain(
      {.columns = 10, .rows = 6, .block_m = 260, .river_column = -1, .railway_row = -1, .lane_row = 1, .seed = 3});
  for (const GridCity* c : {&bent, &plain}) {
    for (unsigned seed = 1; seed <= 60; ++seed) {
      const MixedRow row = mixed_row(*c, seed);
      const std::string wrong =
          wrong_answers(*c, compile_text(*c, row.text), [&](const Door& d) { return row.truth(d); });
      EXPECT_TRUE(wrong.empty()) << seed << ": " << row.text << "\n" << wrong;
    }
  }
}

TEST(Zones, AnyMixtureOfWordsCompilesAndAnswers) {
  const std::vector<std::string> words{"松涛路",
                                       "朝霞街",
                                       "青石河",
                                       "铁路",
                                       "云中铁路",
                                       "西河区界",
                                       "西河区",
                                       "松岭东社区",
                                       "翠湖花园",
                                       "海棠路",
                                       "无名街",
                                       "全区",
                                       "以东",
                                       "以西",
                                       "以南",
                                       "以北",
                                       "东至",
                                       "西至",
                                       "南至",
                                       "北至",
                                       "东边：",
                                       "至",
                                       "沿线及",
                                       "两侧",
                                       "、",
                                       "，",
                                       "；",
                                       "。",
                                       "—",
                                       "（",
                                       "）",
                                       "及",
                                       "和",
                                       "连",
                                       "围合的区域",
                                       "（含路两侧）",
                                       "（不含朝霞街）",
                                       "（只招",
                                       "除外）",
                                       "的部分",
                                       "附近",
                                       "向东延伸线",
                                       "东段",
                                       "北段",
                                       "单号",
                                       "双号",
                                       "1-15",
                                       "号",
                                       "209弄",
                                       "3幢",
                                       "起",
                                       "止",
                                       "所围成的区域",
                                       "范围内的",
                                       "由",
                                       "原",
                                       "小学",
                                       "毕业生",
                                       "户籍",
                                       "往南至",
                                       "一线为界",
                                       "交汇处",
                                       "（星辰路至彩虹路区间段）"};
  Draw draw(11);
  std::size_t rules = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (int k = 2 + draw(14); k > 0; --k)
      text += words[static_cast<std::size_t>(draw(static_cast<int>(words.size())))];
    const zt::CompiledText compiled =
        compile_text(city(), text, draw(2) == 0 ? std::vector<geo::Point>{} : std::vector{city().centre({3, 3})});
    rules += compiled.rules.size();
    for (const zt::Finding& f : compiled.findings) ASSERT_LE(f.span.end, text.size()) << text;
    for (int k = 0; k < 5; ++k) {
      const Door& door = city().doors()[static_cast<std::size_t>(draw(static_cast<int>(city().doors().size())))];
      answer_of(city(), compiled, door);
    }
    derived_shape(compiled, city().ground());
  }
  EXPECT_GT(rules, 500u);
}

}  // namespace
}  // namespace catchment::tests
