#include <algorithm>
#include <cmath>

#include "engine/demand/fit_parts.hpp"

namespace catchment::engine::demand {
namespace {

constexpr double kPriorDwellings = 300;  // so many dwellings seen weigh as much as the planning norm
constexpr int kFrom = 1;                 // ages whose gain is counted: a birth is no move
constexpr int kTo = 11;

std::size_t band_of(int years) {
  std::size_t band = 0;
  while (band + 1 < HousingYields::kAgeFrom.size() && years >= HousingYields::kAgeFrom[band + 1]) ++band;
  return band;
}

std::size_t kind_of(const std::string& kind) {
  const auto at = std::ranges::find(HousingYields::kKinds, kind) - HousingYields::kKinds.begin();
  return std::min<std::size_t>(static_cast<std::size_t>(at), HousingYields::kKinds.size() - 1);
}

double occupied(const std::vector<double>& curve, int years) {
  if (years < 0 || curve.empty()) return 0;
  return curve[std::min(static_cast<std::size_t>(years), curve.size() - 1)];
}

struct Seen {
  double children = 0;   // gained, of all ages counted
  double dwellings = 0;  // occupied, times those ages
};

// The city's ratio from age to age + 1 by all units without an estate filling up: what a unit would have kept.
std::vector<double> usual_ratios(const CityHistory& h, int base_year, const std::vector<char>& built) {
  std::vector<double> before(kTo, 0), after(kTo, 0);
  for (std::size_t u = 0; u < h.units.size(); ++u) {
    if (built[u] != 0) continue;
    for (int year = base_year - 11; year <= base_year; ++year) {
      for (int age = 0; age < kTo; ++age) {
        const double b = h.children(u, year - 1, age), a = h.children(u, year, age + 1);
        if (!(b > 0) || a < 0) continue;
        before[static_cast<std::size_t>(age)] += b, after[static_cast<std::size_t>(age)] += a;
      }
    }
  }
  std::vector<double> ratios;
  for (std::size_t a = 0; a < before.size(); ++a) ratios.push_back(before[a] > 0 ? after[a] / before[a] : 1);
  return ratios;
}

}  // namespace

double HousingYields::of(const std::string& kind, int years) const {
  return by_kind[kind_of(kind)][band_of(std::max(0, years))].value;
}

void fit_yields(DemandModel& model) {
  const CityHistory& h = model.history;
  const DemandRules& rules = h.rules();
  // The norm counts seats of a whole stage: of one year of age it is a grade's part.
  const double prior = rules.seats_per_thousand / 1000 * rules.persons_per_dwelling / rules.stages.front().grades();
  std::vector<char> built(h.units.size(), 0);
  std::vector<int> projects(h.units.size(), 0);
  for (const Housing& p : h.housing) {
    const std::uint32_t u = *h.find_unit(p.unit_id);
    ++projects[u];
    if (p.completion_year <= model.base_year) built[u] = 1;
  }
  const std::vector<double> usual = usual_ratios(h, model.base_year, built);
  std::array<std::array<Seen, 4>, 4> seen{};
  for (const Housing& p : h.housing) {
    const std::uint32_t u = *h.find_unit(p.unit_id);
    if (p.completion_year > model.base_year || projects[u] != 1) continue;  // two estates in one unit tell of neither
    double gained = 0;
    for (int year = p.completion_year; year <= model.base_year; ++year) {
      bool known = true;
      double gain = 0;
      for (int age = kFrom; age <= kTo; ++age) {
        const double before = h.children(u, year - 1, age - 1), after = h.children(u, year, age);
        known = known && before >= 0 && after >= 0;
        gain += after - before * usual[static_cast<std::size_t>(age - 1)];
      }
      if (!known) break;
      gained += gain;
      const int since = year - p.completion_year;
      Seen& cell = seen[kind_of(p.kind)][band_of(since)];
      // What the estate has gained so far, cohorts that have grown out of it left out of count on both sides.
      cell.children += std::max(0.0, gained);
      cell.dwellings += p.dwellings * occupied(rules.occupancy, since) * (kTo - kFrom + 1);
    }
  }
  for (std::size_t k = 0; k < seen.size(); ++k) {
    Seen all;
    for (const Seen& s : seen[k]) all.children += s.children, all.dwellings += s.dwellings;
    const double weight = kPriorDwellings * (kTo - kFrom + 1);
    const double of_kind = (prior * weight + all.children) / (weight + all.dwellings);
    for (std::size_t b = 0; b < seen[k].size(); ++b) {
      const Seen& s = seen[k][b];
      Ratio& r = model.yields.by_kind[k][b];
      r.value = (of_kind * weight + s.children) / (weight + s.dwellings);
      r.sample = s.children;
      r.log_sd = 1 / std::sqrt(1 + s.children / 4 + prior * weight);
      r.from = s.dwellings > 0 ? Level::city : Level::prior;
    }
  }
}

}  // namespace catchment::engine::demand
