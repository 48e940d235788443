// From the addresses of one door to an answer: the numbers behind it, its place, and what that is worth.
#include <algorithm>
#include <map>
#include <set>

#include "geo/address/normal_text.hpp"
#include "geo/gazetteer/find.hpp"
#include "geo/gazetteer/keys.hpp"

namespace catchment::geo {
namespace {

constexpr double kOnePlace_m = 10;         // addresses no further from their middle are one place
constexpr std::size_t kMaxCompared = 500;  // addresses of one door whose texts are looked into
constexpr std::array kInnerParts{phase_part, sector_part, building_part, stair_part, room_part, group_part};
constexpr std::array kTypedParts{phase_part, sector_part, building_part, stair_part, room_part};

}  // namespace

// Addresses of one door in two districts, or in two estates, are two doors.
void Finder::add_groups(const Anchor& anchor, const Group& doors, Evidence door_evidence) {
  const auto fits = [&](EntryId e) { return fit(t_.entries.place(e), anchor.name) != Fit::contradicts; };
  const bool some_fit = std::ranges::any_of(doors, fits);
  // The door itself stands before the houses behind it.
  const auto is_door = [&](EntryId e) {
    return std::ranges::all_of(kInnerParts, [&](PathPart part) { return t_.entries.number(e, part) == 0; });
  };
  const bool inner_typed = std::ranges::any_of(kInnerParts, [&](PathPart part) { return parts_.path[part] != 0; }) ||
                           estate_.token != nullptr;
  std::set<NameId> doors_alone;  // districts
  for (const EntryId e : doors) {
    if (door_evidence == Evidence::number_exact && !inner_typed && is_door(e))
      doors_alone.insert(t_.entries.place(e).district);
  }
  std::map<std::pair<NameId, NameId>, Group> apart;
  for (const EntryId e : doors) {
    const EntryPlace& place = t_.entries.place(e);
    if (some_fit && !fits(e)) continue;
    if (doors_alone.contains(place.district) && !is_door(e)) continue;
    apart[{place.district, place.estate}].push_back(e);
  }
  for (auto& [where, group] : apart) add_group(anchor, std::move(group), door_evidence, !some_fit);
}

void Finder::narrow(Draft& draft, Group& group, PathPart part) const {
  const PackedNumber typed = parts_.path[part];
  if (typed == 0) return;
  // Stairs and rooms are counted within what was not found.
  const bool within_missing = part != group_part && std::ranges::any_of(kTypedParts, [&](PathPart outer) {
                                return outer < part && draft.numbers[outer] == Evidence::part_missing &&
                                       t_.entries.number(group.front(), outer) != 0;
                              });
  const auto has = [&](EntryId e) { return t_.equal_number(t_.entries.number(e, part), typed); };
  if (!within_missing && std::ranges::any_of(group, has)) {
    std::erase_if(group, [&](EntryId e) { return !has(e); });
    draft.numbers[part] = Evidence::number_exact;
    draft.number_texts[part] = number_text(typed);
    ++draft.typed;
    return;
  }
  draft.numbers[part] = Evidence::part_missing;
  const auto has_none = [&](EntryId e) { return t_.entries.number(e, part) == 0; };
  const bool some_have_none = std::ranges::any_of(group, has_none);
  if (some_have_none) std::erase_if(group, [&](EntryId e) { return !has_none(e); });
  // A building the city does not know beside others it knows may stand anywhere.
  const AddressPart written = parts_.numbers[part]->part;
  const bool second_door = written == AddressPart::door || written == AddressPart::compound;
  const bool matters =
      second_door ||
      (!some_have_none && (part == building_part || part == phase_part || part == sector_part || part == group_part));
  draft.quality = std::max(draft.quality, matters ? Quality::doubtful : Quality::covered);
}

// Position and error of a group, and its entry where it has just one that can stand for it.
void Finder::place(Draft& draft, const Group& group) const {
  Candidate& c = draft.candidate;
  Box box;
  double stated = 0;
  for (const EntryId e : group) {
    const StoredEntry& row = t_.entries.rows[e];
    if (row.has_position == 0) continue;
    box.extend(row.position);
    stated = std::max(stated, static_cast<double>(row.error_m));
  }
  if (!box.empty()) {
    c.position = group.size() == 1 ? t_.entries.position(group.front()) : middle_of(box);
    c.error_m = stated + flat_distance_m(*c.position, box.max);
  }
}

// "13-2" is building 13 and, where the city counts stairs and no rooms, stair 2.
void Finder::take_room_for_stair(const Group& group) {
  const AddressToken* room = parts_.numbers[room_part];
  if (room == nullptr || parts_.numbers[stair_part] != nullptr || !typed_bare(*room)) return;
  const PackedNumber typed = parts_.path[room_part];
  const auto has = [&](PathPart part) {
    return std::ranges::any_of(group, [&](EntryId e) { return t_.entries.number(e, part) == typed; });
  };
  const auto rooms = [&](EntryId e) { return t_.entries.number(e, room_part) != 0; };
  if (!has(stair_part) || std::ranges::any_of(group, rooms)) return;
  std::swap(parts_.path[room_part], parts_.path[stair_part]);
  std::swap(parts_.numbers[room_part], parts_.numbers[stair_part]);
}

bool Finder::typed_bare(const AddressToken& token) const {
  const std::string_view text =
      std::string_view(parsed_.original).substr(token.span.begin, token.span.end - token.span.begin);
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

void Finder::add_group(const Anchor& anchor, Group group, Evidence door_evidence, bool contradicted) {
  const auto typed = std::pair(parts_.path, parts_.numbers);
  Draft draft = draft_of(anchor);
  draft.unheard = false;
  draft.contradicted = contradicted;
  judge_door(draft, anchor, t_.entries[group.front()], door_evidence);
  for (const PathPart part : kInnerParts) {
    if (part == stair_part) take_room_for_stair(group);
    narrow(draft, group, part);
  }
  narrow_by_words(draft, group);
  add_narrowed(std::move(draft), anchor, group);
  std::tie(parts_.path, parts_.numbers) = typed;
}

// Words that are no part of the grammar (a hamlet's name before its doors) still tell addresses apart when the city's
// texts have them.
void Finder::narrow_by_words(Draft& draft, Group& group) const {
  for (const AddressToken* token : parts_.left) {
    if (std::ranges::find(used_, token) != used_.end()) continue;
    Group with;
    const std::u32string word = to_characters(token->text);
    // A number is no word: 20 is also a part of 203.
    const bool number = std::ranges::any_of(word, is_digit);
    if (group.size() <= kMaxCompared && word.size() >= 2 && !number) {
      std::string normal;
      for (const EntryId e : group) {
        normalise_into(t_.text_of(e), normal);
        if (normal.find(token->text) != std::string::npos) with.push_back(e);
      }
    }
    if (with.empty()) {
      draft.unheard = true;
    } else {
      group = std::move(with);
    }
  }
}

void Finder::add_narrowed(Draft draft, const Anchor& anchor, const Group& group) {
  place(draft, group);
  const bool one_place = is_one_place(group);
  if (draft.quality == Quality::covered && !one_place) draft.quality = Quality::doubtful;
  const EntryRow first = t_.entries[group.front()];
  const auto same_path = [&](EntryId e) { return t_.entries.same_path(e, group.front()); };
  const bool twins = group.size() > 1 && std::ranges::all_of(group, same_path);
  if (twins || (!one_place && draft.quality == Quality::doubtful)) return add_each(draft, anchor, group);

  Candidate& c = draft.candidate;
  draft.supported = supports(first, anchor);
  c.path = path_of(first);
  for (const EntryId e : group) keep_common(c.path, path_of(t_.entries[e]));
  c.level = c.path.door.number != 0 || group.size() == 1        ? MatchLevel::door
            : t_.names[anchor.name].part == AddressPart::estate ? MatchLevel::estate
                                                                : MatchLevel::street;
  if (group.size() == 1 && !goes_deeper(first)) {
    c.entry = group.front();
    c.text = t_.text_of(group.front());
  } else {
    // Nobody typed the building or stair of the rows behind this door: the answer is what they share of what was typed.
    keep_typed(c.path, first);
    c.text = text_of_path(t_, c.path);
    const bool one_building = c.path.building.number == 0 && parts_.path[building_part] == 0 &&
                              first.path[building_part] != 0 && same_building(group);
    if (one_building) draft.quality = Quality::doubtful;  // there may be others the city has no row for
  }
  if (c.level == MatchLevel::street && draft.quality == Quality::full) draft.quality = Quality::coarse;
  explain(draft, anchor, &first);
  drafts_.push_back(std::move(draft));
}

// What the way to the door says of its worth.
void Finder::judge_door(Draft& draft, const Anchor& anchor, const EntryRow& row, Evidence door_evidence) const {
  draft.numbers[door_part] = door_evidence;
  if (door_evidence != Evidence::exact_text) draft.number_texts[door_part] = number_text(row.path[door_part]);
  for (const PathPart part : {lane_part, sublane_part}) {
    if (parts_.path[part] == 0) continue;
    draft.numbers[part] = Evidence::number_exact;
    draft.number_texts[part] = number_text(row.path[part]);
  }
  const bool door = door_evidence == Evidence::number_exact || door_evidence == Evidence::name_alias;
  if (door) ++draft.typed;
  // An estate and its door make up for a street nobody knows.
  const bool street_unheard_of =
      street_.token != nullptr && street_.token != anchor.token && street_.hit(row.street) == nullptr;
  const bool made_up = door && street_.hits.empty() && anchor.hit.evidence <= Evidence::name_alias;
  if (estate_.token != nullptr && estate_.hits.empty()) draft.quality = Quality::covered;
  if (street_unheard_of) draft.quality = std::max(draft.quality, made_up ? Quality::covered : Quality::doubtful);
  // Another door, until the family says otherwise.
  if (draft.contradicted || door_evidence == Evidence::number_form || door_evidence == Evidence::part_missing ||
      door_evidence == Evidence::part_contradicted) {
    draft.quality = Quality::doubtful;
  }
}

bool Finder::is_one_place(const Group& group) const {
  Box box;
  for (const EntryId e : group) {
    if (t_.entries.has_position(e)) box.extend(t_.entries.position(e));
  }
  return box.empty() ? group.size() == 1 : flat_distance_m(middle_of(box), box.max) <= kOnePlace_m;
}

bool Finder::same_building(const Group& group) const {
  const auto building = [&](EntryId e) {
    const auto number = [&](PathPart part) { return t_.entries.number(e, part); };
    return std::tuple(number(phase_part), number(sector_part), number(building_part));
  };
  return std::ranges::all_of(group, [&](EntryId e) { return building(e) == building(group.front()); });
}

// Has numbers that were not typed, or typed otherwise.
bool Finder::goes_deeper(const EntryRow& row) const {
  return std::ranges::any_of(kTypedParts, [&](PathPart part) {
    return row.path[part] != 0 && !t_.equal_number(row.path[part], parts_.path[part]);
  });
}

void Finder::keep_typed(EntryPath& path, const EntryRow& row) const {
  const auto keep = [&](PathPart part, auto& value) {
    if (!t_.equal_number(row.path[part], parts_.path[part])) value = {};
  };
  keep(building_part, path.building);
  keep(phase_part, path.phase);
  keep(sector_part, path.sector);
  keep(stair_part, path.stair);
  keep(room_part, path.room);
}

// Several addresses to choose from; what was typed alone cannot.
void Finder::add_each(const Draft& draft, const Anchor& anchor, const Group& group) {
  for (std::size_t i = 0; i < std::min(group.size(), options_.limit); ++i) {
    Draft one = draft;
    const EntryRow row = t_.entries[group[i]];
    place(one, {group[i]});
    one.supported = supports(row, anchor);
    one.candidate.level = MatchLevel::door;
    one.candidate.entry = group[i];
    one.candidate.path = path_of(row);
    one.candidate.text = t_.text_of(group[i]);
    explain(one, anchor, &row);
    drafts_.push_back(std::move(one));
  }
}

}  // namespace catchment::geo
