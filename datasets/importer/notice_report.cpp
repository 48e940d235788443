#include <algorithm>
#include <nlohmann/json.hpp>

#include "datasets/importer/notice.hpp"

namespace catchment::datasets {
namespace {

using engine::zone_text::ClauseChange;
using engine::zone_text::ClauseDiff;
using engine::zone_text::WordDiff;
using Json = nlohmann::ordered_json;

constexpr std::size_t kShownFindings = 40;
constexpr std::size_t kShownRows = 60;
constexpr std::size_t kShownClauses = 120;

const char* kind_word(WordDiff::Kind kind) {
  return kind == WordDiff::Kind::kept ? "kept" : kind == WordDiff::Kind::removed ? "removed" : "added";
}

Json to_json(const NoticeFinding& finding) {
  return {{"severity", to_word(finding.severity)},
          {"code", finding.code},
          {"place", finding.place},
          {"field", finding.field},
          {"row", finding.row_id},
          {"quote", finding.quote},
          {"message", finding.message},
          {"candidates", finding.candidates}};
}

Json to_json(const NoticeRowChange& change) {
  Json fields = Json::array();
  for (const auto& field : change.fields) {
    fields.push_back({{"field", field.name}, {"before", field.before}, {"after", field.after}});
  }
  return {{"change", to_word(change.change)},
          {"row", change.row_id},
          {"school", change.school},
          {"place", change.place},
          {"fields", std::move(fields)}};
}

Json to_json(const ClauseDiff& clause) {
  Json words = Json::array();
  for (const WordDiff& word : clause.words) words.push_back({{kind_word(word.kind), word.text}});
  return {{"change", to_word(clause.change)}, {"row", clause.school_id}, {"from_row", clause.from_school_id},
          {"before", clause.before},          {"after", clause.after},   {"words", std::move(words)}};
}

template <class Items>
Json to_json_list(const Items& items) {
  Json list = Json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return list;
}

std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

// 柳岚[-凤-]{+风+}路
std::string marked(const ClauseDiff& clause) {
  std::string out;
  for (const WordDiff& word : clause.words) {
    const bool removed = word.kind == WordDiff::Kind::removed;
    const bool added = word.kind == WordDiff::Kind::added;
    out.append(removed ? "[-" : added ? "{+" : "").append(word.text).append(removed ? "-]" : added ? "+}" : "");
  }
  return one_line(out);
}

std::string clause_text(const ClauseDiff& clause) {
  switch (clause.change) {
    case ClauseChange::added:
      return "+ " + one_line(clause.after);
    case ClauseChange::removed:
      return "- " + one_line(clause.before);
    case ClauseChange::moved:
      return "> " + one_line(clause.after) + " (from " + clause.from_school_id + ")";
    case ClauseChange::reworded:
      break;
  }
  return "~ " + (clause.words.empty() ? one_line(clause.before + " -> " + clause.after) : marked(clause));
}

void append_more(std::string& out, std::size_t all, std::size_t shown, const char* what) {
  if (all > shown) out += "  and " + std::to_string(all - shown) + " more " + what + " (--json lists them)\n";
}

void append_findings(std::string& out, const std::vector<NoticeFinding>& findings) {
  // The worst first; the JSON keeps the order of the file.
  std::vector<const NoticeFinding*> order;
  for (const NoticeFinding& finding : findings) order.push_back(&finding);
  std::ranges::stable_sort(order, std::ranges::greater(), [](const NoticeFinding* f) { return f->severity; });
  const std::size_t shown = std::min(order.size(), kShownFindings);
  for (std::size_t i = 0; i < shown; ++i) {
    const NoticeFinding& f = *order[i];
    out.append("  ").append(to_word(f.severity)).append(" ").append(f.place);
    if (!f.row_id.empty()) out.append(" (").append(f.row_id).append(")");
    if (!f.quote.empty()) out.append(" ").append(one_line(f.quote));
    out.append(": ").append(f.message);
    for (std::size_t k = 0; k < f.candidates.size(); ++k) {
      out.append(k == 0 ? "; like " : ", ").append(f.candidates[k]);
    }
    out.append(" [").append(f.code).append("]\n");
  }
  append_more(out, order.size(), shown, "findings");
}

void append_changes(std::string& out, const NoticeReport& report) {
  // A row that only moved down the file is told in the JSON.
  std::vector<const NoticeRowChange*> rows;
  for (const NoticeRowChange& change : report.changes) {
    if (change.fields.size() > 1 || change.fields.front().name != "place") rows.push_back(&change);
  }
  const std::size_t shown = std::min(rows.size(), kShownRows);
  for (std::size_t i = 0; i < shown; ++i) {
    const NoticeRowChange& change = *rows[i];
    out.append("  ").append(to_word(change.change)).append(" ").append(change.row_id).append(" ");
    out.append(change.school).append(", ").append(change.place).append("\n");
    if (change.change != RowChange::changed) continue;
    for (const auto& field : change.fields) {
      if (field.name == "text") continue;
      out.append("    ").append(field.name).append(": ").append(one_line(field.before)).append(" -> ");
      out.append(one_line(field.after)).append("\n");
    }
  }
  append_more(out, rows.size(), shown, "rows");
  if (rows.size() < report.changes.size()) {
    out += "  " + std::to_string(report.changes.size() - rows.size()) + " rows only stand elsewhere in the file\n";
  }
  const std::size_t clauses = std::min(report.clauses.size(), kShownClauses);
  for (std::size_t i = 0; i < clauses; ++i) {
    out.append("    ").append(report.clauses[i].school_id).append(" ");
    out.append(clause_text(report.clauses[i])).append("\n");
  }
  append_more(out, report.clauses.size(), clauses, "clauses");
}

std::string verdict(const NoticeReport& report) {
  if (report.cancelled) return "cancelled, nothing was written";
  if (report.blocked) {
    return "rows cannot be taken: mend the file, or write the others with --partial; nothing was written";
  }
  if (report.digest.empty()) return "nothing changes";
  if (report.written) return "written";
  return "nothing was written; to write just this: --confirm " + report.digest;
}

}  // namespace

std::string to_json(const NoticeReport& report) {
  Json json{{"package", report.package},
            {"file", report.file},
            {"sha256", report.sha256},
            {"encoding", report.encoding},
            {"layer", engine::to_text(report.layer)},
            {"notice",
             {{"id", report.notice.id},
              {"title", report.notice.title},
              {"bureau", report.notice.bureau},
              {"published", report.notice.published},
              {"url", report.notice.url},
              {"phone", report.notice.phone}}},
            {"source", report.source},
            {"rows",
             {{"read", report.rows},
              {"added", report.count(RowChange::added)},
              {"changed", report.count(RowChange::changed)},
              {"removed", report.count(RowChange::removed)},
              {"unchanged", report.unchanged},
              {"with_area", report.with_area},
              {"linked", report.linked}}}};
  json["changes"] = to_json_list(report.changes);
  json["clauses"] = to_json_list(report.clauses);
  json["zones"] = Json::array();
  for (const DerivedZoneChange& zone : report.zones) {
    json["zones"].push_back({{"change", to_word(zone.change)}, {"zone", zone.zone_id}, {"area_m2", zone.area_m2}});
  }
  json["findings"] = to_json_list(report.findings);
  json["digest"] = report.digest;
  json["blocked"] = report.blocked;
  json["written"] = report.written;
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string to_text(const NoticeReport& report) {
  std::string out = report.file + " (" + report.encoding + ") -> " + report.package + ", " +
                    engine::to_text(report.layer) + ", notice " + report.notice.id + "\n";
  const auto count = [&](std::size_t value, const char* word) {
    if (value != 0) out.append(", ").append(std::to_string(value)).append(" ").append(word);
  };
  out += "  rows: " + std::to_string(report.rows) + " read";
  count(report.count(RowChange::added), "added");
  count(report.count(RowChange::changed), "changed");
  count(report.count(RowChange::removed), "removed");
  count(report.unchanged, "unchanged");
  count(report.with_area, "with an area");
  count(report.linked, "linked to a zone that is there");
  out += "\n";
  if (report.notice_changed) out += "  the notice itself: " + report.notice.title + "\n";
  append_findings(out, report.findings);
  append_changes(out, report);
  for (const DerivedZoneChange& zone : report.zones) {
    out.append("  zone ").append(zone.zone_id).append(" ").append(to_word(zone.change)).append("\n");
  }
  return out + "  " + verdict(report);
}

}  // namespace catchment::datasets
