// Packs with one thing wrong, and children of whom too little is known.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "datasets/child_facts.hpp"
#include "datasets/policy_pack.hpp"
#include "engine/admission/eligibility.hpp"
#include "engine/admission/feeder_schools.hpp"
#include "engine/admission/pack_lint.hpp"
#include "engine/policy/pack_text.hpp"

namespace catchment::datasets {
namespace {

using Json = nlohmann::ordered_json;
using engine::admission::Eligibility;
using engine::admission::EligibilityRules;
using engine::admission::Verdict;

Json pack_json(const std::string& place) {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/datasets/policy/packs/" + place + ".json");
  return Json::parse(in);
}

std::string faults_of(const Json& pack) {
  std::string out;
  for (const auto& finding : engine::admission::lint_pack(parse_policy_pack(pack.dump(), "p.json"))) {
    out += (out.empty() ? "" : "; ") + std::string(to_word(finding.fault)) + " " + finding.where;
  }
  return out;
}

// What the linter says once `change` has been made to a pack that lints clean.
template <class Change>
std::string faults_after(const std::string& place, Change change) {
  Json pack = pack_json(place);
  change(pack);
  return faults_of(pack);
}

Json& of_id(Json& list, const std::string& id) {
  for (Json& entry : list) {
    if (entry["id"] == id) return entry;
  }
  throw std::logic_error("no entry " + id);
}

TEST(PackLint, FindsDatesOutOfOrder) {
  const auto window = [](const char* id, const char* member, const Json& value) {
    return faults_after("guiyang-2024", [&](Json& p) { of_id(p["calendar"]["windows"], id)[member] = value; });
  };
  EXPECT_EQ(window("payment", "closes", "2024-07-23"), "dates_out_of_order windows/payment");
  EXPECT_EQ(window("payment", "closes", "2024-07-25T24:00"), "end_of_day_included windows/payment");
  EXPECT_EQ(window("payment", "opens", "2024-07-22"), "dates_out_of_order confirmations/private_payment");
  EXPECT_EQ(window("payment", "closes", "2025-07-25"), "holidays_wrong windows/payment");
  EXPECT_EQ(window("registration", "daily", Json{{"from", "24:00"}, {"to", "08:00"}}),
            "dates_out_of_order windows/registration");
  EXPECT_EQ(
      faults_after("chongqing-2024",
                   [](Json& p) {
                     of_id(p["calendar"]["windows"], "information")["batches"].push_back({{"districts", {"north"}},
                                                                                          {"opens", "2024-05-30"},
                                                                                          {"closes", "2024-06-01"},
                                                                                          {"closes_inclusive", true}});
                   }),
      "dates_out_of_order windows/information");
  EXPECT_EQ(faults_after("guiyang-2024",
                         [](Json& p) { p["private_schools"]["direct_promotion"][0]["approved_by"] = "2024-05-16"; }),
            "dates_out_of_order direct_promotion/promotion");
}

TEST(PackLint, FindsHolidaysThatCannotBe) {
  const auto holidays = [](auto change) {
    return faults_after("chongqing-2024", [&](Json& p) { change(p["calendar"]["holidays"]); });
  };
  EXPECT_EQ(holidays([](Json& h) { h["working"].push_back("2024-06-12"); }), "holidays_wrong holidays/2024-06-12");
  EXPECT_EQ(holidays([](Json& h) { h["working"].push_back("2024-02-11"); }), "holidays_wrong holidays/2024-02-11");
  EXPECT_EQ(holidays([](Json& h) { h["off"][4]["to"] = "2024-06-09"; }), "holidays_wrong holidays/端午节");
}

TEST(PackLint, FindsWhatIsNamedAndNotThere) {
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { of_id(p["categories"], "permit")["points"] = "none"; }),
            "reference_unknown categories/permit");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { p["confirmations"][0]["window"] = "none"; }),
            "reference_unknown confirmations/private_payment");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { p["draws"][0]["clause"] = "none"; }), "clause_unknown /draws/0");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { p["duties"][0]["clause"] = "lock"; }),
            "clause_unused clauses/coordination");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { p["bans"][1]["id"] = "over_plan"; }), "id_twice bans/over_plan");
}

TEST(PackLint, FindsRulesThatSayTooLittleOrCannotBeReached) {
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { p["age_rules"][0].erase("cutoff"); }),
            "rule_incomplete age_rules/six");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { p["points_tables"][0].erase("delegated_to"); }),
            "rule_incomplete points_tables/district_points");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { of_id(p["categories"], "policy_pupil").erase("review_by"); }),
            "rule_incomplete categories/policy_pupil");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { of_id(p["categories"], "policy_pupil").erase("when"); }),
            "category_unreachable categories/hukou; category_unreachable categories/permit");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { of_id(p["categories"], "estate").erase("tier"); }),
            "tier_unreachable tiers/estate");
  EXPECT_EQ(faults_after("guiyang-2024", [](Json& p) { of_id(p["tiers"], "estate")["rank"] = 3; }),
            "tier_rank_twice tiers/open");
  EXPECT_EQ(faults_after("chongqing-2024", [](Json& p) { p["calendar"]["deadlines"][0].erase("after"); }),
            "term_incomplete deadlines/review");
}

// serves: CQ14 CQ36 CQ4
TEST(PackLint, FindsEvidenceAndFieldsThatMayNotBeAsked) {
  const auto asks = [](const char* id) {
    return faults_after("chongqing-2024", [&](Json& p) {
      p["evidence"].push_back({{"id", id}, {"title", "t"}, {"source", "family"}, {"clause", "migrants"}});
      of_id(p["categories"], "rural")["evidence"].push_back(Json::array({id}));
    });
  };
  for (const char* id : {"utility_bills", "vaccination", "parents_income", "no_guardian_at_home", "certificates"}) {
    EXPECT_EQ(asks(id), "evidence_forbidden categories/rural") << id;
  }
  EXPECT_EQ(faults_after("chongqing-2024", [](Json& p) { p["form"]["allowed"][0]["id"] = "utility_bills"; }),
            "evidence_forbidden form/utility_bills");
}

TEST(PackLint, FindsConditionsThatReadNoFact) {
  const auto when = [](const Json& condition) {
    return faults_after("guiyang-2024", [&](Json& p) { of_id(p["categories"], "hukou")["when"] = condition; });
  };
  EXPECT_EQ(when({{"var", "parents_income"}}), "fact_unknown categories/hukou");
  EXPECT_EQ(when({{"var", {{"cat", {"hukou", "_in_city"}}}}}), "condition_wrong categories/hukou");
  EXPECT_EQ(when({{"and", {{{"launch", 1}}}}}), "condition_wrong categories/hukou");
}

// Evidence of a ban is never named as missing, even where a pack asks for it.
// serves: CQ14 CQ36
TEST(Eligibility, NeverNamesEvidenceThatMayNotBeAsked) {
  Json pack = pack_json("chongqing-2024");
  of_id(pack["categories"], "rural")["evidence"].push_back({"utility_bills"});
  const EligibilityRules rules(parse_policy_pack(pack.dump(), "p.json"));
  const Eligibility e = rules.judge(parse_child_facts(
      R"({"stage":"primary","sector":"public_school","birth_day":"2018-01-01","hukou_in_city":true,"residence_rural":true})",
      "f.json"));
  EXPECT_EQ(e.category, "rural");
  EXPECT_TRUE(e.missing_evidence.empty());
  EXPECT_EQ(e.to_verify, (std::vector<std::string>{"hukou_booklet"}));
}

TEST(ChildFacts, SchemaAndFactsAreTheSame) {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/datasets/policy/child_facts.schema.json");
  const Json schema = Json::parse(in);
  std::vector<std::string> named;
  for (const auto& [key, value] : schema["properties"].items()) {
    if (key != "$schema") named.push_back(key);
  }
  std::vector<std::string> known;
  for (const auto& fact : engine::admission::known_facts()) known.emplace_back(fact.name);
  EXPECT_EQ(named, known);
}

// Facts that decide; those a pack gives a default are left alone.
Json random_facts(std::uint64_t& state) {
  const auto below = [&](std::uint64_t n) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33U) % n;
  };
  const auto flag = [&] { return below(2) == 0; };
  const auto one_of = [&](std::initializer_list<Json> values) { return *(values.begin() + below(values.size())); };
  return {{"stage", one_of({"primary", "junior"})},
          {"sector", one_of({"public_school", "private_school"})},
          {"birth_day", one_of({"2018-08-31", "2018-09-01", "2017-02-28"})},
          {"nationality", one_of({"chinese", "foreign"})},
          {"hukou_in_city", flag()},
          {"hukou_with", one_of({"parents", "grandparents", "other"})},
          {"hukou_since_birth", flag()},
          {"hukou_address", one_of({"a", "b"})},
          {"residence_address", one_of({"a", "b"})},
          {"property_addresses", one_of({Json::array(), Json{"a"}, Json{"a", "b"}})},
          {"hukou_zone", one_of({"y", "z"})},
          {"residence_zone", one_of({"y", "z"})},
          {"lives_with", one_of({Json{"parents"}, Json{"guardian"}, Json{"grandparents", "guardian"}})},
          {"permit_holder", one_of({"none", "parent", "guardian"})},
          {"permit_valid_until", one_of({"2024-06-10", "2024-09-01"})},
          {"permit_district", one_of({"n", "s"})},
          {"hukou_district", one_of({"n", "s"})},
          {"residence_district", one_of({"n", "s"})},
          {"school_district", one_of({"n", "s"})},
          {"school_approved_by", one_of({"city", "district"})},
          {"school_has_seats_left", flag()},
          {"school_boards", flag()},
          {"school_is_special", flag()},
          {"village_school", flag()},
          {"school_fee_per_term", one_of({5000, 6000, 6001})},
          {"parent_dishonest_debtor", flag()},
          {"residence_months", one_of({5, 6, 30})},
          {"lawful_work", flag()},
          {"lawful_home", flag()},
          {"district_rule_met", flag()},
          {"primary_graduation_year", one_of({2023, 2024, 2025})}};
}

// A refusal stands; which refusal weighs most may still change.
std::string outcome_of(const Eligibility& e) {
  switch (e.verdict) {
    case Verdict::eligible:
      return "in";
    case Verdict::needs_review:
      return "review";
    case Verdict::undetermined:
      return "open";
    default:
      return "out";
  }
}

TEST(Eligibility, WhatIsDecidedWithFewerFactsStaysSoWithMore) {
  std::uint64_t state = 7;
  int decided = 0;
  for (const char* place : {"chongqing-2024", "guiyang-2024"}) {
    const EligibilityRules rules(parse_policy_pack(pack_json(place).dump(), place));
    const auto judge = [&](const Json& facts) { return rules.judge(parse_child_facts(facts.dump(), "f.json")); };
    for (int i = 0; i < 400; ++i) {
      const Json whole = random_facts(state);
      const Eligibility full = judge(whole);
      ASSERT_NE(full.verdict, Verdict::undetermined) << whole.dump();
      ASSERT_TRUE(full.missing_facts.empty()) << whole.dump();
      Json part = whole;
      for (const auto& [key, value] : whole.items()) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        // Whether the district's own rule is met is what its review is for: unknown, it is reviewed.
        if ((state >> 33U) % 3 == 0 && key != "district_rule_met") part.erase(key);
      }
      Eligibility now = judge(part);
      if (now.missing_facts.empty() && now.verdict != Verdict::undetermined) {
        ++decided;
        EXPECT_EQ(outcome_of(now), outcome_of(full)) << part.dump();
        if (now.verdict == Verdict::eligible) {
          EXPECT_EQ(now.category, full.category) << part.dump();
        }
      }
      // Whoever answers what is asked for comes to the verdict, and is never asked for what was told.
      for (int step = 0; step < 40 && !now.missing_facts.empty(); ++step) {
        for (const std::string& fact : now.missing_facts) {
          ASSERT_TRUE(whole.contains(fact) && !part.contains(fact)) << fact;
          part[fact] = whole[fact];
        }
        now = judge(part);
      }
      EXPECT_EQ(outcome_of(now), outcome_of(full)) << part.dump();
    }
  }
  EXPECT_GT(decided, 100);
}

// serves: LB6 LB7 LB8 LB9 LB11
TEST(FeederSchools, GoByPrimarySchoolCampusHukouAndCategory) {
  Json pack = pack_json("guiyang-2024");
  const auto row = [](const char* id, const Json& from, const Json& categories) {
    Json out{{"id", id}, {"title", id}, {"school", id}, {"from", from}, {"clause", "lock"}};
    if (!categories.empty()) out["categories"] = categories;
    return out;
  };
  const auto urban = [](bool is) { return Json{{"==", {{{"var", "hukou_urban"}}, is}}}; };
  pack["feeders"] = {
      row("first", {{{"school", "甲"}}, {{"school", "乙"}, {"part", true}}, {{"school", "丙"}, {"when", urban(true)}}},
          Json{"policy_pupil"}),
      row("second", {{{"school", "乙"}, {"part", true}}, {{"school", "丙"}, {"when", urban(false)}}}, Json::array()),
      row("third", {{{"school", "丁"}, {"campus", "东"}}}, Json::array())};
  const auto read = parse_policy_pack(pack.dump(), "p.json");
  const auto schools = [&](const std::string& facts, const std::string& category = "hukou") {
    std::string out;
    for (const auto& s : feeder_schools(read, parse_child_facts(facts, "f.json"), category)) {
      out += s.school + (s.part ? "? " : " ");
      for (const std::string& fact : s.missing_facts) out += fact + " ";
    }
    return out;
  };
  EXPECT_EQ(schools(R"({"primary_school":"甲"})"), "first ");
  EXPECT_EQ(schools(R"({"primary_school":"乙"})"), "first? second? ");
  EXPECT_EQ(schools(R"({"primary_school":"丙","hukou_urban":true})"), "first ");
  EXPECT_EQ(schools(R"({"primary_school":"丙","hukou_urban":false})"), "second ");
  EXPECT_EQ(schools(R"({"primary_school":"丙"})"), "first hukou_urban second hukou_urban ");
  EXPECT_EQ(schools(R"({"primary_school":"丁","primary_campus":"东"})"), "third ");
  EXPECT_EQ(schools(R"({"primary_school":"丁","primary_campus":"西"})"), "");
  EXPECT_EQ(schools(R"({"primary_school":"丁"})"), "third primary_campus ");
  EXPECT_EQ(schools(R"({"primary_school":"戊"})", "policy_pupil"), "first ");
  EXPECT_EQ(schools("{}"), "");
}

TEST(PackText, SaysTheCalendarInOrderWithItsClauses) {
  const auto pack = parse_policy_pack(pack_json("guiyang-2024").dump(), "p.json");
  const std::string zh = describe_pack(pack, engine::policy::PackLanguage::zh);
  const std::string en = describe_pack(pack, engine::policy::PackLanguage::en);
  EXPECT_NE(zh.find("网上登记：2024-06-11（含） 至 2024-06-20（含），每日08:00-24:00"), std::string::npos) << zh;
  EXPECT_NE(en.find("Online registration: 2024-06-11 (included) to 2024-06-20 (included), daily 08:00-24:00"),
            std::string::npos);
  EXPECT_NE(zh.find("[四(一)2 GY13]"), std::string::npos);
  EXPECT_LT(zh.find("中签缴费"), zh.find("现场匹配班主任"));
}

}  // namespace
}  // namespace catchment::datasets
