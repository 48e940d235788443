#include "geo/gazetteer/exact.hpp"

#include <xxhash.h>

#include <algorithm>

#include "geo/address/normal_text.hpp"
#include "geo/gazetteer/keys.hpp"
#include "geo/gazetteer/tables.hpp"

namespace catchment::geo {
namespace {

constexpr std::size_t kBatch = 32;

bool heads(AddressPart part) {
  return part <= AddressPart::group || part == AddressPart::postcode || part == AddressPart::filler;
}

}  // namespace

ExactKey exact_key(std::string_view normal) {
  const std::uint64_t hash = XXH3_64bits(normal.data(), normal.size());
  return {static_cast<std::uint32_t>(hash), static_cast<std::uint32_t>(hash >> 32) | 1};
}

std::vector<std::string> exact_forms(const ParsedAddress& parsed) {
  std::vector<std::string> forms;
  std::string normal;
  const auto add = [&](std::string_view text) {
    normalise_into(text, normal);
    if (!normal.empty() && std::ranges::find(forms, normal) == forms.end()) forms.push_back(normal);
  };
  const std::string_view text = parsed.original;
  add(text);
  // The head may be left out up to the district, up to the community, or as a whole.
  std::size_t body = text.size();
  bool has_door = false;
  Span estate;
  for (const AddressToken& token : parsed.tokens) {
    if (!heads(token.part)) body = std::min<std::size_t>(body, token.span.begin);
    const bool door = token.part == AddressPart::door || token.part == AddressPart::compound;
    if (token.part == AddressPart::estate && has_door) estate = token.span;
    has_door |= door;
  }
  for (const AddressToken& token : parsed.tokens) {
    if (token.span.begin > body) break;
    if (token.part == AddressPart::district || token.part == AddressPart::community || token.span.begin == body) {
      add(text.substr(token.span.begin));
    }
  }
  if (estate.end > estate.begin) {
    std::string rest(text.substr(0, estate.begin));
    rest += text.substr(estate.end);
    add(rest);
    add(std::string_view(rest).substr(body));
  }
  return forms;
}

std::vector<ExactKey> exact_keys(const ParsedAddress& parsed) {
  std::vector<ExactKey> keys;
  for (const std::string& form : exact_forms(parsed)) {
    const ExactKey key = exact_key(form);
    if (std::ranges::find(keys, key) == keys.end()) keys.push_back(key);
  }
  return keys;
}

EntryId exact_entry(const GazetteerTables& tables, ExactKey key) {
  const auto slots = tables.exact;
  std::size_t slot = first_slot(key.low, slots.size());
  while (slots[slot].high != 0 && (slots[slot].low != key.low || slots[slot].high != key.high)) {
    slot = slot + 1 == slots.size() ? 0 : slot + 1;
  }
  return slots[slot].high == 0 ? kNoEntry : slots[slot].entry;
}

void Gazetteer::find_exact(std::span<const std::string_view> texts, std::span<EntryId> out) const {
  if (texts.size() != out.size()) throw std::invalid_argument("find_exact: texts and out differ in size");
  const auto slots = tables_->exact;
  std::string normal;
  std::array<ExactKey, kBatch> keys;
  for (std::size_t first = 0; first < texts.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, texts.size() - first);
    for (std::size_t i = 0; i < count; ++i) {
      normalise_into(texts[first + i], normal);
      keys[i] = exact_key(normal);
      __builtin_prefetch(&slots[first_slot(keys[i].low, slots.size())]);
    }
    for (std::size_t i = 0; i < count; ++i) out[first + i] = exact_entry(*tables_, keys[i]);
  }
}

}  // namespace catchment::geo
