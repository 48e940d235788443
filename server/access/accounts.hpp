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

enum class LoginOutcome : std::uint8_t { signed_in, refused, slow_down };
struct Login {
  LoginOutcome outcome = LoginOutcome::refused;
  std::optional<OpenedSession> session;
  std::string subject;
  std::optional<Moment> try_again;  // slow_down
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

  Login login(const LoginTry& attempt);

  // Throw InputError: account_name, account_name_taken, account_unknown, account_role (guardian and anonymous have no
  // accounts), account_scope (a district officer without district, a clerk without school, others with any), and
  // check_password_rules'. A change ends the account's sessions.
  Account create(const AccountFacts& facts, std::string_view password);
  Account change(std::int64_t number, const AccountFacts& facts, bool disabled);
  void set_password(std::int64_t number, std::string_view password);
  std::vector<Account> list() const;
  std::optional<Account> find(std::int64_t number) const;

  // Two steps, so that nobody locks himself out: the secret is shown, then confirmed by a code of it. The second
  // answers false to a wrong code. remove: after a phone was lost.
  std::string begin_second_factor(std::int64_t number);  // an otpauth:// URI
  bool confirm_second_factor(std::int64_t number, std::string_view code);
  void remove_second_factor(std::int64_t number);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::access
