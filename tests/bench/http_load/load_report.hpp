// What a load was answered, by step, line and second.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/bench/http_load/latencies.hpp"

namespace catchment::bench {

// 503 and 429 are the door's own: nothing was begun. Any other status of 400 and more is a fault of the run.
enum class Verdict : std::uint8_t { good, shed, fault };
inline constexpr std::size_t kVerdicts = 3;
inline Verdict verdict_of(int status) {
  return status == 503 || status == 429  ? Verdict::shed
         : status >= 200 && status < 400 ? Verdict::good
                                         : Verdict::fault;
}

struct Step {
  double rate = 0;  // a second; 0: every connection asks again at once
  double seconds = 0;
};

struct Tally {
  std::array<Latencies, kVerdicts> latencies;
  std::map<int, std::uint64_t> statuses;
};
struct Second {
  Latencies good, shed;
};

struct LoadReport {
  std::vector<std::string> lines;
  std::vector<Step> steps;
  std::vector<std::vector<Tally>> tallies;  // by step, line
  std::vector<Second> seconds;              // by when requests fell due
  Latencies begun_late;                     // how long after it fell due a request was sent
  std::uint64_t due = 0, answered = 0, unanswered = 0, broken = 0;
  double elapsed_s = 0, own_cpu_s = 0;
  double server_cpu_s = -1;  // -1: not known
  std::string server_memory;

  void note(std::size_t step, std::size_t line, std::size_t second, int status, std::int64_t ns);
  void print(bool timeline) const;
};

// CPU seconds a process has used, and the line of its greatest memory; -1 and empty if there is none.
double cpu_seconds_of(const std::string& pid);
std::string memory_of(const std::string& pid);

}  // namespace catchment::bench
