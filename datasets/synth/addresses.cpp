#include "datasets/synth/addresses.hpp"

#include <algorithm>
#include <optional>

#include "datasets/synth/index.hpp"
#include "datasets/synth/names.hpp"
#include "datasets/synth/ring_tests.hpp"

namespace catchment::datasets::synth {
namespace {

using geo::Point;

constexpr std::uint64_t kDoorStream = 501;
constexpr std::uint64_t kEstateStream = 502;
constexpr double kCornerMargin_m = 25;  // no doors this near a crossing
constexpr double kDoorSpacing_m = 7;    // at least
constexpr int kUnitsPerBuilding = 4;    // 单元, at most
constexpr int kDoorsPerFloor = 2;
constexpr std::uint64_t kLaneStream = 503;
constexpr std::uint64_t kStyleStream = 504;
constexpr int kLanePermille = 70;  // of the units without an estate
constexpr int kHousesPerLane = 8;  // about, where there are enough; twice as many in every other unit
constexpr int kHousesBeforeSublane = 6;
constexpr int kHousesPerSublane = 8;
constexpr double kLaneDepth_m = 6;  // a house further along a lane is that much further off the street
constexpr double kDeepest_m = 60;
constexpr int kStemPermille = 6;
constexpr int kTownPermille = 63;  // of the texts: with the town, and again as many with town and community

class Writer {
 public:
  Writer(const AddressInput& input, const std::function<bool(const engine::Address&)>& emit)
      : in_(input), emit_(emit), estate_of_unit_(input.rings->size(), -1) {
    for (std::size_t i = 0; i < in_.estates->size(); ++i) {
      estate_of_unit_[at((*in_.estates)[i].unit)] = static_cast<std::int32_t>(i);
    }
    for (std::size_t unit = 0; unit < in_.rings->size(); ++unit) {
      const bool open = estate_of_unit_[unit] < 0 && in_.divisions->group_of_unit[unit] == 0;
      lane_unit_.push_back(open && Random(in_.seed, kLaneStream, unit).chance_permille(kLanePermille) ? 1 : 0);
    }
    village_doors_.assign(in_.rings->size(), 0);
    for (const Street& street : *in_.streets) {
      for (const Side side : street.sides) door_weights_ += door_weight(side, true) + door_weight(side, false);
    }
    for (const Estate& e : *in_.estates) estate_weights_ += estate_weight(e);
  }

  void write() {
    const std::int64_t all = door_weights_ + estate_weights_;
    const std::int64_t in_estates = door_weights_ == 0 ? in_.count : Dealer(in_.count, all).deal(estate_weights_);
    Dealer doors(in_.count - in_estates, door_weights_);
    for (std::size_t i = 0; i < in_.streets->size() && running_; ++i) write_street(i, doors);
    Dealer homes(in_estates, estate_weights_);
    for (const Estate& estate : *in_.estates) {
      if (running_) write_estate(estate, homes.deal(estate_weight(estate)));
    }
  }

 private:
  std::int32_t unit_beside(Side side, bool left) const {
    const Border& b = in_.layout->map.borders[side.border];
    return left == side.forward ? b.left : b.right;
  }

  std::int64_t length_m(Side side) const {
    const Border& b = in_.layout->map.borders[side.border];
    return static_cast<std::int64_t>(
        in_.layout->metric.distance_m(in_.layout->map.vertices[b.from], in_.layout->map.vertices[b.to]));
  }

  // Streets that front an estate have few doors of their own.
  std::int64_t door_weight(Side side, bool left) const {
    const std::int32_t unit = unit_beside(side, left);
    if (unit == kOutside) return 0;
    const std::int64_t homes = in_.layout->weight[at(unit)] * (estate_of_unit_[at(unit)] >= 0 ? 1 : 4);
    return (homes + 100) * length_m(side) / 300;
  }
  std::int64_t estate_weight(const Estate& e) const { return in_.layout->weight[at(e.unit)] * 16; }

  void write_street(std::size_t number, Dealer& doors) {
    const Street& street = (*in_.streets)[number];
    Random random(in_.seed, kDoorStream, number);
    choose_sub_form(number);
    int odd = 1;
    int even = 2;
    for (const Side side : street.sides) {
      for (const bool left : {true, false}) {
        int& next = left == street.odd_on_left ? odd : even;
        reserve_gate(number, side, left, next);
        const std::int64_t quota = doors.deal(door_weight(side, left));
        write_border(street, side, left, quota, next, random);
      }
      // Level across the street again after every block.
      const int reached = std::max(odd, even - 1);
      odd = reached;
      even = reached + 1;
    }
  }

  // An estate's gate takes the first number of its border's side.
  void reserve_gate(std::size_t street, Side side, bool left, int& next) {
    const std::int32_t unit = unit_beside(side, left);
    if (unit == kOutside || estate_of_unit_[at(unit)] < 0) return;
    Estate& estate = (*in_.estates)[at(estate_of_unit_[at(unit)])];
    if (estate.gate_border != side.border) return;
    estate.gate_street = street;
    estate.gate_number = next;
    next += 2;
  }

  void write_border(const Street& street, Side side, bool left, std::int64_t quota, int& next, Random& random) {
    if (quota == 0) return;
    const std::int32_t unit = unit_beside(side, left);
    geo::Polyline line = in_.layout->map.borders[side.border].line;
    if (!side.forward) std::reverse(line.begin(), line.end());
    double length = 0;
    for (std::size_t i = 1; i < line.size(); ++i) length += in_.layout->metric.distance_m(line[i - 1], line[i]);
    const double margin = std::min(kCornerMargin_m, length / 4);
    const double usable = length - 2 * margin;
    const bool lanes = lane_unit_[at(unit)] != 0;
    const bool village = in_.divisions->group_of_unit[at(unit)] != 0;
    const std::int64_t room = static_cast<std::int64_t>(usable / kDoorSpacing_m) + 1;
    const std::int64_t per_lane = kHousesPerLane * (1 + unit % 2);
    const std::int64_t wanted = lanes ? (quota + per_lane - 1) / per_lane : quota - (subdivided_ ? (quota + 4) / 8 : 0);
    const std::int64_t doors = std::min(wanted, room);
    Dealer per_door(quota, doors);
    int previous = 0;  // number of the door before, if one may follow it with a 甲
    for (std::int64_t i = 0; i < doors && running_; ++i) {
      const double along =
          margin + usable * (static_cast<double>(i) + random.uniform(0.35, 0.65)) / static_cast<double>(doors);
      const Spot spot{&line, along, left, unit};
      const std::int64_t homes = per_door.deal(1);
      if (village) {
        write_village_doors(spot, homes, random);
        continue;
      }
      if (lanes) {
        write_lane(street.name, std::to_string(next) + "弄", spot, homes, random);
        next += 2;
        continue;
      }
      const bool between = previous > 0 && random.chance_permille(kStemPermille);
      const std::string number = between ? "甲" + std::to_string(previous) : std::to_string(next);
      previous = between ? 0 : next;
      if (!between) next += random.chance_permille(90) ? 4 : 2;
      const Point position = beside(spot, random.uniform(5, 15));
      for (std::int64_t home = 0; home < homes && running_; ++home) {
        send(unit, street.name, home == 0 ? number + "号" : sub_number(number, home), "", "", position, random);
      }
    }
  }

  // Where a door stands: that far along the line, on its left or right, in the unit there.
  struct Spot {
    const geo::Polyline* line = nullptr;
    double along = 0;
    bool left = false;
    std::int32_t unit = 0;
  };

  enum class SubForm { annex, after, dash };
  void choose_sub_form(std::size_t street) {
    Random random(in_.seed, kStyleStream, street);
    const std::uint64_t drawn = random.below(10);
    subdivided_ = random.chance_permille(300);
    sub_form_ = drawn < 7 ? SubForm::annex : drawn < 9 ? SubForm::after : SubForm::dash;
  }

  std::string sub_number(const std::string& number, std::int64_t sub) const {
    if (sub_form_ == SubForm::after && sub < 100) return number + "号之" + to_chinese(static_cast<int>(sub));
    if (sub_form_ == SubForm::dash) return number + "-" + std::to_string(sub) + "号";
    return number + "号附" + std::to_string(sub) + "号";
  }

  // 3组12号: the group is part of the text's head (text_head()).
  void write_village_doors(const Spot& spot, std::int64_t homes, Random& random) {
    for (std::int64_t home = 0; home < homes && running_; ++home) {
      const std::string door = std::to_string(++village_doors_[at(spot.unit)]) + "号";
      const double depth = std::min(random.uniform(5, 15) + static_cast<double>(home) * kLaneDepth_m, kDeepest_m);
      send(spot.unit, "", door, "", "", beside(spot, depth), random);
    }
  }

  // The first houses on the lane itself, the others in its sub-lanes.
  void write_lane(const std::string& street, const std::string& lane, const Spot& spot, std::int64_t homes,
                  Random& random) {
    for (std::int64_t home = 0; home < homes && running_; ++home) {
      std::string door = lane;
      std::int64_t number = home + 1;
      if (homes > kHousesBeforeSublane && home >= kHousesBeforeSublane / 2) {
        const std::int64_t behind = home - kHousesBeforeSublane / 2;
        door += std::to_string(behind / kHousesPerSublane + 1) + "支弄";
        number = behind % kHousesPerSublane + 1;
      }
      door += std::to_string(number) + "号";
      const double depth = std::min(12 + static_cast<double>(home) * kLaneDepth_m, kDeepest_m);
      send(spot.unit, street, door, "", "", beside(spot, depth), random);
    }
  }

  // A point so far off the line, nearer but at least 4 m where the block is too narrow; the block's own inner point
  // where nothing else is inside it.
  Point beside(const Spot& spot, double depth_m) const {
    const Metric& metric = in_.layout->metric;
    const geo::Polyline& line = *spot.line;
    std::size_t i = 1;
    double before = 0;
    double piece = metric.distance_m(line[0], line[1]);
    while (i + 1 < line.size() && before + piece < spot.along) {
      before += piece;
      ++i;
      piece = metric.distance_m(line[i - 1], line[i]);
    }
    const double share = std::clamp((spot.along - before) / piece, 0.02, 0.98);
    const double dx = metric.x_m(line[i - 1], line[i]);
    const double dy = metric.y_m(line[i - 1], line[i]);
    const double sign = spot.left ? 1 : -1;
    const double step = std::max(1.5, depth_m / 10);
    for (double offset = depth_m; offset >= 4; offset -= step) {
      const Point p =
          metric.moved(line[i - 1], dx * share - sign * dy / piece * offset, dy * share + sign * dx / piece * offset);
      if (locate((*in_.rings)[at(spot.unit)], p) == RingSide::inside) return p;
    }
    return in_.layout->map.sites[at(spot.unit)];
  }

  void write_estate(const Estate& estate, std::int64_t quota) {
    if (quota == 0) return;
    Random random(in_.seed, kEstateStream, static_cast<std::uint64_t>(estate.unit));
    const Street& street = (*in_.streets)[estate.gate_street];
    const std::string door =
        std::to_string(estate.gate_number) + (estate.compound.empty() ? std::string("号") : estate.compound);
    const std::vector<Point> spots = building_spots(*in_.layout, (*in_.rings)[at(estate.unit)]);
    const std::int64_t stairs = std::min(quota, static_cast<std::int64_t>(spots.size()) * kUnitsPerBuilding);
    const std::int64_t buildings = (stairs + kUnitsPerBuilding - 1) / kUnitsPerBuilding;
    Dealer stairs_per_building(stairs, buildings);
    Dealer homes_per_stair(quota, stairs);
    for (std::int64_t b = 0; b < buildings; ++b) {
      const std::int64_t count = stairs_per_building.deal(1);
      for (std::int64_t s = 0; s < count; ++s) {
        const double shift = (static_cast<double>(s) - static_cast<double>(count - 1) / 2) * 11;
        const Point position = in_.layout->metric.moved(
            spots[static_cast<std::size_t>(b) * spots.size() / static_cast<std::size_t>(buildings)], shift, 0);
        const std::string stair = std::to_string(b + 1) + "号楼" + std::to_string(s + 1) + "单元";
        const std::int64_t homes = homes_per_stair.deal(1);
        for (std::int64_t k = 0; k < homes && running_; ++k) {
          const std::int64_t room = (k / kDoorsPerFloor + 1) * 100 + k % kDoorsPerFloor + 1;
          const std::string inside = homes == 1 ? stair : stair + std::to_string(room) + "室";
          send(estate.unit, street.name, door, estate.name, inside, position, random);
        }
      }
    }
  }

  std::string text_head(std::int32_t unit, Random& random) const {
    const Divisions& d = *in_.divisions;
    const auto community = at(d.community_of_unit[at(unit)]);
    const Division& town = d.towns[at(d.communities[community].parent)];
    std::string head = in_.city + d.districts[at(town.parent)].name;
    if (const int group = d.group_of_unit[at(unit)]; group != 0) {
      return head.append(town.name).append(d.communities[community].name).append(std::to_string(group)).append("组");
    }
    const bool with_town = random.chance_permille(2 * kTownPermille);
    if (with_town) head += town.name;
    if (with_town && random.chance_permille(500)) head += d.communities[community].name;
    return head;
  }

  void send(std::int32_t unit, const std::string& street, const std::string& door, const std::string& estate,
            const std::string& inside, Point position, Random& random) {
    engine::Address row;
    row.id = padded('A', ++sent_, 10);
    row.text = text_head(unit, random);
    row.text.append(street).append(door).append(estate).append(inside);
    row.street = street;
    row.door = door;
    row.estate = estate;
    if (!random.chance_permille(5)) {
      row.unit_id = (*in_.unit_ids)[at(unit)];
      row.position = position;
      if (random.chance_permille(33)) row.error_m = random.between(10, 80);
    }
    running_ = emit_(row);
  }

  const AddressInput& in_;
  const std::function<bool(const engine::Address&)>& emit_;
  std::vector<std::int32_t> estate_of_unit_;
  std::vector<char> lane_unit_;        // per unit: its houses stand in lanes
  std::vector<int> village_doors_;     // per unit: doors numbered so far, in villages
  bool subdivided_ = false;            // the street being written has sub-numbers though there is room for doors
  SubForm sub_form_ = SubForm::annex;  // of the street being written
  std::int64_t door_weights_ = 0;
  std::int64_t estate_weights_ = 0;
  std::int64_t sent_ = 0;
  bool running_ = true;
};

}  // namespace

void make_addresses(const AddressInput& input, const std::function<bool(const engine::Address&)>& emit) {
  Writer(input, emit).write();
}

}  // namespace catchment::datasets::synth
