#include "datasets/synth/addresses.hpp"

#include <algorithm>
#include <optional>

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

std::size_t at(std::int32_t i) { return static_cast<std::size_t>(i); }

class Writer {
 public:
  Writer(const AddressInput& input, const std::function<bool(const engine::Address&)>& emit)
      : in_(input), emit_(emit), estate_of_unit_(input.rings->size(), -1) {
    for (std::size_t i = 0; i < in_.estates->size(); ++i) {
      estate_of_unit_[at((*in_.estates)[i].unit)] = static_cast<std::int32_t>(i);
    }
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
    const std::int64_t doors = std::min(quota, static_cast<std::int64_t>(usable / kDoorSpacing_m) + 1);
    Dealer per_door(quota, doors);
    for (std::int64_t i = 0; i < doors && running_; ++i) {
      const double along =
          margin + usable * (static_cast<double>(i) + random.uniform(0.35, 0.65)) / static_cast<double>(doors);
      const Point position = beside(line, along, left, unit, random);
      const std::string door = std::to_string(next) + "号";
      next += random.chance_permille(90) ? 4 : 2;
      const std::int64_t homes = per_door.deal(1);
      for (std::int64_t k = 0; k < homes && running_; ++k) {
        const std::string full = k == 0 ? door : door + "附" + std::to_string(k) + "号";
        send(unit, street.name, full, "", "", position, random);
      }
    }
  }

  // A point 4 to 15 m off the line at that distance along it, nearer where the block is too narrow; the block's own
  // inner point where nothing else is inside it.
  Point beside(const geo::Polyline& line, double along, bool left, std::int32_t unit, Random& random) const {
    const Metric& metric = in_.layout->metric;
    std::size_t i = 1;
    double before = 0;
    double piece = metric.distance_m(line[0], line[1]);
    while (i + 1 < line.size() && before + piece < along) {
      before += piece;
      ++i;
      piece = metric.distance_m(line[i - 1], line[i]);
    }
    const double share = std::clamp((along - before) / piece, 0.02, 0.98);
    const double dx = metric.x_m(line[i - 1], line[i]);
    const double dy = metric.y_m(line[i - 1], line[i]);
    const double sign = left ? 1 : -1;
    for (double offset = random.uniform(5, 15); offset >= 4; offset -= 1.5) {
      const Point p =
          metric.moved(line[i - 1], dx * share - sign * dy / piece * offset, dy * share + sign * dx / piece * offset);
      if (locate((*in_.rings)[at(unit)], p) == RingSide::inside) return p;
    }
    return in_.layout->map.sites[at(unit)];
  }

  void write_estate(const Estate& estate, std::int64_t quota) {
    if (quota == 0) return;
    Random random(in_.seed, kEstateStream, static_cast<std::uint64_t>(estate.unit));
    const Street& street = (*in_.streets)[estate.gate_street];
    const std::string door = std::to_string(estate.gate_number) + "号";
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

  void send(std::int32_t unit, const std::string& street, const std::string& door, const std::string& estate,
            const std::string& inside, Point position, Random& random) {
    engine::Address row;
    row.id = padded('A', ++sent_, 10);
    row.text = (*in_.districts)[at(unit)] + street + door + estate + inside;
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
