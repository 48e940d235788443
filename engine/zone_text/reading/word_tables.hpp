// Closed lists of words, looked up at the start of a text. Internal to the reader.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/zone_text/reading/notice_words.hpp"

namespace catchment::engine::zone_text {

struct WordEntry {
  std::u32string_view text;
  Word word;
};
// Strong words about people, their schools and how places are given.
std::span<const WordEntry> admission_words();

// Entries by their first character, longest first.
template <typename Entry>
class FirstCharTable {
 public:
  FirstCharTable(std::initializer_list<std::span<const Entry>> lists) {
    for (const std::span<const Entry> entries : lists) {
      for (const Entry& entry : entries) by_first_[entry.text[0]].push_back(&entry);
    }
    for (auto& [first, list] : by_first_)
      std::sort(list.begin(), list.end(),
                [](const Entry* a, const Entry* b) { return a->text.size() > b->text.size(); });
  }
  const Entry* longest_at(std::u32string_view text) const {
    if (text.empty()) return nullptr;
    const auto found = by_first_.find(text[0]);
    if (found == by_first_.end()) return nullptr;
    for (const Entry* entry : found->second)
      if (text.starts_with(entry->text)) return entry;
    return nullptr;
  }

 private:
  std::unordered_map<char32_t, std::vector<const Entry*>> by_first_;
};

}  // namespace catchment::engine::zone_text
