#include "engine/demand/school_draws.hpp"

#include <algorithm>
#include <cmath>

#include "engine/demand/draws.hpp"

namespace catchment::engine::demand {
namespace {

// Names of the streams of random numbers.
enum Purpose : std::uint64_t {
  kCityCohort = 1,
  kCityEntry,
  kCityProgress,
  kUnit,
  kEntryRatio,
  kDrift,
  kEntryShock,
  kEntryChance,
  kProgressRatio,
  kProgressShock,
  kGradeChance
};

constexpr float kLasting = 0.8f;    // of a cohort shock's deviation, shared by all years
constexpr float kPassing = 0.6f;    // of its own year: squares add up to 1
constexpr double kStreamSd = 0.10;  // of the out-of-area and migrant levels (logarithm)

std::uint64_t key(std::uint64_t seed, std::uint64_t purpose, std::uint64_t a, std::uint64_t b) {
  return mix(mix(seed, purpose), mix(a, b));
}

void exponentials(std::span<const float> normal, float sd, std::span<float> out) {
  for (std::size_t d = 0; d < out.size(); ++d) out[d] = exp_of(sd * normal[d]);
}

}  // namespace

CityShocks draw_city(const DemandModel& model, std::size_t years, std::size_t draws, std::uint64_t seed) {
  CityShocks city;
  city.years = years, city.draws = draws;
  city.cohort.assign(kStages * years * draws, 1);
  city.entry.assign(years * draws, 1);
  city.progress.assign(years * draws, 1);
  std::vector<float> lasting(draws), passing(draws), walk(draws, 0);
  for (std::size_t k = 0; k < model.outlook.size(); ++k) {
    fill_normal(key(seed, kCityCohort, k, 0), lasting);
    for (std::size_t y = 0; y < years; ++y) {
      fill_normal(key(seed, kCityCohort, k, y + 1), passing);
      for (std::size_t d = 0; d < draws; ++d) {
        const float z = kLasting * lasting[d] + kPassing * passing[d];
        city.cohort[(k * years + y) * draws + d] = exp_of(model.outlook[k].city_log_sd[y] * z);
      }
    }
  }
  std::vector<float> entry_ratio(draws), progress_ratio(draws);
  fill_normal(key(seed, kCityEntry, 0, 1), entry_ratio);
  exponentials(entry_ratio, static_cast<float>(model.noise.entry_ratio), entry_ratio);
  fill_normal(key(seed, kCityProgress, 0, 1), progress_ratio);
  exponentials(progress_ratio, static_cast<float>(model.noise.progress_ratio), progress_ratio);
  for (std::size_t y = 0; y < years; ++y) {
    fill_normal(key(seed, kCityEntry, y, 0), passing);
    for (std::size_t d = 0; d < draws; ++d) {
      walk[d] += passing[d];
      city.entry[y * draws + d] = entry_ratio[d] * exp_of(static_cast<float>(model.noise.entry_city) * walk[d]);
    }
    fill_normal(key(seed, kCityProgress, y, 0), passing);
    exponentials(passing, static_cast<float>(model.noise.progress_city),
                 std::span(city.progress).subspan(y * draws, draws));
    for (std::size_t d = 0; d < draws; ++d) city.progress[y * draws + d] *= progress_ratio[d];
  }
  return city;
}

void StageDraws::prepare(std::size_t grades, std::size_t years, std::size_t draws) {
  pupils.resize(grades);
  for (auto& grade : pupils) grade.assign(years * draws, 0);
  zone_children.assign(years * draws, 0);
  zone_expected.assign(years, 0);
}

SchoolDrawer::SchoolDrawer(const DrawContext& context)
    : c_(context),
      base_(context.draws),
      normal_(context.draws),
      school_shock_(context.draws),
      ratio_(context.draws),
      drift_(context.draws) {}

std::uint64_t SchoolDrawer::stream(std::size_t school, std::uint64_t purpose, std::uint64_t a, std::uint64_t b) const {
  return key(c_.seed ^ c_.plan->schools[school].key, purpose, a, b);
}

// The leavers of the feeders of one year, into base_; gives their expectation, all feeders' and the school's own.
SchoolDrawer::Expected SchoolDrawer::add_feeders(const SchoolState& s, std::size_t year) {
  Expected expected;
  const auto last = static_cast<std::size_t>(c_.model->history.rules().stages[0].grades() - 1);
  for (const FeederIn& f : s.feeders) {
    if (f.from > static_cast<std::int16_t>(year) || f.to <= static_cast<std::int16_t>(year)) continue;
    double sum = 0;
    if (year == 0) {
      const auto sitting = static_cast<float>(c_.plan->schools[f.school].model->sitting[last]);
      for (float& b : base_) b += f.share * sitting;
      sum = static_cast<double>(f.share * sitting);
    } else {
      const std::span<const float> leavers = c_.leavers->of(f.school, year - 1);
      for (std::size_t d = 0; d < leavers.size(); ++d) {
        const float part = f.share * leavers[d];
        base_[d] += part;
        sum += static_cast<double>(part);
      }
      sum /= static_cast<double>(base_.size());
    }
    expected.now += sum;
    if (!f.handed_on) expected.usual += sum;
  }
  return expected;
}

// The children of the zone of one year, into the empty base_; gives their expectation.
double SchoolDrawer::add_zone(const SchoolState& s, std::size_t stage, std::size_t year) {
  const UnitOutlook& outlook = c_.model->outlook[stage];
  const auto now = static_cast<std::int16_t>(year);
  const std::span<const float> cohort = c_.city->cohort_of(stage, year);
  double expected = 0;
  for (const Member& m : s.members[stage]) {
    if (m.from > now || m.to <= now || !m.counts) continue;
    const float children =
        m.share * (outlook.children[m.unit * kMostYears + year] + (*c_.plan->arrivals)[m.unit * c_.years + year]);
    expected += static_cast<double>(children);
    const auto at = std::ranges::find(unit_of_factor_, m.unit) - unit_of_factor_.begin();
    const std::vector<float>& factor = unit_factor_[static_cast<std::size_t>(at)];
    for (std::size_t d = 0; d < base_.size(); ++d) base_[d] += children * factor[d];
  }
  for (std::size_t d = 0; d < base_.size(); ++d) base_[d] *= cohort[d];
  return expected;
}

// The children of the zone and the leavers of the feeders of one year: into base_ and the result. Gives
// how they differ from what the school's own level was learnt on.
SchoolDrawer::BaseChange SchoolDrawer::draw_base(std::size_t school, std::size_t stage, std::size_t year) {
  const SchoolState& s = c_.plan->schools[school];
  std::ranges::fill(base_, 0.0f);
  const double zone = stage < c_.model->outlook.size() ? add_zone(s, stage, year) : 0;
  Expected expected;
  if (stage == 1) expected = add_feeders(s, year);
  expected.now += zone;
  if (s.usual_base[stage] != nullptr) expected.usual += static_cast<double>((*s.usual_base[stage])[year]);
  std::ranges::copy(base_, result_.zone_children.begin() + static_cast<std::ptrdiff_t>(year * c_.draws));
  result_.zone_expected[year] = expected.now;
  BaseChange change;
  if (expected.now < expected.usual) change.kept = static_cast<float>(expected.now / expected.usual);
  if (expected.now > expected.usual) change.gained = static_cast<float>(1 - expected.usual / expected.now);
  return change;
}

// Chance of a count: its variance is phi times its expectation.
void SchoolDrawer::add_chance(std::uint64_t chance, float phi, std::span<float> out) {
  fill_normal(chance, normal_);
  for (std::size_t d = 0; d < out.size(); ++d) {
    out[d] = std::max(0.0f, out[d] + normal_[d] * std::sqrt(phi * std::max(out[d], 0.0f)));
  }
}

void SchoolDrawer::draw_entry(std::size_t school, std::size_t stage, std::size_t year, std::span<float> out) {
  const SchoolModel& m = *c_.plan->schools[school].model;
  const Noise& noise = c_.model->noise;
  const BaseChange change = draw_base(school, stage, year);
  // The further ahead, the less a school's own past counts beside its zone's children.
  const double own = m.own_share[stage] < 0 ? 0 : std::pow(m.own_weight[stage], static_cast<double>(year + 1));
  const double children = c_.model->city_children[stage][year];
  // A level stays with the children it was learnt on: units that leave take their part along, and what others or new
  // housing bring comes on top.
  const auto level = static_cast<float>(own * std::max(0.0, m.own_share[stage]) * children) * change.kept;
  const auto entry = static_cast<float>(m.entry[stage].value);
  const float by_zone = (static_cast<float>(1 - own) + static_cast<float>(own) * change.gained) * entry;
  const float drift = static_cast<float>(noise.entry_drift * std::sqrt(static_cast<double>(year) + 1));
  const auto streams = static_cast<float>(m.out_of_area[stage] + m.migrant[stage]);
  const std::span<const float> city = c_.city->entry_of(year);
  fill_normal(stream(school, kEntryShock, stage, year), normal_);
  const auto shock = static_cast<float>(noise.entry_school);
  for (std::size_t d = 0; d < out.size(); ++d) {
    const float zone = level * exp_of(drift * drift_[d]) + by_zone * base_[d] * ratio_[d];
    out[d] =
        (zone + streams * exp_of(static_cast<float>(kStreamSd) * drift_[d])) * city[d] * exp_of(shock * normal_[d]);
  }
  add_chance(stream(school, kEntryChance, stage, year), static_cast<float>(noise.entry_phi), out);
}

// Pupils of ended schools who join a grade, those of their last year gone up.
void SchoolDrawer::move_in(std::size_t school, std::size_t stage, std::size_t year, std::size_t grade,
                           std::span<float> out) {
  const std::size_t place =
      static_cast<std::size_t>(c_.model->history.rules().stages[stage].first_grade - c_.model->history.lowest_grade()) +
      grade;
  for (const MoveIn& move : c_.plan->schools[school].moves) {
    if (static_cast<std::size_t>(move.year) != year || move.stage != stage) continue;
    const Leaving& leaving = (*c_.leaving)[move.school];
    if (leaving.grades.size() <= place - 1 || leaving.grades[place - 1].empty()) continue;
    const std::vector<float>& from = leaving.grades[place - 1];
    for (std::size_t d = 0; d < out.size(); ++d) out[d] += move.share * from[d];
  }
}

void SchoolDrawer::draw_grade(std::size_t school, std::size_t stage, std::size_t year, std::size_t grade) {
  const SchoolModel& m = *c_.plan->schools[school].model;
  const Noise& noise = c_.model->noise;
  const std::size_t place =
      static_cast<std::size_t>(c_.model->history.rules().stages[stage].first_grade - c_.model->history.lowest_grade()) +
      grade;
  const Ratio& ratio = m.progression[place];
  std::span<float> out = std::span(result_.pupils[grade]).subspan(year * c_.draws, c_.draws);
  if (year == 0) {
    double cohort = m.sitting[place - 1];
    if (grade >= 2 && m.before[place - 1] > 0) {
      const double expected = m.before[place - 1] * m.progression[place - 1].value;
      cohort = (1 - noise.cohort_memory) * cohort + noise.cohort_memory * expected;
    }
    std::ranges::fill(out, static_cast<float>(cohort));
  } else {
    const float* before = result_.pupils[grade - 1].data() + (year - 1) * c_.draws;
    std::copy(before, before + c_.draws, out.begin());
  }
  move_in(school, stage, year, grade, out);
  const std::span<const float> city = c_.city->progress_of(year);
  const auto value = static_cast<float>(ratio.value);
  for (std::size_t d = 0; d < out.size(); ++d) out[d] *= value * ratio_[d] * city[d] * school_shock_[d];
  add_chance(stream(school, kGradeChance, stage * 16 + grade, year), static_cast<float>(noise.progress_phi), out);
}

const StageDraws& SchoolDrawer::draw(std::size_t school, std::size_t stage, Cohorts cohorts) {
  const SchoolState& s = c_.plan->schools[school];
  const auto grades = static_cast<std::size_t>(c_.model->history.rules().stages[stage].grades());
  result_.prepare(grades, c_.years, c_.draws);
  if (s.open_from[stage] >= static_cast<std::int16_t>(c_.years)) return result_;
  unit_of_factor_.clear();
  if (stage < c_.model->outlook.size()) {
    for (const Member& m : s.members[stage]) {
      if (std::ranges::find(unit_of_factor_, m.unit) == unit_of_factor_.end()) unit_of_factor_.push_back(m.unit);
    }
  }
  unit_factor_.resize(std::max(unit_factor_.size(), unit_of_factor_.size()));
  for (std::size_t i = 0; i < unit_of_factor_.size(); ++i) {
    // A unit's own luck goes with it to whatever school it is given.
    const std::uint32_t unit = unit_of_factor_[i];
    fill_normal(key(c_.seed, kUnit, stage, unit), normal_);
    unit_factor_[i].resize(c_.draws);
    exponentials(normal_, c_.model->outlook[stage].log_sd[unit], unit_factor_[i]);
    // Its mean is 1, however unsure a small unit is: a zone is expected to have the children reckoned of its units.
    const float sd = c_.model->outlook[stage].log_sd[unit];
    const float middle = exp_of(-sd * sd / 2);
    for (float& factor : unit_factor_[i]) factor *= middle;
  }
  std::vector<float> entry_ratio(c_.draws), progress_ratio(c_.draws);
  fill_normal(stream(school, kEntryRatio, stage, 0), normal_);
  exponentials(normal_, static_cast<float>(s.model->entry[stage].log_sd), entry_ratio);
  fill_normal(stream(school, kProgressRatio, stage, 0), normal_);
  exponentials(normal_, static_cast<float>(s.model->progression.back().log_sd), progress_ratio);
  fill_normal(stream(school, kDrift, stage, 0), drift_);
  for (std::size_t year = 0; year < c_.years; ++year) {
    if (static_cast<std::int16_t>(year) >= s.closed_from) break;
    if (!cohorts.hold(year, 0)) continue;
    fill_normal(stream(school, kProgressShock, stage, year), normal_);
    exponentials(normal_, static_cast<float>(c_.model->noise.progress_school), school_shock_);
    ratio_.swap(progress_ratio);
    for (std::size_t g = 1; g < grades; ++g) {
      if (cohorts.hold(year, g)) draw_grade(school, stage, year, g);
    }
    ratio_.swap(progress_ratio);
    if (static_cast<std::int16_t>(year) < s.open_from[stage]) continue;
    ratio_.swap(entry_ratio);
    draw_entry(school, stage, year, std::span(result_.pupils[0]).subspan(year * c_.draws, c_.draws));
    ratio_.swap(entry_ratio);
  }
  return result_;
}

void draw_leaving(const DrawContext& context, std::size_t stage, std::vector<Leaving>& leaving) {
  const std::vector<SchoolState>& schools = context.plan->schools;
  const CityHistory& history = context.model->history;
  const StageRule& rule = history.rules().stages[stage];
  const auto horizon = static_cast<std::int16_t>(context.years);
  const auto first = static_cast<std::size_t>(rule.first_grade - history.lowest_grade());
  leaving.resize(schools.size());
  std::vector<std::size_t> ending;
  for (std::size_t s = 0; s < schools.size(); ++s) {
    if (schools[s].closed_from < horizon) ending.push_back(s);
  }
  std::ranges::stable_sort(ending, {}, [&](std::size_t s) { return schools[s].closed_from; });
  SchoolDrawer drawer(context);
  for (const std::size_t s : ending) {
    Leaving& out = leaving[s];
    out.grades.resize(static_cast<std::size_t>(history.grades()));
    const auto year = static_cast<std::size_t>(schools[s].closed_from);
    if (schools[s].open_from[stage] >= horizon) continue;
    const StageDraws* drawn = year > 0 ? &drawer.draw(s, stage) : nullptr;
    for (std::size_t g = 0; g + 1 < static_cast<std::size_t>(rule.grades()); ++g) {
      std::vector<float>& list = out.grades[first + g];
      if (drawn == nullptr) {
        list.assign(context.draws, static_cast<float>(schools[s].model->sitting[first + g]));
      } else {
        const auto begin = drawn->pupils[g].begin() + static_cast<std::ptrdiff_t>((year - 1) * context.draws);
        list.assign(begin, begin + static_cast<std::ptrdiff_t>(context.draws));
      }
    }
  }
}

}  // namespace catchment::engine::demand
