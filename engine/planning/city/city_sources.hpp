// What a plan's city was made from, as far as changes reckon with it anew.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/demand/model.hpp"
#include "engine/demand/seat_input.hpp"
#include "engine/demand/seats.hpp"
#include "engine/planning/city/unit_borders.hpp"
#include "geo/street_network/street_network.hpp"

namespace catchment::engine::planning {

// Each part may be missing: null, or no network.
struct CitySources {
  std::optional<geo::StreetNetwork> streets;
  geo::SnapOptions snap;
  double walk_limit_m = kWalkLimit_m;
  std::shared_ptr<const BorderGround> barriers;
  std::shared_ptr<const demand::DemandModel> demand;
  std::vector<std::uint32_t> demand_unit;          // unit of the city as read -> unit of the model
  std::shared_ptr<const demand::SeatInput> seats;  // with the pupils expected under the plan in force
};

}  // namespace catchment::engine::planning
