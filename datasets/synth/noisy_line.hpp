// Fractal lines between two points that stay inside a kite, exactly: lines in disjoint kites cannot cross or touch.
#pragma once

#include "datasets/synth/random.hpp"
#include "geo/shapes.hpp"

namespace catchment::datasets::synth {

struct NoiseOptions {
  int depth_min = 5;  // a line of depth d has 2^d segments; d is drawn per line
  int depth_max = 9;
  double min_segment = 240;  // units: depth is lowered until segments average no less
  double width_share = 0.8;  // of the room in the kite, sideways; 0 = straight lines
  double max_width = 0.35;   // of the line's length, sideways
  double split = 0.10;       // a part is split at 0.5 +- this
};

// The quadrilateral from - right - to - left; both triangles on from - to are counter-clockwise seen from their tip.
struct Kite {
  geo::Point from;
  geo::Point to;
  geo::Point left;
  geo::Point right;
};

// True if both triangles of the kite have positive area.
bool is_proper(const Kite& kite);

// From kite.from to kite.to, both included; every other point is strictly inside the kite and the line does not touch
// itself. Recursive bilinear subdivision of a convex quadrilateral, rounded to units, then checked in integers; where
// rounding spoils a line it is drawn again with fewer points, at worst straight. Requires is_proper(kite).
geo::Polyline noisy_line(const Kite& kite, const NoiseOptions& options, Random& random);

// True if the open line has no two segments in touch, except neighbours at the vertex they share. Exact.
bool is_simple(const geo::Polyline& line);

}  // namespace catchment::datasets::synth
