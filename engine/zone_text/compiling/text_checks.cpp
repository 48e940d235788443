// What the words of a text show to be wrong by themselves.
#include "engine/zone_text/compiling/text_compiler.hpp"

#include <algorithm>

#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {

// Every word that leaves the answer open or says that an address is no more, wherever it stands.
void TextCompiler::check_words(const std::vector<Modifier>& modifiers, const std::string& of) {
  for (const Modifier& m : modifiers) {
    if (m.kind == ModifierKind::partial) {
      report_->add(FindingKind::undecidable, m.span, "The words do not say which part" + of + " is meant.");
    } else if (m.kind == ModifierKind::vague) {
      report_->add(FindingKind::undecidable, m.span, "The words do not say how far" + of + " is meant.");
    } else if (m.kind == ModifierKind::void_now) {
      report_->add(FindingKind::void_number, m.span, "The text says itself that these addresses are no more.");
    }
    for (const Item& item : m.items) check_words(item);
  }
}

void TextCompiler::check_words(const Item& item) {
  check_words(item.modifiers, item.name.text.empty() ? "" : " of " + item.name.text);
}

void TextCompiler::check_words(const Clause& clause) {
  if (const auto* addresses = std::get_if<Addresses>(&clause.what)) {
    for (const Item& item : addresses->items) check_words(item);
  } else if (const auto* allocation = std::get_if<Allocation>(&clause.what)) {
    for (const Item& item : allocation->items) check_words(item);
  }
  check_words(clause.modifiers, "");
}

void TextCompiler::check_duplicate(const Item& item, const std::vector<Meant>& things) {
  if (!item.modifiers.empty() || things.size() != 1 || things.front().name == geo::kNoName) return;
  std::string key = std::to_string(things.front().name);
  for (const NumberRange& range : item.numbers) key += "|" + geo::normalise(report_->quote(range.span)).text;
  if (!seen_.insert(key).second) {
    report_->add(FindingKind::duplicate, item.span, "This was said before in the same text.", "");
  }
}

void TextCompiler::check_exclusion(const Item& exception, const Item& outer) {
  if (outer.numbers.empty()) return;
  for (const NumberRange& range : exception.numbers) {
    if (!range.from || range.unit != NumberUnit::door) continue;
    geo::EntryPath path;
    path.door = *range.from;
    bool maybe = false;
    for (const NumberRange& whole : outer.numbers) maybe |= find_holds(whole, path) != Holds::no;
    if (!maybe) {
      report_->add(
          FindingKind::exclusion_outside, range.span,
          "These numbers are excluded from " + outer.name.text + " although they are not among those included.");
    }
  }
}

void TextCompiler::check_numbers(const Item& item, const AddressRule& rule) {
  for (std::size_t i = 0; i < item.numbers.size(); ++i) {
    const NumberRange& range = item.numbers[i];
    if (range.parity != Parity::all && range.from && range.to && range.from->odd() == range.to->odd() &&
        range.from->odd() != (range.parity == Parity::odd) && range.inside.empty()) {
      report_->add(FindingKind::parity_contradicts, range.span,
                   std::string("Both numbers are ") + (range.from->odd() ? "odd" : "even") + ", the words say " +
                       (range.parity == Parity::odd ? "odd." : "even."));
    }
    const bool is_void = find_modifier(item.modifiers, ModifierKind::void_now) != nullptr;
    if (!is_void && rule.name != geo::kNoName && i < rule.numbers.size())
      check_exists(range, rule.numbers[i], rule.name);
  }
}

void TextCompiler::check_exists(const NumberRange& written, const NumberRange& range, geo::NameId name) {
  bool any = false;
  for (const geo::EntryId id : ground_.names().entries_of(name)) {
    if (find_holds(range, ground_.names().entry(id).path) != Holds::no) return;
    any = true;
  }
  if (!any) return;
  report_->add(FindingKind::no_such_number, written.span,
               "No address of " + std::string(ground_.names().thing(name).name) + " bears such a number.");
}

}  // namespace catchment::engine::zone_text
