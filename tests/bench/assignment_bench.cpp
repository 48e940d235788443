// Seats given out for a city: ranked choices beside the textbook's deferred acceptance (a std::priority_queue a
// school), overflow beside LEMON's network simplex, in the same run; what they say must be equal. Times are the
// thread's own.
//   assignment_bench [--applicants N] [--schools N] [--rounds N]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <thread>

#include "tests/support/choice_world.hpp"

namespace {

using namespace catchment::engine::admission;
using namespace catchment::testing;

// Of all threads of the process: what other programs take of the machine does not count.
double cpu_ms() {
  timespec at{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
  return static_cast<double>(at.tv_sec) * 1e3 + static_cast<double>(at.tv_nsec) / 1e6;
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

struct Options {
  int applicants = 1'000'000;
  int schools = 500;
  int rounds = 7;
};

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const int value = std::atoi(arguments[i + 1]);
    if (name == "--applicants") options.applicants = value;
    if (name == "--schools") options.schools = value;
    if (name == "--rounds") options.rounds = value;
  }
  return options;
}

void bench_choices(const Options& options, bool own_order) {
  const ChoiceInput in = make_choices(
      {.applicants = options.applicants, .schools = options.schools, .choices = 10, .own_order = own_order});
  std::vector<double> own, peer;
  ChoiceResult result;
  std::vector<std::uint8_t> textbook;
  for (int round = 0; round < options.rounds; ++round) {
    double start = cpu_ms();
    result = match_choices(in);
    own.push_back(cpu_ms() - start);
    start = cpu_ms();
    textbook = match_by_heaps(in);
    peer.push_back(cpu_ms() - start);
  }
  const bool threads = match_choices(in, 2).choice == result.choice && match_choices(in, 5).choice == result.choice;
  const auto none = std::ranges::count(result.choice, kNoChoice);
  std::printf("%d applicants x %d schools x 10 choices, %s: textbook %.0f ms, own %.0f ms (best %.0f)\n",
              options.applicants, options.schools, own_order ? "points of each school" : "one draw", median(peer),
              median(own), *std::ranges::min_element(own));
  std::printf(
      "  ratio textbook / own %.2f; equal: %s; at 2 and 5 threads equal: %s; blocking pairs %lld; unmatched %lld\n",
      median(peer) / median(own), textbook == result.choice ? "yes" : "NO", threads ? "yes" : "NO",
      static_cast<long long>(count_blocking_pairs(in, result.choice)), static_cast<long long>(none));
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  bench_choices(options, false);
  bench_choices(options, true);
}
