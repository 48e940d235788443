#include "engine/zone_text/diff.hpp"

#include <algorithm>
#include <map>

#include "engine/zone_text/linting/notice_answers.hpp"
#include "engine/zone_text/parse.hpp"

namespace catchment::engine::zone_text {
namespace {

using geo::EntryId;

// What one notice says of one address: school ids, sorted.
struct Schools {
  std::vector<std::string> in;
  std::vector<std::string> maybe;

  friend bool operator==(const Schools&, const Schools&) = default;
};

Schools schools_of(std::span<const RowVerdict> said, std::span<const LintRow> rows) {
  Schools out;
  for (const RowVerdict& v : said) {
    if (v.verdict == Verdict::in) out.in.push_back(rows[v.row].school_id);
    if (v.verdict == Verdict::undetermined) out.maybe.push_back(rows[v.row].school_id);
  }
  for (std::vector<std::string>* list : {&out.in, &out.maybe}) {
    std::ranges::sort(*list);
    list->erase(std::unique(list->begin(), list->end()), list->end());
  }
  std::erase_if(out.maybe, [&](const std::string& id) { return std::ranges::binary_search(out.in, id); });
  return out;
}

// Rows of `a` that `b` has not, word for word and with the same seeds, and those that refer to another school's zone:
// that may have changed. The others in `kept`.
std::vector<LintRow> changed_rows(std::span<const LintRow> a, std::span<const LintRow> b, const Ground& ground,
                                  std::vector<LintRow>* kept = nullptr) {
  const auto key = [](const LintRow& row) { return std::tie(row.school_id, row.text, row.seeds, row.within); };
  std::vector<const LintRow*> others;
  for (const LintRow& row : b) others.push_back(&row);
  std::ranges::sort(others, [&](const LintRow* x, const LintRow* y) { return key(*x) < key(*y); });
  std::vector<LintRow> out;
  for (const LintRow& row : a) {
    const bool same = std::ranges::binary_search(others, key(row), {}, [&](const LintRow* r) { return key(*r); });
    if (!same || has_reference(parse_zone_text(row.text, {&ground.lexicon(), row.school_name}))) {
      out.push_back(row);
    } else if (kept != nullptr) {
      kept->push_back(row);
    }
  }
  return out;
}

struct Answered {
  std::vector<LintRow> rows;
  std::vector<CompiledText> texts;
  std::optional<NoticeAnswers> answers;
};

// False if cancelled.
bool ask(Answered& notice, const Ground& ground, LintOptions options, std::span<const LintRow> others,
         std::span<const char> only) {
  options.pool.others = others;
  notice.texts = compile_rows(notice.rows, ground, options);
  if (notice.texts.size() != notice.rows.size()) return false;
  notice.answers = NoticeAnswers::build(notice.texts, ground.names(), options, only);
  return notice.answers.has_value();
}

// Only the rows that changed can move an address; the others are asked about those addresses alone, once.
bool find_moved(std::span<const LintRow> before, std::span<const LintRow> after, const Ground& ground,
                const LintOptions& options, std::vector<AddressDiff>& out) {
  Answered kept{{}, {}, {}};  // the same in both, and without references
  Answered old{changed_rows(before, after, ground, &kept.rows), {}, {}};
  Answered now{changed_rows(after, before, ground), {}, {}};
  if (!ask(old, ground, options, kept.rows, {}) || !ask(now, ground, options, kept.rows, {})) return false;
  std::vector<char> moved(ground.names().entry_count(), 0);
  bool any = false;
  for (EntryId id = 0; id < moved.size(); ++id) {
    if (schools_of(old.answers->of(id), old.rows) == schools_of(now.answers->of(id), now.rows)) continue;
    moved[id] = 1;
    any = true;
  }
  if (!any) return true;
  if (!ask(kept, ground, options, {}, moved)) return false;
  for (EntryId id = 0; id < moved.size(); ++id) {
    if (moved[id] == 0) continue;
    const auto together = [&](const Answered& part) {
      Schools s = schools_of(part.answers->of(id), part.rows);
      const Schools k = schools_of(kept.answers->of(id), kept.rows);
      s.in.insert(s.in.end(), k.in.begin(), k.in.end());
      s.maybe.insert(s.maybe.end(), k.maybe.begin(), k.maybe.end());
      for (auto* list : {&s.in, &s.maybe}) {
        std::ranges::sort(*list);
        list->erase(std::unique(list->begin(), list->end()), list->end());
      }
      std::erase_if(s.maybe, [&](const std::string& x) { return std::ranges::binary_search(s.in, x); });
      return s;
    };
    Schools a = together(old), b = together(now);
    if (a == b) continue;
    out.push_back({id, std::move(a.in), std::move(b.in), std::move(a.maybe), std::move(b.maybe)});
  }
  return true;
}

}  // namespace

NoticeDiff diff(std::span<const LintRow> before, std::span<const LintRow> after, const Ground& ground,
                const LintOptions& options) {
  NoticeDiff out;
  out.clauses = diff_clauses(before, after, &ground.lexicon());
  if (!find_moved(before, after, ground, options, out.addresses)) {
    out = {};
    out.cancelled = true;
  }
  return out;
}

}  // namespace catchment::engine::zone_text
