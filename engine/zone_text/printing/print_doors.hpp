// The fewest words that pick some addresses of a city and leave the others alone. Internal to the printer.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/zone_text/rules.hpp"
#include "geo/gazetteer/gazetteer.hpp"

namespace catchment::engine::zone_text {

// What words may do to an address: they have to pick it, they may, they must not.
enum class Need : std::uint8_t { must, may, never };

struct DoorItem {
  std::string text;  // 青河路12-18号（双号）、25号; 云溪花园; 云溪花园3号楼
  std::vector<geo::EntryId> covered;
};

struct DoorWords {
  std::vector<DoorItem> items;     // streets, then estates, then the rest, each by name
  std::vector<geo::EntryId> left;  // that no words tell from addresses they must not pick; sorted
};

// Whether a name may stand with what is taken out of it: 东大街（151号除外）. Not inside an exclusion.
enum class Exclusions : std::uint8_t { no, yes };

// Whole estates where every address of theirs may be picked, and whole streets where half of them have to be besides;
// else ranges of buildings or doors, as few as possible, each parity by itself where that is less; no range reaches
// over an address that must not be picked. A name that several things bear is told apart by its district or community.
DoorWords describe_doors(std::span<const geo::EntryId> must, const geo::Gazetteer& names,
                         const std::function<Need(geo::EntryId)>& need, Exclusions exclusions = Exclusions::no);

}  // namespace catchment::engine::zone_text
