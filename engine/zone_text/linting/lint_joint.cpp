#include <algorithm>
#include <map>

#include "engine/zone_text/linting/lint_parts.hpp"
#include "engine/zone_text/school_names.hpp"

namespace catchment::engine::zone_text {
namespace {

bool speaks_of_sharing(AllocationMode mode) { return mode != AllocationMode::direct; }

JointStatements::Item make_item(const Item& item, const geo::Gazetteer& names) {
  JointStatements::Item out;
  for (const geo::NameHit& hit : names.find_names(item.name.text)) out.names.push_back(hit.name);
  out.numbers = item.numbers;
  out.span = item.span;
  return out;
}

bool overlap(Span a, Span b) { return a.begin < b.end && b.begin < a.end; }

}  // namespace

JointStatements::JointStatements(std::span<const LintRow> rows, std::span<const CompiledText> texts,
                                 const Ground& ground)
    : texts_(texts), names_(&ground.names()), statements_(rows.size()) {
  const SchoolNames schools(rows);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    words_.push_back(geo::name_key(rows[r].text));
    for (const Allocation& allocation : texts[r].allocations) {
      if (!speaks_of_sharing(allocation.mode)) continue;
      Statement& statement = statements_[r].emplace_back();
      statement.joint = allocation.mode == AllocationMode::joint;
      statement.names_nobody = allocation.partners.empty();
      for (const Name& name : allocation.partners) {
        statement.partners.push_back(schools.may_mean(name.text));
        statement.span = name.span;
      }
      for (const zone_text::Item& item : allocation.items) {
        statement.items.push_back(make_item(item, ground.names()));
        if (allocation.partners.empty()) statement.span = item.span;
      }
    }
    add_references(r, rows, texts[r]);
  }
}

// 同乙小学 says that the school shares what it takes from there with whoever has it; 原 does not.
void JointStatements::add_references(std::size_t row, std::span<const LintRow> rows, const CompiledText& text) {
  for (std::size_t i = 0; i < text.references.size(); ++i) {
    if (text.references[i].zone.former) continue;
    Statement statement;
    for (const BorrowedZone& zone : text.borrowed) {
      if (zone.reference != i) continue;
      std::vector<std::size_t>& partner = statement.partners.emplace_back();
      for (std::size_t r = 0; r < rows.size(); ++r) {
        if (rows[r].school_id == zone.school_id) partner.push_back(r);
      }
    }
    if (statement.partners.empty()) continue;
    statement.span = text.references[i].span;
    statement.items.push_back({{}, {}, statement.span});
    statements_[row].push_back(std::move(statement));
  }
}

bool JointStatements::covers(const Statement& statement, const RowVerdict& by, const geo::EntryPath& path) const {
  if (statement.items.empty()) return true;
  const CompiledText& text = texts_[by.row];
  const Span decided = by.rule == kNoRule ? Span{} : text.rules[by.rule].span;
  return std::ranges::any_of(statement.items, [&](const Item& item) {
    const bool named = overlap(item.span, decided) || std::ranges::any_of(item.names, [&](geo::NameId name) {
                         return lies_under(*names_, path, name);
                       });
    return named && (item.numbers.empty() ||
                     std::ranges::any_of(item.numbers, [&](const NumberRange& range) { return holds(range, path); }));
  });
}

bool JointStatements::declared(const RowVerdict& by, std::size_t with, const geo::EntryPath& path) const {
  return std::ranges::any_of(statements_[by.row], [&](const Statement& s) {
    const bool meant = s.names_nobody || std::ranges::any_of(s.partners, [&](const auto& rows) {
                         return std::ranges::binary_search(rows, with);
                       });
    return meant && covers(s, by, path);
  });
}

bool JointStatements::declared(std::size_t by, std::size_t with) const {
  return std::ranges::any_of(statements_[by], [&](const Statement& s) {
    return s.names_nobody ||
           std::ranges::any_of(s.partners, [&](const auto& rows) { return std::ranges::binary_search(rows, with); });
  });
}

std::vector<Finding> find_same_texts(std::span<const LintRow> rows, std::span<const CompiledText> texts,
                                     const JointStatements& joint) {
  const auto gives_a_place = [](const Clause& clause) {
    return std::holds_alternative<Region>(clause.what) || std::holds_alternative<Addresses>(clause.what) ||
           std::holds_alternative<ZoneReference>(clause.what);
  };
  std::map<std::string, std::vector<std::size_t>> by_text;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (std::ranges::none_of(texts[r].tree.clauses, gives_a_place)) continue;
    by_text[geo::name_key(rows[r].text)].push_back(r);
  }
  std::vector<Finding> found;
  for (const auto& [text, same] : by_text) {
    for (std::size_t i = 1; i < same.size(); ++i) {
      const std::size_t first = same[0];
      const std::size_t r = same[i];
      if (rows[first].school_id == rows[r].school_id) continue;
      if (joint.declared(first, r) || joint.declared(r, first)) continue;
      Finding& f = found.emplace_back();
      f.kind = FindingKind::same_text;
      f.row = r;
      f.span = {0, static_cast<std::uint32_t>(rows[r].text.size())};
      f.quote = quote_of(texts[r], f.span);
      f.message = label_of(rows[r]) + " has the same words as " + label_of(rows[first]) +
                  ", and neither says that they share a zone.";
      f.proposal = "If it is one zone, write （与" + label_of(rows[first]) + "共同学区） here and （与" +
                   label_of(rows[r]) + "共同学区） there; else mend one of the two.";
      f.candidates = {rows[first].school_id, rows[r].school_id};
    }
  }
  return found;
}

}  // namespace catchment::engine::zone_text
