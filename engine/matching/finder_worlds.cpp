#include "engine/matching/finder_worlds.hpp"

#include <algorithm>

namespace catchment::engine {
namespace {

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

}  // namespace

void explore(const Tables& t, const Spot& spot, const ChildQuery& child, std::vector<World>& worlds) {
  Explorer(t, spot, child, worlds).run();
}

}  // namespace catchment::engine
