#include <algorithm>
#include <map>

#include "engine/planning/city/city_sources.hpp"
#include "engine/planning/city/plan_change.hpp"
#include "engine/planning/city/plan_demand.hpp"
#include "engine/planning/live/live_parts.hpp"

namespace catchment::engine::planning {
namespace {

bool is_structural_change(const PlanChange& change) {
  const ChangeBody& body = change.body;
  return std::holds_alternative<OpenSchool>(body) || std::holds_alternative<CloseSchool>(body) ||
         std::holds_alternative<MergeSchool>(body) || std::holds_alternative<AddHousing>(body) ||
         std::holds_alternative<DelayHousing>(body) || std::holds_alternative<SplitUnit>(body) ||
         std::holds_alternative<MergeUnits>(body);
}

}  // namespace

LiveDemand::LiveDemand(LiveBook& book) : book_(book) {
  if (book.options.draws == 0) return;
  demand::ForecastOptions options;
  options.horizon = static_cast<int>(book.years);
  options.draws = book.options.draws;
  options.seed = book.options.seed;
  draws_.emplace(*book.reference.city().sources->demand, options);
  find_places();
}

void LiveDemand::find_places() {
  place_.assign(book_.city().schools.size(), -1);
  const std::vector<demand::SchoolState>& schools = draws_->state().schools;
  for (SchoolIndex s = 0; s < place_.size(); ++s) {
    const std::string& id = book_.city().schools[s].id;
    const auto at = std::ranges::lower_bound(
        schools, id, {}, [](const demand::SchoolState& d) -> const std::string& { return d.place->school_id; });
    if (at != schools.end() && at->place->school_id == id) place_[s] = static_cast<int>(at - schools.begin());
  }
}

// Schools or estates are others than the reference's, or units were split or merged.
bool LiveDemand::is_structural() const {
  return std::ranges::any_of(book_.plan.history(),
                             [](const AppliedChange* a) { return is_structural_change(*a->change); });
}

// What each unit's children are told beyond the reference, as to_demand_changes tells it.
std::vector<demand::UnitTurns> LiveDemand::turns_of(const std::vector<std::pair<UnitIndex, StageIndex>>& units) const {
  std::vector<demand::UnitTurns> list;
  const std::vector<std::uint32_t>& names = book_.reference.city().sources->demand_unit;
  for (const auto& [unit, stage] : units) {
    if (unit >= names.size()) continue;
    demand::UnitTurns turns{names[unit], stage, {}};
    std::span<const SchoolIndex> told;
    bool is_told = false;
    for (YearIndex y = 0; y < book_.years; ++y) {
      const auto now = book_.plan.schools_of(unit, stage, y);
      if (now.empty()) continue;
      if (std::ranges::equal(now, is_told ? told : book_.reference.schools_of(unit, stage, y))) continue;
      demand::UnitTurn turn{static_cast<std::int16_t>(y), {}};
      double taken = 0;
      for (const SchoolIndex s : now) {
        const double weight = 1.0 / static_cast<double>(now.size());
        taken += weight;
        if (place_[s] >= 0) turn.parts.push_back({static_cast<std::uint32_t>(place_[s]), weight / taken});
      }
      turns.turns.push_back(std::move(turn));
      told = now, is_told = true;
    }
    list.push_back(std::move(turns));
  }
  return list;
}

void LiveDemand::update(const std::vector<std::pair<UnitIndex, StageIndex>>& units, SchoolTallies& schools) {
  if (!draws_) return;
  const bool structural = is_structural();
  const bool over = structural || structural_;
  std::vector<demand::SchoolStage> changed;
  if (over) {
    changed = draws_->start_over(to_demand_changes(book_.reference, book_.plan));
  } else {
    changed = draws_->turn(turns_of(units));
  }
  structural_ = structural;
  if (over || place_.size() != book_.city().schools.size()) find_places();
  std::vector<SchoolIndex> by_place(draws_->state().schools.size(), kNoSchool);
  for (SchoolIndex s = 0; s < place_.size(); ++s) {
    if (place_[s] >= 0) by_place[static_cast<std::size_t>(place_[s])] = s;
  }
  for (const demand::SchoolStage& at : changed) {
    if (by_place[at.school] != kNoSchool) schools.touch(by_place[at.school], static_cast<StageIndex>(at.stage));
  }
}

}  // namespace catchment::engine::planning
