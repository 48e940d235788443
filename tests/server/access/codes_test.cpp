// Published vectors: HMAC (RFC 2202, 4231), base encodings (RFC 4648), HOTP (RFC 4226), TOTP (RFC 6238), GB 11643.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "engine/admission/lottery/hash_suite.hpp"
#include "geo/input_error.hpp"
#include "server/access/attempts.hpp"
#include "server/access/child_key.hpp"
#include "server/access/crypto.hpp"
#include "server/access/password.hpp"
#include "server/access/totp.hpp"
#include "tests/server/access/access_world.hpp"

namespace catchment::access {
namespace {

std::string bytes_of_hash(const Hash32& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

TEST(Crypto, DigestsAndHmacsGiveThePublishedValues) {
  EXPECT_EQ(to_hex(bytes_of_hash(sha256("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string data = "what do ya want for nothing?";
  EXPECT_EQ(to_hex(hmac(HmacKind::sha1, "Jefe", data)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(to_hex(hmac(HmacKind::sha256, "Jefe", data)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      to_hex(hmac(HmacKind::sha512, "Jefe", data)),
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b"
      "636e070a38bce737");
}

// The draw's HMAC-SM3 is made of two digests by hand; this one is the library's.
TEST(Crypto, HmacSm3IsThatOfTheDraw) {
  const Key32 key = new_key(counting_randomness(5));
  engine::admission::Digest digest;
  std::copy(key.bytes().begin(), key.bytes().end(), digest.begin());
  const auto ticket = engine::admission::TicketKey(engine::admission::Suite::sm3, digest).ticket("message");
  EXPECT_EQ(hmac(HmacKind::sm3, key.view(), "message"), bytes_of_hash(ticket));
}

TEST(Crypto, BaseEncodingsGiveThePublishedValuesAndReadStrictly) {
  EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(to_base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(to_base32("f"), "MY");
  EXPECT_EQ(to_base64url("foobar"), "Zm9vYmFy");
  EXPECT_EQ(to_base64url("foob"), "Zm9vYg");
  EXPECT_EQ(to_base64url("\xff\xfe\xfd"), "__79");
  EXPECT_EQ(find_base64url("Zm9vYg"), "foob");
  EXPECT_FALSE(find_base64url("Zm9vYh"));  // stray bits: the same bytes have one spelling
  EXPECT_FALSE(find_base64url("Zm9vYg=="));
  EXPECT_FALSE(find_base64url("Zm9v+w"));
  EXPECT_FALSE(find_base64url("Z"));
  EXPECT_EQ(find_hex("00ff"), std::string("\0\xff", 2));
  EXPECT_FALSE(find_hex("00FF"));
  EXPECT_FALSE(find_hex("0"));
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    EXPECT_EQ(find_base64url(to_base64url(bytes)), bytes);
    EXPECT_EQ(find_hex(to_hex(bytes)), bytes);
  }
}

TEST(Crypto, RandomNumbersBelowABoundAreSpreadEvenly) {
  const Randomness random = counting_randomness(3);
  std::vector<int> counts(10);
  for (int i = 0; i < 100'000; ++i) ++counts[random_below(random, 10)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);
}

TEST(Totp, HotpGivesTheValuesOfRfc4226) {
  const char* const expected[] = {"755224", "287082", "359152", "969429", "338314",
                                  "254676", "287922", "162583", "399871", "520489"};
  for (std::uint64_t counter = 0; counter < 10; ++counter)
    EXPECT_EQ(hotp("12345678901234567890", counter), expected[counter]);
}

TEST(Totp, GivesTheValuesOfRfc6238) {
  const std::string ten = "1234567890";
  std::string sha1 = ten + ten, sha256 = ten + ten + ten + "12", sha512;
  for (int i = 0; i < 6; ++i) sha512 += ten;
  sha512 += "1234";
  const struct {
    std::int64_t time;
    const char *one, *two, *five;
  } rows[] = {{59, "94287082", "46119246", "90693936"},         {1111111109, "07081804", "68084774", "25091201"},
              {1111111111, "14050471", "67062674", "99943326"}, {1234567890, "89005924", "91819424", "93441116"},
              {2000000000, "69279037", "90698825", "38618901"}, {20000000000, "65353130", "77737706", "47863826"}};
  for (const auto& row : rows) {
    const auto at = [&](const std::string& secret, HmacKind kind) {
      return hotp(secret, static_cast<std::uint64_t>(row.time / 30), {kind, 8, 30});
    };
    EXPECT_EQ(at(sha1, HmacKind::sha1), row.one);
    EXPECT_EQ(at(sha256, HmacKind::sha256), row.two);
    EXPECT_EQ(at(sha512, HmacKind::sha512), row.five);
  }
}

TEST(Totp, ACodeServesOnceAndOneStepEarlyOrLate) {
  const std::string secret = "12345678901234567890";
  const std::int64_t now = 1'000'000'000, step = now / 30;
  const auto find = [&](std::int64_t of, std::int64_t last) {
    return find_totp_step(secret, hotp(secret, static_cast<std::uint64_t>(of)), now, last);
  };
  EXPECT_EQ(find(step, 0), step);
  EXPECT_EQ(find(step - 1, 0), step - 1);
  EXPECT_EQ(find(step + 1, 0), step + 1);
  EXPECT_FALSE(find(step - 2, 0));
  EXPECT_FALSE(find(step + 2, 0));
  EXPECT_FALSE(find(step, step));
  EXPECT_FALSE(find(step - 1, step));
  EXPECT_EQ(find(step + 1, step), step + 1);
  EXPECT_FALSE(find_totp_step(secret, "", now, 0));
  EXPECT_FALSE(find_totp_step(secret, "12345", now, 0));
}

TEST(Totp, BeijingIsEightHoursAhead) { EXPECT_EQ(unix_seconds(Moment(std::chrono::hours(8))), 0); }

TEST(Password, IsKeptWithItsParametersAndChecksOnlyAgainstItself) {
  const PasswordCost cost = small_cost();
  const std::string phc = hash_password("correct horse", cost, counting_randomness(1));
  EXPECT_TRUE(phc.starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << phc;
  EXPECT_TRUE(is_password(phc, "correct horse"));
  EXPECT_FALSE(is_password(phc, "correct horsf"));
  EXPECT_FALSE(is_password(phc, ""));
  EXPECT_FALSE(is_password("", "correct horse"));
  EXPECT_NE(phc, hash_password("correct horse", cost, counting_randomness(2)));
  const std::string nothing = hash_of_nothing(cost, counting_randomness(3));
  EXPECT_EQ(nothing.size(), phc.size());
  EXPECT_FALSE(is_outdated(nothing, cost));
  EXPECT_FALSE(is_password(nothing, "correct horse"));
  EXPECT_FALSE(is_outdated(phc, cost));
  EXPECT_TRUE(is_outdated(phc, {2, 8192}));
}

// The reference implementation's test of Argon2id 19: a PHC string of another program is read.
TEST(Password, ReadsTheReferenceString) {
  EXPECT_TRUE(is_password("$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                          "password"));
}

TEST(Password, RulesRefuseWhatIsGuessed) {
  const auto code = [](const char* password) -> std::string {
    try {
      check_password_rules(password, "north-review", "/password");
    } catch (const InputError& error) {
      return error.code;
    }
    return "";
  };
  EXPECT_EQ(code("nine char"), "password_short");
  EXPECT_EQ(code("North-Review"), "password_name");
  EXPECT_EQ(code("north-review2026"), "password_name");
  EXPECT_EQ(code("north-reviewnorth-review"), "password_name");
  EXPECT_EQ(code("aaaaaaaaaaaaa"), "password_plain");
  EXPECT_EQ(code(std::string(201, 'x').append("y").c_str()), "password_long");
  EXPECT_EQ(code("ten chars!"), "");
  EXPECT_EQ(code("the seal of north-review"), "");
}

// serves: ZZ16 GY15
TEST(ChildKey, CheckCharacterIsThatOfTheStandard) {
  // The two examples of GB 11643-1999.
  EXPECT_EQ(check_character("11010519491231002"), 'X');
  EXPECT_EQ(check_character("44052418800101001"), '4');
}

std::string document_fault(std::string_view type, std::string_view number) {
  try {
    parse_document(type, number, "/document");
  } catch (const InputError& error) {
    EXPECT_EQ(error.where, "/document");
    return error.code;
  }
  return "";
}

// A made-up number: no district has the code 000000.
std::string made_up_number(const std::string& birth, const std::string& serial) {
  const std::string digits = "000000" + birth + serial;
  return digits + check_character(digits);
}

TEST(ChildKey, EveryMistypedCharacterAndEverySwapIsSeen) {
  for (int serial = 0; serial < 40; ++serial) {
    const std::string number = made_up_number("20180229", "0" + std::to_string(serial + 10));
    EXPECT_EQ(document_fault("resident_id", number), "document_birth_date");
    const std::string good = made_up_number("20180228", "0" + std::to_string(serial + 10));
    ASSERT_EQ(document_fault("resident_id", good), "") << good;
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const char c : std::string("0123456789X")) {
        std::string other = good;
        other[i] = c;
        if (other == good) continue;
        EXPECT_NE(document_fault("resident_id", other), "") << good << " " << other;
      }
      if (i + 1 < good.size() && good[i] != good[i + 1]) {
        std::string swapped = good;
        std::swap(swapped[i], swapped[i + 1]);
        EXPECT_NE(document_fault("resident_id", swapped), "");
      }
    }
  }
}

TEST(ChildKey, FaultsOfDocumentsHaveTheirCodes) {
  const std::string good = made_up_number("20190301", "123");
  EXPECT_EQ(document_fault("identity", good), "document_type_unknown");
  EXPECT_EQ(document_fault("resident_id", good.substr(1)), "document_length");
  EXPECT_EQ(document_fault("resident_id", "000000190301123"), "document_length");
  EXPECT_EQ(document_fault("resident_id", "A" + good.substr(1)), "document_character");
  EXPECT_EQ(document_fault("resident_id", made_up_number("18991231", "123")), "document_birth_date");
  std::string wrong = good;
  wrong[16] = wrong[16] == '9' ? '0' : static_cast<char>(wrong[16] + 1);
  EXPECT_EQ(document_fault("resident_id", wrong), "document_check_digit");
  EXPECT_EQ(document_fault("resident_id", ""), "document_length");
  EXPECT_EQ(document_fault("passport", "X12"), "document_form");
  EXPECT_EQ(document_fault("passport", "ABCDEFG"), "document_form");
  EXPECT_EQ(document_fault("hk_macao_permit", "A12345678"), "document_form");
  EXPECT_EQ(document_fault("taiwan_permit", "1234567"), "document_form");
  EXPECT_EQ(document_fault("foreigner_permanent_card", good), "document_form");
  EXPECT_EQ(document_fault("passport", std::string(1000, 'A')), "document_length");
  for (const auto& [type, number] :
       std::vector<std::pair<const char*, const char*>>{{"passport", "X1234567"},
                                                        {"hk_macao_permit", "H0000000001"},
                                                        {"hk_macao_permit", "m00000000"},
                                                        {"taiwan_permit", "00000000"},
                                                        {"foreigner_permanent_card", "XYZ000000000000"}}) {
    EXPECT_EQ(document_fault(type, number), "") << type;
  }
}

TEST(ChildKey, IsOneForAllSpellingsAndAnotherForAllElse) {
  const RingKey key{SealSuite::aes_gcm, new_key(counting_randomness(1))};
  const RingKey other{SealSuite::aes_gcm, new_key(counting_randomness(2))};
  const RingKey sm{SealSuite::sm4_sm3, key.key};
  const std::string number = "11010519491231002X";  // the standard's example
  const auto keyed = [&](const RingKey& of, std::string_view type, std::string_view text) {
    return child_key(of, parse_document(type, text, ""));
  };
  const std::string one = keyed(key, "resident_id", number);
  EXPECT_EQ(one.size(), 64u);
  EXPECT_EQ(one, keyed(key, "resident_id", "110105 19491231 002x"));
  EXPECT_EQ(one, keyed(key, "resident_id", "１１０１０５１９４９１２３１００２Ｘ"));
  EXPECT_EQ(one, keyed(key, "resident_id", "110105　19491231002ｘ"));
  const std::set<std::string> all{one, keyed(other, "resident_id", number), keyed(sm, "resident_id", number),
                                  keyed(key, "passport", "12345678"), keyed(key, "taiwan_permit", "12345678")};
  EXPECT_EQ(all.size(), 5u);
  EXPECT_EQ(keyed(key, "hk_macao_permit", "H1234567801"), keyed(key, "hk_macao_permit", "H1234567802"));
}

TEST(ChildKey, TellsTheBirthDateWhereTheNumberHasOne) {
  using namespace std::chrono_literals;
  EXPECT_EQ(birth_date(parse_document("resident_id", "11010519491231002X", "")), 1949y / 12 / 31);
  EXPECT_FALSE(birth_date(parse_document("passport", "X1234567", "")));
}

TEST(FailureLocks, LockAfterFiveAndDoubleAndForget) {
  FailureLocks locks({}, counting_randomness(1));
  Moment now(std::chrono::hours(1));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(locks.begin("a", now)) << i;
  EXPECT_EQ(locks.begin("a", now), now + std::chrono::minutes(15));
  EXPECT_FALSE(locks.begin("b", now));
  now += std::chrono::minutes(15);
  EXPECT_FALSE(locks.begin("a", now));
  EXPECT_EQ(locks.begin("a", now), now + std::chrono::minutes(30));
  now += std::chrono::minutes(30);
  EXPECT_FALSE(locks.begin("a", now));
  EXPECT_EQ(locks.begin("a", now), now + std::chrono::minutes(60));
  now += std::chrono::hours(30);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(locks.begin("a", now)) << i;
  EXPECT_TRUE(locks.begin("a", now));
  locks.succeeded("a");
  EXPECT_FALSE(locks.begin("a", now));
}

TEST(FailureLocks, AFloodOfNamesNeitherFreesNorFillsOne) {
  FailureLocks locks({}, counting_randomness(1), 1024);
  const Moment now(std::chrono::hours(1));
  for (int i = 0; i < 5; ++i) locks.begin("victim", now);
  for (int i = 0; i < 300; ++i) locks.begin("name" + std::to_string(i), now);
  EXPECT_TRUE(locks.begin("victim", now));
  int slowed = 0;
  for (int i = 1000; i < 2000; ++i) slowed += locks.begin("other" + std::to_string(i), now) ? 1 : 0;
  EXPECT_LT(slowed, 20);
}

TEST(RateLimits, GiveABurstThenOneAtATime) {
  RateLimits limits({3, std::chrono::seconds(10)}, counting_randomness(1));
  Moment now(std::chrono::hours(1));
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limits.take("a", now));
  EXPECT_EQ(limits.take("a", now), now + std::chrono::seconds(10));
  EXPECT_FALSE(limits.take("b", now));
  now += std::chrono::seconds(10);
  EXPECT_FALSE(limits.take("a", now));
  EXPECT_TRUE(limits.take("a", now));
  now += std::chrono::seconds(300);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(limits.take("a", now));
  EXPECT_TRUE(limits.take("a", now));
}

TEST(RateLimits, CountAnAddressAsItsCustomer) {
  EXPECT_EQ(address_key("2001:db8:1:2:3:4:5:6"), address_key("2001:db8:1:2::1"));
  EXPECT_NE(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:3::1"));
  EXPECT_EQ(address_key("::ffff:192.0.2.7"), address_key("192.0.2.7"));
  EXPECT_NE(address_key("192.0.2.8"), address_key("192.0.2.7"));
}

}  // namespace
}  // namespace catchment::access
