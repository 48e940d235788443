// `catchment demand warn`: where seats will lack or stand empty, the numbers behind, and what would clear it.
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "server/cli/city_layers.hpp"
#include "server/cli/demand/demand.hpp"
#include "server/cli/demand/demand_warnings.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/row_output.hpp"

namespace catchment::cli {
namespace {

using namespace engine::demand;
using nlohmann::ordered_json;

struct DemandWarnArguments : DemandOptions {
  std::string out;
  std::vector<std::string> layers;
};

void print(const std::vector<SeatWarning>& warnings, const DemandCity& city) {
  std::map<std::size_t, std::pair<std::string, std::size_t>> counts;
  std::string last;
  for (const SeatWarning& w : warnings) {
    if (w.admission_unit_id != last) {
      std::cout << printable(w.admission_unit_id) << "  " << printable(city.name_of(w.school_id)) << "\n";
      last = w.admission_unit_id;
    }
    const std::string name = warning_name(w, city.rules);
    std::cout << "  " << printable(name) << "  " << printable(w.message) << "\n";
    auto& [word, count] = counts[w.kind == SeatWarning::Kind::small_classes ? severity_of(w, city.rules) + 1
                                                                            : severity_of(w, city.rules)];
    word = name, ++count;
  }
  std::cout << warnings.size() << " warnings";
  for (const auto& [severity, count] : counts) std::cout << ", " << printable(count.first) << " " << count.second;
  std::cout << "\n";
}

int run(const DemandWarnArguments& options, const Invocation& invocation) {
  const DemandCity city = read_demand_city(options);
  const auto areas =
      outlook::find_areas(city.package, city.base_year + 1, chosen_layers(city.package, options.layers), options.plan);
  ProgressBar bar("%");
  const auto model = fit_city(city, options, bar);
  if (model == nullptr) return kCancelled;
  const auto forecaster = forecast_city(*model, options, bar);
  if (forecaster == nullptr) return kCancelled;
  const auto book = make_seat_book(city, forecaster->forecast());
  const std::vector<SeatWarning> warnings = find_warnings(city, *forecaster, *book, areas);
  if (cancelled()) return kCancelled;
  if (options.out.ends_with(".gpkg")) {
    write_warning_features(options.out, warnings, city, *book, areas);
  } else if (!options.out.empty()) {
    RowOutput out(options.out == "-" ? "" : options.out);
    out.write(to_csv(warnings, city));
    out.finish();
  }
  if (invocation.wants_json()) {
    const ordered_json document{{"base_year", city.base_year},
                                {"horizon", options.horizon},
                                {"rules", city.rules_name},
                                {"warnings", to_json(warnings, city, *book)}};
    write_output(invocation.json_path, document.dump(2, ' ', false, ordered_json::error_handler_t::replace));
  }
  if (invocation.json_path != "-" && options.out != "-") print(warnings, city);
  const bool severest =
      std::ranges::any_of(warnings, [&](const SeatWarning& w) { return severity_of(w, city.rules) == 0; });
  return severest ? kFindings : kDone;
}

}  // namespace

void register_demand_warn(CLI::App& demand, Invocation& invocation) {
  auto options = std::make_shared<DemandWarnArguments>();
  CLI::App* command = demand.add_subcommand(
      "warn", "Warn of shortage and under-use of seats; exit code 1 if a warning is of the severest level");
  add_city_options(*command, *options);
  add_forecast_options(*command, *options);
  command->add_option("--layer", options->layers,
                      "Zones that say who neighbours whom, such as primary/2026; those in force if not given");
  command->add_option("--out", options->out, "Write to FILE: a GeoPackage if it ends in .gpkg, else CSV; - for stdout");
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
