// `catchment address parse|find|reverse` from outside, on a city of four addresses.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "datasets/package_writer.hpp"
#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace run = catchment::testing;

constexpr std::int32_t kLon = 1'136'000'000, kLat = 347'000'000;

class AddressCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    datasets::PackageWriter writer(dir_ / "city.gpkg", datasets::PackageWriter::Start::empty);
    add(writer, "A1", "青云路", 1, 0);
    add(writer, "A2", "青云路", 2, 3000);
    add(writer, "A3", "青云路", 3, 6000);
    add(writer, "A4", "白鹭街", 1, 60000);
    writer.commit();
  }

  static void add(datasets::PackageWriter& writer, const std::string& id, const std::string& street, int number,
                  std::int32_t east) {
    engine::Address address;
    address.id = id;
    address.street = street;
    address.door = std::to_string(number) + "号";
    address.text = street + address.door;
    address.position = geo::Point{kLon + east, kLat};
    writer.add(address);
  }

  run::TempDir dir_;
};

TEST_F(AddressCommand, ParseNamesTheParts) {
  const json parsed = run::run_json(dir_, "address parse 青云路12号之一3栋");
  ASSERT_FALSE(parsed.is_discarded());
  EXPECT_EQ(parsed.at("tokens").at(0).at("part"), "street");
  EXPECT_EQ(parsed.at("tokens").at(0).at("text"), "青云路");
  EXPECT_EQ(parsed.at("tokens").at(1).at("part"), "door");
}

TEST_F(AddressCommand, LinesOfStandardInputGiveAnArrayAndBrokenBytesAreStillJson) {
  run::write_file(dir_ / "in.txt", "青云路1号\r\n\n\xff\xfe\n");
  const json parsed = run::run_json(dir_, "address parse < in.txt");
  ASSERT_TRUE(parsed.is_array());
  ASSERT_EQ(parsed.size(), 2u);
  EXPECT_EQ(parsed.at(0).at("text"), "青云路1号");
}

TEST_F(AddressCommand, FindTellsTheAddressAndItsEvidence) {
  const json found = run::run_json(dir_, "address find city.gpkg 青云路2号");
  EXPECT_EQ(found.at("status"), "definite");
  EXPECT_EQ(found.at("candidates").at(0).at("id"), "A2");
  EXPECT_FALSE(found.at("candidates").at(0).at("reasons").empty());
  const run::Outcome outcome = run::run_catchment(dir_, "address find city.gpkg 青云路2号");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("青云路2号: definite"));
  EXPECT_THAT(outcome.out, HasSubstr("[A2]"));
}

TEST_F(AddressCommand, AnotherNumberIsNeverTakenForTheOneAsked) {
  EXPECT_NE(run::run_json(dir_, "address find city.gpkg 青云路9号").at("status"), "definite");
}

TEST_F(AddressCommand, ReverseNamesTheNearestWithinTheRadius) {
  const json near = run::run_json(dir_, "address reverse city.gpkg 113.60031,34.7");
  EXPECT_EQ(near.at("address").at("id"), "A2");
  EXPECT_LT(near.at("address").at("distance_m").get<double>(), 2);
  EXPECT_TRUE(run::run_json(dir_, "address reverse city.gpkg 113.7,34.8").at("address").is_null());
}

TEST_F(AddressCommand, BadInputIsNamed) {
  EXPECT_EQ(run::run_json(dir_, "address reverse city.gpkg north").at("code"), "position");
  const run::Outcome missing = run::run_catchment(dir_, "address find none.gpkg 青云路2号");
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("none.gpkg"));
  std::filesystem::create_directory(dir_ / "folder");
  EXPECT_EQ(run::run_catchment(dir_, "address parse 青云路2号 --json folder").exit_code, 3);
  EXPECT_EQ(run::run_catchment(dir_, "address find").exit_code, 64);
}

}  // namespace
}  // namespace catchment
