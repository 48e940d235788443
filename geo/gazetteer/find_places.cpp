// Candidates' paths, texts and places.
#include <algorithm>
#include <cmath>

#include "geo/gazetteer/find.hpp"
#include "geo/gazetteer/keys.hpp"
#include "geo/gazetteer/street_line.hpp"

namespace catchment::geo {
namespace {

constexpr double kSameStreet_m = 150;  // a door further from the line is interpolated without it

bool ends_latin(std::string_view name) {
  const std::u32string characters = to_characters(folded_key(name));
  return !characters.empty() && is_letter(characters.back());
}

template <class T>
void forget_if_other(T& value, const T& other, T none) {
  if (value != other) value = none;
}

}  // namespace

EntryPath path_of(const EntryRow& row) {
  EntryPath path;
  path.street = row.street;
  path.estate = row.estate;
  path.community = row.community;
  path.district = row.district;
  path.lane = unpack(row.path[lane_part]);
  path.sublane = unpack(row.path[sublane_part]);
  path.door = unpack(row.path[door_part]);
  path.building = unpack(row.path[building_part]);
  path.phase = unpack(row.path[phase_part]).number;
  path.sector = unpack(row.path[sector_part]);
  path.stair = unpack(row.path[stair_part]).number;
  path.room = unpack(row.path[room_part]).number;
  path.group = unpack(row.path[group_part]).number;
  return path;
}

std::string number_text(PackedNumber packed) {
  const DoorNumber number = unpack(packed);
  return number.number == 0 ? std::string() : to_text(number);
}

void keep_common(EntryPath& path, const EntryPath& other) {
  forget_if_other(path.street, other.street, kNoName);
  forget_if_other(path.estate, other.estate, kNoName);
  forget_if_other(path.community, other.community, kNoName);
  forget_if_other(path.district, other.district, kNoName);
  forget_if_other(path.lane, other.lane, DoorNumber{});
  forget_if_other(path.sublane, other.sublane, DoorNumber{});
  forget_if_other(path.door, other.door, DoorNumber{});
  forget_if_other(path.building, other.building, DoorNumber{});
  forget_if_other(path.phase, other.phase, 0);
  forget_if_other(path.sector, other.sector, DoorNumber{});
  forget_if_other(path.stair, other.stair, 0);
  forget_if_other(path.room, other.room, 0);
  forget_if_other(path.group, other.group, 0);
}

std::string text_of_path(const GazetteerTables& t, const EntryPath& path) {
  const auto name_of = [&](NameId name) {
    return name == kNoName ? std::string() : std::string(t.text(t.names[name].name));
  };
  const std::string street = name_of(path.street);
  if (ends_latin(street)) {
    std::string text = street;
    if (path.door.number != 0) text += " " + to_text(path.door);
    if (path.district != kNoName) text += ", " + name_of(path.district);
    return text;
  }
  std::string text = name_of(path.district) + street;
  const auto add = [&](const DoorNumber& number, std::string_view unit) {
    if (number.number != 0) text += to_text(number).append(unit);
  };
  if (path.street == kNoName && path.estate == kNoName) text += name_of(path.community);
  add(path.lane, "弄");
  add(path.sublane, "支弄");
  add(path.door, "号");
  text += name_of(path.estate);
  if (path.phase != 0) text += std::to_string(path.phase) + "期";
  add(path.sector, "区");
  add(path.building, "号楼");
  if (path.stair != 0) text += std::to_string(path.stair) + "单元";
  if (path.room != 0) text += std::to_string(path.room) + "室";
  return text;
}

void set_thing(const GazetteerTables& t, NameId name, Candidate& c) {
  const NameRow& row = t.names[name];
  c.text = t.text(row.name);
  switch (row.part) {
    case AddressPart::street:
      c.level = MatchLevel::street;
      c.path.street = name;
      break;
    case AddressPart::estate:
    case AddressPart::institution:
      c.level = MatchLevel::estate;
      c.path.estate = name;
      break;
    case AddressPart::community:
    case AddressPart::village:
      c.level = MatchLevel::community;
      c.path.community = name;
      break;
    case AddressPart::district:
    case AddressPart::town:
      c.level = MatchLevel::district;
      c.path.district = name;
      break;
    default:
      c.level = MatchLevel::city;
  }
}

Point middle_of(const Box& box) {
  return {static_cast<std::int32_t>((std::int64_t{box.min.lon} + box.max.lon) / 2),
          static_cast<std::int32_t>((std::int64_t{box.min.lat} + box.max.lat) / 2)};
}

Point between(const GazetteerTables& t, const NameRow& street, const EntryRow& a, const EntryRow& b, double share) {
  if (street.pieces != 0) {
    const StreetPlace from = place_along(t, street, a.position);
    const StreetPlace to = place_along(t, street, b.position);
    if (from.piece == to.piece && from.side == to.side && std::max(from.off_m, to.off_m) <= kSameStreet_m) {
      StreetPlace place = from;
      place.along_m += (to.along_m - from.along_m) * share;
      place.off_m += (to.off_m - from.off_m) * share;
      return place_at(t, street, place);
    }
  }
  const auto part_way = [&](std::int32_t from, std::int32_t to) {
    return static_cast<std::int32_t>(from + std::lround((static_cast<double>(to) - from) * share));
  };
  return {part_way(a.position.lon, b.position.lon), part_way(a.position.lat, b.position.lat)};
}

}  // namespace catchment::geo
