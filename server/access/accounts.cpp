#include "server/access/accounts.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "geo/input_error.hpp"
#include "server/access/columns.hpp"
#include "server/access/totp.hpp"

namespace catchment::access {
namespace {

constexpr std::string_view kAccountsKey = "accounts";
constexpr std::string_view kAccountMark = "account:";
constexpr std::string_view kAccountColumns =
    "number, name, role, districts, schools, case when totp is null then 0 else 1 end, disabled, version";

// Argon2 takes memory by design: so many at once, and who waits longer than a second is sent away.
class HashSlots {
 public:
  explicit HashSlots(int count) : free_(count) {}
  bool take(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return free_ > 0; })) return false;
    --free_;
    return true;
  }
  void give() {
    {
      const std::lock_guard lock(mutex_);
      ++free_;
    }
    changed_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;
};

struct HashSlot {
  HashSlots& slots;
  const bool taken;
  HashSlot(HashSlots& slots_, std::chrono::milliseconds patience) : slots(slots_), taken(slots_.take(patience)) {}
  ~HashSlot() {
    if (taken) slots.give();
  }
  HashSlot(const HashSlot&) = delete;
};

bool is_account_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
         });
}

Account read_account(const store::Row& row) {
  Account account;
  account.number = row[0].integer();
  account.facts.name = row[1].text();
  account.facts.role = find_role(row[2].text()).value_or(Role::anonymous);
  account.facts.districts = parse_ids(row[3].text());
  account.facts.schools = parse_ids(row[4].text());
  account.second_factor = row[5].integer() != 0;
  account.disabled = row[6].integer() != 0;
  account.version = row[7].integer();
  return account;
}

FieldPlace totp_place(const std::string& number) { return {"account", "totp", number}; }

}  // namespace

void check_account_facts(const AccountFacts& facts) {
  if (!is_account_name(facts.name))
    throw InputError("account_name", "/name", "A work name is 3 to 40 of a-z, 0-9, '-' and '.'.");
  if (facts.role == Role::anonymous || facts.role == Role::guardian)
    throw InputError("account_role", "/role", "Only staff have accounts.");
  const auto refuse_scope = [](const char* where, const char* message) {
    throw InputError("account_scope", where, message);
  };
  if (facts.districts.empty() != (facts.role != Role::district))
    refuse_scope("/districts", "A district officer has at least one district, and nobody else any.");
  if (facts.schools.empty() != (facts.role != Role::school))
    refuse_scope("/schools", "A school's clerk has at least one school, and nobody else any.");
  for (const auto* const ids : {&facts.districts, &facts.schools})
    if (!std::all_of(ids->begin(), ids->end(), [](const std::string& id) { return is_id(id); }))
      refuse_scope(ids == &facts.districts ? "/districts" : "/schools", "An id has no blanks.");
}

std::string subject_of(const Account& account) { return std::string(kAccountMark) + std::to_string(account.number); }

struct Accounts::State {
  store::Store& store;
  Sessions& sessions;
  const KeyRing& ring;
  FieldSeal seals;
  Clock clock;
  Randomness randomness;
  AccountRules rules;
  Clock codes;
  FailureLocks locks;
  RateLimits addresses;
  HashSlots slots;
  // What a name nobody has is tried against, at the same cost.
  std::string nobodys_password;
  std::string nobodys_secret;

  State(store::Store& store_, Sessions& sessions_, const KeyRing& ring_, Clock clock_, Randomness randomness_,
        const AccountRules& rules_)
      : store(store_),
        sessions(sessions_),
        ring(ring_),
        seals(ring_, randomness_),
        clock(std::move(clock_)),
        randomness(std::move(randomness_)),
        rules(rules_),
        codes(rules_.codes ? rules_.codes : clock),
        locks(rules_.lock, randomness),
        addresses(rules_.per_address, randomness),
        slots(rules_.hashes_at_once),
        nobodys_password(hash_password(to_base64url(new_key(randomness).view()), rules_.cost, randomness)),
        nobodys_secret(new_totp_secret(randomness)) {}

  struct Known {
    Account account;
    std::string password;
    std::optional<std::string> secret;
    std::int64_t totp_step = 0;
  };

  std::optional<Known> find_by_name(std::string_view name) const {
    if (!is_account_name(name)) return std::nullopt;
    const store::Rows rows = store.read([&](store::Session& session) {
      return session.run("select " + std::string(kAccountColumns) +
                             ", password, totp, totp_step from account where name = $1 and disabled = 0",
                         {name});
    });
    const store::Row* const row = rows.find_first();
    if (row == nullptr) return std::nullopt;
    Known known{read_account(*row), (*row)[8].text(), std::nullopt, (*row)[10].integer()};
    if (!(*row)[9].is_null()) {
      known.secret =
          seals.open(kAccountsKey, totp_place(std::to_string(known.account.number)), view_of((*row)[9].bytes()));
    }
    return known;
  }

  // The step of the code used, -1 where the account has no second factor; empty: refused.
  std::optional<std::int64_t> check(const std::optional<Known>& known, const LoginTry& attempt) const {
    const bool password = is_password(known ? known->password : nobodys_password, attempt.password);
    const std::string& secret = known && known->secret ? *known->secret : nobodys_secret;
    const auto step =
        find_totp_step(secret, attempt.code, unix_seconds(codes()), known && known->secret ? known->totp_step : 0);
    if (!known || !password) return std::nullopt;
    return known->secret ? step : std::optional<std::int64_t>(-1);
  }

  // Uses up the code and opens the session in one command: of twins with one code, one gets in.
  std::optional<OpenedSession> enter(const Known& known, std::int64_t step, const std::string& new_phc,
                                     std::string_view cookie) {
    return store.write([&](store::Session& command) -> std::optional<OpenedSession> {
      const std::int64_t number = known.account.number;
      // Whoever changed the account meanwhile has ended this login as well.
      const auto same = command.run(
          "update account set totp_step = case when $1 > totp_step then $1 else totp_step end "
          "where number = $2 and version = $3 and disabled = 0 and ($1 = -1 or totp_step < $1)",
          {step, number, known.account.version});
      if (same.changed != 1) return std::nullopt;
      if (!new_phc.empty()) command.run("update account set password = $1 where number = $2", {new_phc, number});
      const AccountFacts& facts = known.account.facts;
      const Actor actor{facts.role, subject_of(known.account), facts.districts, facts.schools, step >= 0, {}};
      return sessions.open(command, actor, SessionKind::cookie, cookie);
    });
  }

  store::Bytes identity_mark(std::string_view issuer, std::string_view subject) const {
    const auto key = ring.find(kAccountsKey);
    if (!key) throw SealError(SealFault::no_key);
    std::string message = std::to_string(issuer.size());
    message.append("|").append(issuer).append("|").append(subject);
    return to_blob(hmac(HmacKind::sha256, derive_key(HmacKind::sha256, key->key, "identity").view(), message));
  }

  void must_change(store::Session& command, std::int64_t number, const store::Rows& rows) const {
    if (rows.changed != 1) throw InputError("account_unknown", "/number", "There is no such account.");
    sessions.close_all(command, std::string(kAccountMark) + std::to_string(number));
  }
};

Accounts::Accounts(store::Store& store, Sessions& sessions, const KeyRing& ring, Clock clock, Randomness randomness,
                   AccountRules rules)
    : state_(std::make_unique<State>(store, sessions, ring, std::move(clock), std::move(randomness), rules)) {}
Accounts::~Accounts() = default;

Login Accounts::login(const LoginTry& attempt) {
  const Moment now = state_->clock();
  const auto slow_down = [](Moment until) { return Login{LoginOutcome::slow_down, std::nullopt, {}, until}; };
  if (const auto until = state_->addresses.take(address_key(attempt.remote_address), now)) return slow_down(*until);
  const HashSlot slot(state_->slots, std::chrono::seconds(1));
  if (!slot.taken) return slow_down(now + std::chrono::seconds(5));
  // No account has a longer name; a longer one must not cost more.
  const std::string_view name = attempt.name.substr(0, 64);
  if (const auto until = state_->locks.begin(name, now)) return slow_down(*until);

  const auto known = state_->find_by_name(name);
  const auto step = state_->check(known, attempt);
  if (!step) return {};
  std::string new_phc;
  if (is_outdated(known->password, state_->rules.cost))
    new_phc = hash_password(attempt.password, state_->rules.cost, state_->randomness);
  auto opened = state_->enter(*known, *step, new_phc, attempt.cookie);
  if (!opened) return {};
  state_->locks.succeeded(name);
  return {LoginOutcome::signed_in, std::move(opened), subject_of(known->account), std::nullopt};
}

Login Accounts::login_as(std::string_view issuer, std::string_view subject, bool second_factor,
                         std::string_view cookie) {
  const store::Bytes mark = state_->identity_mark(issuer, subject);
  Login login;
  login.session = state_->store.write([&](store::Session& command) -> std::optional<OpenedSession> {
    const auto rows = command.run(
        "select " + std::string(kAccountColumns) + " from account where identity = $1 and disabled = 0", {mark});
    if (rows.empty()) return std::nullopt;
    const Account account = read_account(rows.one());
    login.subject = subject_of(account);
    const AccountFacts& facts = account.facts;
    const Actor actor{facts.role, login.subject, facts.districts, facts.schools, second_factor, {}};
    return state_->sessions.open(command, actor, SessionKind::cookie, cookie);
  });
  if (login.session) login.outcome = LoginOutcome::signed_in;
  return login;
}

HashedPassword Accounts::hash(std::string_view password, std::string_view account_name) const {
  check_password_rules(password, account_name, "/password");
  const HashSlot slot(state_->slots, std::chrono::hours(1));
  return {hash_password(password, state_->rules.cost, state_->randomness)};
}

Account Accounts::create(store::Session& command, const AccountFacts& facts, const HashedPassword& password) const {
  check_account_facts(facts);
  const auto rows = command.run(
      "insert into account (number, name, role, districts, schools, password, totp_step, disabled, version) "
      "select coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, 0, 0, 1 from account where true "
      "on conflict (name) do nothing returning " +
          std::string(kAccountColumns),
      {facts.name, to_word(facts.role), join_ids(facts.districts), join_ids(facts.schools), password.phc});
  if (rows.empty()) throw InputError("account_name_taken", "/name", "There is an account of this name.");
  return read_account(rows.one());
}

Account Accounts::change(store::Session& command, std::int64_t number, const AccountFacts& facts, bool disabled,
                         std::optional<std::int64_t> if_version) const {
  check_account_facts(facts);
  const auto before = find(command, number);
  if (!before) throw InputError("account_unknown", "/number", "There is no such account.");
  if (if_version && *if_version != before->version)
    throw InputError("account_changed", "/version", "The account was changed meanwhile.");
  const auto other = command.run("select number from account where name = $1 and number <> $2", {facts.name, number});
  if (!other.empty()) throw InputError("account_name_taken", "/name", "There is an account of this name.");
  state_->must_change(command, number,
                      command.run("update account set name = $1, role = $2, districts = $3, schools = $4, "
                                  "disabled = $5, version = version + 1 where number = $6",
                                  {facts.name, to_word(facts.role), join_ids(facts.districts), join_ids(facts.schools),
                                   disabled ? 1 : 0, number}));
  return *find(command, number);
}

void Accounts::set_password(store::Session& command, std::int64_t number, const HashedPassword& password) const {
  state_->must_change(
      command, number,
      command.run("update account set password = $1, version = version + 1 where number = $2", {password.phc, number}));
}

void Accounts::link_identity(store::Session& command, std::int64_t number, std::string_view issuer,
                             std::string_view subject) const {
  const store::Bytes mark = state_->identity_mark(issuer, subject);
  if (!command.run("select number from account where identity = $1 and number <> $2", {mark, number}).empty())
    throw InputError("identity_taken", "/subject", "This person is linked to another account.");
  state_->must_change(
      command, number,
      command.run("update account set identity = $1, version = version + 1 where number = $2", {mark, number}));
}

std::vector<Account> Accounts::list(store::Session& session) const {
  std::vector<Account> accounts;
  for (const store::Row& row : session.run("select " + std::string(kAccountColumns) + " from account order by number"))
    accounts.push_back(read_account(row));
  return accounts;
}

std::optional<Account> Accounts::find(store::Session& session, std::int64_t number) const {
  const auto rows = session.run("select " + std::string(kAccountColumns) + " from account where number = $1", {number});
  if (rows.empty()) return std::nullopt;
  return read_account(rows.one());
}

std::optional<Account> Accounts::find(store::Session& session, std::string_view subject) const {
  if (!subject.starts_with(kAccountMark)) return std::nullopt;
  subject.remove_prefix(kAccountMark.size());
  if (subject.empty() || subject.size() > 18) return std::nullopt;
  std::int64_t number = 0;
  for (const char c : subject) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + (c - '0');
  }
  return find(session, number);
}

std::string Accounts::begin_second_factor(store::Session& command, std::int64_t number, std::string_view issuer) const {
  const auto account = find(command, number);
  if (!account) throw InputError("account_unknown", "/number", "There is no such account.");
  std::string secret = new_totp_secret(state_->randomness);
  const std::string sealed = state_->seals.seal(kAccountsKey, totp_place(std::to_string(number)), secret);
  command.run("update account set totp_pending = $1 where number = $2", {to_blob(sealed), number});
  std::string uri = totp_uri(issuer, account->facts.name, secret);
  wipe(secret);
  return uri;
}

bool Accounts::confirm_second_factor(store::Session& command, std::int64_t number, std::string_view code) const {
  const auto rows = command.run("select totp_pending from account where number = $1", {number});
  if (rows.empty()) throw InputError("account_unknown", "/number", "There is no such account.");
  if (rows.one()[0].is_null()) return false;
  const std::string secret =
      state_->seals.open(kAccountsKey, totp_place(std::to_string(number)), view_of(rows.one()[0].bytes()));
  const auto step = find_totp_step(secret, code, unix_seconds(state_->codes()), 0);
  if (!step) return false;
  state_->must_change(command, number,
                      command.run("update account set totp = totp_pending, totp_pending = null, totp_step = $1, "
                                  "version = version + 1 where number = $2",
                                  {*step, number}));
  return true;
}

std::string Accounts::next_code(store::Session& command, std::int64_t number) const {
  const auto rows = command.run("select totp, totp_step from account where number = $1", {number});
  if (rows.empty()) throw InputError("account_unknown", "/number", "There is no such account.");
  std::string secret;
  if (rows.one()[0].is_null()) {
    secret = new_totp_secret(state_->randomness);
    const std::string sealed = state_->seals.seal(kAccountsKey, totp_place(std::to_string(number)), secret);
    command.run("update account set totp = $1, totp_pending = null, version = version + 1 where number = $2",
                {to_blob(sealed), number});
  } else {
    secret = state_->seals.open(kAccountsKey, totp_place(std::to_string(number)), view_of(rows.one()[0].bytes()));
  }
  const std::int64_t now = unix_seconds(state_->codes()) / TotpForm{}.step_seconds;
  std::string code = hotp(secret, static_cast<std::uint64_t>(std::max(now, rows.one()[1].integer() + 1)));
  wipe(secret);
  return code;
}

void Accounts::remove_second_factor(store::Session& command, std::int64_t number) const {
  state_->must_change(command, number,
                      command.run("update account set totp = null, totp_pending = null, version = version + 1 "
                                  "where number = $1",
                                  {number}));
}

}  // namespace catchment::access
