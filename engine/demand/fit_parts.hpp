// The parts of fit(): each fills its part of the model from rows up to model.base_year.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/demand/components.hpp"
#include "engine/demand/model.hpp"

namespace catchment::engine::demand {

inline constexpr std::size_t kStages = 2;  // the first two stages of the rules are forecast

// Children age from year to year: ratios by unit, and what the units' children will be. Wants yields.
void fit_ageing(DemandModel& model);
// Children a dwelling brings, learnt from estates completed within the series. Wants nothing.
void fit_yields(DemandModel& model);
// Pupils go up by a grade. Wants nothing.
void fit_progression(DemandModel& model);
// Children become pupils of an entry grade; leavers of the first stage become pupils of the second.
void fit_entry(DemandModel& model);

// The age at which a stage is entered.
int entry_age(const DemandRules& rules, std::size_t stage);

// Children of the entry age of a stage in a unit: counted, or born so many years before, or kUnknown.
double children_of_entry_age(const CityHistory& history, std::size_t unit, int year, int age);

// The children (first stage) or leavers (second, with feeders) a school's entry grade draws on, by school, for a past
// year; kUnknown where they are not known.
std::vector<double> entry_bases(const DemandModel& model, std::size_t stage, int year);

// Ratios of groups of a ladder as the reader sees them: city value times the posterior.
Ratio to_ratio(double city_value, const Pooled& pooled, const Observation& own, const Observation& district);

}  // namespace catchment::engine::demand
