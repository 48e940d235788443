// A notice's row as tokens: names cut by the city's lexicon and by typed suffixes, numbers with their units, function
// words, brackets with their partners.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/parse.hpp"
#include "engine/zone_text/reading/notice_words.hpp"
#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {

enum class TokenKind : std::uint8_t {
  name,
  number,
  ordinal,  // a bare Chinese numeral or letter that is no number yet: 一 of 一、二期
  word,
  open,
  close,
  comma,  // ，
  pause,  // 、
  stop,   // ；。 newline
  colon,
  dash,
  side_label,  // 东边：, 东至
  list_head,   // ① 1. (1)
  quote,       // “ ”
  blank,       // a blank typed between two names that stand alone
  other,
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  Word word = Word::none;
  NameClass what = NameClass::untyped;  // names
  bool known = false;                   // names: the lexicon knows it
  bool has_unit = false;                // numbers
  bool glued = false;                   // no blank and no punctuation between it and the token before
  NumberUnit unit = NumberUnit::door;
  std::optional<Compass> compass;  // side_of, section
  geo::DoorNumber number;          // numbers, ordinals
  std::uint32_t begin = 0;         // characters of the source
  std::uint32_t end = 0;
  std::uint32_t partner = 0;  // brackets: the token that closes or opens it
};

// The normalised text by characters, with the way back.
struct NoticeSource {
  std::string_view original;
  geo::NormalText normal;
  std::u32string chars;
  std::vector<std::uint32_t> at;      // chars.size() + 1 offsets into normal.text
  std::vector<std::uint32_t> origin;  // begin of each character in the original; blanks before it left out
  std::vector<std::uint8_t> gap;      // before the character in the original: 0 nothing, 1 blank, 2 newline

  std::string text(std::uint32_t begin, std::uint32_t end) const;
  Span span(std::uint32_t begin, std::uint32_t end) const;
};

struct TokenList {
  NoticeSource source;
  std::vector<Token> tokens;  // one `end` at the end
  std::size_t steps = 0;      // characters and table look-ups spent
};

TokenList tokenize(std::string_view original, const ZoneTextContext& context);

}  // namespace catchment::engine::zone_text
