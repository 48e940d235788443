#include "engine/demand/entry_draws.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "engine/demand/estimates.hpp"
#include "engine/demand/school_draws.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

constexpr std::size_t kMiddle = 1;  // the 80 % interval, whose factor stands for the spread

bool by_unit(const Member& a, const Member& b) {
  return std::tuple(a.unit, a.from, a.to) < std::tuple(b.unit, b.from, b.to);
}

struct SchoolMember {
  std::uint32_t school = 0;
  Member member;
};

}  // namespace

struct EntryDraws::Impl {
  const DemandModel& model;
  std::size_t years, draws, stages;
  std::uint64_t seed;
  PlanState base, plan;
  CityShocks city;
  Leavers leavers;
  std::vector<Leaving> leaving;
  std::vector<std::array<std::vector<float>, kStages>> entries;      // [school][stage][year * draws + draw]
  std::array<std::vector<std::vector<std::uint32_t>>, kStages> had;  // [stage][unit]: schools it has members in
  std::vector<std::vector<std::uint32_t>> fed;                       // by school: schools of the second stage it feeds
  std::array<std::vector<std::vector<std::uint32_t>>, kStages> base_had;
  std::set<SchoolStage> changed;  // may differ from the base

  Impl(const DemandModel& m, const ForecastOptions& o)
      : model(m),
        years(static_cast<std::size_t>(o.horizon)),
        draws(static_cast<std::size_t>(o.draws)),
        stages(std::min(kStages, m.history.rules().stages.size())),
        seed(o.seed) {
    if (o.horizon < 1 || o.horizon > kMostYears) throw InputError("demand_option", "horizon", "must be 1 to 30 years");
    if (o.draws < 100 || o.draws > 100'000) throw InputError("demand_option", "draws", "must be 100 to 100000");
    base = make_plan_state(model, o.horizon);
    plan = base;
    city = draw_city(model, years, draws, seed);
    leavers.draws = draws, leavers.years = years;
    leavers.by_school.resize(plan.schools.size());
    entries.resize(plan.schools.size());
    index();
    base_had = had;
    std::vector<SchoolStage> all;
    for (std::size_t k = 0; k < stages; ++k) {
      for (std::uint32_t s = 0; s < plan.schools.size(); ++s) all.push_back({s, k});
    }
    draw(all, {});
  }

  void index() {
    fed.assign(plan.schools.size(), {});
    for (std::uint32_t s = 0; s < plan.schools.size(); ++s) {
      for (const FeederIn& f : plan.schools[s].feeders) fed[f.school].push_back(s);
    }
    for (std::size_t k = 0; k < stages; ++k) {
      had[k].assign(model.history.units.size(), {});
      for (std::uint32_t s = 0; s < plan.schools.size(); ++s) {
        for (const Member& m : plan.schools[s].members[k]) {
          std::vector<std::uint32_t>& schools = had[k][m.unit];
          if (schools.empty() || schools.back() != s) schools.push_back(s);
        }
      }
    }
  }

  DrawContext context() {
    DrawContext c;
    c.model = &model, c.plan = &plan, c.city = &city, c.leavers = &leavers, c.leaving = &leaving;
    c.years = years, c.draws = draws, c.seed = seed;
    return c;
  }

  bool teaches(std::size_t school, std::size_t stage) const {
    return plan.schools[school].open_from[stage] < static_cast<std::int16_t>(years);
  }

  // Draws the cohorts of the schools (all of those not named) and keeps what is asked for; first stages first.
  void draw(std::vector<SchoolStage> those, const std::map<SchoolStage, Cohorts>& cohorts) {
    std::ranges::sort(those, {}, [](const SchoolStage& s) { return std::pair(s.stage, s.school); });
    leaving.assign(plan.schools.size(), {});
    std::size_t at = 0;
    for (std::size_t k = 0; k < stages; ++k) {
      draw_leaving(context(), k, leaving);
      SchoolDrawer drawer(context());
      for (; at < those.size() && those[at].stage == k; ++at) {
        const std::uint32_t s = those[at].school;
        if (!teaches(s, k)) {
          entries[s][k].clear();
          if (k == 0) leavers.by_school[s].clear();
          continue;
        }
        const auto told = cohorts.find(those[at]);
        const Cohorts which = told == cohorts.end() ? Cohorts{} : told->second;
        keep(s, k, drawer.draw(s, k, which), which);
      }
    }
  }

  void keep(std::uint32_t s, std::size_t k, const StageDraws& drawn, Cohorts cohorts) {
    std::vector<float>& entry = entries[s][k];
    entry.resize(years * draws);
    std::vector<float> list;
    for (std::size_t y = 0; y < years; ++y) {
      if (!cohorts.hold(y, 0)) continue;
      const auto begin = drawn.pupils[0].begin() + static_cast<std::ptrdiff_t>(y * draws);
      list.assign(begin, begin + static_cast<std::ptrdiff_t>(draws));
      const float median = quantile(list, 0.5);
      const auto factor = static_cast<float>(model.calibration.of(OutcomeKind::entry, y)[kMiddle]);
      for (std::size_t d = 0; d < draws; ++d)
        entry[y * draws + d] = std::max(0.0f, median + factor * (begin[static_cast<std::ptrdiff_t>(d)] - median));
    }
    if (k != 0 || stages < 2) return;
    const auto last = static_cast<std::size_t>(model.history.rules().stages[0].grades() - 1);
    const std::size_t first = cohorts.all ? 0 : std::min(years, cohorts.entering_from + last) * draws;
    leavers.by_school[s].resize(years * draws);
    std::copy(drawn.pupils[last].begin() + static_cast<std::ptrdiff_t>(first), drawn.pupils[last].end(),
              leavers.by_school[s].begin() + static_cast<std::ptrdiff_t>(first));
  }

  // A unit's members after its turns, begun with those of the base: as changes of a scenario cut and share them.
  std::vector<SchoolMember> members_of(const UnitTurns& unit) const {
    std::vector<SchoolMember> list;
    for (const std::uint32_t s : base_had[unit.stage][unit.unit]) {
      const auto& members = base.schools[s].members[unit.stage];
      auto at = std::ranges::lower_bound(members, unit.unit, {}, &Member::unit);
      for (; at != members.end() && at->unit == unit.unit; ++at) list.push_back({s, *at});
    }
    for (const UnitTurn& turn : unit.turns) {
      for (const UnitTurn::Part& part : turn.parts) take_part(unit, turn.year, part, list);
    }
    return list;
  }

  void take_part(const UnitTurns& unit, std::int16_t year, const UnitTurn::Part& part,
                 std::vector<SchoolMember>& list) const {
    bool counted = false;
    const std::size_t before = list.size();
    for (std::size_t i = 0; i < before; ++i) {
      if (list[i].member.to <= year) continue;
      SchoolMember rest = list[i];
      counted = counted || rest.member.counts;
      rest.member.from = std::max(rest.member.from, year);
      rest.member.share = static_cast<float>(static_cast<double>(rest.member.share) * (1 - part.share));
      list[i].member.to = std::min(list[i].member.to, year);
      if (rest.member.share > 0) list.push_back(rest);
    }
    std::erase_if(list, [](const SchoolMember& m) { return m.member.to <= m.member.from; });
    const bool is_fed = unit.stage == 1 && !plan.schools[part.school].feeders.empty();
    list.push_back(
        {part.school,
         {unit.unit, static_cast<float>(part.share), year, static_cast<std::int16_t>(years), counted || !is_fed}});
  }

  std::vector<SchoolStage> turn(std::span<const UnitTurns> units) {
    std::map<SchoolStage, SchoolState> before;
    const auto touch = [&](std::uint32_t s, std::size_t k) { before.try_emplace({s, k}, plan.schools[s]); };
    for (const UnitTurns& unit : units) {
      auto& schools = had[unit.stage][unit.unit];
      for (const std::uint32_t s : schools) {
        touch(s, unit.stage);
        std::erase_if(plan.schools[s].members[unit.stage], [&](const Member& m) { return m.unit == unit.unit; });
      }
      schools.clear();
      for (const SchoolMember& m : members_of(unit)) {
        touch(m.school, unit.stage);
        auto& members = plan.schools[m.school].members[unit.stage];
        members.insert(std::ranges::upper_bound(members, m.member, by_unit), m.member);
        if (std::ranges::find(schools, m.school) == schools.end()) schools.push_back(m.school);
      }
    }
    return draw_since(before);
  }

  std::vector<SchoolStage> draw_since(const std::map<SchoolStage, SchoolState>& before) {
    const std::map<SchoolStage, Cohorts> cohorts = cohorts_since(before);
    std::vector<SchoolStage> list;
    for (const auto& [school, which] : cohorts) list.push_back(school);
    changed.insert(list.begin(), list.end());
    draw(list, cohorts);
    return list;
  }

  // What is to be drawn: from the first year whose entrants differ on, and from when their leavers go on.
  std::map<SchoolStage, Cohorts> cohorts_since(const std::map<SchoolStage, SchoolState>& before) const {
    std::map<SchoolStage, Cohorts> cohorts;
    const auto widen = [&](SchoolStage at, Cohorts more) {
      const auto [found, is_new] = cohorts.try_emplace(at, more);
      if (is_new) return;
      found->second.all = found->second.all || more.all;
      found->second.entering_from = std::min(found->second.entering_from, more.entering_from);
    };
    for (const auto& [at, was] : before) {
      const auto first = first_entrants_changed(was, plan.schools[at.school], at.stage, years);
      if (first && *first == years) continue;
      widen(at, first ? Cohorts{false, *first} : Cohorts{});
    }
    const auto grades = static_cast<std::size_t>(model.history.rules().stages[0].grades());
    std::vector<std::pair<std::uint32_t, Cohorts>> firsts;
    for (const auto& [at, which] : cohorts) {
      if (at.stage == 0) firsts.emplace_back(at.school, which);
    }
    for (const auto& [school, which] : firsts) {
      for (const std::uint32_t s : fed[school]) {
        if (which.all || which.entering_from + grades < years)
          widen({s, 1}, which.all ? which : Cohorts{false, which.entering_from + grades});
      }
    }
    return cohorts;
  }

  std::vector<SchoolStage> start_over(std::span<const ScenarioChange> changes) {
    std::array<std::vector<char>, kStages> touched;
    PlanState next = apply_changes(model, static_cast<int>(years), changes, base, touched);
    std::set<SchoolStage> next_changed;
    for (std::size_t k = 0; k < stages; ++k) {
      for (std::uint32_t s = 0; s < next.schools.size(); ++s) {
        if (touched[k][s] != 0) next_changed.insert({s, k});
      }
    }
    const bool same_places = next.schools.size() == plan.schools.size() && *next.arrivals == *plan.arrivals;
    std::map<SchoolStage, SchoolState> before;  // of what differs from the base, before or after
    std::set<std::pair<std::string, std::size_t>> names;
    for (const SchoolStage& at : changed) {
      if (same_places) before.try_emplace(at, plan.schools[at.school]);
      names.emplace(plan.schools[at.school].place->school_id, at.stage);
    }
    for (const SchoolStage& at : next_changed) {
      if (same_places) before.try_emplace(at, plan.schools[at.school]);
      names.emplace(next.schools[at.school].place->school_id, at.stage);
    }
    if (!same_places) make_room(next);
    plan = std::move(next);
    changed = std::move(next_changed);
    index();
    if (same_places) return draw_since(before);
    std::vector<SchoolStage> list;
    for (std::uint32_t s = 0; s < plan.schools.size(); ++s) {
      for (std::size_t k = 0; k < stages; ++k) {
        if (names.contains({plan.schools[s].place->school_id, k})) list.push_back({s, k});
      }
    }
    draw(list, {});
    return list;
  }

  // Lists by school follow schools that were opened between the others, or are no more.
  void make_room(const PlanState& next) {
    std::map<std::string, std::size_t> places;
    for (std::size_t s = 0; s < plan.schools.size(); ++s) places.emplace(plan.schools[s].place->school_id, s);
    std::vector<std::array<std::vector<float>, kStages>> kept(next.schools.size());
    std::vector<std::vector<float>> kept_leavers(next.schools.size());
    for (std::size_t s = 0; s < next.schools.size(); ++s) {
      const auto at = places.find(next.schools[s].place->school_id);
      if (at == places.end()) continue;
      kept[s] = std::move(entries[at->second]);
      kept_leavers[s] = std::move(leavers.by_school[at->second]);
    }
    entries = std::move(kept);
    leavers.by_school = std::move(kept_leavers);
  }
};

EntryDraws::EntryDraws(const DemandModel& model, const ForecastOptions& options)
    : impl_(std::make_unique<Impl>(model, options)) {}
EntryDraws::~EntryDraws() = default;
EntryDraws::EntryDraws(EntryDraws&&) noexcept = default;

const PlanState& EntryDraws::state() const { return impl_->plan; }
std::size_t EntryDraws::draws() const { return impl_->draws; }

std::span<const float> EntryDraws::of(std::size_t school, std::size_t stage, std::size_t year) const {
  const std::vector<float>& list = impl_->entries[school][stage];
  return list.empty() ? std::span<const float>{} : std::span(list).subspan(year * impl_->draws, impl_->draws);
}

std::vector<SchoolStage> EntryDraws::turn(std::span<const UnitTurns> units) { return impl_->turn(units); }
std::vector<SchoolStage> EntryDraws::start_over(std::span<const ScenarioChange> changes) {
  return impl_->start_over(changes);
}

}  // namespace catchment::engine::demand
