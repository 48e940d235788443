// What may be known of one child when its eligibility is judged: the vocabulary of a policy pack's conditions.
// Every fact may be unknown. Whatever is not here cannot be asked by a condition: parents' job or income, earlier
// schooling before primary school, family planning, vaccination, marks, certificates and awards have no name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/json_value.hpp"
#include "engine/policy/moment.hpp"

namespace catchment::engine::admission {

// A member per fact; the names of conditions are those of the members. Days are "2018-08-31"; an address is the key of
// a door and a zone the id of a zone, as the school finder gives them; a district is an id of the pack.
struct ChildFacts {
  using Text = std::optional<std::string>;
  using Texts = std::optional<std::vector<std::string>>;
  using Flag = std::optional<bool>;
  using Number = std::optional<int>;
  using Day = std::optional<policy::Day>;

  // What is applied for.
  Text stage;                  // primary | junior
  Text sector;                 // public_school | private_school
  Text district;               // where the child registers
  Number private_choices;      // private schools named
  Flag also_public;            // registered for a public school at the same time
  Text school_district;        // of the private school chosen
  Text school_approved_by;     // district | city
  Number school_fee_per_term;  // yuan
  Flag school_boards;
  Flag school_has_seats_left;  // after its own district's children
  Flag school_for_foreigners;  // a school for foreigners' children
  Flag school_is_special;      // a special-education school
  Flag village_school;         // a village school or teaching point without the means for a full one

  // The child.
  Day birth_day;
  Text nationality;         // chinese | foreign
  Texts groups;             // ids of the pack's special_groups
  Text disability;          // none | mild | moderate | severe
  Flag needs_home_care;     // cannot come to school and needs a carer
  Flag deferral_requested;  // 缓学 asked for this year
  Flag deferral_granted;
  Flag deferred_last_year;
  Flag applied_anew;  // after a year put off

  // Where the child belongs.
  Flag hukou_in_city;
  Flag hukou_urban;  // 市区居民户口
  Text hukou_district;
  Text hukou_address;
  Text hukou_zone;
  Text hukou_with;         // parents | grandparents | other | collective
  Flag hukou_since_birth;  // of hukou_with and at that address
  Text residence_district;
  Text residence_address;
  Text residence_zone;
  Flag residence_rural;
  Texts lives_with;  // of parents, grandparents, guardian
  Flag parents_in_city;
  Texts property_addresses;  // homes the parents own in the city; empty: none
  Texts grandparents_property_addresses;

  // Families from elsewhere.
  Text permit_holder;  // none | parent | guardian
  Text permit_district;
  Day permit_valid_until;
  Number residence_months;
  Flag lawful_work;  // contract or licence
  Flag lawful_home;
  Flag district_rule_met;  // the district's own conditions, where it has any

  // Primary school done.
  Number primary_graduation_year;
  Text primary_school;
  Text primary_campus;
  Text primary_district;
  Flag primary_in_city;
  Flag direct_promotion;  // on the approved list of the chosen school's own primary section
  Flag estate_child;      // on the list of the estate the private school was built with

  // Of the parents, only this: a court's list for the fee limit of private schools.
  Flag parent_dishonest_debtor;

  Texts evidence;  // ids of the pack's evidence that were shown or verified
};

enum class FactType { text, texts, flag, number, day };

struct Fact {
  std::string_view name;
  FactType type;
  std::string_view title;  // Chinese, for people
  std::string_view en;
};

// Calls visit(name, title, en, member) for each member of facts, const or not, in order.
template <class Facts, class Visit>
void visit_facts(Facts& facts, Visit&& visit);

// Every fact, in the order of ChildFacts.
const std::vector<Fact>& known_facts();
const Fact* find_fact(std::string_view name);

// The facts that are known, for conditions.
policy::Value to_value(const ChildFacts& facts);

template <class Facts, class Visit>
void visit_facts(Facts& facts, Visit&& visit) {
  visit("stage", "申请学段", "stage applied for", facts.stage);
  visit("sector", "公办或民办", "public or private", facts.sector);
  visit("district", "报名区县", "district of registration", facts.district);
  visit("private_choices", "填报的民办学校数", "private schools named", facts.private_choices);
  visit("also_public", "同时填报公办", "also registered for a public school", facts.also_public);
  visit("school_district", "所报学校所在区县", "district of the chosen school", facts.school_district);
  visit("school_approved_by", "所报学校审批机关", "who approved the chosen school", facts.school_approved_by);
  visit("school_fee_per_term", "每学期学费（元）", "fee per term, yuan", facts.school_fee_per_term);
  visit("school_boards", "所报学校可寄宿", "the chosen school boards", facts.school_boards);
  visit("school_has_seats_left", "本区学生招录后尚有学位", "seats left after its own district",
        facts.school_has_seats_left);
  visit("school_for_foreigners", "外籍人员子女学校", "school for foreigners' children", facts.school_for_foreigners);
  visit("school_is_special", "特殊教育学校", "special-education school", facts.school_is_special);
  visit("village_school", "条件不具备的村校（点）", "village school or teaching point", facts.village_school);
  visit("birth_day", "出生日期", "day of birth", facts.birth_day);
  visit("nationality", "国籍", "nationality", facts.nationality);
  visit("groups", "特殊群体", "special groups", facts.groups);
  visit("disability", "残疾程度", "degree of disability", facts.disability);
  visit("needs_home_care", "需专人护理不能到校", "cannot come to school", facts.needs_home_care);
  visit("deferral_requested", "本年申请缓学", "deferral asked for", facts.deferral_requested);
  visit("deferral_granted", "已获准缓学", "deferral granted", facts.deferral_granted);
  visit("deferred_last_year", "上年缓学", "put off last year", facts.deferred_last_year);
  visit("applied_anew", "已重新申请入学", "applied anew", facts.applied_anew);
  visit("hukou_in_city", "本市户籍", "city hukou", facts.hukou_in_city);
  visit("hukou_urban", "市区居民户口", "urban hukou", facts.hukou_urban);
  visit("hukou_district", "户籍区县", "district of hukou", facts.hukou_district);
  visit("hukou_address", "户籍地址", "address of hukou", facts.hukou_address);
  visit("hukou_zone", "户籍地址所在片区", "zone of the hukou address", facts.hukou_zone);
  visit("hukou_with", "与谁同户", "whose household", facts.hukou_with);
  visit("hukou_since_birth", "自出生起户籍在此", "hukou there since birth", facts.hukou_since_birth);
  visit("residence_district", "居住区县", "district of residence", facts.residence_district);
  visit("residence_address", "实际居住地址", "address lived at", facts.residence_address);
  visit("residence_zone", "实际居住地所在片区", "zone of residence", facts.residence_zone);
  visit("residence_rural", "居住在农村地区", "lives in a rural area", facts.residence_rural);
  visit("lives_with", "与谁同住", "lives with", facts.lives_with);
  visit("parents_in_city", "父母在本市生活", "parents live in the city", facts.parents_in_city);
  visit("property_addresses", "父母自有住房", "homes the parents own", facts.property_addresses);
  visit("grandparents_property_addresses", "祖辈住房", "homes the grandparents own",
        facts.grandparents_property_addresses);
  visit("permit_holder", "居住证持有人", "holder of the residence permit", facts.permit_holder);
  visit("permit_district", "居住证所在区县", "district of the permit", facts.permit_district);
  visit("permit_valid_until", "居住证有效期至", "permit valid until", facts.permit_valid_until);
  visit("residence_months", "居住月数", "months of residence", facts.residence_months);
  visit("lawful_work", "合法稳定就业", "lawful work", facts.lawful_work);
  visit("lawful_home", "合法稳定住所", "lawful home", facts.lawful_home);
  visit("district_rule_met", "符合区县补充规定", "meets the district's own rule", facts.district_rule_met);
  visit("primary_graduation_year", "小学毕业年份", "year of primary graduation", facts.primary_graduation_year);
  visit("primary_school", "毕业小学", "primary school", facts.primary_school);
  visit("primary_campus", "毕业小学校区", "campus of the primary school", facts.primary_campus);
  visit("primary_district", "毕业小学所在区县", "district of the primary school", facts.primary_district);
  visit("primary_in_city", "本市小学学籍", "student record in the city", facts.primary_in_city);
  visit("direct_promotion", "列入直升名单", "on the list of direct promotion", facts.direct_promotion);
  visit("estate_child", "列入配建名单", "on the list of the estate", facts.estate_child);
  visit("parent_dishonest_debtor", "监护人为失信被执行人", "guardian is a dishonest debtor",
        facts.parent_dishonest_debtor);
  visit("evidence", "已具备的材料", "evidence shown or verified", facts.evidence);
}

}  // namespace catchment::engine::admission
