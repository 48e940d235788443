// A region: what its sides enclose, and what of it could not be settled.
#include "engine/zone_text/compiling/region.hpp"

#include <algorithm>
#include <cmath>

#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

std::string metres(double m) { return std::to_string(std::lround(m)) + " m"; }

geo::MultiPolygon box_shape(const geo::Box& b) {
  return {{{b.min, {b.max.lon, b.min.lat}, b.max, {b.min.lon, b.max.lat}}, {}}};
}
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
    if (region_.form == RegionForm::along && !has_direction(region_.sides.front()))
      return frontage_along(region_, ground_, options_, frame_, report_);
    RegionSides built = build_sides(region_, ground_, options_, frame_, report_);
    sides_ = std::move(built.paths);
    const bool known = built.known;
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
      result.region = CompiledRegion{shape, bounds_of(sides_, shape, ground_, options_, report_)};
      add_frontage(result, sides_, ground_, options_, report_);
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
    if (loop.shape.empty() || !faces_right(sides_, loop.shape, frame_)) return out;
    loop.bridged.clear();
    return loop;
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

  const Region& region_;
  Span span_;
  const Ground& ground_;
  const CompileOptions& options_;
  Reporter& report_;
  const geo::MultiPolygon* clip_;
  Frame frame_;
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

}  // namespace catchment::engine::zone_text
