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

// Holds for the addresses under `name` whose numbers are in one of `numbers` (empty: all), which lie in `region` if it
// is set, and for the children in `households`.
struct AddressRule {
  RuleLevel level = RuleLevel::community;
  RuleEffect effect = RuleEffect::allow;
  std::vector<geo::NameId> path;    // the entry must lie under each of these too: 棠下街
  geo::NameId name = geo::kNoName;  // street, estate, community, village, town, district; kNoName: region only
  std::vector<NumberRange> numbers;
  std::optional<std::size_t> region;  // position in CompiledText::regions
  std::vector<Household> households;  // all must hold; empty: every child
  std::string why;                    // undetermined: the word that cannot be decided
  std::size_t clause = 0;             // position in ZoneText::clauses
  Span span;
};

// A region and the streets that bound it, for addresses that front on one.
struct CompiledRegion {
  geo::MultiPolygon shape;          // not empty
  std::vector<geo::NameId> bounds;  // streets whose centreline is part of the boundary, sorted
};

struct FeederRule {
  std::vector<Name> schools;
  std::optional<Name> of;
  bool own = false;
  RuleEffect effect = RuleEffect::allow;  // undetermined: 部分毕业生
  std::vector<Household> households;
  std::optional<std::size_t> region;
  std::size_t clause = 0;
  Span span;
};

struct HouseholdRule {  // a whole group, wherever they live
  Household household;
  std::size_t clause = 0;
  Span span;
};

struct CompiledText {
  ZoneText tree;
  std::vector<CompiledRegion> regions;
  std::vector<AddressRule> rules;  // in the order of the text
  std::vector<FeederRule> feeders;
  std::vector<HouseholdRule> groups;
  std::vector<Allocation> allocations;  // empty: direct
  std::vector<Finding> findings;
};

// Whether an address is under a number condition: parity, ranges, nested numbers. `under` is the rule's name, which
// says whether a bare number is a door of a street or a block of an estate.
bool holds(const NumberRange& range, const geo::EntryPath& path);

enum class Verdict : std::uint8_t { in, out, undetermined };
struct TextAnswer {
  Verdict verdict = Verdict::out;
  RuleLevel level = RuleLevel::polygon;
  bool on_boundary = false;           // decided by a point nearer to a line than its error
  std::vector<std::size_t> rules;     // those that decided, positions in CompiledText::rules
  std::vector<Household> depends_on;  // in only if these hold
};
// Whether a condition, `excluded` taken into account, holds for the child that is asked about; empty: not known.
using HouseholdTest = std::function<std::optional<bool>(const Household&)>;
// What one row's text says of one address. A rule of which a household is known not to hold does not speak; one that is
// not known to hold is in depends_on. Without a test nothing is known.
TextAnswer answer(const CompiledText& text, const geo::Gazetteer& names, const geo::EntryPath& path,
                  std::optional<geo::Point> position, double error_m, const HouseholdTest& test = {});

}  // namespace catchment::engine::zone_text
