// The seat warnings of a city, and what is shown of them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/demand/warnings.hpp"
#include "server/outlook/demand_areas.hpp"
#include "server/outlook/demand_city.hpp"

namespace catchment::outlook {

// Of public schools' units, with the public schools of the same and of neighbouring areas as who might take children.
std::vector<engine::demand::SeatWarning> find_warnings(const DemandCity& city,
                                                       const engine::demand::Forecaster& forecaster,
                                                       const SeatBook& book, const std::vector<DemandArea>& areas);

// The name of a warning for people: of shortage its level's, of the others 学位闲置 and 班额过小.
std::string warning_name(const engine::demand::SeatWarning& warning, const engine::demand::DemandRules& rules);

// By place in rules.shortage; of under-use and small classes rules.shortage.size(). Lower is severer.
std::size_t severity_of(const engine::demand::SeatWarning& warning, const engine::demand::DemandRules& rules);

nlohmann::ordered_json to_json(const std::vector<engine::demand::SeatWarning>& warnings, const DemandCity& city,
                               const SeatBook& book);

}  // namespace catchment::outlook
