#include "geo/address/numeral.hpp"

#include "geo/address/utf8.hpp"

namespace catchment::geo {
namespace {

constexpr std::int32_t kLargest = 999'999;
constexpr std::size_t kLongestRun = 16;  // characters; longer ones are no number

// Digits 0 to 9 (两 is 2 before a place, see kPair), places 10 to 10,000, and 廿 卅 卌 as 20, 30, 40 with kTens added.
constexpr std::int32_t kNone = -1;
constexpr std::int32_t kPair = -2;
constexpr std::int32_t kTens = 100'000;

std::int32_t meaning(char32_t c) {
  switch (c) {
    case U'〇':
    case U'零':
      return 0;
    case U'一':
      return 1;
    case U'二':
      return 2;
    case U'三':
      return 3;
    case U'四':
      return 4;
    case U'五':
      return 5;
    case U'六':
      return 6;
    case U'七':
      return 7;
    case U'八':
      return 8;
    case U'九':
      return 9;
    case U'十':
      return 10;
    case U'百':
      return 100;
    case U'千':
      return 1'000;
    case U'万':
      return 10'000;
    case U'廿':
      return kTens + 20;
    case U'卅':
      return kTens + 30;
    case U'卌':
      return kTens + 40;
    case U'两':
      return kPair;
    default:
      return kNone;
  }
}

struct Run {
  std::int32_t items[kLongestRun] = {};
  std::size_t count = 0;
  bool digits_only = true;
};

class NumeralReader {
 public:
  explicit NumeralReader(const Run& run) : run_(run) {}

  // [section 万] section, with nothing left; kNone if it is no number.
  std::int32_t whole() {
    const std::int32_t high = section();
    if (high == kNone) return kNone;
    if (at_ == run_.count) return high;
    if (peek() != 10'000 || high == 0 || high >= 100) return kNone;  // 一百万 is above the limit anyway
    ++at_;
    if (at_ == run_.count) return high * 10'000;
    const bool zero = peek() == 0;
    if (zero) ++at_;
    const std::int32_t low = section();
    // 一万二 is 12,000 to some and 10,002 to others.
    if (low == kNone || at_ != run_.count || (low < 1'000 && !zero)) return kNone;
    return high * 10'000 + low;
  }

 private:
  std::int32_t peek(std::size_t ahead = 0) const { return at_ + ahead < run_.count ? run_.items[at_ + ahead] : kNone; }
  static bool is_digit(std::int32_t item) { return item >= 1 && item <= 9; }

  // Up to 9,999: [d 千] [d 百] [[d] 十] [d], with 零 where places are left out.
  std::int32_t section() {
    std::int32_t value = 0;
    std::int32_t last_place = 100'000;
    bool zero = false;
    const std::size_t start = at_;
    while (at_ < run_.count) {
      const std::int32_t item = peek();
      if (item == 0) {
        if (at_ == start || zero) return kNone;
        zero = true;
        ++at_;
        continue;
      }
      if (item == 10'000) break;
      std::int32_t digit = 0;
      std::int32_t place = 1;
      if (item > kTens) {
        digit = (item - kTens) / 10;
        place = 10;
        ++at_;
      } else if (item == 10) {  // 十二, 一百十二
        digit = 1;
        place = 10;
        ++at_;
      } else if (is_digit(item) || item == kPair) {
        digit = item == kPair ? 2 : item;
        const std::int32_t next = peek(1);
        const bool placed = next == 10 || next == 100 || next == 1'000;
        if (item == kPair && !placed && next != 10'000) return kNone;
        place = placed ? next : 1;
        at_ += placed ? 2 : 1;
      } else {
        return kNone;
      }
      if (place >= last_place) return kNone;
      if (place == 1 && last_place > 10 && last_place < 100'000 && !zero) return kNone;  // 一百三
      value += digit * place;
      last_place = place;
      zero = false;
    }
    return at_ == start || zero ? kNone : value;
  }

  const Run& run_;
  std::size_t at_ = 0;
};

NumeralText read_ascii(std::string_view normal) {
  NumeralText out;
  out.ascii = true;
  for (const char c : normal) {
    if (c < '0' || c > '9') break;
    out.value = out.value > kLargest ? out.value : out.value * 10 + (c - '0');
    ++out.length;
  }
  return out.value > kLargest ? NumeralText{} : out;
}

}  // namespace

std::size_t numeral_run(std::string_view normal) {
  std::size_t length = 0;
  while (length < normal.size()) {
    const Decoded c = decode_utf8(normal.data() + length, normal.data() + normal.size());
    if (meaning(c.c) == kNone) break;
    length += c.length;
  }
  return length;
}

NumeralText read_numeral(std::string_view normal) {
  if (normal.empty()) return {};
  if (normal[0] >= '0' && normal[0] <= '9') return read_ascii(normal);
  Run run;
  std::size_t length = 0;
  while (length < normal.size()) {
    const Decoded c = decode_utf8(normal.data() + length, normal.data() + normal.size());
    const std::int32_t item = meaning(c.c);
    if (item == kNone) break;
    if (run.count == kLongestRun) return {};
    run.items[run.count++] = item;
    run.digits_only = run.digits_only && item >= 0 && item <= 9;
    length += c.length;
  }
  if (run.count == 0) return {};
  std::int32_t value = 0;
  if (run.digits_only) {
    if (run.count > 6) return {};
    for (std::size_t i = 0; i < run.count; ++i) value = value * 10 + run.items[i];
  } else {
    value = NumeralReader(run).whole();
  }
  if (value < 0 || value > kLargest) return {};
  return {value, length, false};
}

}  // namespace catchment::geo
