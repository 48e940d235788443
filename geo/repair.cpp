#include "geo/repair.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "geo/cover_arrangement.hpp"
#include "geo/cover_findings.hpp"
#include "geo/even_odd.hpp"
#include "geo/ring_checks.hpp"
#include "geo/topology.hpp"

namespace catchment::geo {
namespace {

struct Face {
  Polygon shape;
  std::vector<ZoneNumber> zones;  // over it, sorted
  double area_m2 = 0;
  double width_m = 0;
  bool narrow = false;  // to be given away
  std::size_t group = 0;
};

double perimeter_m(const Polygon& shape) {
  double sum = 0;
  for_each_ring({shape}, [&](const Ring& ring) {
    for (std::size_t i = 0; i < ring.size(); ++i)
      sum += flat_distance_m(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]);
  });
  return sum;
}

// The short side of the rectangle with this area and perimeter.
double width_m(double area_m2, double perimeter) {
  const double root = perimeter * perimeter - 16 * area_m2;
  return root > 0 ? 4 * area_m2 / (perimeter + std::sqrt(root)) : std::sqrt(area_m2);
}

// Lines across the mouths of notches, so that they become faces.
std::vector<Polyline> find_mouths(std::span<const MultiPolygon> zones, double sliver_width_m) {
  std::vector<ZoneEdge> edges;
  for (ZoneNumber z = 0; z < zones.size(); ++z) append_zone_edges(zones[z], z, edges);
  const CoverArrangement cover = arrange_unmatched(edges);
  std::vector<bool> uncovered(cover.faces.size());
  for (std::size_t f = 0; f < cover.faces.size(); ++f) uncovered[f] = cover.faces[f].count == 0;
  std::vector<Polyline> out;
  for (const Notch& notch : find_notches(cover, uncovered, sliver_width_m)) {
    out.insert(out.end(), notch.mouths.begin(), notch.mouths.end());
  }
  return out;
}

class Pass {
 public:
  Pass(std::span<const MultiPolygon> zones, const CoverageOptions& options) : zones_(zones), options_(options) {}

  std::vector<RepairAction> actions;

  std::vector<MultiPolygon> run() {
    draw();
    classify();
    join_groups();
    give_away();
    return rebuild();
  }

 private:
  void draw() {
    std::vector<Box> boxes;
    for (const MultiPolygon& zone : zones_) boxes.push_back(bounding_box(zone));
    const std::vector<Polyline> mouths = find_mouths(zones_, options_.sliver_width_m);
    for (ArrangedFace& arranged : arrange(zones_, mouths)) {
      Face face{std::move(arranged.shape), {}};
      Box box;
      for (const Point p : face.shape.shell) box.extend(p);
      for (ZoneNumber z = 0; z < zones_.size(); ++z) {
        if (!boxes[z].intersects(box)) continue;
        const double x = arranged.inside_lon - box.min.lon;
        const double y = arranged.inside_lat - box.min.lat;
        if (covers_between_units(zones_[z], box.min, x, y)) face.zones.push_back(z);
      }
      face.area_m2 = flat_area_m2({face.shape});
      face.width_m = width_m(face.area_m2, perimeter_m(face.shape));
      faces_.push_back(std::move(face));
    }
    for (std::size_t f = 0; f < faces_.size(); ++f) {
      for_each_edge(f, [&](Point a, Point b) { face_left_of_.emplace(key(a, b), f); });
    }
  }

  // Points are 64 bits and edges of one arrangement are many: a mixed key keeps the table flat.
  struct Edge {
    Point a;
    Point b;
    friend bool operator==(const Edge&, const Edge&) = default;
  };
  struct EdgeHash {
    std::size_t operator()(const Edge& e) const {
      std::uint64_t h = 0;
      for (const std::int32_t v : {e.a.lon, e.a.lat, e.b.lon, e.b.lat}) {
        h = (h ^ static_cast<std::uint32_t>(v)) * 0x9E3779B97F4A7C15u;
        h ^= h >> 31;
      }
      return h;
    }
  };
  static Edge key(Point a, Point b) { return {a, b}; }

  template <class Visit>
  void for_each_edge(std::size_t f, Visit&& visit) const {
    for_each_ring({faces_[f].shape}, [&](const Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) visit(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1]);
    });
  }
  template <class Visit>
  void for_each_neighbour(std::size_t f, Visit&& visit) const {
    for_each_edge(f, [&](Point a, Point b) {
      const auto it = face_left_of_.find(key(b, a));
      if (it != face_left_of_.end() && it->second != f) visit(it->second, flat_distance_m(a, b));
    });
  }

  void classify() {
    constexpr double kThread = 0.012;  // snap-rounding moves lines by up to 0.7 unit: nothing thinner survives it
    for (Face& face : faces_) {
      const bool defect = face.zones.empty() || (face.zones.size() > 1 && !options_.overlaps_declared);
      face.narrow = face.width_m < (defect ? options_.sliver_width_m : kThread);
    }
  }

  // Narrow faces side by side under the same zones are one sliver.
  void join_groups() {
    std::vector<std::size_t> parent(faces_.size());
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    const auto root = [&](std::size_t f) {
      while (parent[f] != f) f = parent[f] = parent[parent[f]];
      return f;
    };
    for (std::size_t f = 0; f < faces_.size(); ++f) {
      if (!faces_[f].narrow) continue;
      for_each_neighbour(f, [&](std::size_t g, double) {
        if (!faces_[g].narrow || faces_[g].zones != faces_[f].zones) return;
        const std::size_t p = root(f);  // not std::minmax: it would refer to temporaries
        const std::size_t q = root(g);
        parent[std::max(p, q)] = std::min(p, q);
      });
    }
    for (std::size_t f = 0; f < faces_.size(); ++f) faces_[f].group = root(f);
  }

  void give_away() {
    std::map<std::size_t, std::vector<std::size_t>> groups;
    for (std::size_t f = 0; f < faces_.size(); ++f) {
      if (faces_[f].narrow) groups[faces_[f].group].push_back(f);
    }
    for (bool last_round = false; !groups.empty();) {
      const std::size_t before = groups.size();
      for (auto it = groups.begin(); it != groups.end();) {
        const bool given = give(it->second, last_round);
        it = given ? groups.erase(it) : std::next(it);
      }
      if (last_round) break;
      last_round = groups.size() == before;
    }
  }

  // False if only slivers that wait themselves are beside this one.
  bool give(const std::vector<std::size_t>& members, bool last_round) {
    const std::vector<ZoneNumber> over = faces_[members[0]].zones;
    const bool overlap = over.size() > 1;
    std::map<ZoneNumber, double> borders;
    RepairAction action;
    const Face* largest = &faces_[members[0]];
    for (const std::size_t f : members) {
      action.area_m2 += faces_[f].area_m2;
      action.width_m = std::max(action.width_m, faces_[f].width_m);
      if (faces_[f].area_m2 > largest->area_m2) largest = &faces_[f];
      for_each_neighbour(f, [&](std::size_t g, double length) {
        if (faces_[g].narrow) return;
        for (const ZoneNumber z : faces_[g].zones) {
          if (!overlap || std::binary_search(over.begin(), over.end(), z)) borders[z] += length;
        }
      });
    }
    if (borders.empty() && !last_round) return false;
    const auto longest = std::max_element(borders.begin(), borders.end(),
                                          [](const auto& p, const auto& q) { return p.second < q.second; });
    std::vector<ZoneNumber> owner = over;
    if (longest != borders.end()) {
      owner = {longest->first};
    } else if (overlap) {
      owner = {over.front()};
    }
    for (const std::size_t f : members) {
      faces_[f].zones = owner;
      faces_[f].narrow = false;
    }
    if (owner == over || owner.empty()) return true;
    action.kind = over.empty() ? RepairKind::gap_given : overlap ? RepairKind::overlap_given : RepairKind::thread_given;
    action.to = owner[0];
    std::copy_if(over.begin(), over.end(), std::back_inserter(action.from),
                 [&](ZoneNumber z) { return z != owner[0]; });
    action.place = largest->shape.shell.front();
    actions.push_back(std::move(action));
    return true;
  }

  std::vector<MultiPolygon> rebuild() const {
    std::vector<std::vector<Polygon>> of_zone(zones_.size());
    for (const Face& face : faces_) {
      for (const ZoneNumber z : face.zones) of_zone[z].push_back(face.shape);
    }
    std::vector<MultiPolygon> out;
    for (const std::vector<Polygon>& faces : of_zone) out.push_back(join_faces(faces));
    return out;
  }

  std::span<const MultiPolygon> zones_;
  const CoverageOptions& options_;
  std::vector<Face> faces_;
  std::unordered_map<Edge, std::size_t, EdgeHash> face_left_of_;
};

std::vector<Point> vertices(const MultiPolygon& shape) {
  std::vector<Point> out;
  for_each_ring(shape, [&](const Ring& ring) { out.insert(out.end(), ring.begin(), ring.end()); });
  std::sort(out.begin(), out.end());
  return out;
}

// Vertices in one shape and not the other.
std::vector<Point> vertex_difference(const MultiPolygon& a, const MultiPolygon& b) {
  const std::vector<Point> p = vertices(a);
  const std::vector<Point> q = vertices(b);
  std::vector<Point> out;
  std::set_symmetric_difference(p.begin(), p.end(), q.begin(), q.end(), std::back_inserter(out));
  return out;
}

bool has_slivers(std::span<const MultiPolygon> zones, const CoverageOptions& options) {
  const std::vector<Finding> findings = check_coverage(zones, options);
  return std::any_of(findings.begin(), findings.end(), [](const Finding& f) {
    return f.kind == FindingKind::sliver_gap || f.kind == FindingKind::sliver_overlap ||
           f.kind == FindingKind::t_junction || f.kind == FindingKind::invalid;
  });
}

void describe_changes(std::span<const MultiPolygon> zones, std::vector<MultiPolygon>& repaired,
                      RepairProposal& proposal) {
  const bool shells_ccw = find_majority_direction(zones);
  for (ZoneNumber z = 0; z < zones.size(); ++z) {
    const MultiPolygon before = normalised(zones[z]);
    if (before == repaired[z]) continue;
    const std::vector<Point> moved = vertex_difference(before, repaired[z]);
    const bool valid = check_validity(before).valid;
    const MultiPolygon was = valid ? before : make_valid(before);
    ZoneChange change{z, repaired[z]};
    change.gained_m2 = flat_area_m2(overlay(repaired[z], was, OverlayKind::difference));
    change.lost_m2 = flat_area_m2(overlay(was, repaired[z], OverlayKind::difference));
    if (!shells_ccw) {
      for (Polygon& part : change.after) {
        std::reverse(part.shell.begin(), part.shell.end());
        for (Ring& hole : part.holes) std::reverse(hole.begin(), hole.end());
      }
    }
    proposal.changes.push_back(std::move(change));
    if (moved.empty()) continue;
    RepairAction action;
    action.kind = RepairKind::noded;
    action.to = z;
    action.place = moved.front();
    action.vertices = static_cast<int>(moved.size());
    proposal.actions.push_back(action);
  }
}

}  // namespace

std::string_view to_word(RepairKind kind) {
  switch (kind) {
    case RepairKind::gap_given:
      return "gap_given";
    case RepairKind::overlap_given:
      return "overlap_given";
    case RepairKind::thread_given:
      return "thread_given";
    case RepairKind::made_valid:
      return "made_valid";
    case RepairKind::noded:
      return "noded";
  }
  return "";
}

RepairProposal propose_repair(std::span<const MultiPolygon> zones, const CoverageOptions& options) {
  RepairProposal proposal;
  std::vector<MultiPolygon> now(zones.begin(), zones.end());
  // Giving a sliver away can leave a smaller one beside it; that is rare and a second pass takes it.
  constexpr int kPasses = 4;
  for (int pass = 0; pass < kPasses && (pass == 0 || has_slivers(now, options)); ++pass) {
    for (ZoneNumber z = 0; z < now.size(); ++z) {
      const Validity validity = check_validity(now[z]);
      if (validity.valid) continue;
      now[z] = make_valid(now[z]);
      RepairAction action;
      action.kind = RepairKind::made_valid;
      action.to = z;
      action.place = validity.place;
      proposal.actions.push_back(action);
    }
    Pass step(now, options);
    now = step.run();
    proposal.actions.insert(proposal.actions.end(), step.actions.begin(), step.actions.end());
  }
  describe_changes(zones, now, proposal);
  return proposal;
}

std::vector<MultiPolygon> apply_repair(std::span<const MultiPolygon> zones, const RepairProposal& proposal) {
  std::vector<MultiPolygon> out(zones.begin(), zones.end());
  for (const ZoneChange& change : proposal.changes) out[change.zone] = change.after;
  return out;
}

}  // namespace catchment::geo
