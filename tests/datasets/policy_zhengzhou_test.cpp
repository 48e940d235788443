// The facts of Zhengzhou's pack, as its document prints them.
#include "tests/datasets/policy_places.hpp"

namespace catchment::datasets {
namespace {

// serves: ZZ1 ZZ56 ZZ12 ZZ18
TEST(Zhengzhou, DocumentDistrictsAndWhatTheyPublish) {
  ASSERT_EQ(zhengzhou().documents.size(), 1u);
  EXPECT_EQ(policy::to_text(*zhengzhou().documents[0].issued), "2024-05-24");
  EXPECT_EQ(zhengzhou().school_year, 2024);
  EXPECT_EQ(zhengzhou().districts.size(), 9u);
  const auto& disclosed = entry(zhengzhou().calendar.publications, "disclosed").contents;
  for (const auto content :
       {policy::Content::policy, policy::Content::plan, policy::Content::zones, policy::Content::procedure,
        policy::Content::conditions, policy::Content::consult_phone, policy::Content::report_phone}) {
    EXPECT_EQ(std::ranges::count(disclosed, content), 1);
  }
  EXPECT_EQ(entry(zhengzhou().duties, "district_scheme").who, "district");
  EXPECT_TRUE(has(zhengzhou().calendar.publications, "rules_by_level"));
  EXPECT_TRUE(has(zhengzhou().calendar.publications, "how_to_register"));
}

// serves: ZZ2 ZZ14 ZZ15 ZZ16 ZZ17 ZZ42
TEST(Zhengzhou, WhatMayNotBeAsked) {
  for (const char* id :
       {"preschool_history", "family_planning", "over_age_proof", "no_guardian_at_home", "certificates", "resume"}) {
    EXPECT_EQ(entry(zhengzhou().evidence_forbidden, id).ban, policy::Ban::never) << id;
  }
  EXPECT_EQ(entry(zhengzhou().evidence_forbidden, "vaccination").ban, policy::Ban::before_term);
  EXPECT_TRUE(has(zhengzhou().form.forbidden, "parents_post"));
  EXPECT_TRUE(has(zhengzhou().form.forbidden, "parents_income"));
  EXPECT_TRUE(zhengzhou().form.collect_once);
  EXPECT_EQ(serves(zhengzhou(), entry(zhengzhou().form.rules, "once")), Texts{"ZZ17"});
}

// serves: ZZ3 ZZ4 ZZ21 ZZ22 ZZ49 ZZ58
TEST(Zhengzhou, DutiesAndTheAuditsThatShowThem) {
  for (const char* id : {"experimental_review", "school_age_survey", "dropout_plan_county", "dropout_plan_school",
                         "return_drive", "school_groups", "risk_assessment", "contingency_plan"}) {
    EXPECT_TRUE(has(zhengzhou().duties, id)) << id;
  }
  EXPECT_TRUE(audits(zhengzhou(), "experimental_class", "ZZ3"));
  EXPECT_TRUE(audits(zhengzhou(), "survey", "ZZ4"));
  EXPECT_TRUE(audits(zhengzhou(), "rosters", "ZZ21"));
  EXPECT_TRUE(audits(zhengzhou(), "dropouts", "ZZ22"));
  for (const char* id : {"school_age", "suspected_dropout", "dropout"}) EXPECT_TRUE(has(zhengzhou().ledgers, id)) << id;
}

// serves: ZZ5 ZZ6 ZZ7
TEST(Zhengzhou, Zones) {
  EXPECT_EQ(entry(zhengzhou().zone_rules, "factors").factors,
            (Texts{"children", "distribution", "school_layout", "seats", "traffic"}));
  EXPECT_TRUE(entry(zhengzhou().zone_rules, "every_school").every_public_school);
  EXPECT_EQ(entry(zhengzhou().zone_rules, "change").change_steps,
            (Texts{"evaluate", "consult", "publish_early", "explain"}));
}

// serves: ZZ8 ZZ23
TEST(Zhengzhou, TheHomeWithParentsElseWithTheGuardian) {
  const policy::Condition& matched = entry(zhengzhou().categories, "matched").when;
  const std::string home = R"("hukou_in_city":true,"hukou_address":"d1","residence_address":"d1")";
  EXPECT_TRUE(holds(matched, "{" + home + R"(,"lives_with":["parents"],"parents_in_city":true})"));
  EXPECT_FALSE(holds(matched, "{" + home + R"(,"lives_with":["grandparents"],"parents_in_city":true})"));
  EXPECT_TRUE(holds(matched, "{" + home + R"(,"lives_with":["guardian"],"parents_in_city":false})"));
  EXPECT_FALSE(holds(matched, "{" + home + R"(,"lives_with":["guardian"],"parents_in_city":true})"));
  EXPECT_FALSE(holds(
      matched, R"({"hukou_in_city":true,"hukou_address":"d1","residence_address":"d2","lives_with":["parents"]})"));
  EXPECT_TRUE(
      holds(entry(zhengzhou().categories, "migrant").when, R"({"hukou_in_city":false,"permit_holder":"parent"})"));
  EXPECT_FALSE(
      holds(entry(zhengzhou().categories, "migrant").when, R"({"hukou_in_city":false,"permit_holder":"none"})"));
}

// serves: ZZ9 ZZ54 ZZ38
TEST(Zhengzhou, WhoIsBarred) {
  EXPECT_TRUE(holds(entry(zhengzhou().bars, "private_area").when,
                    R"({"residence_district":"erqi","school_district":"jinshui"})"));
  EXPECT_FALSE(
      holds(entry(zhengzhou().bars, "private_area").when, R"({"residence_district":"erqi","school_district":"erqi"})"));
  EXPECT_TRUE(holds(entry(zhengzhou().bars, "foreign_school").when,
                    R"({"school_for_foreigners":true,"nationality":"chinese"})"));
  EXPECT_TRUE(holds(entry(zhengzhou().bars, "one_private").when, R"({"private_choices":2})"));
  EXPECT_FALSE(holds(entry(zhengzhou().bars, "one_private").when, R"({"private_choices":1})"));
}

// serves: ZZ10 ZZ11 ZZ19 ZZ41 ZZ48 ZZ30
TEST(Zhengzhou, SeatsWithinAndBeyondThePlan) {
  const auto& open_to_all = entry(zhengzhou().filling, "public_within");
  EXPECT_EQ(open_to_all.within_plan, policy::Filling::admit_all);
  EXPECT_EQ(open_to_all.rest, "adjacent_zones");
  const auto& drawn = entry(zhengzhou().filling, "private_fill");
  EXPECT_EQ(drawn.within_plan, policy::Filling::register_directly);
  EXPECT_EQ(drawn.over_plan, policy::Filling::draw);
  EXPECT_EQ(drawn.rest, "public_pool");
  EXPECT_TRUE(entry(zhengzhou().overflow, "near_zones").nearest_first);
  EXPECT_EQ(entry(zhengzhou().overflow, "purchased").to, "purchased_private_seats");
  EXPECT_TRUE(has(zhengzhou().private_schools.rules, "same_platform"));
  EXPECT_TRUE(has(zhengzhou().private_schools.rules, "public_meanwhile"));
  EXPECT_TRUE(entry(zhengzhou().categories, "private_primary").delegated);
}

// serves: ZZ24
TEST(Zhengzhou, EntryAgeIsTheDistrictsAndNoneIsFilledIn) {
  ASSERT_EQ(zhengzhou().age_rules.size(), 1u);
  EXPECT_EQ(zhengzhou().age_rules[0].delegated_to, "district");
  EXPECT_FALSE(zhengzhou().age_rules[0].cutoff);
}

// serves: ZZ25 ZZ31 ZZ38
TEST(Zhengzhou, WindowsToTheMinute) {
  EXPECT_EQ(span_text(zhengzhou(), "primary_online"), "2024-08-04T08:00 [ 2024-08-05T23:59 ]");
  EXPECT_EQ(span_text(zhengzhou(), "primary_on_site"), "2024-08-18 [ 2024-08-19 ]");
  EXPECT_EQ(span_text(zhengzhou(), "junior_online"), "2024-06-11T08:00 [ 2024-06-12T23:59 ]");
  EXPECT_EQ(span_text(zhengzhou(), "junior_on_site"), "2024-06-16 [ 2024-06-17 ]");
  EXPECT_EQ(span_text(zhengzhou(), "junior_private"), "2024-06-17 [ 2024-06-18 ]");
  const auto rules = admission::audit_rules(zhengzhou());
  const auto online = std::ranges::find_if(rules.windows, [](const auto& window) { return window.stage == "primary"; });
  EXPECT_EQ(policy::to_text(online->opens), "2024-08-04T08:00:00");
  EXPECT_EQ(policy::to_text(online->closes), "2024-08-05T23:59:59");
}

// serves: ZZ26 ZZ27 ZZ13
TEST(Zhengzhou, OnlineFirstThenOnSite) {
  const auto& app = entry(zhengzhou().channels, "zhb");
  EXPECT_EQ(app.kind, "app");
  EXPECT_TRUE(app.success_excludes_others);
  EXPECT_EQ(entry(zhengzhou().channels, "primary_desk").open_after, (Texts{"missed", "failed", "rejected"}));
  for (const char* id : {"hukou_record", "property_record", "permit_record"}) {
    EXPECT_EQ(entry(zhengzhou().evidence, id).source, policy::EvidenceSource::shared);
  }
}

// serves: ZZ28 ZZ29 ZZ35
TEST(Zhengzhou, PapersOfHukouAndMigrantChildren) {
  using Groups = std::vector<Texts>;
  EXPECT_EQ(entry(zhengzhou().categories, "city_hukou").evidence,
            (Groups{{"hukou_record", "hukou_booklet"}, {"parents_id"}, {"property_record", "property_deed"}}));
  const Groups migrant{{"permit_record", "residence_permit"},
                       {"labour_contract", "business_licence"},
                       {"origin_hukou_booklet"},
                       {"parents_id"}};
  EXPECT_EQ(entry(zhengzhou().categories, "migrant").evidence, migrant);
  EXPECT_EQ(entry(zhengzhou().categories, "migrant").review_by, "district");
  EXPECT_EQ(entry(zhengzhou().categories, "migrant_junior").evidence, migrant);
  EXPECT_EQ(entry(zhengzhou().categories, "migrant_junior").review_by, "district_exam_office");
  EXPECT_EQ(entry(zhengzhou().categories, "migrant_junior").route, policy::Route::bureau);
}

// serves: ZZ32 ZZ33 ZZ34
TEST(Zhengzhou, GraduatesOfTheCityAndFromElsewhere) {
  EXPECT_EQ(entry(zhengzhou().channels, "primary_school").entered_by, policy::DataEntry::primary_school);
  EXPECT_EQ(entry(zhengzhou().categories, "city_graduate").evidence,
            (std::vector<Texts>{{"graduate_form"}, {"address_verified"}}));
  EXPECT_TRUE(holds(entry(zhengzhou().categories, "city_graduate").when,
                    R"({"primary_in_city":true,"residence_district":"erqi","primary_district":"erqi"})"));
  EXPECT_FALSE(holds(entry(zhengzhou().categories, "city_graduate").when,
                     R"({"primary_in_city":true,"residence_district":"erqi","primary_district":"jinshui"})"));
  EXPECT_EQ(entry(zhengzhou().categories, "cross_district").review_by, "district_exam_office");
  EXPECT_TRUE(holds(entry(zhengzhou().categories, "outside_graduate").when,
                    R"({"hukou_in_city":true,"primary_in_city":false})"));
}

// serves: ZZ36
TEST(Zhengzhou, RecommendedPupils) {
  const auto& quota = entry(zhengzhou().recommended_quotas, "foreign_language_school");
  EXPECT_EQ(quota.classes, 6);
  ASSERT_EQ(quota.shares.size(), 2u);
  EXPECT_EQ(quota.shares[0].districts, Texts{"zhongyuan"});
  EXPECT_EQ(quota.shares[0].classes, 2);
  EXPECT_EQ(quota.shares[1].districts.size(), 8u);
  EXPECT_EQ(quota.shares[1].classes, 4);
  EXPECT_EQ(quota.ratio_schools, quota.ratio_seats);
  EXPECT_EQ(quota.disclosures.size(), 4u);
  EXPECT_EQ(quota.approvals, (Texts{"primary_school", "district", "city"}));
}

// serves: ZZ37 ZZ40
TEST(Zhengzhou, PrivateJuniorSchools) {
  const policy::Condition& when = entry(zhengzhou().categories, "private_junior").when;
  EXPECT_TRUE(holds(
      when, R"({"residence_district":"erqi","school_district":"erqi","primary_in_city":true,"hukou_in_city":false})"));
  EXPECT_TRUE(holds(
      when, R"({"residence_district":"erqi","school_district":"erqi","primary_in_city":false,"hukou_in_city":true})"));
  EXPECT_FALSE(holds(
      when, R"({"residence_district":"erqi","school_district":"erqi","primary_in_city":false,"hukou_in_city":false})"));
  EXPECT_EQ(entry(zhengzhou().private_schools.direct_promotion, "promotion").reviewed_by, "approving_district");
}

// serves: ZZ39
TEST(Zhengzhou, TheDraw) {
  const auto& draw = entry(zhengzhou().draws, "junior_private");
  EXPECT_EQ(policy::to_text(*draw.on), "2024-06-27");
  EXPECT_TRUE(draw.recorded);
  EXPECT_TRUE(draw.notary);
  EXPECT_EQ(draw.witnesses,
            (Texts{"people_congress_deputies", "cppcc_members", "discipline_inspectors", "media", "parents"}));
  EXPECT_EQ(policy::to_text(*entry(zhengzhou().calendar.publications, "draw_result").on), "2024-06-27");
}

// serves: ZZ43 ZZ44 ZZ45 ZZ46
TEST(Zhengzhou, GroupsPlacementsAndLedgers) {
  for (const char* id : {"martyr", "military", "police", "talent", "returning_entrepreneur", "migrant"}) {
    EXPECT_TRUE(has(zhengzhou().special_groups, id)) << id;
  }
  for (const char* id : {"left_behind", "unattended", "orphan", "poor", "disabled"}) {
    EXPECT_TRUE(has(zhengzhou().ledgers, id)) << id;
  }
  EXPECT_EQ(entry(zhengzhou().placements, "special_school").disputes_to, "expert_committee");
  EXPECT_EQ(entry(zhengzhou().placements, "home_teaching").record_kept_by, "serving_school");
  EXPECT_TRUE(holds(entry(zhengzhou().placements, "home_teaching").when, R"({"needs_home_care":true})"));
}

// serves: ZZ47 ZZ20
TEST(Zhengzhou, EstatesAndTheSeniorQuotaHaveTheirRecords) {
  EXPECT_TRUE(audits(zhengzhou(), "new_estates", "ZZ47"));
  EXPECT_EQ(entry(zhengzhou().duties, "estate_schools").record, "estates.csv");
  EXPECT_EQ(entry(zhengzhou().duties, "senior_quota").record, "approvals.csv");
}

// serves: ZZ50 ZZ51
TEST(Zhengzhou, ClassCaps) {
  EXPECT_EQ(entry(zhengzhou().class_caps, "primary_cap").cap, 45);
  EXPECT_EQ(entry(zhengzhou().class_caps, "junior_cap").cap, 50);
  EXPECT_EQ(entry(zhengzhou().class_caps, "junior_cap").approval, "district");
  EXPECT_TRUE(entry(zhengzhou().class_caps, "primary_no_large").no_super_large_class);
  EXPECT_TRUE(audits(zhengzhou(), "oversized_class", "ZZ51"));
}

// serves: ZZ52 ZZ53 ZZ55
TEST(Zhengzhou, RecordsAndTheQuotaBenefit) {
  EXPECT_TRUE(audits(zhengzhou(), "student_records", "ZZ52"));
  EXPECT_TRUE(audits(zhengzhou(), "record_flows", "ZZ52"));
  EXPECT_TRUE(audits(zhengzhou(), "record_continuity", "ZZ53"));
  EXPECT_TRUE(audits(zhengzhou(), "quota_lost", "ZZ55"));
  EXPECT_EQ(entry(zhengzhou().flags, "quota_lost").effect, "no_senior_high_quota");
}

// serves: ZZ57
TEST(Zhengzhou, TenBans) {
  ASSERT_EQ(zhengzhou().bans.size(), 10u);
  for (const policy::Check& ban : zhengzhou().bans) {
    EXPECT_FALSE(ban.audit.empty()) << ban.id;
    EXPECT_EQ(serves(zhengzhou(), ban), Texts{"ZZ57"});
  }
}

// serves: ZZ59
TEST(Zhengzhou, TenUnitsWithTwoPhonesEach) {
  Texts printed;
  for (const policy::Phone& phone : zhengzhou().phones)
    printed.push_back(phone.unit + " " + phone.consult + " " + phone.report);
  EXPECT_EQ(printed, (Texts{"中原区教育局 67639434 67628064", "二七区教育局 61177705 61177731",
                            "金水区教育局 53388169 60116615", "管城回族区教育局 66350810 66335546",
                            "惠济区教育局 63639270 61170336", "郑东新区教育文化体育局 61830037 67179076",
                            "经开区教育文化体育局 66787050 66787255", "高新区教育文化体育部 86650520 61516923",
                            "航空港区教卫体局 60890193 86199138", "郑州市教育局 66965016 86588056"}));
}

}  // namespace
}  // namespace catchment::datasets
