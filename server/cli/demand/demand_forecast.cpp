// `catchment demand forecast`: children and pupils to come, as CSV, JSON, GeoPackage and a report to read.
#include <iostream>
#include <memory>

#include "geo/input_error.hpp"
#include "server/cli/city_layers.hpp"
#include "server/cli/demand/demand.hpp"
#include "server/cli/demand/demand_rows.hpp"
#include "server/cli/demand/report/report.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using namespace engine::demand;
using nlohmann::ordered_json;

constexpr int kReportYearsAhead = 5;
constexpr int kReportBacktestDraws = 400;

struct DemandForecastArguments : DemandOptions {
  std::string out, report;
  std::vector<std::string> layers;
  int map_year = 0;
  bool backtest = true;
};

void check(const DemandForecastArguments& options, const DemandCity& city) {
  const int first = city.base_year + 1, last = city.base_year + options.horizon;
  if (options.map_year != 0 && (options.map_year < first || options.map_year > last)) {
    throw InputError("demand_option", "--map-year",
                     "the year must be " + std::to_string(first) + " to " + std::to_string(last) + ", not " +
                         std::to_string(options.map_year));
  }
}

// Null if cancelled or if the past is too short; then `why` says so.
std::unique_ptr<BacktestReport> make_backtest(const DemandCity& city, const DemandForecastArguments& options,
                                              ProgressBar& bar, std::string& why) {
  if (!options.backtest) {
    why = "left out on request";
    return nullptr;
  }
  BacktestOptions how;
  how.horizon = std::min(kReportYearsAhead, options.horizon);
  how.draws = kReportBacktestDraws;
  how.threads = options.threads;
  how.last_origin = std::min(city.base_year, city.history.last_year()) - 1;
  how.progress = [&bar](double done) {
    bar.show(static_cast<std::int64_t>(done * 100), done);
    return !cancelled();
  };
  try {
    return std::make_unique<BacktestReport>(backtest(city.history, how));
  } catch (const InputError& error) {
    if (error.code != "demand_base_year") throw;
    why = "the past is too short";
    return nullptr;
  }
}

void print(const DemandCity& city, const Forecast& forecast) {
  std::cout << "base year " << forecast.base_year << ", " << forecast.schools.size() << " schools, " << forecast.draws
            << " draws, seed " << forecast.seed << "\n"
            << "stage    year     all grades      90 % interval   entry grade      90 % interval\n";
  for (const GradeForecast& stage : forecast.city.stages) {
    const StageRule* rule = nullptr;
    for (const StageRule& r : city.rules.stages) rule = r.first_grade == stage.grade ? &r : rule;
    const auto entry = std::ranges::find(forecast.city.grades, stage.grade, &GradeForecast::grade);
    for (std::size_t i = 0; rule != nullptr && i < stage.years.size(); ++i) {
      const Estimate& all = stage.years[i];
      const Estimate& one = entry->years[i];
      char line[160];
      std::snprintf(line, sizeof line, "%-8s %d %14.0f %8.0f - %8.0f %13.0f %8.0f - %8.0f\n",
                    std::string(engine::to_word(rule->stage)).c_str(), forecast.base_year + 1 + static_cast<int>(i),
                    all.mean, all.low[2], all.high[2], one.mean, one.low[2], one.high[2]);
      std::cout << line;
    }
  }
  const auto shrunk = std::ranges::count_if(forecast.schools, &SchoolForecast::shrunk);
  if (shrunk > 0) std::cout << shrunk << " schools lean on their district for want of a past of their own\n";
  if (!city.history.notes.empty()) {
    std::cout << city.history.notes.size() << " notes on the data (see demand fit, or --json)\n";
  }
}

std::string report_of(const DemandForecastArguments& options, const DemandCity& city, const DemandModel& model,
                      const Forecaster& forecaster, const std::vector<DemandArea>& areas, ProgressBar& bar) {
  const auto book = make_seat_book(city, forecaster.forecast());
  const std::vector<SeatWarning> warnings = find_warnings(city, forecaster, *book, areas);
  std::string why;
  const auto tested = make_backtest(city, options, bar, why);
  return report::make_report({city, options, model, forecaster.forecast(), *book, areas, warnings, tested.get(), why,
                              options.map_year != 0 ? options.map_year : city.base_year + 1});
}

int run(const DemandForecastArguments& options, const Invocation& invocation) {
  const DemandCity city = read_demand_city(options);
  check(options, city);
  const auto areas =
      outlook::find_areas(city.package, city.base_year + 1, chosen_layers(city.package, options.layers), options.plan);
  ProgressBar bar("%");
  const auto model = fit_city(city, options, bar);
  if (model == nullptr) return kCancelled;
  const auto forecaster = forecast_city(*model, options, bar);
  if (forecaster == nullptr) return kCancelled;
  const Forecast& forecast = forecaster->forecast();
  const std::vector<ForecastRow> rows = forecast_rows(city, *model, *forecaster, areas);
  // All that takes time comes before the first file: a cancelled command writes none.
  const std::string page = options.report.empty() ? "" : report_of(options, city, *model, *forecaster, areas, bar);
  if (cancelled()) return kCancelled;
  if (options.out.ends_with(".gpkg")) {
    write_forecast_features(options.out, city, areas, rows);
  } else if (!options.out.empty()) {
    RowOutput out(options.out == "-" ? "" : options.out);
    out.write(options.out.ends_with(".json") ? forecast_json(city, forecast, rows).dump(2) + "\n" : to_csv(rows));
    out.finish();
  }
  if (!options.report.empty()) {
    RowOutput out(options.report);
    out.write(page + "\n");
    out.finish();
  }
  if (invocation.wants_json()) {
    write_output(invocation.json_path,
                 forecast_json(city, forecast, rows).dump(2, ' ', false, ordered_json::error_handler_t::replace));
  }
  if (invocation.json_path != "-" && options.out != "-") print(city, forecast);
  return kDone;
}

}  // namespace

void register_demand_forecast(CLI::App& demand, Invocation& invocation) {
  auto options = std::make_shared<DemandForecastArguments>();
  CLI::App* command = demand.add_subcommand(
      "forecast", "Children and pupils to come, by school, grade and year, by zone and for the city, with intervals");
  add_city_options(*command, *options);
  add_forecast_options(*command, *options);
  command->add_option("--layer", options->layers,
                      "Zones to forecast and draw, such as primary/2026; those in force if not given");
  command->add_option("--out", options->out,
                      "Write to FILE: a GeoPackage if it ends in .gpkg, JSON in .json, else CSV; - for CSV on stdout");
  command->add_option("--report", options->report, "Write a report to read (one HTML file)");
  command->add_option("--map-year", options->map_year, "The report's map; the first year ahead if not given");
  command->add_flag("!--no-backtest", options->backtest, "Leave the back-test out of the report (it takes longest)");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
