// What changed between two notices, usually of two years: clauses, and the addresses whose schools differ.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/zone_text/lint.hpp"

namespace catchment::engine::zone_text {

// moved: the same words stand in another school's row now. A clause that only changed its place within its school's
// rows is unchanged.
enum class ClauseChange : std::uint8_t { added, removed, reworded, moved };
std::string_view to_word(ClauseChange change);

// A piece of a reworded clause. Numbers are one token, other letters one each.
struct WordDiff {
  enum class Kind : std::uint8_t { kept, removed, added };
  Kind kind = Kind::kept;
  std::string text;
};

// A unit of comparison is a clause, or one item of an address list.
struct ClauseDiff {
  ClauseChange change = ClauseChange::added;
  std::string school_id;        // whose row has it now; removed: had it
  std::string from_school_id;   // moved: whose row had it
  std::string before;           // quotes; empty if added
  std::string after;            // empty if removed
  std::vector<WordDiff> words;  // reworded only
};

struct AddressDiff {
  geo::EntryId entry = geo::kNoEntry;
  std::vector<std::string> before;  // school ids, sorted
  std::vector<std::string> after;
  std::vector<std::string> maybe_before;  // those whose text cannot decide it
  std::vector<std::string> maybe_after;
};

struct NoticeDiff {
  std::vector<ClauseDiff> clauses;  // by school, in the order of the newer text, removed ones last; unchanged ones out
  std::vector<AddressDiff> addresses;  // those whose schools differ, by entry
  bool cancelled = false;              // the rest is empty
};

NoticeDiff diff(std::span<const LintRow> before, std::span<const LintRow> after, const Ground& ground,
                const LintOptions& options = {});

// Only the words: what `diff` says of the clauses, from the trees alone.
std::vector<ClauseDiff> diff_clauses(std::span<const LintRow> before, std::span<const LintRow> after,
                                     const geo::NameLexicon* names = nullptr);

}  // namespace catchment::engine::zone_text
