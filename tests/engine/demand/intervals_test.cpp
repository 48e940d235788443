// Whether intervals hold what they say, and whether a back-test claims no more than is so: on cities whose process is
// known. CATCHMENT_DEMAND_CITIES: how many cities; Demand.FortyCities sets it.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "engine/demand/backtest.hpp"
#include "engine/demand/forecaster.hpp"
#include "geo/input_error.hpp"
#include "tests/support/demand_world.hpp"

namespace catchment::engine::demand {
namespace {

int cities(int usual) {
  const char* told = std::getenv("CATCHMENT_DEMAND_CITIES");
  return told != nullptr ? std::atoi(told) : usual;
}

test::DemandWorldOptions small(std::uint64_t seed) {
  test::DemandWorldOptions options;
  options.seed = seed, options.districts = 2, options.first_year = 2008, options.last_year = 2024;
  return options;
}

// Eight cities, whose schools err together: a wider band than that of thirty and more.
TEST(Intervals, HoldNineOfTenAtEachOfFiveYears) {
  const int count = cities(8);
  const double slack = count >= 30 ? 0 : 0.03;
  std::array<double, 6> inside{}, inside_50{}, inside_80{}, all{}, city_inside{}, city_all{};
  for (int city = 0; city < count; ++city) {
    const test::DemandWorld world = test::make_demand_world(small(static_cast<std::uint64_t>(100 + city)));
    const CityHistory h = CityHistory::make(world.input, world.rules);
    FitOptions fit_options;
    fit_options.base_year = world.last_year - 5, fit_options.threads = 2;
    const DemandModel model = fit(h, fit_options);
    EXPECT_EQ(model.calibration.origins, 8);
    ForecastOptions options;
    options.horizon = 5, options.draws = 500, options.threads = 2;
    const Forecaster forecaster(model, options);
    const auto look = [](const Estimate& e, double actual, double& in, double& n) {
      in += actual >= e.low[2] && actual <= e.high[2] ? 1 : 0, ++n;
    };
    for (std::size_t y = 0; y < 5; ++y) {
      const int year = model.base_year + 1 + static_cast<int>(y);
      std::map<int, double> totals;
      for (std::size_t s = 0; s < h.schools.size(); ++s) {
        for (const GradeForecast& g : forecaster.forecast().schools[s].grades) {
          const double actual = h.pupils(s, year, g.grade);
          look(g.years[y], actual, inside[y], all[y]);
          inside_50[y] += actual >= g.years[y].low[0] && actual <= g.years[y].high[0] ? 1 : 0;
          inside_80[y] += actual >= g.years[y].low[1] && actual <= g.years[y].high[1] ? 1 : 0;
          totals[g.grade] += actual;
        }
      }
      for (const GradeForecast& g : forecaster.forecast().city.grades)
        look(g.years[y], totals[g.grade], city_inside[y], city_all[y]);
    }
  }
  for (std::size_t y = 0; y < 5; ++y) {
    const double share = inside[y] / all[y];
    std::printf("%zu ahead: %.3f / %.3f / %.3f of %g outcomes inside; of cities' grades %.3f of %g\n", y + 1,
                inside_50[y] / all[y], inside_80[y] / all[y], share, all[y], city_inside[y] / city_all[y], city_all[y]);
    EXPECT_NEAR(inside_50[y] / all[y], 0.50, 0.08 + slack) << y + 1;
    EXPECT_NEAR(inside_80[y] / all[y], 0.80, 0.07 + slack) << y + 1;
    EXPECT_GE(share, 0.85 - slack) << y + 1;
    EXPECT_LE(share, 0.95 + slack) << y + 1;
    EXPECT_GE(city_inside[y] / city_all[y], 0.75) << y + 1;
  }
}

TEST(Intervals, MeansOfManyCitiesAreNotOff) {
  double off = 0, actual = 0;
  for (int city = 0; city < 12; ++city) {
    const test::DemandWorld world = test::make_demand_world(small(static_cast<std::uint64_t>(300 + city)));
    const CityHistory h = CityHistory::make(world.input, world.rules);
    for (const Outcome& o : outcomes_from(h, 2021, 2024, 3, 300, 2)) {
      if (o.kind != OutcomeKind::city_stage) continue;
      off += o.estimate.mean - o.actual, actual += o.actual;
    }
  }
  EXPECT_LT(std::fabs(off / actual), 0.02);
}

// What a forecast says that takes the figure to be normal with mean 1000 and standard deviation 10.
Estimate usual_estimate() {
  Estimate e;
  e.mean = e.median = 1000;
  for (std::size_t level = 0; level < 3; ++level) {
    const double half = 10 * std::array{0.6745, 1.2816, 1.6449}[level];
    e.low[level] = 1000 - half, e.high[level] = 1000 + half;
  }
  return e;
}

// Thirty schools from each base year of [first, last] for 12 years, whose figures differ by `sd(year)` from what is
// forecast, a third of the variance common to a year.
std::vector<Outcome> outcomes_of(test::Random& random, int first, int last, auto sd) {
  std::map<int, double> common;
  std::vector<Outcome> result;
  for (int base = first; base <= last; ++base) {
    for (int ahead = 1; ahead <= Calibration::kYears; ++ahead) {
      const int year = base + ahead;
      if (!common.contains(year)) common[year] = test::normal(random);
      for (std::uint32_t s = 0; s < 30; ++s) {
        const double off = std::sqrt(1.0 / 3) * common[year] + std::sqrt(2.0 / 3) * test::normal(random);
        result.push_back({s, 1, static_cast<std::int16_t>(base), static_cast<std::int16_t>(ahead), OutcomeKind::entry,
                          1000 + sd(year) * off, usual_estimate()});
      }
    }
  }
  return result;
}

std::array<double, 3> covered(std::span<const Outcome> outcomes, const Calibration& calibration, int ahead) {
  std::array<double, 3> inside{};
  double n = 0;
  for (const Outcome& o : outcomes) {
    if (o.ahead != ahead) continue;
    const Estimate e = calibrated(o.estimate, calibration, o.kind, o.ahead);
    ++n;
    for (std::size_t level = 0; level < 3; ++level)
      inside[level] += o.actual >= e.low[level] && o.actual <= e.high[level];
  }
  for (double& share : inside) share /= n;
  return inside;
}

// Of eight origins one has seen eight years ahead, two seven, and so on.
TEST(Calibration, FewYearsFarAheadKeepTheLevelsApart) {
  constexpr int kWorlds = 150;
  std::array<std::array<double, 3>, Calibration::kYears> share{};
  for (int world = 0; world < kWorlds; ++world) {
    test::Random random(static_cast<std::uint64_t>(1 + world));
    const auto past = outcomes_of(random, 2010, 2017, [](int) { return 10.0; });
    const auto future = outcomes_of(random, 2018, 2018, [](int) { return 10.0; });
    const Calibration calibration = calibration_of(past, 2018);
    for (int ahead = 1; ahead <= Calibration::kYears; ++ahead) {
      const auto i = static_cast<std::size_t>(ahead - 1);
      const auto inside = covered(future, calibration, ahead);
      for (std::size_t level = 0; level < 3; ++level) share[i][level] += inside[level] / kWorlds;
      const Estimate e = calibrated(usual_estimate(), calibration, OutcomeKind::entry, ahead);
      ASSERT_LT(e.high[0] - e.low[0], 0.65 * (e.high[2] - e.low[2])) << world << ' ' << ahead;
      ASSERT_LT(e.high[1] - e.low[1], 0.95 * (e.high[2] - e.low[2])) << world << ' ' << ahead;
    }
  }
  for (std::size_t i = 0; i < share.size(); ++i) {
    EXPECT_NEAR(share[i][0], 0.50, 0.09) << i + 1;
    EXPECT_NEAR(share[i][1], 0.80, 0.10) << i + 1;
    EXPECT_NEAR(share[i][2], 0.90, 0.08) << i + 1;
  }
}

TEST(Calibration, WhatProvedTooNarrowBeforeIsWidened) {
  constexpr int kWorlds = 40;
  double calm = 0, stirred = 0;
  for (int world = 0; world < kWorlds; ++world) {
    test::Random random(static_cast<std::uint64_t>(1 + world));
    const auto restless = [](int year) { return year < 2010 ? 10.0 : 20.0; };
    const auto past = outcomes_of(random, 2000, 2019, restless);
    stirred += covered(outcomes_of(random, 2020, 2020, restless), calibration_of(past, 2020), 1)[2] / kWorlds;
    const auto even = outcomes_of(random, 2000, 2019, [](int) { return 10.0; });
    calm += calibration_of(even, 2020).factor[0][0][2] / kWorlds;
  }
  EXPECT_GT(stirred, 0.86) << "half of the years were calm, and their width alone would hold 83 of 100";
  EXPECT_NEAR(calm, 1.05, 0.08);
}

// A world in which a baseline is the truth: a cohort goes up unchanged but for chance, an entry grade is last year's.
CityHistory carried(std::uint64_t seed) {
  test::Random random(seed);
  DemandInput input;
  for (int s = 0; s < 12; ++s) {
    const std::string id = "S" + std::to_string(10 + s);
    input.schools.push_back({id, id, "", {Stage::primary}, "open", "public"});
    std::array<double, 6> pupils;
    pupils.fill(random.between(50, 120));
    for (int year = 2010; year <= 2024; ++year) {
      for (std::size_t g = 5; g > 0; --g)
        pupils[g] = std::max(1.0, std::round(pupils[g - 1] + 3 * test::normal(random)));
      pupils[0] = std::max(1.0, std::round(pupils[0] + 5 * test::normal(random)));
      for (int g = 0; g < 6; ++g)
        input.enrolment.push_back({id, year, g + 1, 2, static_cast<int>(pupils[static_cast<std::size_t>(g)])});
    }
  }
  return CityHistory::make(input, {});
}

TEST(Backtest, ClaimsNothingOverABaselineThatIsTheTruth) {
  const int seeds = cities(20);
  std::array<int, 3> claims{};
  for (int seed = 0; seed < seeds; ++seed) {
    BacktestOptions options;
    options.first_origin = 2014, options.horizon = 1, options.draws = 200, options.threads = 2;
    const BacktestReport report = backtest(carried(static_cast<std::uint64_t>(1 + seed)), options);
    for (const BacktestRow& row : report.rows) {
      const Beside& carry = row.beside[static_cast<std::size_t>(Baseline::carry)];
      claims[0] += row.group == "all" && carry.better ? 1 : 0;
      claims[1] += row.group == "sitting" && carry.better ? 1 : 0;
      claims[2] += row.group == "entry" && carry.better ? 1 : 0;
    }
  }
  for (const int c : claims) EXPECT_LE(c, std::max(1, seeds / 20)) << "of " << seeds;
}

TEST(Backtest, ClaimsWhatIsSo) {
  // Cohorts differ and children are known ahead: last year's grade knows neither.
  int claims = 0, progression = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    test::DemandWorldOptions world_options = small(seed);
    world_options.birth_sd = 0.1, world_options.entry_school_sd = 0.02, world_options.entry_city_sd = 0.005;
    const test::DemandWorld world = test::make_demand_world(world_options);
    BacktestOptions options;
    options.first_origin = 2014, options.horizon = 2, options.draws = 200, options.threads = 2;
    const BacktestReport report = backtest(CityHistory::make(world.input, world.rules), options);
    for (const BacktestRow& row : report.rows) {
      if (row.group != "all") continue;
      claims += row.beside[static_cast<std::size_t>(Baseline::last_year)].better ? 1 : 0;
      progression += row.beside[static_cast<std::size_t>(Baseline::progression)].better ? 1 : 0;
    }
  }
  EXPECT_EQ(claims, 10);
  EXPECT_GE(progression, 8);
}

TEST(Backtest, ErrorsAreThoseOfItsOutcomes) {
  const CityHistory h = carried(5);
  BacktestOptions options;
  options.first_origin = 2018, options.horizon = 3, options.draws = 200, options.threads = 2;
  const BacktestReport report = backtest(h, options);
  for (int ahead = 1; ahead <= 3; ++ahead) {
    std::array<double, kBaselines.size()> off{};
    double n = 0, model = 0, bias = 0;
    for (int origin = 2018; origin + ahead <= 2024; ++origin) {
      for (const Outcome& o : outcomes_from(h, origin, 2024, 3, 200, 2)) {
        if (o.ahead != ahead || o.kind == OutcomeKind::city_grade || o.kind == OutcomeKind::city_stage) continue;
        ++n, model += std::fabs(o.estimate.median - o.actual), bias += o.estimate.median - o.actual;
        for (std::size_t b = 0; b < kBaselines.size(); ++b) {
          off[b] += std::fabs(baseline_of(h, kBaselines[b], o.school, o.grade, origin, ahead) - o.actual);
        }
      }
    }
    for (const BacktestRow& row : report.rows) {
      if (row.ahead != ahead || row.group != "all") continue;
      EXPECT_EQ(static_cast<double>(row.model.n), n);
      EXPECT_NEAR(row.model.mae, model / n, 1e-9);
      EXPECT_NEAR(row.model.bias, bias / n, 1e-9);
      for (std::size_t b = 0; b < kBaselines.size(); ++b) EXPECT_NEAR(row.beside[b].baseline.mae, off[b] / n, 1e-9);
    }
  }
}

TEST(Backtest, OriginsAndHorizonsOutOfRangeAreRefused) {
  const CityHistory h = carried(1);
  for (const auto& [first, last, horizon] :
       {std::tuple{2005, 2020, 5}, {2015, 2024, 5}, {2020, 2016, 5}, {2015, 2020, 0}, {2015, 2020, 13}}) {
    BacktestOptions options;
    options.first_origin = first, options.last_origin = last, options.horizon = horizon;
    EXPECT_THROW(backtest(h, options), InputError) << first << ' ' << last << ' ' << horizon;
  }
}

TEST(Baselines, AreWhatTheirNamesSay) {
  DemandInput input;
  input.schools = {{"s", "S", "", {Stage::primary}, "open", "public"}};
  // Grade 1: 10, 20, ..., 60 from 2015 to 2020; grade 2 half of the cohort a year later.
  for (int year = 2015; year <= 2020; ++year) {
    input.enrolment.push_back({"s", year, 1, 1, 10 * (year - 2014)});
    if (year > 2015) input.enrolment.push_back({"s", year, 2, 1, 5 * (year - 2015)});
  }
  const CityHistory h = CityHistory::make(input, {});
  const auto of = [&](Baseline b, int grade, int ahead) { return baseline_of(h, b, 0, grade, 2020, ahead); };
  EXPECT_EQ(of(Baseline::last_year, 1, 3), 60);
  EXPECT_EQ(of(Baseline::mean_3, 1, 3), 50);
  EXPECT_NEAR(of(Baseline::trend, 1, 3), 90, 1e-9);
  EXPECT_EQ(of(Baseline::carry, 2, 1), 60);
  EXPECT_EQ(of(Baseline::carry, 1, 1), 60);
  EXPECT_NEAR(of(Baseline::progression, 2, 1), 30, 1e-9);
  EXPECT_NEAR(of(Baseline::progression, 2, 2), 30, 1e-9);  // a cohort that enters next year, as last year's
  EXPECT_EQ(of(Baseline::last_year, 5, 1), kUnknown);
}

}  // namespace
}  // namespace catchment::engine::demand
