// The words of a child's season: where it stands, what can happen to it, what may forbid that, and which rule of the
// policy pack answers for it. The table that joins them is in transitions.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace catchment::engine::admission {

// Where a child stands. Exactly one at a time.
enum class ChildStage : std::uint8_t {
  unregistered,    // of school age, and nobody has registered it
  registered,      // facts are given, nobody has checked them
  rejected,        // evidence refused: amend, or come on site
  verified,        // eligible
  private_choice,  // has applied for one private school
  waiting,         // drawn behind the seats, in the line of that school
  drawn,           // has won a seat, which is held until it is confirmed or forfeited
  confirmed,       // the family has taken the seat; no other school may have the child
  forfeited,       // let the seat it had won go by
  lost,            // the line of the school is over
  public_pool,     // to be given a seat by the bureau
  offered,         // the bureau holds a seat for it
  locked,          // the seat is its own
  transferred,     // the seat was exchanged for another school's
  in_class,
  enrolled,        // has reported
  no_show,         // has not; the seat is kept
  dropout_ledger,  // suspected dropout, to be brought back; a seat it has is kept
  deferred,        // entry put off a year (缓学), approved
  withdrawn,       // has left the season: moved away
};
inline constexpr std::size_t kChildStages = 20;

enum class SeasonEventKind : std::uint8_t {
  register_online,
  register_on_site,  // after a failed or missed registration online
  register_late,     // supplementary; needs approval
  amend,
  verify,
  reject,
  choose_private,
  lock_first,  // direct promotion, attached estate, policy group: before anybody is drawn or placed
  draw,        // of one school, for all who chose it
  promote,     // the next in line is given a seat that came free
  confirm,     // by the clock
  pay,         // by a receipt
  forfeit,     // the deadline has passed
  end_line,    // no seat can come free any more
  enter_pool,
  offer,
  accept,
  lapse,  // an offer nobody answered
  lock,
  release,  // of a seat, by two approvers
  transfer,
  deal_class,
  report,
  no_report,
  trace,  // into the ledger of suspected dropouts
  return_to_school,
  defer,
  withdraw,
  approve_extra,  // seats above the plan of a school, recorded with the approver
  close,          // the season is over; nothing comes after it
};
inline constexpr std::size_t kSeasonEvents = 30;

// What has to hold for an event to count. Each can be named in a refusal.
enum class SeasonGuard : std::uint8_t {
  one_registration,  // the child is not registered yet, or is sought as a dropout without a seat
  in_window,         // the event's time lies in its window, both ends included
  overdue,           // its window is over
  approved,          // an approver is named
  one_choice,        // the child has no other private choice, and that school's draw is still to come
  right_school,      // the school takes whom this event brings
  has_claim,         // the school is the one that the child may enter before others
  claims_first,      // nobody with a claim on this school is still to be dealt with
  roll_complete,     // the order names exactly those who chose the school
  one_draw,          // the school has not drawn yet
  one_seat,          // the child has no seat anywhere
  own_seat,          // the child has one
  seat_free,         // within plan and approvals
  next_in_line,      // the first unit of the line that fits into the free seats
  line_over,         // nobody may still forfeit, and the free seats do not hold the child's unit
  by_clock,          // the school's seats are taken by confirming
  by_receipt,        // by paying, and a receipt is named
  two_approvers,     // two different ones
  both_districts,    // one approver of each school's district
  dwelling_free,     // no other family's child holds a seat of the school from this dwelling
  all_settled,       // nobody is on the way any more
};
inline constexpr std::size_t kSeasonGuards = 21;

// Windows of a season. A time outside every window of its kind is too early or too late.
enum class SeasonWindow : std::uint8_t { none, online, on_site, late, private_choice, confirm, accept, report };
inline constexpr std::size_t kSeasonWindows = 8;

// Rules of a policy pack that answer for transitions and refusals; each has a clause.
enum class SeasonHook : std::uint8_t {
  registration,
  on_site,
  late,
  evidence,
  private_choice,
  direct_promotion,
  draw,
  waiting_list,
  confirm,
  forfeit,
  public_guarantee,
  offer,
  seat_lock,
  release,
  transfer,
  plan,
  dwelling,
  classes,
  report,
  dropout,
  deferral,
};
inline constexpr std::size_t kSeasonHooks = 21;

std::string_view to_word(ChildStage stage);
std::string_view to_word(SeasonEventKind kind);
std::string_view to_word(SeasonGuard guard);
std::string_view to_word(SeasonWindow window);
std::string_view to_word(SeasonHook hook);

// Whether a child of this stage holds a seat, perhaps one or perhaps none (dropout_ledger).
enum class HoldsSeat : std::uint8_t { no, yes, perhaps };
HoldsSeat holds_seat(ChildStage stage);

}  // namespace catchment::engine::admission
