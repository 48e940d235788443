// The sides of a region: their lines resolved, joined, walked along and extended.
#include <algorithm>
#include <array>
#include <cmath>

#include "engine/zone_text/compiling/line_sections.hpp"

namespace catchment::engine::zone_text {
namespace {

std::string metres_text(double m) { return std::to_string(std::lround(m)) + " m"; }

struct Part {  // one line of a composite side
  LinePath path;
  Section section = Section::whole;
};

struct Joined {
  geo::Polyline points;
  std::vector<std::pair<geo::Point, geo::Point>> bridges;
};

// Two ways joined where they meet, by the arms that fit the section words and reach furthest along the side.
class Joiner {
 public:
  Joiner(std::optional<Metres> toward, double bridge_m, const Frame& frame)
      : toward_(toward), bridge_m_(bridge_m), frame_(frame) {}

  // `fixed`: the start of `a` is settled and must stay.
  std::optional<Joined> join(const Joined& a, Section section_a, bool fixed, const Part& b) const {
    std::vector<Contact> contacts = meetings(a.points, b.path.points, frame_);
    if (contacts.empty()) {
      if (const auto near = nearest_contact(a.points, b.path.points, frame_, bridge_m_)) contacts.push_back(*near);
    }
    const double length_a = length_m(a.points, frame_);
    const double length_b = length_m(b.path.points, frame_);
    std::optional<Joined> best;
    double best_score = -1e9;
    for (const Contact& c : contacts) {
      for (const double start : {0.0, length_a}) {
        if (fixed && start != 0) continue;
        for (const double end : {0.0, length_b}) {
          const geo::Polyline arm_a = stretch(a.points, frame_, start, c.along_a);
          const geo::Polyline arm_b = stretch(b.path.points, frame_, c.along_b, end);
          if (std::fabs(c.along_a - start) < 1 || std::fabs(c.along_b - end) < 1 || arm_a.empty() || arm_b.empty())
            continue;
          const double score = fit(arm_a.front(), c.at_a, fixed ? Section::whole : section_a) +
                               fit(arm_b.back(), c.at_b, b.section) +
                               extent(arm_a.front(), arm_b.back()) / (length_a + length_b);
          if (score <= best_score) continue;
          best_score = score;
          best = Joined{arm_a, a.bridges};
          best->points.back() = c.at_a;
          if (c.at_a != c.at_b) {
            best->bridges.emplace_back(c.at_a, c.at_b);
            best->points.push_back(c.at_b);
          }
          best->points.insert(best->points.end(), arm_b.begin() + 1, arm_b.end());
          best->bridges.insert(best->bridges.end(), b.path.bridges.begin(), b.path.bridges.end());
        }
      }
    }
    return best;
  }

 private:
  double fit(geo::Point far, geo::Point joint, Section section) const {
    const auto way = direction_of(section);
    if (!way) return 0;
    const Metres f = frame_.to_metres(far);
    const Metres j = frame_.to_metres(joint);
    return 2 * cosine({f.x - j.x, f.y - j.y}, *way);
  }
  double extent(geo::Point from, geo::Point to) const {
    const Metres a = frame_.to_metres(from);
    const Metres b = frame_.to_metres(to);
    if (!toward_) return std::hypot(b.x - a.x, b.y - a.y);
    return std::fabs((b.x - a.x) * toward_->y - (b.y - a.y) * toward_->x);
  }

  std::optional<Metres> toward_;
  double bridge_m_;
  const Frame& frame_;
};

class SideBuilder {
 public:
  SideBuilder(const Region& region, const Ground& ground, const CompileOptions& options, const Frame& frame,
              Reporter& report)
      : region_(region), ground_(ground), options_(options), frame_(frame), report_(report) {}

  RegionSides run() {
    std::vector<const Side*> sides;
    for (const Side& side : region_.sides) sides.push_back(&side);
    resolved_ = resolve_lines(sides, ground_, options_, frame_, report_);
    const bool known = group_sides(sides);
    extend_sides();
    return {std::move(sides_), known};
  }

 private:
  std::optional<Compass> position_of(const Side& side) const {
    if (side.label) return side.label;
    if (side.direction) return opposite_of(*side.direction);
    return std::nullopt;
  }

  // False if a line is unknown, ambiguous or does not meet its fellow.
  bool group_sides(const std::vector<const Side*>& sides) {
    bool known = true;
    std::vector<std::vector<const Side*>> groups;
    for (const Side* side : sides) {
      const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& g) {
        return side->part != Section::whole && g.front()->part != Section::whole &&
               position_of(*g.front()) == position_of(*side);
      });
      if (same != groups.end()) {
        same->push_back(side);
      } else if (is_end_to_end(groups, *side)) {
        groups.back().push_back(side);
      } else {
        groups.push_back({side});
      }
    }
    for (const auto& group : groups) {
      if (region_.form == RegionForm::ring || region_.form == RegionForm::pairs) {
        known = add_ring_lines(group) && known;
      } else {
        known = add_side(group) && known;
      }
    }
    if (region_.form == RegionForm::pairs && sides_.size() == 4) std::swap(sides_[1], sides_[2]);
    return known;
  }

  const ResolvedLine& resolved(const Line& line) const {
    return *std::find_if(resolved_.begin(), resolved_.end(), [&](const ResolvedLine& r) { return r.line == &line; });
  }

  // Two half-planes of one direction whose lines follow each other end to end are one line: 自由路以南和西陈庄前街以南.
  bool is_end_to_end(const std::vector<std::vector<const Side*>>& groups, const Side& side) const {
    if (groups.empty() || region_.form != RegionForm::half_planes) return false;
    const Side& before = *groups.back().back();
    if (before.direction != side.direction || before.line.lines.empty() || side.line.lines.empty()) return false;
    const ResolvedLine& a = resolved(before.line.lines.back());
    const ResolvedLine& b = resolved(side.line.lines.front());
    if (a.candidates.empty() || b.candidates.empty()) return false;
    const geo::Polyline& pa = a.candidates.front().points;
    const geo::Polyline& pb = b.candidates.front().points;
    const auto contact = nearest_contact(pa, pb, frame_, options_.bridge_m);
    if (!contact) return false;
    const auto at_end = [&](const geo::Polyline& line, double along) {
      return along < options_.bridge_m || along > length_m(line, frame_) - options_.bridge_m;
    };
    return at_end(pa, contact->along_a) && at_end(pb, contact->along_b);
  }

  bool add_ring_lines(const std::vector<const Side*>& group) {
    bool known = true;
    for (const Side* side : group) {
      for (const Line& line : side->line.lines) {
        const ResolvedLine& r = resolved(line);
        if (r.candidates.empty()) {
          known = false;
          continue;
        }
        SidePath path;
        path.side = side;
        path.parts = {side};
        path.points = r.candidates.front().points;
        path.closed = r.candidates.front().closed;
        path.bridges = r.candidates.front().bridges;
        path.lines = {r.candidates.front()};
        sides_.push_back(std::move(path));
      }
    }
    return known;
  }

  // 西段，…；东段，…；中段，…: the middle stands between the ends, whatever the order of the words.
  static std::vector<const Side*> in_order(std::vector<const Side*> group) {
    if (group.size() < 3) return group;
    const auto is_middle = [](const Side* side) { return side->part == Section::middle; };
    const auto middle = std::find_if(group.begin(), group.end(), is_middle);
    if (middle == group.end()) return group;
    std::stable_sort(group.begin(), group.end(), [](const Side* a, const Side* b) {
      const auto place = [](const Side* side) {
        return side->part == Section::middle ? 1 : side->part == Section::north || side->part == Section::west ? 0 : 2;
      };
      return place(a) < place(b);
    });
    return group;
  }

  bool add_side(const std::vector<const Side*>& written) {
    const std::vector<const Side*> group = in_order(written);
    SidePath path;
    path.side = group.front();
    path.parts = group;
    path.position = position_of(*group.front());
    std::vector<Part> parts;
    bool known = true;
    for (const Side* side : group) {
      path.certain = check_label(*side) && path.certain;
      for (const Line& line : side->line.lines) {
        const ResolvedLine& r = resolved(line);
        if (r.candidates.empty()) {
          known = false;
          continue;
        }
        parts.push_back({r.candidates.front(), side->part != Section::whole ? side->part : line.section});
        path.lines.push_back(r.candidates.front());
      }
    }
    if (parts.empty()) return false;
    const bool walk = group.size() == 1 && !group.front()->line.steps.empty();
    const bool joined = walk ? walk_along(*group.front(), path) : join_parts(parts, path);
    if (path.points.size() < 2) return false;
    sides_.push_back(std::move(path));
    return known && joined;
  }

  // A街与B路交汇处往南至C街，再往西至D路口: from meeting to meeting along the lines.
  bool walk_along(const Side& side, SidePath& path) {
    std::vector<LinePath> under;  // the lines one may walk on from here
    for (const Line& line : side.line.lines) {
      const ResolvedLine& r = resolved(line);
      if (r.candidates.empty()) return false;
      under.push_back(r.candidates.front());
    }
    std::optional<geo::Point> place;
    if (under.size() > 1) {
      const auto start = nearest_contact(under[0].points, under[1].points, frame_, options_.bridge_m);
      if (start) place = start->at_a;
    }
    for (const WalkStep& step : side.line.steps) {
      const ResolvedLine& target = resolved(step.to);
      if (target.candidates.empty()) return false;
      if (step.along) {
        if (resolved(*step.along).candidates.empty()) return false;
        under = {resolved(*step.along).candidates.front()};
      }
      const auto leg = walk_leg(under, place, step.heading, target.candidates.front().points);
      if (!leg) {
        report_.add(FindingKind::not_closed, step.to.name.span,
                    "No line that the walk is on leads to " + step.to.name.text + " in the said direction.");
        return false;
      }
      for (const geo::Point p : *leg) {
        if (path.points.empty() || path.points.back() != p) path.points.push_back(p);
      }
      place = path.points.back();
      under = {target.candidates.front()};
      path.lines.push_back(target.candidates.front());
    }
    return path.points.size() > 1;
  }

  std::optional<geo::Polyline> walk_leg(const std::vector<LinePath>& under, std::optional<geo::Point> place,
                                        std::optional<Compass> heading, const geo::Polyline& target) const {
    std::optional<geo::Polyline> best;
    double best_m = 0;
    for (const LinePath& way : under) {
      std::vector<Contact> contacts = meetings(way.points, target, frame_);
      if (contacts.empty()) {
        if (const auto near = nearest_contact(way.points, target, frame_, options_.bridge_m)) contacts.push_back(*near);
      }
      for (const Contact& c : contacts) {
        std::vector<double> starts{0, length_m(way.points, frame_)};  // a walk without a start begins at an end
        if (place) starts = {foot_on(way.points, *place, frame_).along_m};
        for (const double start : starts) {
          geo::Polyline leg = stretch(way.points, frame_, start, c.along_a);
          const double m = std::fabs(c.along_a - start);
          if (leg.size() < 2 || m < 1 || (best && m >= best_m)) continue;
          const Metres a = frame_.to_metres(leg.front());
          const Metres b = frame_.to_metres(leg.back());
          if (heading && cosine({b.x - a.x, b.y - a.y}, zone_text::direction_of(*heading)) < 0.3) continue;
          best = std::move(leg);
          best_m = m;
        }
      }
    }
    return best;
  }

  bool join_parts(const std::vector<Part>& parts, SidePath& path) {
    Joined joined{parts.front().path.points, parts.front().path.bridges};
    path.closed = parts.size() == 1 && parts.front().path.closed;
    std::optional<Metres> toward;
    if (path.position) toward = zone_text::direction_of(*path.position);
    const Joiner joiner(toward, options_.bridge_m, frame_);
    bool all = true;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto longer = joiner.join(joined, parts.front().section, i > 1, parts[i]);
      if (longer) {
        joined = *longer;
        continue;
      }
      all = false;
      const auto gap = nearest_contact(joined.points, parts[i].path.points, frame_, 1e9);
      Finding& f = report_.add(
          FindingKind::not_closed, path.side->line.span,
          "The lines of this side do not meet: they are " + metres_text(gap ? gap->distance_m : 0) + " apart.");
      f.length_m = gap ? gap->distance_m : 0;
    }
    path.points = std::move(joined.points);
    path.bridges = std::move(joined.bridges);
    return all;
  }

  // 东边：二七路以东 contradicts itself.
  bool check_label(const Side& side) {
    if (!side.label || !side.direction) return true;
    if (cosine(zone_text::direction_of(*side.label), zone_text::direction_of(*side.direction)) < -0.1) return true;
    static constexpr std::array<std::string_view, 8> kWords{"北", "东北", "东", "东南", "南", "西南", "西", "西北"};
    const auto word = [](Compass c) { return std::string(kWords.at(static_cast<std::size_t>(c))); };
    report_.add(FindingKind::label_contradicts, side.span,
                "The " + std::string(english(*side.label)) + " side says the zone lies " +
                    std::string(english(*side.direction)) + " of its line.",
                report_.quote(side.line.span) + "以" + word(opposite_of(*side.label)));
    return false;
  }

  // 及其向东延伸线: straight on from that end to the first other line, else to the edge of the city.
  void extend_sides() {
    for (SidePath& side : sides_) {
      for (const Side* part : side.parts) {
        for (const Line& line : part->line.lines) {
          for (const Compass way : line.extended) extend(side, way);
        }
      }
    }
  }

  void extend(SidePath& side, Compass way) {
    if (side.closed || side.points.size() < 2) return;
    const Metres toward = zone_text::direction_of(way);
    const Metres first = frame_.to_metres(side.points.front());
    const Metres last = frame_.to_metres(side.points.back());
    const bool at_end = (last.x - first.x) * toward.x + (last.y - first.y) * toward.y > 0;
    if (!at_end) std::reverse(side.points.begin(), side.points.end());
    const Metres end = frame_.to_metres(side.points.back());
    Metres from = end;
    for (auto p = side.points.rbegin(); p != side.points.rend(); ++p) {
      from = frame_.to_metres(*p);
      if (std::hypot(end.x - from.x, end.y - from.y) >= 20) break;
    }
    const double length = std::hypot(end.x - from.x, end.y - from.y);
    if (length == 0) return;  // a line that ends in a loop points nowhere
    geo::Box reach = geo::bounding_box(ground_.outline());
    reach.extend(box_of(side.points));
    const double far = frame_.distance_m(reach.min, reach.max);
    const auto at = [&](double m) {
      return frame_.to_point({end.x + (end.x - from.x) / length * m, end.y + (end.y - from.y) / length * m});
    };
    const geo::Polyline ray{side.points.back(), at(far)};
    double hit = far;
    for (const SidePath& other : sides_) {
      if (&other == &side) continue;
      for (const Contact& c : meetings(ray, other.points, frame_)) {
        if (c.along_a > 1) hit = std::min(hit, c.along_a + 2);  // a little across, so that they cross
      }
    }
    side.extensions.emplace_back(side.points.back(), at(hit));
    side.points.push_back(at(hit));
  }

  const Region& region_;
  const Ground& ground_;
  const CompileOptions& options_;
  const Frame& frame_;
  Reporter& report_;
  std::vector<ResolvedLine> resolved_;
  std::vector<SidePath> sides_;
};

}  // namespace

RegionSides build_sides(const Region& region, const Ground& ground, const CompileOptions& options, const Frame& frame,
                        Reporter& report) {
  return SideBuilder(region, ground, options, frame, report).run();
}

}  // namespace catchment::engine::zone_text
