// Staff sign in at the bureau's own identity provider: OpenID Connect, code flow with PKCE (RFC 7636, S256).
//
// Two steps. begin() gives the address to send the browser to, and a cookie that binds the answer to this browser:
// state, nonce and verifier, sealed, for ten minutes; nothing is stored. finish() takes what came back, trades the code
// for an ID token and checks it. Who that is at the issuer must have been linked to an account before; nobody gets an
// account by signing in (Accounts::link_identity, login_as). The answer to finish()'s request must be a page that goes
// on by itself, not a redirection: the new session's cookie is SameSite=Strict, and the browser still is on a way that
// began at the issuer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/accounts.hpp"
#include "server/access/id_token.hpp"

namespace catchment::access {

// How the issuer is spoken to: one exchange, over TLS whose certificate was checked. Must end within 10 s, take no
// answer over 64 kB and follow no redirection. Throws InputError(oidc_unreachable).
struct FetchRequest {
  std::string method, url;
  std::string authorization;       // header value, or empty
  std::string content_type, body;  // of a POST
};
struct FetchAnswer {
  int status = 0;
  std::string body;
};
using Fetch = std::function<FetchAnswer(const FetchRequest&)>;

struct OidcRules {
  std::string issuer;  // exactly as the issuer spells it; https, but for a loopback address
  std::string client_id;
  std::string client_secret;  // empty: a public client
  std::string redirect_uri;   // of this service, registered at the issuer
  std::vector<TokenAlgorithm> algorithms{TokenAlgorithm::eddsa, TokenAlgorithm::es256, TokenAlgorithm::rs256};
  // Values of `amr` that stand for a second factor.
  std::vector<std::string> second_factors{"mfa", "otp", "hwk"};
};

inline constexpr std::string_view kOidcCookie = "__Host-catchment-oidc";

struct OidcBegin {
  std::string url;
  std::string set_cookie;
};
// What came back to redirect_uri, decoded.
struct OidcReturn {
  std::string code, state;
  std::string iss;    // RFC 9207; empty: not sent
  std::string error;  // the issuer's word, where it refused
};
struct OidcPerson {
  std::string issuer, subject;
  bool second_factor = false;
};

// Safe for threads.
class OidcClient {
 public:
  // The ring has a key "accounts".
  OidcClient(OidcRules rules, const KeyRing& ring, Clock clock, Randomness randomness, Fetch fetch);
  ~OidcClient();

  // Both throw InputError: oidc_unreachable, oidc_metadata (the issuer's description is not what it must be).
  OidcBegin begin();
  // Also: oidc_refused (by the issuer), oidc_state (another browser's answer, a late or a repeated one), oidc_issuer,
  // oidc_token (no ID token was given for the code), and check_id_token's.
  OidcPerson finish(const OidcReturn& returned, std::string_view cookie_header);

  const std::string& issuer() const;

  static std::string clear_cookie();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::access
