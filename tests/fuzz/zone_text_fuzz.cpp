// Any bytes give a clause tree whose spans lie in the text, the same one twice; foreign readers end too.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/zone_text/foreign_ranges.hpp"
#include "engine/zone_text/parse.hpp"

namespace zone_text = catchment::engine::zone_text;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  zone_text::ParseCost cost;
  const zone_text::ZoneText zone = zone_text::parse_zone_text(text, {}, &cost);
  std::uint32_t before = 0;
  for (const zone_text::Clause& clause : zone.clauses) {
    if (clause.span.begin > clause.span.end || clause.span.end > size || clause.span.begin < before) std::abort();
    before = clause.span.begin;
  }
  if (cost.steps > 1000 * size + 1000) std::abort();
  if (zone_text::to_text(zone) != zone_text::to_text(zone_text::parse_zone_text(text))) std::abort();
  zone_text::read_german_ranges(text);
  zone_text::read_czech_line(text);
  return 0;
}
