// The map inside a sheet's frame: zones, streets, waters, schools and their names, and what stands around it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "server/publish/bundle_city.hpp"
#include "server/publish/canvas.hpp"

namespace catchment::publish {

// Of the map and of what stands around it.
namespace map_colours {
inline constexpr std::uint32_t kInk = 0x233533, kLine = 0x8c3b2e, kWater = 0x8fbfd6, kStreet = 0xffffff,
                               kCasing = 0xc9c4b4, kRail = 0x6b6b6b, kOwn = 0x9c2f20, kOwnZone = 0xf7dca0;
}

// A place on the paper for each place in the city: plate carree true at the middle latitude, at a round scale. Of a
// city's extent it is true to some parts in a thousand.
class MapScale {
 public:
  // The largest round scale at which `box` fits into the area, its middle in the middle.
  MapScale(const geo::Box& box, const Area& area);

  Spot at(geo::Point p) const;
  int denominator() const { return denominator_; }  // 1 : this
  double points_per_m() const { return points_per_m_; }
  geo::Point place(Spot spot) const;

 private:
  Area area_;
  double lon_ = 0, lat_ = 0, narrow_ = 1;  // the middle, in units
  double points_per_m_ = 1;
  int denominator_ = 1;
};

// Lines of the city, read once for all sheets. Hidden names are not in it.
struct MapGround {
  std::vector<engine::Line> streets, barriers;
};
MapGround read_map_ground(const BundleCity& city);

struct MapContent {
  const BundleCity* city = nullptr;
  const BundleLayer* layer = nullptr;
  const std::vector<int>* colours = nullptr;  // of the zones
  const MapGround* ground = nullptr;
  std::string school;                   // whose sheet it is; empty: the city's
  std::vector<std::string> numbered{};  // city's sheet: school ids in the order of their numbers
};

// What stands within `area`, and the frame around it.
void draw_map(Canvas& canvas, const MapContent& content, const MapScale& scale, const Area& area);

// A double line with ticks and figures of longitude and latitude between, 14 points wide, around the area.
void draw_frame(Canvas& canvas, const MapScale& scale, const Area& area);
void draw_scale_bar(Canvas& canvas, const MapScale& scale, Spot at, double longest);
void draw_north(Canvas& canvas, Spot tip);
// One under the other from the top; returns its lower end.
double draw_legend(Canvas& canvas, Spot at, bool of_school);

std::uint32_t zone_colour(int number);

}  // namespace catchment::publish
