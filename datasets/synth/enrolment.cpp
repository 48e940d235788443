#include "datasets/synth/enrolment.hpp"

#include <algorithm>
#include <map>

namespace catchment::datasets::synth {
namespace {

using engine::Stage;

constexpr std::uint64_t kPrivateStream = 701;
constexpr std::uint64_t kFeederStream = 702;
constexpr int kPrivatePermille = 40;
constexpr int kSplitFeederPermille = 80;
constexpr int kPrimaryClass = 45;
constexpr int kJuniorClass = 50;

std::size_t at(std::int32_t i) { return static_cast<std::size_t>(i); }

using PupilTable = std::map<std::tuple<std::int32_t, int, int>, int>;  // school, year, grade

void enrol_grade(const SchoolPlan& plan, const ZoneChildren& children, int year, int grade, Random& random,
                 PupilTable& pupils) {
  const Stage stage = grade <= 6 ? Stage::primary : Stage::junior;
  const auto& schools_of_zone = stage == Stage::primary ? plan.primary_schools : plan.junior_schools;
  std::vector<std::int64_t> in_zone(schools_of_zone.size(), 0);
  for (std::size_t z = 0; z < plan.primary_schools.size(); ++z) {
    const std::size_t zone = stage == Stage::primary ? z : at(plan.junior_of_primary[z]);
    in_zone[zone] += children.at(static_cast<std::int32_t>(z), year, 5 + grade);
  }
  std::vector<std::int32_t> private_schools;
  for (std::size_t s = 0; s < plan.schools.size(); ++s) {
    const PlannedSchool& school = plan.schools[s];
    if (school.row.ownership == "private" && school.teaches(stage))
      private_schools.push_back(static_cast<std::int32_t>(s));
  }
  std::int64_t leaving = 0;
  for (std::size_t zone = 0; zone < in_zone.size(); ++zone) {
    const std::int64_t rounding = static_cast<std::int64_t>(random.below(1000));
    const std::int64_t gone = private_schools.empty() ? 0 : (in_zone[zone] * kPrivatePermille + rounding) / 1000;
    leaving += gone;
    const auto& schools = schools_of_zone[zone];
    Dealer dealer(in_zone[zone] - gone, static_cast<std::int64_t>(schools.size()));
    for (const std::int32_t school : schools) pupils[{school, year, grade}] = static_cast<int>(dealer.deal(1));
  }
  Dealer dealer(leaving, static_cast<std::int64_t>(private_schools.size()));
  for (const std::int32_t school : private_schools) pupils[{school, year, grade}] = static_cast<int>(dealer.deal(1));
}

}  // namespace

void ZoneChildren::add(std::size_t unit, const ChildTable& children) {
  for (std::size_t y = 0; y < children.size(); ++y) {
    const std::size_t back = std::min(children.size() - 1 - y, plan_.zone_of_unit.size() - 1);
    auto& ages = tables_[synth::at(plan_.zone_of_unit[back][unit])][y];
    for (std::size_t age = 0; age < ages.size(); ++age) ages[age] += children[y][age];
  }
}

int ZoneChildren::at(std::int32_t primary_zone, int year, int age) const {
  return tables_[synth::at(primary_zone)][synth::at(year - kFirstYear)][synth::at(age)];
}

std::vector<engine::Enrolment> make_enrolment(const SchoolPlan& plan, const ZoneChildren& children,
                                              std::uint64_t seed) {
  PupilTable pupils;
  for (int year = kFirstYear; year <= kLastYear; ++year) {
    for (int grade = 1; grade <= 9; ++grade) {
      Random random(seed, kPrivateStream, static_cast<std::uint64_t>(year * 100 + grade));
      enrol_grade(plan, children, year, grade, random, pupils);
    }
  }
  std::vector<engine::Enrolment> rows;
  for (const auto& [key, count] : pupils) {
    const auto& [school, year, grade] = key;
    const int per_class = grade <= 6 ? kPrimaryClass : kJuniorClass;
    rows.push_back({plan.schools[at(school)].row.id, year, grade, (count + per_class - 1) / per_class, count});
  }
  return rows;
}

std::vector<engine::Feeder> make_feeders(const SchoolPlan& plan, int school_year, std::uint64_t seed) {
  std::vector<engine::Feeder> rows;
  for (std::size_t s = 0; s < plan.schools.size(); ++s) {
    const PlannedSchool& school = plan.schools[s];
    if (school.primary_zone < 0) continue;
    Random random(seed, kFeederStream, s);
    const std::int32_t zone = plan.junior_of_primary[at(school.primary_zone)];
    const auto& targets = plan.junior_schools[at(zone)];
    const auto& around = plan.junior_neighbours[at(zone)];
    const bool split = targets.size() == 1 && !around.empty() && random.chance_permille(kSplitFeederPermille);
    for (const std::int32_t target : targets) {
      const double share = split ? 0.7 : 1.0 / static_cast<double>(targets.size());
      rows.push_back({school.row.id, plan.schools[at(target)].row.id, school_year, share, ""});
    }
    if (split) {
      const auto& across = plan.junior_schools[at(around[random.below(around.size())])];
      rows.push_back({school.row.id, plan.schools[at(across.front())].row.id, school_year, 0.3, "部分毕业生（示例）"});
    }
  }
  return rows;
}

}  // namespace catchment::datasets::synth
