// A hand-made city of which every name and door is known. All names are invented.
#pragma once

#include <string>
#include <vector>

#include "geo/gazetteer/gazetteer.hpp"

namespace catchment::geo::small_city {

// Metres east and north of the city's corner at 30 degrees north.
inline Point at(double east_m, double north_m) {
  return {static_cast<std::int32_t>(1'100'000'000 + east_m * 103.6),
          static_cast<std::int32_t>(300'000'000 + north_m * 90)};
}

inline MultiPolygon square(double east_m, double north_m, double side_m) {
  return {Polygon{{at(east_m, north_m), at(east_m + side_m, north_m), at(east_m + side_m, north_m + side_m),
                   at(east_m, north_m + side_m)},
                  {}}};
}

class Maker {
 public:
  explicit Maker(GazetteerOptions options = {}) : builder_(options) {}

  Maker& place(AddressPart part, const std::string& id, const std::string& name, const std::string& parent = {},
               MultiPolygon shape = {}) {
    GazetteerPlace row;
    row.id = id;
    row.part = part;
    row.name = name;
    row.parent_id = parent;
    row.shape = std::move(shape);
    builder_.add(row);
    return *this;
  }
  Maker& street(const std::string& name, Polyline line = {}) {
    builder_.add(GazetteerStreet{"S" + std::to_string(++streets_), name, std::move(line)});
    return *this;
  }
  Maker& alias(AddressPart part, const std::string& name, const std::string& other, AliasKind kind) {
    builder_.add(GazetteerAlias{part, name, other, kind});
    return *this;
  }
  Maker& door(const std::string& text, const std::string& street, const std::string& number, Point position,
              const std::string& estate = {}) {
    GazetteerAddress row;
    row.id = "A" + std::to_string(++addresses_);
    row.text = text;
    row.street = street;
    row.door = number;
    row.estate = estate;
    row.position = position;
    builder_.add(row);
    return *this;
  }
  Gazetteer build() { return Gazetteer::build(std::move(builder_)); }

 private:
  GazetteerBuilder builder_;
  int streets_ = 0;
  int addresses_ = 0;
};

// Two districts, west and east of x = 1,000 m. 青禾路 runs through both with one numbering, odd numbers north (left)
// of it; 和平街 is in both with numberings of its own; 云溪花园 has three buildings behind 青禾路20号.
inline Maker sample() {
  Maker city;
  city.place(AddressPart::district, "D1", "安平区", "", square(0, 0, 1000))
      .place(AddressPart::district, "D2", "临江区", "", square(1000, 0, 1000))
      .place(AddressPart::community, "C1", "翠竹社区", "D1", square(0, 0, 500))
      .place(AddressPart::community, "C2", "银杏社区", "D2", square(1000, 0, 500))
      .place(AddressPart::estate, "E1", "云溪花园", "C1")
      .place(AddressPart::estate, "E2", "听松苑", "C2")
      .street("青禾路", {at(0, 100), at(900, 100)})
      .street("青禾路", {at(900, 100), at(1900, 100)})
      .street("和平街", {at(100, 0), at(100, 400)})
      .street("碧泉东路")
      .alias(AddressPart::street, "青禾路", "建新路", AliasKind::former)
      .alias(AddressPart::estate, "云溪花园", "云溪壹号", AliasKind::promoted)
      .alias(AddressPart::door, "青禾路31号", "青禾路7号", AliasKind::former);
  for (int n = 1; n <= 12; ++n) {
    const bool odd = n % 2 == 1;
    const std::string number = std::to_string(n) + "号";
    if (n == 5 || n == 7) continue;
    city.door("示例市安平区青禾路" + number, "青禾路", number, at(50 + n * 10, odd ? 110 : 90));
  }
  city.door("示例市临江区青禾路31号", "青禾路", "31号", at(1200, 110))
      .door("示例市安平区和平街3号", "和平街", "3号", at(110, 50))
      .door("示例市临江区和平街3号", "和平街", "3号", at(1110, 50))
      .door("示例市临江区和平街9号", "和平街", "9号", at(1110, 90))
      .door("示例市安平区青禾路14号附1号", "青禾路", "14号附1号", at(200, 90))
      .door("示例市临江区碧泉东路6号听松苑1号楼", "碧泉东路", "6号", at(1300, 300), "听松苑");
  for (int building = 1; building <= 3; ++building) {
    for (int stair = 1; stair <= 2; ++stair) {
      city.door("示例市安平区青禾路20号云溪花园" + std::to_string(building) + "号楼" + std::to_string(stair) + "单元",
                "青禾路", "20号", at(300 + building * 60, 50 + stair), "云溪花园");
    }
  }
  return city;
}

}  // namespace catchment::geo::small_city
