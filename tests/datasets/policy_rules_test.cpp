// The packs of the tree, judged: each row of Chongqing's and Guiyang's documents that a family meets.
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "datasets/child_facts.hpp"
#include "datasets/policy_pack.hpp"
#include "engine/admission/eligibility.hpp"
#include "engine/admission/pack_lint.hpp"
#include "engine/policy/calendar.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

using engine::admission::ChildFacts;
using engine::admission::Eligibility;
using engine::admission::EligibilityRules;
using engine::admission::Verdict;
namespace policy = engine::policy;

const EligibilityRules& rules_of(const std::string& place) {
  static std::map<std::string, EligibilityRules> known;
  const auto at = known.find(place);
  if (at != known.end()) return at->second;
  const std::string file = CATCHMENT_SOURCE_DIR "/datasets/policy/packs/" + place + ".json";
  return known.emplace(place, EligibilityRules(load_policy_pack(file))).first->second;
}
const policy::PolicyPack& pack_of(const std::string& place) { return rules_of(place).pack(); }
ChildFacts facts_of(const std::string& json) { return parse_child_facts(json, "facts.json"); }
Eligibility judge(const std::string& place, const std::string& json) { return rules_of(place).judge(facts_of(json)); }
std::string clause_of(const Eligibility& e) { return e.reasons.empty() ? "" : e.reasons.front().clause; }

template <class List>
const auto& entry_of(const List& list, const std::string& id) {
  for (const auto& entry : list) {
    if (entry.id == id) return entry;
  }
  throw std::logic_error("no entry " + id);
}
policy::Time at(const char* text) { return policy::find_time(text).value(); }

bool open_at(const std::string& place, const std::string& window, const char* time) {
  const auto& w = entry_of(pack_of(place).calendar.windows, window);
  return policy::ask_window(w, "", at(time)).state == policy::OpenState::open;
}

// Every id that a clause serves and some entry rests on.
std::set<std::string> served_ids(const policy::PolicyPack& pack) {
  std::set<std::string> out;
  for (const auto& citation : pack.citations) {
    const policy::Clause* clause = policy::find_clause(pack, citation.clause);
    if (clause != nullptr) out.insert(clause->serves.begin(), clause->serves.end());
  }
  return out;
}

void expect_rows(const std::string& place, const std::string& prefix, int rows) {
  const std::set<std::string> served = served_ids(pack_of(place));
  for (int row = 1; row <= rows; ++row) EXPECT_TRUE(served.contains(prefix + std::to_string(row))) << prefix << row;
}

TEST(PolicyPacks, LintClean) {
  for (const char* place : {"chongqing-2024", "guiyang-2024"}) {
    for (const auto& finding : engine::admission::lint_pack(pack_of(place))) {
      ADD_FAILURE() << place << " " << finding.where << ": " << finding.message;
    }
  }
}

TEST(PolicyPacks, EveryRowOfTheTwoDocumentsHasAnEntry) {
  expect_rows("chongqing-2024", "CQ", 52);
  expect_rows("guiyang-2024", "GY", 38);
}

// A child of Chongqing whose hukou, home and residence agree.
const char* const kMatched = R"({"stage":"primary","sector":"public_school","birth_day":"2018-08-31",
  "nationality":"chinese","hukou_in_city":true,"residence_rural":false,"hukou_with":"parents","hukou_since_birth":false,
  "hukou_address":"d1","residence_address":"d1","property_addresses":["d1"],"hukou_zone":"z1","residence_zone":"z1",
  "lives_with":["parents"],"groups":[]})";

std::string with(const std::string& base, const std::string& more) {
  auto json = nlohmann::ordered_json::parse(base);
  json.update(nlohmann::ordered_json::parse(more));
  for (auto it = json.begin(); it != json.end();) it = it->is_null() ? json.erase(it) : std::next(it);
  return json.dump();
}

// serves: CQ1 CQ7
TEST(Chongqing, AChildBornOnTheCutOffDayWhoseThreeAgreeIsOfItsZone) {
  const Eligibility e = judge("chongqing-2024", kMatched);
  EXPECT_EQ(e.verdict, Verdict::eligible);
  EXPECT_EQ(e.category, "triple_match");
  EXPECT_EQ(e.tier, "matched");
  EXPECT_EQ(e.route, policy::Route::zone);
  EXPECT_EQ(clause_of(e), "triple_match");
  EXPECT_TRUE(e.missing_facts.empty());
}

// serves: CQ1 CQ2
TEST(Chongqing, ADayTooYoungIsNotYetButForSpecialAndVillageSchools) {
  const Eligibility young = judge("chongqing-2024", with(kMatched, R"({"birth_day":"2018-09-01"})"));
  EXPECT_EQ(young.verdict, Verdict::not_yet);
  EXPECT_EQ(clause_of(young), "age");
  EXPECT_EQ(young.missing_facts, (std::vector<std::string>{"school_is_special", "village_school"}));
  const auto village = with(kMatched, R"({"birth_day":"2018-09-01","village_school":true})");
  EXPECT_EQ(judge("chongqing-2024", village).verdict, Verdict::needs_review);
  const auto plain = with(kMatched, R"({"birth_day":"2018-09-01","village_school":false,"school_is_special":false})");
  EXPECT_TRUE(judge("chongqing-2024", plain).missing_facts.empty());
}

// serves: CQ3
TEST(Chongqing, EntryPutOffIsAskedForAnewEachYear) {
  EXPECT_EQ(judge("chongqing-2024", with(kMatched, R"({"deferral_requested":true})")).verdict, Verdict::needs_review);
  EXPECT_EQ(judge("chongqing-2024", with(kMatched, R"({"deferral_granted":true})")).verdict, Verdict::deferred);
  const auto last_year = with(kMatched, R"({"deferred_last_year":true})");
  EXPECT_EQ(judge("chongqing-2024", last_year).verdict, Verdict::undetermined);
  EXPECT_EQ(judge("chongqing-2024", with(last_year, R"({"applied_anew":false})")).verdict, Verdict::not_yet);
  EXPECT_EQ(judge("chongqing-2024", with(last_year, R"({"applied_anew":true})")).verdict, Verdict::eligible);
}

const char* const kGrandparents = R"({"hukou_with":"grandparents","hukou_since_birth":true,"property_addresses":[],
  "hukou_address":"g1","residence_address":"r9"})";

// serves: CQ9
TEST(Chongqing, HukouWithGrandparentsSinceBirthCountsAsAgreeing) {
  const std::string child = with(kMatched, kGrandparents);
  EXPECT_EQ(judge("chongqing-2024", child).category, "grandparents");
  EXPECT_EQ(judge("chongqing-2024", with(child, R"({"hukou_since_birth":false})")).category, "other_hukou");
  EXPECT_EQ(judge("chongqing-2024", with(child, R"({"property_addresses":["elsewhere"]})")).category, "other_hukou");
  EXPECT_EQ(judge("chongqing-2024", with(child, R"({"residence_zone":"z2"})")).category, "other_hukou");
  EXPECT_EQ(judge("chongqing-2024", with(child, R"({"lives_with":["guardian"]})")).category, "other_hukou");
  const Eligibility open = judge("chongqing-2024", with(child, R"({"hukou_since_birth":null})"));
  EXPECT_EQ(open.verdict, Verdict::undetermined);
  EXPECT_EQ(open.missing_facts, (std::vector<std::string>{"hukou_since_birth"}));
}

// serves: CQ8
TEST(Chongqing, InRuralAreasHukouAloneDecides) {
  const auto child = with(kMatched, R"({"residence_rural":true,"property_addresses":[],"residence_address":"d7"})");
  const Eligibility e = judge("chongqing-2024", child);
  EXPECT_EQ(e.category, "rural");
  EXPECT_EQ(e.missing_evidence.size(), 0u);
  EXPECT_EQ(e.to_verify, (std::vector<std::string>{"hukou_booklet"}));
}

// serves: CQ13 CQ14 CQ36
TEST(Chongqing, AMigrantIsPlacedByResidenceAndNeverAskedForWhatIsBanned) {
  const std::string child =
      R"({"stage":"primary","sector":"public_school","birth_day":"2017-10-01","hukou_in_city":false,
    "permit_holder":"parent","residence_months":6,"lawful_work":true,"groups":[]})";
  const Eligibility e = judge("chongqing-2024", child);
  EXPECT_EQ(e.verdict, Verdict::eligible);
  EXPECT_EQ(e.category, "migrant_child");
  EXPECT_EQ(e.route, policy::Route::bureau);
  const auto& pack = pack_of("chongqing-2024");
  for (const auto& category : pack.categories) {
    for (const auto& group : category.evidence) {
      for (const auto& id : group) {
        for (const auto& banned : pack.evidence_forbidden) EXPECT_NE(id, banned.id);
      }
    }
  }
  EXPECT_EQ(judge("chongqing-2024", with(child, R"({"residence_months":5})")).verdict, Verdict::not_here);
  EXPECT_EQ(judge("chongqing-2024", with(child, R"({"lawful_work":false,"lawful_home":true})")).category,
            "migrant_child");
}

// serves: CQ15
TEST(Chongqing, ADisabilityHasItsPlacement) {
  const auto placed = [](const char* more) { return judge("chongqing-2024", with(kMatched, more)).placement; };
  EXPECT_EQ(placed(R"({"disability":"mild"})"), "regular_class");
  EXPECT_EQ(placed(R"({"disability":"moderate"})"), "special_school");
  EXPECT_EQ(placed(R"({"disability":"severe","needs_home_care":true})"), "home_teaching");
  EXPECT_EQ(placed(R"({"disability":"none"})"), "");
}

// serves: CQ16 CQ17
TEST(Chongqing, SpecialGroupsArePlacedByTheDistrict) {
  for (const auto& group : pack_of("chongqing-2024").special_groups) {
    const auto e = judge("chongqing-2024", with(kMatched, R"({"groups":[")" + group.id + R"("]})"));
    EXPECT_EQ(e.route, policy::Route::bureau) << group.id;
    EXPECT_EQ(e.category, group.id == "talent" ? "talent_child" : "group_child");
    EXPECT_EQ(e.missing_evidence.size(), 1u);
  }
}

const char* const kPrivate = R"({"stage":"primary","sector":"private_school","birth_day":"2017-10-01",
  "nationality":"chinese","hukou_in_city":true,"residence_district":"north","school_district":"north",
  "school_boards":false,"school_for_foreigners":false,"private_choices":1})";

// serves: CQ20 CQ30 CQ48
TEST(Chongqing, APrivateSchoolIsOneOfTheDistrictAndNeverBesideAPublicOne) {
  EXPECT_EQ(judge("chongqing-2024", kPrivate).verdict, Verdict::eligible);
  const Eligibility both = judge("chongqing-2024", with(kPrivate, R"({"also_public":true})"));
  EXPECT_EQ(both.verdict, Verdict::not_eligible);
  EXPECT_EQ(clause_of(both), "registration");
  EXPECT_EQ(judge("chongqing-2024", with(kPrivate, R"({"private_choices":2})")).verdict, Verdict::not_eligible);
  const auto elsewhere = with(kPrivate, R"({"school_district":"south"})");
  EXPECT_EQ(judge("chongqing-2024", elsewhere).verdict, Verdict::not_here);
  EXPECT_EQ(judge("chongqing-2024", with(elsewhere, R"({"school_boards":true})")).verdict, Verdict::needs_review);
  const auto foreign_school = with(kPrivate, R"({"school_for_foreigners":true})");
  EXPECT_EQ(judge("chongqing-2024", foreign_school).verdict, Verdict::not_eligible);
  EXPECT_EQ(judge("chongqing-2024", with(foreign_school, R"({"nationality":"foreign"})")).verdict, Verdict::eligible);
}

// serves: CQ18 CQ20 CQ21 CQ22 CQ24
TEST(Chongqing, WindowsOpenAndCloseToTheSecond) {
  const std::string place = "chongqing-2024";
  EXPECT_FALSE(open_at(place, "private_choice", "2024-06-16T23:59:59"));
  EXPECT_TRUE(open_at(place, "private_choice", "2024-06-17T00:00:00"));
  EXPECT_TRUE(open_at(place, "private_choice", "2024-06-19T23:59:59"));
  EXPECT_FALSE(open_at(place, "private_choice", "2024-06-20T00:00:00"));
  EXPECT_TRUE(open_at(place, "private_confirmation", "2024-06-20T17:59:59"));
  EXPECT_FALSE(open_at(place, "private_confirmation", "2024-06-20T18:00:00"));
  EXPECT_TRUE(open_at(place, "public_return", "2024-06-21T00:00:00"));
  EXPECT_TRUE(open_at(place, "public_return", "2024-06-29T23:59:59"));
  EXPECT_FALSE(open_at(place, "public_return", "2024-06-30T00:00:00"));
  const auto& calendar = pack_of(place).calendar;
  const auto& information = entry_of(calendar.windows, "information");
  EXPECT_EQ(policy::ask_window(information, "north", at("2024-05-08T12:00")).state, policy::OpenState::batch_unknown);
  EXPECT_EQ(policy::due_of(calendar.holidays, entry_of(calendar.deadlines, "result_confirmation")).end,
            at("2024-07-16T00:00"));
}

// serves: CQ23 CQ25 CQ34
TEST(Chongqing, PapersAreCheckedInTenWorkingDaysAndByTheTenthOfJuly) {
  const auto& calendar = pack_of("chongqing-2024").calendar;
  const auto& review = entry_of(calendar.deadlines, "review");
  const auto due = [&](const char* day) {
    return policy::due_of(calendar.holidays, review, policy::find_day(day)).end;
  };
  EXPECT_EQ(due("2024-06-07"), at("2024-06-25T00:00"));  // the last working day before the Dragon Boat holiday
  EXPECT_EQ(due("2024-06-26"), at("2024-07-11T00:00"));  // exactly ten
  EXPECT_EQ(due("2024-06-29"), at("2024-07-11T00:00"));
  const auto& notice = pack_of("chongqing-2024").notices.at(0);
  EXPECT_TRUE(notice.report_code);
  EXPECT_EQ(policy::to_text(notice.by.value()), "2024-07-20");
  EXPECT_EQ(policy::to_text(entry_of(calendar.publications, "district_plan").by.value()), "2024-05-20");
}

// serves: CQ10 CQ11 CQ12 CQ33 CQ27
TEST(Chongqing, PlansCapsAndZonesAreHeldTo) {
  const auto& pack = pack_of("chongqing-2024");
  EXPECT_FALSE(entry_of(pack.seat_plans, "private_plan").may_exceed);
  const auto& filling = entry_of(pack.filling, "private");
  EXPECT_EQ(filling.within_plan, policy::Filling::register_directly);
  EXPECT_EQ(filling.over_plan, policy::Filling::draw);
  EXPECT_EQ(filling.rest, "public_pool");
  EXPECT_EQ(entry_of(pack.class_caps, "primary").cap, 45);
  EXPECT_EQ(entry_of(pack.class_caps, "junior").cap, 50);
  EXPECT_TRUE(entry_of(pack.class_caps, "junior").approval.empty());
  EXPECT_EQ(pack.zone_rules.at(0).change_steps,
            (std::vector<std::string>{"argue", "evaluate", "consult", "consent", "publish_early", "explain"}));
}

const char* const kHukou = R"({"stage":"junior","sector":"public_school","primary_graduation_year":2024,
  "hukou_in_city":true,"groups":[]})";
const char* const kPermit = R"({"hukou_in_city":false,"permit_holder":"guardian","permit_valid_until":"2024-12-31"})";

// serves: GY10 GY17 GY18
TEST(Guiyang, AHukouPupilIsOfItsZoneAndReviewedOnSite) {
  const Eligibility e = judge("guiyang-2024", kHukou);
  EXPECT_EQ(e.verdict, Verdict::eligible);
  EXPECT_EQ(e.category, "hukou");
  EXPECT_EQ(e.review, policy::Review::on_site);
  EXPECT_EQ(e.to_verify, (std::vector<std::string>{"hukou"}));
  EXPECT_EQ(e.missing_evidence, (std::vector<std::vector<std::string>>{{"review_papers"}}));
  EXPECT_EQ(judge("guiyang-2024", with(kHukou, R"({"primary_graduation_year":2025})")).verdict, Verdict::not_yet);
  const std::string young = R"({"stage":"primary","sector":"public_school","hukou_in_city":true,"birth_day":)";
  EXPECT_EQ(judge("guiyang-2024", young + R"("2018-08-31"})").verdict, Verdict::eligible);
  EXPECT_EQ(judge("guiyang-2024", young + R"("2018-09-01"})").verdict, Verdict::not_yet);
}

// serves: GY11 GY20
TEST(Guiyang, APermitIsForRemainingSeatsByPointsOnceTheDistrictHasLooked) {
  const std::string child = with(kHukou, kPermit);
  const Eligibility e = judge("guiyang-2024", child);
  EXPECT_EQ(e.verdict, Verdict::needs_review);
  EXPECT_EQ(e.category, "permit");
  EXPECT_EQ(e.route, policy::Route::remaining_seats);
  EXPECT_EQ(e.points, "district_points");
  EXPECT_EQ(e.review_by, "district");
  EXPECT_EQ(judge("guiyang-2024", with(child, R"({"district_rule_met":true})")).verdict, Verdict::eligible);
  EXPECT_EQ(judge("guiyang-2024", with(child, R"({"district_rule_met":false})")).verdict, Verdict::not_here);
  EXPECT_EQ(judge("guiyang-2024", with(child, R"({"permit_valid_until":"2024-06-10"})")).verdict, Verdict::not_here);
  EXPECT_EQ(judge("guiyang-2024", with(child, R"({"permit_holder":"none"})")).verdict, Verdict::not_here);
}

const char* const kGuiyangPrivate = R"({"stage":"junior","sector":"private_school","primary_graduation_year":2024,
  "hukou_in_city":true,"hukou_district":"a","school_district":"a","permit_holder":"none","school_approved_by":"district",
  "school_has_seats_left":false,"school_fee_per_term":6000,"parent_dishonest_debtor":true})";

// serves: GY12 GY21
TEST(Guiyang, APrivateSchoolIsOfTheHukouOrPermitDistrict) {
  EXPECT_EQ(judge("guiyang-2024", kGuiyangPrivate).verdict, Verdict::eligible);
  const std::string other = with(kGuiyangPrivate, R"({"school_district":"b"})");
  EXPECT_EQ(judge("guiyang-2024", other).verdict, Verdict::not_here);
  EXPECT_EQ(judge("guiyang-2024", with(other, R"({"permit_holder":"guardian","permit_district":"b"})")).verdict,
            Verdict::eligible);
  const std::string city = with(other, R"({"school_approved_by":"city"})");
  EXPECT_EQ(judge("guiyang-2024", city).verdict, Verdict::not_here);
  EXPECT_EQ(judge("guiyang-2024", with(city, R"({"school_has_seats_left":true})")).verdict, Verdict::needs_review);
}

// serves: GY22
TEST(Guiyang, TheFeeLimitBarsChildrenOfDishonestDebtorsAboveSixThousandAlone) {
  const auto at_fee = [](const char* more) { return judge("guiyang-2024", with(kGuiyangPrivate, more)); };
  EXPECT_EQ(at_fee(R"({"school_fee_per_term":6000})").verdict, Verdict::eligible);
  const Eligibility over = at_fee(R"({"school_fee_per_term":6001})");
  EXPECT_EQ(over.verdict, Verdict::not_eligible);
  EXPECT_EQ(clause_of(over), "fee_limit");
  EXPECT_EQ(at_fee(R"({"school_fee_per_term":6001,"parent_dishonest_debtor":false})").verdict, Verdict::eligible);
  const Eligibility open = at_fee(R"({"school_fee_per_term":6001,"parent_dishonest_debtor":null})");
  EXPECT_EQ(open.verdict, Verdict::undetermined);
  EXPECT_EQ(open.missing_facts, (std::vector<std::string>{"parent_dishonest_debtor"}));
}

// serves: GY27 GY28 GY29
TEST(Guiyang, PromotionNeedsTheSignedCommitment) {
  const Eligibility e =
      judge("guiyang-2024", with(kGuiyangPrivate, R"({"direct_promotion":true,"school_district":"b"})"));
  EXPECT_EQ(e.verdict, Verdict::eligible);
  EXPECT_EQ(e.category, "promoted");
  EXPECT_EQ(e.missing_evidence, (std::vector<std::vector<std::string>>{{"signed_commitment"}}));
  EXPECT_EQ(judge("guiyang-2024", with(kGuiyangPrivate, R"({"estate_child":true})")).category, "estate");
  const auto& promotion = pack_of("guiyang-2024").private_schools.direct_promotion.at(0);
  EXPECT_EQ(policy::to_text(promotion.lists_by.value()), "2024-05-17");
  EXPECT_EQ(policy::to_text(promotion.approved_by.value()), "2024-05-20");
  EXPECT_EQ(promotion.if_short, policy::Filling::draw);
}

// serves: GY13 GY20 GY24 GY25 GY34
TEST(Guiyang, WindowsOpenAndCloseToTheSecond) {
  const std::string place = "guiyang-2024";
  EXPECT_FALSE(open_at(place, "registration", "2024-06-11T07:59:59"));
  EXPECT_TRUE(open_at(place, "registration", "2024-06-11T08:00:00"));
  EXPECT_TRUE(open_at(place, "registration", "2024-06-15T18:00:00"));
  EXPECT_TRUE(open_at(place, "registration", "2024-06-20T23:59:59"));
  EXPECT_FALSE(open_at(place, "registration", "2024-06-16T00:00:00"));
  EXPECT_FALSE(open_at(place, "registration", "2024-06-21T00:00:00"));
  EXPECT_FALSE(open_at(place, "payment", "2024-07-23T23:59:59"));
  EXPECT_TRUE(open_at(place, "payment", "2024-07-24T00:00:00"));
  EXPECT_TRUE(open_at(place, "payment", "2024-07-25T23:59:59"));
  EXPECT_FALSE(open_at(place, "payment", "2024-07-26T00:00:00"));
  EXPECT_TRUE(open_at(place, "non_hukou_confirmation", "2024-08-04T23:59:59"));
  EXPECT_TRUE(open_at(place, "head_teachers", "2024-08-20T00:00:00"));
  EXPECT_FALSE(open_at(place, "head_teachers", "2024-08-26T00:00:00"));
  const auto& confirmation = entry_of(pack_of(place).confirmations, "private_payment");
  EXPECT_EQ(confirmation.method, policy::ConfirmBy::payment);
  EXPECT_EQ(confirmation.proof, "bank_receipt");
  EXPECT_EQ(policy::to_text(entry_of(pack_of(place).draws, "private_draw").on.value()), "2024-07-23");
}

// serves: GY2 GY3 GY8 GY19 GY30 GY31 GY32 GY33 GY36
TEST(Guiyang, PlansLocksAndClassesAreHeldTo) {
  const auto& pack = pack_of("guiyang-2024");
  EXPECT_FALSE(pack.seat_plans.at(0).may_exceed);
  EXPECT_TRUE(pack.class_rules.at(0).random_pupils && pack.class_rules.at(0).random_head_teachers);
  EXPECT_EQ(policy::to_text(entry_of(pack.calendar.publications, "joint_release").on.value()), "2024-05-28");
  EXPECT_TRUE(entry_of(pack.calendar.publications, "joint_release").together);
  EXPECT_EQ(entry_of(pack.locks, "no_other_school").when, "seat_confirmed");
  EXPECT_EQ(entry_of(pack.late, "late").approved_by, "district");
  EXPECT_TRUE(entry_of(pack.late, "no_offline_admission").offline_admission_forbidden);
  const auto by = [&](const char* id) { return policy::to_text(entry_of(pack.calendar.deadlines, id).by.value()); };
  EXPECT_EQ(by("data_lock") + by("class_sizes") + by("pupil_draw"), "2024-08-152024-08-162024-08-19");
}

// serves: GY26
TEST(Guiyang, PolicyPupilsAreTakenOnSiteByTheDistrict) {
  const Eligibility e = judge("guiyang-2024", with(kHukou, R"({"groups":["martyr"]})"));
  EXPECT_EQ(e.category, "policy_pupil");
  EXPECT_EQ(e.review, policy::Review::on_site);
  EXPECT_EQ(e.route, policy::Route::bureau);
}

TEST(ChildFacts, WhatHasNoNameCannotBeAsked) {
  const auto error = [](const std::string& json) {
    try {
      facts_of(json);
    } catch (const InputError& e) {
      return e.code + " " + e.where;
    }
    return std::string("none");
  };
  for (const char* name :
       {"parents_job", "parents_income", "kindergarten", "vaccination", "family_planning", "marks"}) {
    EXPECT_EQ(error(std::string("{\"") + name + "\":1}"), "facts_key facts.json#");
  }
  EXPECT_EQ(error(R"({"stage":"senior"})"), "facts_value facts.json#/stage");
  EXPECT_EQ(error(R"({"birth_day":"2023-02-29"})"), "facts_value facts.json#/birth_day");
}

}  // namespace
}  // namespace catchment::datasets
