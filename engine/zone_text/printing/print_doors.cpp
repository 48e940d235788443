#include "engine/zone_text/printing/print_doors.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include "engine/zone_text/printing/print_ranges.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::DoorNumber;
using geo::EntryId;
using geo::EntryPath;
using geo::NameId;

using ReadNumber = DoorNumber (*)(const EntryPath&);

// A way to number the addresses under one name.
struct Axis {
  NumberUnit unit = NumberUnit::door;
  const char* word = "号";
  ReadNumber read = nullptr;
  bool (*applies)(const EntryPath&) = nullptr;
  // Addresses whose number may begin or end a range here; a range takes in whatever applies between.
  bool (*ends)(const EntryPath&) = nullptr;
  ReadNumber outer = nullptr;  // numbers restart within each of these
  NumberUnit outer_unit = NumberUnit::door;
  const char* outer_word = "";
};

// All the ways of one sort of name.
struct Numbering {
  std::span<const Axis> axes;
  // The name alone may stand for all of it when it has this many addresses.
  std::size_t whole_from = 1;
  // And when this share of them has to be picked.
  double whole_share = 0;
  bool sides = false;        // so may one parity
  bool repeat_name = false;  // before each number: 昌阳村7组 may be the name of a unit too
};

DoorNumber plain(std::int32_t n) { return {.number = n}; }

// A street of fewer than four known doors is given by their numbers.
constexpr std::size_t kWholeStreet = 4;

constexpr ReadNumber kDoor = [](const EntryPath& p) { return p.door; };
constexpr ReadNumber kLane = [](const EntryPath& p) { return p.lane; };
constexpr ReadNumber kBuilding = [](const EntryPath& p) { return p.building; };
constexpr ReadNumber kPhase = [](const EntryPath& p) { return plain(p.phase); };
constexpr ReadNumber kGroup = [](const EntryPath& p) { return plain(p.group); };

bool always(const EntryPath&) { return true; }
bool has_lane(const EntryPath& p) { return p.lane.number != 0; }
bool has_no_lane(const EntryPath& p) { return p.lane.number == 0; }
bool stands_in_lane(const EntryPath& p) { return p.lane.number != 0 && p.sublane.number == 0; }
bool has_group(const EntryPath& p) { return p.group != 0 && p.street == geo::kNoName; }
bool has_phase(const EntryPath& p) { return p.phase != 0; }

// A range of doors takes in the lanes between them; lanes alone have ranges of their own; the doors of a lane begin
// again in each.
const std::array<Axis, 3> kStreetAxes{{
    {NumberUnit::door, "号", [](const EntryPath& p) { return p.lane.number != 0 ? p.lane : p.door; }, always,
     has_no_lane},
    {NumberUnit::lane, "弄", kLane, has_lane, always},
    {NumberUnit::door, "号", kDoor, stands_in_lane, always, kLane, NumberUnit::lane, "弄"},
}};
const std::array<Axis, 3> kEstateAxes{{
    {NumberUnit::phase, "期", kPhase, has_phase, always},
    {NumberUnit::building, "号楼", kBuilding, always, always},
    {NumberUnit::building, "号楼", kBuilding, has_phase, always, kPhase, NumberUnit::phase, "期"},
}};
const std::array<Axis, 2> kPlaceAxes{{
    {NumberUnit::group, "组", kGroup, always, always},
    {NumberUnit::door, "号", kDoor, has_group, always, kGroup, NumberUnit::group, "组"},
}};

const Numbering kStreets{kStreetAxes, kWholeStreet, 0.5, true};
const Numbering kEstates{kEstateAxes, 1, 0, false};
// Only by its groups: a place as a whole is an area, not an exception.
const Numbering kPlaces{kPlaceAxes, std::numeric_limits<std::size_t>::max(), 1, false, true};

class Writer {
 public:
  Writer(const geo::Gazetteer& names, const std::function<Need(EntryId)>& need, Exclusions exclusions)
      : names_(names), need_(need), exclusions_(exclusions) {}

  DoorWords write(std::span<const EntryId> must) {
    pending_.insert(must.begin(), must.end());
    by_name([](const EntryPath& p) { return p.estate; }, kEstates, estates_);
    by_name([](const EntryPath& p) { return p.street; }, kStreets, streets_);
    by_name([](const EntryPath& p) { return p.community; }, kPlaces, places_);
    DoorWords words;
    for (auto* items : {&streets_, &estates_, &places_}) {
      std::sort(items->begin(), items->end(), [](const DoorItem& a, const DoorItem& b) { return a.text < b.text; });
      std::move(items->begin(), items->end(), std::back_inserter(words.items));
    }
    words.left.assign(pending_.begin(), pending_.end());
    return words;
  }

 private:
  struct Member {
    EntryId id = 0;
    EntryPath path;
    Need need = Need::may;
  };
  // A name, perhaps told apart by the district or community before it, and the addresses under it.
  struct Scope {
    std::string text;
    std::vector<Member> members;
  };

  // What a name's addresses need, one way of grouping after the other.
  void by_name(NameId (*name_of)(const EntryPath&), const Numbering& numbering, std::vector<DoorItem>& items) {
    std::map<NameId, std::vector<EntryId>> groups;
    for (const EntryId id : pending_) {
      const NameId name = name_of(names_.entry(id).path);
      if (name != geo::kNoName) groups[name].push_back(id);
    }
    for (const auto& [name, ids] : groups) {
      if (is_clear(name)) describe(name, geo::kNoName, numbering, items);
      for (const auto prefix_of :
           {+[](const EntryPath& p) { return p.district; }, +[](const EntryPath& p) { return p.community; }}) {
        std::set<NameId> prefixes;
        for (const EntryId id : ids) {
          if (pending_.count(id) != 0) prefixes.insert(prefix_of(names_.entry(id).path));
        }
        for (const NameId prefix : prefixes) {
          if (prefix != geo::kNoName && prefix != name && is_clear(prefix)) describe(name, prefix, numbering, items);
        }
      }
    }
  }

  // True if nothing else in the city bears the name.
  bool is_clear(NameId name) const {
    const auto hits = names_.find_names(names_.thing(name).name);
    return std::all_of(hits.begin(), hits.end(), [&](const geo::NameHit& h) {
      return h.name == name || (h.evidence != geo::Evidence::name_exact && h.evidence != geo::Evidence::name_alias);
    });
  }

  Scope scope_of(NameId name, NameId prefix) const {
    Scope scope;
    if (prefix != geo::kNoName) scope.text = names_.thing(prefix).name;
    scope.text += names_.thing(name).name;
    for (const EntryId id : names_.entries_of(name)) {
      const EntryPath path = names_.entry(id).path;
      if (prefix != geo::kNoName && path.district != prefix && path.community != prefix) continue;
      scope.members.push_back({id, path, pending_.count(id) != 0 ? Need::must : weaker(need_(id))});
    }
    return scope;
  }
  static Need weaker(Need need) { return need == Need::must ? Need::may : need; }

  void describe(NameId name, NameId prefix, const Numbering& numbering, std::vector<DoorItem>& items) {
    const Scope scope = scope_of(name, prefix);
    if (whole(scope, numbering)) {
      take(
          scope, scope.text, [](const EntryPath&) { return true; }, items);
      return;
    }
    if (numbering.sides && whole_side(scope, items)) return;
    const Ranges picked = numbers(scope, numbering);
    if (exclusions_ == Exclusions::yes && all_but(scope, numbering, picked.ranges.size(), items)) return;
    if (!picked.ranges.empty()) take(scope, scope.text + picked.text, any_of(picked.ranges), items);
  }

  struct Ranges {
    std::string text;
    std::vector<NumberRange> ranges;
  };
  Ranges numbers(const Scope& scope, const Numbering& numbering) const {
    Ranges result;
    for (const Axis& axis : numbering.axes) {
      for (Numbered& one : number(scope, axis, result.ranges)) {
        if (!result.text.empty()) result.text += numbering.repeat_name ? "、" + scope.text : "、";
        result.text += one.text;
        result.ranges.push_back(std::move(one.range));
      }
    }
    return result;
  }

  // 东大街（151号除外）, where that is shorter than what is left of it.
  bool all_but(const Scope& scope, const Numbering& numbering, std::size_t otherwise, std::vector<DoorItem>& items) {
    Scope rest = scope;
    std::size_t must = 0;
    for (Member& m : rest.members) {
      must += m.need == Need::must ? 1 : 0;
      m.need = m.need == Need::must ? Need::never : m.need == Need::never ? Need::must : Need::may;
    }
    if (must * 2 < scope.members.size() || scope.members.size() < numbering.whole_from) return false;
    const Ranges out = numbers(rest, numbering);
    const auto taken_out = any_of(out.ranges);
    const bool done = std::all_of(rest.members.begin(), rest.members.end(),
                                  [&](const Member& m) { return m.need != Need::must || taken_out(m.path); });
    if (!done || (otherwise != 0 && out.ranges.size() >= otherwise)) return false;
    take(
        scope, scope.text + "（" + out.text + "除外）", [&](const EntryPath& p) { return !taken_out(p); }, items);
    return true;
  }

  static bool whole(const Scope& scope, const Numbering& numbering) {
    std::size_t must = 0;
    for (const Member& m : scope.members) {
      if (m.need == Need::never) return false;
      must += m.need == Need::must ? 1 : 0;
    }
    return must > 0 && scope.members.size() >= numbering.whole_from &&
           static_cast<double>(must) >= numbering.whole_share * static_cast<double>(scope.members.size());
  }

  // 青河路（双号）: every number of one side.
  bool whole_side(const Scope& scope, std::vector<DoorItem>& items) {
    for (const Parity parity : {Parity::odd, Parity::even}) {
      NumberRange range;
      range.parity = parity;
      Scope half;
      bool other = false;
      for (const Member& m : scope.members) {
        if (holds(range, m.path))
          half.members.push_back(m);
        else
          other = other || m.need == Need::must;
      }
      if (other || !whole(half, kStreets)) continue;
      take(scope, scope.text + (parity == Parity::odd ? "（单号）" : "（双号）"), any_of({range}), items);
      return true;
    }
    return false;
  }

  // Ranges on one axis for what is still to be picked beyond `before`.
  std::vector<Numbered> number(const Scope& scope, const Axis& axis, const std::vector<NumberRange>& before) const {
    std::map<DoorNumber, std::vector<const Member*>> outer;
    for (const Member& m : scope.members) {
      if (axis.applies(m.path) && axis.read(m.path).number != 0) {
        outer[axis.outer == nullptr ? DoorNumber{} : axis.outer(m.path)].push_back(&m);
      }
    }
    std::vector<Numbered> result;
    for (const auto& [within, members] : outer) {
      std::vector<const Member*> open;
      for (const Member* m : members) {
        if (m->need == Need::must && !any_of(before)(m->path)) open.push_back(m);
      }
      if (open.empty()) continue;
      std::vector<Numbered> inside = inner(scope, axis, within, members, open);
      for (Numbered& one : inside) result.push_back(axis.outer == nullptr ? one : nested(within, axis, one));
    }
    return result;
  }

  static Numbered nested(const DoorNumber& within, const Axis& axis, const Numbered& one) {
    Numbered result = one;
    result.text = to_words(within, axis.outer_word) + one.text;
    result.range = {};
    result.range.unit = result.range.to_unit = axis.outer_unit;
    result.range.from = result.range.to = within;
    result.range.inside = {one.range};
    result.first = within;
    return result;
  }

  // Runs of plain numbers, and whole numbers (with their sub-number) where a number is not of one mind.
  std::vector<Numbered> inner(const Scope& scope, const Axis& axis, const DoorNumber& within,
                              const std::vector<const Member*>& members, const std::vector<const Member*>& open) const {
    std::map<std::pair<std::int32_t, bool>, Need> needs;  // by number and whether it may end a range
    for (const Member* m : members) {
      auto [at, fresh] = needs.emplace(std::pair(axis.read(m->path).number, axis.ends(m->path)), m->need);
      if (fresh) continue;
      if (m->need == Need::never || at->second == Need::never)
        at->second = Need::never;
      else if (m->need == Need::must)
        at->second = Need::must;
    }
    std::set<std::pair<std::int32_t, bool>> wanted;
    for (const Member* m : open) wanted.emplace(axis.read(m->path).number, axis.ends(m->path));
    std::vector<NumberMark> marks;
    for (const auto& [key, need] : needs) {
      marks.push_back({key.first, key.second, need == Need::must && !wanted.contains(key) ? Need::may : need});
    }
    const auto picks = [&](const Numbered& one) {
      return any_of({axis.outer == nullptr ? one.range : nested(within, axis, one).range});
    };
    std::vector<Numbered> result;
    std::set<DoorNumber> singles;
    for (Numbered& one : fewest_runs(marks, {axis.unit, axis.word})) {
      if (!hurts(scope, picks(one))) result.push_back(std::move(one));
    }
    // What runs leave: a number whose addresses are not of one mind, or one that is not plain.
    for (const Member* m : open) {
      const bool done =
          std::any_of(result.begin(), result.end(), [&](const Numbered& one) { return picks(one)(m->path); });
      if (!done && axis.ends(m->path)) singles.insert(axis.read(m->path));
    }
    for (const DoorNumber& n : singles) {
      Numbered one = single(n, {axis.unit, axis.word});
      const auto chosen = picks(one);
      const bool helps = std::any_of(open.begin(), open.end(), [&](const Member* m) { return chosen(m->path); });
      if (helps && !hurts(scope, chosen)) result.push_back(std::move(one));
    }
    std::sort(result.begin(), result.end(), [](const Numbered& a, const Numbered& b) { return a.first < b.first; });
    return result;
  }

  static std::function<bool(const EntryPath&)> any_of(std::vector<NumberRange> ranges) {
    return [ranges = std::move(ranges)](const EntryPath& path) {
      return std::any_of(ranges.begin(), ranges.end(), [&](const NumberRange& r) { return holds(r, path); });
    };
  }

  static bool hurts(const Scope& scope, const std::function<bool(const EntryPath&)>& picks) {
    return std::any_of(scope.members.begin(), scope.members.end(),
                       [&](const Member& m) { return m.need == Need::never && picks(m.path); });
  }

  void take(const Scope& scope, std::string text, const std::function<bool(const EntryPath&)>& picks,
            std::vector<DoorItem>& items) {
    DoorItem item{std::move(text), {}};
    for (const Member& m : scope.members) {
      if (!picks(m.path)) continue;
      item.covered.push_back(m.id);
      pending_.erase(m.id);
    }
    std::sort(item.covered.begin(), item.covered.end());
    items.push_back(std::move(item));
  }

  const geo::Gazetteer& names_;
  const std::function<Need(EntryId)>& need_;
  Exclusions exclusions_;
  std::set<EntryId> pending_;
  std::vector<DoorItem> streets_;
  std::vector<DoorItem> estates_;
  std::vector<DoorItem> places_;
};

}  // namespace

DoorWords describe_doors(std::span<const EntryId> must, const geo::Gazetteer& names,
                         const std::function<Need(EntryId)>& need, Exclusions exclusions) {
  return Writer(names, need, exclusions).write(must);
}

}  // namespace catchment::engine::zone_text
