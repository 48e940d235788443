// A small invented city of which everything is known: for tests of notices, of their printing, linting and matching.
//
// Lines run through the nodes of a grid, `columns` + 1 of them south-north ("across" 0 is the westernmost) and `rows` +
// 1 west-east ("along" 0 is the southernmost). Nodes are moved and edges bent by a few metres, so no line is straight;
// every line has vertices at its crossings. Block (c, r) lies between the lines c and c + 1 and the lines r and r + 1.
//
//        r = 1   +--------+--------+     rows numbered northward
//                | (0,1)  | (1,1)  |
//                +--------+--------+  <- west-east line 1: names.rows[1]
//        r = 0   | (0,0)  | (1,0)  |
//                +--------+--------+
//                ^ south-north line 0: names.columns[0]
//
// The truth of a test comes from block numbers and Doors: region_of({{0,0},{1,0}}) is the union of blocks with the
// lines' own vertices, and doors() says for every address which street, number, block, estate it has.
//
// Numbers: a street's doors count from its south or west end; odd ones stand left of the direction of counting (west of
// a south-north street, north of a west-east one), even ones right. Edge k has the numbers 20k + 1 ... 20k + 20. The
// outermost lines have doors on their inner side only. Rivers and railways have none.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/model.hpp"
#include "engine/zone_text/ground.hpp"
#include "geo/gazetteer/gazetteer.hpp"

namespace catchment::tests {

struct GridCityOptions {
  int columns = 8;  // of blocks
  int rows = 7;
  double block_m = 220;
  double bend_m = 18;    // how far nodes are moved and edges bent
  int river_column = 4;  // the south-north line that is 青石河; -1: none
  int railway_row = 5;   // the west-east line that is 云中铁路; -1: none
  int lane_row = 2;      // the west-east street with lanes (弄) between its doors; -1: none
  int stray_every = 0;   // every n-th door's point lies across the street, with an error that admits it
  unsigned seed = 1;
};

struct Block {
  int column = 0;
  int row = 0;
  friend auto operator<=>(const Block&, const Block&) = default;
};

// One address and what is true of it.
struct Door {
  std::string id;
  std::string street;  // empty for a building of an estate
  int number = 0;
  int lane = 0;  // 209弄; `number` is then within it
  std::string estate;
  int building = 0;
  Block block;            // on whose side of the street it stands
  std::string community;  // of that block
  std::string town;
  std::string district;
  bool stray = false;  // its point lies in the block across
  geo::Point position;
};

class GridCity {
 public:
  explicit GridCity(const GridCityOptions& options = {});

  const GridCityOptions& options() const { return options_; }
  // Names of the lines, west to east and south to north; rivers and railways included.
  const std::string& column_name(int across) const { return column_names_.at(static_cast<std::size_t>(across)); }
  const std::string& row_name(int along) const { return row_names_.at(static_cast<std::size_t>(along)); }

  const std::vector<engine::Line>& streets() const { return streets_; }
  const std::vector<engine::Line>& barriers() const { return barriers_; }
  // Communities of 2 by 2 blocks (松一社区 ...), towns (街道) of 4 by 4, two districts split at the river's column or
  // the middle; estates in every third block. All with shapes.
  const std::vector<engine::Place>& places() const { return places_; }
  const std::vector<engine::Unit>& units() const { return units_; }  // the blocks: id "b3-2"
  const std::vector<engine::Address>& addresses() const { return addresses_; }
  const std::vector<Door>& doors() const { return doors_; }  // same order
  const Door& door(std::string_view id) const;               // throws std::out_of_range

  geo::Point node(int across, int along) const;
  geo::Point centre(Block block) const;  // a place inside it: for seeds
  geo::MultiPolygon block_shape(Block block) const;
  geo::MultiPolygon region_of(const std::vector<Block>& blocks) const;
  // Blocks from column c0 to c1 and row r0 to r1, last ones included.
  static std::vector<Block> rectangle(int c0, int r0, int c1, int r1);
  std::string community_name(Block block) const;
  std::string town_name(Block block) const;
  std::string district_name(Block block) const;
  std::string block_name(Block block) const;   // 第12街坊
  std::string estate_name(Block block) const;  // empty: none

  // Built once; the ground refers to the gazetteer. `aliases` (before the first call of either) are added to it.
  std::vector<engine::Alias> aliases;
  const geo::Gazetteer& gazetteer() const;
  const engine::zone_text::Ground& ground() const;

 private:
  geo::Polyline edge(int across, int along, bool northward) const;  // from a node to the next, with its bend
  void add_lines();
  void add_places();
  void add_doors_beside(bool northward, int line);
  void add_estates();
  void add_door(Door door, const std::string& text, double error_m);

  GridCityOptions options_;
  std::vector<std::string> column_names_, row_names_;
  std::vector<engine::Line> streets_, barriers_;
  std::vector<engine::Place> places_;
  std::vector<engine::Unit> units_;
  std::vector<engine::Address> addresses_;
  std::vector<Door> doors_;
  mutable std::shared_ptr<const geo::Gazetteer> gazetteer_;
  mutable std::shared_ptr<const engine::zone_text::Ground> ground_;
};

// A place by metres east and north of the invented cities' origin: for small worlds drawn by hand.
geo::Point at_metres(double east, double north);
engine::Line line_of(const std::string& name, const std::string& kind, const std::vector<std::pair<double, double>>& m);
// The gazetteer of plain parts, as the package's would be.
geo::Gazetteer gazetteer_of(const std::vector<engine::Line>& streets, const std::vector<engine::Place>& places,
                            const std::vector<engine::Address>& addresses,
                            const std::vector<engine::Alias>& aliases = {});

}  // namespace catchment::tests
