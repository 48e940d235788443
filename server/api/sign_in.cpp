// Sessions, guardians' codes, accounts of staff.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"
#include "server/api/command.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using desk::Refused;
using nlohmann::ordered_json;

access::Credentials shown(const Call& call) {
  const http::Request& r = call.request;
  return {r.method, r.header(http::Header::cookie), r.header(http::Header::authorization),
          r.header(http::Header::csrf_token)};
}

http::Response login_answer(const access::Login& login) {
  if (login.outcome == access::LoginOutcome::slow_down)
    throw Refused(429, "slow_down", "Too many tries: wait a while.");
  if (login.outcome == access::LoginOutcome::refused) throw Refused(401, "refused", "Name, password or code is wrong.");
  const access::OpenedSession& opened = *login.session;
  ordered_json body{{"subject", login.subject}, {"csrf", opened.csrf}};
  if (opened.set_cookie.empty()) body["token"] = opened.token;
  http::Response response = json_answer(201, body);
  if (!opened.set_cookie.empty()) response.headers.emplace_back("Set-Cookie", opened.set_cookie);
  return response;
}

std::int64_t account_number(const Actor& actor) {
  constexpr std::string_view kPrefix = "account:";
  const auto number = actor.subject.starts_with(kPrefix)
                          ? find_count(std::string_view(actor.subject).substr(kPrefix.size()), 1'000'000'000)
                          : std::nullopt;
  if (!number) throw Refused(403, "forbidden", "Guardians have no account.");
  return *number;
}

// What a role may ask for, to which objects, and what is needed besides: pages show what their reader can do.
ordered_json actions_json(access::Role role) {
  ordered_json rows = ordered_json::array();
  for (const access::ActionRule& rule : access::action_rules()) {
    ordered_json scopes = ordered_json::array(), needs = ordered_json::array();
    for (const access::Grant& grant : rule.grants[static_cast<std::size_t>(role)])
      scopes.push_back(access::to_word(grant.scope));
    if (scopes.empty()) continue;
    const bool staff = role != access::Role::guardian;
    if (staff && rule.needs.second_factor) needs.push_back("factor");
    if (staff && rule.needs.case_reason) needs.push_back("case");
    if (staff && rule.needs.two_persons) needs.push_back("two");
    if (staff && rule.needs.both_districts) needs.push_back("both");
    rows.push_back({{"action", rule.action}, {"scopes", std::move(scopes)}, {"needs", std::move(needs)}});
  }
  return rows;
}

ordered_json account_json(const access::Account& account) {
  return {{"number", account.number},
          {"name", account.facts.name},
          {"role", access::to_word(account.facts.role)},
          {"districts", account.facts.districts},
          {"schools", account.facts.schools},
          {"second_factor", account.second_factor},
          {"disabled", account.disabled},
          {"version", account.version}};
}

std::vector<std::string> body_texts(const ordered_json& body, const char* key) {
  if (!body.contains(key)) return {};
  try {
    return body.at(key).get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception&) {
    throw InputError("body_type", std::string("/") + key, "must be a list of texts");
  }
}

access::AccountFacts facts_of(const ordered_json& body) {
  access::AccountFacts facts;
  facts.name = body_text(body, "name");
  const auto role = access::find_role(body_text(body, "role"));
  if (!role) throw InputError("body_value", "/role", "is no role");
  facts.role = *role, facts.districts = body_texts(body, "districts"), facts.schools = body_texts(body, "schools");
  access::check_account_facts(facts);
  return facts;
}

}  // namespace

http::Response post_session(const Call& call) {
  const Parameters none(call.request.query, {});
  const ordered_json body = read_body(call, {"name", "password", "code"});
  const std::string name = body_text(body, "name"), password = body_text(body, "password");
  const std::string code = find_body_text(body, "code");
  return login_answer(call.service->accounts.login(
      {name, password, code, call.request.remote, call.request.header(http::Header::cookie)}));
}

http::Response get_session(const Call& call) {
  const Parameters none(call.request.query, {});
  const Actor actor = actor_of(call);
  require(call, actor, {.owners = {actor.subject}});
  ordered_json body{
      {"subject", actor.subject}, {"role", access::to_word(actor.role)},  {"districts", actor.districts},
      {"schools", actor.schools}, {"second_factor", actor.second_factor}, {"actions", actions_json(actor.role)}};
  if (!call.request.cookie(access::kSessionCookie).empty())
    body["csrf"] = call.service->sessions.csrf(call.request.header(http::Header::cookie));
  return json_answer(200, body);
}

http::Response delete_session(const Call& call) {
  const Parameters none(call.request.query, {});
  const Actor actor = actor_of(call);
  require(call, actor, {.owners = {actor.subject}});
  call.service->store.write([&](Session& session) { call.service->sessions.close(session, shown(call)); });
  http::Response response;
  response.status = 204;
  response.headers.emplace_back("Set-Cookie", access::Sessions::clear_cookie());
  return response;
}

http::Response post_guardian_code(const Call& call) {
  const Parameters none(call.request.query, {});
  const ordered_json body = read_body(call, {"phone"});
  const access::SendOutcome sent = call.service->guardians.send_code(body_text(body, "phone"), call.request.remote);
  if (sent == access::SendOutcome::slow_down) throw Refused(429, "slow_down", "Too many codes: wait a while.");
  call.service->messages_put();
  ordered_json sent_json;
  sent_json["sent"] = true;
  return json_answer(202, sent_json);
}

http::Response post_guardian_session(const Call& call) {
  const Parameters none(call.request.query, {});
  const ordered_json body = read_body(call, {"phone", "code"});
  return login_answer(call.service->guardians.enter(body_text(body, "phone"), body_text(body, "code"),
                                                    call.request.remote, call.request.header(http::Header::cookie)));
}

http::Response get_accounts(const Call& call) {
  return run_read(call, [&](Session& session, const Actor& actor) {
    require(call, actor, {});
    ordered_json rows = ordered_json::array();
    for (const access::Account& account : call.service->accounts.list(session)) rows.push_back(account_json(account));
    ordered_json body;
    body["accounts"] = std::move(rows);
    return json_answer(200, body);
  });
}

http::Response post_account(const Call& call) {
  const ordered_json body = read_body(call, {"name", "role", "districts", "schools", "password"});
  const access::AccountFacts facts = facts_of(body);
  const access::Accounts& accounts = call.service->accounts;
  const access::HashedPassword password = accounts.hash(body_text(body, "password"), facts.name);
  return run_command(call, [&](Session& session, const Actor& actor) {
    return run_with_two(call, session, actor, {}, facts.name, [&] {
      const access::Account made = accounts.create(session, facts, password);
      note(call, session, actor, access::subject_of(made));
      return json_answer(201, account_json(made));
    });
  });
}

http::Response put_account(const Call& call) {
  const auto number = find_count(call.captured[0], 1'000'000'000);
  const ordered_json body = read_body(call, {"name", "role", "districts", "schools", "disabled"});
  const access::AccountFacts facts = facts_of(body);
  const bool disabled = body.contains("disabled") && body["disabled"] == true;
  if (body.contains("disabled") && !body["disabled"].is_boolean())
    throw InputError("body_type", "/disabled", "must be true or false");
  return run_command(call, [&](Session& session, const Actor& actor) {
    require_one_of_two(call, actor, {});  // before anything is said of whether there is one
    const auto found = number ? call.service->accounts.find(session, *number) : std::nullopt;
    if (!found) throw Refused(404, "not_found", "There is nothing here.");
    const std::string subject = access::subject_of(*found);
    return run_with_two(call, session, actor, {.owners = {subject}}, subject, [&] {
      const access::Account changed = call.service->accounts.change(session, *number, facts, disabled);
      note(call, session, actor, subject);
      return json_answer(200, account_json(changed));
    });
  });
}

http::Response post_second_factor(const Call& call) {
  return run_command(call, [&](Session& session, const Actor& actor) {
    require(call, actor, {.owners = {actor.subject}});
    ordered_json body;
    body["uri"] = call.service->accounts.begin_second_factor(session, account_number(actor), "Catchment");
    note(call, session, actor, actor.subject);
    return json_answer(201, body);
  });
}

http::Response put_second_factor(const Call& call) {
  const ordered_json body = read_body(call, {"code"});
  return run_command(call, [&](Session& session, const Actor& actor) {
    require(call, actor, {.owners = {actor.subject}});
    if (!call.service->accounts.confirm_second_factor(session, account_number(actor), body_text(body, "code")))
      throw Refused(422, "code_wrong", "This is not the code of that second factor.", "", "/code");
    note(call, session, actor, actor.subject);
    ordered_json done;
    done["second_factor"] = true;
    return json_answer(200, done);
  });
}

}  // namespace catchment::api
