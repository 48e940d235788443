// The facts of one child as a JSON file, held to policy/child_facts.schema.json.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "engine/admission/child_facts.hpp"

namespace catchment::datasets {

// Throws InputError(facts_open | facts_json | facts_key | facts_type | facts_value) with name#JSON pointer. A fact that
// the schema does not name is refused, never ignored.
engine::admission::ChildFacts parse_child_facts(std::string_view json, const std::string& name);
engine::admission::ChildFacts read_child_facts(const nlohmann::ordered_json& parsed, const std::string& name);
engine::admission::ChildFacts load_child_facts(const std::filesystem::path& file);

}  // namespace catchment::datasets
