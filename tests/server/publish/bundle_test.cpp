// `catchment publish` as a user runs it: a bundle of a made-up city, its files read by other programs, its signature,
// and what is left when it is killed.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <set>
#include <thread>

#include "datasets/city_package.hpp"
#include "datasets/sqlite.hpp"
#include "server/publish/bundle_dir.hpp"
#include "tests/datasets/program.hpp"
#include "tests/server/mvt_reader.hpp"
#include "tests/server/process.hpp"

namespace catchment {
namespace {

namespace fs = std::filesystem;
using testing::Outcome;
using testing::read_file;
using testing::run_catchment;
using testing::run_command;
using testing::run_json;
using testing::TempDir;
using testing::write_file;

const std::string kMapping = std::string(CATCHMENT_SOURCE_DIR) + "/datasets/mappings/city_package.json";
// Without what takes long; tests of the rest leave it in.
const std::string kQuick = " --date 2026-06-01 --site site --no-atlas --no-backtest --max-zoom 11";

// One city and one bundle for all tests, which leave them as they are.
struct Publish : ::testing::Test {
  static void SetUpTestSuite() {
    dir = new TempDir;
    ASSERT_EQ(run_catchment(*dir, "synth made-up.gpkg --seed 3 --schools 5 --children 900").exit_code, 0);
    ASSERT_EQ(run_catchment(*dir, "import city.gpkg made-up.gpkg --mapping " + kMapping + " --crs file").exit_code, 0);
    fs::create_directories(*dir / "site/site");
    write_file(*dir / "site/index.html", "<!doctype html>");
    write_file(*dir / "site/site/site.js", "");
    ASSERT_EQ(run_catchment(*dir, "publish key key").exit_code, 0);
    const Outcome made = run_catchment(*dir, "publish city.gpkg --out bundle --key key" + kQuick);
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  static void TearDownTestSuite() { delete dir; }
  static TempDir* dir;

  static std::vector<std::string> files(const std::string& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(*dir / folder)) {
      if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(*dir / folder).generic_string());
    }
    std::ranges::sort(names);
    return names;
  }
  static nlohmann::json city_data() {
    std::string text = read_file(*dir / "bundle/site/city.js");
    return nlohmann::json::parse(text.substr(text.find('{'), text.rfind('}') - text.find('{') + 1));
  }
};
TempDir* Publish::dir = nullptr;

TEST_F(Publish, EveryFileButTheManifestIsInIt) {
  std::set<std::string> listed;
  for (const auto& [name, hash] : publish::parse_manifest(read_file(*dir / "bundle/SHA256SUMS"))) listed.insert(name);
  const std::vector<std::string> all = files("bundle");
  std::set<std::string> there(all.begin(), all.end());
  there.erase("SHA256SUMS"), there.erase("SHA256SUMS.minisig");
  EXPECT_EQ(listed, there);
  for (const char* name :
       {"data/city-2026.gpkg", "data/zones-primary-2026-general.geojson", "data/zones-primary-2026-general.fgb",
        "data/schools.fgb", "index.html", "site/city.js", "notice/primary-2026-general.csv",
        "changes/primary-2026-general.csv", "LICENCE.txt", "README.txt", "tiles/primary-2026-general.mbtiles",
        "tiles/primary-2026-general.pmtiles", "tiles/primary-2026-general/tiles.json"}) {
    EXPECT_TRUE(there.contains(name)) << name;
  }
  EXPECT_EQ(run_command(*dir, "cd bundle && sha256sum --quiet -c SHA256SUMS").exit_code, 0);
  EXPECT_FALSE(fs::exists(*dir / "bundle/data/city-2026.gpkg.lock"));
}

TEST_F(Publish, TheSignatureVerifiesHereAndByMinisign) {
  EXPECT_EQ(run_catchment(*dir, "publish verify bundle --key key.pub").exit_code, 0);
  if (run_command(*dir, "minisign -v").exit_code != 127) {
    EXPECT_EQ(run_command(*dir, "minisign -Vm bundle/SHA256SUMS -p key.pub").exit_code, 0);
    EXPECT_EQ(run_command(*dir, "minisign -Sm bundle/README.txt -s key -x by-minisign").exit_code,
              0);  // it reads our key
  }
  EXPECT_EQ(fs::status(*dir / "key").permissions() & fs::perms::mask, fs::perms::owner_read | fs::perms::owner_write);
  ASSERT_EQ(run_catchment(*dir, "publish key other").exit_code, 0);
  const auto check = run_json(*dir, "publish verify bundle --key other.pub");
  EXPECT_EQ(check["faults"][0]["fault"], "signature: other_key");
  EXPECT_EQ(run_catchment(*dir, "publish key key").exit_code, 2) << "a key is never replaced";
}

TEST_F(Publish, WhatWasChangedAddedOrTakenAwayIsNamed) {
  const auto faults = [](const std::string& act) {
    run_command(*dir, "rm -rf copy && cp -r bundle copy && cd copy && " + act);
    const auto check = run_json(*dir, "publish verify copy --key key.pub");
    EXPECT_EQ(run_catchment(*dir, "publish verify copy --key key.pub").exit_code, 1) << act;
    std::string out;
    for (const auto& f : check["faults"])
      out += f["file"].get<std::string>() + " " + f["fault"].get<std::string>() + ";";
    return out;
  };
  // One bit of a byte in the middle.
  EXPECT_EQ(
      faults(
          "python3 -c \"p='data/schools.fgb';b=bytearray(open(p,'rb').read());b[len(b)//2]^=1;open(p,'wb').write(b)\""),
      "data/schools.fgb changed;");
  EXPECT_EQ(faults("rm notice/primary-2026-general.md"), "notice/primary-2026-general.md missing;");
  EXPECT_EQ(faults("touch data/more"), "data/more not_listed;");
  EXPECT_EQ(faults("sed -i '1s/^./0/;1s/^00/11/' SHA256SUMS").substr(0, 38), "SHA256SUMS.minisig signature: forged;L");
  EXPECT_EQ(faults("rm SHA256SUMS.minisig"), "SHA256SUMS.minisig signature: missing;");
}

TEST_F(Publish, GdalReadsTheDataFilesWhole) {
  const auto package = datasets::CityPackage::open(*dir / "city.gpkg");
  const std::size_t zones = package.zones(*engine::find_layer_key("primary/2026")).size();
  const auto count = [](const std::string& file) {
    const Outcome read = run_command(*dir, "ogrinfo -ro -so -al bundle/data/" + file);
    EXPECT_EQ(read.exit_code, 0) << read.err;
    EXPECT_EQ(read.err, "");
    std::size_t features = 0;
    for (std::size_t at = 0; (at = read.out.find("Feature Count: ", at)) != std::string::npos; ++at) {
      features += std::stoul(read.out.substr(at + 15));
    }
    return features;
  };
  EXPECT_EQ(count("zones-primary-2026-general.geojson"), zones);
  EXPECT_EQ(count("zones-primary-2026-general.fgb"), zones);
  EXPECT_EQ(count("schools.geojson"), package.campuses().size());
  EXPECT_GT(count("city-2026.gpkg"), zones + package.campuses().size());
  // The same corner in each.
  const auto corner = [](const std::string& file) {
    const Outcome read = run_command(*dir, "ogrinfo -ro -so -al bundle/data/" + file);
    const std::size_t at = read.out.find("Extent: ");
    return at == std::string::npos ? file : read.out.substr(at, read.out.find('\n', at) - at);
  };
  EXPECT_EQ(corner("zones-primary-2026-general.geojson"), corner("zones-primary-2026-general.fgb"));
}

TEST_F(Publish, TilesAreTheSameInAllThreeForms) {
  auto database =
      datasets::Database::open(*dir / "bundle/tiles/primary-2026-general.mbtiles", datasets::Database::Mode::read);
  auto rows = database.prepare("SELECT zoom_level, tile_column, tile_row, tile_data FROM tiles");
  std::size_t count = 0;
  while (rows.step()) {
    const std::int64_t zoom = rows.integer(0), y = (std::int64_t{1} << zoom) - 1 - rows.integer(2);
    const fs::path file = *dir / ("bundle/tiles/primary-2026-general/" + std::to_string(zoom) + "/" +
                                  std::to_string(rows.integer(1)) + "/" + std::to_string(y) + ".pbf");
    EXPECT_FALSE(test::read_tile(read_file(file)).empty()) << file;
    ++count;
  }
  EXPECT_GT(count, 6u);
  std::size_t in_folder = 0;
  for (const std::string& name : files("bundle/tiles/primary-2026-general")) in_folder += name.ends_with(".pbf");
  EXPECT_EQ(in_folder, count);
  const auto read = run_command(*dir, "ogrinfo -ro -so bundle/tiles/primary-2026-general.mbtiles");
  EXPECT_NE(read.out.find("zones"), std::string::npos) << read.out << read.err;
}

TEST_F(Publish, EveryFileOfAddressesHasAtLeastFiveHundredAndOneLength) {
  const auto data = city_data();
  const auto package = datasets::CityPackage::open(*dir / "city.gpkg");
  EXPECT_EQ(data["look_up"]["addresses"], package.address_count());
  std::set<std::uintmax_t> sizes;
  std::size_t shards = 0;
  for (const auto& entry : fs::directory_iterator(*dir / "bundle/site/look-up")) {
    sizes.insert(entry.file_size());
    ++shards;
    std::string text = read_file(entry.path());
    const auto rows = nlohmann::json::parse(text.substr(text.find('['), text.rfind(']') - text.find('[') + 1));
    std::set<std::string> addresses;
    for (const auto& row : rows) addresses.insert(row[2].get<std::string>());
    EXPECT_GE(addresses.size(), std::min<std::size_t>(500, static_cast<std::size_t>(package.address_count())));
  }
  EXPECT_EQ(shards, std::size_t{1} << data["look_up"]["bits"].get<int>());
  EXPECT_EQ(sizes.size(), 1u);
}

TEST_F(Publish, AHiddenNameIsOnNoMapAndItsAddressHasNoPlace) {
  run_command(*dir,
              "cp city.gpkg hidden.gpkg && sqlite3 hidden.gpkg \"update zone set name = '76110部队片区' where id = "
              "(select min(id) from zone); update address set text = '76110部队宿舍1号' where fid = 1\"");
  ASSERT_EQ(run_catchment(*dir, "publish hidden.gpkg --out hidden --unsigned" + kQuick).exit_code, 0);
  const Outcome found = run_command(*dir, "grep -rl 76110 hidden | sort");
  for (std::size_t at = 0, to = 0; (to = found.out.find('\n', at)) != std::string::npos; at = to + 1) {
    const std::string file = found.out.substr(at, to - at);
    EXPECT_TRUE(file.starts_with("hidden/site/look-up/")) << file;
    const std::string text = read_file(*dir / file);
    const std::size_t row = text.find("76110部队宿舍1号\"");
    EXPECT_EQ(text.substr(row + std::string("76110部队宿舍1号\"").size(), 11), ",null,null,");
  }
  EXPECT_NE(found.out, "");
}

TEST_F(Publish, TheSameCityGivesTheSameBytes) {
  ASSERT_EQ(run_catchment(*dir, "publish city.gpkg --out again --key key --threads 1" + kQuick).exit_code, 0);
  EXPECT_EQ(read_file(*dir / "again/SHA256SUMS"), read_file(*dir / "bundle/SHA256SUMS"));
  EXPECT_EQ(read_file(*dir / "again/SHA256SUMS.minisig"), read_file(*dir / "bundle/SHA256SUMS.minisig"));
}

TEST_F(Publish, AnAtlasHasASheetOfTheCityAndOneOfEachSchool) {
  const std::string options = " --date 2026-06-01 --no-site --no-backtest --max-zoom 8 --layer primary/2026";
  const auto made = run_json(*dir, "publish city.gpkg --out atlas --unsigned" + options);
  const std::size_t sheets = made["sheets"];
  EXPECT_GT(sheets, 3u);
  EXPECT_EQ(files("atlas/atlas").size(), sheets + 1);
  const Outcome info = run_command(*dir, "pdfinfo atlas/atlas/atlas.pdf");
  EXPECT_NE(info.out.find("Pages:           " + std::to_string(sheets)), std::string::npos) << info.out << info.err;
  const Outcome text = run_command(*dir, "pdftotext atlas/atlas/atlas.pdf -");
  for (const char* words : {"审图号", "比例尺", "图 例", "招生片区图", "CGCS2000"}) {
    EXPECT_NE(text.out.find(words), std::string::npos) << words;
  }
}

TEST_F(Publish, WhatCannotBeUsedIsNamedAndWritesNothing) {
  const auto code = [](const std::string& arguments) { return run_json(*dir, "publish " + arguments)["code"]; };
  EXPECT_EQ(code("city.gpkg --out none --unsigned --school-year 1999" + kQuick), "layer_none");
  EXPECT_EQ(code("city.gpkg --out none --unsigned --layer primary/1999" + kQuick), "layer_unknown");
  EXPECT_EQ(code("city.gpkg --out none --unsigned --layer primary/2025 --layer primary/2026" + kQuick), "layer_years");
  EXPECT_EQ(code("city.gpkg --out none" + kQuick), "key_missing");
  EXPECT_EQ(code("city.gpkg --out none --unsigned --site made-up.gpkg"), "site_missing");
  EXPECT_EQ(code("city.gpkg --out site --unsigned" + kQuick), "target_not_a_bundle");
  EXPECT_EQ(code("city.gpkg --out none --key key.pub" + kQuick), "key_unreadable");
  EXPECT_FALSE(fs::exists(*dir / "none"));
  EXPECT_EQ(run_catchment(*dir, "publish --out none").exit_code, 64);
}

TEST_F(Publish, OneKilledHalfwayLeavesTheOldBundleAndTheNextOneClears) {
  run_command(*dir, "rm -rf kept && cp -r bundle kept");
  const std::string before = read_file(*dir / "kept/SHA256SUMS");
  for (const int sent : {SIGKILL, SIGINT}) {
    testing::Process writer(
        {CATCHMENT_PROGRAM, "publish", (*dir / "city.gpkg").string(), "--out", (*dir / "kept").string(), "--unsigned",
         "--site", (*dir / "site").string(), "--date", "2026-07-01"},
        (*dir / "log").string());
    // Until it has written something, then at once.
    const auto partial = [&] {
      for (const auto& entry : fs::directory_iterator(dir->path())) {
        if (entry.path().filename().string().starts_with("kept.partial-")) return fs::exists(entry.path() / "tiles");
      }
      return false;
    };
    while (writer.running() && !partial()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    ASSERT_TRUE(writer.running());
    writer.signal(sent);
    EXPECT_EQ(writer.wait(), sent == SIGKILL ? -SIGKILL : 130);
    EXPECT_EQ(read_file(*dir / "kept/SHA256SUMS"), before);
    EXPECT_EQ(run_catchment(*dir, "publish verify kept --key key.pub").exit_code, 0);
  }
  ASSERT_EQ(run_catchment(*dir, "publish city.gpkg --out kept --key key" + kQuick).exit_code, 0);
  for (const auto& entry : fs::directory_iterator(dir->path())) {
    EXPECT_EQ(entry.path().filename().string().find(".partial-"), std::string::npos) << entry.path();
  }
  EXPECT_EQ(run_catchment(*dir, "publish verify kept --key key.pub").exit_code, 0);
}

}  // namespace
}  // namespace catchment
