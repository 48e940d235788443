#include "datasets/importer/evaluate.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "datasets/text.hpp"

namespace catchment::datasets {
namespace {

constexpr std::size_t kMaxTextBytes = 4096;
constexpr std::size_t kMaxProseBytes = 1 << 20;

std::optional<double> find_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

[[noreturn]] void fail(const char* code, const std::string& reason) { throw RowProblem{"", code, reason}; }

double get_number(std::string_view text) {
  const auto value = find_number(text);
  if (!value) fail("not_a_number", "\"" + std::string(text) + "\" is not a number");
  return *value;
}

void append_number(std::string& out, double value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

bool is_one_of(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at <= words.size();) {
    const std::size_t space = std::min(words.find(' ', at), words.size());
    if (words.substr(at, space - at) == word) return true;
    at = space + 1;
  }
  return false;
}

bool are_all_of(std::string_view words, std::string_view list) {
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t comma = std::min(list.find(',', at), list.size());
    if (!is_one_of(words, list.substr(at, comma - at))) return false;
    at = comma + 1;
  }
  return true;
}

[[noreturn]] void fail_rule(std::string_view text, const std::string& rule) {
  fail("value_rule", "\"" + std::string(text) + "\" is not " + rule);
}

void check_number(const Column& column, std::string_view text, double value) {
  switch (column.rule) {
    case ColumnRule::year:
      if (value < 1900 || value > 2200) fail_rule(text, "a year");
      break;
    case ColumnRule::month:
      if (value < 0 || value > 12) fail_rule(text, "a month");
      break;
    case ColumnRule::count:
    case ColumnRule::maybe:
      if (value < 0) fail_rule(text, "zero or more");
      break;
    case ColumnRule::positive:
      if (value <= 0) fail_rule(text, "more than zero");
      break;
    case ColumnRule::share:
      if (value < 0 || value > 1) fail_rule(text, "between 0 and 1");
      break;
    default:
      break;
  }
}

void check_text(const Column& column, std::string_view text) {
  const std::size_t limit = column.rule == ColumnRule::prose ? kMaxProseBytes : kMaxTextBytes;
  if (text.size() > limit) fail("value_long", "longer than " + std::to_string(limit) + " bytes");
  switch (column.rule) {
    case ColumnRule::id:
      if (text.empty()) fail("value_missing", "is empty");
      break;
    case ColumnRule::word:
      if (!is_one_of(column.words, text) || text.empty()) fail_rule(text, "one of " + std::string(column.words));
      break;
    case ColumnRule::word_list:
      if (!are_all_of(column.words, text)) fail_rule(text, "a list of " + std::string(column.words));
      break;
    case ColumnRule::date:
      if (!text.empty() && !is_iso_date(text)) fail_rule(text, "a date such as 2024-09-01");
      break;
    default:
      break;
  }
}

}  // namespace

Cell checked_cell(const Column& column, std::string_view text) {
  if (text.empty() && column.fallback.data() != nullptr) text = column.fallback;
  if (column.type == ColumnType::text) {
    check_text(column, text);
    return text;
  }
  if (text.empty() && (column.rule == ColumnRule::maybe || column.rule == ColumnRule::position))
    return std::monostate{};
  if (text.empty()) fail("value_missing", "is empty");
  const double value = get_number(text);
  check_number(column, text, value);
  if (column.type == ColumnType::real) return value;
  if (value != std::nearbyint(value) || std::fabs(value) > 2147483647.0) fail_rule(text, "a whole number in range");
  return static_cast<std::int64_t>(value);
}

void Evaluator::begin(const SourceRow& row) {
  row_ = row;
  used_ = 0;
}

std::string& Evaluator::scratch() {
  if (used_ == pool_.size()) pool_.push_back(std::make_unique<std::string>());
  std::string& text = *pool_[used_++];
  text.clear();
  return text;
}

std::string_view Evaluator::from_template(const Value& value) {
  std::string& out = scratch();
  out = value.constant;
  bool any = value.pieces.empty();
  for (const Value::Piece& piece : value.pieces) {
    const std::string_view field = trimmed(row_.fields[piece.field]);
    any = any || !field.empty();
    out.append(field).append(piece.after);
  }
  return any ? trimmed(out) : std::string_view();  // all fields empty: nothing to say
}

std::string_view Evaluator::sum(const Value& value) {
  double total = 0;
  bool any = false;
  for (const Value& part : value.parts) {
    const std::string_view text_part = text(part);
    if (text_part.empty()) continue;
    total += get_number(text_part);
    any = true;
  }
  std::string& out = scratch();
  if (any) append_number(out, total);
  return out;
}

std::string_view Evaluator::raw(const Value& value) {
  switch (value.kind) {
    case Value::Kind::field:
      return trimmed(row_.fields[value.field]);
    case Value::Kind::constant:
      return value.constant;
    case Value::Kind::text_template:
      return from_template(value);
    case Value::Kind::sum:
      return sum(value);
    case Value::Kind::row:
      return scratch() = std::to_string(row_.row);
    case Value::Kind::fid:
      return scratch() = std::to_string(row_.fid);
    case Value::Kind::first_of:
      break;
  }
  for (const Value& part : value.parts) {
    if (const std::string_view found = text(part); !found.empty()) return found;
  }
  return {};
}

std::string_view Evaluator::text(const Value& value) {
  std::string_view result = raw(value);
  if (!is_utf8_text(result)) fail("not_utf8", "a text is not UTF-8: say the source's encoding in the mapping");
  if (!value.replace.empty()) {
    std::string& out = scratch();
    out = result;
    for (const auto& [from, to] : value.replace) {
      for (std::size_t at = 0; (at = out.find(from, at)) != std::string::npos; at += to.size()) {
        out.replace(at, from.size(), to);
      }
    }
    result = trimmed(out);
  }
  if (!value.map.empty()) {
    const auto found = value.map.find(result);
    if (found != value.map.end()) {
      result = found->second;
    } else if (value.otherwise) {
      result = *value.otherwise;
    } else if (!result.empty() || value.fallback.empty()) {
      fail("value_unmapped", "the map has no \"" + std::string(result) + "\"");
    }
  }
  if (value.add && !result.empty()) {
    const double number = get_number(result) + *value.add;
    std::string& out = scratch();
    append_number(out, number);
    result = out;
  }
  return result.empty() ? std::string_view(value.fallback) : result;
}

bool Evaluator::holds(const Condition& condition) {
  const std::string_view found = text(condition.value);
  switch (condition.test) {
    case Condition::Test::in:
      return std::ranges::find(condition.words, found) != condition.words.end();
    case Condition::Test::not_in:
      return std::ranges::find(condition.words, found) == condition.words.end();
    case Condition::Test::empty:
      return found.empty();
    case Condition::Test::not_empty:
      return !found.empty();
  }
  return false;
}

bool Evaluator::selects(const Target& target) {
  return std::ranges::all_of(target.where, [&](const Condition& c) { return holds(c); }) &&
         std::ranges::none_of(target.skip, [&](const Condition& c) { return holds(c); });
}

void Evaluator::columns(const Target& target, std::vector<Cell>& out) {
  out.clear();
  for (std::size_t i = 0; i < target.columns.size(); ++i) {
    const Column& column = target.table->columns[i];
    try {
      out.push_back(checked_cell(column, target.columns[i] ? text(*target.columns[i]) : std::string_view()));
    } catch (RowProblem& problem) {
      problem.field = column.name;
      throw;
    }
  }
}

void Evaluator::schools(const Target& target, std::vector<std::string_view>& out) {
  out.clear();
  if (!target.schools) return;
  const std::string_view list = text(*target.schools);
  const std::string& separator = target.schools->split;
  for (std::size_t at = 0; at <= list.size();) {
    const std::size_t end = separator.empty() ? list.size() : std::min(list.find(separator, at), list.size());
    const std::string_view school = trimmed(list.substr(at, end - at));
    if (!school.empty() && std::ranges::find(out, school) == out.end()) out.push_back(school);
    at = end + std::max<std::size_t>(separator.size(), 1);
  }
}

double Evaluator::number(const Value& value) {
  const std::string_view found = text(value);
  return get_number(found);
}

}  // namespace catchment::datasets
