#include "engine/demand/baselines.hpp"

#include <algorithm>

#include "engine/demand/history_builder.hpp"

namespace catchment::engine::demand {
namespace {

double mean_of(const CityHistory& h, std::size_t school, int grade, int base_year) {
  double sum = 0;
  int seen = 0;
  for (int year = base_year - 2; year <= base_year; ++year) {
    const double pupils = h.pupils(school, year, grade);
    if (pupils >= 0) sum += pupils, ++seen;
  }
  return seen > 0 ? sum / seen : kUnknown;
}

double trend_of(const CityHistory& h, std::size_t school, int grade, int base_year, int ahead) {
  double n = 0, x1 = 0, y1 = 0, xx = 0, xy = 0;
  for (int back = 0; back < 5; ++back) {
    const double pupils = h.pupils(school, base_year - back, grade);
    if (pupils < 0) continue;
    const double x = -back;
    n += 1, x1 += x, y1 += pupils, xx += x * x, xy += x * pupils;
  }
  if (n < 3) return mean_of(h, school, grade, base_year);
  const double slope = (n * xy - x1 * y1) / (n * xx - x1 * x1);
  return std::max(0.0, (y1 - slope * x1) / n + slope * ahead);
}

// The school's own ratio into a grade over the last three years; 1 where nothing was seen.
double ratio_into(const CityHistory& h, std::size_t school, int grade, int base_year) {
  double before = 0, after = 0;
  for (int year = base_year - 2; year <= base_year; ++year) {
    const double b = h.pupils(school, year - 1, grade - 1), a = h.pupils(school, year, grade);
    if (b < 0 || a < 0) continue;
    before += b, after += a;
  }
  return before > 0 ? after / before : 1;
}

double cohort_of(const CityHistory& h, std::size_t school, int grade, int base_year, int ahead, bool with_ratios) {
  const StageRule* stage = find_stage_of(h.rules(), grade);
  const int from = std::max(stage->first_grade, grade - ahead);
  double pupils = h.pupils(school, base_year, from);
  if (pupils < 0) return kUnknown;
  if (!with_ratios) return pupils;
  for (int g = from + 1; g <= grade; ++g) pupils *= ratio_into(h, school, g, base_year);
  return pupils;
}

}  // namespace

std::string_view to_word(Baseline baseline) {
  switch (baseline) {
    case Baseline::last_year:
      return "last_year";
    case Baseline::mean_3:
      return "mean_3";
    case Baseline::carry:
      return "carry";
    case Baseline::progression:
      return "progression";
    case Baseline::trend:
      return "trend";
  }
  return "";
}

double baseline_of(const CityHistory& history, Baseline baseline, std::size_t school, int grade, int base_year,
                   int ahead) {
  switch (baseline) {
    case Baseline::last_year:
      return history.pupils(school, base_year, grade);
    case Baseline::mean_3:
      return mean_of(history, school, grade, base_year);
    case Baseline::carry:
      return cohort_of(history, school, grade, base_year, ahead, false);
    case Baseline::progression:
      return cohort_of(history, school, grade, base_year, ahead, true);
    case Baseline::trend:
      return trend_of(history, school, grade, base_year, ahead);
  }
  return kUnknown;
}

}  // namespace catchment::engine::demand
