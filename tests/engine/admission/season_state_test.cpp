// The course of a child's season: its table, its clock, its locks, and every order of events in small worlds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "geo/input_error.hpp"
#include "tests/engine/admission/season_model.hpp"

namespace catchment::engine::admission {
namespace {

using testing::ModelResult;
using testing::ModelWorld;
using testing::SeasonModel;
using Kind = SeasonEventKind;
using enum ChildStage;

std::chrono::local_seconds second(int n) { return std::chrono::local_seconds{std::chrono::seconds{n}}; }

SeasonRules small_rules() {
  SeasonRules rules;
  const auto set = [&](SeasonWindow w, int from, int until) {
    rules.windows[static_cast<std::size_t>(w)] = {second(from), second(until), 0, 1440};
  };
  set(SeasonWindow::online, 0, 10), set(SeasonWindow::on_site, 11, 20), set(SeasonWindow::late, 21, 60);
  set(SeasonWindow::private_choice, 0, 20), set(SeasonWindow::confirm, 21, 30), set(SeasonWindow::accept, 31, 40);
  set(SeasonWindow::report, 41, 50);
  rules.answer_term = std::chrono::seconds(12);
  for (std::size_t h = 0; h < kSeasonHooks; ++h)
    rules.clauses[h] = "clause-" + std::string(to_word(static_cast<SeasonHook>(h)));
  return rules;
}

constexpr std::uint32_t kPublic = 0, kOtherPublic = 1, kPrivate = 2;

// A public school, another in the next district, a private one; each with one seat.
SeasonWorld small_world(std::size_t children, TakenBy by = TakenBy::clock) {
  SeasonWorld world;
  world.schools = {{1, 0, false, true, TakenBy::clock}, {1, 1, false, true, TakenBy::clock}, {1, 0, true, false, by}};
  world.children.resize(children);
  world.official_districts = {0, 1, 0};
  return world;
}

const std::vector<std::chrono::local_seconds> kInstants{second(5),  second(15), second(25),
                                                        second(35), second(45), second(55)};

ModelWorld model_of(std::size_t children, TakenBy by) {
  return {small_world(children, by), small_rules(), kInstants, {}, 1, false};
}

// Only what touches seats.
ModelWorld two_children(TakenBy by) {
  ModelWorld model = model_of(2, by);
  model.never = {Kind::register_on_site, Kind::register_late, Kind::amend,        Kind::reject, Kind::defer,
                 Kind::withdraw,         Kind::transfer,      Kind::approve_extra};
  return model;
}

// One of them has a claim on the private school; both live in one dwelling and are of two families.
ModelWorld claim_and_dwelling() {
  ModelWorld model = two_children(TakenBy::receipt);
  model.world.schools[kPublic].plan = 2;
  model.world.children[0] = {kPrivate, 9, 1};
  model.world.children[1] = {kNobody, 9, 2};
  model.rules.dwelling_lock = true;
  return model;
}

// Three children of whom two are twins want two seats of one private school.
ModelWorld line_of_three(bool twins) {
  ModelWorld model = model_of(3, TakenBy::clock);
  model.instants = {second(5), second(25), second(35), second(55)}, model.twins = twins;
  model.world.schools[kPrivate].plan = twins ? 2 : 1;
  model.world.schools[kOtherPublic].plan = 2;
  model.never = {Kind::register_on_site,
                 Kind::register_late,
                 Kind::amend,
                 Kind::reject,
                 Kind::trace,
                 Kind::defer,
                 Kind::offer,
                 Kind::accept,
                 Kind::release,
                 Kind::transfer,
                 Kind::deal_class,
                 Kind::report,
                 Kind::close,
                 Kind::approve_extra,
                 Kind::enter_pool};
  return model;
}

ModelWorld three_children() {
  ModelWorld model = two_children(TakenBy::clock);
  model.world = small_world(3);
  model.world.schools[kOtherPublic].plan = 2;
  model.instants = {second(5), second(25), second(35), second(45), second(55)};
  model.never.merge(std::set{Kind::release, Kind::lapse, Kind::return_to_school});
  return model;
}

void expect_sound(const char* name, const ModelWorld& world, bool liveness) {
  const ModelResult result = SeasonModel(world).explore(liveness);
  std::cout << name << ": " << result.states << " states, " << result.transitions << " transitions, " << result.closed
            << " of them the end of a season\n";
  EXPECT_EQ(result.violation, "") << name;
  EXPECT_EQ(result.stuck, 0u) << name;
}

SeasonEvent event_of(Kind kind, int at, std::uint32_t child, std::uint32_t school = kNobody) {
  SeasonEvent event;
  event.kind = kind, event.at = second(at), event.child = child, event.school = school;
  return event;
}

void run(Season& season, const std::vector<SeasonEvent>& events) {
  for (const SeasonEvent& event : events) {
    const auto refused = season.apply(event);
    ASSERT_FALSE(refused) << to_word(event.kind) << ": " << to_word(refused->guard);
  }
}

SeasonGuard guard_of(const Season& season, const SeasonEvent& event) {
  const auto refused = season.check(event);
  EXPECT_TRUE(refused && refused->why == Refusal::Why::guard) << to_word(event.kind);
  return refused ? refused->guard : SeasonGuard::all_settled;
}

Season drawn_by(TakenBy by) {
  Season season(small_world(2, by), small_rules());
  for (const std::uint32_t child : {0u, 1u}) {
    run(season, {event_of(Kind::register_online, 5, child), event_of(Kind::verify, 5, child),
                 event_of(Kind::choose_private, 5, child, kPrivate)});
  }
  const std::vector<DrawnPlace> order{{1, true}, {0, true}};
  EXPECT_FALSE(season.apply(event_of(Kind::draw, 20, kNobody, kPrivate), order));
  return season;
}

// serves: CQ21
TEST(Season, ASeatIsConfirmedUntilTheLastSecondOfItsWindowAndForfeitedAfterIt) {
  Season season = drawn_by(TakenBy::clock);
  EXPECT_EQ(season.children()[1].stage, drawn);
  EXPECT_FALSE(season.check(event_of(Kind::confirm, 30, 1)));
  EXPECT_EQ(guard_of(season, event_of(Kind::confirm, 31, 1)), SeasonGuard::in_window);
  EXPECT_EQ(guard_of(season, event_of(Kind::forfeit, 30, 1)), SeasonGuard::overdue);
  run(season, {event_of(Kind::forfeit, 31, 1), event_of(Kind::promote, 31, 0), event_of(Kind::enter_pool, 31, 1)});
  EXPECT_EQ(season.children()[0].stage, drawn);
  EXPECT_EQ(season.children()[1].stage, public_pool);
  EXPECT_FALSE(season.check(event_of(Kind::confirm, 43, 0)));  // promoted, so with a term of its own
  EXPECT_EQ(guard_of(season, event_of(Kind::confirm, 44, 0)), SeasonGuard::in_window);
}

// serves: CQ18 CQ20
TEST(Season, ABatchOfADistrictIsOpenToItsChildrenOnly) {
  SeasonRules rules = small_rules();
  rules.batches[static_cast<std::size_t>(SeasonWindow::online)] = {{second(0), second(4), 0, 1440},
                                                                   {second(6), second(10), 0, 1440}};
  SeasonWorld world = small_world(3);
  world.children[1].district = 1, world.children[2].district = 2;  // the last has no batch
  Season season(world, rules);
  run(season, {event_of(Kind::register_online, 4, 0)});
  EXPECT_EQ(guard_of(season, event_of(Kind::register_online, 5, 1)), SeasonGuard::in_window);
  run(season, {event_of(Kind::register_online, 5, 2), event_of(Kind::register_online, 6, 1)});
}

// serves: GY25
TEST(Season, WhereAReceiptIsTheProofNothingElseKeepsTheSeat) {
  Season season = drawn_by(TakenBy::receipt);
  EXPECT_EQ(guard_of(season, event_of(Kind::confirm, 25, 1)), SeasonGuard::by_clock);
  SeasonEvent pay = event_of(Kind::pay, 25, 1);
  EXPECT_EQ(guard_of(season, pay), SeasonGuard::by_receipt);
  pay.number = 4711;
  run(season, {pay});
  EXPECT_EQ(season.children()[1].stage, confirmed);
}

// serves: GY13
TEST(Season, DailyHoursEndAtMidnightAndBeginAtEight) {
  WindowTimes window{second(0), second(10 * 86400), 8 * 60, 1440};
  EXPECT_FALSE(window.holds(second(8 * 3600 - 1)));
  EXPECT_TRUE(window.holds(second(8 * 3600)));
  EXPECT_TRUE(window.holds(second(86399)));
  EXPECT_FALSE(window.holds(second(86400)));
}

// serves: GY18 GY19 CQ20 ZZ27
TEST(Season, ARefusalNamesItsGuardAndItsClause) {
  Season season(small_world(1), small_rules());
  run(season, {event_of(Kind::register_online, 5, 0), event_of(Kind::verify, 5, 0)});
  EXPECT_EQ(guard_of(season, event_of(Kind::register_on_site, 15, 0)), SeasonGuard::one_registration);
  run(season, {event_of(Kind::enter_pool, 25, 0), event_of(Kind::offer, 31, 0, kPublic), event_of(Kind::accept, 31, 0),
               event_of(Kind::lock, 32, 0)});
  const auto refused = season.check(event_of(Kind::offer, 33, 0, kOtherPublic));
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->guard, SeasonGuard::one_seat);
  EXPECT_EQ(season.rules().clause(refused->hook), "clause-seat_lock");
}

// serves: GY25 GY27
TEST(Season, ALogGivesTheSameStateAgainAndAChangedOneIsRefusedWithItsNumber) {
  Season season = drawn_by(TakenBy::clock);
  run(season, {event_of(Kind::confirm, 25, 1), event_of(Kind::lock, 26, 1)});
  EXPECT_TRUE(replay(season.world(), season.rules(), season.log()).same_state(season));
  SeasonLog log = season.log();
  log.events.at(7).at = second(31);
  try {
    replay(season.world(), season.rules(), log);
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_EQ(error.where, "event 8");
  }
}

// serves: GY18 GY19 CQ20 CQ21 CQ22 ZZ41
TEST(SeasonModel, NoOrderOfEventsGivesTwoSeatsOrLeavesAChildWithoutOne) {
  expect_sound("two children, what touches seats", two_children(TakenBy::clock), true);
  expect_sound("one child, everything", model_of(1, TakenBy::clock), true);
}

// serves: GY25 GY27 GY28
TEST(SeasonModel, NorWithReceiptsAClaimAndADwellingThatGivesOneFamilyASeat) {
  expect_sound("a claim, a dwelling of two families, paid by receipt", claim_and_dwelling(), true);
}

// serves: CQ21 GY25
TEST(SeasonModel, ASeatLetGoByGoesToTheNextInLineAndTwinsStayTogether) {
  expect_sound("three children in a line for one seat", line_of_three(false), false);
  expect_sound("twins and one more in a line for two seats", line_of_three(true), false);
}

TEST(SeasonModel, EveryStageIsReached) {
  std::set<ChildStage> stages = SeasonModel(model_of(1, TakenBy::clock)).explore(false).stages;
  stages.merge(SeasonModel(line_of_three(false)).explore(false).stages);
  for (std::size_t s = 0; s < kChildStages; ++s) {
    EXPECT_TRUE(stages.contains(static_cast<ChildStage>(s))) << to_word(static_cast<ChildStage>(s));
  }
}

// serves: GY19 CQ20 CQ21 GY25 GY30 ZZ27
TEST(SeasonModel, EveryGuardSwitchedOffBreaksSomething) {
  const std::vector<ModelWorld> worlds{line_of_three(false), model_of(1, TakenBy::clock), model_of(1, TakenBy::receipt),
                                       claim_and_dwelling()};
  for (std::size_t g = 0; g < kSeasonGuards; ++g) {
    const auto guard = static_cast<SeasonGuard>(g);
    std::string violation;
    for (const ModelWorld& world : worlds) {
      if (violation.empty()) violation = SeasonModel(world, {guard}).explore(false).violation;
    }
    EXPECT_NE(violation, "") << to_word(guard) << " may be switched off and nothing breaks";
  }
}

// Minutes long: set CATCHMENT_SEASON_WORLDS.
TEST(SeasonModel, NightlyTwoChildrenEverythingAndThreeChildren) {
  if (std::getenv("CATCHMENT_SEASON_WORLDS") == nullptr) GTEST_SKIP() << "CATCHMENT_SEASON_WORLDS is not set";
  expect_sound("two children, everything, by the clock", model_of(2, TakenBy::clock), true);
  expect_sound("two children, everything, by receipt", model_of(2, TakenBy::receipt), true);
  expect_sound("three children, what touches seats", three_children(), true);
}

}  // namespace
}  // namespace catchment::engine::admission
