// What the typed names may mean, and where to look for the address.
#include <algorithm>

#include "geo/address/normal_text.hpp"
#include "geo/gazetteer/exact.hpp"
#include "geo/gazetteer/find.hpp"
#include "geo/gazetteer/find_names.hpp"
#include "geo/gazetteer/keys.hpp"

namespace catchment::geo {
namespace {

constexpr std::size_t kMaxGuesses = 256;  // names looked into when none is exact
constexpr std::size_t kLongest = 300;     // bytes of a name; more is no name
constexpr std::size_t kShortestRest = 3;  // characters of a name that are left when foreign ones before it are dropped

bool is_one_of(AddressPart part, std::initializer_list<AddressPart> parts) {
  return std::ranges::find(parts, part) != parts.end();
}

bool known_part(const GazetteerTables& tables, std::initializer_list<AddressPart> parts) {
  return std::ranges::any_of(tables.names, [&](const NameRow& row) { return is_one_of(row.part, parts); });
}

}  // namespace

const MatchedName* TypedName::hit(NameId name) const {
  const auto found = std::ranges::find(hits, name, &MatchedName::name);
  return found == hits.end() ? nullptr : &*found;
}

TypedName Finder::resolve(const AddressToken* token, std::initializer_list<AddressPart> parts, bool guess) const {
  TypedName typed{token, {}, false};
  if (token == nullptr) return typed;
  const auto look_up = [&](std::string_view key, bool fuzzy) {
    typed.hits = find_names(t_, key, fuzzy);
    std::erase_if(typed.hits, [&](const NameHit& h) { return !is_one_of(t_.names[h.name].part, parts); });
    return !typed.hits.empty();
  };
  if (token->text.size() > kLongest) return typed;
  const std::string key = folded_key(token->text);
  if (look_up(key, false) || !guess || !options_.fuzzy) return typed;
  if (!look_up(key, true)) {
    // Words the city does not know may stand before the name without a break.
    const std::u32string characters = to_characters(key);
    for (std::size_t i = 1; i + kShortestRest <= characters.size(); ++i) {
      if (look_up(to_utf8(std::u32string_view(characters).substr(i)), false)) {
        for (NameHit& hit : typed.hits) hit.evidence = Evidence::name_typo;
        typed.cut = std::ranges::any_of(characters.substr(0, i), is_digit);
        break;
      }
    }
  }
  if (typed.hits.size() > kMaxGuesses) {
    typed.hits.resize(kMaxGuesses);
    typed.cut = true;  // one that was not looked into may have the door too
  }
  return typed;
}

void Finder::resolve_names() {
  using enum AddressPart;
  parts_ = read_parts(parsed_);
  city_ = resolve(parts_.city, {city}, false);
  const TypedName province_name = resolve(parts_.province, {province}, false);
  const auto unheard_of = [&](const TypedName& typed, AddressPart part) {
    return typed.token != nullptr && typed.hits.empty() && known_part(t_, {part});
  };
  foreign_ = unheard_of(city_, city) || unheard_of(province_name, province);
  district_ = resolve(parts_.district, {district}, true);
  town_ = resolve(parts_.town, {town}, true);
  community_ = resolve(parts_.community, {community, village}, true);
  street_ = resolve(parts_.street, {street}, true);
  estate_ = resolve(parts_.estate, {estate}, true);
  institution_ = resolve(parts_.institution, {institution}, false);
  resolve_unknown();
}

// Words the grammar could not place: a name without its type (青河 for 青河区), or wrongly typed.
void Finder::resolve_unknown() {
  using enum AddressPart;
  for (const AddressToken* token : parts_.left) {
    if (token->part != unknown) continue;
    for (TypedName* slot : {&street_, &estate_, &community_, &town_, &district_}) {
      if (slot->token != nullptr) continue;
      const AddressPart part = slot == &street_ ? street : slot == &estate_ ? estate : slot == &town_ ? town : district;
      TypedName typed = slot == &community_ ? resolve(token, {community, village}, true) : resolve(token, {part}, true);
      if (typed.hits.empty()) continue;
      *slot = std::move(typed);
      used_.push_back(token);
      break;
    }
  }
}

std::vector<Finder::Anchor> Finder::anchors() const {
  std::vector<Anchor> list;
  const auto take = [&](const TypedName& typed) {
    for (const MatchedName& hit : typed.hits) list.push_back({hit.name, hit, typed.token});
    return !list.empty();
  };
  // The finest name that can hold numbers; a wider one only when nobody knows the finer, or it is a guess.
  const bool loose_street = !street_.hits.empty() && street_.hits.front().evidence >= Evidence::name_short;
  if (loose_street) {
    take(street_);
    if (!estate_.guessed()) take(estate_);
    if (!community_.guessed()) take(community_);
    return list;
  }
  take(street_) || take(estate_) || take(community_) || take(institution_) || take(town_) || take(district_) ||
      take(city_);
  return list;
}

// What is written like this address may be meant for another one: a door's or street's name was another's before.
bool Finder::may_be_another(const EntryRow& row) const {
  if (row.street == kNoName) return false;
  const auto range = equal_span(t_.door_aliases, std::pair(row.street, row.path[door_part]),
                                [](const DoorAlias& a) { return std::pair(a.street, a.door); });
  const std::uint32_t key = find_key(t_, folded_key(t_.text(t_.names[row.street].name)));
  const auto listed = [](const KeyItem& item) { return item.listed != 0; };
  return !range.empty() || (key != kNone && std::ranges::count_if(t_.items_of(key), listed) > 1);
}

// The whole text is an address, and no other.
bool Finder::exact(Found& found) const {
  std::string normal;
  normalise_into(parsed_.original, normal);
  if (normal.empty()) return false;
  const EntryId entry = exact_entry(t_, exact_key(normal));
  if (entry == kNoEntry) return false;
  const EntryRow row = t_.entries[entry];
  if (may_be_another(row)) return false;
  Candidate c;
  c.level = MatchLevel::door;
  c.entry = entry;
  c.path = path_of(row);
  if (row.has_position != 0) c.position = row.position;
  c.error_m = static_cast<double>(row.error_m);
  c.confidence = 1;
  c.text = t_.text_of(entry);
  c.reasons.push_back(
      {Evidence::exact_text, {0, static_cast<std::uint32_t>(parsed_.original.size())}, std::string(t_.text_of(entry))});
  found.status = FindStatus::definite;
  found.candidates.push_back(std::move(c));
  return true;
}

}  // namespace catchment::geo
