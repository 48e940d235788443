#include <algorithm>
#include <cmath>

#include "engine/planning/sites/site_search.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::size_t kNear = 12;    // open sites a unit may pass to
constexpr std::uint32_t kSeatLook = 64;  // units between two looks at the clock
constexpr int kDearer = 8;           // times the price of a missing seat is doubled before a start is given up

class SeatSearch : public SiteSearch {
 public:
  SeatSearch(const SiteModel& model, std::uint64_t seed, std::function<bool()> stop)
      : SiteSearch(model, seed, std::move(stop)) {
    double total = 0;
    for (const int c : model.children) total += c;
    first_price_ = std::max(1e-9, model.ceiling / std::max(1.0, total) / 4);
  }

  void descend_from(const std::vector<SiteIndex>& open, const std::vector<SiteIndex>& taken_by) override {
    open_.assign(model_.m, 0);
    for (const SiteIndex s : open) open_[s] = 1;
    descend(taken_by);
  }

  void shake() override {
    if (best_.open.empty()) return;
    open_ = changed(1 + static_cast<int>(random_.below(2)));
    descend(best_.site_of);
  }

 private:
  double over(std::size_t s, long load) const {
    return load > model_.seats[s] ? seat_price_ * static_cast<double>(load - model_.seats[s]) : 0;
  }

  void descend(const std::vector<SiteIndex>& hint) {
    seat_price_ = first_price_;
    if (!find_near() || !place(hint)) return;
    for (int dearer = 0; dearer < kDearer && !stop_();) {
      pass_units();
      if (!legal()) {
        seat_price_ *= 2;
        ++dearer;
      } else {
        offer(open_, site_of_);
        if (!move_sites() || !find_near()) return;
      }
    }
  }

  bool legal() const {
    for (std::size_t s = 0; s < model_.m; ++s) {
      if (load_[s] > model_.seats[s]) return false;
    }
    return true;
  }

  bool find_near() {
    near_.assign(model_.n, {});
    for (std::size_t u = 0; u < model_.n; ++u) {
      for (const SiteChoice& c : model_.rows.of(u)) {
        if (open_[c.site]) near_[u].push_back(c);
        if (near_[u].size() == kNear) break;
      }
      if (near_[u].empty()) return false;
    }
    return true;
  }

  void put(std::uint32_t u, SiteIndex s) {
    site_of_[u] = s;
    place_[u] = members_[s].size();
    members_[s].push_back(u);
    load_[s] += model_.children[u];
  }

  void take(std::uint32_t u) {
    auto& list = members_[site_of_[u]];
    load_[site_of_[u]] -= model_.children[u];
    place_[list.back()] = place_[u];
    list[place_[u]] = list.back();
    list.pop_back();
  }

  // Units where the hint has them, as far as there are seats; then those first that lose most at their second choice.
  bool place(const std::vector<SiteIndex>& hint) {
    const auto none = static_cast<SiteIndex>(model_.m);
    site_of_.assign(model_.n, none);
    place_.assign(model_.n, 0);
    members_.assign(model_.m, {});
    load_.assign(model_.m, 0);
    std::vector<std::pair<double, std::uint32_t>> order;
    for (std::uint32_t u = 0; u < model_.n; ++u) {
      const SiteIndex s = hint[u];
      if (s != none && open_[s] && model_.cost_of(u, s) != kNever && load_[s] + model_.children[u] <= model_.seats[s]) {
        put(u, s);
      } else {
        const auto& near = near_[u];
        order.emplace_back(near.size() > 1 ? near[0].cost - near[1].cost : -model_.ceiling, u);
      }
    }
    std::ranges::sort(order);
    for (const auto& [regret, u] : order) {
      const SiteChoice* best = nullptr;
      double least = kNever;
      for (const SiteChoice& c : near_[u]) {
        const double cost = c.cost + over(c.site, load_[c.site] + model_.children[u]) - over(c.site, load_[c.site]);
        if (cost < least) least = cost, best = &c;
      }
      put(u, best->site);
    }
    return true;
  }

  double shift_cost(std::uint32_t u, SiteIndex b) const {
    const SiteIndex a = site_of_[u];
    const int w = model_.children[u];
    return model_.cost_of(u, b) - model_.cost_of(u, a) + over(b, load_[b] + w) - over(b, load_[b]) +
           over(a, load_[a] - w) - over(a, load_[a]);
  }

  double swap_cost(std::uint32_t u, std::uint32_t v) const {
    const SiteIndex a = site_of_[u], b = site_of_[v];
    const int more = model_.children[u] - model_.children[v];
    return model_.cost_of(u, b) - model_.cost_of(u, a) + model_.cost_of(v, a) - model_.cost_of(v, b) +
           over(b, load_[b] + more) - over(b, load_[b]) + over(a, load_[a] - more) - over(a, load_[a]);
  }

  // Whether a unit passed to another site, alone or for one that comes back.
  bool pass_unit(std::uint32_t u) {
    const double least = -1e-12 * (1 + model_.ceiling);
    for (const SiteChoice& c : near_[u]) {
      const SiteIndex a = site_of_[u];
      if (c.site == a) continue;
      if (shift_cost(u, c.site) < least) {
        take(u);
        put(u, c.site);
        return true;
      }
      for (const std::uint32_t v : members_[c.site]) {
        if (!(swap_cost(u, v) < least)) continue;
        take(u);
        take(v);
        put(u, c.site);
        put(v, a);
        return true;
      }
    }
    return false;
  }

  void pass_units() {
    std::size_t idle = 0;
    for (std::uint32_t u = 0; idle < model_.n && (u % kSeatLook != 0 || !stop_()); u = u + 1 == model_.n ? 0 : u + 1) {
      idle = pass_unit(u) ? 0 : idle + 1;
    }
  }

  // Moves sites to where their zone as it is has a shorter way.
  bool move_sites() {
    bool moved = false;
    for (SiteIndex a = 0; a < model_.m; ++a) {
      if (!open_[a] || model_.fixed[a]) continue;
      const auto cost_at = [&](SiteIndex s, double most) {
        double cost = model_.opening[s];
        for (std::size_t k = 0; k < members_[a].size() && cost < most; ++k) cost += model_.cost_of(members_[a][k], s);
        return cost;
      };
      SiteIndex best = a;
      double least = cost_at(a, kNever) - 1e-12 * (1 + model_.ceiling);
      for (SiteIndex s = 0; s < model_.m; ++s) {
        if (open_[s] || load_[a] > model_.seats[s]) continue;
        if (const double cost = cost_at(s, kNever); cost < least) least = cost, best = s;
      }
      if (best == a) continue;
      open_[a] = 0;
      open_[best] = 1;
      const std::vector<std::uint32_t> zone = members_[a];
      for (const std::uint32_t u : zone) take(u);
      for (const std::uint32_t u : zone) put(u, best);
      moved = true;
    }
    return moved;
  }

  double first_price_ = 0, seat_price_ = 0;  // of a child without a seat
  std::vector<char> open_;
  std::vector<std::vector<SiteChoice>> near_;  // of units: open sites, cheapest first
  std::vector<SiteIndex> site_of_;
  std::vector<std::size_t> place_;  // of units in their site's list
  std::vector<std::vector<std::uint32_t>> members_;
  std::vector<long> load_;
};

}  // namespace

std::unique_ptr<SiteSearch> make_seat_search(const SiteModel& model, std::uint64_t seed, std::function<bool()> stop) {
  return std::make_unique<SeatSearch>(model, seed, std::move(stop));
}

}  // namespace catchment::engine::planning
