#include "engine/admission/classes/class_deal.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>

namespace catchment::engine::admission {
namespace {

constexpr std::size_t kNoPupil = static_cast<std::size_t>(-1);

// Boys, boys with needs, girls with needs, girls: each of boys, girls and needs is one stretch.
int pupil_stratum(const ClassPupil& pupil) { return pupil.girl ? (pupil.needs ? 2 : 3) : (pupil.needs ? 1 : 0); }

class ClassDealer {
 public:
  ClassDealer(std::span<const ClassPupil> pupils, std::span<const Ticket> tickets, int classes)
      : pupils_(pupils), classes_(static_cast<std::size_t>(classes)), order_(pupils.size()), class_(pupils.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      const auto key = [&](std::size_t i) {
        return std::make_tuple(pupil_stratum(pupils[i]), tickets[i], pupils[i].unit, pupils[i].code);
      };
      return key(a) < key(b);
    });
    cells_.resize(4 * classes_);
    place_.resize(order_.size());
    for (std::size_t place = 0; place < order_.size(); ++place) {
      const std::size_t pupil = order_[place];
      place_[pupil] = place;
      class_[pupil] = place % classes_;
      cell(pupil, class_[pupil]).push_back(place);
      units_[{tickets[pupil], pupils[pupil].unit}].push_back(pupil);
      if (pupils[pupil].namesake != 0) namesakes_[pupils[pupil].namesake].push_back(pupil);
    }
    single_.assign(pupils.size(), true);
    for (const auto& [key, members] : units_) {
      for (const std::size_t pupil : members) single_[pupil] = members.size() == 1;
    }
  }

  std::vector<ClassPlace> deal() {
    for (const auto& [key, members] : units_) {
      if (members.size() > 1) bring_together(members);
    }
    for (const auto& [number, members] : namesakes_) keep_apart(members);
    std::vector<ClassPlace> places(pupils_.size());
    for (std::size_t i = 0; i < places.size(); ++i) places[i].school_class = static_cast<int>(class_[i]) + 1;
    for (const auto& [key, members] : units_) {
      for (const std::size_t pupil : members) places[pupil].split = !together(members);
    }
    for (const auto& [number, members] : namesakes_) {
      for (const std::size_t a : members) {
        for (const std::size_t b : members) places[a].namesake = places[a].namesake || clash(a, b);
      }
    }
    return places;
  }

 private:
  // The places, ascending, of those of the pupil's stratum in a class.
  std::vector<std::size_t>& cell(std::size_t pupil, std::size_t school_class) {
    return cells_[static_cast<std::size_t>(pupil_stratum(pupils_[pupil])) * classes_ + school_class];
  }

  bool together(const std::vector<std::size_t>& members) const {
    return std::all_of(members.begin(), members.end(),
                       [&](std::size_t pupil) { return class_[pupil] == class_[members[0]]; });
  }

  // Two of one name in one class who do not wish it.
  bool clash(std::size_t a, std::size_t b) const {
    return a != b && pupils_[a].namesake == pupils_[b].namesake && class_[a] == class_[b] &&
           pupils_[a].unit != pupils_[b].unit;
  }

  void exchange(std::size_t a, std::size_t b) {
    move(a, class_[a], class_[b]);
    move(b, class_[b], class_[a]);
    std::swap(class_[a], class_[b]);
  }

  void move(std::size_t pupil, std::size_t from, std::size_t to) {
    std::vector<std::size_t>& left = cell(pupil, from);
    left.erase(std::find(left.begin(), left.end(), place_[pupil]));
    std::vector<std::size_t>& joined = cell(pupil, to);
    joined.insert(std::lower_bound(joined.begin(), joined.end(), place_[pupil]), place_[pupil]);
  }

  // Members are in their order. The first class, counted from the first member's, to which all can be exchanged.
  void bring_together(const std::vector<std::size_t>& members) {
    if (together(members)) return;
    for (std::size_t step = 0; step < classes_; ++step) {
      const std::size_t target = (class_[members[0]] + step) % classes_;
      std::vector<std::pair<std::size_t, std::size_t>> swaps;
      std::vector<std::size_t> taken;
      bool possible = true;
      for (const std::size_t member : members) {
        if (class_[member] == target) continue;
        const std::size_t partner = last_single(member, target, [&](std::size_t pupil) {
          return std::find(taken.begin(), taken.end(), pupil) == taken.end();
        });
        possible = partner != kNoPupil;
        if (!possible) break;
        taken.push_back(partner);
        swaps.emplace_back(member, partner);
      }
      if (!possible) continue;
      for (const auto& [member, partner] : swaps) exchange(member, partner);
      return;
    }
  }

  // The last in the order of the member's stratum in a class who is in no wish and whom `good` allows.
  template <class Good>
  std::size_t last_single(std::size_t member, std::size_t target, Good good) {
    const auto& places = cell(member, target);
    for (std::size_t i = places.size(); i-- != 0;) {
      const std::size_t pupil = order_[places[i]];
      if (single_[pupil] && good(pupil)) return pupil;
    }
    return kNoPupil;
  }

  void keep_apart(const std::vector<std::size_t>& members) {
    for (std::size_t m = 1; m < members.size(); ++m) {
      for (std::size_t e = 0; e < m; ++e) {
        if (clash(members[m], members[e]) && !move_away(members[m], members)) move_away(members[e], members);
      }
    }
  }

  // Exchanges a pupil with one of the next class that has nobody of the name, so that the other meets no namesake
  // either.
  bool move_away(std::size_t mover, const std::vector<std::size_t>& group) {
    if (!single_[mover]) return false;
    for (std::size_t step = 1; step < classes_; ++step) {
      const std::size_t target = (class_[mover] + step) % classes_;
      if (std::any_of(group.begin(), group.end(), [&](std::size_t pupil) { return class_[pupil] == target; })) continue;
      const std::size_t partner = last_single(mover, target, [&](std::size_t pupil) {
        const int name = pupils_[pupil].namesake;
        if (name == 0) return true;
        const auto& others = namesakes_.at(name);
        return std::none_of(others.begin(), others.end(),
                            [&](std::size_t other) { return class_[other] == class_[mover]; });
      });
      if (partner == kNoPupil) continue;
      exchange(mover, partner);
      return true;
    }
    return false;
  }

  std::span<const ClassPupil> pupils_;
  std::size_t classes_;
  std::vector<std::size_t> order_;  // pupils by place
  std::vector<std::size_t> place_;  // by pupil
  std::vector<std::size_t> class_;  // by pupil, from 0
  std::vector<bool> single_;        // by pupil: in no wish
  std::vector<std::vector<std::size_t>> cells_;
  std::map<std::pair<Ticket, Code>, std::vector<std::size_t>> units_;
  std::map<int, std::vector<std::size_t>> namesakes_;
};

}  // namespace

std::vector<ClassPlace> deal_classes(std::span<const ClassPupil> pupils, std::span<const Ticket> tickets, int classes) {
  return ClassDealer(pupils, tickets, classes).deal();
}

std::vector<std::size_t> ticket_order(std::span<const Code> codes, std::span<const Ticket> tickets) {
  std::vector<std::size_t> order(codes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(tickets[a], codes[a]) < std::tie(tickets[b], codes[b]);
  });
  return order;
}

}  // namespace catchment::engine::admission
