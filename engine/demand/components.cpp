#include "engine/demand/components.hpp"

#include <algorithm>
#include <cmath>

namespace catchment::engine::demand {
namespace {

constexpr double kBend = 3;    // standard deviations from which a transition weighs less
constexpr double kHalf = 0.5;  // added to both counts of a logarithm, so that none is empty
constexpr double kLeastPhi = 0.05;
// What is taken for shocks where fewer than three years tell: of the order seen in the series the tests use.
constexpr double kUsualGroupYearSd = 0.04;
constexpr double kUsualYearSd = 0.01;

struct GroupSums {
  double observed = 0, expected = 0;
};

class Analysis {
 public:
  Analysis(std::span<const Transition> transitions, std::size_t kinds, std::size_t groups, int last_year, double decay)
      : transitions_(transitions), kinds_(kinds), groups_(groups) {
    int first = last_year;
    for (const Transition& t : transitions) first = std::min(first, static_cast<int>(t.year));
    first_year_ = first;
    years_ = static_cast<std::size_t>(last_year - first + 1);
    for (std::size_t y = 0; y < years_; ++y) {
      year_weight_.push_back(std::pow(decay, static_cast<double>(years_ - 1 - y)));
    }
    robust_.assign(transitions.size(), 1.0f);
  }

  Components run() {
    find_kind_ratios();
    bend_outliers();
    find_kind_ratios();
    sum_group_years();
    find_phi();
    find_year_shocks();
    find_shock_spread();
    observe_groups();
    find_kind_errors();
    return std::move(result_);
  }

 private:
  std::size_t year_of(const Transition& t) const { return static_cast<std::size_t>(t.year - first_year_); }
  double ratio_of(const Transition& t) const { return result_.kind_ratio[t.kind]; }

  void find_kind_ratios() {
    std::vector<GroupSums> sums(kinds_);
    result_.kind_sample.assign(kinds_, 0);
    for (std::size_t i = 0; i < transitions_.size(); ++i) {
      const Transition& t = transitions_[i];
      const double weight = year_weight_[year_of(t)] * static_cast<double>(robust_[i]);
      sums[t.kind].observed += weight * static_cast<double>(t.after);
      sums[t.kind].expected += weight * static_cast<double>(t.before);
      result_.kind_sample[t.kind] += static_cast<double>(t.before);
    }
    result_.kind_ratio.clear();
    for (const GroupSums& s : sums) result_.kind_ratio.push_back(s.expected > 0 ? s.observed / s.expected : 1);
  }

  double standardised(const Transition& t) const {
    const double expected = std::max(static_cast<double>(t.before) * ratio_of(t), 1.0);
    return (static_cast<double>(t.after) - expected) / std::sqrt(expected);
  }

  void bend_outliers() {
    if (transitions_.empty()) return;
    std::vector<float> off;
    off.reserve(transitions_.size());
    for (const Transition& t : transitions_) off.push_back(static_cast<float>(std::fabs(standardised(t))));
    const auto middle = off.begin() + static_cast<std::ptrdiff_t>(off.size() / 2);
    std::nth_element(off.begin(), middle, off.end());
    const double scale = std::max(1.4826 * static_cast<double>(*middle), 0.2);  // of a normal distribution's median
    for (std::size_t i = 0; i < transitions_.size(); ++i) {
      const double z = std::fabs(standardised(transitions_[i])) / scale;
      robust_[i] = static_cast<float>(z > kBend ? kBend / z : 1);
    }
  }

  void sum_group_years() {
    cells_.assign(groups_ * years_, {});
    for (std::size_t i = 0; i < transitions_.size(); ++i) {
      const Transition& t = transitions_[i];
      GroupSums& cell = cells_[t.group * years_ + year_of(t)];
      const auto weight = static_cast<double>(robust_[i]);
      cell.observed += weight * static_cast<double>(t.after);
      cell.expected += weight * static_cast<double>(t.before) * ratio_of(t);
    }
  }

  static double log_ratio(const GroupSums& s) { return std::log((s.observed + kHalf) / (s.expected + kHalf)); }

  void find_phi() {
    double sum = 0, count = 0, cells = 0;
    for (std::size_t i = 0; i < transitions_.size(); ++i) {
      const Transition& t = transitions_[i];
      const GroupSums& cell = cells_[t.group * years_ + year_of(t)];
      const double expected =
          static_cast<double>(t.before) * ratio_of(t) * (cell.observed + kHalf) / (cell.expected + kHalf);
      const double off = static_cast<double>(t.after) - expected;
      // Drawn in to the bend, not only weighed less: the square of what lies far out would still be all there is.
      const double bent = static_cast<double>(robust_[i]) * off;
      sum += bent * bent / std::max(expected, 1.0);
      ++count;
    }
    for (const GroupSums& cell : cells_) cells += cell.expected > 0 ? 1 : 0;
    // With one kind a group and year has one transition: chance and shock cannot be told apart, and chance is
    // Poisson's.
    const double free = count - cells;
    result_.phi = free > 10 ? std::max(kLeastPhi, sum / free) : 1;
  }

  void find_year_shocks() {
    year_shock_.assign(years_, 0);
    std::vector<double> variance;
    double weights = 0, squares = 0;
    for (std::size_t y = 0; y < years_; ++y) {
      GroupSums sum;
      for (std::size_t g = 0; g < groups_; ++g) {
        sum.observed += cells_[g * years_ + y].observed;
        sum.expected += cells_[g * years_ + y].expected;
      }
      if (!(sum.expected > 0)) continue;
      year_shock_[y] = log_ratio(sum);
      variance.push_back(year_shock_[y]);
      weights += year_weight_[y], squares += year_weight_[y] * year_weight_[y];
    }
    result_.years = squares > 0 ? weights * weights / squares : 0;
    double mean = 0, square = 0;
    for (const double v : variance) mean += v / static_cast<double>(variance.size());
    for (const double v : variance) square += (v - mean) * (v - mean);
    const auto n = static_cast<double>(variance.size());
    result_.year_sd = n >= 3 ? std::sqrt(square / (n - 1)) : kUsualYearSd;
  }

  // The mean over a group's years of its logarithm, the city's shock taken out, and how many years count.
  struct GroupMean {
    double log = 0, years = 0, seen = 0;
  };
  GroupMean mean_of(std::size_t g, bool weighted) const {
    GroupMean mean;
    double weights = 0, squares = 0;
    for (std::size_t y = 0; y < years_; ++y) {
      const GroupSums& cell = cells_[g * years_ + y];
      if (!(cell.expected > 0)) continue;
      const double weight = cell.expected * (weighted ? year_weight_[y] : 1);
      mean.log += weight * (log_ratio(cell) - year_shock_[y]);
      weights += weight, squares += weight * weight;
      ++mean.seen;
    }
    if (weights > 0) mean.log /= weights, mean.years = weights * weights / squares;
    return mean;
  }

  void find_shock_spread() {
    std::vector<double> off;
    double chance = 0, groups = 0;
    for (std::size_t g = 0; g < groups_; ++g) {
      const GroupMean mean = mean_of(g, false);
      if (mean.seen < 2) continue;
      ++groups;
      for (std::size_t y = 0; y < years_; ++y) {
        const GroupSums& cell = cells_[g * years_ + y];
        if (!(cell.expected > 0)) continue;
        const double own = log_ratio(cell) - year_shock_[y] - mean.log;
        off.push_back(own * own);
        chance += result_.phi / (cell.expected + kHalf);
      }
    }
    const auto n = static_cast<double>(off.size());
    const double free = n - groups;
    if (free < 10) {
      result_.group_year_sd = kUsualGroupYearSd;
      return;
    }
    // Squares beyond nine times the median's worth are cut: one mistaken count is not a school's habit.
    std::vector<double> sorted = off;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const double most = 9 * std::max(*middle / 0.4549, 1e-6);  // 0.4549: the median of a squared normal variate
    double sum = 0;
    for (const double o : off) sum += std::min(o, most);
    result_.group_year_sd = std::sqrt(std::max(0.0, sum / free - chance / n));
  }

  void observe_groups() {
    const double shock = result_.group_year_sd * result_.group_year_sd;
    for (std::size_t g = 0; g < groups_; ++g) {
      const GroupMean mean = mean_of(g, true);
      Observation o;
      double effective = 0;
      for (std::size_t y = 0; y < years_; ++y) {
        const GroupSums& cell = cells_[g * years_ + y];
        o.sample += cell.expected;
        effective += cell.expected * year_weight_[y];
      }
      if (mean.years > 0) {
        o.log_ratio = mean.log;
        o.variance = result_.phi / (effective + kHalf) + shock / mean.years + 1e-9;
      }
      result_.groups.push_back(o);
    }
  }

  // A kind's ratio errs by the city's shocks of its years, by the groups' own shocks, and by chance.
  void find_kind_errors() {
    double cells = 0;
    for (const GroupSums& cell : cells_) cells += cell.expected > 0 ? 1 : 0;
    for (const double sample : result_.kind_sample) {
      double variance = 0;
      if (sample > 0) {
        variance = result_.phi / sample + result_.group_year_sd * result_.group_year_sd / std::max(cells, 1.0) +
                   result_.year_sd * result_.year_sd / std::max(result_.years, 1.0);
      }
      result_.kind_log_sd.push_back(std::sqrt(variance));
    }
  }

  std::span<const Transition> transitions_;
  std::size_t kinds_, groups_;
  int first_year_ = 0;
  std::size_t years_ = 0;
  std::vector<double> year_weight_, year_shock_;
  std::vector<float> robust_;
  std::vector<GroupSums> cells_;
  Components result_;
};

}  // namespace

Components analyse(std::span<const Transition> transitions, std::size_t kinds, std::size_t groups, int last_year,
                   double decay) {
  return Analysis(transitions, kinds, groups, last_year, decay).run();
}

}  // namespace catchment::engine::demand
