// Which schools a made-up city has, where, and which units belong to whom.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "datasets/synth/layout.hpp"
#include "datasets/synth/regions.hpp"
#include "engine/model.hpp"

namespace catchment::datasets::synth {

inline constexpr int kUnitsPerZone = 24;

// How many of what, from the number of schools.
struct SchoolCounts {
  int private_schools = 0;  // 1 in 25, without a zone
  int nine_year = 0;        // public schools with a primary and a junior zone
  int junior_zones = 0;     // 1 in 4 public schools
  int junior_shared = 0;    // junior zones with two schools
  int primary_zones = 0;
  int primary_shared = 0;  // primary zones with two schools

  explicit SchoolCounts(int schools);
};

struct PlannedSchool {
  engine::School row;
  std::vector<engine::Campus> campuses;
  std::int32_t primary_zone = -1;
  std::int32_t junior_zone = -1;

  bool teaches(engine::Stage stage) const;
};

struct SchoolPlan {
  std::vector<PlannedSchool> schools;                      // by id
  std::vector<std::vector<std::int32_t>> primary_schools;  // per primary zone its one or two schools
  std::vector<std::vector<std::int32_t>> junior_schools;
  std::vector<std::int32_t> junior_of_primary;  // zone to zone
  Graph junior_neighbours;
  std::vector<std::vector<std::int32_t>> zone_of_unit;  // primary zones: [0] in the last year, [1] the year before, ...
};

// Primary zones are grown around their schools to about equal numbers of children without crossing a river or railway
// where that can be had; junior zones are unions of primary zones. From year to year about one unit in 150 went over to
// the zone next door; units with a campus never do.
SchoolPlan plan_schools(const Layout& layout, const std::vector<char>& closed_borders, const SchoolCounts& counts,
                        int years, std::uint64_t seed);

}  // namespace catchment::datasets::synth
