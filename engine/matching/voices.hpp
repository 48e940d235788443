// What the rows, zones and feeders of a layer say of one child at one place, and which of them decide.
//
// Every clause, shape and feeder that speaks is a Voice. Ranks are compared from the strongest: a household group
// (whole groups, wherever they live), a feeder that names the child's primary school, one that names it only by where
// it lies, then the levels of RuleLevel. Down to the first rank that says a plain yes everything may be meant; if that
// is one school, or several that are said to share the address, the answer is definite.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/zone_text/rules.hpp"

namespace catchment::engine {

enum class Rank : std::uint8_t {
  group,
  feeder,
  feeder_by_place,
  number,
  estate,
  restricted_community,
  community,
  polygon,
  otherwise,  // if nobody else speaks
};
Rank rank_of(zone_text::RuleLevel level);  // not of denial

enum class Says : std::uint8_t {
  yes,
  near_line,     // yes or no: a line is nearer than the place's own error
  undetermined,  // the words cannot be decided
  no,            // a denial: silences what the same row's zone says, and is evidence
};

struct Voice {
  std::uint32_t school = 0;
  Rank rank = Rank::polygon;
  Says says = Says::yes;
  zone_text::AllocationMode mode = zone_text::AllocationMode::direct;
  bool only_mode_unsure = false;  // undetermined for that alone
  bool mode_unsure = false;       // the words may give the address in this way or in another
  bool shared = false;            // says itself that other schools have the address too
  bool shared_unknown = false;    // and one of them is not known
  // In addition to what decides, never instead of it: seats left over, a school one may choose.
  bool additional() const {
    return !mode_unsure && (mode == zone_text::AllocationMode::overflow || mode == zone_text::AllocationMode::choice);
  }
  bool plain() const { return says != Says::no && !additional(); }
  enum class Source : std::uint8_t { row, zone, feeder, group, partner } source = Source::row;
  std::uint32_t item = 0;                     // the row, zone or feeder
  std::vector<std::size_t> rules;             // of the row
  std::vector<std::size_t> modes;             // of the row: those that say, or may say, how it gives the address
  double margin_m = 0;                        // of a zone
  std::vector<zone_text::Household> unknown;  // holds only if these do, which is not known
};

enum class Decision : std::uint8_t { settled, near_line, undetermined, unshared, nothing };

struct Resolution {
  Decision decision = Decision::nothing;
  std::vector<std::uint32_t> schools;   // sorted: the answer, or those that may be meant
  std::vector<std::size_t> deciding;    // positions of the voices that speak for them
  std::vector<std::size_t> overridden;  // of those that said yes or perhaps to less

  friend bool operator==(const Resolution&, const Resolution&) = default;
};

// Plain voices with unknown households must have been decided one way or the other before, but for those that a
// stronger plain yes overrides.
Resolution resolve(std::span<const Voice> voices);

}  // namespace catchment::engine
