// The seats of one school and who has them: public school of a zone, or private school by choice.
//
// Seats come in parts, filled in the order given, each by its own rule: direct promotion (直升), policy seats, the
// seats of an attached estate (配建), open seats, seats left for children without hukou. A part with seats for
// everybody takes everybody; beyond that the order of its rule decides, and the others wait in that order.
//
//   public zone      {policy: fixed} {hukou: rest} {non-hukou by points: rest}    points meet only what hukou left over
//   private school   {promotion: rest} {estate: fixed, kept} {open: rest}         who waits goes to the public pool
//
// What a private school leaves waiting (`waiting()`) is for the caller to bring back to the public pool; what a public
// school leaves waiting is the input of `overflow.hpp`.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/admission/assignment/standing.hpp"

namespace catchment::engine::admission {

// What becomes of a part's seats that nobody of it takes.
enum class Leftover : std::uint8_t {
  rest,  // free for the parts behind it that take the rest
  kept,  // for the bureau to place after the draw
};

struct SeatPart {
  std::string within_clause;  // cited where the part has seats for all
  std::string beyond_clause;  // cited where its order decides
  std::optional<int> seats;   // nothing: the rest, all that is neither taken, kept nor fixed for a part behind it
  Leftover leftover = Leftover::rest;
  OrderRule order;
};

// A recorded approval of seats beyond classes x class_cap. Without one the cap stands, whatever the rules say.
struct SeatApproval {
  std::string record;  // its number with whoever approved; never empty
  int seats = 0;
};

// Children whose family asked for one school for all of them. A bundle that does not fit waits and those behind it may
// fit (`skip`), or goes in over the plan as far as class cap and approvals allow (`over`), as draw/1 has it.
enum class BundleFit : std::uint8_t { skip, over };

struct SchoolPlan {
  int plan = 0;  // seats of the admission plan
  int classes = 0;
  int class_cap = 0;
  std::vector<SeatApproval> approvals;
  std::vector<SeatPart> parts;
  BundleFit bundles = BundleFit::skip;
};

struct Applicant {
  std::uint32_t child = 0;         // the caller's number, once in a list
  std::uint32_t parts = 1;         // bit p: may take a seat of part p; refused in one, it stands in the next
  std::uint32_t bundle = kNobody;  // equal numbers are one bundle: its parts are those all have, and it stands where
                                   // its last member does
  Standing standing;
};

enum class SeatStatus : std::uint8_t {
  admitted,
  waiting,        // beyond the plan, in the line of every part it may take
  no_conditions,  // may take a seat of no part, whatever is free
  left,           // gave the seat or the place in the line up
};

// What became of a child. With `clause_of`, `margin_of` and the cut-off of its part: the data of an appeal page.
struct Placement {
  std::uint32_t child = 0;
  SeatStatus status = SeatStatus::no_conditions;
  std::uint32_t part = kNobody;  // that has it; waiting: the last one that refused it
  int rank = 0;                  // among the children of that part, 1 first; members of a bundle stand side by side
  bool beyond = false;           // the part had more children than seats, so its order decided
  bool over_plan = false;        // seated beyond the plan with its bundle (BundleFit::over)
};

struct PartResult {
  int seats = 0;     // it had when it was filled, leftovers of those before included
  int children = 0;  // who stood in it
  int admitted = 0;
  int over_plan = 0;
  int kept = 0;                     // for the bureau to place
  std::optional<Standing> cut_off;  // of the last one admitted in its order; nothing: nobody, or seats for all
  std::uint32_t cut_off_child = kNobody;
};

// Whether tickets will decide anything: somebody on each side of a cut-off whom tier and keys do not tell apart.
// Tickets are not looked at, so it may be asked before the draw. Throws as SchoolSeats does.
bool needs_draw(const SchoolPlan& plan, std::span<const Applicant> applicants);

class SchoolSeats {
 public:
  // Throws InputError: "class_cap" (plan beyond classes x class_cap + approvals, approval without record or seats),
  // "seat_parts" (fixed seats beyond the plan, more than 32 parts, negative figures), "order_rule",
  // "applicants" (a number twice, a part that is not there), "no_ticket" (equals on both sides of a cut-off, and their
  // tickets do not tell them apart: a draw must decide). O(n log n); neither the order of the list nor anything but
  // standing, parts and bundle of a child has an effect.
  SchoolSeats(SchoolPlan plan, std::span<const Applicant> applicants);
  ~SchoolSeats();
  SchoolSeats(SchoolSeats&&) noexcept;
  SchoolSeats& operator=(SchoolSeats&&) noexcept;

  const SchoolPlan& plan() const;
  std::span<const Placement> placements() const;              // as the applicants were given
  const Placement& get_placement(std::uint32_t child) const;  // throws InputError("child")
  std::span<const PartResult> parts() const;
  // The clause that decided on a child: its part's, within or beyond; empty with no_conditions.
  const std::string& clause_of(const Placement& placement) const;
  // What separates a child from the cut-off of its part: refused, from the last one admitted; admitted, from the first
  // one refused behind it. By bundle: it stands before the last one admitted, but there were not seats for all of it.
  // None: nobody was refused, or nobody admitted.
  Separation margin_of(const Placement& placement) const;
  // Who waits in the line of a part, the first in line first; without a part: all once, by the last part that refused.
  std::vector<std::uint32_t> waiting(std::uint32_t part) const;
  std::vector<std::uint32_t> waiting() const;

  // A child forfeits its seat or gives up its place in the line. The free seat goes to the first in line of its part
  // for whom it is enough, then as the part's leftovers do. Returns who is admitted now, in order. No second draw;
  // cut-offs and margins follow, ranks stay. What was over the plan goes first. Throws InputError("child") for a number
  // not in the list or one that left. O(line).
  std::vector<std::uint32_t> leave(std::uint32_t child);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::engine::admission
