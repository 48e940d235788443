// One part of a zone put into words: a region by its lines, mended by named areas, or areas alone. Internal to the
// printer.
#pragma once

#include <string>
#include <vector>

#include "engine/zone_text/printing/print_areas.hpp"
#include "engine/zone_text/printing/print_check.hpp"
#include "engine/zone_text/printing/print_edges.hpp"
#include "engine/zone_text/printing/print_forms.hpp"

namespace catchment::engine::zone_text {

struct PartWords {
  PrintForm form = PrintForm::areas;
  geo::MultiPolygon shape;          // of the part
  std::vector<StreetMark> streets;  // in `region`
  std::string region;               // without its exceptions; empty: areas alone
  std::vector<std::size_t> denied;  // areas the region has and the part has not, sorted
  std::vector<std::size_t> listed;  // areas the part has beside the region, sorted
  double iou = 0;                   // of what this says with the part
  std::vector<Finding> findings;
};

class PartWriter {
 public:
  explicit PartWriter(const Ground& ground);

  // The first form that compiles back to the part, or a few communities or the like where they say it shorter; else the
  // best form that named areas can mend; else areas alone; else what comes nearest, lines before areas.
  PartWords describe(const geo::Polygon& part, const std::vector<geo::Point>& seeds, bool check) const;
  // Areas alone, as far as they go: those in the part, or those mostly in it where that comes much nearer.
  PartWords as_areas(const geo::Polygon& part) const;

 private:
  PartWords as_divisions(const geo::MultiPolygon& part) const;
  PartWords mended(const geo::MultiPolygon& part, const geo::MultiPolygon& region) const;

  const Ground& ground_;
  EdgeNamer edges_;
  AreaNamer areas_;
};

}  // namespace catchment::engine::zone_text
