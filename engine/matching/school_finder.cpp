#include "engine/matching/school_finder.hpp"

#include <algorithm>

#include "engine/matching/finder_worlds.hpp"

namespace catchment::engine {
namespace {

using geo::Candidate;
using geo::EntryId;
using geo::EntryPath;
using geo::FindStatus;
using geo::MatchLevel;
using Tables = SchoolFinder::Tables;

constexpr std::size_t kCandidates = SchoolFinder::kCandidates;
constexpr std::size_t kMostWorldsOfText = 1 << 14;  // judged for all the streets and estates that one text may mean
constexpr double kNearDoorM = 30;                   // a click this near to a door may mean it

Spot spot_of(const geo::Entry& entry) { return {entry.path, entry.position, entry.error_m}; }

// A settled outcome with the place it is of.
struct Settled {
  Outcome outcome;
  std::optional<geo::Point> place;
  double error_m = 0;
};

Settled settle_spot(const Tables& t, const Spot& spot, const ChildQuery& child) {
  return {evaluate(t, spot, child), spot.position, spot.error_m};
}

Outcome unsettled(const std::vector<Settled>& all, std::string reason) {
  Outcome out;
  for (const Settled& one : all) {
    out.schools.insert(out.schools.end(), one.outcome.schools.begin(), one.outcome.schools.end());
    for (const World& world : one.outcome.worlds) {
      if (out.worlds.size() < kCandidates) out.worlds.push_back(world);
    }
  }
  std::ranges::sort(out.schools);
  out.schools.erase(std::unique(out.schools.begin(), out.schools.end()), out.schools.end());
  out.status = FinderStatus::undetermined;
  out.reason = std::move(reason);
  for (World& world : out.worlds) world.assumed.clear();  // of different addresses
  find_terms(out);
  return out;
}

// Answers of several addresses the text may mean; equal ones are kept once.
class Ballot {
 public:
  void add(Settled one) {
    ++count_;
    const auto same =
        std::ranges::find_if(different_, [&](const Settled& other) { return one.outcome.same_answer(other.outcome); });
    if (same == different_.end()) {
      different_.push_back(std::move(one));
      return;
    }
    std::vector<Terms>& terms = same->outcome.terms;
    for (std::size_t i = 0; i < terms.size(); ++i) join_terms(terms[i], one.outcome.terms[i]);
  }
  std::size_t count() const { return count_; }

  // The answer if all answer the same; else undetermined between them.
  Settled result() && {
    if (different_.size() > 1) {
      return {
          unsettled(different_, "The addresses that the text may mean answer differently: choose one first."), {}, 0};
    }
    Settled settled = std::move(different_[0]);
    if (count_ > 1) {
      settled.outcome.reason += " All " + std::to_string(count_) + " addresses that the text may mean answer the same.";
      settled.place.reset();
    }
    return settled;
  }

 private:
  std::vector<Settled> different_;
  std::size_t count_ = 0;
};

bool contradicts(const geo::DoorNumber& typed, const geo::DoorNumber& entry) {
  return typed.number != 0 && typed != entry;
}
bool contradicts(std::int32_t typed, std::int32_t entry) { return typed != 0 && typed != entry; }

bool may_be(const EntryPath& typed, const EntryPath& entry) {
  return !contradicts(typed.lane, entry.lane) && !contradicts(typed.sublane, entry.sublane) &&
         !contradicts(typed.door, entry.door) && !contradicts(typed.building, entry.building) &&
         !contradicts(typed.phase, entry.phase) && !contradicts(typed.sector, entry.sector) &&
         !contradicts(typed.group, entry.group);
}

// The candidate's path with the numbers that were typed and that it does not have: no address of the city bears them,
// but rules may speak of them. Empty if there are none.
std::optional<EntryPath> with_typed_numbers(const Candidate& candidate, const geo::ParsedAddress& parsed) {
  const auto is_missing = [](const geo::Reason& reason) { return reason.evidence == geo::Evidence::part_missing; };
  if (std::ranges::none_of(candidate.reasons, is_missing)) return std::nullopt;
  EntryPath path = candidate.path;
  bool any = false;
  for (const geo::AddressToken& token : parsed.tokens) {
    const auto put = [&](auto& field, const auto& value) {
      field = value;
      any = true;
    };
    if (token.number.number == 0) continue;
    switch (token.part) {
      case geo::AddressPart::lane:
        put(path.lane, token.number);
        break;
      case geo::AddressPart::sublane:
        put(path.sublane, token.number);
        break;
      case geo::AddressPart::door:
      case geo::AddressPart::compound:
        put(path.door, token.number);
        break;
      case geo::AddressPart::building:
        put(path.building, token.number);
        break;
      case geo::AddressPart::phase:
        if (geo::is_sector(parsed, token)) {
          put(path.sector, token.number);
        } else {
          put(path.phase, token.number.number);
        }
        break;
      case geo::AddressPart::group:
        put(path.group, token.number.number);
        break;
      default:
        break;
    }
  }
  if (!any) return std::nullopt;
  return path;
}

bool any_words_speak(const Outcome& outcome) {
  return std::ranges::any_of(outcome.worlds, [](const World& world) {
    return std::ranges::any_of(world.voices, [](const Voice& voice) {
      return voice.source == Voice::Source::row && (voice.rank != Rank::polygon || voice.says == Says::no);
    });
  });
}

// A street, estate or community without a door: every address of it that fits what was typed must answer the same, and
// so must the numbers typed that no address bears.
Settled settle_named(const Tables& t, const Candidate& candidate, const geo::ParsedAddress& parsed,
                     const ChildQuery& child, std::size_t& left) {
  Ballot ballot;
  for (const EntryId id : t.names->entries_of(candidate.name)) {
    const geo::Entry entry = t.names->entry(id);
    if (!may_be(candidate.path, entry.path)) continue;
    if (left == 0) {
      return {unsettled({}, "The text names too many addresses: type more of it."), {}, 0};
    }
    Settled one = settle_spot(t, spot_of(entry), child);
    left -= std::min(left, one.outcome.worlds.size());
    ballot.add(std::move(one));
  }
  const auto typed = with_typed_numbers(candidate, parsed);
  if (ballot.count() == 0) {
    return settle_spot(t, {typed.value_or(candidate.path), candidate.position, candidate.error_m}, child);
  }
  if (typed) {
    Settled of_numbers = settle_spot(t, {*typed, std::nullopt, 0}, child);
    if (any_words_speak(of_numbers.outcome)) ballot.add(std::move(of_numbers));
  }
  return std::move(ballot).result();
}

// Two door numbers were typed (槐荫街20 3号, where a blank fell into 203) and the candidate bears one: which was meant
// cannot be told.
bool has_second_door(const Candidate& candidate, const geo::ParsedAddress& parsed) {
  const auto is_whole = [](const geo::Reason& reason) { return reason.evidence == geo::Evidence::exact_text; };
  if (std::ranges::any_of(candidate.reasons, is_whole)) return false;
  std::optional<geo::DoorNumber> first;
  for (const geo::AddressToken& token : parsed.tokens) {
    if (token.part != geo::AddressPart::door || token.number.number == 0) continue;
    if (first && *first != token.number) return true;
    first = token.number;
  }
  return false;
}

// The street or estate of a door, as if no number had been typed.
std::optional<Candidate> without_door(const Candidate& candidate) {
  Candidate whole = candidate;
  whole.path = {};
  whole.path.street = candidate.path.street;
  whole.path.estate = candidate.path.estate;
  whole.name = whole.path.street != geo::kNoName ? whole.path.street : whole.path.estate;
  if (whole.name == geo::kNoName) return std::nullopt;
  return whole;
}

// `left`: how many worlds of the addresses of streets and estates may still be judged.
Settled settle_candidate(const Tables& t, const Candidate& candidate, const geo::ParsedAddress& parsed,
                         const ChildQuery& child, std::size_t& left) {
  const bool door = candidate.level == MatchLevel::door || candidate.level == MatchLevel::interpolated;
  if (door && has_second_door(candidate, parsed)) {
    const auto whole = without_door(candidate);
    if (!whole) return {unsettled({}, "Two door numbers were typed: type the one that is meant."), {}, 0};
    return settle_named(t, *whole, parsed, child, left);
  }
  if (!door && candidate.name != geo::kNoName) return settle_named(t, candidate, parsed, child, left);
  const EntryPath path = with_typed_numbers(candidate, parsed).value_or(candidate.path);
  return settle_spot(t, {path, candidate.position, candidate.error_m}, child);
}

Settled settle_found(const Tables& t, const geo::Found& found, const ChildQuery& child) {
  if (found.status == FindStatus::unknown || found.candidates.empty()) {
    return {unsettled({}, "The city knows no such address."), {}, 0};
  }
  if (found.candidates.size() >= kCandidates) {
    return {unsettled({}, "The text may mean too many addresses: type more of it."), {}, 0};
  }
  Ballot ballot;
  std::size_t left = kMostWorldsOfText;
  for (const Candidate& candidate : found.candidates) {
    ballot.add(settle_candidate(t, candidate, found.parsed, child, left));
  }
  return std::move(ballot).result();
}

// A place without an address: what has an outline answers; rules that name streets and doors cannot, so a door nearby
// that has such a rule and another answer makes it undetermined.
Settled settle_place(const Tables& t, const ChildQuery& child) {
  Settled here = settle_spot(t, {{}, child.position, child.error_m}, child);
  const auto door = t.names->nearest(*child.position, std::max(child.error_m, kNearDoorM));
  if (!door) return here;
  Settled there = settle_spot(t, spot_of(t.names->entry(*door)), child);
  if (there.outcome.same_answer(here.outcome)) return here;
  const bool by_words = std::ranges::any_of(there.outcome.worlds, [](const World& world) {
    return std::ranges::any_of(world.resolution.deciding, [&](std::size_t i) {
      const Rank rank = world.voices[i].rank;
      return rank > Rank::feeder_by_place && rank < Rank::polygon;
    });
  });
  if (!by_words) return here;
  std::vector<Settled> both;
  both.push_back(std::move(here));
  both.push_back(std::move(there));
  Settled result{unsettled(both, "The nearest address has a clause of its own: choose the address."), {}, 0};
  result.place = child.position;
  result.error_m = child.error_m;
  return result;
}

FinderAnswer to_answer(const Tables& t, const Settled& settled) {
  FinderAnswer answer = compose(t, settled.outcome);
  answer.place = settled.place;
  answer.error_m = settled.error_m;
  return answer;
}

}  // namespace

std::string_view to_word(FinderStatus status) {
  switch (status) {
    case FinderStatus::definite:
      return "definite";
    case FinderStatus::household_dependent:
      return "household_dependent";
    case FinderStatus::boundary:
      return "boundary";
    case FinderStatus::undetermined:
      return "undetermined";
    case FinderStatus::no_zone:
      return "no_zone";
  }
  return "";
}

FinderAnswer SchoolFinder::find(const ChildQuery& query) const {
  const Tables& t = *tables_;
  if (!query.address.empty()) return find(t.names->find(query.address, {.limit = kCandidates}), query);
  if (query.position) return to_answer(t, settle_place(t, query));
  return to_answer(t, settle_spot(t, {}, query));
}

FinderAnswer SchoolFinder::find(geo::Found found, const ChildQuery& query) const {
  FinderAnswer answer = to_answer(*tables_, settle_found(*tables_, found, query));
  answer.address = std::move(found);
  return answer;
}

FinderAnswer SchoolFinder::find_entry(EntryId entry, const ChildQuery& query) const {
  return to_answer(*tables_, settle_spot(*tables_, spot_of(tables_->names->entry(entry)), query));
}

}  // namespace catchment::engine
