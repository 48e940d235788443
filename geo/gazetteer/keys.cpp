#include "geo/gazetteer/keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "geo/address/normal_text.hpp"
#include "geo/address/numeral.hpp"
#include "geo/address/utf8.hpp"

namespace catchment::geo {
namespace {

using namespace std::string_view_literals;

// Blanks and marks that name_key leaves out and people put inside names.
bool is_mark(char32_t c) {
  return c == U' ' || c == U'-' || c == U'.' || c == U'\'' || c == U'/' || c == U'\u00b7' || c == U'\u2022' ||
         c == U'\u30fb';
}

// Types of Latin names, written out and short. Unicode CLDR has no list; these are the posts' own.
constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kLatinTypes{{
    {"strasse", "str"},
    {"platz", "pl"},
    {"street", "st"},
    {"road", "rd"},
    {"avenue", "ave"},
    {"drive", "dr"},
    {"lane", "ln"},
    {"boulevard", "blvd"},
    {"court", "ct"},
    {"square", "sq"},
    {"place", "pl"},
    {"terrace", "ter"},
}};

constexpr std::array kStreetTypes{"大道"sv, "大街"sv, "马路"sv, "公路"sv, "横路"sv, "胡同"sv,
                                  "路"sv,   "街"sv,   "巷"sv,   "道"sv,   "弄"sv};
constexpr std::array kEstateTypes{"住宅小区"sv, "家属院"sv, "家属区"sv, "小区"sv, "花园"sv, "家园"sv,
                                  "公寓"sv,     "新村"sv,   "花苑"sv,   "公馆"sv, "广场"sv, "苑"sv,
                                  "园"sv,       "庭"sv,     "城"sv,     "府"sv};
constexpr std::array kCommunityTypes{"社区居委会"sv, "居委会"sv, "社区"sv, "居委"sv, "行政村"sv,
                                     "村委会"sv,     "自然村"sv, "村"sv,   "里"sv};
constexpr std::array kTownTypes{"街道办事处"sv, "街道办"sv, "街道"sv, "新区"sv, "区"sv, "县"sv,
                                "镇"sv,         "乡"sv,     "街"sv,   "市"sv,   "省"sv};

template <std::size_t n>
std::string without_type(std::string_view key, const std::array<std::string_view, n>& types) {
  for (const std::string_view type : types) {
    if (key.ends_with(type) && to_characters(key.substr(0, key.size() - type.size())).size() >= 2) {
      return std::string(key.substr(0, key.size() - type.size()));
    }
  }
  return {};
}

std::string with_umlauts_as(std::string_view key, bool two_letters) {
  std::string out;
  for (std::size_t at = 0; at < key.size();) {
    const std::size_t begin = at;
    switch (next_character(key, at)) {
      case U'ä':
        out += two_letters ? "ae" : "a";
        break;
      case U'ö':
        out += two_letters ? "oe" : "o";
        break;
      case U'ü':
        out += two_letters ? "ue" : "u";
        break;
      case U'é':
      case U'è':
      case U'ê':
        out += "e";
        break;
      case U'á':
      case U'à':
        out += "a";
        break;
      default:
        out += key.substr(begin, at - begin);
    }
  }
  return out;
}

}  // namespace

char32_t next_character(std::string_view text, std::size_t& at) {
  const Decoded decoded = decode_utf8(text.data() + at, text.data() + text.size());
  at += decoded.length;
  return decoded.c;
}

std::u32string to_characters(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) out += next_character(text, at);
  return out;
}

std::string to_utf8(std::u32string_view characters) {
  std::string out;
  for (const char32_t c : characters) {
    char bytes[4];
    out.append(bytes, encode_utf8(c, bytes));
  }
  return out;
}

std::string folded_key(std::string_view name) {
  std::string key = name_key(name);
  for (std::size_t at = key.find("ß"); at != std::string::npos; at = key.find("ß", at)) key.replace(at, 2, "ss");
  return key;
}

std::vector<std::string> spelling_variants(std::string_view key) {
  std::vector<std::string> spellings{std::string(key), with_umlauts_as(key, false), with_umlauts_as(key, true)};
  for (std::size_t i = 0; i < 3; ++i) {
    for (const auto& [out, abbreviated] : kLatinTypes) {
      const std::string spelling = spellings[i];
      for (const auto& [from, to] : {std::pair{out, abbreviated}, std::pair{abbreviated, out}}) {
        // Not the whole name, and not the end of another word of the same letters (west, fest).
        if (spelling.size() < from.size() + 3 || !spelling.ends_with(from)) continue;
        if (from.size() == 2) continue;  // too short to be told from the end of a name
        spellings.push_back(spelling.substr(0, spelling.size() - from.size()) + std::string(to));
      }
    }
  }
  std::ranges::sort(spellings);
  keep_once(spellings);
  std::erase(spellings, key);
  return spellings;
}

std::string short_name(std::string_view key, AddressPart part) {
  switch (part) {
    case AddressPart::street:
      return without_type(key, kStreetTypes);
    case AddressPart::estate:
      return without_type(key, kEstateTypes);
    case AddressPart::community:
    case AddressPart::village:
      return without_type(key, kCommunityTypes);
    case AddressPart::town:
    case AddressPart::district:
      return without_type(key, kTownTypes);
    default:
      return {};
  }
}

std::uint32_t find_child(const GazetteerTables& tables, std::uint32_t node, char32_t c) {
  const std::size_t mask = tables.trie.size() - 1;
  for (std::size_t i = trie_hash(node, c) & mask;; i = (i + 1) & mask) {
    const TrieSlot& slot = tables.trie[i];
    if (slot.parent == kNone) return kNone;
    if (slot.parent == node && slot.character == c) return slot.node;
  }
}

std::uint32_t find_key(const GazetteerTables& tables, std::string_view key) {
  std::uint32_t node = 0;
  for (std::size_t at = 0; at < key.size();) {
    node = find_child(tables, node, next_character(key, at));
    if (node == kNone) return kNone;
  }
  return tables.node_keys[node];
}

bool KeyReader::next(char32_t& c) {
  if (pending_at_ < pending_.size()) {
    c = pending_[pending_at_++];
    if (pending_at_ == pending_.size()) read_ = at_;
    return true;
  }
  while (at_ < text_.size()) {
    const std::size_t begin = at_;
    c = next_character(text_, at_);
    if (is_mark(c)) {
      if (begin == 0) return false;  // a name begins with its first character
      continue;
    }
    if (c == U'ß') {
      pending_ = U"s";
      pending_at_ = 0;
      c = U's';
      return true;
    }
    if (const std::size_t run = numeral_run(text_.substr(begin)); run != 0) {
      pending_ = to_characters(name_key(text_.substr(begin, run)));
      if (pending_.empty()) return false;
      at_ = begin + run;
      c = pending_[0];
      pending_at_ = 1;
      if (pending_.size() == 1) read_ = at_;
      return true;
    }
    read_ = at_;
    return true;
  }
  return false;
}

bool KeyReader::inside_word(char32_t last) const {
  if (pending_at_ < pending_.size()) return true;
  if (at_ >= text_.size()) return false;
  std::size_t at = at_;
  const char32_t following = next_character(text_, at);
  return (is_digit(last) && (is_digit(following) || numeral_run(text_.substr(at_)) != 0)) ||
         (is_letter(last) && is_letter(following));
}

}  // namespace catchment::geo
