#include "engine/zone_text/compiling/names.hpp"

#include <algorithm>
#include <array>

#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::AddressPart;

constexpr double kClearlyNearer = 1.5;

ItemKind kind_of(AddressPart part) {
  switch (part) {
    case AddressPart::street:
      return ItemKind::street;
    case AddressPart::estate:
    case AddressPart::compound:
      return ItemKind::estate;
    case AddressPart::community:
      return ItemKind::community;
    case AddressPart::village:
      return ItemKind::village;
    case AddressPart::town:
      return ItemKind::town;
    case AddressPart::district:
      return ItemKind::district;
    case AddressPart::block:
      return ItemKind::block;
    case AddressPart::institution:
      return ItemKind::institution;
    default:
      return ItemKind::unknown;
  }
}

// The word in the notice and the kind in the gazetteer need not agree to the letter: 谢家庄村 may be a community.
bool fits(ItemKind wanted, ItemKind is) {
  if (wanted == ItemKind::unknown || wanted == is) return is != ItemKind::unknown;
  switch (wanted) {
    case ItemKind::community:
    case ItemKind::village:
      return is == ItemKind::community || is == ItemKind::village;
    case ItemKind::estate:
    case ItemKind::institution:
    case ItemKind::school:
      return is == ItemKind::estate || is == ItemKind::institution;
    default:
      return false;
  }
}

// 松岭东居委 for 松岭东社区, and the bare 松岭东 for either.
std::vector<std::string> spellings(const std::string& name) {
  static constexpr std::array<std::string_view, 10> kEndings{"社区居民委员会", "社区居委会", "居民委员会", "村民委员会",
                                                             "居委会",         "村委会",     "居委",       "社区",
                                                             "行政村",         "自然村"};
  std::string bare = name;
  for (const std::string_view ending : kEndings) {
    if (bare.size() > ending.size() + 3 && bare.ends_with(ending)) {
      bare.resize(bare.size() - ending.size());
      break;
    }
  }
  std::vector<std::string> out;
  for (const std::string_view ending : {"", "社区", "居委会", "居委", "村", "街道"}) {
    std::string spelling = bare + std::string(ending);
    if (spelling != name) out.push_back(std::move(spelling));
  }
  return out;
}

}  // namespace

void NameResolver::add_anchor(geo::NameId name) {
  const geo::NamedThing thing = ground_.names().thing(name);
  if (thing.position) {
    anchors_.push_back(*thing.position);
  } else if (!thing.box.empty()) {
    anchors_.push_back({static_cast<std::int32_t>((std::int64_t{thing.box.min.lon} + thing.box.max.lon) / 2),
                        static_cast<std::int32_t>((std::int64_t{thing.box.min.lat} + thing.box.max.lat) / 2)});
  }
}

std::vector<NameResolver::Hit> NameResolver::hits(const std::string& text, ItemKind kind) const {
  const geo::Gazetteer& names = ground_.names();
  std::vector<Hit> found;
  const auto look_up = [&](const std::string& spelling, ItemKind wanted) {
    for (const geo::NameHit& hit : names.find_names(spelling)) {
      const ItemKind is = kind_of(names.thing(hit.name).part);
      if (!fits(wanted, is)) continue;
      const bool former = hit.evidence == geo::Evidence::name_alias && hit.alias_kind == geo::AliasKind::former;
      found.push_back({{hit.name, is, kNoLine}, hit.evidence, former});
    }
  };
  look_up(text, kind);
  if (found.empty()) look_up(text, ItemKind::unknown);
  if (found.empty() && kind != ItemKind::street) {
    for (const std::string& spelling : spellings(text)) {
      if (found.empty()) look_up(spelling, kind == ItemKind::unknown ? ItemKind::community : kind);
    }
  }
  for (const std::size_t i : ground_.find_areas(text)) {
    const GroundArea& area = ground_.areas()[i];
    const auto same = std::find_if(found.begin(), found.end(), [&](const Hit& h) {
      return h.meant.name != geo::kNoName && h.meant.name == area.place;
    });
    if (same != found.end()) {
      same->meant.area = i;
    } else if (found.empty() || (area.place == geo::kNoName && fits(kind, area.kind) && kind != ItemKind::unknown)) {
      found.push_back({{area.place, area.kind, i}, geo::Evidence::name_exact, false});
    }
  }
  for (Hit& hit : found) {  // a name found by an alias has its shape under its own name
    if (hit.meant.area != kNoLine || hit.meant.name == geo::kNoName) continue;
    for (const std::size_t i : ground_.find_areas(names.thing(hit.meant.name).name)) {
      if (ground_.areas()[i].place == hit.meant.name) hit.meant.area = i;
    }
  }
  const auto strength = [](const Hit& h) { return static_cast<int>(h.evidence); };
  std::stable_sort(found.begin(), found.end(), [&](const Hit& a, const Hit& b) { return strength(a) < strength(b); });
  std::erase_if(found, [&](const Hit& h) { return strength(h) > strength(found.front()); });
  return found;
}

std::vector<Meant> NameResolver::find(const std::string& text, ItemKind kind) const {
  std::vector<Meant> out;
  for (const Hit& hit : hits(text, kind)) out.push_back(hit.meant);
  return out;
}

bool NameResolver::lies_under(const Meant& thing, geo::NameId parent) const {
  const geo::Gazetteer& names = ground_.names();
  const auto climbs = [&](geo::NameId from) {
    for (int depth = 0; from != geo::kNoName && depth < 8; ++depth) {
      if (from == parent) return true;
      from = names.thing(from).parent;
    }
    return false;
  };
  if (thing.name == geo::kNoName) return true;
  if (climbs(thing.name)) return true;
  for (const geo::EntryId id : names.entries_of(thing.name)) {
    const geo::EntryPath path = names.entry(id).path;
    if (climbs(path.community) || climbs(path.district) || climbs(path.estate)) return true;
  }
  return false;
}

// Of several things the one clearly nearest to the school, else to the other names of the text.
std::vector<NameResolver::Hit> NameResolver::nearest(std::vector<Hit> hits) const {
  const std::vector<geo::Point>& around = options_.seeds.empty() ? anchors_ : options_.seeds;
  if (around.empty()) return hits;
  const Frame frame(around.front());
  std::vector<std::pair<double, std::size_t>> far;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i].meant.name == geo::kNoName) return hits;
    const geo::Box box = ground_.names().thing(hits[i].meant.name).box;
    double best = 1e12;
    for (const geo::Point p : around) best = std::min(best, box_distance_m(box, {p, p}, frame));
    far.emplace_back(best, i);
  }
  std::sort(far.begin(), far.end());
  if (far[1].first < kClearlyNearer * far[0].first + 200) return hits;
  return {hits[far[0].second]};
}

// A bare name (文庙、净土) and one with 组 or 鄰 is that of a community before it is short for a street.
std::vector<NameResolver::Hit> NameResolver::fitting(std::vector<Hit> found, const Item& item) {
  const bool by_group =
      std::ranges::all_of(item.numbers, [](const NumberRange& r) { return r.unit == NumberUnit::group; });
  if (found.size() < 2 || item.kind != ItemKind::unknown || !by_group) return found;
  std::vector<Hit> areas = found;
  std::erase_if(areas, [](const Hit& h) {
    return h.meant.kind != ItemKind::community && h.meant.kind != ItemKind::village && h.meant.kind != ItemKind::town &&
           h.meant.kind != ItemKind::district;
  });
  return areas.empty() ? found : areas;
}

// Of several things those that lie in the place the notice is of, if any does. A bare name is not short for a street
// elsewhere.
std::vector<NameResolver::Hit> NameResolver::within(std::vector<Hit> found, const Item& item) const {
  if (options_.within.empty()) return found;
  for (const geo::NameHit& place : ground_.names().find_names(options_.within)) {
    std::vector<Hit> inside = found;
    std::erase_if(inside, [&](const Hit& h) { return !lies_under(h.meant, place.name); });
    if (!inside.empty()) return inside;
  }
  if (item.kind == ItemKind::unknown) {
    std::erase_if(found, [](const Hit& h) { return h.meant.kind == ItemKind::street; });
  }
  return found;
}

void NameResolver::report_unknown(const Item& item) {
  Finding& f = report_.add(FindingKind::unknown_name, item.name.span,
                           "Nothing in the city bears the name " + item.name.text + ".");
  for (const geo::NameHit& hit : ground_.names().find_names(item.name.text, true)) {
    const std::string like(ground_.names().thing(hit.name).name);
    if (f.candidates.size() < 5 && std::find(f.candidates.begin(), f.candidates.end(), like) == f.candidates.end()) {
      f.candidates.push_back(like);
    }
  }
  if (!f.candidates.empty()) f.proposal = f.candidates.front();
}

Resolution NameResolver::resolve(const Item& item) {
  Resolution out;
  std::vector<geo::NameId> parents;
  for (const Name& step : item.path) {
    const std::vector<Hit> found = hits(step.text, ItemKind::unknown);
    if (found.size() == 1 && found.front().meant.name != geo::kNoName) {
      out.path.push_back(found.front().meant.name);
    } else if (found.empty() && !step.text.ends_with("市") && !step.text.ends_with("省")) {
      report_.add(FindingKind::unknown_name, step.span, "Nothing in the city bears the name " + step.text + ".");
    }
  }
  std::vector<Hit> found = hits(item.name.text, item.kind);
  for (const Modifier& modifier : item.modifiers) {
    if (modifier.kind != ModifierKind::alias) continue;
    for (const Name& name : modifier.names) {
      if (found.empty()) found = hits(name.text, item.kind);
    }
  }
  if (found.empty()) {
    report_unknown(item);
    return out;
  }
  for (const geo::NameId parent : out.path) {
    std::vector<Hit> under = found;
    std::erase_if(under, [&](const Hit& h) { return !lies_under(h.meant, parent); });
    if (!under.empty()) found = std::move(under);
  }
  found = fitting(std::move(found), item);
  found = within(std::move(found), item);
  if (found.empty()) {
    report_unknown(item);
    return out;
  }
  if (found.size() > 1 && !item.numbers.empty()) {  // 12号 belongs to a street or an estate, not to a community
    std::vector<Hit> numbered = found;
    std::erase_if(numbered,
                  [](const Hit& h) { return h.meant.kind != ItemKind::street && h.meant.kind != ItemKind::estate; });
    if (!numbered.empty()) found = std::move(numbered);
  }
  if (found.size() > 1) found = nearest(std::move(found));
  if (found.size() > 1) {
    Finding& f = report_.add(FindingKind::ambiguous_name, item.name.span,
                             std::to_string(found.size()) + " things bear the name " + item.name.text +
                                 " and nothing else in the text tells which is meant.");
    for (const Hit& h : found) {
      if (h.meant.name != geo::kNoName) f.candidates.emplace_back(ground_.names().thing(h.meant.name).id);
    }
  } else if (found.front().former) {
    const std::string now(ground_.names().thing(found.front().meant.name).name);
    report_.add(FindingKind::renamed, item.name.span, item.name.text + " is now called " + now + ".", now);
  }
  for (const Hit& h : found) out.things.push_back(h.meant);
  if (out.things.size() == 1 && out.things.front().name != geo::kNoName) add_anchor(out.things.front().name);
  return out;
}

}  // namespace catchment::engine::zone_text
