#include "server/api/service.hpp"

#include "geo/input_error.hpp"

namespace catchment::api {

std::chrono::local_seconds ServiceClock::now() const {
  using namespace std::chrono;
  const auto utc = floor<seconds>(system_clock::now()).time_since_epoch();
  return local_seconds(utc + hours(8) + seconds(ahead_.load(std::memory_order_relaxed)));
}

void ServiceClock::start(std::chrono::local_seconds at) {
  if (!rehearsal_) throw InputError("clock_real", "", "only a rehearsal's clock can be set");
  ahead_.store(0);
  ahead_.store((at - now()).count());
}

void ServiceClock::set(std::chrono::local_seconds to) {
  if (!rehearsal_) throw InputError("clock_real", "/now", "only a rehearsal's clock can be set");
  const auto ahead = (to - now()).count();
  if (ahead < 0) throw InputError("clock_backwards", "/now", "a clock goes forward only");
  ahead_.fetch_add(ahead, std::memory_order_relaxed);
}

}  // namespace catchment::api
