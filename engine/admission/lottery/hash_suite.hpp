// The two hash functions a draw may use, and HMAC with either. The only user of libcrypto's digests in the engine.
//
// A manifest names its suite, and every hash of that draw is of it: SHA-256 (FIPS 180-4) or SM3 (GB/T 32905).
// HMAC is that of RFC 2104 with blocks of 64 bytes, which both have.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "engine/admission/lottery/ticket.hpp"

namespace catchment::engine::admission {

enum class Suite : std::uint8_t { sha256, sm3 };

std::string_view to_word(Suite suite) noexcept;
std::optional<Suite> find_suite(std::string_view word) noexcept;

// Throws std::bad_alloc only.
Digest hash(Suite suite, std::string_view bytes);

// HMAC under one key, whose two padded blocks are hashed once: a ticket costs two blocks more. For one thread at a
// time.
class TicketKey {
 public:
  TicketKey(Suite suite, const Digest& key);
  ~TicketKey();
  TicketKey(TicketKey&&) noexcept;
  TicketKey& operator=(TicketKey&&) noexcept;

  Ticket ticket(std::string_view message) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::engine::admission
