// What a check counts, by class, with examples; a table's sum must be all there is.
#pragma once

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

namespace catchment::real_text {

class ClassTable {
 public:
  explicit ClassTable(std::string title) : title_(std::move(title)) {}

  void add(const std::string& cls, const std::string& example = {}, std::size_t count = 1) {
    Kind& kind = kinds_[cls];
    kind.count += count;
    if (!example.empty()) kind.examples.push_back(example);
  }

  std::size_t of(const std::string& cls) const {
    const auto at = kinds_.find(cls);
    return at == kinds_.end() ? 0 : at->second.count;
  }

  std::size_t sum() const {
    std::size_t out = 0;
    for (const auto& [cls, kind] : kinds_) out += kind.count;
    return out;
  }

  // Prints the table, with three examples of a class or all of them. False if its sum is not `total`.
  bool print(std::size_t total, bool all) const {
    std::printf("%s\n", title_.c_str());
    for (const auto& [cls, kind] : kinds_) {
      std::printf("  %7zu  %s\n", kind.count, cls.c_str());
      const std::size_t shown = all ? kind.examples.size() : std::min<std::size_t>(kind.examples.size(), 3);
      for (std::size_t i = 0; i < shown; ++i) std::printf("             %s\n", kind.examples[i].c_str());
    }
    std::printf("  %7zu  in all%s\n", sum(), sum() == total ? "" : ", WHICH IS NOT ALL THERE IS");
    std::fflush(stdout);
    return sum() == total;
  }

 private:
  struct Kind {
    std::size_t count = 0;
    std::vector<std::string> examples;
  };
  std::string title_;
  std::map<std::string, Kind> kinds_;
};

}  // namespace catchment::real_text
