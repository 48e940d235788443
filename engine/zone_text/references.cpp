#include "engine/zone_text/references.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/zone_text/compiling/exception_doubts.hpp"
#include "engine/zone_text/parse.hpp"
#include "engine/zone_text/school_names.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr std::size_t kMostBorrowed = 64;  // zones in one text; rows that refer to many that refer to many multiply

// Something of the text may give an address that no rule of it names.
bool is_incomplete(const CompiledText& text) {
  return std::ranges::any_of(text.findings, [](const Finding& f) {
    return f.kind == FindingKind::unread || f.kind == FindingKind::unknown_name || f.kind == FindingKind::not_closed ||
           f.kind == FindingKind::number_without_street || f.kind == FindingKind::unresolved_reference;
  });
}

// Adds the rules of one row to a text that refers to it.
class Borrower {
 public:
  Borrower(CompiledText& to, std::size_t reference) : to_(to), reference_(reference), rule_(to.references[reference]) {}

  void take(const CompiledText& from, const std::string& school_id) {
    const std::size_t own = to_.borrowed.size() + 1;
    const std::size_t regions = to_.regions.size();
    to_.borrowed.push_back({school_id, 0, reference_});
    for (BorrowedZone zone : from.borrowed) {
      zone.parent += own;
      zone.reference = reference_;
      to_.borrowed.push_back(std::move(zone));
    }
    to_.regions.insert(to_.regions.end(), from.regions.begin(), from.regions.end());
    std::vector<AddressRule> given;
    for (AddressRule rule : from.rules) {
      rule.scope += own;
      if (rule.region) *rule.region += regions;
      if (rule.effect == RuleEffect::allow && !rule_.doubt.empty()) {
        rule.effect = RuleEffect::undetermined;
        rule.why = rule_.doubt;
      }
      if (rule.effect != RuleEffect::deny) add_conditions(rule.households);
      place(rule);
      if (gives(rule)) given.push_back(rule);
      to_.rules.push_back(std::move(rule));
    }
    for (const AddressRule& rule : given) {
      for (const AddressRule& exception : rule_.exceptions) to_.rules.push_back(doubt_of(rule, exception));
    }
    for (FeederRule feeder : from.feeders) {
      if (feeder.own) continue;
      feeder.scope += own;
      if (feeder.region) *feeder.region += regions;
      if (!rule_.doubt.empty()) feeder.effect = RuleEffect::undetermined;
      add_conditions(feeder.households);
      place(feeder);
      to_.feeders.push_back(std::move(feeder));
    }
  }

 private:
  void add_conditions(std::vector<Household>& households) const {
    households.insert(households.end(), rule_.households.begin(), rule_.households.end());
  }
  // Answers quote the clause that refers, in the text that has it.
  template <class Rule>
  void place(Rule& rule) const {
    rule.clause = rule_.clause;
    rule.span = rule_.span;
  }

  CompiledText& to_;
  std::size_t reference_;
  const ReferenceRule rule_;
};

// Rows are numbered through: those asked for, then the others of the notice, then those of the earlier notice.
class ReferenceResolver {
 public:
  ReferenceResolver(std::span<CompiledText> texts, std::span<const LintRow> rows, const ReferencePool& pool,
                    const Ground& ground)
      : texts_(texts),
        ground_(ground),
        now_(rows.begin(), rows.end()),
        earlier_(pool.earlier.begin(), pool.earlier.end()) {
    now_.insert(now_.end(), pool.others.begin(), pool.others.end());
  }

  void run() {
    for (std::size_t row = 0; row < texts_.size(); ++row) {
      if (!texts_[row].references.empty()) resolve(row);
    }
  }

 private:
  bool is_earlier(std::size_t row) const { return row >= now_.size(); }
  const LintRow& row_of(std::size_t row) const { return is_earlier(row) ? earlier_[row - now_.size()] : now_[row]; }

  CompiledText& text_of(std::size_t row) {
    if (row < texts_.size()) return texts_[row];
    const auto [at, fresh] = compiled_.try_emplace(row);
    if (fresh) at->second = compile_row(row_of(row), ground_);
    return at->second;
  }

  // The rows of the school that a reference names; empty if it is not known, with `why`.
  std::vector<std::size_t> targets(std::size_t row, const ZoneReference& zone, std::string* why = nullptr) {
    const bool earlier = zone.former || is_earlier(row);
    if (zone.former && (is_earlier(row) || earlier_.empty())) {
      if (why != nullptr) *why = "no earlier notice is at hand that says what it was";
      return {};
    }
    std::optional<SchoolNames>& names = earlier ? earlier_names_ : now_names_;
    if (!names) names.emplace(earlier ? earlier_ : now_);
    std::vector<std::size_t> found = names->find(zone.school.text);
    for (std::size_t& r : found) r += earlier ? now_.size() : 0;
    if (found.empty() && why != nullptr) {
      *why = std::string("no row, or more than one school's, of ") + (earlier ? "the earlier notice" : "the notice") +
             " goes by that name";
    }
    // Another campus of the row's own school may be meant, never the row itself.
    if (found.size() > 1) std::erase(found, row);
    return found;
  }

  bool leads_to(std::size_t from, std::size_t row, std::set<std::size_t>& seen) {
    if (from == row) return true;
    if (!seen.insert(from).second) return false;
    for (const ReferenceRule& reference : text_of(from).references) {
      for (const std::size_t next : targets(from, reference.zone)) {
        if (leads_to(next, row, seen)) return true;
      }
    }
    return false;
  }

  void resolve(std::size_t row) {
    if (!done_.insert(row).second) return;
    for (std::size_t i = 0; i < text_of(row).references.size(); ++i) {
      const ReferenceRule reference = text_of(row).references[i];
      std::string why;
      const std::vector<std::size_t> found = targets(row, reference.zone, &why);
      std::set<std::size_t> seen;
      if (std::ranges::any_of(found, [&](std::size_t r) { return leads_to(r, row, seen); })) {
        why = "its own words refer back to this row";
      }
      if (why.empty()) {
        for (const std::size_t r : found) {
          resolve(r);  // in no ring with this row, so it does not come back here
          if (text_of(row).borrowed.size() + text_of(r).borrowed.size() >= kMostBorrowed) {
            why = "it leads on to more than " + std::to_string(kMostBorrowed) + " zones of other schools";
            break;
          }
          Borrower(text_of(row), i).take(text_of(r), row_of(r).school_id);
          if (is_incomplete(text_of(r))) why = "some of its own words could not be resolved";
        }
      }
      report(text_of(row), reference, why);
    }
  }

  static void report(CompiledText& text, const ReferenceRule& reference, const std::string& why) {
    const auto of_it = [&](const Finding& f) {
      return f.kind == FindingKind::unresolved_reference && f.span == reference.span;
    };
    if (why.empty()) {
      std::erase_if(text.findings, of_it);
      return;
    }
    for (Finding& f : text.findings) {
      if (!of_it(f)) continue;
      f.message = "The zone is that of " + reference.zone.school.text + (reference.zone.former ? " as it was" : "") +
                  ": " + why + ".";
    }
  }

  std::span<CompiledText> texts_;
  const Ground& ground_;
  std::vector<LintRow> now_;
  std::vector<LintRow> earlier_;
  std::optional<SchoolNames> now_names_, earlier_names_;
  std::map<std::size_t, CompiledText> compiled_;  // rows beyond texts_
  std::set<std::size_t> done_;
};

}  // namespace

void resolve_references(std::span<CompiledText> texts, std::span<const LintRow> rows, const ReferencePool& pool,
                        const Ground& ground) {
  ReferenceResolver(texts, rows, pool, ground).run();
}

bool has_reference(const ZoneText& zone) {
  return std::ranges::any_of(zone.clauses,
                             [](const Clause& c) { return std::holds_alternative<ZoneReference>(c.what); });
}

CompiledText compile_row(const LintRow& row, const Ground& ground) {
  CompileOptions options;
  options.seeds = row.seeds;
  options.within = row.within;
  return compile(parse_zone_text(row.text, {&ground.lexicon(), row.school_name}), ground, options);
}

}  // namespace catchment::engine::zone_text
