#include "engine/planning/optimiser/bound.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/planning/optimiser/seat_choice.hpp"
#include "engine/planning/zone_costs.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kMaxSeatSteps = 4000;  // rows of a knapsack's table; larger schools are rounded in the units' favour
constexpr std::size_t kMaxCuts = 4000;
constexpr double kForget = 0.02;
constexpr int kDrawGrain = 10;  // a child's parts in the weights that demand draws give

constexpr long kMostMove = 1'000'000'000;  // children, of any load

// x[unit] <= sum of x[separator], all at one school.
struct Cut {
  SchoolIndex school = 0;
  UnitIndex unit = 0;
  std::vector<UnitIndex> separator;  // ascending
  double price = 0;
  int idle = 0;  // steps since its price was last above nothing
};

}  // namespace

struct PlanBound::Impl {
  const PlanProblem& problem;
  const PlanGraph& graph;
  std::vector<char> allowed;
  std::size_t n, m;
  std::vector<double> price, best_price;  // of units
  std::vector<double> seat_price;
  std::vector<double> reduced;  // cost with the prices of cuts, [unit * m + school]
  std::vector<char> home;
  double moved_price = 0, units_price = 0;
  bool zone_costs = false;           // choices are made by fill_zone
  std::vector<double> draw_weights;  // as least_draw_weights gives them
  ZoneKnapsack knapsack;
  SeatChoice choice;
  std::vector<KnapsackItem> items;
  std::vector<Cut> cuts;
  std::map<std::pair<SchoolIndex, std::vector<UnitIndex>>, char> known;
  std::vector<std::vector<UnitIndex>> chosen;  // by school
  std::vector<char> taken;                     // [school * n + unit], of the last step
  double best = -kNever;
  double length = 1;
  int stalled = 0, steps = 0;
  // scratch
  std::vector<double> shares;  // [unit * m + school], running mean of what schools chose

  Impl(const PlanProblem& p, const PlanGraph& g, std::vector<char> a)
      : problem(p), graph(g), allowed(std::move(a)), n(p.units.size()), m(p.schools.size()), reduced(p.cost) {
    home.assign(n, 0);
    zone_costs = p.has_zone_costs() || p.draws;
    for (const PlanSchool& s : p.schools) {
      home[s.unit] = 1;
      for (const UnitIndex u : s.more_units) home[u] = 1;
      zone_costs |= !s.more_units.empty();
    }
    draw_weights = least_draw_weights(p);
    for (std::size_t k = 0; k < reduced.size(); ++k) {
      if (!allowed[k]) reduced[k] = kNever;
    }
    chosen.resize(m);
    shares.assign(n * m, 0);
    price_seats();
    price_loads();
    best_price = price;
  }

  int children(UnitIndex u) const { return problem.units[u].children; }
  bool moves(UnitIndex u, SchoolIndex s) const { return problem.budget && problem.budget->current[u] != s; }

  // The transportation relaxation, children one by one: prices of seats, and from them the units' first prices.
  void price_seats() {
    seat_price.assign(m, 0);
    std::vector<double> now(m, 0), load(m);
    double total = 0, scale = 0, top = -kNever;
    for (UnitIndex u = 0; u < n; ++u) total += children(u);
    std::vector<std::pair<double, std::size_t>> by_cost(n * m);  // a unit's schools, the cheapest first
    for (std::size_t k = 0; k < by_cost.size(); ++k) by_cost[k] = {allowed[k] ? problem.cost[k] : kNever, k % m};
    for (std::size_t u = 0; u < n; ++u) {
      const auto first = by_cost.begin() + static_cast<std::ptrdiff_t>(u * m);
      std::sort(first, first + static_cast<std::ptrdiff_t>(m));
    }
    for (int step = 0; step < 2000; ++step) {
      std::ranges::fill(load, 0);
      double value = 0;
      for (UnitIndex u = 0; u < n; ++u) {
        double least = kNever;
        std::size_t where = 0;
        for (std::size_t k = u * m; k < (u + 1) * m && by_cost[k].first < least; ++k) {
          const double c = by_cost[k].first + now[by_cost[k].second] * children(u);
          if (c < least) least = c, where = by_cost[k].second;
        }
        value += least;
        load[where] += children(u);
      }
      double norm = 0;
      for (std::size_t s = 0; s < m; ++s) {
        value -= now[s] * problem.schools[s].seats;
        load[s] -= problem.schools[s].seats;
        if (now[s] <= 0 && load[s] < 0) load[s] = 0;
        norm += load[s] * load[s];
      }
      if (step == 0) scale = 0.6 * value / std::max(1.0, total);
      if (value > top) top = value, seat_price = now;
      if (norm == 0) break;
      const double stride = scale * std::exp(-step / 400.0) / std::sqrt(norm);
      for (std::size_t s = 0; s < m; ++s) now[s] = std::max(0.0, now[s] + stride * load[s]);
    }
    price.assign(n, kNever);
    for (UnitIndex u = 0; u < n; ++u) {
      for (std::size_t s = 0; s < m; ++s) {
        if (allowed[u * m + s]) price[u] = std::min(price[u], problem.cost[u * m + s] + seat_price[s] * children(u));
      }
    }
  }

  // Where a load costs, children have one price each to begin with: of those the load's slopes suggest, the best.
  void price_loads() {
    const std::vector<double> first = price;
    std::vector<double> chosen_price = price;
    double most = -kNever;
    for (const double slope : first_prices(problem.load_cost)) {
      for (UnitIndex u = 0; u < n; ++u) price[u] = first[u] + slope * children(u);
      if (const double value = evaluate(); value > most) most = value, chosen_price = price;
    }
    if (most > -kNever) price = chosen_price;
  }

  double reduced_of(UnitIndex u, std::size_t s) const {
    return reduced[u * m + s] - price[u] + (moves(u, static_cast<SchoolIndex>(s)) ? price_to_move(u) : 0.0);
  }
  double price_to_move(UnitIndex u) const {
    return moved_price * children(u) + units_price * static_cast<double>(problem.budget->weight_of(u));
  }

  // fill_school where zones have costs of their own. What a shape costs is bounded by nothing: the most compact zone.
  // The load is exact; where there are demand draws too, either limit alone bounds from below, and the higher bound
  // counts.
  double fill_zone(std::size_t s) {
    const std::vector<UnitIndex> own = problem.schools[s].all_units();
    double fixed = 0;
    long base = 0;
    for (const UnitIndex u : own) fixed += reduced_of(u, s), base += children(u);
    const LoadCost free;
    const LoadCost& load = problem.load_cost.empty() ? free : problem.load_cost[s];
    const LoadSlopes slopes = find_slopes(load);
    items.clear();
    long largest = 0, paying = base;
    for (UnitIndex u = 0; u < n; ++u) {
      if (home[u] || !allowed[u * m + s]) continue;
      const double gain = -reduced_of(u, s);
      if (gain <= 0 && gain <= -slopes.down * children(u)) continue;  // it pays at no load
      items.push_back({u, children(u), gain});
      largest = std::max(largest, static_cast<long>(children(u)));
      if (gain >= slopes.up * children(u)) paying += children(u);
    }
    // Beyond the bend a zone only grows by units that pay at any load.
    const long useful = std::max(slopes.bend + largest, paying);
    const long room = std::min(static_cast<long>(problem.schools[s].seats), useful) - base;
    double value =
        fixed - knapsack.fill(items, base, room, [&](long at, long slack) { return least_price(load, at, slack); });
    chosen[s] = own;
    chosen[s].insert(chosen[s].end(), knapsack.chosen().begin(), knapsack.chosen().end());
    for (std::size_t y = 0; y < draw_weights.size(); y += n) value = std::max(value, fill_draws(s, own, fixed, y));
    return value;
  }

  // The same with the weights of demand draws, of one year, for the seats; the load costs what the cheapest one does.
  double fill_draws(std::size_t s, const std::vector<UnitIndex>& own, double fixed, std::size_t year) {
    const auto weight = [&](UnitIndex u) { return static_cast<int>(draw_weights[year + u] * kDrawGrain); };
    long room = static_cast<long>(problem.draws->seats[s]) * kDrawGrain, base = 0;
    for (const UnitIndex u : own) room -= weight(u), base += children(u);
    std::vector<KnapsackItem> paying;
    for (const KnapsackItem& item : items) {
      if (item.gain > 0) paying.push_back({item.unit, weight(item.unit), item.gain});
    }
    if (!problem.load_cost.empty()) fixed += least_price(problem.load_cost[s], base, kMostMove);
    ZoneKnapsack draws;
    return fixed - draws.fill(paying, 0, room, [](long, long) { return 0.0; });
  }

  // The units a school gains most from, its own always among them; returns what they cost against the prices.
  double fill_school(std::size_t s) {
    if (zone_costs) return fill_zone(s);
    const PlanSchool& school = problem.schools[s];
    std::vector<UnitIndex>& mine = chosen[s];
    mine.assign(1, school.unit);
    const int room = std::max(0, school.seats - children(school.unit));
    const int grain = room / kMaxSeatSteps + 1;
    double value = reduced_of(school.unit, s);
    items.clear();
    for (UnitIndex u = 0; u < n; ++u) {
      if (home[u] || !allowed[u * m + s] || children(u) > room) continue;
      if (const double gain = -reduced_of(u, s); gain > 0) items.push_back({u, children(u) / grain, gain});
    }
    value -= choice.fill(items, room / grain);
    mine.insert(mine.end(), choice.chosen().begin(), choice.chosen().end());
    return value;
  }

  // Adds a cut for every piece of a school's choice that lies apart from its own unit.
  void separate(std::size_t s) {
    const char* in = taken.data() + s * n;
    std::vector<char> seen(n, 0);
    const auto flood = [&](UnitIndex from) {
      std::vector<UnitIndex> piece{from};
      seen[from] = 1;
      for (std::size_t k = 0; k < piece.size(); ++k) {
        for (const UnitIndex w : graph.neighbours(piece[k])) {
          if (in[w] && !seen[w]) seen[w] = 1, piece.push_back(w);
        }
      }
      return piece;
    };
    flood(problem.schools[s].unit);
    for (const UnitIndex from : chosen[s]) {
      if (seen[from] || cuts.size() >= kMaxCuts) continue;
      add_cut(s, flood(from));
    }
  }

  void add_cut(std::size_t s, const std::vector<UnitIndex>& piece) {
    std::vector<char> around(n, 0);  // 2: the piece, 1: its border
    for (const UnitIndex u : piece) around[u] = 2;
    for (const UnitIndex u : piece) {
      for (const UnitIndex w : graph.neighbours(u)) {
        if (!around[w]) around[w] = 1;
      }
    }
    // Only the part of the border that faces the school parts the two.
    std::vector<UnitIndex> reached{problem.schools[s].unit};
    if (around[reached[0]]) return;  // it borders the school: then it is not apart
    std::vector<char> seen(n, 0);
    seen[reached[0]] = 1;
    Cut cut{static_cast<SchoolIndex>(s),
            *std::ranges::max_element(piece, {}, [&](UnitIndex u) { return children(u); }),
            {}};
    for (std::size_t k = 0; k < reached.size(); ++k) {
      for (const UnitIndex w : graph.neighbours(reached[k])) {
        if (seen[w]) continue;
        seen[w] = 1;
        if (around[w] == 1 && allowed[w * m + s]) cut.separator.push_back(w);
        if (around[w] == 0) reached.push_back(w);
      }
    }
    std::ranges::sort(cut.separator);
    std::vector<UnitIndex> key = cut.separator;
    key.push_back(cut.unit);
    if (known.emplace(std::pair{cut.school, std::move(key)}, 1).second) cuts.push_back(std::move(cut));
  }

  double excess(const Cut& cut) const {
    const char* in = taken.data() + cut.school * n;
    double x = in[cut.unit];
    for (const UnitIndex w : cut.separator) x -= in[w];
    return x;
  }

  void forget_idle_cuts() {
    std::erase_if(cuts, [&](Cut& cut) {
      cut.idle = cut.price > 0 ? 0 : cut.idle + 1;
      if (cut.idle <= 50) return false;
      std::vector<UnitIndex> key = cut.separator;
      key.push_back(cut.unit);
      known.erase({cut.school, key});
      return true;
    });
  }

  double evaluate() {
    double value = 0;
    for (const double p : price) value += p;
    if (problem.budget) value -= moved_price * problem.budget->children + units_price * problem.budget->units;
    taken.assign(n * m, 0);
    for (std::size_t s = 0; s < m; ++s) {
      value += fill_school(s);
      for (const UnitIndex u : chosen[s]) taken[s * n + u] = 1;
    }
    return value;
  }

  void keep(double value) {
    ++stalled;
    if (value <= best) return;
    if (value > best + 1e-5 * std::abs(value)) stalled = 0;
    best = value;
    best_price = price;
  }

  // False once the prices are optimal.
  bool step(double target) {
    const double value = evaluate();
    keep(value);
    if (stalled > 60) length *= 0.7, stalled = 0;
    if (length < 0.002) length = 0.05;
    if (steps++ % 5 == 0) {
      for (std::size_t s = 0; s < m; ++s) separate(s);
    }
    for (double& x : shares) x *= 1 - kForget;
    std::vector<double> slope(n, 1.0), cut_slope(cuts.size());
    double moved = 0, moved_units = 0, norm = 0;
    for (std::size_t s = 0; s < m; ++s) {
      for (const UnitIndex u : chosen[s]) {
        slope[u] -= 1;
        shares[u * m + s] += kForget;
        if (!moves(u, static_cast<SchoolIndex>(s))) continue;
        moved += children(u);
        moved_units += static_cast<double>(problem.budget->weight_of(u));
      }
    }
    for (const double g : slope) norm += g * g;
    for (std::size_t k = 0; k < cuts.size(); ++k) {
      cut_slope[k] = excess(cuts[k]);
      if (cuts[k].price <= 0 && cut_slope[k] < 0) cut_slope[k] = 0;
      norm += cut_slope[k] * cut_slope[k];
    }
    double over = problem.budget ? moved - problem.budget->children : 0.0;
    if (moved_price <= 0 && over < 0) over = 0;
    // A step of the moved price is measured in units, like the others: by the mean children of one.
    const double per_unit = std::max(1.0, total_children() / static_cast<double>(n));
    over /= per_unit;
    double units_over = problem.budget ? moved_units - problem.budget->units : 0.0;
    if (units_price <= 0 && units_over < 0) units_over = 0;
    norm += over * over + units_over * units_over;
    if (norm == 0) return false;
    const double stride = length * std::max(target - value, 1e-6 * std::abs(target)) / norm;
    for (UnitIndex u = 0; u < n; ++u) price[u] += stride * slope[u];
    moved_price = std::max(0.0, moved_price + stride * over / per_unit);
    units_price = std::max(0.0, units_price + stride * units_over);
    for (std::size_t k = 0; k < cut_slope.size(); ++k) {
      if (cut_slope[k] == 0) continue;
      Cut& cut = cuts[k];
      const double next = std::max(0.0, cut.price + stride * cut_slope[k]);
      const double change = next - cut.price;
      cut.price = next;
      reduced[cut.unit * m + cut.school] += change;
      for (const UnitIndex w : cut.separator) reduced[w * m + cut.school] -= change;
    }
    forget_idle_cuts();
    return true;
  }

  double total_children() const {
    double total = 0;
    for (const PlanUnit& u : problem.units) total += u.children;
    return total;
  }
};

PlanBound::PlanBound(const PlanProblem& problem, const PlanGraph& graph, std::vector<char> allowed)
    : impl_(std::make_unique<Impl>(problem, graph, std::move(allowed))) {}
PlanBound::~PlanBound() = default;
PlanBound::PlanBound(PlanBound&&) noexcept = default;

void PlanBound::improve(int steps, double target) {
  for (int k = 0; k < steps && impl_->step(target); ++k) {
  }
}

double PlanBound::bound() const { return impl_->best - 1e-9 * (1 + std::abs(impl_->best)); }
std::span<const double> PlanBound::unit_price() const { return impl_->best_price; }
std::span<const double> PlanBound::shares() const { return impl_->shares; }
std::span<const double> PlanBound::seat_price() const { return impl_->seat_price; }
int PlanBound::steps() const { return impl_->steps; }

}  // namespace catchment::engine::planning
