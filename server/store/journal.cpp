#include "server/store/journal.hpp"

#include <algorithm>

#include "engine/admission/lottery/hash_suite.hpp"
#include "engine/admission/lottery/merkle_log.hpp"
#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"

namespace catchment::store {
namespace {

constexpr int kPage = 4096;

Digest link(const Digest& before, std::string_view line) {
  std::string bytes(before.begin(), before.end());
  bytes += line;
  return engine::admission::hash(engine::admission::Suite::sha256, bytes);
}

Digest digest_of(const Value& value) {
  Digest digest{};
  const Bytes& bytes = value.bytes();
  if (bytes.size() == digest.size()) std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;  // of another length: zeros, which no hash is
}

void refuse_breaks(const JournalEntry& entry) {
  constexpr std::string_view kBreaks("\n\r\0", 3);
  for (const std::string* field : {&entry.actor, &entry.kind, &entry.subject, &entry.body}) {
    const bool is_body = field == &entry.body;
    if (field->find_first_of(kBreaks) != std::string::npos || (!is_body && field->find('\t') != std::string::npos)) {
      throw InputError("journal_form", entry.kind, "an entry is one line, its fields apart by TAB");
    }
  }
}

JournalRow row_of(const Row& row) {
  return {
      row[0].integer(), {row[1].time(), row[2].text(), row[3].text(), row[4].text(), row[5].text()}, digest_of(row[6])};
}

// Calls `take` with each entry of first..last there is, in order, until it returns false.
template <class F>
void each_entry(Session& session, std::int64_t first, std::int64_t last, F&& take) {
  while (first <= last) {
    const int limit = static_cast<int>(std::min<std::int64_t>(kPage, last - first + 1));
    const std::vector<JournalRow> rows = journal_rows(session, first, limit);
    for (const JournalRow& row : rows) {
      if (row.number > last || !take(row)) return;
    }
    if (static_cast<int>(rows.size()) < limit) return;
    first = rows.back().number + 1;
  }
}

std::vector<Digest> leaves_of(Session& session, std::int64_t size) {
  std::vector<Digest> leaves;
  each_entry(session, 1, size, [&](const JournalRow& row) {
    leaves.push_back(engine::admission::log_leaf(journal_line(row.number, row.entry)));
    return true;
  });
  if (static_cast<std::int64_t>(leaves.size()) != size) {
    throw StoreError(StoreErrorKind::statement, "the journal has no " + std::to_string(size) + " entries");
  }
  return leaves;
}

}  // namespace

std::string journal_line(std::int64_t number, const JournalEntry& entry) {
  std::string line = std::to_string(number);
  const std::string at = engine::policy::to_text(entry.at);
  for (const std::string* field : {&at, &entry.actor, &entry.kind, &entry.subject, &entry.body}) {
    line += '\t';
    line += *field;
  }
  return line;
}

JournalHead journal_head(Session& session) {
  const Rows rows = session.run("SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1");
  if (rows.empty()) return {};
  return {rows[0][0].integer(), digest_of(rows[0][1])};
}

JournalHead append_journal(Session& session, const JournalEntry& entry) {
  refuse_breaks(entry);
  const JournalHead before = journal_head(session);
  const std::int64_t number = before.size + 1;
  const JournalHead after{number, link(before.hash, journal_line(number, entry))};
  session.run("INSERT INTO journal (number, at, actor, kind, subject, body, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
              {number, entry.at, entry.actor, entry.kind, entry.subject, entry.body, after.hash});
  return after;
}

std::vector<JournalRow> journal_rows(Session& session, std::int64_t first, int limit) {
  std::vector<JournalRow> result;
  for (const Row& row :
       session.run("SELECT number, at, actor, kind, subject, body, hash FROM journal WHERE number >= $1 "
                   "ORDER BY number LIMIT $2",
                   {first, limit})) {
    result.push_back(row_of(row));
  }
  return result;
}

std::optional<JournalFault> JournalChecker::take(const JournalRow& row) {
  const std::int64_t number = head_.size + 1;
  if (row.number != number) return JournalFault{number, "missing"};
  if (row.hash != link(head_.hash, journal_line(number, row.entry))) {
    return JournalFault{number, "its hash is not of it and of the entry before"};
  }
  head_ = {number, row.hash};
  return std::nullopt;
}

std::optional<JournalFault> check_journal(Session& session, std::int64_t first, std::int64_t last) {
  JournalHead before{first - 1, {}};
  if (first > 1) {
    const std::vector<JournalRow> rows = journal_rows(session, first - 1, 1);
    if (rows.empty() || rows[0].number != first - 1) return JournalFault{first - 1, "missing"};
    before.hash = rows[0].hash;
  }
  JournalChecker checker(before);
  std::optional<JournalFault> fault;
  each_entry(session, first, last, [&](const JournalRow& row) { return !(fault = checker.take(row)); });
  if (!fault && checker.head().size < last) fault = JournalFault{checker.head().size + 1, "missing"};
  return fault;
}

std::optional<JournalFault> check_journal(Session& session) {
  return check_journal(session, 1, journal_head(session).size);
}

JournalProof prove_entry(Session& session, std::int64_t number, std::int64_t size) {
  if (number < 1 || number > size) throw StoreError(StoreErrorKind::statement, "no such entry of the journal");
  const std::vector<Digest> leaves = leaves_of(session, size);
  return {number, size, journal_line(number, journal_rows(session, number, 1)[0].entry),
          engine::admission::log_root(leaves),
          engine::admission::inclusion_proof(leaves, static_cast<std::size_t>(number - 1))};
}

bool is_proved(const JournalProof& proof) {
  if (proof.number < 1 || proof.number > proof.size) return false;
  if (!proof.line.starts_with(std::to_string(proof.number) + "\t")) return false;
  return engine::admission::is_included(engine::admission::log_leaf(proof.line),
                                        static_cast<std::size_t>(proof.number - 1),
                                        static_cast<std::size_t>(proof.size), proof.path, proof.root);
}

Digest journal_root(Session& session, std::int64_t size) {
  return engine::admission::log_root(leaves_of(session, size));
}

}  // namespace catchment::store
