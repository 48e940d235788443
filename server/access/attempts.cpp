#include "server/access/attempts.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace catchment::access {
namespace {

// Where a name is counted in one of the two rows.
std::size_t counter_place(const Key32& key, std::string_view name, int row, std::size_t places) {
  const std::string mac = hmac(HmacKind::sha256, key.view(), name);
  std::uint64_t number;
  std::memcpy(&number, mac.data() + 8 * row, sizeof number);
  return static_cast<std::size_t>(row) * places + static_cast<std::size_t>(number % places);
}

std::int64_t count_of(Moment moment) { return moment.time_since_epoch().count(); }
Moment moment_of(std::int64_t count) { return Moment(std::chrono::seconds(count)); }

}  // namespace

FailureLocks::FailureLocks(const LockRule& rule, const Randomness& randomness, std::size_t places)
    : rule_(rule), key_(new_key(randomness)), places_(places), table_(2 * places) {}

FailureLocks::Place& FailureLocks::place(std::string_view name, int row) {
  return table_[counter_place(key_, name, row, places_)];
}

std::optional<Moment> FailureLocks::begin(std::string_view name, Moment now) {
  const std::lock_guard lock(mutex_);
  Place* const places[] = {&place(name, 0), &place(name, 1)};
  const std::int64_t at = count_of(now);
  for (Place* const each : places)
    if (each->failures > 0 && at - each->last > rule_.forget.count() && at >= each->locked_until) *each = {};
  // A name is locked only where both its places are.
  const std::int64_t until = std::min(places[0]->locked_until, places[1]->locked_until);
  if (at < until) return moment_of(until);
  for (Place* const each : places) {
    each->failures = std::min(each->failures + 1, 1 << 20);
    each->last = at;
    if (each->failures < rule_.tries) continue;
    const int doublings = std::min(each->failures - rule_.tries, 20);
    each->locked_until = at + std::min(rule_.lock.count() << doublings, rule_.longest.count());
  }
  return std::nullopt;
}

void FailureLocks::succeeded(std::string_view name) {
  const std::lock_guard lock(mutex_);
  for (int row = 0; row < 2; ++row) place(name, row) = {};
}

RateLimits::RateLimits(const RateRule& rule, const Randomness& randomness, std::size_t places)
    : rule_(rule), key_(new_key(randomness)), places_(places), full_at_(2 * places, INT64_MIN) {}

std::optional<Moment> RateLimits::take(std::string_view name, Moment now) {
  const std::lock_guard lock(mutex_);
  std::int64_t* const places[] = {&full_at_[counter_place(key_, name, 0, places_)],
                                  &full_at_[counter_place(key_, name, 1, places_)]};
  const std::int64_t at = count_of(now);
  // An allowance that is whole at t holds burst - (t - now) / every at now.
  const std::int64_t least = std::min(*places[0], *places[1]);
  const std::int64_t whole_after = std::max(least, at) + rule_.every.count();
  if (whole_after - at > rule_.burst * rule_.every.count())
    return moment_of(whole_after - rule_.burst * rule_.every.count());
  for (std::int64_t* const each : places) *each = std::max(*each, at) + rule_.every.count();
  return std::nullopt;
}

std::string address_key(std::string_view remote_address) {
  const std::string text(remote_address);
  in6_addr six{};
  if (inet_pton(AF_INET6, text.c_str(), &six) != 1) return text;
  if (IN6_IS_ADDR_V4MAPPED(&six)) {
    char four[INET_ADDRSTRLEN];
    return inet_ntop(AF_INET, six.s6_addr + 12, four, sizeof four);
  }
  return "6:" + to_hex({reinterpret_cast<const char*>(six.s6_addr), 8});
}

}  // namespace catchment::access
