#include "engine/planning/comparison/plan_moves.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "engine/planning/comparison/grade_moves.hpp"
#include "engine/planning/comparison/judgements.hpp"
#include "engine/planning/comparison/unit_story.hpp"
#include "engine/planning/plan_random.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/planning/city_world.hpp"

namespace catchment::testing {
namespace {

using namespace engine::planning;

// Some changes of all kinds that a city of squares allows; those it refuses are passed over.
CityPlan changed_at_random(CityPlan plan, std::uint64_t seed, int changes, bool merges = true) {
  PlanRandom random(seed);
  const auto unit = [&] {
    for (;;) {
      const auto u = static_cast<UnitIndex>(random.below(static_cast<std::uint32_t>(plan.city().units.size())));
      if (plan.city().units[u].in_force) return plan.city().units[u].id;
    }
  };
  for (int i = 0; i < changes; ++i) {
    PlanChange change =
        reassign({unit()}, random.below(2) == 0 ? "west" : "east", 2026 + static_cast<int>(random.below(4)),
                 random.below(2) == 0 ? Stage::primary : Stage::junior);
    const auto kind = random.below(6);
    if (kind == 0) {
      const double column = 0.5 + static_cast<double>(random.below(4));
      change.body = SplitUnit{unit(), {grid_place(column, -1), grid_place(column, 4)}, false};
    } else if (kind == 1 && merges) {
      change.body = MergeUnits{{unit(), unit()}, ""};
    } else if (kind == 2) {
      change.body = DeclareZone{SchoolSet::Kind::shared, Stage::primary, 2027, 0, {unit()}, {"west", "east"}, ""};
    }
    if (random.below(4) == 0) change.phasing.sitting_stay = false;
    if (random.below(4) == 0) change.phasing.move_grades = {1, 2};
    try {
      plan = apply(plan, change);
    } catch (const InputError&) {
    }
  }
  return plan;
}

std::string text_of(const PlanMoves& moves, const ComparedAnswer& answer) {
  std::set<std::string> ids;
  for (const ComparedIndex s : answer) ids.insert(moves.ground.schools[s].id);
  std::string text;
  for (const std::string& id : ids) text += id + "+";
  return text;
}

WalkSums mirrored(WalkSums w) {
  std::swap(w.walk_mm[kBefore], w.walk_mm[kAfter]);
  std::swap(w.crossings[kBefore], w.crossings[kAfter]);
  std::swap(w.farther, w.nearer);
  std::swap(w.more_crossings, w.fewer_crossings);
  return w;
}

using PairTable = std::map<std::tuple<StageIndex, YearIndex, std::string, std::string>, MoveSums>;

PairTable table_of(const PlanMoves& moves, bool reversed) {
  PairTable table;
  for (const PairMoves& p : moves.pairs) {
    const std::string a = text_of(moves, p.before), b = text_of(moves, p.after);
    MoveSums sums = p.sums;
    if (reversed) sums.walk = mirrored(sums.walk);
    table[{p.stage, p.year, reversed ? b : a, reversed ? a : b}] = sums;
  }
  return table;
}

void expect_sums_to_agree(const CityPlan& before, const CityPlan& after, const PlanMoves& moves) {
  const std::size_t years = before.city().years;
  std::vector<MoveSums> of_pairs(moves.sums.size());
  std::vector<std::int64_t> of_units(moves.sums.size(), 0), gained(moves.sums.size(), 0), lost(moves.sums.size(), 0);
  std::vector<int> addresses(moves.sums.size(), 0);
  for (const PairMoves& p : moves.pairs) of_pairs[p.stage * years + p.year].add(p.sums);
  for (const UnitMove& m : moves.units) {
    ASSERT_EQ(m.children.size(), m.to - m.from);
    for (YearIndex y = m.from; y < m.to; ++y) {
      of_units[m.stage * years + y] += m.children[y - m.from];
      addresses[m.stage * years + y] += moves.ground.parcels[m.parcel].addresses;
    }
  }
  for (const SchoolMoves& s : moves.schools) {
    EXPECT_EQ(s.children[kAfter] - s.children[kBefore], s.gained - s.lost + s.only[kAfter] - s.only[kBefore]);
    gained[s.stage * years + s.year] += s.gained, lost[s.stage * years + s.year] += s.lost;
  }
  EXPECT_EQ(of_pairs, moves.sums);
  EXPECT_EQ(gained, lost);  // everybody has a school on both sides
  for (std::size_t i = 0; i < moves.sums.size(); ++i) {
    EXPECT_EQ(of_units[i], moves.sums[i].children);
    EXPECT_EQ(addresses[i], moves.sums[i].addresses);
    EXPECT_LE(gained[i], moves.sums[i].children);  // of a shared zone some stay
  }
  // Parcels are all of the city, on both sides.
  for (const Side side : kSides) {
    std::vector<std::int64_t> sums(moves.sums.size(), 0);
    for (std::size_t i = 0; i < moves.ground.children[side].size(); ++i) {
      sums[i % sums.size()] += moves.ground.children[side][i];
    }
    EXPECT_EQ(sums, sums_of_children((side == kBefore ? before : after).city()));
  }
}

TEST(PlanMoves, NobodyMovesBetweenEqualPlans) {
  const CityPlan plan = changed_at_random(GridWorld{}.halves(), 3, 8);
  const PlanMoves moves = find_moves(plan, plan);
  EXPECT_TRUE(moves.empty() && moves.pairs.empty() && moves.grades.empty());
  for (const MoveSums& sums : moves.sums) EXPECT_EQ(sums, MoveSums{});
  for (const SchoolMoves& s : moves.schools) EXPECT_EQ(s.gained + s.lost + s.only[kBefore] + s.only[kAfter], 0);
}

TEST(PlanMoves, OfRandomPlansSumsAgreeAndTheReverseIsTheMirror) {
  const CityPlan start = GridWorld{5, 3, 4}.halves();
  int moved = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    const CityPlan a = changed_at_random(start, seed, 6), b = changed_at_random(start, seed + 1000, 6);
    const PlanMoves there = find_moves(a, b), back = find_moves(b, a);
    expect_sums_to_agree(a, b, there);
    moved += there.empty() ? 0 : 1;
    ASSERT_EQ(there.sums.size(), back.sums.size());
    for (std::size_t i = 0; i < there.sums.size(); ++i) {
      EXPECT_EQ(there.sums[i].parcels, back.sums[i].parcels);
      EXPECT_EQ(there.sums[i].addresses, back.sums[i].addresses);
    }
    // What both plans cut, each in its own way, is shared out side by side: to some 1/65,536 of a child.
    const bool cut_twice =
        std::ranges::any_of(there.ground.parcels, [](const Parcel& p) { return p.id.find("∩") != std::string::npos; });
    if (cut_twice) continue;
    EXPECT_EQ(table_of(there, false), table_of(back, true));
    ASSERT_EQ(there.grades.size(), back.grades.size());
    for (std::size_t i = 0; i < there.grades.size(); ++i) {
      EXPECT_EQ(there.grades[i].children, back.grades[i].children);
      EXPECT_EQ(there.grades[i].sitting, back.grades[i].sitting);
    }
  }
  EXPECT_GT(moved, 30);
}

TEST(PlanMoves, CountsWhatTheIndicatorsCount) {
  const CityPlan start = GridWorld{}.halves();
  LiveOptions options;
  options.draws = 0, options.seat_flow = false;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const CityPlan plan = changed_at_random(start, seed, 6, false);
    const LivePlan live(start, plan, options);
    const PlanMoves moves = find_moves(start, plan);
    for (StageIndex k = 0; k < 2; ++k) {
      for (YearIndex y = 0; y < 4; ++y) {
        EXPECT_EQ(live.tally(k, y).moved_children, moves.sums[k * 4 + y].children);
        for (const SchoolMoves& s : moves.schools) {
          if (s.stage != k || s.year != y) continue;
          EXPECT_EQ(live.load(s.school, k, y).children, s.children[kAfter]);
        }
      }
    }
  }
}

TEST(PlanMoves, AUnitThatMovesIsToldWithItsSchoolsYearsAndWalks) {
  const CityPlan before = GridWorld{}.halves();
  const CityPlan after = apply(before, reassign({"u1_0"}, "east", 2027));
  const PlanMoves moves = find_moves(before, after);
  ASSERT_EQ(moves.units.size(), 1u);
  const UnitMove& m = moves.units.front();
  EXPECT_EQ(moves.ground.parcels[m.parcel].id, "u1_0");
  EXPECT_EQ(std::pair(m.from, m.to), std::pair(1u, 4u));
  EXPECT_EQ(text_of(moves, m.before) + text_of(moves, m.after), "west+east+");
  ASSERT_TRUE(m.walk_m[kBefore] && m.walk_m[kAfter]);
  EXPECT_LT(*m.walk_m[kBefore], *m.walk_m[kAfter]);
  EXPECT_TRUE(m.straight);
  EXPECT_EQ(moves.sums[1].addresses, 5);
  EXPECT_EQ(moves.sums[1].households, 101);
  EXPECT_EQ(moves.sums[0], MoveSums{});
  EXPECT_EQ(moves.sums[4 + 1], MoveSums{});  // of junior nobody
}

TEST(PlanMoves, WhoSitsStaysSoACohortIsAGradeFurtherEveryYear) {
  const CityPlan before = GridWorld{}.halves();
  const PlanMoves moves = find_moves(before, apply(before, reassign({"u1_0"}, "east", 2027)));
  std::map<std::pair<YearIndex, int>, std::int64_t> found;
  for (const GradeMoves& g : moves.grades) {
    EXPECT_EQ(g.stage, 0u);
    EXPECT_EQ(g.sitting, 0);
    EXPECT_EQ(g.uncounted_parcels, 0);
    found[{g.year, g.grade}] = g.children;
  }
  std::map<std::pair<YearIndex, int>, std::int64_t> wanted;
  for (YearIndex y = 1; y < 4; ++y) {
    for (YearIndex entered = 1; entered <= y; ++entered) {
      wanted[{y, 1 + static_cast<int>(y - entered)}] = before.city().children_of(1, 0, entered);
    }
  }
  EXPECT_EQ(found, wanted);
}

TEST(PlanMoves, GradesThatMoveAreCountedAsSittingAndThoseOfLongAgoOnlyByUnits) {
  const CityPlan before = GridWorld{}.halves();
  PlanChange change = reassign({"u1_0"}, "east", 2027);
  change.phasing.move_grades = {2, 3};
  const PlanMoves moves = find_moves(before, apply(before, change));
  std::int64_t sitting = 0;
  std::set<std::pair<YearIndex, int>> uncounted;
  for (const GradeMoves& g : moves.grades) {
    if (g.year == 1) sitting += g.sitting;
    if (g.uncounted_parcels > 0) uncounted.insert({g.year, g.grade});
  }
  // In 2027 grade 2 entered in 2026, which is planned; grade 3 entered in 2025, which is not.
  EXPECT_EQ(sitting, before.city().children_of(1, 0, 0));
  EXPECT_EQ(uncounted, (std::set<std::pair<YearIndex, int>>{{1, 3}, {2, 4}, {3, 5}}));
}

TEST(PlanMoves, AUnitBothPlansCutIsSharedOutByItsAddresses) {
  const CityPlan start = GridWorld{}.halves();
  const PlanChange by_column{SplitUnit{"u1_0", {grid_place(1.5, -1), grid_place(1.5, 3)}, false}, {}, {}};
  const PlanChange by_row{SplitUnit{"u1_0", {grid_place(0, 0.5), grid_place(3, 0.5)}, false}, {}, {}};
  const CityPlan a = apply(apply(start, by_column), reassign({"u1_0#2"}, "east"));
  const CityPlan b = apply(apply(start, by_row), reassign({"u1_0#1"}, "east"));
  const PlanMoves moves = find_moves(a, b);
  int parts = 0, addresses = 0;
  for (const Parcel& p : moves.ground.parcels) {
    if (p.id.find("∩") == std::string::npos) continue;
    ++parts, addresses += p.addresses;
    EXPECT_FALSE(p.guessed);
  }
  EXPECT_EQ(parts, 4);  // one address in each corner
  EXPECT_EQ(addresses, 4);
  expect_sums_to_agree(a, b, moves);
  // Cut in one way by both, its parts are compared as they are.
  EXPECT_TRUE(find_moves(a, apply(apply(start, by_column), reassign({"u1_0#2"}, "east"))).empty());
}

TEST(PlanMoves, ChildrenOnlyOnePlanExpectsMoveNowhere) {
  const CityPlan before = GridWorld{}.halves();
  PlanCity city = before.city();
  for (YearIndex y = 0; y < 4; ++y) city.children[y] += 10 * kWholeChild;  // of u0_0, primary
  const CityPlan grown = before.on_city(settle(std::move(city)));
  const PlanMoves moves = find_moves(before, grown);
  EXPECT_TRUE(moves.empty());
  for (const SchoolMoves& s : moves.schools) {
    const bool west = moves.ground.schools[s.school].id == "west" && s.stage == 0;
    EXPECT_EQ(s.only[kAfter], west ? 10 * kWholeChild : 0);
    EXPECT_EQ(s.gained + s.lost + s.only[kBefore], 0);
  }
}

TEST(PlanMoves, PlansOfDifferentCitiesAreRefused) {
  EXPECT_THROW(find_moves(GridWorld{}.halves(), GridWorld{5, 2, 4}.halves()), InputError);
  EXPECT_THROW(find_moves(GridWorld{}.halves(), GridWorld{4, 2, 5}.halves()), InputError);
}

TEST(Judgements, FollowTheDirectionAndFiguresThatReadTheSameAreEqual) {
  Indicator lower;
  Indicator higher;
  higher.better = Better::higher;
  const auto value = [](double v) { return IndicatorValue{v, {}}; };
  EXPECT_EQ(judge(lower, value(2), value(1)), Judgement::better);
  EXPECT_EQ(judge(lower, value(1), value(2)), Judgement::worse);
  EXPECT_EQ(judge(higher, value(1), value(2)), Judgement::better);
  EXPECT_EQ(judge(lower, value(1200.1), value(1200.2)), Judgement::equal);
  EXPECT_EQ(judge(lower, {std::nullopt, "why"}, value(1)), Judgement::unknown);
}

TEST(UnitStory, NamesTheChangeThatGaveEachAnswer) {
  const CityPlan start = GridWorld{}.halves();
  PlanChange late = reassign({"u1_0"}, "east", 2028);
  late.note = "bridge";
  const CityPlan plan = apply(apply(start, PlanChange{LockUnits{{"u0_0"}, {"why", "who"}}, {}, {}}), late);
  const UnitStory story = tell_story(plan, *plan.city().find_unit("u1_0"));
  ASSERT_EQ(story.chapters.size(), 3u);  // primary twice, junior once
  EXPECT_EQ(story.chapters[0].change, nullptr);
  EXPECT_EQ(std::pair(story.chapters[1].from, story.chapters[1].to), std::pair(2u, 4u));
  ASSERT_NE(story.chapters[1].change, nullptr);
  EXPECT_EQ(story.chapters[1].change->change->note, "bridge");
  EXPECT_EQ(story.chapters[1].change_number, 1u);
  EXPECT_EQ(story.lock, nullptr);
  EXPECT_EQ(tell_story(plan, 0).lock->owner, "who");
}

TEST(UnitStory, PartsOfASplitUnitAreItsSuccessors) {
  const CityPlan start = GridWorld{}.halves();
  const CityPlan plan =
      apply(start, PlanChange{SplitUnit{"u1_0", {grid_place(1.5, -1), grid_place(1.5, 3)}, false}, {}, {}});
  const auto parts = find_successors(plan.city(), 1);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(plan.city().units[parts[0]].id, "u1_0#1");
  EXPECT_EQ(find_successors(plan.city(), 0), std::vector<UnitIndex>{0});
}

}  // namespace
}  // namespace catchment::testing
