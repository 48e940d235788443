#include "server/plans/plan_rows.hpp"

#include <array>

namespace catchment::plans {
namespace {

using store::Row;
using store::Session;

constexpr std::array<std::string_view, 4> kPlanStates{"draft", "consulting", "approved", "published"};
constexpr std::string_view kPlanColumns =
    "select number, name, district, base, base_year, scenario, state, version, created_by, created, changed from plan ";

PlanState plan_state_of(const std::string& word) {
  for (std::size_t i = 0; i < kPlanStates.size(); ++i) {
    if (kPlanStates[i] == word) return static_cast<PlanState>(i);
  }
  throw std::logic_error("a plan of state " + word);
}

PlanRecord plan_of_row(const Row& row) {
  PlanRecord plan;
  plan.number = row[0].integer(), plan.name = row[1].text(), plan.district = row[2].text();
  plan.base = row[3].text(), plan.base_year = static_cast<int>(row[4].integer()), plan.scenario = row[5].text();
  plan.state = plan_state_of(row[6].text()), plan.version = row[7].integer(), plan.created_by = row[8].text();
  plan.created = row[9].time(), plan.changed = row[10].time();
  return plan;
}

}  // namespace

std::string_view to_word(PlanState state) { return kPlanStates[static_cast<std::size_t>(state)]; }

std::optional<PlanState> next_state(PlanState state) {
  if (state == PlanState::published) return std::nullopt;
  return static_cast<PlanState>(static_cast<int>(state) + 1);
}

std::optional<PlanRecord> find_plan(Session& session, std::int64_t number) {
  const auto rows = session.run(std::string(kPlanColumns) + "where number = $1", {number});
  if (rows.empty()) return std::nullopt;
  return plan_of_row(rows.one());
}

std::vector<PlanRecord> list_plans(Session& session, std::int64_t after, int limit) {
  std::vector<PlanRecord> plans;
  for (const Row& row :
       session.run(std::string(kPlanColumns) + "where number > $1 order by number limit $2", {after, limit})) {
    plans.push_back(plan_of_row(row));
  }
  return plans;
}

PlanRecord add_plan(Session& session, PlanRecord plan) {
  plan.number = session.run("select coalesce(max(number), 0) + 1 from plan").one()[0].integer();
  plan.changed = plan.created;
  session.run(
      "insert into plan (number, name, district, base, base_year, scenario, state, version, created_by, created, "
      "changed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
      {plan.number, plan.name, plan.district, plan.base, plan.base_year, plan.scenario, to_word(plan.state),
       plan.version, plan.created_by, plan.created});
  return plan;
}

void change_plan(Session& session, PlanRecord& plan, std::chrono::local_seconds at) {
  ++plan.version, plan.changed = at;
  session.run("update plan set name = $2, scenario = $3, version = $4, changed = $5 where number = $1",
              {plan.number, plan.name, plan.scenario, plan.version, plan.changed});
}

void delete_plan(Session& session, std::int64_t number) { session.run("delete from plan where number = $1", {number}); }

void advance_plan(Session& session, PlanRecord& plan, PlanState to, const std::string& actor,
                  std::chrono::local_seconds at) {
  plan.state = to, ++plan.version, plan.changed = at;
  session.run("update plan set state = $2, version = $3, changed = $4 where number = $1",
              {plan.number, to_word(to), plan.version, at});
  session.run(
      "insert into plan_step (plan, n, state, version, actor, at) select $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5 "
      "from plan_step where plan = $1",
      {plan.number, to_word(to), plan.version, actor, at});
}

std::vector<PlanStep> plan_steps(Session& session, std::int64_t plan) {
  std::vector<PlanStep> steps;
  for (const Row& row :
       session.run("select state, actor, version, at from plan_step where plan = $1 order by n", {plan})) {
    steps.push_back({row[0].text(), row[1].text(), row[2].integer(), row[3].time()});
  }
  return steps;
}

std::vector<PlanComment> plan_comments(Session& session, std::int64_t plan) {
  std::vector<PlanComment> comments;
  for (const Row& row : session.run("select n, unit, author, plan_comment_sealed, at, answer, answered_at from "
                                    "plan_comment where plan = $1 order by "
                                    "n",
                                    {plan})) {
    PlanComment& c = comments.emplace_back();
    c.n = row[0].integer(), c.unit = row[1].text(), c.author = row[2].text(), c.sealed = row[3].bytes();
    c.at = row[4].time();
    if (!row[5].is_null()) c.answer = row[5].text(), c.answered_at = row[6].time();
  }
  return comments;
}

std::int64_t next_comment(Session& session, std::int64_t plan) {
  return session.run("select coalesce(max(n), 0) + 1 from plan_comment where plan = $1", {plan}).one()[0].integer();
}

void add_comment(Session& session, std::int64_t plan, const PlanComment& c) {
  session.run(
      "insert into plan_comment (plan, n, unit, author, plan_comment_sealed, at) values ($1, $2, $3, $4, $5, $6)",
      {plan, c.n, c.unit, c.author, c.sealed, c.at});
}

bool answer_comment(Session& session, std::int64_t plan, std::int64_t n, const std::string& answer,
                    const std::string& actor, std::chrono::local_seconds at) {
  return session
             .run("update plan_comment set answer = $3, answered_by = $4, answered_at = $5 where plan = $1 and n = $2",
                  {plan, n, answer, actor, at})
             .changed == 1;
}

}  // namespace catchment::plans
