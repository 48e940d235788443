#include "datasets/zone_answers.hpp"

#include <algorithm>

namespace catchment::datasets {
namespace {

using namespace engine::planning;
using engine::LayerKey;

// Points that stand for the homes of units.
UnitPoints points_of(const PlanCity& city) {
  std::vector<std::pair<std::uint32_t, geo::Point>> addresses;
  std::vector<std::optional<geo::Point>> instead;
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    const CityUnit& unit = city.units[u];
    instead.push_back(unit.placed ? std::optional(unit.place) : std::nullopt);
    if (unit.positions == nullptr) continue;
    for (const geo::Point p : *unit.positions) addresses.emplace_back(u, p);
  }
  return {city.units.size(), addresses, instead};
}

void finish(PlanNote note, const char* words, std::vector<PlanNote>& notes) {
  if (note.units.empty()) return;
  note.message = std::to_string(note.units.size()) + words;
  notes.push_back(std::move(note));
}

}  // namespace

LayerChoice choose_plan_layers(const CityPackage& package, const PlanCity& city) {
  LayerChoice choice;
  for (const LayerKey& key : package.layers()) {  // sorted
    if (!city.find_stage(key.stage)) continue;
    const auto [at, first] = choice.taken.try_emplace({key.stage, key.school_year}, key);
    if (first) continue;
    if (key.kind == "general")
      std::swap(at->second, choice.passed.emplace_back(key));
    else
      choice.passed.push_back(key);
  }
  return choice;
}

LayerReader::LayerReader(const CityPackage& package, const PlanCity& city)
    : package_(package), city_(city), points_(points_of(city)) {
  for (SchoolIndex s = 0; s < city.schools.size(); ++s) schools_.emplace(city.schools[s].id, s);
}

std::vector<std::vector<SchoolIndex>> LayerReader::read(const LayerKey& key, std::vector<PlanNote>& notes) const {
  std::vector<engine::Zone> zones = package_.zones(key);
  std::map<std::string, std::vector<SchoolIndex>> schools_of_zone;
  for (engine::Zone& zone : zones) {
    std::vector<SchoolIndex>& schools = schools_of_zone[zone.id];
    for (const std::string& id : zone.school_ids) {
      if (const auto at = schools_.find(id); at != schools_.end()) schools.push_back(at->second);
    }
    std::ranges::sort(schools);
    zone.school_ids = {zone.id};  // so that shares come by zone
  }
  std::vector<SchoolShares> shares(city_.units.size());
  add_shares(zones, points_, EntryPupils({}), {1, key.school_year, 1}, shares);
  std::vector<std::vector<SchoolIndex>> answers(city_.units.size());
  PlanNote cut{PlanNote::Kind::unit_cut, key.stage, key.school_year, {}, {}};
  PlanNote none{PlanNote::Kind::no_zone, key.stage, key.school_year, {}, {}};
  for (UnitIndex u = 0; u < city_.units.size(); ++u) {
    const auto most = std::ranges::max_element(
        shares[u], {}, [](const auto& entry) { return entry.second; });  // the first of equal ones
    double all = 0;
    for (const auto& [zone, share] : shares[u]) all += share;
    if (most == shares[u].end() || all < 0.5) {
      none.units.push_back(city_.units[u].id);
      continue;
    }
    if (shares[u].size() > 1 || all < 1 - 1e-9) cut.units.push_back(city_.units[u].id);
    answers[u] = schools_of_zone[most->first];
  }
  finish(std::move(cut), " units are cut by lines of zones: each is of the zone with most of its addresses", notes);
  finish(std::move(none), " units lie, for the most part, in no zone", notes);
  return answers;
}

}  // namespace catchment::datasets
