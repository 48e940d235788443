// A fitted model: every ratio a forecast multiplies, with its sample and its uncertainty. All of it is by unit, school
// and grade, so that another plan needs no other fit.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/demand/forecast.hpp"
#include "engine/demand/history.hpp"

namespace catchment::engine::demand {

inline constexpr int kMostYears = 30;  // years ahead

// Where the figure of a unit and entry year comes from.
enum class CohortSource : std::uint8_t { none, counted, born, projected, surveyed };

// The children of one unit who reach the entry age of one stage, by years ahead, housing to come left out.
struct UnitOutlook {
  std::vector<float> children;                  // [unit][i]: in base_year + 1 + i
  std::vector<float> log_sd;                    // [unit]: of the unit's own ageing, one standard deviation
  std::array<float, kMostYears> city_log_sd{};  // shared by all units: of migration and of births not yet counted
  std::array<CohortSource, kMostYears> source{};
};

// Children a dwelling brings: of one single year of age, by kind and by years since completion.
struct HousingYields {
  static constexpr std::array<const char*, 4> kKinds{"commodity", "resettlement", "public_rental", "other"};
  static constexpr std::array<int, 4> kAgeFrom{0, 3, 6, 11};  // bands of years since completion
  std::array<std::array<Ratio, 4>, 4> by_kind;                // [kind][band]

  double of(const std::string& kind, int years) const;
};

struct SchoolModel {
  std::array<bool, 2> teaches{};      // the first and the second stage of the rules
  std::array<Ratio, 2> entry;         // zone stream: pupils of the entry grade for a child of the zone (or a leaver)
  std::array<double, 2> own_share{};  // smoothed: of the city's children (city_children), in its entry grade; < 0: none
  std::array<double, 2> own_weight{};   // of own_share beside the zone's children, 0-1
  std::array<double, 2> out_of_area{};  // pupils a year beside the zone's, by rows that say
  std::array<double, 2> migrant{};
  std::vector<Ratio> progression;  // [grade - lowest grade]: into this grade from the one below
  std::vector<double> sitting;     // pupils by grade in the base year; 0 where not known
  std::vector<double> before;      // the same cohort a year earlier, one grade lower; < 0: not known
  bool shrunk = false;
};

// Variances of what the ratios cannot know.
struct Noise {
  double entry_city = 0;       // standard deviation of a year's shock to all entries (logarithm), a random walk
  double entry_ratio = 0;      // of the city's entry ratio itself: one error for all years and schools
  double entry_school = 0;     // of one school and year
  double entry_drift = 0;      // of one school, a random walk by year
  double entry_phi = 1;        // variance of a count by its expectation
  double progress_city = 0;    // of a year, all schools and grades
  double progress_ratio = 0;   // of the city's mean ratio itself, likewise
  double progress_school = 0;  // of one school and year, all grades
  double progress_phi = 0.5;
  double cohort_memory = 0;  // weight of a cohort's size a year earlier beside its latest, 0-0.5
};

enum class OutcomeKind : std::uint8_t { entry, arriving, sitting, zone_children, city_grade, city_stage };
inline constexpr std::size_t kOutcomeKinds = 6;

// Of a grade `above` grades above its stage's entry, so many years ahead: an entry grade, a cohort that has yet to
// arrive, or one that sits in the school already.
OutcomeKind kind_of(int above, int ahead);

// By what the spread of the draws about their median is multiplied, so that held-back outcomes fell into 50, 80 and
// 90 % intervals as often as that: [kind][years ahead - 1][level]. 1 until calibrated.
struct Calibration {
  static constexpr int kYears = 12;
  std::array<std::array<std::array<double, 3>, kYears>, kOutcomeKinds> factor;
  int origins = 0;  // years it was learnt from

  Calibration();
  // `year` counts from 0; beyond kYears the last are taken.
  const std::array<double, 3>& of(OutcomeKind kind, std::size_t year) const {
    return factor[static_cast<std::size_t>(kind)][std::min<std::size_t>(year, kYears - 1)];
  }
};

struct DemandModel {
  CityHistory history;
  int base_year = 0;
  std::vector<UnitOutlook> outlook;  // [stage]: by zones; the second stage's is used by schools that no feeder names
  HousingYields yields;
  std::vector<SchoolModel> schools;
  std::vector<SchoolModel> district_model;  // what a new school of the district is given
  // [stage][i]: children of the entry age in base_year + 1 + i; 1 in every year where the city's are not known, and
  // then own_share counts pupils.
  std::vector<std::array<double, kMostYears>> city_children;
  std::vector<double> private_share;  // [stage]: of the children of entry age, in private schools
  Noise noise;
  Calibration calibration;
  // For the reader: ratios of the whole city.
  std::vector<Ratio> ageing;            // [age + 1]: from age to age + 1, age -1 is births to age 0
  std::vector<Ratio> city_progression;  // [grade - lowest grade]
  std::vector<Ratio> city_entry;        // [stage]
};

struct FitOptions {
  int base_year = 0;      // 0: the last year with enrolment; later rows are not looked at
  bool calibrate = true;  // on rolling origins; fitting takes as many times longer as there are origins
  unsigned threads = 0;
  std::function<bool(double)> progress;  // share done; false cancels: the model is then not calibrated
};

// Throws InputError("demand_base_year") if nothing is known of the base year. O(units x years x ages + pupils rows),
// for each origin.
DemandModel fit(const CityHistory& history, const FitOptions& options = {});

}  // namespace catchment::engine::demand
