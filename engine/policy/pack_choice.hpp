// Private schools, draws, confirmation, special groups and quotas: the parts of a policy pack beside zones and tiers.
#pragma once

#include "engine/policy/pack_admission.hpp"

namespace catchment::engine::policy {

// --- Private schools ---

enum class Range { approving_district, hukou_or_permit_district, city, own_primary };

struct PrivateRange : Entry {
  std::vector<Stage> stages;
  std::vector<Range> ranges;
  bool local_first = false;
  std::string widened_by;  // who may widen it; empty: nobody
  Condition widened_when;
};

struct FeeLimit : Entry {
  int yuan_per_term = 0;  // above this the condition's children are barred
  Condition when;
};

struct DirectPromotion : Entry {
  std::string reviewed_by;
  std::string filed_with;
  std::optional<Moment> lists_by;
  std::optional<Moment> approved_by;
  std::vector<std::string> requires_evidence;  // ids of Evidence
  Filling if_seats_left = Filling::register_directly;
  Filling if_short = Filling::draw;
};

// Seats a private school owes the estate it was built with (配建).
struct EstateQuota : Entry {
  std::optional<Moment> lists_by;
  std::string reviewed_by;
  bool splits_plan = true;
  std::string leftovers_to;  // who places them after the draw
};

// How many schools a child may name.
struct Choice : Entry {
  int schools = 1;
  bool excludes_public = false;  // while it stands, no registration for a public school
};

struct PrivateSchools {
  std::vector<Entry> rules;  // synchronous, same_platform, same_record_time, no_mixed_classes...
  std::vector<Choice> choices;
  std::vector<PrivateRange> ranges;
  std::vector<FeeLimit> fee_limits;
  std::vector<DirectPromotion> direct_promotion;
  std::vector<EstateQuota> estate_quotas;
};

// --- Draws and confirmation ---

enum class HashSuite { sha256, sm3 };

struct Draw : Entry {
  std::vector<Stage> stages;
  Sector sector = Sector::private_school;
  std::optional<Day> on;
  std::string held_by;
  HashSuite suite = HashSuite::sm3;  // ours: the documents name none
  int within_working_days = 0;       // 0: not bounded
  bool recorded = false;             // on video
  bool notary = false;
  std::vector<std::string> witnesses;
};

enum class ConfirmBy { clock, payment, on_site };

// A seat is kept by doing something in time; otherwise it is forfeited.
struct Confirmation : Entry {
  std::vector<Stage> stages;
  Sector sector = Sector::any;
  ConfirmBy method = ConfirmBy::clock;
  std::string window;        // id of the Window in which it must be done
  std::string proof;         // id of Evidence; empty: the platform's own record
  std::string forfeited_to;  // public_pool | bureau | next_step
};

// --- Groups, placements, quotas ---

// A preferential policy is whole only with basis, scope, requirement and procedure.
struct SpecialGroup : Entry {
  std::string basis;
  std::string scope;
  std::string requirement;
  std::string procedure;
  std::string placed_by;
};

enum class PlacementKind { regular_class, special_school, home_teaching, deferral };

struct Placement : Entry {
  PlacementKind kind = PlacementKind::regular_class;
  Condition when;
  std::string record_kept_by;
  std::string disputes_to;
};

struct RecommendedQuota : Entry {
  struct Share {
    std::vector<std::string> districts;
    int classes = 0;
  };
  std::string school;
  int classes = 0;
  std::vector<Share> shares;
  int ratio_schools = 1;  // 1:1 by primary school
  int ratio_seats = 1;
  std::vector<std::string> disclosures;
  std::vector<std::string> approvals;  // in order
};

struct Ledger : Entry {
  std::string kept_by;
  std::vector<std::string> columns;
  std::vector<std::string> shared_with;
  int roster_checks = 0;       // lists its children are checked against (四查)
  int roster_comparisons = 0;  // and compared with (三比对)
};

// Something set on a child's record: loses the senior-high quota benefit...
struct Flag : Entry {
  Condition when;
  std::string effect;
};

}  // namespace catchment::engine::policy
