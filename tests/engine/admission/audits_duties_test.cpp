// Audits of what offices, schools and forms owe: letters, classes, records, ledgers, zones, notices, complaints.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/engine/admission/audit_checks.hpp"

namespace catchment::testing {
namespace {

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
  const SeasonChange crowded = [](SeasonTables& world) {
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
  const SeasonChange experimental = [](SeasonTables& world) { world.classes[1].kind = "experimental"; };
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
  const SeasonChange moved = [](SeasonTables& world) {
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
  const SeasonChange away = [](SeasonTables& world) { world.admissions[2].arrival = "missing"; };
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
  const SeasonChange young = [](SeasonTables& world) {
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
  const SeasonChange changed = [](SeasonTables& world) {
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
  const SeasonChange troubled = [](SeasonTables& world) {
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
