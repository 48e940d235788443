// What a made-up city's bureau keeps on seats: rooms, admission units, exceptions, reserved and purchased seats; and
// the rows of enrolment and intake.
#pragma once

#include <span>
#include <vector>

#include "datasets/synth/enrolment.hpp"

namespace catchment::datasets::synth {

// The school that had another id, kFormerId, before kRenamedYear: the first school of the first primary zone.
inline constexpr int kRenamedYear = kLastYear - 3;
inline constexpr const char* kFormerId = "S0000";

struct SeatPlan {
  std::vector<engine::CampusRooms> rooms;
  std::vector<engine::AdmissionUnit> admission_units;
  std::vector<engine::AdmissionPlan> admission_plans;
  std::vector<engine::CapException> cap_exceptions;
  std::vector<engine::ReservedSeats> reserved;
  std::vector<engine::PurchasedSeats> purchased;
  std::vector<engine::SchoolSuccessor> successors;
  std::vector<engine::Enrolment> enrolment;
  std::vector<engine::Intake> intake;
};

// * The first two schools with two campuses and one stage have one admission unit over both; the second campus teaches
//   the two lowest grades only. Every other school is an admission unit itself, one for each stage.
// * One public school of one stage in twenty, at least one, may have 50 pupils a primary class or 55 a junior one, for
//   five years.
//   Classes are as few as the cap allows: 45, 50, or the exception's.
// * A campus has at least the rooms that its school's classes ever needed there; one in ten is to have six more next
// year.
// * The last year and the next: nine-year schools keep the seats of their grade 6 for it, one school in six keeps 15 to
// 30
//   seats for a new estate, one in three 2 to 8 for policy groups; private schools sell 10 to 45 seats each, where
//   migrant children go, to the bureau. Entry plans of the next year are those of the last.
// * Intake rows of every school and year; those of a nine-year school are of grade 1.
SeatPlan make_seat_plan(const SchoolPlan& plan, const Schooling& schooling, std::uint64_t seed);

}  // namespace catchment::datasets::synth
