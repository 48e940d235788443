// A store as one file, and back: every row of every table, the same bytes from SQLite and from PostgreSQL, so that a
// season may also move from one to the other.
//
// Taken from one snapshot beside a running service. Blocks of rows, each with SHA-256(hash of the block before ||
// block), so a changed bit, a missing end and swapped blocks are found before anything is restored; the last block
// counts rows and names the head of the journal. Fields that are sealed in the store are sealed here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "server/store/journal.hpp"
#include "server/store/store.hpp"

namespace catchment::store {

struct BackupSummary {
  int version = 0;  // of the schema
  std::int64_t tables = 0;
  std::int64_t rows = 0;
  JournalHead journal;
  std::string digest;  // hexadecimal; equal stores of one schema have equal digests
};

// Written beside `file` and renamed over it when it is synced. Equal stores give equal bytes. Constant memory.
// Throws InputError, std::system_error.
BackupSummary write_backup(const Store& store, const std::filesystem::path& file);

// Reads all of it, and checks the journal's chain. Throws InputError: backup_foreign (no backup), backup_newer,
// backup_damaged (naming the block), backup_incomplete.
BackupSummary check_backup(const std::filesystem::path& file);

// check_backup, then all rows in one transaction into a store that has none: a new file, or an empty database; then the
// schema is brought up to date. Throws as check_backup and Store::open; restore_target ("there is something already").
BackupSummary restore_backup(const std::filesystem::path& file, const std::string& url, StoreOptions options = {});

// What is wrong with a store, in words; empty if nothing is: the back end's own check (SQLite integrity_check and
// foreign_key_check), the journal's chain, the schema.
struct StoreCheck {
  std::vector<std::string> faults;
  std::int64_t tables = 0;
  std::int64_t rows = 0;
  JournalHead journal;
};
StoreCheck check_store(const Store& store);

}  // namespace catchment::store
