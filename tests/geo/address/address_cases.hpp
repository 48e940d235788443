// addresses.txt: addresses as people type them, and the ladder each is. Shared by the test and by whoever measures.
#pragma once

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "geo/address/address.hpp"

namespace catchment::geo::test {

// A lexicon of a few names, found by their normalised bytes.
class FewNames final : public NameLexicon {
 public:
  // "street 建设路; estate 青河"
  explicit FewNames(const std::string& list) {
    std::istringstream items(list);
    for (std::string item; std::getline(items, item, ';');) {
      std::istringstream words(item);
      std::string part;
      std::string name;
      words >> part;
      std::getline(words >> std::ws, name);
      if (part.empty()) continue;
      names_.push_back({part_of(part), normalise(name).text});
    }
  }

  void names_at(std::string_view normal, std::vector<Hit>& out) const override {
    const std::size_t before = out.size();
    for (NameId id = 0; id < names_.size(); ++id) {
      if (normal.starts_with(names_[id].text)) out.push_back({names_[id].text.size(), names_[id].part, id});
    }
    std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
                     [](const Hit& a, const Hit& b) { return a.length > b.length; });
  }

 private:
  struct Name {
    AddressPart part;
    std::string text;
  };
  static AddressPart part_of(const std::string& word) {
    for (int i = 0; i <= static_cast<int>(AddressPart::unknown); ++i) {
      if (to_word(static_cast<AddressPart>(i)) == word) return static_cast<AddressPart>(i);
    }
    throw std::runtime_error("no such part: " + word);
  }
  std::vector<Name> names_;
};

// "street 建设路; door 12"; "=" after the part when the lexicon knows the name. Fillers are left out.
inline std::string ladder(const ParsedAddress& parsed) {
  std::string out;
  for (const AddressToken& token : parsed.tokens) {
    if (token.part == AddressPart::filler) continue;
    if (!out.empty()) out += "; ";
    out += to_word(token.part);
    if (token.name != kNoName) out += '=';
    out += ' ' + token.text;
  }
  return out;
}

struct AddressCase {
  int line = 0;
  std::string names;  // of the lexicon, empty: none
  std::string text;
  std::string ladder;
};

inline std::vector<AddressCase> read_address_cases(const std::string& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::vector<AddressCase> cases;
  std::string names;
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (line.empty() || line.starts_with("# ")) continue;
    if (line.starts_with("@names")) {
      names = line.substr(6);
      continue;
    }
    const std::size_t bar = line.find(" | ");
    if (bar == std::string::npos) throw std::runtime_error(path + ": no ladder in: " + line);
    cases.push_back({number, names, line.substr(0, bar), line.substr(bar + 3)});
  }
  return cases;
}

}  // namespace catchment::geo::test
