#include <cmath>

#include "geo/address/normal_text.hpp"
#include "geo/gazetteer/address_parts.hpp"
#include "geo/gazetteer/build.hpp"
#include "geo/gazetteer/keys.hpp"
#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

constexpr std::size_t kMaxStrings = 0xfffff000u;

// "12号", "12 A", "7弄2号": the numbers of a door's column.
NumberPath read_door(const std::string& door) {
  std::string normal;
  normalise_into(door, normal);
  std::erase(normal, ' ');
  NumberPath path{};
  const auto read = read_door_number(normal);
  const std::string_view rest = read ? std::string_view(normal).substr(read->length) : std::string_view();
  if (read && (rest.empty() || rest == "号" || rest == "号院" || rest == "号大院")) {
    path[door_part] = pack(read->number);
    return path;
  }
  const ParsedAddress parsed = parse_address(normal);
  const AddressParts parts = read_parts(parsed);
  for (const PathPart part : {lane_part, sublane_part, door_part}) path[part] = parts.path[part];
  return path;
}

[[noreturn]] void refuse(const std::string& id, const std::string& message) {
  throw InputError("gazetteer_input", id, message);
}

}  // namespace

struct GazetteerBuilder::State {
  GazetteerOptions options;
  BuildTables tables;
  std::vector<BuildName> names;
  NameKeys by_key;
  std::unordered_map<std::string, NameId> place_ids;
  std::unordered_set<std::string> street_ids;
  std::unordered_set<std::string> address_ids;
  std::unordered_map<std::string, NameId> column_streets;
  std::unordered_map<std::string, std::uint32_t> column_estates;
  std::unordered_map<std::string, NumberPath> column_doors;
  std::vector<std::string> estate_keys;  // folded
  std::vector<GazetteerAlias> aliases;
  std::vector<BuildAddress> addresses;

  NameId name_of(AddressPart part, const std::string& name) {
    auto& bearers = by_key[{part, folded_key(name)}];
    if (bearers.empty()) {
      bearers.push_back(static_cast<NameId>(names.size()));
      BuildName row;
      row.name = name;
      row.part = part;
      names.push_back(std::move(row));
    }
    return bearers.front();
  }
};

GazetteerBuilder::GazetteerBuilder(GazetteerOptions options) : state_(std::make_unique<State>()) {
  state_->options = options;
  state_->tables.meta.sub_forms_equal = options.sub_forms_equal ? 1 : 0;
}
GazetteerBuilder::~GazetteerBuilder() = default;
GazetteerBuilder::GazetteerBuilder(GazetteerBuilder&&) noexcept = default;

void GazetteerBuilder::add(const GazetteerPlace& place) {
  State& s = *state_;
  const auto number = static_cast<NameId>(s.names.size());
  if (!s.place_ids.emplace(place.id, number).second) refuse(place.id, "two places have this id");
  BuildName row;
  row.name = place.name;
  row.id = place.id;
  row.parent_id = place.parent_id;
  row.part = place.part;
  row.position = place.position;
  row.shape = place.shape;
  s.names.push_back(std::move(row));
  s.by_key[{place.part, folded_key(place.name)}].push_back(number);
}

void GazetteerBuilder::add(const GazetteerStreet& street) {
  State& s = *state_;
  if (!s.street_ids.insert(street.id).second) refuse(street.id, "two street pieces have this id");
  if (street.name.empty()) return;  // a nameless lane is nobody's address
  BuildName& row = s.names[s.name_of(AddressPart::street, street.name)];
  if (row.id.empty()) row.id = street.id;
  if (!street.line.empty()) row.pieces.push_back(street.line);
}

void GazetteerBuilder::add(const GazetteerAlias& alias) { state_->aliases.push_back(alias); }

void GazetteerBuilder::add(const GazetteerAddress& address) {
  State& s = *state_;
  if (!s.address_ids.insert(address.id).second) refuse(address.id, "two addresses have this id");
  if (s.tables.strings.size() + address.text.size() + address.id.size() > kMaxStrings) {
    refuse(address.id, "the city's texts exceed 4 GB");
  }
  BuildAddress row;
  row.text = s.tables.add_text(address.text);
  row.id = s.tables.add_text(address.id);
  row.position = address.position;
  row.error_m = std::isfinite(address.error_m) ? std::max(0.0, address.error_m) : 0;
  if (!address.door.empty()) {
    const auto [found, added] = s.column_doors.try_emplace(address.door);
    if (added) found->second = read_door(address.door);
    row.path = found->second;
  }
  if (!address.street.empty()) {
    const auto [found, added] = s.column_streets.emplace(address.street, kNoName);
    if (added) found->second = s.name_of(AddressPart::street, address.street);
    row.street = found->second;
  }
  if (!address.estate.empty()) {
    const auto [found, added] = s.column_estates.emplace(address.estate, kNone);
    if (added) {
      found->second = static_cast<std::uint32_t>(s.estate_keys.size());
      s.name_of(AddressPart::estate, address.estate);
      s.estate_keys.push_back(folded_key(address.estate));
    }
    row.estate_key = found->second;
  }
  s.addresses.push_back(row);
}

Gazetteer Gazetteer::build(GazetteerBuilder&& builder) {
  GazetteerBuilder::State& s = *builder.state_;
  for (BuildName& row : s.names) {
    if (row.parent_id.empty()) continue;
    const auto parent = s.place_ids.find(row.parent_id);
    if (parent == s.place_ids.end()) refuse(row.id, "its parent is no place: " + row.parent_id);
    row.parent = parent->second;
  }
  for (const GazetteerAlias& alias : s.aliases) {
    if (alias.part != AddressPart::door && !s.by_key.contains({alias.part, folded_key(alias.name)})) {
      s.name_of(alias.part, alias.name);
    }
  }
  build_entries(s.tables, s.names, s.by_key, s.aliases, s.addresses, s.estate_keys);
  build_names(s.tables, s.names);
  build_door_aliases(s.tables, s.aliases);
  build_exact(s.tables);
  build_similar(s.tables);
  build_tree(s.tables);
  store_entries(s.tables);
  auto partial = std::make_shared<Tables>();
  static_cast<GazetteerTables&>(*partial) = s.tables.view();
  SnapshotWriter writer;
  Gazetteer(std::move(partial)).save(writer, "gazetteer/");
  builder.state_ = std::make_unique<GazetteerBuilder::State>();
  return open(Snapshot::from_bytes(writer.bytes()), "gazetteer/");
}

}  // namespace catchment::geo
