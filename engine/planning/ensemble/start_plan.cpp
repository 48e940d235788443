#include "engine/planning/ensemble/start_plan.hpp"

#include <algorithm>

#include "engine/planning/ensemble/recom_chain.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kAttempts = 6;
constexpr int kGrowths = 20;           // an attempt: locks and forbidden units can cut growth off
constexpr std::uint32_t kUphill = 16;  // one in so many cuts that leave more outside is taken all the same
constexpr SchoolIndex kNoZone = UINT32_MAX;

class Starter {
 public:
  Starter(const ChainGround& ground, std::uint64_t seed, const std::function<bool()>& alive)
      : ground_(ground), random_(seed), alive_(alive), pair_(ground) {}

  std::optional<Assignment> find() {
    for (int attempt = 0; attempt < kAttempts && !ended_; ++attempt) {
      bool grown = false;
      for (int k = 0; k < kGrowths && !grown; ++k) grown = seed_zones() && grow();
      if (grown && repair()) return plan_.zone_of;
    }
    return std::nullopt;
  }

 private:
  // The only zone that may have a unit, if there is one.
  SchoolIndex only_zone(UnitIndex u) const {
    SchoolIndex only = kNoZone;
    for (SchoolIndex z = 0; z < ground_.zones; ++z) {
      if (!ground_.allows(u, z)) continue;
      if (only != kNoZone) return kNoZone;
      only = z;
    }
    return only;
  }

  bool plant(SchoolIndex z, UnitIndex u) {
    if (zone_of_[u] != kNoZone || !ground_.allows(u, z)) return false;
    zone_of_[u] = z;
    planted_[z] = 1;
    load_[z] = ground_.children[u];
    return true;
  }

  // Homes first, then units that only one zone may have, then a zone for every part that has none, then at random.
  bool seed_zones() {
    const std::size_t n = ground_.graph.units;
    zone_of_.assign(n, kNoZone);
    planted_.assign(ground_.zones, 0);
    load_.assign(ground_.zones, 0);
    for (SchoolIndex z = 0; z < ground_.zones; ++z) {
      if (ground_.home[z] != UINT32_MAX && !plant(z, ground_.home[z])) return false;
    }
    for (UnitIndex u = 0; u < n && ground_.zones > 1; ++u) {
      const SchoolIndex z = only_zone(u);
      if (z != kNoZone && planted_[z] == 0) plant(z, u);
    }
    plant_in_parts();
    for (SchoolIndex z = 0; z < ground_.zones; ++z) {
      for (int k = 0; k < 1000 && planted_[z] == 0; ++k) plant(z, random_.below(static_cast<std::uint32_t>(n)));
      if (planted_[z] == 0) return false;
    }
    return true;
  }

  void plant_in_parts() {
    std::vector<char> seen(ground_.graph.units, 0);
    for (UnitIndex from = 0; from < seen.size(); ++from) {
      if (seen[from] != 0) continue;
      std::vector<UnitIndex> part{from};
      seen[from] = 1;
      bool planted = false;
      for (std::size_t k = 0; k < part.size(); ++k) {
        planted = planted || zone_of_[part[k]] != kNoZone;
        for (const UnitIndex w : ground_.graph.neighbours(part[k])) {
          if (seen[w] == 0) seen[w] = 1, part.push_back(w);
        }
      }
      const UnitIndex u = part[random_.below(static_cast<std::uint32_t>(part.size()))];
      for (SchoolIndex z = 0; z < ground_.zones && !planted; ++z) planted = planted_[z] == 0 && plant(z, u);
    }
  }

  bool grow() {
    std::vector<std::vector<UnitIndex>> front(ground_.zones);
    for (UnitIndex u = 0; u < zone_of_.size(); ++u) {
      if (zone_of_[u] != kNoZone) front[zone_of_[u]].push_back(u);
    }
    std::size_t left = static_cast<std::size_t>(std::ranges::count(zone_of_, kNoZone));
    while (left > 0) {
      SchoolIndex lightest = kNoZone;
      for (SchoolIndex z = 0; z < ground_.zones; ++z) {
        if (!front[z].empty() && (lightest == kNoZone || fill(z) < fill(lightest))) lightest = z;
      }
      if (lightest == kNoZone) return false;
      left -= grow_once(lightest, front[lightest]);
    }
    plan_ = count_plan(ground_, zone_of_);
    return true;
  }

  double fill(SchoolIndex z) const { return (load_[z] + 1.0) / (ground_.most[z] + 1.0); }

  // A random unit of the zone takes a random free neighbour, or leaves the front if it has none.
  std::size_t grow_once(SchoolIndex z, std::vector<UnitIndex>& front) {
    const std::uint32_t at = random_.below(static_cast<std::uint32_t>(front.size()));
    UnitIndex pick = UINT32_MAX;
    std::uint32_t free = 0;
    for (const UnitIndex w : ground_.graph.neighbours(front[at])) {
      if (zone_of_[w] == kNoZone && ground_.allows(w, z) && random_.below(++free) == 0) pick = w;
    }
    if (pick == UINT32_MAX) {
      front[at] = front.back();
      front.pop_back();
      return 0;
    }
    zone_of_[pick] = z;
    load_[z] += ground_.children[pick];
    front.push_back(pick);
    return 1;
  }

  long breach(SchoolIndex z) const {
    return std::max(0, plan_.load[z] - ground_.most[z]) + std::max(0, ground_.least[z] - plan_.load[z]);
  }

  bool repair() {
    units_of_ = list_units(plan_.zone_of, ground_.zones);
    long outside = 0;
    for (SchoolIndex z = 0; z < ground_.zones; ++z) outside += breach(z);
    // Trees cost as many steps as the pair has units: the effort is the same for few large and many small zones.
    const std::uint64_t effort = 400 * ground_.graph.units + 20'000;
    for (std::uint64_t spent = 0, trees = 0; outside > 0 && spent < effort; ++trees) {
      if (trees % 16 == 0 && !alive_()) {
        ended_ = true;
        return false;
      }
      SchoolIndex a = 0, b = 0;
      for (int k = 0; k < 20; ++k) {  // pairs with a breach, as a rule
        if (!pick_pair(ground_, plan_, random_, a, b)) return false;
        if (breach(a) + breach(b) > 0) break;
      }
      pair_.merge(plan_, a, b, units_of_[a], units_of_[b]);
      pair_.draw(TreeKind::uniform, random_);
      spent += pair_.size();
      PairTree::Cut cut;
      const long now = breach(a) + breach(b), then = pair_.find_least_breach(cut);
      if (then < 0 || (then > now && random_.below(kUphill) != 0)) continue;
      pair_.take(cut);
      pair_.commit(plan_, units_of_[a], units_of_[b]);
      outside += then - now;
    }
    return outside == 0;
  }

  const ChainGround& ground_;
  PlanRandom random_;
  const std::function<bool()>& alive_;
  bool ended_ = false;
  PairTree pair_;
  Assignment zone_of_;
  std::vector<char> planted_;
  std::vector<int> load_;
  ChainPlan plan_;
  std::vector<std::vector<UnitIndex>> units_of_;
};

}  // namespace

std::optional<Assignment> find_start(const ChainGround& ground, std::uint64_t seed,
                                     const std::function<bool()>& alive) {
  return Starter(ground, seed, alive).find();
}

}  // namespace catchment::engine::planning
