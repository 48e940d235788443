// A POST that is sent again does nothing again: its key is kept with the answer for the whole season, because parents
// try again the next day.
//
// Commands run one after the other, so of twins that arrive together one runs and the other is given its answer.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "engine/admission/lottery/ticket.hpp"
#include "server/store/store.hpp"

namespace catchment::store {

struct OnceRequest {
  std::string actor;                 // keys of two actors never meet
  std::string key;                   // the Idempotency-Key header: 1 to 255 visible ASCII characters
  engine::admission::Digest hash{};  // of method, path and body
  std::chrono::local_seconds at{};
};

// What is sent, to the byte. A body that speaks of a person is sealed by the caller: it is kept as it is.
struct OnceAnswer {
  int status = 0;
  std::string headers;  // those that belong to the answer ("Location: ...\n"); may be empty
  Bytes body;
  bool replayed = false;  // nothing was done now
};

// The key came before with another request: 422, code "idempotency_key_reused".
struct KeyReused : std::runtime_error {
  KeyReused() : std::runtime_error("the Idempotency-Key was used for another request") {}
};

// The answer kept for this key, or fn's, which is then kept in the same command as its changes. If fn throws, nothing
// is kept and the same key may be tried again: what must be remembered is returned, also a refusal. Throws KeyReused,
// InputError{"idempotency_key", "Idempotency-Key", ...} for a key of another form.
OnceAnswer run_once(Session& session, const OnceRequest& request, const std::function<OnceAnswer(Session&)>& fn);

// The answer kept, if there is one: for read(), so that a replay need not wait for the writer. Throws as run_once.
std::optional<OnceAnswer> find_answer(Session& session, const OnceRequest& request);

}  // namespace catchment::store
