// What happened, in order, so that nobody can change it unseen: every line carries the hash of the line before.
//
//   hash(n) = SHA-256(hash(n-1) || line(n)),  hash(0) = 32 zero bytes
//   line(n) = "n TAB at TAB actor TAB kind TAB subject TAB body", at as YYYY-MM-DDTHH:MM:SS
//
// Append in the same command as the change it tells of. Who keeps a published head (size and hash) can check all before
// it; who is given a line can check by an inclusion proof (RFC 6962, leaf = the line) that it was there.
// Nothing about a person stands here in clear: actor and subject are codes or keyed hashes, and body holds sealed
// fields or none.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/admission/lottery/ticket.hpp"
#include "server/store/store.hpp"

namespace catchment::store {

using engine::admission::Digest;

struct JournalEntry {
  std::chrono::local_seconds at{};
  std::string actor;    // the account's code, or "system"
  std::string kind;     // "registration.submit"
  std::string subject;  // what it is about: a code, a key; may be empty
  std::string body;     // one line of UTF-8 (JSON without line breaks); may hold TABs, as the last field
};

struct JournalHead {
  std::int64_t size = 0;
  Digest hash{};
  friend bool operator==(const JournalHead&, const JournalHead&) = default;
};

// The head it makes; its size is the entry's number. One SELECT and one INSERT. Throws InputError{"journal_form"} for a
// line break anywhere or a TAB before body.
JournalHead append_journal(Session& session, const JournalEntry& entry);

JournalHead journal_head(Session& session);

// Entries first, first + 1, ... up to `limit` of them. first >= 1.
struct JournalRow {
  std::int64_t number = 0;
  JournalEntry entry;
  Digest hash{};
};
std::vector<JournalRow> journal_rows(Session& session, std::int64_t first, int limit);

std::string journal_line(std::int64_t number, const JournalEntry& entry);

// The first entry of first..last that is missing, out of order, or does not carry on from the one before; none if all
// do. Linear, constant memory. The entry before `first` is taken as it stands.
struct JournalFault {
  std::int64_t number = 0;
  std::string what;
};
std::optional<JournalFault> check_journal(Session& session, std::int64_t first, std::int64_t last);
std::optional<JournalFault> check_journal(Session& session);  // all of it

// Reads rows one by one as check_journal does, for rows that come from elsewhere (a backup).
class JournalChecker {
 public:
  explicit JournalChecker(JournalHead before = {}) : head_(before) {}
  std::optional<JournalFault> take(const JournalRow& row);
  const JournalHead& head() const { return head_; }

 private:
  JournalHead head_;
};

// That `line` is entry `number` of the first `size` whose root is `root`.
struct JournalProof {
  std::int64_t number = 0;
  std::int64_t size = 0;
  std::string line;
  Digest root{};
  std::vector<Digest> path;  // from the leaf up
};
// 1 <= number <= size <= the head's. Reads the first `size` entries: 32 bytes of memory each. StoreError{statement}
// outside.
JournalProof prove_entry(Session& session, std::int64_t number, std::int64_t size);
bool is_proved(const JournalProof& proof);

// The root of the first `size` entries, to publish beside a head.
Digest journal_root(Session& session, std::int64_t size);

}  // namespace catchment::store
