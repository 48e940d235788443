// The season of one level (primary, junior) is an append-only list of events. Each is refused, with the guard and the
// clause that forbid it, or counts and is kept; the same list gives the same state again. A child has at most one seat,
// ever: a seat is taken, exchanged or given back by events and nothing else.
//
// kNobody stands for no child, school or official.
//
// Windows close at the last moment they name: confirmed at 18:00:00 is in time, a second later is not. Daily hours are
// [open, close) in minutes, 1440 for midnight.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/admission/assignment/standing.hpp"
#include "engine/admission/season/transitions.hpp"

namespace catchment::engine::admission {

enum class TakenBy : std::uint8_t { clock, receipt };

struct SeasonSchool {
  int plan = 0;
  std::uint16_t district = 0;
  bool draws = false;  // families choose it; its seats beyond claims are drawn
  bool pool = false;   // takes children from the public pool (a public school, or purchased seats)
  TakenBy taken_by = TakenBy::clock;
};

struct SeasonChild {
  std::uint32_t claim = kNobody;  // the school that it may enter before others
  std::uint32_t dwelling = kNobody;
  std::uint32_t family = kNobody;
  std::uint16_t district = 0;
};

struct WindowTimes {
  std::chrono::local_seconds from{}, until{};  // both belong to it
  int open_minute = 0, close_minute = 1440;    // of each day
  bool holds(std::chrono::local_seconds at) const;
};

// What a policy pack says of the course of a season.
struct SeasonRules {
  std::array<WindowTimes, kSeasonWindows> windows{};
  // Where a pack lets districts act one after the other (分批次): the times of each. Beyond its end: those of
  // `windows`.
  std::array<std::vector<WindowTimes>, kSeasonWindows> batches{};
  std::array<std::string, kSeasonHooks> clauses;  // ids of the pack's clauses
  // Who is given a seat late has at least so long to answer.
  std::chrono::seconds answer_term{86400};
  bool dwelling_lock = false;  // a dwelling gives seats of one school of the pool to one family only

  const WindowTimes& window(SeasonWindow w) const { return windows[static_cast<std::size_t>(w)]; }
  const WindowTimes& window(SeasonWindow w, std::uint16_t district) const {
    const std::vector<WindowTimes>& own = batches[static_cast<std::size_t>(w)];
    return district < own.size() ? own[district] : window(w);
  }
  const std::string& clause(SeasonHook h) const { return clauses[static_cast<std::size_t>(h)]; }
};

struct SeasonWorld {
  std::vector<SeasonSchool> schools;
  std::vector<SeasonChild> children;
  std::vector<std::uint16_t> official_districts;  // of each official who may approve
};

// Unused members stay as they are. `school` of a promote, confirm ... may be left out: it is the child's.
struct SeasonEvent {
  std::chrono::local_seconds at{};
  SeasonEventKind kind = SeasonEventKind::close;
  std::uint32_t child = kNobody;
  std::uint32_t school = kNobody;
  std::uint32_t approver = kNobody;               // of a transfer: the official of the district that is left
  std::uint32_t second = kNobody;                 // ... and of the district that is entered
  std::uint32_t number = 0;                       // receipt of a payment, seats of approve_extra
  std::uint32_t order_from = 0, order_count = 0;  // of a draw, in the log's orders
};

// The order a draw gave, best first. Children of one unit (siblings) follow one another; `first` begins a unit.
struct DrawnPlace {
  std::uint32_t child = kNobody;
  bool first = true;
};

struct SeasonLog {
  std::vector<SeasonEvent> events;
  std::vector<DrawnPlace> orders;
};

struct Refusal {
  enum class Why : std::uint8_t { unknown, backwards, closed, no_transition, guard };
  Why why = Why::unknown;  // unknown: no such child, school or official
  SeasonGuard guard{};     // of Why::guard
  SeasonHook hook{};
};

struct ChildState {
  ChildStage stage = ChildStage::unregistered;
  std::uint32_t choice = kNobody;
  std::uint32_t seat = kNobody;
  std::uint32_t place = kNobody;           // in the line of its choice, counted in children
  std::chrono::local_seconds answer_by{};  // of drawn and offered: the last moment in which the seat may be taken
  bool operator==(const ChildState&) const = default;
};

struct SchoolState {
  int taken = 0, extra = 0;  // seats; approved above the plan
  bool drawn = false;
  std::vector<DrawnPlace> line;
  std::uint32_t line_begin = 0;  // nobody before it waits
  int to_confirm = 0;            // of those drawn
};

class Season {
 public:
  // `without`: guards that are not asked, for tests that show what each of them is for. Without a log it is a
  // rehearsal.
  Season(SeasonWorld world, SeasonRules rules, const std::vector<SeasonGuard>& without = {}, bool keeps_log = true);

  // What forbids the event now; nothing if it may happen. A draw is given with its order.
  std::optional<Refusal> check(const SeasonEvent& event, std::span<const DrawnPlace> order = {}) const;

  // The same, and if nothing forbids it the event counts. O(1); a draw, promote and end_line as long as the line,
  // close as many children.
  std::optional<Refusal> apply(SeasonEvent event, std::span<const DrawnPlace> order = {});

  // A child more, unregistered; its number is the last. O(1) unless a copy of the season shares the world.
  void add_child(const SeasonChild& child);
  // Another claim or dwelling of a child without a seat.
  void change_child(std::uint32_t child, const SeasonChild& changed);

  const SeasonLog& log() const { return log_; }
  const SeasonWorld& world() const { return *world_; }
  const SeasonRules& rules() const { return *rules_; }
  const std::vector<ChildState>& children() const { return children_; }
  const std::vector<SchoolState>& schools() const { return schools_; }
  std::chrono::local_seconds now() const { return now_; }
  bool closed() const { return closed_; }

  int free_seats(std::uint32_t school) const;
  // The first of the unit that is next for a free seat of the school, null if none fits.
  std::optional<std::uint32_t> next_in_line(std::uint32_t school) const;
  bool same_state(const Season& other) const;

  void reserve(std::size_t events) { log_.events.reserve(events); }

 private:
  struct DwellingSeats {
    std::uint32_t family = kNobody;
    int seats = 0;
  };
  bool asks(SeasonGuard guard) const { return (without_ >> static_cast<unsigned>(guard) & 1u) == 0; }
  std::optional<Refusal> check_child(const SeasonEvent& event) const;
  std::optional<Refusal> check_draw(const SeasonEvent& event, std::span<const DrawnPlace> order) const;
  std::optional<Refusal> check_close() const;
  void carry_out(const SeasonEvent& event);
  void carry_out_draw(std::uint32_t school, std::span<const DrawnPlace> order);
  bool holds(SeasonGuard guard, const Transition& row, const SeasonEvent& event) const;
  bool right_school(SeasonEventKind kind, std::uint32_t child, std::uint32_t school) const;
  bool dwelling_free(std::uint32_t child, std::uint32_t school) const;
  std::optional<std::uint64_t> dwelling_key(std::uint32_t child, std::uint32_t school) const;
  bool districts_agree(const SeasonEvent& event) const;
  bool line_over(std::uint32_t child) const;
  bool roll_complete(std::uint32_t school, std::span<const DrawnPlace> order) const;
  std::uint32_t unit_size(std::uint32_t school, std::uint32_t place) const;  // children of the unit that still wait
  void take(std::uint32_t child, std::uint32_t school);
  void give_back(std::uint32_t child);
  void leave_line(std::uint32_t child);
  void move(std::uint32_t child, ChildStage to);
  std::chrono::local_seconds answer_by(const Transition& row, std::uint32_t child) const;

  SeasonWorld& own_world();

  std::shared_ptr<SeasonWorld> world_;  // shared with copies; own_world() before it is changed
  std::shared_ptr<const SeasonRules> rules_;
  std::uint32_t without_ = 0;
  std::vector<ChildState> children_;
  std::vector<SchoolState> schools_;
  std::vector<int> applicants_;      // of each school, in private_choice
  std::vector<int> claims_pending_;  // of each school: claimants who are registered or verified
  std::unordered_map<std::uint64_t, DwellingSeats> dwellings_;  // by dwelling_key
  std::chrono::local_seconds now_{};
  bool closed_ = false;
  bool keeps_log_ = true;
  SeasonLog log_;
};

// The state a log gives. Throws InputError("season_event", event number, why) where one is refused.
Season replay(const SeasonWorld& world, const SeasonRules& rules, const SeasonLog& log);

std::string_view to_word(Refusal::Why why);

}  // namespace catchment::engine::admission
