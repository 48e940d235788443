#include "server/plans/plan_notice.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "engine/zone_text/print.hpp"

namespace catchment::plans {

using namespace engine::planning;
using engine::zone_text::PrintZone;
using nlohmann::ordered_json;

namespace {

// Schools, by index in the plan's city, that gained or lost a unit or a part of one.
std::set<SchoolIndex> schools_with_other_zones(const CityPlan& in_force, const CityPlan& plan, StageIndex stage,
                                               YearIndex year) {
  std::set<SchoolIndex> found;
  const PlanCity &before = in_force.city(), &after = plan.city();
  const auto ids_of = [&](const CityPlan& of, UnitIndex u) {
    std::vector<std::string> ids;
    for (const SchoolIndex s : of.schools_of(u, stage, year)) ids.push_back(of.city().schools[s].id);
    return ids;
  };
  const auto note_all = [&](const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      if (const auto s = after.find_school(id)) found.insert(*s);
    }
  };
  for (UnitIndex u = 0; u < after.units.size(); ++u) {
    if (!after.units[u].in_force) continue;
    // Of a part or a merged unit, what it was made of counts.
    std::vector<UnitIndex> sources;
    for (const UnitOrigin& origin : after.units[u].origins) sources.push_back(origin.unit);
    if (sources.empty()) sources.push_back(u);
    const std::vector<std::string> now = ids_of(plan, u);
    for (const UnitIndex source : sources) {
      const auto was_unit = before.find_unit(after.units[source].id);
      const std::vector<std::string> was = was_unit ? ids_of(in_force, *was_unit) : std::vector<std::string>();
      if (was == now) continue;
      note_all(was), note_all(now);
    }
  }
  return found;
}

std::vector<geo::Point> gates_of(const CitySchool& school) {
  std::vector<geo::Point> gates;
  for (const CityCampus& campus : school.campuses) gates.insert(gates.end(), campus.gates.begin(), campus.gates.end());
  return gates;
}

}  // namespace

ordered_json notice_json(const CityPlan& in_force, const CityPlan& plan, std::span<const PlanZone> zones,
                         StageIndex stage, YearIndex year, const engine::zone_text::Ground& ground) {
  const std::set<SchoolIndex> affected = schools_with_other_zones(in_force, plan, stage, year);
  const PlanCity& city = plan.city();
  std::vector<const PlanZone*> shown;
  std::vector<PrintZone> to_print;
  for (const PlanZone& zone : zones) {
    if (zone.stage != stage || year < zone.from || year >= zone.to) continue;
    if (std::ranges::none_of(zone.schools, [&](SchoolIndex s) { return affected.contains(s); })) continue;
    shown.push_back(&zone);
    PrintZone& out = to_print.emplace_back();
    out.school = city.schools[zone.schools.front()].name;
    out.shape = zone.shape;
    for (const SchoolIndex s : zone.schools) {
      const std::vector<geo::Point> gates = gates_of(city.schools[s]);
      out.seeds.insert(out.seeds.end(), gates.begin(), gates.end());
    }
  }
  ordered_json list = ordered_json::array();
  const std::vector<engine::zone_text::Printed> printed = print_zones(to_print, ground);
  for (std::size_t i = 0; i < printed.size(); ++i) {
    ordered_json schools = ordered_json::array(), findings = ordered_json::array();
    std::string names;
    for (const SchoolIndex s : shown[i]->schools) {
      schools.push_back(city.schools[s].id);
      names += (names.empty() ? "" : "、") + city.schools[s].name;
    }
    for (const engine::zone_text::Finding& f : printed[i].findings) {
      constexpr std::array kSeverities{"note", "warning", "error"};
      findings.push_back({{"kind", engine::zone_text::to_word(f.kind)},
                          {"severity", kSeverities[static_cast<std::size_t>(severity_of(f.kind))]},
                          {"quote", f.quote},
                          {"message", f.message}});
    }
    list.push_back({{"zone", shown[i]->id},
                    {"schools", std::move(schools)},
                    {"names", names},
                    {"text", printed[i].text},
                    {"iou", printed[i].iou},
                    {"changed", printed[i].changed},
                    {"findings", std::move(findings)}});
  }
  return list;
}

}  // namespace catchment::plans
