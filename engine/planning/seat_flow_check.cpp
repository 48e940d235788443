#include <algorithm>
#include <limits>

#include "engine/planning/seat_flow.hpp"

namespace catchment::engine::planning {

std::vector<std::string> check_seat_flow(const SeatFlowInput& input, const SeatFlowClaim& claim) {
  if (claim.placed.size() != input.arcs.size()) return {"not one figure per arc"};
  if (claim.prices.size() != input.seats.size()) return {"not one price per school"};
  std::vector<std::string> wrong;
  const auto unit_name = [](std::size_t u) { return "unit " + std::to_string(u); };
  const auto school_name = [](std::size_t s) { return "school " + std::to_string(s); };
  std::vector<std::int64_t> rest(input.children.begin(), input.children.end());
  std::vector<std::int64_t> load(input.seats.size(), 0), least(input.children.size(), input.unplaced_metres);
  std::int64_t cost = 0;
  for (std::size_t a = 0; a < input.arcs.size(); ++a) {
    const SeatArc& arc = input.arcs[a];
    if (claim.placed[a] < 0) wrong.push_back(unit_name(arc.unit) + ": fewer than no children");
    rest[arc.unit] -= claim.placed[a];
    load[arc.school] += claim.placed[a];
    cost += static_cast<std::int64_t>(claim.placed[a]) * arc.metres;
    least[arc.unit] = std::min(least[arc.unit], arc.metres + claim.prices[arc.school]);
  }
  std::int64_t dual = 0;
  for (std::size_t u = 0; u < input.children.size(); ++u) {
    if (rest[u] < 0) wrong.push_back(unit_name(u) + ": more children placed than it has");
    if (rest[u] > 0 && least[u] < input.unplaced_metres)
      wrong.push_back(unit_name(u) + ": unplaced though a seat is cheaper");
    cost += rest[u] * input.unplaced_metres;
    dual += input.children[u] * least[u];
  }
  for (std::size_t s = 0; s < input.seats.size(); ++s) {
    if (load[s] > input.seats[s]) wrong.push_back(school_name(s) + ": more children than seats");
    if (claim.prices[s] < 0) wrong.push_back(school_name(s) + ": a negative price");
    if (claim.prices[s] > 0 && load[s] < input.seats[s])
      wrong.push_back(school_name(s) + ": a price though seats are free");
    dual -= input.seats[s] * claim.prices[s];
  }
  for (std::size_t a = 0; a < input.arcs.size(); ++a) {
    const SeatArc& arc = input.arcs[a];
    if (claim.placed[a] > 0 && arc.metres + claim.prices[arc.school] > least[arc.unit])
      wrong.push_back(unit_name(arc.unit) + ": children where it is not cheapest");
  }
  if (cost != claim.cost) wrong.push_back("the cost is " + std::to_string(cost));
  if (cost != dual)
    wrong.push_back("the dual is worth " + std::to_string(dual) + ", the cost is " + std::to_string(cost));
  return wrong;
}

}  // namespace catchment::engine::planning
