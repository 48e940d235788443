// A policy pack in plain words, for whoever has to check it against the documents.
#pragma once

#include <string>

#include "engine/policy/policy_pack.hpp"

namespace catchment::engine::policy {

enum class PackLanguage { zh, en };

// The calendar in order of time, then who may enter, in what order and how many, then private schools, conduct, and
// what a season is checked against; each line ends with its clause. English falls back on Chinese where a pack has
// none.
std::string describe_pack(const PolicyPack& pack, PackLanguage language);

// "2024-06-11 to 2024-06-20 (both whole days), daily 08:00-24:00" and the like.
std::string describe_span(const Span& span, PackLanguage language);

}  // namespace catchment::engine::policy
