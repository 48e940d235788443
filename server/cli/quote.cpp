#include "server/cli/quote.hpp"

#include <algorithm>
#include <vector>

namespace catchment::cli {
namespace {

struct Character {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t columns = 1;
  bool control = false;
};

// East Asian Width W and F of Unicode 15 in blocks; combining marks take none.
std::size_t width_of(char32_t c) {
  struct Range {
    char32_t first, last;
  };
  constexpr Range kWide[]{{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},
                          {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}};
  if (c >= 0x300 && c <= 0x36f) return 0;
  return std::ranges::any_of(kWide, [c](Range r) { return r.first <= c && c <= r.last; }) ? 2 : 1;
}

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xf0) return 4;
  return lead >= 0xe0 ? 3 : 2;
}

std::vector<Character> characters_of(std::string_view text) {
  std::vector<Character> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = std::min(sequence_length(lead), text.size() - i);
    char32_t code = length == 1 ? lead : lead & (0xffu >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) code = (code << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
    const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
    out.push_back({i, i + length, control ? 1 : width_of(code), control});
    i += length;
  }
  return out;
}

void append_printable(std::string& out, std::string_view text, const Character& c) {
  if (!c.control) {
    out += text.substr(c.begin, c.end - c.begin);
  } else {
    out += text[c.begin] == '\t' ? " " : "?";
  }
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const Character& c : characters_of(text)) columns += c.columns;
  return columns;
}

std::string printable(std::string_view text) {
  std::string out;
  for (const Character& c : characters_of(text)) append_printable(out, text, c);
  return out;
}

std::string underline(std::string_view text, geo::Span span, std::string_view indent, std::size_t columns) {
  const std::size_t begin = std::min<std::size_t>(span.begin, text.size());
  const std::size_t before = begin == 0 ? std::string_view::npos : text.rfind('\n', begin - 1);
  const std::size_t line_begin = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t line_end = std::min(text.find('\n', begin), text.size());
  std::string_view line = text.substr(line_begin, line_end - line_begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t from = begin - line_begin;
  const std::size_t to = std::max<std::size_t>(std::min<std::size_t>(span.end, line_end), begin) - line_begin;

  const std::vector<Character> all = characters_of(line);
  auto first = std::ranges::find_if(all, [&](const Character& c) { return c.end > from; });
  auto last = first;
  std::size_t used = 0;
  while (last != all.end() && last->begin < to && used < columns) used += (last++)->columns;
  // What room is left goes to both sides, a third of it before.
  const std::size_t lead = (columns - std::min(used, columns)) / 3;
  auto shown_first = first;
  for (std::size_t room = lead; shown_first != all.begin() && room >= 2; room -= 2) --shown_first;
  auto shown_last = last;
  std::size_t shown = used;
  for (auto c = shown_first; c != first; ++c) shown += c->columns;
  while (shown_last != all.end() && shown < columns) shown += (shown_last++)->columns;

  std::string words(indent), marks(indent);
  if (shown_first != all.begin()) {
    words += "…";
    marks += ' ';
  }
  for (auto c = shown_first; c != shown_last; ++c) {
    append_printable(words, line, *c);
    const bool inside = c->begin < to && c->end > from;
    const char mark = inside ? (c == first ? '^' : '~') : ' ';
    for (std::size_t k = 0; k < c->columns; ++k) marks += k == 0 || !inside ? mark : '~';
  }
  if (shown_last != all.end()) words += "…";
  if (first == last) marks += '^';
  marks.erase(marks.find_last_not_of(' ') + 1);
  return words + "\n" + marks + "\n";
}

}  // namespace catchment::cli
