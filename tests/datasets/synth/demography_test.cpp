#include "datasets/synth/demography.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

#include "datasets/synth/demand_truth.hpp"
#include "datasets/synth/seat_plan.hpp"
#include "geo/interior_point.hpp"
#include "tests/datasets/synth/made_city.hpp"

namespace catchment::datasets::synth {
namespace {

using engine::Stage;

class SynthDemography : public testing::Test {
 protected:
  static void SetUpTestSuite() { made_ = std::make_unique<MadeCity>(of_forty()); }
  static void TearDownTestSuite() { made_.reset(); }
  const CityPackage package_ = made_->open();

  static std::unique_ptr<MadeCity> made_;
};
std::unique_ptr<MadeCity> SynthDemography::made_;

using ByYearAndAge = std::map<std::pair<int, int>, int>;

ByYearAndAge city_children(const CityPackage& package) {
  ByYearAndAge sums;
  for (const engine::UnitChildren& row : package.unit_children()) sums[{row.year, row.age}] += row.children;
  return sums;
}

TEST_F(SynthDemography, ChildrenGrowOlder) {
  std::map<std::pair<int, int>, int> cohort;  // birth year, year
  int total = 0;
  for (const engine::UnitChildren& row : package_.unit_children()) {
    cohort[{row.year - row.age, row.year}] += row.children;
    total += row.year == kLastYear ? row.children : 0;
  }
  EXPECT_NEAR(total, 30'000, 1'500);
  EXPECT_EQ(total, made_->summary.children);
  int moved = 0;
  for (const auto& [key, count] : cohort) {
    const auto next = cohort.find({key.first, key.second + 1});
    if (next == cohort.end()) continue;
    EXPECT_NEAR(next->second, count, 0.12 * count) << key.first << " in " << key.second;
    moved += next->second != count ? 1 : 0;
  }
  EXPECT_GT(moved, 150);  // of 11 x 17: nothing is as the year before
  const ByYearAndAge sums = city_children(package_);
  EXPECT_LT(sums.at({kLastYear, 0}), sums.at({kLastYear - 5, 0}));  // births fall
}

TEST_F(SynthDemography, UnitsDifferLastingly) {
  // Children of ages 1 to 12 over those aged 0 to 11 the year before, in the first and in the second half of the years.
  struct Half {
    double from = 0;
    double to = 0;
  };
  std::set<std::string> built;
  for (const engine::Housing& row : package_.housing()) built.insert(row.unit_id);
  std::map<std::string, std::map<std::pair<int, int>, int>> units;
  for (const engine::UnitChildren& row : package_.unit_children()) {
    if (!built.contains(row.unit_id)) units[row.unit_id][{row.year, row.age}] = row.children;
  }
  double cross = 0;
  double squares = 0;
  for (const auto& [id, count] : units) {
    std::array<Half, 2> halves;
    for (int year = kFirstYear + 1; year <= kLastYear; ++year) {
      Half& half = halves[year <= kFirstYear + 5 ? 0 : 1];
      for (int age = 1; age <= 12; ++age) {
        half.from += count.at({year - 1, age - 1});
        half.to += count.at({year, age});
      }
    }
    if (halves[0].from < 50 || halves[1].from < 50) continue;
    const double first = halves[0].to / halves[0].from - 1.003;
    const double second = halves[1].to / halves[1].from - 1.003;
    cross += first * second;
    squares += first * first;
  }
  EXPECT_GT(cross / squares, 0.25);  // 0 if a unit's past said nothing of its future, 1 without noise
}

TEST_F(SynthDemography, HousingBringsChildrenOnceItIsComplete) {
  std::map<std::string, std::array<int, kHistoryYears>> children;
  for (const engine::UnitChildren& row : package_.unit_children()) {
    children[row.unit_id][static_cast<std::size_t>(row.year - kFirstYear)] += row.children;
  }
  double expected = 0;
  double gained = 0;
  int planned = 0;
  for (const engine::Housing& row : package_.housing()) {
    planned += row.completion_year > kLastYear ? 1 : 0;
    EXPECT_NE(row.name.find("合成"), std::string::npos);
    if (row.completion_year + 3 > kLastYear) continue;
    const auto& by_year = children.at(row.unit_id);
    const auto done = static_cast<std::size_t>(row.completion_year - kFirstYear);
    expected += row.dwellings * yield_of(row.kind).children * occupancy_after(3);
    gained += by_year[done + 3] - by_year[done - 1];
  }
  EXPECT_GE(planned, 3);
  EXPECT_GT(expected, 500);
  EXPECT_NEAR(gained / expected, 1, 0.25);
}

TEST_F(SynthDemography, ChildrenAgedNoughtAreTheYearsBirths) {
  int born = 0;
  std::set<int> months_of_last_year;
  for (const engine::Births& row : package_.births()) {
    if (row.year == kLastYear) months_of_last_year.insert(row.month);
    if (row.month == 0) continue;
    if (row.year == kLastYear ? row.month <= 8 : row.year == kLastYear - 1 && row.month >= 9) born += row.births;
  }
  EXPECT_EQ(born, city_children(package_).at({kLastYear, 0}));
  EXPECT_EQ(months_of_last_year, (std::set<int>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(SynthDemography, ClassesAreAsFewAsTheCapOrItsExceptionAllows) {
  std::map<std::string, engine::CapException> excepted;  // school
  for (const engine::CapException& row : package_.cap_exceptions()) {
    excepted[row.admission_unit_id.substr(row.admission_unit_id.find('S'))] = row;
    EXPECT_FALSE(row.reason.empty() || row.approved_by.empty() || row.until.empty());
  }
  EXPECT_GE(excepted.size(), 1u);
  for (const engine::Enrolment& row : package_.enrolment()) {
    int per_class = row.grade <= 6 ? 45 : 50;
    const auto found = excepted.find(row.school_id);
    if (found != excepted.end() && row.school_year >= found->second.from_year) per_class = found->second.cap;
    EXPECT_EQ(row.classes, (row.pupils + per_class - 1) / per_class) << row.school_id << " " << row.school_year;
  }
}

TEST_F(SynthDemography, PupilsOfAGradeAreAboutTheChildrenOfThatAge) {
  ByYearAndAge pupils;  // by year and grade
  for (const engine::Enrolment& row : package_.enrolment()) pupils[{row.school_year, row.grade}] += row.pupils;
  const ByYearAndAge children = city_children(package_);
  EXPECT_EQ(pupils.size(), static_cast<std::size_t>(kHistoryYears * 9));
  int same = 0;
  for (const auto& [key, count] : pupils) {
    const int of_age = children.at({key.first, 5 + key.second});
    EXPECT_NEAR(count, of_age, 0.1 * of_age) << key.first << " grade " << key.second;
    same += count == of_age ? 1 : 0;
  }
  EXPECT_LT(same, 10);
}

TEST_F(SynthDemography, StreamsAddUpToTheEntryPupils) {
  std::map<std::string, engine::School> schools;
  for (const engine::School& row : package_.schools()) schools[row.id] = row;
  std::map<std::pair<std::string, int>, int> sums;
  std::map<std::string, int> of_stream;
  for (const engine::Intake& row : package_.intake()) {
    sums[{row.school_id, row.school_year}] += row.pupils;
    of_stream[row.stream] += row.pupils;
  }
  int checked = 0;
  for (const engine::Enrolment& row : package_.enrolment()) {
    const std::string id = row.school_id == kFormerId ? package_.school_successors().at(0).new_id : row.school_id;
    const int entry = schools.at(id).stages.front() == Stage::primary ? 1 : 7;
    if (row.grade != entry || (entry == 7 && row.school_year == kFirstYear))
      continue;  // the first grade 7 is drawn whole
    ++checked;
    EXPECT_EQ(sums.at({row.school_id, row.school_year}), row.pupils) << row.school_id << " " << row.school_year;
  }
  EXPECT_GT(checked, 400);
  const double all = of_stream["zone"] + of_stream["out_of_area"] + of_stream["migrant"];
  EXPECT_GT(of_stream["zone"] / all, 0.75);
  EXPECT_GT(of_stream["out_of_area"] / all, 0.03);
  EXPECT_GT(of_stream["migrant"] / all, 0.02);
}

TEST_F(SynthDemography, PupilsGoUpByNoisyRatiosNearOne) {
  std::map<std::tuple<std::string, int, int>, int> pupils;
  for (const engine::Enrolment& row : package_.enrolment()) {
    pupils[{row.school_id, row.school_year, row.grade}] = row.pupils;
  }
  double from = 0;
  double to = 0;
  for (const auto& [key, count] : pupils) {
    const auto& [school, year, grade] = key;
    const auto next = pupils.find({school, year + 1, grade + 1});
    if (grade == 6 || next == pupils.end()) continue;
    EXPECT_NEAR(next->second, count, 0.3 * count + 10);
    from += count;
    to += next->second;
  }
  EXPECT_NEAR(to / from, 1.0, 0.02);
}

TEST_F(SynthDemography, OneSchoolHadAnotherId) {
  const auto successors = package_.school_successors();
  ASSERT_EQ(successors.size(), 1u);
  EXPECT_EQ(successors[0].old_id, kFormerId);
  std::set<int> former;
  std::set<int> now;
  for (const engine::Enrolment& row : package_.enrolment()) {
    if (row.school_id == kFormerId) former.insert(row.school_year);
    if (row.school_id == successors[0].new_id) now.insert(row.school_year);
  }
  EXPECT_EQ(*former.begin(), kFirstYear);
  EXPECT_EQ(*former.rbegin(), kRenamedYear - 1);
  EXPECT_EQ(*now.begin(), kRenamedYear);
  EXPECT_EQ(*now.rbegin(), kLastYear);
}

TEST_F(SynthDemography, HasRoomsForItsClassesAndSeatsOfEveryKind) {
  std::map<std::string, std::string> school_of;
  std::map<std::string, int> rooms;
  std::map<std::string, int> classes;
  for (const engine::Campus& row : package_.campuses()) school_of[row.id] = row.school_id;
  for (const engine::CampusRooms& row : package_.rooms()) {
    if (row.school_year <= kLastYear) rooms[school_of.at(row.campus_id)] += row.rooms;
  }
  for (const engine::Enrolment& row : package_.enrolment()) {
    if (row.school_year == kLastYear) classes[row.school_id] += row.classes;
  }
  EXPECT_EQ(rooms.size(), package_.schools().size());
  for (const auto& [school, count] : classes) EXPECT_LE(count, rooms.at(school)) << school;
  for (const engine::AdmissionUnit& unit : package_.admission_units()) {
    ASSERT_EQ(unit.campuses.size(), 2u);
    for (const engine::UnitCampus& campus : unit.campuses) EXPECT_EQ(school_of.at(campus.campus_id), unit.school_id);
    EXPECT_EQ(unit.campuses[1].last_grade - unit.campuses[1].first_grade, 1);
  }
  std::set<std::string> kinds;
  for (const engine::ReservedSeats& row : package_.reserved_seats()) kinds.insert(row.kind);
  EXPECT_EQ(kinds, (std::set<std::string>{"attached_estate", "direct_promotion", "policy_group"}));
  EXPECT_FALSE(package_.purchased_seats().empty());
  EXPECT_FALSE(package_.admission_plans().empty());
}

TEST_F(SynthDemography, TheSurveyFindsNearlyAllWhoWillEnter) {
  int counted = 0;
  for (const engine::SurveyCount& row : package_.survey_counts()) {
    EXPECT_EQ(row.school_year, kLastYear + 1);
    counted += row.children;
  }
  const double due = city_children(package_).at({kLastYear, 5});
  EXPECT_NEAR(counted / due, 0.99, 0.02);
}

TEST_F(SynthDemography, UnitsNameTheDistrictTheyLieIn) {
  std::map<std::string, geo::MultiPolygon> districts;
  for (const engine::Place& place : package_.places()) {
    if (place.kind == "district") districts[place.id] = place.shape;
  }
  for (const engine::Unit& unit : package_.units()) {
    EXPECT_TRUE(covers(districts.at(unit.district_id), *geo::find_interior_point(unit.shape))) << unit.id;
  }
}

}  // namespace
}  // namespace catchment::datasets::synth
