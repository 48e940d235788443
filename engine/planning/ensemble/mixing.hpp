// Whether chains have run long enough to be believed.
#pragma once

#include <span>
#include <vector>

namespace catchment::engine::planning {

// Of one figure over several chains of equal length. From chains that began far apart: R-hat near 1 says that they can
// no longer be told apart; well above, that each has seen a part only.
struct Mixing {
  double r_hat = 1;      // split R-hat (Gelman et al., Bayesian Data Analysis, 3rd ed., 11.4); infinity: cannot be told
  double effective = 0;  // independent plans that would tell the mean as well (Geyer's initial monotone sequence)

  static constexpr double kMostRHat = 1.05;
  static constexpr double kLeastEffective = 100;
  bool mixed() const { return r_hat <= kMostRHat && effective >= kLeastEffective; }
};

// A figure that never changes is mixed: R-hat 1, every plan effective. O(plans * lags until correlation is gone).
Mixing measure_mixing(const std::vector<std::span<const double>>& chains);

}  // namespace catchment::engine::planning
