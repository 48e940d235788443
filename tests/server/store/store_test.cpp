// What a store promises, held of SQLite and of PostgreSQL.
#include "server/store/store.hpp"

#include <atomic>
#include <limits>
#include <thread>

#include "geo/input_error.hpp"
#include "store_world.hpp"

namespace catchment::testing {
namespace {

using store::Bytes;
using store::Rows;
using store::Session;
using store::Store;
using store::StoreOptions;
using store::Value;

std::int64_t count_notes(Session& session) { return session.run("SELECT count(*) FROM note").one()[0].integer(); }

void add_note(Session& session, std::int64_t id) {
  session.run("INSERT INTO note (id, text) VALUES ($1, $2)", {id, "note"});
}

TEST_P(StoreContract, PlaceholdersAreBoundByTheirNumber) {
  Store store = open();
  store.read([](Session& session) {
    const Rows rows = session.run("SELECT $2, $1, '$3', $2 /* $4 */ -- $5\n", {"a", "b"});
    EXPECT_EQ(rows.one(), (store::Row{"b", "a", "$3", "b"}));
    EXPECT_EQ(session.run("SELECT 'it''s $1', $1", {"x"}).one(), (store::Row{"it's $1", "x"}));
  });
}

TEST_P(StoreContract, ValuesComeBackAsTheyWere) {
  Store store = open();
  const std::vector<store::Row> rows = {
      {1, "", std::numeric_limits<std::int64_t>::max(), Bytes{}},
      {2, "槐荫街12号 'q' \"d\" \\ %", 0, Bytes{0, 255, 0, 39, 92}},
      {std::numeric_limits<std::int64_t>::min(), "𠮷", nullptr, nullptr},
      {4, std::string(100'000, 'x'), 1, Bytes(300'000, 7)},
  };
  store.write([&](Session& session) {
    for (const store::Row& row : rows) {
      EXPECT_EQ(session.run("INSERT INTO note (id, text, size, body) VALUES ($1, $2, $3, $4)", row).changed, 1);
    }
  });
  store.read([&](Session& session) {
    for (const store::Row& row : rows) {
      EXPECT_EQ(session.run("SELECT id, text, size, body FROM note WHERE id = $1", {row[0]}).one(), row);
    }
    EXPECT_EQ(session.run("SELECT sum(id), 1 = 1, 1 = 2 FROM note WHERE id > 0").one(), (store::Row{7, 1, 0}));
    EXPECT_EQ(session.run("SELECT sum(size) FROM note WHERE id > 1").one()[0].integer(), 1);
    EXPECT_TRUE(session.run("SELECT id FROM note WHERE id = 99").empty());
    EXPECT_EQ(session.run("SELECT id FROM note").changed, 0);
  });
}

TEST_P(StoreContract, SumsOfWholeNumbersAreWhole) {
  Store store = open();
  store.write([&](Session& session) {
    std::int64_t sum = 0;
    for (const std::int64_t size : {std::int64_t{0}, std::int64_t{1}, std::int64_t{9'999}, std::int64_t{10'000},
                                    std::int64_t{123'400'000'000'000}, std::int64_t{80'000'001}}) {
      session.run("INSERT INTO note (id, text, size) VALUES ($1, 'n', $1)", {size});
      sum += size;
      EXPECT_EQ(session.run("SELECT sum(size), sum(-size), sum(size * 0) FROM note").one(), (store::Row{sum, -sum, 0}));
    }
  });
}

TEST_P(StoreContract, TextIsComparedByItsBytes) {
  Store store = open();
  store.write([](Session& session) {
    std::int64_t id = 0;
    for (const char* text : {"z", "a", "Z", "é", "中", "A", "_", "ab"}) {
      session.run("INSERT INTO note (id, text) VALUES ($1, $2)", {++id, text});
    }
    std::string order;
    for (const auto& row : session.run("SELECT text FROM note ORDER BY text")) order += row[0].text() + " ";
    EXPECT_EQ(order, "A Z _ a ab z é 中 ");
    EXPECT_EQ(session.run("SELECT count(*) FROM note WHERE text > 'Z'").one()[0].integer(), 6);
  });
}

TEST_P(StoreContract, ErrorsAreToldByKind) {
  Store store = open();
  store.write([](Session& session) { add_note(session, 1); });
  const auto of = [&](const char* sql, const std::vector<Value>& values = {}) {
    return kind_thrown([&] { store.write([&](Session& session) { session.run(sql, values); }); });
  };
  EXPECT_EQ(of("INSERT INTO note (id, text) VALUES (1, 'b')"), "unique");
  EXPECT_EQ(of("INSERT INTO note (id, text, size) VALUES (2, 'b', -1)"), "check");
  EXPECT_EQ(of("INSERT INTO note (id) VALUES (2)"), "check");
  EXPECT_EQ(of("INSERT INTO note (id, text, size) VALUES (2, 'b', $1)", {Bytes{1}}), "check");
  EXPECT_EQ(of("INSERT INTO note (id, text) VALUES (2, $1)", {std::string("a\0b", 3)}), "check");
  EXPECT_EQ(of("INSERT INTO note (id, text) VALUES (2, $1)", {"\xff"}), "check");
  EXPECT_EQ(of("INSERT INTO reply (id, note) VALUES (1, 7)"), "foreign_key");
  EXPECT_EQ(of("SELECT nothing FROM nowhere"), "statement");
  EXPECT_EQ(of("SELEKT 1"), "statement");
  EXPECT_EQ(of("INSERT INTO note (id, text) VALUES (2, $1)"), "statement");
  EXPECT_EQ(of("SELECT 1", {1}), "statement");
  EXPECT_EQ(of("SELECT 1.5"), "statement");
  EXPECT_EQ(of("INSERT INTO note (id, text) VALUES (2, 'b')"), "nothing");
  EXPECT_EQ(store.read(count_notes), 2);
}

TEST_P(StoreContract, MessagesQuoteNoValues) {
  Store store = open();
  const auto add = [&](std::int64_t id, std::int64_t size) {
    store.write([&](Session& session) {
      session.run("INSERT INTO note (id, text, size) VALUES ($1, $2, $3)", {id, "canary", size});
    });
  };
  add(123'456'789, 1);
  for (const auto& [id, size] : {std::pair{123'456'789, 1}, std::pair{123'456'780, -1}}) {
    try {
      add(id, size);
      ADD_FAILURE();
    } catch (const store::StoreError& error) {
      EXPECT_EQ(std::string(error.what()).find("canary"), std::string::npos) << error.what();
      EXPECT_EQ(std::string(error.what()).find("12345678"), std::string::npos) << error.what();
    }
  }
}

TEST_P(StoreContract, AThrowingCommandChangesNothingAndItsExceptionArrives) {
  Store store = open();
  EXPECT_THROW(store.write([](Session& session) {
    add_note(session, 1);
    throw std::out_of_range("mine");
  }),
               std::out_of_range);
  EXPECT_EQ(store.write([](Session& session) {
    add_note(session, 2);
    return count_notes(session);
  }),
            1);
}

TEST_P(StoreContract, AFailedStatementDoomsItsCommand) {
  Store store = open();
  store.write([](Session& session) { add_note(session, 1); });
  EXPECT_EQ(kind_thrown([&] {
              store.write([](Session& session) {
                add_note(session, 2);
                EXPECT_EQ(kind_thrown([&] { add_note(session, 1); }), "unique");
                EXPECT_EQ(kind_thrown([&] { add_note(session, 3); }), "unique");
              });
            }),
            "unique");
  EXPECT_EQ(store.read(count_notes), 1);
}

TEST_P(StoreContract, AnAttemptUndoesOnlyItsOwn) {
  Store store = open();
  store.write([](Session& session) {
    add_note(session, 1);
    EXPECT_EQ(kind_thrown([&] {
                session.attempt([&](Session& inner) {
                  add_note(inner, 2);
                  inner.attempt([](Session& innermost) { add_note(innermost, 3); });
                  add_note(inner, 1);
                });
              }),
              "unique");
    EXPECT_EQ(count_notes(session), 1);
    EXPECT_EQ(session.attempt([](Session& inner) {
      add_note(inner, 4);
      return count_notes(inner);
    }),
              2);
    EXPECT_THROW(session.attempt([](Session&) { throw std::out_of_range("no SQL"); }), std::out_of_range);
  });
  EXPECT_EQ(store.read(count_notes), 2);
}

TEST_P(StoreContract, AReadSeesOneMoment) {
  Store store = open();
  store.write([](Session& session) { add_note(session, 1); });
  store.read([&](Session& session) {
    EXPECT_EQ(count_notes(session), 1);
    store.write([](Session& other) { add_note(other, 2); });
    EXPECT_EQ(count_notes(session), 1);
    EXPECT_EQ(store.read(count_notes), 2);
  });
  EXPECT_EQ(store.read(count_notes), 2);
}

TEST_P(StoreContract, AReadChangesNothing) {
  Store store = open();
  EXPECT_EQ(kind_thrown([&] { store.read([](Session& session) { add_note(session, 1); }); }), "read_only");
  EXPECT_EQ(store.read(count_notes), 0);
}

TEST_P(StoreContract, CommandsOfManyCallersShareCommitsAndAreAllThere) {
  Store store = open();
  store.write([](Session& session) { session.run("INSERT INTO note (id, text, size) VALUES (0, 'sum', 0)"); });
  constexpr int kCallers = 32;
  constexpr int kEach = 15;
  std::atomic<int> refused = 0;
  std::vector<std::thread> callers;
  for (int caller = 0; caller < kCallers; ++caller) {
    callers.emplace_back([&store, &refused, caller] {
      for (int i = 1; i <= kEach; ++i) {
        try {
          store.write([&](Session& session) {
            add_note(session, caller * 1000 + i);
            session.run("UPDATE note SET size = size + 1 WHERE id = 0");
            if (i % 5 == 0) throw std::out_of_range("every fifth");
          });
        } catch (const std::out_of_range&) {
          ++refused;
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  const std::int64_t done = kCallers * kEach * 4 / 5;
  EXPECT_EQ(refused, kCallers * kEach / 5);
  EXPECT_EQ(store.read(count_notes), done + 1);
  store.read(
      [&](Session& session) { EXPECT_EQ(session.run("SELECT size FROM note WHERE id = 0").one()[0].integer(), done); });
  EXPECT_EQ(store.counts().commands, kCallers * kEach + 1);
  EXPECT_LT(store.counts().commits, store.counts().commands);
}

TEST_P(StoreContract, WhatWasWrittenIsThereAfterOpeningAgain) {
  {
    Store store = open();
    store.write([](Session& session) { add_note(session, 5); });
  }
  Store store = open();
  EXPECT_EQ(store.read(count_notes), 1);
}

TEST_P(StoreContract, ASecondWriterIsRefusedAndALookerIsNot) {
  Store store = open();
  store.write([](Session& session) { add_note(session, 1); });
  EXPECT_EQ(kind_thrown([&] { open(); }), "busy");
  StoreOptions options = note_options();
  options.read_only = true;
  Store looker = Store::open(url_, options);
  EXPECT_EQ(looker.read(count_notes), 1);
  EXPECT_EQ(kind_thrown([&] { looker.write([](Session&) {}); }), "read_only");
}

TEST_P(StoreContract, ACommandWithinACommandIsABug) {
  Store store = open();
  EXPECT_THROW(store.write([&](Session&) { store.write([](Session&) {}); }), std::logic_error);
}

INSTANTIATE_TEST_SUITE_P(Both, StoreContract, kBothKinds, kind_name);

TEST(StoreUrl, OthersAreRefusedWithoutRepeatingThem) {
  try {
    Store::open("mysql://user:secret@host/x");
    ADD_FAILURE();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code, "store_url");
    EXPECT_EQ(std::string(error.what()).find("secret"), std::string::npos);
  }
}

}  // namespace
}  // namespace catchment::testing
