// A bound on every plan of one node of the search, by prices of units.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/planning/sites/seat_knapsack.hpp"
#include "engine/planning/sites/site_model.hpp"

namespace catchment::engine::planning {

enum class SiteChoiceState : char { free, open, shut };

// The plans one node stands for: sites that are open or shut, and units that may not go to a site.
struct SiteNode {
  std::vector<SiteChoiceState> state;  // of sites
  std::vector<std::uint64_t> barred;   // bit [site * n + unit]; only where seats are limited
  std::vector<double> price;           // of units
  double bound = 0;                    // safe; no plan of the node costs less

  bool bars(std::size_t bit) const { return !barred.empty() && (barred[bit / 64] >> (bit % 64) & 1) != 0; }
  void bar(std::size_t bit) { barred[bit / 64] |= std::uint64_t{1} << (bit % 64); }
};

// Draws all conclusions of a node from its counts, seats and the units that have one site left. False: it has no plan.
// `only` becomes each unit's one site, or m; afterwards nobody is allowed a site that is shut or full.
bool settle(const SiteModel& model, SiteNode& node, std::vector<SiteIndex>& only);

class SiteBound {
 public:
  explicit SiteBound(const SiteModel& model);

  // The node must outlive what follows, and be settled, with `only` as settle() gave it. `patience`: steps without a
  // better bound before they are halved.
  void enter(SiteNode& node, const std::vector<SiteIndex>& only, double step_length, int patience);

  // Subgradient steps; raises the node's bound and betters its prices. Ends early once the bound closes on `cost`, the
  // picks are a plan, or steps have become short. `target`: what the bound may rise to, kNever for a guess.
  void improve(int steps, double cost, double target);
  double step_length() const { return length_; }
  bool stalled() const { return length_ < kShortest; }

  // The sites of the last step, ascending, and whether they took every unit once: then they are a plan of the node, and
  // none is cheaper.
  const std::vector<SiteIndex>& picked() const { return picked_; }
  bool is_plan() const { return norm_ == 0; }
  std::vector<SiteIndex> taken_by() const;  // of each unit, a picked site that takes it, or m

  // Strikes out of the node what no plan cheaper than `cost` can have; how many sites and pairs went.
  std::size_t strike(double cost);

  // What to branch on: how often a site was picked lately, and how often a unit was not taken just once.
  double share_of(SiteIndex s) const { return shares_[s]; }
  double conflict_of(std::size_t unit) const { return conflicts_[unit]; }
  // The cheapest site the node allows among those that took the unit in the last step, else among those picked, else of
  // all.
  SiteIndex likely_site(const SiteNode& node, std::size_t unit) const;

  // Forgets sites and pairs that the node does not allow; later nodes may allow no more than it.
  void narrow(const SiteNode& node);

 private:
  enum class Known : char { loose, cut, exact };  // how well a site's net cost is known

  bool allows(std::size_t unit, SiteIndex s) const {
    return node_->state[s] != SiteChoiceState::shut && !node_->bars(s * model_.n + unit);
  }
  double evaluate(const std::vector<double>& price);
  void sweep(const std::vector<double>& price);
  void refine(SiteIndex s);
  double pick();
  void find_slope(const std::vector<double>& price);
  void remember();
  void move(double value, double target);
  double cost_in(SiteIndex s) const;
  double cost_out(SiteIndex s) const;
  std::size_t strike_sites(double value, double cost);
  std::size_t strike_pairs(double value, double cost);

  static constexpr double kShortest = 0.004;

  const SiteModel& model_;
  ChoiceRows rows_;
  SiteNode* node_ = nullptr;
  std::vector<SiteIndex> only_;
  std::vector<long> room_;   // of sites, without the units that have no other
  std::vector<double> set_;  // of sites: opening and the units that have no other
  std::vector<double> price_, slope_, heading_;
  double best_ = 0, length_ = 1, norm_ = 0;
  int idle_ = 0, patience_ = 0;
  std::vector<double> shares_, conflicts_;
  // Of the last evaluation.
  std::vector<double> net_;  // of sites: at least what opening one costs against the prices
  std::vector<Known> known_;
  std::vector<std::vector<SeatItem>> items_;       // of sites: units worth taking
  std::vector<std::vector<std::uint32_t>> takes_;  // of sites known exactly
  std::vector<SiteIndex> picked_;
  std::vector<char> is_picked_;
  std::size_t free_picked_ = 0;
  double worst_in_ = 0, best_out_ = kNever;  // net costs among free sites
  SeatKnapsack knapsack_;
};

}  // namespace catchment::engine::planning
