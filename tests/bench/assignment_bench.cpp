// Seats given out for a city: ranked choices beside the textbook's deferred acceptance (a std::priority_queue a
// school), overflow beside LEMON's network simplex, in the same run; what they say must be equal. Times are the
// thread's own.
//   assignment_bench [--applicants N] [--schools N] [--rounds N] [--children N] [--peers 0]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <thread>

#include "engine/admission/assignment/overflow.hpp"
#include "tests/support/choice_world.hpp"
#include "tests/support/seat_world.hpp"

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
  int children = 130'000;
  int peers = 1;
};

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const int value = std::atoi(arguments[i + 1]);
    if (name == "--applicants") options.applicants = value;
    if (name == "--schools") options.schools = value;
    if (name == "--rounds") options.rounds = value;
    if (name == "--children") options.children = value;
    if (name == "--peers") options.peers = value;
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

// Houses of 1.58 children on average, each with its ten nearest schools; those of one house in fifty are a bundle.
OverflowInput make_overflow_city(const Options& options, double seats, int tiers) {
  const catchment::engine::planning::SeatFlowInput world =
      make_seat_flow({.units = static_cast<int>(options.children / 1.58),
                      .schools = 2000,
                      .near = 10,
                      .children = 1,
                      .seats = seats,
                      .square_m = 60'000});
  catchment::engine::planning::PlanRandom random(3);
  OverflowInput in;
  std::vector<std::vector<std::uint32_t>> of_unit(world.children.size());
  for (std::uint32_t unit = 0; unit < world.children.size(); ++unit) {
    const std::uint32_t bundle = unit % 50 == 0 && world.children[unit] > 1 ? unit : kNobody;
    for (int c = 0; c < world.children[unit]; ++c) {
      of_unit[unit].push_back(static_cast<std::uint32_t>(in.children.size()));
      in.children.push_back({static_cast<int>(random.below(static_cast<std::uint32_t>(tiers))),
                             static_cast<std::uint32_t>(in.children.size()), bundle});
    }
  }
  in.seats = world.seats;
  for (const auto& arc : world.arcs) {
    for (const std::uint32_t child : of_unit[arc.unit]) in.ways.push_back({child, arc.school, arc.metres});
  }
  return in;
}

// LEMON seats those our rule seats, without tiers and bundles; so with one tier the metres must be equal.
double lemon_overflow_ms(const OverflowInput& in, const OverflowResult& result, std::int64_t& cost) {
  std::vector<int> one(in.children.size(), 1);
  for (const std::uint32_t c : result.unseated) one[c] = 0;
  std::vector<LemonArc> arcs;
  for (const OverflowWay& w : in.ways)
    arcs.push_back({static_cast<int>(w.child), static_cast<int>(w.school), w.metres});
  std::ranges::stable_sort(arcs, {}, &LemonArc::unit);
  const double start = cpu_ms();
  cost = lemon_seat_cost(one, in.seats, arcs, 1'000'000);
  return cpu_ms() - start;
}

void bench_overflow(const Options& options, double seats, int tiers, OverflowRule rule) {
  OverflowInput in = make_overflow_city(options, seats, tiers);
  in.rule = rule;
  const double start = cpu_ms();
  const OverflowResult result = place_overflow(in);
  const double own = cpu_ms() - start;
  std::int64_t sum = 0;
  for (const std::int64_t metres : result.tier_m) sum += metres;
  const auto elsewhere = std::ranges::count_if(result.seats, [](const OverflowSeat& s) {
    return s.status == OverflowStatus::seated && s.wanted.school != kNobody;
  });
  std::printf("overflow, %zu children x 2000 schools x 10 nearest, %.2f seats a child, %d tier(s), %s: %.0f ms\n",
              in.children.size(), seats, tiers, rule == OverflowRule::least_walk ? "least walk" : "no leapfrog", own);
  std::printf("  %zu unseated, %lld not at their nearest, %zu bundles parted, %.1f km in all; legal: %s\n",
              result.unseated.size(), static_cast<long long>(elsewhere), result.parted_bundles.size(),
              static_cast<double>(sum) / 1000, check_overflow(in, result).empty() ? "yes" : "NO");
  if (rule != OverflowRule::least_walk || tiers > 1 || options.peers == 0) return;
  for (OverflowChild& c : in.children) c.bundle = kNobody;
  const OverflowResult free = place_overflow(in);
  std::int64_t cost = 0;
  const double peer = lemon_overflow_ms(in, free, cost);
  std::printf("  LEMON %.0f ms, ratio LEMON / own %.1f; without bundles metres equal: %s\n", peer, peer / own,
              cost == free.tier_m[0] ? "yes" : "NO");
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  for (const double seats : {1.03, 0.9}) {
    bench_overflow(options, seats, 1, OverflowRule::least_walk);
    bench_overflow(options, seats, 4, OverflowRule::least_walk);
    bench_overflow(options, seats, 1, OverflowRule::no_leapfrog);
  }
  if (options.applicants == 0) return 0;
  bench_choices(options, false);
  bench_choices(options, true);
}
