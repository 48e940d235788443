// What is doubtful or wrong in the words of a notice: with place, quote and, where there is one, the mend.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/clause.hpp"

namespace catchment::engine::zone_text {

enum class FindingKind : std::uint8_t {
  unread,  // words no rule reads
  unknown_name,
  ambiguous_name,        // several things bear it
  renamed,               // known by a former name
  undecidable,           // 部分, 附近, 周边
  unresolved_reference,  // another school's zone, whose words are not known
  not_closed,            // the lines named enclose nothing
  bridged,               // a gap was bridged: length
  extended,              // a line was extended: length
  closed_on_outline,
  label_contradicts,  // 东边：…以东
  number_without_street,
  exclusion_outside,   // excludes what was not included
  parity_contradicts,  // 13-15（双号）
  no_such_number,      // no address bears it
  void_number,         // 已拆迁, 空号
  duplicate,
  not_complementary,  // two schools' clauses on one street or community leave a gap or overlap
  overlap,            // addresses given to several schools without a joint-zone statement
  gap,                // addresses given to no school
  same_text,          // two schools, one text, no joint-zone statement
  unnamed_edge,       // of a zone to print: follows no named line, or runs beside it: length
  untold,             // of a zone to print: addresses or area that its words leave wrong
};
std::string_view to_word(FindingKind kind);
enum class Severity : std::uint8_t { note, warning, error };
Severity severity_of(FindingKind kind);

struct Finding {
  FindingKind kind = FindingKind::unread;
  std::size_t row = 0;                  // of the rows given; 0 for one text
  Span span;                            // of that row's text
  std::string quote;                    // the text of the span
  std::string message;                  // one English sentence with the figures
  std::string proposal;                 // what to write instead; empty: nothing proposed
  double length_m = 0;                  // bridged, extended
  std::vector<std::string> candidates;  // names or school ids to choose from
};

}  // namespace catchment::engine::zone_text
