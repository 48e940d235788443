#include "engine/planning/sites/site_model.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace catchment::engine::planning {
namespace {

constexpr double kSlack = 1e-10;       // of a bound: above the rounding error of its sum
constexpr double kProof = 1e-9;        // of a cost: what `optimal` leaves open where costs are no whole numbers
constexpr double kMostWhole = 0x1p50;  // whole numbers below it add up exactly

// The largest number that all of the whole numbers seen are multiples of.
class CommonDivisor {
 public:
  void see(double value) {
    whole_ = whole_ && std::abs(value) < kMostWhole && value == std::floor(value);
    if (whole_) divisor_ = std::gcd(divisor_, static_cast<long>(value));
    sum_ += std::abs(value);
  }
  double quantum() const { return whole_ && sum_ < kMostWhole ? static_cast<double>(divisor_) : 0; }

 private:
  bool whole_ = true;
  long divisor_ = 0;
  double sum_ = 0;
};

void sort_rows(SiteModel& model) {
  model.rows.begin.assign(1, 0);
  for (std::size_t u = 0; u < model.n; ++u) {
    const std::size_t from = model.rows.choices.size();
    for (SiteIndex s = 0; s < model.m; ++s) {
      if (model.cost_of(u, s) != kNever) model.rows.choices.push_back({model.cost_of(u, s), s});
    }
    std::sort(model.rows.choices.begin() + static_cast<std::ptrdiff_t>(from), model.rows.choices.end(),
              [](const SiteChoice& a, const SiteChoice& b) {
                return a.cost < b.cost || (a.cost == b.cost && a.site < b.site);
              });
    model.rows.begin.push_back(model.rows.choices.size());
  }
}

// How few sites seat all children, whichever they are.
std::size_t least_for_seats(const SiteModel& model, long children) {
  if (model.n == 0) return 0;
  std::vector<int> seats = model.seats;
  std::ranges::sort(seats, std::greater<>{});
  std::size_t k = 0;
  do children -= seats[k++];
  while (children > 0 && k < seats.size());
  return k;
}

}  // namespace

SiteModel::SiteModel(const SiteProblem& p) : n(p.units.size()) {
  for (SiteIndex s = 0; s < p.sites.size(); ++s) {
    if (p.sites[s].state != SiteState::closed) site.push_back(s);
  }
  m = site.size();
  long total = 0;
  for (const PlanUnit& u : p.units) children.push_back(u.children), total += u.children;
  CommonDivisor divisor;
  cost.reserve(n * m);
  for (const SiteIndex s : site) {
    const Site& one = p.sites[s];
    const bool existing = one.state == SiteState::open;
    opening.push_back(one.open_cost - (existing ? one.close_cost : 0));
    base += existing ? one.close_cost : 0;
    divisor.see(opening.back());
    ceiling += std::max(0.0, opening.back());
    seats.push_back(static_cast<int>(std::min<long>(one.seats.value_or(static_cast<int>(total)), total)));
    limited |= seats.back() < total;
    fixed.push_back(one.state == SiteState::fixed);
    for (UnitIndex u = 0; u < n; ++u) cost.push_back(children[u] <= seats.back() ? p.cost_of(u, s) : kNever);
  }
  divisor.see(base);
  ceiling += base;
  sort_rows(*this);
  for (std::size_t u = 0; u < n; ++u) {
    for (const SiteChoice& c : rows.of(u)) divisor.see(c.cost);
    ceiling += rows.of(u).back().cost;
  }
  quantum = divisor.quantum();
  const auto stay = static_cast<std::size_t>(std::ranges::count(fixed, 1));
  low = std::max({static_cast<std::size_t>(p.least_open), stay, least_for_seats(*this, total)});
  high = std::min(m, p.most_open ? static_cast<std::size_t>(*p.most_open) : m);
}

double SiteModel::safe(double bound) const {
  const double low_end = bound - kSlack * (1 + std::abs(bound));
  return quantum > 0 ? std::ceil(low_end / quantum) * quantum : low_end;
}

bool SiteModel::closes(double safe_bound, double plan) const {
  return plan != kNever && safe_bound >= plan - (quantum > 0 ? quantum / 2 : kProof * (1 + std::abs(plan)));
}

}  // namespace catchment::engine::planning
