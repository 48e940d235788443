// The subcommands of `catchment demand`, one file each.
#pragma once

#include "server/cli/cli.hpp"

namespace catchment::cli {

void register_demand_fit(CLI::App& demand, Invocation& invocation);
void register_demand_forecast(CLI::App& demand, Invocation& invocation);
void register_demand_backtest(CLI::App& demand, Invocation& invocation);
void register_demand_seats(CLI::App& demand, Invocation& invocation);
void register_demand_warn(CLI::App& demand, Invocation& invocation);

}  // namespace catchment::cli
