#include "server/access/permissions.hpp"

#include <algorithm>
#include <array>

#include "geo/input_error.hpp"

namespace catchment::access {

extern const char* const kPermissionsTsv;

namespace {

constexpr std::array<std::string_view, kRoles> kRoleWords{"anonymous", "guardian", "school",  "district",
                                                          "city",      "auditor",  "operator"};
constexpr std::array<std::string_view, kObjectStates> kStateWords{
    "unknown", "draft", "submitted", "frozen", "seated", "consulting", "approved", "published", "closed", "rehearsal"};
constexpr std::array<std::string_view, 4> kScopeWords{"own", "own_school", "own_district", "all"};
constexpr std::array<std::string_view, 11> kWhyWords{"granted",       "unknown_action", "sign_in",       "role",
                                                     "not_yours",     "state",          "second_factor", "case_reason",
                                                     "second_person", "same_person",    "other_district"};

template <class E, std::size_t N>
std::optional<E> find_in_words(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::find(words.begin(), words.end(), word);
  if (found == words.end()) return std::nullopt;
  return static_cast<E>(found - words.begin());
}

std::vector<std::string_view> cut_text(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

[[noreturn]] void bad_table(std::size_t line, const std::string& what) {
  throw InputError("permissions", "permissions.tsv:" + std::to_string(line), what);
}

Grant parse_grant(std::string_view text, std::size_t line) {
  const std::size_t colon = text.find(':');
  const auto scope = find_in_words<Scope>(kScopeWords, text.substr(0, colon));
  if (!scope) bad_table(line, "Unknown scope '" + std::string(text) + "'.");
  Grant grant{*scope, 0};
  if (colon == std::string_view::npos) return grant;
  for (const std::string_view word : cut_text(text.substr(colon + 1), ',')) {
    const auto state = find_object_state(word);
    if (!state || *state == ObjectState::unknown) bad_table(line, "Unknown state '" + std::string(word) + "'.");
    grant.states = static_cast<std::uint16_t>(grant.states | 1u << static_cast<unsigned>(*state));
  }
  return grant;
}

Needs parse_needs(std::string_view text, std::size_t line) {
  Needs needs;
  if (text == "-") return needs;
  for (const std::string_view word : cut_text(text, ',')) {
    if (word == "factor") {
      needs.second_factor = true;
    } else if (word == "case") {
      needs.case_reason = true;
    } else if (word == "two") {
      needs.two_persons = true;
    } else if (word == "both") {
      needs.two_persons = needs.both_districts = true;
    } else {
      bad_table(line, "Unknown need '" + std::string(word) + "'.");
    }
  }
  return needs;
}

ActionRule parse_rule(std::string_view text, std::size_t line) {
  const auto cells = cut_text(text, '\t');
  if (cells.size() != kRoles + 3) bad_table(line, "A row has " + std::to_string(kRoles + 3) + " columns.");
  ActionRule rule;
  rule.action = cells[0];
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (cells[role + 1] == "-") continue;
    for (const std::string_view grant : cut_text(cells[role + 1], ' '))
      rule.grants[role].push_back(parse_grant(grant, line));
  }
  rule.needs = parse_needs(cells[kRoles + 1], line);
  rule.reason = cells[kRoles + 2];
  if (rule.reason.empty()) bad_table(line, "A row needs its reason.");
  return rule;
}

// An empty id is nobody's.
bool is_among(const std::vector<std::string>& ids, std::string_view id) {
  return !id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool in_scope(const Actor& actor, Scope scope, const Object& object, const Needs& needs) {
  switch (scope) {
    case Scope::own:
      return is_among(object.owners, actor.subject);
    case Scope::own_school:
      return is_among(actor.schools, object.school);
    case Scope::own_district:
      return is_among(actor.districts, object.district) ||
             (needs.both_districts && is_among(actor.districts, object.other_district));
    case Scope::all:
      return true;
  }
  return false;
}

bool in_state(const Grant& grant, ObjectState state) {
  return grant.states == 0 || (grant.states >> static_cast<unsigned>(state) & 1u) != 0;
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

// Each district of the two is spoken for by one of the two persons.
bool both_spoken_for(const Actor& actor, const Object& object) {
  const auto speaks = [&](std::string_view mine, std::string_view theirs) {
    return is_among(actor.districts, mine) && is_among(object.proposer_districts, theirs);
  };
  return speaks(object.district, object.other_district) || speaks(object.other_district, object.district);
}

Why missing_need(const Actor& actor, const Needs& needs, const Object& object) {
  if (needs.second_factor && !actor.second_factor) return Why::second_factor;
  if (needs.case_reason && is_blank(actor.case_reason)) return Why::case_reason;
  if (!needs.two_persons) return Why::granted;
  if (object.proposed_by.empty()) return Why::second_person;
  if (object.proposed_by == actor.subject) return Why::same_person;
  if (needs.both_districts && !both_spoken_for(actor, object)) return Why::other_district;
  return Why::granted;
}

}  // namespace

Decision authorize(const Actor& actor, std::string_view action, const Object& object) {
  const auto denied = [](Why why) { return Decision{false, why}; };
  const ActionRule* const rule = find_action(action);
  if (rule == nullptr) return denied(Why::unknown_action);
  // A role without a name is an error of the caller's, and no licence.
  if ((actor.role == Role::anonymous) != actor.subject.empty()) return denied(Why::sign_in);
  const auto& grants = rule->grants[static_cast<std::size_t>(actor.role)];
  if (grants.empty()) return denied(actor.role == Role::anonymous ? Why::sign_in : Why::role);

  bool granted = false, told_state = false;
  for (const Grant& grant : grants) {
    if (!in_scope(actor, grant.scope, object, rule->needs)) continue;
    granted = granted || in_state(grant, object.state);
    // That an object is in another state says that it is there. Of what may be hidden, only its own people are told.
    told_state = told_state || grant.scope != Scope::all || actor.role == Role::city;
  }
  if (!granted) return denied(told_state ? Why::state : Why::not_yours);
  const bool staff = actor.role != Role::anonymous && actor.role != Role::guardian;
  const Why why = staff ? missing_need(actor, rule->needs, object) : Why::granted;
  return {why == Why::granted, why};
}

std::string_view to_word(Role role) { return kRoleWords[static_cast<std::size_t>(role)]; }
std::optional<Role> find_role(std::string_view word) { return find_in_words<Role>(kRoleWords, word); }
std::string_view to_word(Scope scope) { return kScopeWords[static_cast<std::size_t>(scope)]; }
std::string_view to_word(ObjectState state) { return kStateWords[static_cast<std::size_t>(state)]; }
std::optional<ObjectState> find_object_state(std::string_view word) {
  return find_in_words<ObjectState>(kStateWords, word);
}
std::string_view to_word(Why why) { return kWhyWords[static_cast<std::size_t>(why)]; }

std::vector<ActionRule> parse_permissions(std::string_view tsv) {
  std::vector<ActionRule> rules;
  bool heading = true;
  std::size_t line = 0;
  for (const std::string_view text : cut_text(tsv, '\n')) {
    ++line;
    if (text.empty() || text.front() == '#') continue;
    if (heading) {
      std::string expected = "action";
      for (const std::string_view role : kRoleWords) expected.append("\t").append(role);
      if (text != expected + "\tneeds\treason") bad_table(line, "The heading is another one.");
      heading = false;
      continue;
    }
    rules.push_back(parse_rule(text, line));
    for (std::size_t i = 0; i + 1 < rules.size(); ++i)
      if (rules[i].action == rules.back().action)
        bad_table(line, "The action '" + rules[i].action + "' is there already.");
  }
  return rules;
}

std::span<const ActionRule> action_rules() {
  static const std::vector<ActionRule> rules = parse_permissions(kPermissionsTsv);
  return rules;
}

const ActionRule* find_action(std::string_view action) {
  for (const ActionRule& rule : action_rules())
    if (rule.action == action) return &rule;
  return nullptr;
}

}  // namespace catchment::access
