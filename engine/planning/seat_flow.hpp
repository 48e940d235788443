// Children to seats at the least walk, and again after a change.
//
// Every child of a unit takes a seat of a school its unit may use, or stays unplaced at a high price; the sum of metres
// is the least possible. A seat's price is what proves it: with prices added to the walks, every child sits where it is
// cheapest, and only full schools have one.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace catchment::engine::planning {

// A school the children of a unit may go to.
struct SeatArc {
  std::uint32_t unit = 0;
  std::uint32_t school = 0;
  int metres = 0;  // a child's; anything that adds up will do
};

struct SeatFlowInput {
  std::vector<int> children;  // by unit: a block's, or 1 for one child
  std::vector<int> seats;     // by school
  std::vector<SeatArc> arcs;  // by unit, then school; no pair twice
  int unplaced_metres = 100'000;
};

struct SeatFlowWork {
  int paths = 0;    // along which children moved up
  int settled = 0;  // schools looked at on the way
};

// Solved exactly by shortest paths over the schools, the units between them looked through. A change leaves prices
// valid but for what it touches, so solving again searches its neighbourhood only. Which of several optimal solutions
// is found depends on the order of changes; its cost and the canonical prices do not.
class SeatFlow {
 public:
  // Not yet solved. Throws InputError("seat_flow", part) on lists that do not fit together, negative figures, and
  // metres or counts above 100,000,000.
  explicit SeatFlow(SeatFlowInput input);
  ~SeatFlow();
  SeatFlow(const SeatFlow& other);
  SeatFlow(SeatFlow&&) noexcept;

  // Changes; they count from the next solve() on. Throw InputError likewise; there must be an arc for set_metres.
  void set_seats(std::uint32_t school, int seats);
  void set_children(std::uint32_t unit, int children);
  void set_metres(std::uint32_t unit, std::uint32_t school, int metres);

  // O(paths x schools between a full school and the next free seat x their units).
  SeatFlowWork solve();

  // Of the last solution.
  const SeatFlowInput& input() const;  // with the changes
  std::int64_t cost() const;           // metres of all, the unplaced included
  std::int64_t children() const;
  std::int64_t unplaced() const;
  std::span<const int> placed() const;       // by arc
  std::span<const int> unplaced_of() const;  // by unit
  std::int64_t load(std::uint32_t school) const;
  std::span<const std::int64_t> prices() const;  // by school: metres; valid ones, of which there may be several
  // What one seat more would save, exactly: the least valid price. A search as far as the price reaches.
  std::int64_t next_seat_saves(std::uint32_t school);
  // The same of all schools by one search over the city. They become the prices.
  std::span<const std::int64_t> canonical_prices();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct SeatFlowClaim {
  std::span<const int> placed;           // by arc
  std::span<const std::int64_t> prices;  // by school
  std::int64_t cost = 0;
};

// What is wrong with a claimed optimum, in words; nothing: it is proved. Shares nothing with the solver. Nobody stands
// twice and no seat is sold twice; prices are not negative and zero where seats are free; everybody is where walk and
// price are least; and the dual's value is the cost. O(arcs).
std::vector<std::string> check_seat_flow(const SeatFlowInput& input, const SeatFlowClaim& claim);

}  // namespace catchment::engine::planning
