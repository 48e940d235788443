#include "engine/demand/room_shares.hpp"

#include <numeric>

namespace catchment::engine::demand {

int RoomShares::got(std::size_t claim) const {
  return std::accumulate(claims_[claim].at.begin(), claims_[claim].at.end(), 0);
}

int RoomShares::spare(std::size_t claim) const {
  RoomShares trial = *this;
  int more = 0;
  while (trial.take(claim)) ++more;
  return more;
}

bool RoomShares::take(std::size_t claim) {
  std::vector<bool> visited(rooms_.size(), false);
  return find_room(claim, visited);
}

// One class more of the claim; an augmenting path (Kuhn) through classes that can move.
bool RoomShares::find_room(std::size_t claim, std::vector<bool>& visited) {
  for (const std::size_t campus : claims_[claim].campuses) {
    if (visited[campus]) continue;
    visited[campus] = true;
    if (used_[campus] == rooms_[campus] && !make_room(campus, visited)) continue;
    ++claims_[claim].at[campus];
    ++used_[campus];
    return true;
  }
  return false;
}

bool RoomShares::make_room(std::size_t campus, std::vector<bool>& visited) {
  for (std::size_t other = 0; other < claims_.size(); ++other) {
    if (claims_[other].at[campus] == 0 || !find_room(other, visited)) continue;
    --claims_[other].at[campus];
    --used_[campus];
    return true;
  }
  return false;
}

std::size_t RoomShares::serve(const std::vector<RoomClaim>& claims) {
  const std::size_t first = claims_.size();
  for (const RoomClaim& claim : claims) claims_.push_back({claim.campuses, std::vector<int>(rooms_.size(), 0)});
  std::vector<int> has(claims.size(), 0);
  std::vector<bool> done(claims.size(), false);
  const auto before = [&](std::size_t a, std::size_t b) {  // is a served before b?
    if ((has[a] == 0) != (has[b] == 0)) return has[a] == 0;
    const double left = claims[a].weight * (has[b] == 0 ? 1 : has[b]);
    const double right = claims[b].weight * (has[a] == 0 ? 1 : has[a]);
    if (left != right) return left > right;
    return has[a] != has[b] ? has[a] < has[b] : a < b;
  };
  for (;;) {
    std::size_t next = claims.size();
    for (std::size_t i = 0; i < claims.size(); ++i) {
      if (done[i] || has[i] >= claims[i].wanted) continue;
      if (next == claims.size() || before(i, next)) next = i;
    }
    if (next == claims.size()) return first;
    if (take(first + next)) {
      ++has[next];
    } else {
      done[next] = true;  // whoever finds no room now finds none later
    }
  }
}

}  // namespace catchment::engine::demand
