#include <algorithm>

#include "engine/matching/finder_worlds.hpp"

namespace catchment::engine {
namespace {

using zone_text::AllocationMode;
using zone_text::Household;
using zone_text::HouseholdTest;
using zone_text::TextAnswer;
using zone_text::Verdict;
using Tables = SchoolFinder::Tables;

// Everything the path lies under: its street, estate, community, district and what those lie in.
std::vector<geo::NameId> names_over(const Tables& t, const geo::EntryPath& path) {
  std::vector<geo::NameId> names;
  for (geo::NameId name : {path.street, path.estate, path.community, path.district}) {
    for (; name < t.parent.size() && std::ranges::find(names, name) == names.end(); name = t.parent[name]) {
      names.push_back(name);
    }
  }
  return names;
}

struct RegionsHere {
  std::vector<geo::ZoneNumber> inside, near_line;  // sorted

  bool has(const std::vector<geo::ZoneNumber>& list, geo::ZoneNumber region) const {
    return std::ranges::binary_search(list, region);
  }
};

RegionsHere regions_at(const Tables& t, const Spot& spot) {
  RegionsHere here;
  if (!t.regions || !spot.position) return here;
  const geo::FaceHit hit = t.regions->face_at(*spot.position);
  const auto of_face = t.regions->zones_of(hit.face());
  here.inside.assign(of_face.begin(), of_face.end());
  if (hit.on_boundary() || spot.error_m > 0) {
    for (const geo::ZoneMargin& m : t.regions->zones_near(*spot.position, spot.error_m)) {
      here.near_line.push_back(m.zone);
    }
  }
  std::ranges::sort(here.near_line);
  return here;
}

std::vector<std::uint32_t> rows_that_may_speak(const Tables& t, const std::vector<geo::NameId>& names,
                                               const RegionsHere& here) {
  std::vector<std::uint32_t> rows;
  for (const geo::NameId name : names) {
    rows.insert(rows.end(), t.name_rows.begin() + t.name_start[name], t.name_rows.begin() + t.name_start[name + 1]);
  }
  for (const auto* list : {&here.inside, &here.near_line}) {
    for (const geo::ZoneNumber region : *list) rows.push_back(t.region_rows[region].first);
  }
  std::ranges::sort(rows);
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

using zone_text::Holds;

bool goes_by_shape(geo::AddressPart part) {
  return part == geo::AddressPart::town || part == geo::AddressPart::village || part == geo::AddressPart::block ||
         part == geo::AddressPart::institution;
}

// 同乙小学: what the row takes from there it says to share.
bool shares_what_it_borrows(const zone_text::CompiledText& text, const std::vector<std::size_t>& rules) {
  return std::ranges::any_of(rules,
                             [&](std::size_t rule) { return zone_text::is_shared_zone(text, text.rules[rule].scope); });
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

void add_row(const Tables& t, std::uint32_t row, const TextAnswer& said, const Spot& spot,
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

// A row that denies the address silences the shape of its own zone, whatever the shape covers.
bool is_denied(const Tables& t, geo::ZoneNumber zone, SchoolNumber school, const std::vector<Voice>& voices) {
  const auto& rows = t.zone_rows[zone];
  return std::ranges::any_of(voices, [&](const Voice& v) {
    return v.says == Says::no && v.school == school &&
           (std::ranges::find(rows, v.item) != rows.end() || t.rows[v.item].row.zone_id.empty());
  });
}

// A row with an exception that may hold.
struct Doubt {
  std::uint32_t row = 0;
  Says says = Says::undetermined;  // yes: if `unknown` do, it does not hold
  std::vector<Household> unknown;
};

std::optional<Doubt> doubt_of(std::uint32_t row, const TextAnswer& said) {
  if (said.may_be_denied) return Doubt{row, Says::undetermined, {}};
  if (said.near_denial) return Doubt{row, Says::near_line, said.not_denied_if};
  if (!said.not_denied_if.empty()) return Doubt{row, Says::yes, said.not_denied_if};
  return std::nullopt;
}

// Such rows put the shape of their own zone in doubt.
void apply_doubts(const Tables& t, geo::ZoneNumber zone, const std::vector<Doubt>& doubts, Voice& voice) {
  const auto& rows = t.zone_rows[zone];
  for (const Doubt& doubt : doubts) {
    const bool own = std::ranges::find(rows, doubt.row) != rows.end() || t.rows[doubt.row].row.zone_id.empty();
    if (!own || t.row_tables[doubt.row].school != voice.school) continue;
    if (doubt.says == Says::undetermined || voice.says == Says::yes) voice.says = doubt.says;
    voice.unknown.insert(voice.unknown.end(), doubt.unknown.begin(), doubt.unknown.end());
  }
}

void add_zones(const Tables& t, const Spot& spot, const std::vector<Doubt>& doubts, std::vector<Voice>& voices) {
  if (!t.any_zone_by_shape || !spot.position) return;
  const Match match = t.zones->match(*spot.position, spot.error_m);
  const std::size_t said_by_rows = voices.size();
  for (const MatchedZone& matched : match.zones) {
    const ZoneInfo& zone = t.zones->zones()[matched.zone];
    const std::vector<Voice> rows(voices.begin(), voices.begin() + static_cast<std::ptrdiff_t>(said_by_rows));
    for (const std::string& id : zone.school_ids) {
      Voice voice;
      voice.school = t.number_of(id);
      if (!t.speaks_by_shape(matched.zone, voice.school)) continue;
      voice.says =
          match.status == geo::PointStatus::boundary && matched.margin_m <= spot.error_m ? Says::near_line : Says::yes;
      apply_doubts(t, matched.zone, doubts, voice);
      voice.shared = zone.school_ids.size() > 1;
      if (voice.shared) voice.mode = AllocationMode::joint;
      voice.source = Voice::Source::zone;
      voice.item = matched.zone;
      voice.margin_m = matched.margin_m;
      if (!is_denied(t, matched.zone, voice.school, rows)) voices.push_back(std::move(voice));
    }
  }
}

// True: all hold; false: one does not; empty: some are not known, and are put in `unknown`.
std::optional<bool> all_hold(const std::vector<Household>& households, const HouseholdTest& test,
                             std::vector<Household>& unknown) {
  for (const Household& household : households) {
    const std::optional<bool> truth = test(household);
    if (truth == false) return false;
    if (!truth) unknown.push_back(household);
  }
  if (unknown.empty()) return true;
  return std::nullopt;
}

void add_groups(const Tables& t, const HouseholdTest& test, std::vector<Voice>& voices) {
  for (const GroupTables& group : t.groups) {
    std::vector<Household> unknown;
    if (all_hold({group.household}, test, unknown) == false) continue;
    for (const auto& [row, rule] : group.rules) {
      Voice voice;
      voice.school = t.row_tables[row].school;
      voice.rank = Rank::group;
      voice.says = group.one_school ? Says::yes : Says::undetermined;
      voice.source = Voice::Source::group;
      voice.item = row;
      voice.rules = {rule};
      voice.unknown = unknown;
      voices.push_back(std::move(voice));
    }
  }
}

void add_link(const Tables& t, std::size_t number, const Spot& spot, const RegionsHere& here, const HouseholdTest& test,
              std::vector<Voice>& voices) {
  const FeederLink& link = t.feeders.links()[number];
  Voice voice;
  if (all_hold(link.households, test, voice.unknown) == false) return;
  voice.school = t.number_of(link.to);
  voice.rank = link.by_place ? Rank::feeder_by_place : Rank::feeder;
  voice.says = link.partial ? Says::undetermined : Says::yes;
  voice.source = Voice::Source::feeder;
  voice.item = static_cast<std::uint32_t>(number);
  if (link.from == "*") voice.mode = AllocationMode::choice;
  if (link.row) {
    const zone_text::CompiledText& text = t.rows[*link.row].text;
    voice.shared = zone_text::is_shared_zone(text, text.feeders[link.rule].scope);
  }
  if (link.region) {
    const std::uint32_t region = t.region_number(static_cast<std::uint32_t>(*link.row), *link.region);
    if (!spot.position) {
      voice.says = Says::undetermined;
    } else if (here.has(here.near_line, region)) {
      voice.says = Says::near_line;
    } else if (!here.has(here.inside, region)) {
      return;
    }
  }
  voices.push_back(std::move(voice));
}

void add_feeders(const Tables& t, const Spot& spot, const ChildQuery& child, const RegionsHere& here,
                 const HouseholdTest& test, std::vector<Voice>& voices) {
  if (t.feeders.empty() || child.primary_school_id.empty()) return;
  const auto links = t.feeders.links_of(child.primary_school_id);
  for (const std::size_t link : links) add_link(t, link, spot, here, test, voices);
  for (const std::size_t link : t.feeders.open_to_all()) add_link(t, link, spot, here, test, voices);
  if (!links.empty()) return;
  for (const std::size_t row : t.feeders.unresolved_rows()) {  // one of the names may be this school's
    Voice voice;
    voice.school = t.row_tables[row].school;
    voice.rank = Rank::feeder;
    voice.says = Says::undetermined;
    voice.source = Voice::Source::row;
    voice.item = static_cast<std::uint32_t>(row);
    voices.push_back(std::move(voice));
  }
}

}  // namespace

void collect_voices(const Tables& t, const Spot& spot, const ChildQuery& child, const HouseholdTest& test,
                    std::vector<Voice>& voices) {
  const std::vector<geo::NameId> names = names_over(t, spot.path);
  const RegionsHere here = regions_at(t, spot);
  std::vector<Doubt> doubts;
  for (const std::uint32_t row : rows_that_may_speak(t, names, here)) {
    const TextAnswer said = zone_text::answer(t.rows[row].text, *t.names, spot.path, spot.position, spot.error_m, test);
    add_row(t, row, said, spot, names, voices);
    if (auto doubt = doubt_of(row, said)) doubts.push_back(std::move(*doubt));
  }
  for (const std::uint32_t row : t.unknown_exceptions) doubts.push_back({row, Says::undetermined, {}});
  add_zones(t, spot, doubts, voices);
  add_groups(t, test, voices);
  add_feeders(t, spot, child, here, test, voices);
}

}  // namespace catchment::engine
