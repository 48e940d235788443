// One text of a notice, clause by clause, to rules. Internal to the compiler.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "engine/zone_text/compiling/names.hpp"
#include "engine/zone_text/compiling/region.hpp"

namespace catchment::engine::zone_text {

inline bool is_area(ItemKind kind) {
  return kind == ItemKind::community || kind == ItemKind::village || kind == ItemKind::town ||
         kind == ItemKind::district;
}

// Things whose addresses are told by the shape, because an address does not name them.
inline bool goes_by_shape(ItemKind kind) {
  return kind == ItemKind::town || kind == ItemKind::village || kind == ItemKind::institution ||
         kind == ItemKind::block || kind == ItemKind::school;
}

const Modifier* find_modifier(const std::vector<Modifier>& modifiers, ModifierKind kind);
// The household conditions among them.
std::vector<Household> households_of(const std::vector<Modifier>& modifiers);

class TextCompiler {
 public:
  TextCompiler(ZoneText tree, const Ground& ground, const CompileOptions& options)
      : ground_(ground), options_(options) {
    out_.tree = std::move(tree);
  }

  CompiledText run();

 private:
  // --- clauses (clause_rules) ---
  void compile_clause(const Clause& clause, const Region& written);
  static Region with_contained_sides(Region region, const Clause& clause);
  void compile_clause(const Clause& clause, const Addresses& addresses);
  void compile_clause(const Clause& clause, const engine::zone_text::Feeder& feeder);
  void compile_clause(const Clause& clause, const HouseholdGroup& group);
  void compile_clause(const Clause& clause, const ZoneReference& reference);
  void compile_clause(const Clause& clause, const Allocation& allocation);
  void compile_clause(const Clause&, const Note&);
  void compile_clause(const Clause& clause, const Unread&);
  AddressRule new_rule(RuleLevel level, RuleEffect effect, Span span) const;
  std::size_t add_region(CompiledRegion region);
  static void make_undetermined(AddressRule& rule, std::string why);
  static std::vector<Household> clause_households(const Clause& clause);
  void apply_doubt(AddressRule& rule, const std::vector<Modifier>& modifiers) const;

  // --- items (item_rules) ---
  void compile_item(const Clause& clause, const Item& item);
  void compile_whole(const Clause& clause, const Item& item);
  bool compile_section(const Clause& clause, const Item& item);
  AddressRule rule_for(const Meant& thing, const Item& item, const std::vector<geo::NameId>& path);
  void add_rule(const Meant& thing, AddressRule rule);
  void add_void(const Meant& thing, const AddressRule& rule, const std::vector<Modifier>& modifiers);
  void make_blocks(AddressRule& rule) const;
  bool compile_restrictions(const std::vector<Modifier>& modifiers, const Meant& thing, const AddressRule& whole);
  void restrict_to_sides(AddressRule& rule, const Modifier& modifier, const Meant& thing);
  geo::MultiPolygon extent_of(const Meant& thing) const;
  static geo::MultiPolygon widened(const geo::Box& box, double by_m);
  void add_vicinity(const Meant& thing, const AddressRule& rule);

  // --- exceptions and what is contained (item_exceptions) ---
  void add_within(const Item& item, const Meant& outer, const AddressRule& whole, RuleEffect effect);
  void compile_contained(const Modifier& modifier, const Item* outer, const std::vector<Household>& households);
  Resolution resolve_quietly(const Item& item) const;
  void compile_exceptions(const std::vector<Modifier>& modifiers, const Item* outer, const Resolution& resolution);
  bool restates_rest(const Item& item, const Item& outer, const Meant& thing) const;
  void compile_exception(const Item& item, const Item* outer, const Resolution& resolution);
  static void nest_like(Item& item, const Item& outer);
  void except_sides(const Modifier& modifier, const Resolution& resolution);
  static bool is_in_part(const Item& item);
  // What an exception that is read next speaks of: the rules and references since then.
  struct Scope {
    std::size_t rules = 0;
    std::size_t references = 0;
  };
  Scope here() const { return {out_.rules.size(), out_.references.size()}; }
  void doubt_scope(AddressRule exception, std::string why);
  void compile_void(const Item& item, const Item* outer, const Resolution& resolution);

  // --- checks (text_checks) ---
  void check_words(const std::vector<Modifier>& modifiers, const std::string& of);
  void check_words(const Item& item);
  void check_words(const Clause& clause);
  void check_duplicate(const Item& item, const std::vector<Meant>& things);
  void check_exclusion(const Item& exception, const Item& outer);
  void check_numbers(const Item& item, const AddressRule& rule);
  void check_exists(const NumberRange& written, const NumberRange& range, geo::NameId name);

  const Ground& ground_;
  const CompileOptions& options_;
  CompiledText out_;
  Reporter* report_ = nullptr;
  NameResolver* names_ = nullptr;
  std::size_t clause_ = 0;
  Scope scope_;
  std::set<std::string> seen_;
};

}  // namespace catchment::engine::zone_text
