#include "datasets/privacy_list.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "datasets/package_tables.hpp"
#include "datasets/policy_pack.hpp"
#include "datasets/season_dir.hpp"
#include "datasets/season_output.hpp"
#include "engine/admission/audits/season_columns.hpp"
#include "engine/admission/child_facts.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace policy = engine::policy;
using policy::FieldFaultKind;

std::string asked(std::string_view name, bool before_term = true) {
  const auto fault = privacy_list().asked(name, before_term);
  return fault ? std::string(to_text(fault->kind)) : "allowed";
}

std::string reason(std::string_view name) {
  const auto fault = privacy_list().asked(name, true);
  return fault ? fault->reason : "";
}

// serves: ZZ16 GY15 LB20
TEST(PrivacyList, BasicsAddressAndParentsNameAndPhoneMayBeAsked) {
  for (const char* label : {"学生姓名", "身份证件号码", "出生日期", "性别", "家庭住址", "家长姓名", "家长联系方式",
                            "监护人姓名", "guardian_phone", "不动产权证书"}) {
    EXPECT_EQ(asked(label), "allowed") << label;
  }
}

// serves: ZZ2 ZZ14 ZZ16 ZZ42 CQ4 CQ14 CQ36 LB20 PD6 PD17
TEST(PrivacyList, WhatTheDocumentsForbidIsRefusedWithTheirRows) {
  const std::vector<std::pair<std::string, std::string>> banned{
      {"父亲职务", "ZZ16"},       {"母亲工作单位", "LB20"},
      {"家庭年收入", "CQ36"},     {"父母学历", "ZZ16"},
      {"学前教育经历", "ZZ14"},   {"毕业幼儿园", "PD17"},
      {"计划生育证明", "ZZ14"},   {"超龄证明", "PD17"},
      {"水电气费缴费单", "CQ36"}, {"户籍地无人监护证明", "ZZ42"},
      {"获奖证书", "PD6"},        {"奥数竞赛成绩", "CQ4"},
      {"面试结果", "ZZ2"},        {"个人简历", "ZZ2"},
      {"钢琴考级", "PD6"},        {"社保年限", "CQ14"},
      {"parent_income", "ZZ16"},  {"fatherOccupation", "LB20"},
      {"mother-employer", "CQ36"}};
  for (const auto& [label, row] : banned) {
    EXPECT_EQ(asked(label), "forbidden") << label;
    EXPECT_NE(reason(label).find(row), std::string::npos) << label << ": " << reason(label);
  }
}

// serves: ZZ16 CQ36
TEST(PrivacyList, SpellingDoesNotHelp) {
  for (const char* label : {"職務", "家长 职 务", "家长·职务", "家长（职务）", "收　入", "ＩＮＣＯＭＥ",
                            "Parent INCOME", "parentIncome", "income2"}) {
    const std::string got = asked(label);
    if (std::string_view(label) == "income2") continue;  // another word: unlisted, and refused all the same
    EXPECT_EQ(got, "forbidden") << label;
  }
  EXPECT_EQ(asked("income2"), "unlisted");
  EXPECT_EQ(asked("不动产单元代码"), "unlisted");  // 单元 is not 单位
}

// serves: ZZ15 CQ36
TEST(PrivacyList, VaccinationMayBeAskedOnceTermHasBegun) {
  for (const char* label : {"预防接种证明", "预防接种证", "疫苗本", "vaccination_record"}) {
    EXPECT_EQ(asked(label, true), "too_early") << label;
    EXPECT_EQ(asked(label, false), "allowed") << label;
  }
}

// serves: ZZ12 PD17
TEST(PrivacyList, WhatIsNotListedIsRefused) {
  EXPECT_EQ(asked("血型"), "unlisted");
  EXPECT_EQ(asked(""), "unlisted");
  EXPECT_EQ(asked("migrant"), "never_typed");
}

TEST(PrivacyList, EveryLineHasPurposeBasisRolesAndRetention) {
  EXPECT_GT(privacy_list().fields().size(), 100u);
  const std::set<std::string> roles{"guardian", "school", "district", "city", "auditor", "operator"};
  for (const policy::PersonalField& field : privacy_list().fields()) {
    EXPECT_FALSE(field.purpose.empty()) << field.field;
    EXPECT_FALSE(field.basis.empty()) << field.field;
    EXPECT_FALSE(field.retention.empty()) << field.field;
    ASSERT_FALSE(field.roles.empty()) << field.field;
    for (const std::string& role : field.roles) EXPECT_TRUE(roles.contains(role)) << field.field << " " << role;
    const bool typed = field.when != policy::AskedWhen::never_typed;
    EXPECT_EQ(typed, !field.labels.empty()) << field.field;
  }
  for (const policy::ForbiddenTerm& term : privacy_list().forbidden()) EXPECT_FALSE(term.serves.empty()) << term.id;
}

// Labels that hold a forbidden term are the two that are meant.
TEST(PrivacyList, NoLabelIsForbiddenButThoseReviewed) {
  std::set<std::string> found;
  for (const policy::PersonalField& field : privacy_list().fields()) {
    for (const std::string& label : field.labels) {
      if (privacy_list().forbidden_in(label) != nullptr) found.insert(label);
    }
  }
  EXPECT_EQ(found, (std::set<std::string>{"不动产权证书", "预防接种证", "预防接种证明", "接种证"}));
}

TEST(PrivacyList, EveryColumnOfASeasonThatSpeaksOfAChildIsListed) {
  std::set<std::string_view> personal{"children.csv", "approvals.csv"};
  for (const auto& column : engine::admission::season_column_names()) {
    if (column.column == "child_id") personal.insert(column.file);
  }
  EXPECT_EQ(personal.size(), 12u);
  for (const auto& column : engine::admission::season_column_names()) {
    if (!personal.contains(column.file)) {
      EXPECT_EQ(privacy_list().forbidden_in(column.column), nullptr) << column.file << " " << column.column;
      continue;
    }
    const auto fault = privacy_list().held(column.column);
    EXPECT_FALSE(fault) << column.file << " " << column.column << ": " << (fault ? fault->reason : "");
  }
}

// Files of a season beside its tables: what families do, and what a run leaves behind.
TEST(PrivacyList, EveryColumnOfFamiliesOutcomesAndEventsIsListed) {
  std::vector<engine::admission::ColumnName> columns = season_dir_columns(), run = season_run_columns();
  columns.insert(columns.end(), run.begin(), run.end());
  std::map<std::string_view, int> of_file;
  for (const auto& column : columns) {
    ++of_file[column.file];
    if (column.file == "sites.csv") continue;  // of schools
    const auto fault = privacy_list().held(column.column);
    EXPECT_FALSE(fault) << column.file << " " << column.column << ": " << (fault ? fault->reason : "");
  }
  EXPECT_EQ(of_file, (std::map<std::string_view, int>{{"events.csv", 8},
                                                      {"families.csv", 38},
                                                      {"outcomes.csv", 27},
                                                      {"overflow.csv", 5},
                                                      {"sites.csv", 3},
                                                      {"truth.csv", 3}}));
}

TEST(PrivacyList, EveryFactOfAChildIsListed) {
  for (const auto& fact : engine::admission::known_facts()) {
    const auto fault = privacy_list().held(fact.name);
    EXPECT_FALSE(fault) << fact.name << ": " << (fault ? fault->reason : "");
  }
}

// The city package speaks of places and counts: nothing forbidden, and no field of a person by its own name.
TEST(PrivacyList, TheCityPackageHoldsNobody) {
  const std::set<std::string> personal{"child_name",   "id_number",     "guardian_name", "guardian_phone",
                                       "home_address", "hukou_address", "birth_date",    "child_id"};
  for (const Table& table : package_tables()) {
    for (const Column& column : table.columns) {
      EXPECT_EQ(privacy_list().forbidden_in(column.name), nullptr) << table.name << "." << column.name;
      EXPECT_FALSE(personal.contains(std::string(column.name))) << table.name << "." << column.name;
    }
  }
}

std::string pack_asking(const std::string& evidence, const std::string& field) {
  return R"({"id":"place-2024","name":"p","school_year":2024,
    "documents":[{"id":"d","title":"t","issuer":"i","clauses":[{"id":"c","section":"1","title":"t","serves":[]}]}],
    "calendar":{"holidays":{"source":"s","from":"2024-01-01","to":"2024-12-31","off":[],"working":[]}},
    "evidence":[{"id":"e1","title":")" +
         evidence + R"(","source":"family","clause":"c"}],
    "form":{"allowed":[{"id":"f1","title":")" +
         field + R"(","clause":"c"}]}})";
}

std::string refusal(const std::string& json) {
  try {
    parse_policy_pack(json, "p.json");
  } catch (const InputError& error) {
    return error.code + " " + error.where;
  }
  return "read";
}

// serves: ZZ14 ZZ16 CQ36 PD17 LB20
TEST(PrivacyList, APackThatAsksForWhatIsForbiddenIsRefused) {
  EXPECT_EQ(refusal(pack_asking("户口簿", "家庭住址")), "read");
  EXPECT_EQ(refusal(pack_asking("计划生育证明", "家庭住址")), "pack_privacy p.json#/evidence/0");
  EXPECT_EQ(refusal(pack_asking("预防接种证明", "家庭住址")), "pack_privacy p.json#/evidence/0");
  EXPECT_EQ(refusal(pack_asking("户口簿", "父母收入")), "pack_privacy p.json#/form/allowed/0");
}

TEST(PrivacyList, EveryFormFieldOfThePacksIsListed) {
  for (const char* id : {"zhengzhou-2024", "zhanhe-2024", "lingbao-2024", "chongqing-2024", "guiyang-2024"}) {
    const auto pack = load_policy_pack(CATCHMENT_SOURCE_DIR "/datasets/policy/packs/" + std::string(id) + ".json");
    for (const PackFieldFault& fault : pack_field_faults(pack, privacy_list())) {
      ADD_FAILURE() << id << fault.pointer << " " << fault.fault.asked << ": " << fault.fault.reason;
    }
  }
}

std::string list_error(const std::string& fields, const std::string& forbidden) {
  try {
    parse_privacy_list(fields, forbidden);
  } catch (const InputError& error) {
    return error.where + ": " + error.what();
  }
  return "read";
}

TEST(PrivacyList, IsReadStrictly) {
  const std::string head = "field\tlabels\twhen\tpurpose\tbasis\troles\tretention\n";
  const std::string none = "id\tterms\tban\tserves\twhat\n";
  EXPECT_EQ(list_error(head + "a\t\tnever_typed\tp\tb\tcity\t3y\n", none), "read");
  EXPECT_TRUE(list_error(head + "a\t\tsometimes\tp\tb\tcity\t3y\n", none).starts_with("fields.tsv:2"));
  EXPECT_TRUE(list_error(head + "a\t\tnever_typed\t\tb\tcity\t3y\n", none).starts_with("fields.tsv:2"));
  EXPECT_TRUE(list_error("a\n", none).starts_with("fields.tsv:1"));
  EXPECT_TRUE(list_error(head + "income\t\tnever_typed\tp\tb\tcity\t3y\n", none + "i\tincome\tnever\tZZ16\tmeans\n")
                  .starts_with("income"));
}

}  // namespace
}  // namespace catchment::datasets
