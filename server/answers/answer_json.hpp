// Found addresses and schools as JSON, the same from the tool and from the service. openapi.json documents it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/matching/school_finder.hpp"

namespace catchment::answers {

using nlohmann::ordered_json;

// What ids are printed as.
struct Labels {
  std::map<std::string, std::string> schools, districts;  // names by id
  std::map<std::string, engine::Notice> notices;

  const std::string& school(const std::string& id) const;  // the id if there is no name
  const std::string& district(const std::string& id) const;
};

ordered_json to_json(const engine::Notice& notice);
// A condition as asked of a family: {"kind", "who", "holds"}.
ordered_json to_json(const engine::zone_text::Household& condition);
ordered_json to_json(const geo::Found& found, const geo::Gazetteer& names);
ordered_json to_json(const geo::Candidate& candidate, std::string_view typed, const geo::Gazetteer& names);
ordered_json to_json(const engine::Fired& fired, const Labels& labels);
// status, reason, phone, point, error_m, schools, against. The address is to be added by who has one.
ordered_json to_json(const engine::FinderAnswer& answer, const Labels& labels);
ordered_json point_json(const std::optional<geo::Point>& point);  // {"lon", "lat"} or null

std::string dump(const ordered_json& json, int indent = -1);  // what is not UTF-8 becomes U+FFFD

}  // namespace catchment::answers
