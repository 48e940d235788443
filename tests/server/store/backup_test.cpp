// A store to one file and back, between kinds too.
#include "server/store/backup.hpp"

#include <sstream>

#include "../../support/random.hpp"
#include "geo/input_error.hpp"
#include "server/store/idempotency.hpp"
#include "server/store/outbox.hpp"
#include "server/store/store_commands.hpp"
#include "store_world.hpp"

namespace catchment::testing {
namespace {

using store::Bytes;
using store::Session;
using store::Store;
using store::StoreOptions;

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& file) {
  std::ostringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return bytes.str();
}

void put_bytes(const fs::path& file, std::string_view bytes) {
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void fill(Store& store, int entries, int notes) {
  store.write([&](Session& session) {
    const std::chrono::local_seconds at{std::chrono::seconds(1'800'000'000)};
    for (int i = 0; i < entries; ++i)
      store::append_journal(session, {at, "clerk", "note.add", std::to_string(i), "{}"});
    for (int i = 0; i < notes; ++i) {
      store::Value size = i;
      if (i % 3 == 0) size = nullptr;
      session.run("INSERT INTO note (id, text, size, body) VALUES ($1, $2, $3, $4)",
                  {i * 7 % 10'007, "注" + std::to_string(i), size, Bytes(static_cast<std::size_t>(i % 40), 0)});
    }
    session.run("INSERT INTO reply (id, note) VALUES (1, 7)");
    store::OnceRequest request{.actor = "a", .key = "k", .hash = {}, .at = at};
    store::run_once(session, request, [](Session&) { return store::OnceAnswer{200, "", Bytes{1, 2}}; });
    store::put_message(session, {"m", "sms", Bytes{3}, at});
  });
}

class Backup : public StoreContract {
 protected:
  fs::path file(const std::string& name) { return place_->folder() / name; }
};

TEST_P(Backup, RestoresAnEqualStoreOfEitherKind) {
  Store store = open();
  fill(store, 120, 2500);
  const store::BackupSummary made = store::write_backup(store, file("a"));
  EXPECT_EQ(made.journal.size, 120);
  EXPECT_GT(made.rows, 2620);
  EXPECT_EQ(fs::status(file("a")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  const std::string lite = "sqlite:" + file("restored.db").string();
  for (const std::string& url : {place_->new_url(), lite}) {
    const store::BackupSummary restored = store::restore_backup(file("a"), url, note_options());
    EXPECT_EQ(restored.digest, made.digest);
    Store again = Store::open(url, note_options());
    EXPECT_EQ(store::write_backup(again, file("b")).digest, made.digest);
    EXPECT_EQ(bytes_of(file("a")), bytes_of(file("b")));
    const store::StoreCheck check = store::check_store(again);
    EXPECT_TRUE(check.faults.empty());
    EXPECT_EQ(check.journal, made.journal);
    EXPECT_EQ(check.rows, made.rows);
    again.write([](Session& session) { store::append_journal(session, {{}, "a", "b", "", ""}); });
  }
}

TEST_P(Backup, RestoresOnlyIntoAnEmptyPlace) {
  Store store = open();
  fill(store, 1, 10);
  store::write_backup(store, file("a"));
  const std::string url = place_->new_url();
  { Store::open(url, note_options()); }
  EXPECT_EQ(code_of([&] { store::restore_backup(file("a"), url, note_options()); }), "restore_target");
}

TEST_P(Backup, IsOfOneMomentWhileOthersWrite) {
  Store store = open();
  fill(store, 1, 10);
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop; ++i) {
      store.write([&](Session& session) {
        session.run("INSERT INTO note (id, text) VALUES ($1, 'a')", {100'000 + i});
        session.run("INSERT INTO reply (id, note) VALUES ($1, $1)", {100'000 + i});
        store::append_journal(session, {{}, "a", "b", "", ""});
      });
    }
  });
  for (int i = 0; i < 5; ++i) {
    store::write_backup(store, file("a"));
    const std::string url = "sqlite:" + file("copy" + std::to_string(i)).string();
    store::restore_backup(file("a"), url, note_options());
    Store copy = Store::open(url, note_options());
    copy.read([](Session& session) {
      const auto row = session
                           .run(
                               "SELECT (SELECT count(*) FROM note) - 10, (SELECT count(*) FROM reply) - 1, (SELECT "
                               "count(*) FROM journal) - 1")
                           .one();
      EXPECT_EQ(row[0], row[1]);
      EXPECT_EQ(row[0], row[2]);
    });
  }
  stop = true;
  writer.join();
}

TEST_P(Backup, FindsWhatIsWrongWithAStore) {
  Store store = open();
  fill(store, 9, 10);
  EXPECT_TRUE(store::check_store(store).faults.empty());
  store.write([](Session& session) { session.run("UPDATE journal SET body = '{\"a\":1}' WHERE number = 4"); });
  const auto faults = store::check_store(store).faults;
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_TRUE(faults[0].starts_with("journal entry 4")) << faults[0];
  store::write_backup(store, file("a"));
  StoreOptions options = note_options();
  EXPECT_EQ(code_of([&] { store::restore_backup(file("a"), place_->new_url(), options); }), "backup_damaged");
}

INSTANTIATE_TEST_SUITE_P(Both, Backup, kBothKinds, kind_name);

class BackupFile : public ::testing::Test {
 protected:
  BackupFile() : store_(Store::open("sqlite:" + (folder_ / "store.db").string())) {
    store_.write([](Session& session) {
      for (int i = 0; i < 60; ++i) store::append_journal(session, {{}, "a", "b", std::to_string(i), "{}"});
    });
    store::write_backup(store_, folder_ / "whole");
    whole_ = bytes_of(folder_ / "whole");
  }
  std::string verdict(std::string_view bytes) {
    put_bytes(folder_ / "changed", bytes);
    return code_of([&] { store::check_backup(folder_ / "changed"); });
  }

  TemporaryFolder folder_;
  Store store_;
  std::string whole_;
};

TEST_F(BackupFile, OneChangedBitIsAlwaysFound) {
  EXPECT_EQ(verdict(whole_), "nothing");
  test::Random random(5);
  const char* wanted = std::getenv("CATCHMENT_FLIPS");
  const int flips = wanted == nullptr ? 500 : std::atoi(wanted);
  for (int i = 0; i < flips; ++i) {
    std::string bytes = whole_;
    const int bit = random.between(0, static_cast<int>(bytes.size()) * 8 - 1);
    bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<char>(1 << bit % 8);
    const std::string found = verdict(bytes);
    ASSERT_TRUE(found == "backup_damaged" || found == "backup_foreign") << bit << " " << found;
  }
}

TEST_F(BackupFile, AMissingEndOrMoreIsFound) {
  for (std::size_t size = 0; size < whole_.size(); size += 1 + size / 40) {
    const std::string found = verdict(std::string_view(whole_).substr(0, size));
    ASSERT_TRUE(found == "backup_damaged" || found == "backup_foreign") << size << " " << found;
  }
  EXPECT_EQ(verdict(std::string_view(whole_).substr(0, whole_.size() - 1)), "backup_damaged");
  EXPECT_EQ(verdict(whole_ + " "), "backup_damaged");
}

TEST_F(BackupFile, DamagedIsNotRestoredAtAll) {
  std::string bytes = whole_;
  bytes[bytes.size() / 2] ^= 1;
  put_bytes(folder_ / "changed", bytes);
  const std::string target = (folder_ / "target.db").string();
  EXPECT_EQ(code_of([&] { store::restore_backup(folder_ / "changed", "sqlite:" + target); }), "backup_damaged");
  EXPECT_FALSE(fs::exists(target));
}

TEST_F(BackupFile, OfALaterProgramIsRefused) {
  StoreOptions options;
  options.migrations = options.migrations.first(0);
  EXPECT_EQ(
      code_of([&] { store::restore_backup(folder_ / "whole", "sqlite:" + (folder_ / "t.db").string(), options); }),
      "backup_newer");
}

TEST_F(BackupFile, CommandsSayWhatTheyDid) {
  const std::string url = "sqlite:" + (folder_ / "store.db").string();
  std::ostringstream out;
  EXPECT_EQ(store::backup_command(url, (folder_ / "b").string(), out), 0);
  EXPECT_NE(out.str().find("Journal: 60 entries, head "), std::string::npos) << out.str();
  EXPECT_EQ(store::restore_command((folder_ / "b").string(), "sqlite:" + (folder_ / "r.db").string(), out), 0);
  EXPECT_EQ(store::verify_command((folder_ / "b").string(), out), 0);
  EXPECT_EQ(store::verify_command("sqlite:" + (folder_ / "r.db").string(), out), 0);
  store_.write([](Session& session) { session.run("DELETE FROM journal WHERE number = 9"); });
  EXPECT_EQ(store::verify_command(url, out), 1);
  EXPECT_NE(out.str().find("FAULT: journal entry 9: missing"), std::string::npos) << out.str();
}

}  // namespace
}  // namespace catchment::testing
