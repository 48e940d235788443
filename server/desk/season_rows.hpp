// One level of a season as rows of the store, and back. All of it on the writer's thread, or before there is one.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/admission/season/season_office.hpp"
#include "server/store/store.hpp"

namespace catchment::desk {

// Seals and opens what is personal; `row` is what the row is known by for ever.
struct Sealer {
  std::function<std::string(std::string_view column, std::string_view row, std::string_view text)> seal;
  std::function<std::string(std::string_view column, std::string_view row, std::string_view sealed)> open;
};

// Homes and families as the season numbers them: in the order in which they came, told apart by 64 bits of a keyed
// hash, which is what rows keep.
class Numbers {
 public:
  std::uint32_t number(std::uint64_t key);
  std::uint64_t key(std::uint32_t number) const { return keys_.at(number); }

 private:
  std::unordered_map<std::uint64_t, std::uint32_t> numbers_;
  std::vector<std::uint64_t> keys_;
};

// What a season calls a draw, by what the API and the rows do: lots are public, heads are head_teachers.
std::string kind_of_draw(const std::string& word);

store::Bytes to_bytes(std::string_view text);
std::string to_text(const store::Bytes& bytes);

// What the season knows of a child, as it is sealed. Acts are not of it: families act themselves.
std::string print_grounds(const engine::admission::RunChild& child, const Numbers& numbers);
// Throws InputError("season_grounds").
engine::admission::RunChild parse_grounds(std::string_view json, Numbers& numbers);

class SeasonRows {
 public:
  SeasonRows(std::string level, const Sealer& sealer, Numbers& numbers)
      : level_(std::move(level)), sealer_(sealer), numbers_(numbers) {}

  // Children, events and answers of the store into an office that has none. Throws InputError: season_event where an
  // event is refused, season_grounds.
  void load(store::Session& session, engine::admission::SeasonOffice& office);

  // A child joined, or what is known of it changed, before the next event.
  void child_changed(store::Session& session, const engine::admission::SeasonOffice& office, std::uint32_t child);

  // Writes what happened since the last save: events, the stages and seats they led to, locks, answers, approvals.
  // A child with two locks is StoreError{unique}. `Reach::act`: only children of those events can have changed; O(1)
  // then.
  enum class Reach { act, step };
  void save(store::Session& session, const engine::admission::SeasonOffice& office, Reach reach);

  // Whether events have happened since the last save.
  bool behind(const engine::admission::SeasonOffice& office) const;

  std::size_t events_saved() const { return events_; }

 private:
  void save_event(store::Session& session, const engine::admission::SeasonOffice& office, std::size_t n);
  void save_child(store::Session& session, const engine::admission::SeasonOffice& office, std::uint32_t child);
  void move_lock(store::Session& session, const engine::admission::SeasonOffice& office, std::uint32_t child);
  bool answer_saved(const engine::admission::SeasonOffice& office, std::uint32_t child) const;
  void save_answer(store::Session& session, const engine::admission::SeasonOffice& office, std::uint32_t child);
  void load_children(store::Session& session);
  void load_events(store::Session& session, engine::admission::SeasonOffice& office);
  std::vector<engine::admission::RunDraw> load_draws(store::Session& session,
                                                     const engine::admission::SeasonOffice& office);
  void load_memory(store::Session& session, engine::admission::SeasonOffice& office);
  void remember(const engine::admission::SeasonOffice& office);

  struct Grounds {
    std::size_t before = 0;
    std::uint32_t child = 0;
    engine::admission::RunChild known;
  };

  std::string level_;
  const Sealer& sealer_;
  Numbers& numbers_;
  std::size_t events_ = 0, approvals_ = 0, overflow_ = 0;  // saved
  struct SavedChild {
    engine::admission::ChildAnswer answer;
    engine::admission::Ticket ticket{};
    char won = 0;
    std::uint32_t seat = engine::admission::kNobody;
  };
  std::vector<SavedChild> children_;
  std::vector<Grounds> grounds_;  // while loading
};

}  // namespace catchment::desk
