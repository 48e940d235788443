#include "server/plans/job_rows.hpp"

namespace catchment::plans {
namespace {

constexpr std::string_view kJobColumns =
    "select number, kind, plan, plan_version, base, scenario, options, started_by, state, created, ended, failure, ";

JobRow job_of_row(const store::Row& row) {
  JobRow job;
  job.number = row[0].integer(), job.kind = row[1].text(), job.plan = row[2].integer();
  job.plan_version = row[3].integer(), job.base = row[4].text(), job.scenario = row[5].text();
  job.options = row[6].text(), job.started_by = row[7].text(), job.state = row[8].text(), job.created = row[9].time();
  if (!row[10].is_null()) job.ended = row[10].time();
  if (!row[11].is_null()) job.failure = row[11].text();
  if (!row[12].is_null()) job.result = row[12].text();
  return job;
}

}  // namespace

std::optional<JobRow> find_job(store::Session& session, std::int64_t number) {
  const auto rows = session.run(std::string(kJobColumns) + "result from job where number = $1", {number});
  if (rows.empty()) return std::nullopt;
  return job_of_row(rows.one());
}

std::vector<JobRow> list_jobs(store::Session& session, const std::string& started_by, int limit) {
  std::vector<JobRow> jobs;
  for (const store::Row& row : session.run(
           std::string(kJobColumns) + "null from job where $1 = '' or started_by = $1 order by number desc limit $2",
           {started_by, limit})) {
    jobs.push_back(job_of_row(row));
  }
  return jobs;
}

std::int64_t count_waiting(store::Session& session) {
  return session.run("select count(*) from job where state in ('queued', 'running')").one()[0].integer();
}

std::int64_t add_job(store::Session& session, const JobRow& job) {
  const std::int64_t number = session.run("select coalesce(max(number), 0) + 1 from job").one()[0].integer();
  session.run(
      "insert into job (number, kind, plan, plan_version, base, scenario, options, started_by, state, created) values "
      "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
      {number, job.kind, job.plan, job.plan_version, job.base, job.scenario, job.options, job.started_by, job.state,
       job.created});
  return number;
}

bool move_job(store::Session& session, std::int64_t number, std::string_view from, std::string_view to) {
  return session.run("update job set state = $3 where number = $1 and state = $2", {number, from, to}).changed == 1;
}

bool end_job(store::Session& session, std::int64_t number, std::string_view from, std::string_view to,
             std::chrono::local_seconds at, const std::optional<std::string>& result, const std::string& failure) {
  const store::Value why = failure.empty() ? store::Value() : store::Value(failure);
  return session
             .run("update job set state = $3, ended = $4, result = $5, failure = $6 where number = $1 and state = $2",
                  {number, from, to, at, result, why})
             .changed == 1;
}

void interrupt_jobs(store::Session& session, std::chrono::local_seconds at) {
  session.run("update job set state = 'interrupted', ended = $1 where state in ('queued', 'running')", {at});
}

}  // namespace catchment::plans
