#include "tests/support/demand_world.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace catchment::test {
namespace {

using engine::Stage;

constexpr int kTop = 14;  // the oldest age simulated

std::string two(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

class Simulation {
 public:
  explicit Simulation(const DemandWorldOptions& options) : o_(options), random_(options.seed) {}

  DemandWorld run() {
    world_.first_year = o_.first_year, world_.last_year = o_.last_year;
    list_places();
    // Long enough before the first year for every cohort to have been born in the world.
    for (int year = o_.first_year - kTop - 2; year <= o_.last_year; ++year) {
      live(year);
      if (year < o_.first_year - 8) continue;
      teach(year);
    }
    return std::move(world_);
  }

 private:
  struct Unit {
    std::string id;
    int district = 0, school = 0;
    double log_ageing = 0, log_births = 0;
    std::vector<double> children;  // [age + 1]
  };
  struct School {
    std::string id;
    Stage stage = Stage::primary;
    int district = 0;
    double log_entry = 0, log_up = 0;
    std::vector<double> pupils;  // by grade of the stage
  };

  void list_places() {
    for (int d = 0; d < o_.districts; ++d) {
      const double of_district = o_.district_sd * normal(random_);
      for (int s = 0; s < o_.primaries; ++s) {
        const double of_zone = o_.zone_sd * normal(random_);
        add_school(world_primary(d, s), Stage::primary, d);
        for (int u = 0; u < o_.units; ++u) add_unit(d, s, u, of_district + of_zone);
      }
    }
    for (int d = 0; d < o_.districts; ++d) {
      for (int s = 0; s < o_.juniors; ++s) add_school(world_junior(d, s), Stage::junior, d);
    }
  }

  void add_school(const std::string& id, Stage stage, int district) {
    world_.input.schools.push_back({id, id, "D" + std::to_string(district), {stage}, "open", "public"});
    School s;
    s.id = id, s.stage = stage, s.district = district;
    s.log_entry = o_.entry_sd * normal(random_), s.log_up = o_.up_sd * normal(random_);
    s.pupils.assign(stage == Stage::primary ? 6 : 3, 0);
    schools_.push_back(s);
    if (stage == Stage::junior || o_.juniors == 0 || !o_.feeders) return;
    const int number = static_cast<int>(schools_.size() - 1) % o_.primaries;
    world_.input.feeders.push_back({id, world_junior(district, number % o_.juniors), o_.first_year, 1, ""});
  }

  void add_unit(int d, int s, int u, double log_ageing) {
    Unit unit;
    unit.id = world_unit(d, s, u), unit.district = d, unit.school = d * o_.primaries + s;
    unit.log_ageing = log_ageing + o_.unit_sd * normal(random_), unit.log_births = 0.2 * normal(random_);
    unit.children.assign(kTop + 2, 0);
    units_.push_back(unit);
    auto& in = world_.input;
    in.units.push_back({unit.id, "D" + std::to_string(d)});
    in.assignment.push_back({unit.id, world_primary(d, s), Stage::primary, o_.first_year, 1});
    if (o_.juniors > 0) {
      in.assignment.push_back({unit.id, world_junior(d, s % o_.juniors), Stage::junior, o_.first_year, 1});
    }
    if (!o_.housing || units_.size() % 5 != 0) return;
    const bool to_come = units_.size() % 10 == 0;
    const int completed = to_come ? o_.last_year + 2 : (o_.first_year + o_.last_year) / 2;
    in.housing.push_back({unit.id + "-H", "", unit.id, "commodity", 300, completed, {}});
  }

  double count(double expected) {
    return std::max(0.0, std::round(expected + normal(random_) * std::sqrt(o_.phi * std::max(0.0, expected))));
  }

  void live(int year) {
    births_ += o_.birth_trend + o_.birth_sd * normal(random_);
    const double migration = std::exp(o_.migration_sd * normal(random_));
    for (Unit& u : units_) {
      for (int age = kTop; age >= 0; --age) {
        const double kept = age == 0 ? 1 : std::exp(u.log_ageing) * migration;
        const auto at = static_cast<std::size_t>(age);
        u.children[at + 1] = count(u.children[at] * kept) + moved_in(u, year, age);
      }
      // Age -1: born in the twelve months up to the next cut-off.
      u.children[0] = count(o_.births * std::exp(births_ + u.log_births));
      if (!o_.children || year < o_.first_year - 7) continue;
      // Told by month, all of them in the first of the twelve: the cohorts are then exact.
      for (int month = 1; month <= 12; ++month) {
        const int born = month == 9 ? static_cast<int>(u.children[0]) : 0;
        world_.input.births.push_back({u.id, month >= 9 ? year : year + 1, month, born});
      }
      for (int age = 0; age <= kTop && year >= o_.first_year; ++age) {
        world_.input.children.push_back(
            {u.id, year, age, static_cast<int>(u.children[static_cast<std::size_t>(age + 1)])});
      }
    }
  }

  double moved_in(const Unit& u, int year, int age) {
    if (!o_.housing || age == 0) return 0;
    double more = 0;
    for (const auto& h : world_.input.housing) {
      const int since = year - h.completion_year;
      if (h.unit_id != u.id || since < 0 || since > 3) continue;
      more += count(h.dwellings * 0.02 * (since == 0 ? 0.4 : 0.2));
    }
    return more;
  }

  void teach(int year) {
    entry_walk_ += o_.entry_city_sd * normal(random_);
    const double up_city = std::exp(o_.up_city_sd * normal(random_));
    std::vector<double> leavers;
    for (const School& s : schools_) leavers.push_back(s.pupils.back());
    for (std::size_t i = 0; i < schools_.size(); ++i) {
      School& s = schools_[i];
      const double shock = std::exp(o_.up_school_sd * normal(random_));
      for (std::size_t g = s.pupils.size() - 1; g > 0; --g) {
        s.pupils[g] = count(s.pupils[g - 1] * o_.up * std::exp(s.log_up) * up_city * shock);
      }
      const double entry = o_.entry * std::exp(s.log_entry + entry_walk_ + o_.entry_school_sd * normal(random_));
      s.pupils[0] = count(base(i, leavers) * entry);
      if (year < o_.first_year) continue;
      const int first = s.stage == Stage::primary ? 1 : 7;
      for (std::size_t g = 0; g < s.pupils.size(); ++g) {
        const int pupils = static_cast<int>(s.pupils[g]);
        world_.input.enrolment.push_back({s.id, year, first + static_cast<int>(g), (pupils + 44) / 45, pupils});
      }
    }
  }

  double base(std::size_t school, const std::vector<double>& leavers) const {
    double sum = 0;
    const bool primary = schools_[school].stage == Stage::primary;
    if (!primary && o_.feeders) {
      for (const auto& f : world_.input.feeders) {
        if (f.to_school_id != schools_[school].id) continue;
        for (std::size_t i = 0; i < schools_.size(); ++i) sum += schools_[i].id == f.from_school_id ? leavers[i] : 0;
      }
      return sum;
    }
    for (const Unit& u : units_) {
      const int of_district = u.school % o_.primaries;
      const bool in = primary ? static_cast<std::size_t>(u.school) == school
                              : world_junior(u.district, of_district % std::max(1, o_.juniors)) == schools_[school].id;
      if (in) sum += u.children[primary ? 7 : 13];
    }
    return sum;
  }

  const DemandWorldOptions& o_;
  Random random_;
  DemandWorld world_;
  std::vector<Unit> units_;
  std::vector<School> schools_;
  double births_ = 0, entry_walk_ = 0;
};

}  // namespace

double normal(Random& random) {
  const double a = (static_cast<double>(random.next() >> 11) + 0.5) / 9007199254740992.0;
  const double b = static_cast<double>(random.next() >> 11) / 9007199254740992.0;
  return std::sqrt(-2 * std::log(a)) * std::cos(2 * std::numbers::pi * b);
}

std::string world_primary(int district, int school) { return "D" + std::to_string(district) + "-P" + two(school); }
std::string world_unit(int district, int school, int unit) {
  return world_primary(district, school) + "-U" + std::to_string(unit);
}
std::string world_junior(int district, int school) {
  return "D" + std::to_string(district) + "-J" + std::to_string(school);
}

DemandWorld make_demand_world(const DemandWorldOptions& options) { return Simulation(options).run(); }

engine::demand::DemandInput known_by(const engine::demand::DemandInput& input, int year) {
  engine::demand::DemandInput known = input;
  std::erase_if(known.enrolment, [=](const auto& e) { return e.school_year > year; });
  std::erase_if(known.children, [=](const auto& c) { return c.year > year; });
  std::erase_if(known.births, [=](const auto& b) { return b.year > year; });
  std::erase_if(known.intake, [=](const auto& i) { return i.school_year > year; });
  return known;
}

}  // namespace catchment::test
