#include "server/store/store_commands.hpp"

#include <ostream>

#include "server/store/backup.hpp"

namespace catchment::store {
namespace {

void print_journal(std::ostream& out, const JournalHead& journal) {
  out << "Journal: " << journal.size << " entries, head " << engine::admission::to_hex(journal.hash) << "\n";
}

void print_summary(std::ostream& out, const BackupSummary& summary) {
  out << "Schema " << summary.version << ", " << summary.tables << " tables, " << summary.rows << " rows\n";
  print_journal(out, summary.journal);
  out << "Backup: sha256 chain " << summary.digest << "\n";
}

StoreOptions look_only() {
  StoreOptions options;
  options.read_only = true;
  return options;
}

}  // namespace

int backup_command(const std::string& url, const std::string& file, std::ostream& out) {
  const Store store = Store::open(url, look_only());
  print_summary(out, write_backup(store, file));
  return 0;
}

int restore_command(const std::string& file, const std::string& url, std::ostream& out) {
  print_summary(out, restore_backup(file, url));
  return 0;
}

int verify_command(const std::string& what, std::ostream& out) {
  const bool is_url = what.starts_with("sqlite:") || what.starts_with("postgres");
  if (!is_url) {
    print_summary(out, check_backup(what));
    out << "The backup is whole.\n";
    return 0;
  }
  const Store store = Store::open(what, look_only());
  const StoreCheck check = check_store(store);
  out << check.tables << " tables, " << check.rows << " rows\n";
  print_journal(out, check.journal);
  for (const std::string& fault : check.faults) out << "FAULT: " << fault << "\n";
  if (check.faults.empty()) out << "The store is whole.\n";
  return check.faults.empty() ? 0 : 1;
}

}  // namespace catchment::store
