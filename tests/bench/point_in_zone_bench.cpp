// Nanoseconds per point beside GEOS, Boost.Geometry and S2 in one run: engines interleaved, medians, answers compared.
//   point_in_zone_bench [--points N] [--rounds N] [--quick] [CITY.gpkg ...]
// Every layer of the packages, then synthetic tessellations; --quick leaves the peers out.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "datasets/city_package.hpp"
#include "datasets/synth/points.hpp"
#include "datasets/synth/tessellation.hpp"
#include "geo/zone_index_batch.hpp"
#include "tests/bench/peers.hpp"

namespace {

using namespace catchment;
using bench::Engine;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> v) {
  std::ranges::sort(v);
  return v[v.size() / 2];
}

Engine ours(const geo::ZoneIndex& index, double build_ms, const std::string& name, const geo::BatchKernel& kernel) {
  Engine engine;
  engine.name = name;
  engine.build_ms = build_ms;
  engine.megabytes = static_cast<double>(index.size_bytes()) / 1e6;
  engine.run = [&index, &kernel](std::span<const geo::Degrees> points, std::span<std::int32_t> out) {
    // The answer of every other engine is a zone number; FaceHit has the size of one, so the batch is answered in
    // place.
    static_assert(sizeof(geo::FaceHit) == sizeof(std::int32_t));
    const std::span hits(reinterpret_cast<geo::FaceHit*>(out.data()), out.size());
    geo::find_faces(index.tables(), points, hits, kernel);
  };
  return engine;
}

struct PointSet {
  std::string name;
  std::vector<geo::Degrees> points;
};

std::vector<PointSet> point_sets(const geo::Box& box, std::size_t count) {
  std::vector<PointSet> sets;
  const auto add = [&](const std::string& name, std::vector<geo::Point> points) {
    for (const bool sorted : {false, true}) {
      if (sorted) datasets::synth::sort_hilbert(box, points);
      PointSet set{name + (sorted ? " sorted" : ""), {}};
      for (const geo::Point p : points) set.points.push_back(geo::to_degrees(p));
      sets.push_back(std::move(set));
    }
  };
  add("uniform", datasets::synth::uniform_points(box, count, 11));
  add("clustered", datasets::synth::clustered_points(box, count, 12));
  return sets;
}

std::uint64_t checksum(std::span<const std::int32_t> answers) {  // FNV-1a over the numbers
  std::uint64_t sum = 0xcbf29ce484222325ull;
  for (const std::int32_t a : answers) sum = (sum ^ static_cast<std::uint32_t>(a)) * 0x100000001b3ull;
  return sum;
}

// Ours answers a face with a boundary flag: to a zone number, the first of the face's zones.
void to_zone_numbers(const geo::ZoneIndex& index, std::span<std::int32_t> answers) {
  for (std::int32_t& a : answers) {
    const auto zones = index.zones_of(geo::FaceHit{static_cast<std::uint32_t>(a)}.face());
    a = zones.empty() ? -1 : static_cast<std::int32_t>(zones.front());
  }
}

void run_layer(const std::string& name, const std::vector<geo::MultiPolygon>& zones, std::size_t count, int rounds,
               bool quick) {
  std::size_t vertices = 0;
  for (const auto& zone : zones) for_each_ring(zone, [&](const geo::Ring& ring) { vertices += ring.size(); });
  const auto start = Clock::now();
  const geo::ZoneIndex index = geo::ZoneIndex::build(zones);
  const double build_ms = ms_since(start);
  std::vector<Engine> engines{ours(index, build_ms, "catchment, plain x86-64", geo::kBaselineKernel)};
  if (geo::find_avx512_kernel() != nullptr) {
    engines.push_back(ours(index, build_ms, "catchment, AVX-512", *geo::find_avx512_kernel()));
  }
  const std::size_t own = engines.size();
  if (!quick) {
    engines.push_back(bench::geos_prepared(zones));
    engines.push_back(bench::geos_locator(zones));
    engines.push_back(bench::boost_rtree(zones));
    engines.push_back(bench::s2_index(zones));
  }
  const std::vector<PointSet> sets = point_sets(index.box(), count);
  std::printf("\n%s: %zu zones, %zu vertices, %zu shared borders, %zu points a set, one thread\n", name.c_str(),
              zones.size(), vertices, index.borders().size(), count);
  std::printf("%-26s %9s %7s", "ns per point (median)", "build ms", "MB");
  for (const PointSet& set : sets) std::printf(" %25s", set.name.c_str());
  std::printf("\n");

  std::vector<std::vector<std::vector<double>>> ns(engines.size(), std::vector<std::vector<double>>(sets.size()));
  std::vector<std::vector<std::vector<std::int32_t>>> answers(
      engines.size(), std::vector<std::vector<std::int32_t>>(sets.size(), std::vector<std::int32_t>(count)));
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t e = 0; e < engines.size(); ++e) {
      for (std::size_t s = 0; s < sets.size(); ++s) {
        const auto begin = Clock::now();
        engines[e].run(sets[s].points, answers[e][s]);
        ns[e][s].push_back(ms_since(begin) * 1e6 / static_cast<double>(count));
      }
    }
  }
  for (std::size_t e = 0; e < own; ++e) {
    for (auto& set : answers[e]) to_zone_numbers(index, set);
  }
  for (std::size_t e = 0; e < engines.size(); ++e) {
    std::printf("%-26s %9.1f %7.1f", engines[e].name.c_str(), engines[e].build_ms, engines[e].megabytes);
    std::size_t differing = 0;
    for (std::size_t s = 0; s < sets.size(); ++s) {
      const double mid = median(ns[e][s]);
      std::printf(" %10.1f (%7.1fx plain)", mid, mid / median(ns[0][s]));
      for (std::size_t i = 0; i < count; ++i) differing += answers[e][s][i] != answers[0][s][i] ? 1u : 0u;
    }
    std::printf("  differing %zu of %zu, checksum %016llx\n", differing, count * sets.size(),
                static_cast<unsigned long long>(checksum(answers[e][0])));
  }
  std::fflush(stdout);
}

void run_package(const std::string& path, std::size_t count, int rounds, bool quick) {
  const auto package = datasets::CityPackage::open(path);
  for (const engine::LayerKey& key : package.layers()) {
    std::vector<geo::MultiPolygon> zones;
    for (auto& zone : package.zones(key)) zones.push_back(std::move(zone.shape));
    run_layer(path + " " + engine::to_text(key), zones, count, rounds, quick);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 1'000'000;
  int rounds = 5;
  bool quick = false;
  std::vector<std::string> files;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--points") == 0 && i + 1 < argc) {
      count = std::strtoull(argv[++i], nullptr, 10);
    } else if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
      rounds = std::atoi(argv[++i]);
    } else if (std::strcmp(argv[i], "--quick") == 0) {
      quick = true;  // ours alone
    } else {
      files.emplace_back(argv[i]);
    }
  }
  for (const std::string& file : files) run_package(file, count, rounds, quick);
  struct City {
    int columns;
    int rows;
  };
  for (const City city : {City{20, 20}, City{50, 40}, City{60, 60}}) {
    datasets::synth::TessellationOptions options;
    options.rows = city.rows;
    const auto layer = datasets::synth::make_tessellation(city.columns, 1, options);
    run_layer("synthetic tessellation", layer.zones, count, rounds, quick);
  }
  return 0;
}
