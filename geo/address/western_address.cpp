#include "geo/address/western_address.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "geo/address/utf8.hpp"

namespace catchment::geo {
namespace {

struct Abbreviation {
  std::string_view word;
  std::string_view whole;
};
// As the last word of a street.
constexpr std::array<Abbreviation, 18> kEnglish = {{{"st", "street"},
                                                    {"ave", "avenue"},
                                                    {"av", "avenue"},
                                                    {"rd", "road"},
                                                    {"dr", "drive"},
                                                    {"ln", "lane"},
                                                    {"blvd", "boulevard"},
                                                    {"ct", "court"},
                                                    {"pl", "place"},
                                                    {"hwy", "highway"},
                                                    {"pkwy", "parkway"},
                                                    {"sq", "square"},
                                                    {"ter", "terrace"},
                                                    {"cir", "circle"},
                                                    {"trl", "trail"},
                                                    {"way", "way"},
                                                    {"row", "row"},
                                                    {"walk", "walk"}}};

struct UnitWord {
  std::string_view word;
  AddressPart part;
};
constexpr std::array<UnitWord, 16> kUnitWords = {{{"apt", AddressPart::room},
                                                  {"apartment", AddressPart::room},
                                                  {"unit", AddressPart::room},
                                                  {"suite", AddressPart::room},
                                                  {"ste", AddressPart::room},
                                                  {"flat", AddressPart::room},
                                                  {"room", AddressPart::room},
                                                  {"rm", AddressPart::room},
                                                  {"whg", AddressPart::room},
                                                  {"wohnung", AddressPart::room},
                                                  {"#", AddressPart::room},
                                                  {"floor", AddressPart::floor},
                                                  {"fl", AddressPart::floor},
                                                  {"building", AddressPart::building},
                                                  {"bldg", AddressPart::building},
                                                  {"block", AddressPart::building}}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Characters [begin, end) of the text, without a full stop or comma at the end unless the word is an ordinal ("17.").
struct Word {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view text;  // without full stops at the end
  bool starts_segment = false;
  bool ordinal = false;

  bool all_digits() const { return std::ranges::all_of(text, is_digit); }
  bool number() const { return !text.empty() && is_digit(text[0]) && !ordinal; }
  bool postcode() const { return text.size() == 5 && all_digits(); }
  bool letter() const { return text.size() == 1 && text[0] >= 'a' && text[0] <= 'z'; }
};

bool parts_segments(char32_t c) { return c == U',' || c == U';' || c == U'\n'; }

std::vector<Word> words_of(const AddressText& text) {
  std::vector<Word> words;
  bool starts = true;
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = text.chars[at];
    if (c == U' ' || parts_segments(c)) {
      starts = starts || parts_segments(c);
      ++at;
      continue;
    }
    Word word;
    word.begin = at;
    if (c == U'#') {
      ++at;
    } else {
      while (at < text.size() && text.chars[at] != U' ' && !parts_segments(text.chars[at])) ++at;
    }
    word.end = at;
    word.text = text.bytes_of(word.begin, word.end);
    while (word.text.ends_with('.')) word.text.remove_suffix(1);
    const bool stop = word.text.size() < text.offsets[word.end] - text.offsets[word.begin];
    word.starts_segment = starts;
    words.push_back(word);
    words.back().ordinal = stop && word.all_digits() && at < text.size() && text.chars[at] == U' ';
    starts = false;
  }
  return words;
}

bool ends_as_street(std::string_view word) {
  static constexpr std::string_view kGerman[] = {"strasse", "str",      "weg",  "platz", "allee", "damm",  "ufer",
                                                 "gasse",   "chaussee", "ring", "steig", "pfad",  "zeile", "promenade"};
  static constexpr std::string_view kWhole[] = {"street",    "avenue",  "road",   "drive",   "lane",
                                                "boulevard", "court",   "place",  "highway", "parkway",
                                                "square",    "terrace", "circle", "trail"};
  const auto ends = [&](std::string_view suffix) { return word.ends_with(suffix); };
  return std::ranges::any_of(kGerman, ends) || std::ranges::find(kWhole, word) != std::end(kWhole) ||
         std::ranges::any_of(kEnglish, [&](const Abbreviation& each) { return each.word == word; });
}

class WesternCutter {
 public:
  WesternCutter(const AddressText& text, const NameLexicon* lexicon)
      : text_(text), lexicon_(lexicon), words_(words_of(text)) {}

  std::vector<AddressPiece> run() {
    for (std::size_t at = 0; at < words_.size();) {
      std::size_t end = at + 1;
      while (end < words_.size() && !words_[end].starts_segment) ++end;
      segment(at, end);
      at = end;
    }
    return covered();
  }

 private:
  void segment(std::size_t at, std::size_t end) {
    if (at == end) return;
    end = units(at, end);
    if (at == end) return;
    if (!street_ && number_first(at, end)) {
      const std::size_t street = door(at, end);
      const std::size_t after = known(street, end);
      if (!street_) {  // what was known is no street
        while (!pieces_.empty() && after != street && pieces_.back().name != kNoName) pieces_.pop_back();
        add(AddressPart::street, street, end);
        street_ = true;
        return;
      }
      places(after, end);
      return;
    }
    if (const std::size_t after = known(at, end); after != at) {
      at = after;
      if (street_ && at < end && words_[at].number() && !words_[at].postcode()) at = door(at, end);
    } else if (!street_) {
      at = street_and_door(at, end);
    }
    places(at, end);
  }

  // "apt 4b", "#301": reads the first of them and what follows it; returns where that begins.
  std::size_t units(std::size_t at, std::size_t end) {
    for (std::size_t i = at; i + 1 < end; ++i) {
      const auto unit = std::ranges::find(kUnitWords, words_[i].text, &UnitWord::word);
      if (unit == kUnitWords.end() || (i == at && !street_ && words_[i].text != "#" && i + 2 < end)) continue;
      const auto number = number_of(i + 1);
      if (!number || !(words_[i + 1].number() || words_[i + 1].letter())) continue;
      units_of_.push_back(piece(unit->part, i, i + 2));
      units_of_.back().number = *number;
      segment(i + 2, end);
      return i;
    }
    return end;
  }

  std::optional<DoorNumber> number_of(std::size_t word) const {
    if (words_[word].letter()) {
      DoorNumber letter;
      letter.number = words_[word].text[0] - 'a' + 1;
      letter.sub_form = SubForm::letter;
      return letter;
    }
    const auto read = read_door_number(words_[word].text);
    if (!read || read->length != words_[word].text.size()) return std::nullopt;
    return read->number;
  }

  bool number_first(std::size_t at, std::size_t end) const {
    if (!words_[at].number() || end - at < 2 || !number_of(at)) return false;
    const bool street_word = std::any_of(words_.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                                         words_.begin() + static_cast<std::ptrdiff_t>(end),
                                         [](const Word& w) { return ends_as_street(w.text); });
    return street_word || !words_[at].postcode();
  }

  // The longest known name that begins here and ends with a word of the segment; returns the word after it.
  std::size_t known(std::size_t at, std::size_t end) {
    if (lexicon_ == nullptr || at >= end) return at;
    hits_.clear();
    lexicon_->names_at(text_.bytes_from(words_[at].begin), hits_);
    for (const NameLexicon::Hit& hit : hits_) {
      const std::size_t stop = text_.offsets[words_[at].begin] + hit.length;
      for (std::size_t i = at; i < end; ++i) {
        const std::size_t word_end = text_.offsets[words_[i].begin] + words_[i].text.size();
        if (stop != word_end && stop != text_.offsets[words_[i].end]) continue;
        add(hit.part, at, i + 1);
        pieces_.back().name = hit.name;
        street_ = street_ || hit.part == AddressPart::street;
        return i + 1;
      }
    }
    return at;
  }

  std::size_t door(std::size_t at, std::size_t end) {
    auto number = number_of(at);
    if (!number) return at;
    std::size_t next = at + 1;
    const bool letter = next < end && words_[next].letter() && number->sub_form == SubForm::none &&
                        (next + 1 == end || words_[next + 1].postcode());
    if (letter) {
      number->sub = words_[next].text[0] - 'a' + 1;
      number->sub_form = SubForm::letter;
      ++next;
    }
    add(AddressPart::door, at, next);
    pieces_.back().number = *number;
    return next;
  }

  // "strasse des 17. juni 135 ...": the last number that is no postcode is the door.
  std::size_t street_and_door(std::size_t at, std::size_t end) {
    std::size_t place = end;
    for (std::size_t i = end; i-- > at + 1;) {
      if (words_[i].postcode()) place = i;
    }
    for (std::size_t i = place; i-- > at + 1;) {
      if (!words_[i].number() || !number_of(i)) continue;
      add(AddressPart::street, at, i);
      street_ = true;
      return door(i, place);
    }
    if (place > at && !words_[at].postcode() && ends_as_street(words_[place - 1].text)) {
      add(AddressPart::street, at, place);
      street_ = true;
      return place;
    }
    return at;
  }

  // What is left of a segment: postcodes, known names, names of cities.
  void places(std::size_t at, std::size_t end) {
    while (at < end) {
      if (words_[at].postcode()) {
        add(AddressPart::postcode, at, at + 1);
        placed_ = true;
        ++at;
        continue;
      }
      if (const std::size_t after = known(at, end); after != at) {
        at = after;
        continue;
      }
      const std::size_t from = at;
      while (at < end && !words_[at].postcode()) ++at;
      const bool region = at - from == 1 && words_[from].text.size() == 2 && placed_;
      const bool named = std::none_of(words_.begin() + static_cast<std::ptrdiff_t>(from),
                                      words_.begin() + static_cast<std::ptrdiff_t>(at),
                                      [](const Word& w) { return !w.text.empty() && is_digit(w.text[0]); });
      const bool place = named && (street_ || placed_ || (at < end && words_[at].postcode()));
      add(!place ? AddressPart::unknown : region ? AddressPart::province : AddressPart::city, from, at);
      placed_ = placed_ || place;
    }
  }

  AddressPiece piece(AddressPart part, std::size_t from, std::size_t to) const {
    AddressPiece made;
    made.part = part;
    made.begin = static_cast<std::uint32_t>(words_[from].begin);
    made.end = static_cast<std::uint32_t>(words_[to - 1].end);
    return made;
  }
  void add(AddressPart part, std::size_t from, std::size_t to) {
    if (from < to) pieces_.push_back(piece(part, from, to));
  }

  // In order, with fillers for what no piece covers.
  std::vector<AddressPiece> covered() {
    pieces_.insert(pieces_.end(), units_of_.begin(), units_of_.end());
    std::ranges::sort(pieces_, {}, &AddressPiece::begin);
    std::vector<AddressPiece> out;
    std::uint32_t at = 0;
    const auto fill = [&](std::uint32_t to) {
      if (at == to) return;
      AddressPiece filler;
      filler.part = AddressPart::filler;
      filler.begin = at;
      filler.end = to;
      out.push_back(filler);
    };
    for (const AddressPiece& each : pieces_) {
      fill(each.begin);
      out.push_back(each);
      at = each.end;
    }
    fill(static_cast<std::uint32_t>(text_.size()));
    return out;
  }

  const AddressText& text_;
  const NameLexicon* lexicon_;
  std::vector<Word> words_;
  std::vector<AddressPiece> pieces_;
  std::vector<AddressPiece> units_of_;
  std::vector<NameLexicon::Hit> hits_;
  bool street_ = false;
  bool placed_ = false;
};

}  // namespace

bool is_western(const AddressText& text) {
  bool letter = false;
  for (const char32_t c : text.chars) {
    if (is_chinese(c)) return false;
    letter = letter || (c >= U'a' && c <= U'z') || (c >= 0xc0 && c < 0x2000);
  }
  return letter;
}

std::vector<AddressPiece> cut_western(const AddressText& text, const NameLexicon* lexicon) {
  return WesternCutter(text, lexicon).run();
}

std::string written_out(std::string_view street) {
  std::string text;
  for (std::size_t at = 0; at <= street.size();) {
    const std::size_t end = std::min(street.find(' ', at), street.size());
    std::string_view word = street.substr(at, end - at);
    const bool last = end == street.size();
    const bool first = at == 0;
    at = end + 1;
    std::string_view bare = word;
    if (bare.ends_with('.') && !is_digit(bare[0])) bare.remove_suffix(1);
    if (!text.empty()) text += ' ';
    const auto english = std::ranges::find(kEnglish, bare, &Abbreviation::word);
    if (bare.ends_with("str") && (bare.size() > 3 || word != bare || last)) {
      text += bare;
      text += "asse";
    } else if (last && !first && english != kEnglish.end()) {
      text += english->whole;
    } else {
      text += bare;
    }
  }
  return text;
}

}  // namespace catchment::geo
