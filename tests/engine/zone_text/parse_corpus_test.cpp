// ZZ5: every construct of the notices collected, as invented clauses with the trees they mean.
#include <gtest/gtest.h>

#include <map>

#include "engine/zone_text/parse.hpp"
#include "tests/engine/zone_text/corpus.hpp"

namespace catchment::engine::zone_text {
namespace {

TEST(ParseCorpus, EveryClauseMeansItsTree) {
  const std::vector<CorpusEntry> corpus = read_corpus();
  EXPECT_GE(corpus.size(), 300u);
  for (const CorpusEntry& entry : corpus)
    EXPECT_EQ(to_text(parse_zone_text(entry.text)), entry.tree) << entry.where << ": " << entry.text;
}

TEST(ParseCorpus, EveryFamilyOccursAtLeastThreeTimes) {
  std::map<std::string, int> count;
  for (const CorpusEntry& entry : read_corpus()) ++count[entry.family];
  std::vector<std::string> families = {"H1", "F1", "M1", "T1"};
  for (int i = 1; i <= 12; ++i) families.push_back("R" + std::to_string(i));
  for (int i = 1; i <= 14; ++i) families.push_back("A" + std::to_string(i));
  for (const std::string& family : families) EXPECT_GE(count[family], 3) << family;
}

TEST(ParseCorpus, NoTextStandsTwice) {
  std::map<std::string, std::string> seen;
  for (const CorpusEntry& entry : read_corpus()) {
    const auto [it, fresh] = seen.emplace(entry.text, entry.where);
    EXPECT_TRUE(fresh) << entry.where << " repeats " << it->second;
  }
}

}  // namespace
}  // namespace catchment::engine::zone_text
