#include "engine/zone_text/compile.hpp"

#include <algorithm>
#include <set>

#include "engine/zone_text/compiling/names.hpp"
#include "engine/zone_text/compiling/region.hpp"
#include "geo/address/normal_text.hpp"
#include "geo/topology.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kNearM = 500;  // 附近: beyond it nobody would read the word so

bool is_area(ItemKind kind) {
  return kind == ItemKind::community || kind == ItemKind::village || kind == ItemKind::town ||
         kind == ItemKind::district;
}

// Things whose addresses are told by the shape, because an address does not name them.
bool goes_by_shape(ItemKind kind) {
  return kind == ItemKind::town || kind == ItemKind::village || kind == ItemKind::institution ||
         kind == ItemKind::block || kind == ItemKind::school;
}

RuleLevel level_of(ItemKind kind, bool numbers) {
  if (numbers) return RuleLevel::number;
  return is_area(kind) ? RuleLevel::community : RuleLevel::estate;
}

const Modifier* find_modifier(const std::vector<Modifier>& modifiers, ModifierKind kind) {
  const auto found =
      std::find_if(modifiers.begin(), modifiers.end(), [&](const Modifier& m) { return m.kind == kind; });
  return found == modifiers.end() ? nullptr : &*found;
}

std::vector<Household> households_of(const std::vector<Modifier>& modifiers) {
  std::vector<Household> out;
  for (const Modifier& m : modifiers) {
    if (m.kind == ModifierKind::household || m.kind == ModifierKind::only || m.kind == ModifierKind::except) {
      out.insert(out.end(), m.households.begin(), m.households.end());
    }
  }
  return out;
}

class TextCompiler {
 public:
  TextCompiler(ZoneText tree, const Ground& ground, const CompileOptions& options)
      : ground_(ground), options_(options) {
    out_.tree = std::move(tree);
  }

  CompiledText run() {
    Reporter report(out_.tree.text, out_.findings);
    NameResolver names(ground_, options_, report);
    report_ = &report;
    names_ = &names;
    for (clause_ = 0; clause_ < out_.tree.clauses.size(); ++clause_) {
      const Clause& clause = out_.tree.clauses[clause_];
      std::visit([&](const auto& what) { compile_clause(clause, what); }, clause.what);
    }
    std::stable_sort(out_.findings.begin(), out_.findings.end(), [](const Finding& a, const Finding& b) {
      return a.span.begin != b.span.begin ? a.span.begin < b.span.begin : a.kind < b.kind;
    });
    return std::move(out_);
  }

 private:
  // --- clauses ---

  void compile_clause(const Clause& clause, const Region& written) {
    const RegionResult result =
        compile_region(with_contained_sides(written, clause), clause.span, ground_, options_, *report_);
    const std::vector<Household> households = clause_households(clause);
    if (result.region || result.uncertain) {
      AddressRule rule = new_rule(RuleLevel::polygon, RuleEffect::allow, clause.span);
      rule.region = add_region(result.region ? *result.region : *result.uncertain);
      rule.households = households;
      if (!result.region) make_undetermined(rule, "the region cannot be drawn");
      apply_doubt(rule, clause.modifiers);
      out_.rules.push_back(std::move(rule));
    }
    for (AddressRule rule : result.frontage) {
      rule.clause = clause_;
      if (rule.effect == RuleEffect::allow) rule.households = households;
      out_.rules.push_back(std::move(rule));
    }
    for (const Modifier& modifier : clause.modifiers) {
      if (modifier.kind == ModifierKind::contains) compile_contained(modifier, nullptr, households);
    }
    compile_exceptions(clause.modifiers, nullptr, {});
  }

  // 以北包括夏荷路南侧: the frontage of a street that the region names.
  static Region with_contained_sides(Region region, const Clause& clause) {
    for (const Modifier& modifier : clause.modifiers) {
      if (modifier.kind != ModifierKind::contains) continue;
      for (const Side& side : modifier.sides) {
        for (const Line& line : side.line.lines) {
          const FrontageKind kind = side.direction ? FrontageKind::one_side : FrontageKind::included;
          if (!region.sides.empty()) region.sides.front().frontages.push_back({kind, side.direction, line, side.span});
        }
      }
    }
    return region;
  }

  void compile_clause(const Clause& clause, const Addresses& addresses) {
    for (const Item& item : addresses.items) compile_item(clause, item);
    compile_exceptions(clause.modifiers, nullptr, {});
    for (const Modifier& modifier : clause.modifiers) {
      if (modifier.kind == ModifierKind::contains) compile_contained(modifier, nullptr, clause_households(clause));
    }
  }

  void compile_clause(const Clause& clause, const engine::zone_text::Feeder& feeder) {
    FeederRule rule;
    rule.schools = feeder.schools;
    rule.of = feeder.of;
    rule.own = feeder.own;
    rule.effect = feeder.partial ? RuleEffect::undetermined : RuleEffect::allow;
    rule.households = feeder.households;
    for (const Household& h : clause_households(clause)) rule.households.push_back(h);
    if (!feeder.sides.empty()) {
      const Region region{RegionForm::half_planes, feeder.sides, {}};
      const RegionResult result = compile_region(region, clause.span, ground_, options_, *report_);
      if (result.region) rule.region = add_region(*result.region);
      if (!result.region) rule.effect = RuleEffect::undetermined;
    }
    if (feeder.partial) {
      report_->add(FindingKind::undecidable, clause.span, "The words do not say which part of the graduates is meant.");
    }
    rule.clause = clause_;
    rule.span = clause.span;
    out_.feeders.push_back(std::move(rule));
  }

  void compile_clause(const Clause& clause, const HouseholdGroup& group) {
    out_.groups.push_back({group.household, clause_, clause.span});
  }

  void compile_clause(const Clause& clause, const ZoneReference& reference) {
    report_->add(FindingKind::undecidable, clause.span,
                 "The zone is that of " + reference.school.text + (reference.former ? " as it was" : "") +
                     ": its own text decides.");
    out_.references.push_back(reference);
  }

  void compile_clause(const Clause&, const Allocation& allocation) {
    if (allocation.mode != AllocationMode::direct || !allocation.items.empty()) out_.allocations.push_back(allocation);
  }

  void compile_clause(const Clause&, const Note&) {}

  void compile_clause(const Clause& clause, const Unread&) {
    report_->add(FindingKind::unread, clause.span, "These words could not be read.");
  }

  // --- rules ---

  AddressRule new_rule(RuleLevel level, RuleEffect effect, Span span) const {
    AddressRule rule;
    rule.level = level;
    rule.effect = effect;
    rule.clause = clause_;
    rule.span = span;
    return rule;
  }

  std::size_t add_region(CompiledRegion region) {
    out_.regions.push_back(std::move(region));
    return out_.regions.size() - 1;
  }

  static void make_undetermined(AddressRule& rule, std::string why) {
    if (rule.effect != RuleEffect::allow) return;
    rule.effect = RuleEffect::undetermined;
    rule.why = std::move(why);
  }

  static std::vector<Household> clause_households(const Clause& clause) {
    std::vector<Household> out = clause.households;
    for (const Household& h : households_of(clause.modifiers)) out.push_back(h);
    return out;
  }

  // 部分, 附近: the words that leave the answer open.
  void apply_doubt(AddressRule& rule, const std::vector<Modifier>& modifiers) const {
    for (const ModifierKind kind : {ModifierKind::partial, ModifierKind::vague}) {
      if (const Modifier* m = find_modifier(modifiers, kind)) make_undetermined(rule, report_->quote(m->span));
    }
  }

  void compile_item(const Clause& clause, const Item& item) {
    if (item.name.text.empty()) {
      report_->add(FindingKind::number_without_street, item.span, "These numbers stand without a street or an estate.");
      return;
    }
    if (item.kind == ItemKind::district && item.name.text.starts_with("全")) {
      compile_whole(clause, item);
      return;
    }
    const Resolution resolution = names_->resolve(item);
    if (resolution.things.empty()) return;
    std::vector<Modifier> modifiers = item.modifiers;
    for (const Modifier& m : clause.modifiers) {
      const bool doubt = m.kind == ModifierKind::partial || m.kind == ModifierKind::vague;
      const bool restricts = m.kind == ModifierKind::only && (!m.items.empty() || !m.sides.empty());
      if (doubt || restricts) modifiers.push_back(m);
    }
    std::vector<Household> households = clause_households(clause);
    for (const Household& h : households_of(item.modifiers)) households.push_back(h);
    check_doubt(item);
    check_duplicate(item, resolution.things);
    for (const Meant& thing : resolution.things) {
      AddressRule rule = rule_for(thing, item, resolution.path);
      rule.households = households;
      if (resolution.things.size() > 1) make_undetermined(rule, "several things are called " + item.name.text);
      apply_doubt(rule, modifiers);
      check_numbers(item, rule);
      if (!compile_restrictions(modifiers, thing, rule)) add_rule(thing, rule);
      if (find_modifier(modifiers, ModifierKind::vague) != nullptr) add_vicinity(thing, rule);
    }
    compile_exceptions(item.modifiers, &item, resolution);
    for (const Modifier& modifier : item.modifiers) {
      if (modifier.kind == ModifierKind::contains) compile_contained(modifier, &item, households);
    }
  }

  // 全区, 全市: all of what stands before it, else of the city.
  void compile_whole(const Clause& clause, const Item& item) {
    if (!item.path.empty()) {
      Item named = item;
      named.name = named.path.back();
      named.kind = ItemKind::unknown;
      named.path.pop_back();
      compile_item(clause, named);
      return;
    }
    if (ground_.outline().empty()) return;
    AddressRule rule = new_rule(RuleLevel::polygon, RuleEffect::allow, item.span);
    rule.region = add_region({ground_.outline(), {}});
    rule.households = clause_households(clause);
    for (const Household& h : households_of(item.modifiers)) rule.households.push_back(h);
    apply_doubt(rule, item.modifiers);
    out_.rules.push_back(std::move(rule));
    compile_exceptions(item.modifiers, nullptr, {});
  }

  // The rule that an item makes of one thing, its modifiers left aside.
  AddressRule rule_for(const Meant& thing, const Item& item, const std::vector<geo::NameId>& path) {
    AddressRule rule = new_rule(level_of(thing.kind, !item.numbers.empty()), RuleEffect::allow, item.span);
    rule.name = thing.name;
    rule.numbers = item.numbers;
    if (thing.kind == ItemKind::street) {
      rule.path = path;  // a street runs through several towns; an estate stands in one
    } else if (thing.kind == ItemKind::estate) {
      make_blocks(rule);
    }
    return rule;
  }

  void add_rule(const Meant& thing, AddressRule rule) {
    const bool by_shape = thing.area != kNoLine && (thing.name == geo::kNoName || goes_by_shape(thing.kind));
    if (by_shape) {
      rule.name = geo::kNoName;
      if (!rule.region) rule.region = add_region({ground_.areas()[thing.area].shape, {}});
    }
    out_.rules.push_back(std::move(rule));
  }

  // Bare numbers of an estate are its blocks, unless its addresses have doors and no blocks.
  void make_blocks(AddressRule& rule) const {
    bool blocks = false;
    bool doors = false;
    for (const geo::EntryId id : ground_.names().entries_of(rule.name)) {
      const geo::EntryPath path = ground_.names().entry(id).path;
      blocks |= path.building.number != 0;
      doors |= path.door.number != 0;
      if (blocks) break;
    }
    if (doors && !blocks) return;
    for (NumberRange& range : rule.numbers) {
      if (range.unit == NumberUnit::door) range.unit = NumberUnit::building;
      if (range.to_unit == NumberUnit::door) range.to_unit = NumberUnit::building;
    }
  }

  // （只招…）: the rule of the item gives way to rules for what is named. False if nothing restricts it.
  bool compile_restrictions(const std::vector<Modifier>& modifiers, const Meant& thing, const AddressRule& whole) {
    bool restricted = false;
    for (const Modifier& modifier : modifiers) {
      if (modifier.kind != ModifierKind::only) continue;
      for (const Item& item : modifier.items) {
        restricted = true;
        add_within(item, thing, whole, RuleEffect::allow);
      }
      if (modifier.sides.empty()) continue;
      restricted = true;
      AddressRule rule = whole;
      if (rule.level > RuleLevel::restricted_community) rule.level = RuleLevel::restricted_community;
      restrict_to_sides(rule, modifier, thing);
      add_rule(thing, std::move(rule));
    }
    return restricted;
  }

  void restrict_to_sides(AddressRule& rule, const Modifier& modifier, const Meant& thing) {
    const Side& first = modifier.sides.front();
    if (modifier.sides.size() == 1 && !first.direction && !first.label) {  // （A路至B路区间段）
      const Region stretch{RegionForm::along, modifier.sides, {}};
      const RegionResult result = compile_region(stretch, modifier.span, ground_, options_, *report_);
      if (result.frontage.size() == 1 && result.frontage.front().name == rule.name) {
        rule.front = result.frontage.front().front;
        rule.level = std::min(rule.level, RuleLevel::number);
      } else {
        make_undetermined(rule, "the part cannot be drawn");
      }
      return;
    }
    const geo::MultiPolygon extent = extent_of(thing);
    const Region region{RegionForm::half_planes, modifier.sides, {}};
    const RegionResult result =
        compile_region(region, modifier.span, ground_, options_, *report_, extent.empty() ? nullptr : &extent);
    for (AddressRule front : result.frontage) {
      front.clause = clause_;
      out_.rules.push_back(std::move(front));
    }
    if (result.region) {
      rule.region = add_region(*result.region);
    } else {
      make_undetermined(rule, "the part cannot be drawn");
    }
  }

  // The shape of a thing, else a box around what is known of it.
  geo::MultiPolygon extent_of(const Meant& thing) const {
    if (thing.area != kNoLine) return ground_.areas()[thing.area].shape;
    const geo::Box box = ground_.names().thing(thing.name).box;
    return box.empty() ? geo::MultiPolygon{} : widened(box, 100);
  }

  static geo::MultiPolygon widened(const geo::Box& box, double by_m) {
    const geo::LocalScale scale = geo::local_scale(box.min.lat);
    const auto lon = static_cast<std::int32_t>(by_m / scale.lon_m);
    const auto lat = static_cast<std::int32_t>(by_m / scale.lat_m);
    const geo::Point low{box.min.lon - lon, box.min.lat - lat};
    const geo::Point high{box.max.lon + lon, box.max.lat + lat};
    return {{{low, {high.lon, low.lat}, high, {low.lon, high.lat}}, {}}};
  }

  // 附近: around the thing nobody can tell.
  void add_vicinity(const Meant& thing, const AddressRule& rule) {
    geo::Box box;
    if (thing.name != geo::kNoName) box = ground_.names().thing(thing.name).box;
    if (thing.area != kNoLine) box.extend(geo::bounding_box(ground_.areas()[thing.area].shape));
    if (box.empty()) return;
    AddressRule near = new_rule(RuleLevel::polygon, RuleEffect::undetermined, rule.span);
    near.region = add_region({widened(box, kNearM), {}});
    near.why = rule.why;
    out_.rules.push_back(std::move(near));
  }

  // An item named in the brackets of another, or of the clause: numbers of the same name, or things of their own.
  void add_within(const Item& item, const Meant& outer, const AddressRule& whole, RuleEffect effect) {
    std::vector<Meant> things;
    std::vector<geo::NameId> path;
    const bool same = item.name.text.empty();
    if (same) {
      things = {outer};
      path = whole.path;
    } else {
      Resolution resolution = names_->resolve(item);
      things = std::move(resolution.things);
      path = std::move(resolution.path);
      if (things.empty() && effect == RuleEffect::deny && outer.name != geo::kNoName) {
        // Nobody can tell where the exception lies: anything under the outer name may be in it.
        AddressRule doubt = whole;
        doubt.level = RuleLevel::denial;
        make_undetermined(doubt, "nothing is called " + item.name.text);
        add_rule(outer, std::move(doubt));
      }
    }
    for (const Meant& thing : things) {
      AddressRule rule = rule_for(thing, item, path);
      if (same) rule.path = path;
      rule.effect = effect;
      if (effect == RuleEffect::deny) rule.level = RuleLevel::denial;
      if (effect == RuleEffect::allow) {
        rule.households = whole.households;
        for (const Household& h : households_of(item.modifiers)) rule.households.push_back(h);
      }
      // A whole street is meant only as far as it runs through the area it is named in.
      const bool street = thing.kind == ItemKind::street && rule.numbers.empty();
      if (street && is_area(outer.kind) && outer.name != geo::kNoName) {
        if (goes_by_shape(outer.kind) && outer.area != kNoLine) {
          rule.region = add_region({ground_.areas()[outer.area].shape, {}});
        } else {
          rule.path.push_back(outer.name);
        }
      }
      if (things.size() > 1) make_undetermined(rule, "several things are called " + item.name.text);
      check_numbers(item, rule);
      if (effect == RuleEffect::deny && things.size() > 1) {
        if (outer.name == geo::kNoName) continue;
        // Which one is excepted nobody can tell: what is under the outer name and under any of them is in doubt.
        rule.effect = RuleEffect::undetermined;
        rule.why = "several things are called " + item.name.text;
        rule.path.push_back(outer.name);
      }
      // 151号除外 within a numbered lane or estate keeps the outer numbers' axis.
      add_rule(thing, std::move(rule));
      for (const Modifier& m : item.modifiers) {
        if (m.kind == ModifierKind::void_now) report_void(m);
      }
    }
  }

  void compile_contained(const Modifier& modifier, const Item* outer, const std::vector<Household>& households) {
    AddressRule whole;
    whole.households = households;
    for (const Item& item : modifier.items) {
      if (item.name.text.empty() && outer == nullptr) continue;
      if (item.name.text.empty()) {
        const Resolution own = resolve_quietly(*outer);
        if (own.things.size() == 1) add_within(item, own.things.front(), whole, RuleEffect::allow);
      } else {
        add_within(item, {}, whole, RuleEffect::allow);
      }
    }
  }

  Resolution resolve_quietly(const Item& item) const { return {names_->find(item.name.text, item.kind), {}}; }

  void compile_exceptions(const std::vector<Modifier>& modifiers, const Item* outer, const Resolution& resolution) {
    for (const Modifier& modifier : modifiers) {
      if (modifier.kind == ModifierKind::void_now) report_void(modifier);
      if (modifier.kind != ModifierKind::except) continue;
      for (const Item& item : modifier.items) compile_exception(item, outer, resolution);
      if (!modifier.sides.empty()) except_sides(modifier, resolution);
    }
  }

  // 国平里（1至13邻…，余为…）: what is left of the village, beside numbers that have a rule of their own. That rule is
  // the stronger one; denying its numbers would undo it.
  bool restates_rest(const Item& item, const Item& outer, const Meant& thing) const {
    if (!item.name.text.empty() || find_modifier(outer.modifiers, ModifierKind::partial) == nullptr) return false;
    return std::any_of(out_.rules.begin(), out_.rules.end(), [&](const AddressRule& rule) {
      return rule.name == thing.name && rule.effect == RuleEffect::allow && !rule.numbers.empty();
    });
  }

  void compile_exception(const Item& item, const Item* outer, const Resolution& resolution) {
    if (item.name.text.empty() && resolution.things.empty()) {
      if (outer == nullptr) {
        report_->add(FindingKind::number_without_street, item.span,
                     "These numbers stand without a street or an estate.");
      }
      return;
    }
    const Meant thing = resolution.things.size() == 1 ? resolution.things.front() : Meant{};
    if (item.name.text.empty() && thing.name == geo::kNoName) return;
    if (outer != nullptr && restates_rest(item, *outer, thing)) return;
    AddressRule whole;
    whole.path = resolution.path;
    if (item.name.text.empty() && outer != nullptr) {
      check_exclusion(item, *outer);
      Item nested = item;
      nest_like(nested, *outer);
      add_within(nested, thing, whole, RuleEffect::deny);
      return;
    }
    add_within(item, thing, whole, RuleEffect::deny);
  }

  // Inside 81号大院（1-144号，其中81号之二除外） and 209弄（…除外） numbers count within the one compound or lane
  // named.
  static void nest_like(Item& item, const Item& outer) {
    if (outer.numbers.size() != 1 || outer.numbers.front().inside.empty()) return;
    for (NumberRange& range : item.numbers) {
      NumberRange shell = outer.numbers.front();
      const bool own = shell.from && range.from && shell.from->number == range.from->number;
      if (own || range.unit == NumberUnit::lane || range.unit == NumberUnit::compound) continue;
      shell.inside = {range};
      shell.span = range.span;
      range = std::move(shell);
    }
  }

  void except_sides(const Modifier& modifier, const Resolution& resolution) {
    AddressRule rule = new_rule(RuleLevel::denial, RuleEffect::deny, modifier.span);
    const Meant thing = resolution.things.size() == 1 ? resolution.things.front() : Meant{};
    rule.name = thing.name;
    geo::MultiPolygon extent;
    if (thing.name != geo::kNoName || thing.area != kNoLine) extent = extent_of(thing);
    const Region region{RegionForm::half_planes, modifier.sides, {}};
    const RegionResult result =
        compile_region(region, modifier.span, ground_, options_, *report_, extent.empty() ? nullptr : &extent);
    if (!result.region) {
      for (AddressRule& other : out_.rules) {
        if (other.clause == clause_ && other.name == rule.name)
          make_undetermined(other, "the exception cannot be drawn");
      }
      return;
    }
    rule.region = add_region(*result.region);
    if (rule.name != geo::kNoName && goes_by_shape(thing.kind)) rule.name = geo::kNoName;
    out_.rules.push_back(std::move(rule));
  }

  // --- checks ---

  void report_void(const Modifier& modifier) {
    report_->add(FindingKind::void_number, modifier.span, "The text says itself that these addresses are no more.");
  }

  void check_doubt(const Item& item) {
    for (const Modifier& m : item.modifiers) {
      if (m.kind == ModifierKind::partial) {
        report_->add(FindingKind::undecidable, m.span,
                     "The words do not say which part of " + item.name.text + " is meant.");
      } else if (m.kind == ModifierKind::vague) {
        report_->add(FindingKind::undecidable, m.span,
                     "The words do not say how far from " + item.name.text + " is meant.");
      }
    }
  }

  void check_duplicate(const Item& item, const std::vector<Meant>& things) {
    if (!item.modifiers.empty() || things.size() != 1 || things.front().name == geo::kNoName) return;
    std::string key = std::to_string(things.front().name);
    for (const NumberRange& range : item.numbers) key += "|" + geo::normalise(report_->quote(range.span)).text;
    if (!seen_.insert(key).second) {
      report_->add(FindingKind::duplicate, item.span, "This was said before in the same text.", "");
    }
  }

  void check_exclusion(const Item& exception, const Item& outer) {
    if (outer.numbers.empty()) return;
    for (const NumberRange& range : exception.numbers) {
      if (!range.from || range.unit != NumberUnit::door) continue;
      geo::EntryPath path;
      path.door = *range.from;
      bool maybe = false;
      for (const NumberRange& whole : outer.numbers) maybe |= find_holds(whole, path) != Holds::no;
      if (!maybe) {
        report_->add(
            FindingKind::exclusion_outside, range.span,
            "These numbers are excluded from " + outer.name.text + " although they are not among those included.");
      }
    }
  }

  void check_numbers(const Item& item, const AddressRule& rule) {
    for (std::size_t i = 0; i < item.numbers.size(); ++i) {
      const NumberRange& range = item.numbers[i];
      if (range.parity != Parity::all && range.from && range.to && range.from->odd() == range.to->odd() &&
          range.from->odd() != (range.parity == Parity::odd) && range.inside.empty()) {
        report_->add(FindingKind::parity_contradicts, range.span,
                     std::string("Both numbers are ") + (range.from->odd() ? "odd" : "even") + ", the words say " +
                         (range.parity == Parity::odd ? "odd." : "even."));
      }
      if (rule.name != geo::kNoName && i < rule.numbers.size()) check_exists(range, rule.numbers[i], rule.name);
    }
  }

  void check_exists(const NumberRange& written, const NumberRange& range, geo::NameId name) {
    bool any = false;
    for (const geo::EntryId id : ground_.names().entries_of(name)) {
      if (find_holds(range, ground_.names().entry(id).path) != Holds::no) return;
      any = true;
    }
    if (!any) return;
    report_->add(FindingKind::no_such_number, written.span,
                 "No address of " + std::string(ground_.names().thing(name).name) + " bears such a number.");
  }

  const Ground& ground_;
  const CompileOptions& options_;
  CompiledText out_;
  Reporter* report_ = nullptr;
  NameResolver* names_ = nullptr;
  std::size_t clause_ = 0;
  std::set<std::string> seen_;
};

// What a rule covers as an area; empty for doors.
geo::MultiPolygon area_of(const AddressRule& rule, const CompiledText& text, const Ground& ground) {
  if (!rule.numbers.empty() || rule.front) return {};
  if (rule.region) {
    return text.regions[*rule.region].shape;  // of a restricted area it is that part of it
  }
  if (rule.name == geo::kNoName) return {};
  std::vector<geo::MultiPolygon> shapes;
  for (const std::size_t i : ground.find_areas(ground.names().thing(rule.name).name)) {
    if (ground.areas()[i].place == rule.name) shapes.push_back(ground.areas()[i].shape);
  }
  return shapes.empty() ? geo::MultiPolygon{} : geo::dissolve(shapes);
}

}  // namespace

std::string Reporter::quote(Span span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string(text_.substr(begin, end - begin));
}

Finding& Reporter::add(FindingKind kind, Span span, std::string message, std::string proposal) {
  Finding finding;
  finding.kind = kind;
  finding.span = span;
  finding.quote = quote(span);
  finding.message = std::move(message);
  finding.proposal = std::move(proposal);
  findings_.push_back(std::move(finding));
  return findings_.back();
}

CompiledText compile(ZoneText tree, const Ground& ground, const CompileOptions& options) {
  return TextCompiler(std::move(tree), ground, options).run();
}

geo::MultiPolygon derived_shape(const CompiledText& text, const Ground& ground) {
  std::vector<geo::MultiPolygon> given;
  std::vector<geo::MultiPolygon> denied;
  for (const AddressRule& rule : text.rules) {
    if (rule.effect == RuleEffect::undetermined) continue;
    geo::MultiPolygon area = area_of(rule, text, ground);
    if (area.empty()) continue;
    (rule.effect == RuleEffect::allow ? given : denied).push_back(std::move(area));
  }
  if (given.empty()) return {};
  geo::MultiPolygon shape = given.size() == 1 ? given.front() : geo::dissolve(given);
  if (denied.empty()) return shape;
  return geo::overlay(shape, geo::dissolve(denied), geo::OverlayKind::difference);
}

}  // namespace catchment::engine::zone_text
