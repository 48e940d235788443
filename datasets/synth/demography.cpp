#include "datasets/synth/demography.hpp"

#include <algorithm>
#include <numeric>

#include "datasets/synth/draws.hpp"
#include "datasets/synth/names.hpp"
#include "datasets/synth/seat_plan.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr std::uint64_t kPeopleStream = 801;
constexpr std::uint64_t kHousingStream = 802;
constexpr std::uint64_t kSurveyStream = 803;
constexpr double kSurveyed = 0.97;
constexpr double kSurveyedInVain = 0.02;
constexpr double kMostFromHousing = 0.25;

class Demography {
 public:
  Demography(const DemographyInput& input, PackageWriter& out, const std::function<bool()>& cancelled)
      : in_(input),
        out_(out),
        cancelled_(cancelled),
        truth_(input.seed, input.plan->primary_schools.size(), input.divisions->districts.size()),
        homes_(input.unit_ids->size()) {
    for (std::size_t unit = 0; unit < homes_.size(); ++unit) {
      const std::int32_t zone = in_.plan->zone_of_unit.front()[unit];
      areas_.push_back(truth_.area(unit, zone, in_.divisions->district_of_unit(unit)));
    }
  }

  std::int64_t write() {
    plan_housing();
    settle();
    for (const engine::Housing& row : housing_) out_.add(row);
    ZoneChildren zone_children(*in_.plan);
    std::int64_t children = 0;
    for (std::size_t unit = 0; unit < homes_.size() && !cancelled_(); ++unit) {
      Random random(in_.seed, kPeopleStream, unit);
      const UnitPeople people = make_people(truth_, areas_[unit], homes_[unit], random);
      zone_children.add(unit, people.children);
      children += std::accumulate(people.children.back().begin(), people.children.back().end(), std::int64_t{0});
      write_unit(unit, people);
    }
    if (cancelled_()) return children;
    const Schooling schooling = make_schooling(*in_.plan, zone_districts(), zone_children, truth_, in_.seed);
    write_seats(make_seat_plan(*in_.plan, schooling, in_.seed));
    return children;
  }

 private:
  void plan_housing() {
    constexpr const char* kKinds[] = {"commodity", "commodity", "commodity", "resettlement", "public_rental", "other"};
    Random random(in_.seed, kHousingStream);
    Stems stems(in_.seed, kHousingStream);
    const auto schools = static_cast<std::int64_t>(in_.plan->schools.size());
    const double scale = static_cast<double>(in_.children) / (1000.0 * static_cast<double>(schools));
    for (std::int64_t i = 0; i < schools / 2 + 1; ++i) {
      std::size_t unit = random.below(homes_.size());
      while (in_.layout->weight[unit] == 0) unit = random.below(homes_.size());
      engine::Housing row;
      row.id = padded('H', i + 1, 4);
      row.unit_id = (*in_.unit_ids)[unit];
      row.kind = kKinds[random.below(6)];
      row.dwellings = std::max(20, static_cast<int>(std::nearbyint(random.between(10, 100) * 20 * scale)));
      row.completion_year = random.between(kFirstYear + 1, kLastYear + 5);
      row.name = stems.next() + (row.completion_year > kLastYear ? "新苑（规划，合成）" : "新苑（合成）");
      row.position = in_.layout->map.sites[unit];
      housing_.push_back(std::move(row));
      housing_units_.push_back(unit);
    }
    for (std::size_t i = 0; i < housing_.size(); ++i) homes_[housing_units_[i]].projects.push_back(&housing_[i]);
  }

  double from_housing() const {
    double sum = 0;
    for (std::size_t unit = 0; unit < homes_.size(); ++unit) {
      if (!homes_[unit].projects.empty()) sum += expected_children(truth_, areas_[unit], homes_[unit]);
    }
    return sum;
  }

  // Homes in proportion to the layout's weights, so that the city may expect the children asked for.
  void settle() {
    const auto asked = static_cast<double>(in_.children);
    double built = from_housing();
    if (built > kMostFromHousing * asked) {
      const double shrink = kMostFromHousing * asked / built;
      for (engine::Housing& row : housing_) row.dwellings = std::max(1, static_cast<int>(row.dwellings * shrink));
      built = from_housing();
    }
    double for_one = 0;  // children if homes were as the weights
    for (std::size_t unit = 0; unit < homes_.size(); ++unit) {
      const auto weight = static_cast<double>(in_.layout->weight[unit]);
      for_one += expected_children(truth_, areas_[unit], {weight, {}});
      homes_[unit].homes = weight;
    }
    for (UnitHomes& unit : homes_) unit.homes *= std::max(0.0, asked - built) / for_one;
  }

  // Of each primary zone: where most of its units lie.
  ZoneDistricts zone_districts() const {
    std::vector<std::map<std::int32_t, int>> units(in_.plan->primary_schools.size());
    for (std::size_t unit = 0; unit < homes_.size(); ++unit) {
      ++units[static_cast<std::size_t>(in_.plan->zone_of_unit.front()[unit])][in_.divisions->district_of_unit(unit)];
    }
    ZoneDistricts districts;
    for (const auto& counts : units) {
      const auto most = std::ranges::max_element(counts, {}, [](const auto& entry) { return entry.second; });
      districts.push_back(most->first);
    }
    return districts;
  }

  void write_unit(std::size_t unit, const UnitPeople& people) {
    const std::string& id = (*in_.unit_ids)[unit];
    for (int y = 0; y < kHistoryYears; ++y) {
      for (int age = 0; age < kAges; ++age) {
        const int count = people.children[static_cast<std::size_t>(y)][static_cast<std::size_t>(age)];
        out_.add(engine::UnitChildren{id, kFirstYear + y, age, count});
      }
    }
    for (int year = kFirstYear; year <= kLastYear; ++year) {
      const auto& months = people.births[static_cast<std::size_t>(year - kFirstYear)];
      if (year < kFirstMonthlyYear) {
        out_.add(engine::Births{id, year, 0, std::accumulate(months.begin(), months.end(), 0)});
        continue;
      }
      const int last_month = year == kLastYear ? 8 : 12;
      for (int month = 1; month <= last_month; ++month) {
        out_.add(engine::Births{id, year, month, months[static_cast<std::size_t>(month - 1)]});
      }
    }
    Random random(in_.seed, kSurveyStream, unit);
    const int due = people.children.back()[5];
    const int counted = draw_binomial(due, kSurveyed, random) + draw_binomial(due, kSurveyedInVain, random);
    out_.add(engine::SurveyCount{id, kLastYear + 1, counted});
  }

  void write_seats(const SeatPlan& seats) {
    for (const auto& row : seats.successors) out_.add(row);
    for (const auto& row : seats.enrolment) out_.add(row);
    for (const auto& row : seats.intake) out_.add(row);
    for (const auto& row : seats.rooms) out_.add(row);
    for (const auto& row : seats.admission_units) out_.add(row);
    for (const auto& row : seats.admission_plans) out_.add(row);
    for (const auto& row : seats.cap_exceptions) out_.add(row);
    for (const auto& row : seats.reserved) out_.add(row);
    for (const auto& row : seats.purchased) out_.add(row);
  }

  const DemographyInput& in_;
  PackageWriter& out_;
  const std::function<bool()>& cancelled_;
  const DemandTruth truth_;
  std::vector<UnitArea> areas_;   // per unit
  std::vector<UnitHomes> homes_;  // per unit
  std::vector<engine::Housing> housing_;
  std::vector<std::size_t> housing_units_;
};

}  // namespace

std::int64_t write_demography(const DemographyInput& input, PackageWriter& out,
                              const std::function<bool()>& cancelled) {
  return Demography(input, out, cancelled).write();
}

}  // namespace catchment::datasets::synth
