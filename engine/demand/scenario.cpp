#include "engine/demand/scenario.hpp"

#include <algorithm>
#include <cmath>

#include "engine/demand/draws.hpp"
#include "geo/input_error.hpp"

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

SchoolState make_school(const SchoolPlace& place, const SchoolModel& model, int horizon) {
  SchoolState s;
  s.place = std::make_shared<const SchoolPlace>(place);
  s.model = std::make_shared<const SchoolModel>(model);
  s.key = key_of(place.school_id);
  s.closed_from = static_cast<std::int16_t>(horizon);
  for (std::size_t k = 0; k < kStages; ++k) s.open_from[k] = static_cast<std::int16_t>(model.teaches[k] ? 0 : horizon);
  return s;
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
          {s.unit, s.share, static_cast<std::int16_t>(i), static_cast<std::int16_t>(to)});
    }
    i = to;
  }
}

class Changer {
 public:
  Changer(const DemandModel& model, int horizon, PlanState& state, std::array<std::vector<char>, kStages>& touched)
      : model_(model), horizon_(horizon), state_(state), touched_(touched) {}

  void carry_out(const ScenarioChange& change, const std::string& where) {
    where_ = where;
    using Kind = ScenarioChange::Kind;
    switch (change.kind) {
      case Kind::reassign_unit:
        return reassign(change);
      case Kind::open_school:
        return open(change);
      case Kind::close_school:
        return close(change);
      case Kind::merge_school:
        return merge(change);
      case Kind::delay_housing:
        return delay(change);
      case Kind::add_housing:
        return add(change);
    }
  }

  // After the last change: pupils of schools that ended follow their units.
  void finish() {
    for (const Ended& e : ended_) {
      where_ = e.where;
      move_pupils(e);
    }
    if (housing_changed_) find_arrivals(model_, horizon_, state_);
  }

 private:
  struct Ended {
    std::uint32_t school = 0;
    int year = 0;
    std::string where;
    std::array<std::vector<Member>, kStages> members;  // as they were
    std::int64_t into = -1;
  };

  [[noreturn]] void refuse(const std::string& message) const { throw InputError("demand_change", where_, message); }

  std::uint32_t school(const std::string& id) const {
    const auto at =
        std::ranges::lower_bound(state_.schools, id, {}, [](const SchoolState& s) { return s.place->school_id; });
    if (at == state_.schools.end() || at->place->school_id != id) refuse("the school " + id + " is not known");
    return static_cast<std::uint32_t>(at - state_.schools.begin());
  }

  std::uint32_t unit(const std::string& id) const {
    const auto at = model_.history.find_unit(id);
    if (!at) refuse("the unit " + id + " is not known");
    return *at;
  }

  std::size_t stage_of(Stage stage) const {
    const auto& stages = model_.history.rules().stages;
    for (std::size_t k = 0; k < std::min(kStages, stages.size()); ++k) {
      if (stages[k].stage == stage) return k;
    }
    refuse("the rules have no such stage");
  }

  int years_ahead(int year) const {
    const int ahead = year - model_.base_year - 1;
    if (ahead < 0 || ahead >= horizon_) {
      refuse("the year must be " + std::to_string(model_.base_year + 1) + " to " +
             std::to_string(model_.base_year + horizon_) + ", not " + std::to_string(year));
    }
    return ahead;
  }

  void touch(std::size_t stage, std::uint32_t s) { touched_[stage][s] = 1; }

  // Cuts what the unit has in a stage at the year; what lies behind it keeps `keep` of its share.
  void thin(std::size_t stage, std::uint32_t unit_place, int year, double keep) {
    for (std::uint32_t s = 0; s < state_.schools.size(); ++s) {
      auto& members = state_.schools[s].members[stage];
      const std::size_t count = members.size();
      for (std::size_t m = 0; m < count; ++m) {
        if (members[m].unit != unit_place || members[m].to <= year) continue;
        Member rest = members[m];
        rest.from = static_cast<std::int16_t>(std::max<int>(rest.from, year));
        rest.share = static_cast<float>(static_cast<double>(rest.share) * keep);
        members[m].to = std::min(members[m].to, static_cast<std::int16_t>(year));
        if (rest.share > 0) members.push_back(rest);
        touch(stage, s);
      }
      std::erase_if(members, [](const Member& m) { return m.to <= m.from; });
    }
  }

  void reassign(const ScenarioChange& change) {
    const std::size_t stage = stage_of(change.stage);
    const std::uint32_t u = unit(change.unit_id);
    const std::uint32_t s = school(change.school_id);
    const int year = years_ahead(change.from_year);
    if (!(change.share > 0 && change.share <= 1)) refuse("a share must be above 0 and at most 1");
    const SchoolState& to = state_.schools[s];
    if (to.open_from[stage] > year || to.closed_from <= year)
      refuse("the school " + change.school_id + " is not open then");
    thin(stage, u, year, 1 - change.share);
    state_.schools[s].members[stage].push_back(
        {u, static_cast<float>(change.share), static_cast<std::int16_t>(year), static_cast<std::int16_t>(horizon_)});
    touch(stage, s);
  }

  void open(const ScenarioChange& change) {
    const std::size_t stage = stage_of(change.stage);
    const int year = years_ahead(change.from_year);
    if (change.school_id.empty()) refuse("a school needs an id");
    const auto at = std::ranges::lower_bound(state_.schools, change.school_id, {},
                                             [](const SchoolState& s) { return s.place->school_id; });
    if (at == state_.schools.end() || at->place->school_id != change.school_id)
      insert(change, at - state_.schools.begin());
    const std::uint32_t s = school(change.school_id);
    SchoolState& opened = state_.schools[s];
    opened.open_from[stage] = std::min(opened.open_from[stage], static_cast<std::int16_t>(year));
    touch(stage, s);
  }

  // A school nobody knows yet gets what its district knows; everyone behind it moves a place up.
  void insert(const ScenarioChange& change, std::ptrdiff_t at) {
    const CityHistory& h = model_.history;
    const auto district = std::ranges::find(h.districts, change.district_id);
    if (district == h.districts.end()) refuse("the district " + change.district_id + " is not known");
    SchoolPlace place;
    place.school_id = change.school_id;
    place.name = change.school_id;
    place.district_id = change.district_id;
    SchoolModel model = model_.district_model[static_cast<std::size_t>(district - h.districts.begin())];
    model.teaches = {};
    state_.schools.insert(state_.schools.begin() + at, make_school(place, model, horizon_));
    for (auto& list : touched_) list.insert(list.begin() + at, 0);
    const auto moved = [at](std::uint32_t& s) { s += static_cast<std::ptrdiff_t>(s) >= at ? 1 : 0; };
    for (SchoolState& s : state_.schools) {
      for (FeederIn& f : s.feeders) moved(f.school);
      for (MoveIn& m : s.moves) moved(m.school);
    }
    for (Ended& e : ended_) {
      moved(e.school);
      if (e.into >= at) ++e.into;
    }
  }

  void end(const ScenarioChange& change, std::int64_t into) {
    const std::uint32_t s = school(change.school_id);
    const int year = years_ahead(change.from_year);
    SchoolState& ending = state_.schools[s];
    if (ending.closed_from <= year) refuse("the school " + change.school_id + " is closed by then");
    ended_.push_back({s, year, where_, ending.members, into});
    ending.closed_from = static_cast<std::int16_t>(year);
    for (std::size_t k = 0; k < kStages; ++k) touch(k, s);
  }

  void close(const ScenarioChange& change) { end(change, -1); }

  void merge(const ScenarioChange& change) {
    const std::uint32_t into = school(change.into_school_id);
    const std::uint32_t from = school(change.school_id);
    if (into == from) refuse("a school cannot be merged into itself");
    const int year = years_ahead(change.from_year);
    end(change, into);
    for (std::size_t k = 0; k < kStages; ++k) {
      SchoolState& taking = state_.schools[into];
      if (state_.schools[from].open_from[k] >= horizon_) continue;
      if (taking.open_from[k] > year || taking.closed_from <= year) {
        refuse("the school " + change.into_school_id + " does not teach that stage then");
      }
      std::vector<Member>& members = state_.schools[from].members[k];
      for (Member& m : members) {
        if (m.to <= year) continue;
        Member rest = m;
        rest.from = static_cast<std::int16_t>(std::max<int>(rest.from, year));
        taking.members[k].push_back(rest);
        m.to = std::min(m.to, static_cast<std::int16_t>(year));
      }
      std::erase_if(members, [](const Member& m) { return m.to <= m.from; });
      touch(k, into);
    }
  }

  double weight_of(std::size_t stage, std::uint32_t unit_place, int year) const {
    return std::max(
        1e-3,
        static_cast<double>(model_.outlook[stage].children[unit_place * kMostYears + static_cast<std::size_t>(year)]));
  }

  void move_pupils(const Ended& e) {
    std::vector<double> goes(state_.schools.size(), 0);
    double all = 0;
    for (std::size_t k = 0; k < kStages; ++k) {
      // Feeders hand on what is left to whom it goes.
      if (state_.schools[e.school].open_from[k] >= horizon_) continue;
      if (e.into >= 0) {
        goes[static_cast<std::size_t>(e.into)] += 1, all += 1;
        continue;
      }
      for (const Member& was : e.members[k]) {
        if (was.from > e.year || was.to <= e.year) continue;
        bool found = false;
        for (std::size_t s = 0; s < state_.schools.size(); ++s) {
          if (s == e.school) continue;
          for (const Member& m : state_.schools[s].members[k]) {
            if (m.unit != was.unit || m.from > e.year || m.to <= e.year) continue;
            const double weight = static_cast<double>(m.share) * weight_of(k, m.unit, e.year);
            goes[s] += weight, all += weight;
            found = true;
          }
        }
        if (!found) {
          refuse("the unit " + model_.history.units[was.unit] + " of the closed school belongs to no other school in " +
                 std::to_string(model_.base_year + 1 + e.year));
        }
      }
    }
    if (!(all > 0)) refuse("nobody takes the pupils of the closed school: it has no units that another school got");
    for (std::size_t s = 0; s < goes.size(); ++s) {
      if (!(goes[s] > 0)) continue;
      const auto share = static_cast<float>(goes[s] / all);
      state_.schools[s].moves.push_back({e.school, static_cast<std::int16_t>(e.year), share});
      for (std::size_t k = 0; k < kStages; ++k) {
        if (state_.schools[s].open_from[k] < horizon_) touch(k, static_cast<std::uint32_t>(s));
      }
      hand_on_feeders(e.school, static_cast<std::uint32_t>(s), share, e.year);
    }
  }

  // From that year on, what fed the ended school feeds its heirs. Whom its own leavers feed needs no word: they sit
  // with the heirs, and go where the heirs' leavers go.
  void hand_on_feeders(std::uint32_t ended, std::uint32_t heir, float share, int year) {
    if (state_.schools[heir].open_from[1] >= horizon_) return;
    const auto from = static_cast<std::int16_t>(year);
    std::vector<FeederIn> handed;
    for (const FeederIn& f : state_.schools[ended].feeders) {
      if (f.to > year) handed.push_back({f.school, f.share * share, std::max(f.from, from), f.to});
    }
    auto& feeders = state_.schools[heir].feeders;
    feeders.insert(feeders.end(), handed.begin(), handed.end());
    if (!handed.empty()) touch(1, heir);
  }

  Housing& project(const std::string& id) {
    const auto at = std::ranges::find(state_.housing, id, &Housing::id);
    if (at == state_.housing.end()) refuse("the housing project " + id + " is not known");
    return *at;
  }

  void touch_unit(const std::string& unit_id) {
    const std::uint32_t u = unit(unit_id);
    for (std::size_t k = 0; k < kStages; ++k) {
      for (std::uint32_t s = 0; s < state_.schools.size(); ++s) {
        const auto& members = state_.schools[s].members[k];
        if (std::ranges::find(members, u, &Member::unit) != members.end()) touch(k, s);
      }
    }
    housing_changed_ = true;
  }

  void delay(const ScenarioChange& change) {
    Housing& p = project(change.housing.id);
    if (change.housing.completion_year <= model_.base_year) {
      refuse("a project to come cannot be completed in " + std::to_string(change.housing.completion_year));
    }
    p.completion_year = change.housing.completion_year;
    touch_unit(p.unit_id);
  }

  void add(const ScenarioChange& change) {
    if (change.housing.dwellings < 1) refuse("a project needs dwellings");
    if (std::ranges::find(state_.housing, change.housing.id, &Housing::id) != state_.housing.end()) {
      refuse("the housing project " + change.housing.id + " is there already");
    }
    touch_unit(change.housing.unit_id);
    state_.housing.push_back(change.housing);
  }

  const DemandModel& model_;
  const int horizon_;
  PlanState& state_;
  std::array<std::vector<char>, kStages>& touched_;
  std::vector<Ended> ended_;
  std::string where_;
  bool housing_changed_ = false;
};

}  // namespace

PlanState make_plan_state(const DemandModel& model, int horizon) {
  const CityHistory& h = model.history;
  PlanState state;
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    state.schools.push_back(make_school(h.schools[s], model.schools[s], horizon));
  }
  const std::size_t stages = std::min(kStages, h.rules().stages.size());
  for (std::size_t k = 0; k < stages; ++k) add_members(model, horizon, k, state);
  if (const auto* feeders = h.feeders_of(model.base_year + 1)) {
    for (const FeederShare& f : *feeders) {
      state.schools[f.to].feeders.push_back(
          {f.from, static_cast<float>(f.share), 0, static_cast<std::int16_t>(horizon)});
    }
  }
  state.housing = h.housing;
  find_arrivals(model, horizon, state);
  return state;
}

PlanState apply_changes(const DemandModel& model, int horizon, std::span<const ScenarioChange> changes,
                        const PlanState& state, std::array<std::vector<char>, kStages>& touched) {
  PlanState changed = state;
  for (auto& list : touched) list.assign(state.schools.size(), 0);
  Changer changer(model, horizon, changed, touched);
  for (std::size_t i = 0; i < changes.size(); ++i) changer.carry_out(changes[i], "changes/" + std::to_string(i));
  changer.finish();
  // What a first stage hands on changes with it.
  for (std::size_t s = 0; s < changed.schools.size(); ++s) {
    for (const FeederIn& f : changed.schools[s].feeders) {
      if (touched[0][f.school] != 0) touched[1][s] = 1;
    }
  }
  return changed;
}

}  // namespace catchment::engine::demand
