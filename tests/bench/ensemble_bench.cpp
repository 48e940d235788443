// Chains over legal plans beside plain ones of the same kind: ensemble_bench [ARKANSAS.json] [SECONDS]
//
// Peers, in the same run and on the same graphs, limits and starts:
// - ReCom with Boost.Graph: the merged pair as an adjacency_list, random_spanning_tree (Wilson's), a depth-first sum.
// - Flips in the manner of GerryChain: a cut edge, the limits, a breadth-first search of the zone the unit leaves.
// Every rate is by the processor time of one thread; ratios are to the peer. The last plan of every chain is checked.
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/random_spanning_tree.hpp>
#include <boost/polygon/voronoi.hpp>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>

#include "engine/planning/ensemble/ensemble.hpp"
#include "engine/planning/ensemble/start_plan.hpp"

namespace {

using namespace catchment::engine::planning;
// Processor time of this thread: the machine may be busy with other things.
double now() {
  timespec at{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
  return static_cast<double>(at.tv_sec) + 1e-9 * static_cast<double>(at.tv_nsec);
}

double seconds_since(double begun) { return now() - begun; }

// Units are the cells of a jittered grid, with 50 to 150 children each.
EnsembleProblem make_grid(int side, std::size_t zones, double tolerance, bool schools) {
  constexpr int kSpan = 1 << 22;
  PlanRandom random(7);
  std::vector<boost::polygon::point_data<int>> sites;
  for (int j = 0; j < side; ++j) {
    for (int i = 0; i < side; ++i) {
      const auto at = [&](int k) { return static_cast<int>((k + 0.5 + 0.7 * random.unit() - 0.35) * kSpan / side); };
      const int x = at(i), y = at(j);
      sites.emplace_back(x, y);
    }
  }
  boost::polygon::voronoi_diagram<double> cells;
  boost::polygon::construct_voronoi(sites.begin(), sites.end(), &cells);
  PlanProblem p;
  for (std::size_t u = 0; u < sites.size(); ++u) {
    p.units.push_back({std::to_string(u), 50 + static_cast<int>(random.below(101))});
  }
  const auto distance = [&](std::size_t u, std::size_t w) {
    return std::hypot(sites[u].x() - sites[w].x(), sites[u].y() - sites[w].y()) / kSpan * 20;  // a city of 20 km
  };
  for (const auto& edge : cells.edges()) {
    const auto u = edge.cell()->source_index(), w = edge.twin()->cell()->source_index();
    if (u < w && distance(u, w) < 2.2 * 20 / side) p.borders.emplace_back(u, w);
  }
  int children = 0;
  for (const PlanUnit& u : p.units) children += u.children;
  for (std::size_t s = 0; s < zones; ++s) {
    // Schools on a coarser grid, so that every zone can have one.
    const auto across = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(zones))));
    const auto n = static_cast<std::size_t>(side), down = (zones + across - 1) / across;
    const std::size_t x = (2 * (s % across) + 1) * n / (2 * across), y = (2 * (s / across) + 1) * n / (2 * down);
    p.schools.push_back({std::to_string(s), static_cast<UnitIndex>(y * n + x),
                         static_cast<int>(children * (1 + tolerance) / static_cast<double>(zones))});
  }
  for (std::size_t u = 0; u < sites.size(); ++u) {
    for (const PlanSchool& s : p.schools) p.cost.push_back(p.units[u].children * distance(u, s.unit));
  }
  if (!schools) p.cost.assign(p.cost.size(), 0);
  EnsembleRules rules;
  rules.homes = schools;
  rules.tolerance = tolerance;
  return to_ensemble(p, rules);
}

EnsembleProblem read_arkansas(const char* path, std::size_t zones, double tolerance) {
  std::ifstream in(path);
  const auto graph = nlohmann::json::parse(in);
  PlanProblem p;
  std::map<std::string, UnitIndex> by_id;
  for (const auto& node : graph["nodes"]) {
    by_id[node["id"]] = static_cast<UnitIndex>(p.units.size());
    p.units.push_back({node["id"], node["tot_pop_20"]});
  }
  for (std::size_t u = 0; u < p.units.size(); ++u) {
    for (const auto& near : graph["adjacency"][u]) {
      p.borders.emplace_back(static_cast<UnitIndex>(u), by_id.at(near["id"]));
    }
  }
  for (std::size_t s = 0; s < zones; ++s) p.schools.push_back({std::to_string(s), static_cast<UnitIndex>(s), 1});
  p.cost.assign(p.units.size() * zones, 0);
  EnsembleRules rules;
  rules.homes = rules.seats = false;
  rules.tolerance = tolerance;
  return to_ensemble(p, rules);
}

// A plain ReCom step: lists, maps and Boost.Graph.
class BoostRecom {
 public:
  BoostRecom(const EnsembleProblem& problem, const ChainGround& ground, Assignment start)
      : problem_(problem), ground_(ground), plan_(std::move(start)) {}

  bool step() {
    std::vector<std::pair<UnitIndex, UnitIndex>> cut;
    for (const auto& arc : ground_.graph.arcs) {
      if (arc.from < arc.to && plan_[arc.from] != plan_[arc.to]) cut.emplace_back(arc.from, arc.to);
    }
    const auto [u, w] = cut[std::uniform_int_distribution<std::size_t>(0, cut.size() - 1)(random_)];
    const SchoolIndex a = plan_[u], b = plan_[w];
    std::vector<UnitIndex> units;
    std::vector<std::size_t> number(plan_.size());
    for (UnitIndex x = 0; x < plan_.size(); ++x) {
      if (plan_[x] == a || plan_[x] == b) number[x] = units.size(), units.push_back(x);
    }
    using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;
    Graph graph(units.size());
    for (const UnitIndex x : units) {
      for (const UnitIndex y : ground_.graph.neighbours(x)) {
        if (x < y && (plan_[y] == a || plan_[y] == b)) add_edge(number[x], number[y], graph);
      }
    }
    for (int tree = 0; tree < 16; ++tree) {
      if (cut_tree(graph, units, a, b)) return true;
    }
    return false;
  }

  const Assignment& plan() const { return plan_; }

 private:
  template <typename Graph>
  bool cut_tree(const Graph& graph, const std::vector<UnitIndex>& units, SchoolIndex a, SchoolIndex b) {
    const std::size_t m = units.size();
    std::vector<std::size_t> parent(m);
    const auto root = std::uniform_int_distribution<std::size_t>(0, m - 1)(random_);
    const auto index = get(boost::vertex_index, graph);
    boost::random_spanning_tree(graph, random_,
                                boost::root_vertex(root)
                                    .predecessor_map(boost::make_iterator_property_map(parent.begin(), index))
                                    .vertex_index_map(index));
    std::vector<std::vector<std::size_t>> below(m);
    for (std::size_t x = 0; x < m; ++x) {
      if (x != root) below[parent[x]].push_back(x);
    }
    std::vector<std::size_t> order{root};
    for (std::size_t k = 0; k < order.size(); ++k)
      order.insert(order.end(), below[order[k]].begin(), below[order[k]].end());
    std::vector<long> sum(m);
    for (std::size_t k = m; k-- > 0;) {
      const std::size_t x = order[k];
      sum[x] += ground_.children[units[x]];
      if (x != root) sum[parent[x]] += sum[x];
    }
    std::vector<std::pair<std::size_t, bool>> cuts;
    for (std::size_t x = 0; x < m; ++x) {
      if (x == root) continue;
      for (const bool first : {true, false}) {
        const SchoolIndex z = first ? a : b, rest = first ? b : a;
        if (ground_.fits(z, sum[x]) && ground_.fits(rest, sum[root] - sum[x])) cuts.emplace_back(x, first);
      }
    }
    if (cuts.empty()) return false;
    const auto [top, first] = cuts[std::uniform_int_distribution<std::size_t>(0, cuts.size() - 1)(random_)];
    Assignment next = plan_;
    for (const UnitIndex u : units) next[u] = first ? b : a;
    std::vector<std::size_t> side{top};
    for (std::size_t k = 0; k < side.size(); ++k) {
      next[units[side[k]]] = first ? a : b;
      side.insert(side.end(), below[side[k]].begin(), below[side[k]].end());
    }
    for (std::size_t z = 0; z < problem_.zones.size(); ++z) {
      if (problem_.zones[z].home && next[*problem_.zones[z].home] != z) return false;
    }
    plan_ = std::move(next);
    return true;
  }

  const EnsembleProblem& problem_;
  const ChainGround& ground_;
  Assignment plan_;
  std::mt19937_64 random_{1};
};

// A plain flip chain: sets of cut edges, a search of the whole zone for contiguity.
class PlainFlips {
 public:
  PlainFlips(const ChainGround& ground, Assignment start, const FlipEnergy& energy)
      : ground_(ground), energy_(energy), plan_(std::move(start)), load_(ground.zones, 0) {
    for (UnitIndex u = 0; u < plan_.size(); ++u) load_[plan_[u]] += ground.children[u];
    for (const auto& arc : ground.graph.arcs) {
      if (plan_[arc.from] != plan_[arc.to]) cut_.insert({arc.from, arc.to});
    }
    list_.assign(cut_.begin(), cut_.end());
  }

  bool step() {
    const auto [u, w] = list_[std::uniform_int_distribution<std::size_t>(0, list_.size() - 1)(random_)];
    const SchoolIndex from = plan_[u], to = plan_[w];
    const int children = ground_.children[u];
    if (ground_.home[from] == u || !ground_.allows(u, to)) return false;
    if (!ground_.fits(from, load_[from] - children) || !ground_.fits(to, load_[to] + children)) return false;
    int stay = 0, join = 0;
    for (const UnitIndex x : ground_.graph.neighbours(u)) stay += plan_[x] == from, join += plan_[x] == to;
    const double rise =
        energy_.distance * (ground_.cost[u * ground_.zones + to] - ground_.cost[u * ground_.zones + from]) +
        energy_.cut_edges * (stay - join);
    if (std::uniform_real_distribution<double>()(random_) >= std::exp(-rise)) return false;
    if (!whole_without(u, from)) return false;
    plan_[u] = to;
    load_[from] -= children;
    load_[to] += children;
    for (const UnitIndex x : ground_.graph.neighbours(u)) {
      if (plan_[x] == to) {
        cut_.erase({u, x});
        cut_.erase({x, u});
      } else {
        cut_.insert({u, x});
        cut_.insert({x, u});
      }
    }
    list_.assign(cut_.begin(), cut_.end());
    return true;
  }

  const Assignment& plan() const { return plan_; }

 private:
  bool whole_without(UnitIndex u, SchoolIndex zone) const {
    std::vector<UnitIndex> queue;
    std::vector<char> seen(plan_.size(), 0);
    std::size_t units = 0;
    for (UnitIndex x = 0; x < plan_.size(); ++x) {
      if (plan_[x] != zone || x == u) continue;
      if (++units == 1) queue.push_back(x), seen[x] = 1;
    }
    for (std::size_t k = 0; k < queue.size(); ++k) {
      for (const UnitIndex x : ground_.graph.neighbours(queue[k])) {
        if (seen[x] == 0 && x != u && plan_[x] == zone) seen[x] = 1, queue.push_back(x);
      }
    }
    return units > 0 && queue.size() == units;
  }

  const ChainGround& ground_;
  FlipEnergy energy_;
  Assignment plan_;
  std::vector<int> load_;
  std::set<std::pair<UnitIndex, UnitIndex>> cut_;
  std::vector<std::pair<UnitIndex, UnitIndex>> list_;
  std::mt19937_64 random_{1};
};

struct Rate {
  double tries = 0, done = 0;  // a second
};

template <typename Step>
Rate measure(double seconds, int per_look, const Step& step) {
  std::uint64_t tries = 0, done = 0;
  const auto begun = now();
  do {
    for (int k = 0; k < per_look; ++k) done += step();
    tries += static_cast<std::uint64_t>(per_look);
  } while (seconds_since(begun) < seconds);
  const double spent = seconds_since(begun);
  return {static_cast<double>(tries) / spent, static_cast<double>(done) / spent};
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void check(const EnsembleProblem& problem, const Assignment& plan, const char* who) {
  if (const auto breaches = check_plan(problem, plan); !breaches.empty()) {
    std::printf("ILLEGAL plan of %s: %s\n", who, breaches.front().c_str());
    std::exit(1);
  }
}

void run(const char* name, const EnsembleProblem& problem, double seconds) {
  const ChainGround ground(problem);
  const auto begun = now();
  const auto start = find_start(ground, 1, [] { return true; });
  std::printf("%s: %zu units, %zu borders, %zu zones; a start %s in %.3f s\n", name, ground.graph.units,
              ground.graph.arcs.size() / 2, ground.zones, start ? "found" : "NOT found", seconds_since(begun));
  if (!start) return;
  FlipEnergy energy;
  energy.cut_edges = 0.77;
  energy.distance = 0.01;
  constexpr int kRounds = 5;
  std::vector<double> uniform, weighted, peer, flips, accepted, plain;
  RecomChain recom(ground, *start, 1, TreeKind::uniform), minimum(ground, *start, 2, TreeKind::random_weight);
  BoostRecom boost(problem, ground, *start);
  FlipChain flip(ground, *start, 3, energy);
  PlainFlips plain_flip(ground, *start, energy);
  for (int round = 0; round < kRounds; ++round) {
    uniform.push_back(measure(seconds, 16, [&] { return recom.recombine(); }).done);
    weighted.push_back(measure(seconds, 16, [&] { return minimum.recombine(); }).done);
    peer.push_back(measure(seconds, 1, [&] { return boost.step(); }).done);
    const std::uint64_t before = flip.accepted();
    std::uint64_t all = 0;
    const auto flips_begun = now();
    for (; seconds_since(flips_begun) < seconds; all += 100'000) flip.advance(100'000);
    const double spent = seconds_since(flips_begun);
    flips.push_back(static_cast<double>(all) / spent);
    accepted.push_back(static_cast<double>(flip.accepted() - before) / spent);
    plain.push_back(measure(seconds, 100, [&] { return plain_flip.step(); }).tries);
  }
  check(problem, recom.plan().zone_of, "recom");
  check(problem, minimum.plan().zone_of, "recom, random weights");
  check(problem, boost.plan(), "the peer");
  check(problem, flip.plan().zone_of, "flips");
  check(problem, plain_flip.plan(), "the peer's flips");
  std::printf("  recom, uniform tree  %10.0f plans/s  %6.1f x Boost.Graph (%.0f)\n", median(uniform),
              median(uniform) / median(peer), median(peer));
  std::printf("  recom, random weight %10.0f plans/s  %6.1f x\n", median(weighted), median(weighted) / median(peer));
  std::printf("  flips                %10.0f proposals/s, %.0f accepted/s  %6.1f x plain (%.0f); searches %.4f\n",
              median(flips), median(accepted), median(flips) / median(plain), median(plain),
              static_cast<double>(flip.searches()) / static_cast<double>(flip.proposals()));
}

}  // namespace

int main(int count, char** arguments) {
  const double seconds = count > 2 ? std::atof(arguments[2]) : 1;
  run("2,304 units in 12 zones, 5 %, no schools", make_grid(48, 12, 0.05, false), seconds);
  run("5,184 units in 48 zones, 10 %, no schools", make_grid(72, 48, 0.10, false), seconds);
  run("2,304 units with 12 schools, 5 %", make_grid(48, 12, 0.05, true), seconds);
  run("city of 1,296 units with 20 schools, 10 %", make_grid(36, 20, 0.10, true), seconds);
  if (count > 1) run("Arkansas in 12 zones, 5 %", read_arkansas(arguments[1], 12, 0.05), seconds);
}
