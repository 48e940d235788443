#include "geo/repair.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "geo/topology.hpp"
#include "tests/support/geojson_zones.hpp"

namespace catchment::geo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr Point kCorner{1136000000, 347000000};
constexpr int kSide = 10000;

MultiPolygon square(int column, int row) {
  const auto at = [&](int x, int y) {
    return Point{kCorner.lon + (column + x) * kSide, kCorner.lat + (row + y) * kSide};
  };
  return {{{at(0, 0), at(1, 0), at(1, 1), at(0, 1)}, {}}};
}
std::vector<MultiPolygon> squares() { return {square(0, 0), square(1, 0), square(0, 1), square(1, 1)}; }

bool is_sliver(const Finding& f) {
  return f.kind == FindingKind::sliver_gap || f.kind == FindingKind::sliver_overlap ||
         f.kind == FindingKind::t_junction;
}

TEST(Repair, SoundLayerStaysAsItIs) {
  const RepairProposal proposal = propose_repair(squares());
  EXPECT_THAT(proposal.changes, IsEmpty());
  EXPECT_THAT(proposal.actions, IsEmpty());
}

TEST(Repair, SliverGapGoesToTheNeighbourWithTheLongestBorder) {
  std::vector<MultiPolygon> zones = squares();
  zones[0][0].shell[2].lon -= 50;  // opens a triangle between zones 0 and 1
  const RepairProposal proposal = propose_repair(zones);
  ASSERT_THAT(proposal.changes, testing::Not(IsEmpty()));
  EXPECT_EQ(proposal.actions[0].kind, RepairKind::gap_given);
  EXPECT_THAT(check_coverage(apply_repair(zones, proposal)), IsEmpty());
}

TEST(Repair, SliverOverlapStaysWithOneOfItsZones) {
  std::vector<MultiPolygon> zones = squares();
  zones[0][0].shell[2].lon += 50;
  const RepairProposal proposal = propose_repair(zones);
  EXPECT_THAT(proposal.actions, testing::Contains(testing::Field(&RepairAction::kind, RepairKind::overlap_given)));
  EXPECT_THAT(check_coverage(apply_repair(zones, proposal)), IsEmpty());
}

TEST(Repair, NotchAtTheOuterEdgeIsClosed) {
  std::vector<MultiPolygon> zones = squares();
  zones[0][0].shell[1].lon -= 30;
  EXPECT_THAT(check_coverage(apply_repair(zones, propose_repair(zones))), IsEmpty());
}

TEST(Repair, MissingVertexIsAdded) {
  std::vector<MultiPolygon> zones = squares();
  zones[0][0].shell.insert(zones[0][0].shell.begin() + 2, {kCorner.lon + kSide, kCorner.lat + 4000});
  const RepairProposal proposal = propose_repair(zones);
  ASSERT_THAT(proposal.changes, SizeIs(1));
  EXPECT_EQ(proposal.changes[0].zone, 1u);
  EXPECT_THAT(proposal.actions, ElementsAre(testing::Field(&RepairAction::kind, RepairKind::noded)));
  EXPECT_EQ(proposal.changes[0].gained_m2, 0);
  EXPECT_THAT(check_coverage(apply_repair(zones, proposal)), IsEmpty());
}

TEST(Repair, WideGapsAndOverlapsAreLeftToPeople) {
  std::vector<MultiPolygon> zones = squares();
  zones[0][0].shell[2].lon += 4000;
  zones[0][0].shell[2].lat += 100;
  const std::vector<MultiPolygon> after = apply_repair(zones, propose_repair(zones));
  const std::vector<Finding> findings = check_coverage(after);
  EXPECT_THAT(findings, testing::Contains(testing::Field(&Finding::kind, FindingKind::overlap)));
}

TEST(Repair, NewShapesKeepTheLayersDirection) {
  std::vector<MultiPolygon> zones = squares();
  zones[0][0].shell[2].lon -= 50;
  for (MultiPolygon& zone : zones) std::reverse(zone[0].shell.begin(), zone[0].shell.end());
  EXPECT_THAT(check_coverage(apply_repair(zones, propose_repair(zones))), IsEmpty());
}

// Precincts of Denver as published in 2020, before the maup authors repaired them by hand.
TEST(Repair, DenverPrecinctsHaveNoSliversAfterwards) {
  const auto zones =
      test::read_geojson_zones(std::string(CATCHMENT_SOURCE_DIR) + "/tests/golden/denver/precincts_2020.geojson");
  const std::vector<Finding> before = check_coverage(zones);
  EXPECT_GE(std::count_if(before.begin(), before.end(), is_sliver), 10);
  const RepairProposal proposal = propose_repair(zones);
  const std::vector<Finding> after = check_coverage(apply_repair(zones, proposal));
  EXPECT_EQ(std::count_if(after.begin(), after.end(), is_sliver), 0);
  EXPECT_EQ(std::count_if(after.begin(), after.end(), [](const Finding& f) { return f.kind == FindingKind::invalid; }),
            0);
  for (const ZoneChange& change : proposal.changes) {
    EXPECT_TRUE(check_validity(change.after).valid) << change.zone;
    EXPECT_LT(change.gained_m2 + change.lost_m2, 20) << change.zone;
  }
}

}  // namespace
}  // namespace catchment::geo
