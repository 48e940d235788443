// Long jobs: started, watched, cancelled; what they found is a scenario to make a plan of.
#include <nlohmann/json.hpp>

#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/plan_view.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"
#include "server/plans/job_desk.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using desk::Refused;
using nlohmann::ordered_json;
using plans::JobRow;

constexpr int kJobsListed = 100;

plans::JobDesk& job_desk(const Call& call) {
  if (call.service->jobs == nullptr) throw Refused(409, "plans_unavailable", "This service makes no plans.");
  return *call.service->jobs;
}

access::Object object_of_job(const JobRow& job) { return {.owners = {job.started_by}}; }

JobRow get_allowed_job(const Call& call, Session& session, const Actor& actor) {
  const auto found = plans::find_job(session, number_of(call.captured[0]));
  if (!found) {
    require(call, actor, {});
    throw Refused(404, "not_found", "There is nothing here.");
  }
  require(call, actor, object_of_job(*found));
  return *found;
}

JobRow read_job(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const Actor actor = actor_of(call);
  return call.service->store.read([&](Session& session) { return get_allowed_job(call, session, actor); });
}

// The operator sees what runs, not what of.
ordered_json job_json(const JobRow& job, bool own) {
  ordered_json out{{"number", job.number},
                   {"kind", job.kind},
                   {"state", job.state},
                   {"created", engine::policy::to_text(job.created)}};
  if (job.ended) out["ended"] = engine::policy::to_text(*job.ended);
  if (!own) return out;
  out["plan"] = job.plan, out["plan_version"] = job.plan_version;
  out["options"] = ordered_json::parse(job.options);
  if (!job.failure.empty()) out["failure"] = job.failure;
  if (job.result) out["result"] = ordered_json::parse(*job.result);
  return out;
}

}  // namespace

http::Response post_job(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const ordered_json body = read_body(call, {"kind", "plan", "options"});
  JobRow job;
  job.kind = body_text(body, "kind");
  const ordered_json options = body.contains("options") ? body["options"] : ordered_json::object();
  plans::check_job(job.kind, options);
  job.options = options.dump();
  const bool has_plan = body.contains("plan") && !body["plan"].is_null();
  if (has_plan && !body["plan"].is_number_integer())
    throw InputError("body_type", "/plan", "must be the number of a plan, or null for the zones in force");
  plan_desk(call);
  std::int64_t begun = 0;
  http::Response response = run_command(call, [&](Session& session, const Actor& actor) {
    std::string district = actor.districts.empty() ? "" : actor.districts.front();
    job.scenario = "[]";
    if (has_plan) {
      const plans::PlanRecord plan = get_plan_to(session, actor, "plan.read", body["plan"].get<std::int64_t>());
      job.plan = plan.number, job.plan_version = plan.version, job.base = plan.base, job.scenario = plan.scenario;
      district = plan.district;
    }
    require(call, actor, {.district = district});
    job.started_by = actor.subject, job.created = call.service->clock.now();
    begun = job.number = job_desk(call).add(session, job);
    note(call, session, actor, std::to_string(job.number), R"({"kind":")" + job.kind + "\"}");
    http::Response made = json_answer(202, job_json(job, true));
    made.headers.emplace_back("Location", "/v1/jobs/" + std::to_string(job.number));
    return made;
  });
  if (begun != 0) job_desk(call).begin(begun);  // 0: the answer to a request that came before
  return response;
}

http::Response get_jobs(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const bool all = may(actor, call.action, {});
    if (!all) require(call, actor, {.owners = {actor.subject}});
    ordered_json rows = ordered_json::array();
    for (const JobRow& job : plans::list_jobs(session, all ? "" : actor.subject, kJobsListed))
      rows.push_back(job_json(job, job.started_by == actor.subject));
    return json_answer(200, {{"jobs", std::move(rows)}});
  });
}

http::Response get_job(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const JobRow job = get_allowed_job(call, session, actor);
    return json_answer(200, job_json(job, job.started_by == actor.subject));
  });
}

http::Response get_job_scenario(const Call& call) {
  const JobRow job = read_job(call);
  const auto scenario = plans::scenario_of(job);
  if (!scenario) throw Refused(409, "job_no_scenario", "This job has found no plan, or not yet.");
  return json_answer(200, *scenario);
}

http::Response get_job_events(const Call& call) {
  const JobRow job = read_job(call);
  http::Response response;
  response.events = job_desk(call).events(job, call.request.header(http::Header::last_event_id));
  return response;
}

http::Response post_job_cancel(const Call& call) {
  std::int64_t off = 0;
  http::Response response = run_command(call, [&](Session& session, const Actor& actor) {
    const JobRow job = get_allowed_job(call, session, actor);
    job_desk(call).cancel(session, job);
    note(call, session, actor, std::to_string(job.number));
    off = job.number;
    return json_answer(202, job_json(*plans::find_job(session, job.number), job.started_by == actor.subject));
  });
  if (off != 0) job_desk(call).call_off(off);
  return response;
}

}  // namespace catchment::api
