// Any bytes as an address: normal after one pass, every byte in one token, numbers that read back, and names of a
// lexicon that may lie in any of them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "geo/address/address.hpp"
#include "geo/address/similar.hpp"

namespace {

using namespace catchment::geo;

void require(bool holds) {
  if (!holds) std::abort();
}

// The text up to its first 0 byte is the address, the rest names separated by 0 bytes.
class AnyNames final : public NameLexicon {
 public:
  explicit AnyNames(std::string_view bytes) {
    while (!bytes.empty() && names_.size() < 8) {
      const std::size_t end = bytes.find('\0');
      names_.push_back(normalise(bytes.substr(0, end)).text);
      bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
  }
  void names_at(std::string_view normal, std::vector<Hit>& out) const override {
    for (NameId id = 0; id < names_.size(); ++id) {
      const AddressPart part = static_cast<AddressPart>(id * 3 % (static_cast<NameId>(AddressPart::unknown) + 1));
      if (normal.starts_with(names_[id])) out.push_back({names_[id].size(), part, id});
    }
  }

 private:
  std::vector<std::string> names_;
};

void check(std::string_view text, const NameLexicon* lexicon) {
  const ParsedAddress parsed = parse_address(text, lexicon);
  std::uint32_t at = 0;
  for (const AddressToken& token : parsed.tokens) {
    require(token.span.begin == at && token.span.end >= at);
    at = token.span.end;
    if (token.number.number != 0) require(token.text == to_text(token.number));
    require(token.part != AddressPart::filler || token.name == kNoName || lexicon != nullptr);
  }
  require(at == text.size());
}

// The text over and over until it has that many bytes; nothing of nothing.
std::string stretched(std::string_view text, std::size_t size) {
  std::string long_text;
  while (!text.empty() && long_text.size() < size) long_text += text.substr(0, size - long_text.size());
  return long_text;
}

// The longest text that is parsed, and one byte more, which is not. Mutations alone seldom become so long.
void check_limit(std::string_view text, const NameLexicon* lexicon) {
  std::string longest = stretched(text, kLongestAddress);
  check(longest, lexicon);
  longest += text.front();
  const ParsedAddress parsed = parse_address(longest, lexicon);
  require(parsed.tokens.size() == 1);
  require(parsed.tokens[0].part == AddressPart::unknown && parsed.tokens[0].span.end == longest.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view text = bytes.substr(0, bytes.find('\0'));
  const AnyNames names(bytes.substr(std::min(text.size() + 1, bytes.size())));

  const NormalText normal = normalise(bytes);
  require(normal.origin.size() == normal.text.size() + 1);
  require(normal.text.empty() || normal.origin.front() == 0);
  require(normal.origin.back() == bytes.size());
  for (std::size_t i = 1; i < normal.origin.size(); ++i) require(normal.origin[i - 1] <= normal.origin[i]);
  std::string again;
  normalise_into(normal.text, again);
  require(again == normal.text);

  const std::string key = name_key(text);
  require(name_key(key) == key);
  parse_numeral(normal.text);
  if (const auto door = read_door_number(normal.text)) {
    require(door->length <= normal.text.size());
    const auto back = read_door_number(normalise(to_text(door->number)).text);
    require(back && back->number == door->number);
  }
  check(text, nullptr);
  check(text, &names);
  check(bytes, nullptr);
  // Long texts take a hundred times as long: one input of a hundred is tried so.
  if (!text.empty() && std::accumulate(data, data + size, std::size_t{0}) % 100 == 0) check_limit(text, &names);
  for (const char c : bytes.substr(0, 16)) readings(static_cast<char32_t>(c));
  return 0;
}
