#include "engine/admission/assignment/overflow.hpp"

#include <algorithm>

#include "engine/admission/assignment/deferred_acceptance.hpp"
#include "engine/admission/assignment/overflow_world.hpp"

namespace catchment::engine::admission {
namespace {

using BundleList = std::vector<std::vector<std::uint32_t>>;

// Of two children or more, members in order; by their first member.
BundleList list_bundles(const OverflowInput& input, const OverflowWorld& world) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> members;  // bundle, child
  for (std::uint32_t c = 0; c < world.given.size(); ++c) {
    const std::uint32_t bundle = input.children[world.given[c]].bundle;
    if (bundle != kNobody) members.emplace_back(bundle, c);
  }
  std::ranges::sort(members);
  BundleList bundles;
  for (std::size_t k = 0; k < members.size(); ++k) {
    if (k == 0 || members[k].first != members[k - 1].first) bundles.emplace_back();
    bundles.back().push_back(members[k].second);
  }
  std::erase_if(bundles, [](const auto& b) { return b.size() < 2; });
  std::ranges::sort(bundles);
  return bundles;
}

// Priority at a school: tier, then the way there, then the place in order; wishes: the nearer.
ChoiceInput as_choices(const OverflowWorld& world) {
  ChoiceInput in;
  in.quotas = world.seats;
  in.first_choice = world.first;
  in.choices.reserve(world.ways.size());
  for (std::uint32_t c = 0; c < world.given.size(); ++c) {
    in.tickets.push_back(c);
    const std::uint32_t level = world.level[c];
    for (const SchoolWay& way : world.ways_of(c))
      in.choices.push_back({way.school, level << 20 | static_cast<std::uint32_t>(way.metres)});
  }
  return in;
}

SeatPlan seat_without_leapfrog(const OverflowWorld& world, const BundleList& bundles) {
  const ChoiceResult matched = match_choices(as_choices(world));
  SeatPlan plan;
  for (std::uint32_t c = 0; c < world.given.size(); ++c) {
    const auto ways = world.ways_of(c);
    const std::uint8_t choice = matched.choice[c];
    plan.school.push_back(choice == kNoChoice ? kNobody : ways[choice].school);
    WantedSeat& wanted = plan.wanted.emplace_back();
    if (ways.empty() || choice == 0) continue;
    wanted.school = ways.front().school;
    wanted.metres = ways.front().metres;
    wanted.tier = world.tiers[world.level[c]];
    wanted.last_child = world.given[matched.cut_offs[wanted.school].applicant];
  }
  for (const auto& b : bundles) {
    const auto parted = [&](std::uint32_t c) {
      return plan.school[c] == kNobody || plan.school[c] != plan.school[b.front()];
    };
    if (std::ranges::any_of(b, parted)) plan.parted_bundles.push_back(b.front());
  }
  return plan;
}

}  // namespace

OverflowResult place_overflow(const OverflowInput& input) {
  const OverflowWorld world = make_overflow_world(input);
  const BundleList bundles = list_bundles(input, world);
  const SeatPlan plan = input.rule == OverflowRule::least_walk ? seat_at_least_walk(world, bundles)
                                                               : seat_without_leapfrog(world, bundles);
  OverflowResult result;
  result.seats.resize(input.children.size());
  result.tier_m.assign(world.tiers.size(), 0);
  for (std::uint32_t c = 0; c < world.given.size(); ++c) {
    OverflowSeat& seat = result.seats[world.given[c]];
    const auto ways = world.ways_of(c);
    seat.school = plan.school[c];
    seat.wanted = plan.wanted[c];
    if (seat.school == kNobody) {
      seat.status = ways.empty() ? OverflowStatus::no_way : OverflowStatus::no_seat;
      result.unseated.push_back(world.given[c]);
      continue;
    }
    seat.status = OverflowStatus::seated;
    seat.metres = std::ranges::find(ways, seat.school, &SchoolWay::school)->metres;
    result.tier_m[world.level[c]] += seat.metres;
  }
  for (const std::uint32_t first : plan.parted_bundles)
    result.parted_bundles.push_back(input.children[world.given[first]].bundle);
  return result;
}

}  // namespace catchment::engine::admission
