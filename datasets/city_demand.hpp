// What a city package knows, as the input of demand.
#pragma once

#include "datasets/city_package.hpp"
#include "engine/demand/demand_input.hpp"

namespace catchment::datasets {

// Everything that demand asks of a package.
// * Assignment, per stage that the rules have and per school year with zones: a unit belongs to a zone by the share of
//   its addresses that lie in it (a point on a line counts on one side), or where it has none with a position, by a
//   point inside its shape. Where zones overlap each has an equal part. A zone of several schools is split by their
//   entry-grade pupils of the last school year before it in which any of them had some; one without a row counts as the
//   mean of the others; equally if nobody had any. Of a stage and year the layer of kind "general" counts; if there is
//   none, the others do, each for an equal part. A unit that a later layer leaves out has rows of share 0.
// * The district of a unit is the one it names, else the place of kind district its point lies in; of a school the one
//   its campuses lie in, else the one that most of its units are in.
// * Housing without a unit belongs to the unit its position lies in.
// Rows that cannot be used throw InputError("demand_row", "file: table, row fid"): an unknown unit, school or district,
// a month, age, grade, year or share out of range, housing nowhere or without a year, a school that succeeds itself. An
// address of a unit that is not in the package counts for nothing.
// Twenty thousand units with a million addresses take a few seconds.
engine::demand::DemandInput load_demand_input(const CityPackage& package,
                                              const engine::demand::DemandRules& rules = {});

}  // namespace catchment::datasets
