// A zone put into words and read back is the zone: over random zones on random invented cities. CATCHMENT_PRINT_ZONES
// says how many zones of each city are tried (default 25); with it the figures are printed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "datasets/city_ground.hpp"
#include "datasets/city_names.hpp"
#include "engine/zone_text/compiling/polyline_math.hpp"
#include "engine/zone_text/parse.hpp"
#include "engine/zone_text/print.hpp"
#include "geo/topology.hpp"
#include "tests/datasets/synth/made_city.hpp"
#include "tests/support/grid_city.hpp"
#include "tests/support/random_zones.hpp"

namespace catchment::engine::zone_text {
namespace {

using test::RandomZones;

// One city, whichever way it was made.
struct City {
  std::string name;
  const Ground* ground = nullptr;
  std::vector<Unit> units;
  std::shared_ptr<void> keep;  // what the ground stands on
};

City synth_city(std::uint64_t seed, int schools) {
  struct Made {
    datasets::synth::MadeCity city;
    std::optional<datasets::CityPackage> package;
    std::optional<geo::Gazetteer> names;
    std::optional<Ground> ground;
  };
  datasets::synth::SynthOptions options;
  options.seed = seed;
  options.schools = schools;
  options.years = 1;
  options.children = schools * 400;
  auto made = std::shared_ptr<Made>(new Made{datasets::synth::MadeCity(options), {}, {}, {}});
  made->package = made->city.open();
  made->names = datasets::build_names(*made->package);
  made->ground = datasets::build_ground(*made->package, *made->names);
  return {"synth " + std::to_string(seed), &*made->ground, made->package->units(), made};
}

City grid_city(unsigned seed, int stray_every) {
  tests::GridCityOptions options;
  options.seed = seed;
  options.stray_every = stray_every;
  auto made = std::make_shared<tests::GridCity>(options);
  return {"grid " + std::to_string(seed), &made->ground(), made->units(), made};
}

int zones_a_city() {
  const char* text = std::getenv("CATCHMENT_PRINT_ZONES");
  return text == nullptr ? 25 : std::atoi(text);
}

bool belongs(const PrintZone& zone, const geo::Gazetteer& names, geo::EntryId id) {
  if (std::binary_search(zone.added.begin(), zone.added.end(), id)) return true;
  if (std::binary_search(zone.removed.begin(), zone.removed.end(), id)) return false;
  const auto position = names.entry(id).position;
  return position && covers(zone.shape, *position);
}

// The zone's shape, with the estates that changed hands whole.
geo::MultiPolygon area_of(const PrintZone& zone, const Ground& ground) {
  const geo::Gazetteer& names = ground.names();
  geo::MultiPolygon area = zone.shape;
  for (const GroundArea& estate : ground.areas()) {
    if (estate.kind != ItemKind::estate || estate.place == geo::kNoName) continue;
    std::size_t placed = 0, in = 0, added = 0, removed = 0;
    for (const geo::EntryId id : names.entries_of(estate.place)) {
      const bool moved_in = std::binary_search(zone.added.begin(), zone.added.end(), id);
      const bool moved_out = std::binary_search(zone.removed.begin(), zone.removed.end(), id);
      if (!names.entry(id).position && !moved_in && !moved_out) continue;
      ++placed;
      if (belongs(zone, names, id)) ++in;
      if (moved_in) ++added;
      if (moved_out) ++removed;
    }
    if (added > 0 && in == placed) area = geo::overlay(area, estate.shape, geo::OverlayKind::union_of);
    if (removed > 0 && in == 0) area = geo::overlay(area, estate.shape, geo::OverlayKind::difference);
  }
  return area;
}

struct ReadBack {
  double iou = 0;
  std::vector<geo::EntryId> changed;
};

// Every address of the city, asked without any shortcut.
ReadBack read_back(const Printed& printed, const PrintZone& zone, const Ground& ground) {
  CompileOptions options;
  options.seeds = zone.seeds;
  const CompiledText text = compile(parse_zone_text(printed.text, {&ground.lexicon()}), ground, options);
  ReadBack back;
  const geo::MultiPolygon shape = derived_shape(text, ground);
  const geo::MultiPolygon area = area_of(zone, ground);
  const double joined = geo::flat_area_m2(geo::overlay(shape, area, geo::OverlayKind::union_of));
  const double shared = geo::flat_area_m2(geo::overlay(shape, area, geo::OverlayKind::intersection));
  back.iou = joined == 0 ? 1 : shared / joined;  // a zone of one estate that went over whole has no area left
  const geo::Gazetteer& names = ground.names();
  for (geo::EntryId id = 0; id < names.entry_count(); ++id) {
    const geo::Entry entry = names.entry(id);
    const bool moved = std::binary_search(zone.added.begin(), zone.added.end(), id) ||
                       std::binary_search(zone.removed.begin(), zone.removed.end(), id);
    if (!moved && !entry.position) continue;  // the zone says nothing of it
    const bool wanted = belongs(zone, names, id);
    const TextAnswer said = answer(text, names, entry.path, entry.position, entry.error_m);
    // Where the zone is sure, words that decide by a place nearer to a line than its error say something else.
    const bool unsure =
        said.on_boundary && (moved || edge_distance_m(zone.shape, *entry.position) > std::max(entry.error_m, 0.02));
    if (unsure || said.verdict != (wanted ? Verdict::in : Verdict::out)) back.changed.push_back(id);
  }
  return back;
}

std::string story(const City& city, const Printed& printed, const ReadBack& back) {
  std::ostringstream out;
  out << city.name << ", IoU " << back.iou << ", " << back.changed.size() << " addresses differ\n"
      << printed.text << '\n';
  for (std::size_t i = 0; i < std::min<std::size_t>(back.changed.size(), 12); ++i) {
    const geo::Entry entry = city.ground->names().entry(back.changed[i]);
    out << "  " << entry.id << ' ' << entry.text << '\n';
  }
  for (const Finding& finding : printed.findings)
    out << "  " << to_word(finding.kind) << ": " << finding.message << '\n';
  return out.str();
}

struct Figures {
  std::size_t zones = 0, parts = 0, with_areas = 0, with_exceptions = 0, changed = 0, off = 0, sections = 0, fronts = 0;
  std::map<PrintForm, std::size_t> forms;
  std::vector<std::size_t> bytes;
  double iou_min = 1;

  void add(const Printed& printed, const ReadBack& back) {
    ++zones;
    for (const PrintForm form : printed.forms) ++forms[form];
    parts += printed.forms.size();
    with_areas += printed.areas > 0 ? 1 : 0;
    with_exceptions += printed.exceptions > 0 ? 1 : 0;
    changed += back.changed.size();
    if (printed.text.find("路段）") != std::string::npos) ++sections;
    if (printed.text.find("路两侧）") != std::string::npos || printed.text.find("（不含") != std::string::npos)
      ++fronts;
    if (!back.changed.empty() || back.iou < 0.999) ++off;
    bytes.push_back(printed.text.size());
    iou_min = std::min(iou_min, back.iou);
  }
  void print(const std::string& name) {
    if (std::getenv("CATCHMENT_PRINT_ZONES") == nullptr || bytes.empty()) return;
    std::sort(bytes.begin(), bytes.end());
    std::cout << name << ": " << zones << " zones, " << parts << " parts (";
    for (const auto& [form, count] : forms) std::cout << to_word(form) << ' ' << count << ' ';
    std::cout << "), " << with_areas << " zones with areas named, " << with_exceptions << " with exceptions, "
              << sections << " with sections of lines, " << fronts << " with frontage words, bytes median "
              << bytes[bytes.size() / 2] << " max " << bytes.back() << ", " << changed << " addresses changed, IoU min "
              << iou_min << ", " << off << " zones off\n";
  }
};

class PrintProperty : public testing::TestWithParam<int> {
 protected:
  static const City& city() {
    static std::map<int, City> made;
    const int n = GetParam();
    const auto at = made.find(n);
    if (at != made.end()) return at->second;
    return made[n] = n < 3 ? grid_city(static_cast<unsigned>(n + 1), n == 2 ? 40 : 0)
                           : synth_city(static_cast<std::uint64_t>(n), 10 + n);
  }
};

TEST_P(PrintProperty, ZonesComeBackFromTheirText) {
  const City& made = city();
  const RandomZones zones(*made.ground, made.units);
  Figures figures;
  for (int i = 0; i < zones_a_city(); ++i) {
    const PrintZone zone = zones.make(static_cast<std::uint64_t>(GetParam()) * 100000 + static_cast<std::uint64_t>(i));
    const Printed printed = print_zone(zone, *made.ground);
    const ReadBack back = read_back(printed, zone, *made.ground);
    figures.add(printed, back);
    EXPECT_TRUE(back.changed.empty()) << "zone " << i << ": " << story(made, printed, back);
    EXPECT_GE(back.iou, 0.999) << "zone " << i << ": " << story(made, printed, back);
    EXPECT_EQ(printed.changed, back.changed.size());
  }
  figures.print(made.name);
}

TEST_P(PrintProperty, TheTextDoesNotDependOnTheOrderOfTheInput) {
  const City& made = city();
  const RandomZones zones(*made.ground, made.units);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    PrintZone zone = zones.make(seed);
    const std::string text = print_zone(zone, *made.ground).text;
    std::reverse(zone.shape.begin(), zone.shape.end());
    for (geo::Polygon& part : zone.shape) {
      std::rotate(part.shell.begin(), part.shell.begin() + static_cast<std::ptrdiff_t>(part.shell.size() / 2),
                  part.shell.end());
      std::reverse(part.holes.begin(), part.holes.end());
    }
    std::reverse(zone.added.begin(), zone.added.end());
    std::reverse(zone.removed.begin(), zone.removed.end());
    EXPECT_EQ(print_zone(zone, *made.ground).text, text);
  }
}

TEST_P(PrintProperty, ZonesThatShareTheCityComeBackTogether) {
  const City& made = city();
  const RandomZones maker(*made.ground, made.units);
  const std::vector<PrintZone> zones = maker.partition(5, 12, static_cast<std::uint64_t>(GetParam()));
  const std::vector<Printed> printed = print_zones(zones, *made.ground);
  ASSERT_EQ(printed.size(), zones.size());
  for (std::size_t i = 0; i < zones.size(); ++i) {
    const ReadBack back = read_back(printed[i], zones[i], *made.ground);
    EXPECT_TRUE(back.changed.empty()) << story(made, printed[i], back);
    EXPECT_GE(back.iou, 0.999) << story(made, printed[i], back);
  }
}

// Whether the zone's edge runs between this address and another of the same door and building: stairs and rooms are not
// among the words of a notice.
bool shares_its_door(const PrintZone& zone, const geo::Gazetteer& names, geo::EntryId id) {
  const geo::EntryPath path = names.entry(id).path;
  const geo::NameId name = path.estate != geo::kNoName   ? path.estate
                           : path.street != geo::kNoName ? path.street
                                                         : path.community;
  const auto others = names.entries_of(name);
  return std::any_of(others.begin(), others.end(), [&](geo::EntryId other) {
    const geo::EntryPath same = names.entry(other).path;
    return same.door == path.door && same.lane == path.lane && same.building == path.building &&
           same.group == path.group && belongs(zone, names, other) != belongs(zone, names, id);
  });
}

// Where a boundary was drawn through blocks, no line says it; the doors are right all the same, and what is not is
// told.
TEST_P(PrintProperty, AZoneCutThroughItsBlocksKeepsItsAddresses) {
  const City& made = city();
  const RandomZones zones(*made.ground, made.units);
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    PrintZone zone = zones.make(seed + 500);
    const geo::Box box = geo::bounding_box(zone.shape);
    const auto at = [&](int x, int y) {  // tenths of the box
      return geo::Point{static_cast<std::int32_t>(box.min.lon + (std::int64_t{box.max.lon} - box.min.lon) * x / 10),
                        static_cast<std::int32_t>(box.min.lat + (std::int64_t{box.max.lat} - box.min.lat) * y / 10)};
    };
    const geo::MultiPolygon half{{{at(-1, -1), at(11, -1), at(11, 4), at(-1, 7)}, {}}};
    zone.shape = geo::overlay(zone.shape, half, geo::OverlayKind::intersection);
    if (zone.shape.empty()) continue;
    zone.added.clear();
    zone.removed.clear();
    const Printed printed = print_zone(zone, *made.ground);
    const ReadBack back = read_back(printed, zone, *made.ground);
    EXPECT_EQ(printed.changed, back.changed.size());
    const bool told = std::any_of(printed.findings.begin(), printed.findings.end(),
                                  [](const Finding& f) { return f.kind == FindingKind::untold; });
    EXPECT_TRUE(told || (back.changed.empty() && back.iou >= 0.999)) << story(made, printed, back);
    for (const geo::EntryId id : back.changed) {
      // Or its place is not sure enough for words that give another area than the zone.
      const bool vague_place = made.ground->names().entry(id).error_m > 0 && back.iou < 0.999;
      EXPECT_TRUE(vague_place || shares_its_door(zone, made.ground->names(), id)) << story(made, printed, back);
    }
    if (std::getenv("CATCHMENT_PRINT_ZONES") != nullptr) {
      std::cout << made.name << " cut " << seed << ": IoU " << back.iou << ", " << back.changed.size()
                << " addresses changed, " << printed.text.size() << " bytes\n";
    }
  }
}

// The clauses of a text, without what ends them.
std::set<std::string> clauses(const std::string& text) {
  std::set<std::string> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out.insert(line.substr(0, line.size() - 3));
  return out;
}

TEST_P(PrintProperty, OneUnitMoreChangesFewClauses) {
  const City& made = city();
  const RandomZones maker(*made.ground, made.units);
  std::size_t changed = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const PrintZone zone = maker.make(seed);
    const std::set<std::string> before = clauses(print_zone(zone, *made.ground).text);
    const std::set<std::string> after = clauses(print_zone(maker.grown(zone, seed), *made.ground).text);
    std::vector<std::string> gone;
    std::set_difference(before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(gone));
    changed += gone.size();
    EXPECT_LE(gone.size(), 5u) << print_zone(zone, *made.ground).text;
  }
  EXPECT_LE(changed, 25u);
}

// Every address an exception of one row names is named in the row of the school that has it, and the other way round.
TEST_P(PrintProperty, WhatOneRowTakesOutAnotherNames) {
  const City& made = city();
  const RandomZones maker(*made.ground, made.units);
  const std::vector<PrintZone> zones = maker.partition(4, 10, static_cast<std::uint64_t>(GetParam()) + 50);
  const std::vector<Printed> printed = print_zones(zones, *made.ground);
  for (std::size_t i = 0; i < zones.size(); ++i) {
    for (const geo::EntryId id : printed[i].denied) {
      for (std::size_t k = 0; k < zones.size(); ++k) {
        if (k == i || !belongs(zones[k], made.ground->names(), id)) continue;
        EXPECT_TRUE(std::binary_search(printed[k].allowed.begin(), printed[k].allowed.end(), id))
            << made.ground->names().entry(id).text << '\n'
            << printed[i].text << "\n--\n"
            << printed[k].text;
      }
    }
    for (const geo::EntryId id : printed[i].allowed) {
      const auto position = made.ground->names().entry(id).position;
      for (std::size_t k = 0; position && k < zones.size(); ++k) {
        if (k == i || !covers(zones[k].shape, *position) || belongs(zones[k], made.ground->names(), id)) continue;
        EXPECT_TRUE(std::binary_search(printed[k].denied.begin(), printed[k].denied.end(), id))
            << made.ground->names().entry(id).text << '\n'
            << printed[i].text << "\n--\n"
            << printed[k].text;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Cities, PrintProperty, testing::Range(0, 6));

}  // namespace
}  // namespace catchment::engine::zone_text
