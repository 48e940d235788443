// A plan of a city of 2,000 schools and 20,000 units over 12 years, one unit moved at a time: how soon all indicators
// are there again. Beside an evaluation of the same plan from nothing, in the same run; what the two say must be equal.
// And seats given out at the least walk: how soon they are after a change, beside LEMON's network simplex from nothing.
// Times are the thread's own.
//   live_plan_bench [--moves N] [--draws N] [--blocks-wide N] [--flow-only 1] [--seat-flow 0]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "engine/planning/live_plan.hpp"
#include "tests/support/live_world.hpp"
#include "tests/support/seat_world.hpp"

namespace {

using namespace catchment::engine::planning;
using namespace catchment::testing;
// Of this thread alone: what other programs take of the machine does not count.
struct Clock {
  using time_point = double;  // ms
  static double now() {
    timespec at{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return static_cast<double>(at.tv_sec) * 1e3 + static_cast<double>(at.tv_nsec) / 1e6;
  }
};

double ms_since(Clock::time_point start) { return Clock::now() - start; }

double wall_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double at_share(std::vector<double> values, double share) {
  std::ranges::sort(values);
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

struct Options {
  int moves = 1000;
  int draws = 500;
  int blocks_wide = 50;
  int flow_only = 0;
  int seat_flow = 1;
};

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const int value = std::atoi(arguments[i + 1]);
    if (name == "--moves") options.moves = value;
    if (name == "--draws") options.draws = value;
    if (name == "--blocks-wide") options.blocks_wide = value;
    if (name == "--flow-only") options.flow_only = value;
    if (name == "--seat-flow") options.seat_flow = value;
  }
  return options;
}

void bench_flow(const char* name, const SeatWorld& world, int changes) {
  SeatFlow flow(make_seat_flow(world));
  Clock::time_point start = Clock::now();
  flow.solve();
  const double cold = ms_since(start);
  std::vector<double> lemon, warm, priced;
  for (int i = 0; i < 3; ++i) {
    start = Clock::now();
    const std::int64_t cost = lemon_cost(flow.input());
    lemon.push_back(ms_since(start));
    if (cost != flow.cost()) std::printf("THE COSTS DIFFER\n");
  }
  PlanRandom random(9);
  double settled = 0;
  for (int i = 0; i < changes; ++i) {
    start = Clock::now();
    if (i % 2 == 0) {  // 20 seats fewer, or more
      const std::uint32_t s = random.below(static_cast<std::uint32_t>(world.schools));
      flow.set_seats(s, std::max(0, flow.input().seats[s] + (i % 4 == 0 ? -20 : 20)));
    } else {
      change_at_random(flow, random, 20);
    }
    settled += flow.solve().settled;
    warm.push_back(ms_since(start));
    start = Clock::now();
    flow.next_seat_saves(random.below(static_cast<std::uint32_t>(world.schools)));
    priced.push_back(ms_since(start));
  }
  const bool equal = lemon_cost(flow.input()) == flow.cost();
  const bool proved = check_seat_flow(flow.input(), {flow.placed(), flow.prices(), flow.cost()}).empty();
  start = Clock::now();
  flow.canonical_prices();
  const double prices = ms_since(start);
  const double peer = at_share(lemon, 0.5);
  std::printf(
      "%s: LEMON %.1f ms, own from nothing %.1f ms; after a change %.3f ms median, %.3f p95, %.3f worst of %d "
      "(%.0f schools settled)\n",
      name, peer, cold, at_share(warm, 0.5), at_share(warm, 0.95), at_share(warm, 1), changes, settled / changes);
  std::printf(
      "  ratios: LEMON / warm %.0f median, %.0f p95 (goal 100); costs equal after all: %s, proved by prices: %s; "
      "one seat's price %.3f ms, all %.2f ms\n",
      peer / at_share(warm, 0.5), peer / at_share(warm, 0.95), equal ? "yes" : "NO", proved ? "yes" : "NO",
      at_share(priced, 0.5), prices);
}

void bench_live(const Options& options) {
  LiveWorld world;
  world.blocks_wide = options.blocks_wide, world.blocks_high = 30, world.wide = 7, world.high = 2;
  world.years = 12, world.demand = true, world.feeders = true;
  Clock::time_point start = Clock::now();
  const CityPlan reference = LiveCity(world).make();
  std::printf("%zu schools, %zu units, 12 years, %d draws; city and model %.0f ms\n", reference.city().schools.size(),
              reference.city().units.size(), options.draws, ms_since(start));
  LiveOptions live_options;
  live_options.draws = options.draws, live_options.sibling_share = 0.2;
  live_options.seat_flow = options.seat_flow != 0;
  start = Clock::now();
  LivePlan live(reference, reference, live_options);
  std::printf("evaluated from nothing %.0f ms\n", ms_since(start));
  PlanRandom random(3);
  CityPlan plan = reference;
  std::vector<double> times, walls, prices;
  double sum = 0;
  for (int m = 0; m < options.moves; ++m) {
    const AnswerEdit edit = random_move(plan, random);
    const double wall = wall_ms();
    start = Clock::now();
    plan = plan.edited(std::span(&edit, 1));
    live.update(plan);
    for (const IndicatorRow& row : live.rows()) sum += row.value.value.value_or(0);
    times.push_back(ms_since(start));
    walls.push_back(wall_ms() - wall);
    start = Clock::now();
    if (live_options.seat_flow) sum += static_cast<double>(live.seat_prices(edit.stage, edit.from)[0]);
    prices.push_back(ms_since(start));
  }
  start = Clock::now();
  LivePlan fresh(reference, plan, live_options);
  const double cold = ms_since(start);
  const auto left = live.rows(), right = fresh.rows();
  bool equal = true;
  for (std::size_t i = 0; i < left.size(); ++i) equal = equal && left[i].value == right[i].value;
  for (YearIndex y = 0; y < 12; ++y) equal = equal && live.seat_prices(0, y) == fresh.seat_prices(0, y);
  std::printf(
      "one unit moved, all %zu figures: %.2f ms median, %.2f p95, %.2f p99 (goal 5), %.2f worst of %d (sum %.0f)\n",
      left.size(), at_share(times, 0.5), at_share(times, 0.95), at_share(times, 0.99), at_share(times, 1),
      options.moves, sum);
  std::printf("  by the clock on the wall: %.2f ms median, %.2f p99\n", at_share(walls, 0.5), at_share(walls, 0.99));
  std::printf(
      "  ratio: from nothing / a move %.0f; equal to the last bit: %s; prices of all seats of a year %.2f ms "
      "median, %.2f p99\n",
      cold / at_share(times, 0.5), equal ? "yes" : "NO", at_share(prices, 0.5), at_share(prices, 0.99));
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  SeatWorld small, city, pupils;
  small.units = 5000, small.schools = 200, small.near = 10, small.children = 20;
  city.units = 20'000, city.schools = 2000, city.near = 10, city.children = 20;
  pupils.units = 100'000, pupils.schools = 200, pupils.near = 10, pupils.children = 0.001;
  bench_flow("5,000 blocks, 200 schools", small, 400);
  bench_flow("20,000 blocks, 2,000 schools", city, 400);
  if (options.flow_only != 1) bench_live(options);
  if (options.flow_only == 2) bench_flow("100,000 children, 200 schools", pupils, 100);
}
