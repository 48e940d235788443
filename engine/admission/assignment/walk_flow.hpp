// Children to seats at the least walk, tier by tier: successive shortest paths over schools, children looked through.
//
// A length is a vector: the metres of the first tier's children, of the second's, ... compared from the left. Vectors
// that add up and compare so are all that shortest paths need, so tiers cost no more than wider numbers.
#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "engine/admission/assignment/overflow_world.hpp"

namespace catchment::engine::admission {

template <std::size_t Levels>
struct Metres {
  std::array<std::int64_t, Levels> at{};

  auto operator<=>(const Metres&) const = default;
  Metres operator+(const Metres& o) const {
    Metres sum;
    for (std::size_t l = 0; l < Levels; ++l) sum.at[l] = at[l] + o.at[l];
    return sum;
  }
  Metres operator-(const Metres& o) const {
    Metres rest;
    for (std::size_t l = 0; l < Levels; ++l) rest.at[l] = at[l] - o.at[l];
    return rest;
  }
  Metres plus(std::size_t level, std::int64_t metres) const {
    Metres sum = *this;
    sum.at[Levels == 1 ? 0 : level] += metres;
    return sum;
  }
};

// Held throughout, for every seated child that is not pinned: own way + price of its school is the least among its
// ways. No price is negative, and a school with a free seat has none. So whoever is seated walks the least in all that
// those seated can, given the pinned.
template <std::size_t Levels>
class WalkFlow {
 public:
  using Length = Metres<Levels>;

  explicit WalkFlow(const OverflowWorld& world);

  // Seats one child more, moving others up where that is least; false: there is no seat for it, nor will be.
  bool insert(std::uint32_t child);
  // The child no longer moves.
  void pin(std::uint32_t child) { pinned_[child] = 1; }
  // A seated child goes to another of its schools and is pinned there, the others move so that all keep a seat and walk
  // the least; false, and nothing has changed: they cannot.
  bool bring(std::uint32_t child, std::uint32_t school);
  // Among equally short assignments the one in which the first in order has what it wants most, then the second ...
  void settle_order();

  std::uint32_t school_of(std::uint32_t child) const { return school_of_[child]; }

  // A seated child and another of its ways.
  struct Wish {
    std::uint32_t child = 0;
    SchoolWay way;
    Length cost;           // what all walk longer with the child there and the others moved as is best
    bool possible = true;  // otherwise somebody would be without a seat
  };
  // Fills in cost and possible. Searches beyond `most` schools are cut off: then the cost is a lower bound.
  void price_wishes(std::vector<Wish>& wishes, std::size_t most);

 private:
  struct Move {
    std::int32_t metres = 0;  // longer; negative: shorter
    std::uint32_t child = 0;
  };
  struct Neighbour {
    std::uint32_t school = 0;
    Move top;                 // of the heap: void or not, no move is shorter
    std::vector<Move> moves;  // heap, the shortest on top; a move is void once its child is elsewhere or pinned
  };
  struct Label {
    Length distance;
    std::uint32_t stamp = 0, settled = 0;  // of the search that wrote it
    std::uint32_t from = kNobody;          // school or sink
    std::uint32_t child = kNobody;         // that moves from there
  };
  struct Reached {
    Length distance;
    std::uint32_t order = 0, node = 0;
  };

  Length priced(std::uint32_t child, const SchoolWay& way) const {
    return price_[way.school].plus(world_.level[child], way.metres);
  }
  const SchoolWay& own_way(std::uint32_t child) const { return world_.ways[own_[child]]; }
  bool is_free(std::uint32_t school) const { return load_[school] < world_.seats[school]; }
  bool longer(const Move& a, const Move& b) const;
  Neighbour& neighbour(std::uint32_t from, std::uint32_t to);
  const Move* shortest(Neighbour& to, std::uint32_t from);
  void seat(std::uint32_t child, std::uint32_t school);
  void unseat(std::uint32_t child);

  void start();
  void reach(std::uint32_t node, const Length& distance, std::uint32_t from, std::uint32_t child);
  bool settle(Reached& next);
  void relax(std::uint32_t school, const Length& distance, std::optional<Length>* nearest_free);
  void move_along(std::uint32_t from, std::uint32_t to);
  void raise_prices(const Length& distance);
  void relax_through_sink(const Reached& at, std::uint32_t to);
  bool search_through_sink(std::uint32_t from, std::uint32_t to);
  void shift_prices(const Length& distance);

  bool is_tight(std::uint32_t child, const SchoolWay& way) const {
    return priced(child, way) == priced(child, own_way(child));
  }
  void list_movable();
  bool give(std::uint32_t child, std::uint32_t school);

  const OverflowWorld& world_;
  std::uint32_t sink_ = 0;                    // a node behind all schools
  std::vector<std::uint32_t> school_of_;      // by child
  std::vector<std::uint32_t> own_;            // by child: its way
  std::vector<std::uint8_t> pinned_;          // by child
  std::vector<int> load_;                     // by school
  std::vector<Length> price_;                 // by school and sink
  std::vector<std::uint8_t> closed_;          // by school: no free seat can be reached from it
  std::vector<std::vector<Neighbour>> near_;  // by school: by school
  std::vector<Label> labels_;
  std::vector<Reached> heap_;
  std::vector<std::uint32_t> settled_;
  std::uint32_t stamp_ = 0, order_ = 0;
  std::vector<std::vector<std::uint32_t>> movable_;  // by school: children with equally short ways, while settling
};

}  // namespace catchment::engine::admission
