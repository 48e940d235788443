// Plans in JSON, for the tool and the service: what is shown of indicators, certificates, moves and searches.
//
// Figures that nobody knows are "unknown". Children are whole ones, in decimals.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "engine/planning/city/plan_zones.hpp"
#include "engine/planning/comparison/judgements.hpp"
#include "engine/planning/comparison/plan_moves.hpp"
#include "engine/planning/comparison/statement.hpp"
#include "engine/planning/live_plan.hpp"

namespace catchment::plans {

using nlohmann::ordered_json;

template <class Figure>
ordered_json or_unknown(const std::optional<Figure>& figure) {
  return figure ? ordered_json(*figure) : ordered_json("unknown");
}

// A list by indicator, each with its meaning and a value a stage and year.
ordered_json indicators_json(const engine::planning::PlanCity& city,
                             const std::vector<engine::planning::IndicatorRow>& rows);
// The same without meanings, and values by stage in order of years, for who asks at every stroke: null is unknown.
ordered_json brief_indicators_json(const engine::planning::PlanCity& city,
                                   const std::vector<engine::planning::IndicatorRow>& rows);
// Values of several plans beside each other, each judged against the first.
ordered_json verdicts_json(const engine::planning::PlanCity& city,
                           const std::vector<engine::planning::IndicatorLine>& lines);

// Loads and the price of a seat, by stage, year and school. A search over the city a stage and year.
ordered_json schools_json(engine::planning::LivePlan& live);

ordered_json certificate_json(const engine::planning::PlanCity& city,
                              const engine::planning::PlanCertificate& certificate);

ordered_json statement_json(const std::vector<engine::planning::StatementLine>& lines);

// Who moves: by year, between which schools, by grade, school and unit. The two plans' indicators are asked for loads.
ordered_json moves_json(const engine::planning::PlanCity& city, const engine::planning::PlanMoves& moves,
                        const engine::planning::LivePlan& before, const engine::planning::LivePlan& after);

// Zones as a GeoJSON FeatureCollection is the caller's; this is what a zone's properties say.
ordered_json zone_properties(const engine::planning::PlanCity& city, const engine::planning::PlanZone& zone);

}  // namespace catchment::plans
