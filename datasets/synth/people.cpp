#include "datasets/synth/people.hpp"

#include "datasets/synth/draws.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr double kPeopleChurn = 0.02;

// What is built in a unit brings, in a year.
struct Newcomers {
  double children = 0;
  double births = 0;
};

Newcomers newcomers(const UnitHomes& homes, int year) {
  Newcomers sum;
  for (const engine::Housing* project : homes.projects) {
    const HousingYield yield = yield_of(project->kind);
    const int since = year - project->completion_year;
    const double lived_in = occupancy_after(since);
    sum.children += project->dwellings * yield.children * (lived_in - occupancy_after(since - 1));
    sum.births += project->dwellings * yield.births * lived_in;
  }
  return sum;
}

void add_births(std::array<std::array<int, 12>, kHistoryYears>& births, int cohort_year, int count, Random& random) {
  Dealer dealer(count, 12);
  const int start = random.between(0, 11);
  for (int i = 0; i < 12; ++i) {
    const int month = (start + i) % 12;                           // 0 = January
    const int year = month >= 8 ? cohort_year - 1 : cohort_year;  // September on: the year before
    const auto born = static_cast<int>(dealer.deal(1));
    if (year >= kFirstYear)
      births[static_cast<std::size_t>(year - kFirstYear)][static_cast<std::size_t>(month)] += born;
  }
}

// The same steps for counts that are drawn and for those expected: born(mean), aged(children, ratio), come(mean).
template <class Count, class Born, class Aged>
void live(const DemandTruth& truth, const UnitArea& area, const UnitHomes& homes,
          std::array<std::array<Count, kAges>, kHistoryYears>& children, Born&& born, Aged&& aged) {
  for (std::size_t age = 0; age < kAges; ++age) {
    children[0][age] = born(homes.homes * truth.births(area, kFirstYear - static_cast<int>(age)));
  }
  for (std::size_t y = 1; y < kHistoryYears; ++y) {
    const int year = kFirstYear + static_cast<int>(y);
    const Newcomers fresh = newcomers(homes, year);
    children[y][0] = born(homes.homes * truth.births(area, year) + fresh.births);
    for (std::size_t age = 1; age < kAges; ++age) {
      const double ratio = truth.ageing(area, static_cast<int>(age) - 1, year);
      children[y][age] =
          aged(children[y - 1][age - 1], ratio) + born(fresh.children * newcomers_aged(static_cast<int>(age)));
    }
  }
}

}  // namespace

UnitPeople make_people(const DemandTruth& truth, const UnitArea& area, const UnitHomes& homes, Random& random) {
  UnitPeople people;
  live(
      truth, area, homes, people.children, [&](double mean) { return draw_count(mean, random); },
      [&](int count, double ratio) { return draw_change(count, ratio, kPeopleChurn, random); });
  for (int y = 0; y < kHistoryYears; ++y) {
    add_births(people.births, kFirstYear + y, people.children[static_cast<std::size_t>(y)][0], random);
  }
  return people;
}

double expected_children(const DemandTruth& truth, const UnitArea& area, const UnitHomes& homes) {
  std::array<std::array<double, kAges>, kHistoryYears> children{};
  live(
      truth, area, homes, children, [](double mean) { return mean; },
      [](double count, double ratio) { return count * ratio; });
  double sum = 0;
  for (const double count : children.back()) sum += count;
  return sum;
}

}  // namespace catchment::datasets::synth
