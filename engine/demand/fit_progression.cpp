#include <algorithm>
#include <cmath>

#include "engine/demand/fit_parts.hpp"
#include "engine/demand/history_builder.hpp"

namespace catchment::engine::demand {
namespace {

constexpr double kProgressionDecay = 0.9;  // of a year's weight beside the year after it

bool is_entry(const DemandRules& rules, int grade) {
  return std::ranges::any_of(rules.stages, [&](const StageRule& s) { return s.first_grade == grade; });
}

// Every grade of every school that went up within its stage. Kinds are grades, groups schools.
std::vector<Transition> grade_transitions(const DemandModel& model) {
  const CityHistory& h = model.history;
  std::vector<Transition> result;
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    for (int g = 1; g < h.grades(); ++g) {
      const int grade = h.lowest_grade() + g;
      if (is_entry(h.rules(), grade)) continue;
      for (int year = h.first_year() + 1; year <= model.base_year; ++year) {
        const double before = h.pupils(s, year - 1, grade - 1);
        const double after = h.pupils(s, year, grade);
        if (!(before > 0) || after < 0) continue;
        result.push_back({static_cast<std::uint32_t>(s), static_cast<std::uint16_t>(g), static_cast<std::int16_t>(year),
                          static_cast<float>(before), static_cast<float>(after)});
      }
    }
  }
  return result;
}

constexpr double kUsualOff = 0.02;  // of a city's mean ratio from 1 (logarithm), where few years tell

// Each grade's ratio of the city is a mean over few years, each with a shock of its own: grades are drawn toward their
// mean, and the mean toward a cohort that goes up unchanged, by how little the years tell. Gives the mean's error,
// which all grades have in common.
double steady(Components& c) {
  if (!(c.years > 0)) return 0;
  const double shock = c.year_sd * c.year_sd / c.years;
  std::vector<Observation> grades;
  double sum = 0, weights = 0;
  for (std::size_t k = 0; k < c.kind_ratio.size(); ++k) {
    Observation o;
    o.sample = c.kind_sample[k];
    if (o.sample > 0) {
      o.log_ratio = std::log(c.kind_ratio[k]);
      // A year's shock is the whole city's: between grades it is chance and the schools' shocks that differ.
      o.variance = c.phi / o.sample + shock / 4 + 1e-7;
      sum += o.sample * o.log_ratio, weights += o.sample;
    }
    grades.push_back(o);
  }
  if (!(weights > 0)) return 0;
  const double own = kUsualOff * kUsualOff / (kUsualOff * kUsualOff + shock);
  const std::vector<Pooled> mean{{own * sum / weights, own * shock, own}};
  const std::vector<Pooled> pooled = pool(grades, mean);
  for (std::size_t k = 0; k < pooled.size(); ++k) {
    if (!(grades[k].sample > 0)) continue;
    c.kind_ratio[k] = std::exp(pooled[k].log_ratio);
    const double rest = (1 - pooled[k].weight) * (1 - pooled[k].weight) * mean[0].variance;
    c.kind_log_sd[k] = std::sqrt(mean[0].variance + std::max(0.0, pooled[k].variance - rest));
  }
  return std::sqrt(mean[0].variance);
}

// Schools by district, then grades by school: a school's grade differs from the school's other grades as far as its own
// years show it.
std::vector<Pooled> pool_grades(std::span<const Transition> transitions, const Components& c, const Ladder& schools,
                                std::size_t grades) {
  struct Sums {
    double observed = 0, expected = 0, years = 0;
  };
  std::vector<Sums> sums(schools.lower.size() * grades);
  for (const Transition& t : transitions) {
    Sums& s = sums[t.group * grades + t.kind];
    s.observed += static_cast<double>(t.after);
    s.expected += static_cast<double>(t.before) * c.kind_ratio[t.kind];
    ++s.years;
  }
  std::vector<Observation> cells;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    Observation o;
    o.parent = i / grades;
    o.sample = sums[i].expected;
    if (sums[i].years > 0) {
      o.log_ratio = std::log((sums[i].observed + 0.5) / (sums[i].expected + 0.5));
      o.variance = c.phi / (sums[i].expected + 0.5) + c.group_year_sd * c.group_year_sd / sums[i].years + 1e-9;
    }
    cells.push_back(o);
  }
  return pool(cells, schools.lower);
}

// The weight of a cohort's size a year earlier that would have forecast best: counts of one day err, and children who
// came or went for a while come back.
double find_memory(const DemandModel& model) {
  const CityHistory& h = model.history;
  double best = 0, least = -1;
  for (int step = 0; step <= 5; ++step) {
    const double weight = 0.1 * step;
    double sum = 0;
    int seen = 0;
    for (std::size_t s = 0; s < h.schools.size(); ++s) {
      for (int g = 2; g < h.grades(); ++g) {
        const int grade = h.lowest_grade() + g;
        if (is_entry(h.rules(), grade) || is_entry(h.rules(), grade - 1)) continue;
        const double into = model.schools[s].progression[static_cast<std::size_t>(g)].value;
        const double into_before = model.schools[s].progression[static_cast<std::size_t>(g - 1)].value;
        for (int year = h.first_year() + 2; year <= model.base_year; ++year) {
          const double now = h.pupils(s, year, grade);
          const double last = h.pupils(s, year - 1, grade - 1);
          const double earlier = h.pupils(s, year - 2, grade - 2);
          if (now < 0 || !(last > 0) || !(earlier > 0)) continue;
          const double expected = ((1 - weight) * last + weight * earlier * into_before) * into;
          const double off = std::min(std::fabs(now - expected) / std::sqrt(last), 3.0);
          sum += off * off;
          ++seen;
        }
      }
    }
    if (seen < 30) return 0;
    if (least < 0 || sum < least) best = weight, least = sum;
  }
  return best;
}

void take_sitting(DemandModel& model) {
  const CityHistory& h = model.history;
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    SchoolModel& school = model.schools[s];
    school.sitting.assign(static_cast<std::size_t>(h.grades()), 0);
    school.before.assign(static_cast<std::size_t>(h.grades()), kUnknown);
    for (int g = 0; g < h.grades(); ++g) {
      const int grade = h.lowest_grade() + g;
      school.sitting[static_cast<std::size_t>(g)] = std::max(0.0, h.pupils(s, model.base_year, grade));
      if (g > 0 && !is_entry(h.rules(), grade)) {
        school.before[static_cast<std::size_t>(g)] = h.pupils(s, model.base_year - 1, grade - 1);
      }
    }
  }
}

}  // namespace

Ratio to_ratio(double city_value, const Pooled& pooled, const Observation& own, const Observation& district) {
  Ratio ratio;
  ratio.value = city_value * std::exp(pooled.log_ratio);
  ratio.log_sd = std::sqrt(std::max(0.0, pooled.variance));
  ratio.sample = own.sample > 0 ? own.sample : district.sample;
  ratio.from = own.sample > 0 ? Level::zone : district.sample > 0 ? Level::district : Level::city;
  return ratio;
}

void fit_progression(DemandModel& model) {
  const CityHistory& h = model.history;
  const auto grades = static_cast<std::size_t>(h.grades());
  const std::vector<Transition> transitions = grade_transitions(model);
  Components c = analyse(transitions, grades, h.schools.size(), model.base_year, kProgressionDecay);
  model.noise.progress_ratio = steady(c);
  for (std::size_t s = 0; s < h.schools.size(); ++s) c.groups[s].parent = h.school_district[s];
  const Ladder ladder = pool_ladder(c.groups, h.districts.size());
  const std::vector<Pooled> by_grade = pool_grades(transitions, c, ladder, grades);
  model.city_progression.assign(grades, {});
  for (std::size_t g = 0; g < grades; ++g) {
    model.city_progression[g] = {c.kind_ratio[g], c.kind_sample[g], c.kind_log_sd[g],
                                 c.kind_sample[g] > 0 ? Level::city : Level::prior};
  }
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    model.schools[s].progression.clear();
    for (std::size_t g = 0; g < grades; ++g) {
      Ratio r =
          to_ratio(c.kind_ratio[g], by_grade[s * grades + g], c.groups[s], ladder.upper_seen[h.school_district[s]]);
      if (!(c.kind_sample[g] > 0)) r.from = Level::prior;
      model.schools[s].progression.push_back(r);
    }
  }
  for (std::size_t d = 0; d < h.districts.size(); ++d) {
    model.district_model[d].progression.clear();
    for (std::size_t g = 0; g < grades; ++g) {
      model.district_model[d].progression.push_back(
          to_ratio(c.kind_ratio[g], ladder.upper[d], Observation{}, ladder.upper_seen[d]));
    }
  }
  model.noise.progress_phi = c.phi;
  model.noise.progress_school = c.group_year_sd;
  model.noise.progress_city = c.year_sd;
  take_sitting(model);
  model.noise.cohort_memory = find_memory(model);
}

}  // namespace catchment::engine::demand
