// What a chain of lines encloses: the loop along them in order.
#include <algorithm>
#include <cmath>

#include "engine/zone_text/compiling/line_sections.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr std::size_t kMostLoops = 2000;

struct Loop {
  geo::MultiPolygon shape;
  std::size_t seeds = 0;
  double section_fit = 0;  // how well the stretches used fit the section words
  std::size_t cut_by = 0;  // vertices of the lines' other parts inside it
  double perimeter_m = 0;
  std::vector<std::pair<std::size_t, double>> bridged;

  bool better_than(const Loop& o) const {
    if (seeds != o.seeds) return seeds > o.seeds;
    if (std::fabs(section_fit - o.section_fit) > 0.2) return section_fit > o.section_fit;
    if (cut_by != o.cut_by) return cut_by < o.cut_by;
    return perimeter_m < o.perimeter_m;
  }
};

// Which points lie inside a ring and off its line, asked of many points: edges are filed by bands of latitude.
class DeepInside {
 public:
  explicit DeepInside(const geo::Ring& ring) : ring_(ring), scale_(geo::local_scale(ring.front().lat)) {
    for (const geo::Point p : ring) box_.extend(p);
    const auto count = std::clamp<std::size_t>(ring.size() / 4, 1, 512);
    step_ = (std::int64_t{box_.max.lat} - box_.min.lat) / static_cast<std::int64_t>(count) + 1;
    bands_.resize(count);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      const auto [low, high] = std::minmax(ring[i].lat, ring[next(i)].lat);
      for (std::size_t b = band(low - kOnLine); b <= band(high + kOnLine); ++b) bands_[b].push_back(i);
    }
  }

  bool covers(geo::Point p) const {
    if (!box_.contains(p)) return false;
    bool in = false;
    for (const std::size_t i : bands_[band(p.lat)]) {
      const geo::Point a = ring_[i];
      const geo::Point b = ring_[next(i)];
      if (near(a, b, p)) return false;
      if ((a.lat > p.lat) == (b.lat > p.lat)) continue;
      in ^= (geo::cross(a, b, p) > 0) == (b.lat > a.lat);
    }
    return in;
  }

 private:
  static constexpr std::int32_t kOnLine = 8;  // units: more than kOnLine_m in either direction up to 55 degrees
  static constexpr double kOnLine_m = 0.05;

  std::size_t next(std::size_t i) const { return i + 1 == ring_.size() ? 0 : i + 1; }
  std::size_t band(std::int64_t lat) const {
    return static_cast<std::size_t>(
        std::clamp((lat - box_.min.lat) / step_, std::int64_t{0}, static_cast<std::int64_t>(bands_.size()) - 1));
  }
  bool near(geo::Point a, geo::Point b, geo::Point p) const {
    const auto [west, east] = std::minmax(a.lon, b.lon);
    const auto [south, north] = std::minmax(a.lat, b.lat);
    if (p.lon < west - kOnLine || p.lon > east + kOnLine || p.lat < south - kOnLine || p.lat > north + kOnLine) {
      return false;
    }
    const double bx = (static_cast<double>(b.lon) - a.lon) * scale_.lon_m;
    const double by = (static_cast<double>(b.lat) - a.lat) * scale_.lat_m;
    const double px = (static_cast<double>(p.lon) - a.lon) * scale_.lon_m;
    const double py = (static_cast<double>(p.lat) - a.lat) * scale_.lat_m;
    const double square = bx * bx + by * by;
    const double t = square == 0 ? 0 : std::clamp((px * bx + py * by) / square, 0.0, 1.0);
    return std::hypot(px - t * bx, py - t * by) <= kOnLine_m;
  }

  const geo::Ring& ring_;
  geo::LocalScale scale_;
  geo::Box box_;
  std::int64_t step_ = 1;
  std::vector<std::vector<std::size_t>> bands_;
};

Section section_of(const SidePath& side) {
  for (const Side* part : side.parts) {
    if (part->part != Section::whole) return part->part;
    for (const Line& line : part->line.lines) {
      if (line.section != Section::whole && part->line.lines.size() == 1) return line.section;
    }
  }
  return Section::whole;
}

class LoopSearch {
 public:
  LoopSearch(const std::vector<SidePath>& sides, const CompileOptions& options, const Frame& frame)
      : sides_(sides), options_(options), frame_(frame) {}

  Enclosed run() {
    Enclosed out;
    for (std::size_t i = 0; i < sides_.size(); ++i) {
      junctions_.push_back(junctions(i, (i + 1) % sides_.size()));
      if (!junctions_.back().empty()) continue;
      const auto gap = nearest_contact(sides_[i].points, sides_[(i + 1) % sides_.size()].points, frame_, 1e9);
      out.open = "the line does not reach the next one";
      out.open_m = gap ? gap->distance_m : 0;
      out.open_side = i;
      return out;
    }
    std::vector<const Contact*> chosen(sides_.size(), nullptr);
    choose(0, chosen);
    if (!best_) {
      out.open = "the loop along the lines crosses itself";
      return out;
    }
    out.shape = std::move(best_->shape);
    out.bridged = std::move(best_->bridged);
    return out;
  }

 private:
  std::vector<Contact> junctions(std::size_t a, std::size_t b) const {
    std::vector<Contact> out = meetings(sides_[a].points, sides_[b].points, frame_);
    if (out.empty()) {
      if (const auto near = nearest_contact(sides_[a].points, sides_[b].points, frame_, options_.bridge_m)) {
        out.push_back(*near);
      }
    }
    return out;
  }

  void choose(std::size_t at, std::vector<const Contact*>& chosen) {
    if (tried_ > kMostLoops) return;
    if (at == sides_.size()) {
      ++tried_;
      std::vector<bool> other_way(sides_.size(), false);
      follow(0, chosen, other_way);
      return;
    }
    for (const Contact& contact : junctions_[at]) {
      // Two lines that meet twice: there by one meeting, back by the other.
      if (sides_.size() == 2 && at == 1 && std::fabs(contact.along_a - chosen[0]->along_b) < 1) continue;
      chosen[at] = &contact;
      choose(at + 1, chosen);
    }
  }

  // Every way round closed lines.
  void follow(std::size_t at, const std::vector<const Contact*>& chosen, std::vector<bool>& other_way) {
    if (at == sides_.size()) {
      consider(chosen, other_way);
      return;
    }
    other_way[at] = false;
    follow(at + 1, chosen, other_way);
    if (!sides_[at].closed) return;
    other_way[at] = true;
    follow(at + 1, chosen, other_way);
  }

  geo::Polyline part(std::size_t side, double from, double to, bool other_way) const {
    const geo::Polyline& line = sides_[side].points;
    if (!other_way) return stretch(line, frame_, from, to);
    const double length = length_m(line, frame_);
    geo::Polyline out = from < to ? stretch(line, frame_, from, 0) : stretch(line, frame_, from, length);
    const geo::Polyline rest = from < to ? stretch(line, frame_, length, to) : stretch(line, frame_, 0, to);
    out.insert(out.end(), rest.begin() + (rest.empty() ? 0 : 1), rest.end());
    return out;
  }

  void consider(const std::vector<const Contact*>& chosen, const std::vector<bool>& other_way) {
    Loop loop;
    geo::Ring ring;
    const auto add = [&](geo::Point p) {
      if (ring.empty() || ring.back() != p) ring.push_back(p);
    };
    for (std::size_t i = 0; i < sides_.size(); ++i) {
      const Contact& before = *chosen[(i + sides_.size() - 1) % sides_.size()];
      const Contact& after = *chosen[i];
      geo::Polyline way = part(i, before.along_b, after.along_a, other_way[i]);
      if (way.empty()) way = {before.at_b};
      way.front() = before.at_b;
      way.back() = after.at_a;
      for (const geo::Point p : way) add(p);
      if (after.distance_m > 0.05) loop.bridged.emplace_back(i, after.distance_m);
      loop.section_fit += section_fit(i, way);
    }
    if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    if (ring.size() < 3) return;
    geo::MultiPolygon shape = geo::normalised({{ring, {}}});
    if (!geo::check_validity(shape).valid) return;
    for (const geo::Point seed : options_.seeds) loop.seeds += covers(shape, seed);
    for (std::size_t i = 0; i < ring.size(); ++i) {
      loop.perimeter_m += frame_.distance_m(ring[i], ring[(i + 1) % ring.size()]);
    }
    const DeepInside inside(ring);
    for (const SidePath& side : sides_) {
      for (const geo::Point p : side.points) loop.cut_by += inside.covers(p);
    }
    loop.shape = std::move(shape);
    if (!best_ || loop.better_than(*best_)) best_ = std::move(loop);
  }

  double section_fit(std::size_t side, const geo::Polyline& way) const {
    const Section section = section_of(sides_[side]);
    const auto toward = zone_text::direction_of(section);
    if (!toward && section != Section::middle) return 0;
    const auto middle = [&](const geo::Polyline& line) {
      const geo::Polyline half = stretch(line, frame_, 0, length_m(line, frame_) / 2);
      return frame_.to_metres(half.empty() ? line.front() : half.back());
    };
    const Metres here = middle(way);
    const Metres all = middle(sides_[side].points);
    if (!toward) {  // 1 around the middle of the line, -1 at its ends
      const double half_m = length_m(sides_[side].points, frame_) / 2;
      return half_m == 0 ? 0 : 1 - 2 * std::min(1.0, std::hypot(here.x - all.x, here.y - all.y) / half_m);
    }
    return cosine({here.x - all.x, here.y - all.y}, *toward);
  }

  const std::vector<SidePath>& sides_;
  const CompileOptions& options_;
  const Frame& frame_;
  std::vector<std::vector<Contact>> junctions_;
  std::optional<Loop> best_;
  std::size_t tried_ = 0;
};

}  // namespace

Enclosed enclose_by_loop(const std::vector<SidePath>& sides, const CompileOptions& options, const Frame& frame) {
  return LoopSearch(sides, options, frame).run();
}

}  // namespace catchment::engine::zone_text
