// The bureau's side of a season of one level, at work: children join as they register, acts of families are taken or
// refused as they come, and the bureau takes its steps one at a time. Every act and every step is events of the season
// (season.hpp); nothing else gives or takes a seat. run_season() drives one through a whole season; the service keeps
// one alive.
//
// A step that asks the dice is two: open_...() freezes manifest and list, and conclude_...() takes them back with the
// ceremony, as they were published; whatever lies between, the result follows from the files alone.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/admission/season/season_run.hpp"

namespace catchment::engine::admission {

// What the steps of an office found beside the season's events.
struct OfficeMemory {
  std::vector<ChildAnswer> answers;
  std::vector<Ticket> tickets;  // of the lots; all zero: none
  std::vector<char> won;
  std::vector<RunDraw> draws;
  std::vector<SeatOverPlan> approvals;
  std::vector<OverflowRow> overflow;
  int rounds = 0;  // of overflow
};

class SeasonOffice {
 public:
  using Time = std::chrono::local_seconds;

  SeasonOffice(RunInput input, RunRules rules);

  // Its number. The code must be new. O(1) but for the next look-up of a code, which sorts.
  std::uint32_t add_child(RunChild child);
  // What is known of a child that is not seated: its papers changed, or were looked at. O(1).
  void change_child(std::uint32_t child, RunChild changed);
  std::optional<std::uint32_t> find_child(const Code& code) const;

  // From now on steps are taken at this time, or at the season's where that is later.
  void set_time(Time at);
  Time time() const { return std::max(at_, season_.now()); }

  // What the manifests of draws opened from now on say of their ceremony.
  void set_terms(CeremonyTerms terms) { in_.terms = std::move(terms); }

  // An act of a family, or of an official about one child; while an office is brought back, any event with its order.
  std::optional<Refusal> act(const SeasonEvent& event, std::span<const DrawnPlace> order = {}) {
    return season_.apply(event, order);
  }
  SeasonEvent event_of(SeasonEventKind kind, std::uint32_t child, std::uint32_t school = kNobody) const;

  // What the bureau decides itself. Throws std::logic_error where the season refuses it: a defect of this program.
  void decide(const SeasonEvent& event, std::span<const DrawnPlace> order = {});

  // Claims that have seats are locked; the others enter the pool before any draw.
  void settle_claims();
  void pass_on_claims();

  // Private schools.
  std::vector<std::uint32_t> applicants(std::uint32_t school) const;
  bool over_subscribed(std::uint32_t school) const;
  void take_all(std::uint32_t school);  // there are seats for all who chose it
  RunDraw open_private_draw(std::uint32_t school) const;
  void conclude_private_draw(RunDraw draw, const Ceremony& ceremony);
  void forfeit_overdue();
  bool promote_next();  // the next in line to free seats; false if nobody was
  void end_lines();     // of schools where nobody who won may still answer

  // The public pool.
  void enter_pool();
  std::optional<RunDraw> open_lots() const;  // for where order leaves equals; nothing if everybody has one
  void conclude_lots(RunDraw draw, const Ceremony& ceremony);
  void seat_zones();
  void offer_by_points();
  void place_rest();
  void lapse_overdue();
  // A seat given by hand to a child of the pool: an offer that names its two approvers, under this clause of the pack.
  void place_by_hand(const SeasonEvent& offer, const std::string& clause);
  void lock_seats();

  // Term begins.
  std::vector<RunDraw> open_classes() const;  // of each school with pupils to deal
  void conclude_classes(RunDraw draw, const Ceremony& ceremony);
  void publish(RunDraw draw) { memory_.draws.push_back(std::move(draw)); }      // one that gives no seat
  const RunDraw* find_draw(std::string_view kind, std::uint32_t school) const;  // held; null: none
  void note_absent();
  void give_up_families();
  void close();

  const RunInput& input() const { return in_; }
  const RunRules& rules() const { return rules_; }
  const Season& season() const { return season_; }
  const OfficeMemory& memory() const { return memory_; }
  void reserve(std::size_t events) { season_.reserve(events); }

  // Brings an office back from what was kept of it: its children are there, its events decided, in their order.
  // Throws InputError("season_memory") where the tables are not of this many children.
  void restore(OfficeMemory memory);

  // Called whenever a family is given a seat that it is to answer for.
  std::function<void(std::uint32_t child)> on_offer;

  RunResult finish() &&;
  RunResult result() const;  // as it stands

 private:
  using Kind = SeasonEventKind;
  void sort_codes() const;
  std::uint32_t child_of(const Code& code) const;
  Digest leaf_of(std::uint32_t child) const;

  // office_private.cpp
  RunDraw open_draw(RunDraw draw, std::span<const std::uint32_t> who, int seats) const;
  std::vector<ResultLine> conclude(RunDraw& draw, const Ceremony& ceremony) const;
  void await(std::uint32_t child) const;

  // office_public.cpp
  Applicant applicant_of(std::uint32_t child) const;
  void seat_zone(std::uint32_t school, const std::vector<std::uint32_t>& who);
  void offer(std::uint32_t child, std::uint32_t school);
  std::vector<std::uint32_t> without_seat() const;
  void add_ways(std::span<const std::uint32_t> who, OverflowInput& overflow) const;
  void approve_and_offer(std::uint32_t child);
  int metres(std::uint32_t child, std::uint32_t school) const;

  // office_term.cpp
  RunDraw open_classes_of(std::uint32_t school, std::span<const std::uint32_t> pupils) const;

  RunInput in_;
  RunRules rules_;
  Season season_;
  Time at_{};  // of the bureau's step at hand
  OfficeMemory memory_;
  mutable std::vector<std::uint32_t> by_code_;  // sorted, of the first children that were there
};

}  // namespace catchment::engine::admission
