// The import as a user runs it: the real binary, files of every format made by ogr2ogr.
#include <gtest/gtest.h>

#include "datasets/city_package.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using datasets::CityPackage;
using engine::LayerKey;
using engine::Stage;
using testing::Outcome;
using testing::read_file;
using testing::run_catchment;
using testing::run_command;
using testing::run_json;
using testing::TempDir;
using testing::write_file;

const LayerKey kLayer{Stage::primary, 2024, "general"};

// Two zones that share an edge, the first with a hole, a repeated node and a clockwise shell.
constexpr const char* kZones =
    R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:4490"}},"features":[
{"type":"Feature","properties":{"id":"z1","name":"铭功路小学学区","schools":"s1;s2"},"geometry":{"type":"Polygon","coordinates":
 [[[113.65,34.75],[113.65,34.76],[113.65,34.76],[113.66,34.76],[113.66,34.75],[113.65,34.75]],
  [[113.652,34.752],[113.653,34.752],[113.653,34.753],[113.652,34.752]]]}},
{"type":"Feature","properties":{"id":"z2","name":"解放路小学学区","schools":"s2"},"geometry":{"type":"MultiPolygon","coordinates":
 [[[[113.66,34.75],[113.67,34.75],[113.67,34.76],[113.66,34.76],[113.66,34.75]]]]}}]})";

constexpr const char* kZoneMapping = R"({"targets":[{"table":"zone","columns":{"id":"id","name":"name",
 "stage":{"constant":"primary"},"school_year":{"constant":2024},"schools":{"field":"schools","split":";"}}}]})";

constexpr const char* kAddressMapping = R"({"targets":[{"table":"address","position":{"x":"x","y":"y"},
 "columns":{"id":"id","text":"text"}}]})";

struct Import : ::testing::Test {
  TempDir dir;

  void SetUp() override {
    write_file(dir / "zones.geojson", kZones);
    write_file(dir / "zones.json", kZoneMapping);
    write_file(dir / "addresses.json", kAddressMapping);
  }
  CityPackage package() const { return CityPackage::open(dir / "city.gpkg"); }
  nlohmann::json import(const std::string& rest) const { return run_json(dir, "import city.gpkg " + rest); }
  std::string error_code(const std::string& rest) const {
    const auto json = import(rest);
    return json.contains("code") ? json["code"].get<std::string>() : "none: " + json.dump();
  }
  std::string text_of_first_address() const {
    std::string text;
    if (!std::filesystem::exists(dir / "city.gpkg")) return text;
    package().for_each_address([&](const engine::Address& row) {
      text = row.text;
      return false;
    });
    return text;
  }
  std::string address_error(const std::string& csv, const std::string& crs = "EPSG:4490") const {
    write_file(dir / "a.csv", csv);
    return error_code("a.csv --mapping addresses.json --crs " + crs);
  }
};

void expect_zones(const CityPackage& package) {
  const auto zones = package.zones(kLayer);
  ASSERT_EQ(zones.size(), 2u);
  EXPECT_EQ(zones[0].name, "铭功路小学学区");
  EXPECT_EQ(zones[0].school_ids, (std::vector<std::string>{"s1", "s2"}));
  EXPECT_EQ(zones[1].school_ids, std::vector<std::string>{"s2"});
  ASSERT_EQ(zones[0].shape.size(), 1u);
  EXPECT_EQ(zones[0].shape[0].holes.size(), 1u);
}

TEST_F(Import, KeepsOrderDirectionAndRepeatedNodesOfARing) {
  ASSERT_EQ(run_catchment(dir, "import city.gpkg zones.geojson --mapping zones.json --crs EPSG:4490").exit_code, 0);
  expect_zones(package());
  EXPECT_EQ(package().zones(kLayer)[0].shape[0].shell, (geo::Ring{{1136500000, 347500000},
                                                                  {1136500000, 347600000},
                                                                  {1136500000, 347600000},
                                                                  {1136600000, 347600000},
                                                                  {1136600000, 347500000}}));
}

TEST_F(Import, ReadsEveryFormat) {
  struct Format {
    const char* options;
    const char* file;
    const char* crs;
  };
  std::string kml = kZoneMapping;  // KML has a name of its own
  write_file(dir / "kml.json", kml.replace(kml.find(R"("name":"name")"), 13, R"("name":"Name")"));
  const std::vector<Format> formats{
      {"-f GPKG", "z.gpkg", "file"},
      {"-f GeoJSON", "z.json", "EPSG:4490"},
      {"-f GeoJSONSeq", "z.geojsonl", "EPSG:4490"},
      {"-f FlatGeobuf", "z.fgb", "file"},
      {"-f KML -dsco NameField=name", "z.kml", "file"},
      {"-f 'ESRI Shapefile' -lco ENCODING=UTF-8", "z.shp", "file"},
      {"-f 'ESRI Shapefile' -lco ENCODING=GBK", "gbk.shp", "file"},
  };
  for (const Format& format : formats) {
    std::filesystem::remove(dir / "city.gpkg");
    const std::string convert =
        std::string("ogr2ogr ") + format.options + " -nlt PROMOTE_TO_MULTI " + format.file + " zones.geojson";
    ASSERT_EQ(run_command(dir, convert).exit_code, 0) << read_file(dir / "stderr.txt");
    const std::string mapping = std::string(format.file) == "z.kml" ? "kml.json" : "zones.json";
    const auto report = import(std::string(format.file) + " --mapping " + mapping + " --crs " + format.crs);
    ASSERT_EQ(report.value("refused_total", -1), 0) << format.file << report.dump(1);
    expect_zones(package());
  }
}

TEST_F(Import, ReadsArchivesAndRefusesAmbiguousOnes) {
  ASSERT_EQ(
      run_command(dir, "ogr2ogr -lco ENCODING=UTF-8 z.shp zones.geojson && zip -q z.zip z.* && gzip -k zones.geojson")
          .exit_code,
      0);
  EXPECT_EQ(import("z.zip --mapping zones.json --crs file")["refused_total"], 0);
  expect_zones(package());
  // A shapefile turns rings its own way, so the zone with a clockwise shell has changed.
  EXPECT_EQ(import("zones.geojson.gz --mapping zones.json --crs EPSG:4490 --source z")["tables"][0]["changed"], 1);
  const std::string packed = read_file(dir / "zones.geojson.gz");
  write_file(dir / "cut.geojson.gz", packed.substr(0, packed.size() - 40));
  EXPECT_EQ(error_code("cut.geojson.gz --mapping zones.json --crs EPSG:4490"), "source_archive");
  ASSERT_EQ(run_command(dir, "zip -q two.zip zones.geojson z.shp").exit_code, 0);
  EXPECT_EQ(error_code("two.zip --mapping zones.json --crs file"), "source_archive");
  write_file(dir / "bad.zip", "PK not a zip");
  EXPECT_EQ(error_code("bad.zip --mapping zones.json --crs file"), "source_archive");
}

// GBK without a .cpg, as it comes: refused row by row until the mapping says what it is.
TEST_F(Import, AShapefileOfUnknownEncodingIsNotGuessed) {
  ASSERT_EQ(run_command(dir, "ogr2ogr -lco ENCODING=GBK z.shp zones.geojson && rm z.cpg").exit_code, 0);
  run_command(dir, "printf '\\000' | dd of=z.dbf bs=1 seek=29 conv=notrunc");
  EXPECT_EQ(error_code("z.shp --mapping zones.json --crs file"), "nothing_accepted");
  std::string mapping = kZoneMapping;
  write_file(dir / "gbk.json", mapping.insert(1, R"("encoding":"GBK",)"));
  EXPECT_EQ(import("z.shp --mapping gbk.json --crs file")["refused_total"], 0);
  expect_zones(package());
  write_file(dir / "odd.json", std::string(kZoneMapping).insert(1, R"("encoding":"KLINGON",)"));
  EXPECT_EQ(error_code("z.shp --mapping odd.json --crs file"), "mapping_encoding");
}

TEST_F(Import, AGbkCsvIsRecoded) {
  write_file(dir / "u.csv", "id,text,x,y\n1,铭功路83号,113.65,34.75\n");
  ASSERT_EQ(run_command(dir, "iconv -f UTF-8 -t GBK -o a.csv u.csv").exit_code, 0);
  import("a.csv --mapping addresses.json --crs EPSG:4490");
  EXPECT_EQ(text_of_first_address(), "");  // not UTF-8, so the row was refused
  write_file(dir / "gbk.json", std::string(kAddressMapping).insert(1, R"("encoding":"GBK",)"));
  import("a.csv --mapping gbk.json --crs EPSG:4490");
  EXPECT_EQ(text_of_first_address(), "铭功路83号");
}

TEST_F(Import, OgrReadsThePackageBackWithChineseIntact) {
  import("zones.geojson --mapping zones.json --crs EPSG:4490");
  const Outcome info = run_command(dir, "ogrinfo city.gpkg zone");
  EXPECT_EQ(info.exit_code, 0);
  EXPECT_NE(info.out.find("name (String) = 铭功路小学学区"), std::string::npos) << info.out;
  EXPECT_NE(info.out.find("ID[\"EPSG\",4490]"), std::string::npos);
  EXPECT_NE(info.out.find("Extent: (113.650000, 34.750000) - (113.670000, 34.760000)"), std::string::npos) << info.out;
  EXPECT_EQ(info.err, "");
  EXPECT_EQ(run_command(dir, "ogrinfo -q city.gpkg zone_school").exit_code, 0);
}

TEST_F(Import, TheReferenceSystemMustBeDeclaredAndNotContradicted) {
  EXPECT_EQ(error_code("zones.geojson --mapping zones.json"), "crs_undeclared");
  EXPECT_EQ(error_code("zones.geojson --mapping zones.json --crs EPSG:999999"), "crs_unknown");
  EXPECT_EQ(error_code("zones.geojson --mapping zones.json --crs GCJ02"), "crs_contradicts_file");
  EXPECT_EQ(error_code("zones.geojson --mapping zones.json --crs EPSG:3857"), "crs_contradicts_file");
  EXPECT_EQ(error_code("zones.geojson --mapping zones.json --crs EPSG:4490@yx"), "crs_contradicts_file");
  EXPECT_EQ(import("zones.geojson --mapping zones.json --crs EPSG:4326")["refused_total"], 0);
  EXPECT_EQ(import("zones.geojson --mapping zones.json --crs GCJ02 --force-crs")["refused_total"], 0);
  // Without a crs member a GeoJSON declares nothing, whatever GDAL makes of it.
  std::string plain = kZones;
  plain.replace(plain.find("\"crs\""), 5, "\"csr\"");
  write_file(dir / "plain.geojson", plain);
  EXPECT_EQ(error_code("plain.geojson --mapping zones.json --crs file"), "crs_undeclared");
  EXPECT_EQ(error_code("plain.geojson --mapping zones.json --crs EPSG:4547"), "nothing_accepted");
  EXPECT_FALSE(std::filesystem::exists(dir / "city.gpkg") && package().meta().contains("broken"));
}

TEST_F(Import, RowsAreRefusedWithRowFieldAndReason) {
  write_file(dir / "a.csv",
             "id,text,x,y\n1,ok,113.65,34.75\n,no id,113.65,34.75\n1,again,113.65,34.75\n4,off,213.65,34.75\n"
             "5,nan,nan,34.75\n6,word,east,34.75\n7,ragged,113.65\n8,ok,113.66,34.75\n9,none,,\n");
  const auto report = import("a.csv --mapping addresses.json --crs EPSG:4490");
  const auto& table = report["tables"][0];
  EXPECT_EQ(table["read"], 9);
  EXPECT_EQ(table["added"], 3);  // the last is known by its text alone
  EXPECT_EQ(table["refused"], 6);
  std::map<int, std::string> codes;
  for (const auto& row : report["refused"])
    codes[row["row"]] = row["code"].get<std::string>() + " " + row["field"].get<std::string>();
  EXPECT_EQ(codes, (std::map<int, std::string>{{2, "value_missing id"},
                                               {3, "duplicate_id id"},
                                               {4, "geometry_position geometry"},
                                               {5, "not_a_number geometry"},
                                               {6, "not_a_number geometry"},
                                               {7, "row_ragged "}}));
  EXPECT_EQ(package().address_count(), 3);
  std::size_t unplaced = 0;
  package().for_each_address([&](const engine::Address& a) {
    unplaced += a.position ? 0u : 1u;
    return true;
  });
  EXPECT_EQ(unplaced, 1u);
  EXPECT_EQ(run_catchment(dir, "import city.gpkg a.csv --mapping addresses.json --crs EPSG:4490 --strict").exit_code,
            1);
}

TEST_F(Import, CityPackageComesAlongWholeAndStaysSynthetic) {
  ASSERT_EQ(run_catchment(dir, "synth made.up.gpkg --schools 3 --children 1000 --addresses 200").exit_code, 0);
  const std::string mapping = std::string(CATCHMENT_SOURCE_DIR) + "/datasets/mappings/city_package.json";
  const auto report = import("made.up.gpkg --mapping " + mapping + " --crs file");
  EXPECT_EQ(report["refused_total"], 0);
  EXPECT_EQ(report["source"], "made.up");
  const auto made = datasets::CityPackage::open(dir / "made.up.gpkg");
  EXPECT_TRUE(package().synthetic());
  EXPECT_EQ(package().layers(), made.layers());
  EXPECT_EQ(package().zones(made.layers()[0])[0].shape, made.zones(made.layers()[0])[0].shape);
  EXPECT_EQ(package().zones(made.layers()[0])[0].school_ids, made.zones(made.layers()[0])[0].school_ids);
  EXPECT_EQ(package().address_count(), made.address_count());
  EXPECT_EQ(package().unit_children().size(), made.unit_children().size());
  EXPECT_EQ(package().plan_units().size(), made.plan_units().size());
  EXPECT_EQ(package().units()[0].district_id, made.units()[0].district_id);
  EXPECT_EQ(package().intake().size(), made.intake().size());
  EXPECT_EQ(package().survey_counts().size(), made.survey_counts().size());
  EXPECT_EQ(package().school_successors().size(), 1u);
  EXPECT_EQ(package().rooms().size(), made.rooms().size());
  EXPECT_EQ(package().cap_exceptions().size(), made.cap_exceptions().size());
  EXPECT_EQ(package().admission_plans().size(), made.admission_plans().size());
  EXPECT_EQ(package().reserved_seats().size(), made.reserved_seats().size());
}

// A place may be a point, an area, both or neither; its name and position come from whatever the source has.
TEST_F(Import, PlacesRowsOfNoticesAndOtherNamesCanBeImported) {
  write_file(dir / "estates.geojson", R"({"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"id":"e1","name":"云溪花园"},"geometry":{"type":"Point","coordinates":[113.65,34.75]}},
{"type":"Feature","properties":{"id":"e2","name":"锦亭苑","x":113.66,"y":34.75},"geometry":{"type":"Polygon","coordinates":
 [[[113.66,34.74],[113.67,34.74],[113.67,34.76],[113.66,34.74]]]}},
{"type":"Feature","properties":{"id":"e3","name":"无位置小区"},"geometry":null}]})");
  write_file(dir / "estates.json", R"({"targets":[{"table":"place","position":{"x":"x","y":"y"},
   "columns":{"id":"id","name":"name","kind":{"constant":"estate"}}}]})");
  EXPECT_EQ(import("estates.geojson --mapping estates.json --crs EPSG:4490")["refused_total"], 0);
  const auto places = package().places();
  ASSERT_EQ(places.size(), 3u);
  EXPECT_EQ(places[0].position, (geo::Point{1136500000, 347500000}));
  EXPECT_TRUE(places[0].shape.empty());
  EXPECT_EQ(places[1].position, (geo::Point{1136600000, 347500000}));
  EXPECT_EQ(places[1].shape.size(), 1u);
  EXPECT_EQ(places[2].position, std::nullopt);

  write_file(dir / "rows.csv",
             "n,school,words,classes,old\n1,s1,\"铭功路（单号），\n金水河以南\",4,顺城街\n2,s2,,,西后街\n");
  write_file(dir / "rows.json", R"({"targets":[
   {"table":"zone_row","columns":{"id":"n","school_id":"school","text":"words","classes":"classes",
    "stage":{"constant":"primary"},"school_year":{"constant":2024}}},
   {"table":"alias","columns":{"kind":{"constant":"street"},"name":{"constant":"铭功路"},"alias":"old"}}]})");
  EXPECT_EQ(import("rows.csv --mapping rows.json")["refused_total"], 0);
  const auto rows = package().zone_rows(kLayer);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].text, "铭功路（单号），\n金水河以南");
  EXPECT_EQ(rows[0].classes, 4);
  EXPECT_EQ(rows[1].classes, std::nullopt);
  ASSERT_EQ(package().aliases().size(), 2u);
  EXPECT_EQ(package().aliases()[0].relation, "former");

  write_file(dir / "bad.json", R"({"targets":[{"table":"place","columns":{"id":"id","name":"name","lon":"x",
   "kind":{"constant":"estate"}}}]})");
  EXPECT_EQ(error_code("estates.geojson --mapping bad.json --crs EPSG:4490"), "mapping_value");
}

TEST_F(Import, UselessSourcesAreErrorsNotEmptyPackages) {
  EXPECT_EQ(address_error(""), "source_empty");
  EXPECT_EQ(address_error("id,text,x,y\n"), "source_empty");
  EXPECT_EQ(address_error("id,text,x\n1,a,2\n"), "mapping_field");
  EXPECT_EQ(address_error("id,text,x,y\n1,a,213,34\n"), "nothing_accepted");
  EXPECT_EQ(address_error("id,text,x,y\n1,\"a,113,34\n"), "source_damaged");
  EXPECT_EQ(error_code("absent.csv --mapping addresses.json --crs EPSG:4490"), "source_open");
  write_file(dir / "x.vrt", "<OGRVRTDataSource/>");
  EXPECT_EQ(error_code("x.vrt --mapping addresses.json --crs EPSG:4490"), "source_format");
  EXPECT_EQ(error_code("/vsicurl/http://127.0.0.1/x.geojson --mapping zones.json --crs EPSG:4490"), "source_open");
  EXPECT_FALSE(std::filesystem::exists(dir / "city.gpkg"));
}

// GDAL reads a long one piece by piece and ends with the file, wherever that is.
TEST_F(Import, AGeoJsonCutShortIsNotTakenForAShortOne) {
  const std::string whole = kZones;
  const std::string head = whole.substr(0, whole.find('[') + 1);
  const std::string feature =
      whole.substr(head.size(), whole.find("\n{\"type\":\"Feature\"", head.size() + 1) - head.size());
  std::string text = head;
  for (int i = 0; i < 20000; ++i) text += feature;
  write_file(dir / "cut.geojson", text.substr(0, text.size() - 100));
  const std::string code = error_code("cut.geojson --mapping zones.json --crs EPSG:4490");
  EXPECT_TRUE(code == "source_damaged" || code == "source_format") << code;
  write_file(dir / "cut.geojson", whole.substr(0, whole.size() - 3));
  EXPECT_EQ(run_catchment(dir, "import city.gpkg cut.geojson --mapping zones.json --crs EPSG:4490").exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(dir / "city.gpkg"));
}

TEST_F(Import, AHostileGeoJsonIsRefusedBeforeGdalBuildsATreeOfIt) {
  const auto refused_as = [&](const std::string& text) {
    write_file(dir / "hostile.geojson", text);
    return error_code("hostile.geojson --mapping zones.json --crs EPSG:4490");
  };
  std::string ring = std::string(kZones).substr(0, std::string(kZones).find("[[113.65") + 1);
  for (int i = 0; i < 200'001; ++i) ring += "[113.65,34.75],";
  EXPECT_EQ(refused_as(ring), "geojson_vertices");
  EXPECT_EQ(refused_as(std::string(1'000'000, '[')), "geojson_depth");
  EXPECT_EQ(refused_as(R"({"type":"FeatureCollection","features":[],"features":[]})"), "geojson_member");
  EXPECT_EQ(refused_as(R"({"type":"Point","coordinates":[1e999,NaN]})"), "geojson_number");
  EXPECT_EQ(refused_as("{\"type\":\"Point\",\"name\":\"\xB0\xA1\",\"coordinates\":[1,1]}"), "geojson_utf8");
  EXPECT_FALSE(std::filesystem::exists(dir / "city.gpkg"));
}

TEST_F(Import, ASecondImportReplacesItsRowsAndSaysWhatChanged) {
  write_file(dir / "a.csv", "id,text,x,y\n1,a,113.65,34.75\n2,b,113.65,34.75\n3,c,113.65,34.75\n");
  import("a.csv --mapping addresses.json --crs EPSG:4490");
  write_file(dir / "other.csv", "id,text,x,y\n9,z,113.65,34.75\n");
  import("other.csv --mapping addresses.json --crs EPSG:4490");
  write_file(dir / "a.csv",
             "id,text,x,y\n1,a,113.65,34.75\n3,C,113.65,34.75\n4,d,113.65,34.75\n9,taken,113.65,34.75\n");
  const auto report = import("a.csv --mapping addresses.json --crs EPSG:4490");
  const auto& table = report["tables"][0];
  EXPECT_EQ(table["unchanged"], 1);
  EXPECT_EQ(table["changed_ids"], nlohmann::json({"3"}));
  EXPECT_EQ(table["added_ids"], nlohmann::json({"4"}));
  EXPECT_EQ(table["removed_ids"], nlohmann::json({"2"}));
  EXPECT_EQ(report["refused"][0]["code"], "id_of_other_source");
  EXPECT_EQ(package().address_count(), 4);
  const auto dry = import("a.csv --mapping addresses.json --crs EPSG:4490 --source new --dry-run");
  EXPECT_TRUE(dry.contains("code") || dry["dry_run"] == true);
  EXPECT_EQ(package().address_count(), 4);
}

TEST_F(Import, ARefusedZoneLeavesNoSchoolsBehind) {
  std::string twice = kZones;
  twice.replace(twice.find("\"id\":\"z2\""), 9, "\"id\":\"z1\"");
  write_file(dir / "twice.geojson", twice);
  import("twice.geojson --mapping zones.json --crs EPSG:4490");
  const auto zones = package().zones(kLayer);
  ASSERT_EQ(zones.size(), 1u);
  EXPECT_EQ(zones[0].school_ids, (std::vector<std::string>{"s1", "s2"}));
}

// Schools already placed by another source show that a layer is not what it is said to be.
TEST_F(Import, KnownSchoolsRefuteAWrongReferenceSystem) {
  const std::string mapping = R"({"targets":[
    {"table":"school","columns":{"id":"id","name":"id","stages":{"constant":"primary"}}},
    {"table":"campus","position":{"x":"x","y":"y"},"columns":{"id":{"template":"{id}{sfx}"},"school_id":"id"}}]})";
  write_file(dir / "schools.json", mapping);
  std::string known = "id,sfx,x,y\n";
  for (int i = 0; i < 30; ++i) {
    known += "s" + std::to_string(i) + ",," + std::to_string(113.60 + (i * 37 % 30) * 0.004) + "," +
             std::to_string(34.70 + (i * 11 % 30) * 0.003) + "\n";
  }
  write_file(dir / "known.csv", known);
  ASSERT_EQ(import("known.csv --mapping schools.json --crs EPSG:4490")["refused_total"], 0);
  std::string campus = mapping;
  campus =
      R"({"targets":[{"table":"campus","position":{"x":"x","y":"y"},"columns":{"id":{"template":"{id}b"},"school_id":"id"}}]})";
  write_file(dir / "campus.json", campus);
  EXPECT_EQ(error_code("known.csv --source again --mapping campus.json --crs GCJ02"), "crs_contradicts_anchors");
  EXPECT_EQ(import("known.csv --source again --mapping campus.json --crs EPSG:4490")["refused_total"], 0);
}

TEST_F(Import, UsageErrorsAre64AndHelpListsTheExitCodes) {
  EXPECT_EQ(run_catchment(dir, "import").exit_code, 64);
  EXPECT_EQ(run_catchment(dir, "fly").exit_code, 64);
  EXPECT_EQ(run_catchment(dir, "import city.gpkg zones.geojson --mapping zones.json").exit_code, 2);
  EXPECT_NE(run_catchment(dir, "--help").out.find("130"), std::string::npos);
  EXPECT_EQ(run_catchment(dir, "import /proc/x/city.gpkg zones.geojson --mapping zones.json --crs EPSG:4490").exit_code,
            3);
}

}  // namespace
}  // namespace catchment
