// Sites and pairs that no better plan can have, by what they would add to a node's bound.
#include <algorithm>

#include "engine/planning/sites/site_bound.hpp"

namespace catchment::engine::planning {

using State = SiteChoiceState;

// What the bound rises by at least if the site must be open.
double SiteBound::cost_in(SiteIndex s) const {
  if (is_picked_[s]) return 0;
  const bool full = picked_.size() == model_.high;
  if (free_picked_ == 0) return full ? kNever : net_[s];
  return net_[s] - (full ? worst_in_ : std::max(0.0, worst_in_));
}

// The same if a picked site must be shut.
double SiteBound::cost_out(SiteIndex s) const {
  const bool replaced = picked_.size() <= model_.low;
  return (replaced ? best_out_ : std::min(0.0, best_out_)) - net_[s];
}

std::size_t SiteBound::strike_sites(double value, double cost) {
  std::size_t struck = 0;
  std::vector<State> next = node_->state;
  for (SiteIndex s = 0; s < model_.m; ++s) {
    if (next[s] != State::free) continue;
    const double rise = is_picked_[s] ? cost_out(s) : cost_in(s);
    if (rise != kNever && !model_.closes(model_.safe(value + rise), cost)) continue;
    next[s] = is_picked_[s] ? State::open : State::shut;
    ++struck;
  }
  node_->state = std::move(next);
  return struck;
}

// A pair costs what the site loses when the unit takes its seats first.
std::size_t SiteBound::strike_pairs(double value, double cost) {
  std::size_t struck = 0;
  for (SiteIndex s = 0; s < model_.m; ++s) {
    if (node_->state[s] == State::shut) continue;
    std::vector<SeatItem> items = items_[s];
    sort_items(items);
    std::vector<std::size_t> place(model_.n, SIZE_MAX);
    for (std::size_t k = 0; k < items.size(); ++k) place[items[k].unit] = k;
    const double enter = cost_in(s);
    for (std::size_t u = 0; u < model_.n; ++u) {
      if (only_[u] != model_.m || !allows(u, s) || model_.cost_of(u, s) == kNever) continue;
      const double beyond = model_.cost_of(u, s) - node_->price[u];
      const double rest = fill_bound(items, room_[s] - model_.children[u], place[u]);
      const double rise = std::max({0.0, beyond, set_[s] + beyond - rest - net_[s]});
      if (!model_.closes(model_.safe(value + enter + rise), cost)) continue;
      node_->bar(s * model_.n + u);
      ++struck;
    }
  }
  return struck;
}

std::size_t SiteBound::strike(double cost) {
  if (cost == kNever) return 0;
  const double value = evaluate(node_->price);
  const std::size_t struck = strike_sites(value, cost);
  return struck + (model_.limited ? strike_pairs(value, cost) : 0);
}

}  // namespace catchment::engine::planning
