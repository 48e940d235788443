// Regions of lines drawn by hand: sections, extensions, gaps, bends, lines that meet twice or not at all.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "zone_case.hpp"

namespace catchment::tests {
namespace {

using zt::FindingKind;
using Metres = std::vector<std::pair<double, double>>;

// A few lines by metres, and what a text makes of them.
class World {
 public:
  World& street(const std::string& name, const Metres& m) {
    streets_.push_back(line_of(name, "secondary", m));
    streets_.back().id = "s" + std::to_string(streets_.size());
    return *this;
  }
  World& barrier(const std::string& name, const std::string& kind, const Metres& m) {
    barriers_.push_back(line_of(name, kind, m));
    return *this;
  }
  World& place(const std::string& name, const std::string& kind, const Metres& m) {
    const auto same = std::ranges::count(places_, name, &engine::Place::name);
    places_.push_back({name + std::string(static_cast<std::size_t>(same), '+'), kind, name, "", {}, polygon(m)});
    return *this;
  }
  World& seed(double east, double north) {
    seeds_.push_back(at_metres(east, north));
    return *this;
  }
  static geo::MultiPolygon polygon(const Metres& m) { return geo::normalised({{line_of("", "", m).shape, {}}}); }
  zt::CompiledText compile(const std::string& text) const {
    const geo::Gazetteer names = gazetteer_of(streets_, places_, {});
    const zt::Ground ground = zt::Ground::build(names, streets_, barriers_, places_, {});
    zt::CompileOptions options;
    options.seeds = seeds_;
    return zt::compile(zt::parse_zone_text(text, {&ground.lexicon()}), ground, options);
  }

 private:
  std::vector<engine::Line> streets_, barriers_;
  std::vector<engine::Place> places_;
  std::vector<geo::Point> seeds_;
};

std::string words(const zt::CompiledText& text) {
  std::string out = zt::to_text(text.tree);
  for (const zt::Finding& f : text.findings) out += "\n" + std::string(to_word(f.kind)) + ": " + f.message;
  return out;
}

testing::AssertionResult has_region(const zt::CompiledText& text, const Metres& truth) {
  if (text.regions.empty()) return testing::AssertionFailure() << "no region\n" << words(text);
  if (text.rules.front().effect != zt::RuleEffect::allow)
    return testing::AssertionFailure() << "undetermined\n" << words(text);
  const double same = iou(text.regions.front().shape, World::polygon(truth));
  if (same > 0.99999) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "IoU " << same << "\n" << words(text);
}

bool is_undetermined(const zt::CompiledText& text) {
  return !text.rules.empty() && text.rules.front().effect == zt::RuleEffect::undetermined;
}

const zt::Finding& get(const zt::CompiledText& text, FindingKind kind) {
  return *std::find_if(text.findings.begin(), text.findings.end(),
                       [&](const zt::Finding& f) { return f.kind == kind; });
}

// 西一路 (x 0) and 东一路 (x 1000), 南一路 (y 0) and 北一路 (y 1000), crossing.
World frame() {
  World w;
  w.street("西一路", {{0, -300}, {0, 1300}}).street("东一路", {{1000, -300}, {1000, 1300}});
  w.street("南一路", {{-300, 0}, {1300, 0}}).street("北一路", {{-300, 1000}, {1300, 1000}});
  return w;
}
const Metres kSquare{{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}};
const std::string kSquareWords = "西一路以东、东一路以西、南一路以北、北一路以南";

TEST(CompileRegion, FourCrossingStreetsEncloseTheirSquare) {
  EXPECT_TRUE(has_region(frame().compile(kSquareWords), kSquare));
  EXPECT_TRUE(frame().compile(kSquareWords).findings.empty());
}

TEST(CompileRegion, TheWorkedExampleOfExtensionFrontageAndTwoStreetsInOneBoundary) {
  World w;
  w.street("西一路", {{0, -1300}, {0, 300}}).street("东一路", {{1000, -1300}, {1000, 300}});
  w.street("南一路", {{-300, -1000}, {1300, -1000}});
  w.street("前街", {{-200, 10}, {0, 0}, {400, 20}}).street("自立路", {{400, 20}, {700, 40}});
  const zt::CompiledText text =
      w.compile("西一路以东、东一路以西、南一路以北、自立路及其向东延伸线以南和前街以南（不含前街）");
  EXPECT_TRUE(has_region(text, {{0, -1000}, {1000, -1000}, {1000, 60}, {700, 40}, {400, 20}, {0, 0}}));
  EXPECT_EQ(count(text, FindingKind::extended), 1u) << words(text);
  EXPECT_NEAR(get(text, FindingKind::extended).length_m, 300.7, 0.5);
  ASSERT_EQ(text.rules.size(), 2u) << words(text);
  EXPECT_EQ(text.rules[1].effect, zt::RuleEffect::deny);
  EXPECT_EQ(text.rules[1].level, zt::RuleLevel::denial);
}

TEST(CompileRegion, PartsOfASideAreJoinedWhereTheyMeet) {
  World w;
  w.street("西一路", {{0, -300}, {0, 1300}}).street("东一路", {{1000, -300}, {1000, 1300}});
  w.street("北一路", {{-300, 1000}, {1300, 1000}});
  // Both go on beyond their crossing.
  w.street("前街", {{-200, 0}, {500, 100}, {900, 400}}).street("自立路", {{300, 200}, {500, 100}, {1200, 0}});
  const zt::CompiledText text =
      w.compile("东边：东一路以西；西边：西一路以东；南边：西段，前街以北；东段，自立路以北；北边：北一路以南");
  EXPECT_TRUE(has_region(text, {{0, 28.57}, {500, 100}, {1000, 28.57}, {1000, 1000}, {0, 1000}}));
}

TEST(CompileRegion, TheMiddlePartOfASideStandsBetweenTheOthersWhateverTheOrder) {
  World w;
  w.street("西一路", {{0, -300}, {0, 1300}}).street("东一路", {{1000, -300}, {1000, 1300}});
  w.street("北一路", {{-300, 1000}, {1300, 1000}});
  w.street("前街", {{-200, 0}, {400, 0}})
      .street("中街", {{400, 0}, {600, 100}})
      .street("后街", {{600, 100}, {1200, 100}});
  const std::string west = "西段，前街以北", middle = "中段，中街以北", east = "东段，后街以北";
  for (const std::string& south :
       {west + "；" + middle + "；" + east, west + "；" + east + "；" + middle, middle + "；" + east + "；" + west}) {
    const zt::CompiledText text =
        w.compile("东边：东一路以西；西边：西一路以东；南边：" + south + "；北边：北一路以南");
    EXPECT_TRUE(has_region(text, {{0, 0}, {400, 0}, {600, 100}, {1000, 100}, {1000, 1000}, {0, 1000}})) << south << "\n"
                                                                                                        << words(text);
  }
}

TEST(CompileRegion, TheMiddleOfALineIsTheStretchOfALoopAroundItsMiddle) {
  World w;
  // 弯路 is met by 长街 four times: the loops between neighbouring meetings differ only in where along 弯路 they lie.
  w.street("长街", {{-100, 0}, {3100, 0}});
  w.street("弯路", {{0, 0}, {0, 400}, {1000, 400}, {1000, -400}, {2000, -400}, {2000, 400}, {3000, 400}, {3000, 0}});
  const zt::CompiledText text = w.compile("由长街、弯路中段围合的区域");
  EXPECT_TRUE(has_region(text, {{1000, 0}, {1000, -400}, {2000, -400}, {2000, 0}})) << words(text);
}

TEST(CompileRegion, ALineThatBearsTheSectionWordInItsNameIsMeant) {
  World w = frame();
  w.street("和风路", {{-300, 300}, {500, 300}}).street("和风路东段", {{-300, 600}, {1300, 600}});
  EXPECT_TRUE(has_region(w.compile("西一路以东、东一路以西、和风路东段以北、北一路以南"),
                         {{0, 600}, {1000, 600}, {1000, 1000}, {0, 1000}}));
}

TEST(CompileRegion, SectionWordsChooseTheArmOfACrossing) {
  World w;
  w.street("西一路", {{0, -300}, {0, 1300}});
  w.street("南一路", {{-300, 0}, {1300, 0}}).street("北一路", {{-300, 1000}, {1300, 1000}});
  w.street("大同路", {{800, -300}, {800, 500}, {1000, 1300}}).street("小康路", {{1100, -300}, {800, 500}, {800, 1300}});
  EXPECT_TRUE(has_region(
      w.compile("东边：大同路南段以西及小康路北段以西；西边：西一路以东；南边：南一路以北；北边：北一路以南"),
      {{0, 0}, {800, 0}, {800, 1000}, {0, 1000}}));
}

TEST(CompileRegion, AGapUpToSixtyMetresIsBridgedAndReported) {
  World w = frame();
  w.street("短街", {{-300, 500}, {955, 480}});
  const zt::CompiledText text = w.compile("西一路以东、东一路以西、短街以北、北一路以南");
  EXPECT_TRUE(has_region(text, {{0, 495.22}, {955, 480}, {1000, 479.28}, {1000, 1000}, {0, 1000}}));
  ASSERT_EQ(count(text, FindingKind::bridged), 1u) << words(text);
  EXPECT_NEAR(get(text, FindingKind::bridged).length_m, 45, 0.5);
}

TEST(CompileRegion, AGapWithinAStreetIsBridged) {
  World w = frame();
  w.street("断街", {{-300, 500}, {400, 500}}).street("断街", {{440, 510}, {1300, 500}});
  const zt::CompiledText text = w.compile("西一路以东、东一路以西、断街以北、北一路以南");
  EXPECT_TRUE(has_region(text, {{0, 500}, {400, 500}, {440, 510}, {1000, 503.49}, {1000, 1000}, {0, 1000}}));
  EXPECT_NEAR(get(text, FindingKind::bridged).length_m, 41.2, 0.5);
}

TEST(CompileRegion, AStreetThatEndsShortLeavesTheRegionOpenWithItsLength) {
  World w = frame();
  w.street("短街", {{-300, 500}, {600, 500}});
  const zt::CompiledText text = w.compile("西一路以东、东一路以西、短街以北、北一路以南");
  EXPECT_TRUE(is_undetermined(text)) << words(text);
  ASSERT_EQ(count(text, FindingKind::not_closed), 1u) << words(text);
  EXPECT_NEAR(get(text, FindingKind::not_closed).length_m, 400, 1);
  EXPECT_EQ(get(text, FindingKind::not_closed).quote, "短街以北");
}

TEST(CompileRegion, AnExtensionInWordsClosesIt) {
  World w = frame();
  w.street("短街", {{-300, 500}, {600, 500}});
  const zt::CompiledText text = w.compile("西一路以东、东一路以西、短街及其向东延伸线以北、北一路以南");
  EXPECT_TRUE(has_region(text, {{0, 500}, {1000, 500}, {1000, 1000}, {0, 1000}}));
  EXPECT_NEAR(get(text, FindingKind::extended).length_m, 400, 1);
}

TEST(CompileRegion, AStreetMayEndAtABoundingStreet) {
  World w = frame();
  w.street("丁街", {{0, 500}, {500, 520}, {1000, 500}});
  EXPECT_TRUE(has_region(w.compile("西一路以东、东一路以西、丁街以北、北一路以南"),
                         {{0, 500}, {500, 520}, {1000, 500}, {1000, 1000}, {0, 1000}}));
}

TEST(CompileRegion, ARiverThatCrossesAStreetSeveralTimesBoundsItsOwnSide) {
  World w;
  w.street("西一路", {{0, -300}, {0, 1300}}).street("东一路", {{1000, -300}, {1000, 1300}});
  w.street("北一路", {{-300, 1000}, {1300, 1000}});
  w.street("大路", {{-300, 300}, {1300, 300}});
  w.barrier("弯河", "river", {{-300, 100}, {200, 100}, {300, 500}, {500, 500}, {600, 100}, {1300, 100}});
  EXPECT_TRUE(
      has_region(w.compile("西一路以东、东一路以西、弯河以北、北一路以南"),
                 {{0, 100}, {200, 100}, {300, 500}, {500, 500}, {600, 100}, {1000, 100}, {1000, 1000}, {0, 1000}}));
  EXPECT_TRUE(
      has_region(w.compile("西一路以东、东一路以西、弯河以北、大路以北、北一路以南"),
                 {{0, 300}, {250, 300}, {300, 500}, {500, 500}, {550, 300}, {1000, 300}, {1000, 1000}, {0, 1000}}));
}

TEST(CompileRegion, AStreetThatBendsBackBoundsTwoSides) {
  World w;
  w.street("弓街", {{1200, 0}, {100, 0}, {0, 500}, {100, 1000}, {1200, 1000}})
      .street("东一路", {{1000, -300}, {1000, 1300}});
  EXPECT_TRUE(
      has_region(w.compile("弓街—东一路所围成的区域"), {{1000, 0}, {1000, 1000}, {100, 1000}, {0, 500}, {100, 0}}));
  EXPECT_TRUE(
      has_region(w.compile("弓街以东、东一路以西"), {{1000, 0}, {1000, 1000}, {100, 1000}, {0, 500}, {100, 0}}));
}

TEST(CompileRegion, ASlantedFrameTakesTheSideThatEncloses) {
  // Turned by 40 degrees: "north" of the southern line is nearer to its north-west.
  World w;
  const auto turn = [](double x, double y) { return std::pair{0.766 * x - 0.643 * y, 0.643 * x + 0.766 * y}; };
  const auto line = [&](double x0, double y0, double x1, double y1) { return Metres{turn(x0, y0), turn(x1, y1)}; };
  w.street("西一路", line(0, -300, 0, 1300)).street("东一路", line(1000, -300, 1000, 1300));
  w.street("南一路", line(-300, 0, 1300, 0)).street("北一路", line(-300, 1000, 1300, 1000));
  EXPECT_TRUE(has_region(w.compile(kSquareWords), {turn(0, 0), turn(1000, 0), turn(1000, 1000), turn(0, 1000)}));
}

TEST(CompileRegion, ALabelThatContradictsItsDirectionIsReportedAndReadAsTheSideItLabels) {
  const zt::CompiledText text =
      frame().compile("东边：东一路以东；西边：西一路以东；南边：南一路以北；北边：北一路以南");
  EXPECT_TRUE(has_region(text, kSquare));
  ASSERT_EQ(count(text, FindingKind::label_contradicts), 1u);
  EXPECT_EQ(get(text, FindingKind::label_contradicts).proposal, "东一路以西");
}

TEST(CompileRegion, TwoStreetsOfOneNameAreToldApartByTheOtherLines) {
  World w = frame();
  w.street("中街", {{-300, 500}, {1300, 500}}).street("中街", {{9000, 500}, {9900, 500}});
  EXPECT_TRUE(has_region(w.compile("西一路以东、东一路以西、中街以北、北一路以南"),
                         {{0, 500}, {1000, 500}, {1000, 1000}, {0, 1000}}));
}

TEST(CompileRegion, TwoStreetsOfOneNameWithoutAnythingElseAreAmbiguous) {
  World w;
  w.street("中街", {{-300, 500}, {1300, 500}}).street("中街", {{9000, 500}, {9900, 500}});
  w.place("云中区", "district", {{-500, 0}, {10000, 0}, {10000, 1000}, {-500, 1000}});
  const zt::CompiledText text = w.compile("中街以北");
  EXPECT_EQ(count(text, FindingKind::ambiguous_name), 1u) << words(text);
  for (const zt::AddressRule& rule : text.rules) EXPECT_NE(rule.effect, zt::RuleEffect::allow);
}

TEST(CompileRegion, ExceptionOfOneOfTwoEstatesOfANameIsInDoubtWithinWhatItIsExceptedFrom) {
  World w;
  w.place("松岭社区", "community", {{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}});
  w.place("翠湖花园", "estate", {{100, 100}, {200, 100}, {200, 200}, {100, 200}});
  w.place("翠湖花园", "estate", {{800, 800}, {900, 800}, {900, 900}, {800, 900}});
  const zt::CompiledText text = w.compile("松岭社区（翠湖花园除外）");
  ASSERT_EQ(count(text, FindingKind::ambiguous_name), 1u) << words(text);
  const auto doubts = std::ranges::count_if(text.rules, [](const zt::AddressRule& rule) {
    return rule.level == zt::RuleLevel::denial && rule.effect == zt::RuleEffect::undetermined && rule.path.size() == 1;
  });
  EXPECT_EQ(doubts, 2) << words(text);
}

TEST(CompileRegion, ExceptionOfAnUnknownNamePutsWhatItIsExceptedFromInDoubt) {
  World w;
  w.place("松岭社区", "community", {{0, 0}, {1000, 0}, {1000, 1000}, {0, 1000}});
  const zt::CompiledText text = w.compile("松岭社区（无名花园除外）");
  ASSERT_EQ(count(text, FindingKind::unknown_name), 1u) << words(text);
  const auto doubts = std::ranges::count_if(text.rules, [](const zt::AddressRule& rule) {
    return rule.level == zt::RuleLevel::denial && rule.effect == zt::RuleEffect::undetermined &&
           rule.name != geo::kNoName;
  });
  EXPECT_EQ(doubts, 1) << words(text);
}

TEST(CompileRegion, ARailwayWithoutANameIsTheOneThatFits) {
  World w;
  w.street("西一路", {{0, -300}, {0, 1300}}).street("东一路", {{1000, -300}, {1000, 1300}});
  w.street("北一路", {{-300, 1000}, {1300, 1000}});
  w.barrier("陇东铁路", "rail", {{-300, 200}, {1300, 200}}).barrier("环城铁路", "rail", {{-300, -4000}, {1300, -4000}});
  w.seed(500, 600);
  EXPECT_TRUE(has_region(w.compile("西一路以东、东一路以西、铁路以北、北一路以南"),
                         {{0, 200}, {1000, 200}, {1000, 1000}, {0, 1000}}));
}

TEST(CompileRegion, ADistrictBorderIsALine) {
  World w = frame();
  w.place("云中区", "district", {{-2000, -2000}, {3000, -2000}, {3000, 600}, {-2000, 600}});
  w.place("云北区", "district", {{-2000, 600}, {3000, 600}, {3000, 3000}, {-2000, 3000}});
  EXPECT_TRUE(has_region(w.compile("西一路以东、东一路以西、南一路以北、云中区界以南"),
                         {{0, 0}, {1000, 0}, {1000, 600}, {0, 600}}));
  EXPECT_TRUE(has_region(w.compile("东至东一路，西至西一路，南至南一路，北至云中区界"),
                         {{0, 0}, {1000, 0}, {1000, 600}, {0, 600}}));
}

TEST(CompileRegion, AnOpenSideClosesOnTheOutlineAndIsReported) {
  World w = frame();
  w.place("云中区", "district", {{-300, -300}, {1300, -300}, {1300, 1300}, {-300, 1300}});
  const zt::CompiledText text = w.compile("西一路以东、东一路以西、南一路以北");
  EXPECT_TRUE(has_region(text, {{0, 0}, {1000, 0}, {1000, 1300}, {0, 1300}}));
  EXPECT_EQ(count(text, FindingKind::closed_on_outline), 1u);
}

TEST(CompileRegion, ARoundaboutInAStreetIsPassedOnOneSide) {
  World w = frame();
  w.street("环街", {{-300, 500}, {450, 500}}).street("环街", {{550, 500}, {1300, 500}});
  w.street("环街", {{450, 500}, {500, 550}, {550, 500}}).street("环街", {{450, 500}, {500, 450}, {550, 500}});
  const zt::CompiledText text = w.compile("西一路以东、东一路以西、环街以北、北一路以南");
  ASSERT_FALSE(text.regions.empty());
  const double over =
      iou(text.regions[0].shape,
          World::polygon({{0, 500}, {450, 500}, {500, 550}, {550, 500}, {1000, 500}, {1000, 1000}, {0, 1000}}));
  const double under =
      iou(text.regions[0].shape,
          World::polygon({{0, 500}, {450, 500}, {500, 450}, {550, 500}, {1000, 500}, {1000, 1000}, {0, 1000}}));
  EXPECT_GT(std::max(over, under), 0.99999) << words(text);
}

TEST(CompileRegion, ABranchOfAStreetIsNotTheStreet) {
  World w = frame();
  w.street("枝街", {{-300, 500}, {500, 500}})
      .street("枝街", {{500, 500}, {1300, 500}})
      .street("枝街", {{500, 500}, {500, 650}});
  EXPECT_TRUE(has_region(w.compile("西一路以东、东一路以西、枝街以北、北一路以南"),
                         {{0, 500}, {1000, 500}, {1000, 1000}, {0, 1000}}));
}

TEST(CompileRegion, ABoundaryToldAsAWalkFollowsTheStreets) {
  World w;
  w.place("云中区", "district", {{-300, -300}, {1300, -300}, {1300, 1300}, {-300, 1300}});
  w.street("桃园街", {{600, 1300}, {600, 0}}).street("北环路", {{-300, 1290}, {1300, 1290}});
  w.street("中兴街", {{1300, 500}, {-300, 500}})
      .street("槐南路", {{200, 1300}, {200, -300}})
      .street("南环路", {{-300, -290}, {1300, -290}});
  const zt::CompiledText text =
      w.compile("以“桃园街与北环路交汇处往南至中兴街，再往西至槐南路，再往南至南环路”一线为界，招收该线以西");
  EXPECT_TRUE(has_region(text, {{-300, -300}, {200, -300}, {200, 500}, {600, 500}, {600, 1300}, {-300, 1300}}));
}

TEST(CompileRegion, AnUnknownLineLeavesTheOtherHalfPlanesUndetermined) {
  const zt::CompiledText text = frame().compile("西一路以东、东一路以西、无名路以北、北一路以南");
  EXPECT_EQ(count(text, FindingKind::unknown_name), 1u) << words(text);
  EXPECT_TRUE(is_undetermined(text));
}

TEST(CompileRegion, ARingThatDoesNotMeetSaysWhereAndHowFar) {
  World w;
  w.street("甲路", {{0, 0}, {1000, 0}})
      .street("乙路", {{1000, 0}, {1000, 1000}})
      .street("丙路", {{0, 1000}, {700, 1000}});
  w.street("丁路", {{0, 0}, {0, 1000}});
  const zt::CompiledText text = w.compile("甲路—乙路—丙路—丁路所围成的区域");
  EXPECT_TRUE(is_undetermined(text));
  ASSERT_EQ(count(text, FindingKind::not_closed), 1u) << words(text);
  EXPECT_NEAR(get(text, FindingKind::not_closed).length_m, 300, 1);
}

TEST(CompileRegion, TheSeedDecidesBetweenTwoLoops) {
  // 绕街 meets 甲路 twice: the loop closes by the near or by the far meeting.
  World w;
  w.street("甲路", {{-100, 0}, {2200, 0}})
      .street("乙路", {{0, -100}, {0, 700}})
      .street("丙路", {{-100, 600}, {2200, 600}});
  w.street("绕街", {{1000, 700}, {1000, -200}, {2000, -200}, {2000, 500}});
  w.seed(500, 300);
  EXPECT_TRUE(has_region(w.compile("甲路—乙路—丙路—绕街所围成的区域"), {{0, 0}, {1000, 0}, {1000, 600}, {0, 600}}));
}

}  // namespace
}  // namespace catchment::tests
