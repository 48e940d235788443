// What a notice would change in a package, and what in the change looks like a mistake of copying.
#pragma once

#include <string>
#include <vector>

#include "datasets/importer/notice.hpp"
#include "datasets/importer/school_book.hpp"
#include "engine/zone_text/compile.hpp"

namespace catchment::datasets {

// Rows with one id are compared field by field; zone_id too, so that a row that gains an area counts as changed. Both
// by id.
std::vector<NoticeRowChange> compare_rows(const std::vector<engine::ZoneRow>& before,
                                          const std::vector<engine::ZoneRow>& after, const SchoolBook& book);

// Clauses by row.
std::vector<engine::zone_text::ClauseDiff> compare_clauses(const std::vector<engine::ZoneRow>& before,
                                                           const std::vector<engine::ZoneRow>& after,
                                                           const geo::NameLexicon& names);

// Of reworded and moved clauses: characters that were taken for look-alikes (凤 for 风), clauses that now stand in
// another school's row.
std::vector<NoticeFinding> find_copy_mistakes(const std::vector<engine::zone_text::ClauseDiff>& clauses,
                                              const std::vector<engine::ZoneRow>& rows);

// What compiling said of a row's words. For a name nobody knows, the city's names most like it are the candidates.
std::vector<NoticeFinding> find_in_words(const engine::ZoneRow& row, const engine::zone_text::CompiledText& compiled,
                                         const geo::Gazetteer& names);

}  // namespace catchment::datasets
