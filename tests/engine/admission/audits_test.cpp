#include "engine/admission/audits/audits.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <set>

#include "geo/input_error.hpp"
#include "tests/engine/admission/sound_season.hpp"

namespace catchment::testing {
namespace {

using Change = std::function<void(SeasonTables&)>;

const AuditResult& result_of(const std::vector<AuditResult>& results, const std::string& audit) {
  return *std::ranges::find_if(results, [&](const AuditResult& result) { return result.use.audit == audit; });
}

// After the change this audit is broken by that row; before it, nothing was.
void expect_breach(const std::string& audit, const std::string& row, const Change& change) {
  SeasonTables world = sound_season();
  change(world);
  const auto results = run_audits(world, sound_rules());
  const AuditResult& result = result_of(results, audit);
  EXPECT_EQ(result.verdict, AuditVerdict::broken) << audit << ": " << result.reason;
  EXPECT_TRUE(std::ranges::any_of(result.breaches, [&](const Breach& breach) { return breach.row == row; }))
      << audit << " does not name " << row;
  EXPECT_EQ(result.use.clause, "clause_" + audit);
}

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
  const Change small = [](SeasonTables& world) { world.schools[1].plan_seats = 1; };
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
  const Change crosses = [](SeasonTables& world) { world.children[4].district = "west"; };
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
  const Change popular = [](SeasonTables& world) { world.schools[2].plan_seats = 1; };
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
  const Change promoted = [](SeasonTables& world) {
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
  const Change whole = [](SeasonTables& world) {
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

// serves: CQ25 LB13
TEST(Audits, LettersAreSentInTime) {
  expect_breach("notified_in_time", "k1", [](SeasonTables& world) { world.admissions[0].notified = on(8, 16); });
  expect_breach("notified_in_time", "k1", [](SeasonTables& world) { world.admissions[0].notified.reset(); });
}

// serves: ZZ57 PD9 GY37
TEST(Audits, PublicAndPrivateAreNotMixed) {
  expect_breach("mixed_classes", "k5", [](SeasonTables& world) { world.class_pupils[4].class_id = "c-j1"; });
}

// serves: ZZ50 CQ33 LB18
TEST(Audits, AClassOverTheCapNeedsTheDistrictsApproval) {
  const Change crowded = [](SeasonTables& world) {
    for (const char* id : {"k3", "k4"}) world.class_pupils.push_back({"c-x1", id});
  };
  expect_breach("class_cap", "c-x1", crowded);
  const auto approved = [&](const std::string& step, MaybeDay until, int figure) {
    SeasonTables world = sound_season();
    crowded(world);
    world.approvals.push_back(
        {"a1", "class_cap", "x1", step, "bureau", "", on(8, 1), until, {}, figure, "many children"});
    return result_of(run_audits(world, sound_rules()), "class_cap").verdict;
  };
  EXPECT_EQ(approved("district", std::nullopt, 4), AuditVerdict::kept);
  EXPECT_EQ(approved("school", std::nullopt, 4), AuditVerdict::broken);
  EXPECT_EQ(approved("district", on(9, 19), 4), AuditVerdict::broken);
  EXPECT_EQ(approved("district", on(9, 20), 4), AuditVerdict::kept);
  EXPECT_EQ(approved("district", std::nullopt, 3), AuditVerdict::broken);
}

// serves: ZZ51 LB18 CQ33
TEST(Audits, AnOversizedClassIsFoundWhateverWasApproved) {
  expect_breach("oversized_class", "c-x1", [](SeasonTables& world) {
    for (const char* id : {"k1", "k2", "k3"}) world.class_pupils.push_back({"c-x1", id});
    world.approvals.push_back({"a1", "class_cap", "x1", "district", "bureau", "", on(8, 1), {}, {}, 9, "many"});
  });
}

// serves: ZZ3 LB17 PD10
TEST(Audits, AnExperimentalClassNeedsTheProvinceAndAYearlyFiling) {
  const Change experimental = [](SeasonTables& world) { world.classes[1].kind = "experimental"; };
  expect_breach("experimental_class", "c-j1", experimental);
  expect_breach("no_experimental_class", "c-j1", experimental);
  const auto filed = [&](const std::string& step, MaybeDay day) {
    SeasonTables world = sound_season();
    experimental(world);
    world.approvals.push_back({"a1", "experimental_class", "j1", step, "office", "", on(1, 1), {}, day, {}, "pilot"});
    return result_of(run_audits(world, sound_rules()), "experimental_class").verdict;
  };
  EXPECT_EQ(filed("province", on(8, 1)), AuditVerdict::kept);
  EXPECT_EQ(filed("district", on(8, 1)), AuditVerdict::broken);
  EXPECT_EQ(filed("province", on(8, 1) - std::chrono::days(365)), AuditVerdict::broken);
}

// serves: LB3 GY3 GY33
TEST(Audits, ClassesAreDealtByDrawAndEven) {
  expect_breach("balanced_classes", "c-j1", [](SeasonTables& world) { world.classes[1].pupil_draw_id.clear(); });
  expect_breach("balanced_classes", "j1", [](SeasonTables& world) {
    world.classes.push_back({"c-j2", "j1", 7, "ordinary", "t-2", "d-pupils", "d-teachers"});
  });
}

// serves: GY3 GY34
TEST(Audits, HeadTeachersAreDrawnAfterPupils) {
  expect_breach("head_teacher_draw", "c-j1", [](SeasonTables& world) { world.classes[1].teacher_draw_id.clear(); });
  expect_breach("head_teacher_draw", "c-j1", [](SeasonTables& world) { world.classes[1].head_teacher.clear(); });
  expect_breach("head_teacher_draw", "c-j1", [](SeasonTables& world) { world.draws[1].started = at(8, 18, 9); });
}

// serves: ZZ52 PD25 CQ47 LB21 GY37
TEST(Audits, ARecordIsWhereItsChildIs) {
  expect_breach("student_records", "r-k1", [](SeasonTables& world) { world.student_records[0].school_id = "j1"; });
  expect_breach("student_records", "r-k1", [](SeasonTables& world) {
    world.student_records.push_back({"r-2", "k1", "p1", on(9, 2), std::nullopt});
  });
  expect_breach("student_records", "r-0", [](SeasonTables& world) {
    world.student_records.push_back({"r-0", "", "p1", on(9, 2), std::nullopt});
  });
}

// serves: ZZ53 CQ47 LB4
TEST(Audits, EveryGraduateHasASeat) {
  expect_breach("record_continuity", "k3",
                [](SeasonTables& world) { world.admissions.erase(world.admissions.begin() + 2); });
}

// serves: PD24 GY37
TEST(Audits, ARecordMovesWithTwoApprovers) {
  const Change moved = [](SeasonTables& world) {
    world.student_records[2].closed = on(9, 5);
    world.student_records.push_back({"r-2", "k3", "x1", on(9, 5), std::nullopt});
  };
  expect_breach("record_flows", "k3", moved);
  expect_breach("record_flows", "k3", [&](SeasonTables& world) {
    moved(world);
    world.approvals.push_back({"a1", "transfer", "k3", "district", "east", "", on(9, 4), {}, {}, {}, ""});
  });
  expect_breach("quota_lost", "k3", moved);
}

// serves: ZZ45 PD19 PD23 ZZ44
TEST(Audits, AChildOfASpecialGroupIsNotForgotten) {
  expect_breach("special_groups", "k3",
                [](SeasonTables& world) { world.admissions.erase(world.admissions.begin() + 2); });
  expect_breach("special_groups", "k4", [](SeasonTables& world) { world.children[3].own_plan = false; });
}

// serves: ZZ22 PD20 CQ43 CQ45
TEST(Audits, WhoIsAwayIsFollowedUp) {
  const Change away = [](SeasonTables& world) { world.admissions[2].arrival = "missing"; };
  expect_breach("dropouts", "k3", away);
  SeasonTables world = sound_season();
  away(world);
  for (const char* kind : {"contact", "visit", "guardian_notice", "written_report"}) {
    world.traces.push_back({"k3", kind, "", on(9, 10), "j1"});
  }
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "dropouts").verdict, AuditVerdict::kept);
}

// serves: ZZ21
TEST(Audits, ADistrictChecksAgainstFourListsAndComparesThree) {
  expect_breach("rosters", "east", [](SeasonTables& world) { world.records.pop_back(); });
}

// serves: PD21 ZZ42
TEST(Audits, TheShareOfMigrantChildrenInPublicSeatsDoesNotFall) {
  expect_breach("migrant_share", "", [](SeasonTables& world) { world.schools[0].ownership = "private"; });
  SeasonTables world = sound_season();
  world.schools[0].ownership = "private";
  world.admissions[1].way = "purchased";
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "migrant_share").verdict, AuditVerdict::kept);
}

// serves: PD22 ZZ44 CQ15
TEST(Audits, APlacementIsNoFartherFromOthersThanTheDegreeAsks) {
  expect_breach("placements", "k4", [](SeasonTables& world) { world.children[3].placement = "special_school"; });
  expect_breach("placements", "k4", [](SeasonTables& world) { world.children[3].placement.clear(); });
  SeasonTables world = sound_season();
  world.children[3].disability = "severe";
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "placements").verdict, AuditVerdict::kept);
}

// serves: ZZ4
TEST(Audits, WhoRegisteredWasCounted) {
  expect_breach("survey", "k9", [](SeasonTables& world) { registers(world, "k9", "public", ""); });
}

// serves: ZZ12 ZZ16 PD17
TEST(Audits, AFormThatAsksTooMuchIsFound) {
  expect_breach("form_fields", "f2", [](SeasonTables& world) {
    world.form_fields.push_back({"f2", "p1", "city", "income", "registration"});
  });
}

// serves: ZZ13 PD16 CQ19 GY4 GY16
TEST(Audits, AMismatchIsSettled) {
  expect_breach("data_checks", "k1", [](SeasonTables& world) { world.data_checks[0].result = "mismatch"; });
}

// serves: ZZ57 PD7
TEST(Audits, NoMoneyButAPrivateSchoolsFee) {
  expect_breach("entry_money", "k5", [](SeasonTables& world) { world.payments[0].kind = "donation"; });
  expect_breach("entry_money", "k1", [](SeasonTables& world) {
    world.payments.push_back({"k1", "p1", "term_fee", 100, at(9, 2, 9), ""});
  });
}

// serves: PD8
TEST(Audits, ALetterThatPromisesASeatIsFound) {
  expect_breach("recruitment_letters", "k6", [](SeasonTables& world) {
    world.commitments.push_back({"k6", "x1", "recruitment", on(8, 10)});
  });
}

// serves: CQ1 GY10 CQ2
TEST(Audits, ADayTooYoungNeedsAnApproval) {
  const Change young = [](SeasonTables& world) {
    world.children[0].birth_date = *world.children[0].birth_date + std::chrono::days(1);
  };
  expect_breach("age", "k1", young);
  SeasonTables world = sound_season();
  young(world);
  world.approvals.push_back({"a1", "age", "k1", "district", "bureau", "", on(8, 1), {}, {}, {}, "village school"});
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "age").verdict, AuditVerdict::kept);
}

// serves: ZZ6 PD1
TEST(Audits, ZonesCoverSchoolsAndChildren) {
  expect_breach("zones", "p1", [](SeasonTables& world) { world.zones[0].school_ids.clear(); });
  expect_breach("zones", "z1", [](SeasonTables& world) { world.zones[0].school_ids.clear(); });
  expect_breach("zones", "k1", [](SeasonTables& world) { world.children[0].zone_id.clear(); });
}

// serves: ZZ7 CQ27
TEST(Audits, AZoneChangesWithEvaluationConsultationAndConsent) {
  const Change changed = [](SeasonTables& world) {
    world.zones[0].changed = true;
    world.approvals.push_back(
        {"a1", "zone_change", "z1", "government", "office", "", on(6, 1), {}, {}, {}, "new school"});
    for (const char* kind : {"zone_evaluation", "zone_consultation"}) {
      world.records.push_back({kind, kind, "z1", on(5, 1), "bureau", 9, "minutes"});
    }
  };
  SeasonTables world = sound_season();
  changed(world);
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "zone_changes").verdict, AuditVerdict::kept);
  expect_breach("zone_changes", "z1", [&](SeasonTables& bad) { changed(bad), bad.approvals.clear(); });
  expect_breach("zone_changes", "z1", [&](SeasonTables& bad) { changed(bad), bad.records.pop_back(); });
}

// serves: PD2 ZZ47
TEST(Audits, ADeliveredCompoundHasItsSchool) {
  expect_breach("new_estates", "e1", [](SeasonTables& world) { world.estates[0].school_id.clear(); });
  expect_breach("new_estates", "e1", [](SeasonTables& world) { world.estates[0].school_delivered = on(9, 1); });
}

// serves: PD12 ZZ56 CQ34 CQ51 GY8
TEST(Audits, WhatFamiliesNeedIsPublicInTime) {
  expect_breach("published", "p1", [](SeasonTables& world) { world.publications[0].time = at(7, 3, 9); });
  expect_breach("published", "p1", [](SeasonTables& world) { world.publications.erase(world.publications.begin()); });
  expect_breach("published", "east", [](SeasonTables& world) { world.publications.back().time = at(8, 4, 0); });
}

// serves: CQ35 GY8
TEST(Audits, PlansComeOutTogether) {
  expect_breach("published_together", "east", [](SeasonTables& world) { world.publications[5].time = at(7, 2, 9); });
}

// serves: PD14 CQ52
TEST(Audits, ComplaintsAreAnsweredAndHaveConsequences) {
  expect_breach("complaints", "q1", [](SeasonTables& world) { world.complaints[0].answered.reset(); });
  expect_breach("complaints", "q1", [](SeasonTables& world) { world.complaints[0].answered = at(8, 11, 9); });
  expect_breach("complaints", "q1", [](SeasonTables& world) {
    world.complaints[0].kind = "complaint";
    world.complaints[0].outcome = "upheld";
  });
}

// serves: PD29 PD13
TEST(Audits, ASchoolWithManyProblemsIsGuidedAndSpeaks) {
  const Change troubled = [](SeasonTables& world) {
    for (const char* id : {"u1", "u2"}) {
      world.complaints.push_back({id, "x1", "mailbox", "complaint", at(8, 5, 9), at(8, 6, 9), "upheld", "warned"});
    }
  };
  expect_breach("problem_schools", "x1", troubled);
  SeasonTables world = sound_season();
  troubled(world);
  world.records.push_back({"g1", "guidance", "x1", on(8, 7), "bureau", 2, ""});
  world.publications.push_back({"statement", "x1", at(8, 7, 9), "site", ""});
  EXPECT_EQ(result_of(run_audits(world, sound_rules()), "problem_schools").verdict, AuditVerdict::kept);
}

// serves: PD28 CQ51
TEST(Audits, ARumourIsAnswered) {
  expect_breach("rumours", "u1", [](SeasonTables& world) {
    world.complaints.push_back({"u1", "east", "online", "rumour", at(8, 5, 9), {}, "", ""});
  });
}

// serves: GY38
TEST(Audits, AdvertisementsAreVettedAndPublicSchoolsHaveNone) {
  expect_breach("brochures", "x1", [](SeasonTables& world) { world.publications[6].vetted_by.clear(); });
  expect_breach("brochures", "p1", [](SeasonTables& world) {
    world.publications.push_back({"private_brochure", "p1", at(7, 1, 9), "site", "bureau"});
  });
}

// serves: PD26 PD27 ZZ58 CQ38 LB22
TEST(Audits, WhatPeopleHadToDoIsOnRecord) {
  expect_breach("records_kept", "east", [](SeasonTables& world) { world.records.erase(world.records.begin()); });
  expect_breach("records_kept", "east", [](SeasonTables& world) { world.records[0].day = on(9, 21); });
}

}  // namespace
}  // namespace catchment::testing
