#include "server/access/oidc.hpp"

#include <gtest/gtest.h>

#include <map>

#include "geo/input_error.hpp"
#include "tests/server/access/access_world.hpp"
#include "tests/server/access/token_maker.hpp"

namespace catchment::access {
namespace {

using nlohmann::json;

constexpr std::int64_t kNow = 1'790'000'000;
constexpr const char* kIssuer = "https://id.example";

TokenExpectation expectation() {
  TokenExpectation expected;
  expected.issuer = kIssuer, expected.client_id = "catchment", expected.nonce = "n-1";
  expected.algorithms = {TokenAlgorithm::eddsa, TokenAlgorithm::es256, TokenAlgorithm::rs256};
  expected.unix_now = kNow;
  return expected;
}

json good_claims() {
  return {{"iss", kIssuer},  {"aud", "catchment"}, {"sub", "person-7"},    {"nonce", "n-1"},
          {"iat", kNow - 5}, {"exp", kNow + 300},  {"amr", {"pwd", "otp"}}};
}

std::string token_fault(const std::string& token, const PublicKeys& keys, const TokenExpectation& expected) {
  try {
    check_id_token(token, keys, expected);
  } catch (const InputError& error) {
    EXPECT_EQ(std::string(error.what()).find("person-7"), std::string::npos);
    return error.code;
  }
  return "";
}

class IdTokenOf : public testing::TestWithParam<TokenAlgorithm> {};
INSTANTIATE_TEST_SUITE_P(Algorithms, IdTokenOf,
                         testing::Values(TokenAlgorithm::rs256, TokenAlgorithm::es256, TokenAlgorithm::eddsa),
                         [](const auto& algorithm) { return std::string(to_word(algorithm.param)); });

TEST_P(IdTokenOf, IsAcceptedWithItsKeyAndNoOther) {
  const TokenMaker maker(GetParam(), "k1"), other(GetParam(), "k1"), elsewhere(GetParam(), "k2");
  const PublicKeys keys = PublicKeys::parse(maker.jwks());
  const IdClaims claims = check_id_token(maker.token(good_claims()), keys, expectation());
  EXPECT_EQ(claims.subject, "person-7");
  EXPECT_EQ(claims.methods, (std::vector<std::string>{"pwd", "otp"}));
  EXPECT_EQ(token_fault(other.token(good_claims()), keys, expectation()), "id_token_signature");
  EXPECT_EQ(token_fault(elsewhere.token(good_claims()), keys, expectation()), "id_token_key");
  TokenExpectation expected = expectation();
  std::erase(expected.algorithms, GetParam());
  EXPECT_EQ(token_fault(maker.token(good_claims()), keys, expected), "id_token_algorithm");
}

TEST_P(IdTokenOf, EveryAlteredCharacterIsSeen) {
  const TokenMaker maker(GetParam(), "k1");
  const PublicKeys keys = PublicKeys::parse(maker.jwks());
  const std::string token = maker.token(good_claims());
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(token_fault(other, keys, expectation()), "") << i;
  }
  EXPECT_EQ(token_fault(token + ".x", keys, expectation()), "id_token_form");
  EXPECT_EQ(token_fault(token.substr(0, token.rfind('.') + 1), keys, expectation()), "id_token_signature");
}

TEST(IdToken, CannotChooseItsOwnAlgorithmOrKey) {
  const TokenMaker maker(TokenAlgorithm::rs256, "k1"), eddsa(TokenAlgorithm::eddsa, "k1");
  const PublicKeys keys = PublicKeys::parse(maker.jwks());
  const auto with_header = [&](const json& changes) {
    json header = maker.header();
    header.update(changes);
    return token_fault(maker.token(header, good_claims().dump()), keys, expectation());
  };
  EXPECT_EQ(with_header({{"alg", "none"}}), "id_token_algorithm");
  EXPECT_EQ(with_header({{"alg", "HS256"}}), "id_token_algorithm");
  EXPECT_EQ(with_header({{"alg", "rs256"}}), "id_token_algorithm");
  EXPECT_EQ(with_header({{"alg", "ES256"}}), "id_token_key");
  EXPECT_EQ(with_header({{"kid", ""}}), "id_token_key");
  EXPECT_EQ(with_header({{"crit", {"exp"}}}), "id_token_algorithm");
  EXPECT_EQ(token_fault(eddsa.token(good_claims()), keys, expectation()), "id_token_key");
  // HMAC with the public key as the secret, the classic swap.
  const std::string covered =
      to_base64url(json{{"alg", "HS256"}, {"kid", "k1"}}.dump()) + "." + to_base64url(good_claims().dump());
  EXPECT_EQ(
      token_fault(covered + "." + to_base64url(hmac(HmacKind::sha256, maker.jwks(), covered)), keys, expectation()),
      "id_token_algorithm");
  EXPECT_EQ(token_fault(covered + ".", keys, expectation()), "id_token_algorithm");
}

TEST(IdToken, EveryClaimIsHeldToItsExpectation) {
  const TokenMaker maker(TokenAlgorithm::eddsa, "k1");
  const PublicKeys keys = PublicKeys::parse(maker.jwks());
  const auto with = [&](const char* name, const json& value) {
    json claims = good_claims();
    if (value.is_null()) claims.erase(name);
    if (!value.is_null()) claims[name] = value;
    return token_fault(maker.token(claims), keys, expectation());
  };
  EXPECT_EQ(with("iss", "https://id.example/"), "id_token_issuer");
  EXPECT_EQ(with("iss", nullptr), "id_token_issuer");
  EXPECT_EQ(with("aud", "other"), "id_token_audience");
  EXPECT_EQ(with("aud", nullptr), "id_token_audience");
  EXPECT_EQ(with("aud", {"catchment"}), "");
  EXPECT_EQ(with("aud", {"catchment", "other"}), "id_token_audience");
  EXPECT_EQ(with("azp", "other"), "id_token_audience");
  EXPECT_EQ(with("azp", "catchment"), "");
  EXPECT_EQ(with("exp", kNow - 59), "");
  EXPECT_EQ(with("exp", kNow - 60), "id_token_expired");
  EXPECT_EQ(with("exp", nullptr), "id_token_expired");
  EXPECT_EQ(with("exp", "2030"), "id_token_expired");
  EXPECT_EQ(with("exp", INT64_MAX), "id_token_expired");
  EXPECT_EQ(with("exp", 1e300), "id_token_expired");
  EXPECT_EQ(with("iat", kNow + 60), "");
  EXPECT_EQ(with("iat", kNow + 61), "id_token_expired");
  EXPECT_EQ(with("iat", kNow - 659), "");
  EXPECT_EQ(with("iat", kNow - 660), "id_token_expired");
  EXPECT_EQ(with("iat", nullptr), "id_token_expired");
  EXPECT_EQ(with("nbf", kNow + 61), "id_token_expired");
  EXPECT_EQ(with("nonce", "n-2"), "id_token_nonce");
  EXPECT_EQ(with("nonce", nullptr), "id_token_nonce");
  EXPECT_EQ(with("sub", nullptr), "id_token_form");
  EXPECT_EQ(with("sub", ""), "id_token_form");
  EXPECT_EQ(token_fault(maker.token(maker.header(), R"({"iss":"https://id.example","iss":"x"})"), keys, expectation()),
            "id_token_form");
  EXPECT_EQ(token_fault(maker.token(maker.header(), "[1]"), keys, expectation()), "id_token_form");
  EXPECT_EQ(token_fault(std::string(100'000, 'A'), keys, expectation()), "id_token_form");
  EXPECT_EQ(token_fault("", keys, expectation()), "id_token_form");
}

TEST(IdToken, WeakAndForeignKeysAreLeftOut) {
  const TokenMaker weak(TokenAlgorithm::rs256, "weak", 1024), good(TokenAlgorithm::es256, "good");
  json document{{"keys", {weak.jwk(), good.jwk()}}};
  EXPECT_EQ(PublicKeys::parse(document.dump()).size(), 1u);
  json encrypting = good.jwk();
  encrypting["use"] = "enc", encrypting["kid"] = "enc";
  document["keys"].push_back(encrypting);
  document["keys"].push_back({{"kty", "oct"}, {"k", "AAAA"}, {"kid", "secret"}});
  json other_algorithm = good.jwk();
  other_algorithm["alg"] = "RS256", other_algorithm["kid"] = "odd";
  document["keys"].push_back(other_algorithm);
  const PublicKeys keys = PublicKeys::parse(document.dump());
  EXPECT_EQ(keys.size(), 1u);
  EXPECT_TRUE(keys.has("good"));
  document["keys"].push_back(good.jwk());
  EXPECT_THROW(PublicKeys::parse(document.dump()), InputError);
  for (const char* text : {"", "[]", "{}", R"({"keys":1})", R"({"keys":[1]})"})
    EXPECT_THROW(PublicKeys::parse(text), InputError) << text;
}

// An issuer that answers as it should, and keeps what it was asked.
struct LocalIssuer {
  std::unique_ptr<TokenMaker> maker = std::make_unique<TokenMaker>(TokenAlgorithm::eddsa, "k1");
  json description{{"issuer", kIssuer},
                   {"authorization_endpoint", "https://id.example/authorize"},
                   {"token_endpoint", "https://id.example/token"},
                   {"jwks_uri", "https://id.example/keys"},
                   {"authorization_response_iss_parameter_supported", true}};
  std::string nonce;
  std::vector<FetchRequest> asked;
  int keys_fetched = 0;

  FetchAnswer answer(const FetchRequest& request) {
    asked.push_back(request);
    if (request.url.ends_with("/.well-known/openid-configuration")) return {200, description.dump()};
    if (request.url.ends_with("/keys")) return ++keys_fetched, FetchAnswer{200, maker->jwks()};
    json claims = good_claims();
    claims["nonce"] = nonce;
    return {200, json{{"id_token", maker->token(claims)}, {"token_type", "Bearer"}}.dump()};
  }
};

struct OidcWorld : AccessWorld {
  LocalIssuer issuer;
  OidcClient client{rules(), ring, clock, randomness,
                    [this](const FetchRequest& request) { return issuer.answer(request); }};
  OidcBegin begun;
  std::map<std::string, std::string> query;

  static OidcRules rules() {
    OidcRules rules;
    rules.issuer = kIssuer, rules.client_id = "catchment", rules.client_secret = "s&cret";
    rules.redirect_uri = "https://catchment.example/v1/session/oidc";
    return rules;
  }
  OidcWorld() {
    *time = kNow + 8 * 3600;
    begin();
  }
  void begin() {
    begun = client.begin();
    std::istringstream members(begun.url.substr(begun.url.find('?') + 1));
    for (std::string member; std::getline(members, member, '&');)
      query[member.substr(0, member.find('='))] = member.substr(member.find('=') + 1);
    issuer.nonce = query["nonce"];
  }
  std::string cookie() const { return "a=b; " + begun.set_cookie.substr(0, begun.set_cookie.find(';')); }
  OidcReturn returned() { return {"the code", query["state"], kIssuer, ""}; }
  std::string fault(const OidcReturn& answer, const std::string& cookie_header) {
    try {
      client.finish(answer, cookie_header);
    } catch (const InputError& error) {
      return error.code;
    }
    return "";
  }
};

TEST(Oidc, SignsInTheLinkedAccountOnly) {
  OidcWorld world;
  EXPECT_EQ(world.query["response_type"], "code");
  EXPECT_EQ(world.query["code_challenge_method"], "S256");
  EXPECT_EQ(world.query["redirect_uri"], "https%3A%2F%2Fcatchment.example%2Fv1%2Fsession%2Foidc");
  EXPECT_NE(world.begun.set_cookie.find("; Path=/; Secure; HttpOnly; SameSite=Lax"), std::string::npos);
  const OidcPerson person = world.client.finish(world.returned(), world.cookie());
  EXPECT_EQ(person.subject, "person-7");
  EXPECT_TRUE(person.second_factor);

  EXPECT_EQ(world.accounts->login_as(person.issuer, person.subject, true, "").outcome, LoginOutcome::refused);
  const Account account = world.officer(), other = world.officer("south-review");
  world.store.write([&](store::Session& command) {
    world.accounts->link_identity(command, account.number, person.issuer, person.subject);
    EXPECT_THROW(world.accounts->link_identity(command, other.number, person.issuer, person.subject), InputError);
  });
  const Login login = world.accounts->login_as(person.issuer, person.subject, person.second_factor, "");
  ASSERT_EQ(login.outcome, LoginOutcome::signed_in);
  const Identity identity = world.get(cookie_of(*login.session));
  EXPECT_EQ(identity.actor.subject, "account:1");
  EXPECT_TRUE(identity.actor.second_factor);
  EXPECT_EQ(world.accounts->login_as("https://other.example", person.subject, true, "").outcome, LoginOutcome::refused);
}

TEST(Oidc, TheCodeIsTradedWithVerifierAndClientSecret) {
  OidcWorld world;
  world.client.finish(world.returned(), world.cookie());
  const auto traded = std::find_if(world.issuer.asked.begin(), world.issuer.asked.end(),
                                   [](const FetchRequest& request) { return request.method == "POST"; });
  ASSERT_NE(traded, world.issuer.asked.end());
  EXPECT_EQ(traded->authorization, "Basic Y2F0Y2htZW50OnMlMjZjcmV0");  // catchment:s%26cret
  EXPECT_NE(traded->body.find("code=the%20code&"), std::string::npos) << traded->body;
  const std::size_t at = traded->body.find("code_verifier=") + 14;
  const std::string verifier = traded->body.substr(at, traded->body.find('&', at) - at);
  EXPECT_EQ(verifier.size(), 43u);
  const Hash32 hash = sha256(verifier);
  EXPECT_EQ(to_base64url({reinterpret_cast<const char*>(hash.data()), hash.size()}), world.query["code_challenge"]);
  EXPECT_EQ(traded->body.find("cret"), std::string::npos);
}

TEST(Oidc, AnswersOfOtherBrowsersIssuersAndTimesAreRefused) {
  OidcWorld world;
  OidcReturn answer = world.returned();
  EXPECT_EQ(world.fault(answer, ""), "oidc_state");
  EXPECT_EQ(world.fault(answer, "__Host-catchment-oidc=AAAA"), "oidc_state");
  OidcReturn other = answer;
  other.state = "another";
  EXPECT_EQ(world.fault(other, world.cookie()), "oidc_state");
  other = answer, other.state.clear();
  EXPECT_EQ(world.fault(other, world.cookie()), "oidc_state");
  other = answer, other.iss = "https://evil.example";
  EXPECT_EQ(world.fault(other, world.cookie()), "oidc_issuer");
  other = answer, other.iss.clear();
  EXPECT_EQ(world.fault(other, world.cookie()), "oidc_issuer");
  other = answer, other.error = "access_denied";
  EXPECT_EQ(world.fault(other, world.cookie()), "oidc_refused");
  const std::string old_cookie = world.cookie();
  world.begin();
  EXPECT_EQ(world.fault(world.returned(), old_cookie), "oidc_state");
  world.issuer.nonce = "of another sign-in";
  EXPECT_EQ(world.fault(world.returned(), world.cookie()), "id_token_nonce");
  world.begin();
  world.pass(std::chrono::minutes(10));
  EXPECT_EQ(world.fault(world.returned(), world.cookie()), "oidc_state");
}

TEST(Oidc, NewKeysAreFetchedForAnUnknownKidOnceAMinute) {
  OidcWorld world;
  EXPECT_EQ(world.fault(world.returned(), world.cookie()), "");
  EXPECT_EQ(world.fault(world.returned(), world.cookie()), "");
  EXPECT_EQ(world.issuer.keys_fetched, 1);
  world.issuer.maker = std::make_unique<TokenMaker>(TokenAlgorithm::eddsa, "k2");
  EXPECT_EQ(world.fault(world.returned(), world.cookie()), "id_token_key");
  EXPECT_EQ(world.issuer.keys_fetched, 1);
  world.pass(std::chrono::seconds(60));
  EXPECT_EQ(world.fault(world.returned(), world.cookie()), "");
  EXPECT_EQ(world.issuer.keys_fetched, 2);
}

TEST(Oidc, AnIssuerThatDescribesItselfOtherwiseIsRefused) {
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, json>>{{"issuer", "https://id.example/"},
                                                 {"token_endpoint", "http://id.example/token"},
                                                 {"jwks_uri", nullptr},
                                                 {"authorization_endpoint", "javascript:alert(1)"}}) {
    OidcWorld world;
    world.issuer.description[name] = value;
    OidcClient fresh(OidcWorld::rules(), world.ring, world.clock, world.randomness,
                     [&](const FetchRequest& request) { return world.issuer.answer(request); });
    EXPECT_THROW(fresh.begin(), InputError) << name;
  }
  OidcRules plain = OidcWorld::rules();
  plain.issuer = "http://127.0.0.1.evil.example";
  OidcWorld world;
  EXPECT_THROW(OidcClient(plain, world.ring, world.clock, world.randomness, {}), InputError);
}

}  // namespace
}  // namespace catchment::access
