#include "engine/demand/demand_rules.hpp"

#include <algorithm>

namespace catchment::engine::demand {

const StageRule* DemandRules::find(Stage stage) const {
  const auto at = std::ranges::find(stages, stage, &StageRule::stage);
  return at == stages.end() ? nullptr : &*at;
}

}  // namespace catchment::engine::demand
