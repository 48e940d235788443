// Sunshine classes (阳光分班): pupils dealt to classes by ticket, head teachers to classes by a later ceremony, late
// arrivals to the smallest class under a public number of their own.
//
// Pupils are ordered by stratum - boys, boys with special needs, girls with special needs, girls - and within it by
// (ticket, unit, code); the i-th goes to class i mod C. So the sizes of classes differ by at most 1, and so do the
// numbers of boys, of girls, and of pupils with special needs. Everything later is an exchange of two pupils of one
// stratum, which keeps that. Wishes to be together come first, then pupils of one name are kept apart; what no single
// exchange could do is marked, not hidden. Complexity: n log n, and n a wish or namesake.
#pragma once

#include <array>
#include <map>
#include <set>
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

// What a class looks like to who comes late.
struct ClassMakeup {
  int pupils = 0, girls = 0, needs = 0;
};

struct LatePupil {
  Code code{};
  bool girl = false, needs = false;
  std::vector<Code> namesakes;  // pupils of the same name, in a class already or late too; sorted
};

// The class of each late pupil, in their order: by (ticket, code) they join in turn the smallest class; of equal ones
// that with the fewest pupils with special needs (if this is one), then the fewest of its sex, then without a namesake,
// then the lowest ticket of pupil and class. `class_of(code)` says where a namesake sits already, 0: nowhere;
// `class_ticket(pupil, class)` gives that ticket, class from 1. At least one class. Pupils x classes.
template <class ClassOf, class ClassTicket>
std::vector<ClassPlace> place_late(std::span<const LatePupil> pupils, std::span<const Ticket> tickets,
                                   std::vector<ClassMakeup> classes, ClassOf class_of, ClassTicket class_ticket);

// Indices of codes in order of (ticket, code).
std::vector<std::size_t> ticket_order(std::span<const Code> codes, std::span<const Ticket> tickets);

template <class ClassOf, class ClassTicket>
std::vector<ClassPlace> place_late(std::span<const LatePupil> pupils, std::span<const Ticket> tickets,
                                   std::vector<ClassMakeup> classes, ClassOf class_of, ClassTicket class_ticket) {
  std::vector<ClassPlace> places(pupils.size());
  std::vector<Code> codes;
  for (const LatePupil& pupil : pupils) codes.push_back(pupil.code);
  std::map<Code, int> joined;
  for (const std::size_t i : ticket_order(codes, tickets)) {
    const LatePupil& pupil = pupils[i];
    std::set<int> named;  // classes with a namesake
    for (const Code& code : pupil.namesakes) {
      const auto late = joined.find(code);
      named.insert(late != joined.end() ? late->second : class_of(code));
    }
    const auto fit = [&](int c) {
      const ClassMakeup& in = classes[static_cast<std::size_t>(c) - 1];
      return std::array<int, 4>{in.pupils, pupil.needs ? in.needs : 0, pupil.girl ? in.girls : in.pupils - in.girls,
                                named.contains(c) ? 1 : 0};
    };
    int best = 1;
    for (int c = 2; c <= static_cast<int>(classes.size()); ++c) {
      const auto here = fit(c), there = fit(best);
      if (here < there || (here == there && class_ticket(i, c) < class_ticket(i, best))) best = c;
    }
    ClassMakeup& in = classes[static_cast<std::size_t>(best) - 1];
    ++in.pupils, in.girls += pupil.girl ? 1 : 0, in.needs += pupil.needs ? 1 : 0;
    joined.emplace(pupil.code, best);
    places[i] = {best, false, named.contains(best)};
  }
  return places;
}

}  // namespace catchment::engine::admission
