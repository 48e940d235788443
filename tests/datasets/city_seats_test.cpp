#include "datasets/city_seats.hpp"

#include <gtest/gtest.h>

#include "datasets/package_writer.hpp"
#include "geo/input_error.hpp"
#include "tests/datasets/temp_dir.hpp"

namespace catchment::datasets {
namespace {

using engine::Stage;
using testing::TempDir;

struct CitySeatsTest : ::testing::Test {
  TempDir dir;
  std::unique_ptr<PackageWriter> out = std::make_unique<PackageWriter>(dir / "city.gpkg", PackageWriter::Start::empty);

  void SetUp() override {
    out->add(engine::School{"one", "单校区小学", {Stage::primary}, "open", "public"});
    out->add(engine::School{"nine", "九年制学校", {Stage::primary, Stage::junior}, "open", "public"});
    out->add(engine::School{"two", "两单元小学", {Stage::primary}, "open", "public"});
    out->add(engine::School{"gone", "停办小学", {Stage::primary}, "closed", "public"});
    out->add(engine::School{"paid", "民办小学", {Stage::primary}, "open", "private"});
    for (const char* id : {"one", "nine", "two", "gone", "paid"}) {
      out->add(engine::Campus{std::string("c-") + id, id, "", {}});
    }
    for (const char* id : {"t1", "t2"}) out->add(engine::AdmissionUnit{id, "two", Stage::primary, id, "", {}});
  }
  CitySeats load() {
    if (out) out->commit();
    out.reset();
    return load_city_seats(CityPackage::open(dir / "city.gpkg"), {}, 2026, 2030);
  }
  static const engine::demand::AdmissionUnit* find(const CitySeats& seats, const std::string& id) {
    for (const auto& unit : seats.input.units) {
      if (unit.id == id) return &unit;
    }
    return nullptr;
  }
};

TEST_F(CitySeatsTest, ASchoolHasAUnitForEachStageOnAllItsCampuses) {
  const CitySeats seats = load();
  ASSERT_NE(find(seats, "one"), nullptr);
  ASSERT_EQ(find(seats, "one")->campuses.size(), 1u);
  EXPECT_EQ(find(seats, "one")->campuses[0].last_grade, 6);
  EXPECT_EQ(find(seats, "nine")->stage, Stage::primary);
  ASSERT_NE(find(seats, "nine/junior"), nullptr);
  EXPECT_EQ(find(seats, "nine/junior")->campuses[0].first_grade, 7);
  EXPECT_EQ(find(seats, "two"), nullptr);
  EXPECT_EQ(find(seats, "gone"), nullptr);
  EXPECT_NO_THROW(check_seat_input(seats.input, {}));
}

TEST_F(CitySeatsTest, ARowThatNamesASchoolIsOfTheUnitItsGradeBelongsTo) {
  out->add(engine::ReservedSeats{"nine", 2027, 7, "direct_promotion", 30, true, ""});
  out->add(engine::ReservedSeats{"nine", 2027, 0, "policy_group", 5, false, ""});
  out->add(engine::CapException{"nine", 0, 2024, "2028-07-31", 52, "r", "b"});
  out->add(engine::AdmissionPlan{"t1", 2027, 2, std::nullopt});
  const CitySeats seats = load();
  ASSERT_EQ(seats.input.reserved.size(), 2u);
  for (const auto& row : seats.input.reserved) {
    EXPECT_EQ(row.admission_unit_id, row.seats == 30 ? "nine/junior" : "nine");
  }
  EXPECT_EQ(seats.input.exceptions.size(), 2u);
  ASSERT_EQ(seats.input.plans.size(), 1u);
  EXPECT_EQ(seats.input.plans[0].classes, 2);
}

TEST_F(CitySeatsTest, PupilsOfTheBaseYearAreSplitEvenlyBetweenUnitsOfAStageAndTheReaderIsTold) {
  out->add(engine::Enrolment{"two", 2026, 1, 3, 101});
  out->add(engine::Enrolment{"two", 2025, 1, 9, 900});
  out->add(engine::Enrolment{"nine", 2026, 7, 2, 80});
  const CitySeats seats = load();
  ASSERT_EQ(seats.input.pupils.size(), 3u);
  EXPECT_EQ(seats.input.pupils[0].admission_unit_id, "nine/junior");
  EXPECT_EQ(seats.input.pupils[1].pupils, 51);
  EXPECT_EQ(seats.input.pupils[1].classes, 2);
  EXPECT_EQ(seats.input.pupils[2].pupils, 50);
  EXPECT_EQ(seats.input.pupils[2].classes, 1);
  EXPECT_EQ(seats.split_schools, std::vector<std::string>{"two"});
}

TEST_F(CitySeatsTest, SeatsBoughtForTheWholeCityStandApart) {
  out->add(engine::PurchasedSeats{"paid", "", 2027, 0, 40});
  out->add(engine::PurchasedSeats{"paid", "one", 2027, 0, 25});
  const CitySeats seats = load();
  ASSERT_EQ(seats.city_wide.size(), 1u);
  EXPECT_EQ(seats.city_wide[0].seats, 40);
  ASSERT_EQ(seats.input.purchased.size(), 1u);
  EXPECT_EQ(seats.input.purchased[0].admission_unit_id, "one");
  EXPECT_EQ(seats.input.purchased[0].seller_unit_id, "paid");
}

TEST_F(CitySeatsTest, ARowThatCannotBeUsedIsNamed) {
  out->add(engine::ReservedSeats{"one", 2027, 3, "policy_group", 5, false, ""});
  try {
    load();
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code, "seat_row");
    EXPECT_NE(error.where.find("reserved_seats, row 1"), std::string::npos) << error.where;
  }
}

}  // namespace
}  // namespace catchment::datasets
