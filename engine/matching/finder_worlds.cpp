#include "engine/matching/finder_worlds.hpp"

#include <algorithm>

namespace catchment::engine {
namespace {

using zone_text::Household;
using Tables = SchoolFinder::Tables;

constexpr std::size_t kMostAssumptions = 7;

std::optional<bool> test_with(const HouseholdFacts& facts, const std::vector<Assumption>& assumed,
                              const Household& condition) {
  if (const auto known = facts.test(condition)) return known;
  for (const Assumption& assumption : assumed) {
    if (same_question(assumption.question, condition)) return assumption.holds == wants(condition);
  }
  return std::nullopt;
}

const Household* find_unknown(const std::vector<Voice>& voices) {
  for (const Voice& voice : voices) {
    if (!voice.unknown.empty()) return &voice.unknown.front();
  }
  return nullptr;
}

// Branches on the first fact that a voice needs and nobody knows, until no voice needs one.
void explore(const Tables& t, const Spot& spot, const ChildQuery& child, std::vector<Assumption> assumed,
             std::vector<World>& worlds) {
  World world;
  world.assumed = assumed;
  const auto test = [&](const Household& h) { return test_with(child.household, assumed, h); };
  collect_voices(t, spot, child, test, world.voices);
  const Household* unknown = find_unknown(world.voices);
  if (unknown == nullptr || assumed.size() == kMostAssumptions) {
    for (Voice& voice : world.voices) {
      if (!voice.unknown.empty() && voice.says == Says::yes) voice.says = Says::undetermined;
    }
    world.resolution = resolve(world.voices);
    worlds.push_back(std::move(world));
    return;
  }
  const Household question = question_of(*unknown);
  for (const bool holds : {true, false}) {
    assumed.push_back({question, holds});
    explore(t, spot, child, assumed, worlds);
    assumed.pop_back();
  }
}

bool all_worlds_agree(const std::vector<World>& worlds) {
  return std::ranges::all_of(worlds, [&](const World& w) {
    return w.resolution.decision == worlds[0].resolution.decision &&
           w.resolution.schools == worlds[0].resolution.schools;
  });
}

bool any_world(const std::vector<World>& worlds, Decision decision) {
  return std::ranges::any_of(worlds, [&](const World& w) { return w.resolution.decision == decision; });
}

bool only_open_feeders(const Tables& t, const World& world) {
  return std::ranges::all_of(world.resolution.deciding, [&](std::size_t i) {
    const Voice& voice = world.voices[i];
    return voice.source == Voice::Source::feeder && t.feeders.links()[voice.item].from == "*";
  });
}

void judge_one_answer(const Tables& t, const Spot& spot, const World& world, Outcome& out) {
  switch (world.resolution.decision) {
    case Decision::settled:
      if (only_open_feeders(t, world)) {
        out.status = FinderStatus::no_zone;
        out.reason = "Nothing gives this child to a school; those named take whoever wants to.";
      } else {
        out.status = FinderStatus::definite;
        out.reason = out.schools.size() == 1 ? "One school has this address." : "Several schools share this address.";
      }
      return;
    case Decision::near_line:
      out.status = FinderStatus::boundary;
      out.reason = spot.error_m > 0 ? "The place is nearer to a line than it may be off." : "The place is on a line.";
      return;
    case Decision::undetermined:
      out.status = FinderStatus::undetermined;
      out.reason = "The words of the notice do not say which school this is.";
      return;
    case Decision::unshared:
      out.status = FinderStatus::undetermined;
      out.reason = "Several schools are given this address, and no words say that they share it.";
      return;
    case Decision::nothing:
      break;
  }
  const bool needs_position = t.regions.has_value() || t.any_zone_by_shape;
  if (needs_position && !spot.position) {
    out.status = FinderStatus::undetermined;
    out.reason = "The address has no place, and only zones with an outline could have it.";
  } else if (!t.unresolved_rows.empty()) {
    out.status = FinderStatus::undetermined;
    for (const std::uint32_t row : t.unresolved_rows) out.schools.push_back(t.row_tables[row].school);
    std::ranges::sort(out.schools);
    out.schools.erase(std::unique(out.schools.begin(), out.schools.end()), out.schools.end());
    out.reason = "No clause that can be read has this address; " + std::to_string(t.unresolved_rows.size()) +
                 " rows have words that cannot.";
  } else {
    out.status = FinderStatus::no_zone;
    out.reason = "No zone and no clause has this address.";
  }
}

void judge_several(Outcome& out) {
  for (const World& world : out.worlds) {
    out.schools.insert(out.schools.end(), world.resolution.schools.begin(), world.resolution.schools.end());
  }
  std::ranges::sort(out.schools);
  out.schools.erase(std::unique(out.schools.begin(), out.schools.end()), out.schools.end());
  // Worlds in which a child belongs to two groups at once contradict themselves; the others still tell them apart.
  if (any_world(out.worlds, Decision::undetermined)) {
    out.status = FinderStatus::undetermined;
    out.reason = "The words of the notice do not say which school this is, and it depends on the household.";
  } else if (any_world(out.worlds, Decision::near_line)) {
    out.status = FinderStatus::boundary;
    out.reason = "The place is nearer to a line than it may be off, and the school depends on the household.";
  } else {
    out.status = FinderStatus::household_dependent;
    out.reason = "Which school depends on facts of the household that are not known.";
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

}  // namespace

Outcome evaluate(const Tables& t, const Spot& spot, const ChildQuery& child) {
  Outcome out;
  explore(t, spot, child, {}, out.worlds);
  if (all_worlds_agree(out.worlds)) {
    out.schools = out.worlds[0].resolution.schools;
    judge_one_answer(t, spot, out.worlds[0], out);
  } else {
    judge_several(out);
  }
  ask_for_primary_school(t, child, out);
  return out;
}

}  // namespace catchment::engine
