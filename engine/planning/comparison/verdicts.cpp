#include "engine/planning/comparison/verdicts.hpp"

#include "engine/planning/comparison/figures.hpp"

namespace catchment::engine::planning {

std::string_view to_word(Verdict verdict) {
  switch (verdict) {
    case Verdict::better:
      return "better";
    case Verdict::worse:
      return "worse";
    case Verdict::equal:
      return "equal";
    case Verdict::unknown:
      break;
  }
  return "unknown";
}

Verdict judge(const Indicator& indicator, const IndicatorValue& before, const IndicatorValue& after) {
  if (!before.value || !after.value) return Verdict::unknown;
  if (figure_text(*before.value) == figure_text(*after.value)) return Verdict::equal;
  const bool lower = *after.value < *before.value;
  return lower == (indicator.better == Better::lower) ? Verdict::better : Verdict::worse;
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
      line.verdicts.push_back(judge(*line.indicator, line.values.front(), value));
    }
  }
  return lines;
}

}  // namespace catchment::engine::planning
