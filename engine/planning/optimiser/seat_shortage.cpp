#include "engine/planning/optimiser/seat_shortage.hpp"

#include <algorithm>

namespace catchment::engine::planning {
namespace {

// Sends children to seats by augmenting paths, each found breadth first. The graph is small: units and schools.
class SeatFlow {
 public:
  SeatFlow(const PlanProblem& problem, const std::vector<char>& allowed)
      : problem_(problem), allowed_(allowed), m_(problem.schools.size()), sent_(allowed.size(), 0) {
    for (const PlanSchool& s : problem.schools) free_.push_back(s.seats);
  }

  // Places as many of a unit's children as go; what is left has no seat, whoever else gives way.
  long place(UnitIndex u) {
    long left = problem_.units[u].children;
    while (left > 0) {
      const std::optional<SchoolIndex> end = search(u);
      if (!end) break;
      left -= push(u, *end, left);
    }
    return left;
  }

  // Units and schools that the last search without an end reached: together they have no free seat.
  const std::vector<char>& reached_units() const { return unit_seen_; }
  const std::vector<char>& reached_schools() const { return school_seen_; }

 private:
  std::optional<SchoolIndex> search(UnitIndex from) {
    unit_seen_.assign(problem_.units.size(), 0);
    school_seen_.assign(m_, 0);
    by_unit_.assign(m_, 0);
    by_school_.assign(problem_.units.size(), 0);
    std::vector<UnitIndex> queue{from};
    unit_seen_[from] = 1;
    for (std::size_t k = 0; k < queue.size(); ++k) {
      const UnitIndex u = queue[k];
      for (SchoolIndex s = 0; s < m_; ++s) {
        if (!allowed_[u * m_ + s] || school_seen_[s]) continue;
        school_seen_[s] = 1;
        by_unit_[s] = u;
        if (free_[s] > 0) return s;
        for (UnitIndex w = 0; w < problem_.units.size(); ++w) {
          if (unit_seen_[w] || sent_[w * m_ + s] == 0) continue;
          unit_seen_[w] = 1;
          by_school_[w] = s;
          queue.push_back(w);
        }
      }
    }
    return std::nullopt;
  }

  long push(UnitIndex from, SchoolIndex end, long most) {
    long amount = std::min(most, free_[end]);
    for (SchoolIndex s = end; by_unit_[s] != from; s = by_school_[by_unit_[s]]) {
      const UnitIndex u = by_unit_[s];
      amount = std::min(amount, sent_[u * m_ + by_school_[u]]);
    }
    free_[end] -= amount;
    for (SchoolIndex s = end;;) {
      const UnitIndex u = by_unit_[s];
      sent_[u * m_ + s] += amount;
      if (u == from) return amount;
      s = by_school_[u];
      sent_[u * m_ + s] -= amount;
    }
  }

  const PlanProblem& problem_;
  const std::vector<char>& allowed_;
  std::size_t m_;
  std::vector<long> sent_, free_;  // sent_: [unit * schools + school]
  std::vector<char> unit_seen_, school_seen_;
  std::vector<UnitIndex> by_unit_;      // how a school was reached
  std::vector<SchoolIndex> by_school_;  // how a unit was reached
};

SeatShortage weigh(const PlanProblem& problem, const std::vector<char>& allowed, std::vector<UnitIndex> units) {
  SeatShortage result;
  const std::size_t m = problem.schools.size();
  for (SchoolIndex s = 0; s < m; ++s) {
    if (std::ranges::none_of(units, [&](UnitIndex u) { return allowed[u * m + s]; })) continue;
    result.schools.push_back(s);
    result.seats += problem.schools[s].seats;
  }
  for (const UnitIndex u : units) result.children += problem.units[u].children;
  result.units = std::move(units);
  return result;
}

}  // namespace

std::optional<SeatShortage> find_seat_shortage(const PlanProblem& problem, const std::vector<char>& allowed) {
  SeatFlow flow(problem, allowed);
  for (UnitIndex u = 0; u < problem.units.size(); ++u) {
    if (flow.place(u) == 0) continue;
    std::vector<UnitIndex> units;
    for (UnitIndex w = 0; w < problem.units.size(); ++w) {
      if (flow.reached_units()[w] && problem.units[w].children > 0) units.push_back(w);
    }
    SeatShortage least = weigh(problem, allowed, units);
    for (std::size_t k = units.size(); k-- > 0;) {  // whoever is not needed for the conflict leaves it
      std::vector<UnitIndex> fewer = least.units;
      std::erase(fewer, units[k]);
      SeatShortage next = weigh(problem, allowed, std::move(fewer));
      if (next.children > next.seats) least = std::move(next);
    }
    return least;
  }
  return std::nullopt;
}

}  // namespace catchment::engine::planning
