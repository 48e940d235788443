// The facts of the packs of Zhanhe and Lingbao, as their documents print them, and what holds of every pack.
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "datasets/policy_coverage.hpp"
#include "tests/datasets/policy_places.hpp"

namespace catchment::datasets {
namespace {

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
