// What a zone and a text say of the addresses of a city, side by side. Internal to the printer.
#pragma once

#include <optional>
#include <vector>

#include "engine/zone_text/print.hpp"

namespace catchment::engine::zone_text {

// The gazetteer's addresses with their places, by longitude.
class EntryTable {
 public:
  explicit EntryTable(const geo::Gazetteer& names);

  // Sorted.
  std::vector<geo::EntryId> inside(const geo::Box& box) const;

 private:
  std::vector<std::pair<geo::Point, geo::EntryId>> placed_;
};

// What the zone says: added and removed before its shape; empty for an address without a place that is neither.
std::optional<bool> belongs(const PrintZone& zone, const geo::Gazetteer& names, geo::EntryId entry);

// The area a zone's words should give: its shape, with the estates all of whose addresses it has, some by `added`, and
// without those of which it has none, some by `removed`.
geo::MultiPolygon area_of(const PrintZone& zone, const Ground& ground);

struct Differences {
  // The zone has them and the text has not, or cannot say, or only by a place nearer to a line than it is sure; sorted.
  std::vector<geo::EntryId> missing;
  std::vector<geo::EntryId> surplus;  // the other way round; sorted
  std::vector<geo::EntryId> open;     // neither the zone nor the text can say: no place, or one too near to the edge

  std::size_t count() const { return missing.size() + surplus.size(); }
};

// Over every address that the zone or a rule of the text may reach: near either shape, under a name of a rule, added
// or removed. No other can differ.
Differences compare(const PrintZone& zone, const CompiledText& text, const geo::Gazetteer& names,
                    const EntryTable& entries);

// Of two areas, 1 if both are empty.
double iou(const geo::MultiPolygon& a, const geo::MultiPolygon& b);

CompiledText compile_text(const std::string& text, const Ground& ground, const std::vector<geo::Point>& seeds);

}  // namespace catchment::engine::zone_text
