#include "server/store/readers.hpp"

#include <thread>

#include "geo/input_error.hpp"

namespace catchment::store {
namespace {

// A server that starts anew is back within such a time, or it takes longer than anybody should wait here.
constexpr int kConnectTries = 3;
constexpr std::chrono::milliseconds kConnectPause{50};

}  // namespace

std::unique_ptr<Connection> Readers::take() {
  if (auto idle = find_idle()) return idle;
  try {
    return connect();
  } catch (...) {
    give_back(nullptr);
    throw;
  }
}

// Takes a place, and a connection for it if there is one that stands.
std::unique_ptr<Connection> Readers::find_idle() {
  std::unique_lock lock(mutex_);
  returned_.wait(lock, [&] { return free_ > 0; });
  --free_;
  while (!idle_.empty()) {
    std::unique_ptr<Connection> connection = std::move(idle_.back());
    idle_.pop_back();
    if (connection->stands()) return connection;
  }
  return nullptr;
}

std::unique_ptr<Connection> Readers::connect() {
  for (int tries = 1;; ++tries) {
    try {
      return backend_.connect(Access::read);
    } catch (const InputError& error) {
      if (tries == kConnectTries) throw StoreError(StoreErrorKind::lost, error.what());
      std::this_thread::sleep_for(kConnectPause);
    }
  }
}

// Null for one that is lost: those that wait idle are of the same server, and go too.
void Readers::give_back(std::unique_ptr<Connection> connection) {
  const std::lock_guard lock(mutex_);
  ++free_;
  if (connection == nullptr) {
    idle_.clear();
  } else {
    idle_.push_back(std::move(connection));
  }
  returned_.notify_one();
}

void Readers::run(const std::function<void(Session&)>& fn) {
  std::unique_ptr<Connection> connection = take();
  bool lost = false;
  try {
    connection->begin(Access::read);
    Session session = SessionAccess::on(*connection);
    try {
      fn(session);
    } catch (...) {
      const auto& doom = SessionAccess::doom(session);
      lost = doom && doom->kind == StoreErrorKind::lost;
      throw;
    }
    if (const auto& doom = SessionAccess::doom(session)) throw StoreError(*doom);
    connection->commit();
  } catch (const StoreError& error) {
    lost = lost || error.kind == StoreErrorKind::lost;
    connection->roll_back();
    give_back(lost ? nullptr : std::move(connection));
    throw;
  } catch (...) {
    connection->roll_back();
    give_back(lost ? nullptr : std::move(connection));
    throw;
  }
  give_back(std::move(connection));
}

}  // namespace catchment::store
