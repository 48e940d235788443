// What the words of a text show to be wrong by themselves.
#include "engine/zone_text/compiling/text_compiler.hpp"

#include <algorithm>

#include "geo/address/normal_text.hpp"

namespace catchment::engine::zone_text {

void TextCompiler::report_void(const Modifier& modifier) {
  report_->add(FindingKind::void_number, modifier.span, "The text says itself that these addresses are no more.");
}

void TextCompiler::check_doubt(const Item& item) {
  for (const Modifier& m : item.modifiers) {
    if (m.kind == ModifierKind::partial) {
      report_->add(FindingKind::undecidable, m.span,
                   "The words do not say which part of " + item.name.text + " is meant.");
    } else if (m.kind == ModifierKind::vague) {
      report_->add(FindingKind::undecidable, m.span,
                   "The words do not say how far from " + item.name.text + " is meant.");
    }
  }
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
    if (rule.name != geo::kNoName && i < rule.numbers.size()) check_exists(range, rule.numbers[i], rule.name);
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
