// A plan in memory, as a version of it is stored: its zones, and its indicators kept up while somebody tries changes.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>

#include "engine/planning/city/plan_change.hpp"
#include "engine/planning/city/plan_zones.hpp"
#include "engine/planning/live_plan.hpp"

namespace catchment::plans {

// Safe for threads: who evaluates waits for who evaluates the same plan.
class OpenPlan {
 public:
  OpenPlan(engine::planning::CityPlan in_force, engine::planning::CityPlan plan);

  const engine::planning::CityPlan& plan() const { return plan_; }

  // fn(live) with the indicators of the plan itself, or of the plan after changes that are tried and not kept: what
  // this costs depends on what differs from whatever was asked before. Throws as apply() does.
  template <class F>
  auto evaluate(std::span<const engine::planning::PlanChange> tried, F&& fn) {
    const std::lock_guard lock(mutex_);
    bring(tried);
    return fn(*live_);
  }
  // Of two plans at once; the same plan may be given twice.
  template <class F>
  static auto evaluate_both(OpenPlan& a, OpenPlan& b, F&& fn) {
    std::unique_lock first(a.mutex_, std::defer_lock), second(b.mutex_, std::defer_lock);
    if (&a == &b) {
      first.lock();
    } else {
      std::lock(first, second);
    }
    a.bring({}), b.bring({});
    return fn(*a.live_, *b.live_);
  }

  // Made when first asked for.
  const std::vector<engine::planning::PlanZone>& zones();

 private:
  void bring(std::span<const engine::planning::PlanChange> tried);

  const engine::planning::CityPlan in_force_, plan_;
  std::mutex mutex_;
  std::optional<engine::planning::LivePlan> live_;
  std::once_flag zoned_;
  std::vector<engine::planning::PlanZone> zones_;
};

}  // namespace catchment::plans
