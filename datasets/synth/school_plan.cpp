#include "datasets/synth/school_plan.hpp"

#include <algorithm>
#include <optional>

#include "datasets/synth/index.hpp"
#include "datasets/synth/names.hpp"
#include "datasets/synth/random.hpp"

namespace catchment::datasets::synth {
namespace {

using engine::Stage;

constexpr std::uint64_t kChangeStream = 601;
constexpr std::uint64_t kCampusStream = 602;
constexpr int kUnitsPerChange = 150;
constexpr int kSecondCampusPermille = 50;

class Planner {
 public:
  Planner(const Layout& layout, const SchoolCounts& counts, std::uint64_t seed)
      : layout_(layout), counts_(counts), random_(seed, kCampusStream), pinned_(layout.map.cells.size(), 0) {}

  SchoolPlan plan(const std::vector<char>& closed_borders, int years, std::uint64_t seed) {
    all_ = neighbours(layout_.map, {});
    make_zones(closed_borders);
    place_schools();
    for (int back = 1; back < years; ++back) step_back(seed, back);
    return std::move(plan_);
  }

 private:
  void make_zones(const std::vector<char>& closed_borders) {
    const Graph banks = neighbours(layout_.map, closed_borders);
    const Regions primary = grow_regions({&banks, &all_, layout_.weight, layout_.map.sites, counts_.primary_zones});
    plan_.zone_of_unit.push_back(primary.of_area);
    seed_unit_ = primary.seed;
    units_.resize(primary.seed.size());
    RegionInput input{nullptr, nullptr, std::vector<std::int64_t>(primary.seed.size(), 0), {}, counts_.junior_zones};
    for (std::size_t unit = 0; unit < primary.of_area.size(); ++unit) {
      units_[at(primary.of_area[unit])].push_back(static_cast<std::int32_t>(unit));
      input.weight[at(primary.of_area[unit])] += layout_.weight[unit];
    }
    for (const std::int32_t unit : primary.seed) input.position.push_back(layout_.map.sites[at(unit)]);
    const Graph zone_banks = contract(banks, primary.of_area, counts_.primary_zones);
    const Graph zones = contract(all_, primary.of_area, counts_.primary_zones);
    input.preferred = &zone_banks;
    input.all = &zones;
    const Regions junior = grow_regions(input);
    plan_.junior_of_primary = junior.of_area;
    plan_.junior_neighbours = contract(zones, junior.of_area, counts_.junior_zones);
    junior_seed_ = junior.seed;
    plan_.primary_schools.resize(at(counts_.primary_zones));
    plan_.junior_schools.resize(at(counts_.junior_zones));
  }

  void place_schools() {
    // Nine-year schools first take both zones; shared zones and the second campuses are spread evenly.
    for (std::int32_t zone = 0; zone < counts_.junior_zones; ++zone) {
      const bool nine_year = spread(zone, counts_.junior_zones, counts_.nine_year);
      const std::int32_t home = junior_seed_[at(zone)];
      if (nine_year) add_public(nine_year_names_++, home, zone, home);
    }
    for (std::int32_t zone = 0; zone < counts_.primary_zones; ++zone) {
      const int wanted = spread(zone, counts_.primary_zones, counts_.primary_shared) ? 2 : 1;
      while (static_cast<int>(plan_.primary_schools[at(zone)].size()) < wanted)
        add_public(primary_names_++, zone, -1, zone);
    }
    for (std::int32_t zone = 0; zone < counts_.junior_zones; ++zone) {
      const int wanted = spread(zone, counts_.junior_zones, counts_.junior_shared) ? 2 : 1;
      while (static_cast<int>(plan_.junior_schools[at(zone)].size()) < wanted) {
        add_public(junior_names_++, -1, zone, junior_seed_[at(zone)]);
      }
    }
    for (int i = 0; i < counts_.private_schools; ++i) add_private(i);
  }

  // Picks `chosen` of `count` numbers, evenly spread.
  static bool spread(std::int32_t number, int count, int chosen) {
    return (std::int64_t{number} + 1) * chosen / count != std::int64_t{number} * chosen / count;
  }

  void add_public(int number, std::int32_t primary_zone, std::int32_t junior_zone, std::int32_t home_zone) {
    PlannedSchool school;
    school.primary_zone = primary_zone;
    school.junior_zone = junior_zone;
    if (primary_zone >= 0) school.row.stages.push_back(Stage::primary);
    if (junior_zone >= 0) school.row.stages.push_back(Stage::junior);
    const char* word = primary_zone < 0 ? "中学" : junior_zone < 0 ? "小学" : "九年制学校";
    add(std::move(school), "示例第" + std::to_string(number) + word, home_zone);
  }

  void add_private(int i) {
    PlannedSchool school;
    school.row.ownership = "private";
    school.row.stages = {i % 2 == 0 ? Stage::primary : Stage::junior};
    const auto zone = static_cast<std::int32_t>(random_.below(static_cast<std::uint64_t>(counts_.primary_zones)));
    add(std::move(school), "示例民办第" + std::to_string(i + 1) + (i % 2 == 0 ? "小学" : "中学"), zone);
  }

  void add(PlannedSchool school, const std::string& name, std::int32_t home_zone) {
    const auto index = static_cast<std::int32_t>(plan_.schools.size());
    school.row.id = padded('S', index + 1, 4);
    school.row.name = name + "（合成）";
    if (school.primary_zone >= 0) plan_.primary_schools[at(school.primary_zone)].push_back(index);
    if (school.junior_zone >= 0) plan_.junior_schools[at(school.junior_zone)].push_back(index);
    const int campuses = random_.chance_permille(kSecondCampusPermille) ? 2 : 1;
    for (int i = 0; i < campuses; ++i) {
      const std::string campus = campuses == 1 ? "" : i == 0 ? "本部" : "分校区";
      school.campuses.push_back({school.row.id + "-" + std::to_string(i + 1), school.row.id, school.row.name + campus,
                                 layout_.map.sites[at(campus_unit(home_zone))]});
    }
    plan_.schools.push_back(std::move(school));
  }

  // The zone's own seed if free, else any unit without a campus, else one that has one.
  std::int32_t campus_unit(std::int32_t zone) {
    std::int32_t unit = seed_unit_[at(zone)];
    const auto& units = units_[at(zone)];
    for (std::size_t tries = 0; pinned_[at(unit)] && tries < 4 * units.size(); ++tries) {
      unit = units[random_.below(units.size())];
    }
    pinned_[at(unit)] = 1;
    return unit;
  }

  // The zoning a year before the earliest so far.
  void step_back(std::uint64_t seed, int back) {
    Random random(seed, kChangeStream, static_cast<std::uint64_t>(back));
    std::vector<std::int32_t> zones = plan_.zone_of_unit.back();
    const std::size_t wanted = std::max<std::size_t>(1, zones.size() / kUnitsPerChange);
    std::size_t changed = 0;
    for (std::size_t tries = 0; changed < wanted && tries < wanted * 50; ++tries) {
      const auto unit = static_cast<std::int32_t>(random.below(zones.size()));
      const auto& around = all_[at(unit)];
      if (pinned_[at(unit)] || around.empty()) continue;
      const std::int32_t to = zones[at(around[random.below(around.size())])];
      if (to == zones[at(unit)] || !connected_without(all_, zones, unit)) continue;
      zones[at(unit)] = to;
      ++changed;
    }
    plan_.zone_of_unit.push_back(std::move(zones));
  }

  const Layout& layout_;
  const SchoolCounts& counts_;
  Random random_;
  std::vector<char> pinned_;  // per unit: a campus stands there
  Graph all_;
  SchoolPlan plan_;
  std::vector<std::int32_t> seed_unit_;           // per primary zone
  std::vector<std::int32_t> junior_seed_;         // per junior zone a primary zone
  std::vector<std::vector<std::int32_t>> units_;  // per primary zone
  int primary_names_ = 1;
  int junior_names_ = 1;
  int nine_year_names_ = 1;
};

}  // namespace

SchoolCounts::SchoolCounts(int schools) {
  private_schools = schools >= 10 ? std::max(1, schools / 25) : 0;
  const int open = schools - private_schools;
  nine_year = open >= 12 ? std::max(1, open / 40) : 0;
  junior_zones = std::max(1, (open + 2) / 4);
  junior_shared = junior_zones >= 4 ? std::max(1, junior_zones / 12) : 0;
  const int primary_seats = open - junior_zones - junior_shared + nine_year;
  primary_shared = primary_seats >= 8 ? std::max(1, primary_seats / 25) : 0;
  primary_zones = primary_seats - primary_shared;
}

bool PlannedSchool::teaches(Stage stage) const {
  return std::find(row.stages.begin(), row.stages.end(), stage) != row.stages.end();
}

SchoolPlan plan_schools(const Layout& layout, const std::vector<char>& closed_borders, const SchoolCounts& counts,
                        int years, std::uint64_t seed) {
  return Planner(layout, counts, seed).plan(closed_borders, years, seed);
}

}  // namespace catchment::datasets::synth
