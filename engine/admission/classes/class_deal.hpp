// Sunshine classes (阳光分班): pupils dealt to classes by ticket, head teachers to classes by a later ceremony, late
// arrivals to the smallest class under a public number of their own.
//
// Pupils are ordered by stratum - boys, boys with special needs, girls with special needs, girls - and within it by
// (ticket, unit, code); the i-th goes to class i mod C. So the sizes of classes differ by at most 1, and so do the
// numbers of boys, of girls, and of pupils with special needs. Everything later is an exchange of two pupils of one
// stratum, which keeps that. Wishes to be together come first, then pupils of one name are kept apart; what no single
// exchange could do is marked, not hidden. Complexity: n log n, and n a wish or namesake.
#pragma once

#include <span>
#include <vector>

#include "engine/admission/lottery/hash_suite.hpp"

namespace catchment::engine::admission {

struct ClassPupil {
  Code code{};
  Code unit{};         // the own code, or that of the sibling a family wishes this one together with
  bool girl = false;   // else a boy
  bool needs = false;  // special needs (随班就读)
  int namesake = 0;    // the same positive number for pupils of the same name; 0 for a name nobody shares
};

struct ClassPlace {
  int school_class = 0;   // from 1
  bool split = false;     // a wish to be together that could not be kept
  bool namesake = false;  // sits with a pupil of the same name
};

// One place for each pupil, in their order. `tickets` are those of the pupils' units. classes > 0.
std::vector<ClassPlace> deal_classes(std::span<const ClassPupil> pupils, std::span<const Ticket> tickets, int classes);

// The class of each late pupil, in their order: by (ticket, code) they join in turn the smallest class, and among equal
// ones that with the lowest ticket of pupil and class. `class_ticket(pupil, class)` gives that ticket, class from 1.
template <class ClassTicket>
std::vector<int> place_late(std::span<const Code> codes, std::span<const Ticket> tickets, std::vector<int> sizes,
                            ClassTicket class_ticket);

// Indices of codes in order of (ticket, code).
std::vector<std::size_t> ticket_order(std::span<const Code> codes, std::span<const Ticket> tickets);

template <class ClassTicket>
std::vector<int> place_late(std::span<const Code> codes, std::span<const Ticket> tickets, std::vector<int> sizes,
                            ClassTicket class_ticket) {
  std::vector<int> place(codes.size(), 0);
  for (const std::size_t pupil : ticket_order(codes, tickets)) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < sizes.size(); ++c) {
      if (sizes[c] > sizes[best]) continue;
      if (sizes[c] < sizes[best] ||
          class_ticket(pupil, static_cast<int>(c) + 1) < class_ticket(pupil, static_cast<int>(best) + 1))
        best = c;
    }
    ++sizes[best];
    place[pupil] = static_cast<int>(best) + 1;
  }
  return place;
}

}  // namespace catchment::engine::admission
