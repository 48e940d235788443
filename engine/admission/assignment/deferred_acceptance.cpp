#include "engine/admission/assignment/deferred_acceptance.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string>
#include <thread>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::uint64_t kAnyKey = std::numeric_limits<std::uint64_t>::max();
// Applications looked at before schools that hold too many turn some away: fewer tighten cut-offs sooner, more keep
// threads busy longer.
constexpr std::size_t kBatch = 32'768;
constexpr std::size_t kAhead = 24;  // applications whose choices are fetched ahead
constexpr std::size_t kSlack = 3;   // a school holds its quota and a third before it turns some away

struct Application {
  std::uint64_t key = 0;  // priority, ticket: smaller first, all different at a school
  std::uint32_t applicant = 0;
  std::uint32_t at = 0;  // into the choices

  bool operator<(const Application& o) const { return key < o.key; }
};

struct Desk {
  std::vector<Application> held;
  std::size_t quota = 0, most = 0;  // most: as many it holds before it turns some away
};

[[noreturn]] void refuse_choices(const std::string& where, const std::string& message) {
  throw InputError("choices", where, message);
}

// All but the lists themselves, which are looked at when they are read first.
void check_choice_frame(const ChoiceInput& in) {
  const std::size_t n = in.tickets.size(), schools = in.quotas.size();
  for (std::size_t s = 0; s < schools; ++s) {
    if (in.quotas[s] < 0) refuse_choices("quotas/" + std::to_string(s), "is negative");
  }
  if (in.choices.size() > (std::size_t{1} << 31)) refuse_choices("choices", "are more than 2^31");
  if (in.first_choice.size() != n + 1 || in.first_choice.front() != 0 || in.first_choice.back() != in.choices.size())
    refuse_choices("first_choice", "must be one more than tickets, from 0 to the number of choices");
  std::vector<bool> seen(n);
  for (std::uint32_t i = 0; i < n; ++i) {
    if (in.tickets[i] >= n || seen[in.tickets[i]])
      refuse_choices("tickets/" + std::to_string(i), "must be 0 to n - 1, each once");
    seen[in.tickets[i]] = true;
    const std::uint32_t from = in.first_choice[i], to = in.first_choice[i + 1];
    if (from > to || to > in.choices.size() || to - from > kNoChoice)
      refuse_choices("first_choice/" + std::to_string(i), "lists must follow one another, of at most 255 schools");
  }
}

// Looks at lists when they are read first, so that they are read once.
class ListCheck {
 public:
  explicit ListCheck(const ChoiceInput& in) : in_(in), listed_by_(in.quotas.size(), 0) {}

  bool is_sound(std::uint32_t applicant) {
    const std::uint32_t to = in_.first_choice[applicant + 1];
    for (std::uint32_t at = in_.first_choice[applicant]; at < to; ++at) {
      const std::uint32_t s = in_.choices[at].school;
      if (s >= listed_by_.size() || listed_by_[s] == applicant + 1) {
        wrong_ = std::min(wrong_, at);
        return false;
      }
      listed_by_[s] = applicant + 1;
    }
    return true;
  }

  // The first choice so far that names no school, or one of its list twice.
  std::uint32_t wrong() const { return wrong_; }

 private:
  const ChoiceInput& in_;
  std::vector<std::uint32_t> listed_by_;  // by school: applicant + 1
  std::uint32_t wrong_ = std::numeric_limits<std::uint32_t>::max();
};

// The k-th smallest of keys that are all different, k from 1. Buckets of equal width, then of one bucket again: keys
// are tickets behind few priorities, so two or three passes leave a handful.
std::uint64_t select_key(std::vector<std::uint64_t>& keys, std::size_t k) {
  while (keys.size() > 48) {
    std::uint64_t least = keys[0], most = keys[0];
    for (const std::uint64_t key : keys) least = std::min(least, key), most = std::max(most, key);
    const int shift = std::max(0, static_cast<int>(std::bit_width(most - least)) - 8);
    std::array<std::uint32_t, 256> count{};
    for (const std::uint64_t key : keys) ++count[(key - least) >> shift];
    std::size_t bucket = 0;
    while (count[bucket] < k) k -= count[bucket++];
    std::size_t kept = 0;
    for (const std::uint64_t key : keys) {
      keys[kept] = key;
      kept += (key - least) >> shift == bucket ? 1u : 0u;
    }
    keys.resize(kept);
  }
  std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(k) - 1, keys.end());
  return keys[k - 1];
}

// Who comes out does not depend on the order in which applications are looked at: a cut-off only ever rises, and
// whoever is turned away stands behind a full school's worth of others who do not leave it for a worse one.
class Matching {
 public:
  Matching(const ChoiceInput& in, unsigned threads)
      : in_(in),
        desks_(in.quotas.size()),
        cuts_(in.quotas.size(), kAnyKey),
        sent_(std::max(threads, 1u)),
        checks_(sent_.size(), ListCheck(in)) {
    std::size_t room = 0;
    for (std::size_t s = 0; s < desks_.size(); ++s) {
      Desk& desk = desks_[s];
      desk.quota = static_cast<std::size_t>(in.quotas[s]);
      desk.most = desk.quota + std::max<std::size_t>(desk.quota / kSlack, 16);
      if (desk.quota == 0) cuts_[s] = 0;
      room += desk.most;
    }
    if (room > 4 * in.tickets.size()) return;  // most seats stay free
    for (Desk& desk : desks_) desk.held.reserve(desk.most);
  }

  void run() {
    std::vector<Application> batch;
    const auto applicants = static_cast<std::uint32_t>(in_.tickets.size());
    for (std::uint32_t i = 0; i < applicants || !turned_away_.empty();) {
      batch.clear();
      std::swap(batch, turned_away_);
      for (; i < applicants && batch.size() < kBatch; ++i) batch.push_back({in_.tickets[i], i, in_.first_choice[i]});
      apply(batch);
      refuse_wrong_lists();
      if (i == applicants && turned_away_.empty()) trim_all();
    }
  }

  ChoiceResult result() const {
    ChoiceResult out;
    out.choice.assign(in_.tickets.size(), kNoChoice);
    for (const Desk& desk : desks_) {
      ChoiceCutOff& cut_off = out.cut_offs.emplace_back();
      cut_off.admitted = static_cast<int>(desk.held.size());
      cut_off.full = desk.held.size() == desk.quota;
      for (const Application& a : desk.held)
        out.choice[a.applicant] = static_cast<std::uint8_t>(a.at - in_.first_choice[a.applicant]);
      if (!cut_off.full || desk.held.empty()) continue;
      const Application& last = *std::max_element(desk.held.begin(), desk.held.end());
      cut_off.priority = static_cast<std::uint32_t>(last.key >> 32);
      cut_off.ticket = static_cast<std::uint32_t>(last.key);
      cut_off.applicant = last.applicant;
    }
    return out;
  }

 private:
  void refuse_wrong_lists() const {
    std::uint32_t wrong = std::numeric_limits<std::uint32_t>::max();
    for (const ListCheck& check : checks_) wrong = std::min(wrong, check.wrong());
    if (wrong < in_.choices.size()) refuse_choices("choices/" + std::to_string(wrong), "names no school, or one twice");
  }

  // From its choice on, the first school that may take an applicant.
  template <class Take>
  void apply_from(const Application& a, ListCheck& check, const Take& take) const {
    if (a.at == in_.first_choice[a.applicant] && !check.is_sound(a.applicant)) return;
    const std::uint32_t end = in_.first_choice[a.applicant + 1];
    for (std::uint32_t at = a.at; at < end; ++at) {
      const RankedChoice& choice = in_.choices[at];
      const std::uint64_t key = std::uint64_t{choice.priority} << 32 | static_cast<std::uint32_t>(a.key);
      if (key < cuts_[choice.school]) return take(choice.school, Application{key, a.applicant, at});
    }
  }

  void fetch_ahead(std::span<const Application> batch, std::size_t k) const {
    if (k + kAhead >= batch.size()) return;
    const Application& a = batch[k + kAhead];
    __builtin_prefetch(&in_.first_choice[a.applicant + 1]);
    if (a.at < in_.choices.size()) __builtin_prefetch(&in_.choices[a.at]);
  }

  void apply(std::span<const Application> batch) {
    if (sent_.size() > 1 && batch.size() >= 4096) return apply_in_parts(batch);
    for (std::size_t k = 0; k < batch.size(); ++k) {
      fetch_ahead(batch, k);
      apply_from(batch[k], checks_[0], [&](std::uint32_t school, const Application& a) {
        desks_[school].held.push_back(a);
        if (desks_[school].held.size() >= desks_[school].most) trim(school, turned_away_, keys_);
      });
    }
  }

  // Every thread looks at a part of the batch; then each school's applications are taken by one thread.
  void apply_in_parts(std::span<const Application> batch) {
    const std::size_t parts = sent_.size();
    std::vector<std::vector<Application>> away(parts);
    std::vector<std::vector<std::uint64_t>> keys(parts);
    in_threads([&](std::size_t part) {
      sent_[part].clear();
      const std::size_t from = batch.size() * part / parts, to = batch.size() * (part + 1) / parts;
      const std::span<const Application> own = batch.subspan(from, to - from);
      for (std::size_t k = 0; k < own.size(); ++k) {
        fetch_ahead(own, k);
        apply_from(own[k], checks_[part],
                   [&](std::uint32_t school, const Application& a) { sent_[part].emplace_back(school, a); });
      }
    });
    in_threads([&](std::size_t part) {
      for (const auto& list : sent_) {
        for (const auto& [school, a] : list) {
          if (school % parts != part) continue;
          desks_[school].held.push_back(a);
          if (desks_[school].held.size() >= desks_[school].most) trim(school, away[part], keys[part]);
        }
      }
    });
    for (const auto& list : away) turned_away_.insert(turned_away_.end(), list.begin(), list.end());
  }

  template <class Work>
  void in_threads(const Work& work) {
    std::vector<std::thread> threads;
    for (std::size_t part = 1; part < sent_.size(); ++part) threads.emplace_back([&work, part] { work(part); });
    work(0);
    for (std::thread& t : threads) t.join();
  }

  // A school keeps the best of its quota; the others go on to their next choice. Without branches: who stays is a toss.
  void trim(std::uint32_t school, std::vector<Application>& away, std::vector<std::uint64_t>& keys) {
    Desk& desk = desks_[school];
    keys.clear();
    for (const Application& a : desk.held) keys.push_back(a.key);
    const std::uint64_t cut = cuts_[school] = select_key(keys, desk.quota);
    std::size_t kept = 0, gone = away.size();
    away.resize(gone + desk.held.size() - desk.quota + 1);
    for (const Application a : desk.held) {
      const bool stays = a.key <= cut;
      desk.held[kept] = a;
      away[gone] = {a.key, a.applicant, a.at + 1};
      kept += stays ? 1u : 0u;
      gone += stays ? 0u : 1u;
    }
    away.pop_back();
    desk.held.resize(kept);
  }

  void trim_all() {
    for (std::uint32_t s = 0; s < desks_.size(); ++s) {
      if (desks_[s].held.size() > desks_[s].quota) trim(s, turned_away_, keys_);
    }
  }

  const ChoiceInput& in_;
  std::vector<Desk> desks_;
  std::vector<std::uint64_t> cuts_;  // by school: the key of the last one a full school holds
  std::vector<Application> turned_away_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::vector<std::pair<std::uint32_t, Application>>> sent_;  // by thread
  std::vector<ListCheck> checks_;                                         // by thread
};

}  // namespace

ChoiceResult match_choices(const ChoiceInput& input, unsigned threads) {
  check_choice_frame(input);
  Matching matching(input, threads);
  matching.run();
  return matching.result();
}

std::int64_t count_blocking_pairs(const ChoiceInput& in, std::span<const std::uint8_t> choice) {
  constexpr auto key = [](const RankedChoice& c, std::uint32_t ticket) {
    return std::uint64_t{c.priority} << 32 | ticket;
  };
  std::vector<std::uint64_t> worst(in.quotas.size(), 0);
  std::vector<std::int64_t> taken(in.quotas.size(), 0);
  const auto applicants = static_cast<std::uint32_t>(in.tickets.size());
  for (std::uint32_t i = 0; i < applicants; ++i) {
    if (choice[i] == kNoChoice) continue;
    const RankedChoice& c = in.choices[in.first_choice[i] + choice[i]];
    ++taken[c.school];
    worst[c.school] = std::max(worst[c.school], key(c, in.tickets[i]));
  }
  std::int64_t pairs = 0;
  for (std::uint32_t i = 0; i < applicants; ++i) {
    const std::uint32_t list = in.first_choice[i + 1] - in.first_choice[i];
    for (std::uint32_t r = 0; r < std::min<std::uint32_t>(choice[i], list); ++r) {
      const RankedChoice& c = in.choices[in.first_choice[i] + r];
      const bool free = taken[c.school] < in.quotas[c.school];
      pairs += free || (in.quotas[c.school] > 0 && key(c, in.tickets[i]) < worst[c.school]);
    }
  }
  for (std::size_t s = 0; s < taken.size(); ++s) pairs += std::max<std::int64_t>(taken[s] - in.quotas[s], 0);
  return pairs;
}

}  // namespace catchment::engine::admission
