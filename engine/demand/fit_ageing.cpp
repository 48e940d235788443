#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/demand/fit_parts.hpp"

namespace catchment::engine::demand {
namespace {

constexpr double kDecay = 0.8;             // of a year's weight beside the year after it
constexpr int kTopAge = 15;                // ratios up to this age; older children are no entry cohort
constexpr double kBirthDamping = 0.7;      // of the trend of births, each year further
constexpr double kUsualBirthSd = 0.05;     // of a year's births (logarithm)
constexpr int kBirthYears = 3;             // whose mean a unit's births to come start from
constexpr double kUsualYears = 3;          // of ageing that most cohorts still have before them
constexpr int kMeanYears = 6;              // ahead, over which a unit's children are averaged
constexpr double kMostUnitSd = 0.7;        // of a unit's shock (logarithm)
constexpr double kSurveyWeight = 2.0 / 3;  // of a survey beside the model's figure, until past surveys tell

int last_child_year(const CityHistory& h, int base_year) {
  for (int year = base_year; year > base_year - 10; --year) {
    for (std::size_t u = 0; u < h.units.size(); ++u) {
      for (int age = 0; age <= 2; ++age) {
        if (h.children(u, year, age) >= 0) return year;
      }
    }
  }
  return base_year;
}

// The school of the first stage that most of a unit's children belong to, or none.
std::vector<std::uint32_t> zone_of_units(const DemandModel& model) {
  const CityHistory& h = model.history;
  const auto none = static_cast<std::uint32_t>(h.schools.size());
  std::vector<std::uint32_t> zone(h.units.size(), none);
  std::vector<float> most(h.units.size(), 0);
  const StagePlan* plan = h.plan(h.rules().stages.front().stage, model.base_year + 1);
  if (plan == nullptr) return zone;
  for (const UnitShare& s : plan->shares) {
    if (s.share > most[s.unit]) zone[s.unit] = s.school, most[s.unit] = s.share;
  }
  return zone;
}

// Whether an estate of the unit was being moved into between the two years.
std::vector<char> filling(const CityHistory& h, int year) {
  std::vector<char> busy(h.units.size(), 0);
  const int years = static_cast<int>(h.rules().occupancy.size());
  for (const Housing& p : h.housing) {
    if (year >= p.completion_year && year < p.completion_year + years) busy[*h.find_unit(p.unit_id)] = 1;
  }
  return busy;
}

class AgeingFit {
 public:
  explicit AgeingFit(DemandModel& model) : model_(model), h_(model.history) {}

  void run() {
    counted_year_ = last_child_year(h_, model_.base_year);
    fit_ratios();
    project_births();
    model_.outlook.clear();
    const std::size_t stages = std::min(kStages, h_.rules().stages.size());
    for (std::size_t stage = 0; stage < stages; ++stage) model_.outlook.push_back(outlook(stage));
  }

 private:
  void fit_ratios() {
    std::vector<Transition> transitions;
    for (int year = counted_year_ - 12; year <= counted_year_; ++year) {
      const std::vector<char> busy = filling(h_, year);
      for (std::size_t u = 0; u < h_.units.size(); ++u) {
        if (busy[u] != 0) continue;
        for (int age = -1; age < kTopAge; ++age) {
          const double before = h_.children(u, year - 1, age);
          const double after = h_.children(u, year, age + 1);
          if (!(before > 0) || after < 0) continue;
          transitions.push_back({static_cast<std::uint32_t>(u), static_cast<std::uint16_t>(age + 1),
                                 static_cast<std::int16_t>(year), static_cast<float>(before),
                                 static_cast<float>(after)});
        }
      }
    }
    constexpr std::size_t kinds = kTopAge + 1;
    Components c = analyse(transitions, kinds, h_.units.size(), counted_year_, kDecay);
    phi_ = transitions.empty() ? 1 : c.phi;
    migration_sd_ = transitions.empty() ? 0.02 : std::max(0.003, c.year_sd);
    const std::vector<std::uint32_t> zone = zone_of_units(model_);
    // Unit, zone, district, city: zones first as the districts see them, then units as their zones do.
    for (std::size_t u = 0; u < h_.units.size(); ++u) c.groups[u].parent = zone[u];
    const std::size_t zones = h_.schools.size() + 1;
    const std::vector<Pooled> level(zones);
    std::vector<Observation> zone_seen = gather(c.groups, zones, between_variance(c.groups, level));
    for (std::size_t z = 0; z < h_.schools.size(); ++z) zone_seen[z].parent = h_.school_district[z];
    zone_seen.back().parent = h_.districts.size() - 1;
    const Ladder ladder = pool_ladder(zone_seen, h_.districts.size());
    const std::vector<Pooled> units = pool(c.groups, ladder.lower);
    model_.ageing.clear();
    for (std::size_t k = 0; k < kinds; ++k) {
      model_.ageing.push_back(
          {c.kind_ratio[k], c.kind_sample[k], c.kind_log_sd[k], c.kind_sample[k] > 0 ? Level::city : Level::prior});
    }
    for (std::size_t u = 0; u < h_.units.size(); ++u) {
      factor_.push_back(std::exp(units[u].log_ratio));
      factor_sd_.push_back(std::sqrt(std::max(0.0, units[u].variance)));
    }
  }

  // Births of the twelve months before the cut-off of `year`, city and units, as far as they go; then their trend.
  void project_births() {
    std::vector<double> steps;
    last_born_ = counted_year_ - 1;
    const int until = std::min(last_birth_row(), model_.base_year + 2);
    for (int year = model_.base_year - 15; year <= until; ++year) {
      // Steps are of the units known in both years: one that was not told of is no fall of the city's births.
      double sum = 0, now = 0, before = 0;
      for (std::size_t u = 0; u < h_.units.size(); ++u) {
        const double births = cohort_births(u, year), earlier = cohort_births(u, year - 1);
        if (births < 0) continue;
        sum += births;
        if (earlier >= 0) now += births, before += earlier;
      }
      if (sum > 0) last_born_ = year;
      if (now > 0 && before > 0) steps.push_back(std::log(now / before));
    }
    const std::size_t recent = std::min<std::size_t>(kBirthYears, steps.size());
    birth_trend_ = 0;
    for (std::size_t i = steps.size() - recent; i < steps.size(); ++i) {
      birth_trend_ += steps[i] / static_cast<double>(recent);
    }
    birth_sd_ = kUsualBirthSd;
    if (steps.size() >= 3) {
      const double mean = std::accumulate(steps.begin(), steps.end(), 0.0) / static_cast<double>(steps.size());
      double square = 0;
      for (const double s : steps) square += (s - mean) * (s - mean);
      birth_sd_ = std::max(0.02, std::sqrt(square / static_cast<double>(steps.size() - 1)));
    }
    for (std::size_t u = 0; u < h_.units.size(); ++u) {
      double sum = 0;
      int seen = 0;
      for (int year = last_born_ - kBirthYears + 1; year <= last_born_; ++year) {
        const double births = cohort_births(u, year);
        if (births < 0) continue;
        sum += births, ++seen;
      }
      unit_births_.push_back(seen > 0 ? sum / seen : 0);
    }
    // The mean stands for the middle of its years: it is carried to the last of them by the trend.
    start_ = std::exp(birth_trend_ * (kBirthYears - 1) / 2.0);
  }

  // Children who were or would be 0 on the cut-off of `year`: counted, or born.
  double cohort_births(std::size_t unit, int year) const {
    const double born = h_.children(unit, year - 1, -1);
    return born >= 0 ? born : h_.children(unit, year, 0);
  }

  double ratio(int age) const {  // from age to age + 1
    const std::size_t k = static_cast<std::size_t>(age + 1);
    return k < model_.ageing.size() && model_.ageing[k].from != Level::prior ? model_.ageing[k].value : 1;
  }

  struct Start {
    double children = 0;
    int age = 0;  // from which it ages
    CohortSource source = CohortSource::none;
  };

  // Of today every birth counted is known; of an earlier base year only those before its cut-off.
  int last_birth_row() const {
    return model_.base_year == h_.last_year() ? std::numeric_limits<int>::max() : model_.base_year;
  }

  // The latest that is known of the cohort that is `age` on the cut-off of `year`.
  Start start_of(std::size_t unit, int year, int age) const {
    const int counted = age - (year - counted_year_);
    if (counted >= 0) {
      const double children = h_.children(unit, counted_year_, counted);
      if (children >= 0) return {children, counted, CohortSource::counted};
    }
    const int birth_year = year - age;  // on whose cut-off it was 0
    const double born = birth_year <= last_birth_row() ? h_.children(unit, birth_year - 1, -1) : kUnknown;
    if (born >= 0) return {born, -1, CohortSource::born};
    if (birth_year <= last_born_) return {unit_births_[unit], -1, CohortSource::projected};
    double log_births = 0, step = birth_trend_;
    for (int y = last_born_; y < birth_year; ++y, step *= kBirthDamping) log_births += step * kBirthDamping;
    return {unit_births_[unit] * start_ * std::exp(log_births), -1, CohortSource::projected};
  }

  UnitOutlook outlook(std::size_t stage) const {
    UnitOutlook result;
    const int age = entry_age(h_.rules(), stage);
    const double survey_scale = scale_of_surveys(stage, age);
    result.children.assign(h_.units.size() * kMostYears, 0);
    for (std::size_t u = 0; u < h_.units.size(); ++u) {
      for (int i = 0; i < kMostYears; ++i) {
        const Start start = start_of(u, model_.base_year + 1 + i, age);
        double children = start.children;
        for (int a = start.age; a < age; ++a) children *= ratio(a) * (a >= 0 ? factor_[u] : 1);
        if (i == 0 && stage == 0) children = with_survey(u, children, survey_scale);
        result.children[u * kMostYears + static_cast<std::size_t>(i)] = static_cast<float>(children);
        auto& source = result.source[static_cast<std::size_t>(i)];
        source = std::max(source, start.source);
      }
      result.log_sd.push_back(unit_sd(u, result));
    }
    for (int i = 0; i < kMostYears; ++i) result.city_log_sd[static_cast<std::size_t>(i)] = city_sd(i, age);
    return result;
  }

  // A unit's own ratio and the chance of its few children, as one shock that goes with it to any school.
  float unit_sd(std::size_t u, const UnitOutlook& outlook) const {
    double children = 0;
    for (int i = 0; i < kMeanYears; ++i) {
      children += static_cast<double>(outlook.children[u * kMostYears + static_cast<std::size_t>(i)]) / kMeanYears;
    }
    const double ratio = factor_sd_[u] * kUsualYears;
    return static_cast<float>(
        std::min(kMostUnitSd, std::sqrt(ratio * ratio + phi_ * kUsualYears / std::max(children, 1.0))));
  }

  float city_sd(int i, int age) const {
    const int year = model_.base_year + 1 + i;
    const int ageing = std::min(year - counted_year_, age + 1);
    const int births_ahead = std::max(0, year - age - last_born_);
    double ratios = 0;  // the same years' shocks are in all of them: their errors go one way
    for (int a = age - ageing; a < std::min(age, kTopAge); ++a) {
      ratios += model_.ageing[static_cast<std::size_t>(a + 1)].log_sd;
    }
    const double variance =
        ratios * ratios + migration_sd_ * migration_sd_ * ageing + birth_sd_ * birth_sd_ * births_ahead;
    return static_cast<float>(std::sqrt(variance));
  }

  // Past surveys beside what was counted later: how much of the counted they found.
  double scale_of_surveys(std::size_t stage, int age) const {
    double surveyed = 0, counted = 0;
    if (stage == 0) {
      for (std::size_t u = 0; u < h_.units.size(); ++u) {
        for (int year = h_.first_year(); year <= model_.base_year; ++year) {
          const double survey = h_.survey(u, year);
          const double children = h_.children(u, year, age);
          if (survey < 0 || children < 0) continue;
          surveyed += survey, counted += children;
        }
      }
    }
    return surveyed > 0 && counted > 0 ? counted / surveyed : 1;
  }

  double with_survey(std::size_t unit, double children, double scale) const {
    const double survey = h_.survey(unit, model_.base_year + 1);
    if (survey < 0) return children;
    return kSurveyWeight * survey * scale + (1 - kSurveyWeight) * children;
  }

  DemandModel& model_;
  const CityHistory& h_;
  int counted_year_ = 0;
  int last_born_ = 0;
  double migration_sd_ = 0, phi_ = 1;
  double birth_trend_ = 0, birth_sd_ = 0, start_ = 1;
  std::vector<double> factor_, factor_sd_, unit_births_;
};

}  // namespace

void fit_ageing(DemandModel& model) { AgeingFit(model).run(); }

}  // namespace catchment::engine::demand
