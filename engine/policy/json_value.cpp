#include "engine/policy/json_value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace catchment::engine::policy {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();
constexpr std::string_view kWhite = " \t\n\r\v\f";

std::string_view trim_white(std::string_view text) {
  const auto from = text.find_first_not_of(kWhite);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(kWhite) - from + 1);
}

// The longest decimal number text begins with, its sign included: NaN and 0 bytes where there is none.
double number_prefix(std::string_view text, std::size_t& length) {
  length = 0;
  const bool negative = text.starts_with('-');
  const std::size_t sign = negative || text.starts_with('+') ? 1 : 0;
  const std::string_view digits = text.substr(sign);
  if (digits.starts_with("Infinity")) {
    length = sign + 8;
    return negative ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  }
  const bool begins = !digits.empty() && (digits[0] == '.' || (digits[0] >= '0' && digits[0] <= '9'));
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (!begins || error == std::errc::invalid_argument) return kNotANumber;
  length = sign + static_cast<std::size_t>(end - digits.data());
  if (error == std::errc::result_out_of_range) {  // a huge or a tiny one
    const auto exponent = digits.find_first_of("eE");
    const bool tiny = exponent != std::string_view::npos && digits.substr(exponent + 1).starts_with('-');
    value = tiny ? 0 : std::numeric_limits<double>::infinity();
  }
  return negative ? -value : value;
}

double text_number(std::string_view raw) {
  const std::string_view text = trim_white(raw);
  if (text.empty()) return 0;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    unsigned long long value = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole ? static_cast<double>(value) : kNotANumber;
  }
  std::size_t length = 0;
  const double value = number_prefix(text, length);
  return length == text.size() ? value : kNotANumber;
}

bool is_compound(const Value& value) { return value.kind == ValueKind::array || value.kind == ValueKind::object; }

// What JavaScript compares instead of an array or object.
Value primitive_of(const Value& value) { return is_compound(value) ? Value::of(value_text(value)) : value; }

// -1, 0, 1, or 2 where either is not a number.
int compare_values(const Value& left, const Value& right) {
  const Value a = primitive_of(left);
  const Value b = primitive_of(right);
  if (a.kind == ValueKind::text && b.kind == ValueKind::text) {
    const int order = a.text.compare(b.text);
    return order < 0 ? -1 : (order > 0 ? 1 : 0);
  }
  const double x = to_number(a);
  const double y = to_number(b);
  if (std::isnan(x) || std::isnan(y)) return 2;
  return x < y ? -1 : (x > y ? 1 : 0);
}

}  // namespace

Value Value::of_kind(ValueKind kind) {
  Value value;
  value.kind = kind;
  return value;
}

Value Value::of(bool flag) {
  Value value = of_kind(ValueKind::boolean);
  value.flag = flag;
  return value;
}

Value Value::of(double number) {
  Value value = of_kind(ValueKind::number);
  value.number = number;
  return value;
}

Value Value::of(std::string text) {
  Value value = of_kind(ValueKind::text);
  value.text = std::move(text);
  return value;
}

Value Value::list(std::vector<Value> items) {
  Value value = of_kind(ValueKind::array);
  value.items = std::move(items);
  return value;
}

void Value::set(std::string key, Value value) {
  keys.push_back(std::move(key));
  items.push_back(std::move(value));
}

const Value* Value::find(std::string_view key) const {
  if (kind == ValueKind::object) {
    const auto at = std::ranges::find(keys, key);
    return at == keys.end() ? nullptr : &items[static_cast<std::size_t>(at - keys.begin())];
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool whole = error == std::errc() && end == key.data() + key.size();
  return kind == ValueKind::array && whole && index < items.size() ? &items[index] : nullptr;
}

bool is_truthy(const Value& value) {
  switch (value.kind) {
    case ValueKind::boolean:
      return value.flag;
    case ValueKind::number:
      return value.number != 0 && !std::isnan(value.number);
    case ValueKind::text:
      return !value.text.empty();
    case ValueKind::array:
      return !value.items.empty();
    case ValueKind::object:
      return true;
    case ValueKind::null:
    case ValueKind::unknown:
      break;
  }
  return false;
}

double to_number(const Value& value) {
  switch (value.kind) {
    case ValueKind::boolean:
      return value.flag ? 1 : 0;
    case ValueKind::number:
      return value.number;
    case ValueKind::text:
      return text_number(value.text);
    case ValueKind::array:
      return text_number(value_text(value));
    case ValueKind::null:
      return 0;
    case ValueKind::object:
    case ValueKind::unknown:
      break;
  }
  return kNotANumber;
}

double parse_number(const Value& value) {
  if (value.kind == ValueKind::number) return value.number;
  const std::string text = value_text(value);
  std::size_t length = 0;
  const auto from = text.find_first_not_of(kWhite);
  return from == std::string::npos ? kNotANumber : number_prefix(std::string_view(text).substr(from), length);
}

// ECMA-262 Number::toString: shortest digits, plain from 1e-7 up to 1e21.
std::string number_text(double number) {
  if (std::isnan(number)) return "NaN";
  if (number == 0) return "0";
  if (number < 0) return "-" + number_text(-number);
  if (std::isinf(number)) return "Infinity";
  std::array<char, 40> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, std::chars_format::scientific);
  const std::string_view all(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  const auto e = all.find('e');
  std::string digits(all.substr(0, 1));
  if (e > 2) digits += all.substr(2, e - 2);
  int exponent = 0;
  const std::size_t sign = all[e + 1] == '+' ? 2 : 1;
  std::from_chars(all.data() + e + sign, all.data() + all.size(), exponent);
  const int point = exponent + 1;  // digits before the decimal point
  const int count = static_cast<int>(digits.size());
  if (point > 21 || point < -5) {
    std::string out = digits.substr(0, 1);
    if (count > 1) out += "." + digits.substr(1);
    return out + (exponent < 0 ? "e-" : "e+") + std::to_string(std::abs(exponent));
  }
  if (point <= 0) return "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
  if (count <= point) return digits + std::string(static_cast<std::size_t>(point - count), '0');
  return digits.substr(0, static_cast<std::size_t>(point)) + "." + digits.substr(static_cast<std::size_t>(point));
}

std::string value_text(const Value& value) {
  switch (value.kind) {
    case ValueKind::null:
      return "null";
    case ValueKind::boolean:
      return value.flag ? "true" : "false";
    case ValueKind::number:
      return number_text(value.number);
    case ValueKind::text:
      return value.text;
    case ValueKind::object:
      return "[object Object]";
    case ValueKind::unknown:
      return "unknown";
    case ValueKind::array:
      break;
  }
  std::string out;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (i > 0) out += ",";
    if (value.items[i].kind != ValueKind::null) out += value_text(value.items[i]);
  }
  return out;
}

bool strictly_equal(const Value& a, const Value& b) {
  if (a.kind != b.kind) return false;
  switch (a.kind) {
    case ValueKind::null:
      return true;
    case ValueKind::boolean:
      return a.flag == b.flag;
    case ValueKind::number:
      return a.number == b.number;
    case ValueKind::text:
      return a.text == b.text;
    case ValueKind::array:
    case ValueKind::object:
    case ValueKind::unknown:
      break;
  }
  return false;
}

bool loosely_equal(const Value& a, const Value& b) {
  if (a.kind == b.kind || a.kind == ValueKind::null || b.kind == ValueKind::null) return strictly_equal(a, b);
  if (is_compound(a) && is_compound(b)) return false;
  const Value x = primitive_of(a);
  const Value y = primitive_of(b);
  if (x.kind == y.kind) return strictly_equal(x, y);
  return to_number(x) == to_number(y);
}

bool is_less(const Value& a, const Value& b) { return compare_values(a, b) == -1; }

bool is_at_most(const Value& a, const Value& b) {
  const int order = compare_values(a, b);
  return order == -1 || order == 0;
}

}  // namespace catchment::engine::policy
