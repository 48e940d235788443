#include "engine/admission/assignment/overflow_world.hpp"

#include <algorithm>
#include <numeric>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

constexpr int kMostMetres = 1'000'000;
constexpr std::size_t kMostTiers = 8;

[[noreturn]] void refuse_overflow(const std::string& where, const std::string& message) {
  throw InputError("overflow", where, message);
}

void check_ways(const OverflowInput& in) {
  for (std::size_t s = 0; s < in.seats.size(); ++s) {
    if (in.seats[s] < 0) refuse_overflow("seats/" + std::to_string(s), "is negative");
  }
  for (std::size_t w = 0; w < in.ways.size(); ++w) {
    const OverflowWay& way = in.ways[w];
    const std::string where = "ways/" + std::to_string(w);
    if (way.child >= in.children.size() || way.school >= in.seats.size())
      refuse_overflow(where, "no such child or school");
    if (way.metres < 0 || way.metres > kMostMetres) refuse_overflow(where, "metres must be 0 to 1,000,000");
  }
}

void number_in_order(const OverflowInput& in, OverflowWorld& world) {
  const auto rank = [&](std::uint32_t c) { return std::pair(in.children[c].tier, in.children[c].place); };
  world.given.resize(in.children.size());
  std::iota(world.given.begin(), world.given.end(), 0u);
  std::ranges::sort(world.given, [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
  std::vector<std::uint32_t> places;
  for (const OverflowChild& c : in.children) places.push_back(c.place);
  std::ranges::sort(places);
  if (std::ranges::adjacent_find(places) != places.end()) refuse_overflow("children", "two have the same place");
  for (const std::uint32_t c : world.given) {
    const int tier = in.children[c].tier;
    if (world.tiers.empty() || world.tiers.back() != tier) world.tiers.push_back(tier);
    if (world.tiers.size() > kMostTiers) refuse_overflow("children", "have more than 8 tiers");
    world.level.push_back(static_cast<std::uint8_t>(world.tiers.size() - 1));
  }
}

}  // namespace

OverflowWorld make_overflow_world(const OverflowInput& in) {
  check_ways(in);
  OverflowWorld world;
  world.seats = in.seats;
  number_in_order(in, world);
  const std::size_t children = in.children.size();
  std::vector<std::uint32_t> number(children);
  for (std::uint32_t c = 0; c < children; ++c) number[world.given[c]] = c;
  std::vector<std::uint32_t> start(children + 1, 0);
  for (const OverflowWay& w : in.ways) start[number[w.child] + 1] += in.seats[w.school] > 0 ? 1u : 0u;
  for (std::size_t c = 0; c < children; ++c) start[c + 1] += start[c];
  std::vector<SchoolWay> all(start.back());
  std::vector<std::uint32_t> next(start.begin(), start.end());
  for (const OverflowWay& w : in.ways) {
    if (in.seats[w.school] > 0) all[next[number[w.child]]++] = {w.school, w.metres};
  }
  world.first.push_back(0);
  for (std::size_t c = 0; c < children; ++c) {
    const auto begin = all.begin() + start[c], end = all.begin() + start[c + 1];
    std::sort(begin, end);
    const std::size_t own = world.ways.size();
    for (auto way = begin; way != end; ++way) {  // of several gates the nearest
      const auto has = [&](const SchoolWay& w) { return w.school == way->school; };
      if (std::none_of(world.ways.begin() + static_cast<std::ptrdiff_t>(own), world.ways.end(), has))
        world.ways.push_back(*way);
    }
    if (world.ways.size() - own > 255)
      refuse_overflow("children/" + std::to_string(world.given[c]), "has ways to more than 255 schools");
    world.first.push_back(static_cast<std::uint32_t>(world.ways.size()));
  }
  return world;
}

}  // namespace catchment::engine::admission
