// Zones told by another school's: 同乙小学, 原丙小学招生服务范围内.
//
// Semantics (decided once):
//  * 同 means the rows of that school in the same notice, 原 those of the latest earlier notice of the layer: never
//  this
//    year's, because what moved since is what the word leaves out.
//  * What the rows referred to give, they give: their rules and feeder clauses join the text as a scope of their own.
//    Their exceptions hold only in it; the exceptions of the text that refers hold in it too, and so do the conditions
//    and doubts of its clause. Seats, household groups and 本校 feeders stay with the school they are said of.
//  * A name that no row's school bears, or several, an earlier notice that is not at hand, and rows that refer to each
//    other in a ring stay FindingKind::unresolved_reference; their zone is not known, so nothing is given by them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/compile.hpp"

namespace catchment::engine::zone_text {

// One row of a notice. Rows of one school (its campuses) never contradict each other.
struct LintRow {
  std::string school_id;
  std::string school_name;  // what joint-zone statements of other rows call it; empty: any partner may be meant
  std::string text;
  std::vector<geo::Point> seeds;
  std::string within = {};  // CompileOptions::within: the district the notice is of
};

// Rows that others may refer to. They are compiled only if one does.
struct ReferencePool {
  std::span<const LintRow> others;   // further rows of the same notice
  std::span<const LintRow> earlier;  // of the latest earlier notice
};

// Gives every text the rules of the zones it refers to. texts[i] is the compiled rows[i]; its findings tell what stays
// unresolved.
void resolve_references(std::span<CompiledText> texts, std::span<const LintRow> rows, const ReferencePool& pool,
                        const Ground& ground);

// Whether the words refer to another school's zone.
bool has_reference(const ZoneText& zone);

// The row parsed and compiled by itself.
CompiledText compile_row(const LintRow& row, const Ground& ground);

}  // namespace catchment::engine::zone_text
