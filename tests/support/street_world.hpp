// Streets and barriers drawn in letters, for tests of the street network.
//
//     a---b===c      - and | are streets of kind residential, = and H of kind trunk
//     |   |   H      letters and + are vertices; a line runs from one to the next
//     +---d---+      a | above and below a - passes over it without meeting
//
// A column is 20 m wide, a row 40 m high, north is up; a line break at the beginning does not count. Barriers are drawn
// the same way over the same ground, a drawing for each kind.
#pragma once

#include <cmath>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "geo/shapes.hpp"
#include "geo/street_network/street_network.hpp"

namespace catchment::test {

// A place by metres east and north of an invented origin.
inline geo::Point street_place(double east_m, double north_m) {
  constexpr geo::Point kOrigin{1'105'000'000, 335'000'000};
  const geo::LocalScale scale = geo::local_scale(kOrigin.lat);
  return {kOrigin.lon + static_cast<std::int32_t>(std::nearbyint(east_m / scale.lon_m)),
          kOrigin.lat + static_cast<std::int32_t>(std::nearbyint(north_m / scale.lat_m))};
}

class StreetWorld {
 public:
  explicit StreetWorld(std::string_view drawing) {
    draw(drawing, [&](geo::Polyline line, char mark) {
      const bool trunk = mark == '=' || mark == 'H';
      add_street(std::move(line), trunk ? geo::StreetKind::trunk : geo::StreetKind::residential);
    });
  }

  StreetWorld& barrier(geo::BarrierKind kind, std::string_view drawing) {
    draw(drawing, [&](geo::Polyline line, char) { add_barrier(std::move(line), kind); });
    return *this;
  }
  // The trunk streets drawn are barriers too.
  StreetWorld& trunk_bars() {
    for (std::size_t i = 0; i < street_shapes_.size(); ++i) {
      if (kinds_[i] == geo::StreetKind::trunk) add_barrier(street_shapes_[i], geo::BarrierKind::trunk_road);
    }
    return *this;
  }
  StreetWorld& crossing(geo::Point at, geo::BarrierKind kind) {
    crossings_.push_back({at, kind});
    return *this;
  }
  void add_street(geo::Polyline line, geo::StreetKind kind = geo::StreetKind::residential) {
    street_shapes_.push_back(std::move(line));
    kinds_.push_back(kind);
  }
  void add_barrier(geo::Polyline line, geo::BarrierKind kind) {
    barrier_shapes_.push_back(std::move(line));
    barrier_kinds_.push_back(kind);
  }
  void remove_street(std::size_t i) { street_shapes_[i].clear(); }
  std::size_t street_count() const { return street_shapes_.size(); }
  const std::vector<geo::Polyline>& street_shapes() const { return street_shapes_; }
  const std::vector<geo::Polyline>& barrier_shapes() const { return barrier_shapes_; }
  const std::vector<geo::BarrierKind>& barrier_kinds() const { return barrier_kinds_; }

  geo::Point at(char letter) const { return places_.at(letter); }

  geo::StreetNetwork build(const geo::NetworkOptions& options = {}) const {
    std::vector<geo::StreetLine> streets;
    std::vector<geo::BarrierLine> barriers;
    for (std::size_t i = 0; i < street_shapes_.size(); ++i) streets.push_back({street_shapes_[i], "", kinds_[i]});
    for (std::size_t i = 0; i < barrier_shapes_.size(); ++i)
      barriers.push_back({barrier_shapes_[i], barrier_kinds_[i]});
    return geo::StreetNetwork::build(streets, barriers, crossings_, options);
  }

 private:
  static bool is_vertex(char c) { return c == '+' || (c >= 'a' && c <= 'z'); }

  template <class Add>
  void draw(std::string_view drawing, Add&& add) {
    if (!drawing.empty() && drawing.front() == '\n') drawing.remove_prefix(1);
    std::vector<std::string> rows(1);
    for (const char c : drawing) {
      if (c == '\n') {
        rows.emplace_back();
      } else {
        rows.back() += c;
      }
    }
    const auto mark = [&](std::size_t r, std::size_t c) {
      return r < rows.size() && c < rows[r].size() ? rows[r][c] : ' ';
    };
    const auto place = [](std::size_t r, std::size_t c) {
      return street_place(20.0 * static_cast<double>(c), -40.0 * static_cast<double>(r));
    };
    for (std::size_t r = 0; r < rows.size(); ++r) {
      for (std::size_t c = 0; c < rows[r].size(); ++c) {
        if (!is_vertex(mark(r, c))) continue;
        if (mark(r, c) != '+') places_[mark(r, c)] = place(r, c);
        std::size_t east = c + 1;
        const char across = mark(r, east);
        while ((across == '-' || across == '=') && mark(r, east) == across) ++east;
        if (east > c + 1 && is_vertex(mark(r, east))) add({place(r, c), place(r, east)}, across);
        std::size_t south = r + 1;
        const char down = mark(south, c);
        if (down != '|' && down != 'H') continue;
        while (mark(south, c) == down || mark(south, c) == '-' || mark(south, c) == '=') ++south;
        if (is_vertex(mark(south, c))) add({place(r, c), place(south, c)}, down);
      }
    }
  }

  std::map<char, geo::Point> places_;
  std::vector<geo::Polyline> street_shapes_, barrier_shapes_;
  std::vector<geo::StreetKind> kinds_;
  std::vector<geo::BarrierKind> barrier_kinds_;
  std::vector<geo::CrossingPoint> crossings_;
};

// One pair.
inline geo::Walk walk_between(const geo::StreetNetwork& network, geo::Point a, geo::Point b,
                              const geo::WalkOptions& options = {}) {
  const std::vector<std::vector<geo::Snap>> gates{{network.snap(a)}};
  const std::vector<geo::Snap> places{network.snap(b)};
  return network.walks(gates, places, options).get(0, 0);
}

}  // namespace catchment::test
