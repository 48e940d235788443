// Back-test on Tainan: residents of 752 villages by single year of age (register of April 2014), pupils by school and
// grade of the school years 2012-2014, zones from the notices' village names. Three years of pupils allow one origin,
// 2013, and one year ahead; villages' past children are the later register's, aged backwards.
#include <algorithm>
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

constexpr int kTold = 2014;  // the year of the register and of the zones

// Without blanks, half and full width, and with 台 for 臺.
std::string plain(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ') {
      ++i;
    } else if (text.compare(i, 3, "\u3000") == 0) {
      i += 3;
    } else if (text.compare(i, 3, "臺") == 0) {
      result += "台", i += 3;
    } else {
      result += text[i++];
    }
  }
  return result;
}

struct Village {
  std::string district, name;  // "台南市七股區", "七股里"
  std::vector<int> by_age;
};

std::vector<Village> read_villages(const std::filesystem::path& folder) {
  const test::Table table(folder / "population_single_age_2014-04.csv");
  std::vector<Village> villages;
  for (std::size_t r = 0; r < table.rows(); ++r) {
    Village v{plain(table.text(r, "區域別")), plain(table.text(r, "村里")), {}};
    for (int age = 0; age < 20; ++age) {
      const std::string years = std::to_string(age) + "歲-";
      v.by_age.push_back(table.number(r, years + "男") + table.number(r, years + "女"));
    }
    villages.push_back(std::move(v));
  }
  return villages;
}

// Children aged `age` on 31 August of a year: four months after the register's day a third of the cohort is a year
// older.
int at_cutoff(const Village& v, int year, int age) {
  const int then = age + kTold - year;
  if (then < 1 || then >= static_cast<int>(v.by_age.size()) - 1) return -1;
  const auto a = static_cast<std::size_t>(then);
  return (8 * v.by_age[a] + 4 * v.by_age[a - 1] + 6) / 12;
}

void add_children(const std::vector<Village>& villages, DemandInput& input) {
  for (const Village& v : villages) {
    const std::string id = v.district + v.name;
    input.units.push_back({id, v.district});
    for (int age = 0; age <= 12; ++age) {
      for (int year = 2012; year < kTold; ++year) {
        const int children = at_cutoff(v, year, age);
        if (children >= 0) input.children.push_back({id, year, age, children});
      }
    }
    input.survey.push_back({id, kTold, at_cutoff(v, kTold, 6)});
  }
}

std::set<std::string> add_pupils(const std::filesystem::path& folder, DemandInput& input) {
  std::set<std::string> schools;
  for (const bool junior : {false, true}) {
    const test::Table table(folder / (junior ? "moe_junior_sy101-103.csv" : "moe_elementary_sy101-103.csv"));
    for (std::size_t r = 0; r < table.rows(); ++r) {
      const std::string id = (junior ? "J" : "E") + table.text(r, "學校代碼");
      schools.insert(id);
      for (int grade = junior ? 7 : 1; grade <= (junior ? 9 : 6); ++grade) {
        const std::string name = std::to_string(grade) + "年級";
        const int classes = table.number(r, name), pupils = table.number(r, name + "男") + table.number(r, name + "女");
        if (classes == 0 && pupils == 0) continue;
        input.enrolment.push_back({id, table.number(r, "school_year_roc") + 1911, grade, classes, pupils});
      }
    }
  }
  return schools;
}

// Where the names of districts begin in a text.
std::vector<std::pair<std::size_t, std::string>> districts_in(const std::string& text,
                                                              const std::set<std::string>& names) {
  std::vector<std::pair<std::size_t, std::string>> found;
  for (std::size_t i = 0; i < text.size();) {
    const auto at =
        std::ranges::find_if(names, [&](const std::string& n) { return text.compare(i, n.size(), n) == 0; });
    if (at == names.end()) {
      ++i;
      continue;
    }
    found.emplace_back(i, *at);
    i += at->size();
  }
  return found;
}

// Whether the zone text names the village: in its own district's part, or with no district if no other village is
// called so. Neighbourhoods (鄰) of a village are not told apart: it then belongs to all schools that name it.
class ZoneWords {
 public:
  explicit ZoneWords(const std::vector<Village>& villages) {
    for (const Village& v : villages) names_.insert(short_of(v.district)), ++called_[v.name];
  }
  bool names(const std::string& text, const Village& village) const {
    const auto districts = districts_in(text, names_);
    for (std::size_t at = text.find(village.name); at != std::string::npos; at = text.find(village.name, at + 1)) {
      const auto behind = std::ranges::find_if(districts, [&](const auto& d) { return d.first > at; });
      if (behind != districts.begin() ? std::prev(behind)->second == short_of(village.district)
                                      : called_.at(village.name) == 1)
        return true;
    }
    return false;
  }

 private:
  static std::string short_of(const std::string& district) {
    static const std::string kCity = "台南市";
    return district.starts_with(kCity) ? district.substr(kCity.size()) : district;
  }
  std::set<std::string> names_;
  std::map<std::string, int> called_;
};

CityHistory read(const std::filesystem::path& folder) {
  DemandInput input;
  const std::vector<Village> villages = read_villages(folder);
  add_children(villages, input);
  const std::set<std::string> schools = add_pupils(folder, input);
  const ZoneWords words(villages);
  const test::Table notices(folder / "schools_2014.csv");
  std::map<std::pair<char, std::size_t>, std::vector<std::string>> schools_of;
  for (std::size_t r = 0; r < notices.rows(); ++r) {
    const std::string id = (notices.text(r, "level") == "junior" ? "J" : "E") + notices.text(r, "code");
    if (!schools.contains(id)) continue;
    const std::string text = plain(notices.text(r, "zone_text"));
    for (std::size_t v = 0; v < villages.size(); ++v) {
      if (words.names(text, villages[v])) schools_of[{id[0], v}].push_back(id);
    }
  }
  std::map<std::string, std::map<std::string, int>> districts;
  std::array<int, 2> assigned{};
  for (const auto& [key, list] : schools_of) {
    const Village& v = villages[key.second];
    ++assigned[key.first == 'J'];
    for (const std::string& id : list) {
      ++districts[id][v.district];
      input.assignment.push_back({v.district + v.name, id, key.first == 'J' ? Stage::junior : Stage::primary, 2012,
                                  1.0 / static_cast<double>(list.size())});
    }
  }
  for (const std::string& id : schools) {
    std::string district;
    int most = 0;
    for (const auto& [name, count] : districts[id]) {
      if (count > most) district = name, most = count;
    }
    input.schools.push_back({id, id, district, {id[0] == 'J' ? Stage::junior : Stage::primary}, "open", "public"});
  }
  std::printf("%zu villages, %d named by a primary school's notice and %d by a junior school's; %zu schools\n",
              villages.size(), assigned[0], assigned[1], schools.size());
  return CityHistory::make(input, {});
}

int check(const std::filesystem::path& folder) {
  const CityHistory h = read(folder);
  std::map<std::string, int> notes;
  for (const DataNote& n : h.notes) ++notes[std::string(to_word(n.kind))];
  for (const auto& [kind, count] : notes) std::printf("note     %s: %d\n", kind.c_str(), count);
  BacktestOptions options;
  options.first_origin = options.last_origin = 2013, options.horizon = 1;
  const BacktestReport report = backtest(h, options);
  test::print(report);
  test::Verdict verdict;
  const BacktestRow& all = *test::find_row(report, 1, "all");
  for (const Baseline b : {Baseline::progression, Baseline::last_year}) {
    const Beside& side = test::beside(all, b);
    verdict.expect(
        side.gain >= 0.10 && side.better,
        format("one year ahead, school x grade: %.1f %% less error than ", 100 * side.gain) + std::string(to_word(b)));
  }
  verdict.expect(all.coverage[2] >= 0.85 && all.coverage[2] <= 0.95,
                 format("90 %% intervals hold %.1f %%", 100 * all.coverage[2]));
  const double total = test::find_row(report, 1, "city_stage")->model.mape;
  verdict.expect(total <= 1, format("city's pupils by stage one year ahead: off by %.2f %% (at most 1)", total));
  const BacktestRow& sitting = *test::find_row(report, 1, "sitting");
  std::printf("noise floor of sitting grades, two transitions a grade: %.2f; model %.2f, carry %.2f\n", sitting.floor,
              sitting.model.mae, test::beside(sitting, Baseline::carry).baseline.mae);
  return verdict.exit_code();
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "";
  if (!std::filesystem::exists(folder / "moe_elementary_sy101-103.csv")) {
    std::printf("absent   %s\n", (folder / "moe_elementary_sy101-103.csv").c_str());
    return 77;
  }
  try {
    return check(folder);
  } catch (const InputError& e) {
    std::printf("FAILED   %s\n", e.what());
    return 1;
  }
}
