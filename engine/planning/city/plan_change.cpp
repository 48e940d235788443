#include "engine/planning/city/plan_change.hpp"

#include <algorithm>

#include "engine/planning/city/change_parts.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::array<std::string_view, std::variant_size_v<ChangeBody>> kWords{
    "reassign_units", "move_boundary", "draw_polygon", "split_unit",   "merge_units",      "open_school",
    "close_school",   "merge_school",  "move_school",  "change_rooms", "change_class_cap", "change_grades",
    "add_housing",    "delay_housing", "declare_zone", "lock_units",   "unlock_units"};

std::string message_of(const InputError& error) {
  return std::string(error.what()).substr(error.where.empty() ? 0 : error.where.size() + 2);
}

}  // namespace

std::span<const std::string_view> change_words() { return kWords; }
std::string_view to_word(const PlanChange& change) { return kWords[change.body.index()]; }

void PlanDraft::fail(const char* code, const std::string& member, const std::string& message) {
  throw InputError(code, member, message);
}

UnitIndex PlanDraft::unit(const std::string& id, const std::string& member) {
  if (city_of_numbers_ != plan_.shared_city()) {
    unit_numbers_.clear();
    for (UnitIndex u = 0; u < city().units.size(); ++u) {
      if (city().units[u].in_force) unit_numbers_.emplace(city().units[u].id, u);
    }
    city_of_numbers_ = plan_.shared_city();
  }
  const auto at = unit_numbers_.find(id);
  if (at != unit_numbers_.end()) return at->second;
  const auto former = city().find_unit(id);
  fail("plan_unknown", member,
       former ? "unit " + id + " was split or merged by an earlier change" : "no unit has the id " + id);
}

std::vector<UnitIndex> PlanDraft::units(const std::vector<std::string>& ids) {
  std::vector<UnitIndex> list;
  for (std::size_t i = 0; i < ids.size(); ++i) list.push_back(unit(ids[i], "/units/" + std::to_string(i)));
  std::vector<UnitIndex> sorted = list;
  std::ranges::sort(sorted);
  const auto twice = std::ranges::adjacent_find(sorted);
  if (twice != sorted.end()) fail("plan_unit", "/units", "unit " + city().units[*twice].id + " stands there twice");
  return list;
}

SchoolIndex PlanDraft::school(const std::string& id, const std::string& member) const {
  const auto school = city().find_school(id);
  if (!school) fail("plan_unknown", member, "no school has the id " + id);
  return *school;
}

StageIndex PlanDraft::stage(Stage stage) const {
  const auto found = city().find_stage(stage);
  if (!found) fail("plan_unknown", "/stage", "the rules have no stage " + std::string(engine::to_word(stage)));
  return *found;
}

YearIndex PlanDraft::year(int school_year, const std::string& member) const {
  const auto year = city().find_year(school_year);
  if (!year) {
    fail("plan_year", member,
         std::to_string(school_year) + " is outside the years planned, " + std::to_string(city().school_year(0)) +
             " to " + std::to_string(city().base_year + static_cast<int>(city().years)));
  }
  return *year;
}

void PlanDraft::require_open(SchoolIndex school, StageIndex stage, YearIndex from, YearIndex to,
                             const std::string& member) const {
  const CitySchool& s = city().schools[school];
  for (YearIndex y = from; y < to; ++y) {
    if (s.offers[stage].open(y)) continue;
    fail("plan_school", member,
         "school " + s.id + " takes no children into " + std::string(engine::to_word(city().stages[stage])) + " in " +
             std::to_string(city().school_year(y)));
  }
}

void PlanDraft::require_unlocked(UnitIndex unit, const std::string& member) const {
  const auto lock = plan_.locks().find(unit);
  if (lock == plan_.locks().end()) return;
  fail("plan_locked", member,
       "unit " + city().units[unit].id + " is locked by " + lock->second.owner + ": " + lock->second.reason);
}

void PlanDraft::put(UnitIndex unit, StageIndex stage, YearIndex from, YearIndex to, AnswerIndex answer,
                    const std::string& member) {
  bool differs = false;
  for (YearIndex y = from; y < to; ++y) differs |= plan_.answer(unit, stage, y) != answer;
  if (!differs) return;
  require_unlocked(unit, member);
  const AnswerEdit edit{unit, stage, from, to, answer};
  plan_ = plan_.edited(std::span(&edit, 1));
}

AnswerIndex PlanDraft::answer_of(SchoolSet set) {
  auto [plan, answer] = plan_.with_set(std::move(set));
  plan_ = std::move(plan);
  return answer;
}

void PlanDraft::take_city(PlanCity city) { plan_ = plan_.on_city(settle(std::move(city))); }

CityPlan apply(const CityPlan& plan, const PlanChange& change) {
  PlanDraft draft(plan);
  std::visit([&](const auto& body) { carry_out(draft, body); }, change.body);
  AppliedChange applied{std::make_shared<const PlanChange>(change), differences(plan, draft.plan())};
  const bool same_city = plan.shared_city() == draft.plan().shared_city();
  if (same_city && applied.edits.empty() && plan.locks() == draft.plan().locks()) {
    PlanDraft::fail("plan_nothing", "", "the plan is so already: nothing would change");
  }
  return draft.plan().made_from(plan, std::move(applied));
}

CityPlan apply(const CityPlan& plan, std::span<const PlanChange> changes) {
  CityPlan result = plan;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    try {
      result = apply(result, changes[i]);
    } catch (const InputError& error) {
      throw InputError(error.code, "changes/" + std::to_string(i) + error.where, message_of(error));
    }
  }
  return result;
}

}  // namespace catchment::engine::planning
