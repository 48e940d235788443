// A child's season as a table: from this stage, on this event, if these guards hold, to that stage. What is not in the
// table cannot happen. Rows whose guard can never hold for some of their stages (registering again, an offer to a
// locked child) are there so that the refusal names the guard and its clause.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>

#include "engine/admission/season/season_words.hpp"

namespace catchment::engine::admission {

// What a transition does beside the change of stage.
enum class SeasonEffect : std::uint8_t {
  nothing,
  set_choice,   // the event's school is the child's private choice
  drop_choice,  // and leaves the line
  take_seat,    // at the event's school
  free_seat,
  exchange_seat,  // frees one and takes the event's school's
};

class GuardSet {
 public:
  constexpr GuardSet(std::initializer_list<SeasonGuard> guards) {
    for (const SeasonGuard guard : guards) bits_ |= bit(guard);
  }
  constexpr bool has(SeasonGuard guard) const { return (bits_ & bit(guard)) != 0; }
  constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr std::uint32_t bit(SeasonGuard guard) { return 1u << static_cast<unsigned>(guard); }
  std::uint32_t bits_ = 0;
};

struct Transition {
  std::uint32_t from = 0;  // bit i: ChildStage i
  SeasonEventKind on = SeasonEventKind::close;
  GuardSet guards{};  // asked in the order of SeasonGuard
  ChildStage to = ChildStage::unregistered;
  SeasonEffect effect = SeasonEffect::nothing;
  SeasonWindow window = SeasonWindow::none;  // that in_window and overdue speak of; of confirm and
                                             // accept a child has its own last moment
  SeasonHook hook = SeasonHook::registration;

  constexpr bool leaves(ChildStage stage) const { return (from >> static_cast<unsigned>(stage) & 1u) != 0; }
};

// Every transition of one child. `draw`, `approve_extra` and `close` speak of a school or of all and are no rows: a
// draw takes each child from private_choice to drawn or waiting.
std::span<const Transition> transitions();

// The row for a child of this stage; null if the event means nothing to it. At most one row fits. O(1).
const Transition* find_transition(ChildStage from, SeasonEventKind on);

// The clause that a refusal by this guard cites.
SeasonHook hook_of(SeasonGuard guard, SeasonHook of_transition);

}  // namespace catchment::engine::admission
