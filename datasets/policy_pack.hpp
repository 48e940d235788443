// Policy packs as files: read strictly by policy/pack.schema.json, which is part of the program.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/policy/policy_pack.hpp"

namespace catchment::datasets {

// Reads a pack. Throws InputError(pack_json | pack_key | pack_type | pack_value) whose `where` is name#JSON pointer; an
// unknown member is refused, and so is (pack_privacy) evidence or a form field that may not be asked of a family. What
// is more than form (references, dates in order) is lint_pack's business.
engine::policy::PolicyPack parse_policy_pack(std::string_view json, const std::string& name);
engine::policy::PolicyPack load_policy_pack(const std::filesystem::path& file);  // also InputError(pack_open)

}  // namespace catchment::datasets
