// Other names of a made-up city's streets, estates, communities, towns, schools and doors.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "datasets/synth/divisions.hpp"
#include "datasets/synth/estates.hpp"
#include "datasets/synth/school_plan.hpp"
#include "datasets/synth/streets.hpp"
#include "engine/model.hpp"

namespace catchment::datasets::synth {

struct OtherNamesInput {
  const std::vector<Street>* streets = nullptr;
  const std::vector<Estate>* estates = nullptr;
  const Divisions* divisions = nullptr;
  const SchoolPlan* plan = nullptr;
  std::uint64_t seed = 0;
};

// One street in 30 was renamed. Of the estates one in five is sold under a promoted name, one in 20 had a temporary one
// while it was built, one in 20 bears another legal one. Communities, towns and schools have their short forms. No
// alias is the name of another thing of its kind.
std::vector<engine::Alias> make_other_names(const OtherNamesInput& input);

// Two streets, chosen from the seed, were renumbered: takes their doors as they pass and knows the old numbers, which
// no door bears today.
class OldDoors {
 public:
  OldDoors(const std::vector<Street>& streets, std::uint64_t seed);
  void see(const engine::Address& row);
  std::vector<engine::Alias> aliases() const;

 private:
  struct Renumbered {
    std::string street;
    int highest = 0;
    std::vector<int> numbers;  // of plain doors, rising or equal
  };
  std::vector<Renumbered> streets_;
};

}  // namespace catchment::datasets::synth
