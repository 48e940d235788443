#include "engine/zone_text/foreign_ranges.hpp"
#include "engine/zone_text/reading/range_characters.hpp"

namespace catchment::engine::zone_text {
namespace {

bool read_german_range(std::string_view part, Parity parity, std::vector<NumberRange>& out) {
  std::size_t at = 0;
  NumberRange range;
  range.parity = parity;
  range.from = range.to = read_number(part, at, true);
  if (!range.from) return false;
  skip_blanks(part, at);
  if (at < part.size() && part[at] == '-') {
    ++at;
    skip_blanks(part, at);
    range.to = read_number(part, at, true);
    if (!range.to || *range.to < *range.from) return false;
    skip_blanks(part, at);
  }
  if (at != part.size()) return false;
  out.push_back(range);
  return true;
}

}  // namespace

std::optional<GermanRanges> read_german_ranges(std::string_view text) {
  GermanRanges result;
  text = trim(text);
  if (text == "gesamt") return result.whole = true, result;
  if (text == "ohne HNr.") return result.without_number = true, result;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const std::size_t semicolon = text.find(';');
    std::string_view part = trim(text.substr(0, semicolon));
    Parity parity = Parity::all;
    if (part.starts_with("ung.")) parity = Parity::odd;
    if (part.starts_with("ger.")) parity = Parity::even;
    if (parity != Parity::all) part = trim(part.substr(4));
    if (!read_german_range(part, parity, result.ranges)) return std::nullopt;
    text = semicolon == std::string_view::npos ? std::string_view() : text.substr(semicolon + 1);
  }
  return result;
}

}  // namespace catchment::engine::zone_text
