#include "engine/demand/forecaster.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "engine/demand/city_totals.hpp"
#include "engine/demand/estimates.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

constexpr std::size_t kFew = 16;  // schools that are not worth a thread

std::string_view word(Level level) {
  switch (level) {
    case Level::prior:
      return "prior";
    case Level::city:
      return "city";
    case Level::district:
      return "district";
    case Level::zone:
      return "zone";
    case Level::unit:
      return "unit";
  }
  return "";
}

}  // namespace

std::string_view to_word(Level level) { return word(level); }

struct Forecaster::Impl {
  const DemandModel& model;
  ForecastOptions options;
  std::size_t years, draws, stages;
  PlanState plan;
  CityShocks city;
  Leavers leavers;
  std::vector<Leaving> leaving;
  CityTotals totals;
  Forecast result;
  bool cancelled = false;

  Impl(const DemandModel& m, ForecastOptions o) : model(m), options(std::move(o)) {
    check();
    years = static_cast<std::size_t>(options.horizon);
    draws = static_cast<std::size_t>(options.draws);
    stages = std::min(kStages, model.history.rules().stages.size());
    plan = make_plan_state(model, options.horizon);
    city = draw_city(model, years, draws, options.seed);
    totals = empty_totals();
    result.base_year = model.base_year;
    result.horizon = options.horizon;
    result.draws = options.draws;
    result.seed = options.seed;
    run();
    options.progress = nullptr;  // a change is carried out whole
  }

  void check() const {
    const auto refuse = [](const std::string& option, const std::string& message) {
      throw InputError("demand_option", option, message);
    };
    if (options.horizon < 1 || options.horizon > kMostYears) refuse("horizon", "the horizon must be 1 to 30 years");
    if (options.draws < 100 || options.draws > 100'000) refuse("draws", "there must be 100 to 100000 draws");
  }

  CityTotals empty_totals() const { return {static_cast<std::size_t>(model.history.grades()), years, draws}; }

  unsigned thread_count() const {
    return options.threads != 0 ? options.threads : std::max(1u, std::thread::hardware_concurrency());
  }

  DrawContext context() {
    DrawContext c;
    c.model = &model, c.plan = &plan, c.city = &city, c.leavers = &leavers, c.leaving = &leaving;
    c.years = years, c.draws = draws, c.seed = options.seed;
    return c;
  }

  // Does `work(drawer, totals, i)` for all i below count on every thread; false if cancelled.
  template <typename Work>
  bool spread(std::size_t count, double from, double part, Work work) {
    if (options.progress && !options.progress(from)) return false;
    if (count <= kFew) {
      SchoolDrawer drawer(context());
      for (std::size_t i = 0; i < count; ++i) {
        work(drawer, totals, i);
        const double share = from + part * static_cast<double>(i + 1) / static_cast<double>(count);
        if (options.progress && !options.progress(share)) return false;
      }
      return true;
    }
    std::atomic<std::size_t> next{0}, done{0};
    std::atomic<bool> stop{false};
    std::vector<CityTotals> sums(thread_count());
    const auto run_one = [&](std::size_t thread) {
      SchoolDrawer drawer(context());
      sums[thread] = empty_totals();
      std::size_t reported = 0;
      for (std::size_t i = next++; i < count && !stop; i = next++) {
        work(drawer, sums[thread], i);
        const std::size_t finished = ++done;
        if (thread == 0 && options.progress && finished - reported >= 16) {
          reported = finished;
          const double share = from + part * static_cast<double>(finished) / static_cast<double>(count);
          if (!options.progress(share)) stop = true;
        }
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t t = 1; t < sums.size(); ++t) threads.emplace_back(run_one, t);
    run_one(0);
    for (std::thread& t : threads) t.join();
    for (const CityTotals& t : sums) totals.add(t);
    return !stop;
  }

  std::size_t first_place(std::size_t stage) const {
    return static_cast<std::size_t>(model.history.rules().stages[stage].first_grade - model.history.lowest_grade());
  }

  bool teaches(const SchoolState& s, std::size_t stage) const {
    return s.open_from[stage] < static_cast<std::int16_t>(years);
  }

  // Figures of the cohorts; those of others stay as they are.
  void report(std::size_t school, std::size_t stage, const StageDraws& drawn, Cohorts cohorts) {
    SchoolForecast& out = result.schools[school];
    const SchoolState& state = plan.schools[school];
    const StageRule& rule = model.history.rules().stages[stage];
    const bool first = !teaches(state, 0) || stage == 0;
    auto grade = std::ranges::find(out.grades, rule.first_grade, &GradeForecast::grade);
    if (grade == out.grades.end()) {
      const auto place = static_cast<std::ptrdiff_t>(out.grades.size());
      for (int g = rule.first_grade; g <= rule.last_grade; ++g) out.grades.push_back({g, std::vector<Estimate>(years)});
      grade = out.grades.begin() + place;
    }
    const GradeForecast& entry = *grade;
    for (std::size_t g = 0; g < drawn.pupils.size(); ++g, ++grade) {
      for (std::size_t y = 0; y < years; ++y) {
        if (!cohorts.hold(y, g)) continue;
        const OutcomeKind kind = kind_of(static_cast<int>(g), static_cast<int>(y) + 1);
        grade->years[y] = estimate(std::span(drawn.pupils[g]).subspan(y * draws, draws), model.calibration.of(kind, y));
      }
    }
    if (!first) return;
    const bool has_base = !state.members[stage].empty() || (stage == 1 && !state.feeders.empty());
    out.entry_from = state.model->entry[stage].from;
    out.entry_sample = state.model->entry[stage].sample;
    out.shrunk = state.model->shrunk;
    if (!has_base) return;
    out.zone_children.resize(years);
    out.entry.resize(years);
    for (std::size_t y = 0; y < years; ++y) {
      if (!cohorts.hold(y, 0)) continue;
      const std::span<const float> children = std::span(drawn.zone_children).subspan(y * draws, draws);
      out.zone_children[y] = estimate(children, model.calibration.of(OutcomeKind::zone_children, y));
      out.entry[y] = flow_of(state, stage, drawn.zone_expected[y], entry.years[y].mean);
    }
  }

  EntryFlow flow_of(const SchoolState& state, std::size_t stage, double zone_children, double enrolled) const {
    EntryFlow flow;
    flow.zone_children = std::round(zone_children * 1000) / 1000;
    flow.enrolled = enrolled;
    if (stage == 0) flow.private_school = std::round(flow.zone_children * model.private_share[0] * 1000) / 1000;
    const double rest = flow.zone_children - flow.private_school - flow.enrolled;
    (rest >= 0 ? flow.elsewhere : flow.from_outside) = std::fabs(rest);
    const double streams = state.model->migrant[stage] + state.model->out_of_area[stage];
    flow.migrant = streams > 0 ? std::min(flow.from_outside, state.model->migrant[stage]) : 0;
    return flow;
  }

  // The cohorts to draw of a stage of every school; empty: all of all.
  using CohortsOf = std::vector<Cohorts>;

  void draw_stage(std::size_t stage, const std::vector<std::size_t>& schools, double from, double part,
                  const CohortsOf& cohorts = {}) {
    draw_leaving(context(), stage, leaving);
    const bool hands_on = stage == 0 && stages > 1;
    const auto last = static_cast<std::size_t>(model.history.rules().stages[0].grades() - 1);
    const bool finished =
        spread(schools.size(), from, part, [&](SchoolDrawer& drawer, CityTotals& sums, std::size_t i) {
          const std::size_t s = schools[i];
          if (!teaches(plan.schools[s], stage)) return;
          const Cohorts those = cohorts.empty() ? Cohorts{} : cohorts[s];
          const StageDraws& drawn = drawer.draw(s, stage, those);
          sums.count(first_place(stage), drawn, 1, those);
          if (hands_on) {
            leavers.by_school[s].resize(years * draws);
            const std::size_t first = those.all ? 0 : std::min(years, those.entering_from + last) * draws;
            std::copy(drawn.pupils[last].begin() + static_cast<std::ptrdiff_t>(first), drawn.pupils[last].end(),
                      leavers.by_school[s].begin() + static_cast<std::ptrdiff_t>(first));
          }
          report(s, stage, drawn, those);
        });
    if (!finished) cancelled = true;
  }

  void run() {
    const std::size_t count_of = plan.schools.size();
    leavers.draws = draws, leavers.years = years;
    leavers.by_school.assign(count_of, {});
    result.schools.assign(count_of, {});
    for (std::size_t s = 0; s < count_of; ++s) result.schools[s].school_id = plan.schools[s].place->school_id;
    std::vector<std::size_t> all(count_of);
    for (std::size_t s = 0; s < count_of; ++s) all[s] = s;
    for (std::size_t k = 0; k < stages && !cancelled; ++k) {
      draw_stage(k, all, static_cast<double>(k) / static_cast<double>(stages), 1.0 / static_cast<double>(stages));
    }
    if (cancelled) {
      result = {};
      return;
    }
    totals.report(model, nullptr, result.city);
  }

  // Which cohorts of the touched schools differ between the plans: all unless it is sure that just entrants do.
  std::array<CohortsOf, kStages> cohorts_changed(const PlanState& next,
                                                 const std::array<std::vector<char>, kStages>& touched) const {
    std::array<CohortsOf, kStages> result_by_stage;
    for (auto& list : result_by_stage) list.assign(next.schools.size(), {});
    if (next.schools.size() != plan.schools.size() || next.arrivals != plan.arrivals) return result_by_stage;
    for (std::size_t k = 0; k < stages; ++k) {
      for (std::size_t s = 0; s < next.schools.size(); ++s) {
        if (touched[k][s] == 0) continue;
        const auto own = first_entrants_changed(plan.schools[s], next.schools[s], k, years);
        if (!own) continue;
        Cohorts changed{false, *own};
        if (k == 1) {
          const auto grades = static_cast<std::size_t>(model.history.rules().stages[0].grades());
          for (const FeederIn& f : next.schools[s].feeders) {
            if (touched[0][f.school] == 0) continue;
            const Cohorts& from = result_by_stage[0][f.school];
            if (from.all) changed.all = true;
            changed.entering_from = std::min(changed.entering_from, from.entering_from + grades);
          }
        }
        result_by_stage[k][s] = changed;
      }
    }
    return result_by_stage;
  }

  // Takes what the touched schools came to out of the totals: they are drawn as they were.
  void take_out(const std::array<std::vector<char>, kStages>& touched, const std::array<CohortsOf, kStages>& cohorts) {
    SchoolDrawer drawer(context());
    for (std::size_t k = 0; k < stages; ++k) {
      for (std::size_t s = 0; s < plan.schools.size(); ++s) {
        if (touched[k][s] == 0 || !teaches(plan.schools[s], k)) continue;
        // Places are those of the next plan only where schools are as many; else all cohorts are drawn.
        const Cohorts those = cohorts[k].size() == plan.schools.size() ? cohorts[k][s] : Cohorts{};
        totals.count(first_place(k), drawer.draw(s, k, those), -1, those);
      }
    }
  }

  // Lists by school follow schools that were opened between the others.
  void make_room(const PlanState& next) {
    std::vector<SchoolForecast> forecasts;
    std::vector<std::vector<float>> lists;
    std::size_t old = 0;
    for (const SchoolState& s : next.schools) {
      const bool known = old < plan.schools.size() && plan.schools[old].place->school_id == s.place->school_id;
      forecasts.push_back(known ? std::move(result.schools[old]) : SchoolForecast{});
      forecasts.back().school_id = s.place->school_id;
      lists.push_back(known ? std::move(leavers.by_school[old]) : std::vector<float>{});
      old += known ? 1 : 0;
    }
    result.schools = std::move(forecasts);
    leavers.by_school = std::move(lists);
  }

  std::vector<std::size_t> apply(std::span<const ScenarioChange> changes) {
    std::array<std::vector<char>, kStages> touched;
    PlanState next = apply_changes(model, options.horizon, changes, plan, touched);
    const std::array<CohortsOf, kStages> cohorts = cohorts_changed(next, touched);
    const CityTotals before = totals;
    take_out(by_old_place(next, touched), cohorts);
    if (next.schools.size() != plan.schools.size()) make_room(next);
    plan = std::move(next);
    leaving.assign(plan.schools.size(), {});
    std::vector<std::size_t> changed;
    for (std::size_t s = 0; s < plan.schools.size(); ++s) {
      if (touched[0][s] == 0 && touched[1][s] == 0) continue;
      changed.push_back(s);
      SchoolForecast& f = result.schools[s];
      // Grades of a stage that did not change stay as they are.
      std::erase_if(f.grades, [&](const GradeForecast& g) {
        const std::size_t k = stages > 1 && g.grade >= model.history.rules().stages[1].first_grade ? 1 : 0;
        return touched[k][s] != 0 && (cohorts[k][s].all || !teaches(plan.schools[s], k));
      });
      const std::size_t first = teaches(plan.schools[s], 0) ? 0 : 1;
      if (touched[first][s] != 0 && cohorts[first][s].all) f.entry.clear(), f.zone_children.clear();
    }
    for (std::size_t k = 0; k < stages; ++k) {
      std::vector<std::size_t> list;
      for (std::size_t s = 0; s < plan.schools.size(); ++s) {
        if (touched[k][s] != 0) list.push_back(s);
      }
      draw_stage(k, list, 0, 1, cohorts[k]);
    }
    for (const std::size_t s : changed) std::ranges::sort(result.schools[s].grades, {}, &GradeForecast::grade);
    totals.report(model, &before, result.city);
    return changed;
  }

  std::array<std::vector<char>, kStages> by_old_place(const PlanState& next,
                                                      const std::array<std::vector<char>, kStages>& touched) const {
    std::array<std::vector<char>, kStages> result_by_place;
    for (std::size_t k = 0; k < kStages; ++k) {
      std::size_t old = 0;
      for (std::size_t s = 0; s < next.schools.size(); ++s) {
        if (old >= plan.schools.size() || plan.schools[old].place->school_id != next.schools[s].place->school_id)
          continue;
        result_by_place[k].push_back(touched[k][s]);
        ++old;
      }
    }
    return result_by_place;
  }
};

Forecaster::Forecaster(const DemandModel& model, ForecastOptions options)
    : impl_(std::make_unique<Impl>(model, std::move(options))) {}
Forecaster::~Forecaster() = default;
Forecaster::Forecaster(Forecaster&&) noexcept = default;

const Forecast& Forecaster::forecast() const { return impl_->result; }
bool Forecaster::cancelled() const { return impl_->cancelled; }

std::vector<std::size_t> Forecaster::apply(std::span<const ScenarioChange> changes) { return impl_->apply(changes); }

std::vector<std::vector<float>> Forecaster::entry_draws(std::size_t school, std::size_t stage) const {
  Impl& impl = *impl_;
  std::vector<std::vector<float>> lists(impl.years);
  if (!impl.teaches(impl.plan.schools[school], stage)) return lists;
  SchoolDrawer drawer(impl.context());
  const StageDraws& drawn = drawer.draw(school, stage);
  for (std::size_t y = 0; y < impl.years; ++y) {
    std::vector<float>& list = lists[y];
    const auto begin = drawn.pupils[0].begin() + static_cast<std::ptrdiff_t>(y * impl.draws);
    list.assign(begin, begin + static_cast<std::ptrdiff_t>(impl.draws));
    const float median = quantile(list, 0.5);
    const auto factor = static_cast<float>(
        impl.model.calibration.of(OutcomeKind::entry, y)[1]);  // of the 80 % interval: the middle level
    for (float& x : list) x = std::max(0.0f, median + factor * (x - median));
  }
  return lists;
}

}  // namespace catchment::engine::demand
