// Pupils of a made-up city, from its children.
#pragma once

#include <functional>
#include <vector>

#include "datasets/synth/people.hpp"
#include "datasets/synth/school_plan.hpp"
#include "engine/model.hpp"

namespace catchment::datasets::synth {

// Children by the primary zone they lived in, under the zoning of each year. A year from before the earliest layer
// counts under that.
class ZoneChildren {
 public:
  explicit ZoneChildren(const SchoolPlan& plan) : plan_(plan), tables_(plan.primary_schools.size()) {}
  void add(std::size_t unit, const ChildTable& children);
  int at(std::int32_t primary_zone, int year, int age) const;

 private:
  const SchoolPlan& plan_;
  std::vector<ChildTable> tables_;
};

// Grade g of school year y holds the children aged 5 + g on 31 August of y: grades 1-6 of the primary zone, 7-9 of the
// junior zone, each child in exactly one school. Schools of a shared zone take turns; about 4 % go to a private school
// where there is one. Classes are as few as 45 (primary) or 50 (junior) pupils a class allow. By school, year, grade.
std::vector<engine::Enrolment> make_enrolment(const SchoolPlan& plan, const ZoneChildren& children, std::uint64_t seed);

// Every primary school's graduates go to the schools of the junior zone around it, in equal shares; about one in twelve
// sends 30 % across the line to the junior zone next door. Shares of a school sum to 1.
std::vector<engine::Feeder> make_feeders(const SchoolPlan& plan, int school_year, std::uint64_t seed);

}  // namespace catchment::datasets::synth
