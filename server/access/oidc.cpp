#include "server/access/oidc.hpp"

#include <algorithm>
#include <mutex>
#include <nlohmann/json.hpp>

#include "geo/input_error.hpp"
#include "server/access/columns.hpp"
#include "server/access/field_seal.hpp"
#include "server/access/token_json.hpp"
#include "server/access/totp.hpp"

namespace catchment::access {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kSignInTime{10 * 60}, kKeysAgain{60}, kDescriptionAgain{3600};
// Lax: the answer is a navigation from the issuer's site, with which a Strict cookie would not come.
constexpr std::string_view kOidcCookieEnds = "; Path=/; Secure; HttpOnly; SameSite=Lax";
constexpr FieldPlace kOidcPlace{"cookie", "oidc", ""};

std::string url_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out.append("%").append(1, kDigits[static_cast<unsigned char>(c) >> 4]);
      out += kDigits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::string form_of(const std::vector<std::pair<std::string_view, std::string_view>>& members) {
  std::string form;
  for (const auto& [name, value] : members)
    form.append(form.empty() ? "" : "&").append(name).append("=").append(url_encoded(value));
  return form;
}

// Encrypted on the way, or on the way nowhere.
bool is_safe_url(std::string_view url) {
  if (url.starts_with("https://")) return url.size() > 8;
  for (const std::string_view host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
    if (url.starts_with(host) && (url.size() == host.size() || url[host.size()] == ':' || url[host.size()] == '/'))
      return true;
  return false;
}

std::string random_text(const Randomness& randomness, std::size_t bytes) {
  std::vector<std::uint8_t> random(bytes);
  randomness(random);
  return to_base64url(view_of(random));
}

std::string_view cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    while (!pair.empty() && pair.front() == ' ') pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return {};
}

[[noreturn]] void oidc_error(const char* code, const char* message) { throw InputError(code, "oidc", message); }

struct IssuerDescription {
  std::string authorize_url, token_url, keys_url;
  bool answers_with_iss = false;
};

// What a sign-in under way needs to remember, in the browser's keeping.
struct SignInUnderWay {
  std::string state, nonce, verifier;
  std::int64_t until = 0;

  std::string text() const { return state + "\n" + nonce + "\n" + verifier + "\n" + std::to_string(until); }
  static SignInUnderWay parse(std::string_view text) {
    std::array<std::string, 4> parts;
    for (std::string& part : parts) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      part = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    return {parts[0], parts[1], parts[2], std::stoll(parts[3])};
  }
};

}  // namespace

struct OidcClient::State {
  OidcRules rules;
  FieldSeal seals;
  Clock clock;
  Randomness randomness;
  Fetch fetch;
  std::mutex mutex;
  std::optional<IssuerDescription> description;
  std::shared_ptr<const PublicKeys> keys;
  Moment described_at, keys_at;

  json fetch_json(const FetchRequest& request, const char* code) {
    const FetchAnswer answer = fetch(request);
    if (answer.status == 503 || answer.status == 504) oidc_error("oidc_unreachable", "The identity provider is down.");
    json document = answer.status == 200 ? find_token_json(answer.body) : json();
    if (!document.is_object()) oidc_error(code, "The identity provider's answer cannot be used.");
    return document;
  }

  IssuerDescription describe() {
    const std::lock_guard lock(mutex);
    if (description && clock() - described_at < kDescriptionAgain) return *description;
    const json document =
        fetch_json({"GET", rules.issuer + "/.well-known/openid-configuration", "", "", ""}, "oidc_metadata");
    const auto answers = document.find("authorization_response_iss_parameter_supported");
    IssuerDescription found{text_member(document, "authorization_endpoint"), text_member(document, "token_endpoint"),
                            text_member(document, "jwks_uri"),
                            answers != document.end() && answers->is_boolean() && answers->get<bool>()};
    if (text_member(document, "issuer") != rules.issuer || !is_safe_url(found.authorize_url) ||
        !is_safe_url(found.token_url) || !is_safe_url(found.keys_url)) {
      oidc_error("oidc_metadata", "The identity provider describes itself otherwise than it was set up here.");
    }
    description = found;
    described_at = clock();
    return found;
  }

  // An issuer changes its keys: a kid that is not known is asked for again, but not for every token anybody makes up.
  std::shared_ptr<const PublicKeys> keys_for(std::string_view kid, const std::string& keys_url) {
    const std::lock_guard lock(mutex);
    const Moment now = clock();
    if (keys && (keys->has(kid) || now - keys_at < kKeysAgain) && now - keys_at < kDescriptionAgain) return keys;
    const FetchAnswer answer = fetch({"GET", keys_url, "", "", ""});
    if (answer.status != 200) oidc_error("oidc_unreachable", "The identity provider's keys cannot be read.");
    keys = std::make_shared<const PublicKeys>(PublicKeys::parse(answer.body));
    keys_at = now;
    return keys;
  }

  SignInUnderWay under_way(std::string_view cookie_header) const {
    const auto sealed = find_base64url(cookie_value(cookie_header, kOidcCookie));
    try {
      if (sealed) return SignInUnderWay::parse(seals.open("accounts", kOidcPlace, *sealed));
    } catch (const SealError& error) {
      if (error.fault == SealFault::no_key) throw;
    }
    oidc_error("oidc_state", "No sign-in is under way in this browser.");
  }

  std::string token_for(const std::string& code, const SignInUnderWay& sign_in, const IssuerDescription& at) {
    FetchRequest request{"POST", at.token_url, "", "application/x-www-form-urlencoded",
                         form_of({{"grant_type", "authorization_code"},
                                  {"code", code},
                                  {"redirect_uri", rules.redirect_uri},
                                  {"code_verifier", sign_in.verifier},
                                  {"client_id", rules.client_id}})};
    if (!rules.client_secret.empty()) request.authorization = basic_authorization();
    const std::string token = text_member(fetch_json(request, "oidc_token"), "id_token");
    if (token.empty()) oidc_error("oidc_token", "The identity provider gave no ID token.");
    return token;
  }

  // RFC 6749, 2.3.1: both are form-encoded first.
  std::string basic_authorization() const {
    const std::string pair = url_encoded(rules.client_id) + ":" + url_encoded(rules.client_secret);
    std::string text = to_base64url(pair);
    std::replace(text.begin(), text.end(), '-', '+');
    std::replace(text.begin(), text.end(), '_', '/');
    return "Basic " + text.append((4 - text.size() % 4) % 4, '=');
  }
};

OidcClient::OidcClient(OidcRules rules, const KeyRing& ring, Clock clock, Randomness randomness, Fetch fetch)
    : state_(new State{std::move(rules),
                       FieldSeal(ring, randomness),
                       std::move(clock),
                       randomness,
                       std::move(fetch),
                       {},
                       {},
                       {},
                       {},
                       {}}) {
  if (!is_safe_url(state_->rules.issuer) || state_->rules.client_id.empty() || state_->rules.algorithms.empty())
    oidc_error("oidc_metadata", "An identity provider needs an https address, a client id and an algorithm.");
}
OidcClient::~OidcClient() = default;

const std::string& OidcClient::issuer() const { return state_->rules.issuer; }

OidcBegin OidcClient::begin() {
  const IssuerDescription at = state_->describe();
  const Moment until = state_->clock() + kSignInTime;
  const SignInUnderWay sign_in{random_text(state_->randomness, 16), random_text(state_->randomness, 16),
                               random_text(state_->randomness, 32), until.time_since_epoch().count()};
  const Hash32 hash = sha256(sign_in.verifier);
  const std::string challenge = to_base64url({reinterpret_cast<const char*>(hash.data()), hash.size()});
  OidcBegin begin;
  begin.url = at.authorize_url + (at.authorize_url.find('?') == std::string::npos ? "?" : "&") +
              form_of({{"response_type", "code"},
                       {"client_id", state_->rules.client_id},
                       {"redirect_uri", state_->rules.redirect_uri},
                       {"scope", "openid"},
                       {"state", sign_in.state},
                       {"nonce", sign_in.nonce},
                       {"code_challenge", challenge},
                       {"code_challenge_method", "S256"}});
  begin.set_cookie = std::string(kOidcCookie)
                         .append("=")
                         .append(to_base64url(state_->seals.seal("accounts", kOidcPlace, sign_in.text())))
                         .append(kOidcCookieEnds)
                         .append("; Max-Age=")
                         .append(std::to_string(kSignInTime.count()));
  return begin;
}

OidcPerson OidcClient::finish(const OidcReturn& returned, std::string_view cookie_header) {
  const OidcRules& rules = state_->rules;
  const SignInUnderWay sign_in = state_->under_way(cookie_header);
  const Moment now = state_->clock();
  if (!equal_in_constant_time(sign_in.state, returned.state) || now.time_since_epoch().count() >= sign_in.until)
    oidc_error("oidc_state", "This answer belongs to no sign-in under way in this browser.");
  const IssuerDescription at = state_->describe();
  if (returned.iss.empty() ? at.answers_with_iss : returned.iss != rules.issuer)
    oidc_error("oidc_issuer", "Another identity provider answered than was asked.");
  if (!returned.error.empty() || returned.code.empty())
    oidc_error("oidc_refused", "The identity provider did not sign anybody in.");

  const std::string token = state_->token_for(returned.code, sign_in, at);
  const auto keys = state_->keys_for(find_kid(token), at.keys_url);
  TokenExpectation expected;
  expected.issuer = rules.issuer, expected.client_id = rules.client_id, expected.nonce = sign_in.nonce;
  expected.algorithms = rules.algorithms;
  expected.unix_now = unix_seconds(now);
  const IdClaims claims = check_id_token(token, *keys, expected);
  const bool second = std::any_of(claims.methods.begin(), claims.methods.end(), [&](const std::string& method) {
    return std::find(rules.second_factors.begin(), rules.second_factors.end(), method) != rules.second_factors.end();
  });
  return {rules.issuer, claims.subject, second};
}

std::string OidcClient::clear_cookie() {
  return std::string(kOidcCookie).append("=").append(kOidcCookieEnds).append("; Max-Age=0");
}

}  // namespace catchment::access
