#include "engine/zone_text/print.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "engine/zone_text/compiling/polyline_math.hpp"
#include "engine/zone_text/printing/print_check.hpp"
#include "engine/zone_text/printing/print_doors.hpp"
#include "engine/zone_text/printing/print_parts.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::EntryId;

constexpr int kRounds = 4;            // of compiling, comparing and naming what still differs
constexpr int kComplementRounds = 4;  // of telling neighbours what a row names
constexpr double kSameArea = 0.999;
constexpr std::size_t kFrontDoors = 4;  // so many exceptions on a boundary street may be frontage words instead

// Addresses that exceptions name. Asked for: a neighbour's row names them, so this one says too whose they are.
struct Spoken {
  std::set<EntryId> allowed;
  std::set<EntryId> denied;

  friend bool operator==(const Spoken&, const Spoken&) = default;
};

// A region or a named area: what exceptions can hang on.
struct Holder {
  std::string text;
  geo::MultiPolygon shape;  // empty: not known
  std::vector<std::string> exceptions;
};

std::string joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& w : words) text += (text.empty() ? "" : between) + w;
  return text;
}

std::string to_clause(const Holder& holder) {
  return holder.exceptions.empty() ? holder.text : holder.text + "（" + joined(holder.exceptions, "、") + "除外）";
}

// Parts from north to south, then west to east, by their northernmost points.
std::vector<geo::Polygon> in_order(geo::MultiPolygon shape) {
  if (!geo::check_validity(shape).valid) shape = geo::make_valid(shape);
  shape = geo::normalised(std::move(shape));
  const auto top = [](const geo::Polygon& part) {
    const geo::Point p = *std::min_element(part.shell.begin(), part.shell.end(), [](geo::Point a, geo::Point b) {
      return a.lat != b.lat ? a.lat > b.lat : a.lon < b.lon;
    });
    return std::pair(-p.lat, p.lon);
  };
  std::sort(shape.begin(), shape.end(), [&](const auto& a, const auto& b) { return top(a) < top(b); });
  return shape;
}

std::vector<EntryId> covered(const DoorWords& words) {
  std::set<EntryId> ids;
  for (const DoorItem& item : words.items) ids.insert(item.covered.begin(), item.covered.end());
  return {ids.begin(), ids.end()};
}

Finding untold(std::string message, double length_m = 0) {
  Finding finding;
  finding.kind = FindingKind::untold;
  finding.message = std::move(message);
  finding.length_m = length_m;
  return finding;
}

class ZoneWriter {
 public:
  ZoneWriter(const Ground& ground, const PrintOptions& options)
      : ground_(ground), names_(ground.names()), options_(options), parts_(ground), entries_(names_) {}

  // The zone's parts in words, before any exception.
  std::vector<PartWords> describe(const PrintZone& zone) const {
    std::vector<PartWords> words;
    for (const geo::Polygon& part : in_order(zone.shape)) {
      words.push_back(parts_.describe(part, zone.seeds, options_.check));
    }
    return words;
  }

  Printed write(const PrintZone& zone, std::vector<PartWords> words, const Spoken& asked) const {
    Printed draft = write_parts(zone, words, asked);
    try_frontage(zone, words, asked, draft);
    const bool regions = std::any_of(words.begin(), words.end(), [](const auto& w) { return !w.region.empty(); });
    if (regions && !good(draft)) {
      for (PartWords& part : words) {
        std::vector<Finding> findings = std::move(part.findings);
        part = parts_.as_areas(part.shape.front());
        part.findings = std::move(findings);
      }
      Printed other = write_parts(zone, words, asked);
      if (rank(other) < rank(draft)) draft = std::move(other);
    }
    report(draft);
    return draft;
  }

 private:
  bool good(const Printed& p) const {
    return p.iou >= kSameArea && p.changed == 0 && p.text.size() <= options_.max_bytes;
  }
  std::tuple<bool, std::size_t, bool, std::size_t> rank(const Printed& p) const {
    return {p.iou<kSameArea, p.changed, p.text.size()> options_.max_bytes, p.text.size()};
  }

  std::vector<Holder> holders(const std::vector<PartWords>& parts) const {
    std::vector<Holder> result;
    std::set<std::size_t> listed;
    for (const PartWords& part : parts) {
      listed.insert(part.listed.begin(), part.listed.end());
      if (part.region.empty()) continue;
      Holder holder{part.region, {}, {}};
      for (const std::size_t a : part.denied) holder.exceptions.push_back(ground_.areas()[a].name);
      result.push_back(std::move(holder));
    }
    for (const std::size_t a : listed) result.push_back({ground_.areas()[a].name, ground_.areas()[a].shape, {}});
    return result;
  }

  // An exception hangs on the first clause that has the shape its address lies in.
  void hang(std::vector<Holder>& holders, const DoorWords& denied) const {
    if (holders.empty()) return;
    for (const DoorItem& item : denied.items) {
      const auto holds_it = [&](const Holder& h) {
        return std::any_of(item.covered.begin(), item.covered.end(), [&](EntryId id) {
          const auto position = names_.entry(id).position;
          return position && covers(h.shape, *position);
        });
      };
      auto at = std::find_if(holders.begin(), holders.end(), holds_it);
      if (at == holders.end()) at = holders.begin();
      at->exceptions.push_back(item.text);
    }
  }

  // Regions, the named areas, then a clause for each street, estate or place; each on a line.
  std::vector<std::string> clauses(const std::vector<PartWords>& parts, const DoorWords& allowed,
                                   const DoorWords& denied) const {
    std::vector<Holder> all = holders(parts);
    std::size_t regions = 0;
    for (const PartWords& part : parts) {
      if (!part.region.empty()) all[regions++].shape = part.shape;
    }
    hang(all, denied);
    std::vector<std::string> result;
    std::vector<std::string> areas;
    for (std::size_t i = 0; i < all.size(); ++i) (i < regions ? result : areas).push_back(to_clause(all[i]));
    if (!areas.empty()) result.push_back(joined(areas, "、"));
    for (const DoorItem& item : allowed.items) result.push_back(item.text);
    return result;
  }

  DoorWords doors(const PrintZone& zone, const std::set<EntryId>& must, bool inside) const {
    const std::vector<EntryId> ids(must.begin(), must.end());
    const auto need = [&](EntryId id) {
      return belongs(zone, names_, id).value_or(inside) == inside ? Need::may : Need::never;
    };
    return describe_doors(ids, names_, need, inside ? Exclusions::yes : Exclusions::no);
  }

  // 由A路（含路两侧）、...: where that says in fewer bytes what single doors of a boundary street would.
  void try_frontage(const PrintZone& zone, std::vector<PartWords>& words, const Spoken& asked, Printed& draft) const {
    for (std::size_t p = 0; p < words.size(); ++p) {
      for (std::size_t m = 0; m < words[p].streets.size(); ++m) {
        const geo::NameId street = words[p].streets[m].street;
        for (const bool inside : {true, false}) {
          const std::vector<EntryId> doors = on_street(inside ? draft.allowed : draft.denied, street);
          if (doors.size() < kFrontDoors) continue;
          std::vector<PartWords> other = words;
          const std::string bracket =
              inside ? "（含路两侧）" : "（不含" + std::string(names_.thing(street).name) + "）";
          other[p].region.insert(words[p].streets[m].offset, bracket);
          for (StreetMark& mark : other[p].streets)
            mark.offset += mark.offset > words[p].streets[m].offset ? bracket.size() : 0;
          // What the words say of the whole street need not be said again door by door.
          Spoken rest = asked;
          for (const EntryId id : doors) (inside ? rest.allowed : rest.denied).erase(id);
          Printed tried = write_parts(zone, other, rest);
          if (rank(tried) >= rank(draft)) continue;
          std::vector<EntryId>& said = inside ? tried.allowed : tried.denied;
          std::vector<EntryId> all;
          std::set_union(said.begin(), said.end(), doors.begin(), doors.end(), std::back_inserter(all));
          said = std::move(all);
          words = std::move(other);
          draft = std::move(tried);
          break;
        }
      }
    }
  }

  std::vector<EntryId> on_street(const std::vector<EntryId>& ids, geo::NameId street) const {
    std::vector<EntryId> found;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(found),
                 [&](EntryId id) { return names_.entry(id).path.street == street; });
    return found;
  }

  // The text for these parts, with exceptions until nothing differs or nothing more can be named.
  Printed write_parts(const PrintZone& zone, const std::vector<PartWords>& parts, const Spoken& asked) const {
    Spoken named;
    for (const EntryId id : asked.allowed) {
      if (belongs(zone, names_, id).value_or(false)) named.allowed.insert(id);
    }
    for (const EntryId id : asked.denied) {
      if (!belongs(zone, names_, id).value_or(true)) named.denied.insert(id);
    }
    const geo::MultiPolygon area = area_of(zone, ground_);
    Printed best;
    for (int round = 0; round < kRounds; ++round) {
      const DoorWords allowed = doors(zone, named.allowed, true);
      const DoorWords denied = doors(zone, named.denied, false);
      Printed draft = start(parts, allowed.items.size() + denied.items.size());
      draft.allowed = covered(allowed);
      draft.denied = covered(denied);
      std::vector<std::string> lines = clauses(parts, allowed, denied);
      cut(lines);
      draft.text = lines.empty() ? std::string() : joined(lines, "；\n") + "。";
      if (!options_.check) return draft;
      const CompiledText compiled = compile_text(draft.text, ground_, zone.seeds);
      const Differences found = compare(zone, compiled, names_, entries_);
      draft.iou = iou(derived_shape(compiled, ground_), area);
      draft.changed = found.count();
      draft.open_entries = found.open;
      std::merge(found.missing.begin(), found.missing.end(), found.surplus.begin(), found.surplus.end(),
                 std::back_inserter(draft.changed_entries));
      if (round == 0 || rank(draft) < rank(best)) best = std::move(draft);
      const Spoken before = named;
      named.allowed.insert(found.missing.begin(), found.missing.end());
      named.denied.insert(found.surplus.begin(), found.surplus.end());
      if (named == before) break;
    }
    return best;
  }

  Printed start(const std::vector<PartWords>& parts, std::size_t exceptions) const {
    Printed printed;
    printed.exceptions = exceptions;
    for (const PartWords& part : parts) {
      printed.forms.push_back(part.form);
      printed.areas += part.listed.size() + part.denied.size();
      printed.findings.insert(printed.findings.end(), part.findings.begin(), part.findings.end());
    }
    return printed;
  }

  // Drops clauses from the end until the text keeps max_bytes.
  void cut(std::vector<std::string>& lines) const {
    std::size_t bytes = 3;
    for (const std::string& line : lines) bytes += line.size() + 4;
    while (lines.size() > 1 && bytes > options_.max_bytes) {
      bytes -= lines.back().size() + 4;
      lines.pop_back();
    }
  }

  void report(Printed& printed) const {
    if (printed.changed > 0) {
      printed.findings.push_back(untold(std::to_string(printed.changed) + " addresses answer otherwise by the words"));
    }
    if (printed.iou < kSameArea) {
      printed.findings.push_back(untold("the words give an area that shares " + std::to_string(printed.iou) +
                                        " of it with the zone: it needs a map"));
    }
    if (printed.text.size() > options_.max_bytes) {
      printed.findings.push_back(untold("the text takes " + std::to_string(printed.text.size()) + " bytes of the " +
                                        std::to_string(options_.max_bytes) + " allowed: it needs a map"));
    }
  }

  const Ground& ground_;
  const geo::Gazetteer& names_;
  PrintOptions options_;
  PartWriter parts_;
  EntryTable entries_;
};

PrintZone sorted(PrintZone zone) {
  std::sort(zone.added.begin(), zone.added.end());
  std::sort(zone.removed.begin(), zone.removed.end());
  return zone;
}

// What each row has to say because a neighbour's names it.
std::vector<Spoken> complements(const std::vector<PrintZone>& zones, const std::vector<Printed>& drafts,
                                const geo::Gazetteer& names, std::vector<Spoken> asked) {
  std::vector<geo::Box> boxes;
  for (const PrintZone& zone : zones) boxes.push_back(geo::bounding_box(zone.shape));
  for (std::size_t i = 0; i < zones.size(); ++i) {
    for (const EntryId id : drafts[i].denied) {
      for (std::size_t k = 0; k < zones.size(); ++k) {
        if (k != i && belongs(zones[k], names, id).value_or(false)) asked[k].allowed.insert(id);
      }
    }
    for (const EntryId id : drafts[i].allowed) {
      const auto position = names.entry(id).position;
      if (!position) continue;
      for (std::size_t k = 0; k < zones.size(); ++k) {
        if (k == i || !boxes[k].contains(*position) || !covers(zones[k].shape, *position)) continue;
        if (!belongs(zones[k], names, id).value_or(true)) asked[k].denied.insert(id);
      }
    }
  }
  return asked;
}

}  // namespace

std::string_view to_word(PrintForm form) {
  switch (form) {
    case PrintForm::four_bounds:
      return "four_bounds";
    case PrintForm::half_planes:
      return "half_planes";
    case PrintForm::ring:
      return "ring";
    case PrintForm::areas:
      return "areas";
  }
  return "";
}

Printed print_zone(const PrintZone& zone, const Ground& ground, const PrintOptions& options) {
  const ZoneWriter writer(ground, options);
  const PrintZone one = sorted(zone);
  return writer.write(one, writer.describe(one), {});
}

std::vector<Printed> print_zones(std::span<const PrintZone> given, const Ground& ground, const PrintOptions& options) {
  std::vector<PrintZone> zones;
  for (const PrintZone& zone : given) zones.push_back(sorted(zone));
  const ZoneWriter writer(ground, options);
  std::vector<std::vector<PartWords>> words;
  std::vector<Printed> drafts;
  std::vector<Spoken> asked(zones.size());
  for (std::size_t i = 0; i < zones.size(); ++i) {
    words.push_back(writer.describe(zones[i]));
    drafts.push_back(writer.write(zones[i], words[i], asked[i]));
  }
  for (int round = 0; round < kComplementRounds; ++round) {
    std::vector<Spoken> next = complements(zones, drafts, ground.names(), asked);
    if (next == asked) break;
    for (std::size_t i = 0; i < zones.size(); ++i) {
      if (next[i] != asked[i]) drafts[i] = writer.write(zones[i], words[i], next[i]);
    }
    asked = std::move(next);
  }
  return drafts;
}

}  // namespace catchment::engine::zone_text
