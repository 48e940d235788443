#include "datasets/unit_shares.hpp"

#include <algorithm>
#include <thread>

#include "geo/zone_index.hpp"

namespace catchment::datasets {

UnitPoints::UnitPoints(std::size_t units, std::span<const std::pair<std::uint32_t, geo::Point>> addresses,
                       std::span<const std::optional<geo::Point>> instead)
    : begin_(units + 1, 0) {
  for (const auto& [unit, point] : addresses) ++begin_[unit + 1];
  for (std::size_t unit = 0; unit < units; ++unit) {
    if (begin_[unit + 1] == 0 && instead[unit]) begin_[unit + 1] = 1;
    begin_[unit + 1] += begin_[unit];
  }
  points_.resize(begin_.back());
  for (std::size_t unit = 0; unit < units; ++unit) {
    if (instead[unit] && begin_[unit + 1] > begin_[unit]) points_[begin_[unit]] = *instead[unit];
  }
  std::vector<std::size_t> next(begin_.begin(), begin_.end() - 1);
  for (const auto& [unit, point] : addresses) points_[next[unit]++] = point;
}

EntryPupils::EntryPupils(std::span<const engine::Enrolment> rows) {
  for (const engine::Enrolment& row : rows) pupils_[{row.school_id, row.grade}][row.school_year] = row.pupils;
}

std::vector<double> EntryPupils::split(std::span<const std::string> schools, int grade, int year) const {
  std::vector<double> parts(schools.size(), 1.0 / static_cast<double>(schools.size()));
  if (schools.size() < 2) return parts;
  std::optional<int> last;
  for (const std::string& school : schools) {
    const auto found = pupils_.find({school, grade});
    if (found == pupils_.end()) continue;
    for (const auto& [y, count] : found->second) {
      if (y < year && count > 0 && (!last || y > *last)) last = y;
    }
  }
  if (!last) return parts;
  std::vector<double> counts(schools.size(), -1);  // -1: no row
  double sum = 0;
  double rows = 0;
  for (std::size_t i = 0; i < schools.size(); ++i) {
    const auto found = pupils_.find({schools[i], grade});
    if (found == pupils_.end() || !found->second.contains(*last)) continue;
    counts[i] = found->second.at(*last);
    sum += counts[i];
    rows += 1;
  }
  const double mean = sum / rows;
  sum += mean * (static_cast<double>(schools.size()) - rows);
  for (std::size_t i = 0; i < schools.size(); ++i) parts[i] = (counts[i] < 0 ? mean : counts[i]) / sum;
  return parts;
}

void add_shares(std::span<const engine::Zone> zones, const UnitPoints& points, const EntryPupils& pupils,
                const ShareRule& rule, std::span<SchoolShares> shares) {
  std::vector<geo::MultiPolygon> shapes;
  std::vector<std::vector<double>> parts;  // of the zone's schools
  for (const engine::Zone& zone : zones) {
    shapes.push_back(zone.shape);
    parts.push_back(pupils.split(zone.school_ids, rule.entry_grade, rule.school_year));
  }
  const geo::ZoneIndex index = geo::ZoneIndex::build(shapes);
  std::vector<geo::FaceHit> hits(points.all().size());
  index.faces_at(points.all(), hits, static_cast<int>(std::max(1u, std::thread::hardware_concurrency())));
  std::map<geo::FaceNumber, std::size_t> faces;  // of one unit
  for (std::size_t unit = 0; unit < shares.size(); ++unit) {
    const std::size_t end = points.begin(unit + 1);
    faces.clear();
    for (std::size_t i = points.begin(unit); i < end; ++i) ++faces[hits[i].face()];
    for (const auto& [face, count] : faces) {
      const auto covering = index.zones_of(face);
      const double each = rule.part * static_cast<double>(count) / static_cast<double>(end - points.begin(unit)) /
                          static_cast<double>(std::max<std::size_t>(1, covering.size()));
      for (const geo::ZoneNumber zone : covering) {
        const auto& schools = zones[zone].school_ids;
        for (std::size_t i = 0; i < schools.size(); ++i) shares[unit][schools[i]] += each * parts[zone][i];
      }
    }
  }
}

}  // namespace catchment::datasets
