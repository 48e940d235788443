#include "engine/planning/seat_flow.hpp"

#include <algorithm>
#include <limits>

#include "engine/planning/seat_tables.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kMostMetres = 100'000'000;
constexpr std::int64_t kMostCost = std::int64_t{1} << 61;

[[noreturn]] void refuse_flow(const std::string& where, const std::string& message) {
  throw InputError("seat_flow", where, message);
}

void check_count(int count, const char* list, std::size_t at) {
  if (count < 0) refuse_flow(std::string(list) + "/" + std::to_string(at), "is negative");
}

void check_metres(int metres, const std::string& where) {
  if (metres < 0 || metres > kMostMetres) refuse_flow(where, "metres must be 0 to 100,000,000");
}

void check(const SeatFlowInput& in) {
  for (std::size_t u = 0; u < in.children.size(); ++u) check_count(in.children[u], "children", u);
  for (std::size_t s = 0; s < in.seats.size(); ++s) check_count(in.seats[s], "seats", s);
  check_metres(in.unplaced_metres, "unplaced_metres");
  int most = in.unplaced_metres;
  for (std::size_t a = 0; a < in.arcs.size(); ++a) {
    const SeatArc& arc = in.arcs[a];
    const std::string where = "arcs/" + std::to_string(a);
    if (arc.unit >= in.children.size() || arc.school >= in.seats.size()) refuse_flow(where, "no such unit or school");
    check_metres(arc.metres, where);
    most = std::max(most, arc.metres);
    if (a == 0) continue;
    const SeatArc& before = in.arcs[a - 1];
    if (arc.unit < before.unit || (arc.unit == before.unit && arc.school <= before.school))
      refuse_flow(where, "arcs must stand by unit, then school, no pair twice");
  }
  std::int64_t children = 0;
  for (const int c : in.children) children += c;
  if (most > 0 && children > kMostCost / most) refuse_flow("children", "children times metres are too many to add up");
}

}  // namespace

// A search from or to one school. Reduced metres of a move are what it adds with prices; none is negative.
struct SeatFlow::Impl {
  struct Reached {
    std::int64_t distance = 0;
    std::uint32_t order = 0, school = 0;
    // For a heap with the nearest on top, among equals the latest: after a price change many schools are equally near,
    // and going deep finds the way that was found before.
    bool operator<(const Reached& o) const { return distance != o.distance ? distance > o.distance : order < o.order; }
  };
  struct Label {
    std::int64_t distance = 0;
    std::uint32_t stamp = 0;  // of the search that wrote it
    std::uint32_t settled = 0;
    std::uint32_t other = 0;  // the school it was reached from
    SeatMove move;            // between the two
  };

  SeatTables tables;
  std::vector<Label> labels;
  std::vector<Reached> heap;
  std::vector<std::uint32_t> settled;
  std::uint32_t stamp = 0, order = 0;

  explicit Impl(SeatFlowInput input) : tables(std::move(input)), labels(tables.schools + 1) {}

  void start() {
    heap.clear();
    order = 0;
    settled.clear();
    ++stamp;
  }

  void reach(std::uint32_t school, std::int64_t distance, const SeatMove& move, std::uint32_t other) {
    Label& label = labels[school];
    if (label.stamp == stamp && label.distance <= distance) return;
    label.distance = distance, label.stamp = stamp, label.other = other, label.move = move;
    heap.push_back({distance, order++, school});
    std::push_heap(heap.begin(), heap.end());
  }

  // The nearest school not yet settled; false if there is none.
  bool settle(Reached& next) {
    while (!heap.empty()) {
      std::pop_heap(heap.begin(), heap.end());
      next = heap.back();
      heap.pop_back();
      Label& label = labels[next.school];
      if (label.settled == stamp) continue;
      label.settled = stamp;
      settled.push_back(next.school);
      return true;
    }
    return false;
  }

  // The nearest school with a free seat, and how far it is. There is one: "unplaced", if nothing else.
  std::uint32_t search(std::uint32_t school, std::int64_t& nearest) {
    nearest = std::numeric_limits<std::int64_t>::max();
    std::uint32_t target = school;
    start();
    reach(school, 0, {}, school);
    Reached at;
    while (settle(at) && at.distance < nearest) {
      for (const SeatMove& m : tables.moves_from(at.school)) {
        const std::int64_t distance = at.distance + m.metres + tables.price[m.to] - tables.price[at.school];
        if (distance >= nearest || labels[m.to].settled == stamp) continue;
        reach(m.to, distance, m, at.school);
        if (tables.load[m.to] < tables.seats[m.to]) nearest = distance, target = m.to;
      }
    }
    return target;
  }

  // Children beyond a school's seats move up along the shortest way to a free seat.
  void relieve(std::uint32_t school, SeatFlowWork& work) {
    while (tables.load[school] > tables.seats[school]) {
      std::int64_t nearest = 0;
      const std::uint32_t target = search(school, nearest);
      for (const std::uint32_t s : settled) {
        if (labels[s].distance < nearest) tables.price[s] += nearest - labels[s].distance;
      }
      std::int64_t amount =
          std::min(tables.load[school] - tables.seats[school], tables.seats[target] - tables.load[target]);
      for (std::uint32_t s = target; s != school; s = labels[s].other)
        amount = std::min<std::int64_t>(amount, tables.flow[labels[s].move.from_arc]);
      for (std::uint32_t s = target; s != school; s = labels[s].other)
        tables.shift(labels[s].move, static_cast<int>(amount));
      count(work);
    }
  }

  void count(SeatFlowWork& work) const {
    ++work.paths;
    work.settled += static_cast<int>(settled.size());
  }

  // Where the first child for a free seat comes from, and what is left of the school's price then: `least`, with the
  // whole price as the way that leaves the seat free.
  std::uint32_t search_back(std::uint32_t school, std::int64_t& least) {
    least = tables.price[school];
    std::uint32_t source = school;
    start();
    reach(school, 0, {}, school);
    Reached at;
    while (settle(at) && at.distance < least) {
      tables.visit_entrants(at.school, [&](std::uint32_t from, const SeatMove& m) {
        if (labels[from].settled == stamp) return;
        const std::int64_t distance = at.distance + m.metres + tables.price[at.school] - tables.price[from];
        if (distance >= least) return;
        reach(from, distance, m, at.school);
        if (distance + tables.price[from] < least) least = distance + tables.price[from], source = from;
      });
    }
    return source;
  }

  // Free seats of a school that has a price are filled, or lose it.
  void fill(std::uint32_t school, SeatFlowWork& work) {
    while (tables.price[school] > 0 && tables.load[school] < tables.seats[school]) {
      std::int64_t least = 0;
      const std::uint32_t source = search_back(school, least);
      for (const std::uint32_t s : settled) {
        if (labels[s].distance < least) tables.price[s] -= least - labels[s].distance;
      }
      std::int64_t amount = tables.seats[school] - tables.load[school];
      for (std::uint32_t s = source; s != school; s = labels[s].other)
        amount = std::min<std::int64_t>(amount, tables.flow[labels[s].move.from_arc]);
      for (std::uint32_t s = source; s != school; s = labels[s].other)
        tables.shift(labels[s].move, static_cast<int>(amount));
      count(work);
    }
  }

  // The least valid prices: less what the shortest way from a school that has pupils and no price leaves of each.
  void make_canonical() {
    start();
    for (std::uint32_t s = 0; s <= tables.schools; ++s) reach(s, tables.price[s], {}, s);
    Reached at;
    while (settle(at)) {
      for (const SeatMove& m : tables.moves_from(at.school)) {
        if (labels[m.to].settled == stamp) continue;
        reach(m.to, at.distance + m.metres + tables.price[m.to] - tables.price[at.school], m, at.school);
      }
    }
    for (std::uint32_t s = 0; s < tables.schools; ++s) tables.price[s] -= labels[s].distance;
  }
};

SeatFlow::SeatFlow(SeatFlowInput input) {
  check(input);
  impl_ = std::make_unique<Impl>(std::move(input));
}
SeatFlow::~SeatFlow() = default;
SeatFlow::SeatFlow(const SeatFlow& other) : impl_(std::make_unique<Impl>(*other.impl_)) {}
SeatFlow::SeatFlow(SeatFlow&&) noexcept = default;

void SeatFlow::set_seats(std::uint32_t school, int seats) {
  if (school >= impl_->tables.schools) refuse_flow("seats/" + std::to_string(school), "no such school");
  check_count(seats, "seats", school);
  impl_->tables.set_seats(school, seats);
}

void SeatFlow::set_children(std::uint32_t unit, int children) {
  SeatTables& t = impl_->tables;
  if (unit >= t.input.children.size()) refuse_flow("children/" + std::to_string(unit), "no such unit");
  check_count(children, "children", unit);
  t.set_children(unit, children);
}

void SeatFlow::set_metres(std::uint32_t unit, std::uint32_t school, int metres) {
  SeatTables& t = impl_->tables;
  const std::string where = "arcs of unit " + std::to_string(unit);
  const auto arc = t.find_arc(unit, school);
  if (!arc) refuse_flow(where, "there is none to school " + std::to_string(school));
  check_metres(metres, where);
  t.set_metres(*arc, metres);
}

SeatFlowWork SeatFlow::solve() {
  SeatFlowWork work;
  const std::vector<std::uint32_t> touched = impl_->tables.take_touched();
  for (const std::uint32_t s : touched) impl_->relieve(s, work);
  for (const std::uint32_t s : touched) impl_->fill(s, work);
  impl_->tables.take_touched();  // those on the ways between are as full as they were
  return work;
}

const SeatFlowInput& SeatFlow::input() const { return impl_->tables.input; }
std::int64_t SeatFlow::cost() const { return impl_->tables.cost; }
std::int64_t SeatFlow::children() const { return impl_->tables.everybody; }
std::int64_t SeatFlow::unplaced() const { return impl_->tables.load[impl_->tables.schools]; }
std::span<const int> SeatFlow::placed() const {
  return std::span(impl_->tables.flow).first(impl_->tables.input.arcs.size());
}
std::span<const int> SeatFlow::unplaced_of() const {
  return std::span(impl_->tables.flow).subspan(impl_->tables.input.arcs.size());
}
std::int64_t SeatFlow::load(std::uint32_t school) const { return impl_->tables.load[school]; }
std::span<const std::int64_t> SeatFlow::prices() const {
  return std::span(impl_->tables.price).first(impl_->tables.schools);
}

std::int64_t SeatFlow::next_seat_saves(std::uint32_t school) {
  std::int64_t least = 0;
  impl_->search_back(school, least);
  return impl_->tables.price[school] - least;
}

std::span<const std::int64_t> SeatFlow::canonical_prices() {
  impl_->make_canonical();
  return prices();
}

}  // namespace catchment::engine::planning
