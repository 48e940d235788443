// Who is signed in. A session is an opaque token of 256 random bits; the store has only its hash.
//
// A person's token lives in the cookie __Host-catchment and is for browsers: every request that changes something must
// also carry the session's CSRF token in a header, which another site can neither read nor make. A script's token goes
// into Authorization: Bearer and needs none. Neither passes for the other.
// A login always makes a new token and ends the session of the cookie it came with. A session ends after `idle` without
// a request, after `longest` in any case, by logout, with all others of its account, and when the account changes.
// Nothing is remembered but in the store: what a command ended is ended for the next request.
// A page on another site can make a browser send a login; take logins as application/json only, which it cannot send.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/access/attempts.hpp"
#include "server/access/crypto.hpp"
#include "server/access/permissions.hpp"
#include "server/store/store.hpp"

namespace catchment::access {

using Clock = std::function<Moment()>;  // Beijing local time, whole seconds

inline constexpr std::string_view kSessionCookie = "__Host-catchment";
inline constexpr std::string_view kCsrfHeader = "X-Csrf-Token";

enum class SessionKind : std::uint8_t { cookie, bearer };

struct SessionRules {
  std::chrono::seconds staff_idle{30 * 60}, staff_longest{10 * 3600};
  std::chrono::seconds guardian_idle{60 * 60}, guardian_longest{12 * 3600};
  std::chrono::seconds script_longest{90 * 24 * 3600};  // of bearer tokens, which have no idle end
};

struct OpenedSession {
  std::string token;       // shown once
  std::string csrf;        // for the header; empty for a bearer
  std::string set_cookie;  // the value of Set-Cookie; empty for a bearer
  Moment ends;
};

// What a request shows of itself, as header values; empty: not sent.
struct Credentials {
  std::string_view method;  // "GET", ...
  std::string_view cookie, authorization, csrf;
};

enum class Identified : std::uint8_t {
  anonymous,  // nothing was shown
  signed_in,
  ended,      // shown, and no session any more, or never one: 401, and clear_cookie()
  csrf,       // signed in by cookie, and the header is missing or wrong: 403. Never for GET, HEAD, OPTIONS
  ambiguous,  // cookie and Authorization, or a cookie twice: 400
};
struct Identity {
  Identified how = Identified::anonymous;
  Actor actor;  // anonymous unless signed_in
};

// Safe for threads.
class Sessions {
 public:
  // csrf_key: derived from a key of the ring, so that a restart ends nobody's form.
  Sessions(store::Store& store, Clock clock, Randomness randomness, const Key32& csrf_key, SessionRules rules = {});
  ~Sessions();

  // For logins, which have checked who it is, in the command that uses up what they were shown. `presented`: the Cookie
  // header of the login's request, whose session ends.
  OpenedSession open(store::Session& command, const Actor& actor, SessionKind kind, std::string_view presented = {});

  // Reads the store; now and then writes when a session was last seen. Not within a command.
  Identity identify(const Credentials& credentials);
  // Of the session in a Cookie header, for its page to send back. Empty without one.
  std::string csrf(std::string_view cookie_header) const;

  void close(store::Session& command, const Credentials& credentials);  // logout; nothing if there is no such session
  std::int64_t close_all(store::Session& command, std::string_view subject);  // how many
  std::int64_t sweep(store::Session& command);  // deletes the rows of ended sessions; call now and then

  static std::string clear_cookie();  // the value of Set-Cookie

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::access
