// What stands around a map: frame and degrees, scale, north, legend.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <numbers>

#include "server/publish/map_frame.hpp"

namespace catchment::publish {
namespace {

using namespace map_colours;

std::string degrees_text(double degrees) {
  const long seconds = std::lround(std::abs(degrees) * 3600);
  char text[32];
  if (seconds % 60 == 0) {
    std::snprintf(text, sizeof text, "%ld°%02ld′", seconds / 3600, seconds / 60 % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld°%02ld′%02ld″", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
  return text;
}

// Between four and some more round steps along the side.
double graticule_step(double span_degrees) {
  constexpr double kSteps[]{15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18000};  // seconds
  for (const double step : kSteps) {
    if (span_degrees * 3600 / step <= 6) return step / 3600;
  }
  return 10;
}

}  // namespace

void draw_frame(Canvas& canvas, const MapScale& scale, const Area& area) {
  constexpr double kGap = 14;
  canvas.stroke(area, {0.8, kInk});
  canvas.stroke(Area{area.x - kGap, area.y - kGap, area.w + 2 * kGap, area.h + 2 * kGap}, {2.2, kInk});
  const geo::Degrees nw = geo::to_degrees(scale.place({area.x, area.y}));
  const geo::Degrees se = geo::to_degrees(scale.place({area.right(), area.bottom()}));
  const double step = graticule_step(std::max(se.lon - nw.lon, nw.lat - se.lat));
  const TextStyle style{6.2, false, Face::sans, kInk};
  const auto at = [&](double lon, double lat) {
    return scale.at(
        {static_cast<std::int32_t>(std::lround(lon * 1e7)), static_cast<std::int32_t>(std::lround(lat * 1e7))});
  };
  for (double lon = std::ceil(nw.lon / step) * step; lon < se.lon; lon += step) {
    const double x = at(lon, nw.lat).x;
    const std::string text = degrees_text(lon);
    for (const double y : {area.y - kGap / 2, area.bottom() + kGap / 2}) {
      canvas.stroke({{x, y - kGap / 2}, {x, y + kGap / 2}}, false, {0.5, kInk});
      const double w = canvas.measure(text, style).w;
      if (x + w + 5 < area.right()) canvas.text({x + 2, y - 4.5}, text, style);
    }
  }
  for (double lat = std::ceil(se.lat / step) * step; lat < nw.lat; lat += step) {
    const double y = at(nw.lon, lat).y;
    const std::string text = degrees_text(lat);
    for (const double x : {area.x - kGap / 2, area.right() + kGap / 2}) {
      canvas.stroke({{x - kGap / 2, y}, {x + kGap / 2, y}}, false, {0.5, kInk});
      const double w = canvas.measure(text, style).w;
      if (y - w - 6 > area.y) canvas.turned_text({x, y - w / 2 - 3}, -std::numbers::pi / 2, text, style);
    }
  }
}

void draw_scale_bar(Canvas& canvas, const MapScale& scale, Spot at, double longest) {
  const double wanted = longest / scale.points_per_m();
  double length = std::pow(10, std::floor(std::log10(wanted)));
  for (const double step : {5.0, 2.0}) {
    if (length * step <= wanted) {
      length *= step;
      break;
    }
  }
  const double w = length * scale.points_per_m();
  std::string ratio = std::to_string(scale.denominator());
  for (std::size_t i = ratio.size(); i > 3; i -= 3) ratio.insert(i - 3, " ");
  canvas.text({at.x, at.y}, "比例尺 1 : " + ratio, {9, false, Face::sans, kInk});
  const double y = at.y + 25;
  for (int part = 0; part < 4; ++part) {
    canvas.fill(Area{at.x + w * part / 4, y, w / 4, 4}, part % 2 == 0 ? kInk : 0xffffff);
  }
  canvas.stroke(Area{at.x, y, w, 4}, {0.7, kInk});
  const bool km = length >= 1000;
  const auto figure = [&](double m) {
    char text[32];
    std::snprintf(text, sizeof text, "%g", km ? m / 1000 : m);
    return std::string(text);
  };
  const TextStyle style{7, false, Face::sans, kInk, Align::centre};
  canvas.text({at.x, y - 10}, "0", style);
  canvas.text({at.x + w / 2, y - 10}, figure(length / 2), style);
  canvas.text({at.x + w, y - 10}, figure(length), style);
  canvas.text({at.x + w + 6, y - 3.5}, km ? "千米" : "米", {7.5, false, Face::sans, kInk});
}

void draw_north(Canvas& canvas, Spot tip) {
  canvas.text({tip.x, tip.y}, "北", {11, true, Face::serif, kInk, Align::centre});
  const double y = tip.y + 15;
  canvas.fill({{{tip.x, y}, {tip.x - 8, y + 30}, {tip.x, y + 23}}}, kInk);
  canvas.fill({{{tip.x, y}, {tip.x + 8, y + 30}, {tip.x, y + 23}}}, 0xffffff);
  canvas.stroke({{tip.x, y}, {tip.x + 8, y + 30}, {tip.x, y + 23}, {tip.x - 8, y + 30}}, true, {0.8, kInk});
}

double draw_legend(Canvas& canvas, Spot at, bool of_school) {
  const TextStyle words{8.2, false, Face::sans, kInk};
  double y = at.y;
  const auto row = [&](const std::string& text, const std::function<void(Spot)>& sample) {
    sample({at.x, y + 6});
    canvas.text({at.x + 34, y}, text, words);
    y += 15;
  };
  const auto stretch = [&](Spot s) { return std::vector<Spot>{{s.x, s.y}, {s.x + 26, s.y}}; };
  canvas.text({at.x, y}, "图 例", {10.5, true, Face::serif, kInk});
  y += 19;
  if (of_school) {
    row("本校片区", [&](Spot s) {
      canvas.fill(Area{s.x, s.y - 5, 26, 10}, kOwnZone);
      canvas.stroke(Area{s.x, s.y - 5, 26, 10}, {2, kOwn});
    });
    row("本校", [&](Spot s) { canvas.circle({s.x + 13, s.y}, 5, kOwn, {1.4, 0xffffff}); });
    row("其他学校", [&](Spot s) { canvas.circle({s.x + 13, s.y}, 3, 0xffffff, {1.2, kInk}); });
  } else {
    row("学校及编号", [&](Spot s) {
      canvas.circle({s.x + 13, s.y}, 6, 0xffffff, {1.2, kInk});
      canvas.turned_text({s.x + 13, s.y}, 0, "1", {7, true, Face::sans, kInk});
    });
    row("片区（颜色仅为区分）", [&](Spot s) {
      for (int i = 0; i < 4; ++i) canvas.fill(Area{s.x + i * 6.5, s.y - 5, 6.5, 10}, zone_colour(i));
    });
  }
  row("片区界线", [&](Spot s) { canvas.stroke(stretch(s), false, {1.1, kLine, {7, 2, 1.5, 2}}); });
  row(of_school ? "道路" : "主要道路", [&](Spot s) {
    canvas.stroke(stretch(s), false, {4.6, kCasing});
    canvas.stroke(stretch(s), false, {3.4, kStreet});
  });
  row("铁路", [&](Spot s) {
    canvas.stroke(stretch(s), false, {2, kRail});
    canvas.stroke(stretch(s), false, {1, kStreet, {5, 5}});
  });
  row("河流", [&](Spot s) { canvas.stroke(stretch(s), false, {3.5, kWater}); });
  return y;
}

std::uint32_t zone_colour(int number) {
  constexpr std::array<std::uint32_t, 8> kFills{0xcfe3d8, 0xf1e3c6, 0xd5dcf0, 0xf3d9cf,
                                                0xe4e8c2, 0xcbe3ea, 0xe9d6e5, 0xdfdccf};
  return kFills[static_cast<std::size_t>(number) % kFills.size()];
}

}  // namespace catchment::publish
