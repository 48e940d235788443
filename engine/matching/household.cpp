#include "engine/matching/household.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "geo/address/normal_text.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine {
namespace {

using zone_text::Household;
using zone_text::HouseholdKind;

constexpr std::array kWords{
    std::pair{HouseholdKind::any, std::string_view("any")},
    std::pair{HouseholdKind::local_hukou, std::string_view("local_hukou")},
    std::pair{HouseholdKind::urban_hukou, std::string_view("urban_hukou")},
    std::pair{HouseholdKind::non_urban_hukou, std::string_view("non_urban_hukou")},
    std::pair{HouseholdKind::hukou_residence, std::string_view("hukou_residence")},
    std::pair{HouseholdKind::native_villager, std::string_view("native_villager")},
    std::pair{HouseholdKind::collective_hukou, std::string_view("collective_hukou")},
    std::pair{HouseholdKind::employee_child, std::string_view("employee_child")},
    std::pair{HouseholdKind::migrant_child, std::string_view("migrant_child")},
    std::pair{HouseholdKind::military_child, std::string_view("military_child")},
    std::pair{HouseholdKind::renter, std::string_view("renter")},
    std::pair{HouseholdKind::police_district, std::string_view("police_district")},
    std::pair{HouseholdKind::other, std::string_view("other")},
};

// Whether the fact itself holds, `excluded` aside.
std::optional<bool> holds(const HouseholdFacts& facts, HouseholdKind kind, const std::string& who) {
  const auto found = facts.known.find(kind);
  if (found == facts.known.end()) return std::nullopt;
  const HouseholdFact& fact = found->second;
  if (!fact.holds || who.empty()) return fact.holds;
  if (fact.who.empty()) return std::nullopt;
  const std::string known = geo::name_key(fact.who), asked = geo::name_key(who);
  if (known == asked) return true;
  // Of 省医院 and 示例省医院 nobody can tell whether they are one.
  const bool within = known.find(asked) != std::string::npos || asked.find(known) != std::string::npos;
  return within ? std::nullopt : std::optional(false);
}

std::optional<bool> yes_or_no(std::string_view word) {
  if (word == "yes" || word == "true") return true;
  if (word == "no" || word == "false") return false;
  return std::nullopt;
}

}  // namespace

std::string_view household_word(HouseholdKind kind) {
  const auto found = std::ranges::find(kWords, kind, &decltype(kWords)::value_type::first);
  return found == kWords.end() ? "other" : found->second;
}

std::optional<HouseholdKind> find_household_kind(std::string_view word) {
  const auto found = std::ranges::find(kWords, word, &decltype(kWords)::value_type::second);
  if (found == kWords.end()) return std::nullopt;
  return found->first;
}

std::optional<bool> HouseholdFacts::test(const Household& condition) const {
  if (condition.kind == HouseholdKind::any) return !condition.excluded;
  std::optional<bool> truth = holds(*this, condition.kind, condition.who);
  if (!truth && condition.kind == HouseholdKind::non_urban_hukou) {
    truth = holds(*this, HouseholdKind::urban_hukou, "");
    if (truth) truth = !*truth;
  }
  if (!truth && condition.kind == HouseholdKind::urban_hukou) {
    truth = holds(*this, HouseholdKind::non_urban_hukou, "");
    if (truth) truth = !*truth;
  }
  const bool stated = known.contains(condition.kind);
  if (!truth && !stated) truth = others;
  if (!truth) return std::nullopt;
  return *truth != condition.excluded;
}

HouseholdFacts parse_household_facts(std::string_view text, std::string_view where) {
  HouseholdFacts facts;
  const auto refuse = [&](std::string_view item) {
    throw InputError(
        "household_invalid", std::string(where),
        "\"" + std::string(item) + "\" is not a household fact: kind=yes, kind=no, kind=NAME or others=no");
  };
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view item = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos || equals + 1 == item.size()) refuse(item);
    const std::string_view word = item.substr(0, equals), value = item.substr(equals + 1);
    const std::optional<bool> truth = yes_or_no(value);
    if (word == "others" && truth) {
      facts.others = truth;
      continue;
    }
    const auto kind = find_household_kind(word);
    if (!kind || *kind == HouseholdKind::any) refuse(item);
    facts.known[*kind] = {truth.value_or(true), truth ? "" : std::string(value)};
  }
  return facts;
}

Household question_of(const Household& condition) {
  Household question = condition;
  question.excluded = false;
  if (question.kind == HouseholdKind::non_urban_hukou) question.kind = HouseholdKind::urban_hukou;
  if (question.kind == HouseholdKind::urban_hukou) question.who.clear();
  question.span = {};
  return question;
}

bool same_question(const Household& a, const Household& b) {
  const Household x = question_of(a), y = question_of(b);
  return x.kind == y.kind && x.who == y.who;
}

bool wants(const Household& condition) {
  return (condition.kind == HouseholdKind::non_urban_hukou) == condition.excluded;
}

}  // namespace catchment::engine
