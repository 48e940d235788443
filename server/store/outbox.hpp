// Effects outside the store (a text message, the pupils' register): noted in the same command as the change that causes
// them, carried out afterwards, at least once, with an id by which the receiver knows a second time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/store/store.hpp"

namespace catchment::store {

struct OutboxMessage {
  std::string id;    // dedupe id: the same cause gives the same id
  std::string kind;  // "sms.code", "register.push"
  Bytes body;        // sealed by the caller
  std::chrono::local_seconds due{};
  int attempts = 0;  // so far
};

// False, and nothing is changed, if a message of this id was ever put.
bool put_message(Session& session, const OutboxMessage& message);

// Pending ones due at `now`, by due time and id, at most `limit`.
std::vector<OutboxMessage> due_messages(Session& session, std::chrono::local_seconds now, int limit);

// Sent: its body is wiped, its id stays.
void mark_sent(Session& session, const std::string& id, std::chrono::local_seconds at);
// Not sent: tried again at `next`, or given up without one. `why` is a code, never a text about a person.
void mark_failed(Session& session, const std::string& id, const std::string& why,
                 std::optional<std::chrono::local_seconds> next);

// Hands every due message to `send`, outside any transaction, and marks it. send returns "" or a code of what went
// wrong; an exception counts as "exception". After attempt n the next is 2^n seconds later, an hour at most; after
// kOutboxAttempts it is given up. One caller at a time.
inline constexpr int kOutboxAttempts = 20;
struct Delivery {
  int sent = 0;
  int failed = 0;
  int given_up = 0;
};
Delivery deliver_due(Store& store, std::chrono::local_seconds now, int limit,
                     const std::function<std::string(const OutboxMessage&)>& send);

}  // namespace catchment::store
