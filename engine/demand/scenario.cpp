#include "engine/demand/scenario.hpp"

#include <algorithm>
#include <tuple>

#include "engine/demand/draws.hpp"
#include "engine/demand/scenario_parts.hpp"

namespace catchment::engine::demand {
namespace {

double occupied(const std::vector<double>& curve, int years) {
  if (years < 0 || curve.empty()) return 0;
  return curve[std::min(static_cast<std::size_t>(years), curve.size() - 1)];
}

// Children of one year of age a project holds in a year.
double children_of(const DemandModel& model, const Housing& project, int year) {
  const int since = year - project.completion_year;
  return project.dwellings * occupied(model.history.rules().occupancy, since) * model.yields.of(project.kind, since);
}

void add_members(const DemandModel& model, int horizon, std::size_t stage, PlanState& state) {
  const CityHistory& h = model.history;
  const Stage name = h.rules().stages[stage].stage;
  for (int i = 0; i < horizon;) {
    const StagePlan* plan = h.plan(name, model.base_year + 1 + i);
    if (plan == nullptr) return;
    int to = i + 1;
    while (to < horizon && h.plan(name, model.base_year + 1 + to) == plan) ++to;
    for (const UnitShare& s : plan->shares) {
      state.schools[s.school].members[stage].push_back(
          {s.unit, s.share, static_cast<std::int16_t>(i), static_cast<std::int16_t>(to), true});
    }
    i = to;
  }
}

// Units of schools that are fed by others do not count beside their feeders; of the others, what their level is learnt
// on.
void settle_bases(const DemandModel& model, int horizon, std::size_t stage, PlanState& state) {
  const CityHistory& h = model.history;
  std::vector<std::vector<float>> usual(state.schools.size());
  if (const StagePlan* plan = h.plan(h.rules().stages[stage].stage, model.base_year)) {
    for (const UnitShare& u : plan->shares) {
      auto& list = usual[u.school];
      list.resize(static_cast<std::size_t>(horizon));
      for (std::size_t i = 0; i < list.size(); ++i) {
        list[i] += u.share * model.outlook[stage].children[u.unit * kMostYears + i];
      }
    }
  }
  for (std::size_t s = 0; s < state.schools.size(); ++s) {
    SchoolState& school = state.schools[s];
    const bool fed = stage == 1 && !school.feeders.empty();
    for (Member& m : school.members[stage]) m.counts = !fed;
    if (fed || usual[s].empty()) continue;
    school.usual_base[stage] = std::make_shared<const std::vector<float>>(std::move(usual[s]));
  }
}

}  // namespace

// Children of entry age beyond those who had moved in by the base year and are counted with their unit.
void find_arrivals(const DemandModel& model, int horizon, PlanState& state) {
  const auto years = static_cast<std::size_t>(horizon);
  auto list = std::make_shared<std::vector<float>>(model.history.units.size() * years, 0.0f);
  for (const Housing& project : state.housing) {
    const auto unit = model.history.find_unit(project.unit_id);
    if (!unit) continue;
    const double there = children_of(model, project, model.base_year);
    for (int i = 0; i < horizon; ++i) {
      const double more = std::max(0.0, children_of(model, project, model.base_year + 1 + i) - there);
      (*list)[*unit * years + static_cast<std::size_t>(i)] += static_cast<float>(more);
    }
  }
  state.arrivals = std::move(list);
}

std::optional<std::size_t> first_entrants_changed(const SchoolState& before, const SchoolState& after,
                                                  std::size_t stage, std::size_t horizon) {
  const bool same = before.model == after.model && before.usual_base[stage] == after.usual_base[stage] &&
                    before.open_from == after.open_from && before.closed_from == after.closed_from &&
                    before.moves.empty() && after.moves.empty() && before.feeders == after.feeders &&
                    before.members[stage].empty() == after.members[stage].empty();
  if (!same) return std::nullopt;
  for (std::size_t year = 0; year < horizon; ++year) {
    // In order: a sum of floats is of the same bits only then.
    const auto of_year = [year](const std::vector<Member>& members) {
      std::vector<std::tuple<std::uint32_t, float, bool>> list;
      for (const Member& m : members) {
        const auto now = static_cast<std::int16_t>(year);
        if (m.from <= now && now < m.to) list.emplace_back(m.unit, m.share, m.counts);
      }
      return list;
    };
    if (of_year(before.members[stage]) != of_year(after.members[stage])) return year;
  }
  return horizon;
}

SchoolState make_school(const SchoolPlace& place, const SchoolModel& model, int horizon) {
  SchoolState s;
  s.place = std::make_shared<const SchoolPlace>(place);
  s.model = std::make_shared<const SchoolModel>(model);
  s.key = key_of(place.school_id);
  s.closed_from = static_cast<std::int16_t>(horizon);
  for (std::size_t k = 0; k < kStages; ++k) s.open_from[k] = static_cast<std::int16_t>(model.teaches[k] ? 0 : horizon);
  return s;
}

PlanState make_plan_state(const DemandModel& model, int horizon) {
  const CityHistory& h = model.history;
  PlanState state;
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    state.schools.push_back(make_school(h.schools[s], model.schools[s], horizon));
  }
  const std::size_t stages = std::min(kStages, h.rules().stages.size());
  if (const auto* feeders = h.feeders_of(model.base_year + 1)) {
    for (const FeederShare& f : *feeders) {
      state.schools[f.to].feeders.push_back(
          {f.from, static_cast<float>(f.share), 0, static_cast<std::int16_t>(horizon), false});
    }
  }
  for (std::size_t k = 0; k < stages; ++k) {
    add_members(model, horizon, k, state);
    settle_bases(model, horizon, k, state);
  }
  state.housing = h.housing;
  find_arrivals(model, horizon, state);
  return state;
}

}  // namespace catchment::engine::demand
