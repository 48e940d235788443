// What the crash tests write, and how they tell whether anything of it is lost, half or double.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/store/idempotency.hpp"
#include "server/store/journal.hpp"
#include "store_world.hpp"

namespace catchment::testing {

inline const std::vector<store::Migration>& crash_steps() {
  static const std::vector<store::Migration> steps = steps_with(
      {{9002, "crash",
        "CREATE TABLE sent (client {int} NOT NULL, number {int} NOT NULL, PRIMARY KEY (client, number));"
        "CREATE TABLE detail (client {int} NOT NULL, number {int} NOT NULL, text {text} NOT NULL, PRIMARY KEY (client, "
        "number));"
        "CREATE TABLE tally (client {int} PRIMARY KEY, number {int} NOT NULL);"}});
  return steps;
}

inline store::StoreOptions crash_options() {
  store::StoreOptions options;
  options.migrations = crash_steps();
  return options;
}

// Registration `number` of a client, in one command: three tables, the journal, and the answer kept.
inline store::OnceAnswer send_registration(store::Store& store, std::int64_t client, std::int64_t number) {
  const std::chrono::local_seconds at{std::chrono::seconds(1'800'000'000 + number)};
  store::OnceRequest request{
      .actor = "client" + std::to_string(client), .key = std::to_string(number), .hash = {}, .at = at};
  request.hash[0] = static_cast<std::uint8_t>(number & 0xFF);
  return store.write([&](store::Session& session) {
    return store::run_once(session, request, [&](store::Session& s) {
      s.run("INSERT INTO sent (client, number) VALUES ($1, $2)", {client, number});
      s.run(
          "INSERT INTO tally (client, number) VALUES ($1, 1) ON CONFLICT (client) DO UPDATE SET number = tally.number "
          "+ 1",
          {client});
      const store::JournalHead head =
          store::append_journal(s, {at, request.actor, "registration.submit", request.key, "{}"});
      s.run("INSERT INTO detail (client, number, text) VALUES ($1, $2, $3)", {client, number, std::string(60, 'd')});
      return store::OnceAnswer{201, "", store::Bytes(head.hash.begin(), head.hash.end())};
    });
  });
}

// Of one client: rows of each table and what its tally says.
struct ClientRows {
  std::int64_t registrations = 0;
  std::int64_t last = 0;
  std::int64_t details = 0;
  std::int64_t tally = 0;
};

inline std::map<std::int64_t, ClientRows> rows_by_client(store::Session& session) {
  std::map<std::int64_t, ClientRows> clients;
  for (const auto& row : session.run("SELECT client, count(*), max(number) FROM sent GROUP BY client")) {
    clients[row[0].integer()].registrations = row[1].integer();
    clients[row[0].integer()].last = row[2].integer();
  }
  for (const auto& row : session.run("SELECT client, count(*) FROM detail GROUP BY client")) {
    clients[row[0].integer()].details = row[1].integer();
  }
  for (const auto& row : session.run("SELECT client, number FROM tally")) {
    clients[row[0].integer()].tally = row[1].integer();
  }
  return clients;
}

// "" if each client has what it was told of, and at most the one more it was waiting for; nothing half, nothing twice.
inline std::string what_is_wrong(store::Session& session, const std::map<std::int64_t, std::int64_t>& acknowledged) {
  std::map<std::int64_t, ClientRows> clients = rows_by_client(session);
  std::int64_t all = 0;
  for (const auto& [client, told] : acknowledged) {
    const ClientRows& rows = clients[client];
    const std::string who = "client " + std::to_string(client) + ", told of " + std::to_string(told) + ": ";
    if (rows.last < told) return who + "lost, has " + std::to_string(rows.last);
    if (rows.last > told + 1) return who + "more than it sent, " + std::to_string(rows.last);
    if (rows.registrations != rows.last || rows.details != rows.last) return who + "half";
    if (rows.tally != rows.last) return who + "double, tally " + std::to_string(rows.tally);
    all += rows.last;
  }
  const std::int64_t size = store::journal_head(session).size;
  return size == all ? "" : "journal of " + std::to_string(size) + " entries for " + std::to_string(all);
}

}  // namespace catchment::testing
