// Numbers broken by a blank: "20 3号" is 203号, or 20 and 3号. Digits are never guessed, so both are offered.
#include <algorithm>

#include "geo/address/normal_text.hpp"
#include "geo/gazetteer/find.hpp"
#include "geo/gazetteer/keys.hpp"

namespace catchment::geo {
namespace {

constexpr std::size_t kMaxBreaks = 3;  // with more, nothing is definite and no other reading is tried

bool is_numeral(char32_t c) {
  return is_digit(c) || (c >= U'\uff10' && c <= U'\uff19') ||
         std::u32string_view(U"〇零一二三四五六七八九十百千两廿卅卌").find(c) != std::u32string_view::npos;
}
bool is_blank(char32_t c) {
  return c == U' ' || c == U'\t' || c == U'\n' || c == U'\r' || c == U'\u00a0' || c == U'\u3000' ||
         (c >= U'\u2000' && c <= U'\u200b') || c == U'\u202f';
}

// The blanks with a digit on either side.
std::vector<Span> breaks_of(std::string_view text) {
  std::vector<Span> breaks;
  bool digit_before = false;
  std::size_t blanks = std::string_view::npos;  // where those behind the digit begin
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_character(text, at);
    if (is_blank(c)) {
      if (blanks == std::string_view::npos) blanks = begin;
      continue;
    }
    if (digit_before && is_numeral(c) && blanks != std::string_view::npos) {
      breaks.push_back({static_cast<std::uint32_t>(blanks), static_cast<std::uint32_t>(begin)});
    }
    digit_before = is_numeral(c);
    blanks = std::string_view::npos;
  }
  return breaks;
}

// A text without some of its breaks.
struct Joined {
  std::string text;
  std::vector<std::uint32_t> joints;  // where the breaks were
  std::vector<std::uint32_t> origin;  // of every byte, and of the end
};

Joined join(std::string_view text, const std::vector<Span>& breaks, std::size_t which) {
  Joined joined;
  std::uint32_t at = 0;
  const auto copy_to = [&](std::uint32_t end) {
    for (; at < end; ++at) {
      joined.text += text[at];
      joined.origin.push_back(at);
    }
  };
  for (std::size_t i = 0; i < breaks.size(); ++i) {
    if ((which >> i & 1) == 0) continue;
    copy_to(breaks[i].begin);
    joined.joints.push_back(static_cast<std::uint32_t>(joined.text.size()));
    at = breaks[i].end;
  }
  copy_to(static_cast<std::uint32_t>(text.size()));
  joined.origin.push_back(at);
  return joined;
}

// The candidate has every joined number.
bool bears(const Candidate& candidate, const Joined& joined) {
  return std::ranges::all_of(joined.joints, [&](std::uint32_t joint) {
    return std::ranges::any_of(candidate.reasons, [&](const Reason& r) {
      return r.evidence != Evidence::part_missing && r.evidence != Evidence::part_contradicted &&
             r.span.begin < joint && joint < r.span.end;
    });
  });
}

bool same_answer(const Candidate& a, const Candidate& b) {
  return a.entry == b.entry && a.level == b.level && a.name == b.name && a.text == b.text;
}

}  // namespace

Found Gazetteer::find(ParsedAddress parsed, const FindOptions& options) const {
  Found found;
  found.parsed = std::move(parsed);
  Finder(*tables_, found.parsed, options).run(found);
  const std::string& text = found.parsed.original;
  const std::vector<Span> breaks = breaks_of(text);
  if (breaks.empty()) return found;
  const bool whole =
      found.status == FindStatus::definite && found.candidates[0].reasons.front().evidence == Evidence::exact_text;
  if (whole) return found;
  std::vector<Candidate> others;
  const std::size_t readings = breaks.size() > kMaxBreaks ? 1 : std::size_t{1} << breaks.size();
  for (std::size_t which = 1; which < readings; ++which) {
    const Joined joined = join(text, breaks, which);
    Found other;
    other.parsed = parse_address(joined.text, this);
    Finder(*tables_, other.parsed, options).run(other);
    for (Candidate& c : other.candidates) {
      if (!bears(c, joined)) continue;
      for (Reason& r : c.reasons) r.span = {joined.origin[r.span.begin], joined.origin[r.span.end]};
      others.push_back(std::move(c));
    }
  }
  if (others.empty() && breaks.size() <= kMaxBreaks) return found;
  found.status = FindStatus::choose;
  for (Candidate& c : others) {
    if (std::ranges::none_of(found.candidates, [&](const Candidate& has) { return same_answer(has, c); })) {
      found.candidates.push_back(std::move(c));
    }
  }
  std::ranges::stable_sort(found.candidates, std::ranges::greater{}, &Candidate::confidence);
  if (found.candidates.size() > options.limit) found.candidates.resize(options.limit);
  return found;
}

}  // namespace catchment::geo
