// Who may enter which school, in what order, and how many: the admission part of a policy pack.
#pragma once

#include "engine/policy/pack_entry.hpp"

namespace catchment::engine::policy {

// --- Who may enter ---

// A child enters who has lived `years` by the cut-off, that day included or not. Born on 29 February: see calendar.hpp.
struct AgeRule : Entry {
  Stage stage = Stage::primary;
  std::vector<std::string> districts;  // empty: everywhere else
  int years = 0;
  std::optional<Day> cutoff;
  bool cutoff_inclusive = true;
  std::string delegated_to;  // "district": each sets its own; years and cutoff then hold for nobody here
  Condition relaxed_when;    // only if not empty: a younger child may enter then; somebody must look
};

struct Level : Entry {
  Stage stage = Stage::primary;
  int entry_grade = 1;
  int graduates_of = 0;  // junior: those who finish primary school in this year; 0: not asked
};

// Entry put off (缓学): on application, decided by somebody, and asked for anew each year.
struct Deferral : Entry {
  std::string decided_by;
  std::vector<std::string> grounds;
  bool reapply_each_year = true;
};

enum class EvidenceSource { family, shared, either };  // shared: verified between offices, the family brings nothing

struct Evidence : Entry {
  EvidenceSource source = EvidenceSource::family;
};

enum class Route { zone, feeder, remaining_seats, bureau, named_school, school_choice, direct_promotion };
enum class Review { none, online, on_site };

// The first category, in order, of the child's stage and sector whose condition holds is the child's.
struct Category : Entry {
  std::vector<Stage> stages;  // empty: all
  Sector sector = Sector::any;
  Condition when;
  Route route = Route::zone;
  std::string school;  // of named_school
  std::string tier;    // id of a Tier; empty: outside the tiers
  std::string points;  // id of a PointsTable; empty: none
  Review review = Review::online;
  std::string review_by;   // who decides where review is on_site or route is bureau
  bool delegated = false;  // a district adds conditions of its own that are not in these documents
  std::vector<std::vector<std::string>> evidence;  // of each group one; ids of Evidence
};

enum class Refusal { not_here, not_eligible, needs_review };

// Who is refused although a category would take him. All that hold are told.
struct Bar : Entry {
  std::vector<Stage> stages;
  Sector sector = Sector::any;
  Condition when;
  Refusal refusal = Refusal::not_here;
};

// --- Order and seats ---

enum class OrderKey { ticket, walk_distance_m, hukou_since, property_since, permit_since, points, registered_first };

struct TieBreak {
  OrderKey by = OrderKey::ticket;
  bool descending = false;
};

struct Tier : Entry {
  std::vector<Stage> stages;
  Sector sector = Sector::any;
  int rank = 1;  // 1 is served first
  std::vector<TieBreak> tie_breaks;
};

// `fact` times `per` points, at most `cap`; a fact that is true counts 1.
struct PointsItem : Entry {
  std::string fact;
  double per = 0;
  std::optional<double> cap;
};

struct PointsTable : Entry {
  std::vector<PointsItem> items;
  std::optional<double> cap;  // of all items together
  std::optional<Day> cutoff;  // facts count as of this day
  std::string delegated_to;   // the table is the district's; items are then empty
};

enum class Filling { admit_all, register_directly, tiers, points, draw, parents_wish };

// How seats are given while they suffice, and when they do not.
struct FillingRule : Entry {
  std::vector<Stage> stages;
  Sector sector = Sector::any;
  Filling within_plan = Filling::admit_all;
  Filling over_plan = Filling::tiers;
  std::string rest;  // where those go whom the school cannot take: public_pool | adjacent_zones | bureau
};

struct SeatPlan : Entry {
  std::vector<std::string> basis;  // rooms, staff, children...
  std::string approved_by;
  std::string filed_with;
  bool may_exceed = false;
};

struct ClassCap : Entry {
  Stage stage = Stage::primary;
  int cap = 0;
  std::string approval;  // who may approve a larger class; empty: nobody
  bool no_new_large_class = false;
  bool no_super_large_class = false;
};

struct Overflow : Entry {
  std::string to;  // adjacent_zones | district | purchased_private_seats
  std::string decided_by;
  bool nearest_first = true;
  bool siblings_together = false;
};

// One seat per dwelling and level within `years` (六年一学位). Of the five documents none has it.
struct DwellingLock : Entry {
  std::vector<Stage> stages;
  int years = 6;
  bool siblings_exempt = true;
};

// From here on nobody else may admit the child.
struct Lock : Entry {
  std::string when;  // seat_confirmed | direct_promotion_marked | roll_verified | class_sizes_filed
};

struct Feeder : Entry {
  struct From {
    std::string school;
    std::string campus;
    bool part = false;  // only some of its graduates
    Condition when;     // of which graduates
  };
  std::string school;
  std::vector<From> from;
  std::vector<std::string> categories;  // ids of Category it takes whole
  bool anyone = false;                  // whoever wishes, city-wide
};

}  // namespace catchment::engine::policy
