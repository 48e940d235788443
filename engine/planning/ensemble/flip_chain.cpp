#include "engine/planning/ensemble/flip_chain.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace catchment::engine::planning {
namespace {

// e^x for -40 < x < 40, within 1e-13 of its value and of the same bits everywhere, which std::exp does not promise.
double exp_same(double x) {
  const double k = std::floor(x * 1.4426950408889634 + 0.5);
  const double r = (x - k * 0.693147180369123816490) - k * 1.90821492927058770002e-10;
  const double r2 = r * r, r4 = r2 * r2;
  const double low = (1 + r) + r2 * (1.0 / 2 + r * (1.0 / 6));
  const double mid = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
  const double high = (1.0 / 40320 + r * (1.0 / 362880)) + r2 * (1.0 / 3628800 + r * (1.0 / 39916800));
  const double power = std::bit_cast<double>(static_cast<std::uint64_t>(static_cast<std::int64_t>(k) + 1023) << 52);
  return (low + r4 * (mid + r4 * high)) * power;
}

}  // namespace

FlipChain::FlipChain(const ChainGround& ground, const Assignment& start, std::uint64_t seed, const FlipEnergy& energy)
    : ground_(ground),
      random_(seed),
      energy_(energy),
      has_energy_(energy.distance != 0 || energy.over_seats != 0 || energy.cut_edges != 0),
      plan_(count_plan(ground, start)),
      mark_(ground.graph.units, 0) {
  const PlanGraph& graph = ground.graph;
  edge_of_arc_.resize(graph.arcs.size());
  for (std::uint32_t k = 0; k < graph.arcs.size(); ++k) {
    const auto [from, to] = graph.arcs[k];
    if (from > to) continue;
    const auto back = graph.neighbours(to);
    const auto at = std::lower_bound(back.begin(), back.end(), from) - back.begin();
    edge_of_arc_[k] = edge_of_arc_[graph.first[to] + static_cast<std::uint32_t>(at)] =
        static_cast<std::uint32_t>(edges_.size());
    edges_.push_back({from, to});
  }
  place_.resize(edges_.size());
  for (std::uint32_t e = 0; e < edges_.size(); ++e) {
    if (start[edges_[e].a] != start[edges_[e].b]) set_cut(e, true);
  }
}

void FlipChain::set_cut(std::uint32_t edge, bool cut) {
  if (cut) {
    place_[edge] = static_cast<std::uint32_t>(cut_.size());
    cut_.push_back(edge);
    return;
  }
  const std::uint32_t last = cut_.back();
  cut_[place_[edge]] = last;
  place_[last] = place_[edge];
  cut_.pop_back();
}

void FlipChain::advance(std::uint64_t proposals) {
  if (cut_.empty()) {
    proposals_ += proposals;
    return;
  }
  for (std::uint64_t k = 0; k < proposals; ++k) propose();
  proposals_ += proposals;
}

void FlipChain::propose() {
  const std::uint32_t draw = random_.below(static_cast<std::uint32_t>(2 * cut_.size()));
  const Edge edge = edges_[cut_[draw >> 1]];
  const UnitIndex u = (draw & 1) != 0 ? edge.b : edge.a;
  const SchoolIndex from = plan_.zone_of[u], to = plan_.zone_of[(draw & 1) != 0 ? edge.a : edge.b];
  const int children = ground_.children[u];
  if (!ground_.fits(from, plan_.load[from] - children) || !ground_.fits(to, plan_.load[to] + children)) return;
  if (!ground_.allows(u, to)) return;
  const Sides sides = look_around(u, from, to);
  const int stay = sides.stay, join = sides.join;
  if (stay == 0) return;  // the zone would be empty
  const double cuts = static_cast<double>(cut_.size());
  double odds = stay * cuts / (join * (cuts + stay - join));
  if (has_energy_) {
    const double rise =
        energy_.distance * (ground_.cost[u * ground_.zones + to] - ground_.cost[u * ground_.zones + from]) +
        energy_.over_seats * (ground_.over(from, plan_.load[from] - children) - ground_.over(from, plan_.load[from]) +
                              ground_.over(to, plan_.load[to] + children) - ground_.over(to, plan_.load[to])) +
        energy_.cut_edges * (stay - join);
    odds = rise > 39 ? 0 : odds * exp_same(std::max(-39.0, -rise));
  }
  if (odds < 1 && random_.unit() >= odds) return;
  if (stay > 1 && !joined_without(u, from, sides)) return;
  move(u, to, sides);
}

FlipChain::Sides FlipChain::look_around(UnitIndex u, SchoolIndex from, SchoolIndex to) const {
  Sides sides;
  const auto near = ground_.graph.neighbours(u);
  const std::size_t first = std::min<std::size_t>(near.size(), 64);
  for (std::size_t i = 0; i < first; ++i) {
    const SchoolIndex z = plan_.zone_of[near[i]];
    sides.stay_bits |= static_cast<std::uint64_t>(z == from) << i;
    sides.join_bits |= static_cast<std::uint64_t>(z == to) << i;
  }
  sides.stay = std::popcount(sides.stay_bits);
  sides.join = std::popcount(sides.join_bits);
  for (std::size_t i = first; i < near.size(); ++i) {
    sides.stay += plan_.zone_of[near[i]] == from;
    sides.join += plan_.zone_of[near[i]] == to;
  }
  return sides;
}

// Whether the unit's neighbours in zone z stay connected without it: first among themselves.
bool FlipChain::joined_without(UnitIndex u, SchoolIndex z, const Sides& sides) {
  const PlanGraph& graph = ground_.graph;
  const std::uint32_t first = graph.first[u];
  if (graph.first[u + 1] - first > 64) return search_without(u, z);
  const std::uint64_t same = sides.stay_bits;
  std::uint64_t reached = same & (~same + 1), front = reached;
  while (front != 0) {
    const auto i = static_cast<std::uint32_t>(std::countr_zero(front));
    front &= front - 1;
    const std::uint64_t more = graph.among[first + i] & same & ~reached;
    reached |= more;
    front |= more;
  }
  return reached == same || search_without(u, z);
}

std::uint32_t FlipChain::root_of(std::uint32_t search) const {
  while (searches_of_[search].joined != search) search = searches_of_[search].joined;
  return search;
}

// A search from every neighbour in the zone, a unit each in turn: the smallest part decides how long it takes.
bool FlipChain::search_without(UnitIndex u, SchoolIndex z) {
  ++searches_;
  const auto near = ground_.graph.neighbours(u);
  if (stamp_ > UINT32_MAX - 2 * ground_.graph.units) {
    std::ranges::fill(mark_, 0u);
    stamp_ = 1;
  }
  std::uint32_t count = 0;
  for (const UnitIndex w : near) {
    if (plan_.zone_of[w] != z) continue;
    if (searches_of_.size() == count) searches_of_.emplace_back();
    Search& search = searches_of_[count];
    search.queue.assign(1, w);
    search.next = 0;
    search.joined = count;
    mark_[w] = stamp_ + count++;
  }
  std::uint32_t apart = count;
  bool open = true;
  while (apart > 1 && open) {
    for (std::uint32_t s = 0; s < count; ++s) apart -= search_on(s, u, z);
    for (std::uint32_t s = 0; s < count; ++s) searches_of_[s].open = false;
    for (std::uint32_t s = 0; s < count; ++s) {
      if (searches_of_[s].next < searches_of_[s].queue.size()) searches_of_[root_of(s)].open = true;
    }
    for (std::uint32_t s = 0; s < count; ++s) open = open && searches_of_[root_of(s)].open;
  }
  stamp_ += count;
  return apart == 1;
}

// Looks at one more unit. Returns how many searches were met that had not been before.
std::uint32_t FlipChain::search_on(std::uint32_t number, UnitIndex u, SchoolIndex z) {
  Search& search = searches_of_[number];
  if (search.next == search.queue.size()) return 0;
  std::uint32_t met = 0;
  for (const UnitIndex w : ground_.graph.neighbours(search.queue[search.next++])) {
    if (w == u || plan_.zone_of[w] != z) continue;
    if (mark_[w] < stamp_) {
      mark_[w] = stamp_ + number;
      search.queue.push_back(w);
      continue;
    }
    const std::uint32_t other = root_of(mark_[w] - stamp_), own = root_of(number);
    if (other == own) continue;
    searches_of_[other].joined = own;
    ++met;
  }
  return met;
}

void FlipChain::move(UnitIndex u, SchoolIndex to, const Sides& sides) {
  ++accepted_;
  const SchoolIndex from = plan_.zone_of[u];
  const int children = ground_.children[u];
  const auto count_over = [&](int sign) {
    plan_.figure(PlanFigure::over_seats) +=
        sign * (ground_.over(from, plan_.load[from]) + ground_.over(to, plan_.load[to]));
  };
  count_over(-1);
  plan_.load[from] -= children;
  plan_.load[to] += children;
  count_over(1);
  plan_.figure(PlanFigure::distance) += ground_.cost[u * ground_.zones + to] - ground_.cost[u * ground_.zones + from];
  if (!ground_.reference.empty()) {
    const int units = (ground_.reference[u] != to) - (ground_.reference[u] != from);
    plan_.figure(PlanFigure::units_changed) += units;
    plan_.figure(PlanFigure::children_changed) += units * children;
  }
  plan_.zone_of[u] = to;
  const std::uint32_t first = ground_.graph.first[u], last = ground_.graph.first[u + 1];
  for (std::uint64_t bits = sides.stay_bits; bits != 0; bits &= bits - 1) {
    set_cut(edge_of_arc_[first + static_cast<std::uint32_t>(std::countr_zero(bits))], true);
  }
  for (std::uint64_t bits = sides.join_bits; bits != 0; bits &= bits - 1) {
    set_cut(edge_of_arc_[first + static_cast<std::uint32_t>(std::countr_zero(bits))], false);
  }
  for (std::uint32_t k = first + 64; k < last; ++k) {
    const SchoolIndex z = plan_.zone_of[ground_.graph.arcs_to[k]];
    if (z == from) set_cut(edge_of_arc_[k], true);
    if (z == to) set_cut(edge_of_arc_[k], false);
  }
  plan_.figure(PlanFigure::cut_edges) = static_cast<double>(cut_.size());
}

}  // namespace catchment::engine::planning
