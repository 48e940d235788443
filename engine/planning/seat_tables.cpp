#include "engine/planning/seat_tables.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace catchment::engine::planning {

SeatTables::SeatTables(SeatFlowInput in)
    : input(std::move(in)), schools(static_cast<std::uint32_t>(input.seats.size())) {
  const std::size_t units = input.children.size(), arcs = input.arcs.size(), nodes = schools + 1;
  first_arc.assign(units + 1, 0);
  first_entry.assign(nodes + 1, 0);
  for (const SeatArc& a : input.arcs) {
    ++first_arc[a.unit + 1];
    ++first_entry[a.school + 1];
    school_of.push_back(a.school);
    metres_of.push_back(a.metres);
  }
  for (std::size_t u = 0; u < units; ++u) first_arc[u + 1] += first_arc[u];
  for (std::size_t s = 0; s < nodes; ++s) first_entry[s + 1] += first_entry[s];
  entries.resize(arcs);
  std::vector<std::uint32_t> next(first_entry.begin(), first_entry.end());
  for (std::uint32_t a = 0; a < arcs; ++a) entries[next[school_of[a]]++] = a;
  school_of.resize(arcs + units, schools);
  metres_of.resize(arcs + units, input.unplaced_metres);
  flow.assign(arcs + units, 0);
  member_place.assign(arcs + units, 0);
  load.assign(nodes, 0);
  price.assign(nodes, 0);
  seats.assign(input.seats.begin(), input.seats.end());
  seats.push_back(std::numeric_limits<std::int64_t>::max());
  members.resize(nodes);
  moves.resize(nodes);
  stale.assign(nodes, 1);
  is_touched.assign(nodes, 0);
  place.assign(nodes, 0);
  place_stamp.assign(nodes, 0);
  only.resize(units);
  for (std::uint32_t u = 0; u < units; ++u) {
    only[u] = cheapest(u);
    add(only[u], input.children[u]);
    everybody += input.children[u];
  }
}

std::uint32_t SeatTables::cheapest(std::uint32_t unit) const {
  std::uint32_t best = unplaced_arc(unit);
  visit_arcs(unit, [&](std::uint32_t a) {
    if (priced(a) < priced(best) || (priced(a) == priced(best) && a < best)) best = a;
  });
  return best;
}

void SeatTables::touch(std::uint32_t school) {
  if (school == schools || is_touched[school] != 0) return;
  is_touched[school] = 1;
  touched.push_back(school);
}

std::vector<std::uint32_t> SeatTables::take_touched() {
  for (const std::uint32_t s : touched) is_touched[s] = 0;
  return std::exchange(touched, {});
}

void SeatTables::set_seats(std::uint32_t school, int count) {
  input.seats[school] = count;
  seats[school] = count;
  touch(school);
}

void SeatTables::set_children(std::uint32_t unit, int count) {
  int more = count - input.children[unit];
  everybody += more;
  input.children[unit] = count;
  if (more > 0) add(cheapest(unit), more);
  visit_arcs(unit, [&](std::uint32_t a) {  // all its children sit at the same price: whoever goes saves it
    const int fewer = std::min(-more, flow[a]);
    if (fewer <= 0) return;
    add(a, -fewer);
    more += fewer;
  });
}

void SeatTables::set_metres(std::uint32_t arc, int metres) {
  const std::uint32_t unit = unit_of(arc);
  cost += static_cast<std::int64_t>(flow[arc]) * (metres - metres_of[arc]);
  input.arcs[arc].metres = metres;
  metres_of[arc] = metres;
  visit_arcs(unit, [&](std::uint32_t a) {
    if (flow[a] > 0) stale[school_of[a]] = 1;
  });
  const std::uint32_t best = cheapest(unit);
  visit_arcs(unit, [&](std::uint32_t a) {
    const int children = flow[a];
    if (children == 0 || priced(a) == priced(best)) return;
    add(a, -children);
    add(best, children);
  });
}

std::optional<std::uint32_t> SeatTables::find_arc(std::uint32_t unit, std::uint32_t school) const {
  if (unit >= input.children.size()) return std::nullopt;
  const auto begin = input.arcs.begin() + first_arc[unit], end = input.arcs.begin() + first_arc[unit + 1];
  const auto found =
      std::lower_bound(begin, end, school, [](const SeatArc& a, std::uint32_t s) { return a.school < s; });
  if (found == end || found->school != school) return std::nullopt;
  return static_cast<std::uint32_t>(found - input.arcs.begin());
}

void SeatTables::shift(const SeatMove& move, int children) {
  add(move.from_arc, -children);
  add(move.to_arc, children);
}

void SeatTables::add(std::uint32_t arc, int children) {
  if (children == 0) return;
  const int before = flow[arc];
  flow[arc] += children;
  load[school_of[arc]] += children;
  cost += static_cast<std::int64_t>(children) * metres_of[arc];
  touch(school_of[arc]);
  if (before == 0) enter(arc);
  if (flow[arc] == 0) leave(arc);
}

void SeatTables::enter(std::uint32_t arc) {
  const std::uint32_t school = school_of[arc], unit = unit_of(arc);
  member_place[arc] = static_cast<std::uint32_t>(members[school].size());
  members[school].push_back(arc);
  if (only[unit] != arc) {
    const bool alone = only[unit] != kSeveral && flow[only[unit]] == 0;
    only[unit] = alone ? arc : kSeveral;
  }
  if (stale[school] != 0) return;
  note_places(moves[school]);
  consider_moves(moves[school], arc);
}

void SeatTables::leave(std::uint32_t arc) {
  const std::uint32_t school = school_of[arc], unit = unit_of(arc);
  std::vector<std::uint32_t>& list = members[school];
  list[member_place[arc]] = list.back();
  member_place[list.back()] = member_place[arc];
  list.pop_back();
  if (only[unit] == kSeveral) {
    std::uint32_t last = kSeveral;
    int used = 0;
    visit_arcs(unit, [&](std::uint32_t a) {
      if (flow[a] > 0) last = a, ++used;
    });
    if (used == 1) only[unit] = last;
  }
  if (stale[school] != 0) return;
  for (const SeatMove& m : moves[school]) {
    if (m.from_arc == arc) stale[school] = 1;
  }
}

void SeatTables::note_places(const std::vector<SeatMove>& list) {
  ++stamp;
  for (std::uint32_t i = 0; i < list.size(); ++i) place[list[i].to] = i, place_stamp[list[i].to] = stamp;
}

void SeatTables::consider_moves(std::vector<SeatMove>& list, std::uint32_t from_arc) {
  const int here = metres_of[from_arc];
  visit_arcs(unit_of(from_arc), [&](std::uint32_t a) {
    if (a == from_arc) return;
    const SeatMove move{school_of[a], from_arc, a, metres_of[a] - here};
    if (place_stamp[move.to] != stamp) {
      place[move.to] = static_cast<std::uint32_t>(list.size()), place_stamp[move.to] = stamp;
      list.push_back(move);
    } else if (move.metres < list[place[move.to]].metres) {
      list[place[move.to]] = move;
    }
  });
}

const std::vector<SeatMove>& SeatTables::moves_from(std::uint32_t school) {
  std::vector<SeatMove>& list = moves[school];
  if (stale[school] == 0) return list;
  stale[school] = 0;
  list.clear();
  note_places(list);
  for (const std::uint32_t arc : members[school]) consider_moves(list, arc);
  return list;
}

}  // namespace catchment::engine::planning
