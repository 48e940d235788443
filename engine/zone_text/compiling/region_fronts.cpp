// The streets that bound a region, and the doors that frontage words speak of.
#include <algorithm>
#include <cmath>

#include "engine/zone_text/compiling/line_sections.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kOnFrontM = 0.03;        // snap-rounding moves a point by less than a unit
constexpr std::size_t kDoorsAsked = 200;  // of a long street, spread over its numbers
constexpr double kBesideM = 200;  // a line named in frontage words that does not bound the region belongs this near it

// Calls visit(a, b, from_m, to_m) for every edge of a shape that lies on a line.
template <class Visit>
void each_edge_on(const geo::Polyline& line, const geo::MultiPolygon& shape, Visit&& visit) {
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
      if (foot_on(line, middle, frame).distance_m > kOnFrontM) continue;
      const Foot fa = foot_on(line, a, frame);
      const Foot fb = foot_on(line, b, frame);
      if (fa.distance_m <= kOnFrontM && fb.distance_m <= kOnFrontM) visit(a, b, fa.along_m, fb.along_m);
    }
  });
}

class FrontBuilder {
 public:
  FrontBuilder(const std::vector<SidePath>& sides, const Ground& ground, const CompileOptions& options,
               Reporter& report)
      : sides_(sides), ground_(ground), options_(options), report_(report) {}

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

  void add_frontage(RegionResult& result) {
    for (const SidePath& side : sides_) {
      for (const Side* part : side.parts) {
        if (part->along) add_frontage_rule(result, side, {FrontageKind::both_sides, {}, {}, part->span});
        for (const Frontage& frontage : part->frontages) add_frontage_rule(result, side, frontage);
      }
    }
  }

  // 天马山路两边, or a street from one crossing to another: its doors, no area.
  RegionResult along(const Region& region, const Frame& all) {
    RegionResult result;
    std::vector<const Side*> first{&region.sides.front()};
    const Side& side = *first.front();
    Side cut = side;  // the ends of the stretch as from and to
    if (region.sides.size() == 3 && cut.line.lines.size() == 1 && !cut.line.lines.front().from) {
      const auto name_of = [&](std::size_t i) -> std::optional<Name> {
        if (region.sides[i].line.lines.empty()) return std::nullopt;
        return region.sides[i].line.lines.front().name;
      };
      cut.line.lines.front().from = name_of(1);
      cut.line.lines.front().to = name_of(2);
    }
    first = {&cut};
    for (const ResolvedLine& line : resolve_lines(first, ground_, options_, all, report_)) {
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
      const bool named = find_named_lines(*line.line, ground_).by_section;
      add_section(std::move(rule), named ? Section::whole : line.line->section, part.ground_line, result.frontage);
    }
    return result;
  }

 private:
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

  void add_frontage_rule(RegionResult& result, const SidePath& side, const Frontage& frontage) {
    std::vector<LinePath> lines = side.lines;
    const NamedLines named = frontage.line ? find_named_lines(*frontage.line, ground_) : NamedLines{};
    if (frontage.line) {
      const std::vector<std::size_t>& found = named.lines;
      std::erase_if(lines, [&](const LinePath& path) {
        return std::find(found.begin(), found.end(), path.ground_line) == found.end();
      });
    }
    if (frontage.line && lines.empty()) {
      for (const std::size_t i : named.lines) {
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
    if (lines.empty() && denies) {  // no name and no region: of all that the clause gives
      AddressRule unknown;
      unknown.level = RuleLevel::denial;
      unknown.effect = RuleEffect::undetermined;
      unknown.span = frontage.span;
      result.frontage.push_back(std::move(unknown));
    }
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
      const Section section = frontage.line && !named.by_section ? frontage.line->section : Section::whole;
      add_section(std::move(rule), section, line.ground_line, result.frontage);
    }
  }

  // A rule for a section of its street: one for what surely belongs to it, and one in doubt for what may.
  void add_section(AddressRule rule, Section section, std::size_t ground_line, std::vector<AddressRule>& out) {
    if (section == Section::whole) {
      out.push_back(std::move(rule));
      return;
    }
    const geo::Polyline& line = rule.front->line;
    const SectionStretches stretches = section_stretches(line, section, crossings_on(line, ground_line, ground_));
    AddressRule doubt = rule;
    doubt.front->parts = cut_to(rule.front->parts, stretches.doubtful);
    rule.front->parts = cut_to(rule.front->parts, stretches.sure);
    if (!rule.front->parts.empty()) out.push_back(std::move(rule));
    if (doubt.front->parts.empty()) return;
    const std::string words = report_.quote(doubt.span);
    report_.add(FindingKind::undecidable, doubt.span,
                "The words do not say where this section of the street ends; the doors between the crossings where it "
                "may are undetermined.");
    // Where something else gives a door, a frontage that may be meant takes nothing from it.
    if (doubt.effect == RuleEffect::allow) doubt.level = RuleLevel::polygon;
    doubt.effect = RuleEffect::undetermined;
    doubt.why = words;
    out.push_back(std::move(doubt));
  }

  static std::vector<StreetFront::Part> cut_to(const std::vector<StreetFront::Part>& parts,
                                               const std::vector<std::pair<double, double>>& stretches) {
    std::vector<StreetFront::Part> out;
    for (const StreetFront::Part& part : parts) {
      for (const auto& [from, to] : stretches) {
        const StreetFront::Part both{std::max(part.from_m, from), std::min(part.to_m, to), part.side};
        if (both.to_m > both.from_m) out.push_back(both);
      }
    }
    return out;
  }

  static StreetSide side_toward(const geo::Polyline& line, const StreetFront::Part& part, Compass toward) {
    const Frame frame(line.front());
    const geo::Polyline way = stretch(line, frame, part.from_m, part.to_m);
    const Metres a = frame.to_metres(way.front());
    const Metres b = frame.to_metres(way.back());
    return cosine({a.y - b.y, b.x - a.x}, zone_text::direction_of(toward)) > 0 ? StreetSide::left : StreetSide::right;
  }

  const std::vector<SidePath>& sides_;
  const Ground& ground_;
  const CompileOptions& options_;
  Reporter& report_;
};

}  // namespace

bool faces_right(const std::vector<SidePath>& sides, const geo::MultiPolygon& shape, const Frame& frame) {
  for (const SidePath& side : sides) {
    Metres inward;
    each_edge_on(side.points, shape, [&](geo::Point a, geo::Point b, double, double) {
      const Metres from = frame.to_metres(a);
      const Metres to = frame.to_metres(b);
      inward.x -= to.y - from.y;
      inward.y += to.x - from.x;
    });
    if (side.certain && cosine(inward, zone_text::direction_of(opposite_of(*side.position))) <= 0) return false;
  }
  return true;
}

std::vector<StreetFront> bounds_of(const std::vector<SidePath>& sides, const geo::MultiPolygon& shape,
                                   const Ground& ground, const CompileOptions& options, Reporter& report) {
  return FrontBuilder(sides, ground, options, report).bounds_of(shape);
}

void add_frontage(RegionResult& result, const std::vector<SidePath>& sides, const Ground& ground,
                  const CompileOptions& options, Reporter& report) {
  FrontBuilder(sides, ground, options, report).add_frontage(result);
}

RegionResult frontage_along(const Region& region, const Ground& ground, const CompileOptions& options,
                            const Frame& frame, Reporter& report) {
  const std::vector<SidePath> none;
  return FrontBuilder(none, ground, options, report).along(region, frame);
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
