// Ways in which families write an address otherwise than the city does, and ways in which they mistype it.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/synth/random.hpp"
#include "geo/gazetteer/gazetteer.hpp"

namespace catchment::geo {

enum class Noise : std::uint8_t {
  // the same address, written otherwise
  none,
  full_width,
  traditional,
  chinese_numerals,
  no_city,
  no_district,
  no_head,
  no_door_unit,
  dashes,          // 12-3-2-301
  building_words,  // 幢, 栋, 座 for 号楼
  blanks,
  other_name,  // of the street or estate
  no_estate,
  no_street,  // the estate alone, with the numbers in it
  several,    // up to three of the above
  // the same address, mistyped
  homophone,
  look_alike,
  wrong_character,
  swapped_characters,
  missing_character,
  extra_character,
  // another address
  digit_changed,
  digit_dropped,
  digit_added,
  digits_swapped,
  // the same address, but what is left of a number is another
  number_broken,  // by a blank between its digits
  kCount
};
std::string_view to_word(Noise noise);
inline bool changes_digits(Noise noise) { return noise >= Noise::digit_changed && noise <= Noise::digits_swapped; }

class NoiseMaker {
 public:
  // others: names by the name the city uses.
  NoiseMaker(const Gazetteer& names, std::multimap<std::string, std::string, std::less<>> others, std::uint64_t seed)
      : names_(names), others_(std::move(others)), random_(seed, 77) {}

  // The text of an address with that noise; empty where it has nothing the noise could change, or where what came out
  // names another thing of the city.
  std::optional<std::string> make(EntryId entry, Noise noise);

 private:
  std::optional<std::string> apply(const std::string& text, Noise noise);
  std::optional<std::string> mistype(const std::string& text, const ParsedAddress& parsed, Noise noise);
  std::optional<std::string> break_number(const std::string& text);
  std::optional<std::string> change_digits(const std::string& text, Noise noise);
  std::optional<std::string> with_dashes(const std::string& text, const ParsedAddress& parsed);
  std::optional<std::string> with_other_name(const std::string& text, const ParsedAddress& parsed);

  const Gazetteer& names_;
  std::multimap<std::string, std::string, std::less<>> others_;
  datasets::synth::Random random_;
};

// The runs of ASCII digits of a text, full-width ones and Chinese numerals folded, in order.
std::vector<std::string> digit_runs(std::string_view text);

}  // namespace catchment::geo
