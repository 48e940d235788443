// Sound coverages, each broken in one way: every mutant must be found and placed, and nothing else reported.
// CATCHMENT_MUTANTS sets how many; the nightly run asks for 100,000.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <set>
#include <sstream>

#include "datasets/synth/tessellation.hpp"
#include "geo/repair.hpp"
#include "tests/support/coverage_mutants.hpp"
#include "tests/support/geojson_zones.hpp"

namespace catchment::test {
namespace {

struct Tally {
  int made = 0;
  int found = 0;
  int placed = 0;
  int strays = 0;  // findings away from the defect
};

std::string describe(const Mutant& m, const std::vector<geo::Finding>& findings) {
  std::ostringstream text;
  text << to_word(m.kind) << " in zone " << m.zone << " at " << m.truth.front().lon << " " << m.truth.front().lat
       << ", line";
  for (const geo::Point p : m.truth) text << " (" << p.lon << " " << p.lat << ")";
  text << ":";
  for (const geo::Finding& f : findings) {
    text << " " << geo::to_word(f.kind) << "@" << f.place.lon << "," << f.place.lat << " w=" << f.width_m;
    for (const auto& part : f.shape) {
      for (const geo::Point p : part.shell) text << " (" << p.lon << " " << p.lat << ")";
    }
  }
  return text.str();
}

using Key = std::tuple<geo::FindingKind, std::vector<geo::ZoneNumber>, geo::Point>;
std::set<Key> keys(const std::vector<geo::Finding>& findings) {
  std::set<Key> out;
  for (const geo::Finding& f : findings) out.emplace(f.kind, f.zones, f.place);
  return out;
}

// known: findings of the layer before it was broken.
void judge(const Mutant& m, const std::set<Key>& known, Tally& tally) {
  std::vector<geo::Finding> findings = geo::check_coverage(m.zones);
  std::erase_if(findings, [&](const geo::Finding& f) { return known.contains({f.kind, f.zones, f.place}); });
  bool found = false;
  bool placed = false;
  constexpr std::int32_t kMetre = 120;  // units, a little more than a metre
  for (const geo::Finding& f : findings) {
    const bool stray = f.place.lon < m.reach.min.lon - kMetre || f.place.lon > m.reach.max.lon + kMetre ||
                       f.place.lat < m.reach.min.lat - kMetre || f.place.lat > m.reach.max.lat + kMetre;
    if (stray) ++tally.strays;
    EXPECT_FALSE(stray) << describe(m, {f});
    if (std::find(m.expected.begin(), m.expected.end(), f.kind) == m.expected.end()) continue;
    found = true;
    placed = placed || distance_m(f.place, m.truth) <= 1.0;
  }
  ++tally.made;
  tally.found += found;
  tally.placed += placed;
  EXPECT_TRUE(found && placed) << describe(m, findings);
}

void print(const std::string& layer, const std::map<MutantKind, Tally>& tallies) {
  Tally all;
  for (const auto& [kind, t] : tallies) {
    std::cout << "[ mutants  ] " << layer << " " << to_word(kind) << ": made " << t.made << ", found " << t.found
              << ", placed within 1 m " << t.placed << ", reported elsewhere " << t.strays << "\n";
    all = {all.made + t.made, all.found + t.found, all.placed + t.placed, all.strays + t.strays};
  }
  std::cout << "[ mutants  ] " << layer << " all: made " << all.made << ", found " << all.found << ", missed "
            << all.made - all.found << ", placed within 1 m " << all.placed << ", reported elsewhere " << all.strays
            << "\n";
}

// Nine zones of about sixty vertices, 2.7 km across.
std::vector<geo::MultiPolygon> small_coverage(std::uint64_t seed) {
  datasets::synth::TessellationOptions options;
  options.box = {{1'136'000'000, 347'000'000}, {1'136'300'000, 347'240'000}};
  options.depth_min = 1;
  options.depth_max = 4;
  return datasets::synth::make_tessellation(3, seed, options).zones;
}

int wanted() {
  const char* text = std::getenv("CATCHMENT_MUTANTS");
  return text == nullptr ? 10000 : std::atoi(text);
}

TEST(CoverageMutants, EveryMutantOfSoundTessellationsIsFoundAndPlaced) {
  constexpr int kPerCoverage = 10;
  std::map<MutantKind, Tally> tallies;
  int made = 0;
  int sound = 0;
  for (std::uint64_t seed = 1; made < wanted() && !testing::Test::HasNonfatalFailure(); ++seed) {
    const auto zones = small_coverage(seed);
    const auto findings = geo::check_coverage(zones);
    ASSERT_TRUE(findings.empty()) << "false alarm, seed " << seed << ": " << geo::to_word(findings[0].kind);
    ++sound;
    const MutantMaker maker(zones);
    Random random(seed);
    for (int i = 0; i < kPerCoverage && made < wanted();) {
      const MutantKind kind = kMutantKinds[static_cast<std::size_t>(made) % kMutantKinds.size()];
      const auto mutant = maker.make(kind, random);
      if (!mutant) continue;
      judge(*mutant, {}, tallies[kind]);
      ++i;
      ++made;
    }
  }
  std::cout << "[ mutants  ] sound tessellations: " << sound << ", false alarms 0\n";
  print("tessellations", tallies);
}

// What is narrow enough to be repaired is repaired, by changing the zones around it and no others.
TEST(CoverageMutants, RepairedMutantsHaveNoSlivers) {
  constexpr int kMutants = 400;
  constexpr std::array kKinds{MutantKind::shift, MutantKind::gap, MutantKind::overlap, MutantKind::t_junction};
  int made = 0;
  int clean = 0;
  for (std::uint64_t seed = 1; made < kMutants; ++seed) {
    const MutantMaker maker(small_coverage(seed));
    Random random(seed);
    for (int i = 0; i < 4; ++i) {
      const auto mutant = maker.make(kKinds[static_cast<std::size_t>(made) % kKinds.size()], random);
      if (!mutant) continue;
      ++made;
      const std::vector<geo::Finding> before = geo::check_coverage(mutant->zones);
      const geo::RepairProposal proposal = geo::propose_repair(mutant->zones);
      const std::vector<geo::Finding> after = geo::check_coverage(geo::apply_repair(mutant->zones, proposal));
      const bool sliver = std::any_of(after.begin(), after.end(), [](const geo::Finding& f) {
        return f.kind == geo::FindingKind::sliver_gap || f.kind == geo::FindingKind::sliver_overlap ||
               f.kind == geo::FindingKind::t_junction || f.kind == geo::FindingKind::invalid;
      });
      clean += !sliver;
      EXPECT_FALSE(sliver) << "before: " << describe(*mutant, before) << "\nafter: " << describe(*mutant, after);
      EXPECT_LE(proposal.changes.size(), 5u) << describe(*mutant, before);
    }
  }
  std::cout << "[ mutants  ] repaired: " << made << ", without slivers afterwards " << clean << "\n";
}

TEST(CoverageMutants, EveryMutantOfSeattlesPublishedLayersIsFoundAndPlaced) {
  for (const char* name : {"census-tracts", "sps_attendance_area_ES", "sps_attendance_area_HS"}) {
    const std::filesystem::path path =
        std::filesystem::path(CATCHMENT_SOURCE_DIR) / "../shared/data/seattle" / (std::string(name) + ".geojson");
    if (!std::filesystem::exists(path)) GTEST_SKIP() << "no published layer at " << path;
    const auto zones = read_geojson_zones(path);
    const std::set<Key> known = keys(geo::check_coverage(zones));
    const MutantMaker maker(zones);
    std::map<MutantKind, Tally> tallies;
    Random random(7);
    for (int made = 0; made < 200;) {
      const MutantKind kind = kMutantKinds[static_cast<std::size_t>(made) % kMutantKinds.size()];
      const auto mutant = maker.make(kind, random);
      if (!mutant) continue;
      judge(*mutant, known, tallies[kind]);
      ++made;
    }
    print(name, tallies);
  }
}

}  // namespace
}  // namespace catchment::test
