#include "datasets/child_facts.hpp"

#include "datasets/json_schema.hpp"
#include "datasets/strict_json.hpp"

namespace catchment::datasets {

extern const char* const kFactsSchemaJson;

namespace {

using engine::admission::ChildFacts;

void read_fact(const JsonNode& node, ChildFacts::Text& out) { out = node.text(); }
void read_fact(const JsonNode& node, ChildFacts::Flag& out) { out = node.json.get<bool>(); }
void read_fact(const JsonNode& node, ChildFacts::Number& out) { out = node.json.get<int>(); }
void read_fact(const JsonNode& node, ChildFacts::Day& out) { out = engine::policy::find_day(node.text()); }
void read_fact(const JsonNode& node, ChildFacts::Texts& out) { out = node.json.get<std::vector<std::string>>(); }

}  // namespace

ChildFacts parse_child_facts(std::string_view json, const std::string& name) {
  return read_child_facts(parse_strict_json(json, {name, "facts"}), name);
}

ChildFacts read_child_facts(const nlohmann::ordered_json& parsed, const std::string& name) {
  const StrictJson file{name, "facts"};
  const JsonNode root{parsed, "", file};
  static const JsonSchema schema(kFactsSchemaJson);
  schema.check(root);
  ChildFacts facts;
  visit_facts(facts, [&](const char* fact, const char*, const char*, auto& member) {
    if (root.has(fact)) read_fact(root.at(fact), member);
  });
  return facts;
}

ChildFacts load_child_facts(const std::filesystem::path& file) {
  return parse_child_facts(read_json_file({file.string(), "facts"}), file.string());
}

}  // namespace catchment::datasets
