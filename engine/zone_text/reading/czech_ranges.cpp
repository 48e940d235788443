#include <algorithm>
#include <array>

#include "engine/zone_text/foreign_ranges.hpp"
#include "engine/zone_text/reading/range_characters.hpp"

namespace catchment::engine::zone_text {
namespace {

enum class Sign : std::uint8_t {
  end,
  number,
  comma,
  dash,
  slash,
  dot,
  odd,
  even,
  house,        // č.
  orientation,  // o
  description,  // p
  from,         // od
  to,           // do
  and_on,       // výše
  and_down,     // níže
  also,         // a
  only,         // pouze, všechna
  except,       // mimo
  other,
};

struct SignWord {
  std::string_view text;
  Sign sign;
};
constexpr std::array<SignWord, 36> kSigns = {{
    {"lichých", Sign::odd},     {"sudých", Sign::even},   {"až", Sign::dash},        {"s", Sign::only},
    {"výjimkou", Sign::except}, {"lichá", Sign::odd},     {"liché", Sign::odd},      {"sudá", Sign::even},
    {"sudé", Sign::even},       {"č", Sign::house},       {"čísla", Sign::house},    {"číslo", Sign::house},
    {"o", Sign::orientation},   {"p", Sign::description}, {"čp", Sign::description}, {"od", Sign::from},
    {"do", Sign::to},           {"výše", Sign::and_on},   {"vyšší", Sign::and_on},   {"výš", Sign::and_on},
    {"dále", Sign::and_on},     {"níže", Sign::and_down}, {"nižší", Sign::and_down}, {"níž", Sign::and_down},
    {"a", Sign::also},          {"i", Sign::also},        {"pouze", Sign::only},     {"jen", Sign::only},
    {"všechna", Sign::only},    {"všechny", Sign::only},  {"celá", Sign::only},      {"mimo", Sign::except},
    {"kromě", Sign::except},    {"vyjma", Sign::except},  {"bez", Sign::except},     {"ev", Sign::other},
}};

struct Signed {
  Sign sign = Sign::end;
  geo::DoorNumber number;
};

std::size_t dash_length(std::string_view text, std::size_t at) {
  if (text[at] == '-') return 1;
  return text.substr(at, 3) == "–" || text.substr(at, 3) == "—" ? 3 : 0;
}

std::vector<Signed> read_signs(std::string_view text) {
  std::vector<Signed> out;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (is_blank(c)) {
      ++at;
    } else if (is_digit(c)) {
      const auto number = read_number(text, at, false);
      out.push_back({number ? Sign::number : Sign::other, number.value_or(geo::DoorNumber{})});
    } else if (const std::size_t dash = dash_length(text, at); dash > 0) {
      out.push_back({Sign::dash, {}});
      at += dash;
    } else if (c == ',' || c == ';' || c == ':' || c == '.' || c == '/') {
      out.push_back({c == '.' ? Sign::dot : c == '/' ? Sign::slash : Sign::comma, {}});
      ++at;
    } else {
      std::size_t end = at;
      while (end < text.size() && (is_ascii_letter(text[end]) || (text[end] & 0x80) != 0) &&
             dash_length(text, end) == 0)
        ++end;
      end = std::max(end, at + 1);
      const std::string_view word = text.substr(at, end - at);
      const auto found = std::find_if(kSigns.begin(), kSigns.end(), [&](const SignWord& s) { return s.text == word; });
      out.push_back({found == kSigns.end() ? Sign::other : found->sign, {}});
      at = end;
    }
  }
  out.push_back({});
  return out;
}

// Series of numbers: words say the kind, the numbers behind them are of it.
class CzechReader {
 public:
  explicit CzechReader(std::vector<Signed> signs) : signs_(std::move(signs)) {}

  bool read(std::vector<CzechSeries>& out) {
    while (peek() != Sign::end) {
      switch (peek()) {
        case Sign::odd:
          parity(Parity::odd);
          break;
        case Sign::even:
          parity(Parity::even);
          break;
        case Sign::description:
          kind(true);
          break;
        case Sign::orientation:
          kind(false);
          break;
        case Sign::house:
          fresh();
          current_.description = false;
          worded_ = true;
          ++at_;
          break;
        case Sign::except:
          flush();
          excluded_ = true;
          worded_ = true;
          ++at_;
          break;
        case Sign::only:
        case Sign::comma:
        case Sign::dot:
        case Sign::also:
          ++at_;
          break;
        case Sign::from:
        case Sign::to:
        case Sign::number:
          if (!number()) return false;
          break;
        default:
          return false;
      }
    }
    flush();
    out = std::move(series_);
    return !out.empty();
  }

 private:
  Sign peek(std::size_t ahead = 0) const { return at_ + ahead < signs_.size() ? signs_[at_ + ahead].sign : Sign::end; }

  // A word of kind behind numbers begins another series.
  void fresh() {
    if (!current_.ranges.empty() || !current_.numbers.empty()) flush();
  }
  void flush() {
    const bool numbers = !current_.ranges.empty() || !current_.numbers.empty();
    if (numbers || (worded_ && current_.parity != Parity::all)) {
      current_.excluded = excluded_;
      for (NumberRange& range : current_.ranges) range.parity = current_.parity;
      series_.push_back(std::move(current_));
    }
    current_ = {};
    worded_ = false;
    direction_ = Sign::end;
  }
  // 2 - 54 sudá: a parity behind numbers that have none is theirs, unless others follow it.
  void parity(Parity value) {
    ++at_;
    const bool numbers = !current_.ranges.empty();
    const bool trailing = numbers && current_.parity == Parity::all &&
                          (peek() == Sign::comma || peek() == Sign::end || peek() == Sign::also);
    if (!trailing) fresh();
    if (!trailing && current_.parity != Parity::all) flush();
    current_.parity = value;
    worded_ = true;
  }
  void kind(bool description) {
    ++at_;
    current_.description = description;
  }

  bool number() {
    if (peek() == Sign::from || peek() == Sign::to) {
      direction_ = peek();
      ++at_;
      while (peek() == Sign::house || peek() == Sign::dot || peek() == Sign::orientation ||
             peek() == Sign::description) {
        if (peek() == Sign::description) current_.description = true;
        ++at_;
      }
      if (peek() != Sign::number) return false;
    }
    NumberRange range;
    range.from = range.to = signs_[at_++].number;
    if (peek() == Sign::slash && peek(1) == Sign::number) {
      current_.numbers.push_back({range.from, signs_[at_ + 1].number});
      at_ += 2;
      return true;
    }
    // 1 - 21, and 1 - č. 21
    const std::size_t house = peek(1) == Sign::house ? (peek(2) == Sign::dot ? 2 : 1) : 0;
    if (peek() == Sign::dash && peek(1 + house) == Sign::number) {
      range.to = signs_[at_ + 1 + house].number;
      at_ += 2 + house;
      if (*range.to < *range.from) return false;
    } else if (direction_ == Sign::from && peek() == Sign::to && peek(1) == Sign::number) {
      range.to = signs_[at_ + 1].number;
      at_ += 2;
      direction_ = Sign::end;
    }
    const std::size_t also = peek() == Sign::also ? 1 : 0;
    if (peek(also) == Sign::and_on || peek(also) == Sign::and_down) {
      direction_ = peek(also) == Sign::and_on ? Sign::from : Sign::to;
      at_ += also + 1;
    }
    if (direction_ == Sign::from) range.to.reset();
    if (direction_ == Sign::to) range.from.reset();
    direction_ = Sign::end;
    current_.ranges.push_back(range);
    return true;
  }

  std::vector<Signed> signs_;
  std::size_t at_ = 0;
  CzechSeries current_;
  std::vector<CzechSeries> series_;
  bool excluded_ = false;
  bool worded_ = false;
  Sign direction_ = Sign::end;
};

// Where the numbers of a line begin: the first word of kind behind the name. line.size() if there are none.
std::size_t numbers_begin(std::string_view line) {
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (!is_blank(line[at - 1])) continue;
    const std::vector<Signed> next = read_signs(line.substr(at, 24));
    std::size_t i = 0;
    while (next[i].sign == Sign::dash || next[i].sign == Sign::only) ++i;
    const Sign first = next[i].sign;
    const Sign second = i + 1 < next.size() ? next[i + 1].sign : Sign::end;
    const bool counts =
        second == Sign::number || second == Sign::house || second == Sign::description || second == Sign::dot;
    if (first == Sign::odd || first == Sign::even || first == Sign::except) return at;
    if (first == Sign::house && (counts || second == Sign::odd || second == Sign::even)) return at;
    if ((first == Sign::from || first == Sign::to) && counts) return at;
    if (i > 0 && first == Sign::number && next[0].sign == Sign::dash) return at;
  }
  return line.size();
}

std::int32_t roman_value(std::string_view text) {
  constexpr std::array<std::string_view, 12> kRoman = {"I",   "II",   "III", "IV", "V",  "VI",
                                                       "VII", "VIII", "IX",  "X",  "XI", "XII"};
  const auto found = std::find(kRoman.begin(), kRoman.end(), text);
  return found == kRoman.end() ? 0 : static_cast<std::int32_t>(found - kRoman.begin()) + 1;
}

std::string roman_text(std::int32_t value) {
  constexpr std::array<std::string_view, 12> kRoman = {"I",   "II",   "III", "IV", "V",  "VI",
                                                       "VII", "VIII", "IX",  "X",  "XI", "XII"};
  return std::string(kRoman.at(static_cast<std::size_t>(value - 1)));
}

// Jihozápadní I, II, III and Jihozápadní I - III.
std::vector<std::string> roman_family(std::string_view name) {
  std::size_t stem = 0;
  while (stem < name.size()) {
    const std::size_t blank = name.find(' ', stem);
    if (blank == std::string_view::npos) return {};
    const std::size_t end = name.find_first_of(" ,", blank + 1);
    if (end != std::string_view::npos && roman_value(name.substr(blank + 1, end - blank - 1)) > 0) {
      stem = blank;
      break;
    }
    stem = blank + 1;
  }
  if (stem == 0 || stem >= name.size()) return {};
  std::vector<std::string> out;
  std::int32_t last = 0;
  bool range = false;
  for (std::size_t at = stem; at < name.size();) {
    if (is_blank(name[at]) || name[at] == ',') {
      ++at;
      continue;
    }
    if (const std::size_t dash = dash_length(name, at); dash > 0) {
      range = last > 0;
      at += dash;
      continue;
    }
    std::size_t end = at;
    while (end < name.size() && is_ascii_letter(name[end])) ++end;
    const std::int32_t value = roman_value(name.substr(at, end - at));
    if (value == 0 || (range && value <= last)) return {};
    for (std::int32_t v = range ? last + 1 : value; v <= value; ++v)
      out.push_back(std::string(name.substr(0, stem)) + " " + roman_text(v));
    last = value;
    range = false;
    at = end;
  }
  return out.size() > 1 ? out : std::vector<std::string>{};
}

}  // namespace

std::vector<CzechStreet> read_czech_line(std::string_view line) {
  line = trim(line);
  if (line.empty() || line.front() == '#' || line.front() == '!') return {};
  const std::size_t begin = numbers_begin(line);
  CzechStreet street;
  if (begin < line.size()) {
    std::vector<Signed> signs = read_signs(line.substr(begin));
    while (signs.front().sign == Sign::dash) signs.erase(signs.begin());
    if (!CzechReader(std::move(signs)).read(street.series)) return {};
  }
  std::string_view name = trim(line.substr(0, begin));
  for (const std::string_view dash : {"-", "–", "—"})
    if (name.ends_with(dash)) name = trim(name.substr(0, name.size() - dash.size()));
  for (const std::string_view part : {"část obce ", "část města "})
    if (name.starts_with(part)) {
      name = trim(name.substr(part.size()));
      street.municipality_part = true;
    }
  std::vector<CzechStreet> out;
  for (std::string& member : roman_family(name)) {
    out.push_back(street);
    out.back().name = std::move(member);
  }
  if (out.empty()) {
    street.name = std::string(name);
    out.push_back(std::move(street));
  }
  return out;
}

}  // namespace catchment::engine::zone_text
