// What Berlin's published series allow: pupils of 71 primary schools of two districts in three school years, and
// residents of planning areas by age band and half-year. The schools' pupils are told as a whole, not by grade, and the
// areas' children in bands of six and nine years: there is neither a cohort to age nor a grade to go up, and no table
// says which planning area belongs to which catchment (they cross). So a school is forecast as one grade by its own
// level, one year ahead; and the bands show how far a district's children moved while its pupils did.
#include <cmath>
#include <cstdio>
#include <map>

#include "geo/input_error.hpp"
#include "tests/real_demand/tables.hpp"

namespace {

using namespace catchment;
using namespace catchment::engine;
using namespace catchment::engine::demand;
using test::format;

constexpr const char* kSchools = "primary_schools_seats_2018-2020.csv";
constexpr const char* kAreas = "population_by_planning_area_2015-2024.csv";

CityHistory read(const std::filesystem::path& folder, std::map<std::string, std::array<double, 3>>& pupils) {
  const test::Table table(folder / kSchools);
  DemandInput input;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const std::string& id = table.text(r, "BSN");
    const std::string& district = table.text(r, "district");
    bool any = false;
    for (int year = 2018; year <= 2020; ++year) {
      const int count = table.number(r, "students" + std::to_string(year));
      if (count == 0) continue;
      any = true;
      input.enrolment.push_back({id, year, 1, 0, count});
      pupils[district][static_cast<std::size_t>(year - 2018)] += count;
    }
    if (any) input.schools.push_back({id, id, district, {Stage::primary}, "open", "public"});
  }
  DemandRules rules;
  rules.stages = {{Stage::primary, 1, 1, 26, 30, 35, 10, 0, ""}};  // one grade: the whole school
  return CityHistory::make(input, rules);
}

// Residents aged 6 to 15 at the end of a year, by the two digits of the district.
std::map<std::string, std::map<int, double>> read_bands(const std::filesystem::path& folder) {
  const test::Table table(folder / kAreas);
  std::map<std::string, std::map<int, double>> bands;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const std::string& half = table.text(r, "half_year");
    if (!half.ends_with("H2")) continue;
    bands[table.text(r, "id").substr(0, 2)][std::stoi(half.substr(0, 4))] += table.number(r, "inhabitants_age_6_15");
  }
  return bands;
}

int check(const std::filesystem::path& folder) {
  std::map<std::string, std::array<double, 3>> pupils;
  const CityHistory h = read(folder, pupils);
  BacktestOptions options;
  options.first_origin = options.last_origin = 2019, options.horizon = 1;
  const BacktestReport report = backtest(h, options);
  test::print(report);
  test::Verdict verdict;
  const BacktestRow& all = *test::find_row(report, 1, "all");
  verdict.expect(all.model.n >= 60, format("%g schools have pupils in all years", static_cast<double>(all.model.n)));
  verdict.expect(all.model.mape < 10, format("schools' pupils one year ahead: off by %.1f %%", all.model.mape));
  const Beside& last = test::beside(all, Baseline::last_year);
  verdict.say(format("beside last year's %.1f pupils: %.1f, and that is called better: %g", last.baseline.mae,
                     last.model.mae, last.better ? 1 : 0));
  verdict.expect(last.better == (last.gain - 1.645 * last.gain_se > 0), "no claim beyond what one origin shows");
  for (const auto& [district, counts] : pupils) {
    std::printf("pupils of the schools told of, %s: %.0f %.0f %.0f\n", district.c_str(), counts[0], counts[1],
                counts[2]);
  }
  for (const auto& [district, years] : read_bands(folder)) {
    if (district != "01" && district != "11") continue;  // Mitte, Lichtenberg
    std::printf("residents aged 6 to 15, district %s:", district.c_str());
    for (const auto& [year, count] : years) std::printf(" %d %.0f", year, count);
    std::puts("");
  }
  verdict.say("not allowed by the series: entry ratios, grade progression, horizons beyond a year, zones by unit");
  return verdict.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "";
  if (!std::filesystem::exists(folder / kSchools) || !std::filesystem::exists(folder / kAreas)) {
    std::printf("absent   %s or %s\n", kSchools, kAreas);
    return 77;
  }
  try {
    return check(folder);
  } catch (const InputError& e) {
    std::printf("FAILED   %s\n", e.what());
    return 1;
  }
}
