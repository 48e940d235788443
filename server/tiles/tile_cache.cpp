#include "server/tiles/tile_cache.hpp"

namespace catchment::tiles {

std::shared_ptr<const http::Content> TileCache::get(std::uint64_t key,
                                                    const std::function<std::shared_ptr<const http::Content>()>& make) {
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = places_.find(key); found != places_.end()) {
      entries_.splice(entries_.begin(), entries_, found->second);
      return found->second->content;
    }
  }
  const std::shared_ptr<const http::Content> content = make();
  constexpr std::size_t kOverhead = 200;
  const std::size_t bytes = content->plain.size() + content->gzip.size() + kOverhead;
  const std::lock_guard lock(mutex_);
  if (bytes > max_bytes_ || places_.contains(key)) return content;
  entries_.push_front({key, content, bytes});
  places_.emplace(key, entries_.begin());
  bytes_ += bytes;
  while (bytes_ > max_bytes_) {
    bytes_ -= entries_.back().bytes;
    places_.erase(entries_.back().key);
    entries_.pop_back();
  }
  return content;
}

std::size_t TileCache::size_bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace catchment::tiles
