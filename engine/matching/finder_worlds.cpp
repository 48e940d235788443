#include "engine/matching/finder_worlds.hpp"

#include <algorithm>
#include <tuple>

namespace catchment::engine {
namespace {

using zone_text::AllocationMode;
using zone_text::Household;
using Tables = SchoolFinder::Tables;

constexpr std::size_t kMostWorlds = 512;  // of one spot

std::optional<bool> test_with(const HouseholdFacts& facts, const std::vector<Assumption>& assumed,
                              const Household& condition) {
  if (const auto known = facts.test(condition)) return known;
  for (const Assumption& assumption : assumed) {
    if (same_question(assumption.question, condition)) return assumption.holds == wants(condition);
  }
  return std::nullopt;
}

// Assumes that the condition holds, or does not. False if its question was assumed already.
bool assume(std::vector<Assumption>& assumed, const Household& condition, bool holds) {
  const auto asked = [&](const Assumption& a) { return same_question(a.question, condition); };
  if (std::ranges::any_of(assumed, asked)) return false;
  assumed.push_back({question_of(condition), holds == wants(condition)});
  return true;
}

bool ask_the_same(const std::vector<Household>& a, const std::vector<Household>& b) {
  return std::ranges::equal(
      a, b, [](const Household& x, const Household& y) { return same_question(x, y) && wants(x) == wants(y); });
}

// The strongest rank at which a school has the address whatever the household, and the schools that do.
struct Certain {
  std::optional<Rank> rank;
  std::vector<SchoolNumber> schools;
  std::vector<const Voice*> voices;
};

Certain find_certain(const std::vector<Voice>& voices) {
  Certain certain;
  for (const Voice& voice : voices) {
    if (!voice.plain() || voice.says != Says::yes || !voice.unknown.empty()) continue;
    if (certain.rank && *certain.rank < voice.rank) continue;
    if (!certain.rank || voice.rank < *certain.rank) certain = {voice.rank, {}, {}};
    certain.schools.push_back(voice.school);
    certain.voices.push_back(&voice);
  }
  std::ranges::sort(certain.schools);
  certain.schools.erase(std::unique(certain.schools.begin(), certain.schools.end()), certain.schools.end());
  return certain;
}

// Whether it matters if the voice's household is so: nothing stronger decides, and nothing equal says the same.
bool is_open(const Voice& voice, const Certain& certain) {
  if (!voice.plain() || voice.unknown.empty()) return false;
  if (!certain.rank || voice.rank < *certain.rank) return true;
  if (*certain.rank < voice.rank) return false;
  return std::ranges::none_of(certain.voices, [&](const Voice* v) {
    return v->school == voice.school && v->mode == voice.mode && v->mode_unsure == voice.mode_unsure;
  });
}

// Tries the facts that nobody knows both ways, only those that could change who decides, the strongest first.
//
// Of the voices of one rank that wait for a fact each is heard once, with its fact assumed and those of the others left
// open: a school that takes a group is an answer for that group whatever else the child is. Then none of them is, and
// weaker ranks are heard. So the worlds are as many as voices that could decide, not as sets of facts.
class Explorer {
 public:
  Explorer(const Tables& t, const Spot& spot, const ChildQuery& child, std::vector<World>& worlds)
      : t_(t), spot_(spot), child_(child), worlds_(worlds) {}

  void run() { explore({}, std::nullopt, nullptr); }

 private:
  // What was certain before a group was assumed.
  struct Before {
    std::vector<SchoolNumber> schools;
    Rank rank = Rank::group;
  };

  // Of ranks down to `heard` whoever still waits is not heard, if somebody there has the address.
  void explore(std::vector<Assumption> assumed, std::optional<Rank> heard, const Before* before) {
    std::vector<Voice> voices = voices_with(assumed);
    const Certain certain = find_certain(voices);
    const bool settled = heard && certain.rank && *certain.rank <= *heard;
    std::vector<Voice> open;
    for (const Voice& voice : voices) {
      if (!settled && is_open(voice, certain)) open.push_back(voice);
    }
    if (open.empty() || worlds_.size() >= kMostWorlds) {
      add_world(std::move(assumed), std::move(voices), certain, open, before);
      return;
    }
    const Rank rank = std::ranges::min_element(open, {}, &Voice::rank)->rank;
    std::erase_if(open, [&](const Voice& voice) { return voice.rank != rank; });
    const Before now{certain.rank == rank ? certain.schools : std::vector<SchoolNumber>{}, rank};
    if (ask_one_question(open)) {
      try_both(assumed, open.front().unknown.front(), now);
    } else {
      try_each(assumed, open, now);
    }
  }

  std::vector<Voice> voices_with(const std::vector<Assumption>& assumed) const {
    std::vector<Voice> voices;
    const auto test = [&](const Household& h) { return test_with(child_.household, assumed, h); };
    collect_voices(t_, spot_, child_, test, voices);
    return voices;
  }

  static bool ask_one_question(const std::vector<Voice>& open) {
    const Household& first = open.front().unknown.front();
    return std::ranges::all_of(open, [&](const Voice& voice) {
      return std::ranges::all_of(voice.unknown, [&](const Household& h) { return same_question(h, first); });
    });
  }

  void try_both(const std::vector<Assumption>& assumed, const Household& condition, const Before& now) {
    for (const bool holds : {true, false}) {
      std::vector<Assumption> with = assumed;
      assume(with, condition, holds);
      explore(std::move(with), std::nullopt, holds == wants(condition) ? &now : nullptr);
    }
  }

  void try_each(const std::vector<Assumption>& assumed, const std::vector<Voice>& open, const Before& now) {
    std::vector<Assumption> none = assumed;
    for (const Voice& voice : open) {
      if (voice.unknown.size() == 1) assume(none, voice.unknown.front(), false);
    }
    for (std::size_t i = 0; i < open.size(); ++i) {
      const auto same = [&](const Voice& v) {
        return v.says == open[i].says && ask_the_same(v.unknown, open[i].unknown);
      };
      if (std::any_of(open.begin(), open.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
      hear(assumed, none, open[i], now);
    }
    if (none.size() > assumed.size()) {
      explore(std::move(none), std::nullopt, nullptr);
    } else {
      try_both(assumed, open.front().unknown.front(), now);
    }
  }

  // A plain yes decides alone. One that leaves it open lets weaker ranks be heard, for those whom no other school of
  // its rank takes.
  void hear(const std::vector<Assumption>& assumed, const std::vector<Assumption>& none, const Voice& voice,
            const Before& now) {
    std::vector<Assumption> with = assumed;
    bool positive = true;
    for (const Household& household : voice.unknown) {
      assume(with, household, true);
      positive = positive && wants(household);
    }
    if (voice.says == Says::yes) {
      explore(std::move(with), voice.rank, positive ? &now : nullptr);
      return;
    }
    for (const Assumption& assumption : none) {
      assume(with, assumption.question, assumption.holds == wants(assumption.question));
    }
    explore(std::move(with), std::nullopt, nullptr);
  }

  void add_world(std::vector<Assumption> assumed, std::vector<Voice> voices, const Certain& certain,
                 const std::vector<Voice>& open, const Before* before) {
    World world;
    world.assumed = std::move(assumed);
    world.cut_short = !open.empty();
    world.others_open = std::ranges::any_of(voices, [&](const Voice& voice) {
      return is_open(voice, certain) && !std::ranges::binary_search(certain.schools, voice.school);
    });
    std::erase_if(voices, [&](const Voice& voice) {
      return !world.cut_short && voice.plain() && !voice.unknown.empty() && certain.rank && voice.rank <= *certain.rank;
    });
    for (Voice& voice : voices) {
      if (world.cut_short && voice.plain() && !voice.unknown.empty()) voice.says = Says::undetermined;
    }
    world.voices = std::move(voices);
    world.resolution = resolve(world.voices);
    if (before != nullptr && certain.rank == before->rank) {
      std::vector<SchoolNumber> fresh;
      std::ranges::set_difference(certain.schools, before->schools, std::back_inserter(fresh));
      world.several_groups = before->schools.size() == 1 && fresh.size() == 1;
    }
    const bool depends = only_extras_that_depend(world);
    if (depends) {  // nobody else has it: for those for whom they do not hold there is nothing
      World without = world;
      std::erase_if(without.voices, [](const Voice& voice) { return !voice.unknown.empty(); });
      without.resolution = resolve(without.voices);
      worlds_.push_back(std::move(without));
    }
    worlds_.push_back(std::move(world));
  }

  static bool only_extras_that_depend(const World& world) {
    const auto& deciding = world.resolution.deciding;
    return !deciding.empty() && std::ranges::all_of(deciding, [&](std::size_t i) {
      const Voice& voice = world.voices[i];
      return voice.additional() && !voice.unknown.empty() && voice.source != Voice::Source::feeder;
    });
  }

  const Tables& t_;
  const Spot& spot_;
  const ChildQuery& child_;
  std::vector<World>& worlds_;
};

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
  Explorer(t, spot, child, out.worlds).run();
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
