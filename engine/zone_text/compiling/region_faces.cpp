// What the sides of a region enclose: the face on the said side of every line.
#include <algorithm>
#include <cmath>

#include "engine/zone_text/compiling/side_cuts.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kOnLineM = 0.03;  // snap-rounding moves a point by less than a unit

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
    cuts_ = cut_at_neighbours(sides_, order_, clip_is_outline_ ? nullptr : &clip_, frame_);
    Enclosed out = search(open_ || !clip_is_outline_);
    if (out.shape.empty() && out.uncertain.empty() && !open_ && clip_is_outline_) out = search(true);
    return out;
  }

 private:
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
    box_ = draw_to_box(cuts_, with_clip ? &clip_ : nullptr, frame_);
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

Enclosed enclose_by_sides(const std::vector<SidePath>& sides, const geo::MultiPolygon& clip, bool clip_is_outline,
                          const CompileOptions& options, const Frame& frame) {
  return FaceSearch(sides, clip, clip_is_outline, options, frame).run();
}

}  // namespace catchment::engine::zone_text
