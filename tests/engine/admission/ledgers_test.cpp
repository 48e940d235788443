#include <gtest/gtest.h>

#include "tests/engine/admission/sound_season.hpp"

namespace catchment::testing {
namespace {

constexpr DropoutRules kByRegistration{std::nullopt, 4, 3};

Attendance state_of(const SeasonTables& world, const std::string& child, const DropoutRules& rules = kByRegistration) {
  const DropoutLedgers ledgers = dropout_ledgers(world, rules);
  for (const AgeLedgerRow& row : ledgers.school_age) {
    if (row.child_id == child) return row.state;
  }
  return Attendance::unplaced;
}

void add_trace(SeasonTables& world, const std::string& child, const std::string& kind, Day day) {
  world.traces.push_back({child, kind, "", day, "j1"});
}

// k3 never came.
SeasonTables season_with_no_show() {
  SeasonTables world = sound_season();
  world.admissions[2].arrival = "missing";
  return world;
}

// serves: ZZ21 PD20
TEST(DropoutLedgers, EveryChildIsInTheSchoolAgeLedger) {
  const SeasonTables world = sound_season();
  const DropoutLedgers ledgers = dropout_ledgers(world, kByRegistration);
  ASSERT_EQ(ledgers.school_age.size(), world.children.size());
  for (const AgeLedgerRow& row : ledgers.school_age) EXPECT_EQ(row.state, Attendance::sits) << row.child_id;
  EXPECT_TRUE(ledgers.suspected.empty());
  EXPECT_TRUE(ledgers.dropout.empty());
}

// serves: ZZ21 ZZ22 CQ43
TEST(DropoutLedgers, NobodyIsMissingBeforeTermAndWhoDidNotComeIsSuspectedFromItsFirstDay) {
  SeasonTables world = season_with_no_show();
  world.season[0].as_of = on(8, 31);
  EXPECT_EQ(state_of(world, "k3"), Attendance::expected);
  world.season[0].as_of = on(9, 1);
  EXPECT_EQ(state_of(world, "k3"), Attendance::suspected);
}

// serves: CQ45 ZZ21
TEST(DropoutLedgers, RegistrationMakesADropoutAndReturnEndsIt) {
  SeasonTables world = season_with_no_show();
  add_trace(world, "k3", "registered", on(9, 10));
  EXPECT_EQ(state_of(world, "k3"), Attendance::dropout);
  add_trace(world, "k3", "returned", on(9, 12));
  EXPECT_EQ(state_of(world, "k3"), Attendance::returned);
  add_trace(world, "k3", "registered", on(9, 15));
  EXPECT_EQ(state_of(world, "k3"), Attendance::dropout);
}

TEST(DropoutLedgers, DaysMakeADropoutOnlyWhereTheRulesSayHowMany) {
  SeasonTables world = season_with_no_show();
  world.season[0].as_of = on(9, 11);
  EXPECT_EQ(state_of(world, "k3", {10, 0, 0}), Attendance::suspected);
  world.season[0].as_of = on(9, 12);
  EXPECT_EQ(state_of(world, "k3", {10, 0, 0}), Attendance::dropout);
  EXPECT_EQ(state_of(world, "k3"), Attendance::suspected);
}

// serves: CQ3 CQ15 PD20
TEST(DropoutLedgers, DeferralHoldsUntilItsLastDayAndElsewhereMustBeTraced) {
  SeasonTables world = season_with_no_show();
  world.approvals.push_back({"a1", "deferral", "k3", "district", "bureau", "", on(8, 1), on(9, 20), {}, {}, "illness"});
  EXPECT_EQ(state_of(world, "k3"), Attendance::deferred);
  world.season[0].as_of = on(9, 21);
  EXPECT_EQ(state_of(world, "k3"), Attendance::suspected);
  add_trace(world, "k3", "elsewhere", on(9, 21));
  EXPECT_EQ(state_of(world, "k3"), Attendance::elsewhere);
}

// serves: CQ43 CQ45
TEST(DropoutLedgers, JuniorsComeFirstAndWhatIsStillDueIsTold) {
  SeasonTables world = season_with_no_show();
  world.admissions[0].arrival = "missing";
  world.admissions[4].arrival = "missing";
  add_trace(world, "k3", "contact", on(9, 2));
  add_trace(world, "k3", "guardian_notice", on(9, 3));
  const auto suspected = dropout_ledgers(world, kByRegistration).suspected;
  ASSERT_EQ(suspected.size(), 3u);
  EXPECT_EQ(suspected[0].child_id, "k3");
  EXPECT_EQ(suspected[1].child_id, "k5");
  EXPECT_EQ(suspected[2].child_id, "k1");
  EXPECT_EQ(suspected[0].done, (Words{"contact", "guardian_notice"}));
  EXPECT_EQ(suspected[0].due, (Words{"visit", "written_report"}));
}

// serves: ZZ21
TEST(DropoutLedgers, TheSameListTwiceIsOneCheck) {
  SeasonTables world = sound_season();
  for (RecordRow& row : world.records) {
    if (row.kind == "roster_check") row.document = "a";
  }
  const auto rosters = dropout_ledgers(world, kByRegistration).rosters;
  ASSERT_EQ(rosters.size(), 1u);
  EXPECT_EQ(rosters[0].checks, 1);
  EXPECT_EQ(rosters[0].comparisons, 3);
  EXPECT_FALSE(rosters[0].complete);
}

// serves: ZZ44 ZZ45 PD19 PD22 CQ44
TEST(PlacementLedgers, AChildIsInTheLedgerOfEachOfItsGroups) {
  SeasonTables world = sound_season();
  world.children[3].groups = {"poor", "orphan"};
  add_trace(world, "k4", "care", on(9, 2));
  const auto rows = group_ledger(world);
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].group, "disabled");
  EXPECT_EQ(rows[1].group, "left_behind");
  EXPECT_EQ(rows[2].group, "orphan");
  EXPECT_EQ(rows[3].group, "poor");
  EXPECT_TRUE(rows[3].care);
  EXPECT_FALSE(rows[1].care);
  for (const GroupLedgerRow& row : rows) EXPECT_TRUE(row.lacks.empty());
}

// serves: ZZ44 CQ15
TEST(PlacementLedgers, ADisabledChildNeedsPlacementPlanAndRecordOrAnApprovedDeferral) {
  SeasonTables world = sound_season();
  world.children[3].own_plan = false;
  world.children[3].placement.clear();
  world.student_records.erase(world.student_records.begin() + 3);
  EXPECT_EQ(group_ledger(world)[0].lacks, (Words{"placement", "own_plan", "student_record"}));
  world.children[3].placement = "deferred";
  EXPECT_EQ(group_ledger(world)[0].lacks, (Words{"approval", "own_plan"}));
}

// serves: ZZ50
TEST(PlacementLedgers, AnExceptionIsApprovedExpiredOrNot) {
  SeasonTables world = sound_season();
  const ExceptionRules rules{1, 1, std::nullopt};
  ASSERT_EQ(exception_ledger(world, rules).size(), 3u);
  EXPECT_EQ(exception_ledger(world, rules)[0].state, ExceptionState::unapproved);
  EXPECT_EQ(exception_ledger(world, rules)[0].figure, 2);
  world.approvals.push_back({"a1", "class_cap", "p1", "district", "bureau", "", on(8, 1), on(9, 1), {}, 2, "r"});
  EXPECT_EQ(exception_ledger(world, rules)[0].state, ExceptionState::expired);
  world.approvals.push_back({"a2", "class_cap", "c-p1", "district", "bureau", "", on(9, 1), {}, {}, 2, "r"});
  EXPECT_EQ(exception_ledger(world, rules)[0].state, ExceptionState::approved);
  EXPECT_EQ(exception_ledger(world, rules)[0].approval_id, "a2");
  EXPECT_EQ(approved_cap(world, "c-p1", "p1", on(8, 15)), 2);
  EXPECT_EQ(approved_cap(world, "c-p1", "p1", on(7, 31)), 0);
}

// serves: ZZ55
TEST(PlacementLedgers, WhoLeavesTheSchoolPlacedAtLosesTheQuota) {
  SeasonTables world = sound_season();
  world.student_records[2].closed = on(9, 5);
  world.student_records.push_back({"r2", "k3", "x1", on(9, 5), std::nullopt});
  const auto rows = exception_ledger(world, {0, 0, std::nullopt});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].kind, "quota_lost");
  EXPECT_EQ(rows[0].subject, "k3");
}

// serves: PD21 ZZ48 ZZ42
TEST(PlacementLedgers, PurchasedSeatsCountAsPublicOnes) {
  SeasonTables world = sound_season();
  for (const std::size_t i : {2u, 3u, 4u, 5u}) world.children[i].migrant = true;
  world.admissions[4].way = "purchased";
  world.admissions.pop_back();
  const MigrantShare city = migrant_shares(world).back();
  EXPECT_EQ(city.children, 5);
  EXPECT_EQ(city.in_public, 3);
  EXPECT_EQ(city.purchased, 1);
  EXPECT_EQ(city.in_private, 0);
  EXPECT_EQ(city.unplaced, 1);
  EXPECT_EQ(city.public_permille(), 1000);
}

// serves: PD25 ZZ52
TEST(PlacementLedgers, RecordsAreDoubledSplitEmptyOrMissing) {
  SeasonTables world = sound_season();
  world.student_records[0].closed = on(9, 2);                             // k1 sits without one
  world.student_records[1].school_id = "j1";                              // k2 sits at p1
  world.student_records.push_back({"r9", "k3", "j1", on(9, 2), {}});      // k3 has two
  world.student_records.push_back({"r0", "nobody", "j1", on(9, 2), {}});  // nobody sits
  std::vector<std::string> found;
  for (const StatusFaultRow& row : status_faults(world)) {
    found.push_back(std::string(to_text(row.fault)) + " " + row.child_id + " " + row.record_id);
  }
  EXPECT_EQ(found, (std::vector<std::string>{"split k2 r-k2", "duplicate k3 r-k3", "duplicate k3 r9", "empty nobody r0",
                                             "missing k1 "}));
}

}  // namespace
}  // namespace catchment::testing
