// Writes a small made-up city package: a tessellation of zones with a school each, two layers, one shared zone; and in
// it a quarter with streets, doors, estates and communities, some of which the rows of a notice give to a school by
// name. make_package FILE [zones per side]
#include <cstdlib>
#include <iostream>
#include <tuple>

#include "datasets/package_writer.hpp"
#include "datasets/synth/tessellation.hpp"
#include "geo/input_error.hpp"
#include "tests/support/grid_city.hpp"

namespace catchment {
namespace {

const char* const kFirst[] = {"清溪", "南苑", "北辰", "东风", "西岭", "文昌", "和平", "建设", "育才", "新华",
                              "光明", "胜利", "幸福", "长安", "金沙", "银杏", "梅园", "桃源", "松岗", "竹林"};
const char* const kSecond[] = {"路", "街", "里", "湖", "山", "桥", "园", "巷", "湾", "洲",
                               "坪", "塘", "岭", "口", "庄", "台", "林", "川", "寨", "井"};

geo::Point middle(const geo::MultiPolygon& shape) {
  const geo::Box box = geo::bounding_box(shape);
  return {box.min.lon + (box.max.lon - box.min.lon) / 2, box.min.lat + (box.max.lat - box.min.lat) / 2};
}

void add_layer(datasets::PackageWriter& writer, engine::Stage stage, int per_side, std::uint64_t seed) {
  const auto map = datasets::synth::make_tessellation(per_side, seed);
  const std::string word(engine::to_word(stage));
  const std::string kind = stage == engine::Stage::primary ? "小学" : "中学";
  const engine::Notice notice{std::string("notice-").append(word),
                              std::string("2024年义务教育学校招生划片公告（").append(kind).append("）"),
                              "示例市教育局",
                              "2024-04-28",
                              "",
                              ""};
  for (std::size_t i = 0; i < map.zones.size(); ++i) {
    const std::string number = std::to_string(i);
    const std::string name = std::string(kFirst[i % 20]).append(kSecond[(i / 20 + i) % 20]).append(kind);
    engine::School school{word + "-" + number, name, {stage}, "open", "public"};
    writer.add(school);
    writer.add(engine::Campus{school.id + "-c", school.id, "主校区", middle(map.zones[i])});
    engine::Zone zone;
    zone.id = std::string("Z").append(number);
    zone.layer.stage = stage;
    zone.layer.school_year = 2024;
    zone.name = name + "片区";
    zone.school_ids = {school.id};
    zone.notice_id = notice.id;
    zone.valid_from = "2024-09-01";
    zone.shape = map.zones[i];
    if (i == 1) zone.school_ids.push_back(word + "-0");
    writer.add(zone);
  }
  writer.add(notice);
}

void add_quarter(datasets::PackageWriter& writer) {
  const tests::GridCity city;
  int number = 0;
  for (engine::Line street : city.streets()) {
    if (street.id.empty()) street.id = std::string("street-").append(std::to_string(number++));
    writer.add_street(street);
  }
  for (engine::Line barrier : city.barriers()) {
    if (barrier.id.empty()) barrier.id = std::string("barrier-").append(std::to_string(number++));
    writer.add_barrier(barrier);
  }
  for (const engine::Place& place : city.places()) writer.add(place);
  for (const engine::Address& address : city.addresses()) writer.add(address);
}

// What every status needs: a street split by side, words that cannot be decided, an estate split by household.
void add_rows(datasets::PackageWriter& writer) {
  const std::tuple<const char*, const char*, const char*> rows[] = {
      {"r1", "primary-3", "槐荫街（单号）；翠湖花园"}, {"r2", "primary-4", "槐荫街（双号）"},
      {"r3", "primary-5", "菊园东社区的部分"},         {"r4", "primary-6", "菊园东社区的部分"},
      {"r5", "primary-7", "云栖花园（集体户口除外）"}, {"r6", "primary-8", "云栖花园（只招集体户口）"}};
  int number = 0;
  for (const auto& [id, school, text] : rows) {
    engine::ZoneRow row;
    row.id = id;
    row.layer = {engine::Stage::primary, 2024, "general"};
    row.school_id = school;
    row.text = text;
    row.notice_id = "notice-primary";
    row.place = std::string("第").append(std::to_string(++number)).append("行");
    writer.add(row);
  }
}

}  // namespace
}  // namespace catchment

int main(int argc, char** argv) {
  if (argc < 2) return 64;
  try {
    catchment::datasets::PackageWriter writer(argv[1], catchment::datasets::PackageWriter::Start::empty);
    writer.set_source("make_package");
    writer.set_meta("city", "示例市");
    writer.set_meta("synthetic", "yes");
    writer.set_meta("attribution", "");
    const int per_side = argc > 2 ? std::atoi(argv[2]) : 6;
    catchment::add_layer(writer, catchment::engine::Stage::primary, per_side, 7);
    catchment::add_layer(writer, catchment::engine::Stage::junior, std::max(2, per_side / 2), 8);
    catchment::add_quarter(writer);
    catchment::add_rows(writer);
    writer.commit();
  } catch (const catchment::InputError& error) {
    std::cerr << error.what() << std::endl;
    return 2;
  }
  return 0;
}
