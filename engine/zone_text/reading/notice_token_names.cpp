// Names: the longest the city knows, else up to the type word behind which another name could begin.
#include <algorithm>

#include "engine/zone_text/reading/notice_tokenizer.hpp"

namespace catchment::engine::zone_text {

namespace {

constexpr std::size_t kMaxNameChars = 40;  // a longer run without a word in it is no name

}  // namespace

// Characters of the longest name of the city that stands here, if it ends where a name may end.
std::size_t NoticeTokenizer::lexicon_length(std::size_t at) {
  if (lexicon_ == nullptr) return 0;
  hits_.clear();
  const std::string_view text = list_.source.normal.text;
  lexicon_->names_at(text.substr(list_.source.at[at], 192), hits_);
  ++list_.steps;
  for (const geo::NameLexicon::Hit& hit : hits_) {
    const std::uint32_t byte_end = list_.source.at[at] + static_cast<std::uint32_t>(hit.length);
    const auto found =
        std::lower_bound(list_.source.at.begin() + static_cast<std::ptrdiff_t>(at), list_.source.at.end(), byte_end);
    if (found == list_.source.at.end() || *found != byte_end) continue;
    hit_part_ = hit.part;
    return static_cast<std::size_t>(found - list_.source.at.begin()) - at;
  }
  return 0;
}

NameClass NoticeTokenizer::class_of(geo::AddressPart part) {
  switch (part) {
    case geo::AddressPart::district:
    case geo::AddressPart::city:
    case geo::AddressPart::province:
      return NameClass::district;
    case geo::AddressPart::town:
      return NameClass::town;
    case geo::AddressPart::community:
      return NameClass::community;
    case geo::AddressPart::village:
      return NameClass::village;
    case geo::AddressPart::street:
    case geo::AddressPart::lane:
      return NameClass::road;
    case geo::AddressPart::estate:
      return NameClass::estate;
    case geo::AddressPart::block:
      return NameClass::block;
    case geo::AddressPart::institution:
      return NameClass::institution;
    default:
      return NameClass::untyped;
  }
}

// Reads one name from `start`, of which the first `sure` characters belong to it.
void NoticeTokenizer::name_from(std::size_t start, std::size_t sure) {
  const bool known = sure > 0 && lexicon_ != nullptr && !is_digit(chars_[start]);
  std::size_t end = 0;
  NameClass what = NameClass::untyped;
  if (known) {
    end = start + sure;
    what = class_of(hit_part_);
    // 东风路 of 东风路社区: another name that only begins like it.
    if (const SuffixHit longer = suffix_at(near(end));
        longer.length > 0 && longer.hard && glued_at(end) && !starts_unit(end)) {
      end = scan_name(start, sure, what);
    }
    if (what == NameClass::untyped) what = type_by_end(start, end);
  } else {
    end = scan_name(start, sure, what);
  }
  pos_ = start;
  Token& token = add(TokenKind::name, std::max<std::size_t>(end - start, 1));
  token.what = what;
  token.known = known;
}

NameClass NoticeTokenizer::type_by_end(std::size_t start, std::size_t end) const {
  for (std::size_t at = start + 1; at < end; ++at) {
    const SuffixHit hit = suffix_at(near(at));
    if (hit.length > 0 && at + hit.length == end) return hit.what;
  }
  return NameClass::untyped;
}

// End of the name that begins at `start`: the first hard suffix that no suffix follows and behind which another name
// could begin, else the end of the run.
std::size_t NoticeTokenizer::scan_name(std::size_t start, std::size_t sure, NameClass& what) {
  what = NameClass::untyped;
  NameClass soft = NameClass::untyped;
  std::size_t soft_end = 0;
  std::size_t at = std::max(start + 1, start + sure);
  // 铁路, 大院: a type word alone is a name.
  if (const SuffixHit whole = suffix_at(near(start));
      sure == 0 && whole.length > 1 && (!goes_on(start + whole.length) || name_ends_by_word(start + whole.length))) {
    what = whole.what;
    return start + whole.length;
  }
  while (at < chars_.size() && at - start < kMaxNameChars && gap_at(at) == 0 &&
         (is_name_char(chars_[at]) || is_digit(chars_[at]))) {
    ++list_.steps;
    if (is_digit(chars_[at])) {
      if (!digits_inside_name(at)) break;
      while (at < chars_.size() && is_digit(chars_[at])) ++at;
      continue;
    }
    const std::u32string_view text = near(at);
    if (city_ends(start, at)) {
      what = NameClass::district;
      return at + 1;
    }
    const SuffixHit suffix = suffix_at(text);
    const WordHit strong = strong_word_at(text);
    if (strong.length > 0 && strong.length >= suffix.length) break;
    if (suffix.length > 0) {
      const std::size_t behind = at + suffix.length;
      if (suffix.hard && long_enough(start, at, suffix)) {
        what = suffix.what;
        if (what == NameClass::district && at - start >= 3 && compass_of(chars_[at - 1]))
          what = NameClass::estate;  // 洛涛南区
        if (name_ends(start, behind, suffix)) return behind;
        if (what == NameClass::road && glued_at(behind) && compass_of(chars_[behind]) && !goes_on(behind + 1) &&
            weak_word_at(near(behind)).word != Word::section)
          return behind + 1;  // 黄埔大道西
        soft = NameClass::untyped;
        at = behind;
        continue;
      }
      soft = suffix.what;
      soft_end = behind;
      what = NameClass::untyped;
      at = behind;
      if (word_follows(at, soft)) return at = behind, what = soft, behind;
      continue;
    }
    if (at > start + 1 && lexicon_ != nullptr && lexicon_length(at) > 2) break;
    if (at > start + 1 && (ordinal_range(at) || counted_tail(at) || count_length(at) > 0)) break;
    if (number_ends_name(start, at)) break;
    what = NameClass::untyped;
    ++at;
  }
  if (what == NameClass::untyped && soft_end == at) what = soft;
  return at;
}

// 台南市 of 台南市新市区: a city's name before a district's or town's.
bool NoticeTokenizer::city_ends(std::size_t start, std::size_t at) const {
  if (chars_[at] != U'市' || at < start + 2) return false;
  for (std::size_t k = at + 2; k < at + 6 && k < chars_.size() && is_name_char(chars_[k]) && gap_at(k) == 0; ++k)
    if (const NameClass what = suffix_at(near(k)).what; what == NameClass::district || what == NameClass::town)
      return true;
  return false;
}

// 龟岗一至五马路: 至 between two numerals.
bool NoticeTokenizer::ordinal_range(std::size_t at) const {
  return (chars_[at] == U'至' || chars_[at] == U'到') && is_numeral(chars_[at - 1]) && at + 1 < chars_.size() &&
         is_numeral(chars_[at + 1]);
}

// 柳营、橡营、沙营等里
bool NoticeTokenizer::counted_tail(std::size_t at) const {
  if (chars_[at] != U'等') return false;
  ++at;
  while (at < chars_.size() &&
         (is_numeral(chars_[at]) || is_digit(chars_[at]) || chars_[at] == U'所' || chars_[at] == U'个'))
    ++at;
  const SuffixHit suffix = suffix_at(near(at));
  return suffix.length > 0 && !goes_on(at + suffix.length);
}

// A soft suffix ends a name where a joining word stands behind it: 金水河以及, 徐家庄和…
bool NoticeTokenizer::word_follows(std::size_t at, NameClass) const {
  if (at >= chars_.size() || !is_name_char(chars_[at])) return false;
  const std::u32string_view text = near(at);
  if (strong_word_at(text).length > 0) return true;
  const WordHit weak = weak_word_at(text);
  if (weak.word == Word::upto) return true;
  return (weak.word == Word::plus || weak.word == Word::etc || weak.word == Word::section ||
          weak.word == Word::except_close) &&
         weak_holds(weak, at);
}

bool NoticeTokenizer::long_enough(std::size_t start, std::size_t at, const SuffixHit& suffix) const {
  const std::size_t stem = at - start;
  if (suffix.length == 1 && (suffix.what == NameClass::district || suffix.what == NameClass::town))
    return stem >= 2 || compass_of(chars_[start]).has_value() || !glued_at(at + 1) || !is_name_char(chars_[at + 1]);
  return stem >= 1;
}

// Whether the name is whole behind this hard suffix, though more text follows.
bool NoticeTokenizer::name_ends(std::size_t start, std::size_t behind, const SuffixHit& suffix) {
  if (!glued_at(behind) || !is_name_char(chars_[behind])) return true;
  const std::u32string_view text = near(behind);
  const SuffixHit next = suffix_at(text);
  if (strong_word_at(text).length > 0 && next.length <= strong_word_at(text).length) return true;
  if (const WordHit weak = weak_word_at(text); weak.length > 0 && weak_holds(weak, behind)) return true;
  if (next.length > 0 && (next.hard || !goes_on(behind + next.length))) return false;
  if (std::u32string_view(U"甲乙丙丁旧新原临附第").find(text[0]) != std::u32string_view::npos && text.size() > 1 &&
      is_digit(text[1]))
    return true;  // 云杉路甲12号
  if (text.size() > 1 && compass_of(text[0]) &&
      std::u32string_view(U"至始止到").find(text[1]) != std::u32string_view::npos)
    return true;  // 东至云杉路南至…
  if (std::u32string_view(U"口头边旁").find(text[0]) != std::u32string_view::npos) return false;
  if (compass_of(text[0]) && text.size() > 1 && suffix_at(text.substr(1)).length > 0) return false;
  if (suffix.what == NameClass::road) {
    if (is_numeral(text[0]) && text.size() > 1 && suffix_at(text.substr(1)).what == NameClass::road) return false;
    if (text.size() > 1 && (text[0] == U'上' || text[0] == U'下' || text[0] == U'中') &&
        suffix_at(text.substr(1)).what == NameClass::road)
      return false;
    if (text[0] == U'第' && text.size() > 3) return false;
  }
  const std::size_t run = run_length(behind);
  return run > 1 || number_ends_name(start, behind);
}

bool NoticeTokenizer::name_ends_by_word(std::size_t at) const {
  const WordHit weak = weak_word_at(near(at));
  return weak.word == Word::plus && weak_holds(weak, at);
}

bool NoticeTokenizer::goes_on(std::size_t at) const {
  return glued_at(at) && is_name_char(chars_[at]) && strong_word_at(near(at)).length == 0;
}

// Characters of the name text behind, at most a few.
std::size_t NoticeTokenizer::run_length(std::size_t at) const {
  std::size_t length = 0;
  while (length < 4 && at + length < chars_.size() && is_name_char(chars_[at + length]) && gap_at(at + length) == 0 &&
         strong_word_at(near(at + length)).length == 0)
    ++length;
  return length;
}

// 农林上路8横路, 柳南2巷: digits that a road's own suffix follows.
bool NoticeTokenizer::digits_inside_name(std::size_t at) const {
  std::size_t length = 0;
  while (length < 4 && at + length < chars_.size() && is_digit(chars_[at + length])) ++length;
  const std::u32string_view text = near(at + length);
  return text.starts_with(U"横路") || text.starts_with(U"横街") || text.starts_with(U"马路") ||
         text.starts_with(U"号路") || text.starts_with(U"街坊") || text.starts_with(U"部队") ||
         text.starts_with(U"中学") || text.starts_with(U"小学");
}

// 星河湾一期, 谢家庄村八社, 大同里三十五邻: a numeral and its unit end the name before them.
bool NoticeTokenizer::number_ends_name(std::size_t start, std::size_t at) const {
  if (at < start + 2) return false;
  if (chars_[at] >= U'a' && chars_[at] <= U'z') {
    const std::u32string_view text = near(at + 1);
    const bool alone = text.empty() || !(is_name_char(text[0]) || is_digit(text[0]));
    return (alone && is_han(chars_[at - 1])) || text.starts_with(U"区") || unit_at(text).unit == NumberUnit::building;
  }
  std::size_t length = chars_[at] == U'第' ? 1 : 0;
  const std::size_t first = length;
  while (length < 8 && at + length < chars_.size() && is_numeral(chars_[at + length])) ++length;
  if (length == first) return false;
  const std::size_t behind = at + length;
  const UnitHit unit = unit_at(near(behind));
  return unit.length > 0 && unit.unit != NumberUnit::lane && unit.unit != NumberUnit::compound &&
         unit_ends_number(behind, unit.length);
}

}  // namespace catchment::engine::zone_text
