#include "datasets/synth/enrolment.hpp"

#include <algorithm>

#include "datasets/synth/draws.hpp"
#include "datasets/synth/index.hpp"

namespace catchment::datasets::synth {
namespace {

using engine::Stage;

constexpr std::uint64_t kSchoolingStream = 701;
constexpr std::uint64_t kFeederStream = 702;
constexpr std::uint64_t kPullStream = 703;
constexpr int kSplitFeederPermille = 80;
constexpr double kChurn = 0.015;             // pupils who change schools in any case
constexpr double kMigrantsLate = 0.3;        // of the migrants' share in grade 1, anew in grade 7
constexpr double kMoversChangeSchool = 0.7;  // of those who come or go
constexpr double kStayPrivate = 0.3;         // of a private primary school's leavers
constexpr double kLeaversElsewhere = 0.03;
constexpr double kLeaversOutOfArea = 0.03;

class Schools {
 public:
  Schools(const SchoolPlan& plan, const ZoneDistricts& districts, const ZoneChildren& children,
          const DemandTruth& truth, std::uint64_t seed)
      : plan_(plan), districts_(districts), children_(children), truth_(truth), seed_(seed) {
    for (std::size_t s = 0; s < plan.schools.size(); ++s) {
      const PlannedSchool& school = plan.schools[s];
      const bool is_private = school.row.ownership == "private";
      const auto number = static_cast<std::int32_t>(s);
      if (school.teaches(Stage::primary)) (is_private ? private_primary_ : primary_).push_back(number);
      if (school.teaches(Stage::junior)) (is_private ? private_junior_ : junior_).push_back(number);
      pull_.push_back(Random(seed, kPullStream, s).uniform(0.4, 0.6));
    }
    zones_of_junior_.resize(plan.junior_schools.size());
    for (std::size_t zone = 0; zone < plan.junior_of_primary.size(); ++zone) {
      zones_of_junior_[at(plan.junior_of_primary[zone])].push_back(static_cast<std::int32_t>(zone));
    }
    for (const engine::Feeder& row : make_feeders(plan, kLastYear, seed)) {
      feeders_[number_of(row.from_school_id)].emplace_back(number_of(row.to_school_id), row.share);
    }
  }

  Schooling make() {
    for (int year = kFirstYear; year <= kLastYear; ++year) {
      Random random(seed_, kSchoolingStream, static_cast<std::uint64_t>(year));
      enter_primary(year, random);
      if (year == kFirstYear) {
        for (int grade = 2; grade <= 9; ++grade) start(grade, random);
        continue;
      }
      enter_junior(year, random);
      for (const int grade : {2, 3, 4, 5, 6, 8, 9}) go_up(year, grade, random);
    }
    return std::move(made_);
  }

 private:
  // Ids are S0001, S0002, ... in the order of the plan.
  std::int32_t number_of(const std::string& id) const { return std::stoi(id.substr(1)) - 1; }

  int& pupils(std::int32_t school, int year, int grade) { return made_.pupils[{school, year, grade}]; }
  Streams& streams(std::int32_t school, int year, int grade) { return made_.streams[{school, year, grade}]; }

  // One of them, the more attractive of two.
  std::int32_t any_of(const std::vector<std::int32_t>& schools, Random& random) const {
    const std::int32_t a = schools[random.below(schools.size())];
    const std::int32_t b = schools[random.below(schools.size())];
    return pull_[at(a)] >= pull_[at(b)] ? a : b;
  }

  template <class Give>
  void scatter(int count, const std::vector<std::int32_t>& schools, Random& random, Give&& give) const {
    for (int i = 0; i < count && !schools.empty(); ++i) give(any_of(schools, random));
  }

  // Splits a zone's children over its schools; give(school, count).
  template <class Give>
  void share_out(int count, const std::vector<std::int32_t>& schools, Random& random, Give&& give) const {
    double pulls = 0;
    for (const std::int32_t school : schools) pulls += pull_[at(school)];
    for (const std::int32_t school : schools) {
      const int part = school == schools.back() ? count : draw_binomial(count, pull_[at(school)] / pulls, random);
      give(school, part);
      count -= part;
      pulls -= pull_[at(school)];
    }
  }

  std::int32_t district_of(const PlannedSchool& school) const {
    if (school.primary_zone >= 0) return districts_[at(school.primary_zone)];
    return districts_[at(zones_of_junior_[at(school.junior_zone)].front())];
  }

  void add_migrants(std::int32_t school, int year, int grade, Random& random) {
    Streams& entry = streams(school, year, grade);
    const double part = grade == 1 ? 1 : kMigrantsLate;
    const double share = truth_.migrant_share(district_of(plan_.schools[at(school)]), year);
    entry.migrant = draw_count(entry.zone * share * part, random);
  }

  void close_entry(int year, int grade, const std::vector<std::int32_t>& of_zone,
                   const std::vector<std::int32_t>& of_private, Random& random) {
    for (const std::int32_t school : of_zone) {
      add_migrants(school, year, grade, random);
      pupils(school, year, grade) = streams(school, year, grade).enrolled();
    }
    for (const std::int32_t school : of_private) pupils(school, year, grade) = streams(school, year, grade).enrolled();
  }

  void enter_primary(int year, Random& random) {
    for (std::size_t z = 0; z < plan_.primary_schools.size(); ++z) {
      const auto zone = static_cast<std::int32_t>(z);
      int left = children_.at(zone, year, 6);
      left -= draw_binomial(left, truth_.elsewhere_share(zone, year), random);
      const double share = private_primary_.empty() ? 0 : truth_.private_share(zone, Stage::primary);
      const int to_private = draw_binomial(left, share, random);
      left -= to_private;
      const int across = draw_binomial(left, truth_.out_of_area_share(zone), random);
      left -= across;
      const auto go = [&](std::int32_t school) { ++streams(school, year, 1).out_of_area; };
      scatter(to_private, private_primary_, random, go);
      scatter(across, primary_, random, go);
      share_out(left, plan_.primary_schools[z], random,
                [&](std::int32_t school, int count) { streams(school, year, 1).zone += count; });
    }
    close_entry(year, 1, primary_, private_primary_, random);
  }

  void enter_junior(int year, Random& random) {
    const auto go = [&](std::int32_t school) { ++streams(school, year, 7).out_of_area; };
    for (const std::int32_t school : private_primary_) {
      int left = pupils(school, year - 1, 6);
      left -= draw_binomial(left, kLeaversElsewhere, random);
      const int stay = private_junior_.empty() ? 0 : draw_binomial(left, kStayPrivate, random);
      scatter(stay, private_junior_, random, go);
      scatter(left - stay, junior_, random, go);
    }
    for (const std::int32_t school : primary_) {
      int left = pupils(school, year - 1, 6);
      left -= draw_binomial(left, kLeaversElsewhere, random);
      const std::int32_t zone = plan_.schools[at(school)].primary_zone;
      const double share = private_junior_.empty() ? 0 : truth_.private_share(zone, Stage::junior);
      const int to_private = draw_binomial(left, share, random);
      left -= to_private;
      const int across = draw_binomial(left, kLeaversOutOfArea, random);
      left -= across;
      scatter(to_private, private_junior_, random, go);
      scatter(across, junior_, random, go);
      double shares = 1;
      const auto& targets = feeders_.at(school);
      for (const auto& [target, part] : targets) {
        const int count = target == targets.back().first ? left : draw_binomial(left, part / shares, random);
        streams(target, year, 7).zone += count;
        left -= count;
        shares -= part;
      }
    }
    close_entry(year, 7, junior_, private_junior_, random);
  }

  void go_up(int year, int grade, Random& random) {
    for (const auto* schools :
         grade <= 6 ? std::array{&primary_, &private_primary_} : std::array{&junior_, &private_junior_}) {
      for (const std::int32_t school : *schools) {
        const double ratio = truth_.progression(at(school), year) * movement(school, year, grade);
        pupils(school, year, grade) = draw_change(pupils(school, year - 1, grade - 1), ratio, kChurn, random);
      }
    }
  }

  // How the school's zone gained or lost children of the grade's age since the year before, as far as they change
  // schools when they move.
  double movement(std::int32_t school, int year, int grade) const {
    const PlannedSchool& planned = plan_.schools[at(school)];
    int before = 0;
    int now = 0;
    const auto count = [&](std::int32_t zone) {
      before += children_.at(zone, year - 1, 4 + grade);
      now += children_.at(zone, year, 5 + grade);
    };
    if (grade <= 6 && planned.primary_zone >= 0) count(planned.primary_zone);
    if (grade > 6 && planned.junior_zone >= 0) std::ranges::for_each(zones_of_junior_[at(planned.junior_zone)], count);
    if (before == 0) return 1;
    return std::clamp(1 + kMoversChangeSchool * (static_cast<double>(now) / before - 1), 0.9, 1.4);
  }

  // The first year's pupils beyond grade 1: about as many as there are children, with a private school's part.
  void start(int grade, Random& random) {
    const bool is_primary = grade <= 6;
    const auto& privates = is_primary ? private_primary_ : private_junior_;
    const auto& schools_of_zone = is_primary ? plan_.primary_schools : plan_.junior_schools;
    for (std::size_t z = 0; z < plan_.primary_schools.size(); ++z) {
      const auto zone = static_cast<std::int32_t>(z);
      const int count = draw_change(children_.at(zone, kFirstYear, 5 + grade),
                                    1 + truth_.migrant_share(districts_[z], kFirstYear) - 0.05, kChurn, random);
      const double share =
          privates.empty() ? 0 : truth_.private_share(zone, is_primary ? Stage::primary : Stage::junior);
      const int to_private = draw_binomial(count, share, random);
      scatter(to_private, privates, random, [&](std::int32_t school) { ++pupils(school, kFirstYear, grade); });
      const std::size_t home = is_primary ? z : at(plan_.junior_of_primary[z]);
      share_out(count - to_private, schools_of_zone[home], random,
                [&](std::int32_t school, int part) { pupils(school, kFirstYear, grade) += part; });
    }
    for (const std::int32_t school : privates) pupils(school, kFirstYear, grade) += 0;
  }

  const SchoolPlan& plan_;
  const ZoneDistricts& districts_;
  const ZoneChildren& children_;
  const DemandTruth& truth_;
  const std::uint64_t seed_;
  std::vector<std::int32_t> primary_;  // public
  std::vector<std::int32_t> junior_;
  std::vector<std::int32_t> private_primary_;
  std::vector<std::int32_t> private_junior_;
  std::vector<double> pull_;                                // per school
  std::vector<std::vector<std::int32_t>> zones_of_junior_;  // primary zones
  std::map<std::int32_t, std::vector<std::pair<std::int32_t, double>>> feeders_;
  Schooling made_;
};

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

Schooling make_schooling(const SchoolPlan& plan, const ZoneDistricts& districts, const ZoneChildren& children,
                         const DemandTruth& truth, std::uint64_t seed) {
  return Schools(plan, districts, children, truth, seed).make();
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
