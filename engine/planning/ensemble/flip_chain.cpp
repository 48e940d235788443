#include "engine/planning/ensemble/flip_chain.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

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

// Ones in a byte; the processor's own instruction is not in every x86-64.
constexpr std::array<std::uint8_t, 256> kOnes = [] {
  std::array<std::uint8_t, 256> ones{};
  for (std::size_t k = 1; k < 256; ++k) ones[k] = static_cast<std::uint8_t>(ones[k / 2] + k % 2);
  return ones;
}();

// Out of the way of e^x.
constexpr double kMostRise = 39;

double weight_of(double rise) { return rise > kMostRise ? 0 : exp_same(std::max(-kMostRise, -rise)); }

}  // namespace

FlipChain::FlipChain(const ChainGround& ground, const Assignment& start, std::uint64_t seed, const FlipEnergy& energy)
    : ground_(ground),
      random_(seed),
      energy_(energy),
      has_energy_(energy.distance != 0 || energy.over_seats != 0 || energy.cut_edges != 0),
      plan_(count_plan(ground, start)),
      zone_(start),
      mark_(ground.graph.units, 0) {
  zone_.push_back(UINT32_MAX);
  has_costs_ = std::ranges::any_of(ground.cost, [](double c) { return c != 0; });
  has_seats_ = std::ranges::any_of(ground.seats, [](int s) { return s != std::numeric_limits<int>::max(); });
  forbids_ = std::ranges::any_of(ground.allowed, [](char a) { return a == 0; });
  for (std::size_t k = 0; k < cut_weight_.size(); ++k) {
    cut_weight_[k] = weight_of(energy.cut_edges * (static_cast<double>(k) - kSlots));
  }
  lay_rings();
}

void FlipChain::lay_rings() {
  const PlanGraph& graph = ground_.graph;
  edge_of_arc_.resize(graph.arcs.size());
  std::uint32_t edges = 0;
  for (std::uint32_t k = 0; k < graph.arcs.size(); ++k) {
    const auto [from, to] = graph.arcs[k];
    if (from > to) continue;
    const auto back = graph.neighbours(to);
    const auto at = std::lower_bound(back.begin(), back.end(), from) - back.begin();
    edge_of_arc_[k] = edge_of_arc_[graph.first[to] + static_cast<std::uint32_t>(at)] = edges++;
  }
  place_.resize(edges);
  for (std::uint32_t k = 0; k < graph.arcs.size(); ++k) {
    const auto [a, b] = graph.arcs[k];
    if (a < b && zone_[a] != zone_[b]) cut(edge_of_arc_[k], a, b);
  }
  rings_.resize(graph.units);
  for (UnitIndex u = 0; u < graph.units; ++u) {
    Ring& ring = rings_[u];
    ring.near.fill(static_cast<UnitIndex>(graph.units));
    ring.edge.fill(0);
    const auto near = graph.neighbours(u);
    ring.wide = near.size() > kSlots;
    if (ring.wide) continue;
    ring.count = static_cast<std::uint32_t>(near.size());
    std::array<std::uint32_t, kSlots> order{};
    order_ring(graph, u, order, ring);
    for (std::uint32_t k = 0; k < ring.count; ++k) {
      ring.near[k] = near[order[k]];
      ring.edge[k] = edge_of_arc_[graph.first[u] + order[k]];
    }
  }
}

// Walks from neighbour to neighbour, first from those that border at most one other, so that stretches come out whole.
void FlipChain::order_ring(const PlanGraph& graph, UnitIndex u, std::array<std::uint32_t, kSlots>& order, Ring& ring) {
  const std::uint64_t* among = graph.among.data() + graph.first[u];
  std::uint32_t placed = 0, seen = 0, pairs = 0;
  const auto walk = [&](std::uint32_t at) {
    while (true) {
      seen |= 1u << at;
      order[placed++] = at;
      const auto next = static_cast<std::uint32_t>(among[at]) & ~seen;
      if (next == 0) break;
      ring.links |= 1u << (placed - 1);
      at = static_cast<std::uint32_t>(std::countr_zero(next));
    }
  };
  for (std::uint32_t k = 0; k < ring.count; ++k) {
    pairs += kOnes[among[k]];
    if (kOnes[among[k]] <= 1 && (seen >> k & 1) == 0) walk(k);
  }
  for (std::uint32_t k = 0; k < ring.count; ++k) {
    if ((seen >> k & 1) == 0) walk(k);
  }
  const bool closes = ring.count > 2 && (among[order[0]] >> order[ring.count - 1] & 1) != 0;
  if (closes) ring.links |= 1u << (ring.count - 1);
  ring.whole = pairs == 2u * kOnes[ring.links];
}

void FlipChain::cut(std::uint32_t edge, UnitIndex a, UnitIndex b) {
  place_[edge] = static_cast<std::uint32_t>(cut_.size());
  cut_.push_back({a, b, edge});
}

void FlipChain::uncut(std::uint32_t edge) {
  const CutEdge last = cut_.back();
  cut_[place_[edge]] = last;
  place_[last.edge] = place_[edge];
  cut_.pop_back();
}

void FlipChain::advance(std::uint64_t proposals) {
  proposals_ += proposals;
  if (cut_.empty()) return;
  for (std::uint64_t k = 0; k < proposals; ++k) propose();
}

void FlipChain::propose() {
  const std::uint32_t draw = random_.below(static_cast<std::uint32_t>(2 * cut_.size()));
  const CutEdge edge = cut_[draw >> 1];
  const UnitIndex u = (draw & 1) != 0 ? edge.b : edge.a;
  const SchoolIndex from = zone_[u], to = zone_[(draw & 1) != 0 ? edge.a : edge.b];
  const int children = ground_.children[u];
  if (!ground_.fits(from, plan_.load[from] - children) || !ground_.fits(to, plan_.load[to] + children)) return;
  if (forbids_ && !ground_.allows(u, to)) return;
  const Sides sides = look_around(u, from, to);
  const int stay = sides.stay, join = sides.join;
  if (stay == 0) return;  // the zone would be empty
  const double cuts = static_cast<double>(cut_.size());
  double odds = stay * cuts, least = join * (cuts + stay - join);
  if (has_energy_) odds *= weigh(u, from, to, sides);
  if (odds < least && random_.unit() * least >= odds) return;
  if (stay > 1 && !joined_without(u, from, sides)) return;
  move(u, to, sides);
}

FlipChain::Sides FlipChain::look_around(UnitIndex u, SchoolIndex from, SchoolIndex to) const {
  Sides sides;
  const Ring& ring = rings_[u];
  if (!ring.wide) {
    for (std::uint32_t k = 0; k < kSlots; ++k) {
      const SchoolIndex z = zone_[ring.near[k]];
      sides.stay_bits |= static_cast<std::uint32_t>(z == from) << k;
      sides.join_bits |= static_cast<std::uint32_t>(z == to) << k;
    }
    sides.stay = kOnes[sides.stay_bits];
    sides.join = kOnes[sides.join_bits];
    return sides;
  }
  for (const UnitIndex w : ground_.graph.neighbours(u)) {
    sides.stay += zone_[w] == from;
    sides.join += zone_[w] == to;
  }
  return sides;
}

// exp(energy now - energy then).
double FlipChain::weigh(UnitIndex u, SchoolIndex from, SchoolIndex to, const Sides& sides) const {
  const int more_cuts = sides.stay - sides.join, children = ground_.children[u];
  double rise = 0;
  if (has_costs_) {
    rise += energy_.distance * (ground_.cost[u * ground_.zones + to] - ground_.cost[u * ground_.zones + from]);
  }
  if (has_seats_) {
    rise +=
        energy_.over_seats * (ground_.over(from, plan_.load[from] - children) - ground_.over(from, plan_.load[from]) +
                              ground_.over(to, plan_.load[to] + children) - ground_.over(to, plan_.load[to]));
  }
  if (rise == 0 && !rings_[u].wide) return cut_weight_[static_cast<std::size_t>(more_cuts + static_cast<int>(kSlots))];
  return weight_of(rise + energy_.cut_edges * more_cuts);
}

// Whether the unit's neighbours in zone z stay connected without it: first among themselves.
bool FlipChain::joined_without(UnitIndex u, SchoolIndex z, const Sides& sides) {
  const Ring& ring = rings_[u];
  if (ring.whole) {
    const std::uint32_t same = sides.stay_bits, linked = same & ring.links;
    const std::uint32_t starts = same & ~(linked << 1 | linked >> (ring.count - 1));  // of runs
    return (starts & (starts - 1)) == 0 || search_without(u, z, starts);
  }
  const auto near = ground_.graph.neighbours(u);
  if (near.size() > 64) return search_without(u, z, 0);
  std::uint64_t same = 0;
  for (std::size_t k = 0; k < near.size(); ++k) same |= static_cast<std::uint64_t>(zone_[near[k]] == z) << k;
  return ground_.graph.hang_together(u, same) || search_without(u, z, 0);
}

std::uint32_t FlipChain::root_of(std::uint32_t search) const {
  while (searches_of_[search].joined != search) search = searches_of_[search].joined;
  return search;
}

void FlipChain::begin_search(std::uint32_t number) {
  if (searches_of_.size() == number) searches_of_.emplace_back();
  Search& search = searches_of_[number];
  search.queue.clear();
  search.next = 0;
  search.joined = number;
}

void FlipChain::seed(std::uint32_t number, UnitIndex w) {
  searches_of_[number].queue.push_back(w);
  mark_[w] = stamp_ + number;
}

// A search from every run of neighbours in the zone, or from every neighbour; how many.
std::uint32_t FlipChain::begin_searches(UnitIndex u, SchoolIndex z, std::uint32_t run_starts) {
  std::uint32_t count = 0;
  const Ring& ring = rings_[u];
  if (!ring.whole) {
    for (const UnitIndex w : ground_.graph.neighbours(u)) {
      if (zone_[w] != z) continue;
      begin_search(count);
      seed(count++, w);
    }
    return count;
  }
  std::uint32_t slot = static_cast<std::uint32_t>(std::countr_zero(run_starts));
  for (std::uint32_t k = 0; k < ring.count; ++k, slot = slot + 1 == ring.count ? 0 : slot + 1) {
    if (zone_[ring.near[slot]] != z) continue;
    if ((run_starts >> slot & 1) != 0) begin_search(count++);
    seed(count - 1, ring.near[slot]);
  }
  return count;
}

// Searches, a unit each in turn: the smallest part decides how long they take. run_starts: the first slot of each run.
bool FlipChain::search_without(UnitIndex u, SchoolIndex z, std::uint32_t run_starts) {
  ++searches_;
  if (stamp_ > UINT32_MAX - 2 * ground_.graph.units) {
    std::ranges::fill(mark_, 0u);
    stamp_ = 1;
  }
  const std::uint32_t count = begin_searches(u, z, run_starts);
  std::uint32_t apart = count;
  bool open = true;
  while (apart > 1 && open) {
    bool ended = false;
    for (std::uint32_t s = 0; s < count; ++s) {
      apart -= search_on(s, u, z);
      ended = ended || searches_of_[s].next == searches_of_[s].queue.size();
    }
    if (ended) open = all_open(count);
  }
  stamp_ += count;
  return apart == 1;
}

// Whether of every part that the searches have found to be one, a search can go on.
bool FlipChain::all_open(std::uint32_t count) {
  for (std::uint32_t s = 0; s < count; ++s) searches_of_[s].open = false;
  for (std::uint32_t s = 0; s < count; ++s) {
    if (searches_of_[s].next < searches_of_[s].queue.size()) searches_of_[root_of(s)].open = true;
  }
  for (std::uint32_t s = 0; s < count; ++s) {
    if (!searches_of_[root_of(s)].open) return false;
  }
  return true;
}

// Looks at one more unit. Returns how many searches were met that had not been before.
std::uint32_t FlipChain::search_on(std::uint32_t number, UnitIndex u, SchoolIndex z) {
  Search& search = searches_of_[number];
  if (search.next == search.queue.size()) return 0;
  std::uint32_t met = 0;
  for (const UnitIndex w : ground_.graph.neighbours(search.queue[search.next++])) {
    if (w == u || zone_[w] != z) continue;
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
  const SchoolIndex from = zone_[u];
  count_figures(u, from, to);
  zone_[u] = plan_.zone_of[u] = to;
  change_cuts(u, from, to, sides);
}

// Loads, and the figures but for the borders between zones.
void FlipChain::count_figures(UnitIndex u, SchoolIndex from, SchoolIndex to) {
  const int children = ground_.children[u];
  const auto count_over = [&](int sign) {
    plan_.figure(PlanFigure::over_seats) +=
        sign * (ground_.over(from, plan_.load[from]) + ground_.over(to, plan_.load[to]));
  };
  if (has_seats_) count_over(-1);
  plan_.load[from] -= children;
  plan_.load[to] += children;
  if (has_seats_) count_over(1);
  if (has_costs_) {
    plan_.figure(PlanFigure::distance) += ground_.cost[u * ground_.zones + to] - ground_.cost[u * ground_.zones + from];
  }
  if (!ground_.reference.empty()) {
    const int units = (ground_.reference[u] != to) - (ground_.reference[u] != from);
    plan_.figure(PlanFigure::units_changed) += units;
    plan_.figure(PlanFigure::children_changed) += units * children;
  }
}

void FlipChain::change_cuts(UnitIndex u, SchoolIndex from, SchoolIndex to, const Sides& sides) {
  const Ring& ring = rings_[u];
  if (ring.wide) {
    for (std::uint32_t k = ground_.graph.first[u]; k < ground_.graph.first[u + 1]; ++k) {
      const UnitIndex w = ground_.graph.arcs_to[k];
      if (zone_[w] == from) cut(edge_of_arc_[k], u, w);
      if (zone_[w] == to) uncut(edge_of_arc_[k]);
    }
  } else {
    std::uint32_t stay = sides.stay_bits, join = sides.join_bits;
    for (; stay != 0 && join != 0; stay &= stay - 1, join &= join - 1) {  // one in the place of another
      const auto in = static_cast<std::uint32_t>(std::countr_zero(stay));
      const std::uint32_t at = place_[ring.edge[static_cast<std::uint32_t>(std::countr_zero(join))]];
      cut_[at] = {u, ring.near[in], ring.edge[in]};
      place_[ring.edge[in]] = at;
    }
    for (; stay != 0; stay &= stay - 1) {
      const auto in = static_cast<std::uint32_t>(std::countr_zero(stay));
      cut(ring.edge[in], u, ring.near[in]);
    }
    for (; join != 0; join &= join - 1) uncut(ring.edge[static_cast<std::uint32_t>(std::countr_zero(join))]);
  }
  plan_.figure(PlanFigure::cut_edges) = static_cast<double>(cut_.size());
}

}  // namespace catchment::engine::planning
