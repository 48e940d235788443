// Tainan's 253 zone texts against its village polygons and geocoded addresses: how much is read and resolved, whether
// the answers are right, and every failure with its class. Each table's sum is all texts, clauses, pairs or addresses.
// tainan_check DIRECTORY [--all]: --all lists every failure, else the first of each class.
// CATCHMENT_TREES in the environment: the trees of the texts, too.
// Exit code: 0 if every failure has a class, every `in` is right and all sums are whole; 1 otherwise; 77 if the files
// are not there.
#include <array>
#include <iostream>

#include "engine/zone_text/lint.hpp"
#include "engine/zone_text/linting/notice_answers.hpp"
#include "tests/real_text/class_table.hpp"
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

double percent(std::size_t part, std::size_t of) {
  return 100.0 * static_cast<double>(part) / static_cast<double>(std::max<std::size_t>(1, of));
}

struct Rows {
  std::vector<TainanSchool> schools;  // those with a text
  std::vector<LintRow> rows;
  std::vector<CompiledText> texts;
  std::vector<std::map<std::string, Given>> plain;
};

Rows compile_all(const Tainan& city, const Ground& ground) {
  Rows out;
  for (const TainanSchool& school : city.schools) {
    if (school.text.empty()) continue;
    out.schools.push_back(school);
    out.rows.push_back({school.code, school.name, school.text, {}, school.district});
    out.plain.push_back(read_plainly(city, school));
  }
  out.texts = compile_rows(out.rows, ground);
  return out;
}

// --- texts ---------------------------------------------------------------------------------------------------------

bool stands_in(const Finding& finding, const Clause& clause) {
  return finding.span.begin >= clause.span.begin &&
         finding.span.begin < std::max(clause.span.end, clause.span.begin + 1);
}

bool report_texts(const Tainan& city, const Rows& rows, bool all) {
  ClassTable texts("texts, those that fail by their first failure:");
  ClassTable clauses("clauses:");
  ClassTable findings("findings by class:");
  const std::string whole = "read and resolved whole", resolved = "resolved";
  std::size_t clause_count = 0;
  for (std::size_t r = 0; r < rows.rows.size(); ++r) {
    const CompiledText& text = rows.texts[r];
    const TainanSchool& school = rows.schools[r];
    if (std::getenv("CATCHMENT_TREES") != nullptr) std::cout << school.code << "\n" << to_text(text.tree) << std::endl;
    std::vector<std::string> bad(text.tree.clauses.size());
    std::string first;
    for (const Finding& f : text.findings) {
      if (severity_of(f.kind) != Severity::error && f.kind != FindingKind::undecidable) continue;
      const std::string cls = class_of_finding(city, school, f);
      for (std::size_t c = 0; c < bad.size(); ++c) {
        if (bad[c].empty() && stands_in(f, text.tree.clauses[c])) bad[c] = cls;
      }
      findings.add(cls, school.code + " " + std::string(to_word(f.kind)) + ": " + one_line(f.quote));
      if (first.empty()) first = cls;
    }
    clause_count += bad.size();
    for (const std::string& cls : bad) clauses.add(cls.empty() ? resolved : cls);
    const bool no_zone = text.rules.empty() && text.feeders.empty();
    texts.add(!first.empty() ? first : no_zone ? whole + ", and gives no zone of its own" : whole, school.code);
  }
  const std::size_t good = texts.of(whole) + texts.of(whole + ", and gives no zone of its own");
  std::printf("texts: %zu, read and resolved whole %zu (%.1f %%); clauses %zu, resolved %zu (%.1f %%)\n",
              rows.rows.size(), good, percent(good, rows.rows.size()), clause_count, clauses.of(resolved),
              percent(clauses.of(resolved), clause_count));
  bool sums = texts.print(rows.rows.size(), false);
  sums = clauses.print(clause_count, false) && sums;
  findings.print(findings.sum(), all);
  return sums;
}

// --- addresses -----------------------------------------------------------------------------------------------------

// What the plain reading says of an address: of a village given by 鄰, it needs one of 2017's.
enum class Expected : std::uint8_t { given, not_given, open };

Expected expected_of(const std::map<std::string, Given>& given, const TainanAddress& a) {
  const auto at = given.find(a.village_known ? a.district + a.village : a.polygon_village);
  if (at == given.end()) return Expected::not_given;
  if (at->second.all) return Expected::given;
  if (!a.village_known) return at->second.groups.empty() ? Expected::not_given : Expected::open;
  return at->second.groups.contains(a.group) ? Expected::given : Expected::not_given;
}

bool agrees(Verdict verdict, Expected expected) {
  switch (expected) {
    case Expected::given:
      return verdict == Verdict::in;
    case Expected::not_given:
      return verdict == Verdict::out;
    default:
      return verdict == Verdict::undetermined;
  }
}

// Holds every answer against the plain reading of the village stated, or of the one whose polygon of 2017 covers the
// point where the stated one is of after 2017.
bool report_answers(const Tainan& city, const Rows& rows, const NoticeAnswers& answers, bool known, bool all) {
  struct Wrong {
    std::set<int> groups;
    std::size_t count = 0;
  };
  std::map<std::tuple<std::size_t, std::string, Verdict, Expected>, Wrong> wrong;
  std::array<std::size_t, 2> in{};                        // otherwise, as the plain reading has it
  std::size_t looked_at = 0, some = 0, in_after_all = 0;  // where the plain reading is what is wrong
  ClassTable table(known ? "pairs of an address that states a village of 2017 and a text:"
                         : "pairs of an address that states a village of after 2017 and a text, by polygon:");
  for (geo::EntryId id = 0; id < city.addresses.size(); ++id) {
    const TainanAddress& a = city.addresses[id];
    if (a.village_known != known) continue;
    ++looked_at;
    std::vector<Verdict> verdicts(rows.rows.size(), Verdict::out);
    for (const RowVerdict& v : answers.of(id)) verdicts[v.row] = v.verdict;
    some += std::ranges::find(verdicts, Verdict::in) != verdicts.end();
    for (std::size_t r = 0; r < rows.rows.size(); ++r) {
      const Expected expected = expected_of(rows.plain[r], a);
      if (verdicts[r] == Verdict::in) ++in[expected == Expected::given ? 1 : 0];
      if (agrees(verdicts[r], expected)) {
        table.add(verdicts[r] == Verdict::in ? "in, as the plain reading has it"
                  : verdicts[r] == Verdict::out
                      ? "out, as the plain reading has it"
                      : "open, as the village is given by 鄰 and the address has none of 2017");
        continue;
      }
      Wrong& one = wrong[{r, known ? a.district + a.village : a.polygon_village, verdicts[r], expected}];
      one.groups.insert(a.group);
      ++one.count;
    }
  }
  for (const auto& [key, one] : wrong) {
    const auto& [r, village, verdict, expected] = key;
    std::string list;
    for (const int g : one.groups) list += (list.empty() ? "" : ",") + std::to_string(g);
    const char* said = verdict == Verdict::in ? "in" : verdict == Verdict::out ? "out" : "undetermined";
    const char* plainly = expected == Expected::given ? "given" : expected == Expected::open ? "in part" : "not given";
    const AnswerCase what{rows.schools[r], village, verdict, expected == Expected::given};
    const std::string cls = class_of_answer(city, what);
    if (verdict == Verdict::in && cls.starts_with("plain reading")) in_after_all += one.count;
    table.add(cls, rows.schools[r].code + " " + village + " " + list + ": " + said + ", plainly " + plainly, one.count);
  }
  std::printf(
      "addresses %zu, in some school %zu; in: %zu as the plain reading has it, %zu otherwise (%.3f %% agree), "
      "of which %zu are right and the plain reading falls short: %zu wrong\n",
      looked_at, some, in[1], in[0], percent(in[1], in[0] + in[1]), in_after_all, in[0] - in_after_all);
  const bool sums = table.print(looked_at * rows.rows.size(), all);
  return sums && table.of(kUnclassed) == 0 && in[0] == in_after_all;
}

// What an answer by the point alone would be worth: the polygon of 2017 that covers it against the village stated.
bool report_places(const Tainan& city, const Rows& rows, bool all) {
  ClassTable places("addresses by where their point lies:");
  std::size_t same = 0, other = 0;  // pairs with a text that gives whole villages
  for (const TainanAddress& a : city.addresses) {
    const std::string said = a.district + a.village;
    places.add(class_of_place(city, a),
               said == a.polygon_village ? "" : one_line(a.address.text) + " in " + a.polygon_village);
    if (!a.village_known) continue;
    for (const auto& plain : rows.plain) {
      const auto by_point = plain.find(a.polygon_village), by_words = plain.find(said);
      if (by_point == plain.end() || !by_point->second.all) continue;
      (by_words != plain.end() && by_words->second.all ? same : other) += 1;
    }
  }
  const bool sums = places.print(city.addresses.size(), all);
  std::printf(
      "pairs of an address and a text that gives its polygon's whole village: %zu, by the village stated too "
      "%zu (%.2f %%)\n",
      same + other, same, percent(same, same + other));
  std::fflush(stdout);
  return sums && places.of(kUnclassed) == 0;
}

int run(const std::filesystem::path& folder, bool all) {
  const Tainan city = load_tainan(folder);
  std::vector<engine::Address> addresses;
  for (const TainanAddress& a : city.addresses) addresses.push_back(a.address);
  const geo::Gazetteer names = tests::gazetteer_of({}, city.places, addresses, city.aliases);
  const Ground ground = Ground::build(names, {}, {}, city.places, {});
  const Rows rows = compile_all(city, ground);
  bool good = report_texts(city, rows, all);
  const auto answers = NoticeAnswers::build(rows.texts, names, {});
  good = report_answers(city, rows, *answers, true, all) && good;
  good = report_answers(city, rows, *answers, false, all) && good;
  good = report_places(city, rows, all) && good;
  return good ? 0 : 1;
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
