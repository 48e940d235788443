// The chain of what happened, for auditors; and proofs that a line is in it, for whoever holds one.
#include "server/store/journal.hpp"

#include <nlohmann/json.hpp>

#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/api/command.hpp"
#include "server/api/query.hpp"
#include "server/api/resources.hpp"
#include "server/desk/refused.hpp"

namespace catchment::api {
namespace {

using access::Actor;
using engine::admission::to_hex;
using nlohmann::ordered_json;

constexpr int kJournalPage = 500;

}  // namespace

http::Response get_journal(const Call& call) {
  static const std::initializer_list<std::string_view> kKnown{"from", "case"};
  const Parameters parameters(call.request.query, kKnown);
  std::int64_t from = 1;
  if (const std::string* text = parameters.find("from")) {
    const auto number = find_count(*text, 2'000'000'000);
    if (!number || *number == 0) throw InputError("parameter_invalid", "from", "must be a number from 1");
    from = *number;
  }
  return run_read(
      call,
      [&](Session& session, const Actor& actor) {
        require(call, actor, {});
        const store::JournalHead head = store::journal_head(session);
        ordered_json rows = ordered_json::array();
        for (const store::JournalRow& row : store::journal_rows(session, from, kJournalPage))
          rows.push_back({{"line", store::journal_line(row.number, row.entry)}, {"hash", to_hex(row.hash)}});
        return json_answer(
            200, {{"size", head.size}, {"hash", to_hex(head.hash)}, {"from", from}, {"lines", std::move(rows)}});
      },
      kKnown);
}

http::Response get_journal_proof(const Call& call) {
  const auto number = find_count(call.captured[0], 2'000'000'000);
  if (!number || *number == 0) throw InputError("parameter_invalid", "number", "must be a number from 1");
  return run_read(call, [&](Session& session, const Actor& actor) {
    require(call, actor, {});
    const store::JournalHead head = store::journal_head(session);
    if (*number > head.size) throw desk::Refused(404, "entry_unknown", "The journal has no such line.");
    const store::JournalProof proof = store::prove_entry(session, *number, head.size);
    ordered_json path = ordered_json::array();
    for (const auto& digest : proof.path) path.push_back(to_hex(digest));
    // Without the line: whoever asks has it, and learns whether it is the one.
    return json_answer(
        200, {{"number", proof.number}, {"size", proof.size}, {"root", to_hex(proof.root)}, {"path", std::move(path)}});
  });
}

}  // namespace catchment::api
