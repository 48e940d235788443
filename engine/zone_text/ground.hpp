// What the words of a notice are looked up in: a city's named lines, named areas and addresses.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model.hpp"
#include "engine/zone_text/clause.hpp"
#include "geo/gazetteer/gazetteer.hpp"

namespace catchment::engine::zone_text {

struct GroundLine {
  std::string name;  // official; "铁路" for a railway without a name
  LineKind kind = LineKind::road;
  geo::NameId street = geo::kNoName;  // in the gazetteer, for roads
  // Joined end to end where exactly two meet. Pieces over 1 km from all others of the name are a line of their own: the
  // same name in another quarter.
  std::vector<geo::Polyline> pieces;
};

struct GroundArea {
  std::string id;
  std::string name;
  ItemKind kind = ItemKind::unknown;  // estate, community, village, town, district; a unit is a block
  geo::NameId place = geo::kNoName;   // in the gazetteer, if it is there
  geo::MultiPolygon shape;            // not empty
};

// Immutable; cheap to copy.
class Ground {
 public:
  // Lines: streets and barriers of the package; areas: places and units with a shape. The gazetteer must outlive it.
  static Ground build(const geo::Gazetteer& names, std::span<const engine::Line> streets,
                      std::span<const engine::Line> barriers, std::span<const Place> places,
                      std::span<const Unit> units);

  const geo::Gazetteer& names() const;
  const geo::NameLexicon& lexicon() const;    // the gazetteer's names, and those of lines and areas beside it
  std::span<const GroundLine> lines() const;  // sorted by name
  std::span<const GroundArea> areas() const;  // sorted by name, then id
  // Every line or area that bears the name, else an alias of it, else (areas) the name with or without 社区, 居委, 村
  // and the like; as positions in the spans above.
  std::vector<std::size_t> find_lines(std::string_view name) const;
  std::vector<std::size_t> find_areas(std::string_view name) const;
  const geo::MultiPolygon& outline() const;  // the union of the districts, else of all areas, else the lines' box

 private:
  struct Tables;
  explicit Ground(std::shared_ptr<const Tables> tables);
  std::shared_ptr<const Tables> tables_;
};

}  // namespace catchment::engine::zone_text
