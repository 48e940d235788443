#include "datasets/synth/layout.hpp"

#include <algorithm>
#include <cassert>
#include <queue>

#include "geo/input_error.hpp"

namespace catchment::datasets::synth {
namespace {

using geo::Point;

constexpr std::uint64_t kSiteStream = 101;
constexpr std::uint64_t kWeightStream = 102;
constexpr double kSpacing_m = 340;    // of blocks, before they are drawn together in the middle
constexpr double kJitter = 0.15;      // of the spacing: little, so that most crossings are of four streets
constexpr double kMergeShare = 0.36;  // borders shorter than this share of the spacing become a crossing of four
constexpr int kAttempts = 8;

struct Spot {
  double x = 0;
  double y = 0;
};

// The grid the blocks come from, in blocks, its centre at 0, 0.
struct Grid {
  int side = 0;
  double radius = 0;  // of the city, in blocks

  explicit Grid(int units) {
    radius = std::sqrt(units / 3.14159265);
    side = 2 * static_cast<int>(radius * 1.45 + 4) + 1;
  }
  int size() const { return side * side; }
  Spot spot(int i) const { return {i % side - (side - 1) / 2.0, i / side - (side - 1) / 2.0}; }
  double rho(Spot s) const { return std::sqrt(s.x * s.x + s.y * s.y) / radius; }
};

// The blocks of the city: grown from the middle, nearest first, distances stretched by noise so that the edge is
// uneven.
std::vector<std::int32_t> choose_blocks(const Grid& grid, int units, std::uint64_t seed) {
  std::vector<char> seen(static_cast<std::size_t>(grid.size()), 0);
  std::vector<char> chosen(seen.size(), 0);
  using Item = std::pair<double, int>;
  std::priority_queue<Item, std::vector<Item>, std::greater<>> frontier;
  const auto push = [&](int i) {
    if (seen[static_cast<std::size_t>(i)]) return;
    seen[static_cast<std::size_t>(i)] = 1;
    const Spot s = grid.spot(i);
    const double wavelength = grid.radius * 0.8 + 1;
    frontier.emplace(grid.rho(s) * (0.75 + 0.5 * value_noise(s.x / wavelength, s.y / wavelength, seed)), i);
  };
  push(grid.size() / 2);
  for (int count = 0; count < units; ++count) {
    assert(!frontier.empty());
    const int i = frontier.top().second;
    frontier.pop();
    chosen[static_cast<std::size_t>(i)] = 1;
    const int x = i % grid.side;
    const int y = i / grid.side;
    if (x > 1) push(i - 1);  // the grid's rim stays outside, to bound the cells
    if (x < grid.side - 2) push(i + 1);
    if (y > 1) push(i - grid.side);
    if (y < grid.side - 2) push(i + grid.side);
  }
  std::vector<std::int32_t> cell_of_site(seen.size(), kOutside);
  std::int32_t next = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i]) cell_of_site[i] = next++;
  }
  return cell_of_site;
}

// Grid to ground: jitter, gentle bends, blocks drawn together towards the middle, all turned by one of a few angles.
std::vector<Point> place_sites(const Grid& grid, Point centre, const Metric& metric, std::uint64_t seed) {
  constexpr double kTurns[][2] = {{1, 0}, {40.0 / 41, 9.0 / 41}, {12.0 / 13, -5.0 / 13}, {35.0 / 37, 12.0 / 37}};
  const auto& turn = kTurns[Random(seed, kSiteStream, 1).below(4)];
  Random random(seed, kSiteStream);
  std::vector<Point> sites;
  for (int i = 0; i < grid.size(); ++i) {
    Spot s = grid.spot(i);
    const double bend_x = value_noise(s.x / 9, s.y / 9, seed + 1) - 0.5;
    const double bend_y = value_noise(s.x / 9, s.y / 9, seed + 2) - 0.5;
    s.x += random.uniform(-kJitter, kJitter) + 1.2 * bend_x;
    s.y += random.uniform(-kJitter, kJitter) + 1.2 * bend_y;
    const double scale = kSpacing_m * (0.66 + 0.42 * std::min(grid.rho(s), 2.0));
    sites.push_back(
        metric.moved(centre, scale * (s.x * turn[0] - s.y * turn[1]), scale * (s.x * turn[1] + s.y * turn[0])));
  }
  return sites;
}

std::vector<std::int64_t> weigh(const Grid& grid, const std::vector<std::int32_t>& cell_of_site, std::uint64_t seed) {
  std::vector<std::int64_t> weight;
  for (std::size_t i = 0; i < cell_of_site.size(); ++i) {
    if (cell_of_site[i] == kOutside) continue;
    Random random(seed, kWeightStream, i);
    const double density = std::max(0.35, 1.3 - 0.75 * grid.rho(grid.spot(static_cast<int>(i))));
    const bool empty = random.chance_permille(70);
    weight.push_back(empty ? 0 : static_cast<std::int64_t>(1000 * density * random.uniform(0.4, 1.6)));
  }
  if (*std::max_element(weight.begin(), weight.end()) == 0) weight.front() = 1;
  return weight;
}

double lattice(std::int64_t x, std::int64_t y, std::uint64_t seed) {
  return Random(seed, static_cast<std::uint64_t>(x), static_cast<std::uint64_t>(y)).unit();
}

}  // namespace

double value_noise(double x, double y, std::uint64_t seed) {
  const double fx = std::floor(x);
  const double fy = std::floor(y);
  const auto ix = static_cast<std::int64_t>(fx);
  const auto iy = static_cast<std::int64_t>(fy);
  const auto smooth = [](double t) { return t * t * (3 - 2 * t); };
  const double u = smooth(x - fx);
  const double v = smooth(y - fy);
  const double south = lattice(ix, iy, seed) + (lattice(ix + 1, iy, seed) - lattice(ix, iy, seed)) * u;
  const double north = lattice(ix, iy + 1, seed) + (lattice(ix + 1, iy + 1, seed) - lattice(ix, iy + 1, seed)) * u;
  return south + (north - south) * v;
}

Layout make_layout(int units, Point centre, std::uint64_t seed) {
  const Metric metric(centre);
  const Grid grid(units);
  const std::vector<std::int32_t> cell_of_site = choose_blocks(grid, units, seed);
  CellMapOptions options;
  options.noise = {
      .depth_min = 2, .depth_max = 3, .min_segment = 1500, .width_share = 0.5, .max_width = 0.07, .split = 0.12};
  options.merge_below = kMergeShare * kSpacing_m / metric.lat_m;
  CellMap map;
  for (std::uint64_t attempt = 0; map.borders.empty(); ++attempt) {
    if (attempt == kAttempts) throw InputError("synth_argument", "--seed", "no sound ground plan comes from this seed");
    map = make_cell_map(place_sites(grid, centre, metric, seed + (attempt << 32)), cell_of_site, seed, options);
  }
  return {std::move(map), metric, centre, weigh(grid, cell_of_site, seed)};
}

std::vector<std::vector<std::int32_t>> neighbours(const CellMap& map, const std::vector<char>& closed_borders) {
  std::vector<std::vector<std::int32_t>> result(map.cells.size());
  for (std::size_t i = 0; i < map.borders.size(); ++i) {
    const Border& b = map.borders[i];
    if (b.right == kOutside || (!closed_borders.empty() && closed_borders[i])) continue;
    result[static_cast<std::size_t>(b.left)].push_back(b.right);
    result[static_cast<std::size_t>(b.right)].push_back(b.left);
  }
  for (auto& list : result) std::sort(list.begin(), list.end());
  return result;
}

}  // namespace catchment::datasets::synth
