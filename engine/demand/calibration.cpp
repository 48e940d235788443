#include "engine/demand/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/demand/estimates.hpp"
#include "engine/demand/fit_parts.hpp"
#include "engine/demand/forecaster.hpp"
#include "engine/demand/history_builder.hpp"

namespace catchment::engine::demand {
namespace {

constexpr int kDraws = 400;
constexpr int kMostOrigins = 8;
constexpr int kLeastYears = 2;        // of the past an origin must have before it
constexpr std::size_t kEnough = 20;   // outcomes of a cell
constexpr double kMostLevel = 0.985;  // few years would ask for more than the outcomes can tell
constexpr double kUnseen = 0.4;       // of years' likeness, by the root of their number: see worth()
constexpr double kWidest = 6;         // factors are kept within 1/kWidest and kWidest

bool taught(const CityHistory& h, std::size_t school, int year, int grade) { return h.pupils(school, year, grade) > 0; }

// How many times the half-width on its side the outcome lies from the median.
double deviation(const Outcome& o, std::size_t level) {
  const double off = o.actual - o.estimate.median;
  const double half = off < 0 ? o.estimate.median - o.estimate.low[level] : o.estimate.high[level] - o.estimate.median;
  return std::fabs(off) / std::max(half, 1e-3);
}

double quantile_of(std::vector<double> values, double p) {
  const auto n = static_cast<double>(values.size());
  const auto rank = static_cast<std::size_t>(std::clamp(std::ceil(n * p) - 1, 0.0, n - 1));
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(rank), values.end());
  return values[rank];
}

// How many independent outcomes so many are worth: those of one year err together, as far as the years' shares of
// outcomes beyond `bound` differ by more than chance (the intraclass correlation by analysis of variance, Fisher 1925).
// Of few years that says little, and a part of what was not seen is added.
double worth(std::span<const Outcome* const> outcomes, const std::vector<double>& values, double bound) {
  struct Year {
    double n = 0, beyond = 0;
  };
  std::map<int, Year> years;
  double beyond = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    Year& year = years[outcomes[i]->base_year + outcomes[i]->ahead];
    const double x = values[i] > bound ? 1 : 0;
    ++year.n, year.beyond += x, beyond += x;
  }
  const auto n = static_cast<double>(values.size()), k = static_cast<double>(years.size());
  if (k < 2 || n <= k) return k;
  double between = 0, within = 0, squares = 0;
  for (const auto& [number, y] : years) {
    const double share = y.beyond / y.n;
    between += y.n * (share - beyond / n) * (share - beyond / n);
    within += y.n * share * (1 - share);
    squares += y.n * y.n;
  }
  between /= k - 1, within /= n - k;
  const double usual = (n - squares / n) / (k - 1);  // outcomes of a year
  const double all = between + (usual - 1) * within;
  const double seen = all > 0 ? std::clamp((between - within) / all, 0.0, 1.0) : 0;
  const double correlation = seen + (1 - seen) * kUnseen / std::sqrt(k);
  return n / (1 + (n / k - 1) * correlation);
}

std::array<double, 3> factors_of(std::span<const Outcome* const> outcomes) {
  std::array<double, 3> factor{};
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    std::vector<double> values;
    for (const Outcome* o : outcomes) values.push_back(deviation(*o, level));
    const double room = 1 + 1 / worth(outcomes, values, quantile_of(values, kLevels[level]));
    factor[level] =
        std::clamp(quantile_of(std::move(values), std::min(kMostLevel, kLevels[level] * room)), 1 / kWidest, kWidest);
  }
  return factor;
}

// Collects what came of the forecasts from one origin.
class OutcomeList {
 public:
  OutcomeList(const DemandModel& model, const Forecast& forecast, std::size_t* excluded)
      : model_(model), h_(model.history), forecast_(forecast), excluded_(excluded) {}

  std::vector<Outcome> collect() {
    for (int ahead = 1; ahead <= forecast_.horizon; ++ahead) {
      actual_.assign(static_cast<std::size_t>(h_.grades()), 0);
      others_ = actual_;
      for (std::size_t s = 0; s < h_.schools.size(); ++s) add_school(s, ahead);
      add_city(ahead);
      add_zones(ahead);
    }
    return std::move(outcomes_);
  }

 private:
  std::size_t place(int grade) const { return static_cast<std::size_t>(grade - h_.lowest_grade()); }

  Outcome make(std::size_t school, int grade, int ahead, OutcomeKind kind, double actual, const Estimate& e) const {
    return {static_cast<std::uint32_t>(school),
            static_cast<std::int16_t>(grade),
            static_cast<std::int16_t>(forecast_.base_year),
            static_cast<std::int16_t>(ahead),
            kind,
            actual,
            e};
  }

  void add_school(std::size_t s, int ahead) {
    for (const GradeForecast& g : forecast_.schools[s].grades) {
      const Estimate& e = g.years[static_cast<std::size_t>(ahead - 1)];
      const int year = forecast_.base_year + ahead;
      if (!taught(h_, s, forecast_.base_year, g.grade) || !taught(h_, s, year, g.grade)) {
        if (excluded_ != nullptr && h_.pupils(s, year, g.grade) >= 0) ++*excluded_;
        others_[place(g.grade)] += e.mean;
        continue;
      }
      const int above = g.grade - find_stage_of(h_.rules(), g.grade)->first_grade;
      const double actual = h_.pupils(s, year, g.grade);
      outcomes_.push_back(make(s, g.grade, ahead, kind_of(above, ahead), actual, e));
      actual_[place(g.grade)] += actual;
    }
  }

  // The city beside the same schools only: what the others were forecast is taken off.
  void add_total(int grade, int ahead, OutcomeKind kind, double actual, double others, Estimate e) {
    if (!(actual > 0)) return;
    e.mean -= others, e.median -= others;
    for (double& x : e.low) x -= others;
    for (double& x : e.high) x -= others;
    outcomes_.push_back(make(h_.schools.size(), grade, ahead, kind, actual, e));
  }

  void add_city(int ahead) {
    const auto year = static_cast<std::size_t>(ahead - 1);
    for (const GradeForecast& g : forecast_.city.grades) {
      add_total(g.grade, ahead, OutcomeKind::city_grade, actual_[place(g.grade)], others_[place(g.grade)],
                g.years[year]);
    }
    for (const GradeForecast& stage : forecast_.city.stages) {
      double actual = 0, others = 0;
      const StageRule* rule = find_stage_of(h_.rules(), stage.grade);
      for (int grade = rule->first_grade; grade <= rule->last_grade; ++grade) {
        actual += actual_[place(grade)], others += others_[place(grade)];
      }
      add_total(stage.grade, ahead, OutcomeKind::city_stage, actual, others, stage.years[year]);
    }
  }

  void add_zones(int ahead) {
    for (std::size_t stage = 0; stage < std::min(kStages, h_.rules().stages.size()); ++stage) {
      const int grade = h_.rules().stages[stage].first_grade;
      const std::vector<double> bases = entry_bases(model_, stage, forecast_.base_year + ahead);
      for (std::size_t s = 0; s < h_.schools.size(); ++s) {
        const SchoolForecast& f = forecast_.schools[s];
        const bool first = !f.grades.empty() && f.grades.front().grade == grade;
        if (!first || f.zone_children.empty() || !(bases[s] > 0)) continue;
        const Estimate& e = f.zone_children[static_cast<std::size_t>(ahead - 1)];
        if (e.mean > 0) outcomes_.push_back(make(s, grade, ahead, OutcomeKind::zone_children, bases[s], e));
      }
    }
  }

  const DemandModel& model_;
  const CityHistory& h_;
  const Forecast& forecast_;
  std::size_t* excluded_;
  std::vector<Outcome> outcomes_;
  std::vector<double> actual_, others_;
};

}  // namespace

OutcomeKind kind_of(int above, int ahead) {
  return above == 0 ? OutcomeKind::entry : ahead > above ? OutcomeKind::arriving : OutcomeKind::sitting;
}

std::vector<Outcome> outcomes_from(const CityHistory& history, int base_year, int last_year, int horizon, int draws,
                                   unsigned threads, std::size_t* excluded) {
  const DemandModel model = fit_once(history, base_year);
  ForecastOptions options;
  options.horizon = std::min(horizon, last_year - base_year);
  options.draws = draws;
  options.threads = threads;
  const Forecaster forecaster(model, options);
  return OutcomeList(model, forecaster.forecast(), excluded).collect();
}

Calibration calibration_of(std::span<const Outcome> outcomes, int known_by) {
  Calibration result;
  std::set<int> origins;
  for (std::size_t kind = 0; kind < kOutcomeKinds; ++kind) {
    std::array<double, 3> factor{1, 1, 1};
    std::vector<const Outcome*> used;
    for (int ahead = 1; ahead <= Calibration::kYears; ++ahead) {
      std::vector<const Outcome*> own;
      for (const Outcome& o : outcomes) {
        if (static_cast<std::size_t>(o.kind) != kind || o.ahead != ahead || o.base_year + o.ahead > known_by) continue;
        own.push_back(&o);
        origins.insert(o.base_year);
      }
      if (own.size() < kEnough) own.insert(own.end(), used.begin(), used.end());
      used = std::move(own);
      if (used.size() >= kEnough) factor = factors_of(used);
      result.factor[kind][static_cast<std::size_t>(ahead - 1)] = factor;
    }
  }
  result.origins = static_cast<int>(origins.size());
  return result;
}

Estimate calibrated(const Estimate& estimate, const Calibration& calibration, OutcomeKind kind, int ahead) {
  return widened(estimate, calibration.factor[static_cast<std::size_t>(kind)]
                                             [static_cast<std::size_t>(std::min(ahead, Calibration::kYears) - 1)]);
}

Calibration calibrate(const CityHistory& history, int base_year, unsigned threads,
                      const std::function<bool(double)>& progress) {
  const int first = std::max(history.first_year() + kLeastYears - 1, base_year - kMostOrigins);
  std::vector<Outcome> outcomes;
  for (int origin = first; origin < base_year; ++origin) {
    const double done = static_cast<double>(origin - first) / static_cast<double>(base_year - first);
    if (progress && !progress(done)) return {};
    const std::vector<Outcome> more = outcomes_from(history, origin, base_year, Calibration::kYears, kDraws, threads);
    outcomes.insert(outcomes.end(), more.begin(), more.end());
  }
  return calibration_of(outcomes, base_year);
}

}  // namespace catchment::engine::demand
