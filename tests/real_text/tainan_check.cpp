// Tainan's 253 zone texts against its village polygons and geocoded addresses: how much is read and resolved, whether
// the answers are right, and every failure with its class.
// tainan_check DIRECTORY [--all]: --all lists every failure, else the first of each class.
// Exit code: 0 if no answer is wrong by our fault, 1 otherwise, 77 if the files are not there.
#include <array>
#include <cstdio>
#include <iostream>

#include "engine/zone_text/lint.hpp"
#include "engine/zone_text/linting/notice_answers.hpp"
#include "tests/real_text/tainan_classes.hpp"
#include "tests/real_text/tainan_text.hpp"
#include "tests/support/grid_city.hpp"

namespace catchment::real_text {
namespace {

using namespace engine::zone_text;

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n' || c == '\r') c = ' ';
  }
  return text;
}

// What failed, by class; printed as one table.
class Failures {
 public:
  explicit Failures(bool all) : all_(all) {}

  void add(const std::string& cls, const std::string& example, std::size_t count = 1) {
    Kind& kind = kinds_[cls];
    kind.count += count;
    kind.examples.push_back(example);
  }

  void print(const char* title) const {
    std::cout << title << "\n";
    for (const auto& [cls, kind] : kinds_) {
      std::printf("  %6zu  %s\n", kind.count, cls.c_str());
      std::fflush(stdout);
      const std::size_t shown = all_ ? kind.examples.size() : std::min<std::size_t>(kind.examples.size(), 3);
      for (std::size_t i = 0; i < shown; ++i) std::cout << "            " << kind.examples[i] << "\n";
    }
  }

  std::size_t of(const std::string& cls) const {
    const auto at = kinds_.find(cls);
    return at == kinds_.end() ? 0 : at->second.count;
  }

 private:
  struct Kind {
    std::size_t count = 0;
    std::vector<std::string> examples;
  };
  std::map<std::string, Kind> kinds_;
  bool all_;
};

struct Rows {
  std::vector<TainanSchool> schools;  // those with a text
  std::vector<LintRow> rows;
  std::vector<CompiledText> texts;
};

Rows compile_all(const Tainan& city, const Ground& ground) {
  Rows out;
  for (const TainanSchool& school : city.schools) {
    if (school.text.empty()) continue;
    out.schools.push_back(school);
    out.rows.push_back({school.code, school.name, school.text, {}, school.district});
  }
  out.texts = compile_rows(out.rows, ground);
  return out;
}

// --- texts ---------------------------------------------------------------------------------------------------------

void report_texts(const Tainan& city, const Rows& rows, bool all) {
  Failures failures(all);
  std::size_t whole = 0, clauses = 0, good_clauses = 0, no_zone = 0;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const CompiledText& text = rows.texts[r];
    std::set<std::size_t> bad;
    for (const Finding& f : text.findings) {
      if (severity_of(f.kind) != Severity::error && f.kind != FindingKind::undecidable) continue;
      for (std::size_t c = 0; c < text.tree.clauses.size(); ++c) {
        const Span span = text.tree.clauses[c].span;
        if (f.span.begin >= span.begin && f.span.begin < std::max(span.end, span.begin + 1)) bad.insert(c);
      }
      failures.add(class_of_finding(city, rows.schools[r], f),
                   rows.schools[r].code + " " + std::string(to_word(f.kind)) + ": " + one_line(f.quote));
    }
    clauses += text.tree.clauses.size();
    good_clauses += text.tree.clauses.size() - bad.size();
    whole += bad.empty();
    no_zone += bad.empty() && text.rules.empty() && text.feeders.empty();
  }
  std::printf(
      "texts: %zu, read and resolved whole %zu (%.1f %%), of these %zu without any zone; clauses %zu, resolved %zu "
      "(%.1f %%)\n",
      rows.rows.size(), whole, 100.0 * static_cast<double>(whole) / static_cast<double>(rows.rows.size()), no_zone,
      clauses, good_clauses, 100.0 * static_cast<double>(good_clauses) / static_cast<double>(clauses));
  std::fflush(stdout);
  failures.print("findings by class:");
}

// --- addresses -----------------------------------------------------------------------------------------------------

bool gives(const std::map<std::string, Given>& given, const std::string& village, int group) {
  const auto at = given.find(village);
  return at != given.end() && (at->second.all || at->second.groups.contains(group));
}

// Holds every answer for an address whose stated village is one of 2017's against the plain reading.
std::size_t report_stated(const Tainan& city, const Rows& rows, const NoticeAnswers& answers, bool all) {
  std::array<std::array<std::size_t, 2>, 3> pairs{};  // verdict, expected
  std::map<std::tuple<std::size_t, std::string, Verdict, bool>, std::set<int>> wrong;
  std::map<std::tuple<std::size_t, std::string, Verdict, bool>, std::size_t> counts;
  std::vector<std::map<std::string, Given>> plain;
  for (const TainanSchool& school : rows.schools) plain.push_back(read_plainly(city, school));
  std::size_t looked_at = 0, some = 0;
  for (geo::EntryId id = 0; id < city.addresses.size(); ++id) {
    const TainanAddress& a = city.addresses[id];
    if (!a.village_known) continue;
    ++looked_at;
    std::vector<Verdict> verdicts(rows.rows.size(), Verdict::out);
    for (const RowVerdict& v : answers.of(id)) verdicts[v.row] = v.verdict;
    some += std::ranges::find(verdicts, Verdict::in) != verdicts.end();
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      const bool expected = gives(plain[r], a.district + a.village, a.group);
      ++pairs[static_cast<std::size_t>(verdicts[r])][expected ? 1 : 0];
      if ((verdicts[r] == Verdict::in) == expected && verdicts[r] != Verdict::undetermined) continue;
      const auto key = std::tuple(r, a.district + a.village, verdicts[r], expected);
      wrong[key].insert(a.group);
      ++counts[key];
    }
  }
  const auto in = pairs[static_cast<std::size_t>(Verdict::in)];
  const auto out = pairs[static_cast<std::size_t>(Verdict::out)];
  const auto open = pairs[static_cast<std::size_t>(Verdict::undetermined)];
  std::printf("addresses with a village of 2017: %zu, in some school %zu; address and school pairs:\n", looked_at,
              some);
  std::printf("  in: %zu as the plain reading has it, %zu otherwise (agreement %.3f %%)\n", in[1], in[0],
              100.0 * static_cast<double>(in[1]) / static_cast<double>(std::max<std::size_t>(1, in[0] + in[1])));
  std::printf("  undetermined: %zu that the plain reading gives, %zu that it does not\n", open[1], open[0]);
  std::printf("  out: %zu that the plain reading gives, %zu that it does not\n", out[1], out[0]);
  std::fflush(stdout);
  Failures failures(all);
  std::size_t our_fault = 0;
  for (const auto& [key, groups] : wrong) {
    const auto& [r, village, verdict, expected] = key;
    std::string list;
    for (const int g : groups) list += (list.empty() ? "" : ",") + std::to_string(g);
    const std::string cls = class_of_answer(rows.schools[r], village, verdict, expected);
    const char* said = verdict == Verdict::in ? "in" : verdict == Verdict::out ? "out" : "undetermined";
    failures.add(cls,
                 rows.schools[r].code + " " + village + " " + list + ": " + said + ", plainly " +
                     (expected ? "given" : "not given"),
                 counts.at(key));
  }
  for (const char* fault : {"parser fault", "compiler fault", "unclassed"}) our_fault += failures.of(fault);
  failures.print("pairs that differ, by class:");
  return our_fault;
}

// By place: the polygon of 2017 that covers the point, instead of the village stated after the merge of 2018.
void report_places(const Tainan& city) {
  std::size_t same = 0, other = 0, unknown = 0, nowhere = 0;
  for (const TainanAddress& a : city.addresses) {
    if (a.polygon_village.empty()) {
      ++nowhere;
    } else if (!a.village_known) {
      ++unknown;
    } else if (a.polygon_village == a.district + a.village) {
      ++same;
    } else {
      ++other;
    }
  }
  std::printf(
      "places: %zu in the polygon of the village stated, %zu in another one (geocoded after the merge of 2018), "
      "%zu state a village that did not exist in 2017, %zu in no polygon\n",
      same, other, unknown, nowhere);
  std::fflush(stdout);
}

// Addresses that state no village of 2017 are answered by their polygon: by villages given whole that is certain, by 鄰
// it is not.
std::size_t report_by_polygon(const Tainan& city, const Rows& rows, const NoticeAnswers& answers) {
  std::size_t right = 0, open = 0, wrong = 0, missed = 0, looked_at = 0;
  std::vector<std::map<std::string, Given>> plain;
  for (const TainanSchool& school : rows.schools) plain.push_back(read_plainly(city, school));
  for (geo::EntryId id = 0; id < city.addresses.size(); ++id) {
    const TainanAddress& a = city.addresses[id];
    if (a.village_known || a.polygon_village.empty()) continue;
    ++looked_at;
    std::vector<Verdict> verdicts(rows.rows.size(), Verdict::out);
    for (const RowVerdict& v : answers.of(id)) verdicts[v.row] = v.verdict;
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      const auto at = plain[r].find(a.polygon_village);
      const bool named = at != plain[r].end();
      if (verdicts[r] == Verdict::in) (named && at->second.all ? right : wrong) += 1;
      if (verdicts[r] == Verdict::undetermined) ++open;
      if (verdicts[r] == Verdict::out && named && at->second.all) ++missed;
    }
  }
  std::printf(
      "addresses with a village of after 2017, by polygon: %zu; pairs in: %zu as the plain reading has it, %zu "
      "otherwise; undetermined %zu; missed %zu\n",
      looked_at, right, wrong, open, missed);
  std::fflush(stdout);
  return wrong;
}

int run(const std::filesystem::path& folder, bool all) {
  const Tainan city = load_tainan(folder);
  std::vector<engine::Address> addresses;
  for (const TainanAddress& a : city.addresses) addresses.push_back(a.address);
  const geo::Gazetteer names = tests::gazetteer_of({}, city.places, addresses, city.aliases);
  const Ground ground = Ground::build(names, {}, {}, city.places, {});
  const Rows rows = compile_all(city, ground);
  report_texts(city, rows, all);
  const auto answers = NoticeAnswers::build(rows.texts, names, {});
  const std::size_t faults = report_stated(city, rows, *answers, all);
  report_places(city);
  report_by_polygon(city, rows, *answers);
  return faults == 0 ? 0 : 1;
}

}  // namespace
}  // namespace catchment::real_text

int main(int argc, char** argv) {
  const std::filesystem::path folder = argc > 1 ? argv[1] : "";
  if (!std::filesystem::exists(folder / "schools_2014.csv") ||
      !std::filesystem::exists(folder / "villages_2017.geojson")) {
    std::cout << "absent " << folder << "\n";
    return 77;
  }
  return catchment::real_text::run(folder, argc > 2 && std::string(argv[2]) == "--all");
}
