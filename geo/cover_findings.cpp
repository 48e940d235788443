#include "geo/cover_findings.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "geo/even_odd.hpp"
#include "geo/projection.hpp"

namespace catchment::geo {
namespace {

void tidy(std::vector<ZoneNumber>& zones) {
  std::sort(zones.begin(), zones.end());
  zones.erase(std::unique(zones.begin(), zones.end()), zones.end());
}

class FaceNamer {
 public:
  FaceNamer(std::span<const MultiPolygon> zones, const CoverArrangement& cover, const CoverageOptions& options)
      : zones_(zones), cover_(cover), options_(options) {
    for (const MultiPolygon& zone : zones) boxes_.push_back(bounding_box(zone));
  }

  // Empty if the face is no defect.
  std::optional<Finding> name(std::uint32_t number) {
    const CoverFace& face = cover_.faces[number];
    if (number == 0 || face.count == 1 || (face.count > 1 && options_.overlaps_declared)) return std::nullopt;
    read(face);
    Finding finding;
    finding.zones = face.count > 1 ? covering_zones(face) : neighbours();
    measure(finding);
    const bool sliver = finding.width_m < options_.sliver_width_m;
    if (face.count > 1 && !sliver && is_declared()) return std::nullopt;
    if (sliver && finding.width_m < options_.t_junction_tolerance_m && has_loose_vertex(finding)) {
      finding.kind = FindingKind::t_junction;
      finding.severity = Severity::warning;
    } else if (face.count > 1) {
      finding.kind = sliver ? FindingKind::sliver_overlap : FindingKind::overlap;
    } else if (finding.width_m >= options_.hole_width_m) {
      finding.kind = FindingKind::hole;
      finding.severity = Severity::note;
    } else {
      finding.kind = sliver ? FindingKind::sliver_gap : FindingKind::gap;
    }
    return finding;
  }

 private:
  void read(const CoverFace& face) {
    edges_.clear();
    rings_.clear();
    for (const HalfEdge first : face.cycles) {
      rings_.push_back(cover_.cycle(first));
      edges_.insert(edges_.end(), rings_.back().begin(), rings_.back().end());
    }
    scale_ = local_scale(cover_.nodes[cover_.start(edges_[0])].point.lat);
  }

  const CoverNode& from(HalfEdge h) const { return cover_.nodes[cover_.start(h)]; }
  const CoverNode& to(HalfEdge h) const { return cover_.nodes[cover_.start(h ^ 1u)]; }
  double length_m(HalfEdge h) const {
    return std::hypot((to(h).x - from(h).x) * scale_.lon_m, (to(h).y - from(h).y) * scale_.lat_m);
  }

  std::vector<ZoneNumber> neighbours() const {
    std::vector<ZoneNumber> out;
    for (const HalfEdge h : edges_) {
      for (const EdgeUse use : cover_.uses_of(h)) {
        if (!cover_.on_left(use, h)) out.push_back(use.zone);
      }
    }
    tidy(out);
    return out;
  }

  // The zones over the face beside this edge of it.
  std::vector<ZoneNumber> zones_beside(HalfEdge h) const {
    std::vector<ZoneNumber> out;
    std::vector<ZoneNumber> on_edge;
    for (const EdgeUse use : cover_.uses_of(h)) {
      on_edge.push_back(use.zone);
      if (cover_.on_left(use, h)) out.push_back(use.zone);
    }
    const double x = (from(h).x + to(h).x) / 2;
    const double y = (from(h).y + to(h).y) / 2;
    const Point middle{static_cast<std::int32_t>(cover_.origin.lon + x),
                       static_cast<std::int32_t>(cover_.origin.lat + y)};
    for (ZoneNumber z = 0; z < zones_.size(); ++z) {
      const Box& box = boxes_[z];
      const bool near = std::int64_t{box.min.lon} - 1 <= middle.lon && middle.lon <= std::int64_t{box.max.lon} + 1 &&
                        std::int64_t{box.min.lat} - 1 <= middle.lat && middle.lat <= std::int64_t{box.max.lat} + 1;
      if (!near || std::find(on_edge.begin(), on_edge.end(), z) != on_edge.end()) continue;
      if (covers_between_units(zones_[z], cover_.origin, x, y)) out.push_back(z);
    }
    tidy(out);
    return out;
  }

  // All zones seen over the face from its longest edges: an overlap of many zones at once may hold more.
  std::vector<ZoneNumber> covering_zones(const CoverFace& face) {
    constexpr std::size_t kSamples = 12;
    std::vector<HalfEdge> longest = edges_;
    std::stable_sort(longest.begin(), longest.end(), [&](HalfEdge g, HalfEdge h) { return length_m(g) > length_m(h); });
    longest.resize(std::min(longest.size(), kSamples));
    std::vector<ZoneNumber> out;
    stacks_.clear();
    for (const HalfEdge h : longest) {
      std::vector<ZoneNumber> beside = zones_beside(h);
      out.insert(out.end(), beside.begin(), beside.end());
      if (beside.size() == static_cast<std::size_t>(face.count)) stacks_.push_back(std::move(beside));
    }
    tidy(out);
    return out;
  }

  // True if everywhere we looked at most one zone is not declared shared.
  bool is_declared() const {
    const auto unshared = [&](ZoneNumber z) { return z >= options_.shared.size() || !options_.shared[z]; };
    return !stacks_.empty() && std::all_of(stacks_.begin(), stacks_.end(), [&](const std::vector<ZoneNumber>& stack) {
      return std::count_if(stack.begin(), stack.end(), unshared) <= 1;
    });
  }

  void measure(Finding& finding) const {
    double area = 0;
    double perimeter = 0;
    const CoverNode& base = from(edges_[0]);
    for (const HalfEdge h : edges_) {
      area += (from(h).x - base.x) * (to(h).y - base.y) - (to(h).x - base.x) * (from(h).y - base.y);
      perimeter += length_m(h);
    }
    finding.area_m2 = std::max(0.0, area / 2 * scale_.lon_m * scale_.lat_m);
    const double root = perimeter * perimeter - 16 * finding.area_m2;
    // The sides of a rectangle with this area and perimeter; a square if there is none. Written so that thin ones keep
    // digits.
    finding.length_m = root > 0 ? (perimeter + std::sqrt(root)) / 4 : std::sqrt(finding.area_m2);
    finding.width_m = finding.length_m > 0 ? finding.area_m2 / finding.length_m : 0;
    finding.place = find_widest().value_or(farthest_from_chord());
    Polygon polygon;
    for (std::size_t r = 0; r < rings_.size(); ++r) {
      Ring ring;
      for (const HalfEdge h : rings_[r]) {
        if (ring.empty() || ring.back() != from(h).point) ring.push_back(from(h).point);
      }
      while (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
      if (r == 0) {
        polygon.shell = std::move(ring);
      } else {
        polygon.holes.push_back(std::move(ring));
      }
    }
    finding.shape = {std::move(polygon)};
    // The flat scale is right for what lies within a few kilometres.
    constexpr double kLarge = 1e6;
    if (finding.area_m2 > kLarge) finding.area_m2 = geodesic_area_m2(finding.shape);
  }

  // The vertex that is farthest from the nearest edge of other zones than its own; none in large faces, where looking
  // would be quadratic.
  std::optional<Point> find_widest() const {
    constexpr std::size_t kSmall = 256;
    if (edges_.size() > kSmall) return std::nullopt;
    std::optional<Point> place;
    double widest = 0;
    for (const std::vector<HalfEdge>& ring : rings_) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const HalfEdge in = ring[i == 0 ? ring.size() - 1 : i - 1];
        double nearest = std::numeric_limits<double>::infinity();
        for (const HalfEdge h : edges_) {
          if (!shares_zone(h, in) || !shares_zone(h, ring[i]))
            nearest = std::min(nearest, distance_m(from(ring[i]), h));
        }
        if (nearest <= widest || std::isinf(nearest)) continue;
        widest = nearest;
        place = from(ring[i]).point;
      }
    }
    return place;
  }

  double distance_m(const CoverNode& p, HalfEdge h) const {
    const double ux = (to(h).x - from(h).x) * scale_.lon_m;
    const double uy = (to(h).y - from(h).y) * scale_.lat_m;
    const double vx = (p.x - from(h).x) * scale_.lon_m;
    const double vy = (p.y - from(h).y) * scale_.lat_m;
    const double part = std::clamp((ux * vx + uy * vy) / (ux * ux + uy * uy), 0.0, 1.0);
    return std::hypot(vx - part * ux, vy - part * uy);
  }

  // The vertex of the outer cycle that is farthest from the line between its two ends.
  Point farthest_from_chord() const {
    const auto apart = [&](const CoverNode& p, const CoverNode& q) {
      return std::hypot((p.x - q.x) * scale_.lon_m, (p.y - q.y) * scale_.lat_m);
    };
    const auto farthest = [&](const CoverNode& p) {
      return *std::max_element(rings_[0].begin(), rings_[0].end(),
                               [&](HalfEdge g, HalfEdge h) { return apart(p, from(g)) < apart(p, from(h)); });
    };
    const CoverNode& p = from(farthest(from(rings_[0][0])));
    const CoverNode& q = from(farthest(p));
    const auto off_line = [&](HalfEdge h) {
      return std::fabs((q.x - p.x) * (from(h).y - p.y) - (q.y - p.y) * (from(h).x - p.x));
    };
    return from(*std::max_element(rings_[0].begin(), rings_[0].end(),
                                  [&](HalfEdge g, HalfEdge h) { return off_line(g) < off_line(h); }))
        .point;
  }

  // Does a vertex of one zone lie beside an edge of another that has no vertex near it? Then the face is what rounding
  // left of a missing vertex. Moves the finding's place there.
  bool has_loose_vertex(Finding& finding) const {
    constexpr std::size_t kSmall = 32;
    const std::vector<HalfEdge>& ring = rings_[0];
    if (ring.size() > kSmall || rings_.size() > 1) return false;
    const double tolerance = options_.t_junction_tolerance_m;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const HalfEdge in = ring[i == 0 ? ring.size() - 1 : i - 1];
      if (!from(ring[i]).whole) continue;
      for (const HalfEdge h : ring) {
        if (h == ring[i] || h == in || shares_zone(h, in) || shares_zone(h, ring[i])) continue;
        const double ux = (to(h).x - from(h).x) * scale_.lon_m;
        const double uy = (to(h).y - from(h).y) * scale_.lat_m;
        const double vx = (from(ring[i]).x - from(h).x) * scale_.lon_m;
        const double vy = (from(ring[i]).y - from(h).y) * scale_.lat_m;
        const double length = std::hypot(ux, uy);
        const double along = (ux * vx + uy * vy) / length;
        if (along < 2 * tolerance || along > length - 2 * tolerance) continue;
        if (std::fabs(ux * vy - uy * vx) / length > tolerance) continue;
        finding.place = from(ring[i]).point;
        finding.detail = "beside the edge";
        return true;
      }
    }
    return false;
  }

  bool shares_zone(HalfEdge g, HalfEdge h) const {
    for (const EdgeUse p : cover_.uses_of(g)) {
      for (const EdgeUse q : cover_.uses_of(h)) {
        if (p.zone == q.zone) return true;
      }
    }
    return false;
  }

  std::span<const MultiPolygon> zones_;
  const CoverArrangement& cover_;
  const CoverageOptions& options_;
  std::vector<Box> boxes_;
  std::vector<std::vector<HalfEdge>> rings_;  // of the face in hand
  std::vector<HalfEdge> edges_;
  std::vector<std::vector<ZoneNumber>> stacks_;
  LocalScale scale_;
};

void append_loose(const CoverArrangement& cover, const CoverageOptions& options, std::vector<Finding>& findings) {
  const auto shared = [&](ZoneNumber z) { return z < options.shared.size() && options.shared[z]; };
  for (const LooseVertex& vertex : cover.loose) {
    Finding finding;
    finding.kind = FindingKind::t_junction;
    finding.severity = Severity::warning;
    finding.zones = vertex.with;
    finding.zones.insert(finding.zones.end(), vertex.without.begin(), vertex.without.end());
    tidy(finding.zones);
    // Zones that overlap on purpose meet anywhere.
    const bool declared = options.overlaps_declared || std::any_of(finding.zones.begin(), finding.zones.end(), shared);
    if (declared && !vertex.opposite) continue;
    finding.place = vertex.place;
    finding.detail = "on the edge";
    findings.push_back(std::move(finding));
  }
}

}  // namespace

void append_cover_findings(std::span<const MultiPolygon> zones, const CoverArrangement& cover,
                           const CoverageOptions& options, std::vector<Finding>& findings) {
  append_loose(cover, options, findings);
  FaceNamer namer(zones, cover, options);
  std::vector<bool> open(cover.faces.size());  // uncovered and not itself a sliver: notches may run into it
  open[0] = true;
  for (std::uint32_t f = 1; f < cover.faces.size(); ++f) {
    std::optional<Finding> finding = namer.name(f);
    if (!finding) continue;
    open[f] = finding->kind == FindingKind::gap || finding->kind == FindingKind::hole;
    findings.push_back(std::move(*finding));
  }
  for (Notch& notch : find_notches(cover, open, options.sliver_width_m)) {
    Finding finding;
    finding.kind = FindingKind::sliver_gap;
    finding.zones = std::move(notch.zones);
    finding.place = notch.place;
    finding.area_m2 = notch.area_m2;
    finding.width_m = notch.width_m;
    finding.length_m = notch.length_m;
    finding.shape = std::move(notch.shape);
    finding.detail = "open at an end";
    findings.push_back(std::move(finding));
  }
}

}  // namespace catchment::geo
