// Keys of names: what two spellings of one name share, and the walk over a text that finds them. Internal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {

// The character at `at`, which moves behind it.
char32_t next_character(std::string_view text, std::size_t& at);
std::u32string to_characters(std::string_view text);
std::string to_utf8(std::u32string_view characters);

inline bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }
// A letter of an alphabet that writes words with blanks between them.
inline bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= 0xdf && c < 0x250 && c != 0xf7) || (c >= 0x370 && c < 0x530);
}

// name_key with ß as ss.
std::string folded_key(std::string_view name);
// Keys under which a Latin name is met beside its own: without umlauts or with them as two letters, with its type
// written short or out (str., strasse, rd, road). Without the own key; sorted, each once.
std::vector<std::string> spelling_variants(std::string_view key);
// The name without its type word, where at least two characters stay: 青河 of 青河路, 云溪 of 云溪花园.
std::string short_name(std::string_view key, AddressPart part);

// Calls visit(length in bytes of `normal`, key) for every key that `normal` begins with, shortest first.
template <class Visit>
void for_each_key_at(const GazetteerTables& tables, std::string_view normal, Visit&& visit);
// The key that is the whole of `key`, or kNone.
std::uint32_t find_key(const GazetteerTables& tables, std::string_view key);

// What Gazetteer::names_at does.
void append_hits(const GazetteerTables& tables, std::string_view normal, std::vector<NameLexicon::Hit>& out);

// A lexicon over tables that another object owns.
class TablesLexicon final : public NameLexicon {
 public:
  explicit TablesLexicon(const GazetteerTables& tables) : tables_(tables) {}
  void names_at(std::string_view normal, std::vector<Hit>& out) const override { append_hits(tables_, normal, out); }

 private:
  const GazetteerTables& tables_;
};

std::uint32_t find_child(const GazetteerTables& tables, std::uint32_t node, char32_t c);
inline std::uint32_t trie_hash(std::uint32_t node, char32_t c) {
  std::uint64_t h = (std::uint64_t{node} << 21 | c) * 0x9E3779B97F4A7C15u;
  h ^= h >> 29;
  return static_cast<std::uint32_t>((h * 0xBF58476D1CE4E5B9u) >> 32);
}

// Steps over a normalised text in the characters of its key: what name_key leaves out is left out, numerals come as
// digits.
class KeyReader {
 public:
  explicit KeyReader(std::string_view normal) : text_(normal) {}
  bool next(char32_t& c);
  // Bytes read with the last character; a run of numerals counts as read only when its last digit came.
  std::size_t read() const { return read_; }
  // True if the text goes on as the same word or number, so that nothing may end here.
  bool inside_word(char32_t last) const;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t read_ = 0;
  std::u32string pending_;  // the rest of a run of numerals, or of a letter that stands for two
  std::size_t pending_at_ = 0;
};

template <class Visit>
void for_each_key_at(const GazetteerTables& tables, std::string_view normal, Visit&& visit) {
  KeyReader reader(normal);
  std::uint32_t node = 0;
  char32_t c = 0;
  while (reader.next(c)) {
    node = find_child(tables, node, c);
    if (node == kNone) return;
    const std::uint32_t key = tables.node_keys[node];
    if (key != kNone && !reader.inside_word(c)) visit(reader.read(), key);
  }
}

}  // namespace catchment::geo
