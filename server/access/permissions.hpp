// Who may do what: one function over one table, permissions.tsv, which is part of the program. What the table does not
// grant is denied.
//
// An action is a word ("registration.submit"), the same in openapi.json's "x-action", in the table and in the access
// journal. A cell of the table says to which objects a role may do it, and in which states of them; a row says what is
// needed besides (a case reason, a second factor, a second person) and why the row is as it is. Needs are asked of
// staff only: a guardian acts for the own child, with the code sent to the own phone.
//
//   const Decision decision = authorize(actor, "registration.read", {.district = "410102", .owners = {guardian}});
//   if (!decision.allowed) ... decision.why
//
// Pure: no clock, no store. The caller says what the object is; an empty district, school or owner matches nobody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::access {

enum class Role : std::uint8_t {
  anonymous,  // not signed in
  guardian,   // own children
  school,     // its own pupils, of one school or several
  district,   // its own district: reviews, places, draws
  city,       // counts and rules; a person only in a case
  auditor,    // reads proofs, journals and audits; changes nothing. Notaries and inspectors
  operator_,  // runs the machine and the accounts; sees no person. The word is "operator"
};
inline constexpr std::size_t kRoles = 7;

// Where an object stands, as far as that decides who may do what; what the season's transitions forbid is their
// business.
enum class ObjectState : std::uint8_t {
  unknown,     // grants nothing where a state is asked for
  draft,       // not handed in (registration), being made (plan)
  submitted,   // handed in, no seat yet
  frozen,      // on the roll of a draw that is not final: only codes are seen
  seated,      // a seat is held at Object::school, or is the child's
  consulting,  // a plan that is out for comment
  approved,    // a plan that may be published
  published,   // open to all
  closed,      // the season is over
  rehearsal,   // of a service started for a rehearsal
};
inline constexpr std::size_t kObjectStates = 10;

// Who asks, as the session knows, and on what grounds, as the request says.
struct Actor {
  Role role = Role::anonymous;
  std::string subject;                 // "guardian:<keyed hash>" or "account:<number>"; empty: anonymous
  std::vector<std::string> districts;  // codes of the districts an officer is of
  std::vector<std::string> schools;    // ids of the schools a clerk is of
  bool second_factor = false;          // this session was opened with one
  std::string case_reason;             // why a person's record is opened; blank: no case
};

// What it is to be done to. For a list, the filter it will be cut to: {.district = "410102"} lists that district's.
struct Object {
  std::string district = {};
  std::string other_district = {};  // of a transfer: the other school's
  // Whom a registration is with: until a seat is held, the primary school through which it was filed, or nobody; from
  // then on the school of the seat. Never a school that was merely chosen.
  std::string school = {};
  std::vector<std::string> owners = {};  // subjects: the child's guardians, the account itself, who started a job
  ObjectState state = ObjectState::unknown;
  // Of an act that two persons must want: who asked first, and that actor's districts. Empty: nobody yet.
  std::string proposed_by = {};
  std::vector<std::string> proposer_districts = {};
};

enum class Why : std::uint8_t {
  granted,
  unknown_action,  // no row: an error of the program
  sign_in,         // nobody is signed in, and somebody who is might (401)
  role,            // this role never (403)
  not_yours,       // another's: answer as for an object that is not there, byte for byte (404)
  state,           // yours, but not in this state (409)
  second_factor,   // the session was opened without one (403)
  case_reason,     // no case is given (403)
  // All else is in order, but two persons must want it: record this as the first one's proposal and do nothing (202).
  second_person,
  same_person,     // the proposer cannot be the second person (403)
  other_district,  // the second person must speak for the other district (403)
};

// An act of two persons is allowed only to the second: who does not know the rule refuses, and is safe.
struct Decision {
  bool allowed = false;
  Why why = Why::unknown_action;
};

Decision authorize(const Actor& actor, std::string_view action, const Object& object);

std::string_view to_word(Role role);
std::optional<Role> find_role(std::string_view word);
std::string_view to_word(ObjectState state);
std::optional<ObjectState> find_object_state(std::string_view word);
std::string_view to_word(Why why);  // stable, for problem documents

// ---- The table, for tests, for the account of permissions shown to auditors, and for the API's contract test.
enum class Scope : std::uint8_t { own, own_school, own_district, all };
std::string_view to_word(Scope scope);

struct Grant {
  Scope scope = Scope::own;
  std::uint16_t states = 0;  // bit i: ObjectState(i); 0: any state
};
struct Needs {
  bool case_reason = false, second_factor = false, two_persons = false, both_districts = false;
};
struct ActionRule {
  std::string action;
  std::vector<Grant> grants[kRoles];  // any of them will do; none: denied
  Needs needs;
  std::string reason;
};

// In order of the table. Read once; throws InputError(permissions, "permissions.tsv:12").
std::span<const ActionRule> action_rules();
const ActionRule* find_action(std::string_view action);
std::vector<ActionRule> parse_permissions(std::string_view tsv);

}  // namespace catchment::access
