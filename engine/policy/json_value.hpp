// A JSON value with the truth and the coercions of JavaScript, as JsonLogic's documentation leans on them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace catchment::engine::policy {

// unknown is ours: a fact nobody gave, see json_logic.hpp. It never comes from JSON.
enum class ValueKind { null, boolean, number, text, array, object, unknown };

struct Value {
  ValueKind kind = ValueKind::null;
  bool flag = false;
  double number = 0;
  std::string text;
  std::vector<Value> items;       // of an array, or of an object beside its keys
  std::vector<std::string> keys;  // of an object

  Value() = default;
  static Value of(bool value);
  static Value of(double value);
  static Value of(std::string value);
  static Value list(std::vector<Value> items);
  static Value object() { return of_kind(ValueKind::object); }
  static Value unknown() { return of_kind(ValueKind::unknown); }

  void set(std::string key, Value value);         // of an object; the key must be new
  const Value* find(std::string_view key) const;  // of an object by key, of an array by its decimal index
  bool is_unknown() const { return kind == ValueKind::unknown; }

 private:
  static Value of_kind(ValueKind kind);
};

// JsonLogic's truth: false, null, 0, NaN, "" and an empty array are false; "0" and an empty object are true.
bool is_truthy(const Value& value);
// Number(x), and parseFloat(x) that reads as far as it can; NaN where JavaScript says so.
double to_number(const Value& value);
double parse_number(const Value& value);
std::string number_text(double number);  // as JavaScript writes it: "1", "0.1", "1e+21", "NaN"
std::string value_text(const Value& value);
bool loosely_equal(const Value& a, const Value& b);   // ==; two arrays or objects never are, being two
bool strictly_equal(const Value& a, const Value& b);  // ===
bool is_less(const Value& a, const Value& b);         // a < b; texts by code point
bool is_at_most(const Value& a, const Value& b);      // a <= b

}  // namespace catchment::engine::policy
