// What a compiled text answers with, and its answer for one address.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/zone_text/clause.hpp"
#include "engine/zone_text/finding.hpp"
#include "geo/gazetteer/gazetteer.hpp"
#include "geo/shapes.hpp"

namespace catchment::engine::zone_text {

// From strongest to weakest: at look-up the strongest level that speaks decides.
enum class RuleLevel : std::uint8_t { denial, number, estate, restricted_community, community, polygon };
std::string_view to_word(RuleLevel level);
enum class RuleEffect : std::uint8_t { allow, deny, undetermined };

enum class StreetSide : std::uint8_t { both, left, right };  // of its line, in the direction it is stored here

// The stretches of one street that bound a region, or that frontage words speak of, and which doors stand on which
// side.
struct StreetFront {
  struct Part {
    double from_m = 0;  // along `line`, in the frame of its first point
    double to_m = 0;
    StreetSide side = StreetSide::both;  // where the region lies; of a frontage rule: the side that is meant
  };
  geo::NameId street = geo::kNoName;
  geo::Polyline line;            // the street's, beyond the stretches too
  std::vector<Part> parts;       // by from_m
  std::optional<bool> odd_left;  // empty: the doors do not say
};

// Holds for the addresses under `name` whose numbers are in one of `numbers` (empty: all), which lie in `region` if it
// is set, and for the children in `households`.
struct AddressRule {
  RuleLevel level = RuleLevel::community;  // denial also with `undetermined`: an exception that may hold
  RuleEffect effect = RuleEffect::allow;
  std::vector<geo::NameId> path;    // the entry must lie under each of these too: 棠下街
  geo::NameId name = geo::kNoName;  // street, estate, community, village, town, district; kNoName: region only
  std::vector<NumberRange> numbers;
  std::optional<std::size_t> region;  // position in CompiledText::regions
  std::optional<StreetFront> front;   // and stand on one of these stretches of `name`
  std::vector<Household> households;  // all must hold; empty: every child
  std::string why;                    // undetermined: the word that cannot be decided
  std::size_t scope = 0;              // 0: the text's own words; else CompiledText::borrowed[scope - 1]
  std::size_t clause = 0;             // position in ZoneText::clauses
  Span span;
};

// No exception, nor one that may hold: its level and effect tell what the addresses under it are given.
inline bool gives(const AddressRule& rule) {
  return rule.effect != RuleEffect::deny && rule.level != RuleLevel::denial;
}

// A region and the streets that bound it, for addresses that front on one.
struct CompiledRegion {
  geo::MultiPolygon shape;          // not empty
  std::vector<StreetFront> bounds;  // streets whose centreline is part of the boundary, by street
};

struct FeederRule {
  std::vector<Name> schools;
  std::optional<Name> of;
  bool own = false;
  RuleEffect effect = RuleEffect::allow;  // undetermined: 部分毕业生
  std::vector<Household> households;
  std::optional<std::size_t> region;
  std::size_t scope = 0;  // as of an AddressRule
  std::size_t clause = 0;
  Span span;
};

struct HouseholdRule {  // a whole group, wherever they live
  Household household;
  std::size_t clause = 0;
  Span span;
};

// A clause that gives another school's zone.
struct ReferenceRule {
  ZoneReference zone;
  std::vector<Household> households;
  std::string doubt;  // 部分: what is taken from it is undetermined, and why
  std::size_t clause = 0;
  Span span;
  std::vector<AddressRule> exceptions = {};  // that may hold, of all that is taken from it
};

// Rules taken from another row. They answer by themselves, as the row does: its exceptions except from them alone.
struct BorrowedZone {
  std::string school_id;
  std::size_t parent = 0;     // the scope whose words refer to it; comes before it
  std::size_t reference = 0;  // position in references: the one of this text that led here
};

struct CompiledText {
  ZoneText tree;
  std::vector<CompiledRegion> regions;
  std::vector<AddressRule> rules;  // in the order of the text
  std::vector<FeederRule> feeders;
  std::vector<HouseholdRule> groups;
  std::vector<ReferenceRule> references;  // zones of other schools that belong to this one: see references.hpp
  std::vector<BorrowedZone> borrowed;     // what they gave
  std::vector<Allocation> allocations;    // empty: direct
  std::vector<Finding> findings;
};

// Whether a rule of this scope is shared with the schools it comes from: 同 says so, 原 does not.
inline bool is_shared_zone(const CompiledText& text, std::size_t scope) {
  return scope != 0 && !text.references[text.borrowed[scope - 1].reference].zone.former;
}

// Whether an address is under a number condition: parity, ranges, nested numbers. Doors, compounds and lanes of a
// street share one axis (1号-207弄, and 201弄3号 is in 199-207号); a range includes the sub-numbers of the numbers it
// includes, and a bound with a sub-number (38号之一) only those from it on. Ranges compiled for an estate have blocks
// as their unit already (NumberUnit::building), so a bare number here is a door.
enum class Holds : std::uint8_t { no, unknown, yes };  // unknown: the address lacks the number that is asked about
Holds find_holds(const NumberRange& range, const geo::EntryPath& path);
inline bool holds(const NumberRange& range, const geo::EntryPath& path) {
  return find_holds(range, path) == Holds::yes;
}

enum class Verdict : std::uint8_t { in, out, undetermined };
struct TextAnswer {
  Verdict verdict = Verdict::out;
  RuleLevel level = RuleLevel::polygon;
  bool on_boundary = false;  // decided by a point nearer to a line than its error
  // An exception may hold: whatever else gives the address to the row's school, its drawn zone too, is in doubt.
  bool may_be_denied = false;            // the address lacks a number or a place that it asks for
  bool near_denial = false;              // its line is nearer to the point than the point's error
  std::vector<Household> not_denied_if;  // an exception of some children only does not hold if these do
  std::vector<std::size_t> rules;        // those that decided, positions in CompiledText::rules
  std::vector<Household> depends_on;     // in only if these hold
  // A rule of a stronger level than what decided, that may hold as well: if these households do, if the address has the
  // number it asks for (unknown), or if the point lies beyond a line that is nearer than its error (no).
  struct Stronger {
    RuleLevel level = RuleLevel::polygon;
    std::size_t rule = 0;
    Holds holds = Holds::yes;
    bool on_boundary = false;
    std::vector<Household> depends_on;
  };
  std::vector<Stronger> stronger;
};
// Whether a condition, `excluded` taken into account, holds for the child that is asked about; empty: not known.
using HouseholdTest = std::function<std::optional<bool>(const Household&)>;
// What one row's text says of one address. A rule of which a household is known not to hold does not speak; one that is
// not known to hold is in depends_on. Without a test nothing is known.
TextAnswer answer(const CompiledText& text, const geo::Gazetteer& names, const geo::EntryPath& path,
                  std::optional<geo::Point> position, double error_m, const HouseholdTest& test = {});

}  // namespace catchment::engine::zone_text
