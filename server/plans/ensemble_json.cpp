#include "server/plans/ensemble_json.hpp"

#include <array>
#include <cmath>

namespace catchment::plans {

using namespace engine::planning;
using nlohmann::ordered_json;

namespace {

constexpr std::array<const char*, 7> kQuantileNames{"least", "q05", "q25", "median", "q75", "q95", "most"};

ordered_json number_or_null(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(); }

ordered_json quantiles_json(const Quantiles& quantiles) {
  ordered_json out;
  for (std::size_t q = 0; q < quantiles.size(); ++q) out[kQuantileNames[q]] = quantiles[q];
  return out;
}

ordered_json ensemble_findings_json(const std::vector<EnsembleFinding>& findings) {
  ordered_json list = ordered_json::array();
  for (const EnsembleFinding& f : findings) {
    list.push_back({{"kind", to_word(f.kind)}, {"fatal", f.fatal}, {"message", f.message}});
  }
  return list;
}

ordered_json placed_json(const EnsembleProblem& problem, const EnsembleSummary& summary) {
  const std::vector<std::string> breaches = check_plan(problem, problem.reference);
  ordered_json out{{"legal", breaches.empty()}, {"breaches", breaches}, {"figures", ordered_json::array()}};
  for (const PlanStanding& s : place_plan(summary, count_plan(ChainGround(problem), problem.reference))) {
    if (s.figure >= PlanFigure::units_changed) continue;  // of itself
    out["figures"].push_back({{"figure", to_word(s.figure)},
                              {"value", s.value},
                              {"better", s.better},
                              {"equal", s.equal},
                              {"error", s.error},
                              {"rank", s.rank}});
  }
  return out;
}

}  // namespace

ordered_json ensemble_json(const EnsembleProblem& problem, const EnsembleOptions& options,
                           const EnsembleSummary& summary) {
  ordered_json out{{"method", to_word(options.method)},
                   {"seed", options.seed},
                   {"shards", options.shards},
                   {"steps", options.steps},
                   {"burn_in", options.burn_in},
                   {"record_every", options.record_every},
                   {"plans", summary.plans},
                   {"accepted", summary.accepted},
                   {"trees", summary.trees},
                   {"stuck", summary.stuck},
                   {"over_bound", summary.over_bound},
                   {"mixed", summary.mixed()},
                   {"findings", ensemble_findings_json(summary.findings)}};
  ordered_json& figures = out["figures"] = ordered_json::array();
  for (const FigureSummary& f : summary.figures) {
    figures.push_back({{"figure", to_word(f.figure)},
                       {"mean", f.mean},
                       {"quantiles", quantiles_json(f.quantiles)},
                       {"r_hat", number_or_null(f.mixing.r_hat)},
                       {"effective", f.mixing.effective},
                       {"mixed", f.mixing.mixed()}});
  }
  ordered_json& zones = out["zones"] = ordered_json::array();
  for (std::size_t z = 0; z < summary.loads.size(); ++z) {
    zones.push_back({{"school", problem.zones[z].id},
                     {"seats", problem.zones[z].seats},
                     {"children", quantiles_json(summary.loads[z])}});
  }
  if (!problem.reference.empty() && !summary.figures.empty()) out["plan"] = placed_json(problem, summary);
  return out;
}

}  // namespace catchment::plans
