// The desk's season in memory: what the parts of Desk share.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "server/desk/desk.hpp"

namespace catchment::desk {

struct Desk::Level {
  datasets::LevelInput setup;
  std::map<std::string, std::uint32_t, std::less<>> schools;  // ids
  std::map<std::string, std::uint16_t, std::less<>> districts;
  std::map<std::string, std::string, std::less<>> zone_schools;  // of zones with one school
  std::unique_ptr<engine::admission::SeasonOffice> office;
  std::unique_ptr<SeasonRows> rows;
};

struct Desk::State {
  DeskSetup setup;
  engine::admission::EligibilityRules rules;
  const access::KeyRing& ring;
  const access::FieldSeal& seal;
  access::Randomness randomness;
  Sealer sealer;
  Numbers numbers;
  std::map<std::string, Level, std::less<>> levels;
  store::Bytes setup_hash;
  bool loaded = false;
  bool touched = false;  // by the command under way

  State(DeskSetup s, const access::KeyRing& r, const access::FieldSeal& f, access::Randomness random);

  Level& level(std::string_view id);
  std::uint32_t school(const Level& level, const std::string& id) const;    // Refused 404 school_unknown
  std::uint16_t district(const Level& level, const std::string& id) const;  // InputError district_unknown
  void make_office(Level& level);
  void load(store::Session& session);

  std::uint64_t key64(std::string_view purpose, std::string_view text) const;
  std::string open_record(const std::string& code, const store::Bytes& sealed) const;
  store::Bytes seal_record(const std::string& code, const std::string& printed) const;
  std::string new_code() const;

  // What the season makes of a record.
  engine::admission::RunChild child_of(Level& level, const std::string& code, const Record& record,
                                       const engine::admission::Eligibility& judged);
  // Throws Refused 422 sibling_unknown unless the sibling is a child of the level, handed in by the same guardian.
  void check_sibling(store::Session& session, const Registration& r, const Record& record) const;
  // What the pack says of the child at this school; nothing of one that is not private.
  std::optional<engine::admission::Eligibility> judge_private(const Level& level, const Record& record,
                                                              const std::string& school) const;
  // Whether the pack lets the child enter this private school. Throws Refused 422 with the clause: not_eligible.
  void check_private(const Level& level, const Record& record, const std::string& school) const;
  engine::admission::Eligibility judge(const Record& record) const;
  void check_document(const Record& record) const;
  std::string child_key(const Record& record) const;
  // Tells the season what is known of a child now, and the rows.
  void update_child(store::Session& session, Level& level, const Registration& r, const Record& record);
  void save_record(store::Session& session, const Registration& r, const Record& record, Time at);
  // The event of an act. Refused where a frozen roll forbids it, which the season does not know.
  engine::admission::SeasonEvent event_of(store::Session& session, Level& level, const Registration& before,
                                          const Act& act, Time at) const;
  // The event, or a refusal with its clause; rows are written.
  void take(store::Session& session, Level& level, engine::admission::SeasonEvent event);
  [[noreturn]] void refuse(const Level& level, const engine::admission::Refusal& refusal) const;
};

// The columns of a registration in the order that registration_of reads them.
inline constexpr std::string_view kRegistrationColumns =
    "code, level, number, child_key, guardian, district, filed_by, channel, stage, choice, seat, answer_by, version, "
    "created, changed";
Registration registration_of(const store::Row& row);

}  // namespace catchment::desk
