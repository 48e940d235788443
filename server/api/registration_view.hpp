// A registration as the API shows it, and as permissions see it.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "server/api/command.hpp"

namespace catchment::api {

access::Object object_of(const desk::Registration& registration);

// The registration of the path's first part; another's, or none, is Refused 404 all the same. Asks for the action.
desk::Registration get_allowed(const Call& call, Session& session, const access::Actor& actor);

// What is known of a registration without asking the store again.
struct KnownRecord {
  desk::Record record;
  engine::admission::Eligibility judged;
};

// Shows the registration of the path's first part to who may see it; whoever is not of the family is written down
// before.
http::Response read_record(
    const Call& call,
    const std::function<http::Response(Session&, const desk::Registration&, const access::Actor&)>& show);

// Code, stage, seat and version; with `whole` the record, and why.
nlohmann::ordered_json registration_json(const Call& call, Session& session, const desk::Registration& registration,
                                         bool whole, bool for_family, const KnownRecord* known = nullptr);

http::Response registration_answer(const Call& call, Session& session, int status,
                                   const desk::Registration& registration, bool whole, bool for_family,
                                   const KnownRecord* known = nullptr);

}  // namespace catchment::api
