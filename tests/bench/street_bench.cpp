// Walking distances in a made-up city beside Boost.Graph's Dijkstra on the same graph in the same run, rounds
// interleaved, the best of each. The peer adds plain lengths and counts no crossings; its distances must be ours.
//   street_bench [--side BLOCKS] [--schools N] [--units N] [--rounds N] [--max METRES]
#include <algorithm>
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths_no_color_map.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "geo/street_network/impl.hpp"
#include "tests/support/random.hpp"
#include "tests/support/street_world.hpp"

namespace {

using namespace catchment::geo;
using catchment::test::Random;
using catchment::test::street_place;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Options {
  int side = 400;
  int schools = 2000;
  int units = 20000;
  int rounds = 3;
  double max_m = 5000;
};

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const int value = std::atoi(arguments[i + 1]);
    if (name == "--side") options.side = value;
    if (name == "--schools") options.schools = value;
    if (name == "--units") options.units = value;
    if (name == "--rounds") options.rounds = value;
    if (name == "--max") options.max_m = value;
  }
  return options;
}

// Bent blocks of 100 m, one street in twenty missing, every tenth line a trunk road, two rivers and a railway crossed
// by one street in three.
struct City {
  std::vector<Polyline> lines, barrier_lines;
  std::vector<StreetLine> streets;
  std::vector<BarrierLine> barriers;
};

City make_city(int side) {
  Random random(1);
  City city;
  std::vector<std::vector<Point>> nodes(static_cast<std::size_t>(side));
  for (int x = 0; x < side; ++x) {
    for (int y = 0; y < side; ++y) {
      nodes[static_cast<std::size_t>(x)].push_back(
          street_place(100 * x + random.between(-30, 30), 100 * y + random.between(-30, 30)));
    }
  }
  std::vector<StreetKind> kinds;
  const auto barred = [&](int k) { return k == side / 3 || k == side / 2 || k == side * 3 / 4; };
  const auto add = [&](Point a, Point b, bool trunk, bool over) {
    if (!trunk && random.between(0, 99) < (over ? 67 : 5)) return;
    const Point middle{a.lon + (b.lon - a.lon) / 2 + random.between(-900, 900),
                       a.lat + (b.lat - a.lat) / 2 + random.between(-900, 900)};
    city.lines.push_back({a, middle, b});
    kinds.push_back(trunk ? StreetKind::trunk : StreetKind::residential);
  };
  for (int x = 0; x < side; ++x) {
    for (int y = 0; y < side; ++y) {
      const auto& column = nodes[static_cast<std::size_t>(x)];
      const auto r = static_cast<std::size_t>(y);
      if (x + 1 < side) add(column[r], nodes[static_cast<std::size_t>(x) + 1][r], y % 10 == 0, barred(x));
      if (y + 1 < side) add(column[r], column[r + 1], x % 10 == 0, false);
    }
  }
  for (const int k : {side / 3, side / 2, side * 3 / 4}) {
    Polyline line;
    for (int y = -1; y <= side; ++y) line.push_back(street_place(100 * k + 50, 100 * y + 50));
    city.barrier_lines.push_back(line);
  }
  for (std::size_t i = 0; i < city.lines.size(); ++i) {
    city.streets.push_back({city.lines[i], "", kinds[i]});
    if (kinds[i] == StreetKind::trunk) city.barriers.push_back({city.lines[i], BarrierKind::trunk_road});
  }
  city.barriers.push_back({city.barrier_lines[0], BarrierKind::river});
  city.barriers.push_back({city.barrier_lines[1], BarrierKind::rail});
  city.barriers.push_back({city.barrier_lines[2], BarrierKind::river});
  return city;
}

struct PeerEdge {
  std::uint32_t mm = 0;
};
using PeerGraph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, PeerEdge>;

// A node more than the graph has stands for the school: arcs lead from it to the ends of its gates' edges.
class Peer {
 public:
  explicit Peer(const Graph& graph) {
    std::vector<std::pair<std::size_t, std::size_t>> ends;
    std::vector<PeerEdge> edges;
    for (std::uint32_t n = 0; n < graph.nodes.size(); ++n) {
      for (std::uint32_t a = graph.first_arc[n]; a < graph.first_arc[n + 1]; ++a) {
        ends.emplace_back(n, graph.arcs[a].to);
        edges.push_back({static_cast<std::uint32_t>(graph.arcs[a].key.length_mm())});
      }
    }
    graph_ = PeerGraph(boost::edges_are_sorted, ends.begin(), ends.end(), edges.begin(), graph.nodes.size());
    distances.resize(graph.nodes.size());
    before_.resize(graph.nodes.size());
  }

  struct Beyond {};
  struct Bound : boost::dijkstra_visitor<> {
    Bound(const std::vector<std::uint32_t>& distances_, std::uint32_t bound_) : distances(&distances_), bound(bound_) {}
    template <class Vertex, class G>
    void examine_vertex(Vertex v, const G&) const {
      if ((*distances)[v] > bound) throw Beyond{};
    }
    const std::vector<std::uint32_t>* distances;
    std::uint32_t bound;
  };

  void run(std::uint32_t from, std::uint32_t bound) {
    const auto index = boost::get(boost::vertex_index, graph_);
    try {
      boost::dijkstra_shortest_paths_no_color_map(
          graph_, from,
          boost::weight_map(boost::get(&PeerEdge::mm, graph_))
              .distance_map(boost::make_iterator_property_map(distances.begin(), index))
              .predecessor_map(boost::make_iterator_property_map(before_.begin(), index))
              .visitor(Bound(distances, bound)));
    } catch (const Beyond&) {
    }
  }

  std::vector<std::uint32_t> distances;

 private:
  PeerGraph graph_;
  std::vector<std::size_t> before_;
};

}  // namespace

int main(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  const City city = make_city(options.side);
  auto start = Clock::now();
  const StreetNetwork network = StreetNetwork::build(city.streets, city.barriers);
  std::printf("build: %.0f ms, %zu nodes, %zu edges, %zu components\n", ms_since(start), network.figures().nodes,
              network.figures().edges, network.figures().components.size());
  const Graph graph = build_graph(node_lines(city.streets, city.barriers, {}), city.streets, {}, {});

  Random random(2);
  const auto place = [&] {
    return street_place(random.between(0, 100 * options.side - 100), random.between(0, 100 * options.side - 100));
  };
  std::vector<Point> points(static_cast<std::size_t>(options.units));
  std::generate(points.begin(), points.end(), place);
  start = Clock::now();
  const std::vector<Snap> units = network.snap(points);
  std::printf("snap: %.2f us a place\n", ms_since(start) * 1000 / static_cast<double>(points.size()));
  std::vector<std::vector<Snap>> schools(static_cast<std::size_t>(options.schools));
  for (auto& gates : schools) {
    const Point p = place();
    gates = {network.snap(p), network.snap(Point{p.lon + 900, p.lat + 700})};
  }

  // From a node to every other, and to all within the bound.
  Peer peer(graph);
  WalkSearch search(graph, WalkSearch::Keep::labels);
  const auto bound_mm = static_cast<std::uint32_t>(options.max_m * 1000);
  for (const bool bounded : {false, true}) {
    const std::uint32_t mm = bounded ? bound_mm : 1'000'000'000u;
    double ours = HUGE_VAL;
    double theirs = HUGE_VAL;
    std::size_t differ = 0;
    const int starts = bounded ? 100 : 10;
    for (int round = 0; round < options.rounds; ++round) {
      double our_sum = 0;
      double their_sum = 0;
      Random pick(3);
      for (int i = 0; i < starts; ++i) {
        const auto from = static_cast<std::uint32_t>(pick.next() % graph.nodes.size());
        const Seed seed{from, WalkKey(), 0};
        start = Clock::now();
        search.run(std::span(&seed, 1), WalkKey::last_of_length(mm));
        our_sum += ms_since(start);
        start = Clock::now();
        peer.run(from, mm);
        their_sum += ms_since(start);
        for (const std::uint32_t n : search.reached()) differ += search.label(n).length_mm() != peer.distances[n];
      }
      ours = std::min(ours, our_sum / starts);
      theirs = std::min(theirs, their_sum / starts);
    }
    std::printf("one to all%s: %.3f ms, Boost.Graph %.3f ms, ratio %.2f; %zu differ\n",
                bounded ? " within the bound" : "", ours, theirs, theirs / ours, differ);
  }

  for (const int threads : {1, 2}) {
    WalkOptions walk_options;
    walk_options.max_m = options.max_m;
    walk_options.threads = threads;
    double best = HUGE_VAL;
    std::size_t entries = 0;
    for (int round = 0; round < options.rounds; ++round) {
      start = Clock::now();
      const WalkTable table = network.walks(schools, units, walk_options);
      best = std::min(best, ms_since(start));
      entries = 0;
      for (std::size_t d = 0; d < table.destinations(); ++d) entries += table.row(d).size();
    }
    std::printf("%d schools x %d units within %.0f m, %d threads: %.0f ms, %zu walks\n", options.schools, options.units,
                options.max_m, threads, best, entries);
  }
  return 0;
}
