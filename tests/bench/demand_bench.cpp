// Forecasts of a city of 2,000 schools and 20,000 units over 12 years with 1,000 draws: seconds, memory, and how soon a
// boundary change is forecast again. Beside a plain implementation of the same simulation (std::mt19937_64,
// std::normal_distribution, std::sort of every list of draws, one pass a school) and a cold forecast.
// demand_bench [schools] [threads]
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "engine/demand/draws.hpp"
#include "engine/demand/forecaster.hpp"
#include "geo/input_error.hpp"

namespace {

using namespace catchment::engine;
using namespace catchment::engine::demand;

constexpr int kLast = 2026;
constexpr int kUnitsOfASchool = 14;

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

std::string name(char kind, int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%c%05d", kind, number);
  return text;
}

// Three primary schools to a junior one, all juniors fed; a district is 150 primaries.
DemandInput make_city(int schools) {
  DemandInput in;
  const int primaries = schools * 3 / 4, juniors = schools - primaries;
  std::uint64_t state = 1;
  const auto up_to = [&](int most) { return static_cast<int>((state = mix(state)) % static_cast<unsigned>(most)); };
  for (int s = 0; s < primaries; ++s) {
    in.schools.push_back({name('P', s), "", name('D', s / 150), {Stage::primary}, "open", "public"});
    in.feeders.push_back({name('P', s), name('Q', std::min(juniors - 1, s / 3)), kLast, 1, ""});
    for (int year = kLast - 11; year <= kLast; ++year) {
      for (int grade = 1; grade <= 6; ++grade) in.enrolment.push_back({name('P', s), year, grade, 2, 80 + up_to(20)});
    }
  }
  for (int s = 0; s < juniors; ++s) {
    in.schools.push_back({name('Q', s), "", name('D', s / 50), {Stage::junior}, "open", "public"});
    for (int year = kLast - 11; year <= kLast; ++year) {
      for (int grade = 7; grade <= 9; ++grade) in.enrolment.push_back({name('Q', s), year, grade, 5, 230 + up_to(40)});
    }
  }
  for (int u = 0; u < primaries * kUnitsOfASchool; ++u) {
    const int school = u / kUnitsOfASchool;
    in.units.push_back({name('U', u), name('D', school / 150)});
    in.assignment.push_back({name('U', u), name('P', school), Stage::primary, kLast, 1});
    for (int year = kLast - 11; year <= kLast; ++year) {
      for (int age = 0; age <= 12; ++age) in.children.push_back({name('U', u), year, age, 5 + up_to(5)});
    }
    for (int year = kLast - 16; year <= kLast; ++year) in.births.push_back({name('U', u), year, 0, 6 + up_to(3)});
  }
  return in;
}

// The peer: the same factors drawn, multiplied and reported one after the other, as one would write it down first.
class PlainSimulation {
 public:
  PlainSimulation(const DemandModel& model, std::size_t years, std::size_t draws)
      : model_(model), years_(years), draws_(draws), random_(1) {}

  double run() {
    const CityHistory& h = model_.history;
    std::vector<std::vector<double>> leavers(h.schools.size());
    double sum = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t s = 0; s < h.schools.size(); ++s) {
        if (model_.schools[s].teaches[k]) sum += simulate(s, k, leavers);
      }
    }
    return sum;
  }

 private:
  double draw(double sd) { return std::exp(sd * normal_(random_)); }

  double base(std::size_t s, std::size_t k, std::size_t year, std::size_t d,
              const std::vector<std::vector<double>>& leavers, const std::vector<std::vector<double>>& units) {
    const CityHistory& h = model_.history;
    double sum = 0;
    if (k == 1) {
      for (const FeederShare& f : *h.feeders_of(model_.base_year + 1)) {
        if (f.to != s) continue;
        sum += f.share * (year == 0 ? model_.schools[f.from].sitting[5] : leavers[f.from][(year - 1) * draws_ + d]);
      }
      return sum;
    }
    const StagePlan* plan = h.plan(Stage::primary, model_.base_year + 1);
    const auto first = std::ranges::lower_bound(plan->shares, s, {}, &UnitShare::school);
    std::size_t i = 0;
    for (auto u = first; u != plan->shares.end() && u->school == s; ++u, ++i) {
      sum += static_cast<double>(u->share * model_.outlook[0].children[u->unit * kMostYears + year]) * units[i][d];
    }
    return sum;
  }

  double simulate(std::size_t s, std::size_t k, std::vector<std::vector<double>>& leavers) {
    const SchoolModel& m = model_.schools[s];
    const Noise& n = model_.noise;
    const std::size_t grades = k == 0 ? 6 : 3, first = k == 0 ? 0 : 6;
    std::vector<std::vector<double>> pupils(grades, std::vector<double>(years_ * draws_));
    std::vector<std::vector<double>> units(kUnitsOfASchool, std::vector<double>(draws_));
    for (auto& u : units) {
      for (double& x : u) x = draw(0.02);
    }
    std::vector<std::size_t> feeders;
    for (std::size_t d = 0; d < draws_; ++d) {
      const double entry = draw(m.entry[k].log_sd), up = draw(m.progression.back().log_sd), drift = normal_(random_);
      for (std::size_t y = 0; y < years_; ++y) {
        const double shock = draw(n.progress_school);
        for (std::size_t g = grades - 1; g > 0; --g) {
          const double before = y == 0 ? m.sitting[first + g - 1] : pupils[g - 1][(y - 1) * draws_ + d];
          pupils[g][y * draws_ + d] = chance(before * m.progression[first + g].value * up * shock, n.progress_phi);
        }
        const double own = std::pow(m.own_weight[k], static_cast<double>(y + 1));
        const double level = own * std::max(0.0, m.own_share[k]) * model_.city_children[k][y] *
                             std::exp(n.entry_drift * std::sqrt(static_cast<double>(y) + 1) * drift);
        const double zone = (1 - own) * m.entry[k].value * base(s, k, y, d, leavers, units) * entry;
        pupils[0][y * draws_ + d] = chance((level + zone) * draw(n.entry_school), n.entry_phi);
      }
    }
    if (k == 0) leavers[s] = pupils[5];
    double sum = 0;
    for (const auto& grade : pupils) {
      for (std::size_t y = 0; y < years_; ++y) {
        std::vector<double> sorted(grade.begin() + static_cast<std::ptrdiff_t>(y * draws_),
                                   grade.begin() + static_cast<std::ptrdiff_t>((y + 1) * draws_));
        std::sort(sorted.begin(), sorted.end());
        sum += sorted[draws_ / 2] + sorted[draws_ / 20] + sorted[draws_ - 1 - draws_ / 20];
      }
    }
    return sum;
  }

  double chance(double expected, double phi) {
    return std::max(0.0, expected + normal_(random_) * std::sqrt(phi * std::max(0.0, expected)));
  }

  const DemandModel& model_;
  std::size_t years_, draws_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
};

double middle(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void bench(int schools, unsigned threads) {
  double start = now();
  const DemandInput input = make_city(schools);
  const CityHistory history = CityHistory::make(input, {});
  std::printf("%zu schools, %zu units, 12 years, 1,000 draws, %u threads\n", history.schools.size(),
              history.units.size(), threads);
  std::printf("input and history   %8.2f s\n", now() - start);
  start = now();
  FitOptions fit_options;
  fit_options.calibrate = false;
  const DemandModel model = fit(history, fit_options);
  std::printf("fit                 %8.2f s\n", now() - start);
  ForecastOptions options;
  options.draws = 1000, options.horizon = 12, options.threads = threads;
  std::vector<double> cold;
  for (int i = 0; i < 3; ++i) {
    start = now();
    const Forecaster f(model, options);
    cold.push_back(now() - start);
  }
  const double forecast = middle(cold);
  std::printf("forecast            %8.2f s  (goal 10)   peak memory %.0f MiB (goal 2048)\n", forecast, peak_mib());
  Forecaster forecaster(model, options);
  std::vector<double> again;
  for (int i = 0; i < 100; ++i) {
    ScenarioChange change;
    change.unit_id = name('U', 100 + i * 70), change.school_id = name('P', 20 + 5 * i);
    change.from_year = kLast + 1 + i % 5;
    start = now();
    forecaster.apply(std::span(&change, 1));
    again.push_back(now() - start);
  }
  std::printf("one boundary change %8.2f ms median, %.2f ms worst of 100 (goal 10)\n", 1000 * middle(again),
              1000 * *std::ranges::max_element(again));
  start = now();
  const double sum = PlainSimulation(model, 12, 1000).run();
  const double plain = now() - start;
  std::printf("plain simulation    %8.2f s  on one thread (mt19937_64, normal_distribution, sort; sum %.0f)\n", plain,
              sum);
  std::printf("ratios: plain / forecast %.1f; cold forecast / re-forecast %.0f\n", plain / forecast,
              forecast / middle(again));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    bench(argc > 1 ? std::atoi(argv[1]) : 2000, argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 2);
  } catch (const catchment::InputError& e) {
    std::printf("%s\n", e.what());
    return 1;
  }
}
