#include <algorithm>
#include <cmath>

#include "engine/planning/sites/site_search.hpp"

namespace catchment::engine::planning {

void SiteSearch::offer(const std::vector<SiteIndex>& open, const std::vector<SiteIndex>& site_of) {
  double cost = model_.base;
  for (const SiteIndex s : open) cost += model_.opening[s];
  for (std::size_t u = 0; u < model_.n; ++u) cost += model_.cost_of(u, site_of[u]);
  if (open.size() >= model_.low && open.size() <= model_.high && cost < best_.cost) best_ = {cost, open, site_of};
}

void SiteSearch::offer(const std::vector<char>& open, const std::vector<SiteIndex>& site_of) {
  std::vector<SiteIndex> list;
  for (SiteIndex s = 0; s < model_.m; ++s) {
    if (open[s]) list.push_back(s);
  }
  offer(list, site_of);
}

std::vector<char> SiteSearch::changed(int times) {
  std::vector<char> open(model_.m, 0);
  for (const SiteIndex s : best_.open) open[s] = 1;
  std::size_t count = best_.open.size();
  const auto any = [&](bool state) -> std::size_t {  // a random site of this state, fixed ones apart, or m
    for (int tries = 0; tries < 200; ++tries) {
      const std::size_t s = random_.below(static_cast<std::uint32_t>(model_.m));
      if ((open[s] != 0) == state && !model_.fixed[s]) return s;
    }
    return model_.m;
  };
  for (int k = 0; k < times; ++k) {
    const std::uint32_t turn = random_.below(4);
    const std::size_t in = any(false), out = any(true);
    if (in == model_.m && out == model_.m) break;
    const bool more = turn == 0 && count < model_.high, fewer = turn == 1 && count > model_.low;
    if (in != model_.m && (more || (out != model_.m && !fewer))) open[in] = 1, ++count;
    if (out != model_.m && (fewer || (in != model_.m && !more))) open[out] = 0, --count;
  }
  return open;
}

namespace {

constexpr std::size_t kLook = 16;  // sites between two looks at the clock

class ExchangeSearch : public SiteSearch {
 public:
  ExchangeSearch(const SiteModel& model, std::uint64_t seed, std::function<bool()> stop)
      : SiteSearch(model, seed, std::move(stop)) {
    missing_ = 1 + model.ceiling;
    for (const double c : model.opening) missing_ += std::abs(c);
  }

  void descend_from(const std::vector<SiteIndex>& open, const std::vector<SiteIndex>& /*taken_by*/) override {
    open_.assign(model_.m, 0);
    for (const SiteIndex s : open) open_[s] = 1;
    descend();
  }

  void shake() override {
    if (best_.open.empty()) return;
    open_ = changed(2 + static_cast<int>(random_.below(static_cast<std::uint32_t>(2 + best_.open.size() / 10))));
    descend();
  }

 private:
  struct Nearest {
    SiteIndex first = 0, second = 0;         // m: none
    double first_cost = 0, second_cost = 0;  // missing_: none
  };

  void look(std::size_t u) {
    const auto none = static_cast<SiteIndex>(model_.m);
    Nearest& at = nearest_[u];
    at = {none, none, missing_, missing_};
    for (const SiteChoice& c : model_.rows.of(u)) {
      if (!open_[c.site]) continue;
      if (at.first != none) {
        at.second = c.site;
        at.second_cost = c.cost;
        return;
      }
      at.first = c.site;
      at.first_cost = c.cost;
    }
  }

  // What the plan costs more with `in` open and the best site out, or none: out = m. in = m: only a site out.
  struct Change {
    double cost = 0;
    std::size_t in = 0, out = 0;
  };

  Change best_change(std::size_t in) {
    const std::size_t none = model_.m;
    loss_.assign(model_.m, 0);
    double gain = 0;
    const double* column = in == none ? nullptr : model_.cost.data() + in * model_.n;
    for (std::size_t u = 0; u < model_.n; ++u) {
      const Nearest& at = nearest_[u];
      const double c = column ? column[u] : kNever;
      if (c < at.first_cost) {
        gain += at.first_cost - c;
      } else if (at.first != none) {
        loss_[at.first] += std::min(c, at.second_cost) - at.first_cost;
      }
    }
    const double entry = in == none ? 0 : model_.opening[in] - gain;
    const std::size_t now = count_ + (in == none ? 0 : 1);
    Change best{now > count_ && now <= model_.high ? entry : kNever, in, none};
    if (now - 1 < model_.low) return best;
    for (std::size_t s = 0; s < model_.m; ++s) {
      if (!open_[s] || model_.fixed[s]) continue;
      const double cost = entry - model_.opening[s] + loss_[s];
      if (cost < best.cost) best = {cost, in, s};
    }
    return best;
  }

  void apply(const Change& change) {
    if (change.in != model_.m) open_[change.in] = 1, ++count_;
    if (change.out != model_.m) open_[change.out] = 0, --count_;
    for (std::size_t u = 0; u < model_.n; ++u) {
      const Nearest& at = nearest_[u];
      const bool left = at.first == change.out || at.second == change.out;
      if (left || (change.in != model_.m && model_.cost_of(u, change.in) < at.second_cost)) look(u);
    }
  }

  void descend() {
    count_ = static_cast<std::size_t>(std::ranges::count(open_, 1));
    nearest_.resize(model_.n);
    for (std::size_t u = 0; u < model_.n; ++u) look(u);
    const double least = 1e-12 * (1 + model_.ceiling);  // what betters by less may be a rounding error
    std::size_t idle = 0;
    for (std::size_t in = 0; idle <= model_.m; in = (in + 1) % (model_.m + 1)) {  // m: a site out alone
      ++idle;
      if (in % kLook == 0 && stop_()) break;
      if (in < model_.m && open_[in]) continue;
      const Change change = best_change(in);
      if (!(change.cost < -least)) continue;
      apply(change);
      idle = 0;
    }
    std::vector<SiteIndex> site_of(model_.n);
    for (std::size_t u = 0; u < model_.n; ++u) {
      site_of[u] = nearest_[u].first;
      if (site_of[u] == model_.m) return;
    }
    offer(open_, site_of);
  }

  double missing_ = 0;  // of a unit that reaches no open site
  std::vector<char> open_;
  std::size_t count_ = 0;
  std::vector<Nearest> nearest_;
  std::vector<double> loss_;
};

}  // namespace

std::unique_ptr<SiteSearch> make_exchange_search(const SiteModel& model, std::uint64_t seed,
                                                 std::function<bool()> stop) {
  return std::make_unique<ExchangeSearch>(model, seed, std::move(stop));
}

std::unique_ptr<SiteSearch> make_site_search(const SiteModel& model, std::uint64_t seed, std::function<bool()> stop) {
  return model.limited ? make_seat_search(model, seed, std::move(stop))
                       : make_exchange_search(model, seed, std::move(stop));
}

}  // namespace catchment::engine::planning
