#include "engine/zone_text/lint.hpp"

#include <algorithm>
#include <tuple>

#include "engine/zone_text/linting/lint_parts.hpp"
#include "engine/zone_text/linting/row_workers.hpp"

namespace catchment::engine::zone_text {
namespace {

void append(std::vector<Finding>& to, std::vector<Finding> more) { std::ranges::move(more, std::back_inserter(to)); }

// The compiler's findings and the duplicates, which the compiler tells without their numbers: once.
std::vector<Finding> take_findings(CompiledText& text, std::size_t row) {
  std::vector<Finding> findings = std::move(text.findings);
  text.findings.clear();
  std::vector<Finding> duplicates = find_duplicates(text, row);
  std::erase_if(findings, [&](const Finding& f) {
    return f.kind == FindingKind::duplicate && std::ranges::any_of(duplicates, [&](const Finding& d) {
             return d.span.begin < f.span.end && f.span.begin < d.span.end;
           });
  });
  append(findings, std::move(duplicates));
  return findings;
}

bool comes_before(const Finding& a, const Finding& b) {
  return std::tie(a.row, a.span.begin, a.span.end, a.kind, a.message) <
         std::tie(b.row, b.span.begin, b.span.end, b.kind, b.message);
}

// By row, then span; nothing twice.
void put_in_order(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, comes_before);
  const auto same = [](const Finding& a, const Finding& b) {
    return a.row == b.row && a.span == b.span && a.kind == b.kind && a.message == b.message;
  };
  findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
}

}  // namespace

std::string label_of(const LintRow& row) { return row.school_name.empty() ? row.school_id : row.school_name; }

std::string quote_of(const CompiledText& text, Span span) {
  constexpr std::size_t kMostCharacters = 60;
  const std::string_view words = std::string_view(text.tree.text).substr(span.begin, span.end - span.begin);
  std::size_t characters = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if ((static_cast<unsigned char>(words[i]) & 0xc0u) == 0x80u) continue;
    if (++characters > kMostCharacters) return std::string(words.substr(0, i)) + "…";
  }
  return std::string(words);
}

std::vector<CompiledText> compile_rows(std::span<const LintRow> rows, const Ground& ground,
                                       const LintOptions& options) {
  std::vector<CompiledText> texts(rows.size());
  const bool finished = for_each_row(rows.size(), options, 0, 2 * rows.size(),
                                     [&](std::size_t i) { texts[i] = compile_row(rows[i], ground); });
  if (!finished) return {};
  resolve_references(texts, rows, options.pool, ground);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (Finding& f : texts[i].findings) f.row = i;
  }
  return texts;
}

LintReport lint(std::span<const LintRow> rows, const Ground& ground, const LintOptions& options) {
  LintReport report;
  report.rows = compile_rows(rows, ground, options);
  if (report.rows.size() != rows.size()) {
    report.cancelled = true;
    return report;
  }
  const auto answers = NoticeAnswers::build(report.rows, ground.names(), options);
  if (!answers) {
    LintReport stopped;
    stopped.cancelled = true;
    return stopped;
  }
  std::vector<Finding>& findings = report.findings;
  for (std::size_t i = 0; i < rows.size(); ++i) append(findings, take_findings(report.rows[i], i));
  const JointStatements joint(rows, report.rows, ground);
  append(findings, find_same_texts(rows, report.rows, joint));
  const Notice notice{rows, report.rows, ground, joint, *answers};
  append(findings, find_disputes(notice, report));
  append(findings, find_word_disputes(notice));
  propose_mends(findings, report.rows, ground);
  put_in_order(findings);
  return report;
}

}  // namespace catchment::engine::zone_text
