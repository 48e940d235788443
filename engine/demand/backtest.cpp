#include "engine/demand/backtest.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/demand/history_builder.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

constexpr double kOneSided95 = 1.645;

struct Case {
  Outcome outcome;
  std::array<double, kBaselines.size()> baseline{};  // kUnknown where it has none
};

// Pupils of a school; else children of a zone, or the city's pupils.
bool is_school(const Outcome& o) { return o.kind <= OutcomeKind::sitting; }

bool is_city(const Outcome& o) { return o.kind == OutcomeKind::city_grade || o.kind == OutcomeKind::city_stage; }

class Sums {
 public:
  void add(double forecast, double actual) {
    const double off = forecast - actual;
    ++n_, absolute_ += std::fabs(off), share_ += std::fabs(off) / std::max(actual, 1.0), signed_ += off,
        square_ += off * off;
  }
  Errors errors() const {
    Errors e;
    e.n = n_;
    if (n_ == 0) return e;
    const auto n = static_cast<double>(n_);
    e.mae = absolute_ / n, e.mape = 100 * share_ / n, e.bias = signed_ / n, e.rmse = std::sqrt(square_ / n);
    return e;
  }

 private:
  std::size_t n_ = 0;
  double absolute_ = 0, share_ = 0, signed_ = 0, square_ = 0;
};

// The gain's standard error by the jackknife over groups of outcomes that err together.
double gain_error(
    const std::map<int, std::pair<double, double>>& by_year) {  // group -> absolute sums (model, baseline)
  const auto n = static_cast<double>(by_year.size());
  if (n < 3) return 1;
  double model = 0, baseline = 0;
  for (const auto& [year, sums] : by_year) model += sums.first, baseline += sums.second;
  double mean = 0, square = 0;
  std::vector<double> left_out;
  for (const auto& [year, sums] : by_year) {
    left_out.push_back(1 - (model - sums.first) / std::max(baseline - sums.second, 1e-9));
    mean += left_out.back() / n;
  }
  for (const double g : left_out) square += (g - mean) * (g - mean);
  return std::sqrt((n - 1) / n * square);
}

Beside compare(const std::vector<const Case*>& cases, std::size_t baseline) {
  Beside result;
  Sums model, other;
  std::map<int, std::pair<double, double>> by_year, by_school;
  for (const Case* c : cases) {
    const double forecast = c->baseline[baseline];
    if (forecast < 0) continue;
    model.add(c->outcome.estimate.median, c->outcome.actual);
    other.add(forecast, c->outcome.actual);
    for (auto* sums :
         {&by_year[c->outcome.base_year + c->outcome.ahead], &by_school[static_cast<int>(c->outcome.school)]}) {
      sums->first += std::fabs(c->outcome.estimate.median - c->outcome.actual);
      sums->second += std::fabs(forecast - c->outcome.actual);
    }
  }
  result.model = model.errors(), result.baseline = other.errors();
  if (result.model.n == 0 || !(result.baseline.mae > 0)) return result;
  result.gain = 1 - result.model.mae / result.baseline.mae;
  result.gain_se = gain_error(by_year.size() >= 3 ? by_year : by_school);
  result.better = result.gain - kOneSided95 * result.gain_se > 0;
  return result;
}

BacktestRow make_row(int ahead, std::string group, const std::vector<const Case*>& cases) {
  BacktestRow row;
  row.ahead = ahead;
  row.group = std::move(group);
  Sums sums;
  for (const Case* c : cases) {
    const Outcome& o = c->outcome;
    sums.add(o.estimate.median, o.actual);
    for (std::size_t level = 0; level < kLevels.size(); ++level) {
      if (o.actual >= o.estimate.low[level] && o.actual <= o.estimate.high[level]) ++row.coverage[level];
    }
    row.width_90 += o.estimate.high[2] - o.estimate.low[2];
  }
  row.model = sums.errors();
  const auto n = static_cast<double>(std::max<std::size_t>(1, cases.size()));
  for (double& share : row.coverage) share /= n;
  row.width_90 /= n;
  for (std::size_t b = 0; b < kBaselines.size(); ++b) row.beside[b] = compare(cases, b);
  return row;
}

// The city's cases with the baselines of the same schools and grades added up.
void add_city_baselines(const CityHistory& history, std::vector<Case>& cases) {
  std::map<std::tuple<int, int, int>, std::array<double, kBaselines.size()>> sums;  // base year, ahead, grade
  for (const Case& c : cases) {
    if (!is_school(c.outcome)) continue;
    auto& sum = sums[{c.outcome.base_year, c.outcome.ahead, c.outcome.grade}];
    for (std::size_t b = 0; b < kBaselines.size(); ++b) sum[b] += std::max(0.0, c.baseline[b]);
  }
  for (Case& c : cases) {
    if (!is_city(c.outcome)) continue;
    const bool stage = c.outcome.kind == OutcomeKind::city_stage;
    const int last = stage ? find_stage_of(history.rules(), c.outcome.grade)->last_grade : c.outcome.grade;
    c.baseline.fill(0);
    for (int grade = c.outcome.grade; grade <= last; ++grade) {
      const auto& sum = sums[{c.outcome.base_year, c.outcome.ahead, grade}];
      for (std::size_t b = 0; b < kBaselines.size(); ++b) c.baseline[b] += sum[b];
    }
  }
}

void add_rows(const CityHistory& history, const std::vector<Case>& cases, int horizon, BacktestReport& report) {
  for (int ahead = 1; ahead <= horizon; ++ahead) {
    const auto add = [&](std::string group, auto wanted) {
      std::vector<const Case*> picked;
      for (const Case& c : cases) {
        if (c.outcome.ahead == ahead && wanted(c.outcome)) picked.push_back(&c);
      }
      if (!picked.empty()) report.rows.push_back(make_row(ahead, std::move(group), picked));
    };
    add("all", [](const Outcome& o) { return is_school(o); });
    add("entry", [](const Outcome& o) { return o.kind == OutcomeKind::entry; });
    add("sitting", [](const Outcome& o) { return o.kind == OutcomeKind::sitting; });
    if (history.rules().stages.size() > 1) {
      for (const StageRule& stage : history.rules().stages) {
        add(std::string(engine::to_word(stage.stage)), [&](const Outcome& o) {
          return is_school(o) && o.grade >= stage.first_grade && o.grade <= stage.last_grade;
        });
      }
    }
    add("zone_children", [](const Outcome& o) { return o.kind == OutcomeKind::zone_children; });
    add("city_grade", [](const Outcome& o) { return o.kind == OutcomeKind::city_grade; });
    add("city_stage", [](const Outcome& o) { return o.kind == OutcomeKind::city_stage; });
  }
}

}  // namespace

BacktestReport backtest(const CityHistory& history, const BacktestOptions& options) {
  BacktestReport report;
  const int earliest = history.first_year() + 1;
  report.first_origin = options.first_origin != 0 ? options.first_origin : std::min(earliest, history.last_year() - 1);
  report.last_origin = options.last_origin != 0 ? options.last_origin : history.last_year() - 1;
  if (report.first_origin < history.first_year() || report.last_origin >= history.last_year() ||
      report.first_origin > report.last_origin) {
    throw InputError("demand_base_year", "origins",
                     "origins must lie within " + std::to_string(history.first_year()) + " and " +
                         std::to_string(history.last_year() - 1));
  }
  if (options.horizon < 1 || options.horizon > Calibration::kYears) {
    throw InputError("demand_option", "horizon", "the horizon must be 1 to 12 years");
  }
  // Origins before the first one asked for teach the intervals too.
  const int teach_from = std::min(report.first_origin, std::max(earliest, report.first_origin - 8));
  std::vector<Outcome> raw;
  for (int origin = teach_from; origin <= report.last_origin; ++origin) {
    const double done = static_cast<double>(origin - teach_from) / (report.last_origin - teach_from + 1);
    if (options.progress && !options.progress(done)) {
      report.cancelled = true;
      return report;
    }
    std::size_t excluded = 0;
    const std::vector<Outcome> more =
        outcomes_from(history, origin, history.last_year(), options.horizon, options.draws, options.threads, &excluded);
    if (origin >= report.first_origin) report.excluded += excluded;
    raw.insert(raw.end(), more.begin(), more.end());
  }
  std::vector<Case> cases;
  for (int origin = report.first_origin; origin <= report.last_origin; ++origin) {
    const Calibration known = calibration_of(raw, origin);
    for (const Outcome& o : raw) {
      if (o.base_year != origin) continue;
      Case c{o, {}};
      c.outcome.estimate = calibrated(o.estimate, known, o.kind, o.ahead);
      for (std::size_t b = 0; b < kBaselines.size(); ++b) {
        c.baseline[b] =
            !is_school(o) ? kUnknown : baseline_of(history, kBaselines[b], o.school, o.grade, origin, o.ahead);
      }
      cases.push_back(c);
    }
  }
  add_city_baselines(history, cases);
  add_rows(history, cases, options.horizon, report);
  const double floor = noise_floor(history, report.first_origin + 1, report.last_origin + 1);
  for (BacktestRow& row : report.rows) {
    if (row.ahead == 1 && row.group == "sitting") row.floor = floor;
  }
  return report;
}

double noise_floor(const CityHistory& history, int first_target, int last_target) {
  struct Cell {
    std::size_t group;
    int year;
    double before, after;
  };
  std::vector<Cell> cells;
  const auto grades = static_cast<std::size_t>(history.grades());
  for (std::size_t s = 0; s < history.schools.size(); ++s) {
    for (std::size_t g = 1; g < grades; ++g) {
      const int grade = history.lowest_grade() + static_cast<int>(g);
      if (find_stage_of(history.rules(), grade)->first_grade == grade) continue;
      for (int year = history.first_year() + 1; year <= history.last_year(); ++year) {
        const double before = history.pupils(s, year - 1, grade - 1), after = history.pupils(s, year, grade);
        if (before > 0 && after > 0) cells.push_back({s * grades + g, year, before, after});
      }
    }
  }
  std::map<std::size_t, std::pair<double, double>> groups;
  std::map<int, std::pair<double, double>> years;
  double all_before = 0, all_after = 0;
  for (const Cell& c : cells) {
    groups[c.group].first += c.before, groups[c.group].second += c.after;
    years[c.year].first += c.before, years[c.year].second += c.after;
    all_before += c.before, all_after += c.after;
  }
  double sum = 0, n = 0;
  for (const Cell& c : cells) {
    if (c.year < first_target || c.year > last_target) continue;
    const auto& group = groups[c.group];
    const auto& year = years[c.year];
    if (!(group.first > c.before) || !(year.first > c.before)) continue;
    const double own = (group.second - c.after) / (group.first - c.before);
    const double city = (year.second - c.after) / (year.first - c.before) / (all_after / all_before);
    sum += std::fabs(c.before * own * city - c.after), n += 1;
  }
  return n > 0 ? sum / n : 0;
}

}  // namespace catchment::engine::demand
