// JsonLogic (jsonlogic.com): conditions as data. All its public operators, with JavaScript's truth and coercions;
// bounded in depth, work and size, so that a condition from outside can neither crash nor hang.
//
// Beyond the documentation there is one thing: facts may be unknown. Asked so, a var that the data lacks and that has
// no default is unknown instead of null, and what follows from it is told apart from what does not (Kleene): false and
// unknown is false, true or unknown is true, anything else of it is unknown.
//
// Differences: `in`, == and === compare arrays and objects by identity in JavaScript; here two of them are never equal.
// substr counts code points, not UTF-16 units. An unknown operator is refused when compiled. log does nothing but hand
// on.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/json_value.hpp"

namespace catchment::engine::policy {

enum class LogicError { none, too_long, too_deep };  // work or size; nesting of values

enum class Absent { null, unknown };

struct LogicLimits {
  int steps = 100'000;  // operations, and elements or eight bytes of text copied
};

struct LogicResult {
  Value value;  // unknown only with Absent::unknown; null where there is an error
  LogicError error = LogicError::none;
  std::vector<std::string> missing;  // facts the value is unknown for, sorted; empty unless it is
};

// A compiled condition.
class Logic {
 public:
  // Throws InputError(logic_json | logic_operator | logic_depth) with the JSON pointer as `where`.
  static Logic compile(std::string_view json);

  // Never throws but for memory. data is usually an object. O(steps).
  LogicResult apply(const Value& data, Absent absent = Absent::null, LogicLimits limits = {}) const;

  // The names of facts it may read, sorted: literal arguments of var and missing outside the bodies of map, filter,
  // reduce, all, some and none, cut at the first dot.
  const std::vector<std::string>& facts() const { return facts_; }
  // True if every var and missing names its fact literally.
  bool names_all_facts() const { return names_all_facts_; }

 private:
  friend class LogicCompiler;
  friend class LogicRun;

  struct Node {
    std::uint8_t op = 0;      // of LogicOp; a literal or a list too
    std::uint32_t first = 0;  // of its children in children_, or the literal's index
    std::uint32_t count = 0;
  };

  std::vector<Node> nodes_;
  std::vector<std::uint32_t> children_;
  std::vector<Value> literals_;
  std::uint32_t root_ = 0;
  std::vector<std::string> facts_;
  bool names_all_facts_ = true;
};

// JSON text as a value. Throws InputError(logic_json | logic_depth).
Value parse_value(std::string_view json);

}  // namespace catchment::engine::policy
