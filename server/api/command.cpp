#include "server/api/command.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "datasets/strict_json.hpp"
#include "engine/admission/lottery/hash_suite.hpp"
#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/query.hpp"
#include "server/desk/refused.hpp"
#include "server/store/idempotency.hpp"
#include "server/store/journal.hpp"

namespace catchment::api {
namespace {

using access::Why;
using desk::Refused;
using nlohmann::ordered_json;

access::Credentials credentials_of(const Call& call) {
  const http::Request& r = call.request;
  return {r.method, r.header(http::Header::cookie), r.header(http::Header::authorization),
          r.header(http::Header::csrf_token)};
}

[[noreturn]] void refuse(Why why) {
  switch (why) {
    case Why::sign_in:
      throw Refused(401, "signed_out", "Sign in first.");
    case Why::not_yours:
      throw Refused(404, "not_found", "There is nothing here.");
    case Why::state:
      throw Refused(409, "not_now", "Not where this stands now.");
    case Why::second_factor:
      throw Refused(403, "second_factor", "Sign in with your second factor.");
    case Why::case_reason:
      throw Refused(403, "case_reason", "Say for which case: ?case=...", "", "case");
    case Why::same_person:
      throw Refused(403, "same_person", "A second person must want it, too.");
    case Why::other_district:
      throw Refused(403, "other_district", "The second person must speak for the other district.");
    default:
      throw Refused(403, "forbidden", "Your role does not allow this.");
  }
}

constexpr std::size_t kLongestCase = 100;
constexpr std::string_view kSealedCase = "sealed:";

engine::admission::Digest request_hash(const http::Request& request) {
  return engine::admission::hash(engine::admission::Suite::sha256,
                                 request.method + "\n" + request.path + "\n" + request.body);
}

// Headers that are part of an answer that is given again.
std::string print_headers(const http::Response& response) {
  std::string out = "Content-Type: " + response.content_type + "\n";
  for (const auto& [name, value] : response.headers) out += name + ": " + value + "\n";
  if (!response.etag.empty()) out += "ETag: " + response.etag + "\n";
  return out;
}

void read_headers(std::string_view text, http::Response& response) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string name(line.substr(0, colon)), value(line.substr(colon + 2));
    if (name == "Content-Type") {
      response.content_type = value;
    } else if (name == "ETag") {
      response.etag = value;
    } else {
      response.headers.emplace_back(name, value);
    }
  }
}

std::string proposal_id(const Call& call) {
  return engine::admission::to_hex(request_hash(call.request)).substr(0, 32);
}

// Rows of the proposal that stands, if it does.
store::Rows open_proposal(const Call& call, Session& session) {
  const auto since = call.service->clock.now() - call.service->proposals_stand;
  return session.run("select proposed_by, districts from proposal where id = $1 and state = 'open' and at > $2",
                     {proposal_id(call), since});
}

// The desk's memory is undone with the command.
template <class F>
auto on_desk(Service& service, store::Session& session, F&& fn) {
  service.desk.begin(session);
  try {
    return fn();
  } catch (...) {
    service.desk.abandon();
    throw;
  }
}

std::string key_of(const Call& call) { return std::string(call.request.header(http::Header::idempotency_key)); }

// Where an answer is kept, to which its seal is bound.
std::string answer_row(const Call& call, const access::Actor& actor) { return actor.subject + "|" + key_of(call); }

http::Response open_answer(const Call& call, const access::Actor& actor, const store::OnceAnswer& kept) {
  const Service& s = *call.service;
  http::Response response;
  response.status = kept.status;
  response.body =
      s.seal.open(s.desk.season(), {"idempotency", "body", answer_row(call, actor)}, desk::to_text(kept.body));
  read_headers(kept.headers, response);
  response.headers.emplace_back("Idempotency-Replayed", "true");
  return response;
}

http::Response run_keyed(const Call& call, const access::Actor& actor, const Command& fn) {
  Service& s = *call.service;
  const store::OnceRequest once{actor.subject, key_of(call), request_hash(call.request), s.clock.now()};
  if (once.key.empty())
    throw Refused(400, "idempotency_key_missing", "Send an Idempotency-Key, and the same one when you try again.", "",
                  "Idempotency-Key");
  std::optional<Answer> made;
  const store::OnceAnswer kept = s.store.write([&](Session& session) {
    return on_desk(s, session, [&] {
      return store::run_once(session, once, [&](Session& in) {
        const Answer& now = made.emplace(fn(in, actor));
        const std::string sealed = now.sealed.empty() ? seal_answer(call, actor, now.response.body) : now.sealed;
        return store::OnceAnswer{now.response.status, print_headers(now.response), desk::to_bytes(sealed)};
      });
    });
  });
  return kept.replayed ? open_answer(call, actor, kept) : std::move(made->response);
}

}  // namespace

access::Actor actor_of(const Call& call) {
  access::Identity identity = call.service->sessions.identify(credentials_of(call));
  switch (identity.how) {
    case access::Identified::ended:
      throw Refused(401, "session_ended", "This session has ended: sign in again.");
    case access::Identified::csrf:
      throw Refused(403, "csrf", "The X-CSRF-Token of this session is missing or wrong.");
    case access::Identified::ambiguous:
      throw Refused(400, "credentials", "Send a session cookie or a bearer token, and only one.");
    default:
      break;
  }
  for (const auto& [name, value] : call.request.query) {
    if (name != "case") continue;
    if (count_characters(value) > kLongestCase)
      throw InputError("parameter_invalid", "case", "must have at most 100 characters");
    identity.actor.case_reason = value;
  }
  return std::move(identity.actor);
}

void require(const access::Actor& actor, std::string_view action, const access::Object& object) {
  const access::Decision decision = access::authorize(actor, action, object);
  if (!decision.allowed) refuse(decision.why);
}

void require(const Call& call, const access::Actor& actor, const access::Object& object) {
  require(actor, call.action, object);
}

bool may(const access::Actor& actor, std::string_view action, const access::Object& object) {
  return access::authorize(actor, action, object).allowed;
}

http::Response run_read(const Call& call, const std::function<http::Response(Session&, const access::Actor&)>& fn,
                        std::initializer_list<std::string_view> known) {
  const Parameters strict(call.request.query, known);
  const access::Actor actor = actor_of(call);
  return call.service->store.read([&](Session& session) { return fn(session, actor); });
}

http::Response run_command(const Call& call, const std::function<http::Response(Session&, const access::Actor&)>& fn) {
  return run_prepared(call, [&](const access::Actor&) -> Command { return fn; });
}

http::Response run_prepared(const Call& call, const std::function<Command(const access::Actor&)>& prepare) {
  const Parameters strict(call.request.query, {"case"});
  const access::Actor actor = actor_of(call);
  if (actor.role == access::Role::anonymous) refuse(Why::sign_in);
  const Command fn = prepare(actor);
  if (call.request.method == "POST") return run_keyed(call, actor, fn);
  Service& s = *call.service;
  return s.store.write(
      [&](Session& session) { return on_desk(s, session, [&] { return fn(session, actor).response; }); });
}

std::string seal_answer(const Call& call, const access::Actor& actor, const std::string& body) {
  const Service& s = *call.service;
  return s.seal.seal(s.desk.season(), {"idempotency", "body", answer_row(call, actor)}, body);
}

bool is_proposed(const Call& call, Session& session) { return !open_proposal(call, session).empty(); }

http::Response run_with_two(const Call& call, Session& session, const access::Actor& actor, access::Object object,
                            const std::string& subject, const std::function<http::Response()>& fn,
                            const std::function<void()>& check) {
  const std::string id = proposal_id(call);
  const auto open = open_proposal(call, session);
  if (!open.empty()) {
    object.proposed_by = open.one()[0].text();
    for (std::string_view rest = open.one()[1].text(); !rest.empty();) {
      const std::string_view district = rest.substr(0, rest.find(','));
      object.proposer_districts.emplace_back(district);
      rest.remove_prefix(std::min(rest.size(), district.size() + 1));
    }
  }
  const access::Decision decision = access::authorize(actor, call.action, object);
  if (decision.allowed) {
    http::Response done = fn();
    session.run("update proposal set state = 'done' where id = $1", {id});
    return done;
  }
  if (decision.why != Why::second_person) refuse(decision.why);
  if (check) check();
  std::string districts;
  for (const std::string& district : actor.districts) districts += (districts.empty() ? "" : ",") + district;
  session.run(
      "insert into proposal (id, action, object, body, proposed_by, districts, at, state) values ($1, $2, $3, "
      "$4, $5, $6, $7, 'open') on conflict (id) do update set proposed_by = excluded.proposed_by, districts = "
      "excluded.districts, at = excluded.at, state = 'open'",
      {id, call.action, subject, call.request.path, actor.subject, districts, call.service->clock.now()});
  note(call, session, actor, subject, R"({"proposed":true})");
  ordered_json body;
  body["proposal"] = id, body["waiting_for"] = "second_person";
  body["until"] = engine::policy::to_text(call.service->clock.now() + call.service->proposals_stand);
  return json_answer(202, body);
}

void note(const Call& call, Session& session, const access::Actor& actor, const std::string& subject,
          const std::string& body) {
  store::append_journal(session, {call.service->clock.now(), actor.subject, std::string(call.action), subject, body});
}

void note_opened(const Call& call, Session& session, const access::Actor& actor, const std::string& child_key) {
  if (actor.role == access::Role::guardian || actor.role == access::Role::anonymous) return;
  const Service& s = *call.service;
  const std::int64_t number = session.run("select coalesce(max(number), 0) + 1 from access_journal").one()[0].integer();
  std::string kept;
  if (!actor.case_reason.empty()) {
    const std::string sealed =
        s.seal.seal(s.desk.season(), {"access_journal", "reason", std::to_string(number)}, actor.case_reason);
    kept = kSealedCase;
    for (const char c : sealed) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      kept += kDigits[byte >> 4], kept += kDigits[byte & 15];
    }
  }
  session.run(
      "insert into access_journal (number, at, actor, role, action, object, reason) values ($1, $2, $3, $4, $5, $6, "
      "$7)",
      {number, s.clock.now(), actor.subject, access::to_word(actor.role), call.action, child_key, kept});
}

std::string open_case(const Service& service, std::int64_t number, const std::string& kept) {
  if (!kept.starts_with(kSealedCase)) return kept;
  std::string sealed;
  for (std::size_t i = kSealedCase.size(); i + 1 < kept.size(); i += 2)
    sealed += static_cast<char>(std::stoi(kept.substr(i, 2), nullptr, 16));
  return service.seal.open(service.desk.season(), {"access_journal", "reason", std::to_string(number)}, sealed);
}

void require_one_of_two(const Call& call, const access::Actor& actor, const access::Object& object) {
  const access::Decision decision = access::authorize(actor, call.action, object);
  if (!decision.allowed && decision.why != Why::second_person) refuse(decision.why);
}

void require_json(const Call& call) {
  if (!call.request.header(http::Header::content_type).starts_with("application/json"))
    throw Refused(415, "content_type", "Send application/json.", "", "Content-Type");
}

ordered_json read_body(const Call& call, std::initializer_list<std::string_view> members) {
  require_json(call);
  const datasets::StrictJson file{"", "body"};
  ordered_json parsed = datasets::parse_strict_json(call.request.body, file);
  datasets::JsonNode{parsed, "", file}.object(members);
  return parsed;
}

std::string find_body_text(const ordered_json& body, const char* key) {
  if (!body.contains(key)) return {};
  if (!body.at(key).is_string()) throw InputError("body_type", std::string("/") + key, "must be a text");
  return body.at(key).get<std::string>();
}

std::string body_text(const ordered_json& body, const char* key) {
  std::string text = find_body_text(body, key);
  if (text.empty()) throw InputError("body_key", std::string("/") + key, "is missing");
  return text;
}

http::Response json_answer(int status, const ordered_json& body) {
  http::Response response;
  response.status = status;
  response.content_type = "application/json";
  response.body = body.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

ordered_json clause_json(const engine::policy::PolicyPack& pack, const std::string& id) {
  for (const engine::policy::Document& document : pack.documents) {
    for (const engine::policy::Clause& clause : document.clauses) {
      if (clause.id != id) continue;
      ordered_json out{{"id", id}, {"title", clause.title}, {"section", clause.section}, {"document", document.title}};
      if (!document.number.empty()) out["number"] = document.number;
      if (document.issued) out["issued"] = engine::policy::to_text(*document.issued);
      return out;
    }
  }
  return nullptr;
}

}  // namespace catchment::api
