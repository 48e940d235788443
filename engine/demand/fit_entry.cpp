#include <algorithm>
#include <cmath>

#include "engine/demand/fit_parts.hpp"

namespace catchment::engine::demand {
namespace {

constexpr double kEntryDecay = 0.7;  // of a year's weight beside the year after it: intakes change faster than grades
constexpr double kLevelDecay = 0.6;  // the same for a school's own level; between 0.5 and 0.7 none did better
constexpr double kKnownPart = 0.9;   // of a school's units must have counts for its base to be known
constexpr double kUsualOwnWeight = 0.5;  // of a school's own share, where too few years tell
constexpr double kUsualSchoolSd = 0.08;  // of a school's intake about its expectation (logarithm), likewise
constexpr double kUsualDrift = 0.04;     // of a school's intake a year (logarithm), where too little is seen

double entry_pupils(const CityHistory& h, std::size_t school, int year, int grade) {
  const double zone = h.intake(school, year, 0);
  return zone >= 0 ? zone : h.pupils(school, year, grade);
}

// A weighted mean of what is known of the years up to `last`, the newest weighing most; kUnknown if nothing is.
template <typename Value>
double smoothed(int first, int last, double decay, Value value) {
  double sum = 0, weights = 0, weight = 1;
  for (int year = last; year >= first; --year, weight *= decay) {
    const double v = value(year);
    if (v < 0) continue;
    sum += weight * v;
    weights += weight;
  }
  return weights > 0 ? sum / weights : kUnknown;
}

// Children of the entry age in all units; kUnknown where too many are not known.
double city_children(const CityHistory& h, std::size_t stage, int year) {
  const int age = entry_age(h.rules(), stage);
  double sum = 0, known = 0;
  for (std::size_t u = 0; u < h.units.size(); ++u) {
    const double children = children_of_entry_age(h, u, year, age);
    if (children < 0) continue;
    sum += children, ++known;
  }
  return known > 0 && known >= kKnownPart * static_cast<double>(h.units.size()) ? sum : kUnknown;
}

// One stage of one model: its bases and pupils by school and year.
class EntryFit {
 public:
  EntryFit(DemandModel& model, std::size_t stage)
      : model_(model), h_(model.history), stage_(stage), grade_(h_.rules().stages[stage].first_grade) {
    for (int year = h_.first_year(); year <= model.base_year; ++year) {
      bases_.push_back(entry_bases(model, stage, year));
      city_.push_back(city_children(h_, stage, year));
    }
    // The city's children count only if they are known for what is past and for what comes.
    const double next = next_children(0);
    known_ = next > 0 && std::ranges::all_of(city_, [](double c) { return c > 0; });
    if (!known_) city_.assign(city_.size(), 1);
  }

  void run() {
    fit_ratios();
    find_shares();
    find_own_weight();
    find_drift();
    find_private_share();
  }

 private:
  double base(std::size_t school, int year) const {
    return bases_[static_cast<std::size_t>(year - h_.first_year())][school];
  }
  double city(int year) const { return city_[static_cast<std::size_t>(year - h_.first_year())]; }

  // Children of the entry age so many years ahead, all units, as their outlook has them.
  double next_children(int ahead) const {
    if (stage_ >= model_.outlook.size()) return 0;
    double sum = 0;
    for (std::size_t u = 0; u < h_.units.size(); ++u) {
      sum += static_cast<double>(model_.outlook[stage_].children[u * kMostYears + static_cast<std::size_t>(ahead)]);
    }
    return sum;
  }

  double share(std::size_t school, int year) const {
    const double now = pupils(school, year);
    return now < 0 ? kUnknown : now / city(year);
  }

  double pupils(std::size_t school, int year) const { return entry_pupils(h_, school, year, grade_); }
  SchoolModel& school(std::size_t s) { return model_.schools[s]; }

  void fit_ratios() {
    std::vector<Transition> transitions;
    for (std::size_t s = 0; s < h_.schools.size(); ++s) {
      if (h_.schools[s].ownership == "private") continue;
      for (int year = h_.first_year(); year <= model_.base_year; ++year) {
        const double before = base(s, year);
        const double after = pupils(s, year);
        if (!(before > 0) || after < 0) continue;
        transitions.push_back({static_cast<std::uint32_t>(s), 0, static_cast<std::int16_t>(year),
                               static_cast<float>(before), static_cast<float>(after)});
      }
    }
    Components c = analyse(transitions, 1, h_.schools.size(), model_.base_year, kEntryDecay);
    for (std::size_t s = 0; s < h_.schools.size(); ++s) c.groups[s].parent = h_.school_district[s];
    const Ladder ladder = pool_ladder(c.groups, h_.districts.size());
    const Level city = c.kind_sample[0] > 0 ? Level::city : Level::prior;
    model_.city_entry[stage_] = {c.kind_ratio[0], c.kind_sample[0], c.kind_log_sd[0], city};
    for (std::size_t s = 0; s < h_.schools.size(); ++s) {
      Ratio r = to_ratio(c.kind_ratio[0], ladder.lower[s], c.groups[s], ladder.upper_seen[h_.school_district[s]]);
      if (city == Level::prior) r.from = Level::prior;
      school(s).entry[stage_] = r;
    }
    for (std::size_t d = 0; d < h_.districts.size(); ++d) {
      model_.district_model[d].entry[stage_] =
          to_ratio(c.kind_ratio[0], ladder.upper[d], Observation{}, ladder.upper_seen[d]);
    }
    if (stage_ == 0) {
      model_.noise.entry_phi = c.phi;
      model_.noise.entry_school = c.group_year_sd;
      model_.noise.entry_city = c.year_sd;
      model_.noise.entry_ratio = c.kind_log_sd[0];
    }
  }

  void find_shares() {
    std::array<double, kMostYears> children;
    children.fill(1);
    for (int i = 0; i < kMostYears && known_; ++i) children[static_cast<std::size_t>(i)] = next_children(i);
    model_.city_children.push_back(children);
    for (std::size_t s = 0; s < h_.schools.size(); ++s) {
      SchoolModel& m = school(s);
      m.own_share[stage_] =
          smoothed(h_.first_year(), model_.base_year, kLevelDecay, [&](int y) { return share(s, y); });
      for (int stream = 1; stream <= 2; ++stream) {
        const double level =
            smoothed(h_.first_year(), model_.base_year, kLevelDecay, [&](int y) { return h_.intake(s, y, stream); });
        (stream == 1 ? m.out_of_area : m.migrant)[stage_] = std::max(0.0, level);
      }
    }
  }

  // How much a school's own level adds to its zone's children: the weight that would have missed least, one year ahead,
  // each year judged from the years before it.
  void find_own_weight() {
    double best = 0, least = -1;
    int seen = 0;
    for (int step = 0; step <= 4; ++step) {
      const double weight = 0.25 * step;
      double sum = 0;
      seen = 0;
      for (std::size_t s = 0; s < h_.schools.size(); ++s) {
        for (int year = h_.first_year() + 2; year <= model_.base_year; ++year) {
          const double now = pupils(s, year);
          const double children = base(s, year);
          if (now < 0 || !(children > 0)) continue;
          const double level =
              city(year) * smoothed(h_.first_year(), year - 1, kLevelDecay, [&](int y) { return share(s, y); });
          const double ratio = smoothed(h_.first_year(), year - 1, kEntryDecay, [&](int y) {
            return base(s, y) > 0 && pupils(s, y) >= 0 ? pupils(s, y) / base(s, y) : kUnknown;
          });
          if (level < 0 || ratio < 0) continue;
          const double pooled = model_.city_entry[stage_].value;
          const double by_children = children * (0.7 * ratio + 0.3 * pooled);
          const double expected = weight * level + (1 - weight) * by_children;
          const double off = std::min(std::fabs(now - expected) / std::sqrt(std::max(level, 1.0)), 6.0);
          sum += off * off;
          ++seen;
        }
      }
      if (seen > 0 && (least < 0 || sum < least)) best = weight, least = sum;
    }
    if (seen < 10) best = kUsualOwnWeight;
    for (std::size_t s = 0; s < h_.schools.size(); ++s) {
      const bool known = base(s, model_.base_year) > 0;
      school(s).own_weight[stage_] = known && h_.schools[s].ownership != "private" ? best : 1;
    }
  }

  // A school's level wanders: what one year's intake is off its level beyond chance, half of it taken as lasting.
  void find_drift() {
    if (stage_ != 0) return;
    std::vector<double> off;
    double chance = 0;
    for (std::size_t s = 0; s < h_.schools.size(); ++s) {
      for (int year = h_.first_year() + 2; year <= model_.base_year; ++year) {
        const double now = pupils(s, year);
        const double level =
            city(year) * smoothed(h_.first_year(), year - 1, kLevelDecay, [&](int y) { return share(s, y); });
        if (!(now > 0) || !(level > 0)) continue;
        const double d = std::log(now / level);
        off.push_back(d * d);
        chance += 1 / level;
      }
    }
    if (off.size() < 20) {
      model_.noise.entry_drift = kUsualDrift;
      model_.noise.entry_school = std::max(model_.noise.entry_school, kUsualSchoolSd);
      return;
    }
    std::ranges::sort(off);
    const double all = off[off.size() / 2] / 0.4549;  // 0.4549: the median of a squared normal variate
    const double spread = std::sqrt(std::max(0.0, all - chance / static_cast<double>(off.size())));
    model_.noise.entry_drift = std::max(0.01, spread / 2);
    if (model_.city_entry[0].from == Level::prior) {
      // No zones with children: the intake's own scatter is all that is known.
      model_.noise.entry_school = spread;
      model_.noise.entry_phi = 1;
      model_.noise.entry_city = 0.02;
    }
  }

  void find_private_share() {
    double in_private = 0, all = 0;
    for (std::size_t s = 0; s < h_.schools.size(); ++s) {
      const double now = std::max(0.0, h_.pupils(s, model_.base_year, grade_));
      (h_.schools[s].ownership == "private" ? in_private : all) += now;
    }
    all += in_private;
    model_.private_share[stage_] = all > 0 ? in_private / all : 0;
  }

  DemandModel& model_;
  const CityHistory& h_;
  std::size_t stage_;
  int grade_;
  std::vector<std::vector<double>> bases_;
  std::vector<double> city_;  // children of the entry age by year; 1 where not known
  bool known_ = false;
};

// Zone children of schools in a year by the plan in force then.
void add_zone_children(const DemandModel& model, std::size_t stage, int year, std::vector<double>& bases,
                       std::vector<double>& known, std::vector<double>& units) {
  const CityHistory& h = model.history;
  const StagePlan* plan = h.plan(h.rules().stages[stage].stage, year);
  if (plan == nullptr) return;
  const int age = entry_age(h.rules(), stage);
  for (const UnitShare& s : plan->shares) {
    const double children = children_of_entry_age(h, s.unit, year, age);
    units[s.school] += static_cast<double>(s.share);
    if (children < 0) continue;
    known[s.school] += static_cast<double>(s.share);
    bases[s.school] += static_cast<double>(s.share) * children;
  }
}

}  // namespace

int entry_age(const DemandRules& rules, std::size_t stage) {
  return rules.age.entry_age + rules.stages[stage].first_grade - rules.stages.front().first_grade;
}

double children_of_entry_age(const CityHistory& history, std::size_t unit, int year, int age) {
  const double counted = history.children(unit, year, age);
  if (counted >= 0) return counted;
  return history.children(unit, year - age - 1, -1);
}

std::vector<double> entry_bases(const DemandModel& model, std::size_t stage, int year) {
  const CityHistory& h = model.history;
  std::vector<double> bases(h.schools.size(), 0), known(h.schools.size(), 0), units(h.schools.size(), 0);
  std::vector<char> fed(h.schools.size(), 0);
  if (stage == 1) {
    if (const auto* feeders = h.feeders_of(year)) {
      const int last = h.rules().stages[0].last_grade;
      for (const FeederShare& f : *feeders) {
        const double leavers = h.pupils(f.from, year - 1, last);
        fed[f.to] = 1;
        units[f.to] += f.share;
        if (leavers < 0) continue;
        known[f.to] += f.share;
        bases[f.to] += f.share * leavers;
      }
    }
  }
  std::vector<double> zone(h.schools.size(), 0), zone_known(h.schools.size(), 0), zone_units(h.schools.size(), 0);
  add_zone_children(model, stage, year, zone, zone_known, zone_units);
  for (std::size_t s = 0; s < h.schools.size(); ++s) {
    if (fed[s] == 0) bases[s] = zone[s], known[s] = zone_known[s], units[s] = zone_units[s];
    if (!(units[s] > 0) || known[s] < kKnownPart * units[s]) bases[s] = kUnknown;
  }
  return bases;
}

void fit_entry(DemandModel& model) {
  model.city_entry.assign(kStages, {});
  model.private_share.assign(kStages, 0);
  model.city_children.clear();
  const std::size_t stages = std::min(kStages, model.history.rules().stages.size());
  for (std::size_t stage = 0; stage < stages; ++stage) EntryFit(model, stage).run();
}

}  // namespace catchment::engine::demand
