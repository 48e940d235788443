// The figures of a plan's city, each from its source: by whoever reads a city, and by changes that touch a part of it.
#pragma once

#include <span>
#include <vector>

#include "engine/planning/city/city_sources.hpp"
#include "engine/planning/city/plan_city.hpp"

namespace catchment::engine::planning {

// Area, perimeter and place of a unit from its shape and its addresses: the address nearest to their middle, else a
// point inside. Edges are geodesics.
void measure(CityUnit& unit);

// Walks from hubs, each with its gates, to places. [hub], by place; `school` of a walk is the place's number. Within
// the limit; by the straight line, marked, where there are no streets near or between, or no network at all.
std::vector<UnitWalks> find_walks(const CitySources* sources, std::span<const std::vector<geo::Point>> hubs,
                                  std::span<const geo::Point> places, int threads = 1);

// Walks of all units with a place to one school, added to the city's or in place of those it had.
void walk_to_school(PlanCity& city, SchoolIndex school);
// Walks of one unit to all schools.
void walk_from_unit(PlanCity& city, UnitIndex unit);

// The rows of a school in the ledger of its city, for as many years as it has. Schools that share no campus or sale of
// seats with others have the same lines as in the ledger of all.
demand::SeatInput input_of_school(const demand::SeatInput& input, std::string_view school_id);

// Entry seats of schools from the ledger's lines, for years [from, ...); years without a line are not known.
void fill_seats(PlanCity& city, const demand::SeatLedger& ledger, std::span<const SchoolIndex> schools,
                YearIndex from = 0);

// Children of one age that an estate brings beyond those counted in the base year: [year].
std::vector<ChildParts> arrivals_of(const demand::DemandModel& model, Housing project, std::size_t years);

// Children of all units of a city as it was read, from the model's outlook and the city's estates.
void fill_children(PlanCity& city);

// Campuses' units: those in force that hold their first gates.
void place_campuses(PlanCity& city);

}  // namespace catchment::engine::planning
