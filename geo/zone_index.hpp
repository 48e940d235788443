// Exact point -> zones over one layer of zones (one stage, school year and kind), tens of nanoseconds a point.
//
// Semantics
//  * A zone is the even-odd interior of all its rings: parts that share an edge are one area, the seam vanishes.
//  * A *face* is the set of points covered by exactly the same zones; face 0 is covered by none. Zones may overlap; the
//    sets that occur are enumerated at build time, exactly, without moving a vertex.
//  * For statistics every point belongs to exactly one face, as if nudged east by an infinitesimal and north by a
//    second-order one. A point on a line is also flagged `boundary`, exactly when its integer determinant is zero.
//  * For a family, locate() uses *covers*: a zone whose line passes through the point is among its zones.
// Everything is integer arithmetic except distances in metres: same input, same bytes, on any machine and compiler.
//
// Method: a two-level grid. A cell that no line enters holds its face; in any other cell one starts from the face of
// the cell's centre and toggles the zones of each line crossed on an L-shaped path to the point. There is no candidate
// list: the cost does not depend on how many zones, or how many overlapping bounding boxes, the layer has. Build time
// and memory are linear in vertices (plus true crossings between overlapping zones) as long as few lines share a cell
// and few cross many: a fan of edges at one vertex, or a city and a far-off islet in one layer, cost more.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/shapes.hpp"
#include "geo/snapshot.hpp"

namespace catchment::geo {

using ZoneNumber = std::uint32_t;  // position of the zone in the span the index was built from
using FaceNumber = std::uint32_t;  // 0 = covered by no zone

inline constexpr FaceNumber kNoFace = 0;

// A face and whether the point is on a line, in 32 bits so that a batch of answers is a plain array.
struct FaceHit {
  std::uint32_t bits = 0;

  FaceNumber face() const { return bits & 0x7fffffffu; }
  bool on_boundary() const { return (bits >> 31) != 0; }
  friend bool operator==(FaceHit, FaceHit) = default;
};

enum class PointStatus : std::uint8_t {
  inside,    // in the open interior of exactly one zone
  boundary,  // on a line of at least one zone
  overlap,   // in the open interior of two or more zones
  outside,   // in no zone and on no line
};
std::string_view to_word(PointStatus status);

// How far a point is from the edge of one zone.
struct ZoneMargin {
  ZoneNumber zone = 0;
  double margin_m = 0;             // to the nearest line of that zone; 0 on the line
  Point nearest;                   // the nearest point of that line, rounded to a unit
  std::vector<ZoneNumber> across;  // other zones beyond the line there, sorted; empty if none
};

struct Location {
  PointStatus status = PointStatus::outside;
  FaceNumber face = kNoFace;          // by the half-open rule
  std::vector<ZoneMargin> zones;      // every covering zone, sorted by number
  std::optional<ZoneMargin> nearest;  // outside only: the nearest zone if within the search limit
};

// One line piece between consecutive vertices, stored once however many zones share it.
struct Border {
  Point a;  // a < b by (lat, lon)
  Point b;
  std::uint32_t left = 0;   // zone set on the left of a -> b that has this line on its edge: an index for zone_set()
  std::uint32_t right = 0;  // the same on the right
};

class ZoneIndex {
 public:
  // Zones may be empty. Throws InputError("layer_extent") if the layer spans more than 107 degrees on an axis.
  static ZoneIndex build(std::span<const MultiPolygon> zones);

  // Every section's name begins with prefix, so that one snapshot holds several layers.
  void save(SnapshotWriter& writer, const std::string& prefix) const;
  // Shares the snapshot's pages. Throws InputError("snapshot_corrupt") if the sections do not fit together.
  static ZoneIndex open(const Snapshot& snapshot, const std::string& prefix);

  FaceHit face_at(Point p) const;

  // out[i] = face_at(points[i]), in any order of points; out.size() == points.size(). threads >= 1; the answers do not
  // depend on it. Uses AVX-512 where the processor has it, with the same answers.
  void faces_at(std::span<const Point> points, std::span<FaceHit> out, int threads = 1) const;
  // The same for degrees, rounded to the nearest unit first; a position off the globe is face 0.
  void faces_at(std::span<const Degrees> points, std::span<FaceHit> out, int threads = 1) const;

  // The family's answer. search_limit_m bounds only the search for the nearest zone of a point that is outside.
  Location locate(Point p, double search_limit_m = 1000) const;
  // Margin of one zone, wherever p is: infinite if the zone has no line. Throws std::out_of_range for an unknown zone.
  ZoneMargin margin(Point p, ZoneNumber zone) const;
  // Every zone that has a line within the radius, sorted by number.
  std::vector<ZoneMargin> zones_near(Point p, double radius_m) const;

  std::size_t zone_count() const;
  std::size_t face_count() const;                                 // faces are 0 .. face_count() - 1
  std::span<const ZoneNumber> zones_of(FaceNumber face) const;    // sorted
  std::span<const Border> borders() const;                        // every line piece once, sorted by (a, b)
  std::span<const ZoneNumber> zone_set(std::uint32_t set) const;  // sorted
  const Box& box() const;
  std::size_t size_bytes() const;

  struct Tables;  // geo/zone_index_tables.hpp; internal
  const Tables& tables() const { return *tables_; }

 private:
  explicit ZoneIndex(std::shared_ptr<const Tables> tables);
  std::shared_ptr<const Tables> tables_;
};

}  // namespace catchment::geo
