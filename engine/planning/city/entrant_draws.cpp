#include "engine/planning/city/entrant_draws.hpp"

#include <algorithm>

#include "engine/demand/entry_draws.hpp"
#include "engine/planning/city/city_sources.hpp"
#include "engine/planning/city/plan_demand.hpp"

namespace catchment::engine::planning {

EntrantDraws draw_entrants(const CityPlan& in_force, const CityPlan& plan, StageIndex stage,
                           std::span<const YearIndex> years, int draws, std::uint64_t seed) {
  const PlanCity& city = plan.city();
  demand::ForecastOptions options;
  options.horizon = static_cast<int>(city.years);
  options.draws = draws;
  options.seed = seed;
  demand::EntryDraws entry(*in_force.city().sources->demand, options);
  entry.start_over(to_demand_changes(in_force, plan));

  EntrantDraws out;
  out.draws = draws;
  out.ratio.assign(static_cast<std::size_t>(draws) * years.size() * city.schools.size(), 1.0F);
  const std::vector<demand::SchoolState>& known = entry.state().schools;
  for (SchoolIndex s = 0; s < city.schools.size(); ++s) {
    const std::string& id = city.schools[s].id;
    const auto at = std::ranges::lower_bound(
        known, id, {}, [](const demand::SchoolState& d) -> const std::string& { return d.place->school_id; });
    if (at == known.end() || at->place->school_id != id) continue;
    for (std::size_t y = 0; y < years.size(); ++y) {
      const std::span<const float> of = entry.of(static_cast<std::size_t>(at - known.begin()), stage, years[y]);
      double sum = 0;
      for (const float pupils : of) sum += double{pupils};
      if (!(sum > 0)) continue;
      const double mean = sum / static_cast<double>(of.size());
      for (std::size_t d = 0; d < of.size(); ++d)
        out.ratio[(d * years.size() + y) * city.schools.size() + s] = static_cast<float>(double{of[d]} / mean);
    }
  }
  return out;
}

}  // namespace catchment::engine::planning
