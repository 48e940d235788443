// What holds of the ledger of any city: it balances, and more is never less.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine/demand/seats.hpp"
#include "tests/engine/demand/seat_world.hpp"
#include "tests/support/random.hpp"

namespace catchment::engine::demand {
namespace {

using catchment::test::Random;

// Some primary and junior units on shared campuses, with everything a ledger knows.
SeatInput random_input(Random& random) {
  SeatInput input;
  input.base_year = 2024;
  input.last_year = 2026;
  const int campuses = random.between(1, 4);
  for (int i = 0; i < campuses; ++i) {
    const std::string id = "c" + std::to_string(i);
    input.campuses.push_back({id, "s"});
    if (random.between(0, 4) > 0) input.rooms.push_back({id, random.between(2023, 2025), random.between(0, 14)});
  }
  const int units = random.between(1, 3);
  for (int i = 0; i < units; ++i) {
    const bool junior = random.between(0, 2) == 0;
    const int first = junior ? 7 : 1;
    const int last = junior ? 9 : 6;
    AdmissionUnit unit{
        "u" + std::to_string(i), "s" + std::to_string(i % 2), "", "", junior ? Stage::junior : Stage::primary, {}};
    for (int c = 0; c < campuses; ++c) {
      if (random.between(0, 1) == 0) continue;
      const int from = random.between(first, last);
      unit.campuses.push_back({"c" + std::to_string(c), from, random.between(from, last)});
    }
    for (int year = 2024; year <= 2026; ++year) {
      for (int grade = first; grade <= last; ++grade) {
        GradePupils row{unit.id, year, grade, random.between(0, 2400) / 10.0, {}};
        if (random.between(0, 5) == 0) row.classes = random.between(0, 4);
        input.pupils.push_back(row);
      }
      if (random.between(0, 2) == 0) input.plans.push_back({unit.id, year, random.between(0, 5), {}});
      const auto kind = static_cast<ReservedSeats::Kind>(random.between(0, 2));
      const int reserved = random.between(0, 80);
      input.reserved.push_back({unit.id, year, kind, reserved, random.between(0, 1) == 0});
      input.purchased.push_back({unit.id, year, random.between(0, 40), i > 0 ? "u0" : ""});
    }
    if (random.between(0, 1) == 0) {
      input.exceptions.push_back({unit.id, 0, random.between(30, 60), "a bureau", "a reason", 2024, "2025-12-31"});
    }
    input.units.push_back(std::move(unit));
  }
  return input;
}

DemandRules random_rules(Random& random) {
  return test::rules_of(random.between(30, 50), random.between(0, 20) / 100.0);
}

TEST(SeatProperties, EveryLineBalances) {
  Random random(1);
  int over = 0;
  for (int round = 0; round < 400; ++round) {
    const SeatLedger ledger = make_seat_ledger(random_input(random), random_rules(random));
    for (const SeatRow& row : ledger.rows) {
      ASSERT_TRUE(test::balances(row)) << row.admission_unit_id << row.school_year << row.grade;
      over += row.over > 0 ? 1 : 0;
    }
    for (const SeatRow& row : school_rows(ledger.rows)) {
      ASSERT_EQ(row.seats + row.purchased + row.over,
                row.sitting + row.reserved.total() + row.sold + row.buffer + row.free);
    }
  }
  EXPECT_GT(over, 100) << "the cities are too easy";
}

TEST(SeatProperties, NoCampusHoldsMoreClassesThanRooms) {
  Random random(2);
  for (int round = 0; round < 400; ++round) {
    const SeatInput input = random_input(random);
    const SeatLedger ledger = make_seat_ledger(input, random_rules(random));
    std::map<std::pair<std::string, int>, int> used;
    for (const RoomUse& use : ledger.uses) {
      used[{use.campus_id, use.school_year}] += use.classes;
      for (const AdmissionUnit& unit : input.units) {
        if (unit.id != use.admission_unit_id || use.campus_id.empty()) continue;
        const auto taught = std::ranges::find(unit.campuses, use.campus_id, &UnitCampus::campus_id);
        ASSERT_NE(taught, unit.campuses.end());
        ASSERT_TRUE(taught->first_grade <= use.grade && use.grade <= taught->last_grade);
      }
    }
    for (const CampusYear& campus : ledger.campuses) {
      ASSERT_EQ((used[{campus.campus_id, campus.school_year}]), campus.used);
      ASSERT_LE(campus.used, campus.rooms);
    }
  }
}

// Plans of all units and years.
void plan_all(SeatInput& input, Random& random) {
  input.plans.clear();
  for (const AdmissionUnit& unit : input.units) {
    for (int year = input.base_year; year <= input.last_year; ++year) {
      input.plans.push_back({unit.id, year, random.between(0, 9), {}});
    }
  }
}

TEST(SeatProperties, MoreRoomsNeverMeanFewerSeatsForAnyone) {
  Random random(3);
  int more_seats = 0;
  for (int round = 0; round < 1500; ++round) {
    SeatInput input = random_input(random);
    const DemandRules rules = random_rules(random);
    plan_all(input, random);
    if (input.rooms.size() < input.campuses.size()) continue;  // what is inferred of the others changes too
    const SeatLedger before = make_seat_ledger(input, rules);
    CampusRooms& rooms = input.rooms[static_cast<std::size_t>(random.next() % input.rooms.size())];
    rooms.rooms += random.between(1, 3);
    const SeatLedger after = make_seat_ledger(input, rules);
    ASSERT_EQ(before.rows.size(), after.rows.size());
    for (std::size_t i = 0; i < before.rows.size(); ++i) {
      const std::string where = "round " + std::to_string(round) + ", line " + std::to_string(i);
      ASSERT_GE(after.rows[i].rooms, before.rows[i].rooms) << where;
      ASSERT_GE(after.rows[i].seats, before.rows[i].seats) << where;
      ASSERT_GE(after.rows[i].free, before.rows[i].free) << where;
      ASSERT_GE(seats_for_demand(after.rows[i]), seats_for_demand(before.rows[i])) << where;
      more_seats += after.rows[i].seats > before.rows[i].seats ? 1 : 0;
    }
  }
  EXPECT_GT(more_seats, 300);
}

// Without plans, classes that one unit may now have can take a room of another's, but all together have no fewer.
TEST(SeatProperties, MoreRoomsNeverMeanFewerEntryClassesTogether) {
  Random random(8);
  int more_classes = 0;
  for (int round = 0; round < 1500; ++round) {
    SeatInput input = random_input(random);
    const DemandRules rules = random_rules(random);
    if (input.rooms.size() < input.campuses.size()) continue;
    input.plans.clear();
    const auto entry_classes = [&] {
      std::map<int, int> by_year;
      for (const SeatRow& row : make_seat_ledger(input, rules).rows) {
        if (row.entry) by_year[row.school_year] += row.classes;
      }
      return by_year;
    };
    auto before = entry_classes();
    input.rooms[static_cast<std::size_t>(random.next() % input.rooms.size())].rooms += random.between(1, 9);
    for (const auto& [year, classes] : entry_classes()) {
      ASSERT_GE(classes, before[year]) << "round " << round;
      more_classes += classes > before[year] ? 1 : 0;
    }
  }
  EXPECT_GT(more_classes, 100);
}

TEST(SeatProperties, MoreChildrenNeverNeedFewerSeatsOrClasses) {
  Random random(4);
  for (int round = 0; round < 2000; ++round) {
    const double pupils = random.between(0, 5000) / 10.0;
    const double more = pupils + random.between(0, 500) / 10.0;
    const int cap = random.between(1, 60);
    ASSERT_GE(classes_needed(more, cap), classes_needed(pupils, cap));
    ASSERT_GE(seats_needed(more, cap), seats_needed(pupils, cap));
    ASSERT_GE(seats_needed(pupils, cap), whole_pupils(pupils));
    ASSERT_LT(seats_needed(pupils, cap), whole_pupils(pupils) + cap);
  }
  for (int round = 0; round < 400; ++round) {
    SeatInput input = random_input(random);
    const DemandRules rules = random_rules(random);
    const SeatLedger before = make_seat_ledger(input, rules);
    for (GradePupils& row : input.pupils) row.pupils += random.between(0, 300) / 10.0;
    const SeatLedger after = make_seat_ledger(input, rules);
    for (std::size_t i = 0; i < before.rows.size(); ++i) {
      ASSERT_GE(after.rows[i].classes_wanted, before.rows[i].classes_wanted);
    }
  }
}

TEST(SeatProperties, ALineWithMoreClassesNeverHasFewerSeats) {
  Random random(5);
  for (int round = 0; round < 200; ++round) {
    const DemandRules rules = random_rules(random);
    for (const SeatRow& row : make_seat_ledger(random_input(random), rules).rows) {
      if (!row.entry) continue;
      for (int more = -2; more < 4; ++more) {
        const SeatRow fewer = with_more_classes(row, more, *rules.find(row.stage));
        const SeatRow larger = with_more_classes(row, more + 1, *rules.find(row.stage));
        ASSERT_GE(seats_for_demand(larger), seats_for_demand(fewer));
        ASSERT_TRUE(test::balances(larger));
      }
      ASSERT_EQ(with_more_classes(row, 0, *rules.find(row.stage)), row);
    }
  }
}

TEST(SeatProperties, RowsInAnyOrderGiveTheSameLedger) {
  Random random(6);
  for (int round = 0; round < 100; ++round) {
    SeatInput input = random_input(random);
    const DemandRules rules = random_rules(random);
    const SeatLedger before = make_seat_ledger(input, rules);
    std::ranges::reverse(input.campuses);
    std::ranges::reverse(input.rooms);
    std::ranges::reverse(input.units);
    std::ranges::reverse(input.pupils);
    std::ranges::reverse(input.reserved);
    std::ranges::reverse(input.purchased);
    const SeatLedger after = make_seat_ledger(input, rules);
    ASSERT_EQ(before.rows, after.rows);
    ASSERT_EQ(test::note_words(before), test::note_words(after));
  }
}

}  // namespace
}  // namespace catchment::engine::demand
