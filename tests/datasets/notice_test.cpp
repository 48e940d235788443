// Notices imported as a bureau does it: the real binary, files as they are published, on a made-up city.
#include <gtest/gtest.h>

#include "datasets/city_package.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using datasets::CityPackage;
using engine::LayerKey;
using engine::Stage;
using nlohmann::json;
using testing::Outcome;
using testing::read_file;
using testing::run_catchment;
using testing::run_command;
using testing::TempDir;
using testing::write_file;

const LayerKey kNew{Stage::primary, 2027, "general"};  // a year the made-up city has no zones for

class Notice : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    made_ = std::make_unique<TempDir>();
    const auto made = run_catchment(*made_, "synth city.gpkg --seed 1 --schools 12 --children 4000 --addresses 3000");
    ASSERT_EQ(made.exit_code, 0) << made.err;
    for (const engine::Place& place : CityPackage::open(*made_ / "city.gpkg").places()) {
      if (place.kind == "community") communities_.push_back(place.name);
    }
    ASSERT_GE(communities_.size(), 8u);
  }
  static void TearDownTestSuite() {
    made_.reset();
    communities_.clear();
  }
  void SetUp() override { std::filesystem::copy(*made_ / "city.gpkg", dir / "city.gpkg"); }

  static const std::string& place(std::size_t i) { return communities_.at(i); }
  CityPackage package() const { return CityPackage::open(dir / "city.gpkg"); }
  std::vector<engine::ZoneRow> rows() const { return package().zone_rows(kNew); }
  std::string bytes() const { return read_file(dir / "city.gpkg"); }

  Outcome import(const std::string& rest, const std::string& layer = "primary/2027") const {
    return run_catchment(dir, "import city.gpkg --layer " + layer + " --json - --notice " + rest);
  }
  json report(const std::string& rest) const { return json::parse(import(rest).out, nullptr, false); }
  std::string error(const std::string& rest) const {
    const Outcome outcome = import(rest);
    EXPECT_EQ(outcome.exit_code, 2) << outcome.out;
    return json::parse(outcome.out, nullptr, false).value("code", "none");
  }
  void write_rows(const std::vector<std::pair<std::string, std::string>>& school_and_text) const {
    std::string csv = "学校,招生范围\n";
    for (const auto& [school, text] : school_and_text) csv += school + ",\"" + text + "\"\n";
    write_file(dir / "n.csv", csv);
  }

  TempDir dir;
  static std::unique_ptr<TempDir> made_;
  static std::vector<std::string> communities_;
};
std::unique_ptr<TempDir> Notice::made_;
std::vector<std::string> Notice::communities_;

// Code -> where, of the report's findings.
std::multimap<std::string, std::string> findings(const json& report) {
  std::multimap<std::string, std::string> found;
  for (const auto& finding : report.value("findings", json::array())) found.emplace(finding["code"], finding["place"]);
  return found;
}

const json* find_finding(const json& report, const std::string& code) {
  for (const auto& finding : report["findings"]) {
    if (finding["code"] == code) return &finding;
  }
  return nullptr;
}

TEST_F(Notice, IsShownFirstAndWrittenOnceJustThatIsConfirmed) {
  write_rows({{"示例第1小学", place(0) + "、" + place(1)}, {"S0002", place(2)}});
  const std::string before = bytes();
  const Outcome shown = import("n.csv --phone 0000-1");
  EXPECT_EQ(shown.exit_code, 1);
  const json report = json::parse(shown.out);
  EXPECT_EQ(report["rows"]["added"], 2);
  EXPECT_FALSE(report["written"]);
  const std::string digest = report["digest"];
  EXPECT_EQ(error("n.csv --phone 0000-2 --confirm " + digest), "notice_changed");
  EXPECT_EQ(bytes(), before);

  EXPECT_EQ(import("n.csv --phone 0000-1 --confirm " + digest).exit_code, 0);
  ASSERT_EQ(rows().size(), 2u);
  EXPECT_EQ(rows()[0].id, "S0001");
  EXPECT_EQ(rows()[0].text, place(0) + "、" + place(1));
  EXPECT_EQ(rows()[0].notice_id, "N-primary-2027");
  EXPECT_EQ(rows()[0].place, "row 2");
  const auto notices = package().notices();
  const auto notice = std::ranges::find(notices, "N-primary-2027", &engine::Notice::id);
  ASSERT_NE(notice, notices.end());
  EXPECT_EQ(notice->phone, "0000-1");

  const Outcome again = import("n.csv");  // keeps the phone
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(json::parse(again.out)["digest"], "");
}

TEST_F(Notice, RowsOfOneAreaThatNoWordsShareAreZonesOfTheirOwn) {
  write_rows({{"示例第1小学", place(0)}, {"示例第2小学", place(0)}});
  EXPECT_EQ(import("n.csv --yes").exit_code, 0);
  const auto zones = package().zones(kNew);
  ASSERT_EQ(zones.size(), 2u);
  EXPECT_EQ(zones[0].school_ids, std::vector<std::string>{"S0001"});
  EXPECT_EQ(zones[1].school_ids, std::vector<std::string>{"S0002"});
}

TEST_F(Notice, ARowToldAsTheSameSharesTheZoneOfTheOther) {
  write_rows({{"示例第1小学", place(0)}, {"示例第2小学", "同示例第1小学"}});
  EXPECT_EQ(import("n.csv --yes").exit_code, 0);
  const auto zones = package().zones(kNew);
  ASSERT_EQ(zones.size(), 1u);
  EXPECT_EQ(zones[0].school_ids, (std::vector<std::string>{"S0001", "S0002"}));
}

TEST_F(Notice, WordsThatGiveAnAreaBecomeAZoneOfTheNotice) {
  const std::string shared = place(1) + "；以电脑派位方式招收";
  write_rows(
      {{"示例第1小学", place(0)}, {"示例第2小学", shared}, {"示例第3小学", shared}, {"示例第4小学", "示例的部分"}});
  EXPECT_EQ(import("n.csv --yes").exit_code, 0);
  std::map<std::string, geo::MultiPolygon> shape;
  for (const engine::Place& row : package().places()) shape[row.name] = row.shape;
  const auto zones = package().zones(kNew);
  ASSERT_EQ(zones.size(), 2u);
  EXPECT_EQ(zones[0].id, "S0001");
  EXPECT_EQ(geo::signed_area_twice(zones[0].shape.at(0).shell), geo::signed_area_twice(shape.at(place(0)).at(0).shell));
  EXPECT_EQ(zones[0].notice_id, "N-primary-2027");
  EXPECT_EQ(zones[1].school_ids, (std::vector<std::string>{"S0002", "S0003"}));  // one area, said to be shared
  EXPECT_EQ(rows()[2].zone_id, zones[1].id);
  EXPECT_EQ(rows()[3].zone_id, "");
  EXPECT_EQ(package().zone_sources(kNew).at("S0001"), "notice:N-primary-2027");

  write_rows({{"示例第1小学", place(2)}, {"示例第2小学", place(1)}});
  EXPECT_EQ(import("n.csv --yes").exit_code, 0);
  ASSERT_EQ(package().zones(kNew).size(), 2u);
  EXPECT_EQ(package().zones(kNew)[1].school_ids, std::vector<std::string>{"S0002"});
  EXPECT_NE(package().zones(kNew)[0].shape, zones[0].shape);
  EXPECT_EQ(rows().size(), 2u);
}

TEST_F(Notice, AZoneDrawnByAnotherSourceStaysAndIsComparedWithTheWords) {
  const LayerKey layer{Stage::primary, 2026, "general"};
  const auto before = package().zones(layer);
  write_rows({{"示例第1小学", place(0)}});
  const Outcome outcome = import("n.csv --yes", "primary/2026");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_NE(find_finding(json::parse(outcome.out), "area_differs"), nullptr);
  const auto after = package().zones(layer);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].shape, before[i].shape);
  const auto row = package().zone_rows(layer).at(0);
  const auto zone = std::ranges::find(after, row.zone_id, &engine::Zone::id);
  ASSERT_NE(zone, after.end());
  EXPECT_EQ(zone->school_ids.at(0), "S0001");
}

// The zones of a layer printed as a notice come back as rows whose words give just those zones.
TEST_F(Notice, WhatZonesPrintWroteGivesTheZonesBack) {
  ASSERT_EQ(run_catchment(dir, "zones print city.gpkg --layer primary/2026 --out printed.csv").exit_code, 0);
  const Outcome outcome = import("printed.csv --yes", "primary/2026");
  EXPECT_EQ(outcome.exit_code, 0);
  const json report = json::parse(outcome.out);
  const LayerKey layer{Stage::primary, 2026, "general"};
  std::size_t named = 0;
  for (const engine::Zone& zone : package().zones(layer)) named += zone.school_ids.size();
  EXPECT_EQ(report["rows"]["linked"], named);
  EXPECT_EQ(report["rows"]["with_area"], named);
  EXPECT_EQ(find_finding(report, "area_differs"), nullptr) << report["findings"].dump(1);
  EXPECT_EQ(findings(report).count("unknown_name"), 0u) << report["findings"].dump(1);
}

TEST_F(Notice, ReadsEveryContainerAndEncoding) {
  const std::string a = place(0);
  const std::string b = place(1);
  const std::string csv =
      "2027年小学招生范围（合成）,,,,\n序号,学校名称,招生地段,计划招生班数,咨询电话\n"
      "1,示例第1小学," +
      a + "（单号）,4个班,0000-1\n2,示例第2小学," + b + ",三,\n合计,,,7,\n";
  write_file(dir / "n.csv", csv);
  write_file(dir / "bom.csv", "\xEF\xBB\xBF" + csv);
  write_file(
      dir / "n.md",
      "# 2027年小学招生范围（合成）\n\n| 学校名称 | 招生地段 | 班数 | 电话 |\n|---|:-:|---|---|\n| 示例第1小学 | " + a +
          "（单号） | 4 | 0000-1 |\n| 示例第2小学 | " + b + " | 3 | |\n");
  write_file(dir / "n.txt",
             "2027年小学招生范围（合成）\n\n1、示例第1小学：" + a + "（单号）\n（二）示例第2小学:" + b + "\n");
  ASSERT_EQ(run_command(dir,
                        "iconv -t GBK n.csv > gbk.csv && (printf '\\377\\376'; iconv -t UTF-16LE n.csv) > u16.csv "
                        "&& ogr2ogr -f XLSX n.xlsx n.csv -oo HEADERS=NO")
                .exit_code,
            0);
  for (const char* file : {"n.csv", "bom.csv", "gbk.csv", "u16.csv", "n.xlsx", "n.md", "n.txt"}) {
    std::filesystem::copy(*made_ / "city.gpkg", dir / "city.gpkg", std::filesystem::copy_options::overwrite_existing);
    const Outcome outcome = import(std::string(file) + " --yes");
    ASSERT_EQ(outcome.exit_code, 0) << file << outcome.out;
    ASSERT_EQ(rows().size(), 2u) << file;
    EXPECT_EQ(rows()[0].text, a + "（单号）") << file;
    EXPECT_EQ(rows()[1].school_id, "S0002") << file;
    const auto report = json::parse(outcome.out);
    // ogr2ogr writes names of its own above the title.
    const std::string title = report["notice"]["title"];
    EXPECT_TRUE(title.find("2027年小学招生范围") != std::string::npos || std::string(file) == "n.xlsx") << file;
    if (std::string(file) == "n.txt") continue;
    EXPECT_EQ(rows()[0].classes, 4) << file;
    EXPECT_EQ(rows()[1].classes, 3) << file;
    EXPECT_EQ(rows()[0].phone, "0000-1") << file;
  }
}

// As spreadsheets have it: a title over all columns, headings over two rows, one school's cell over two campuses.
TEST_F(Notice, ReadsMergedCellsOfASpreadsheet) {
  const auto cell = [](const char* at, const std::string& text) {
    return std::string("<c r=\"") + at + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
  };
  const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const std::string sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const std::string package = "http://schemas.openxmlformats.org/package/2006";
  const std::string type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  std::filesystem::create_directories(dir / "x/_rels");
  std::filesystem::create_directories(dir / "x/xl/_rels");
  std::filesystem::create_directories(dir / "x/xl/worksheets");
  write_file(
      dir / "x/[Content_Types].xml",
      "<Types xmlns=\"" + package +
          "/content-types\"><Default Extension=\"rels\" ContentType=\"application/"
          "vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"" +
          type + ".sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" + type +
          ".worksheet+xml\"/></Types>");
  write_file(dir / "x/_rels/.rels", "<Relationships xmlns=\"" + package +
                                        "/relationships\"><Relationship Id=\"r1\" Type=\"" + office +
                                        "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>");
  write_file(dir / "x/xl/workbook.xml",
             "<workbook xmlns=\"" + sheet + "\" xmlns:r=\"" + office +
                 "\"><sheets><sheet name=\"小学\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>");
  write_file(dir / "x/xl/_rels/workbook.xml.rels",
             "<Relationships xmlns=\"" + package + "/relationships\"><Relationship Id=\"r1\" Type=\"" + office +
                 "/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>");
  const auto pack = [&](const std::string& last) {
    write_file(dir / "x/xl/worksheets/sheet1.xml",
               "<worksheet xmlns=\"" + sheet + "\"><sheetData><row r=\"1\">" + cell("A1", "招生范围一览") +
                   "</row><row r=\"3\">" + cell("A3", "学校") + cell("C3", "招生范围") + "</row><row r=\"4\">" +
                   cell("A4", "名称") + cell("B4", "校区") + "</row><row r=\"5\">" + cell("A5", "示例第1小学") +
                   cell("B5", "东校区") + cell("C5", place(0)) + "</row><row r=\"6\">" + cell("B6", "西校区") + last +
                   "</row></sheetData><mergeCells count=\"2\"><mergeCell ref=\"A1:C1\"/><mergeCell ref=\"A5:A6\"/>"
                   "</mergeCells></worksheet>");
    ASSERT_EQ(run_command(dir, "rm -f m.xlsx && cd x && zip -q -r ../m.xlsx .").exit_code, 0);
  };
  pack(cell("C6", place(1)));
  const json report = this->report("m.xlsx --yes");
  ASSERT_EQ(rows().size(), 2u) << report.dump(1);
  EXPECT_EQ(rows()[0].id, "S0001/东校区");
  EXPECT_EQ(rows()[1].id, "S0001/西校区");
  EXPECT_EQ(rows()[1].place, "row 6");
  EXPECT_EQ(findings(report).count("school_from_above"), 1u);
  // GDAL would read only the first run of it.
  pack("<c r=\"C6\" t=\"inlineStr\"><is><r><t>" + place(1) + "</t></r> <r><t>除外</t></r></is></c>");
  EXPECT_EQ(error("m.xlsx"), "source_format");
}

TEST_F(Notice, SchoolsAreTakenByIdNameAndKnownNamesNeverByLikeness) {
  write_file(dir / "n.csv", "学校,校区,招生范围\n示例1小,," + place(0) + "\n示例第二小学东校区,," + place(1) +
                                "\n示例第2小学,西校区," + place(2) + "\nS0003,," + place(3) + "\n示列第5小学,," +
                                place(4) + "\n示例第1小学,," + place(5) + "\n,," + place(6) + "\n示例第1中学,," +
                                place(7) + "\n");
  const Outcome outcome = import("n.csv");
  EXPECT_EQ(outcome.exit_code, 1);
  const json report = json::parse(outcome.out);
  EXPECT_TRUE(report["blocked"]);
  EXPECT_EQ(findings(report).find("school_unknown")->second, "row 6");
  const json unknown = *find_finding(report, "school_unknown");
  EXPECT_NE(unknown["candidates"].dump().find("示例第5小学"), std::string::npos);
  EXPECT_EQ(findings(report).count("school_twice"), 2u);  // of its own row, and of the one taken for merged
  EXPECT_EQ(findings(report).find("school_stage")->second, "row 9");
  EXPECT_EQ(import("n.csv --yes").exit_code, 1);
  EXPECT_TRUE(rows().empty());
  EXPECT_EQ(import("n.csv --yes --partial").exit_code, 0);
  std::vector<std::string> ids;
  for (const engine::ZoneRow& row : rows()) ids.push_back(row.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"S0001", "S0002/东校区", "S0002/西校区", "S0003"}));
}

TEST_F(Notice, TellsWhatIsRewordedMovedAndGone) {
  write_rows({{"示例第1小学", place(0) + "；" + place(1)}, {"示例第2小学", place(2)}, {"示例第3小学", place(3)}});
  ASSERT_EQ(import("n.csv --yes").exit_code, 0);
  write_rows({{"示例第1小学", place(0) + "（单号）"}, {"示例第2小学", place(2) + "；" + place(1)}});
  const json report = this->report("n.csv");
  std::map<std::string, std::string> changes;
  for (const auto& row : report["changes"]) changes[row["row"]] = row["change"];
  EXPECT_EQ(changes,
            (std::map<std::string, std::string>{{"S0001", "changed"}, {"S0002", "changed"}, {"S0003", "removed"}}));
  std::map<std::string, json> clauses;
  for (const auto& clause : report["clauses"]) clauses[clause["change"]] = clause;
  EXPECT_EQ(clauses["moved"]["from_row"], "S0001");
  EXPECT_EQ(clauses["moved"]["row"], "S0002");
  EXPECT_EQ(clauses["removed"]["before"], place(3));
  EXPECT_EQ(clauses["reworded"]["words"], json::array({{{"kept", place(0)}}, {{"added", "（单号）"}}}));
  EXPECT_EQ(findings(report).find("clause_moved")->second, "row 3");
  // The same for people.
  const Outcome text = run_catchment(dir, "import city.gpkg --layer primary/2027 --notice n.csv");
  EXPECT_NE(text.out.find("~ " + place(0) + "{+（单号）+}"), std::string::npos) << text.out;
  EXPECT_NE(text.out.find("--confirm " + report["digest"].get<std::string>()), std::string::npos);
}

// Characters that scanners take for one another, and names the city does not know, with those it does.
TEST_F(Notice, FlagsWhatLooksMisread) {
  write_rows({{"示例第1小学", "凤鸣街1-9号；" + place(0)}});
  ASSERT_EQ(import("n.csv --yes").exit_code, 0);
  std::string street;
  for (const engine::Line& line : package().streets()) {
    if (line.kind == "secondary") street = line.name;
  }
  write_rows({{"示例第1小学", "风鸣街1-9号；" + place(0) + "；X" + street + "1号"}});
  const json report = this->report("n.csv");
  const json* misread = find_finding(report, "look_alike");
  ASSERT_NE(misread, nullptr) << report.dump(1);
  EXPECT_NE((*misread)["message"].get<std::string>().find("风 for 凤"), std::string::npos);
  EXPECT_GE(findings(report).count("unknown_name"), 1u) << report.dump(1);
}

TEST_F(Notice, UselessFilesAreErrorsThatNameFileAndRow) {
  const auto error_of = [&](const std::string& name, const std::string& text) {
    write_file(dir / name, text);
    return error(name);
  };
  EXPECT_EQ(error_of("e.csv", ""), "source_empty");
  EXPECT_EQ(error_of("e.csv", "一,二\n三,四\n"), "notice_header");
  EXPECT_EQ(error_of("e.txt", "没有学校的文字\n"), "notice_header");
  EXPECT_EQ(error_of("e.md", "# 只有标题\n"), "notice_header");
  EXPECT_EQ(error_of("e.csv", "学校,招生范围,服务区\n示例第1小学,a,b\n"), "notice_column");
  EXPECT_EQ(error_of("e.csv", "学校,招生范围\n示例第1小学,\"a\n"), "source_damaged");
  EXPECT_EQ(error_of("e.csv", "学校,招生范围\n\xFF\xFF\xFF,b\n"), "source_encoding");
  EXPECT_EQ(error_of("e.csv", "学校,招生范围\n示例第1小学," + std::string((1 << 20) + 1, 'x') + "\n"), "source_large");
  EXPECT_EQ(error_of("e.pdf", "%PDF"), "source_format");
  EXPECT_EQ(error_of("e.xlsx", "PK no zip"), "source_archive");
  EXPECT_EQ(error("absent.csv"), "source_open");
  // Rows whose cells have moved are refused one by one.
  write_file(dir / "s.csv", "学校,校区,招生范围\n,示例第1小学," + place(0) + "\n示例第2小学,," + place(1) + ",x\n");
  EXPECT_EQ(findings(report("s.csv")).count("cells_shifted"), 1u);
  EXPECT_EQ(findings(report("s.csv")).count("school_missing"), 1u);
  EXPECT_EQ(run_catchment(dir, "import city.gpkg --notice s.csv").exit_code, 64);
  EXPECT_EQ(run_catchment(dir, "import city.gpkg --notice s.csv --layer nursery/2027").exit_code, 2);
  EXPECT_EQ(run_catchment(dir, "import none.gpkg --notice s.csv --layer primary/2027").exit_code, 2);
  EXPECT_EQ(run_catchment(dir, "import city.gpkg s.csv --notice s.csv --layer primary/2027").exit_code, 64);
}

TEST_F(Notice, KilledAtAnyMomentThePackageIsTheOldOrTheNewOne) {
  write_rows({{"示例第1小学", place(0)}});
  ASSERT_EQ(import("n.csv --yes").exit_code, 0);
  const std::string command =
      std::string(CATCHMENT_PROGRAM) + " import city.gpkg --layer primary/2027 --notice n.csv --yes";
  for (int round = 0; round < 12; ++round) {
    write_rows({{"示例第1小学", place(round % 2 == 0 ? 1 : 0)}});
    // After a random share of the time a whole import takes, beyond it included.
    run_command(dir, "timeout -s KILL 0." + std::to_string(10 + round * 7 % 12 * 3) + " " + command);
    const auto found = rows();
    ASSERT_EQ(found.size(), 1u) << round;
    const auto zones = package().zones(kNew);
    ASSERT_EQ(zones.size(), 1u);
    EXPECT_TRUE(found[0].text == place(0) || found[0].text == place(1));
    EXPECT_EQ(found[0].zone_id, zones[0].id);
  }
  EXPECT_EQ(import("n.csv --yes").exit_code, 0);
}

}  // namespace
}  // namespace catchment
