// Rooms of campuses shared out to the grades taught there, one class at a time.
#pragma once

#include <cstddef>
#include <vector>

namespace catchment::engine::demand {

// A grade of an admission unit that wants rooms.
struct RoomClaim {
  std::vector<std::size_t> campuses;  // that teach it, in the order to fill them
  int wanted = 0;                     // classes
  double weight = 0;                  // children they are for
};

// Which rooms which claim has. A claim never loses a room, but may be moved to another of its campuses when that makes
// room for one more. So claims get as many rooms as any assignment would give them in the order they are served, and
// a campus with more rooms never means fewer for anybody.
class RoomShares {
 public:
  explicit RoomShares(std::vector<int> rooms) : rooms_(std::move(rooms)), used_(rooms_.size(), 0) {}

  // Serves claims a class at a time: first everyone without any, then whoever has most children a class; ties by fewer
  // classes, then by order. Returns the place of the first claim; the others follow.
  std::size_t serve(const std::vector<RoomClaim>& claims);

  int got(std::size_t claim) const;
  int got(std::size_t claim, std::size_t campus) const { return claims_[claim].at[campus]; }
  int used(std::size_t campus) const { return used_[campus]; }
  int rooms(std::size_t campus) const { return rooms_[campus]; }
  // How many more classes a claim could have.
  int spare(std::size_t claim) const;

 private:
  struct Held {
    std::vector<std::size_t> campuses;
    std::vector<int> at;  // classes by campus
  };
  bool take(std::size_t claim);
  bool make_room(std::size_t campus, std::vector<bool>& visited);
  bool find_room(std::size_t claim, std::vector<bool>& visited);

  std::vector<int> rooms_;
  std::vector<int> used_;
  std::vector<Held> claims_;
};

}  // namespace catchment::engine::demand
