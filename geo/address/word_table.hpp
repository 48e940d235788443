// A list of words looked up by their end or their beginning. For the sources of geo/address only.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace catchment::geo {

// Words by one of their end characters, longest first, so that the first that fits is the longest.
template <class Word>
class WordTable {
 public:
  WordTable(std::vector<Word> words, bool by_last) : words_(std::move(words)), by_last_(by_last) {
    std::stable_sort(words_.begin(), words_.end(), [this](const Word& a, const Word& b) {
      return key(a) != key(b) ? key(a) < key(b) : a.word.size() > b.word.size();
    });
    for (std::size_t i = 0; i < words_.size();) {
      std::size_t end = i;
      while (end < words_.size() && key(words_[end]) == key(words_[i])) ++end;
      starts_[slot(key(words_[i]))].push_back({key(words_[i]), i, end});
      i = end;
    }
  }

  const Word* find(std::u32string_view text) const {
    if (text.empty()) return nullptr;
    const char32_t c = by_last_ ? text.back() : text.front();
    for (const Start& start : starts_[slot(c)]) {
      if (start.c != c) continue;
      for (std::size_t i = start.begin; i < start.end; ++i) {
        const std::u32string_view word = words_[i].word;
        if (by_last_ ? text.ends_with(word) : text.starts_with(word)) return &words_[i];
      }
    }
    return nullptr;
  }

 private:
  struct Start {
    char32_t c;
    std::size_t begin;
    std::size_t end;
  };
  char32_t key(const Word& word) const { return by_last_ ? word.word.back() : word.word.front(); }
  static std::size_t slot(char32_t c) { return (c ^ c >> 7) & 255; }

  std::vector<Word> words_;
  bool by_last_;
  std::array<std::vector<Start>, 256> starts_;
};

}  // namespace catchment::geo
