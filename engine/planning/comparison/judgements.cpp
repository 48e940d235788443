#include "engine/planning/comparison/judgements.hpp"

#include "engine/planning/comparison/figures.hpp"

namespace catchment::engine::planning {

std::string_view to_word(Judgement judgement) {
  switch (judgement) {
    case Judgement::better:
      return "better";
    case Judgement::worse:
      return "worse";
    case Judgement::equal:
      return "equal";
    case Judgement::unknown:
      break;
  }
  return "unknown";
}

Judgement judge(const Indicator& indicator, const IndicatorValue& before, const IndicatorValue& after) {
  if (!before.value || !after.value) return Judgement::unknown;
  if (figure_text(*before.value) == figure_text(*after.value)) return Judgement::equal;
  const bool lower = *after.value < *before.value;
  return lower == (indicator.better == Better::lower) ? Judgement::better : Judgement::worse;
}

std::vector<IndicatorLine> compare_indicators(std::span<const LivePlan* const> plans) {
  std::vector<IndicatorLine> lines;
  for (const LivePlan* plan : plans) {
    const std::vector<IndicatorRow> rows = plan->rows();
    if (lines.empty()) {
      for (const IndicatorRow& row : rows) lines.push_back({row.indicator, row.stage, row.year, {}, {}});
    }
    for (std::size_t i = 0; i < rows.size(); ++i) lines[i].values.push_back(rows[i].value);
  }
  for (IndicatorLine& line : lines) {
    for (const IndicatorValue& value : line.values) {
      line.judgements.push_back(judge(*line.indicator, line.values.front(), value));
    }
  }
  return lines;
}

}  // namespace catchment::engine::planning
