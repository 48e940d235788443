// Number conditions of a notice as sets: what two of them share, and how one is written.
#pragma once

#include <optional>
#include <string>

#include "engine/zone_text/clause.hpp"

namespace catchment::engine::zone_text {

// The numbers both give; empty if none, or if they count different things (doors, buildings). Nested numbers
// (209弄 1-17号) only meet where the outer ones do; then the outer ones are the answer.
std::optional<NumberRange> intersection(const NumberRange& a, const NumberRange& b);

// True if both give the same numbers, however written.
bool same_numbers(const NumberRange& a, const NumberRange& b);

// "1-23号单号", "145号起双号", "7幢", "单号".
std::string write_range(const NumberRange& range);

}  // namespace catchment::engine::zone_text
