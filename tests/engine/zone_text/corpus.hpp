// The invented clauses of tests/engine/zone_text/corpus and the trees they mean.
//
// A heading "# A1 words" names a family; then, parted by blank lines, a text and its clauses, one a line, each behind
// "= ". A ⏎ in a text stands for a line break. No sentence is taken from a real notice.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::engine::zone_text {

struct CorpusEntry {
  std::string where;   // file:line
  std::string family;  // R1 … T1, TW, LAYOUT, UNREAD
  std::string text;
  std::string tree;  // as to_text writes it
};

inline std::vector<CorpusEntry> read_corpus() {
  const std::filesystem::path folder = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "tests/engine/zone_text/corpus";
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(folder)) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  std::vector<CorpusEntry> entries;
  for (const std::filesystem::path& file : files) {
    std::ifstream in(file);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    std::string family;
    std::string line;
    bool open = false;
    for (int number = 1; std::getline(in, line); ++number) {
      if (line.empty()) {
        open = false;
      } else if (line.starts_with("# ")) {
        family = line.substr(2, line.find(' ', 2) - 2);
      } else if (line.starts_with("= ") && open) {
        std::string& tree = entries.back().tree;
        tree += (tree.empty() ? "" : "\n") + line.substr(2);
      } else {
        for (std::size_t at = line.find("⏎"); at != std::string::npos; at = line.find("⏎"))
          line.replace(at, std::string_view("⏎").size(), "\n");
        entries.push_back({file.filename().string() + ":" + std::to_string(number), family, line, ""});
        open = true;
      }
    }
  }
  return entries;
}

}  // namespace catchment::engine::zone_text
