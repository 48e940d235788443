// From a name and the typed numbers to the addresses that have them.
#include <algorithm>

#include "geo/gazetteer/find.hpp"

namespace catchment::geo {
namespace {

// But for the way the sub-number is written.
bool same_door(PackedNumber a, PackedNumber b) { return without_form(a) == without_form(b); }

}  // namespace

Draft Finder::draft_of(const Anchor& anchor) const {
  Draft draft;
  draft.guessed = anchor.hit.evidence >= Evidence::name_short;
  draft.unheard = !parts_.left.empty();
  draft.candidate.name = anchor.name;
  draft.candidate.confidence = anchor.hit.score;
  draft.numbers.fill(Evidence::exact_text);  // not spoken of
  return draft;
}

// The street's addresses in the typed lane, or outside lanes.
std::span<const EntryId> Finder::lane_range(NameId street) const {
  const auto all = t_.entries_of(street);
  const auto key = [&](EntryId e) {
    return std::pair(t_.entries.number(e, lane_part), t_.entries.number(e, sublane_part));
  };
  return equal_span(all, std::pair(parts_.path[lane_part], parts_.path[sublane_part]), key);
}

void Finder::search(const Anchor& anchor) {
  const AddressPart part = t_.names[anchor.name].part;
  if (part == AddressPart::street) {
    search_street(anchor);
    search_aliases(anchor);
  } else {
    search_area(anchor);
  }
}

void Finder::search_street(const Anchor& anchor) {
  const auto lane = lane_range(anchor.name);
  const PackedNumber door = parts_.path[door_part];
  const bool any_number = door != 0 || parts_.path[lane_part] != 0;
  if (lane.empty() || !any_number) {
    // Without a door the estate, if one was typed, tells the house.
    Group group;
    if (!any_number && estate_.token != nullptr) {
      for (const EntryId e : lane) {
        if (estate_.hit(t_.entries.place(e).estate) != nullptr) group.push_back(e);
      }
    }
    return group.empty() ? add_thing(anchor, any_number ? Quality::doubtful : Quality::coarse)
                         : add_groups(anchor, group, Evidence::exact_text);
  }
  if (door == 0) return add_groups(anchor, Group(lane.begin(), lane.end()), Evidence::exact_text);
  const auto number = [&](EntryId e) { return unpack(t_.entries.number(e, door_part)).number; };
  const auto doors = equal_span(lane, unpack(door).number, number);
  Group equal;
  Group other_form;
  Group other_sub;
  for (const EntryId e : doors) {
    const PackedNumber has = t_.entries.number(e, door_part);
    (t_.equal_number(has, door) ? equal : same_door(has, door) ? other_form : other_sub).push_back(e);
  }
  if (!equal.empty()) {
    const std::size_t before = drafts_.size();
    add_groups(anchor, equal, Evidence::number_exact);
    const bool elsewhere = std::all_of(drafts_.begin() + static_cast<std::ptrdiff_t>(before), drafts_.end(),
                                       [](const Draft& d) { return d.contradicted; });
    if (elsewhere && district_.token != nullptr) interpolate(anchor, lane);
  }
  if (!other_form.empty()) add_groups(anchor, other_form, Evidence::number_form);
  if (equal.empty() && other_form.empty()) {
    if (!other_sub.empty()) {
      add_groups(anchor, other_sub, Evidence::part_missing);
    } else if (!interpolate(anchor, lane)) {
      add_thing(anchor, Quality::doubtful);
    }
  }
}

// Estates, communities, villages and whatever else is not a street.
void Finder::search_area(const Anchor& anchor) {
  const bool any_number = std::ranges::any_of(parts_.path, [](PackedNumber n) { return n != 0; });
  const bool street_unknown = street_.token != nullptr && street_.token != anchor.token;
  const AddressPart part = t_.names[anchor.name].part;
  if (!any_number || part == AddressPart::district || part == AddressPart::city || part == AddressPart::town) {
    return add_thing(anchor, street_unknown || any_number ? Quality::doubtful : Quality::full);
  }
  auto range = t_.entries_of(anchor.name);
  if (part != AddressPart::estate) {  // a street's doors are looked up by the street
    const auto street = [&](EntryId e) { return t_.entries.place(e).street; };
    range = equal_span(range, kNoName, street);
  }
  Group equal;
  Group as_building;
  Group other_door;
  const PackedNumber door = parts_.path[door_part];
  const PackedNumber building = parts_.path[building_part];
  for (const EntryId e : range) {
    const PackedNumber its_building = t_.entries.number(e, building_part);
    if (building != 0 && its_building == building) other_door.push_back(e);
    if (parts_.path[lane_part] != 0 && t_.entries.number(e, lane_part) != parts_.path[lane_part]) continue;
    if (door == 0 || t_.equal_number(t_.entries.number(e, door_part), door)) equal.push_back(e);
    if (door != 0 && its_building == door) as_building.push_back(e);
  }
  if (equal.empty() && as_building.empty()) {
    if (door == 0 || other_door.empty()) return add_thing(anchor, Quality::doubtful);
    return add_groups(anchor, other_door, Evidence::part_contradicted);
  }
  if (!equal.empty()) add_groups(anchor, equal, door == 0 ? Evidence::exact_text : Evidence::number_exact);
  if (!as_building.empty()) add_groups(anchor, as_building, Evidence::number_form);  // 12号 for 12号楼
}

// A door's other numbers lead to it as well.
void Finder::search_aliases(const Anchor& anchor) {
  PackedNumber door = parts_.path[door_part];
  if (door == 0 || parts_.path[lane_part] != 0) return;
  DoorNumber number = unpack(door);
  if (number.series == DoorSeries::former) number.series = DoorSeries::current;  // 旧20号 is what 20号 was
  const auto range = equal_span(t_.door_aliases, std::pair(anchor.name, pack(number)),
                                [](const DoorAlias& a) { return std::pair(a.street, a.door); });
  for (const DoorAlias& alias : range) {
    Group group;
    for (const EntryId e : t_.entries_of(alias.target_street)) {
      if (t_.entries.number(e, lane_part) != 0) continue;
      if (t_.equal_number(t_.entries.number(e, door_part), alias.target_door)) group.push_back(e);
    }
    if (!group.empty()) add_groups(anchor, group, Evidence::name_alias);
  }
}

// A number between two of the same parity, on the side of the street that has them; false if there are none.
bool Finder::interpolate(const Anchor& anchor, std::span<const EntryId> lane) {
  const DoorNumber typed = unpack(parts_.path[door_part]);
  const NameRow& street = t_.names[anchor.name];
  const StreetSides sides{street.odd_left, street.odd_right, street.even_left, street.even_right};
  const std::uint8_t side = !sides.known() ? 0 : (sides.odd_is_left() == typed.odd() ? 1 : 2);
  const auto usable = [&](EntryId e) {
    const StoredEntry& row = t_.entries.rows[e];
    const DoorNumber door = unpack(t_.entries.number(e, door_part));
    return row.has_position != 0 && door.number != 0 && door.odd() == typed.odd() &&
           door.series == DoorSeries::current && (side == 0 || row.side == 0 || row.side == side) &&
           fit(t_.entries.place(e), anchor.name) != Fit::contradicts;
  };
  const auto number = [&](EntryId e) { return unpack(t_.entries.number(e, door_part)).number; };
  const auto above = std::ranges::lower_bound(lane, typed.number, {}, number);
  const auto upper = std::find_if(above, lane.end(), usable);
  const auto lower = std::find_if(std::make_reverse_iterator(above), lane.rend(), usable);
  if (typed.number == 0 || typed.series != DoorSeries::current || upper == lane.end() || lower == lane.rend()) {
    return false;
  }
  const EntryRow a = t_.entries[*lower];
  const EntryRow b = t_.entries[*upper];
  const double share =
      static_cast<double>(typed.number - number(*lower)) / static_cast<double>(number(*upper) - number(*lower));
  Draft draft = draft_of(anchor);
  draft.quality = Quality::between;
  draft.numbers[door_part] = Evidence::number_between;
  draft.number_texts[door_part] = number_text(a.path[door_part]) + "–" + number_text(b.path[door_part]);
  Candidate& c = draft.candidate;
  c.level = MatchLevel::interpolated;
  c.path = path_of(a);
  keep_common(c.path, path_of(b));
  c.path.street = anchor.name;
  c.path.lane = unpack(parts_.path[lane_part]);
  c.path.sublane = unpack(parts_.path[sublane_part]);
  c.path.door = typed;
  c.path.building = {};
  c.position = between(t_, street, a, b, share);
  c.error_m = std::max(
      {flat_distance_m(a.position, b.position) / 2, static_cast<double>(a.error_m), static_cast<double>(b.error_m)});
  c.text = text_of_path(t_, c.path);
  explain(draft, anchor, &a);
  drafts_.push_back(std::move(draft));
  return true;
}

// The street or place as a whole.
void Finder::add_thing(const Anchor& anchor, Quality quality) {
  Draft draft = draft_of(anchor);
  const NameRow& row = t_.names[anchor.name];
  Candidate& c = draft.candidate;
  draft.quality = quality;
  draft.contradicted = fit_thing(anchor.name) == Fit::contradicts;
  if (row.part == AddressPart::street && quality == Quality::doubtful) draft.quality = Quality::coarse;
  for (const PathPart part : {lane_part, sublane_part, door_part, phase_part, sector_part, building_part, stair_part,
                              room_part, group_part}) {
    if (parts_.path[part] != 0) draft.numbers[part] = Evidence::part_missing;
  }
  if (row.has_position != 0) {
    c.position = row.position;
    c.error_m = row.box.empty() ? 0 : flat_distance_m(row.box.min, row.box.max) / 2;
  }
  set_thing(t_, anchor.name, c);
  explain(draft, anchor, nullptr);
  drafts_.push_back(std::move(draft));
}

}  // namespace catchment::geo
