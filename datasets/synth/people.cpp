#include "datasets/synth/people.hpp"

#include <algorithm>

namespace catchment::datasets::synth {
namespace {

// Cohorts reach from those aged 0 in the last year to those aged 17 in the first.
constexpr int kCohorts = kAges + kHistoryYears - 1;
using Cohorts = std::array<int, kCohorts>;  // by age in the last year

// Relative size by age in the last year: invented, falling towards the young as births have fallen since 2017.
constexpr std::array<int, kCohorts> kShape{46, 48, 52, 54, 57, 60, 66, 73, 80, 88, 95, 98,
                                           92, 94, 96, 94, 90, 88, 86, 84, 82, 80, 78};
constexpr int kMovesPermille = 40;

// Young estates and old quarters: the shape tilted by up to a third at its ends.
Cohorts tilted_shape(Random& random) {
  const int tilt = random.between(-4, 4);
  Cohorts shape{};
  for (int age = 0; age < kCohorts; ++age) {
    shape[static_cast<std::size_t>(age)] =
        kShape[static_cast<std::size_t>(age)] * (100 + tilt * (9 - std::min(age, kAges)));
  }
  return shape;
}

// Ages are dealt in a circle from a random one, so that no age is favoured by rounding.
Cohorts last_year(std::int64_t total, Random& random) {
  const Cohorts shape = tilted_shape(random);
  std::int64_t sum = 0;
  for (int age = 0; age < kAges; ++age) sum += shape[static_cast<std::size_t>(age)];
  Cohorts cohorts{};
  Dealer dealer(total, sum);
  const int start = random.between(0, kAges - 1);
  for (int i = 0; i < kAges; ++i) {
    const auto age = static_cast<std::size_t>((start + i) % kAges);
    cohorts[age] = static_cast<int>(dealer.deal(shape[age]));
  }
  for (std::size_t age = kAges; age < kCohorts; ++age) {
    const auto rounding = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(sum)));
    cohorts[age] = static_cast<int>((total * shape[age] + rounding) / sum);
  }
  return cohorts;
}

// The cohort a year earlier: a few have moved in or out since.
int year_before(int size, Random& random) {
  int moves = 0;
  for (int left = size; left > 0; left -= 25) {
    if (random.chance_permille(std::min(left, 25) * kMovesPermille / 2)) moves += random.chance_permille(500) ? 1 : -1;
  }
  return std::max(0, size + moves);
}

void add_births(std::array<std::array<int, 12>, kLastYear - kFirstBirthYear + 1>& births, int cohort_year, int count,
                Random& random) {
  Dealer dealer(count, 12);
  const int start = random.between(0, 11);
  for (int i = 0; i < 12; ++i) {
    const int month = (start + i) % 12;                           // 0 = January
    const int year = month >= 8 ? cohort_year - 1 : cohort_year;  // September on: the year before
    const auto born = static_cast<int>(dealer.deal(1));
    if (year >= kFirstBirthYear)
      births[static_cast<std::size_t>(year - kFirstBirthYear)][static_cast<std::size_t>(month)] += born;
  }
}

}  // namespace

UnitPeople make_people(std::int64_t total, Random& random) {
  UnitPeople people;
  Cohorts cohorts = last_year(total, random);
  for (int back = 0; back < kHistoryYears; ++back) {
    const int year = kLastYear - back;
    auto& ages = people.children[static_cast<std::size_t>(year - kFirstYear)];
    for (int age = 0; age < kAges; ++age)
      ages[static_cast<std::size_t>(age)] = cohorts[static_cast<std::size_t>(age + back)];
    add_births(people.births, year, ages[0], random);
    for (int& size : cohorts) size = year_before(size, random);
  }
  // Born before the first count: as many as were left of them at it.
  const auto& first = people.children.front();
  for (int age = 1; kFirstYear - age >= kFirstBirthYear; ++age) {
    add_births(people.births, kFirstYear - age, first[static_cast<std::size_t>(age)], random);
  }
  return people;
}

}  // namespace catchment::datasets::synth
