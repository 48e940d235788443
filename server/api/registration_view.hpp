// A registration as the API shows it, and as permissions see it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/api/command.hpp"

namespace catchment::api {

access::Object object_of(const desk::Registration& registration);

// The registration of the path's first part; another's, or none, is Refused 404 all the same. Asks for the action.
desk::Registration get_allowed(const Call& call, Session& session, const access::Actor& actor);

// Shows the registration of the path's first part to who may see it; whoever is not of the family is written down
// before.
http::Response read_record(
    const Call& call,
    const std::function<http::Response(Session&, const desk::Registration&, const access::Actor&)>& show);

// Code, stage, seat and version.
nlohmann::ordered_json registration_json(const desk::Registration& registration);

// The same as an answer with its ETag, of 201 with its Location; with `whole` also the record, and why.
http::Response registration_answer(const Call& call, Session& session, int status,
                                   const desk::Registration& registration, bool whole, bool for_family);

}  // namespace catchment::api
