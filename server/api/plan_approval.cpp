// A plan's way to the public: comments tied to units, each with an answer, and the steps, two persons each.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/plan_view.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"
#include "server/desk/season_rows.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using desk::Refused;
using nlohmann::ordered_json;
using plans::PlanComment;
using plans::PlanRecord;
using plans::PlanState;

constexpr std::size_t kLongestComment = 2000;
constexpr int kCommentsEach = 20;  // of one author on one plan

std::string comment_row(std::int64_t plan, std::int64_t n) { return std::to_string(plan) + "/" + std::to_string(n); }

std::string text_of(const ordered_json& body) {
  std::string text = body_text(body, "text");
  if (count_characters(text) > kLongestComment)
    throw InputError("body_value", "/text", "must have at most 2,000 characters");
  return text;
}

// What was written is its author's and the office's; that there was a word on a unit, and the answer, is public.
ordered_json comment_json(const Call& call, const PlanRecord& plan, const PlanComment& c, bool whole) {
  ordered_json out{{"number", c.n}, {"unit", c.unit}, {"at", engine::policy::to_text(c.at)}};
  if (whole) {
    const Service& s = *call.service;
    out["text"] = s.seal.open(s.desk.season(), {"plan_comment", "plan_comment_sealed", comment_row(plan.number, c.n)},
                              desk::to_text(c.sealed));
  }
  if (c.answer) {
    out["answer"] = *c.answer;
    out["answered"] = engine::policy::to_text(*c.answered_at);
  }
  return out;
}

std::int64_t unanswered(const std::vector<PlanComment>& comments) {
  return std::ranges::count_if(comments, [](const PlanComment& c) { return !c.answer; });
}

PlanState state_wanted(const std::string& word) {
  for (const PlanState state : {PlanState::consulting, PlanState::approved}) {
    if (word == plans::to_word(state)) return state;
  }
  throw InputError("body_value", "/to", "must be consulting or approved; publish is a request of its own");
}

}  // namespace

http::Response get_plan_comments(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const PlanRecord plan = get_allowed_plan(call, session, actor);
    // The office reads what it may answer, also when it was answered long since.
    access::Object office = object_of(plan);
    office.state = access::ObjectState::consulting;
    const bool all = may(actor, "plan.answer", office);
    const auto comments = plans::plan_comments(session, plan.number);
    ordered_json rows = ordered_json::array();
    for (const PlanComment& c : comments)
      rows.push_back(comment_json(call, plan, c, all || (!actor.subject.empty() && c.author == actor.subject)));
    return json_answer(200, {{"plan", plan.number},
                             {"state", plans::to_word(plan.state)},
                             {"unanswered", unanswered(comments)},
                             {"comments", std::move(rows)}});
  });
}

http::Response post_plan_comment(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const ordered_json body = read_body(call, {"unit", "text"});
  const std::string unit = body_text(body, "unit"), text = text_of(body);
  const Actor asker = actor_of(call);
  const PlanRecord of =
      call.service->store.read([&](Session& session) { return get_allowed_plan(call, session, asker); });
  const auto open = plan_desk(call).open(of);
  const auto index = open->plan().city().find_unit(unit);
  if (!index || !open->plan().city().units[*index].in_force)
    throw Refused(422, "plan_unknown", "The plan has no such unit.", "", "/unit");
  return run_command(call, [&](Session& session, const Actor& actor) {
    const PlanRecord plan = get_allowed_plan(call, session, actor);
    const Service& s = *call.service;
    const auto others = plans::plan_comments(session, plan.number);
    if (std::ranges::count(others, actor.subject, &PlanComment::author) >= kCommentsEach)
      throw Refused(429, "comments_full", "You have commented on this plan as often as one may.");
    PlanComment c;
    c.n = plans::next_comment(session, plan.number), c.unit = unit, c.author = actor.subject, c.at = s.clock.now();
    c.sealed = desk::to_bytes(
        s.seal.seal(s.desk.season(), {"plan_comment", "plan_comment_sealed", comment_row(plan.number, c.n)}, text));
    plans::add_comment(session, plan.number, c);
    note(call, session, actor, std::to_string(plan.number), R"({"comment":)" + std::to_string(c.n) + "}");
    return json_answer(201, comment_json(call, plan, c, true));
  });
}

http::Response put_plan_answer(const Call& call) {
  const ordered_json body = read_body(call, {"text"});
  const std::string text = text_of(body);
  return run_command(call, [&](Session& session, const Actor& actor) {
    const PlanRecord plan = get_allowed_plan(call, session, actor);
    const std::int64_t n = number_of(call.captured[1]);
    const auto now = call.service->clock.now();
    if (!plans::answer_comment(session, plan.number, n, text, actor.subject, now))
      throw Refused(404, "not_found", "There is nothing here.");
    note(call, session, actor, std::to_string(plan.number), R"({"comment":)" + std::to_string(n) + "}");
    for (const PlanComment& c : plans::plan_comments(session, plan.number)) {
      if (c.n == n) return json_answer(200, comment_json(call, plan, c, true));
    }
    throw Refused(404, "not_found", "There is nothing here.");
  });
}

http::Response get_plan_steps(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    const PlanRecord plan = get_allowed_plan(call, session, actor);
    const bool office =
        actor.role == access::Role::city || actor.role == access::Role::district || actor.role == access::Role::auditor;
    ordered_json rows = ordered_json::array();
    for (const plans::PlanStep& step : plans::plan_steps(session, plan.number)) {
      rows.push_back({{"state", step.state}, {"version", step.version}, {"at", engine::policy::to_text(step.at)}});
      if (office) rows.back()["by"] = step.actor;
    }
    return json_answer(200, {{"plan", plan.number}, {"state", plans::to_word(plan.state)}, {"steps", std::move(rows)}});
  });
}

// The version is part of the request, so that the second person wants just what the first did.
http::Response post_plan_advance(const Call& call) {
  const Parameters strict(call.request.query, {"case"});
  const ordered_json body = read_body(call, {"to", "version"});
  const PlanState to = state_wanted(body_text(body, "to"));
  if (!body.contains("version") || !body["version"].is_number_integer())
    throw InputError("body_type", "/version", "must be the version you have read");
  const Actor asker = actor_of(call);
  plan_desk(call).open(call.service->store.read(  // what cannot be made is not put before the public
      [&](Session& session) { return get_allowed_plan_for_two(call, session, asker); }));
  return run_command(call, [&](Session& session, const Actor& actor) {
    PlanRecord plan = get_allowed_plan_for_two(call, session, actor);
    if (body["version"] != plan.version)
      throw Refused(412, "changed_meanwhile", "Somebody changed it since you read it.", "", "/version");
    if (plans::next_state(plan.state) != to)
      throw Refused(409, "not_now", "A plan goes from draft to consulting to approved, step by step.", "", "/to");
    if (const auto left = unanswered(plans::plan_comments(session, plan.number)); left > 0)
      throw Refused(409, "comments_unanswered", std::to_string(left) + " comments have no answer yet.");
    return run_with_two(call, session, actor, object_of(plan), std::to_string(plan.number), [&] {
      plans::advance_plan(session, plan, to, actor.subject, call.service->clock.now());
      note(call, session, actor, std::to_string(plan.number),
           R"({"state":")" + std::string(plans::to_word(to)) + R"(","version":)" + std::to_string(plan.version) + "}");
      return plan_answer(200, plan, false);
    });
  });
}

http::Response post_plan_publish(const Call& call) {
  return run_command(call, [&](Session& session, const Actor& actor) {
    PlanRecord plan = get_allowed_plan(call, session, actor);
    plans::advance_plan(session, plan, PlanState::published, actor.subject, call.service->clock.now());
    note(call, session, actor, std::to_string(plan.number), R"({"state":"published"})");
    return plan_answer(200, plan, false);
  });
}

}  // namespace catchment::api
