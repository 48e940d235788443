#include "engine/admission/assignment/walk_flow.hpp"

namespace catchment::engine::admission {

template <std::size_t Levels>
WalkFlow<Levels>::WalkFlow(const OverflowWorld& world)
    : world_(world),
      sink_(static_cast<std::uint32_t>(world.seats.size())),
      school_of_(world.given.size(), kNobody),
      own_(world.given.size(), 0),
      pinned_(world.given.size(), 0),
      load_(sink_, 0),
      price_(sink_ + 1),
      closed_(sink_, 0),
      near_(sink_),
      labels_(sink_ + 1) {}

// As vectors: the one further from the left decides.
template <std::size_t Levels>
bool WalkFlow<Levels>::longer(const Move& a, const Move& b) const {
  if constexpr (Levels > 1) {
    const std::uint8_t la = world_.level[a.child], lb = world_.level[b.child];
    if (la < lb && a.metres != 0) return a.metres > 0;
    if (lb < la && b.metres != 0) return b.metres < 0;
    if (la != lb) return la < lb ? b.metres < 0 : a.metres > 0;
  }
  return a.metres > b.metres;
}

template <std::size_t Levels>
typename WalkFlow<Levels>::Neighbour& WalkFlow<Levels>::neighbour(std::uint32_t from, std::uint32_t to) {
  std::vector<Neighbour>& near = near_[from];
  auto found = std::lower_bound(near.begin(), near.end(), to,
                                [](const Neighbour& n, std::uint32_t school) { return n.school < school; });
  if (found == near.end() || found->school != to) {
    found = near.insert(found, Neighbour{});
    found->school = to;
  }
  return *found;
}

template <std::size_t Levels>
const typename WalkFlow<Levels>::Move* WalkFlow<Levels>::shortest(Neighbour& to, std::uint32_t from) {
  const auto by_length = [this](const Move& a, const Move& b) { return longer(a, b); };
  while (!to.moves.empty()) {
    if (school_of_[to.top.child] == from && pinned_[to.top.child] == 0) return &to.top;
    std::pop_heap(to.moves.begin(), to.moves.end(), by_length);
    to.moves.pop_back();
    if (!to.moves.empty()) to.top = to.moves.front();
  }
  return nullptr;
}

template <std::size_t Levels>
void WalkFlow<Levels>::seat(std::uint32_t child, std::uint32_t school) {
  const auto by_length = [this](const Move& a, const Move& b) { return longer(a, b); };
  ++load_[school];
  school_of_[child] = school;
  own_[child] = world_.first[child];
  while (own_way(child).school != school) ++own_[child];
  const int here = own_way(child).metres;
  for (const SchoolWay& way : world_.ways_of(child)) {
    if (way.school == school) continue;
    Neighbour& to = neighbour(school, way.school);
    to.moves.push_back({way.metres - here, child});
    std::push_heap(to.moves.begin(), to.moves.end(), by_length);
    to.top = to.moves.front();
  }
}

template <std::size_t Levels>
void WalkFlow<Levels>::unseat(std::uint32_t child) {
  --load_[school_of_[child]];
  school_of_[child] = kNobody;
}

template <std::size_t Levels>
void WalkFlow<Levels>::start() {
  heap_.clear();
  settled_.clear();
  order_ = 0;
  ++stamp_;
}

// For a heap with the nearest on top, among equals the latest: going deep finds a way soon where many are equally near.
template <std::size_t Levels>
void WalkFlow<Levels>::reach(std::uint32_t node, const Length& distance, std::uint32_t from, std::uint32_t child) {
  Label& label = labels_[node];
  if (label.stamp == stamp_ && label.distance <= distance) return;
  label.distance = distance, label.stamp = stamp_, label.from = from, label.child = child;
  heap_.push_back({distance, order_++, node});
  std::push_heap(heap_.begin(), heap_.end(), [](const Reached& a, const Reached& b) {
    return a.distance != b.distance ? a.distance > b.distance : a.order < b.order;
  });
}

template <std::size_t Levels>
bool WalkFlow<Levels>::settle(Reached& next) {
  while (!heap_.empty()) {
    std::pop_heap(heap_.begin(), heap_.end(), [](const Reached& a, const Reached& b) {
      return a.distance != b.distance ? a.distance > b.distance : a.order < b.order;
    });
    next = heap_.back();
    heap_.pop_back();
    Label& label = labels_[next.node];
    if (label.settled == stamp_) continue;
    label.settled = stamp_;
    settled_.push_back(next.node);
    return true;
  }
  return false;
}

// With `nearest_free`, closed schools are passed over, and so is what is no nearer than the nearest free seat so far.
template <std::size_t Levels>
void WalkFlow<Levels>::relax(std::uint32_t school, const Length& distance, std::optional<Length>* nearest_free) {
  const Length left = distance - price_[school];
  for (Neighbour& to : near_[school]) {
    const Label& label = labels_[to.school];
    if (to.moves.empty() || label.settled == stamp_) continue;
    // A void move on top is no longer than the others: most neighbours are told to be too far by it alone.
    const auto reached = [&] { return (left + price_[to.school]).plus(world_.level[to.top.child], to.top.metres); };
    Length least = reached();
    if (label.stamp == stamp_ && label.distance <= least) continue;
    if (nearest_free != nullptr && (closed_[to.school] != 0 || (*nearest_free && !(least < **nearest_free)))) continue;
    const Move* move = shortest(to, school);
    if (move == nullptr) continue;
    least = reached();
    if (nearest_free != nullptr) {
      if (*nearest_free && !(least < **nearest_free)) continue;
      if (is_free(to.school)) *nearest_free = least;
    }
    reach(to.school, least, school, move->child);
  }
}

template <std::size_t Levels>
bool WalkFlow<Levels>::insert(std::uint32_t child) {
  start();
  std::optional<Length> nearest_free;
  for (const SchoolWay& way : world_.ways_of(child)) {
    const Length reached = priced(child, way);
    if (closed_[way.school] != 0 || (nearest_free && !(reached < *nearest_free))) continue;
    if (is_free(way.school)) nearest_free = reached;
    reach(way.school, reached, kNobody, child);
  }
  std::uint32_t target = kNobody;
  Reached at;
  while (target == kNobody && settle(at)) {
    if (is_free(at.node)) {
      target = at.node;
    } else {
      relax(at.node, at.distance, &nearest_free);
    }
  }
  if (target == kNobody) {
    for (const std::uint32_t s : settled_) closed_[s] = 1;
    return false;
  }
  raise_prices(at.distance);
  for (std::uint32_t node = target; labels_[node].from != kNobody;) {
    const std::uint32_t mover = labels_[node].child, from = labels_[node].from;
    unseat(mover);
    seat(mover, node);
    target = node = from;
  }
  seat(child, target);
  return true;
}

template <std::size_t Levels>
void WalkFlow<Levels>::raise_prices(const Length& distance) {
  for (const std::uint32_t s : settled_) {
    if (labels_[s].distance < distance) price_[s] = price_[s] + (distance - labels_[s].distance);
  }
}

// Goes on from a school, or from the sink: over the free seats of all schools a way may lead on, for where one more
// sits elsewhere one fewer can.
template <std::size_t Levels>
void WalkFlow<Levels>::relax_through_sink(const Reached& at, std::uint32_t to) {
  if (at.node != sink_) {
    relax(at.node, at.distance, nullptr);
    if (is_free(at.node)) reach(sink_, at.distance, at.node, kNobody);
    return;
  }
  for (std::uint32_t s = 0; s < sink_; ++s) {
    if (labels_[s].settled != stamp_ && (load_[s] > 0 || s == to)) reach(s, at.distance + price_[s], sink_, kNobody);
  }
}

// The shortest way for one child too many at a school to a seat that fell free at another.
template <std::size_t Levels>
bool WalkFlow<Levels>::search_through_sink(std::uint32_t from, std::uint32_t to) {
  start();
  reach(from, {}, kNobody, kNobody);
  Reached at;
  while (settle(at)) {
    if (at.node == to) return true;
    relax_through_sink(at, to);
  }
  return false;
}

// One search a wished-for school, to all the seats that would fall free.
template <std::size_t Levels>
void WalkFlow<Levels>::price_wishes(std::vector<Wish>& wishes, std::size_t most) {
  std::vector<std::uint32_t> by_school(wishes.size());
  for (std::uint32_t w = 0; w < wishes.size(); ++w) by_school[w] = w;
  std::ranges::sort(by_school, {}, [&](std::uint32_t w) { return std::pair(wishes[w].way.school, w); });
  std::vector<std::uint32_t> wanted_by(sink_ + 1, kNobody);  // school: the last wished-for one it was looked for from
  for (std::size_t from = 0, to = 0; from < by_school.size(); from = to) {
    const std::uint32_t school = wishes[by_school[from]].way.school;
    std::size_t missing = 0;
    for (; to < by_school.size() && wishes[by_school[to]].way.school == school; ++to) {
      std::uint32_t& by = wanted_by[school_of_[wishes[by_school[to]].child]];
      missing += by != school ? 1u : 0u;
      by = school;
    }
    start();
    reach(school, {}, kNobody, kNobody);
    Reached at;
    bool more = settle(at);
    while (more && settled_.size() < most) {
      missing -= wanted_by[at.node] == school ? 1u : 0u;
      if (missing == 0) break;
      relax_through_sink(at, kNobody);
      more = settle(at);
    }
    for (std::size_t k = from; k < to; ++k) {
      Wish& wish = wishes[by_school[k]];
      const std::uint32_t own = school_of_[wish.child];
      const bool found = labels_[own].settled == stamp_;
      wish.possible = found || more;
      wish.cost = priced(wish.child, wish.way) - priced(wish.child, own_way(wish.child)) +
                  (found ? labels_[own].distance : at.distance);
    }
  }
}

template <std::size_t Levels>
void WalkFlow<Levels>::shift_prices(const Length& distance) {
  const auto raised = [&](std::uint32_t node) {
    const Label& label = labels_[node];
    return label.settled == stamp_ && label.distance < distance ? distance - label.distance : Length{};
  };
  const Length of_sink = raised(sink_);
  for (std::uint32_t s = 0; s < sink_; ++s) {
    price_[s] = price_[s] + raised(s) - of_sink;
    if (load_[s] == 0 && price_[s] < Length{}) price_[s] = {};  // nobody leaves it, so any price will do
  }
}

template <std::size_t Levels>
bool WalkFlow<Levels>::bring(std::uint32_t child, std::uint32_t school) {
  const std::uint32_t left = school_of_[child];
  if (left == school) {
    pin(child);
    return true;
  }
  const std::uint8_t was_pinned = pinned_[child];
  pin(child);
  --load_[left];
  if (!search_through_sink(school, left)) {
    ++load_[left];
    pinned_[child] = was_pinned;
    return false;
  }
  ++load_[left];
  const Length distance = labels_[left].distance;
  std::uint32_t node = left;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> movers;  // child, to
  while (labels_[node].from != kNobody) {
    if (labels_[node].child != kNobody) movers.emplace_back(labels_[node].child, node);
    node = labels_[node].from;
  }
  unseat(child);
  seat(child, school);
  for (const auto& [mover, to] : movers) {
    unseat(mover);
    seat(mover, to);
  }
  shift_prices(distance);
  return true;
}

template <std::size_t Levels>
void WalkFlow<Levels>::list_movable() {
  movable_.assign(sink_, {});
  for (std::uint32_t c = 0; c < school_of_.size(); ++c) {
    if (school_of_[c] == kNobody || pinned_[c] != 0) continue;
    int tight = 0;
    for (const SchoolWay& way : world_.ways_of(c)) tight += is_tight(c, way) ? 1 : 0;
    if (tight > 1) movable_[school_of_[c]].push_back(c);
  }
}

// Seats a child at an equally short school if only children behind it in order need move, and nothing gets longer.
template <std::size_t Levels>
bool WalkFlow<Levels>::give(std::uint32_t child, std::uint32_t school) {
  const std::uint32_t own = school_of_[child];
  const bool may_stay_empty = price_[own] == Length{};
  ++stamp_;
  settled_.assign(1, school);
  labels_[school].stamp = stamp_, labels_[school].from = kNobody, labels_[school].child = child;
  std::uint32_t end = kNobody;
  for (std::size_t k = 0; k < settled_.size() && end == kNobody; ++k) {
    const std::uint32_t s = settled_[k];
    if (s == own || (may_stay_empty && is_free(s))) {
      end = s;
      break;
    }
    for (const std::uint32_t c : movable_[s]) {
      if (c <= child) continue;
      for (const SchoolWay& way : world_.ways_of(c)) {
        if (labels_[way.school].stamp == stamp_ || !is_tight(c, way)) continue;
        labels_[way.school].stamp = stamp_, labels_[way.school].from = s, labels_[way.school].child = c;
        settled_.push_back(way.school);
      }
    }
  }
  if (end == kNobody) return false;
  for (std::uint32_t node = end; node != kNobody;) {
    const std::uint32_t mover = labels_[node].child, from = labels_[node].from;
    std::erase(movable_[school_of_[mover]], mover);
    movable_[node].push_back(mover);
    unseat(mover);
    seat(mover, node);
    node = from;
  }
  return true;
}

template <std::size_t Levels>
void WalkFlow<Levels>::settle_order() {
  list_movable();
  std::vector<std::uint32_t> in_order;
  for (const auto& list : movable_) in_order.insert(in_order.end(), list.begin(), list.end());
  std::ranges::sort(in_order);
  for (const std::uint32_t c : in_order) {
    for (const SchoolWay& way : world_.ways_of(c)) {
      if (way.school == school_of_[c] || (is_tight(c, way) && give(c, way.school))) break;
    }
  }
}

template class WalkFlow<1>;
template class WalkFlow<2>;
template class WalkFlow<4>;
template class WalkFlow<8>;

}  // namespace catchment::engine::admission
