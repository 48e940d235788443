// Which stretch of a street a section word means: 北段, 中段. Internal to the compiler.
//
// A line of the city that bears the word in its name (云杉路中段) is meant, if there is one. Else the words leave open
// where the sections part; they do so at a crossing. An end section is sure up to the last crossing within the third at
// its end, and reaches no further than the first crossing beyond two thirds; the middle is sure between the crossings
// inside the middle third, and reaches no further than the first crossings in the outer sixths. What lies between sure
// and not is in doubt. A street that does not run along its word is in doubt as a whole.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "engine/zone_text/compiling/region.hpp"

namespace catchment::engine::zone_text {

// 东 of 东段; empty for whole.
std::string_view section_word(Section section);
// Which way a section lies; empty for whole and middle.
std::optional<Metres> direction_of(Section section);

// The lines of the ground that bear the name, those with the section word in it before the others.
struct NamedLines {
  std::vector<std::size_t> lines;
  bool by_section = false;  // their names have the section word: nothing is to be cut
};
NamedLines find_named_lines(const Line& line, const Ground& ground);

struct SectionStretches {
  std::vector<std::pair<double, double>> sure;      // metres along, by start; at most one
  std::vector<std::pair<double, double>> doubtful;  // at most two
};
// `crossings`: metres along, sorted.
SectionStretches section_stretches(const geo::Polyline& line, Section section, const std::vector<double>& crossings);
// Where other lines of the ground meet a line, in metres along, sorted.
std::vector<double> crossings_on(const geo::Polyline& line, std::size_t ground_line, const Ground& ground);

}  // namespace catchment::engine::zone_text
