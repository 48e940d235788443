#include "engine/planning/live_plan.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "engine/demand/entry_draws.hpp"
#include "engine/planning/city/plan_change.hpp"
#include "engine/planning/city/plan_demand.hpp"
#include "geo/input_error.hpp"
#include "tests/support/live_world.hpp"

namespace catchment::testing {
namespace {

using namespace engine::planning;

LiveOptions quick() {
  LiveOptions options;
  options.draws = 100;
  options.sibling_share = 0.3;
  options.near_schools = 5;
  return options;
}

IndicatorValue value_of(const LivePlan& live, std::string_view id, StageIndex stage = 0, YearIndex year = 0) {
  for (const IndicatorRow& row : live.rows()) {
    if (row.indicator->id == id && row.stage == stage && row.year == year) return row.value;
  }
  ADD_FAILURE() << id;
  return {};
}

// Nothing where the two agree to the last bit; else the first difference.
std::string difference(LivePlan& a, LivePlan& b) {
  const std::vector<IndicatorRow> left = a.rows(), right = b.rows();
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i].value == right[i].value) continue;
    return std::string(left[i].indicator->id) + " of stage " + std::to_string(left[i].stage) + ", year " +
           std::to_string(left[i].year) + ": " + std::to_string(left[i].value.value.value_or(-1)) + " and " +
           std::to_string(right[i].value.value.value_or(-1));
  }
  const PlanCity& city = a.plan().city();
  for (StageIndex k = 0; k < city.stages.size(); ++k) {
    for (YearIndex y = 0; y < city.years; ++y) {
      if (!(a.tally(k, y) == b.tally(k, y))) return "a tally";
      if (a.seat_prices(k, y) != b.seat_prices(k, y)) return "prices";
      for (SchoolIndex s = 0; s < city.schools.size(); ++s) {
        if (a.load(s, k, y).demand != b.load(s, k, y).demand || a.load(s, k, y).over != b.load(s, k, y).over)
          return "demand of " + city.schools[s].id;
      }
    }
  }
  return {};
}

// Moves of all kinds: a unit at a zone's border, some at once, nobody's, a shared zone, and back to an earlier plan.
class Mover {
 public:
  Mover(CityPlan plan, std::uint64_t seed) : plan_(std::move(plan)), kept_(plan_), random_(seed) {}

  const CityPlan& next() {
    switch (random_.below(24)) {
      case 0:
        plan_ = kept_;
        break;
      case 1:
        kept_ = plan_;
        break;
      case 2: {
        AnswerEdit edit = random_move(plan_, random_);
        edit.answer = kNobody;
        edit.to = std::min<YearIndex>(edit.to, edit.from + 2);
        plan_ = plan_.edited(std::vector{edit});
        break;
      }
      case 3: {
        AnswerEdit edit = random_move(plan_, random_);
        const SchoolIndex own = plan_.school_of(edit.unit, edit.stage, edit.from);
        if (own == kNoSchool || edit.answer >= kFirstSet || own == edit.answer) return next();
        auto [with, answer] = plan_.with_set({{own, edit.answer}, SchoolSet::Kind::shared});
        edit.answer = answer;
        plan_ = with.edited(std::vector{edit});
        break;
      }
      case 4: {
        std::vector<AnswerEdit> edits;
        for (int i = 0; i < 4; ++i) edits.push_back(random_move(plan_, random_));
        plan_ = plan_.edited(edits);
        break;
      }
      default:
        plan_ = plan_.edited(std::vector{random_move(plan_, random_)});
    }
    return plan_;
  }

 private:
  CityPlan plan_, kept_;
  PlanRandom random_;
};

// Moves in all, over cities with and without a forecast; every `every`-th is compared with an evaluation from nothing.
void hold_equal(int moves, int every) {
  constexpr int kCities = 20;
  for (int c = 0; c < kCities; ++c) {
    LiveWorld world;
    world.seed = static_cast<std::uint64_t>(c) + 1;
    world.blocks_wide = 2 + c % 3, world.wide = 2 + c % 2, world.years = 2 + static_cast<std::size_t>(c % 4) * 2;
    world.demand = c % 10 == 0, world.feeders = c % 4 == 0;
    const CityPlan reference = LiveCity(world).make();
    LiveOptions options = quick();
    if (c % 5 == 4) options.seat_flow = false;
    LivePlan live(reference, reference, options);
    Mover mover(reference, world.seed * 77);
    const int share = world.demand ? moves / kCities / 5 : moves / kCities + moves / kCities * 4 / 45;
    for (int m = 1; m <= share; ++m) {
      live.update(mover.next());
      if (m % every != 0) continue;
      LivePlan fresh(reference, live.plan(), options);
      ASSERT_EQ(difference(live, fresh), "") << "city " << c << ", move " << m;
    }
  }
}

TEST(LivePlan, AfterAnyMovesItIsAnEvaluationFromNothingToTheLastBit) { hold_equal(10000, 50); }

TEST(LivePlan, NightlyAHundredThousandMoves) {
  const char* moves = std::getenv("CATCHMENT_MOVES");
  if (moves == nullptr) GTEST_SKIP() << "set CATCHMENT_MOVES";
  hold_equal(std::atoi(moves), 100);
}

// Changes of the city itself, with what they bring along.
TEST(LivePlan, SchoolsThatCloseAndComeBackLeaveWhatAnEvaluationFromNothingFinds) {
  LiveWorld world;
  world.demand = true, world.years = 4;
  const CityPlan reference = LiveCity(world).make();
  LivePlan live(reference, reference, quick());
  std::vector<PlanChange> changes(3);
  changes[0].body = ReassignUnits{engine::Stage::primary, 2028, {"U00000"}, "P00001"};
  changes[0].phasing.siblings_until = 2029;
  changes[1].body = CloseSchool{"P00004", 2028, "P00001"};
  changes[2].body = ReassignUnits{engine::Stage::primary, 2029, {"U00002"}, "P00001"};
  CityPlan plan = reference;
  std::vector<CityPlan> way{plan};
  for (const PlanChange& change : changes) {
    plan = apply(plan, change);
    way.push_back(plan);
  }
  for (const std::size_t at : std::vector<std::size_t>{1, 2, 3, 2, 0, 3, 1}) {
    live.update(way[at]);
    LivePlan fresh(reference, way[at], quick());
    EXPECT_EQ(difference(live, fresh), "") << at;
  }
}

TEST(EntryDraws, AreThoseOfAForecasterWithTheSameChanges) {
  LiveWorld world;
  world.demand = true, world.feeders = true, world.years = 9;
  const CityPlan reference = LiveCity(world).make();
  const engine::demand::DemandModel& model = *reference.city().sources->demand;
  engine::demand::ForecastOptions options;
  options.horizon = 9, options.draws = 100;
  LiveOptions live_options;
  live_options.draws = 100, live_options.seat_flow = false;
  LivePlan live(reference, reference, live_options);
  Mover mover(reference, 5);
  for (int m = 0; m < 12; ++m) {
    live.update(mover.next());
    engine::demand::Forecaster forecaster(model, options);
    forecaster.apply(to_demand_changes(reference, live.plan()));
    for (std::size_t s = 0; s < forecaster.forecast().schools.size(); ++s) {
      const SchoolIndex school = *live.plan().city().find_school(forecaster.forecast().schools[s].school_id);
      for (StageIndex k = 0; k < 2; ++k) {
        const auto lists = forecaster.entry_draws(s, k);
        for (YearIndex y = 0; y < 9; ++y) {
          if (lists[y].empty()) continue;
          std::int64_t sum = 0;
          for (const float d : lists[y]) sum += static_cast<std::int64_t>(d * 65'536.0f);
          EXPECT_EQ(live.load(school, k, y).demand, static_cast<double>(sum) / 65'536 / 100)
              << m << " " << s << " " << y;
        }
      }
    }
  }
}

// Two blocks of two units in a row, ten children each a year, one stage worth looking at.
struct TwoZones {
  PlanCity city;

  TwoZones() {
    city.base_year = 2026, city.years = 2, city.stages = {engine::Stage::primary, engine::Stage::junior};
    for (int u = 0; u < 4; ++u) {
      CityUnit unit;
      unit.id = "U" + std::to_string(u);
      unit.area_m2 = 10'000, unit.perimeter_m = 400, unit.addresses = 7 + u, unit.households = 50;
      city.units.push_back(std::move(unit));
      if (u > 0) city.borders.push_back({static_cast<UnitIndex>(u - 1), static_cast<UnitIndex>(u), 100, true});
      auto walks = std::make_shared<UnitWalks>();
      walks->push_back({0, static_cast<std::uint32_t>(400'000 + 200'000 * u), 1, 0, 2, geo::Way::walked});
      walks->push_back({1, static_cast<std::uint32_t>(1'000'000 - 200'000 * u), 0, 1, 0, geo::Way::walked});
      city.walks.push_back(std::move(walks));
      for (int row = 0; row < 4; ++row) city.children.push_back(row < 2 ? 10 * kWholeChild : 4 * kWholeChild);
      city.rezoned_before.insert(city.rezoned_before.end(), {static_cast<std::uint8_t>(u), 0});
    }
    for (const char* id : {"A", "B", "J", "K"}) {
      CitySchool school;
      school.id = id;
      school.offers.resize(2);
      school.offers[*id < 'J' ? 0 : 1] = {0, 2, 1, 6, true};
      city.schools.push_back(std::move(school));
      for (int row = 0; row < 4; ++row)
        city.seats.push_back((row < 2) == (*id < 'J') ? EntrySeats{*id == 'A' ? 18 : 40, 1, 45, 1, true}
                                                      : EntrySeats{});
    }
  }

  CityPlan plan() {
    std::vector<AnswerEdit> edits;
    for (UnitIndex u = 0; u < 4; ++u) {
      edits.push_back({u, 0, 0, 2, u / 2});
      edits.push_back({u, 1, 0, 2, 2});
    }
    return CityPlan(settle(city)).edited(edits);
  }
};

TEST(Indicators, OfASmallPlanAreWhatOneReckonsByHand) {
  const CityPlan plan = TwoZones().plan();
  const LivePlan live(plan, plan);
  const auto is = [&](std::string_view id, double expected, StageIndex stage = 0) {
    const IndicatorValue v = value_of(live, id, stage);
    ASSERT_TRUE(v.value.has_value()) << id << ": " << v.remark;
    EXPECT_NEAR(*v.value, expected, 1e-9) << id;
  };
  is("seats_over", 2);   // 20 children, 18 seats
  is("seats_free", 20);  // 20 children, 40 seats
  is("classes_over", 0);
  is("walk_mean", (400 + 600 + 600 + 400) / 4.0);
  is("walk_p95", 600);
  is("walk_max", 600);
  is("within_500_m", 0.5);
  is("within_1000_m", 1);
  is("trunk_crossings", 20);
  is("rail_crossings", 20);
  is("river_crossings", 40);
  is("zones_apart", 0);
  is("pieces_over", 0);
  is("compactness_mean", 4 * 3.14159265358979 * 20'000 / 360'000);
  is("children_moved", 0);
  is("addresses_rezoned", 0);
  is("siblings_split", 0);
  is("classmates_split", 0, 1);
  is("schools_empty", 1, 1);  // K
  is("seats_short", 0);
  is("seat_walk_mean", (10 * 400 + 8 * 600 + 2 * 2800 + 10 * 600 + 10 * 400) / 40.0);
  EXPECT_FALSE(value_of(live, "schools_over").value.has_value());
  EXPECT_FALSE(value_of(live, "classmates_split").value.has_value());
}

TEST(Indicators, OfAMovedUnitCountWhoMovesAndWhoIsParted) {
  const CityPlan before = TwoZones().plan();
  const CityPlan after = before.edited(std::vector<AnswerEdit>{{0, 0, 1, 2, 1}, {1, 1, 0, 2, 3}});
  LiveOptions options;
  const LivePlan live(before, after, options);
  EXPECT_EQ(*value_of(live, "children_moved", 0, 1).value, 10);
  EXPECT_EQ(*value_of(live, "children_moved", 0, 0).value, 0);
  EXPECT_EQ(*value_of(live, "households_moved", 0, 1).value, 50);
  EXPECT_EQ(*value_of(live, "addresses_rezoned", 0, 1).value, 7);
  EXPECT_EQ(*value_of(live, "rezoned_before_mean", 0, 1).value, 0);
  EXPECT_EQ(*value_of(live, "zones_apart", 0, 1).value, 1);
  EXPECT_EQ(*value_of(live, "pieces_over", 0, 1).value, 1);
  // Half of A's leavers (8 of 16) go to K: two go apart in one of two cases; B's all stay together.
  EXPECT_NEAR(*value_of(live, "classmates_split", 1, 0).value, 0.25, 1e-9);
  EXPECT_FALSE(value_of(live, "siblings_split", 0, 1).value.has_value());
  options.sibling_share = 0.4;
  const LivePlan told(before, after, options);
  EXPECT_NEAR(*value_of(told, "siblings_split", 0, 1).value, 4, 1e-9);  // all five entry years before went to A
}

TEST(Indicators, AreUnknownWithAReasonWhereTheInputIsNotThere) {
  TwoZones world;
  world.city.units[0].households.reset();
  world.city.rezoned_before.clear();
  for (auto& walks : world.city.walks) walks = nullptr;
  for (CityUnit& unit : world.city.units) unit.area_m2 = 0;
  const CityPlan before = world.plan();
  const CityPlan after = before.edited(std::vector<AnswerEdit>{{0, 0, 0, 2, 1}});
  const LivePlan live(before, after);
  for (const char* id :
       {"walk_mean", "walk_p95", "walk_max", "within_500_m", "trunk_crossings", "compactness_mean", "compactness_worst",
        "households_moved", "rezoned_before_mean", "rezoned_again", "siblings_split", "schools_over"}) {
    const IndicatorValue v = value_of(live, id);
    EXPECT_FALSE(v.value.has_value()) << id;
    EXPECT_FALSE(v.remark.empty()) << id;
  }
}

TEST(Indicators, HaveAllAnIdOfTheirOwnAndAMeaningInBothLanguages) {
  std::map<std::string_view, int> ids;
  for (const Indicator& i : indicators()) {
    EXPECT_EQ(++ids[i.id], 1) << i.id;
    EXPECT_FALSE(i.unit.empty() || i.meaning.empty() || i.meaning_zh.empty()) << i.id;
    EXPECT_NE(i.of, nullptr) << i.id;
  }
  EXPECT_GE(ids.size(), 30u);
}

TEST(LivePlan, RefusesOptionsOutOfTheirRange) {
  const CityPlan plan = TwoZones().plan();
  LiveOptions options;
  options.draws = 50;
  EXPECT_THROW(LivePlan(plan, plan, options), InputError);
  options.draws = 0, options.sibling_share = 1.5;
  EXPECT_THROW(LivePlan(plan, plan, options), InputError);
}

TEST(LivePlan, ASeatsPriceIsWhatItSavesTheChildWhoWalksOn) {
  const CityPlan plan = TwoZones().plan();
  LivePlan live(plan, plan);
  const std::vector<std::int64_t> prices = live.seat_prices(0, 0);
  EXPECT_EQ(prices[0], 800 + 2000 - 600);  // of the two children of U1 who go to B
  EXPECT_EQ(prices[1], 0);
}

}  // namespace
}  // namespace catchment::testing
