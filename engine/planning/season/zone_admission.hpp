// Who has the seats of a zone's school in a season played through: SchoolSeats with one part, by tier and then the lot.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace catchment::engine::planning {

struct SeasonApplicant {
  std::uint32_t unit = 0;       // kNoUnit: nobody knows where the child lives
  std::uint32_t household = 0;  // into the household classes
  int tier = 1;
  std::uint64_t lot = 0;
};

// Whether each applicant has one of the seats. Equal lots of one tier: in the order given. O(applicants log
// applicants).
std::vector<char> admit_in_zone(std::span<const SeasonApplicant> applicants, int seats);

}  // namespace catchment::engine::planning
