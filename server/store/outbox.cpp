#include "server/store/outbox.hpp"

#include <algorithm>
#include <exception>

namespace catchment::store {
namespace {

constexpr int kLongestWait = 3600;

std::chrono::seconds wait_after(int attempts) {
  return std::chrono::seconds(attempts < 12 ? std::min(1 << attempts, kLongestWait) : kLongestWait);
}

}  // namespace

bool put_message(Session& session, const OutboxMessage& message) {
  return session
             .run(
                 "INSERT INTO outbox (id, kind, body, state, due, attempts, last_failure) VALUES ($1, $2, $3, "
                 "'pending', "
                 "$4, 0, '') ON CONFLICT (id) DO NOTHING",
                 {message.id, message.kind, message.body, message.due})
             .changed == 1;
}

std::vector<OutboxMessage> due_messages(Session& session, std::chrono::local_seconds now, int limit) {
  std::vector<OutboxMessage> messages;
  for (const Row& row :
       session.run("SELECT id, kind, body, due, attempts FROM outbox WHERE state = 'pending' AND due <= $1 "
                   "ORDER BY due, id LIMIT $2",
                   {now, limit})) {
    messages.push_back(
        {row[0].text(), row[1].text(), row[2].bytes(), row[3].time(), static_cast<int>(row[4].integer())});
  }
  return messages;
}

void mark_sent(Session& session, const std::string& id, std::chrono::local_seconds at) {
  session.run(
      "UPDATE outbox SET state = 'sent', body = $2, attempts = attempts + 1, settled_at = $3 WHERE id = $1 AND state = "
      "'pending'",
      {id, Bytes(), at});
}

void mark_failed(Session& session, const std::string& id, const std::string& why,
                 std::optional<std::chrono::local_seconds> next) {
  if (next) {
    session.run(
        "UPDATE outbox SET attempts = attempts + 1, last_failure = $2, due = $3 WHERE id = $1 AND state = 'pending'",
        {id, why, *next});
  } else {
    session.run(
        "UPDATE outbox SET state = 'given_up', attempts = attempts + 1, last_failure = $2 WHERE id = $1 AND state = "
        "'pending'",
        {id, why});
  }
}

Delivery deliver_due(Store& store, std::chrono::local_seconds now, int limit,
                     const std::function<std::string(const OutboxMessage&)>& send) {
  Delivery delivery;
  const auto due = store.read([&](Session& session) { return due_messages(session, now, limit); });
  for (const OutboxMessage& message : due) {
    std::string failure;
    try {
      failure = send(message);
    } catch (const std::exception&) {
      failure = "exception";  // its text may speak of a person
    }
    if (failure.empty()) {
      store.write([&](Session& session) { mark_sent(session, message.id, now); });
      ++delivery.sent;
      continue;
    }
    const int attempts = message.attempts + 1;
    const bool last = attempts >= kOutboxAttempts;
    std::optional<std::chrono::local_seconds> next;
    if (!last) next = now + wait_after(attempts);
    store.write([&](Session& session) { mark_failed(session, message.id, failure, next); });
    ++(last ? delivery.given_up : delivery.failed);
  }
  return delivery;
}

}  // namespace catchment::store
