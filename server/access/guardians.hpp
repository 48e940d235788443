// Guardians sign in with a code sent to their phone; they have no password to forget.
//
// A guardian is the keyed hash of a phone number, with a key of the season: the number itself is kept sealed, to write
// to. A code has six digits and serves once, within 15 minutes and five tries; then the phone waits for 15 minutes. The
// answer to "send me a code" is the same for every number.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "server/access/accounts.hpp"
#include "server/store/outbox.hpp"

namespace catchment::access {

// A mainland mobile number of 11 digits, or '+', country code and number, 8 to 15 digits; blanks and hyphens are
// dropped. "+8613...". Throws InputError(phone), without the number.
std::string parse_phone(std::string_view text, std::string_view where);

// Sends a text to a phone: the port behind which a gateway is put.
//
// The outbox hands over every message at least once. A gateway must: use `id` as its own dedupe id if it has one;
// return
// "" when it has taken the message, else a short code ("gateway_503"), never a number or text, because the code is
// stored; give up within 10 s; log neither number nor text; be called by one thread.
class TextSender {
 public:
  virtual ~TextSender() = default;
  virtual std::string send(const std::string& id, const std::string& phone, const std::string& text) = 0;
};
// For development: a line "id TAB phone TAB text" appended to a file of mode 0600. Throws InputError(sender_file).
class FileSender : public TextSender {
 public:
  explicit FileSender(std::filesystem::path file);
  std::string send(const std::string& id, const std::string& phone, const std::string& text) override;

 private:
  std::filesystem::path file_;
};

struct GuardianRules {
  std::string season;  // label of the key
  std::chrono::seconds code_life{15 * 60};
  int tries = 5;
  // Codes sent to a phone, and asked for from an address: text messages cost money and patience.
  RateRule per_phone{2, std::chrono::seconds(10 * 60)};
  RateRule per_address{30, std::chrono::seconds(60)};
  RateRule tries_per_address{60, std::chrono::seconds(10)};
  // The text, {code} standing for the code. Wording belongs to the place: give it.
  std::string text = "{code}";
};

enum class SendOutcome : std::uint8_t { accepted, slow_down };

// Safe for threads.
class Guardians {
 public:
  Guardians(store::Store& store, Sessions& sessions, const KeyRing& ring, Clock clock, Randomness randomness,
            GuardianRules rules);
  ~Guardians();

  // Puts a code into the outbox. `accepted` also while the phone waits after too many tries: nothing is sent then.
  // Throws InputError(phone), SealError(no_key).
  SendOutcome send_code(std::string_view phone, std::string_view remote_address);
  Login enter(std::string_view phone, std::string_view code, std::string_view remote_address,
              std::string_view cookie = {});

  // For store::deliver_due: opens a message of kind "sms.code" or "sms.notice" and hands it to the sender.
  std::string deliver(const store::OutboxMessage& message, TextSender& sender) const;
  // Any text to a guardian, in the command that causes it: at least once by the outbox. False if `id` was put before.
  // Throws InputError(guardian_unknown).
  bool put_text(store::Session& command, const std::string& id, std::string_view subject, std::string_view text) const;

  std::string subject_of(std::string_view phone) const;  // "guardian:<64 hex digits>"

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::access
