// The waiting room of opening day: signed tickets in place of a list of who waits. The server keeps three numbers.
//
//   const Passage passage = room.enter(request, clock());        // before the handler of a gated route
//   if (!passage.open) return passage.answer;                     // the waiting page, or 503 `waiting` for programs
//   Response response = ...;
//   if (!passage.set_cookie.empty()) response.headers.emplace_back("Set-Cookie", passage.set_cookie);
//
// A ticket says when it was given and which number it has, under an HMAC; the browser keeps it in a cookie. Those who
// came before the opening get places by a keyed permutation of their numbers, fixed when the room opens, so that
// nothing is won by coming early; those who come later have the place of their number. Places are released at a rate:
// who has a released place may pass, until his ticket is too old. While fewer come than may, nobody waits. Order gives
// no advantage in admission, and the page says so.
//
// One room a service. A restart goes on from `state`. Without one it learns the numbers from the tickets that come back
// and takes it that places were released at this rate ever since the opening: nobody who had passed is sent back.
// Whoever asks for many tickets makes the line longer for everybody: limits by address belong before this.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "server/http/message.hpp"

namespace catchment::http {

struct WaitingState {
  std::uint64_t early = 0;          // tickets given before the opening
  std::uint64_t issued = 0;         // tickets given
  std::uint64_t released = 0;       // places that may pass
  std::chrono::local_seconds at{};  // up to when places were released
};

struct WaitingOptions {
  std::string key;                            // at least 32 bytes, secret, one for the season
  std::chrono::local_seconds opens_at;        // nobody passes before
  std::uint32_t per_second = 100;             // places released
  std::chrono::seconds valid_for{12 * 3600};  // of a ticket
  std::string cookie = "__Host-waiting";
  WaitingState state;
};

struct Ticket {
  std::chrono::local_seconds given;
  std::uint64_t number = 0;
};

struct Passage {
  bool open = false;
  std::uint64_t before_you = 0;  // places yet to be released before this one's
  std::uint64_t wait_s = 0;      // about so long, or until the opening; 0: not known
  int again_s = 0;               // when to ask again; 0 if open
  std::string set_cookie;        // of a new ticket: belongs on whatever is answered (`answer` has it already)
  Response answer;               // if not open
};

class WaitingRoom {
 public:
  // Throws InputError("waiting_key") if the key is short.
  explicit WaitingRoom(WaitingOptions options);
  ~WaitingRoom();
  WaitingRoom(const WaitingRoom&) = delete;
  WaitingRoom& operator=(const WaitingRoom&) = delete;

  // From any thread; constant time and memory. A request without a valid ticket is given one. Pages (Accept names
  // text/html) get the waiting page, which loads itself again; others a problem document `waiting` with Retry-After.
  // hold: waits whatever holds by now, because it stands where what passes cannot be done.
  Passage enter(const Request& request, std::chrono::local_seconds now, bool hold = false);
  // Would enter() let it pass? Gives no ticket: whatever waits can so be answered without a worker.
  bool would_pass(const Request& request, std::chrono::local_seconds now);

  // What operators may change while people wait; 0 holds everybody.
  void set_rate(std::uint32_t per_second, std::chrono::local_seconds now);
  WaitingState state() const;

  // Parts of enter(), for tests and tools.
  std::string seal(const Ticket& ticket) const;                      // 43 characters, base64url
  std::optional<Ticket> find_ticket(std::string_view sealed) const;  // empty: not sealed by this key
  std::uint64_t place_of(const Ticket& ticket) const;                // 0-based; of early tickets final once open
  std::uint64_t released(std::chrono::local_seconds now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The page while waiting (Chinese and English, no script, reloads itself after `again_s`) and the one a proxy shows
// when the service is away. Whole documents under the default page_policy.
std::string waiting_page(std::uint64_t before_you, std::uint64_t wait_s, int again_s);
std::string early_page(int again_s);  // before the opening
std::string fallback_page();

}  // namespace catchment::http
