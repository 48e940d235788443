// Clause trees and findings as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "engine/zone_text/finding.hpp"

namespace catchment::cli {

// {"text", "clauses": [{"kind", "quote", "begin", "end", ...}]}; what is empty is left out. begin and end are bytes.
nlohmann::ordered_json to_json(const engine::zone_text::ZoneText& zone);
nlohmann::ordered_json to_json(const engine::zone_text::NumberRange& range);
nlohmann::ordered_json to_json(const engine::zone_text::Household& household);

// {"kind", "severity", "begin", "end", "quote", "message", ...}; without the row, which the caller names.
nlohmann::ordered_json to_json(const engine::zone_text::Finding& finding);

std::string_view to_word(engine::zone_text::Severity severity);

}  // namespace catchment::cli
