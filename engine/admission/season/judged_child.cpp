#include "engine/admission/season/judged_child.hpp"

namespace catchment::engine::admission {
namespace {

constexpr int kTierWithoutRank = 50;  // behind every tier that a pack names

}  // namespace

void apply_verdict(const policy::PolicyPack& pack, const Eligibility& judged, const OfficeWord& word, RunChild& child) {
  using policy::Route;
  if (!judged.reasons.empty()) child.clause = judged.reasons.front().clause;
  child.deferred = judged.verdict == Verdict::deferred || (word.deferred && pack.deferrals.empty());
  const bool by_office = judged.verdict == Verdict::needs_review || judged.verdict == Verdict::undetermined;
  const bool enters = judged.verdict == Verdict::eligible || child.deferred || (by_office && word.granted);
  const bool found = !judged.category.empty() || child.deferred;
  child.way = !enters || !found                                              ? SeatWay::none
              : judged.route == Route::remaining_seats                       ? SeatWay::points
              : judged.route == Route::zone || judged.route == Route::feeder ? SeatWay::zone
                                                                             : SeatWay::bureau;
  child.tier = kTierWithoutRank;
  for (const policy::Tier& tier : pack.tiers) {
    if (tier.id == judged.tier) child.tier = tier.rank;
  }
}

}  // namespace catchment::engine::admission
