// The season as tables, and whose rows somebody asks for.
#pragma once

#include "server/api/command.hpp"
#include "server/api/query.hpp"

namespace catchment::api {

// Every record is opened: seconds for a large season. Called outside of any command.
engine::admission::SeasonTables season_tables(const Call& call);

// The district or school whose rows are asked for: ?district=, ?school=, or the only one of who asks. A school's are of
// its seated pupils. Throws InputError where a clerk of several schools does not say which.
access::Object rows_wanted(const access::Actor& actor, const Parameters& parameters);

}  // namespace catchment::api
