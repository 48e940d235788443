// Journal, answers kept and outbox, of both kinds of store.
#include <atomic>
#include <thread>

#include "geo/input_error.hpp"
#include "server/store/idempotency.hpp"
#include "server/store/journal.hpp"
#include "server/store/outbox.hpp"
#include "store_world.hpp"

namespace catchment::testing {
namespace {

using namespace std::chrono_literals;
using store::Bytes;
using store::JournalEntry;
using store::OnceAnswer;
using store::OnceRequest;
using store::OutboxMessage;
using store::Session;
using store::Store;

const std::chrono::local_seconds kMorning{1'800'000'000s};

JournalEntry entry(int i) {
  return {kMorning + std::chrono::seconds(i), "clerk" + std::to_string(i % 3), "registration.submit",
          "child" + std::to_string(i), "{\"tier\":" + std::to_string(i) + ",\"note\":\"a\tb\"}"};
}

void append_some(Store& store, int first, int last) {
  store.write([&](Session& session) {
    for (int i = first; i <= last; ++i) store::append_journal(session, entry(i));
  });
}

std::string first_fault(Store& store) {
  const auto fault = store.read([](Session& session) { return store::check_journal(session); });
  return fault ? std::to_string(fault->number) + ": " + fault->what : "none";
}

class Journal : public StoreContract {};

TEST_P(Journal, CarriesOnFromTheEntryBefore) {
  Store store = open();
  EXPECT_EQ(store.read(store::journal_head), store::JournalHead{});
  append_some(store, 1, 20);
  const store::JournalHead head = store.read(store::journal_head);
  EXPECT_EQ(head.size, 20);
  // SHA-256 reckoned by hand from the lines, as the header defines it.
  EXPECT_EQ(store::journal_line(7, entry(7)),
            "7\t2027-01-15T08:00:07\tclerk1\tregistration.submit\tchild7\t{\"tier\":7,\"note\":\"a\tb\"}");
  EXPECT_EQ(first_fault(store), "none");
  append_some(store, 21, 22);
  EXPECT_EQ(first_fault(store), "none");
  EXPECT_FALSE(store.read([](Session& session) { return store::check_journal(session, 9, 22); }));
}

TEST_P(Journal, ShowsEveryChangeOfAnEntry) {
  Store store = open();
  append_some(store, 1, 9);
  for (const char* change : {"at = at + 1", "actor = 'x'", "kind = 'x'", "subject = ''", "body = '{}'", "hash = $1"}) {
    EXPECT_THROW(store.write([&](Session& session) {
      std::vector<store::Value> values;
      if (std::string(change) == "hash = $1") values.emplace_back(Bytes(32, 1));
      session.run(std::string("UPDATE journal SET ") + change + " WHERE number = 5", values);
      const auto fault = store::check_journal(session);
      EXPECT_TRUE(fault && fault->number == 5) << change;
      EXPECT_FALSE(store::check_journal(session, 1, 4));
      throw std::out_of_range("undo");
    }),
                 std::out_of_range);
  }
  store.write([](Session& session) { session.run("DELETE FROM journal WHERE number = 5"); });
  EXPECT_EQ(first_fault(store), "5: missing");
}

TEST_P(Journal, ProvesAnEntryToWhoKnowsTheRoot) {
  Store store = open();
  append_some(store, 1, 17);
  store.read([](Session& session) {
    for (int size = 1; size <= 17; ++size) {
      const store::Digest root = store::journal_root(session, size);
      for (int number = 1; number <= size; ++number) {
        store::JournalProof proof = store::prove_entry(session, number, size);
        EXPECT_EQ(proof.root, root);
        EXPECT_TRUE(store::is_proved(proof));
        store::JournalProof other = proof;
        other.line.back() = ' ';
        EXPECT_FALSE(store::is_proved(other));
        other = proof;
        other.number = number % size + 1;
        EXPECT_EQ(store::is_proved(other), size == 1);
      }
    }
    EXPECT_EQ(kind_thrown([&] { store::prove_entry(session, 3, 2); }), "statement");
  });
}

TEST_P(Journal, RefusesWhatIsNotOneLine) {
  Store store = open();
  JournalEntry two_lines = entry(1);
  two_lines.body = "a\nb";
  EXPECT_THROW(store.write([&](Session& session) { store::append_journal(session, two_lines); }), InputError);
  JournalEntry shifted = entry(1);
  shifted.actor = "a\tb";
  EXPECT_THROW(store.write([&](Session& session) { store::append_journal(session, shifted); }), InputError);
}

INSTANTIATE_TEST_SUITE_P(Both, Journal, kBothKinds, kind_name);

class Once : public StoreContract {
 protected:
  static OnceRequest request(const std::string& key, std::uint8_t hash = 1) {
    OnceRequest request{.actor = "guardian1", .key = key, .hash = {}, .at = kMorning};
    request.hash[0] = hash;
    return request;
  }
  // What a handler does: one more note, and an answer that names it.
  static OnceAnswer add(Session& session) {
    const std::int64_t id = session.run("SELECT count(*) FROM note").one()[0].integer() + 1;
    session.run("INSERT INTO note (id, text) VALUES ($1, 'note')", {id});
    return {201, "Location: /v1/notes/" + std::to_string(id) + "\n", Bytes{0, 1, static_cast<std::uint8_t>(id)}};
  }
  static OnceAnswer send(Store& store, const OnceRequest& request) {
    return store.write([&](Session& session) { return store::run_once(session, request, add); });
  }
  static std::int64_t notes(Store& store) {
    return store.read([](Session& session) { return session.run("SELECT count(*) FROM note").one()[0].integer(); });
  }
};

TEST_P(Once, TheSameRequestGetsTheSameAnswer) {
  Store store = open();
  const OnceAnswer first = send(store, request("a"));
  const OnceAnswer again = send(store, request("a"));
  EXPECT_FALSE(first.replayed);
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.headers, first.headers);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(notes(store), 1);
  const auto kept = store.read([](Session& session) { return store::find_answer(session, request("a")); });
  EXPECT_TRUE(kept && kept->body == first.body);
}

TEST_P(Once, TheKeyOfAnotherRequestIsRefused) {
  Store store = open();
  send(store, request("a", 1));
  EXPECT_THROW(send(store, request("a", 2)), store::KeyReused);
  OnceRequest other = request("a", 2);
  other.actor = "guardian2";
  EXPECT_EQ(send(store, other).headers, "Location: /v1/notes/2\n");
  EXPECT_EQ(notes(store), 2);
}

TEST_P(Once, WhatThrewMayBeTriedAgain) {
  Store store = open();
  EXPECT_THROW(store.write([&](Session& session) {
    store::run_once(session, request("a"), [](Session& inner) -> OnceAnswer {
      add(inner);
      throw std::out_of_range("no seat");
    });
  }),
               std::out_of_range);
  EXPECT_FALSE(send(store, request("a")).replayed);
  EXPECT_EQ(notes(store), 1);
}

// serves: GY20
TEST_P(Once, OfTwinsAtTheSameTimeOneRuns) {
  Store store = open();
  constexpr int kKeys = 20;
  constexpr int kTwins = 5;
  std::atomic<int> done = 0;
  std::vector<std::thread> twins;
  for (int i = 0; i < kKeys * kTwins; ++i) {
    twins.emplace_back([&, i] {
      if (!send(store, request("key" + std::to_string(i % kKeys))).replayed) ++done;
    });
  }
  for (std::thread& twin : twins) twin.join();
  EXPECT_EQ(done, kKeys);
  EXPECT_EQ(notes(store), kKeys);
}

TEST_P(Once, KeysAreVisibleCharacters) {
  Store store = open();
  for (const std::string& key : {std::string(), std::string("a b"), std::string("键"), std::string(256, 'k')}) {
    EXPECT_THROW(send(store, request(key)), InputError) << key;
  }
  EXPECT_EQ(send(store, request(std::string(255, 'k'))).status, 201);
}

INSTANTIATE_TEST_SUITE_P(Both, Once, kBothKinds, kind_name);

class Outbox : public StoreContract {};

TEST_P(Outbox, SendsEachMessageUntilItIsTaken) {
  Store store = open();
  store.write([](Session& session) {
    EXPECT_TRUE(store::put_message(session, {"m1", "sms.code", Bytes{1}, kMorning}));
    EXPECT_TRUE(store::put_message(session, {"m2", "sms.code", Bytes{2}, kMorning}));
    EXPECT_TRUE(store::put_message(session, {"later", "sms.code", Bytes{3}, kMorning + 1h}));
    EXPECT_FALSE(store::put_message(session, {"m1", "sms.code", Bytes{9}, kMorning}));
  });
  std::vector<std::string> heard;
  const auto hear = [&](const OutboxMessage& message) -> std::string {
    heard.push_back(message.id + ":" + std::to_string(message.body.at(0)));
    if (message.id == "m1" && message.attempts == 0) throw std::runtime_error("the gateway's words");
    return "";
  };
  store::Delivery delivery = store::deliver_due(store, kMorning, 10, hear);
  EXPECT_EQ(delivery.sent, 1);
  EXPECT_EQ(delivery.failed, 1);
  EXPECT_EQ(store::deliver_due(store, kMorning + 1s, 10, hear).sent, 0);
  EXPECT_EQ(store::deliver_due(store, kMorning + 2s, 10, hear).sent, 1);
  EXPECT_EQ(heard, (std::vector<std::string>{"m1:1", "m2:2", "m1:1"}));
  store.read([](Session& session) {
    EXPECT_EQ(session.run("SELECT state, attempts, body, last_failure FROM outbox WHERE id = 'm1'").one(),
              (store::Row{"sent", 2, Bytes{}, "exception"}));
  });
}

TEST_P(Outbox, GivesUpInTheEnd) {
  Store store = open();
  store.write([](Session& session) { store::put_message(session, {"m", "sms.code", Bytes{1}, kMorning}); });
  int attempts = 0;
  store::Delivery last;
  for (auto now = kMorning; attempts < 50 && last.given_up == 0; now += 1h) {
    last = store::deliver_due(store, now, 10, [&](const OutboxMessage&) {
      ++attempts;
      return std::string("gateway_down");
    });
  }
  EXPECT_EQ(attempts, store::kOutboxAttempts);
}

INSTANTIATE_TEST_SUITE_P(Both, Outbox, kBothKinds, kind_name);

}  // namespace
}  // namespace catchment::testing
