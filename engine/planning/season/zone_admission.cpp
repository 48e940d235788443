#include "engine/planning/season/zone_admission.hpp"

#include <algorithm>

#include "engine/admission/assignment/school_seats.hpp"

namespace catchment::engine::planning {
namespace {

// The lot, and behind it the number, so that no two are equal.
admission::Ticket ticket_of(std::uint64_t lot, std::uint32_t number) {
  admission::Ticket ticket{};
  for (std::size_t i = 0; i < 8; ++i) ticket[i] = static_cast<std::uint8_t>(lot >> (56 - 8 * i));
  for (std::size_t i = 0; i < 4; ++i) ticket[8 + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
  ticket.back() = 1;  // never all zero: drawn
  return ticket;
}

}  // namespace

std::vector<char> admit_in_zone(std::span<const SeasonApplicant> applicants, int seats) {
  std::vector<char> admitted(applicants.size(), 1);
  if (seats >= static_cast<int>(applicants.size())) return admitted;
  admission::SchoolPlan plan;
  plan.plan = plan.class_cap = std::max(seats, 0);
  plan.classes = 1;
  plan.parts.emplace_back();
  std::vector<admission::Applicant> line(applicants.size());
  for (std::uint32_t i = 0; i < line.size(); ++i) {
    line[i].child = i;
    line[i].standing.tier = applicants[i].tier;
    line[i].standing.ticket = ticket_of(applicants[i].lot, i);
  }
  const admission::SchoolSeats given(std::move(plan), line);
  for (const admission::Placement& placed : given.placements()) {
    admitted[placed.child] = placed.status == admission::SeatStatus::admitted ? 1 : 0;
  }
  return admitted;
}

}  // namespace catchment::engine::planning
