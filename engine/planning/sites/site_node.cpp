#include <algorithm>

#include "engine/planning/sites/site_bound.hpp"

namespace catchment::engine::planning {
namespace {

using State = SiteChoiceState;

class Settler {
 public:
  Settler(const SiteModel& model, SiteNode& node, std::vector<SiteIndex>& only)
      : model_(model), node_(node), only_(only) {}

  bool settle() {
    do {
      changed_ = false;
      if (!find_only() || !bar_full() || !count()) return false;
    } while (changed_);
    return true;
  }

 private:
  void set(SiteIndex s, State state) {
    node_.state[s] = state;
    changed_ = true;
  }

  bool find_only() {
    only_.assign(model_.n, static_cast<SiteIndex>(model_.m));
    room_.assign(model_.seats.begin(), model_.seats.end());
    for (std::size_t u = 0; u < model_.n; ++u) {
      std::size_t choices = 0;
      for (const SiteChoice& c : model_.rows.of(u)) {
        if (node_.state[c.site] == State::shut || node_.bars(c.site * model_.n + u)) continue;
        only_[u] = c.site;
        if (++choices == 2) break;
      }
      if (choices == 0) return false;
      if (choices == 2) {
        only_[u] = static_cast<SiteIndex>(model_.m);
        continue;
      }
      room_[only_[u]] -= model_.children[u];
      if (node_.state[only_[u]] == State::free) set(only_[u], State::open);
    }
    return true;
  }

  bool bar_full() {
    if (!model_.limited) return true;
    for (SiteIndex s = 0; s < model_.m; ++s) {
      if (node_.state[s] == State::shut || room_[s] == model_.seats[s]) continue;
      if (room_[s] < 0) return false;
      for (std::size_t u = 0; u < model_.n; ++u) {
        const std::size_t bit = s * model_.n + u;
        if (only_[u] == s || model_.children[u] <= room_[s] || node_.bars(bit)) continue;
        node_.bar(bit);
        changed_ = true;
      }
    }
    return true;
  }

  bool count() {
    std::size_t open = 0, free = 0;
    for (const State s : node_.state) {
      open += s == State::open;
      free += s == State::free;
    }
    if (open > model_.high || open + free < model_.low) return false;
    if (free > 0 && (open == model_.high || open + free == model_.low)) {
      const State rest = open == model_.high ? State::shut : State::open;
      for (SiteIndex s = 0; s < model_.m; ++s) {
        if (node_.state[s] == State::free) set(s, rest);
      }
      return true;
    }
    return seats_suffice(model_.high - open);
  }

  // The open sites and the largest free ones.
  bool seats_suffice(std::size_t more) {
    if (!model_.limited) return true;
    long need = 0;
    for (const int c : model_.children) need += c;
    std::vector<int> seats;
    for (SiteIndex s = 0; s < model_.m; ++s) {
      if (node_.state[s] == State::open) need -= model_.seats[s];
      if (node_.state[s] == State::free) seats.push_back(model_.seats[s]);
    }
    std::ranges::sort(seats, std::greater<>{});
    for (std::size_t k = 0; k < std::min(more, seats.size()); ++k) need -= seats[k];
    return need <= 0;
  }

  const SiteModel& model_;
  SiteNode& node_;
  std::vector<SiteIndex>& only_;
  std::vector<long> room_;
  bool changed_ = false;
};

}  // namespace

bool settle(const SiteModel& model, SiteNode& node, std::vector<SiteIndex>& only) {
  return Settler(model, node, only).settle();
}

}  // namespace catchment::engine::planning
