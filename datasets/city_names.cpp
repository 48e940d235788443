#include "datasets/city_names.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using geo::AddressPart;
using geo::AliasKind;

constexpr const char* kPrefix = "names/";
constexpr const char* kTagSection = "names/package";

struct Tag {  // of the package the names were built from
  std::uint64_t stamp = 0;
  std::uint64_t fingerprint = 0;
};

struct PartWord {
  std::string_view word;
  AddressPart part;
};
// A parent comes before what lies in it.
constexpr std::array<PartWord, 8> kParts{{{"district", AddressPart::district},
                                          {"town", AddressPart::town},
                                          {"community", AddressPart::community},
                                          {"village", AddressPart::village},
                                          {"estate", AddressPart::estate},
                                          {"institution", AddressPart::institution},
                                          {"street", AddressPart::street},
                                          {"door", AddressPart::door}}};

std::size_t rank_of(std::string_view kind, const char* table, const std::string& row) {
  const auto found = std::ranges::find(kParts, kind, &PartWord::word);
  if (found == kParts.end()) {
    throw InputError("package_corrupt", std::string(table) + " " + row, "unknown kind " + std::string(kind));
  }
  return static_cast<std::size_t>(found - kParts.begin());
}

AliasKind alias_kind(const engine::Alias& row) {
  constexpr std::array<std::pair<std::string_view, AliasKind>, 5> kWords{{{"legal", AliasKind::legal},
                                                                          {"promoted", AliasKind::promoted},
                                                                          {"former", AliasKind::former},
                                                                          {"temporary", AliasKind::temporary},
                                                                          {"short", AliasKind::short_form}}};
  for (const auto& [word, kind] : kWords) {
    if (row.relation == word) return kind;
  }
  throw InputError("package_corrupt", "alias " + row.alias, "unknown relation " + row.relation);
}

geo::GazetteerOptions options_of(const CityPackage& package) {
  const auto meta = package.meta();
  const auto found = meta.find("sub_forms_equal");
  geo::GazetteerOptions options;
  options.sub_forms_equal = found != meta.end() && found->second == "yes";
  return options;
}

std::vector<engine::Place> parents_first(const CityPackage& package) {
  std::vector<engine::Place> places = package.places();
  std::ranges::stable_sort(places, {}, [](const engine::Place& p) { return rank_of(p.kind, "place", p.id); });
  return places;
}

// Hashes what goes by, row after row, so that no list has to be held.
class RowHash {
 public:
  void add(std::string_view text) {
    add_bytes(static_cast<std::uint64_t>(text.size()));
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    row_.insert(row_.end(), first, first + text.size());
  }
  void add(const std::optional<geo::Point>& p) {
    add_bytes(p.has_value());
    if (p) add_bytes(*p);
  }
  void add(const geo::MultiPolygon& shape) {
    add_bytes(shape.size());
    geo::for_each_ring(shape, [&](const geo::Ring& ring) { add(ring); });
  }
  void add(const std::vector<geo::Point>& line) {
    add_bytes(line.size());
    for (const geo::Point p : line) add_bytes(p);
  }
  void add(double value) { add_bytes(value); }
  void end_row() {
    add_bytes(value_);
    value_ = geo::fingerprint(row_);
    row_.clear();
  }
  std::uint64_t value() const { return value_; }

 private:
  template <class T>
  void add_bytes(const T& value) {
    std::array<std::byte, sizeof(T)> bytes{};
    std::memcpy(bytes.data(), &value, sizeof(T));
    row_.insert(row_.end(), bytes.begin(), bytes.end());
  }

  std::vector<std::byte> row_;
  std::uint64_t value_ = 0;
};

}  // namespace

geo::Gazetteer build_names(const CityPackage& package) {
  geo::GazetteerBuilder builder(options_of(package));
  for (engine::Place& row : parents_first(package)) {
    geo::GazetteerPlace place;
    place.part = kParts[rank_of(row.kind, "place", row.id)].part;
    place.id = std::move(row.id);
    place.name = std::move(row.name);
    place.parent_id = std::move(row.parent_id);
    place.position = row.position;
    place.shape = std::move(row.shape);
    builder.add(place);
  }
  for (engine::Line& row : package.streets()) {
    if (!row.name.empty())
      builder.add(geo::GazetteerStreet{std::move(row.id), std::move(row.name), std::move(row.shape)});
  }
  for (engine::Alias& row : package.aliases()) {
    const AliasKind kind = alias_kind(row);
    const AddressPart part = kParts[rank_of(row.kind, "alias", row.alias)].part;
    builder.add(geo::GazetteerAlias{part, std::move(row.name), std::move(row.alias), kind});
  }
  geo::GazetteerAddress address;
  package.for_each_address([&](const engine::Address& row) {
    address.id = row.id;
    address.text = row.text;
    address.street = row.street;
    address.door = row.door;
    address.estate = row.estate;
    address.position = row.position;
    address.error_m = row.error_m;
    builder.add(address);
    return true;
  });
  return geo::Gazetteer::build(std::move(builder));
}

std::uint64_t names_fingerprint(const CityPackage& package) {
  RowHash hash;
  hash.add(options_of(package).sub_forms_equal ? "equal" : "apart");
  for (const engine::Place& row : package.places()) {
    for (const std::string* text : {&row.id, &row.kind, &row.name, &row.parent_id}) hash.add(*text);
    hash.add(row.position);
    hash.add(row.shape);
    hash.end_row();
  }
  for (const engine::Line& row : package.streets()) {
    hash.add(row.id);
    hash.add(row.name);
    hash.add(row.shape);
    hash.end_row();
  }
  for (const engine::Alias& row : package.aliases()) {
    for (const std::string* text : {&row.kind, &row.name, &row.alias, &row.relation}) hash.add(*text);
    hash.end_row();
  }
  package.for_each_address([&](const engine::Address& row) {
    for (const std::string* text : {&row.id, &row.text, &row.street, &row.door, &row.estate}) hash.add(*text);
    hash.add(row.position);
    hash.add(row.error_m);
    hash.end_row();
    return true;
  });
  return hash.value();
}

void save_names(const geo::Gazetteer& names, const CityPackage& package, geo::SnapshotWriter& writer) {
  names.save(writer, kPrefix);
  const Tag tag{package.stamp(), names_fingerprint(package)};
  writer.add(kTagSection, std::span<const Tag>(&tag, 1));
}

std::optional<geo::Gazetteer> find_names(const geo::Snapshot& snapshot, const CityPackage& package) {
  if (!snapshot.has(kTagSection)) return std::nullopt;
  const auto tags = snapshot.get<Tag>(kTagSection);
  if (tags.size() != 1) throw InputError("snapshot_corrupt", kTagSection, "must be one");
  if (tags[0].stamp != package.stamp() && tags[0].fingerprint != names_fingerprint(package)) return std::nullopt;
  return geo::Gazetteer::open(snapshot, kPrefix);
}

geo::Gazetteer open_names(const std::string& file, const CityPackage& package) {
  if (file.empty()) return build_names(package);
  if (auto names = find_names(geo::Snapshot::open(file), package)) return std::move(*names);
  throw InputError("snapshot_stale", file, "the snapshot was not made from the package's names; make it again");
}

}  // namespace catchment::datasets
