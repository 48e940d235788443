// What a chain of lines encloses: the loop along them in order.
#include <algorithm>
#include <cmath>

#include "engine/zone_text/region.hpp"
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

Section section_of(const SidePath& side) {
  for (const Side* part : side.parts) {
    if (part->part != Section::whole) return part->part;
    for (const Line& line : part->line.lines) {
      if (line.section != Section::whole && part->line.lines.size() == 1) return line.section;
    }
  }
  return Section::whole;
}

std::optional<Metres> direction_of_section(Section section) {
  switch (section) {
    case Section::north:
      return Metres{0, 1};
    case Section::east:
      return Metres{1, 0};
    case Section::south:
      return Metres{0, -1};
    case Section::west:
      return Metres{-1, 0};
    default:
      return std::nullopt;
  }
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
    for (const SidePath& side : sides_) {
      for (const geo::Point p : side.points) {
        loop.cut_by += covers(shape, p) && edge_distance_m(shape, p) > 0.05;
      }
    }
    loop.shape = std::move(shape);
    if (!best_ || loop.better_than(*best_)) best_ = std::move(loop);
  }

  double section_fit(std::size_t side, const geo::Polyline& way) const {
    const auto toward = direction_of_section(section_of(sides_[side]));
    if (!toward) return 0;
    const auto middle = [&](const geo::Polyline& line) {
      const geo::Polyline half = stretch(line, frame_, 0, length_m(line, frame_) / 2);
      return frame_.to_metres(half.empty() ? line.front() : half.back());
    };
    const Metres here = middle(way);
    const Metres all = middle(sides_[side].points);
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
