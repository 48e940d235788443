// What a plan is judged by: figures of one stage and entry year, each with unit, direction and meaning.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/planning/indicators/year_tally.hpp"

namespace catchment::engine::planning {

enum class Better { lower, higher };

// A figure, or why there is none. A figure may have a remark: whom it leaves out.
struct IndicatorValue {
  std::optional<double> value;
  std::string_view remark;

  bool operator==(const IndicatorValue&) const = default;
};

// What figures need besides the tally.
struct IndicatorFacts {
  int draws = 0;                        // 0: nothing was forecast, demand is the children expected
  std::optional<double> sibling_share;  // of entering children, with an elder sibling at the school; nobody: not known
  int grades = 6;                       // of the stage
  bool history = false;                 // whether it is known how often units were rezoned
  bool walks = false;                   // whether walks were reckoned
  bool has_feeders = false;             // whether the stage has one before it
};

struct Indicator {
  std::string_view id;
  std::string_view unit;
  Better better = Better::lower;
  std::string_view meaning;     // one line of English
  std::string_view meaning_zh;  // the same in Chinese
  IndicatorValue (*of)(const YearTally& tally, const IndicatorFacts& facts) = nullptr;
};

// In the order they are shown.
std::span<const Indicator> indicators();

std::string_view to_word(Better better);

}  // namespace catchment::engine::planning
