// What one row's text says of an address: complements, sides of streets, numbers, households, what stays open.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/zone_text/compiling/polyline_math.hpp"
#include "zone_case.hpp"

namespace catchment::tests {
namespace {

using zt::Verdict;

// Every 19th door's point lies across its street.
const GridCity& stray_city() {
  static const GridCity city({.stray_every = 19});
  return city;
}

const GridCity& city() {
  static const GridCity city;
  return city;
}

struct Pair {
  const char* name;
  std::string one;
  std::string other;
  std::function<bool(const Door&)> shared;  // the addresses the two share out
};

std::string place(int column, int row) { return city().community_name({column, row}); }

TEST(Answer, ComplementClausesGiveEveryAddressToExactlyOneSchool) {
  const auto on = [](std::string street) { return [street](const Door& d) { return d.street == street; }; };
  const auto of = [](std::string name) { return [name](const Door& d) { return d.community == name; }; };
  const std::string estate = city().estate_name({0, 3});
  const std::vector<Pair> pairs{
      {"odd and even of a lane", "星辰路49弄（弄内单号）", "星辰路49弄（弄内双号）",
       [](const Door& d) { return d.street == "星辰路" && d.lane == 49; }},
      {"a door excepted and given", "晨光路（41号除外）", "晨光路41号", on("晨光路")},
      {"a community restricted and the rest", place(0, 2) + "（只招明月街5号）", place(0, 2) + "（明月街5号除外）",
       of(place(0, 2))},
      {"a community on either side of a street", place(2, 2) + "（只招明月街以北）", place(2, 2) + "（只招明月街以南）",
       of(place(2, 2))},
      {"a community by an exception of one side", place(2, 2) + "（明月街以南除外）",
       place(2, 2) + "（只招明月街以南）", of(place(2, 2))},
      {"odd and even of a street", "银杏路（门牌号为单号）", "银杏路（门牌号为双号）", on("银杏路")},
      {"blocks of an estate", estate + "1至4幢", estate + "5至8幢",
       [estate](const Door& d) { return d.estate == estate; }},
      {"ranges that follow each other", "秋实街1-63号", "秋实街64号起", on("秋实街")},
      {"north and south of a street", "彩虹路以北", "彩虹路以南", [](const Door&) { return true; }},
      {"north with, south without the street", "夏荷路以北（含路两侧）", "夏荷路以南（不含夏荷路）",
       [](const Door&) { return true; }},
      {"west and east of a street", "槐荫街以西", "槐荫街以东", [](const Door&) { return true; }},
      {"either side of a street within bounds", "松涛路以东、明月街以北、青石河以西、彩虹路以南",
       "松涛路以东、星辰路以北、青石河以西、明月街以南",
       [](const Door& d) { return d.street == "明月街" && d.number <= 80; }},
  };
  for (const GridCity* where : {&city(), &stray_city()}) {
    for (const Pair& pair : pairs) {
      const zt::CompiledText one = compile_text(*where, pair.one);
      const zt::CompiledText other = compile_text(*where, pair.other);
      std::size_t wrong = 0;
      std::size_t shared = 0;
      std::string first;
      for (const Door& d : where->doors()) {
        if (!pair.shared(d)) continue;
        // Which community an address is in that does not say goes by its point.
        if (d.stray && pair.one.find("社区") != std::string::npos) continue;
        // The city ends at its outermost streets: beyond them a point is in no zone.
        if (d.stray && !zt::covers(where->ground().outline(), d.position)) continue;
        ++shared;
        const Verdict a = answer_of(*where, one, d).verdict;
        const Verdict b = answer_of(*where, other, d).verdict;
        if ((a == Verdict::in) + (b == Verdict::in) == 1 && a != Verdict::undetermined && b != Verdict::undetermined)
          continue;
        if (wrong++ == 0) first = describe(d);
      }
      EXPECT_GT(shared, 0u) << pair.name;
      EXPECT_EQ(wrong, 0u) << pair.name << ", first " << first << "\n"
                           << zt::to_text(one.tree) << "\n"
                           << zt::to_text(other.tree);
    }
  }
}

TEST(Answer, FamiliesOfNumberedStreetsAreSharedOutToTheDoor) {
  std::vector<engine::Line> streets;
  std::vector<engine::Address> addresses;
  const std::vector<std::string> names{"桂香上路七横路", "桂香上路八横路", "桂香上路九横路",
                                       "署后一街",       "署后二街",       "署后三街"};
  for (std::size_t k = 0; k < names.size(); ++k) {
    const double y = 100.0 * static_cast<double>(k);
    streets.push_back(line_of(names[k], "", {{0, y}, {300, y}}));
    streets.back().id = "s" + std::to_string(k);
    for (int n = 1; n <= 30; ++n) {
      addresses.push_back({"d" + std::to_string(addresses.size()), names[k] + std::to_string(n) + "号", names[k],
                           std::to_string(n) + "号", "", "", at_metres(10.0 * n, y + (n % 2 != 0 ? 8 : -8)), 2});
    }
  }
  const geo::Gazetteer gazetteer = gazetteer_of(streets, {}, addresses);
  const zt::Ground ground = zt::Ground::build(gazetteer, streets, {}, {}, {});
  const auto compiled = [&](const std::string& words) {
    return zt::compile(zt::parse_zone_text(words, {&ground.lexicon()}), ground);
  };
  const zt::CompiledText most = compiled("桂香上路7-9横路（8横路21、23号除外）；署后一、三街");
  const zt::CompiledText rest = compiled("桂香上路八横路21、23号；署后二街");
  for (geo::EntryId id = 0; id < gazetteer.entry_count(); ++id) {
    const geo::Entry entry = gazetteer.entry(id);
    const std::string text(entry.text);
    const bool is_rest = text == "桂香上路八横路21号" || text == "桂香上路八横路23号" || text.starts_with("署后二街");
    const auto said = [&](const zt::CompiledText& t) {
      return zt::answer(t, gazetteer, entry.path, entry.position, entry.error_m).verdict;
    };
    EXPECT_EQ(said(most), is_rest ? Verdict::out : Verdict::in) << text << "\n" << zt::to_text(most.tree);
    EXPECT_EQ(said(rest), is_rest ? Verdict::in : Verdict::out) << text << "\n" << zt::to_text(rest.tree);
  }
}

TEST(Answer, ADoorOnABoundingStreetBelongsByItsNumberNotByItsPoint) {
  const std::vector<Block> blocks = GridCity::rectangle(1, 1, 3, 2);
  const zt::CompiledText text = compile_text(stray_city(), "槐荫街以东、朝霞街以北、青石河以西、明月街以南的区域");
  std::size_t strays = 0;
  for (const Door& d : stray_city().doors()) {
    const bool on_bound = d.street == "槐荫街" || d.street == "朝霞街" || d.street == "明月街";
    if (!on_bound) continue;
    strays += d.stray;
    EXPECT_EQ(answer_of(stray_city(), text, d).verdict == Verdict::in, is_in(blocks, d)) << describe(d);
    EXPECT_FALSE(answer_of(stray_city(), text, d).on_boundary) << describe(d);
  }
  EXPECT_GT(strays, 20u);
}

TEST(Answer, WhereTheDoorsDoNotSayWhichSideIsOddThePointDecidesAndSaysSo) {
  const std::vector<engine::Line> streets{
      line_of("西一路", "", {{0, -100}, {0, 600}}), line_of("东一路", "", {{500, -100}, {500, 600}}),
      line_of("南一路", "", {{-100, 0}, {600, 0}}), line_of("北一路", "", {{-100, 500}, {600, 500}})};
  std::vector<engine::Address> addresses;
  for (int n = 1; n <= 6; ++n) {  // odd and even on both sides
    const double north = n <= 3 ? 10 : -10;
    addresses.push_back({"d" + std::to_string(n), "南一路" + std::to_string(n) + "号", "南一路",
                         std::to_string(n) + "号", "", "", at_metres(50.0 * n, north), n == 3 ? 15.0 : 2.0});
  }
  const geo::Gazetteer names = gazetteer_of(streets, {}, addresses);
  const zt::Ground ground = zt::Ground::build(names, streets, {}, {}, {});
  const zt::CompiledText text =
      zt::compile(zt::parse_zone_text("西一路以东、东一路以西、南一路以北、北一路以南", {&ground.lexicon()}), ground);
  for (int n = 1; n <= 6; ++n) {
    const geo::Entry entry = names.entry(names.find_id("d" + std::to_string(n)).value());
    const zt::TextAnswer said = zt::answer(text, names, entry.path, entry.position, entry.error_m);
    EXPECT_EQ(said.verdict, n <= 3 ? Verdict::in : Verdict::out) << n;
    EXPECT_EQ(said.on_boundary, n == 3) << n;
  }
}

TEST(Answer, WithoutAPlaceAreasAreUndeterminedAndNumbersAreNot) {
  const zt::CompiledText text =
      compile_text(city(), "槐荫街以东、朝霞街以北、青石河以西、明月街以南的区域；松涛路1-15（单号）");
  const geo::Gazetteer& names = city().gazetteer();
  for (const Door& d : city().doors()) {
    const geo::Entry entry = names.entry(names.find_id(d.id).value());
    const bool listed = d.street == "松涛路" && d.number <= 15 && d.number % 2 != 0;
    EXPECT_EQ(zt::answer(text, names, entry.path, std::nullopt, 0).verdict,
              listed ? Verdict::in : Verdict::undetermined)
        << describe(d);
  }
}

TEST(Answer, AnAddressWithoutTheNumberThatIsAskedAboutIsUndetermined) {
  const zt::CompiledText text = compile_text(city(), city().estate_name({0, 0}) + "1至4幢；松涛路单号");
  const geo::Gazetteer& names = city().gazetteer();
  geo::EntryPath estate;
  estate.estate = names.find_names(city().estate_name({0, 0})).front().name;
  EXPECT_EQ(zt::answer(text, names, estate, std::nullopt, 0).verdict, Verdict::undetermined);
  estate.building.number = 5;
  EXPECT_EQ(zt::answer(text, names, estate, std::nullopt, 0).verdict, Verdict::out);
  geo::EntryPath street;
  street.street = names.find_names("松涛路").front().name;
  EXPECT_EQ(zt::answer(text, names, street, std::nullopt, 0).verdict, Verdict::undetermined);
}

const Door& first_door(std::function<bool(const Door&)> wanted) {
  return *std::find_if(city().doors().begin(), city().doors().end(), wanted);
}

zt::TextAnswer say(const std::string& words, const Door& d, const zt::HouseholdTest& test = {}) {
  const geo::Entry entry = city().gazetteer().entry(city().gazetteer().find_id(d.id).value());
  return zt::answer(compile_text(city(), words), city().gazetteer(), entry.path, entry.position, entry.error_m, test);
}

TEST(Answer, DenialIsStrongerThanEverythingElse) {
  const Door& d = first_door([](const Door& x) { return x.street == "银杏路" && x.number == 21; });
  const zt::TextAnswer said = say(d.community + "（银杏路21号除外）、银杏路以东、晨光路以北", d);
  EXPECT_EQ(said.verdict, Verdict::out);
  EXPECT_EQ(said.level, zt::RuleLevel::denial);
}

TEST(Answer, TheStrongestLevelThatSpeaksIsNamed) {
  const Door& d = first_door([](const Door& x) { return x.street == "银杏路" && x.number == 21; });
  EXPECT_EQ(say(d.community + "；银杏路21号", d).level, zt::RuleLevel::number);
  EXPECT_EQ(say(d.community + "；银杏路", d).level, zt::RuleLevel::estate);
  EXPECT_EQ(say(d.community + "；银杏路以西、槐荫街以东、晨光路以北、彩虹路以南", d).level, zt::RuleLevel::community);
  EXPECT_EQ(say(d.community + "（只招银杏路以西）", d).level, zt::RuleLevel::restricted_community);
}

TEST(Answer, AConditionOfTheHouseholdIsCollectedAndTested) {
  const Door& d = city().doors().front();
  const std::string words = d.community + "（集体户口除外）";
  const zt::TextAnswer open = say(words, d);
  EXPECT_EQ(open.verdict, Verdict::in);
  ASSERT_EQ(open.depends_on.size(), 1u);
  EXPECT_EQ(open.depends_on[0].kind, zt::HouseholdKind::collective_hukou);
  EXPECT_TRUE(open.depends_on[0].excluded);
  EXPECT_EQ(say(words, d, [](const zt::Household&) { return false; }).verdict, Verdict::out);
  const zt::TextAnswer sure = say(words, d, [](const zt::Household&) { return true; });
  EXPECT_EQ(sure.verdict, Verdict::in);
  EXPECT_TRUE(sure.depends_on.empty());
}

TEST(Answer, ARuleForEveryChildStandsWhereAStrongerOneHoldsForSome) {
  const Door& d = first_door([](const Door& x) { return x.street == "银杏路" && x.number == 21; });
  const zt::TextAnswer said = say("银杏路21号（集体户口除外）；" + d.community, d);
  EXPECT_EQ(said.verdict, Verdict::in);
  EXPECT_TRUE(said.depends_on.empty());
  EXPECT_EQ(said.level, zt::RuleLevel::community);
}

TEST(Answer, AroundAVagueThingNobodyCanTell) {
  const std::string estate = city().estate_name({0, 0});
  const zt::CompiledText text = compile_text(city(), estate + "附近");
  for (const Door& d : city().doors()) {
    const Verdict said = answer_of(city(), text, d).verdict;
    if (d.estate == estate || d.block == Block{0, 0}) {
      EXPECT_EQ(said, Verdict::undetermined) << describe(d);
    } else if (d.block.column > 4) {
      EXPECT_EQ(said, Verdict::out) << describe(d);
    }
  }
}

// --- numbers --------------------------------------------------------------------------------------------------------

geo::DoorNumber number(int n, int sub = 0) {
  geo::DoorNumber out;
  out.number = n;
  out.sub = sub;
  out.sub_form = sub == 0 ? geo::SubForm::none : geo::SubForm::after;
  return out;
}
geo::EntryPath door(int n, int sub = 0) {
  geo::EntryPath path;
  path.street = 1;
  path.door = number(n, sub);
  return path;
}
geo::EntryPath lane(int n, int inner, int sublane = 0) {
  geo::EntryPath path = door(inner);
  path.lane = number(n);
  if (sublane != 0) path.sublane = number(sublane);
  return path;
}
zt::NumberRange range(int from, int to, zt::Parity parity = zt::Parity::all) {
  zt::NumberRange out;
  if (from != 0) out.from = number(from);
  if (to != 0) out.to = number(to);
  out.parity = parity;
  return out;
}

TEST(NumberHolds, ARangeIncludesTheSubNumbersOfItsNumbers) {
  EXPECT_TRUE(zt::holds(range(1, 15), door(15, 2)));
  EXPECT_TRUE(zt::holds(range(15, 15), door(15, 2)));
  EXPECT_FALSE(zt::holds(range(1, 14), door(15, 2)));
}

TEST(NumberHolds, ABoundWithASubNumberBeginsOrEndsThere) {
  zt::NumberRange r = range(38, 38);
  r.from = number(38, 1);
  r.to = number(38, 5);
  EXPECT_FALSE(zt::holds(r, door(38)));
  EXPECT_TRUE(zt::holds(r, door(38, 1)));
  EXPECT_TRUE(zt::holds(r, door(38, 5)));
  EXPECT_FALSE(zt::holds(r, door(38, 6)));
}

TEST(NumberHolds, ParityAndOpenEnds) {
  EXPECT_TRUE(zt::holds(range(145, 0, zt::Parity::odd), door(147)));
  EXPECT_FALSE(zt::holds(range(145, 0, zt::Parity::odd), door(148)));
  EXPECT_FALSE(zt::holds(range(145, 0, zt::Parity::odd), door(143)));
  EXPECT_TRUE(zt::holds(range(0, 142, zt::Parity::even), door(2)));
  EXPECT_TRUE(zt::holds(range(0, 0, zt::Parity::even), door(2)));
}

TEST(NumberHolds, LanesAndDoorsAreOnOneAxis) {
  zt::NumberRange r = range(1, 207, zt::Parity::odd);
  r.to_unit = zt::NumberUnit::lane;
  EXPECT_TRUE(zt::holds(r, door(205)));
  EXPECT_TRUE(zt::holds(r, lane(207, 12)));
  EXPECT_FALSE(zt::holds(r, lane(209, 1)));
  EXPECT_FALSE(zt::holds(r, lane(206, 1)));
  EXPECT_TRUE(zt::holds(range(199, 207), lane(201, 4)));
  EXPECT_FALSE(zt::holds(range(201, 201), lane(201, 4)));  // 201号 is a door
}

TEST(NumberHolds, NumbersWithinALane) {
  zt::NumberRange r = range(209, 209);
  r.unit = r.to_unit = zt::NumberUnit::lane;
  EXPECT_TRUE(zt::holds(r, lane(209, 4)));
  EXPECT_FALSE(zt::holds(r, door(209)));
  zt::NumberRange inner = range(1, 23, zt::Parity::odd);
  inner.to_unit = zt::NumberUnit::sublane;
  r.inside = {inner};
  EXPECT_TRUE(zt::holds(r, lane(209, 21)));
  EXPECT_FALSE(zt::holds(r, lane(209, 20)));
  EXPECT_TRUE(zt::holds(r, lane(209, 4, 23)));
  EXPECT_FALSE(zt::holds(r, lane(209, 5, 24)));
  EXPECT_FALSE(zt::holds(r, lane(211, 21)));
}

TEST(NumberHolds, WithoutTheNumberNothingIsKnown) {
  geo::EntryPath street;
  street.street = 1;
  EXPECT_EQ(zt::find_holds(range(1, 5), street), zt::Holds::unknown);
  zt::NumberRange building = range(1, 6);
  building.unit = building.to_unit = zt::NumberUnit::building;
  EXPECT_EQ(zt::find_holds(building, door(3)), zt::Holds::unknown);
  zt::NumberRange group = range(8, 8);
  group.unit = group.to_unit = zt::NumberUnit::group;
  geo::EntryPath village;
  village.group = 8;
  EXPECT_EQ(zt::find_holds(group, village), zt::Holds::yes);
  village.group = 13;
  EXPECT_EQ(zt::find_holds(group, village), zt::Holds::no);
}

TEST(NumberHolds, ASubAreaIsNoPhase) {
  zt::NumberRange sector = range(1, 1);
  sector.unit = sector.to_unit = zt::NumberUnit::sector;
  zt::NumberRange phase = range(1, 1);
  phase.unit = phase.to_unit = zt::NumberUnit::phase;
  geo::EntryPath in_a;
  in_a.sector = {.number = 1, .sub_form = geo::SubForm::letter};
  geo::EntryPath in_first;
  in_first.phase = 1;
  EXPECT_EQ(zt::find_holds(sector, in_a), zt::Holds::yes);
  EXPECT_EQ(zt::find_holds(phase, in_a), zt::Holds::unknown);
  EXPECT_EQ(zt::find_holds(phase, in_first), zt::Holds::yes);
  EXPECT_EQ(zt::find_holds(sector, in_first), zt::Holds::unknown);
  in_a.sector.number = 2;
  in_a.phase = 1;
  EXPECT_EQ(zt::find_holds(sector, in_a), zt::Holds::no);
  EXPECT_EQ(zt::find_holds(phase, in_a), zt::Holds::yes);
}

TEST(NumberHolds, AnotherSeriesIsAnotherNumber) {
  geo::EntryPath former = door(20);
  former.door.series = geo::DoorSeries::former;
  EXPECT_FALSE(zt::holds(range(1, 30), former));
}

}  // namespace
}  // namespace catchment::tests
