// From voices to evidence: quotes, places in the notice, phones, and on what facts each school depends.
#include <algorithm>

#include "engine/matching/finder_worlds.hpp"

namespace catchment::engine {
namespace {

using zone_text::Household;
using zone_text::RuleEffect;
using zone_text::RuleLevel;
using Tables = SchoolFinder::Tables;

RuleLevel level_of(const Voice& voice) {
  if (voice.says == Says::no) return RuleLevel::denial;
  switch (voice.rank) {
    case Rank::estate:
      return RuleLevel::estate;
    case Rank::restricted_community:
      return RuleLevel::restricted_community;
    case Rank::community:
      return RuleLevel::community;
    case Rank::polygon:
      return RuleLevel::polygon;
    default:
      return RuleLevel::number;
  }
}

RuleEffect effect_of(const Voice& voice) {
  switch (voice.says) {
    case Says::no:
      return RuleEffect::deny;
    case Says::undetermined:
      return voice.only_mode_unsure ? RuleEffect::allow : RuleEffect::undetermined;
    default:
      return RuleEffect::allow;
  }
}

void point_to_row(const Tables& t, std::uint32_t row, geo::Span span, std::size_t clause, Fired& fired) {
  const FinderRow& of = t.rows[row];
  fired.row_id = of.row.id;
  fired.notice_id = of.row.notice_id;
  fired.place = of.row.place;
  fired.campus = t.row_tables[row].campus_of(of, clause);
  const std::string& text = of.text.tree.text;
  if (span.begin < span.end && span.end <= text.size()) {
    fired.span = span;
    fired.quote = text.substr(span.begin, span.end - span.begin);
  }
}

void point_to_link(const Tables& t, const FeederLink& link, Fired& fired) {
  fired.feeder = link.from;
  fired.quote = link.words;
  if (!link.row) return;
  const auto& rule = t.rows[*link.row].text.feeders[link.rule];
  point_to_row(t, static_cast<std::uint32_t>(*link.row), rule.span, rule.clause, fired);
}

std::vector<Fired> fired_by(const Tables& t, const Voice& voice) {
  Fired fired;
  fired.school_id = t.schools[voice.school];
  fired.level = level_of(voice);
  fired.effect = effect_of(voice);
  std::vector<Fired> list;
  switch (voice.source) {
    case Voice::Source::zone: {
      const ZoneInfo& zone = t.zones->zones()[voice.item];
      fired.zone_id = zone.id;
      fired.notice_id = zone.notice_id;
      fired.margin_m = voice.margin_m;
      list.push_back(fired);
      break;
    }
    case Voice::Source::feeder:
      point_to_link(t, t.feeders.links()[voice.item], fired);
      list.push_back(fired);
      break;
    case Voice::Source::group: {
      const auto& rule = t.rows[voice.item].text.groups[voice.rules.front()];
      point_to_row(t, voice.item, rule.span, rule.clause, fired);
      list.push_back(fired);
      break;
    }
    case Voice::Source::row:
    case Voice::Source::partner:
      for (const std::size_t i : voice.rules) {
        const auto& rule = t.rows[voice.item].text.rules[i];
        point_to_row(t, voice.item, rule.span, rule.clause, fired);
        list.push_back(fired);
      }
      if (list.empty()) {
        point_to_row(t, voice.item, {}, static_cast<std::size_t>(-1), fired);
        list.push_back(fired);
      }
      break;
  }
  return list;
}

bool same_evidence(const Fired& a, const Fired& b) {
  return a.school_id == b.school_id && a.row_id == b.row_id && a.span == b.span && a.zone_id == b.zone_id &&
         a.feeder == b.feeder && a.effect == b.effect && a.quote == b.quote;
}

void add_new(std::vector<Fired>& list, std::vector<Fired> more) {
  for (Fired& fired : more) {
    const auto same = [&](const Fired& other) { return same_evidence(other, fired); };
    if (std::ranges::none_of(list, same)) list.push_back(std::move(fired));
  }
}

// The words that say, or may say, how the voice's school gives the address.
void add_modes(const Tables& t, const Voice& voice, SchoolAnswer& answer) {
  if (voice.modes.empty()) return;
  for (const std::size_t i : voice.modes) {
    const RowMode& mode = t.row_tables[voice.item].modes[i];
    if (mode.span.begin < mode.span.end) {
      Fired fired;
      fired.school_id = answer.school_id;
      fired.level = level_of(voice);
      fired.effect = voice.mode_unsure ? RuleEffect::undetermined : RuleEffect::allow;
      point_to_row(t, voice.item, mode.span, static_cast<std::size_t>(-1), fired);
      add_new(answer.fired, {fired});
    }
    std::vector<std::string> unknown = mode.unknown_partners;
    for (const RowMode::Item& item : mode.items) {
      if (item.names.empty() && item.rules.empty()) unknown.push_back(item.text);
    }
    for (std::string& name : unknown) {
      if (std::ranges::find(answer.mode_doubts, name) == answer.mode_doubts.end()) {
        answer.mode_doubts.push_back(std::move(name));
      }
    }
  }
}

SchoolAnswer answer_of(const Tables& t, const Outcome& outcome, std::size_t position) {
  const SchoolNumber school = outcome.schools[position];
  const Terms& terms = outcome.terms[position];
  SchoolAnswer answer;
  answer.school_id = t.schools[school];
  answer.mode = terms.mode;
  answer.mode_unsure = terms.mode_unsure;
  for (const World& world : outcome.worlds) {
    for (const std::size_t i : world.resolution.deciding) {
      const Voice& voice = world.voices[i];
      if (voice.school != school || voice.rank == Rank::otherwise) continue;
      add_new(answer.fired, fired_by(t, voice));
      add_modes(t, voice, answer);
    }
  }
  if (outcome.status == FinderStatus::definite) return answer;
  for (const Assumption& condition : terms.conditions) {
    answer.depends_on.push_back(condition.question);
    answer.depends_on.back().excluded = !condition.holds;
  }
  return answer;
}

// Of the row that decides, else of its notice, else of the only notice there is.
std::string phone_of(const Tables& t, const Outcome& outcome) {
  for (const World& world : outcome.worlds) {
    for (const std::size_t i : world.resolution.deciding) {
      const Voice& voice = world.voices[i];
      const bool of_zone = voice.source == Voice::Source::zone;
      std::optional<std::size_t> row = voice.item;
      if (of_zone) row.reset();
      if (voice.source == Voice::Source::feeder) row = t.feeders.links()[voice.item].row;
      if (row && !t.rows[*row].row.phone.empty()) return t.rows[*row].row.phone;
      const Notice* notice = row       ? t.notice(t.rows[*row].row.notice_id)
                             : of_zone ? t.notice(t.zones->zones()[voice.item].notice_id)
                                       : nullptr;
      if (notice != nullptr && !notice->phone.empty()) return notice->phone;
    }
  }
  return t.notices.size() == 1 ? t.notices.begin()->second.phone : "";
}

}  // namespace

FinderAnswer compose(const Tables& t, const Outcome& outcome) {
  FinderAnswer answer;
  answer.status = outcome.status;
  answer.reason = outcome.reason;
  for (std::size_t i = 0; i < outcome.schools.size(); ++i) answer.schools.push_back(answer_of(t, outcome, i));
  for (const World& world : outcome.worlds) {
    for (std::size_t i = 0; i < world.voices.size(); ++i) {
      const bool overridden = std::ranges::binary_search(world.resolution.overridden, i);
      if (world.voices[i].rank == Rank::otherwise || (!overridden && world.voices[i].says != Says::no)) continue;
      std::vector<Fired> fired = fired_by(t, world.voices[i]);
      for (Fired& f : fired) f.overridden = overridden;
      add_new(answer.against, std::move(fired));
    }
  }
  answer.phone = phone_of(t, outcome);
  return answer;
}

}  // namespace catchment::engine
