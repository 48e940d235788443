#include "server/plans/plan_desk.hpp"

#include "datasets/city_ground.hpp"
#include "datasets/city_names.hpp"
#include "datasets/plan_scenario.hpp"
#include "server/desk/refused.hpp"
#include "server/plans/plan_ground.hpp"

namespace catchment::plans {
namespace {

using namespace engine::planning;
using desk::Refused;

std::shared_ptr<const PlanGround> make_ground(const PlanDeskOptions& options,
                                              const std::function<bool(double)>& go_on) {
  const auto package = datasets::CityPackage::open(options.package);
  GroundChoice choice;
  choice.package = options.package, choice.rules = options.rules, choice.horizon = options.horizon;
  choice.threads = options.threads, choice.progress = go_on;
  auto city = load_ground(package, choice);
  if (!city) return nullptr;
  CityPlan in_force = datasets::plan_of_zones(package, city).plan;
  return std::make_shared<const PlanGround>(
      PlanGround{std::move(city), std::move(in_force), !package.enrolment().empty(), package.synthetic()});
}

std::shared_ptr<const WordGround> make_word_ground(const PlanDeskOptions& options) {
  const auto package = datasets::CityPackage::open(options.package);
  auto names = std::make_unique<const geo::Gazetteer>(datasets::open_names("", package));
  engine::zone_text::Ground ground = datasets::build_ground(package, *names);
  return std::make_shared<const WordGround>(WordGround{std::move(names), std::move(ground)});
}

// What follows "where: " in an error's text.
std::string message_of(const InputError& error) {
  return std::string(error.what()).substr(error.where.empty() ? 0 : error.where.size() + 2);
}

}  // namespace

PlanDesk::PlanDesk(PlanDeskOptions options)
    : options_(std::move(options)),
      ground_([this](const std::function<bool(double)>& go_on) { return make_ground(options_, go_on); }),
      words_([this](const std::function<bool(double)>&) { return make_word_ground(options_); }) {}

std::shared_ptr<const PlanGround> PlanDesk::get_ground(std::chrono::milliseconds patience) {
  try {
    return ground_.get(patience);
  } catch (const InputError& error) {
    throw Refused(409, "plans_unavailable", std::string("This city cannot be planned: ") + message_of(error));
  }
}

std::shared_ptr<const PlanGround> PlanDesk::wait_for_ground(const std::function<bool()>& go_on) {
  while (go_on()) {
    if (auto made = get_ground(std::chrono::milliseconds(100))) return made;
  }
  return nullptr;
}

std::shared_ptr<const PlanGround> PlanDesk::ground() {
  if (auto made = get_ground(options_.patience)) return made;
  throw Refused(503, "plans_not_ready", "The city is being made ready for plans: try again in a few seconds.");
}

std::shared_ptr<const WordGround> PlanDesk::words() {
  if (auto made = words_.get(options_.patience)) return made;
  throw Refused(503, "plans_not_ready", "The city is being made ready for notices: try again in a few seconds.");
}

std::vector<PlanChange> PlanDesk::read_changes(const std::string& scenario, const std::string& where) const {
  if (scenario == "[]") return {};  // a plan may begin with none; a file of none is a slip
  try {
    return datasets::parse_plan_scenario(scenario, where);
  } catch (const InputError& error) {
    std::string place = error.where;
    if (const std::size_t hash = place.find('#'); hash != std::string::npos) place.erase(hash, 1);
    throw InputError(error.code, place, message_of(error));
  }
}

void refuse_change(const InputError& error, const std::string& where) {
  // "changes/2/units/0", as apply() says, is where + "/2/units/0".
  std::string place = datasets::plan_scenario_place(error.where, where);
  if (const std::size_t hash = place.find('#'); hash != std::string::npos) place.erase(hash, 1);
  throw Refused(422, error.code, message_of(error), "", place);
}

CityPlan PlanDesk::make(const std::string& base, const std::string& scenario) {
  const auto ground = this->ground();
  const std::vector<PlanChange> changes = read_changes(scenario, "/scenario");
  const CityPlan start = [&] {
    if (base.empty()) return ground->in_force;
    try {
      return datasets::plan_of_package(datasets::CityPackage::open(options_.package), ground->city, base).plan;
    } catch (const InputError& error) {
      throw Refused(422, "base_unknown", message_of(error), "", "/base");
    }
  }();
  return named("/scenario", [&] { return engine::planning::apply(start, changes); });
}

std::shared_ptr<OpenPlan> PlanDesk::keep(std::int64_t number, std::int64_t version,
                                         const std::function<CityPlan()>& make_plan) {
  const auto ground = this->ground();
  {
    const std::lock_guard lock(mutex_);
    const auto at = open_.find(number);
    if (at != open_.end() && at->second.version == version) {
      at->second.used = ++uses_;
      return at->second.plan;
    }
  }
  auto made = std::make_shared<OpenPlan>(ground->in_force, make_plan());
  const std::lock_guard lock(mutex_);
  Kept& kept = open_[number];
  if (kept.plan == nullptr || kept.version < version) kept.version = version, kept.plan = made;
  kept.used = ++uses_;
  if (kept.version == version) made = kept.plan;  // another caller may have been quicker
  while (open_.size() > options_.most_open) {
    auto oldest = open_.begin();
    for (auto at = open_.begin(); at != open_.end(); ++at) {
      if (at->second.used < oldest->second.used) oldest = at;
    }
    open_.erase(oldest);
  }
  return made;
}

std::shared_ptr<OpenPlan> PlanDesk::open(const PlanRecord& plan) {
  const auto ground = this->ground();
  if (plan.base_year != ground->city->base_year)
    throw Refused(409, "plan_base_changed",
                  "This plan was made after school year " + std::to_string(plan.base_year) + ", and the city is of " +
                      std::to_string(ground->city->base_year) + " now.");
  return keep(plan.number, plan.version, [&] { return make(plan.base, plan.scenario); });
}

std::shared_ptr<OpenPlan> PlanDesk::open_in_force() {
  return keep(0, 0, [this] { return ground()->in_force; });
}

}  // namespace catchment::plans
