#include "geo/soundness.hpp"

#include <algorithm>
#include <tuple>

#include "geo/cover_arrangement.hpp"
#include "geo/cover_findings.hpp"
#include "geo/projection.hpp"
#include "geo/ring_checks.hpp"
#include "geo/topology.hpp"

namespace catchment::geo {
namespace {

// Marks every zone that has the shape of an earlier one and reports it, unless it is declared to lie over others.
std::vector<bool> find_duplicates(std::span<const MultiPolygon> zones, const CoverageOptions& options,
                                  std::vector<Finding>& findings) {
  struct Entry {
    Box box;
    MultiPolygon shape;  // in normal form
    ZoneNumber zone;
  };
  std::vector<Entry> entries;
  for (ZoneNumber z = 0; z < zones.size(); ++z) {
    const Box box = bounding_box(zones[z]);
    if (!box.empty()) entries.push_back({box, normalised(zones[z]), z});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.box.min, a.box.max, a.zone) < std::tie(b.box.min, b.box.max, b.zone);
  });
  const auto declared = [&](ZoneNumber z) {
    return options.overlaps_declared || (z < options.shared.size() && options.shared[z]);
  };
  std::vector<bool> duplicate(zones.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const Entry& first = entries[i];
    if (duplicate[first.zone]) continue;
    for (std::size_t j = i + 1; j < entries.size(); ++j) {
      const Entry& second = entries[j];
      if (second.box.min != first.box.min || second.box.max != first.box.max) break;
      if (duplicate[second.zone] || second.shape != first.shape) continue;
      duplicate[second.zone] = true;
      if (declared(first.zone) || declared(second.zone)) continue;
      Finding finding;
      finding.kind = FindingKind::duplicate_zone;
      finding.zones = {first.zone, second.zone};
      finding.place = first.shape[0].shell.empty() ? first.box.min : first.shape[0].shell.front();
      finding.area_m2 = geodesic_area_m2(first.shape);
      finding.shape = zones[first.zone];
      findings.push_back(std::move(finding));
    }
  }
  return duplicate;
}

}  // namespace

std::string_view to_word(FindingKind kind) {
  switch (kind) {
    case FindingKind::empty:
      return "empty";
    case FindingKind::invalid:
      return "invalid";
    case FindingKind::duplicate_zone:
      return "duplicate_zone";
    case FindingKind::duplicate_ring:
      return "duplicate_ring";
    case FindingKind::hole_touches_shell:
      return "hole_touches_shell";
    case FindingKind::spike:
      return "spike";
    case FindingKind::reversed_ring:
      return "reversed_ring";
    case FindingKind::duplicate_node:
      return "duplicate_node";
    case FindingKind::overlap:
      return "overlap";
    case FindingKind::sliver_overlap:
      return "sliver_overlap";
    case FindingKind::gap:
      return "gap";
    case FindingKind::sliver_gap:
      return "sliver_gap";
    case FindingKind::hole:
      return "hole";
    case FindingKind::t_junction:
      return "t_junction";
  }
  return "";
}

std::string_view to_word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "";
}

std::vector<Finding> check_coverage(std::span<const MultiPolygon> zones, const CoverageOptions& options) {
  std::vector<Finding> findings;
  const bool shells_ccw = find_majority_direction(zones);
  const std::vector<bool> duplicate = find_duplicates(zones, options, findings);
  std::vector<MultiPolygon> sound(zones.begin(), zones.end());  // what the coverage is checked with
  std::vector<ZoneEdge> edges;
  for (ZoneNumber z = 0; z < zones.size(); ++z) {
    if (!check_rings(zones[z], z, shells_ccw, options, findings)) sound[z] = make_valid(zones[z]);
    if (sound[z].empty()) {
      Finding finding;
      finding.zones = {z};
      if (const Box box = bounding_box(zones[z]); !box.empty()) finding.place = box.min;
      findings.push_back(std::move(finding));
    }
    if (duplicate[z]) sound[z].clear();
    append_zone_edges(sound[z], z, edges);
  }
  append_cover_findings(sound, arrange_unmatched(edges), options, findings);
  std::sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    return std::tie(a.kind, a.zones, a.place, a.area_m2, a.detail) <
           std::tie(b.kind, b.zones, b.place, b.area_m2, b.detail);
  });
  return findings;
}

}  // namespace catchment::geo
