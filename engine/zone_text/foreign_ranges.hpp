// Street ranges of German and Czech ordinances as the same NumberRange values that notices give.
//
// German (Potsdam): "ung. 1-25 ; ger. 2-24", "gesamt", "ohne HNr.". Czech (Street Markdown, one street a line):
// "Šrobárova - lichá č. 19-27, sudá č. 10-22, č. p. 326", "Jihozápadní I - III", "část obce Huntířov - mimo č. p. 19".
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/clause.hpp"

namespace catchment::engine::zone_text {

struct GermanRanges {
  bool whole = false;           // gesamt: every number
  bool without_number = false;  // ohne HNr.: the addresses that have none
  std::vector<NumberRange> ranges;
};
// Empty if the text is none; a range above its end is none either.
std::optional<GermanRanges> read_german_ranges(std::string_view text);

// A Czech house bears a number of its street (orientační) and one of its municipality part (popisné).
struct CzechNumber {
  std::optional<geo::DoorNumber> description;  // 325 of 325/12a
  geo::DoorNumber orientation;
};
struct CzechSeries {
  bool description = false;  // č. p.: the numbers are the municipality part's
  bool excluded = false;     // mimo, kromě
  Parity parity = Parity::all;
  std::vector<NumberRange> ranges;   // each with the series' parity; empty with no `numbers`: the whole parity
  std::vector<CzechNumber> numbers;  // written in full
};
struct CzechStreet {
  std::string name;
  bool municipality_part = false;   // část obce, část města
  std::vector<CzechSeries> series;  // empty: every number
};
// The streets of one line; empty for a blank line, a comment (#, !), and for a line whose numbers cannot be read.
std::vector<CzechStreet> read_czech_line(std::string_view line);

}  // namespace catchment::engine::zone_text
