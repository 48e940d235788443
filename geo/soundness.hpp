// Is a layer of zones sound? Every defect as data: what, between which zones, where and how large.
//
// A layer is sound when every edge of a zone is met by the opposite edge of exactly one neighbour, vertex by vertex, or
// lies on the outer edge of the city. Whether two edges match is decided in integers, so a vertex that is one unit (1
// cm) off is found like one that is a street off. Metres decide only what a defect is called, never whether there is
// one, with two exceptions that have no exact sign: a notch at the outer edge (an uncovered sliver that is open to the
// outside) and a needle (a corner so sharp that both its edges run side by side).
//
// Time is near-linear in vertices; what grows faster is only the number of true crossings between zones.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/shapes.hpp"
#include "geo/zone_index.hpp"

namespace catchment::geo {

enum class FindingKind : std::uint8_t {
  empty,               // a zone without any area
  invalid,             // against the rules of OGC simple features; `detail` has the reason. Checked further as repaired
  duplicate_zone,      // two zones with the same shape; the later ones are left out of the checks below
  duplicate_ring,      // a ring twice in one zone
  hole_touches_shell,  // at a point (allowed by OGC, refused by some software) or along a line
  spike,               // the line runs out and back: width zero, or a needle under needle_width_m
  reversed_ring,       // against the direction that most of the layer's rings follow
  duplicate_node,      // a vertex twice in a row
  overlap,             // ground in two or more zones
  sliver_overlap,      // the same, narrower than sliver_width_m
  gap,                 // ground in no zone but enclosed by zones
  sliver_gap,          // the same, narrower than sliver_width_m, or an open notch between two zones at the outer edge
  hole,                // a gap at least hole_width_m wide: a lake, an airfield, a neighbour's enclave
  t_junction,  // a vertex of one zone on, or within t_junction_tolerance_m of, an edge of another that has none there
};
std::string_view to_word(FindingKind kind);

enum class Severity : std::uint8_t {
  error,    // an address may get no zone, or two, or software will refuse the layer
  warning,  // right today, but the next edit or projection makes an error of it
  note,     // worth a look
};
std::string_view to_word(Severity severity);

struct Finding {
  FindingKind kind = FindingKind::empty;
  Severity severity = Severity::error;
  std::vector<ZoneNumber> zones;  // involved, sorted
  Point place;                    // on the defect, where it is widest
  double area_m2 = 0;
  double width_m = 0;  // of the rectangle with the same area and perimeter; of a notch its greatest
  double length_m = 0;
  MultiPolygon shape;  // the ground concerned, rounded to units; may be empty
  Polyline line;       // or the line concerned; may be empty
  std::string detail;  // one English phrase; may be empty
};

struct CoverageOptions {
  double sliver_width_m = 3.0;  // a lane: no bureau draws a zone narrower
  double hole_width_m = 100.0;  // an uncovered enclave this wide is taken as meant
  double needle_width_m = 0.05;
  double t_junction_tolerance_m = 0.02;  // a vertex rounded to units is at most 0.8 cm from where it was
  bool overlaps_declared = false;        // the layer overlaps on purpose: overlaps are not reported at all
  std::vector<bool> shared;  // per zone, or empty: ground where at most one zone is not shared is no overlap,
                             // but for slivers, which nobody declares
};

// Findings sorted by (kind, zones, place). A sound layer gives none.
std::vector<Finding> check_coverage(std::span<const MultiPolygon> zones, const CoverageOptions& options = {});

}  // namespace catchment::geo
