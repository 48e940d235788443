// Who watches: auditors who open leaves, the public log with RFC 6962 roots and proofs, witnesses, and a monitor under
// attack.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "engine/admission/lottery/audit.hpp"
#include "engine/admission/lottery/log_monitor.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/admission/draw_world.hpp"

namespace catchment::test {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;

std::vector<Digest> leaves_of(std::span<const std::string> entries) {
  std::vector<Digest> leaves;
  for (const std::string& entry : entries) leaves.push_back(log_leaf(entry));
  return leaves;
}

// The test tree of the Certificate Transparency sources.
TEST(MerkleLog, HasTheRootsOfRfc6962) {
  std::vector<std::string> entries{"", std::string(1, '\0'), "\x10", "\x20\x21", "\x30\x31", "\x40\x41\x42\x43"};
  std::string next;
  for (char c = 0x50; c <= 0x57; ++c) next += c;
  entries.push_back(next), next.clear();
  for (char c = 0x60; c <= 0x6f; ++c) next += c;
  entries.push_back(next);
  const std::vector<Digest> leaves = leaves_of(entries);
  const std::pair<std::size_t, const char*> roots[]{
      {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
      {2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
      {3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
      {8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};
  for (const auto& [size, root] : roots) EXPECT_EQ(to_hex(log_root(std::span(leaves).first(size))), root) << size;
}

TEST(MerkleLog, ProofsHoldAndNoOtherDoes) {
  DrawWorld world(41);
  std::vector<Digest> leaves;
  for (std::size_t size = 1; size <= 40; ++size) {
    leaves.push_back(world.digest());
    const Digest root = log_root(leaves);
    for (std::size_t i = 0; i < size; ++i) {
      std::vector<Digest> proof = inclusion_proof(leaves, i);
      ASSERT_TRUE(is_included(leaves[i], i, size, proof, root)) << size << " " << i;
      ASSERT_FALSE(is_included(leaves[i], i + 1, size, proof, root));
      if (size > 1) {
        ASSERT_FALSE(is_included(leaves[(i + 1) % size], i, size, proof, root));
        proof.pop_back();
        ASSERT_FALSE(is_included(leaves[i], i, size, proof, root));
      }
    }
    for (std::size_t old = 1; old <= size; ++old) {
      const Digest old_root = log_root(std::span(leaves).first(old));
      std::vector<Digest> proof = consistency_proof(leaves, old);
      ASSERT_TRUE(is_consistent(old, old_root, size, root, proof)) << old << " " << size;
      ASSERT_FALSE(is_consistent(old, world.digest(), size, root, proof));
      ASSERT_FALSE(is_consistent(old, old_root, size, world.digest(), proof));
      for (Digest& node : proof) {
        node[0] ^= 1;
        ASSERT_FALSE(is_consistent(old, old_root, size, root, proof));
        node[0] ^= 1;
      }
      proof.push_back(world.digest());
      ASSERT_FALSE(is_consistent(old, old_root, size, root, proof));
    }
  }
}

std::string base64(std::string_view bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

// A witness with a key of its own.
struct TestWitness {
  TestWitness(std::string name_, const Digest& secret) : name(std::move(name_)) {
    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, secret.data(), secret.size());
    std::size_t size = 32;
    std::string raw(32, '\0');
    EVP_PKEY_get_raw_public_key(key, reinterpret_cast<unsigned char*>(raw.data()), &size);
    id = hash(Suite::sha256, name + "\n\x04" + raw);
    vkey = name + "+" + to_hex(id).substr(0, 8) + "+" + base64("\x04" + raw);
  }
  ~TestWitness() { EVP_PKEY_free(key); }
  TestWitness(const TestWitness&) = delete;
  TestWitness& operator=(const TestWitness&) = delete;

  std::string line(const std::string& body, std::uint64_t time) const {
    const std::string message = "cosignature/v1\ntime " + std::to_string(time) + "\n" + body;
    std::string bytes(reinterpret_cast<const char*>(id.data()), 4);
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(time >> shift & 255);
    std::string signature(64, '\0');
    std::size_t size = 64;
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, nullptr, nullptr, key);
    EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                   reinterpret_cast<const unsigned char*>(message.data()), message.size());
    EVP_MD_CTX_free(context);
    return "\xe2\x80\x94 " + name + " " + base64(bytes + signature) + "\n";
  }

  std::string name, vkey;
  Digest id{};
  EVP_PKEY* key = nullptr;
};

TEST(Witnesses, CosignACheckpointAndNothingElse) {
  DrawWorld world(42);
  const TestWitness one("w.example/1", world.digest()), two("w.example/2", world.digest()),
      three("w.example/3", world.digest());
  Checkpoint checkpoint{"log.example/draws", 12, world.digest(), {}};
  const std::string body = checkpoint_body(checkpoint);
  const std::string text = body + "\n" + one.line(body, 100) + two.line(body, 300) + three.line(body, 200);
  const Checkpoint read = parse_checkpoint(text);
  EXPECT_EQ(checkpoint_body(read), body);
  const std::vector<std::string> keys{one.vkey, two.vkey, three.vkey};
  EXPECT_EQ(cosigned_at(read, *find_witness_key(two.vkey)), 300u);
  EXPECT_EQ(witnessed_at(read, keys, 2), 200u);
  EXPECT_EQ(witnessed_at(read, keys, 3), 300u);
  EXPECT_EQ(witnessed_at(read, std::span(keys).first(2), 3), std::nullopt);
  Checkpoint other = read;
  other.size = 13;
  EXPECT_EQ(witnessed_at(other, keys, 1), std::nullopt);
  std::string forged = one.vkey;
  forged[forged.find('+') + 1] = forged[forged.find('+') + 1] == '0' ? '1' : '0';
  EXPECT_EQ(find_witness_key(forged), std::nullopt);
  EXPECT_THROW(parse_checkpoint(body), InputError);
  EXPECT_THROW(parse_checkpoint(body + "extension\n\n"), InputError);
}

TEST(Witnesses, TheKeyIdIsThatOfTheSpecification) {
  // The example of C2SP tlog-cosignature, whose key is not given: its form is read all the same.
  const Checkpoint example = parse_checkpoint(
      "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
      "\xe2\x80\x94 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
      "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
      "\xe2\x80\x94 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/"
      "zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n");
  EXPECT_EQ(example.size, 20852163u);
  ASSERT_EQ(example.signatures.size(), 2u);
  EXPECT_EQ(example.signatures[1].bytes.size(), 72u);
  EXPECT_EQ(static_cast<unsigned char>(example.signatures[1].bytes[4]), 0x64);  // 1679315147 = 0x641850CB
}

// --- the monitor (R2.9)

struct LogWorld {
  std::vector<std::string> entries;
  std::vector<SeenCheckpoint> checkpoints;
  std::vector<SeenManifest> manifests;
  std::chrono::local_seconds now{};

  void checkpoint(std::chrono::local_seconds time) {
    const std::vector<Digest> leaves = leaves_of(entries);
    checkpoints.push_back({leaves.size(), log_root(leaves), time});
  }
  auto watch() const { return watch_log(entries, checkpoints, manifests, now, {}); }
};

// Draws announced two days ahead, one checkpoint after each entry, all with results but perhaps one declared void.
LogWorld honest_log(DrawWorld& world) {
  LogWorld log;
  const std::chrono::local_seconds start(std::chrono::hours(480'000));
  const int draws = world.between(3, 8);
  for (int i = 0; i < draws; ++i) {
    const SeenManifest manifest{"draw-" + std::to_string(i), world.digest(), start + std::chrono::hours(100 + i)};
    log.manifests.push_back(manifest);
    log.entries.push_back("manifest " + manifest.draw + " " + to_hex(manifest.hash));
    log.checkpoint(start + std::chrono::minutes(i));
  }
  const int voided = world.between(-3, draws - 1);
  for (int i = 0; i < draws; ++i) {
    log.entries.push_back((i == voided ? "void draw-" : "result draw-") + std::to_string(i) + " " +
                          to_hex(world.digest()));
    log.checkpoint(start + std::chrono::hours(101 + i));
  }
  log.now = start + std::chrono::hours(500);
  return log;
}

// What an attacker does, and what a monitor must say of it.
LogFault attack(DrawWorld& world, LogWorld& log) {
  const auto any = [&](std::size_t count) {
    return static_cast<std::size_t>(world.between(0, static_cast<int>(count) - 1));
  };
  const std::size_t draw = any(log.manifests.size()), half = log.manifests.size();
  const auto rebuild = [&] {
    for (SeenCheckpoint& seen : log.checkpoints) {
      const std::vector<Digest> leaves =
          leaves_of(std::span(log.entries).first(std::min<std::size_t>(seen.size, log.entries.size())));
      seen.root = log_root(leaves);
      seen.size = leaves.size();
    }
  };
  switch (world.between(0, 7)) {
    case 0:  // one audience is shown another entry
      log.entries[any(log.entries.size())].back() ^= 1;
      log.manifests.clear();
      return LogFault::forked;
    case 1:  // the last entries are taken back
      log.entries.resize(log.entries.size() - 1 - any(half));
      return LogFault::forked;
    case 2:  // a draw nobody liked is never published
      log.entries.erase(log.entries.begin() + static_cast<std::ptrdiff_t>(half + draw));
      rebuild();
      return LogFault::orphan;
    case 3:  // announced after the last witnessed checkpoint in time
      for (SeenCheckpoint& seen : log.checkpoints) {
        if (seen.size > draw && seen.size <= half)
          seen.witnessed = *log.manifests[draw].ceremony - std::chrono::hours(23);
      }
      return LogFault::late;
    case 4:  // a second manifest, to choose between two draws
      log.entries.push_back("manifest draw-" + std::to_string(draw) + " " + to_hex(world.digest()));
      return LogFault::second_manifest;
    case 5:  // drawn again
      log.entries.push_back("result draw-" + std::to_string(draw) + " " + to_hex(world.digest()));
      return LogFault::second_result;
    case 6:  // a result of a draw never announced
      log.entries.push_back("result draw-x " + to_hex(world.digest()));
      return LogFault::no_manifest;
    default:  // families hold another manifest than the log
      log.manifests[draw].hash = world.digest();
      return LogFault::unlogged;
  }
}

// serves: ZZ39 LB16
TEST(LogMonitor, SeesEveryOneOfFiftyAttacksAndNothingInAnHonestLog) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    DrawWorld world(seed);
    LogWorld log = honest_log(world);
    ASSERT_THAT(log.watch(), IsEmpty()) << seed;
    const LogFault fault = attack(world, log);
    EXPECT_THAT(log.watch(), Contains(Field(&LogFinding::fault, fault))) << seed << " " << to_word(fault);
  }
}

TEST(Audit, OpenedLeavesShowPhantomsDoublesAndBoughtTiers) {
  DrawWorld world(12);
  std::vector<RollLine> roll;
  std::vector<LeafOpening> openings;
  int number = 0;
  for (const Code& code : world.codes(6)) {
    const std::string id = number == 4 ? "id-3" : "id-" + std::to_string(number);
    LeafOpening opening{code, "code: " + std::string(view(code)) + "\nid: " + id + "\nname: 合成\ntier: 1\n",
                        world.digest()};
    roll.push_back({code, code, number == 1 ? 0 : 1, leaf_hash(Suite::sm3, opening.record, opening.salt)});
    openings.push_back(opening);
    ++number;
  }
  roll[0].leaf = world.digest();
  openings.erase(openings.begin() + 5);
  EXPECT_THAT(
      check_openings(Suite::sm3, roll, openings),
      ElementsAre(LeafFinding{roll[0].code, LeafFault::other_leaf}, LeafFinding{roll[1].code, LeafFault::other_tier},
                  LeafFinding{roll[3].code, LeafFault::same_identity},
                  LeafFinding{roll[4].code, LeafFault::same_identity}, LeafFinding{roll[5].code, LeafFault::missing}));
  openings.push_back({world.codes(1)[0], "", {}});
  EXPECT_EQ(check_openings(Suite::sm3, roll, openings).back().fault, LeafFault::unknown);
}

TEST(Audit, ASampleOfSixtyFindsOneInTwentyPhantomsNineteenTimesOfTwenty) {
  DrawWorld world(13);
  const std::vector<Code> codes = world.codes(1000);
  const std::set<Code> phantoms(codes.begin(), codes.begin() + 50);
  int found = 0;
  for (int i = 0; i < 300; ++i) {
    const std::vector<Code> sample = audit_sample(Suite::sha256, "audit", world.digest(), codes, 60);
    ASSERT_EQ(std::set<Code>(sample.begin(), sample.end()).size(), 60u);
    found += std::any_of(sample.begin(), sample.end(), [&](const Code& c) { return phantoms.contains(c); }) ? 1 : 0;
  }
  EXPECT_GT(found, 270);
  EXPECT_EQ(audit_sample(Suite::sha256, "audit", repeated(1), std::span(codes).first(3), 60).size(), 3u);
}

}  // namespace
}  // namespace catchment::test
