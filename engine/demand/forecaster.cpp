#include "engine/demand/forecaster.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>

#include "engine/demand/estimates.hpp"
#include "engine/demand/school_draws.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

constexpr double kFixed = 65536;  // pupils of one draw as whole numbers: sums of them know no order

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

// Pupils of the whole city: [grade][year * draws + draw].
struct Totals {
  std::vector<std::vector<std::int64_t>> grades;

  void prepare(std::size_t count, std::size_t cells) { grades.assign(count, std::vector<std::int64_t>(cells, 0)); }
  void add(const Totals& other) {
    for (std::size_t g = 0; g < grades.size(); ++g) {
      for (std::size_t i = 0; i < grades[g].size(); ++i) grades[g][i] += other.grades[g][i];
    }
  }
};

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
  Totals totals;
  Forecast result;
  bool cancelled = false;

  Impl(const DemandModel& m, ForecastOptions o) : model(m), options(std::move(o)) {
    check();
    years = static_cast<std::size_t>(options.horizon);
    draws = static_cast<std::size_t>(options.draws);
    stages = std::min(kStages, model.history.rules().stages.size());
    plan = make_plan_state(model, options.horizon);
    city = draw_city(model, years, draws, options.seed);
    totals.prepare(static_cast<std::size_t>(model.history.grades()), years * draws);
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
      for (std::size_t i = 0; i < count; ++i) work(drawer, totals, i);
      return true;
    }
    std::atomic<std::size_t> next{0}, done{0};
    std::atomic<bool> stop{false};
    std::vector<Totals> sums(thread_count());
    const auto run_one = [&](std::size_t thread) {
      SchoolDrawer drawer(context());
      sums[thread].prepare(totals.grades.size(), years * draws);
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
    for (const Totals& t : sums) totals.add(t);
    return !stop;
  }

  std::size_t first_place(std::size_t stage) const {
    return static_cast<std::size_t>(model.history.rules().stages[stage].first_grade - model.history.lowest_grade());
  }

  bool teaches(const SchoolState& s, std::size_t stage) const {
    return s.open_from[stage] < static_cast<std::int16_t>(years);
  }

  // Schools that end hand their pupils on, so a stage of theirs is drawn before the others', in the order of their
  // years; the second stage wants the first's leavers.
  void draw_leaving(std::size_t k) {
    leaving.resize(plan.schools.size());
    std::vector<std::size_t> ending;
    for (std::size_t s = 0; s < plan.schools.size(); ++s) {
      if (plan.schools[s].closed_from < static_cast<std::int16_t>(years)) ending.push_back(s);
    }
    std::ranges::stable_sort(ending, {}, [&](std::size_t s) { return plan.schools[s].closed_from; });
    SchoolDrawer drawer(context());
    for (const std::size_t s : ending) {
      Leaving& out = leaving[s];
      out.grades.resize(static_cast<std::size_t>(model.history.grades()));
      const auto year = static_cast<std::size_t>(plan.schools[s].closed_from);
      if (!teaches(plan.schools[s], k)) continue;
      const auto grades = static_cast<std::size_t>(model.history.rules().stages[k].grades());
      const StageDraws* drawn = year > 0 ? &drawer.draw(s, k) : nullptr;
      for (std::size_t g = 0; g + 1 < grades; ++g) {
        std::vector<float>& list = out.grades[first_place(k) + g];
        if (drawn == nullptr) {
          list.assign(draws, static_cast<float>(plan.schools[s].model->sitting[first_place(k) + g]));
        } else {
          const auto begin = drawn->pupils[g].begin() + static_cast<std::ptrdiff_t>((year - 1) * draws);
          list.assign(begin, begin + static_cast<std::ptrdiff_t>(draws));
        }
      }
    }
  }

  void count(Totals& sums, std::size_t stage, const StageDraws& drawn, std::int64_t sign) const {
    for (std::size_t g = 0; g < drawn.pupils.size(); ++g) {
      std::vector<std::int64_t>& sum = sums.grades[first_place(stage) + g];
      const std::vector<float>& pupils = drawn.pupils[g];
      for (std::size_t i = 0; i < pupils.size(); ++i) {
        sum[i] += sign * static_cast<std::int64_t>(pupils[i] * static_cast<float>(kFixed));
      }
    }
  }

  const std::array<double, 3>& factor(OutcomeKind kind, std::size_t year) const {
    return model.calibration
        .factor[static_cast<std::size_t>(kind)][std::min<std::size_t>(year, Calibration::kYears - 1)];
  }

  void report(std::size_t school, std::size_t stage, const StageDraws& drawn) {
    SchoolForecast& out = result.schools[school];
    const SchoolState& state = plan.schools[school];
    const StageRule& rule = model.history.rules().stages[stage];
    const bool first = !teaches(state, 0) || stage == 0;
    for (std::size_t g = 0; g < drawn.pupils.size(); ++g) {
      GradeForecast grade;
      grade.grade = rule.first_grade + static_cast<int>(g);
      for (std::size_t y = 0; y < years; ++y) {
        const OutcomeKind kind = kind_of(static_cast<int>(g), static_cast<int>(y) + 1);
        grade.years.push_back(estimate(std::span(drawn.pupils[g]).subspan(y * draws, draws), factor(kind, y)));
      }
      out.grades.push_back(std::move(grade));
    }
    if (!first) return;
    const bool has_base = !state.members[stage].empty() || (stage == 1 && !state.feeders.empty());
    out.entry_from = state.model->entry[stage].from;
    out.entry_sample = state.model->entry[stage].sample;
    out.shrunk = state.model->shrunk;
    if (!has_base) return;
    const GradeForecast& entry = out.grades[out.grades.size() - drawn.pupils.size()];
    for (std::size_t y = 0; y < years; ++y) {
      const std::span<const float> children = std::span(drawn.zone_children).subspan(y * draws, draws);
      out.zone_children.push_back(estimate(children, factor(OutcomeKind::zone_children, y)));
      EntryFlow flow;
      flow.zone_children = std::round(drawn.zone_expected[y] * 1000) / 1000;
      flow.enrolled = entry.years[y].mean;
      if (stage == 0) flow.private_school = std::round(flow.zone_children * model.private_share[0] * 1000) / 1000;
      const double rest = flow.zone_children - flow.private_school - flow.enrolled;
      (rest >= 0 ? flow.elsewhere : flow.from_outside) = std::fabs(rest);
      const double streams = state.model->migrant[stage] + state.model->out_of_area[stage];
      flow.migrant = streams > 0 ? std::min(flow.from_outside, state.model->migrant[stage]) : 0;
      out.entry.push_back(flow);
    }
  }

  void draw_stage(std::size_t stage, const std::vector<std::size_t>& schools, double from, double part) {
    draw_leaving(stage);
    const bool hands_on = stage == 0 && stages > 1;
    const auto last = static_cast<std::size_t>(model.history.rules().stages[0].grades() - 1);
    const bool finished = spread(schools.size(), from, part, [&](SchoolDrawer& drawer, Totals& sums, std::size_t i) {
      const std::size_t s = schools[i];
      if (!teaches(plan.schools[s], stage)) return;
      const StageDraws& drawn = drawer.draw(s, stage);
      count(sums, stage, drawn, 1);
      if (hands_on) leavers.by_school[s] = drawn.pupils[last];
      report(s, stage, drawn);
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
    report_city();
  }

  Estimate city_estimate(std::span<const std::int64_t> sums, OutcomeKind kind, std::size_t year) const {
    std::vector<float> values(sums.size());
    double mean = 0;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const double value = static_cast<double>(sums[i]) / kFixed;
      mean += value;
      values[i] = static_cast<float>(value);
    }
    Estimate e = estimate(values, factor(kind, year));
    e.mean = std::round(mean / static_cast<double>(sums.size()) * 1000) / 1000;
    return e;
  }

  void report_city() {
    result.city = {};
    for (std::size_t g = 0; g < totals.grades.size(); ++g) {
      GradeForecast grade;
      grade.grade = model.history.lowest_grade() + static_cast<int>(g);
      for (std::size_t y = 0; y < years; ++y) {
        grade.years.push_back(
            city_estimate(std::span(totals.grades[g]).subspan(y * draws, draws), OutcomeKind::city_grade, y));
      }
      result.city.grades.push_back(std::move(grade));
    }
    for (std::size_t k = 0; k < stages; ++k) {
      const StageRule& rule = model.history.rules().stages[k];
      GradeForecast stage;
      stage.grade = rule.first_grade;
      for (std::size_t y = 0; y < years; ++y) {
        std::vector<std::int64_t> sum(draws, 0);
        for (int g = 0; g < rule.grades(); ++g) {
          const auto& grade = totals.grades[first_place(k) + static_cast<std::size_t>(g)];
          for (std::size_t d = 0; d < draws; ++d) sum[d] += grade[y * draws + d];
        }
        stage.years.push_back(city_estimate(sum, OutcomeKind::city_stage, y));
      }
      result.city.stages.push_back(std::move(stage));
    }
  }

  // Takes what the touched schools came to out of the totals: they are drawn as they were.
  void take_out(const std::array<std::vector<char>, kStages>& touched) {
    SchoolDrawer drawer(context());
    for (std::size_t k = 0; k < stages; ++k) {
      for (std::size_t s = 0; s < plan.schools.size(); ++s) {
        if (touched[k][s] != 0 && teaches(plan.schools[s], k)) count(totals, k, drawer.draw(s, k), -1);
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
    take_out(by_old_place(next, touched));
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
        return touched[stages > 1 && g.grade >= model.history.rules().stages[1].first_grade ? 1 : 0][s] != 0;
      });
      if (touched[0][s] != 0 || !teaches(plan.schools[s], 0)) f.entry.clear(), f.zone_children.clear();
    }
    for (std::size_t k = 0; k < stages; ++k) {
      std::vector<std::size_t> list;
      for (std::size_t s = 0; s < plan.schools.size(); ++s) {
        if (touched[k][s] != 0) list.push_back(s);
      }
      draw_stage(k, list, 0, 1);
    }
    for (const std::size_t s : changed) std::ranges::sort(result.schools[s].grades, {}, &GradeForecast::grade);
    report_city();
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
    const auto factor =
        static_cast<float>(impl.factor(OutcomeKind::entry, y)[1]);  // of the 80 % interval: the middle level
    for (float& x : list) x = std::max(0.0f, median + factor * (x - median));
  }
  return lists;
}

}  // namespace catchment::engine::demand
