// Where every child of a seat flow sits, and the cheapest changes of school: what its searches run on.
#pragma once

#include <optional>
#include <vector>

#include "engine/planning/seat_flow.hpp"

namespace catchment::engine::planning {

// One child more in `to` and one less in the school of `from_arc`, both of one unit.
struct SeatMove {
  std::uint32_t to = 0;
  std::uint32_t from_arc = 0;
  std::uint32_t to_arc = 0;
  int metres = 0;  // longer, each child; negative: shorter
};

// "Unplaced" is one school more, with seats for all and no price; every unit has one arc more, into it. These arcs come
// behind the input's, by unit.
//
// Held throughout: a child sits where metres + price are least for its unit.
struct SeatTables {
  explicit SeatTables(SeatFlowInput in);

  void set_seats(std::uint32_t school, int count);
  void set_children(std::uint32_t unit, int count);
  void set_metres(std::uint32_t arc, int metres);
  std::optional<std::uint32_t> find_arc(std::uint32_t unit, std::uint32_t school) const;
  // Schools that may have too many children, or free seats at a price, since the last call.
  std::vector<std::uint32_t> take_touched();

  void shift(const SeatMove& move, int children);
  // The cheapest move from a school to each other, found again only if its pupils changed.
  const std::vector<SeatMove>& moves_from(std::uint32_t school);
  // visit(school, move) for every unit that has children elsewhere and may go to this school.
  template <class Visit>
  void visit_entrants(std::uint32_t to, const Visit& visit) const {
    for (std::uint32_t k = first_entry[to]; k < first_entry[to + 1]; ++k) {
      const std::uint32_t into = entries[k], unit = input.arcs[into].unit;
      const auto consider = [&](std::uint32_t from) {
        if (from == into || flow[from] == 0) return;
        visit(school_of[from], SeatMove{to, from, into, metres_of[into] - metres_of[from]});
      };
      if (only[unit] != kSeveral) {
        consider(only[unit]);
        continue;
      }
      for (std::uint32_t a = first_arc[unit]; a < first_arc[unit + 1]; ++a) consider(a);
      consider(unplaced_arc(unit));
    }
  }

  static constexpr std::uint32_t kSeveral = 0xFFFFFFFF;
  SeatFlowInput input;
  std::uint32_t schools = 0;                     // also the number of "unplaced"
  std::vector<int> flow;                         // by arc: children
  std::vector<std::int64_t> load, seats, price;  // by school and unplaced
  std::int64_t cost = 0, everybody = 0;
  std::vector<std::uint32_t> school_of;  // by arc
  std::vector<int> metres_of;            // by arc

 private:
  std::uint32_t unplaced_arc(std::uint32_t unit) const { return static_cast<std::uint32_t>(input.arcs.size()) + unit; }
  std::uint32_t unit_of(std::uint32_t arc) const {
    return arc < input.arcs.size() ? input.arcs[arc].unit : arc - static_cast<std::uint32_t>(input.arcs.size());
  }
  template <class Visit>
  void visit_arcs(std::uint32_t unit, const Visit& visit) const {
    for (std::uint32_t a = first_arc[unit]; a < first_arc[unit + 1]; ++a) visit(a);
    visit(unplaced_arc(unit));
  }
  std::int64_t priced(std::uint32_t arc) const { return metres_of[arc] + price[school_of[arc]]; }
  std::uint32_t cheapest(std::uint32_t unit) const;
  void touch(std::uint32_t school);
  void add(std::uint32_t arc, int children);
  void enter(std::uint32_t arc);
  void leave(std::uint32_t arc);
  void consider_moves(std::vector<SeatMove>& list, std::uint32_t from_arc);
  void note_places(const std::vector<SeatMove>& list);

  std::vector<std::uint32_t> first_arc;             // by unit, one more at the end
  std::vector<std::uint32_t> first_entry, entries;  // by school: arcs into it
  std::vector<std::uint32_t> only;                  // by unit: the arc all its children use
  std::vector<std::vector<std::uint32_t>> members;  // by school: arcs with children
  std::vector<std::uint32_t> member_place;          // by arc: where among them
  std::vector<std::vector<SeatMove>> moves;         // by school
  std::vector<char> stale;                          // by school: moves must be found again
  std::vector<std::uint32_t> touched;
  std::vector<char> is_touched;
  std::vector<std::uint32_t> place, place_stamp;  // by school: where in the list at hand
  std::uint32_t stamp = 0;
};

}  // namespace catchment::engine::planning
