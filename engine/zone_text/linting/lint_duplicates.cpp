#include <algorithm>
#include <map>

#include "engine/zone_text/linting/lint_parts.hpp"
#include "engine/zone_text/number_sets.hpp"

namespace catchment::engine::zone_text {
namespace {

// What one item claims: a range of numbers of a name, or all of it.
struct Claim {
  const Item* item = nullptr;
  const NumberRange* range = nullptr;  // nullptr: all
};

// Items that say less than their name and numbers do.
bool narrowed(const Item& item) {
  return std::ranges::any_of(item.modifiers, [](const Modifier& m) {
    return m.kind == ModifierKind::only || m.kind == ModifierKind::except || m.kind == ModifierKind::partial ||
           m.kind == ModifierKind::household;
  });
}

std::string key_of(const Clause& clause, const Item& item) {
  std::string key = clause.campus + "|";
  for (const Name& name : item.path) key += geo::name_key(name.text) + "|";
  return key + geo::name_key(item.name.text);
}

bool same_words(const CompiledText& text, const Item& a, const Item& b) {
  const auto words = [&](const Item& item) {
    return geo::normalise(std::string_view(text.tree.text).substr(item.span.begin, item.span.end - item.span.begin))
        .text;
  };
  return words(a) == words(b);
}

std::string quoted(const CompiledText& text, Span span) { return "\"" + quote_of(text, span) + "\""; }

Finding make(const CompiledText& text, std::size_t row, const Item& at) {
  Finding f;
  f.kind = FindingKind::duplicate;
  f.row = row;
  f.span = at.span;
  f.quote = quote_of(text, at.span);
  return f;
}

// The later of two claims on one name, if they share anything.
std::optional<Finding> compare(const CompiledText& text, std::size_t row, const Claim& first, const Claim& second) {
  const Item& a = *first.item;
  const Item& b = *second.item;
  Finding f = make(text, row, b);
  if (&a == &b) {
    const auto both = intersection(*first.range, *second.range);
    if (!both) return std::nullopt;
    f.message = "The number " + write_range(*both) + " of " + a.name.text + " is listed twice.";
    f.proposal = "List " + a.name.text + write_range(*both) + " once.";
    return f;
  }
  if (same_words(text, a, b)) {
    f.message = quoted(text, b.span) + " is listed twice in this row.";
    f.proposal = "Leave the second one out.";
    return f;
  }
  if (narrowed(a) || narrowed(b)) return std::nullopt;
  if (first.range == nullptr && second.range == nullptr) {
    f.message = a.name.text + " is listed twice in this row.";
    f.proposal = "Leave the second one out.";
    return f;
  }
  if (first.range == nullptr || second.range == nullptr) {
    f.message = "All of " + a.name.text + " stands in this row as well as numbers of it: " + quoted(text, a.span) +
                " and " + quoted(text, b.span) + ".";
    f.proposal = "Keep the numbers if only they are meant, else " + a.name.text + " alone.";
    return f;
  }
  const auto both = intersection(*first.range, *second.range);
  if (!both) return std::nullopt;
  f.message = quoted(text, a.span) + " and " + quoted(text, b.span) + " stand in one row and both give " + a.name.text +
              write_range(*both) + ".";
  if (same_numbers(*both, *first.range) || same_numbers(*both, *second.range)) {
    const NumberRange& wider = same_numbers(*both, *second.range) ? *first.range : *second.range;
    f.proposal = "Keep " + a.name.text + write_range(wider) + ", or mend the number that was meant otherwise.";
  } else {
    f.proposal = "Let one of them begin where the other ends.";
  }
  return f;
}

// By lowest number, so that only neighbours need comparing.
bool begins_before(const Claim& a, const Claim& b) {
  if (a.range == nullptr || b.range == nullptr) return a.range == nullptr && b.range != nullptr;
  return a.range->from.value_or(geo::DoorNumber{}) < b.range->from.value_or(geo::DoorNumber{});
}

bool may_meet(const Claim& a, const Claim& b) {
  if (a.range == nullptr || b.range == nullptr || !a.range->to || !b.range->from) return true;
  return *b.range->from <= *a.range->to;
}

}  // namespace

std::vector<Finding> find_duplicates(const CompiledText& text, std::size_t row) {
  std::map<std::string, std::vector<Claim>> by_name;
  for (const Clause& clause : text.tree.clauses) {
    const auto* addresses = std::get_if<Addresses>(&clause.what);
    if (addresses == nullptr) continue;
    for (const Item& item : addresses->items) {
      if (item.name.text.empty()) continue;
      std::vector<Claim>& claims = by_name[key_of(clause, item)];
      if (item.numbers.empty()) claims.push_back({&item, nullptr});
      for (const NumberRange& range : item.numbers) claims.push_back({&item, &range});
    }
  }
  std::vector<Finding> found;
  for (auto& [key, claims] : by_name) {
    std::ranges::stable_sort(claims, begins_before);
    // One finding for two items, however many numbers they share; and one per item for a name that stands often.
    std::map<const Item*, bool> told;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      for (std::size_t j = i + 1; j < claims.size() && may_meet(claims[i], claims[j]); ++j) {
        const bool in_order = claims[i].item->span.begin <= claims[j].item->span.begin;
        const Claim& first = in_order ? claims[i] : claims[j];
        const Claim& second = in_order ? claims[j] : claims[i];
        if (told[second.item]) continue;
        if (auto f = compare(text, row, first, second)) {
          told[second.item] = true;
          found.push_back(std::move(*f));
        }
      }
    }
  }
  return found;
}

}  // namespace catchment::engine::zone_text
