#include "datasets/city_package.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "datasets/package_writer.hpp"
#include "datasets/sqlite.hpp"
#include "geo/input_error.hpp"
#include "tests/datasets/temp_dir.hpp"

namespace catchment::datasets {
namespace {

using engine::LayerKey;
using engine::Stage;
using testing::TempDir;

geo::MultiPolygon square(int lon, int lat, int size) {
  return {{{{lon, lat}, {lon + size, lat}, {lon + size, lat + size}, {lon, lat + size}}, {}}};
}

engine::Zone zone(const std::string& id, std::vector<std::string> schools) {
  engine::Zone row;
  row.id = id;
  row.layer = {Stage::primary, 2024, "general"};
  row.name = "铭功路小学学区";
  row.school_ids = std::move(schools);
  row.notice_id = "n1";
  row.valid_from = "2024-09-01";
  row.shape = square(1136500000, 347500000, 100000);
  row.shape.front().holes.push_back({{1136510000, 347510000}, {1136510000, 347520000}, {1136520000, 347520000}});
  return row;
}

engine::ZoneRow zone_row(const std::string& id) {
  engine::ZoneRow row;
  row.id = id;
  row.layer = {Stage::primary, 2024, "general"};
  row.school_id = "s1";
  row.campus = "东校区";
  row.text = "铭功路\n（单号）";
  row.notice_id = "n1";
  row.place = "row 3";
  row.phone = "12345";
  row.remark = "暂定名";
  row.zone_id = "z1";
  return row;
}

engine::Address address(const std::string& id, std::optional<geo::Point> position) {
  engine::Address row;
  row.id = id;
  row.text = "二七区铭功路83号";
  row.street = "铭功路";
  row.door = "83号";
  row.position = position;
  row.error_m = 5;
  return row;
}

std::string code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.code;
  }
  return "none";
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_small(const std::filesystem::path& path) {
  PackageWriter writer(path, PackageWriter::Start::empty);
  writer.set_meta("city", "郑州市");
  writer.set_source("first");
  writer.add(engine::School{"s2", "解放路小学", {Stage::primary, Stage::junior}, "open", "public"});
  writer.add(engine::School{"s1", "铭功路小学", {Stage::primary}, "planned", "private"});
  writer.add(engine::Campus{"c1", "s1", "本部", {1136550000, 347550000}});
  writer.add(zone("z2", {"s2", "s1"}));
  writer.add(zone("z1", {}));
  writer.add(engine::Notice{"n1", "通知", "教育局", "2024-06-01", "https://example.org", "0371-1"});
  engine::ZoneRow row = zone_row("1");
  row.classes = 4;
  writer.add(row);
  writer.add(zone_row("2"));
  writer.add(engine::Place{"p1", "town", "福华街街道", "", std::nullopt, square(0, 0, 9)});
  writer.add(engine::Place{"p2", "estate", "云溪花园", "p1", geo::Point{-7, 8}, {}});
  writer.add(engine::Alias{"street", "铭功路", "顺城街", "former"});
  writer.add(address("a1", geo::Point{1136550001, 347549999}));
  writer.add(address("a0", std::nullopt));
  writer.add_street({"r1", "铭功路", "trunk", {{1, 2}, {3, -4}, {3, -4}}});
  writer.add_barrier({"b1", "金水河", "river", {{1, 2}, {3, 4}}});
  writer.add(engine::Unit{"u1", "福华街", "D01", square(0, 0, 5)});
  writer.add(engine::Unit{"u0", "no shape", "", {}});
  writer.add(engine::UnitChildren{"u1", 2024, 6, 31});
  writer.add(engine::Housing{"h1", "小区", "u1", "resettlement", 500, 2025, geo::Point{7, 8}});
  writer.add(engine::Enrolment{"s1", 2023, 1, 4, 180});
  writer.add(engine::Births{"u1", 2018, 0, 40});
  writer.add(engine::Feeder{"s1", "s2", 2024, 0.5, "市区户口"});
  writer.add(engine::Plan{"p1", "draft", {Stage::primary, 2024, "general"}});
  writer.add(engine::PlanUnit{"p1", "u1", "s1"});
  writer.commit();
}

TEST(CityPackage, GivesBackWhatWasWritten) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  const auto package = CityPackage::open(dir / "city.gpkg");
  EXPECT_EQ(package.meta().at("city"), "郑州市");
  EXPECT_FALSE(package.synthetic());
  const LayerKey layer{Stage::primary, 2024, "general"};
  EXPECT_EQ(package.layers(), std::vector<LayerKey>{layer});
  const auto zones = package.zones(layer);
  ASSERT_EQ(zones.size(), 2u);
  EXPECT_EQ(zones[0].id, "z1");
  EXPECT_EQ(zones[1].school_ids, (std::vector<std::string>{"s1", "s2"}));
  EXPECT_EQ(zones[1].shape, zone("z2", {}).shape);
  EXPECT_EQ(zones[1].name, "铭功路小学学区");
  EXPECT_EQ(zones[1].valid_from, "2024-09-01");
  const auto schools = package.schools();
  ASSERT_EQ(schools.size(), 2u);
  EXPECT_EQ(schools[0].ownership, "private");
  EXPECT_EQ(schools[1].stages, (std::vector<Stage>{Stage::primary, Stage::junior}));
  EXPECT_EQ(package.campuses().at(0).position, (geo::Point{1136550000, 347550000}));
  EXPECT_EQ(package.notices().at(0).bureau, "教育局");
  EXPECT_EQ(package.notices().at(0).phone, "0371-1");
  EXPECT_EQ(package.streets().at(0).shape, (geo::Polyline{{1, 2}, {3, -4}, {3, -4}}));
  EXPECT_EQ(package.barriers().at(0).kind, "river");
  EXPECT_EQ(package.units().at(0).shape, geo::MultiPolygon{});
  EXPECT_EQ(package.units().at(1).shape, square(0, 0, 5));
  EXPECT_EQ(package.units().at(1).district_id, "D01");
  EXPECT_EQ(package.unit_children().at(0).children, 31);
  EXPECT_EQ(package.housing().at(0).position, (geo::Point{7, 8}));
  EXPECT_EQ(package.enrolment().at(0).pupils, 180);
  EXPECT_EQ(package.births().at(0).births, 40);
  EXPECT_EQ(package.feeders().at(0).condition, "市区户口");
  EXPECT_EQ(package.plans().at(0).layer, layer);
  EXPECT_EQ(package.plan_units().at(0).school_id, "s1");
}

TEST(CityPackage, GivesBackWhatSeatsAndDemandNeed) {
  const TempDir dir;
  PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::empty);
  writer.add(engine::Intake{"s1", 2023, "out_of_area", 12});
  writer.add(engine::SurveyCount{"u1", 2024, 33});  // ZZ4
  writer.add(engine::SchoolSuccessor{"s0", "s1", 2022});
  writer.add(engine::CampusRooms{"c1", 2024, 24});
  // LB11: a campus by itself; one plan for two campuses, of which one teaches two grades only.
  writer.add(engine::AdmissionUnit{"a1", "s1", Stage::primary, "两校区", "13", {{"c1", 0, 0}}});
  writer.add(engine::AdmissionUnit{"a1", "s1", Stage::primary, "两校区", "13", {{"c3", 1, 2}, {"c2", 0, 0}}});
  writer.add(engine::AdmissionPlan{"a1", 2024, 4, std::nullopt});                          // CQ11, CQ34
  writer.add(engine::CapException{"a1", 0, 2024, "2027-07-31", 50, "扩建", "教育局"});     // ZZ50, LB18
  writer.add(engine::ReservedSeats{"s2", 2024, 7, "direct_promotion", 40, true, "直升"});  // GY28
  writer.add(engine::PurchasedSeats{"s3", "a1", 2024, 0, 45});                             // ZZ42, ZZ48
  writer.commit();
  const auto package = CityPackage::open(dir / "city.gpkg");
  EXPECT_EQ(package.intake().at(0).stream, "out_of_area");
  EXPECT_EQ(package.intake().at(0).pupils, 12);
  EXPECT_EQ(package.survey_counts().at(0).children, 33);
  EXPECT_EQ(package.school_successors().at(0).new_id, "s1");
  EXPECT_EQ(package.school_successors().at(0).school_year, 2022);
  EXPECT_EQ(package.rooms().at(0).rooms, 24);
  const auto units = package.admission_units();
  ASSERT_EQ(units.size(), 1u);
  EXPECT_EQ(units[0].plan_number, "13");
  ASSERT_EQ(units[0].campuses.size(), 2u);  // the second row replaced the first, campuses and all
  EXPECT_EQ(units[0].campuses[0].campus_id, "c2");
  EXPECT_EQ(units[0].campuses[1].last_grade, 2);
  EXPECT_EQ(package.admission_plans().at(0).classes, 4);
  EXPECT_EQ(package.admission_plans().at(0).seats, std::nullopt);
  const auto cap = package.cap_exceptions().at(0);
  EXPECT_EQ(cap.cap, 50);
  EXPECT_EQ(cap.until, "2027-07-31");
  EXPECT_EQ(cap.approved_by, "教育局");
  const auto reserved = package.reserved_seats().at(0);
  EXPECT_EQ(reserved.grade, 7);
  EXPECT_EQ(reserved.seats, 40);
  EXPECT_TRUE(reserved.in_demand);
  EXPECT_EQ(package.purchased_seats().at(0).admission_unit_id, "a1");
  EXPECT_EQ(package.purchased_seats().at(0).seats, 45);
}

TEST(CityPackage, TellsWhereARowIs) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  const auto package = CityPackage::open(dir / "city.gpkg");
  const std::string file = (dir / "city.gpkg").string();
  EXPECT_EQ(package.where("school", {"s1"}), file + ": school, row 2");
  EXPECT_EQ(package.where("enrolment", {"s1", "2023", "1"}), file + ": enrolment, row 1");
  EXPECT_EQ(package.where("enrolment", {"s1", "2024", "1"}), file + ": enrolment");
}

TEST(CityPackage, GivesBackNoticeRowsPlacesAndOtherNames) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  const auto package = CityPackage::open(dir / "city.gpkg");
  const LayerKey layer{Stage::primary, 2024, "general"};
  EXPECT_EQ(package.zone_row_layers(), std::vector<LayerKey>{layer});
  EXPECT_TRUE(package.zone_rows({Stage::junior, 2024, "general"}).empty());
  const auto rows = package.zone_rows(layer);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].text, "铭功路\n（单号）");
  EXPECT_EQ(rows[0].campus + rows[0].place + rows[0].phone + rows[0].remark, "东校区row 312345暂定名");
  EXPECT_EQ(rows[0].zone_id, "z1");
  EXPECT_EQ(rows[0].classes, 4);
  EXPECT_EQ(rows[1].classes, std::nullopt);
  const auto places = package.places();
  ASSERT_EQ(places.size(), 2u);
  EXPECT_EQ(places[0].shape, square(0, 0, 9));
  EXPECT_EQ(places[0].position, std::nullopt);
  EXPECT_EQ(places[1].position, (geo::Point{-7, 8}));
  EXPECT_EQ(places[1].parent_id, "p1");
  const auto aliases = package.aliases();
  ASSERT_EQ(aliases.size(), 1u);
  EXPECT_EQ(aliases[0].alias + aliases[0].relation, "顺城街former");
}

TEST(CityPackage, AddressesComeInFileOrderAndMayLackAPosition) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  const auto package = CityPackage::open(dir / "city.gpkg");
  EXPECT_EQ(package.address_count(), 2);
  std::vector<engine::Address> seen;
  package.for_each_address([&](const engine::Address& row) {
    seen.push_back(row);
    return true;
  });
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].id, "a1");
  EXPECT_EQ(seen[0].position, (geo::Point{1136550001, 347549999}));
  EXPECT_EQ(seen[1].position, std::nullopt);
  int visited = 0;
  package.for_each_address([&](const engine::Address&) { return ++visited < 1; });
  EXPECT_EQ(visited, 1);
}

TEST(PackageWriter, EqualInputGivesEqualBytes) {
  const TempDir dir;
  write_small(dir / "a.gpkg");
  write_small(dir / "b.gpkg");
  EXPECT_EQ(bytes_of(dir / "a.gpkg"), bytes_of(dir / "b.gpkg"));
}

TEST(CityPackage, StampTellsOneStateFromAnother) {
  const TempDir dir;
  write_small(dir / "a.gpkg");
  write_small(dir / "b.gpkg");
  const std::uint64_t stamp = CityPackage::open(dir / "a.gpkg").stamp();
  EXPECT_EQ(CityPackage::open(dir / "b.gpkg").stamp(), stamp);
  for (const char* sql : {"UPDATE address SET text = 'x' WHERE id = 'a1'", "DELETE FROM alias"}) {
    const std::string command = "sqlite3 '" + (dir / "b.gpkg").string() + "' \"" + sql + "\"";
    ASSERT_EQ(std::system(command.c_str()), 0);
    EXPECT_NE(CityPackage::open(dir / "b.gpkg").stamp(), stamp) << sql;
  }
}

TEST(PackageWriter, SameIdReplacesAlsoWhereTheIndexIsBuiltLast) {
  const TempDir dir;
  {
    PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::empty);
    writer.add(address("a", geo::Point{1, 1}));
    writer.add(address("a", geo::Point{2, 2}));
    writer.add(zone("z", {"s1", "s2"}));
    writer.add(zone("z", {"s3"}));
    writer.commit();
  }
  const auto package = CityPackage::open(dir / "city.gpkg");
  EXPECT_EQ(package.address_count(), 1);
  package.for_each_address([](const engine::Address& row) {
    EXPECT_EQ(row.position, (geo::Point{2, 2}));
    return true;
  });
  EXPECT_EQ(package.zones({Stage::primary, 2024, "general"}).at(0).school_ids, std::vector<std::string>{"s3"});
}

TEST(PackageWriter, WithoutCommitTheOldPackageStands) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  const std::string before = bytes_of(dir / "city.gpkg");
  {
    PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::from_existing);
    writer.add(engine::School{"s9", "x", {Stage::primary}, "open", "public"});
  }
  EXPECT_EQ(bytes_of(dir / "city.gpkg"), before);
  for (const auto& entry : std::filesystem::directory_iterator(dir.path())) {
    EXPECT_EQ(entry.path().string().find(".partial-"), std::string::npos) << entry.path();
  }
}

TEST(PackageWriter, FromExistingKeepsWhatIsThere) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  {
    PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::from_existing);
    writer.add(address("a1", geo::Point{5, 5}));
    writer.add(address("a7", geo::Point{6, 6}));
    writer.commit();
  }
  EXPECT_EQ(CityPackage::open(dir / "city.gpkg").address_count(), 3);
}

TEST(PackageWriter, ASecondWriterIsToldThatThePackageIsLocked) {
  const TempDir dir;
  const PackageWriter first(dir / "city.gpkg", PackageWriter::Start::empty);
  EXPECT_EQ(code_of([&] { PackageWriter(dir / "city.gpkg", PackageWriter::Start::empty); }), "package_locked");
}

TEST(PackageWriter, RefusesToReplaceAPackageWithAnOpenJournal) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  std::ofstream(dir / "city.gpkg-wal") << "x";
  EXPECT_EQ(code_of([&] { PackageWriter(dir / "city.gpkg", PackageWriter::Start::from_existing); }), "package_in_use");
}

TEST(PackageWriter, RefusesAJournalThatAppearsWhileItWrites) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  const std::string before = bytes_of(dir / "city.gpkg");
  PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::from_existing);
  std::ofstream(dir / "city.gpkg-wal") << "x";
  EXPECT_EQ(code_of([&] { writer.commit(); }), "package_in_use");
  EXPECT_EQ(bytes_of(dir / "city.gpkg"), before);
}

TEST(PackageWriter, ReplacesFilesOnlyAndWhatALinkPointsTo) {
  const TempDir dir;
  std::filesystem::create_directory(dir / "folder");
  EXPECT_EQ(code_of([&] { PackageWriter(dir / "folder", PackageWriter::Start::empty); }), "target_not_a_file");
  write_small(dir / "real.gpkg");
  std::filesystem::permissions(dir / "real.gpkg", std::filesystem::perms::owner_read);
  std::filesystem::create_symlink("real.gpkg", dir / "city.gpkg");
  {
    PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::from_existing);
    writer.add(address("added", geo::Point{3, 3}));
    writer.commit();
  }
  EXPECT_TRUE(std::filesystem::is_symlink(dir / "city.gpkg"));
  const auto permissions = std::filesystem::status(dir / "real.gpkg").permissions();
  EXPECT_EQ(permissions & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
            std::filesystem::perms::none);
  EXPECT_EQ(CityPackage::open(dir / "real.gpkg").address_count(), CityPackage::open(dir / "city.gpkg").address_count());
}

TEST(PackageWriter, APackageLeftInWalModeComesOutInOneFile) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  const std::string sql = "sqlite3 '" + (dir / "city.gpkg").string() + "' 'PRAGMA journal_mode = WAL' > /dev/null";
  ASSERT_EQ(std::system(sql.c_str()), 0);
  {
    PackageWriter writer(dir / "city.gpkg", PackageWriter::Start::from_existing);
    writer.add(address("added", geo::Point{3, 3}));
    writer.commit();
  }
  constexpr std::size_t kWriteVersion = 18;  // 1 rollback journal, 2 WAL (sqlite.org/fileformat2.html)
  EXPECT_EQ(bytes_of(dir / "city.gpkg").at(kWriteVersion), '\x01');
}

TEST(CityPackage, RefusesForeignFilesWithACode) {
  const TempDir dir;
  EXPECT_EQ(code_of([&] { CityPackage::open(dir / "absent.gpkg"); }), "package_open");
  EXPECT_EQ(code_of([&] { CityPackage::open(dir.path()); }), "package_open");
  std::ofstream(dir / "text.gpkg") << std::string(5000, 'x');
  EXPECT_EQ(code_of([&] { CityPackage::open(dir / "text.gpkg"); }), "package_foreign");
  std::ofstream(dir / "empty.gpkg") << "";
  EXPECT_EQ(code_of([&] { CityPackage::open(dir / "empty.gpkg"); }), "package_foreign");
}

// Each statement is run on a good package; opening or reading it must then give the code.
struct Hostile {
  const char* sql;
  const char* code;
};

void read_all(const std::filesystem::path& path) {
  const auto package = CityPackage::open(path);
  package.meta();
  for (const auto& layer : package.layers()) package.zones(layer);
  package.schools();
  package.campuses();
  package.units();
  package.streets();
  package.enrolment();
  package.places();
  package.aliases();
  for (const auto& layer : package.zone_row_layers()) package.zone_rows(layer);
  package.for_each_address([](const engine::Address&) { return true; });
}

TEST(CityPackage, HostilePackagesAreRefusedNotBelieved) {
  const std::vector<Hostile> cases{
      {"UPDATE catchment_meta SET value = '99' WHERE key = 'schema_version'", "package_version"},
      {"DELETE FROM catchment_meta", "package_version"},
      {"UPDATE catchment_meta SET value = '1' WHERE key = 'schema_version'", "package_version"},
      {"UPDATE place SET lat = 91", "package_corrupt"},
      {"UPDATE place SET lon = NULL", "package_corrupt"},
      {"UPDATE zone_row SET classes = 99999999999", "package_corrupt"},
      {"PRAGMA application_id = 0", "package_foreign"},
      {"DROP TABLE catchment_meta", "package_foreign"},
      {"DROP TABLE zone", "package_corrupt"},
      {"ALTER TABLE zone DROP COLUMN name", "package_corrupt"},
      {"DROP TABLE unit; CREATE VIEW unit AS SELECT 1 AS fid, 2 AS id, 3 AS name, 4 AS geom, 5 AS source",
       "package_corrupt"},
      {"DROP TABLE unit; CREATE VIRTUAL TABLE unit USING fts5(fid, id, name, geom, source)", "package_corrupt"},
      {"DROP TABLE unit; CREATE TABLE unit (fid INTEGER PRIMARY KEY, id, name AS (id || id), geom, source)",
       "package_corrupt"},
      {"UPDATE zone SET geom = x'4750'", "package_corrupt"},
      {"UPDATE zone SET geom = 'text'", "package_corrupt"},
      {"UPDATE zone SET geom = (SELECT geom FROM campus)", "package_corrupt"},
      {"UPDATE zone SET school_year = 'soon'", "package_corrupt"},
      {"UPDATE zone SET school_year = 99999999999", "package_corrupt"},
      {"UPDATE zone SET name = CAST(x'ff' AS TEXT)", "package_corrupt"},
      {"UPDATE school SET stages = 'nursery'", "package_corrupt"},
      {"PRAGMA ignore_check_constraints = ON; UPDATE zone SET stage = 'nursery'", "package_corrupt"},
      {"UPDATE address SET geom = zeroblob(40)", "package_corrupt"},
  };
  for (const Hostile& hostile : cases) {
    const TempDir dir;
    write_small(dir / "city.gpkg");
    {
      const std::string command =
          "sqlite3 '" + (dir / "city.gpkg").string() + "' \"" + std::string(hostile.sql) + "\" > /dev/null";
      ASSERT_EQ(std::system(command.c_str()), 0) << hostile.sql;
    }
    EXPECT_EQ(code_of([&] { read_all(dir / "city.gpkg"); }), hostile.code) << hostile.sql;
  }
}

TEST(CityPackage, ATruncatedOrDamagedFileIsAnErrorNotACrash) {
  const TempDir dir;
  write_small(dir / "city.gpkg");
  const std::string good = bytes_of(dir / "city.gpkg");
  for (std::size_t size = 100; size < good.size(); size += 4999) {
    std::ofstream(dir / "cut.gpkg", std::ios::binary) << good.substr(0, size);
    EXPECT_NE(code_of([&] { read_all(dir / "cut.gpkg"); }), "none") << size;
  }
  unsigned seed = 1;
  for (int round = 0; round < 300; ++round) {
    std::string bad = good;
    for (int i = 0; i < 20; ++i) {
      seed = seed * 1664525u + 1013904223u;
      bad[seed % bad.size()] = static_cast<char>(seed >> 24);
    }
    std::ofstream(dir / "bad.gpkg", std::ios::binary) << bad;
    code_of([&] { read_all(dir / "bad.gpkg"); });  // any verdict; the sanitizers judge
  }
}

}  // namespace
}  // namespace catchment::datasets
