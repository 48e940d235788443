#include "geo/gazetteer/street_line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace catchment::geo {
namespace {

constexpr double kNowhereNear_m = 150;

std::span<const Point> piece_of(const GazetteerTables& tables, const NameRow& street, std::uint32_t piece) {
  const std::size_t first = tables.piece_starts[street.first_piece + piece];
  return tables.piece_points.subspan(first, tables.piece_starts[street.first_piece + piece + 1] - first);
}

double length_m(std::span<const Point> line) {
  double sum = 0;
  for (std::size_t i = 1; i < line.size(); ++i) sum += flat_distance_m(line[i - 1], line[i]);
  return sum;
}

struct Offset {      // of a point from a segment's line
  double share = 0;  // along the segment, 0 to 1
  double distance_m = 0;
  bool left = false;
};

Offset offset_from(Point a, Point b, Point p) {
  const LocalScale scale = local_scale(a.lat);
  const double bx = (static_cast<double>(b.lon) - a.lon) * scale.lon_m;
  const double by = (static_cast<double>(b.lat) - a.lat) * scale.lat_m;
  const double px = (static_cast<double>(p.lon) - a.lon) * scale.lon_m;
  const double py = (static_cast<double>(p.lat) - a.lat) * scale.lat_m;
  const double square = bx * bx + by * by;
  const double share = square > 0 ? std::clamp((px * bx + py * by) / square, 0.0, 1.0) : 0;
  const double dx = px - share * bx;
  const double dy = py - share * by;
  return {share, std::sqrt(dx * dx + dy * dy), bx * py - by * px > 0};
}

}  // namespace

std::vector<Polyline> joined_pieces(std::vector<Polyline> pieces) {
  std::erase_if(pieces, [](const Polyline& piece) { return piece.size() < 2; });
  std::vector<Polyline> joined;
  std::vector<char> used(pieces.size(), 0);
  for (std::size_t first = 0; first < pieces.size(); ++first) {
    if (used[first] != 0) continue;
    used[first] = 1;
    Polyline line = pieces[first];
    for (bool grown = true; grown;) {
      grown = false;
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (used[i] != 0) continue;
        Polyline next = pieces[i];
        if (next.back() == line.back() || next.front() == line.front()) std::ranges::reverse(next);
        if (next.front() == line.back()) {
          line.insert(line.end(), next.begin() + 1, next.end());
        } else if (next.back() == line.front()) {
          line.insert(line.begin(), next.begin(), next.end() - 1);
        } else {
          continue;
        }
        used[i] = 1;
        grown = true;
      }
    }
    joined.push_back(std::move(line));
  }
  return joined;
}

StreetPlace place_along(const GazetteerTables& tables, const NameRow& street, Point p) {
  StreetPlace best;
  double best_m = std::numeric_limits<double>::infinity();
  for (std::uint32_t piece = 0; piece < street.pieces; ++piece) {
    const auto line = piece_of(tables, street, piece);
    double before = 0;
    for (std::size_t i = 1; i < line.size(); ++i) {
      const Offset offset = offset_from(line[i - 1], line[i], p);
      const double segment_m = flat_distance_m(line[i - 1], line[i]);
      if (offset.distance_m < best_m) {
        best_m = offset.distance_m;
        const std::int64_t turn = cross(line[i - 1], line[i], p);
        const std::uint8_t side = turn == 0 || best_m > kNowhereNear_m ? 0 : offset.left ? 1 : 2;
        best = {piece, before + offset.share * segment_m, best_m, side};
      }
      before += segment_m;
    }
  }
  return best;
}

Point place_at(const GazetteerTables& tables, const NameRow& street, const StreetPlace& place) {
  const auto line = piece_of(tables, street, place.piece);
  double before = 0;
  for (std::size_t i = 1; i < line.size(); ++i) {
    const double segment_m = flat_distance_m(line[i - 1], line[i]);
    if (before + segment_m < place.along_m && i + 1 < line.size()) {
      before += segment_m;
      continue;
    }
    const double share = segment_m > 0 ? std::clamp((place.along_m - before) / segment_m, 0.0, 1.0) : 0;
    const LocalScale scale = local_scale(line[i - 1].lat);
    const double dx = (static_cast<double>(line[i].lon) - line[i - 1].lon) * scale.lon_m;
    const double dy = (static_cast<double>(line[i].lat) - line[i - 1].lat) * scale.lat_m;
    const double sign = place.side == 1 ? 1 : place.side == 2 ? -1 : 0;
    const double unit = segment_m > 0 ? sign * place.off_m / segment_m : 0;
    return {static_cast<std::int32_t>(line[i - 1].lon + std::lround((dx * share - dy * unit) / scale.lon_m)),
            static_cast<std::int32_t>(line[i - 1].lat + std::lround((dy * share + dx * unit) / scale.lat_m))};
  }
  return line.front();
}

Point middle_of_line(const GazetteerTables& tables, const NameRow& street) {
  StreetPlace place;
  double longest = -1;
  for (std::uint32_t piece = 0; piece < street.pieces; ++piece) {
    const double length = length_m(piece_of(tables, street, piece));
    if (length > longest) {
      longest = length;
      place.piece = piece;
      place.along_m = length / 2;
    }
  }
  return place_at(tables, street, place);
}

}  // namespace catchment::geo
