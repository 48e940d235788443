// A policy pack: what the admission documents of one place say for one school year, as plain data.
// Every entry has an id (unique within its list) and names the clause it rests on; a clause names the requirement ids
// it serves, so that id -> clause -> entry can be followed both ways. A list may be empty: the documents do not speak
// of it. What a document leaves to a district ("delegated_to") is told as such and never filled in. Texts are UTF-8;
// title is Chinese, en English, note says how a doubtful wording is read. All wording is ours.
#pragma once

#include <string_view>

#include "engine/policy/pack_calendar.hpp"
#include "engine/policy/pack_choice.hpp"
#include "engine/policy/pack_conduct.hpp"

namespace catchment::engine::policy {

// Where a clause is cited: "/calendar/windows/0", the entry's id (may be empty) and the clause's.
struct Citation {
  std::string pointer;
  std::string entry;
  std::string clause;
};

struct PolicyPack {
  std::string id;
  std::string name;
  std::string en;
  int school_year = 0;  // the year it begins in
  std::vector<Document> documents;
  std::vector<District> districts;
  Calendar calendar;
  std::vector<Level> levels;
  std::vector<AgeRule> age_rules;
  std::vector<Deferral> deferrals;
  std::vector<Evidence> evidence;
  std::vector<Forbidden> evidence_forbidden;
  std::vector<Category> categories;
  std::vector<Bar> bars;
  std::vector<Tier> tiers;
  std::vector<PointsTable> points_tables;
  std::vector<FillingRule> filling;
  std::vector<SeatPlan> seat_plans;
  std::vector<ClassCap> class_caps;
  std::vector<Overflow> overflow;
  std::vector<DwellingLock> dwelling_locks;
  std::vector<Lock> locks;
  std::vector<Feeder> feeders;
  PrivateSchools private_schools;
  std::vector<Draw> draws;
  std::vector<Confirmation> confirmations;
  std::vector<SpecialGroup> special_groups;
  std::vector<Placement> placements;
  std::vector<RecommendedQuota> recommended_quotas;
  std::vector<Ledger> ledgers;
  std::vector<Flag> flags;
  std::vector<Channel> channels;
  Form form;
  std::vector<Late> late;
  std::vector<AdmissionNotice> notices;
  std::vector<ClassRules> class_rules;
  std::vector<ZoneRules> zone_rules;
  std::vector<Duty> duties;
  std::vector<Check> bans;
  std::vector<Checklist> checklists;
  std::vector<Phone> phones;
  std::vector<Citation> citations;  // every member "clause" of the file, in its order
};

std::string_view to_word(Route route);
std::string_view to_word(Review review);

// The clause of an id; null if the pack has none.
const Clause* find_clause(const PolicyPack& pack, const std::string& id);

}  // namespace catchment::engine::policy
