// Tokens, sentences and what kind of clause each begins.
#include "engine/zone_text/reading/notice_parser.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {

namespace {

bool is_punctuation(TokenKind kind) {
  switch (kind) {
    case TokenKind::open:
    case TokenKind::close:
    case TokenKind::comma:
    case TokenKind::pause:
    case TokenKind::stop:
    case TokenKind::colon:
    case TokenKind::dash:
    case TokenKind::list_head:
    case TokenKind::quote:
    case TokenKind::blank:
    case TokenKind::end:
      return true;
    default:
      return false;
  }
}

}  // namespace

NoticeParser::NoticeParser(std::string_view text, const ZoneTextContext& context)
    : list_(tokenize(text, context)), lexicon_(context.names), school_(geo::name_key(context.school)) {
  used_.assign(list_.tokens.size(), false);
  find_ends();
  find_halves();
}

bool NoticeParser::is_separator(Index i) const {
  const TokenKind kind = at(i).kind;
  return kind == TokenKind::comma || kind == TokenKind::pause || kind == TokenKind::stop || kind == TokenKind::blank ||
         kind == TokenKind::quote || kind == TokenKind::list_head;
}

std::string NoticeParser::text_between(Index first, Index end) const {
  return first < end ? list_.source.text(at(first).begin, at(end - 1).end) : std::string();
}

std::u32string_view NoticeParser::text32(Index first, Index end) const {
  if (first >= end) return {};
  return std::u32string_view(list_.source.chars).substr(at(first).begin, at(end - 1).end - at(first).begin);
}

Span NoticeParser::span_of(Index first, Index end) const {
  while (first + 1 < end && is_separator(first) && !is(first, TokenKind::list_head)) ++first;
  while (end > first + 1 && is_separator(end - 1) && !is(end - 1, TokenKind::list_head)) --end;
  if (first >= end) return list_.source.span(at(first).begin, at(first).begin);
  return list_.source.span(at(first).begin, at(end - 1).end);
}

void NoticeParser::take(Index first, Index end) {
  for (Index i = first; i < end; ++i) used_[i] = true;
}

// Ends of sentence and piece for every token, brackets being sentences of their own.
void NoticeParser::find_ends() {
  const auto count = static_cast<Index>(list_.tokens.size());
  sentence_end_.assign(count, count - 1);
  piece_end_.assign(count, count - 1);
  in_bracket_.assign(count, false);
  Index sentence = count - 1;
  Index piece = count - 1;
  std::vector<std::pair<Index, Index>> outer;
  for (Index i = count; i-- > 0;) {
    const TokenKind kind = at(i).kind;
    if (kind == TokenKind::open) {
      std::tie(sentence, piece) = outer.back();
      outer.pop_back();
    }
    if (kind == TokenKind::stop) sentence = piece = i;
    if (kind == TokenKind::comma) piece = i;
    sentence_end_[i] = sentence;
    piece_end_[i] = piece;
    in_bracket_[i] = !outer.empty();
    if (kind == TokenKind::close) {
      outer.emplace_back(sentence, piece);
      sentence = piece = i;
    }
  }
}

NoticeParser::Index NoticeParser::find_word(Index i, Index end, Word word) const {
  const Index limit = std::min(end, i + kLookAhead);
  for (Index k = i; k < limit; k = is(k, TokenKind::open) ? skip_bracket(k) : k + 1) {
    ++steps_;
    if (is_word(k, word)) return k;
  }
  return end;
}

bool NoticeParser::has_word(Index i, Index end, std::initializer_list<Word> words) const {
  const Index limit = std::min(end, i + kLookAhead);
  for (Index k = i; k < limit; k = is(k, TokenKind::open) ? skip_bracket(k) : k + 1) {
    ++steps_;
    if (is(k, TokenKind::word) && std::find(words.begin(), words.end(), at(k).word) != words.end()) return true;
  }
  return false;
}

ZoneText NoticeParser::run() {
  parse_sentences(static_cast<Index>(list_.tokens.size()) - 1);
  finish();
  ZoneText zone;
  zone.text = std::string(list_.source.original);
  zone.clauses = std::move(clauses_);
  return zone;
}

void NoticeParser::parse_sentences(Index end) {
  for (Index i = 0; i < end;) {
    ++steps_;
    if (is_punctuation(at(i).kind) && !is(i, TokenKind::open)) {
      if (is(i, TokenKind::list_head) && !lead_) lead_ = i;
      ++i;
      continue;
    }
    const Index next = parse_clause(i, end);
    i = std::max(next, i + 1);
  }
}

// What was read from `first` on is doubtful: it ends in words nobody reads.
void NoticeParser::untake(Index first, Index end) {
  for (Index i = first; i < end; ++i) used_[i] = false;
}

// Reads one clause that begins at i; i itself if none does.
NoticeParser::Index NoticeParser::parse_clause(Index i, Index end) {
  if (is(i, TokenKind::other)) return i;
  if (is(i, TokenKind::open) && parse_region_joint(i)) {  // a sentence of its own
    const Index after = at(i).partner + 1;
    Clause joint = std::move(pending_.back());
    pending_.pop_back();
    add_clause(i, after, std::move(joint));
    return after;
  }
  const Index sentence = sentence_end(i, end);
  if (has_word(i, sentence, {Word::sentence}))  // prose, unless it says what the zone is
    if (const Index statement = zone_statement(i, sentence); statement > i) return statement;
  if (const Index behind = parse_heading_line(i, sentence); behind > i) return behind;
  if (is_word(i, Word::except_open) && !is_word(i + 1, Word::ours_above)) {  // 除松风苑外的云杉路以西区域
    Index k = i;
    if (std::optional<Modifier> modifier = parse_condition(k, sentence)) {
      loose_.push_back(std::move(*modifier));
      if (!lead_) lead_ = i;
      return k;
    }
  }
  if (const Index heading = joint_heading(i, sentence); heading > i) {
    if (const auto next = allocation_of_list(i, heading, sentence)) return *next;
  }
  if (const Index next = parse_late_words(i, sentence); next > i) return next;
  if (const Index next = parse_late_condition(i, sentence); next > i) return next;
  Index lead = parse_label(i, sentence);
  if (lead == i) lead = skip_lead(i, sentence);
  if (lead > i) {
    if (!lead_) lead_ = i;
    return lead;
  }
  if (is(i, TokenKind::side_label)) return parse_labelled_sides(i);
  if (const auto next = parse_region(i, sentence)) return *next;
  if (const auto next = parse_feeder(i, sentence)) return *next;
  if (const auto next = parse_zone_reference(i, sentence)) return *next;
  if (const auto next = parse_whole_group(i, sentence)) return *next;
  if (const auto next = parse_allocation(i, sentence)) return *next;
  return parse_addresses(i, sentence);
}

// …，不含柳湾社区; …，其中55号除外; …，只招一期: a condition of the clause before, behind a comma or a stop. Without
// one before it, its names must not be taken for items.
NoticeParser::Index NoticeParser::parse_late_condition(Index i, Index end) {
  const bool opens = is_word(i, Word::exclude) || is_word(i, Word::only) || is_word(i, Word::among);
  const Index piece = piece_end(i, end);
  const Index except = find_word(i, piece, Word::except_close);
  // ；槐荫街5号除外: a sentence that is nothing but an exception.
  const bool sentence = i > 0 && is(i - 1, TokenKind::stop) && except + 1 == sentence_end(i, end) &&
                        !has_word(i, except, {Word::household});
  const bool closes = !opens && i > 0 && (is(i - 1, TokenKind::comma) || sentence) && !half_at(i) &&
                      !clauses_.empty() && !has_word(i, piece, {Word::except_open}) &&
                      is_word(except, Word::except_close);
  if (!opens && !closes) return i;
  auto clause = clauses_.rbegin();
  while (clause != clauses_.rend() && !std::holds_alternative<Addresses>(clause->what) &&
         !std::holds_alternative<Region>(clause->what) && !std::holds_alternative<Feeder>(clause->what) &&
         !std::holds_alternative<ZoneReference>(clause->what))
    ++clause;
  Index k = i;
  std::optional<Modifier> modifier;
  if (clause != clauses_.rend()) modifier = parse_condition(k, opens ? end : piece);
  if (!modifier) return end;
  modifier->span = span_of(i, k);
  clause->span.end = modifier->span.end;
  auto* addresses = std::get_if<Addresses>(&clause->what);
  const bool of_last = std::any_of(modifier->items.begin(), modifier->items.end(),
                                   [](const Item& item) { return item.name.text.empty(); });
  if (addresses != nullptr && of_last)
    addresses->items.back().modifiers.push_back(std::move(*modifier));
  else
    clause->modifiers.push_back(std::move(*modifier));
  return k;
}

// 招收居住在, 本校学区为: words before the clause proper.
NoticeParser::Index NoticeParser::skip_lead(Index i, Index end) {
  const auto is_own = [this](Index k) {
    return is(k, TokenKind::name) && (text_of(k) == "本校" || text_of(k) == "我校");
  };
  if (is_word(i, Word::is)) return take(i), i + 1;
  if (is_word(i, Word::lead) || is_word(i, Word::contains) || is_word(i, Word::plus)) return take(i), i + 1;
  Index rest = i;  // 除以上外，
  if (is_word(rest, Word::except_open)) ++rest;
  if (is_word(rest, Word::ours_above) && is_word(rest + 1, Word::except_close)) return take(i, rest + 2), rest + 2;
  if (const Index label = own_zone_label(i, end); label > i) return take(i, label), label;
  Index k = i;
  while (k < end && (is_own(k) || is_word(k, Word::of) || is_word(k, Word::zone_of))) ++k;
  if (k == i || !has_word(i, k, {Word::zone_of})) return i;
  while (k < end && (is_word(k, Word::is) || is_word(k, Word::contains) || is(k, TokenKind::colon))) ++k;
  take(i, k);
  return k;
}

// …的适龄儿童, 等: words behind a clause that add nothing to it.
NoticeParser::Index NoticeParser::absorb_tail(Index i, Index end) {
  while (i < end) {
    const bool filler = is(i, TokenKind::word) &&
                        (at(i).word == Word::etc || at(i).word == Word::enclosed ||
                         (at(i).word == Word::lead && text_of(i) == "居住") || at(i).word == Word::area ||
                         at(i).word == Word::count || at(i).word == Word::within || at(i).word == Word::inside ||
                         at(i).word == Word::of || at(i).word == Word::children);
    if (!filler && !(i > 0 && is(i - 1, TokenKind::word) && counts_things(i))) break;
    take(i++);
  }
  return i;
}

// 等十八里, 等七所国小: how many there are.
bool NoticeParser::counts_things(Index i) const {
  if (!is(i, TokenKind::name)) return false;
  if (text_of(i) == "所有小区" || text_of(i) == "所有住宅小区") return true;
  std::u32string_view text = text32(i, i + 1);
  std::size_t digits = 0;
  while (digits < text.size() && (is_numeral(text[digits]) || (text[digits] >= U'0' && text[digits] <= U'9'))) ++digits;
  text.remove_prefix(digits);
  if (text.starts_with(U"个") || text.starts_with(U"所")) text.remove_prefix(1);
  return text == U"里" ||
         (digits > 0 && (text == U"村" || text == U"社区" || text == U"国小" || text == U"小学" || text == U"小区"));
}

Clause& NoticeParser::add_clause(Index first, Index end, Clause clause) {
  clause.span = span_of(lead_.value_or(first), end);
  lead_.reset();
  clause.campus = campus_;
  for (Modifier& modifier : loose_) clause.modifiers.push_back(std::move(modifier));
  loose_.clear();
  clauses_.push_back(std::move(clause));
  for (Clause& later : pending_) {
    later.campus = campus_;
    clauses_.push_back(std::move(later));
  }
  pending_.clear();
  return clauses_.back();
}

// What a reader took and no clause holds in the end was not read.
void NoticeParser::untake_uncovered() {
  std::vector<std::int32_t> begins(list_.source.original.size() + 2, 0);  // spans begun less spans ended at a byte
  for (const Clause& clause : clauses_) {
    ++begins[clause.span.begin];
    --begins[std::max(clause.span.end, clause.span.begin)];
  }
  std::partial_sum(begins.begin(), begins.end(), begins.begin());
  for (Index i = 0; i + 1 < list_.tokens.size(); ++i)
    if (used_[i] && begins[span_of(i, i + 1).begin] == 0) used_[i] = false;
}

// What nobody took is Unread, in its place.
void NoticeParser::finish() {
  if (lead_) {
    const auto last = static_cast<Index>(list_.tokens.size()) - 1;
    Clause note;
    note.what = Note{};
    add_clause(*lead_, last, std::move(note));
  }
  untake_uncovered();
  const auto count = static_cast<Index>(list_.tokens.size());
  for (Index i = 0; i < count;) {
    if (used_[i] || is_punctuation(at(i).kind)) {
      ++i;
      continue;
    }
    Index last = i + 1;
    for (Index k = i + 1; k < count && !used_[k] && !is(k, TokenKind::stop); ++k)
      if (!is_punctuation(at(k).kind)) last = k + 1;
    Clause clause;
    clause.what = Unread{};
    clause.span = span_of(i, last);
    clauses_.push_back(std::move(clause));
    i = last;
  }
  std::stable_sort(clauses_.begin(), clauses_.end(),
                   [](const Clause& a, const Clause& b) { return a.span.begin < b.span.begin; });
}

}  // namespace catchment::engine::zone_text
