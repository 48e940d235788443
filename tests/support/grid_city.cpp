#include "grid_city.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <stdexcept>

#include "engine/zone_text/compiling/polyline_math.hpp"
#include "geo/topology.hpp"

namespace catchment::tests {
namespace {

using engine::zone_text::Frame;

constexpr geo::Point kOrigin{1105000000, 335000000};

constexpr std::array<const char*, 14> kColumnNames{"松涛路", "槐荫街", "银杏路", "杨林街", "丹桂路",
                                                   "柳溪街", "海棠路", "青竹街", "紫薇路", "白桦街",
                                                   "红枫路", "云杉街", "玉兰路", "石榴街"};
constexpr std::array<const char*, 14> kRowNames{"晨光路", "朝霞街", "星辰路", "明月街", "彩虹路", "春雨街", "夏荷路",
                                                "秋实街", "冬梅路", "长风街", "流云路", "微澜街", "听雪路", "望江街"};
constexpr std::array<const char*, 8> kCommunityStems{"松岭", "柏山", "棠溪", "荷塘", "菊园", "兰亭", "竹坞", "枫桥"};
constexpr std::array<const char*, 5> kCommunityEnds{"东", "西", "南", "北", "中"};
constexpr std::array<const char*, 6> kTownNames{"锦绣街道", "长宁街道", "和顺街道", "永泰街道", "福安街道", "庆丰街道"};
constexpr std::array<const char*, 10> kEstateStems{"翠湖", "金域", "阳光", "御景", "书香",
                                                   "星汇", "听涛", "悦城", "云栖", "鸿福"};
constexpr std::array<const char*, 4> kEstateEnds{"花园", "家园", "小区", "公寓"};

// Names for as many lines as are wanted: the lists above, then pairs of their syllables.
std::string line_name(int line, bool column) {
  const auto& names = column ? kColumnNames : kRowNames;
  if (line < static_cast<int>(names.size())) return names.at(static_cast<std::size_t>(line));
  static constexpr std::array<const char*, 20> kSyllables{"安", "宝", "昌", "德", "恩", "芳", "光", "和", "嘉", "康",
                                                          "乐", "民", "宁", "平", "清", "荣", "顺", "泰", "文", "兴"};
  const int pair = line - static_cast<int>(names.size()) + (column ? 200 : 0);
  return std::string(kSyllables.at(static_cast<std::size_t>(pair / 20 % 20))) +
         kSyllables.at(static_cast<std::size_t>(pair % 20)) + (column ? "路" : "街");
}

// In [-1, 1], the same everywhere.
double jitter(unsigned seed, int a, int b, int what) {
  std::uint64_t x = seed;
  for (const int part : {a, b, what}) x = x * std::uint64_t{0x9E3779B97F4A7C15} + static_cast<std::uint64_t>(part) + 1;
  x ^= x >> 33;
  x *= std::uint64_t{0xFF51AFD7ED558CCD};
  x ^= x >> 33;
  x *= std::uint64_t{0xC4CEB9FE1A85EC53};
  x ^= x >> 33;
  return static_cast<double>(x % 2001) / 1000.0 - 1.0;
}

geo::AddressPart part_of(const std::string& kind) {
  static const std::map<std::string, geo::AddressPart> kParts{
      {"district", geo::AddressPart::district},   {"town", geo::AddressPart::town},
      {"community", geo::AddressPart::community}, {"village", geo::AddressPart::village},
      {"estate", geo::AddressPart::estate},       {"institution", geo::AddressPart::institution},
      {"street", geo::AddressPart::street},       {"door", geo::AddressPart::door}};
  return kParts.at(kind);
}

geo::AliasKind alias_of(const std::string& relation) {
  static const std::map<std::string, geo::AliasKind> kKinds{{"legal", geo::AliasKind::legal},
                                                            {"promoted", geo::AliasKind::promoted},
                                                            {"former", geo::AliasKind::former},
                                                            {"temporary", geo::AliasKind::temporary},
                                                            {"short", geo::AliasKind::short_form}};
  return kKinds.at(relation);
}

}  // namespace

geo::Point at_metres(double east, double north) { return Frame(kOrigin).to_point({east, north}); }

engine::Line line_of(const std::string& name, const std::string& kind,
                     const std::vector<std::pair<double, double>>& m) {
  engine::Line line;
  line.name = name;
  line.kind = kind;
  for (const auto& [east, north] : m) line.shape.push_back(at_metres(east, north));
  return line;
}

geo::Gazetteer gazetteer_of(const std::vector<engine::Line>& streets, const std::vector<engine::Place>& places,
                            const std::vector<engine::Address>& addresses, const std::vector<engine::Alias>& aliases) {
  geo::GazetteerBuilder builder;
  for (const engine::Place& p : places) {
    builder.add(geo::GazetteerPlace{p.id, part_of(p.kind), p.name, p.parent_id, p.position, p.shape});
  }
  int unnamed = 0;
  for (const engine::Line& s : streets) {
    builder.add(geo::GazetteerStreet{s.id.empty() ? "street" + std::to_string(unnamed++) : s.id, s.name, s.shape});
  }
  for (const engine::Alias& a : aliases) {
    builder.add(geo::GazetteerAlias{part_of(a.kind), a.name, a.alias, alias_of(a.relation)});
  }
  for (const engine::Address& a : addresses) {
    builder.add(geo::GazetteerAddress{a.id, a.text, a.street, a.door, a.estate, a.position, a.error_m});
  }
  return geo::Gazetteer::build(std::move(builder));
}

GridCity::GridCity(const GridCityOptions& options) : options_(options) {
  for (int c = 0; c <= options_.columns; ++c) {
    column_names_.emplace_back(c == options_.river_column ? "青石河" : line_name(c, true));
  }
  for (int r = 0; r <= options_.rows; ++r) {
    row_names_.emplace_back(r == options_.railway_row ? "云中铁路" : line_name(r, false));
  }
  add_lines();
  add_places();
  for (int c = 0; c <= options_.columns; ++c) {
    if (c != options_.river_column) add_doors_beside(true, c);
  }
  for (int r = 0; r <= options_.rows; ++r) {
    if (r != options_.railway_row) add_doors_beside(false, r);
  }
  add_estates();
}

geo::Point GridCity::node(int across, int along) const {
  return at_metres(across * options_.block_m + options_.bend_m * jitter(options_.seed, across, along, 0),
                   along * options_.block_m + options_.bend_m * jitter(options_.seed, across, along, 1));
}

geo::Polyline GridCity::edge(int across, int along, bool northward) const {
  const geo::Point from = node(across, along);
  const geo::Point to = northward ? node(across, along + 1) : node(across + 1, along);
  const Frame frame(kOrigin);
  const auto a = frame.to_metres(from);
  const auto b = frame.to_metres(to);
  const double bend = options_.bend_m * jitter(options_.seed, across, along, northward ? 2 : 3);
  const geo::Point middle =
      frame.to_point({(a.x + b.x) / 2 + (northward ? bend : 0), (a.y + b.y) / 2 + (northward ? 0 : bend)});
  return {from, middle, to};
}

void GridCity::add_lines() {
  const auto add = [&](bool northward, int line, const std::string& name, bool barrier, const std::string& kind) {
    geo::Polyline shape;
    for (int k = 0; k < (northward ? options_.rows : options_.columns); ++k) {
      const geo::Polyline part = northward ? edge(line, k, true) : edge(k, line, false);
      shape.insert(shape.end(), part.begin() + (shape.empty() ? 0 : 1), part.end());
    }
    engine::Line out{(northward ? "column" : "row") + std::to_string(line), name, kind, shape};
    (barrier ? barriers_ : streets_).push_back(std::move(out));
  };
  for (int c = 0; c <= options_.columns; ++c) {
    const bool river = c == options_.river_column;
    add(true, c, column_name(c), river, river ? "river" : "secondary");
  }
  for (int r = 0; r <= options_.rows; ++r) {
    const bool rail = r == options_.railway_row;
    add(false, r, row_name(r), rail, rail ? "rail" : "secondary");
  }
}

geo::MultiPolygon GridCity::block_shape(Block block) const {
  const auto [c, r] = block;
  geo::Ring ring;
  const auto follow = [&](geo::Polyline part, bool backward) {
    if (backward) std::reverse(part.begin(), part.end());
    ring.insert(ring.end(), part.begin(), part.end() - 1);
  };
  follow(edge(c, r, false), false);
  follow(edge(c + 1, r, true), false);
  follow(edge(c, r + 1, false), true);
  follow(edge(c, r, true), true);
  return geo::normalised({{ring, {}}});
}

geo::MultiPolygon GridCity::region_of(const std::vector<Block>& blocks) const {
  std::vector<geo::Polygon> faces;
  for (const Block block : blocks) faces.push_back(block_shape(block).front());
  return geo::join_faces(faces);
}

std::vector<Block> GridCity::rectangle(int c0, int r0, int c1, int r1) {
  std::vector<Block> out;
  for (int c = c0; c <= c1; ++c) {
    for (int r = r0; r <= r1; ++r) out.push_back({c, r});
  }
  return out;
}

geo::Point GridCity::centre(Block block) const {
  return at_metres((block.column + 0.5) * options_.block_m, (block.row + 0.5) * options_.block_m);
}

std::string GridCity::community_name(Block block) const {
  const int number = block.column / 2 + (block.row / 2) * ((options_.columns + 1) / 2);
  return std::string(kCommunityStems.at(static_cast<std::size_t>(number % 8))) +
         kCommunityEnds.at(static_cast<std::size_t>(number / 8 % 5)) + "社区";
}

std::string GridCity::town_name(Block block) const {
  const int number = block.column / 4 + (block.row / 4) * ((options_.columns + 3) / 4);
  return kTownNames.at(static_cast<std::size_t>(number % 6));
}

std::string GridCity::district_name(Block block) const {
  const int split = options_.river_column > 0 ? options_.river_column : (options_.columns + 1) / 2;
  return block.column < split ? "西河区" : "东山区";
}

std::string GridCity::block_name(Block block) const {
  return "第" + std::to_string(block.row * options_.columns + block.column + 1) + "街坊";
}

std::string GridCity::estate_name(Block block) const {
  if ((block.column + block.row) % 3 != 0) return {};
  const int number = (block.column * (options_.rows + 1) + block.row) / 3;
  return std::string(kEstateStems.at(static_cast<std::size_t>(number % 10))) +
         kEstateEnds.at(static_cast<std::size_t>(number / 10 % 4));
}

void GridCity::add_places() {
  // A name stands for one area: the blocks that bear it, per district for towns that the river cuts.
  std::map<std::string, std::vector<Block>> districts, towns, communities;
  std::map<std::string, std::string> parent;
  for (const Block b : rectangle(0, 0, options_.columns - 1, options_.rows - 1)) {
    districts[district_name(b)].push_back(b);
    towns[town_name(b)].push_back(b);
    communities[community_name(b)].push_back(b);
    parent[town_name(b)] = district_name(b);
    parent[community_name(b)] = town_name(b);
    units_.push_back({"b" + std::to_string(b.column) + "-" + std::to_string(b.row), block_name(b), "", block_shape(b)});
  }
  for (const auto& [name, blocks] : districts) places_.push_back({name, "district", name, "", {}, region_of(blocks)});
  for (const auto& [name, blocks] : towns) places_.push_back({name, "town", name, parent[name], {}, region_of(blocks)});
  for (const auto& [name, blocks] : communities) {
    places_.push_back({name, "community", name, parent[name], {}, region_of(blocks)});
  }
}

void GridCity::add_door(Door door, const std::string& text, double error_m) {
  door.id = "a" + std::to_string(doors_.size());
  door.community = community_name(door.block);
  door.town = town_name(door.block);
  door.district = district_name(door.block);
  engine::Address address;
  address.id = door.id;
  address.text = "云中市" + door.district + text;
  address.street = door.street;
  address.estate = door.estate;
  if (door.lane == 0 && door.number != 0) address.door = std::to_string(door.number) + "号";
  address.position = door.position;
  address.error_m = error_m;
  addresses_.push_back(std::move(address));
  doors_.push_back(std::move(door));
}

void GridCity::add_doors_beside(bool northward, int line) {
  const Frame frame(kOrigin);
  const int edges = northward ? options_.rows : options_.columns;
  const std::string& street = northward ? column_name(line) : row_name(line);
  const bool lanes = !northward && line == options_.lane_row;
  for (int k = 0; k < edges; ++k) {
    const geo::Polyline way = northward ? edge(line, k, true) : edge(k, line, false);
    for (int i = 1; i <= 20; ++i) {
      const bool left = i % 2 == 1;
      // Left of north is west, left of east is north.
      const Block block = northward ? Block{left ? line - 1 : line, k} : Block{k, left ? line : line - 1};
      if (block.column < 0 || block.row < 0 || block.column >= options_.columns || block.row >= options_.rows) continue;
      const double along = (0.08 + 0.84 * (i - 1) / 19.0) * 2;
      const std::size_t half = along < 1 ? 0 : 1;
      const auto a = frame.to_metres(way[half]);
      const auto b = frame.to_metres(way[half + 1]);
      const double t = along - static_cast<double>(half);
      const double length = std::hypot(b.x - a.x, b.y - a.y);
      const bool stray =
          options_.stray_every > 0 && (doors_.size() % static_cast<std::size_t>(options_.stray_every)) == 7;
      const double off = (left != stray ? 1.0 : -1.0) * (stray ? 6.0 : 11.0);
      const double x = a.x + t * (b.x - a.x) - off * (b.y - a.y) / length;
      const double y = a.y + t * (b.y - a.y) + off * (b.x - a.x) / length;
      Door door;
      door.street = street;
      door.number = 20 * k + i;
      door.block = block;
      door.stray = stray;
      door.position = frame.to_point({x, y});
      if (lanes && (i == 9 || i == 10)) {  // a lane in the place of a door, with six doors of its own
        door.lane = door.number;
        for (int n = 1; n <= 6; ++n) {
          door.number = n;
          door.stray = false;
          const double deep = (left ? 1.0 : -1.0) * (14.0 + 4 * n);
          door.position = frame.to_point({a.x + t * (b.x - a.x) - deep * (b.y - a.y) / length,
                                          a.y + t * (b.y - a.y) + deep * (b.x - a.x) / length});
          add_door(door, street + std::to_string(door.lane) + "弄" + std::to_string(n) + "号", 5);
        }
        continue;
      }
      add_door(door, street + std::to_string(door.number) + "号", stray ? 25 : 5);
    }
  }
}

void GridCity::add_estates() {
  for (const Block b : rectangle(0, 0, options_.columns - 1, options_.rows - 1)) {
    const std::string name = estate_name(b);
    if (name.empty()) continue;
    const auto at = Frame(kOrigin).to_metres(centre(b));
    const double half = options_.block_m * 0.2;
    geo::Ring ring{at_metres(at.x - half, at.y - half), at_metres(at.x + half, at.y - half),
                   at_metres(at.x + half, at.y + half), at_metres(at.x - half, at.y + half)};
    places_.push_back({"estate" + std::to_string(b.column) + "-" + std::to_string(b.row), "estate", name,
                       community_name(b), centre(b), geo::normalised({{ring, {}}})});
    for (int n = 1; n <= 8; ++n) {
      Door door;
      door.estate = name;
      door.building = n;
      door.block = b;
      door.position = at_metres(at.x - half * 0.8 + half * 0.4 * ((n - 1) % 4), at.y + (n > 4 ? half / 2 : -half / 2));
      add_door(std::move(door), name + std::to_string(n) + "号楼", 5);
    }
  }
}

const Door& GridCity::door(std::string_view id) const {
  const std::size_t at = std::stoul(std::string(id.substr(1)));
  return doors_.at(at);
}

const geo::Gazetteer& GridCity::gazetteer() const {
  if (!gazetteer_) {
    gazetteer_ = std::make_shared<geo::Gazetteer>(gazetteer_of(streets_, places_, addresses_, aliases));
  }
  return *gazetteer_;
}

const engine::zone_text::Ground& GridCity::ground() const {
  if (!ground_) {
    ground_ = std::make_shared<engine::zone_text::Ground>(
        engine::zone_text::Ground::build(gazetteer(), streets_, barriers_, places_, units_));
  }
  return *ground_;
}

}  // namespace catchment::tests
