// A season of one level in the making: what run_season's steps share.
#pragma once

#include <queue>
#include <span>
#include <tuple>

#include "engine/admission/season/season_run.hpp"

namespace catchment::engine::admission {

class LevelRun {
 public:
  LevelRun(const RunInput& input, const RunRules& rules);

  void register_families();  // their acts are queued
  void settle_claims();
  void hold_draws();
  void settle_private_seats();
  void place_in_zones();
  void offer_by_points();
  void place_rest(std::chrono::local_seconds at);
  void lock_seats();
  void deal_classes_of_schools();
  void see_who_comes();
  RunResult finish();

 private:
  using Kind = SeasonEventKind;
  using Time = std::chrono::local_seconds;
  struct Act {
    Time at{};
    std::uint32_t child = 0;
    SeasonEventKind kind = SeasonEventKind::close;
    std::uint32_t school = kNobody;
    bool operator>(const Act& other) const {
      return std::tie(at, child, kind) > std::tie(other.at, other.child, other.kind);
    }
  };

  void queue(FamilyActs::When at, std::uint32_t child, SeasonEventKind kind, std::uint32_t school = kNobody);
  void run_until(Time at);
  void act(const Act& act);
  void look_at_papers(std::uint32_t child);
  bool family(SeasonEvent event);
  void bureau(SeasonEvent event, std::span<const DrawnPlace> order = {});
  SeasonEvent event_of(SeasonEventKind kind, std::uint32_t child, std::uint32_t school = kNobody) const;
  Time now_or(Time at) const { return std::max(at, season_.now()); }

  // run_private.cpp
  void draw_school(std::uint32_t school, std::vector<std::uint32_t> who);
  std::vector<ResultLine> publish_draw(RunDraw draw, std::span<const std::uint32_t> who, int seats, bool alone);
  void await_answer(std::uint32_t child);
  void forfeit_overdue();
  bool promote_next();

  // run_public.cpp
  void draw_lots(std::span<const std::uint32_t> who);
  Applicant applicant_of(std::uint32_t child) const;
  void seat_zone(std::uint32_t school, const std::vector<std::uint32_t>& who);
  void offer(std::uint32_t child, std::uint32_t school);
  std::vector<std::uint32_t> without_seat() const;
  void add_ways(std::span<const std::uint32_t> who, OverflowInput& overflow) const;
  void approve_and_offer(std::uint32_t child);
  int metres(std::uint32_t child, std::uint32_t school) const;

  // run_term.cpp
  void deal_school(std::uint32_t school, const std::vector<std::uint32_t>& pupils);
  void give_up_families();

  const RunInput& in_;
  const RunRules& rules_;
  Season season_;
  Time at_{};                 // of the bureau's step at hand
  std::vector<char> mended_;  // papers that do not agree any more
  std::priority_queue<Act, std::vector<Act>, std::greater<>> acts_;
  std::vector<std::vector<std::uint32_t>> by_points_;  // of each school, children who are offered a seat later
  std::vector<ChildAnswer> answers_;
  std::vector<Ticket> tickets_;
  std::vector<char> won_;
  std::vector<RunDraw> draws_;
  std::vector<SeatOverPlan> approvals_;
  std::vector<OverflowRow> overflow_;
  int rounds_ = 0;
  std::int64_t refused_acts_ = 0;
};

}  // namespace catchment::engine::admission
