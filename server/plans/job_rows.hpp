// The store's rows of long jobs.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/store/store.hpp"

namespace catchment::plans {

struct JobRow {
  std::int64_t number = 0;
  std::string kind;  // redraw | ensemble
  std::int64_t plan = 0, plan_version = 0;
  std::string base, scenario;  // the plan's, when the job was started
  std::string options;         // JSON
  std::string started_by;
  std::string state = "queued";  // queued | running | done | failed | cancelled | interrupted (the service ended)
  std::chrono::local_seconds created{};
  std::optional<std::chrono::local_seconds> ended;
  std::optional<std::string> result;  // JSON, of a job that is done
  std::string failure;                // of one that failed

  bool over() const { return state != "queued" && state != "running"; }
};

std::optional<JobRow> find_job(store::Session& session, std::int64_t number);
// The latest first; of one starter, or everybody's (empty). Without results.
std::vector<JobRow> list_jobs(store::Session& session, const std::string& started_by, int limit);
std::int64_t count_waiting(store::Session& session);
std::int64_t add_job(store::Session& session, const JobRow& job);  // its number
// Nothing, and false, if the job is not in state `from`.
bool move_job(store::Session& session, std::int64_t number, std::string_view from, std::string_view to);
bool end_job(store::Session& session, std::int64_t number, std::string_view from, std::string_view to,
             std::chrono::local_seconds at, const std::optional<std::string>& result, const std::string& failure);
// What a service that ended left behind.
void interrupt_jobs(store::Session& session, std::chrono::local_seconds at);

}  // namespace catchment::plans
