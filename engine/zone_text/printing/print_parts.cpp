#include "engine/zone_text/printing/print_parts.hpp"

#include <algorithm>
#include <cmath>

#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kSame = 0.9995;          // a part this near its words is said; the whole zone has to keep 0.999
constexpr double kWorthMending = 0.5;     // a region less like the part than this is no start
constexpr std::size_t kMaxMends = 12;     // named areas beside one region
constexpr std::size_t kMaxDivisions = 6;  // communities and the like instead of a ring
constexpr double kNearPart = 0.02;        // areas have to be this much nearer to the part to be preferred to lines
constexpr double kSilentGap_m = 60;       // what the compiler bridges without a word

std::string metres(double m) { return std::to_string(static_cast<int>(std::lround(m))) + " m"; }

std::string place_of(const Stretch& s) {
  const geo::Degrees at = geo::to_degrees(s.path[s.path.size() / 2]);
  return std::to_string(at.lon) + "," + std::to_string(at.lat);
}

// Stretches that no named line explains and, where the words are lines, those that are drawn beside their line.
std::vector<Finding> doubtful_edges(const std::vector<Stretch>& chain, bool areas_only, const Ground& ground) {
  std::vector<Finding> findings;
  for (const Stretch& s : chain) {
    Finding finding;
    finding.kind = FindingKind::unnamed_edge;
    finding.length_m = s.length_m;
    if (s.line == kUnnamed && s.length_m > kSilentGap_m) {
      finding.message = metres(s.length_m) + " of the zone's edge, at " + place_of(s) + ", follow no named line";
      if (areas_only) finding.message += "; the zone is given by named areas";
    } else if (s.line < kOutline && s.beside_m > kSilentGap_m && !areas_only) {
      finding.length_m = s.beside_m;
      finding.message = metres(s.beside_m) + " of the zone's edge, at " + place_of(s) + ", are drawn up to " +
                        metres(s.off_m) + " beside " + ground.lines()[s.line].name + "; the words mean the line";
    } else {
      continue;
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

PartWriter::PartWriter(const Ground& ground) : ground_(ground), edges_(ground), areas_(ground) {}

// What areas have to be added to a region and taken out of it.
PartWords PartWriter::mended(const geo::MultiPolygon& part, const geo::MultiPolygon& region) const {
  using enum geo::OverlayKind;
  PartWords words;
  const geo::MultiPolygon missing = geo::overlay(part, region, difference);
  const geo::MultiPolygon surplus = geo::overlay(region, part, difference);
  AreaList add = areas_.cover(missing);
  AreaList take = areas_.cover(surplus);
  words.listed = std::move(add.areas);
  words.denied = std::move(take.areas);
  const double wrong = geo::flat_area_m2(add.rest) + geo::flat_area_m2(take.rest);
  words.iou = 1 - wrong / geo::flat_area_m2(part);
  return words;
}

PartWords PartWriter::as_areas(const geo::Polygon& part) const {
  PartWords words = mended({part}, {});
  words.form = PrintForm::areas;
  words.shape = {part};
  if (words.iou >= kSame) return words;
  AreaList mostly = areas_.cover({part}, AreaChoice::mostly);
  std::vector<geo::MultiPolygon> shapes;
  for (const std::size_t a : mostly.areas) shapes.push_back(ground_.areas()[a].shape);
  const double near = shapes.empty() ? 0 : iou(geo::dissolve(shapes), {part});
  if (near > words.iou + kNearPart) {
    words.listed = std::move(mostly.areas);
    words.iou = near;
  }
  return words;
}

// Whole communities, towns and the like, if a few of them are the part.
PartWords PartWriter::as_divisions(const geo::MultiPolygon& part) const {
  PartWords words;
  AreaList list = areas_.cover(part, AreaChoice::divisions);
  words.shape = part;
  words.listed = std::move(list.areas);
  words.iou = words.listed.size() > kMaxDivisions ? 0 : 1 - geo::flat_area_m2(list.rest) / geo::flat_area_m2(part);
  return words;
}

PartWords PartWriter::describe(const geo::Polygon& part, const std::vector<geo::Point>& seeds, bool check) const {
  const std::vector<Stretch> chain = edges_.name(part.shell);
  const geo::MultiPolygon whole{part};
  const auto bytes = [&](const PartWords& words) {
    std::size_t sum = words.region.size();
    for (const auto* areas : {&words.listed, &words.denied}) {
      for (const std::size_t a : *areas) sum += ground_.areas()[a].name.size() + 3;
    }
    return sum;
  };
  PartWords best;
  best.shape = whole;
  for (const FormText& form : region_forms(chain, ground_)) {
    PartWords words;
    words.form = form.form;
    words.shape = whole;
    words.region = form.text;
    words.streets = form.streets;
    if (!check) return words;
    const geo::MultiPolygon region = derived_shape(compile_text(form.text, ground_, seeds), ground_);
    words.iou = iou(region, whole);
    if (words.iou >= kSame) {
      best = std::move(words);
      break;
    }
    if (words.iou > kWorthMending) {
      PartWords mend = mended(whole, region);
      if (mend.listed.size() + mend.denied.size() <= kMaxMends && mend.iou > words.iou + kNearPart) {
        mend.form = form.form;
        mend.shape = whole;
        mend.region = form.text;
        mend.streets = form.streets;
        words = std::move(mend);
      }
    }
    const bool both_good = words.iou >= kSame && best.iou >= kSame;
    if (both_good ? bytes(words) < bytes(best) : words.iou > best.iou) best = std::move(words);
  }
  if (best.form == PrintForm::ring) {
    PartWords list = as_divisions(whole);
    if (list.iou >= kSame && bytes(list) < bytes(best)) best = std::move(list);
  }
  if (best.iou < kSame) {
    PartWords list = as_areas(part);
    if (list.iou >= kSame || list.iou > best.iou + kNearPart) best = std::move(list);
  }
  best.findings = doubtful_edges(chain, best.region.empty(), ground_);
  return best;
}

}  // namespace catchment::engine::zone_text
