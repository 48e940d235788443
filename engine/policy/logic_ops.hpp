// The operators of JsonLogic, between json_logic's compiler and its evaluator.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/policy/json_value.hpp"

namespace catchment::engine::policy {

enum class LogicOp : std::uint8_t {
  literal,
  list,  // not operators: a value as it stands, and an array whose elements are evaluated
  var,
  missing,
  missing_some,
  if_,
  and_,
  or_,
  map,
  reduce,
  filter,
  all,
  none,
  some,
  // From here on: plain functions of their evaluated arguments.
  equal,
  strict_equal,
  not_equal,
  strict_not_equal,
  not_,
  truth,
  greater,
  at_least,
  less,
  at_most,
  max,
  min,
  plus,
  minus,
  times,
  divide,
  remainder,
  merge,
  in,
  cat,
  substr,
  log,
};

std::optional<LogicOp> find_logic_op(std::string_view word);

constexpr bool is_plain(LogicOp op) { return op >= LogicOp::equal; }

// What a plain operator gives; no argument is unknown.
Value apply_plain(LogicOp op, const std::vector<Value>& arguments);

}  // namespace catchment::engine::policy
