// What a plan means for families, in the words of a notice for consultation (征求意见影响说明), Chinese and English.
//
// Every figure comes from the comparison and is rounded in `figures`. A sentence whose figure is zero is left out; what
// is not known is said to be so. What only the bureau can say stands as a placeholder in 【】 or [].
#pragma once

#include <string>
#include <vector>

#include "engine/planning/city/plan_zones.hpp"
#include "engine/planning/comparison/plan_moves.hpp"
#include "engine/planning/live_plan.hpp"

namespace catchment::engine::planning {

struct StatementInput {
  const CityPlan& before;
  const CityPlan& after;
  const PlanMoves& moves;              // from `before` to `after`
  const PlanCertificate& certificate;  // of `after`
  // Loads by the forecast; null: the children expected are said instead.
  const LivePlan* live_before = nullptr;
  const LivePlan* live_after = nullptr;
  std::string plan_name;
  bool synthetic = false;  // a made-up city: said above all else
};

struct StatementLine {
  enum class Kind { title, warning, heading, paragraph, item };
  Kind kind = Kind::paragraph;
  std::string zh, en;
};

std::vector<StatementLine> make_statement(const StatementInput& input);

enum class Language { chinese, english };
std::string to_markdown(const std::vector<StatementLine>& lines, Language language);

}  // namespace catchment::engine::planning
