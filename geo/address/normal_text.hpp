// Text folded for comparison, with the way back to what was typed.
//
// Folded: full to half width and Unicode compatibility forms; case; traditional and variant characters to the
// simplified one; every dash to '-', every bracket to '(' or ')', '，' ';' ':' to their ASCII forms ('、' and '。'
// stay: they carry grammar); blanks at the ends and beside a Chinese character or mark go, others are squeezed to one,
// with a line break among them to '\n' wherever it stands, because it separates clauses. Circled and raised digits and
// fractions stay: folded beside a number they would become part of it. Numerals are left as they are: whether 三 is a
// number is for the reader of the text to say (see name_key).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::geo {

// A half-open range of bytes of the original text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span&, const Span&) = default;
};

struct NormalText {
  std::string text;                   // UTF-8; a byte that is not part of valid UTF-8 becomes U+FFFD
  std::vector<std::uint32_t> origin;  // text.size() + 1 offsets into the original, not decreasing

  // The bytes of the original that [begin, end) of `text` stands for.
  Span span(std::size_t begin, std::size_t end) const { return {origin[begin], origin[end]}; }
};

// Linear in the text. Idempotent: normalise(normalise(x).text).text == normalise(x).text.
NormalText normalise(std::string_view original);
// The same without the way back; replaces what was in `out`. For hot paths.
void normalise_into(std::string_view original, std::string& out);

// What two spellings of one name share: normalised, without blanks and punctuation, every run of Chinese numerals
// written in ASCII digits ("农林上路八横路" and "農林上路8横路" are "农林上路8横路"). Only for comparing keys with
// keys.
std::string name_key(std::string_view name);

// Value of a Chinese or ASCII numeral that is the whole of `text` (normalised): "123", "一百二十三", "一二三", "二〇",
// "廿一", "两百". Empty if it is none, or above 999,999.
std::optional<std::int32_t> parse_numeral(std::string_view text);

}  // namespace catchment::geo
