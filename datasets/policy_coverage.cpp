#include "datasets/policy_coverage.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "datasets/policy_pack.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace policy = engine::policy;

constexpr std::array<std::string_view, 4> kCoverageWords{"served", "on_record", "waits", "gap"};
constexpr std::string_view kRequirementsHeader = "id\tplace\tbinds\trequirement\trecord\twaits\troom";
constexpr std::string_view kServes = "// serves:";

std::vector<std::string> cells_of(std::string_view line, char separator) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == separator) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

// "ZZ19" as its letters and number; number 0 for anything else.
std::pair<std::string, int> requirement_key(const std::string& id) {
  std::size_t letters = 0;
  while (letters < id.size() && id[letters] >= 'A' && id[letters] <= 'Z') ++letters;
  int number = 0;
  for (std::size_t i = letters; i < id.size(); ++i) {
    if (id[i] < '0' || id[i] > '9' || number > 9999) return {id.substr(0, letters), 0};
    number = number * 10 + (id[i] - '0');
  }
  return {id.substr(0, letters), number};
}

Requirement read_requirement(const std::vector<std::string>& cells, const std::string& where) {
  const auto fail = [&](const std::string& message) { throw InputError("requirements", where, message); };
  if (cells.size() != 7) fail(std::to_string(cells.size()) + " cells, not 7");
  Requirement row{cells[0], cells[1], Binds::software, cells[3], cells[4], cells[5], cells[6]};
  if (cells[2] == "people") {
    row.binds = Binds::people;
  } else if (cells[2] == "both") {
    row.binds = Binds::both;
  } else if (cells[2] != "software") {
    fail("binds must be software, people or both, not " + cells[2]);
  }
  if (requirement_key(row.id).second == 0) fail("no requirement id: " + row.id);
  if (row.text.empty()) fail("says nothing");
  if (row.binds != Binds::software && row.record.empty()) fail(row.id + " binds people and names no record");
  if (!row.waits.empty() && row.waits != "service") fail("nothing to wait for: " + row.waits);
  return row;
}

// "TEST(ZoneIndex, PointOnSharedEdge) {" as "ZoneIndex.PointOnSharedEdge".
std::string test_name(const std::string& line) {
  const std::size_t open = line.find('(');
  const std::size_t close = line.find(')', open);
  if (!line.starts_with("TEST") || close == std::string::npos) return line;
  std::string name = line.substr(open + 1, close - open - 1);
  const std::size_t comma = name.find(", ");
  return comma == std::string::npos ? line : name.replace(comma, 2, ".");
}

void read_serving(const std::filesystem::path& file, const std::string& name, std::vector<ServingTest>& tests) {
  std::ifstream in(file, std::ios::binary);
  std::vector<std::string> ids;
  for (std::string line; std::getline(in, line);) {
    const std::size_t indent = line.find_first_not_of(' ');
    if (indent != std::string::npos && std::string_view(line).substr(indent).starts_with(kServes)) {
      for (const std::string& id : cells_of(line.substr(indent + kServes.size()), ' ')) {
        if (!id.empty()) ids.push_back(id);
      }
    } else if (!ids.empty() && indent != std::string::npos && !line.starts_with("//")) {
      for (const std::string& id : ids) tests.push_back({id, test_name(line), name});
      ids.clear();
    }
  }
}

// What cites each clause of a pack, by requirement.
void collect_entries(const policy::PolicyPack& pack, std::map<std::string, std::vector<std::string>>& entries) {
  std::map<std::string, std::vector<std::string>> by_clause;
  for (const policy::Citation& citation : pack.citations) {
    by_clause[citation.clause].push_back(pack.id + " " + citation.pointer + " " + citation.entry);
  }
  for (const policy::Document& document : pack.documents) {
    for (const policy::Clause& clause : document.clauses) {
      for (const std::string& id : clause.serves) {
        auto& found = entries[id];
        found.insert(found.end(), by_clause[clause.id].begin(), by_clause[clause.id].end());
      }
    }
  }
}

void judge(CoverageRow& row) {
  const Requirement& asked = row.requirement;
  if (!asked.waits.empty()) {
    row.coverage = Coverage::waits;
  } else if (asked.binds == Binds::people) {
    row.coverage = Coverage::on_record;
  } else if (row.entries.empty() && asked.room.empty()) {
    row.lacks = "pack entry or room";
  } else if (row.tests.empty()) {
    row.lacks = "test";
  } else {
    row.coverage = Coverage::served;
  }
}

}  // namespace

std::vector<Requirement> parse_requirements(std::string_view text, const std::string& name) {
  std::vector<Requirement> rows;
  int number = 0;
  bool header = false;
  for (const std::string& line : cells_of(text, '\n')) {
    const std::string where = name + ":" + std::to_string(++number);
    if (line.empty() || line.starts_with('#')) continue;
    if (!header) {
      if (line != kRequirementsHeader)
        throw InputError("requirements", where, "the header must name the seven columns");
      header = true;
      continue;
    }
    rows.push_back(read_requirement(cells_of(line, '\t'), where));
    const auto [letters, count] = requirement_key(rows.back().id);
    const bool first = rows.size() == 1 || requirement_key(rows[rows.size() - 2].id).first != letters;
    const int expected = first ? 1 : requirement_key(rows[rows.size() - 2].id).second + 1;
    if (count != expected) {
      throw InputError("requirements", where,
                       "expected " + letters + std::to_string(expected) + ", found " + rows.back().id);
    }
  }
  return rows;
}

std::vector<ServingTest> find_serving_tests(const std::filesystem::path& folder) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".cpp") files.push_back(entry.path().lexically_relative(folder).string());
  }
  std::ranges::sort(files);
  std::vector<ServingTest> tests;
  for (const std::string& file : files) read_serving(folder / file, file, tests);
  return tests;
}

std::string_view to_text(Coverage coverage) { return kCoverageWords.at(static_cast<std::size_t>(coverage)); }

std::vector<CoverageRow> policy_coverage(const std::vector<Requirement>& requirements,
                                         const std::vector<policy::PolicyPack>& packs,
                                         const std::vector<ServingTest>& tests) {
  std::map<std::string, std::vector<std::string>> entries;
  std::map<std::string, std::vector<std::string>> served;
  for (const policy::PolicyPack& pack : packs) collect_entries(pack, entries);
  for (const ServingTest& test : tests) served[test.id].push_back(test.test + " (" + test.file + ")");
  std::vector<CoverageRow> rows;
  std::set<std::string> unknown;
  for (const auto& [id, found] : entries) unknown.insert(id);
  for (const auto& [id, found] : served) unknown.insert(id);
  for (const Requirement& requirement : requirements) {
    unknown.erase(requirement.id);
    rows.push_back({requirement, entries[requirement.id], served[requirement.id], Coverage::gap, {}});
    judge(rows.back());
  }
  for (const std::string& id : unknown) {
    Requirement none;
    none.id = id;
    rows.push_back({none, entries[id], served[id], Coverage::gap, "requirement"});
  }
  return rows;
}

std::vector<CoverageRow> read_policy_coverage(const std::filesystem::path& source) {
  const std::filesystem::path folder = source / "datasets" / "policy";
  std::ifstream in(folder / "requirements.tsv", std::ios::binary);
  if (!in) throw InputError("requirements", (folder / "requirements.tsv").string(), "cannot be opened");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "packs")) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  std::vector<policy::PolicyPack> packs;
  for (const std::filesystem::path& file : files) packs.push_back(load_policy_pack(file));
  return policy_coverage(parse_requirements(text, "requirements.tsv"), packs, find_serving_tests(source / "tests"));
}

}  // namespace catchment::datasets
