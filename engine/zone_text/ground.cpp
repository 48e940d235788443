#include "engine/zone_text/ground.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "engine/zone_text/compiling/polyline_math.hpp"
#include "geo/address/normal_text.hpp"
#include "geo/input_error.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::AddressPart;
using geo::NameId;

constexpr double kSameStreetM = 1000;
constexpr std::size_t kLongestNameChars = 24;

std::size_t char_length(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  const std::size_t length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
  return std::min(length, text.size() - at);
}

// The gazetteer's names and, beside it, those of lines and areas it does not hold.
class GroundLexicon final : public geo::NameLexicon {
 public:
  explicit GroundLexicon(const geo::Gazetteer& names) : names_(names) {}

  void add(const std::string& name, AddressPart part) {
    const std::string key = geo::name_key(name);
    if (key.size() < 4) return;  // one character, or a bare number
    first_.insert(key.substr(0, char_length(key, 0)));
    known_.try_emplace(key, part);
  }

  void names_at(std::string_view normal, std::vector<Hit>& out) const override {
    const std::size_t before = out.size();
    names_.names_at(normal, out);
    if (normal.empty() || known_.empty()) return;
    const std::string first = geo::name_key(normal.substr(0, char_length(normal, 0)));
    const bool numeral = !first.empty() && first[0] >= '0' && first[0] <= '9';
    if (!numeral && !first_.contains(first)) return;
    std::size_t end = 0;
    std::string before_key;
    for (std::size_t chars = 0; end < normal.size() && chars < kLongestNameChars; ++chars) {
      end += char_length(normal, end);
      std::string key = geo::name_key(normal.substr(0, end));
      const bool more = key != before_key;  // not when a comma or a blank was added
      before_key = key;
      const auto found = known_.find(key);
      if (!more || found == known_.end()) continue;
      const bool known = std::any_of(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
                                     [&](const Hit& h) { return h.length == end && h.part == found->second; });
      if (!known) out.push_back({end, found->second, geo::kNoName});
    }
    std::stable_sort(out.begin() + static_cast<std::ptrdiff_t>(before), out.end(),
                     [](const Hit& a, const Hit& b) { return a.length > b.length; });
  }

 private:
  const geo::Gazetteer& names_;
  std::unordered_map<std::string, AddressPart> known_;
  std::unordered_set<std::string> first_;
};

// Joins polylines where exactly two ends meet; whatever meets otherwise stays apart. In order of the input.
std::vector<geo::Polyline> join(std::vector<geo::Polyline> parts) {
  std::map<geo::Point, std::vector<std::size_t>> ends;  // of parts, twice if closed
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ends[parts[i].front()].push_back(i);
    ends[parts[i].back()].push_back(i);
  }
  std::vector<bool> used(parts.size(), false);
  std::vector<geo::Polyline> out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (used[i]) continue;
    used[i] = true;
    geo::Polyline line = parts[i];
    for (int way = 0; way < 2; ++way) {  // grow at the end, then, turned round, at the start
      for (;;) {
        const auto& here = ends[line.back()];
        if (here.size() != 2 || line.front() == line.back()) break;
        const std::size_t next = used[here[0]] ? here[1] : here[0];
        if (used[next]) break;
        used[next] = true;
        geo::Polyline more = parts[next];
        if (more.front() != line.back()) std::reverse(more.begin(), more.end());
        line.insert(line.end(), more.begin() + 1, more.end());
      }
      std::reverse(line.begin(), line.end());
    }
    out.push_back(std::move(line));
  }
  return out;
}

// Pieces within kSameStreetM of each other, directly or by others between.
std::vector<std::vector<geo::Polyline>> quarters(std::vector<geo::Polyline> pieces) {
  std::vector<std::size_t> group(pieces.size());
  std::iota(group.begin(), group.end(), 0);
  const auto root = [&](std::size_t i) {
    while (group[i] != i) i = group[i] = group[group[i]];
    return i;
  };
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Frame frame(pieces[i].front());
    const geo::Box box = box_of(pieces[i]);
    for (std::size_t k = 0; k < i; ++k) {
      if (root(i) == root(k) || box_distance_m(box, box_of(pieces[k]), frame) > kSameStreetM) continue;
      if (nearest_contact(pieces[i], pieces[k], frame, kSameStreetM)) group[root(i)] = root(k);
    }
  }
  std::map<std::size_t, std::vector<geo::Polyline>> grouped;
  for (std::size_t i = 0; i < pieces.size(); ++i) grouped[root(i)].push_back(std::move(pieces[i]));
  std::vector<std::vector<geo::Polyline>> out;
  for (auto& [at, lines] : grouped) out.push_back(std::move(lines));
  return out;
}

LineKind barrier_kind(std::string_view kind) {
  if (kind == "river") return LineKind::river;
  if (kind == "rail" || kind == "railway") return LineKind::railway;
  if (kind == "trunk_road") return LineKind::road;
  return LineKind::other;
}

std::optional<ItemKind> place_kind(std::string_view kind) {
  static constexpr std::array<std::pair<std::string_view, ItemKind>, 7> kPlaceKinds{
      {{"district", ItemKind::district},
       {"town", ItemKind::town},
       {"community", ItemKind::community},
       {"village", ItemKind::village},
       {"estate", ItemKind::estate},
       {"institution", ItemKind::institution},
       {"block", ItemKind::block}}};
  for (const auto& [word, value] : kPlaceKinds) {
    if (word == kind) return value;
  }
  return std::nullopt;
}

AddressPart part_of(ItemKind kind) {
  switch (kind) {
    case ItemKind::district:
      return AddressPart::district;
    case ItemKind::town:
      return AddressPart::town;
    case ItemKind::community:
      return AddressPart::community;
    case ItemKind::village:
      return AddressPart::village;
    case ItemKind::estate:
      return AddressPart::estate;
    case ItemKind::institution:
    case ItemKind::school:
      return AddressPart::institution;
    default:
      return AddressPart::block;
  }
}

// 大金钟社区, 大金钟居委 and 大金钟 are one area; 陇海铁路 and 陇海线 one railway.
std::string bare_key(std::string_view name) {
  std::string key = geo::name_key(name);
  static constexpr std::array<std::string_view, 16> kEndings{
      "社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "居委会", "村委会", "街道办事处", "行政村",
      "自然村",         "社区",       "居委",       "街道",       "区",     "村",     "镇",         "乡"};
  for (const std::string_view ending : kEndings) {
    if (key.size() >= ending.size() + 6 && key.ends_with(ending)) return key.substr(0, key.size() - ending.size());
  }
  return key;
}
std::string bare_railway_key(std::string_view name) {
  std::string key = geo::name_key(name);
  for (const std::string_view ending : {"铁路线", "铁路", "线"}) {
    if (key.size() >= ending.size() + 6 && key.ends_with(ending)) return key.substr(0, key.size() - ending.size());
  }
  return key;
}

// Of the streets that bear the name the one whose box meets these pieces; kNoName if none does.
NameId street_of(const geo::Gazetteer& names, const std::string& name, const std::vector<geo::Polyline>& pieces) {
  const geo::Box box = box_of(pieces);
  NameId first = geo::kNoName;
  for (const geo::NameHit& hit : names.find_names(name)) {
    if (hit.evidence != geo::Evidence::name_exact) continue;
    const geo::NamedThing thing = names.thing(hit.name);
    if (thing.part != AddressPart::street) continue;
    if (thing.box.empty()) {
      if (first == geo::kNoName) first = hit.name;
    } else if (thing.box.intersects(box)) {
      return hit.name;
    }
  }
  return first;
}

NameId place_of(const geo::Gazetteer& names, const std::string& name, const std::string& id) {
  for (const geo::NameHit& hit : names.find_names(name)) {
    if (names.thing(hit.name).id == id) return hit.name;
  }
  return geo::kNoName;
}

geo::MultiPolygon union_of(const std::vector<geo::MultiPolygon>& shapes) {
  try {
    return geo::dissolve(shapes);
  } catch (const InputError&) {
    std::vector<geo::MultiPolygon> valid;
    for (const geo::MultiPolygon& shape : shapes) valid.push_back(geo::make_valid(shape));
    return geo::dissolve(valid);
  }
}

}  // namespace

struct Ground::Tables {
  explicit Tables(const geo::Gazetteer& gazetteer) : names(&gazetteer), lexicon(gazetteer) {}

  const geo::Gazetteer* names;
  GroundLexicon lexicon;
  std::vector<GroundLine> lines;
  std::vector<GroundArea> areas;
  std::unordered_map<std::string, std::vector<std::size_t>> lines_by_key, areas_by_key, areas_by_bare_key, railways;
  std::unordered_map<NameId, std::vector<std::size_t>> lines_by_street, areas_by_place;
  mutable std::once_flag outline_once;
  mutable geo::MultiPolygon outline;

  void add_lines(std::span<const engine::Line> streets, std::span<const engine::Line> barriers);
  void add_areas(std::span<const Place> places, std::span<const Unit> units);
  void index();
  geo::MultiPolygon make_outline() const;
};

void Ground::Tables::add_lines(std::span<const engine::Line> streets, std::span<const engine::Line> barriers) {
  struct Group {
    std::string name;
    std::vector<geo::Polyline> parts;
  };
  std::map<std::pair<LineKind, std::string>, Group> groups;
  std::set<std::pair<std::pair<LineKind, std::string>, geo::Polyline>> seen;
  const auto add = [&](const engine::Line& line, LineKind kind) {
    geo::Polyline shape;
    for (const geo::Point p : line.shape) {
      if (shape.empty() || shape.back() != p) shape.push_back(p);
    }
    const std::string name = line.name.empty() && kind == LineKind::railway ? "铁路" : line.name;
    if (shape.size() < 2 || name.empty()) return;
    const std::pair<LineKind, std::string> key{kind, geo::name_key(name)};
    if (!seen.insert({key, std::min(shape, reversed(shape))}).second) return;  // a street drawn as a barrier too
    Group& group = groups[key];
    if (group.name.empty()) group.name = name;
    group.parts.push_back(std::move(shape));
  };
  for (const engine::Line& line : streets) add(line, LineKind::road);
  for (const engine::Line& line : barriers) add(line, barrier_kind(line.kind));
  for (auto& [key, group] : groups) {
    for (std::vector<geo::Polyline>& pieces : quarters(join(std::move(group.parts)))) {
      const NameId street = key.first == LineKind::road ? street_of(*names, group.name, pieces) : geo::kNoName;
      lines.push_back({group.name, key.first, street, std::move(pieces)});
    }
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const GroundLine& a, const GroundLine& b) { return a.name < b.name; });
}

void Ground::Tables::add_areas(std::span<const Place> places, std::span<const Unit> units) {
  for (const Place& place : places) {
    const auto kind = place_kind(place.kind);
    if (place.shape.empty() || !kind) continue;
    areas.push_back({place.id, place.name, *kind, place_of(*names, place.name, place.id), place.shape});
  }
  for (const Unit& unit : units) {
    if (unit.shape.empty()) continue;
    areas.push_back({unit.id, unit.name, ItemKind::block, geo::kNoName, unit.shape});
  }
  std::stable_sort(areas.begin(), areas.end(), [](const GroundArea& a, const GroundArea& b) {
    return a.name != b.name ? a.name < b.name : a.id < b.id;
  });
}

void Ground::Tables::index() {
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const GroundLine& line = lines[i];
    lines_by_key[geo::name_key(line.name)].push_back(i);
    if (line.kind == LineKind::railway) railways[bare_railway_key(line.name)].push_back(i);
    if (line.street != geo::kNoName) {
      lines_by_street[line.street].push_back(i);
    } else {
      lexicon.add(line.name, line.kind == LineKind::road ? AddressPart::street : AddressPart::line);
    }
  }
  for (std::size_t i = 0; i < areas.size(); ++i) {
    const GroundArea& area = areas[i];
    areas_by_key[geo::name_key(area.name)].push_back(i);
    areas_by_bare_key[bare_key(area.name)].push_back(i);
    if (area.place != geo::kNoName) {
      areas_by_place[area.place].push_back(i);
    } else {
      lexicon.add(area.name, part_of(area.kind));
    }
  }
}

geo::MultiPolygon Ground::Tables::make_outline() const {
  std::vector<geo::MultiPolygon> shapes;
  for (const GroundArea& area : areas) {
    if (area.kind == ItemKind::district) shapes.push_back(area.shape);
  }
  if (shapes.empty()) {
    for (const GroundArea& area : areas) shapes.push_back(area.shape);
  }
  if (!shapes.empty()) return union_of(shapes);
  geo::Box box;
  for (const GroundLine& line : lines) box.extend(box_of(line.pieces));
  if (box.empty()) return {};
  return {{{box.min, {box.max.lon, box.min.lat}, box.max, {box.min.lon, box.max.lat}}, {}}};
}

Ground::Ground(std::shared_ptr<const Tables> tables) : tables_(std::move(tables)) {}

Ground Ground::build(const geo::Gazetteer& names, std::span<const engine::Line> streets,
                     std::span<const engine::Line> barriers, std::span<const Place> places,
                     std::span<const Unit> units) {
  auto tables = std::make_shared<Tables>(names);
  tables->add_lines(streets, barriers);
  tables->add_areas(places, units);
  tables->index();
  return Ground(std::move(tables));
}

const geo::Gazetteer& Ground::names() const { return *tables_->names; }
const geo::NameLexicon& Ground::lexicon() const { return tables_->lexicon; }
std::span<const GroundLine> Ground::lines() const { return tables_->lines; }
std::span<const GroundArea> Ground::areas() const { return tables_->areas; }

const geo::MultiPolygon& Ground::outline() const {
  std::call_once(tables_->outline_once, [&] { tables_->outline = tables_->make_outline(); });
  return tables_->outline;
}

std::vector<std::size_t> Ground::find_lines(std::string_view name) const {
  const auto& by_key = tables_->lines_by_key;
  if (const auto found = by_key.find(geo::name_key(name)); found != by_key.end()) return found->second;
  std::vector<std::size_t> out;
  for (const geo::NameHit& hit : tables_->names->find_names(name)) {
    if (const auto found = tables_->lines_by_street.find(hit.name); found != tables_->lines_by_street.end()) {
      out.insert(out.end(), found->second.begin(), found->second.end());
    }
  }
  if (out.empty()) {
    const auto found = tables_->railways.find(bare_railway_key(name));
    if (found != tables_->railways.end()) out = found->second;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<std::size_t> Ground::find_areas(std::string_view name) const {
  const auto& by_key = tables_->areas_by_key;
  if (const auto found = by_key.find(geo::name_key(name)); found != by_key.end()) return found->second;
  std::vector<std::size_t> out;
  for (const geo::NameHit& hit : tables_->names->find_names(name)) {
    if (const auto found = tables_->areas_by_place.find(hit.name); found != tables_->areas_by_place.end()) {
      out.insert(out.end(), found->second.begin(), found->second.end());
    }
  }
  if (out.empty()) {
    const auto found = tables_->areas_by_bare_key.find(bare_key(name));
    if (found != tables_->areas_by_bare_key.end()) out = found->second;
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace catchment::engine::zone_text
