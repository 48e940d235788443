#include "datasets/city_names.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

#include "datasets/package_writer.hpp"
#include "geo/input_error.hpp"
#include "tests/datasets/temp_dir.hpp"

namespace catchment::datasets {
namespace {

using testing::TempDir;

void write_city(const std::filesystem::path& path, const std::string& door = "12号") {
  PackageWriter writer(path, PackageWriter::Start::empty);
  // A child may be read before its parent: by id the estate comes first.
  writer.add(engine::Place{"a", "estate", "云溪花园", "z", geo::Point{5, 5}, {}});
  writer.add(engine::Place{"z", "district", "青禾区", "", std::nullopt, {{{{0, 0}, {90, 0}, {90, 90}, {0, 90}}, {}}}});
  writer.add_street({"r1", "柳岚路", "residential", {{0, 0}, {90, 0}}});
  writer.add_street({"r2", "", "path", {{0, 9}, {90, 9}}});
  writer.add(engine::Alias{"street", "柳岚路", "顺城街", "former"});
  writer.add(engine::Alias{"estate", "云溪花园", "天玺", "promoted"});
  engine::Address address;
  address.id = "a1";
  address.text = "青禾区柳岚路" + door;
  address.street = "柳岚路";
  address.door = door;
  address.position = geo::Point{40, 3};
  writer.add(address);
  writer.commit();
}

geo::Snapshot snapshot_of(const CityPackage& package) {
  geo::SnapshotWriter writer;
  save_names(build_names(package), package, writer);
  return geo::Snapshot::from_bytes(writer.bytes());
}

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.code;
  }
  return "none";
}

TEST(CityNames, HoldPlacesStreetsOtherNamesAndAddresses) {
  const TempDir dir;
  write_city(dir / "city.gpkg");
  const auto names = build_names(CityPackage::open(dir / "city.gpkg"));
  ASSERT_EQ(names.entry_count(), 1u);
  EXPECT_EQ(names.entry(0).text, "青禾区柳岚路12号");
  EXPECT_EQ(names.entry(0).position, (geo::Point{40, 3}));
  for (const auto& [alias, name] : {std::pair("顺城街", "柳岚路"), std::pair("天玺", "云溪花园")}) {
    const auto hits = names.find_names(alias);
    ASSERT_EQ(hits.size(), 1u) << alias;
    EXPECT_EQ(hits[0].evidence, geo::Evidence::name_alias);
    EXPECT_EQ(names.thing(hits[0].name).name, name);
  }
  const auto estate = names.thing(names.find_names("云溪花园").at(0).name);
  EXPECT_EQ(names.thing(estate.parent).name, "青禾区");
}

TEST(CityNames, ASnapshotIsTakenForItsPackageOnly) {
  const TempDir dir;
  write_city(dir / "city.gpkg");
  write_city(dir / "same.gpkg");
  write_city(dir / "other.gpkg", "14号");
  const auto package = CityPackage::open(dir / "city.gpkg");
  const auto snapshot = snapshot_of(package);
  EXPECT_TRUE(find_names(snapshot, package));
  EXPECT_TRUE(find_names(snapshot, CityPackage::open(dir / "same.gpkg")));
  EXPECT_FALSE(find_names(snapshot, CityPackage::open(dir / "other.gpkg")));
  EXPECT_FALSE(find_names(geo::Snapshot::from_bytes(geo::SnapshotWriter().bytes()), package));
}

// What is no name may change: a notice that comes in does not make the names stale.
TEST(CityNames, StayGoodWhenSomethingElseOfThePackageChanges) {
  const TempDir dir;
  write_city(dir / "city.gpkg");
  const auto snapshot = snapshot_of(CityPackage::open(dir / "city.gpkg"));
  {
    PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::from_existing);
    writer.add(engine::School{"s1", "示例小学", {engine::Stage::primary}, "open", "public"});
    writer.commit();
  }
  EXPECT_TRUE(find_names(snapshot, CityPackage::open(dir / "city.gpkg")));
  {
    PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::from_existing);
    writer.add(engine::Alias{"street", "柳岚路", "西街", "former"});
    writer.commit();
  }
  EXPECT_FALSE(find_names(snapshot, CityPackage::open(dir / "city.gpkg")));
}

TEST(CityNames, AStaleSnapshotIsAnErrorWhereOneIsAskedFor) {
  const TempDir dir;
  write_city(dir / "city.gpkg");
  write_city(dir / "other.gpkg", "14号");
  const auto package = CityPackage::open(dir / "city.gpkg");
  geo::SnapshotWriter writer;
  save_names(build_names(package), package, writer);
  writer.write(dir / "names.snapshot");
  const std::string file = (dir / "names.snapshot").string();
  EXPECT_EQ(open_names(file, package).entry_count(), 1u);
  EXPECT_EQ(code_of([&] { open_names(file, CityPackage::open(dir / "other.gpkg")); }), "snapshot_stale");
  EXPECT_EQ(open_names("", CityPackage::open(dir / "other.gpkg")).entry(0).text, "青禾区柳岚路14号");
}

}  // namespace
}  // namespace catchment::datasets
