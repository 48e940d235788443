#include "engine/zone_text/print_parts.hpp"

#include <algorithm>
#include <cmath>

#include "engine/zone_text/print_forms.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kSame = 0.9995;       // a part this near its words is said; the whole zone has to keep 0.999
constexpr double kWorthMending = 0.5;  // a region less like the part than this is no start
constexpr std::size_t kMaxMends = 12;  // named areas beside one region
constexpr double kSilentGap_m = 60;    // what the compiler bridges without a word

std::string metres(double m) { return std::to_string(static_cast<int>(std::lround(m))) + " m"; }

// Stretches that no named line explains.
std::vector<Finding> nameless(const std::vector<Stretch>& chain) {
  std::vector<Finding> findings;
  for (const Stretch& s : chain) {
    if (s.line != kUnnamed || s.length_m <= kSilentGap_m) continue;
    Finding finding;
    finding.kind = FindingKind::unnamed_edge;
    finding.length_m = s.length_m;
    const geo::Degrees at = geo::to_degrees(s.path[s.path.size() / 2]);
    finding.message = metres(s.length_m) + " of the zone's edge, at " + std::to_string(at.lon) + "," +
                      std::to_string(at.lat) + ", follow no named line";
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
  return words;
}

PartWords PartWriter::describe(const geo::Polygon& part, const std::vector<geo::Point>& seeds, bool check) const {
  const std::vector<Stretch> chain = edges_.name(part.shell);
  const geo::MultiPolygon whole{part};
  PartWords best;
  for (const FormText& form : region_forms(chain, ground_)) {
    PartWords words;
    words.form = form.form;
    words.shape = whole;
    words.region = form.text;
    if (!check) return words;
    const geo::MultiPolygon region = derived_shape(compile_text(form.text, ground_, seeds), ground_);
    words.iou = iou(region, whole);
    if (words.iou >= kSame) return words;
    if (words.iou > kWorthMending) {
      PartWords mend = mended(whole, region);
      if (mend.listed.size() + mend.denied.size() <= kMaxMends && mend.iou > words.iou) {
        mend.form = form.form;
        mend.shape = whole;
        mend.region = form.text;
        words = std::move(mend);
      }
    }
    const auto mends = [](const PartWords& w) { return w.listed.size() + w.denied.size(); };
    const bool both_good = words.iou >= kSame && best.iou >= kSame;
    if (both_good ? mends(words) < mends(best) : words.iou > best.iou) best = std::move(words);
  }
  PartWords list = as_areas(part);
  if (best.iou < kSame && list.iou > best.iou) best = std::move(list);
  best.findings = nameless(chain);
  return best;
}

}  // namespace catchment::engine::zone_text
