// `catchment demand`: children and pupils to come, the seats for them, and warnings.
#include "server/cli/demand/demand.hpp"

namespace catchment::cli {

void register_demand(CLI::App& app, Invocation& invocation) {
  CLI::App* demand = app.add_subcommand("demand", "Forecast children and pupils, reckon seats, warn of shortage");
  demand->require_subcommand(1);
  register_demand_fit(*demand, invocation);
  register_demand_forecast(*demand, invocation);
  register_demand_backtest(*demand, invocation);
  register_demand_seats(*demand, invocation);
  register_demand_warn(*demand, invocation);
}

}  // namespace catchment::cli
