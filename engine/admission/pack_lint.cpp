#include "engine/admission/pack_lint.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "engine/admission/child_facts.hpp"
#include "engine/policy/calendar.hpp"
#include "engine/policy/json_logic.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

using policy::Condition;
using policy::Moment;
using policy::PolicyPack;
using Ids = std::set<std::string>;

constexpr int kMidnight = 24 * 60;

constexpr std::array kFaultWords{"id_twice",           "clause_unknown",      "clause_unused",   "reference_unknown",
                                 "dates_out_of_order", "end_of_day_included", "holidays_wrong",  "term_incomplete",
                                 "rule_incomplete",    "tier_unreachable",    "tier_rank_twice", "category_unreachable",
                                 "evidence_forbidden", "condition_wrong",     "fact_unknown"};

template <class T>
bool stages_meet(const T& a, const T& b) {
  if (a.empty() || b.empty()) return true;
  return std::ranges::any_of(a, [&](const auto& stage) { return std::ranges::find(b, stage) != b.end(); });
}

bool sectors_meet(policy::Sector a, policy::Sector b) {
  return a == policy::Sector::any || b == policy::Sector::any || a == b;
}

template <class A, class B>
bool rules_meet(const A& a, const B& b) {
  return stages_meet(a.stages, b.stages) && sectors_meet(a.sector, b.sector);
}

template <class List>
Ids ids_of(const List& list) {
  Ids out;
  for (const auto& entry : list) out.insert(entry.id);
  return out;
}

class PackLinter {
 public:
  explicit PackLinter(const PolicyPack& pack) : pack_(pack), districts_(ids_of(pack.districts)) {}

  std::vector<PackFinding> findings;

  void lint() {
    check_ids();
    check_clauses();
    check_holidays();
    for (const auto& window : pack_.calendar.windows) check_window(window);
    for (const auto& deadline : pack_.calendar.deadlines) check_deadline(deadline);
    for (const auto& rule : pack_.age_rules) check_age_rule(rule);
    check_categories();
    for (const auto& bar : pack_.bars) check_condition(bar.when, "bars/" + bar.id);
    check_tiers();
    for (const auto& table : pack_.points_tables) check_points(table);
    check_private();
    check_draws();
    check_others();
  }

 private:
  void add(PackFault fault, const std::string& where, const std::string& message) {
    findings.push_back({fault, where, message});
  }

  template <class List>
  void check_list_ids(const List& list, const std::string& name) {
    Ids seen;
    for (const auto& entry : list) {
      if (!seen.insert(entry.id).second) add(PackFault::id_twice, name + "/" + entry.id, "stands twice in its list");
    }
  }

  void check_ids() {
    std::vector<policy::Clause> clauses;
    for (const auto& document : pack_.documents) {
      clauses.insert(clauses.end(), document.clauses.begin(), document.clauses.end());
    }
    check_list_ids(clauses, "clauses");
    check_list_ids(pack_.documents, "documents");
    check_list_ids(pack_.districts, "districts");
    check_list_ids(pack_.calendar.windows, "windows");
    check_list_ids(pack_.calendar.deadlines, "deadlines");
    check_list_ids(pack_.calendar.publications, "publications");
    check_list_ids(pack_.levels, "levels");
    check_list_ids(pack_.age_rules, "age_rules");
    check_list_ids(pack_.evidence, "evidence");
    check_list_ids(pack_.evidence_forbidden, "evidence_forbidden");
    check_list_ids(pack_.categories, "categories");
    check_list_ids(pack_.bars, "bars");
    check_list_ids(pack_.tiers, "tiers");
    check_list_ids(pack_.points_tables, "points_tables");
    check_list_ids(pack_.feeders, "feeders");
    check_list_ids(pack_.draws, "draws");
    check_list_ids(pack_.confirmations, "confirmations");
    check_list_ids(pack_.special_groups, "special_groups");
    check_list_ids(pack_.placements, "placements");
    check_list_ids(pack_.channels, "channels");
    check_list_ids(pack_.duties, "duties");
    check_list_ids(pack_.bans, "bans");
    check_list_ids(pack_.checklists, "checklists");
    for (const auto& list : pack_.checklists) check_list_ids(list.checks, "checklists/" + list.id);
  }

  void check_clauses() {
    Ids cited;
    for (const auto& citation : pack_.citations) {
      cited.insert(citation.clause);
      if (policy::find_clause(pack_, citation.clause) == nullptr) {
        add(PackFault::clause_unknown, citation.pointer, "cites " + citation.clause + ", which no document has");
      }
    }
    for (const auto& document : pack_.documents) {
      for (const auto& clause : document.clauses) {
        if (!cited.contains(clause.id)) add(PackFault::clause_unused, "clauses/" + clause.id, "nothing rests on it");
      }
    }
  }

  void check_holidays() {
    const policy::Holidays& h = pack_.calendar.holidays;
    if (h.to < h.from) add(PackFault::holidays_wrong, "holidays", "ends before it begins");
    for (const auto& off : h.off) {
      const bool within = h.from <= off.from && off.from <= off.to && off.to <= h.to;
      if (!within) add(PackFault::holidays_wrong, "holidays/" + off.name, "is no stretch of the table's days");
    }
    for (const policy::Day day : h.working) {
      const std::chrono::weekday weekday(day);
      const bool weekend = weekday == std::chrono::Saturday || weekday == std::chrono::Sunday;
      if (!weekend) add(PackFault::holidays_wrong, "holidays/" + policy::to_text(day), "is no weekend to make up");
      for (const auto& off : h.off) {
        if (off.from <= day && day <= off.to) {
          add(PackFault::holidays_wrong, "holidays/" + policy::to_text(day), "is worked and off at once");
        }
      }
    }
  }

  void check_reach(const Moment& moment, const std::string& where) {
    const policy::Holidays& h = pack_.calendar.holidays;
    if (moment.day < h.from || moment.day > h.to) {
      add(PackFault::holidays_wrong, where, to_text(moment) + " is beyond the holiday table");
    }
  }

  void check_span(const policy::Span& span, const std::string& where) {
    const auto from = span.opens_inclusive ? begin_of(span.opens) : end_of(span.opens);
    const auto to = span.closes_inclusive ? end_of(span.closes) : begin_of(span.closes);
    if (to <= from) add(PackFault::dates_out_of_order, where, "closes before it opens");
    const bool included = (span.closes_inclusive && span.closes.minute == kMidnight) ||
                          (span.opens_inclusive && span.opens.minute == kMidnight);
    if (included) add(PackFault::end_of_day_included, where, "24:00 is the end of its day and in no day");
    check_reach(span.opens, where);
    check_reach(span.closes, where);
  }

  void check_references(const std::vector<std::string>& used, const Ids& known, const std::string& where) {
    for (const std::string& id : used) {
      if (!known.contains(id)) add(PackFault::reference_unknown, where, "names " + id + ", which is not there");
    }
  }

  // A pack that lists no districts leaves them to whoever runs it.
  void check_districts(const std::vector<std::string>& used, const std::string& where) {
    if (!districts_.empty()) check_references(used, districts_, where);
  }

  void check_window(const policy::Window& window) {
    const std::string where = "windows/" + window.id;
    check_span(window.span, where);
    check_references(window.channels, ids_of(pack_.channels), where);
    check_references(window.categories, ids_of(pack_.categories), where);
    if (window.daily && window.daily->from >= window.daily->to) {
      add(PackFault::dates_out_of_order, where, "its day has no hours");
    }
    if (!window.batched && !window.batches.empty()) {
      add(PackFault::rule_incomplete, where, "has batches but is not batched");
    }
    for (const auto& batch : window.batches) {
      check_span(batch.span, where);
      check_districts(batch.districts, where);
      if (begin_of(batch.span.opens) < begin_of(window.span.opens) ||
          end_of(batch.span.closes) > end_of(window.span.closes)) {
        add(PackFault::dates_out_of_order, where, "has a batch outside itself");
      }
    }
  }

  void check_deadline(const policy::Deadline& deadline) {
    const std::string where = "deadlines/" + deadline.id;
    if (!deadline.by && deadline.working_days == 0)
      add(PackFault::term_incomplete, where, "says no moment and no term");
    if ((deadline.working_days == 0) != deadline.after.empty()) {
      add(PackFault::term_incomplete, where, "working days and what they run from belong together");
    }
    if (!deadline.by) return;
    check_reach(*deadline.by, where);
    if (deadline.by_inclusive && deadline.by->minute == kMidnight) {
      add(PackFault::end_of_day_included, where, "24:00 is the end of its day and in no day");
    }
  }

  void check_age_rule(const policy::AgeRule& rule) {
    const std::string where = "age_rules/" + rule.id;
    check_districts(rule.districts, where);
    check_condition(rule.relaxed_when, where);
    if (rule.cutoff.has_value() == !rule.delegated_to.empty()) {
      add(PackFault::rule_incomplete, where, "has a cut-off or leaves it to somebody, not both or neither");
    }
    if (rule.cutoff && rule.years == 0) add(PackFault::rule_incomplete, where, "says no years");
  }

  void check_condition(const Condition& condition, const std::string& where) {
    if (condition.logic.empty()) return;
    try {
      const policy::Logic logic = policy::Logic::compile(condition.logic);
      if (!logic.names_all_facts()) add(PackFault::condition_wrong, where, "a var does not name its fact literally");
      for (const std::string& fact : logic.facts()) {
        if (find_fact(fact) == nullptr) add(PackFault::fact_unknown, where, "reads " + fact + ", which is no fact");
      }
    } catch (const InputError& error) {
      add(PackFault::condition_wrong, where, error.what());
    }
  }

  void check_evidence(const std::vector<std::string>& asked, const std::string& where) {
    check_references(asked, ids_of(pack_.evidence), where);
    const Ids forbidden = ids_of(pack_.evidence_forbidden);
    for (const std::string& id : asked) {
      if (forbidden.contains(id)) add(PackFault::evidence_forbidden, where, "asks for " + id);
    }
  }

  void check_categories() {
    const Ids tiers = ids_of(pack_.tiers);
    const Ids tables = ids_of(pack_.points_tables);
    for (std::size_t i = 0; i < pack_.categories.size(); ++i) {
      const auto& category = pack_.categories[i];
      const std::string where = "categories/" + category.id;
      check_condition(category.when, where);
      if (!category.tier.empty()) check_references({category.tier}, tiers, where);
      if (!category.points.empty()) check_references({category.points}, tables, where);
      for (const auto& group : category.evidence) check_evidence(group, where);
      if ((category.route == policy::Route::named_school) == category.school.empty()) {
        add(PackFault::rule_incomplete, where, "a named school and its name belong together");
      }
      const bool somebody = category.route == policy::Route::bureau || category.review == policy::Review::on_site;
      if (somebody && category.review_by.empty()) add(PackFault::rule_incomplete, where, "does not say who decides");
      for (std::size_t j = 0; j < i; ++j) {
        const auto& earlier = pack_.categories[j];
        const bool all = earlier.when.logic.empty() && (earlier.stages.empty() || earlier.stages == category.stages);
        if (all && (earlier.sector == policy::Sector::any || earlier.sector == category.sector)) {
          add(PackFault::category_unreachable, where, earlier.id + " before it takes everybody");
        }
      }
    }
  }

  void check_tiers() {
    for (std::size_t i = 0; i < pack_.tiers.size(); ++i) {
      const auto& tier = pack_.tiers[i];
      const std::string where = "tiers/" + tier.id;
      const bool reached = std::ranges::any_of(pack_.categories,
                                               [&](const auto& c) { return c.tier == tier.id && rules_meet(c, tier); });
      if (!reached) add(PackFault::tier_unreachable, where, "no category leads to it");
      for (std::size_t j = 0; j < i; ++j) {
        const auto& other = pack_.tiers[j];
        if (other.rank == tier.rank && rules_meet(other, tier)) {
          add(PackFault::tier_rank_twice, where, "has the rank of " + other.id);
        }
      }
    }
  }

  void check_points(const policy::PointsTable& table) {
    const std::string where = "points_tables/" + table.id;
    if (table.items.empty() == table.delegated_to.empty()) {
      add(PackFault::rule_incomplete, where, "has items or leaves them to somebody, not both or neither");
    }
    for (const auto& item : table.items) {
      const Fact* fact = find_fact(item.fact);
      const bool counts = fact != nullptr && (fact->type == FactType::number || fact->type == FactType::flag);
      if (!counts) add(PackFault::fact_unknown, where + "/" + item.id, item.fact + " is no fact that counts");
    }
  }

  void check_private() {
    const policy::PrivateSchools& schools = pack_.private_schools;
    for (const auto& range : schools.ranges) check_condition(range.widened_when, "ranges/" + range.id);
    for (const auto& limit : schools.fee_limits) check_condition(limit.when, "fee_limits/" + limit.id);
    for (const auto& promotion : schools.direct_promotion) {
      const std::string where = "direct_promotion/" + promotion.id;
      check_evidence(promotion.requires_evidence, where);
      if (promotion.lists_by && promotion.approved_by && *promotion.approved_by < *promotion.lists_by) {
        add(PackFault::dates_out_of_order, where, "is approved before the lists are in");
      }
    }
  }

  void check_draws() {
    const Ids windows = ids_of(pack_.calendar.windows);
    for (const auto& confirmation : pack_.confirmations) {
      const std::string where = "confirmations/" + confirmation.id;
      check_references({confirmation.window}, windows, where);
      if (!confirmation.proof.empty()) check_evidence({confirmation.proof}, where);
      for (const auto& window : pack_.calendar.windows) {
        if (window.id == confirmation.window) check_draw_before(confirmation, window, where);
      }
    }
  }

  void check_draw_before(const policy::Confirmation& confirmation, const policy::Window& window,
                         const std::string& where) {
    for (const auto& draw : pack_.draws) {
      const bool same = draw.sector == confirmation.sector && stages_meet(draw.stages, confirmation.stages);
      if (same && draw.on && *draw.on > window.span.opens.day) {
        add(PackFault::dates_out_of_order, where, "opens before the draw " + draw.id);
      }
    }
  }

  void check_others() {
    for (const auto& placement : pack_.placements) check_condition(placement.when, "placements/" + placement.id);
    for (const auto& flag : pack_.flags) check_condition(flag.when, "flags/" + flag.id);
    for (const auto& feeder : pack_.feeders) {
      check_references(feeder.categories, ids_of(pack_.categories), "feeders/" + feeder.id);
      for (const auto& from : feeder.from) check_condition(from.when, "feeders/" + feeder.id);
    }
    for (const auto& quota : pack_.recommended_quotas) {
      int classes = 0;
      for (const auto& share : quota.shares) {
        classes += share.classes;
        check_districts(share.districts, "recommended_quotas/" + quota.id);
      }
      if (classes != quota.classes) {
        add(PackFault::rule_incomplete, "recommended_quotas/" + quota.id, "its shares do not sum to its classes");
      }
    }
    Ids banned = ids_of(pack_.evidence_forbidden);
    banned.merge(ids_of(pack_.form.forbidden));
    for (const auto& field : pack_.form.allowed) {
      if (banned.contains(field.id)) add(PackFault::evidence_forbidden, "form/" + field.id, "may not be asked");
    }
  }

  const PolicyPack& pack_;
  Ids districts_;
};

}  // namespace

std::string_view to_word(PackFault fault) { return kFaultWords[static_cast<std::size_t>(fault)]; }

bool is_warning(PackFault fault) { return fault == PackFault::clause_unused; }

std::vector<PackFinding> lint_pack(const PolicyPack& pack) {
  PackLinter linter(pack);
  linter.lint();
  return std::move(linter.findings);
}

}  // namespace catchment::engine::admission
