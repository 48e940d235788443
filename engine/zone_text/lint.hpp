// What is wrong with a whole notice, and what changed between two.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/zone_text/compile.hpp"

namespace catchment::engine::zone_text {

struct LintRow {
  std::string school_id;
  std::string text;
  std::vector<geo::Point> seeds;
};

struct LintReport {
  std::vector<CompiledText> rows;  // as given
  std::vector<Finding> findings;   // by row, then span: those of the compiler and those between rows
  std::size_t addresses = 0;       // looked at
  std::size_t in_one = 0, in_several = 0, in_none = 0, undetermined = 0;
};
// progress(done, of) returns false to stop.
LintReport lint(std::span<const LintRow> rows, const Ground& ground,
                const std::function<bool(std::size_t, std::size_t)>& progress = {});

enum class ClauseChange : std::uint8_t { added, removed, reworded, unchanged };
struct ClauseDiff {
  ClauseChange change = ClauseChange::unchanged;
  std::string school_id;
  std::string before;  // quotes
  std::string after;
};
struct AddressDiff {
  geo::EntryId entry = geo::kNoEntry;
  std::vector<std::string> before;  // school ids, sorted
  std::vector<std::string> after;
};
struct NoticeDiff {
  std::vector<ClauseDiff> clauses;     // unchanged ones left out
  std::vector<AddressDiff> addresses;  // those whose schools differ, by entry
};
NoticeDiff diff(std::span<const LintRow> before, std::span<const LintRow> after, const Ground& ground);

}  // namespace catchment::engine::zone_text
