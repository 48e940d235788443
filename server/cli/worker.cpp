// `catchment worker`: does shards of jobs that others submit.
#include <iostream>
#include <memory>

#include "server/cli/cli.hpp"
#include "server/jobs/ensemble_job.hpp"
#include "server/jobs/nats_queue.hpp"

namespace catchment::cli {

void register_worker(CLI::App& app, Invocation& invocation) {
  auto url = std::make_shared<std::string>();
  CLI::App* command =
      app.add_subcommand("worker", "Do shards of jobs that others submit, one at a time, until Ctrl-C or SIGTERM");
  command->add_option("--nats", *url, "NATS server with JetStream, as nats://host:port")->required();
  command->callback([url, &invocation] {
    invocation.run = [url] {
      const std::uint64_t done = jobs::serve_shards(*url, jobs::all_handlers(), [] { return cancelled(); });
      std::cerr << "catchment: " << done << (done == 1 ? " shard done\n" : " shards done\n");
      return static_cast<int>(kDone);
    };
  });
}

}  // namespace catchment::cli
