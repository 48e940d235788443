// draw/1: the published vector, hashes by foreign vectors, what may not matter, and waiting lists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "engine/admission/lottery/waiting_list.hpp"
#include "geo/input_error.hpp"
#include "tests/engine/admission/draw_world.hpp"

namespace catchment::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct VectorA {
  Suite suite;
  BundleRule bundle;
  const char* manifest;
  const char* seed;
  const char* result;
  const char* order;  // first letters of the codes, | before the first that waits
};

class EveryVectorA : public ::testing::TestWithParam<VectorA> {};

// serves: ZZ39 LB16 GY24
TEST_P(EveryVectorA, IsReproducedByteForByte) {
  const VectorA& a = GetParam();
  const ProofCheck check = run_proof(kDrawKind, vector_a(a.suite, a.bundle));
  EXPECT_EQ(to_hex(check.hashes.manifest).substr(0, 16), a.manifest);
  EXPECT_EQ(to_hex(check.hashes.seed), a.seed);
  EXPECT_EQ(to_hex(check.hashes.result), a.result);
  std::string order;
  bool waits = false;
  for (const ResultLine& line : parse_result(check.result)) {
    if (!line.admitted && !waits) order += '|', waits = true;
    order += line.code[0];
  }
  EXPECT_EQ(order, a.order);
}

// sha256 with skip is the published vector; the others were computed by the reference verifier of the design.
INSTANTIATE_TEST_SUITE_P(
    Lottery, EveryVectorA,
    ::testing::Values(VectorA{Suite::sha256, BundleRule::skip, "89257482f7827ae3",
                              "d730ed7f2e9c67bea880ac19440697067864b801b3fd0dce8b863ee448610080",
                              "da69b81ff9d8c8471bc7e2b77a37cbdd885eb646c7416db9c23c37f733f66c53", "DEFB|AC"},
                      VectorA{Suite::sha256, BundleRule::over, "994d3fb4e01f2970",
                              "0ce8281f40b3b51e7d4e5c1a280dd2c9cd392d97f14580f5cb2183983ebcfcb6",
                              "cf88767adb0cad7e8a150697d6837a177504b237d01daa2fabdd7ad8aa4b5f19", "FBDE|CA"},
                      VectorA{Suite::sm3, BundleRule::skip, "01a45d77ea8c45ba",
                              "af8b1073f30a92d3eb87f0f23ceaa5226eb4d273325231eff03fafb6fe4cc72c",
                              "e8d17ee8fa0b23fea3bf5d32b2e03b724e31c9fd42bb3657a474910ad50342dc", "ADEF|BC"},
                      VectorA{Suite::sm3, BundleRule::over, "66a26de07d03e2ef",
                              "b93829ad0a33f49181ee5ce274c8ba4a96607842d4420a8625142dfda268006a",
                              "3271321d48e23a08d5462cbbeb8e6f951cf718e8244914de3e06060d65113b4b", "FCBA|DE"}));

TEST(HashSuite, GivesThePublishedHashes) {
  EXPECT_EQ(to_hex(hash(Suite::sha256, "abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(hash(Suite::sha256, "")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(hash(Suite::sm3, "abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string repeated_text;  // GB/T 32905, second example
  for (int i = 0; i < 16; ++i) repeated_text += "abcd";
  EXPECT_EQ(to_hex(hash(Suite::sm3, repeated_text)),
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(HashSuite, GivesTheMacThatOpenSslGives) {
  DrawWorld world(5);
  for (const auto& [suite, name] : {std::pair{Suite::sha256, "SHA256"}, std::pair{Suite::sm3, "SM3"}}) {
    const Digest key_bytes = world.digest();
    const TicketKey key(suite, key_bytes);
    for (std::size_t size : {0u, 1u, 55u, 56u, 64u, 200u}) {
      const std::string message(size, 'm');
      Digest mac{};
      std::size_t length = 0;
      ASSERT_NE(EVP_Q_mac(nullptr, "HMAC", nullptr, name, nullptr, key_bytes.data(), key_bytes.size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac.data(),
                          mac.size(), &length),
                nullptr);
      EXPECT_EQ(key.ticket(message), mac) << name << " " << size;
    }
  }
}

// A number of 256 or 128 bits modulo a small one.
int modulo(std::span<const std::uint8_t> bytes, int divisor) {
  int rest = 0;
  for (const std::uint8_t byte : bytes) rest = (rest * 256 + byte) % divisor;
  return rest;
}

TEST(ForeignVectors, OfRfc3797AreMet) {
  const std::string key = "9319./2.5.8.10.12./9.18.26.34.41.45./";
  std::vector<int> pool(25), picked;
  for (int i = 0; i < 25; ++i) pool[static_cast<std::size_t>(i)] = i + 1;
  for (int i = 0; i < 10; ++i) {
    const std::string wrap{'\0', static_cast<char>(i)};
    const std::string message = wrap + key + wrap;
    std::array<std::uint8_t, 16> md5{};
    std::size_t length = 0;
    ASSERT_EQ(EVP_Q_digest(nullptr, "MD5", nullptr, message.data(), message.size(), md5.data(), &length), 1);
    const auto at = pool.begin() + modulo(md5, static_cast<int>(pool.size()));
    picked.push_back(*at);
    pool.erase(at);
  }
  EXPECT_THAT(picked, ElementsAre(17, 7, 2, 16, 25, 23, 8, 24, 19, 13));
}

// The published test cases of Rivest's sampler (cjerdonek/rivest-sampler-tests): SHA-256(seed "," i) modulo the total.
TEST(ForeignVectors, OfRivestsSamplerAreMet) {
  struct Case {
    const char* seed;
    int total;
    std::vector<int> picks;
  };
  const Case cases[]{{"abc123", 1000, {455, 764, 629}},
                     {"0", 1000, {905, 573, 160}},
                     {"0", 2, {1, 1, 2}},
                     {"1", 1000, {97, 89, 163}},
                     {"0000000000", 1000, {978, 359, 132}},
                     {"999999999999999999999999", 1000, {544, 800, 654}},
                     {"abcde", 1000, {247, 427, 157}},
                     {"3546311556112163624615351222", 876, {740, 180, 264, 789, 238}},
                     {"snowman: \xe2\x98\x83", 1000, {634, 56, 46}},
                     {"\xf0\x9f\x98\x80", 1000, {596, 415, 303, 11, 141}}};
  for (const Case& c : cases) {
    for (std::size_t i = 0; i < c.picks.size(); ++i) {
      const Digest digest = hash(Suite::sha256, std::string(c.seed) + "," + std::to_string(i + 1));
      EXPECT_EQ(modulo(digest, c.total) + 1, c.picks[i]) << c.seed;
    }
  }
}

TEST(Commitments, ANumberThatIsAnotherIsRefusedAndOneNotOpenedIsNoted) {
  ProofFolder folder = vector_a(Suite::sha256, BundleRule::skip);
  Manifest manifest = parse_manifest(folder.manifest);
  manifest.terms.commitments = {nonce_commitment(manifest.suite, "notary", repeated(0)),
                                nonce_commitment(manifest.suite, "bureau", repeated(0x11))};
  folder.manifest = print(manifest);
  EXPECT_THAT(run_proof(kDrawKind, folder).incidents, IsEmpty());
  Ceremony ceremony = parse_ceremony(folder.ceremony);
  ceremony.bureau = (*manifest.terms.commitments)[1];
  folder.ceremony = print(ceremony);
  EXPECT_THAT(run_proof(kDrawKind, folder).incidents, ElementsAre(HasSubstr("bureau was not opened")));
  ceremony.bureau = repeated(0x12);
  folder.ceremony = print(ceremony);
  const ProofCheck check = check_proof(kDrawKind, folder);
  ASSERT_EQ(check.findings.size(), 1u);
  EXPECT_THAT(check.findings[0].files, ElementsAre("ceremony.txt"));
}

TEST(Pools, UnderOneCeremonyShareItAndNoChild) {
  DrawWorld world(3);
  std::vector<ProofFolder> pools;
  const std::vector<std::string> names{"boys", "girls"};
  const std::vector<Code> codes = world.codes(10);
  const std::string ceremony = world.ceremony();
  std::vector<RollLine> all;
  for (const Code& code : codes) all.push_back({code, code, 0, world.digest()});
  for (std::size_t i = 0; i < 2; ++i) {
    const std::vector<RollLine> roll(all.begin() + static_cast<std::ptrdiff_t>(5 * i),
                                     all.begin() + static_cast<std::ptrdiff_t>(5 * i + 5));
    Manifest m;
    m.draw = names[i], m.seats = 3 - static_cast<int>(i), m.roll = hash(m.suite, print(roll));
    m.quotas = {{"boys", 3}, {"girls", 2}};
    pools.push_back(run_folder(kDrawKind, {print(m), print(roll), ceremony, {}, {}, {}}, false));
  }
  EXPECT_THAT(check_pools(pools, names), IsEmpty());
  EXPECT_FALSE(check_pools(std::span(pools).first(1), std::span(names).first(1)).empty());
  std::vector<ProofFolder> other = pools;
  other[1].ceremony = world.ceremony(), other[1].result.reset();
  EXPECT_THAT(check_pools(other, names).at(0).files, ElementsAre("girls/ceremony.txt"));
}

// --- fairness and what may not matter (R2.4, R2.5)

TEST(Draw, TheOrderOfTheUnitsCannotMatter) {
  DrawWorld world(8);
  for (int i = 0; i < 200; ++i) {
    const ProofFolder folder = world.draw(40);
    const Manifest manifest = parse_manifest(folder.manifest);
    std::vector<RollLine> roll = parse_roll(folder.list);
    const Digest seed = world.digest();
    const std::string result = print(run_draw(manifest, roll, seed));
    for (std::size_t k = roll.size(); k > 1; --k)
      std::swap(roll[k - 1], roll[static_cast<std::size_t>(world.between(0, static_cast<int>(k) - 1))]);
    ASSERT_EQ(print(run_draw(manifest, roll, seed)), result);
  }
}

TEST(Draw, AChildThatLeavesMovesNobodyElse) {
  DrawWorld world(9);
  for (int i = 0; i < 200; ++i) {
    std::vector<RollLine> roll = singles(world.codes(world.between(2, 30)));
    for (RollLine& line : roll) line.tier = world.between(0, 2);
    Manifest manifest;
    manifest.draw = "leave", manifest.seats = world.between(0, 30);
    const Digest seed = world.digest();
    std::vector<Code> before, after;
    const Code gone = roll[static_cast<std::size_t>(world.between(0, static_cast<int>(roll.size()) - 1))].code;
    for (const ResultLine& line : run_draw(manifest, roll, seed)) {
      if (line.code != gone) before.push_back(line.code);
    }
    std::erase_if(roll, [&](const RollLine& line) { return line.code == gone; });
    for (const ResultLine& line : run_draw(manifest, roll, seed)) after.push_back(line.code);
    ASSERT_EQ(before, after);
  }
}

// serves: ZZ10 CQ11 GY28
TEST(Draw, WithinPlanEverybodyIsAdmittedAndBeyondItJustAsManyAsThePlan) {
  DrawWorld world(14);
  for (int i = 0; i < 100; ++i) {
    const std::vector<RollLine> bundled = world.roll(30);
    Manifest manifest;
    manifest.draw = "plan", manifest.seats = static_cast<int>(bundled.size());
    for (const ResultLine& line : run_draw(manifest, bundled, world.digest())) ASSERT_TRUE(line.admitted);
    const std::vector<RollLine> roll = singles(world.codes(30));
    manifest.seats = world.between(0, 29);
    int admitted = 0;
    for (const ResultLine& line : run_draw(manifest, roll, world.digest())) admitted += line.admitted ? 1 : 0;
    ASSERT_EQ(admitted, manifest.seats);
    ASSERT_EQ(seats_over_plan(manifest, run_draw(manifest, roll, world.digest())), 0);
  }
}

TEST(Draw, WithoutBundlesOneMoreSeatAdmitsOneMoreAndPutsNobodyOut) {
  DrawWorld world(10);
  for (int i = 0; i < 200; ++i) {
    const std::vector<RollLine> roll = singles(world.codes(world.between(2, 30)));
    Manifest manifest;
    manifest.draw = "seat", manifest.seats = world.between(0, static_cast<int>(roll.size()) - 1);
    const Digest seed = world.digest();
    const std::vector<ResultLine> few = run_draw(manifest, roll, seed);
    ++manifest.seats;
    const std::vector<ResultLine> more = run_draw(manifest, roll, seed);
    int added = 0;
    for (std::size_t k = 0; k < few.size(); ++k) {
      ASSERT_EQ(few[k].code, more[k].code);
      ASSERT_LE(few[k].admitted, more[k].admitted);
      added += more[k].admitted != few[k].admitted ? 1 : 0;
    }
    ASSERT_EQ(added, 1);
  }
}

// serves: CQ21
TEST(Promotion, AForfeitCallsTheNextWhoWaitsAndNoSecondDraw) {
  const ProofFolder folder = vector_a(Suite::sha256, BundleRule::skip);  // D+E F B | A C
  const Manifest manifest = parse_manifest(folder.manifest);
  const std::vector<ResultLine> result = parse_result(run_proof(kDrawKind, folder).result);
  const Code f = to_code("F9J3Z5MP"), c = to_code("C5X1R8ND"), b = to_code("B3Q9T4VH");
  const std::vector<Promotion> one = promote(manifest, result, std::vector<Code>{f});
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(view(one[0].code), "A7K2M9QX");
  EXPECT_EQ(one[0].freed_by, f);
  EXPECT_THAT(promote(manifest, result, std::vector<Code>{c}), IsEmpty());  // who waits frees nothing
  const std::vector<Promotion> two = promote(manifest, result, std::vector<Code>{f, b});
  ASSERT_EQ(two.size(), 2u);
  EXPECT_EQ(two[1].code, c);
  EXPECT_THROW(promote(manifest, result, std::vector<Code>{f, f}), InputError);
}

TEST(Promotion, SeatsOverPlanFallAwayFirstAndABundleWaitsForTwo) {
  ProofFolder folder = vector_a(Suite::sm3, BundleRule::over);  // F C B A | D+E with 4 seats
  Manifest manifest = parse_manifest(folder.manifest);
  std::vector<ResultLine> result = parse_result(run_proof(kDrawKind, folder).result);
  const Code f = to_code("F9J3Z5MP"), c = to_code("C5X1R8ND");
  EXPECT_EQ(promote(manifest, result, std::vector<Code>{f}).size(), 2u);  // over: both twins for one seat
  EXPECT_EQ(promote(manifest, result, std::vector<Code>{f, c}).size(), 2u);
  manifest.bundle = BundleRule::skip;
  EXPECT_THAT(promote(manifest, result, std::vector<Code>{f}), IsEmpty());
  EXPECT_EQ(promote(manifest, result, std::vector<Code>{f, c}).size(), 2u);
}

TEST(Promotion, AFreshDrawHasThoseWhoStillWait) {
  const ProofFolder folder = vector_a(Suite::sm3, BundleRule::over);
  const std::vector<RollLine> roll = parse_roll(folder.list);
  const std::vector<ResultLine> result = parse_result(run_proof(kDrawKind, folder).result);
  const std::vector<RollLine> waiting = waiting_roll(roll, result, std::vector<Code>{to_code("D8N4W2JF")});
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].code, to_code("E2H6Y7KB"));
  EXPECT_EQ(waiting[0].unit, waiting[0].code);
  EXPECT_NO_THROW(parse_roll(print(waiting)));
}

// One after the other it is what `promote` gives; at one moment seats are free together.
// serves: CQ21 GY25
TEST(WaitingList, PassesSeatsOnAsPromoteDoesAndTogetherWhereTheyFellFreeTogether) {
  DrawWorld world(15);
  for (int k = 0; k < 200; ++k) {
    const std::vector<RollLine> roll = world.roll(30);
    Manifest manifest;
    manifest.draw = "waiting", manifest.seats = world.between(0, 20);
    manifest.bundle = world.chance(2) ? BundleRule::over : BundleRule::skip;
    const std::vector<ResultLine> result = run_draw(manifest, roll, world.digest());
    std::vector<Code> codes;
    std::vector<GoneChild> gone;
    for (const RollLine& line : roll) {
      if (!world.chance(3)) continue;
      codes.push_back(line.code);
      gone.push_back({std::chrono::local_seconds(std::chrono::seconds(codes.size())), line.code});
    }
    std::vector<std::pair<int, Code>> expected, got;
    for (const Promotion& p : promote(manifest, result, codes)) expected.emplace_back(p.rank, p.code);
    for (const PromotedChild& p : pass_on_seats(manifest, result, gone)) got.emplace_back(p.rank, p.code);
    ASSERT_EQ(got, expected);
    ASSERT_EQ(print(parse_gone(print(gone))), print(gone));
    if (gone.empty()) continue;
    Manifest ended = manifest;  // its last day was the day before
    ended.waitlist = WaitlistRule::order;
    ended.waitlist_until = std::chrono::floor<std::chrono::days>(gone.front().at) - std::chrono::days(1);
    ASSERT_TRUE(pass_on_seats(ended, result, gone).empty());
  }
}

TEST(WaitingList, APairComesInWhereTwoSeatsFellFreeAtOnce) {
  DrawWorld world(16);
  const std::vector<Code> codes = world.codes(5);
  std::vector<ResultLine> result;
  for (int i = 0; i < 5; ++i)
    result.push_back({i < 2 ? i + 1 : i < 4 ? 3 : 4, codes[static_cast<std::size_t>(i)], {}, 0, {}, i < 2});
  Manifest manifest;
  manifest.seats = 2;
  const std::chrono::local_seconds at(std::chrono::days(20'000));
  const auto came = [&](std::chrono::seconds apart) {
    std::vector<Code> in;
    for (const PromotedChild& p :
         pass_on_seats(manifest, result, std::vector<GoneChild>{{at, codes[0]}, {at + apart, codes[1]}}))
      in.push_back(p.code);
    return in;
  };
  EXPECT_THAT(came(std::chrono::seconds(0)), ElementsAre(codes[2], codes[3]));
  EXPECT_THAT(came(std::chrono::seconds(1)), ElementsAre(codes[4]));
  manifest.waitlist = WaitlistRule::fresh;
  EXPECT_THROW(came(std::chrono::seconds(0)), InputError);
}

}  // namespace
}  // namespace catchment::test
