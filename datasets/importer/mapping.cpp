#include "datasets/importer/mapping.hpp"

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxBytes = 4 << 20;
constexpr std::size_t kMaxForEach = 1000;

// A JSON value and where it stands.
struct Node {
  const Json& json;
  std::string pointer;
  const std::string& file;

  [[noreturn]] void fail(const char* code, const std::string& message) const {
    throw InputError(code, file + "#" + pointer, message);
  }
  Node at(const std::string& key) const {
    std::string below = pointer;
    for (const char c : "/" + key) below += c == '~' ? "~0" : std::string(1, c);
    return {json.at(key), below, file};
  }
  Node at(std::size_t index) const { return {json.at(index), pointer + "/" + std::to_string(index), file}; }
  bool has(const char* key) const { return json.contains(key); }

  const Node& object(std::initializer_list<std::string_view> known) const {
    if (!json.is_object()) fail("mapping_type", "must be an object");
    for (const auto& [key, unused] : json.items()) {
      if (std::ranges::find(known, std::string_view(key)) == known.end()) fail("mapping_key", "unknown member " + key);
    }
    return *this;
  }
  const Node& array() const {
    if (!json.is_array() || json.empty()) fail("mapping_type", "must be an array that is not empty");
    return *this;
  }
  std::string text() const {
    if (!json.is_string()) fail("mapping_type", "must be a string");
    return json.get<std::string>();
  }
  // A constant may be written as a number.
  std::string scalar() const {
    if (json.is_string()) return json.get<std::string>();
    if (json.is_number()) return json.dump();
    fail("mapping_type", "must be a string or a number");
  }
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

class Decoder {
 public:
  Decoder(Mapping& mapping, const Variables& variables) : mapping_(mapping), variables_(variables) {}

  void decode(const Node& root) {
    root.object({"$schema", "description", "variables", "encoding", "attribution", "targets"});
    check_variables(root);
    if (root.has("encoding")) mapping_.encoding = root.at("encoding").text();
    if (root.has("attribution")) mapping_.attribution = root.at("attribution").text();
    if (!root.has("targets")) root.fail("mapping_key", "lacks the member targets");
    const Node targets = root.at("targets");
    targets.array();
    for (std::size_t i = 0; i < targets.json.size(); ++i) decode_for_each(targets.at(i));
  }

 private:
  void check_variables(const Node& root) const {
    std::vector<std::string> listed;
    for (std::size_t i = 0; root.has("variables") && i < root.at("variables").array().json.size(); ++i) {
      listed.push_back(root.at("variables").at(i).text());
      if (!variables_.contains(listed.back())) {
        root.at("variables").at(i).fail("mapping_variable", "give it a value with --set " + listed.back() + "=...");
      }
    }
    for (const auto& [name, value] : variables_) {
      if (std::ranges::find(listed, name) == listed.end()) root.fail("mapping_variable", "has no variable " + name);
    }
  }

  void decode_for_each(const Node& node) {
    node.object({"table", "description", "layer", "for_each", "geometry", "position", "where", "skip", "columns"});
    variable_.clear();
    value_.clear();
    if (!node.has("for_each")) return decode_target(node);
    const Node each = node.at("for_each");
    if (!each.json.is_object() || each.json.size() != 1) each.fail("mapping_type", "must name one variable");
    const std::string name = each.json.begin().key();
    for (const std::string& value : for_each_values(each.at(name))) {
      variable_ = "{" + name + "}";
      value_ = value;
      decode_target(node);
    }
  }

  static std::vector<std::string> for_each_values(const Node& node) {
    std::vector<std::string> values;
    if (node.json.is_array()) {
      for (std::size_t i = 0; i < node.array().json.size(); ++i) values.push_back(node.at(i).scalar());
      return values;
    }
    node.object({"from", "to"});
    if (!node.has("from") || !node.has("to")) node.fail("mapping_key", "lacks from or to");
    const auto whole = [](const Node& end) {
      if (!end.json.is_number_integer()) end.fail("mapping_type", "must be a whole number");
      return end.json.get<std::int64_t>();
    };
    const std::int64_t from = whole(node.at("from"));
    const std::int64_t to = whole(node.at("to"));
    if (from > to || to - from >= static_cast<std::int64_t>(kMaxForEach)) {
      node.fail("mapping_value", "must be an ascending range of at most 1000");
    }
    for (std::int64_t value = from; value <= to; ++value) values.push_back(std::to_string(value));
    return values;
  }

  void decode_target(const Node& node) {
    Target target;
    target.pointer = node.pointer;
    if (!node.has("table")) node.fail("mapping_key", "lacks the member table");
    target.table = find_table(node.at("table").text());
    if (target.table == nullptr) node.at("table").fail("mapping_value", "no such table: " + node.at("table").text());
    if (node.has("layer")) target.layer = node.at("layer").text();
    decode_geometry(node, target);
    if (node.has("where")) target.where = decode_conditions(node.at("where"));
    if (node.has("skip")) target.skip = decode_conditions(node.at("skip"));
    if (!node.has("columns")) node.fail("mapping_key", "lacks the member columns");
    decode_columns(node.at("columns"), target);
    mapping_.targets.push_back(std::move(target));
  }

  void decode_geometry(const Node& node, Target& target) {
    const Shape shape = target.table->shape;
    if (shape == Shape::none) target.geometry = GeometryUse::none;
    if (node.has("geometry")) {
      const Node geometry = node.at("geometry");
      const std::string word = geometry.text();
      if (word == "none") {
        target.geometry = GeometryUse::none;
      } else if (word == "centroid" && shape == Shape::point) {
        target.geometry = GeometryUse::centroid;
      } else if (word != "shape" || shape == Shape::none) {
        geometry.fail("mapping_value", "must be shape or none, or for a table of points centroid");
      }
    }
    if (target.geometry == GeometryUse::none && target.table->shape_required) {
      node.fail("mapping_value", "rows of " + std::string(target.table->name) + " must have a geometry");
    }
    if (!node.has("position")) return;
    const Node position = node.at("position");
    position.object({"x", "y"});
    const bool beside_shape = column_index(*target.table, "lon") != std::string::npos;  // place
    if ((shape != Shape::point && !beside_shape) || target.geometry != GeometryUse::shape) {
      position.fail("mapping_value", "only for a table of points or places, without geometry");
    }
    if (!position.has("x") || !position.has("y")) position.fail("mapping_key", "lacks x or y");
    target.x = decode_value(position.at("x"));
    target.y = decode_value(position.at("y"));
  }

  void decode_columns(const Node& node, Target& target) {
    if (!node.json.is_object()) node.fail("mapping_type", "must be an object");
    target.columns.resize(target.table->columns.size());
    for (const auto& [name, unused] : node.json.items()) {
      if (name == "schools" && target.table->name == "zone") {
        target.schools = decode_value(node.at(name));
        continue;
      }
      const std::size_t column = column_index(*target.table, name);
      if (column == std::string::npos) {
        node.fail("mapping_key", "table " + std::string(target.table->name) + " has no column " + name);
      }
      if (target.table->columns[column].rule == ColumnRule::position) {
        node.at(name).fail("mapping_value", "is told by the geometry, or by position");
      }
      target.columns[column] = decode_value(node.at(name));
    }
    for (std::size_t i = 0; i < target.columns.size(); ++i) {
      const Column& column = target.table->columns[i];
      if (!target.columns[i] && column.fallback.data() == nullptr) {
        node.fail("mapping_key", "lacks the column " + std::string(column.name));
      }
    }
  }

  std::vector<Condition> decode_conditions(const Node& node) {
    std::vector<Condition> conditions;
    node.array();
    for (std::size_t i = 0; i < node.json.size(); ++i) {
      const Node item = node.at(i);
      item.object({"value", "in", "not_in", "empty"});
      if (!item.has("value") || item.json.size() != 2) {
        item.fail("mapping_key", "must have a value and one of in, not_in, empty");
      }
      Condition condition;
      condition.value = decode_value(item.at("value"));
      if (item.has("empty")) {
        if (!item.at("empty").json.is_boolean()) item.at("empty").fail("mapping_type", "must be true or false");
        condition.test = item.json.at("empty").get<bool>() ? Condition::Test::empty : Condition::Test::not_empty;
      } else {
        const Node words = item.at(item.has("in") ? "in" : "not_in");
        condition.test = item.has("in") ? Condition::Test::in : Condition::Test::not_in;
        words.array();
        for (std::size_t k = 0; k < words.json.size(); ++k) condition.words.push_back(words.at(k).scalar());
      }
      conditions.push_back(std::move(condition));
    }
    return conditions;
  }

  Value decode_value(const Node& node) {
    Value value;
    if (node.json.is_string()) {
      value.kind = Value::Kind::field;
      value.field = slot(node, node.text());
      return value;
    }
    node.object({"field", "constant", "template", "first_of", "sum", "row", "fid", "replace", "map", "otherwise", "add",
                 "default", "split"});
    int kinds = 0;
    for (const char* kind : {"field", "constant", "template", "first_of", "sum", "row", "fid"}) {
      kinds += node.has(kind) ? 1 : 0;
    }
    if (kinds != 1) node.fail("mapping_key", "must have one of field, constant, template, first_of, sum, row, fid");
    decode_kind(node, value);
    decode_modifiers(node, value);
    return value;
  }

  void decode_kind(const Node& node, Value& value) {
    if (node.has("field")) {
      value.kind = Value::Kind::field;
      value.field = slot(node.at("field"), node.at("field").text());
    } else if (node.has("constant")) {
      value.kind = Value::Kind::constant;
      value.constant = expanded(node.at("constant").scalar());
    } else if (node.has("template")) {
      decode_template(node.at("template"), value);
    } else if (node.has("first_of") || node.has("sum")) {
      value.kind = node.has("sum") ? Value::Kind::sum : Value::Kind::first_of;
      const Node parts = node.at(node.has("sum") ? "sum" : "first_of");
      parts.array();
      for (std::size_t i = 0; i < parts.json.size(); ++i) value.parts.push_back(decode_value(parts.at(i)));
    } else {
      const char* key = node.has("row") ? "row" : "fid";
      value.kind = node.has("row") ? Value::Kind::row : Value::Kind::fid;
      if (node.at(key).json != true) node.at(key).fail("mapping_type", "must be true");
    }
  }

  void decode_modifiers(const Node& node, Value& value) {
    if (node.has("replace")) {
      const Node list = node.at("replace");
      list.array();
      for (std::size_t i = 0; i < list.json.size(); ++i) {
        const Node pair = list.at(i);
        if (!pair.json.is_array() || pair.json.size() != 2) pair.fail("mapping_type", "must be [from, to]");
        if (pair.at(0).text().empty()) pair.fail("mapping_value", "cannot replace an empty text");
        value.replace.emplace_back(pair.at(0).text(), pair.at(1).text());
      }
    }
    if (node.has("map")) {
      const Node map = node.at("map");
      if (!map.json.is_object() || map.json.empty()) map.fail("mapping_type", "must be an object that is not empty");
      for (const auto& [key, unused] : map.json.items()) value.map[key] = map.at(key).scalar();
    }
    if (node.has("otherwise")) {
      if (value.map.empty()) node.fail("mapping_key", "otherwise needs a map");
      value.otherwise = node.at("otherwise").scalar();
    }
    if (node.has("add")) {
      if (!node.at("add").json.is_number()) node.at("add").fail("mapping_type", "must be a number");
      value.add = node.at("add").json.get<double>();
    }
    if (node.has("default")) value.fallback = expanded(node.at("default").scalar());
    if (node.has("split")) {
      value.split = node.at("split").text();
      if (value.split.empty()) node.at("split").fail("mapping_value", "must not be empty");
    }
  }

  void decode_template(const Node& node, Value& value) {
    value.kind = Value::Kind::text_template;
    const std::string text = expanded(node.text());
    std::string* tail = &value.constant;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t open = std::min(text.find('{', at), text.size());
      tail->append(text, at, open - at);
      if (open == text.size()) break;
      const std::size_t close = text.find('}', open);
      if (close == std::string::npos) node.fail("mapping_value", "a { without its }");
      value.pieces.push_back({slot(node, text.substr(open + 1, close - open - 1)), ""});
      tail = &value.pieces.back().after;
      at = close + 1;
    }
  }

  std::string expanded(std::string text) const {
    if (!variable_.empty()) replace_all(text, variable_, value_);
    for (const auto& [name, value] : variables_) replace_all(text, "{" + name + "}", value);
    return text;
  }

  std::size_t slot(const Node& node, const std::string& written) {
    const std::string name = expanded(written);
    if (name.empty()) node.fail("mapping_value", "an empty field name");
    const auto found = std::ranges::find(mapping_.fields, name);
    if (found != mapping_.fields.end()) return static_cast<std::size_t>(found - mapping_.fields.begin());
    mapping_.fields.push_back(name);
    mapping_.field_pointer[name] = node.pointer;
    return mapping_.fields.size() - 1;
  }

  Mapping& mapping_;
  const Variables& variables_;
  std::string variable_;  // "{age}" while a for_each is expanded
  std::string value_;
};

}  // namespace

Mapping parse_mapping(std::string_view json, const std::string& name, const Variables& variables) {
  if (json.size() > kMaxBytes) throw InputError("mapping_json", name, "longer than 4 MB");
  Json parsed;
  try {
    parsed = Json::parse(json, [&](int depth, Json::parse_event_t, Json&) {
      if (depth > kMaxDepth) throw InputError("mapping_json", name, "nested too deep");
      return true;
    });
  } catch (const Json::exception& error) {
    throw InputError("mapping_json", name, error.what());
  }
  Mapping mapping;
  Decoder(mapping, variables).decode({parsed, "", name});
  return mapping;
}

Mapping load_mapping(const std::filesystem::path& file, const Variables& variables) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw InputError("mapping_open", file.string(), "cannot be read");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return parse_mapping(text, file.string(), variables);
}

}  // namespace catchment::datasets
