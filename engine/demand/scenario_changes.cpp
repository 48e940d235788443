#include <algorithm>
#include <tuple>

#include "engine/demand/draws.hpp"
#include "engine/demand/scenario_parts.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::demand {
namespace {

bool shares_by_unit(const Member& a, const Member& b) {
  return std::tuple(a.unit, a.from, a.to) < std::tuple(b.unit, b.from, b.to);
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
    check_ends();
    // In one order, however a plan came about: sums of the same children are then the same to the last bit.
    for (SchoolState& s : state_.schools) {
      for (auto& members : s.members) {
        if (!std::ranges::is_sorted(members, shares_by_unit)) std::ranges::sort(members, shares_by_unit);
      }
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
    if (year <= model_.base_year || year > model_.base_year + horizon_) {
      refuse("the year must be " + std::to_string(model_.base_year + 1) + " to " +
             std::to_string(model_.base_year + horizon_) + ", not " + std::to_string(year));
    }
    return year - model_.base_year - 1;
  }

  // Nobody may be left with a school that has ended, by these changes or earlier ones.
  void check_ends() const {
    for (const SchoolState& s : state_.schools) {
      for (const MoveIn& m : s.moves) {
        if (s.closed_from <= m.year) {
          refuse("the school " + s.place->school_id + " ends before it takes the pupils of " +
                 state_.schools[m.school].place->school_id);
        }
      }
      if (s.closed_from >= horizon_) continue;
      for (const auto& members : s.members) {
        for (const Member& m : members) {
          if (m.to <= s.closed_from) continue;
          refuse("the unit " + model_.history.units[m.unit] + " still belongs to the school " + s.place->school_id +
                 " in " + std::to_string(model_.base_year + 1 + std::max(m.from, s.closed_from)) +
                 ", when it has ended: give all of it to others");
        }
      }
    }
  }

  void touch(std::size_t stage, std::uint32_t s) { touched_[stage][s] = 1; }

  // Cuts what the unit has in a stage at the year; what lies behind it keeps `keep` of its share. Gives whether its
  // children counted anywhere.
  bool thin(std::size_t stage, std::uint32_t unit_place, int year, double keep) {
    bool counted = false;
    for (std::uint32_t s = 0; s < state_.schools.size(); ++s) {
      auto& members = state_.schools[s].members[stage];
      const std::size_t count = members.size();
      for (std::size_t m = 0; m < count; ++m) {
        if (members[m].unit != unit_place || members[m].to <= year) continue;
        Member rest = members[m];
        counted = counted || rest.counts;
        rest.from = static_cast<std::int16_t>(std::max<int>(rest.from, year));
        rest.share = static_cast<float>(static_cast<double>(rest.share) * keep);
        members[m].to = std::min(members[m].to, static_cast<std::int16_t>(year));
        if (rest.share > 0) members.push_back(rest);
        touch(stage, s);
      }
      std::erase_if(members, [](const Member& m) { return m.to <= m.from; });
    }
    return counted;
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
    const bool fed = stage == 1 && !to.feeders.empty();
    const bool counted = thin(stage, u, year, 1 - change.share);
    state_.schools[s].members[stage].push_back({u, static_cast<float>(change.share), static_cast<std::int16_t>(year),
                                                static_cast<std::int16_t>(horizon_), counted || !fed});
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
    for (std::size_t k = 0; k < kStages; ++k) {
      if (state_.schools[e.school].open_from[k] < horizon_) move_pupils(e, k);
    }
  }

  void move_pupils(const Ended& e, std::size_t k) {
    std::vector<double> goes(state_.schools.size(), 0);
    double all = 0;
    if (e.into >= 0) goes[static_cast<std::size_t>(e.into)] = all = 1;
    for (const Member& was : e.members[k]) {
      if (e.into >= 0 || was.from > e.year || was.to <= e.year) continue;
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
    if (!(all > 0)) refuse("nobody takes the pupils of the closed school: it has no units that another school got");
    for (std::size_t s = 0; s < goes.size(); ++s) {
      if (!(goes[s] > 0)) continue;
      const auto share = static_cast<float>(goes[s] / all);
      state_.schools[s].moves.push_back(
          {e.school, static_cast<std::int16_t>(e.year), static_cast<std::uint16_t>(k), share});
      touch(k, static_cast<std::uint32_t>(s));
      if (k == 1) hand_on_feeders(e.school, static_cast<std::uint32_t>(s), share, e.year);
    }
  }

  // From that year on, what fed the ended school feeds its heirs. Whom its own leavers feed needs no word: they sit
  // with the heirs, and go where the heirs' leavers go.
  void hand_on_feeders(std::uint32_t ended, std::uint32_t heir, float share, int year) {
    const auto from = static_cast<std::int16_t>(year);
    std::vector<FeederIn> handed;
    for (const FeederIn& f : state_.schools[ended].feeders) {
      if (f.to > year) handed.push_back({f.school, f.share * share, std::max(f.from, from), f.to, true});
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
    if (p.completion_year <= model_.base_year) {
      refuse("the housing project " + p.id + " was completed in " + std::to_string(p.completion_year));
    }
    if (change.housing.completion_year <= model_.base_year) {
      refuse("a project to come cannot be completed in " + std::to_string(change.housing.completion_year));
    }
    p.completion_year = change.housing.completion_year;
    touch_unit(p.unit_id);
  }

  void add(const ScenarioChange& change) {
    if (change.housing.id.empty()) refuse("a project needs an id");
    if (change.housing.dwellings < 1) refuse("a project needs dwellings");
    if (change.housing.completion_year <= model_.base_year) {
      refuse("a project to come cannot be completed in " + std::to_string(change.housing.completion_year));
    }
    if (std::ranges::find(state_.housing, change.housing.id, &Housing::id) != state_.housing.end()) {
      refuse("the housing project " + change.housing.id + " is there already");
    }
    touch_unit(change.housing.unit_id);
    // By id, as the history has them: sums are then the same to the last bit.
    state_.housing.insert(std::ranges::upper_bound(state_.housing, change.housing.id, {}, &Housing::id),
                          change.housing);
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

PlanState apply_changes(const DemandModel& model, int horizon, std::span<const ScenarioChange> changes,
                        const PlanState& state, std::array<std::vector<char>, kStages>& touched) {
  PlanState changed = state;
  for (auto& list : touched) list.assign(state.schools.size(), 0);
  Changer changer(model, horizon, changed, touched);
  for (std::size_t i = 0; i < changes.size(); ++i) changer.carry_out(changes[i], "changes/" + std::to_string(i));
  changer.finish();
  // Who takes the pupils of a school that ends changes with it, and so does who takes those, in the order of years.
  // What a first stage hands on changes with it.
  for (bool more = true; more;) {
    more = false;
    for (std::size_t s = 0; s < changed.schools.size(); ++s) {
      for (const FeederIn& f : changed.schools[s].feeders) {
        if (touched[0][f.school] == 0 || touched[1][s] != 0) continue;
        touched[1][s] = 1;
        more = true;
      }
      for (const MoveIn& m : changed.schools[s].moves) {
        if (touched[m.stage][m.school] == 0 || touched[m.stage][s] != 0) continue;
        touched[m.stage][s] = 1;
        more = true;
      }
    }
  }
  return changed;
}

}  // namespace catchment::engine::demand
