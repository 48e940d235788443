// Pupils of a made-up city, from its children.
#pragma once

#include <functional>
#include <map>
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

// Entry pupils of a school by stream.
struct Streams {
  int zone = 0;
  int out_of_area = 0;
  int migrant = 0;

  int enrolled() const { return zone + out_of_area + migrant; }
};

struct Schooling {
  std::map<std::tuple<std::int32_t, int, int>, int> pupils;  // school (place in the plan), year, grade
  std::map<std::tuple<std::int32_t, int, int>, Streams>
      streams;  // the same, of grades 1 and 7 but for the first year's 7
};

// District of each primary zone.
using ZoneDistricts = std::vector<std::int32_t>;

// Who goes to school where, kFirstYear to kLastYear.
// * Grade 1 of year y: the children aged 6 on 31 August of y. In each zone some go to a private school, some to another
//   zone's public school, some nowhere in the city, as the truth says; the rest go to the zone's schools, which attract
//   40 to 60 % of a shared zone each. Migrant children, who are not among those counted, come on top.
// * Grades 2-6 and 8-9 are the grade below of the year before, times the truth's progression; and seven tenths of what
//   its zone gained or lost of that cohort, the school gains or loses.
// * Grade 7: the leavers of the year before by the shares of feeders, less those to private schools (as in grade 1) and
//   elsewhere, plus migrants (three tenths of grade 1's share: the others came up from there). Leavers of private
//   schools: three in ten stay private, the others go anywhere.
// * In the first year grades 2 to 9 are drawn from the children of that age.
Schooling make_schooling(const SchoolPlan& plan, const ZoneDistricts& districts, const ZoneChildren& children,
                         const DemandTruth& truth, std::uint64_t seed);

// Every primary school's graduates go to the schools of the junior zone around it, in equal shares; about one in twelve
// sends 30 % across the line to the junior zone next door. Shares of a school sum to 1.
std::vector<engine::Feeder> make_feeders(const SchoolPlan& plan, int school_year, std::uint64_t seed);

}  // namespace catchment::datasets::synth
