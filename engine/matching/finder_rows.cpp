// What a row says of an address, and how it gives it: its clauses on seats held against the clause that gave the
// address.
#include <algorithm>

#include "engine/matching/finder_worlds.hpp"

namespace catchment::engine {
namespace {

using zone_text::AllocationMode;
using zone_text::Holds;
using zone_text::TextAnswer;
using zone_text::Verdict;
using Tables = SchoolFinder::Tables;

bool goes_by_shape(geo::AddressPart part) {
  return part == geo::AddressPart::town || part == geo::AddressPart::village || part == geo::AddressPart::block ||
         part == geo::AddressPart::institution;
}

// What is asked of one row: an address and the rules of the row that gave it.
struct Given {
  const geo::EntryPath& path;
  std::optional<geo::Point> position;
  const std::vector<geo::NameId>& names;  // over the path
  const std::vector<std::size_t>& rules;

  bool is_under(geo::NameId name) const { return std::ranges::find(names, name) != names.end(); }
};

Holds any_holds(const std::vector<zone_text::NumberRange>& numbers, const geo::EntryPath& path) {
  Holds best = Holds::no;
  for (zone_text::NumberRange range : numbers) {
    const bool of_estate = range.unit == zone_text::NumberUnit::door && path.street == geo::kNoName;
    if (of_estate) range.unit = range.to_unit = zone_text::NumberUnit::building;
    best = std::max(best, zone_text::find_holds(range, path));
  }
  return best;
}

// Whether the address is under the thing that an item names, numbers aside.
Holds under_item(const Tables& t, const RowMode::Item& item, const Given& given) {
  const bool same_words = std::ranges::any_of(
      item.rules, [&](std::size_t rule) { return std::ranges::find(given.rules, rule) != given.rules.end(); });
  if (same_words) return Holds::yes;
  const auto is_under = [&](geo::NameId name) { return given.is_under(name); };
  if (!std::ranges::all_of(item.under, is_under)) return Holds::no;
  if (std::ranges::any_of(item.names, is_under)) return item.in_part ? Holds::unknown : Holds::yes;
  const auto may_hold = [&](geo::NameId name) {  // addresses do not name it, only its shape could tell
    const geo::NamedThing thing = t.names->thing(name);
    return goes_by_shape(thing.part) && (!given.position || thing.box.empty() || thing.box.contains(*given.position));
  };
  return item.names.empty() || std::ranges::any_of(item.names, may_hold) ? Holds::unknown : Holds::no;
}

Holds is_meant(const Tables& t, const RowMode::Item& item, const Given& given) {
  Holds holds = under_item(t, item, given);
  if (!item.numbers.empty()) holds = std::min(holds, any_holds(item.numbers, given.path));
  const Holds without = any_holds(item.not_numbers, given.path);
  if (without == Holds::yes) return Holds::no;
  return without == Holds::unknown ? std::min(holds, Holds::unknown) : holds;
}

// How a row gives an address: the first of its modes that speaks of it, and those before which may.
struct ModesHere {
  std::optional<std::size_t> sure;
  std::vector<std::size_t> perhaps;
};

ModesHere modes_of(const Tables& t, const RowTables& row, const Given& given) {
  ModesHere here;
  for (std::size_t i = 0; i < row.modes.size(); ++i) {
    Holds best = row.modes[i].items.empty() ? Holds::yes : Holds::no;
    for (const RowMode::Item& item : row.modes[i].items) best = std::max(best, is_meant(t, item, given));
    if (best == Holds::unknown) here.perhaps.push_back(i);
    if (best != Holds::yes) continue;
    here.sure = i;
    break;
  }
  return here;
}

bool is_additional(AllocationMode mode) { return mode == AllocationMode::overflow || mode == AllocationMode::choice; }

// Speaks for the row's school and its partners in the way that the row's words on how seats are given say. Of words
// that only may speak of the address the answer shows the one that is not `direct`; a school that may have it only with
// seats left over, or because another shares it, is never preferred for that.
class RowSpeaker {
 public:
  RowSpeaker(const Tables& t, std::uint32_t row, const Given& given, std::vector<Voice>& voices)
      : row_(t.row_tables[row]), here_(modes_of(t, row_, given)), voices_(voices) {}

  void speak(Voice voice) {
    const RowMode* sure = here_.sure ? &row_.modes[*here_.sure] : nullptr;
    const AllocationMode otherwise = row_.shares_zone ? AllocationMode::joint : AllocationMode::direct;
    voice.mode = sure != nullptr ? sure->mode : otherwise;
    const bool theirs = sure != nullptr && sure->leaves_to_others();
    const std::size_t partners = sure != nullptr ? sure->partners.size() : 0;
    voice.shared =
        voice.shared || voice.mode != AllocationMode::direct || row_.shares_zone || (theirs && partners > 1);
    voice.shared_unknown = sure != nullptr && !sure->unknown_partners.empty();
    if (sure != nullptr) voice.modes.push_back(*here_.sure);
    if (voice.says == Says::no) {
      voices_.push_back(std::move(voice));
      return;
    }
    const Voice as_sure = voice;
    const bool may_be_less = add_perhaps(voice);
    if (theirs) {
      // Nobody knows whose it is: it may be this school's own.
      if (partners == 0) voices_.push_back(in_doubt(voice));
    } else if (may_be_less && voice.says == Says::yes) {
      voices_.push_back(in_doubt(voice));
      voice.rank = Rank::otherwise;
      voices_.push_back(voice);
    } else {
      voices_.push_back(voice);
    }
    if (sure != nullptr) add_partners(as_sure, *sure, theirs);
  }

 private:
  static Voice in_doubt(Voice voice) {
    voice.only_mode_unsure = voice.says == Says::yes;
    if (voice.says == Says::yes) voice.says = Says::undetermined;
    return voice;
  }

  // True if one of the modes that may speak would make less of the voice.
  bool add_perhaps(Voice& voice) {
    bool less = false;
    for (const std::size_t i : here_.perhaps) {
      const RowMode& mode = row_.modes[i];
      const bool same = mode.mode == voice.mode && mode.partners.empty() && mode.unknown_partners.empty();
      if (same) continue;
      less = less || is_additional(mode.mode) != is_additional(voice.mode) || mode.leaves_to_others();
      for (const SchoolNumber partner : mode.partners) {
        Voice of_partner = in_doubt(voice);
        of_partner.school = partner;
        of_partner.source = Voice::Source::partner;
        of_partner.mode = mode.mode;
        of_partner.mode_unsure = true;
        of_partner.modes = {i};
        if (partner != row_.school) voices_.push_back(std::move(of_partner));
      }
      voice.mode_unsure = true;
      voice.modes.push_back(i);
    }
    const auto shown = std::ranges::find_if(
        here_.perhaps, [&](std::size_t i) { return row_.modes[i].mode != AllocationMode::direct; });
    if (voice.mode_unsure && voice.mode == AllocationMode::direct && shown != here_.perhaps.end()) {
      voice.mode = row_.modes[*shown].mode;
    }
    return less;
  }

  void add_partners(const Voice& voice, const RowMode& mode, bool theirs) {
    for (const SchoolNumber partner : mode.partners) {
      if (partner == row_.school && !theirs) continue;
      Voice of_partner = here_.perhaps.empty() ? voice : in_doubt(voice);
      of_partner.source = Voice::Source::partner;
      of_partner.school = partner;
      voices_.push_back(std::move(of_partner));
    }
  }

  const RowTables& row_;
  ModesHere here_;
  std::vector<Voice>& voices_;
};

// 同乙小学: what the row takes from there it says to share.
bool shares_what_it_borrows(const zone_text::CompiledText& text, const std::vector<std::size_t>& rules) {
  return std::ranges::any_of(rules,
                             [&](std::size_t rule) { return zone_text::is_shared_zone(text, text.rules[rule].scope); });
}

Says says_of(const TextAnswer& said) {
  if (said.on_boundary) return Says::near_line;
  if (said.verdict == Verdict::in) return Says::yes;
  return said.verdict == Verdict::undetermined ? Says::undetermined : Says::no;
}

// What a stronger rule of the row says that may hold as well.
Voice stronger_voice(const Voice& decided, const TextAnswer& said, const TextAnswer::Stronger& stronger,
                     const FinderRow& row) {
  Voice voice = decided;
  voice.rank = rank_of(stronger.level);
  voice.rules = {stronger.rule};
  voice.unknown = stronger.depends_on;
  const bool open = stronger.holds == Holds::unknown || said.may_be_denied ||
                    row.text.rules[stronger.rule].effect == zone_text::RuleEffect::undetermined;
  voice.says = open                                                                      ? Says::undetermined
               : stronger.holds == Holds::no || stronger.on_boundary || said.near_denial ? Says::near_line
                                                                                         : Says::yes;
  return voice;
}

}  // namespace

void add_row_voices(const Tables& t, std::uint32_t row, const TextAnswer& said, const Spot& spot,
                    const std::vector<geo::NameId>& names, std::vector<Voice>& voices) {
  if (said.verdict == Verdict::out && said.rules.empty() && !said.on_boundary) return;
  Voice voice;
  voice.school = t.row_tables[row].school;
  voice.rank = rank_of(said.level);
  voice.source = Voice::Source::row;
  voice.item = row;
  voice.rules = said.rules;
  voice.unknown = said.depends_on;
  voice.says = says_of(said);
  const zone_text::CompiledText& text = t.rows[row].text;
  voice.shared = shares_what_it_borrows(text, said.rules);
  RowSpeaker(t, row, {spot.path, spot.position, names, said.rules}, voices).speak(voice);
  for (const TextAnswer::Stronger& stronger : said.stronger) {
    Voice also = stronger_voice(voice, said, stronger, t.rows[row]);
    const std::vector<std::size_t> rules = also.rules;
    also.shared = shares_what_it_borrows(text, rules);
    RowSpeaker(t, row, {spot.path, spot.position, names, rules}, voices).speak(std::move(also));
  }
}

}  // namespace catchment::engine
