// The tokenizer of notices, one source for each kind of token: notice_tokens (punctuation, list heads, brackets),
// notice_token_numbers, notice_token_words, notice_token_names.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/reading/notice_tokens.hpp"

namespace catchment::engine::zone_text {

inline bool is_han(char32_t c) { return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) || c >= 0x20000; }
inline bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
inline bool is_letter(char32_t c) { return (c >= U'a' && c <= U'z') || (c >= 0xc0 && c <= 0x24f); }
inline bool is_name_char(char32_t c) {
  return is_han(c) || is_letter(c) || c == U'·' || c == U'•' || c == U'〇' || c == U'&' || c == 0xfffd;
}

// The characters of a text without blanks, with the way back.
NoticeSource read_source(std::string_view original);

class NoticeTokenizer {
 public:
  NoticeTokenizer(std::string_view original, const ZoneTextContext& context);
  TokenList run();

 private:
  std::u32string_view rest(std::size_t at) const {
    return std::u32string_view(chars_).substr(std::min(at, chars_.size()));
  }
  // A window, so that no look-up reads further than words are long.
  std::u32string_view near(std::size_t at) const { return rest(at).substr(0, 16); }
  std::uint8_t gap_at(std::size_t at) const {
    return at < list_.source.gap.size() ? list_.source.gap[at] : std::uint8_t{2};
  }
  bool after_finished() const { return !at_opening(); }
  bool chars_are_sector(std::size_t at) const { return at + 1 < chars_.size() && chars_[at + 1] == U'区'; }
  bool glued_at(std::size_t at) const { return at < chars_.size() && gap_at(at) == 0; }
  bool starts_unit(std::size_t at) const { return strong_word_at(near(at)).length > 0; }

  // --- punctuation (notice_tokens.cpp) ---
  Token& add(TokenKind kind, std::size_t length);
  void add_word(const WordHit& hit);
  bool at_opening() const;
  void step();
  void gap();
  bool punctuation(char32_t c);
  void dashes();
  void dots();
  bool list_head();
  bool at_list_position(std::size_t digits) const;
  bool next_line_number(std::size_t digits);
  void match_brackets();

  // --- numbers (notice_token_numbers.cpp) ---
  WordHit count_or_date(std::size_t at) const;
  bool count_phrase();
  std::size_t count_length(std::size_t at) const;
  bool stem_before_digit() const;
  bool sub_number();
  std::size_t stem_length(std::size_t at) const;
  void read_stem(char32_t c, geo::DoorNumber& out, bool& annex) const;
  void number();
  void finish_number(std::size_t start, std::size_t at, geo::DoorNumber value);
  bool unit_ends_number(std::size_t at, std::size_t length) const;
  std::size_t read_sub(std::size_t at, geo::DoorNumber& value) const;
  bool goes_on_as_name(std::size_t at) const;
  void digits_name(std::size_t length);
  bool chinese_number();
  bool ordinal_ends(std::size_t at) const;
  bool letter_number();

  // --- words (notice_token_words.cpp) ---
  bool heading();
  bool side_label();
  bool side_of_follows(std::size_t at) const;
  bool words();
  bool weak_holds(const WordHit& weak, std::size_t at) const;
  bool stands_alone(std::size_t at) const;
  bool place_before() const;
  bool short_road(std::size_t at) const;
  bool opening_holds(const WordHit& opening) const;
  bool after_word_that_joins() const;

  // --- names (notice_token_names.cpp) ---
  std::size_t lexicon_length(std::size_t at);
  static NameClass class_of(geo::AddressPart part);
  void name_from(std::size_t start, std::size_t sure);
  NameClass type_by_end(std::size_t start, std::size_t end) const;
  std::size_t scan_name(std::size_t start, std::size_t sure, NameClass& what);
  bool city_ends(std::size_t start, std::size_t at) const;
  bool ordinal_range(std::size_t at) const;
  bool counted_tail(std::size_t at) const;
  bool word_follows(std::size_t at, NameClass) const;
  bool long_enough(std::size_t start, std::size_t at, const SuffixHit& suffix) const;
  bool name_ends(std::size_t start, std::size_t behind, const SuffixHit& suffix);
  bool name_ends_by_word(std::size_t at) const;
  bool goes_on(std::size_t at) const;
  std::size_t run_length(std::size_t at) const;
  bool digits_inside_name(std::size_t at) const;
  bool number_ends_name(std::size_t start, std::size_t at) const;

  const geo::NameLexicon* lexicon_;
  TokenList list_;
  std::u32string chars_;
  std::size_t pos_ = 0;
  std::size_t depth_ = 0;       // of brackets
  std::int32_t last_head_ = 0;  // the number of the list's line before: 2 of 2橡山国小
  std::vector<geo::NameLexicon::Hit> hits_;
  geo::AddressPart hit_part_ = geo::AddressPart::unknown;
};

}  // namespace catchment::engine::zone_text
