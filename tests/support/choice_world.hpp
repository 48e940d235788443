// Random ranked choices of a synthetic city: applicants rank schools near them by walk, fame and taste, have priority
// at the nearest and at some others; and the textbook's way to match them.
#pragma once

#include <algorithm>
#include <cmath>
#include <queue>
#include <utility>
#include <vector>

#include "engine/admission/assignment/deferred_acceptance.hpp"
#include "engine/planning/plan_random.hpp"

namespace catchment::testing {

struct ChoiceWorld {
  int applicants = 1000, schools = 20, choices = 5;
  double seats = 0.95;     // an applicant
  bool own_order = false;  // every school orders equals by points of its own
  std::uint64_t seed = 1;
};

inline engine::admission::ChoiceInput make_choices(const ChoiceWorld& world) {
  engine::planning::PlanRandom random(world.seed);
  const auto n = static_cast<std::size_t>(world.applicants), m = static_cast<std::size_t>(world.schools);
  const auto k = std::min(static_cast<std::size_t>(world.choices), m);
  constexpr std::size_t kCells = 32;
  struct Place {
    double x = 0, y = 0, fame = 0;
  };
  std::vector<Place> schools(m);
  engine::admission::ChoiceInput in;
  for (Place& s : schools) {
    s = {random.unit(), random.unit(), 0.08 * (random.unit() + random.unit() + random.unit() - 1.5) * 2};
    const double mean = static_cast<double>(n) * world.seats / static_cast<double>(m);
    in.quotas.push_back(std::max(1, static_cast<int>(mean * (0.6 + 0.8 * random.unit()))));
  }
  const auto walk = [&](double x, double y, std::size_t s) { return std::hypot(x - schools[s].x, y - schools[s].y); };
  std::vector<std::vector<std::pair<double, std::size_t>>> near(kCells * kCells);
  for (std::size_t c = 0; c < near.size(); ++c) {
    const double x = (static_cast<double>(c % kCells) + 0.5) / kCells;
    const double y = (static_cast<double>(c / kCells) + 0.5) / kCells;
    for (std::size_t s = 0; s < m; ++s) near[c].emplace_back(walk(x, y, s), s);
    const std::size_t kept = std::min(m, 4 * k);
    std::partial_sort(near[c].begin(), near[c].begin() + static_cast<std::ptrdiff_t>(kept), near[c].end());
    near[c].resize(kept);
  }
  std::vector<std::pair<double, std::size_t>> wishes;
  in.first_choice.push_back(0);
  for (std::size_t i = 0; i < n; ++i) {
    const double x = random.unit(), y = random.unit();
    wishes.clear();
    std::size_t nearest = m;
    for (const auto& [distance, s] :
         near[static_cast<std::size_t>(y * kCells) * kCells + static_cast<std::size_t>(x * kCells)]) {
      wishes.emplace_back(walk(x, y, s) - schools[s].fame + 0.05 * random.unit(), s);
      if (nearest == m || walk(x, y, s) < walk(x, y, nearest)) nearest = s;
    }
    std::partial_sort(wishes.begin(), wishes.begin() + static_cast<std::ptrdiff_t>(k), wishes.end());
    for (std::size_t r = 0; r < k; ++r) {
      const std::size_t s = wishes[r].second;
      std::uint32_t priority = s == nearest || random.unit() < 0.08 ? 0 : 1;
      if (world.own_order) priority = priority << 20 | random.below(1u << 20);
      in.choices.push_back({static_cast<std::uint32_t>(s), priority});
    }
    in.first_choice.push_back(static_cast<std::uint32_t>(in.choices.size()));
    in.tickets.push_back(static_cast<std::uint32_t>(i));
  }
  for (std::size_t i = n; i > 1; --i)
    std::swap(in.tickets[i - 1], in.tickets[random.below(static_cast<std::uint32_t>(i))]);
  return in;
}

// Gale and Shapley as in the textbook: one applicant after another, a priority queue at every school.
inline std::vector<std::uint8_t> match_by_heaps(const engine::admission::ChoiceInput& in) {
  struct Held {
    std::uint32_t priority = 0, ticket = 0, applicant = 0;
    bool operator<(const Held& o) const { return std::pair(priority, ticket) < std::pair(o.priority, o.ticket); }
  };
  const auto n = static_cast<std::uint32_t>(in.tickets.size());
  std::vector<std::priority_queue<Held>> held(in.quotas.size());
  std::vector<std::uint8_t> next(n, 0), choice(n, engine::admission::kNoChoice);
  std::vector<std::uint32_t> unmatched;
  for (std::uint32_t i = n; i-- > 0;) unmatched.push_back(i);
  while (!unmatched.empty()) {
    const std::uint32_t i = unmatched.back();
    if (in.first_choice[i] + next[i] == in.first_choice[i + 1]) {
      unmatched.pop_back();
      continue;
    }
    const engine::admission::RankedChoice& c = in.choices[in.first_choice[i] + next[i]];
    choice[i] = next[i]++;
    held[c.school].push({c.priority, in.tickets[i], i});
    unmatched.pop_back();
    if (held[c.school].size() <= static_cast<std::size_t>(in.quotas[c.school])) continue;
    const std::uint32_t out = held[c.school].top().applicant;
    held[c.school].pop();
    choice[out] = engine::admission::kNoChoice;
    unmatched.push_back(out);
  }
  return choice;
}

}  // namespace catchment::testing
