#include <algorithm>
#include <tuple>

#include "engine/admission/assignment/overflow_world.hpp"
#include "engine/admission/assignment/walk_flow.hpp"

namespace catchment::engine::admission {
namespace {

using Bundle = std::vector<std::uint32_t>;

template <std::size_t Levels>
bool is_together(const WalkFlow<Levels>& flow, const Bundle& bundle) {
  const std::uint32_t school = flow.school_of(bundle.front());
  return school != kNobody && std::ranges::all_of(bundle, [&](std::uint32_t c) { return flow.school_of(c) == school; });
}

// The schools of a bundle's members, where most of them are first, then by the members' metres in all.
template <std::size_t Levels>
std::vector<std::uint32_t> meeting_places(const OverflowWorld& world, const WalkFlow<Levels>& flow,
                                          const Bundle& bundle) {
  std::vector<std::tuple<int, std::int64_t, std::uint32_t>> places;  // minus members, metres, school
  for (const std::uint32_t c : bundle) {
    const std::uint32_t school = flow.school_of(c);
    int here = 0;
    std::int64_t metres = 0;
    bool all_may = school != kNobody;
    for (const std::uint32_t member : bundle) {
      const auto ways = world.ways_of(member);
      const auto way = std::ranges::find(ways, school, &SchoolWay::school);
      all_may = all_may && flow.school_of(member) != kNobody && way != ways.end();
      if (!all_may) break;
      here += flow.school_of(member) == school ? 1 : 0;
      metres += way->metres;
    }
    if (all_may) places.emplace_back(-here, metres, school);
  }
  std::ranges::sort(places);
  std::vector<std::uint32_t> schools;
  for (const auto& place : places) schools.push_back(std::get<2>(place));
  schools.erase(std::unique(schools.begin(), schools.end()), schools.end());
  return schools;
}

template <std::size_t Levels>
void bring_together(const OverflowWorld& world, WalkFlow<Levels>& flow, const Bundle& bundle) {
  for (const std::uint32_t school : meeting_places(world, flow, bundle)) {
    bool moved = false, whole = true;
    for (const std::uint32_t c : bundle) {
      const bool there = flow.school_of(c) == school;
      whole = whole && flow.bring(c, school);
      moved |= !there && whole;
    }
    if (whole || moved) break;
  }
  for (const std::uint32_t c : bundle) {
    if (flow.school_of(c) != kNobody) flow.pin(c);
  }
}

constexpr std::size_t kMostSearched = 400;  // schools; a wish that costs more than they tell is told as "at least"

// What every child wanted more than it got: its nearest school, if that is not its own.
template <std::size_t Levels>
std::vector<WantedSeat> find_wanted(const OverflowWorld& world, WalkFlow<Levels>& flow) {
  std::vector<WantedSeat> all(world.given.size());
  std::vector<typename WalkFlow<Levels>::Wish> wishes;
  for (std::uint32_t c = 0; c < all.size(); ++c) {
    const auto ways = world.ways_of(c);
    if (ways.empty() || ways.front().school == flow.school_of(c)) continue;
    WantedSeat& wanted = all[c];
    wanted.school = ways.front().school;
    wanted.metres = ways.front().metres;
    wanted.tier = world.tiers[world.level[c]];
    wanted.costs_a_seat = flow.school_of(c) == kNobody;
    if (!wanted.costs_a_seat) wishes.push_back({c, ways.front(), {}, true});
  }
  flow.price_wishes(wishes, kMostSearched);
  for (const auto& wish : wishes) {
    WantedSeat& wanted = all[wish.child];
    wanted.costs_a_seat = !wish.possible;
    for (std::size_t l = 0; l < Levels && wish.possible && wanted.others_m == 0; ++l) {
      if (wish.cost.at[l] == 0) continue;
      wanted.others_m = wish.cost.at[l];
      wanted.tier = world.tiers[l];
    }
  }
  return all;
}

template <std::size_t Levels>
SeatPlan seat_with(const OverflowWorld& world, const std::vector<Bundle>& bundles) {
  WalkFlow<Levels> flow(world);
  const auto children = static_cast<std::uint32_t>(world.given.size());
  for (std::uint32_t c = 0; c < children; ++c) flow.insert(c);
  flow.settle_order();
  std::vector<const Bundle*> parted;
  for (const Bundle& b : bundles) {
    if (!is_together(flow, b)) {
      parted.push_back(&b);
      continue;
    }
    for (const std::uint32_t c : b) flow.pin(c);
  }
  for (const Bundle* b : parted) bring_together(world, flow, *b);
  if (!bundles.empty()) flow.settle_order();
  SeatPlan plan;
  for (const Bundle& b : bundles) {
    if (!is_together(flow, b)) plan.parted_bundles.push_back(b.front());
  }
  for (std::uint32_t c = 0; c < children; ++c) plan.school.push_back(flow.school_of(c));
  plan.wanted = find_wanted(world, flow);
  return plan;
}

}  // namespace

SeatPlan seat_at_least_walk(const OverflowWorld& world, const std::vector<Bundle>& bundles) {
  const std::size_t tiers = world.tiers.size();
  if (tiers <= 1) return seat_with<1>(world, bundles);
  if (tiers == 2) return seat_with<2>(world, bundles);
  return tiers <= 4 ? seat_with<4>(world, bundles) : seat_with<8>(world, bundles);
}

}  // namespace catchment::engine::admission
