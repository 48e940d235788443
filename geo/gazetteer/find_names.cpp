#include "geo/gazetteer/find_names.hpp"

#include <algorithm>
#include <array>

#include "geo/address/similar.hpp"
#include "geo/gazetteer/keys.hpp"
#include "geo/gazetteer/similar_names.hpp"

namespace catchment::geo {
namespace {

constexpr std::size_t kShortest = 3;     // characters of a key that may hold a typing error
constexpr std::size_t kTwoErrors = 7;    // from which two may be wrong
constexpr double kHomophoneCost = 0.08;  // per character
constexpr double kLookAlikeCost = 0.1;
constexpr double kTypoCost = 0.25;
constexpr double kShortFormCost = 0.05;

bool sound_alike(char32_t a, char32_t b) {
  return std::ranges::any_of(readings(a),
                             [&](Syllable s) { return std::ranges::find(readings(b), s) != readings(b).end(); });
}

bool look_alike(char32_t a, char32_t b) { return look_alikes(a).find(b) != std::u32string_view::npos; }

std::u32string digits_of(std::u32string_view text) {
  std::u32string digits;
  for (const char32_t c : text) {
    if (is_digit(c)) digits += c;
  }
  return digits;
}

// Substitutions, insertions, deletions and swaps of neighbours (optimal string alignment).
std::size_t edit_distance(std::u32string_view a, std::u32string_view b) {
  std::vector<std::size_t> two_before(b.size() + 1);
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) before[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({before[j] + 1, row[j - 1] + 1, before[j - 1] + (a[i - 1] != b[j - 1] ? 1u : 0u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], two_before[j - 2] + 1);
      }
    }
    std::swap(two_before, before);
    std::swap(before, row);
  }
  return before[b.size()];
}

}  // namespace

std::optional<Likeness> likeness(std::u32string_view typed, std::u32string_view key) {
  if (digits_of(typed) != digits_of(key)) return std::nullopt;
  if (typed.size() == key.size()) {
    double cost = 0;
    bool looks = false;
    std::size_t different = 0;
    for (std::size_t i = 0; i < typed.size(); ++i) {
      if (typed[i] == key[i]) continue;
      ++different;
      if (sound_alike(typed[i], key[i])) {
        cost += kHomophoneCost;
      } else if (look_alike(typed[i], key[i])) {
        cost += kLookAlikeCost;
        looks = true;
      } else {
        cost = 2;
        break;
      }
    }
    if (cost < 1 && (different == 1 || different < key.size())) {
      return Likeness{looks ? Evidence::name_look_alike : Evidence::name_homophone, 1 - cost};
    }
  }
  if (key.size() < kShortest) return std::nullopt;
  const std::size_t distance = edit_distance(typed, key);
  if (distance == 0 || distance > (key.size() >= kTwoErrors ? 2u : 1u)) return std::nullopt;
  return Likeness{Evidence::name_typo, 1 - kTypoCost * static_cast<double>(distance)};
}

std::vector<std::uint32_t> similar_keys(const GazetteerTables& tables, std::u32string_view typed) {
  std::vector<std::uint32_t> keys;
  const auto collect = [&](std::span<const HashSlot> slots, const std::vector<std::uint32_t>& hashes) {
    for (const std::uint32_t hash : hashes) {
      for (const HashSlot& slot : equal_span(slots, hash, &HashSlot::hash)) keys.push_back(slot.key);
    }
  };
  collect(tables.deletions, deletion_hashes(typed));
  collect(tables.readings, reading_hashes(typed));
  std::ranges::sort(keys);
  keep_once(keys);
  return keys;
}

std::vector<MatchedName> find_names(const GazetteerTables& tables, std::string_view key, bool fuzzy) {
  std::vector<MatchedName> hits;
  const std::uint32_t exact = find_key(tables, key);
  if (exact != kNone) {
    for (const KeyItem& item : tables.items_of(exact)) {
      const double score = item.evidence == Evidence::name_short ? 1 - kShortFormCost : 1;
      hits.push_back({{item.name, item.evidence, item.alias_kind, score}, exact, item.evidence});
    }
  }
  if (fuzzy) {
    const std::u32string typed = to_characters(key);
    for (const std::uint32_t like : similar_keys(tables, typed)) {
      if (like == exact) continue;
      const auto found = likeness(typed, to_characters(tables.text(tables.keys[like].text)));
      if (!found) continue;
      for (const KeyItem& item : tables.items_of(like)) {
        const double score = item.evidence == Evidence::name_short ? found->score - kShortFormCost : found->score;
        hits.push_back({{item.name, found->evidence, item.alias_kind, score}, like, item.evidence});
      }
    }
  }
  // The best hit of every name, then the best names first.
  std::ranges::sort(hits, {}, [](const NameHit& h) { return std::tuple(h.name, -h.score, h.evidence); });
  keep_once(hits, &NameHit::name);
  std::ranges::sort(hits, {}, [](const NameHit& h) { return std::tuple(-h.score, h.evidence, h.name); });
  return hits;
}

std::vector<NameHit> Gazetteer::find_names(std::string_view name, bool fuzzy) const {
  const std::vector<MatchedName> hits = geo::find_names(*tables_, folded_key(name), fuzzy);
  return {hits.begin(), hits.end()};
}

}  // namespace catchment::geo
