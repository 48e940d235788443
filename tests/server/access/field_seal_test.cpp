#include "server/access/field_seal.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "geo/input_error.hpp"
#include "server/access/child_key.hpp"
#include "tests/server/access/access_world.hpp"

namespace catchment::access {
namespace {

constexpr FieldPlace kName{"registration", "child_name", "A7K2M9QX"};

struct SealWorld {
  TestFolder folder;
  KeyRing ring{folder / "keys", counting_randomness(1)};
  FieldSeal seals{ring, counting_randomness(2)};
  explicit SealWorld(SealSuite suite) {
    ring.add("2026", suite);
    ring.add("2027", suite);
  }
  std::optional<SealFault> fault(std::string_view label, const FieldPlace& place, std::string_view sealed) const {
    try {
      seals.open(label, place, sealed);
    } catch (const SealError& error) {
      return error.fault;
    }
    return std::nullopt;
  }
};

class FieldSealOf : public testing::TestWithParam<SealSuite> {};
INSTANTIATE_TEST_SUITE_P(Suites, FieldSealOf, testing::Values(SealSuite::aes_gcm, SealSuite::sm4_sm3),
                         [](const auto& suite) { return std::string(to_word(suite.param)); });

TEST_P(FieldSealOf, OpensWhatItSealedAndSealsAnewEachTime) {
  const SealWorld world(GetParam());
  for (const std::size_t size : {0u, 1u, 15u, 16u, 17u, 300u, 5000u}) {
    std::string text(size, '\0');
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>(i * 7);
    const std::string sealed = world.seals.seal("2026", kName, text);
    EXPECT_EQ(sealed.size(), size + (GetParam() == SealSuite::aes_gcm ? 29u : 49u));
    EXPECT_EQ(world.seals.open("2026", kName, sealed), text);
    EXPECT_NE(sealed, world.seals.seal("2026", kName, text));
  }
}

TEST_P(FieldSealOf, EveryAlteredBitIsSeen) {
  const SealWorld world(GetParam());
  const std::string sealed = world.seals.seal("2026", kName, "synthetic name");
  for (std::size_t bit = 0; bit < 8 * sealed.size(); ++bit) {
    std::string other = sealed;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
    EXPECT_EQ(world.fault("2026", kName, other), SealFault::broken) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_EQ(world.fault("2026", kName, sealed.substr(0, size)), SealFault::broken) << size;
  EXPECT_EQ(world.fault("2026", kName, sealed + sealed.back()), SealFault::broken);
}

TEST_P(FieldSealOf, OpensInItsOwnPlaceOnly) {
  const SealWorld world(GetParam());
  const std::string sealed = world.seals.seal("2026", kName, "synthetic name");
  const FieldPlace others[] = {
      {"registration", "guardian_name", "A7K2M9QX"}, {"registration2", "child_name", "A7K2M9QX"},
      {"registration", "child_name", "A7K2M9QY"},    {"registration", "child_nameA", "7K2M9QX"},
      {"registrationchild_name", "", "A7K2M9QX"},    {"", "", ""}};
  for (const FieldPlace& place : others) EXPECT_EQ(world.fault("2026", place, sealed), SealFault::broken);
  EXPECT_EQ(world.fault("2027", kName, sealed), SealFault::broken);
  EXPECT_EQ(world.fault("2028", kName, sealed), SealFault::no_key);
}

// serves: ZZ16 CQ36
TEST_P(FieldSealOf, NothingOpensAfterItsKeyIsDestroyed) {
  SealWorld world(GetParam());
  const std::string sealed = world.seals.seal("2026", kName, "synthetic name");
  const auto document = parse_document("resident_id", "11010519491231002X", "");
  const std::string key_before = child_key(*world.ring.find("2026"), document);
  const std::string later = world.seals.seal("2027", kName, "synthetic name");
  std::string digits = to_hex(world.ring.find("2026")->key.view());
  world.ring.destroy("2026");
  EXPECT_EQ(world.fault("2026", kName, sealed), SealFault::no_key);
  EXPECT_EQ(world.ring.find("2026"), nullptr);
  EXPECT_TRUE(world.ring.destroyed("2026"));
  EXPECT_THROW(world.ring.add("2026", GetParam()), InputError);
  EXPECT_THROW(world.ring.destroy("2026"), InputError);
  EXPECT_NE(child_key(*world.ring.find("2027"), document), key_before);
  EXPECT_EQ(world.seals.open("2027", kName, later), "synthetic name");
  for (const auto& entry : std::filesystem::directory_iterator(world.folder.path()))
    EXPECT_EQ(file_text(entry.path()).find(digits), std::string::npos) << entry.path();
}

// What was sealed by any release opens for ever. Made by other programs: AES-256-GCM by Node's crypto, SM4 and HMAC-SM3
// by the openssl command.
TEST(FieldSeal, OpensValuesMadeByOtherPrograms) {
  const auto check = [](SealSuite suite, const std::string& sealed_hex) {
    const TestFolder folder;
    KeyRing ring(folder / "keys", [](std::span<std::uint8_t> bytes) { std::fill(bytes.begin(), bytes.end(), 7); });
    ring.add("2026", suite);
    const FieldSeal seals(ring, counting_randomness(1));
    EXPECT_EQ(seals.open("2026", kName, find_hex(sealed_hex).value()), "synthetic name");
  };
  check(SealSuite::aes_gcm, "01000102030405060708090a0b32f03e6feb2dd0977b14da34662a559f516518f43092b604f75f1afe8952");
  check(SealSuite::sm4_sm3,
        "02000102030405060708090a0b0c0d0e0fd625430bfad472d150e866ae3bd69df692c6a96db131127c86e0e87ace182e9dc67320c7080e"
        "f40d2b7d787e2fab");
}

std::string ring_fault(const std::filesystem::path& file) {
  try {
    KeyRing ring(file, counting_randomness(3));
  } catch (const InputError& error) {
    return error.code;
  }
  return "";
}

TEST(KeyRing, KeepsItsKeysAcrossOpenings) {
  const TestFolder folder;
  std::string key;
  {
    KeyRing ring(folder / "keys", counting_randomness(1));
    ring.add("2026", SealSuite::sm4_sm3);
    ring.add("accounts", SealSuite::aes_gcm);
    ring.add("2025", SealSuite::aes_gcm);
    ring.destroy("2025");
    key = ring.find("2026")->key.view();
    EXPECT_EQ(ring_fault(folder / "keys"), "key_ring_busy");
  }
  KeyRing ring(folder / "keys", counting_randomness(9));
  EXPECT_EQ(ring.labels(), (std::vector<std::string>{"2026", "accounts"}));
  EXPECT_EQ(ring.find("2026")->key.view(), key);
  EXPECT_EQ(ring.find("2026")->suite, SealSuite::sm4_sm3);
  EXPECT_TRUE(ring.destroyed("2025"));
  EXPECT_THROW(ring.add("2025", SealSuite::aes_gcm), InputError);
  for (const char* label : {"", "a b", "A", "\n", "012345678901234567890123456789012"})
    EXPECT_THROW(ring.add(label, SealSuite::aes_gcm), InputError) << label;
}

TEST(KeyRing, IsRefusedWhereOthersMayReadItOrItIsNoPlainFile) {
  const TestFolder folder;
  { KeyRing ring(folder / "keys", counting_randomness(1)); }
  struct stat state {};
  ASSERT_EQ(::stat((folder / "keys").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
  for (const mode_t mode : {0640u, 0604u, 0660u, 0644u, 0610u}) {
    ::chmod((folder / "keys").c_str(), mode);
    EXPECT_EQ(ring_fault(folder / "keys"), "key_ring_mode") << mode;
  }
  ::chmod((folder / "keys").c_str(), 0600);
  EXPECT_EQ(ring_fault(folder / "keys"), "");
  std::filesystem::create_symlink(folder / "keys", folder / "link");
  EXPECT_EQ(ring_fault(folder / "link"), "key_ring_mode");
  std::filesystem::create_directory(folder / "dir");
  EXPECT_NE(ring_fault(folder / "dir"), "");
}

TEST(KeyRing, EveryAlteredByteIsSeen) {
  const TestFolder folder;
  {
    KeyRing ring(folder / "keys", counting_randomness(1));
    ring.add("2026", SealSuite::aes_gcm);
  }
  const std::string good = file_text(folder / "keys");
  const auto put = [&](const std::string& text) { std::ofstream(folder / "keys", std::ios::trunc) << text; };
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string other = good;
    other[i] = static_cast<char>(other[i] ^ 1);
    put(other);
    EXPECT_EQ(ring_fault(folder / "keys"), "key_ring_broken") << i;
  }
  for (std::size_t size = 0; size < good.size(); size += 7) {
    put(good.substr(0, size));
    EXPECT_EQ(ring_fault(folder / "keys"), "key_ring_broken") << size;
  }
  put(good);
  EXPECT_EQ(ring_fault(folder / "keys"), "");
}

// A crash between the new ring's arrival and the old one's end: the old one is overwritten at the next opening.
TEST(KeyRing, FinishesAtOpeningWhatACrashCutShort) {
  const TestFolder folder;
  std::string digits;
  {
    KeyRing ring(folder / "keys", counting_randomness(1));
    ring.add("2026", SealSuite::aes_gcm);
    digits = to_hex(ring.find("2026")->key.view());
  }
  std::filesystem::copy_file(folder / "keys", folder / "keys.old");
  // Somebody still holds the old file's blocks, as the disk would.
  std::ifstream held(folder / "keys.old");
  {
    KeyRing ring(folder / "keys", counting_randomness(1));
    EXPECT_NE(ring.find("2026"), nullptr);
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "keys.old"));
  std::ostringstream left;
  left << held.rdbuf();
  EXPECT_EQ(left.str().find(digits), std::string::npos);
  // Before the rename the old name is the ring's second one, and only that goes.
  std::filesystem::create_hard_link(folder / "keys", folder / "keys.old");
  std::ofstream(folder / "keys.new") << "half a ring";
  KeyRing ring(folder / "keys", counting_randomness(1));
  EXPECT_NE(ring.find("2026"), nullptr);
  EXPECT_FALSE(std::filesystem::exists(folder / "keys.old"));
}

}  // namespace
}  // namespace catchment::access
