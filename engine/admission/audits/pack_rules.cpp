#include "engine/admission/audits/pack_rules.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/policy/json_logic.hpp"

namespace catchment::engine::admission {
namespace {

using policy::Content;
using policy::PolicyPack;

// By Content; empty: due only if something happened.
constexpr std::array<std::string_view, 17> kPublicationKinds{"policy",
                                                             "plan",
                                                             "zones",
                                                             "conditions",
                                                             "procedure",
                                                             "method",
                                                             "materials",
                                                             "schedule",
                                                             "results",
                                                             "results_query",
                                                             "school_profile",
                                                             "",
                                                             "consult_phone",
                                                             "report_phone",
                                                             "mailbox",
                                                             "",
                                                             ""};

std::string registration_channel(const policy::Channel& channel) {
  using policy::DataEntry;
  if (channel.entered_by == DataEntry::primary_school) return "primary_school";
  if (channel.entered_by == DataEntry::receiving_school) return "receiving_school";
  if (channel.kind == "on_site") return "on_site";
  return channel.kind == "school" || channel.kind == "phone" ? "district" : "online";
}

std::vector<std::string> stage_words(const std::vector<Stage>& stages) {
  if (stages.empty()) return {""};
  std::vector<std::string> words;
  for (const Stage stage : stages) words.emplace_back(to_word(stage));
  return words;
}

std::string route_word(policy::Sector sector) {
  if (sector == policy::Sector::any) return {};
  return sector == policy::Sector::private_school ? "private" : "public";
}

bool for_registration(policy::WindowKind kind) {
  using policy::WindowKind;
  return kind == WindowKind::registration || kind == WindowKind::private_choice || kind == WindowKind::public_return ||
         kind == WindowKind::late_registration;
}

void add_window(const PolicyPack& pack, const policy::Window& window, AuditRules& rules) {
  const policy::Span& span = window.span;
  const Time opens = span.opens_inclusive ? begin_of(span.opens) : end_of(span.opens);
  const Time closes = (span.closes_inclusive ? end_of(span.closes) : begin_of(span.closes)) - std::chrono::seconds(1);
  std::vector<std::string> channels;
  for (const std::string& id : window.channels) {
    const auto at = std::ranges::find(pack.channels, id, &policy::Channel::id);
    if (at != pack.channels.end()) channels.push_back(registration_channel(*at));
  }
  if (channels.empty()) channels.emplace_back();
  for (const std::string& stage : stage_words(window.stages)) {
    for (const std::string& channel : channels) {
      rules.windows.push_back({stage, route_word(window.sector), channel, opens, closes});
    }
  }
}

void add_channels(const PolicyPack& pack, AuditRules& rules) {
  for (const policy::Channel& channel : pack.channels) {
    rules.platforms.push_back(channel.id);
    const std::string word = registration_channel(channel);
    const bool timed = std::ranges::any_of(
        rules.windows, [&](const AuditWindow& window) { return window.channel.empty() || window.channel == word; });
    if (!timed) rules.untimed_channels.push_back(word);
  }
}

void add_caps(const PolicyPack& pack, AuditRules& rules) {
  for (const policy::ClassCap& cap : pack.class_caps) {
    if (cap.cap == 0) continue;
    (cap.stage == Stage::junior ? rules.exceptions.junior_cap : rules.exceptions.primary_cap) = cap.cap;
    rules.cap_step = cap.approval;
  }
}

// The last birthday that enters, where one rule holds everywhere.
void add_age(const PolicyPack& pack, AuditRules& rules) {
  for (const policy::AgeRule& rule : pack.age_rules) {
    if (rule.stage != Stage::primary || !rule.cutoff || !rule.districts.empty()) continue;
    const std::chrono::year_month_day cutoff(*rule.cutoff);
    const std::chrono::year year = cutoff.year() - std::chrono::years(rule.years);
    const std::chrono::year_month_day birthday = year / cutoff.month() / cutoff.day();
    const Day last = birthday.ok() ? Day(birthday) : Day(year / cutoff.month() / std::chrono::last);
    rules.exceptions.born_by = rule.cutoff_inclusive ? last : last - std::chrono::days(1);
  }
}

void add_draws(const PolicyPack& pack, AuditRules& rules) {
  for (const policy::Draw& draw : pack.draws) {
    if (draw.sector != policy::Sector::private_school) continue;
    if (draw.on) rules.draw_days.push_back(*draw.on);
    rules.draw_needs_video = rules.draw_needs_video || draw.recorded;
    rules.draw_needs_notary = rules.draw_needs_notary || draw.notary;
    rules.draw_within_a_day = rules.draw_within_a_day || draw.within_working_days == 1;
    for (const std::string& group : draw.witnesses) {
      if (std::ranges::find(rules.witnesses, group) == rules.witnesses.end()) rules.witnesses.push_back(group);
    }
  }
}

std::string scope_of(const std::string& who) { return who == "school" || who == "district" ? who : "city"; }

void add_publications(const PolicyPack& pack, AuditRules& rules) {
  for (const policy::Publication& entry : pack.calendar.publications) {
    MaybeDay by = entry.on;
    if (entry.by) by = entry.by->day;
    for (const Content content : entry.contents) {
      const std::string_view kind = kPublicationKinds.at(static_cast<std::size_t>(content));
      if (kind.empty()) continue;
      rules.publications.push_back({std::string(kind), entry.per_school ? "school" : scope_of(entry.who), by});
    }
  }
}

void add_duties(const PolicyPack& pack, AuditRules& rules) {
  for (const policy::Duty& duty : pack.duties) {
    if (duty.record.ends_with(".csv")) continue;
    rules.records.push_back({duty.id, scope_of(duty.who), duty.clause});
  }
}

// What the pack's conditions call for at each degree; where several hold, the one farthest from an ordinary class.
void add_placements(const PolicyPack& pack, AuditRules& rules) {
  constexpr std::array<std::string_view, 4> kDegrees{"mild", "moderate", "severe", "home_care"};
  constexpr std::array<std::string_view, 4> kWords{"mainstream", "special_school", "home_teaching", "deferred"};
  for (const std::string_view degree : kDegrees) {
    policy::Value facts = policy::Value::object();
    facts.set("disability", policy::Value::of(std::string(degree == "home_care" ? "severe" : degree)));
    facts.set("needs_home_care", policy::Value::of(degree == "home_care"));
    int farthest = -1;
    for (const policy::Placement& placement : pack.placements) {
      const std::string& logic = placement.when.logic;
      const bool holds = logic.empty() || is_truthy(policy::Logic::compile(logic).apply(facts).value);
      if (holds) farthest = std::max(farthest, static_cast<int>(placement.kind));
    }
    if (farthest < 0) continue;
    rules.placements.push_back({std::string(degree), std::string(kWords.at(static_cast<std::size_t>(farthest)))});
  }
}

void add_roster_counts(const PolicyPack& pack, AuditRules& rules) {
  for (const policy::Ledger& ledger : pack.ledgers) {
    rules.dropout.roster_checks = std::max(rules.dropout.roster_checks, ledger.roster_checks);
    rules.dropout.roster_comparisons = std::max(rules.dropout.roster_comparisons, ledger.roster_comparisons);
  }
}

void add_uses(const PolicyPack& pack, AuditRules& rules) {
  for (const policy::Check& ban : pack.bans) {
    rules.uses.push_back({ban.audit.empty() ? "incidents" : ban.audit, ban.clause, ban.id});
  }
  for (const policy::Checklist& list : pack.checklists) {
    for (const policy::Check& check : list.checks) {
      if (check.audit.empty()) continue;
      rules.uses.push_back({check.audit, check.clause, ""});
    }
  }
}

}  // namespace

AuditRules audit_rules(const PolicyPack& pack) {
  AuditRules rules;
  add_uses(pack, rules);
  for (const policy::Window& window : pack.calendar.windows) {
    if (for_registration(window.kind)) add_window(pack, window, rules);
  }
  add_channels(pack, rules);
  for (const policy::Choice& choice : pack.private_schools.choices) {
    rules.no_double_filing = rules.no_double_filing || choice.excludes_public;
  }
  add_caps(pack, rules);
  add_age(pack, rules);
  add_draws(pack, rules);
  add_publications(pack, rules);
  add_duties(pack, rules);
  add_placements(pack, rules);
  add_roster_counts(pack, rules);
  for (const policy::AdmissionNotice& notice : pack.notices) {
    if (notice.by) rules.notified_by = notice.by->day;
  }
  for (const policy::RecommendedQuota& quota : pack.recommended_quotas) {
    if (rules.exceptions.junior_cap == 0) continue;
    rules.recommended_pupils = std::max(rules.recommended_pupils, 0) + quota.classes * rules.exceptions.junior_cap;
  }
  return rules;
}

}  // namespace catchment::engine::admission
