#include "engine/planning/season/simulate_season.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <mutex>
#include <numeric>
#include <thread>

#include "engine/demand/draws.hpp"
#include "engine/demand/seats.hpp"
#include "engine/planning/season/zone_admission.hpp"
#include "engine/planning/seat_flow.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::planning {
namespace {

constexpr int kUnplaced_m = 10'000'000;  // more than any chain of longer walks adds up to
constexpr double kWholeRange = 4294967296.0;

using demand::mix;

// The entrants of one school: where they may live, and how many there are by draw.
struct Entrants {
  SchoolIndex school = 0;
  std::vector<UnitIndex> units;
  std::vector<std::int64_t> up_to;  // cumulated weights, by unit
  std::vector<float> draws;
  std::uint64_t key = 0;
};

struct Ground {
  const CityPlan& plan;
  const SeasonOptions& options;
  std::vector<Entrants> schools;
  std::vector<std::uint64_t> class_up_to;                      // cumulated shares, of 2^32
  std::vector<std::vector<std::pair<SchoolIndex, int>>> near;  // by unit: public schools of the stage, nearest first

  const PlanCity& city() const { return plan.city(); }
};

// Sums over some draws; adding two knows no order.
struct Sums {
  std::vector<SchoolSeason> schools;
  std::vector<SeasonCount> units, classes;
  SeasonCount homeless;
};

void add(SeasonCount& to, const SeasonCount& more) {
  to.children += more.children, to.admitted += more.admitted, to.elsewhere += more.elsewhere;
  to.unplaced += more.unplaced, to.far += more.far, to.walk_m += more.walk_m, to.walks_known += more.walks_known;
}

void check_options(const PlanCity& city, const SeasonOptions& options) {
  const auto refuse = [](const char* which, const std::string& why) { throw InputError("season_option", which, why); };
  if (options.stage >= city.stages.size()) refuse("stage", "the city has no such stage");
  if (options.year >= city.years) refuse("year", "beyond the horizon");
  if (options.far_m < 0) refuse("far_m", "must not be negative");
  if (options.near_schools < 1) refuse("near_schools", "must be 1 or more");
  if (options.classes.empty()) return;
  double sum = 0;
  for (const HouseholdClass& c : options.classes) {
    if (!(c.share >= 0 && c.share <= 1)) refuse("classes", "the share of " + c.id + " must be 0 to 1");
    sum += c.share;
  }
  if (std::abs(sum - 1) > 1e-6) refuse("classes", "shares add up to " + std::to_string(sum) + " instead of 1");
}

std::vector<std::uint64_t> cumulated_shares(const std::vector<HouseholdClass>& classes) {
  std::vector<std::uint64_t> up_to;
  double sum = 0;
  for (const HouseholdClass& c : classes) up_to.push_back(static_cast<std::uint64_t>((sum += c.share) * kWholeRange));
  if (!up_to.empty()) up_to.back() = static_cast<std::uint64_t>(kWholeRange);
  return up_to;
}

std::vector<Entrants> find_entrants(const CityPlan& plan, const demand::Forecaster& forecaster,
                                    const SeasonOptions& options) {
  const PlanCity& city = plan.city();
  std::vector<std::vector<std::pair<UnitIndex, std::int64_t>>> weights(city.schools.size());
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (!city.units[u].in_force) continue;
    const auto schools = plan.schools_of(u, options.stage, options.year);
    const std::int64_t children = city.children_of(u, options.stage, options.year);
    for (const SchoolIndex s : schools)
      if (children > 0) weights[s].emplace_back(u, children / static_cast<std::int64_t>(schools.size()));
  }
  const auto& forecasts = forecaster.forecast().schools;
  std::vector<Entrants> list;
  for (SchoolIndex s = 0; s < city.schools.size(); ++s) {
    const auto at = std::ranges::lower_bound(forecasts, city.schools[s].id, {}, &demand::SchoolForecast::school_id);
    if (at == forecasts.end() || at->school_id != city.schools[s].id) continue;
    auto draws = forecaster.entry_draws(static_cast<std::size_t>(at - forecasts.begin()), options.stage);
    if (draws.size() <= options.year || draws[options.year].empty()) continue;
    Entrants e{s, {}, {}, std::move(draws[options.year]), demand::key_of(city.schools[s].id)};
    std::int64_t sum = 0;
    for (const auto& [unit, weight] : weights[s]) e.units.push_back(unit), e.up_to.push_back(sum += weight);
    list.push_back(std::move(e));
  }
  return list;
}

std::vector<std::vector<std::pair<SchoolIndex, int>>> find_near(const PlanCity& city, const SeasonOptions& options) {
  std::vector<std::vector<std::pair<SchoolIndex, int>>> near(city.units.size());
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (!city.units[u].in_force || city.walks[u] == nullptr) continue;
    for (const UnitWalk& w : *city.walks[u]) {
      const CitySchool& school = city.schools[w.school];
      if (school.ownership == "private" || !school.offers[options.stage].open(options.year)) continue;
      if (!city.seats_of(w.school, options.stage, options.year).known) continue;
      near[u].emplace_back(w.school, static_cast<int>(std::min<std::uint32_t>((w.length_mm + 999) / 1000, 90'000)));
    }
    std::ranges::stable_sort(near[u], {}, [](const auto& n) { return n.second; });
  }
  return near;
}

// Plays one draw after another and adds them up.
class SeasonPlayer {
 public:
  explicit SeasonPlayer(const Ground& ground)
      : g_(ground), lost_(ground.city().units.size()), free_(ground.city().schools.size()) {
    sums.schools.resize(ground.city().schools.size());
    sums.units.resize(ground.city().units.size());
    sums.classes.resize(std::max<std::size_t>(1, ground.options.classes.size()));
  }

  struct Outcome {
    int turned_away = 0, unplaced = 0, far = 0;
  };

  Outcome play(std::size_t draw) {
    outcome_ = {};
    std::ranges::fill(free_, 0);
    for (SchoolIndex s = 0; s < free_.size(); ++s) free_[s] = seats_of(s).value_or(0);
    for (const UnitIndex u : losing_) lost_[u].clear();
    losing_.clear();
    for (const Entrants& e : g_.schools) admit(e, draw);
    overflow();
    return outcome_;
  }

  Sums sums;

 private:
  struct Lost {
    SchoolIndex from = 0;
    SeasonApplicant applicant;
  };

  std::optional<int> seats_of(SchoolIndex s) const {
    const EntrySeats& seats = g_.city().seats_of(s, g_.options.stage, g_.options.year);
    if (!seats.known) return std::nullopt;
    return g_.city().schools[s].offers[g_.options.stage].open(g_.options.year) ? std::max(0, seats.seats) : 0;
  }

  void admit(const Entrants& e, std::size_t draw) {
    draw_applicants(e, draw);
    const std::optional<int> seats = seats_of(e.school);
    const auto admitted = admit_in_zone(applicants_, seats ? *seats : static_cast<int>(applicants_.size()));
    int taken = 0, turned_away = 0;
    for (std::size_t i = 0; i < applicants_.size(); ++i) {
      const SeasonApplicant& a = applicants_[i];
      SeasonCount one;
      one.children = 1;
      if (admitted[i] != 0) {
        ++taken;
        one.admitted = 1;
        walk(one, a.unit, e.school);
        count(e.school, a, one);
      } else {
        ++turned_away;
        lose(e.school, a, one);
      }
    }
    outcome_.turned_away += turned_away;
    if (turned_away > 0) ++sums.schools[e.school].full_draws;
    if (seats) free_[e.school] = *seats - taken;
  }

  void lose(SchoolIndex from, const SeasonApplicant& a, SeasonCount one) {
    if (a.unit == kNoUnit) {
      one.unplaced = 1;
      ++outcome_.unplaced;
      count(from, a, one);
      return;
    }
    if (lost_[a.unit].empty()) losing_.push_back(a.unit);
    lost_[a.unit].push_back({from, a});
  }

  void draw_applicants(const Entrants& e, std::size_t draw) {
    applicants_.clear();
    const int n = demand::whole_pupils(std::max(0.0f, e.draws[draw]));
    const std::uint64_t name = mix(mix(mix(g_.options.seed, e.key), draw), g_.options.year);
    const std::int64_t whole = e.up_to.empty() ? 0 : e.up_to.back();
    const std::int64_t offset =
        whole > 0 ? static_cast<std::int64_t>(mix(name) % static_cast<std::uint64_t>(whole)) : 0;
    std::size_t at = 0;
    for (int i = 0; i < n; ++i) {
      SeasonApplicant a{kNoUnit, 0, 1, mix(name, 2 * static_cast<std::uint64_t>(i) + 1)};
      if (whole > 0) {
        const auto place = static_cast<std::int64_t>((static_cast<__int128>(i) * whole + offset) / n);
        while (e.up_to[at] <= place) ++at;
        a.unit = e.units[at];
      }
      if (!g_.class_up_to.empty()) {
        const std::uint64_t chance = mix(name, 2 * static_cast<std::uint64_t>(i) + 2) >> 32;
        a.household =
            static_cast<std::uint32_t>(std::ranges::upper_bound(g_.class_up_to, chance) - g_.class_up_to.begin());
        a.tier = g_.options.classes[a.household].tier;
      }
      applicants_.push_back(a);
    }
  }

  void walk(SeasonCount& one, UnitIndex unit, SchoolIndex school) {
    if (unit == kNoUnit || g_.city().walks[unit] == nullptr) return;
    const UnitWalk* w = g_.city().find_walk(unit, school);
    if (w != nullptr) one.walk_m = static_cast<std::int64_t>((w->length_mm + 500) / 1000), one.walks_known = 1;
    one.far = w == nullptr || w->distance_m() > g_.options.far_m ? 1 : 0;
    outcome_.far += static_cast<int>(one.far);
  }

  void count(SchoolIndex zone, const SeasonApplicant& a, const SeasonCount& one) {
    add(sums.schools[zone].zone, one);
    add(a.unit == kNoUnit ? sums.homeless : sums.units[a.unit], one);
    add(sums.classes[a.household], one);
  }

  // Those turned away take the free seats at the least walk in all. Within a unit the better rank walks less.
  void overflow() {
    if (losing_.empty()) return;
    std::ranges::sort(losing_);
    SeatFlowInput in;
    in.unplaced_metres = kUnplaced_m;
    in.seats = free_;
    for (const UnitIndex u : losing_) {
      const auto row = static_cast<std::uint32_t>(in.children.size());
      in.children.push_back(static_cast<int>(lost_[u].size()));
      std::vector<std::pair<SchoolIndex, int>> list;
      for (const auto& n : g_.near[u]) {
        if (free_[n.first] <= 0) continue;
        list.push_back(n);
        if (list.size() == static_cast<std::size_t>(g_.options.near_schools)) break;
      }
      std::ranges::sort(list);
      for (const auto& [school, metres] : list) in.arcs.push_back({row, school, metres});
    }
    SeatFlow flow(std::move(in));
    flow.solve();
    seat(flow);
  }

  void seat(const SeatFlow& flow) {
    const auto& arcs = flow.input().arcs;
    std::size_t at = 0;
    for (std::uint32_t row = 0; row < losing_.size(); ++row) {
      auto& lost = lost_[losing_[row]];
      std::ranges::sort(lost, {}, [](const Lost& l) { return std::pair(l.applicant.tier, l.applicant.lot); });
      std::vector<std::pair<int, std::size_t>> taken;  // metres, arc
      for (; at < arcs.size() && arcs[at].unit == row; ++at)
        if (flow.placed()[at] > 0) taken.emplace_back(arcs[at].metres, at);
      std::ranges::sort(taken);
      std::size_t next = 0;
      for (const auto& [metres, arc] : taken) {
        for (int i = 0; i < flow.placed()[arc]; ++i) place(lost[next++], losing_[row], arcs[arc].school);
      }
      for (; next < lost.size(); ++next) {
        SeasonCount one;
        one.children = one.unplaced = 1;
        ++outcome_.unplaced;
        count(lost[next].from, lost[next].applicant, one);
      }
    }
  }

  void place(const Lost& lost, UnitIndex unit, SchoolIndex school) {
    SeasonCount one;
    one.children = one.elsewhere = 1;
    walk(one, unit, school);
    ++sums.schools[school].taken_in;
    count(lost.from, lost.applicant, one);
  }

  const Ground& g_;
  Outcome outcome_;
  std::vector<SeasonApplicant> applicants_;
  std::vector<std::vector<Lost>> lost_;  // by unit
  std::vector<UnitIndex> losing_;
  std::vector<int> free_;  // by school
};

SeasonFigure figure_of(std::vector<int> values) {
  SeasonFigure f;
  if (values.empty()) return f;
  std::ranges::sort(values);
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
  };
  f.low_90 = at(0.05), f.median = at(0.5), f.high_90 = at(0.95);
  f.mean = static_cast<double>(std::accumulate(values.begin(), values.end(), std::int64_t{0})) /
           static_cast<double>(values.size());
  return f;
}

}  // namespace

SeasonResult simulate_season(const CityPlan& plan, const demand::Forecaster& forecaster, const SeasonOptions& options) {
  check_options(plan.city(), options);
  const Ground ground{plan, options, find_entrants(plan, forecaster, options), cumulated_shares(options.classes),
                      find_near(plan.city(), options)};
  const auto draws = static_cast<std::size_t>(forecaster.forecast().draws);
  std::vector<SeasonPlayer::Outcome> outcomes(draws);
  std::atomic<std::size_t> next = 0, done = 0;
  std::atomic<bool> stop = false;
  std::mutex telling;
  const auto work = [&](SeasonPlayer& player) {
    for (std::size_t d = next++; d < draws && !stop; d = next++) {
      outcomes[d] = player.play(d);
      const std::size_t so_far = ++done;
      if (!options.progress) continue;
      const std::lock_guard lock(telling);
      if (!options.progress(static_cast<double>(so_far) / static_cast<double>(draws))) stop = true;
    }
  };
  std::vector<SeasonPlayer> players(std::clamp<std::size_t>(options.threads, 1, std::max<std::size_t>(draws, 1)),
                                    SeasonPlayer(ground));
  {
    std::vector<std::thread> threads;
    for (std::size_t t = 1; t < players.size(); ++t) threads.emplace_back(work, std::ref(players[t]));
    work(players[0]);
    for (std::thread& t : threads) t.join();
  }
  SeasonResult result;
  result.draws = static_cast<int>(draws);
  result.cancelled = stop;
  result.schools = std::move(players[0].sums.schools);
  result.units = std::move(players[0].sums.units);
  result.classes = std::move(players[0].sums.classes);
  result.homeless = players[0].sums.homeless;
  for (std::size_t t = 1; t < players.size(); ++t) {
    const Sums& more = players[t].sums;
    for (std::size_t s = 0; s < more.schools.size(); ++s) {
      add(result.schools[s].zone, more.schools[s].zone);
      result.schools[s].taken_in += more.schools[s].taken_in;
      result.schools[s].full_draws += more.schools[s].full_draws;
    }
    for (std::size_t u = 0; u < more.units.size(); ++u) add(result.units[u], more.units[u]);
    for (std::size_t c = 0; c < more.classes.size(); ++c) add(result.classes[c], more.classes[c]);
    add(result.homeless, more.homeless);
  }
  for (SchoolIndex s = 0; s < result.schools.size(); ++s) {
    const EntrySeats& seats = plan.city().seats_of(s, options.stage, options.year);
    if (!seats.known) continue;
    result.schools[s].seats = plan.city().schools[s].offers[options.stage].open(options.year) ? seats.seats : 0;
    result.schools[s].classes = seats.classes;
    result.schools[s].class_cap = seats.class_cap;
  }
  std::vector<int> turned_away, unplaced, far;
  for (const auto& o : outcomes)
    turned_away.push_back(o.turned_away), unplaced.push_back(o.unplaced), far.push_back(o.far);
  result.turned_away = figure_of(std::move(turned_away));
  result.unplaced = figure_of(std::move(unplaced));
  result.far = figure_of(std::move(far));
  return result;
}

}  // namespace catchment::engine::planning
