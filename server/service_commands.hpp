// What an operator does with a store while no service has it open: backups, accounts, the end of a season.
#pragma once

#include <functional>

#include "server/service_host.hpp"

namespace CLI {
class App;
}

namespace catchment {

void declare_season(CLI::App& app, HostOptions& options);

// backup, restore, verify, account, token, purge. The one that was asked for is put into `command`.
void declare_commands(CLI::App& app, std::function<int()>& command);

}  // namespace catchment
