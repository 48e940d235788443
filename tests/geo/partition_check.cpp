// Holds a layer to its promise, point by point: the zone index against the plain definition for every point, and
// against GEOS and Boost.Geometry for every point off the lines.
//   partition_check --synthetic CELLS_PER_SIDE POINTS
//   partition_check --package CITY.gpkg LAYER POINTS [--tiling]
// --tiling: the zones do not overlap, so that no point may have two. Exit code 1 on any disagreement. --write FILE
// saves the zones for partition_digest.
#include <geos_c.h>

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/point_xy.hpp>
#include <boost/geometry/geometries/ring.hpp>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "datasets/city_package.hpp"
#include "datasets/synth/tessellation.hpp"
#include "tests/support/partition_points.hpp"
#include "tests/support/zone_file.hpp"

namespace {

using namespace catchment;
using geo::MultiPolygon;
using geo::Point;
using geo::ZoneNumber;
namespace bg = boost::geometry;

struct Counts {
  std::size_t points = 0, inside = 0, on_line = 0, wrong_face = 0, wrong_boundary = 0, not_one_face = 0;
  std::size_t geos_checked = 0, geos_differs = 0, boost_checked = 0, boost_differs = 0;
  bool failed() const { return wrong_face + wrong_boundary + not_one_face + geos_differs + boost_differs > 0; }
};

// The definition of tests/support/brute_force.hpp, with the edges sorted into bands of latitude so that ten million
// points are a matter of seconds. Shares no code with the index but cross().
class Definition {
 public:
  explicit Definition(std::span<const MultiPolygon> zones) {
    for (const MultiPolygon& zone : zones) box_.extend(geo::bounding_box(zone));
    height_ = (std::int64_t{box_.max.lat} - box_.min.lat) / kBands + 1;
    bands_.resize(kBands);
    for (ZoneNumber z = 0; z < zones.size(); ++z) {
      for_each_ring(zones[z], [&](const geo::Ring& ring) {
        for (std::size_t i = 0; i < ring.size(); ++i) add(ring[i], ring[(i + 1) % ring.size()], z);
      });
    }
  }

  struct Answer {
    std::vector<ZoneNumber> zones;
    bool on_line = false;
  };
  void find(Point p, Answer& answer) const {
    answer.zones.clear();
    answer.on_line = false;
    if (!box_.contains(p)) return;
    for (const Edge& e : bands_[static_cast<std::size_t>((std::int64_t{p.lat} - box_.min.lat) / height_)]) {
      if (p.lat < e.a.lat || p.lat > e.b.lat) continue;
      const std::int64_t side = geo::cross(e.a, e.b, p);
      if (side > 0 && p.lat < e.b.lat) toggle(answer.zones, e.zone);
      if (side == 0 && geo::on_segment(e.a, e.b, p)) answer.on_line = true;
    }
    std::sort(answer.zones.begin(), answer.zones.end());
  }

 private:
  struct Edge {
    Point a, b;
    ZoneNumber zone;
  };
  static constexpr std::int64_t kBands = 20'000;

  void add(Point a, Point b, ZoneNumber zone) {
    if (b.lat < a.lat) std::swap(a, b);
    for (auto band = (a.lat - box_.min.lat) / height_; band <= (b.lat - box_.min.lat) / height_; ++band) {
      bands_[static_cast<std::size_t>(band)].push_back({a, b, zone});
    }
  }
  static void toggle(std::vector<ZoneNumber>& zones, ZoneNumber zone) {
    const auto found = std::find(zones.begin(), zones.end(), zone);
    if (found == zones.end()) {
      zones.push_back(zone);
    } else {
      zones.erase(found);
    }
  }

  geo::Box box_;
  std::int64_t height_ = 1;
  std::vector<std::vector<Edge>> bands_;
};

// Coordinates in whole units from the layer's corner, so that a double holds them and their products exactly.
struct Local {
  Point origin;
  double x(Point p) const { return static_cast<double>(std::int64_t{p.lon} - origin.lon); }
  double y(Point p) const { return static_cast<double>(std::int64_t{p.lat} - origin.lat); }
};

class Geos {
 public:
  Geos(std::span<const MultiPolygon> zones, Local local) : local_(local) {
    for (const MultiPolygon& zone : zones) {
      std::vector<GEOSGeometry*> parts;
      for (const geo::Polygon& part : zone) {
        std::vector<GEOSGeometry*> holes;
        for (const geo::Ring& hole : part.holes) holes.push_back(ring(hole));
        parts.push_back(
            GEOSGeom_createPolygon_r(context_, ring(part.shell), holes.data(), static_cast<unsigned>(holes.size())));
      }
      shapes_.push_back(
          GEOSGeom_createCollection_r(context_, GEOS_MULTIPOLYGON, parts.data(), static_cast<unsigned>(parts.size())));
      prepared_.push_back(GEOSPrepare_r(context_, shapes_.back()));
    }
  }
  ~Geos() {
    for (const auto* p : prepared_) GEOSPreparedGeom_destroy_r(context_, p);
    for (auto* s : shapes_) GEOSGeom_destroy_r(context_, s);
    GEOS_finish_r(context_);
  }
  Geos(const Geos&) = delete;
  Geos& operator=(const Geos&) = delete;

  bool contains(ZoneNumber zone, Point p) const {
    GEOSGeometry* point = GEOSGeom_createPointFromXY_r(context_, local_.x(p), local_.y(p));
    const bool result = GEOSPreparedContains_r(context_, prepared_[zone], point) == 1;
    GEOSGeom_destroy_r(context_, point);
    return result;
  }

 private:
  GEOSGeometry* ring(const geo::Ring& r) const {
    GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(context_, static_cast<unsigned>(r.size() + 1), 2);
    for (std::size_t i = 0; i <= r.size(); ++i) {
      const Point p = r[i % r.size()];
      GEOSCoordSeq_setXY_r(context_, sequence, static_cast<unsigned>(i), local_.x(p), local_.y(p));
    }
    return GEOSGeom_createLinearRing_r(context_, sequence);
  }

  GEOSContextHandle_t context_ = GEOS_init_r();
  Local local_;
  std::vector<GEOSGeometry*> shapes_;
  std::vector<const GEOSPreparedGeometry*> prepared_;
};

class Boost {
 public:
  using BoostPoint = bg::model::d2::point_xy<double>;
  using BoostRing = bg::model::ring<BoostPoint, false, false>;

  Boost(std::span<const MultiPolygon> zones, Local local) : local_(local) {
    for (const MultiPolygon& zone : zones) {
      auto& rings = zones_.emplace_back();
      for_each_ring(zone, [&](const geo::Ring& r) {
        BoostRing& ring = rings.emplace_back();
        for (const Point p : r) ring.emplace_back(local.x(p), local.y(p));
        bg::correct(ring);
      });
    }
  }
  bool contains(ZoneNumber zone, Point p) const {  // even-odd over the rings
    bool inside = false;
    for (const BoostRing& ring : zones_[zone]) inside ^= bg::within(BoostPoint(local_.x(p), local_.y(p)), ring);
    return inside;
  }

 private:
  Local local_;
  std::vector<std::vector<BoostRing>> zones_;
};

class Check {
 public:
  Check(const std::vector<MultiPolygon>& zones, bool tiling)
      : tiling_(tiling),
        index_(geo::ZoneIndex::build(zones)),
        definition_(zones),
        local_{index_.box().min},
        geos_(zones, local_),
        boost_(zones, local_) {
    for (const MultiPolygon& zone : zones) boxes_.push_back(geo::bounding_box(zone));
  }
  const geo::ZoneIndex& index() const { return index_; }

  Counts run(const char* name, const std::vector<Point>& points, std::size_t boost_every) {
    Counts c;
    std::vector<geo::FaceHit> hits(points.size()), again(points.size());
    index_.faces_at(points, hits, 1);
    index_.faces_at(points, again, 2);
    Definition::Answer truth;
    for (std::size_t i = 0; i < points.size(); ++i) {
      const Point p = points[i];
      const auto zones = index_.zones_of(hits[i].face());
      definition_.find(p, truth);
      ++c.points;
      c.inside += !zones.empty();
      c.on_line += truth.on_line;
      c.wrong_face += !std::ranges::equal(zones, truth.zones) || again[i] != hits[i] || index_.face_at(p) != hits[i];
      c.wrong_boundary += hits[i].on_boundary() != truth.on_line;
      c.not_one_face += tiling_ && zones.size() > 1;
      if (!truth.on_line) compare_peers(p, zones, i % boost_every == 0, c);
    }
    std::printf(
        "%-28s points %zu inside %zu on a line %zu | wrong face %zu, wrong boundary %zu, not one face %zu | "
        "GEOS checked %zu differs %zu | Boost checked %zu differs %zu\n",
        name, c.points, c.inside, c.on_line, c.wrong_face, c.wrong_boundary, c.not_one_face, c.geos_checked,
        c.geos_differs, c.boost_checked, c.boost_differs);
    std::fflush(stdout);
    return c;
  }

 private:
  // Every zone whose box holds the point must agree, not only the one answered.
  void compare_peers(Point p, std::span<const ZoneNumber> zones, bool with_boost, Counts& c) const {
    ++c.geos_checked;
    c.boost_checked += with_boost;
    for (ZoneNumber z = 0; z < boxes_.size(); ++z) {
      if (!boxes_[z].contains(p)) continue;
      const bool ours = std::ranges::binary_search(zones, z);
      c.geos_differs += geos_.contains(z, p) != ours;
      if (with_boost) c.boost_differs += boost_.contains(z, p) != ours;
    }
  }

  bool tiling_;
  geo::ZoneIndex index_;
  Definition definition_;
  Local local_;
  Geos geos_;
  Boost boost_;
  std::vector<geo::Box> boxes_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 64;
  const std::string kind = argv[1];
  std::vector<MultiPolygon> zones;
  std::vector<std::string> rest(argv + 3, argv + argc);
  if (kind == "--synthetic") {
    zones = datasets::synth::make_tessellation(std::atoi(argv[2]), 1).zones;
  } else {
    const auto key = engine::find_layer_key(rest.front());
    rest.erase(rest.begin());
    if (!key || rest.empty()) return 64;
    for (auto& zone : datasets::CityPackage::open(argv[2]).zones(*key)) zones.push_back(std::move(zone.shape));
  }
  if (zones.empty()) {
    std::printf("no zones\n");
    return 64;
  }
  const std::size_t count = std::strtoull(rest.front().c_str(), nullptr, 10);
  bool tiling = kind == "--synthetic";
  for (std::size_t i = 1; i < rest.size(); ++i) {
    tiling |= rest[i] == "--tiling";
    if (rest[i] == "--write" && i + 1 < rest.size()) test::write_zone_file(zones, rest[i + 1]);
  }
  Check check(zones, tiling);
  std::printf("%zu zones, %zu faces, %zu borders\n", zones.size(), check.index().face_count(),
              check.index().borders().size());
  bool failed = check.run("uniform", test::uniform_points(check.index().box(), count, 1), 10).failed();
  failed |=
      check.run("on vertices and edges", test::points_on_lines(check.index().borders(), count / 10, 2), 1).failed();
  failed |= check.run("every vertex and +-1 unit", test::points_around_vertices(zones), 10).failed();
  std::printf(failed ? "FAILED\n" : "all agree\n");
  return failed ? 1 : 0;
}
