// The words for one part of a zone by its named edges, in each form that could say it. Internal to the printer.
#pragma once

#include <string>
#include <vector>

#include "engine/zone_text/print.hpp"
#include "engine/zone_text/printing/print_edges.hpp"

namespace catchment::engine::zone_text {

// Where words on the doors of a boundary street go: 由A路（含路两侧）、B街...
struct StreetMark {
  geo::NameId street = geo::kNoName;
  std::size_t offset = 0;  // bytes of the text
};

struct FormText {
  PrintForm form = PrintForm::ring;
  std::string text;
  std::vector<StreetMark> streets;  // by offset
};

// Candidates, the simplest first; which of them gives the part back, the compiler has to say. `chain` goes clockwise
// from the north-west. Four bounds and half-planes have six lines at most and each line on one side only; a ring names
// every line in order, at last with the lines each leg runs between. Stretches along no line are left out: the reader
// closes the gap. Those on the outline are the border of the district there (X区界) or, where no district is known,
// left open.
std::vector<FormText> region_forms(const std::vector<Stretch>& chain, const Ground& ground);

}  // namespace catchment::engine::zone_text
