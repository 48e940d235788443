#include "engine/planning/city/city_problem.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr SchoolIndex kLeftOut = kNoSchool;

void check_options(const PlanCity& city, const RedrawOptions& options) {
  const auto refuse = [](const char* which, const char* why) { throw InputError("redraw_option", which, why); };
  if (options.stage >= city.stages.size()) refuse("stage", "the city has no such stage");
  if (options.from >= city.years) refuse("from", "beyond the horizon");
  for (const YearIndex y : options.years)
    if (y >= city.years) refuse("years", "beyond the horizon");
  if (!(options.take_up > 0 && options.take_up <= 10)) refuse("take_up", "must be above 0 and at most 10");
  const std::size_t years = std::max<std::size_t>(1, options.years.size());
  if (options.draws &&
      (options.draws->draws < 1 ||
       options.draws->ratio.size() != static_cast<std::size_t>(options.draws->draws) * years * city.schools.size()))
    refuse("draws", "must have a ratio for every draw, year and school");
  if (options.draws && !(options.draws->share > 0 && options.draws->share <= 1))
    refuse("draws", "the share must be above 0 and at most 1");
  if (options.most_children < 0 || options.most_units < 0) refuse("most_children", "must not be negative");
}

class ProblemMaker {
 public:
  ProblemMaker(const CityPlan& plan, const RedrawOptions& options)
      : plan_(plan), city_(plan.city()), options_(options), years_(options.years) {
    if (years_.empty()) years_.push_back(options.from);
  }

  CityProblem make() {
    group_schools();
    take_units();
    take_schools();
    count_children();
    measure();
    limit();
    out_.goals = options_.goals;
    out_.inputs = inputs_;
    out_.problem = with_goals(std::move(p_), options_.goals, inputs_);
    return std::move(out_);
  }

 private:
  bool is_planned(SchoolIndex s) const {
    return city_.schools[s].ownership != "private" &&
           std::ranges::all_of(years_, [&](YearIndex y) { return city_.seats_of(s, options_.stage, y).known; });
  }

  std::span<const SchoolIndex> answer(UnitIndex u) const { return plan_.schools_of(u, options_.stage, options_.from); }

  // Schools that share a unit are of one group.
  void group_schools() {
    leader_.resize(city_.schools.size());
    std::iota(leader_.begin(), leader_.end(), 0u);
    for (UnitIndex u = 0; u < city_.units.size(); ++u) {
      if (!city_.units[u].in_force) continue;
      const auto schools = answer(u);
      for (std::size_t i = 1; i < schools.size(); ++i) {
        const SchoolIndex a = find(schools[0]), b = find(schools[i]);
        leader_[std::max(a, b)] = std::min(a, b);
      }
    }
  }
  SchoolIndex find(SchoolIndex s) const {
    while (leader_[s] != s) s = leader_[s];
    return s;
  }

  void take_units() {
    number_.assign(city_.units.size(), kNoUnit);
    group_number_.assign(city_.schools.size(), kLeftOut);
    for (UnitIndex u = 0; u < city_.units.size(); ++u) {
      if (!city_.units[u].in_force) continue;
      const auto schools = answer(u);
      if (schools.empty() || !std::ranges::all_of(schools, [&](SchoolIndex s) { return is_planned(s); })) {
        ++out_.units_left_out;
        continue;
      }
      SchoolIndex& group = group_number_[find(schools[0])];
      if (group == kLeftOut) {
        group = static_cast<SchoolIndex>(out_.schools.size());
        out_.schools.emplace_back();
      }
      number_[u] = static_cast<UnitIndex>(out_.units.size());
      out_.units.push_back(u);
      out_.current.push_back(group);
      p_.units.push_back({city_.units[u].id, 0});
    }
    for (SchoolIndex s = 0; s < city_.schools.size(); ++s) {
      const SchoolIndex group = group_number_[find(s)];
      if (group != kLeftOut && is_planned(s)) out_.schools[group].push_back(s);
    }
    for (const CityBorder& b : city_.borders) {
      if (b.passable && number_[b.a] != kNoUnit && number_[b.b] != kNoUnit)
        p_.borders.emplace_back(number_[b.a], number_[b.b]);
    }
  }

  // The unit a school stands in; of its zone, and no other's.
  UnitIndex home_of(SchoolIndex s, SchoolIndex group) const {
    for (const CityCampus& campus : city_.schools[s].campuses) {
      const UnitIndex u = campus.unit == kNoUnit ? kNoUnit : number_[campus.unit];
      if (u != kNoUnit && out_.current[u] == group) return u;
    }
    UnitIndex best = kNoUnit;
    std::uint32_t least = 0;
    for (UnitIndex u = 0; u < out_.units.size(); ++u) {
      if (out_.current[u] != group) continue;
      const UnitWalk* walk = city_.find_walk(out_.units[u], s);
      const std::uint32_t mm = walk != nullptr ? walk->length_mm : UINT32_MAX;
      if (best == kNoUnit || mm < least) best = u, least = mm;
    }
    return best;
  }

  void take_schools() {
    for (SchoolIndex group = 0; group < out_.schools.size(); ++group) {
      PlanSchool school;
      std::vector<UnitIndex> homes;
      for (const SchoolIndex s : out_.schools[group]) {
        school.id += (school.id.empty() ? "" : "+") + city_.schools[s].id;
        homes.push_back(home_of(s, group));
        int seats = INT_MAX;
        for (const YearIndex y : years_) {
          const bool open = city_.schools[s].offers[options_.stage].open(y);
          seats = std::min(seats, open ? std::max(0, city_.seats_of(s, options_.stage, y).seats) : 0);
        }
        school.seats += seats;
      }
      std::ranges::sort(homes);
      homes.erase(std::unique(homes.begin(), homes.end()), homes.end());
      school.unit = homes.front();
      school.more_units.assign(homes.begin() + 1, homes.end());
      p_.schools.push_back(std::move(school));
    }
    join_parts();
  }

  // Parts of zones that no border joins to a school of theirs get one: what lies apart now may stay so.
  void join_parts() {
    const std::size_t n = out_.units.size();
    std::vector<UnitIndex> part(n);
    std::iota(part.begin(), part.end(), 0u);
    const auto root = [&](UnitIndex u) {
      while (part[u] != u) u = part[u] = part[part[u]];
      return u;
    };
    const auto join = [&](UnitIndex a, UnitIndex b) { part[std::max(root(a), root(b))] = std::min(root(a), root(b)); };
    for (const auto& [a, b] : p_.borders)
      if (out_.current[a] == out_.current[b]) join(a, b);
    for (UnitIndex u = 0; u < n; ++u) {
      const UnitIndex home = p_.schools[out_.current[u]].unit;
      if (root(u) == root(home)) continue;
      p_.borders.emplace_back(std::min(u, home), std::max(u, home));
      join(u, home);
      ++out_.joined;
    }
  }

  // Entering pupils of a year, times the ratio of the zone they are in now, whole, so that each zone of now has its
  // rounded sum: by largest remainder.
  std::vector<int> whole_children(YearIndex year, std::span<const double> ratio = {}) const {
    std::vector<int> whole(out_.units.size(), 0);
    std::vector<double> rest(out_.units.size(), 0);
    std::vector<double> sum(out_.schools.size(), 0);
    std::vector<int> given(out_.schools.size(), 0);
    std::vector<std::vector<UnitIndex>> members(out_.schools.size());
    for (UnitIndex u = 0; u < out_.units.size(); ++u) {
      const double exact = (ratio.empty() ? 1.0 : ratio[out_.current[u]]) * options_.take_up *
                           city_.children_of(out_.units[u], options_.stage, year) / double{kWholeChild};
      whole[u] = static_cast<int>(exact);
      rest[u] = exact - whole[u];
      sum[out_.current[u]] += exact;
      given[out_.current[u]] += whole[u];
      members[out_.current[u]].push_back(u);
    }
    for (SchoolIndex s = 0; s < members.size(); ++s) {
      std::ranges::stable_sort(members[s], [&](UnitIndex a, UnitIndex b) { return rest[a] > rest[b]; });
      const auto more = static_cast<std::size_t>(std::max(0.0, std::round(sum[s]) - given[s]));
      for (std::size_t i = 0; i < std::min(more, members[s].size()); ++i) ++whole[members[s][i]];
    }
    return whole;
  }

  void count_children() {
    const std::vector<int> children = whole_children(options_.from);
    for (UnitIndex u = 0; u < children.size(); ++u) p_.units[u].children = children[u];
    if (!options_.seats_are_a_limit) return;
    if (!options_.draws && years_.size() == 1 && years_[0] == options_.from) return;
    DemandDraws draws;
    draws.share = options_.draws ? options_.draws->share : 1;
    draws.draws = options_.draws ? options_.draws->draws : 1;
    draws.years = static_cast<int>(years_.size());
    for (int d = 0; d < draws.draws; ++d) {
      for (std::size_t y = 0; y < years_.size(); ++y) {
        const std::vector<int> of_year = whole_children(years_[y], ratio_of(d, y));
        draws.children.insert(draws.children.end(), of_year.begin(), of_year.end());
      }
    }
    for (const PlanSchool& s : p_.schools) draws.seats.push_back(s.seats);
    p_.draws = std::move(draws);
  }

  // By school of the problem; of a shared zone, the mean of its schools'.
  std::vector<double> ratio_of(int draw, std::size_t year) const {
    std::vector<double> ratio;
    if (!options_.draws) return ratio;
    const std::size_t first = (static_cast<std::size_t>(draw) * years_.size() + year) * city_.schools.size();
    for (const auto& group : out_.schools) {
      double sum = 0;
      for (const SchoolIndex s : group) sum += double{options_.draws->ratio[first + s]};
      ratio.push_back(sum / static_cast<double>(group.size()));
    }
    return ratio;
  }

  void measure() {
    const std::size_t n = out_.units.size(), m = out_.schools.size();
    inputs_.distance_m.assign(n * m, kNever);
    inputs_.crossings.assign(n * m, 0);
    for (UnitIndex u = 0; u < n; ++u) {
      for (SchoolIndex s = 0; s < m; ++s) {
        double& metres = inputs_.distance_m[u * m + s];
        for (const SchoolIndex of_city : out_.schools[s]) {
          const UnitWalk* walk = city_.find_walk(out_.units[u], of_city);
          if (walk == nullptr || walk->distance_m() >= metres) continue;
          metres = walk->distance_m();
          inputs_.crossings[u * m + s] = walk->trunk_roads + walk->rails + walk->rivers;
        }
        if (out_.current[u] == s) metres = std::min(metres, kWalkLimit_m);
      }
    }
    inputs_.current = out_.current;
    for (const PlanSchool& s : p_.schools) {
      inputs_.seats.push_back(s.seats);
      inputs_.target.push_back(s.seats);
      inputs_.scale.push_back(std::max(1, s.seats));
    }
    for (const auto& group : out_.schools) {
      int classes = 0, cap = 0;
      for (const SchoolIndex s : group) {
        classes += city_.seats_of(s, options_.stage, options_.from).classes;
        cap = std::max(cap, city_.seats_of(s, options_.stage, options_.from).class_cap);
      }
      inputs_.classes.push_back(classes);
      if (cap > 0) inputs_.class_size = cap;
    }
    for (const UnitIndex u : out_.units) {
      inputs_.area.push_back(city_.units[u].area_m2);
      inputs_.perimeter.push_back(city_.units[u].perimeter_m);
    }
    for (const CityBorder& b : city_.borders) {
      if (number_[b.a] != kNoUnit && number_[b.b] != kNoUnit)
        inputs_.shared.push_back({number_[b.a], number_[b.b], b.length_m});
    }
    p_.cost.assign(n * m, 0);
  }

  void limit() {
    const int everybody = std::accumulate(p_.units.begin(), p_.units.end(), 0,
                                          [](int sum, const PlanUnit& u) { return sum + u.children; });
    // A limit of several years is that of the draws.
    if (!options_.seats_are_a_limit || p_.draws)
      for (PlanSchool& s : p_.schools) s.seats = std::max(everybody, 1);
    for (const auto& [unit, lock] : plan_.locks()) {
      if (number_[unit] != kNoUnit) p_.locks.push_back({number_[unit], out_.current[number_[unit]], true});
    }
    if (options_.most_children == kNoLimit && options_.most_units == kNoLimit) return;
    p_.budget = MoveBudget{out_.current, options_.most_children, options_.most_units, {}};
  }

  const CityPlan& plan_;
  const PlanCity& city_;
  const RedrawOptions& options_;
  std::vector<YearIndex> years_;
  std::vector<SchoolIndex> leader_;        // by school of the city
  std::vector<SchoolIndex> group_number_;  // by leader: the school of the problem
  std::vector<UnitIndex> number_;          // by unit of the city: of the problem
  PlanProblem p_;
  GoalInputs inputs_;
  CityProblem out_;
};

}  // namespace

CityProblem make_city_problem(const CityPlan& plan, const RedrawOptions& options) {
  check_options(plan.city(), options);
  return ProblemMaker(plan, options).make();
}

std::vector<PlanChange> changes_of(const CityPlan& plan, const RedrawOptions& options, const CityProblem& problem,
                                   const Assignment& assignment) {
  const PlanCity& city = plan.city();
  std::map<SchoolIndex, std::vector<std::string>> moved;
  for (UnitIndex u = 0; u < assignment.size(); ++u) {
    if (assignment[u] != problem.current[u]) moved[assignment[u]].push_back(city.units[problem.units[u]].id);
  }
  std::vector<PlanChange> changes;
  for (auto& [school, units] : moved) {
    std::vector<std::string> ids;
    for (const SchoolIndex s : problem.schools[school]) ids.push_back(city.schools[s].id);
    const Stage stage = city.stages[options.stage];
    const int year = city.school_year(options.from);
    if (ids.size() == 1) {
      changes.push_back({ReassignUnits{stage, year, std::move(units), ids[0]}, {}, {}});
    } else {
      changes.push_back(
          {DeclareZone{SchoolSet::Kind::shared, stage, year, 0, std::move(units), std::move(ids), ""}, {}, {}});
    }
  }
  return changes;
}

}  // namespace catchment::engine::planning
