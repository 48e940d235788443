#include "engine/admission/feeder_schools.hpp"

#include <algorithm>
#include <optional>

#include "engine/policy/json_logic.hpp"

namespace catchment::engine::admission {
namespace {

// The facts a source's condition lacks; nothing where the source does not send this child.
std::optional<std::vector<std::string>> sends_child(const policy::Feeder::From& from, const ChildFacts& facts) {
  if (!facts.primary_school || *facts.primary_school != from.school) return std::nullopt;
  std::vector<std::string> lacking;
  if (!from.campus.empty()) {
    if (!facts.primary_campus) lacking.emplace_back("primary_campus");
    if (facts.primary_campus && *facts.primary_campus != from.campus) return std::nullopt;
  }
  if (from.when.logic.empty()) return lacking;
  const policy::LogicResult held =
      policy::Logic::compile(from.when.logic).apply(to_value(facts), policy::Absent::unknown);
  if (!held.value.is_unknown() && !policy::is_truthy(held.value)) return std::nullopt;
  lacking.insert(lacking.end(), held.missing.begin(), held.missing.end());
  return lacking;
}

}  // namespace

std::vector<FeederSchool> feeder_schools(const policy::PolicyPack& pack, const ChildFacts& facts,
                                         const std::string& category) {
  std::vector<FeederSchool> out;
  for (const policy::Feeder& feeder : pack.feeders) {
    if (std::ranges::find(feeder.categories, category) != feeder.categories.end()) {
      out.push_back({feeder.school, feeder.id, feeder.clause, false, {}});
      continue;
    }
    for (const policy::Feeder::From& from : feeder.from) {
      if (auto lacking = sends_child(from, facts)) {
        out.push_back({feeder.school, feeder.id, feeder.clause, from.part, std::move(*lacking)});
        break;
      }
    }
  }
  return out;
}

}  // namespace catchment::engine::admission
