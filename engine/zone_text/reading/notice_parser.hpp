// The recursive-descent parser over a notice's tokens. One class, one file for each kind of thing it reads:
// notice_lines (boundaries), notice_regions, notice_items (address lists), notice_numbers, notice_modifiers (brackets
// and conditions), notice_schools (feeders, allocation). Every reader looks ahead at most to the end of its sentence,
// takes what it reads token by token, and never goes back over a token it took; what nobody took becomes Unread at the
// end.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "engine/zone_text/reading/notice_tokens.hpp"

namespace catchment::engine::zone_text {

class NoticeParser {
 public:
  NoticeParser(std::string_view text, const ZoneTextContext& context);
  ZoneText run();
  std::size_t steps() const { return steps_ + list_.steps; }

 private:
  using Index = std::uint32_t;
  // Tokens. No look-ahead goes further: longer sentences are lists, whose items are read one by one.
  static constexpr Index kLookAhead = 160;

  // --- tokens (notice_parser.cpp) ---
  const Token& at(Index i) const { return list_.tokens[i]; }
  bool is(Index i, TokenKind kind) const { return at(i).kind == kind; }
  bool is_word(Index i, Word word) const { return at(i).kind == TokenKind::word && at(i).word == word; }
  bool is_name(Index i, NameClass what) const { return at(i).kind == TokenKind::name && at(i).what == what; }
  bool is_number(Index i) const { return is(i, TokenKind::number) || is(i, TokenKind::ordinal); }
  bool is_separator(Index i) const;
  std::string text_of(Index i) const { return list_.source.text(at(i).begin, at(i).end); }
  std::string text_between(Index first, Index end) const;
  std::u32string_view text32(Index first, Index end) const;
  Span span_of(Index first, Index end) const;  // of tokens [first, end)
  Name name_of(Index i) const { return {text_of(i), span_of(i, i + 1)}; }
  void take(Index i) { used_[i] = true; }
  void take(Index first, Index end);
  void untake(Index first, Index end);
  Index skip_bracket(Index i) const { return is(i, TokenKind::open) ? at(i).partner + 1 : i; }
  // First token in [i, end) outside brackets that is the word, or end.
  Index find_word(Index i, Index end, Word word) const;
  bool has_word(Index i, Index end, std::initializer_list<Word> words) const;
  // End of the sentence or piece that i stands in, brackets skipped.
  Index sentence_end(Index i, Index end) const { return std::min(sentence_end_[i], end); }
  Index piece_end(Index i, Index end) const { return std::min(piece_end_[i], end); }
  void find_ends();

  // --- clauses (notice_parser.cpp) ---
  void parse_sentences(Index end);
  Index parse_clause(Index i, Index end);
  Index parse_late_condition(Index i, Index end);
  Index skip_lead(Index i, Index end);
  Index absorb_tail(Index i, Index end);
  bool counts_things(Index i) const;
  Clause& add_clause(Index first, Index end, Clause clause);
  void untake_uncovered();
  void finish();

  // --- headings (notice_headings.cpp) ---
  Index parse_label(Index i, Index end);
  void set_prefix(Index i, Index end);
  bool ends_line(Index i) const;
  bool heads_list(Index i, Index end) const;
  Index own_zone_label(Index i, Index end) const;
  Index zone_statement(Index i, Index end) const;
  Index parse_heading_line(Index i, Index end);
  Index parse_late_words(Index i, Index end);

  // --- boundaries (notice_lines.cpp) ---
  void find_halves();
  bool half_at(Index i) const { return half_[i] == 1; }  // a boundary and 以西 stand here
  static LineKind line_kind(NameClass what, const std::string& text);
  std::optional<Line> parse_line(Index& i, Index end);
  LineExpr parse_line_expr(Index& i, Index end, std::vector<Frontage>& frontages);
  void parse_line_suffixes(Line& line, Index& i, Index end);
  bool parse_line_bracket(Line& line, Index& i);
  std::optional<Frontage> parse_frontage(Index open, const LineExpr& line);
  std::optional<Side> parse_half(Index& i, Index end);
  void parse_side_brackets(Side& side, Index& i, Index end);

  // --- regions (notice_regions.cpp) ---
  std::optional<Index> parse_region(Index i, Index end);
  Index parse_labelled_sides(Index i);
  void parse_labelled_side(Region& region, Compass label, Index& i, Index end);
  Index parse_half_planes(Index i, Index end);
  std::optional<Index> parse_walk(Index i, Index end);
  WalkStep parse_walk_step(Index& i, Index end);
  std::optional<Index> parse_ring(Index i, Index end);
  std::optional<Index> parse_pairs(Index i, Index end);
  Index parse_along(Index first, Index i, Index end, Side first_side);
  Index region_tail(Clause& clause, Index i, Index end);

  // --- addresses (notice_items.cpp) ---
  Index parse_addresses(Index i, Index end);
  std::vector<Item> parse_items(Index& i, Index end, bool top);
  std::pair<Index, Index> drop_doubtful(std::vector<Item>& items, Index first, Index i, Index end);
  std::optional<Item> parse_item(Index& i, Index end);
  bool heading_in_list(Index& i, Index end);
  bool item_name_holds(Index i) const;
  struct Family;  // notice_families.cpp
  bool parse_ordinal_family(Index& i, Index end, std::vector<Item>& out);
  bool family_head(Family& family, Index& k, Index end) const;
  bool family_members(Family& family, Index& k, Index end) const;
  bool family_items(Family& family, std::vector<Item>& items) const;
  void claim_members(const Family& family, Modifier& modifier, std::vector<Item>& items) const;
  bool clause_starts(Index k, Index i, Index end) const;
  void inherit_path(const std::vector<Item>& items, Item& item) const;
  void share_last_suffix(std::vector<Item>& items, std::size_t run);
  void share_suffix(std::vector<Item>& items, std::size_t first, std::string_view suffix, ItemKind kind);
  static ItemKind item_kind(NameClass what);
  static int level_of(NameClass what);
  // lists (notice_lists.cpp)
  void settle_bare_names(std::vector<Item>& items) const;
  bool known_community(const std::string& name) const;
  std::vector<Item> split_run_together(const Item& item) const;
  bool read_list_joint(Index& i, Index end, std::vector<Item>& items);
  bool glosses(const Item& item, Index open, const std::vector<Item>& inner) const;

  // --- numbers (notice_numbers.cpp) ---
  bool number_starts(Index i, Index end) const;
  void parse_numbers(Index& i, Index end, Item& item);
  std::optional<NumberRange> parse_range(Index& i, Index end);
  void parse_range_inside(NumberRange& range, Index& i, Index end);
  void parse_range_tail(NumberRange& range, Index& i, Index end);
  static void inherit_units(std::vector<NumberRange>& ranges, std::size_t first, const std::vector<bool>& typed);

  // --- brackets and conditions (notice_modifiers.cpp) ---
  void parse_item_brackets(Item& item, Index& i, Index end);
  void parse_item_bracket(Item& item, Index open);
  Modifier doubt_of(Index open) const;
  bool parse_number_bracket(Item& item, Index open);
  std::optional<Modifier> parse_condition(Index& i, Index end);
  std::optional<Modifier> parse_void_numbers(Index& i, Index end);
  Modifier parse_listed(ModifierKind kind, Index i, Index end);
  std::optional<Household> parse_household(Index i, Index end);
  Index household_end(Index i, Index end) const;
  std::optional<Modifier> parse_words_modifier(Index i, Index end);

  // --- schools and allocation (notice_schools.cpp) ---
  std::optional<Index> parse_feeder(Index i, Index end);
  std::optional<Index> parse_allocation(Index i, Index end);
  std::optional<Index> allocation_of_list(Index i, Index colon, Index end);
  AllocationMode mode_of(Index i, Index end) const;
  bool speaks_of_admission(Index i, Index end) const;
  bool holds_place(Index i, Index end) const;
  Index find_last_note(Index i, Index end) const;
  Index joint_heading(Index i, Index end) const;
  Index find_place(Index i, Index end) const;
  std::optional<Index> allocation_of_places(Index i, Index place, Index end);
  bool names_a_place(Index i, Index end) const;
  Index find_colon(Index i, Index end) const;
  std::optional<Index> parse_whole_group(Index i, Index end);
  std::optional<Index> parse_zone_reference(Index i, Index end);
  bool says_alike(Index i) const;
  static bool strip_same(std::string& school);
  // shared zones (notice_joint.cpp)
  enum class Whose : std::uint8_t { ours, theirs, unknown };
  Whose whose(const std::vector<Name>& partners) const;
  struct JointParts;
  bool parse_joint(Index& i, Index end, std::vector<Item>& items);
  bool parse_joint_part(Index& i, Index end, std::vector<Item>& items, JointParts& parts);
  static void settle_joint(JointParts& parts, std::vector<Item>& items);
  bool parse_joint_bracket(Index open, std::vector<Item>& items);
  bool parse_region_joint(Index open);
  bool only_schools(Index open) const;
  bool parse_school_bracket(Index open, std::vector<Item>& items);
  bool joint_tail_at(Index i, Index end) const;
  void parse_joint_tail(Index& i, Index end, std::vector<Item>& items);
  Index joint_end(Index i, Index end) const;
  std::vector<Item> items_above(Index& i, Index end, std::vector<Item>& items);
  std::vector<Name> parse_school_names(Index i, Index end);
  static void add_school_names(const std::string& text, Span span, std::vector<Name>& names);

  TokenList list_;
  const geo::NameLexicon* lexicon_;
  std::string school_;  // the row's own, as whose() compares it; may be empty
  std::vector<bool> used_;
  std::vector<std::uint8_t> half_;
  std::vector<Clause> clauses_;
  std::vector<std::uint32_t> sentence_end_;
  std::vector<std::uint32_t> piece_end_;
  std::vector<bool> in_bracket_;
  std::vector<Clause> pending_;    // allocations read within an address list, to stand behind it
  std::vector<Name> line_within_;  // what a boundary's name says it lies in: 柳湾社区云杉路以西
  std::vector<Modifier> loose_;    // conditions read in the brackets of a boundary: the region's
  std::vector<Name> prefix_;       // district or town that the items of the following sentences lie in
  std::optional<Item> street_;     // 番禺路：, whose numbers follow
  std::string campus_;
  Index skip_taken_ = 0;       // behind what parse_words_modifier read
  bool range_typed_ = false;   // whether the range read last named its unit
  std::optional<Index> lead_;  // where words that lead the next clause begin
  std::size_t depth_ = 0;      // of brackets
  mutable std::size_t steps_ = 0;
};

}  // namespace catchment::engine::zone_text
