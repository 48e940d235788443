// The lines that form before the parts of a school's seats: what `SchoolSeats` stands on.
#pragma once

#include <utility>

#include "engine/admission/assignment/school_seats.hpp"

namespace catchment::engine::admission {

// A child, or the children of a bundle that have not left.
struct SeatUnit {
  std::uint32_t first = 0, end = 0;  // into SeatLines::members
  std::uint32_t mask = 0;            // of parts
  int size = 0;                      // who have not left
  SeatStatus status = SeatStatus::no_conditions;
  std::uint32_t part = kNobody, at = 0;  // that has it or refused it last, and where in its line
};

struct LinePlace {
  std::uint32_t unit = 0;
  std::uint32_t last = 0;  // the applicant whose standing is the unit's in this line
  int rank = 0;            // of the unit's first child
};

struct SeatLine {
  std::vector<LinePlace> order;
  int open = 0;                // seats being given
  bool beyond = false;         // more children than seats when it was filled
  std::size_t waits_from = 0;  // nobody before this waits
  // What margins are measured against; the line's length: nobody.
  std::size_t last_admitted = 0, refused_behind = 0;
};

struct SeatLines {
  SchoolPlan plan;
  std::vector<Applicant> applicants;
  std::vector<Placement> placements;
  std::vector<PartResult> parts;
  std::vector<std::uint32_t> members;  // applicants by unit
  std::vector<std::uint32_t> unit_of;  // by applicant
  std::vector<SeatUnit> units;
  std::vector<SeatLine> lines;  // by part
  bool tied = false;            // equals on both sides of a cut-off

  // Throws as SchoolSeats does, but for ties.
  SeatLines(SchoolPlan given, std::span<const Applicant> list);

  std::uint32_t get_index(std::uint32_t child) const;  // throws InputError("child")
  const Standing& standing(std::uint32_t part, std::size_t at) const {
    return applicants[lines[part].order[at].last].standing;
  }
  // Units admitted in the place of an applicant that has not left yet, in order.
  std::vector<std::uint32_t> leave(std::uint32_t applicant);
  // Numbers of a unit's children that have not left.
  void list_children(std::uint32_t unit, std::vector<std::uint32_t>& children) const;

 private:
  void index_children();
  void make_units();
  void line_up(std::uint32_t part);
  int fill_part(std::uint32_t part, int free);
  bool admit(std::uint32_t part, std::size_t at);
  std::vector<std::uint32_t> promote(std::uint32_t part);
  void find_ties(std::uint32_t part);
  void measure(std::uint32_t part);
  void write(std::uint32_t unit);
  bool take_from_over(std::uint32_t part, std::uint32_t leaver);
  std::vector<std::uint32_t> pass_on(std::uint32_t part, int seats);

  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_child;  // number, applicant
  int spare = 0;                                                  // seats nobody took, for parts that take the rest
  int over_left = 0;  // seats beyond the plan that cap and approvals still allow
};

}  // namespace catchment::engine::admission
