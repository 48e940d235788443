// A season kept by a desk: what it refuses, what it keeps, what a failed command leaves behind.
// serves: GY14 GY18 GY19 GY24 CQ20 CQ21 ZZ25
#include "server/desk/desk.hpp"

#include <gmock/gmock.h>

#include <random>

#include "datasets/policy_pack.hpp"
#include "datasets/synth/season.hpp"
#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/desk/check_in.hpp"
#include "tests/datasets/temp_dir.hpp"

namespace catchment::desk {
namespace {

using engine::admission::SeasonEventKind;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Time at(const char* text) { return *engine::policy::find_time(text); }

access::Randomness foreseeable() {
  return [random = std::mt19937(1)](std::span<std::uint8_t> bytes) mutable {
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  };
}

// Guiyang's rules over a made-up city; nobody has registered yet.
class DeskTest : public ::testing::Test {
 protected:
  DeskTest() { open(); }

  void open() {
    desk_.reset(), seal_.reset(), store_.reset(), ring_.reset();
    ring_ = std::make_unique<access::KeyRing>(folder_.path() / "keys", access::system_randomness());
    DeskSetup setup;
    setup.pack =
        datasets::load_policy_pack(std::string(CATCHMENT_SOURCE_DIR) + "/datasets/policy/packs/guiyang-2024.json");
    datasets::synth::SeasonMakeup makeup;
    makeup.children = 200;
    for (const engine::policy::District& district : setup.pack.districts) makeup.districts.push_back(district.id);
    setup.world = datasets::synth::make_season(makeup, [] { return false; });
    setup.world.tables.children.clear(), setup.world.families.clear();
    setup.season = setup.pack.id;
    if (!ring_->find(setup.season)) ring_->add(setup.season, access::SealSuite::aes_gcm);
    zone_ = setup.world.tables.zones.front();
    setup.find_home = [](const std::string&, const Home& home) {
      return FoundHome{home.zone_id, "", home.x_m, home.y_m, "home"};
    };
    store_ = std::make_unique<store::Store>(store::Store::open("sqlite:" + (folder_.path() / "season.db").string()));
    seal_ = std::make_unique<access::FieldSeal>(*ring_, access::system_randomness());
    desk_ = std::make_unique<Desk>(std::move(setup), *ring_, *seal_, foreseeable());
  }

  template <class F>
  auto command(F&& fn) {
    return store_->write([&](store::Session& session) {
      desk_->begin(session);
      try {
        return fn(session);
      } catch (...) {
        desk_->abandon();
        throw;
      }
    });
  }

  Record record(int child) const {
    Record r;
    r.level = zone_.stage, r.district = zone_.district;
    r.name = "合成孩子", r.document_type = "passport", r.document_number = "X" + std::to_string(1'000'000 + child);
    r.sex = child % 2 == 0 ? "female" : "male", r.nationality = "chinese";
    r.birth_date = std::chrono::local_days(std::chrono::year(zone_.stage == "primary" ? 2017 : 2011) / 10 / 1);
    r.guardian_name = "合成家长", r.guardian_relation = "mother", r.guardian_phone = "+99900000001";
    r.home = {"", zone_.zone_id, 10, 20};
    r.facts.hukou_in_city = r.facts.hukou_urban = true, r.facts.hukou_with = "parents";
    r.facts.hukou_address = r.facts.residence_address = r.facts.hukou_zone = r.facts.residence_zone = "here";
    r.facts.property_addresses = std::vector<std::string>{"here"};
    r.facts.primary_graduation_year = 2024, r.facts.primary_in_city = true;
    return r;
  }

  Registration registered(int child, Time when) {
    return command([&](store::Session& session) {
      const Registration draft = desk_->create(session, desk_->prepare(record(child), "guardian:a", "", when));
      return desk_->submit(session, draft, Desk::Channel::online, when);
    });
  }

  testing::TempDir folder_;
  engine::admission::ZoneRow zone_;
  std::unique_ptr<access::KeyRing> ring_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<access::FieldSeal> seal_;
  std::unique_ptr<Desk> desk_;
};

TEST_F(DeskTest, AChildHasOneRegistrationHoweverItIsAskedFor) {
  registered(1, at("2024-06-12T09:00"));
  try {
    registered(1, at("2024-06-12T09:01"));
    FAIL();
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code, "child_registered");
    EXPECT_FALSE(refused.clause.empty());
  }
}

TEST_F(DeskTest, ADraftWhoseCodeSomebodyElseHasByNowIsGivenAnother) {
  const Registration first = registered(1, at("2024-06-12T09:00"));
  Desk::Draft draft = desk_->prepare(record(2), "guardian:b", "", at("2024-06-12T09:01"));
  draft.registration.code = first.code;
  const Registration second = command([&](store::Session& session) { return desk_->create(session, draft); });
  EXPECT_NE(second.code, first.code);
  store_->read([&](store::Session& session) {
    EXPECT_EQ(desk_->find(session, first.code)->guardian, "guardian:a");
    EXPECT_EQ(print_record(desk_->record(session, second)), print_record(record(2)));  // sealed for its new place
  });
}

// The window of 11 to 20 June, each day from 08:00 to 24:00.
TEST_F(DeskTest, OutsideItsWindowNothingIsHandedInAndTheClauseIsNamed) {
  for (const char* closed : {"2024-06-10T23:59:59", "2024-06-11T07:59:59", "2024-06-21T00:00"}) {
    try {
      registered(2, at(closed));
      FAIL() << closed;
    } catch (const Refused& refused) {
      EXPECT_EQ(refused.code, "in_window") << closed;
      EXPECT_EQ(refused.clause, desk_->rules(zone_.stage).season.clause(engine::admission::SeasonHook::registration));
    }
  }
  EXPECT_EQ(registered(2, at("2024-06-11T08:00")).stage, "registered");
  EXPECT_EQ(registered(3, at("2024-06-20T23:59:59")).stage, "registered");
}

TEST_F(DeskTest, ACommandThatFailsLeavesNeitherRowsNorASeasonThatKnowsMore) {
  const Registration first = registered(1, at("2024-06-12T09:00"));
  EXPECT_THROW(command([&](store::Session& session) -> Registration {
                 const Registration draft =
                     desk_->create(session, desk_->prepare(record(2), "guardian:a", "", at("2024-06-12T09:01")));
                 desk_->submit(session, draft, Desk::Channel::online, at("2024-06-12T09:01"));
                 throw std::runtime_error("after the season had taken it");
               }),
               std::runtime_error);
  const Registration again = registered(2, at("2024-06-12T09:02"));
  EXPECT_EQ(*again.number, *first.number + 1);
  store_->read([&](store::Session& session) {
    EXPECT_EQ(session.run("select count(*) from season_event").one()[0].integer(), 2);
    EXPECT_EQ(session.run("select count(*) from registration").one()[0].integer(), 2);
  });
}

TEST_F(DeskTest, OpenedAgainItGoesOnWhereItStood) {
  const Registration r = registered(1, at("2024-06-12T09:00"));
  command([&](store::Session& session) { return desk_->verify(session, r, {}, {}, at("2024-06-12T10:00")); });
  open();
  const auto found = command([&](store::Session& session) { return *desk_->find(session, r.code); });
  EXPECT_EQ(found.stage, "verified");
  EXPECT_THROW(command([&](store::Session& session) {
                 return desk_->act(session, found, {.kind = SeasonEventKind::confirm}, at("2024-06-13T09:00"));
               }),
               Refused);
  const auto gone = command([&](store::Session& session) {
    return desk_->act(session, found, {.kind = SeasonEventKind::withdraw}, at("2024-06-13T09:00"));
  });
  EXPECT_EQ(gone.stage, "withdrawn");
}

// serves: GY19
TEST_F(DeskTest, ReplayedFromItsEventsTheSeasonIsTheSameText) {
  const Registration r = registered(1, at("2024-06-12T09:00"));
  command([&](store::Session& session) { return desk_->verify(session, r, {}, {}, at("2024-06-12T10:00")); });
  registered(2, at("2024-06-12T11:00"));
  const auto state = [&] { return command([&](store::Session&) { return desk_->state_text(zone_.stage); }); };
  const std::string before = state();
  EXPECT_THAT(before, HasSubstr("child\t" + r.code + "\tverified\t"));
  EXPECT_THAT(before, ::testing::Not(HasSubstr("合成")));
  open();
  EXPECT_EQ(state(), before);
}

// serves: CQ28
TEST_F(DeskTest, ASiblingIsAChildOfTheSameFamilyAndElseIsNotTold) {
  const Registration ours = registered(1, at("2024-06-12T09:00"));
  const auto hand_in = [&](int child, const std::string& guardian, const std::string& sibling) -> std::string {
    try {
      return command([&](store::Session& session) {
        Record wanted = record(child);
        wanted.sibling = sibling;
        const Registration draft = desk_->create(session, desk_->prepare(wanted, guardian, "", at("2024-06-12T10:00")));
        return desk_->submit(session, draft, Desk::Channel::online, at("2024-06-12T10:00")).stage;
      });
    } catch (const Refused& refused) {
      return refused.code + ": " + refused.what();
    }
  };
  EXPECT_EQ(hand_in(2, "guardian:b", ours.code), hand_in(3, "guardian:b", "00000000"));
  EXPECT_THAT(hand_in(2, "guardian:b", ours.code), HasSubstr("sibling_unknown"));
  EXPECT_EQ(hand_in(2, "guardian:a", ours.code), "registered");
}

// serves: ZZ19 ZZ44
TEST_F(DeskTest, ASeatByHandIsForThePoolUnderAClauseOfThePack) {
  const Registration r = registered(1, at("2024-06-12T09:00"));
  const Registration seen =
      command([&](store::Session& session) { return desk_->verify(session, r, {}, {}, at("2024-06-12T10:00")); });
  const std::string school = zone_.school_ids.front(), clause = desk_->pack().documents[0].clauses[0].id;
  const auto place = [&](const std::string& to, const std::string& by, const char* when) -> std::string {
    try {
      return command([&](store::Session& session) {
        const Registration now = *desk_->find(session, r.code);
        desk_->place(session, now, to, by, at(when), true);
        return desk_->place(session, now, to, by, at(when)).stage;
      });
    } catch (const Refused& refused) {
      return refused.code;
    }
  };
  EXPECT_EQ(place(school, clause, "2024-06-13T09:00"), "not_now");
  command([&](store::Session& session) {
    desk_->step(session, zone_.stage, "pool", at("2024-08-20T09:00"));
    return 0;
  });
  EXPECT_EQ(place("nowhere", clause, "2024-08-20T10:00"), "school_unknown");
  EXPECT_EQ(place(school, "no clause", "2024-08-20T10:00"), "clause_unknown");
  EXPECT_EQ(place(school, clause, "2024-08-20T10:00"), "offered");
  const auto why =
      command([&](store::Session& session) { return desk_->answer(session, *desk_->find(session, r.code)); });
  EXPECT_EQ(why->answer.reason, "by_hand");
  EXPECT_EQ(why->answer.clause, clause);
  EXPECT_EQ(place(school, clause, "2024-08-20T11:00"), "not_now");
}

TEST_F(DeskTest, AnotherSeasonsStoreIsRefused) {
  registered(1, at("2024-06-12T09:00"));
  store_->write([](store::Session& session) { session.run("update season set label = 'another'"); });
  try {
    open();
    command([&](store::Session& session) { return desk_->find(session, "00000000").has_value(); });
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.code, "season_other");
  }
}

TEST_F(DeskTest, NothingOfAChildStandsInTheStoreInClear) {
  registered(1, at("2024-06-12T09:00"));
  store_->read([&](store::Session& session) {
    for (const char* table : {"registration", "season_child", "season_event"}) {
      for (const store::Row& row : session.run(std::string("select * from ") + table)) {
        for (const store::Value& value : row) {
          if (const auto* text = std::get_if<std::string>(&value.variant())) {
            EXPECT_THAT(
                *text, ::testing::Not(::testing::AnyOf(HasSubstr("合成"), HasSubstr("1000001"), HasSubstr("9990000"))));
          }
          if (const auto* bytes = std::get_if<store::Bytes>(&value.variant())) {
            EXPECT_THAT(to_text(*bytes), ::testing::Not(HasSubstr("合成")));
          }
        }
      }
    }
  });
}

TEST_F(DeskTest, StepsBeforeTheirTimeAreRefusedWithIt) {
  try {
    command([&](store::Session& session) {
      desk_->step(session, zone_.stage, "zones", at("2024-06-12T09:00"));
      return 0;
    });
    FAIL();
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.code, "too_early");
    EXPECT_THAT(refused.what(), HasSubstr("2024-"));
  }
}

TEST(Record, ComesBackAsItWasAndKnowsNothingElse) {
  const std::string json =
      R"({"level":"primary","district":"D1","child":{"name":"合成","document":{"type":"passport","number":"X1"},)"
      R"("birth_date":"2018-01-02","sex":"female"},"guardian":{"name":"合","relation":"father","phone":"+9990"},)"
      R"("home":{"zone_id":"Z","x_m":1,"y_m":-2},"facts":{"hukou_in_city":true}})";
  const Record record = parse_record(json, false);
  EXPECT_EQ(print_record(parse_record(print_record(record), true)), print_record(record));
  const auto refused = [](std::string text, bool by_office) -> std::string {
    try {
      parse_record(text, by_office);
    } catch (const InputError& error) {
      return error.code + error.where;
    }
    return "";
  };
  const auto with = [&](const std::string& extra) { return json.substr(0, json.size() - 1) + "," + extra + "}"; };
  EXPECT_EQ(refused(with(R"("income":1)"), false), "registration_key#");
  EXPECT_EQ(refused(with(R"("office":{"granted":true})"), false), "registration_key#/office");
  EXPECT_EQ(refused(with(R"("office":{"granted":true})"), true), "");
  EXPECT_THAT(refused(with(R"("level":"primary")"), false), HasSubstr("registration_json"));
  std::string facts = json;
  facts.replace(facts.find(R"("hukou_in_city":true)"), 20, R"("parent_dishonest_debtor":false)");
  EXPECT_EQ(refused(facts, false), "registration_key#/facts/parent_dishonest_debtor");
}

TEST(CheckIn, AnyChangedCharacterIsSeenOffline) {
  const std::array<std::uint8_t, 32> secret{1, 2, 3};
  const CheckInKey key{access::Key32(secret)};
  const CheckIn letter{"guiyang-2024", "primary", "P0001", "7K2M9QXA", 3};
  const std::string code = key.sign(letter);
  EXPECT_EQ(find_check_in(code, key.public_key()), letter);
  for (std::size_t i = 0; i < code.size(); ++i) {
    std::string other = code;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    const auto found = find_check_in(other, key.public_key());
    EXPECT_FALSE(found.has_value()) << i;
  }
  EXPECT_FALSE(find_check_in("", key.public_key()));
}

}  // namespace
}  // namespace catchment::desk
