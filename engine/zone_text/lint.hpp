// What is wrong with a whole notice: what each row's compiler found, and what shows only between rows.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/zone_text/references.hpp"

namespace catchment::engine::zone_text {

// Finding::row of what belongs to no row: addresses of streets that no row names. Sorts last.
inline constexpr std::size_t kWholeNotice = static_cast<std::size_t>(-1);

// progress(done, of) returns false to stop; called from the caller's thread only.
using Progress = std::function<bool(std::size_t, std::size_t)>;

struct LintOptions {
  unsigned threads = 0;  // 0: as many as the machine has; the report does not depend on it
  Progress progress;
  ReferencePool pool;
};

struct LintReport {
  std::vector<CompiledText> rows;  // as given; without their findings, which are in `findings`
  std::vector<Finding> findings;   // by row, then span: those of the compiler and those between rows
  bool cancelled = false;          // the rest is empty
  std::size_t addresses = 0;       // looked at
  // Every address counts once. A school that shares by a joint-zone statement counts as one with its partners;
  // undetermined: what it has depends on a word nobody can decide, or on a place nearer to a line than its error.
  std::size_t in_one = 0, in_several = 0, in_none = 0, undetermined = 0;
};

// Without addresses in the gazetteer only what the words show by themselves is found.
LintReport lint(std::span<const LintRow> rows, const Ground& ground, const LintOptions& options = {});

// The rows parsed and compiled, in their order, with what they take from the rows they refer to. Empty if cancelled.
std::vector<CompiledText> compile_rows(std::span<const LintRow> rows, const Ground& ground,
                                       const LintOptions& options = {});

}  // namespace catchment::engine::zone_text
