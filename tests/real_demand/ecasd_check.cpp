// Back-tests on 27 autumns of the Eau Claire Area School District: 16 schools, grades K-5, class sections counted on
// the third Friday of September. The series has pupils only: no children by unit, no boundaries.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

#include "geo/input_error.hpp"
#include "tests/real_demand/tables.hpp"

namespace {

using namespace catchment;
using namespace catchment::engine;
using namespace catchment::engine::demand;
using test::format;

constexpr std::array kPandemic{2020, 2021};

CityHistory read(const std::filesystem::path& folder) {
  const test::Table table(folder / "enrollment_sections.csv");
  struct Cell {
    int classes = 0, pupils = 0;
  };
  std::map<std::tuple<std::string, int, int>, Cell> cells;
  std::set<std::string> schools;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    const std::string& grade = table.text(r, "grade");
    const std::string& school = table.text(r, "school");
    if (school.empty() || grade.empty()) continue;
    Cell& cell = cells[{school, std::stoi(table.text(r, "date").substr(0, 4)), grade == "K" ? 0 : std::stoi(grade)}];
    ++cell.classes, cell.pupils += table.number(r, "students");
    schools.insert(school);
  }
  DemandInput input;
  for (const std::string& s : schools) input.schools.push_back({s, s, "", {Stage::primary}, "open", "public"});
  for (const auto& [key, cell] : cells) {
    input.enrolment.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), cell.classes, cell.pupils});
  }
  DemandRules rules;
  rules.age.entry_age = 5;
  rules.stages = {{Stage::primary, 0, 5, 25, 30, 35, 10, 0, ""}};
  return CityHistory::make(input, rules);
}

bool pandemic(const Outcome& o) {
  for (const int year : kPandemic) {
    if (o.base_year < year && o.base_year + o.ahead >= year) return true;
  }
  return false;
}

struct Mean {
  double sum = 0, n = 0;
  void add(double x) { sum += std::fabs(x), ++n; }
  double percent() const { return n > 0 ? 100 * sum / n : 0; }
};

// Errors of the district's total as shares of it, of forecasts so many years ahead.
struct Totals {
  Mean model, carry;    // all pupils
  Mean entry, sitting;  // what the entry grade, and the others, contribute to the model's
};

void add_origin(const CityHistory& h, int origin, bool calm_only, std::array<Totals, 6>& totals) {
  std::array<double, 6> off{}, actual{}, carried{}, entry{};
  std::array<bool, 6> known{};
  for (const Outcome& o : outcomes_from(h, origin, h.last_year(), 5, 400, 0)) {
    if (calm_only && pandemic(o)) continue;
    const auto ahead = static_cast<std::size_t>(o.ahead);
    if (o.kind == OutcomeKind::city_stage) {
      off[ahead] = o.estimate.median - o.actual, actual[ahead] = o.actual, known[ahead] = true;
    } else if (o.kind == OutcomeKind::city_grade) {
      if (o.grade == h.lowest_grade()) entry[ahead] = o.estimate.median - o.actual;
    } else {
      carried[ahead] += baseline_of(h, Baseline::carry, o.school, o.grade, origin, o.ahead) - o.actual;
    }
  }
  for (std::size_t ahead = 1; ahead <= 5; ++ahead) {
    if (!known[ahead]) continue;
    Totals& t = totals[ahead];
    t.model.add(off[ahead] / actual[ahead]), t.carry.add(carried[ahead] / actual[ahead]);
    t.entry.add(entry[ahead] / actual[ahead]), t.sitting.add((off[ahead] - entry[ahead]) / actual[ahead]);
  }
}

// How far off the whole district's pupils were, with and without forecasts over the autumns of the pandemic.
std::array<Totals, 6> print_totals(const CityHistory& h, const BacktestReport& report) {
  std::array<Totals, 6> calm;
  for (const bool calm_only : {false, true}) {
    std::array<Totals, 6> totals;
    for (int origin = report.first_origin; origin <= report.last_origin; ++origin) {
      add_origin(h, origin, calm_only, totals);
    }
    std::printf("district total, %s:\n",
                calm_only ? "without forecasts over the autumns of 2020 and 2021" : "all years");
    for (std::size_t ahead = 1; ahead <= 5; ++ahead) {
      const Totals& t = totals[ahead];
      std::printf(
          "  %zu ahead, %2g forecasts: off by %.2f %%, carry by %.2f %%; by the entry grade %.2f %%, by the others "
          "%.2f %%\n",
          ahead, t.model.n, t.model.percent(), t.carry.percent(), t.entry.percent(), t.sitting.percent());
    }
    calm = totals;
  }
  return calm;
}

// What a forecast of the sitting grades' total one year ahead, with one and the same ratio every year, misses the
// district's total by at least: the mean distance of the calm years' ratios from their median.
double total_floor(const CityHistory& h, const BacktestReport& report) {
  std::vector<double> ratios;
  double share = 0;
  for (int year = report.first_origin + 1; year <= report.last_origin + 1; ++year) {
    if (std::ranges::find(kPandemic, year) != kPandemic.end()) continue;
    double before = 0, after = 0, all = 0;
    for (std::size_t s = 0; s < h.schools.size(); ++s) {
      for (int grade = h.lowest_grade(); grade < h.lowest_grade() + h.grades(); ++grade) {
        const double now = h.pupils(s, year, grade), then = h.pupils(s, year - 1, grade - 1);
        all += std::max(0.0, now);
        if (then > 0 && now > 0) before += then, after += now;
      }
    }
    ratios.push_back(after / before);
    share += after / all;
  }
  std::ranges::sort(ratios);
  double sum = 0;
  for (const double r : ratios) sum += std::fabs(r - ratios[ratios.size() / 2]);
  const auto n = static_cast<double>(ratios.size());
  return 100 * sum / n * share / n;
}

// What share of the error of "the cohort goes up unchanged" could be taken away at all, by one who knew every school's
// and grade's mean ratio and every year's shock beforehand.
void print_floor(const BacktestRow& sitting, test::Verdict& verdict) {
  const double carry = test::beside(sitting, Baseline::carry).baseline.mae;
  const double progression = test::beside(sitting, Baseline::progression).baseline.mae;
  std::printf(
      "noise floor, sitting grades one year ahead: %.2f pupils (ratios and years' shocks fitted in hindsight)\n",
      sitting.floor);
  std::printf("  carry %.2f, model %.2f, progression %.2f\n", carry, sitting.model.mae, progression);
  std::printf(
      "  of carry's error %.1f %% is above the floor; the model, which knows no later year, takes away %.1f %%\n",
      100 * (1 - sitting.floor / carry), 100 * (1 - sitting.model.mae / carry));
  std::printf("  of progression's error %.1f %% is above the floor; the model takes away %.1f %%\n",
              100 * (1 - sitting.floor / progression), 100 * (1 - sitting.model.mae / progression));
  verdict.expect(sitting.floor > 0 && sitting.floor < carry, "the floor lies below carry's error");
  verdict.expect(sitting.model.mae < 1.1 * sitting.floor + 0.5,
                 "the model is within 10 % and half a pupil of the floor");
}

int check(const std::filesystem::path& folder) {
  const CityHistory h = read(folder);
  for (const DataNote& n : h.notes)
    std::printf("note     %s %s: %s\n", std::string(to_word(n.kind)).c_str(), n.where.c_str(), n.message.c_str());
  BacktestOptions options;
  options.first_origin = 2003;  // five autumns teach the first intervals
  const BacktestReport report = backtest(h, options);
  test::print(report);
  test::Verdict verdict;
  const BacktestRow& one = *test::find_row(report, 1, "all");
  for (const Baseline b : {Baseline::progression, Baseline::last_year}) {
    const Beside& side = test::beside(one, b);
    verdict.expect(
        side.gain >= 0.10 && side.better,
        format("one year ahead, school x grade: %.1f %% less error than ", 100 * side.gain) + std::string(to_word(b)));
  }
  for (int ahead = 1; ahead <= 5; ++ahead) {
    const double covered = test::find_row(report, ahead, "all")->coverage[2];
    verdict.expect(covered >= 0.85 && covered <= 0.95,
                   format("%.0f ahead: 90 %% intervals hold %.1f %%", ahead, 100 * covered));
  }
  const std::array<Totals, 6> calm = print_totals(h, report);
  verdict.expect(
      calm[3].model.percent() <= 3,
      format("district total three years ahead, calm years: off by %.2f %% (at most 3)", calm[3].model.percent()));
  const double least = total_floor(h, report);
  verdict.say(
      format("district total one year ahead: even the best single ratio of all calm years, chosen in hindsight, "
             "leaves %.2f %% by the sitting grades alone",
             least));
  verdict.say(
      format("district total one year ahead, calm years: off by %.2f %%, carry by %.2f %%; 1 asked of series that "
             "allow it: ",
             calm[1].model.percent(), calm[1].carry.percent()) +
      (calm[1].model.percent() <= 1 ? "met" : "not met"));
  verdict.expect(calm[1].model.percent() <= 1.5, "district total one year ahead, calm years: at most 1.5 %");
  print_floor(*test::find_row(report, 1, "sitting"), verdict);
  return verdict.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "";
  if (!std::filesystem::exists(folder / "enrollment_sections.csv")) {
    std::printf("absent   %s\n", (folder / "enrollment_sections.csv").c_str());
    return 77;
  }
  try {
    return check(folder);
  } catch (const InputError& e) {
    std::printf("FAILED   %s\n", e.what());
    return 1;
  }
}
