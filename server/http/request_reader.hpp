// Bytes to requests, strictly. The only user of Boost.Beast, whose parser stands behind it; no socket, no clock.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace catchment::http {

struct Incoming {
  Request request;
  bool head = false;        // HEAD: the answer goes out without its body
  bool keep_alive = false;  // the client would go on
  bool plain_target = false;
  std::string forwarded_for;    // X-Forwarded-For as sent, lines joined
  std::shared_ptr<void> large;  // of a large body: its place, given back with the last copy of this
};

// How large bodies may be. Those of one path may be larger, a few at once: memory is taken before anybody is known.
struct BodyLimits {
  std::size_t body = 1 << 20;
  std::string large_path = {};  // empty: none
  std::size_t large_body = 0;
  std::atomic<int>* large_places = nullptr;  // left; shared by all readers
};

struct ReadRefusal {
  int status = 400;
  std::string_view code, detail;
};

class RequestReader {
 public:
  enum class State : std::uint8_t { idle, header, body, complete, refused };

  // `limits` outlives the reader.
  RequestReader(std::size_t header_limit, const BodyLimits& limits);
  ~RequestReader();
  RequestReader(RequestReader&&) noexcept;
  RequestReader& operator=(RequestReader&&) noexcept;

  // Reads on until a request is complete or refused or the bytes run out; returns how many were used. The others are to
  // be given again, with what follows them.
  std::size_t read(std::string_view bytes);
  State state() const;
  // True once for a request that waits for "100 Continue" before its body.
  bool take_continue();
  Incoming take();  // of state complete; then idle
  const ReadRefusal& refusal() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace catchment::http
