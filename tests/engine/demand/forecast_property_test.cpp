// What must hold of every forecast, whatever the city.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "engine/demand/forecaster.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/demand/demand_checks.hpp"
#include "tests/support/demand_world.hpp"

namespace catchment::engine::demand {
namespace {

ForecastOptions quick(std::uint64_t seed = 1, unsigned threads = 2) {
  ForecastOptions options;
  options.draws = 300, options.horizon = 9, options.seed = seed, options.threads = threads;
  return options;
}

DemandModel model_of(const test::DemandWorldOptions& options) {
  FitOptions fit_options;
  fit_options.calibrate = false;
  const test::DemandWorld world = test::make_demand_world(options);
  return fit(CityHistory::make(world.input, world.rules), fit_options);
}

TEST(Forecast, ChildrenAreConservedInEverySchoolAndYear) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    test::DemandWorldOptions options;
    options.seed = seed, options.housing = seed % 2 == 0, options.feeders = seed % 3 != 0;
    const DemandModel model = model_of(options);
    const Forecaster forecaster(model, quick());
    for (const SchoolForecast& s : forecaster.forecast().schools) {
      ASSERT_EQ(s.entry.size(), 9u);
      for (std::size_t y = 0; y < s.entry.size(); ++y) {
        const EntryFlow& flow = s.entry[y];
        EXPECT_NEAR(flow.zone_children + flow.from_outside, flow.enrolled + flow.private_school + flow.elsewhere,
                    0.003);
        EXPECT_NEAR(flow.enrolled, s.grades.front().years[y].mean, 1e-9);
        for (const double part : {flow.zone_children, flow.from_outside, flow.enrolled, flow.private_school,
                                  flow.elsewhere, flow.migrant}) {
          EXPECT_GE(part, 0);
        }
        EXPECT_LE(flow.migrant, flow.from_outside);
      }
    }
  }
}

// Schools' own errors even out over the city; that of the city's ratio does not, nor does it from year to year.
TEST(Forecast, TheErrorOfTheCitysRatioIsCommonToAllSchools) {
  DemandModel model = model_of({});
  for (const Ratio& r : {model.city_entry[0], model.city_progression[1], model.ageing[3]}) {
    EXPECT_EQ(r.from, Level::city);
    EXPECT_GT(r.log_sd, 0.0005);
    EXPECT_LT(r.log_sd, 0.05);
  }
  EXPECT_EQ(model.noise.entry_ratio, model.city_entry[0].log_sd);
  EXPECT_GT(model.noise.progress_ratio, 0);
  const auto width = [&](int grade) {
    const Forecaster forecaster(model, quick());
    const Estimate& e = forecaster.forecast().city.grades[static_cast<std::size_t>(grade - 1)].years[0];
    return std::log(e.high[2] / e.low[2]);
  };
  model.noise.entry_city = model.noise.progress_city = 0;
  model.noise.entry_ratio = model.noise.progress_ratio = 0;
  const double entry = width(1), third = width(3);
  model.noise.entry_ratio = 0.1;
  EXPECT_NEAR(width(1), std::hypot(entry, 2 * 1.645 * 0.1), 0.05);
  EXPECT_NEAR(width(3), third, 1e-9) << "in the first year the third grade enters nothing";
  model.noise.progress_ratio = 0.1;
  EXPECT_NEAR(width(3), std::hypot(third, 2 * 1.645 * 0.1), 0.05);
}

TEST(Forecast, ZonesHoldTheChildrenOfTheirUnitsAndNoOthers) {
  test::DemandWorldOptions options;
  options.feeders = false;
  const DemandModel model = model_of(options);
  const Forecaster forecaster(model, quick());
  const CityHistory& h = model.history;
  for (std::size_t y = 0; y < 9; ++y) {
    std::array<double, 2> zones{}, units{};
    for (std::size_t s = 0; s < h.schools.size(); ++s) {
      zones[h.schools[s].stages[0] == Stage::junior] += forecaster.forecast().schools[s].entry[y].zone_children;
    }
    for (std::size_t u = 0; u < h.units.size(); ++u) {
      for (std::size_t k = 0; k < 2; ++k) {
        units[k] += static_cast<double>(model.outlook[k].children[u * kMostYears + y]);
      }
    }
    EXPECT_NEAR(zones[0], units[0], 0.05);
    EXPECT_NEAR(zones[1], units[1], 0.05);
  }
}

TEST(Forecast, TotalsAreTheSumsOfTheirParts) {
  test::DemandWorldOptions options;
  options.housing = true;
  const DemandModel model = model_of(options);
  const Forecaster forecaster(model, quick());
  test::expect_coherent(forecaster.forecast(), model.history.rules());
}

TEST(Forecast, SameSeedSameBytesAtAnyNumberOfThreads) {
  test::DemandWorldOptions options;
  options.housing = true;
  const DemandModel model = model_of(options);
  const std::string one = test::bytes_of(Forecaster(model, quick(5, 1)).forecast());
  for (const unsigned threads : {2u, 3u, 7u}) {
    EXPECT_EQ(one, test::bytes_of(Forecaster(model, quick(5, threads)).forecast())) << threads;
  }
  EXPECT_NE(one, test::bytes_of(Forecaster(model, quick(6, 1)).forecast()));
}

TEST(Forecast, OrderOfRowsDoesNotMatter) {
  test::DemandWorldOptions options;
  options.housing = true;
  test::DemandWorld world = test::make_demand_world(options);
  FitOptions fit_options;
  fit_options.calibrate = false;
  const DemandModel a = fit(CityHistory::make(world.input, world.rules), fit_options);
  DemandInput& in = world.input;
  std::ranges::reverse(in.units), std::ranges::reverse(in.schools), std::ranges::reverse(in.assignment);
  std::ranges::reverse(in.children), std::ranges::reverse(in.births), std::ranges::reverse(in.enrolment);
  std::ranges::reverse(in.feeders), std::ranges::reverse(in.housing);
  const DemandModel b = fit(CityHistory::make(in, world.rules), fit_options);
  EXPECT_EQ(test::bytes_of(Forecaster(a, quick()).forecast()), test::bytes_of(Forecaster(b, quick()).forecast()));
}

TEST(Forecast, RowsOfLaterYearsAreNotLookedAt) {
  test::DemandWorldOptions options;
  options.last_year = 2024;
  const test::DemandWorld world = test::make_demand_world(options);
  FitOptions fit_options;
  fit_options.base_year = 2020;
  fit_options.threads = 2;
  const DemandModel looked_back = fit(CityHistory::make(world.input, world.rules), fit_options);
  const DemandModel then = fit(CityHistory::make(test::known_by(world.input, 2020), world.rules), fit_options);
  EXPECT_EQ(test::bytes_of(Forecaster(looked_back, quick()).forecast()),
            test::bytes_of(Forecaster(then, quick()).forecast()));
}

TEST(Forecast, MoreChildrenNeverFewerPupils) {
  test::DemandWorldOptions options;
  const test::DemandWorld world = test::make_demand_world(options);
  FitOptions fit_options;
  fit_options.calibrate = false;
  const CityHistory h = CityHistory::make(world.input, world.rules);
  const DemandModel model = fit(h, fit_options);
  const Forecaster before(model, quick());
  test::Random random(3);
  for (int trial = 0; trial < 20; ++trial) {
    // More children of one age in one unit, today.
    DemandModel more = model;
    const auto unit = static_cast<std::size_t>(random.between(0, static_cast<int>(h.units.size()) - 1));
    const auto year = static_cast<std::size_t>(random.between(0, 8));
    more.outlook[0].children[unit * kMostYears + year] += static_cast<float>(random.between(1, 40));
    const Forecaster after(more, quick());
    for (std::size_t s = 0; s < h.schools.size(); ++s) {
      const SchoolForecast& a = before.forecast().schools[s];
      const SchoolForecast& b = after.forecast().schools[s];
      for (std::size_t g = 0; g < a.grades.size(); ++g) {
        for (std::size_t y = 0; y < 9; ++y) EXPECT_GE(b.grades[g].years[y].mean, a.grades[g].years[y].mean);
      }
    }
    EXPECT_GT(after.forecast().city.grades[0].years[year].mean, before.forecast().city.grades[0].years[year].mean);
  }
}

TEST(Forecast, SurveysAnchorTheFirstYearAndNoOther) {
  test::DemandWorldOptions options;
  test::DemandWorld world = test::make_demand_world(options);
  FitOptions fit_options;
  fit_options.calibrate = false;
  const DemandModel without = fit(CityHistory::make(world.input, world.rules), fit_options);
  const std::string unit = test::world_unit(0, 0, 0);
  const auto u = static_cast<std::size_t>(*without.history.find_unit(unit));
  const double expected = static_cast<double>(without.outlook[0].children[u * kMostYears]);
  world.input.survey.push_back({unit, options.last_year + 1, static_cast<int>(expected) + 60});
  const DemandModel with = fit(CityHistory::make(world.input, world.rules), fit_options);
  EXPECT_GT(static_cast<double>(with.outlook[0].children[u * kMostYears]), expected + 30);
  for (std::size_t i = 1; i < 6; ++i) {
    EXPECT_EQ(with.outlook[0].children[u * kMostYears + i], without.outlook[0].children[u * kMostYears + i]);
  }
}

TEST(Forecast, UnitsWithoutTheLastYearsBirthsAreNoFallOfTheCitys) {
  test::DemandWorldOptions options;
  test::DemandWorld world = test::make_demand_world(options);
  FitOptions fit_options;
  fit_options.calibrate = false;
  const auto born_later = [&] {
    const DemandModel model = fit(CityHistory::make(world.input, world.rules), fit_options);
    double sum = 0;
    for (std::size_t u = 0; u < model.history.units.size(); ++u) {
      sum += static_cast<double>(model.outlook[0].children[u * kMostYears + 8]);
    }
    return sum;
  };
  const double all = born_later();
  const auto half = [](const std::string& unit) { return unit.ends_with("U0") || unit.ends_with("U1"); };
  std::erase_if(world.input.births,
                [&](const Births& b) { return half(b.unit_id) && b.year >= options.last_year - 1; });
  std::erase_if(world.input.children,
                [&](const UnitChildren& c) { return half(c.unit_id) && c.year == options.last_year && c.age == 0; });
  EXPECT_NEAR(born_later(), all, 0.1 * all);
}

TEST(Forecast, OptionsOutOfRangeAreRefused) {
  const DemandModel model = model_of({});
  for (const auto& [horizon, draws] : {std::pair{0, 1000}, {31, 1000}, {5, 99}, {5, 100'001}}) {
    ForecastOptions options;
    options.horizon = horizon, options.draws = draws;
    EXPECT_THROW(Forecaster(model, options), InputError);
  }
  for (const int year : {1999, 2025}) {
    FitOptions options;
    options.base_year = year;
    EXPECT_THROW(fit(model.history, options), InputError);
  }
}

TEST(Forecast, CancellingLeavesItEmpty) {
  const DemandModel model = model_of({});
  ForecastOptions options = quick();
  options.progress = [](double) { return false; };
  const Forecaster forecaster(model, options);
  EXPECT_TRUE(forecaster.cancelled());
  EXPECT_TRUE(forecaster.forecast().schools.empty());
}

TEST(Forecast, ASmallCityMayBeCancelledAfterAnySchoolButNoChangeMay) {
  test::DemandWorldOptions world;
  world.districts = 1;  // six primary schools and two junior ones
  const DemandModel model = model_of(world);
  int asked = 0;
  ForecastOptions options = quick();
  options.progress = [&](double share) {
    EXPECT_TRUE(share >= 0 && share <= 1);
    ++asked;
    return true;
  };
  Forecaster whole(model, options);
  EXPECT_GE(asked, 8);
  const int before = asked;
  ScenarioChange change;
  change.unit_id = test::world_unit(0, 0, 1), change.school_id = test::world_primary(0, 1);
  change.from_year = model.base_year + 1;
  EXPECT_FALSE(whole.apply(std::span(&change, 1)).empty());
  EXPECT_EQ(asked, before);
  for (int stop = 1; stop < before; ++stop) {
    int left = stop;
    options.progress = [&](double) { return --left > 0; };
    const Forecaster forecaster(model, options);
    EXPECT_TRUE(forecaster.cancelled()) << stop;
    EXPECT_TRUE(forecaster.forecast().schools.empty());
    EXPECT_EQ(left, 0) << "nothing is asked once it was told to stop";
  }
}

TEST(Forecast, HousingYieldsAreLearntFromEstatesThatFilled) {
  test::DemandWorldOptions options;
  options.housing = true, options.unit_sd = 0.003, options.units = 10, options.phi = 0.1;
  const DemandModel model = model_of(options);
  // The world gives 0.02 children of each year of age a dwelling; the norm's prior 0.026.
  EXPECT_NEAR(model.yields.by_kind[0][0].value, 0.02, 0.008);
  EXPECT_GT(model.yields.by_kind[0][0].sample, 0);
  EXPECT_EQ(model.yields.by_kind[1][0].from, Level::prior);
}

}  // namespace
}  // namespace catchment::engine::demand
