#include "datasets/gpkg_geometry.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Builds blobs by hand, in either byte order.
struct Bytes {
  Blob blob;
  bool little = true;

  Bytes& header(std::uint8_t flags = 1, std::int32_t srs = kPackageSrs) {
    raw('G').raw('P').raw(std::uint8_t{0}).raw(flags);
    const bool kept = little;
    little = (flags & 1) != 0;
    put(srs);
    little = kept;
    return *this;
  }
  template <class T>
  Bytes& raw(T byte) {
    blob.push_back(static_cast<std::byte>(byte));
    return *this;
  }
  template <class T>
  Bytes& put(T value) {
    std::array<std::byte, sizeof(T)> bytes;
    std::memcpy(bytes.data(), &value, sizeof value);
    if (!little) std::reverse(bytes.begin(), bytes.end());
    blob.insert(blob.end(), bytes.begin(), bytes.end());
    return *this;
  }
  Bytes& type(std::uint32_t value) { return raw(little ? 1 : 0).put(value); }
  Bytes& count(std::uint32_t value) { return put(value); }
  Bytes& xy(double x, double y) { return put(x).put(y); }
};

template <class Read>
std::string code_of(Read&& read, const Blob& blob) {
  try {
    read(blob);
  } catch (const InputError& error) {
    return error.code;
  }
  return "none";
}

const auto kReadArea = [](const Blob& blob) { area_from_gpkg(blob); };
const auto kReadPoint = [](const Blob& blob) { point_from_gpkg(blob); };
const auto kReadLine = [](const Blob& blob) { line_from_gpkg(blob); };

TEST(GpkgGeometry, EveryPointRoundTripsExactly) {
  Blob blob;
  std::uint32_t seed = 7;
  for (int i = 0; i < 100000; ++i) {
    seed = seed * 1664525u + 1013904223u;
    const auto lon = static_cast<std::int32_t>(std::int64_t{seed % 3600000001u} - 1800000000);
    seed = seed * 1664525u + 1013904223u;
    const auto lat = static_cast<std::int32_t>(std::int64_t{seed % 1800000001u} - 900000000);
    to_gpkg(geo::Point{lon, lat}, blob);
    ASSERT_EQ(point_from_gpkg(blob), (geo::Point{lon, lat}));
  }
}

TEST(GpkgGeometry, RingsKeepOrderDirectionAndRepeatedNodes) {
  const geo::MultiPolygon area{{{{0, 0}, {0, 9}, {0, 9}, {9, 9}, {0, 0}}, {{{2, 2}, {3, 2}, {3, 3}}}},
                               {{{20, 0}, {30, 0}}, {}}};
  Blob blob;
  to_gpkg(area, blob);
  EXPECT_EQ(area_from_gpkg(blob), area);
  EXPECT_EQ(box_from_gpkg(blob).max, (geo::Point{30, 9}));
}

TEST(GpkgGeometry, EmptyShapesAreEmpty) {
  Blob blob;
  to_gpkg(geo::MultiPolygon{}, blob);
  EXPECT_TRUE(area_from_gpkg(blob).empty());
  EXPECT_TRUE(box_from_gpkg(blob).empty());
  to_gpkg(geo::Polyline{}, blob);
  EXPECT_TRUE(line_from_gpkg(blob).empty());
  EXPECT_EQ(point_from_gpkg(Bytes().header().type(1).xy(kNan, kNan).blob), std::nullopt);
}

TEST(GpkgGeometry, ReadsEitherByteOrderAndDropsHeights) {
  Bytes big;
  big.little = false;
  EXPECT_EQ(point_from_gpkg(big.header(0).type(1).xy(1, 2).blob), (geo::Point{10000000, 20000000}));
  const geo::Polyline line{{10000000, 20000000}, {30000000, 40000000}};
  for (const std::uint32_t iso_z : {1002u, 0x80000002u}) {
    EXPECT_EQ(line_from_gpkg(Bytes().header().type(iso_z).count(2).xy(1, 2).put(9.0).xy(3, 4).put(9.0).blob), line);
  }
  EXPECT_EQ(line_from_gpkg(Bytes().header().type(3002).count(2).xy(1, 2).xy(kNan, 9).xy(3, 4).xy(9, 9).blob), line);
  EXPECT_EQ(line_from_gpkg(Bytes().header().type(0x20000002u).put(std::int32_t{4490}).count(2).xy(1, 2).xy(3, 4).blob),
            line);
}

TEST(GpkgGeometry, CollectionsOfPolygonsAreFlattened) {
  Bytes bytes;
  bytes.header().type(7).count(2);
  for (int part = 0; part < 2; ++part)
    bytes.type(3).count(1).count(4).xy(part, 0).xy(part, 1).xy(part + 1, 1).xy(part, 0);
  EXPECT_EQ(area_from_gpkg(bytes.blob).size(), 2u);
  EXPECT_EQ(code_of(kReadArea, Bytes().header().type(7).count(1).type(1).xy(0, 0).blob), "geometry_type");
}

TEST(GpkgGeometry, HostileBlobsAreRefused) {
  EXPECT_EQ(code_of(kReadPoint, {}), "geometry_blob");
  EXPECT_EQ(code_of(kReadPoint, Bytes().raw('X').raw('P').put(0.0).blob), "geometry_blob");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header(1, 3857).type(1).xy(0, 0).blob), "geometry_blob");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header(0x0b).type(1).xy(0, 0).blob), "geometry_blob");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header(0x21).type(1).xy(0, 0).blob), "geometry_blob");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header().raw(7).count(1).xy(0, 0).blob), "geometry_blob");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header().type(2).count(0).blob), "geometry_type");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header().type(9001).xy(0, 0).blob), "geometry_type");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header().type(1).xy(181, 0).blob), "geometry_coordinate");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header().type(1).xy(kNan, 0).blob), "geometry_coordinate");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header().type(1).put(1.0).blob), "geometry_truncated");
  EXPECT_EQ(code_of(kReadPoint, Bytes().header(3).put(1.0).blob), "geometry_truncated");
  EXPECT_EQ(code_of(kReadLine, Bytes().header().type(2).count(0xffffffffu).xy(0, 0).blob), "geometry_truncated");
  EXPECT_EQ(code_of(kReadArea, Bytes().header().type(6).count(0xffffffffu).blob), "geometry_truncated");
  EXPECT_EQ(code_of(kReadArea, Bytes().header().type(3).count(0x7fffffffu).count(0x7fffffffu).blob),
            "geometry_truncated");
}

TEST(GpkgGeometry, ABombOfNestedCollectionsIsRefused) {
  Bytes bytes;
  bytes.header();
  for (int i = 0; i < 100000; ++i) bytes.type(7).count(1);
  EXPECT_EQ(code_of(kReadArea, bytes.blob), "geometry_depth");
  EXPECT_EQ(code_of(kReadLine, bytes.blob), "geometry_depth");
}

TEST(GpkgGeometry, EveryPrefixOfAGoodBlobIsRefused) {
  Blob blob;
  to_gpkg(geo::MultiPolygon{{{{0, 0}, {0, 9}, {9, 9}}, {{{2, 2}, {3, 2}, {3, 3}}}}}, blob);
  for (std::size_t size = 0; size < blob.size(); ++size) {
    EXPECT_NE(code_of(kReadArea, Blob(blob.begin(), blob.begin() + static_cast<std::ptrdiff_t>(size))), "none") << size;
  }
}

}  // namespace
}  // namespace catchment::datasets
