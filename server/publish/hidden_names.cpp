#include "server/publish/hidden_names.hpp"

#include <fstream>
#include <sstream>

#include "geo/address/normal_text.hpp"
#include "geo/input_error.hpp"

namespace catchment::publish {

extern const char* const kHiddenNamesTsv;

namespace {

std::vector<std::string> split_cells(std::string_view line, char at) {
  std::vector<std::string> cells;
  for (std::size_t from = 0;;) {
    const std::size_t to = line.find(at, from);
    cells.emplace_back(line.substr(from, to - from));
    if (to == std::string_view::npos) return cells;
    from = to + 1;
  }
}

std::string folded_name(std::string_view text) {
  std::string out;
  geo::normalise_into(text, out);
  return out;
}

bool has_number_before(std::string_view text, std::size_t at) {
  std::size_t digits = 0;
  while (digits < at && text[at - digits - 1] >= '0' && text[at - digits - 1] <= '9') ++digits;
  return digits >= 3 && digits <= 6;
}

}  // namespace

HiddenNames HiddenNames::read(const std::filesystem::path& file) {
  std::string text = kHiddenNamesTsv;
  if (!file.empty()) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw InputError("hidden_names", file.string(), "no such file");
    std::ostringstream all;
    all << in.rdbuf();
    text = all.str();
  }
  HiddenNames names;
  std::istringstream lines(text);
  int row = 0;
  bool headed = false;
  for (std::string line; std::getline(lines, line);) {
    ++row;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty() || line.starts_with('#')) continue;
    const std::vector<std::string> cells = split_cells(line, '\t');
    const auto fail = [&](const std::string& message) {
      throw InputError("hidden_names", (file.empty() ? "hidden_names.tsv" : file.string()) + ":" + std::to_string(row),
                       message);
    };
    if (!headed) {
      if (line != "match\twords\texcept\tbasis") fail("the first row must be: match, words, except, basis (by tabs)");
      headed = true;
      continue;
    }
    if (cells.size() != 4) fail("a row has four cells, parted by tabs");
    if (cells[0] != "contains" && cells[0] != "number_before") fail("match is contains or number_before");
    if (cells[1].empty()) fail("words are missing: every name would be hidden");
    Rule rule{cells[0] == "number_before", folded_name(cells[1]), {}};
    if (!cells[2].empty()) {
      for (const std::string& word : split_cells(cells[2], '|')) rule.except.push_back(folded_name(word));
    }
    names.rules_.push_back(std::move(rule));
  }
  return names;
}

bool HiddenNames::hides(std::string_view name) const {
  const std::string text = folded_name(name);
  for (const Rule& rule : rules_) {
    for (std::size_t at = text.find(rule.words); at != std::string::npos; at = text.find(rule.words, at + 1)) {
      if (rule.number_before && !has_number_before(text, at)) continue;
      bool excepted = false;
      for (const std::string& word : rule.except) {
        const std::size_t inside = word.find(rule.words);
        excepted |= inside != std::string::npos && inside <= at && text.compare(at - inside, word.size(), word) == 0;
      }
      if (!excepted) return true;
    }
  }
  return false;
}

}  // namespace catchment::publish
