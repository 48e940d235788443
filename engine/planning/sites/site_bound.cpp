#include "engine/planning/sites/site_bound.hpp"

#include <algorithm>
#include <cmath>
#include <queue>

namespace catchment::engine::planning {
namespace {

constexpr double kRecent = 0.1;   // weight of a step in the shares
constexpr double kNoPlan = 1.05;  // of the bound: what a plan may cost while there is none

}  // namespace

SiteBound::SiteBound(const SiteModel& model)
    : model_(model), rows_(model.rows), items_(model.m), takes_(model.m), is_picked_(model.m, 0) {}

void SiteBound::enter(SiteNode& node, const std::vector<SiteIndex>& only, double step_length, int patience) {
  node_ = &node;
  only_ = only;
  price_ = node.price;
  heading_.assign(model_.n, 0);
  best_ = -kNever;
  length_ = step_length;
  patience_ = patience;
  idle_ = 0;
  norm_ = 1;
  shares_.assign(model_.m, 0);
  conflicts_.assign(model_.n, 0);
  room_.assign(model_.seats.begin(), model_.seats.end());
  set_ = model_.opening;
  for (std::size_t u = 0; u < model_.n; ++u) {
    if (only_[u] == model_.m) continue;
    room_[only_[u]] -= model_.children[u];
    set_[only_[u]] += model_.cost_of(u, only_[u]);
  }
}

// Each site's net cost, as if it had seats for all it would take.
void SiteBound::sweep(const std::vector<double>& price) {
  net_ = set_;
  known_.assign(model_.m, model_.limited ? Known::loose : Known::exact);
  if (model_.limited) {
    for (auto& list : items_) list.clear();
  }
  for (std::size_t u = 0; u < model_.n; ++u) {
    if (only_[u] != model_.m) continue;
    for (const SiteChoice& c : rows_.of(u)) {
      if (c.cost >= price[u]) break;
      if (!allows(u, c.site)) continue;
      net_[c.site] += c.cost - price[u];
      if (model_.limited)
        items_[c.site].push_back({price[u] - c.cost, model_.children[u], static_cast<std::uint32_t>(u)});
    }
  }
}

// Makes the net cost one step better known.
void SiteBound::refine(SiteIndex s) {
  std::vector<SeatItem>& items = items_[s];
  takes_[s].clear();
  if (known_[s] == Known::loose) {
    long wanted = 0;
    for (const SeatItem& item : items) wanted += item.seats;
    if (wanted <= room_[s]) {
      for (const SeatItem& item : items) takes_[s].push_back(item.unit);
      known_[s] = Known::exact;
      return;
    }
    sort_items(items);
    net_[s] = set_[s] - fill_bound(items, room_[s]);
    known_[s] = Known::cut;
    return;
  }
  net_[s] = set_[s] - knapsack_.fill(items, room_[s]);
  takes_[s] = knapsack_.taken();
  known_[s] = Known::exact;
}

// The cheapest sites that the node and the counts allow; only those need be known exactly. Returns their net costs.
double SiteBound::pick() {
  using Entry = std::pair<double, SiteIndex>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  double sum = 0;
  picked_.clear();
  std::ranges::fill(is_picked_, 0);
  const auto take = [&](SiteIndex s) {
    sum += net_[s];
    picked_.push_back(s);
    is_picked_[s] = 1;
  };
  for (SiteIndex s = 0; s < model_.m; ++s) {
    if (node_->state[s] == SiteChoiceState::open) {
      while (known_[s] != Known::exact) refine(s);
      take(s);
    } else if (node_->state[s] == SiteChoiceState::free) {
      queue.emplace(net_[s], s);
    }
  }
  const std::size_t set = picked_.size();
  worst_in_ = -kNever;
  while (!queue.empty() && picked_.size() < model_.high) {
    const auto [net, s] = queue.top();
    if (net >= 0 && picked_.size() >= model_.low) break;
    queue.pop();
    if (known_[s] != Known::exact) {
      refine(s);
      queue.emplace(net_[s], s);
      continue;
    }
    take(s);
    worst_in_ = net;
  }
  free_picked_ = picked_.size() - set;
  best_out_ = queue.empty() ? kNever : queue.top().first;
  std::ranges::sort(picked_);
  return sum;
}

void SiteBound::find_slope(const std::vector<double>& price) {
  slope_.assign(model_.n, 1);
  if (model_.limited) {
    for (const SiteIndex s : picked_) {
      for (const std::uint32_t u : takes_[s]) slope_[u] -= 1;
    }
  }
  norm_ = 0;
  for (std::size_t u = 0; u < model_.n; ++u) {
    if (only_[u] != model_.m) {
      slope_[u] = 0;
      continue;
    }
    if (!model_.limited) {
      for (const SiteChoice& c : rows_.of(u)) {
        if (c.cost >= price[u]) break;
        slope_[u] -= is_picked_[c.site];
      }
    }
    norm_ += slope_[u] * slope_[u];
  }
}

double SiteBound::evaluate(const std::vector<double>& price) {
  double value = model_.base;
  for (std::size_t u = 0; u < model_.n; ++u) {
    if (only_[u] == model_.m) value += price[u];
  }
  sweep(price);
  value += pick();
  find_slope(price);
  return value;
}

void SiteBound::remember() {
  for (std::size_t s = 0; s < model_.m; ++s) shares_[s] += kRecent * (is_picked_[s] - shares_[s]);
  for (std::size_t u = 0; u < model_.n; ++u) conflicts_[u] += kRecent * (std::abs(slope_[u]) - conflicts_[u]);
}

// One step along a heading that keeps of the last what does not oppose the slope (Camerini, Fratta, Maffioli 1975).
void SiteBound::move(double value, double target) {
  double along = 0, last = 0;
  for (std::size_t u = 0; u < model_.n; ++u) {
    along += slope_[u] * heading_[u];
    last += heading_[u] * heading_[u];
  }
  const double keep = along < 0 && last > 0 ? -1.5 * along / last : 0;
  double norm = 0;
  for (std::size_t u = 0; u < model_.n; ++u) {
    heading_[u] = slope_[u] + keep * heading_[u];
    norm += heading_[u] * heading_[u];
  }
  if (norm <= 0) {
    heading_ = slope_;
    norm = norm_;
  }
  if (target == kNever) target = best_ + (kNoPlan - 1) * std::max(1.0, std::abs(best_));
  const double stride = length_ * std::max(target - value, 1e-6 * (1 + std::abs(target))) / norm;
  for (std::size_t u = 0; u < model_.n; ++u) price_[u] += stride * heading_[u];
}

void SiteBound::improve(int steps, double cost, double target) {
  for (int k = 0; k < steps && !stalled(); ++k) {
    double value = evaluate(price_);
    remember();
    if (value > best_ + 1e-6 * std::abs(best_) || best_ == -kNever) {
      idle_ = 0;
    } else if (++idle_ >= patience_) {
      idle_ = 0;
      length_ /= 2;
    }
    if (value > best_) {
      best_ = value;
      node_->price = price_;
      node_->bound = std::max(node_->bound, model_.safe(value));
    }
    if (is_plan() || model_.closes(node_->bound, cost)) return;
    if (idle_ == 0 && value < best_) {  // shorter steps begin at the best prices
      price_ = node_->price;
      std::ranges::fill(heading_, 0);
      value = evaluate(price_);
    }
    move(value, target);
  }
}

std::vector<SiteIndex> SiteBound::taken_by() const {
  std::vector<SiteIndex> by = only_;
  for (const SiteIndex s : picked_) {
    if (model_.limited) {
      for (const std::uint32_t u : takes_[s]) {
        if (by[u] == model_.m || model_.cost_of(u, s) < model_.cost_of(u, by[u])) by[u] = s;
      }
    }
  }
  if (model_.limited) return by;
  for (std::size_t u = 0; u < model_.n; ++u) {
    for (const SiteChoice& c : rows_.of(u)) {
      if (by[u] != model_.m) break;
      if (is_picked_[c.site]) by[u] = c.site;
    }
  }
  return by;
}

SiteIndex SiteBound::likely_site(const SiteNode& node, std::size_t unit) const {
  auto best = static_cast<SiteIndex>(model_.m);
  int rank = 3;
  for (const SiteChoice& c : rows_.of(unit)) {
    if (node.state[c.site] == SiteChoiceState::shut || node.bars(c.site * model_.n + unit)) continue;
    const bool takes = is_picked_[c.site] && std::ranges::count(takes_[c.site], unit) > 0;
    const int mine = takes ? 0 : is_picked_[c.site] ? 1 : 2;
    if (mine < rank) rank = mine, best = c.site;
  }
  return best;
}

void SiteBound::narrow(const SiteNode& node) {
  ChoiceRows rows;
  rows.begin.assign(1, 0);
  for (std::size_t u = 0; u < model_.n; ++u) {
    for (const SiteChoice& c : rows_.of(u)) {
      if (node.state[c.site] == SiteChoiceState::shut || node.bars(c.site * model_.n + u)) continue;
      rows.choices.push_back(c);
    }
    rows.begin.push_back(rows.choices.size());
  }
  rows_ = std::move(rows);
}

}  // namespace catchment::engine::planning
