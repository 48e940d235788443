#include "geo/ring_checks.hpp"

#include <algorithm>
#include <cmath>

#include "geo/segment_grid.hpp"
#include "geo/topology.hpp"

namespace catchment::geo {
namespace {

struct Turn {
  double x = 0;
  double y = 0;
};

Turn metres(Point from, Point to, const LocalScale& scale) {
  return {(static_cast<double>(to.lon) - from.lon) * scale.lon_m,
          (static_cast<double>(to.lat) - from.lat) * scale.lat_m};
}

class RingChecker {
 public:
  RingChecker(ZoneNumber zone, const CoverageOptions& options, std::vector<Finding>& findings)
      : zone_(zone), options_(options), findings_(findings) {}

  Finding& add(FindingKind kind, Severity severity, Point place, std::string detail) {
    Finding finding;
    finding.kind = kind;
    finding.severity = severity;
    finding.zones = {zone_};
    finding.place = place;
    finding.detail = std::move(detail);
    findings_.push_back(std::move(finding));
    return findings_.back();
  }

  // Returns the ring without its repeated vertices.
  Ring check_nodes(const Ring& ring) {
    Ring distinct;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point next = ring[i + 1 == ring.size() ? 0 : i + 1];
      if (ring.size() > 1 && ring[i] == next) {
        add(FindingKind::duplicate_node, Severity::warning, ring[i], "the same vertex twice in a row");
      } else {
        distinct.push_back(ring[i]);
      }
    }
    return distinct;
  }

  void check_spikes(const Ring& ring) {
    if (ring.size() < 3) return;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const Point p = ring[i == 0 ? ring.size() - 1 : i - 1];
      const Point q = ring[i];
      const Point r = ring[i + 1 == ring.size() ? 0 : i + 1];
      check_spike(p, q, r);
    }
  }

  void check_touching_holes(const Polygon& part) {
    if (part.holes.empty()) return;
    std::vector<Segment> segments;
    std::vector<std::size_t> ring_of;  // 0 is the shell
    const auto file = [&](const Ring& ring, std::size_t number) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        segments.push_back({ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]});
        ring_of.push_back(number);
      }
    };
    file(part.shell, 0);
    for (std::size_t h = 0; h < part.holes.size(); ++h) file(part.holes[h], h + 1);
    const SegmentGrid grid(segments, 1);
    std::vector<std::vector<Point>> touching(part.holes.size() + 1);
    const auto look = [&](const Ring& ring, std::size_t number) {
      for (const Point p : ring) {
        for (const std::uint32_t s : grid.near(p)) {
          if ((ring_of[s] == 0) == (number == 0) || !on_segment(segments[s].a, segments[s].b, p)) continue;
          touching[std::max(ring_of[s], number)].push_back(p);
        }
      }
    };
    look(part.shell, 0);
    for (std::size_t h = 0; h < part.holes.size(); ++h) look(part.holes[h], h + 1);
    for (std::vector<Point>& points : touching) {
      std::sort(points.begin(), points.end());
      points.erase(std::unique(points.begin(), points.end()), points.end());
      if (points.empty()) continue;
      add(FindingKind::hole_touches_shell, Severity::warning, points.front(),
          "a hole meets the outer ring in " + std::to_string(points.size()) +
              (points.size() == 1 ? " place" : " places"));
      if (points.size() > 1) findings_.back().line = points;
    }
  }

 private:
  void check_spike(Point p, Point q, Point r) {
    const LocalScale scale = local_scale(q.lat);
    const Turn back = metres(q, p, scale);
    const Turn on = metres(q, r, scale);
    const double dot = back.x * on.x + back.y * on.y;
    const double back_m = std::hypot(back.x, back.y);
    const double on_m = std::hypot(on.x, on.y);
    if (dot <= 0) return;
    const double arm = std::min(back_m, on_m);
    // Twice the triangle's area over its longer arm: how far the end of the shorter arm is from the longer.
    const double width =
        std::fabs(static_cast<double>(cross(q, p, r))) * scale.lon_m * scale.lat_m / std::max(back_m, on_m);
    const bool exact = cross(q, p, r) == 0;
    constexpr double kNeedle = 20;  // times longer than wide
    if (!exact && (width > options_.needle_width_m || arm < kNeedle * width)) return;
    Finding& finding = add(FindingKind::spike, exact ? Severity::error : Severity::warning, q,
                           exact ? "the line runs out and straight back" : "a needle");
    finding.width_m = width;
    finding.length_m = arm;
    finding.line = {p, q, r};
  }

  ZoneNumber zone_;
  const CoverageOptions& options_;
  std::vector<Finding>& findings_;
};

// A ring whatever its start and direction.
Ring canonical(Ring ring) {
  if (signed_area_twice(ring) < 0) std::reverse(ring.begin(), ring.end());
  std::rotate(ring.begin(), std::min_element(ring.begin(), ring.end()), ring.end());
  return ring;
}

}  // namespace

bool find_majority_direction(std::span<const MultiPolygon> zones) {
  std::int64_t counter_clockwise = 0;
  for (const MultiPolygon& zone : zones) {
    for (const Polygon& part : zone) {
      const auto area = signed_area_twice(part.shell);
      counter_clockwise += area > 0 ? 1 : area < 0 ? -1 : 0;
    }
  }
  return counter_clockwise >= 0;
}

bool check_rings(const MultiPolygon& zone, ZoneNumber number, bool shells_ccw, const CoverageOptions& options,
                 std::vector<Finding>& findings) {
  RingChecker checker(number, options, findings);
  std::vector<Ring> seen;
  const auto check_ring = [&](const Ring& ring, bool ccw) {
    const Ring distinct = checker.check_nodes(ring);
    checker.check_spikes(distinct);
    const auto area = signed_area_twice(ring);
    if (area != 0 && (area > 0) != ccw) {
      checker.add(FindingKind::reversed_ring, Severity::warning, ring.front(),
                  ccw ? "clockwise where the layer runs counter-clockwise"
                      : "counter-clockwise where the layer runs clockwise");
    }
    if (!distinct.empty()) seen.push_back(canonical(distinct));
  };
  for (const Polygon& part : zone) {
    check_ring(part.shell, shells_ccw);
    for (const Ring& hole : part.holes) check_ring(hole, !shells_ccw);
    checker.check_touching_holes(part);
  }
  std::sort(seen.begin(), seen.end());
  for (std::size_t i = 1; i < seen.size(); ++i) {
    if (seen[i] != seen[i - 1]) continue;
    checker.add(FindingKind::duplicate_ring, Severity::error, seen[i].front(), "the same ring twice").line = seen[i];
  }
  const Validity validity = check_validity(zone);
  if (!validity.valid) checker.add(FindingKind::invalid, Severity::error, validity.place, validity.reason);
  return validity.valid;
}

}  // namespace catchment::geo
