#include <gtest/gtest.h>
#include <sys/stat.h>

#include <future>
#include <set>
#include <thread>

#include "geo/input_error.hpp"
#include "server/access/child_key.hpp"
#include "tests/server/access/access_world.hpp"

namespace catchment::access {
namespace {

using namespace std::chrono_literals;

std::string code_of(const std::string& uri, std::int64_t unix_now) {
  // The secret in base32, back to bytes.
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const std::size_t at = uri.find("secret=") + 7;
  std::string secret;
  std::uint64_t held = 0;
  int have = 0;
  for (const char c : uri.substr(at, uri.find('&') - at)) {
    held = (held << 5 | kAlphabet.find(c)) & 0xffff;
    if ((have += 5) >= 8) secret += static_cast<char>(held >> (have -= 8) & 255);
  }
  return hotp(secret, static_cast<std::uint64_t>(unix_now / 30));
}

std::string code_now(AccessWorld& world, const std::string& uri) { return code_of(uri, unix_seconds(world.clock())); }

// Sets up a second factor and moves on one step, so that its code is not used up.
std::string with_second_factor(AccessWorld& world, std::int64_t number) {
  const std::string uri = world.store.write(
      [&](store::Session& command) { return world.accounts->begin_second_factor(command, number, "Catchment"); });
  const bool confirmed = world.store.write([&](store::Session& command) {
    return world.accounts->confirm_second_factor(command, number, code_now(world, uri));
  });
  EXPECT_TRUE(confirmed);
  world.pass(30s);
  return uri;
}

TEST(Accounts, AnOfficerSignsInAndIsWhoTheAccountSays) {
  AccessWorld world;
  const Account account = world.officer();
  EXPECT_EQ(account.number, 1);
  const Login login = world.login("north-review", "correct horse");
  ASSERT_EQ(login.outcome, LoginOutcome::signed_in);
  EXPECT_EQ(login.subject, "account:1");
  const Identity identity = world.get(cookie_of(*login.session));
  ASSERT_EQ(identity.how, Identified::signed_in);
  EXPECT_EQ(identity.actor.role, Role::district);
  EXPECT_EQ(identity.actor.subject, "account:1");
  EXPECT_EQ(identity.actor.districts, (std::vector<std::string>{"D1", "D2"}));
  EXPECT_FALSE(identity.actor.second_factor);
}

// A wrong name, password, code and a disabled account cannot be told apart, and each costs one Argon2.
TEST(Accounts, RefusalsAreAllAlike) {
  AccessWorld world;
  const Account account = world.officer();
  const std::string uri = with_second_factor(world, account.number);
  const Account gone = world.officer("south-review");
  world.store.write([&](store::Session& command) { world.accounts->change(command, gone.number, gone.facts, true); });
  const auto same = [&](const Login& login) {
    return login.outcome == LoginOutcome::refused && !login.session && login.subject.empty() && !login.try_again;
  };
  EXPECT_TRUE(same(world.login("nobody", "correct horse")));
  EXPECT_TRUE(same(world.login("north-review", "wrong horse")));
  EXPECT_TRUE(same(world.login("north-review", "correct horse")));
  EXPECT_TRUE(same(world.login("north-review", "correct horse", "000000")));
  EXPECT_TRUE(same(world.login("south-review", "correct horse")));
  EXPECT_TRUE(same(world.login(std::string("north\0review", 12), "\xff\xfe")));
  EXPECT_TRUE(same(world.login(std::string(100'000, 'x'), std::string(100'000, 'x'))));
  EXPECT_EQ(world.login("north-review", "correct horse", code_now(world, uri)).outcome, LoginOutcome::signed_in);
}

TEST(Accounts, AOneTimeCodeIsAcceptedOnce) {
  AccessWorld world;
  const Account account = world.officer();
  const std::string uri = with_second_factor(world, account.number);
  const std::string code = code_now(world, uri);
  const Login login = world.login("north-review", "correct horse", code);
  ASSERT_EQ(login.outcome, LoginOutcome::signed_in);
  EXPECT_TRUE(world.get(cookie_of(*login.session)).actor.second_factor);
  EXPECT_EQ(world.login("north-review", "correct horse", code).outcome, LoginOutcome::refused);
  world.pass(30s);
  EXPECT_EQ(world.login("north-review", "correct horse", code).outcome, LoginOutcome::refused);
  EXPECT_EQ(world.login("north-review", "correct horse", code_now(world, uri)).outcome, LoginOutcome::signed_in);
}

TEST(Accounts, WhoHasTheMachineIsToldTheNextCodeThatServes) {
  AccessWorld world;
  const Account account = world.officer();
  const auto next = [&] {
    return world.store.write(
        [&](store::Session& command) { return world.accounts->next_code(command, account.number); });
  };
  const std::string first = next();
  EXPECT_EQ(next(), first);
  EXPECT_EQ(world.login("north-review", "correct horse").outcome, LoginOutcome::refused);
  EXPECT_EQ(world.login("north-review", "correct horse", first).outcome, LoginOutcome::signed_in);
  const std::string second = next();
  EXPECT_NE(second, first);
  EXPECT_EQ(world.login("north-review", "correct horse", second).outcome, LoginOutcome::signed_in);
}

TEST(Accounts, OfTwinsWithOneCodeOneGetsIn) {
  AccessWorld world;
  const Account account = world.officer();
  const std::string uri = with_second_factor(world, account.number);
  const std::string code = code_now(world, uri);
  std::vector<std::future<Login>> twins;
  for (int i = 0; i < 4; ++i)
    twins.push_back(std::async(std::launch::async, [&] { return world.login("north-review", "correct horse", code); }));
  int in = 0;
  for (auto& twin : twins) in += twin.get().outcome == LoginOutcome::signed_in ? 1 : 0;
  EXPECT_EQ(in, 1);
}

TEST(Accounts, GuessingLocksTheNameForAWhileWhetherOrNotItExists) {
  AccessWorld world;
  world.officer();
  for (const std::string name : {"north-review", "nobody-at-all"}) {
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(world.login(name, "guess" + std::to_string(i)).outcome, LoginOutcome::refused);
    const Login locked = world.login(name, "correct horse");
    EXPECT_EQ(locked.outcome, LoginOutcome::slow_down);
    EXPECT_EQ(locked.try_again, world.clock() + 15min);
  }
  world.pass(15min);
  EXPECT_EQ(world.login("north-review", "correct horse").outcome, LoginOutcome::signed_in);
  // Success starts anew.
  for (int i = 0; i < 5; ++i) EXPECT_EQ(world.login("north-review", "guess").outcome, LoginOutcome::refused);
}

TEST(Accounts, AnAddressThatTriesManyNamesIsSlowed) {
  AccessWorld world;
  int refused = 0;
  for (int i = 0; i < 100; ++i)
    refused += world.login("name-" + std::to_string(i), "guess").outcome == LoginOutcome::refused ? 1 : 0;
  EXPECT_EQ(refused, 30);
  EXPECT_EQ(world.accounts->login({"other", "guess", "", "192.0.2.2", ""}).outcome, LoginOutcome::refused);
}

TEST(Accounts, AreCheckedAndChangedUnderTheirVersion) {
  AccessWorld world;
  const Account account = world.officer();
  const auto code = [&](const AccountFacts& facts) -> std::string {
    try {
      world.store.write([&](store::Session& command) { world.accounts->create(command, facts, {"x"}); });
    } catch (const InputError& error) {
      return error.code;
    }
    return "";
  };
  EXPECT_EQ(code({"north-review", Role::city, {}, {}}), "account_name_taken");
  EXPECT_EQ(code({"A", Role::city, {}, {}}), "account_name");
  EXPECT_EQ(code({"new-one", Role::guardian, {}, {}}), "account_role");
  EXPECT_EQ(code({"new-one", Role::district, {}, {}}), "account_scope");
  EXPECT_EQ(code({"new-one", Role::school, {}, {}}), "account_scope");
  EXPECT_EQ(code({"new-one", Role::city, {"D1"}, {}}), "account_scope");
  EXPECT_EQ(code({"new-one", Role::school, {"D1"}, {"S1"}}), "account_scope");
  EXPECT_EQ(code({"new-one", Role::school, {}, {"S 1"}}), "account_scope");
  EXPECT_EQ(code({"new-one", Role::school, {}, {"S1"}}), "");
  world.store.write([&](store::Session& command) {
    AccountFacts facts = account.facts;
    facts.districts = {"D3"};
    const Account changed = world.accounts->change(command, 1, facts, false, account.version);
    EXPECT_EQ(changed.facts, facts);
    EXPECT_EQ(changed.version, account.version + 1);
    EXPECT_THROW(world.accounts->change(command, 1, facts, false, account.version), InputError);
    EXPECT_THROW(world.accounts->change(command, 99, facts, false), InputError);
    facts.name = "new-one";
    EXPECT_THROW(world.accounts->change(command, 1, facts, false), InputError);
  });
  world.store.read([&](store::Session& session) {
    EXPECT_EQ(world.accounts->list(session).size(), 2u);
    EXPECT_EQ(world.accounts->find(session, "account:2")->facts.name, "new-one");
    EXPECT_FALSE(world.accounts->find(session, "account:"));
    EXPECT_FALSE(world.accounts->find(session, "guardian:2"));
  });
}

TEST(Accounts, EveryChangeEndsTheSessionsOfTheAccount) {
  AccessWorld world;
  const Account account = world.officer();
  const auto sign_in = [&](const std::string& password = "correct horse") {
    const Login login = world.login("north-review", password);
    EXPECT_EQ(login.outcome, LoginOutcome::signed_in);
    return cookie_of(*login.session);
  };
  std::string cookie = sign_in();
  const auto ended_by = [&](auto&& change) {
    EXPECT_EQ(world.get(cookie).how, Identified::signed_in);
    world.store.write(change);
    return world.get(cookie).how == Identified::ended;
  };
  EXPECT_TRUE(ended_by([&](store::Session& command) { world.accounts->change(command, 1, account.facts, false); }));
  cookie = sign_in();
  const HashedPassword other = world.accounts->hash("another horse", "north-review");
  EXPECT_TRUE(ended_by([&](store::Session& command) { world.accounts->set_password(command, 1, other); }));
  EXPECT_EQ(world.login("north-review", "correct horse").outcome, LoginOutcome::refused);
  cookie = sign_in("another horse");
  EXPECT_TRUE(ended_by([&](store::Session& command) { world.accounts->remove_second_factor(command, 1); }));
}

TEST(Accounts, SecretsOfSecondFactorsAreSealed) {
  AccessWorld world;
  const Account account = world.officer();
  const std::string uri = world.store.write([&](store::Session& command) {
    return world.accounts->begin_second_factor(command, account.number, "Catchment");
  });
  const store::Bytes sealed = world.store.read(
      [&](store::Session& session) { return session.run("select totp_pending from account").one()[0].bytes(); });
  EXPECT_EQ(sealed.size(), 20u + 29u);
  const bool confirmed = world.store.write([&](store::Session& command) {
    return world.accounts->confirm_second_factor(command, account.number, "000000");
  });
  EXPECT_FALSE(confirmed);
  // Not confirmed, not asked for.
  EXPECT_EQ(world.login("north-review", "correct horse").outcome, LoginOutcome::signed_in);
}

TEST(Accounts, APasswordOfOlderParametersIsHashedAnewAtLogin) {
  AccessWorld world;
  const HashedPassword old{hash_password("correct horse", {2, 16384}, world.randomness)};
  world.store.write([&](store::Session& command) {
    world.accounts->create(command, {"old-one", Role::city, {}, {}}, old);
  });
  EXPECT_EQ(world.login("old-one", "correct horse").outcome, LoginOutcome::signed_in);
  const std::string now = world.store.read(
      [&](store::Session& session) { return session.run("select password from account").one()[0].text(); });
  EXPECT_FALSE(is_outdated(now, small_cost()));
  EXPECT_EQ(world.login("old-one", "correct horse").outcome, LoginOutcome::signed_in);
}

TEST(Sessions, TheCookieIsAHostCookieAndOnlyItsHashIsStored) {
  AccessWorld world;
  world.officer();
  const Login login = world.login("north-review", "correct horse");
  const std::string& cookie = login.session->set_cookie;
  EXPECT_EQ(cookie, "__Host-catchment=" + login.session->token + "; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(find_base64url(login.session->token)->size(), 32u);
  const store::Bytes stored = world.store.read(
      [&](store::Session& session) { return session.run("select token_hash from session").one()[0].bytes(); });
  const Hash32 hash = sha256(login.session->token);
  EXPECT_TRUE(std::equal(stored.begin(), stored.end(), hash.begin(), hash.end()));
  EXPECT_NE(Sessions::clear_cookie().find("Max-Age=0"), std::string::npos);
}

TEST(Sessions, ALoginNeverKeepsTheTokenItWasGiven) {
  AccessWorld world;
  world.officer();
  // An attacker plants a token of his own making, and then one of a session of his.
  const std::string planted = "__Host-catchment=" + to_base64url(std::string(32, 'x'));
  const Login first = world.login("north-review", "correct horse", "", planted);
  EXPECT_EQ(world.get(planted).how, Identified::ended);
  const std::string old = cookie_of(*first.session);
  const Login second = world.login("north-review", "correct horse", "", old);
  EXPECT_NE(cookie_of(*second.session), old);
  EXPECT_EQ(world.get(old).how, Identified::ended);
  EXPECT_EQ(world.get(cookie_of(*second.session)).how, Identified::signed_in);
  // A failed login ends nothing.
  world.login("north-review", "wrong horse", "", cookie_of(*second.session));
  EXPECT_EQ(world.get(cookie_of(*second.session)).how, Identified::signed_in);
}

TEST(Sessions, EndAfterIdleTimeAndAfterTheLongestTime) {
  AccessWorld world;
  world.officer();
  std::string cookie = cookie_of(*world.login("north-review", "correct horse").session);
  world.pass(29min + 59s);
  EXPECT_EQ(world.get(cookie).how, Identified::signed_in);
  world.pass(29min + 59s);
  EXPECT_EQ(world.get(cookie).how, Identified::signed_in);
  world.pass(30min);
  EXPECT_EQ(world.get(cookie).how, Identified::ended);
  cookie = cookie_of(*world.login("north-review", "correct horse").session);
  for (int i = 0; i < 39; ++i) {
    world.pass(15min);
    EXPECT_EQ(world.get(cookie).how, Identified::signed_in) << i;
  }
  world.pass(15min);
  EXPECT_EQ(world.get(cookie).how, Identified::ended);
  const std::int64_t swept = world.store.write([&](store::Session& command) { return world.sessions.sweep(command); });
  EXPECT_EQ(swept, 2);
}

TEST(Sessions, ChangesByCookieNeedTheSessionsOwnCsrfToken) {
  AccessWorld world;
  world.officer();
  const OpenedSession mine = *world.login("north-review", "correct horse").session;
  const OpenedSession other = *world.login("north-review", "correct horse").session;
  const std::string cookie = "theme=dark; " + cookie_of(mine) + "; lang=zh";
  const auto how = [&](const char* method, const std::string& csrf) {
    return world.sessions.identify({method, cookie, "", csrf}).how;
  };
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "get", "ANYTHING"}) {
    EXPECT_EQ(how(method, mine.csrf), Identified::signed_in) << method;
    EXPECT_EQ(how(method, ""), Identified::csrf) << method;
    EXPECT_EQ(how(method, other.csrf), Identified::csrf) << method;
    EXPECT_EQ(how(method, mine.token), Identified::csrf) << method;
  }
  for (const char* method : {"GET", "HEAD", "OPTIONS"}) EXPECT_EQ(how(method, ""), Identified::signed_in) << method;
  EXPECT_EQ(world.sessions.csrf(cookie), mine.csrf);
  EXPECT_EQ(world.sessions.csrf(""), "");
}

TEST(Sessions, ABearerTokenNeedsNoCsrfAndNeitherPassesForTheOther) {
  AccessWorld world;
  const Actor actor{Role::operator_, "account:5", {}, {}, true, {}};
  const auto open = [&](SessionKind kind) {
    return world.store.write([&](store::Session& command) { return world.sessions.open(command, actor, kind); });
  };
  const OpenedSession bearer = open(SessionKind::bearer), cookie = open(SessionKind::cookie);
  EXPECT_TRUE(bearer.set_cookie.empty());
  EXPECT_TRUE(bearer.csrf.empty());
  const auto how = [&](const std::string& cookie_header, const std::string& authorization) {
    return world.sessions.identify({"POST", cookie_header, authorization, ""}).how;
  };
  EXPECT_EQ(how("", "Bearer " + bearer.token), Identified::signed_in);
  EXPECT_EQ(how("", "bearer  " + bearer.token), Identified::signed_in);
  EXPECT_EQ(how("", "Bearer " + cookie.token), Identified::ended);
  EXPECT_EQ(how("__Host-catchment=" + bearer.token, ""), Identified::ended);
  EXPECT_EQ(how(cookie_of(cookie), "Bearer " + bearer.token), Identified::ambiguous);
  EXPECT_EQ(how(cookie_of(cookie) + "; " + cookie_of(cookie), ""), Identified::ambiguous);
  EXPECT_EQ(how("", ""), Identified::anonymous);
  EXPECT_EQ(how("catchment=" + cookie.token, ""), Identified::anonymous);
  EXPECT_EQ(how("", "Basic abc"), Identified::ended);
  EXPECT_EQ(how("", bearer.token), Identified::ended);
  EXPECT_EQ(how("__Host-catchment=", ""), Identified::ended);
  EXPECT_EQ(how("__Host-catchment=" + std::string(7000, 'A'), ""), Identified::ended);
  world.pass(89 * 24h);
  EXPECT_EQ(how("", "Bearer " + bearer.token), Identified::signed_in);
  world.pass(24h);
  EXPECT_EQ(how("", "Bearer " + bearer.token), Identified::ended);
}

TEST(Sessions, LogoutEndsOneAndEndAllEndsAll) {
  AccessWorld world;
  world.officer();
  const OpenedSession first = *world.login("north-review", "correct horse").session;
  const OpenedSession second = *world.login("north-review", "correct horse").session;
  world.store.write([&](store::Session& command) {
    world.sessions.close(command, {"POST", cookie_of(first), "", ""});
    world.sessions.close(command, {"POST", "", "", ""});
  });
  EXPECT_EQ(world.get(cookie_of(first)).how, Identified::ended);
  EXPECT_EQ(world.get(cookie_of(second)).how, Identified::signed_in);
  const OpenedSession third = *world.login("north-review", "correct horse").session;
  const std::int64_t ended =
      world.store.write([&](store::Session& command) { return world.sessions.close_all(command, "account:1"); });
  EXPECT_EQ(ended, 2);
  EXPECT_EQ(world.get(cookie_of(second)).how, Identified::ended);
  EXPECT_EQ(world.get(cookie_of(third)).how, Identified::ended);
}

// A made-up number: this exchange is given to nobody.
constexpr const char* kPhone = "19900000000";

struct SentTexts : TextSender {
  std::vector<std::string> texts, phones;
  std::string send(const std::string&, const std::string& phone, const std::string& text) override {
    texts.push_back(text);
    phones.push_back(phone);
    return "";
  }
};

// The code in the newest text, all texts being delivered first.
std::string delivered_code(AccessWorld& world, SentTexts& sent) {
  store::deliver_due(world.store, world.clock(), 100,
                     [&](const store::OutboxMessage& message) { return world.guardians->deliver(message, sent); });
  if (sent.texts.empty()) return "";
  const std::string& text = sent.texts.back();
  return text.substr(text.find("Code ") + 5, 6);
}

Login enter(AccessWorld& world, const std::string& code, const char* phone = kPhone) {
  return world.guardians->enter(phone, code, "192.0.2.1");
}

std::string other_code(const std::string& code) { return code == "111111" ? "222222" : "111111"; }

// serves: ZZ16 CQ18
TEST(Guardians, SignInWithTheCodeSentToTheirPhone) {
  AccessWorld world;
  SentTexts sent;
  EXPECT_EQ(world.guardians->send_code("199 0000-0000", "192.0.2.1"), SendOutcome::accepted);
  const std::string code = delivered_code(world, sent);
  ASSERT_EQ(sent.phones, (std::vector<std::string>{"+8619900000000"}));
  const Login login = enter(world, code);
  ASSERT_EQ(login.outcome, LoginOutcome::signed_in);
  EXPECT_EQ(login.subject, world.guardians->subject_of(kPhone));
  const Identity identity = world.get(cookie_of(*login.session));
  EXPECT_EQ(identity.actor.role, Role::guardian);
  EXPECT_EQ(identity.actor.subject, login.subject);
  EXPECT_EQ(login.subject.size(), 9u + 64u);
  EXPECT_EQ(enter(world, code).outcome, LoginOutcome::refused) << "a code serves once";
}

TEST(Guardians, ACodeLastsFifteenMinutes) {
  for (const auto& [wait, outcome] :
       {std::pair{15min - 1s, LoginOutcome::signed_in}, {15min + 0s, LoginOutcome::refused}}) {
    AccessWorld world;
    SentTexts sent;
    world.guardians->send_code(kPhone, "192.0.2.1");
    const std::string code = delivered_code(world, sent);
    world.pass(wait);
    EXPECT_EQ(enter(world, code).outcome, outcome);
  }
}

TEST(Guardians, FiveWrongTriesSpendTheCodeAndThePhoneWaits) {
  AccessWorld world;
  SentTexts sent;
  world.guardians->send_code(kPhone, "192.0.2.1");
  const std::string code = delivered_code(world, sent);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(enter(world, other_code(code)).outcome, LoginOutcome::refused);
  world.pass(10min);
  EXPECT_EQ(enter(world, other_code(code)).outcome, LoginOutcome::refused);
  EXPECT_EQ(enter(world, code).outcome, LoginOutcome::refused);
  // The answer is the same, but nothing is sent until a quarter of an hour later.
  world.pass(15min - 1s);
  EXPECT_EQ(world.guardians->send_code(kPhone, "192.0.2.1"), SendOutcome::accepted);
  delivered_code(world, sent);
  EXPECT_EQ(sent.texts.size(), 1u);
  world.pass(10min);
  EXPECT_EQ(world.guardians->send_code(kPhone, "192.0.2.1"), SendOutcome::accepted);
  const std::string fresh = delivered_code(world, sent);
  EXPECT_EQ(sent.texts.size(), 2u);
  EXPECT_EQ(enter(world, fresh).outcome, LoginOutcome::signed_in);
}

TEST(Guardians, FourWrongTriesDoNot) {
  AccessWorld world;
  SentTexts sent;
  world.guardians->send_code(kPhone, "192.0.2.1");
  const std::string code = delivered_code(world, sent);
  for (int i = 0; i < 4; ++i) enter(world, other_code(code));
  EXPECT_EQ(enter(world, code).outcome, LoginOutcome::signed_in);
}

TEST(Guardians, ACodeIsOnlyForItsPhoneAndANewOneReplacesIt) {
  AccessWorld world;
  SentTexts sent;
  world.guardians->send_code(kPhone, "192.0.2.1");
  const std::string first = delivered_code(world, sent);
  world.guardians->send_code("19900000001", "192.0.2.1");
  delivered_code(world, sent);
  EXPECT_EQ(enter(world, first, "19900000001").outcome, LoginOutcome::refused);
  world.guardians->send_code(kPhone, "192.0.2.1");
  const std::string second = delivered_code(world, sent);
  ASSERT_NE(first, second);
  EXPECT_EQ(enter(world, first).outcome, LoginOutcome::refused);
  EXPECT_EQ(enter(world, second).outcome, LoginOutcome::signed_in);
}

TEST(Guardians, PhonesAndAddressesHaveTheirLimits) {
  AccessWorld world;
  EXPECT_EQ(world.guardians->send_code(kPhone, "192.0.2.1"), SendOutcome::accepted);
  EXPECT_EQ(world.guardians->send_code(kPhone, "192.0.2.2"), SendOutcome::accepted);
  EXPECT_EQ(world.guardians->send_code(kPhone, "192.0.2.3"), SendOutcome::slow_down);
  world.pass(10min);
  EXPECT_EQ(world.guardians->send_code(kPhone, "192.0.2.3"), SendOutcome::accepted);
  int accepted = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string phone = "199000010" + std::to_string(10 + i % 90);
    accepted += world.guardians->send_code(phone, "192.0.2.9") == SendOutcome::accepted ? 1 : 0;
  }
  EXPECT_EQ(accepted, 30);
  int refused = 0;
  for (int i = 0; i < 100; ++i) refused += enter(world, "000000").outcome == LoginOutcome::refused ? 1 : 0;
  EXPECT_EQ(refused, 60);
}

TEST(Guardians, StaleCodesAreNotSentLate) {
  AccessWorld world;
  SentTexts sent;
  world.guardians->send_code(kPhone, "192.0.2.1");
  world.pass(15min);
  delivered_code(world, sent);
  EXPECT_TRUE(sent.texts.empty());
}

TEST(Guardians, AreWrittenToByTheirSubjectOncePerCause) {
  AccessWorld world;
  SentTexts sent;
  world.guardians->send_code(kPhone, "192.0.2.1");
  const Login login = enter(world, delivered_code(world, sent));
  const auto put = [&](const std::string& subject) {
    return world.store.write([&](store::Session& command) {
      return world.guardians->put_text(command, "offer-7", subject, "A seat is\noffered.");
    });
  };
  EXPECT_TRUE(put(login.subject));
  EXPECT_FALSE(put(login.subject));
  EXPECT_THROW(put("guardian:00"), InputError);
  delivered_code(world, sent);
  EXPECT_EQ(sent.texts.back(), "A seat is\noffered.");
  EXPECT_EQ(sent.phones.back(), "+8619900000000");
}

TEST(Guardians, PhonesAreReadInEverySpellingAndNothingElseIs) {
  for (const char* text : {"19900000000", "+86 199 0000 0000", "+86-19900000000"})
    EXPECT_EQ(parse_phone(text, ""), "+8619900000000") << text;
  EXPECT_EQ(parse_phone("+852 0000 0000", ""), "+85200000000");
  for (const char* text : {"", "1990000000", "199000000000", "12000000000", "+86 1990000000", "++8619900000000",
                           "19900000000x", "0199 0000 000", "+0123456789", "86+19900000000", "１９９００００００００"})
    EXPECT_THROW(parse_phone(text, ""), InputError) << text;
}

TEST(Guardians, TheFileSenderWritesForItsUserOnly) {
  const TestFolder folder;
  FileSender sender(folder / "texts");
  EXPECT_EQ(sender.send("id", "+8619900000000", "text"), "");
  EXPECT_EQ(file_text(folder / "texts"), "id\t+8619900000000\ttext\n");
  struct stat state {};
  ASSERT_EQ(::stat((folder / "texts").c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777, 0600u);
  ::chmod((folder / "texts").c_str(), 0644);
  EXPECT_THROW(sender.send("id", "+8619900000000", "text"), InputError);
}

// R3.4: a marked number, password or code is in no file of the service, and in no text of an error.
TEST(Access, SecretsAndNumbersAreNeitherInFilesNorInErrors) {
  for (const SealSuite suite : {SealSuite::aes_gcm, SealSuite::sm4_sm3}) {
    AccessWorld world(suite);
    SentTexts sent;
    const Account account = world.officer("north-review", "canary horse");
    const std::string uri = with_second_factor(world, account.number);
    const Login staff = world.login("north-review", "canary horse", code_now(world, uri));
    world.guardians->send_code(kPhone, "192.0.2.1");
    const std::string code = delivered_code(world, sent);
    const Login family = enter(world, code);
    ASSERT_TRUE(staff.session && family.session);
    const std::string secret = uri.substr(uri.find("secret=") + 7, 32);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(world.folder.path())) {
      const std::string text = file_text(entry.path());
      for (const std::string& canary : {std::string(kPhone), std::string("canary horse"), secret, staff.session->token,
                                        family.session->token, "Code " + code})
        EXPECT_EQ(text.find(canary), std::string::npos) << entry.path();
    }
  }
  const auto silent = [](const std::string& canary, auto&& act) {
    try {
      act();
    } catch (const std::exception& error) {
      EXPECT_EQ(std::string(error.what()).find(canary), std::string::npos) << error.what();
      return;
    }
    ADD_FAILURE() << "no error for " << canary;
  };
  for (const char* type : {"resident_id", "passport", "hk_macao_permit", "taiwan_permit", "foreigner_permanent_card"})
    silent("CANARY", [&] { parse_document(type, "CANARY!", "/document"); });
  silent("CANARY", [] { parse_document("CANARY", "123", "/document"); });
  silent("110105194912310020", [] { parse_document("resident_id", "110105194912310020", "/document"); });
  silent("1990000000x", [] { parse_phone("1990000000x", "/phone"); });
  silent("canary", [] { check_password_rules("canary", "name", ""); });
  silent("canary-one", [] { check_password_rules("canary-one", "canary-one", ""); });
}

}  // namespace
}  // namespace catchment::access
