#include "engine/policy/logic_ops.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace catchment::engine::policy {
namespace {

using OpWord = std::pair<std::string_view, LogicOp>;

constexpr std::array kOpWords{
    OpWord{"var", LogicOp::var},
    OpWord{"missing", LogicOp::missing},
    OpWord{"missing_some", LogicOp::missing_some},
    OpWord{"if", LogicOp::if_},
    OpWord{"?:", LogicOp::if_},
    OpWord{"and", LogicOp::and_},
    OpWord{"or", LogicOp::or_},
    OpWord{"map", LogicOp::map},
    OpWord{"reduce", LogicOp::reduce},
    OpWord{"filter", LogicOp::filter},
    OpWord{"all", LogicOp::all},
    OpWord{"none", LogicOp::none},
    OpWord{"some", LogicOp::some},
    OpWord{"==", LogicOp::equal},
    OpWord{"===", LogicOp::strict_equal},
    OpWord{"!=", LogicOp::not_equal},
    OpWord{"!==", LogicOp::strict_not_equal},
    OpWord{"!", LogicOp::not_},
    OpWord{"!!", LogicOp::truth},
    OpWord{">", LogicOp::greater},
    OpWord{">=", LogicOp::at_least},
    OpWord{"<", LogicOp::less},
    OpWord{"<=", LogicOp::at_most},
    OpWord{"max", LogicOp::max},
    OpWord{"min", LogicOp::min},
    OpWord{"+", LogicOp::plus},
    OpWord{"-", LogicOp::minus},
    OpWord{"*", LogicOp::times},
    OpWord{"/", LogicOp::divide},
    OpWord{"%", LogicOp::remainder},
    OpWord{"merge", LogicOp::merge},
    OpWord{"in", LogicOp::in},
    OpWord{"cat", LogicOp::cat},
    OpWord{"substr", LogicOp::substr},
    OpWord{"log", LogicOp::log},
};

// An argument that is not there is undefined, whose number is NaN and which equals null loosely.
class Arguments {
 public:
  explicit Arguments(const std::vector<Value>& values) : values_(values) {}

  std::size_t size() const { return values_.size(); }
  bool has(std::size_t i) const { return i < values_.size(); }
  const Value& at(std::size_t i) const { return has(i) ? values_[i] : null_; }
  double number(std::size_t i) const { return has(i) ? to_number(values_[i]) : kNaN; }

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  const std::vector<Value>& values_;
  Value null_;
};

bool less_than(const Arguments& a, std::size_t i, std::size_t j) {
  return a.has(i) && a.has(j) && is_less(a.at(i), a.at(j));
}

bool at_most(const Arguments& a, std::size_t i, std::size_t j) {
  return a.has(i) && a.has(j) && is_at_most(a.at(i), a.at(j));
}

// undefined is strictly equal to itself alone.
bool same_strictly(const Arguments& a) {
  return a.has(0) == a.has(1) && (!a.has(0) || strictly_equal(a.at(0), a.at(1)));
}

double extreme_of(const std::vector<Value>& values, bool largest) {
  double best = largest ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity();
  for (const Value& value : values) {
    const double number = to_number(value);
    if (std::isnan(number)) return number;
    best = largest ? std::max(best, number) : std::min(best, number);
  }
  return best;
}

double minus_of(const Arguments& a) { return a.has(1) ? a.number(0) - a.number(1) : -a.number(0); }

// JavaScript's reduce refuses to multiply nothing; NaN says the same without a throw. One factor alone is handed on.
Value product_of(const std::vector<Value>& values) {
  if (values.empty()) return Value::of(std::numeric_limits<double>::quiet_NaN());
  if (values.size() == 1) return values.front();
  double product = 1;
  for (const Value& value : values) product *= parse_number(value);
  return Value::of(product);
}

double sum_of(const std::vector<Value>& values) {
  double sum = 0;
  for (const Value& value : values) sum += parse_number(value);
  return sum;
}

Value merged(const std::vector<Value>& values) {
  std::vector<Value> out;
  for (const Value& value : values) {
    if (value.kind == ValueKind::array) {
      out.insert(out.end(), value.items.begin(), value.items.end());
    } else {
      out.push_back(value);
    }
  }
  return Value::list(std::move(out));
}

bool is_in(const Arguments& a) {
  const Value& whole = a.at(1);
  if (whole.kind == ValueKind::text) {
    return !whole.text.empty() && a.has(0) && whole.text.find(value_text(a.at(0))) != std::string::npos;
  }
  if (whole.kind != ValueKind::array || !a.has(0)) return false;
  return std::ranges::any_of(whole.items, [&](const Value& item) { return strictly_equal(a.at(0), item); });
}

std::string joined(const std::vector<Value>& values) {
  std::string out;
  for (const Value& value : values) {
    if (value.kind != ValueKind::null) out += value_text(value);
  }
  return out;
}

// Byte offsets where code points begin, and the length last.
std::vector<std::size_t> code_points(const std::string& text) {
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) starts.push_back(i);
  }
  starts.push_back(text.size());
  return starts;
}

// ToIntegerOrInfinity, kept within what a text can be long.
long long whole_number(double number) {
  constexpr double kFar = 1e15;
  if (std::isnan(number)) return 0;
  return static_cast<long long>(std::trunc(std::clamp(number, -kFar, kFar)));
}

// String.prototype.substr, and JsonLogic's negative length, which counts from the end.
std::string substring(const Arguments& a) {
  const std::string text = a.has(0) ? value_text(a.at(0)) : "undefined";
  const std::vector<std::size_t> starts = code_points(text);
  const auto length = static_cast<long long>(starts.size()) - 1;
  long long from = a.has(1) ? whole_number(a.number(1)) : 0;
  if (from < 0) from = std::max(0LL, length + from);
  from = std::min(from, length);
  long long count = length - from;
  if (a.has(2)) {
    const long long wanted = whole_number(a.number(2));
    count = std::clamp(wanted < 0 ? count + wanted : wanted, 0LL, count);
  }
  const std::size_t begin = starts[static_cast<std::size_t>(from)];
  return text.substr(begin, starts[static_cast<std::size_t>(from + count)] - begin);
}

Value compare_op(LogicOp op, const Arguments& a) {
  switch (op) {
    case LogicOp::equal:
      return Value::of(loosely_equal(a.at(0), a.at(1)));
    case LogicOp::not_equal:
      return Value::of(!loosely_equal(a.at(0), a.at(1)));
    case LogicOp::strict_equal:
      return Value::of(same_strictly(a));
    case LogicOp::strict_not_equal:
      return Value::of(!same_strictly(a));
    case LogicOp::greater:
      return Value::of(less_than(a, 1, 0));
    case LogicOp::at_least:
      return Value::of(at_most(a, 1, 0));
    case LogicOp::less:
      return Value::of(less_than(a, 0, 1) && (!a.has(2) || less_than(a, 1, 2)));
    default:
      return Value::of(at_most(a, 0, 1) && (!a.has(2) || at_most(a, 1, 2)));
  }
}

}  // namespace

std::optional<LogicOp> find_logic_op(std::string_view word) {
  const auto at = std::ranges::find(kOpWords, word, &OpWord::first);
  if (at == kOpWords.end()) return std::nullopt;
  return at->second;
}

Value apply_plain(LogicOp op, const std::vector<Value>& arguments) {
  const Arguments a(arguments);
  switch (op) {
    case LogicOp::not_:
      return Value::of(!is_truthy(a.at(0)));
    case LogicOp::truth:
      return Value::of(is_truthy(a.at(0)));
    case LogicOp::max:
      return Value::of(extreme_of(arguments, true));
    case LogicOp::min:
      return Value::of(extreme_of(arguments, false));
    case LogicOp::plus:
      return Value::of(sum_of(arguments));
    case LogicOp::minus:
      return Value::of(minus_of(a));
    case LogicOp::times:
      return product_of(arguments);
    case LogicOp::divide:
      return Value::of(a.number(0) / a.number(1));
    case LogicOp::remainder:
      return Value::of(std::fmod(a.number(0), a.number(1)));
    case LogicOp::merge:
      return merged(arguments);
    case LogicOp::in:
      return Value::of(is_in(a));
    case LogicOp::cat:
      return Value::of(joined(arguments));
    case LogicOp::substr:
      return Value::of(substring(a));
    case LogicOp::log:
      return a.at(0);
    default:
      return compare_op(op, a);
  }
}

}  // namespace catchment::engine::policy
