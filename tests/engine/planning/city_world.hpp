// A made-up city of square units in a grid, of which everything is known.
//
//   row 1   | u0_1 | u1_1 | u2_1 | u3_1 |        west has the left half, east the right one;
//   row 0   | u0_0 | u1_0 | u2_0 | u3_0 |        their campuses stand in u0_0 and the last column's row 0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/planning/city/city_sources.hpp"
#include "engine/planning/city/city_tables.hpp"
#include "engine/planning/city/plan_change.hpp"

namespace catchment::testing {

using namespace engine::planning;
using engine::Stage;

inline constexpr std::int32_t kSide = 20'000;  // of a unit, in 1e-7 degree: some 200 m
inline constexpr geo::Point kCorner{1'170'000'000, 300'000'000};

inline geo::Point grid_place(double column, double row) {
  return {kCorner.lon + static_cast<std::int32_t>(column * kSide),
          kCorner.lat + static_cast<std::int32_t>(row * kSide)};
}

inline std::string grid_id(int column, int row) { return "u" + std::to_string(column) + "_" + std::to_string(row); }

inline geo::MultiPolygon grid_box(double west, double south, double east, double north) {
  return {{{grid_place(west, south), grid_place(east, south), grid_place(east, north), grid_place(west, north)}, {}}};
}

struct GridWorld {
  int columns = 4, rows = 2, years = 4;
  std::shared_ptr<const CitySources> sources = nullptr;
  std::shared_ptr<const BorderGround> ground = nullptr;  // for borders

  // Four addresses a unit, 100 children and a few parts more in every year, primary and junior.
  std::shared_ptr<const PlanCity> make() const {
    PlanCity city;
    city.base_year = 2025;
    city.years = static_cast<std::size_t>(years);
    city.stages = {Stage::primary, Stage::junior};
    std::vector<const geo::MultiPolygon*> shapes;
    for (int r = 0; r < rows; ++r) {
      for (int c = 0; c < columns; ++c) {
        CityUnit unit;
        unit.id = grid_id(c, r);
        unit.shape = std::make_shared<const geo::MultiPolygon>(grid_box(c, r, c + 1, r + 1));
        unit.positions = std::make_shared<const std::vector<geo::Point>>(
            std::vector<geo::Point>{grid_place(c + 0.2, r + 0.3), grid_place(c + 0.4, r + 0.7),
                                    grid_place(c + 0.6, r + 0.3), grid_place(c + 0.8, r + 0.7)});
        unit.addresses = 5;  // one without a position
        unit.households = 101;
        measure(unit);
        shapes.push_back(unit.shape.get());
        for (int cell = 0; cell < 2 * years; ++cell) city.children.push_back(100 * kWholeChild + 7 * c + 3 * r + cell);
        city.units.push_back(std::move(unit));
      }
    }
    city.borders = find_borders(shapes, ground.get());
    add_school(city, "west", 0);
    add_school(city, "east", columns - 1);
    city.sources = sources;
    place_campuses(city);
    for (SchoolIndex s = 0; s < city.schools.size(); ++s) {
      city.walks.resize(city.units.size());
      walk_to_school(city, s);
    }
    return settle(std::move(city));
  }

  void add_school(PlanCity& city, const std::string& id, int column) const {
    CitySchool school;
    school.id = id, school.name = id + " school";
    school.campuses = {{id, {grid_place(column + 0.5, 0.5)}, kNoUnit}};
    const auto end = static_cast<YearIndex>(years);
    school.offers = {{0, end, 1, 6, true}, {0, end, 7, 9, true}};
    city.schools.push_back(std::move(school));
  }

  // The left half is west's, the right half east's.
  CityPlan halves() const {
    const CityPlan nobody(make());
    std::vector<AnswerEdit> edits;
    for (UnitIndex u = 0; u < nobody.city().units.size(); ++u) {
      const bool left = u % static_cast<UnitIndex>(columns) < static_cast<UnitIndex>(columns) / 2;
      for (StageIndex k = 0; k < 2; ++k) edits.push_back({u, k, 0, static_cast<YearIndex>(years), left ? 0u : 1u});
    }
    return nobody.edited(edits);
  }
};

inline PlanChange reassign(std::vector<std::string> units, const std::string& school, int from_year = 2026,
                           Stage stage = Stage::primary) {
  return {ReassignUnits{stage, from_year, std::move(units), school}, {}, {}};
}

// The schools of a unit in primary, by id, joined by +.
inline std::string schools_of(const CityPlan& plan, const std::string& unit, YearIndex year = 0, StageIndex stage = 0) {
  std::string text;
  for (const SchoolIndex s : plan.schools_of(*plan.city().find_unit(unit), stage, year)) {
    text += (text.empty() ? "" : "+") + plan.city().schools[s].id;
  }
  return text;
}

// All a plan says, as text: equal for equal plans, whatever objects they are made of.
inline std::string spelled(const CityPlan& plan) {
  const PlanCity& city = plan.city();
  std::string text;
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    const CityUnit& unit = city.units[u];
    if (!unit.in_force) continue;
    text += unit.id + " " + std::to_string(unit.addresses) + " " + std::to_string(unit.households.value_or(-1));
    for (StageIndex k = 0; k < city.stages.size(); ++k) {
      for (YearIndex y = 0; y < city.years; ++y) {
        text += " " + std::to_string(city.children_of(u, k, y)) + ":";
        for (const SchoolIndex s : plan.schools_of(u, k, y)) text += city.schools[s].id + "+";
      }
    }
    text += plan.locks().contains(u) ? " locked\n" : "\n";
  }
  for (const CityBorder& b : city.borders) {
    text += city.units[b.a].id + "|" + city.units[b.b].id + " " + std::to_string(b.length_m) + "\n";
  }
  return text;
}

// Children of all units in force: [stage][year].
inline std::vector<std::int64_t> sums_of_children(const PlanCity& city) {
  std::vector<std::int64_t> sums(city.stages.size() * city.years, 0);
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (city.units[u].in_force) sums[i] += city.children[u * sums.size() + i];
    }
  }
  return sums;
}

}  // namespace catchment::testing
