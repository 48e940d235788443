// The way of a request that needs the store: who asks, may he, once only, all or nothing, noted.
#pragma once

#include <functional>
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "server/access/permissions.hpp"
#include "server/api/routes.hpp"
#include "server/api/service.hpp"

namespace catchment::api {

// Who asks, with the case he gives (?case=). Throws Refused: 401 signed_out, 403 csrf, 400 ambiguous.
access::Actor actor_of(const Call& call);

// May he do the route's action to this object? Throws Refused with the status of why not: another's object looks like
// one that is not there.
void require(const Call& call, const access::Actor& actor, const access::Object& object);
// Another action than the route's.
void require(const access::Actor& actor, std::string_view action, const access::Object& object);
bool may(const access::Actor& actor, std::string_view action, const access::Object& object);

using Session = store::Session;

// A look at one snapshot. Another parameter than these is refused.
http::Response run_read(const Call& call, const std::function<http::Response(Session&, const access::Actor&)>& fn,
                        std::initializer_list<std::string_view> known = {"case"});

// A change: all or nothing, durable before it is answered. A POST needs an Idempotency-Key, and the same key with the
// same request is given the same answer the whole season.
http::Response run_command(const Call& call, const std::function<http::Response(Session&, const access::Actor&)>& fn);

// The same, where much can be done before it is the writer's turn, on the caller's own thread: `prepare` reads and
// judges what was sent and gives what is left to do. It may refuse like any command, and is asked also where an answer
// is then given again. What can be known of the answer by then is sealed by then, too.
struct Answer {
  Answer(http::Response response_) : response(std::move(response_)) {}
  http::Response response;
  std::string sealed;  // the body by seal_answer(), or empty
};
using Command = std::function<Answer(Session&, const access::Actor&)>;
http::Response run_prepared(const Call& call, const std::function<Command(const access::Actor&)>& prepare);
// The body of an answer to a POST as it is kept beside its key.
std::string seal_answer(const Call& call, const access::Actor& actor, const std::string& body);

// An act that two must want. The first asks and is answered 202; the second sends the same request, and it is done.
// What was asked stands for Service::proposals_stand, then somebody is the first again. `check` throws what already
// forbids it when the first asks.
http::Response run_with_two(const Call& call, Session& session, const access::Actor& actor, access::Object object,
                            const std::string& subject, const std::function<http::Response()>& fn,
                            const std::function<void()>& check = {});
// Whether this very request was asked for and stands.
bool is_proposed(const Call& call, Session& session);

// Notes the act in the journal; body is one line of JSON without anything about a person.
void note(const Call& call, Session& session, const access::Actor& actor, const std::string& subject,
          const std::string& body = "{}");
// That a member of staff opened a child's record, by reading or by an act; the case he gives is sealed. Nothing is
// noted of a family.
void note_opened(const Call& call, Session& session, const access::Actor& actor, const std::string& child_key);

// The case of a line of the access journal as it is kept; its families may read it.
std::string open_case(const Service& service, std::int64_t number, const std::string& kept);

// May one person alone at least ask for it? Throws as require().
void require_one_of_two(const Call& call, const access::Actor& actor, const access::Object& object);

// Throws Refused 415.
void require_json(const Call& call);
// The request's body: an object with no other members than these. Throws InputError(body_...).
nlohmann::ordered_json read_body(const Call& call, std::initializer_list<std::string_view> members);
std::string body_text(const nlohmann::ordered_json& body, const char* key);  // required, not empty
std::string find_body_text(const nlohmann::ordered_json& body, const char* key);

http::Response json_answer(int status, const nlohmann::ordered_json& body);

// Verdict, category, route, what is missing, and reasons with their clauses.
nlohmann::ordered_json eligibility_json(const engine::policy::PolicyPack& pack,
                                        const engine::admission::Eligibility& judged);

// {"id":..,"title":..,"document":..,"date":..,"section":..} of a clause of the pack; null for none.
nlohmann::ordered_json clause_json(const engine::policy::PolicyPack& pack, const std::string& id);

}  // namespace catchment::api
