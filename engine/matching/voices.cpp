#include "engine/matching/voices.hpp"

#include <algorithm>
#include <array>

namespace catchment::engine {
namespace {

constexpr std::array kRanks{Rank::group,     Rank::feeder,  Rank::feeder_by_place,
                            Rank::number,    Rank::estate,  Rank::restricted_community,
                            Rank::community, Rank::polygon, Rank::otherwise};

// A group or a primary school's graduates that several schools name, each a part of them, do not speak against the
// school that the address gives, if that is one of those schools.
bool is_part_of_a_group(const Voice& voice) {
  return voice.rank <= Rank::feeder_by_place && voice.says == Says::undetermined;
}

bool address_tells_the_parts(std::span<const Voice> voices) {
  std::vector<std::uint32_t> of_group;
  std::vector<Voice> rest;
  for (const Voice& voice : voices) {
    if (is_part_of_a_group(voice)) {
      of_group.push_back(voice.school);
    } else if (!voice.additional()) {
      rest.push_back(voice);
    }
  }
  if (of_group.empty()) return false;
  const Resolution without = resolve(rest);
  return without.decision == Decision::settled && std::ranges::all_of(without.schools, [&](std::uint32_t school) {
           return std::ranges::find(of_group, school) != of_group.end();
         });
}

struct Heard {
  std::vector<std::size_t> yes, perhaps, additional;
};

Heard hear(std::span<const Voice> voices, Rank rank) {
  Heard heard;
  for (std::size_t i = 0; i < voices.size(); ++i) {
    const Voice& voice = voices[i];
    if (voice.rank != rank || voice.says == Says::no) continue;
    if (voice.additional()) {
      heard.additional.push_back(i);
    } else {
      (voice.says == Says::yes ? heard.yes : heard.perhaps).push_back(i);
    }
  }
  return heard;
}

std::vector<std::uint32_t> schools_of(std::span<const Voice> voices, const std::vector<std::size_t>& which) {
  std::vector<std::uint32_t> schools;
  for (const std::size_t i : which) schools.push_back(voices[i].school);
  std::ranges::sort(schools);
  schools.erase(std::unique(schools.begin(), schools.end()), schools.end());
  return schools;
}

}  // namespace

Rank rank_of(zone_text::RuleLevel level) {
  switch (level) {
    case zone_text::RuleLevel::denial:
    case zone_text::RuleLevel::number:
      return Rank::number;
    case zone_text::RuleLevel::estate:
      return Rank::estate;
    case zone_text::RuleLevel::restricted_community:
      return Rank::restricted_community;
    case zone_text::RuleLevel::community:
      return Rank::community;
    case zone_text::RuleLevel::polygon:
      return Rank::polygon;
  }
  return Rank::polygon;
}

Resolution resolve(std::span<const Voice> voices) {
  Resolution result;
  const bool skip_parts = address_tells_the_parts(voices);
  bool certain = false;  // some rank said a plain yes
  bool shared = false;
  std::vector<std::size_t> perhaps, extra;
  for (const Rank rank : kRanks) {
    const Heard heard = hear(voices, rank);
    if (certain) {
      for (const auto* list : {&heard.yes, &heard.perhaps, &heard.additional}) {
        result.overridden.insert(result.overridden.end(), list->begin(), list->end());
      }
      continue;
    }
    extra.insert(extra.end(), heard.additional.begin(), heard.additional.end());
    for (const std::size_t i : heard.perhaps) {
      if (!skip_parts || !is_part_of_a_group(voices[i])) perhaps.push_back(i);
    }
    result.deciding.insert(result.deciding.end(), heard.yes.begin(), heard.yes.end());
    certain = !heard.yes.empty();
  }
  const std::vector<std::uint32_t> plain = schools_of(voices, result.deciding);
  for (const std::size_t i : result.deciding) shared = shared || voices[i].shared;
  result.deciding.insert(result.deciding.end(), perhaps.begin(), perhaps.end());
  const std::vector<std::uint32_t> meant = schools_of(voices, result.deciding);

  if (certain && meant == plain) {
    result.decision = plain.size() == 1 || shared ? Decision::settled : Decision::unshared;
  } else if (!perhaps.empty()) {
    const bool only_lines =
        std::ranges::all_of(perhaps, [&](std::size_t i) { return voices[i].says == Says::near_line; });
    result.decision = only_lines ? Decision::near_line : Decision::undetermined;
  } else if (!extra.empty()) {
    const bool plain_yes = std::ranges::all_of(extra, [&](std::size_t i) { return voices[i].says == Says::yes; });
    result.decision = plain_yes ? Decision::settled : Decision::undetermined;
  }
  result.deciding.insert(result.deciding.end(), extra.begin(), extra.end());
  std::ranges::sort(result.deciding);
  std::ranges::sort(result.overridden);
  result.schools = schools_of(voices, result.deciding);
  return result;
}

}  // namespace catchment::engine
