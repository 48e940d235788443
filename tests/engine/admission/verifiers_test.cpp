// The three verifiers, which share no code, over the same random proofs: C++ here, viewer/verify/verify.py, and the
// script of viewer/verify/verify.html under node.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/datasets/temp_dir.hpp"
#include "tests/engine/admission/draw_world.hpp"

namespace catchment::test {
namespace {

namespace fs = std::filesystem;

std::string source(const std::string& path) { return std::string(CATCHMENT_SOURCE_DIR) + "/viewer/verify/" + path; }

std::vector<std::string> lines_said(const catchment::testing::TempDir& dir, const std::string& command) {
  const std::string out = (dir / "out").string();
  EXPECT_EQ(std::system((command + " > '" + out + "'").c_str()), 0) << command;
  std::ifstream in(out);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// What check_proof says, as the batches do: the hash of the result, or the files that may be wrong.
std::string verdict(const ProofKind& kind, const ProofFolder& folder) {
  const ProofCheck check = check_proof(kind, folder);
  if (check.same()) return to_hex(check.hashes.result);
  std::set<std::string> files;
  for (const ProofFinding& finding : check.findings) files.insert(finding.files.begin(), finding.files.end());
  std::string text;
  for (const std::string& file : files) text += (text.empty() ? "" : " ") + file;
  return text;
}

std::string sorted_words(const std::string& line) {
  std::istringstream in(line);
  std::set<std::string> words;
  for (std::string word; in >> word;) words.insert(word);
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

void tamper(DrawWorld& world, ProofFolder& folder) {
  std::vector<std::string*> files{&folder.manifest, &folder.list, &folder.ceremony, &*folder.result};
  if (folder.deal) files.push_back(&*folder.deal);
  std::string& text = *files[static_cast<std::size_t>(world.between(0, static_cast<int>(files.size()) - 1))];
  if (text.empty()) return;
  const auto at = static_cast<std::size_t>(world.between(0, static_cast<int>(text.size()) - 1));
  if (world.chance(2)) {
    text[at] = static_cast<char>(text[at] ^ (1 << world.between(0, 7)));
  } else if (world.chance(2)) {
    text.insert(at, 1, "\r\n\t 0A"[world.between(0, 5)]);
  } else {
    text.erase(at, 1);
  }
}

const ProofKind& kind_of_case(DrawWorld& world) {
  const ProofKind* kinds[]{&kDrawKind, &kDrawKind, &kDrawKind, &kClassesKind, &kHeadsKind, &kLateKind};
  return *kinds[world.between(0, 5)];
}

std::vector<std::string> other_verifiers(const catchment::testing::TempDir& dir) {
  const std::string cases = " '" + (dir / "cases").string() + "'";
  return {"python3 -B '" + source("verify.py") + "' --batch" + cases,
          "node '" + std::string(CATCHMENT_SOURCE_DIR) + "/tests/engine/admission/page_batch.mjs'" + cases};
}

TEST(Verifiers, EveryBitFlippedInVectorAIsSeenAndTheFileNamed) {
  const std::size_t stride = std::getenv("CATCHMENT_DRAWS") != nullptr ? 1 : 37;
  const catchment::testing::TempDir dir;
  std::vector<std::string> expected;
  {
    std::ofstream out(dir / "cases", std::ios::binary);
    for (const Suite suite : {Suite::sha256, Suite::sm3}) {
      ProofFolder folder = run_folder(kDrawKind, vector_a(suite, BundleRule::skip), true);
      const std::pair<std::string*, const char*> files[]{{&folder.manifest, "manifest.txt"},
                                                         {&folder.list, "roll.tsv"},
                                                         {&folder.ceremony, "ceremony.txt"},
                                                         {&*folder.result, "result.tsv"},
                                                         {&*folder.hashes, "hashes.txt"}};
      for (const auto& [text, name] : files) {
        for (std::size_t bit = 0; bit < 8 * text->size(); bit += stride) {
          const auto mask = static_cast<char>(1 << (bit % 8));
          (*text)[bit / 8] = static_cast<char>((*text)[bit / 8] ^ mask);
          out << batch_case(kDrawKind, folder);
          (*text)[bit / 8] = static_cast<char>((*text)[bit / 8] ^ mask);
          expected.emplace_back(name);
        }
      }
    }
  }
  for (const std::string& command : other_verifiers(dir)) EXPECT_EQ(lines_said(dir, command), expected) << command;
}

// serves: ZZ39 CQ11 LB16 GY3 GY24 GY28 GY33 GY34 GY35
TEST(Verifiers, GiveIdenticalBytesAndNameTheSameFiles) {
  const char* text = std::getenv("CATCHMENT_DRAWS");
  const int cases = text != nullptr ? std::atoi(text) : 400;
  const catchment::testing::TempDir dir;
  DrawWorld world(31);
  for (int done = 0; done < cases;) {
    const int part = std::min(50'000, cases - done);
    std::vector<std::string> expected;
    {
      std::ofstream out(dir / "cases", std::ios::binary);
      for (int i = 0; i < part; ++i) {
        const ProofKind& kind = kind_of_case(world);
        ProofFolder folder = kind.format == "draw/1" ? world.draw(40) : world.class_draw(kind, 40);
        folder = run_folder(kind, folder, world.chance(2));
        // A slip has to be searched for, so a long run has fewer.
        if (world.chance(done + i < 1000 ? 6 : 60)) tamper(world, folder);
        out << batch_case(kind, folder);
        const bool known = find_proof_kind(format_of(folder.manifest)) == &kind;
        expected.push_back(known ? verdict(kind, folder) : "manifest.txt");
      }
    }
    for (const std::string& command : other_verifiers(dir)) {
      const std::vector<std::string> said = lines_said(dir, command);
      ASSERT_EQ(said.size(), expected.size()) << command;
      for (std::size_t i = 0; i < said.size(); ++i) {
        if (expected[i].find('.') == std::string::npos) {
          ASSERT_EQ(said[i], expected[i]) << command << " case " << i;
        } else {
          ASSERT_EQ(sorted_words(said[i]), expected[i]) << command << " case " << i;
        }
      }
    }
    done += part;
  }
}

TEST(Verifiers, ThePageIsOneSmallSealedFile) {
  EXPECT_LE(fs::file_size(source("verify.html")), 60'000u);
  EXPECT_EQ(std::system(("node '" + source("seal.mjs") + "' --check").c_str()), 0);
}

TEST(Verifiers, ThePythonsOwnSm3IsThatOfOpenSsl) {
  const std::string command = "cd '" + source("") +
                              "' && python3 -B -c \"import verify; print(verify.sm3(b'abc').hex()); "
                              "print(verify._own_sm3_hmac(b'k' * 32, b'message' * 30).hex())\"";
  const catchment::testing::TempDir dir;
  const std::vector<std::string> said = lines_said(dir, command);
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0], to_hex(hash(Suite::sm3, "abc")));
  Digest key;
  key.fill('k');
  std::string message;
  for (int i = 0; i < 30; ++i) message += "message";
  EXPECT_EQ(said[1], to_hex(TicketKey(Suite::sm3, key).ticket(message)));
}

}  // namespace
}  // namespace catchment::test
