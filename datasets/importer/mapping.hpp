// The mapping file: how the fields of a source become rows of the package. Documented by mapping.schema.json.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "datasets/package_tables.hpp"

namespace catchment::datasets {

// Where a column's text comes from. Evaluated in this order: the text by kind, trimmed; `replace`; `map`; `add`;
// `fallback` if empty by then.
struct Value {
  enum class Kind { field, constant, text_template, first_of, sum, row, fid };

  Kind kind = Kind::constant;
  std::string constant;   // of a constant; of a template, the text before the first field
  std::size_t field = 0;  // slot: position in Mapping::fields
  struct Piece {          // of a template: a field, then the text after it
    std::size_t field = 0;
    std::string after;
  };
  std::vector<Piece> pieces;
  std::vector<Value> parts;  // of first_of and sum
  std::vector<std::pair<std::string, std::string>> replace;
  std::map<std::string, std::string, std::less<>> map;
  std::optional<std::string> otherwise;  // for what the map does not have; without it such a row is refused
  std::optional<double> add;
  std::string fallback;  // "default"
  std::string split;     // separator, for a zone's schools
};

struct Condition {
  Value value;
  enum class Test { in, not_in, empty, not_empty } test = Test::in;
  std::vector<std::string> words;
};

enum class GeometryUse { shape, centroid, none };

struct Target {
  const Table* table = nullptr;
  std::string pointer;  // "/targets/0", for messages
  std::string layer;    // empty: the source's only layer
  GeometryUse geometry = GeometryUse::shape;
  std::optional<Value> x, y;                  // a position told by two fields instead
  std::vector<Condition> where;               // all must hold or the row is passed over
  std::vector<Condition> skip;                // none may hold
  std::vector<std::optional<Value>> columns;  // in the order of table->columns
  std::optional<Value> schools;               // zone only: also fills zone_school
};

struct Mapping {
  std::string encoding;             // of the source's text; empty: UTF-8 or what the file declares
  std::string attribution;          // kept in the package
  std::vector<Target> targets;      // a for_each is already expanded
  std::vector<std::string> fields;  // slot -> name of the source's field
  std::map<std::string, std::string, std::less<>> field_pointer;  // name -> where the mapping first names it
};

// `variables` must give a value to each name the mapping lists under "variables", and to no other: {name} then stands
// for it in field names, constants, templates and defaults. Throws InputError(mapping_variable | mapping_open |
// mapping_json | mapping_key | mapping_type | mapping_value, "file#/json/pointer"): unknown and missing members are
// errors.
using Variables = std::map<std::string, std::string, std::less<>>;
Mapping load_mapping(const std::filesystem::path& file, const Variables& variables = {});
Mapping parse_mapping(std::string_view json, const std::string& name, const Variables& variables = {});

}  // namespace catchment::datasets
