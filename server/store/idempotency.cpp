#include "server/store/idempotency.hpp"

#include <algorithm>

#include "geo/input_error.hpp"

namespace catchment::store {
namespace {

void refuse_key_form(const std::string& key) {
  const bool visible = std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (key.empty() || key.size() > 255 || !visible) {
    throw InputError("idempotency_key", "Idempotency-Key", "1 to 255 visible ASCII characters");
  }
}

}  // namespace

std::optional<OnceAnswer> find_answer(Session& session, const OnceRequest& request) {
  refuse_key_form(request.key);
  const Rows rows =
      session.run("SELECT request_hash, status, headers, body FROM idempotency WHERE actor = $1 AND key = $2",
                  {request.actor, request.key});
  const Row* row = rows.find_first();
  if (row == nullptr) return std::nullopt;
  if ((*row)[0].bytes() != Bytes(request.hash.begin(), request.hash.end())) throw KeyReused();
  return OnceAnswer{static_cast<int>((*row)[1].integer()), (*row)[2].text(), (*row)[3].bytes(), true};
}

OnceAnswer run_once(Session& session, const OnceRequest& request, const std::function<OnceAnswer(Session&)>& fn) {
  if (auto kept = find_answer(session, request)) return std::move(*kept);
  OnceAnswer answer = fn(session);
  session.run(
      "INSERT INTO idempotency (actor, key, request_hash, status, headers, body, at) VALUES ($1, $2, $3, $4, $5, $6, "
      "$7)",
      {request.actor, request.key, request.hash, answer.status, answer.headers, answer.body, request.at});
  answer.replayed = false;
  return answer;
}

}  // namespace catchment::store
