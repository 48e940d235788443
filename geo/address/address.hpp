// From text to the ladder of an address: province ... room. Lossless: every byte typed belongs to one token.
//
// Not a general segmenter: a city's own names (NameLexicon) are found by longest match, typed suffixes (路, 里, 号楼
// ...) catch what the city does not know, and a grammar over both decides. Without a lexicon the suffixes do alone.
// Linear in the length of the text, whatever it holds; a text over 4,096 bytes is one `unknown` token.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "geo/address/door_number.hpp"
#include "geo/address/normal_text.hpp"

namespace catchment::geo {

enum class AddressPart : std::uint8_t {
  country,
  province,
  city,
  district,
  town,         // 街道, 镇, 乡
  community,    // 社区, 居委, Taiwan's 里
  village,      // 村
  group,        // 组, 社, 队, Taiwan's 鄰
  street,       // 路, 街, 大道, 巷 with a name; the section (一段) is part of the name
  lane,         // 209弄, 8巷: numbered
  sublane,      // 3支弄
  door,         // 12号, 123号之一
  compound,     // 12号院, 1号大院: numbered like a door and a door for every comparison
  estate,       // 小区, 家园, 家属院 ...: by name
  phase,        // 二期, A区 (its number is the letter alone, see DoorNumber)
  building,     // 3号楼 = 3幢 = 3栋 = 3座
  stair,        // 2单元
  floor,        // 5层, 5楼
  room,         // 301室
  block,        // 街坊: a numbered or named piece of the city without a wall
  institution,  // school, company, shop
  line,         // river, railway, wall: a named line without doors; only a lexicon knows it
  postcode,
  detail,  // words of place that are no name: 附近, 对面, 北门
  filler,  // blanks and punctuation between tokens, words that say nothing (地址, 住在, 邮编, 0鄰)
  unknown,
};
std::string_view to_word(AddressPart part);

using NameId = std::uint32_t;  // a named thing of one city, as its gazetteer numbers them; aliases share it
inline constexpr NameId kNoName = 0xffffffffu;

struct AddressToken {
  AddressPart part = AddressPart::unknown;
  Span span;  // of the original text
  // Normalised; a name with its suffix, a street's usual abbreviations written out (hauptstr. is hauptstrasse); a
  // number as DoorNumber writes it.
  std::string text;
  DoorNumber number;      // numbered parts only; else number.number == 0
  NameId name = kNoName;  // what the lexicon knows it as; when several things bear the name, the first of them
};

struct ParsedAddress {
  std::string original;
  std::vector<AddressToken> tokens;  // in the order of the text, touching: spans cover the original

  // The last token of that part, nullptr if none: the finer word stands later.
  const AddressToken* find(AddressPart part) const;
};

// Whether a phase is written as a part of an estate's ground (A区, 二区) and not of its building (二期).
bool is_sector(const ParsedAddress& parsed, const AddressToken& phase);

// The names a city knows. Implemented by Gazetteer; tests implement their own.
class NameLexicon {
 public:
  struct Hit {
    std::size_t length = 0;  // bytes of the normalised text
    AddressPart part = AddressPart::unknown;
    NameId name = kNoName;
  };
  virtual ~NameLexicon() = default;
  // Appends every name that `normal` begins with, longest first; blanks and numerals in the text match as in name_key.
  virtual void names_at(std::string_view normal, std::vector<Hit>& out) const = 0;
};

// Bytes; a longer text is one token of an unknown part.
inline constexpr std::size_t kLongestAddress = 4096;

// A number without a unit counts what its place says: 3-2-301 after an estate is building, stair and room, 12-3 after a
// street a door with its sub-number; where its place says nothing (an estate and one number) it is `unknown`.
// Accepts what people type: no province, no blanks, an estate name alone, "12-3-2-301", "12号院3号楼2单元301",
// traditional characters, Chinese numerals, "12 Main Street", "Hauptstraße 22 14476 Potsdam".
ParsedAddress parse_address(std::string_view text, const NameLexicon* lexicon = nullptr);

}  // namespace catchment::geo
