#include "engine/planning/comparison/unit_story.hpp"

#include <algorithm>

namespace catchment::engine::planning {
namespace {

// The unit and all it was made of.
std::vector<UnitIndex> find_ancestors(const PlanCity& city, UnitIndex unit) {
  std::vector<UnitIndex> all{unit};
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::vector<UnitIndex>& from = city.units[all[i]].made_of;
    all.insert(all.end(), from.begin(), from.end());
  }
  return all;
}

std::size_t find_change(const std::vector<const AppliedChange*>& history, const std::vector<UnitIndex>& line,
                        StageIndex stage, YearIndex year) {
  for (std::size_t i = history.size(); i-- > 0;) {
    for (const AnswerEdit& e : history[i]->edits) {
      if (e.stage == stage && e.from <= year && year < e.to && std::ranges::find(line, e.unit) != line.end()) return i;
    }
  }
  return history.size();
}

}  // namespace

UnitStory tell_story(const CityPlan& plan, UnitIndex unit) {
  const PlanCity& city = plan.city();
  const std::vector<const AppliedChange*> history = plan.history();
  const std::vector<UnitIndex> line = find_ancestors(city, unit);
  UnitStory story;
  story.unit = unit;
  if (const auto lock = plan.locks().find(unit); lock != plan.locks().end()) story.lock = &lock->second;
  for (StageIndex k = 0; k < city.stages.size(); ++k) {
    for (YearIndex y = 0; y < city.years; ++y) {
      const AnswerIndex answer = plan.answer(unit, k, y);
      const std::size_t change = find_change(history, line, k, y);
      const bool goes_on =
          y > 0 && answer == plan.answer(unit, k, y - 1) && story.chapters.back().change_number == change;
      if (goes_on) {
        story.chapters.back().to = y + 1;
        continue;
      }
      UnitChapter chapter{k, y, y + 1, {}, SchoolSet::Kind::shared, nullptr, change, {}};
      if (change < history.size()) chapter.change = history[change];
      const auto schools = plan.schools_of(unit, k, y);
      chapter.schools.assign(schools.begin(), schools.end());
      if (answer >= kFirstSet && answer != kNobody) chapter.kind = plan.set_of(answer).kind;
      for (const SchoolIndex s : schools) chapter.walks.push_back(city.find_walk(unit, s));
      story.chapters.push_back(std::move(chapter));
    }
  }
  return story;
}

std::vector<UnitIndex> find_successors(const PlanCity& city, UnitIndex unit) {
  std::vector<UnitIndex> found;
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (!city.units[u].in_force) continue;
    const std::vector<UnitIndex> line = find_ancestors(city, u);
    if (std::ranges::find(line, unit) != line.end()) found.push_back(u);
  }
  return found;
}

}  // namespace catchment::engine::planning
