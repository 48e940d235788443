#include "engine/planning/city/plan_change.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "engine/planning/city/plan_demand.hpp"
#include "engine/planning/city/plan_zones.hpp"
#include "engine/planning/plan_random.hpp"
#include "geo/input_error.hpp"
#include "geo/projection.hpp"
#include "geo/topology.hpp"
#include "tests/engine/planning/city_world.hpp"

namespace catchment::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// "plan_unknown /units/1", or "none".
std::string refusal(const CityPlan& plan, const PlanChange& change) {
  const std::string before = spelled(plan);
  std::string text = "none";
  try {
    engine::planning::apply(plan, change);
  } catch (const InputError& error) {
    text = error.code + " " + error.where;
  }
  EXPECT_EQ(spelled(plan), before);
  return text;
}

CityPlan changed(const CityPlan& plan, ChangeBody body) {
  return engine::planning::apply(plan, PlanChange{std::move(body), {}, {}});
}

std::vector<std::string> units_in_force(const PlanCity& city) {
  std::vector<std::string> ids;
  for (const CityUnit& unit : city.units) {
    if (unit.in_force) ids.push_back(unit.id);
  }
  return ids;
}

TEST(CityPlan, AnEditLeavesThePlanItCameFromAsItWas) {
  const CityPlan plan = GridWorld{}.halves();
  const AnswerEdit edit{1, 0, 2, 4, 1};
  const CityPlan after = plan.edited(std::span(&edit, 1));
  EXPECT_EQ(schools_of(plan, "u1_0", 3), "west");
  EXPECT_EQ(schools_of(after, "u1_0", 1), "west");
  EXPECT_EQ(schools_of(after, "u1_0", 3), "east");
  EXPECT_THAT(differences(plan, after), ElementsAre(edit));
  EXPECT_FALSE(plan.same_answers(after));
  const AnswerEdit back{1, 0, 2, 4, 0};
  EXPECT_TRUE(plan.same_answers(after.edited(std::span(&back, 1))));
}

TEST(CityPlan, OneSetOfSchoolsHasOneNumberAndOneSchoolIsNoSet) {
  const CityPlan plan = GridWorld{}.halves();
  const auto [with, number] = plan.with_set({{1, 0}, SchoolSet::Kind::shared});
  EXPECT_GE(number, kFirstSet);
  EXPECT_EQ(with.with_set({{0, 1, 1}, SchoolSet::Kind::shared}).second, number);
  EXPECT_NE(with.with_set({{0, 1}, SchoolSet::Kind::transition}).second, number);
  EXPECT_EQ(with.with_set({{1}, SchoolSet::Kind::shared}).second, 1u);
  EXPECT_EQ(with.with_set({}).second, kNobody);
  EXPECT_THAT(plan.sets(), IsEmpty());
}

TEST(UnitBorders, UnitsOfAGridBorderSidewaysUpAndDown) {
  const auto city = GridWorld{3, 2}.make();
  EXPECT_THAT(city->borders, SizeIs(7));
  for (const CityBorder& b : city->borders) {
    EXPECT_TRUE(b.passable);
    EXPECT_NEAR(b.length_m, 207, 18);
  }
  EXPECT_THAT(city->neighbours(1), SizeIs(3));
  EXPECT_EQ(city->neighbours(1)[0].unit, 0u);
  EXPECT_EQ(city->neighbours(1)[2].unit, 4u);
}

TEST(UnitBorders, AVertexOnlyOneSideHasDoesNotEndABorder) {
  const geo::MultiPolygon left = grid_box(0, 0, 1, 2), below = grid_box(1, 0, 2, 1), above = grid_box(1, 1, 2, 2);
  const std::vector<const geo::MultiPolygon*> shapes{&left, &below, nullptr, &above};
  const std::vector<CityBorder> borders = find_borders(shapes, nullptr);
  ASSERT_THAT(borders, SizeIs(3));
  EXPECT_EQ(borders[0].b, 1u);
  EXPECT_EQ(borders[1].b, 3u);
  EXPECT_NEAR(borders[0].length_m, geo::geodesic_length_m(grid_place(1, 0), grid_place(1, 1)), 1e-6);
}

// A river along the border of two units; streets as given.
bool river_passable(const std::vector<geo::Polyline>& streets, double river_column = 1) {
  const geo::Polyline river{grid_place(river_column, -1), grid_place(river_column, 0.5), grid_place(river_column, 2)};
  const std::vector<geo::BarrierLine> barriers{{river, geo::BarrierKind::river}};
  std::vector<geo::StreetLine> lines;
  for (const geo::Polyline& street : streets) lines.push_back({street, "", geo::StreetKind::residential});
  GridWorld world{2, 1};
  world.ground = std::make_shared<const BorderGround>(lines, barriers);
  return world.make()->borders.at(0).passable;
}

TEST(UnitBorders, ARiverNoStreetCrossesBarsTheBorderItRunsAlong) {
  EXPECT_FALSE(river_passable({}));
  EXPECT_FALSE(river_passable({}, 1.05));  // drawn by its middle, 10 m off the border
  EXPECT_TRUE(river_passable({}, 1.5));    // through a unit, not along the border
}

TEST(UnitBorders, OnlyAStreetThatLeadsOverOpensIt) {
  EXPECT_TRUE(river_passable({{grid_place(0.5, 0.3), grid_place(1.5, 0.4)}}));                      // a bridge
  EXPECT_TRUE(river_passable({{grid_place(0.5, 0.3), grid_place(1, 0.5), grid_place(1.5, 0.5)}}));  // a vertex on it
  EXPECT_TRUE(river_passable({{grid_place(0.5, 0.5), grid_place(1, 0.5)}, {grid_place(1.5, 0.6), grid_place(1, 0.5)}}));
  EXPECT_FALSE(river_passable({{grid_place(0.5, 0.5), grid_place(1, 0.5)}}));                        // ends at it
  EXPECT_FALSE(river_passable({{grid_place(0.5, 0.4), grid_place(1, 0.5), grid_place(0.5, 0.6)}}));  // turns back
  EXPECT_FALSE(river_passable({{grid_place(1, -0.5), grid_place(1, 0.5), grid_place(1, 1.5)}}));     // along it
  EXPECT_FALSE(river_passable({{grid_place(0.5, -0.8), grid_place(1.5, -0.8)}}));                    // elsewhere
}

TEST(PlanChange, AReassignedUnitChangesHandsFromItsYearOn) {
  const CityPlan plan = GridWorld{}.halves();
  const CityPlan after = engine::planning::apply(plan, reassign({"u1_0", "u1_1"}, "east", 2027));
  EXPECT_EQ(schools_of(after, "u1_0", 0), "west");
  EXPECT_EQ(schools_of(after, "u1_0", 1), "east");
  EXPECT_EQ(schools_of(after, "u1_0", 1, 1), "west");  // another stage
  EXPECT_EQ(schools_of(plan, "u1_0", 1), "west");
  EXPECT_EQ(after.parent()->answer(1, 0, 1), 0u);
  ASSERT_NE(after.made_by(), nullptr);
  EXPECT_THAT(after.made_by()->edits, ElementsAre(AnswerEdit{1, 0, 1, 4, 1}, AnswerEdit{5, 0, 1, 4, 1}));
  EXPECT_THAT(after.history(), SizeIs(1));
}

TEST(PlanChange, WhatCannotBeIsRefusedByNameAndPlace) {
  const CityPlan plan = GridWorld{}.halves();
  EXPECT_EQ(refusal(plan, reassign({"u1_0", "nowhere"}, "east")), "plan_unknown /units/1");
  EXPECT_EQ(refusal(plan, reassign({"u1_0"}, "south")), "plan_unknown /school");
  EXPECT_EQ(refusal(plan, reassign({"u1_0"}, "east", 2025)), "plan_year /from_year");
  EXPECT_EQ(refusal(plan, reassign({"u1_0"}, "east", 2030)), "plan_year /from_year");
  EXPECT_EQ(refusal(plan, reassign({"u1_0", "u1_0"}, "east")), "plan_unit /units");
  EXPECT_EQ(refusal(plan, reassign({"u1_0"}, "east", 2026, Stage::senior)), "plan_unknown /stage");
  EXPECT_EQ(refusal(plan, reassign({"u0_0"}, "west")), "plan_nothing ");
  const std::vector<PlanChange> list{reassign({"u1_0"}, "east"), reassign({"u1_0", "u9_9"}, "west")};
  try {
    engine::planning::apply(plan, list);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.where, "changes/1/units/1");
  }
}

TEST(PlanChange, ALockedUnitKeepsItsSchoolUntilItIsUnlocked) {
  const CityPlan plan = changed(GridWorld{}.halves(), LockUnits{{"u1_0"}, {"court order", "bureau"}});
  EXPECT_EQ(refusal(plan, reassign({"u1_1", "u1_0"}, "east")), "plan_locked /units/1");
  EXPECT_EQ(refusal(plan, reassign({"u1_1"}, "east")), "none");
  EXPECT_EQ(refusal(plan, {CloseSchool{"west", 2027, "east"}, {}, {}}), "plan_locked /units_to");
  EXPECT_EQ(refusal(plan, {SplitUnit{"u1_0", {grid_place(1.5, -1), grid_place(1.5, 2)}, false}, {}, {}}),
            "plan_locked /unit");
  EXPECT_EQ(refusal(plan, {MergeUnits{{"u0_0", "u1_0"}, ""}, {}, {}}), "plan_locked /units/1");
  EXPECT_EQ(refusal(plan, {UnlockUnits{{"u0_0"}}, {}, {}}), "plan_unit /units/0");
  const CityPlan open = changed(plan, UnlockUnits{{"u1_0"}});
  EXPECT_EQ(schools_of(engine::planning::apply(open, reassign({"u1_0"}, "east")), "u1_0"), "east");
}

TEST(PlanChange, AMovedBoundaryTakesWholeUnitsByTheirAddresses) {
  const CityPlan plan = GridWorld{}.halves();
  // Northward at column 1.45: of u1's four addresses two lie west of it, so area decides: more of it is east.
  const MoveBoundary north{Stage::primary, 2026, "west", "east", {grid_place(1.45, -1), grid_place(1.45, 3)}, false};
  const CityPlan after = changed(plan, north);
  EXPECT_EQ(schools_of(after, "u0_0") + schools_of(after, "u1_0") + schools_of(after, "u1_1"), "westeasteast");
  // Its own reverse, where right is west, says the same border.
  const CityPlan reverse = changed(
      plan, MoveBoundary{Stage::primary, 2026, "east", "west", {grid_place(1.45, 3), grid_place(1.45, -1)}, false});
  EXPECT_EQ(spelled(reverse), spelled(after));
  // Past the old border: what was east's goes west.
  const CityPlan back = changed(
      plan, MoveBoundary{Stage::primary, 2026, "west", "east", {grid_place(2.7, -1), grid_place(2.7, 3)}, false});
  EXPECT_EQ(schools_of(back, "u2_0") + schools_of(back, "u3_0"), "westeast");
}

TEST(PlanChange, ABoundaryMovedInPartKeepsTheRestOfTheOldOne) {
  const CityPlan plan = GridWorld{}.halves();
  // A bulge from the old border at (2, 1) round u2_1 and out to the north; its start lies a little before the border.
  const MoveBoundary bulge{
      Stage::primary, 2026, "west", "east", {grid_place(1.99, 1), grid_place(3, 1), grid_place(3, 2.5)}, false};
  const CityPlan after = changed(plan, bulge);
  EXPECT_EQ(schools_of(after, "u2_1") + schools_of(after, "u2_0") + schools_of(after, "u1_1"), "westeastwest");
}

TEST(PlanChange, ALineThatPartsNothingOrIsUnclearIsRefused) {
  const CityPlan plan = GridWorld{}.halves();
  const auto line = [&](geo::Polyline points) {
    return refusal(plan, {MoveBoundary{Stage::primary, 2026, "west", "east", std::move(points), false}, {}, {}});
  };
  EXPECT_EQ(line({grid_place(1.4, -1), grid_place(1.4, 1.5)}), "plan_line /line");  // ends within
  EXPECT_EQ(line({grid_place(7, -1), grid_place(7, 3)}), "plan_line /line");        // beside the city
  EXPECT_EQ(line({grid_place(1, 1), grid_place(1, 1)}), "plan_line /line");         // no line
  // Down and up again through west's zone: what lies between is right of one stretch and left of the other.
  EXPECT_EQ(line({grid_place(0.4, 3), grid_place(0.4, -1), grid_place(1.6, -1), grid_place(1.6, 3), grid_place(1.2, 3),
                  grid_place(1.2, -1)}),
            "plan_line /line");
  // Southward west is on the right hand.
  EXPECT_EQ(line({grid_place(1.9, 3), grid_place(1.9, -1)}), "plan_line /left");
  EXPECT_EQ(
      refusal(
          plan,
          {MoveBoundary{Stage::primary, 2026, "west", "west", {grid_place(1, 0), grid_place(1, 2)}, false}, {}, {}}),
      "plan_school /right");
}

TEST(PlanChange, UnitsALineCutsAreSplitAndWhatTheyHaveAddsUp) {
  const CityPlan plan = GridWorld{}.halves();
  const MoveBoundary line{Stage::primary, 2027, "west", "east", {grid_place(1.3, -1), grid_place(1.3, 3)}, true};
  const CityPlan after = changed(plan, line);
  EXPECT_THAT(units_in_force(after.city()),
              ElementsAre("u0_0", "u2_0", "u3_0", "u0_1", "u2_1", "u3_1", "u1_0#1", "u1_0#2", "u1_1#1", "u1_1#2"));
  // The part that changes hands is right of the line.
  EXPECT_EQ(schools_of(after, "u1_0#1", 1) + schools_of(after, "u1_0#2", 1), "eastwest");
  EXPECT_EQ(schools_of(after, "u1_0#1", 0) + schools_of(after, "u1_0#2", 0), "westwest");
  EXPECT_EQ(sums_of_children(after.city()), sums_of_children(plan.city()));
  const CityUnit& east = after.city().units[*after.city().find_unit("u1_0#1")];
  const CityUnit& west = after.city().units[*after.city().find_unit("u1_0#2")];
  EXPECT_EQ(east.positions->size(), 3u);
  EXPECT_EQ(east.addresses, 4);  // three with a place, and the one without by largest remainder
  EXPECT_EQ(west.addresses, 1);
  EXPECT_EQ(*east.households, 76);  // 101 * 3 / 4, rounded
  EXPECT_EQ(*west.households, 25);
  EXPECT_EQ(east.origins.front().parts + west.origins.front().parts, kWholeChild);
  // Edges are geodesics, so a vertex more on a parallel moves them by some 0.1 mm.
  EXPECT_NEAR(east.area_m2 + west.area_m2, plan.city().units[1].area_m2, 0.2);
  // The parts border on each other and on their whole's neighbours.
  EXPECT_THAT(after.city().neighbours(*after.city().find_unit("u1_0#1")), SizeIs(3));
  EXPECT_THAT(after.city().neighbours(*after.city().find_unit("u1_0#2")), SizeIs(3));
  EXPECT_THAT(units_in_force(plan.city()), SizeIs(8));
}

TEST(PlanChange, ZonesThatShareAMovedBorderLeaveNoGapAndNoSliver) {
  CityPlan plan = GridWorld{6, 4}.halves();
  const geo::MultiPolygon whole = geo::dissolve(std::vector{find_zones(plan)[0].shape, find_zones(plan)[1].shape});
  // Slanted lines, so that cuts fall between whole units of the grid.
  plan = changed(
      plan, MoveBoundary{Stage::primary, 2026, "west", "east", {grid_place(1.237, -1), grid_place(4.811, 5)}, true});
  plan = changed(
      plan, MoveBoundary{Stage::primary, 2026, "west", "east", {grid_place(4.123, -1), grid_place(2.017, 5)}, true});
  const std::vector<PlanZone> zones = find_zones(plan);
  const geo::MultiPolygon joined = geo::dissolve(std::vector{zones[0].shape, zones[1].shape});
  ASSERT_THAT(joined, SizeIs(1));
  EXPECT_THAT(joined.front().holes, IsEmpty());
  EXPECT_TRUE(geo::overlay(zones[0].shape, zones[1].shape, geo::OverlayKind::intersection).empty());
  EXPECT_TRUE(geo::signed_area_twice(joined.front().shell) == geo::signed_area_twice(whole.front().shell));
  for (const PlanZone& zone : zones) {
    for (const geo::Polygon& part : zone.shape) EXPECT_GT(geo::geodesic_area_m2({part}), 100);
  }
}

TEST(PlanChange, WhatLiesInAPolygonGoesToASchool) {
  const CityPlan plan = GridWorld{}.halves();
  const geo::Ring ring = grid_box(0.1, 0.1, 1.5, 0.9).front().shell;
  const CityPlan whole = changed(plan, DrawPolygon{Stage::primary, 2026, "east", ring, false});
  EXPECT_EQ(schools_of(whole, "u0_0") + schools_of(whole, "u1_0") + schools_of(whole, "u0_1"), "eastwestwest");
  const CityPlan parts = changed(plan, DrawPolygon{Stage::primary, 2026, "east", ring, true});
  EXPECT_EQ(schools_of(parts, "u1_0#1") + schools_of(parts, "u1_0#2"), "eastwest");
  EXPECT_EQ(sums_of_children(parts.city()), sums_of_children(plan.city()));
  const geo::Ring cross{grid_place(0, 0), grid_place(1, 1), grid_place(1, 0), grid_place(0, 1)};
  EXPECT_EQ(refusal(plan, {DrawPolygon{Stage::primary, 2026, "east", cross, false}, {}, {}}), "plan_line /polygon");
  EXPECT_EQ(
      refusal(plan, {DrawPolygon{Stage::primary, 2026, "east", grid_box(8, 8, 9, 9).front().shell, false}, {}, {}}),
      "plan_line /polygon");
}

TEST(PlanChange, PartsOfASplitUnitMergeToWhatItWas) {
  const CityPlan plan = GridWorld{}.halves();
  const CityPlan split = changed(plan, SplitUnit{"u0_0", {grid_place(0.3, -1), grid_place(0.3, 2)}, false});
  EXPECT_EQ(refusal(split, reassign({"u0_0"}, "east")), "plan_unknown /units/0");
  EXPECT_EQ(schools_of(split, "u0_0#1") + schools_of(split, "u0_0#2"), "westwest");
  const CityPlan merged = changed(split, MergeUnits{{"u0_0#2", "u0_0#1"}, "again"});
  const UnitIndex again = *merged.city().find_unit("again");
  EXPECT_EQ(merged.city().units[again].addresses, 5);
  EXPECT_EQ(merged.city().units[again].households, 101);
  EXPECT_THAT(merged.city().units[again].origins, ElementsAre(UnitOrigin{0, kWholeChild}));
  EXPECT_EQ(merged.city().children_of(again, 0, 2), plan.city().children_of(0, 0, 2));
  EXPECT_NEAR(merged.city().units[again].area_m2, plan.city().units[0].area_m2, 0.2);
  EXPECT_EQ(merged.city().schools[0].campuses[0].unit, again);
  EXPECT_THAT(merged.city().neighbours(again), SizeIs(2));
  EXPECT_EQ(schools_of(merged, "again"), "west");
}

TEST(PlanChange, UnitsThatAreApartOrAnswerDifferentlyDoNotMerge) {
  const CityPlan plan = GridWorld{}.halves();
  EXPECT_EQ(refusal(plan, {MergeUnits{{"u0_0", "u1_1"}, ""}, {}, {}}), "plan_unit /units");
  EXPECT_EQ(refusal(plan, {MergeUnits{{"u1_0", "u2_0"}, ""}, {}, {}}), "plan_unit /units/1");
  EXPECT_EQ(refusal(plan, {MergeUnits{{"u0_0", "u1_0"}, "u3_0"}, {}, {}}), "plan_exists /id");
  EXPECT_EQ(refusal(plan, {SplitUnit{"u0_0", {grid_place(0.5, 0.2), grid_place(0.5, 0.8)}, false}, {}, {}}),
            "plan_line /line");
}

TEST(PlanChange, ASchoolThatClosesMustNotLeaveUnitsBehind) {
  const CityPlan plan = GridWorld{}.halves();
  EXPECT_EQ(refusal(plan, {CloseSchool{"east", 2028, ""}, {}, {}}), "plan_school /school");
  const CityPlan closed = changed(plan, CloseSchool{"east", 2028, "west"});
  EXPECT_EQ(schools_of(closed, "u3_0", 1) + schools_of(closed, "u3_0", 2), "eastwest");
  EXPECT_EQ(refusal(closed, reassign({"u3_0"}, "east", 2028)), "plan_school /school");
  EXPECT_EQ(refusal(closed, {CloseSchool{"east", 2029, ""}, {}, {}}), "plan_school /school");
}

TEST(PlanChange, ANewSchoolTakesUnitsOnceItIsOpen) {
  const CityPlan plan = GridWorld{}.halves();
  const OpenSchool school{"mid", "Middle", {Stage::primary}, 2027, {grid_place(2.5, 1.5)}, 12};
  const CityPlan opened = changed(plan, school);
  EXPECT_EQ(refusal(opened, reassign({"u2_1"}, "mid", 2026)), "plan_school /school");
  EXPECT_EQ(refusal(opened, reassign({"u2_1"}, "mid", 2027, Stage::junior)), "plan_school /school");
  const CityPlan after = engine::planning::apply(opened, reassign({"u2_1"}, "mid", 2027));
  EXPECT_EQ(schools_of(after, "u2_1", 0) + schools_of(after, "u2_1", 1), "eastmid");
  const PlanCity& city = after.city();
  EXPECT_EQ(city.units[city.schools[2].campuses[0].unit].id, "u2_1");
  const UnitWalk* walk = city.find_walk(*city.find_unit("u2_1"), 2);
  ASSERT_NE(walk, nullptr);
  EXPECT_EQ(walk->way, geo::Way::straight);
  EXPECT_LT(walk->distance_m(), 150);
  EXPECT_EQ(refusal(opened, {school, {}, {}}), "plan_exists /school");
  const CityPlan moved = changed(after, MoveSchool{"mid", "", {grid_place(0.5, 0.5)}});
  EXPECT_GT(moved.city().find_walk(*city.find_unit("u2_1"), 2)->distance_m(), 300);
}

TEST(PlanChange, ATransitionEndsAndThenTheNewSchoolHasTheUnits) {
  const CityPlan plan = GridWorld{}.halves();
  const DeclareZone zone{SchoolSet::Kind::transition, Stage::primary, 2026, 2027, {"u1_0"}, {"east", "west"}, "east"};
  const CityPlan after = changed(plan, zone);
  EXPECT_EQ(schools_of(after, "u1_0", 0) + " " + schools_of(after, "u1_0", 1) + " " + schools_of(after, "u1_0", 2),
            "west+east west+east east");
  DeclareZone shared = zone;
  shared.kind = SchoolSet::Kind::shared, shared.to_year = 0, shared.then.clear();
  EXPECT_EQ(schools_of(changed(plan, shared), "u1_0", 3), "west+east");
  shared.schools = {"west"};
  EXPECT_EQ(refusal(plan, {shared, {}, {}}), "plan_school /schools");
  // A school that ends leaves its shared zones to the others.
  EXPECT_EQ(schools_of(changed(after, CloseSchool{"west", 2027, "east"}), "u1_0", 1), "east");
}

// Rooms and pupils of the two schools, by hand.
std::shared_ptr<const CitySources> seat_sources() {
  engine::demand::SeatInput input;
  input.base_year = 2025, input.last_year = 2029;
  for (const char* id : {"west", "east"}) {
    input.campuses.push_back({id, id});
    input.rooms.push_back({id, 2025, 12});
    input.units.push_back({id, id, id, "", Stage::primary, {{id, 1, 6}}});
  }
  auto sources = std::make_shared<CitySources>();
  sources->seats = std::make_shared<const engine::demand::SeatInput>(input);
  return sources;
}

TEST(PlanChange, RoomsAndCapsMakeOtherSeatsFromTheirYearOn) {
  GridWorld world;
  world.sources = seat_sources();
  const CityPlan plan = changed(world.halves(), ChangeRooms{"west", 2027, 18});
  EXPECT_EQ(plan.city().seats_of(0, 0, 1).classes, 3);  // 18 rooms, six grades
  EXPECT_EQ(plan.city().seats_of(0, 0, 1).seats, 135);
  EXPECT_FALSE(plan.city().seats_of(0, 0, 0).known);  // nobody asked for what was there before
  const CityPlan capped =
      changed(plan, ChangeClassCap{"west", Stage::primary, 2028, "2029-08-31", 50, "a bulge", "the bureau"});
  EXPECT_EQ(capped.city().seats_of(0, 0, 1).seats, 135);
  EXPECT_EQ(capped.city().seats_of(0, 0, 2).seats, 150);
  EXPECT_EQ(capped.city().seats_of(0, 0, 3).seats, 135);  // it has ended
  const CityPlan merged = changed(plan, MergeSchool{"east", "west", 2028});
  EXPECT_EQ(merged.city().seats_of(0, 0, 2).classes, 5);  // 30 rooms
  EXPECT_EQ(merged.city().schools[0].campuses.size(), 2u);
  EXPECT_EQ(schools_of(merged, "u3_1", 1) + schools_of(merged, "u3_1", 2), "eastwest");
  EXPECT_EQ(refusal(plan, {ChangeRooms{"north", 2027, 18}, {}, {}}), "plan_unknown /campus");
  EXPECT_EQ(refusal(GridWorld{}.halves(), {ChangeRooms{"west", 2027, 18}, {}, {}}), "plan_sources /campus");
}

TEST(PlanChange, ASchoolWithoutItsEntryGradeCanHaveNoUnits) {
  const CityPlan plan = GridWorld{}.halves();
  EXPECT_EQ(refusal(plan, {ChangeGrades{"east", Stage::junior, 2027, 8, 9}, {}, {}}), "plan_school /first_grade");
  EXPECT_EQ(refusal(plan, {ChangeGrades{"east", Stage::junior, 2027, 5, 9}, {}, {}}), "plan_school /first_grade");
  CityPlan without =
      engine::planning::apply(plan, reassign({"u2_0", "u2_1", "u3_0", "u3_1"}, "west", 2027, Stage::junior));
  without = changed(without, ChangeGrades{"east", Stage::junior, 2027, 8, 9});
  EXPECT_EQ(refusal(without, reassign({"u3_0"}, "east", 2027, Stage::junior)), "plan_school /school");
}

TEST(PlanChange, AnEstateToComeBringsChildrenAndADelayedOneLater) {
  auto model = std::make_shared<engine::demand::DemandModel>();
  model->base_year = 2025;
  model->history.units = {"u0_0"};
  for (auto& kind : model->yields.by_kind) {
    for (auto& band : kind) band.value = 0.1;
  }
  auto sources = std::make_shared<CitySources>();
  sources->demand = model;
  GridWorld world;
  world.sources = sources;
  const CityPlan plan = world.halves();
  AddHousing estate;
  estate.project = {"new", "新苑", "u2_1", "commodity", 1000, 2027, {}};
  const CityPlan built = changed(plan, estate);
  const UnitIndex unit = *plan.city().find_unit("u2_1");
  const auto more = [&](const CityPlan& p, YearIndex y) {
    return p.city().children_of(unit, 0, y) - plan.city().children_of(unit, 0, y);
  };
  EXPECT_EQ(more(built, 0), 0);
  EXPECT_EQ(more(built, 1), 30 * kWholeChild);  // 30 % lived in at once, a child of each age in every tenth dwelling
  EXPECT_EQ(more(built, 2), 60 * kWholeChild);
  const CityPlan later = changed(built, DelayHousing{"new", 2028});
  EXPECT_EQ(more(later, 1), 0);
  EXPECT_EQ(more(later, 2), 30 * kWholeChild);
  EXPECT_EQ(refusal(built, {estate, {}, {}}), "plan_exists /id");
  EXPECT_EQ(refusal(built, {DelayHousing{"new", 2025}, {}, {}}), "plan_year /completion_year");
  EXPECT_EQ(refusal(GridWorld{}.halves(), {estate, {}, {}}), "plan_sources /id");
}

TEST(PlanDemand, PartsOfAUnitBecomeSharesOfIt) {
  const CityPlan plan = GridWorld{}.halves();
  const std::vector<PlanChange> list{
      {OpenSchool{"mid", "", {Stage::primary}, 2026, {grid_place(2, 1)}, 6}, {}, {}},
      {SplitUnit{"u0_0", {grid_place(0.3, -1), grid_place(0.3, 2)}, false}, {}, {}},  // one address of four left of it
      reassign({"u0_0#2"}, "mid", 2027),
      {CloseSchool{"east", 2028, "west"}, {}, {}}};
  const auto changes = to_demand_changes(plan, engine::planning::apply(plan, list));
  using Kind = engine::demand::ScenarioChange::Kind;
  ASSERT_GE(changes.size(), 4u);
  EXPECT_EQ(changes[0].kind, Kind::open_school);
  EXPECT_EQ(changes[1].kind, Kind::close_school);
  EXPECT_EQ(changes[2].unit_id + changes[2].school_id, "u0_0west");
  EXPECT_EQ(changes[2].from_year, 2027);
  EXPECT_EQ(changes[2].share, 1);
  EXPECT_EQ(changes[3].unit_id + changes[3].school_id, "u0_0mid");
  EXPECT_EQ(changes[3].share, 0.75);
  EXPECT_EQ(changes.size(), 2u + 2 + 4 * 2);  // and four units of east in two stages
}

TEST(PlanCertificate, AnswersAreCountedAndWhatLacksIsFound) {
  GridWorld world{4, 1};
  const geo::Polyline river{grid_place(1, -1), grid_place(1, 2)};
  const std::vector<geo::BarrierLine> barriers{{river, geo::BarrierKind::river}};
  world.ground = std::make_shared<const BorderGround>(std::vector<geo::StreetLine>{}, barriers);
  CityPlan plan = world.halves();
  PlanCertificate certificate = certify(plan);
  EXPECT_TRUE(certificate.holds());
  ASSERT_THAT(certificate.lines, SizeIs(8));
  EXPECT_EQ(certificate.lines[0].one_school, 20);
  // u1_0 lies beyond the river from west's campus.
  ASSERT_THAT(certificate.findings, SizeIs(2));
  EXPECT_EQ(certificate.findings[0].kind, PlanCheckKind::cut_off);
  EXPECT_THAT(certificate.findings[0].units, ElementsAre(1));
  EXPECT_EQ(certificate.findings[0].addresses, 5);
  const AnswerEdit edits[] = {{3, 0, 1, 3, kNobody}, {2, 0, 0, 4, 0}, {3, 1, 0, 4, 0}, {2, 1, 0, 4, 0}};
  plan = plan.edited(edits);
  certificate = certify(plan);
  EXPECT_FALSE(certificate.holds());
  EXPECT_EQ(certificate.findings[0].kind, PlanCheckKind::unassigned);
  EXPECT_THAT(certificate.findings[0].message, HasSubstr("primary 2027 to 2028: 1 units nobody has: u3_0"));
  EXPECT_EQ(certificate.lines[1].none, 5);
  EXPECT_EQ(certificate.findings.back().kind, PlanCheckKind::school_without_units);
}

TEST(PlanZones, YearsWithTheSameAnswersAreOneEdition) {
  CityPlan plan = GridWorld{}.halves();
  EXPECT_THAT(find_zones(plan), SizeIs(4));  // two stages
  plan = engine::planning::apply(plan, reassign({"u1_0"}, "east", 2028));
  const std::vector<PlanZone> zones = find_zones(plan);
  ASSERT_THAT(zones, SizeIs(6));
  EXPECT_EQ(zones[0].id, "east");
  EXPECT_EQ(zones[0].to, 2u);
  EXPECT_EQ(zones[2].from, 2u);
  EXPECT_THAT(zones[2].units, SizeIs(5));
  EXPECT_NEAR(geo::geodesic_area_m2(zones[2].shape), 5 * plan.city().units[0].area_m2, 20);
}

PlanChange random_change(PlanRandom& random, const CityPlan& plan) {
  const std::vector<std::string> ids = units_in_force(plan.city());
  const std::string unit = ids[random.below(static_cast<std::uint32_t>(ids.size()))];
  const std::string school = random.below(2) == 0 ? "west" : "east";
  const int year = 2026 + static_cast<int>(random.below(4));
  const auto place = [&] { return grid_place(5 * random.unit() - 0.5, 4 * random.unit() - 0.5); };
  switch (random.below(7)) {
    case 0:
      return reassign({unit}, school, year);
    case 1:
      return {SplitUnit{unit, {place(), place()}, false}, {}, {}};
    case 2:
      return {MergeUnits{{unit, ids[random.below(static_cast<std::uint32_t>(ids.size()))]}, ""}, {}, {}};
    case 3:
      return {MoveBoundary{Stage::primary, year, "west", "east", {place(), place()}, random.below(2) == 0}, {}, {}};
    case 4:
      return {DrawPolygon{Stage::junior, year, school, {place(), place(), place()}, random.below(2) == 0}, {}, {}};
    case 5:
      return {DeclareZone{SchoolSet::Kind::shared, Stage::primary, year, 0, {unit}, {"west", "east"}, ""}, {}, {}};
    default:
      return {LockUnits{{unit}, {"reason", "owner"}}, {}, {}};
  }
}

// Whatever is done to a city: a list is its changes one by one, twice the same, and children are neither lost nor made.
TEST(PlanChange, AListIsItsChangesOneByOneAndNothingIsLost) {
  std::size_t done = 0, splits = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    PlanRandom random(seed);
    const CityPlan start = GridWorld{4, 3}.halves();
    const std::string before = spelled(start);
    double start_m2 = 0;
    for (const CityUnit& unit : start.city().units) start_m2 += unit.area_m2;
    std::vector<PlanChange> list;
    CityPlan plan = start;
    for (int i = 0; i < 12; ++i) {
      const PlanChange change = random_change(random, plan);
      try {
        const CityPlan next = engine::planning::apply(plan, change);
        ASSERT_EQ(spelled(engine::planning::apply(plan, change)), spelled(next));
        plan = next;
        list.push_back(change);
      } catch (const InputError&) {
        // Refused: nothing was done.
      }
    }
    done += list.size();
    splits += plan.city().units.size() - start.city().units.size();
    EXPECT_EQ(spelled(engine::planning::apply(start, list)), spelled(plan));
    EXPECT_EQ(spelled(start), before);
    EXPECT_EQ(sums_of_children(plan.city()), sums_of_children(start.city()));
    double area_m2 = 0;
    int addresses = 0;
    std::vector<std::int64_t> parts(start.city().units.size(), 0);
    for (const CityUnit& unit : plan.city().units) {
      if (!unit.in_force) continue;
      area_m2 += unit.area_m2, addresses += unit.addresses;
      for (const UnitOrigin& o : unit.origins) parts[o.unit] += o.parts;
    }
    EXPECT_EQ(addresses, 60);
    EXPECT_NEAR(area_m2, start_m2, 2);
    for (const std::int64_t p : parts) EXPECT_TRUE(p == 0 || p == kWholeChild);
    EXPECT_TRUE(certify(plan).holds());
  }
  EXPECT_GT(done, 200u);
  EXPECT_GT(splits, 100u);
}

}  // namespace
}  // namespace catchment::testing
