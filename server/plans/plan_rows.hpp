// The store's rows of plans: what a planner wrote, what was said of it, and how far it has come.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/store.hpp"

namespace catchment::plans {

// 论证 -> 征求意见 -> 批准 -> 公布. A plan goes forward only; once out for comment its changes stand.
enum class PlanState { draft, consulting, approved, published };
std::string_view to_word(PlanState state);
std::optional<PlanState> next_state(PlanState state);  // of published: none

struct PlanRecord {
  std::int64_t number = 0;
  std::string name = {}, district = {}, base = {};  // as migrations/0004_plans.sql says
  int base_year = 0;
  std::string scenario = {};  // JSON, a list of changes
  PlanState state = PlanState::draft;
  std::int64_t version = 1;
  std::string created_by = {};
  std::chrono::local_seconds created{}, changed{};
};

std::optional<PlanRecord> find_plan(store::Session& session, std::int64_t number);
// By number, from the one after `after` on.
std::vector<PlanRecord> list_plans(store::Session& session, std::int64_t after, int limit);
// Its number is given here; created, state and version as in the record.
PlanRecord add_plan(store::Session& session, PlanRecord plan);
// Name and scenario; the version rises by one.
void change_plan(store::Session& session, PlanRecord& plan, std::chrono::local_seconds at);
void delete_plan(store::Session& session, std::int64_t number);
// To the next state, by whom; the version rises by one, because what may be done to it is another thing now.
void advance_plan(store::Session& session, PlanRecord& plan, PlanState to, const std::string& actor,
                  std::chrono::local_seconds at);

struct PlanStep {
  std::string state, actor;
  std::int64_t version = 0;
  std::chrono::local_seconds at{};
};
std::vector<PlanStep> plan_steps(store::Session& session, std::int64_t plan);

struct PlanComment {
  std::int64_t n = 0;
  std::string unit, author;
  store::Bytes sealed;
  std::chrono::local_seconds at{};
  std::optional<std::string> answer;
  std::optional<std::chrono::local_seconds> answered_at;
};
std::vector<PlanComment> plan_comments(store::Session& session, std::int64_t plan);
std::int64_t next_comment(store::Session& session, std::int64_t plan);  // the number it will have
void add_comment(store::Session& session, std::int64_t plan, const PlanComment& comment);
// False if there is no such comment.
bool answer_comment(store::Session& session, std::int64_t plan, std::int64_t n, const std::string& answer,
                    const std::string& actor, std::chrono::local_seconds at);

}  // namespace catchment::plans
