#include <algorithm>
#include <map>

#include "engine/admission/assignment/overflow.hpp"

namespace catchment::engine::admission {

std::vector<std::string> check_overflow(const OverflowInput& input, const OverflowResult& result) {
  if (result.seats.size() != input.children.size()) return {"not one seat per child"};
  std::vector<std::string> wrong;
  std::vector<std::int64_t> taken(input.seats.size(), 0);
  std::vector<int> metres(input.children.size(), -1);  // of the way to the seat
  std::map<int, std::int64_t> tier_m;
  for (const OverflowChild& child : input.children) tier_m[child.tier];
  for (const OverflowSeat& seat : result.seats) {
    if (seat.school != kNobody && seat.school < taken.size()) ++taken[seat.school];
  }
  for (std::size_t s = 0; s < taken.size(); ++s) {
    if (taken[s] > input.seats[s]) wrong.push_back("school " + std::to_string(s) + " has more children than seats");
  }
  for (const OverflowWay& way : input.ways) {
    int& own = metres[way.child];
    if (result.seats[way.child].school == way.school && (own < 0 || way.metres < own)) own = way.metres;
  }
  for (std::size_t c = 0; c < metres.size(); ++c) {
    const OverflowSeat& seat = result.seats[c];
    const std::string who = "child " + std::to_string(c);
    if ((seat.status == OverflowStatus::seated) != (seat.school != kNobody))
      wrong.push_back(who + " is seated nowhere");
    if (seat.school == kNobody) continue;
    if (metres[c] < 0) wrong.push_back(who + " has a seat without a way to it");
    if (metres[c] != seat.metres) wrong.push_back(who + " walks " + std::to_string(metres[c]) + " m");
    tier_m[input.children[c].tier] += metres[c];
  }
  for (const OverflowWay& way : input.ways) {
    if (taken[way.school] >= input.seats[way.school]) continue;
    const OverflowSeat& seat = result.seats[way.child];
    if (seat.school == kNobody) wrong.push_back("child " + std::to_string(way.child) + " could have a free seat");
  }
  std::size_t level = 0;
  for (const auto& [tier, sum] : tier_m) {
    if (level >= result.tier_m.size() || result.tier_m[level] != sum)
      wrong.push_back("the ways of tier " + std::to_string(tier) + " do not add up");
    ++level;
  }
  return wrong;
}

}  // namespace catchment::engine::admission
