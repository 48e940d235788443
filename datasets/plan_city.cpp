#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "datasets/city_plan.hpp"
#include "datasets/city_seats.hpp"
#include "datasets/city_streets.hpp"
#include "datasets/zone_answers.hpp"
#include "engine/planning/city/city_tables.hpp"
#include "geo/zone_index.hpp"

namespace catchment::datasets {
namespace {

using namespace engine::planning;

std::vector<engine::School> schools_of(const CityPackage& package) {
  std::vector<engine::School> schools = package.schools();
  std::erase_if(schools, [](const engine::School& s) { return s.status == "closed"; });
  return schools;
}

class CityLoader {
 public:
  CityLoader(const CityPackage& package, const PlanCityInput& input) : package_(package), input_(input) {}

  PlanCity load() {
    city_.base_year = input_.base_year;
    city_.years = static_cast<std::size_t>(input_.horizon);
    city_.rules = input_.rules;
    for (const engine::demand::StageRule& rule : input_.rules.stages) {
      if (city_.stages.size() < 2) city_.stages.push_back(rule.stage);
    }
    read_units();
    read_addresses();
    for (CityUnit& unit : city_.units) measure(unit);
    read_schools();
    read_ground();
    if (input_.walks) reckon_walks();
    read_demand();
    place_campuses(city_);
    city_.sources = std::move(sources_);
    return std::move(city_);
  }

 private:
  void read_units() {
    for (engine::Unit& unit : package_.units()) {
      numbers_.emplace(unit.id, static_cast<UnitIndex>(city_.units.size()));
      CityUnit& to = city_.units.emplace_back();
      to.id = std::move(unit.id), to.name = std::move(unit.name);
      if (!unit.shape.empty()) to.shape = std::make_shared<const geo::MultiPolygon>(std::move(unit.shape));
    }
    city_.walks.resize(city_.units.size());
  }

  void read_addresses() {
    std::vector<std::vector<geo::Point>> positions(city_.units.size());
    std::vector<geo::Point> lost;  // of addresses that name no unit of the package
    package_.for_each_address([&](const engine::Address& address) {
      const auto at = numbers_.find(address.unit_id);
      if (at == numbers_.end()) {
        if (address.position)
          lost.push_back(*address.position);
        else
          ++city_.addresses_without_unit;
        return true;
      }
      ++city_.units[at->second].addresses;
      if (address.position) positions[at->second].push_back(*address.position);
      return true;
    });
    if (!lost.empty()) place_lost(lost, positions);
    for (UnitIndex u = 0; u < city_.units.size(); ++u) {
      if (positions[u].empty()) continue;
      std::ranges::sort(positions[u]);
      city_.units[u].positions = std::make_shared<const std::vector<geo::Point>>(std::move(positions[u]));
    }
  }

  void place_lost(const std::vector<geo::Point>& lost, std::vector<std::vector<geo::Point>>& positions) {
    std::vector<geo::MultiPolygon> shapes;
    for (const CityUnit& unit : city_.units)
      shapes.push_back(unit.shape == nullptr ? geo::MultiPolygon{} : *unit.shape);
    const geo::ZoneIndex index = geo::ZoneIndex::build(shapes);
    for (const geo::Point p : lost) {
      const auto units = index.zones_of(index.face_at(p).face());
      if (units.empty()) {
        ++city_.addresses_without_unit;
        continue;
      }
      ++city_.units[units.front()].addresses;
      positions[units.front()].push_back(p);
    }
  }

  void read_schools() {
    std::map<std::string, std::vector<engine::Campus>> campuses;
    for (engine::Campus& campus : package_.campuses()) campuses[campus.school_id].push_back(std::move(campus));
    for (const engine::School& school : schools_of(package_)) {
      school_numbers_.emplace(school.id, static_cast<SchoolIndex>(city_.schools.size()));
      CitySchool& to = city_.schools.emplace_back();
      to.id = school.id, to.name = school.name, to.ownership = school.ownership;
      for (const engine::Campus& campus : campuses[school.id])
        to.campuses.push_back({campus.id, {campus.position}, kNoUnit});
      to.offers.resize(city_.stages.size());
      for (StageIndex k = 0; k < city_.stages.size(); ++k) {
        if (std::ranges::find(school.stages, city_.stages[k]) == school.stages.end()) continue;
        const engine::demand::StageRule& rule = *city_.rules.find(city_.stages[k]);
        to.offers[k] = {0, static_cast<YearIndex>(city_.years), rule.first_grade, rule.last_grade, true};
      }
    }
  }

  void read_ground() {
    const CityStreets ground = read_streets(package_);
    sources_->barriers = std::make_shared<const BorderGround>(ground.street_lines, ground.barrier_lines);
    if (!ground.streets.empty())
      sources_->streets = geo::StreetNetwork::build(ground.street_lines, ground.barrier_lines);
    std::vector<const geo::MultiPolygon*> shapes;
    for (const CityUnit& unit : city_.units) shapes.push_back(unit.shape.get());
    city_.borders = find_borders(shapes, sources_->barriers.get());
  }

  void reckon_walks() {
    std::vector<std::vector<geo::Point>> hubs;
    for (const CitySchool& school : city_.schools) {
      std::vector<geo::Point>& gates = hubs.emplace_back();
      for (const CityCampus& campus : school.campuses) {
        gates.insert(gates.end(), campus.gates.begin(), campus.gates.end());
      }
    }
    std::vector<geo::Point> places;
    std::vector<UnitIndex> units;
    for (UnitIndex u = 0; u < city_.units.size(); ++u) {
      if (city_.units[u].placed) places.push_back(city_.units[u].place), units.push_back(u);
    }
    std::vector<UnitWalks> of_unit(city_.units.size());
    const std::vector<UnitWalks> found = find_walks(sources_.get(), hubs, places, input_.threads);
    for (SchoolIndex s = 0; s < found.size(); ++s) {
      for (UnitWalk walk : found[s]) {
        UnitWalks& to = of_unit[units[walk.school]];
        walk.school = s;
        to.push_back(walk);
      }
    }
    for (UnitIndex u = 0; u < city_.units.size(); ++u) {
      city_.walks[u] = std::make_shared<const UnitWalks>(std::move(of_unit[u]));
    }
  }

  void read_demand() {
    for (engine::Housing& project : package_.housing()) {
      const auto at = numbers_.find(project.unit_id);
      city_.housing.push_back({std::move(project), at == numbers_.end() ? kNoUnit : at->second});
    }
    if (input_.demand == nullptr || input_.forecast == nullptr) return;
    const engine::demand::CityHistory& history = input_.demand->history;
    for (const CityUnit& unit : city_.units) sources_->demand_unit.push_back(history.find_unit(unit.id).value());
    sources_->demand = input_.demand;
    city_.sources = sources_;
    fill_children(city_);
    read_seats();
    if (const auto* feeders = history.feeders_of(input_.base_year + 1)) {
      for (const engine::demand::FeederShare& f : *feeders) {
        const auto from = school_numbers_.find(history.schools[f.from].school_id);
        const auto to = school_numbers_.find(history.schools[f.to].school_id);
        if (from == school_numbers_.end() || to == school_numbers_.end()) continue;
        city_.feeders.push_back({from->second, to->second, f.share});
      }
    }
  }

  void read_seats() {
    CitySeats seats = load_city_seats(package_, input_.rules, input_.base_year, input_.base_year + input_.horizon);
    const auto expected =
        engine::demand::expected_pupils(*input_.forecast, seats.input.units, seats.input.pupils, input_.rules);
    seats.input.pupils.insert(seats.input.pupils.end(), expected.begin(), expected.end());
    city_.seats.assign(city_.schools.size() * city_.stages.size() * city_.years, {});
    std::vector<SchoolIndex> all(city_.schools.size());
    std::iota(all.begin(), all.end(), SchoolIndex{0});
    fill_seats(city_, engine::demand::make_seat_ledger(seats.input, input_.rules), all);
    sources_->seats = std::make_shared<const engine::demand::SeatInput>(std::move(seats.input));
  }

  const CityPackage& package_;
  const PlanCityInput& input_;
  PlanCity city_;
  std::shared_ptr<CitySources> sources_ = std::make_shared<CitySources>();
  std::unordered_map<std::string, UnitIndex> numbers_;
  std::unordered_map<std::string, SchoolIndex> school_numbers_;
};

void count_rezoned(const LayerChoice& choice, const LayerReader& reader, PlanCity& city) {
  const std::size_t stages = city.stages.size();
  city.rezoned_before.assign(city.units.size() * stages, 0);
  std::map<engine::Stage, std::vector<std::vector<SchoolIndex>>> before;
  std::vector<PlanNote> unused;
  for (const auto& [when, key] : choice.taken) {
    if (when.second > city.base_year) continue;
    const StageIndex k = *city.find_stage(when.first);
    auto answers = reader.read(key, unused);
    const auto last = before.find(when.first);
    for (UnitIndex u = 0; last != before.end() && u < city.units.size(); ++u) {
      std::uint8_t& count = city.rezoned_before[u * stages + k];
      if (last->second[u] != answers[u] && count < 255) ++count;
    }
    before[when.first] = std::move(answers);
  }
}

}  // namespace

std::shared_ptr<const PlanCity> load_plan_city(const CityPackage& package, const PlanCityInput& input) {
  PlanCity city = CityLoader(package, input).load();
  const LayerChoice choice = choose_plan_layers(package, city);
  count_rezoned(choice, LayerReader(package, city), city);
  return settle(std::move(city));
}

}  // namespace catchment::datasets
