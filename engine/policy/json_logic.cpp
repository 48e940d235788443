#include "engine/policy/json_logic.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/policy/logic_ops.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::policy {
namespace {

using LogicJson = nlohmann::ordered_json;

constexpr int kMaxLogicDepth = 64;
constexpr int kMaxValueDepth = 100;

LogicJson parse_logic_json(std::string_view text) {
  try {
    return LogicJson::parse(text, [](int depth, LogicJson::parse_event_t, const LogicJson&) {
      if (depth > kMaxLogicDepth) throw InputError("logic_depth", "", "nested too deep");
      return true;
    });
  } catch (const LogicJson::exception& error) {
    throw InputError("logic_json", "", error.what());
  }
}

Value value_of_json(const LogicJson& json) {
  if (json.is_boolean()) return Value::of(json.get<bool>());
  if (json.is_number()) return Value::of(json.get<double>());
  if (json.is_string()) return Value::of(json.get<std::string>());
  if (json.is_null()) return {};
  Value out = json.is_array() ? Value::list({}) : Value::object();
  for (const auto& [key, inner] : json.items()) {
    if (json.is_array()) {
      out.items.push_back(value_of_json(inner));
    } else {
      out.set(key, value_of_json(inner));
    }
  }
  return out;
}

bool names_body(LogicOp op) {
  return op == LogicOp::map || op == LogicOp::filter || op == LogicOp::reduce || op == LogicOp::all ||
         op == LogicOp::none || op == LogicOp::some;
}

}  // namespace

class LogicCompiler {
 public:
  Logic logic;

  std::uint32_t add(const LogicJson& json, const std::string& pointer, bool in_body) {
    if (json.is_array()) return add_node(LogicOp::list, json, pointer, in_body);
    if (!json.is_object() || json.size() != 1) return add_literal(value_of_json(json));
    const std::string& word = json.begin().key();
    const LogicJson& arguments = json.begin().value();
    const auto op = find_logic_op(word);
    if (!op) throw InputError("logic_operator", pointer, "unknown operator " + word);
    const LogicJson several = arguments.is_array() ? arguments : LogicJson::array({arguments});
    if (*op == LogicOp::var || *op == LogicOp::missing || *op == LogicOp::missing_some) note(*op, several, in_body);
    return add_node(*op, several, pointer + "/" + word, in_body);
  }

 private:
  std::uint32_t add_literal(Value value) {
    logic.literals_.push_back(std::move(value));
    return push(
        {static_cast<std::uint8_t>(LogicOp::literal), static_cast<std::uint32_t>(logic.literals_.size() - 1), 0});
  }

  std::uint32_t push(Logic::Node node) {
    logic.nodes_.push_back(node);
    return static_cast<std::uint32_t>(logic.nodes_.size() - 1);
  }

  std::uint32_t add_node(LogicOp op, const LogicJson& arguments, const std::string& pointer, bool in_body) {
    std::vector<std::uint32_t> children;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const bool body = in_body || (names_body(op) && i == 1);
      children.push_back(add(arguments[i], pointer + "/" + std::to_string(i), body));
    }
    const auto first = static_cast<std::uint32_t>(logic.children_.size());
    logic.children_.insert(logic.children_.end(), children.begin(), children.end());
    return push({static_cast<std::uint8_t>(op), first, static_cast<std::uint32_t>(children.size())});
  }

  void note_name(const LogicJson& name, bool in_body) {
    if (in_body) return;  // speaks of the element
    if (!name.is_string() || name.get<std::string>().empty()) {
      logic.names_all_facts_ = false;
      return;
    }
    const auto text = name.get<std::string>();
    logic.facts_.push_back(text.substr(0, text.find('.')));
  }

  void note(LogicOp op, const LogicJson& arguments, bool in_body) {
    if (op == LogicOp::var) {
      note_name(arguments.empty() ? LogicJson() : arguments[0], in_body);
      return;
    }
    const bool listed = !arguments.empty() && arguments.back().is_array();
    const LogicJson& names = listed ? arguments.back() : arguments;
    for (const LogicJson& name : names) note_name(name, in_body);
  }
};

class LogicRun {
 public:
  LogicRun(const Logic& logic, Absent absent, LogicLimits limits)
      : logic_(logic), absent_(absent), steps_left_(limits.steps) {}

  LogicResult result(const Value& data) {
    LogicResult out;
    facts_ = &data;
    out.value = evaluate(logic_.root_, data);
    if (error_ != LogicError::none) return {{}, error_, {}};
    if (!out.value.is_unknown()) return out;
    std::ranges::sort(missing_);
    missing_.erase(std::unique(missing_.begin(), missing_.end()), missing_.end());
    out.missing = std::move(missing_);
    return out;
  }

 private:
  using Node = Logic::Node;

  bool stopped() const { return error_ != LogicError::none; }

  bool spend(int steps) {
    steps_left_ -= steps;
    if (steps_left_ < 0 && !stopped()) error_ = LogicError::too_long;
    return !stopped();
  }

  // Pays for every element and byte of a value that was made or copied.
  void pay(const Value& value, int depth = 0) {
    if (depth > kMaxValueDepth && !stopped()) error_ = LogicError::too_deep;
    if (!spend(1 + static_cast<int>(value.text.size() / 8))) return;
    for (const Value& item : value.items) {
      pay(item, depth + 1);
      if (stopped()) return;
    }
  }

  Value paid(Value value) {
    pay(value);
    return stopped() ? Value() : value;
  }

  std::uint32_t child(const Node& node, std::uint32_t i) const { return logic_.children_[node.first + i]; }
  Value argument(const Node& node, std::uint32_t i, const Value& data) {
    return i < node.count ? evaluate(child(node, i), data) : Value();
  }

  Value evaluate(std::uint32_t index, const Value& data) {
    if (!spend(1)) return {};
    const Node& node = logic_.nodes_[index];
    const auto op = static_cast<LogicOp>(node.op);
    if (is_plain(op)) return plain(op, node, data);
    switch (op) {
      case LogicOp::literal:
        return paid(logic_.literals_[node.first]);
      case LogicOp::list:
        return list(node, data);
      case LogicOp::var:
        return var(node, data);
      case LogicOp::missing:
        return missing(arguments(node, data), data);
      case LogicOp::missing_some:
        return missing_some(node, data);
      case LogicOp::if_:
        return choose(node, data);
      case LogicOp::and_:
        return conjoin(node, data, false);
      case LogicOp::or_:
        return conjoin(node, data, true);
      case LogicOp::map:
      case LogicOp::filter:
        return each(op, node, data);
      case LogicOp::reduce:
        return reduce(node, data);
      default:
        return quantify(op, node, data);
    }
  }

  std::vector<Value> arguments(const Node& node, const Value& data) {
    std::vector<Value> out;
    for (std::uint32_t i = 0; i < node.count && !stopped(); ++i) out.push_back(evaluate(child(node, i), data));
    return out;
  }

  static bool any_unknown(const std::vector<Value>& values) { return std::ranges::any_of(values, &Value::is_unknown); }

  Value plain(LogicOp op, const Node& node, const Value& data) {
    const std::vector<Value> values = arguments(node, data);
    if (stopped()) return {};
    if (any_unknown(values)) return Value::unknown();
    return paid(apply_plain(op, values));
  }

  Value list(const Node& node, const Value& data) {
    std::vector<Value> values = arguments(node, data);
    if (stopped()) return {};
    if (any_unknown(values)) return Value::unknown();
    return paid(Value::list(std::move(values)));
  }

  // The value a dotted name leads to; null if it leads nowhere.
  static const Value* find_path(const Value& data, std::string_view path) {
    const Value* at = &data;
    while (at != nullptr && at->kind != ValueKind::null) {
      const auto dot = path.find('.');
      at = at->find(path.substr(0, dot));
      if (dot == std::string_view::npos) return at;
      path.remove_prefix(dot + 1);
    }
    return nullptr;
  }

  Value look_up(const Value& name, const Value* otherwise, const Value& data) {
    if (name.kind == ValueKind::null || (name.kind == ValueKind::text && name.text.empty())) return paid(data);
    const std::string path = value_text(name);
    if (const Value* found = find_path(data, path)) {
      if (found->is_unknown()) return *found;
      return paid(*found);
    }
    if (otherwise != nullptr) return *otherwise;
    if (absent_ == Absent::null || &data != facts_) return {};  // an element is told whole
    missing_.push_back(path);
    return Value::unknown();
  }

  Value var(const Node& node, const Value& data) {
    const std::vector<Value> values = arguments(node, data);
    if (stopped()) return {};
    if (any_unknown(values)) return Value::unknown();
    return look_up(values.empty() ? Value() : values[0], values.size() > 1 ? &values[1] : nullptr, data);
  }

  Value missing(const std::vector<Value>& given, const Value& data) {
    if (stopped()) return {};
    if (any_unknown(given)) return Value::unknown();
    const bool listed = !given.empty() && given[0].kind == ValueKind::array;
    Value out = Value::list({});
    for (const Value& name : listed ? given[0].items : given) {
      if (!spend(1)) return {};
      const bool whole = name.kind == ValueKind::null || (name.kind == ValueKind::text && name.text.empty());
      const Value* found = whole ? &data : find_path(data, value_text(name));
      const bool empty =
          found == nullptr || found->kind == ValueKind::null || (found->kind == ValueKind::text && found->text.empty());
      if (empty) out.items.push_back(name);
    }
    return paid(std::move(out));
  }

  Value missing_some(const Node& node, const Value& data) {
    std::vector<Value> given = arguments(node, data);
    if (stopped()) return {};
    if (any_unknown(given)) return Value::unknown();
    given.resize(2);
    const std::size_t options = given[1].items.size();
    const Value lacking = missing({given[1].kind == ValueKind::array ? given[1] : Value::list({})}, data);
    const auto there = static_cast<double>(options) - static_cast<double>(lacking.items.size());
    return there >= to_number(given[0]) ? Value::list({}) : lacking;
  }

  Value choose(const Node& node, const Value& data) {
    std::uint32_t i = 0;
    for (; i + 1 < node.count; i += 2) {
      const Value condition = argument(node, i, data);
      if (stopped()) return {};
      if (condition.is_unknown()) return condition;
      if (is_truthy(condition)) return argument(node, i + 1, data);
    }
    return argument(node, i, data);
  }

  // and: the first false value, else unknown if any is, else the last; or: the first true value, likewise.
  Value conjoin(const Node& node, const Value& data, bool wanted) {
    const std::size_t mark = missing_.size();
    Value last;
    bool unsure = false;
    for (std::uint32_t i = 0; i < node.count; ++i) {
      last = argument(node, i, data);
      if (stopped()) return {};
      if (last.is_unknown()) {
        unsure = true;
      } else if (is_truthy(last) == wanted) {
        missing_.resize(mark);
        return last;
      }
    }
    return unsure ? Value::unknown() : last;
  }

  Value each(LogicOp op, const Node& node, const Value& data) {
    const Value source = argument(node, 0, data);
    if (stopped() || source.is_unknown()) return source;
    std::vector<Value> out;
    for (const Value& item : source.items) {
      if (source.kind != ValueKind::array) break;
      Value made = argument(node, 1, item);
      if (stopped()) return {};
      if (made.is_unknown()) return made;
      if (op == LogicOp::map)
        out.push_back(std::move(made));
      else if (is_truthy(made))
        out.push_back(item);
    }
    return paid(Value::list(std::move(out)));
  }

  Value reduce(const Node& node, const Value& data) {
    const Value source = argument(node, 0, data);
    Value sum = argument(node, 2, data);
    if (stopped() || source.is_unknown()) return source;
    if (source.kind != ValueKind::array) return sum;
    for (const Value& item : source.items) {
      Value scope = Value::object();
      scope.set("current", item);
      scope.set("accumulator", std::move(sum));
      pay(scope);
      sum = argument(node, 1, scope);
      if (stopped()) return {};
    }
    return sum;
  }

  // all of nothing is false, as JsonLogic has it; none of nothing is true.
  Value quantify(LogicOp op, const Node& node, const Value& data) {
    const std::size_t mark = missing_.size();
    const Value source = argument(node, 0, data);
    if (stopped() || source.is_unknown()) return source;
    if (source.kind != ValueKind::array || source.items.empty()) return Value::of(op == LogicOp::none);
    const bool sought = op != LogicOp::all;  // what decides at once
    bool unsure = false;
    for (const Value& item : source.items) {
      const Value held = argument(node, 1, item);
      if (stopped()) return {};
      if (held.is_unknown()) {
        unsure = true;
      } else if (is_truthy(held) == sought) {
        missing_.resize(mark);
        return Value::of(op == LogicOp::some);
      }
    }
    return unsure ? Value::unknown() : Value::of(op != LogicOp::some);
  }

  const Logic& logic_;
  const Value* facts_ = nullptr;
  Absent absent_;
  int steps_left_;
  LogicError error_ = LogicError::none;
  std::vector<std::string> missing_;
};

Logic Logic::compile(std::string_view json) {
  LogicCompiler compiler;
  const std::uint32_t root = compiler.add(parse_logic_json(json), "", false);
  compiler.logic.root_ = root;
  std::ranges::sort(compiler.logic.facts_);
  compiler.logic.facts_.erase(std::unique(compiler.logic.facts_.begin(), compiler.logic.facts_.end()),
                              compiler.logic.facts_.end());
  return std::move(compiler.logic);
}

LogicResult Logic::apply(const Value& data, Absent absent, LogicLimits limits) const {
  return LogicRun(*this, absent, limits).result(data);
}

Value parse_value(std::string_view json) { return value_of_json(parse_logic_json(json)); }

}  // namespace catchment::engine::policy
