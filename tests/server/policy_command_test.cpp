// `catchment policy lint|show|check` from outside, on the packs of the tree and made-up children.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;
namespace run = catchment::testing;

const std::string kPacks = CATCHMENT_SOURCE_DIR "/datasets/policy/packs/";

class PolicyCommand : public ::testing::Test {
 protected:
  run::Outcome policy(const std::string& arguments) const { return run::run_catchment(dir_, "policy " + arguments); }

  run::TempDir dir_;
};

TEST_F(PolicyCommand, EveryPackOfTheTreeIsSound) {
  for (const auto& file : std::filesystem::directory_iterator(kPacks)) {
    const run::Outcome outcome = policy("lint " + file.path().string());
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out, "sound\n") << file.path();
  }
}

TEST_F(PolicyCommand, AWrongPackIsAFindingAndABadOneRefusedByItsPlace) {
  json pack = json::parse(run::read_file(kPacks + "guiyang-2024.json"));
  pack["age_rules"][0].erase("cutoff");
  run::write_file(dir_ / "p.json", pack.dump());
  const run::Outcome wrong = policy("lint p.json --json -");
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_EQ(json::parse(wrong.out)["findings"][0]["where"], "age_rules/six");
  pack["age_rules"][0]["gender"] = "f";
  run::write_file(dir_ / "p.json", pack.dump());
  const run::Outcome bad = policy("lint p.json --json -");
  EXPECT_EQ(bad.exit_code, 2);
  EXPECT_EQ(json::parse(bad.out)["code"], "pack_key");
  EXPECT_EQ(json::parse(bad.out)["where"], "p.json#/age_rules/0");
  EXPECT_EQ(policy("lint none.json").exit_code, 2);
}

TEST_F(PolicyCommand, ShowsTheRulesInBothLanguages) {
  EXPECT_THAT(policy("show " + kPacks + "guiyang-2024.json").out, StartsWith("贵阳市 2024\n"));
  EXPECT_THAT(policy("show --language en " + kPacks + "guiyang-2024.json").out,
              HasSubstr("Winners pay: 2024-07-24 (included) to 2024-07-25 (included)"));
}

// serves: GY22
TEST_F(PolicyCommand, ChecksOneChildWithItsClauses) {
  const std::string facts = R"({"stage":"junior","sector":"private_school","primary_graduation_year":2024,
    "hukou_in_city":true,"hukou_district":"a","school_district":"a","school_fee_per_term":6001)";
  run::write_file(dir_ / "open.json", facts + "}");
  run::write_file(dir_ / "barred.json", facts + R"(,"parent_dishonest_debtor":true})");
  const std::string check = "check " + kPacks + "guiyang-2024.json ";
  const json open = json::parse(policy(check + "open.json --json -").out);
  EXPECT_EQ(open["verdict"], "undetermined");
  EXPECT_EQ(open["missing_facts"], json{"parent_dishonest_debtor"});
  const json barred = json::parse(policy(check + "barred.json --json -").out);
  EXPECT_EQ(barred["verdict"], "not_eligible");
  EXPECT_EQ(barred["reasons"][0]["clause"], "fee_limit");
  EXPECT_EQ(barred["reasons"][0]["section"], "四(五)");
  EXPECT_EQ(barred["reasons"][0]["serves"], json{"GY22"});
  EXPECT_THAT(policy(check + "open.json").out, HasSubstr("not known  parent_dishonest_debtor  监护人为失信被执行人"));
  run::write_file(dir_ / "asked.json", R"({"parents_income":1})");
  EXPECT_EQ(policy(check + "asked.json").exit_code, 2);
}

}  // namespace
}  // namespace catchment
