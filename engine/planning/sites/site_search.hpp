// Plans from sets of sites: local search, by exchange of sites and, where seats are limited, of units.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "engine/planning/plan_random.hpp"
#include "engine/planning/sites/site_model.hpp"

namespace catchment::engine::planning {

// A search ends early, with what it has, once `stop` says so.
class SiteSearch {
 public:
  virtual ~SiteSearch() = default;

  // Descends from these sites. `open`: ascending, as many as may be, all that stay among them. `taken_by`: of each unit
  // one of them or m; a hint.
  virtual void descend_from(const std::vector<SiteIndex>& open, const std::vector<SiteIndex>& taken_by) = 0;
  // Descends from the best plan with a few of its sites exchanged at random. Nothing before there is one.
  virtual void shake() = 0;

  // Keeps a legal plan if it is better. `open`: ascending.
  void offer(const std::vector<SiteIndex>& open, const std::vector<SiteIndex>& site_of);
  const SiteBest& best() const { return best_; }

 protected:
  SiteSearch(const SiteModel& model, std::uint64_t seed, std::function<bool()> stop)
      : model_(model), random_(seed), stop_(std::move(stop)) {}

  void offer(const std::vector<char>& open, const std::vector<SiteIndex>& site_of);
  // The best plan's sites with `times` random changes that the counts allow: exchanged, at times opened or closed.
  std::vector<char> changed(int times);

  const SiteModel& model_;
  PlanRandom random_;
  std::function<bool()> stop_;
  SiteBest best_;
};

std::unique_ptr<SiteSearch> make_site_search(const SiteModel& model, std::uint64_t seed, std::function<bool()> stop);

// Where seats are not limited: every unit goes to the nearest open site, and one site is exchanged for another, opened
// or closed as long as that betters the plan (Whitaker 1983, after Teitz and Bart). O(units) a site looked at.
std::unique_ptr<SiteSearch> make_exchange_search(const SiteModel& model, std::uint64_t seed,
                                                 std::function<bool()> stop);

// Where seats are limited: units pass one by one or in pairs between sites that may be too full at a growing price, and
// sites move within their zone.
std::unique_ptr<SiteSearch> make_seat_search(const SiteModel& model, std::uint64_t seed, std::function<bool()> stop);

}  // namespace catchment::engine::planning
