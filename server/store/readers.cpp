#include "server/store/readers.hpp"

#include "geo/input_error.hpp"

namespace catchment::store {

std::unique_ptr<Connection> Readers::take() {
  {
    std::unique_lock lock(mutex_);
    returned_.wait(lock, [&] { return free_ > 0; });
    --free_;
    if (!idle_.empty()) {
      std::unique_ptr<Connection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
  }
  try {
    return backend_.connect(Access::read);
  } catch (const InputError& error) {
    give_back(nullptr);
    throw StoreError(StoreErrorKind::lost, error.what());
  } catch (...) {
    give_back(nullptr);
    throw;
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
