// The planners' desk of a service: the city that plans speak of, made ready once, and the plans that are open on it.
//
//   PlanDesk desk({package});
//   const auto open = desk.open(record);                     // a stored plan, at the version stored
//   open->evaluate(changes, [](LivePlan& live) { ... });
//
// Every figure depends on the package, its rules and the plan's changes alone, so what is answered here is what
// `catchment plan` prints.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/zone_text/ground.hpp"
#include "geo/input_error.hpp"
#include "server/jobs/once_made.hpp"
#include "server/plans/open_plan.hpp"
#include "server/plans/plan_rows.hpp"

namespace catchment::plans {

struct PlanDeskOptions {
  std::filesystem::path package, rules;  // rules empty: those shipped
  int horizon = 12;
  unsigned threads = 0;       // while the city is made ready
  std::size_t most_open = 8;  // plans whose indicators are kept in memory; the one not asked for longest goes first
  std::chrono::milliseconds patience{5000};  // a caller waits so long for the city
};

struct PlanGround {
  std::shared_ptr<const engine::planning::PlanCity> city;
  engine::planning::CityPlan in_force;  // by the package's zones
  bool has_demand = false;
  bool synthetic = false;
};

// The lines and names that zones are put into words by.
struct WordGround {
  std::unique_ptr<const geo::Gazetteer> names;
  engine::zone_text::Ground ground;
};

// Safe for threads. The city is made ready in a thread of its own when it is first asked for.
class PlanDesk {
 public:
  explicit PlanDesk(PlanDeskOptions options);

  // Throws Refused: 503 plans_not_ready while it is made, 409 plans_unavailable for a package that has none.
  std::shared_ptr<const PlanGround> ground();
  // For who has time, as long as go_on() says so; then null. Throws Refused 409.
  std::shared_ptr<const PlanGround> wait_for_ground(const std::function<bool()>& go_on);

  // Made when first asked for. Throws Refused as ground() does.
  std::shared_ptr<const WordGround> words();

  // The changes of a scenario document, refused by name and place: InputError at `where`/... for its form.
  std::vector<engine::planning::PlanChange> read_changes(const std::string& scenario, const std::string& where) const;
  // The plan that base and scenario make. Throws Refused 422 with the code of engine/planning/city/plan_change.hpp and
  // the member as field; InputError as read_changes; Refused 422 base_unknown.
  engine::planning::CityPlan make(const std::string& base, const std::string& scenario);
  // fn(), whose refusals by apply() become Refused 422 at `where`.
  template <class F>
  static auto named(const std::string& where, F&& fn);

  // Throws Refused as ground() and make() do; 409 plan_base_changed where the package is of another base year now.
  std::shared_ptr<OpenPlan> open(const PlanRecord& plan);
  // The zones in force as a plan.
  std::shared_ptr<OpenPlan> open_in_force();

 private:
  std::shared_ptr<const PlanGround> get_ground(std::chrono::milliseconds patience);
  std::shared_ptr<OpenPlan> keep(std::int64_t number, std::int64_t version,
                                 const std::function<engine::planning::CityPlan()>& make);

  struct Kept {
    std::int64_t version = 0, used = 0;
    std::shared_ptr<OpenPlan> plan;
  };
  PlanDeskOptions options_;
  jobs::OnceMade<const PlanGround> ground_;
  jobs::OnceMade<const WordGround> words_;
  std::mutex mutex_;
  std::map<std::int64_t, Kept> open_;  // by number; 0: the zones in force
  std::int64_t uses_ = 0;
};

// Throws the refusal that an error of apply() is: 422, at where + its member.
[[noreturn]] void refuse_change(const InputError& error, const std::string& where);

template <class F>
auto PlanDesk::named(const std::string& where, F&& fn) {
  try {
    return fn();
  } catch (const InputError& error) {
    refuse_change(error, where);
  }
}

}  // namespace catchment::plans
