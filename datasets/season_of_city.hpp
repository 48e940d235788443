// A city package as the ground of a season: its schools with their plans of a school year, its zones, where they stand.
#pragma once

#include <string>

#include "datasets/city_package.hpp"
#include "datasets/season_dir.hpp"
#include "geo/point.hpp"

namespace catchment::datasets {

// Places of a season are whole metres east and north of the south-western corner of the city's campuses, on a plane
// that is true at its middle: right to 0.1 % across 50 km.
class CityGrid {
 public:
  // Throws InputError("season_city") for a city without campuses.
  explicit CityGrid(const std::vector<engine::Campus>& campuses);
  struct Metres {
    int x_m = 0, y_m = 0;
  };
  Metres metres(geo::Point at) const;

 private:
  double lon0_ = 0, lat0_ = 0, metres_per_degree_east_ = 0;
};

// Season, schools, zones and sites of what is open and planned for that year; general zones only. A school's district
// is that of the place it stands in, or "city". A school without an admission plan for the year has no seats, and a
// private one no fee; the bureau fills in the files. Throws InputError("season_city") where the package has no school
// of a level.
SeasonDir season_of_city(const CityPackage& package, const std::string& place, int school_year, int plans_year);

}  // namespace catchment::datasets
