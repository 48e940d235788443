#include "server/access/permissions.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <random>
#include <set>
#include <sstream>

#include "geo/input_error.hpp"

namespace catchment::access {
namespace {

// expected.tsv: what each role may do, written by role.
struct Expected {
  struct Line {
    Role role;
    std::string whose;
    std::set<ObjectState> states;  // empty: all
  };
  std::map<std::string, std::vector<Line>, std::less<>> lines;  // by action
  std::map<std::string, std::set<std::string>, std::less<>> needs;

  bool allows(Role role, std::string_view action, bool owner, bool school, bool district, ObjectState state) const {
    const auto found = lines.find(action);
    if (found == lines.end()) return false;
    for (const Line& line : found->second) {
      const bool mine = line.whose == "any" || (line.whose == "own" && owner) ||
                        (line.whose == "own_school" && school) || (line.whose == "own_district" && district);
      if (line.role == role && mine && (line.states.empty() || line.states.contains(state))) return true;
    }
    return false;
  }
  bool needs_of(std::string_view action, const std::string& what) const {
    const auto found = needs.find(action);
    return found != needs.end() && found->second.contains(what);
  }
};

Expected read_expected() {
  Expected expected;
  std::ifstream file(CATCHMENT_SOURCE_DIR "/tests/server/access/expected.tsv");
  for (std::string text; std::getline(file, text);) {
    if (text.empty() || text[0] == '#') continue;
    std::istringstream words(text);
    std::string role, whose;
    words >> role >> whose;
    for (std::string word; words >> word;) {
      const std::size_t colon = word.find(':');
      const std::string action = word.substr(0, colon);
      if (role == "needs") {
        expected.needs[action].insert(whose);
        continue;
      }
      Expected::Line line{find_role(role).value(), whose, {}};
      if (colon != std::string::npos) {
        std::istringstream states(word.substr(colon + 1));
        for (std::string state; std::getline(states, state, ',');) line.states.insert(find_object_state(state).value());
      }
      expected.lines[action].push_back(line);
    }
  }
  return expected;
}

Actor actor_of(Role role) {
  if (role == Role::anonymous) return {};
  Actor actor{role, "account:1", {"D1", "D2"}, {"S1"}, true, "case 17"};
  if (role == Role::guardian) actor = Actor{role, "guardian:aa", {}, {}, false, {}};
  return actor;
}

Object object_of(const Actor& actor, bool owner, bool school, bool district, ObjectState state) {
  Object object;
  object.district = district ? "D2" : "D9";
  object.school = school ? "S1" : "S9";
  object.owners = {"account:9"};
  if (owner) object.owners.push_back(actor.subject);
  object.state = state;
  object.proposed_by = "account:2";
  object.proposer_districts = {"D3"};
  object.other_district = "D3";
  return object;
}

// The object the second person of a matrix cell meets: somebody of the other district has proposed it.
template <class F>
void each_cell(F&& check) {
  for (const ActionRule& rule : action_rules()) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      for (unsigned relation = 0; relation < 8; ++relation) {
        for (std::size_t state = 0; state < kObjectStates; ++state) {
          const bool owner = (relation & 1) != 0, school = (relation & 2) != 0, district = (relation & 4) != 0;
          check(rule.action, static_cast<Role>(role), owner, school, district, static_cast<ObjectState>(state));
        }
      }
    }
  }
}

// serves: ZZ1 ZZ32 CQ11 CQ20 CQ21 CQ23 CQ26 GY18 GY30 PD5 LB14
TEST(Permissions, EveryCellOfRoleActionRelationAndStateIsAsExpected) {
  const Expected expected = read_expected();
  std::size_t cells = 0, granted = 0;
  each_cell([&](const std::string& action, Role role, bool owner, bool school, bool district, ObjectState state) {
    const Actor actor = actor_of(role);
    // Guardians have neither district nor school, and nobody is the owner by an empty name.
    const bool officer = role != Role::guardian && role != Role::anonymous;
    const bool allowed =
        expected.allows(role, action, owner && role != Role::anonymous, school && officer, district && officer, state);
    const Decision decision = authorize(actor, action, object_of(actor, owner, school, district, state));
    ++cells;
    granted += allowed ? 1 : 0;
    ASSERT_EQ(decision.allowed, allowed) << to_word(role) << " " << action << " owner " << owner << " school " << school
                                         << " district " << district << " " << to_word(state) << ": "
                                         << to_word(decision.why);
    ASSERT_EQ(decision.allowed, decision.why == Why::granted);
  });
  EXPECT_EQ(cells, action_rules().size() * kRoles * 8 * kObjectStates);
  EXPECT_GT(granted, 1000u);
}

TEST(Permissions, ExpectedActionsAreThoseOfTheTable) {
  const Expected expected = read_expected();
  for (const auto& [action, lines] : expected.lines) EXPECT_NE(find_action(action), nullptr) << action;
  for (const auto& [action, needs] : expected.needs) EXPECT_NE(find_action(action), nullptr) << action;
  for (const ActionRule& rule : action_rules()) EXPECT_TRUE(expected.lines.contains(rule.action)) << rule.action;
}

// What staff lack is named, and guardians need nothing of it.
TEST(Permissions, EveryNeedOfStaffIsAskedWhereExpectedAndNowhereElse) {
  const Expected expected = read_expected();
  each_cell([&](const std::string& action, Role role, bool owner, bool school, bool district, ObjectState state) {
    const Actor actor = actor_of(role);
    const Object object = object_of(actor, owner, school, district, state);
    if (!authorize(actor, action, object).allowed) return;
    const bool staff = role != Role::guardian && role != Role::anonymous;
    const auto expect = [&](const Actor& who, const Object& what, const std::string& need) {
      const bool asked = staff && expected.needs_of(action, need);
      const Decision decision = authorize(who, action, what);
      ASSERT_EQ(decision.allowed, !asked) << to_word(role) << " " << action << " without " << need;
      ASSERT_EQ(to_word(decision.why), asked ? need : "granted") << action;
    };
    Actor without = actor;
    without.second_factor = false;
    expect(without, object, "second_factor");
    without = actor;
    without.case_reason = " \t";
    expect(without, object, "case_reason");
    Object unproposed = object;
    unproposed.proposed_by.clear();
    expect(actor, unproposed, "second_person");
    Object one_district = object;
    one_district.proposer_districts = {"D2"};
    expect(actor, one_district, "other_district");
  });
}

TEST(Permissions, TheProposerIsNotTheSecondPerson) {
  const Actor officer = actor_of(Role::district);
  for (const char* action : {"place.manual", "draw.finalise", "seat.release", "seat.transfer", "plan.advance"}) {
    Object object = object_of(officer, false, false, true, ObjectState::draft);
    object.proposed_by = officer.subject;
    EXPECT_EQ(authorize(officer, action, object).why, Why::same_person) << action;
    object.proposed_by.clear();
    EXPECT_EQ(authorize(officer, action, object).why, Why::second_person) << action;
  }
}

// serves: GY19
TEST(Permissions, ATransferNeedsAnOfficerOfEachDistrict) {
  Actor officer = actor_of(Role::district);
  Object object;
  object.district = "D1", object.other_district = "D7", object.proposed_by = "account:7";
  officer.districts = {"D1"};
  const auto why = [&](std::vector<std::string> proposer) {
    object.proposer_districts = std::move(proposer);
    return authorize(officer, "seat.transfer", object).why;
  };
  EXPECT_EQ(why({"D7"}), Why::granted);
  EXPECT_EQ(why({"D7", "D1"}), Why::granted);
  EXPECT_EQ(why({"D1"}), Why::other_district);
  EXPECT_EQ(why({"D8"}), Why::other_district);
  EXPECT_EQ(why({}), Why::other_district);
  officer.districts = {"D7"};  // the receiving side acts second
  EXPECT_EQ(why({"D1"}), Why::granted);
  EXPECT_EQ(why({"D7"}), Why::other_district);
  officer.districts = {"D8"};
  EXPECT_EQ(why({"D1"}), Why::not_yours);
  object.other_district = "D1";  // within one district: two of it
  officer.districts = {"D1"};
  EXPECT_EQ(why({"D1"}), Why::granted);
  object.other_district.clear();
  EXPECT_EQ(why({"D1"}), Why::other_district);
}

TEST(Permissions, WhatHasNoNameIsNobodys) {
  Actor officer{Role::district, "account:1", {""}, {""}, true, "case"};
  EXPECT_EQ(authorize(officer, "registration.read", {}).why, Why::not_yours);
  Actor clerk{Role::school, "account:1", {}, {""}, true, "case"};
  EXPECT_EQ(authorize(clerk, "class.read", {}).why, Why::not_yours);
  Object object;
  object.owners = {""};
  Actor nameless{Role::guardian, "", {}, {}, false, {}};
  EXPECT_EQ(authorize(nameless, "registration.read", object).why, Why::sign_in);
  Actor named_nobody{Role::anonymous, "account:1", {}, {}, true, "case"};
  EXPECT_FALSE(authorize(named_nobody, "city.read", object).allowed);
}

TEST(Permissions, UnknownActionsAreDeniedToAll) {
  for (const char* action :
       {"", "registration", "registration.read ", "Registration.read", "registration.delete", "*"}) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      const Decision decision = authorize(actor_of(static_cast<Role>(role)), action, {});
      EXPECT_FALSE(decision.allowed) << action;
      EXPECT_EQ(decision.why, Why::unknown_action);
    }
  }
}

// Another's object is answered as one that is not there, whatever its state and whatever the asker has shown.
TEST(Permissions, AHundredThousandProbesOfOthersObjectsSayNothing) {
  const Expected expected = read_expected();
  std::mt19937_64 random(7);
  const auto rules = action_rules();
  const auto id = [&](char kind) { return kind + std::to_string(random() % 40); };
  std::size_t probes = 0, hidden = 0;
  while (probes < 100'000) {
    Actor actor{static_cast<Role>(1 + random() % (kRoles - 1)),
                "account:1",
                {id('D'), id('D')},
                {id('S')},
                random() % 2 == 0,
                random() % 2 == 0 ? "case" : ""};
    Object object;
    object.district = id('D'), object.school = id('S'), object.owners = {id('g'), id('g')};
    object.state = static_cast<ObjectState>(random() % kObjectStates);
    object.proposed_by = random() % 2 == 0 ? "" : "account:2";
    object.other_district = id('D');
    const auto has = [](const std::vector<std::string>& ids, const std::string& one) {
      return std::find(ids.begin(), ids.end(), one) != ids.end();
    };
    if (has(actor.districts, object.district) || has(actor.districts, object.other_district) ||
        has(actor.schools, object.school)) {
      continue;
    }
    ++probes;
    const std::string& action = rules[random() % rules.size()].action;
    const Decision decision = authorize(actor, action, object);
    if (expected.allows(actor.role, action, false, false, false, object.state)) continue;
    ++hidden;
    ASSERT_FALSE(decision.allowed) << to_word(actor.role) << " " << action;
    Object absent;
    // The city knows what states its own business is in; nothing of a person is told by them.
    if (actor.role == Role::city && decision.why == Why::state) continue;
    ASSERT_EQ(decision.why, authorize(actor, action, absent).why) << to_word(actor.role) << " " << action;
    ASSERT_TRUE(decision.why == Why::not_yours || decision.why == Why::role) << to_word(decision.why);
  }
  EXPECT_GT(hidden, 50'000u);
}

TEST(Permissions, SignInIsAskedOnlyOfWhomItWouldHelp) {
  EXPECT_EQ(authorize({}, "registration.read", {}).why, Why::sign_in);
  EXPECT_EQ(authorize(actor_of(Role::operator_), "registration.read", {}).why, Why::role);
  Object draft;
  draft.state = ObjectState::draft;
  EXPECT_EQ(authorize({}, "plan.read", draft).why, Why::not_yours);
  draft.owners = {"guardian:aa"};
  EXPECT_EQ(authorize(actor_of(Role::guardian), "plan.comment", draft).why, Why::not_yours);
}

TEST(Permissions, OwnObjectsInAnotherStateAreTold) {
  const Actor officer = actor_of(Role::district);
  const Object published = object_of(officer, false, false, true, ObjectState::published);
  EXPECT_EQ(authorize(officer, "plan.change", published).why, Why::state);
  const Actor clerk = actor_of(Role::school);
  EXPECT_EQ(authorize(clerk, "registration.read", object_of(clerk, false, true, false, ObjectState::frozen)).why,
            Why::state);
}

TEST(Permissions, FaultyTablesAreRefusedWithTheirLine) {
  const std::string heading = "action\tanonymous\tguardian\tschool\tdistrict\tcity\tauditor\toperator\tneeds\treason\n";
  const auto where = [&](const std::string& row) -> std::string {
    try {
      parse_permissions(heading + "a.b\tall\t-\t-\t-\t-\t-\t-\t-\twhy\n" + row);
    } catch (const InputError& error) {
      return error.code + " " + error.where;
    }
    return "";
  };
  EXPECT_EQ(where("c.d\tall\t-\t-\t-\t-\t-\t-\tfactor\twhy\n"), "");
  EXPECT_EQ(where("a.b\tall\t-\t-\t-\t-\t-\t-\t-\twhy\n"), "permissions permissions.tsv:3");
  EXPECT_EQ(where("c.d\tevery\t-\t-\t-\t-\t-\t-\t-\twhy\n"), "permissions permissions.tsv:3");
  EXPECT_EQ(where("c.d\tall:drafted\t-\t-\t-\t-\t-\t-\t-\twhy\n"), "permissions permissions.tsv:3");
  EXPECT_EQ(where("c.d\tall:unknown\t-\t-\t-\t-\t-\t-\t-\twhy\n"), "permissions permissions.tsv:3");
  EXPECT_EQ(where("c.d\tall\t-\t-\t-\t-\t-\t-\tfacter\twhy\n"), "permissions permissions.tsv:3");
  EXPECT_EQ(where("c.d\tall\t-\t-\t-\t-\t-\t-\t-\t\n"), "permissions permissions.tsv:3");
  EXPECT_EQ(where("c.d\tall\t-\t-\n"), "permissions permissions.tsv:3");
  EXPECT_THROW(parse_permissions("action\tguardian\n"), InputError);
}

}  // namespace
}  // namespace catchment::access
