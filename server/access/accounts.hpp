// Accounts of staff: a work name ("huaiyuan-review-2", no person's), a role with its districts or schools, a password
// and a second factor. Whoever has no second factor may sign in and set one up; permissions.tsv grants little else.
//
// A login answers `refused` to a wrong name, password or code alike, after the same work. Nothing here is logged; the
// caller journals subjects, never names that were typed.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/access/attempts.hpp"
#include "server/access/field_seal.hpp"
#include "server/access/password.hpp"
#include "server/access/permissions.hpp"
#include "server/access/sessions.hpp"
#include "server/store/store.hpp"

namespace catchment::access {

struct AccountRules {
  PasswordCost cost;
  int hashes_at_once = 4;  // each takes cost.memory_bytes; who waits longer than a second is told `slow_down`
  LockRule lock;           // per account name, also names nobody has
  RateRule per_address;
  Clock codes;  // what second factors go by: true time, also where the season's clock was set; none: the clock given
};

struct AccountFacts {
  std::string name;  // 3 to 40 of a-z, 0-9, '-', '.'
  Role role = Role::school;
  std::vector<std::string> districts, schools;
  friend bool operator==(const AccountFacts&, const AccountFacts&) = default;
};
struct Account {
  std::int64_t number = 0;
  AccountFacts facts;
  bool second_factor = false;
  bool disabled = false;
  std::int64_t version = 0;  // rises with every change, for ETag and If-Match
};
std::string subject_of(const Account& account);  // "account:7"
// Of form and scope only. Throws InputError: account_name, account_role, account_scope.
void check_account_facts(const AccountFacts& facts);

enum class LoginOutcome : std::uint8_t { signed_in, refused, slow_down };
struct Login {
  LoginOutcome outcome = LoginOutcome::refused;
  std::optional<OpenedSession> session;
  std::string subject;
  std::optional<Moment> try_again;  // slow_down
};

struct HashedPassword {
  std::string phc;
};

struct LoginTry {
  std::string_view name, password, code;  // code: of the second factor, or empty
  std::string_view remote_address;
  std::string_view cookie;  // of the request, whose session ends
};

// Safe for threads.
class Accounts {
 public:
  // The ring has a key "accounts", which seals the second factors' secrets.
  Accounts(store::Store& store, Sessions& sessions, const KeyRing& ring, Clock clock, Randomness randomness,
           AccountRules rules = {});
  ~Accounts();

  // A command of its own. Not within another.
  Login login(const LoginTry& attempt);

  // Of somebody whom an identity provider named (oidc.hpp) and who was linked before; second_factor as it says. Else
  // `refused`. A command of its own.
  Login login_as(std::string_view issuer, std::string_view subject, bool second_factor, std::string_view cookie);

  // Takes its time and memory: before the command that uses it. Throws as check_password_rules.
  HashedPassword hash(std::string_view password, std::string_view account_name) const;

  // In a command. Throw InputError: account_name, account_name_taken, account_unknown, account_role (guardian and
  // anonymous have no accounts), account_scope (a district officer without district, a clerk without school, others
  // with any), account_changed (another version than `if_version`, where one is given). Changes end the account's
  // sessions.
  Account create(store::Session& command, const AccountFacts& facts, const HashedPassword& password) const;
  Account change(store::Session& command, std::int64_t number, const AccountFacts& facts, bool disabled,
                 std::optional<std::int64_t> if_version = {}) const;
  void set_password(store::Session& command, std::int64_t number, const HashedPassword& password) const;
  // One person of an issuer to one account, kept as a keyed hash. Throws also InputError(identity_taken).
  void link_identity(store::Session& command, std::int64_t number, std::string_view issuer,
                     std::string_view subject) const;
  std::vector<Account> list(store::Session& session) const;
  std::optional<Account> find(store::Session& session, std::int64_t number) const;
  std::optional<Account> find(store::Session& session, std::string_view subject) const;

  // Two steps, so that nobody locks himself out: the secret is shown, then confirmed by a code of it. The second
  // answers false to a wrong code. remove: after a phone was lost. Throw InputError(account_unknown), SealError.
  std::string begin_second_factor(store::Session& command, std::int64_t number,
                                  std::string_view issuer) const;  // otpauth:
  bool confirm_second_factor(store::Session& command, std::int64_t number, std::string_view code) const;
  // The next code of the second factor that a login takes, of an account without one after it was set up: as good as
  // the factor itself, for who has the machine and the keys.
  std::string next_code(store::Session& command, std::int64_t number) const;
  void remove_second_factor(store::Session& command, std::int64_t number) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::access
