#include "datasets/synth/demand_truth.hpp"

#include <algorithm>

#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr std::uint64_t kUnitStream = 811;
constexpr std::uint64_t kZoneStream = 812;
constexpr std::uint64_t kDistrictStream = 813;
constexpr std::uint64_t kYearStream = 814;
constexpr std::uint64_t kSchoolStream = 815;
constexpr std::uint64_t kSchoolYearStream = 816;
constexpr std::uint64_t kEntryStream = 817;

constexpr int kFirstCohort = kFirstYear - kAges + 1;
// Relative size of cohorts from kFirstCohort to kLastYear: a hill about 2016 and a fall behind it.
constexpr std::array<int, kLastYear - kFirstCohort + 1> kCohorts{
    70, 71, 72, 73, 74, 76, 78, 80, 82, 84, 86, 88, 90, 92, 94, 95, 94, 95, 97, 99, 93, 86, 78, 70, 64, 60, 58, 52, 49};
// Gain or loss a year by age: families come before school begins and leave for senior school.
constexpr std::array<double, kAges> kByAge{0.002,  0.003,  0.004,  0.004,  0.006,  0.014,  0.002,  0.000,  0.000,
                                           -0.001, -0.001, -0.004, -0.002, -0.001, -0.006, -0.010, -0.008, 0};
constexpr std::array<int, kAges> kNewcomers{8, 8, 9, 9, 9, 8, 7, 7, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1};
constexpr std::array<double, 6> kOccupancy{0.3, 0.6, 0.8, 0.9, 0.95, 1.0};

double normal_of(std::uint64_t seed, std::uint64_t stream, std::uint64_t item) {
  return Random(seed, stream, item).normal();
}
// What a year's shock acts on.
enum { kBirths, kAgeing, kElsewhere, kMigrants, kProgression };

}  // namespace

HousingYield yield_of(std::string_view kind) {
  if (kind == "commodity") return {0.34, 0.020};
  if (kind == "resettlement") return {0.46, 0.026};
  if (kind == "public_rental") return {0.26, 0.018};
  return {0.18, 0.010};
}

double occupancy_after(int years) {
  if (years < 0) return 0;
  return kOccupancy[std::min(static_cast<std::size_t>(years), kOccupancy.size() - 1)];
}

double newcomers_aged(int age) {
  int sum = 0;
  for (const int weight : kNewcomers) sum += weight;
  return static_cast<double>(kNewcomers[static_cast<std::size_t>(age)]) / sum;
}

DemandTruth::DemandTruth(std::uint64_t seed, std::size_t zones, std::size_t districts) : seed_(seed) {
  for (std::size_t zone = 0; zone < zones; ++zone) zone_ageing_.push_back(0.010 * normal_of(seed, kZoneStream, zone));
  for (std::size_t d = 0; d < districts; ++d) district_ageing_.push_back(0.010 * normal_of(seed, kDistrictStream, d));
  for (std::size_t what = 0; what < shocks_.size(); ++what) {
    for (std::size_t y = 0; y < shocks_[what].size(); ++y)
      shocks_[what][y] = normal_of(seed, kYearStream, what * 1000 + y);
  }
}

double DemandTruth::shock(int what, int year) const {
  return shocks_[static_cast<std::size_t>(what)][static_cast<std::size_t>(year - kFirstYear + kAges)];
}

UnitArea DemandTruth::area(std::size_t unit, std::int32_t zone, std::int32_t district) const {
  const double own = 0.020 * normal_of(seed_, kUnitStream, unit * 2);
  return {own + zone_ageing_[static_cast<std::size_t>(zone)] + district_ageing_[static_cast<std::size_t>(district)],
          std::max(0.2, 1 + 0.12 * normal_of(seed_, kUnitStream, unit * 2 + 1))};
}

double DemandTruth::births(const UnitArea& area, int year) const {
  return kCohorts[static_cast<std::size_t>(year - kFirstCohort)] * area.births * (1 + 0.03 * shock(kBirths, year)) /
         100;
}

double DemandTruth::ageing(const UnitArea& area, int age, int year) const {
  return std::clamp(1 + kByAge[static_cast<std::size_t>(age)] + area.ageing + 0.008 * shock(kAgeing, year), 0.85, 1.25);
}

double DemandTruth::private_share(std::int32_t zone, engine::Stage stage) const {
  const auto item = static_cast<std::uint64_t>(zone) * 8 + (stage == engine::Stage::primary ? 0 : 1);
  return std::clamp(0.04 + 0.015 * normal_of(seed_, kEntryStream, item), 0.0, 0.12);
}

double DemandTruth::out_of_area_share(std::int32_t zone) const {
  return std::clamp(0.03 + 0.012 * normal_of(seed_, kEntryStream, static_cast<std::uint64_t>(zone) * 8 + 2), 0.0, 0.1);
}

double DemandTruth::elsewhere_share(std::int32_t zone, int year) const {
  const double own = 0.01 * normal_of(seed_, kEntryStream, static_cast<std::uint64_t>(zone) * 8 + 3);
  return std::clamp(0.03 + own + 0.01 * shock(kElsewhere, year), 0.0, 0.12);
}

double DemandTruth::migrant_share(std::int32_t district, int year) const {
  const double own =
      Random(seed_, kDistrictStream, 1'000'000 + static_cast<std::uint64_t>(district)).uniform(0.02, 0.14);
  return own * std::max(0.3, 1 + 0.08 * shock(kMigrants, year));
}

double DemandTruth::progression(std::size_t school, int year) const {
  const double own = 0.008 * normal_of(seed_, kSchoolStream, school);
  const double its_year = 0.010 * normal_of(seed_, kSchoolYearStream, school * 10'000 + static_cast<std::size_t>(year));
  return std::clamp(0.997 + own + its_year + 0.006 * shock(kProgression, year), 0.9, 1.1);
}

}  // namespace catchment::datasets::synth
