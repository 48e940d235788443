#include "engine/admission/child_facts.hpp"

#include <algorithm>

namespace catchment::engine::admission {
namespace {

using policy::Value;

FactType fact_type(const ChildFacts::Text&) { return FactType::text; }
FactType fact_type(const ChildFacts::Texts&) { return FactType::texts; }
FactType fact_type(const ChildFacts::Flag&) { return FactType::flag; }
FactType fact_type(const ChildFacts::Number&) { return FactType::number; }
FactType fact_type(const ChildFacts::Day&) { return FactType::day; }

Value fact_value(const std::string& text) { return Value::of(text); }
Value fact_value(bool flag) { return Value::of(flag); }
Value fact_value(int number) { return Value::of(static_cast<double>(number)); }
Value fact_value(policy::Day day) { return Value::of(policy::to_text(day)); }
Value fact_value(const std::vector<std::string>& texts) {
  std::vector<Value> items;
  for (const std::string& text : texts) items.push_back(Value::of(text));
  return Value::list(std::move(items));
}

std::vector<Fact> list_facts() {
  std::vector<Fact> facts;
  const ChildFacts none;
  visit_facts(none, [&](std::string_view name, std::string_view title, std::string_view en, const auto& member) {
    facts.push_back({name, fact_type(member), title, en});
  });
  return facts;
}

}  // namespace

const std::vector<Fact>& known_facts() {
  static const std::vector<Fact> facts = list_facts();
  return facts;
}

const Fact* find_fact(std::string_view name) {
  const auto at = std::ranges::find(known_facts(), name, &Fact::name);
  return at == known_facts().end() ? nullptr : &*at;
}

policy::Value to_value(const ChildFacts& facts) {
  Value out = Value::object();
  visit_facts(facts, [&](std::string_view name, std::string_view, std::string_view, const auto& member) {
    if (member) out.set(std::string(name), fact_value(*member));
  });
  return out;
}

}  // namespace catchment::engine::admission
