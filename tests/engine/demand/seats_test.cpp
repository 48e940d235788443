// The seat ledger of small schools. Serves ZZ50, ZZ51, CQ33, LB18 (class caps), ZZ42, ZZ48 (purchased seats), GY2 (plan
// not exceeded), GY20 (remaining seats), GY28 (direct promotion), GY29 (attached estates).
#include "engine/demand/seats.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "geo/input_error.hpp"
#include "tests/engine/demand/seat_world.hpp"

namespace catchment::engine::demand {
namespace {

using test::balances;
using test::note_words;
using test::one_school;
using test::rules_of;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::string error_of(const SeatInput& input) {
  try {
    make_seat_ledger(input, rules_of());
  } catch (const InputError& error) {
    return error.code + ": " + error.where;
  }
  return "none";
}

TEST(Seats, NeededAreThoseOfWholeClasses) {
  EXPECT_EQ(classes_needed(0, 45), 0);
  EXPECT_EQ(classes_needed(45, 45), 1);
  EXPECT_EQ(classes_needed(45.4, 45), 1);
  EXPECT_EQ(classes_needed(45.5, 45), 2);
  EXPECT_EQ(seats_needed(91, 45), 135);
  EXPECT_EQ(seats_needed(91, 50), 100);
}

TEST(Seats, RoomsThatPupilsLeaveMayHoldEntryClasses) {
  // Grades 2 to 6 want 3 + 3 + 2 + 2 + 1 = 11 classes of 45.
  const SeatLedger ledger = make_seat_ledger(one_school(14, {100, 135, 91, 90, 46, 10}), rules_of());
  const SeatRow* entry = ledger.find_entry("u", 2025);
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->grade, 1);
  EXPECT_EQ(entry->classes, 3);
  EXPECT_EQ(entry->seats, 135);
  EXPECT_EQ(entry->sitting, 0);
  EXPECT_EQ(entry->expected, 100);
  EXPECT_EQ(entry->free, 135);
  EXPECT_EQ(ledger.find("u", 2025, 3)->classes, 3);
  EXPECT_EQ(ledger.find("u", 2025, 3)->free, 135 - 91);
  EXPECT_EQ(ledger.find_entry("u", 2024), nullptr) << "the entry grade of the base year sits";
  EXPECT_EQ(ledger.find("u", 2024, 1)->sitting, 100);
  EXPECT_THAT(ledger.notes, IsEmpty());
}

TEST(Seats, CapsAreTheRulesNotTheCodes) {
  SeatInput input = one_school(14, {100, 135, 91, 90, 46, 10});
  input.plans = {{"u", 2025, 9, std::nullopt}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of(50));
  EXPECT_EQ(ledger.find("u", 2025, 5)->classes, 1);
  EXPECT_EQ(ledger.find_entry("u", 2025)->class_cap, 50);
  EXPECT_EQ(ledger.find_entry("u", 2025)->seats, (14 - 3 - 2 - 2 - 1 - 1) * 50);
}

TEST(Seats, WhereRoomsLackClassesGrowAndAreCounted) {
  // Wanted: 2 + 2 + 2 + 1 + 1 = 8; there are 6 rooms. The third grade's 90 get the sixth.
  const SeatLedger ledger = make_seat_ledger(one_school(6, {0, 67, 90, 60, 45, 45}), rules_of());
  const SeatRow& second = *ledger.find("u", 2025, 2);
  EXPECT_EQ(second.classes, 1);
  EXPECT_EQ(second.classes_wanted, 2);
  EXPECT_EQ(second.severe, 1);
  EXPECT_EQ(second.over_cap, 67 - 45);
  EXPECT_EQ(second.over, 67 - 45);
  EXPECT_EQ(ledger.find("u", 2025, 3)->classes, 2);
  EXPECT_EQ(ledger.find("u", 2025, 4)->oversized, 1);
  EXPECT_EQ(ledger.find_entry("u", 2025)->seats, 0);
  EXPECT_THAT(note_words(ledger), Contains("rooms_short u 2025"));
  EXPECT_THAT(note_words(ledger), Contains("oversized_class u 2025"));
}

TEST(Seats, OversizedClassesAreCountedAtTheRulesThresholds) {
  SeatInput input = one_school(20, {0, 0, 0, 0, 0, 0});
  for (GradePupils& row : input.pupils) {
    if (row.grade == 2) row.pupils = 55 + 56, row.classes = 2;  // 55 and 56
    if (row.grade == 3) row.pupils = 65 + 66, row.classes = 2;  // 65 and 66
  }
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find("u", 2024, 2)->oversized, 1);
  EXPECT_EQ(ledger.find("u", 2024, 2)->severe, 0);
  EXPECT_EQ(ledger.find("u", 2024, 3)->oversized, 1);
  EXPECT_EQ(ledger.find("u", 2024, 3)->severe, 1);
  EXPECT_DOUBLE_EQ(ledger.find("u", 2024, 3)->class_size, 65.5);
}

TEST(Seats, AnApprovedExceptionHoldsUntilItsEnd) {
  SeatInput input = one_school(6, {0, 0, 0, 0, 0, 0}, 2026);
  input.exceptions = {{"u", 1, 50, "a district bureau", "no other school within reach", 2024, "2025-09-01"}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find_entry("u", 2025)->class_cap, 50);
  EXPECT_TRUE(ledger.find_entry("u", 2025)->cap_excepted);
  EXPECT_EQ(ledger.find("u", 2025, 2)->class_cap, 45) << "only of grade 1";
  EXPECT_EQ(ledger.find_entry("u", 2026)->class_cap, 45);
  ASSERT_THAT(note_words(ledger), ElementsAre("exception_expired u 2026"));
  EXPECT_EQ(ledger.notes[0].message,
            "The class cap of 50 approved by a district bureau ended on 2025-09-01: no effect from 2026 on.");
}

TEST(Seats, AnExceptionThatExpiredHasNoEffectAtAll) {
  SeatInput with = one_school(9, {60, 60, 60, 60, 60, 60}, 2027);
  const SeatLedger without = make_seat_ledger(with, rules_of());
  with.exceptions = {{"u", 0, 60, "a bureau", "for a while", 2020, "2024-08-31"}};
  const SeatLedger ledger = make_seat_ledger(with, rules_of());
  EXPECT_EQ(ledger.rows, without.rows);
  EXPECT_THAT(note_words(ledger), Contains("exception_expired u 2024"));
  with.exceptions[0].until = "2024-09-01";
  EXPECT_NE(make_seat_ledger(with, rules_of()).rows, without.rows);
}

TEST(Seats, AnExceptionNobodyApprovedIsNone) {
  for (const int lacking : {0, 1, 2}) {
    SeatInput input = one_school(6, {0, 0, 0, 0, 0, 0});
    input.exceptions = {{"u", 0, 50, lacking == 0 ? "" : "a bureau", lacking == 1 ? "" : "a reason", 2024,
                         lacking == 2 ? "" : "2030-08-31"}};
    const SeatLedger ledger = make_seat_ledger(input, rules_of());
    EXPECT_EQ(ledger.find_entry("u", 2025)->class_cap, 45);
    EXPECT_THAT(note_words(ledger), ElementsAre("exception_unapproved u 2024"));
  }
}

TEST(Seats, AnExceptionThatAllowsOversizedClassesIsSaid) {
  SeatInput input = one_school(6, {0, 0, 0, 0, 0, 0});
  input.exceptions = {{"u", 1, 56, "a bureau", "a reason", 2024, "2030-08-31"}};
  EXPECT_THAT(note_words(make_seat_ledger(input, rules_of())), ElementsAre("exception_oversized u 2024"));
}

TEST(Seats, ReservedBufferAndPurchasedSeatsBalance) {
  SeatInput input = one_school(4, {0, 0, 0, 0, 0, 0});
  input.plans = {{"u", 2025, 4, std::nullopt}};
  input.reserved = {{"u", 2025, ReservedSeats::Kind::direct_promotion, 10, false},
                    {"u", 2025, ReservedSeats::Kind::attached_estate, 20, true},
                    {"u", 2025, ReservedSeats::Kind::policy_group, 5, false}};
  input.purchased = {{"u", 2025, 30, ""}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of(45, 0.05));
  const SeatRow& row = *ledger.find_entry("u", 2025);
  EXPECT_EQ(row.seats, 180);
  EXPECT_EQ(row.reserved, (Reserved{10, 20, 5}));
  EXPECT_EQ(row.buffer, 9);
  EXPECT_EQ(row.purchased, 30);
  EXPECT_EQ(row.free, 180 + 30 - 35 - 9);
  EXPECT_EQ(seats_for_demand(row), row.free + 20) << "the estate's children are in the demand";
  EXPECT_TRUE(balances(row));
}

TEST(Seats, PurchasedSeatsAreMissingWhereTheyWereSold) {
  SeatInput input = one_school(2, {0, 0, 0, 0, 0, 0});
  input.units.push_back({"p", "private", "", "", Stage::primary, {{"d", 1, 6}}});
  input.campuses.push_back({"d", "private"});
  input.rooms.push_back({"d", 2024, 3});
  input.plans = {{"u", 2025, 2, std::nullopt}, {"p", 2025, 3, std::nullopt}};
  input.purchased = {{"u", 2025, 40, "p"}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find_entry("u", 2025)->free, 90 + 40);
  EXPECT_EQ(ledger.find_entry("p", 2025)->sold, 40);
  EXPECT_EQ(ledger.find_entry("p", 2025)->free, 135 - 40);
}

TEST(Seats, MoreReservedThanThereIsGoesOverAndIsSaid) {
  SeatInput input = one_school(1, {0, 0, 0, 0, 0, 0});
  input.reserved = {{"u", 2025, ReservedSeats::Kind::direct_promotion, 60, false}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of(45, 0.1));
  const SeatRow& row = *ledger.find_entry("u", 2025);
  EXPECT_EQ(row.over, 15);
  EXPECT_EQ(row.free, 0);
  EXPECT_EQ(row.buffer, 0);
  EXPECT_EQ(seats_for_demand(row), 0);
  EXPECT_TRUE(balances(row));
  EXPECT_THAT(note_words(ledger), ElementsAre("reserved_over_seats u 2025"));
}

TEST(Seats, ThePlanBoundsTheEntryGrade) {
  SeatInput input = one_school(10, {0, 45, 45, 45, 45, 45}, 2027);
  input.plans = {{"u", 2025, 3, std::nullopt}, {"u", 2026, std::nullopt, 100}, {"u", 2027, 6, 400}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find_entry("u", 2025)->classes, 3);
  EXPECT_EQ(ledger.find_entry("u", 2025)->spare_rooms, 2);
  EXPECT_EQ(ledger.find_entry("u", 2026)->classes, 3);
  EXPECT_EQ(ledger.find_entry("u", 2026)->seats, 100);
  EXPECT_EQ(ledger.find_entry("u", 2027)->classes, 5);
  EXPECT_EQ(ledger.find_entry("u", 2027)->seats, 225) << "no plan makes a class larger";
  EXPECT_THAT(note_words(ledger), ElementsAre("plan_over_rooms u 2027", "plan_over_cap u 2027"));
}

TEST(Seats, WithoutAPlanTheEntryGradeHasWhatTheRoomsCarryEveryYear) {
  const SeatLedger ledger = make_seat_ledger(one_school(24, {150, 90, 90, 90, 90, 90}, 2036), rules_of());
  for (int year = 2025; year <= 2036; ++year) {
    const SeatRow& row = *ledger.find_entry("u", year);
    EXPECT_EQ(row.classes, 4) << "24 rooms for six grades";
    EXPECT_EQ(row.seats, 180);
    EXPECT_EQ(row.spare_rooms, 24 - 10 - 4) << "five grades of two classes sit";
    EXPECT_FALSE(row.planned);
  }
  const SeatLedger more = make_seat_ledger(one_school(29, {150, 90, 90, 90, 90, 90}), rules_of());
  EXPECT_EQ(more.find_entry("u", 2025)->classes, 4) << "a fifth could not be kept up";
}

TEST(Seats, WithoutAPlanTheEntryGradeHasNoFewerClassesThanInTheBaseYear) {
  SeatInput input = one_school(24, {225, 90, 90, 90, 90, 90}, 2026);
  EXPECT_EQ(make_seat_ledger(input, rules_of()).find_entry("u", 2025)->classes, 5);
  for (GradePupils& row : input.pupils) {
    if (row.grade == 1 && row.school_year == 2024) row.pupils = 180, row.classes = 6;
    if (row.grade > 1 && row.school_year == 2026) row.pupils = 180;
  }
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find_entry("u", 2025)->classes, 6) << "as the row says it had";
  EXPECT_EQ(ledger.find_entry("u", 2026)->classes, 4) << "the pupils who sit leave no more";
}

TEST(Seats, WithoutAPlanTheNarrowestGradesCount) {
  SeatInput input = one_school(8, {0, 0, 0, 0, 0, 0});
  input.units[0].campuses[0] = {"c", 1, 2};
  EXPECT_EQ(make_seat_ledger(input, rules_of()).find_entry("u", 2025)->classes, 4) << "two grades share eight rooms";
  input.campuses.push_back({"upper", "s"});
  input.rooms.push_back({"upper", 2024, 12});
  input.units[0].campuses.push_back({"upper", 3, 6});
  EXPECT_EQ(make_seat_ledger(input, rules_of()).find_entry("u", 2025)->classes, 3) << "which the upper grades carry";
}

TEST(Seats, WithoutAPlanTheGradesOfANineYearSchoolShareItsRooms) {
  SeatInput input = one_school(27, {0, 0, 0, 0, 0, 0});
  input.units.push_back({"v", "s", "", "", Stage::junior, {{"c", 7, 9}}});
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find_entry("u", 2025)->classes, 3);
  EXPECT_EQ(ledger.find_entry("v", 2025)->classes, 3);
}

TEST(Seats, WithoutAPlanASmallSchoolHasOneEntryClass) {
  EXPECT_EQ(make_seat_ledger(one_school(3, {0, 0, 0, 0, 0, 0}), rules_of()).find_entry("u", 2025)->classes, 1);
  EXPECT_EQ(make_seat_ledger(one_school(0, {0, 0, 0, 0, 0, 0}), rules_of()).find_entry("u", 2025)->classes, 0);
}

TEST(Seats, ACampusOfTheFirstTwoGradesHasRoomsForNoOthers) {
  SeatInput input = one_school(5, {0, 90, 45, 45, 45, 45});
  input.campuses.push_back({"small", "s"});
  input.rooms.push_back({"small", 2024, 4});
  input.units[0].campuses.push_back({"small", 1, 2});
  input.plans = {{"u", 2025, 3, std::nullopt}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  // Grades 3 to 6 take four of the five rooms; grade 2 one more, and one on the small campus, or both there.
  EXPECT_EQ(ledger.find_entry("u", 2025)->classes, 3);
  EXPECT_THAT(note_words(ledger), IsEmpty());
  for (const RoomUse& use : ledger.uses) {
    if (use.campus_id == "small") {
      EXPECT_LE(use.grade, 2);
    }
  }
  input.rooms[0].rooms = 3;  // grades 3 to 6 cannot move to the small campus's empty rooms
  EXPECT_THAT(note_words(make_seat_ledger(input, rules_of())), Contains("rooms_short u 2025"));
}

TEST(Seats, AClassMovesToAnotherCampusToMakeRoom) {
  SeatInput input = one_school(1, {0, 45, 45, 0, 0, 0});
  input.campuses.push_back({"b", "s"});
  input.rooms.push_back({"b", 2024, 1});
  input.units[0].campuses = {{"c", 1, 6}, {"b", 1, 2}};  // grade 2 would fill c first
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find("u", 2025, 2)->rooms, 1);
  EXPECT_EQ(ledger.find("u", 2025, 3)->rooms, 1);
}

TEST(Seats, TwoCampusesOfOnePlanNumberAreOneLine) {
  SeatInput input = one_school(3, {0, 45, 0, 0, 0, 0});
  input.campuses.push_back({"east", "s"});
  input.rooms.push_back({"east", 2024, 2});
  input.units[0].campuses.push_back({"east", 1, 6});
  input.units[0].plan_number = "07";
  input.plans = {{"u", 2025, std::nullopt, 150}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  const SeatRow& row = *ledger.find_entry("u", 2025);
  EXPECT_EQ(row.classes, 4) << "two rooms here, two there";
  EXPECT_EQ(row.seats, 150);
  int used = 0;
  for (const CampusYear& campus : ledger.campuses) used += campus.school_year == 2025 ? campus.used : 0;
  EXPECT_EQ(used, 5);
}

TEST(Seats, EntryGradesThatShareRoomsTakeTurnsByNeed) {
  SeatInput input = one_school(7, {35, 0, 0, 0, 0, 0});
  input.units.push_back({"v", "s", "", "", Stage::junior, {{"c", 7, 9}}});
  input.pupils.push_back({"v", 2025, 7, 200, std::nullopt});
  input.plans = {{"u", 2025, 7, std::nullopt}, {"v", 2025, 7, std::nullopt}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find_entry("u", 2025)->classes, 1);
  EXPECT_EQ(ledger.find_entry("v", 2025)->classes, 6);
  const std::vector<SeatRow> school = school_rows(ledger.rows);
  ASSERT_EQ(school.size(), 18u) << "nine grades, two years";
  EXPECT_EQ(school.front().admission_unit_id, "");
  for (const SeatRow& row : school) EXPECT_TRUE(balances(row));
}

TEST(Seats, UnknownRoomsAreThoseOfTheClassesThatSatThere) {
  SeatInput input = one_school(0, {90, 90, 90, 90, 90, 90});
  input.rooms.clear();
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find_entry("u", 2025)->classes, 2);
  EXPECT_THAT(note_words(ledger), ElementsAre("rooms_unknown c 2024"));
  EXPECT_FALSE(ledger.campuses.front().known);
  input.units[0].campuses.clear();
  EXPECT_EQ(make_seat_ledger(input, rules_of()).find_entry("u", 2025)->classes, 2);
}

TEST(Seats, RoomsHoldFromTheirYearOn) {
  SeatInput input = one_school(1, {0, 0, 0, 0, 0, 0}, 2027);
  input.rooms = {{"c", 2026, 12}, {"c", 2027, 30}};
  const SeatLedger ledger = make_seat_ledger(input, rules_of());
  EXPECT_EQ(ledger.find_entry("u", 2025)->classes, 0);
  EXPECT_EQ(ledger.find_entry("u", 2026)->classes, 2);
  EXPECT_EQ(ledger.find_entry("u", 2027)->classes, 5);
}

TEST(Seats, InputThatCannotBeMeantIsRefusedByName) {
  const SeatInput sound = one_school(3, {0, 0, 0, 0, 0, 0});
  const auto with = [&](auto change) {
    SeatInput input = sound;
    change(input);
    return error_of(input);
  };
  EXPECT_EQ(error_of(sound), "none");
  EXPECT_EQ(with([](SeatInput& in) { in.rooms[0].rooms = -1; }), "seat_count: rooms c 2024");
  EXPECT_EQ(with([](SeatInput& in) { in.rooms[0].campus_id = "x"; }), "seat_unknown: rooms x 2024");
  EXPECT_EQ(with([](SeatInput& in) { in.rooms.push_back(in.rooms[0]); }), "seat_duplicate: rooms c 2024");
  EXPECT_EQ(with([](SeatInput& in) { in.pupils[3].pupils = -4; }), "seat_count: pupils u 2024 grade 4");
  EXPECT_EQ(with([](SeatInput& in) { in.pupils[3].pupils = std::nan(""); }), "seat_count: pupils u 2024 grade 4");
  EXPECT_EQ(with([](SeatInput& in) { in.pupils[3].grade = 7; }), "seat_grade: pupils u 2024 grade 7");
  EXPECT_EQ(with([](SeatInput& in) { in.units[0].campuses[0].last_grade = 9; }), "seat_grade: admission unit u");
  EXPECT_EQ(with([](SeatInput& in) { in.units[0].stage = Stage::senior; }), "seat_stage: admission unit u");
  EXPECT_EQ(with([](SeatInput& in) {
              in.exceptions = {{"u", 1, 50, "a", "b", 0, "31.8.2025"}};
            }),
            "seat_date: cap exception u grade 1");
  EXPECT_EQ(with([](SeatInput& in) { in.plans = {{"w", 2025, 1, {}}}; }), "seat_unknown: plan w 2025");
  EXPECT_EQ(with([](SeatInput& in) { in.purchased = {{"u", 2025, 1, "u"}}; }), "seat_unknown: purchased u 2025");
  EXPECT_EQ(with([](SeatInput& in) { in.last_year = 2023; }), "seat_year: ");
}

TEST(Seats, AForecastIsSplitBetweenTheUnitsOfASchool) {
  Forecast forecast;
  forecast.base_year = 2024;
  forecast.schools.resize(1);
  forecast.schools[0].school_id = "s";
  forecast.schools[0].grades = {{1, {{80, 0, {}, {}}, {60, 0, {}, {}}}}, {7, {{50, 0, {}, {}}, {50, 0, {}, {}}}}};
  const std::vector<AdmissionUnit> units{{"a", "s", "", "", Stage::primary, {}},
                                         {"b", "s", "", "", Stage::primary, {}},
                                         {"j", "s", "", "", Stage::junior, {}}};
  const std::vector<GradePupils> observed{{"a", 2024, 1, 30, {}}, {"b", 2024, 2, 90, {}}, {"b", 2023, 2, 900, {}}};
  const auto rows = expected_pupils(forecast, units, observed, rules_of());
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_DOUBLE_EQ(rows[0].pupils, 20);
  EXPECT_EQ(rows[1].school_year, 2026);
  EXPECT_DOUBLE_EQ(rows[2].pupils, 60);
  EXPECT_EQ(rows[4].admission_unit_id, "j");
  EXPECT_DOUBLE_EQ(rows[4].pupils, 50);
}

}  // namespace
}  // namespace catchment::engine::demand
