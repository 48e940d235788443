#include "server/http/waiting_room.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <stdexcept>

#include "geo/input_error.hpp"
#include "server/http/serialise.hpp"

namespace catchment::http {
namespace {

using std::chrono::local_seconds;
using std::chrono::seconds;

constexpr std::size_t kBodyBytes = 16;  // seconds and number, both big-endian
constexpr std::size_t kMacBytes = 16;   // 128 bits of HMAC-SHA-256
constexpr std::size_t kSealedChars = 43;
constexpr seconds kClockSlack{60};  // how far ahead of us the clock that gave a ticket may have been
constexpr int kRounds = 6;
constexpr std::string_view kPurpose = "catchment waiting ticket 1\n";
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using SealedBytes = std::array<std::uint8_t, kBodyBytes + kMacBytes>;
using MacBytes = std::array<std::uint8_t, 32>;

MacBytes hmac_sha256(std::string_view key, std::string_view message) {
  MacBytes out{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(message.data()), message.size(), out.data(), &size) == nullptr ||
      size != out.size())
    throw std::runtime_error("HMAC");
  return out;
}

void put_number(std::uint8_t* out, std::uint64_t value) {
  for (int i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(value >> (56 - 8 * i));
}

std::uint64_t get_number(const std::uint8_t* in) {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = value << 8 | in[i];
  return value;
}

std::string to_base64url(const SealedBytes& bytes) {
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const std::uint8_t byte : bytes) {
    held = held << 8 | byte;
    for (bits += 8; bits >= 6; bits -= 6) out.push_back(kDigits[held >> (bits - 6) & 63u]);
  }
  if (bits > 0) out.push_back(kDigits[held << (6 - bits) & 63u]);
  return out;
}

std::optional<SealedBytes> find_base64url(std::string_view text) {
  if (text.size() != kSealedChars) return std::nullopt;
  SealedBytes bytes{};
  std::size_t at = 0;
  std::uint32_t held = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    held = held << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits >= 8 && at < bytes.size()) bytes[at++] = static_cast<std::uint8_t>(held >> (bits -= 8));
  }
  // One ticket has one spelling: the two bits left over are zero.
  if ((held & 3u) != 0) return std::nullopt;
  return bytes;
}

// A permutation of [0, size) by a Feistel network over the bits of size, walked until it falls inside. Its rounds are
// no more than a keyed hash: nobody can gain by foreseeing it, and the HMAC is what stands against forgery.
class EarlyOrder {
 public:
  explicit EarlyOrder(std::string_view key) {
    const MacBytes seeds = hmac_sha256(key, "catchment waiting order 1");
    for (std::size_t i = 0; i < kRounds; ++i) seeds_[i] = get_number(seeds.data() + i * 4);
  }
  std::uint64_t place(std::uint64_t number, std::uint64_t size) const {
    if (size < 2) return 0;
    const int bits = std::max(2, static_cast<int>(std::bit_width(size - 1)));
    do {
      number = permuted(number, bits);
    } while (number >= size);
    return number;
  }

 private:
  std::uint64_t permuted(std::uint64_t number, int bits) const {
    int low_bits = bits / 2, high_bits = bits - low_bits;
    std::uint64_t low = number & ((1ull << low_bits) - 1), high = number >> low_bits;
    for (const std::uint64_t seed : seeds_) {
      const std::uint64_t mixed = high ^ (XXH3_64bits_withSeed(&low, sizeof low, seed) & ((1ull << high_bits) - 1));
      high = low;
      low = mixed;
      std::swap(low_bits, high_bits);
    }
    return high << low_bits | low;
  }

  std::array<std::uint64_t, kRounds> seeds_{};
};

std::string ticket_cookie(const WaitingOptions& options, std::string_view sealed) {
  return std::string(options.cookie)
      .append("=")
      .append(sealed)
      .append("; Path=/; Max-Age=")
      .append(std::to_string(options.valid_for.count()))
      .append("; Secure; HttpOnly; SameSite=Lax");
}

// Spread by number, so that those who wait do not come back together.
int seconds_until_again(std::uint64_t check_s, std::uint64_t number) {
  const auto jitter = static_cast<int>(XXH3_64bits(&number, sizeof number) % 10);
  return static_cast<int>(std::clamp<std::uint64_t>(check_s, 5, 30)) + jitter;
}

Response waiting_answer(const Request& request, const Passage& passage, bool opened) {
  Response response;
  if (request.header(Header::accept).find("text/html") != std::string_view::npos) {
    response.content_type = "text/html; charset=utf-8";
    response.body =
        opened ? waiting_page(passage.before_you, passage.wait_s, passage.again_s) : early_page(passage.again_s);
    response.headers = {{"Cache-Control", "no-store"}, {"Retry-After", std::to_string(passage.again_s)}};
  } else {
    response = plain_problem(503, "waiting", "It is not your turn yet. Come again with your cookie.", passage.again_s);
  }
  if (!passage.set_cookie.empty()) response.headers.emplace_back("Set-Cookie", passage.set_cookie);
  return response;
}

}  // namespace

struct WaitingRoom::Impl {
  explicit Impl(WaitingOptions o) : options(std::move(o)), order(options.key), state(options.state) {
    state.at = std::max(state.at, options.opens_at);
  }

  bool open_at(local_seconds now) const { return now >= options.opens_at; }
  bool is_early(const Ticket& ticket) const { return ticket.given < options.opens_at; }
  std::optional<Ticket> valid(std::optional<Ticket> ticket, local_seconds now) const {
    if (ticket && (ticket->given > now + kClockSlack || now > ticket->given + options.valid_for)) ticket.reset();
    return ticket;
  }

  // Places that nobody has yet asked for are not saved up: a burst is one second's worth.
  void release(local_seconds now) {
    if (now <= state.at) return;
    const auto elapsed = static_cast<std::uint64_t>((now - state.at).count());
    state.at = now;
    const std::uint64_t most = std::max(state.released, state.issued + options.per_second);
    state.released = std::min(state.released + elapsed * options.per_second, most);
  }

  // A ticket of before a restart says how many there were, and so that places were not left unused.
  void learn(const Ticket& ticket, local_seconds now) {
    if (is_early(ticket)) state.early = std::max(state.early, ticket.number + 1);
    if (ticket.number < state.issued) return;
    state.issued = ticket.number + 1;
    if (!open_at(now)) return;
    const auto open_s = static_cast<std::uint64_t>((now - options.opens_at).count());
    state.released = std::max(state.released, std::min(open_s * options.per_second, state.issued + options.per_second));
  }

  Ticket issue(local_seconds now) {
    const Ticket ticket{now, state.issued++};
    if (is_early(ticket)) state.early = state.issued;
    return ticket;
  }

  std::uint64_t place(const Ticket& ticket) const {
    return is_early(ticket) ? order.place(ticket.number, std::max(state.early, ticket.number + 1)) : ticket.number;
  }

  WaitingOptions options;
  EarlyOrder order;
  mutable std::mutex mutex;
  WaitingState state;
};

WaitingRoom::WaitingRoom(WaitingOptions options) {
  constexpr std::size_t kLeastKey = 32;
  if (options.key.size() < kLeastKey) throw InputError("waiting_key", "key", "needs 32 bytes or more");
  impl_ = std::make_unique<Impl>(std::move(options));
}
WaitingRoom::~WaitingRoom() = default;

std::string WaitingRoom::seal(const Ticket& ticket) const {
  SealedBytes bytes{};
  put_number(bytes.data(), static_cast<std::uint64_t>(ticket.given.time_since_epoch().count()));
  put_number(bytes.data() + 8, ticket.number);
  std::string message(kPurpose);
  message.append(reinterpret_cast<const char*>(bytes.data()), kBodyBytes);
  const MacBytes mac = hmac_sha256(impl_->options.key, message);
  std::copy_n(mac.begin(), kMacBytes, bytes.begin() + kBodyBytes);
  return to_base64url(bytes);
}

std::optional<Ticket> WaitingRoom::find_ticket(std::string_view sealed) const {
  const auto bytes = find_base64url(sealed);
  if (!bytes) return std::nullopt;
  std::string message(kPurpose);
  message.append(reinterpret_cast<const char*>(bytes->data()), kBodyBytes);
  const MacBytes mac = hmac_sha256(impl_->options.key, message);
  if (CRYPTO_memcmp(mac.data(), bytes->data() + kBodyBytes, kMacBytes) != 0) return std::nullopt;
  return Ticket{local_seconds(seconds(static_cast<std::int64_t>(get_number(bytes->data())))),
                get_number(bytes->data() + 8)};
}

bool WaitingRoom::would_pass(const Request& request, local_seconds now) {
  const auto ticket = impl_->valid(find_ticket(request.cookie(impl_->options.cookie)), now);
  if (!impl_->open_at(now)) return false;
  const std::lock_guard lock(impl_->mutex);
  impl_->release(now);
  if (!ticket) return impl_->state.issued < impl_->state.released;
  impl_->learn(*ticket, now);
  return impl_->place(*ticket) < impl_->state.released;
}

Passage WaitingRoom::enter(const Request& request, local_seconds now, bool hold) {
  auto ticket = impl_->valid(find_ticket(request.cookie(impl_->options.cookie)), now);
  Passage passage;
  const bool fresh = !ticket, opened = impl_->open_at(now);
  std::uint64_t per_second = 0;
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->release(now);
    fresh ? void(ticket = impl_->issue(now)) : impl_->learn(*ticket, now);
    const std::uint64_t place = impl_->place(*ticket);
    passage.open = !hold && opened && place < impl_->state.released;
    passage.before_you = place - std::min(place, impl_->state.released);
    per_second = impl_->options.per_second;
  }
  if (fresh) passage.set_cookie = ticket_cookie(impl_->options, seal(*ticket));
  if (passage.open) return passage;
  std::uint64_t check_s = 30;
  if (!opened) {
    passage.wait_s = check_s = static_cast<std::uint64_t>((impl_->options.opens_at - now).count());
  } else if (per_second > 0) {
    passage.wait_s = passage.before_you / per_second + 1;
    check_s = passage.wait_s / 4;
  }
  passage.again_s = seconds_until_again(check_s, ticket->number);
  passage.answer = waiting_answer(request, passage, opened);
  return passage;
}

void WaitingRoom::set_rate(std::uint32_t per_second, local_seconds now) {
  const std::lock_guard lock(impl_->mutex);
  impl_->release(now);
  impl_->options.per_second = per_second;
}

WaitingState WaitingRoom::state() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->state;
}

std::uint64_t WaitingRoom::place_of(const Ticket& ticket) const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->place(ticket);
}

std::uint64_t WaitingRoom::released(local_seconds now) {
  const std::lock_guard lock(impl_->mutex);
  impl_->release(now);
  return impl_->state.released;
}

}  // namespace catchment::http
