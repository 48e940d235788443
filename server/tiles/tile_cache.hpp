// Tiles already cut, bounded by bytes: the one used longest ago goes first. Safe from several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "server/http/message.hpp"

namespace catchment::tiles {

class TileCache {
 public:
  explicit TileCache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // make() runs outside the lock; two threads may make the same tile once each.
  std::shared_ptr<const http::Content> get(std::uint64_t key,
                                           const std::function<std::shared_ptr<const http::Content>()>& make);
  std::size_t size_bytes() const;

 private:
  struct Entry {
    std::uint64_t key = 0;
    std::shared_ptr<const http::Content> content;
    std::size_t bytes = 0;
  };

  std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // last used first
  std::unordered_map<std::uint64_t, std::list<Entry>::iterator> places_;
  std::size_t bytes_ = 0;
};

}  // namespace catchment::tiles
