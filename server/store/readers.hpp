// Connections that only read, made as they are needed and used again. One whose server has gone is made anew: before it
// is used where that can be told, else by the next read.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "server/store/connection.hpp"

namespace catchment::store {

class Readers {
 public:
  Readers(Backend& backend, int limit) : backend_(backend), free_(limit < 1 ? 1 : limit) {}

  // As Store::read.
  void run(const std::function<void(Session&)>& fn);

 private:
  std::unique_ptr<Connection> take();
  std::unique_ptr<Connection> find_idle();
  std::unique_ptr<Connection> connect();
  void give_back(std::unique_ptr<Connection> connection);

  Backend& backend_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  int free_;  // how many more may be in use
};

}  // namespace catchment::store
