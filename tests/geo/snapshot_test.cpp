#include "geo/snapshot.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <numeric>

#include "geo/input_error.hpp"

namespace catchment::geo {
namespace {

std::vector<std::byte> sample() {
  std::vector<std::uint32_t> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 7u);
  SnapshotWriter writer;
  writer.add("numbers", std::span<const std::uint32_t>(numbers));
  writer.add_text("name", "郑东");
  writer.add("nothing", std::span<const double>{});
  return writer.bytes();
}

std::string code_of(std::vector<std::byte> bytes) {
  try {
    Snapshot::from_bytes(std::move(bytes));
  } catch (const InputError& error) {
    return error.code;
  }
  return "accepted";
}

TEST(Snapshot, ReturnsWhatWasWritten) {
  const Snapshot snapshot = Snapshot::from_bytes(sample());
  ASSERT_EQ(snapshot.get<std::uint32_t>("numbers").size(), 1000u);
  EXPECT_EQ(snapshot.get<std::uint32_t>("numbers")[999], 1006u);
  EXPECT_EQ(snapshot.get_text("name"), "郑东");
  EXPECT_TRUE(snapshot.get<double>("nothing").empty());
  EXPECT_FALSE(snapshot.has("other"));
  EXPECT_THROW(snapshot.get<double>("other"), InputError);
}

TEST(Snapshot, AnyFlippedBitIsRefused) {
  const std::vector<std::byte> good = sample();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::vector<std::byte> bad = good;
    bad[bit / 8] ^= std::byte{1} << (bit % 8);
    ASSERT_NE(code_of(std::move(bad)), "accepted") << "bit " << bit;
  }
}

TEST(Snapshot, AnyTruncationIsRefused) {
  const std::vector<std::byte> good = sample();
  for (std::size_t size = 0; size < good.size(); ++size) {
    ASSERT_NE(code_of({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)}), "accepted") << size;
  }
}

TEST(Snapshot, AnotherVersionIsNamedAsSuch) {
  std::vector<std::byte> other = sample();
  other[8] = std::byte{99};
  EXPECT_EQ(code_of(std::move(other)), "snapshot_version");
  EXPECT_EQ(code_of(std::vector<std::byte>(100)), "snapshot_foreign");
}

TEST(Snapshot, FileIsMappedAndReplacedWhole) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "snapshot_test.snapshot";
  SnapshotWriter first;
  first.add_text("text", "first");
  first.write(path);
  const Snapshot old = Snapshot::open(path);
  SnapshotWriter second;
  second.add_text("text", "second");
  second.write(path);
  EXPECT_EQ(old.get_text("text"), "first");  // the old file lives on while it is mapped
  EXPECT_EQ(Snapshot::open(path).get_text("text"), "second");
  std::filesystem::remove(path);
  EXPECT_THROW(Snapshot::open(path), InputError);
}

TEST(Snapshot, WriteIntoAMissingFolderLeavesNothing) {
  SnapshotWriter writer;
  EXPECT_THROW(writer.write("/nonexistent-folder/x.snapshot"), InputError);
}

}  // namespace
}  // namespace catchment::geo
