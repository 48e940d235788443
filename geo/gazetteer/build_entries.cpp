#include <algorithm>
#include <array>

#include "geo/gazetteer/address_parts.hpp"
#include "geo/gazetteer/build.hpp"
#include "geo/gazetteer/keys.hpp"
#include "geo/zone_index.hpp"

namespace catchment::geo {
namespace {

constexpr std::array kAreaParts{AddressPart::country,  AddressPart::province, AddressPart::city,
                                AddressPart::district, AddressPart::town,     AddressPart::community,
                                AddressPart::village,  AddressPart::street,   AddressPart::estate};

// Which names with shapes cover a place.
class Covers {
 public:
  Covers(const std::vector<BuildName>& names, AddressPart part, AddressPart or_part) {
    std::vector<MultiPolygon> shapes;
    for (NameId i = 0; i < names.size(); ++i) {
      if ((names[i].part != part && names[i].part != or_part) || names[i].shape.empty()) continue;
      names_.push_back(i);
      shapes.push_back(names[i].shape);
    }
    if (!names_.empty()) index_ = ZoneIndex::build(shapes);
  }
  // The only one that covers it, or kNoName.
  NameId at(Point p) const {
    if (!index_) return kNoName;
    const auto zones = index_->zones_of(index_->face_at(p).face());
    return zones.size() == 1 ? names_[zones.front()] : kNoName;
  }

 private:
  std::vector<NameId> names_;
  std::optional<ZoneIndex> index_;
};

class EntryReader {
 public:
  EntryReader(const std::vector<BuildName>& names, const NameKeys& by_key)
      : names_(names),
        by_key_(by_key),
        districts_(names, AddressPart::district, AddressPart::district),
        communities_(names, AddressPart::community, AddressPart::village) {}

  EntryRow read(const BuildAddress& address, const AddressParts& parts, const std::string* estate_key) const {
    EntryRow row;
    row.path = parts.path;
    for (std::size_t part = 0; part < kPathParts; ++part) {
      if (address.path[part] != 0) row.path[part] = address.path[part];
    }
    row.postcode = parts.postcode;
    row.error_m = static_cast<float>(address.error_m);
    row.has_position = address.position.has_value();
    if (address.position) row.position = *address.position;
    row.text = address.text;
    row.id = address.id;
    row.street = address.street != kNoName ? address.street : name_of(parts.street, kNoName, address);
    row.district = name_of(parts.district, kNoName, address);
    row.community = name_of(parts.community, row.district, address);
    if (row.community == kNoName && address.position) row.community = communities_.at(*address.position);
    if (row.district == kNoName) row.district = ancestor(row.community, AddressPart::district);
    if (row.district == kNoName && address.position) row.district = districts_.at(*address.position);
    row.estate = estate_key != nullptr ? choose(AddressPart::estate, *estate_key, row.community, address)
                                       : name_of(parts.estate, row.community, address);
    return row;
  }

 private:
  NameId name_of(const AddressToken* token, NameId within, const BuildAddress& address) const {
    return token == nullptr ? kNoName : choose(token->part, folded_key(token->text), within, address, token->name);
  }

  // Of several things of one name: the one whose shape covers the place, else the one that lies within, else the
  // first.
  NameId choose(AddressPart part, const std::string& key, NameId within, const BuildAddress& address,
                NameId known = kNoName) const {
    const auto found = by_key_.find({part, key});
    if (found == by_key_.end()) return known;  // an alias
    const auto& bearers = found->second;
    if (bearers.size() == 1) return bearers.front();
    for (const NameId name : bearers) {
      if (address.position && bounding_box(names_[name].shape).contains(*address.position) &&
          communities_.at(*address.position) == name) {
        return name;
      }
    }
    for (const NameId name : bearers) {
      for (NameId up = names_[name].parent; within != kNoName && up != kNoName; up = names_[up].parent) {
        if (up == within) return name;
      }
    }
    return bearers.front();
  }

  NameId ancestor(NameId name, AddressPart part) const {
    while (name != kNoName && names_[name].part != part) name = names_[name].parent;
    return name;
  }

  const std::vector<BuildName>& names_;
  const NameKeys& by_key_;
  Covers districts_;
  Covers communities_;
};

bool names_places(AddressPart part) { return std::ranges::find(kAreaParts, part) != kAreaParts.end(); }

// Places the texts name and nobody told of; how many.
std::size_t add_unknown_places(const ParsedAddress& parsed, const BuildAddress& address, std::vector<BuildName>& names,
                               NameKeys& by_key) {
  std::size_t added = 0;
  for (const AddressToken& token : parsed.tokens) {
    if (token.name != kNoName || !names_places(token.part)) continue;
    if (token.part == AddressPart::street && address.street != kNoName) continue;
    if (token.part == AddressPart::estate && address.estate_key != kNone) continue;
    auto& bearers = by_key[{token.part, folded_key(token.text)}];
    if (!bearers.empty()) continue;
    bearers.push_back(static_cast<NameId>(names.size()));
    BuildName row;
    row.name = token.text;
    row.part = token.part;
    names.push_back(std::move(row));
    ++added;
  }
  return added;
}

}  // namespace

void append_hits(const GazetteerTables& tables, std::string_view normal, std::vector<NameLexicon::Hit>& out) {
  const std::size_t first = out.size();
  for_each_key_at(tables, normal, [&](std::size_t length, std::uint32_t key) {
    const auto items = tables.items_of(key);
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].listed == 0) continue;
      const AddressPart part = tables.names[items[i].name].part;
      const auto earlier = out.begin() + static_cast<std::ptrdiff_t>(first);
      const auto same = [&](const NameLexicon::Hit& h) { return h.length == length && h.part == part; };
      if (std::find_if(earlier, out.end(), same) == out.end()) out.push_back({length, part, items[i].name});
    }
  });
  std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(first), out.end(),
                   [](const auto& a, const auto& b) { return a.length > b.length; });
}

void build_entries(BuildTables& tables, std::vector<BuildName>& names, NameKeys& by_key,
                   const std::vector<GazetteerAlias>& aliases, const std::vector<BuildAddress>& addresses,
                   const std::vector<std::string>& estate_keys) {
  const auto prepare = [&] {
    tables.names.assign(names.size(), NameRow{});
    for (std::size_t i = 0; i < names.size(); ++i) tables.names[i].part = names[i].part;
    build_lexicon(tables, names, aliases);
  };
  const auto text_of = [&](const BuildAddress& a) {
    return std::string_view(tables.strings).substr(a.text.begin, a.text.length);
  };
  prepare();
  GazetteerTables view = tables.view();
  const TablesLexicon lexicon(view);
  const EntryReader reader(names, by_key);
  tables.entries.resize(addresses.size());
  const auto read = [&](std::size_t i, const ParsedAddress& parsed) {
    const BuildAddress& address = addresses[i];
    for (const ExactKey key : exact_keys(parsed)) tables.keyed.push_back({key, static_cast<EntryId>(i)});
    const std::string* estate = address.estate_key == kNone ? nullptr : &estate_keys[address.estate_key];
    tables.entries[i] = reader.read(address, read_parts(parsed), estate);
  };
  // Names that only the texts know join the lexicon as they are met, in ever larger lots; what was read before the
  // last of them is read again, so that every text is read with all names.
  std::size_t again = 0;
  std::size_t waiting = 0;
  std::size_t lot = 1;
  const auto learn = [&](std::size_t read_so_far) {
    prepare();
    view = tables.view();
    tables.keyed.clear();
    again = read_so_far;
    waiting = 0;
    lot *= 2;
  };
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const ParsedAddress parsed = parse_address(text_of(addresses[i]), &lexicon);
    read(i, parsed);
    waiting += add_unknown_places(parsed, addresses[i], names, by_key);
    if (waiting >= lot) learn(i + 1);
  }
  if (waiting > 0) learn(addresses.size());
  for (std::size_t i = 0; i < again; ++i) read(i, parse_address(text_of(addresses[i]), &lexicon));
}

void build_door_aliases(BuildTables& tables, const std::vector<GazetteerAlias>& aliases) {
  const GazetteerTables view = tables.view();
  const TablesLexicon lexicon(view);
  for (const GazetteerAlias& alias : aliases) {
    if (alias.part != AddressPart::door) continue;
    const ParsedAddress target = parse_address(alias.name, &lexicon);
    const ParsedAddress other = parse_address(alias.alias, &lexicon);
    const AddressParts to = read_parts(target);
    const AddressParts from = read_parts(other);
    if (to.street == nullptr || to.street->name == kNoName || to.path[door_part] == 0) continue;
    if (from.path[door_part] == 0) continue;
    const NameId street = from.street == nullptr ? to.street->name : from.street->name;
    if (street == kNoName) continue;
    tables.door_aliases.push_back({street, to.street->name, from.path[door_part], to.path[door_part], alias.kind, {}});
  }
  std::ranges::stable_sort(tables.door_aliases, [](const DoorAlias& a, const DoorAlias& b) {
    return std::pair(a.street, a.door) < std::pair(b.street, b.door);
  });
}

}  // namespace catchment::geo
