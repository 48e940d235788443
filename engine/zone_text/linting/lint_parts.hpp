// The parts of lint(): each looks at one kind of mistake and returns its findings in no order.
#pragma once

#include <span>
#include <vector>

#include "engine/zone_text/lint.hpp"
#include "engine/zone_text/linting/notice_answers.hpp"

namespace catchment::engine::zone_text {

// One thing named twice in one row, whole or in part: 泰兴一横1-12号；泰兴一横1-12号.
std::vector<Finding> find_duplicates(const CompiledText& text, std::size_t row);

// What the rows declare to share: joint zones, and every other allocation that is not direct.
class JointStatements {
 public:
  JointStatements(std::span<const LintRow> rows, std::span<const CompiledText> texts, const Ground& ground);

  // Whether the row `by` says that it shares this address, or anything at all without an address, with the school of
  // `with`.
  bool declared(std::size_t by, std::size_t with) const;
  bool declared(const RowVerdict& by, std::size_t with, const geo::EntryPath& path) const;

  struct Item {
    std::vector<geo::NameId> names;  // what it may be
    std::vector<NumberRange> numbers;
    Span span;
  };
  struct Statement {
    std::vector<std::vector<std::size_t>> partners;  // rows of each school named; an empty one: not in this notice
    std::vector<Item> items;                         // empty: the whole row
    Span span;
    bool names_nobody = false;  // shared with whoever has the address too
    bool joint = false;         // a joint zone: the partner must have it too
  };
  const std::vector<Statement>& of(std::size_t row) const { return statements_[row]; }
  // Rows with the same words are told once, as such, not address by address.
  bool same_words(std::size_t a, std::size_t b) const { return words_[a] == words_[b]; }
  // Whether the statement speaks of the address that the row answered by `by`.
  bool covers(const Statement& statement, const RowVerdict& by, const geo::EntryPath& path) const;

 private:
  void add_references(std::size_t row, std::span<const LintRow> rows, const CompiledText& text);

  std::span<const CompiledText> texts_;
  const geo::Gazetteer* names_;
  std::vector<std::vector<Statement>> statements_;  // per row
  std::vector<std::string> words_;                  // per row, folded
};

// Two schools with one text and no joint-zone statement.
std::vector<Finding> find_same_texts(std::span<const LintRow> rows, std::span<const CompiledText> texts,
                                     const JointStatements& joint);

struct Notice {
  std::span<const LintRow> rows;
  std::span<const CompiledText> texts;
  const Ground& ground;
  const JointStatements& joint;
  const NoticeAnswers& answers;
};

// Addresses in several schools or in none, by pairs of clauses or by street; those on a street or in a community that
// several schools name are `not_complementary`. Fills the counts of the report.
std::vector<Finding> find_disputes(const Notice& notice, LintReport& counts);

// Numbers that two schools' words both give, or that one excludes and nobody takes, although no address bears them; and
// joint zones that the partner does not know of.
std::vector<Finding> find_word_disputes(const Notice& notice);

// Fills what the compiler left open: the likely name for an unknown one, the direction for a contradicting label.
void propose_mends(std::vector<Finding>& findings, std::span<const CompiledText> texts, const Ground& ground);

// How messages call a row's school.
std::string label_of(const LintRow& row);
// Quote of a span, cut at 60 characters.
std::string quote_of(const CompiledText& text, Span span);

}  // namespace catchment::engine::zone_text
