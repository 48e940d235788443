// How often somebody may try, in memory that does not grow: a fixed table of counters, found by a keyed hash of the
// name. A name is counted in two places and the lesser counts, so two names that share a place are seldom slowed
// together, and a flood of made-up names can neither use up memory nor push a real one out. Counts are of this process:
// a restart forgets them, which at worst grants one more round. A try is counted before its work is done and taken back
// when it succeeds: a hundred tries at once are a hundred.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/crypto.hpp"

namespace catchment::access {

using Moment = std::chrono::local_seconds;

// `tries` failures in a row lock for `lock`, each further one for twice as long, up to `longest`. After `forget`
// without any all is forgotten.
struct LockRule {
  int tries = 5;
  std::chrono::seconds lock{15 * 60};
  std::chrono::seconds longest{3600};
  std::chrono::seconds forget{24 * 3600};
};

// Safe for threads.
class FailureLocks {
 public:
  FailureLocks(const LockRule& rule, const Randomness& randomness, std::size_t places = 1 << 16);

  // Counts a try. Empty: go on. Else locked until then, and the try did not count.
  std::optional<Moment> begin(std::string_view name, Moment now);
  void succeeded(std::string_view name);

 private:
  struct Place {
    std::int32_t failures = 0;
    std::int64_t last = 0, locked_until = 0;
  };
  Place& place(std::string_view name, int row);

  LockRule rule_;
  Key32 key_;
  std::size_t places_;
  std::mutex mutex_;
  std::vector<Place> table_;  // two rows of places_
};

// `burst` at once, then one in `every`.
struct RateRule {
  int burst = 30;
  std::chrono::seconds every{10};
};

class RateLimits {
 public:
  RateLimits(const RateRule& rule, const Randomness& randomness, std::size_t places = 1 << 16);
  // Takes one. Empty: go on. Else the moment from which there is one again.
  std::optional<Moment> take(std::string_view name, Moment now);

 private:
  RateRule rule_;
  Key32 key_;
  std::size_t places_;
  std::mutex mutex_;
  std::vector<std::int64_t> full_at_;  // when the allowance will be whole again; two rows
};

// What an address counts as: an IPv4 address itself, also written ::ffff:a.b.c.d; the first 64 bits of an IPv6 address,
// which is what one customer is given; anything else as it stands.
std::string address_key(std::string_view remote_address);

}  // namespace catchment::access
