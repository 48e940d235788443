#include "engine/zone_text/address_groups.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace catchment::engine::zone_text {
namespace {

using geo::DoorNumber;
using geo::EntryId;
using geo::EntryPath;
using geo::NameId;

// How far the wanted addresses of one number are all of those with the number.
struct NumberShare {
  std::size_t all = 0;
  std::size_t wanted = 0;
};
using NumberLine = std::map<DoorNumber, NumberShare>;

struct Run {
  DoorNumber first, last;
  bool single = false;
  bool odd = false;
};

// Runs of wanted numbers on one side; a number of which only a part is wanted stands alone, in `parts`.
std::vector<Run> runs_of(const NumberLine& line, bool odd, std::vector<DoorNumber>& parts) {
  std::vector<Run> runs;
  bool open = false;
  for (const auto& [number, share] : line) {
    if (number.odd() != odd) continue;
    const bool all = share.wanted == share.all;
    if (share.wanted != 0 && !all) parts.push_back(number);
    if (share.wanted != 0 && all) {
      if (!open) runs.push_back({number, number, true, odd});
      runs.back().single = !open;
      runs.back().last = number;
    }
    open = share.wanted != 0 && all;
  }
  return runs;
}

std::string write_run(const Run& run, const std::string& unit, bool parity) {
  if (run.first == run.last) return geo::to_text(run.first) + unit;
  std::string text = geo::to_text(run.first) + "-" + geo::to_text(run.last) + unit;
  if (parity) text += run.odd ? "单号" : "双号";
  return text;
}

// "1-23号单号、2-8号双号"; empty if all are wanted.
std::string write_numbers(const NumberLine& line, const std::string& unit) {
  const bool whole = std::ranges::all_of(line, [](const auto& n) { return n.second.wanted == n.second.all; });
  if (whole) return "";
  std::vector<DoorNumber> parts;
  std::vector<Run> odd = runs_of(line, true, parts);
  std::vector<Run> even = runs_of(line, false, parts);
  std::vector<std::pair<DoorNumber, std::string>> pieces;
  // Both sides as far as each other: one range without a parity.
  for (Run& a : odd) {
    const auto b = std::ranges::find_if(even, [&](const Run& r) {
      return std::abs(a.first.number - r.first.number) == 1 && std::abs(a.last.number - r.last.number) == 1;
    });
    if (b == even.end()) {
      pieces.emplace_back(a.first, write_run(a, unit, true));
      continue;
    }
    const Run both{std::min(a.first, b->first), std::max(a.last, b->last), false, false};
    pieces.emplace_back(both.first, write_run(both, unit, false));
    even.erase(b);
  }
  for (const Run& r : even) pieces.emplace_back(r.first, write_run(r, unit, true));
  for (const DoorNumber& n : parts) pieces.emplace_back(n, geo::to_text(n) + unit + "（部分）");
  std::ranges::sort(pieces);
  std::string text;
  for (const auto& [first, words] : pieces) text += (text.empty() ? "" : "、") + words;
  return text;
}

// Which of an address's numbers places it first under its name, and the unit it is written with.
enum class Axis : std::uint8_t { lane, door, building, group, none };
struct GroupPlace {
  Axis axis = Axis::none;
  DoorNumber number;
};

GroupPlace place_of(const EntryPath& path) {
  if (path.lane.number != 0) return {Axis::lane, path.lane};
  if (path.door.number != 0) return {Axis::door, path.door};
  if (path.building.number != 0) return {Axis::building, path.building};
  if (path.group != 0) return {Axis::group, DoorNumber{.number = path.group}};
  return {};
}

std::string unit_of(Axis axis) {
  switch (axis) {
    case Axis::lane:
      return "弄";
    case Axis::door:
      return "号";
    case Axis::building:
      return "幢";
    case Axis::group:
      return "组";
    case Axis::none:
      return "";
  }
  return "";
}

NameId name_of(const EntryPath& path) {
  if (path.street != geo::kNoName) return path.street;
  if (path.estate != geo::kNoName) return path.estate;
  return path.community;
}

AddressGroup make_group(const geo::Gazetteer& names, NameId name, std::vector<EntryId> entries) {
  AddressGroup group;
  group.name = name;
  group.entries = std::move(entries);
  if (name == geo::kNoName) {
    group.text = std::string(names.entry(group.entries.front()).text);
    return group;
  }
  group.name_text = std::string(names.thing(name).name);
  std::map<Axis, NumberLine> lines;
  std::size_t all = 0;
  for (const EntryId id : names.entries_of(name)) {
    const EntryPath path = names.entry(id).path;
    if (name_of(path) != name) continue;  // an estate's address that has a street belongs to the street's group
    const GroupPlace place = place_of(path);
    NumberShare& share = lines[place.axis][place.number];
    ++share.all;
    ++all;
    if (std::ranges::binary_search(group.entries, id)) ++share.wanted;
  }
  group.whole = all == group.entries.size();
  group.text = group.name_text;
  if (group.whole) return group;
  std::string numbers;
  for (auto& [axis, line] : lines) {
    if (std::ranges::none_of(line, [](const auto& n) { return n.second.wanted != 0; })) continue;
    std::string words = axis == Axis::none ? "（无门牌）" : write_numbers(line, unit_of(axis));
    if (words.empty()) words = "全部" + unit_of(axis);
    numbers += (numbers.empty() ? "" : "、") + words;
  }
  group.text += numbers;
  return group;
}

}  // namespace

std::vector<AddressGroup> group_addresses(const geo::Gazetteer& names, std::vector<EntryId> entries) {
  std::ranges::sort(entries);
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  std::map<NameId, std::vector<EntryId>> by_name;
  for (const EntryId id : entries) by_name[name_of(names.entry(id).path)].push_back(id);
  std::vector<AddressGroup> groups;
  for (auto& [name, ids] : by_name) {
    if (name != geo::kNoName) {
      groups.push_back(make_group(names, name, std::move(ids)));
      continue;
    }
    for (const EntryId id : ids) groups.push_back(make_group(names, name, {id}));
  }
  std::ranges::stable_sort(groups, [](const AddressGroup& a, const AddressGroup& b) {
    return std::tie(a.name_text, a.text) < std::tie(b.name_text, b.text);
  });
  return groups;
}

std::string summary(std::span<const AddressGroup> groups, std::size_t limit) {
  std::vector<const AddressGroup*> order;
  for (const AddressGroup& group : groups) order.push_back(&group);
  std::ranges::stable_sort(order, [](const auto* a, const auto* b) { return a->entries.size() > b->entries.size(); });
  std::string text;
  std::size_t left = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i < limit) {
      text += (i == 0 ? "" : "；") + order[i]->text;
    } else {
      left += order[i]->entries.size();
    }
  }
  if (order.size() > limit) {
    const std::size_t more = order.size() - limit;
    text += " and " + std::to_string(more) + (more == 1 ? " more street (" : " more streets (") + std::to_string(left) +
            " addresses)";
  }
  return text;
}

}  // namespace catchment::engine::zone_text
