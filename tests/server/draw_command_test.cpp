// `catchment draw` from outside, on the published vector and on a rehearsal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/datasets/program.hpp"

namespace catchment {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
namespace run = catchment::testing;
namespace fs = std::filesystem;

constexpr const char* kResult = "da69b81ff9d8c8471bc7e2b77a37cbdd885eb646c7416db9c23c37f733f66c53";

class DrawCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::copy(std::string(CATCHMENT_SOURCE_DIR) + "/tests/golden/draw/vector-a-sha256", dir_ / "a");
    published_ = run::read_file(dir_ / "a/result.tsv");
    fs::remove(dir_ / "a/result.tsv");
  }
  auto draw(const std::string& arguments) { return run::run_catchment(dir_, "draw " + arguments); }
  void change(const std::string& file, const std::string& from, const std::string& to) {
    std::string text = run::read_file(dir_ / file);
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos);
    run::write_file(dir_ / file, text.replace(at, from.size(), to));
  }

  run::TempDir dir_;
  std::string published_;
};

// serves: ZZ39 LB16 GY24
TEST_F(DrawCommand, RunWritesThePublishedResultAndVerifyFindsItTheSame) {
  EXPECT_EQ(draw("verify a").exit_code, 2);  // nothing drawn yet
  const auto done = draw("run a");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_THAT(done.out, HasSubstr(kResult));
  EXPECT_EQ(run::read_file(dir_ / "a/result.tsv"), published_);
  EXPECT_EQ(draw("run a").exit_code, 0);  // the same again changes nothing
  const auto same = draw("verify a --code C5X1R8ND --manifest-hash 89257482f7827ae3");
  EXPECT_EQ(same.exit_code, 0) << same.err;
  EXPECT_THAT(same.out, HasSubstr("SAME"));
  EXPECT_THAT(same.out, HasSubstr("5\tC5X1R8ND\tC5X1R8ND\t0\tf91b75dc"));
  EXPECT_EQ(draw("verify a --code 00000000").exit_code, 2);
  EXPECT_EQ(draw("verify a --manifest-hash 00").exit_code, 1);
}

TEST_F(DrawCommand, NeitherFolderNorLocaleNorTimeZoneMatters) {
  fs::rename(dir_ / "a", dir_ / "另一个 folder");
  const std::string environment = "env LC_ALL=tr_TR.UTF-8 LANG=zh_CN.GBK TZ=America/St_Johns ";
  const auto done = run::run_command(dir_, environment + CATCHMENT_PROGRAM + " draw run '另一个 folder'");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(run::read_file(dir_ / "另一个 folder/result.tsv"), published_);
}

TEST_F(DrawCommand, VerifyNamesTheFileThatIsWrongAndRunNeverOverwrites) {
  ASSERT_EQ(draw("run a").exit_code, 0);
  change("a/ceremony.txt", "9930", "9931");
  EXPECT_EQ(draw("run a").exit_code, 2);
  EXPECT_EQ(run::read_file(dir_ / "a/result.tsv"), published_);
  auto said = draw("verify a");
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_THAT(said.out, HasSubstr("DIFFERENT ceremony.txt"));
  fs::remove(dir_ / "a/hashes.txt");
  EXPECT_THAT(draw("verify a").out, HasSubstr("DIFFERENT ceremony.txt:2"));
  change("a/ceremony.txt", "9931", "9930");
  change("a/roll.tsv", "\t0\t", "\t1\t");
  const json found = run::run_json(dir_, "draw verify a");
  EXPECT_FALSE(found["same"].get<bool>());
  EXPECT_EQ(found["findings"][0]["files"], json::array({"roll.tsv"}));
  fs::remove(dir_ / "a/roll.tsv");
  said = draw("verify a");
  EXPECT_EQ(said.exit_code, 2);
  EXPECT_THAT(said.err, HasSubstr("roll.tsv"));
}

TEST_F(DrawCommand, WhatTwoTypedMustBeTheSame) {
  run::write_file(dir_ / "a/ceremony-2.txt", "congress: 4071\n");
  const auto refused = draw("run a");
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("ceremony-2.txt"));
  EXPECT_FALSE(fs::exists(dir_ / "a/result.tsv"));
  fs::copy_file(dir_ / "a/ceremony.txt", dir_ / "a/ceremony-2.txt", fs::copy_options::overwrite_existing);
  EXPECT_EQ(draw("run a").exit_code, 0);
}

// serves: ZZ39 LB16
TEST_F(DrawCommand, ARehearsalIsMarkedMadeUpAndCanBePlayedThrough) {
  ASSERT_EQ(draw("rehearse kit").exit_code, 0);
  const std::string page = run::read_file(dir_ / "kit/kit.html");
  for (const char* words : {"虚构", "made up", "骰子表", "Dice table", "现场记录表", "Script"})
    EXPECT_THAT(page, HasSubstr(words));
  EXPECT_THAT(run::read_file(dir_ / "kit/manifest.txt"), HasSubstr("SYNTHETIC"));
  const std::string typed =
      "congress: 1111\ncppcc: 2222\ndiscipline: 3333\nmedia: 4444\nparent-1: 5555\nparent-2: 6666\n" +
      run::read_file(dir_ / "kit/sealed-notary.txt") + run::read_file(dir_ / "kit/sealed-bureau.txt");
  run::write_file(dir_ / "kit/ceremony.txt", typed);
  run::write_file(dir_ / "kit/ceremony-2.txt", typed);
  const auto done = draw("run kit");
  ASSERT_EQ(done.exit_code, 0) << done.err;
  EXPECT_EQ(draw("verify kit").exit_code, 0);
  const auto python =
      run::run_command(dir_, "python3 -B " + std::string(CATCHMENT_SOURCE_DIR) + "/viewer/verify/verify.py kit");
  EXPECT_EQ(python.exit_code, 0) << python.out;
  EXPECT_EQ(draw("rehearse kit").exit_code, 0);  // the same kit again; nothing drawn is lost
  EXPECT_TRUE(fs::exists(dir_ / "kit/result.tsv"));
}

TEST_F(DrawCommand, SeveralDrawsUnderOneCeremonyAreVerifiedTogether) {
  fs::create_directory(dir_ / "pools");
  fs::copy(dir_ / "a", dir_ / "pools/a");
  ASSERT_EQ(draw("run pools/a").exit_code, 0);
  const auto alone = draw("verify pools");
  EXPECT_EQ(alone.exit_code, 1);
  EXPECT_THAT(alone.out, HasSubstr("a/manifest.txt: quotas"));
}

// serves: ZZ39 LB16
TEST_F(DrawCommand, TheLogShowsADrawAndGoesOnFromWhatWasSeen) {
  EXPECT_EQ(draw("log add log a").exit_code, 2);  // a new log needs a name
  ASSERT_EQ(draw("log add log a --origin example.test/draws").exit_code, 0);
  fs::copy(dir_ / "log/checkpoint.txt", dir_ / "seen.txt");
  ASSERT_EQ(draw("run a").exit_code, 0);
  ASSERT_EQ(draw("log add log a").exit_code, 0);
  ASSERT_EQ(draw("log add log a").exit_code, 0);  // nothing is added twice
  EXPECT_EQ(run::read_file(dir_ / "log/entries.txt"), "manifest 410100-2025-P-0001 89257482f7827ae3" +
                                                          run::read_file(dir_ / "log/entries.txt").substr(44, 48) +
                                                          "\nresult 410100-2025-P-0001 " + kResult + "\n");
  ASSERT_EQ(draw("prove log a --since 1 --json proof.json").exit_code, 0);
  EXPECT_EQ(draw("proven proof.json a --seen log/checkpoint.txt --seen seen.txt").exit_code, 0);
  EXPECT_EQ(draw("proven proof.json a --seen seen.txt").exit_code, 1);
  const std::string watch = "log watch log --now 2025-08-01T12:00 --held a --seen seen.txt";
  EXPECT_EQ(draw(watch).exit_code, 0);
  change("log/entries.txt", "manifest 410100-2025-P-0001 8", "manifest 410100-2025-P-0001 9");
  const auto forked = draw(watch);
  EXPECT_EQ(forked.exit_code, 1);
  EXPECT_THAT(forked.out, HasSubstr("forked"));
  EXPECT_THAT(forked.out, HasSubstr("unlogged 410100-2025-P-0001"));
  EXPECT_EQ(draw("prove log a").exit_code, 1);
}

TEST_F(DrawCommand, AResultThatItsFilesDoNotGiveIsNotLogged) {
  ASSERT_EQ(draw("run a").exit_code, 0);
  change("a/result.tsv", "WAIT", "ADMIT");
  EXPECT_EQ(draw("log add log a --origin example.test/draws").exit_code, 2);
  run::write_file(dir_ / "notice.txt", "void");
  fs::remove(dir_ / "a/result.tsv");
  ASSERT_EQ(draw("log add log a --origin example.test/draws --void notice.txt").exit_code, 0);
  EXPECT_THAT(run::read_file(dir_ / "log/entries.txt"), HasSubstr("void 410100-2025-P-0001 "));
}

TEST_F(DrawCommand, AnAuditOpensLeavesAndPicksWinners) {
  ASSERT_EQ(draw("run a").exit_code, 0);
  std::string openings;
  for (const std::string code : {"A7K2M9QX", "B3Q9T4VH", "C5X1R8ND", "D8N4W2JF", "E2H6Y7KB", "F9J3Z5MP"})
    openings += code + "\t" + std::string(64, '0') + "\tcode: " + code + "\n";
  run::write_file(dir_ / "openings.tsv", openings);
  const auto sound = draw("audit a --openings openings.tsv --sample 2");
  EXPECT_EQ(sound.exit_code, 0) << sound.err;
  EXPECT_THAT(sound.out, HasSubstr("6 lines, 0 findings"));
  EXPECT_EQ(run::run_json(dir_, "draw audit a --sample 9")["sample"].size(), 4u);  // there are four winners
  change("openings.tsv", "code: B3Q9T4VH", "code: B3Q9T4VJ");
  const auto phantom = draw("audit a --openings openings.tsv");
  EXPECT_EQ(phantom.exit_code, 1);
  EXPECT_THAT(phantom.out, HasSubstr("other_leaf B3Q9T4VH"));
}

// Four seats, D with E, F, B; A and C wait.
// serves: CQ21 GY25
TEST_F(DrawCommand, PromotionsFollowFromWhoGaveUpASeat) {
  ASSERT_EQ(draw("run a").exit_code, 0);
  run::write_file(dir_ / "a/gone.tsv", "2025-07-25T18:00:01\tF9J3Z5MP\n");
  const auto first = draw("promote a");
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_EQ(first.out, "2025-07-25T18:00:01\t4\tA7K2M9QX\n");
  run::write_file(dir_ / "a/promotions.tsv", first.out);
  EXPECT_THAT(draw("promote a").out, HasSubstr("SAME"));
  change("a/promotions.tsv", "4\tA7K2M9QX", "5\tC5X1R8ND");
  const auto other = draw("promote a");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.out, HasSubstr("DIFFERENT promotions.tsv:1"));
  run::write_file(dir_ / "a/gone.tsv", "2025-07-25 18:00\tF9J3Z5MP\n");
  EXPECT_EQ(draw("promote a").exit_code, 2);
}

}  // namespace
}  // namespace catchment
