// What a verdict of eligibility means for a child's season: the way to its seat, its tier, its clause.
#pragma once

#include "engine/admission/eligibility.hpp"
#include "engine/admission/season/season_run.hpp"

namespace catchment::engine::admission {

// What an office said where the pack leaves a question to it.
struct OfficeWord {
  bool granted = true;
  bool deferred = false;  // entry is put off, where the pack has no rule of its own for that
};

// Sets way, tier, deferred and clause.
void apply_verdict(const policy::PolicyPack& pack, const Eligibility& judged, const OfficeWord& word, RunChild& child);

}  // namespace catchment::engine::admission
