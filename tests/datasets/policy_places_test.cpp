// The facts of the packs of Zhengzhou, Zhanhe and Lingbao, as their documents print them, and what holds of every pack.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "datasets/policy_coverage.hpp"
#include "datasets/policy_pack.hpp"
#include "engine/admission/audits/pack_rules.hpp"
#include "engine/policy/json_logic.hpp"

namespace catchment::datasets {
namespace {

namespace policy = engine::policy;
namespace admission = engine::admission;
using Texts = std::vector<std::string>;

const policy::PolicyPack& pack_of(const std::string& id) {
  static std::map<std::string, policy::PolicyPack> packs;
  const auto at = packs.find(id);
  if (at != packs.end()) return at->second;
  return packs.emplace(id, load_policy_pack(CATCHMENT_SOURCE_DIR "/datasets/policy/packs/" + id + ".json"))
      .first->second;
}

const policy::PolicyPack& zhengzhou() { return pack_of("zhengzhou-2024"); }
const policy::PolicyPack& zhanhe() { return pack_of("zhanhe-2024"); }
const policy::PolicyPack& lingbao() { return pack_of("lingbao-2024"); }

// The entry of an id; fails the test if there is none.
template <class Entries>
const auto& entry(const Entries& entries, const std::string& id) {
  const auto at = std::ranges::find_if(entries, [&](const auto& one) { return one.id == id; });
  EXPECT_NE(at, entries.end()) << id;
  return at == entries.end() ? entries.front() : *at;
}

template <class Entries>
bool has(const Entries& entries, const std::string& id) {
  return std::ranges::any_of(entries, [&](const auto& one) { return one.id == id; });
}

std::string span_text(const policy::PolicyPack& pack, const std::string& id) {
  const policy::Span& span = entry(pack.calendar.windows, id).span;
  return to_text(span.opens) + (span.opens_inclusive ? " [" : " (") + " " + to_text(span.closes) +
         (span.closes_inclusive ? " ]" : " )");
}

// The requirements an entry's clause serves.
Texts serves(const policy::PolicyPack& pack, const policy::Entry& one) {
  const policy::Clause* clause = policy::find_clause(pack, one.clause);
  EXPECT_NE(clause, nullptr) << one.id;
  return clause == nullptr ? Texts{} : clause->serves;
}

bool holds(const policy::Condition& condition, const std::string& facts) {
  return condition.logic.empty() ||
         is_truthy(policy::Logic::compile(condition.logic).apply(policy::parse_value(facts)).value);
}

Texts audits_of(const policy::PolicyPack& pack) {
  Texts audits;
  for (const admission::AuditUse& use : admission::audit_rules(pack).uses) audits.push_back(use.audit);
  return audits;
}

bool audits(const policy::PolicyPack& pack, const std::string& audit, const std::string& requirement) {
  for (const admission::AuditUse& use : admission::audit_rules(pack).uses) {
    const policy::Clause* clause = policy::find_clause(pack, use.clause);
    if (use.audit == audit && clause != nullptr && std::ranges::count(clause->serves, requirement) > 0) return true;
  }
  return false;
}

// --- every pack ---

TEST(EveryPack, NamesOnlyAuditsThereAreAndClausesThatExist) {
  std::set<std::string> known;
  for (const admission::Audit& audit : admission::all_audits()) known.insert(std::string(audit.id));
  for (const char* id : {"zhengzhou-2024", "zhanhe-2024", "chongqing-2024", "lingbao-2024", "guiyang-2024"}) {
    const policy::PolicyPack& pack = pack_of(id);
    for (const std::string& audit : audits_of(pack)) EXPECT_TRUE(known.contains(audit)) << id << " " << audit;
    for (const policy::Citation& citation : pack.citations) {
      EXPECT_NE(policy::find_clause(pack, citation.clause), nullptr) << id << citation.pointer;
    }
  }
}

TEST(EveryPack, EveryClauseIsCited) {
  for (const char* id : {"zhengzhou-2024", "zhanhe-2024", "lingbao-2024"}) {
    std::set<std::string> cited;
    for (const policy::Citation& citation : pack_of(id).citations) cited.insert(citation.clause);
    for (const policy::Document& document : pack_of(id).documents) {
      for (const policy::Clause& clause : document.clauses)
        EXPECT_TRUE(cited.contains(clause.id)) << id << " " << clause.id;
    }
  }
}

TEST(EveryPack, SaysInItsRulesWhatItsSeasonIsAuditedBy) {
  const admission::AuditRules rules = admission::audit_rules(zhengzhou());
  EXPECT_EQ(rules.exceptions.primary_cap, 45);
  EXPECT_EQ(rules.exceptions.junior_cap, 50);
  EXPECT_EQ(rules.cap_step, "district");
  EXPECT_EQ(rules.dropout.roster_checks, 4);
  EXPECT_EQ(rules.dropout.roster_comparisons, 3);
  EXPECT_EQ(rules.recommended_pupils, 300);
  EXPECT_EQ(rules.untimed_channels, (Texts{"primary_school"}));
  ASSERT_EQ(rules.placements.size(), 4u);
  EXPECT_EQ(rules.placements[0].placement, "mainstream");
  EXPECT_EQ(rules.placements[2].placement, "special_school");
  EXPECT_EQ(rules.placements[3].placement, "home_teaching");
  const admission::AuditRules chongqing = admission::audit_rules(pack_of("chongqing-2024"));
  EXPECT_EQ(*chongqing.exceptions.born_by, *policy::find_day("2018-08-31"));
  EXPECT_EQ(*chongqing.notified_by, *policy::find_day("2024-07-20"));
  EXPECT_TRUE(chongqing.no_double_filing);
  EXPECT_FALSE(admission::audit_rules(pack_of("lingbao-2024")).exceptions.born_by);
}

TEST(EveryPack, ARecordThatServesARequirementIsADutyOfAPack) {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/datasets/policy/requirements.tsv");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::set<std::string> kinds{"roster_check", "roster_comparison", "guidance"};
  for (const char* id : {"zhengzhou-2024", "zhanhe-2024", "chongqing-2024", "lingbao-2024", "guiyang-2024"}) {
    for (const policy::Duty& duty : pack_of(id).duties) kinds.insert(duty.id);
  }
  for (const Requirement& requirement : parse_requirements(text, "requirements.tsv")) {
    if (!requirement.record.starts_with("records.csv: ")) continue;
    std::istringstream words(requirement.record.substr(13));
    for (std::string kind; std::getline(words >> std::ws, kind, ',');) {
      EXPECT_TRUE(kinds.contains(kind)) << requirement.id << " " << kind;
    }
  }
}

// --- rows of Chongqing and Guiyang that no other test asks for ---

// serves: CQ28 CQ32 CQ39
TEST(Chongqing, SiblingsLargeSchoolsAndOneTimetable) {
  const policy::PolicyPack& pack = pack_of("chongqing-2024");
  EXPECT_TRUE(entry(pack.overflow, "district").siblings_together);
  EXPECT_FALSE(entry(pack.seat_plans, "large_schools").may_exceed);
  EXPECT_EQ(serves(pack, entry(pack.seat_plans, "large_schools")), Texts{"CQ32"});
  EXPECT_EQ(serves(pack, entry(pack.duties, "timetable")), Texts{"CQ39"});
  EXPECT_TRUE(std::ranges::any_of(pack.calendar.windows, [](const policy::Window& window) { return window.batched; }));
}

// serves: GY9 GY14
TEST(Guiyang, ThreeWebEntriesAMiniProgramAndAScorecard) {
  const policy::PolicyPack& pack = pack_of("guiyang-2024");
  Texts urls;
  for (const policy::Channel& channel : pack.channels) {
    if (channel.kind == "web") urls.push_back(channel.url);
  }
  EXPECT_EQ(urls, (Texts{"https://yjrx.gyzkzx.cn", "http://jyj.guiyang.gov.cn", "http://www.gyzkzx.cn"}));
  EXPECT_EQ(entry(pack.channels, "mini_program").kind, "mini_program");
  EXPECT_EQ(serves(pack, entry(pack.duties, "scorecard")), Texts{"GY9"});
}

// --- Zhengzhou ---

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

// --- Zhanhe ---

// serves: PD1 PD2 PD3 PD4 PD12 PD13 PD14 PD15 PD16 PD17 PD18 PD19 PD20 PD21 PD22 PD24 PD25 PD28 PD29
TEST(Zhanhe, EveryItemOfTheChecklistRunsAsAnAudit) {
  const std::vector<std::pair<std::string, std::string>> items{{"zones", "PD1"},
                                                               {"new_estates", "PD2"},
                                                               {"policy_ground", "PD3"},
                                                               {"joint_admission", "PD4"},
                                                               {"cross_area", "PD4"},
                                                               {"published", "PD12"},
                                                               {"problem_schools", "PD13"},
                                                               {"complaints", "PD14"},
                                                               {"one_platform", "PD15"},
                                                               {"offline_admission", "PD15"},
                                                               {"data_checks", "PD16"},
                                                               {"form_fields", "PD17"},
                                                               {"collected_once", "PD18"},
                                                               {"special_groups", "PD19"},
                                                               {"dropouts", "PD20"},
                                                               {"migrant_share", "PD21"},
                                                               {"placements", "PD22"},
                                                               {"record_flows", "PD24"},
                                                               {"student_records", "PD25"},
                                                               {"record_continuity", "PD25"},
                                                               {"rumours", "PD28"},
                                                               {"complaints", "PD29"},
                                                               {"problem_schools", "PD29"}};
  for (const auto& [audit, requirement] : items) EXPECT_TRUE(audits(zhanhe(), audit, requirement)) << requirement;
}

// serves: PD5 PD6 PD7 PD8 PD9 PD10 PD11
TEST(Zhanhe, EveryBanRunsAsAnAudit) {
  const std::vector<std::pair<std::string, std::string>> bans{
      {"incidents", "PD5"},           {"form_fields", "PD6"},   {"entry_money", "PD7"},
      {"recruitment_letters", "PD8"}, {"mixed_classes", "PD9"}, {"no_experimental_class", "PD10"},
      {"cross_area", "PD11"}};
  for (const auto& [audit, requirement] : bans) EXPECT_TRUE(audits(zhanhe(), audit, requirement)) << requirement;
}

// serves: PD16 PD17 PD23 PD26 PD27
TEST(Zhanhe, DocumentEvidenceLedgersAndDuties) {
  EXPECT_EQ(zhanhe().documents[0].number, "平湛教体〔2024〕71号");
  EXPECT_EQ(policy::to_text(*zhanhe().documents[0].issued), "2024-06-18");
  EXPECT_EQ(entry(zhanhe().evidence, "social_insurance_record").source, policy::EvidenceSource::shared);
  EXPECT_TRUE(has(zhanhe().form.forbidden, "over_age_proof"));
  EXPECT_EQ(entry(zhanhe().ledgers, "orphan").shared_with, (Texts{"police", "civil_affairs"}));
  for (const char* id : {"task_force", "work_ledger", "spot_check", "response_mechanism", "joint_return_work"}) {
    EXPECT_TRUE(has(zhanhe().duties, id)) << id;
  }
  EXPECT_TRUE(zhanhe().calendar.windows.empty());
}

// --- Lingbao ---

std::string row_of(const policy::Feeder& feeder) {
  std::string text = feeder.school + ":";
  for (const policy::Feeder::From& from : feeder.from) {
    text += " " + from.school + (from.campus.empty() ? "" : "/" + from.campus) + (from.part ? "*" : "") +
            (from.when.logic.empty() ? "" : "?");
  }
  for (const std::string& category : feeder.categories) text += " +" + category;
  return text + (feeder.anyone ? " anyone" : "");
}

// serves: LB1 LB4 LB6 LB7 LB9 LB10 LB11 LB12
TEST(Lingbao, TheFeederTable) {
  Texts rows;
  for (const policy::Feeder& feeder : lingbao().feeders) rows.push_back(row_of(feeder));
  EXPECT_EQ(rows, (Texts{"实验中学: 市二小 涧东小学 河滨小学* 中州实验学校? +military", "市一中: 市一小 河滨小学*",
                         "市二中: 实验小学 市五小 市六小 城关镇中心小学 实验二小* 实验三小*",
                         "实验二中: 市三小 市四小 实验三小*",
                         "市三中: 尹庄镇所属小学 市四小教育集团/尹庄实验校区 中州实验学校? +migrant",
                         "市二中新灵西街校区: 实验小学教育集团/解放路校区 建设小学",
                         "灵宝外国语学校（初中部）: 本校小学 anyone", "灵宝高新学校（初中部）: anyone"}));
  EXPECT_EQ(lingbao().levels[0].graduates_of, 2024);
  EXPECT_EQ(entry(lingbao().categories, "feeder").route, policy::Route::feeder);
  EXPECT_EQ(entry(lingbao().categories, "military").school, "实验中学");
  EXPECT_EQ(entry(lingbao().categories, "migrant").school, "市三中");
}

// serves: LB8
TEST(Lingbao, OneSchoolFeedsTwoByHukou) {
  const auto when = [](const std::string& feeder) {
    for (const auto& from : entry(lingbao().feeders, feeder).from) {
      if (from.school == "中州实验学校") return from.when;
    }
    return policy::Condition{};
  };
  EXPECT_TRUE(holds(when("experimental"), R"({"hukou_urban":true})"));
  EXPECT_FALSE(holds(when("experimental"), R"({"hukou_urban":false})"));
  EXPECT_FALSE(holds(when("no_3"), R"({"hukou_urban":true})"));
  EXPECT_TRUE(holds(when("no_3"), R"({"hukou_urban":false})"));
}

// serves: LB5 LB13 LB14
TEST(Lingbao, DaysPapersAndWhoEntersTheData) {
  EXPECT_EQ(policy::to_text(*lingbao().documents[0].issued), "2024-07-10");
  EXPECT_EQ(span_text(lingbao(), "junior"), "2024-07-13 [ 2024-07-14 ]");
  EXPECT_EQ(entry(lingbao().channels, "school_desk").entered_by, policy::DataEntry::receiving_school);
  EXPECT_EQ(entry(lingbao().categories, "feeder").evidence,
            (std::vector<Texts>{{"admission_notice"}, {"hukou_booklet"}}));
  EXPECT_TRUE(has(lingbao().notices, "entry_guide"));
}

// serves: LB2 LB15 LB16
TEST(Lingbao, PrivateSchoolsAndTheDraw) {
  EXPECT_TRUE(has(lingbao().private_schools.rules, "synchronous"));
  EXPECT_TRUE(has(lingbao().private_schools.rules, "pre_registration"));
  EXPECT_EQ(entry(lingbao().filling, "private").over_plan, policy::Filling::draw);
  const auto& draw = entry(lingbao().draws, "private");
  EXPECT_EQ(draw.within_working_days, 1);
  EXPECT_TRUE(draw.notary);
  EXPECT_EQ(draw.witnesses, (Texts{"discipline_inspectors", "party_delegates", "people_congress_deputies",
                                   "cppcc_members", "bureau_sections", "parents_committee", "parents"}));
}

// serves: LB3 LB17 LB18 LB19 LB20 LB21 LB22 LB23
TEST(Lingbao, ConductAndTenPhones) {
  EXPECT_TRUE(audits(lingbao(), "balanced_classes", "LB3"));
  EXPECT_TRUE(audits(lingbao(), "no_experimental_class", "LB17"));
  EXPECT_TRUE(audits(lingbao(), "oversized_class", "LB18"));
  EXPECT_TRUE(audits(lingbao(), "plan_exceeded", "LB19"));
  EXPECT_TRUE(audits(lingbao(), "student_records", "LB21"));
  EXPECT_TRUE(lingbao().form.collect_once);
  EXPECT_TRUE(has(lingbao().form.forbidden, "parents_income"));
  EXPECT_TRUE(has(lingbao().duties, "named_line"));
  EXPECT_TRUE(has(lingbao().duties, "leading_group"));
  Texts printed;
  for (const policy::Phone& phone : lingbao().phones)
    printed.push_back(phone.unit + " " + phone.consult + phone.report);
  EXPECT_EQ(printed,
            (Texts{"实验中学 8853191", "市一中 8861553", "市二中 2298210", "实验二中 8783886", "市三中 8855123",
                   "市二中新灵西街校区 8669118", "灵宝外国语学校（初中部） 2366708", "灵宝高新学校（初中部） 6868777",
                   "灵宝市教育体育局基教科 8660876", "灵宝市教育体育局监察信访室 8656937"}));
}

}  // namespace
}  // namespace catchment::datasets
