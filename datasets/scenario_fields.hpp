// What every scenario file says in the same words, of demand and of boundary plans alike.
#pragma once

#include <array>
#include <string_view>

#include "datasets/strict_json.hpp"
#include "engine/model.hpp"

namespace catchment::datasets {

inline constexpr std::array<std::string_view, 4> kHousingKinds{"commodity", "resettlement", "public_rental", "other"};
inline constexpr int kMostDwellings = 1'000'000;  // of a project

// A school year's first calendar year. Throws InputError as JsonNode does; so does read_stage.
inline int read_year(const JsonNode& node) { return node.whole(1900, 2200); }

inline engine::Stage read_stage(const JsonNode& node) {
  const auto stage = engine::find_stage(node.text());
  if (!stage) node.fail("value", "must be primary, junior or senior");
  return *stage;
}

}  // namespace catchment::datasets
