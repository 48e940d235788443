#include "engine/planning/city/city_plan.hpp"

#include <algorithm>

namespace catchment::engine::planning {

CityPlan::CityPlan(std::shared_ptr<const PlanCity> city)
    : city_(std::move(city)),
      sets_(std::make_shared<const std::vector<SchoolSet>>()),
      locks_(std::make_shared<const std::map<UnitIndex, UnitLock>>()) {
  auto blocks = std::make_shared<Blocks>();
  blocks->per_stage = (city_->units.size() + kBlock - 1) / kBlock;
  const auto empty = std::make_shared<const Block>(Block{std::vector<AnswerIndex>(kBlock * city_->years, kNobody)});
  blocks->list.assign(blocks->per_stage * city_->stages.size(), empty);
  blocks_ = std::move(blocks);
}

std::span<const SchoolIndex> CityPlan::schools_of(UnitIndex unit, StageIndex stage, YearIndex year) const {
  const Block& block = *blocks_->list[stage * blocks_->per_stage + unit / kBlock];
  const AnswerIndex& a = block.answers[(unit % kBlock) * city_->years + year];
  if (a < kFirstSet) return {&a, 1};
  return schools_of(a);
}

std::span<const SchoolIndex> CityPlan::schools_of(AnswerIndex a) const {
  if (a == kNobody || a < kFirstSet) return {};
  return set_of(a).schools;
}

std::vector<const AppliedChange*> CityPlan::history() const {
  std::vector<const AppliedChange*> list;
  for (const CityPlan* plan = this; plan != nullptr; plan = plan->parent()) {
    if (plan->made_by() != nullptr) list.push_back(plan->made_by());
  }
  std::ranges::reverse(list);
  return list;
}

CityPlan CityPlan::edited(std::span<const AnswerEdit> edits) const {
  CityPlan plan = *this;
  plan.parent_.reset(), plan.made_by_.reset();
  auto blocks = std::make_shared<Blocks>(*blocks_);
  std::vector<Block*> own(blocks->list.size(), nullptr);
  for (const AnswerEdit& e : edits) {
    const std::size_t at = e.stage * blocks->per_stage + e.unit / kBlock;
    if (own[at] == nullptr) {
      auto copy = std::make_shared<Block>(*blocks->list[at]);
      own[at] = copy.get();
      blocks->list[at] = std::move(copy);
    }
    const auto first = own[at]->answers.begin() + static_cast<std::ptrdiff_t>((e.unit % kBlock) * city_->years);
    std::fill(first + e.from, first + e.to, e.answer);
  }
  plan.blocks_ = std::move(blocks);
  return plan;
}

std::pair<CityPlan, AnswerIndex> CityPlan::with_set(SchoolSet set) const {
  std::ranges::sort(set.schools);
  set.schools.erase(std::unique(set.schools.begin(), set.schools.end()), set.schools.end());
  if (set.schools.empty()) return {*this, kNobody};
  if (set.schools.size() == 1) return {*this, set.schools.front()};
  const auto at = std::ranges::find(*sets_, set);
  const auto number = kFirstSet + static_cast<AnswerIndex>(at - sets_->begin());
  if (at != sets_->end()) return {*this, number};
  auto sets = std::make_shared<std::vector<SchoolSet>>(*sets_);
  sets->push_back(std::move(set));
  CityPlan plan = *this;
  plan.sets_ = std::move(sets);
  return {std::move(plan), number};
}

CityPlan CityPlan::with_lock(UnitIndex unit, const UnitLock* lock) const {
  auto locks = std::make_shared<std::map<UnitIndex, UnitLock>>(*locks_);
  if (lock == nullptr) {
    locks->erase(unit);
  } else {
    locks->insert_or_assign(unit, *lock);
  }
  CityPlan plan = *this;
  plan.locks_ = std::move(locks);
  return plan;
}

CityPlan CityPlan::on_city(std::shared_ptr<const PlanCity> city) const {
  CityPlan plan = *this;
  const std::size_t stages = city->stages.size();
  auto blocks = std::make_shared<Blocks>();
  blocks->per_stage = (city->units.size() + kBlock - 1) / kBlock;
  const auto empty = std::make_shared<const Block>(Block{std::vector<AnswerIndex>(kBlock * city->years, kNobody)});
  blocks->list.assign(blocks->per_stage * stages, empty);
  for (std::size_t k = 0; k < stages; ++k) {
    std::copy_n(blocks_->list.begin() + static_cast<std::ptrdiff_t>(k * blocks_->per_stage), blocks_->per_stage,
                blocks->list.begin() + static_cast<std::ptrdiff_t>(k * blocks->per_stage));
  }
  plan.blocks_ = std::move(blocks);
  plan.city_ = std::move(city);
  return plan;
}

CityPlan CityPlan::made_from(const CityPlan& parent, AppliedChange change) const {
  CityPlan plan = *this;
  plan.parent_ = std::make_shared<const CityPlan>(parent);
  plan.made_by_ = std::make_shared<const AppliedChange>(std::move(change));
  return plan;
}

namespace {

// Whether answers of two plans mean the same.
bool same_answer(const CityPlan& p, AnswerIndex a, const CityPlan& q, AnswerIndex b) {
  if (a < kFirstSet || b < kFirstSet || a == kNobody || b == kNobody) return a == b;
  return p.set_of(a) == q.set_of(b);
}

}  // namespace

bool CityPlan::same_answers(const CityPlan& other) const {
  if (city_ != other.city_ || *locks_ != *other.locks_) return false;
  return differences(*this, other).empty();
}

std::vector<AnswerEdit> differences(const CityPlan& before, const CityPlan& after) {
  const PlanCity& city = after.city();
  const std::size_t known = before.city().units.size();
  // One list of sets begins with the other: equal numbers mean equal sets, and shared blocks equal answers.
  const bool one_family =
      before.sets_ == after.sets_ ||
      std::equal(
          before.sets_->begin(),
          before.sets_->begin() + static_cast<std::ptrdiff_t>(std::min(before.sets_->size(), after.sets_->size())),
          after.sets_->begin());
  std::vector<AnswerEdit> list;
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (!city.units[u].in_force) continue;
    UnitIndex was = u;
    while (was >= known && !city.units[was].made_of.empty()) was = city.units[was].made_of.front();
    for (StageIndex k = 0; k < city.stages.size(); ++k) {
      const auto& mine = after.blocks_->list[k * after.blocks_->per_stage + u / CityPlan::kBlock];
      const bool same_block =
          was == u && u < known && before.blocks_->list[k * before.blocks_->per_stage + u / CityPlan::kBlock] == mine;
      if (same_block && one_family) continue;
      for (YearIndex y = 0; y < city.years; ++y) {
        const AnswerIndex now = after.answer(u, k, y);
        if (was < known && same_answer(before, before.answer(was, k, y), after, now)) continue;
        if (!list.empty() && list.back().unit == u && list.back().stage == k && list.back().to == y &&
            list.back().answer == now) {
          list.back().to = y + 1;
        } else {
          list.push_back({u, k, y, y + 1, now});
        }
      }
    }
  }
  return list;
}

}  // namespace catchment::engine::planning
