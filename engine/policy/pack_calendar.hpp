// The calendar of a policy pack. What is open when, and what is due, is reckoned in calendar.hpp.
#pragma once

#include "engine/policy/pack_entry.hpp"

namespace catchment::engine::policy {

// What days offices work: Monday to Friday, but for `off`, and on the made-up days of `working` (调休).
struct Holidays {
  struct Break {
    std::string name;
    Day from;
    Day to;  // inclusive
  };
  std::string source;  // the notice the table is from
  Day from;            // the table holds for these days, both inclusive; beyond them nothing can be reckoned
  Day to;
  std::vector<Break> off;
  std::vector<Day> working;
};

// Each day from `from` to `to`, minutes after midnight, 0 to 1440; `to` itself is shut out.
struct DailyHours {
  int from = 0;
  int to = 24 * 60;
};

// Where ends are inclusive the whole of their unit is in: the day of a bare date, the minute of a time. An exclusive
// end is over when its unit begins. 24:00 is the end of its day and is always exclusive.
struct Span {
  Moment opens;
  Moment closes;
  bool opens_inclusive = true;
  bool closes_inclusive = true;
};

struct Batch {
  std::vector<std::string> districts;
  Span span;
};

enum class WindowKind {
  information,  // families keep their children's data up to date
  registration,
  private_choice,
  public_return,  // those no private school took register for a public one
  on_site_review,
  seat_confirmation,
  payment,
  late_registration,
  reporting,  // 报到
  class_forming,
  teacher_draw,
};

// When something may be done. A window in batches is open to a district only in its batch; a district that names no
// batch yet is told so (calendar.hpp).
struct Window : Entry {
  WindowKind kind = WindowKind::registration;
  Sector sector = Sector::any;
  std::vector<Stage> stages;            // empty: all
  std::vector<std::string> channels;    // ids of Channel; empty: any
  std::vector<std::string> categories;  // ids of Category it is for; empty: all
  Span span;
  std::optional<DailyHours> daily;
  bool batched = false;  // by district
  std::vector<Batch> batches;
};

// Something that must be done by a moment, or some working days after an event, or both: whichever comes first.
struct Deadline : Entry {
  std::string who;  // family | school | district | city | examination_centre
  std::optional<Moment> by;
  bool by_inclusive = true;  // read as in Span
  int working_days = 0;      // 0: no such term
  std::string after;         // id of a Window or Deadline, or a word for the event it runs from
};

enum class Content {
  policy,
  plan,
  zones,
  conditions,
  procedure,
  method,
  materials,
  schedule,
  results,
  results_query,
  school_profile,
  private_brochure,
  consult_phone,
  report_phone,
  mailbox,
  seat_warning,
  zone_change,
};

struct Publication : Entry {
  std::vector<Content> contents;
  std::string who;
  std::optional<Moment> by;
  std::optional<Day> on;
  bool per_school = false;  // for each school by itself
  bool together = false;    // all at one time, of public and private schools alike
};

struct Calendar {
  Holidays holidays;
  std::vector<Window> windows;
  std::vector<Deadline> deadlines;
  std::vector<Publication> publications;
};

}  // namespace catchment::engine::policy
