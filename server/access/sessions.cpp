#include "server/access/sessions.hpp"

#include <algorithm>

#include "server/access/columns.hpp"

namespace catchment::access {
namespace {

constexpr std::string_view kBearerMark = "catchment_";
constexpr std::size_t kTokenBytes = 32;
constexpr std::string_view kCookieEnds = "; Path=/; Secure; HttpOnly; SameSite=Strict";

std::string_view to_word(SessionKind kind) { return kind == SessionKind::cookie ? "cookie" : "bearer"; }

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Our cookie's value in a Cookie header; several: which of them is meant cannot be told.
struct SessionCookie {
  std::string_view token;
  int found = 0;
};
SessionCookie find_session_cookie(std::string_view header) {
  SessionCookie cookie;
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    const std::string_view pair = trim_blanks(header.substr(0, end));
    if (pair.size() > kSessionCookie.size() && pair.starts_with(kSessionCookie) && pair[kSessionCookie.size()] == '=') {
      cookie.token = pair.substr(kSessionCookie.size() + 1);
      ++cookie.found;
    }
    header.remove_prefix(std::min(end + 1, header.size()));
  }
  return cookie;
}

// Empty: no bearer token of ours.
std::string_view find_bearer(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (authorization.size() < kScheme.size()) return {};
  for (std::size_t i = 0; i < kScheme.size(); ++i) {
    const char c = authorization[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c) != kScheme[i]) return {};
  }
  return trim_blanks(authorization.substr(kScheme.size()));
}

bool changes_nothing(std::string_view method) { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

// Tokens are hashed without a key: they are random, and whoever reads the store cannot turn a hash back.
store::Value hash_value(std::string_view token) { return sha256(token); }

// What a token can look like at all; nothing else is looked up.
bool is_token(std::string_view token, SessionKind kind) {
  if (kind == SessionKind::bearer) {
    if (!token.starts_with(kBearerMark)) return false;
    token.remove_prefix(kBearerMark.size());
  }
  const auto bytes = find_base64url(token);
  return bytes && bytes->size() == kTokenBytes;
}

}  // namespace

struct Sessions::State {
  store::Store& store;
  Clock clock;
  Randomness randomness;
  Key32 csrf_key;
  SessionRules rules;

  std::chrono::seconds idle(Role role, SessionKind kind) const {
    if (kind == SessionKind::bearer) return rules.script_longest;
    return role == Role::guardian ? rules.guardian_idle : rules.staff_idle;
  }
  std::chrono::seconds longest(Role role, SessionKind kind) const {
    if (kind == SessionKind::bearer) return rules.script_longest;
    return role == Role::guardian ? rules.guardian_longest : rules.staff_longest;
  }

  std::string csrf_of(std::string_view token) const {
    return to_base64url(hmac(HmacKind::sha256, csrf_key.view(), std::string("csrf|").append(token)));
  }

  // The living session of a token. It may have been seen anew, which is written down only when a quarter of its idle
  // time has gone by: a write for every request would be too many.
  std::optional<Actor> find_actor(std::string_view token, SessionKind kind) const {
    if (!is_token(token, kind)) return std::nullopt;
    const Moment now = clock();
    const store::Value hash = hash_value(token);
    const store::Rows rows = store.read([&](store::Session& session) {
      return session.run(
          "select subject, role, districts, schools, second_factor, seen, ends from session "
          "where token_hash = $1 and kind = $2",
          {hash, to_word(kind)});
    });
    const store::Row* const row = rows.find_first();
    if (row == nullptr) return std::nullopt;
    const auto role = find_role((*row)[1].text());
    if (!role) return std::nullopt;
    const std::chrono::seconds allowed = idle(*role, kind);
    const Moment seen = (*row)[5].time();
    if (now >= (*row)[6].time() || now - seen >= allowed) return std::nullopt;
    if (kind == SessionKind::cookie && now - seen >= allowed / 4) {
      store.write([&](store::Session& session) {
        session.run("update session set seen = $1 where token_hash = $2 and seen < $1", {now, hash});
      });
    }
    return Actor{
        *role, (*row)[0].text(), parse_ids((*row)[2].text()), parse_ids((*row)[3].text()), (*row)[4].integer() != 0,
        {}};
  }
};

Sessions::Sessions(store::Store& store, Clock clock, Randomness randomness, const Key32& csrf_key, SessionRules rules)
    : state_(std::make_unique<State>(State{store, std::move(clock), std::move(randomness), csrf_key, rules})) {}
Sessions::~Sessions() = default;

OpenedSession Sessions::open(store::Session& command, const Actor& actor, SessionKind kind,
                             std::string_view presented) {
  const SessionCookie old = find_session_cookie(presented);
  if (old.found == 1) command.run("delete from session where token_hash = $1", {hash_value(old.token)});

  std::array<std::uint8_t, kTokenBytes> bytes;
  state_->randomness(bytes);
  OpenedSession opened;
  opened.token = kind == SessionKind::bearer ? kBearerMark : std::string_view();
  opened.token += to_base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  const Moment now = state_->clock();
  opened.ends = now + state_->longest(actor.role, kind);
  if (kind == SessionKind::cookie) {
    opened.csrf = state_->csrf_of(opened.token);
    opened.set_cookie = std::string(kSessionCookie).append("=").append(opened.token).append(kCookieEnds);
  }
  command.run(
      "insert into session (token_hash, kind, subject, role, districts, schools, second_factor, opened, seen, ends) "
      "values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)",
      {hash_value(opened.token), to_word(kind), actor.subject, to_word(actor.role), join_ids(actor.districts),
       join_ids(actor.schools), actor.second_factor ? 1 : 0, now, opened.ends});
  return opened;
}

Identity Sessions::identify(const Credentials& credentials) {
  const SessionCookie cookie = find_session_cookie(credentials.cookie);
  if (cookie.found > 1 || (cookie.found == 1 && !credentials.authorization.empty())) return {Identified::ambiguous, {}};
  if (cookie.found == 0 && credentials.authorization.empty()) return {};

  const SessionKind kind = cookie.found == 1 ? SessionKind::cookie : SessionKind::bearer;
  const std::string_view token = cookie.found == 1 ? cookie.token : find_bearer(credentials.authorization);
  auto actor = state_->find_actor(token, kind);
  if (!actor) return {Identified::ended, {}};
  if (kind == SessionKind::cookie && !changes_nothing(credentials.method) &&
      !equal_in_constant_time(credentials.csrf, state_->csrf_of(token))) {
    return {Identified::csrf, {}};
  }
  return {Identified::signed_in, std::move(*actor)};
}

std::string Sessions::csrf(std::string_view cookie_header) const {
  const SessionCookie cookie = find_session_cookie(cookie_header);
  return cookie.found == 1 ? state_->csrf_of(cookie.token) : std::string();
}

void Sessions::close(store::Session& command, const Credentials& credentials) {
  for (const std::string_view token :
       {find_session_cookie(credentials.cookie).token, find_bearer(credentials.authorization)}) {
    if (!token.empty()) command.run("delete from session where token_hash = $1", {hash_value(token)});
  }
}

std::int64_t Sessions::close_all(store::Session& command, std::string_view subject) {
  return command.run("delete from session where subject = $1", {subject}).changed;
}

std::int64_t Sessions::sweep(store::Session& command) {
  const Moment now = state_->clock();
  std::int64_t gone = command.run("delete from session where ends <= $1", {now}).changed;
  const auto end_idle = [&](std::chrono::seconds idle, const char* sql) {
    gone += command.run(sql, {Moment(now - idle), to_word(Role::guardian)}).changed;
  };
  end_idle(state_->rules.guardian_idle, "delete from session where kind = 'cookie' and seen <= $1 and role = $2");
  end_idle(state_->rules.staff_idle, "delete from session where kind = 'cookie' and seen <= $1 and role <> $2");
  return gone;
}

std::string Sessions::clear_cookie() {
  return std::string(kSessionCookie).append("=").append(kCookieEnds).append("; Max-Age=0");
}

}  // namespace catchment::access
