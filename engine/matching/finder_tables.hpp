// What a SchoolFinder looks things up in: rows by the names their rules are under, regions and zones by place.
// Internal to engine/matching.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/matching/feeder_index.hpp"
#include "engine/matching/school_finder.hpp"
#include "engine/matching/voices.hpp"

namespace catchment::engine {

using SchoolNumber = std::uint32_t;  // position in SchoolFinder::Tables::schools: sorted ids
inline constexpr SchoolNumber kNoSchool = 0xffffffffu;

// How seats are given: of the whole row, or of what one of its items names.
struct RowMode {
  struct Item {
    std::string text;                                 // of the name
    std::vector<geo::NameId> names;                   // what bears it; empty: nobody knows
    std::vector<geo::NameId> under;                   // it lies in each of these
    std::vector<std::size_t> rules;                   // of the row: those made of the same words
    std::vector<zone_text::NumberRange> numbers;      // empty: all of it
    std::vector<zone_text::NumberRange> not_numbers;  // without these
    bool in_part = false;                             // other words narrow it down
  };
  zone_text::AllocationMode mode = zone_text::AllocationMode::direct;
  std::vector<Item> items;             // empty: the whole row
  std::vector<SchoolNumber> partners;  // have it too; with `direct` they have it instead of the row's school
  std::vector<std::string> unknown_partners;
  geo::Span span;  // of its words

  bool leaves_to_others() const {
    return mode == zone_text::AllocationMode::direct && (!partners.empty() || !unknown_partners.empty());
  }
};

struct RowTables {
  SchoolNumber school = kNoSchool;
  std::vector<RowMode> modes;   // those with items first
  bool shares_zone = false;     // the zone drawn for it names several schools
  bool has_unresolved = false;  // some of its words may give an address that no rule of it names
  std::string campus_of(const FinderRow& row, std::size_t clause) const;
};

// A group of households that rows name as a whole.
struct GroupTables {
  zone_text::Household household;                            // with `excluded` as written
  std::vector<std::pair<std::uint32_t, std::size_t>> rules;  // row, position in its groups
  bool one_school = true;
};

struct SchoolFinder::Tables {
  const geo::Gazetteer* names = nullptr;
  const ZoneLayer* zones = nullptr;
  std::vector<FinderRow> rows;
  std::vector<RowTables> row_tables;
  std::vector<std::string> schools;  // sorted ids
  std::map<std::string, Notice> notices;

  std::vector<geo::NameId> parent;        // by name
  std::vector<std::uint32_t> name_start;  // name_rows of a name: [start, start of the next)
  std::vector<std::uint32_t> name_rows;   // rows with a rule under the name, or a region that the street bounds
  std::optional<geo::ZoneIndex> regions;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> region_rows;  // row, position in its regions
  std::vector<std::vector<std::uint32_t>> zone_rows;                 // by zone
  std::vector<std::vector<SchoolNumber>> zone_worded;                // by zone: schools whose row compiled to a region
  bool any_zone_by_shape = false;                                    // some zone names a school that has no such row
  std::vector<GroupTables> groups;
  FeederIndex feeders;
  std::vector<zone_text::Household> questions;
  std::vector<std::uint32_t> unresolved_rows;
  std::vector<std::uint32_t> unknown_exceptions;  // rows that except what nobody knows from nothing but their shape

  // Whether the zone's shape speaks for the school: its own words do not.
  bool speaks_by_shape(std::size_t zone, SchoolNumber school) const;
  SchoolNumber number_of(const std::string& school_id) const;  // kNoSchool if nothing names it
  const Notice* notice(const std::string& id) const;
  std::uint32_t region_number(std::uint32_t row, std::size_t region) const;
};

}  // namespace catchment::engine
