// What families and offices do with a season: registrations, verdicts, choices, answers, the bureau's steps, draws.
//
// One desk a service. Everything that changes something is called on the store's writer, inside one command:
//
//   store.write([&](Session& session) {
//     desk.begin(session);
//     ... desk.act(session, registration, {...}, at) ...
//   });
//
// The season lives in memory; its rows are written in the same command. A command that throws after it changed the
// season makes the desk read the season from its rows again before the next one.
//
// Nothing here asks who may do it (server/access/permissions.hpp): the caller has.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/season_input.hpp"
#include "engine/admission/eligibility.hpp"
#include "server/access/child_key.hpp"
#include "server/access/field_seal.hpp"
#include "server/desk/record.hpp"
#include "server/desk/refused.hpp"
#include "server/desk/season_rows.hpp"
#include "server/store/store.hpp"

namespace catchment::desk {

using Time = std::chrono::local_seconds;

// Where a home lies, as far as admission asks.
struct FoundHome {
  std::string zone_id, school_id;  // school of its zone; empty: none, or not one alone
  int x_m = 0, y_m = 0;
  std::string dwelling;  // one text a dwelling
};
using HomeFinder = std::function<FoundHome(const std::string& level, const Home& home)>;

struct DeskSetup {
  datasets::SeasonDir world;  // read_season_setup()
  engine::policy::PolicyPack pack;
  std::string season;  // label of the season's key
  HomeFinder find_home;
};

struct Registration {
  std::string code, level;
  std::optional<std::uint32_t> number;  // of the season; nothing: a draft
  std::string child_key, guardian, district, filed_by, channel;
  std::string stage;  // draft, or a ChildStage
  std::string choice, seat;
  std::optional<Time> answer_by;
  std::int64_t version = 0;
  Time created{}, changed{};
};

struct RegistrationFilter {
  std::string guardian, district, seat, filed_by, stage, level;  // empty: any
  std::string school;                                            // of the seat, chosen, or that filed it
  std::string after;                                             // code of the last one seen
  int limit = 50;
};

// Why a child has its seat, or none.
struct SeatAnswer {
  engine::admission::ChildAnswer answer;
  std::string wanted;  // school
};

struct HistoryLine {
  Time at{};
  std::string kind, school;
};

struct DrawRow {
  std::string id, level, kind, school, district, state;
  int applicants = 0, seats = 0;
  Time frozen_at{};
  std::optional<Time> concluded_at;
};

// Whether a registration can stand there: draft, or a stage of the season.
bool is_stage(std::string_view word);

// The rule that answers for an event, by its word; none for one the season does not know.
std::optional<engine::admission::SeasonHook> hook_of_event(std::string_view kind);

// Steps of the bureau in the order of a season, as words of the API.
inline constexpr std::array<std::string_view, 13> kSteps{"claims", "private", "forfeit", "promote",  "end_lines",
                                                         "pool",   "zones",   "points",  "overflow", "lapse",
                                                         "lock",   "absent",  "close"};

class Desk {
 public:
  // Throws InputError as season_input does, and desk_key if the ring has no key for the season.
  Desk(DeskSetup setup, const access::KeyRing& ring, const access::FieldSeal& seal, access::Randomness randomness);
  ~Desk();

  const engine::policy::PolicyPack& pack() const;
  const std::string& season() const;
  std::vector<std::string> levels() const;
  const engine::admission::RunRules& rules(const std::string& level) const;  // Refused 404
  // A school of the level, or null.
  const engine::admission::RunSchool* find_school(const std::string& level, const std::string& id) const;
  const std::vector<engine::admission::RunSchool>& schools(const std::string& level) const;
  const std::string* find_district(const std::string& level, std::size_t number) const;  // its id, or null

  // What the pack says of a record. Pure; any thread. Throws Refused 422 for a home nobody knows, InputError for a
  // district the level does not have.
  engine::admission::Eligibility judge(const Record& record) const;

  std::string check_in_code(const Registration& registration, int school_class) const;
  std::string check_in_key() const;  // public

  // ---- Reading; inside read() or write().
  std::optional<Registration> find(store::Session& session, std::string_view code) const;
  std::vector<Registration> list(store::Session& session, const RegistrationFilter& filter) const;
  Record record(store::Session& session, const Registration& registration) const;
  std::optional<SeatAnswer> answer(store::Session& session, const Registration& registration) const;
  std::vector<HistoryLine> history(store::Session& session, const Registration& registration) const;
  std::map<std::string, std::int64_t> stage_counts(store::Session& session, const std::string& level) const;
  std::map<std::string, std::int64_t> seats_taken(store::Session& session, const std::string& level) const;
  std::map<std::string, std::int64_t> seats_over_plan(store::Session& session, const std::string& level) const;
  // Code and class of the pupils of a school who have been dealt.
  std::vector<std::pair<std::string, int>> classes(store::Session& session, const std::string& level,
                                                   const std::string& school) const;
  std::vector<DrawRow> draws(store::Session& session) const;
  std::optional<DrawRow> find_draw(store::Session& session, const std::string& id) const;
  std::optional<std::string> draw_file(store::Session& session, const std::string& id, const std::string& name) const;
  std::vector<std::string> draw_files(store::Session& session, const std::string& id) const;

  // ---- Changing; on the writer, after begin().
  void begin(store::Session& session);
  void abandon();  // the command was undone

  // The season as the tables that audits and ledgers read; of children only codes, and what audits look at. In two
  // parts, because opening every record takes its time: a copy on the writer, the tables inside read().
  struct Copy {
    std::vector<datasets::LevelInput> levels;
    std::vector<engine::admission::RunResult> results;
  };
  Copy copy() const;
  // The whole state of a level as one text, codes only (engine/admission/season/season_state.hpp). On the writer.
  std::string state_text(const std::string& level) const;
  engine::admission::SeasonTables tables(store::Session& session, Copy copy) const;

  // What a draft takes that needs no store, for any thread: codes, keys and the sealed record.
  // InputError: of the document, the record's birth date against it, its district.
  struct Draft {
    Registration registration;
    Record record;
    std::string for_family;  // the record as print_for_family gives it
    store::Bytes sealed;
  };
  Draft prepare(Record record, const std::string& guardian, const std::string& filed_by, Time at) const;
  // The draft's registration; with another code if somebody has its code by now. Refused: child_registered.
  Registration create(store::Session& session, const Draft& draft);
  // A draft is replaced; of who has handed in, it is an amendment, which the season may refuse.
  Registration change(store::Session& session, const Registration& before, const Record& record, Time at);
  void discard(store::Session& session, const Registration& draft);

  enum class Channel { online, on_site, late };
  Registration submit(store::Session& session, const Registration& draft, Channel channel, Time at);
  // Evidence agrees, or not. What the office adds to the record is judged with it. Refused 422 not_eligible.
  Registration verify(store::Session& session, const Registration& before, const OfficeNotes& notes,
                      const Priority& priority, Time at);

  struct Act {
    engine::admission::SeasonEventKind kind{};
    std::string school = {};    // of choose_private, transfer
    std::uint32_t receipt = 0;  // of pay
    bool approved = false;      // by who may
  };
  Registration act(store::Session& session, const Registration& before, const Act& act, Time at);
  // Throws what act() would, and changes nothing.
  void check(store::Session& session, const Registration& before, const Act& act, Time at);
  // A seat given by hand to a child of the pool, by two officers, under a clause of the pack. Refused 404
  // school_unknown; 422 clause_unknown. `check_only`: nothing is done.
  Registration place(store::Session& session, const Registration& before, const std::string& school,
                     const std::string& clause, Time at, bool check_only = false);
  void approve_extra(store::Session& session, const std::string& level, const std::string& school, int seats, Time at);

  // Refused 409 too_early, with the time from which it may be taken.
  void step(store::Session& session, const std::string& level, std::string_view step, Time at);

  // Draws: kind is private (of one school), lots (of the level), classes (of every school) or heads (of one school
  // whose classes were dealt: `heads` are the codes of its head teachers, one a class).
  std::vector<DrawRow> freeze(store::Session& session, const std::string& level, const std::string& kind,
                              const std::string& school, const engine::admission::CeremonyTerms& terms, Time at,
                              const std::vector<engine::admission::Code>& heads = {});
  void put_dice(store::Session& session, const DrawRow& draw, const engine::admission::Ceremony& ceremony);
  void conclude(store::Session& session, const DrawRow& draw, Time at);

 private:
  struct Level;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::desk
