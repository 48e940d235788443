#include "geo/address/normal_text.hpp"

#include <algorithm>
#include <cstring>

#include "geo/address/numeral.hpp"
#include "geo/address/tables/tables.hpp"
#include "geo/address/utf8.hpp"

namespace catchment::geo {
namespace {

constexpr char32_t kReplacement = 0xfffd;

// ASCII by itself: lower case; brackets and the accent grave as the table has them. Blanks are 0, line breaks 1.
constexpr char kBlank = 0;
constexpr char kBreak = 1;
constexpr struct AsciiFold {
  char to[128] = {};
  constexpr AsciiFold() {
    for (std::size_t c = 0; c < 128; ++c) to[c] = static_cast<char>(c);
    for (std::size_t c = 'A'; c <= 'Z'; ++c) to[c] = static_cast<char>(c + 32);
    set("[{", '(');
    set("]}", ')');
    set("`", '\'');
    set(" \t", kBlank);
    set("\n\r\v\f", kBreak);
    to[0] = to[1] = 2;  // one mark for the control characters whose codes say blank and break here
  }
  constexpr void set(std::string_view from, char fold) {
    for (const char c : from) to[static_cast<std::size_t>(c)] = fold;
  }
} kAscii;

bool is_combining(char32_t c) { return c >= 0x300 && c < 0x370; }

char32_t compose(char32_t base, char32_t mark) {
  const auto* const begin = tables::kComposition;
  const auto* const end = begin + tables::kCompositionCount;
  const auto* const found = std::lower_bound(
      begin, end, tables::Composition{base, mark, 0},
      [](const auto& a, const auto& b) { return a.base != b.base ? a.base < b.base : a.mark < b.mark; });
  return found != end && found->base == base && found->mark == mark ? found->composed : 0;
}

// Writes folded characters and decides about the blanks between them.
template <bool kWithOrigin>
class Folding {
 public:
  Folding(std::string_view original, std::string& out, std::vector<std::uint32_t>* origin)
      : original_(original), out_(out), origin_(origin) {
    out_.resize(original.size() + kSlack);
    if constexpr (kWithOrigin) origin_->resize(out_.size() + 1);
  }

  void run() {
    const char* const begin = original_.data();
    const char* const end = begin + original_.size();
    for (const char* p = begin; p < end;) {
      at_ = static_cast<std::uint32_t>(p - begin);
      const auto byte = static_cast<unsigned char>(*p);
      if (byte < 0x80) {
        const char to = kAscii.to[byte];
        ++p;
        if (to == kBlank || to == kBreak) {
          blank(to == kBreak);
        } else {
          put(&to, 1, false, false);
        }
        continue;
      }
      const Decoded decoded = decode_utf8(p, end);
      wide(decoded.c, p, decoded.length);
      p += decoded.length;
    }
    finish();
  }

 private:
  static constexpr std::size_t kSlack = 64;  // more than the longest fold of one character

  void wide(char32_t c, const char* bytes, std::size_t length) {
    if (c == kReplacement) {
      put("\xef\xbf\xbd", 3, false, false);
      return;
    }
    if (is_wide_blank(c) || is_wide_break(c)) {
      blank(is_wide_break(c));
      return;
    }
    if (is_combining(c) && combine(c)) return;
    const std::uint16_t target = tables::at(tables::kFold_index, tables::kFold_block, c);
    if (target == 0) {
      const bool chinese = is_chinese(c);
      put(bytes, length, chinese, chinese);
      return;
    }
    const tables::FoldTarget& to = tables::kFoldTarget[target];
    if (to.length != 0) put(tables::kFoldBytes + to.offset, to.length, to.begins_chinese, to.ends_chinese);
  }

  // An accent after its letter: one character. The letter keeps its place.
  bool combine(char32_t mark) {
    if (size_ == 0 || blank_ != Blank::none) return false;
    std::size_t start = size_ - 1;
    while (start > 0 && (static_cast<unsigned char>(out_[start]) & 0xc0u) == 0x80u) --start;
    const Decoded base = decode_utf8(out_.data() + start, out_.data() + size_);
    const char32_t made = compose(base.c, mark);
    if (made == 0) return false;
    std::uint32_t where = 0;
    if constexpr (kWithOrigin) where = (*origin_)[start];
    size_ = start;
    char bytes[4];
    const std::size_t length = encode_utf8(made, bytes);
    const std::uint32_t at = at_;
    at_ = where;
    append(bytes, length);
    at_ = at;
    return true;
  }

  void blank(bool line_break) {
    if (blank_ == Blank::none) blank_at_ = at_;
    if (line_break) {
      blank_ = Blank::line;
    } else if (blank_ == Blank::none) {
      blank_ = Blank::space;
    }
  }

  void put(const char* bytes, std::size_t length, bool begins_chinese, bool ends_chinese) {
    if (blank_ != Blank::none) {
      if (size_ != 0 && (blank_ == Blank::line || !(after_chinese_ || begins_chinese))) {
        const std::uint32_t at = at_;
        at_ = blank_at_;
        append(blank_ == Blank::line ? "\n" : " ", 1);
        at_ = at;
      }
      blank_ = Blank::none;
    }
    append(bytes, length);
    after_chinese_ = ends_chinese;
  }

  void append(const char* bytes, std::size_t length) {
    if (out_.size() < size_ + kSlack) {
      out_.resize(out_.size() * 2 + kSlack);
      if constexpr (kWithOrigin) origin_->resize(out_.size() + 1);
    }
    char* const to = out_.data() + size_;
    if (length == 3) {
      std::memcpy(to, bytes, 3);
    } else {
      std::memcpy(to, bytes, length);
    }
    if constexpr (kWithOrigin) std::fill_n(origin_->begin() + static_cast<std::ptrdiff_t>(size_), length, at_);
    size_ += length;
  }

  void finish() {
    out_.resize(size_);
    if constexpr (kWithOrigin) {
      origin_->resize(size_ + 1);
      origin_->front() = 0;
      origin_->back() = static_cast<std::uint32_t>(original_.size());
    }
  }

  enum class Blank : std::uint8_t { none, space, line };

  std::string_view original_;
  std::string& out_;
  std::vector<std::uint32_t>* origin_;
  std::size_t size_ = 0;
  std::uint32_t at_ = 0;        // of the character being read
  std::uint32_t blank_at_ = 0;  // where the blanks before it began
  Blank blank_ = Blank::none;
  bool after_chinese_ = false;
};

}  // namespace

NormalText normalise(std::string_view original) {
  NormalText made;
  Folding<true>(original, made.text, &made.origin).run();
  return made;
}

void normalise_into(std::string_view original, std::string& out) { Folding<false>(original, out, nullptr).run(); }

std::string name_key(std::string_view name) {
  std::string bare;  // without blanks and punctuation
  normalise_into(name, bare);
  std::size_t kept = 0;
  for (std::size_t at = 0; at < bare.size();) {
    const Decoded c = decode_utf8(bare.data() + at, bare.data() + bare.size());
    if (is_name_character(c.c)) {
      std::copy_n(bare.begin() + static_cast<std::ptrdiff_t>(at), c.length,
                  bare.begin() + static_cast<std::ptrdiff_t>(kept));
      kept += c.length;
    }
    at += c.length;
  }
  bare.resize(kept);
  std::string key;
  key.reserve(kept);
  for (std::size_t at = 0; at < kept;) {
    const std::string_view rest = std::string_view(bare).substr(at);
    if (const NumeralText numeral = read_numeral(rest); numeral.chinese()) {
      key += std::to_string(numeral.value);
      at += numeral.length;
      continue;
    }
    // A run that is no number stays as it is, whole, so that its parts are not taken for numbers.
    const std::size_t run = numeral_run(rest);
    const std::size_t length = run != 0 ? run : decode_utf8(rest.data(), rest.data() + rest.size()).length;
    key.append(rest.substr(0, length));
    at += length;
  }
  return key;
}

std::optional<std::int32_t> parse_numeral(std::string_view text) {
  const NumeralText numeral = read_numeral(text);
  if (numeral.length == 0 || numeral.length != text.size()) return std::nullopt;
  return numeral.value;
}

}  // namespace catchment::geo
