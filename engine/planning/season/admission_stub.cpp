#include "engine/planning/season/admission_stub.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace catchment::engine::planning {

std::vector<char> admit_by_tier(std::span<const SeasonApplicant> applicants, int seats) {
  const auto room = static_cast<std::size_t>(std::max(seats, 0));
  std::vector<char> admitted(applicants.size(), 1);
  if (room >= applicants.size()) return admitted;
  std::vector<std::uint32_t> order(applicants.size());
  std::iota(order.begin(), order.end(), 0u);
  const auto rank = [&](std::uint32_t i) { return std::tuple(applicants[i].tier, applicants[i].lot, i); };
  std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
  for (std::size_t i = room; i < order.size(); ++i) admitted[order[i]] = 0;
  return admitted;
}

}  // namespace catchment::engine::planning
