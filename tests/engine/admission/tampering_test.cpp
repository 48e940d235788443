// Whatever is changed in a proof is seen, and the file that was changed is named (R2.3).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "geo/input_error.hpp"
#include "tests/engine/admission/draw_world.hpp"

namespace catchment::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string* file_of(ProofFolder& folder, const std::string& name) {
  if (name == "manifest.txt") return &folder.manifest;
  if (name == "ceremony.txt") return &folder.ceremony;
  if (name == "result.tsv") return &*folder.result;
  if (name == "deal.tsv") return &*folder.deal;
  return name == "hashes.txt" ? &*folder.hashes : &folder.list;
}

void expect_named(const ProofKind& kind, const ProofFolder& folder, const std::string& name, bool alone) {
  const ProofCheck check = check_proof(kind, folder);
  ASSERT_FALSE(check.findings.empty()) << name << "\n" << folder.manifest << folder.ceremony;
  bool named = false;
  for (const ProofFinding& finding : check.findings) {
    named = named || std::count(finding.files.begin(), finding.files.end(), name) != 0;
    if (alone) {
      ASSERT_THAT(finding.files, ElementsAre(name)) << finding.message;
    }
  }
  ASSERT_TRUE(named) << name << ": " << check.findings[0].message;
}

// Every edit that must be seen, of any file.
std::vector<std::string> edits_of(const std::string& text) {
  std::vector<std::string> edits{"\xef\xbb\xbf" + text, text + "\n", text + " ", text.substr(0, text.size() - 1), ""};
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < text.size(); from = text.find('\n', from) + 1)
    lines.push_back(text.substr(from, text.find('\n', from) + 1 - from));
  const auto joined = [](const std::vector<std::string>& all) {
    std::string out;
    for (const std::string& line : all) out += line;
    return out;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::vector<std::string> changed = lines;
    if (i + 1 < lines.size()) {
      std::swap(changed[i], changed[i + 1]);
      edits.push_back(joined(changed));
    }
    changed = lines, changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(i), lines[i]);
    edits.push_back(joined(changed));
    changed = lines, changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
    edits.push_back(joined(changed));
    changed = lines, changed[i].insert(changed[i].size() - 1, "\r");
    edits.push_back(joined(changed));
    for (std::size_t at = 0; at < lines[i].size(); ++at) {
      changed = lines, changed[i].insert(at, " ");
      edits.push_back(joined(changed));
    }
  }
  return edits;
}

void expect_tampering_seen(const ProofKind& kind, const ProofFolder& whole, bool alone) {
  std::vector<std::string> names{"manifest.txt", std::string(kind.list_file), "ceremony.txt", "result.tsv"};
  if (whole.hashes) names.emplace_back("hashes.txt");
  if (whole.deal) names.emplace_back("deal.tsv");
  ASSERT_TRUE(check_proof(kind, whole).same());
  for (const std::string& name : names) {
    ProofFolder folder = whole;
    std::string& text = *file_of(folder, name);
    for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
      const auto mask = static_cast<char>(1 << (bit % 8));
      text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
      ASSERT_NO_FATAL_FAILURE(expect_named(kind, folder, name, alone)) << name << " bit " << bit;
      text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
    }
    const std::string original = text;
    for (const std::string& edit : edits_of(original)) {
      if (edit == original) continue;
      text = edit;
      ASSERT_NO_FATAL_FAILURE(expect_named(kind, folder, name, alone)) << name << "\n" << edit;
    }
  }
}

TEST(Tampering, OfAnyBitOrLineIsSeenAndTheFileNamedAlone) {
  expect_tampering_seen(kDrawKind, run_folder(kDrawKind, vector_a(Suite::sha256, BundleRule::skip), true), true);
  expect_tampering_seen(kDrawKind, run_folder(kDrawKind, vector_a(Suite::sm3, BundleRule::over), true), true);
}

// Bits alone: a whole line changed in the ceremony cannot be told from one in the manifest without the deed.
TEST(Tampering, OfAnyBitIsToldWithoutTheDeedsHashesToo) {
  for (const Suite suite : {Suite::sha256, Suite::sm3}) {
    const ProofFolder whole = run_folder(kDrawKind, vector_a(suite, BundleRule::skip), false);
    for (const char* name : {"manifest.txt", "roll.tsv", "ceremony.txt", "result.tsv"}) {
      ProofFolder folder = whole;
      std::string& text = *file_of(folder, name);
      for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
        // A sixtieth where a slip has to be searched for: two thousand searches would take a minute.
        if (name == std::string("ceremony.txt") && bit % 61 != 0) continue;
        if (name == std::string("manifest.txt") && bit % 61 != 0) continue;
        const auto mask = static_cast<char>(1 << (bit % 8));
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
        ASSERT_NO_FATAL_FAILURE(expect_named(kDrawKind, folder, name, true)) << name << " bit " << bit;
        text[bit / 8] = static_cast<char>(text[bit / 8] ^ mask);
      }
    }
  }
}

TEST(Tampering, OfLinesIsSeenWithoutTheDeedsHashesAndTheFileIsAmongThoseNamed) {
  const ProofFolder whole = run_folder(kDrawKind, vector_a(Suite::sha256, BundleRule::skip), false);
  for (const char* name : {"manifest.txt", "roll.tsv", "ceremony.txt", "result.tsv"}) {
    ProofFolder folder = whole;
    const std::string original = *file_of(folder, name);
    for (const std::string& edit : edits_of(original)) {
      if (edit == original) continue;
      *file_of(folder, name) = edit;
      ASSERT_NO_FATAL_FAILURE(expect_named(kDrawKind, folder, name, false)) << name << "\n" << edit;
    }
  }
}

// serves: GY3 GY33 GY34
TEST(Tampering, OfClassListsHeadsAndLateArrivalsIsSeen) {
  DrawWorld world(11);
  for (const ProofKind* kind : {&kClassesKind, &kHeadsKind, &kLateKind}) {
    ProofFolder folder = world.class_draw(*kind, 6);
    while (folder.list.size() < 200) folder = world.class_draw(*kind, 6);
    expect_tampering_seen(*kind, run_folder(*kind, folder, true), true);
  }
}

// serves: GY33 GY34
TEST(Tampering, AnotherDealingUnderHeadsOrLateArrivalsIsSeenWithAndWithoutTheDeed) {
  DrawWorld world(12);
  for (const ProofKind* kind : {&kHeadsKind, &kLateKind}) {
    for (const bool with_deed : {true, false}) {
      const ProofFolder dealing = run_folder(kClassesKind, world.first_dealing(40), true);
      ProofFolder folder = run_folder(*kind, world.next_dealing(*kind, *dealing.result), with_deed);
      while (folder.result->empty() || (kind == &kLateKind && folder.list.empty()))
        folder = run_folder(*kind, world.next_dealing(*kind, *dealing.result), with_deed);
      ASSERT_TRUE(check_proof(*kind, folder).same());
      folder.deal = run_folder(kClassesKind, world.first_dealing(40), true).result;
      expect_named(*kind, folder, "deal.tsv", true);
      folder.deal.reset();
      expect_named(*kind, folder, "deal.tsv", true);
    }
  }
}

TEST(Tampering, AFolderOfTwoDrawsIsNotOne) {
  const ProofFolder a = run_folder(kDrawKind, vector_a(Suite::sha256, BundleRule::skip), true);
  const ProofFolder b = run_folder(kDrawKind, vector_a(Suite::sha256, BundleRule::over), true);
  for (const char* name : {"manifest.txt", "result.tsv"}) {
    ProofFolder mixed = a;
    *file_of(mixed, name) = *file_of(const_cast<ProofFolder&>(b), name);
    expect_named(kDrawKind, mixed, name, true);
  }
}

TEST(Tampering, AnErrorNamesFileLineAndField) {
  ProofFolder folder = vector_a(Suite::sha256, BundleRule::skip);
  folder.list.replace(folder.list.find("\t0\t", 100), 3, "\t00\t");
  try {
    run_proof(kDrawKind, folder);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.where, "roll.tsv:2");
    EXPECT_THAT(error.what(), HasSubstr("tier"));
  }
}

}  // namespace
}  // namespace catchment::test
