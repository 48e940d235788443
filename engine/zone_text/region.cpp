// A region: its sides resolved and joined, what they enclose, and the streets that bound it.
#include "engine/zone_text/region.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kOnLineM = 0.03;
constexpr std::size_t kDoorsAsked = 200;  // of a long street, spread over its numbers
constexpr double kBesideM = 200;  // a line named in frontage words that does not bound the region belongs this near it

std::string metres(double m) { return std::to_string(std::lround(m)) + " m"; }

std::optional<Metres> direction_of(Section section) {
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

geo::MultiPolygon box_shape(const geo::Box& b) {
  return {{{b.min, {b.max.lon, b.min.lat}, b.max, {b.min.lon, b.max.lat}}, {}}};
}

// --- joining lines to sides ---------------------------------------------------------------------------------------

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

// --- the compiler of one region -----------------------------------------------------------------------------------

class RegionCompiler {
 public:
  RegionCompiler(const Region& region, Span span, const Ground& ground, const CompileOptions& options, Reporter& report,
                 const geo::MultiPolygon* clip)
      : region_(region),
        span_(span),
        ground_(ground),
        options_(options),
        report_(report),
        clip_(clip),
        frame_(origin()) {}

  RegionResult run() {
    std::vector<const Side*> sides;
    for (const Side& side : region_.sides) sides.push_back(&side);
    if (region_.form == RegionForm::along && !has_direction(*sides.front())) return along();
    resolved_ = resolve_lines(sides, ground_, options_, frame_, report_);
    const bool known = build_sides(sides);
    extend_sides();
    geo::MultiPolygon within = limits();
    RegionResult result;
    if (sides_.empty()) return result;
    const Enclosed enclosed = enclose(within, known);
    geo::MultiPolygon shape = enclosed.shape;
    if (!shape.empty() && !region_.within.empty()) {
      shape = within.empty() ? within : geo::overlay(shape, within, geo::OverlayKind::intersection);
    }
    if (known && !shape.empty()) {
      report_drawn(enclosed);
      result.region = CompiledRegion{shape, bounds_of(shape)};
      add_frontage(result);
      return result;
    }
    if (known) report_open(enclosed);
    geo::MultiPolygon perhaps = shape.empty() ? enclosed.uncertain : shape;
    if (perhaps.empty()) {
      geo::Box box;
      for (const SidePath& side : sides_) box.extend(box_of(side.points));
      perhaps = box_shape(box);
    }
    result.uncertain = CompiledRegion{std::move(perhaps), {}};
    return result;
  }

 private:
  static bool has_direction(const Side& side) { return side.direction || side.label; }

  geo::Point origin() const {
    if (!options_.seeds.empty()) return options_.seeds.front();
    for (const Side& side : region_.sides) {
      for (const Line& line : side.line.lines) {
        for (const std::size_t i : ground_.find_lines(line.name.text)) return ground_.lines()[i].pieces.front().front();
      }
    }
    const geo::Box box = geo::bounding_box(ground_.outline());
    return box.empty() ? geo::Point{} : box.min;
  }

  bool is_compass_form() const {
    if (region_.form == RegionForm::ring || region_.form == RegionForm::pairs) return false;
    return std::all_of(region_.sides.begin(), region_.sides.end(), has_direction);
  }

  std::optional<Compass> position_of(const Side& side) const {
    if (side.label) return side.label;
    if (side.direction) return opposite_of(*side.direction);
    return std::nullopt;
  }

  // False if a line is unknown, ambiguous or does not meet its fellow.
  bool build_sides(const std::vector<const Side*>& sides) {
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

  bool add_side(const std::vector<const Side*>& group) {
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
      Finding& f =
          report_.add(FindingKind::not_closed, path.side->line.span,
                      "The lines of this side do not meet: they are " + metres(gap ? gap->distance_m : 0) + " apart.");
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

  // What the region is limited to: 范围内的五山街, or the area that is restricted.
  geo::MultiPolygon limits() {
    std::vector<geo::MultiPolygon> shapes;
    for (const Name& name : region_.within) {
      const auto found = ground_.find_areas(name.text);
      if (found.empty()) {
        report_.add(FindingKind::unknown_name, name.span, "No area of the city bears the name " + name.text + ".");
      }
      for (const std::size_t i : found) shapes.push_back(ground_.areas()[i].shape);
    }
    return shapes.empty() ? geo::MultiPolygon{} : geo::dissolve(shapes);
  }

  Enclosed enclose(const geo::MultiPolygon& within, bool known) {
    if (!is_compass_form()) {
      if (!known || sides_.size() < 2) return {};
      return enclose_by_loop(sides_, options_, frame_);
    }
    const bool limited = clip_ != nullptr || !within.empty();
    const geo::MultiPolygon& clip = clip_ != nullptr ? *clip_ : within.empty() ? ground_.outline() : within;
    Enclosed out = enclose_by_sides(sides_, clip, !limited, options_, frame_);
    if (!out.shape.empty() || !known || sides_.size() < 3) return out;
    std::vector<SidePath> ordered = sides_;
    std::stable_sort(ordered.begin(), ordered.end(), [](const SidePath& a, const SidePath& b) {
      return static_cast<int>(*a.position) < static_cast<int>(*b.position);
    });
    Enclosed loop = enclose_by_loop(ordered, options_, frame_);
    if (loop.shape.empty() || !faces_right(loop.shape)) return out;
    loop.bridged.clear();
    return loop;
  }

  // Whether an area lies on the said side of the lines that bound it.
  bool faces_right(const geo::MultiPolygon& shape) const {
    for (const SidePath& side : sides_) {
      Metres inward;
      each_edge_on(side.points, shape, [&](geo::Point a, geo::Point b, double, double) {
        const Metres from = frame_.to_metres(a);
        const Metres to = frame_.to_metres(b);
        inward.x -= to.y - from.y;
        inward.y += to.x - from.x;
      });
      if (side.certain && cosine(inward, zone_text::direction_of(opposite_of(*side.position))) <= 0) return false;
    }
    return true;
  }

  template <class Visit>
  static void each_edge_on(const geo::Polyline& line, const geo::MultiPolygon& shape, Visit&& visit) {
    const Frame frame(line.front());  // that of StreetFront
    geo::Box box = box_of(line);
    box = {{box.min.lon - 10, box.min.lat - 10}, {box.max.lon + 10, box.max.lat + 10}};
    geo::for_each_ring(shape, [&](const geo::Ring& ring) {
      for (std::size_t i = 0; i < ring.size(); ++i) {
        const geo::Point a = ring[i];
        const geo::Point b = ring[i + 1 == ring.size() ? 0 : i + 1];
        if (!box.contains(a) || !box.contains(b)) continue;
        const geo::Point middle{static_cast<std::int32_t>((std::int64_t{a.lon} + b.lon) / 2),
                                static_cast<std::int32_t>((std::int64_t{a.lat} + b.lat) / 2)};
        if (foot_on(line, middle, frame).distance_m > kOnLineM) continue;
        const Foot fa = foot_on(line, a, frame);
        const Foot fb = foot_on(line, b, frame);
        if (fa.distance_m <= kOnLineM && fb.distance_m <= kOnLineM) visit(a, b, fa.along_m, fb.along_m);
      }
    });
  }

  void report_drawn(const Enclosed& enclosed) {
    for (const auto& [s, m] : enclosed.bridged) {
      const Side& side = *sides_[s].side;
      report_.add(FindingKind::bridged, side.line.span, "A gap of " + metres(m) + " in or beside this line was closed.")
          .length_m = m;
    }
    for (const auto& [s, m] : enclosed.extended) {
      const Side& side = *sides_[s].side;
      report_.add(FindingKind::extended, side.line.span, "The line was drawn on straight for " + metres(m) + ".")
          .length_m = m;
    }
    if (enclosed.on_outline && clip_ == nullptr) {
      report_.add(FindingKind::closed_on_outline, span_,
                  "The region is open and was closed on the outline of the city.");
    }
  }

  void report_open(const Enclosed& enclosed) {
    const bool at_side = enclosed.open_m > 0 && enclosed.open_side < sides_.size();
    const Side* side = at_side ? sides_[enclosed.open_side].side : nullptr;
    std::string message = "The lines named enclose nothing";
    if (at_side) message += ": at " + report_.quote(side->line.span) + " " + metres(enclosed.open_m) + " stay open";
    if (!enclosed.open.empty()) message += " (" + enclosed.open + ")";
    Finding& f = report_.add(FindingKind::not_closed, side != nullptr ? side->span : span_, message + ".");
    f.length_m = enclosed.open_m;
  }

  // --- streets on the boundary ---

  std::vector<StreetFront> bounds_of(const geo::MultiPolygon& shape) const {
    std::vector<StreetFront> out;
    for (const SidePath& side : sides_) {
      for (const LinePath& line : side.lines) {
        const auto front = front_of(line, shape);
        if (!front) continue;
        const bool known = std::any_of(out.begin(), out.end(), [&](const StreetFront& f) {
          return f.street == front->street && f.line == front->line;
        });
        if (!known) out.push_back(*front);
      }
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const StreetFront& a, const StreetFront& b) { return a.street < b.street; });
    return out;
  }

  std::optional<StreetFront> bare_front(const LinePath& line) const {
    if (line.ground_line == kNoLine) return std::nullopt;
    const geo::NameId street = ground_.lines()[line.ground_line].street;
    if (street == geo::kNoName) return std::nullopt;
    return StreetFront{street, line.whole, {}, odd_is_left(ground_.names(), street, line.whole)};
  }

  std::optional<StreetFront> front_of(const LinePath& line, const geo::MultiPolygon& shape) const {
    std::vector<StreetFront::Part> parts;
    each_edge_on(line.whole, shape, [&](geo::Point, geo::Point, double from, double to) {
      parts.push_back({std::min(from, to), std::max(from, to), from < to ? StreetSide::left : StreetSide::right});
    });
    if (parts.empty()) return std::nullopt;
    auto front = bare_front(line);
    if (!front) return std::nullopt;
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.from_m < b.from_m; });
    for (const StreetFront::Part& part : parts) {
      if (!front->parts.empty() && front->parts.back().side == part.side &&
          part.from_m < front->parts.back().to_m + 1) {
        front->parts.back().to_m = std::max(front->parts.back().to_m, part.to_m);
      } else {
        front->parts.push_back(part);
      }
    }
    return front;
  }

  // One part from the first to the last place where the line bounds the region or lies in it; for a line that does
  // neither, where it is beside the region.
  std::optional<StreetFront> hull_of(const LinePath& line, const geo::MultiPolygon& shape) const {
    const Frame frame(line.whole.front());
    double from = 1e18;
    double to = -1e18;
    const auto take = [&](double m) {
      from = std::min(from, m);
      to = std::max(to, m);
    };
    each_edge_on(line.whole, shape, [&](geo::Point, geo::Point, double a, double b) {
      take(a);
      take(b);
    });
    const bool bounds = to > from;
    const geo::LocalScale scale = geo::local_scale(line.whole.front().lat);
    geo::Box near = geo::bounding_box(shape);
    const auto beside = static_cast<std::int32_t>(kBesideM / std::min(scale.lon_m, scale.lat_m));
    near = {{near.min.lon - beside, near.min.lat - beside}, {near.max.lon + beside, near.max.lat + beside}};
    double way = 0;
    for (std::size_t i = 0; i + 1 < line.whole.size(); ++i) {
      const geo::Polyline piece{line.whole[i], line.whole[i + 1]};
      const double length = length_m(piece, frame);
      if (box_of(piece).intersects(near)) {
        const int steps = static_cast<int>(length / 10) + 1;
        for (int k = 0; k <= steps; ++k) {
          const geo::Point here = point_between(piece[0], piece[1], static_cast<double>(k) / steps);
          if (covers(shape, here) || (!bounds && edge_distance_m(shape, here) <= kBesideM))
            take(way + length * k / steps);
        }
      }
      way += length;
    }
    if (to <= from) return std::nullopt;
    auto front = bare_front(line);
    if (front) front->parts = {{from, to, StreetSide::both}};
    return front;
  }

  // --- frontage words ---

  void add_frontage(RegionResult& result) {
    for (const SidePath& side : sides_) {
      for (const Side* part : side.parts) {
        if (part->along) add_frontage_rule(result, side, {FrontageKind::both_sides, {}, {}, part->span});
        for (const Frontage& frontage : part->frontages) add_frontage_rule(result, side, frontage);
      }
    }
  }

  void add_frontage_rule(RegionResult& result, const SidePath& side, const Frontage& frontage) {
    std::vector<LinePath> lines = side.lines;
    if (frontage.line) {
      const auto found = ground_.find_lines(frontage.line->name.text);
      std::erase_if(lines, [&](const LinePath& path) {
        return std::find(found.begin(), found.end(), path.ground_line) == found.end();
      });
    }
    if (frontage.line && lines.empty()) {
      for (const std::size_t i : ground_.find_lines(frontage.line->name.text)) {
        for (LinePath& path : paths_along(ground_.lines()[i].pieces, options_.bridge_m)) {
          path.ground_line = i;
          lines.push_back(std::move(path));
          break;
        }
      }
      if (lines.empty()) {
        report_.add(FindingKind::unknown_name, frontage.line->name.span,
                    "No line of the city bears the name " + frontage.line->name.text + ".");
      }
    }
    const bool denies = frontage.kind == FrontageKind::excluded;
    for (const LinePath& line : lines) {
      auto front = hull_of(line, result.region->shape);
      if (!front) continue;
      if (frontage.kind == FrontageKind::one_side && frontage.side) {
        front->parts.front().side = side_toward(front->line, front->parts.front(), *frontage.side);
      }
      AddressRule rule;
      rule.level = denies ? RuleLevel::denial : RuleLevel::number;
      rule.effect = denies ? RuleEffect::deny : RuleEffect::allow;
      rule.name = front->street;
      rule.front = std::move(front);
      rule.span = frontage.span;
      result.frontage.push_back(std::move(rule));
    }
  }

  StreetSide side_toward(const geo::Polyline& line, const StreetFront::Part& part, Compass toward) const {
    const geo::Polyline way = stretch(line, Frame(line.front()), part.from_m, part.to_m);
    const Metres a = frame_.to_metres(way.front());
    const Metres b = frame_.to_metres(way.back());
    return cosine({a.y - b.y, b.x - a.x}, zone_text::direction_of(toward)) > 0 ? StreetSide::left : StreetSide::right;
  }

  // 天马山路两边, or a street from one crossing to another: its doors, no area.
  RegionResult along() {
    RegionResult result;
    std::vector<const Side*> first{&region_.sides.front()};
    const Side& side = *first.front();
    Side cut = side;  // the ends of the stretch as from and to
    if (region_.sides.size() == 3 && cut.line.lines.size() == 1 && !cut.line.lines.front().from) {
      const auto name_of = [&](std::size_t i) -> std::optional<Name> {
        if (region_.sides[i].line.lines.empty()) return std::nullopt;
        return region_.sides[i].line.lines.front().name;
      };
      cut.line.lines.front().from = name_of(1);
      cut.line.lines.front().to = name_of(2);
    }
    first = {&cut};
    for (const ResolvedLine& line : resolve_lines(first, ground_, options_, frame_, report_)) {
      if (line.candidates.empty()) continue;
      const LinePath& part = line.candidates.front();
      if (part.ground_line == kNoLine) continue;
      auto front = bare_front(part);
      if (!front) continue;
      const Frame frame(part.whole.front());
      const double from = foot_on(part.whole, part.points.front(), frame).along_m;
      const double to = foot_on(part.whole, part.points.back(), frame).along_m;
      front->parts = {{std::min(from, to), std::max(from, to), StreetSide::both}};
      for (const Frontage& frontage : side.frontages) {
        if (frontage.kind == FrontageKind::one_side && frontage.side) {
          front->parts.front().side = side_toward(front->line, front->parts.front(), *frontage.side);
        }
      }
      AddressRule rule;
      rule.level = RuleLevel::number;
      rule.name = front->street;
      rule.front = std::move(front);
      rule.span = side.span;
      result.frontage.push_back(std::move(rule));
    }
    return result;
  }

  const Region& region_;
  Span span_;
  const Ground& ground_;
  const CompileOptions& options_;
  Reporter& report_;
  const geo::MultiPolygon* clip_;
  Frame frame_;
  std::vector<ResolvedLine> resolved_;
  std::vector<SidePath> sides_;
};

}  // namespace

RegionResult compile_region(const Region& written, Span span, const Ground& ground, const CompileOptions& options,
                            Reporter& report, const geo::MultiPolygon* clip) {
  if (written.sides.empty()) return {};
  Region region = written;
  // A路以西至B路: B bounds it on the west.
  for (Side& side : region.sides) {
    const std::optional<Compass> toward = region.sides.front().direction;
    if (region.form == RegionForm::along && toward && !side.direction && !side.label) side.label = toward;
  }
  return RegionCompiler(region, span, ground, options, report, clip).run();
}

std::optional<bool> odd_is_left(const geo::Gazetteer& names, geo::NameId street, const geo::Polyline& path) {
  geo::StreetSides sides;
  const Frame frame(path.front());
  const std::span<const geo::EntryId> doors = names.entries_of(street);
  const std::size_t every = doors.size() / kDoorsAsked + 1;
  for (std::size_t i = 0; i < doors.size(); i += every) {
    const geo::Entry entry = names.entry(doors[i]);
    const std::int32_t number = entry.path.lane.number != 0 ? entry.path.lane.number : entry.path.door.number;
    if (!entry.position || number == 0 || entry.path.street != street) continue;
    const Foot foot = foot_on(path, *entry.position, frame);
    if (foot.distance_m > 80) continue;
    int& count = number % 2 != 0 ? (foot.left ? sides.odd_on_left : sides.odd_on_right)
                                 : (foot.left ? sides.even_on_left : sides.even_on_right);
    ++count;
  }
  if (!sides.known()) return std::nullopt;
  return sides.odd_is_left();
}

}  // namespace catchment::engine::zone_text
