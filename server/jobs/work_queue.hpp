// Work cut into shards, done by whoever is there: threads of this process, or workers on other machines.
#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::jobs {

// What a shard tells of itself while it is worked on, every few milliseconds: its share done, 0-1. False: leave at
// once, the result is not wanted.
using Alive = std::function<bool(double share)>;

// Does one shard of one kind of job. Equal bytes in give equal bytes out, so a shard that is done twice does no harm.
// Throws if the shard cannot be done; what it returns after alive() said no is thrown away.
using Handler = std::function<std::string(std::string_view input, std::string_view shard, const Alive& alive)>;
using Handlers = std::map<std::string, Handler, std::less<>>;  // by kind

struct Batch {
  std::string kind;
  std::string input;                // what all shards need; may be large, and travels once
  std::vector<std::string> shards;  // what each is; at most 100 kB
};

struct BatchProgress {
  std::size_t done = 0, shards = 0;
  double share = 0;  // 0-1, of shards begun too
};

struct BatchResult {
  bool cancelled = false;
  std::vector<std::string> results;  // by shard; empty if cancelled
};

// A shard that no worker could do.
struct ShardFailure : std::runtime_error {
  ShardFailure(std::size_t number, const std::string& message) : std::runtime_error(message), shard(number) {}
  std::size_t shard;
};

class WorkQueue {
 public:
  virtual ~WorkQueue() = default;

  // Blocks until every shard is done, in whatever order and place; the results are the same. progress is called from
  // this thread some times a second; once it says no, the shards are called off. Throws ShardFailure for the first
  // shard found that cannot be done, the rest being called off too.
  virtual BatchResult run(const Batch& batch, const std::function<bool(const BatchProgress&)>& progress) = 0;
};

}  // namespace catchment::jobs
