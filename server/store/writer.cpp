#include "server/store/writer.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace catchment::store {
namespace {

void abort_for(const std::string& why) {
  std::fprintf(stderr, "catchment store: %s; nothing of it was acknowledged, ending\n", why.c_str());
  std::abort();
}

}  // namespace

Writer::Writer(std::unique_ptr<Connection> connection, const StoreOptions& options)
    : connection_(std::move(connection)),
      batch_commands_(static_cast<std::size_t>(std::max(1, options.batch_commands))),
      batch_wait_(options.batch_wait),
      on_lost_(options.on_lost ? options.on_lost : abort_for),
      thread_([this] { work(); }) {}

Writer::~Writer() {
  {
    const Lock lock(mutex_);
    stopping_ = true;
    arrived_.notify_one();
  }
  thread_.join();
}

Store::Counts Writer::counts() const {
  const Lock lock(mutex_);
  return counts_;
}

void Writer::run(const std::function<void(Session&)>& fn) {
  if (std::this_thread::get_id() == thread_.get_id()) throw std::logic_error("a command within a command");
  Command command;
  command.fn = &fn;
  {
    const Lock lock(mutex_);
    if (lost_) throw StoreError(*lost_);
    queue_.push_back(&command);
    arrived_.notify_one();
  }
  command.answered.wait();
  if (command.error) std::rethrow_exception(command.error);
}

void Writer::work() {
  Lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    std::vector<Command*> batch;
    try {
      run_batch(lock, batch);
      count(batch);
      lock.unlock();
      answer(batch);
      connection_->tidy();
      lock.lock();
    } catch (const std::exception& error) {
      if (!lock.owns_lock()) lock.lock();
      give_up(lock, batch, error.what());
      return;
    }
  }
}

void Writer::run_batch(Lock& lock, std::vector<Command*>& batch) {
  const auto until = std::chrono::steady_clock::now() + batch_wait_;
  connection_->begin(Access::write);
  while (Command* command = next_of_batch(lock, batch.size(), until)) {
    batch.push_back(command);
    lock.unlock();
    run_command(*command);
    lock.lock();
  }
  lock.unlock();
  connection_->commit();
  lock.lock();
}

// Null when the batch is to be committed.
Writer::Command* Writer::next_of_batch(Lock& lock, std::size_t taken, std::chrono::steady_clock::time_point until) {
  if (taken >= batch_commands_) return nullptr;
  if (taken > 0 && std::chrono::steady_clock::now() >= until) return nullptr;
  if (queue_.empty()) {
    const bool complete = taken >= std::min(awaited_, batch_commands_) || stopping_;
    if (complete || !arrived_.wait_until(lock, until, [&] { return stopping_ || !queue_.empty(); })) return nullptr;
    if (queue_.empty()) return nullptr;
  }
  Command* command = queue_.front();
  queue_.pop_front();
  return command;
}

// What fn throws is the caller's; what the connection throws ends the store.
void Writer::run_command(Command& command) {
  connection_->set_savepoint();
  Session session = SessionAccess::on(*connection_);
  try {
    (*command.fn)(session);
    if (const auto& doom = SessionAccess::doom(session)) throw StoreError(*doom);
  } catch (...) {
    command.error = std::current_exception();
  }
  const auto& doom = SessionAccess::doom(session);
  if (doom && doom->kind == StoreErrorKind::lost) throw StoreError(*doom);
  if (command.error) {
    connection_->roll_back_to_savepoint();
  } else {
    connection_->release_savepoint();
  }
}

void Writer::count(const std::vector<Command*>& batch) {
  awaited_ = batch.size() + queue_.size();
  counts_.commands += static_cast<std::int64_t>(batch.size());
  ++counts_.commits;
}

// A caller, and its command with it, may be gone as soon as it is answered.
void Writer::answer(std::vector<Command*>& batch) {
  for (Command* command : batch) command->answered.set();
  batch.clear();
}

void Writer::give_up(Lock& lock, std::vector<Command*>& batch, const std::string& why) {
  lost_ = StoreError(StoreErrorKind::lost, why);
  lock.unlock();
  on_lost_(why);
  lock.lock();
  batch.insert(batch.end(), queue_.begin(), queue_.end());
  queue_.clear();
  for (Command* command : batch) command->error = std::make_exception_ptr(*lost_);
  answer(batch);
}

}  // namespace catchment::store
