#include "datasets/gpkg_geometry.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

static_assert(std::endian::native == std::endian::little, "blobs are written in the machine's order");

enum WkbType : std::uint32_t {
  kPoint = 1,
  kLineString = 2,
  kPolygon = 3,
  kMultiPoint = 4,
  kMultiLineString = 5,
  kMultiPolygon = 6,
  kGeometryCollection = 7
};

constexpr int kMaxDepth = 8;
constexpr std::array<std::size_t, 5> kEnvelopeBytes{0, 32, 48, 48, 64};
constexpr std::uint8_t kLittleEndianFlag = 0x01;
constexpr std::uint8_t kEmptyFlag = 0x10;
constexpr std::uint8_t kExtendedFlag = 0x20;

template <class T>
void put(Blob& out, T value) {
  const auto at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

void put_point(Blob& out, geo::Point p) {
  const geo::Degrees degrees = geo::to_degrees(p);
  put(out, degrees.lon);
  put(out, degrees.lat);
}

void put_header(Blob& out, const geo::Box* box, bool empty) {
  out.clear();
  put(out, std::array<char, 3>{'G', 'P', 0});
  const bool envelope = box != nullptr && !empty;
  put(out, static_cast<std::uint8_t>(kLittleEndianFlag | (envelope ? 0x02 : 0) | (empty ? kEmptyFlag : 0)));
  put(out, std::int32_t{kPackageSrs});
  if (!envelope) return;
  const geo::Degrees min = geo::to_degrees(box->min);
  const geo::Degrees max = geo::to_degrees(box->max);
  for (const double bound : {min.lon, max.lon, min.lat, max.lat}) put(out, bound);
}

void put_wkb_head(Blob& out, WkbType type) {
  put(out, std::uint8_t{1});
  put(out, static_cast<std::uint32_t>(type));
}

void put_count(Blob& out, std::size_t count) { put(out, static_cast<std::uint32_t>(count)); }

void put_ring(Blob& out, const geo::Ring& ring) {
  put_count(out, ring.empty() ? 0 : ring.size() + 1);
  for (const geo::Point p : ring) put_point(out, p);
  if (!ring.empty()) put_point(out, ring.front());
}

[[noreturn]] void fail(const char* code, const char* message) { throw InputError(code, "", message); }

// Reads values in either byte order; never past the end.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::size_t left() const { return bytes_.size(); }
  void skip(std::size_t count) {
    require(count);
    bytes_ = bytes_.subspan(count);
  }
  template <class T>
  T get(bool little) {
    require(sizeof(T));
    std::array<std::byte, sizeof(T)> raw;
    std::memcpy(raw.data(), bytes_.data(), sizeof(T));
    if (!little) std::reverse(raw.begin(), raw.end());
    bytes_ = bytes_.subspan(sizeof(T));
    return std::bit_cast<T>(raw);
  }
  // A count of items of at least item_size bytes each; the bytes must be there.
  std::size_t get_count(bool little, std::size_t item_size) {
    const std::size_t count = get<std::uint32_t>(little);
    if (count > left() / item_size) fail("geometry_truncated", "the geometry says it has more than its bytes hold");
    return count;
  }

 private:
  void require(std::size_t count) const {
    if (bytes_.size() < count) fail("geometry_truncated", "the geometry ends too early");
  }
  std::span<const std::byte> bytes_;
};

struct GpkgHeader {
  bool empty = false;
  std::optional<std::array<double, 4>> envelope;  // min x, max x, min y, max y
};

GpkgHeader read_header(Reader& in) {
  GpkgHeader header;
  if (in.left() < 8) fail("geometry_blob", "too short for a GeoPackage geometry");
  const auto magic = in.get<std::array<char, 3>>(true);
  if (magic != std::array<char, 3>{'G', 'P', 0}) fail("geometry_blob", "not a GeoPackage geometry of version 1");
  const auto flags = in.get<std::uint8_t>(true);
  if ((flags & kExtendedFlag) != 0) fail("geometry_blob", "an extended GeoPackage geometry");
  const bool little = (flags & kLittleEndianFlag) != 0;
  const std::size_t envelope = (flags >> 1) & 7;
  if (envelope >= kEnvelopeBytes.size()) fail("geometry_blob", "an unknown kind of envelope");
  if (in.get<std::int32_t>(little) != kPackageSrs) fail("geometry_blob", "the geometry is not in EPSG:4490");
  header.empty = (flags & kEmptyFlag) != 0;
  if (envelope == 0) return header;
  std::array<double, 4> bounds{};
  for (double& bound : bounds) bound = in.get<double>(little);
  in.skip(kEnvelopeBytes[envelope] - sizeof bounds);
  header.envelope = bounds;
  return header;
}

struct WkbHead {
  bool little = true;
  std::uint32_t type = 0;
  std::size_t dims = 2;
};

WkbHead read_wkb_head(Reader& in) {
  WkbHead head;
  const auto order = in.get<std::uint8_t>(true);
  if (order > 1) fail("geometry_blob", "the byte order is neither 0 nor 1");
  head.little = order == 1;
  std::uint32_t type = in.get<std::uint32_t>(head.little);
  constexpr std::uint32_t kEwkbZ = 0x80000000u;
  constexpr std::uint32_t kEwkbM = 0x40000000u;
  constexpr std::uint32_t kEwkbSrid = 0x20000000u;
  bool z = (type & kEwkbZ) != 0;
  bool m = (type & kEwkbM) != 0;
  if ((type & kEwkbSrid) != 0) in.skip(4);
  type &= ~(kEwkbZ | kEwkbM | kEwkbSrid);
  if (type >= 4000) fail("geometry_type", "an unknown kind of geometry");
  z = z || type / 1000 == 1 || type / 1000 == 3;
  m = m || type / 1000 >= 2;
  head.type = type % 1000;
  head.dims = 2u + (z ? 1u : 0u) + (m ? 1u : 0u);
  return head;
}

geo::Point read_vertex(Reader& in, const WkbHead& head) {
  geo::Degrees degrees;
  degrees.lon = in.get<double>(head.little);
  degrees.lat = in.get<double>(head.little);
  in.skip((head.dims - 2) * sizeof(double));
  const auto point = geo::find_point(degrees);
  if (!point) fail("geometry_coordinate", "a coordinate is not finite or off the globe");
  return *point;
}

std::vector<geo::Point> read_vertices(Reader& in, const WkbHead& head) {
  const std::size_t count = in.get_count(head.little, head.dims * sizeof(double));
  std::vector<geo::Point> points;
  points.reserve(count);
  for (std::size_t i = 0; i < count; ++i) points.push_back(read_vertex(in, head));
  return points;
}

geo::Polygon read_polygon(Reader& in, const WkbHead& head) {
  const std::size_t count = in.get_count(head.little, sizeof(std::uint32_t));
  geo::Polygon polygon;
  for (std::size_t i = 0; i < count; ++i) {
    geo::Ring ring = read_vertices(in, head);
    if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    if (i == 0) {
      polygon.shell = std::move(ring);
    } else {
      polygon.holes.push_back(std::move(ring));
    }
  }
  return polygon;
}

constexpr std::size_t kSmallestWkb = 5;

void read_area(Reader& in, geo::MultiPolygon& area, int depth) {
  if (depth > kMaxDepth) fail("geometry_depth", "collections nested too deep");
  const WkbHead head = read_wkb_head(in);
  if (head.type == kPolygon) {
    geo::Polygon polygon = read_polygon(in, head);
    if (!polygon.shell.empty() || !polygon.holes.empty()) area.push_back(std::move(polygon));
    return;
  }
  if (head.type != kMultiPolygon && head.type != kGeometryCollection) fail("geometry_type", "not an area");
  const std::size_t count = in.get_count(head.little, kSmallestWkb);
  for (std::size_t i = 0; i < count; ++i) read_area(in, area, depth + 1);
}

geo::Polyline read_line(Reader& in, int depth) {
  if (depth > kMaxDepth) fail("geometry_depth", "collections nested too deep");
  const WkbHead head = read_wkb_head(in);
  if (head.type == kLineString) return read_vertices(in, head);
  if (head.type != kMultiLineString && head.type != kGeometryCollection) fail("geometry_type", "not a line");
  const std::size_t count = in.get_count(head.little, kSmallestWkb);
  if (count > 1) fail("geometry_type", "a line of several parts");
  return count == 0 ? geo::Polyline{} : read_line(in, depth + 1);
}

bool is_empty_point(Reader in, const WkbHead& head) {
  return std::isnan(in.get<double>(head.little)) && std::isnan(in.get<double>(head.little));
}

}  // namespace

void to_gpkg(geo::Point point, Blob& out) {
  put_header(out, nullptr, false);
  put_wkb_head(out, kPoint);
  put_point(out, point);
}

void to_gpkg(const geo::Polyline& line, Blob& out) {
  geo::Box box;
  for (const geo::Point p : line) box.extend(p);
  put_header(out, &box, line.empty());
  put_wkb_head(out, kLineString);
  put_count(out, line.size());
  for (const geo::Point p : line) put_point(out, p);
}

void to_gpkg(const geo::MultiPolygon& area, Blob& out) {
  const geo::Box box = geo::bounding_box(area);
  put_header(out, &box, box.empty());
  put_wkb_head(out, kMultiPolygon);
  put_count(out, area.size());
  for (const geo::Polygon& part : area) {
    put_wkb_head(out, kPolygon);
    put_count(out, 1 + part.holes.size());
    put_ring(out, part.shell);
    for (const geo::Ring& hole : part.holes) put_ring(out, hole);
  }
}

std::optional<geo::Point> point_from_gpkg(std::span<const std::byte> blob) {
  Reader in(blob);
  const GpkgHeader header = read_header(in);
  const WkbHead head = read_wkb_head(in);
  if (head.type != kPoint) fail("geometry_type", "not a point");
  if (header.empty || is_empty_point(in, head)) return std::nullopt;
  return read_vertex(in, head);
}

geo::Polyline line_from_gpkg(std::span<const std::byte> blob) {
  Reader in(blob);
  read_header(in);
  return read_line(in, 0);
}

geo::MultiPolygon area_from_gpkg(std::span<const std::byte> blob) {
  Reader in(blob);
  read_header(in);
  geo::MultiPolygon area;
  read_area(in, area, 0);
  return area;
}

geo::Box box_from_gpkg(std::span<const std::byte> blob) {
  Reader in(blob);
  const GpkgHeader header = read_header(in);
  geo::Box box;
  if (header.empty) return box;
  if (header.envelope) {
    const auto& [min_x, max_x, min_y, max_y] = *header.envelope;
    const auto min = geo::find_point({min_x, min_y});
    const auto max = geo::find_point({max_x, max_y});
    if (!min || !max) fail("geometry_coordinate", "the envelope is not finite or off the globe");
    box.extend(*min);
    box.extend(*max);
    return box;
  }
  Reader ahead = in;
  const WkbHead head = read_wkb_head(ahead);
  if (head.type == kPoint) {
    if (const auto point = point_from_gpkg(blob)) box.extend(*point);
  } else if (head.type == kLineString || head.type == kMultiLineString) {
    for (const geo::Point p : line_from_gpkg(blob)) box.extend(p);
  } else {
    box = geo::bounding_box(area_from_gpkg(blob));
  }
  return box;
}

}  // namespace catchment::datasets
