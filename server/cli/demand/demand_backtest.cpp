// `catchment demand backtest`: what forecasts of years that are over would have been worth.
#include <iostream>
#include <memory>

#include "server/cli/demand/backtest_words.hpp"
#include "server/cli/demand/demand.hpp"
#include "server/cli/demand/demand_city.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using namespace engine::demand;

struct DemandBacktestArguments : DemandOptions {
  std::string out;
  int first_origin = 0, last_origin = 0;
  int years_ahead = 5;
};

std::string padded(const std::string& text, std::size_t width) {
  return text.size() >= width ? text : std::string(width - text.size(), ' ') + text;
}

void print_errors(const Errors& e) {
  std::cout << padded(std::to_string(e.n), 8) << padded(fixed(e.mape, 1), 8) << padded(fixed(e.mae, 2), 10)
            << padded(fixed(e.bias, 2), 9);
}

void print(const BacktestReport& report) {
  std::cout << "origins " << report.first_origin << " to " << report.last_origin << "; " << report.excluded
            << " outcomes of schools that opened or ended in between left out\n"
            << "MAPE in %, MAE and bias in pupils; coverage: share of outcomes inside the 50, 80 and 90 % interval\n";
  for (const BacktestRow& row : report.rows) {
    std::cout << "\n"
              << row.ahead << (row.ahead == 1 ? " year" : " years") << " ahead, " << row.group << "\n"
              << "  forecast           n    MAPE       MAE     bias\n  model      ";
    print_errors(row.model);
    std::cout << "   coverage " << fixed(100 * row.coverage[0], 0) << " / " << fixed(100 * row.coverage[1], 0) << " / "
              << fixed(100 * row.coverage[2], 0) << " %";
    if (row.floor > 0) std::cout << "; noise floor MAE " << fixed(row.floor, 2);
    std::cout << "\n";
    for (std::size_t b = 0; b < kBaselines.size(); ++b) {
      const Beside& beside = row.beside[b];
      if (beside.baseline.n == 0) continue;
      const std::string word(to_word(kBaselines[b]));
      std::cout << "  " << word << std::string(word.size() < 11 ? 11 - word.size() : 0, ' ');
      print_errors(beside.baseline);
      std::cout << "   the model is " << verdict_of(beside) << " (MAE " << fixed(beside.model.mae, 2) << " on these, "
                << fixed(100 * beside.gain, 1) << " +- " << fixed(100 * beside.gain_se, 1) << " % less)\n";
    }
  }
}

int run(const DemandBacktestArguments& options, const Invocation& invocation) {
  const DemandCity city = read_demand_city(options);
  BacktestOptions how;
  how.first_origin = options.first_origin, how.last_origin = options.last_origin;
  how.horizon = options.years_ahead, how.draws = options.draws, how.threads = options.threads;
  ProgressBar bar("%");
  how.progress = [&bar](double done) {
    bar.show(static_cast<std::int64_t>(done * 100), done);
    return !cancelled();
  };
  const BacktestReport report = backtest(city.history, how);
  if (report.cancelled || cancelled()) return kCancelled;
  if (!options.out.empty()) {
    RowOutput out(options.out == "-" ? "" : options.out);
    out.write(outlook::backtest_csv(report));
    out.finish();
  }
  if (invocation.wants_json()) write_output(invocation.json_path, outlook::backtest_json(report).dump(2));
  if (invocation.json_path != "-" && options.out != "-") print(report);
  return kDone;
}

}  // namespace

void register_demand_backtest(CLI::App& demand, Invocation& invocation) {
  auto options = std::make_shared<DemandBacktestArguments>();
  CLI::App* command = demand.add_subcommand(
      "backtest", "Forecast years that are over from what was known before; errors and coverage beside baselines");
  add_city_options(*command, *options);
  command->remove_option(command->get_option("--base-year"));
  command
      ->add_option("--first-origin", options->first_origin, "First base year; as early as the rows allow if not given")
      ->check(CLI::Range(1900, 2200));
  command->add_option("--last-origin", options->last_origin, "Last base year; the last year but one if not given")
      ->check(CLI::Range(1900, 2200));
  command->add_option("--horizon", options->years_ahead, "Years ahead")
      ->check(CLI::Range(1, 12))
      ->capture_default_str();
  command->add_option("--draws", options->draws, "Futures drawn at each origin")
      ->check(CLI::Range(100, 100'000))
      ->capture_default_str();
  command->add_option("--out", options->out, "Write the table as CSV to FILE, - for stdout");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
