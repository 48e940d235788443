// From worlds to an answer: its status, its schools and the terms on which each has the address.
#include <algorithm>
#include <tuple>

#include "engine/matching/finder_worlds.hpp"

namespace catchment::engine {
namespace {

using zone_text::AllocationMode;
using zone_text::Household;
using Tables = SchoolFinder::Tables;

bool any_world(const std::vector<World>& worlds, Decision decision) {
  return std::ranges::any_of(worlds, [&](const World& w) { return w.resolution.decision == decision; });
}

// Settled by none but schools that take whoever wants to.
bool is_open_to_all(const Tables& t, const World& world) {
  return world.resolution.decision == Decision::settled &&
         std::ranges::all_of(world.resolution.deciding, [&](std::size_t i) {
           const Voice& voice = world.voices[i];
           return voice.source == Voice::Source::feeder && t.feeders.links()[voice.item].from == "*";
         });
}

bool gives_to_nobody(const Tables& t, const World& world) {
  return world.resolution.decision == Decision::nothing || is_open_to_all(t, world);
}

// A school that has the address in this world only in addition, and only if its household is so.
bool has_conditional_extra(const World& world) {
  return std::ranges::any_of(world.resolution.schools, [&](SchoolNumber school) {
    return std::ranges::all_of(world.resolution.deciding, [&](std::size_t i) {
      return world.voices[i].school != school || !world.voices[i].unknown.empty();
    });
  });
}

bool all_worlds_agree(const Tables& t, const std::vector<World>& worlds) {
  const World& first = worlds.front();
  return std::ranges::all_of(worlds, [&](const World& w) {
    return w.resolution.decision == first.resolution.decision && w.resolution.schools == first.resolution.schools &&
           is_open_to_all(t, w) == is_open_to_all(t, first) && !has_conditional_extra(w);
  });
}

bool all_give_to_nobody(const Tables& t, const std::vector<World>& worlds) {
  return std::ranges::all_of(worlds, [&](const World& w) { return gives_to_nobody(t, w); });
}

void add_schools(Outcome& out, const std::vector<SchoolNumber>& schools) {
  out.schools.insert(out.schools.end(), schools.begin(), schools.end());
  std::ranges::sort(out.schools);
  out.schools.erase(std::unique(out.schools.begin(), out.schools.end()), out.schools.end());
}

void judge_nobody(const Tables& t, const Spot& spot, Outcome& out) {
  const bool needs_position = t.regions.has_value() || t.any_zone_by_shape;
  if (needs_position && !spot.position) {
    out.status = FinderStatus::undetermined;
    out.reason = "The address has no place, and only zones with an outline could have it.";
  } else if (!t.unresolved_rows.empty()) {
    out.status = FinderStatus::undetermined;
    std::vector<SchoolNumber> schools;
    for (const std::uint32_t row : t.unresolved_rows) schools.push_back(t.row_tables[row].school);
    add_schools(out, schools);
    out.reason = "No clause that can be read has this address; " + std::to_string(t.unresolved_rows.size()) +
                 " rows have words that cannot.";
  } else {
    out.status = FinderStatus::no_zone;
    out.reason = out.schools.empty() ? "No zone and no clause has this address."
                                     : "Nothing gives this child to a school; those named take whoever wants to.";
  }
}

constexpr std::string_view kUnshared = "Several schools are given this address, and no words say that they share it.";

void judge_one_answer(const Spot& spot, const World& world, Outcome& out) {
  switch (world.resolution.decision) {
    case Decision::settled:
      out.status = FinderStatus::definite;
      out.reason = out.schools.size() == 1 ? "One school has this address." : "Several schools share this address.";
      return;
    case Decision::near_line:
      out.status = FinderStatus::boundary;
      out.reason = spot.error_m > 0 ? "The place is nearer to a line than it may be off." : "The place is on a line.";
      return;
    case Decision::unshared:
      out.status = FinderStatus::undetermined;
      out.reason = kUnshared;
      return;
    case Decision::undetermined:
    case Decision::nothing:
      out.status = FinderStatus::undetermined;
      out.reason = "The words of the notice do not say which school this is.";
      return;
  }
}

void judge_several(const Tables& t, Outcome& out) {
  const auto contradicts = [](const World& w) {
    return w.resolution.decision == Decision::unshared && !w.several_groups;
  };
  const auto settles = [&](const World& w) {
    return w.resolution.decision == Decision::settled && !is_open_to_all(t, w);
  };
  if (std::ranges::any_of(out.worlds, &World::cut_short)) {
    out.status = FinderStatus::undetermined;
    out.reason = "The school depends on more facts of the household than can be tried: give some of them.";
  } else if (any_world(out.worlds, Decision::undetermined)) {
    out.status = FinderStatus::undetermined;
    out.reason = "The words of the notice do not say which school this is, and it depends on the household.";
  } else if (std::ranges::any_of(out.worlds, contradicts)) {
    out.status = FinderStatus::undetermined;
    out.reason = kUnshared;
  } else if (any_world(out.worlds, Decision::near_line)) {
    out.status = FinderStatus::boundary;
    out.reason = "The place is nearer to a line than it may be off, and the school depends on the household.";
  } else if (std::ranges::none_of(out.worlds, settles)) {
    out.status = FinderStatus::undetermined;
    out.reason = kUnshared;
  } else {
    out.status = FinderStatus::household_dependent;
    out.reason = "Which school depends on facts of the household that are not known.";
    const auto both = [](const World& w) { return w.several_groups || w.others_open; };
    if (std::ranges::any_of(out.worlds, both)) {
      out.reason += " No words say which it is for a child whom several of the schools take.";
    }
  }
}

// Words name a school that has the address too, and nobody knows which it is.
void ask_for_unknown_partner(const Tables& t, Outcome& out) {
  if (out.status != FinderStatus::definite && out.status != FinderStatus::household_dependent) return;
  for (const World& world : out.worlds) {
    for (const std::size_t i : world.resolution.deciding) {
      const Voice& voice = world.voices[i];
      if (!voice.shared_unknown) continue;
      const RowTables& row = t.row_tables[voice.item];
      for (const std::size_t mode : voice.modes) {
        if (row.modes[mode].unknown_partners.empty()) continue;
        out.status = FinderStatus::undetermined;
        out.reason = "The words name another school that has this address, and nothing here is called " +
                     row.modes[mode].unknown_partners.front() + ".";
        return;
      }
    }
  }
}

// A feeder row may name the child's primary school before any zone is asked.
void ask_for_primary_school(const Tables& t, const ChildQuery& child, Outcome& out) {
  if (t.feeders.empty() || !child.primary_school_id.empty()) return;
  if (out.status == FinderStatus::definite) {
    out.status = FinderStatus::household_dependent;
    out.reason = "The address belongs to this school unless a feeder row names the child's primary school.";
  } else if (out.status == FinderStatus::no_zone) {
    out.status = FinderStatus::undetermined;
    out.reason = "The school depends on the child's primary school, which is not given.";
  }
}

std::tuple<zone_text::HouseholdKind, const std::string&, bool> order(const Assumption& a) {
  return {a.question.kind, a.question.who, a.holds};
}

// Without which the school is not among the world's: what the world assumes, and what its own voices ask for besides.
std::vector<Assumption> conditions_in(const World& world, SchoolNumber school) {
  std::vector<Assumption> conditions = world.assumed;
  std::optional<std::vector<Assumption>> own;
  for (const std::size_t i : world.resolution.deciding) {
    const Voice& voice = world.voices[i];
    if (voice.school != school) continue;
    std::vector<Assumption> asked;
    for (const Household& h : voice.unknown) asked.push_back({question_of(h), wants(h)});
    if (!own) own = asked;
    std::erase_if(*own, [&](const Assumption& a) {
      return std::ranges::none_of(asked, [&](const Assumption& b) { return order(a) == order(b); });
    });
  }
  if (own) conditions.insert(conditions.end(), own->begin(), own->end());
  return conditions;
}

// A right to a seat is shown before one that is only in addition; of several ways the one that is not `direct`.
Terms terms_in(const World& world, SchoolNumber school) {
  Terms terms;
  const Voice* shown = nullptr;
  for (const std::size_t i : world.resolution.deciding) {
    const Voice& voice = world.voices[i];
    if (voice.school != school) continue;
    const bool better = shown == nullptr || (shown->additional() && !voice.additional()) ||
                        (shown->additional() == voice.additional() && shown->mode == AllocationMode::direct);
    if (better) shown = &voice;
  }
  if (shown != nullptr) {
    terms.mode = shown->mode;
    terms.mode_unsure = shown->mode_unsure;
  }
  terms.conditions = conditions_in(world, school);
  return terms;
}

}  // namespace

void join_terms(Terms& terms, const Terms& with) {
  terms.mode_unsure = terms.mode_unsure || with.mode_unsure || terms.mode != with.mode;
  if (terms.mode == AllocationMode::direct) terms.mode = with.mode;
  std::erase_if(terms.conditions, [&](const Assumption& a) {
    return std::ranges::none_of(with.conditions, [&](const Assumption& b) { return order(a) == order(b); });
  });
}

void find_terms(Outcome& out) {
  out.terms.clear();
  for (const SchoolNumber school : out.schools) {
    std::optional<Terms> terms;
    for (const World& world : out.worlds) {
      if (!std::ranges::binary_search(world.resolution.schools, school)) continue;
      const Terms here = terms_in(world, school);
      if (terms) {
        join_terms(*terms, here);
      } else {
        terms = here;
      }
    }
    if (!terms) terms.emplace();
    std::ranges::sort(terms->conditions, {}, order);
    out.terms.push_back(std::move(*terms));
  }
}

bool Outcome::same_answer(const Outcome& other) const {
  if (status != other.status || schools != other.schools) return false;
  if (status == FinderStatus::undetermined) return true;
  return std::ranges::equal(terms, other.terms, [](const Terms& a, const Terms& b) {
    return std::ranges::equal(a.conditions, b.conditions, {}, order, order);
  });
}

Outcome evaluate(const Tables& t, const Spot& spot, const ChildQuery& child) {
  Outcome out;
  explore(t, spot, child, out.worlds);
  for (const World& world : out.worlds) add_schools(out, world.resolution.schools);
  if (all_give_to_nobody(t, out.worlds)) {
    judge_nobody(t, spot, out);
  } else if (all_worlds_agree(t, out.worlds)) {
    judge_one_answer(spot, out.worlds[0], out);
  } else {
    judge_several(t, out);
  }
  ask_for_unknown_partner(t, out);
  ask_for_primary_school(t, child, out);
  find_terms(out);
  return out;
}

}  // namespace catchment::engine
