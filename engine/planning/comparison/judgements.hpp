// Plans' indicators side by side. Each is judged for itself: there is no score that ranks plans.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/planning/live_plan.hpp"

namespace catchment::engine::planning {

enum class Judgement { better, worse, equal, unknown };
std::string_view to_word(Judgement judgement);

// Equal are figures that read the same once rounded; unknown if either is.
Judgement judge(const Indicator& indicator, const IndicatorValue& before, const IndicatorValue& after);

struct IndicatorLine {
  const Indicator* indicator = nullptr;
  StageIndex stage = 0;
  YearIndex year = 0;
  std::vector<IndicatorValue> values;  // by plan
  std::vector<Judgement> judgements;   // by plan, against the first
};

// By indicator, stage, year. The plans are of one city as it was read, and were given equal options.
std::vector<IndicatorLine> compare_indicators(std::span<const LivePlan* const> plans);

}  // namespace catchment::engine::planning
