// Says what the street network of a city package is like and how far one walks in it; fails if a walk is shorter than
// the straight line, differs on the way back, or if too few places reach a school.
//   real_streets_check PACKAGE [--trunk-bars] [--reach SHARE] [--places N]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "geo/projection.hpp"
#include "tests/geo/street_network/package_streets.hpp"

namespace {

using namespace catchment;
using namespace catchment::geo;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double quantile(std::vector<double> v, double share) {
  if (v.empty()) return 0;
  std::ranges::sort(v);
  return v[std::min(v.size() - 1, static_cast<std::size_t>(share * static_cast<double>(v.size())))];
}

void print(const NetworkFigures& f) {
  std::printf("  %zu nodes, %zu edges, %.1f km; %zu lines without length, %zu stretches drawn twice\n", f.nodes,
              f.edges, f.length_m / 1000, f.lines_without_length, f.duplicate_pieces);
  std::printf("  across trunk roads %zu, railways %zu, rivers %zu\n", f.passages[0], f.passages[1], f.passages[2]);
  std::printf("  %zu components, of the length:", f.components.size());
  for (std::size_t c = 0; c < std::min<std::size_t>(4, f.components.size()); ++c) {
    std::printf(" %.2f %%", 100 * f.components[c].length_m / f.length_m);
  }
  std::printf("\n");
}

// Every n-th of what there is.
std::vector<Point> places_of(const datasets::CityPackage& package, const test::PackageStreets& city, std::size_t most) {
  std::vector<Point> all = city.units;
  if (all.empty()) {
    package.for_each_address([&](const engine::Address& address) {
      if (address.position) all.push_back(*address.position);
      return true;
    });
  }
  if (all.size() < 100) {  // a map without addresses: the streets' own vertices
    for (const engine::Line& street : city.streets) all.insert(all.end(), street.shape.begin(), street.shape.end());
  }
  std::vector<Point> some;
  const std::size_t step = all.size() / most + 1;
  for (std::size_t i = 0; i < all.size(); i += step) some.push_back(all[i]);
  return some;
}

}  // namespace

int main(int count, char** arguments) {
  bool trunk_bars = false;
  double least_reach = 0;
  std::size_t most = 3000;
  for (int i = 2; i < count; ++i) {
    const std::string_view word = arguments[i];
    if (word == "--trunk-bars") trunk_bars = true;
    if (word == "--reach" && i + 1 < count) least_reach = std::atof(arguments[++i]);
    if (word == "--places" && i + 1 < count) most = static_cast<std::size_t>(std::atoll(arguments[++i]));
  }
  if (count < 2) return 2;
  const auto package = datasets::CityPackage::open(arguments[1]);
  const test::PackageStreets city(package, trunk_bars);
  auto start = Clock::now();
  const StreetNetwork network = city.build();
  std::printf("%s: %zu streets, %zu barriers, built in %.0f ms\n", arguments[1], city.street_lines.size(),
              city.barrier_lines.size(), ms_since(start));
  print(network.figures());

  SnapOptions snapping;
  snapping.min_component_m = 1000;
  const std::vector<Point> points = places_of(package, city, most);
  start = Clock::now();
  const std::vector<Snap> places = network.snap(points, snapping);
  const double snap_ms = ms_since(start);
  std::size_t statuses[3] = {};
  for (const Snap& snap : places) ++statuses[static_cast<std::size_t>(snap.status)];
  std::printf("  %zu places: %zu snapped, %zu across a barrier, %zu more than %.0f m from a street; %.1f us each\n",
              places.size(), statuses[0], statuses[1], statuses[2], snapping.limit_m,
              1000 * snap_ms / static_cast<double>(places.size()));
  std::vector<std::vector<Snap>> schools;
  for (const auto& gates : city.gates) schools.push_back(network.snap(gates, snapping));

  WalkOptions walking;
  walking.max_m = 100'000;
  start = Clock::now();
  const WalkTable table = network.walks(schools, places, walking);
  std::printf("  %zu schools to %zu places: %.0f ms\n", schools.size(), places.size(), ms_since(start));
  std::size_t shorter = 0;
  std::size_t unlike = 0;
  std::size_t reaching = 0;
  std::size_t ways[6] = {};
  std::vector<double> detours;
  std::vector<double> nearest;
  for (std::size_t p = 0; p < places.size(); ++p) {
    double best = HUGE_VAL;
    for (std::size_t s = 0; s < schools.size(); ++s) {
      const Walk walk = table.get(s, p);
      ++ways[static_cast<std::size_t>(walk.way)];
      if (walk.way != Way::walked) continue;
      double straight = HUGE_VAL;
      for (const Snap& gate : schools[s]) straight = std::min(straight, geodesic_length_m(gate.from, places[p].from));
      if (walk.distance_m + 1e-3 < straight) ++shorter;
      if (straight > 100) detours.push_back(walk.distance_m / straight);
      best = std::min(best, walk.distance_m);
    }
    if (best == HUGE_VAL) continue;
    ++reaching;
    nearest.push_back(best);
  }
  for (std::size_t p = 0; p < places.size(); p += places.size() / 20 + 1) {  // the way back
    for (std::size_t s = 0; s < schools.size(); ++s) {
      if (schools[s].size() != 1) continue;
      const std::vector<std::vector<Snap>> from{{places[p]}};
      if (!(network.walks(from, schools[s], walking).get(0, 0) == table.get(s, p))) ++unlike;
    }
  }
  const double reach = static_cast<double>(reaching) / static_cast<double>(places.size());
  std::printf("  pairs: %zu walked, %zu unreachable, %zu off the network, %zu too far\n", ways[1], ways[4], ways[5],
              ways[3]);
  std::printf("  %.2f %% of the places reach a school; the nearest median %.0f m, p95 %.0f m\n", 100 * reach,
              quantile(nearest, 0.5), quantile(nearest, 0.95));
  std::printf("  walked over straight: median %.3f, p95 %.3f; shorter than straight %zu, unlike on the way back %zu\n",
              quantile(detours, 0.5), quantile(detours, 0.95), shorter, unlike);
  return shorter == 0 && unlike == 0 && reach >= least_reach ? 0 : 1;
}
