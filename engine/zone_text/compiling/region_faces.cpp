// What the sides of a region enclose: the face on the said side of every line.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/zone_text/compiling/region.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kOnLineM = 0.03;        // snap-rounding moves a point by less than a unit
constexpr double kSureCosine = 0.35;     // a line within 70 degrees of crossways to its direction word
constexpr double kHeadingM = 20;         // a line's heading at its end is that of its last 20 m
constexpr double kOpenGapDegrees = 170;  // no side within so many degrees of the compass: open there

// A side ready to be cut with: its stretch between the neighbours, and that with straight rays to the box.
struct Cut {
  geo::Polyline drawn;
  geo::Polyline whole;
  double cosine = 0;  // of the region's direction with the left of the course; 1: the region is left
  bool sure = false;
};

double degrees_of(Compass side) { return 45.0 * static_cast<double>(side); }

// Sides in order around the region, by where they lie.
std::vector<std::size_t> around(const std::vector<SidePath>& sides) {
  std::vector<std::size_t> order(sides.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return degrees_of(*sides[a].position) < degrees_of(*sides[b].position);
  });
  return order;
}

bool is_open(const std::vector<SidePath>& sides, const std::vector<std::size_t>& order) {
  double widest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const double here = degrees_of(*sides[order[i]].position);
    const double next = degrees_of(*sides[order[(i + 1) % order.size()]].position);
    widest = std::max(widest, i + 1 == order.size() ? next + 360 - here : next - here);
  }
  return widest > kOpenGapDegrees;
}

// Of a closed line (the edge of an area, a ring road) the half that the side means.
geo::Polyline half_of_ring(const SidePath& side, const Frame& frame) {
  const Compass toward = side.side->label ? *side.position : opposite_of(*side.position);
  const Metres axis = direction_of(toward);
  const auto across = [&](geo::Point p) {
    const Metres m = frame.to_metres(p);
    return m.x * axis.y - m.y * axis.x;
  };
  const geo::Polyline& ring = side.points;
  std::size_t low = 0;
  std::size_t high = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    if (across(ring[i]) < across(ring[low])) low = i;
    if (across(ring[i]) > across(ring[high])) high = i;
  }
  if (low == high) return ring;
  const auto walk = [&](std::size_t from, std::size_t to) {
    geo::Polyline out{ring[from]};
    for (std::size_t i = from; i != to;) {
      i = (i + 1) % (ring.size() - 1);
      out.push_back(ring[i]);
    }
    return out;
  };
  const auto reach = [&](const geo::Polyline& line) {
    double best = -1e18;
    for (const geo::Point p : line) {
      const Metres m = frame.to_metres(p);
      best = std::max(best, m.x * axis.x + m.y * axis.y);
    }
    return best;
  };
  geo::Polyline a = walk(low, high);
  geo::Polyline b = walk(high, low);
  return reach(a) >= reach(b) ? a : b;
}

// The heading at the end of a line.
Metres heading(const geo::Polyline& line, bool at_end, const Frame& frame) {
  const auto at = [&](std::size_t i) { return frame.to_metres(at_end ? line[line.size() - 1 - i] : line[i]); };
  const Metres end = at(0);
  Metres from = at(1);
  for (std::size_t i = 1; i < line.size(); ++i) {
    from = at(i);
    if (std::hypot(end.x - from.x, end.y - from.y) >= kHeadingM) break;
  }
  const double length = std::hypot(end.x - from.x, end.y - from.y);
  if (length == 0) return {1, 0};  // a line that ends in a loop points nowhere
  return {(end.x - from.x) / length, (end.y - from.y) / length};
}

// Where a ray leaves a box, a little beyond it.
geo::Point leave(const geo::Box& box, geo::Point from, Metres way, const Frame& frame) {
  const Metres at = frame.to_metres(from);
  const Metres low = frame.to_metres(box.min);
  const Metres high = frame.to_metres(box.max);
  double reach = 1e12;
  if (way.x > 1e-12) reach = std::min(reach, (high.x - at.x) / way.x);
  if (way.x < -1e-12) reach = std::min(reach, (low.x - at.x) / way.x);
  if (way.y > 1e-12) reach = std::min(reach, (high.y - at.y) / way.y);
  if (way.y < -1e-12) reach = std::min(reach, (low.y - at.y) / way.y);
  return frame.to_point({at.x + way.x * (reach + 2), at.y + way.y * (reach + 2)});
}

// Counter-clockwise place on a box's edge, 0 to 4, of a point on or beyond it.
double place_on(const geo::Box& box, geo::Point p) {
  const double w = static_cast<double>(box.max.lon) - box.min.lon;
  const double h = static_cast<double>(box.max.lat) - box.min.lat;
  const double x = std::clamp((static_cast<double>(p.lon) - box.min.lon) / w, 0.0, 1.0);
  const double y = std::clamp((static_cast<double>(p.lat) - box.min.lat) / h, 0.0, 1.0);
  const std::array<double, 4> off{y, 1 - x, 1 - y, x};
  const auto edge = static_cast<std::size_t>(std::min_element(off.begin(), off.end()) - off.begin());
  const std::array<double, 4> along{x, y, 1 - x, 1 - y};
  return static_cast<double>(edge) + along[edge];
}

// What lies left of a line that runs from edge to edge of a box.
geo::Ring left_of(const geo::Polyline& whole, const geo::Box& box) {
  geo::Ring ring = whole;
  const double from = place_on(box, whole.back());
  double to = place_on(box, whole.front());
  if (to <= from) to += 4;
  constexpr std::int32_t kBeyond = 1000;
  const std::array<geo::Point, 4> corners{geo::Point{box.max.lon + kBeyond, box.min.lat - kBeyond},
                                          geo::Point{box.max.lon + kBeyond, box.max.lat + kBeyond},
                                          geo::Point{box.min.lon - kBeyond, box.max.lat + kBeyond},
                                          geo::Point{box.min.lon - kBeyond, box.min.lat - kBeyond}};
  for (int k = static_cast<int>(from) + 1; k <= static_cast<int>(to); ++k) {
    ring.push_back(corners.at(static_cast<std::size_t>(k + 3) % 4));
  }
  return ring;
}

// The part of a line between its outermost meetings with its neighbours, on to the next vertices; all of it if it meets
// fewer than two of them.
geo::Polyline between_neighbours(const geo::Polyline& line, const std::vector<const geo::Polyline*>& neighbours,
                                 const Frame& frame, Metres& course) {
  double first = 1e18;
  double last = -1e18;
  std::size_t met = 0;
  for (const geo::Polyline* other : neighbours) {
    const std::vector<Contact> meet = meetings(line, *other, frame);
    if (!meet.empty()) ++met;
    for (const Contact& c : meet) {
      first = std::min(first, c.along_a);
      last = std::max(last, c.along_a);
    }
  }
  geo::Polyline out = line;
  if (met == neighbours.size() && last > first + 1) {
    out.clear();
    double way = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const double next = i + 1 < line.size() ? way + frame.distance_m(line[i], line[i + 1]) : 1e18;
      const double before = i > 0 ? way - frame.distance_m(line[i - 1], line[i]) : -1e18;
      if (next > first && before < last) out.push_back(line[i]);
      way = next;
    }
    const geo::Polyline exact = stretch(line, frame, first, last);
    const Metres a = frame.to_metres(exact.front());
    const Metres b = frame.to_metres(exact.back());
    course = {b.x - a.x, b.y - a.y};
  } else {
    const Metres a = frame.to_metres(out.front());
    const Metres b = frame.to_metres(out.back());
    course = {b.x - a.x, b.y - a.y};
  }
  return out;
}

// The part of a line from where it first comes to a box to where it last leaves it; all of it if it does not come
// there.
geo::Polyline near_box(const geo::Polyline& line, const geo::Box& box) {
  std::size_t first = line.size();
  std::size_t last = 0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    geo::Box piece;
    piece.extend(line[i]);
    piece.extend(line[i + 1]);
    if (!piece.intersects(box)) continue;
    first = std::min(first, i);
    last = i + 1;
  }
  if (first >= last) return line;
  return {line.begin() + static_cast<std::ptrdiff_t>(first), line.begin() + static_cast<std::ptrdiff_t>(last) + 1};
}

bool lies_on(const geo::Polyline& line, geo::Point a, geo::Point b, const Frame& frame) {
  const geo::Point middle{static_cast<std::int32_t>((std::int64_t{a.lon} + b.lon) / 2),
                          static_cast<std::int32_t>((std::int64_t{a.lat} + b.lat) / 2)};
  for (const geo::Point p : {middle, a, b}) {
    if (foot_on(line, p, frame).distance_m > kOnLineM) return false;
  }
  return true;
}

double inside_m(geo::Point a, geo::Point b, const geo::MultiPolygon& clip, const Frame& frame) {
  const double length = frame.distance_m(a, b);
  const int steps = std::clamp(static_cast<int>(length / 5), 4, 400);
  int in = 0;
  for (int i = 0; i < steps; ++i) {
    const double t = (i + 0.5) / steps;
    in += covers(clip, a.lon + t * (static_cast<double>(b.lon) - a.lon),
                 a.lat + t * (static_cast<double>(b.lat) - a.lat));
  }
  return length * in / steps;
}

struct FaceReport {
  std::size_t touched = 0;  // sides that bound it with a drawn line
  bool on_box = false;
  std::vector<double> undrawn;  // per side: metres of its straight continuation on the boundary
  std::vector<double> bridged;
  std::vector<double> extended;
};

class FaceSearch {
 public:
  FaceSearch(const std::vector<SidePath>& sides, const geo::MultiPolygon& clip, bool clip_is_outline,
             const CompileOptions& options, const Frame& frame)
      : sides_(sides),
        clip_(clip),
        clip_is_outline_(clip_is_outline),
        options_(options),
        frame_(frame),
        order_(around(sides)),
        open_(is_open(sides, order_)) {}

  Enclosed run() {
    prepare();
    Enclosed out = search(open_ || !clip_is_outline_);
    if (out.shape.empty() && out.uncertain.empty() && !open_ && clip_is_outline_) out = search(true);
    return out;
  }

 private:
  void prepare() {
    std::vector<geo::Polyline> lines;
    for (const SidePath& side : sides_) lines.push_back(side.closed ? half_of_ring(side, frame_) : side.points);
    cuts_.resize(sides_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const std::size_t at = order_[i];
      std::vector<const geo::Polyline*> neighbours;
      if (order_.size() > 1) neighbours.push_back(&lines[order_[(i + 1) % order_.size()]]);
      if (order_.size() > 2) neighbours.push_back(&lines[order_[(i + order_.size() - 1) % order_.size()]]);
      Metres course;
      if (!clip_is_outline_) lines[at] = near_box(lines[at], geo::bounding_box(clip_));
      cuts_[at].drawn = between_neighbours(lines[at], neighbours, frame_, course);
      const Metres toward = direction_of(opposite_of(*sides_[at].position));
      cuts_[at].cosine = cosine({-course.y, course.x}, toward);
      cuts_[at].sure = sides_[at].certain && std::fabs(cuts_[at].cosine) >= kSureCosine;
    }
  }

  void make_box(bool with_clip) {
    box_ = {};
    for (const Cut& cut : cuts_) box_.extend(box_of(cut.drawn));
    if (with_clip) box_.extend(geo::bounding_box(clip_));
    const auto margin = static_cast<std::int32_t>(
        std::max(std::int64_t{box_.max.lon} - box_.min.lon, std::int64_t{box_.max.lat} - box_.min.lat) / 8 + 20000);
    box_ = {{box_.min.lon - margin, box_.min.lat - margin}, {box_.max.lon + margin, box_.max.lat + margin}};
    for (Cut& cut : cuts_) {
      cut.whole = cut.drawn;
      const geo::Point start = leave(box_, cut.drawn.front(), heading(cut.drawn, false, frame_), frame_);
      cut.whole.insert(cut.whole.begin(), start);
      cut.whole.push_back(leave(box_, cut.drawn.back(), heading(cut.drawn, true, frame_), frame_));
    }
  }

  FaceReport look_at(const geo::Polygon& face, bool measure_clip) const {
    FaceReport out;
    out.undrawn.resize(sides_.size());
    out.bridged.resize(sides_.size());
    out.extended.resize(sides_.size());
    std::vector<bool> touched(sides_.size(), false);
    geo::for_each_ring({face}, [&](const geo::Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        look_at_edge(ring[i], ring[i + 1 == ring.size() ? 0 : i + 1], measure_clip, out, touched);
      }
    });
    out.touched = static_cast<std::size_t>(std::count(touched.begin(), touched.end(), true));
    return out;
  }

  void look_at_edge(geo::Point a, geo::Point b, bool measure_clip, FaceReport& out, std::vector<bool>& touched) const {
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      if (!lies_on(cuts_[s].drawn, a, b, frame_)) continue;
      touched[s] = true;
      const double length = frame_.distance_m(a, b);
      for (const auto& [from, to] : sides_[s].bridges) out.bridged[s] += lies_on({from, to}, a, b, frame_) ? length : 0;
      for (const auto& [from, to] : sides_[s].extensions) {
        out.extended[s] += lies_on({from, to}, a, b, frame_) ? length : 0;
      }
      return;
    }
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const geo::Polyline& whole = cuts_[s].whole;
      if (lies_on({whole[0], whole[1]}, a, b, frame_) ||
          lies_on({whole[whole.size() - 2], whole.back()}, a, b, frame_)) {
        out.undrawn[s] += measure_clip ? inside_m(a, b, clip_, frame_) : frame_.distance_m(a, b);
        return;
      }
    }
    out.on_box = true;
  }

  // Left or right of every line; `sure_only`: the sides whose words are plain must agree.
  double agreement(const geo::ArrangedFace& face, bool sure_only, bool& agrees) const {
    double sum = 0;
    agrees = true;
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      const bool left = covers(left_rings_[s], face.inside_lon, face.inside_lat);
      const double cosine = left ? cuts_[s].cosine : -cuts_[s].cosine;
      sum += cosine;
      if (cosine < 0 && (sure_only ? cuts_[s].sure : false)) agrees = false;
    }
    return sum;
  }

  Enclosed search(bool with_clip) {
    make_box(with_clip);
    left_rings_.clear();
    std::vector<geo::Polyline> lines;
    for (const Cut& cut : cuts_) {
      left_rings_.push_back(left_of(cut.whole, box_));
      lines.push_back(cut.whole);
    }
    const geo::MultiPolygon frame_box{
        {{box_.min, {box_.max.lon, box_.min.lat}, box_.max, {box_.min.lon, box_.max.lat}}, {}}};
    const std::vector<geo::ArrangedFace> faces = geo::arrange(std::span(&frame_box, 1), lines);
    for (const bool sure_only : {true, false}) {
      const std::optional<Candidate> best = best_face(faces, with_clip, sure_only);
      if (best && (sure_only || best->closed)) return result_of(*best, with_clip);
    }
    Enclosed none;
    none.open = "no face lies on the said side of every line";
    return none;
  }

  struct Candidate {
    const geo::ArrangedFace* face = nullptr;
    FaceReport report;
    bool closed = false;
    std::size_t seeds = 0;
    double agreement = 0;
    double area = 0;
    bool better_than(const Candidate& o) const {
      if (closed != o.closed) return closed;
      if (seeds != o.seeds) return seeds > o.seeds;
      if (report.touched != o.report.touched) return report.touched > o.report.touched;
      if (std::fabs(agreement - o.agreement) > 1e-9) return agreement > o.agreement;
      return area > o.area;
    }
  };

  std::optional<Candidate> best_face(const std::vector<geo::ArrangedFace>& faces, bool with_clip,
                                     bool sure_only) const {
    std::optional<Candidate> best;
    for (const geo::ArrangedFace& face : faces) {
      Candidate c;
      bool agrees = false;
      c.agreement = agreement(face, sure_only, agrees);
      if (!agrees) continue;
      c.face = &face;
      c.report = look_at(face.shape, with_clip);
      c.closed = !c.report.on_box || (with_clip && (open_ || !clip_is_outline_));
      for (const double undrawn : c.report.undrawn) c.closed = c.closed && undrawn <= options_.bridge_m;
      if (!sure_only && (c.report.touched != sides_.size() || c.report.on_box)) continue;
      for (const geo::Point seed : options_.seeds) c.seeds += covers({face.shape}, seed);
      if (!sure_only && c.seeds == 0 && !options_.seeds.empty()) continue;
      c.area = geo::flat_area_m2({face.shape});
      if (!best || c.better_than(*best)) best = std::move(c);
    }
    return best;
  }

  Enclosed result_of(const Candidate& best, bool with_clip) const {
    Enclosed out;
    geo::MultiPolygon shape{best.face->shape};
    const bool clipped = with_clip;
    if (clipped && !clip_.empty()) shape = geo::overlay(shape, clip_, geo::OverlayKind::intersection);
    if (best.closed && !shape.empty()) {
      out.shape = geo::normalised(std::move(shape));
      out.on_outline = best.report.on_box && clip_is_outline_;
      for (std::size_t s = 0; s < sides_.size(); ++s) {
        const double bridged = best.report.bridged[s] + best.report.undrawn[s];
        if (bridged > 0.05) out.bridged.emplace_back(s, bridged);
        if (best.report.extended[s] > 0.05) out.extended.emplace_back(s, best.report.extended[s]);
      }
      return out;
    }
    if (shape.empty()) {
      out.open = "what the lines enclose lies outside the area they are to divide";
      return out;
    }
    if (!with_clip) return out;  // looked at again with the outline, to say where the region may lie
    out.uncertain = std::move(shape);
    for (std::size_t s = 0; s < sides_.size(); ++s) {
      if (best.report.undrawn[s] <= out.open_m) continue;
      out.open_m = best.report.undrawn[s];
      out.open_side = s;
    }
    out.open =
        out.open_m > options_.bridge_m ? "the line ends before it meets the others" : "the lines leave a side open";
    return out;
  }

  const std::vector<SidePath>& sides_;
  const geo::MultiPolygon& clip_;
  bool clip_is_outline_;
  const CompileOptions& options_;
  const Frame& frame_;
  std::vector<std::size_t> order_;
  bool open_;
  std::vector<Cut> cuts_;
  geo::Box box_;
  std::vector<geo::Ring> left_rings_;
};

}  // namespace

Metres direction_of(Compass side) {
  constexpr double kDiagonal = 0.70710678118654752;
  constexpr std::array<Metres, 8> kWays{{{0, 1},
                                         {kDiagonal, kDiagonal},
                                         {1, 0},
                                         {kDiagonal, -kDiagonal},
                                         {0, -1},
                                         {-kDiagonal, -kDiagonal},
                                         {-1, 0},
                                         {-kDiagonal, kDiagonal}}};
  return kWays.at(static_cast<std::size_t>(side));
}

Compass opposite_of(Compass side) { return static_cast<Compass>((static_cast<int>(side) + 4) % 8); }

std::string_view english(Compass side) {
  constexpr std::array<std::string_view, 8> kWords{"north", "northeast", "east", "southeast",
                                                   "south", "southwest", "west", "northwest"};
  return kWords.at(static_cast<std::size_t>(side));
}

double cosine(Metres a, Metres b) {
  const double lengths = std::hypot(a.x, a.y) * std::hypot(b.x, b.y);
  return lengths == 0 ? 0 : (a.x * b.x + a.y * b.y) / lengths;
}

Enclosed enclose_by_sides(const std::vector<SidePath>& sides, const geo::MultiPolygon& clip, bool clip_is_outline,
                          const CompileOptions& options, const Frame& frame) {
  return FaceSearch(sides, clip, clip_is_outline, options, frame).run();
}

}  // namespace catchment::engine::zone_text
