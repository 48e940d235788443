#include "datasets/importer/geojson_check.hpp"

#include <algorithm>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr std::size_t kShortText = 16;  // what is kept of a text: enough for the names that matter here
constexpr std::size_t kLongestNumber = 64;
constexpr std::int64_t kVertexNumbers = 4;
constexpr std::uint64_t kHashStart = 0xcbf29ce484222325ull, kHashFactor = 0x100000001b3ull;  // FNV-1a
constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr char kRecordSeparator = '\x1E';

bool is_json_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

bool is_digit_at(std::string_view text, std::size_t at) {
  return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

std::size_t digits_from(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (is_digit_at(text, end)) ++end;
  return end - at;
}

// RFC 8259's number. `whole` and `exponent` are what tells whether a double can hold it.
bool split_number(std::string_view text, std::size_t& whole, std::int64_t& exponent) {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  whole = digits_from(text, at);
  if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = digits_from(text, at + 1);
    if (fraction == 0) return false;
    at += 1 + fraction;
  }
  exponent = 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool negative = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    const std::size_t digits = digits_from(text, at);
    if (digits == 0) return false;
    for (std::size_t i = 0; i < digits; ++i)
      exponent = std::min<std::int64_t>(exponent * 10 + (text[at + i] - '0'), 99999);
    if (negative) exponent = -exponent;
    at += digits;
  }
  return at == text.size();
}

}  // namespace

GeoJsonCheck::GeoJsonCheck(std::string name, const GeoJsonLimits& limits) : name_(std::move(name)), limits_(limits) {}

void GeoJsonCheck::refuse(const char* code, const std::string& message) const {
  std::string where = name_;
  if (features_ > 0) where += ": feature " + std::to_string(features_);
  if (of_feature_ > 0) where += (features_ > 0 ? ", vertex " : ": vertex ") + std::to_string(of_feature_);
  throw InputError(code, where, message);
}

void GeoJsonCheck::read(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    if (token_ == Token::text && escape_ == 0 && utf8_left_ == 0 && high_ == 0) {
      i += take_plain(bytes.substr(i));
    } else if (token_ == Token::number) {
      i += take_digits(bytes.substr(i));
    }
    if (i < bytes.size()) step(bytes[i++]);
  }
}

GeoJsonFacts GeoJsonCheck::end() {
  if (token_ == Token::number || token_ == Token::word) finish_token();
  if (token_ != Token::none || !frames_.empty())
    throw InputError("source_damaged", name_, "a bracket or a string is not closed: cut short?");
  if (roots_ == 0) refuse("geojson_syntax", "there is nothing in it");
  return {has_crs_};
}

void GeoJsonCheck::step(char c) {
  if (mark_ < kMark.size()) {
    if (c == kMark[mark_]) {
      ++mark_;
      return;
    }
    if (mark_ > 0) refuse("geojson_syntax", "a character that is no JSON");
    mark_ = kMark.size();
  }
  if (token_ == Token::text) return text_byte(static_cast<unsigned char>(c));
  if (token_ != Token::none) {
    const bool goes_on = token_ == Token::number
                             ? c == '+' || c == '-' || c == '.' || c == 'e' || c == 'E' || (c >= '0' && c <= '9')
                             : c >= 'a' && c <= 'z';
    if (goes_on) {
      if (short_.size() >= kLongestNumber) refuse("geojson_number", "a number of more than 64 characters");
      short_ += c;
      return;
    }
    finish_token();
  }
  if (is_json_space(c) || (c == kRecordSeparator && frames_.empty())) return;
  switch (c) {
    case '{':
    case '[':
      return open(c == '{');
    case '}':
    case ']':
      return close(c == '}');
    case ',':
      return separate();
    case ':':
      if (expect_ != Expect::colon) refuse("geojson_syntax", "a colon where none may be");
      expect_ = Expect::value;
      return;
    case '"':
      return begin_text();
    default:
      break;
  }
  const bool number = c == '-' || (c >= '0' && c <= '9');
  if (!number && (c < 'a' || c > 'z')) refuse("geojson_syntax", "a character that is no JSON");
  begin_value(number);
  token_ = number ? Token::number : Token::word;
  short_.assign(1, c);
}

void GeoJsonCheck::open(bool object) {
  const bool of_coordinates = !object && ((!frames_.empty() && frames_.back().coordinates) || key_ == "coordinates");
  const bool of_features = !object && frames_.size() == 1 && key_ == "features";
  begin_value(false);
  if (frames_.size() >= limits_.depth) refuse("geojson_depth", "nested deeper than " + std::to_string(limits_.depth));
  if (object && (frames_.empty() || frames_.back().features)) {
    if (!frames_.empty()) ++features_;
    of_feature_ = values_ = 0;
  }
  key_.clear();
  frames_.push_back(
      {.object = object, .coordinates = of_coordinates, .features = of_features, .children = 0, .members = {}});
  expect_ = object ? Expect::key_or_end : Expect::value_or_end;
}

void GeoJsonCheck::close(bool object) {
  const bool empty = expect_ == Expect::key_or_end || expect_ == Expect::value_or_end;
  if (frames_.empty() || frames_.back().object != object || (!empty && expect_ != Expect::comma_or_end))
    refuse("geojson_syntax", "a bracket where none may be");
  frames_.pop_back();
  end_value();
}

// Before a value of any kind: may one stand here, and what does it count as?
void GeoJsonCheck::begin_value(bool number) {
  if (expect_ != Expect::value && expect_ != Expect::value_or_end)
    refuse("geojson_syntax", "a value where none may be");
  if (frames_.empty()) return;
  Frame& in = frames_.back();
  ++in.children;
  if (!in.coordinates) {
    if (!in.features && ++values_ > limits_.values)
      refuse("geojson_values", "more than " + std::to_string(limits_.values) + " values in one feature");
    return;
  }
  if (!number) return;
  if (in.children > kVertexNumbers) refuse("geojson_vertex", "a vertex of more than four numbers");
  if (in.children > 1) return;
  ++of_feature_;
  if (++vertices_ > limits_.vertices)
    refuse("geojson_vertices", "more than " + std::to_string(limits_.vertices) + " vertices in the file");
  if (frames_.size() > 1 && frames_[frames_.size() - 2].children > limits_.ring)
    refuse("geojson_vertices", "more than " + std::to_string(limits_.ring) + " vertices in one ring or line");
}

void GeoJsonCheck::end_value() {
  if (frames_.empty()) ++roots_;
  expect_ = frames_.empty() ? Expect::value : Expect::comma_or_end;
}

void GeoJsonCheck::separate() {
  if (frames_.empty() || expect_ != Expect::comma_or_end) refuse("geojson_syntax", "a comma where none may be");
  expect_ = frames_.back().object ? Expect::key : Expect::value;
}

void GeoJsonCheck::begin_text() {
  is_key_ = expect_ == Expect::key || expect_ == Expect::key_or_end;
  if (!is_key_) begin_value(false);
  token_ = Token::text;
  short_.clear();
  length_ = 0, hash_ = kHashStart;
}

std::size_t GeoJsonCheck::take_plain(std::string_view bytes) {
  std::size_t count = 0;
  const std::size_t most = std::min(bytes.size(), limits_.text - length_);
  while (count < most) {
    const auto c = static_cast<unsigned char>(bytes[count]);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\') break;
    if (is_key_) hash_ = (hash_ ^ c) * kHashFactor;
    ++count;
  }
  if (short_.size() < kShortText) short_.append(bytes.substr(0, std::min(count, kShortText - short_.size())));
  length_ += count;
  return count;
}

std::size_t GeoJsonCheck::take_digits(std::string_view bytes) {
  const std::size_t count = std::min(digits_from(bytes, 0), kLongestNumber - short_.size());
  short_.append(bytes.substr(0, count));
  return count;
}

void GeoJsonCheck::text_byte(unsigned char c) {
  if (escape_ > 0) return text_escape(static_cast<char>(c));
  if (utf8_left_ > 0 || c >= 0x80) {
    check_utf8(c);
    return put(c);
  }
  if (c == '\\') {
    escape_ = 1;
    return;
  }
  if (high_ != 0) refuse("geojson_utf8", "half a character (a surrogate alone)");
  if (c == '"') return end_text();
  if (c < 0x20) refuse("geojson_syntax", "a control character in a text");
  put(c);
}

void GeoJsonCheck::text_escape(char c) {
  if (escape_ == 1) {
    if (c == 'u') {
      escape_ = 2, unit_ = 0;
      return;
    }
    if (high_ != 0) refuse("geojson_utf8", "half a character (a surrogate alone)");
    constexpr std::string_view kFrom = "\"\\/bfnrt", kTo = "\"\\/\b\f\n\r\t";
    const std::size_t at = kFrom.find(c);
    if (at == std::string_view::npos) refuse("geojson_syntax", "an escape that is none of JSON's");
    escape_ = 0;
    return put(static_cast<unsigned char>(kTo[at]));
  }
  const int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
  if (digit < 0) refuse("geojson_syntax", "an escape that is none of JSON's");
  unit_ = unit_ * 16 + static_cast<unsigned>(digit);
  if (++escape_ < 6) return;
  escape_ = 0;
  text_unit(unit_);
}

void GeoJsonCheck::text_unit(unsigned unit) {
  const bool low = unit >= 0xDC00 && unit <= 0xDFFF;
  if (low != (high_ != 0)) refuse("geojson_utf8", "half a character (a surrogate alone)");
  if (low) {
    const std::uint32_t point = 0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00);
    high_ = 0;
    return put_code_point(point);
  }
  if (unit >= 0xD800 && unit <= 0xDBFF) {
    high_ = unit;
    return;
  }
  put_code_point(unit);
}

void GeoJsonCheck::put_code_point(std::uint32_t point) {
  const auto tail = [&](int shift) { put(static_cast<unsigned char>(0x80 | (point >> shift & 0x3F))); };
  if (point < 0x80) return put(static_cast<unsigned char>(point));
  if (point < 0x800) {
    put(static_cast<unsigned char>(0xC0 | point >> 6));
  } else if (point < 0x10000) {
    put(static_cast<unsigned char>(0xE0 | point >> 12)), tail(6);
  } else {
    put(static_cast<unsigned char>(0xF0 | point >> 18)), tail(12), tail(6);
  }
  tail(0);
}

void GeoJsonCheck::put(unsigned char c) {
  if (length_ >= limits_.text) refuse("geojson_text", "a text of more than " + std::to_string(limits_.text) + " bytes");
  ++length_;
  hash_ = (hash_ ^ c) * kHashFactor;
  if (short_.size() < kShortText) short_ += static_cast<char>(c);
}

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
void GeoJsonCheck::check_utf8(unsigned char c) {
  if (utf8_left_ > 0) {
    if (c < utf8_low_ || c > utf8_high_) refuse("geojson_utf8", "a text is not UTF-8");
    --utf8_left_, utf8_low_ = 0x80, utf8_high_ = 0xBF;
    return;
  }
  if (high_ != 0) refuse("geojson_utf8", "half a character (a surrogate alone)");
  if (c < 0xC2 || c > 0xF4) refuse("geojson_utf8", "a text is not UTF-8");
  utf8_left_ = c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
  utf8_low_ = c == 0xE0 ? 0xA0 : c == 0xF0 ? 0x90 : 0x80;
  utf8_high_ = c == 0xED ? 0x9F : c == 0xF4 ? 0x8F : 0xBF;
}

void GeoJsonCheck::end_text() {
  token_ = Token::none;
  is_key_ ? end_member() : end_value();
}

void GeoJsonCheck::end_member() {
  std::vector<std::uint64_t>& members = frames_.back().members;
  if (std::ranges::find(members, hash_) != members.end())
    refuse("geojson_member", "\"" + short_ + "\" stands twice in one object");
  if (members.size() >= limits_.members)
    refuse("geojson_member", "more than " + std::to_string(limits_.members) + " members in one object");
  members.push_back(hash_);
  key_ = length_ == short_.size() ? short_ : "";
  has_crs_ = has_crs_ || (frames_.size() == 1 && key_ == "crs");
  expect_ = Expect::colon;
}

void GeoJsonCheck::finish_token() {
  const Token token = token_;
  token_ = Token::none;
  token == Token::number ? end_number() : end_word();
}

void GeoJsonCheck::end_number() {
  std::size_t whole = 0;
  std::int64_t exponent = 0;
  if (!split_number(short_, whole, exponent)) refuse("geojson_syntax", "a number that is none of JSON's");
  if (static_cast<std::int64_t>(whole) + exponent > 308) refuse("geojson_number", "a number too large");
  end_value();
}

void GeoJsonCheck::end_word() {
  if (short_ != "true" && short_ != "false" && short_ != "null")
    refuse("geojson_syntax", "a word that is none of JSON's");
  end_value();
}

}  // namespace catchment::datasets
