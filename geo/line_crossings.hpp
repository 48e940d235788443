// Exact incidence of straight line pieces: where others touch or cross the open interior of one, in order along it, and
// the side of a point that is displaced by infinitesimals. Internal to the zone index's builder.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "geo/zone_index.hpp"

namespace catchment::geo {

struct Direction {
  std::int64_t x = 0;
  std::int64_t y = 0;
};
inline Direction direction(Point a, Point b) { return {std::int64_t{b.lon} - a.lon, std::int64_t{b.lat} - a.lat}; }

// Something happens on the open interior of `piece`, at the fraction numerator / denominator of its length.
struct LineEvent {
  std::uint32_t piece = 0;
  std::uint32_t other = 0;
  bool touches = false;  // an end of `other`, at the integer point `at`; otherwise the two cross properly
  Point at;
  std::int64_t numerator = 0;  // 0 < numerator < denominator < 2^63
  std::int64_t denominator = 1;
};

inline bool same_place(const LineEvent& p, const LineEvent& q) {
  return static_cast<__int128>(p.numerator) * q.denominator == static_cast<__int128>(q.numerator) * p.denominator;
}

// Sorts by piece, then along the piece, then by other; removes repeats.
inline void sort_line_events(std::vector<LineEvent>& events) {
  const auto before = [](const LineEvent& p, const LineEvent& q) {
    if (p.piece != q.piece) return p.piece < q.piece;
    const __int128 l = static_cast<__int128>(p.numerator) * q.denominator;
    const __int128 r = static_cast<__int128>(q.numerator) * p.denominator;
    if (l != r) return l < r;
    return p.other < q.other;
  };
  std::sort(events.begin(), events.end(), before);
  const auto same = [&](const LineEvent& p, const LineEvent& q) { return !before(p, q) && !before(q, p); };
  events.erase(std::unique(events.begin(), events.end(), same), events.end());
}

// Appends the events of two different pieces on each other.
inline void find_line_events(const std::vector<Border>& pieces, std::uint32_t i, std::uint32_t j,
                             std::vector<LineEvent>& events) {
  const Border& p = pieces[i];
  const Border& q = pieces[j];
  if (p.a.lat > q.b.lat || q.a.lat > p.b.lat) return;
  if (std::max(p.a.lon, p.b.lon) < std::min(q.a.lon, q.b.lon) ||
      std::max(q.a.lon, q.b.lon) < std::min(p.a.lon, p.b.lon)) {
    return;
  }
  const std::int64_t qa = cross(p.a, p.b, q.a);
  const std::int64_t qb = cross(p.a, p.b, q.b);
  const std::int64_t pa = cross(q.a, q.b, p.a);
  const std::int64_t pb = cross(q.a, q.b, p.b);
  const auto opposite = [](std::int64_t s, std::int64_t t) { return (s < 0 && t > 0) || (s > 0 && t < 0); };
  if (opposite(qa, qb) && opposite(pa, pb)) {
    const auto magnitude = [](std::int64_t v) { return v < 0 ? -v : v; };
    events.push_back({i, j, false, {}, magnitude(pa), magnitude(pa) + magnitude(pb)});
    events.push_back({j, i, false, {}, magnitude(qa), magnitude(qa) + magnitude(qb)});
    return;
  }
  const auto touch = [&](std::uint32_t on, std::uint32_t other, Point end, std::int64_t side) {
    const Border& line = pieces[on];
    if (side != 0 || end == line.a || end == line.b || !on_segment(line.a, line.b, end)) return;
    const Direction d = direction(line.a, line.b);
    const Direction e = direction(line.a, end);
    const bool by_y = d.y != 0;  // d.y >= 0 because a is the lower end; a level piece runs east
    events.push_back({on, other, true, end, by_y ? e.y : e.x, by_y ? d.y : d.x});
  };
  touch(i, j, q.a, qa);
  touch(i, j, q.b, qb);
  touch(j, i, p.a, pa);
  touch(j, i, p.b, pb);
}

inline int sign(std::int64_t v) { return (v > 0) - (v < 0); }
inline int sign128(__int128 v) { return (v > 0) - (v < 0); }

enum class Side { left = 1, right = -1 };

// Whether the path centre -> (centre.lon, q'.lat) -> q' crosses the piece a -> b (a the lower end), where q' is q moved
// an infinitesimal along `along` and a smaller one to the given side of it, and the centre is nudged east by one
// smaller still.
inline bool crosses_path_to(Point a, Point b, Point centre, Point q, Direction along, Side side) {
  const Direction piece = direction(a, b);
  const auto first_of = [](int s, int t, int u) { return s != 0 ? s : (t != 0 ? t : u); };
  const int to_side = static_cast<int>(side);
  const int up = sign(along.y) != 0 ? sign(along.y) : to_side * sign(along.x);  // how q' lies to q in latitude
  const int east = piece.y > 0 ? -1 : 1;  // effect of the centre's nudge on its side
  const std::int64_t cross_q = cross(a, b, q);
  const std::int64_t cross_corner = cross_q + piece.y * (std::int64_t{q.lon} - centre.lon);
  const bool corner_left = first_of(sign(cross_corner), sign(piece.x) * up, east) > 0;
  bool crossed = false;
  if ((a.lon <= centre.lon) != (b.lon <= centre.lon)) {
    const bool centre_left = first_of(sign(cross(a, b, centre)), 0, east) > 0;
    crossed = centre_left != corner_left;
  }
  const bool above_a = q.lat != a.lat ? q.lat > a.lat : up > 0;
  const bool below_b = q.lat != b.lat ? q.lat < b.lat : up < 0;
  if (above_a && below_b) {
    const __int128 turn = static_cast<__int128>(piece.x) * along.y - static_cast<__int128>(piece.y) * along.x;
    const __int128 same = static_cast<__int128>(piece.x) * along.x + static_cast<__int128>(piece.y) * along.y;
    crossed ^= corner_left != (first_of(sign(cross_q), sign128(turn), to_side * sign128(same)) > 0);
  }
  return crossed;
}

}  // namespace catchment::geo
