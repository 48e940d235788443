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
constexpr std::size_t kEnough = 20;   // outcomes of a cell,
constexpr std::size_t kFewYears = 3;  // and their target years, for it to speak for itself
constexpr double kUnseen = 0.4;       // of years' likeness, by the root of their number: see worth()
constexpr double kOverlap = 1.0 / 3;  // of a year that neighbouring origins' forecasts share counts twice
constexpr double kShape = 4;          // independent outcomes that tell a level's own factor half
constexpr int kLeastOrigins = 3;      // that past intervals were learnt from, to be judged in hindsight
constexpr double kDoubt = 0.5;        // years of hindsight that count half
constexpr double kWidest = 6;         // factors are kept within 1/kWidest and kWidest

using Deviations = std::array<double, kLevels.size()>;

bool taught(const CityHistory& h, std::size_t school, int year, int grade) { return h.pupils(school, year, grade) > 0; }

// How many times the half-width on its side the outcome lies from the median, by level.
Deviations deviations(const Estimate& e, double actual) {
  Deviations result{};
  const double off = actual - e.median;
  for (std::size_t level = 0; level < result.size(); ++level) {
    const double half = off < 0 ? e.median - e.low[level] : e.high[level] - e.median;
    result[level] = std::fabs(off) / std::max(half, 1e-3);
  }
  return result;
}

// What one outcome says of the intervals, and of which year it is.
struct Judged {
  int base_year = 0, ahead = 1;
  Deviations off{};

  int year() const { return base_year + ahead; }
};

// The deviation of a level that its share of the outcomes keeps within.
double held(std::span<const Judged> outcomes, std::size_t level) {
  std::vector<double> values;
  for (const Judged& o : outcomes) values.push_back(o.off[level]);
  const auto n = static_cast<double>(values.size());
  const auto rank = static_cast<std::ptrdiff_t>(std::clamp(std::ceil(n * kLevels[level]) - 1, 0.0, n - 1));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return std::clamp(values[static_cast<std::size_t>(rank)], 1 / kWidest, kWidest);
}

std::size_t years_of(std::span<const Judged> outcomes) {
  std::set<int> years;
  for (const Judged& o : outcomes) years.insert(o.year());
  return years.size();
}

// How many independent outcomes so many are worth: those of one year err together, as far as the years' shares of
// outcomes beyond `bound` differ by more than chance (the intraclass correlation by analysis of variance, Fisher 1925).
// Of few years that says little, and a part of what was not seen is added. Far ahead the forecasts of neighbouring
// origins have most of their years in common, and what befalls these all of them miss.
double worth(std::span<const Judged> outcomes, std::size_t level, double bound) {
  struct Year {
    double n = 0, beyond = 0;
  };
  std::map<int, Year> years;
  double beyond = 0, shared = 0;
  for (const Judged& o : outcomes) {
    Year& year = years[o.year()];
    const double x = o.off[level] > bound ? 1 : 0;
    ++year.n, year.beyond += x, beyond += x, shared += o.ahead - 1;
  }
  const auto n = static_cast<double>(outcomes.size()), k = static_cast<double>(years.size());
  const double twice = 1 + kOverlap * shared / n;
  if (k < 2 || n <= k) return std::max(1.0, k / twice);
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
  return std::max(1.0, n / (1 + (n / k - 1) * correlation) / twice);
}

// By how much wider than of a known spread an interval must be whose spread was learnt from n independent outcomes:
// Student's t over the normal quantile, both two-sided, between the rows linear by 1/n. It grows with the level, so
// that levels stay apart however little is known.
double room_for(std::size_t level, double n) {
  struct Row {
    double n;
    std::array<double, 3> ratio;
  };
  static constexpr std::array<Row, 6> kRows{{{1, {1.483, 2.401, 3.838}},
                                             {2, {1.211, 1.471, 1.775}},
                                             {4, {1.098, 1.196, 1.296}},
                                             {8, {1.047, 1.090, 1.130}},
                                             {16, {1.023, 1.043, 1.061}},
                                             {1e9, {1, 1, 1}}}};
  const double x = 1 / std::max(n, 1.0);
  std::size_t row = 1;
  while (row + 1 < kRows.size() && x < 1 / kRows[row].n) ++row;
  const double few = 1 / kRows[row - 1].n, many = 1 / kRows[row].n;
  const double part = std::clamp((x - many) / (few - many), 0.0, 1.0);
  return part * kRows[row - 1].ratio[level] + (1 - part) * kRows[row].ratio[level];
}

Deviations factors_of(std::span<const Judged> outcomes) {
  Deviations factor{};
  double known = static_cast<double>(outcomes.size());
  double log_scale = 0;  // what the levels have in common
  for (std::size_t level = 0; level < factor.size(); ++level) {
    factor[level] = held(outcomes, level);
    known = std::min(known, worth(outcomes, level, factor[level]));
    log_scale += std::log(factor[level]) / static_cast<double>(factor.size());
  }
  const double own = known / (known + kShape);
  for (std::size_t level = 0; level < factor.size(); ++level) {
    const double log_factor = own * std::log(factor[level]) + (1 - own) * log_scale;
    factor[level] = std::clamp(std::exp(log_factor) * room_for(level, known), 1 / kWidest, kWidest);
  }
  return factor;
}

// Outcomes by kind and distance.
using Cells = std::array<std::array<std::vector<Judged>, Calibration::kYears>, kOutcomeKinds>;

std::vector<Judged> known_of(std::span<const Judged> cell, int known_by) {
  std::vector<Judged> known;
  for (const Judged& o : cell) {
    if (o.year() <= known_by) known.push_back(o);
  }
  return known;
}

Calibration learn(const Cells& cells, int known_by) {
  Calibration result;
  std::set<int> origins;
  for (std::size_t kind = 0; kind < kOutcomeKinds; ++kind) {
    Deviations factor{1, 1, 1};
    std::vector<Judged> used;
    for (std::size_t i = 0; i < cells[kind].size(); ++i) {
      std::vector<Judged> own = known_of(cells[kind][i], known_by);
      for (const Judged& o : own) origins.insert(o.base_year);
      if (own.size() < kEnough || years_of(own) < kFewYears) own.insert(own.end(), used.begin(), used.end());
      used = std::move(own);
      if (used.size() >= kEnough) factor = factors_of(used);
      result.factor[kind][i] = factor;
    }
  }
  result.origins = static_cast<int>(origins.size());
  return result;
}

// By how much the intervals that could have been given at past origins were too narrow for what has come since: years
// to come may differ from all before in ways that these did not. 1 if they were not. Few years are believed in part.
double hindsight(std::span<const Judged> seen) {
  double log_more = 0;
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    log_more += std::log(held(seen, level)) / static_cast<double>(kLevels.size());
  }
  const auto years = static_cast<double>(years_of(seen));
  return std::max(1.0, std::exp(log_more * years / (years + kDoubt)));
}

// The outcomes known by a year, measured by the intervals that could have been given at their origins.
Cells judged_then(const Cells& cells, const std::set<int>& origins, int known_by) {
  Cells seen;
  for (const int origin : origins) {
    if (origin >= known_by) break;
    const Calibration then = learn(cells, origin);
    if (then.origins < kLeastOrigins) continue;
    for (std::size_t kind = 0; kind < kOutcomeKinds; ++kind) {
      for (std::size_t i = 0; i < cells[kind].size(); ++i) {
        for (Judged o : cells[kind][i]) {
          if (o.base_year != origin || o.year() > known_by) continue;
          for (std::size_t level = 0; level < o.off.size(); ++level) o.off[level] /= then.factor[kind][i][level];
          seen[kind][i].push_back(o);
        }
      }
    }
  }
  return seen;
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
  Cells cells;
  std::set<int> origins;
  for (const Outcome& o : outcomes) {
    if (o.ahead < 1 || o.ahead > Calibration::kYears || o.base_year + o.ahead > known_by) continue;
    origins.insert(o.base_year);
    cells[static_cast<std::size_t>(o.kind)][static_cast<std::size_t>(o.ahead - 1)].push_back(
        {o.base_year, o.ahead, deviations(o.estimate, o.actual)});
  }
  Calibration result = learn(cells, known_by);
  const Cells seen = judged_then(cells, origins, known_by);
  for (std::size_t kind = 0; kind < kOutcomeKinds; ++kind) {
    double more = 1;
    for (std::size_t i = 0; i < seen[kind].size(); ++i) {
      std::vector<Judged> near;  // of this distance and those beside it
      for (std::size_t j = i == 0 ? 0 : i - 1; j < std::min(i + 2, seen[kind].size()); ++j) {
        near.insert(near.end(), seen[kind][j].begin(), seen[kind][j].end());
      }
      if (near.size() >= kEnough) more = hindsight(near);
      for (double& factor : result.factor[kind][i]) factor = std::min(kWidest, factor * more);
    }
  }
  return result;
}

Estimate calibrated(const Estimate& estimate, const Calibration& calibration, OutcomeKind kind, int ahead) {
  return widened(estimate, calibration.of(kind, static_cast<std::size_t>(ahead - 1)));
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
