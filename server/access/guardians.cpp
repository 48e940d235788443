#include "server/access/guardians.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "geo/input_error.hpp"
#include "server/access/columns.hpp"

namespace catchment::access {
namespace {

constexpr std::string_view kCodeKind = "sms.code", kNoticeKind = "sms.notice";
constexpr std::uint32_t kCodes = 1'000'000;

std::string new_code(const Randomness& randomness) {
  const std::string digits = std::to_string(random_below(randomness, kCodes));
  return std::string(6 - digits.size(), '0') + digits;
}

std::string with_code(std::string text, std::string_view code) {
  constexpr std::string_view kMark = "{code}";
  const std::size_t at = text.find(kMark);
  return at == std::string::npos ? text.append(code) : text.replace(at, kMark.size(), code);
}

}  // namespace

std::string parse_phone(std::string_view text, std::string_view where) {
  const auto refuse_phone = [&] {
    throw InputError("phone", std::string(where),
                     "A phone number has 11 digits on the mainland; elsewhere '+', country code and number.");
  };
  std::string digits;
  bool plus = false;
  if (text.size() > 32) refuse_phone();
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c == '+' && digits.empty() && !plus) {
      plus = true;
    } else if (c >= '0' && c <= '9') {
      digits += c;
    } else {
      refuse_phone();
    }
  }
  const auto is_mainland = [](std::string_view number) {
    return number.size() == 11 && number[0] == '1' && number[1] >= '3';
  };
  if (!plus) {
    if (!is_mainland(digits)) refuse_phone();
    return "+86" + digits;
  }
  if (digits.size() < 8 || digits.size() > 15 || digits[0] == '0') refuse_phone();
  if (digits.starts_with("86") && !is_mainland(std::string_view(digits).substr(2))) refuse_phone();
  return "+" + digits;
}

FileSender::FileSender(std::filesystem::path file) : file_(std::move(file)) {}

std::string FileSender::send(const std::string& id, const std::string& phone, const std::string& text) {
  const int fd = ::open(file_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  struct stat state {};
  if (fd < 0 || ::fstat(fd, &state) != 0 || !S_ISREG(state.st_mode) || (state.st_mode & 077) != 0) {
    if (fd >= 0) ::close(fd);
    throw InputError("sender_file", file_.string(), "The file of messages cannot be written, or others may read it.");
  }
  const std::string line = id + "\t" + phone + "\t" + text + "\n";
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  ::close(fd);
  return written ? "" : "file_full";
}

struct Guardians::State {
  store::Store& store;
  Sessions& sessions;
  const KeyRing& ring;
  FieldSeal seals;
  Clock clock;
  Randomness randomness;
  GuardianRules rules;
  RateLimits phones, askers, triers;

  State(store::Store& store_, Sessions& sessions_, const KeyRing& ring_, Clock clock_, Randomness randomness_,
        GuardianRules rules_)
      : store(store_),
        sessions(sessions_),
        ring(ring_),
        seals(ring_, randomness_),
        clock(std::move(clock_)),
        randomness(std::move(randomness_)),
        rules(std::move(rules_)),
        phones(rules.per_phone, randomness),
        askers(rules.per_address, randomness),
        triers(rules.tries_per_address, randomness) {}

  std::string keyed(std::string_view purpose, std::string_view message) const {
    const auto key = ring.find(rules.season);
    if (!key) throw SealError(SealFault::no_key);
    const HmacKind kind = key->suite == SealSuite::aes_gcm ? HmacKind::sha256 : HmacKind::sm3;
    return hmac(kind, derive_key(kind, key->key, purpose).view(), message);
  }
  std::string subject(std::string_view phone) const { return "guardian:" + to_hex(keyed("guardian", phone)); }
  // Bound to the guardian: equal codes of two have nothing in common.
  std::string code_hash(std::string_view subject, std::string_view code) const {
    return keyed("guardian code", std::string(subject).append("|").append(code));
  }

  // What the outbox carries: when it is stale, to whom, what.
  bool put_message(store::Session& command, const std::string& id, std::string_view kind, std::optional<Moment> stale,
                   std::string_view phone, std::string_view text) const {
    const std::string until = stale ? std::to_string(stale->time_since_epoch().count()) : "";
    const std::string plain = until + "\n" + std::string(phone) + "\n" + std::string(text);
    const std::string sealed = seals.seal(rules.season, {"outbox", "body", id}, plain);
    return store::put_message(command, {id, std::string(kind), to_blob(sealed), clock(), 0});
  }

  // In a command: whether the code is the one sent, which is then used up; else one try less.
  bool use_code(store::Session& command, const std::string& subject, const std::string& hash, Moment now) const {
    const auto rows = command.run("select code, tries_left, expires from guardian_code where subject = $1", {subject});
    const store::Row* const row = rows.find_first();
    if (row == nullptr || (*row)[0].is_null() || (*row)[1].integer() <= 0 || now >= (*row)[2].time()) return false;
    if (equal_in_constant_time(view_of((*row)[0].bytes()), hash)) {
      command.run("update guardian_code set code = null, tries_left = 0 where subject = $1", {subject});
      return true;
    }
    const bool last = (*row)[1].integer() == 1;
    command.run("update guardian_code set tries_left = tries_left - 1, waits_until = $1 where subject = $2",
                {last ? Moment(now + rules.code_life) : Moment(), subject});
    return false;
  }
};

Guardians::Guardians(store::Store& store, Sessions& sessions, const KeyRing& ring, Clock clock, Randomness randomness,
                     GuardianRules rules)
    : state_(
          std::make_unique<State>(store, sessions, ring, std::move(clock), std::move(randomness), std::move(rules))) {}
Guardians::~Guardians() = default;

std::string Guardians::subject_of(std::string_view phone) const {
  return state_->subject(parse_phone(phone, "/phone"));
}

SendOutcome Guardians::send_code(std::string_view phone, std::string_view remote_address) {
  const Moment now = state_->clock();
  const std::string number = parse_phone(phone, "/phone");
  if (state_->askers.take(address_key(remote_address), now)) return SendOutcome::slow_down;
  const std::string subject = state_->subject(number);
  if (state_->phones.take(subject, now)) return SendOutcome::slow_down;

  std::string code = new_code(state_->randomness);
  const std::string hash = state_->code_hash(subject, code), text = with_code(state_->rules.text, code);
  wipe(code);
  const std::string id = std::string(kCodeKind) + ":" + to_hex(new_key(state_->randomness).view().substr(0, 16));
  const Moment expires = now + state_->rules.code_life;
  state_->store.write([&](store::Session& command) {
    const auto set = command.run(
        "insert into guardian_code (subject, code, tries_left, expires, waits_until) values ($1, $2, $3, $4, 0) "
        "on conflict (subject) do update set code = excluded.code, tries_left = excluded.tries_left, "
        "expires = excluded.expires where guardian_code.waits_until <= $5",
        {subject, to_blob(hash), state_->rules.tries, expires, now});
    if (set.changed == 1) state_->put_message(command, id, kCodeKind, expires, number, text);
  });
  return SendOutcome::accepted;
}

Login Guardians::enter(std::string_view phone, std::string_view code, std::string_view remote_address,
                       std::string_view cookie) {
  const Moment now = state_->clock();
  const std::string number = parse_phone(phone, "/phone");
  if (const auto until = state_->triers.take(address_key(remote_address), now))
    return {LoginOutcome::slow_down, std::nullopt, {}, until};
  const std::string subject = state_->subject(number);
  const std::string hash = state_->code_hash(subject, code);
  const std::string sealed =
      state_->seals.seal(state_->rules.season, {"guardian", "guardian_phone_sealed", subject}, number);
  auto opened = state_->store.write([&](store::Session& command) -> std::optional<OpenedSession> {
    if (!state_->use_code(command, subject, hash, now)) return std::nullopt;
    command.run(
        "insert into guardian (subject, guardian_phone_sealed, since) values ($1, $2, $3) on conflict (subject) do "
        "nothing",
        {subject, to_blob(sealed), now});
    const Actor actor{Role::guardian, subject, {}, {}, false, {}};
    return state_->sessions.open(command, actor, SessionKind::cookie, cookie);
  });
  if (!opened) return {};
  return {LoginOutcome::signed_in, std::move(opened), subject, std::nullopt};
}

bool Guardians::put_text(store::Session& command, const std::string& id, std::string_view subject,
                         std::string_view text) const {
  const auto rows = command.run("select guardian_phone_sealed from guardian where subject = $1", {subject});
  if (rows.empty()) throw InputError("guardian_unknown", "", "There is no such guardian.");
  const std::string phone = state_->seals.open(state_->rules.season, {"guardian", "guardian_phone_sealed", subject},
                                               view_of(rows.one()[0].bytes()));
  return state_->put_message(command, id, kNoticeKind, std::nullopt, phone, text);
}

std::string Guardians::deliver(const store::OutboxMessage& message, TextSender& sender) const {
  std::string plain;
  try {
    plain = state_->seals.open(state_->rules.season, {"outbox", "body", message.id}, view_of(message.body));
  } catch (const SealError& error) {
    return error.fault == SealFault::no_key ? "key_gone" : "body_broken";
  }
  const std::size_t phone = plain.find('\n') + 1, text = plain.find('\n', phone) + 1;
  // A code that is stale would only confuse; as far as the outbox goes it is settled.
  if (phone > 1 && state_->clock().time_since_epoch().count() >= std::stoll(plain)) return "";
  return sender.send(message.id, plain.substr(phone, text - 1 - phone), plain.substr(text));
}

}  // namespace catchment::access
