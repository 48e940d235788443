// The way to school on foot, over the streets of the city.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/city_streets.hpp"
#include "engine/model.hpp"
#include "geo/street_network/street_network.hpp"

namespace catchment::api {

struct SchoolWalk {
  geo::Walk walk;
  std::string campus;  // whose gate is reached; empty where there is no way
  geo::Polyline line;  // from the place to the gate; empty unless walked
};

// The network is made when the first way is asked for: a service of look-ups alone need not wait for it. Safe to ask
// from any thread.
class SchoolWalks {
 public:
  SchoolWalks(datasets::CityStreets streets, const std::vector<engine::Campus>& campuses);

  // By straight line, and said so, where no street leads there. A city without streets has such ways only.
  SchoolWalk find(geo::Point from, std::string_view school) const;

 private:
  struct Gate {
    std::string campus;
    geo::Point at;
  };
  struct Network;
  const Network& network() const;

  mutable std::once_flag made_;
  mutable datasets::CityStreets streets_;  // until the network is made
  mutable std::shared_ptr<const Network> network_;
  std::map<std::string, std::vector<Gate>, std::less<>> gates_;  // by school
};

}  // namespace catchment::api
