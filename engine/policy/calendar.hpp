// What is open when, and what is due when. The caller brings the time: there is no clock here.
//
// A window is a set of stretches of time, each from its first second to the first second after it. A day or minute at
// an inclusive end is in whole: a window to 23:59 inclusive ends when 24:00 begins, one to 18:00 exclusive when
// 18:00:00 does. Which it is, the pack says for every window and deadline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/policy/pack_admission.hpp"
#include "engine/policy/pack_calendar.hpp"

namespace catchment::engine::policy {

struct Stretch {
  Time from;
  Time to;  // the first second after it

  friend bool operator==(const Stretch&, const Stretch&) = default;
};

// When the window is open to a district, in order; empty: the district is in no batch yet. Without batches the district
// does not matter.
std::vector<Stretch> stretches_of(const Window& window, const std::string& district);

enum class OpenState {
  open,
  before,         // opens later for the first time
  closed,         // opens again: night, or between batches
  after,          // will not open again
  batch_unknown,  // the window is in batches, and none named this district
};

struct WindowAnswer {
  OpenState state = OpenState::after;
  std::optional<Time> opens_next;   // if it is not open and opens later
  std::optional<Time> closes_next;  // if it is open: the first second it is not
};

WindowAnswer ask_window(const Window& window, const std::string& district, Time at);

// The windows of that kind open at a time.
std::vector<const Window*> open_windows(const Calendar& calendar, WindowKind kind, const std::string& district,
                                        Time at);

// Monday to Friday, the holiday table applied. Nothing where the table does not reach.
std::optional<bool> is_working_day(const Holidays& holidays, Day day);
// The n-th working day after a day, which itself is not counted (民法典 201); nothing where the table does not reach.
std::optional<Day> working_days_after(const Holidays& holidays, Day day, int n);

enum class DueState { known, event_needed, beyond_calendar };

struct Due {
  DueState state = DueState::known;
  std::optional<Time> end;  // the first second that is too late; of what is known
};

// `event`: the day the working days run from; not needed for a deadline without. With both a moment and working days,
// whichever comes first; where the event is not known the moment alone is told, and the state says so.
Due due_of(const Holidays& holidays, const Deadline& deadline, std::optional<Day> event = {});

// The day on which a child completes so many years: the same day of the month, and where February has no 29th the 28th,
// because a term of years without its corresponding day ends with the month (民法典 202).
Day completes_years(Day birth, int years);
// Whether the child completes the rule's years by its cut-off; nothing where the rule is delegated.
std::optional<bool> is_old_enough(const AgeRule& rule, Day birth);

}  // namespace catchment::engine::policy
