// Clauses of two notices matched: same words first, then within a school by how many words they share.
#include <algorithm>
#include <map>
#include <set>

#include "engine/zone_text/diff.hpp"
#include "engine/zone_text/parse.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kAlike = 0.5;             // share of tokens two wordings of one clause have in common at least
constexpr std::size_t kMostTokens = 2000;  // a longer clause is compared as a whole
constexpr std::size_t kMostPairs = 250000;

struct Unit {
  std::string school_id;
  std::string quote;
  std::string key;  // folded words
  std::size_t order = 0;
  bool matched = false;
};

bool digit(char c) { return c >= '0' && c <= '9'; }

// A number is one token, so that 12 and 123 are different words; every other character is one.
std::vector<std::string> tokens_of(std::string_view text) {
  std::vector<std::string> tokens;
  bool in_number = false;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xc0u) == 0x80u) ++length;
    const bool number = digit(text[i]);
    if (number && in_number) {
      tokens.back() += text[i];
    } else {
      tokens.emplace_back(text.substr(i, length));
    }
    in_number = number;
    i += length;
  }
  return tokens;
}

void add_unit(std::vector<Unit>& units, const LintRow& row, Span span) {
  Unit unit;
  unit.school_id = row.school_id;
  unit.quote = row.text.substr(span.begin, span.end - span.begin);
  unit.key = geo::normalise(unit.quote).text;
  unit.order = units.size();
  if (!unit.key.empty()) units.push_back(std::move(unit));
}

// Clauses; an address list falls into its items unless something is said of all of them together.
std::vector<Unit> units_of(std::span<const LintRow> rows, const geo::NameLexicon* names) {
  std::vector<Unit> units;
  for (const LintRow& row : rows) {
    const ZoneText zone = parse_zone_text(row.text, {names, row.school_name});
    for (const Clause& clause : zone.clauses) {
      const auto* list = std::get_if<Addresses>(&clause.what);
      if (list == nullptr || list->items.size() < 2 || !clause.modifiers.empty() || !clause.households.empty()) {
        add_unit(units, row, clause.span);
        continue;
      }
      for (const Item& item : list->items) add_unit(units, row, item.span);
    }
  }
  return units;
}

// Pairs units with equal words; each is used once, in order.
template <class Key, class Found>
void match_equal(std::vector<Unit>& before, std::vector<Unit>& after, Key&& key, Found&& found) {
  std::map<std::string, std::vector<Unit*>> old;
  for (Unit& unit : before) {
    if (!unit.matched) old[key(unit)].push_back(&unit);
  }
  for (auto& [words, units] : old) std::ranges::reverse(units);
  for (Unit& unit : after) {
    if (unit.matched) continue;
    const auto at = old.find(key(unit));
    if (at == old.end() || at->second.empty()) continue;
    at->second.back()->matched = unit.matched = true;
    found(*at->second.back(), unit);
    at->second.pop_back();
  }
}

// Share of tokens in common, order aside.
double alikeness(std::vector<std::string> a, std::vector<std::string> b) {
  std::ranges::sort(a);
  std::ranges::sort(b);
  std::vector<std::string> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return 2.0 * static_cast<double>(both.size()) / static_cast<double>(std::max<std::size_t>(1, a.size() + b.size()));
}

void append(std::vector<WordDiff>& words, WordDiff::Kind kind, const std::string& token) {
  if (words.empty() || words.back().kind != kind) words.push_back({kind, ""});
  words.back().text += token;
}

// Longest common subsequence of tokens; removed words come before those that replace them.
std::vector<WordDiff> diff_words(const std::string& before, const std::string& after) {
  const std::vector<std::string> a = tokens_of(before);
  const std::vector<std::string> b = tokens_of(after);
  if (a.size() > kMostTokens || b.size() > kMostTokens) {
    return {{WordDiff::Kind::removed, before}, {WordDiff::Kind::added, after}};
  }
  const std::size_t width = b.size() + 1;
  std::vector<std::uint16_t> common((a.size() + 1) * width, 0);  // of a from i, b from j
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      const std::uint16_t longer = std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
      common[i * width + j] = a[i] == b[j] ? static_cast<std::uint16_t>(common[(i + 1) * width + j + 1] + 1) : longer;
    }
  }
  std::vector<WordDiff> words;
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      append(words, WordDiff::Kind::kept, a[i]);
      ++i, ++j;
    } else if (i < a.size() && (j == b.size() || common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      append(words, WordDiff::Kind::removed, a[i++]);
    } else {
      append(words, WordDiff::Kind::added, b[j++]);
    }
  }
  return words;
}

struct Pair {
  double alike = 0;
  Unit* before = nullptr;
  Unit* after = nullptr;
};

// What is left of one school, best pairs first.
std::vector<Pair> reworded_of(const std::vector<Unit*>& before, const std::vector<Unit*>& after) {
  std::vector<Pair> pairs;
  if (before.size() * after.size() > kMostPairs) return {};  // rewritten from scratch: added and removed says it better
  for (Unit* b : after) {
    const auto words = tokens_of(b->key);
    for (Unit* a : before) {
      const double alike = alikeness(tokens_of(a->key), words);
      if (alike >= kAlike) pairs.push_back({alike, a, b});
    }
  }
  std::ranges::stable_sort(pairs, [](const Pair& x, const Pair& y) { return x.alike > y.alike; });
  std::vector<Pair> chosen;
  for (const Pair& pair : pairs) {
    if (pair.before->matched || pair.after->matched) continue;
    pair.before->matched = pair.after->matched = true;
    chosen.push_back(pair);
  }
  return chosen;
}

class ClauseDiffs {
 public:
  ClauseDiffs(std::vector<Unit> before, std::vector<Unit> after)
      : before_(std::move(before)), after_(std::move(after)) {}

  std::vector<ClauseDiff> run() {
    match_equal(
        before_, after_, [](const Unit& u) { return u.school_id + "\n" + u.key; }, [](Unit&, Unit&) {});
    match_equal(
        before_, after_, [](const Unit& u) { return u.key; },
        [&](const Unit& a, const Unit& b) {
          add(b.order, {ClauseChange::moved, b.school_id, a.school_id, a.quote, b.quote, {}});
        });
    find_reworded();
    for (const Unit& b : after_) {
      if (!b.matched) add(b.order, {ClauseChange::added, b.school_id, "", "", b.quote, {}});
    }
    for (const Unit& a : before_) {
      if (!a.matched) add(after_.size() + a.order, {ClauseChange::removed, a.school_id, "", a.quote, "", {}});
    }
    std::ranges::stable_sort(found_, [](const auto& x, const auto& y) {
      return std::tie(x.second.school_id, x.first) < std::tie(y.second.school_id, y.first);
    });
    std::vector<ClauseDiff> out;
    for (auto& [order, d] : found_) out.push_back(std::move(d));
    return out;
  }

 private:
  void find_reworded() {
    std::map<std::string, std::pair<std::vector<Unit*>, std::vector<Unit*>>> left;
    for (Unit& unit : before_) {
      if (!unit.matched) left[unit.school_id].first.push_back(&unit);
    }
    for (Unit& unit : after_) {
      if (!unit.matched) left[unit.school_id].second.push_back(&unit);
    }
    for (const auto& [school, units] : left) {
      for (const Pair& p : reworded_of(units.first, units.second)) {
        add(p.after->order, {ClauseChange::reworded, school, "", p.before->quote, p.after->quote,
                             diff_words(p.before->quote, p.after->quote)});
      }
    }
  }

  void add(std::size_t order, ClauseDiff d) { found_.emplace_back(order, std::move(d)); }

  std::vector<Unit> before_, after_;
  std::vector<std::pair<std::size_t, ClauseDiff>> found_;
};

}  // namespace

std::string_view to_word(ClauseChange change) {
  switch (change) {
    case ClauseChange::added:
      return "added";
    case ClauseChange::removed:
      return "removed";
    case ClauseChange::reworded:
      return "reworded";
    case ClauseChange::moved:
      return "moved";
  }
  return "";
}

std::vector<ClauseDiff> diff_clauses(std::span<const LintRow> before, std::span<const LintRow> after,
                                     const geo::NameLexicon* names) {
  return ClauseDiffs(units_of(before, names), units_of(after, names)).run();
}

}  // namespace catchment::engine::zone_text
