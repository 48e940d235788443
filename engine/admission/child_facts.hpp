// What may be known of one child when its eligibility is judged: the vocabulary of a policy pack's conditions.
// Every fact may be unknown. Whatever is not here cannot be asked by a condition: parents' job or income, earlier
// schooling before primary school, family planning, vaccination, marks, certificates and awards have no name.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/policy/json_logic.hpp"

namespace catchment::engine::admission {

// A member per fact; the names of conditions are those of the members. Days are "2018-08-31"; an address is the key of
// a door and a zone the id of a zone, as the school finder gives them; a district is an id of the pack.
struct ChildFacts {
  using Text = std::optional<std::string>;
  using Texts = std::optional<std::vector<std::string>>;
  using Flag = std::optional<bool>;
  using Number = std::optional<int>;

  // What is applied for.
  Text stage;                    // primary | junior
  Text sector;                   // public_school | private_school
  Text district;                 // where the child registers
  Number private_choices;        // private schools named
  Flag also_public;              // registered for a public school at the same time
  Text school_district;          // of the private school chosen
  Text school_approved_by;       // district | city
  Number school_fee_per_term;    // yuan
  Flag school_boards;
  Flag school_has_seats_left;    // after its own district's children
  Flag school_for_foreigners;    // a school for foreigners' children
  Flag school_is_special;        // a special-education school
  Flag village_school;           // a village school or teaching point without the means for a full one

  // The child.
  Text birth_day;
  Text nationality;              // chinese | foreign
  Texts groups;                  // ids of the pack's special_groups
  Text disability;               // none | mild | moderate | severe
  Flag needs_home_care;          // cannot come to school and needs a carer
  Flag deferral_requested;       // 缓学 asked for this year
  Flag deferral_granted;
  Flag deferred_last_year;
  Flag applied_anew;             // after a year put off

  // Where the child belongs.
  Flag hukou_in_city;
  Flag hukou_urban;              // 市区居民户口
  Text hukou_district;
  Text hukou_address;
  Text hukou_zone;
  Text hukou_with;               // parents | grandparents | other | collective
  Flag hukou_since_birth;        // of hukou_with and at that address
  Text residence_district;
  Text residence_address;
  Text residence_zone;
  Flag residence_rural;
  Texts lives_with;              // of parents, grandparents, guardian
  Flag parents_in_city;
  Texts property_addresses;      // homes the parents own in the city; empty: none
  Texts grandparents_property_addresses;

  // Families from elsewhere.
  Text permit_holder;            // none | parent | guardian
  Text permit_district;
  Text permit_valid_until;       // a day
  Number residence_months;
  Flag lawful_work;              // contract or licence
  Flag lawful_home;
  Flag district_rule_met;        // the district's own conditions, where it has any

  // Primary school done.
  Number primary_graduation_year;
  Text primary_school;
  Text primary_campus;
  Text primary_district;
  Flag primary_in_city;
  Flag direct_promotion;         // on the approved list of the chosen school's own primary section
  Flag estate_child;             // on the list of the estate the private school was built with

  // Of the parents, only this: a court's list for the fee limit of private schools.
  Flag parent_dishonest_debtor;

  Texts evidence;                // ids of the pack's evidence that were shown or verified
};

enum class FactType { text, texts, flag, number, day };

struct Fact {
  std::string_view name;
  FactType type;
  std::string_view title;  // Chinese, for people
  std::string_view en;
};

// Every fact, in the order of ChildFacts.
const std::vector<Fact>& known_facts();
const Fact* find_fact(std::string_view name);

// The facts that are known, for conditions.
policy::Value to_value(const ChildFacts& facts);

}  // namespace catchment::engine::admission
