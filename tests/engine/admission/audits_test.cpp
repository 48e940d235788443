// Audits: how they are run, and who has which seat by which registration.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "geo/input_error.hpp"
#include "tests/engine/admission/audit_checks.hpp"

namespace catchment::testing {
namespace {

TEST(Audits, ASoundSeasonKeepsEveryRule) {
  for (const AuditResult& result : run_audits(sound_season(), sound_rules())) {
    EXPECT_EQ(result.verdict, AuditVerdict::kept)
        << result.use.audit << ": " << result.reason
        << (result.breaches.empty() ? "" : result.breaches[0].row + " " + result.breaches[0].message);
  }
}

TEST(Audits, ATableThatWasNotHandedInIsNotJudged) {
  SeasonTables world = sound_season();
  world.payments.clear();
  world.absent = {"payments.csv"};
  const auto results = run_audits(world, sound_rules());
  EXPECT_EQ(result_of(results, "entry_money").verdict, AuditVerdict::not_judged);
  EXPECT_EQ(result_of(results, "entry_money").reason, "payments.csv was not handed in");
  EXPECT_EQ(result_of(results, "class_cap").verdict, AuditVerdict::kept);
}

TEST(Audits, RulesThatAreNotGivenAreNotJudged) {
  AuditRules bare;
  bare.uses = sound_rules().uses;
  const auto results = run_audits(sound_season(), bare);
  for (const char* audit : {"windows", "class_cap", "oversized_class", "published", "records_kept", "one_platform",
                            "notified_in_time", "placements", "form_fields", "age", "problem_schools"}) {
    EXPECT_EQ(result_of(results, audit).verdict, AuditVerdict::not_judged) << audit;
  }
}

TEST(Audits, AnUnknownAuditIsRefused) {
  AuditRules rules;
  rules.uses = {{"no_such", "c1", ""}};
  EXPECT_THROW(run_audits(sound_season(), rules), InputError);
}

TEST(Audits, ARequiredColumnThatIsEmptyIsRefusedByFileRowAndColumn) {
  SeasonTables world = sound_season();
  world.registrations[1].time.reset();
  try {
    run_audits(world, sound_rules());
    ADD_FAILURE() << "not refused";
  } catch (const InputError& error) {
    EXPECT_EQ(error.where, "registrations.csv:3#time");
  }
}

TEST(Audits, AreListedByIdOnce) {
  std::set<std::string_view> ids;
  std::string_view last;
  for (const Audit& audit : all_audits()) {
    EXPECT_LT(last, audit.id);
    last = audit.id;
    ids.insert(audit.id);
  }
  EXPECT_EQ(ids.size(), all_audits().size());
}

// serves: ZZ57 PD5 PD8 CQ46 GY37
TEST(Audits, AnIncidentOfABanIsABreachOfIt) {
  expect_breach("incidents", "i1", [](SeasonTables& world) {
    world.incidents.push_back({"i1", "j1", "score_ranking", on(9, 3), "report", std::nullopt, ""});
  });
  SeasonTables world = sound_season();
  world.incidents.push_back({"i1", "j1", "another_ban", on(9, 3), "report", std::nullopt, ""});
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "incidents").verdict, AuditVerdict::kept);
}

// serves: ZZ57 CQ10 GY2 LB19
TEST(Audits, NobodyBeyondThePlanUnlessItWasRaised) {
  const SeasonChange small = [](SeasonTables& world) { world.schools[1].plan_seats = 1; };
  expect_breach("plan_exceeded", "j1", small);
  SeasonTables world = sound_season();
  small(world);
  world.approvals.push_back({"a1", "plan", "j1", "district", "bureau", "", on(8, 1), {}, {}, 2, "more children"});
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "plan_exceeded").verdict, AuditVerdict::kept);
  expect_breach("plan_exceeded", "j1", [](SeasonTables& none) { none.schools[1].plan_seats.reset(); });
}

// serves: ZZ57 GY19
TEST(Audits, ASecondSeatIsFound) {
  expect_breach("second_seat", "k3", [](SeasonTables& world) {
    world.admissions.push_back(world.admissions[2]);
    world.admissions.back().school_id = "x1";
  });
}

// serves: GY36 GY5 PD15
TEST(Audits, AnAdmissionOutsideThePlatformIsFound) {
  expect_breach("offline_admission", "k1", [](SeasonTables& world) { world.admissions[0].channel = "offline"; });
}

// serves: ZZ57 CQ46
TEST(Audits, NothingIsSettledBeforeRegistrationOpens) {
  expect_breach("before_opening", "k5", [](SeasonTables& world) { world.admissions[4].time = at(8, 4, 7, 59); });
  expect_breach("before_opening", "k5", [](SeasonTables& world) { world.payments[0].time = at(8, 4, 7, 59); });
  expect_breach("before_opening", "k6", [](SeasonTables& world) {
    world.commitments.push_back({"k6", "x1", "recruitment", on(8, 3)});
  });
}

// serves: ZZ9 PD11 CQ30
TEST(Audits, AChildOfAnotherDistrictNeedsAGround) {
  const SeasonChange crosses = [](SeasonTables& world) { world.children[4].district = "west"; };
  expect_breach("cross_area", "k5", crosses);
  SeasonTables world = sound_season();
  crosses(world);
  world.approvals.push_back({"a1", "cross_area", "k5", "district", "west", "east", on(8, 1), {}, {}, {}, "moves"});
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "cross_area").verdict, AuditVerdict::kept);
}

// serves: ZZ19 CQ22 PD19 ZZ41 CQ12
TEST(Audits, WhoRegisteredAndPassedHasASeat) {
  expect_breach("all_placed", "k3", [](SeasonTables& world) { world.admissions.erase(world.admissions.begin() + 2); });
}

// serves: ZZ10 ZZ19 CQ11 GY23 LB15
TEST(Audits, WithinThePlanEverybodyIsAdmitted) {
  expect_breach("within_plan", "k6", [](SeasonTables& world) { world.admissions.pop_back(); });
  SeasonTables world = sound_season();
  world.admissions.pop_back();
  world.offers.push_back({"k6", "x1", "wish", "", at(8, 9, 9), {}, "forfeited", {}});
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "within_plan").verdict, AuditVerdict::kept);
}

// serves: ZZ10 CQ11 LB15 GY23
TEST(Audits, BeyondThePlanAPrivateSchoolDraws) {
  const SeasonChange popular = [](SeasonTables& world) { world.schools[2].plan_seats = 1; };
  expect_breach("draw_needed", "x1", popular);
  SeasonTables world = sound_season();
  popular(world);
  world.draws.push_back(draw_of("d1", "private", at(8, 8, 9)));
  world.draws.back().school_id = "x1";
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "draw_needed").verdict, AuditVerdict::kept);
}

// serves: ZZ39 LB16 CQ11 GY24
TEST(Audits, ADrawIsHeldAsTheRulesSay) {
  const auto spoilt = [](const std::function<void(DrawRow&)>& spoil) {
    expect_breach("draw_conduct", "d1", [&](SeasonTables& world) {
      world.draws.push_back(draw_of("d1", "private", at(8, 8, 9)));
      spoil(world.draws.back());
    });
  };
  spoilt([](DrawRow& row) { row.video = false; });
  spoilt([](DrawRow& row) { row.notary = false; });
  spoilt([](DrawRow& row) { row.witnesses = {"parents"}; });
  spoilt([](DrawRow& row) { row.finished = at(8, 9, 9); });
  spoilt([](DrawRow& row) { row.started = at(8, 7, 9), row.finished = at(8, 7, 10); });
  spoilt([](DrawRow& row) { row.published.reset(); });
  spoilt([](DrawRow& row) { row.record.clear(); });
}

// serves: ZZ40 GY27
TEST(Audits, DirectPromotionIsApprovedLockedAndSigned) {
  const SeasonChange promoted = [](SeasonTables& world) {
    world.admissions[4].way = "direct_promotion";
    world.approvals.push_back({"a1", "direct_promotion", "k5", "district", "bureau", "", on(5, 20), {}, {}, {}, ""});
    world.commitments.push_back({"k5", "x1", "direct_promotion", on(5, 18)});
  };
  SeasonTables world = sound_season();
  promoted(world);
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "direct_promotion").verdict, AuditVerdict::kept);
  expect_breach("direct_promotion", "k5", [&](SeasonTables& bad) { promoted(bad), bad.approvals.clear(); });
  expect_breach("direct_promotion", "k5", [&](SeasonTables& bad) { promoted(bad), bad.commitments.clear(); });
  expect_breach("direct_promotion", "k5", [&](SeasonTables& bad) { promoted(bad), bad.admissions[4].locked = false; });
}

// serves: ZZ54 CQ48
TEST(Audits, ASchoolOfForeignChildrenTakesNoneOfTheCity) {
  expect_breach("foreign_school", "k5", [](SeasonTables& world) { world.schools[2].kind = "foreign_children"; });
}

// serves: PD3 ZZ46 CQ16
TEST(Audits, APreferenceNamesItsClauseAndWasApproved) {
  expect_breach("policy_ground", "k1", [](SeasonTables& world) { world.admissions[0].way = "policy"; });
  expect_breach("policy_ground", "k1", [](SeasonTables& world) {
    world.admissions[0].way = "policy";
    world.admissions[0].clause.clear();
    world.approvals.push_back({"a1", "policy_group", "k1", "district", "bureau", "", on(8, 1), {}, {}, {}, ""});
  });
}

// serves: GY19
TEST(Audits, AWithdrawalHasTwoApprovers) {
  for (const char* second : {"", "bureau"}) {
    expect_breach("withdrawals", "a1", [&](SeasonTables& world) {
      world.approvals.push_back({"a1", "withdrawal", "k1", "district", "bureau", second, on(8, 20), {}, {}, {}, ""});
    });
  }
}

// serves: GY6 GY5
TEST(Audits, RegistrationComesBeforeASeat) {
  expect_breach("registered_first", "k1",
                [](SeasonTables& world) { world.registrations.erase(world.registrations.begin()); });
  expect_breach("registered_first", "k1", [](SeasonTables& world) { world.admissions[0].time = at(8, 4, 9); });
}

// serves: ZZ25 ZZ31 ZZ38 LB5
TEST(Audits, RegistrationsLieInTheirWindows) {
  expect_breach("windows", "k1", [](SeasonTables& world) { world.registrations[0].time = at(8, 4, 7, 59); });
  expect_breach("windows", "k1", [](SeasonTables& world) { world.registrations[0].time = at(8, 6, 0); });
  SeasonTables world = sound_season();
  world.registrations[0].time = at(8, 5, 23, 59) + std::chrono::seconds(59);
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "windows").verdict, AuditVerdict::kept);
}

// serves: GY30 CQ26
TEST(Audits, ALateRegistrationIsApproved) {
  expect_breach("late_registration", "k1", [](SeasonTables& world) { world.registrations[0].late = true; });
}

// serves: PD15 CQ37 CQ5 ZZ11 PD18
TEST(Audits, OnePlatformCollects) {
  expect_breach("one_platform", "k1", [](SeasonTables& world) { world.registrations[0].platform = "school_app"; });
}

// serves: ZZ17 PD18 LB20
TEST(Audits, DataAreCollectedOnce) {
  expect_breach("collected_once", "k1", [](SeasonTables& world) { registers(world, "k1", "public", ""); });
  SeasonTables world = sound_season();
  registers(world, "k1", "public", "");
  world.registrations.back().outcome = "failed";
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "collected_once").verdict, AuditVerdict::kept);
}

// serves: ZZ38 CQ20 GY12
TEST(Audits, OnePrivateSchoolAChild) {
  expect_breach("one_choice", "k5", [](SeasonTables& world) { registers(world, "k5", "private", "x2"); });
}

// serves: CQ20
TEST(Audits, APrivateChoiceShutsOutAPublicRegistrationUntilTheDraw) {
  SeasonTables world = sound_season();
  registers(world, "k5", "public", "");
  AuditRules rules = sound_rules();
  rules.no_double_filing = true;
  EXPECT_EQ(result_of(run_audits(world, rules), "one_choice").verdict, AuditVerdict::broken);
  world.registrations.back().time = at(8, 9, 9);
  EXPECT_EQ(result_of(run_audits(world, rules), "one_choice").verdict, AuditVerdict::kept);
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "one_choice").verdict, AuditVerdict::kept);
}

// serves: ZZ11 PD4 LB2
TEST(Audits, PrivateSchoolsRegisterInStep) {
  expect_breach("joint_admission", "other", [](SeasonTables& world) { world.registrations[4].platform = "other"; });
  expect_breach("joint_admission", "k5",
                [](SeasonTables& world) { world.registrations.erase(world.registrations.begin() + 4); });
}

// serves: ZZ36
TEST(Audits, RecommendedPupilsPassThreeStepsAndAreDisclosed) {
  const SeasonChange whole = [](SeasonTables& world) {
    world.recommendations.push_back({"k3", "p1", "j1", on(5, 1), on(5, 5), on(5, 9)});
    for (const char* kind :
         {"recommendation_quota", "recommendation_conditions", "recommendation_method", "recommendation_results"}) {
      world.publications.push_back({kind, "", at(5, 1, 9), "site", ""});
    }
  };
  SeasonTables world = sound_season();
  whole(world);
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "recommended").verdict, AuditVerdict::kept);
  expect_breach("recommended", "k3", [&](SeasonTables& bad) { whole(bad), bad.recommendations[0].chosen = on(5, 6); });
  expect_breach("recommended", "recommendation_results",
                [&](SeasonTables& bad) { whole(bad), bad.publications.pop_back(); });
  expect_breach("recommended", "", [&](SeasonTables& bad) {
    whole(bad);
    bad.recommendations.push_back(bad.recommendations[0]);
  });
}

}  // namespace
}  // namespace catchment::testing
