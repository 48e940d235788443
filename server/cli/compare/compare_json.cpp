#include <nlohmann/json.hpp>

#include "server/cli/compare/compare_parts.hpp"
#include "server/plans/plan_json.hpp"

namespace catchment::cli {

using nlohmann::ordered_json;

std::string comparison_json(const PlanComparison& comparison) {
  ordered_json plans = ordered_json::array(), pairs = ordered_json::array();
  for (std::size_t i = 0; i < comparison.sides.plans.size(); ++i) {
    const SidePlan& side = comparison.plan(i);
    ordered_json one{{"label", side.label}, {"name", side.name}, {"source", side.source}};
    one["certificate"] = plans::certificate_json(side.plan.city(), comparison.certificates[i]);
    if (i > 0) one["statement"] = plans::statement_json(comparison.statements[i]);
    plans.push_back(std::move(one));
  }
  for (const PlanPair& pair : comparison.pairs) {
    ordered_json one{{"before", comparison.plan(pair.before).source}, {"after", comparison.plan(pair.after).source}};
    one.update(
        plans::moves_json(comparison.city(), pair.moves, comparison.live[pair.before], comparison.live[pair.after]));
    pairs.push_back(std::move(one));
  }
  const ordered_json out{{"base_year", comparison.city().base_year},
                         {"horizon", comparison.city().years},
                         {"draws", comparison.draws},
                         {"seed", comparison.seed},
                         {"plans", std::move(plans)},
                         {"indicators", plans::verdicts_json(comparison.city(), comparison.indicators)},
                         {"comparisons", std::move(pairs)}};
  return out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace catchment::cli
