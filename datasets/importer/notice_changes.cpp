#include "datasets/importer/notice_changes.hpp"

#include <algorithm>
#include <map>

#include "geo/address/similar.hpp"

namespace catchment::datasets {
namespace {

using engine::ZoneRow;
using engine::zone_text::ClauseChange;
using engine::zone_text::ClauseDiff;
using engine::zone_text::Finding;
using engine::zone_text::LintRow;
using engine::zone_text::WordDiff;
using Severity = NoticeFinding::Severity;

constexpr std::size_t kCandidates = 3;

struct FieldOf {
  const char* name;
  std::string (*text)(const ZoneRow&);
};
constexpr FieldOf kFields[]{
    {"text", [](const ZoneRow& r) { return r.text; }},
    {"school", [](const ZoneRow& r) { return r.school_id; }},
    {"campus", [](const ZoneRow& r) { return r.campus; }},
    {"notice", [](const ZoneRow& r) { return r.notice_id; }},
    {"classes", [](const ZoneRow& r) { return r.classes ? std::to_string(*r.classes) : std::string(); }},
    {"phone", [](const ZoneRow& r) { return r.phone; }},
    {"remark", [](const ZoneRow& r) { return r.remark; }},
    {"zone", [](const ZoneRow& r) { return r.zone_id; }},
    {"place", [](const ZoneRow& r) { return r.place; }},
};

std::vector<LintRow> lint_rows(const std::vector<ZoneRow>& rows) {
  std::vector<LintRow> out;
  for (const ZoneRow& row : rows) {
    LintRow lint;
    lint.school_id = row.id;
    lint.text = row.text;
    out.push_back(std::move(lint));
  }
  return out;
}

Severity severity_of(const Finding& finding) {
  // An error in a published text is the bureau's to mend; the row is taken as it was published.
  return severity_of(finding.kind) == engine::zone_text::Severity::note ? Severity::note : Severity::warning;
}

// "凤 for 风" for every pair, if the two pieces differ in look-alike characters only.
std::string look_alikes_between(std::string_view before, std::string_view after) {
  const std::u32string a = characters_of(before);
  const std::u32string b = characters_of(after);
  if (a.size() != b.size() || a.empty()) return "";
  if (look_alike_distance(a, b) > 0.5 * static_cast<double>(a.size())) return "";
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto alike = geo::look_alikes(a[i]);
    if (a[i] != b[i] && std::u32string_view(alike).find(b[i]) == std::u32string_view::npos) return "";
  }
  return std::string(after) + " for " + std::string(before);
}

}  // namespace

std::vector<NoticeRowChange> compare_rows(const std::vector<ZoneRow>& before, const std::vector<ZoneRow>& after,
                                          const SchoolBook& book) {
  std::map<std::string, std::pair<const ZoneRow*, const ZoneRow*>> rows;
  for (const ZoneRow& row : before) rows[row.id].first = &row;
  for (const ZoneRow& row : after) rows[row.id].second = &row;
  std::vector<NoticeRowChange> changes;
  for (const auto& [id, pair] : rows) {
    const ZoneRow& told = pair.second != nullptr ? *pair.second : *pair.first;
    const engine::School* school = book.find_id(told.school_id);
    NoticeRowChange change;
    change.change = pair.first == nullptr    ? RowChange::added
                    : pair.second == nullptr ? RowChange::removed
                                             : RowChange::changed;
    change.row_id = id;
    change.school = (school != nullptr ? school->name : told.school_id) + told.campus;
    change.place = told.place;
    for (const FieldOf& field : kFields) {
      std::string was = pair.first != nullptr ? field.text(*pair.first) : "";
      std::string is = pair.second != nullptr ? field.text(*pair.second) : "";
      if (was != is) change.fields.push_back({field.name, std::move(was), std::move(is)});
    }
    if (!change.fields.empty()) changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<ClauseDiff> compare_clauses(const std::vector<ZoneRow>& before, const std::vector<ZoneRow>& after,
                                        const geo::NameLexicon& names) {
  return engine::zone_text::diff_clauses(lint_rows(before), lint_rows(after), &names);
}

std::vector<NoticeFinding> find_copy_mistakes(const std::vector<ClauseDiff>& clauses,
                                              const std::vector<ZoneRow>& rows) {
  std::vector<NoticeFinding> findings;
  const auto add = [&](const ClauseDiff& clause, const char* code, std::string message) {
    const auto row = std::ranges::find(rows, clause.school_id, &ZoneRow::id);
    findings.push_back({Severity::warning,
                        code,
                        row == rows.end() ? "" : row->place,
                        "zone",
                        clause.school_id,
                        clause.after,
                        std::move(message),
                        {}});
  };
  for (const ClauseDiff& clause : clauses) {
    if (clause.change == ClauseChange::moved) {
      add(clause, "clause_moved",
          "the clause stood in the row " + clause.from_school_id + " before: moved on purpose, or copied into the " +
              "wrong row?");
    }
    for (std::size_t i = 0; i + 1 < clause.words.size(); ++i) {
      const WordDiff& removed = clause.words[i];
      const WordDiff& added = clause.words[i + 1];
      if (removed.kind != WordDiff::Kind::removed || added.kind != WordDiff::Kind::added) continue;
      const std::string pair = look_alikes_between(removed.text, added.text);
      if (!pair.empty()) add(clause, "look_alike", pair + ": renamed, or a character misread?");
    }
  }
  return findings;
}

std::vector<NoticeFinding> find_in_words(const ZoneRow& row, const engine::zone_text::CompiledText& compiled,
                                         const geo::Gazetteer& names) {
  std::vector<NoticeFinding> findings;
  for (const Finding& finding : compiled.findings) {
    NoticeFinding found{severity_of(finding),
                        std::string(to_word(finding.kind)),
                        row.place,
                        "zone",
                        row.id,
                        finding.quote,
                        finding.message,
                        finding.candidates};
    if (!finding.proposal.empty()) found.message += " (" + finding.proposal + ")";
    if (finding.kind == engine::zone_text::FindingKind::unknown_name && found.candidates.empty()) {
      for (const geo::NameHit& hit : names.find_names(finding.quote, true)) {
        std::string name(names.thing(hit.name).name);
        if (std::ranges::find(found.candidates, name) == found.candidates.end()) {
          found.candidates.push_back(std::move(name));
        }
        if (found.candidates.size() == kCandidates) break;
      }
    }
    findings.push_back(std::move(found));
  }
  return findings;
}

}  // namespace catchment::datasets
