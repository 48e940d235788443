// Whether an address is under a number condition.
#include "engine/zone_text/rules.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::DoorNumber;

// What a nested condition is nested in.
enum class Within : std::uint8_t { street, lane, sublane, compound };

bool same_form(const DoorNumber& a, const DoorNumber& b) {
  return a.sub_form == b.sub_form || a.sub_form == geo::SubForm::none || b.sub_form == geo::SubForm::none;
}

bool from_on(const DoorNumber& from, const DoorNumber& value) {
  if (from.series != value.series) return false;
  if (value.number != from.number) return value.number > from.number;
  return from.sub == 0 || (value.sub >= from.sub && same_form(from, value));
}

bool up_to(const DoorNumber& to, const DoorNumber& value) {
  if (to.series != value.series) return false;
  if (value.number != to.number) return value.number < to.number;
  return to.sub == 0 || (value.sub <= to.sub && same_form(to, value));
}

bool is_single(const NumberRange& range) { return range.from && range.to && *range.from == *range.to; }

bool has(const DoorNumber& n) { return n.number != 0; }

struct Value {
  Holds known = Holds::unknown;  // yes: `number` is the one to compare
  DoorNumber number;
  Within inside = Within::compound;
};

Value found(const DoorNumber& number, Within inside) { return {Holds::yes, number, inside}; }
Value missing(bool another_kind) { return {another_kind ? Holds::no : Holds::unknown, {}, Within::compound}; }

// The axis of a street: its doors, and its lanes among them; the axis of a lane: its doors, and sublanes among them.
Value on_axis(const NumberRange& range, NumberUnit outer_unit, const DoorNumber& outer, const DoorNumber& door,
              Within inside_outer) {
  const bool outer_only = range.unit == outer_unit && range.to_unit == outer_unit && range.from && range.to;
  const bool door_only = is_single(range) && range.unit != outer_unit;
  if (has(outer)) return door_only ? missing(true) : found(outer, inside_outer);
  if (!has(door)) return missing(false);
  return outer_only || (range.unit == outer_unit && !range.from && !range.to) ? missing(true)
                                                                              : found(door, Within::compound);
}

Value value_of(const NumberRange& range, const geo::EntryPath& path, Within within) {
  switch (range.unit) {
    case NumberUnit::door:
    case NumberUnit::compound:
    case NumberUnit::lane:
    case NumberUnit::sublane:
      if (within == Within::street) return on_axis(range, NumberUnit::lane, path.lane, path.door, Within::lane);
      if (within == Within::lane) return on_axis(range, NumberUnit::sublane, path.sublane, path.door, Within::sublane);
      if (within == Within::sublane) return has(path.door) ? found(path.door, Within::compound) : missing(false);
      return has(path.building) ? found(path.building, Within::compound) : missing(false);
    case NumberUnit::building:
      if (has(path.building)) return found(path.building, Within::compound);
      // An estate whose blocks are written as doors: 东兴园3号.
      if (path.street == geo::kNoName && has(path.door)) return found(path.door, Within::compound);
      return missing(false);
    case NumberUnit::sector:  // always a letter; 一区 may be another way to count the same
      return path.sector.sub_form == geo::SubForm::letter ? found(DoorNumber{path.sector.number}, within)
                                                          : missing(false);
    case NumberUnit::phase:
      return path.phase != 0 ? found(DoorNumber{path.phase}, within) : missing(false);
    case NumberUnit::group:
      return path.group != 0 ? found(DoorNumber{path.group}, within) : missing(false);
  }
  return missing(false);
}

Holds holds_within(const NumberRange& range, const geo::EntryPath& path, Within within) {
  const Value value = value_of(range, path, within);
  if (value.known != Holds::yes) return value.known;
  const DoorNumber& n = value.number;
  if (range.parity != Parity::all && n.odd() != (range.parity == Parity::odd)) return Holds::no;
  if (range.from && !from_on(*range.from, n)) return Holds::no;
  if (range.to && !up_to(*range.to, n)) return Holds::no;
  if (is_single(range) && range.from->stem != n.stem && range.from->stem != 0) return Holds::no;
  if (range.inside.empty()) return Holds::yes;
  Holds best = Holds::no;
  for (const NumberRange& inner : range.inside) best = std::max(best, holds_within(inner, path, value.inside));
  return best;
}

}  // namespace

Holds find_holds(const NumberRange& range, const geo::EntryPath& path) {
  return holds_within(range, path, Within::street);
}

}  // namespace catchment::engine::zone_text
