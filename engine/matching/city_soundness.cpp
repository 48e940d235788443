#include "engine/matching/city_soundness.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <tuple>

namespace catchment::engine {
namespace {

constexpr double kNearestLimitM = 1000;

CityFinding about_zone(CityFindingKind kind, Severity severity, const ZoneInfo& zone) {
  CityFinding finding;
  finding.kind = kind;
  finding.severity = severity;
  finding.zone_ids = {zone.id};
  finding.name = zone.name;
  return finding;
}

class SchoolChecker {
 public:
  SchoolChecker(const ZoneLayer& layer, std::span<const School> schools, std::span<const Campus> campuses)
      : layer_(layer) {
    for (const School& school : schools) schools_[school.id] = &school;
    for (const Campus& campus : campuses) campuses_[campus.school_id].push_back(&campus);
    for (geo::ZoneNumber z = 0; z < layer.zones().size(); ++z) {
      for (const std::string& id : layer.zones()[z].school_ids) zones_of_[id].push_back(z);
    }
  }

  std::vector<CityFinding> run(const std::set<std::string>& named_elsewhere) {
    if (!layer_.zones().empty() && (zones_of_.empty() || schools_.empty())) {
      CityFinding finding;
      finding.kind = CityFindingKind::layer_unlinked;
      finding.name = zones_of_.empty() ? "no zone of this layer names a school" : "the package has no schools";
      return {finding};
    }
    for (const ZoneInfo& zone : layer_.zones()) check_zone(zone);
    for (const auto& [id, school] : schools_) {
      const bool teaches = std::ranges::count(school->stages, layer_.key().stage) > 0;
      if (zones_of_.contains(id)) {
        check_campuses(*school);
      } else if (teaches && school->ownership == "public" && school->status == "open" &&
                 !named_elsewhere.contains(id)) {
        add_school(CityFindingKind::school_without_zone, Severity::error, *school);
        if (const auto at = campuses_.find(id); at != campuses_.end()) findings_.back().place = at->second[0]->position;
      }
    }
    std::ranges::sort(findings_, [](const CityFinding& a, const CityFinding& b) {
      return std::tie(a.kind, a.zone_ids, a.school_id, a.item_id) <
             std::tie(b.kind, b.zone_ids, b.school_id, b.item_id);
    });
    return std::move(findings_);
  }

 private:
  void check_zone(const ZoneInfo& zone) {
    if (zone.school_ids.empty()) {
      findings_.push_back(about_zone(CityFindingKind::zone_without_school, Severity::error, zone));
    }
    for (const std::string& id : zone.school_ids) {
      const auto it = schools_.find(id);
      if (it == schools_.end()) {
        findings_.push_back(about_zone(CityFindingKind::zone_unknown_school, Severity::error, zone));
        findings_.back().school_id = id;
        continue;
      }
      const bool teaches = std::ranges::count(it->second->stages, layer_.key().stage) > 0;
      if (it->second->status != "closed" && teaches) continue;
      findings_.push_back(about_zone(CityFindingKind::zone_closed_school, Severity::error, zone));
      findings_.back().school_id = id;
    }
  }

  void check_campuses(const School& school) {
    const auto it = campuses_.find(school.id);
    if (it == campuses_.end()) {
      add_school(CityFindingKind::school_without_campus, Severity::note, school);
      return;
    }
    // A school may teach other stages on another site: one campus inside is enough.
    const Campus* nearest = nullptr;
    double distance_m = std::numeric_limits<double>::infinity();
    for (const Campus* campus : it->second) {
      const geo::Location at = layer_.index().locate(campus->position, 0);
      for (const geo::ZoneNumber zone : zones_of_.at(school.id)) {
        if (std::ranges::any_of(at.zones, [&](const geo::ZoneMargin& m) { return m.zone == zone; })) return;
        const double margin_m = layer_.index().margin(campus->position, zone).margin_m;
        if (nearest != nullptr && margin_m >= distance_m) continue;
        nearest = campus;
        distance_m = margin_m;
      }
    }
    add_school(CityFindingKind::campus_outside_zone, Severity::warning, school);
    CityFinding& finding = findings_.back();
    finding.item_id = nearest->id;
    finding.place = nearest->position;
    finding.distance_m = distance_m;
  }

  void add_school(CityFindingKind kind, Severity severity, const School& school) {
    CityFinding finding;
    finding.kind = kind;
    finding.severity = severity;
    finding.school_id = school.id;
    finding.name = school.name;
    if (const auto it = zones_of_.find(school.id); it != zones_of_.end()) {
      for (const geo::ZoneNumber z : it->second) finding.zone_ids.push_back(layer_.zones()[z].id);
      std::ranges::sort(finding.zone_ids);
    }
    findings_.push_back(std::move(finding));
  }

  const ZoneLayer& layer_;
  std::map<std::string, const School*> schools_;
  std::map<std::string, std::vector<const Campus*>> campuses_;
  std::map<std::string, std::vector<geo::ZoneNumber>> zones_of_;
  std::vector<CityFinding> findings_;
};

}  // namespace

std::string_view to_word(CityFindingKind kind) {
  switch (kind) {
    case CityFindingKind::layer_unlinked:
      return "layer_unlinked";
    case CityFindingKind::zone_without_school:
      return "zone_without_school";
    case CityFindingKind::zone_unknown_school:
      return "zone_unknown_school";
    case CityFindingKind::zone_closed_school:
      return "zone_closed_school";
    case CityFindingKind::school_without_zone:
      return "school_without_zone";
    case CityFindingKind::school_without_campus:
      return "school_without_campus";
    case CityFindingKind::campus_outside_zone:
      return "campus_outside_zone";
    case CityFindingKind::address_without_zone:
      return "address_without_zone";
    case CityFindingKind::address_in_two_zones:
      return "address_in_two_zones";
    case CityFindingKind::address_near_boundary:
      return "address_near_boundary";
    case CityFindingKind::address_unplaced:
      return "address_unplaced";
  }
  return "";
}

std::vector<CityFinding> check_schools(const ZoneLayer& layer, std::span<const School> schools,
                                       std::span<const Campus> campuses, const std::set<std::string>& named_elsewhere) {
  return SchoolChecker(layer, schools, campuses).run(named_elsewhere);
}

std::vector<bool> find_shared(const ZoneLayer& layer) {
  std::vector<bool> shared;
  for (const ZoneInfo& zone : layer.zones()) shared.push_back(zone.school_ids.size() >= 2);
  return shared;
}

AddressCheck::AddressCheck(const ZoneLayer& layer, const AddressCheckOptions& options)
    : layer_(layer), options_(options), kept_(static_cast<std::size_t>(CityFindingKind::address_unplaced) + 1) {}

void AddressCheck::add(const Address& address) {
  ++tally_.total;
  if (!address.position) {
    ++tally_.unplaced;
    keep(CityFindingKind::address_unplaced, Severity::note, address, {}, 0);
    return;
  }
  const geo::Location at = layer_.index().locate(*address.position, kNearestLimitM);
  if (at.zones.empty()) {
    ++tally_.no_zone;
    std::vector<std::string> nearest;
    if (at.nearest) nearest.push_back(layer_.zones()[at.nearest->zone].id);
    keep(CityFindingKind::address_without_zone, Severity::error, address, nearest,
         at.nearest ? at.nearest->margin_m : 0);
    return;
  }
  std::vector<std::string> covering;
  int unshared = 0;
  double margin_m = std::numeric_limits<double>::infinity();
  const geo::ZoneMargin* least = nullptr;
  for (const geo::ZoneMargin& m : at.zones) {
    covering.push_back(layer_.zones()[m.zone].id);
    if (layer_.zones()[m.zone].school_ids.size() < 2) ++unshared;
    if (m.margin_m < margin_m) {
      margin_m = m.margin_m;
      least = &m;
    }
  }
  std::ranges::sort(covering);
  if (at.status != geo::PointStatus::overlap) {
    ++tally_.one_zone;
  } else if (options_.overlaps_declared || unshared <= 1) {
    ++tally_.shared;
  } else {
    ++tally_.two_zones;
    keep(CityFindingKind::address_in_two_zones, Severity::error, address, covering, 0);
  }
  const double limit_m = std::max(options_.near_m, address.error_m);
  if (limit_m <= 0 ? margin_m > 0 : margin_m > limit_m) return;
  ++tally_.near;
  for (const geo::ZoneNumber z : least->across) covering.push_back(layer_.zones()[z].id);
  std::ranges::sort(covering);
  covering.erase(std::unique(covering.begin(), covering.end()), covering.end());
  keep(CityFindingKind::address_near_boundary, Severity::note, address, std::move(covering), margin_m);
}

void AddressCheck::keep(CityFindingKind kind, Severity severity, const Address& address,
                        std::vector<std::string> zone_ids, double distance_m) {
  if (kept_[static_cast<std::size_t>(kind)]++ >= options_.examples) return;
  CityFinding finding;
  finding.kind = kind;
  finding.severity = severity;
  finding.zone_ids = std::move(zone_ids);
  finding.item_id = address.id;
  finding.name = address.text;
  finding.place = address.position;
  finding.distance_m = distance_m;
  tally_.examples.push_back(std::move(finding));
}

}  // namespace catchment::engine
